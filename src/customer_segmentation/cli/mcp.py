"""The command `segmentation mcp`."""

from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import open_published

INSTALL = "pip install 'warehouse-segmentation[mcp]', in a clone of the project pip install --editable '.[mcp]'"


@click.command(short_help="Let an AI assistant ask the publication, read-only.")
@click.option("--customers", is_flag=True, help="Show single customers to the assistant, too.")
@click.option("--rows", type=click.IntRange(min=1), default=1_000, show_default=True, help="Most rows of an answer.")
@click.option(
    "--seconds", type=click.FloatRange(min=0, min_open=True), default=30, show_default=True, help="Limit of a query."
)
@options.published
def mcp(customers: bool, rows: int, seconds: float, published: Path) -> None:
    """Serve the publication to an AI assistant by the Model Context Protocol, on standard input and output.

    The assistant starts this command itself; its settings name it. It can list and describe tables, run one SELECT at a
    time, and score a customer. It changes nothing and reads no other file.

    What the assistant reads goes to its language model. Without --customers, it gets the tables that a shared report
    may show: no single customer, and nothing about fewer customers than the var smallest_cell.
    """
    try:
        from customer_segmentation.assistant.reading import Reader
        from customer_segmentation.assistant.server import server
    except ModuleNotFoundError as error:
        raise NotPossibleError(f"The package {error.name} is not installed. Install it: {INSTALL}") from None
    with open_published(published):
        pass  # said now, where the user sees it, and not with the first question
    server(Reader(published, shows_customers=customers), most_rows=rows, seconds=seconds).run()
