"""The command `segmentation export`."""

from pathlib import Path

import click

from customer_segmentation.cli import options
from customer_segmentation.errors import UsageError
from customer_segmentation.formatting import counted
from customer_segmentation.publication.database import open_published


@click.command(short_help="Write one file of customers per campaign, or tables for a spreadsheet.")
@click.option("--segmentation", metavar="NAME", help="Segmentation whose audiences to export.")
@click.option("--rfm", "dataset", metavar="DATASET", help="Dataset whose RFM groups to export, by their campaigns.")
@click.option("--experiment", metavar="NAME", help="Experiment whose treated customers to export.")
@click.option("--all-campaigns", is_flag=True, help="Second campaigns too; a customer may be in several files.")
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
@click.option("--contacts", metavar="FILE", help="File with the e-mail addresses or phone numbers of customers.")
@click.option("--platform", type=click.Choice(["google", "meta"]), help="Ad platform to hash the contacts for.")
@click.option("--country-code", metavar="CODE", help="Country code of phone numbers that have none, such as 44.")
@options.raw
@click.option("--synthetic", is_flag=True, help="Export audiences of synthetic customers too.")
@options.published
def export(
    segmentation, dataset, experiment, all_campaigns, wants_tables, tables, folder, suffix, excel, force, contacts,
    platform, country_code, raw, synthetic, published
) -> None:  # fmt: skip
    """Write one file per campaign of a segmentation, RFM groups or an experiment; with --tables, published tables.

    Each file is named after its campaign id; the file `audiences` accounts for all customers. Customers who must not be
    contacted are left out, and so is the control of an experiment that is not over.

    With --contacts, the files hold no customer but contacts, normalized and hashed (SHA-256) as the ad platform takes
    them. FILE has a column customer_id, and email or phone or both. It is read for this export and stored nowhere.

    Existing files stay unless you add --force. In a CSV, a text that a spreadsheet would run as a formula gets a
    leading apostrophe; --raw writes cells unchanged. Only you can read the files.
    """
    from customer_segmentation.cli.audiences import (
        Destination,
        export_audiences,
        export_experiment,
        export_rfm_groups,
        export_tables,
    )
    from customer_segmentation.cli.contacts import ContactFile, country_code_given

    if tables and not wants_tables:
        raise UsageError(f"Found '{tables[0]}' without an option. Name tables after --tables.")
    if sum(name is not None for name in (segmentation, dataset, experiment)) + wants_tables != 1:
        raise UsageError(
            "Name either a segmentation with --segmentation or a dataset with --rfm, for their audiences, or tables "
            "with --tables, or an experiment with --experiment, for its treated customers."
        )
    if all_campaigns and segmentation is None:
        raise UsageError("--all-campaigns belongs to --segmentation.")
    if excel and suffix != "csv":
        raise UsageError("--excel belongs to --format csv; other formats need no byte order mark.")
    if contacts is None and (platform or country_code):
        raise UsageError("--platform and --country-code belong to --contacts: name the file of contacts.")
    if contacts is not None and platform is None:
        raise UsageError("Name the ad platform with --platform: they hash phone numbers differently.")
    if contacts is not None and (wants_tables or excel or suffix != "csv"):
        raise UsageError("--contacts writes plain CSV of audiences: leave out --tables, --excel and --format.")
    hashed = contacts and ContactFile(contacts, platform, country_code_given(country_code))
    destination = Destination(folder, f".{suffix}", for_excel=excel, force=force, raw=raw, notify=click.echo)
    how = {"synthetic": synthetic, "contacts": hashed}
    with open_published(published) as database:
        if wants_tables:
            for path, count in export_tables(database, tables, destination).items():
                click.echo(f"{count:>9,} rows  {path}")
        elif experiment is not None:
            print_account(experiment, export_experiment(database, experiment, destination, **how), destination)
        elif dataset is not None:
            print_account(dataset, export_rfm_groups(database, dataset, destination, **how), destination)
        else:
            audiences = export_audiences(database, segmentation, destination, all_campaigns=all_campaigns, **how)
            print_account(segmentation, audiences, destination, once_per_campaign=all_campaigns)


def print_account(name, audiences, destination, *, once_per_campaign=False) -> None:
    """Print an account of the customers of a segmentation, a dataset or an experiment whose audiences were written."""
    from customer_segmentation.cli.audiences import HashedAudience, left_over

    reached = [audience for audience in audiences if audience.file]
    for audience in reached:
        what = f"{audience.campaign} ({(audience.channel or '').replace('_', ' ')}) for {audience.groups}"
        click.echo(f"{audience.customers:>9,}  {audience.file}: {what}")
        if audience.in_control:
            click.echo(f"{audience.in_control:>9,}  left out, in the control of {audience.experiments}")
        if audience.not_to_be_contacted:
            click.echo(f"{audience.not_to_be_contacted:>9,}  left out, not to be contacted")
        if isinstance(audience, HashedAudience):
            print_contacts(audience)
    for audience in audiences:
        if audience.file is None:
            click.echo(f"{audience.customers:>9,}  without a campaign: {audience.groups}")
    with_campaign = sum(audience.customers for audience in reached)
    others = {
        "without a campaign": sum(audience.customers for audience in audiences) - with_campaign,
        "in a control": sum(audience.in_control for audience in audiences),
        "not to be contacted": sum(audience.not_to_be_contacted for audience in audiences),
    }
    parts = [f"{with_campaign:,} in {counted(len(reached), 'audience')}"]
    parts += [f"{customers:,} {why}" for why, customers in others.items() if customers]
    total = with_campaign + sum(others.values())
    each = "customers, once per campaign," if once_per_campaign else "customers"
    click.echo(f"{total:,} {each} of {name} = {' + '.join(parts)}. Written to {destination.folder}.")
    left = left_over(destination, audiences)
    if left:
        click.echo(f"Caution, not from this export: {', '.join(left)}.")


def print_contacts(audience) -> None:
    """Print what became of the contacts of an audience."""
    click.echo(f"{audience.contacts:>9,}  hashed contacts in the file")
    for number, why in (
        (audience.without_contact, "without a contact"),
        (audience.unusable_contact, "without a usable contact"),
        (audience.repeated_contacts, "the same contact again"),
    ):
        if number:
            click.echo(f"{number:>9,}  left out, {why}")
