"""Tables that Spark computes: written as Parquet to a folder that both engines reach, and shown by the warehouse."""

import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from dbt_common.invocation import get_invocation_id
from pyspark.sql import Observation
from pyspark.sql.functions import count, lit

from customer_segmentation.errors import InputError
from customer_segmentation.object_store import (
    SCHEME,
    VARIABLE,
    LakePath,
    contents,
    filesystem,
    lake_path,
    register,
    remove,
)
from customer_segmentation.progress import note
from customer_segmentation.publication.database import quoted
from customer_segmentation.publication.large_tables import SHOWN_FILES
from customer_segmentation.spark.engine import counts_while_writing, plain_reason, session
from customer_segmentation.spark.shared_parts import shared_parts
from customer_segmentation.spark.translation import NotTranslatedError, translate

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

COPIES = "copies"  # of what DuckDB computed and Spark reads
PARTS = "parts"  # of queries that run
TESTS = "tests"  # rows that fail tests
FAILING = "rows_that_fail"  # how the warehouse shows those of the test that runs
COMPRESSION = "snappy"  # as in the publication, which may show these files
SPARK_TYPES = {
    "HUGEINT": "decimal(38,0)",
    "INTEGER": "int",
    "TIMESTAMP": "timestamp_ntz",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "UBIGINT": "decimal(20,0)",
    "VARCHAR": "string",
}

OWNER = "warehouse.txt"  # names the warehouse that a folder belongs to
REACH = (
    "Both, and every worker, must reach the folder under the same path: name one on a shared disk, or in an object "
    f"store, in {VARIABLE}, and build again."
)

# What Spark knows in this process: by name, the build that told it, and the view it was told of.
_known: dict[str, tuple[str, str]] = {}
_reached: set[str] = set()  # folders in an object store that Spark reads where DuckDB does


def lake_folder(database: str) -> LakePath:
    """Return the folder of the Parquet files that both engines reach.

    Parameters
    ----------
    database : str
        The database file.

    Returns
    -------
    Path or ObjectPath
        `SEGMENTATION_LAKE`, or a folder beside the database file.

    Raises
    ------
    InputError
        If `SEGMENTATION_LAKE` is an address of another kind than `s3://bucket/folder`, or s3fs is not installed.
    """
    given = os.environ.get(VARIABLE)
    if not given:
        return Path(database).absolute().with_suffix(".lake")
    if "://" not in given:
        return Path(given).absolute()
    if not re.fullmatch(f"{SCHEME}[^/]+/.*[^/].*", given):
        raise InputError(
            f"{VARIABLE} is {given}. Expected a folder, or an address such as {SCHEME}bucket/folder. Mount an object "
            "store of another kind as a folder on this machine and on every worker, under the same path, and name that."
        )
    filesystem()
    return lake_path(given)


def own_folder(database: str) -> LakePath:
    """Make the lake folder that of a warehouse, and return it; that of another one stays untouched.

    Parameters
    ----------
    database : str
        The database file.

    Returns
    -------
    Path or ObjectPath

    Raises
    ------
    InputError
        If it cannot be written, or belongs to another warehouse.
    """
    folder, path = lake_folder(database), str(Path(database).absolute())
    owner = folder / OWNER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            found = owner.read_text(encoding="utf-8")
        except FileNotFoundError:
            owner.write_text(path, encoding="utf-8")
            found = owner.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"The folder {folder} cannot be written: {error.strerror}. Check its permissions, or name another in "
            f"{VARIABLE}."
        ) from None
    if found != path:
        raise InputError(
            f"The folder {folder} holds tables of {found}, and this warehouse is {path}. Name another folder in "
            f"{VARIABLE}; if that warehouse is gone, or was moved here, delete {owner}."
        )
    return folder


