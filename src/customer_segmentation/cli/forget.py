"""The command `segmentation forget`."""

from pathlib import Path

import click

from customer_segmentation.formatting import counted


@click.command(short_help="Remove customers from the durable history.")
@click.argument("customers", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--history",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("history"),
    show_default=True,
    help="Folder of the history.",
)
def forget(customers: tuple[str, ...], folder: Path) -> None:
    """Remove all rows about customers from the durable history, and say which files held them.

    Everything else is built from the inputs: remove the customers there, delete the warehouse and build again, as
    docs/privacy.md describes. Otherwise the next build records them as new customers.
    """
    from customer_segmentation.history.store import forget as forget_customers

    removed = forget_customers(folder, customers)
    for file, rows in removed.items():
        click.echo(f"{folder / file}: {counted(rows, 'row')} removed")
    if not removed:
        click.echo(f"No row of the history in {folder} is about {', '.join(customers)}.")
