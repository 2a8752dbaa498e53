"""A publication as it may leave the house: report, slides, pictures and site read this, never the published tables.

The tables are copied into memory under the rules below, and the published file is closed before a page is made. A table
without a rule stays behind, and so does everything about single customers: in its place there are points that were
drawn from a fitted distribution, unless the customers are examples of this project or the var `exact_points` asks for
them. The limits are published in the table `datasets`; a publication that does not name them is taken to be about
people. docs/privacy.md says the same for readers, with what can still be found out.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.language import _
from customer_segmentation.publication.database import PUBLISHED, errors_explained, quoted
from customer_segmentation.publication.disclosure import SEED, WrittenCount, WrittenShare, averaged, drawn, rounded
from customer_segmentation.publication.tables import Publication
from customer_segmentation.publication.value import cells_query, concentration_query

SMALLEST_CELL = 5  # where a publication does not name one; the same as in dbt_project.yml
MOST_POINTS = 5_000  # of a segmentation or of a dataset, as many as the largest picture shows
LEAST_BINS, MOST_BINS = 10, 20  # of a histogram, about, before thin ones are put together

# What is shown of a table, by what its rows are about: columns that are replaced, and the rows that stay. In these
# expressions `cell` is the smallest cell of the dataset and `limited` whether it is larger than one customer; where
# rows are about segments, `is_small` are those with fewer customers, and `is_next` the smallest of the others where
# there are such: its count is rounded, or totals would tell that of the small ones.
OF_NOTHING, OF_DATASETS, OF_SEGMENTATIONS, OF_SEGMENTS, OF_PERSONAS = range(5)
COUNT = "case when {0} between 1 and cell - 1 then null else {0} end"
OF_SEGMENT = "case when is_small then null when is_next then rounded_customers else {0} end"
UNKNOWN_IF_SMALL = "case when is_small then null else {0} end"
UNLESS_LIMITED = "case when limited then null else {0} end"
# Rounded to the digits that pages write (`formatting.figure`): a quantile may be the figure of one customer.
DIGITS = (
    "case when not limited then {0} when abs({0}) >= 10 then round_even({0}, 0) "
    "when abs({0}) >= 1 then round_even({0}, 1) else round_even({0}, 2) end"
)
# Two days of a segment differ by single customers, and so may two pages: of movement every count is rounded.
ROUNDED = (
    "case when limited and {0} between 1 and cell - 1 then null "
    "when limited then cell * cast(floor(({0} + cell / 2) / cell) as bigint) else {0} end"
)
QUANTILE = "case when limited and t.customers < {1} * cell then null else " + DIGITS + " end"

RULES: dict[str, tuple[int, dict[str, str], str]] = {
    "accepted_notations": (OF_NOTHING, {}, "true"),
    "algorithm_comparison": (
        OF_SEGMENTATIONS,
        {
            "noise_customers": COUNT,
            "noise_share": "case when noise_customers between 1 and cell - 1 then null else {0} end",
        },
        "true",
    ),
    # an effect of a few customers says what they bought
    "campaign_effects": (
        OF_SEGMENTATIONS,
        {"treated": ROUNDED, "control": ROUNDED},
        "not limited or (treated >= cell and control >= cell)",
    ),
    "campaign_recommendations": (
        OF_PERSONAS,
        {
            "customers": OF_SEGMENT,
            "assumed_cost": "case when is_small or is_next then null else {0} end",
        },
        "true",
    ),
    "category_effects": (OF_DATASETS, {}, "true"),
    "cluster_centroids": (OF_SEGMENTS, {}, "not is_small"),
    "datasets": (OF_DATASETS, {}, "true"),
    "drift_checks": (
        OF_SEGMENTATIONS,
        {
            "customers_outside": COUNT,
            "share_outside": "case when customers_outside between 1 and cell - 1 then null else {0} end",
        },
        "true",
    ),
    # the steps differ by single customers
    "experiment_audiences": (
        OF_SEGMENTATIONS,
        {"customers": ROUNDED, "left_out": ROUNDED, "left_out_because": UNLESS_LIMITED},
        "true",
    ),
    "feature_correlations": (OF_DATASETS, {}, "true"),
    "feature_relationships": (OF_DATASETS, {}, "true"),
    "feature_summary": (
        OF_DATASETS,
        {
            "minimum": UNLESS_LIMITED,
            "maximum": UNLESS_LIMITED,
            "p25": DIGITS,
            "median": DIGITS,
            "p75": DIGITS,
            "missing_values": COUNT,
            "outliers": COUNT,
            "share_of_outliers": "case when outliers between 1 and cell - 1 then null else {0} end",
        },
        "true",
    ),
    "fit_optima": (OF_SEGMENTATIONS, {"smallest_cluster": COUNT}, "true"),
    "grades": (OF_NOTHING, {}, "true"),
    "input_columns": (OF_DATASETS, {"values_used": COUNT, "values_rejected": COUNT}, "true"),
    "k_recommendation": (OF_SEGMENTATIONS, {}, "true"),
    "k_selection": (OF_SEGMENTATIONS, {"smallest_cluster": COUNT}, "true"),
    "lifetime_value_models": (OF_DATASETS, {"customers": ROUNDED}, "true"),
    "model_versions": (OF_SEGMENTATIONS, {}, "true"),
    "monthly_migrations": (
        OF_SEGMENTATIONS,
        {"customers": ROUNDED, "money_before": UNLESS_LIMITED, "money_after": UNLESS_LIMITED},
        "true",
    ),
    "persona_trait_checks": (
        OF_SEGMENTS,
        {"expected_value": DIGITS, "lowest_value": DIGITS, "highest_value": DIGITS},
        "not is_small",
    ),
    "personas": (
        OF_SEGMENTS,
        {"contradicted_traits": UNKNOWN_IF_SMALL, "match_distance": UNKNOWN_IF_SMALL},
        "true",
    ),
    "prediction_features": (
        OF_DATASETS,
        {"seen_minimum": UNLESS_LIMITED, "seen_maximum": UNLESS_LIMITED, "typical_value": DIGITS},
        "true",
    ),
    "prediction_checks": (
        OF_DATASETS,
        {"customers": ROUNDED, "expected_total": UNLESS_LIMITED, "observed_total": UNLESS_LIMITED},
        "true",
    ),
    "principal_components": (OF_SEGMENTATIONS, {}, "true"),
    "published_result_checks": (OF_NOTHING, {}, "true"),
    "published_tables": (OF_NOTHING, {}, "true"),
    "purchase_cohorts": (
        OF_DATASETS,
        {"customers": ROUNDED, "buyers": ROUNDED, "lapsed": ROUNDED, "money": UNLESS_LIMITED},
        "true",
    ),
    "rfm_thresholds": (OF_DATASETS, {}, "not limited or total_customers >= 5 * cell"),  # each score has a cell
    # a limit that one customer sets decides who is whom in these: they are for who scores customers
    "scoring_macros": (OF_DATASETS, {}, "not limited"),
    "scoring_models": (OF_DATASETS, {}, "not limited"),
    "skipped_segmentations": (OF_DATASETS, {}, "true"),
    "segment_distributions": (
        OF_SEGMENTS,
        {
            "lower_whisker": UNLESS_LIMITED,
            "upper_whisker": UNLESS_LIMITED,
            "p25": DIGITS,
            "median": DIGITS,
            "p75": DIGITS,
        },
        "not limited or segment_customers >= 4 * cell",
    ),
    "segment_lineage": (
        OF_SEGMENTATIONS,
        {
            "customers": ROUNDED,
            "share_of_from": UNLESS_LIMITED,
            "share_of_to": UNLESS_LIMITED,
            "jaccard": UNLESS_LIMITED,
        },
        "true",
    ),
    "segment_migrations": (
        OF_SEGMENTATIONS,
        {"customers": ROUNDED, "money_before": UNLESS_LIMITED, "money_after": UNLESS_LIMITED},
        "true",
    ),
    "segment_profiles": (
        OF_SEGMENTS,
        {
            "customers": OF_SEGMENT,
            "min": UNLESS_LIMITED,
            "max": UNLESS_LIMITED,
            "median": DIGITS,
            "p10": QUANTILE.replace("{1}", "10"),
            "p25": QUANTILE.replace("{1}", "4"),
            "p75": QUANTILE.replace("{1}", "4"),
            "p90": QUANTILE.replace("{1}", "10"),
        },
        "not is_small",
    ),
    "segment_rules": (
        OF_SEGMENTS,
        {"customers": OF_SEGMENT, "customers_caught": "case when is_next then null else " + COUNT + " end"},
        "not is_small",
    ),
    "segment_sizes": (
        OF_SEGMENTATIONS,
        {
            "customers": ROUNDED,
            "share_of_customers": UNLESS_LIMITED,
            "money": UNLESS_LIMITED,
            "share_of_money": UNLESS_LIMITED,
        },
        "true",
    ),
    "segment_stability": (OF_SEGMENTS, {}, "true"),
    "segmentation_agreement": (OF_SEGMENTATIONS, {}, "true"),
    "segmentation_fits": (OF_SEGMENTATIONS, {}, "true"),
    "segments": (
        OF_SEGMENTS,
        {
            "customers": OF_SEGMENT,
            "share_of_customers": "case when is_small then null when is_next then rounded_customers / total_customers "
            "else {0} end",
            "borderline_customers": "case when is_small then null else " + COUNT + " end",
            "headline": "case when is_small then 'Too few customers to show figures' else {0} end",
        },
        "true",
    ),
}
# Counted twice over, by segment and by something else: where one cell of a table is too small, all of its cells are
# rounded. Named are the columns that tell one table from the next, and those that are then unknown.
CROSSED = {
    "rfm_group_segments": ("segmentation", ("share_of_group", "index_to_independence")),
    "segment_crosswalk": ("segmentation, other_segmentation", ()),
    "segment_genders": ("segmentation", ()),
}
# Made from the figures of customers, or put together, by a function of this module.
MADE = (
    "category_counts", "category_profiles", "customer_components", "customer_segments", "customer_silhouettes",
    "data_quality_results", "feature_histograms", "rejected_rows", "rfm_groups",
)  # fmt: skip
# Never shown, nor anything made of them but the points of `<dataset>_customer_features`.
# what a state of an order or a reason of rejection costs may be what one customer paid; with one segment more, a few
# customers may be all that a segment loses
STAYS_BEHIND = (
    "alternative_segments",
    "budget_plan",
    "campaign_aggregates",
    "campaign_assignments",
    "customer_campaigns",
    "customer_lifetime_value",
    "customer_value",
    "customers",
    "experiment_plans",
    "money_account",
    "refit_comparisons",
    "rfm_scores",
    "segment_changes",
    "segment_history",
    "segment_movers",
)
# A table with one of these columns holds what is known about single customers.
ABOUT_CUSTOMERS = {"customer_id", "customer_key", "raw_row", "unexpected_examples"}
NOT_OFFERED = {"rejected_rows"}  # what is left of it is counted elsewhere
OF_DATASETS_STAYS_BEHIND = ("_category_mix", "_customer_history")
FEATURES = "_customer_features"


class OutgoingPublication(Publication):
    """A publication of which only what may leave the house can be read.

    Parameters
    ----------
    path : str or Path
        The published database.

    Raises
    ------
    NotPossibleError
        As for `Publication`.
    """

    def __init__(self, path: str | Path = PUBLISHED) -> None:
        super().__init__(path)
        self._limits = self.frame("select * from datasets").set_index("dataset")

    def _open(self) -> None:
        with Publication(self._path) as published:
            self.disagreement = published.disagreement
            self._currency = published.currency()
            limits = _limits(published)
            published._database.close()
            self._database = duckdb.connect()
            with errors_explained(self._path):
                _Copy(self._database, self._path, limits).make()

    def currency(self) -> str | None:
        """Return the currency of all money: where no campaign says it, customers do, who are not in the copy."""
        return self._currency

    def shows_customers(self, dataset: str) -> bool:
        """Say whether points are customers of a dataset; otherwise they were drawn from a distribution."""
        return bool(self._limits.loc[dataset, "has_exact_points"])

    def smallest_cell(self, dataset: str) -> int:
        """Return the fewest customers of a dataset of whom a figure is shown."""
        return int(self._limits.loc[dataset, "smallest_cell"])

    def offered(self) -> set[str]:
        """Return the tables that anybody may have as they are: published ones without rows about single customers."""
        columns = self.rows("select table_name, list(column_name) from duckdb_columns() where not internal group by 1")
        private = {name for name, own in columns if ABOUT_CUSTOMERS & set(own)} | NOT_OFFERED
        published = {name for (name,) in self.rows("select table_name from published_tables")}
        return published - private

    def without_customers(self) -> duckdb.DuckDBPyConnection:
        """Drop every table but those that are offered, and hand over the connection to them.

        Returns
        -------
        DuckDBPyConnection
            The copy in memory. The publication cannot be used after that.
        """
        with errors_explained(self._path):
            offered = self.offered() | {"published_tables"}  # which needs not list itself
            for (name,) in self.rows("select table_name from duckdb_tables() where not internal"):
                if name not in offered:
                    self._database.execute(f"drop table {quoted(name)}")
            account = "delete from published_tables where not list_contains(?, table_name)"
            self._database.execute(account, [sorted(offered)])
        return self._database

    def rfm_cells(self, dataset: str) -> pd.DataFrame:
        """Return the cells of the RFM grid; where one is too small, counts are rounded and some money is not told."""
        return self.table("rfm_cells", dataset=dataset)

    def concentration(self, dataset: str) -> pd.DataFrame:
        """Return the curve of the money, with a smallest cell of customers between two points."""
        return self.table("money_concentration", dataset=dataset)

    def asked_for(self) -> list[str]:
        """Return the datasets whose customers are shown because that was asked for, not because they are examples."""
        return sorted(self._limits.index[self._limits["has_exact_points"] & ~self._limits["is_example"]])

    def segments(self, segmentation: str) -> pd.DataFrame:
        """Return the segments as `Publication.segments` does; small and rounded counts are written as words."""
        found = super().segments(segmentation)
        fit = self.table("segmentation_fits", segmentation=segmentation).iloc[0]
        smallest, total = self.smallest_cell(fit["dataset"]), int(fit["customers"])
        is_small = found["customers"].isna()
        if not is_small.any():
            return found
        rounded_one = found["customers"].idxmin() if found["customers"].notna().any() else None
        counts, shares = [], []
        for place, (count, share) in enumerate(zip(found["customers"], found["share_of_customers"], strict=True)):
            if is_small.iloc[place]:
                half = max(1, smallest // 2)
                count = WrittenCount(half, _("fewer than {number}", number=formatting.number(smallest)))
                share = WrittenShare(half / total, _("under {share}", share=formatting.percent(smallest / total)))
            elif place == rounded_one:
                count = WrittenCount(int(count), _("about {number}", number=formatting.number(int(count))))
                share = WrittenShare(share, _("about {number}", number=formatting.percent(share)))
            counts.append(count if isinstance(count, int) else int(count))
            shares.append(share)
        return found.assign(
            customers=pd.Series(counts, index=found.index, dtype=object),
            share_of_customers=pd.Series(shares, index=found.index, dtype=object),
            share=formatting.shares(shares),
        )


def outgoing(publication: Publication) -> OutgoingPublication:
    """Return a publication as it may leave the house, whatever publication is handed over."""
    return publication if isinstance(publication, OutgoingPublication) else OutgoingPublication(publication.path)


def _limits(published: Publication) -> pd.DataFrame:
    """Return what may be shown of each dataset; what is not said protects."""
    datasets = published.frame("select * from datasets order by dataset")
    fallback = {"is_example": False, "has_exact_points": False, "smallest_cell": SMALLEST_CELL}
    for column, value in fallback.items():
        if column not in datasets:
            datasets[column] = value
        datasets[column] = datasets[column].fillna(value).astype(type(value))
    return datasets[["dataset", "customers", *fallback]]


class _Copy:
    """Copy a published database into memory, under the rules."""

    def __init__(self, database: duckdb.DuckDBPyConnection, path: str | Path, limits: pd.DataFrame) -> None:
        self._database = database
        self._path = path
        self._limits = limits
        self._run("attach ? as source (read_only)", [str(path)])
        self._columns = {
            name: list(columns)
            for name, columns in self._run(
                "select table_name, list(column_name order by column_index) from duckdb_columns() "
                "where database_name = 'source' and schema_name = 'main' and not internal group by table_name"
            ).fetchall()
        }

    def _run(self, sql: str, parameters=()) -> duckdb.DuckDBPyConnection:
        return self._database.execute(sql, list(parameters))

    def _frame(self, sql: str, parameters=()) -> pd.DataFrame:
        return self._run(sql, parameters).df()

    def _keep(self, name: str, frame: pd.DataFrame) -> None:
        """Make a table of a frame, with the types that the columns have in the published table."""
        self._database.register("made", frame)
        columns = ", ".join(
            f"cast(made.{quoted(column)} as {kind}) as {quoted(column)}"
            for column, kind in self._run(
                "select column_name, data_type from duckdb_columns() where database_name = 'source' "
                "and schema_name = 'main' and table_name = ? order by column_index",
                [name],
            ).fetchall()
            if column in frame
        )
        self._run(f"create table {quoted(name)} as select {columns} from made")
        self._database.unregister("made")

    def make(self) -> None:
        """Copy everything, and let go of the published file."""
        self._database.register("given_limits", self._limits)
        self._run(
            "create temp table limits as select dataset, customers as total_customers, has_exact_points, "
            "cast(smallest_cell as bigint) as cell, smallest_cell > 1 as limited from given_limits"
        )
        self._database.unregister("given_limits")
        self._run(
            """
            create temp table known_segmentations as
            select fits.segmentation, limits.*
            from source.segmentation_fits as fits
            inner join limits on fits.dataset = limits.dataset
            """
        )
        self._run(
            """
            create temp table known_segments as
            select
                known.*, segments.cluster_id, segments.persona, segments.customers as segment_customers,
                segments.customers < cell as is_small,
                segments.customers >= cell
                and bool_or(segments.customers < cell) over (partition by segments.segmentation)
                and row_number() over (
                    partition by segments.segmentation, segments.customers >= cell
                    order by segments.customers, segments.cluster_id
                ) = 1 as is_next,
                greatest(1, cast(floor((segments.customers + cell / 2) / cell) as bigint)) * cell as rounded_customers
            from source.segments as segments
            inner join known_segmentations as known on segments.segmentation = known.segmentation
            """
        )
        for name in self._columns:
            if name in RULES:
                self._rule(name, *RULES[name])
            elif name in CROSSED:
                self._crossed(name, *CROSSED[name])
        for name, make in self._makers():
            if name in self._columns:
                make()
        if {"rfm_groups", "rfm_scores"} <= self._columns.keys():
            self._value()
        self._customers()
        self._account()
        for name in ("known_segments", "known_segmentations", "limits"):
            self._run(f"drop table {name}")
        self._run("detach source")

    def _rule(self, name, about, replacements, kept) -> None:
        joins = {
            OF_NOTHING: "",
            OF_DATASETS: "inner join limits on t.dataset = limits.dataset",
            OF_SEGMENTATIONS: "inner join known_segmentations as known on t.segmentation = known.segmentation",
            OF_SEGMENTS: "left join known_segments as known "
            "on t.segmentation = known.segmentation and t.cluster_id = known.cluster_id",
            OF_PERSONAS: "left join known_segments as known "
            "on t.segmentation = known.segmentation and t.persona = known.persona",
        }
        changed = ", ".join(
            f"{expression.format(f't.{quoted(column)}')} as {quoted(column)}"
            for column, expression in replacements.items()
            if column in self._columns[name]
        )
        replace = f"replace ({changed})" if changed else ""
        # personas without a segment have no limits to break
        self._run(
            f"create table {quoted(name)} as select t.* {replace} from source.{quoted(name)} as t {joins[about]} "
            f"where coalesce({kept}, true)"
        )
        if name == "datasets":
            for column in ("is_example", "has_exact_points", "smallest_cell"):
                if column not in self._columns[name]:
                    self._database.register("given_limits", self._limits)
                    self._run(
                        f"create or replace table datasets as select t.*, given_limits.{column} from datasets as t "
                        "inner join given_limits on t.dataset = given_limits.dataset"
                    )
                    self._database.unregister("given_limits")

    def _crossed(self, name, table, unknown) -> None:
        """Round all counts of a table with two margins if one of its cells is too small, so that no margin tells it."""
        has_other = "other_cluster_id" in self._columns[name]
        other = (
            "left join known_segments as other on t.other_segmentation = other.segmentation "
            "and t.other_cluster_id = other.cluster_id"
            if has_other
            else ""
        )
        shares = {"share_of_segment": "its_rounded", "share_of_other_segment": "other_rounded"}
        replaced = ", ".join(
            [
                "written as customers",
                *[
                    f"case when is_rounded then least(1, written / {whole}) else {share} end as {share}"
                    for share, whole in shares.items()
                    if share in self._columns[name]
                ],
                *[
                    f"case when is_rounded then null else {figure} end as {figure}"
                    for figure in unknown
                    if figure in self._columns[name]
                ],
            ]
        )
        self._run(
            f"""
            create table {quoted(name)} as
            with

            judged as (
                select
                    t.*,
                    known.cell as its_cell,
                    known.rounded_customers as its_rounded,
                    {"other.rounded_customers" if has_other else "null"} as other_rounded,
                    known.is_small {"or coalesce(other.is_small, false)" if has_other else ""} as is_of_small,
                    bool_or(t.customers between 1 and known.cell - 1)
                    over (partition by {", ".join(f"t.{key}" for key in table.split(", "))}) as is_rounded
                from source.{quoted(name)} as t
                inner join known_segments as known
                    on t.segmentation = known.segmentation and t.cluster_id = known.cluster_id
                {other}
            ),

            counted as (
                select
                    *,
                    case
                        when is_rounded then its_cell * cast(floor((customers + its_cell / 2) / its_cell) as bigint)
                        else customers
                    end as written
                from judged
                where not is_of_small and (customers >= its_cell or customers = 0)
            )

            select * exclude (its_cell, its_rounded, other_rounded, is_of_small, is_rounded, written)
            replace ({replaced})
            from counted
            """
        )

    def _makers(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "category_counts", self._categories
        yield "rfm_groups", self._rfm_groups
        yield "feature_histograms", self._histograms
        yield "rejected_rows", self._rejected_rows
        yield "data_quality_results", self._checks

    def _put_together(self, counts: pd.DataFrame, smallest: int) -> pd.DataFrame:
        """Tell which rows are put together: the small ones, and the next smallest until they are enough."""
        ordered = counts.sort_values("customers", kind="stable")
        is_small = (ordered["customers"] < smallest) & (ordered["customers"] > 0)
        if not is_small.any():
            return counts.iloc[:0]
        candidates = ordered[ordered["customers"] > 0]
        needed = int(is_small.sum())
        if needed < 2 or candidates["customers"].iloc[:needed].sum() < smallest:
            needed += 1
        return candidates.iloc[:needed]

    def _categories(self) -> None:
        """Put rare values of a category together, and leave out what their customers are like."""
        counts = self._frame("select * from source.category_counts order by all")
        profiles = (
            self._frame("select * from source.category_profiles order by all")
            if "category_profiles" in self._columns
            else None
        )
        smallest = self._limits.set_index("dataset")["smallest_cell"]
        kept, counted = [], []
        for (dataset, category), rows in counts.groupby(["dataset", "category"], sort=True):
            together = self._put_together(rows, int(smallest.get(dataset, SMALLEST_CELL)))
            others = rows.drop(together.index)
            if len(together):
                name = _(
                    "other ({values} values, fewer than {smallest} each, and the next smallest)",
                    values=len(together), smallest=formatting.number(int(smallest[dataset])),
                )  # fmt: skip
                sums = together.agg({"customers": "sum", "share_of_customers": "sum"})
                row = {"dataset": dataset, "category": category, "category_value": name} | dict(sums)
                others = pd.concat([others, pd.DataFrame([row])])
            counted.append(others)
            kept.append(rows.drop(together.index)[["dataset", "category", "category_value", "customers"]])
        self._keep("category_counts", pd.concat(counted) if counted else counts)
        if profiles is None:
            return
        known = pd.concat(kept) if kept else counts[["dataset", "category", "category_value", "customers"]]
        shown = profiles.merge(
            known.rename(columns={"customers": "counted"}), on=["dataset", "category", "category_value"]
        )
        cell = shown["dataset"].map(smallest).fillna(SMALLEST_CELL)
        shown = shown[(cell == 1) | (shown["counted"] >= 4 * cell)]  # so many that each quarter has a cell of them
        limited = shown["dataset"].map(smallest).fillna(SMALLEST_CELL) > 1
        for column in ("minimum", "maximum", "lower_whisker", "upper_whisker"):
            if column in shown:
                shown = shown.assign(**{column: shown[column].mask(limited)})
        for column in ("p25", "median", "p75"):
            size = shown[column].abs()
            digits = (shown[column].round(0).where(size >= 10, shown[column].round(1))).where(
                size >= 1, shown[column].round(2)
            )
            shown = shown.assign(**{column: shown[column].where(~limited, digits)})
        self._keep("category_profiles", shown.drop(columns="counted"))

    def _rfm_groups(self) -> None:
        """Put small groups together; only what adds up is told of them."""
        groups = self._frame("select * from source.rfm_groups order by dataset, position")
        smallest = self._limits.set_index("dataset")["smallest_cell"]
        made = []
        for dataset, rows in groups.groupby("dataset", sort=True):
            together = self._put_together(rows, int(smallest.get(dataset, SMALLEST_CELL)))
            others = rows.drop(together.index)
            if len(together):
                added = ("customers", "share_of_customers", "one_time_buyers", "share_of_monetary")
                row = {column: together[column].sum(min_count=1) for column in added if column in together}
                row |= {
                    "dataset": dataset, "position": int(rows["position"].max()) + 1, "rfm_group_id": "other",
                    "rfm_group": _("Other groups"), "advice": "",
                    "description": _(
                        "{groups} groups with fewer than {smallest} each, and the next smallest",
                        groups=len(together), smallest=formatting.number(int(smallest[dataset])),
                    ),
                }  # fmt: skip
                others = pd.concat([others, pd.DataFrame([row])])
            one_time = others.get("one_time_buyers")
            if one_time is not None:
                cell = int(smallest.get(dataset, SMALLEST_CELL))
                others = others.assign(one_time_buyers=one_time.mask(one_time.between(1, cell - 1)))
            made.append(others)
        self._keep("rfm_groups", pd.concat(made) if made else groups)

    def _value(self) -> None:
        """Add up what customers are worth, with a smallest cell of them behind every figure: grid and curve."""
        shown = self._frame("select dataset, rfm_group from rfm_groups")
        cells, curves = [], []
        for limit in self._limits.itertuples():
            dataset, smallest = limit.dataset, int(limit.smallest_cell)
            found = self._frame(cells_query("source.rfm_scores"), [dataset])
            groups = set(shown.loc[shown["dataset"] == dataset, "rfm_group"])
            cells.append(_protected_cells(found, smallest, groups).assign(dataset=dataset))
            curve = self._frame(concentration_query("source.rfm_scores", smallest), [dataset])
            # fewer customers than a cell have no curve
            curves.append(curve[curve["customers"] >= smallest].assign(dataset=dataset))
        for name, frames in (("rfm_cells", cells), ("money_concentration", curves)):
            self._database.register("made", pd.concat(frames, ignore_index=True))
            self._run(f"create table {name} as select * from made")
            self._database.unregister("made")

    def _histograms(self) -> None:
        """Count customers in bins whose borders are round numbers, so that the outermost tell no one's figure."""
        published = self._frame("select * from source.feature_histograms order by dataset, feature, bin")
        made = []
        for (dataset, feature), bins in published.groupby(["dataset", "feature"], sort=True):
            smallest = int(self._limits.set_index("dataset")["smallest_cell"].get(dataset, SMALLEST_CELL))
            if smallest == 1:
                made.append(bins)
                continue
            table = f"{dataset}{FEATURES}"
            if feature not in self._columns.get(table, ()):
                continue
            reach = bins["upper_bound"].max() - bins["lower_bound"].min()
            width = _round_width(reach / min(max(len(bins), LEAST_BINS), MOST_BINS))
            counts = self._frame(
                f"""
                select floor({quoted(feature)} / {width!r}) as place, count(*) as customers
                from source.{quoted(table)}
                where {quoted(feature)} is not null
                group by place
                order by place
                """
            )
            made.append(_merged_bins(counts, width, smallest).assign(dataset=dataset, feature=feature))
        frame = pd.concat(made) if made else published.iloc[:0]
        if "share_of_customers" in published and len(frame):
            total = frame.groupby(["dataset", "feature"])["customers"].transform("sum")
            shares = frame["customers"] / total.where(total > 0)
            frame = frame.assign(share_of_customers=frame.get("share_of_customers", shares))
            frame["share_of_customers"] = frame["share_of_customers"].fillna(shares)
        self._keep("feature_histograms", frame)

    def _rejected_rows(self) -> None:
        """Keep how many rows were rejected and why: rare reasons together, and nothing of what stood in a row."""
        self._run(
            """
            create table rejected_rows as
            with

            counted as (
                select
                    t.dataset, t.input, t.problem_column, t.reason, cell,
                    count(*) over (partition by t.dataset, t.input, t.problem_column, t.reason) as found
                from source.rejected_rows as t
                inner join limits on t.dataset = limits.dataset
            )

            select
                dataset,
                input,
                case when found >= cell then problem_column end as problem_column,
                case when found >= cell then reason else 'other reasons' end as reason
            from counted
            """
        )

    def _checks(self) -> None:
        """Leave out what checks of people's data found: the figure may be that of a single customer."""
        self._run(
            """
            create table data_quality_results as
            select
                t.* replace (
                    case when is_about_people then '' else t.observed_value end as observed_value,
                    case when is_about_people then null else t.unexpected_examples end as unexpected_examples
                )
            from (
                select
                    checks.*,
                    (
                        select bool_or(limited and matches)
                        from (
                            select
                                limited,
                                regexp_matches(checks.relation, '(^|_)' || regexp_escape(dataset) || '_') as matches,
                                bool_or(matches) over () as is_of_one
                            from limits
                        ) as of_datasets
                        where matches or not is_of_one
                    )
                    or (
                        select bool_and(not regexp_matches(checks.relation, '(^|_)' || regexp_escape(dataset) || '_'))
                        and bool_or(limited)
                        from limits
                    ) as is_about_people
                from source.data_quality_results as checks
            ) as t
            """
        )
        self._run("alter table data_quality_results drop column is_about_people")

    def _customers(self) -> None:
        """Copy the customers that may be shown, and draw points in the place of all others."""
        parts: dict[str, list[pd.DataFrame]] = {}
        for limit in self._limits.itertuples():
            make = self._exact_customers if limit.has_exact_points else self._drawn_customers
            for name, frame in make(limit):
                parts.setdefault(name, []).append(frame)
        for name, frames in parts.items():
            self._keep(name, pd.concat(frames, ignore_index=True))
        for name in ("customer_components", "customer_segments", "customer_silhouettes"):
            if name in self._columns and name not in parts:
                self._keep(name, self._frame(f"select * from source.{name} limit 0"))

    def _segmentations(self, dataset) -> list[str]:
        rows = self._run(
            "select segmentation from source.segmentation_fits where dataset = ? order by segmentation", [dataset]
        )
        return [name for (name,) in rows.fetchall()]

    def _exact_customers(self, limit) -> Iterator[tuple[str, pd.DataFrame]]:
        dataset, table = limit.dataset, f"{limit.dataset}{FEATURES}"
        ids = [
            self._frame(
                f"select customer_id from source.{quoted(table)} order by md5(customer_id), 1 limit {MOST_POINTS}"
            )
        ]
        for segmentation in self._segmentations(dataset):
            for name in ("customer_components", "customer_silhouettes", "customer_segments"):
                if name not in self._columns:
                    continue
                rows = self._frame(
                    f"select * from source.{name} where segmentation = ? "
                    "order by md5(customer_id), customer_id limit ?",
                    [segmentation, MOST_POINTS if name == "customer_segments" else None],
                )
                ids.append(rows[["customer_id"]])
                yield name, rows
        self._database.register("wanted", pd.concat(ids).drop_duplicates())
        features = self._frame(
            f"select t.* from source.{quoted(table)} as t semi join wanted on t.customer_id = wanted.customer_id "
            "order by t.customer_id"
        )
        self._database.unregister("wanted")
        yield table, features

    def _drawn_customers(self, limit) -> Iterator[tuple[str, pd.DataFrame]]:
        dataset, table, smallest = limit.dataset, f"{limit.dataset}{FEATURES}", limit.smallest_cell
        features = [
            column
            for column, kind in self._run(
                "select column_name, data_type from duckdb_columns() where database_name = 'source' "
                "and schema_name = 'main' and table_name = ? order by column_index",
                [table],
            ).fetchall()
            if kind in ("DOUBLE", "FLOAT", "BIGINT", "INTEGER")
        ]
        components = ["component_1", "component_2", "component_3"]
        has_components = "customer_components" in self._columns
        for segmentation in self._segmentations(dataset):
            source = "customer_components" if has_components else "customer_segments"
            count = self._run(f"select count(*) from source.{source} where segmentation = ?", [segmentation])
            if count.fetchall()[0][0] == 0:
                source = "customer_segments"
            more = components if source == "customer_components" else []
            columns = ", ".join([f"f.{quoted(name)}" for name in features] + [f"t.{name}" for name in more])
            customers = self._frame(
                f"""
                select t.cluster_id, {columns}
                from source.{source} as t
                inner join source.{quoted(table)} as f on t.customer_id = f.customer_id
                where t.segmentation = ?
                order by md5(t.customer_id), t.customer_id
                limit ?
                """,
                [segmentation, MOST_POINTS],
            )
            points = self._points(segmentation, customers, features + more, smallest)
            own = points.assign(segmentation=segmentation, dataset=dataset)
            yield table, points[["customer_id", *features]]
            yield "customer_segments", own[["segmentation", "dataset", "customer_id", "cluster_id"]]
            if more:
                yield "customer_components", own[["segmentation", "dataset", "customer_id", "cluster_id", *more]]
            if "customer_silhouettes" in self._columns:
                yield "customer_silhouettes", self._silhouettes(segmentation, smallest)

    def _points(self, segmentation, customers, columns, smallest) -> pd.DataFrame:
        """Draw the points of every segment that is large enough, each with a name that no customer has."""
        seed = int.from_bytes(hashlib.sha256(segmentation.encode()).digest()[:4])
        random = np.random.default_rng([SEED, seed])
        parts = [
            drawn(rows[columns], smallest, random).assign(cluster_id=cluster)
            for cluster, rows in customers.groupby("cluster_id", sort=True)
        ]
        points = pd.concat(parts, ignore_index=True) if parts else customers[[*columns, "cluster_id"]].iloc[:0]
        points["customer_id"] = [f"drawn {segmentation} {number}" for number in range(len(points))]
        return points

    def _silhouettes(self, segmentation, smallest) -> pd.DataFrame:
        rows = self._frame(
            "select cluster_id, silhouette from source.customer_silhouettes "
            "where segmentation = ? and silhouette is not null order by cluster_id, silhouette",
            [segmentation],
        )
        parts = []
        for cluster, values in rows.groupby("cluster_id", sort=True)["silhouette"]:
            groups = averaged(values.to_numpy(dtype=float), smallest)
            if len(groups):
                count = rounded(len(groups), smallest)
                places = np.linspace(0, len(groups) - 1, count).round().astype(int)
                parts.append(pd.DataFrame({"cluster_id": cluster, "silhouette": groups[places]}))
        made = pd.concat(parts, ignore_index=True) if parts else rows.iloc[:0]
        return made.assign(
            segmentation=segmentation,
            customer_id=[f"group {segmentation} {number:06}" for number in range(len(made))],
        )

    def _account(self) -> None:
        """Let the account of published tables name what is here, with as many rows."""
        names = [
            name
            for (name,) in self._run("select table_name from duckdb_tables() where database_name = 'memory'").fetchall()
        ]
        for name in names:
            if name != "published_tables" and "row_count" in self._columns["published_tables"]:
                ((rows,),) = self._run(f"select count(*) from {quoted(name)}").fetchall()
                self._run("update published_tables set row_count = ? where table_name = ?", [rows, name])
        self._run("delete from published_tables where not list_contains(?, table_name)", [names])
        if "row_count" in self._columns["published_tables"]:
            self._run(
                "update published_tables set row_count = (select count(*) from published_tables) "
                "where table_name = 'published_tables'"
            )


