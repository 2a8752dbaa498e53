"""What customers pay per purchase: the gamma-gamma model.

Amounts vary from purchase to purchase (gamma distributed with shape p) around a mean of the customer's own, which
varies too (its rate is gamma distributed with shape q and rate v), and do not depend on how often the customer buys.
P. Fader and B. Hardie (2013), The gamma-gamma model of monetary value; P. Fader, B. Hardie and K. Lee (2005), RFM and
CLV: using iso-value curves for customer base analysis, Journal of Marketing Research 42(4).
"""

import numpy as np
import pandas as pd
from scipy import special

from customer_segmentation.lifetime_value.maximum_likelihood import HALF_WIDTH, Fit, maximise

PARAMETERS = ("p", "q", "v")
START = np.array([2.0, 3.0, 1.0])  # with a mean amount of 1
# J. Cohen (1988) calls a correlation medium from here on: the number of purchases tells a tenth of the differences
# between mean amounts. At 0.11, that of CDNOW, the authors of the model take amounts for independent.
DEPENDENT_FROM = 0.3


def fit_amounts(purchases: np.ndarray, mean_amount: np.ndarray, weights: np.ndarray) -> Fit:
    """Fit the model to customers.

    Parameters
    ----------
    purchases : ndarray of shape (n_rows,)
        Purchases that the mean is of, at least 1.
    mean_amount : ndarray of shape (n_rows,)
        Mean amount of these purchases, above 0.
    weights : ndarray of shape (n_rows,)
        Number of customers in each row.

    Returns
    -------
    Fit
        With p, q and v; v in the unit of the amounts.
    """
    unit = (mean_amount @ weights) / weights.sum()
    amount = mean_amount / unit
    log_amount, log_total, total = np.log(amount), np.log(purchases * amount), purchases * amount
    counts, place = np.unique(purchases, return_inverse=True)

    def log_likelihoods(parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p, q, v = parameters
        by_count = special.gammaln(p * counts + q) - special.gammaln(p * counts) - special.gammaln(q) + q * np.log(v)
        log_sum = np.log(v + total)
        shape = p * purchases
        likelihoods = by_count[place] + shape * (log_total - log_sum) - log_amount - q * log_sum

        by_both = special.digamma(p * counts + q)
        derivatives = np.empty((3, len(amount)))
        derivatives[0] = purchases * ((by_both - special.digamma(p * counts))[place] + log_total - log_sum)
        derivatives[1] = (by_both - special.digamma(q))[place] + np.log(v) - log_sum
        derivatives[2] = q / v - (shape + q) / (v + total)
        return likelihoods, derivatives * parameters[:, None]

    fit = maximise(log_likelihoods, START, weights, PARAMETERS)
    if not fit.converged:
        return fit
    return Fit(fit.status, fit.values * [1, 1, unit], fit.covariance, fit.log_likelihood - weights.sum() * np.log(unit))


def expected_amount_line(parameters: np.ndarray, purchases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the line on which the expected amount of a later purchase lies, given the mean of those so far.

    Parameters
    ----------
    parameters : ndarray of shape (3,)
        p, q and v.
    purchases : ndarray of shape (n_customers,)
        Purchases so far.

    Returns
    -------
    intercept, slope : ndarray of shape (n_customers,)
        The expected amount is intercept + slope x mean amount so far: the more purchases, the more their mean counts.
        NaN where there is no finite expectation.

    Examples
    --------
    >>> intercept, slope = expected_amount_line(np.array([6.25, 3.74, 15.44]), np.array([0, 2]))
    >>> (intercept + slope * 22.35).round(2).tolist()
    [35.22, 24.66]
    """
    p, q, v = parameters
    denominator = np.where(p * purchases + q > 1, p * purchases + q - 1, np.nan)
    return p * v / denominator, p * purchases / denominator


def correlation_with_purchases(customers: pd.DataFrame) -> tuple[float, float, float]:
    """Return how far the mean amount of customers goes with how often they buy, which the model takes for not at all.

    Parameters
    ----------
    customers : DataFrame
        `frequency` (purchases after the first), `amount` (their mean) and `customers` (how many share them). Only those
        with a second purchase who paid something count, as in the check of the paper.

    Returns
    -------
    value, low, high : float
        Pearson's correlation, -1 to 1, with its 95 % interval (R. A. Fisher 1921). NaN where all customers have the
        same frequency or amount, or there are fewer than four.

    Notes
    -----
    P. Fader, B. Hardie and K. Lee (2005), Journal of Marketing Research 42(4), find 0.11 on CDNOW, and 0.06 without the
    customer who pays most.

    Examples
    --------
    >>> customers = pd.DataFrame({"frequency": [1, 2, 1, 2], "amount": [5, 9, 9, 5], "customers": [40, 40, 10, 10]})
    >>> [round(figure, 2) for figure in correlation_with_purchases(customers)]
    [0.6, 0.46, 0.71]
    """
    counted = customers[(customers["frequency"] > 0) & (customers["amount"] > 0)]
    frequency, amount, weights = (counted[name].to_numpy(dtype=float) for name in ("frequency", "amount", "customers"))
    total = weights.sum()
    if total < 4 or np.ptp(frequency) == 0 or np.ptp(amount) == 0:
        return np.nan, np.nan, np.nan
    frequency, amount = (values - values @ weights / total for values in (frequency, amount))
    value = (frequency * amount) @ weights / np.sqrt(frequency**2 @ weights * (amount**2 @ weights))
    # a correlation of 1 has no logarithm
    middle, reach = np.arctanh(np.clip(value, -1 + 1e-12, 1 - 1e-12)), HALF_WIDTH / np.sqrt(total - 3)
    return float(value), float(np.tanh(middle - reach)), float(np.tanh(middle + reach))
