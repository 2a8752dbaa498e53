"""The models of purchases and amounts against published results on the CDNOW sample, and what they say where they cannot."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from customer_segmentation.lifetime_value.amounts import (
    correlation_with_purchases,
    expected_amount_line,
    fit_amounts,
)
from customer_segmentation.lifetime_value.fits import LIFETIME_VALUE_FITS, fit_lifetime_values, stored_fit
from customer_segmentation.lifetime_value.purchases import expected_purchases, fit_purchases, probability_alive
from customer_segmentation.lifetime_value.scores import LIFETIME_VALUE_SCORES, score_patterns

# 2,357 customers of a shop for music who first bought in early 1997, until June 1998: B. Hardie's sample, as the package
# lifetimes 0.11.3 ships it. cdnow_sample.LICENSE.txt is the licence of the package.
CDNOW = Path(__file__).with_name("cdnow_sample.csv")
SPLIT = "1997-09-30"  # of 78 weeks, 39 each
PUBLISHED = np.array([0.243, 4.414, 0.793, 2.426])


def as_known(purchases: pd.DataFrame, day: str) -> pd.DataFrame:
    """Return customers as known on a day, in weeks with a fraction."""
    so_far = purchases[purchases["date"] <= day].groupby(["customer_id", "date"], as_index=False)["amount"].sum()
    dates = so_far.groupby("customer_id")["date"]
    first, last = dates.min(), dates.max()
    repeated = so_far[so_far["date"] > so_far["customer_id"].map(first)]
    return pd.DataFrame(
        {
            "frequency": dates.size() - 1,
            "recency": (last - first).dt.days / 7,
            "age": (pd.Timestamp(day) - first).dt.days / 7,
            "repeat_amount": repeated.groupby("customer_id")["amount"].mean(),
            "amount": so_far.groupby("customer_id")["amount"].mean(),
        }
    )


@pytest.fixture(scope="module")
def purchases() -> pd.DataFrame:
    return pd.read_csv(CDNOW, parse_dates=["date"])


@pytest.fixture(scope="module")
def customers(purchases) -> pd.DataFrame:
    return as_known(purchases, SPLIT)


@pytest.fixture(scope="module")
def fitted(customers):
    counted = customers.groupby(["frequency", "recency", "age"], as_index=False).size()
    return fit_purchases(*(counted[name].to_numpy(dtype=float) for name in ("frequency", "recency", "age", "size")))


def test_the_published_fit_of_purchases_is_found(customers, fitted):
    assert len(customers) == 2357
    assert fitted.status == "converged"
    assert fitted.values.round(3).tolist() == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.0015)
    # the paper computes with times of two decimals
    assert fitted.log_likelihood == pytest.approx(-9582.43, abs=0.5)
    rounded = customers.round(2)
    again = fit_purchases(
        *(rounded[name].to_numpy() for name in ("frequency", "recency", "age")), np.ones(len(rounded))
    )
    assert again.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    assert again.values.round(3).tolist() == PUBLISHED.tolist()


def test_the_published_fit_of_amounts_is_found(customers):
    repeated = customers[customers["frequency"] > 0]
    assert len(repeated) == 946
    amount = repeated["repeat_amount"].round(2).to_numpy()
    fit = fit_amounts(repeated["frequency"].to_numpy(), amount, np.ones(len(amount)))
    assert fit.values.round(2).tolist() == pytest.approx([6.25, 3.74, 15.44], abs=0.011)
    assert fit.log_likelihood == pytest.approx(-4055.92, abs=0.01)


def test_the_published_correlation_of_purchases_and_amounts_is_found(customers):
    repeated = customers.assign(amount=customers["repeat_amount"], customers=1)
    value, low, high = correlation_with_purchases(repeated)
    assert round(value, 2) == 0.11
    assert 0.04 < low < value < high < 0.18
    without = repeated[~(repeated["amount"] >= repeated["amount"].max())]
    assert round(correlation_with_purchases(without)[0], 2) == 0.06


def test_the_correlation_is_of_customers_and_not_of_rows():
    counted = pd.DataFrame(
        {"frequency": [1, 2, 3, 0, 1], "amount": [5.0, 6, 9, 99, -9], "customers": [3, 2, 4, 50, 50]}
    )
    whole = counted.loc[counted.index.repeat(counted["customers"])].assign(customers=1)
    bought_again = whole[(whole["frequency"] > 0) & (whole["amount"] > 0)]
    value, low, high = correlation_with_purchases(counted)
    assert value == pytest.approx(np.corrcoef(bought_again["frequency"], bought_again["amount"])[0, 1])
    assert correlation_with_purchases(whole) == pytest.approx((value, low, high))
    # the interval of a correlation, by SciPy
    interval = stats.pearsonr(bought_again["frequency"], bought_again["amount"]).confidence_interval(0.95)
    assert (low, high) == pytest.approx((interval.low, interval.high))
    assert np.isnan(correlation_with_purchases(counted[counted["frequency"] == 1])).all()


def test_the_published_expectation_is_found():
    expected = expected_purchases(PUBLISHED, np.array([2]), np.array([30.43]), np.array([38.86]), 39)
    assert expected[0] == pytest.approx(1.226, abs=0.0005)


def test_the_unit_of_time_does_not_matter(customers, fitted):
    columns = [customers[name].to_numpy(dtype=float) for name in ("frequency", "recency", "age")]
    in_days = fit_purchases(columns[0], columns[1] * 7, columns[2] * 7, np.ones(len(customers)))
    assert in_days.values == pytest.approx(fitted.values * [1, 7, 1, 1], rel=1e-4)
    assert in_days.covariance == pytest.approx(fitted.covariance, rel=1e-2)
    assert in_days.log_likelihood == pytest.approx(
        fitted.log_likelihood - customers["frequency"].sum() * np.log(7), abs=1e-3
    )


def test_standard_errors_are_those_of_a_bootstrap(customers, fitted):
    counted = customers.groupby(["frequency", "recency", "age"], as_index=False).size()
    columns = [counted[name].to_numpy(dtype=float) for name in ("frequency", "recency", "age")]
    random = np.random.default_rng(1)
    shares = counted["size"] / counted["size"].sum()
    samples = random.multinomial(len(customers), shares, size=20).astype(float)
    logs = np.array([np.log(fit_purchases(*columns, weights).values) for weights in samples])
    assert logs.std(axis=0, ddof=1) == pytest.approx(np.sqrt(np.diag(fitted.covariance)), rel=0.45)


def test_expectations_agree_with_the_printed_formula_and_stay_finite():
    r, alpha, a, b = PUBLISHED
    x, recency, age, horizon = np.array([0.0, 1, 4, 20]), np.array([0, 10.0, 30, 38]), np.full(4, 39.0), 39
    series = special.hyp2f1(r + x, b + x, a + b + x - 1, horizon / (alpha + age + horizon))
    printed = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + horizon)) ** (r + x) * series)
    gone = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + recency)) ** (r + x), 0)
    assert expected_purchases(PUBLISHED, x, recency, age, horizon) == pytest.approx(printed / (1 + gone), rel=1e-9)
    assert probability_alive(PUBLISHED, x, recency, age) == pytest.approx(1 / (1 + gone), rel=1e-12)

    many = expected_purchases(PUBLISHED, np.array([2000.0, 2000]), np.array([1.0, 39]), np.full(2, 39.0), 39)
    assert many[0] == pytest.approx(0, abs=1e-100)
    # bought 2,000 times in 39 weeks: the rate is known, and the chance to stop is that of somebody who never did
    rate, chances = (r + 2000) / (alpha + 39), stats.beta(a, b + 2000).ppf((np.arange(20_000) + 0.5) / 20_000)
    assert many[1] == pytest.approx(np.mean(-np.expm1(-rate * chances * horizon) / chances), rel=2e-3)
    for near in (1 - 1e-4, 1, 1 + 1e-4):  # of a, where the formula is 0 / 0
        beside = expected_purchases(np.array([r, alpha, near, b]), x, recency, age, horizon)
        assert beside == pytest.approx(
            expected_purchases(np.array([r, alpha, 1.001, b]), x, recency, age, horizon), rel=0.01
        )


@pytest.mark.parametrize("x", [0, 2, 30, 2000])
@pytest.mark.parametrize(("a", "b"), [(0.8, 2.4), (50, 200), (500, 2000), (1760, 8100), (8100, 1000)])
def test_expectations_are_there_however_alike_customers_are(a, b, x):
    """Where all stop equally soon, a and b are as large as the fit lets them be."""
    r, alpha, ages, horizon = 0.5, 4.6, np.array([0.5, 5, 100]), 52
    arguments = np.array([r, alpha, a, b]), np.full(3, float(x)), ages * (x > 0), ages
    found = expected_purchases(*arguments, horizon) / probability_alive(*arguments)
    # the chance to stop is between even quantiles of its distribution; what is bought with each follows from the rate
    chances = stats.beta(a, b + x).ppf((np.arange(20_000) + 0.5) / 20_000)
    for age, expected in zip(ages, found, strict=True):
        bought = -np.expm1(-(r + x) * np.log1p(chances * horizon / (alpha + age))) / chances
        assert expected == pytest.approx(bought.mean(), rel=2e-3)


def test_customers_who_bought_once_are_alive_by_the_formula():
    assert probability_alive(PUBLISHED, np.zeros(2), np.zeros(2), np.array([1.0, 5000])).tolist() == [1, 1]


def test_the_more_purchases_the_more_their_mean_counts():
    intercept, slope = expected_amount_line(np.array([6.25, 3.74, 15.44]), np.array([1, 2, 50]))
    assert slope.tolist() == sorted(slope)
    assert slope[-1] > 0.98
    population = 6.25 * 15.44 / 2.74
    assert intercept + slope * population == pytest.approx(np.full(3, population))
    assert np.isnan(expected_amount_line(np.array([0.2, 0.5, 1.0]), np.array([1]))).all()


def counted_in_weeks(customers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the input of the fits, as the warehouse counts it."""
    known = customers.assign(
        dataset="shop", recency_weeks=customers["recency"].round(), age_weeks=customers["age"].round()
    )
    patterns = known.groupby(["dataset", "frequency", "recency_weeks", "age_weeks"], as_index=False).size()
    amounts = known.groupby(["dataset", "frequency", "amount"], as_index=False).size()
    return patterns.rename(columns={"size": "customers"}), amounts.rename(columns={"size": "customers"})


