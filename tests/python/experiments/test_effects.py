"""The table of effects: what is proven, what is not, and what is said where nothing can be compared."""

import numpy as np
import pandas as pd
import pytest

from customer_segmentation import language
from customer_segmentation.experiments.effects import CAMPAIGN_EFFECTS, campaign_effects
from customer_segmentation.experiments.sentences import published_sentence

PERSONAS = {"one": "Ones", "two": "Twos", "three": "Threes"}


def rows_of(experiment, persona, arm, purchases, money, before_money=None, **changes) -> list[dict]:
    """Add up the customers of a persona and an arm as the table of aggregates does."""
    found = []
    before_money = np.zeros(len(money)) if before_money is None else before_money
    for metric, outcome in {"bought": purchases > 0, "purchases": purchases, "money": money}.items():
        outcome = outcome.astype(float)
        before = before_money if metric == "money" else np.zeros(len(outcome))
        found.append(
            {
                "experiment": experiment,
                "dataset": "shop",
                "segmentation": "shop_personas",
                "campaign_id": "letter",
                "persona_id": persona,
                "persona": PERSONAS.get(persona, persona),
                "arm": arm,
                "metric": metric,
                "customers": len(outcome),
                "outcome_sum": outcome.sum(),
                "outcome_squares": (outcome**2).sum(),
                "before_sum": before.sum(),
                "before_squares": (before**2).sum(),
                "product_sum": (outcome * before).sum(),
                "purchases_money_product": (purchases * money).sum() if metric == "money" else None,
                "is_outcome": metric == "money",
                "control_share": 0.5,
                "starts_on": pd.Timestamp("2025-01-01"),
                "ends_on": pd.Timestamp("2025-01-30"),
                "results_until": pd.Timestamp("2025-01-30"),
                "is_complete": True,
                "is_synthetic": True,
                **changes,
            }
        )
    return found


def drawn(generator, lifts=(0, 0, 0), customers=150, experiment="e", **changes) -> list[dict]:
    found = []
    for persona, lift in zip(PERSONAS, lifts, strict=True):
        for arm in ("treated", "control"):
            before = generator.exponential(10, customers)
            purchases = generator.poisson(before / 10 + 0.2)
            money = purchases * generator.exponential(10, customers) + (lift if arm == "treated" else 0) * (
                purchases > 0
            )
            found += rows_of(experiment, persona, arm, purchases, money, before, **changes)
    return found


def effects_of(rows, **options) -> dict[tuple, dict]:
    table = campaign_effects(pd.DataFrame(rows), currency="$", **options)
    assert list(table.columns) == list(CAMPAIGN_EFFECTS)
    return {(row["persona_id"], row["metric"]): row for row in table.to_dict("records")}


def test_a_gain_and_a_loss_are_proven_and_nothing_else():
    found = effects_of(drawn(np.random.default_rng(1), lifts=(15, 0, -12), customers=900))
    assert {key: row["verdict"] for key, row in found.items() if key[1] == "money"} == {
        ("one", "money"): "gain proven",
        ("two", "money"): "not proven",
        ("three", "money"): "loss proven",
        ("all", "money"): "not proven",
    }
    assert {row["verdict"] for (_, metric), row in found.items() if metric != "money"} == {"not the outcome"}
    assert found["all", "money"]["interaction_p_value"] < 0.001
    gain = found["one", "money"]
    assert gain["sentence"] == (
        f"Gain proven for Ones: between ${gain['effect_low']:.2f} and ${gain['effect_high']:.2f} each."
    )
    assert found["two", "money"]["sentence"].startswith("No effect proven for Twos: between \N{MINUS SIGN}$")
    assert (gain["method"], found["one", "bought"]["method"]) == ("CUPED", "Newcombe")
    assert gain["effect"] == gain["cuped_effect"] != gain["raw_effect"]
    assert gain["cuped_high"] - gain["cuped_low"] < gain["raw_high"] - gain["raw_low"]
    assert abs(gain["shrunk_effect"]) < abs(gain["effect"])
    assert found["all", "money"]["sentence"].startswith("No effect proven for all personas together: between")


def test_the_total_is_that_of_all_customers():
    found = effects_of(drawn(np.random.default_rng(2)))
    assert found["all", "money"]["treated"] == 450
    assert found["all", "bought"]["treated_mean"] == pytest.approx(
        np.mean([found[persona, "bought"]["treated_mean"] for persona in PERSONAS])
    )


def test_campaigns_without_effect_prove_one_in_one_experiment_of_twenty_at_most():
    generator = np.random.default_rng(6)
    rows = [row for number in range(120) for row in drawn(generator, experiment=f"e{number:03}", customers=60)]
    table = campaign_effects(pd.DataFrame(rows), currency="$")
    assert table["experiment"].nunique() == 120
    assert table.groupby("experiment")["is_proven"].any().mean() <= 0.05
    # and the intervals alone would prove more
    alone = table[table["is_outcome"] & ~table["effect_low"].le(0).eq(table["effect_high"].ge(0))]
    assert alone["experiment"].nunique() / 120 > 0.08


