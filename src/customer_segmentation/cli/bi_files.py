"""The command `segmentation bi-files`."""

from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.publication.database import open_published


@click.command("bi-files", short_help="Write starter files for Power BI, Tableau and Superset.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seen-as", metavar="PATH", help="Published folder as the BI tool sees it, such as C:\\data\\published.")
@click.option("--force", is_flag=True, help="Replace existing files.")
@options.published
def bi_files(folder: Path, seen_as: str | None, force: bool, published: Path) -> None:
    """Write a Power BI project, a Tableau data source and a Superset dashboard into FOLDER.

    They hold the tables to start with, the features of each dataset, how the tables are related, every description, and
    the metrics that can be computed from these tables. They hold no data: the tool reads the published folder.
    """
    from customer_segmentation.bi.writing import write_files

    with open_published(published) as database:
        for path in write_files(database, published, folder, seen_as=seen_as, force=force):
            click.echo(path)
