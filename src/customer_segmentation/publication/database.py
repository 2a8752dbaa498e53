"""Where the published database is, and how it is opened: read-only, and plain about what is missing.

The ground floor of everything that reads a publication; without pandas, for commands that answer at once.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import title_of
from customer_segmentation.language import _
from customer_segmentation.publication.folder import (
    DATABASE,
    disagreement,
    project_version,
    read_manifest,
    settled_beside,
)
from customer_segmentation.temporary_files import spill_folder

PUBLISHED = Path("published/marts.duckdb")
# of all money: without a campaign that says it, the customers do
CURRENCY = """
    select coalesce((select max(currency) from campaign_recommendations), (select max(currency) from customers))
"""
# Without these there is nothing to show; what else is missing is said where it would be shown.
NEEDED = ("segmentation_fits", "datasets", "segments", "personas", "segment_profiles", "cluster_centroids")


def published_path() -> Path:
    """Return where the published database is: the variable SEGMENTATION_PUBLISHED, or where a build puts it."""
    return Path(os.environ.get("SEGMENTATION_PUBLISHED") or PUBLISHED)


class Identity(NamedTuple):
    """What tells one published file from the next that takes its name."""

    inode: int
    modified: int
    size: int


def identity(path: Path) -> Identity | None:
    """Return what tells a published file from another one, or None if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Identity(found.st_ino, found.st_mtime_ns, found.st_size)


def quoted(name: str) -> str:
    """Write the name of a table or a column for SQL, whatever it holds.

    Examples
    --------
    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def other_version(path: str | Path, reason: object) -> NotPossibleError:
    """Say that a publication lacks a table or a column that is read, which version published it and which reads it."""
    manifest = (read_manifest(Path(path).parent) if Path(path).name == DATABASE else None) or {}
    day, version = str(manifest.get("published_at", ""))[:10], manifest.get("version")
    by = version or _("a version that does not say its number")
    published = (
        _("published on {day} by {version}", day=day, version=by) if day else _("published by {version}", version=by)
    )
    return NotPossibleError(
        _(
            "{path} was published by another version of this project ({reason}). Found: {published}; expected: "
            "{expected}. Run `make build` to publish it again, or read it with the version that published it.",
            path=path, reason=_first_line(reason), published=published, expected=project_version(),
        )
    )  # fmt: skip


def _unreadable(path, reason) -> NotPossibleError:
    return NotPossibleError(
        _(
            "{path} cannot be read as a published database ({reason}). Run `make build` to publish it again.",
            path=path, reason=_first_line(reason),
        )
    )  # fmt: skip


def _first_line(reason) -> str:
    return (str(reason).splitlines() or [""])[0]


@contextmanager
def errors_explained(path: str | Path) -> Iterator[None]:
    """Say in plain words what DuckDB says about a publication that is read in this block.

    Parameters
    ----------
    path : str or Path
        The published database.

    Raises
    ------
    NotPossibleError
        Instead of any error of DuckDB.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise NotPossibleError(
            _(
                "Not enough memory, or room for temporary files ({reason}). Process fewer customers at a time.",
                reason=_first_line(error),
            )
        ) from None
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise other_version(path, error) from None
    except duckdb.IOException as error:
        if "No files found" not in str(error):
            raise _unreadable(path, error) from None
        raise NotPossibleError(
            _(
                "{path} shows a large table from files that are not there ({reason}). Open the publication where it "
                "was built, under the same path, or run `make build` to publish it here.",
                path=path, reason=_first_line(error),
            )
        ) from None  # fmt: skip
    except duckdb.Error as error:
        raise _unreadable(path, error) from None


def connected(path: str | Path) -> duckdb.DuckDBPyConnection:
    """Connect to a published database, read-only.

    Parameters
    ----------
    path : str or Path
        The published database.

    Returns
    -------
    DuckDBPyConnection
        What does not fit into memory goes where temporary files belong.

    Raises
    ------
    NotPossibleError
        If there is no such file, or it is no database.
    """
    if Path(path).is_dir():
        raise NotPossibleError(
            _(
                "{path} is a folder, expected a published database such as {path}/marts.duckdb. Run `make build` to "
                "publish one.",
                path=path,
            )
        )
    if not Path(path).is_file():
        raise NotPossibleError(
            _(
                "{path} does not exist. Run `make build` first, or name a published database (SEGMENTATION_PUBLISHED).",
                path=path,
            )
        )
    with errors_explained(path):
        database = duckdb.connect(str(path), read_only=True)
    # set afterwards: connections of one process to one file must have been opened alike
    with suppress(duckdb.Error):  # one that has put something on disk keeps its folder
        database.execute(f"set temp_directory = '{str(spill_folder()).replace(chr(39), chr(39) * 2)}'")
    return database


def refuse_unusable(path: str | Path, ask: Callable[[str], Sequence[Sequence[Any]]]) -> None:
    """Stop where a publication lacks what every reader needs, or holds no segmentation.

    Parameters
    ----------
    path : str or Path
        The published database, for the message.
    ask : callable
        Takes a query and returns its rows.

    Raises
    ------
    NotPossibleError
        If a table is missing, or nothing was put into them.
    """
    tables = {name for (name,) in ask("select table_name from duckdb_tables()")}
    missing = [name for name in (*NEEDED, "published_tables") if name not in tables]
    if missing:
        raise other_version(path, f"no {', '.join(missing)}")
    ((segmentations, published_at),) = ask(
        """
        select
            (
                select count(*)
                from segmentation_fits
                inner join datasets on segmentation_fits.dataset = datasets.dataset
            ) as segmentations,
            (select max(published_at) from published_tables) as published_at
        """
    )
    if not segmentations:
        raise NotPossibleError(_("{path} holds no segmentation. Run `make build` to publish it again.", path=path))
    if published_at is None:
        raise NotPossibleError(
            _("{path} does not say when it was published. Run `make build` to publish it again.", path=path)
        )


def print_notice(notice: str) -> None:
    """Print what a reader of an answer should know about the publication, apart from the answer."""
    if notice:
        sys.stderr.write(f"{notice}\n")


@contextmanager
def open_published(
    path: str | Path, notify: Callable[[str], None] = print_notice
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a published database for as long as the block lasts.

    Parameters
    ----------
    path : str or Path
        The published database.
    notify : callable
        Called with what a reader should know about the publication; with an empty text if that is nothing.

    Yields
    ------
    DuckDBPyConnection

    Raises
    ------
    NotPossibleError
        If the file does not exist, is no published database, holds no segmentation, or was published by another
        version of this project.
    """
    if Path(path).is_file():
        notify(settled_beside(Path(path)))
    with errors_explained(path), connected(path) as database:
        refuse_unusable(path, lambda sql: database.execute(sql).fetchall())
        notify(disagreement(Path(path), database))
        yield database


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


def segmentation_names(database: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what people see instead of the keys of segmentations, by key; an earlier version published no names."""
    found = rows(database, "from segmentation_fits")
    return {row["segmentation"]: row.get("segmentation_name") or title_of(row["segmentation"]) for row in found}


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
