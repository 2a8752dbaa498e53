import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from customer_segmentation.clustering import kmeans
from customer_segmentation.evidence.agreement import adjusted_rand_index
from customer_segmentation.evidence.optima import FIT_OPTIMA, STARTED_ROWS, describe_optima
from customer_segmentation.evidence.samples import Sample
from customer_segmentation.evidence.stability import CLUSTER_STABILITY, measure_stability

PLACES = np.array([[0.0], [1.0], [10.0], [11.0], [20.0], [21.0]])
PROTOTYPES = pd.DataFrame(
    [
        {"segmentation": "s", "persona": persona, "priority": rank, "position": 1, "model_value": value}
        for rank, (persona, value) in enumerate([("low", 0.0), ("lowest", 1.0), ("rest", 15.0)])
    ]
)

GRADES = pd.DataFrame({"lowest_jaccard": [0.75, 0.6, 0.5, 0.0]})


def sample(points, labels, n_clusters=3):
    features = pd.DataFrame(
        [{"position": 1, "feature": "f", "transform": "none", "scaler_center": 0.0, "scaler_scale": 1.0}]
    )
    return Sample("s", "d", features, points, points, np.asarray(labels), n_clusters)


def settings(initialisation):
    return pd.DataFrame([{"segmentation": "s", "initialisation": initialisation}])


def optima(samples, initialisation, *, starts, coreset=None, customers=None):
    """Describe the optima of segmentation `s`, on the sample or on the weighted rows of its coreset."""
    if customers is None:
        customers = len(samples[0].scaled) if samples else 0
    statistics = [
        {"segmentation": "s", "position": 1, "customers": customers, "scaler_center": 0.0, "scaler_scale": 1.0}
    ]
    return describe_optima(
        samples,
        settings(initialisation),
        PROTOTYPES,
        pd.DataFrame(statistics).assign(is_sampled=coreset is not None),
        {"s": coreset}.__getitem__,
        starts=starts,
        seed=0,
    )


def test_clusters_far_apart_are_stable():
    found = measure_stability(
        [sample(np.repeat(PLACES, 10, axis=0), np.repeat([1, 2, 3], 20))],
        settings("best_of_starts"),
        PROTOTYPES,
        GRADES,
        bootstraps=20,
        seed=0,
    )
    assert list(found) == list(CLUSTER_STABILITY)
    assert found["bootstrap_jaccard"].tolist() == [1, 1, 1]
    assert found["share_recovered"].tolist() == [1, 1, 1]
    assert found["share_dissolved"].tolist() == [0, 0, 0]


def test_a_fit_started_at_personas_is_repeated_from_there():
    # the start at 0, 1 and 15 splits the lowest customers and joins the others: an optimum that a search leaves
    points, labels = np.repeat(PLACES, 10, axis=0), np.repeat([1, 2, 3, 3, 3, 3], 10)
    repeated, searched = (
        measure_stability([sample(points, labels)], settings(start), PROTOTYPES, GRADES, bootstraps=20, seed=0)
        for start in ("personas", "best_of_starts")
    )
    assert repeated["bootstrap_jaccard"].tolist() == [1, 1, 1]
    assert searched["bootstrap_jaccard"].max() < 0.75


def test_a_cluster_without_a_sampled_customer_has_no_figures():
    found = measure_stability(
        [sample(np.repeat(PLACES, 10, axis=0), np.repeat([1, 2], 30))],
        settings("best_of_starts"),
        PROTOTYPES,
        GRADES,
        bootstraps=5,
        seed=0,
    )
    assert found["bootstrap_jaccard"].isna().tolist() == [False, False, True]


def test_no_samples_no_rows():
    assert measure_stability([], settings("best_of_starts"), PROTOTYPES, GRADES, bootstraps=5, seed=0).empty
    assert optima([], "best_of_starts", starts=5).empty


def test_the_optimum_next_to_the_personas_is_listed_with_its_cost():
    points = np.repeat(PLACES, 10, axis=0)
    found = optima([sample(points, np.repeat([1, 2, 3], 20))], "personas", starts=20)
    assert list(found) == list(FIT_OPTIMA)
    best, in_use = found.iloc[0], found[found["is_in_use"]].iloc[0]
    assert best["inertia"] == pytest.approx(15)
    assert best["adjusted_rand_index"] == 1
    assert in_use["inertia"] == pytest.approx(1010)
    assert in_use["excess_over_best"] == pytest.approx(1010 / 15 - 1)
    assert in_use["customers_elsewhere"] == 30
    assert in_use["smallest_cluster"] == 10
    assert found["share_of_starts"].sum() <= 1


