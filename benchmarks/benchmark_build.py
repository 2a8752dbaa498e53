"""Measure the whole build: seconds, peak memory, and where the time goes. Prints a table; run with `make benchmark`."""

import json
import os
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

from measured import DBT, copy_project, run

REPETITIONS = 5


def seconds_by_kind(folder: Path) -> dict[str, float]:
    """Add up the execution times that dbt reports, by kind of node; Python models by name."""
    results = json.loads((folder / "target/run_results.json").read_text())["results"]
    manifest = json.loads((folder / "target/manifest.json").read_text())
    nodes = {**manifest["nodes"], **manifest["unit_tests"]}
    total: dict[str, float] = defaultdict(float)
    for result in results:
        node = nodes.get(result["unique_id"])
        if node is None:  # exposures take no time
            continue
        kind = node["resource_type"]
        if node.get("language") == "python":
            kind = f"Python model {node['name']}"
        elif kind == "model":
            kind = "SQL models"
        elif kind == "test":
            kind = "data tests"
        total[kind.replace("unit_test", "unit tests").replace("seed", "seeds")] += result["execution_time"]
    return dict(total)


def changed_build(folder: Path, seed: str, old: str, new: str) -> tuple[float, float]:
    """Change a text of a seed and build what depends on it; return seconds and megabytes."""
    path = folder / f"seeds/judgement/{seed}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return run([DBT.with_name("segmentation"), "build", "--changed"], folder)


def main() -> None:
    """Measure whole builds and builds of what changed, then what the start of dbt and parsing cost."""
    cold, warm, persona, campaign = [], [], [], []
    for _ in range(REPETITIONS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            copy_project(folder)
            cold.append(run([DBT, "build"], folder))
            warm.append(run([DBT, "build"], folder))
            kinds = seconds_by_kind(folder)
            persona.append(changed_build(folder, "persona_definitions", "Small income", "Little income"))
            campaign.append(changed_build(folder, "campaigns", "Invitation to an evening", "An evening"))
            start = run([DBT, "--help"], folder)[0]
            parse = run([DBT, "parse", "--no-partial-parse"], folder)[0]
    print(f"{REPETITIONS} repetitions, {os.cpu_count()} cores\n")
    print(f"{'build':<36}{'median s':>10}{'min s':>8}{'max s':>8}{'peak MB':>10}")
    for label, runs in [
        ("from an empty database", cold),
        ("without change", warm),
        ("--changed, a persona's description", persona),
        ("--changed, a campaign's offer", campaign),
    ]:
        seconds, memory = zip(*runs, strict=True)
        print(
            f"{label:<36}{statistics.median(seconds):>10.1f}{min(seconds):>8.1f}{max(seconds):>8.1f}{max(memory):>10.0f}"
        )
    print(f"\n{'where the time goes (last run)':<48}{'s':>8}")
    print(f"{'starting dbt':<48}{start:>8.1f}")
    print(f"{'parsing everything, start included':<48}{parse:>8.1f}")
    for kind, spent in sorted(kinds.items(), key=lambda item: -item[1]):
        print(f"{kind:<48}{spent:>8.1f}")


if __name__ == "__main__":
    main()
