"""A few weighted rows that stand for many."""

import numpy as np


def importance_sample(
    points: np.ndarray, weights: np.ndarray, rows: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows so that the inertia of any centres on the sample, with its weights, is about that on all rows.

    Half of the chance of a row is the same for all, half grows with its squared distance from the mean, so that rows
    far out are not missed; a row that was unlikely counts more. Of a feature with enormous outliers these take one half
    of the sample, each counted once; the other half stays an even sample of everybody.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Scaled features.
    weights : ndarray of shape (n_samples,)
        How often each row counts.
    rows : int
        About how many rows to draw.
    random : Generator
        Source of the random numbers.

    Returns
    -------
    chosen : ndarray of int, shape (n_drawn,)
        Rows drawn, ascending.
    weights : ndarray of shape (n_drawn,)
        How often each of them counts.

    Notes
    -----
    O. Bachem, M. Lucic and A. Krause (2018), Scalable k-means clustering via lightweight coresets. Every row is drawn
    for itself, as `segmentation_coresets` does in SQL.
    """
    total = weights.sum()
    squares = ((points - weights @ points / total) ** 2).sum(axis=1) * weights
    chance = np.minimum(1, rows * (0.5 * weights / total + 0.5 * squares / max(squares.sum(), np.finfo(float).tiny)))
    chosen = np.flatnonzero(random.random(len(points)) < chance)
    return chosen, weights[chosen] / chance[chosen]
