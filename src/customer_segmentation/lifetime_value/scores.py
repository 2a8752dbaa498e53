"""What is expected of customers, for each combination of frequency, recency and age that occurs."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from customer_segmentation.lifetime_value.amounts import expected_amount_line
from customer_segmentation.lifetime_value.fits import stored_fit
from customer_segmentation.lifetime_value.maximum_likelihood import HALF_WIDTH, Fit
from customer_segmentation.lifetime_value.purchases import expected_purchases, probability_alive

LIFETIME_VALUE_SCORES = {
    "dataset": "varchar",
    "frequency": "integer",
    "recency_weeks": "integer",
    "age_weeks": "integer",
    "probability_alive": "double",
    "purchases_90_days": "double",
    "purchases_365_days": "double",
    "spread_90_days": "double",
    "spread_365_days": "double",
    "amount_intercept": "double",
    "amount_slope": "double",
    "intercept_variance": "double",
    "slope_variance": "double",
    "line_covariance": "double",
}
DAYS_OF_A_WEEK = 7
STEP = 1e-3  # of the logarithm of a parameter, for differences of expectations


def score_patterns(patterns: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """Compute what is expected of every combination of frequency, recency and age.

    Parameters
    ----------
    patterns : DataFrame
        With `dataset`, `frequency`, `recency_weeks` and `age_weeks`.
    fits : DataFrame
        With the columns of `LIFETIME_VALUE_FITS`.

    Returns
    -------
    DataFrame
        With the columns of `LIFETIME_VALUE_SCORES`. The expected purchases are between purchases x exp(-spread) and
        purchases x exp(spread) in 95 % of samples of customers. The expected amount is intercept + slope x mean
        amount so far; variances are in the unit of the same interval, so that the root of the variance is half its
        width. Nothing is expected by a model without a result.

    Notes
    -----
    Delta method on the logarithms of the parameters. One row per customer never leaves the database: a million
    customers of two years have about 70,000 combinations in weeks, and half a million in days.
    """
    tables = [
        _scored(
            rows.reset_index(drop=True),
            stored_fit(fits, str(dataset), "purchases"),
            stored_fit(fits, str(dataset), "amounts"),
        )
        for dataset, rows in patterns.groupby("dataset", sort=True)
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(LIFETIME_VALUE_SCORES))


def _scored(rows: pd.DataFrame, of_purchases: Fit, of_amounts: Fit) -> pd.DataFrame:
    frequency, recency, age = (rows[name].to_numpy(dtype=float) for name in ("frequency", "recency_weeks", "age_weeks"))
    rows = rows.reindex(columns=list(LIFETIME_VALUE_SCORES))
    if of_purchases.converged:
        # by the formula it is 1 for customers who bought once, which is no finding
        alive = probability_alive(of_purchases.values, frequency, recency, age)
        rows["probability_alive"] = np.where(frequency > 0, alive, np.nan)
        for days in (90, 365):

            def log_expected(parameters: np.ndarray, weeks: float = days / DAYS_OF_A_WEEK) -> np.ndarray:
                return np.log(expected_purchases(parameters, frequency, recency, age, weeks))

            gradient = _gradient(log_expected, of_purchases.values)
            variance = np.einsum("in,ij,jn->n", gradient, of_purchases.covariance, gradient)
            rows[f"purchases_{days}_days"] = np.exp(log_expected(of_purchases.values))
            rows[f"spread_{days}_days"] = HALF_WIDTH * np.sqrt(variance)
    if of_amounts.converged:
        counts, place = np.unique(frequency + 1, return_inverse=True)

        def line(parameters: np.ndarray) -> np.ndarray:
            return np.stack(expected_amount_line(parameters, counts))

        gradient = _gradient(line, of_amounts.values)
        covariance = HALF_WIDTH**2 * np.einsum("ikn,ij,jln->kln", gradient, of_amounts.covariance, gradient)
        rows["amount_intercept"], rows["amount_slope"] = line(of_amounts.values)[:, place]
        rows["intercept_variance"] = covariance[0, 0, place]
        rows["slope_variance"] = covariance[1, 1, place]
        rows["line_covariance"] = covariance[0, 1, place]
    return rows


def _gradient(function: Callable[[np.ndarray], np.ndarray], parameters: np.ndarray) -> np.ndarray:
    """Return the derivatives by the logarithm of each parameter, first axis, by central differences."""
    steps = np.exp(STEP * np.eye(len(parameters)))
    return np.stack([(function(parameters * step) - function(parameters / step)) / (2 * STEP) for step in steps])