class Lake:
    """Build tables of one warehouse in Spark.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection of the warehouse.
    build_id : str
        Tells one build from another: what Spark was told in an earlier one may be out of date.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, build_id: str) -> None:
        self._connection = connection
        self._build_id = build_id
        (row,) = connection.execute(
            "select database_name, path from duckdb_databases() where database_name = current_database()"
        ).fetchall()
        self._database = row[0]
        self._folder = own_folder(row[1])
        register(connection)

    def build(self, schema: str, name: str, query: str) -> None:
        """Let Spark compute a table, and show it in the warehouse as a view over its files.

        Parameters
        ----------
        schema, name : str
            Where the warehouse shows it.
        query : str
            The SELECT, as DuckDB understands it.

        Raises
        ------
        InputError
            If it uses what has not been compared, or Spark refuses it.
        """
        self.remove_old_files(schema, name)  # of a build that died, which may fill the disk
        shown = self._computed(query, schema, name, self._folder / schema / name / str(time.time_ns()))
        if self._view(schema, name) is None:
            self._connection.execute(f"drop table if exists {quoted(schema)}.{quoted(name)}")
        self._connection.execute(f"create or replace view {quoted(schema)}.{quoted(name)} as {shown}")

    def find_failing_rows(self, test: str, query: str) -> None:
        """Let Spark find the rows that fail a test, and show them to this connection as `rows_that_fail`.

        Parameters
        ----------
        test : str
            Name of the test.
        query : str
            The SELECT of the test, as DuckDB understands it.

        Raises
        ------
        InputError
            If it uses what has not been compared, or Spark refuses it.
        """
        self.forget_failing_rows(test)
        shown = self._computed(query, TESTS, test, self._folder / TESTS / test)
        self._connection.execute(f"create or replace temp view {FAILING} as {shown}")

    def forget_failing_rows(self, test: str) -> None:
        """Delete the rows that failed a test.

        Parameters
        ----------
        test : str
            Name of the test.
        """
        remove(self._folder / TESTS / test)

    def _computed(self, query: str, schema: str, name: str, folder: LakePath) -> str:
        """Let Spark write the rows of a query to a new folder, and return the SELECT of DuckDB that shows them."""
        # DuckDB says what the columns are, so that readers find the same types whatever Spark would make of them
        types = {row[0]: row[1] for row in self._connection.execute(f"describe {query}").fetchall()}
        with _plain_refusals(name), self._in_spark(query, schema, name) as selected:
            columns = ", ".join(
                f"cast(`{column}` as {_spark_type(kind)}) as `{column}`" for column, kind in types.items()
            )
            written = written_rows(session().sql(f"select {columns} from ({selected})"), folder)
        self._stop_on_lost_rows(folder, written)
        if not any(contents(folder, "*.parquet")):
            # Sail writes no file where there is no row
            self._write(f"select * from ({query}) limit 0", folder, "empty.parquet")
        shown = ", ".join(f"cast({quoted(column)} as {kind}) as {quoted(column)}" for column, kind in types.items())
        return f"select {shown} from read_parquet({_text(folder / '*.parquet')})"

    def rows(self, query: str, name: str) -> list[tuple]:
        """Let Spark compute a few rows.

        Parameters
        ----------
        query : str
            The SELECT, as DuckDB understands it.
        name : str
            What asks, for messages.

        Returns
        -------
        list of tuple

        Raises
        ------
        InputError
            If it uses what has not been compared, or Spark refuses it.
        """
        with _plain_refusals(name), self._in_spark(query, "rows", name) as selected:
            return [tuple(row) for row in session().sql(selected).collect()]

    def remove_old_files(self, schema: str, name: str) -> None:
        """Delete the files of a table that the warehouse does not show, those of a build that died among them.

        Parameters
        ----------
        schema, name : str
            Where the warehouse shows it.
        """
        shown = self._files(self._view(schema, name))
        for folder in contents(self._folder / schema / name, "*"):
            if str(folder) != shown:
                remove(folder)

    def _stop_on_lost_rows(self, folder: LakePath, written: int) -> None:
        """Compare what Spark wrote with what is found here: workers may have written to disks of their own."""
        files = [str(file) for file in contents(folder, "*.parquet")]
        counted = "select sum(num_rows) from parquet_file_metadata(?)"
        ((found,),) = self._connection.execute(counted, [files]).fetchall() if files else [(0,)]
        if found != written:
            raise InputError(f"Spark wrote {written:,} rows to {folder}, and {found:,} are found there. {REACH}")

    def _stop_at_another_store(self) -> None:
        """Let Spark read whose the folder is: one that it looks for in another store is to it a folder without rows."""
        if isinstance(self._folder, Path) or str(self._folder) in _reached:
            return
        owner = self._folder / OWNER
        found = [row[0] for row in session().read.text(str(owner)).collect()]
        if found != owner.read_text().splitlines():
            raise InputError(
                f"Spark does not find {owner}, which was written here. Both must reach the same object store: set "
                "AWS_ENDPOINT_URL and the keys as environment variables of this process, and of a cluster."
            )
        _reached.add(str(self._folder))

    @contextmanager
    def _in_spark(self, query: str, schema: str, name: str) -> Iterator[str]:
        """Write a query for Spark; parts that are better computed on their own are there as long as it runs."""
        self._stop_at_another_store()
        parts, selected = shared_parts(translate(query, self._name_in_spark), f"{schema}__{name}".replace(" ", "_"))
        folder = self._folder / PARTS / schema / name
        remove(folder)  # what a build that died has left
        try:
            for part, part_query in parts.items():
                # kept in memory, it would be planned again for each reader
                frame = session().sql(part_query)
                self._stop_on_lost_rows(folder / part, written_rows(frame, folder / part))
                has_rows = any(contents(folder / part, "*.parquet"))
                written = session().read.parquet(str(folder / part)) if has_rows else frame.limit(0)
                written.createOrReplaceTempView(part)
            yield selected
        finally:
            remove(folder)

    def _name_in_spark(self, schema: str, name: str) -> str:
        """Let Spark know a table or view of the warehouse, and return its name there."""
        known = f"{schema}__{name}"
        view = self._view(schema, name)
        stamp = (self._build_id, view or "")
        if _known.get(known) != stamp:
            files = self._files(view)
            frame = session().read.parquet(files) if files else self._translated(schema, name, view) if view else None
            if frame is None:
                file = self._write(
                    f"select * from {quoted(schema)}.{quoted(name)}", self._folder / COPIES / schema, f"{name}.parquet"
                )
                try:
                    frame = session().read.parquet(str(file))
                except Exception as error:
                    if "PATH_NOT_FOUND" not in plain_reason(error):
                        raise
                    raise InputError(f"Spark does not find {file}, which DuckDB wrote. {REACH}") from None
            frame.createOrReplaceTempView(known)
            _known[known] = stamp
        return known

    def _translated(self, schema: str, name: str, view: str) -> "DataFrame | None":
        """Return a view as Spark computes it; nothing if it cannot, so that DuckDB has to."""
        try:
            frame = session().sql(translate(view, self._name_in_spark, _file_in_spark))
            _ = frame.schema  # Spark looks at the query only when it is asked something
        except Exception as error:
            reason = str(error) if isinstance(error, NotTranslatedError) else plain_reason(error)
            if not reason:
                raise
            note(f"DuckDB computes {schema}.{name} and copies it for Spark, which cannot: {reason}")
            return None
        return frame

    def _files(self, view: str | None) -> str | None:
        """Return the folder of the lake that a view shows, nothing for other views."""
        found = SHOWN_FILES.search(view or "")
        folder = found[1].replace("''", "'") if found else ""
        return folder if folder.startswith(f"{self._folder}/") else None

    def _view(self, schema: str, name: str) -> str | None:
        found = self._connection.execute(
            "select sql from duckdb_views() where database_name = ? and schema_name = ? and view_name = ?",
            [self._database, schema, name],
        ).fetchall()
        if not found:
            return None
        return re.sub(r"^create view .*? as ", "", found[0][0].strip().rstrip(";"), flags=re.IGNORECASE | re.DOTALL)

    def _write(self, query: str, folder: LakePath, name: str) -> LakePath:
        folder.mkdir(parents=True, exist_ok=True)
        self._connection.execute(f"copy ({query}) to {_text(folder / name)} (format parquet)")
        return folder / name


@contextmanager
def _plain_refusals(name: str) -> Iterator[None]:
    """Say in one sentence what Spark, or the translation, refuses."""
    try:
        yield
    except Exception as error:
        if isinstance(error, NotTranslatedError):
            raise InputError(f"{name}: {error}") from None
        if not (reason := plain_reason(error)):
            raise
        raise InputError(f"{name}: Spark stopped at the query: {reason}") from None


def written_rows(frame: "DataFrame", folder: LakePath) -> int:
    """Let Spark write rows to a folder, and return how many it says there are.

    Parameters
    ----------
    frame : DataFrame
        The rows.
    folder : Path or ObjectPath
        Where there is nothing yet.

    Returns
    -------
    int
    """
    if counts_while_writing():
        observed = Observation()
        frame.observe(observed, count(lit(1)).alias("rows")).write.parquet(str(folder), compression=COMPRESSION)
        return observed.get["rows"]
    frame.write.parquet(str(folder), compression=COMPRESSION)
    return session().read.parquet(str(folder)).count() if any(contents(folder, "*.parquet")) else frame.count()


def _file_in_spark(path: str) -> str:
    """Let Spark know a Parquet file with the numbers of its rows, as DuckDB numbers them, and return its name there."""
    name = f"file_{hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()}"
    rows = session().read.parquet(path).selectExpr("*", "_metadata.row_index as file_row_number")
    rows.createOrReplaceTempView(name)
    return name


def _spark_type(kind: str) -> str:
    if kind.endswith("[]"):
        return f"array<{_spark_type(kind.removesuffix('[]'))}>"
    return SPARK_TYPES.get(kind, kind.lower())


def _text(path: LakePath) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"


def build_table(connection: duckdb.DuckDBPyConnection, table: Mapping[str, Any]) -> None:
    """Build one table of the warehouse in Spark, as the materialization `spark_table` asks.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection of the warehouse.
    table : mapping
        `schema` and `name` of the table, its `query`, and the `build_id`.
    """
    Lake(connection, table["build_id"]).build(table["schema"], table["name"], table["query"])


def find_failing_rows(connection: duckdb.DuckDBPyConnection, test: Mapping[str, Any]) -> None:
    """Find the rows that fail a test in Spark, as the materialization `test` asks.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection of the warehouse.
    test : mapping
        `name` of the test, its `query`, and the `build_id`.
    """
    Lake(connection, test["build_id"]).find_failing_rows(test["name"], test["query"])


def forget_failing_rows(connection: duckdb.DuckDBPyConnection, test: Mapping[str, Any]) -> None:
    """Delete the rows that failed a test, once they are counted.

    Parameters
    ----------
    connection, test
        As for `find_failing_rows`.
    """
    Lake(connection, test["build_id"]).forget_failing_rows(test["name"])


def remove_old_files(connection: duckdb.DuckDBPyConnection, table: Mapping[str, Any]) -> None:
    """Delete the files that a table had before, once the warehouse shows the new ones for good.

    Parameters
    ----------
    connection, table
        As for `build_table`.
    """
    Lake(connection, table["build_id"]).remove_old_files(table["schema"], table["name"])


def query_lake(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """Return rows that Spark computes, for a Python model of the build that runs.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection of the warehouse.
    query : str
        The SELECT, as DuckDB understands it.

    Returns
    -------
    list of tuple
    """
    return Lake(connection, get_invocation_id()).rows(query, "passes over all customers")
