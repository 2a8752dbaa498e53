from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from customer_segmentation.clustering.silhouette import mean_squared_silhouette
from customer_segmentation.clustering.warehouse_lloyd import (
    LIMIT,
    TOLERANCE,
    UNCHANGED,
    Customers,
    settle,
    squared_silhouette,
)

RANDOM = np.random.default_rng(0)
GROUPS = RANDOM.normal(size=(2000, 3)) + RANDOM.choice([0, 8], size=(2000, 1)) + [50, 0, -3]
NOISE = RANDOM.normal(size=(2000, 3))


def customers_of(points, threads=2, center=None, scale=None):
    """Put points into a warehouse; scaled as they are unless centre and scale are given."""
    warehouse = duckdb.connect(config={"threads": threads})
    names = [f"value_{position + 1}" for position in range(points.shape[1])]
    frame = pd.DataFrame(points, columns=names)  # noqa: F841 - read by DuckDB
    warehouse.execute("create table customers as from frame")
    ones = np.ones(points.shape[1])
    return Customers(
        lambda sql: warehouse.execute(sql).fetchall(),
        points.mean(axis=0),
        points.std(axis=0),
        0 * ones if center is None else center,
        ones if scale is None else scale,
    )


def test_passes_end_where_scikit_learn_ends():
    expected = KMeans(2, init=GROUPS[:2], n_init=1, tol=0).fit(GROUPS)
    fit = settle(customers_of(GROUPS), GROUPS[:2], tolerance=0, most_passes=100)
    assert fit.stopped == UNCHANGED
    assert fit.centers == pytest.approx(expected.cluster_centers_, abs=1e-8)
    assert fit.inertia == pytest.approx(expected.inertia_, rel=1e-9)
    assert fit.sizes.tolist() == np.bincount(expected.labels_).tolist()
    assert fit.reseeded == 0


def test_scaling_is_part_of_the_query():
    center, scale = np.array([1.0, 2.0, 3.0]), np.array([0.5, 4.0, 10.0])
    scaled = (GROUPS - center) / scale
    expected = KMeans(3, init=scaled[:3], n_init=1, tol=0).fit(scaled)
    fit = settle(customers_of(GROUPS, center=center, scale=scale), scaled[:3], tolerance=0, most_passes=100)
    assert fit.centers == pytest.approx(expected.cluster_centers_, abs=1e-8)
    assert fit.inertia == pytest.approx(expected.inertia_, rel=1e-9)


def test_neither_threads_nor_the_order_of_rows_change_a_digit():
    many = np.tile(NOISE, (200, 1))  # DuckDB shares the work in parts of 122,880 rows
    customers = [customers_of(points, threads) for points, threads in [(many, 1), (many[::-1], 4)]]
    # mean and deviation come from the warehouse, so they are the same for both
    customers[1] = replace(customers[1], mean=customers[0].mean, deviation=customers[0].deviation)
    fits = [settle(each, NOISE[:4], tolerance=0, most_passes=4) for each in customers]
    for figure in ("centers", "sizes", "means", "inertias"):
        assert getattr(fits[0], figure).tolist() == getattr(fits[1], figure).tolist()


def test_passes_stop_at_the_tolerance_and_say_so():
    fit = settle(customers_of(NOISE), NOISE[:4], tolerance=1e-3, most_passes=100)
    longer = settle(customers_of(NOISE), NOISE[:4], tolerance=1e-6, most_passes=100)
    assert fit.stopped == TOLERANCE
    assert fit.passes < longer.passes
    assert fit.inertia > longer.inertia
    assert longer.shift < fit.shift


def test_passes_stop_at_their_limit_and_say_so():
    reports = []
    fit = settle(
        customers_of(NOISE),
        NOISE[:4],
        tolerance=0,
        most_passes=3,
        progress=lambda done, total: reports.append((done, total)),
    )
    assert (fit.stopped, fit.passes) == (LIMIT, 3)
    assert reports == [(1, 3), (2, 3), (3, 3)]


def test_a_cluster_that_dies_is_put_on_the_customer_furthest_out_and_counted():
    lonely = np.vstack([GROUPS, [[400.0, 400.0, 400.0]]])
    start = np.vstack([GROUPS[:2], [[-1e6, -1e6, -1e6]]])
    fit = settle(customers_of(lonely), start, tolerance=0, most_passes=100)
    assert fit.reseeded == 1
    assert (fit.sizes > 0).all()
    assert fit.sizes.min() == 1
    assert fit.centers[2].tolist() == pytest.approx([400, 400, 400])


def test_all_clusters_but_one_may_die_at_once():
    start = np.vstack([GROUPS[:1], np.full((2, 3), 1e6) * [[1], [2]]])
    fit = settle(customers_of(GROUPS), start, tolerance=0, most_passes=100)
    assert fit.reseeded >= 2
    assert (fit.sizes > 0).all()


@pytest.mark.parametrize("clusters", [2, 3, 5])
def test_the_silhouette_is_that_of_all_pairs(clusters):
    customers = customers_of(GROUPS)
    fit = settle(customers, GROUPS[:clusters], tolerance=1e-3, most_passes=3)
    distances = ((GROUPS[:, None] - fit.centers) ** 2).sum(axis=2)
    labels = distances.argmin(axis=1)
    expected = silhouette_score(GROUPS, labels, metric="sqeuclidean")
    assert squared_silhouette(customers, fit) == pytest.approx(expected, abs=1e-8)
    assert mean_squared_silhouette(GROUPS, labels, np.ones(2000)) == pytest.approx(expected, abs=1e-10)


def test_a_customer_alone_has_a_silhouette_of_zero():
    points = np.array([[0.0], [1.0], [2.0], [50.0]])
    customers = customers_of(points)
    fit = settle(customers, np.array([[1.0], [50.0]]), tolerance=0, most_passes=5)
    expected = silhouette_score(points, [0, 0, 0, 1], metric="sqeuclidean")
    assert squared_silhouette(customers, fit) == pytest.approx(expected, abs=1e-8)


def test_values_far_from_zero_keep_their_digits():
    far = NOISE * 1e-3 + 1e6
    expected = KMeans(3, init=far[:3] - 1e6, n_init=1, tol=0).fit(far - 1e6)
    fit = settle(customers_of(far), far[:3], tolerance=0, most_passes=200)
    assert fit.inertia == pytest.approx(expected.inertia_, rel=1e-4)
