"""Tables that Spark knows as inputs: the Parquet files that both engines read."""

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb

from customer_segmentation.errors import UnreadableError
from customer_segmentation.object_store import LakePath, contents, register, remove
from customer_segmentation.progress import note
from customer_segmentation.spark.engine import plain_reason, session
from customer_segmentation.spark.lake import REACH, own_folder, written_rows

COPIES = "inputs"
# Formats whose tables are all rows of all their files. Of a Delta or Iceberg table only the log says which files and
# rows count, and what the columns are called.
PLAIN_FORMATS = {"parquet", "hive"}
BY_FOLDER = re.compile(r"(\w+)\.`?([^`]*/[^`]*)`?")


def files_of_table(name: str, database: str) -> Sequence[LakePath]:
    """Return Parquet files that hold the rows of a table or view that Spark knows.

    Parameters
    ----------
    name : str
        Its name in Spark: `table`, `schema.table`, `catalog.schema.table`, or `format.folder` (`delta./data/orders`).
    database : str
        The database file, beside which the lake folder lies.

    Returns
    -------
    sequence of Path or ObjectPath
        The files of the table itself. Where they are not all of it (a view, a Delta or Iceberg table, columns that only
        the names of folders hold), or lie where this machine does not read, Spark writes the rows to the lake folder.

    Raises
    ------
    UnreadableError
        If Spark does not know the table, it has no rows, or what Spark copied is not found here.
    InputError
        If the lake folder cannot be written, or belongs to another warehouse.
    """
    with _plain_refusals(name):
        frame = session().table(_spelling(name))
        columns, rows = frame.columns, frame.count()
        places = map(urlsplit, frame.inputFiles() if _is_of_plain_files(name) else [])
        own = sorted(Path(unquote(place.path)) for place in places if place.scheme == "file")
    if not rows:
        raise UnreadableError(f"{name} has no rows in Spark. Expected at least one.")
    if _hold(own, columns, rows):
        return own
    note(f"Spark copies {name}: its rows are not those of Parquet files that this machine reads")
    copies = own_folder(database) / COPIES / _folder_name(name)
    before = contents(copies, "*")
    for folder in before[:-1]:  # the warehouse still shows the last one
        remove(folder)
    folder = copies / str(time.time_ns())
    with _plain_refusals(name):
        # somebody may have written to the table since its rows were counted
        rows = written_rows(frame, folder)
    copied = contents(folder, "*.parquet")
    if not _hold(copied, columns, rows):
        raise UnreadableError(f"Spark copied {rows:,} rows of {name} to {folder}, which are not found there. {REACH}")
    return copied


@contextmanager
def _plain_refusals(name: str) -> Iterator[None]:
    """Say in one sentence why Spark does not read a table."""
    try:
        yield
    except Exception as error:
        if not (reason := plain_reason(error)):
            raise
        raise UnreadableError(
            f"Spark does not read {name}: {reason}. Correct the name, or look at it with Spark."
        ) from None


def _spelling(name: str) -> str:
    """Return a name as Spark spells it, which quotes a folder."""
    by_folder = BY_FOLDER.fullmatch(name)
    return f"{by_folder[1]}.`{by_folder[2]}`" if by_folder else name


def _folder_name(name: str) -> str:
    if re.fullmatch(r"[\w.]+", name):
        return name
    readable = re.sub(r"\W+", "_", name).strip("_")
    return f"{readable}_{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:8]}"


def _is_of_plain_files(name: str) -> bool:
    """Return whether a table may be the rows of its files: no view, which may compute something else from them."""
    if BY_FOLDER.fullmatch(name) or session().catalog.getTable(name).tableType not in ("MANAGED", "EXTERNAL"):
        return False
    described = {row[0]: row[1] for row in session().sql(f"describe extended {name}").collect()}
    return described.get("Provider", "").lower() in PLAIN_FORMATS


def _hold(files: Sequence[LakePath], columns: list[str], rows: int) -> bool:
    """Return whether files hold all columns and as many rows as a table."""
    with duckdb.connect() as connection:
        register(connection)
        try:
            held = [connection.read_parquet(str(file), hive_partitioning=False) for file in files]
            found = sum(part.count("*").fetchall()[0][0] for part in held)
            return bool(held) and found == rows and all(set(part.columns) == set(columns) for part in held)
        except duckdb.Error:
            return False  # files of another kind, or out of reach
