import numpy as np
import pytest
from sklearn.cluster import KMeans

from customer_segmentation.clustering.lloyd import lloyd_each_by_itself, lloyd_side_by_side
from customer_segmentation.clustering.seeding import k_means_plus_plus


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_both_ways_settle_in_the_same_optimum(random):
    points, weights = random.normal(size=(300, 3)), random.integers(1, 5, size=300).astype(float)
    starts = points[random.choice(300, size=(6, 4))]
    side_by_side = lloyd_side_by_side(points, weights, starts)
    one_by_one = lloyd_each_by_itself(points, weights, starts)
    assert side_by_side[0] == pytest.approx(one_by_one[0])
    assert (side_by_side[1] == one_by_one[1]).all()
    assert side_by_side[2] == pytest.approx(one_by_one[2])


def test_runs_with_weights_and_points_of_their_own_equal_single_runs(random):
    points, weights = random.normal(size=(5, 80, 2)), random.integers(0, 3, size=(5, 80)).astype(float)
    starts = points[:, :3]
    together = lloyd_side_by_side(points, weights, starts)
    for run in range(5):
        single = lloyd_side_by_side(points[run], weights[run], starts[run : run + 1])
        assert together[0][run] == pytest.approx(single[0][0])
        assert (together[1][run] == single[1][0]).all()
        fit = KMeans(3, init=starts[run], n_init=1, tol=0, max_iter=1000).fit(points[run], None, weights[run])
        assert together[2][run] == pytest.approx(fit.inertia_)


def test_a_row_of_weight_0_gets_a_label_and_moves_no_centre():
    points, weights = np.array([[0.0], [1.0], [10.0], [12.0]]), np.array([1.0, 1.0, 1.0, 0.0])
    centers, labels, inertias, _ = lloyd_side_by_side(points, weights, np.array([[[0.0], [10.0]]]))
    assert centers.ravel().tolist() == [0.5, 10.0]
    assert labels.tolist() == [[0, 0, 1, 1]]
    assert inertias.tolist() == [0.5]


def test_few_iterations_stop_early_without_a_warning(random, recwarn):
    points = random.normal(size=(500, 3))
    starts = points[:10].reshape(1, 10, 3)
    for method in (lloyd_side_by_side, lloyd_each_by_itself):
        assert method(points, np.ones(500), starts, iterations=2)[3] == 2
    assert not recwarn.list


def test_starts_are_rows_of_their_own_sample_and_never_rows_of_weight_0(random):
    points = random.normal(size=(4, 50, 2))
    weights = (random.random((4, 50)) < 0.5).astype(float)
    starts = k_means_plus_plus(points, weights, 3, 5, random)
    assert starts.shape == (20, 3, 2)
    for run, centers in enumerate(starts):
        allowed = points[run // 5][weights[run // 5] > 0]
        assert all((allowed == center).all(axis=1).any() for center in centers)


def test_starts_find_clusters_that_lie_far_apart(random):
    points = np.concatenate([random.normal(size=(100, 2)) + place for place in ((0, 0), (1e6, 0), (0, 1e6))])
    starts = k_means_plus_plus(points, np.ones(300), 3, 50, random)
    clusters = (points[:, None] == starts.reshape(-1, 1, 1, 2)).all(axis=3).argmax(axis=1).reshape(50, 3) // 100
    assert (np.sort(clusters, axis=1) == [0, 1, 2]).all()
