"""Take audiences and tables away: files for the tools that send campaigns, and for spreadsheets."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import known, quoted, rows
from customer_segmentation.publication.output_files import FORMATS, check_output, write_rows

ACCOUNT = "audiences"
AUDIENCES = """
    select
        campaign_id, campaign, string_agg(distinct persona, '; ' order by persona) as personas, channel,
        count(*) as customers, campaign_id || ? as file
    from customer_campaigns
    where segmentation = ?
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
        How many they are.
    file : str or None
        Name of their file.
    """

    campaign: str | None
    personas: str
    channel: str | None
    customers: int
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
    segmentations = rows(
        database,
        """
        select segmentation_fits.segmentation, datasets.is_synthetic from segmentation_fits
        inner join datasets on segmentation_fits.dataset = datasets.dataset
        order by segmentation_fits.segmentation
        """,
    )
    known(segmentation, [row["segmentation"] for row in segmentations], "segmentation")
    if {"segmentation": segmentation, "is_synthetic": True} in segmentations and not synthetic:
        raise NotPossibleError(
            f"The customers of {segmentation} are synthetic: there are no real people to contact. Choose a "
            "segmentation of your own customers, or add --synthetic to test the files."
        )
    found = rows(database, AUDIENCES, [suffix, segmentation])
    campaigns = [row["campaign_id"] for row in found if row["campaign_id"] is not None]
    folder = Path(folder)
    paths = {campaign: folder / f"{_file_name(campaign)}{suffix}" for campaign in campaigns}
    account = folder / f"{ACCOUNT}{suffix}"
    for path in [*paths.values(), account]:
        check_output(path, force=force)
    write = partial(write_rows, database, for_excel=for_excel, raw=raw, notify=notify)
    for campaign, path in paths.items():
        write(
            "select * from customer_campaigns where segmentation = ? and campaign_id = ? order by customer_id",
            path,
            [segmentation, campaign],
        )
    write(AUDIENCES, account, [suffix, segmentation])
    return [
        Audience(*(row[name] for name in ("campaign", "personas", "channel", "customers", "file"))) for row in found
    ]


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