def test_a_fit_survives_its_table_and_scores_every_pattern_in_whole_weeks(customers):
    patterns, amounts = counted_in_weeks(customers)
    fits = fit_lifetime_values(patterns, amounts, repeat_buyers=100)
    assert list(fits) == list(LIFETIME_VALUE_FITS)
    assert fits["parameter"].tolist() == ["r", "alpha", "a", "b", "p", "q", "v", "correlation_with_purchases"]
    assert fits["position"].tolist() == [1, 2, 3, 4, 1, 2, 3, 4]
    assert (fits["low"] < fits["value"]).all()
    assert (fits["value"] < fits["high"]).all()
    assert (fits["customers"] == 2357).all()
    # whole weeks change hardly anything
    assert stored_fit(fits, "shop", "purchases").values == pytest.approx(PUBLISHED, rel=0.08)
    assert fits["value"].iloc[-1] == correlation_with_purchases(amounts)[0]
    assert len(stored_fit(fits, "shop", "amounts").values) == 3

    scores = score_patterns(patterns, fits)
    assert list(scores) == list(LIFETIME_VALUE_SCORES)
    assert len(scores) == len(patterns)
    assert scores["probability_alive"].isna().tolist() == (scores["frequency"] == 0).tolist()
    assert (scores["purchases_90_days"] < scores["purchases_365_days"]).all()
    assert scores["spread_365_days"].between(0, 2).all()
    assert scores.notna().drop(columns="probability_alive").all(axis=None)