def test_what_counts_alone_and_not_among_several_is_said():
    found = effects_of(drawn(np.random.default_rng(1), lifts=(1.2, 0, 0), customers=400))["one", "money"]
    assert found["p_value"] < 0.05 < found["adjusted_p_value"]
    assert not found["is_proven"]
    assert found["sentence"].endswith("each, which is not enough among four comparisons.")


def test_pages_tell_a_row_in_their_language_as_the_table_does_in_english(monkeypatch):
    rows = drawn(np.random.default_rng(1), lifts=(1.2, 0, -12), customers=400)
    told = campaign_effects(pd.DataFrame(rows), currency="$").to_dict("records")
    assert [published_sentence(row, None) for row in told] == [row["sentence"] for row in told]
    monkeypatch.setattr(language, "_used", language.Language("xx"))  # without any translation
    assert [published_sentence(row, "$") for row in told] == [row["sentence"] for row in told]
    texts = {"No effect proven for {who}": "Nichts bei {who}", "four": "vier"}
    monkeypatch.setattr(language, "_used", language.Language("xx", ",", ".", texts))
    (few,) = (published_sentence(row, "$") for row in told if "not enough" in row["sentence"])
    assert few.startswith("Nichts bei all personas together: between \N{MINUS SIGN}$3,")
    assert few.endswith("among vier comparisons.")


def test_before_the_end_only_the_wider_interval_counts():
    rows = drawn(np.random.default_rng(1), lifts=(6, 0, 0), customers=300)
    complete = effects_of(rows)["one", "money"]
    early = {"is_complete": False, "results_until": pd.Timestamp("2025-01-10")}
    running = effects_of([{**row, **early} for row in rows])["one", "money"]
    assert complete["is_proven"]
    assert not running["is_proven"]
    assert running["effect_low"] == running["anytime_low"] < complete["effect_low"]
    assert "Ones so far: between" in running["sentence"]
    huge = drawn(np.random.default_rng(1), lifts=(50, 0, 0), customers=400, **early)
    assert effects_of(huge)["one", "money"]["is_proven"]


def test_arms_of_other_sizes_than_planned_prove_nothing():
    rows = drawn(np.random.default_rng(1), lifts=(12, 0, 0), customers=600, control_share=0.4)
    found = effects_of(rows)["one", "money"]
    assert (found["verdict"], found["is_proven"], found["is_valid"]) == ("invalid", False, False)
    assert found["sample_ratio_p_value"] < 0.001
    assert found["sentence"].startswith("No conclusion for Ones: the sizes of the arms are not those planned")


NONE = np.zeros(0)


@pytest.mark.parametrize(
    ("treated", "control", "changes", "reason"),
    [
        ([1, 2, 0], [], {}, "there is no control"),
        ([], [1, 2, 0], {}, "no customer was treated"),
        ([1], [1, 2, 0], {}, "one customer alone is treated"),
        ([1, 2, 0], [4], {}, "one customer alone is in the control"),
        ([0, 0, 0], [0, 0], {}, "no customer bought in either arm"),
        ([2, 2, 2], [2, 2], {}, "all customers have the same result"),
        ([2, 2, 2], [2, 1], {}, "all customers of one arm have the same result, so chance cannot be measured"),
        ([1, 2, 0], [0, 1], {"results_until": None, "is_complete": False}, "there are no results yet"),
    ],
)
def test_where_nothing_can_be_compared_the_reason_is_given(treated, control, changes, reason):
    rows = [
        row
        for arm, values in (("treated", treated), ("control", control))
        for row in rows_of("e", "one", arm, np.array(values, dtype=float), np.array(values, dtype=float), **changes)
    ]
    found = effects_of(rows)["one", "money"]
    assert (found["reason"], found["verdict"], found["is_proven"]) == (reason, "no comparison", False)
    assert np.isnan([found[name] for name in ("effect", "effect_low", "effect_high", "p_value")]).all()
    assert found["sentence"] == f"No comparison for Ones: {reason}."


def test_one_persona_is_compared_once_and_a_returned_purchase_may_leave_a_loss():
    generator = np.random.default_rng(1)
    rows = [
        row
        for arm, shift in (("treated", -5.0), ("control", 0.0))
        for row in rows_of("e", "one", arm, np.ones(200), generator.normal(1, 4, 200) + shift)
    ]
    found = effects_of(rows)
    assert found["one", "money"]["adjusted_p_value"] == found["one", "money"]["p_value"]
    assert found["one", "money"]["verdict"] == found["all", "money"]["verdict"] == "loss proven"
    assert found["one", "money"]["method"] == "Welch"


