"""The table of measured effects: for every persona what a campaign changed, how sure that is, and a sentence."""

import numpy as np
import pandas as pd

from customer_segmentation.experiments.comparison import (
    Arm,
    Difference,
    adjusted_difference,
    anytime_reach,
    difference_of_means,
    difference_of_ratios,
    difference_of_shares,
    holm,
    sample_ratio_p_value,
    shrunk,
)
from customer_segmentation.experiments.sentences import COUNT, MONEY, NO_RESULT, RATIO, SHARE, effect_sentence
from customer_segmentation.formatting import count, in_words

CAMPAIGN_EFFECTS = {
    "experiment": "varchar",
    "dataset": "varchar",
    "segmentation": "varchar",
    "campaign_id": "varchar",
    "persona_id": "varchar",
    "persona": "varchar",
    "is_total": "boolean",
    "metric": "varchar",
    "is_outcome": "boolean",
    "treated": "bigint",
    "control": "bigint",
    "treated_mean": "double",
    "control_mean": "double",
    "method": "varchar",
    "effect": "double",
    "effect_low": "double",
    "effect_high": "double",
    "p_value": "double",
    "adjusted_p_value": "double",
    "raw_effect": "double",
    "raw_low": "double",
    "raw_high": "double",
    "cuped_effect": "double",
    "cuped_low": "double",
    "cuped_high": "double",
    "anytime_low": "double",
    "anytime_high": "double",
    "shrunk_effect": "double",
    "shrunk_low": "double",
    "shrunk_high": "double",
    "interaction_p_value": "double",
    "sample_ratio_p_value": "double",
    "is_valid": "boolean",
    "is_complete": "boolean",
    "results_until": "date",
    "is_proven": "boolean",
    "verdict": "varchar",
    "reason": "varchar",
    "sentence": "varchar",
    "is_synthetic": "boolean",
}

TOTAL, TOTAL_LABEL = "all", "All personas"
METRICS = (SHARE, COUNT, MONEY, RATIO)
# Fabijan et al. 2019: so small that among a thousand sound experiments one is stopped
INVALID_RATIO = 0.001

SUMS = ("customers", "outcome_sum", "outcome_squares", "before_sum", "before_squares", "product_sum")
ARMS = ("treated", "control")
PRODUCT = "purchases_money_product"
OF_EXPERIMENT = ("dataset", "segmentation", "campaign_id", "control_share", "starts_on", "ends_on", "results_until")


def campaign_effects(aggregates: pd.DataFrame, *, currency: str, alpha: float = 0.05) -> pd.DataFrame:
    """Estimate what each campaign changed, for each persona and for all of them.

    Parameters
    ----------
    aggregates : DataFrame
        The table `campaign_aggregates`: one row per experiment, persona, arm (`treated`, `control`) and metric
        (`bought`, `purchases`, `money`, and the outcome of the experiment if it is another).
    currency : str
        Unit of money in sentences.
    alpha : float
        Probability of missing the truth; of calling anything proven in an experiment without any effect.

    Returns
    -------
    DataFrame
        One row per experiment, persona (`all` for all of them together) and metric, with the columns of
        `CAMPAIGN_EFFECTS`. Shares are compared as they are, amounts after subtracting what the time before predicts,
        where it is known and differs between the customers of the persona; which one counts is settled before anybody
        sees a result. Until the window is over, the interval that counts is the one that may be looked at every day.
    """
    rows: list[dict] = []
    # sums of decimal fractions depend on their order in the last digits
    aggregates = aggregates.sort_values(["persona_id", "arm", "metric"], kind="stable")
    for _, own in aggregates.groupby("experiment", sort=True):
        rows += _effects_of_experiment(own, currency, alpha)
    return pd.DataFrame(rows, columns=list(CAMPAIGN_EFFECTS))


