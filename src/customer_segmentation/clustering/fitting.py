"""Fit every segmentation that the seeds define and describe the results as rows."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
import pandas as pd

from customer_segmentation.clustering import kmeans
from customer_segmentation.clustering.distances import predict
from customer_segmentation.clustering.scaling import fit_scaler
from customer_segmentation.clustering.silhouette import mean_silhouette, mean_squared_silhouette
from customer_segmentation.clustering.warehouse_lloyd import UNCHANGED, Customers, settle, squared_silhouette
from customer_segmentation.errors import InputError

# In standard deviations: centres need not be known better on the coreset, whose draw leaves several times as much open
# and which passes over all customers follow.
CORESET_TOLERANCE = 0.001
SILHOUETTE_CUSTOMERS = 10_000  # the exact silhouette needs all pairs; beyond this many a fixed sample is taken

FITTED_CLUSTERS = {
    "segmentation": "varchar",
    "dataset": "varchar",
    "k": "integer",
    "scaling": "varchar",
    "initialisation": "varchar",
    "fallback": "varchar",
    "customers": "bigint",
    "inertia": "double",
    "best_known_inertia": "double",
    "silhouette": "double",
    "silhouette_customers": "bigint",
    "squared_silhouette": "double",
    "fitted_on": "varchar",
    "coreset_rows": "bigint",
    "passes": "integer",
    "stopped_because": "varchar",
    "centroid_shift": "double",
    "reseeded_clusters": "integer",
    "iterations": "integer",
    "starts": "integer",
    "share_of_starts_at_best": "double",
    "model_version": "varchar",
    "fitted_at": "timestamp",
    "cluster_id": "integer",
    "cluster_customers": "bigint",
    "position": "integer",
    "feature": "varchar",
    "transform": "varchar",
    "weight": "double",
    "scaler_center": "double",
    "scaler_scale": "double",
    "scaled_centroid": "double",
    "scaled_deviation": "double",
}


BEST_OF_STARTS = "best_of_starts"
ALL_CUSTOMERS = "all customers"
CORESET = "coreset, then all customers"


@dataclass(frozen=True)
class Search:
    """Say how hard to search.

    Attributes
    ----------
    starts : int
        k-means++ starts.
    seed : int
        Seed of the random numbers.
    tolerance : float
        Passes over all customers stop when one more would lower the inertia by less than about this share of it.
    most_passes : int
        Passes over all customers stop after so many.
    """

    starts: int
    seed: int
    tolerance: float
    most_passes: int


def fit_segmentations(
    segmentations: pd.DataFrame,
    features: pd.DataFrame,
    prototypes: pd.DataFrame,
    statistics: pd.DataFrame,
    read_rows: Callable[[str], pd.DataFrame],
    query_customers: Callable[[str, str], list[tuple]],
    *,
    search: Search,
    fitted_at: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Fit every segmentation and return one row per segmentation, cluster and feature.

    Parameters
    ----------
    segmentations : DataFrame
        One row per segmentation: `segmentation`, `dataset`, `k` (empty if none could be chosen), `scaling`,
        `initialisation`.
    features : DataFrame
        One row per segmentation and feature: `segmentation`, `position`, `feature`, `transform`, `weight`.
    prototypes : DataFrame
        One row per segmentation, persona and feature: `segmentation`, `persona`, `priority`, `position`, `model_value`.
    statistics : DataFrame
        One row per segmentation and position: `customers`, `mean`, `standard_deviation`, `minimum`, `maximum`,
        `scaler_center`, `scaler_scale` of all customers, and `is_sampled`.
    read_rows : callable
        Takes a segmentation; returns the rows the search looks at, in any order: `value_1` to `value_n`, transformed
        but not scaled, `weight`, and of a sample `uniform_draw`.
    query_customers : callable
        Takes a segmentation and SQL; runs it where the table `customers` holds `value_1` to `value_n` of all its
        customers, and returns the rows. Asked only where the rows are a sample.
    search : Search
        How hard to search.
    fitted_at : datetime
        When the fit was made, in UTC.
    progress : callable, optional
        Is told the passes over all customers made, and the largest number of them.

    Returns
    -------
    DataFrame
        With the columns of `FITTED_CLUSTERS`. What describes a fit as a whole is repeated in each of its rows.

    Raises
    ------
    InputError
        If a segmentation cannot be fitted to its data, or the number of starts is not positive.

    Notes
    -----
    A start at the personas that leaves a persona without customers, a k above the number of different customers and a
    feature that is the same for all are no reason to stop: they depend on the data. The best of all starts is used,
    with as many clusters as can be, a constant feature adds nothing to a distance, and `fallback` says so.
    """
    if search.starts < 1:
        raise InputError(f"kmeans_starts is {search.starts}, expected 1 or more. Correct the var in dbt_project.yml.")
    if search.most_passes < 1:
        raise InputError(
            f"most_passes is {search.most_passes}, expected 1 or more. Correct the var in dbt_project.yml."
        )
    fitted = []
    for settings in segmentations.sort_values("segmentation").itertuples(index=False):
        own_features = features[features["segmentation"] == settings.segmentation].sort_values("position")
        own_prototypes = prototypes[prototypes["segmentation"] == settings.segmentation]
        own_statistics = statistics[statistics["segmentation"] == settings.segmentation].sort_values("position")
        constants = _constants(settings, own_features, own_statistics)
        if own_statistics["is_sampled"].any():
            rows = _fit_beyond_memory(
                settings,
                own_features,
                own_prototypes,
                own_statistics,
                read_rows(settings.segmentation),
                partial(query_customers, settings.segmentation),
                search,
                progress,
            )
        else:
            rows = _fit_in_memory(settings, own_features, own_prototypes, read_rows(settings.segmentation), search)
        notes = [f"{feature} is the same for all customers and does not tell them apart" for feature in constants]
        fallback = "; ".join([*notes, *rows["fallback"].dropna().unique()]) or None
        fitted.append(rows.assign(fallback=fallback, starts=search.starts, fitted_at=fitted_at))
    return pd.concat([pd.DataFrame(columns=list(FITTED_CLUSTERS)), *fitted], ignore_index=True)[list(FITTED_CLUSTERS)]


