"""Where K-Means starts: greedy k-means++ for many starts at once."""

import math

import numpy as np

VALUES_AT_ONCE = 50_000  # distances of one candidate held at once


def k_means_plus_plus(
    points: np.ndarray,
    weights: np.ndarray,
    n_clusters: int,
    starts: int,
    random: np.random.Generator,
    candidates: int | None = None,
) -> np.ndarray:
    """Draw sets of starting centres; of a few candidates for each centre the one that helps most is kept.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features) or (n_runs, n_samples, n_features)
        The same rows for all samples, or rows of its own for each.
    weights : ndarray of shape (n_samples,) or (n_runs, n_samples)
        How often each row counts; a row of weight 0 is never drawn.
    n_clusters : int
        Number of centres to draw.
    starts : int
        Number of sets to draw for each of the `n_runs` samples, or in all if the samples are one.
    random : Generator
        Source of the random numbers.
    candidates : int, optional
        Candidates for each centre; 2 + ln(n_clusters), rounded down, unless given. 1 is k-means++ in its plain form.

    Returns
    -------
    ndarray of shape (n_runs * starts, n_clusters, n_features)
        All sets of the first sample, then those of the second, and so on.

    Notes
    -----
    D. Arthur and S. Vassilvitskii (2007), k-means++: the advantages of careful seeding, in its greedy form.
    """
    n_samples, n_features = points.shape[-2:]
    samples = len(weights) if weights.ndim == 2 else len(points) if points.ndim == 3 else 1
    candidates = candidates or 2 + int(math.log(n_clusters))
    first_draws = random.random((samples * starts, 1))
    draws = random.random((samples * starts, n_clusters - 1, candidates))
    centers = np.empty((samples * starts, n_clusters, n_features))
    # single precision is enough to draw with; the mean is taken away first, so that it does not use up the digits
    centered = (points - points.mean(axis=-2, keepdims=True)).astype(np.float32)
    runs_at_once = max(1, VALUES_AT_ONCE // n_samples)
    for first in range(0, samples * starts, runs_at_once):
        runs = slice(first, first + runs_at_once)
        sample = np.arange(samples * starts)[runs] // starts
        drawn = _drawn_rows(
            centered[sample] if points.ndim == 3 else centered,
            (weights[sample] if weights.ndim == 2 else weights).astype(np.float32),
            first_draws[runs],
            draws[runs],
        )
        centers[runs] = points[sample[:, None], drawn] if points.ndim == 3 else points[drawn]
    return centers


def _drawn_rows(points, weights, first_draws, draws):
    """Draw the rows of one set of centres for each row of the random numbers."""
    n_runs, further_centers, candidates = draws.shape
    runs = np.arange(n_runs)
    squares = (points**2).sum(axis=-1)
    for_distances = np.ascontiguousarray(np.swapaxes(-2 * points, -1, -2))

    def distances(rows):
        places = points[rows] if points.ndim == 2 else points[runs, rows]
        found = places @ for_distances if points.ndim == 2 else (places[:, None, :] @ for_distances)[:, 0]
        found += squares
        found += (places**2).sum(axis=1)[:, None]
        return np.maximum(found, 0, out=found)

    drawn = np.empty((n_runs, further_centers + 1), dtype=int)
    cumulated = np.cumsum(np.broadcast_to(weights, (n_runs, weights.shape[-1])), axis=1)
    drawn[:, 0] = _row_at(cumulated, first_draws[:, 0])
    nearest = distances(drawn[:, 0])
    for cluster in range(further_centers):
        cumulated = np.cumsum(nearest * weights, axis=1)
        least_cost = np.full(n_runs, np.inf)
        closest = nearest
        for candidate in range(candidates):
            rows = _row_at(cumulated, draws[:, cluster, candidate])
            remaining = distances(rows)
            np.minimum(remaining, nearest, out=remaining)
            cost = remaining @ weights if weights.ndim == 1 else np.einsum("rn,rn->r", remaining, weights)
            better = cost < least_cost
            drawn[better, cluster + 1] = rows[better]
            closest = np.where(better[:, None], remaining, closest) if candidate else remaining
            least_cost = np.where(better, cost, least_cost)
        nearest = closest
    return drawn


def _row_at(cumulated, draws):
    """Return the row of each run that its random number falls on, rows being as wide as their costs."""
    below = (cumulated <= (draws * cumulated[:, -1])[:, None]).sum(axis=1)
    return np.minimum(below, cumulated.shape[1] - 1)
