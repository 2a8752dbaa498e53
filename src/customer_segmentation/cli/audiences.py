"""Take audiences and tables away: files for the tools that send campaigns, and for spreadsheets."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import known, quoted, rows
from customer_segmentation.publication.output_files import FORMATS, check_output, write_rows
from customer_segmentation.publication.reach import CONTROLS

ACCOUNT = "audiences"
CANDIDATES = f"""
    with controls as ({CONTROLS})
    select
        customer_campaigns.*, controls.experiment as control_of,
        controls.experiment is null and no_contact_because is null as is_reached
    from customer_campaigns
    left join controls
        on
            customer_campaigns.dataset = controls.dataset
            and customer_campaigns.customer_id = controls.customer_id
            and customer_campaigns.campaign_id = controls.campaign_id
    where segmentation = ?
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
        campaign_id, campaign, string_agg(distinct persona, '; ' order by persona) as personas, channel,
        count(*) filter (is_reached or campaign_id is null) as customers,
        count(*) filter (control_of is not null and no_contact_because is null) as in_control,
        string_agg(distinct control_of, '; ' order by control_of) as experiments,
        count(*) filter (no_contact_because is not null and campaign_id is not null) as not_to_be_contacted,
        campaign_id || ? as file
    from ({candidates}) as candidates
    group by campaign_id, campaign, channel
    order by campaign_id is null, customers desc, campaign_id
"""


@dataclass(frozen=True)
class Audience:
    """The customers of one campaign; without a campaign there is no file.

    Attributes
    ----------
    campaign : str or None
        Name of the campaign.
    personas : str
        The personas it is for.
    channel : str or None
        How it reaches them.
    customers : int
        How many are in the file, or have no campaign.
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
    personas: str
    channel: str | None
    customers: int
    in_control: int
    experiments: str | None
    not_to_be_contacted: int
    file: str | None


def export_audiences(
    database: duckdb.DuckDBPyConnection,
    segmentation: str,
    folder: str | Path,
    *,
    suffix: str = ".csv",
    for_excel: bool = False,
    force: bool = False,
    raw: bool = False,
    synthetic: bool = False,
    notify: Callable[[str], None] = lambda text: None,
) -> list[Audience]:
    """Write the customers of each campaign of a segmentation, and an account of all of them.

    Customers who must not be contacted are left out, and so are those in the control of an experiment with the campaign
    that is not over: a control that gets the campaign in another way measures nothing.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    segmentation : str
        The segmentation.
    folder : str or Path
        Where to write; created if it does not exist. `audiences` is the account, the other files bear the ids of the
        campaigns.
    suffix : str
        `.csv` or `.parquet`.
    for_excel : bool
        Whether CSV files begin with the mark by which Excel recognises UTF-8.
    force : bool
        Whether files that exist are replaced.
    raw : bool
        Whether texts of CSV files are written as they are, even where a spreadsheet would run them as formulas.
    synthetic : bool
        Whether customers are written who were made up.
    notify : callable
        Called with a sentence where texts were changed.

    Returns
    -------
    list of Audience
        The largest first; customers without a campaign come last.

    Raises
    ------
    NotPossibleError
        If there is no such segmentation, its customers are synthetic, a file is there already, or the folder cannot be
        written.
    """
    _check_version(database)
    segmentations = rows(
        database,
        """
        select segmentation_fits.segmentation, datasets.is_synthetic from segmentation_fits
        inner join datasets on segmentation_fits.dataset = datasets.dataset
        order by segmentation_fits.segmentation
        """,
    )
    known(segmentation, [row["segmentation"] for row in segmentations], "segmentation")
    if {"segmentation": segmentation, "is_synthetic": True} in segmentations:
        _check_synthetic(segmentation, "segmentation", synthetic=synthetic)
    how = {"for_excel": for_excel, "raw": raw, "notify": notify}
    return _write_audiences(database, CANDIDATES, segmentation, Path(folder), suffix, force=force, how=how)


