"""Names of files that are being written, and removal of those that a killed process left behind.

Whatever this project writes gets a temporary name first, `.NAME.PROCESS.tmp`, and is renamed when it is whole. A
process that is killed cannot tidy up after itself, so the next one that writes to the same place does it.
"""

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

# DuckDB puts a log beside a database that is being written, and a folder for what does not fit into memory.
TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<process>[0-9]+)\.tmp(\.wal|\.tmp)?")
SPILLED = re.compile(r"segmentation\.(?P<process>[0-9]+)(\..+)?")
SPILLED_BY_DUCKDB = re.compile(r"duckdb_temp_(?P<process>[0-9]+)_.+")


def temporary_name(path: Path) -> Path:
    """Return the name under which this process writes a file or a folder until it is whole.

    Parameters
    ----------
    path : Path
        Where it belongs.

    Returns
    -------
    Path
        In the same folder, so that it can be renamed in one step.

    Examples
    --------
    >>> TEMPORARY.fullmatch(temporary_name(Path("pictures/ages.svg")).name)["name"]
    'ages.svg'
    """
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it, so that a reader never sees half of it.

    Parameters
    ----------
    path : Path
        The file; its folder is created if it does not exist.
    content : bytes
        What to write.

    Raises
    ------
    OSError
        If the folder cannot be written. What was in the file before is unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(path)
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_one(path: Path, content: bytes) -> str:
    """Write a file as `write_whole` does, and say how large it is."""
    write_whole(path, content)
    return f"{path}: {len(content) / 1e6:.1f} MB"


def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes were writing in a folder; what cannot be removed stays.

    Parameters
    ----------
    folder : Path
        It need not exist.
    """
    _remove_of_dead(folder, TEMPORARY)


def spill_folder() -> Path:
    """Name the folder where a reader puts what does not fit into memory, and remove those of killed readers.

    Returns
    -------
    Path
        Where temporary files of this machine belong, not beside what others read. DuckDB creates it when it needs it
        and removes it in the end.
    """
    place = Path(tempfile.gettempdir())
    _remove_of_dead(place, SPILLED)
    return place / f"segmentation.{os.getpid()}"


def temporary_folder() -> tempfile.TemporaryDirectory:
    """Make a folder where temporary files of this machine belong, and remove those of killed processes.

    Returns
    -------
    TemporaryDirectory
        To be used in a `with` statement, at whose end the folder goes.
    """
    return tempfile.TemporaryDirectory(prefix=f"{spill_folder().name}.")


def remove_spilled(folder: Path) -> None:
    """Remove what builds that were killed left in the folder for what does not fit into memory.

    Parameters
    ----------
    folder : Path
        Several builds may share it.
    """
    _remove_of_dead(folder, SPILLED_BY_DUCKDB)


def is_running(process: int) -> bool:
    """Return whether a process of this number runs on this machine; where that cannot be asked, that it does."""
    if os.name == "nt":  # Windows would stop the process
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it belongs to somebody else
        return True
    return True


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, if it is there and may be removed."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _remove_of_dead(folder, names) -> None:
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            found = names.fullmatch(entry.name)
            if found and not is_running(int(found["process"])):
                remove(Path(entry.path))
