"""Transforms of features before they are scaled, the same as the macros `transformed` and `untransformed_by`."""

import numpy as np


def transformed(values: np.ndarray, transform: str) -> np.ndarray:
    """Bring values of a feature into the units of the model.

    Parameters
    ----------
    values : ndarray
        Values in the units of the feature.
    transform : {"none", "log"}
        `log` is sign(x) ln(1 + |x|), which tames heavy tails, keeps zero at zero and takes negative values.

    Returns
    -------
    ndarray
        Of the same shape.

    Examples
    --------
    >>> untransformed(transformed(np.array([-12.0, 0.0]), "log"), "log").round(9).tolist()
    [-12.0, 0.0]
    """
    return np.sign(values) * np.log1p(np.abs(values)) if transform == "log" else values


def untransformed(values: np.ndarray, transform: str) -> np.ndarray:
    """Bring values back from the units of the model to the units of their feature, the inverse of `transformed`."""
    return np.sign(values) * np.expm1(np.abs(values)) if transform == "log" else values
