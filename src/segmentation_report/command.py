"""What the commands of this package have in common: arguments, plain messages and files that are whole."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

from segmentation_report.marts import PUBLISHED, Marts, NothingPublishedError


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
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def run(description: str, file_name: str, make: Callable[[Marts], bytes], arguments: list[str] | None = None) -> int:
    """Make one file from a publication, and say in words what came of it.

    Parameters
    ----------
    description : str
        What the command does, for `--help`.
    file_name : str
        Name of the file it writes.
    make : callable
        Makes the content from the open publication.
    arguments : list of str, optional
        Arguments instead of those of the command line.

    Returns
    -------
    int
        Exit code: 0, or 1 with a message if there is nothing to read or no place to write.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("marts", nargs="?", type=Path, default=PUBLISHED, help=f"published database ({PUBLISHED})")
    parser.add_argument("folder", nargs="?", type=Path, help="folder to write to (where the database is)")
    options = parser.parse_args(arguments)
    path = (options.folder or options.marts.parent) / file_name
    try:
        marts = Marts(options.marts)
        try:
            content = make(marts)
        finally:
            marts.close()
        write_whole(path, content)
    except NothingPublishedError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        sys.stdout.write(
            f"{options.marts} was published by another version of this project ({reason}). Run `make build` to publish "
            "it anew.\n"
        )
        return 1
    except OSError as error:
        sys.stdout.write(
            f"{path} cannot be written: {error.strerror or error}. Check the permissions of the folder and the free "
            "space, or name another folder as the second argument.\n"
        )
        return 1
    sys.stdout.write(f"{path}: {len(content) / 1e6:.1f} MB\n")
    return 0
