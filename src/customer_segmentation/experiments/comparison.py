"""Compare two arms of an experiment by counts and sums alone: differences with intervals and p-values."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

HALVINGS = 60  # of an interval of z from 0 to 40: exact to the last digit of a double


class Difference(NamedTuple):
    """A difference between two arms, treated less control, with its interval; arrays of one shape."""

    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    standard_error: np.ndarray
    p_value: np.ndarray


@dataclass(frozen=True)
class Arm:
    """Sums over the customers of an arm, from which all estimates follow; arrays of one shape.

    Parameters
    ----------
    customers : ndarray
        Number of customers.
    total, squares : ndarray
        Sum of the outcome and of its square.
    before, before_squares, product : ndarray
        Sum of the same metric before the start, of its square, and of outcome times before. NaN where unknown.
    """

    customers: np.ndarray
    total: np.ndarray
    squares: np.ndarray
    before: np.ndarray
    before_squares: np.ndarray
    product: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """Outcome per customer."""
        return self.total / self.customers

    @property
    def variance(self) -> np.ndarray:
        """Variance of the outcome between customers."""
        return covariance(self.customers, self.total, self.total, self.squares)

    @property
    def before_mean(self) -> np.ndarray:
        """The same metric per customer before the start."""
        return self.before / self.customers

    @property
    def before_variance(self) -> np.ndarray:
        """Variance of the metric before the start."""
        return covariance(self.customers, self.before, self.before, self.before_squares)

    @property
    def covariance(self) -> np.ndarray:
        """Covariance of the outcome with the same metric before the start."""
        return covariance(self.customers, self.total, self.before, self.product)


def covariance(customers: ArrayLike, one: ArrayLike, other: ArrayLike, product: ArrayLike) -> np.ndarray:
    """Return the unbiased covariance of two figures from their sums.

    Parameters
    ----------
    customers, one, other, product : array-like, one shape
        Number of customers, sums of both figures, and the sum of their products. NaN below two customers.

    Examples
    --------
    >>> float(covariance(3, 6, 6, 14))  # 1, 2, 3 with itself
    1.0
    """
    customers, one, other, product = (np.asarray(values, dtype=float) for values in (customers, one, other, product))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (product - one * other / customers) / (customers - 1)
        # what rounding leaves of equal values is no variation
        size = np.abs(product) + np.abs(one * other / customers)
        found = np.where(np.abs(found) * (customers - 1) <= 1e-12 * size, 0.0, found)
    return np.where(customers > 1, found, np.nan)


def wilson_limits(successes: ArrayLike, customers: ArrayLike, z: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return the score interval of a share.

    Parameters
    ----------
    successes, customers : array-like
        Customers who did, of how many.
    z : array-like
        Standard deviations of the interval, 1.96 for 95 %.

    Notes
    -----
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference.

    Examples
    --------
    >>> [round(float(limit), 4) for limit in wilson_limits(9, 10, 1.959964)]
    [0.5958, 0.9821]
    """
    successes, customers, z = (np.asarray(values, dtype=float) for values in (successes, customers, z))
    share = successes / customers
    middle = (successes + z**2 / 2) / (customers + z**2)
    half = z / (customers + z**2) * np.sqrt(customers * share * (1 - share) + z**2 / 4)
    return middle - half, middle + half


def difference_of_shares(treated: Arm, control: Arm, alpha: ArrayLike = 0.05) -> Difference:
    """Compare two shares by the hybrid score interval.

    Parameters
    ----------
    treated, control : Arm
        Arms whose outcome is 0 or 1.
    alpha : array-like
        Probability of missing the truth, 0.05 for intervals of 95 %.

    Returns
    -------
    Difference
        The p-value belongs to the same interval: it is the alpha at which the interval begins to exclude zero, so the
        two never contradict each other.

    Notes
    -----
    R. G. Newcombe (1998), Interval estimation for the difference between independent proportions, method 10. Unlike the
    textbook interval it holds for shares near 0 and 1 and for few customers.
    """
    one, other = treated.mean, control.mean
    effect = one - other

    def distances(z):
        low_one, high_one = wilson_limits(treated.total, treated.customers, z)
        low_other, high_other = wilson_limits(control.total, control.customers, z)
        return np.hypot(one - low_one, high_other - other), np.hypot(high_one - one, other - low_other)

    below, above = distances(ndtri(1 - np.asarray(alpha) / 2))
    least, most = np.zeros_like(effect), np.full_like(effect, 40.0)
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        reach = np.where(effect >= 0, *distances(middle))
        excludes_zero = np.abs(effect) > reach
        least, most = np.where(excludes_zero, middle, least), np.where(excludes_zero, most, middle)
    error = np.sqrt(treated.variance / treated.customers + control.variance / control.customers)
    return Difference(effect, effect - below, effect + above, error, 2 * ndtr(-least))


