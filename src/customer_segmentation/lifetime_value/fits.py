"""Fit the models of purchases and amounts to each dataset, or say why there is nothing to fit."""

import numpy as np
import pandas as pd

from customer_segmentation.lifetime_value import amounts, purchases
from customer_segmentation.lifetime_value.amounts import correlation_with_purchases, fit_amounts
from customer_segmentation.lifetime_value.maximum_likelihood import CONVERGED, HALF_WIDTH, NO_LIMIT, Fit
from customer_segmentation.lifetime_value.purchases import fit_purchases

LIFETIME_VALUE_FITS = {
    "dataset": "varchar",
    "model": "varchar",
    "position": "integer",
    "parameter": "varchar",
    "value": "double",
    "low": "double",
    "high": "double",
    "covariance": "double[]",
    "log_likelihood": "double",
    "customers": "bigint",
    "status": "varchar",
}
MODELS = {"purchases": purchases.PARAMETERS, "amounts": amounts.PARAMETERS}
ASSUMPTION = "correlation_with_purchases"  # of the model of amounts, a row after those of its parameters


def fit_lifetime_values(patterns: pd.DataFrame, of_amounts: pd.DataFrame, *, repeat_buyers: int) -> pd.DataFrame:
    """Fit both models to each dataset.

    Parameters
    ----------
    patterns : DataFrame
        Customers counted by `dataset`, `frequency`, `recency_weeks` and `age_weeks`, in the column `customers`.
    of_amounts : DataFrame
        Customers counted by `dataset`, `frequency` and `amount`, in the column `customers`.
    repeat_buyers : int
        Fewest customers with a second purchase that models are fitted to.

    Returns
    -------
    DataFrame
        With the columns of `LIFETIME_VALUE_FITS`, one row per dataset, model and parameter, and one for the correlation
        that the model of amounts takes for 0. Without a result, value and interval are empty and `status` has the
        reason. Where the data set no limit to a parameter, its interval has no upper end.
    """
    rows = []
    for dataset, own in patterns.groupby("dataset", sort=True):
        amounts_of_own = of_amounts[of_amounts["dataset"] == dataset]
        fits = fit_both(own, amounts_of_own, repeat_buyers=repeat_buyers)
        for model, found in zip(MODELS, fits, strict=True):
            rows.extend(_rows(str(dataset), model, found, int(own["customers"].sum())))
        rows.append(_assumption(rows[-1], amounts_of_own))
    return pd.DataFrame(rows, columns=list(LIFETIME_VALUE_FITS))


def fit_both(patterns: pd.DataFrame, of_amounts: pd.DataFrame, *, repeat_buyers: int) -> tuple[Fit, Fit]:
    """Fit both models to the customers of one dataset.

    Parameters
    ----------
    patterns : DataFrame
        Customers counted by `frequency`, `recency_weeks` and `age_weeks`, in the column `customers`.
    of_amounts : DataFrame
        Customers counted by `frequency` and `amount`, in the column `customers`.
    repeat_buyers : int
        Fewest customers with a second purchase.

    Returns
    -------
    of_purchases, of_amounts : Fit
    """
    repeated = int(patterns.loc[patterns["frequency"] > 0, "customers"].sum())
    if repeated < max(repeat_buyers, 1):
        few = {0: "no customer has", 1: "only one customer has"}.get(repeated, f"only {repeated} customers have")
        reason = Fit(
            f"too few customers: {few} a second purchase, and {repeat_buyers} are needed (var lifetime_repeat_buyers)"
        )
        return reason, reason
    columns = (
        patterns[name].to_numpy(dtype=float) for name in ("frequency", "recency_weeks", "age_weeks", "customers")
    )
    positive = of_amounts[of_amounts["amount"] > 0]
    if positive.empty:
        return fit_purchases(*columns), Fit("no customer has paid anything")
    counts, means, weights = (positive[name].to_numpy(dtype=float) for name in ("frequency", "amount", "customers"))
    return fit_purchases(*columns), fit_amounts(counts + 1, means, weights)


def stored_fit(fits: pd.DataFrame, dataset: str, model: str) -> Fit:
    """Return a fit from the rows that `fit_lifetime_values` made of it.

    Parameters
    ----------
    fits : DataFrame
        With the columns of `LIFETIME_VALUE_FITS`.
    dataset, model : str
        Which one.

    Returns
    -------
    Fit
    """
    own = (fits["dataset"] == dataset) & (fits["model"] == model) & fits["parameter"].isin(MODELS[model])
    rows = fits[own].sort_values("position")
    if rows["value"].isna().any():
        return Fit(str(rows["status"].iloc[0]))
    covariance = np.array(rows["covariance"].tolist(), dtype=float)
    return Fit(CONVERGED, rows["value"].to_numpy(dtype=float), covariance, float(rows["log_likelihood"].iloc[0]))


def _rows(dataset: str, model: str, fit: Fit, customers: int) -> list[dict]:
    """Write a fit as rows, one per parameter."""
    rows = []
    for place, parameter in enumerate(MODELS[model]):
        row = {
            "dataset": dataset,
            "model": model,
            "position": place + 1,
            "parameter": parameter,
            "log_likelihood": fit.log_likelihood,
            "customers": customers,
            "status": fit.status,
        }
        if fit.converged:
            row |= {"value": fit.values[place], "covariance": fit.covariance[place].tolist()}
            variance = fit.covariance[place, place]
            if variance:
                factor = np.exp(HALF_WIDTH * np.sqrt(variance))
                row |= {"low": fit.values[place] / factor, "high": fit.values[place] * factor}
            else:
                row |= {"status": NO_LIMIT, "low": fit.values[place]}
        rows.append(row)
    return rows


def _assumption(last: dict, of_amounts: pd.DataFrame) -> dict:
    """Write how far the assumption of the model of amounts holds, as the row after its last parameter."""
    row = last | {"parameter": ASSUMPTION, "position": last["position"] + 1, "covariance": None}
    if "value" not in last:
        return row
    value, low, high = correlation_with_purchases(of_amounts)
    status = CONVERGED
    if np.isnan(value):
        status = "all customers with a second purchase bought as often as each other, or paid the same"
    return row | {"value": value, "low": low, "high": high, "status": status}
