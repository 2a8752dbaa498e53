"""Kill builds and publications at given moments, and say what does not hold afterwards.

By hand, at the root of the project, with as many moments as there is time for:

    .venv/bin/python tests/python/helpers/killed_builds.py publications
    .venv/bin/python tests/python/helpers/killed_builds.py builds --moments 20

`publications` kills a small publication before each change that it makes to its folder, `builds` kills whole builds of
a copy of the project, spread evenly over the steps of a build. Each line is a moment; the command ends with 1 if
something did not hold.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb

from customer_segmentation.publication.folder import DATABASE, JOURNAL, MANIFEST, describe_file, settled
from customer_segmentation.publication.publishing import publish
from customer_segmentation.temporary_files import TEMPORARY
from customer_segmentation.warehouse.database_check import take_in_log

WHEN = datetime(2024, 2, 29, 12)
CHANGES = ("os.rename", "os.remove")  # what a publication does to its folder; DuckDB's own writing comes before
# the second publication has a table less, a table more, and other rows in the one that stays
CONTENTS = ({"segments": 2, "dropped": 3}, {"segments": 5, "added": 4})


def publish_content(folder: Path, content: dict[str, int]) -> None:
    """Publish tables with so many rows each."""
    with duckdb.connect() as session:
        session.execute("create schema marts")
        relations = {
            name: session.sql(f"select i, '{name}' as t from range({n}) as t(i)") for name, n in content.items()
        }
        publish(session, relations, folder, published_at=WHEN)


def disagreements(folder: Path) -> list[str]:
    """List what is wrong with a published folder: not one build, not what the manifest says, or something left over."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    names = {file.name for file in folder.iterdir() if file.is_file()}
    problems = [f"{name} is left over" for name in sorted(names) if name == JOURNAL or TEMPORARY.fullmatch(name)]
    problems += [
        f"{name} is not in the manifest" for name in sorted(names - set(manifest["files"])) if ".parquet" in name
    ]
    with duckdb.connect(str(folder / DATABASE), read_only=True) as database:
        ids = {DATABASE: database.execute("select max(build_id) from published_tables").fetchall()[0][0]}
        for name, expected in manifest["files"].items():
            file = folder / name
            if describe_file(file) != {key: expected[key] for key in ("bytes", "sha256")}:
                problems.append(f"{name} is not the file that the manifest describes")
            if file.suffix == ".parquet":
                found = database.execute(
                    "select decode(value) from parquet_kv_metadata(?) where decode(key) = 'build_id'", [str(file)]
                ).fetchall()
                ids[name] = found[0][0]
                ((rows,),) = database.execute(f"select count(*) from {file.stem}").fetchall()
                if rows != expected["rows"]:
                    problems.append(f"{file.stem} has {rows} rows in the database, {expected['rows']} in the manifest")
    return problems + [f"{name} is of another build" for name, found in ids.items() if found != manifest["build_id"]]


def _in_a_process_of_its_own(work: Callable[[], None], before_change: int) -> tuple[bool, int]:
    """Do some work in a child process that is killed before one of its changes; say if it was, and count changes."""
    counted, told = os.pipe()
    child = os.fork()
    if child == 0:
        changes = 0

        def watch(event, arguments) -> None:
            nonlocal changes
            if event in CHANGES:
                changes += 1
                os.write(told, b".")
                if changes == before_change:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        work()
        os._exit(0)
    os.close(told)
    _, status = os.waitpid(child, 0)
    changes = len(os.read(counted, 1_000_000))
    os.close(counted)
    return os.WIFSIGNALED(status), changes


def kill_publications(folder: Path, finish: Callable[[Path], object] = settled) -> Iterator[tuple[int, str, list[str]]]:
    """Kill a second publication before each change that it makes, and let something else finish or undo it.

    Yields
    ------
    tuple
        Number of the moment, `old` or `new` for the publication that is there afterwards, and what is wrong with it.
    """
    moment, was_killed = 0, True
    while was_killed:
        moment += 1
        place = folder / str(moment)
        _in_a_process_of_its_own(lambda place=place: publish_content(place, CONTENTS[0]), 0)
        was_killed, _ = _in_a_process_of_its_own(lambda place=place: publish_content(place, CONTENTS[1]), moment)
        finish(place)
        with duckdb.connect(str(place / DATABASE), read_only=True) as database:
            tables = dict(database.execute("select table_name, row_count from published_tables").fetchall())
            del tables["published_tables"]  # which lists itself
        state = {0: "old", 1: "new"}[CONTENTS.index(tables)]
        files = {file.stem for file in place.glob("*.parquet")} - {"published_tables"}
        problems = disagreements(place) + ([f"Parquet files are {files}"] if files != set(tables) else [])
        yield moment, state, problems


def kill_build(project, steps: int, *arguments: str) -> str:
    """Start dbt and kill it right after it has begun so many steps; return its last line."""
    run = project.start_dbt(*arguments)
    line = ""
    for line in run.stdout:
        steps -= " START " in line
        if steps == 0:
            break
    run.kill()
    run.communicate()
    return line.strip()


def problems_after_kill(project) -> list[str]:
    """List what the next start of dbt and of a reader would stumble over, after they have tidied up."""
    take_in_log(str(project.database))
    problems = []
    try:
        duckdb.connect(str(project.database)).close()
    except duckdb.Error as error:
        problems.append(f"the warehouse cannot be opened: {error}")
    settled(project.published)
    return problems + disagreements(project.published)


def _builds(moments: int) -> Iterator[tuple[str, list[str]]]:
    from helpers.projects import copy_project, without_evidence

    with tempfile.TemporaryDirectory() as folder:
        project = without_evidence(copy_project(Path(folder) / "project"))  # as many steps in half of the time
        whole = project.dbt("build")
        steps = sum(" START " in line for line in whole.stdout.splitlines())
        yield f"a whole build of {steps} steps", [] if whole.returncode == 0 else [whole.stdout[-2000:]]
        for moment in range(moments):
            step = 1 + round(moment * (steps - 1) / max(1, moments - 1))
            yield kill_build(project, step, "build"), problems_after_kill(project)
        yield "a build after all of them", [] if project.dbt("build").returncode == 0 else ["it fails"]


def main() -> int:
    """Run the driver, and print a line for each moment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["publications", "builds"])
    parser.add_argument("--moments", type=int, default=10, help="how often builds are killed (10)")
    options = parser.parse_args()
    failed = False
    if options.what == "builds":
        found = _builds(options.moments)
    else:
        with tempfile.TemporaryDirectory() as folder:
            found = [
                (f"before change {n}: {state}", problems) for n, state, problems in kill_publications(Path(folder))
            ]
    for moment, problems in found:
        sys.stdout.write(f"{moment}: {'; '.join(problems) or 'all is well'}\n")
        sys.stdout.flush()
        failed = failed or bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
