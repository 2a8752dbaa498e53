"""Write the public tables where readers find them, so that a reader never sees half of a publication.

Readers open `marts.duckdb` or a Parquet file in the published folder, never the file that dbt writes. Every file is
written under a temporary name first and then renamed over the old one, which is atomic: who holds the old file goes on
reading it, who opens it afterwards gets the new one, and a build that fails leaves everything as it was. Renaming all
of them is not atomic; `publication.folder` finishes what was interrupted there.

All files of a publication carry the same build id: the database in `published_tables`, a Parquet file in its metadata,
and `publication.json` beside them, with the size, the checksum and the number of rows of each. The id is computed from
what is published, without the times at which it was made: the same content gives the same id and the same files.

The database shows each table once more, as a view in the schema of its group, and those to begin with in the schema
`start_here`: in a tool that lists schemas, sixty tables are found by their subject. The tables themselves stay in
`main`, under the names that they have had all along.

Each table is sorted once, into the new database, and copied from there to Parquet. The database is attached to the
session, so that both work within the one memory limit of the build; what does not fit is sorted on disk. The disk must
hold the old and the new publication together, and beside the warehouse the largest table, uncompressed, while it is
sorted. Tables that Spark wrote may be too large for that: `publication.large_tables`.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pandas as pd

from customer_segmentation.errors import InputError
from customer_segmentation.language import ENGLISH
from customer_segmentation.publication.folder import (
    DATABASE,
    describe_file,
    locked,
    project_version,
    read_manifest,
    replace_files,
    settle,
)
from customer_segmentation.publication.folder import SECONDS_FOR_A_READER as SECONDS
from customer_segmentation.publication.large_tables import LargeTable, place, remove_unread, shown_from
from customer_segmentation.publication.sort_key import short_sort_key
from customer_segmentation.temporary_files import temporary_name

# Readers that bundle DuckDB 1.x can open files of this version.
STORAGE_VERSION = "v1.2.0"
ATTACHED = "publication"  # name of the new database while it is written

# Readers skip whole row groups by the smallest and the largest key in each; in smaller groups columns compress less.
# Every reader of Parquet knows Snappy; Zstandard makes files a fifth smaller in the same time, but older readers refuse
# it.
PARQUET = "format parquet, compression snappy, row_group_size 122_880"

# When something was made and how long it took: two builds that differ in nothing else publish the same.
NOT_CONTENT = ("fitted_at", "seconds")

PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")  # descriptions show pictures in dbt docs; a comment is text

# A disk may also be found full when a table is committed.
DISK_OR_MEMORY_IS_FULL = (OSError, duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException)

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
    "build_id": "varchar",
    "table_group": "varchar",
    "grain": "varchar",
    "key_columns": "varchar",
    "is_start_here": "boolean",
    "locale": "varchar",
}
ACCOUNT = "published_tables"
ACCOUNT_KEY = ("table_name",)
START_HERE = "start_here"  # schema of the tables to begin with

# The table is written before dbt can describe it.
PUBLISHED_TABLES_COMMENTS = {
    ("published_tables", None): "One row per published table: what a row of it is, its key and its group.",
    ("published_tables", "table_name"): "Name of the table.",
    ("published_tables", "description"): "Description of the table: what a row is.",
    ("published_tables", "row_count"): "Number of rows published.",
    ("published_tables", "column_count"): "Number of columns published.",
    ("published_tables", "published_at"): "When the table was published, UTC.",
    ("published_tables", "build_id"): "Id of the build, in all files of a publication; same content, same id.",
    ("published_tables", "table_group"): "Subject of the table, and the schema that shows it as a view.",
    ("published_tables", "grain"): "What a row of the table is.",
    ("published_tables", "key_columns"): "Columns that together tell the rows apart, separated by commas.",
    ("published_tables", "is_start_here"): "Whether to begin with this table; the schema start_here shows those.",
    ("published_tables", "locale"): "Language of pages about the publication, and how they write numbers.",
}


def publish(
    session: Any,
    relations: Mapping[str, Any],
    folder: str | Path,
    *,
    schemas: Mapping[str, str] = MappingProxyType({}),
    keys: Mapping[str, Sequence[str]] = MappingProxyType({}),
    groups: Mapping[str, str] = MappingProxyType({}),
    start_here: Collection[str] = (),
    macros: Sequence[tuple[str, str]] = (),
    large: Mapping[str, LargeTable] = MappingProxyType({}),
    locale: str = ENGLISH,
    published_at: datetime,
    now: Callable[[str], None] = lambda step: None,
) -> pd.DataFrame:
    """Publish relations as one DuckDB file, with macros, and one Parquet file each.

    Parameters
    ----------
    session : DuckDBPyConnection
        Connection to the warehouse, from which table and column comments are read.
    relations : mapping of str to DuckDBPyRelation
        What to publish, by table name.
    folder : str or Path
        Where to publish; created if it does not exist.
    schemas : mapping of str to str
        Schema of the commented table, by table name; `marts` where it is not given.
    keys : mapping of str to sequence of str
        Columns that tell the rows of a table apart, by table name. The table is sorted by them, and by all of its
        columns if it has no key here, so that the same content gives the same file and readers skip what they do not
        ask for.
    groups : mapping of str to str
        Group of each table and of `published_tables`; a table without one is in `main` alone.
    start_here : collection of str
        The tables to begin with.
    macros : sequence of tuple of str
        Name and definition of the table macros that readers of the database find; they read the published tables.
    large : mapping of str to LargeTable
        Those of the relations that are too large to be copied and sorted: their files are published as they are.
    locale : str
        Language of the pages about the publication, and how they write numbers.
    published_at : datetime
        When the publication was made, in UTC.
    now : callable
        Is told what is done next, in words.

    Returns
    -------
    DataFrame
        One row per published table with the columns of `PUBLISHED_TABLES`; the published database holds it too.

    Raises
    ------
    InputError
        If the folder cannot be written, the disk is full, or another build is publishing to it. Every file in the
        folder is whole then: the old one, or already the new.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder, seconds=SECONDS):
            settle(folder)
            remove_unread(folder)
            return _publish(
                session, relations, folder, schemas, keys, groups, start_here, macros, large, locale, published_at, now
            )
    except DISK_OR_MEMORY_IS_FULL as error:
        raise InputError(
            f"The folder '{folder}' cannot be written: {error}. Check its permissions and the free space, there and "
            "beside the warehouse, or name another folder in the var published_folder. Every file there is whole: the "
            "old one, or already the new."
        ) from None