def difference_of_means(treated: Arm, control: Arm, alpha: ArrayLike = 0.05) -> Difference:
    """Compare two means without assuming equal variances.

    Parameters
    ----------
    treated, control : Arm
        Arms with any outcome.
    alpha : array-like
        Probability of missing the truth.

    Notes
    -----
    B. L. Welch (1947), The generalization of Student's problem when several different population variances are
    involved. Nothing is trimmed: a customer who spends a fortune widens the interval.
    """
    return _welch(
        treated.mean - control.mean,
        (treated.variance, treated.customers),
        (control.variance, control.customers),
        alpha,
    )


def adjusted_difference(treated: Arm, control: Arm, alpha: ArrayLike = 0.05) -> Difference:
    """Compare two means after subtracting what the time before the start predicts (CUPED).

    Parameters
    ----------
    treated, control : Arm
        Arms with the same metric before the start. Where it is unknown or equal for everybody, the result is NaN.
    alpha : array-like
        Probability of missing the truth.

    Notes
    -----
    A. Deng, Y. Xu, R. Kohavi and T. Walker (2013), Improving the sensitivity of online controlled experiments by
    utilizing pre-experiment data. The arms are drawn at random, so what was before differs by chance only:
    subtracting it changes nothing on average and removes the part of the noise that it explains. One slope is used
    for both arms.
    """
    degrees = treated.customers + control.customers - 2
    before = (treated.customers - 1) * treated.before_variance + (control.customers - 1) * control.before_variance
    joint = (treated.customers - 1) * treated.covariance + (control.customers - 1) * control.covariance
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where((before > 0) & (degrees > 0), joint / before, np.nan)
    left = [
        np.maximum(arm.variance - 2 * slope * arm.covariance + slope**2 * arm.before_variance, 0)
        for arm in (treated, control)
    ]
    effect = treated.mean - control.mean - slope * (treated.before_mean - control.before_mean)
    return _welch(effect, (left[0], treated.customers), (left[1], control.customers), alpha)


def difference_of_ratios(
    treated: tuple[Arm, Arm, ArrayLike], control: tuple[Arm, Arm, ArrayLike], alpha: ArrayLike = 0.05
) -> Difference:
    """Compare two ratios of sums, such as money per purchase, by the delta method.

    Parameters
    ----------
    treated, control : tuple of (Arm, Arm, array-like)
        Per arm: numerator, denominator, and the sum over its customers of numerator times denominator.
    alpha : array-like
        Probability of missing the truth.

    Notes
    -----
    A. Deng, U. Knoblich and J. Lu (2018), Applying the delta method in metric analytics. Customers are what is drawn,
    not purchases, and customers who buy more have more purchases: treating purchases as independent would be too
    sure.
    """
    ratios, parts = [], []
    for numerator, denominator, product in (treated, control):
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(denominator.total > 0, numerator.total / denominator.total, np.nan)
            joint = covariance(numerator.customers, numerator.total, denominator.total, product)
            spread = numerator.variance - 2 * ratio * joint + ratio**2 * denominator.variance
            parts.append((np.maximum(spread, 0) / denominator.mean**2, numerator.customers))
        ratios.append(ratio)
    return _welch(ratios[0] - ratios[1], parts[0], parts[1], alpha)


def anytime_reach(passed: ArrayLike, alpha: ArrayLike = 0.05) -> np.ndarray:
    """Return how many standard errors an interval needs that may be looked at every day.

    Parameters
    ----------
    passed : array-like
        Share of the window that has passed, above 0 and up to 1.
    alpha : array-like
        Probability that any of the intervals, however many are looked at, misses the truth.

    Returns
    -------
    ndarray
        About 3 at the end of the window, where the interval is narrowest, instead of 1.96; more before.

    Notes
    -----
    I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas (2021), Time-uniform central limit theory and
    asymptotic confidence sequences: normal mixture, with the parameter that is best at the end of the window. The
    clock is the variance of the difference, which grows with the days that passed. Outcomes of a customer who buys
    more than others throughout come back every day, so successive looks resemble each other more than the method
    assumes, which makes it cautious.

    Examples
    --------
    >>> anytime_reach([0.1, 0.5, 1.0]).round(2).tolist()
    [3.86, 3.08, 3.04]
    """
    alpha = np.asarray(alpha, dtype=float)
    clock = np.asarray(passed, dtype=float) * (-2 * np.log(alpha) + np.log(1 - 2 * np.log(alpha)))
    return np.sqrt((clock + 1) / clock * np.log((clock + 1) / alpha**2))


