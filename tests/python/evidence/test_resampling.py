import numpy as np
import pytest

from customer_segmentation.clustering import kmeans
from customer_segmentation.evidence.resampling import (
    Estimate,
    bootstrap_jaccards,
    bootstrap_jaccards_from,
    bootstraps,
    halves,
    prediction_strengths,
    reference_log_inertias,
    references,
)
from helpers import mall

ERRORS = 3  # a reference value and ours may differ by so many standard errors of their difference

# published_results: mean and worst bootstrap Jaccard (100 bootstraps), prediction strength (50 halvings), gap (50 references)
REFERENCE = [
    ("2D inc+spend", 3, 0.984, 0.983, 0.937, 0.310),
    ("2D inc+spend", 4, 0.863, 0.646, 0.678, 0.283),
    ("2D inc+spend", 5, 0.981, 0.966, 0.870, 0.568),
    ("2D inc+spend", 6, 0.839, 0.478, 0.641, 0.538),
    ("2D inc+spend", 7, 0.872, 0.763, 0.520, 0.572),
    ("3D age+inc+spend", 2, 0.982, 0.982, 0.912, 0.351),
    ("3D age+inc+spend", 4, 0.974, 0.958, 0.795, 0.535),
    ("3D age+inc+spend", 5, 0.785, 0.530, 0.530, 0.554),
    ("3D age+inc+spend", 6, 0.916, 0.865, 0.676, 0.610),
    ("3D age+inc+spend", 7, 0.861, 0.769, 0.510, 0.616),
]


@pytest.mark.parametrize("reference", REFERENCE, ids=lambda row: f"{row[0]}, k = {row[1]}")
def test_meets_the_reference_within_the_errors_of_chance(reference):
    feature_set, k, jaccard, worst, strength, gap = reference
    points = mall.scaled(feature_set, "std")
    fit = kmeans.fit_best(points, k, starts=100, seed=0)
    similarities = bootstrap_jaccards(bootstraps(points, k, count=100, seed=0), fit.labels, k)
    least_stable = similarities.mean(axis=0).argmin()
    logs = reference_log_inertias(references(points, k, count=50, seed=0), k)
    for values, expected in [
        (similarities.mean(axis=1), jaccard),
        (similarities[:, least_stable], worst),
        (prediction_strengths(halves(points, k, count=100, seed=0), k), strength),
        (logs - np.log(fit.inertia), gap),
    ]:
        estimate = Estimate.of(values)
        # the reference has an error of its own, about as large; its figures have three digits
        assert abs(estimate.mean - expected) <= ERRORS * np.sqrt(2) * estimate.standard_error + 0.001


def test_clusters_far_apart_are_found_again_and_predicted():
    random = np.random.default_rng(0)
    points = np.concatenate([random.normal(size=(40, 2)) + place for place in ((0, 0), (50, 0), (0, 50))])
    labels = np.repeat([0, 1, 2], 40)
    assert (bootstrap_jaccards(bootstraps(points, 4, count=20, seed=0), labels, 3) == 1).all()
    assert (prediction_strengths(halves(points, 4, count=20, seed=0), 3) == 1).all()


def test_a_cluster_cut_in_two_at_random_dissolves():
    points = np.random.default_rng(0).normal(size=(200, 2))
    labels = np.random.default_rng(1).integers(0, 2, size=200)
    assert bootstrap_jaccards(bootstraps(points, 2, count=20, seed=0), labels, 2).mean() < 0.5


def test_jaccard_counts_customers_who_were_drawn():
    # two customers that no sample can tell apart from one cluster each: a customer who is drawn is found again
    points = np.array([[0.0], [1.0], [100.0], [101.0]])
    similarities = bootstrap_jaccards(bootstraps(points, 2, count=200, seed=0), np.array([0, 0, 1, 1]), 2)
    undrawn = np.isnan(similarities)
    assert undrawn.any()
    assert (similarities[~undrawn.any(axis=1)] == 1).all()


def test_a_start_at_given_centres_is_repeated_from_there():
    points = np.array([[0.0], [1.0], [10.0], [11.0], [20.0], [21.0]] * 10)
    start = np.array([[0.0], [1.0], [15.0]])
    fit = kmeans.fit_from(points, start)
    repeated = bootstrap_jaccards_from(points, fit.labels, start, count=20, seed=0)
    searched = bootstrap_jaccards(bootstraps(points, 3, count=20, seed=0), fit.labels, 3)
    assert repeated.mean() > searched.mean()


def test_data_without_clusters_has_no_gap():
    points = np.random.default_rng(0).random((200, 2))
    for k in (2, 3, 4):
        inertia = kmeans.fit_best(points, k, starts=50, seed=0).inertia
        assert abs(reference_log_inertias(references(points, k, count=50, seed=0), k).mean() - np.log(inertia)) < 0.1


def test_halves_smaller_than_the_clusters_give_no_prediction_strength():
    assert np.isnan(prediction_strengths(halves(np.arange(6.0)[:, None], 4, count=3, seed=0), 4)).all()


def test_the_same_seed_gives_the_same_figures():
    points = mall.customers()[:, [2, 3]].astype(float)
    labels = kmeans.fit_best(points, 4, starts=10, seed=0).labels
    first, second = (bootstrap_jaccards(bootstraps(points, 4, count=10, seed=7), labels, 4) for _ in range(2))
    assert (first == second).all()


def test_every_customer_is_in_one_half_of_each_halving_also_when_their_number_is_odd():
    cut = halves(np.arange(7.0)[:, None], 2, count=3, seed=0)
    for first, second in zip(range(3), range(3, 6), strict=True):
        together = [cut.points[half, cut.weights[half] > 0, 0] for half in (first, second)]
        assert [len(half) for half in together] == [3, 4]
        assert sorted(np.concatenate(together)) == list(range(7))


def test_a_longer_start_begins_with_the_shorter_one():
    drawn = bootstraps(mall.scaled("2D inc+spend", "std"), 6, count=5, seed=0)
    centers = drawn.clustered(4)[0]
    assert centers.shape == (5, 4, 2)
    assert (drawn.clustered(4)[0] == centers).all()
