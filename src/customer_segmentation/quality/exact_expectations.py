"""Answer expectations in SQL over every row of a table that is too large to be handed to Great Expectations.

The answers are those that Great Expectations gives on a pandas frame of the same rows, in its terms: a number that is
not one (NaN) counts as missing, missing values are neither in nor out of bounds, and all rows that share a key are
unexpected. Memory stays bounded: counts need one pass, keys are grouped and medians sorted by the database, on disk if
need be.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ROW_COUNT = "expect_table_row_count_to_be_between"
MEDIAN = "expect_column_median_to_be_between"
NOT_NULL = "expect_column_values_to_not_be_null"
NULL = "expect_column_values_to_be_null"
UNIQUE = "expect_column_values_to_be_unique"
COMPOUND_UNIQUE = "expect_compound_columns_to_be_unique"
BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
NOT_IN_SET = "expect_column_values_to_not_be_in_set"

BOUNDS = {"min_value", "max_value", "strict_min", "strict_max"}
ARGUMENTS = {
    ROW_COUNT: BOUNDS,
    MEDIAN: BOUNDS | {"column"},
    NOT_NULL: {"column", "mostly"},
    NULL: {"column", "mostly"},
    UNIQUE: {"column", "mostly"},
    COMPOUND_UNIQUE: {"column_list", "mostly"},
    BETWEEN: BOUNDS | {"column", "mostly"},
    IN_SET: {"column", "value_set", "mostly"},
    NOT_IN_SET: {"column", "value_set", "mostly"},
}

FRACTIONS = ("FLOAT", "DOUBLE")

# Values are compared only with values of their own family; whether "7" is 7 is for Great Expectations to say.
FAMILIES = {
    "number": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", *FRACTIONS),
    "text": ("VARCHAR",),
    "boolean": ("BOOLEAN",),
    "time": ("DATE", "TIMESTAMP"),
}


@dataclass(frozen=True)
class _Condition:
    """Rows that an expectation considers and those of them that it does not expect, as SQL.

    A key instead of the second is expected to occur once.
    """

    columns: tuple[str, ...]
    considered: str
    unexpected: str = "false"
    key: tuple[str, ...] = ()


def exact_results(
    query: Callable[[str], list[tuple]],
    types: Mapping[str, str],
    expectations: Sequence[tuple[str, Mapping[str, Any]]],
    examples: int,
) -> list[dict[str, Any] | None]:
    """Answer those expectations that SQL can answer.

    Parameters
    ----------
    query : callable
        Runs a query on the table, which it knows as `source`, and returns the rows.
    types : mapping of str to str
        SQL type of each column of the table.
    expectations : sequence of tuple
        Type and arguments of each expectation, as Great Expectations names them.
    examples : int
        Unexpected values to return per expectation.

    Returns
    -------
    list of dict or None
        For each expectation what Great Expectations calls its result, with `success`; None where the type of the
        expectation, one of its arguments or the type of its column is not known here.
    """
    known = [_is_known(kind, arguments, types) for kind, arguments in expectations]
    conditions = [
        _condition(kind, arguments, types) if is_known and kind != ROW_COUNT else None
        for (kind, arguments), is_known in zip(expectations, known, strict=True)
    ]
    total, *counts = query(f"select {', '.join(['count(*)', *_counts(conditions)])} from source")[0]
    results: list[dict[str, Any] | None] = []
    for (kind, arguments), is_known, condition in zip(expectations, known, conditions, strict=True):
        if not is_known:
            results.append(None)
        elif condition is None:
            results.append(_bounded(total, arguments))
        else:
            considered, unexpected = counts[:2]
            del counts[:2]
            if kind == MEDIAN:
                results.append(_bounded(_median(query, condition, considered), arguments))
            else:
                results.append(_judged(query, condition, arguments, total, considered, unexpected, examples))
    return results


def _is_known(kind: str, arguments: Mapping[str, Any], types: Mapping[str, str]) -> bool:
    if kind not in ARGUMENTS or not set(arguments) <= ARGUMENTS[kind]:
        return False
    columns = arguments.get("column_list", [arguments["column"]] if "column" in arguments else [])
    if not isinstance(columns, list) or not all(column in types for column in columns):
        return False
    family = _family(types[columns[0]]) if columns else "number"
    if kind in (ROW_COUNT, MEDIAN, BETWEEN):
        bounds = [arguments[name] for name in ("min_value", "max_value") if arguments.get(name) is not None]
        in_order = len(bounds) < 2 or (_of_family(bounds, family) and bounds[0] <= bounds[1])
        of_kind = family == "number" if kind == MEDIAN else family in ("number", "time")
        return bool(bounds) and of_kind and in_order and _of_family(bounds, family)
    if kind in (IN_SET, NOT_IN_SET):
        values = arguments.get("value_set")
        return isinstance(values, list) and family != "time" and _of_family(values, family)
    return True


def _family(sql_type: str) -> str | None:
    if sql_type.startswith("DECIMAL"):
        return "number"
    return next((family for family, types in FAMILIES.items() if sql_type in types), None)


def _of_family(values: Sequence[Any], family: str | None) -> bool:
    """Tell whether there are values and all belong to the family of the column."""
    kinds: dict[str, type | tuple[type, ...]] = {"number": (int, float), "text": str, "boolean": bool, "time": datetime}
    return bool(values) and all(
        family in kinds
        and isinstance(value, kinds[family])
        and (family != "number" or (not isinstance(value, bool) and math.isfinite(value)))
        and (family != "time" or value.tzinfo is None)
        for value in values
    )


def _condition(kind: str, arguments: Mapping[str, Any], types: Mapping[str, str]) -> _Condition:
    columns = tuple(arguments.get("column_list") or [arguments["column"]])
    values = tuple(_value(column, types[column]) for column in columns)
    is_there = " or ".join(f"{value} is not null" for value in values)
    (value, *_) = values
    if kind == NOT_NULL:
        return _Condition(columns, "true", f"{value} is null")
    if kind == NULL:
        return _Condition(columns, "true", is_there)
    if kind in (UNIQUE, COMPOUND_UNIQUE):
        return _Condition(columns, is_there, key=values)
    if kind == BETWEEN:
        below, above = ("<=" if arguments.get(strict) else "<" for strict in ("strict_min", "strict_max"))
        above = {"<": ">", "<=": ">="}[above]
        outside = [
            f"{value} {operator} {_literal(arguments[name])}"
            for name, operator in (("min_value", below), ("max_value", above))
            if arguments.get(name) is not None
        ]
        return _Condition(columns, is_there, " or ".join(outside))
    if kind in (IN_SET, NOT_IN_SET):
        operator = "not in" if kind == IN_SET else "in"
        listed = ", ".join(_literal(one) for one in arguments["value_set"])
        return _Condition(columns, is_there, f"{value} {operator} ({listed})")
    return _Condition(columns, is_there)


def _value(column: str, sql_type: str) -> str:
    name = _quoted(column)
    return f"case when isnan({name}) then null else {name} end" if sql_type in FRACTIONS else name


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"cast({value!r} as double)"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return f"cast('{value.isoformat(sep=' ')}' as timestamp)"
    return "'" + value.replace("'", "''") + "'"


def _counts(conditions: Sequence[_Condition | None]) -> list[str]:
    """Write the counts of all conditions, so that one pass over the table serves them."""
    return [
        f"count(*) filter (where {filtered})"
        for condition in conditions
        if condition
        for filtered in (condition.considered, f"({condition.considered}) and ({condition.unexpected})")
    ]


def _judged(query, condition, arguments, total, considered, unexpected, examples) -> dict[str, Any]:
    names = ", ".join(_quoted(column) for column in condition.columns)
    if condition.key:
        repeated = (
            f"select {', '.join(f'{value} as k{number}' for number, value in enumerate(condition.key))}, "
            f"count(*) as occurrences from source where {condition.considered} group by all having count(*) > 1"
        )
        unexpected = query(f"select cast(coalesce(sum(occurrences), 0) as bigint) from ({repeated})")[0][0]
        found = f"select * exclude (occurrences) from ({repeated}) order by all limit {examples}"
    else:
        found = (
            f"select {names} from source where ({condition.considered}) and ({condition.unexpected}) "
            f"order by all limit {examples}"
        )
    shown = query(found) if unexpected else []
    return {
        "success": considered == 0 or (considered - unexpected) / considered >= arguments.get("mostly", 1),
        "element_count": total,
        "unexpected_count": unexpected,
        "partial_unexpected_list": [
            row[0] if len(row) == 1 else dict(zip(condition.columns, row, strict=True)) for row in shown
        ],
    }


def _median(query, condition, count) -> float | None:
    """Find the middle by sorting: unlike the function of that name, which holds all values, a sort goes to the disk."""
    if not count:
        return None
    name = _quoted(condition.columns[0])
    rows = query(
        f"select cast({name} as double) from source where {condition.considered} order by 1 "
        f"limit {2 - count % 2} offset {(count - 1) // 2}"
    )
    return sum(value for (value,) in rows) / len(rows)


def _bounded(value: float | None, arguments: Mapping[str, Any]) -> dict[str, Any]:
    low, high = arguments.get("min_value"), arguments.get("max_value")
    success = (
        value is not None
        and (low is None or value > low or (value == low and not arguments.get("strict_min")))
        and (high is None or value < high or (value == high and not arguments.get("strict_max")))
    )
    return {"success": success, "observed_value": value}
