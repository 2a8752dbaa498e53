"""How a K-Means solution holds when the customers are resampled: stability, prediction strength and the gap.

All runs of one question are made side by side. A sample is a row of weights over the same customers, so a customer who
was not drawn still gets a cluster, and comparing two samples is counting.
"""

from dataclasses import dataclass

import numpy as np

from customer_segmentation.clustering import kmeans
from customer_segmentation.clustering.distances import predict
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


@dataclass(frozen=True)
class Resamples:
    """Hold samples of the same customers and where K-Means starts in each of them, for any number of clusters.

    Starts of different numbers of clusters share their first centres: k-means++ draws one centre after the other, so
    the first k of a longer start are a start for k.

    Attributes
    ----------
    points : ndarray of shape (n_customers, n_features) or (n_resamples, n_customers, n_features)
        The same customers for all samples, or customers of its own for each.
    weights : ndarray of shape (n_resamples, n_customers)
        How often each sample has each customer.
    starts : ndarray of shape (n_resamples, n_starts, largest_number, n_features)
        Centres in the order in which they were drawn.
    """

    points: np.ndarray
    weights: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray, weights: np.ndarray, largest: int, random: np.random.Generator) -> "Resamples":
        """Draw starts for the samples.

        Parameters
        ----------
        points, weights : ndarray
            As the attributes.
        largest : int
            Largest number of clusters.
        random : Generator
            Source of the random numbers.

        Returns
        -------
        Resamples
        """
        with kmeans.one_thread():
            starts = k_means_plus_plus(points, weights, largest, STARTS, random, candidates=CANDIDATES)
        return cls(points, weights, starts.reshape(len(weights), STARTS, largest, -1))

    def clustered(self, n_clusters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Search the best solution of each sample.

        Parameters
        ----------
        n_clusters : int
            Number of clusters, at most the largest that starts were drawn for.

        Returns
        -------
        centers : ndarray of shape (n_resamples, n_clusters, n_features)
        labels : ndarray of int, shape (n_resamples, n_customers)
            Also of customers whom a sample does not have.
        inertias : ndarray of shape (n_resamples,)
        """
        with kmeans.one_thread():
            return _best_of(self.points, self.weights, self._promising(n_clusters))

    def _promising(self, n_clusters) -> list[np.ndarray]:
        """Let all starts run a little, and return those of each sample that have come furthest."""
        samples = np.arange(len(self.weights))
        screened = [
            lloyd_side_by_side(
                self.points, self.weights, self.starts[:, place, :n_clusters], iterations=SCREENING_ITERATIONS
            )
            for place in range(STARTS)
        ]
        order = np.argsort(np.stack([run[2] for run in screened], axis=1), axis=1, kind="stable")
        centers = np.stack([run[0] for run in screened], axis=1)
        return [centers[samples, order[:, place]] for place in range(STARTS_TO_SETTLE)]


def bootstraps(points: np.ndarray, largest: int, *, count: int, seed: int) -> Resamples:
    """Draw bootstrap samples: as many customers as there are, with replacement.

    Parameters
    ----------
    points : ndarray of shape (n_customers, n_features)
        Scaled features.
    largest : int
        Largest number of clusters that they will be asked for.
    count : int
        Number of samples.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Resamples
    """
    random = np.random.default_rng(seed)
    return Resamples.of(points, _drawn_with_replacement(len(points), count, random), largest, random)


def halves(points: np.ndarray, largest: int, *, count: int, seed: int) -> Resamples:
    """Cut the customers into halves at random.

    Parameters
    ----------
    points : ndarray of shape (n_customers, n_features)
        Scaled features.
    largest : int
        Largest number of clusters that they will be asked for.
    count : int
        Number of halvings.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Resamples
        The first half of every halving, then the second half of every halving. Of an odd number of customers the first
        half lacks one: it has a row of weight 0 in that place.
    """
    random = np.random.default_rng(seed)
    order = np.argsort(random.random((count, len(points))), axis=1, kind="stable")
    smaller = len(points) // 2
    weights = np.ones((2 * count, len(points) - smaller))
    if len(points) % 2:
        order = np.insert(order, smaller, order[:, 0], axis=1)
        weights[:count, -1] = 0
    return Resamples.of(points[np.concatenate(np.split(order, 2, axis=1))], weights, largest, random)


def references(points: np.ndarray, largest: int, *, count: int, seed: int) -> Resamples:
    """Draw data without clusters: as many customers, spread evenly over the range of each feature.

    Parameters
    ----------
    points : ndarray of shape (n_customers, n_features)
        Scaled features.
    largest : int
        Largest number of clusters that they will be asked for.
    count : int
        Number of data sets.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Resamples
    """
    random = np.random.default_rng(seed)
    low, high = points.min(axis=0), points.max(axis=0)
    spread = random.random((count, *points.shape)) * (high - low) + low
    return Resamples.of(spread, np.ones((count, len(points))), largest, random)


def bootstrap_jaccards(samples: Resamples, labels: np.ndarray, n_clusters: int) -> np.ndarray:
    """Return how well each cluster is found again in bootstrap samples.

    Each sample is clustered again and knows nothing of the solution that is tested. Of each original cluster the
    customers who were drawn are compared with every new cluster; the largest Jaccard similarity (shared customers over
    customers in either) counts.

    Parameters
    ----------
    samples : Resamples
        From `bootstraps`.
    labels : ndarray of int, shape (n_customers,)
        Cluster of each customer in the solution that is tested.
    n_clusters : int
        Number of clusters.

    Returns
    -------
    ndarray of shape (n_resamples, n_clusters)
        1 where a cluster was found again exactly. Not a number where none of its customers was drawn.

    Notes
    -----
    C. Hennig (2007), Cluster-wise assessment of cluster stability. Customers drawn several times count once.
    """
    return _jaccards(samples.weights, labels, samples.clustered(n_clusters)[1], n_clusters)


def bootstrap_jaccards_from(
    points: np.ndarray, labels: np.ndarray, start: np.ndarray, *, count: int, seed: int
) -> np.ndarray:
    """Return how well each cluster is found again in bootstrap samples that start at given centres, as the fit did.

    Parameters
    ----------
    points : ndarray of shape (n_customers, n_features)
        Scaled features.
    labels : ndarray of int, shape (n_customers,)
        Cluster of each customer in the solution that is tested.
    start : ndarray of shape (n_clusters, n_features)
        Where each sample starts.
    count : int
        Number of samples.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    ndarray of shape (count, n_clusters)
        As of `bootstrap_jaccards`.
    """
    weights = _drawn_with_replacement(len(points), count, np.random.default_rng(seed))
    with kmeans.one_thread():
        found = _best_of(points, weights, [np.broadcast_to(start, (count, *start.shape))])[1]
    return _jaccards(weights, labels, found, len(start))


def prediction_strengths(samples: Resamples, n_clusters: int) -> np.ndarray:
    """Return how well the clusters of one half of the customers predict those of the other half.

    Both halves are clustered. Of the pairs of customers that share a cluster in one half, the share that the centres of
    the other half keep together is its prediction strength; the worst cluster counts, and both directions are averaged.

    Parameters
    ----------
    samples : Resamples
        From `halves`.
    n_clusters : int
        Number of clusters.

    Returns
    -------
    ndarray of shape (n_halvings,)
        1 where all pairs stay together. Not a number where a half has fewer customers than clusters.

    Notes
    -----
    R. Tibshirani and G. Walther (2005), Cluster validation by prediction strength. A cluster of a single customer has
    no pairs and is left out.
    """
    splits = len(samples.weights) // 2
    if samples.weights.sum(axis=1).min() < n_clusters:
        return np.full(splits, np.nan)
    centers, labels, _ = samples.clustered(n_clusters)
    worst = np.full(2 * splits, np.nan)
    for half in range(2 * splits):
        is_own = samples.weights[half] > 0
        others = predict(samples.points[half, is_own], centers[(half + splits) % (2 * splits)])
        together = np.zeros((n_clusters, n_clusters))
        np.add.at(together, (labels[half, is_own], others), 1)
        sizes = together.sum(axis=1)
        pairs = (together * (together - 1)).sum(axis=1)[sizes > 1] / (sizes * (sizes - 1))[sizes > 1]
        worst[half] = pairs.min() if len(pairs) else np.nan
    return np.nanmean(worst.reshape(2, splits), axis=0) if not np.isnan(worst).all() else np.full(splits, np.nan)


def reference_log_inertias(samples: Resamples, n_clusters: int) -> np.ndarray:
    """Return the logarithm of the inertia of data without clusters, for the gap statistic.

    Parameters
    ----------
    samples : Resamples
        From `references`.
    n_clusters : int
        Number of clusters.

    Returns
    -------
    ndarray of shape (n_references,)

    Notes
    -----
    R. Tibshirani, G. Walther and T. Hastie (2001), Estimating the number of clusters in a data set via the gap
    statistic, with references uniform over the range of each feature.
    """
    return np.log(samples.clustered(n_clusters)[2])


def _drawn_with_replacement(n_customers, count, random):
    """Return how often each of `count` samples has each customer."""
    draws = random.integers(0, n_customers, size=(count, n_customers))
    return np.stack([np.bincount(row, minlength=n_customers) for row in draws]).astype(float)


def _best_of(points, weights, starts):
    """Settle several starts of each sample; return centres, labels and inertia of the best."""
    centers, labels, inertias, _ = lloyd_side_by_side(points, weights, starts[0])
    for start in starts[1:]:
        found = lloyd_side_by_side(points, weights, start)
        better = found[2] < inertias * (1 - kmeans.SAME_OPTIMUM)
        centers = np.where(better[:, None, None], found[0], centers)
        labels = np.where(better[:, None], found[1], labels)
        inertias = np.where(better, found[2], inertias)
    return centers, labels, inertias


def _jaccards(weights, labels, found, n_clusters):
    """Compare original and new clusters of each sample by the customers it has."""
    samples = len(weights)
    cells = (np.arange(samples)[:, None] * n_clusters + labels) * n_clusters + found
    counts = np.bincount(cells[weights > 0], minlength=samples * n_clusters**2)
    together = counts.reshape(samples, n_clusters, n_clusters).astype(float)
    original = together.sum(axis=2, keepdims=True)
    either = original + together.sum(axis=1, keepdims=True) - together
    similarity = np.divide(together, either, out=np.zeros_like(together), where=either > 0)
    return np.where(original[:, :, 0] > 0, similarity.max(axis=2), np.nan)
