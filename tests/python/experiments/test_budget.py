"""Budgets against closed forms, and what gets nothing."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from customer_segmentation.experiments.budget import (
    BUDGET_PLAN,
    NOT_PROVEN,
    budget_plan,
    concave_allocation,
    linear_allocation,
)


def test_the_greedy_budget_is_the_best_of_all_linear_ones():
    generator = np.random.default_rng(2)
    for _ in range(20):
        gains, caps, budget = generator.uniform(0.5, 4, 6), generator.uniform(10, 100, 6), generator.uniform(10, 500)
        found = linear_allocation(gains, caps, budget)
        best = linprog(1 - gains, A_ub=[np.ones(6)], b_ub=[budget], bounds=[(0, cap) for cap in caps])
        assert ((gains - 1) * found).sum() == pytest.approx(-best.fun)
        assert found.sum() <= budget + 1e-9


def test_the_concave_budget_is_that_of_the_closed_form():
    scales = np.array([3.0, 4.0, 12.0])
    # B a^2 / sum of a^2, as long as no use is full
    np.testing.assert_allclose(concave_allocation(scales, [1e9] * 3, 1.69), [0.09, 0.16, 1.44])
    # with money for all, each use gets a^2 / 4, where one more unit brings just itself
    np.testing.assert_allclose(concave_allocation(scales, [1e9] * 3, 1e6), scales**2 / 4)


def test_no_other_division_returns_more():
    generator = np.random.default_rng(3)
    for _ in range(20):
        scales, caps = generator.uniform(1, 30, 4), generator.uniform(5, 60, 4)
        budget = generator.uniform(5, 60)
        found = concave_allocation(scales, caps, budget)
        assert (found <= caps + 1e-9).all()
        assert found.sum() <= budget + 1e-9
        best = (scales * np.sqrt(found) - found).sum()
        others = np.minimum(generator.dirichlet(np.ones(4), 200) * budget, caps)
        assert ((scales * np.sqrt(others) - others).sum(axis=1) <= best + 1e-9).all()


EFFECT = {
    "dataset": "shop",
    "experiment": "e",
    "segmentation": "s",
    "campaign_id": "letter",
    "metric": "money",
    "is_total": False,
    "is_outcome": True,
    "treated": 50,
    "control": 50,
    "effect": 10.0,
    "effect_low": 4.0,
    "effect_high": 16.0,
    "shrunk_effect": 8.0,
    "is_proven": True,
    "is_valid": True,
    "is_complete": True,
    "reason": None,
    "is_synthetic": True,
}
NOT = {"is_proven": False, "effect_low": -2.0}


def plan(*changes, budget=150.0, trial_share=0.1, margin=0.5, cost=2.0) -> pd.DataFrame:
    effects = pd.DataFrame(
        [{**EFFECT, "persona_id": f"p{place}", "persona": f"P{place}", **row} for place, row in enumerate(changes)]
    )
    costs = pd.DataFrame({"campaign_id": ["letter"], "cost_per_contact": [cost]})
    margins = pd.DataFrame({"dataset": ["shop"], "margin_share": [margin]})
    found = budget_plan(effects, costs, margins, budget=budget, trial_share=trial_share)
    assert list(found.columns) == list(BUDGET_PLAN)
    return found


def test_the_proven_gain_gets_the_budget_and_the_rest_a_trial():
    found = plan({}, {"shrunk_effect": 6.0}, NOT)
    assert found["trial_budget"].tolist() == [0, 0, 15]
    assert found["linear_budget"].tolist() == [135, 0, 0]
    assert found["linear_customers"].tolist() == [67, 0, 0]
    # in proportion to the squares of 8 and 6
    np.testing.assert_allclose(found["concave_budget"], [135 * 0.64, 135 * 0.36, 0])
    # 8 of money, half of it margin, less the contact
    assert found["expected_profit"].iloc[0] == 2.0


def test_nothing_is_spent_beyond_what_reaches_everybody():
    found = plan({}, {}, NOT, budget=10000.0)
    assert found["linear_budget"].tolist() == [200, 200, 0]
    assert found["linear_customers"].tolist() == [100, 100, 0]
    assert found["trial_budget"].tolist() == [0, 0, 200]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (NOT, NOT_PROVEN),
        ({"effect": -5.0, "shrunk_effect": -4.0}, "the campaign does harm"),
        ({"shrunk_effect": 3.0}, "it costs more than it brings"),
        ({"is_outcome": False}, "the experiment was not set up to measure money"),
        ({"is_complete": False}, "the experiment is still running"),
        ({"is_valid": False}, "the experiment is not valid"),
        ({"reason": "there is no control"}, "there is no control"),
    ],
)
def test_what_gets_nothing_says_why(row, reason):
    [found] = plan(row, trial_share=0.0).to_dict("records")
    assert found["reason"] == reason
    assert found["linear_budget"] == found["concave_budget"] == found["trial_budget"] == 0


def test_what_can_hardly_pay_gets_no_trial():
    assert plan({**NOT, "effect_high": 3.0})["trial_budget"].tolist() == [0]


def test_without_a_margin_nothing_is_planned():
    effects = pd.DataFrame([{**EFFECT, "persona_id": "p", "persona": "P"}])
    costs = pd.DataFrame({"campaign_id": ["letter"], "cost_per_contact": [2.0]})
    margins = pd.DataFrame({"dataset": ["another"], "margin_share": [0.5]})
    [found] = budget_plan(effects, costs, margins, budget=100, trial_share=0.1).to_dict("records")
    assert found["reason"] == "the seed margins has no row for the dataset"
    assert budget_plan(effects[:0], costs, margins, budget=100, trial_share=0.1).empty


def test_what_costs_nothing_reaches_everybody():
    found = plan({}, NOT, cost=0.0)
    assert found["linear_customers"].tolist() == [100, 0]
    assert found["linear_budget"].tolist() == [0, 0]
