"""What an experiment can find before it is run: the smallest detectable effect, and the control it would need."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from customer_segmentation.experiments.comparison import covariance
from customer_segmentation.experiments.effects import SHARE, TOTAL, TOTAL_LABEL

EXPERIMENT_PLANS = {
    "experiment": "varchar",
    "dataset": "varchar",
    "segmentation": "varchar",
    "campaign_id": "varchar",
    "persona_id": "varchar",
    "persona": "varchar",
    "is_total": "boolean",
    "metric": "varchar",
    "customers": "bigint",
    "treated": "bigint",
    "control": "bigint",
    "usual_mean": "double",
    "smallest_effect": "double",
    "smallest_effect_share": "double",
    "effect_sought": "double",
    "control_needed": "bigint",
    "verdict": "varchar",
    "is_synthetic": "boolean",
}


def smallest_effect(
    mean: ArrayLike,
    variance: ArrayLike,
    treated: ArrayLike,
    control: ArrayLike,
    *,
    is_share: bool,
    power: float = 0.8,
    alpha: float = 0.05,
) -> np.ndarray:
    """Return the smallest gain that an experiment of this size would prove with the given probability.

    Parameters
    ----------
    mean, variance : array-like
        Of the outcome without the campaign; of a share the variance is not read.
    treated, control : array-like
        Customers of both arms.
    is_share : bool
        Whether the outcome is 0 or 1, so that its variance follows the share.
    power, alpha : float
        Probability of proving the effect, and of proving one that is not there.

    Returns
    -------
    ndarray
        Smallest gain per customer; NaN where an arm is empty.

    Notes
    -----
    Normal approximation: J. Cohen (1988), Statistical power analysis for the behavioral sciences. What the adjustment
    for the time before the start will gain is left out, so the experiment finds this much or less.

    Examples
    --------
    >>> float(smallest_effect(0, 25.0, 393, 393, is_share=False).round(2))  # 0.2 standard deviations
    1.0
    """
    mean, variance, treated, control = (np.asarray(x, dtype=float) for x in (mean, variance, treated, control))
    square = _square(power, alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        if not is_share:
            found = np.sqrt(square * variance * (1 / treated + 1 / control))
        else:
            # square * (p (1 - p) / control + (p + d) (1 - p - d) / treated) = d^2, solved for d
            leading = 1 + square / treated
            half = square * (1 - 2 * mean) / treated / 2
            constant = square * mean * (1 - mean) * (1 / treated + 1 / control)
            found = (half + np.sqrt(half**2 + leading * constant)) / leading
    return np.where((treated > 0) & (control > 0), found, np.nan)


def control_needed(
    mean: ArrayLike,
    variance: ArrayLike,
    effect: ArrayLike,
    control_share: ArrayLike,
    *,
    is_share: bool,
    power: float = 0.8,
    alpha: float = 0.05,
) -> np.ndarray:
    """Return how many customers the control needs so that a gain is proven with the given probability.

    Parameters
    ----------
    mean, variance : array-like
        Of the outcome without the campaign; of a share the variance is not read.
    effect : array-like
        Gain per customer to find, above 0.
    control_share : array-like
        Share of the customers that is left alone, between 0 and 1: the treated arm grows with the control.
    is_share : bool
        Whether the outcome is 0 or 1.
    power, alpha : float
        Probability of proving the effect, and of proving one that is not there.

    Returns
    -------
    ndarray
        Customers, rounded up; NaN where there is no effect to find.

    Examples
    --------
    >>> float(control_needed(0.1, 0, 0.02, 0.5, is_share=True)), float(control_needed(0, 25, 1, 0.5, is_share=False))
    (3839.0, 393.0)
    """
    mean, variance, effect, share = (np.asarray(x, dtype=float) for x in (mean, variance, effect, control_share))
    usual = mean * (1 - mean) if is_share else variance
    changed = (mean + effect) * (1 - mean - effect) if is_share else variance
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.ceil(_square(power, alpha) * (usual + changed * share / (1 - share)) / effect**2)
    return np.where(effect > 0, found, np.nan)


def experiment_plans(
    aggregates: pd.DataFrame, *, effect_sought: float, power: float = 0.8, alpha: float = 0.05
) -> pd.DataFrame:
    """Say for each experiment and persona whether it is large enough to learn anything.

    Parameters
    ----------
    aggregates : DataFrame
        The table `campaign_aggregates`; what is read of it is known on the day before the start.
    effect_sought : float
        Gain worth finding, as a share of the usual outcome.
    power, alpha : float
        Probability of proving such a gain, and of proving one that is not there.

    Returns
    -------
    DataFrame
        One row per experiment and persona (`all` for all of them together) with the columns of `EXPERIMENT_PLANS`,
        for the outcome of the experiment.
    """
    rows: list[dict] = []
    # sums of decimal fractions depend on their order in the last digits
    outcomes = aggregates[aggregates["is_outcome"].astype(bool)].sort_values(["persona_id", "arm"], kind="stable")
    for _, own in outcomes.groupby("experiment", sort=True):
        personas = own[["persona_id", "persona"]].drop_duplicates().sort_values("persona_id")
        for key, label in [*personas.itertuples(index=False, name=None), (TOTAL, TOTAL_LABEL)]:
            of = own if key == TOTAL else own[own["persona_id"] == key]
            rows.append(_plan(of, key, label, effect_sought, power, alpha))
    return pd.DataFrame(rows, columns=list(EXPERIMENT_PLANS))


def _plan(of, key, label, effect_sought, power, alpha) -> dict:
    first = of.iloc[0]
    treated, control = (int(of.loc[of["arm"] == arm, "customers"].sum()) for arm in ("treated", "control"))
    customers = treated + control
    total, squares = (of[name].astype(float).sum(skipna=False) for name in ("before_sum", "before_squares"))
    mean = total / customers
    variance = float(covariance(customers, total, total, squares))
    is_share = first["metric"] == SHARE
    options = {"is_share": is_share, "power": power, "alpha": alpha}
    found = float(smallest_effect(mean, variance, treated, control, **options))
    # without variation in the time before nothing can be foreseen
    if not variance > 0:
        found = float("nan")
    sought = mean * effect_sought
    needed = float(control_needed(mean, variance, sought, float(first["control_share"]), **options))
    return {
        **{name: first[name] for name in ("experiment", "dataset", "segmentation", "campaign_id", "metric")},
        "persona_id": key,
        "persona": label,
        "is_total": key == TOTAL,
        "customers": customers,
        "treated": treated,
        "control": control,
        "usual_mean": mean,
        "smallest_effect": found,
        "smallest_effect_share": found / mean if mean > 0 else float("nan"),
        "effect_sought": sought,
        "control_needed": needed if variance > 0 else float("nan"),
        "verdict": _verdict(found, mean, sought, treated, control),
        "is_synthetic": bool(first["is_synthetic"]),
    }


def _verdict(found, mean, sought, treated, control) -> str:
    if not treated or not control:
        return "no comparison"
    if np.isnan(found):
        return "unknown"
    if found <= sought:
        return "large enough"
    return "only large effects" if found <= mean else "too small to learn anything"


def _square(power, alpha) -> float:
    return float((ndtri(1 - alpha / 2) + ndtri(power)) ** 2)
