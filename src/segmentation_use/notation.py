"""Numbers as people write them: what a comma means is decided by all values of a column, as in the inputs.

The patterns are those of the macro `with_notations`, the replacements those of `number_text`.
"""

from collections.abc import Mapping, Sequence

import duckdb

from segmentation_report.published_file import quoted
from segmentation_use.published import NotPossibleError, rows

COMMA_PATTERNS = {
    "decimal": "^[-+]?([0-9]*,([0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}([.][0-9]{3})+,[0-9]+)$",
    "thousands": "^[-+]?[0-9]{1,3}(,[0-9]{3}){2,}([.][0-9]+)?$|^[-+]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+$",
    "open": "^[-+]?[0-9]{1,3},[0-9]{3}$",
    "point": "^[-+]?[0-9]*[.][0-9]+$",
}
POINTS_BETWEEN_THOUSANDS = "^[-+]?[0-9]{1,3}([.][0-9]{3})+$"


def number_texts(
    database: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Mapping[str, str],
    parameters: Sequence = (),
    *,
    is_spreadsheet: bool = False,
) -> dict[str, str]:
    """Return SQL that writes the numbers of each column with a decimal point and nothing between thousands.

    What is no number stays as it is, for whoever reads it to say so.

    Parameters
    ----------
    database : DuckDBPyConnection
        Where the relation is.
    relation : str
        A table or a query in brackets.
    columns : mapping of str to str
        What to call each column in a message, by its name.
    parameters : sequence
        Values of the parameters of the relation.
    is_spreadsheet : bool
        Whether the values come from a spreadsheet, which shows its numbers with a point whatever its texts do.

    Returns
    -------
    dict of str to str
        SQL expressions by column.

    Raises
    ------
    NotPossibleError
        If a column leaves open what its comma means.
    """
    if not columns:
        return {}
    text = {column: f"nullif(trim(cast({quoted(column)} as varchar)), '')" for column in columns}
    examples = rows(
        database,
        "select "
        + ", ".join(
            f"max(case when regexp_matches({text[column]}, '{pattern}') then {text[column]} end) as "
            + quoted(f"{name} {column}")
            for column in columns
            for name, pattern in COMMA_PATTERNS.items()
        )
        + f" from {relation}",
        parameters,
    )[0]
    return {
        column: _number_text(
            text[column], {name: examples[f"{name} {column}"] for name in COMMA_PATTERNS}, called, is_spreadsheet
        )
        for column, called in columns.items()
    }


def _number_text(text, seen, called, is_spreadsheet) -> str:
    # a point shows that commas, if any, stand between thousands; spreadsheets show numbers with a point anyway
    thousands = seen["thousands"] or (seen["open"] and seen["point"] and not is_spreadsheet)
    if (seen["decimal"] and thousands) or (seen["open"] and not seen["decimal"] and not thousands):
        raise NotPossibleError(
            f"{called}: found '{seen['open'] or seen['thousands']}', which leaves open whether the comma stands before "
            "decimals or between thousands. Write numbers with a decimal point and without separators between "
            "thousands."
        )
    if seen["decimal"]:
        with_point = f"replace(replace({text}, '.', ''), ',', '.')"
        points = (
            "" if is_spreadsheet else f" when regexp_matches({text}, '{POINTS_BETWEEN_THOUSANDS}') "
            f"then replace({text}, '.', '')"
        )  # fmt: skip
        return f"case when {text} like '%,%' then {with_point}{points} else {text} end"
    return f"replace({text}, ',', '')" if thousands else text
