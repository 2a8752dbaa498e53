"""Figures that give no single customer away: points from a fitted distribution, means of groups, rounded counts.

Pure functions on arrays, and two kinds of numbers that are written as words. After A. Hundepool and others 2012,
Statistical Disclosure Control: what is known of fewer customers than a smallest cell is suppressed or put together with
others, and what totals would give away is rounded.
"""

from typing import Self

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

SEED = 20241231  # any number; the same publication must give the same points
CLOSEST = 1.5  # standard deviations within which points of a small group are drawn: no negative ages


class _Written:
    """A number that is written as words, whatever the format."""

    text: str

    def __new__(cls, number: float, text: str) -> Self:
        """Make a number that stays one for drawing and adding, and is written as a text."""
        made = super().__new__(cls, number)  # type: ignore[call-arg]  # of the number that is mixed in
        made.text = text
        return made

    def __format__(self, _: str) -> str:
        """Return the words."""
        return self.text


class WrittenCount(_Written, int):
    """A count that is used as a number where bars are drawn, but is written as words such as "fewer than 5"."""


class WrittenShare(_Written, float):
    """A share that is used as a number where areas are drawn, but is written as words such as "under 3 %"."""


def rounded(number: int, smallest: int) -> int:
    """Round a count to a multiple of the smallest cell, and never to nothing.

    Examples
    --------
    >>> rounded(23, 5), rounded(6, 5), rounded(23, 1)
    (25, 5, 23)
    """
    return max(smallest, smallest * int((number + smallest / 2) // smallest))


def group_sizes(count: int, smallest: int) -> np.ndarray:
    """Divide customers into as many groups of at least a smallest size as there can be, as evenly as possible.

    Parameters
    ----------
    count : int
        How many customers there are.
    smallest : int
        Fewest customers of a group.

    Returns
    -------
    ndarray of shape (n_groups,)
        Sizes; empty if there are too few customers for one group.

    Examples
    --------
    >>> group_sizes(13, 5), group_sizes(4, 5)
    (array([7, 6]), array([], dtype=int64))
    """
    groups = count // smallest
    if groups == 0:
        return np.array([], dtype=np.int64)
    return np.full(groups, count // groups) + (np.arange(groups) < count % groups)


def averaged(values: np.ndarray, smallest: int) -> np.ndarray:
    """Replace each value by the mean of the group of its neighbours in size (microaggregation).

    Parameters
    ----------
    values : ndarray of shape (n,)
        One figure per customer, none missing.
    smallest : int
        Fewest customers of a group.

    Returns
    -------
    ndarray of shape (n,)
        In ascending order; empty if there are fewer values than a group takes.

    Examples
    --------
    >>> averaged(np.array([3.0, 1.0, 2.0, 10.0]), 2)
    array([1.5, 1.5, 6.5, 6.5])
    """
    sizes = group_sizes(len(values), smallest)
    if not len(sizes):
        return np.array([])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return np.repeat(np.add.reduceat(np.sort(values), starts) / sizes, sizes)


def drawn(values: pd.DataFrame, smallest: int, random: np.random.Generator) -> pd.DataFrame:
    """Draw points from a distribution that is fitted to customers; none of them is a customer.

    Parameters
    ----------
    values : DataFrame of shape (n_customers, n_columns)
        Numbers; values may be missing.
    smallest : int
        Fewest customers that any parameter of the distribution rests on.
    random : Generator
        Source of random numbers.

    Returns
    -------
    DataFrame of shape (n_points, n_columns)
        About as many points as customers, rounded to a multiple of `smallest`; without rows if there are fewer
        customers than that. A column with fewer known values is empty.

    Notes
    -----
    A Gaussian copula: columns keep their rank correlation, and each its own shape, which runs through the means of
    groups of `smallest` neighbours. So the distribution ends at the mean of the outermost group: it has neither the
    least nor the largest value of a customer.
    """
    if len(values) < smallest:
        return values.iloc[:0].astype(float)
    scores = values.rank().apply(lambda rank: pd.Series(ndtri((rank - 0.5) / rank.count()), index=rank.index))
    correlation = scores.corr().fillna(0.0).to_numpy(copy=True)
    np.fill_diagonal(correlation, 1.0)
    weights, directions = np.linalg.eigh(correlation)
    points = rounded(len(values), smallest)
    normal = random.normal(size=(points, values.shape[1])) @ (directions * np.sqrt(weights.clip(0))).T
    return pd.DataFrame(
        {
            name: _shaped(normal[:, place], values[name].dropna().to_numpy(dtype=float), smallest)
            for place, name in enumerate(values)
        }
    )


def _shaped(normal: np.ndarray, known: np.ndarray, smallest: int) -> np.ndarray:
    """Give normal numbers the distribution of the values of a column."""
    sizes = group_sizes(len(known), smallest)
    if not len(sizes):
        return np.full(len(normal), np.nan)
    if len(sizes) == 1:
        return known.mean() + known.std() * normal.clip(-CLOSEST, CLOSEST)
    knots = averaged(known, smallest)[np.cumsum(sizes) - 1]
    places = (np.cumsum(sizes) - sizes / 2) / len(known)
    return np.interp(places[0] + (places[-1] - places[0]) * ndtr(normal), places, knots)
