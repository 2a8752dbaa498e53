"""Write the public tables where readers find them, so that a reader never sees half of a publication.

Readers open `marts.duckdb` or a Parquet file in the published folder, never the file that dbt writes. Every file is
written under a temporary name first and then renamed over the old one, which is atomic: who holds the old file goes on
reading it, who opens it afterwards gets the new one, and a build that fails leaves everything as it was.
"""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from segmentation.errors import InputError

# Readers that bundle DuckDB 1.x can open files of this version.
STORAGE_VERSION = "v1.2.0"
DATABASE = "marts.duckdb"

PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")  # descriptions show pictures in dbt docs; a comment is text

MACRO_COMMENT = (
    "Score a customer in every segmentation of the dataset; the table scoring_macros has an example. In an attached "
    "file, `use` the file first."
)

PUBLISHED_TABLES = {
    "table_name": "varchar",
    "description": "varchar",
    "row_count": "bigint",
    "column_count": "integer",
    "published_at": "timestamp",
}

# The table is written before dbt can describe it.
PUBLISHED_TABLES_COMMENTS = {
    ("published_tables", None): "One row per published table.",
    ("published_tables", "table_name"): "Name of the table.",
    ("published_tables", "description"): "What a row of the table is.",
    ("published_tables", "row_count"): "Rows published.",
    ("published_tables", "column_count"): "Columns published.",
    ("published_tables", "published_at"): "When the table was published, UTC.",
}


def publish(
    session: Any,
    relations: Mapping[str, Any],
    folder: str | Path,
    *,
    macros: Sequence[tuple[str, str]] = (),
    published_at: datetime,
) -> pd.DataFrame:
    """Publish relations as one DuckDB file, with macros, and one Parquet file each.

    Parameters
    ----------
    session : DuckDBPyConnection
        Connection to the warehouse; table and column comments are read from its schema `marts`.
    relations : mapping of str to DuckDBPyRelation
        What to publish, by table name.
    folder : str or Path
        Where to publish; created if it does not exist.
    macros : sequence of tuple of str
        Name and definition of the table macros that readers of the database find; they read the published tables.
    published_at : datetime
        When the publication was made, in UTC.

    Returns
    -------
    DataFrame
        One row per published table with the columns of `PUBLISHED_TABLES`; the published database holds it too.

    Raises
    ------
    InputError
        If the folder cannot be written. Every file in it is whole then: the old one, or already the new.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder, relations)
        return _publish(session, relations, folder, macros, published_at)
    except (OSError, duckdb.IOException) as error:
        raise InputError(
            f"The folder '{folder}' cannot be written: {error}. Check its permissions and the free space, or name "
            "another folder in the var published_folder. Every file there is whole: the old one, or already the new."
        ) from None


def _publish(session, relations, folder, macros, published_at) -> pd.DataFrame:
    comments = _comments(session)
    temporary = {folder / DATABASE: _temporary_name(folder, DATABASE)}
    contents = []
    try:
        with duckdb.connect(
            str(temporary[folder / DATABASE]), config={"storage_compatibility_version": STORAGE_VERSION}
        ) as database:
            for name, relation in relations.items():
                target = folder / f"{name}.parquet"
                temporary[target] = _temporary_name(folder, target.name)
                # Sorted, so that the same content gives the same file.
                relation.order("all").write_parquet(str(temporary[target]))
                database.execute(f"create table {name} as from read_parquet('{_quoted(temporary[target])}')")
                rows = database.execute(f"select count(*) from {name}").fetchall()[0][0]
                description = comments.get((name, None), "")
                contents.append((name, description, rows, len(relation.columns), published_at))
            published = pd.DataFrame(contents, columns=list(PUBLISHED_TABLES))
            database.register("contents", published)
            casts = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in PUBLISHED_TABLES.items())
            database.execute(f"create table published_tables as select {casts} from contents")
            account = folder / "published_tables.parquet"
            temporary[account] = _temporary_name(folder, account.name)
            database.execute(f"copy published_tables to '{_quoted(temporary[account])}' (format parquet)")
            for statement in _comment_statements(
                {key: comment for key, comment in comments.items() if key[0] in relations} | PUBLISHED_TABLES_COMMENTS
            ):
                database.execute(statement)
            for name, definition in macros:
                database.execute(definition)
                database.execute(f"comment on macro table {name} is '{MACRO_COMMENT}'")
        outdated = _published_before(session, folder) - set(temporary)
        for target, written in temporary.items():
            os.replace(written, target)
        for file in outdated:
            file.unlink(missing_ok=True)
    finally:
        for written in temporary.values():
            written.unlink(missing_ok=True)
    return published


def _temporary_name(folder: Path, name: str) -> Path:
    return folder / f".{name}.{os.getpid()}.tmp"


def _remove_leftovers(folder: Path, relations: Mapping[str, Any]) -> None:
    """Remove what a killed build left behind."""
    for name in [DATABASE, *(f"{table}.parquet" for table in [*relations, "published_tables"])]:
        for leftover in folder.glob(f".{name}.[0-9]*.tmp*"):
            leftover.unlink(missing_ok=True)


def _published_before(session, folder: Path) -> set[Path]:
    """Name the Parquet files of the last publication: what is no longer published must not stay behind."""
    account = folder / "published_tables.parquet"
    if not account.is_file():
        return set()
    rows = session.execute(f"select table_name from read_parquet('{_quoted(account)}')").fetchall()
    return {folder / f"{table}.parquet" for (table,) in rows}


def _quoted(text: Any) -> str:
    return str(text).replace("'", "''")


def _comments(session) -> dict[tuple[str, str | None], str]:
    """Read the descriptions that dbt stored as comments, by table and column (None for the table itself)."""
    rows = session.execute(
        """
        select table_name, null as column_name, comment from duckdb_tables() where schema_name = 'marts'
        union all
        select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts'
        """
    ).fetchall()
    return {(table, column): PICTURE.sub("", comment).strip() for table, column, comment in rows if comment}


def _comment_statements(comments) -> list[str]:
    statements = []
    for (table, column), comment in comments.items():
        target = f"table {table}" if column is None else f'column {table}."{column}"'
        statements.append(f"comment on {target} is '{_quoted(comment)}'")
    return statements
