"""Measure what the evidence adds: whole builds with each level of it, and the evidence of many customers.

Prints two tables; run with `make benchmark`. The second takes the retail path of a million synthetic customers and
times the models of the evidence alone, within 2 GB. `python benchmarks/benchmark_evidence.py 100000` takes another
number.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from measured import DBT, copy_project, run

REPETITIONS = 3
LEVELS = ["full", "fast", "none"]
MEMORY_LIMIT = "1GB"  # of the database; Python comes on top

# What is built for the evidence, and what has to be there before.
STEPS = [
    ("before", ["+segmentation_inputs", "+persona_prototypes"]),
    ("evidence", ["segmentation_samples", "k_criteria", "k_choices"]),
    (
        "before",
        ["fitted_clusters", "cluster_centroids", "segmentation_fits", "persona_matches", "cluster_descriptions"],
    ),
    ("evidence", ["cluster_stability", "local_optima", "algorithm_results", "fitted_rules", "fitted_components"]),
    ("before", ["persona_trait_checks", "cluster_grades", "personas", "customer_segments"]),
    ("evidence", ["published_result_values", "published_result_fits", "feature_pairs", "relationship_fits"]),
    ("evidence", ["category_statistics", "category_tests"]),
    ("evidence", ["path:models/marts/evidence", "path:models/marts/exploration"]),
]


def seconds_of_models(folder: Path) -> dict[str, float]:
    """Read from dbt's results how long each node took."""
    results = json.loads((folder / "target/run_results.json").read_text())["results"]
    return {result["unique_id"].split(".")[2]: result["execution_time"] for result in results}


def compare_levels() -> None:
    """Build from an empty database with each level in turns."""
    seconds: dict[str, list[tuple[float, float]]] = {level: [] for level in LEVELS}
    for _ in range(REPETITIONS):
        for level in LEVELS:
            with tempfile.TemporaryDirectory() as name:
                copy_project(Path(name))
                seconds[level].append(run([DBT, "build", "--vars", f"{{evidence: {level}}}"], Path(name)))
    print(f"\n{'whole build from an empty database':<40}{'median s':>10}{'min s':>8}{'max s':>8}{'peak MB':>10}")
    for level, runs in seconds.items():
        times, memory = zip(*runs, strict=True)
        print(
            f"{'evidence: ' + level:<40}{statistics.median(times):>10.1f}{min(times):>8.1f}{max(times):>8.1f}"
            f"{max(memory):>10.0f}"
        )
    for level in LEVELS[:2]:
        added = statistics.median(a[0] - b[0] for a, b in zip(seconds[level], seconds["none"], strict=True))
        print(f"{level + ' adds':<40}{added:>10.1f}")


def measure_many_customers(customers: str) -> None:
    """Build the retail path of many customers; time the models of the evidence, and take the peak of their memory."""
    sizes = f"generated_retail_customers: {customers}, kmeans_starts: 1"
    unlimited, limited = (["--vars", f"{{{vars}}}"] for vars in (sizes, f"{sizes}, memory_limit: {MEMORY_LIMIT}"))
    models: dict[str, float] = {}
    peaks = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        run([DBT, "seed", *unlimited], folder)
        for kind, selected in STEPS:
            settings = limited if kind == "evidence" else unlimited
            _, peak = run([DBT, "run", "--select", *selected, *settings], folder)
            if kind == "evidence":
                models |= seconds_of_models(folder)
                peaks.append(peak)
    print(f"\nevidence of {int(customers):,} retail customers beside the other datasets, memory_limit {MEMORY_LIMIT}")
    print(f"{sum(models.values()):.1f} s in {len(models)} models, peak {max(peaks):,.0f} MB; the longest:")
    for model, seconds in sorted(models.items(), key=lambda item: -item[1])[:12]:
        print(f"  {model:<38}{seconds:>8.1f}")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        compare_levels()
    measure_many_customers(sys.argv[1] if len(sys.argv) > 1 else "1000000")