def _effects_of_experiment(own: pd.DataFrame, currency: str, alpha: float) -> list[dict]:
    personas = own[["persona_id", "persona"]].drop_duplicates().sort_values("persona_id").to_numpy().tolist()
    keys = [key for key, _ in personas]
    columns = _columns(own, keys)
    arms = {place: Arm(*(sums[name] for name in SUMS)) for place, sums in columns.items()}
    products = {arm: columns[MONEY, arm][PRODUCT] for arm in ARMS}
    # results of an outcome that is no purchase may reach to another day
    firsts = {metric: rows.iloc[0] for metric, rows in own.groupby("metric")}
    sizes = [arms[SHARE, arm].customers for arm in ARMS]
    first = own.iloc[0]
    ratio = sample_ratio_p_value(sizes[0][-1], sizes[1][-1], float(first["control_share"]))
    # one persona is the total, so nothing is compared twice
    family = len(keys) + 1 if len(keys) > 1 else 1
    outcome = own.loc[own["is_outcome"].astype(bool), "metric"].iloc[0]

    rows = []
    for metric in dict.fromkeys([*METRICS, outcome]):
        of_metric = firsts[MONEY if metric == RATIO else metric]
        common = {
            **{name: of_metric[name] for name in OF_EXPERIMENT if name in CAMPAIGN_EFFECTS},
            "experiment": first["experiment"],
            "sample_ratio_p_value": ratio,
            "is_valid": not ratio < INVALID_RATIO,
            "is_complete": bool(of_metric["is_complete"]),
            "is_synthetic": bool(first["is_synthetic"]),
        }
        passed = _share_passed(of_metric)
        raw, cuped = _differences(metric, arms, products, alpha)
        adjusts = (
            np.isfinite(cuped.effect) if cuped is not None and metric != SHARE else np.zeros(raw.effect.shape, bool)
        )
        counted = Difference(*(np.where(adjusts, *pair) for pair in zip(cuped or raw, raw, strict=True)))
        reasons = [_reason(metric, arms, place, passed) for place in range(len(keys) + 1)]
        known = np.array([reason is None for reason in reasons])
        p_values = np.where(known, counted.p_value, np.nan)
        adjusted = holm(p_values if family > 1 else p_values[:1])
        adjusted = adjusted if family > 1 else np.repeat(adjusted, len(reasons))
        reach = anytime_reach(passed, alpha) * counted.standard_error if passed else np.full(known.shape, np.nan)
        strict = anytime_reach(passed, alpha / family) * counted.standard_error if passed else reach
        drawn = shrunk(
            np.where(known, counted.effect, np.nan)[:-1], np.where(known, counted.standard_error, np.nan)[:-1], alpha
        )
        for place, (key, label) in enumerate([*personas, (TOTAL, TOTAL_LABEL)]):
            is_total = place == len(keys)
            shown = {
                name: float(values[place]) if known[place] else np.nan
                for name, values in {
                    "effect": counted.effect,
                    "effect_low": counted.low if common["is_complete"] else counted.effect - reach,
                    "effect_high": counted.high if common["is_complete"] else counted.effect + reach,
                    "p_value": counted.p_value,
                    "adjusted_p_value": adjusted,
                    "raw_effect": raw.effect,
                    "raw_low": raw.low,
                    "raw_high": raw.high,
                    **(
                        {"cuped_effect": cuped.effect, "cuped_low": cuped.low, "cuped_high": cuped.high}
                        if cuped is not None
                        else {}
                    ),
                    "anytime_low": counted.effect - reach,
                    "anytime_high": counted.effect + reach,
                }.items()
            }
            excludes_zero = (
                adjusted[place] < alpha if common["is_complete"] else bool(abs(counted.effect[place]) > strict[place])
            )
            is_proven = bool(known[place] and excludes_zero and common["is_valid"] and metric == outcome)
            row = {
                **common,
                "persona_id": key,
                "persona": label,
                "is_total": is_total,
                "metric": metric,
                "is_outcome": metric == outcome,
                "treated": int(sizes[0][place]),
                "control": int(sizes[1][place]),
                **_means(metric, arms, place, passed),
                "method": _method(metric, adjusts[place]) if known[place] else None,
                **shown,
                **(
                    {}
                    if is_total
                    else {
                        "shrunk_effect": drawn.effect[place],
                        "shrunk_low": drawn.low[place],
                        "shrunk_high": drawn.high[place],
                    }
                ),
                "interaction_p_value": drawn.interaction_p_value if is_total else np.nan,
                "is_proven": is_proven,
                "reason": reasons[place],
            }
            row["verdict"] = _verdict(row)
            row["sentence"] = effect_sentence(row, currency, count(family))
            rows.append(row)
    return rows


