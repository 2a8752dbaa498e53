import math

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from customer_segmentation.clustering.silhouette import mean_silhouette


@pytest.mark.parametrize("n_samples", [50, 1200])
def test_equals_scikit_learn(n_samples):
    random = np.random.default_rng(0)
    points, labels = random.normal(size=(n_samples, 3)), random.integers(0, 4, size=n_samples)
    labels[0] = 9  # alone in its cluster
    assert mean_silhouette(points, labels) == pytest.approx(silhouette_score(points, labels), abs=1e-12)


def test_equal_customers_in_two_clusters_do_not_divide_by_zero():
    assert mean_silhouette(np.zeros((4, 1)), np.array([0, 0, 1, 1])) == 0


def test_one_cluster_has_no_silhouette():
    assert math.isnan(mean_silhouette(np.zeros((4, 1)), np.zeros(4)))
