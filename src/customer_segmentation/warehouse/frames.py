"""Frames that leave a Python model get declared column types; pandas alone cannot carry them into the warehouse."""

from typing import Any

import pandas as pd

LARGEST_HASH = 2**64 - 1  # of the function hash() in the database


def typed_relation(session: Any, frame: pd.DataFrame, schema: dict[str, str]) -> Any:
    """Return the frame as a relation with exactly the declared columns and types.

    Parameters
    ----------
    session : DuckDBPyConnection
        Connection that dbt hands to a Python model.
    frame : DataFrame
        Rows to return; may be empty.
    schema : dict of str to str
        Column names in order, each with its SQL type.

    Returns
    -------
    DuckDBPyRelation

    Raises
    ------
    ValueError
        If the columns of the frame are not those of the schema.
    """
    if set(frame.columns) != set(schema):
        raise ValueError(f"columns {sorted(frame.columns)} differ from the declared {sorted(schema)}")
    casts = ", ".join(f"cast({column} as {sql_type}) as {column}" for column, sql_type in schema.items())
    return session.from_df(frame[list(schema)]).project(casts)


def limited_frame(relation: Any, rows: int) -> pd.DataFrame:
    """Return a relation as a sorted frame: all of its rows, or of a larger one a sample that chance does not choose.

    Parameters
    ----------
    relation : DuckDBPyRelation
        Table to read.
    rows : int
        Largest number of rows to return, at least 1. Of a larger table those with the smallest hashes of their content
        are returned, so that the same rows come back whatever their order in the table.

    Returns
    -------
    DataFrame
    """
    count = _count(relation)
    if count > rows:
        whole_row = f"hash({', '.join(_quoted(column) for column in relation.columns)})"
        # Half as many again as wanted are sorted, and not all; unless rows repeat so often that too few are found.
        candidates = relation.filter(f"{whole_row} <= {int(min(1.5 * rows / count, 1) * LARGEST_HASH)}")
        found = candidates if _count(candidates) >= rows else relation
        relation = found.order(whole_row).limit(rows)
    return relation.order("all").df()


def _count(relation: Any) -> int:
    return relation.aggregate("count(*)").fetchall()[0][0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
