"""What the benchmarks share: a copy of the project to work in, and commands and queries measured in time and memory."""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

ROOT = Path(__file__).resolve().parents[1]
DBT = Path(sys.executable).parent / "dbt"
COPIED = [
    "dbt_project.yml",
    "profiles.yml",
    "selectors.yml",
    "macros",
    "models",
    "python_models",
    "quality",
    "seeds",
    "tests",
]


class Taken(NamedTuple):
    """What a step took. Others on the machine lengthen `seconds`, hardly `processor_seconds`."""

    seconds: float
    processor_seconds: float
    megabytes: float


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


def in_a_process(
    database: Path, work: Callable[[duckdb.DuckDBPyConnection], Any], *, memory_limit: str, threads: int = 2
) -> Taken:
    """Do some work on a database in a process of its own; opening the database does not count."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with duckdb.connect(str(database), config={"memory_limit": memory_limit, "threads": threads}) as warehouse:
            warehouse.execute("select 1").fetchall()
            start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
            work(warehouse)
            seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        os.write(writing, f"{seconds} {processor} {after.ru_maxrss / 1024}".encode())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("the query failed")
    return Taken(*map(float, os.read(reading, 100).split()))


def copy_project(folder: Path) -> None:
    """Copy what dbt needs, so that the warehouse and the publication of the project are left alone."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
