"""The durable history: Parquet files that are never changed, and one manifest that says which of them count.

A build describes one day of each dataset. What it records of a table is one file, `DATASET/DAY.TABLE.CONTENT.parquet`,
written under a temporary name first. The new manifest, renamed over the old one, is what makes the files count: a build
that is killed before has recorded nothing, one that is killed later everything. Files that the manifest does not name
are left by such a build, or replaced by a later build of the same day, and the next build removes them.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from customer_segmentation.errors import InputError
from customer_segmentation.history.retention import CONDENSED, months_before, still_needed
from customer_segmentation.publication.folder import SECONDS_FOR_A_READER as SECONDS
from customer_segmentation.publication.folder import BusyError, describe_file, locked
from customer_segmentation.publication.publishing import content_id
from customer_segmentation.temporary_files import remove_leftovers, temporary_name, write_whole

MANIFEST = "history.json"
# Kept for good, and read by every build: two fifths smaller than with Snappy, and as quick.
PARQUET = "format parquet, compression zstd"
FORMAT = 1  # of the manifest; a later version of the project that cannot be read by this one has a higher number


@dataclass(frozen=True)
class RecordedFile:
    """One file of the history.

    Attributes
    ----------
    dataset : str
        The dataset.
    day : str
        The day that the rows describe, as `2024-03-31`.
    table_name : str
        The recorded table.
    file : str
        Path of the file, relative to the folder of the history.
    rows : int
        Number of rows.
    bytes : int
        Size of the file.
    sha256 : str
        Checksum of the file.
    content : str
        Id of the rows; the same rows get the same id.
    """

    dataset: str
    day: str
    table_name: str
    file: str
    rows: int
    bytes: int
    sha256: str
    content: str


def recorded_files(folder: Path) -> list[RecordedFile]:
    """List the files of a history, and check that they are there and have the size that was written.

    Parameters
    ----------
    folder : Path
        Folder of the history; it need not exist.

    Returns
    -------
    list of RecordedFile
        By dataset, day and table; empty for a history that has not begun.

    Raises
    ------
    InputError
        If the folder cannot be read, a newer version of the project wrote it, or a file of it is missing or damaged.
    """
    try:
        files = _read_manifest(folder)
        if files is None:
            found = sorted(folder.glob("*/*.parquet"))
            if found:
                raise InputError(
                    f"{folder / MANIFEST} is missing, so nothing says which of the {len(found)} files beside it count. "
                    f"Restore it from a backup, or move {folder} away to begin a new history."
                )
            return []
        for recorded in files:
            size = (folder / recorded.file).stat().st_size if (folder / recorded.file).is_file() else None
            if size != recorded.bytes:
                state = "is missing" if size is None else f"has {size:,} bytes"
                raise InputError(
                    f"{folder / recorded.file} {state}, expected {recorded.bytes:,} bytes: it holds what was recorded "
                    f"of {recorded.dataset} on {recorded.day}. Restore the folder {folder} from a backup. To build "
                    "without a history meanwhile, set the var history_folder to none."
                )
    except OSError as error:
        raise InputError(
            f"The history in {folder} cannot be read: {error.strerror or error}. Check the permissions of the folder, "
            "or set the var history_folder to another one, or to none."
        ) from None
    return files


def _read_manifest(folder) -> list[RecordedFile] | None:
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        version, files = found["format"], found["files"]
        if version == FORMAT:
            return [RecordedFile(**recorded) for recorded in files]
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        raise InputError(
            f"{path} is damaged: it does not list the files of a history. Restore it from a backup, or move {folder} "
            "away to begin a new history."
        ) from None
    raise InputError(
        f"{path} has format {version}, this version of the project reads {FORMAT}: a newer version wrote it. Update "
        "the project, or set the var history_folder to another folder, or to none."
    )


def record(
    folder: Path,
    tables: Mapping[str, Any],
    days: Mapping[str, date],
    read_until: Mapping[str, date | None],
    keys: Mapping[str, Sequence[str]],
    months: int | None = None,
) -> list[RecordedFile]:
    """Record one day of each dataset, in place of what was recorded of that day before.

    Parameters
    ----------
    folder : Path
        Folder of the history; created if it does not exist.
    tables : mapping of str to DuckDBPyRelation
        What to record, by name; every table has the columns `dataset` and `day`.
    days : mapping of str to date
        The day that the build describes, by dataset.
    read_until : mapping of str to date or None
        The last earlier day of the history that the build has read, by dataset.
    keys : mapping of str to sequence of str
        Columns that tell the rows of a table apart, by which they are sorted.
    months : int, optional
        Days of these datasets that are longer ago are dropped, but for what `retention.still_needed` keeps; none unless
        given.

    Returns
    -------
    list of RecordedFile
        The files of these days. A table without rows for a dataset has none.

    Raises
    ------
    InputError
        If the folder cannot be written, another build is recording, or one has recorded what this one has not read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder, seconds=SECONDS):
            before = recorded_files(folder)
            for dataset, day in sorted(days.items()):
                _check_day(folder, before, dataset, day, read_until[dataset])
            kept = [one for one in before if one.day != str(days.get(one.dataset))]
            replaced = {(one.dataset, one.table_name): one for one in before if one not in kept}
            written = [
                found
                for dataset, day in sorted(days.items())
                for name, relation in sorted(tables.items())
                if (found := _write(folder, dataset, day, name, relation, keys[name], replaced.get((dataset, name))))
            ]
            if months is not None:
                for dataset, day in sorted(days.items()):
                    kept = _without_old_days(folder, kept, dataset, day, months_before(day, months))
            files = sorted([*kept, *written], key=lambda one: (one.dataset, one.day, one.table_name))
            if files != before:
                write_manifest(folder, files)
            _tidy(folder, files)
            return written
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        cause = "another build is recording at this moment" if isinstance(error, BusyError) else error
        raise InputError(
            f"The history in {folder} cannot be written: {cause}. What was recorded before is unchanged, and the "
            "tables are published. Check the permissions of the folder and the free space, then build again, or set "
            "the var history_folder to another folder, or to none."
        ) from None


