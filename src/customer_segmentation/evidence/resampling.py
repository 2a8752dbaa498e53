"""How a K-Means solution holds when the customers are resampled: stability, prediction strength and the gap.

All runs of one question are made side by side. A sample is a row of weights over the same customers, so a customer who
was not drawn still gets a cluster, and comparing two samples is counting.
"""

from dataclasses import dataclass

import numpy as np

from customer_segmentation.clustering import kmeans
from customer_segmentation.clustering.lloyd import lloyd_side_by_side
from customer_segmentation.clustering.seeding import k_means_plus_plus

STARTS = 12  # starts for each sample; more change the figures by less than chance does
CANDIDATES = 3  # places tried for each centre of a start
SCREENING_ITERATIONS = 2  # after so many iterations it shows which starts are worth settling
STARTS_TO_SETTLE = 2  # starts of a sample that are settled


@dataclass(frozen=True)
class Estimate:
    """A mean over samples and how far chance may have moved it.

    Attributes
    ----------
    mean : float
    standard_error : float
        Standard deviation over the samples divided by the square root of their number.
    """

    mean: float
    standard_error: float

    @classmethod
    def of(cls, values: np.ndarray) -> "Estimate":
        """Estimate from one value per sample.

        Parameters
        ----------
        values : ndarray of shape (n_samples,)

        Returns
        -------
        Estimate
        """
        spread = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
        return cls(float(values.mean()), spread / np.sqrt(len(values)))