def with_visits(rows, *, lift, is_complete=True) -> list[dict]:
    """Give an experiment the outcome `store_visits` beside what customers buy; there is no time before it."""
    generator = np.random.default_rng(5)
    unknown = dict.fromkeys(("before_sum", "before_squares", "product_sum", "purchases_money_product"))
    changes = {"metric": "store_visits", "is_outcome": True, "is_complete": is_complete} | unknown
    found = [{**row, "is_outcome": False} for row in rows]
    for row in [row for row in rows if row["metric"] == "money"]:
        visits = generator.poisson(2 + (lift if row["arm"] == "treated" else 0), row["customers"]).astype(float)
        found.append({**row, **changes, "outcome_sum": visits.sum(), "outcome_squares": (visits**2).sum()})
    return found


def test_an_outcome_that_is_no_purchase_is_proven_in_its_own_unit():
    found = effects_of(with_visits(drawn(np.random.default_rng(1), lifts=(15, 0, 0), customers=400), lift=0.8))
    gain = found["one", "store_visits"]
    assert (gain["verdict"], gain["method"], gain["is_outcome"]) == ("gain proven", "Welch", True)
    assert gain["effect_low"] < 0.8 < gain["effect_high"]
    assert gain["sentence"] == (
        f"Gain proven for Ones: between {gain['effect_low']:.2f} and {gain['effect_high']:.2f} store visits each."
    )
    assert np.isnan(gain["cuped_effect"])
    # large as it is, the gain of money is not what the experiment was set up to prove
    assert found["one", "money"]["verdict"] == "not the outcome"
    assert "$" in found["one", "money"]["sentence"]
    assert [metric for persona, metric in found if persona == "one"] == [
        "bought", "purchases", "money", "money_per_purchase", "store_visits",
    ]  # fmt: skip


def test_each_metric_says_how_far_its_results_reach():
    early = {"results_until": pd.Timestamp("2025-01-10")}
    rows = with_visits(drawn(np.random.default_rng(1)), lift=0.8, is_complete=False)
    found = effects_of([row | early if row["metric"] == "store_visits" else row for row in rows])
    assert {metric: row["is_complete"] for (persona, metric), row in found.items() if persona == "all"} == {
        "bought": True, "purchases": True, "money": True, "money_per_purchase": True, "store_visits": False,
    }  # fmt: skip
    assert found["one", "store_visits"]["results_until"] == early["results_until"]
    assert "so far" in found["one", "store_visits"]["sentence"]
    none = [row | {"outcome_sum": 0.0, "outcome_squares": 0.0} for row in rows if row["metric"] == "store_visits"]
    found = effects_of([row for row in rows if row["metric"] != "store_visits"] + none)
    assert found["one", "store_visits"]["reason"] == "no customer has any store visits in either arm"


def test_the_order_of_the_rows_changes_no_digit():
    rows = drawn(np.random.default_rng(1), lifts=(15, 0, -12))
    expected = campaign_effects(pd.DataFrame(rows), currency="$")
    shuffled = campaign_effects(pd.DataFrame(rows).sample(frac=1, random_state=3), currency="$")
    pd.testing.assert_frame_equal(shuffled, expected, check_exact=True)


def test_no_experiments_have_no_effects():
    rows = drawn(np.random.default_rng(1))
    assert campaign_effects(pd.DataFrame(rows)[:0], currency="$").empty


def test_a_persona_whose_customers_were_all_alike_before_is_compared_without_an_adjustment():
    rows = drawn(np.random.default_rng(1), lifts=(15, 0, -12), customers=900)
    for row in rows:
        if row["persona_id"] == "two":
            row.update(before_sum=0.0, before_squares=0.0, product_sum=0.0)
    found = effects_of(rows)
    assert [found[persona, "money"]["method"] for persona in (*PERSONAS, "all")] == ["CUPED", "Welch", "CUPED", "CUPED"]
    alike = found["two", "money"]
    assert (alike["effect"], alike["effect_low"], alike["effect_high"]) == (
        alike["raw_effect"],
        alike["raw_low"],
        alike["raw_high"],
    )
    assert alike["verdict"] == "not proven"
    assert np.isfinite([alike["shrunk_effect"], alike["p_value"], alike["anytime_low"]]).all()
    assert "nan" not in alike["sentence"]


def test_a_segment_without_a_persona_is_quoted():
    rows = drawn(np.random.default_rng(1))
    for row in rows:
        if row["persona_id"] == "one":
            row.update(persona_id="shop_personas:1", persona="Buys often, spends much")
    sentence = effects_of(rows)["shop_personas:1", "money"]["sentence"]
    assert sentence.startswith("No effect proven for “Buys often, spends much”: between ")