def forget(folder: Path, customers: Sequence[str], dataset: str = "") -> dict[str, int]:
    """Remove all rows about some customers from every file of a history.

    Parameters
    ----------
    folder : Path
        Folder of the history.
    customers : sequence of str
        Ids, as in the tables.
    dataset : str
        The only dataset to remove them from; every one if it is empty.

    Returns
    -------
    dict of str to int
        Rows that were removed, by the file that held them.

    Raises
    ------
    InputError
        If there is no history, it is damaged or in use, or it cannot be written. Every row is still there then, unless
        only the old files could not be removed, which the next build does.
    """
    if not folder.is_dir():
        raise InputError(f"There is no history in {folder}, so it has nothing to forget.")
    removed: dict[str, int] = {}
    try:
        with locked(folder, seconds=SECONDS), duckdb.connect() as session:
            session.execute("create table forgotten as select unnest(?::varchar[]) as customer_id", [list(customers)])
            files = []
            for one in recorded_files(folder):
                rows = session.read_parquet(str(folder / one.file))
                found, kept = 0, rows
                if "customer_id" in rows.columns and dataset in ("", one.dataset):
                    kept = session.sql("from rows anti join forgotten using (customer_id)")
                    found = one.rows - kept.aggregate("count(*)").fetchall()[0][0]
                if not found:
                    files.append(one)
                    continue
                removed[one.file] = found
                if found < one.rows:
                    content = content_id({one.table_name: kept})
                    files.append(_write_file(folder, one.dataset, one.day, one.table_name, kept, "all", content))
            if removed:
                write_manifest(folder, files)
            _tidy(folder, files)
    except (OSError, duckdb.IOException) as error:
        cause = "a build is recording at this moment" if isinstance(error, BusyError) else error
        raise InputError(
            f"The history in {folder} cannot be changed: {cause}. Check its permissions and the free space, then run "
            "the command again."
        ) from None
    return removed


