"""The sampled customers of a segmentation, as the models that weigh and explain it see them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from segmentation import kmeans
from segmentation.scaling import fit_scaler


@dataclass(frozen=True)
class Sample:
    """Hold the sampled customers of one segmentation, in the order of their sample numbers.

    Attributes
    ----------
    segmentation, dataset : str
    features : DataFrame
        One row per feature in the order of their positions: `position`, `feature`, `transform`, `scaler_center`,
        `scaler_scale`.
    values : ndarray of shape (n_customers, n_features)
        Features in their own units.
    scaled : ndarray of shape (n_customers, n_features)
        Features as K-Means sees them.
    labels : ndarray of int, shape (n_customers,)
        Cluster of each customer, counted from 1.
    n_clusters : int
        Number of clusters in use, also those without a sampled customer.
    """

    segmentation: str
    dataset: str
    features: pd.DataFrame
    values: np.ndarray
    scaled: np.ndarray
    labels: np.ndarray
    n_clusters: int

    @property
    def center(self) -> np.ndarray:
        """What is subtracted from each transformed feature, shape (n_features,)."""
        return self.features["scaler_center"].to_numpy(dtype=float)

    @property
    def scale(self) -> np.ndarray:
        """What each transformed feature is then divided by, shape (n_features,)."""
        return self.features["scaler_scale"].to_numpy(dtype=float)

    def first(self, customers: int) -> "Sample":
        """Return the smaller sample of that many customers."""
        return Sample(
            self.segmentation,
            self.dataset,
            self.features,
            self.values[:customers],
            self.scaled[:customers],
            self.labels[:customers],
            self.n_clusters,
        )


def scaled_samples(
    segmentations: pd.DataFrame, features: pd.DataFrame, samples: pd.DataFrame, *, customers: int
) -> dict[str, np.ndarray]:
    """Return the scaled features of the samples before there is a fit, each scaled by itself.

    Parameters
    ----------
    segmentations : DataFrame
        One row per segmentation: `segmentation`, `scaling`.
    features : DataFrame
        One row per segmentation and feature: `segmentation`, `position`, `weight`.
    samples : DataFrame
        As for `read_samples`.
    customers : int
        Customers to take of each segmentation.

    Returns
    -------
    dict of str to ndarray of shape (n_customers, n_features)
        By segmentation, in the order of the sample numbers; segmentations without a sampled customer are left out.
    """
    taken = samples[samples["sample_number"] <= customers].sort_values(["segmentation", "sample_number"])
    scaling = segmentations.set_index("segmentation")["scaling"]
    scaled = {}
    for segmentation, rows in taken.groupby("segmentation", sort=True):
        own = features[features["segmentation"] == segmentation].sort_values("position")
        values = rows[[f"value_{position}" for position in own["position"]]].to_numpy(dtype=float)
        center, scale = fit_scaler(values, scaling[segmentation], own["weight"].to_numpy(dtype=float))
        scaled[segmentation] = (values - center) / scale
    return scaled


def read_samples(samples: pd.DataFrame, fitted: pd.DataFrame, *, customers: int) -> list[Sample]:
    """Return the samples of all fitted segmentations, in the order of their names.

    Parameters
    ----------
    samples : DataFrame
        One row per segmentation and sampled customer, in any order: `segmentation`, `sample_number` and, transformed
        but not scaled, `value_1` to `value_n`.
    fitted : DataFrame
        One row per segmentation, cluster and feature, with the columns of `segmentation.fitting.FITTED_CLUSTERS` that
        describe scaler and centres.
    customers : int
        Customers to take of each segmentation; with 0 there are no samples.

    Returns
    -------
    list of Sample
        Segmentations without a sampled customer are left out.
    """
    taken = samples[samples["sample_number"] <= customers].sort_values(["segmentation", "sample_number"])
    read = []
    for segmentation, rows in taken.groupby("segmentation", sort=True):
        model = fitted[fitted["segmentation"] == segmentation].sort_values(["cluster_id", "position"])
        features = model.drop_duplicates("position").reset_index(drop=True)
        transformed = rows[[f"value_{position}" for position in features["position"]]].to_numpy(dtype=float)
        scaled = (transformed - features["scaler_center"].to_numpy()) / features["scaler_scale"].to_numpy()
        centers = model["scaled_centroid"].to_numpy(dtype=float).reshape(-1, len(features))
        read.append(
            Sample(
                segmentation,
                features["dataset"].iloc[0],
                features[["position", "feature", "transform", "scaler_center", "scaler_scale"]],
                _in_own_units(transformed, features["transform"]),
                scaled,
                kmeans.predict(scaled, centers) + 1,
                len(centers),
            )
        )
    return read


def _in_own_units(transformed, transforms) -> np.ndarray:
    values = transformed.copy()
    for index, transform in enumerate(transforms):
        if transform == "log":
            values[:, index] = np.sign(transformed[:, index]) * np.expm1(np.abs(transformed[:, index]))
    return np.round(values, 9)  # there and back again leaves a trace of rounding
