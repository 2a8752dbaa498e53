import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

from customer_segmentation.evidence.separation import calinski_harabasz, davies_bouldin


@pytest.mark.parametrize("n_features", [1, 2, 5])
def test_equals_scikit_learn(n_features):
    random = np.random.default_rng(n_features)
    points, labels = random.normal(size=(200, n_features)), random.integers(0, 4, size=200)
    assert calinski_harabasz(points, labels) == pytest.approx(calinski_harabasz_score(points, labels))
    assert davies_bouldin(points, labels) == pytest.approx(davies_bouldin_score(points, labels))


@pytest.mark.parametrize("n_features", [1, 2, 5])
def test_a_weighted_row_counts_as_many_equal_ones(n_features):
    random = np.random.default_rng(n_features)
    points, labels = random.normal(size=(200, n_features)), random.integers(0, 4, size=200)
    weights = random.integers(1, 9, size=200)
    rows, clusters = np.repeat(points, weights, axis=0), np.repeat(labels, weights)
    assert calinski_harabasz(points, labels, weights) == pytest.approx(calinski_harabasz_score(rows, clusters))
    assert davies_bouldin(points, labels, weights) == pytest.approx(davies_bouldin_score(rows, clusters))
    assert calinski_harabasz(points, labels, weights) != pytest.approx(calinski_harabasz(points, labels))
    assert davies_bouldin(points, labels, weights) != pytest.approx(davies_bouldin(points, labels))


def test_clusters_without_width_have_no_ratio_of_variances():
    points, labels = np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([0, 0, 1, 1])
    assert np.isnan(calinski_harabasz(points, labels))
    assert davies_bouldin(points, labels) == 0
