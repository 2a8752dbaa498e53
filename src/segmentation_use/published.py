"""The published database as these commands read it: opened read-only, closed at once, plain about what is missing."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

from segmentation_tools.published_folder import disagreement, settled_beside
from segmentation_tools.temporary_files import spill_folder

SEGMENTATIONS = """
    select segmentation
    from segmentation_fits
    inner join datasets on segmentation_fits.dataset = datasets.dataset
    limit 1
"""


class NotPossibleError(Exception):
    """Say in plain words why something cannot be done, and the way out."""


class UsageError(NotPossibleError):
    """Say what a command lacks to know what is wanted."""


@contextmanager
def open_published(path: str | Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a published database read-only for as long as the block lasts.

    Parameters
    ----------
    path : str or Path
        The published database.

    Yields
    ------
    DuckDBPyConnection

    Raises
    ------
    NotPossibleError
        If the file does not exist, is no published database, holds no segmentation, or was published by another
        version of this project.
    """
    if Path(path).is_dir():
        raise NotPossibleError(f"{path} is a folder, expected a published database, for example {path}/marts.duckdb.")
    if not Path(path).is_file():
        raise NotPossibleError(f"{path} does not exist. Run `make build` first, or name a published database.")
    beware(settled_beside(Path(path)))
    try:
        with duckdb.connect(str(path), read_only=True, config={"temp_directory": str(spill_folder())}) as database:
            if not database.execute(SEGMENTATIONS).fetchall():
                raise NotPossibleError(f"{path} holds no segmentation. Run `make build` to publish it anew.")
            beware(disagreement(Path(path), database))
            yield database
    except duckdb.OutOfMemoryException as error:
        raise NotPossibleError(
            f"There is not enough memory, or room for temporary files ({str(error).splitlines()[0]}). Take a part of "
            "the customers at a time."
        ) from None
    except duckdb.Error as error:
        missing = isinstance(error, (duckdb.CatalogException, duckdb.BinderException))
        what = "was not published by this version of the project" if missing else "cannot be read"
        raise NotPossibleError(
            f"{path} {what} ({str(error).splitlines()[0]}). Run `make build` to publish it anew."
        ) from None


def beware(notice: str) -> None:
    """Print what a reader of an answer should know about the publication, apart from the answer."""
    if notice:
        sys.stderr.write(f"{notice}\n")


def rows(database: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence = ()) -> list[dict[str, Any]]:
    """Return the rows of a query, each as a dictionary.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    sql : str
        One query, with `?` for each parameter.
    parameters : sequence
        Values of the parameters.

    Returns
    -------
    list of dict
    """
    result = database.execute(sql, list(parameters))
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def known(name: str, names: Iterable[str], kind: str) -> str:
    """Return a name if it is one of those known.

    Parameters
    ----------
    name : str
        What the user wrote.
    names : iterable of str
        What there is.
    kind : str
        What is named, for the message: `dataset`, `segmentation of shop`, `table`.

    Returns
    -------
    str

    Raises
    ------
    NotPossibleError
        If there is no such name; the nearest one is suggested.
    """
    names = list(names)
    if name in names:
        return name
    close = get_close_matches(name, names, n=1)
    suggestion = f" Did you mean {close[0]}?" if close else ""
    raise NotPossibleError(f"There is no {kind} called '{name}'.{suggestion} There are: {', '.join(names)}.")
