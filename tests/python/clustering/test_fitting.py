from datetime import datetime

import duckdb
import numpy as np
import pandas as pd
import pytest

from customer_segmentation.clustering.fitting import FITTED_CLUSTERS, Search, fit_segmentations
from customer_segmentation.errors import InputError

POINTS = np.array([[0.0, 5.0], [1.0, 5.5], [10.0, 4.0], [11.0, 4.5], [20.0, 9.0]])


def fit(points=POINTS, k=2, initialisation="best_of_starts", prototypes=(), scaling="standard", starts=5, sampled=None):
    """Fit one segmentation: to all points, or to the weighted rows `sampled` and then to all points in a database."""
    points = np.asarray(points, dtype=float)
    scalers = {
        "standard": (points.mean(axis=0), points.std(axis=0)),
        "min_max": (points.min(axis=0), np.ptp(points, axis=0)),
        "none": (np.zeros(2), np.ones(2)),
    }
    rows = pd.DataFrame(points, columns=["value_1", "value_2"]).assign(weight=1.0, uniform_draw=np.nan)
    customers = rows.copy()

    def query(segmentation, sql):
        assert sampled is not None, "all customers are in memory already"
        with duckdb.connect() as warehouse:
            warehouse.register("customers", customers)
            return warehouse.execute(sql).fetchall()

    return fit_segmentations(
        pd.DataFrame(
            [{"segmentation": "s", "dataset": "d", "k": k, "scaling": scaling, "initialisation": initialisation}]
        ),
        pd.DataFrame(
            {"segmentation": "s", "position": [2, 1], "feature": ["b", "a"], "transform": "none", "weight": [1.0, 1.0]}
        ),
        pd.DataFrame(
            [
                ("s", f"persona_{number}", number, position, value)
                for number, values in enumerate(prototypes)
                for position, value in enumerate(values, start=1)
            ],
            columns=["segmentation", "persona", "priority", "position", "model_value"],
        ),
        pd.DataFrame(
            {
                "segmentation": "s",
                "position": [1, 2],
                "customers": len(points),
                "minimum": points.min(axis=0),
                "maximum": points.max(axis=0),
                "mean": points.mean(axis=0),
                "standard_deviation": points.std(axis=0),
                "scaler_center": scalers[scaling][0],
                "scaler_scale": scalers[scaling][1],
                "is_sampled": sampled is not None,
            }
        ),
        lambda segmentation: rows if sampled is None else sampled,
        query,
        search=Search(starts=starts, seed=0, tolerance=1e-9, most_passes=50),
        fitted_at=datetime(2024, 2, 29),
    )


def test_one_row_per_cluster_and_feature_in_declared_columns():
    rows = fit()
    assert list(rows.columns) == list(FITTED_CLUSTERS)
    assert rows[["cluster_id", "position"]].to_numpy().tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]
    assert rows["feature"].tolist() == ["a", "b", "a", "b"]
    assert rows.groupby("cluster_id")["cluster_customers"].first().sum() == len(POINTS)


def test_order_of_rows_changes_no_digit():
    pd.testing.assert_frame_equal(fit(), fit(POINTS[::-1]), check_exact=True)


def test_the_version_names_the_model():
    assert fit()["model_version"].nunique() == 1
    assert fit()["model_version"][0] == fit(POINTS[::-1])["model_version"][0]
    assert fit()["model_version"][0] != fit(k=3)["model_version"][0]


def test_a_start_at_the_personas_reports_what_it_costs():
    points = np.column_stack([[0.0, 1, 10, 11, 20, 21], [0.0, 1, 0, 1, 0, 1]])
    rows = fit(points, k=3, initialisation="personas", scaling="none", prototypes=[(0, 0), (1, 1), (15, 0.5)])
    assert rows["inertia"][0] > rows["best_known_inertia"][0] * 1.1