def _publish(
    session, relations, folder, schemas, keys, groups, start_here, macros, large, locale, published_at, now
) -> pd.DataFrame:
    comments = {key: comment for key, comment in _comments(session, schemas).items() if key[0] in relations}
    build_id = content_id(relations, comments, macros)
    comments |= PUBLISHED_TABLES_COMMENTS
    parquet = f"{PARQUET}, kv_metadata {{build_id: '{build_id}'}}"
    written = {}
    rows_of = {}
    parts: dict[str, dict[str, Any]] = {}
    try:
        new_database = temporary_name(folder / DATABASE)
        with _attached(session, new_database) as database:

            def write_parquet(name):
                file = f"{name}.parquet"
                written[file] = temporary_name(folder / file)
                database.execute(f"copy {name} to '{_quoted(written[file])}' ({parquet})")

            for number, (name, relation) in enumerate(relations.items(), start=1):
                now(f"{name}, table {number} of {len(relations)}")
                if name in large:
                    parts |= place(session, folder, build_id, name, large[name])
                    shown = shown_from(large[name], folder, build_id, name)
                    database.execute(f"create view {name} as {shown}")
                    rows_of[name] = large[name].rows
                    continue
                order = short_sort_key(relation, keys[name]) if name in keys else "all"
                created = relation.query("source", f"create table {ATTACHED}.{name} as from source order by {order}")
                if created is not None:  # DuckDB 2 waits until it is asked for the result, of which DuckDB 1 has none
                    created.fetchall()
                ((rows_of[name],),) = database.execute(f"select count(*) from {name}").fetchall()
                write_parquet(name)
            now("descriptions and macros")
            database.begin()  # hundreds of small statements are written to the disk at once
            rows_of[ACCOUNT] = len(relations) + 1
            columns_of = {name: len(relation.columns) for name, relation in relations.items()}
            keys_of = {**keys, ACCOUNT: ACCOUNT_KEY}
            contents = [
                (
                    name, comments.get((name, None), ""), rows_of[name], count, published_at, build_id,
                    groups.get(name, ""), grain_of(comments.get((name, None), "")), ", ".join(keys_of.get(name, ())),
                    name in start_here, locale,
                )
                for name, count in {**columns_of, ACCOUNT: len(PUBLISHED_TABLES)}.items()
            ]  # fmt: skip
            published = pd.DataFrame(contents, columns=list(PUBLISHED_TABLES))
            database.register("contents", published)
            casts = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in PUBLISHED_TABLES.items())
            database.execute(f"create table published_tables as select {casts} from contents")
            write_parquet(ACCOUNT)
            for statement in _comment_statements(comments, large):
                database.execute(statement)
            for statement in _view_statements(comments, published):
                database.execute(statement)
            for name, definition in macros:
                database.execute(definition)
                database.execute(f"comment on macro table {name} is '{MACRO_COMMENT}'")
            database.commit()
            database.execute(f"checkpoint {ATTACHED}")  # nothing may be left in a log, which is not renamed
        now("checksums")
        outdated = _published_before(session, folder) - set(written)
        written[DATABASE] = new_database  # the last to be renamed
        manifest = {
            "build_id": build_id,
            "version": project_version(),
            "published_at": f"{published_at:%Y-%m-%dT%H:%M:%SZ}",
            "files": {
                name: {**({"rows": rows_of[Path(name).stem]} if name != DATABASE else {}), **describe_file(path)}
                for name, path in written.items()
            }
            | parts,
        }
    except BaseException:
        for path in [*written.values(), new_database, new_database.with_name(f"{new_database.name}.wal")]:
            path.unlink(missing_ok=True)
        remove_unread(folder)
        raise
    replace_files(folder, written, outdated, manifest)
    return published


