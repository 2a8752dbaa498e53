"""What customers pay per purchase: the gamma-gamma model.

Amounts vary from purchase to purchase (gamma distributed with shape p) around a mean of the customer's own, which
varies too (its rate is gamma distributed with shape q and rate v), and do not depend on how often the customer buys.
P. Fader and B. Hardie (2013), The gamma-gamma model of monetary value; P. Fader, B. Hardie and K. Lee (2005), RFM and
CLV: using iso-value curves for customer base analysis, Journal of Marketing Research 42(4).
"""

import numpy as np
from scipy import special

from customer_segmentation.lifetime_value.maximum_likelihood import Fit, maximise

PARAMETERS = ("p", "q", "v")
START = np.array([2.0, 3.0, 1.0])  # with a mean amount of 1


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
