"""The published tables as frames for report and slides: each read once, sorted, empty where it is missing."""

from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd

from segmentation_report.marts import Marts, NothingPublishedError

# Without these there is nothing to tell; what else is missing is said where it would stand.
NEEDED = ("segmentation_fits", "datasets", "segments", "personas", "segment_profiles", "cluster_centroids")
# Customers in a picture: more points hide each other and make the file large.
MOST_POINTS = 2_000


class Publication:
    """A publication, read table by table when asked for.

    Parameters
    ----------
    marts : Marts
        The open publication.

    Raises
    ------
    NothingPublishedError
        If tables are missing without which there is nothing to tell.
    """

    def __init__(self, marts: Marts) -> None:
        self._marts = marts
        self._tables: dict[str, pd.DataFrame] = {}
        self._names = set(marts.frame("select table_name from duckdb_tables()")["table_name"])
        missing = [name for name in NEEDED if name not in self._names]
        if missing:
            raise NothingPublishedError(
                f"The publication lacks {', '.join(missing)}. Run `make build` to publish it anew."
            )

    def table(self, name: str, **values: Any) -> pd.DataFrame:
        """Return the rows of a small table in which columns have these values.

        Parameters
        ----------
        name : str
            Name of the table.
        **values
            Values by column.

        Returns
        -------
        DataFrame
            Without rows if the table is empty or was not published.
        """
        if name not in self._tables:
            if name in self._names:
                self._tables[name] = self._marts.frame(f'select * from "{name}" order by all')
            else:
                self._tables[name] = pd.DataFrame()
        rows = self._tables[name]
        for column, value in values.items():
            if rows.empty:
                break
            rows = rows[rows[column] == value]
        return rows.reset_index(drop=True)

    def rejections(self, dataset: str) -> pd.DataFrame:
        """Return how many rows of a dataset were rejected, by input, column and reason.

        Parameters
        ----------
        dataset : str
            Name of the dataset.

        Returns
        -------
        DataFrame
            `input`, `problem_column`, `reason` and `rejected_rows`, the number of rows.
        """
        if "rejected_rows" not in self._names:
            return pd.DataFrame()
        return self._marts.frame(
            """
            select input, problem_column, reason, count(*) as rejected_rows
            from rejected_rows
            where dataset = ?
            group by input, problem_column, reason
            order by input, problem_column, reason
            """,
            [dataset],
        )

    def fits(self) -> list[dict]:
        """Return the segmentations in the order in which they are told.

        Returns
        -------
        list of dict
            Rows of `segmentation_fits` with `is_synthetic` and `is_default`: real customers come before synthetic
            ones, and in each dataset the segmentation to use comes first.
        """
        fits = self.table("segmentation_fits").merge(self.table("datasets")[["dataset", "is_synthetic"]], on="dataset")
        if "is_default" not in fits:
            # Published without the mark: the one that separates best stands for its dataset.
            best = fits.sort_values(["silhouette", "segmentation"], ascending=[False, True]).drop_duplicates("dataset")
            fits["is_default"] = fits["segmentation"].isin(best["segmentation"])
        fits = fits.sort_values(
            ["is_synthetic", "dataset", "is_default", "segmentation"], ascending=[True, True, False, True]
        )
        return fits.to_dict("records")

    def segments(self, segmentation: str) -> pd.DataFrame:
        """Return the segments of a segmentation in the order of their personas, with their colours and descriptions.

        Parameters
        ----------
        segmentation : str
            Name of the segmentation.

        Returns
        -------
        DataFrame
            Columns of `Marts.segments`, `description`, `match_grade` and `contradicted_traits` of `personas`.
        """
        personas = self.table("personas", segmentation=segmentation)
        personas = personas[personas["cluster_id"].notna()].astype({"cluster_id": int})
        columns = ["cluster_id", "description", "match_grade", "contradicted_traits"]
        return self._marts.segments(segmentation).merge(personas[columns], on="cluster_id", how="left")

    def of(self, segmentation: str) -> dict[str, pd.DataFrame]:
        """Return the tables of a segmentation that most of what is said about it needs.

        Parameters
        ----------
        segmentation : str
            Name of the segmentation.

        Returns
        -------
        dict of str to DataFrame
            `segments`, `personas`, `profiles`, `recommendation`, `optima`.
        """
        return {
            "segments": self.segments(segmentation),
            "personas": self.table("personas", segmentation=segmentation),
            "profiles": self.table("segment_profiles", segmentation=segmentation),
            "recommendation": self.table("k_recommendation", segmentation=segmentation),
            "optima": self.table("fit_optima", segmentation=segmentation),
        }

    def ordered(self, name: str, segmentation: str) -> pd.DataFrame:
        """Return rows of a table about segments in the order of the personas, with colours.

        Parameters
        ----------
        name : str
            A table with `segmentation` and `cluster_id`.
        segmentation : str
            Name of the segmentation.

        Returns
        -------
        DataFrame
        """
        rows = self.table(name, segmentation=segmentation)
        if rows.empty:
            return rows
        segments = self.segments(segmentation)[["cluster_id", "colour"]]
        rows = rows.drop(columns=["colour"], errors="ignore")
        return segments.merge(rows, on="cluster_id", how="inner")

    def features(self, segmentation: str) -> list[dict]:
        """Return the features of a segmentation in their order.

        Parameters
        ----------
        segmentation : str
            Name of the segmentation.

        Returns
        -------
        list of dict
            `feature`, `label`, `unit` and `transform`.
        """
        centroids = self.table("cluster_centroids", segmentation=segmentation).drop_duplicates("feature")
        profiles = self.table("segment_profiles", segmentation=segmentation).drop_duplicates("feature")
        rows = centroids.merge(profiles[["feature", "label", "unit"]], on="feature", how="left")
        rows["label"] = rows["label"].fillna(rows["feature"])
        return rows.sort_values("position")[["feature", "label", "unit", "transform"]].to_dict("records")

    def labels(self, dataset: str) -> Mapping[str, tuple[str, str]]:
        """Return label and unit of every feature of a dataset that is published with them."""
        found = {}
        for name in ("segment_profiles", "feature_summary"):
            rows = self.table(name)
            if rows.empty:
                continue
            if name == "segment_profiles":
                fits = self.table("segmentation_fits", dataset=dataset)["segmentation"]
                rows = rows[rows["segmentation"].isin(fits)]
            else:
                rows = rows[rows["dataset"] == dataset]
            found |= {row.feature: (row.label, row.unit) for row in rows.itertuples()}
        return found

    def customers_by_features(self, segmentation: str, dataset: str, features: list[str]) -> pd.DataFrame:
        """Return customers with their segments and the values of some features, in a fixed random order.

        Parameters
        ----------
        segmentation, dataset : str
            Their names.
        features : list of str
            Columns of the table of the features of the dataset.

        Returns
        -------
        DataFrame
            `cluster_id` and the features, at most `MOST_POINTS` rows.
        """
        if f"{dataset}_customer_features" not in self._names:
            return pd.DataFrame()
        columns = ", ".join(f'features."{feature}"' for feature in features)
        return self._sampled(
            f"""
            select customer_segments.cluster_id, {columns}
            from customer_segments
            inner join "{dataset}_customer_features" as features
                on customer_segments.customer_id = features.customer_id
            where customer_segments.segmentation = ?
            order by md5(customer_segments.customer_id), customer_segments.customer_id limit {MOST_POINTS}
            """,
            [segmentation],
        )

    def customers_by_components(self, segmentation: str) -> pd.DataFrame:
        """Return customers with their segments and principal components, at most `MOST_POINTS`, in a fixed order."""
        if "customer_components" not in self._names:
            return pd.DataFrame()
        return self._sampled(
            f"""
            select cluster_id, component_1, component_2, component_3
            from customer_components
            where segmentation = ?
            order by md5(customer_id), customer_id limit {MOST_POINTS}
            """,
            [segmentation],
        )

    def customers_of_dataset(self, dataset: str, features: list[str], most: int) -> pd.DataFrame:
        """Return the values of features of some customers of a dataset, in a fixed random order."""
        if f"{dataset}_customer_features" not in self._names:
            return pd.DataFrame()
        columns = ", ".join(f'"{feature}"' for feature in features)
        known = " and ".join(f'"{feature}" is not null' for feature in features)
        return self._sampled(
            f"""
            select {columns} from "{dataset}_customer_features" where {known}
            order by md5(customer_id), customer_id limit {most}
            """
        )

    def _sampled(self, sql: str, parameters=()) -> pd.DataFrame:
        try:
            return self._marts.frame(sql, parameters)
        except duckdb.Error:
            # A feature that is no column of the published table: there is no picture then.
            return pd.DataFrame()

    def published_at(self) -> str:
        """Return the day of the publication in words."""
        day = self.table("published_tables")["published_at"].max()
        return f"{day.day} {day:%B %Y}"
