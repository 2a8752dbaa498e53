"""Match personas to clusters so that the sum of all distances is as small as possible."""

from collections.abc import Callable

import numpy as np
import pandas as pd

PERSONA_MATCHES = {
    "segmentation": "varchar",
    "persona": "varchar",
    "cluster_id": "integer",
    "match_distance": "double",
}


TIE_BREAKER = 1e-6  # of clusters that fulfil open claims alike, the one that is nearest to the typical values is taken


def trait_distances(
    prototypes: np.ndarray, weights: np.ndarray, centers: np.ndarray, open_ends: np.ndarray
) -> np.ndarray:
    """Return the weighted root mean square distance of every persona to every cluster over the persona's traits.

    All values are in standard deviations of the population, so that the distance means the same for every scaling. A
    claim with an open end, such as "high", is fulfilled by everything beyond its typical value: more than high is high.

    Parameters
    ----------
    prototypes : ndarray of shape (n_personas, n_features)
        Expected values; not a number where a persona claims nothing about a feature.
    weights : ndarray of shape (n_personas, n_features)
        Weight of each trait; ignored where a persona claims nothing.
    centers : ndarray of shape (n_clusters, n_features)
        Cluster centres.
    open_ends : ndarray of shape (n_personas, n_features)
        1 where any higher value fulfils the claim as well, -1 where any lower one does, 0 where neither does.

    Returns
    -------
    ndarray of shape (n_personas, n_clusters)
        0 is a perfect match, 1 is one standard deviation away in every trait. A persona without a claim is 0 from all.

    Examples
    --------
    >>> claims, weights = np.array([[0.0, np.nan]]), np.ones((1, 2))
    >>> clusters = np.array([[0.0, 9.0], [2.0, 0.0]])
    >>> trait_distances(claims, weights, clusters, open_ends=np.array([[0, 0]]))
    array([[0., 2.]])
    >>> trait_distances(claims, weights, clusters, open_ends=np.array([[1, 0]]))
    array([[0., 0.]])
    """
    claimed = ~np.isnan(prototypes)
    used = np.where(claimed, weights, 0.0)
    beyond = centers[None, :, :] - np.where(claimed, prototypes, 0.0)[:, None, :]
    fulfilled = beyond * open_ends[:, None, :] > 0
    squared = np.where(fulfilled, 0.0, beyond) ** 2
    total = used.sum(axis=1)[:, None]
    return np.sqrt((squared * used[:, None, :]).sum(axis=2) / np.where(total > 0, total, 1.0))


def match_personas(
    prototypes: pd.DataFrame,
    clusters: pd.DataFrame,
    kept: pd.DataFrame | None = None,
    notify: Callable[[str], None] = lambda text: None,
) -> pd.DataFrame:
    """Assign personas to clusters, each to at most one, by optimal assignment on the trait distances.

    A persona stays with the segment that it had, even if another cluster comes closer to its traits by now.

    Parameters
    ----------
    prototypes : DataFrame
        One row per segmentation, persona and trait: `segmentation`, `persona`, `priority`, `position`, `model_value`,
        `weight`, and `open_end` as in `trait_distances`.
    clusters : DataFrame
        One row per segmentation, cluster and feature: `segmentation`, `cluster_id`, `position`, `scaler_center`,
        `scaler_scale`, `scaled_centroid`, and `scaled_deviation`, the population's standard deviation in scaled units.
    kept : DataFrame, optional
        Pairs that stay as they are: `segmentation`, `cluster_id` and `persona`, empty for a cluster without one.
    notify : callable, optional
        Is told, in words, of a persona that stays although the optimal assignment would give it another cluster.

    Returns
    -------
    DataFrame
        One row per matched persona with the columns of `PERSONA_MATCHES`. Where a segmentation has more personas than
        clusters or the reverse, what is left over has no row.

    Notes
    -----
    The assignment problem is solved by scipy's `linear_sum_assignment`: D. Crouse (2016), On implementing 2D
    rectangular assignment algorithms.
    """
    from scipy.optimize import linear_sum_assignment

    matches = []
    for segmentation, own in clusters.groupby("segmentation", sort=True):
        traits = prototypes[prototypes["segmentation"] == segmentation]
        if traits.empty:
            continue
        centers = own.pivot(index="cluster_id", columns="position", values="scaled_centroid").sort_index()
        scaler = own.drop_duplicates("position").set_index("position").sort_index()
        keys = {"index": ["priority", "persona"], "columns": "position"}
        expected = traits.pivot(**keys, values="model_value").sort_index().reindex(columns=centers.columns)
        weights = traits.pivot(**keys, values="weight").sort_index().reindex(columns=centers.columns)
        center, scale, deviation = (
            scaler[name].to_numpy() for name in ("scaler_center", "scaler_scale", "scaled_deviation")
        )
        # a claim about what is the same for all customers tells no cluster from another
        deviation = np.where(deviation > 0, deviation, np.nan)
        open_ends = traits.pivot(**keys, values="open_end").sort_index().reindex(columns=centers.columns).fillna(0)
        claims = (
            (expected.to_numpy(dtype=float) - center) / scale / deviation,
            weights.to_numpy(dtype=float),
            np.nan_to_num(centers.to_numpy(dtype=float) / deviation),
        )
        distances = trait_distances(*claims, open_ends.to_numpy(dtype=float))
        to_typical_values = trait_distances(*claims, np.zeros(open_ends.shape))
        costs = distances + TIE_BREAKER * to_typical_values
        stays = _staying(kept, segmentation, expected.index, centers.index)
        best = dict(zip(*linear_sum_assignment(costs), strict=True))
        costs = np.where(stays, -len(costs) * costs.max() - 1, costs)
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            if stays[row, column] and best.get(row) != column:
                notify(
                    f"{segmentation}: {expected.index[row][1]} stays with its customers, now cluster "
                    f"{centers.index[column]}, although the traits suit another cluster better; this one is "
                    f"{distances[row, column]:.2f} standard deviations away"
                )
            matches.append(
                {
                    "segmentation": segmentation,
                    "persona": expected.index[row][1],
                    "cluster_id": int(centers.index[column]),
                    "match_distance": float(distances[row, column]),
                }
            )
    return pd.DataFrame(matches, columns=list(PERSONA_MATCHES))


def _staying(kept, segmentation, personas, clusters) -> np.ndarray:
    """Mark the pairs of personas and clusters that stay together."""
    if kept is None:
        return np.zeros((len(personas), len(clusters)), dtype=bool)
    own = kept[kept["segmentation"] == segmentation]
    pairs = set(zip(own["persona"], own["cluster_id"], strict=True))
    return np.array([[(persona, cluster) in pairs for cluster in clusters] for _, persona in personas])
