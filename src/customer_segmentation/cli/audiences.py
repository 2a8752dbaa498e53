"""Take audiences and tables away: files for the tools that send campaigns, and for spreadsheets."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

from customer_segmentation.cli.contacts import ContactFile, read_contacts
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import known, quoted, rows
from customer_segmentation.publication.output_files import FORMATS, check_output, write_rows
from customer_segmentation.publication.reach import CONTROLS, REACH_OF_RFM_GROUPS

ACCOUNT = "audiences"
CANDIDATES = f"""
    with controls as ({CONTROLS})
    select
        offered.*, controls.experiment as control_of,
        controls.experiment is null and no_contact_because is null as is_reached
    from {{offered}} as offered
    left join controls
        on
            offered.dataset = controls.dataset
            and offered.customer_id = controls.customer_id
            and offered.campaign_id = controls.campaign_id
    where segmentation = ?
"""
FIRST_CAMPAIGNS = "customer_campaigns"
ALL_CAMPAIGNS = """(
    select customer_campaigns.* replace (
        offers.campaign_id as campaign_id, offers.campaign as campaign, offers.channel as channel, offers.offer as offer
    )
    from customer_campaigns
    left join campaign_recommendations as offers
        on customer_campaigns.segmentation = offers.segmentation and customer_campaigns.persona = offers.persona
)"""
OF_RFM_GROUPS = f"""
    select
        dataset, customer_id, rfm_group, campaign_id, campaign, channel, offer, no_contact_because, control_of,
        is_reached
    from ({REACH_OF_RFM_GROUPS}) as reach
    where dataset = ?
"""
# A customer who was put on the list of suppressions since the start is not contacted, and still counts as treated.
PARTICIPANTS = """
    with bars as (
        select dataset, customer_id, max(no_contact_because) as no_contact_because
        from customer_campaigns where no_contact_because is not null
        group by dataset, customer_id
    ),
    plans as (
        select distinct experiment, campaign, channel, offer from experiment_audiences
    )
    select
        campaign_assignments.*, plans.campaign, plans.channel, plans.offer, bars.no_contact_because,
        case when arm = 'control' then campaign_assignments.experiment end as control_of,
        arm = 'treated' and bars.no_contact_because is null as is_reached
    from campaign_assignments
    inner join plans on campaign_assignments.experiment = plans.experiment
    left join bars
        on
            campaign_assignments.dataset = bars.dataset
            and campaign_assignments.customer_id = bars.customer_id
    where campaign_assignments.experiment = ?
"""
ACCOUNT_QUERY = """
    select
        campaign_id, campaign, string_agg(distinct {group}, '; ' order by {group}) as {group}s, channel,
        count(*) filter (is_reached or campaign_id is null) as customers,
        count(*) filter (control_of is not null and no_contact_because is null) as in_control,
        string_agg(distinct control_of, '; ' order by control_of) as experiments,
        count(*) filter (no_contact_because is not null and campaign_id is not null) as not_to_be_contacted,
        campaign_id || ? as file
    from ({candidates}) as candidates
    group by campaign_id, campaign, channel
    order by campaign_id is null, customers desc, campaign_id
"""
# One row per campaign, customer it reaches, and contact of the customer. What a customer shares with one in the control
# would reach the control.
ADDRESSED = """
    with addressed as (
        select
            campaign_id, candidates.customer_id, is_reached, control_of is not null as is_control,
            coalesce(is_given, false) as is_given, email, phone
        from ({candidates}) as candidates
        left join contacts on candidates.customer_id = contacts.customer_id
        where campaign_id is not null
    ),
    of_control as (
        select distinct campaign_id, unnest([email, phone]) as address from addressed where is_control
    )
    select
        addressed.campaign_id, addressed.customer_id, addressed.is_given,
        case when emails.address is null then email end as email,
        case when phones.address is null then phone end as phone
    from addressed
    left join of_control as emails on addressed.campaign_id = emails.campaign_id and email = emails.address
    left join of_control as phones on addressed.campaign_id = phones.campaign_id and phone = phones.address
    where is_reached
"""
# Each contact once: an address alone says no more than the same address with a phone number.
CONTACT_ROWS = """
    with contact_rows as (
        select distinct campaign_id, email, phone from ({addressed}) where coalesce(email, phone) is not null
    ),
    whole as (
        select * from contact_rows where email is not null and phone is not null
    )
    select * from contact_rows
    where
        (email is not null or (campaign_id, phone) not in (select campaign_id, phone from whole))
        and (phone is not null or (campaign_id, email) not in (select campaign_id, email from whole))
