"""How far clusters lie apart compared with their width: two indices of one pass over the customers.

Rows may be weighted: a row of weight 3 counts as three customers in the same place.
"""

import numpy as np


def calinski_harabasz(points: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the variance between clusters over the variance within them, each per degree of freedom.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    labels : ndarray of int, shape (n_samples,)
        Cluster of each row, from 0; none may be empty.
    weights : ndarray of shape (n_samples,), optional
        How many customers each row stands for; one unless given.

    Returns
    -------
    float
        Higher is better. Not a number where clusters have no width or every row is a cluster of its own.

    Notes
    -----
    T. Calinski and J. Harabasz (1974), A dendrite method for cluster analysis.

    Examples
    --------
    >>> calinski_harabasz(np.array([[0.0], [2.0], [10.0], [12.0]]), np.array([0, 0, 1, 1]))
    50.0
    """
    weights = np.ones(len(points)) if weights is None else weights
    centers, sizes = _centers(points, labels, weights)
    within = ((points - centers[labels]) ** 2 * weights[:, None]).sum()
    between = (sizes * ((centers - np.average(points, axis=0, weights=weights)) ** 2).sum(axis=1)).sum()
    free = weights.sum() - len(centers)
    return float(between / (len(centers) - 1) / (within / free)) if within > 0 and free > 0 else np.nan


def davies_bouldin(points: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return how wide clusters are compared with the distance to the neighbour they overlap most with, on average.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    labels : ndarray of int, shape (n_samples,)
        Cluster of each row, from 0; none may be empty.
    weights : ndarray of shape (n_samples,), optional
        How many customers each row stands for; one unless given.

    Returns
    -------
    float
        Lower is better, 0 is the best.

    Notes
    -----
    D. Davies and D. Bouldin (1979), A cluster separation measure.

    Examples
    --------
    >>> davies_bouldin(np.array([[0.0], [2.0], [10.0], [12.0]]), np.array([0, 0, 1, 1]))
    0.2
    """
    weights = np.ones(len(points)) if weights is None else weights
    centers, sizes = _centers(points, labels, weights)
    widths = np.bincount(labels, np.sqrt(((points - centers[labels]) ** 2).sum(axis=1)) * weights) / sizes
    distances = np.sqrt(((centers[:, None] - centers) ** 2).sum(axis=2))
    np.fill_diagonal(distances, np.inf)
    return float(((widths[:, None] + widths) / distances).max(axis=1).mean())


def _centers(points, labels, weights):
    sizes = np.bincount(labels, weights)
    return np.stack([np.bincount(labels, column * weights) for column in points.T], axis=1) / sizes[:, None], sizes
