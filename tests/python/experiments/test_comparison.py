"""Published examples, and thousands of campaigns whose effect is known because it was drawn."""

import numpy as np
import pytest
from scipy.stats import chisquare, ttest_ind

from customer_segmentation.experiments.comparison import (
    Arm,
    adjusted_difference,
    anytime_reach,
    difference_of_means,
    difference_of_ratios,
    difference_of_shares,
    holm,
    sample_ratio_p_value,
    shrunk,
)

CAMPAIGNS, CUSTOMERS = 4000, 300
LIFT = 3.0


def sums(outcome: np.ndarray, before: np.ndarray | None = None) -> Arm:
    """Add up an arm; the last axis is customers."""
    before = np.full(outcome.shape, np.nan) if before is None else before
    return Arm(
        np.full(outcome.shape[:-1], float(outcome.shape[-1])),
        *(values.sum(axis=-1) for values in (outcome, outcome**2, before, before**2, outcome * before)),
    )


def counts(successes, customers) -> Arm:
    successes, customers = np.array(successes, dtype=float), np.array(customers, dtype=float)
    unknown = np.full(successes.shape, np.nan)
    return Arm(customers, successes, successes, unknown, unknown, unknown)


@pytest.fixture(scope="module")
def campaigns():
    """Draw what customers buy and spend: most nothing, a few much, and who spent before spends again."""
    generator = np.random.default_rng(20250101)
    shape = (2, CAMPAIGNS, CUSTOMERS)
    habit = generator.gamma(1.0, 1.0, shape)
    basket = np.exp(0.6 * generator.standard_normal(shape))
    before = generator.poisson(habit) * 10 * basket
    purchases = generator.poisson(habit).astype(float)
    money = purchases * 10 * basket
    money[0] += LIFT * (generator.random(shape[1:]) < 0.5) * 2
    return {"before": before, "purchases": purchases, "money": money, "bought": (purchases > 0).astype(float)}


def covered(difference, truth) -> float:
    return float(np.mean((difference.low <= truth) & (truth <= difference.high)))


