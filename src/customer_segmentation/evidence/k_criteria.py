"""How many segments there should be. Seven criteria for every number of clusters that is worth comparing."""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from customer_segmentation.clustering import kmeans
from customer_segmentation.clustering.distances import predict
from customer_segmentation.clustering.silhouette import mean_silhouette
from customer_segmentation.evidence import resampling
from customer_segmentation.evidence.resampling import (
    Estimate,
    Resamples,
    bootstrap_jaccards,
    prediction_strengths,
    reference_log_inertias,
)
from customer_segmentation.evidence.samples import WeightedRows, scaled_samples, weighted_rows
from customer_segmentation.evidence.separation import calinski_harabasz, davies_bouldin

# Rows of a coreset that are searched for centres; what these are worth is then measured on the whole coreset. The
# inertia of all customers around them differs by at most a few thousandths, up or down, from that around centres found
# on 200,000 rows, which takes twice as long.
SEARCHED_ROWS = 20_000

K_CRITERIA = {
    "segmentation": "varchar",
    "dataset": "varchar",
    "k": "integer",
    "customers": "bigint",
    "fitted_on": "varchar",
    "coreset_rows": "bigint",
    "inertia": "double",
    "silhouette": "double",
    "silhouette_customers": "bigint",
    "calinski_harabasz": "double",
    "davies_bouldin": "double",
    "gap": "double",
    "gap_standard_error": "double",
    "prediction_strength": "double",
    "prediction_strength_standard_error": "double",
    "bootstrap_jaccard": "double",
    "bootstrap_jaccard_standard_error": "double",
    "worst_cluster_jaccard": "double",
    "worst_cluster_jaccard_standard_error": "double",
    "smallest_cluster": "bigint",
    "resampling_customers": "bigint",
    "gap_references": "integer",
    "half_splits": "integer",
    "bootstraps": "integer",
    "seed": "bigint",
    "centers": "double[]",
}


@dataclass(frozen=True)
class _Observed:
    """Hold what the criteria of a segmentation look at.

    Attributes
    ----------
    sampled : ndarray of shape (n_customers, n_features)
        An even sample, for what needs all pairs of customers or is repeated.
    rows : WeightedRows
        What clusterings are measured on: a coreset, or the even sample again.
    searched : WeightedRows
        What centres are searched on: about `SEARCHED_ROWS` of these rows.
    key : bytes
        Fingerprint of the figures; the same for segmentations that look at the same ones.
    center, scale : ndarray of shape (n_features,)
        What was subtracted from each transformed feature, and what it was then divided by.
    """

    sampled: np.ndarray
    rows: WeightedRows
    searched: WeightedRows
    coreset_rows: int
    key: bytes
    center: np.ndarray
    scale: np.ndarray

    def unscaled(self, centers: np.ndarray) -> list[float]:
        """Return centres one after the other, as they were before scaling."""
        return (centers * self.scale + self.center).ravel().tolist()


