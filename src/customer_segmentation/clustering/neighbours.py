"""Improve the solutions for several numbers of clusters by each other.

The best k centres and one more are a better start for k + 1 than random ones, and so are the best k + 2 without the one
that is missed least: a gain for one number of clusters travels to the others.
"""

import numpy as np

from customer_segmentation.clustering.distances import squared_distances
from customer_segmentation.clustering.lloyd import lloyd_each_by_itself, lloyd_side_by_side
from customer_segmentation.clustering.relocation import badly_served

ROUNDS = 2  # up and down the numbers of clusters
ADDED = 6  # places for one more centre that are tried for a few iterations, the best of them to the end
REMOVED = 3  # centres whose removal is tried so
ITERATIONS = 5  # that show which of these starts is best; after 3 it is often another one

Solutions = dict[int, tuple[np.ndarray, float]]


def share_solutions(
    points: np.ndarray,
    weights: np.ndarray,
    solutions: Solutions,
    random: np.random.Generator,
    *,
    least_gain: float,
    tolerance: float,
) -> Solutions:
    """Start each number of clusters at the solutions of the next smaller and larger ones, and keep what is better.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    weights : ndarray of shape (n_samples,)
        How often each row counts.
    solutions : dict of int to (centers, inertia)
        What is known, by number of clusters; centres of shape (n_clusters, n_features).
    random : Generator
        Source of the random numbers.
    least_gain : float
        Share of the inertia that a solution must gain to be tried on its neighbours.
    tolerance : float
        Lloyd's algorithm stops when all centres together move by no more than so many standard deviations.

    Returns
    -------
    dict of int to (centers, inertia)
        As `solutions`, none of them worse.

    Notes
    -----
    Adding one centre at a time: A. Likas, N. Vlassis and J. Verbeek (2003), The global k-means clustering algorithm.
    """
    best = dict(solutions)
    numbers = sorted(best)
    changed = set(numbers)
    for _ in range(ROUNDS):
        now_changed: set[int] = set()
        steps = [(number, -1) for number in numbers] + [(number, 1) for number in reversed(numbers)]
        for number, step in steps:
            neighbour = number + step
            if neighbour not in changed | now_changed:
                continue
            centers = best[neighbour][0]
            starts = _one_more(points, weights, centers, random) if step < 0 else _one_less(points, weights, centers)
            found, inertia = _settle_best(points, weights, starts, tolerance)
            before = best[number][1]
            if inertia < before:
                best[number] = found, inertia
            if inertia < before * (1 - least_gain):
                now_changed.add(number)
        changed = now_changed
    return best


def _one_more(points, weights, centers, random):
    """Return the sets of centres with one more of them, where it helps most."""
    distances = squared_distances(points, centers).min(axis=1)
    targets = badly_served(points, distances * weights, random)
    inertias = weights @ np.minimum(distances[:, None], squared_distances(points, targets))
    promising = targets[np.argsort(inertias, kind="stable")[:ADDED]]
    return np.stack([np.vstack([centers, target]) for target in promising])


def _one_less(points, weights, centers):
    """Return the sets of centres without one of those whose customers have the shortest way to another one."""
    distances = squared_distances(points, centers)
    nearest = distances.argmin(axis=1)
    two_nearest = np.partition(distances, 1, axis=1)[:, :2]
    missed = np.bincount(nearest, weights * (two_nearest[:, 1] - two_nearest[:, 0]), len(centers))
    return np.stack([np.delete(centers, center, axis=0) for center in np.argsort(missed, kind="stable")[:REMOVED]])


def _settle_best(points, weights, starts, tolerance):
    """Let starts run for a few iterations, and the one that has come furthest to its end."""
    tried, _, inertias, _ = lloyd_side_by_side(points, weights, starts, iterations=ITERATIONS)
    best = inertias.argmin()
    settled, _, inertias, _ = lloyd_each_by_itself(points, weights, tried[best : best + 1], tolerance=tolerance)
    return settled[0], inertias[0]