def _protected_cells(cells: pd.DataFrame, smallest: int, groups: set[str]) -> pd.DataFrame:
    """Leave out the cells of a grid that are too small, and what the other cells of their groups would tell of them.

    Groups that are not shown by themselves are treated like those with a small cell.

    Examples
    --------
    >>> cells = pd.DataFrame({
    ...     "recency_score": 5, "value_score": [1, 2, 3], "rfm_group": ["New", "Loyal", "Loyal"],
    ...     "customers": [12, 3, 8], "money": [10.0, 20.0, 30.0], "mean_monetary": [1.0, 2.0, 3.0],
    ... })
    >>> _protected_cells(cells, 5, {"New", "Loyal"})[["rfm_group", "customers", "money"]].to_dict("list")
    {'rfm_group': ['New', 'Loyal'], 'customers': [12, 10], 'money': [10.0, nan]}
    """
    is_small = cells["customers"] < smallest
    is_hidden = cells["rfm_group"].isin(cells.loc[is_small, "rfm_group"]) | ~cells["rfm_group"].isin(groups)
    written = cells["customers"].map(lambda count: rounded(int(count), smallest))
    shown = cells.assign(
        customers=cells["customers"].mask(is_hidden, written),
        money=cells["money"].mask(is_hidden),
        mean_monetary=cells["mean_monetary"].mask(is_hidden),
    )
    return shown[~is_small].reset_index(drop=True)