def test_the_spread_of_an_expectation_is_that_of_a_bootstrap(customers, fitted):
    patterns, amounts = counted_in_weeks(customers)
    scores = score_patterns(patterns, fit_lifetime_values(patterns, amounts, repeat_buyers=100))
    row = scores[(scores["frequency"] == 2) & (scores["recency_weeks"] == 30)].iloc[0]
    random = np.random.default_rng(2)
    parameters = np.exp(random.multivariate_normal(np.log(fitted.values), fitted.covariance, size=2000))
    arguments = [np.array([row[name]], dtype=float) for name in ("frequency", "recency_weeks", "age_weeks")]
    drawn = [np.log(expected_purchases(one, *arguments, 365 / 7))[0] for one in parameters]
    assert row["spread_365_days"] == pytest.approx(1.96 * np.std(drawn), rel=0.15)


@pytest.mark.parametrize(
    ("frequency", "reason"),
    [
        (
            [0] * 300,
            "too few customers: no customer has a second purchase, and 100 are needed (var lifetime_repeat_buyers)",
        ),
        ([1] * 99 + [0] * 300, "too few customers: only 99 customers have a second purchase, and 100 are needed"),
    ],
)
def test_too_few_customers_give_a_reason_and_no_values(frequency, reason):
    frame = pd.DataFrame({"frequency": frequency, "recency": 1.0, "age": 30.0, "amount": 5.0})
    patterns, amounts = counted_in_weeks(frame)
    fits = fit_lifetime_values(patterns, amounts, repeat_buyers=100)
    assert fits["status"].str.startswith(reason).all()
    assert fits[["value", "low", "high", "log_likelihood"]].isna().all(axis=None)
    scores = score_patterns(patterns, fits)
    assert len(scores) == len(patterns)
    assert scores.drop(columns=["dataset", "frequency", "recency_weeks", "age_weeks"]).isna().all(axis=None)


