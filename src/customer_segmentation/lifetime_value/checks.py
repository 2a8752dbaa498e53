"""Foretell the end of the history from what was known before it, and compare the model with rules that need none.

What a customer will bring is only known later. So the history is split: models are fitted to what was known on a day
of the past, and judged by what came after it. Nothing of the later part is used. P. Fader and B. Hardie judge models
of purchases in the same way; M. Wübben and F. von Wangenheim (2008), Instant customer base analysis: managerial
heuristics often "get it right", Journal of Marketing 72(3), find that simple rules often rank customers as well.
"""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from customer_segmentation import formatting
from customer_segmentation.lifetime_value.amounts import (
    DEPENDENT_FROM,
    correlation_with_purchases,
    expected_amount_line,
)
from customer_segmentation.lifetime_value.fits import fit_both
from customer_segmentation.lifetime_value.purchases import expected_purchases
from customer_segmentation.lifetime_value.rankings import held_shares, quintile_scores

PREDICTION_RESULTS = {
    "dataset": "varchar",
    "outcome": "varchar",
    "ranking": "varchar",
    "kind": "varchar",
    "known_until": "date",
    "judged_until": "date",
    "customers": "bigint",
    "share_held": "double",
    "share_low": "double",
    "share_high": "double",
    "lead_of_model": "double",
    "lead_low": "double",
    "lead_high": "double",
    "verdict": "varchar",
    "expected_total": "double",
    "observed_total": "double",
    "bootstraps": "integer",
    "finding": "varchar",
}
TOP = 0.1
MODEL, RULE, BASELINE, BOUND = "model", "rule", "supervised", "bound"
KINDS = {
    "lifetime_value": MODEL, "frequency": RULE, "recency": RULE, "money": RULE, "rfm": RULE, "segment": RULE,
    "supervised": BASELINE, "oracle": BOUND,
}  # fmt: skip
WORDS = {
    "frequency": "the number of purchases so far", "recency": "how recently they bought", "money": "the money so far",
    "rfm": "the sum of the RFM scores", "segment": "the mean money of their segment",
}  # fmt: skip
OUTCOMES = {"purchases": "later_purchases", "money": "later_money"}
FEATURES = ["frequency", "recency_weeks", "age_weeks", "amount"]
BEFORE, AFTER = "earlier", "known"  # values of `snapshot`


def check_predictions(inputs: pd.DataFrame, *, bootstraps: int, repeat_buyers: int, seed: int) -> pd.DataFrame:
    """Judge how well the model and simple rules find the customers who bring most later.

    Parameters
    ----------
    inputs : DataFrame
        Customers as known on two days, sorted: `dataset`, `snapshot` (`known` on the day that splits the history, or
        `earlier`, by as much as is judged), `known_until`, `judged_until`, `weeks_judged`, `frequency`,
        `recency_weeks`, `age_weeks`, `amount`, `segment` (of `known` ones, may be missing), `later_purchases` and
        `later_money`.
    bootstraps : int
        Samples of customers that intervals come from; without any, intervals and verdicts are empty.
    repeat_buyers : int
        Fewest customers with a second purchase that models are fitted to.
    seed : int
        Of the random numbers.

    Returns
    -------
    DataFrame
        With the columns of `PREDICTION_RESULTS`, one row per dataset, outcome and ranking.
    """
    rows: list[dict] = []
    for dataset, customers in inputs.groupby("dataset", sort=True):
        known = customers[customers["snapshot"] == AFTER].reset_index(drop=True)
        earlier = customers[customers["snapshot"] == BEFORE].reset_index(drop=True)
        if len(known):
            random = np.random.default_rng(seed)
            for row in _judged(known, earlier, bootstraps=bootstraps, repeat_buyers=repeat_buyers, random=random):
                rows.append({"dataset": dataset, **row})
    return pd.DataFrame(rows, columns=list(PREDICTION_RESULTS))


def model_scores(known: pd.DataFrame, *, repeat_buyers: int) -> tuple[dict[str, np.ndarray], str]:
    """Return what the model expects of customers, fitted to what was known of them.

    Parameters
    ----------
    known : DataFrame
        Customers of one dataset on one day, with the columns that `check_predictions` names.
    repeat_buyers : int
        Fewest customers with a second purchase.

    Returns
    -------
    scores : dict of str to ndarray of shape (n_customers,)
        Expected purchases and money until the end of the history; without what could not be fitted.
    reason : str
        Why something is missing; empty otherwise.
    """
    patterns = known.groupby(FEATURES[:3], as_index=False).size().rename(columns={"size": "customers"})
    fits = fit_both(patterns, known.assign(customers=1), repeat_buyers=repeat_buyers)
    scores: dict[str, np.ndarray] = {}
    of_purchases, of_amounts = fits
    frequency, recency, age, amount = (known[name].to_numpy(dtype=float) for name in FEATURES)
    if of_purchases.converged:
        weeks = float(known["weeks_judged"].iloc[0])
        scores["purchases"] = expected_purchases(of_purchases.values, frequency, recency, age, weeks)
        if of_amounts.converged:
            intercept, slope = expected_amount_line(of_amounts.values, frequency + 1)
            scores["money"] = scores["purchases"] * (intercept + slope * np.maximum(amount, 0))
    return scores, next((fit.status for fit in fits if not fit.converged), "")


