"""Files that these commands write: CSV or Parquet, written whole, and never over another file unasked."""

import codecs
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from segmentation_tools.temporary_files import remove_leftovers, temporary_name
from segmentation_use.published import NotPossibleError

FORMATS = (".csv", ".parquet")


def check_output(path: Path, *, force: bool) -> None:
    """Stop before anything is read if a file to write has no known format or is there already.

    Parameters
    ----------
    path : Path
        The file to write.
    force : bool
        Whether a file that exists is replaced.

    Raises
    ------
    NotPossibleError
        In these cases.
    """
    if path.suffix.lower() not in FORMATS:
        raise NotPossibleError(f"{path} ends in '{path.suffix}', expected {' or '.join(FORMATS)}.")
    if path.is_dir():
        raise NotPossibleError(f"{path} is a folder, expected the name of a file to write.")
    if path.exists() and not force:
        raise NotPossibleError(f"{path} exists already. Name another place, or replace it with --force.")


def write_rows(
    database: duckdb.DuckDBPyConnection, sql: str, path: Path, parameters: Sequence = (), *, for_excel: bool = False
) -> int:
    """Write the rows of a query to a file, under a temporary name first, so that nobody reads half of it.

    Parameters
    ----------
    database : DuckDBPyConnection
        Where the query runs.
    sql : str
        One query, with `?` for each parameter.
    path : Path
        A .csv or .parquet file; its folder is created if it does not exist. Cells of a CSV are written as they are.
    parameters : sequence
        Values of the parameters.
    for_excel : bool
        Whether a CSV begins with the mark by which Excel recognises UTF-8.

    Returns
    -------
    int
        Number of rows that were written.

    Raises
    ------
    NotPossibleError
        If the file cannot be written.
    """
    temporary, marked = temporary_name(path), temporary_name(path.with_name(f"{path.name}.marked"))
    is_csv = path.suffix.lower() == ".csv"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path.parent)
        copy = f"copy ({sql}) to ? (format {'csv' if is_csv else 'parquet'})"
        ((written,),) = database.execute(copy, [*parameters, str(temporary)]).fetchall()
        if is_csv and for_excel:
            with temporary.open("rb") as rows, marked.open("wb") as file:
                file.write(codecs.BOM_UTF8)
                shutil.copyfileobj(rows, file)
            os.replace(marked, temporary)
        os.replace(temporary, path)
        return written
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise NotPossibleError(
            f"{path} cannot be written: {reason}. Check the permissions of its folder and the free space, or name "
            "another place."
        ) from None
    finally:
        for leftover in (temporary, marked):
            with suppress(OSError):  # its folder may be what was wrong
                leftover.unlink(missing_ok=True)
