"""A dbt-duckdb plugin that says in plain words why the warehouse file cannot be opened.

dbt-duckdb itself passes on DuckDB's error with a traceback. The plugin is called just before the file is opened, tries
to open it, and turns what goes wrong into a message that names the file, the cause and the way out. It also takes in
the log of a build that was killed, which DuckDB cannot do where it opens the file as its main database.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from customer_segmentation.errors import InputError
from customer_segmentation.publication.folder import settled
from customer_segmentation.temporary_files import remove
from customer_segmentation.warehouse import ducklake, machine_limits
from customer_segmentation.warehouse.address_space import address_space_problem


class Plugin(BasePlugin):
    """Check the database file before dbt-duckdb opens it, and register `settled_publication` as an SQL function."""

    creds: DuckDBCredentials  # dbt-duckdb gives them to every plugin

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Stop before libraries are loaded that end without a word where there is no room for them.

        Parameters
        ----------
        plugin_config : dict
            Settings of the profile; none is needed.

        Raises
        ------
        DbtRuntimeError
            If the address space is too small for a build.
        """
        problem = address_space_problem()
        if problem:
            raise DbtRuntimeError(problem)

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Try the connection that dbt-duckdb is about to make.

        Parameters
        ----------
        creds : DuckDBCredentials
            Profile of the connection; `path` is the database file.
        config : dict
            Options of the connection.

        Raises
        ------
        DbtRuntimeError
            If the file cannot be opened, with the reason in plain words, or dbt was started elsewhere.
        """
        if not Path("dbt_project.yml").is_file():
            raise DbtRuntimeError(
                f"dbt was started in {Path.cwd()}, which is not the root of this project: its database and its "
                "published folder would end up there. Change to the folder with dbt_project.yml and start again."
            )
        try:
            is_free = take_in_log(creds.path, config)
            duckdb.connect(creds.path, config=dict(config)).close()
            if is_free:  # so whatever is in the folder for what does not fit into memory, a killed build left there
                remove(Path(f"{creds.path}.tmp"))
        except (duckdb.Error, OSError) as error:
            raise DbtRuntimeError(explain(creds.path, str(error))) from None

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the function once per database connection, and attach DuckLakes before dbt-duckdb would.

        Parameters
        ----------
        conn : DuckDBPyConnection
            Connection of the warehouse.

        Raises
        ------
        DbtRuntimeError
            If a DuckLake of the profile cannot be attached, with the reason in plain words.
        """
        # looks at the file system, so the same argument may give another answer
        conn.create_function(
            "settled_publication", lambda folder: settled(Path(folder)), ["varchar"], "varchar", side_effects=True
        )
        for attachment in filter(ducklake.is_ducklake, self.creds.attach or []):
            try:
                ducklake.attach(conn, attachment)
            except InputError as error:
                raise DbtRuntimeError(str(error)) from None


def take_in_log(path: str, config: Mapping[str, Any] = MappingProxyType({})) -> bool:
    """Write into a database file what the log beside it holds, if a killed process left one.

    A file that is opened as the main database is read before all of DuckDB's functions are there, so a log with an
    expression that uses one of them (the types of seeds are set by some) cannot be replayed. A file that is attached
    to a running DuckDB is read with all of them.

    Parameters
    ----------
    path : str
        The database file; it need not exist.
    config : mapping
        Options of the connection.

    Returns
    -------
    bool
        Whether no connection is open to the file; False if this process has one already, which took in the log.

    Raises
    ------
    duckdb.Error
        If the file cannot be opened, for example because another process has it open.
    """
    if not Path(path).is_file():
        return True
    quoted = path.replace("'", "''")
    with duckdb.connect(config=dict(config)) as empty:
        try:
            empty.execute(f"attach '{quoted}' as interrupted")
        except duckdb.Error as error:
            if "Unique file handle conflict" in str(error):
                return False
            raise
        empty.execute("checkpoint interrupted")
        empty.execute("detach interrupted")
    return True


def explain(path: str, error: str) -> str:
    """Say in plain words why a database file could not be opened.

    Parameters
    ----------
    path : str
        The database file.
    error : str
        Message of DuckDB.

    Returns
    -------
    str
        What was found, what was expected and the way out. An error of an unknown kind is passed on as it is.
    """
    file = Path(path)
    full = machine_limits.explain(error, path, f"{path}.tmp")
    if full:
        return full
    if "Could not set lock" in error or "being used by another process" in error:
        return (
            f"{path} is in use by another process, and only one can write to it at a time. Close the program that has "
            f"it open (readers should open published/marts.duckdb instead), then build again. DuckDB says: {error}"
        )
    if "version number" in error or "serialization" in error.lower():
        return (
            f"{path} was written by a newer DuckDB than the installed {duckdb.__version__}. Everything in it is built "
            f"from the inputs: delete the file, or move it away, then build again. DuckDB says: {error}"
        )
    if file.is_dir():
        return f"{path} is a folder, expected a database file. Set SEGMENTATION_DATABASE to a file."
    if not file.parent.is_dir():
        return f"The folder {file.parent} does not exist, so {path} cannot be written. Create it, then build again."
    if "not a valid DuckDB database" in error:
        return (
            f"{path} is not a DuckDB database. Move the file away, or set SEGMENTATION_DATABASE to another file, then "
            "build again."
        )
    if "Cannot open file" in error or "Permission denied" in error or "Read-only" in error:
        return (
            f"{path} cannot be written. Check the permissions of the file and of its folder, or set "
            f"SEGMENTATION_DATABASE to a file elsewhere. DuckDB says: {error}"
        )
    return (
        f"{path} cannot be opened. If it is damaged, delete it: everything in it is built from the inputs. "
        f"DuckDB says: {error}"
    )