def holm(p_values: ArrayLike) -> np.ndarray:
    """Adjust p-values for the number of comparisons.

    Parameters
    ----------
    p_values : array-like, shape (n_comparisons,)
        NaN where nothing was compared; it does not count.

    Returns
    -------
    ndarray, shape (n_comparisons,)
        Below 0.05 for any true null hypothesis with a probability of at most 0.05.

    Notes
    -----
    S. Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, float("nan")]).round(6).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    values = np.asarray(p_values, dtype=float)
    order = np.argsort(values)[: np.isfinite(values).sum()]
    adjusted = np.full(values.shape, np.nan)
    steps = values[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def sample_ratio_p_value(treated: float, control: float, control_share: float) -> float:
    """Return how likely arms at least this far from the planned shares are.

    Parameters
    ----------
    treated, control : float
        Customers of both arms.
    control_share : float
        Planned share of the control, between 0 and 1.

    Notes
    -----
    Pearson's chi-square test with one degree of freedom, as recommended by A. Fabijan et al. (2019), Diagnosing sample
    ratio mismatch in online controlled experiments. A small value means that customers were lost or assigned otherwise,
    and nothing can be concluded.

    Examples
    --------
    >>> round(sample_ratio_p_value(520, 480, 0.5), 4), sample_ratio_p_value(600, 400, 0.5) < 0.001
    (0.2059, True)
    """
    customers = treated + control
    if not customers:
        return float("nan")
    expected = customers * control_share
    square = (control - expected) ** 2 / (expected * (1 - control_share))
    return float(2 * ndtr(-np.sqrt(square)))


class Shrinkage(NamedTuple):
    """Estimates drawn towards their common mean, and how far they differ beyond chance."""

    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    interaction_p_value: float


def shrunk(effects: ArrayLike, standard_errors: ArrayLike, alpha: float = 0.05) -> Shrinkage:
    """Draw the estimates of several personas towards their mean, the more the less sure they are.

    Parameters
    ----------
    effects, standard_errors : array-like, shape (n_personas,)
        Estimates and their standard errors; NaN or zero errors do not count.
    alpha : float
        Probability of missing the truth.

    Returns
    -------
    Shrinkage
        NaN where fewer than two estimates can be compared. `interaction_p_value` is the chance of such different
        effects if the campaign had the same on every persona (Cochran's Q).

    Notes
    -----
    Normal-normal model: B. Efron and C. Morris (1975), Data analysis using Stein's estimator and its generalizations;
    the variance between personas by R. DerSimonian and N. Laird (1986). The largest of several estimates is on
    average too large; its shrunk value is not. Where chance explains all differences, every persona has the common
    mean.

    Examples
    --------
    >>> shrunk([1.0, 3.0], [1.0, 1.0]).effect.tolist()
    [1.5, 2.5]
    """
    effect, error = np.array(effects, dtype=float), np.array(standard_errors, dtype=float)
    usable = np.isfinite(effect) & np.isfinite(error) & (error > 0)
    empty = np.full(effect.shape, np.nan)
    if usable.sum() < 2:
        return Shrinkage(empty, empty, empty, float("nan"))
    weight = 1 / error[usable] ** 2
    common = (weight * effect[usable]).sum() / weight.sum()
    heterogeneity = float((weight * (effect[usable] - common) ** 2).sum())
    degrees = int(usable.sum()) - 1
    between = max(0.0, (heterogeneity - degrees) / (weight.sum() - (weight**2).sum() / weight.sum()))
    weight = 1 / (error[usable] ** 2 + between)
    common = (weight * effect[usable]).sum() / weight.sum()
    pull = error**2 / (error**2 + between)
    moved = np.where(usable, effect - pull * (effect - common), np.nan)
    spread = np.where(usable, np.sqrt(error**2 * (1 - pull) + pull**2 / weight.sum()), np.nan)
    reach = ndtri(1 - alpha / 2) * spread
    return Shrinkage(moved, moved - reach, moved + reach, float(chdtrc(degrees, heterogeneity)))


def _welch(effect, treated, control, alpha) -> Difference:
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [variance / customers for variance, customers in (treated, control)]
        square = parts[0] + parts[1]
        degrees = square**2 / (parts[0] ** 2 / (treated[1] - 1) + parts[1] ** 2 / (control[1] - 1))
        error = np.sqrt(np.where(square > 0, square, np.nan))
        reach = stdtrit(degrees, 1 - np.asarray(alpha) / 2) * error
        return Difference(
            np.where(np.isfinite(error), effect, np.nan),
            effect - reach,
            effect + reach,
            error,
            2 * stdtr(degrees, -np.abs(effect / error)),
        )