def test_a_start_at_a_persona_that_attracts_nobody_falls_back_and_says_so():
    rows = fit(k=3, initialisation="personas", prototypes=[(0, 5), (11, 4), (1000, 1000)])
    asked = fit(k=3)
    pd.testing.assert_frame_equal(rows.drop(columns="fallback"), asked.drop(columns="fallback"))
    assert asked["fallback"].isna().all()
    assert set(rows["initialisation"]) == {"best_of_starts"}
    assert set(rows["fallback"]) == {
        "a start at the personas was asked for, but no customer is nearest to persona_2; the best of all starts is used instead"
    }


@pytest.mark.parametrize("scaling", ["standard", "min_max", "none"])
def test_a_constant_feature_changes_nothing_and_is_named(scaling):
    rows = fit(np.column_stack([POINTS[:, 0], np.full(5, 7)]), scaling=scaling)
    assert set(rows["fallback"]) == {"b is the same for all customers and does not tell them apart"}
    varying = fit(np.column_stack([POINTS[:, 0], np.array([7, 7, 7, 7, 7 + 1e-9])]), scaling="none")
    assert rows["cluster_customers"].tolist() == varying["cluster_customers"].tolist()
    assert (rows.loc[rows["feature"] == "b", "scaled_centroid"] == (7 if scaling == "none" else 0)).all()


def test_nothing_that_tells_customers_apart_is_an_error():
    with pytest.raises(InputError, match="a, b has the same value for all 5 customers, so nothing tells them apart"):
        fit(np.ones((5, 2)))


@pytest.mark.parametrize("initialisation", ["best_of_starts", "personas"])
def test_more_clusters_than_different_customers_become_as_many_as_there_are(initialisation):
    rows = fit(k=6, initialisation=initialisation, prototypes=[(0, 5)] * 6)
    assert set(rows["k"]) == {5} == {rows["cluster_id"].max()}
    assert set(rows["fallback"]) == {"6 segments were asked for, but only 5 customers differ in what is compared"}
    assert rows["inertia"][0] == 0


def test_no_start_is_an_error():
    with pytest.raises(InputError, match="kmeans_starts is 0, expected 1 or more"):
        fit(starts=0)


def test_the_deviation_is_that_of_the_population_in_scaled_units():
    assert fit()["scaled_deviation"].tolist() == pytest.approx([1, 1, 1, 1])
    assert fit(scaling="none")["scaled_deviation"][:2].tolist() == pytest.approx(POINTS.std(axis=0).tolist())


@pytest.mark.parametrize("scaling", ["standard", "min_max", "none"])
@pytest.mark.parametrize("initialisation", ["best_of_starts", "personas"])
def test_both_paths_agree(scaling, initialisation):
    random = np.random.default_rng(0)
    points = random.normal(size=(3000, 2)) * [1, 30] + random.choice([0, 6, 12], 3000)[:, None] * [1, 20] + [100, -50]
    even = pd.DataFrame(points, columns=["value_1", "value_2"]).assign(uniform_draw=random.random(3000))
    chosen = even[even["uniform_draw"] < 0.2].assign(weight=5.0)
    asked = {"k": 3, "scaling": scaling, "initialisation": initialisation}
    asked["prototypes"] = [(100, -50), (106, 70), (112, 190)]
    exact, settled = fit(points, **asked), fit(points, **asked, sampled=chosen)
    assert settled["fitted_on"].unique().tolist() == ["coreset, then all customers"]
    assert settled["passes"][0] >= 2
    assert settled["coreset_rows"][0] == len(chosen) < exact["coreset_rows"][0] == 3000
    for same in ["cluster_customers", "customers", "feature", "cluster_id"]:
        assert settled[same].tolist() == exact[same].tolist()
    for near in ["scaled_centroid", "inertia", "best_known_inertia", "squared_silhouette", "scaled_deviation"]:
        assert settled[near].tolist() == pytest.approx(exact[near].tolist(), rel=1e-6)
    assert settled["silhouette"][0] == pytest.approx(exact["silhouette"][0], abs=0.03)
    assert settled["silhouette_customers"][0] == len(chosen)  # everybody was drawn with a chance of a fifth


def test_a_heavy_row_counts_as_many_equal_ones():
    repeated = np.repeat(POINTS, [1, 2, 1, 3, 1], axis=0)
    pd.testing.assert_frame_equal(fit(repeated), fit(repeated[::-1]), check_exact=True)
