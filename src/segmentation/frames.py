"""Frames that leave a Python model get declared column types; pandas alone cannot carry them into the warehouse."""

from typing import Any

import pandas as pd


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
