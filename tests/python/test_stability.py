import numpy as np
import pandas as pd
import pytest

from segmentation import kmeans
from segmentation.optima import FIT_OPTIMA, describe_optima
from segmentation.samples import Sample
from segmentation.stability import CLUSTER_STABILITY, measure_stability

PLACES = np.array([[0.0], [1.0], [10.0], [11.0], [20.0], [21.0]])
PROTOTYPES = pd.DataFrame(
    [
        {"segmentation": "s", "persona": persona, "priority": rank, "position": 1, "model_value": value}
        for rank, (persona, value) in enumerate([("low", 0.0), ("lowest", 1.0), ("rest", 15.0)])
    ]
)


def sample(points, labels, n_clusters=3):
    features = pd.DataFrame(
        [{"position": 1, "feature": "f", "transform": "none", "scaler_center": 0.0, "scaler_scale": 1.0}]
    )
    return Sample("s", "d", features, points, points, np.asarray(labels), n_clusters)


def settings(initialisation):
    return pd.DataFrame([{"segmentation": "s", "initialisation": initialisation}])


def test_clusters_far_apart_are_stable():
    found = measure_stability(
        [sample(np.repeat(PLACES, 10, axis=0), np.repeat([1, 2, 3], 20))],
        settings("best_of_starts"),
        PROTOTYPES,
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
        measure_stability([sample(points, labels)], settings(start), PROTOTYPES, bootstraps=20, seed=0)
        for start in ("personas", "best_of_starts")
    )
    assert repeated["bootstrap_jaccard"].tolist() == [1, 1, 1]
    assert searched["bootstrap_jaccard"].max() < 0.75


def test_a_cluster_without_a_sampled_customer_has_no_figures():
    found = measure_stability(
        [sample(np.repeat(PLACES, 10, axis=0), np.repeat([1, 2], 30))],
        settings("best_of_starts"),
        PROTOTYPES,
        bootstraps=5,
        seed=0,
    )
    assert found["bootstrap_jaccard"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("function", [measure_stability, describe_optima])
def test_no_samples_no_rows(function):
    sizes = {"bootstraps": 5} if function is measure_stability else {"starts": 5}
    assert function([], settings("best_of_starts"), PROTOTYPES, **sizes, seed=0).empty


def test_the_optimum_next_to_the_personas_is_listed_with_its_cost():
    points = np.repeat(PLACES, 10, axis=0)
    found = describe_optima(
        [sample(points, np.repeat([1, 2, 3], 20))], settings("personas"), PROTOTYPES, starts=20, seed=0
    )
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
    found = describe_optima(
        [sample(points, kmeans.fit_best(points, 3, starts=50, seed=1).labels + 1)],
        settings("best_of_starts"),
        PROTOTYPES,
        starts=50,
        seed=0,
    )
    assert found["is_in_use"].tolist() == [True] + [False] * (len(found) - 1)
    assert found["inertia"].is_monotonic_increasing
    assert found["optimum"].tolist() == list(range(1, len(found) + 1))


def test_fewer_different_customers_than_clusters_have_no_optima():
    assert describe_optima(
        [sample(np.ones((10, 1)), np.ones(10))], settings("best_of_starts"), PROTOTYPES, starts=5, seed=0
    ).empty
