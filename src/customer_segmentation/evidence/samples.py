"""The sampled customers of a segmentation, as the models that weigh and explain it see them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from customer_segmentation.clustering import kmeans
from customer_segmentation.clustering.coresets import importance_sample
from customer_segmentation.clustering.distances import predict
from customer_segmentation.clustering.fitting import ALL_CUSTOMERS
from customer_segmentation.clustering.scaling import fit_scaler
from customer_segmentation.clustering.transforms import untransformed

EVEN_SAMPLE = "even sample"
CORESET = "coreset"


@dataclass(frozen=True)
class WeightedRows:
    """Hold scaled rows and how many customers each of them stands for.

    Attributes
    ----------
    points : ndarray of shape (n_rows, n_features)
        Features as K-Means sees them.
    weights : ndarray of shape (n_rows,)
        Customers that each row stands for.
    fitted_on : str
        What the rows are: `ALL_CUSTOMERS`, `EVEN_SAMPLE` or `CORESET`.
    """

    points: np.ndarray
    weights: np.ndarray
    fitted_on: str

    @property
    def customers(self) -> int:
        """Customers that the rows stand for."""
        return round(self.weights.sum())

    @property
    def different(self) -> int:
        """Number of different rows; those of a coreset are taken as they come, as the fit counts them."""
        return len(self.points) if self.fitted_on == CORESET else len(np.unique(self.points, axis=0))

    def thinned(self, rows: int, seed: int) -> "WeightedRows":
        """Return about so many rows that stand for the same customers, or all rows if there are no more.

        Parameters
        ----------
        rows : int
            Rows to draw if there are more; the number drawn differs from it by chance.
        seed : int
            Seed of the random numbers.

        Returns
        -------
        WeightedRows
        """
        if len(self.points) <= rows:
            return self
        with kmeans.one_thread():
            chosen, weights = importance_sample(self.points, self.weights, rows, np.random.default_rng((seed, rows)))
        return WeightedRows(
            self.points[chosen], weights * (self.weights.sum() / weights.sum()), fitted_on=self.fitted_on
        )


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


class ScaledSample(NamedTuple):
    """Hold the sampled customers of one segmentation before there is a fit.

    Attributes
    ----------
    points : ndarray of shape (n_customers, n_features)
        Transformed and scaled features, in the order of the sample numbers.
    center, scale : ndarray of shape (n_features,)
        What is subtracted from each transformed feature, and what it is then divided by.
    """

    points: np.ndarray
    center: np.ndarray
    scale: np.ndarray


def scaled_samples(
    segmentations: pd.DataFrame,
    features: pd.DataFrame,
    samples: pd.DataFrame,
    statistics: pd.DataFrame,
    *,
    customers: int,
) -> dict[str, ScaledSample]:
    """Return the scaled features of the samples before there is a fit.

    Parameters
    ----------
    segmentations : DataFrame
        One row per segmentation: `segmentation`, `scaling`.
    features : DataFrame
        One row per segmentation and feature: `segmentation`, `position`, `weight`.
    samples : DataFrame
        As for `read_samples`.
    statistics : DataFrame
        As for `weighted_rows`. Where customers are so many that the fit looks at a coreset, the sample is scaled as all
        customers are; otherwise each sample is scaled by itself.
    customers : int
        Customers to take of each segmentation.

    Returns
    -------
    dict of str to ScaledSample
        By segmentation; segmentations without a sampled customer are left out.
    """
    taken = samples[samples["sample_number"] <= customers].sort_values(["segmentation", "sample_number"])
    scaling = segmentations.set_index("segmentation")["scaling"]
    scaled = {}
    for segmentation, rows in taken.groupby("segmentation", sort=True):
        own = features[features["segmentation"] == segmentation].sort_values("position")
        values = rows[[f"value_{position}" for position in own["position"]]].to_numpy(dtype=float)
        of_all = statistics[statistics["segmentation"] == segmentation]
        if of_all["is_sampled"].any():
            center, scale = _scaler(of_all)
        else:
            center, scale = fit_scaler(values, scaling[segmentation], own["weight"].to_numpy(dtype=float))
        scaled[segmentation] = ScaledSample((values - center) / scale, center, scale)
    return scaled


def weighted_rows(
    segmentation: str, scaled: np.ndarray, statistics: pd.DataFrame, read_rows: Callable[[str], pd.DataFrame]
) -> WeightedRows:
    """Return what to cluster where weights can be used: the coreset if the fit has one, otherwise the sample.

    Parameters
    ----------
    segmentation : str
    scaled : ndarray of shape (n_customers, n_features)
        The sampled customers, as K-Means sees them.
    statistics : DataFrame
        One row per segmentation and position: `segmentation`, `position`, `customers`, `scaler_center`, `scaler_scale`
        of all customers, and `is_sampled`.
    read_rows : callable
        Takes a segmentation; returns the rows of its coreset in any order: `value_1` to `value_n`, transformed but not
        scaled, and `weight`. Asked only where the fit looks at a coreset.

    Returns
    -------
    WeightedRows
        Weights add up to the number of customers, which the draw itself meets on average only.
    """
    own = statistics[statistics["segmentation"] == segmentation].sort_values("position")
    customers = own["customers"].max()
    if not own["is_sampled"].any():
        looked_at = ALL_CUSTOMERS if len(scaled) == customers else EVEN_SAMPLE
        return WeightedRows(scaled, np.ones(len(scaled)), fitted_on=looked_at)
    rows = read_rows(segmentation)
    values = rows[[f"value_{position}" for position in own["position"]]].to_numpy(dtype=float)
    weights = rows["weight"].to_numpy(dtype=float)
    # sums over sorted rows do not depend on the order they came in
    order = np.lexsort(np.vstack([weights, values.T[::-1]]))
    center, scale = _scaler(own)
    weights = weights[order]
    return WeightedRows((values[order] - center) / scale, weights * (customers / weights.sum()), fitted_on=CORESET)


def read_samples(samples: pd.DataFrame, fitted: pd.DataFrame, *, customers: int) -> list[Sample]:
    """Return the samples of all fitted segmentations, in the order of their names.

    Parameters
    ----------
    samples : DataFrame
        One row per segmentation and sampled customer, in any order: `segmentation`, `sample_number` and, transformed
        but not scaled, `value_1` to `value_n`.
    fitted : DataFrame
        One row per segmentation, cluster and feature, with the columns of `clustering.fitting.FITTED_CLUSTERS` that
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
                predict(scaled, centers) + 1,
                len(centers),
            )
        )
    return read


def _scaler(statistics) -> tuple[np.ndarray, np.ndarray]:
    ordered = statistics.sort_values("position")
    return ordered["scaler_center"].to_numpy(dtype=float), ordered["scaler_scale"].to_numpy(dtype=float)


def _in_own_units(transformed, transforms) -> np.ndarray:
    columns = [untransformed(column, transform) for column, transform in zip(transformed.T, transforms, strict=True)]
    return np.round(np.column_stack(columns), 9)  # there and back again leaves a trace of rounding
