"""Take many order lines through staging, features and RFM, on DuckDB and on engines of Spark, and test their keys.

`make benchmark-orders` draws 10 million order lines of the synthetic retailer into two Parquet files and builds all
that RFM scores need from them, on DuckDB with 4 GB and on Spark with a heap of 4 GB. `ORDERS=100000000` takes a hundred
million: 20 GB of disk. Memory is the most that the processes of a build held together, and processor seconds are those
of these processes, so that others on the machine do not count. In the end each engine tests the keys again.
"""

import argparse
import json
import os
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
from measured import DBT, copy_project

ORDERS_OF_A_CUSTOMER = 14  # that the generator draws, on average
MEMORY = "4GB"
BUILT = ["--select", "+rfm_scores"]
TESTED = ["--select", "stg_retail__order_lines_has_key", "stg_retail__transaction_rows_has_key"]
TESTED += [
    "retail_customer_features_has_key",
    "rfm_scores_has_key",
    "retail_category_mix_refers_to_retail_customer_features",
]
SLOWEST = 12
SECONDS_BETWEEN = 0.2


class Processes(threading.Thread):
    """Watch a process and those that it starts: the memory they hold together, and the processor seconds they take."""

    def __init__(self, process: subprocess.Popen) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._seconds: dict[int, float] = {}
        self.megabytes = 0.0

    def run(self) -> None:
        """Look again and again until the process has ended."""
        while self._process.poll() is None:
            states = all_processes()
            family = {self._process.pid}
            while more := {one for one, (parent, _, _) in states.items() if parent in family} - family:
                family |= more
            held = [states[one] for one in family if one in states]
            self._seconds |= {one: states[one][1] for one in family if one in states}
            self.megabytes = max(self.megabytes, sum(megabytes for _, _, megabytes in held))
            time.sleep(SECONDS_BETWEEN)

    @property
    def seconds(self) -> float:
        """Processor seconds so far."""
        return sum(self._seconds.values())


def all_processes() -> dict[int, tuple[int, float, float]]:
    """Return parent, processor seconds and resident memory in MB of every process of the machine."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            fields = file.read_text().rpartition(")")[2].split()
            ticks, pages = int(fields[11]) + int(fields[12]), int(fields[21])
            seconds = ticks / os.sysconf("SC_CLK_TCK")
            found[int(file.parent.name)] = (int(fields[1]), seconds, pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
    return found


def dbt(folder: Path, engine: str, command: list[str], settings: dict[str, Any]) -> tuple[float, float, float, dict]:
    """Run dbt; return seconds, processor seconds, the peak of the memory in MB, and seconds by node."""
    target = [] if engine == "duckdb" else ["--target", "spark"]
    start = time.perf_counter()
    with (folder / "log.txt").open("w+") as log:
        arguments = [str(DBT), *command, *target, "--vars", json.dumps(settings)]
        process = subprocess.Popen(
            arguments, cwd=folder, stdout=log, stderr=log, env=os.environ | {"SEGMENTATION_SPARK": engine}
        )
        watched = Processes(process)
        watched.start()
        watched.join()
        if process.returncode:
            log.seek(0)
            raise SystemExit(f"{log.read()[-3000:]}\n{arguments} failed")
    results = json.loads((folder / "target/run_results.json").read_text())["results"]
    nodes = {
        result["unique_id"].split(".")[2]: result["execution_time"]
        for result in results
        if not result["unique_id"].startswith("operation.")
    }
    return time.perf_counter() - start, watched.seconds, watched.megabytes, nodes


def draw(folder: Path, orders: int) -> dict[str, Any]:
    """Write the files of a retailer with so many order lines; return the vars that name them."""
    settings = {"generated_retail_customers": orders // ORDERS_OF_A_CUSTOMER, "memory_limit": MEMORY}
    models = ["generated_retail_customers", "generated_retail_habits", "generated_retail_transactions"]
    dbt(folder, "duckdb", ["run", "--select", *models], settings)
    drawn = folder / "warehouse.duckdb"
    with duckdb.connect(str(drawn)) as warehouse:
        for name in ("customers", "transactions"):
            warehouse.execute(
                f"copy (select * exclude (input_row_number) from inputs.generated_retail_{name}) "
                f"to '{folder}/{name}.parquet'"
            )
        ((rows,),) = warehouse.execute(f"select count(*) from '{folder}/transactions.parquet'").fetchall()
    drawn.unlink()
    print(f"{rows:,} order lines, drawn by DuckDB\n", flush=True)
    return {
        "retail_customers": f"{folder}/customers.parquet",
        "retail_transactions": f"{folder}/transactions.parquet",
        "memory_limit": MEMORY,
    }


def measure(folder: Path, engine: str, settings: dict[str, Any]) -> None:
    """Build on one engine and print what it took, then test the keys on it."""
    (folder / "warehouse.duckdb").unlink(missing_ok=True)
    dbt(folder, "duckdb", ["seed"], settings)
    seconds, processor, peak, nodes = dbt(folder, engine, ["run", *BUILT], settings)
    print(
        f"{engine}: {seconds:,.0f} s ({sum(nodes.values()):,.0f} s in models), {processor:,.0f} processor seconds, "
        f"{peak:,.0f} MB",
        flush=True,
    )
    for name, took in sorted(nodes.items(), key=lambda node: -node[1])[:SLOWEST]:
        print(f"  {name:<60}{took:>8.1f} s")
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as warehouse:
        scored = "select count(*), sum(recency_score), sum(frequency_score), sum(monetary_score) from marts.rfm_scores"
        print(f"  scores: {warehouse.execute(scored).fetchall()}")
    for tester, most in (("duckdb", 10**12), *(((engine, 0),) if engine != "duckdb" else ())):
        took = dbt(folder, engine, ["test", *TESTED], settings | {"rows_of_one_machine": most})
        print(f"  keys tested by {tester}: {took[0]:,.0f} s, {took[1]:,.0f} processor seconds, {took[2]:,.0f} MB")
        print(
            "".join(f"    {name:<58}{seconds:>8.1f} s\n" for name, seconds in took[3].items() if seconds > 0),
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engines", nargs="*", default=["duckdb", "local[2]"], help="duckdb, sail, local[n]")
    parser.add_argument("--orders", type=int, default=10_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        copy_project(Path(name))
        vars_of_files = draw(Path(name), asked.orders)
        for one in asked.engines:
            measure(Path(name), one, vars_of_files)
