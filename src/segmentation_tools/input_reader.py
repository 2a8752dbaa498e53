"""A dbt-duckdb plugin that gives the reader's macros what SQL cannot do: looking into a file before it is read."""

from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from segmentation_tools.input_files import inspect_input
from segmentation_tools.notation import answer


class Plugin(BasePlugin):
    """Register `inspect_input`, `make_sales_spreadsheet` and `notation_answer` as SQL functions."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions once per database connection.

        Parameters
        ----------
        conn : DuckDBPyConnection
            Connection of the warehouse.
        """
        for function in (inspect_input, make_sales_spreadsheet):
            # both look at the file system, so the same argument may give another answer
            conn.create_function(function.__name__, function, ["varchar"], "varchar", side_effects=True)
        conn.create_function("notation_answer", answer, ["varchar"], "varchar")


def make_sales_spreadsheet(path: str) -> str:
    """Write the synthetic spreadsheet of the dataset `sales` if it is not there yet.

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
    from segmentation_tools.sales_spreadsheet import write_sales_spreadsheet

    write_sales_spreadsheet(Path(path))
    return "made"
