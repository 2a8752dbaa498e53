"""The published tables, read-only: what is not there is said here, in plain words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pandas as pd

from customer_segmentation.formatting import is_missing, shares, title_of
from customer_segmentation.language import ENGLISH, day_text
from customer_segmentation.publication.database import (
    CURRENCY,
    PUBLISHED,
    connected,
    errors_explained,
    quoted,
    refuse_unusable,
)
from customer_segmentation.publication.folder import disagreement, settled_beside
from customer_segmentation.publication.value import cells_query, concentration_query


class Publication:
    """A publication, opened read-only; small tables are read once.

    Parameters
    ----------
    path : str or Path
        The published database.

    Attributes
    ----------
    interruption, disagreement : str
        What was done about a publication that was interrupted, and that the files beside the database are not of the
        same one; mostly empty.

    Raises
    ------
    NotPossibleError
        If the file does not exist, is no published database, lacks tables without which there is nothing to tell,
        or holds no segmentation.
    """

    def __init__(self, path: str | Path = PUBLISHED) -> None:
        self._path = path
        self._tables: dict[str, pd.DataFrame] = {}
        self.interruption = settled_beside(Path(path)) if Path(path).is_file() else ""
        self.disagreement = ""
        self._open()
        refuse_unusable(path, lambda sql: self.frame(sql).astype(object).replace({pd.NaT: None}).values.tolist())
        # large tables are views, which have columns too
        named = "select distinct table_name from duckdb_columns() where database_name = current_database()"
        self._names = set(self.frame(named)["table_name"])

    def __enter__(self) -> Self:
        return self

    @property
    def path(self) -> Path:
        """Where the database is."""
        return Path(self._path)

    @property
    def notices(self) -> list[str]:
        """What a reader should know about the published files, in words."""
        return [notice for notice in (self.interruption, self.disagreement) if notice]

    @property
    def folder(self) -> Path:
        """Where the database is, with everything that was published or made beside it."""
        return Path(self._path).parent

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def _open(self) -> None:
        """Connect to the database; readers that live longer than a publication connect for each query."""
        self._database = connected(self._path)
        with errors_explained(self._path):
            self.disagreement = disagreement(Path(self._path), self._database)

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
        NotPossibleError
            If the publication lacks a table or a column.
        """
        with errors_explained(self._path):
            return self._database.execute(sql, list(parameters)).df()

    def rows(self, sql: str, parameters: Sequence = ()) -> list[tuple]:
        """Return the rows of a query as `frame` does, as tuples; an empty value may be None or NaN."""
        return list(self.frame(sql, parameters).itertuples(index=False, name=None))

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
                self._tables[name] = self.frame(f"select * from {quoted(name)} order by all")
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
        return self.frame(
            """
            select input, problem_column, reason, count(*) as rejected_rows
            from rejected_rows
            where dataset = ?
            group by input, problem_column, reason
            order by input, problem_column, reason
            """,
            [dataset],
        )

    def fits(self) -> pd.DataFrame:
        """Return the segmentations in the order in which they are told.

        Returns
        -------
        DataFrame
            Rows of `segmentation_fits` with `dataset_name` and what else the dataset says of itself: customers of the
            user's own come before the examples, real ones before synthetic ones, and in each dataset the segmentation
            to use comes first. An earlier version published neither the customers of today nor their segments; those
            of the fit stand for them.
        """
        datasets = self.table("datasets")
        wanted = ("dataset", "is_synthetic", "is_example", "has_exact_points", "smallest_cell")
        known = [name for name in wanted if name in datasets]
        fits = self.table("segmentation_fits").drop(columns="is_synthetic", errors="ignore")
        fits = fits.merge(datasets[known], on="dataset")
        for today, of_the_fit in (("segmented_customers", "customers"), ("filled_segments", "k")):
            fits[today] = (fits[today].fillna(fits[of_the_fit]) if today in fits else fits[of_the_fit]).astype(int)
        fits["segmentation_name"] = fits["segmentation"].map(self.segmentation_name)
        fits["dataset_name"] = fits["dataset"].map(self.dataset_name)
        order = [
            name for name in ("is_example", "is_synthetic", "dataset", "is_default", "segmentation") if name in fits
        ]
        return fits.sort_values(order, ascending=[name != "is_default" for name in order])

    def segmentation_name(self, segmentation: str) -> str:
        """Return what people see instead of the key of a segmentation."""
        return self._shown("segmentation_fits", "segmentation", segmentation)

    def dataset_name(self, dataset: str) -> str:
        """Return what people see instead of the key of a dataset."""
        return self._shown("datasets", "dataset", dataset)

    def _shown(self, table, column, key) -> str:
        rows = self.table(table, **{column: key})
        # an earlier version published no names
        names = rows.get(f"{column}_name", pd.Series(dtype=str)).dropna()
        return names.iloc[0] if len(names) else title_of(key)

    def segments(self, segmentation: str) -> pd.DataFrame:
        """Return the segments of a segmentation in the order of their personas, with their colours and descriptions.

        Parameters
        ----------
        segmentation : str
            Name of the segmentation.

        Returns
        -------
        DataFrame
            Columns of `segments`, `description`, `contradicted_traits` and `priority` of `personas`, and `share`, the
            share of the customers as it is shown everywhere; segments without a persona of their own come last.
        """
        found = self.frame(
            """
            select segments.cluster_id, segments.persona, segments.colour, segments.customers,
                segments.share_of_customers, segments.headline, segments.stability_grade, segments.bootstrap_jaccard,
                personas.description, personas.contradicted_traits, personas.priority
            from segments
            inner join personas
                on segments.segmentation = personas.segmentation and segments.cluster_id = personas.cluster_id
            where segments.segmentation = ?
            order by personas.priority nulls last, segments.cluster_id
            """,
            [segmentation],
        )
        return found.assign(share=shares(found["share_of_customers"]))

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

    def labels(self, dataset: str) -> Mapping[str, tuple[str, str | None]]:
        """Return label and unit of every feature of a dataset that is published with them."""
        found: dict[str, tuple[str, str | None]] = {}
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

    def customers_by_features(self, segmentation: str, dataset: str, features: list[str], most: int) -> pd.DataFrame:
        """Return customers with their segments and the values of some features, in a fixed random order.

        They come from the published sample: of a million customers, only those of the sample are looked up. Without
        evidence there is no sample, and all customers are asked.

        Parameters
        ----------
        segmentation, dataset : str
            Their names.
        features : list of str
            Columns of the table of the features of the dataset.
        most : int
            How many customers at most.

        Returns
        -------
        DataFrame
            `customer_id`, `cluster_id` and the features.
        """
        sample = ["customer_components"] if "customer_components" in self._names else []
        for source in [*sample, "customer_segments"]:
            found = self.frame(
                f"""
                with

                drawn as (
                    select customer_id, cluster_id
                    from {source}
                    where segmentation = ?
                    order by md5(customer_id), customer_id
                    limit ?
                )

                select
                    drawn.customer_id, drawn.cluster_id, {", ".join(f"features.{quoted(name)}" for name in features)}
                from drawn
                inner join {quoted(f"{dataset}_customer_features")} as features
                    on drawn.customer_id = features.customer_id
                order by md5(drawn.customer_id), drawn.customer_id
                """,
                [segmentation, most],
            )
            if len(found):
                break
        return found

    def customers_by_components(self, segmentation: str, most: int | None = None) -> pd.DataFrame:
        """Return customers with their segments and three principal components, in a fixed random order."""
        if "customer_components" not in self._names:
            return pd.DataFrame()
        return self.frame(
            """
            select customer_id, cluster_id, component_1, component_2, component_3
            from customer_components
            where segmentation = ?
            order by md5(customer_id), customer_id
            limit ?
            """,
            [segmentation, most],
        )

    def customers_of_dataset(
        self, dataset: str, features: list[str], most: int, *, is_complete: bool = False
    ) -> pd.DataFrame:
        """Return the values of features of some customers of a dataset, in a fixed random order.

        Parameters
        ----------
        dataset : str
            Name of the dataset.
        features : list of str
            Columns of the table of its features.
        most : int
            How many customers at most.
        is_complete : bool
            Whether customers without a value in one of the features are left out.

        Returns
        -------
        DataFrame
        """
        columns = ", ".join(map(quoted, features))
        return self.frame(
            f"""
            select {columns}
            from {quoted(f"{dataset}_customer_features")}
            where {" and ".join(f"{quoted(feature)} is not null" for feature in features) if is_complete else "true"}
            order by md5(customer_id), customer_id
            limit ?
            """,
            [most],
        )

    def has(self, name: str) -> bool:
        """Say whether a table was published: earlier versions had fewer of them."""
        return name in self._names

    def rfm_cells(self, dataset: str) -> pd.DataFrame:
        """Return the cells of the RFM grid of a dataset that have customers.

        Parameters
        ----------
        dataset : str
            Name of the dataset.

        Returns
        -------
        DataFrame
            `recency_score`, `value_score`, `rfm_group`, `customers`, `money` and `mean_monetary`; without rows if there
            are no scores.
        """
        return self.frame(cells_query(), [dataset]) if self.has("rfm_scores") else pd.DataFrame()

    def concentration(self, dataset: str) -> pd.DataFrame:
        """Return how the money of a dataset adds up over its customers, the most valuable first.

        Parameters
        ----------
        dataset : str
            Name of the dataset.

        Returns
        -------
        DataFrame
            `customers` and `money` up to each of at most a hundred points; without rows if there are no scores.
        """
        return self.frame(concentration_query(), [dataset]) if self.has("rfm_scores") else pd.DataFrame()

    def shows_customers(self, dataset: str) -> bool:
        """Say whether points are customers of a dataset: in the house they are, `OutgoingPublication` knows better."""
        return True

    def smallest_cell(self, dataset: str) -> int:
        """Return the fewest customers of a dataset of whom a figure is shown: in the house, one."""
        return 1

    def currency(self) -> str | None:
        """Return the sign of the currency of all money; None where neither a campaign nor a customer says it."""
        said_by_campaigns = "select max(currency) from campaign_recommendations"
        # an earlier version published no customers
        [(told,)] = self.rows(CURRENCY if self.has("customers") else said_by_campaigns)
        return told

    def published_at(self) -> str:
        """Return the day of the publication in words."""
        return day_text(self.table("published_tables")["published_at"].max())

    def locale(self) -> str:
        """Return the locale in which pages are to be written; English where an earlier version published none."""
        locales = self.table("published_tables").get("locale")
        return ENGLISH if locales is None or is_missing(locales.iloc[0]) else str(locales.iloc[0])
