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


def stored_frame(session: Any, relation: Any) -> pd.DataFrame:
    """Return the rows that a table has before a build replaces it.

    Parameters
    ----------
    session : DuckDBPyConnection
        Connection that dbt hands to a Python model.
    relation : object
        `dbt.this` of the model: `database`, `schema` and `identifier` of the table; as text, its quoted name.

    Returns
    -------
    DataFrame
        Without columns if there is no such table.
    """
    tables = session.execute(
        "select 1 from information_schema.tables where table_catalog = ? and table_schema = ? and table_name = ?",
        [relation.database, relation.schema, relation.identifier],
    )
    return session.sql(f"select * from {relation}").df() if tables.fetchall() else pd.DataFrame()


def limited_frame(relation: Any, rows: int) -> pd.DataFrame:
    """Return a relation as a sorted frame: all of its rows, or of a larger one a share that chance does not choose.

    Parameters
    ----------
    relation : DuckDBPyRelation
        Table to read. Its first two columns tell rows apart.
    rows : int
        Number of rows to aim at, at least 1. A larger table is thinned by a hash of its first two columns, so that the
        same rows come back whatever their order in the table.

    Returns
    -------
    DataFrame
    """
    count = relation.aggregate("count(*)").fetchall()[0][0]
    step = -(-count // rows)
    if step > 1:
        relation = relation.filter(f"hash({', '.join(relation.columns[:2])}) % {step} = 0")
    return relation.order("all").df()
