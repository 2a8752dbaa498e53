"""Lloyd's algorithm for many starts and many weighted samples at once.

Searches and resampling need thousands of small K-Means runs. Run one after the other, a library spends most of its time
on starting; side by side they are a few matrix products per iteration.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

MAXIMUM_ITERATIONS = 1_000  # far beyond what Lloyd's algorithm needs; a bound, not a tuning parameter
BATCH_LIMIT = 5_000  # rows up to which starts run side by side to their end
FEW_ITERATIONS = 5  # so few run side by side for any number of rows that is searched
VALUES_AT_ONCE = 50_000  # distances of one centre held at once; more would not fit into the processor's cache


def lloyd(
    points: np.ndarray,
    weights: np.ndarray,
    centers: np.ndarray,
    iterations: int = MAXIMUM_ITERATIONS,
    tolerance: float = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run Lloyd's algorithm from each of several sets of centres in the way that is faster for so many rows.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
    weights : ndarray of shape (n_samples,)
    centers : ndarray of shape (n_runs, n_clusters, n_features)
    iterations : int
    tolerance : float
        As of `lloyd_each_by_itself`; few rows settle until no label changes.

    Returns
    -------
    centers, inertias, counts
        As those of `lloyd_side_by_side`.
    """
    if len(points) <= BATCH_LIMIT or iterations <= FEW_ITERATIONS:
        found, _, inertias, counts = lloyd_side_by_side(points, weights, centers, iterations=iterations)
    else:
        found, _, inertias, counts = lloyd_each_by_itself(
            points, weights, centers, iterations=iterations, tolerance=tolerance
        )
    return found, inertias, counts


