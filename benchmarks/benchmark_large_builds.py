"""Measure whole builds of large inputs: seconds, peak memory, and the slowest steps. Run with `make benchmark-scale`.

`retail`: 1,000,000 customers with about 10,000,000 transactions, synthetic, as two Parquet files.
`mall`: 10,000,000 customers with whole numbers like those of the Mall Customers data, in 2 GB of memory; a thousand
ids come twice with the same values, another thousand with different ones.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
from measured import DBT, copy_project, run

SLOWEST = 15
RETAIL_CUSTOMERS = 1_000_000
# of the 14 transactions that the generator draws for a customer, on average
SHARE_OF_ORDERS = 0.714
MALL_CUSTOMERS = 10_000_000


def retail(folder: Path) -> dict[str, str]:
    """Write the files of the retailer; return the vars that name them."""
    inputs = ["generated_retail_customers", "generated_retail_habits", "generated_retail_transactions"]
    drawn = folder / "warehouse.duckdb"
    settings = ["--vars", f"{{generated_retail_customers: {RETAIL_CUSTOMERS}}}"]
    run([DBT, "run", "--select", *inputs, *settings], folder)
    with duckdb.connect(str(drawn)) as warehouse:
        for name, chosen in [
            ("customers", "true"),
            ("transactions", f"hash(transaction_id) / 18446744073709551616.0 < {SHARE_OF_ORDERS}"),
        ]:
            warehouse.execute(
                f"copy (select * exclude (input_row_number) from inputs.generated_retail_{name} where {chosen}) "
                f"to '{folder}/{name}.parquet'"
            )
    drawn.unlink()
    return {
        "retail_customers": f"{folder}/customers.parquet",
        "retail_transactions": f"{folder}/transactions.parquet",
    }


def mall(folder: Path) -> dict[str, str]:
    """Write a file of mall customers; return the vars, with the memory that the database may use."""
    drawn = [f"(hash(range * 8 + {draw}) / 18446744073709551616.0)" for draw in range(4)]
    duckdb.execute(
        f"""
        copy (
            select
                range as "CustomerID",
                case when {drawn[0]} < 0.56 then 'Female' else 'Male' end as "Gender",
                cast(18 + floor(53 * {drawn[1]} * (0.4 + 0.6 * {drawn[2]})) as int) as "Age",
                cast(15 + floor(-30 * ln({drawn[2]} + 0.0001)) as int) % 140 as "Annual Income (k$)",
                cast(1 + floor(99 * {drawn[3]}) as int) as "Spending Score (1-100)"
            from range(1, {MALL_CUSTOMERS + 1})
            union all select range, 'Female', 30, 50, 50 from range(1, 1001)
            union all
            select {MALL_CUSTOMERS} + ids.range, 'Male', 40, 60, 60 from range(1, 1001) as ids cross join range(2)
        ) to '{folder}/customers.parquet'
        """
    )
    # Python and its libraries need the rest of 2 GB
    return {"mall_customers": f"{folder}/customers.parquet", "memory_limit": "1300MB"}


CASES: dict[str, Callable[[Path], dict[str, str]]] = {"retail": retail, "mall": mall}


def measure(case: str) -> None:
    """Build a case from an empty database and print what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        settings = json.dumps({**CASES[case](folder), "evidence": "fast"})
        seconds, peak = run([DBT, "build", "--vars", settings], folder)
        results = json.loads((folder / "target/run_results.json").read_text())["results"]
        with duckdb.connect(str(folder / "published/marts.duckdb"), read_only=True) as published:
            sizes = published.execute(
                "select dataset, max(customers), string_agg(distinct fitted_on, '; ') from segmentation_fits group by 1"
            ).fetchall()
            rejected = published.execute("select dataset, reason, count(*) from rejected_rows group by all").fetchall()
    print(f"\n{case}: {seconds:.0f} s, peak {peak:,.0f} MB")
    for dataset, customers, fitted_on in sorted(sizes):
        print(f"  {dataset}: {customers:,} customers, fitted on {fitted_on}")
    for dataset, reason, rows in sorted(rejected):
        print(f"  {dataset}: {rows:,} rows rejected, {reason}")
    print(f"\n{'slowest steps':<60}{'s':>8}")
    for result in sorted(results, key=lambda result: -result["execution_time"])[:SLOWEST]:
        print(f"{result['unique_id'].split('.', 2)[-1]:<60}{result['execution_time']:>8.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="case", default=list(CASES), help=", ".join(CASES))
    for asked in parser.parse_args().cases:
        measure(asked)
