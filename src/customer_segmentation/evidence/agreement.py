"""How alike two clusterings of the same customers are."""

import numpy as np


def shared_customers(labels: np.ndarray, others: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return how many customers share each pair of clusters.

    Parameters
    ----------
    labels, others : ndarray of int, shape (n_samples,)
        Clusters of the same customers, from 0.
    weights : ndarray of shape (n_samples,), optional
        How many customers each row counts for; one unless given.

    Returns
    -------
    ndarray of shape (n_clusters, n_clusters)
        Square: as many clusters as the larger clustering has.
    """
    size = max(labels.max(), others.max()) + 1
    return np.bincount(labels * size + others, weights, size * size).reshape(size, size)


def adjusted_rand_index(together: np.ndarray) -> float:
    """Return how alike two clusterings of the same customers are, from how many customers share each pair of clusters.

    Parameters
    ----------
    together : ndarray of shape (n_clusters, n_other_clusters)
        Customers who are in a cluster of the one and of the other clustering. Estimates need not be whole numbers.

    Returns
    -------
    float
        1 is the same, 0 what chance would give.

    Notes
    -----
    L. Hubert and P. Arabie (1985), Comparing partitions. Equal to scikit-learn's `adjusted_rand_score`, which takes no
    weights.

    Examples
    --------
    >>> adjusted_rand_index(np.array([[4, 0], [0, 6]])), adjusted_rand_index(np.array([[2, 2], [2, 2]]))
    (1.0, -0.166...)
    """
    customers, squares = together.sum(), (together**2).sum()
    # row by row, so that clusters that are the same leave exactly nothing, whatever the weights
    only_one = (together.sum(axis=1) ** 2 - (together**2).sum(axis=1)).sum()
    only_other = (together.sum(axis=0) ** 2 - (together**2).sum(axis=0)).sum()
    in_both = squares - customers
    in_neither = customers**2 - only_one - only_other - squares
    if only_one == only_other == 0:
        return 1.0
    return float(
        2
        * (in_both * in_neither - only_one * only_other)
        / ((in_both + only_one) * (only_one + in_neither) + (in_both + only_other) * (only_other + in_neither))
    )
