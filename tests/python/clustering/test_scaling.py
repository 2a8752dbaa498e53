import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from customer_segmentation.clustering.scaling import fit_scaler
from helpers import mall


@pytest.mark.parametrize(("scaling", "peer"), [("standard", StandardScaler()), ("min_max", MinMaxScaler())])
def test_equals_scikit_learn(scaling, peer):
    points = mall.customers()
    center, scale = fit_scaler(points, scaling, np.ones(4))
    assert (points - center) / scale == pytest.approx(peer.fit_transform(points))


def test_none_keeps_the_features_as_they_are():
    points = mall.customers()
    center, scale = fit_scaler(points, "none", np.ones(4))
    assert ((points - center) / scale == points).all()


def test_weight_stretches_distances_along_its_feature():
    points = mall.customers()[:, 1:3]
    center, scale = fit_scaler(points, "standard", np.array([1.0, 2.0]))
    assert ((points - center) / scale).std(axis=0) == pytest.approx([1, 2])


def test_order_of_rows_changes_no_digit():
    points = np.random.default_rng(0).normal(size=(1000, 2)) * 1e6
    for one, other in zip(
        fit_scaler(points, "standard", np.ones(2)), fit_scaler(points[::-1], "standard", np.ones(2)), strict=True
    ):
        assert (one == other).all()
