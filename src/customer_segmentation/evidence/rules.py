"""Segments as short rules on the features in their own units: what a reader can say and a database can run."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from customer_segmentation.evidence.samples import Sample
from customer_segmentation.units import is_money, singular_after_one, with_unit

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
WORTH_A_LEAF = 0.03  # share of the customers that another leaf has to put right
MISPLACED = 0.01  # share of the customers asked that may change sides when a threshold is rounded
MISPLACED_BY_KNOWN = 0.03  # the same when a threshold that occurs already is used again
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
        With the columns of `FITTED_RULES`, one row per segmentation and cluster. A segment for which there is no rule
        has empty SQL.
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
        They cover all values and do not overlap. If no tree of at most `DEPTH` questions has a leaf for every cluster,
        some cluster has none.

    Notes
    -----
    The tree asks the question first that separates best (L. Breiman et al. 1984, Classification and regression trees).
    Another leaf is added only while it puts `WORTH_A_LEAF` more of the customers right. A threshold may move to a
    rounder number, or to one that occurs already, as long as few of the customers asked change sides (`MISPLACED`,
    `MISPLACED_BY_KNOWN`); what the rule catches is counted with the rounded number.

    Examples
    --------
    >>> fit_leaves(np.array([[1.0], [2.0], [8.0], [9.0]]), np.array([1, 1, 2, 2]), np.array([0]), seed=0)
    [Leaf(cluster_id=1, above={}, up_to={0: 5.0}), Leaf(cluster_id=2, above={0: 5.0}, up_to={})]
    """
    clusters = np.unique(labels)
    model = _smallest_tree(values, labels, len(clusters), seed)
    leaves = _leaves(model.tree_, 0, clusters, _rounded_thresholds(model, values, decimals), {}, {})
    possible = [leaf for leaf in leaves if all(leaf.above[i] < leaf.up_to.get(i, math.inf) for i in leaf.above)]
    return _merged(possible)


def _smallest_tree(values, labels, n_clusters, seed):
    from sklearn.tree import DecisionTreeClassifier

    found, found_right = None, 0.0
    for n_leaves in range(max(2, n_clusters), max(2, LEAVES_PER_SEGMENT * n_clusters) + 1):
        model = DecisionTreeClassifier(max_leaf_nodes=n_leaves, max_depth=DEPTH, random_state=seed).fit(values, labels)
        right = model.score(values, labels)
        if found is not None and right - found_right < WORTH_A_LEAF - 1e-9:
            break
        ends = model.tree_.children_left < 0
        if len(np.unique(model.tree_.value[ends, 0].argmax(axis=1))) == n_clusters or ends.sum() < n_leaves:
            found, found_right = model, right
    return found or model


def _rounded_thresholds(model, values, decimals) -> dict[int, float]:
    """Return the rounded threshold of every node that asks a question, those that ask most customers first."""
    tree = model.tree_
    asks = np.flatnonzero(tree.children_left >= 0)
    reached = model.decision_path(values).toarray().astype(bool)
    thresholds: dict[int, float] = {}
    for node in asks[np.argsort(-tree.n_node_samples[asks], kind="stable")]:
        feature, exact = int(tree.feature[node]), float(tree.threshold[node])
        asked = values[reached[:, node], feature]
        # a number that the reader knows already is better than a rounder one
        known = {value for other, value in thresholds.items() if tree.feature[other] == feature}
        alike = [value for value in sorted(known) if _separates_alike(asked, exact, value, MISPLACED_BY_KNOWN)]
        nearest = min(alike, key=lambda value: abs(value - exact), default=None)
        thresholds[int(node)] = round_threshold(asked, exact, int(decimals[feature])) if nearest is None else nearest
    return thresholds


def _leaves(tree, node, clusters, thresholds, above, up_to) -> list[Leaf]:
    """Walk down the tree and collect the limits on the way to each leaf."""
    if node not in thresholds:
        return [Leaf(int(clusters[tree.value[node, 0].argmax()]), above, up_to)]
    feature, threshold = int(tree.feature[node]), thresholds[node]
    low_up_to = up_to | {feature: min(threshold, up_to.get(feature, math.inf))}
    high_above = above | {feature: max(threshold, above.get(feature, -math.inf))}
    return [
        *_leaves(tree, int(tree.children_left[node]), clusters, thresholds, above, low_up_to),
        *_leaves(tree, int(tree.children_right[node]), clusters, thresholds, high_above, up_to),
    ]


def _merged(leaves) -> list[Leaf]:
    """Join leaves of a cluster that touch along one feature and agree in all others, until there are none."""
    for low in leaves:
        for high in leaves:
            if low.cluster_id != high.cluster_id or low is high:
                continue
            for feature in low.up_to.keys() & high.above.keys():
                if low.up_to[feature] == high.above[feature] and _elsewhere(low, feature) == _elsewhere(high, feature):
                    above = dict(low.above)
                    up_to = {index: value for index, value in low.up_to.items() if index != feature}
                    if feature in high.up_to:
                        up_to[feature] = high.up_to[feature]
                    joined = Leaf(low.cluster_id, above, up_to)
                    return _merged([joined if leaf is low else leaf for leaf in leaves if leaf is not high])
    return leaves


def _elsewhere(leaf, feature):
    """Return the limits of all other features."""
    return [{index: value for index, value in side.items() if index != feature} for side in (leaf.above, leaf.up_to)]


def _separates_alike(values, threshold, candidate, tolerated) -> bool:
    """Say whether at most the tolerated share of the values changes sides with another threshold."""
    return np.count_nonzero((values <= candidate) != (values <= threshold)) <= math.floor(tolerated * len(values))


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
    size = math.floor(math.log10(max(abs(threshold), 10.0**-decimals)))
    for exponent in range(size, -decimals - 7, -1):
        for step in (5 * 10.0**exponent, 10.0**exponent):
            rounded = round(round(threshold / step) * step, 9)
            candidates = [rounded, round(math.floor(threshold / step) * step, 9)]
            for candidate in candidates:
                if _separates_alike(values, threshold, candidate, MISPLACED):
                    return candidate + 0.0
    return threshold


def _number(value) -> str:
    return np.format_float_positional(value, trim="-")


def _figure(value, unit) -> str:
    """Write a limit; the sign of money belongs to each figure, other units stand once behind them."""
    return with_unit(f"{value:,.12g}", unit) if is_money(unit) else _number(value)


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
                limits.append(f"over {_figure(leaf.above[index], feature.unit)}")
            if index in leaf.up_to:
                limits.append(f"up to {_figure(leaf.up_to[index], feature.unit)}")
            if limits:
                unit = "" if is_money(feature.unit) else f" {feature.unit}"
                conditions.append(f"{feature.label} {singular_after_one(' '.join(limits) + unit)}")
        parts.append((", " if len(conditions) > 2 else " and ").join(conditions) or "everyone")
    return "; or ".join(parts)
