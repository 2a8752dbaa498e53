"""Measure the way from a file of orders to published marts: `segmentation init`, then `dbt build`.

Run with `make benchmark`. Takes the number of order lines, half a million unless one is given. They are drawn: order
lines of a shop with a quantity, the price of one piece, and no table of customers.
"""

import sys
import tempfile
from pathlib import Path

import duckdb
from measured import DBT, copy_project, run

SEGMENTATION = Path(sys.executable).parent / "segmentation"
LINES = """
select
    'O' || cast(line // 3 as varchar) as "Order",
    'C' || cast(hash(line // 3) % (select greatest(1, {lines} // 12)) as varchar) as "Customer ID",
    date '2023-01-01' + cast(hash(line // 3, 1) % 730 as int) as "Order Date",
    1 + hash(line, 2) % 4 as "Quantity",
    round(2 + (hash(line, 3) % 6000) / 100.0, 2) as "Unit Price",
    'group ' || cast(hash(line, 4) % 8 as varchar) as "Category"
from range({lines}) as lines (line)
"""


def main() -> None:
    """Draw the order lines, then write the dataset and build it alone."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        duckdb.connect().execute(f"copy ({LINES.format(lines=lines)}) to '{folder}/orders.csv' (header)")
        steps = {
            "segmentation init": [SEGMENTATION, "init", "shop", "orders.csv", "--only", "--yes"],
            "dbt build": [DBT, "build"],
        }
        measured = {step: run(command, folder) for step, command in steps.items()}
    print(f"\n{f'{lines:,} order lines':<30}{'seconds':>10}{'MB':>8}")
    for step, (seconds, peak) in measured.items():
        print(f"{step:<30}{seconds:>10.1f}{peak:>8.0f}")
    print(f"{'from file to published marts':<30}{sum(seconds for seconds, _ in measured.values()):>10.1f}")


if __name__ == "__main__":
    main()
