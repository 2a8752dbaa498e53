from itertools import chain

import numpy as np
import pandas as pd
import pytest

from customer_segmentation.clustering.coresets import importance_sample
from customer_segmentation.evidence import k_criteria
from customer_segmentation.evidence.k_criteria import K_CRITERIA, compute_k_criteria

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


def criteria(*names, points, k_max=4, everybody=None, coreset=None, **sizes):
    """Compute the criteria of segmentations of the same customers, who are the sampled ones unless given."""
    settings, features = zip(*(segmentation(name, k_max) for name in names), strict=True)
    samples = pd.concat([sample(name, points) for name in names])
    everybody = points if everybody is None else everybody
    statistics = [
        {"segmentation": name, "position": 1 + place, "customers": len(everybody), "is_sampled": coreset is not None}
        | {"scaler_center": values.mean(), "scaler_scale": values.std()}
        for name in names
        for place, values in enumerate(everybody.T)
        if len(values)
    ]
    columns = ["segmentation", "position", "customers", "is_sampled", "scaler_center", "scaler_scale"]
    return compute_k_criteria(
        pd.DataFrame(settings),
        pd.DataFrame(list(chain.from_iterable(features))),
        samples,
        pd.DataFrame(statistics, columns=columns),
        dict.fromkeys(names, coreset).__getitem__,
        **(SIZES | sizes),
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


def test_centres_are_those_of_the_clusters_in_the_units_of_the_features(three_clusters):
    found = criteria("s", points=three_clusters).set_index("k")
    centers = np.reshape(found.loc[3, "centers"], (3, 2))
    nearest = np.linalg.norm(centers[:, None] - np.array([[0, 0], [40, 0], [0, 40]]), axis=2).min(axis=0)
    assert (nearest < 1).all()
    assert found["centers"].map(len).to_dict() == {2: 4, 3: 6, 4: 8}


def test_sizes_and_repetitions_are_written_down(three_clusters):
    found = criteria("s", points=three_clusters)
    sizes = ["customers", "coreset_rows", "silhouette_customers", "resampling_customers"]
    repetitions = ["bootstraps", "half_splits", "gap_references", "seed"]
    assert found[sizes + repetitions].drop_duplicates().to_numpy().tolist() == [[100, 100, 100, 50, 5, 5, 5, 0]]
    assert found["fitted_on"].unique().tolist() == ["even sample"]
    everybody = criteria("s", points=three_clusters, customers=200)
    assert everybody["fitted_on"].unique().tolist() == ["all customers"]


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


WEIGHTED = ["inertia", "calinski_harabasz", "davies_bouldin", "smallest_cluster"]


@pytest.fixture
def many_customers():
    random = np.random.default_rng(1)
    places = np.array([(0, 0), (9, 0), (0, 9), (9, 9)])[random.choice(4, 4000, p=[0.4, 0.3, 0.2, 0.1])]
    return random.normal(size=(4000, 2)) + places


def drawn(points, rows):
    """Draw a coreset as the warehouse does."""
    scaled = (points - points.mean(axis=0)) / points.std(axis=0)
    chosen, weights = importance_sample(scaled, np.ones(len(points)), rows, np.random.default_rng(2))
    return pd.DataFrame(points[chosen], columns=["value_1", "value_2"]).assign(weight=weights)


def test_a_coreset_of_everybody_has_the_criteria_of_everybody(three_clusters):
    exact = criteria("s", points=three_clusters, customers=180)
    coreset = pd.DataFrame(three_clusters[::-1], columns=["value_1", "value_2"]).assign(weight=1.0)
    weighted = criteria("s", points=three_clusters, customers=180, coreset=coreset)
    assert weighted["fitted_on"].unique().tolist() == ["coreset"]
    pd.testing.assert_frame_equal(weighted.drop(columns="fitted_on"), exact.drop(columns="fitted_on"))


def test_a_coreset_speaks_for_all_customers_and_a_small_sample_does_not(many_customers):
    own = {"points": many_customers[:300], "everybody": many_customers, "k_max": 5, "starts": 3}
    of_all = criteria("s", **(own | {"points": many_customers}), customers=4000).set_index("k")
    coreset = drawn(many_customers, 1900)
    found = criteria("s", **own, coreset=coreset).set_index("k")
    assert (found["customers"] == 4000).all()
    assert (found["coreset_rows"] == len(coreset)).all()
    assert (found["silhouette_customers"] == 100).all()
    for k in found.index:
        for column in WEIGHTED:
            assert found.loc[k, column] == pytest.approx(of_all.loc[k, column], rel=0.08)
        assert found.loc[k, "silhouette"] == pytest.approx(of_all.loc[k, "silhouette"], abs=0.06)
    assert found["silhouette"].idxmax() == found["calinski_harabasz"].idxmax() == of_all["silhouette"].idxmax() == 4
    sampled = criteria("s", **own).set_index("k")
    assert (sampled["customers"] == 100).all()
    assert (abs(sampled["davies_bouldin"] / of_all["davies_bouldin"] - 1) > 0.08).any()


def test_the_order_of_a_coreset_changes_no_digit(many_customers):
    coreset = drawn(many_customers, 1500)
    own = {"points": many_customers[:100], "everybody": many_customers, "k_max": 3}
    assert criteria("s", **own, coreset=coreset).equals(criteria("s", **own, coreset=coreset[::-1]))


def test_what_is_searched_of_a_coreset_is_measured_on_all_of_it(many_customers, monkeypatch):
    own = {"points": many_customers[:100], "everybody": many_customers, "coreset": drawn(many_customers, 1900)}
    searched = criteria("s", **own)
    monkeypatch.setattr(k_criteria, "SEARCHED_ROWS", 500)
    for column in WEIGHTED:
        assert criteria("s", **own)[column].tolist() == pytest.approx(searched[column].tolist(), rel=0.02)


def test_a_segment_that_no_sampled_customer_belongs_to_leaves_the_silhouette_open():
    everybody = np.concatenate([np.random.default_rng(0).normal(size=(900, 2)), np.full((5, 2), 1e3)])
    coreset = pd.DataFrame(everybody, columns=["value_1", "value_2"]).assign(weight=1.0)
    found = criteria("s", points=everybody[:100], everybody=everybody, coreset=coreset, k_max=2)
    assert found["smallest_cluster"].tolist() == [5]
    assert found[["silhouette", "worst_cluster_jaccard"]].isna().all(axis=None)
