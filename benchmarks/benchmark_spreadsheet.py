"""Measure what the spreadsheet of 1,000 customers adds to a build: with it, and with the same rows as Parquet.

Prints a table; run with `make benchmark`.
"""

import statistics
import tempfile
from pathlib import Path

import duckdb
from measured import DBT, copy_project, run

REPETITIONS = 5


def main() -> None:
    """Build the sales path in pairs, from the spreadsheet and from a Parquet file with the same rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        run([DBT, "build"], folder)
        with duckdb.connect(str(folder / "warehouse.duckdb")) as warehouse:
            warehouse.execute(f"copy inputs.input_sales_customers to '{folder}/sales.parquet'")
        command = [DBT, "run", "--select", "input_sales_customers", "stg_sales__customer_rows", "--vars"]
        spreadsheet, parquet = [], []
        for _ in range(REPETITIONS):
            spreadsheet.append(run([*command, "{}"], folder)[0])
            parquet.append(run([*command, f"{{sales_customers: {folder}/sales.parquet}}"], folder)[0])
    print(f"\n{'dbt run of the staged sales customers':<40}{'median s':>10}{'min s':>8}{'max s':>8}")
    for label, seconds in [("from .xlsx", spreadsheet), ("from .parquet", parquet)]:
        print(f"{label:<40}{statistics.median(seconds):>10.2f}{min(seconds):>8.2f}{max(seconds):>8.2f}")
    added = statistics.median(a - b for a, b in zip(spreadsheet, parquet, strict=True))
    print(f"{'the spreadsheet adds':<40}{added:>10.2f}")


if __name__ == "__main__":
    main()
