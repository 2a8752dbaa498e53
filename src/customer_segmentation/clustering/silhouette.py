"""The silhouette: how well customers sit in their own cluster compared with the next."""

import math

import numpy as np

DISTANCES_AT_ONCE = 1_000_000  # distances worked on together; more no longer fit into the cache of a processor


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
    return mean_silhouettes(points, [np.unique(labels, return_inverse=True)[1]])[0]


def mean_silhouettes(points: np.ndarray, labelings: list[np.ndarray]) -> list[float]:
    """Return the mean silhouettes of several clusterings of the same points, with one pass over their distances.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    labelings : list of ndarray of int, each of shape (n_samples,)
        Cluster of each row; rows with a negative label are noise and left out.

    Returns
    -------
    list of float
        Not a number for a clustering with fewer than two clusters, otherwise as `mean_silhouette` of the rows that are
        not noise.

    Examples
    --------
    >>> points = np.array([[0.0], [0.0], [4.0], [4.0], [99.0]])
    >>> mean_silhouettes(points, [np.array([0, 0, 1, 1, -1]), np.zeros(5, dtype=int)])
    [1.0, nan]
    """
    if not labelings:
        return []
    memberships = [(labels[:, None] == np.unique(labels[labels >= 0])).astype(float) for labels in labelings]
    edges = np.cumsum([0] + [members.shape[1] for members in memberships])
    all_members = np.hstack(memberships)
    values: list[list[np.ndarray]] = [[] for _ in labelings]
    rows_at_once = max(1, DISTANCES_AT_ONCE // len(points))
    for start in range(0, len(points), rows_at_once):
        rows = slice(start, start + rows_at_once)
        distances = np.zeros((len(points[rows]), len(points)))
        for feature in points.T:
            difference = feature[rows, None] - feature[None, :]
            difference *= difference
            distances += difference
        all_sums = np.sqrt(distances, out=distances) @ all_members
        for number, members in enumerate(memberships):
            if members.shape[1] >= 2:
                sums = all_sums[:, edges[number] : edges[number + 1]]
                values[number].append(_silhouettes_of_rows(sums, members[rows], members.sum(axis=0)))
    return [math.fsum(np.concatenate(found)) / sum(map(len, found)) if found else math.nan for found in values]


def mean_squared_silhouette(points: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    """Return the mean silhouette with squared Euclidean distance, which needs no pairs of rows.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    labels : ndarray of int, shape (n_samples,)
        Cluster of each row, from 0.
    weights : ndarray of shape (n_samples,)
        How many customers each row stands for.

    Returns
    -------
    float
        Equal to scikit-learn's `silhouette_score` with the metric `sqeuclidean` on all customers.

    Notes
    -----
    The mean squared distance of x to the rows y of a cluster is |x - mean(y)|^2 plus the mean of |y - mean(y)|^2.

    Examples
    --------
    >>> mean_squared_silhouette(np.array([[0.0], [2.0], [9.0]]), np.array([0, 0, 1]), np.ones(3))
    0.6229...
    """
    sizes = np.bincount(labels, weights)
    means = np.column_stack([np.bincount(labels, weights * feature) / sizes for feature in points.T])
    squares = ((points[:, None, :] - means[None, :, :]) ** 2).sum(axis=2)
    rows = np.arange(len(points))
    apart = squares + np.bincount(labels, weights * squares[rows, labels]) / sizes
    own = apart[rows, labels] * (sizes / np.maximum(sizes - 1, 1))[labels]
    apart[rows, labels] = np.inf
    nearest = apart.min(axis=1)
    largest = np.maximum(own, nearest)
    values = np.divide(nearest - own, largest, out=np.zeros_like(largest), where=largest > 0)
    return math.fsum(np.where(sizes[labels] > 1, values, 0) * weights) / math.fsum(weights)


def _silhouettes_of_rows(sums, members, sizes):
    """Return the silhouettes of the rows that belong to a cluster, from their summed distances to each cluster."""
    assigned = members.any(axis=1)
    sums, own = sums[assigned], members[assigned].argmax(axis=1)
    row = np.arange(len(sums))
    within = sums[row, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[row, own] = np.inf
    nearest = means.min(axis=1)
    largest = np.maximum(within, nearest)
    values = np.divide(nearest - within, largest, out=np.zeros_like(largest), where=largest > 0)
    return np.where(sizes[own] > 1, values, 0.0)
