import numpy as np
import pytest

from customer_segmentation.clustering.coresets import importance_sample


def inertia(points, weights, centers):
    return weights @ ((points[:, None] - centers) ** 2).sum(axis=2).min(axis=1)


def draw(points, rows=3000, weights=None, seed=0):
    weights = np.ones(len(points)) if weights is None else weights
    return importance_sample(points, weights, rows, np.random.default_rng(seed))


def test_any_centres_have_about_the_same_inertia_on_the_sample():
    random = np.random.default_rng(1)
    points = random.normal(size=(50_000, 4)) + random.choice([0, 5], size=(50_000, 4))
    chosen, weights = draw(points)
    assert len(chosen) == pytest.approx(3000, rel=0.1)
    assert weights.sum() == pytest.approx(len(points), rel=0.05)
    for centers in random.normal(size=(20, 5, 4)) * 4:
        true = inertia(points, np.ones(len(points)), centers)
        assert inertia(points[chosen], weights, centers) == pytest.approx(true, rel=0.1)


def test_a_feature_with_enormous_outliers_takes_half_of_the_sample_at_most():
    points = np.random.default_rng(2).normal(size=(50_000, 4))
    points[:500, 0] *= 1_000
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    chosen, weights = draw(points)
    squares = ((points - points.mean(axis=0)) ** 2).sum(axis=1)
    certain = np.flatnonzero(1_500 * squares / squares.sum() >= 1)
    assert len(certain) > 100
    assert np.isin(certain, chosen).all()  # who is that far out is there for sure, and stands for nobody else
    assert (weights[np.isin(chosen, certain)] == 1).all()
    everybody_else = chosen >= 500
    assert everybody_else.sum() > 1_300  # half of the rows are an even sample of everybody
    assert weights[everybody_else].sum() == pytest.approx(49_500, rel=0.1)


def test_a_heavy_row_is_drawn_as_often_as_its_copies_would_be():
    points = np.array([[0.0], [1.0]]).repeat(1000, axis=0)
    weights = np.repeat([1.0, 9.0], 1000)
    drawn = [draw(points, 200, weights, seed) for seed in range(50)]
    heavy = np.mean([weights[chosen >= 1000].sum() for chosen, weights in drawn])
    assert heavy == pytest.approx(9_000, rel=0.1)


def test_all_rows_are_taken_where_that_many_are_asked_for():
    points = np.random.default_rng(3).normal(size=(100, 2))
    chosen, weights = draw(points, 1_000_000)
    assert chosen.tolist() == list(range(100))
    assert weights.tolist() == [1] * 100
