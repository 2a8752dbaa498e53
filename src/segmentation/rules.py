"""Segments as short rules on the features in their own units: what a reader can say and a database can run."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation.samples import Sample

FITTED_RULES = {
    "segmentation": "varchar",
    "dataset": "varchar",
    "cluster_id": "integer",
    "rule_sql": "varchar",
    "rule_prose": "varchar",
    "conditions": "integer",
}

DEPTH = 5  # questions on the way to a leaf; longer rules are not remembered
LEAVES_PER_SEGMENT = 4  # the search for the smallest tree ends here
MISPLACED = 0.01  # share of the customers asked that may change sides when a threshold is rounded
NO_RULE = "no short rule describes this segment"


@dataclass(frozen=True)
class Leaf:
    """Hold a part of the feature space and the cluster that most of its customers belong to.

    Attributes
    ----------
    cluster_id : int
    above : dict of int to float
        Feature index and the value that it exceeds.
    up_to : dict of int to float
        Feature index and the value that it does not exceed.
    """

    cluster_id: int
    above: dict[int, float]
    up_to: dict[int, float]


def fit_rules(samples: list[Sample], features: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Describe every segment of every segmentation by a rule.

    Parameters
    ----------
    samples : list of Sample
        Customers in the units of their features, with their clusters.
    features : DataFrame
        One row per dataset and feature: `dataset`, `feature`, `label`, `unit`, `decimals`.
    seed : int
        Decides between questions that separate equally well.

    Returns
    -------
    DataFrame
        With the columns of `FITTED_RULES`, one row per segmentation and cluster. A segment for which there is no rule has
        empty SQL.
    """
    rows = []
    for sample in samples:
        described = features[features["dataset"] == sample.dataset].set_index("feature").loc[sample.features["feature"]]
        described = described.reset_index()
        leaves = fit_leaves(sample.values, sample.labels, described["decimals"].to_numpy(), seed=seed)
        for cluster_id in range(1, sample.n_clusters + 1):
            own = [leaf for leaf in leaves if leaf.cluster_id == cluster_id]
            rows.append(
                {
                    "segmentation": sample.segmentation,
                    "dataset": sample.dataset,
                    "cluster_id": cluster_id,
                    "rule_sql": _as_sql(own, described),
                    "rule_prose": _as_prose(own, described),
                    "conditions": sum(len(leaf.above.keys() | leaf.up_to.keys()) for leaf in own),
                }
            )
    return pd.DataFrame(rows, columns=list(FITTED_RULES))


def fit_leaves(values: np.ndarray, labels: np.ndarray, decimals: np.ndarray, *, seed: int) -> list[Leaf]:
    """Grow the smallest decision tree in which every cluster has a leaf, and round its thresholds.

    Parameters
    ----------
    values : ndarray of shape (n_samples, n_features)
        Features in their own units.
    labels : ndarray of int, shape (n_samples,)
        Cluster of each row.
    decimals : ndarray of int, shape (n_features,)
        Decimals that people use for each feature.
    seed : int
        Decides between questions that separate equally well.

    Returns
    -------
    list of Leaf
        They cover all values and do not overlap. If no tree of at most `DEPTH` questions has a leaf for every cluster, some
        cluster has none.

    Notes
    -----
    The tree asks the question first that separates best (L. Breiman et al. 1984, Classification and regression trees). A
    threshold may move to a rounder number as long as at most a hundredth of the customers asked change sides; what the
    rule catches is counted with the rounded number.

    Examples
    --------
    >>> fit_leaves(np.array([[1.0], [2.0], [8.0], [9.0]]), np.array([1, 1, 2, 2]), np.array([0]), seed=0)
    [Leaf(cluster_id=1, above={}, up_to={0: 5.0}), Leaf(cluster_id=2, above={0: 5.0}, up_to={})]
    """
    from sklearn.tree import DecisionTreeClassifier

    clusters = np.unique(labels)
    for n_leaves in range(max(2, len(clusters)), LEAVES_PER_SEGMENT * len(clusters) + 1):
        model = DecisionTreeClassifier(max_leaf_nodes=n_leaves, max_depth=DEPTH, random_state=seed).fit(values, labels)
        tree = model.tree_
        ends = tree.children_left < 0
        if len(np.unique(tree.value[ends, 0].argmax(axis=1))) == len(clusters) or ends.sum() < n_leaves:
            break
    leaves = _leaves(tree, 0, values, clusters, decimals, {}, {})
    return [leaf for leaf in leaves if all(leaf.above[index] < leaf.up_to.get(index, math.inf) for index in leaf.above)]