def export_experiment(
    database: duckdb.DuckDBPyConnection,
    experiment: str,
    folder: str | Path,
    *,
    suffix: str = ".csv",
    for_excel: bool = False,
    force: bool = False,
    raw: bool = False,
    synthetic: bool = False,
    notify: Callable[[str], None] = lambda text: None,
) -> list[Audience]:
    """Write the customers of an experiment who get the campaign, and an account of all who take part.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    experiment : str
        The experiment.
    folder, suffix, for_excel, force, raw, synthetic
        As for `export_audiences`.
    notify : callable
        Called with a sentence where texts were changed, or where customers may still change.

    Returns
    -------
    list of Audience
        One per campaign.

    Raises
    ------
    NotPossibleError
        If there is no such experiment, it has no customers, they are synthetic, a file is there already, or the folder
        cannot be written.
    """
    _check_version(database)
    plans = rows(
        database,
        "select distinct experiment, cast(starts_on as varchar) as starts_on, starts_on > day as is_planned, "
        "is_synthetic from experiment_audiences order by experiment",
    )
    known(experiment, [row["experiment"] for row in plans], "experiment")
    plan = next(row for row in plans if row["experiment"] == experiment)
    if plan["is_synthetic"]:
        _check_synthetic(experiment, "experiment", synthetic=synthetic)
    how = {"for_excel": for_excel, "raw": raw, "notify": notify}
    written = _write_audiences(database, PARTICIPANTS, experiment, Path(folder), suffix, force=force, how=how)
    if not written:
        raise NotPossibleError(
            f"The experiment {experiment} has no customers: nothing was written. See the steps in the table "
            "experiment_audiences, and correct seeds/judgement/experiments.csv."
        )
    if plan["is_planned"]:
        notify(
            f"{experiment} starts on {plan['starts_on']}. Each build before that day assigns the customers again, so "
            "export after the last one."
        )
    return written


def _check_version(database) -> None:
    """Stop where nothing says who is in a control: an earlier version has published these tables."""
    columns = rows(
        database, "select distinct column_name from duckdb_columns() where table_name = 'customer_campaigns'"
    )
    if {"column_name": "no_contact_because"} not in columns:
        raise NotPossibleError(
            "An earlier version published these tables, and they do not say who must not be contacted. Run "
            "`make build` to publish them again."
        )


def _check_synthetic(name, kind, *, synthetic) -> None:
    if not synthetic:
        raise NotPossibleError(
            f"The customers of {name} are synthetic: there are no real people to contact. Choose a "
            f"{kind} of your own customers, or add --synthetic to test the files."
        )


def _write_audiences(database, candidates, name, folder, suffix, *, force, how) -> list[Audience]:
    """Write a file of the candidates of each campaign who are reached, and the account of all of them."""
    account_query = ACCOUNT_QUERY.format(candidates=candidates)
    found = rows(database, account_query, [suffix, name])
    if not found:
        return []
    campaigns = [row["campaign_id"] for row in found if row["campaign_id"] is not None]
    paths = {campaign: folder / f"{_file_name(campaign)}{suffix}" for campaign in campaigns}
    account = folder / f"{ACCOUNT}{suffix}"
    for path in [*paths.values(), account]:
        check_output(path, force=force)
    reached = (
        f"select * exclude (control_of, is_reached, no_contact_because) from ({candidates}) as candidates "
        "where is_reached and campaign_id = ? order by customer_id"
    )
    for campaign, path in paths.items():
        write_rows(database, reached, path, [name, campaign], **how)
    write_rows(database, account_query, account, [suffix, name], **how)
    return [Audience(*(row[field.name] for field in fields(Audience))) for row in found]


def _file_name(campaign_id: str) -> str:
    if not re.fullmatch(r"\w[\w-]*", campaign_id) or campaign_id == ACCOUNT:
        raise NotPossibleError(
            f"The campaign '{campaign_id}' cannot be a file name. Expected letters, digits and underscores, and "
            f"not '{ACCOUNT}'. Rename it in seeds/judgement/campaigns.csv and build again."
        )
    return campaign_id


def left_over(folder: Path, suffix: str, audiences: Sequence[Audience]) -> list[str]:
    """Return the names of files beside the audiences that are none of them, such as those of a campaign that ended."""
    written = {f"{ACCOUNT}{suffix}", *(audience.file for audience in audiences)}
    return sorted(file.name for file in folder.iterdir() if file.suffix in FORMATS and file.name not in written)


def export_tables(
    database: duckdb.DuckDBPyConnection,
    tables: Sequence[str],
    folder: str | Path,
    *,
    suffix: str = ".csv",
    for_excel: bool = False,
    force: bool = False,
    raw: bool = False,
    notify: Callable[[str], None] = lambda text: None,
) -> dict[Path, int]:
    """Write published tables to files of their own.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    tables : sequence of str
        Names of tables; every one if none is named.
    folder, suffix, for_excel, force, raw, notify
        As for `export_audiences`.

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
    paths = {Path(folder) / f"{name}{suffix}": name for name in chosen}
    for path in paths:
        check_output(path, force=force)
    return {
        path: write_rows(
            database, f"select * from {quoted(name)} order by all", path, for_excel=for_excel, raw=raw, notify=notify
        )
        for path, name in paths.items()
    }
