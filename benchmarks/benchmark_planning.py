"""Measure how long Spark plans each heavy model. Plans hardly depend on the number of rows: they are not carried out.

Sail builds the example data first. Then Spark in this process plans every heavy model from the same files, in the order
of the build. Parts of a query that are written to files first are planned on their own and count together; in their
place there are files without rows. Processor seconds are those of the thread that plans, so that others on the machine
do not count. Java is slow at first, so the first models take longer than they would in the middle of a build. Run with
`make benchmark-engines`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from measured import DBT, copy_project

from customer_segmentation.spark import lake
from customer_segmentation.spark.engine import VARIABLE, session

SECONDS_TO_PLAN = 20
SLOWEST = 12


def heavy_models(folder: Path) -> list[dict]:
    """Return what dbt knows of the models that Spark computes, in the order in which they were built."""
    nodes = json.loads((folder / "target/manifest.json").read_text())["nodes"]
    results = json.loads((folder / "target/run_results.json").read_text())["results"]
    built = [nodes.get(result["unique_id"], {}) for result in results if result["status"] == "success"]
    return [node for node in built if node.get("config", {}).get("materialized") == "spark_table"]


def measure(folder: Path, database: Path, engine: str) -> dict[str, tuple[float, float]]:
    """Return seconds, and processor seconds, of planning, by model."""
    os.environ[VARIABLE] = engine
    threads = session()._jvm.java.lang.management.ManagementFactory.getThreadMXBean()
    planned = [0.0, 0.0]

    def only_planned(frame, target):
        start, busy = time.perf_counter(), threads.getCurrentThreadCpuTime()
        frame._jdf.queryExecution().executedPlan()
        planned[0] += time.perf_counter() - start
        planned[1] += (threads.getCurrentThreadCpuTime() - busy) / 1e9
        session().createDataFrame([], frame.schema).write.parquet(str(target))
        return 0

    lake.written_rows = only_planned
    found = {}
    with duckdb.connect(str(database)) as warehouse:
        tables = lake.Lake(warehouse, "planning")
        for node in heavy_models(folder):
            planned[:] = 0.0, 0.0
            tables.build(node["schema"], node["alias"], node["compiled_code"])
            found[node["alias"]] = (planned[0], planned[1])
            print(f"{node['alias']}: {planned[0]:.1f} ({planned[1]:.1f})", file=sys.stderr, flush=True)
    return found


def show(engine: str, found: dict[str, tuple[float, float]]) -> None:
    """Print the models that take longest to plan, and stop if one of them takes longer than it may."""
    print(f"{len(found)} heavy models on {engine}, seconds of planning (processor seconds): ", end="")
    print(f"{sum(one for one, _ in found.values()):.0f} ({sum(busy for _, busy in found.values()):.0f})\n")
    for model, (seconds, busy) in sorted(found.items(), key=lambda one: -one[1][1])[:SLOWEST]:
        print(f"| {model:<40} | {seconds:.1f} ({busy:.1f}) |")
    if late := [model for model, (_, busy) in found.items() if busy > SECONDS_TO_PLAN]:
        sys.exit(f"longer than {SECONDS_TO_PLAN} s: {', '.join(late)}")


def main() -> None:
    """Build the example data, then plan its heavy models."""
    engine = sys.argv[1] if len(sys.argv) > 1 else "local[2]"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        command = [str(DBT), "run", "--target", "spark"]
        environment = os.environ | {VARIABLE: "sail"}
        subprocess.run([str(DBT), "seed"], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        found = measure(folder, folder / "warehouse.duckdb", engine)
    show(engine, found)


if __name__ == "__main__":
    main()
