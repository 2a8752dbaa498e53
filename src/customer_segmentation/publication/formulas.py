"""Texts that a spreadsheet would run: a CSV is opened with a double click, and a cell that begins with = is a formula.

After the advice of OWASP on CSV injection: an apostrophe before such a text makes the spreadsheet show it. Numbers with
a sign stay as they are.
"""

import re
from collections.abc import Sequence

import duckdb

from customer_segmentation.publication.database import quoted

# Blanks in front hide nothing: some programs drop them. The last four are the wide signs of East Asian keyboards.
FORMULA = r"^(\s*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|[\t\r])"
PLAIN_NUMBER = r"^\s*[+-]?([0-9]+([.,][0-9]+)*|[.,][0-9]+)([eE][+-]?[0-9]+)?\s*%?\s*$"
TEXTS = ("VARCHAR", "ENUM", "JSON")


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet would take a text for a formula.

    Examples
    --------
    >>> [is_formula(text) for text in ("=1+1", " @SUM(A1)", "-2+3", "-12.5", "+4,2 %", "a=b")]
    [True, True, True, False, False, False]
    """
    pattern = re.sub(r"\\x\{([0-9A-F]{4})\}", r"\\u\1", FORMULA)
    return bool(re.search(pattern, text)) and not re.search(PLAIN_NUMBER, text)


def safe_query(database: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence = ()) -> tuple[str, list[str]]:
    """Return a query whose texts, and names of columns, no spreadsheet runs.

    Parameters
    ----------
    database : DuckDBPyConnection
        Where the query runs.
    sql : str
        One query, with `?` for each parameter.
    parameters : sequence
        Values of the parameters.

    Returns
    -------
    str
        A query with the same rows, in the same order.
    list of str
        For each column of texts, the condition that a value begins like a formula.
    """
    columns = database.execute(f"describe {sql}", list(parameters)).fetchall()
    conditions, selected = [], []
    for name, kind, *_ in columns:
        safe_name = f"'{name}" if is_formula(name) else name
        value = quoted(name)
        if kind.startswith(TEXTS):
            text = f"cast({value} as varchar)"
            condition = f"regexp_matches({text}, '{FORMULA}') and not regexp_matches({text}, '{PLAIN_NUMBER}')"
            conditions.append(condition)
            value = f"case when {condition} then chr(39) || {text} else {text} end"
        selected.append(f"{value} as {quoted(safe_name)}")
    return f"select {', '.join(selected)} from ({sql}) as unsafe_rows", conditions


def formulas(database: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence = ()) -> int:
    """Count the values of a query that begin like a formula.

    Parameters
    ----------
    database, sql, parameters
        As for `safe_query`.

    Returns
    -------
    int
    """
    _, conditions = safe_query(database, sql, parameters)
    if not conditions:
        return 0
    found = " + ".join(f"count(*) filter ({condition})" for condition in conditions)
    ((number,),) = database.execute(f"select {found} from ({sql}) as unsafe_rows", list(parameters)).fetchall()
    return number
