"""Segments keep their numbers as long as the same people are in them."""

import numpy as np
import pandas as pd
import pytest

from customer_segmentation.clustering.distances import predict
from customer_segmentation.clustering.kmeans import fit_best
from customer_segmentation.history.identity import identify_segments
from helpers.mall import scaled

LIMITS = {"kept_from": 0.75, "new_below": 0.5}


def fit(centres, version="then", *, center=0.0, scale=1.0, transform="none") -> pd.DataFrame:
    """A fit of the segmentation `s` with one feature per column of the centres."""
    return pd.DataFrame(
        [
            ("s", cluster, f"feature_{number}", transform, version, center, scale, (value - center) / scale)
            for cluster, values in enumerate(np.atleast_2d(centres), start=1)
            for number, value in enumerate(values)
        ],
        columns=[
            "segmentation", "cluster_id", "feature", "transform", "model_version", "scaler_center", "scaler_scale", "scaled_centroid",
        ],
    )  # fmt: skip


def recorded(segments, version="then", highest=None) -> pd.DataFrame:
    """The segments of the clusters 1, 2, ... of the fit before."""
    return pd.DataFrame(
        {
            "segmentation": "s",
            "segment_id": segments,
            "cluster_id": range(1, len(segments) + 1),
            "model_version": version,
            "highest_segment_id": highest or max(segments),
        }
    )


def overlaps(shared: dict[tuple[int, int], int]) -> pd.DataFrame:
    """Customers by cluster and segment."""
    return pd.DataFrame(
        [("s", cluster, segment, customers) for (cluster, segment), customers in shared.items()],
        columns=["segmentation", "cluster_id", "segment_id", "customers"],
    )


def identities(now, before, then=None, shared=None) -> dict[int, tuple[int, str]]:
    """Segment and how it was found, by cluster."""
    found = identify_segments(now, before, fit([[0]]) if then is None else then, overlaps(shared or {}), **LIMITS)
    return {row.cluster_id: (row.segment_id, row.identity) for row in found.itertuples()}


def test_the_first_fit_numbers_its_clusters():
    assert identities(fit([[1], [2]]), recorded([1])[:0]) == {1: (1, "first"), 2: (2, "first")}


def test_the_same_model_has_the_same_segments():
    assert identities(fit([[1], [2]]), recorded([7, 3])) == {1: (7, "same model"), 2: (3, "same model")}


def test_relabelled_clusters_keep_their_segments():
    shared = {(1, 2): 50, (2, 3): 30, (3, 1): 20}
    found = identities(fit([[1], [2], [3]], "now"), recorded([1, 2, 3]), shared=shared)
    assert found == {1: (2, "kept"), 2: (3, "kept"), 3: (1, "kept")}


def test_one_cluster_more_keeps_all_and_adds_one():
    shared = {(1, 1): 50, (2, 2): 30, (3, 2): 20}
    found = identities(fit([[1], [2], [3]], "now"), recorded([1, 2], highest=4), shared=shared)
    assert found == {1: (1, "kept"), 2: (2, "kept with changes"), 3: (5, "new")}


@pytest.mark.parametrize(("larger", "smaller"), [(1, 2), (2, 1)])
def test_two_clusters_that_merge_keep_the_segment_of_the_larger(larger, smaller):
    shared = {(1, larger): 60, (1, smaller): 40, (2, 3): 50}
    found = identities(fit([[1], [2]], "now"), recorded([1, 2, 3]), shared=shared)
    assert found == {1: (larger, "kept with changes"), 2: (3, "kept")}


@pytest.mark.parametrize(
    ("moved", "identity"),
    [(25, (1, "kept")), (26, (1, "kept with changes")), (50, (1, "kept with changes")), (51, (2, "new"))],
)
def test_the_limits_are_where_they_are_said_to_be(moved, identity):
    shared = {(1, 1): 100 - moved, (2, 1): moved}
    assert identities(fit([[1], [2]], "now"), recorded([1]), shared=shared)[1] == identity


def test_customers_who_came_and_went_do_not_count():
    # only common customers are in the overlaps: dropping and adding a tenth changes nothing
    assert identities(fit([[1], [2]], "now"), recorded([1, 2]), shared={(2, 1): 9, (1, 2): 9}) == {
        1: (2, "kept"),
        2: (1, "kept"),
    }


def test_without_common_customers_centres_decide():
    then, now = fit([[0, 0], [10, 0]]), fit([[11, 1], [1, 1], [12, 1]], "now", center=5.0, scale=3.0)
    assert identities(now, recorded([4, 6]), then) == {
        1: (6, "kept by its centre"),
        2: (4, "kept by its centre"),
        3: (7, "new"),
    }


def test_without_common_customers_or_features_all_segments_are_new():
    now = fit([[0, 0], [10, 0]], "now", transform="log")
    assert identities(now, recorded([1, 2]), fit([[0, 0], [10, 0]])) == {1: (3, "new"), 2: (4, "new")}


def test_a_hundred_refits_of_the_mall_customers_keep_the_same_five():
    points = scaled("2D inc+spend", "std")
    before = fit_best(points, 5, starts=20, seed=1)
    generator = np.random.default_rng(20240229)
    found = []
    for refit in range(100):
        drawn = generator.integers(len(points), size=len(points))
        centers = fit_best(points[drawn], 5, starts=20, seed=refit).centers
        pairs = pd.Series(zip(predict(points, centers) + 1, before.labels + 1, strict=True))
        now = fit(centers, f"refit {refit}")
        segments = identities(now, recorded([1, 2, 3, 4, 5]), shared=pairs.value_counts().to_dict())
        found.append(sorted(segment for segment, _ in segments.values()))
    assert found == [[1, 2, 3, 4, 5]] * 100