def bootstrap_jaccards(
    points: np.ndarray,
    labels: np.ndarray,
    n_clusters: int,
    *,
    bootstraps: int,
    seed: int,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Return how well each cluster is found again in bootstrap samples.

    Each sample draws as many customers as there are, with replacement, and is clustered again. Of each original cluster
    the customers who were drawn are compared with every new cluster; the largest Jaccard similarity (shared customers
    over customers in either) counts.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    labels : ndarray of int, shape (n_samples,)
        Cluster of each row in the solution that is tested.
    n_clusters : int
        Number of clusters.
    bootstraps : int
        Number of samples.
    seed : int
        Seed of the random numbers.
    start : ndarray of shape (n_clusters, n_features), optional
        Where each sample starts, for a fit that starts at given centres. Otherwise each searches for its own optimum
        and knows nothing of the solution that is tested.

    Returns
    -------
    ndarray of shape (bootstraps, n_clusters)
        1 where a cluster was found again exactly. Not a number where none of its customers was drawn.

    Notes
    -----
    C. Hennig (2007), Cluster-wise assessment of cluster stability. Customers drawn several times count once.
    """
    random = np.random.default_rng(seed)
    n_samples = len(points)
    draws = random.integers(0, n_samples, size=(bootstraps, n_samples))
    weights = np.stack([np.bincount(row, minlength=n_samples) for row in draws]).astype(float)
    found = _cluster_samples(points, weights, n_clusters, random, start)[0]
    together = _shared_customers(labels, found, weights > 0, n_clusters)
    original = together.sum(axis=2, keepdims=True)
    either = original + together.sum(axis=1, keepdims=True) - together
    similarity = np.divide(together, either, out=np.zeros_like(together), where=either > 0)
    return np.where(original[:, :, 0] > 0, similarity.max(axis=2), np.nan)


def prediction_strengths(points: np.ndarray, n_clusters: int, *, splits: int, seed: int) -> np.ndarray:
    """Return how well the clusters of one half of the customers predict those of the other half.

    Both halves are clustered. Of the pairs of customers that share a cluster in one half, the share that the centres of
    the other half keep together is its prediction strength; the worst cluster counts, and both directions are averaged.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    n_clusters : int
        Number of clusters.
    splits : int
        Number of random halvings.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    ndarray of shape (splits,)
        1 where all pairs stay together. Not a number where a half has fewer customers than clusters.

    Notes
    -----
    R. Tibshirani and G. Walther (2005), Cluster validation by prediction strength. A cluster of a single customer has
    no pairs and is left out.
    """
    random = np.random.default_rng(seed)
    n_samples = len(points)
    if n_samples // 2 < n_clusters:
        return np.full(splits, np.nan)
    order = np.argsort(random.random((splits, n_samples)), axis=1, kind="stable")
    in_first = np.zeros((splits, n_samples), dtype=bool)
    np.put_along_axis(in_first, order[:, : n_samples // 2], True, axis=1)
    halves = np.concatenate([in_first, ~in_first])
    labels = _cluster_samples(points, halves.astype(float), n_clusters, random)[0]
    others = np.concatenate([labels[splits:], labels[:splits]])
    worst = np.full(2 * splits, np.nan)
    for half in range(2 * splits):
        together = np.zeros((n_clusters, n_clusters))
        np.add.at(together, (labels[half, halves[half]], others[half, halves[half]]), 1)
        sizes = together.sum(axis=1)
        pairs = (together * (together - 1)).sum(axis=1)[sizes > 1] / (sizes * (sizes - 1))[sizes > 1]
        worst[half] = pairs.min() if len(pairs) else np.nan
    return np.nanmean(worst.reshape(2, splits), axis=0) if not np.isnan(worst).all() else np.full(splits, np.nan)


def reference_log_inertias(points: np.ndarray, n_clusters: int, *, references: int, seed: int) -> np.ndarray:
    """Return the logarithm of the inertia of data without clusters, for the gap statistic.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features; the references are spread evenly over their ranges.
    n_clusters : int
        Number of clusters.
    references : int
        Number of reference data sets.
    seed : int
        Seed of the random numbers; the same seed gives the same references for every number of clusters.

    Returns
    -------
    ndarray of shape (references,)

    Notes
    -----
    R. Tibshirani, G. Walther and T. Hastie (2001), Estimating the number of clusters in a data set via the gap
    statistic, with references uniform over the range of each feature.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    spread = np.random.default_rng(seed).random((references, *points.shape)) * (high - low) + low
    random = np.random.default_rng((seed, n_clusters))
    weights = np.ones((references, len(points)))
    inertias = _cluster_samples(spread, weights, n_clusters, random)[1]
    return np.log(inertias)


def _cluster_samples(points, weights, n_clusters, random, start=None):
    """Return the labels and the inertia of the best solution found for each sample, a row of weights."""
    with kmeans.one_thread():
        if start is not None:
            settled = [np.broadcast_to(start, (len(weights), *start.shape))]
        else:
            settled = _promising_starts(points, weights, n_clusters, random)
        labels, inertias = None, np.full(len(weights), np.inf)
        for centers in settled:
            _, found, reached, _ = lloyd_side_by_side(points, weights, centers)
            better = reached < inertias * (1 - kmeans.SAME_OPTIMUM)
            labels = found if labels is None else np.where(better[:, None], found, labels)
            inertias = np.where(better, reached, inertias)
    return labels, inertias


def _promising_starts(points, weights, n_clusters, random):
    """Draw starts for each sample, let them run a little, and keep those that have come furthest."""
    samples = np.arange(len(weights))
    drawn = k_means_plus_plus(points, weights, n_clusters, STARTS, random, candidates=CANDIDATES)
    drawn = drawn.reshape(len(weights), STARTS, n_clusters, -1)
    screened = [
        lloyd_side_by_side(points, weights, drawn[:, place], iterations=SCREENING_ITERATIONS) for place in range(STARTS)
    ]
    order = np.argsort(np.stack([run[2] for run in screened], axis=1), axis=1, kind="stable")
    centers = np.stack([run[0] for run in screened], axis=1)
    return [centers[samples, order[:, place]] for place in range(STARTS_TO_SETTLE)]


def _shared_customers(labels, found, drawn, n_clusters):
    """Count the customers of each sample that an original and a new cluster share: (samples, clusters, clusters)."""
    samples = len(found)
    cells = (np.arange(samples)[:, None] * n_clusters + labels) * n_clusters + found
    counts = np.bincount(cells[drawn], minlength=samples * n_clusters**2)
    return counts.reshape(samples, n_clusters, n_clusters).astype(float)
