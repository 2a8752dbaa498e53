"""The silhouette: how well customers sit in their own cluster compared with the next."""

import math

import numpy as np

ROWS_AT_ONCE = 500  # rows whose distances to all others are held in memory together


def mean_silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean silhouette with Euclidean distance.

    The best value is 1, the worst -1; values near 0 mean overlapping clusters, negative ones that customers would fit
    another cluster better. A customer who is alone in a cluster counts as 0.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    labels : ndarray of int, shape (n_samples,)
        Cluster of each row.

    Returns
    -------
    float
        Not a number if there are fewer than two clusters.

    Notes
    -----
    P. Rousseeuw (1987), Silhouettes: a graphical aid to the interpretation and validation of cluster analysis. Equal to
    scikit-learn's `silhouette_score`, which takes a second to import and needs no more than this.

    Examples
    --------
    >>> mean_silhouette(np.array([[0.0], [0.0], [4.0], [4.0]]), np.array([0, 0, 1, 1]))
    1.0
    """
    clusters, own = np.unique(labels, return_inverse=True)
    if len(clusters) < 2:
        return math.nan
    members = (own[:, None] == np.arange(len(clusters))).astype(float)
    sizes = members.sum(axis=0)
    silhouettes = []
    for start in range(0, len(points), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        squared = np.zeros((len(points[rows]), len(points)))
        for feature in points.T:
            squared += (feature[rows, None] - feature[None, :]) ** 2
        sums = np.sqrt(squared) @ members
        row, column = np.arange(len(sums)), own[rows]
        within = sums[row, column] / np.maximum(sizes[column] - 1, 1)
        means = sums / sizes
        means[row, column] = np.inf
        nearest = means.min(axis=1)
        largest = np.maximum(within, nearest)
        values = np.divide(nearest - within, largest, out=np.zeros_like(largest), where=largest > 0)
        silhouettes.append(np.where(sizes[column] > 1, values, 0.0))
    return math.fsum(np.concatenate(silhouettes)) / len(points)
