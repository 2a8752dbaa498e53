"""Customers of several kinds, drawn by the database, and the judge who compares what contenders make of them.

Every value depends on the number of its customer alone, so the same table comes out on every machine with the same
version of DuckDB, on any number of threads; nothing passes through Python.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

TABLE = "customers"
FEATURES = tuple(f"value_{position}" for position in range(1, 6))

# Six groups of different sizes that overlap: share, centre, standard deviation.
GROUPS = (
    (0.30, (20, 35, 15, 40, 30), 7.0),
    (0.22, (45, 30, 25, 20, 35), 8.0),
    (0.18, (30, 60, 40, 30, 15), 6.0),
    (0.14, (60, 55, 20, 45, 50), 9.0),
    (0.10, (25, 20, 55, 55, 45), 6.5),
    (0.06, (70, 25, 50, 25, 20), 5.0),
)
TAIL_SHARE = 0.01
# Three large groups and one of a thousandth, two dozen of its standard deviations away from them.
UNBALANCED = (
    (0.500, (30, 30, 30, 30, 30), 6.0),
    (0.300, (55, 35, 30, 45, 30), 7.0),
    (0.199, (35, 60, 50, 30, 45), 6.0),
    (0.001, (90, 90, 90, 90, 90), 2.5),
)
# Ten of a million are far from five groups that overlap. Ten thousand sampled rows have none of them nine times out of
# ten; their distance, over a hundred standard deviations of the rest, decides what it costs to have no centre for them.
FAR_ONE_IN = 100_000
FAR_CENTRE = 1800
FAR_DEVIATION = 100.0


def _by_group(groups, values) -> str:
    """Return SQL that picks a value of the group that the first uniform number falls into."""
    upper = 0.0
    cases = []
    for (share, *_), value in zip(groups[:-1], values, strict=False):
        upper += share
        cases.append(f"when u1 < {upper:.6f} then {value}")
    return f"case {' '.join(cases)} else {values[-1]} end"


def _mixture(groups) -> list[str]:
    deviation = _by_group(groups, [group[2] for group in groups])
    return [
        f"{_by_group(groups, [group[1][axis] for group in groups])} + {deviation} * z{axis + 1}" for axis in range(5)
    ]


def _with_tail(expressions) -> list[str]:
    """Give a few customers values with the tails of Student's t with three degrees of freedom."""
    # A chi-squared with three degrees of freedom is that with two plus a squared normal.
    student = "sqrt(3 / (-2 * ln(u3) + z6 * z6))"
    return [
        f"case when u2 < {TAIL_SHARE} then 40 + 25 * z{axis} * {student} else {expression} end"
        for axis, expression in enumerate(expressions, start=1)
    ]


def _with_far_group(expressions) -> list[str]:
    """Put one customer in `FAR_ONE_IN`, by number, into a small group far from everybody else."""
    return [
        f"case when customer_id % {FAR_ONE_IN} = 0 then {FAR_CENTRE} + {FAR_DEVIATION} * z{axis} else {expression} end"
        for axis, expression in enumerate(expressions, start=1)
    ]


# The five values of a customer as SQL over independent normal (z) and uniform (u) numbers.
KINDS = {
    "overlapping groups, 1 % in heavy tails": _with_tail(_mixture(GROUPS)),
    "groups that lie apart": [
        f"{_by_group(GROUPS, [2 * group[1][axis] for group in GROUPS])} + 5 * z{axis + 1}" for axis in range(5)
    ],
    "heavy tails (log-normal)": [f"exp(3 + 1.2 * z{axis} + 0.5 * z6)" for axis in range(1, 6)],
    "correlated noise without groups": [
        "z1",
        "0.8 * z1 + 0.6 * z2",
        "0.5 * z1 + 0.5 * z2 + 0.7 * z3",
        "0.3 * z3 + z4",
        "z5 - 0.4 * z1",
    ],
    "whole numbers (ages, scores, counts)": [
        "floor(18 + 62 * u4 * (0.5 + 0.5 * u5))",
        "floor(1 + 99 * u6)",
        "round(greatest(0, least(10, 7 + 2 * z1)))",
        "floor(-4 * ln(u7))",
        "floor(1 + 5 * u8)",
    ],
    "unbalanced, one group of 0.1 %": _mixture(UNBALANCED),
    "five overlapping groups, one far of 0.001 %": _with_far_group(_mixture(GROUPS[:5])),
}
MAIN_KIND = next(iter(KINDS))


def generate(database: Path, customers: int, kind: str) -> None:
    """Write the table `customers` of a new database: `customer_id` and five values.

    Parameters
    ----------
    database : Path
        File that does not exist yet.
    customers : int
        Number of rows.
    kind : str
        Key of `KINDS`.
    """
    # The number of the draw in the low bits: `hash` mixes them all.
    uniforms = (
        f"(hash(range * 32 + {draw})::double + 0.5) / 18446744073709551616.0 as u{draw}" for draw in range(1, 9)
    )
    # Box and Muller make two normal numbers out of two uniform ones.
    pairs = (
        f"sqrt(-2 * ln((hash(range * 32 + {10 + draw})::double + 0.5) / 18446744073709551616.0)) as r{draw},"
        f" 2 * pi() * (hash(range * 32 + {20 + draw})::double + 0.5) / 18446744073709551616.0 as a{draw}"
        for draw in range(1, 4)
    )
    normals = (
        f"r{draw} * cos(a{draw}) as z{2 * draw - 1}, r{draw} * sin(a{draw}) as z{2 * draw}" for draw in (1, 2, 3)
    )
    values = (f"({sql})::double as {name}" for name, sql in zip(FEATURES, KINDS[kind], strict=True))
    with duckdb.connect(str(database)) as warehouse:
        warehouse.execute(
            f"""
            create table {TABLE} as
            with draws as (
                select range as customer_id, {", ".join(uniforms)}, {", ".join(pairs)} from range({customers})
            ),
            normals as (select *, {", ".join(normals)} from draws)
            select customer_id, {", ".join(values)} from normals
            """
        )


def scales(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[float, float]]:
    """Return mean and standard deviation of every feature; all contenders and the judge standardise with them."""
    asked = ", ".join(f"avg({name}), stddev_pop({name})" for name in FEATURES)
    (row,) = warehouse.execute(f"select {asked} from {TABLE}").fetchall()
    return list(zip(row[::2], row[1::2], strict=True))


def inertia(database: Path, centers: Sequence[Sequence[float]]) -> float:
    """Add up the squared distances of all customers to the nearest centre, in standardised features.

    Parameters
    ----------
    database : Path
        The database of the customers.
    centers : sequence of shape (n_clusters, n_features)
        In the units of the table.

    Returns
    -------
    float
    """
    with duckdb.connect(str(database), read_only=True) as warehouse:
        deviations = [deviation for _, deviation in scales(warehouse)]
        distances = (
            " + ".join(
                f"pow(({name} - {value!r}::double) / {deviation!r}::double, 2)"
                for name, value, deviation in zip(FEATURES, center, deviations, strict=True)
            )
            for center in ([float(value) for value in center] for center in centers)
        )
        (row,) = warehouse.execute(f"select sum(least({', '.join(distances)})) from {TABLE}").fetchall()
    return row[0]