def _constants(settings, features, statistics) -> list[str]:
    """Name the features that are the same for all customers; stop where no feature can tell customers apart."""
    constants = [
        feature
        for feature, lowest, highest in zip(
            features["feature"], statistics["minimum"], statistics["maximum"], strict=True
        )
        if not highest > lowest
    ]
    if len(constants) == len(features):
        customers = int(statistics["customers"].max()) if len(statistics) else 0
        raise InputError(
            f"segmentation '{settings.segmentation}': {', '.join(constants)} has the same value for all {customers} "
            "customers, so nothing tells them apart. Choose other features in "
            "seeds/judgement/segmentation_features.csv or check the input."
        )
    return constants


def _fit_in_memory(settings, features, prototypes, rows, search) -> pd.DataFrame:
    """Fit to all customers, equal ones put together."""
    points, counts, _ = _values(rows, features)
    center, scale = fit_scaler(points, settings.scaling, features["weight"].to_numpy(dtype=float), counts)
    scaled = (points - center) / scale
    best, fit, fallback = _fit(settings, prototypes, scaled, counts, center, scale, search)
    sample = np.repeat(np.arange(len(scaled)), _silhouette_sample(counts, search.seed))
    deviation = fit_scaler(scaled, "standard", np.ones(scaled.shape[1]), counts)[1]
    sizes = np.bincount(fit.labels, counts, len(fit.centers)).astype(int)
    return _cluster_rows(settings, features, center, scale, deviation, fit.centers, sizes, fallback).assign(
        customers=int(counts.sum()),
        inertia=fit.inertia,
        best_known_inertia=min(best.inertia, fit.inertia),
        silhouette=mean_silhouette(scaled[sample], fit.labels[sample]),
        silhouette_customers=len(sample),
        squared_silhouette=mean_squared_silhouette(scaled, fit.labels, counts),
        fitted_on=ALL_CUSTOMERS,
        coreset_rows=len(points),
        passes=0,
        stopped_because=UNCHANGED,
        centroid_shift=0.0,
        reseeded_clusters=0,
        iterations=fit.iterations,
        share_of_starts_at_best=best.share_of_starts_at_best,
    )


def _fit_beyond_memory(settings, features, prototypes, statistics, rows, query, search, progress) -> pd.DataFrame:
    """Fit to a weighted sample, then settle on all customers where they are."""
    points, weights, draws = _values(rows, features)
    center, scale, mean, deviation, low, high = (
        statistics[column].to_numpy(dtype=float)
        for column in ("scaler_center", "scaler_scale", "mean", "standard_deviation", "minimum", "maximum")
    )
    customers = Customers(query, mean, deviation, center, scale)
    passes = {"tolerance": search.tolerance, "most_passes": search.most_passes, "progress": progress}
    scaled = (points - center) / scale
    best, start, fallback = _fit(settings, prototypes, scaled, weights, center, scale, search, CORESET_TOLERANCE)
    fit = settle(customers, start.centers, **passes)
    best_inertia = fit.inertia if start is best else settle(customers, best.centers, **passes).inertia
    order = kmeans.canonical_order(fit.centers, (low - center) / scale, (high - center) / scale)
    centers = fit.centers[order]
    count = int(statistics["customers"].max())
    # nobody whose draw is below the lowest chance can be missing, so these customers are an even sample of all
    sample = scaled[draws < min(SILHOUETTE_CUSTOMERS / count, 1 / weights.max())]
    sizes = fit.sizes[order]
    return _cluster_rows(settings, features, center, scale, deviation / scale, centers, sizes, fallback).assign(
        customers=count,
        inertia=fit.inertia,
        best_known_inertia=min(best_inertia, fit.inertia),
        silhouette=mean_silhouette(sample, predict(sample, centers)),
        silhouette_customers=len(sample),
        squared_silhouette=squared_silhouette(customers, fit),
        fitted_on=CORESET,
        coreset_rows=len(points),
        passes=fit.passes,
        stopped_because=fit.stopped,
        centroid_shift=fit.shift,
        reseeded_clusters=fit.reseeded,
        iterations=start.iterations,
        share_of_starts_at_best=best.share_of_starts_at_best,
    )


