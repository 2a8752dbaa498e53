from itertools import chain

import numpy as np
import pandas as pd
import pytest

from segmentation.k_criteria import K_CRITERIA, compute_k_criteria

SIZES = {
    "customers": 100,
    "resampling_customers": 50,
    "starts": 10,
    "repetitions": {"bootstraps": 5, "half_splits": 5, "gap_references": 5},
    "auto_repetitions": {"bootstraps": 8, "half_splits": 7, "gap_references": 6},
    "seed": 0,
}


def segmentation(name, k_max=4):
    k = None if name == "auto" else 3
    settings = {"segmentation": name, "dataset": "d", "k": k, "k_min": 2, "k_max": k_max, "scaling": "standard"}
    features = [{"segmentation": name, "position": position, "weight": 1.0} for position in (1, 2)]
    return settings, features


def sample(name, points):
    numbers = {"segmentation": name, "sample_number": range(1, len(points) + 1)}
    return pd.DataFrame(numbers | {f"value_{position + 1}": points[:, position] for position in range(2)})


def criteria(*names, points, k_max=4, **sizes):
    settings, features = zip(*(segmentation(name, k_max) for name in names), strict=True)
    samples = pd.concat([sample(name, points) for name in names])
    return compute_k_criteria(
        pd.DataFrame(settings), pd.DataFrame(list(chain.from_iterable(features))), samples, **(SIZES | sizes)
    )


@pytest.fixture
def three_clusters():
    random = np.random.default_rng(0)
    return np.concatenate([random.normal(size=(60, 2)) + place for place in ((0, 0), (40, 0), (0, 40))])[
        random.permutation(180)
    ]


def test_clusters_far_apart_are_recognised_by_every_criterion(three_clusters):
    found = criteria("s", points=three_clusters, resampling_customers=100).set_index("k")
    assert list(found.reset_index()[list(K_CRITERIA)]) == list(K_CRITERIA)
    assert found["silhouette"].idxmax() == found["calinski_harabasz"].idxmax() == found["davies_bouldin"].idxmin() == 3
    assert found["gap"].idxmax() == 3
    assert found.loc[3, "prediction_strength"] == found.loc[3, "worst_cluster_jaccard"] == 1
    assert found.loc[4, "worst_cluster_jaccard"] < 0.9


def test_sizes_and_repetitions_are_written_down(three_clusters):
    found = criteria("s", points=three_clusters)
    assert found[
        ["customers", "resampling_customers", "bootstraps", "half_splits", "gap_references", "seed"]
    ].drop_duplicates().to_numpy().tolist() == [[100, 50, 5, 5, 5, 0]]


def test_segmentations_of_the_same_customers_are_computed_once_and_both_listed(three_clusters):
    done = []
    found = criteria("a", "b", points=three_clusters, progress=lambda count, total: done.append((count, total)))
    assert done == [(1, 3), (2, 3), (3, 3)]
    first, second = (found[found["segmentation"] == name].drop(columns="segmentation").to_numpy() for name in "ab")
    assert (first == second).all()


def test_numbers_that_the_different_customers_do_not_allow_have_no_row():
    points = np.repeat(np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 1.0], [9.0, 2.0]]), 5, axis=0)
    assert criteria("s", points=points, k_max=10)["k"].tolist() == [2, 3]


def test_no_sample_no_rows(three_clusters):
    found = criteria("s", points=three_clusters[:0])
    assert list(found) == list(K_CRITERIA)
    assert found.empty


def test_more_threads_change_no_digit(three_clusters, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    alone = criteria("s", points=three_clusters)
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert alone.equals(criteria("s", points=three_clusters))


def test_a_number_that_is_chosen_has_repetitions_of_its_own(three_clusters):
    found = criteria("auto", "s", points=three_clusters).groupby("segmentation")["bootstraps"].unique()
    assert found["auto"].tolist() == [8]
    assert found["s"].tolist() == [5]


def test_a_cluster_without_a_sampled_customer_cannot_be_called_stable():
    # two customers far away, the last of the sample: nobody of them is resampled
    points = np.concatenate([np.random.default_rng(0).normal(size=(50, 2)), [[1e3, 1e3], [1e3, 1e3 + 1]]])
    found = criteria("s", points=points, k_max=2)
    assert found["smallest_cluster"].tolist() == [2]
    assert found["worst_cluster_jaccard"].isna().all()
    assert found["bootstrap_jaccard"].isna().all()