def test_what_the_data_do_not_tell_is_not_guessed():
    """Everybody buys every week without an end: nothing tells how soon customers stop, nor how they differ."""
    frame = pd.DataFrame({"frequency": [30] * 500, "recency": 30.0, "age": 30.0, "amount": 5.0})
    fits = fit_lifetime_values(*counted_in_weeks(frame), repeat_buyers=100)
    assert fits["status"].str.startswith("not identified: ").all()
    assert fits["value"].isna().all()
    frame = frame.assign(recency=0.0, age=0.0)
    status = fit_lifetime_values(*counted_in_weeks(frame), repeat_buyers=100)["status"]
    assert status.iloc[0] == "no time has passed since the first purchases"


def test_customers_who_stop_equally_soon_have_values_all_the_same():
    """All stop after one purchase in 20: the likelihood grows as a and b do, and what is expected stays the same."""
    random = np.random.default_rng(5)
    rows = []
    for _ in range(3000):
        rate, age, last, count = random.gamma(1.5, 0.1), random.uniform(30, 90), 0.0, 0
        while (later := last + random.exponential(1 / rate)) <= age:
            last, count = later, count + 1
            if random.random() < 0.05:
                break
        rows.append((count, last, age, random.gamma(4, 5)))
    frame = pd.DataFrame(rows, columns=["frequency", "recency", "age", "amount"])
    tables = counted_in_weeks(frame)
    fits = fit_lifetime_values(*tables, repeat_buyers=100)
    of_purchases = fits[fits["model"] == "purchases"].set_index("parameter")
    assert of_purchases.loc[["r", "alpha", "b"], "status"].tolist() == ["converged", "converged", "no limit"]
    assert of_purchases.loc["r", "low"] < 1.5 < of_purchases.loc["r", "high"]
    assert np.isnan(of_purchases.loc["b", "high"])
    assert of_purchases.loc["a", "value"] / of_purchases[["value"]].loc[["a", "b"]].sum().item() == pytest.approx(
        0.05, rel=0.2
    )
    scores = score_patterns(tables[0], fits)
    assert (scores["purchases_90_days"] > 0).all()
    assert scores["spread_90_days"].between(0, 1).all()


def test_nobody_who_paid_nothing_makes_an_amount():
    frame = pd.DataFrame({"frequency": [1, 2] * 200, "recency": [5.0, 9] * 200, "age": 30.0, "amount": -1.0})
    fits = fit_lifetime_values(*counted_in_weeks(frame), repeat_buyers=100)
    assert set(fits.loc[fits["model"] == "amounts", "status"]) == {"no customer has paid anything"}


def test_where_all_buy_as_often_the_amounts_are_fitted_and_the_correlation_says_why_it_is_empty(customers):
    patterns, amounts = counted_in_weeks(customers.assign(frequency=1))
    of_amounts = fit_lifetime_values(patterns, amounts, repeat_buyers=100).query("model == 'amounts'")
    assert of_amounts["status"].tolist()[:3] == ["converged"] * 3
    assert (
        of_amounts["status"].iloc[-1].startswith("all customers with a second purchase bought as often as each other")
    )
    assert of_amounts["value"].isna().tolist() == [False] * 3 + [True]