def _values(rows, features):
    """Return values, weights and draws of the rows, sorted: sums over sorted rows do not depend on their order."""
    points = rows[[f"value_{position}" for position in features["position"]]].to_numpy(dtype=float)
    order = np.lexsort(np.vstack([rows["weight"], points.T[::-1]]))
    return points[order], rows["weight"].to_numpy(dtype=float)[order], rows["uniform_draw"].to_numpy(dtype=float)[order]


def _fit(
    settings, prototypes, scaled, weights, center, scale, search, tolerance=0
) -> tuple[kmeans.KMeansFit, kmeans.KMeansFit, str | None]:
    """Return the best solution known, the one to use, and why that is not the one that the segmentation asks for."""
    if pd.isna(settings.k):
        raise InputError(
            f"segmentation '{settings.segmentation}': k is auto, but its {len(scaled)} different customers allow no "
            "comparison of the numbers from k_min to k_max. Give a number in seeds/judgement/segmentations.csv."
        )
    fit_best = partial(
        kmeans.fit_best, scaled, starts=search.starts, seed=search.seed, weights=weights, tolerance=tolerance
    )
    try:
        best = fit_best(int(settings.k))
    except kmeans.TooFewRowsError:
        different = len(np.unique(scaled, axis=0))
        best = fit_best(different)
        return (
            best,
            best,
            f"{int(settings.k)} segments were asked for, but only {different} customers differ in what is compared",
        )
    if settings.initialisation == "personas":
        fit, unused = _fit_from_personas(prototypes, scaled, weights, center, scale)
        if fit is None:
            return (
                best,
                best,
                "a start at the personas was asked for, but no customer is nearest to "
                f"{', '.join(unused) or 'one of them'}; the best of all starts is used instead",
            )
        return best, fit, None
    return best, best, None


def prototype_table(prototypes: pd.DataFrame) -> pd.DataFrame:
    """Return the persona prototypes of one segmentation as a matrix, in the order of their priority.

    Parameters
    ----------
    prototypes : DataFrame
        One row per persona and feature: `persona`, `priority`, `position`, `model_value`.

    Returns
    -------
    DataFrame of shape (n_personas, n_features)
        Transformed but not scaled, indexed by priority and persona.
    """
    return prototypes.pivot(index=["priority", "persona"], columns="position", values="model_value").sort_index()


def _fit_from_personas(prototypes, scaled, weights, center, scale) -> tuple[kmeans.KMeansFit | None, list[str]]:
    """Start at the persona prototypes, one cluster for each; without a fit, name those that attract no customer."""
    table = prototype_table(prototypes)
    start = (table.to_numpy(dtype=float) - center) / scale
    fit = kmeans.fit_from(scaled, start, weights)
    if len(np.unique(fit.labels)) == len(table):
        return fit, []
    nearest = set(predict(scaled, start))
    return None, [name for row, (_, name) in enumerate(table.index) if row not in nearest]


def _cluster_rows(settings, features, center, scale, deviation, centers, sizes, fallback) -> pd.DataFrame:
    rows = pd.DataFrame(
        [
            {
                "cluster_id": cluster + 1,
                "cluster_customers": sizes[cluster],
                "position": int(feature.position),
                "feature": feature.feature,
                "transform": feature.transform,
                "weight": float(feature.weight),
                "scaler_center": center[index],
                "scaler_scale": scale[index],
                "scaled_centroid": centers[cluster, index],
                "scaled_deviation": deviation[index],
            }
            for cluster in range(len(centers))
            for index, feature in enumerate(features.itertuples(index=False))
        ]
    )
    return rows.assign(
        segmentation=settings.segmentation,
        dataset=settings.dataset,
        k=len(centers),
        scaling=settings.scaling,
        initialisation=settings.initialisation if fallback is None else BEST_OF_STARTS,
        fallback=fallback,
        model_version=_model_version(rows),
    )


def _model_version(rows) -> str:
    """Name a model by what it is: two fits with the same scaler and centroids have the same version."""
    figures = ["scaler_center", "scaler_scale", "scaled_centroid"]
    lines = [
        f"{row.cluster_id} {row.feature} {row.transform} " + " ".join(f"{getattr(row, name):.9g}" for name in figures)
        for row in rows.itertuples(index=False)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _silhouette_sample(counts, seed) -> np.ndarray:
    """Return how often each row is in the sample, as if every customer had a row."""
    total = int(counts.sum())
    if total <= SILHOUETTE_CUSTOMERS:
        return counts.astype(int)
    drawn = np.random.default_rng(seed).choice(total, SILHOUETTE_CUSTOMERS, replace=False)
    return np.bincount(np.searchsorted(np.cumsum(counts), drawn, side="right"), minlength=len(counts))
