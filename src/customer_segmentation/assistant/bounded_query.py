"""One SELECT of a stranger: it reads tables of a publication and nothing else, and ends in time with a short answer.

What is run is written again from the parsed query, so nothing runs that was not looked at. The settings of the
connection keep what the look may have missed from files, other databases and the network.
"""

import json
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import rows
from customer_segmentation.warehouse.address_space import limited_address_space

MOST_ROWS = 1_000
SECONDS = 30
MOST_CHARACTERS = 100_000  # of an answer: more than that fills the memory of a language model
LONGEST_TEXT = 1_000  # of one value
MEMORY = "1GB"
THREADS = 2
# Beyond what the program has: DuckDB does not count the texts that a query makes up, which would fill the machine.
MOST_BYTES = 2_500_000_000
EXPECTED = "expected one SELECT, or WITH ... SELECT"
# What the tree of a query that only reads is made of; a WITH may also hold INSERT_QUERY_NODE and others that write.
READING_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
# Functions that stand where a table does, beside the macros of the publication; the others read files or settings.
TABLE_FUNCTIONS = {"generate_series", "range", "unnest"}
NUMBERS = {
    "bigint", "boolean", "decimal", "double", "float", "hugeint", "integer", "smallint", "tinyint", "ubigint",
    "uhugeint", "uinteger", "usmallint", "utinyint",
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """The rows that a query has found.

    Attributes
    ----------
    columns : list of dict
        `name` and `type` of each column.
    rows : list of list
        The values; everything but numbers and true or false is text.
    note : str
        That rows or texts are missing, and why; empty if everything is there.
    """

    columns: list[dict[str, str]]
    rows: list[list[Any]]
    note: str


def confine(database: duckdb.DuckDBPyConnection, *, folders: Sequence[Path] = ()) -> None:
    """Take from a connection whatever it does not need to answer questions, for good.

    Parameters
    ----------
    database : DuckDBPyConnection
        A connection that has opened everything it will read.
    folders : sequence of Path
        Folders that views of the database read.
    """
    paths = [folder.absolute().as_posix().replace("'", "''") for folder in folders]
    listed = ", ".join(f"'{path}/'" for path in paths)
    for setting in (
        f"allowed_directories = [{listed}]",
        "temp_directory = ''",  # a query that needs more than its memory ends, and fills no disk
        "enable_external_access = false",
        "python_enable_replacements = false",  # no variable of this program is a table
        f"memory_limit = '{MEMORY}'",
        f"threads = {THREADS}",
        "lock_configuration = true",
    ):
        database.execute(f"set {setting}")


def checked(database: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return a query as it may be run.

    Parameters
    ----------
    database : DuckDBPyConnection
        The publication, whose macros the query may use.
    sql : str
        What a stranger has written.

    Returns
    -------
    str
        The same query, written from its tree.

    Raises
    ------
    NotPossibleError
        If it is anything but one SELECT that reads tables.
    """
    with _errors_told(0):
        statements = duckdb.extract_statements(sql)
        kinds = [statement.type.name for statement in statements]
        if len(kinds) != 1:
            raise NotPossibleError(f"Found {len(kinds)} statements, {EXPECTED}.")
        if kinds != ["SELECT"]:
            way_out = " Name the values of the pivot: pivot ... on column in (...)." if kinds == ["MULTI"] else ""
            raise NotPossibleError(f"Found {kinds[0].replace('_', ' ')}, {EXPECTED}. Nothing can be changed.{way_out}")
        ((tree,),) = database.execute("select json_serialize_sql(?)", [sql]).fetchall()
    allowed = TABLE_FUNCTIONS | _macros(database)
    for part in _parts(json.loads(tree)):
        kind = str(part.get("type"))
        if kind.endswith("_NODE") and kind not in READING_NODES:
            raise NotPossibleError(f"Found {kind.split('_')[0]} inside the query, {EXPECTED}. Nothing can be changed.")
        function = part["function"]["function_name"] if kind == "TABLE_FUNCTION" else None
        if function is not None and function.lower() not in allowed:
            raise NotPossibleError(
                f"Found the function {function} in place of a table, expected a published table or one of "
                f"{', '.join(sorted(allowed))}. Files and settings cannot be read."
            )
    ((text,),) = database.execute("select json_deserialize_sql(?)", [tree]).fetchall()
    return text


def _macros(database) -> set[str]:
    found = "select distinct function_name from duckdb_functions() where function_type = 'table_macro' and not internal"
    return {row["function_name"].lower() for row in rows(database, found)}


def _parts(tree: Any) -> Iterator[dict[str, Any]]:
    """Return every object of a tree, however deep it is."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def bounded_query(
    database: duckdb.DuckDBPyConnection, sql: str, *, most_rows: int = MOST_ROWS, seconds: float = SECONDS
) -> Answer:
    """Answer a query, with an end to the rows, the time and the length.

    Parameters
    ----------
    database : DuckDBPyConnection
        A connection that was confined.
    sql : str
        One SELECT.
    most_rows : int
        How many rows at most.
    seconds : float
        How long it may take.

    Returns
    -------
    Answer

    Raises
    ------
    NotPossibleError
        If the query is anything else, cannot be understood, or takes too much time or memory.
    """
    query = checked(database, sql)
    with (
        _errors_told(seconds),
        _reading(database),
        _time_limit(database, seconds),
        limited_address_space(MOST_BYTES),
    ):
        described = database.execute(f"describe ({query})").fetchall()
        columns = [{"name": name, "type": kind} for name, kind, *_ in described]
        values = ", ".join(_value(f"column_{place}", column["type"]) for place, column in enumerate(columns))
        names = ", ".join(f"column_{place}" for place in range(len(columns)))
        found = database.execute(f"select {values} from ({query}) as answer({names}) limit {most_rows + 1}").fetchall()
    return _cut(columns, found, most_rows)


def _value(column: str, kind: str) -> str:
    """Return SQL for a value of an answer: numbers as they are, everything else as text of a limited length."""
    name = kind.split("(")[0].lower()
    if name == "decimal":
        return f"cast({column} as double)"
    return column if name in NUMBERS else f"left(cast({column} as varchar), {LONGEST_TEXT + 1})"


def _cut(columns, found, most_rows) -> Answer:
    answer: list[list[Any]] = []
    characters, is_shortened = 0, False
    for row in found[:most_rows]:
        written = [_written(value) for value in row]
        is_shortened |= any(isinstance(value, str) and len(value) > LONGEST_TEXT for value in written)
        written = [value[:LONGEST_TEXT] if isinstance(value, str) else value for value in written]
        characters += sum(len(str(value)) for value in written)
        if characters > MOST_CHARACTERS:
            break
        answer.append(written)
    notes = []
    if len(answer) < len(found):
        limit = f"{most_rows:,} rows" if len(answer) == most_rows else f"{MOST_CHARACTERS:,} characters"
        notes.append(
            f"There are more rows than these {len(answer):,}: an answer has at most {limit}. Count or aggregate in the "
            "query, or name fewer columns and rows."
        )
    if is_shortened:
        notes.append(f"Texts longer than {LONGEST_TEXT:,} characters are cut.")
    return Answer(columns, answer, " ".join(notes))


def _written(value: Any) -> Any:
    """Return a value that JSON has a word for."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def _reading(database) -> Iterator[None]:
    """Keep a query from changing anything, also where the database lies in memory."""
    database.execute("begin transaction read only")
    try:
        yield
    finally:
        database.execute("rollback")


@contextmanager
def _time_limit(database, seconds) -> Iterator[None]:
    timer = threading.Timer(seconds, database.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _errors_told(seconds) -> Iterator[None]:
    """Say in plain words what DuckDB says about a query."""
    try:
        yield
    except duckdb.InterruptException:
        raise NotPossibleError(
            f"The query took longer than {seconds:g} seconds and was stopped. Ask for less: filter, aggregate, or join "
            "by the keys that list_tables names."
        ) from None
    except (duckdb.OutOfMemoryException, MemoryError):
        raise NotPossibleError(
            f"The query needs more than the {MEMORY} of memory that it may use. Ask for less: filter or aggregate."
        ) from None
    except duckdb.CatalogException as error:
        raise NotPossibleError(f"{_first_lines(error)} list_tables names all tables, and what is left out.") from None
    except duckdb.Error as error:
        raise NotPossibleError(f"{_first_lines(error)} describe_table names the columns of a table.") from None


def _first_lines(error) -> str:
    """Return what DuckDB says, without the line of the query that it points at."""
    said = " ".join(str(error).split("\n\nLINE ")[0].split())
    return said if said.endswith((".", "!", "?")) else f"{said}."
