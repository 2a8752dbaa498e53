"""A dbt-duckdb plugin that gives the reader's macros what SQL cannot do: looking into a file before it is read."""

import atexit
import shutil
from pathlib import Path

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from customer_segmentation import object_store
from customer_segmentation.errors import InputError
from customer_segmentation.history.suppression import answer as suppressed_customers
from customer_segmentation.inputs.files import inspect_input
from customer_segmentation.inputs.notation import answer


class Plugin(BasePlugin):
    """Register as functions what SQL cannot do, such as looking into a file or reading the suppression list."""

    creds: DuckDBCredentials  # dbt-duckdb gives them to every plugin

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions, and the object store of the lake, once per database connection.

        Parameters
        ----------
        conn : DuckDBPyConnection
            Connection of the warehouse.

        Raises
        ------
        DbtRuntimeError
            If the warehouse shows files of an object store, and what reads them is not installed.
        """
        try:
            object_store.register(conn)
        except InputError as error:
            raise DbtRuntimeError(str(error)) from None
        folder = Path(f"{self.creds.path}.inputs").absolute()
        # the database belongs to one process alone: files of inputs that lie here are those of a build that was killed
        shutil.rmtree(folder, ignore_errors=True)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        inspected: dict[str, str] = {}

        def inspect(location: str) -> str:
            if location not in inspected:  # a file is read once in a build, and as it was then
                inspected[location] = inspect_input(location, folder, self.creds.path)
            return inspected[location]

        # both look at the file system, so the same argument may give another answer
        conn.create_function("inspect_input", inspect, ["varchar"], "varchar", side_effects=True)
        conn.create_function(
            "write_example_spreadsheet", write_example_spreadsheet, ["varchar"], "varchar", side_effects=True
        )
        conn.create_function(
            "suppressed_customers", suppressed_customers, ["varchar"] * 3, "varchar", side_effects=True
        )
        conn.create_function("notation_answer", answer, ["varchar"], "varchar")


def write_example_spreadsheet(path: str) -> str:
    """Write the synthetic spreadsheet of customers if it is not there yet.

    Parameters
    ----------
    path : str
        Where it belongs.

    Returns
    -------
    str
        `made` or `kept`.
    """
    if Path(path).exists():
        return "kept"
    from customer_segmentation.examples.sales_spreadsheet import write_sales_spreadsheet

    write_sales_spreadsheet(Path(path))
    return "made"
