"""Measure how long Spark plans each heavy model, apart from the time it takes to compute it.

Sail builds the example data first, then Spark in this process plans and computes every heavy model once more from the
same files, in the order of the build. Parts of a query that are written to files first are planned on their own and
count together. Java is slow at first, so the first models take longer than they would in the middle of a build. Run
with `make benchmark-engines`; the limit is the most that planning one model may take.
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
VARS = ["--vars", "{evidence: fast}"]


def heavy_models(folder: Path) -> list[dict]:
    """Return what dbt knows of the models that Spark computes, in the order in which they were built."""
    nodes = json.loads((folder / "target/manifest.json").read_text())["nodes"]
    results = json.loads((folder / "target/run_results.json").read_text())["results"]
    built = [nodes.get(result["unique_id"], {}) for result in results if result["status"] == "success"]
    return [node for node in built if node.get("config", {}).get("materialized") == "spark_table"]


def measure(folder: Path, engine: str) -> dict[str, tuple[float, float]]:
    """Return seconds of planning and of everything else, by model."""
    os.environ[VARIABLE] = engine
    session()
    planned = [0.0]
    write = lake._written

    def planned_and_written(frame, target):
        start = time.perf_counter()
        frame._jdf.queryExecution().executedPlan()
        planned[0] += time.perf_counter() - start
        return write(frame, target)

    lake._written = planned_and_written
    found = {}
    with duckdb.connect(str(folder / "warehouse.duckdb")) as warehouse:
        tables = lake.Lake(warehouse, "planning")
        for node in heavy_models(folder):
            planned[0], start = 0.0, time.perf_counter()
            tables.build(node["schema"], node["alias"], node["compiled_code"])
            found[node["alias"]] = (planned[0], time.perf_counter() - start - planned[0])
    return found


def main() -> None:
    """Print the models that take longest to plan; end with 1 if one of them takes longer than it may."""
    engine = sys.argv[1] if len(sys.argv) > 1 else "local[2]"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        command = [DBT, "build", "--target", "spark", *VARS]
        subprocess.run(command, cwd=folder, env=os.environ | {VARIABLE: "sail"}, check=True, stdout=subprocess.DEVNULL)
        found = measure(folder, engine)
    print(f"{len(found)} heavy models on {engine}: {sum(one for one, _ in found.values()):.0f} s of planning, ", end="")
    print(f"{sum(other for _, other in found.values()):.0f} s of everything else\n")
    print(f"| {'model':<40} | planning, s | else, s |\n|---|---|---|")
    for model, (planning, other) in sorted(found.items(), key=lambda one: -one[1][0])[:SLOWEST]:
        print(f"| {model:<40} | {planning:.1f} | {other:.1f} |")
    late = [model for model, (planning, _) in found.items() if planning > SECONDS_TO_PLAN]
    sys.exit(f"longer than {SECONDS_TO_PLAN} s: {', '.join(late)}" if late else 0)


if __name__ == "__main__":
    main()