def _round_width(width: float) -> float:
    """Return a width of bins that is 1, 2 or 5 times a power of ten, and no smaller than the one that is given.

    Examples
    --------
    >>> _round_width(2.6), _round_width(0.07), _round_width(0.0)
    (5.0, 0.1, 1.0)
    """
    if not width > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9)))


def _merged_bins(counts: pd.DataFrame, width: float, smallest: int) -> pd.DataFrame:
    """Put neighbouring bins together until each has a smallest cell of customers; the last ones join those before.

    Examples
    --------
    >>> counts = pd.DataFrame({"place": [1.0, 2.0, 3.0, 9.0], "customers": [2, 4, 7, 1]})
    >>> _merged_bins(counts, 10.0, 5).to_dict("list")
    {'bin': [1, 2], 'lower_bound': [10.0, 30.0], 'upper_bound': [30.0, 100.0], 'customers': [6, 8]}
    """
    bins: list[list[float]] = []
    first, found = None, 0
    for place, customers in zip(counts["place"], counts["customers"], strict=True):
        first = place if first is None else first
        found += int(customers)
        if found >= smallest:
            bins.append([first, place + 1, found])
            first, found = None, 0
    if found and bins:
        bins[-1][1], bins[-1][2] = counts["place"].iloc[-1] + 1, bins[-1][2] + found
    for one, following in pairwise(bins):
        one[1] = following[0]
    return pd.DataFrame(
        {
            "bin": range(1, len(bins) + 1),
            "lower_bound": [round(low * width, 10) for low, _, _ in bins],
            "upper_bound": [round(high * width, 10) for _, high, _ in bins],
            "customers": [int(customers) for _, _, customers in bins],
        }
    )
