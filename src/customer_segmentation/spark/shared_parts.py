"""Parts of a query that are read several times: Spark would plan and compute each of them as often as it is read."""

import sqlglot
from sqlglot import exp


def shared_parts(query: str, prefix: str) -> tuple[dict[str, str], str]:
    """Take the common table expressions that are read more than once out of a query of Spark.

    Parameters
    ----------
    query : str
        A SELECT of Spark.
    prefix : str
        How the names of the parts begin, so that they are nobody else's.

    Returns
    -------
    dict of str to str
        SELECT by name, in the order in which they need each other.
    str
        The query, which reads them by these names.
    """
    tree = sqlglot.parse_one(query, read="spark")
    clause = tree.args.get("with_")
    parts: dict[str, str] = {}
    kept: list[exp.CTE] = []
    for part in list(clause.expressions) if clause else []:
        readers = [table for table in tree.find_all(exp.Table) if not table.db and table.name == part.alias]
        if len(readers) < 2:
            kept.append(part)
            continue
        name = f"{prefix}__{part.alias}"
        selected = part.this.copy()
        if kept:
            selected.set("with_", exp.With(expressions=[one.copy() for one in kept]))
        parts[name] = selected.sql(dialect="spark")
        for table in readers:
            alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(part.alias))
            table.replace(exp.Table(this=exp.to_identifier(name, quoted=True), alias=alias))
        part.pop()
    if clause and not clause.expressions:
        tree.set("with_", None)
    return parts, tree.sql(dialect="spark")
