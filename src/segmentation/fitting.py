"""Fit every segmentation that the seeds define and describe the results as rows."""

import hashlib
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd

from segmentation import kmeans
from segmentation.errors import InputError
from segmentation.scaling import fit_scaler
from segmentation.silhouette import mean_silhouette

SILHOUETTE_CUSTOMERS = 10_000  # the exact silhouette needs all pairs; beyond this many a fixed sample is taken

FITTED_CLUSTERS = {
    "segmentation": "varchar",
    "dataset": "varchar",
    "k": "integer",
    "scaling": "varchar",
    "initialisation": "varchar",
    "customers": "bigint",
    "inertia": "double",
    "best_known_inertia": "double",
    "silhouette": "double",
    "silhouette_customers": "bigint",
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
    "scaler_center": "double",
    "scaler_scale": "double",
    "scaled_centroid": "double",
    "scaled_deviation": "double",
}


def fit_segmentations(
    segmentations: pd.DataFrame,
    features: pd.DataFrame,
    prototypes: pd.DataFrame,
    read_points: Callable[[str, int], np.ndarray],
    *,
    starts: int,
    seed: int,
    fitted_at: datetime,
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
    read_points : callable
        Takes a segmentation and its number of features; returns its customers as an ndarray of shape
        (n_customers, n_features), transformed but not scaled, in any order.
    starts : int
        Number of k-means++ starts of the search for the best optimum.
    seed : int
        Seed of the random numbers.
    fitted_at : datetime
        When the fit was made, in UTC.

    Returns
    -------
    DataFrame
        With the columns of `FITTED_CLUSTERS`. What describes a fit as a whole is repeated in each of its rows.

    Raises
    ------
    InputError
        If a segmentation cannot be fitted to its data, or the number of starts is not positive.
    """
    if starts < 1:
        raise InputError(f"kmeans_starts is {starts}, expected 1 or more. Correct the var in dbt_project.yml.")
    fitted = []
    for settings in segmentations.sort_values("segmentation").itertuples(index=False):
        own_features = features[features["segmentation"] == settings.segmentation].sort_values("position")
        own_prototypes = prototypes[prototypes["segmentation"] == settings.segmentation]
        points = read_points(settings.segmentation, len(own_features))
        rows = _fit_segmentation(settings, own_features, own_prototypes, points, starts, seed)
        fitted.append(rows.assign(fitted_at=fitted_at))
    return pd.concat(fitted, ignore_index=True)[list(FITTED_CLUSTERS)]


def _fit_segmentation(settings, features, prototypes, points, starts, seed) -> pd.DataFrame:
    points = points[np.lexsort(points.T[::-1])]  # sums over sorted rows do not depend on the order they came in
    center, scale = fit_scaler(points, settings.scaling, features["weight"].to_numpy(dtype=float))
    for feature, feature_scale in zip(features["feature"], scale, strict=True):
        if not feature_scale > 0:
            raise InputError(
                f"segmentation '{settings.segmentation}': feature '{feature}' has the same value for all "
                f"{len(points)} customers, so it cannot tell them apart. Remove it from "
                "seeds/judgement/segmentation_features.csv or check the input."
            )
    scaled = (points - center) / scale
    if pd.isna(settings.k):
        raise InputError(
            f"segmentation '{settings.segmentation}': k is auto, but its {len(np.unique(scaled, axis=0))} different "
            "customers allow no comparison of the numbers from k_min to k_max. Give a number in "
            "seeds/judgement/segmentations.csv."
        )
    try:
        best = kmeans.fit_best(scaled, int(settings.k), starts=starts, seed=seed)
    except kmeans.TooFewRowsError as error:
        raise InputError(
            f"segmentation '{settings.segmentation}': {error}. Lower k in seeds/judgement/segmentations.csv."
        ) from None
    fit = best
    if settings.initialisation == "personas":
        fit = _fit_from_personas(settings.segmentation, prototypes, scaled, center, scale)
    sample = _silhouette_sample(len(scaled), seed)
    deviation = fit_scaler(scaled, "standard", np.ones(scaled.shape[1]))[1]
    rows = _cluster_rows(features, center, scale, deviation, fit)
    return rows.assign(
        segmentation=settings.segmentation,
        dataset=settings.dataset,
        k=int(settings.k),
        scaling=settings.scaling,
        initialisation=settings.initialisation,
        customers=len(points),
        inertia=fit.inertia,
        best_known_inertia=min(best.inertia, fit.inertia),
        silhouette=mean_silhouette(scaled[sample], fit.labels[sample]),
        silhouette_customers=len(sample),
        iterations=fit.iterations,
        starts=starts,
        share_of_starts_at_best=best.share_of_starts_at_best,
        model_version=_model_version(rows),
    )


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


def _fit_from_personas(segmentation, prototypes, scaled, center, scale) -> kmeans.KMeansFit:
    """Start at the persona prototypes, one cluster for each persona."""
    table = prototype_table(prototypes)
    start = (table.to_numpy(dtype=float) - center) / scale
    fit = kmeans.fit_from(scaled, start)
    if len(np.unique(fit.labels)) < len(table):
        nearest = kmeans.predict(scaled, start)
        unused = [name for row, (_, name) in enumerate(table.index) if row not in set(nearest)]
        raise InputError(
            f"segmentation '{segmentation}' starts at its personas, but no customer is nearest to "
            f"{', '.join(unused) or 'one of them'}. Change the traits in seeds/judgement/persona_traits.csv or set "
            "initialisation to best_of_starts in seeds/judgement/segmentations.csv."
        )
    return fit


def _cluster_rows(features, center, scale, deviation, fit) -> pd.DataFrame:
    sizes = np.bincount(fit.labels, minlength=len(fit.centers))
    return pd.DataFrame(
        [
            {
                "cluster_id": cluster + 1,
                "cluster_customers": sizes[cluster],
                "position": int(feature.position),
                "feature": feature.feature,
                "transform": feature.transform,
                "scaler_center": center[index],
                "scaler_scale": scale[index],
                "scaled_centroid": fit.centers[cluster, index],
                "scaled_deviation": deviation[index],
            }
            for cluster in range(len(fit.centers))
            for index, feature in enumerate(features.itertuples(index=False))
        ]
    )


def _model_version(rows) -> str:
    """Name a model by what it is: two fits with the same scaler and centroids have the same version."""
    figures = ["scaler_center", "scaler_scale", "scaled_centroid"]
    lines = [
        f"{row.cluster_id} {row.feature} {row.transform} " + " ".join(f"{getattr(row, name):.9g}" for name in figures)
        for row in rows.itertuples(index=False)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _silhouette_sample(n_customers, seed) -> np.ndarray:
    if n_customers <= SILHOUETTE_CUSTOMERS:
        return np.arange(n_customers)
    return np.sort(np.random.default_rng(seed).choice(n_customers, SILHOUETTE_CUSTOMERS, replace=False))
