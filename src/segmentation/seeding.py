"""Where K-Means starts: greedy k-means++ for many starts at once."""

import math

import numpy as np

VALUES_AT_ONCE = 200_000  # distances of one candidate held at once


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
    runs_at_once = max(1, VALUES_AT_ONCE // n_samples)
    for first in range(0, samples * starts, runs_at_once):
        runs = slice(first, first + runs_at_once)
        sample = np.arange(samples * starts)[runs] // starts
        own_points = points[sample] if points.ndim == 3 else points[None]
        own_weights = weights[sample] if weights.ndim == 2 else weights[None]
        centers[runs] = _draw(own_points, own_weights, first_draws[runs], draws[runs])
    return centers


def _draw(points, weights, first_draws, draws):
    """Draw one set of centres for each row of the random numbers; rows and weights are shared or one for each."""
    n_runs, further_centers, candidates = draws.shape
    runs = np.arange(n_runs)
    point_of_run = runs if len(points) > 1 else np.zeros(n_runs, dtype=int)
    centers = np.empty((n_runs, further_centers + 1, points.shape[2]))
    drawn = _drawn_rows(np.broadcast_to(weights, (n_runs, weights.shape[1])), first_draws)
    centers[:, 0] = points[point_of_run, drawn[:, 0]]
    nearest = _squared_distances(points, centers[:, 0])
    for cluster in range(further_centers):
        rows = _drawn_rows(nearest * weights, draws[:, cluster])
        least_cost = np.full(n_runs, np.inf)
        best = nearest
        for candidate in range(candidates):
            places = points[point_of_run, rows[:, candidate]]
            remaining = np.minimum(_squared_distances(points, places), nearest)
            cost = (remaining * weights).sum(axis=1)
            better = cost < least_cost
            centers[better, cluster + 1] = places[better]
            least_cost = np.where(better, cost, least_cost)
            best = np.where(better[:, None], remaining, best)
        nearest = best
    return centers


def _drawn_rows(costs, draws):
    """Return the row of each run that each random number falls on, rows being as wide as their costs."""
    cumulated = np.cumsum(costs, axis=1)
    n_runs, n_samples = costs.shape
    return np.stack(
        [
            np.minimum(np.searchsorted(cumulated[run], draws[run] * cumulated[run, -1], side="right"), n_samples - 1)
            for run in range(n_runs)
        ]
    )


def _squared_distances(points, centers):
    """Return the squared distance of every row to the centre of each run."""
    total = np.zeros((len(centers), points.shape[1]))
    for feature in range(points.shape[2]):
        difference = points[:, :, feature] - centers[:, None, feature]
        total += difference * difference
    return total
