"""Scalers: how features of different units are made comparable."""

import math
from collections.abc import Callable

import numpy as np


def _standard(column: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    rows = math.fsum(counts)
    mean = math.fsum(column * counts) / rows
    return mean, math.sqrt(math.fsum((column - mean) ** 2 * counts) / rows)


def _min_max(column: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    return float(column.min()), float(column.max() - column.min())


def _none(column: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    return 0.0, 1.0


SCALERS: dict[str, Callable[[np.ndarray, np.ndarray], tuple[float, float]]] = {
    "standard": _standard,
    "min_max": _min_max,
    "none": _none,
}


def fit_scaler(
    points: np.ndarray, scaling: str, weights: np.ndarray, counts: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return centre and scale of every feature, so that `(points - center) / scale` is what K-Means sees.

    Sums are exact before they are rounded once, so that the order of the rows changes no digit.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_features)
        Features in the units of the model.
    scaling : {"standard", "min_max", "none"}
        Mean and population standard deviation; minimum and range; or the features as they are.
    weights : ndarray of shape (n_features,)
        How much a difference in each feature counts: 2 makes distances along it twice as long.
    counts : ndarray of shape (n_samples,), optional
        How often each row counts; once unless given.

    Returns
    -------
    center, scale : ndarray of shape (n_features,)
        The scale of a feature that is the same for all is 1, as in scikit-learn, so that it adds nothing to a distance.

    Raises
    ------
    KeyError
        If the scaling is unknown.

    Examples
    --------
    >>> fit_scaler(np.array([[1.0], [3.0]]), "standard", np.array([1.0]))
    (array([2.]), array([1.]))
    """
    counts = np.ones(len(points)) if counts is None else counts
    centers, scales = np.array([SCALERS[scaling](column, counts) for column in points.T]).T
    return centers, np.where(scales > 0, scales, 1.0) / weights
