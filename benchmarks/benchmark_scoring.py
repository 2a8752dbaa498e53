"""Measure how long customers wait for their segment: one by SQL, a million by SQL, one from the shell.

Prints a table; run with `make benchmark`. Scores with what is published, so `make build` comes first;
`python benchmarks/benchmark_scoring.py 100000` takes another number of customers.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from measured import ROOT, run

PUBLISHED = ROOT / "published/marts.duckdb"
ONE = "select segmentation, persona from predict_mall(age := ?, annual_income_k := ?, spending_score := ?)"
# Drawn over the range of the Mall Customers, with a fixed seed; `hash` gives every customer values of their own.
MANY = """
    create temp table customers as
    select
        18 + hash(range * 3 + 1) % 53 as age,
        15 + hash(range * 3 + 2) % 1230 / 10.0 as annual_income_k,
        1 + hash(range * 3 + 3) % 99 as spending_score
    from range(?)
"""
SCORED = """
    create temp table scored as
    select predicted.segmentation, predicted.persona, predicted.margin
    from customers, lateral predict_mall(
        age := customers.age, annual_income_k := customers.annual_income_k, spending_score := customers.spending_score
    ) as predicted
"""
COMMAND = ["predict", "mall", "age=33", "annual_income_k=87", "spending_score=82"]
REPETITIONS = 50
SHELL_REPETITIONS = 9


def seconds_of_one(database: duckdb.DuckDBPyConnection) -> list[float]:
    """Score single customers in all segmentations of their dataset, each with figures of its own."""
    seconds = []
    for repetition in range(REPETITIONS):
        start = time.perf_counter()
        found = database.execute(ONE, [20 + repetition, 20 + 2 * repetition, 1 + repetition]).fetchall()
        seconds.append(time.perf_counter() - start)
        assert all(persona for _, persona in found)
    return seconds


def seconds_of_many(database: duckdb.DuckDBPyConnection, customers: int) -> float:
    """Score many customers in all segmentations of their dataset, and keep the answers in a table."""
    database.execute(MANY, [customers])
    start = time.perf_counter()
    database.execute(SCORED)
    seconds = time.perf_counter() - start
    ((scored,),) = database.execute("select count(*) from scored where persona is not null").fetchall()
    ((segmentations,),) = database.execute("select count(distinct segmentation) from scored").fetchall()
    assert scored == customers * segmentations
    return seconds


def main() -> None:
    """Time single predictions, many by lateral, and the command in processes of its own."""
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if not PUBLISHED.is_file():
        raise SystemExit(f"{PUBLISHED} does not exist. Run `make build` first.")
    command = [sys.executable, "-m", "customer_segmentation.cli.main", "--published", PUBLISHED, *COMMAND]
    # first, because a process is charged with the memory of the one that starts it
    with tempfile.TemporaryDirectory() as name:
        shell, memory = zip(*(run(command, Path(name)) for _ in range(SHELL_REPETITIONS)), strict=True)
    with duckdb.connect(str(PUBLISHED), read_only=True) as database:
        one = seconds_of_one(database)
        many = seconds_of_many(database, customers)
    print(f"\n{'scoring in all segmentations of the mall':<44}{'median':>12}{'min':>12}{'max':>12}")
    for label, seconds in [("one customer by SQL", one), ("one customer from the shell", shell)]:
        figures = (statistics.median(seconds), min(seconds), max(seconds))
        print(f"{label:<44}" + "".join(f"{figure * 1000:>9.1f} ms" for figure in figures))
    label = f"{customers:,} customers by lateral"
    print(f"{label:<44}{many:>10.2f} s   {customers / many:,.0f} customers a second")
    print(f"peak memory of the command: {max(memory):.0f} MB")


if __name__ == "__main__":
    main()