def _columns(own, keys) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """Return the sums of each metric and arm for each persona and, last, for all of them; NaN stays unknown.

    An arm without customers of a persona has no row and adds nothing.
    """
    names = [*SUMS, PRODUCT]
    metrics = {SHARE, COUNT, MONEY, *own["metric"]}
    sums = {(metric, arm): np.zeros((len(keys) + 1, len(names))) for metric in metrics for arm in ARMS}
    places = {key: place for place, key in enumerate(keys)}
    values = own[names].astype(float).to_numpy()
    for row, (key, arm, metric) in zip(values, own[["persona_id", "arm", "metric"]].to_numpy(), strict=True):
        sums[metric, arm][[places[key], -1]] += row
    return {place: dict(zip(names, table.T, strict=True)) for place, table in sums.items()}


def _share_passed(first) -> float:
    """Return the share of the window that has results, 0 without any."""
    if pd.isna(first["results_until"]):
        return 0.0
    start, end, until = (pd.Timestamp(first[name]) for name in ("starts_on", "ends_on", "results_until"))
    return float(np.clip(((until - start).days + 1) / ((end - start).days + 1), 0, 1))


def _differences(metric, arms, products, alpha) -> tuple[Difference, Difference | None]:
    with np.errstate(divide="ignore", invalid="ignore"):
        if metric == RATIO:
            treated, control = ((arms[MONEY, arm], arms[COUNT, arm], products[arm]) for arm in ARMS)
            return difference_of_ratios(treated, control, alpha), None
        one, other = arms[metric, "treated"], arms[metric, "control"]
        compare = difference_of_shares if metric == SHARE else difference_of_means
        return compare(one, other, alpha), adjusted_difference(one, other, alpha)


def _method(metric, adjusts) -> str:
    return {SHARE: "Newcombe", RATIO: "delta method"}.get(metric, "CUPED" if adjusts else "Welch")


def _means(metric, arms, place, passed) -> dict[str, float]:
    found = {}
    for arm in ARMS:
        of = arms[MONEY if metric == RATIO else metric, arm]
        per = arms[COUNT, arm].total[place] if metric == RATIO else of.customers[place]
        found[f"{arm}_mean"] = float(of.total[place] / per) if per > 0 and passed else np.nan
    return found


def _reason(metric, arms, place, passed) -> str | None:
    """Say why nothing can be compared; None where something can."""
    treated, control = (arms[MONEY if metric == RATIO else metric, arm] for arm in ARMS)
    sizes = [int(arm.customers[place]) for arm in (treated, control)]
    for size, arm in zip(sizes, ARMS, strict=True):
        if size == 0:
            return "no customer was treated" if arm == "treated" else "there is no control"
    if not passed:
        return "there are no results yet"
    for size, arm in zip(sizes, ARMS, strict=True):
        if size == 1:
            return f"one customer alone is {'treated' if arm == 'treated' else 'in the control'}"
    if not treated.squares[place] and not control.squares[place]:
        return "no customer bought in either arm" if metric in METRICS else NO_RESULT.format(outcome=in_words(metric))
    if metric == RATIO:
        for arm in ARMS:
            if not arms[COUNT, arm].total[place]:
                return f"no customer bought in the {'treated arm' if arm == 'treated' else 'control'}"
    elif not treated.variance[place] and not control.variance[place] and treated.mean[place] == control.mean[place]:
        return "all customers have the same result"
    elif metric != SHARE and not (treated.variance[place] and control.variance[place]):
        return "all customers of one arm have the same result, so chance cannot be measured"
    return None


def _verdict(row) -> str:
    if row["reason"] is not None:
        return "no comparison"
    if not row["is_valid"]:
        return "invalid"
    if not row["is_outcome"]:
        return "not the outcome"
    if not row["is_proven"]:
        return "not proven"
    return "gain proven" if row["effect"] > 0 else "loss proven"
