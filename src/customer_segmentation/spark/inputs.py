"""Tables of the cluster's catalogue as inputs: the Parquet files that both engines read."""

import shutil
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb

from customer_segmentation.errors import UnreadableError
from customer_segmentation.progress import note
from customer_segmentation.spark.engine import plain_reason, session
from customer_segmentation.spark.lake import REACH, lake_folder

COPIES = "inputs"


def files_of_table(name: str, database: str) -> list[Path]:
    """Return Parquet files that hold the rows of a table or view that Spark knows.

    Parameters
    ----------
    name : str
        Its name in Spark: `table`, `schema.table` or `catalog.schema.table`.
    database : str
        The database file, beside which the lake folder lies.

    Returns
    -------
    list of Path
        The files of the table itself. Where they are not all of it (a view, deleted rows, columns that only the names
        of folders hold), or lie where this machine does not read, Spark writes the rows to the lake folder once.

    Raises
    ------
    UnreadableError
        If Spark does not know the table, it has no rows, or what Spark copied is not found here.
    """
    try:
        frame = session().table(name)
        columns, rows = frame.columns, frame.count()
        # a view may compute something else from the rows of its files
        is_table = session().catalog.getTable(name).tableType in ("MANAGED", "EXTERNAL")
        places = map(urlsplit, frame.inputFiles() if is_table else [])
        own = sorted(Path(unquote(place.path)) for place in places if place.scheme == "file")
    except Exception as error:
        if not (reason := plain_reason(error)):
            raise
        raise UnreadableError(
            f"Spark does not read {name}: {reason}. Correct the name, or look at it with Spark."
        ) from None
    if not rows:
        raise UnreadableError(f"{name} has no rows in Spark. Expected at least one.")
    if _hold(own, columns, rows):
        return own
    note(f"Spark copies {name}: its rows are not those of Parquet files that this machine reads")
    copies = lake_folder(database) / COPIES / name
    before = sorted(copies.iterdir()) if copies.is_dir() else []
    for folder in before[:-1]:  # the warehouse still shows the last one
        shutil.rmtree(folder, ignore_errors=True)
    written = copies / str(time.time_ns())
    frame.write.parquet(str(written))
    copied = sorted(written.glob("*.parquet"))
    if not _hold(copied, columns, rows):
        raise UnreadableError(f"Spark copied {rows:,} rows of {name} to {written}, which are not found there. {REACH}")
    return copied


def _hold(files: list[Path], columns: list[str], rows: int) -> bool:
    """Return whether files hold all columns and as many rows as a table."""
    with duckdb.connect() as connection:
        try:
            held = [connection.read_parquet(str(file), hive_partitioning=False) for file in files]
            found = sum(part.count("*").fetchall()[0][0] for part in held)
            return bool(held) and found == rows and all(set(part.columns) == set(columns) for part in held)
        except duckdb.Error:
            return False  # files of another kind, or out of reach
