"""Measure the same work on DuckDB and on engines of Spark, from the same Parquet file, and compare what comes out.

`make benchmark-engines` takes 10 million customers with five features on DuckDB, Sail and Spark in this process, which
needs Java 17. Each engine works in a process of its own. Processor seconds are those of the whole machine, so that the
workers of a cluster count; run it while nothing else does.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
from ours import compiled, write_centroids
from scale_data import FEATURES, MAIN_KIND, TABLE, generate

from customer_segmentation.clustering.warehouse_lloyd import Customers, _pass
from customer_segmentation.publication.large_tables import large_tables
from customer_segmentation.publication.publishing import publish
from customer_segmentation.spark.lake import Lake

CUSTOMERS = 10_000_000
CLUSTERS = 6
TOLERANCE = 1e-9
STEPS = ("start", "statistics", "coreset", "first pass", "second pass", "assignment", "publication")


def processor_seconds() -> float:
    """Return the processor seconds that this machine has worked since it started."""
    counts = [int(count) for count in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    idle, waiting = counts[3:5]
    return (sum(counts[:8]) - idle - waiting) / os.sysconf("SC_CLK_TCK")


@contextmanager
def measured(step: str, log: dict) -> Iterator[None]:
    """Add wall-clock and processor seconds of a step to a log."""
    start, busy = time.perf_counter(), processor_seconds()
    yield
    log[step] = [time.perf_counter() - start, processor_seconds() - busy]


def work(folder: Path, engine: str) -> dict:
    """Do the work on one engine and leave what came out beside its log."""
    sql = json.loads((folder / "sql.json").read_text())
    log: dict = {}
    with duckdb.connect(str(folder / f"{engine_name(engine)}.duckdb")) as warehouse:
        warehouse.execute(
            "create view inputs as select 'scale' as segmentation, * "
            f"from read_parquet('{folder}/customers.parquet', hive_partitioning = false)"
        )
        build, query = on_duckdb(warehouse) if engine == "duckdb" else on_spark(warehouse)
        with measured("start", log):  # of the engine, and what it reads
            query("select count(*) from main.inputs")
        with measured("statistics", log):
            build("statistics", sql["statistics"])
        found = warehouse.execute("select * from statistics order by position").fetchnumpy()
        mean, deviation = found["mean"], found["standard_deviation"]
        with measured("coreset", log):
            build("coreset", sql["coreset"])
        centers = np.random.default_rng(0).normal(size=(CLUSTERS, len(FEATURES)))
        customers = Customers(
            lambda text: query(f"with customers as (select * from main.inputs) {text}"),
            mean,
            deviation,
            mean,
            deviation,
        )
        for step in ("first pass", "second pass"):  # Java is slow at first
            with measured(step, log):
                sizes, means, inertias = _pass(customers, centers)
        log["found"] = [sizes.tolist(), means.tolist(), inertias.tolist()]
        write_centroids(warehouse, "table", centers, mean, deviation)
        with measured("assignment", log):
            build("labels", sql["labels"])
        with measured("publication", log):
            publish_labels(warehouse, folder / f"{engine_name(engine)}.published")
    return log


def publish_labels(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Publish the labels: sorted and copied, or, where Spark wrote them, as its files."""
    publish(
        warehouse,
        {"labels": warehouse.table("labels")},
        folder,
        schemas={"labels": "main"},
        keys={"labels": ["customer_id"]},
        large=large_tables(warehouse, {"labels": ("main", "labels")}, most_rows=0),
        published_at=datetime.now(UTC).replace(tzinfo=None),
    )


def on_duckdb(warehouse: duckdb.DuckDBPyConnection) -> tuple[Callable, Callable]:
    """Return how DuckDB builds a table, and answers a query."""
    return (
        lambda name, sql: warehouse.execute(f"create or replace table {name} as {sql}"),
        lambda sql: warehouse.execute(sql).fetchall(),
    )


def on_spark(warehouse: duckdb.DuckDBPyConnection) -> tuple[Callable, Callable]:
    """Return how an engine of Spark builds a table, and answers a query."""
    lake = Lake(warehouse, "benchmark")
    return lambda name, sql: lake.build("main", name, sql), lambda sql: lake.rows(sql, "benchmark")


def engine_name(engine: str) -> str:
    """Return the name of an engine as part of a file name."""
    return "".join(letter if letter.isalnum() else "_" for letter in engine)


def differences(folder: Path, engine: str, logs: dict[str, dict]) -> list[str]:
    """Name what differs between an engine and DuckDB."""
    found = []
    sizes, *figures = logs[engine]["found"]
    expected_sizes, *expected = logs["duckdb"]["found"]
    if sizes != expected_sizes or not all(
        np.allclose(one, other, rtol=TOLERANCE, atol=0) for one, other in zip(figures, expected, strict=True)
    ):
        found.append("pass")
    with duckdb.connect() as database:
        for name in ("duckdb", engine):
            database.execute(f"attach '{folder}/{engine_name(name)}.duckdb' as {engine_name(name)} (read_only)")
        ours, theirs = "duckdb", engine_name(engine)
        for table, columns in (("coreset", "customer_id"), ("labels", "customer_id, cluster_id")):
            ((rows,),) = database.execute(
                f"select count(*) from ((select {columns} from {ours}.{table} except all select {columns} from "
                f"{theirs}.{table}) union all (select {columns} from {theirs}.{table} except all select {columns} from "
                f"{ours}.{table}))"
            ).fetchall()
            if rows:
                found.append(f"{table}: {rows:,} rows")
        near = " and ".join(
            f"abs(a.{column} - b.{column}) <= {TOLERANCE} * abs(a.{column})"
            for column in ("mean", "standard_deviation")
        )
        ((rows,),) = database.execute(
            f"select count(*) from {ours}.statistics as a full join {theirs}.statistics as b using (position) "
            f"where not coalesce({near}, false)"
        ).fetchall()
        if rows:
            found.append("statistics")
    return found


def compare(customers: int, engines: list[str]) -> None:
    """Measure all engines on the same customers and print the table of docs/spark.md."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "drawn.duckdb", customers, MAIN_KIND)
        with duckdb.connect(str(folder / "drawn.duckdb")) as drawn:
            drawn.execute(
                f"copy (select * replace (cast(customer_id as varchar) as customer_id) from {TABLE}) "
                f"to '{folder}/customers.parquet'"
            )
        (folder / "drawn.duckdb").unlink()
        (folder / "sql.json").write_text(json.dumps(compiled(CLUSTERS, "main.")))
        logs = {}
        for engine in ["duckdb", *engines]:
            command = [sys.executable, __file__, "--work", str(folder), engine]
            run = subprocess.run(
                command, env=os.environ | {"SEGMENTATION_SPARK": engine}, check=True, stdout=-1, text=True
            )
            logs[engine] = json.loads(run.stdout.splitlines()[-1])
        print(f"{customers:,} customers x {len(FEATURES)} features: seconds (processor seconds)\n")
        print(f"| step | {' | '.join(logs)} |")
        print(f"|---|{'---|' * len(logs)}")
        for step in STEPS:
            cells = [f"{log[step][0]:.1f} ({log[step][1]:.1f})" for log in logs.values()]
            print(f"| {step} | {' | '.join(cells)} |")
        for engine in engines:
            print(f"\n{engine}: {'; '.join(differences(folder, engine, logs)) or 'all equal to DuckDB'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engines", nargs="*", default=["sail", "local[2]"], help="sail, local[n], sc://host:port")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        (one,) = asked.engines
        print(json.dumps(work(Path(asked.work), one)))
    else:
        compare(asked.customers, asked.engines)