@pytest.mark.parametrize(
    ("treated", "control", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_shares_have_the_intervals_of_the_paper(treated, control, low, high):
    """R. G. Newcombe 1998, table II, method 10."""
    found = difference_of_shares(counts(*treated), counts(*control))
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_the_p_value_of_shares_is_where_their_interval_begins_to_exclude_zero():
    treated, control = counts([56, 5, 30], [70, 56, 90]), counts([48, 0, 45], [80, 29, 90])
    p_value = difference_of_shares(treated, control).p_value
    barely = difference_of_shares(treated, control, p_value)
    np.testing.assert_allclose(np.minimum(np.abs(barely.low), np.abs(barely.high)), 0, atol=1e-9)


def test_means_are_compared_as_scipy_compares_the_customers():
    generator = np.random.default_rng(3)
    one, other = generator.exponential(4, 90), generator.exponential(3, 40)
    found, expected = difference_of_means(sums(one), sums(other)), ttest_ind(one, other, equal_var=False)
    interval = expected.confidence_interval()
    assert (float(found.p_value), float(found.low), float(found.high)) == pytest.approx(
        (expected.pvalue, interval.low, interval.high)
    )


@pytest.mark.parametrize("compare", [difference_of_means, adjusted_difference])
def test_intervals_of_money_hold_the_truth(campaigns, compare):
    treated, control = (sums(campaigns["money"][arm], campaigns["before"][arm]) for arm in (0, 1))
    found = compare(treated, control)
    # the standard error of a share of 0.95 among 4000 is 0.0034
    assert 0.93 <= covered(found, LIFT) <= 0.97
    assert found.effect.mean() == pytest.approx(LIFT, abs=0.1)


def test_intervals_of_shares_hold_the_truth(campaigns):
    found = difference_of_shares(*(sums(campaigns["bought"][arm]) for arm in (0, 1)))
    assert 0.93 <= covered(found, 0.0) <= 0.97


def test_intervals_of_money_per_purchase_hold_the_truth(campaigns):
    arms = [
        (sums(money), sums(purchases), (money * purchases).sum(axis=-1))
        for money, purchases in zip(campaigns["money"], campaigns["purchases"], strict=True)
    ]
    # a purchase is made by a customer with a habit of 1 on average
    assert 0.93 <= covered(difference_of_ratios(*arms), LIFT) <= 0.97
    # taking purchases for independent makes one too sure
    money, purchases = campaigns["money"][1], campaigns["purchases"][1]
    ratio = money.sum(axis=-1) / purchases.sum(axis=-1)
    per_purchase = np.divide(money, purchases, out=np.zeros_like(money), where=purchases > 0)
    naive = np.sqrt((purchases * (per_purchase - ratio[:, None]) ** 2).sum(axis=-1)) / purchases.sum(axis=-1)
    assert (difference_of_ratios(*arms).standard_error / np.sqrt(2)).mean() > 1.2 * naive.mean()


def test_what_was_spent_before_narrows_the_interval_and_noise_does_not(campaigns):
    arms = [sums(campaigns["money"][arm], campaigns["before"][arm]) for arm in (0, 1)]
    raw, adjusted = difference_of_means(*arms), adjusted_difference(*arms)
    assert np.mean((adjusted.high - adjusted.low) / (raw.high - raw.low)) < 0.85
    noise = [sums(campaigns["money"][arm], campaigns["before"][arm][::-1]) for arm in (0, 1)]
    adjusted = adjusted_difference(*noise)
    assert np.mean((adjusted.high - adjusted.low) / (raw.high - raw.low)) == pytest.approx(1, abs=0.01)


def test_a_few_who_spend_a_fortune_widen_the_interval_and_prove_nothing():
    """Money with a tail so heavy that one customer in a thousand spends 500 times as much as the typical one."""
    generator = np.random.default_rng(12)
    treated, control = np.exp(2 * generator.standard_normal((2, 2000, 300)))
    found = difference_of_means(sums(treated), sums(control))
    # nothing is trimmed: the effect is the difference of the means
    assert found.effect == pytest.approx(treated.mean(axis=1) - control.mean(axis=1))
    assert 0.01 < np.mean(found.p_value < 0.05) <= 0.05
    spoilt = treated[0].copy()
    spoilt[0] = 10_000
    wide = difference_of_means(sums(spoilt), sums(control[0]))
    assert wide.effect > 20
    assert wide.low < 0 < wide.high
    assert wide.high - wide.low > 3 * (found.high[0] - found.low[0])


def test_without_a_time_before_nothing_is_adjusted():
    outcome = np.arange(10.0)
    assert np.isnan(adjusted_difference(sums(outcome), sums(outcome)).effect)
    assert np.isnan(adjusted_difference(sums(outcome, outcome * 0), sums(outcome, outcome * 0)).effect)


def test_fifty_looks_at_nothing_prove_something_in_one_campaign_of_twenty_at_most():
    generator = np.random.default_rng(50)
    looks, campaigns, customers = 50, 1000, 100
    total, squares = (np.zeros((2, campaigns, looks)) for _ in range(2))
    # customers who buy much buy much every day
    habit = generator.gamma(0.5, 0.2, (2, campaigns, customers))
    spent = np.zeros(habit.shape)
    for look in range(looks):
        spent += generator.poisson(habit)
        total[..., look], squares[..., look] = spent.sum(axis=-1), (spent**2).sum(axis=-1)
    unknown = np.full(total.shape[1:], np.nan)
    arms = [Arm(np.full(unknown.shape, customers), total[arm], squares[arm], *[unknown] * 3) for arm in (0, 1)]
    found = difference_of_means(*arms)
    distance = np.abs(found.effect) / found.standard_error
    passed = np.arange(1, looks + 1) / looks
    assert np.mean((distance > anytime_reach(passed)).any(axis=1)) <= 0.05
    # the usual interval is not made for looking
    assert np.mean((distance > 1.96).any(axis=1)) > 0.12


def test_holm_rejects_the_true_hypothesis_of_many_in_one_family_of_twenty_at_most():
    p_values = np.random.default_rng(4).random((4000, 4))
    found = np.array([holm(row) for row in p_values])
    assert np.mean((found < 0.05).any(axis=1)) == pytest.approx(0.05, abs=0.01)
    assert np.isnan(holm([np.nan, 0.2])[0])


def test_arms_of_other_sizes_than_planned_are_found():
    assert sample_ratio_p_value(5200, 4800, 0.5) == pytest.approx(chisquare([5200, 4800]).pvalue)
    assert sample_ratio_p_value(810, 190, 0.2) == pytest.approx(chisquare([810, 190], [800, 200]).pvalue)
    assert np.isnan(sample_ratio_p_value(0, 0, 0.5))


def test_shrunk_effects_are_closer_to_the_truth_and_the_largest_is_not_exaggerated():
    generator = np.random.default_rng(8)
    truth = generator.normal(1, 0.5, (1000, 5))
    estimates = truth + generator.normal(0, 1, truth.shape)
    drawn = np.array([shrunk(row, np.ones(5)).effect for row in estimates])
    assert np.mean((drawn - truth) ** 2) < 0.5 * np.mean((estimates - truth) ** 2)
    best = np.arange(1000), estimates.argmax(axis=1)
    assert np.mean((estimates - truth)[best]) > 0.8
    assert np.mean((drawn - truth)[best]) < 0.4


def test_the_interaction_is_found_where_effects_differ_and_nowhere_else():
    generator = np.random.default_rng(9)
    chances = [shrunk(generator.normal(0, 1, 3), np.ones(3)).interaction_p_value for _ in range(2000)]
    assert np.mean(np.array(chances) < 0.05) == pytest.approx(0.05, abs=0.015)
    assert shrunk([5, 0, -5], [1, 1, 1]).interaction_p_value < 1e-6


def test_one_persona_is_drawn_nowhere():
    assert np.isnan(shrunk([1.0, np.nan], [1.0, 1.0]).effect).all()