def _leaves(tree, node, values, clusters, decimals, above, up_to) -> list[Leaf]:
    """Walk down the tree with the customers that reach each node; leaves that mean the same become one."""
    if tree.children_left[node] < 0:
        return [Leaf(int(clusters[tree.value[node, 0].argmax()]), above, up_to)]
    feature = int(tree.feature[node])
    asked = values[:, feature]
    threshold = round_threshold(asked, float(tree.threshold[node]), int(decimals[feature]))
    is_low = asked <= tree.threshold[node]
    low = _leaves(
        tree, tree.children_left[node], values[is_low], clusters, decimals, above, up_to | {feature: threshold}
    )
    high = _leaves(
        tree, tree.children_right[node], values[~is_low], clusters, decimals, above | {feature: threshold}, up_to
    )
    if len(low) == len(high) == 1 and low[0].cluster_id == high[0].cluster_id:
        return [Leaf(low[0].cluster_id, above, up_to)]
    return low + high


def round_threshold(values: np.ndarray, threshold: float, decimals: int) -> float:
    """Return the roundest number near a threshold that separates nearly the same values.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        Values that are compared with the threshold.
    threshold : float
        Values up to it are on one side, larger ones on the other.
    decimals : int
        Decimals that people use for the feature; more are taken only where the values need them.

    Returns
    -------
    float
        A multiple of 5 or 1 times a power of ten, or the threshold itself if every such number separates other values.

    Examples
    --------
    >>> round_threshold(np.array([40.0, 69.0, 70.0, 90.0]), 69.5, 0)
    69.0
    >>> round_threshold(np.array([40.0, 48.0, 61.0, 90.0]), 54.5, 0)
    50.0
    """
    tolerated = math.floor(MISPLACED * len(values))
    size = math.floor(math.log10(max(abs(threshold), 10.0**-decimals)))
    for exponent in range(size, -decimals - 7, -1):
        for step in (5 * 10.0**exponent, 10.0**exponent):
            rounded = round(round(threshold / step) * step, 9)
            candidates = [rounded, round(math.floor(threshold / step) * step, 9)]
            for candidate in candidates:
                if np.count_nonzero((values <= candidate) != (values <= threshold)) <= tolerated:
                    return candidate + 0.0
    return threshold


def _number(value) -> str:
    return np.format_float_positional(value, trim="-")


def _as_sql(leaves, features) -> str | None:
    if not leaves:
        return None
    parts = []
    for leaf in leaves:
        conditions = []
        for index, feature in enumerate(features["feature"]):
            if index in leaf.above:
                conditions.append(f"{feature} > {_number(leaf.above[index])}")
            if index in leaf.up_to:
                conditions.append(f"{feature} <= {_number(leaf.up_to[index])}")
        parts.append(" and ".join(conditions) or "true")
    return parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)


def _as_prose(leaves, features) -> str:
    if not leaves:
        return NO_RULE
    parts = []
    for leaf in leaves:
        conditions = []
        for index, feature in enumerate(features.itertuples(index=False)):
            limits = []
            if index in leaf.above:
                limits.append(f"over {_number(leaf.above[index])}")
            if index in leaf.up_to:
                limits.append(f"up to {_number(leaf.up_to[index])}")
            if limits:
                conditions.append(f"{feature.label} {' and '.join(limits)} {feature.unit}")
        parts.append((", " if len(conditions) > 2 else " and ").join(conditions) or "everybody")
    return "; or ".join(parts)
