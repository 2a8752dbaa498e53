"""K-Means that finds the optimum which many random starts miss, and returns the same answer for any order of rows.

Four ideas make it better than restarting a library routine:

* Equal rows are merged and sorted first, so that neither the order of the rows nor their repetition can matter.
* Starts run side by side as one array operation while the data is small; scikit-learn takes over when it is large.
* Where starts disagree, the best local optima are improved by relocation: one center is removed and placed where the
  distances are largest.
* Where several numbers of clusters are compared, the solution of each is a start for the next ones.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from customer_segmentation.clustering.coresets import importance_sample
from customer_segmentation.clustering.distances import predict, squared_distances
from customer_segmentation.clustering.lloyd import MAXIMUM_ITERATIONS, lloyd, lloyd_side_by_side
from customer_segmentation.clustering.neighbours import Solutions, share_solutions
from customer_segmentation.clustering.relocation import FULL_EFFORT_ROWS, relocate
from customer_segmentation.clustering.seeding import k_means_plus_plus

SAME_OPTIMUM = 1e-9  # two inertias that differ relatively by less are the same optimum; twins 6e-7 apart are known
SEARCH_ROWS = 10_000  # distinct rows that starts and relocation work on; of more, a weighted sample of about so many
OPTIMA_TO_SETTLE = 2  # optima of that sample that are improved, and settled on all rows
LEAST_GAIN = 1e-12  # share of the inertia that a relocation must gain to count
LEAST_GAIN_ON_SAMPLE = 1e-4  # of a sample, whose inertia is not known better than that
OPTIMA_TO_IMPROVE = 4  # local optima that relocation works on
# Where so many starts, and this share of them, reach the same best optimum, relocation finds none that is better: in
# none of 648 fits of the reference, with 30 and 100 starts.
AGREEING_STARTS = 5
AGREEING_SHARE = 0.2
BY_ITSELF_ROWS = 1_000  # distinct rows up to which each number of clusters is searched by itself, exactly
SWEEP_TOLERANCE = 0.01  # in standard deviations, as scikit-learn stops; enough where solutions become starts of others

_limited = ContextVar("limited", default=False)


class TooFewRowsError(ValueError):
    """Say that there are fewer different rows than clusters."""


@dataclass(frozen=True)
class KMeansFit:
    """Describe one K-Means solution.

    Attributes
    ----------
    centers : ndarray of shape (n_clusters, n_features)
        Cluster means in canonical order: ascending by the first feature, then the second, and so on.
    labels : ndarray of shape (n_samples,)
        Row of `centers` nearest to each input row; the lower one if two are equally near.
    inertia : float
        Sum of squared distances of the rows to their centres.
    iterations : int
        Lloyd iterations of the run that led to this solution.
    start_inertias : ndarray of shape (n_starts,)
        Inertia that each start reached by itself, before relocation. Where starts worked on a sample of the rows, in
        proportion to the inertia that this solution has on the sample.
    """

    centers: np.ndarray
    labels: np.ndarray
    inertia: float
    iterations: int
    start_inertias: np.ndarray

    @property
    def share_of_starts_at_best(self) -> float:
        """Share of the starts that reached this solution's inertia without the help of relocation."""
        return float(np.mean(self.start_inertias <= self.inertia * (1 + SAME_OPTIMUM)))


