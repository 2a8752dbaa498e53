"""Read the published marts, and say in plain words what is missing."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd

PUBLISHED = Path("published/marts.duckdb")


class NothingPublishedError(Exception):
    """Say that there is no publication to read, and how to get one."""


class Marts:
    """A publication, opened read-only.

    Parameters
    ----------
    path : str or Path
        The published database.

    Raises
    ------
    NothingPublishedError
        If the file does not exist or is no published database.
    """

    def __init__(self, path: str | Path = PUBLISHED) -> None:
        self._path = path
        if not Path(path).is_file():
            raise NothingPublishedError(f"{path} does not exist. Run `make build` first, or name a published database.")
        try:
            self._database = duckdb.connect(str(path), read_only=True)
            self._database.execute("select table_name from published_tables").fetchall()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise NothingPublishedError(
                f"{path} is not a published database ({reason}). Run `make build` to publish it anew."
            ) from None

    def frame(self, sql: str, parameters: Sequence = ()) -> pd.DataFrame:
        """Return the rows of a query.

        Parameters
        ----------
        sql : str
            One query, with `?` for each parameter.
        parameters : sequence
            Values of the parameters.

        Returns
        -------
        DataFrame

        Raises
        ------
        NothingPublishedError
            If the publication lacks a table or a column.
        """
        try:
            return self._database.execute(sql, list(parameters)).df()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            reason = str(error).splitlines()[0]
            raise NothingPublishedError(
                f"{self._path} was published by another version of this project ({reason}). Run `make build` to "
                "publish it anew."
            ) from None

    def segmentations(self) -> pd.DataFrame:
        """Return name, dataset, k, customers, silhouette and whether the customers are synthetic, per segmentation."""
        return self.frame(
            """
            select segmentation, segmentation_fits.dataset, k, segmentation_fits.customers, silhouette, is_synthetic
            from segmentation_fits
            inner join datasets on segmentation_fits.dataset = datasets.dataset
            order by segmentation
            """
        )

    def segments(self, segmentation: str) -> pd.DataFrame:
        """Return the segments of a segmentation in the order of their personas, with their colours.

        Parameters
        ----------
        segmentation : str
            Name of the segmentation.

        Returns
        -------
        DataFrame
            `cluster_id`, `persona`, `colour`, `customers`, `share_of_customers`, `headline`, `stability_grade`,
            `bootstrap_jaccard`; segments without a persona of their own come last.
        """
        return self.frame(
            """
            select segments.cluster_id, segments.persona, segments.colour, segments.customers,
                segments.share_of_customers, segments.headline, segments.stability_grade, segments.bootstrap_jaccard
            from segments
            inner join personas
                on segments.segmentation = personas.segmentation and segments.cluster_id = personas.cluster_id
            where segments.segmentation = ?
            order by personas.priority nulls last, segments.cluster_id
            """,
            [segmentation],
        )

    def close(self) -> None:
        """Close the publication."""
        self._database.close()
