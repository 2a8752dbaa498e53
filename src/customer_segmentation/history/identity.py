"""Which segment of a fit is which segment of the fit before: the same people, whatever number their cluster has."""

import numpy as np
import pandas as pd

from customer_segmentation.clustering.stored_models import model_centres

SEGMENT_IDENTITIES = {
    "segmentation": "varchar",
    "cluster_id": "integer",
    "segment_id": "integer",
    "identity": "varchar",
    "jaccard": "double",
}

FIRST = "first"  # nothing was recorded before
SAME = "same model"
KEPT = "kept"
CHANGED = "kept with changes"
BY_CENTRE = "kept by its centre"
NEW = "new"


def identify_segments(
    clusters: pd.DataFrame,
    recorded: pd.DataFrame,
    recorded_centres: pd.DataFrame,
    overlaps: pd.DataFrame,
    *,
    kept_from: float,
    new_below: float,
) -> pd.DataFrame:
    """Give every cluster the id of the segment that it continues, or an id that no segment had before.

    Parameters
    ----------
    clusters : DataFrame
        The fit: one row per segmentation, cluster and feature, with `segmentation`, `cluster_id`, `feature`,
        `transform`, `model_version`, `scaler_center`, `scaler_scale` and `scaled_centroid`.
    recorded : DataFrame
        The segments before: `segmentation`, `segment_id`, `cluster_id`, `model_version`, and `highest_segment_id`, the
        highest that the segmentation ever had.
    recorded_centres : DataFrame
        The fit that they were of, with the columns of `clusters`.
    overlaps : DataFrame
        One row per segmentation, cluster and segment that share customers: `segmentation`, `cluster_id`, `segment_id`,
        `customers`. Customers who are not in both do not count. Needed only where the model has changed.
    kept_from : float
        Jaccard similarity from which on a cluster continues a segment, 0 to 1.
    new_below : float
        Jaccard similarity below which a cluster is a new segment; in between it continues the segment with changes.

    Returns
    -------
    DataFrame
        One row per segmentation and cluster with the columns of `SEGMENT_IDENTITIES`. `jaccard` is empty where no
        customers were compared.

    Notes
    -----
    Pairs are those of the largest sum of Jaccard similarities (`scipy.optimize.linear_sum_assignment`). The limits are
    those of C. Hennig (2007), Cluster-wise assessment of cluster stability: from 0.75 a cluster is found again, up to
    0.5 it is dissolved. Where no customer is in both, centres are compared: a cluster continues the segment that its
    centre is assigned to, if no other centre before is nearer to it.
    """
    found = []
    for name, own in clusters.groupby("segmentation", sort=True):
        before = recorded[recorded["segmentation"] == name]
        shared = overlaps[overlaps["segmentation"] == name]
        numbers = sorted(own["cluster_id"].unique())
        if before.empty:
            pairs = {number: (number, FIRST, None) for number in numbers}
        elif before["model_version"].iloc[0] == own["model_version"].iloc[0]:
            segments = before.set_index("cluster_id")["segment_id"]
            pairs = {number: (segments[number], SAME, None) for number in numbers}
        elif not shared.empty:
            pairs = _by_customers(shared, kept_from, new_below)
        else:
            pairs = _by_centres(own, before, recorded_centres[recorded_centres["segmentation"] == name])
        free = int(before["highest_segment_id"].max()) + 1 if len(before) else 0
        for number in numbers:
            if number not in pairs:
                pairs[number] = (free, NEW, None)
                free += 1
            found.append((name, number, *pairs[number]))
    return pd.DataFrame(found, columns=list(SEGMENT_IDENTITIES))


def jaccard_similarities(shared: pd.DataFrame) -> pd.DataFrame:
    """Return how similar clusters and segments are, as sets of the customers who are in both.

    Parameters
    ----------
    shared : DataFrame
        `cluster_id`, `segment_id` and `customers` of each pair that shares customers.

    Returns
    -------
    DataFrame of shape (n_clusters, n_segments)
        Shared customers divided by the customers of either, 0 to 1.

    Examples
    --------
    >>> shared = pd.DataFrame({"cluster_id": [1, 1, 2], "segment_id": [1, 2, 2], "customers": [60, 20, 20]})
    >>> jaccard_similarities(shared).to_numpy().tolist()
    [[0.75, 0.2], [0.0, 0.5]]
    """
    table = shared.pivot(index="cluster_id", columns="segment_id", values="customers").fillna(0.0)
    either = table.sum(axis=1).to_numpy()[:, None] + table.sum(axis=0).to_numpy()[None, :] - table
    return table / either


def pairs_of_customers(similarities: pd.DataFrame, new_below: float) -> dict[int, int]:
    """Pair clusters with segments so that the sum of their similarities is as large as possible.

    Parameters
    ----------
    similarities : DataFrame of shape (n_clusters, n_segments)
        As `jaccard_similarities` returns them.
    new_below : float
        Similarity below which two are no pair, 0 to 1.

    Returns
    -------
    dict of int to int
        Segment by cluster.
    """
    from scipy.optimize import linear_sum_assignment

    values = similarities.to_numpy()
    return {
        similarities.index[row]: similarities.columns[column]
        for row, column in zip(*linear_sum_assignment(values, maximize=True), strict=True)
        if values[row, column] >= new_below
    }


def _by_customers(shared, kept_from, new_below) -> dict:
    similarities = jaccard_similarities(shared)
    found = {}
    for cluster, segment in pairs_of_customers(similarities, new_below).items():
        similarity = similarities.loc[cluster, segment]
        found[cluster] = (segment, KEPT if similarity >= kept_from else CHANGED, similarity)
    return found


def _by_centres(own, before, centres) -> dict:
    from scipy.optimize import linear_sum_assignment

    compared = ["feature", "transform"]
    if set(map(tuple, own[compared].to_numpy())) != set(map(tuple, centres[compared].to_numpy())):
        return {}
    scaler = centres.drop_duplicates("feature").set_index("feature").sort_index()
    scale, center = scaler["scaler_scale"].to_numpy(), scaler["scaler_center"].to_numpy()
    now, then = ((model_centres(fit) - center) / scale for fit in (own, centres))
    distances = np.sqrt(((now.to_numpy()[:, None, :] - then.to_numpy()[None, :, :]) ** 2).sum(axis=2))
    segments = before.set_index("cluster_id")["segment_id"]
    return {
        now.index[row]: (segments[then.index[column]], BY_CENTRE, None)
        for row, column in zip(*linear_sum_assignment(distances), strict=True)
        if distances[row, column] == distances[row].min()
    }
