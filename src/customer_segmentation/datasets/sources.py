"""Open a source of customers or orders: a file, a table of the warehouse, or a relation that dbt knows."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from customer_segmentation.datasets.warehouse import Warehouse, sql_text
from customer_segmentation.errors import NotPossibleError, UsageError
from customer_segmentation.inputs.files import FORMATS, inspect_input
from customer_segmentation.publication.database import quoted
from customer_segmentation.temporary_files import spill_folder, temporary_folder

ROWS = "source_rows"  # the table with the rows that are looked at
MOST_VALUES = 20_000_000  # that are looked at, so that a large table does not fill the memory
MANY_ROWS = 20_000  # that are looked at however many columns there are
RELATION = re.compile(r"\s*(?:\{\{)?\s*(source|ref)\(\s*(.*?)\s*\)\s*(?:\}\})?\s*")
NAMES = re.compile(r"""(['"])([^'"]+)\1(?:\s*,\s*(['"])([^'"]+)\3)?""")


@dataclass(frozen=True)
class Source:
    """A source whose first rows are in the table `ROWS` of a connection.

    Attributes
    ----------
    written : str
        What the user named.
    argument : str
        The source as an argument of the macro `read_input`.
    columns : dict of str to str
        Types of its columns in DuckDB, by name.
    count : int
        Its rows.
    looked_at : int
        How many of them, from the first on, are in `ROWS`.
    is_spreadsheet : bool
        Whether it is a spreadsheet.
    notes : list of str
        What was decided about its files.
    relation : str
        All its rows, as SQL.
    database : DuckDBPyConnection
        Where they can be asked.
    """

    written: str
    argument: str
    columns: dict[str, str]
    count: int
    looked_at: int
    is_spreadsheet: bool
    notes: list[str]
    relation: str
    database: duckdb.DuckDBPyConnection

    def one(self, sql: str) -> tuple[Any, ...]:
        """Return the first row of a query.

        Parameters
        ----------
        sql : str
            The query.

        Returns
        -------
        tuple
        """
        return self.database.execute(sql).fetchall()[0]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a query.

        Parameters
        ----------
        sql : str
            The query.

        Returns
        -------
        list of dict
        """
        cursor = self.database.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def open_source(written: str, root: Path) -> Iterator[Source]:
    """Open a source for as long as the block lasts.

    Parameters
    ----------
    written : str
        A file, a glob, `book.xlsx#Sheet`, `schema.table`, `source('crm', 'customers')` or `ref('dim_customers')`.
    root : Path
        Root of the project, where files are looked for.

    Yields
    ------
    Source

    Raises
    ------
    NotPossibleError
        If it does not exist, cannot be read, or has no rows.
    """
    with temporary_folder() as folder, duckdb.connect(config={"temp_directory": str(spill_folder())}) as database:
        notes: list[str] = []
        is_spreadsheet = False
        try:
            known = RELATION.fullmatch(written)
            if known:
                relation, argument = _known_relation(known[1], known[2], written, root, database)
            elif _is_file(written):
                relation, notes, is_spreadsheet = _files(written, folder)
                argument = _text(written)
            else:
                relation, argument = _table(written, root, database), _text(written)
            yield _looked_at(written, argument, relation, database, notes, is_spreadsheet)
        except duckdb.Error as error:
            message = str(error).splitlines()[0]
            raise NotPossibleError(
                f"{written} cannot be read: {message}. Export it again, or name another source."
            ) from None


def _is_file(written) -> bool:
    name = written.lower()
    return (
        name.endswith((*FORMATS, ".gz", ".xls", ".json", ".ods", ".zip"))
        or ".xlsx#" in name
        or any(mark in name for mark in "/*\\")
        or Path(written).is_file()
    )


def _files(written, folder) -> tuple[str, list[str], bool]:
    if "://" in written:
        raise NotPossibleError(
            f"{written} is an address on a network. Expected a file, a glob or a table. Download the file first."
        )
    answer = json.loads(inspect_input(written, folder))
    if "problem" in answer:
        problem = answer["problem"]
        raise NotPossibleError(problem[0].upper() + problem[1:] if problem.startswith(("no ", "the ")) else problem)
    files = answer["files"]
    columns = ", ".join(quoted(name) for name in files[0]["columns"])
    selects = [
        f"select {columns} from {file['reader']}" + (" where input_problem is null" if file["has_broken_lines"] else "")
        for file in files
    ]
    notes = [file["note"] for file in files if file["note"]]
    return f"({' union all '.join(selects)})", notes, files[0]["format"] == "xlsx"


def _table(written, root, database) -> str:
    parts = [part.strip('"') for part in written.split(".")]
    if len(parts) > 3 or "" in parts:
        raise UsageError(
            f"'{written}' is not a source. Expected a file, a glob, a table (schema.table), source('name', 'table') or "
            "ref('model')."
        )
    return _relation_of_warehouse(parts, written, root, database, "Correct the name, or name a file")


def _known_relation(kind, names, written, root, database) -> tuple[str, str]:
    found = NAMES.fullmatch(names)
    if not found or (kind == "source") != (found[4] is not None):
        raise UsageError(f"'{written}' is not a source. Expected source('name', 'table') or ref('model').")
    argument = f"source({_text(found[2])}, {_text(found[4])})" if kind == "source" else f"ref({_text(found[2])})"
    parts = _parts_in_manifest(kind, found[2], found[4], root)
    if kind == "source":
        if parts is None:
            raise NotPossibleError(
                f"dbt does not know {argument}. Describe the source in a yml file of models/, run `dbt parse`, and run "
                "this command again."
            )
        return _relation_of_warehouse(parts, written, root, database, "Load the table, or correct the source"), argument
    way_out = f"Build it first: `dbt build --select {found[2]}`"
    return _relation_of_warehouse(parts or [found[2]], written, root, database, way_out), argument


def _parts_in_manifest(kind, name, table, root) -> list[str] | None:
    """Return database, schema and name of a relation as dbt wrote them down when it last read the project."""
    try:
        manifest = json.loads((root / "target" / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    nodes = manifest.get("sources" if kind == "source" else "nodes", {}).values()
    for node in nodes:
        if kind == "source" and (node.get("source_name"), node.get("name")) == (name, table):
            return [node["database"], node["schema"], node["identifier"]]
        if kind == "ref" and node.get("name") == name and node.get("resource_type") in ("model", "seed", "snapshot"):
            return [node["database"], node["schema"], node.get("alias") or name]
    return None


def _relation_of_warehouse(parts, written, root, database, way_out) -> str:
    warehouse = Warehouse(root)
    found = warehouse.attach(database, parts[0] if len(parts) == 3 else None)
    wanted = {"table_name": parts[-1]} | ({"table_schema": parts[-2]} if len(parts) > 1 else {})
    conditions = " and ".join(f"lower({column}) = lower({sql_text(value)})" for column, value in wanted.items())
    tables = database.execute(
        "select table_catalog, table_schema, table_name from information_schema.tables "
        f"where table_catalog = {sql_text(found)} and {conditions} order by all"
    ).fetchall()
    if not tables:
        raise NotPossibleError(f"{written} is not in {warehouse}. {way_out}.")
    if len(tables) > 1:
        names = ", ".join(".".join(one[1:]) for one in tables)
        raise NotPossibleError(f"{written} can be any of {names}. Add the schema.")
    return ".".join(quoted(name) for name in tables[0])


def _looked_at(written, argument, relation, database, notes, is_spreadsheet) -> Source:
    columns = {row[0]: row[1] for row in database.execute(f"describe select * from {relation}").fetchall()}
    most = max(MANY_ROWS, MOST_VALUES // max(len(columns), 1))
    database.execute(f"create temporary table {ROWS} as select * from {relation} limit {most}")
    (looked_at,) = database.execute(f"select count(*) from {ROWS}").fetchall()[0]
    if looked_at == 0:
        raise NotPossibleError(f"{written} has no rows. Expected a header line with names and at least one row.")
    (count,) = (looked_at,) if looked_at < most else database.execute(f"select count(*) from {relation}").fetchall()[0]
    return Source(written, argument, columns, count, looked_at, is_spreadsheet, notes, relation, database)


def text_of(name: str) -> str:
    r"""Return SQL for a value as text, without spaces around it; null for nothing.

    Examples
    --------
    >>> text_of("age")
    'nullif(trim(cast("age" as varchar)), \'\')'
    """
    return f"nullif(trim(cast({quoted(name)} as varchar)), '')"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Return names for a message, a few of them where there are many.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _text(text) -> str:
    """Write a text in Jinja."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
