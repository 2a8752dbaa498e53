"""Parts of a query that Spark has to compute on their own.

Spark puts the common table expressions of a query into each other before it plans. One that is read several times is
then computed as often, and a column that is read several times, at several levels, grows beyond what can be planned.
"""

import sqlglot
from sqlglot import exp

# Expressions that a part may come to when all it reads is put into it: queries that Spark plans in seconds stay below.
# The nearest of six centres and its runner-up reach millions.
MOST_EXPRESSIONS = 20_000


def shared_parts(query: str, prefix: str) -> tuple[dict[str, str], str]:
    """Take out of a query of Spark the common table expressions that are better computed on their own.

    Parameters
    ----------
    query : str
        A SELECT of Spark.
    prefix : str
        How the names of the parts begin, so that no other relation has them.

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
    sizes: dict[str, dict[str, int]] = {}  # expressions that each column of a part comes to
    for part in list(clause.expressions) if clause else []:
        readers = [table for table in tree.find_all(exp.Table) if table.name == part.alias]
        sizes[part.alias] = _sizes(part.this, sizes)
        if len(readers) < 2 and sum(sizes[part.alias].values()) < MOST_EXPRESSIONS:
            kept.append(part)
            continue
        name = f"{prefix}__{part.alias}"
        selected = part.this.copy()
        if kept:
            selected.set("with_", exp.With(expressions=[one.copy() for one in kept]))
        parts[name] = selected.sql(dialect="spark")
        sizes[part.alias] = dict.fromkeys(sizes[part.alias], 1)
        sizes[name] = sizes[part.alias]
        for table in readers:
            table.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(part.alias)))
            table.set("this", exp.to_identifier(name, quoted=True))
        part.pop()
    if clause and not clause.expressions:
        tree.set("with_", None)
    return parts, tree.sql(dialect="spark")


def _sizes(query: exp.Expr, known: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return how many expressions each column of a query comes to when what it reads is put into it."""
    if isinstance(query, exp.SetOperation):
        arms = [_sizes(arm, known) for arm in (query.this, query.expression)]
        return {name: size + list(arms[1].values())[place] for place, (name, size) in enumerate(arms[0].items())}
    selected = query.unnest()
    assert isinstance(selected, exp.Select)  # a part of a query is a SELECT or puts several together
    read: dict[str, int] = {}
    for table in selected.find_all(exp.Table):
        read |= known.get(table.name, {})
    found: dict[str, int] = {}
    for column in selected.selects:
        if column.is_star:
            found |= read
        else:
            found[column.alias_or_name] = sum(
                read.get(node.name, 1) if isinstance(node, exp.Column) else 1 for node in column.walk()
            )
    return found
