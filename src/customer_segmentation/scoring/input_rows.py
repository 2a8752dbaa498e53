"""The rows of a file of customers in a temporary table: texts as they came, types only where the file has them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import capitalised, number
from customer_segmentation.inputs.files import inspect_input
from customer_segmentation.language import _
from customer_segmentation.publication.database import quoted, rows
from customer_segmentation.temporary_files import temporary_folder

NUMBER_TYPE = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL(\(.*\))?)")
NESTED_TYPE = re.compile(r"(STRUCT|MAP|UNION|BLOB|VARIANT).*|.*\]")


@dataclass(frozen=True)
class InputRows:
    """A file or several, read into the temporary table `input_rows`.

    Its columns are `row_number`, `column_1` and so on, and `broken_line`, which says of a line that is no record what
    is wrong with it.

    Attributes
    ----------
    location : str
        What the user named.
    files : list of str
        The files that this stands for.
    columns : list of str
        Names of the columns in the file; the first is `column_1` of the table.
    types : list of str
        Their types in DuckDB; VARCHAR unless the file keeps another.
    is_spreadsheet : bool
        Whether the rows come from a spreadsheet.
    count : int
        Number of rows.
    """

    location: str
    files: list[str]
    columns: list[str]
    types: list[str]
    is_spreadsheet: bool
    count: int

    def has_numbers(self, column: str) -> bool:
        """Tell whether the file keeps a column as numbers, which have no notation.

        Parameters
        ----------
        column : str
            Name of the column in the file.

        Returns
        -------
        bool

        Raises
        ------
        NotPossibleError
            If the column holds no single values.
        """
        kept = self.types[self.columns.index(column)]
        if NESTED_TYPE.fullmatch(kept):
            raise NotPossibleError(
                _(
                    "{location}, column {column}: found the type {kind}, expected one number in each row. Write a file "
                    "in which {column} is a plain column.",
                    location=self.location, column=column, kind=kept,
                )
            )  # fmt: skip
        return bool(NUMBER_TYPE.fullmatch(kept))


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
        If the file cannot be read.
    """
    with temporary_folder() as folder:
        inspected = json.loads(inspect_input(location, folder))
        if "problem" in inspected:
            raise NotPossibleError(_sentence(inspected["problem"]))
        files = inspected["files"]
        columns = files[0]["columns"]
        database.execute("drop table if exists input_rows")
        try:
            database.execute(
                "create temp table input_rows as select row_number() over () as row_number, * from ("
                + " union all ".join(_selected(file, columns) for file in files)
                + ")"
            )
        except duckdb.Error as error:
            raise NotPossibleError(
                _(
                    "{path} is damaged: {error}. Fetch or export it again.",
                    path=location, error=str(error).splitlines()[0],
                )
            ) from None  # fmt: skip
    types = rows(
        database, "select data_type from duckdb_columns() where table_name = 'input_rows' order by column_index"
    )
    count = rows(database, "select count(*) as found from input_rows")[0]["found"]
    records = sum(file["record_count"] for file in files)
    if count != records:
        raise NotPossibleError(
            _(
                "{location} has {records} records, and {count} were read. Save it as .xlsx or .parquet.",
                location=location, records=number(records), count=number(count),
            )
        )  # fmt: skip
    if not count:
        raise NotPossibleError(_("{location} has no rows. Expected at least one customer.", location=location))
    return InputRows(
        location,
        [file["path"] for file in files],
        columns,
        [row["data_type"] for row in types[1 : len(columns) + 1]],
        files[0]["format"] == "xlsx",
        count,
    )


def _selected(file: Mapping[str, Any], columns: list[str]) -> str:
    selected = ", ".join(f"{quoted(name)} as column_{number}" for number, name in enumerate(columns, start=1))
    broken = "input_problem" if file["has_broken_lines"] else "cast(null as varchar)"
    return f"select {selected}, {broken} as broken_line from {file['reader']}"


def _sentence(text: str) -> str:
    """Begin a sentence with a capital, unless it begins with the name of a file."""
    return capitalised(text) if text.startswith(("the file", "no file")) else text
