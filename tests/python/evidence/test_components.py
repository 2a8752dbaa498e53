import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

from customer_segmentation.evidence.components import FITTED_COMPONENTS, fit_components, principal_components
from customer_segmentation.evidence.samples import Sample, read_samples
from helpers import mall


def test_components_are_those_of_scikit_learn():
    points = mall.customers()[:, [1, 2, 3]]
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    loadings, variance = principal_components(points)
    reference = PCA().fit(points)
    assert np.abs(loadings @ reference.components_.T) == pytest.approx(np.eye(3), abs=1e-9)
    assert variance == pytest.approx(reference.explained_variance_)


@pytest.mark.parametrize("seed", range(5))
def test_the_largest_loading_is_positive(seed):
    points = np.random.default_rng(seed).normal(size=(50, 4)) * [1, 2, 3, 4]
    loadings, _ = principal_components(points)
    assert (loadings[np.arange(4), np.abs(loadings).argmax(axis=1)] > 0).all()
    mirrored, _ = principal_components(-points)
    assert mirrored == pytest.approx(loadings)


@pytest.mark.parametrize("points", [np.ones((5, 3)), np.array([[1.0, 2.0]]), np.arange(4.0)[:, None]])
def test_degenerate_customers_have_components_too(points):
    loadings, variance = principal_components(points)
    assert loadings @ loadings.T == pytest.approx(np.eye(points.shape[1]))
    assert (variance >= 0).all()


def sample_of(points) -> Sample:
    names = [f"feature_{position}" for position in range(1, points.shape[1] + 1)]
    features = pd.DataFrame(
        {
            "position": range(1, points.shape[1] + 1),
            "feature": names,
            "transform": "none",
            "scaler_center": 0.0,
            "scaler_scale": 1.0,
        }
    )
    return Sample("s", "d", features, points, points, np.ones(len(points), dtype=int), 1)


def test_shares_add_up():
    points = np.random.default_rng(0).normal(size=(50, 3)) * [1, 2, 3]
    table = fit_components([sample_of(points)])
    assert set(table.columns) == set(FITTED_COMPONENTS)
    firsts = table[table["position"] == 1]
    assert firsts["share_of_variance"].sum() == pytest.approx(1)
    assert firsts["cumulative_share_of_variance"].tolist() == pytest.approx(np.cumsum(firsts["share_of_variance"]))
    assert firsts["explained_variance"].is_monotonic_decreasing


def test_equal_customers_have_no_shares_and_no_sample_has_no_components():
    assert fit_components([sample_of(np.ones((5, 2)))])["share_of_variance"].isna().all()
    assert list(fit_components([]).columns) == list(FITTED_COMPONENTS)


def test_samples_are_read_in_the_order_of_their_numbers_and_in_own_units():
    samples = pd.DataFrame(
        {
            "segmentation": ["s", "s", "s", "other"],
            "sample_number": [3, 1, 2, 1],
            "value_1": [30.0, 10.0, 20.0, 1.0],
            "value_2": np.log1p([3.0, 1.0, 2.0, 1.0]),
        }
    )
    fitted = pd.DataFrame(
        {
            "segmentation": "s",
            "dataset": "d",
            "cluster_id": [1, 1, 2, 2],
            "position": [1, 2, 1, 2],
            "feature": ["a", "b", "a", "b"],
            "transform": ["none", "log", "none", "log"],
            "scaler_center": [10.0, 0.0, 10.0, 0.0],
            "scaler_scale": [10.0, 1.0, 10.0, 1.0],
            "scaled_centroid": [0.0, 1.0, 1.5, 1.0],
        }
    )
    (sample,) = read_samples(samples[samples["segmentation"] == "s"], fitted, customers=2)
    assert sample.values.tolist() == [[10.0, 1.0], [20.0, 2.0]]
    assert sample.scaled[:, 0].tolist() == [0.0, 1.0]
    assert sample.labels.tolist() == [1, 2]
    assert sample.n_clusters == 2
    assert read_samples(samples, fitted, customers=0) == []
