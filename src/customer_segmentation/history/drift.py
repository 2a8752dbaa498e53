"""Whether today's customers are still distributed as those of the fit."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

DRIFT_RESULTS = {
    "segmentation": "varchar",
    "measure": "varchar",
    "bins": "integer",
    "customers_then": "bigint",
    "customers_now": "bigint",
    "stability_index": "double",
    "p_value": "double",
    "effect": "double",
}

EMPTY_BIN = 0.5  # customers that an empty bin counts as, so that its logarithm exists


def stability_index(then: Sequence[float], now: Sequence[float]) -> float:
    """Return the population stability index of two distributions over the same bins.

    Parameters
    ----------
    then, now : sequence of float, shape (n_bins,)
        Customers in each bin at the fit and today. A bin that is empty on one side counts as half a customer there; one
        that is empty on both does not count.

    Returns
    -------
    float
        Sum of (now - then) ln(now / then) over the shares: 0 for equal distributions, about the square of Cohen's w for
        similar ones.

    Examples
    --------
    >>> round(stability_index([50, 50], [60, 40]), 6), round(stability_index([50, 50], [70, 30]), 5)
    (0.040547, 0.16946)
    >>> stability_index([20, 80], [2, 8])
    0.0

    Notes
    -----
    S. Kullback and R. Leibler (1951) call this symmetric sum J, the divergence.
    """
    counts = np.array([then, now], dtype=float)
    counts = counts[:, counts.sum(axis=0) > 0]
    counts[counts == 0] = EMPTY_BIN
    shares = counts / counts.sum(axis=1, keepdims=True)
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def chance_of_index(index: float, bins: int, then: float, now: float) -> float:
    """Return how likely an index at least this large is if nothing has drifted.

    Parameters
    ----------
    index : float
        Population stability index.
    bins : int
        Bins with customers.
    then, now : float
        Customers in both distributions.

    Returns
    -------
    float
        0 to 1. Customers who are in both make the index smaller than by chance alone, so it errs on the side of no
        drift.

    Notes
    -----
    Without drift the index is distributed as (1/then + 1/now) times a chi-square variable with bins - 1 degrees of
    freedom: B. Yurdakul and J. Naranjo (2020), Statistical properties of the population stability index.
    """
    from scipy.special import chdtrc  # what scipy.stats.chi2.sf calls; importing scipy.stats takes a second more

    return float(chdtrc(bins - 1, index / (1 / then + 1 / now))) if bins > 1 else 1.0


def drift_results(counts: pd.DataFrame) -> pd.DataFrame:
    """Compare the distribution of each measure today with that at the fit.

    Parameters
    ----------
    counts : DataFrame
        One row per segmentation, measure and bin: `segmentation`, `measure`, `bin`, `customers_then`, `customers_now`.

    Returns
    -------
    DataFrame
        One row per segmentation and measure with the columns of `DRIFT_RESULTS`. `effect` is the square root of the
        index, which compares with Cohen's w (J. Cohen 1988): 0.1 is small, 0.3 medium, 0.5 large, for any number of
        customers. A measure without customers on one side has no row.
    """
    found = []
    for (segmentation, measure), own in counts.groupby(["segmentation", "measure"], sort=True):
        then, now = own["customers_then"].to_numpy(dtype=float), own["customers_now"].to_numpy(dtype=float)
        if not then.sum() or not now.sum():
            continue
        bins = int(((then + now) > 0).sum())
        index = stability_index(then, now)
        p_value = chance_of_index(index, bins, then.sum(), now.sum())
        found.append((segmentation, measure, bins, int(then.sum()), int(now.sum()), index, p_value, np.sqrt(index)))
    return pd.DataFrame(found, columns=list(DRIFT_RESULTS))