def write_manifest(folder: Path, files: Sequence[RecordedFile]) -> None:
    """Make these files the history, in one step.

    Parameters
    ----------
    folder : Path
        Folder of the history.
    files : sequence of RecordedFile
        Every file that counts from now on; all of them are whole.

    Raises
    ------
    OSError
        If the manifest cannot be written. The one before is unchanged.
    """
    content = {"format": FORMAT, "files": [asdict(one) for one in files]}
    write_whole(folder / MANIFEST, (json.dumps(content, indent=1) + "\n").encode())


def _check_day(folder, files, dataset, day, read_until) -> None:
    """Stop where a day is earlier than the last recorded one, or the history is not the one that the build has read."""
    recorded = sorted({one.day for one in files if one.dataset == dataset})
    earlier = [one for one in recorded if one < str(day)]
    if recorded and recorded[-1] > str(day):
        raise InputError(f"{folder} has {dataset} of {recorded[-1]} already, which is after {day}. Build again.")
    if (earlier[-1] if earlier else None) != (str(read_until) if read_until else None):
        raise InputError(
            f"Another build has recorded {dataset} in {folder} since this one began. The tables of this one are "
            "published. Build again to record what changed since."
        )


def _write(folder, dataset, day, name, relation, key, replaced) -> RecordedFile | None:
    """Write the rows of one dataset, unless the file that is there holds the same ones."""
    rows = relation.filter(f"dataset = '{dataset}'")
    if not rows.limit(1).fetchall():
        return None
    content = content_id({name: rows})
    if replaced is not None and replaced.content == content:
        return replaced
    return _write_file(folder, dataset, day, name, rows, ", ".join(key), content)


def _without_old_days(folder, files, dataset, day, first_day) -> list[RecordedFile]:
    """Replace the files of a dataset from before the first day by what is still needed of them, one file a table."""
    with duckdb.connect() as session:
        for table in CONDENSED:
            recorded = [
                one for one in files if (one.dataset, one.table_name) == (dataset, table) and one.day < str(day)
            ]
            old = [one for one in recorded if one.day < str(first_day)]
            if not old:
                continue
            relations = [
                session.read_parquet([str(folder / one.file) for one in some], union_by_name=True)
                for some in (old, recorded)
            ]
            rows = still_needed(session, table, *relations)
            files = [one for one in files if one not in old]
            if rows is None or not rows.aggregate("count(*)").fetchall()[0][0]:
                continue
            content, last = content_id({table: rows}), max(one.day for one in old)
            is_as_it_was = len(old) == 1 and content == old[0].content
            files.append(old[0] if is_as_it_was else _write_file(folder, dataset, last, table, rows, "all", content))
    return files


def _write_file(folder, dataset, day, name, rows, order, content) -> RecordedFile:
    """Write rows to a file of their own, which does not count before the manifest names it."""
    ((count,),) = rows.aggregate("count(*)").fetchall()
    path = folder / dataset / f"{day}.{name}.{content}.parquet"
    path.parent.mkdir(exist_ok=True)
    temporary = temporary_name(path)
    try:
        quoted = str(temporary).replace("'", "''")
        made = rows.query("recorded", f"copy (from recorded order by {order}) to '{quoted}' ({PARQUET})")
        if made is not None:  # DuckDB 2 waits until it is asked for the result
            made.fetchall()
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    relative = str(path.relative_to(folder))
    return RecordedFile(dataset, str(day), name, relative, count, content=content, **describe_file(path))


def _tidy(folder, files) -> None:
    """Remove what no longer counts, as far as it can be removed."""
    counted = {folder / one.file for one in files}
    for path in folder.glob("*/*.parquet"):
        if path not in counted and not path.name.startswith("."):
            with suppress(OSError):
                path.unlink()
    for inner in (folder, *folder.glob("*/")):
        remove_leftovers(inner)