def test_without_a_start_at_personas_the_best_is_in_use():
    points = np.random.default_rng(0).normal(size=(200, 1))
    labels = kmeans.fit_best(points, 3, starts=50, seed=1).labels + 1
    found = optima([sample(points, labels)], "best_of_starts", starts=50, customers=1000)
    assert found["is_in_use"].tolist() == [True] + [False] * (len(found) - 1)
    assert found["inertia"].is_monotonic_increasing
    assert found["optimum"].tolist() == list(range(1, len(found) + 1))
    assert found["fitted_on"].unique().tolist() == ["even sample"]


def test_fewer_different_customers_than_clusters_have_no_optima():
    assert optima([sample(np.ones((10, 1)), np.ones(10))], "best_of_starts", starts=5).empty


@pytest.mark.parametrize("initialisation", ["personas", "best_of_starts"])
def test_a_coreset_of_everybody_has_the_optima_of_everybody(initialisation):
    random = np.random.default_rng(0)
    places, weights = random.uniform(0, 21, 40), random.integers(1, 6, 40)
    points = np.repeat(places, weights)[:, None]
    sampled = [sample(points, np.digitize(points[:, 0], [7, 14]) + 1)]
    coreset = pd.DataFrame({"value_1": places[::-1], "weight": weights[::-1].astype(float)})
    exact = optima(sampled, initialisation, starts=20)
    weighted = optima(sampled, initialisation, starts=20, coreset=coreset)
    assert exact["fitted_on"].unique().tolist() == ["all customers"]
    assert weighted["fitted_on"].unique().tolist() == ["coreset"]
    assert (weighted["coreset_rows"] == 40).all()
    assert (exact["customers_elsewhere"] > 0).any()
    pd.testing.assert_frame_equal(weighted.drop(columns="fitted_on"), exact.drop(columns="fitted_on"))


def test_starts_run_on_a_part_of_a_large_coreset_and_speak_for_all_customers():
    random = np.random.default_rng(0)
    points = random.normal(size=20_000) + random.choice([0, 8, 16], 20_000, p=[0.5, 0.3, 0.2])
    coreset = pd.DataFrame({"value_1": points, "weight": random.choice([0.5, 1.5], 20_000)})
    even = points[:500, None]
    labels = np.digitize(even[:, 0], [4, 12]) + 1
    found = optima([sample(even, labels)], "best_of_starts", starts=3, coreset=coreset, customers=1_000_000)
    best = found.iloc[0]
    assert STARTED_ROWS * 0.9 < best["coreset_rows"] <= kmeans.SEARCH_ROWS
    assert best["customers"] == 1_000_000
    assert best["inertia"] == pytest.approx(1_000_000, rel=0.05)
    assert best["smallest_cluster"] == pytest.approx(200_000, rel=0.05)
    assert best["is_in_use"]


def test_optima_that_a_coreset_cannot_tell_apart_are_one():
    # two customers a little beside the middle between two clusters can be put into either
    points = np.concatenate([np.linspace(-1, 1, 2001) + place for place in (0, 10)] + [[5.0, 5.001]])[:, None]
    sampled = [sample(points, np.where(points[:, 0] < 5, 1, 2), n_clusters=2)]
    exact = optima(sampled, "best_of_starts", starts=60)
    coreset = pd.DataFrame({"value_1": points[:, 0], "weight": 1.0})
    found = optima(sampled, "best_of_starts", starts=60, coreset=coreset)
    assert len(exact) > 1
    assert exact["excess_over_best"].max() < kmeans.LEAST_GAIN_ON_SAMPLE
    assert len(found) == 1
    assert found["share_of_starts"].tolist() == [1]


def test_the_adjusted_rand_index_is_that_of_scikit_learn():
    labels, others = np.random.default_rng(0).integers(0, 4, size=(2, 300))
    others[:150] = labels[:150]
    together = np.zeros((4, 4))
    np.add.at(together, (labels, others), 1)
    assert adjusted_rand_index(together) == adjusted_rand_score(labels, others)
    assert adjusted_rand_index(np.diag([0.1, 0.7, 30.3])) == 1


def test_customers_between_two_centres_make_no_optimum_of_their_own():
    # on a lattice many customers are as near to one centre as to another
    lattice = np.column_stack([np.arange(60) % 70, np.arange(60) % 100 / 2]).astype(float)
    lattice = (lattice - lattice.mean(axis=0)) / lattice.std(axis=0)
    labels = kmeans.fit_best(lattice, 5, starts=20, seed=0).labels + 1
    found = optima([sample(lattice, labels, 5)], "best_of_starts", starts=100)
    assert len(found) > 2
    assert found["optimum"].is_unique
    assert found["inertia"].is_monotonic_increasing
