"""What the last build has left: its manifest, and what the files and the warehouse looked like.

dbt compares models and seeds with a manifest. It knows nothing of what a model reads besides: files of data, the
library, settings. A stamp of each says whether it changed; where that cannot be told, the build has to be complete.
"""

import glob
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from customer_segmentation.temporary_files import write_whole

FOLDER = "last_build"  # in the target folder of dbt
VERSION = 1  # of what is written there
SETTINGS = ("dbt_project.yml", "profiles.yml", "packages.yml", "dependencies.yml", "quality/**/*.yml")
LIBRARY = Path(__file__).resolve().parents[1]
SUCCESSFUL = {"success", "pass", "no-op", "warn"}
SECONDS_TO_CLOSE = 30  # that dbt may need after its last model to write the warehouse to the disk

Stamp = list[int]  # size in bytes, and time of the last change in nanoseconds


class CompleteBuildNeededError(Exception):
    """Say why nothing less than a complete build will do."""


@dataclass(frozen=True)
class LastBuild:
    """Describe a build that is on record.

    Attributes
    ----------
    started_at : float
        When it started, in seconds since 1970.
    variables : dict
        Vars that were given on the command line.
    target : str
        Target of the profile, empty for the default.
    warehouse : list of int
        Stamp of the database file when the build ended.
    data : dict
        Stamp of each file that inputs were read from.
    pending : list of str
        Nodes that a later build should have built and did not.
    """

    started_at: float
    variables: dict[str, Any]
    target: str
    warehouse: Stamp
    data: dict[str, Stamp]
    pending: list[str] = field(default_factory=list)


def stamp(path: Path) -> Stamp:
    """Return what tells whether a file changed: its size, and when its content or its place last did."""
    try:
        found = path.stat()
    except OSError:
        return [0, 0]
    return [found.st_size, max(found.st_mtime_ns, found.st_ctime_ns)]


def stamps(patterns: Iterable[str], root: Path) -> dict[str, Stamp]:
    """Return the stamps of the files that names or globs stand for."""
    files = {file for pattern in patterns for file in glob.glob(pattern, root_dir=root, recursive=True)}
    return {file: stamp(root / file) for file in sorted(files)}


def read(target: Path) -> LastBuild:
    """Read what is on record.

    Parameters
    ----------
    target : Path
        Target folder of dbt.

    Returns
    -------
    LastBuild

    Raises
    ------
    CompleteBuildNeededError
        If there is nothing, or another version wrote it, or it is damaged.
    """
    folder = target / FOLDER
    try:
        found = json.loads((folder / "build.json").read_text(encoding="utf-8"))
        if found.pop("version") != VERSION:
            raise CompleteBuildNeededError(f"{folder} was written by another version of this project")
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return LastBuild(**found)
    except FileNotFoundError:
        raise CompleteBuildNeededError(f"no complete build is on record in {target}") from None
    except (OSError, ValueError, TypeError, KeyError):
        raise CompleteBuildNeededError(f"{folder} is damaged") from None


def keep(target: Path, build: LastBuild, manifest: Path | None = None) -> None:
    """Put a build on record.

    Parameters
    ----------
    target : Path
        Target folder of dbt.
    build : LastBuild
        The build.
    manifest : Path, optional
        Its manifest; the one that is on record stays unless given.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder = target / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if manifest is not None:
        write_whole(folder / "manifest.json", manifest.read_bytes())
    write_whole(folder / "build.json", json.dumps({"version": VERSION} | asdict(build)).encode())


def forget(target: Path) -> None:
    """Remove what is on record, because it says nothing of the warehouse any more."""
    shutil.rmtree(target / FOLDER, ignore_errors=True)


def adopt(target: Path, warehouse: Path, patterns: Mapping[str, str], root: Path) -> None:
    """Put a complete `dbt build` on record, if it is the last that dbt has done.

    Parameters
    ----------
    target : Path
        Target folder of dbt, with the results of its last command.
    warehouse : Path
        The database file.
    patterns : mapping of str to str
        Name or glob of the files that each input is read from, by id of its node.
    root : Path
        Root of the project.
    """
    try:
        results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        arguments, metadata = results["args"], results["metadata"]
        is_complete = (
            arguments["which"] == "build"
            and not any(arguments.get(name) for name in ("select", "exclude", "selector", "resource_types", "empty"))
            and metadata["invocation_id"] == manifest["metadata"]["invocation_id"]
            and {one["status"] for one in results["results"]} <= SUCCESSFUL
        )
        started_at = datetime.fromisoformat(metadata["invocation_started_at"]).timestamp()
        ended_at = datetime.fromisoformat(metadata["generated_at"]).timestamp()
        # an example is written just before it is read
        read_at = {
            one["unique_id"]: datetime.fromisoformat(timing["started_at"]).timestamp()
            for one in results["results"]
            for timing in one["timing"]
            if timing["name"] == "execute" and one["unique_id"] in patterns
        }
    except (OSError, ValueError, KeyError, TypeError):
        return
    is_as_left = stamp(warehouse)[1] / 1e9 < ended_at + SECONDS_TO_CLOSE
    if is_complete and is_as_left:
        # a file that changed since it was read is not recorded, and so is read again
        data = {
            file: seen
            for identity, pattern in patterns.items()
            for file, seen in stamps([pattern], root).items()
            if seen[1] / 1e9 < read_at.get(identity, started_at)
        }
        build = LastBuild(started_at, arguments["vars"], arguments.get("target") or "", stamp(warehouse), data)
        keep(target, build, target / "manifest.json")


def check(build: LastBuild, warehouse: Path, variables: Mapping[str, Any], target: str, root: Path) -> None:
    """Stop if the record of a build does not tell what is in the warehouse, or if everything may have changed.

    Parameters
    ----------
    build : LastBuild
        What is on record.
    warehouse : Path
        The database file.
    variables : mapping
        Vars of the build that is asked for.
    target : str
        Target of the profile, empty for the default.
    root : Path
        Root of the project.

    Raises
    ------
    CompleteBuildNeededError
        If it is so.
    """
    if ":" in str(warehouse):
        raise CompleteBuildNeededError(f"{warehouse.name} is no file, so other changes to it cannot be noticed")
    if not warehouse.is_file():
        raise CompleteBuildNeededError(f"the warehouse {warehouse} does not exist")
    if stamp(warehouse) != build.warehouse:
        raise CompleteBuildNeededError(f"something else has changed the warehouse {warehouse} since")
    if dict(variables) != build.variables or target != build.target:
        raise CompleteBuildNeededError("the vars or the target are not those of the last build")
    settings = stamps(SETTINGS, root)
    library = stamps(("**/*.py", "**/*.csv"), LIBRARY)
    for file, (_, changed) in {**settings, **library}.items():
        if changed / 1e9 > build.started_at:
            raise CompleteBuildNeededError(f"{file} has changed, on which everything depends")
