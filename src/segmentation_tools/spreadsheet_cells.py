"""The excel plugin of dbt-duckdb, reading every cell as it is.

pandas turns texts that look like numbers into numbers, and the id 0042 into 42. Here a cell keeps its value, and the
column becomes text: staging says what the texts mean.
"""

import pathlib

import pandas as pd
from dbt.adapters.duckdb.plugins import excel
from dbt.adapters.duckdb.utils import SourceConfig


class Plugin(excel.Plugin):
    """Load a sheet without letting pandas guess types or take words such as "n/a" for nothing."""

    def load(self, source_config: SourceConfig) -> pd.DataFrame:
        """Read the sheet of a source.

        Parameters
        ----------
        source_config : SourceConfig
            The source; `external_location` is the file, `sheet_name` the sheet (the first one if not given).

        Returns
        -------
        DataFrame
            The cells as they are; None where a cell is empty.
        """
        cells = pd.read_excel(
            pathlib.Path(source_config["external_location"]),
            sheet_name=source_config.get("sheet_name", 0),
            dtype=object,
            keep_default_na=False,
            na_values=[""],
        )
        return cells.where(cells.notna(), None)
