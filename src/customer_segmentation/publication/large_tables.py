"""Large tables of a publication: the Parquet files that Spark wrote, beside a database that shows them as a view.

One machine would copy and sort such a table for longer than Spark needs to compute it. Its files are linked instead, or
copied where the lake folder is on another disk or in an object store, into a folder that has the id of the build:
`large_tables/<build id>/<table>/`. Nothing names the folder until the database and the manifest are renamed
into place, and the folder of the publication before stays until the next one, so who still reads the old database finds
the old files. Building again neither changes nor deletes them, because the lake never writes into a file that is there.
"""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from customer_segmentation.object_store import LakePath, contents, lake_path, place_file
from customer_segmentation.publication.folder import describe_file, read_manifest
from customer_segmentation.temporary_files import temporary_name

FOLDER = "large_tables"
SHOWN_FILES = re.compile(r"(?<=from read_parquet\(')((?:[^']|'')+)/\*\.parquet(?='\))", flags=re.IGNORECASE)


class LargeTable(NamedTuple):
    """A table that is published as it was written.

    Attributes
    ----------
    query : str
        The SELECT that shows it in the warehouse, with the types that its columns have there.
    folder : Path or ObjectPath
        Where its Parquet files are.
    rows : int
        Number of rows.
    """

    query: str
    folder: LakePath
    rows: int


def large_tables(session: Any, names: Mapping[str, tuple[str, str]], most_rows: int) -> dict[str, LargeTable]:
    """Return those tables of the warehouse that Spark wrote and that have too many rows to be copied.

    Parameters
    ----------
    session : DuckDBPyConnection
        Connection to the warehouse.
    names : mapping of str to tuple of str
        Schema and name in the warehouse, by name of the published table.
    most_rows : int
        A table of more rows is large.

    Returns
    -------
    dict of str to LargeTable
    """
    views = {
        (schema, name): sql.strip().rstrip(";")
        for schema, name, sql in session.execute(
            "select schema_name, view_name, sql from duckdb_views() where database_name = current_database()"
        ).fetchall()
    }
    found = {}
    for published, place in names.items():
        shown = SHOWN_FILES.search(views.get(place, ""))
        if shown is None:
            continue
        folder = lake_path(shown[1].replace("''", "'"))
        # the files say how many rows they hold
        counted = "select coalesce(sum(num_rows), 0) from parquet_file_metadata(?)"
        ((rows,),) = session.execute(counted, [[str(file) for file in contents(folder, "*.parquet")]]).fetchall()
        if rows > most_rows:
            query = re.sub(r"^create view .*? as ", "", views[place], flags=re.IGNORECASE | re.DOTALL)
            found[published] = LargeTable(query, folder, int(rows))
    return found


def remove_unread(folder: Path) -> None:
    """Delete the large tables of builds before the last one, and of one that was killed; in a block of `locked`.

    Parameters
    ----------
    folder : Path
        The published folder.
    """
    last = (read_manifest(folder) or {}).get("build_id")
    for build in (folder / FOLDER).glob("*"):
        if build.name != last:
            shutil.rmtree(build, ignore_errors=True)
    if (folder / FOLDER).is_dir() and not any((folder / FOLDER).iterdir()):
        (folder / FOLDER).rmdir()


def place(session: Any, folder: Path, build_id: str, name: str, table: LargeTable) -> dict[str, dict[str, Any]]:
    """Put the files of a large table where the publication shows them.

    Parameters
    ----------
    session : DuckDBPyConnection
        Counts the rows of the files.
    folder : Path
        The published folder.
    build_id : str
        Id of the build.
    name : str
        Name of the table.
    table : LargeTable
        The table.

    Returns
    -------
    dict of str to dict
        What the manifest says of each file, by its path in the published folder. Files of the same build are left as
        they are if they are whole.
    """
    placed = folder / FOLDER / build_id / name
    before = {
        file: described
        for file, described in (read_manifest(folder) or {}).get("files", {}).items()
        if (folder / file).parent == placed
    }
    if before and all(_is_whole(folder / file, described) for file, described in before.items()):
        return before
    shutil.rmtree(placed, ignore_errors=True)
    written = temporary_name(placed)
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir(parents=True)
    for file in contents(table.folder, "*.parquet"):
        place_file(file, written / file.name)
    os.replace(written, placed)
    files = sorted(placed.iterdir())
    rows = dict(
        session.execute(
            "select file_name, num_rows from parquet_file_metadata(?)", [[str(file) for file in files]]
        ).fetchall()
    )
    return {file.relative_to(folder).as_posix(): {"rows": rows[str(file)], **describe_file(file)} for file in files}


def _is_whole(file: Path, described: Mapping[str, Any]) -> bool:
    return file.is_file() and describe_file(file) == {key: described[key] for key in ("bytes", "sha256")}


def shown_from(table: LargeTable, folder: Path, build_id: str, name: str) -> str:
    """Return the SELECT that shows a large table from the published folder.

    Parameters
    ----------
    table : LargeTable
        The table.
    folder, build_id, name
        As for `place`.

    Returns
    -------
    str
        With the whole path: DuckDB looks for another one in the folder of the reader.
    """
    path = str((folder / FOLDER / build_id / name).absolute()).replace("'", "''")
    return SHOWN_FILES.sub(lambda _: f"{path}/*.parquet", table.query)