def compute_k_criteria(
    segmentations: pd.DataFrame,
    features: pd.DataFrame,
    samples: pd.DataFrame,
    statistics: pd.DataFrame,
    read_rows: Callable[[str], pd.DataFrame],
    *,
    customers: int,
    resampling_customers: int,
    starts: int,
    repetitions: dict[str, int],
    auto_repetitions: dict[str, int],
    seed: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Compute the criteria of every segmentation for every number of clusters from `k_min` to `k_max`.

    Parameters
    ----------
    segmentations : DataFrame
        One row per segmentation: `segmentation`, `dataset`, `k` (empty for auto), `k_min`, `k_max`, `scaling`.
    features : DataFrame
        One row per segmentation and feature: `segmentation`, `position`, `weight`.
    samples : DataFrame
        One row per segmentation and sampled customer: `segmentation`, `sample_number` and, transformed but not scaled,
        `value_1` to `value_n`. Segmentations without a row are left out.
    statistics : DataFrame
        One row per segmentation and position: `segmentation`, `position`, `customers`, `scaler_center`, `scaler_scale`
        of all customers, and `is_sampled`.
    read_rows : callable
        Takes a segmentation; returns its coreset, as for `evidence.samples.weighted_rows`. Asked where
        `is_sampled`.
    customers : int
        Sampled customers that clusterings and their separation are computed on; where there is a coreset, only the
        silhouette.
    resampling_customers : int
        Sampled customers that are drawn again and again: for gap, prediction strength and bootstrap.
    starts : int
        k-means++ starts of each search.
    repetitions : dict of str to int
        Number of `bootstraps`, `half_splits` and `gap_references`.
    auto_repetitions : dict of str to int
        The same where k is auto, so that the number of clusters does not depend on how much evidence is asked for.
    seed : int
        Seed of the random numbers.
    progress : callable
        Is told how many of all clusterings are done.

    Returns
    -------
    DataFrame
        With the columns of `K_CRITERIA`; `centers` are those of the clusters, one after the other, transformed but not
        scaled. Numbers of clusters that the different customers of a sample do not allow have no row.

    Notes
    -----
    Each criterion names its source where it is computed: `clustering.silhouette`, `evidence.separation` and
    `evidence.resampling`.
    """
    observed = _observe(segmentations, features, samples, statistics, read_rows, customers, seed)
    # Segmentations of the same customers by the same features share their figures.
    comparisons: dict[tuple, tuple] = {}
    shared = []
    for settings in segmentations.sort_values("segmentation").itertuples(index=False):
        if settings.segmentation in observed:
            own = observed[settings.segmentation]
            own_repetitions = auto_repetitions if pd.isna(settings.k) else repetitions
            key = (own.key, own_repetitions["bootstraps"])
            numbers = comparisons.setdefault(key, (own, own_repetitions, set()))[2]
            distinct = len(np.unique(own.sampled[:resampling_customers], axis=0))
            for k in range(settings.k_min, min(settings.k_max + 1, distinct)):
                numbers.add(k)
                shared.append((settings, (*key, k)))

    total = sum(len(numbers) for *_, numbers in comparisons.values())
    found: dict[tuple, dict] = {}
    # One after the other: threads of so many small array operations would wait for each other longer than they gain.
    with kmeans.one_thread():
        for key, (own, own_repetitions, numbers) in comparisons.items():
            if not numbers:
                continue
            searched, ascending = own.searched, sorted(numbers)
            fits = kmeans.fit_each(searched.points, ascending, starts=starts, seed=seed, weights=searched.weights)
            resampled = own.sampled[:resampling_customers]
            resamples = _Resamples.of(resampled, ascending[-1], own_repetitions, seed)
            for k in ascending:
                found[*key, k] = {
                    "k": k,
                    **_separation(own, fits[k]),
                    **_resampled(resampled, fits[k], k, resamples, own),
                    "resampling_customers": len(resampled),
                    **{name: own_repetitions[name] for name in ("gap_references", "half_splits", "bootstraps")},
                    "seed": seed,
                    "centers": fits[k].centers,
                }
                progress(len(found), total)
    rows = [
        {
            "segmentation": settings.segmentation,
            "dataset": settings.dataset,
            **found[place],
            "centers": observed[settings.segmentation].unscaled(found[place]["centers"]),
        }
        for settings, place in shared
    ]
    return pd.DataFrame(rows, columns=list(K_CRITERIA))


@dataclass(frozen=True)
class _Resamples:
    """Hold the samples that clusterings of every number of clusters are tried on."""

    bootstraps: Resamples
    halves: Resamples
    references: Resamples

    @classmethod
    def of(cls, points, largest, repetitions, seed) -> "_Resamples":
        return cls(
            resampling.bootstraps(points, largest, count=repetitions["bootstraps"], seed=seed),
            resampling.halves(points, largest, count=repetitions["half_splits"], seed=seed),
            resampling.references(points, largest, count=repetitions["gap_references"], seed=seed),
        )


def _observe(segmentations, features, samples, statistics, read_rows, customers, seed) -> dict[str, _Observed]:
    observed = {}
    for name, own in scaled_samples(segmentations, features, samples, statistics, customers=customers).items():
        sampled = own.points
        rows = weighted_rows(name, sampled, statistics, read_rows)
        figures = hashlib.sha256()
        for array in (sampled, rows.points, rows.weights):
            figures.update(np.ascontiguousarray(array).data)
        observed[name] = _Observed(
            sampled, rows, rows.thinned(SEARCHED_ROWS, seed), rows.different, figures.digest(), own.center, own.scale
        )
    return observed


def _inertia(rows, centers, labels) -> float:
    return math.fsum(((rows.points - centers[labels]) ** 2).sum(axis=1) * rows.weights)


def _separation(own, fit) -> dict:
    """Describe how well the clusters are apart, on a coreset where there is one."""
    rows, points = own.rows, own.sampled
    labels = fit.labels if own.searched is rows else predict(rows.points, fit.centers)
    return {
        "customers": rows.customers,
        "fitted_on": rows.fitted_on,
        "coreset_rows": own.coreset_rows,
        "inertia": fit.inertia if own.searched is rows else _inertia(rows, fit.centers, labels),
        "silhouette": mean_silhouette(points, predict(points, fit.centers)),
        "silhouette_customers": len(points),
        "smallest_cluster": round(np.bincount(labels, rows.weights, minlength=len(fit.centers)).min()),
        "calinski_harabasz": calinski_harabasz(rows.points, labels, rows.weights),
        "davies_bouldin": davies_bouldin(rows.points, labels, rows.weights),
    }


def _resampled(points, fit, k, resamples, own) -> dict[str, float]:
    """Describe how the clusters hold when the customers are resampled."""
    is_whole = own.searched.points is own.sampled and len(points) == len(own.sampled)
    fit = fit if is_whole else kmeans.fit_from(points, fit.centers)
    return {
        **_gap(fit, k, resamples.references),
        **_strength(k, resamples.halves),
        **_stability(fit, k, resamples.bootstraps),
    }


def _gap(fit, k, references) -> dict[str, float]:
    logs = reference_log_inertias(references, k)
    if fit.inertia == 0:
        return {"gap": np.nan, "gap_standard_error": np.nan}
    # the paper's s(k): the spread of the references and the error of their mean
    return {
        "gap": float(logs.mean() - np.log(fit.inertia)),
        "gap_standard_error": float(logs.std() * np.sqrt(1 + 1 / len(logs))),
    }


def _strength(k, halves) -> dict[str, float]:
    estimate = Estimate.of(prediction_strengths(halves, k))
    return {"prediction_strength": estimate.mean, "prediction_strength_standard_error": estimate.standard_error}


def _stability(fit, k, bootstraps) -> dict[str, float]:
    similarities = bootstrap_jaccards(bootstraps, fit.labels, k)
    drawn = [column[~np.isnan(column)] for column in similarities.T]
    if not all(len(column) for column in drawn):  # a cluster without a sampled customer cannot be called stable
        empty = dict.fromkeys(["bootstrap_jaccard", "worst_cluster_jaccard"], np.nan)
        return empty | {f"{name}_standard_error": np.nan for name in empty}
    clusters = [Estimate.of(column) for column in drawn]
    worst = min(clusters, key=lambda estimate: estimate.mean)
    over_clusters = Estimate.of(np.nanmean(similarities, axis=1))
    return {
        "bootstrap_jaccard": float(np.mean([estimate.mean for estimate in clusters])),
        "bootstrap_jaccard_standard_error": over_clusters.standard_error,
        "worst_cluster_jaccard": worst.mean,
        "worst_cluster_jaccard_standard_error": worst.standard_error,
    }