def content_id(
    relations: Mapping[str, Any],
    comments: Mapping[tuple[str, str | None], str] = MappingProxyType({}),
    macros: Sequence[tuple[str, str]] = (),
) -> str:
    """Return an id of what is published, which the same content always gets, in whatever order its rows are.

    Parameters
    ----------
    relations : mapping of str to DuckDBPyRelation
        What is published, by table name. Columns in `NOT_CONTENT` do not count.
    comments : mapping of tuple to str
        Descriptions by table and column.
    macros : sequence of tuple of str
        Name and definition of the table macros.

    Returns
    -------
    str
        16 hexadecimal digits. They tell builds apart; that a file is unharmed is what checksums are for.
    """
    content = hashlib.sha256(repr((sorted(comments.items(), key=str), sorted(macros))).encode())
    for name, relation in sorted(relations.items()):
        columns = [column for column in relation.columns if column not in NOT_CONTENT]
        listed = ", ".join(_identifier(column) for column in columns)
        # a sum does not depend on the order of the rows, and unlike an exclusive or it counts equal rows
        found = relation.query(
            "source", f"select count(*), sum(cast(hash({listed}) as hugeint)) from source"
        ).fetchall()
        content.update(repr((name, columns, found)).encode())
    return content.hexdigest()[:16]


@contextmanager
def _attached(session, file: Path) -> Iterator[Any]:
    """Create a database within the session, and yield a connection that works in it; detach it in the end."""
    session.execute(f"attach '{_quoted(file)}' as {ATTACHED} (storage_version '{STORAGE_VERSION}')")
    try:
        with session.cursor() as database:
            database.execute(f"use {ATTACHED}")
            yield database
    finally:
        session.execute(f"detach {ATTACHED}")


def _published_before(session, folder: Path) -> set[str]:
    """Name the Parquet files of the last publication: what is no longer published must not stay behind."""
    manifest = read_manifest(folder)
    if manifest is not None:
        return {name for name in manifest.get("files", {}) if name.endswith(".parquet") and Path(name).name == name}
    account = folder / "published_tables.parquet"  # of an older version of this project
    if not account.is_file():
        return set()
    try:
        rows = session.execute(f"select table_name from read_parquet('{_quoted(account)}')").fetchall()
    except duckdb.Error:  # it is replaced in any case
        return set()
    return {f"{table}.parquet" for (table,) in rows}


def _identifier(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _quoted(text: Any) -> str:
    return str(text).replace("'", "''")


def _comments(session, schemas: Mapping[str, str]) -> dict[tuple[str, str | None], str]:
    """Read the descriptions that dbt stored as comments, by table and column (None for the table itself)."""
    rows = session.execute(
        """
        select schema_name, table_name, null as column_name, comment from duckdb_tables()
        union all
        select schema_name, view_name, null as column_name, comment from duckdb_views()
        union all
        select schema_name, table_name, column_name, comment from duckdb_columns()
        """
    ).fetchall()
    return {
        (table, column): PICTURE.sub("", comment).strip()
        for schema, table, column, comment in rows
        if comment and schema == schemas.get(table, "marts")
    }


def grain_of(description: str) -> str:
    """Return what a row of a table is, which its description begins with.

    Examples
    --------
    >>> grain_of("One row per segment: its persona and its size. Larger ones come first.")
    'One row per segment'
    >>> grain_of("One row per customer of v1.2 with a value.")
    'One row per customer of v1.2 with a value'
    >>> grain_of("Segments.")
    ''
    """
    found = re.match(r"One row per .+?(?=[:;]|[.](?:\s|$)|$)", description, flags=re.DOTALL)
    return found[0] if found else ""


def _view_statements(comments, published) -> Iterator[str]:
    """Show each table in the schema of its group, with its descriptions, and those to begin with in one more."""
    shown = [(row.table_group, row.table_name) for row in published.itertuples() if row.table_group]
    shown += [(START_HERE, row.table_name) for row in published.itertuples() if row.is_start_here]
    for schema in sorted({schema for schema, _ in shown}):
        yield f"create schema {_identifier(schema)}"
    described: dict[str, list[tuple[str | None, str]]] = {}
    for (table, column), comment in comments.items():
        described.setdefault(table, []).append((column, comment))
    for schema, name in shown:
        view = f"{_identifier(schema)}.{name}"
        yield f"create view {view} as select * from main.{name}"
        for column, comment in described.get(name, ()):
            target = f"view {view}" if column is None else f"column {view}.{_identifier(column)}"
            yield f"comment on {target} is '{_quoted(comment)}'"


def _comment_statements(comments, views) -> list[str]:
    statements = []
    for (table, column), comment in comments.items():
        target = f"{'view' if table in views else 'table'} {table}" if column is None else f'column {table}."{column}"'
        statements.append(f"comment on {target} is '{_quoted(comment)}'")
    return statements