def fit_best(
    points: np.ndarray,
    n_clusters: int,
    *,
    starts: int,
    seed: int,
    weights: np.ndarray | None = None,
    tolerance: float = 0,
) -> KMeansFit:
    """Find the best K-Means solution: many greedy k-means++ starts, then relocation of the best local optima.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    n_clusters : int
        Number of clusters, at least 2 and at most the number of distinct rows.
    starts : int
        Number of k-means++ starts.
    seed : int
        Seed of the random numbers; the solution hardly ever depends on it, and never on the order of the rows.
    weights : ndarray of shape (n_samples,), optional
        How often each row counts; once unless given.
    tolerance : float
        Where the search works on a sample, its best optima settle on all rows until their centres move by no more than
        this in one iteration, in standard deviations; until no row changes its cluster unless given.

    Returns
    -------
    KMeansFit

    Raises
    ------
    TooFewRowsError
        If there are fewer distinct rows than clusters.

    Notes
    -----
    Starts: D. Arthur and S. Vassilvitskii (2007), k-means++: the advantages of careful seeding, in its greedy form.
    Relocation: P. Fränti (2018), Efficiency of random swap clustering, here with all centres tried in each round.

    Examples
    --------
    >>> fit = fit_best(np.array([[0.0], [1.0], [10.0], [11.0]]), 2, starts=5, seed=0)
    >>> fit.centers.ravel().tolist(), fit.inertia
    ([0.5, 10.5], 1.0)
    """
    distinct, weights, inverse = _distinct_rows(points, n_clusters, weights)
    random = np.random.default_rng(seed)
    with one_thread():
        if len(distinct) <= SEARCH_ROWS:
            solutions, start_inertias = _search(
                distinct, weights, n_clusters, starts, random, OPTIMA_TO_IMPROVE, LEAST_GAIN
            )
            centers, _, iterations = solutions[0]
        else:
            searched = _sample(distinct, weights, SEARCH_ROWS, random)
            solutions, start_inertias = _search(
                *searched, n_clusters, starts, random, OPTIMA_TO_SETTLE, LEAST_GAIN_ON_SAMPLE
            )
            settled = lloyd(distinct, weights, np.stack([solution[0] for solution in solutions]), tolerance=tolerance)
            best = settled[1].argmin()
            centers, inertia, iterations = (result[best] for result in settled)
            start_inertias = start_inertias * (inertia / solutions[best][1])
    return _finish(distinct, weights, inverse, centers, iterations, start_inertias, tolerance)


def fit_each(
    points: np.ndarray,
    numbers: Sequence[int],
    *,
    starts: int,
    seed: int,
    weights: np.ndarray | None = None,
    tolerance: float = 0,
) -> dict[int, KMeansFit]:
    """Find good K-Means solutions for several numbers of clusters, which learn from each other where rows are many.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    numbers : sequence of int
        Numbers of clusters, each at least 2 and at most the number of distinct rows.
    starts : int
        Number of k-means++ starts for each number of clusters. Of many rows they look at a sample.
    seed : int
        Seed of the random numbers.
    weights : ndarray of shape (n_samples,), optional
        How often each row counts; once unless given.
    tolerance : float
        As for `fit_best`, where rows are many.

    Returns
    -------
    dict of int to KMeansFit
        By number of clusters. Up to `BY_ITSELF_ROWS` distinct rows these are the solutions of `fit_best`.

    Raises
    ------
    TooFewRowsError
        If there are fewer distinct rows than clusters.
    """
    distinct, counts, inverse = _distinct_rows(points, max(numbers, default=0), weights)
    if len(distinct) <= BY_ITSELF_ROWS:
        return {number: fit_best(points, number, starts=starts, seed=seed, weights=weights) for number in numbers}
    random = np.random.default_rng(seed)
    with one_thread():
        searched = _sample(distinct, counts, SEARCH_ROWS, random)
        started = _sample(*searched, FULL_EFFORT_ROWS, random)
        found: Solutions = {}
        start_inertias = {}
        for number in sorted(numbers):
            first = k_means_plus_plus(*started, number, starts, random)
            centers, inertias, _ = lloyd(*started, first)
            best = _best_distinct_optima(inertias, OPTIMA_TO_SETTLE, LEAST_GAIN_ON_SAMPLE)
            settled, reached, _ = lloyd(*searched, centers[best], tolerance=SWEEP_TOLERANCE)
            found[number] = settled[reached.argmin()], reached.min()
            start_inertias[number] = inertias * (reached.min() / inertias[best[reached.argmin()]])
        found = share_solutions(*searched, found, random, least_gain=LEAST_GAIN_ON_SAMPLE, tolerance=SWEEP_TOLERANCE)
        fits = {}
        for number, (centers, searched_inertia) in found.items():
            settled, inertias, iterations = lloyd(distinct, counts, centers[None], tolerance=tolerance)
            reached = start_inertias[number] * (inertias[0] / searched_inertia)
            fits[number] = _finish(distinct, counts, inverse, settled[0], iterations[0], reached, tolerance)
    return fits


