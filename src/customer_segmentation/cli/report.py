"""The commands `segmentation report`, `pictures`, `slides` and `site`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.errors import NotPossibleError

INSTALL = "pip install 'warehouse-segmentation[report]'"
folder_option = click.option(
    "--folder", type=click.Path(path_type=Path), help="Folder to write to; default: next to the database."
)


def write(make: Callable[..., str], published: Path, folder: Path) -> None:
    """Make something from a publication as it may leave the house, and say what came of it.

    Parameters
    ----------
    make : callable
        Writes into a folder what it makes from the open publication, and returns what to say about it.
    published : Path
        The published database.
    folder : Path
        Where to write.

    Raises
    ------
    NotPossibleError
        If there is nothing to read, or no place to write.
    """
    from customer_segmentation.language import use_locale
    from customer_segmentation.publication.outgoing import OutgoingPublication
    from customer_segmentation.publication.tables import Publication
    from customer_segmentation.temporary_files import remove_leftovers

    try:
        for place in (folder, folder.parent):  # a folder is written beside its place
            remove_leftovers(place)
        with Publication(published) as opened:
            use_locale(opened.locale())
        with OutgoingPublication(published) as publication:
            for notice in publication.notices:
                click.echo(notice, err=True)
            for dataset in publication.asked_for():
                click.echo(
                    f"Warning: the output shows individual customers of {dataset} as points with exact figures, "
                    "because the var exact_points is true. Check who may see it before you share it."
                )
            message = make(publication, folder)
    except OSError as error:
        raise NotPossibleError(
            f"The folder {folder} cannot be written: {error.strerror or error}. Check its permissions and the free "
            "space, or name another one with --folder. Every file there is complete, old or new."
        ) from None
    click.echo(message)


def _needs_drawing(error: ModuleNotFoundError) -> NotPossibleError:
    return NotPossibleError(f"The package {error.name} is not installed. Install the report dependencies: {INSTALL}")


@click.command()
@folder_option
@options.published
def report(folder, published) -> None:
    """Write report.html, an interactive report in one file."""
    try:
        from customer_segmentation.report.interactive import write_report
    except ModuleNotFoundError as error:
        raise _needs_drawing(error) from None
    write(write_report, published, folder or published.parent)


@click.command()
@folder_option
@click.option(
    "--template",
    metavar="FILE",
    envvar="SEGMENTATION_TEMPLATE",
    type=click.Path(path_type=Path),
    help="Your own .pptx, for its masters, layouts and fonts; default: SEGMENTATION_TEMPLATE, or a plain one.",
)
@options.published
def slides(folder, template, published) -> None:
    """Write slides.pptx: segments, campaigns, confidence."""
    try:
        from customer_segmentation.report.slides import write_slides
    except ModuleNotFoundError as error:
        raise _needs_drawing(error) from None
    write(partial(write_slides, template=template), published, folder or published.parent)


@click.command()
@folder_option
@options.published
def pictures(folder, published) -> None:
    """Draw all pictures as SVG and PNG, with an index."""
    try:
        from customer_segmentation.report.pictures.drawing import draw_all
    except ModuleNotFoundError as error:
        raise _needs_drawing(error) from None
    write(draw_all, published, folder or published.parent / "pictures")


@click.command()
@folder_option
@options.published
def site(folder, published) -> None:
    """Write a static site into a folder.

    The site has a landing page, report, slides, pictures, documentation and tables. First make pictures, report and
    slides, and run `dbt docs generate --static`.
    """
    try:
        from customer_segmentation.report.site import write as write_site
    except ModuleNotFoundError as error:
        raise _needs_drawing(error) from None
    write(write_site, published, folder or published.parent / "site")