def rule_scores(known: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the scores of the rules, which are the same for purchases and money.

    Parameters
    ----------
    known : DataFrame
        As for `model_scores`.

    Returns
    -------
    dict of str to ndarray of shape (n_customers,)
        Frequency, recency, money so far, sum of the three RFM scores, and, where segments are known, the mean money
        so far of the segment.
    """
    frequency, recency, age, amount = (known[name].to_numpy(dtype=float) for name in FEATURES)
    scores = {"frequency": frequency, "recency": recency - age, "money": amount * (frequency + 1)}
    scores["rfm"] = sum(quintile_scores(scores[name]) for name in ("recency", "frequency", "money"))
    if known["segment"].notna().any():
        segments = known["segment"].fillna(-1)
        scores["segment"] = pd.Series(scores["money"]).groupby(segments.to_numpy()).transform("mean").to_numpy()
    return scores


def _supervised(known: pd.DataFrame, earlier: pd.DataFrame, outcome: str) -> np.ndarray | None:
    """Learn from an earlier day and what came until the later one, and apply it to the later day."""
    if len(earlier) < 100 or not earlier[outcome].any():
        return None
    from sklearn.ensemble import HistGradientBoostingRegressor

    learner = HistGradientBoostingRegressor(max_iter=60, max_leaf_nodes=15, early_stopping=False, random_state=0)
    with threadpool_limits(limits=1):
        learner.fit(earlier[FEATURES].to_numpy(dtype=float), earlier[outcome].to_numpy(dtype=float))
        return learner.predict(known[FEATURES].to_numpy(dtype=float))


def _judged(
    known: pd.DataFrame, earlier: pd.DataFrame, *, bootstraps: int, repeat_buyers: int, random: np.random.Generator
) -> list[dict]:
    expected, reason = model_scores(known, repeat_buyers=repeat_buyers)
    rules = rule_scores(known)
    # the first sample is the customers themselves; the others weigh them at random (Rubin 1981, The Bayesian bootstrap)
    weights = np.hstack([np.ones((len(known), 1)), random.standard_exponential((len(known), bootstraps))])
    rows = []
    for outcome, column in OUTCOMES.items():
        later = known[column].to_numpy(dtype=float)
        scores = {
            "lifetime_value": expected.get(outcome),
            **rules,
            "supervised": _supervised(known, earlier, column),
            "oracle": later,
        }
        shares = {
            ranking: held_shares(values, later, weights, top=TOP)
            for ranking, values in scores.items()
            if values is not None
        }
        common = {
            "outcome": outcome,
            "known_until": known["known_until"].iloc[0],
            "judged_until": known["judged_until"].iloc[0],
            "customers": len(known),
            "bootstraps": bootstraps,
        }
        made = []
        for ranking, kind in KINDS.items():
            row = common | {"ranking": ranking, "kind": kind}
            if ranking in shares:
                row |= _measured(shares, ranking)
            if kind == MODEL or ranking in shares:
                made.append(row)
        if outcome in expected:
            made[0] |= {"expected_total": expected[outcome].sum(), "observed_total": later.sum()}
        made[0]["finding"] = _finding(made, outcome, reason)
        if outcome == "money" and outcome in expected:
            made[0]["finding"] += _doubt(known)
        rows.extend(made)
    return rows


def _measured(shares: dict[str, np.ndarray], ranking: str) -> dict:
    """Return the share that a ranking holds, and how far the model leads it."""
    own = shares[ranking]
    row: dict = {"share_held": own[0]}
    low_and_high = [0.025, 0.975]
    if len(own) > 1:
        row["share_low"], row["share_high"] = np.quantile(own[1:], low_and_high)
    if ranking == "lifetime_value" or "lifetime_value" not in shares:
        return row
    lead = shares["lifetime_value"] - own
    row["lead_of_model"] = lead[0]
    if len(own) > 1:
        row["lead_low"], row["lead_high"] = low, high = np.quantile(lead[1:], low_and_high)
        row["verdict"] = "holds less" if low > 0 else "holds more" if high < 0 else "as good"
    return row


def _doubt(known: pd.DataFrame) -> str:
    """Say that the model of amounts assumes what does not hold; empty where it does."""
    correlation, _, _ = correlation_with_purchases(known.assign(customers=1))
    if not abs(correlation) >= DEPENDENT_FROM:
        return ""
    more = "more" if correlation > 0 else "less"
    return (
        f" But customers who buy more often pay {more} per purchase (correlation {correlation:.2f}), and the model "
        "assumes that they do not, so the expected amounts may be off."
    )


def _finding(rows: list[dict], outcome: str, reason: str) -> str:
    """Say in sentences what the rows of one outcome show."""
    model = rows[0]
    held = model.get("share_held")
    if held is None:
        return f"The prediction of {outcome} could not be checked: {reason}."
    if np.isnan(held):
        return f"The prediction of {outcome} could not be checked: none came after {model['known_until']:%Y-%m-%d}."
    interval = ""
    if "share_low" in model:
        low, high = formatting.percent(model["share_low"]), formatting.percent(model["share_high"])
        interval = f" (95 % interval {low} to {high})"
    expected = (
        f"The tenth of the customers of whom the model expected most brought {formatting.percent(held)}{interval}"
    )
    rules = [row for row in rows if row["kind"] == RULE]
    best = max(rules, key=lambda row: row["share_held"])
    by_rule = f"by {WORDS[best['ranking']]} it is {formatting.percent(best['share_held'])}"
    finding = f"{expected} of the later {outcome}; {by_rule}."
    verdicts = {
        "as good": "The simple rule does as well.",
        "holds more": "The simple rule does better.",
        "holds less": "The model does better than every simple rule.",
    }
    return f"{finding} {verdicts[best['verdict']]}" if "verdict" in best else finding
