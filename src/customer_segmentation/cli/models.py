"""The command `segmentation models`."""

from contextlib import suppress
from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.errors import NotPossibleError


def chosen_folder(context: click.Context, _: click.Parameter, value: Path | None) -> Path:
    """Return the folder of the history: as named behind the command, before it, or the default."""
    if value is None and context.parent is not None:
        value = context.parent.params.get("folder")
    return value or Path("history")


history = click.option(
    "--history",
    "folder",
    type=click.Path(path_type=Path),
    callback=chosen_folder,
    help="Folder of the history; default: history.",
)


@click.group(invoke_without_command=True, short_help="List, compare and choose the models of the history.")
@history
@click.pass_context
def models(context: click.Context, folder: Path) -> None:
    """List the models of the durable history: those in use, those used before, and new fits that wait.

    A new fit that would move more customers than the column move_limit of
    seeds/judgement/segmentations.csv allows is not used before somebody accepts it with
    `segmentation models activate`.
    """
    if context.invoked_subcommand is None:
        from customer_segmentation.cli.model_texts import listed_models
        from customer_segmentation.history.models import recorded_models

        click.echo(listed_models(recorded_models(folder), _published_names()))


def _published_names(published: Path | None = None) -> dict[str, str]:
    """Return the names of segmentations as published; a history can be read without a publication, by keys."""
    from customer_segmentation.publication.database import open_published, published_path, segmentation_names

    with suppress(NotPossibleError), open_published(published or published_path(), notify=lambda _: None) as database:
        return segmentation_names(database)
    return {}


@models.command(short_help="Compare two models of a segmentation.")
@click.argument("before")
@click.argument("after")
@history
@options.published
def compare(before: str, after: str, folder: Path, published: Path) -> None:
    """Compare the models BEFORE and AFTER of a segmentation: their centers, and the segments of today's customers.

    Today's customers are those of the published database.
    """
    from customer_segmentation.cli.model_texts import compared_models
    from customer_segmentation.history.models import models_named, recorded_models

    found, names = recorded_models(folder), _published_names(published)
    click.echo(compared_models(models_named(found, before), models_named(found, after), published, names))


@models.command(short_help="Choose a model for the next build.")
@click.argument("version")
@history
def activate(version: str, folder: Path) -> None:
    """Choose the model VERSION for the next build: accept a new fit, or go back to an older model.

    The next build scores with it. Builds of later days do what the column refit of
    seeds/judgement/segmentations.csv says.
    """
    from customer_segmentation.history.models import activate as activate_model

    for model in activate_model(folder, version):
        click.echo(
            f"The next build of {model.segmentation} uses the model {model.version}: dbt build. Later ones do what "
            "refit in seeds/judgement/segmentations.csv says; `never` stays with the model."
        )


@models.command(short_help="Take back the choice of a model.")
@click.argument("segmentation")
@history
def withdraw(segmentation: str, folder: Path) -> None:
    """Take back the choice of a model of SEGMENTATION for the next build.

    What was recorded stays as it is.
    """
    from customer_segmentation.history.activation import withdraw as withdraw_choice

    version = withdraw_choice(folder, segmentation)
    click.echo(f"The next build of {segmentation} no longer uses the model {version} because it was activated.")
