"""The published folder as a whole: its files are replaced together, and a replacement that was interrupted is finished.

One file can be renamed over another in one step, fifty files cannot. So a publication is written under temporary names
first. Then a journal says which of them replace which files, they are renamed, and the manifest `publication.json`,
which names the build and the size and checksum of every file, is written last; the journal goes. If the process is
killed before the journal is there, nothing was replaced, and the next program of this project that looks at the folder
removes the temporary files. If it is killed later, that program finishes what the journal says.

Every program of this project begins with `settled`, which needs no library beyond Python's own: a command that answers
at once still does.
"""

import hashlib
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from customer_segmentation.language import _
from customer_segmentation.temporary_files import TEMPORARY, is_running, remove, remove_leftovers, temporary_name

try:
    import fcntl
except ImportError:  # Windows: the folder cannot be locked there
    fcntl = None  # type: ignore[assignment]

MANIFEST = "publication.json"
JOURNAL = ".publication.journal"
DATABASE = "marts.duckdb"
PICTURES = "pictures"  # what is drawn from a publication lies beside it

SECONDS_FOR_A_READER = 10  # that finishes an interrupted publication, while a build waits


class BusyError(OSError):
    """Say that another process is publishing to the folder."""


@contextmanager
def locked(folder: Path, seconds: float = 0) -> Iterator[None]:
    """Be the only one who changes a published folder, for as long as the block lasts.

    The lock is one on the folder itself, which needs no file, and ends with the process, however that ends.

    Parameters
    ----------
    folder : Path
        The published folder.
    seconds : float
        How long to wait for it.

    Raises
    ------
    BusyError
        If another process has the lock.
    OSError
        If the folder cannot be opened.
    """
    if fcntl is None:
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        deadline = time.monotonic() + seconds
        while not _is_locked(opened):
            if time.monotonic() >= deadline:
                raise BusyError("another build is publishing to it at this moment")
            time.sleep(0.1)
        yield
    finally:
        os.close(opened)


def _is_locked(opened) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def replace_files(folder: Path, written: Mapping[str, Path], outdated: Collection[str], manifest: Mapping) -> None:
    """Replace the files of a publication by those of the next one; call it in a block of `locked`.

    Parameters
    ----------
    folder : Path
        The published folder.
    written : mapping of str to Path
        The new files under their temporary names, by the names that they get. The database should come last.
    outdated : collection of str
        Names of files that are no longer published.
    manifest : mapping
        What `publication.json` will hold; `files` has the size and the checksum of each.

    Raises
    ------
    OSError
        If a file cannot be replaced. Nothing was, or the next start of a program of this project finishes it.
    """
    for name in [*written, MANIFEST]:
        if (folder / name).is_dir():
            raise IsADirectoryError(f"{folder / name} is a folder, expected a file or nothing")
    journal = {
        "renames": {path.name: name for name, path in written.items()},
        "outdated": sorted(outdated),
        "manifest": manifest,
    }
    _write_json(folder / JOURNAL, journal)
    _carry_out(folder, journal)


def _carry_out(folder, journal) -> None:
    for temporary, name in journal["renames"].items():
        with suppress(FileNotFoundError):  # renamed already, before the interruption
            os.replace(folder / temporary, folder / name)
    for name in journal["outdated"]:
        (folder / name).unlink(missing_ok=True)
    _write_json(folder / MANIFEST, journal["manifest"])
    (folder / JOURNAL).unlink()


def _write_json(path, content) -> None:
    temporary = temporary_name(path)
    try:
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def settled(folder: Path) -> str:
    """Finish or undo a publication that was interrupted, and remove what else killed programs left in the folder.

    Parameters
    ----------
    folder : Path
        The published folder; it need not exist.

    Returns
    -------
    str
        What was done, or why it could not be done, in words; empty if there was nothing to do.
    """
    remove_leftovers(folder / PICTURES)
    if not _is_unsettled(folder):
        return ""
    try:
        with locked(folder):
            return settle(folder)
    except BusyError:
        return ""  # not interrupted, but not finished yet
    except OSError as error:
        if not (folder / JOURNAL).is_file():
            return ""  # files under temporary names do no harm
        return _(
            "The publication in {folder} was interrupted while its files were replaced, and it cannot be finished here "
            "({reason}). {database} is whole; files beside it may be older or newer. The next build finishes it.",
            folder=folder, reason=error.strerror or error, database=DATABASE,
        )  # fmt: skip


def settle(folder: Path) -> str:
    """Do what `settled` promises, in a block of `locked`.

    Parameters
    ----------
    folder : Path
        The published folder.

    Returns
    -------
    str
        What was done, in words; empty if nothing was worth saying.

    Raises
    ------
    OSError
        If the folder cannot be changed.
    """
    done = ""
    journal = _read_json(folder / JOURNAL)
    if journal is not None:
        lost = _lost(folder, journal)
        if lost:
            done = _(
                "The publication in {folder} was interrupted and cannot be finished, because {file} is not what was "
                "written. Build again.",
                folder=folder, file=lost,
            )  # fmt: skip
            (folder / JOURNAL).unlink()
        else:
            _carry_out(folder, journal)
            done = _(
                "The publication in {folder} was interrupted while its files were replaced. It is finished now.",
                folder=folder,
            )
    for entry in list(os.scandir(folder)):
        if _is_left_over(entry.name):
            remove(Path(entry.path))
    return done