def lloyd_side_by_side(
    points: np.ndarray, weights: np.ndarray, centers: np.ndarray, *, iterations: int = MAXIMUM_ITERATIONS
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Run Lloyd's algorithm from each of several sets of centres until no label changes.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features) or (n_runs, n_samples, n_features)
        The same rows for all runs, or rows of its own for each.
    weights : ndarray of shape (n_samples,) or (n_runs, n_samples)
        How often each row counts. Rows of weight 0 get a label but move no centre.
    centers : ndarray of shape (n_runs, n_clusters, n_features)
        Where each run starts.
    iterations : int
        Largest number of iterations.

    Returns
    -------
    centers : ndarray of shape (n_runs, n_clusters, n_features)
        A centre that attracts no row stays where it was.
    labels : ndarray of int, shape (n_runs, n_samples)
        Row of `centers` nearest to each row; the lower one if two are equally near.
    inertias : ndarray of shape (n_runs,)
        Weighted sum of squared distances to the centres.
    counts : ndarray of int, shape (n_runs,)
        Iterations that each run took.

    Notes
    -----
    S. Lloyd (1982), Least squares quantization in PCM.

    Examples
    --------
    >>> rows, starts = np.array([[0.0], [1.0], [10.0]]), np.array([[[0.0], [1.0]]])
    >>> centers, labels, inertias, counts = lloyd_side_by_side(rows, np.ones(3), starts)
    >>> centers.ravel().tolist(), labels.tolist(), inertias.tolist()
    ([0.5, 10.0], [[0, 0, 1]], [0.5])
    """
    n_runs, n_samples = len(centers), points.shape[-2]
    results = []
    runs_at_once = max(1, VALUES_AT_ONCE // n_samples)
    for first in range(0, n_runs, runs_at_once):
        runs = slice(first, first + runs_at_once)
        results.append(
            _run(
                points if points.ndim == 2 else points[runs],
                weights if weights.ndim == 1 else weights[runs],
                centers[runs].copy(),
                iterations,
            )
        )
    centers, labels, inertias, counts = (np.concatenate(parts) for parts in zip(*results, strict=True))
    return centers, labels, inertias, counts


def lloyd_each_by_itself(
    points: np.ndarray,
    weights: np.ndarray,
    centers: np.ndarray,
    *,
    iterations: int = MAXIMUM_ITERATIONS,
    tolerance: float = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Run scikit-learn's compiled Lloyd iterations for each start by itself; faster for many rows.

    Every run has one thread, so that it adds in one order; different runs share the processor.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
    weights : ndarray of shape (n_samples,)
    centers : ndarray of shape (n_runs, n_clusters, n_features)
    iterations : int
    tolerance : float
        A run stops when all its centres together move by no more than so many standard deviations in an iteration.

    Returns
    -------
    centers, labels, inertias, counts
        As those of `lloyd_side_by_side`.
    """
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    def run_from(start):
        return KMeans(len(start), init=start, n_init=1, tol=tolerance**2, max_iter=iterations).fit(
            points, None, weights
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # few iterations are what a caller may ask for
        runs = list(_workers().map(run_from, centers))
    return (
        np.array([run.cluster_centers_ for run in runs]),
        np.array([run.labels_ for run in runs]),
        np.array([run.inertia_ for run in runs]),
        np.array([run.n_iter_ for run in runs]),
    )


@cache
def _workers() -> ThreadPoolExecutor:
    """Return one thread for each processor; in each of them scikit-learn uses no further threads."""
    from threadpoolctl import threadpool_limits

    # the limit of OpenMP is one of the thread that sets it, and scikit-learn must be loaded by then
    return ThreadPoolExecutor(os.cpu_count() or 1, initializer=threadpool_limits, initargs=(1, "openmp"))


def _run(points, weights, centers, iterations):
    n_runs, n_clusters, _ = centers.shape
    n_samples = points.shape[-2]
    # |x - c|^2 without |x|^2, which is the same for all centres, is one product of (c, |c|^2) and (-2 x, 1)
    ones = np.ones((*points.shape[:-1], 1))
    with_mass = np.concatenate([points, ones], axis=-1)
    share_weights = weights.ndim == 1
    if share_weights:
        with_mass *= weights[:, None]
    for_distances = np.ascontiguousarray(np.swapaxes(np.concatenate([-2 * points, ones], axis=-1), -1, -2))
    labels = np.full((n_runs, n_samples), -1, dtype=np.int16)
    counts = np.zeros(n_runs, dtype=int)
    clusters = np.arange(n_clusters, dtype=np.int16)[:, None]
    running = np.arange(n_runs)
    for _ in range(iterations):
        own_distances = for_distances if points.ndim == 2 else for_distances[running]
        nearest = _nearest(centers[running], own_distances)
        changed = (nearest != labels[running]).any(axis=1)
        labels[running] = nearest
        counts[running] += 1
        running, nearest = running[changed], nearest[changed]
        if not len(running):
            break
        members = (nearest[:, None, :] == clusters).astype(float)
        if not share_weights:
            members *= weights[running][:, None, :]
        sums = members @ (with_mass if points.ndim == 2 else with_mass[running])
        mass = sums[..., -1:]
        centers[running] = np.where(mass > 0, sums[..., :-1] / np.where(mass > 0, mass, 1), centers[running])
    return centers, labels, (_own_squared_distances(points, centers, labels) * weights).sum(axis=1), counts


def _nearest(centers, for_distances):
    """Return the nearest centre of every row for every run, centre by centre to keep what is compared in the cache."""
    extended = np.concatenate([centers, (centers**2).sum(axis=2, keepdims=True)], axis=2)
    lowest = _product(extended[:, 0], for_distances)
    nearest = np.zeros(lowest.shape, dtype=np.int16)
    for cluster in range(1, centers.shape[1]):
        distances = _product(extended[:, cluster], for_distances)
        # the last cluster that came nearer than all before it; a maximum is quicker than writing in some places
        np.maximum(nearest, (distances < lowest) * np.int16(cluster), out=nearest)
        np.minimum(lowest, distances, out=lowest)
    return nearest


def _own_squared_distances(points, centers, labels):
    """Return the squared distance of every row to its centre in every run."""
    n_runs, n_clusters, n_features = centers.shape
    places = labels + np.arange(0, n_runs * n_clusters, n_clusters)[:, None]
    total = np.zeros(labels.shape)
    for feature in range(n_features):
        difference = centers[:, :, feature].ravel().take(places)
        difference -= points[..., feature]
        total += difference * difference
    return total


def _product(rows, matrix):
    """Multiply the row of each run with the matrix that all runs share, or with its own."""
    return rows @ matrix if matrix.ndim == 2 else (rows[:, None, :] @ matrix)[:, 0]
