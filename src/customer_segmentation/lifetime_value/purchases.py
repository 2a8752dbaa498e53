"""How often customers buy until they stop: the BG/NBD model.

Customers buy at random moments, each at a rate of their own (gamma distributed with shape r and rate alpha), and
after each purchase stop for good with a probability of their own (beta distributed with a and b). P. Fader, B. Hardie
and K. Lee (2005), "Counting your customers" the easy way: an alternative to the Pareto/NBD model, Marketing Science
24(2). All times have one unit. A customer is told by `frequency` (purchases after the first), `recency` (time from
the first to the last purchase; 0 for a frequency of 0) and `age` (time since the first purchase).
"""

import numpy as np
from scipy import special

from customer_segmentation.lifetime_value.maximum_likelihood import Fit, maximise

PARAMETERS = ("r", "alpha", "a", "b")
START = np.array([1.0, 1.0, 1.0, 2.0])  # with a mean age of 1


def fit_purchases(frequency: np.ndarray, recency: np.ndarray, age: np.ndarray, weights: np.ndarray) -> Fit:
    """Fit the model to customers.

    Parameters
    ----------
    frequency, recency, age : ndarray of shape (n_rows,)
        Customers, equal ones in one row.
    weights : ndarray of shape (n_rows,)
        Number of customers in each row.

    Returns
    -------
    Fit
        With r, alpha, a and b; alpha in the unit of the ages.
    """
    unit = (age @ weights) / weights.sum()
    if not unit > 0:
        return Fit("no time has passed since the first purchases")
    recency, age = recency / unit, age / unit
    has_repeated = frequency > 0
    counts, place = np.unique(frequency, return_inverse=True)

    def log_likelihoods(parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r, alpha, a, b = parameters
        by_count = (
            special.gammaln(r + counts)
            - special.gammaln(r)
            + r * np.log(alpha)
            + special.betaln(a, b + counts)
            - special.betaln(a, b)
        )
        log_age, log_recency = np.log(alpha + age), np.log(alpha + recency)
        # alive, or stopped at the last purchase, which no customer can at the first
        stopped = _log_odds_of_having_stopped(parameters, frequency, log_age - log_recency)
        share_stopped = special.expit(stopped)
        # the beta function above is that of being alive
        likelihoods = by_count[place] - (r + frequency) * log_age + np.logaddexp(0, stopped)

        by_a_and_b, by_all = special.digamma(a + b), special.digamma(a + b + counts)
        derivatives = np.empty((4, len(frequency)))
        by_r = special.digamma(r + counts) - special.digamma(r) + np.log(alpha)
        derivatives[0] = by_r[place] - (1 - share_stopped) * log_age - share_stopped * log_recency
        derivatives[1] = r / alpha - (r + frequency) * (
            (1 - share_stopped) / (alpha + age) + share_stopped / (alpha + recency)
        )
        derivatives[2] = (by_a_and_b - by_all)[place] + share_stopped / a
        by_b = by_a_and_b + special.digamma(b + counts) - special.digamma(b) - by_all
        derivatives[3] = by_b[place] - np.where(
            has_repeated, share_stopped / np.where(has_repeated, b + frequency - 1, 1), 0
        )
        return likelihoods, derivatives * parameters[:, None]

    fit = maximise(log_likelihoods, START, weights, PARAMETERS)
    if not fit.converged:
        return fit
    # the likelihood has a density for each purchase, so it depends on the unit of time
    shift = (frequency @ weights) * np.log(unit)
    return Fit(fit.status, fit.values * [1, unit, 1, 1], fit.covariance, fit.log_likelihood - shift)


def probability_alive(
    parameters: np.ndarray, frequency: np.ndarray, recency: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Return the probability that customers still buy.

    Parameters
    ----------
    parameters : ndarray of shape (4,)
        r, alpha, a and b.
    frequency, recency, age : ndarray of shape (n_customers,)

    Returns
    -------
    ndarray of shape (n_customers,)

    Notes
    -----
    In this model a customer can stop only after a repeat purchase, so for a frequency of 0 it is 1 by construction,
    whatever happened since. That says nothing about one-time buyers.
    """
    log_ratio = np.log(parameters[1] + age) - np.log(parameters[1] + recency)
    return special.expit(-_log_odds_of_having_stopped(parameters, frequency, log_ratio))


def expected_purchases(
    parameters: np.ndarray, frequency: np.ndarray, recency: np.ndarray, age: np.ndarray, horizon: float
) -> np.ndarray:
    """Return the number of purchases that are expected of customers in the time to come.

    Parameters
    ----------
    parameters : ndarray of shape (4,)
        r, alpha, a and b.
    frequency, recency, age : ndarray of shape (n_customers,)
    horizon : float
        Time to come.

    Returns
    -------
    ndarray of shape (n_customers,)

    Notes
    -----
    Equation 10 of the paper, or its Euler transformation for customers who bought so many times that it overflows.

    Examples
    --------
    >>> cdnow = np.array([0.243, 4.414, 0.793, 2.426])
    >>> expected_purchases(cdnow, np.array([2]), np.array([30.43]), np.array([38.86]), 39).round(3).tolist()
    [1.226]
    """
    # most customers share their frequency and age with others, and the rest of the formula is quick
    pairs, place = np.unique(np.stack([frequency, age]), axis=1, return_inverse=True)
    while_alive = _expected_while_alive(parameters, pairs[0], pairs[1], horizon)
    return while_alive[place.ravel()] * probability_alive(parameters, frequency, recency, age)


def _expected_while_alive(parameters: np.ndarray, frequency: np.ndarray, age: np.ndarray, horizon: float) -> np.ndarray:
    """Return the expected purchases of customers of whom it is known that they still buy."""
    r, alpha, a, b = parameters
    # at exactly 1 the formula is 0 / 0, and its limit lies between the values beside it
    a = a if abs(a - 1) > 1e-6 else 1 + 1e-6
    share = horizon / (alpha + age + horizon)
    bought = r + frequency
    # Euler's form overflows where a is large, the printed one where purchases are many: the smaller exponent is taken.
    # Where even that leaves the range of numbers, the term is nothing: the share of those who still buy at the end.
    is_printed = bought < a - 1
    exponent = np.where(is_printed, bought, a - 1)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        remaining = (1 - share) ** exponent * special.hyp2f1(
            exponent, np.where(is_printed, b + frequency, a + b - 1 - r), a + b + frequency - 1, share
        )
    return (a + b + frequency - 1) / (a - 1) * (1 - np.where(np.isfinite(remaining), remaining, 0))


def _log_odds_of_having_stopped(parameters: np.ndarray, frequency: np.ndarray, log_ratio: np.ndarray) -> np.ndarray:
    """Return the log odds; `log_ratio` is ln((alpha + age) / (alpha + recency))."""
    r, _, a, b = parameters
    has_repeated = frequency > 0
    later = np.where(has_repeated, b + frequency - 1, 1.0)
    return np.where(has_repeated, np.log(a / later) + (r + frequency) * log_ratio, -np.inf)