def local_optima(
    points: np.ndarray,
    n_clusters: int,
    *,
    starts: int,
    seed: int,
    limit: int,
    weights: np.ndarray | None = None,
    same: float = SAME_OPTIMUM,
) -> list[KMeansFit]:
    """Return the best local optima that plain starts end in, the best one first.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    n_clusters : int
        Number of clusters, at least 2 and at most the number of distinct rows.
    starts : int
        Number of k-means++ starts; with the seed of `fit_best` they are the same starts.
    seed : int
        Seed of the random numbers.
    limit : int
        Largest number of optima to return.
    weights : ndarray of shape (n_samples,), optional
        How often each row counts; once unless given.
    same : float
        Optima whose inertias differ relatively by no more are one, and the best of them is returned.

    Returns
    -------
    list of KMeansFit
        Without relocation, so `share_of_starts_at_best` counts the starts that ended here or better.

    Raises
    ------
    TooFewRowsError
        If there are fewer distinct rows than clusters.
    """
    distinct, weights, inverse = _distinct_rows(points, n_clusters, weights)
    with one_thread():
        first = k_means_plus_plus(distinct, weights, n_clusters, starts, np.random.default_rng(seed))
        centers, inertias, iterations = lloyd(distinct, weights, first)
    finished = [
        _finish(distinct, weights, inverse, centers[run], iterations[run], inertias)
        for run in _best_distinct_optima(inertias, limit, same)
    ]
    # a row between two centres can lead on to another optimum, which may be there already
    found = np.array([fit.inertia for fit in finished])
    return [finished[run] for run in _best_distinct_optima(found, limit, same)]


def fit_from(points: np.ndarray, centers: np.ndarray, weights: np.ndarray | None = None) -> KMeansFit:
    """Run Lloyd's algorithm from the given centres until no row changes its cluster.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    centers : ndarray of shape (n_clusters, n_features)
        Where to start.
    weights : ndarray of shape (n_samples,), optional
        How often each row counts; once unless given.

    Returns
    -------
    KMeansFit
        The local optimum reached from there. A centre that attracts no row stays where it is and has no labels.

    Raises
    ------
    TooFewRowsError
        If there are fewer distinct rows than clusters.
    """
    distinct, weights, inverse = _distinct_rows(points, len(centers), weights)
    with one_thread():
        found, _, inertias, iterations = lloyd_side_by_side(distinct, weights, centers[None])
    return _finish(distinct, weights, inverse, found[0], iterations[0], inertias)


