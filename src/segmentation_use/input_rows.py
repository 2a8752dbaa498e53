"""The rows of a file of customers in a temporary table: texts as they came, types only where the file has them."""

import glob
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from segmentation_report.published_file import quoted
from segmentation_report.words import capitalised
from segmentation_tools.input_files import inspect_input
from segmentation_use.published import NotPossibleError, rows

NUMBER_TYPES = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
    "FLOAT", "DOUBLE", "DECIMAL",
)  # fmt: skip
MOST_CHARACTERS = 80  # of a broken line that are shown


@dataclass(frozen=True)
class InputRows:
    """A file or several, read into the temporary table `input_rows` with columns `row_number`, `column_1` and so on.

    Attributes
    ----------
    location : str
        What the user named.
    files : list of str
        The files that this stands for.
    columns : list of str
        Names of the columns in the file; the first is `column_1` of the table.
    is_text : list of bool
        Whether the column is read as text, whose numbers have a notation, because the file does not keep it as numbers.
    is_spreadsheet : bool
        Whether the rows come from a spreadsheet.
    count : int
        Number of rows.
    """

    location: str
    files: list[str]
    columns: list[str]
    is_text: list[bool]
    is_spreadsheet: bool
    count: int


def read_input_rows(database: duckdb.DuckDBPyConnection, location: str) -> InputRows:
    """Read a file of customers.

    Parameters
    ----------
    database : DuckDBPyConnection
        Where the temporary table is made.
    location : str
        A file or a glob, in any of the formats that the inputs take.

    Returns
    -------
    InputRows

    Raises
    ------
    NotPossibleError
        If the file cannot be read, or a line does not have one value per column.
    """
    inspected = json.loads(inspect_input(location))
    if "problem" in inspected:
        raise NotPossibleError(_sentence(inspected["problem"]))
    files = inspected["files"]
    columns = files[0]["columns"]
    database.execute("drop table if exists input_rows")
    if files[0]["format"] == "xlsx":
        _read_spreadsheet(database, files[0])
    else:
        read = " union all ".join(_reader(file, columns) for file in files)
        parameters = [value for file in files for value in _parameters(file)]
        try:
            database.execute(
                f"create temp table input_rows as select row_number() over () as row_number, * from ({read})",
                parameters,
            )
        except duckdb.Error as error:
            raise NotPossibleError(
                f"{location} is damaged: {str(error).splitlines()[0]}. Fetch or export it again."
            ) from None
        _stop_on_broken_lines(database, files)
    types = rows(
        database, "select data_type from duckdb_columns() where table_name = 'input_rows' order by column_index"
    )
    count = rows(database, "select count(*) as found from input_rows")[0]["found"]
    if not count:
        raise NotPossibleError(f"{location} has no rows. Expected at least one customer.")
    return InputRows(
        location,
        [file["path"] for file in files],
        columns,
        [not row["data_type"].startswith(NUMBER_TYPES) for row in types[1:]],
        files[0]["format"] == "xlsx",
        count,
    )


def _reader(file: Mapping[str, Any], columns: list[str]) -> str:
    selected = ", ".join(f"{quoted(name)} as column_{number}" for number, name in enumerate(columns, start=1))
    if file["format"] == "parquet":
        return f"select {selected} from read_parquet(?)"
    return (
        f"select {selected} from read_csv(?, columns = ?, delim = ?, encoding = ?, compression = ?, strict_mode = ?, "
        """auto_detect = false, header = true, quote = '"', escape = '"', store_rejects = true)"""
    )


def _parameters(file: Mapping[str, Any]) -> list:
    # a name may hold brackets, which DuckDB would take for a pattern
    path = glob.escape(file["path"])
    if file["format"] == "parquet":
        return [path]
    columns = dict.fromkeys(file["columns"], "varchar")
    return [path, columns, file["separator"], file["encoding"], file["compression"], not file["has_mixed_line_ends"]]


def _stop_on_broken_lines(database, files) -> None:
    if files[0]["format"] != "csv":
        return
    broken = rows(
        database,
        """
        select
            file_path, line, first(error_type) as error_type, first(error_message) as error_message,
            first(csv_line) as content, min(column_idx) as fewest_values, max(column_idx) as most_values,
            count(*) over () as lines
        from reject_errors inner join reject_scans using (scan_id, file_id)
        group by file_path, line -- one error for each value that lacks or is too many
        order by file_path, line
        limit 1
        """,
    )
    for found in broken:
        others = f"; {_more_lines(found['lines'] - 1)} like that" if found["lines"] > 1 else ""
        raise NotPossibleError(
            f"{found['file_path']}, line {found['line']} {_what_is_broken(found, files[0]['columns'])} "
            f"({_beginning(found['content'].strip())}){others}. Give every line as many values as there are "
            "columns, and put texts that hold the separator between double quotes."
        )


def _what_is_broken(found, columns) -> str:
    values = {"MISSING COLUMNS": found["fewest_values"], "TOO MANY COLUMNS": found["most_values"]}
    if found["error_type"] not in values:
        return f"cannot be read: {found['error_message'].rstrip('.')}"
    number = values[found["error_type"]]
    return f"has {number:,} value{'s' if number > 1 else ''}, expected {len(columns):,}"


def _beginning(line) -> str:
    return line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]} ..."


def _more_lines(number) -> str:
    return "1 more line is" if number == 1 else f"{number:,} more lines are"


def _read_spreadsheet(database, file) -> None:
    import openpyxl
    import pandas as pd

    workbook = openpyxl.load_workbook(file["path"], read_only=True, data_only=True)
    cells = workbook.worksheets[0].iter_rows(min_row=2, max_col=len(file["columns"]), values_only=True)
    texts = [[None if cell is None else str(cell) for cell in row] for row in cells if any(map(_is_filled, row))]
    workbook.close()
    names = [f"column_{number}" for number in range(1, len(file["columns"]) + 1)]
    frame = pd.DataFrame(texts, columns=names, dtype=object)
    database.register("spreadsheet_rows", frame)
    selected = ", ".join(f"cast({name} as varchar) as {name}" for name in names)
    database.execute(
        f"create temp table input_rows as select row_number() over () as row_number, {selected} from spreadsheet_rows"
    )
    database.unregister("spreadsheet_rows")


def _is_filled(cell) -> bool:
    return cell is not None and str(cell).strip() != ""


def _sentence(text: str) -> str:
    """Begin a sentence with a capital, unless it begins with the name of a file."""
    return capitalised(text) if text.startswith(("the file", "no file")) else text
