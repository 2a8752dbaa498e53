"""What experiments of a size can find, against simulated ones and the tables of textbooks."""

import numpy as np
import pandas as pd
import pytest

from customer_segmentation.experiments.comparison import difference_of_shares
from customer_segmentation.experiments.power import (
    EXPERIMENT_PLANS,
    control_needed,
    experiment_plans,
    smallest_effect,
)

from .test_comparison import counts


@pytest.mark.parametrize(("distance", "customers"), [(0.2, 393), (0.5, 63), (0.8, 25)])
def test_the_control_needed_for_amounts_is_that_of_cohen(distance, customers):
    """J. Cohen 1988: 393, 64 and 26 for small, medium and large effects by the t distribution, one fewer by the normal."""
    assert control_needed(0, 1, distance, 0.5, is_share=False) == customers


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("is_share", [True, False])
def test_the_effect_found_with_the_control_needed_is_the_one_sought(share, is_share):
    control = control_needed(0.2, 9.0, 0.05, share, is_share=is_share)
    found = smallest_effect(0.2, 9.0, control * (1 - share) / share, control, is_share=is_share)
    assert float(found) == pytest.approx(0.05, rel=0.003)


def test_four_of_five_experiments_find_the_smallest_effect():
    effect = float(smallest_effect(0.1, 0, 9000, 6000, is_share=True))
    generator = np.random.default_rng(5)
    treated, control = generator.binomial(9000, 0.1 + effect, 4000), generator.binomial(6000, 0.1, 4000)
    found = difference_of_shares(counts(treated, [9000] * 4000), counts(control, [6000] * 4000))
    # the standard error of a share of 0.8 among 4000 is 0.006
    assert np.mean(found.p_value < 0.05) == pytest.approx(0.8, abs=0.025)


def aggregates(treated, control, before_sum, before_squares) -> pd.DataFrame:
    common = {"experiment": "e", "dataset": "shop", "segmentation": "s", "campaign_id": "letter", "metric": "money"}
    common |= {"is_outcome": True, "control_share": 0.5, "is_synthetic": False}
    return pd.DataFrame(
        [
            {
                **common,
                "persona_id": persona,
                "persona": persona,
                "arm": arm,
                "customers": customers,
                "before_sum": before_sum,
                "before_squares": before_squares,
            }
            for persona in ("p", "q")
            for arm, customers in (("treated", treated), ("control", control))
        ]
    )


@pytest.mark.parametrize(
    ("treated", "control", "before_sum", "before_squares", "verdict"),
    [
        (4000, 4000, 40000, 800000, "large enough"),
        (100, 100, 1000, 20000, "only large effects"),
        (10, 10, 100, 2000, "too small to learn anything"),
        (100, 0, 1000, 20000, "no comparison"),
        (100, 100, 0, 0, "unknown"),
        (100, 100, np.nan, np.nan, "unknown"),
    ],
)
def test_the_plan_says_whether_the_experiment_is_large_enough(treated, control, before_sum, before_squares, verdict):
    plans = experiment_plans(aggregates(treated, control, before_sum, before_squares), effect_sought=0.1)
    assert list(plans.columns) == list(EXPERIMENT_PLANS)
    assert plans["persona_id"].tolist() == ["p", "q", "all"]
    assert plans["verdict"].iloc[0] == verdict
    assert plans["customers"].tolist() == [treated + control] * 2 + [2 * (treated + control)]
    if verdict == "large enough":
        # a mean and a standard deviation of 10, and a tenth of the mean is sought
        assert plans["effect_sought"].iloc[0] == 1.0
        assert plans["control_needed"].iloc[0] == pytest.approx(1570, abs=1)
        assert plans["smallest_effect"].iloc[0] == pytest.approx(10 * 2.8016 * np.sqrt(2 / 4000), rel=1e-3)


def test_without_experiments_there_are_no_plans():
    assert experiment_plans(aggregates(10, 10, 1, 1)[:0], effect_sought=0.1).empty
