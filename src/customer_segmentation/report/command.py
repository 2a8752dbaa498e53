"""What the commands of this package have in common: arguments, plain messages and files that are whole."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import PUBLISHED, published_path
from customer_segmentation.publication.outgoing import OutgoingPublication
from customer_segmentation.publication.tables import Publication
from customer_segmentation.temporary_files import remove_leftovers, temporary_name


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


def run(
    description: str,
    make: Callable[[Publication, Path], str],
    arguments: list[str] | None = None,
    *,
    subfolder: str = "",
) -> int:
    """Make something that leaves the house from a publication, and say in words what came of it.

    Parameters
    ----------
    description : str
        What the command does, for `--help`.
    make : callable
        Writes into a folder what it makes from the open publication, and returns what to say about it.
    arguments : list of str, optional
        Arguments instead of those of the command line.
    subfolder : str
        Where to write beside the database, if no folder is named.

    Returns
    -------
    int
        Exit code: 0, or 1 with a message if there is nothing to read or no place to write.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "published",
        nargs="?",
        type=Path,
        default=published_path(),
        help=f"published database (SEGMENTATION_PUBLISHED, or {PUBLISHED})",
    )
    default = f"{subfolder}, where the database is" if subfolder else "where the database is"
    parser.add_argument("folder", nargs="?", type=Path, help=f"folder to write to ({default})")
    options = parser.parse_args(arguments)
    folder = options.folder or options.published.parent / subfolder
    try:
        for place in (folder, folder.parent):  # a folder is written beside its place
            remove_leftovers(place)
        with OutgoingPublication(options.published) as publication:
            for notice in publication.notices:
                sys.stderr.write(f"{notice}\n")
            for dataset in publication.asked_for():
                sys.stdout.write(
                    f"Warning: what is written shows single customers of {dataset} as points with their exact figures, "
                    "because the var exact_points is true. Check who may see it before you hand it on.\n"
                )
            message = make(publication, folder)
    except NotPossibleError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stdout.write(
            f"The folder {folder} cannot be written: {error.strerror or error}. Check its permissions and the free "
            "space, or name another folder as the second argument. Every file there is whole: the old one, or already "
            "the new.\n"
        )
        return 1
    except MemoryError:
        sys.stdout.write("There is not enough memory. Close other programs, or raise its limit (`ulimit -v`).\n")
        return 1
    sys.stdout.write(f"{message}\n")
    return 0


def write_one(path: Path, content: bytes) -> str:
    """Write a file as `write_whole` does, and say how large it is."""
    write_whole(path, content)
    return f"{path}: {len(content) / 1e6:.1f} MB"
