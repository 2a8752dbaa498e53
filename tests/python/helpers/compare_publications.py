"""Compare the public tables of two publications, both ways: `make compare BEFORE=old/marts.duckdb AFTER=published/marts.duckdb`.

Says which tables and columns are gone or new, and of each other table how many rows only one of them has, and in which columns.
Ends with 1 if there is a difference, so that a change of structure can show that it changed no figure.
"""

import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb

from customer_segmentation.publication.database import quoted

# what the clock says differs between two builds of the same
OF_THE_CLOCK = {"published_at", "fitted_at", "checked_at", "seconds", "build_id", "checksum", "bytes"}
# what each engine computes in its own way, and compares only with its own
OF_THE_ENGINE = {"fingerprint"}
FRACTIONS = ("DOUBLE", "FLOAT", "DOUBLE[]", "DOUBLE[][]")


def differences(
    before: Path, after: Path, tolerance: float = 0, left_out: Collection[str] = frozenset()
) -> Iterator[str]:
    """Compare two published databases.

    Parameters
    ----------
    before, after : Path
        The databases.
    tolerance : float
        Share of a figure with a fraction up to which two count as equal: engines add in different orders. What is compared
        with a tolerance may come from two engines, so what is the engine's own is left out.
    left_out : collection of str
        Columns that are not compared.

    Yields
    ------
    str
        One line per difference.
    """
    with duckdb.connect() as database:
        for name, path in (("before", before), ("after", after)):
            escaped = str(path).replace("'", "''")
            database.execute(f"attach '{escaped}' as {name} (read_only)")
        tables = {name: _tables(database, name) for name in ("before", "after")}
        for gone in sorted(tables["before"].keys() - tables["after"].keys()):
            yield f"{gone}: the table is gone"
        for new in sorted(tables["after"].keys() - tables["before"].keys()):
            yield f"{new}: a new table"
        for table in sorted(tables["before"].keys() & tables["after"].keys()):
            sides = [
                {column: kind for column, kind in tables[side][table].items() if column not in left_out}
                for side in ("before", "after")
            ]
            yield from _table(database, table, *sides, tolerance)


def _tables(database, name) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    rows = database.execute(
        "select table_name, column_name, data_type from duckdb_columns() where database_name = ? order by all", [name]
    ).fetchall()
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _table(database, table, before, after, tolerance) -> Iterator[str]:
    for column in sorted(before.keys() - after.keys()):
        yield f"{table}.{column}: the column is gone"
    for column in sorted(after.keys() - before.keys()):
        yield f"{table}.{column}: a new column"
    shared = [column for column in before if column in after]
    for column in shared:
        if before[column] != after[column]:
            yield f"{table}.{column}: was {before[column]}, is {after[column]}"
    compared = [column for column in shared if column not in OF_THE_CLOCK]
    if tolerance:
        fractions = {column for column in compared if before[column] in FRACTIONS}
        exact = [column for column in compared if column not in fractions | OF_THE_ENGINE]
        rows = _rows_that_differ(database, table, exact, sorted(fractions), before, tolerance)
        if rows:
            yield f"{table}: {rows:,} rows differ by more than {tolerance:g} of a figure, or in what is no figure"
        return
    only = {side: _rows_only_in(database, side, table, compared) for side in ("before", "after")}
    if any(only.values()):
        columns = [
            column
            for column in compared
            if any(_rows_only_in(database, side, table, [column]) for side in ("before", "after"))
        ]
        where = ", ".join(columns) or "the way in which values come together"
        yield f"{table}: {only['before']:,} rows only before, {only['after']:,} only after; they differ in {where}"


def _rows_only_in(database, side, table, columns) -> int:
    if not columns:
        return 0
    other = "after" if side == "before" else "before"
    listed = ", ".join(quoted(column) for column in columns)
    queries = (f"select {listed} from {name}.{quoted(table)}" for name in (side, other))
    ((rows,),) = database.execute(f"select count(*) from ({' except all '.join(queries)})").fetchall()
    return rows


def _rows_that_differ(database, table, exact, fractions, kinds, tolerance) -> int:
    """Count the rows of one side for which the other has none with the same values and nearly the same figures."""
    names = ", ".join(map(quoted, exact)) or "true"
    order = ", ".join(map(quoted, fractions)) or "true"
    sides = [
        f"(select *, row_number() over (partition by {names} order by {order}) as place from {side}.{quoted(table)}) as {side}"
        for side in ("before", "after")
    ]
    same = " and ".join(f"before.{name} is not distinct from after.{name}" for name in map(quoted, [*exact, "place"]))
    near = []
    for column in fractions:
        # lists of figures are compared figure by figure
        form = {"DOUBLE[]": "{}", "DOUBLE[][]": "flatten({})"}.get(kinds[column], "[{}]")
        one, other = (form.format(f"{side}.{quoted(column)}") for side in ("before", "after"))
        near.append(
            f"coalesce(len({one}) = len({other}) and list_bool_and(list_transform(list_zip({one}, {other}), lambda pair: "
            f"pair[1] is not distinct from pair[2] or coalesce(abs(pair[1] - pair[2]) <= "
            f"{tolerance} * greatest(abs(pair[1]), abs(pair[2])), false))), {one} is null and {other} is null)"
        )
    is_near = " and ".join(["before.place is not null", "after.place is not null", *near])
    ((rows,),) = database.execute(
        f"select count(*) from {sides[0]} full join {sides[1]} on {same} where not ({is_near})"
    ).fetchall()
    return rows


def main(arguments: list[str]) -> int:
    """Print the differences; 1 if there is one."""
    if len(arguments) != 2:
        sys.stderr.write("Name two published databases: make compare BEFORE=old/marts.duckdb AFTER=new/marts.duckdb\n")
        return 2
    count = 0
    for line in differences(*map(Path, arguments)):
        sys.stdout.write(f"{line}\n")
        count += 1
    sys.stdout.write(f"{count} differences\n" if count else "All public tables are equal.\n")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
