"""Where a customer is found: rows of databases and Parquet files, lines of text files, rows of spreadsheets."""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import duckdb

from customer_segmentation.history.suppression import plain_id
from customer_segmentation.publication.database import quoted

ID_COLUMN = "customer_id"
# texts of a row that names no customer in a column of its own
RAW_COLUMNS = ("raw_row", "input_line", "explanation")
SEPARATORS = ",;\t|"
MOST_NUMBERED = 3  # lines that are named
NOT_SEARCHED = {"node_modules", "dbt_packages", "__pycache__"}


class UnsearchedError(Exception):
    """Say why a file cannot be searched."""


@dataclass(frozen=True)
class Trace:
    """A place that holds rows about customers.

    Attributes
    ----------
    file : Path
        The file.
    rows : int
        Rows, or lines of a text file.
    table : str
        Table of a database, as `schema.table`; empty for other files.
    lines : tuple of int
        Numbers of the first lines, from 1; empty where rows have none.
    """

    file: Path
    rows: int
    table: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """Whom to look for.

    Attributes
    ----------
    customers : tuple of str
        Ids, as `plain_id` writes them.
    columns : frozenset of str
        Names of columns with ids, in lower case: that of the tables, and those of the inputs.
    dataset : str
        Look in this dataset alone; everywhere if it is empty.
    other_datasets : frozenset of str
        The other datasets of the project.
    other_segmentations : frozenset of str
        The segmentations of other datasets.
    """

    customers: tuple[str, ...]
    columns: frozenset[str] = frozenset({ID_COLUMN})
    dataset: str = ""
    other_datasets: frozenset[str] = frozenset()
    other_segmentations: frozenset[str] = frozenset()

    def passes_over(self, name: str) -> bool:
        """Say whether a file or table is of another dataset, by the words of its name.

        Examples
        --------
        >>> shop = Wanted(("17",), dataset="shop", other_datasets=frozenset({"cafe"}))
        >>> shop.passes_over("stg_cafe__customers"), shop.passes_over("stg_shop__customers"), shop.passes_over("cafes")
        (True, False, False)
        """
        words = f"_{name.lower()}_"
        return bool(self.dataset) and any(f"_{other}_" in words for other in self.other_datasets)


def traces_in(file: Path, wanted: Wanted) -> list[Trace]:
    """Find rows about customers in one file, whatever kind of file that is.

    Parameters
    ----------
    file : Path
        A DuckDB file, a Parquet file, a text file of columns (also `.gz`) or a workbook. Other files are not searched.
    wanted : Wanted
        Whom to look for.

    Returns
    -------
    list of Trace
        One for each table of a database, at most one for other files. A number counts as an id only in a column of
        ids; any other id counts in every column of a file that has no such column.

    Raises
    ------
    UnsearchedError
        If the file cannot be read as what its name says.
    """
    if file.is_dir():
        raise UnsearchedError("it is a folder that may not be read")
    try:
        return _traces(file, wanted)
    except (OSError, EOFError, ValueError, csv.Error, BadZipFile, duckdb.Error) as error:
        raise UnsearchedError(str(error).partition("\n")[0]) from error


def _traces(file, wanted) -> list[Trace]:
    name = file.name.lower().removesuffix(".gz")
    if wanted.passes_over(name.split(".")[0]):
        return []
    if name.endswith(".duckdb"):
        return _in_database(file, wanted)
    if name.endswith(".parquet"):
        return _in_parquet(file, wanted)
    if name.endswith((".csv", ".tsv", ".txt")):
        return _in_records(file, _records_of_text(file, wanted), wanted)
    if name.endswith(".xlsx"):
        return _in_records(file, _records_of_workbook(file), wanted)
    return []


def files_below(folder: Path) -> Iterator[Path]:
    """List the files of a project, without hidden folders and those of installed programs.

    Parameters
    ----------
    folder : Path
        Root of the project.

    Yields
    ------
    Path
        In alphabetical order; links to folders are not followed. A folder that cannot be read stands for its files.
    """
    try:
        inner = sorted(folder.iterdir())
    except PermissionError:
        yield folder  # which cannot be searched
        return
    for path in inner:
        if path.is_dir() and not path.is_symlink():
            if not path.name.startswith(".") and path.name not in NOT_SEARCHED:
                yield from files_below(path)
        elif path.is_file():
            yield path


