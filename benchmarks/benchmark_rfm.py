"""Measure RFM against the bare group by of the same rows, side by side, within 4 GB on two threads.

Prints a table. `make benchmark` takes a million customers with fourteen million transactions; `python
benchmarks/benchmark_rfm.py 7200000` takes a hundred million transactions (about ten minutes and 25 GB of disk).
"""

import statistics
import sys
import tempfile
from pathlib import Path

import duckdb
from measured import DBT, Taken, copy_project, in_a_process, run

MEMORY_LIMIT = "4GB"
REPETITIONS = 5
BARE = """
    select customer_id, count(*), sum(amount), min(transaction_date), max(transaction_date)
    from staging.stg_retail__transactions group by customer_id
"""
MODELS = ["retail_purchases", "retail_category_mix", "retail_customer_features"]
HISTORY = [
    "retail_customer_history"
]  # one row per customer and month: not for hundreds of millions of rows on a laptop
STAGED = ["+stg_retail__transactions", "+as_of_dates"]


def timed(database: Path, sql: str) -> Taken:
    """Create a table from a query."""
    return in_a_process(
        database,
        lambda warehouse: warehouse.execute(f"create or replace table benchmarked as {sql}"),
        memory_limit=MEMORY_LIMIT,
    )


def compiled(folder: Path, model: str) -> str:
    """Read the SQL of a model as dbt runs it."""
    return (folder / f"target/compiled/customer_segmentation/models/datasets/retail/{model}.sql").read_text()


def main() -> None:
    """Stage synthetic transactions, then time each model and the bare group by in turns."""
    customers = sys.argv[1] if len(sys.argv) > 1 else "1000000"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        settings = ["--vars", f"{{generated_retail_customers: {customers}, memory_limit: {MEMORY_LIMIT}}}"]
        run([DBT, "seed", *settings], folder)
        seconds, peak = run([DBT, "run", "--select", *STAGED, *settings], folder)
        models = MODELS + (HISTORY if int(customers) <= 1_000_000 else [])
        run([DBT, "run", "--select", *models, *settings], folder)
        database = folder / "warehouse.duckdb"
        with duckdb.connect(str(database), read_only=True) as warehouse:
            (rows,) = warehouse.execute("select count(*) from staging.stg_retail__transactions").fetchall()
        print(f"\n{rows[0]:,} transactions of {int(customers):,} customers, 2 threads, memory_limit {MEMORY_LIMIT}")
        print(f"drawing, parsing and judging them: {seconds:.0f} s, peak {peak:,.0f} MB\n")
        queries = {"bare group by": BARE} | {model: compiled(folder, model) for model in models}
        repetitions = REPETITIONS if rows[0] < 50_000_000 else 1
        results: dict[str, list[Taken]] = {label: [] for label in queries}
        for _ in range(repetitions):
            for label, sql in queries.items():
                results[label].append(timed(database, sql))
    print(f"{f'median of {repetitions}':<28}{'s':>8}{'x bare':>8}{'peak MB':>10}")
    bare = [taken.seconds for taken in results["bare group by"]]
    for label, runs in results.items():
        ratio = statistics.median(taken.seconds / base for taken, base in zip(runs, bare, strict=True))
        middle = statistics.median(taken.seconds for taken in runs)
        print(f"{label:<28}{middle:>8.2f}{ratio:>8.2f}{max(taken.megabytes for taken in runs):>10,.0f}")


if __name__ == "__main__":
    main()