def _is_unsettled(folder) -> bool:
    try:
        return any(entry.name == JOURNAL or _is_left_over(entry.name) for entry in os.scandir(folder))
    except OSError:
        return False


def _is_left_over(name) -> bool:
    """Return whether no process writes a file, if the folder is locked: only the holder of the lock publishes."""
    found = TEMPORARY.fullmatch(name)
    if found is None:
        return False
    is_published = found["name"] in (DATABASE, MANIFEST, JOURNAL) or found["name"].endswith(".parquet")
    return is_published or not is_running(int(found["process"]))


def _lost(folder, journal) -> str | None:
    """Name a file of the publication that is there neither under its temporary name nor under its own."""
    temporary = {name: path for path, name in journal["renames"].items()}
    for name, expected in journal["manifest"]["files"].items():
        written = folder / temporary.get(name, name)
        found = written if written.is_file() else folder / name
        if not found.is_file() or describe_file(found) != {key: expected[key] for key in ("bytes", "sha256")}:
            return name
    return None


def describe_file(path: Path) -> dict[str, Any]:
    """Return the size and the checksum of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        `bytes` and `sha256`.
    """
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def project_version() -> str:
    """Return the version of this project that is installed; of a copy that is not, no number is known."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("warehouse-segmentation")
    except PackageNotFoundError:
        return "unknown"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return what `publication.json` says; None where there is none, as beside a database that was copied alone."""
    return _read_json(folder / MANIFEST)


def _read_json(path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def settled_beside(database: Path) -> str:
    """Do what `settled` does in the folder of a published database; a database of another name stands for itself."""
    return settled(database.parent) if database.name == DATABASE else ""


def build_id_of(opened: Any) -> str | None:
    """Return the build that an open published database says it is of, or None for one of an older version."""
    found = opened.execute("from published_tables limit 1")
    names = [column[0] for column in found.description]
    row = found.fetchone()
    return row[names.index("build_id")] if row and "build_id" in names else None


def disagreement(database: Path, opened: Any) -> str:
    """Say that a published database is not the one that the manifest beside it describes.

    Parameters
    ----------
    database : Path
        The published database.
    opened : DuckDBPyConnection
        A connection to it.

    Returns
    -------
    str
        What does not agree, and the way out; empty if all is well, or if there is no manifest.
    """
    manifest = read_manifest(database.parent) if database.name == DATABASE else None
    if manifest is None or (database.parent / JOURNAL).is_file():
        return ""  # what a journal means is said by `settled`
    build_id = build_id_of(opened)
    if manifest.get("build_id") != build_id:
        return _(
            "{database} is of build {build}, but {manifest} beside it is of build {other}: the files in this folder "
            "are not of one publication. Run `make build` to publish them together, or copy the folder as a whole.",
            database=database, build=build_id or _("unknown (an older version of this project)"),
            manifest=MANIFEST, other=manifest.get("build_id"),
        )  # fmt: skip
    of_another = _of_another_build(database.parent, manifest, opened)
    if of_another:
        return _(
            "{file} is not of build {build}, as {database} beside it is ({manifest}). Run `make build` to publish them "
            "together, or copy the folder as a whole.",
            file=database.parent / of_another, build=build_id, database=database.name, manifest=MANIFEST,
        )  # fmt: skip
    return ""


def _of_another_build(folder, manifest, opened) -> str | None:
    """Name a Parquet file that has another size or another build id than the manifest says; a part may be copied."""
    files = {name: found["bytes"] for name, found in manifest.get("files", {}).items() if name.endswith(".parquet")}
    there = {str(folder / name): name for name in files if (folder / name).is_file()}
    for path, name in there.items():
        if os.stat(path).st_size != files[name]:
            return name
    if not there:
        return None
    # files of large tables, as Spark wrote them, have the id of the build in their path
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path, name in there.items() if "/" not in name)
    try:
        found = opened.execute(
            f"select file_name, decode(value) from parquet_kv_metadata([{listed}]) where decode(key) = 'build_id'"
        ).fetchall()
    except Exception:  # a folder whose name DuckDB takes for a pattern: sizes have to do
        return None
    ids = dict(found)
    return next((there[path] for path in there if ids.get(path, manifest["build_id"]) != manifest["build_id"]), None)


def is_published(file: Path) -> bool:
    """Return whether a file is the one that the manifest beside it describes, by its checksum; yes without one."""
    manifest = read_manifest(file.parent)
    if manifest is None or file.name not in manifest.get("files", {}):
        return True
    expected = manifest["files"][file.name]
    return describe_file(file) == {key: expected[key] for key in ("bytes", "sha256")}