def _in_database(file, wanted) -> list[Trace]:
    with duckdb.connect(str(file), read_only=True) as database:
        columns: dict[tuple[str, str], list[str]] = {}
        for schema, table, column in database.execute(
            "select schema_name, table_name, column_name from duckdb_columns() semi join duckdb_tables() "
            "using (database_name, schema_name, table_name) where database_name = current_database() "
            "order by schema_name, table_name, column_index"
        ).fetchall():
            columns.setdefault((schema, table), []).append(column)
        return [
            Trace(file, rows, f"{schema}.{table}")
            for (schema, table), names in columns.items()
            if not wanted.passes_over(table)
            and (rows := _rows(database, f"{quoted(schema)}.{quoted(table)}", names, wanted))
        ]


def _in_parquet(file, wanted) -> list[Trace]:
    with duckdb.connect() as database:
        found = database.read_parquet(str(file))
        found.create_view("rows_of_file")
        rows = _rows(database, "rows_of_file", found.columns, wanted)
    return [Trace(file, rows)] if rows else []


def _rows(database, relation: str, columns: Sequence[str], wanted: Wanted) -> int:
    """Count the rows of a relation that are about customers."""
    ids = [quoted(name) for name in columns if name.lower() in wanted.columns]
    raw = [quoted(name) for name in columns if name.lower() in RAW_COLUMNS]
    given: dict[str, Any] = {}
    found = []
    if ids:
        given["ids"] = list(wanted.customers)
        texts = [f"trim(cast({name} as varchar))" for name in ids]
        ways = "[{0}, lower({0}), regexp_replace({0}, '[.]0$', '')]"
        found += [f"list_has_any({ways.format(text)}, $ids)" for text in texts]
    if raw:
        given["words"] = _words(wanted.customers)
        has_no_id = " and ".join(f"{name} is null" for name in ids) or "true"
        found += [f"({has_no_id} and regexp_matches(cast({name} as varchar), $words))" for name in raw]
    if not found:
        return 0
    is_wanted = "true"
    if wanted.dataset and "dataset" in columns:
        is_wanted, given["dataset"] = "dataset = $dataset", wanted.dataset
    elif wanted.dataset and "segmentation" in columns:
        is_wanted, given["others"] = "not list_contains($others, segmentation)", sorted(wanted.other_segmentations)
    query = f"select count(*) from {relation} where ({' or '.join(found)}) and {is_wanted}"
    ((rows,),) = database.execute(query, given).fetchall()
    return rows


def _words(customers: Iterable[str]) -> str:
    """Return a pattern of ids that are not part of a longer word."""
    return f"(?i)(^|[^0-9A-Za-z_.@-])({'|'.join(map(re.escape, customers))})($|[^0-9A-Za-z_@-])"


def _in_records(file, records: Iterator[tuple[int, list[str]]], wanted) -> list[Trace]:
    customers = set(wanted.customers)
    texts = {customer for customer in customers if not customer.lstrip("-").isdecimal()}
    places: list[int] = []
    numbers = []
    for number, fields in records:
        if number == 1:  # of a file or a sheet
            places = [place for place, name in enumerate(fields) if name.strip().lower() in wanted.columns]
        if places and len(fields) > max(places):
            is_found = any(plain_id(fields[place]) in customers for place in places)
        else:
            is_found = any(plain_id(field) in texts for field in fields)
        if is_found:
            numbers.append(number)
    return [Trace(file, len(numbers), "", tuple(numbers[:MOST_NUMBERED]))] if numbers else []


def _records_of_text(file, wanted) -> Iterator[tuple[int, list[str]]]:
    """Read the header and the lines that name a customer; a record over several lines is read as several."""
    words = re.compile(_words(wanted.customers))
    separator = ""
    opening = gzip.open if file.suffix.lower() == ".gz" else open
    with opening(file, "rt", encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            plain = line.replace("\0", "").rstrip("\r\n")  # texts of two bytes per letter
            separator = separator or max(SEPARATORS, key=plain.count)
            if number == 1 or words.search(plain):
                yield number, next(csv.reader([plain], delimiter=separator), [])


def _records_of_workbook(file) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    workbook = load_workbook(file, read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, ["" if cell is None else str(cell) for cell in cells]
    finally:
        workbook.close()
