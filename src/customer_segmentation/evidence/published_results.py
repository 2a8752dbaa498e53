"""Figures that others published on a dataset, each confirmed, named as a local optimum or as an error."""

import numpy as np
import pandas as pd

from customer_segmentation.clustering import kmeans
from customer_segmentation.clustering.scaling import fit_scaler
from customer_segmentation.clustering.silhouette import mean_silhouette

PUBLISHED_RESULT_FITS = {
    "result_id": "varchar",
    "best_value": "double",
    "nearest_value": "double",
    "verdict": "varchar",
}

FEATURE_SETS = {
    "income_spending": ["annual_income_k", "spending_score"],
    "age_income_spending": ["age", "annual_income_k", "spending_score"],
    "gender_age_income_spending": ["is_woman", "age", "annual_income_k", "spending_score"],
}
STARTS = 500  # enough to end in every optimum that others published
TOO_MANY = 10_000  # optima; all are wanted


def check_published_results(results: pd.DataFrame, values: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Compare published figures with the best known optimum and with all others that single starts end in.

    Parameters
    ----------
    results : DataFrame
        One row per published figure: `result_id`, `dataset`, `feature_set`, `scaling`, `k`, `figure` (inertia or
        silhouette), `published_value`, `tolerance` and, where something else was computed than claimed,
        `actual_feature_set`.
    values : DataFrame
        One row per customer and feature of the published data: `dataset`, `customer_id`, `feature`, `value`. Without
        the data of a dataset there is nothing to compare, and its figures have no row.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        With the columns of `PUBLISHED_RESULT_FITS`. `nearest_value` is the value nearest to the published one among all
        optima, of the features that were actually used.
    """
    rows: list[dict] = []
    for dataset, published in values.groupby("dataset"):
        customers = published.pivot(index="customer_id", columns="feature", values="value")
        found: dict[tuple, list[kmeans.KMeansFit]] = {}
        for result in results[results["dataset"] == dataset].itertuples(index=False):
            claimed = _figures(found, customers, result, result.feature_set, seed)
            actual = claimed
            if isinstance(result.actual_feature_set, str):
                actual = _figures(found, customers, result, result.actual_feature_set, seed)
            nearest = actual[np.abs(actual - result.published_value).argmin()]
            rows.append(
                {
                    "result_id": result.result_id,
                    "best_value": claimed[0],
                    "nearest_value": nearest,
                    "verdict": _verdict(result, claimed),
                }
            )
    return pd.DataFrame(rows, columns=list(PUBLISHED_RESULT_FITS))


def _verdict(result, figures) -> str:
    agrees = np.abs(figures - result.published_value) <= result.tolerance
    if agrees[0]:
        return "confirmed"
    return "local optimum" if agrees.any() else "error"


def _figures(found, customers, result, feature_set, seed) -> np.ndarray:
    """Return the figure in question for every optimum, the best known first."""
    key = (feature_set, result.scaling, int(result.k))
    points = customers[FEATURE_SETS[feature_set]].to_numpy(dtype=float)
    center, scale = fit_scaler(points, result.scaling, np.ones(points.shape[1]))
    scaled = (points - center) / scale
    if key not in found:
        best = kmeans.fit_best(scaled, key[2], starts=STARTS // 10, seed=seed)
        plain = kmeans.local_optima(scaled, key[2], starts=STARTS, seed=seed, limit=TOO_MANY)
        found[key] = [best, *(fit for fit in plain if fit.inertia > best.inertia * (1 + kmeans.SAME_OPTIMUM))]
    if result.figure == "inertia":
        return np.array([fit.inertia for fit in found[key]])
    return np.array([mean_silhouette(scaled, fit.labels) for fit in found[key]])