"""
CONTACT_ACCOUNT_QUERY = """
    with lines as (
        select campaign_id, customer_id, is_given, email, phone, coalesce(email, phone) is not null as is_usable
        from ({addressed})
    ),
    counts as (
        select
            campaign_id, count(distinct customer_id) as reached,
            count(distinct customer_id) filter (is_given) as given,
            count(distinct customer_id) filter (is_usable) as usable,
            count(*) filter (is_usable) as found
        from lines group by campaign_id
    ),
    written as (
        select campaign_id, count(*) as contacts from ({contact_rows}) group by campaign_id
    )
    select
        audiences.*, coalesce(reached - given, 0) as without_contact, coalesce(given - usable, 0) as unusable_contact,
        coalesce(found - coalesce(contacts, 0), 0) as repeated_contacts, coalesce(contacts, 0) as contacts
    from ({audiences}) as audiences
    left join counts on audiences.campaign_id = counts.campaign_id
    left join written on audiences.campaign_id = written.campaign_id
    order by audiences.campaign_id is null, customers desc, audiences.campaign_id
"""


@dataclass(frozen=True)
class Destination:
    """Where an export writes, and in what form.

    Attributes
    ----------
    folder : Path
        Created if it does not exist.
    suffix : str
        `.csv` or `.parquet`.
    for_excel : bool
        Whether CSV files begin with the mark by which Excel recognises UTF-8.
    force : bool
        Whether files that exist are replaced.
    raw : bool
        Whether texts of CSV files are written as they are, even where a spreadsheet would run them as formulas.
    notify : callable
        Called with a sentence where texts were changed, contacts cannot be used, or customers may still change.
    """

    folder: Path
    suffix: str = ".csv"
    for_excel: bool = False
    force: bool = False
    raw: bool = False
    notify: Callable[[str], None] = lambda text: None

    def file(self, name: str) -> Path:
        """Return the file of this name, after a look whether it may be written; raises NotPossibleError if not."""
        path = self.folder / f"{name}{self.suffix}"
        check_output(path, force=self.force)
        return path

    def write(self, database: duckdb.DuckDBPyConnection, sql: str, path: Path, parameters: Sequence = ()) -> int:
        """Write the rows of a query to a file, and return how many; raises what `write_rows` does."""
        return write_rows(database, sql, path, parameters, for_excel=self.for_excel, raw=self.raw, notify=self.notify)


@dataclass(frozen=True)
class Audience:
    """The customers of one campaign; without a campaign there is no file.

    Attributes
    ----------
    campaign : str or None
        Name of the campaign.
    groups : str
        The personas or RFM groups it is for.
    channel : str or None
        How it reaches them.
    customers : int
        How many the campaign reaches, or have no campaign.
    in_control : int
        How many more are left out because they are in the control of an experiment.
    experiments : str or None
        The experiments that leave them out.
    not_to_be_contacted : int
        How many more are left out because they are on the list of suppressions or gave no consent.
    file : str or None
        Name of their file.
    """

    campaign: str | None
    groups: str
    channel: str | None
    customers: int
    in_control: int
    experiments: str | None
    not_to_be_contacted: int
    file: str | None


@dataclass(frozen=True)
class HashedAudience(Audience):
    """An audience whose file has hashed contacts in place of customers.

    Attributes
    ----------
    without_contact : int
        How many of its customers the contact file lacks, or has nothing of to contact them by.
    unusable_contact : int
        How many more have only contacts that cannot be used, or share them with somebody who is left out.
    repeated_contacts : int
        Contacts that were left out because the file has the same already.
    contacts : int
        Contacts in the file.
    """

    without_contact: int
    unusable_contact: int
    repeated_contacts: int
    contacts: int


def export_audiences(
    database: duckdb.DuckDBPyConnection,
    segmentation: str,
    destination: Destination,
    *,
    synthetic: bool = False,
    contacts: ContactFile | None = None,
    all_campaigns: bool = False,
) -> Sequence[Audience]:
    """Write the customers of each campaign of a segmentation, and an account of all of them.

    Customers who must not be contacted are left out, and so are those in the control of an experiment with the campaign
    that is not over: a control that gets the campaign in another way measures nothing.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    segmentation : str
        The segmentation.
    destination : Destination
        Where to write. `audiences` is the account, the other files bear the ids of the campaigns.
    synthetic : bool
        Whether customers are written who were made up.
    contacts : ContactFile, optional
        Whose hashed contacts are written in place of the customers.
    all_campaigns : bool
        Whether the later campaigns of a persona get a file, too, so that a customer may be in several.

    Returns
    -------
    sequence of Audience
        The largest first; customers without a campaign come last. With contacts, each is a `HashedAudience`.

    Raises
    ------
    NotPossibleError
        If there is no such segmentation, its customers are synthetic, the contacts cannot be read, a file is there
        already, or the folder cannot be written.
    """
    _check_version(database, "customer_campaigns")
    segmentations = rows(
        database,
        """
        select segmentation_fits.segmentation, datasets.dataset, datasets.is_synthetic from segmentation_fits
        inner join datasets on segmentation_fits.dataset = datasets.dataset
        order by segmentation_fits.segmentation
        """,
    )
    known(segmentation, [row["segmentation"] for row in segmentations], "segmentation")
    fit = next(row for row in segmentations if row["segmentation"] == segmentation)
    if fit["is_synthetic"]:
        _check_synthetic(segmentation, "a segmentation", synthetic=synthetic)
    read = contacts and read_contacts(database, contacts, fit["dataset"], destination.notify)
    offered = ALL_CAMPAIGNS if all_campaigns else FIRST_CAMPAIGNS
    candidates = CANDIDATES.format(offered=offered)
    return _write_audiences(database, candidates, segmentation, destination, read)


def export_rfm_groups(
    database: duckdb.DuckDBPyConnection,
    dataset: str,
    destination: Destination,
    *,
    synthetic: bool = False,
    contacts: ContactFile | None = None,
) -> Sequence[Audience]:
    """Write the customers of the first campaign of each RFM group of a dataset, and an account of all of them.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    dataset : str
        The dataset.
    destination, synthetic, contacts
        As for `export_audiences`.

    Returns
    -------
    sequence of Audience
        As of `export_audiences`.

    Raises
    ------
    NotPossibleError
        If there is no such dataset, it has no purchases, its customers are synthetic, the contacts cannot be read, a
        file is there already, or the folder cannot be written.
    """
    _check_version(database, "rfm_scores")
    datasets = rows(
        database,
        """
        select dataset, is_synthetic, dataset in (select dataset from rfm_scores) as has_groups from datasets
        order by dataset
        """,
    )
    known(dataset, [row["dataset"] for row in datasets], "dataset")
    chosen = next(row for row in datasets if row["dataset"] == dataset)
    if not chosen["has_groups"]:
        raise NotPossibleError(
            f"The customers of {dataset} have no RFM groups: these need the day, the number and the amount of each "
            "customer's purchases. See seeds/judgement/rfm_measures.csv."
        )
    if chosen["is_synthetic"]:
        _check_synthetic(dataset, "a dataset", synthetic=synthetic)
    read = contacts and read_contacts(database, contacts, dataset, destination.notify, reach="rfm_scores")
    return _write_audiences(database, OF_RFM_GROUPS, dataset, destination, read, group="rfm_group")


def export_experiment(
    database: duckdb.DuckDBPyConnection,
    experiment: str,
    destination: Destination,
    *,
    synthetic: bool = False,
    contacts: ContactFile | None = None,
) -> Sequence[Audience]:
    """Write the customers of an experiment who get the campaign, and an account of all who take part.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    experiment : str
        The experiment.
    destination, synthetic, contacts
        As for `export_audiences`.

    Returns
    -------
    sequence of Audience
        One per campaign.

    Raises
    ------
    NotPossibleError
        If there is no such experiment, it has no customers, they are synthetic, the contacts cannot be read, a file is
        there already, or the folder cannot be written.
    """
    _check_version(database, "customer_campaigns")
    plans = rows(
        database,
        "select distinct experiment, dataset, cast(starts_on as varchar) as starts_on, starts_on > day as is_planned, "
        "is_synthetic from experiment_audiences order by experiment",
    )
    known(experiment, [row["experiment"] for row in plans], "experiment")
    plan = next(row for row in plans if row["experiment"] == experiment)
    if plan["is_synthetic"]:
        _check_synthetic(experiment, "an experiment", synthetic=synthetic)
    read = contacts and read_contacts(database, contacts, plan["dataset"], destination.notify)
    written = _write_audiences(database, PARTICIPANTS, experiment, destination, read)
    if not written:
        raise NotPossibleError(
            f"The experiment {experiment} has no customers: nothing was written. See the steps in the table "
            "experiment_audiences, and correct seeds/judgement/experiments.csv."
        )
    if plan["is_planned"]:
        destination.notify(
            f"{experiment} starts on {plan['starts_on']}. Each build before that day assigns the customers again, so "
            "export after the last one."
        )
    return written


def _check_version(database, table) -> None:
    """Stop where nothing says who must not be contacted: an earlier version has published the table."""
    columns = rows(database, "select distinct column_name from duckdb_columns() where table_name = ?", [table])
    if {"column_name": "no_contact_because"} not in columns:
        raise NotPossibleError(
            "An earlier version published these tables, and they do not say who must not be contacted. Run "
            "`make build` to publish them again."
        )


def _check_synthetic(name, kind, *, synthetic) -> None:
    if not synthetic:
        raise NotPossibleError(
            f"The customers of {name} are synthetic: there are no real people to contact. Choose "
            f"{kind} of your own customers, or add --synthetic to test the files."
        )


def _write_audiences(database, candidates, name, destination, contacts, *, group="persona") -> Sequence[Audience]:
    """Write a file of the candidates of each campaign who are reached, and the account of all of them."""
    kind: type[Audience] = HashedAudience if contacts else Audience
    account_query, named = ACCOUNT_QUERY.format(candidates=candidates, group=group), [destination.suffix, name]
    if contacts:
        addressed = ADDRESSED.format(candidates=candidates)
        contact_rows = CONTACT_ROWS.format(addressed=addressed)
        account_query = CONTACT_ACCOUNT_QUERY.format(
            addressed=addressed, contact_rows=contact_rows, audiences=account_query
        )
        named = [name, name, *named]
    found = rows(database, account_query, named)
    if not found:
        return []
    campaigns = [row["campaign_id"] for row in found if row["campaign_id"] is not None]
    paths = {campaign: destination.file(_file_name(campaign)) for campaign in campaigns}
    account = destination.file(ACCOUNT)
    for path in [*paths.values(), account]:
        if contacts and any(path.exists() and path.samefile(file) for file in contacts.files):
            raise NotPossibleError(f"{path} is the file of contacts, which is never replaced. Name another folder.")
    if contacts:
        columns = ", ".join(f"{column} as {quoted(called)}" for column, called in contacts.columns.items())
        reached = f"select distinct {columns} from ({contact_rows}) as contact_rows where campaign_id = ? order by all"
    else:
        reached = (
            f"select * exclude (control_of, is_reached, no_contact_because) from ({candidates}) as candidates "
            "where is_reached and campaign_id = ? order by customer_id"
        )
    for campaign, path in paths.items():
        destination.write(database, reached, path, [name, campaign])
    destination.write(database, account_query, account, named)
    return [
        kind(*(row[f"{group}s" if field.name == "groups" else field.name] for field in fields(kind))) for row in found
    ]


def _file_name(campaign_id: str) -> str:
    if not re.fullmatch(r"\w[\w-]*", campaign_id) or campaign_id == ACCOUNT:
        raise NotPossibleError(
            f"The campaign '{campaign_id}' cannot be a file name. Expected letters, digits and underscores, and "
            f"not '{ACCOUNT}'. Rename it in seeds/judgement/campaigns.csv and build again."
        )
    return campaign_id


def left_over(destination: Destination, audiences: Sequence[Audience]) -> list[str]:
    """Return the names of files beside the audiences that are none of them, such as those of a campaign that ended."""
    written = {f"{ACCOUNT}{destination.suffix}", *(audience.file for audience in audiences)}
    files = destination.folder.iterdir()
    return sorted(file.name for file in files if file.suffix in FORMATS and file.name not in written)


def export_tables(
    database: duckdb.DuckDBPyConnection, tables: Sequence[str], destination: Destination
) -> dict[Path, int]:
    """Write published tables to files of their own.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    tables : sequence of str
        Names of tables; every one if none is named.
    destination : Destination
        Where to write.

    Returns
    -------
    dict of Path to int
        Rows that were written, by file.

    Raises
    ------
    NotPossibleError
        If there is no such table, a file is there already, or the folder cannot be written.
    """
    # large tables are views, which have columns too
    named = "select distinct table_name from duckdb_columns() where database_name = current_database() order by all"
    found = rows(database, named)
    published = [row["table_name"] for row in found]
    chosen = [known(name, published, "table") for name in dict.fromkeys(tables)] or published
    paths = {destination.file(name): name for name in chosen}
    return {
        path: destination.write(database, f"select * from {quoted(name)} order by all", path)
        for path, name in paths.items()
    }
