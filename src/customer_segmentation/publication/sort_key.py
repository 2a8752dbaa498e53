"""Sort large tables by short keys, in the order of the long ones.

DuckDB sorts by the first bytes of a key at once and compares keys that begin alike in pairs: fast for a few, slow for
thirty million. The name of a segmentation fills those bytes, and customer numbers begin alike. So a column with few
values is sorted by their places, and of a text is left out what all of them begin with; if digits follow, as many in
each, they are sorted as a number. The order stays the same.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

FEW_VALUES = 50  # so many names are looked up in no time, and there are seldom more segmentations or datasets
DIGITS = re.compile("[0-9]{1,18}")  # of a number that fits into eight bytes


def short_sort_key(relation: Any, columns: Sequence[str]) -> str:
    """Write the expressions to sort by, instead of columns.

    Parameters
    ----------
    relation : DuckDBPyRelation
        Table to sort.
    columns : sequence of str
        Columns that it is to be sorted by.

    Returns
    -------
    str
        Expressions for `order by`; missing values come last.
    """
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    texts = [column for column in columns if types[column] == "VARCHAR"]
    expressions = {column: f'"{column}"' for column in columns}
    if texts:
        measures = [f'{measure}("{column}")' for column in texts for measure in ("approx_count_distinct", "min", "max")]
        found = iter(relation.aggregate(", ".join(measures)).fetchall()[0])
        for column, (values, low, high) in zip(texts, zip(found, found, found, strict=True), strict=True):
            expressions[column] = _short_key(relation, column, values, low, high)
    return ", ".join(expressions.values())


def _short_key(relation: Any, column: str, values: int, low: str | None, high: str | None) -> str:
    if low is None or high is None:
        return f'"{column}"'
    if values <= FEW_VALUES:
        known = relation.filter(f'"{column}" is not null').project(f'"{column}"').distinct().order("1").fetchall()
        listed = ", ".join("'" + value.replace("'", "''") + "'" for (value,) in known)
        return f'cast(list_position([{listed}], "{column}") as utinyint)'
    # whatever lies between two texts begins with what both begin with
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(low, high, strict=False)))
    key = f'substring("{column}", {alike + 1})'
    if len(low) == len(high) and DIGITS.fullmatch(low, alike) and DIGITS.fullmatch(high, alike):
        others = relation.filter(f"not regexp_full_match({key}, '[0-9]{{{len(low) - alike}}}')")
        if not others.limit(1).fetchall():
            return f"cast({key} as bigint)"
    return key
