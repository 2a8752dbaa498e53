"""How much of what came later is held by the customers who rank highest."""

import numpy as np


def held_shares(scores: np.ndarray, outcome: np.ndarray, weights: np.ndarray, *, top: float) -> np.ndarray:
    """Return the share of an outcome that the customers with the highest scores hold.

    Parameters
    ----------
    scores : ndarray of shape (n_customers,)
        Who comes first: the highest. Equal scores rank in random order, of which the expectation is returned.
    outcome : ndarray of shape (n_customers,)
        What came later, such as purchases or money.
    weights : ndarray of shape (n_customers, n_samples)
        How often each customer is in each sample.
    top : float
        Share of the customers who count as the highest, 0 to 1.

    Returns
    -------
    ndarray of shape (n_samples,)
        NaN where nothing came later.

    Examples
    --------
    >>> once = np.ones((4, 1))
    >>> held_shares(np.array([9, 5, 5, 1]), np.array([1, 2, 0, 7]), once, top=0.5).tolist()
    [0.2]
    """
    wanted, total = top * weights.sum(axis=0), outcome @ weights
    order = np.argsort(-scores, kind="stable")
    # twice as many as are wanted are almost always enough, with all who have the score of the last of them
    last = np.searchsorted(-scores[order], -scores[order[min(len(order), int(2 * top * len(order)) + 1) - 1]], "right")
    if (weights[order[:last]].sum(axis=0) < wanted).any():
        last = len(order)
    order = order[:last]
    ranked, weights = scores[order], weights[order]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    customers = np.add.reduceat(weights, starts, axis=0)
    held = np.add.reduceat(weights * outcome[order, None], starts, axis=0)
    room = wanted - (np.cumsum(customers, axis=0) - customers)
    # of those who share the last place, as many as there is room for
    taken = np.clip(room / np.where(customers > 0, customers, 1), 0, 1)
    return (taken * held).sum(axis=0) / np.where(total > 0, total, np.nan)


def quintile_scores(values: np.ndarray) -> np.ndarray:
    """Return scores from 1 to 5 by quintiles, the highest values 5; equal values get equal scores.

    Examples
    --------
    >>> quintile_scores(np.array([1, 1, 2, 3, 4, 5])).tolist()
    [1, 1, 2, 3, 4, 5]
    """
    limits = np.quantile(values, [0.2, 0.4, 0.6, 0.8])
    return 1 + np.searchsorted(limits, values, side="left")
