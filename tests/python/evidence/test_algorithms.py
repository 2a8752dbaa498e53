import math
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import silhouette_score

from customer_segmentation.clustering import kmeans
from customer_segmentation.clustering.scaling import fit_scaler
from customer_segmentation.clustering.silhouette import mean_silhouette, mean_silhouettes
from customer_segmentation.evidence.algorithms import ALGORITHM_RESULTS, compare_algorithms, knee_of_distances
from customer_segmentation.evidence.samples import Sample
from helpers import mall

# Bayesian information criterion of a mixture with full covariances and its agreement with K-Means, from an independent
# computation with scikit-learn. Of six components in three dimensions there are two solutions of nearly the same
# likelihood; the other one agrees with K-Means to 0.696.
MIXTURES = [
    ("2D inc+spend", 4, 1079.5, 0.846),
    ("2D inc+spend", 5, 1058.7, 0.956),
    ("2D inc+spend", 6, 1071.6, 0.949),
    ("3D age+inc+spend", 5, 1576.7, 0.839),
    ("3D age+inc+spend", 6, 1599.2, 0.814),
    ("3D age+inc+spend", 7, 1621.6, 0.832),
]


def sample_of(points, labels) -> Sample:
    features = pd.DataFrame({"position": range(1, points.shape[1] + 1)})
    return Sample("s", "d", features, points, points, np.asarray(labels) + 1, int(np.max(labels)) + 1)


def compared(points, labels, *, k_min=2, k_max=4, thorough=True, seed=0) -> pd.DataFrame:
    limits = pd.DataFrame({"segmentation": ["s"], "k_min": [k_min], "k_max": [k_max]})
    results = compare_algorithms([sample_of(points, labels)], limits, thorough=thorough, seed=seed)
    assert list(results.columns) == list(ALGORITHM_RESULTS)
    return results.set_index("algorithm")


def mall_points(feature_set) -> np.ndarray:
    points = mall.customers()[:, mall.FEATURE_SETS[feature_set]]
    center, scale = fit_scaler(points, "standard", np.ones(points.shape[1]))
    return (points - center) / scale


@pytest.mark.parametrize(("feature_set", "k", "bic", "agreement"), MIXTURES)
def test_mixtures_reach_the_reference_values(feature_set, k, bic, agreement):
    points = mall_points(feature_set)
    labels = kmeans.fit_best(points, k, starts=100, seed=0).labels
    mixture = compared(points, labels, thorough=False).loc["Gaussian mixture, full"]
    assert mixture.bic == pytest.approx(bic, abs=0.2)
    assert mixture.adjusted_rand_index == pytest.approx(agreement, abs=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_the_mixture_of_lowest_bic_does_not_depend_on_the_seed(seed):
    points = mall_points("2D inc+spend")
    labels = kmeans.fit_best(points, 5, starts=20, seed=0).labels
    results = compared(points, labels, k_min=2, k_max=10, seed=seed)
    chosen = results.loc["Gaussian mixture, lowest BIC"]
    assert chosen.bic == results["bic"].min()
    assert chosen.settings == "7 components, all of one shape; lowest BIC of 36 mixtures with 2 to 10 components"


def test_every_algorithm_finds_groups_that_nobody_can_miss():
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 100)
    points = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])[labels] + random.normal(size=(300, 2))
    results = compared(points, labels)
    assert (results.drop("DBSCAN")["clusters"] == 3).all()
    assert results.loc["DBSCAN", "clusters"] >= 3  # a radius that suits all also cuts off the fringe of some
    assert (results["adjusted_rand_index"] > 0.9).all()
    assert results.loc["K-Means", "silhouette"] == pytest.approx(silhouette_score(points, labels))
    assert results.loc["Ward", "silhouette"] == pytest.approx(silhouette_score(points, labels))


def test_noise_counts_as_the_row_says():
    random = np.random.default_rng(0)
    points = np.vstack([random.normal(size=(100, 2)), random.normal(size=(100, 2)) + 20, [[200.0, 0], [0, 200.0]]])
    results = compared(points, np.repeat([0, 1], [101, 101]))
    found = results.loc["DBSCAN"]
    assert found.noise_customers >= 2
    assert found.noise_share == found.noise_customers / 202
    assert found.clusters == 2
    assert found.silhouette > results.loc["K-Means", "silhouette"]
    assert found.noise_handling.startswith("noise left out of silhouette")
    assert results.loc["Ward", "noise_handling"] == "every customer is in a cluster"


def test_several_silhouettes_are_those_of_each_clustering():
    random = np.random.default_rng(0)
    points, labels = random.normal(size=(1200, 3)), random.integers(0, 4, size=1200)
    other = np.where(labels == 3, -1, labels)
    found = mean_silhouettes(points, [labels, np.zeros(1200, dtype=int), other, np.full(1200, -1)])
    assert found[0] == pytest.approx(mean_silhouette(points, labels), rel=1e-12)
    assert found[2] == pytest.approx(mean_silhouette(points[other >= 0], other[other >= 0]), rel=1e-12)
    assert math.isnan(found[1])
    assert math.isnan(found[3])


def test_the_knee_is_where_the_distances_begin_to_rise():
    crowd = np.linspace(0, 1, 50)[:, None]
    assert knee_of_distances(np.vstack([crowd, [[5.0], [9.0], [14.0]]]), 2) == pytest.approx(1 / 49)


DEGENERATE = {
    "one feature": (np.arange(40.0)[:, None], np.arange(40) // 20),
    "eight features": (np.random.default_rng(0).normal(size=(60, 8)), np.arange(60) % 3),
    "all customers equal": (np.ones((20, 2)), np.arange(20) % 2),
    "two customers per cluster": (np.array([[0.0, 0], [0, 1], [9, 9], [9, 8], [0, 9], [1, 9]]), [0, 0, 1, 1, 2, 2]),
    "one customer per cluster": (np.array([[0.0, 0], [9, 9], [0, 9]]), [0, 1, 2]),
    "few different customers": (np.repeat([[0.0, 0], [1, 1]], 30, axis=0), np.arange(60) % 3),
    "a single customer": (np.array([[1.0, 2.0]]), [0]),
}


@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("thorough", [True, False])
def test_degenerate_customers_get_plain_words_and_no_warning(case, thorough, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = compared(*DEGENERATE[case], thorough=thorough)
    assert len(results) == (9 if thorough else 5)
    assert results["settings"].str.len().min() > 5
    assert results["noise_handling"].str.len().min() > 5
    impossible = results["clusters"].isna()
    assert (results.loc[impossible, "noise_handling"] == "no clusters were formed").all()
    assert results.loc[impossible, "silhouette"].isna().all()
    figures = results[["silhouette", "davies_bouldin", "calinski_harabasz", "bic"]].to_numpy(dtype=float)
    assert not np.isinf(figures).any()
    assert capfd.readouterr() == ("", "")


def test_without_samples_there_are_no_results():
    limits = pd.DataFrame({"segmentation": ["s"], "k_min": [2], "k_max": [4]})
    results = compare_algorithms([], limits, thorough=True, seed=0)
    assert list(results.columns) == list(ALGORITHM_RESULTS)
    assert results.empty


def test_the_same_customers_give_the_same_figures():
    points = mall_points("3D age+inc+spend")
    labels = kmeans.fit_best(points, 6, starts=10, seed=0).labels
    first, second = (compared(points, labels).drop(columns="seconds") for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)