def canonical_order(centers: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the order in which clusters are numbered: ascending by the first feature, then the second, and so on.

    Parameters
    ----------
    centers : ndarray of shape (n_clusters, n_features)
    low, high : ndarray of shape (n_features,)
        Range of each feature.

    Returns
    -------
    ndarray of int, shape (n_clusters,)
    """
    # Compared in rounded shares of the range, so that the last digit of the first feature does not decide before the
    # second one is asked; only centres that are equal then are told apart by all their digits.
    shares = np.round((centers - low) / np.where(high > low, high - low, 1), 9)
    return np.lexsort(np.vstack([centers.T[::-1], shares.T[::-1]]))


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit numeric libraries to one thread: sums that are split over threads round differently from run to run."""
    if _limited.get():  # by a caller; to look for the libraries again takes as long as a small fit
        yield
        return
    from threadpoolctl import threadpool_limits

    token = _limited.set(True)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        _limited.reset(token)


def _distinct_rows(points, n_clusters, weights=None):
    """Return the sorted distinct rows, how often each counts, and for each input row which of them it is."""
    points = np.asarray(points, dtype=float)
    order = np.arange(len(points)) if _are_sorted(points) else np.lexsort(points.T[::-1])
    is_new = np.ones(len(points), dtype=bool)
    is_new[1:] = (points[order[1:]] != points[order[:-1]]).any(axis=1)
    inverse = np.empty(len(points), dtype=int)
    inverse[order] = np.cumsum(is_new) - 1
    distinct = points[order[is_new]]
    if len(distinct) < n_clusters:
        raise TooFewRowsError(f"{len(distinct)} distinct rows cannot form {n_clusters} clusters")
    if weights is None:
        return distinct, np.bincount(inverse).astype(float), inverse
    # equal rows with weights of their own are added in the order of their weights, whatever order they came in
    order = np.lexsort((weights, inverse))
    return distinct, np.bincount(inverse[order], weights[order]), inverse


def _are_sorted(points) -> bool:
    """Tell whether rows are in ascending order already, which is quicker to see than to sort them again."""
    undecided = np.ones(max(len(points) - 1, 0), dtype=bool)
    for feature in points.T:
        step = feature[1:] - feature[:-1]
        if (step[undecided] < 0).any():
            return False
        undecided &= step == 0
    return True


def _sample(points, weights, rows, random) -> tuple[np.ndarray, np.ndarray]:
    """Return about so many rows and their weights, or all if there are no more."""
    if len(points) <= rows:
        return points, weights
    chosen, chosen_weights = importance_sample(points, weights, rows, random)
    return points[chosen], chosen_weights


def _search(points, weights, n_clusters, starts, random, optima, least_gain):
    """Return the improved best optima as (centres, inertia, iterations), best first, and the inertia of each start."""
    first = k_means_plus_plus(points, weights, n_clusters, starts, random)
    centers, inertias, iterations = lloyd(points, weights, first)
    best = inertias.argmin()
    agreeing = np.count_nonzero(inertias <= inertias[best] * (1 + SAME_OPTIMUM))
    if agreeing >= max(AGREEING_STARTS, AGREEING_SHARE * starts):
        return [(centers[best], inertias[best], iterations[best])], inertias
    solutions = [
        relocate(points, weights, centers[run], inertias[run], iterations[run], random, least_gain)
        for run in _best_distinct_optima(inertias, optima)
    ]
    return sorted(solutions, key=lambda solution: solution[1]), inertias


def _best_distinct_optima(inertias, limit, same=SAME_OPTIMUM):
    """Return the runs of the best few local optima, one run for each."""
    best: list[int] = []
    for run in np.argsort(inertias, kind="stable"):
        if not best or inertias[run] > inertias[best[-1]] * (1 + same):
            best.append(int(run))
        if len(best) == limit:
            break
    return best


def _finish(points, weights, inverse, centers, iterations, start_inertias, tolerance=0):
    """Put the clusters in canonical order and settle ties, so that centres, labels and inertia agree.

    They agree exactly unless there is a tolerance, in standard deviations, that all centres together may still move by.
    """
    centers = centers[canonical_order(centers, points.min(axis=0), points.max(axis=0))]
    labels = predict(points, centers)
    for _ in range(MAXIMUM_ITERATIONS):
        before = centers.copy()
        mass = np.bincount(labels, weights, len(centers))
        for feature, column in enumerate(points.T):
            sums = np.bincount(labels, weights * column, len(centers))
            centers[mass > 0, feature] = sums[mass > 0] / mass[mass > 0]
        settled = predict(points, centers)
        if (settled == labels).all():
            break
        labels = settled
        if tolerance and ((centers - before) ** 2).sum() <= tolerance**2:
            break
    distances = squared_distances(points, centers)[np.arange(len(points)), labels]
    return KMeansFit(centers, labels[inverse], math.fsum(distances * weights), int(iterations), start_inertias)
