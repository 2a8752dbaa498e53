"""How to divide the next budget over what was measured: campaigns without a proven gain get nothing but a trial."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

BUDGET_PLAN = {
    "dataset": "varchar",
    "experiment": "varchar",
    "segmentation": "varchar",
    "campaign_id": "varchar",
    "persona_id": "varchar",
    "persona": "varchar",
    "customers": "bigint",
    "measured_effect": "double",
    "measured_low": "double",
    "measured_high": "double",
    "shrunk_effect": "double",
    "is_proven": "boolean",
    "assumed_cost": "double",
    "assumed_margin_share": "double",
    "expected_profit": "double",
    "linear_budget": "double",
    "linear_customers": "bigint",
    "concave_budget": "double",
    "trial_budget": "double",
    "reason": "varchar",
    "is_synthetic": "boolean",
}

NOT_PROVEN = "no effect is proven"


def linear_allocation(gains: ArrayLike, caps: ArrayLike, budget: float) -> np.ndarray:
    """Divide a budget where each unit of money brings the same until everybody is reached.

    Parameters
    ----------
    gains : array-like, shape (n_uses,)
        What one unit of money brings.
    caps : array-like, shape (n_uses,)
        Money that reaches everybody.
    budget : float
        Money to spend.

    Returns
    -------
    ndarray, shape (n_uses,)
        The best use first, then the next; nothing for a use that brings less than it costs. This greedy rule solves the
        continuous knapsack problem exactly: G. B. Dantzig (1957), Discrete-variable extremum problems.

    Examples
    --------
    >>> linear_allocation([1.5, 3.0, 0.9], [100, 50, 100], 80).tolist()
    [30.0, 50.0, 0.0]
    """
    gains, caps = np.asarray(gains, dtype=float), np.asarray(caps, dtype=float)
    spent = np.zeros(gains.shape)
    left = float(budget)
    for place in np.argsort(-gains, kind="stable"):
        if gains[place] > 1:
            spent[place] = min(caps[place], left)
            left -= spent[place]
    return spent


def concave_allocation(scales: ArrayLike, caps: ArrayLike, budget: float) -> np.ndarray:
    """Divide a budget where each further unit of money brings less: a use returns its scale times the root of it.

    Parameters
    ----------
    scales : array-like, shape (n_uses,)
        The a of a sqrt(b).
    caps : array-like, shape (n_uses,)
        Money that reaches everybody.
    budget : float
        Money to spend.

    Returns
    -------
    ndarray, shape (n_uses,)
        Shares of the budget in proportion to the squares of the scales, where equal marginal returns put them; what is
        above a cap goes to the others. Beyond a^2 / 4 a unit of money brings less than itself, so that much is left.

    Examples
    --------
    >>> concave_allocation([20, 10], [1000, 1000], 50).tolist(), concave_allocation([20, 10], [30, 1000], 50).tolist()
    ([40.0, 10.0], [30.0, 20.0])
    """
    squares = np.maximum(np.asarray(scales, dtype=float), 0) ** 2
    most = np.minimum(np.asarray(caps, dtype=float), squares / 4)
    spent = np.zeros(squares.shape)
    free = most > 0
    while free.any():
        wanted = (budget - spent[~free].sum()) * squares / squares[free].sum()
        full = free & (wanted >= most)
        if not full.any():
            spent[free] = wanted[free]
            break
        spent[full] = most[full]
        free &= ~full
    return spent


def budget_plan(
    effects: pd.DataFrame,
    costs: pd.DataFrame,
    margins: pd.DataFrame,
    *,
    budget: float,
    trial_share: float,
) -> pd.DataFrame:
    """Divide the next budget of each dataset over the campaigns that were measured on its personas.

    Parameters
    ----------
    effects : DataFrame
        The table `campaign_effects`.
    costs : DataFrame
        `campaign_id`, and `cost_per_contact`, what it costs to reach a customer.
    margins : DataFrame
        `dataset` and `margin_share`, the part of money taken in that is left after the goods are paid.
    budget : float
        Money to spend in each dataset.
    trial_share : float
        Share of the budget for what is not proven and could still be a gain, so that it can be measured again.

    Returns
    -------
    DataFrame
        One row per experiment and persona with the columns of `BUDGET_PLAN`. Only complete and valid experiments whose
        outcome is money count. What is divided is the shrunk effect: the largest of several estimates is on average too
        large.
    """
    counted = effects[(effects["metric"] == "money") & ~effects["is_total"].astype(bool)]
    counted = counted.merge(costs[["campaign_id", "cost_per_contact"]], on="campaign_id", how="left")
    counted = counted.merge(margins[["dataset", "margin_share"]], on="dataset", how="left")
    counted = counted.sort_values(["dataset", "experiment", "persona_id"], ignore_index=True)
    plans = [_plan(own.reset_index(drop=True), budget, trial_share) for _, own in counted.groupby("dataset", sort=True)]
    return pd.concat(plans, ignore_index=True) if plans else pd.DataFrame(columns=list(BUDGET_PLAN))


def _plan(own: pd.DataFrame, budget, trial_share) -> pd.DataFrame:
    cost, margin = own["cost_per_contact"].astype(float), own["margin_share"].astype(float)
    customers = (own["treated"] + own["control"]).astype(float)
    # one persona alone has nothing to be drawn towards
    effect = own["shrunk_effect"].astype(float).fillna(own["effect"].astype(float))
    profit = effect * margin - cost
    caps = (customers * cost).fillna(0)
    reasons = [_reason(row, gain) for row, gain in zip(own.to_dict("records"), profit, strict=True)]
    funded = np.array([reason is None for reason in reasons])
    # worth another trial where the interval reaches what would pay
    could_pay = own["effect_high"].astype(float) * margin > cost
    tried = np.array([reason == NOT_PROVEN for reason in reasons]) & could_pay.to_numpy()

    trial = trial_share * budget if tried.any() else 0.0
    for_trials = np.where(tried, caps, 0.0)
    trials = for_trials * min(1.0, trial / for_trials.sum()) if for_trials.sum() else for_trials
    rest = budget - trials.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        gains = np.where(funded, effect * margin / cost, 0.0)
        # the curve that reaches the measured effect where everybody is contacted
        scales = np.where(funded & (caps > 0), effect * margin * customers / np.sqrt(caps), 0.0)
    linear = linear_allocation(np.nan_to_num(gains), caps, rest)
    with np.errstate(divide="ignore", invalid="ignore"):
        # what costs nothing reaches everybody
        reached = np.where(cost > 0, np.floor(linear / cost + 1e-9), np.where(funded, customers, 0.0))
    return pd.DataFrame(
        {
            **{
                name: own[name]
                for name in ("dataset", "experiment", "segmentation", "campaign_id", "persona_id", "persona")
            },
            "customers": customers.astype("int64"),
            "measured_effect": own["effect"],
            "measured_low": own["effect_low"],
            "measured_high": own["effect_high"],
            "shrunk_effect": own["shrunk_effect"],
            "is_proven": own["is_proven"],
            "assumed_cost": cost,
            "assumed_margin_share": margin,
            "expected_profit": profit,
            "linear_budget": linear,
            "linear_customers": reached.astype("int64"),
            "concave_budget": concave_allocation(np.nan_to_num(scales), caps, rest),
            "trial_budget": trials,
            "reason": reasons,
            "is_synthetic": own["is_synthetic"],
        },
        columns=list(BUDGET_PLAN),
    )


def _reason(row, profit) -> str | None:
    """Say why a persona gets nothing; None where it gets what is there."""
    if not row["is_outcome"]:
        return "the experiment was not set up to measure money"
    if isinstance(row["reason"], str):
        return row["reason"]
    if not row["is_valid"]:
        return "the experiment is not valid"
    if not row["is_complete"]:
        return "the experiment is still running"
    if not row["is_proven"]:
        return NOT_PROVEN
    if row["effect"] <= 0:
        return "the campaign does harm"
    if np.isnan(profit):
        return "the seed margins has no row for the dataset"
    return None if profit > 0 else "it costs more than it brings"
