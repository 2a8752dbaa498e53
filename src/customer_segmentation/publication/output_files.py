"""Files that these commands write: CSV or Parquet, whole, never over another file unasked, and for their owner only."""

import codecs
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import counted
from customer_segmentation.language import _
from customer_segmentation.publication.formulas import formulas, safe_query
from customer_segmentation.temporary_files import remove_leftovers, temporary_name

FORMATS = (".csv", ".parquet")
OWNER_ONLY = 0o600  # a file of customers belongs to its owner alone


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
    database: duckdb.DuckDBPyConnection,
    sql: str,
    path: Path,
    parameters: Sequence = (),
    *,
    for_excel: bool = False,
    raw: bool = False,
    notify: Callable[[str], None] = lambda text: None,
) -> int:
    """Write the rows of a query to a file, under a temporary name first, so that nobody reads half of it.

    Parameters
    ----------
    database : DuckDBPyConnection
        Where the query runs.
    sql : str
        One query, with `?` for each parameter.
    path : Path
        A .csv or .parquet file; its folder is created if it does not exist. Only its owner may read it.
    parameters : sequence
        Values of the parameters.
    for_excel : bool
        Whether a CSV begins with the mark by which Excel recognises UTF-8.
    raw : bool
        Whether the texts of a CSV are written as they are, even where a spreadsheet would run them as formulas.
    notify : callable
        Is told, in words, where texts of a CSV were changed.

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
        changed = 0
        if is_csv and not raw:
            changed = formulas(database, sql, parameters)
            sql, __ = safe_query(database, sql, parameters)
        for file in (temporary, marked):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
        # without a temporary file of its own, the database writes into the one that is there
        copy = f"copy ({sql}) to ? (format {'csv' if is_csv else 'parquet'}, use_tmp_file false)"
        ((written,),) = database.execute(copy, [*parameters, str(temporary)]).fetchall()
        if is_csv and for_excel:
            with temporary.open("rb") as rows, marked.open("r+b") as target:
                target.write(codecs.BOM_UTF8)
                shutil.copyfileobj(rows, target)
            os.replace(marked, temporary)
        os.replace(temporary, path)
        if changed:
            notify(
                _(
                    "{file}: a spreadsheet would run {texts} as a formula; an apostrophe was put in front. --raw "
                    "writes texts as they are.",
                    file=path.name, texts=counted(changed, "text"),
                )
            )  # fmt: skip
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
