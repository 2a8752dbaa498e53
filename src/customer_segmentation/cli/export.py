"""The command `segmentation export`."""

from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.errors import UsageError
from customer_segmentation.formatting import counted
from customer_segmentation.publication.database import open_published


@click.command(short_help="Write one file of customers per campaign, or tables for a spreadsheet.")
@click.option("--segmentation", metavar="NAME", help="Segmentation whose audiences to export.")
@click.option("--tables", "wants_tables", is_flag=True, help="Export published tables instead: those named, or all.")
@click.argument("tables", nargs=-1, metavar="[TABLE]...")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder to write to; created if missing.",
)
@click.option("--format", "suffix", type=click.Choice(["csv", "parquet"]), default="csv", help="Default: csv.")
@click.option("--excel", is_flag=True, help="Start CSV files with the byte order mark that Excel needs.")
@click.option("--force", is_flag=True, help="Replace existing files.")
@options.raw
@click.option("--synthetic", is_flag=True, help="Export audiences of synthetic customers too.")
@options.published
def export(segmentation, wants_tables, tables, folder, suffix, excel, force, raw, synthetic, published) -> None:
    """Write one file of customers per campaign of a segmentation, or published tables with --tables.

    Each file is named after its campaign id; the file `audiences` accounts for all customers.

    Existing files stay unless you add --force. In a CSV, a text that a spreadsheet would run as a formula gets a
    leading apostrophe; --raw writes cells unchanged. Only you can read the files.
    """
    from customer_segmentation.cli.audiences import export_tables

    if tables and not wants_tables:
        raise UsageError(f"Found '{tables[0]}' without an option. Name tables after --tables.")
    if (segmentation is None) != wants_tables:
        raise UsageError("Name either a segmentation with --segmentation, for its audiences, or tables with --tables.")
    if excel and suffix != "csv":
        raise UsageError("--excel belongs to --format csv; other formats need no byte order mark.")
    how = {"suffix": f".{suffix}", "for_excel": excel, "force": force, "raw": raw, "notify": click.echo}
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
    total = sum(audience.customers for audience in audiences)
    with_campaign = sum(audience.customers for audience in reached)
    click.echo(
        f"{total:,} customers of {segmentation} = {with_campaign:,} in "
        f"{counted(len(reached), 'audience')} + {total - with_campaign:,} without a campaign. "
        f"Written to {folder}."
    )
    others = left_over(folder, how["suffix"], audiences)
    if others:
        click.echo(f"Caution, not from this export: {', '.join(others)}.")
