"""Principal components: the few directions that customers differ along most, for pictures of more than two features."""

import numpy as np
import pandas as pd

from customer_segmentation.evidence.samples import Sample

FITTED_COMPONENTS = {
    "segmentation": "varchar",
    "component": "integer",
    "position": "integer",
    "feature": "varchar",
    "loading": "double",
    "scaler_center": "double",
    "scaler_scale": "double",
    "scaled_mean": "double",
    "explained_variance": "double",
    "share_of_variance": "double",
    "cumulative_share_of_variance": "double",
}

SAME = 9  # decimals that tell two loadings apart; rounding must not decide over a sign


def principal_components(scaled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return loadings and explained variance of all principal components, the largest first.

    Parameters
    ----------
    scaled : ndarray of shape (n_samples, n_features)
        Features as K-Means sees them.

    Returns
    -------
    loadings : ndarray of shape (n_features, n_features)
        One component per row, of length 1; the first of its largest loadings is positive.
    explained_variance : ndarray of shape (n_features,)
        Variance along each component, as scikit-learn's `PCA` states it; 0 for a single row.

    Notes
    -----
    Eigenvectors of the covariance matrix: K. Pearson (1901), On lines and planes of closest fit to systems of points in
    space; H. Hotelling (1933), Analysis of a complex of statistical variables into principal components.

    Examples
    --------
    >>> loadings, variance = principal_components(np.array([[0.0, 0.0], [-1.0, 1.0], [1.0, -1.0]]))
    >>> loadings.round(3).tolist(), variance.round(3).tolist()
    ([[0.707, -0.707], [0.707, 0.707]], [2.0, 0.0])
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        centred = scaled - scaled.mean(axis=0)
        covariance = centred.T @ centred / max(len(scaled) - 1, 1)
        variance, vectors = np.linalg.eigh(covariance)
    loadings = vectors.T[::-1]
    largest = np.round(np.abs(loadings), SAME).argmax(axis=1)
    signs = np.where(loadings[np.arange(len(loadings)), largest] < 0, -1.0, 1.0)
    return loadings * signs[:, None] + 0.0, np.maximum(variance[::-1], 0.0)


def fit_components(samples: list[Sample]) -> pd.DataFrame:
    """Find the principal components of every segmentation.

    Parameters
    ----------
    samples : list of Sample

    Returns
    -------
    DataFrame
        With the columns of `FITTED_COMPONENTS`, one row per segmentation, component and feature. Shares are empty if
        the customers do not differ at all.
    """
    tables = []
    for sample in samples:
        loadings, variance = principal_components(sample.scaled)
        shares = variance / variance.sum() if variance.sum() > 0 else np.full(len(variance), np.nan)
        for component, loading in enumerate(loadings):
            rows = sample.features[["position", "feature", "scaler_center", "scaler_scale"]]
            tables.append(
                rows.assign(
                    segmentation=sample.segmentation,
                    component=component + 1,
                    loading=loading,
                    scaled_mean=sample.scaled.mean(axis=0),
                    explained_variance=variance[component],
                    share_of_variance=shares[component],
                    cumulative_share_of_variance=min(shares[: component + 1].sum(), 1.0),
                )
            )
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(FITTED_COMPONENTS))
