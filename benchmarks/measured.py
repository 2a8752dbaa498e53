"""What the benchmarks share: a copy of the project to work in, and a command measured in time and memory."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DBT = Path(sys.executable).parent / "dbt"
COPIED = ["dbt_project.yml", "profiles.yml", "selectors.yml", "macros", "models", "python_models", "quality", "seeds", "tests"]


def run(command: list, folder: Path) -> tuple[float, float]:
    """Run a command; return its wall-clock seconds and the peak of its resident memory in MB."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            output.seek(0)
            raise SystemExit(f"{output.read()[-2000:]}\n{' '.join(map(str, command))} failed in {folder}")
    return seconds, usage.ru_maxrss / 1024


def copy_project(folder: Path) -> None:
    """Copy what dbt needs, so that the warehouse and the publication of the project are left alone."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
