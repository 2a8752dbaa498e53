"""The command `segmentation export`."""

from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.errors import UsageError
from customer_segmentation.formatting import counted
from customer_segmentation.publication.database import open_published


@click.command(short_help="Write one file of customers per campaign, or tables for a spreadsheet.")
@click.option("--segmentation", metavar="NAME", help="The segmentation whose audiences are wanted.")
@click.option(
    "--tables", "wants_tables", is_flag=True, help="Write published tables instead: those named, or every one."
)
@click.argument("tables", nargs=-1, metavar="[TABLE]...")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to write; made if it does not exist.",
)
@click.option("--format", "suffix", type=click.Choice(["csv", "parquet"]), default="csv", help="csv unless named.")
@click.option("--excel", is_flag=True, help="Begin CSV files with the mark that Excel needs for UTF-8.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@options.raw
@click.option(
    "--synthetic", is_flag=True, help="Write audiences even where the customers of the segmentation are made up."
)
@options.published
def export(segmentation, wants_tables, tables, folder, suffix, excel, force, raw, synthetic, published) -> None:
    """Write one file of customers per campaign of a segmentation, or, with --tables, the published tables.

    Each file has the id of its campaign as its name; the file `audiences` accounts for all customers.

    Files that exist are left alone unless --force is given. In a CSV, a text that a spreadsheet would run as a
    formula gets an apostrophe in front; --raw writes cells as they are in the tables. Only you can read the files.
    """
    from customer_segmentation.cli.audiences import export_tables

    if tables and not wants_tables:
        raise UsageError(f"Found '{tables[0]}' without an option. Tables are named behind --tables.")
    if (segmentation is None) != wants_tables:
        raise UsageError("Name either a segmentation with --segmentation, for its audiences, or tables with --tables.")
    if excel and suffix != "csv":
        raise UsageError("--excel belongs to --format csv; other formats need no mark.")
    how = {"suffix": f".{suffix}", "for_excel": excel, "force": force, "raw": raw, "tell": click.echo}
    with open_published(published) as database:
        if wants_tables:
            for path, count in export_tables(database, tables, folder, **how).items():
                click.echo(f"{count:>9,} rows  {path}")
        else:
            write_audiences(database, segmentation, folder, synthetic, how)


def write_audiences(database, segmentation, folder, synthetic, how) -> None:
    """Write the audiences of a segmentation and print an account of its customers."""
    from customer_segmentation.cli.audiences import export_audiences, left_over

    audiences = export_audiences(database, segmentation, folder, synthetic=synthetic, **how)
    reached = [audience for audience in audiences if audience.file]
    for audience in reached:
        what = f"{audience.campaign} ({(audience.channel or '').replace('_', ' ')}) for {audience.personas}"
        click.echo(f"{audience.customers:>9,}  {audience.file}: {what}")
    for audience in audiences:
        if audience.file is None:
            click.echo(f"{audience.customers:>9,}  without a campaign: {audience.personas}")
    everybody = sum(audience.customers for audience in audiences)
    with_campaign = sum(audience.customers for audience in reached)
    click.echo(
        f"{everybody:,} customers of {segmentation} = {with_campaign:,} in "
        f"{counted(len(reached), 'audience')} + {everybody - with_campaign:,} without a campaign. "
        f"Written to {folder}."
    )
    others = left_over(folder, how["suffix"], audiences)
    if others:
        click.echo(f"Beware, not of this export: {', '.join(others)}.")
