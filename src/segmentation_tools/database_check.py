"""A dbt-duckdb plugin that says in plain words why the warehouse file cannot be opened.

dbt-duckdb itself passes on DuckDB's error with a traceback. The plugin is called just before the file is opened, tries
to open it, and turns what goes wrong into a message that names the file, the cause and the way out.
"""

from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from segmentation_tools import machine_limits


class Plugin(BasePlugin):
    """Check the database file before dbt-duckdb opens it."""

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
            duckdb.connect(creds.path, config=dict(config)).close()
        except (duckdb.Error, OSError) as error:
            raise DbtRuntimeError(explain(creds.path, str(error))) from None


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
