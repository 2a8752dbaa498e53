import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from customer_segmentation.evidence.relationships import (
    CATEGORY_TESTS,
    RELATIONSHIP_FITS,
    compare_groups,
    fit_relationships,
)

PRODUCTS = ["x", "y", "xx", "xy", "yy", "xxx", "xxy", "xyy", "yyy", "xxxx", "yyyy"]


def pairs_of(features: pd.DataFrame) -> pd.DataFrame:
    """Return the sums that the model `feature_pairs` hands over."""
    means, reaches = features.mean(), (features - features.mean()).abs().max().replace(0, 1)
    rows = []
    for first, other in itertools.combinations(sorted(features), 2):
        both = features[[first, other]].dropna()
        x, y = ((both[one] - means[one]) / reaches[one] for one in (first, other))
        sums = {f"sum_{name}": (x ** name.count("x") * y ** name.count("y")).sum() for name in PRODUCTS}
        scales = {
            "mean": means[first],
            "reach": reaches[first],
            "other_mean": means[other],
            "other_reach": reaches[other],
        }
        rows.append({"dataset": "d", "feature": first, "other_feature": other, "customers": len(both)} | scales | sums)
    return pd.DataFrame(rows)


@pytest.fixture
def features() -> pd.DataFrame:
    random = np.random.default_rng(0)
    a = random.gamma(2, 50, size=300)
    frame = pd.DataFrame(
        {"a": a, "b": 1e4 + 3 * a - 0.01 * a**2 + random.normal(scale=9, size=300), "c": random.normal(size=300)}
    )
    frame.loc[::7, "c"] = np.nan
    return frame


def test_fits_equal_numpy_and_scipy(features):
    fits = fit_relationships(pairs_of(features)).set_index(["feature", "other_feature", "shape"])
    assert len(fits) == 3 * 2 * 2
    for one, other in itertools.permutations("abc", 2):
        both = features[[one, other]].dropna()
        line = scipy.stats.linregress(both[one], both[other])
        found = fits.loc[one, other, "linear"]
        assert found["customers"] == len(both)
        assert [found["intercept"], found["slope"]] == pytest.approx([line.intercept, line.slope], rel=1e-9)
        assert found["r_squared"] == pytest.approx(line.rvalue**2, abs=1e-12)
        assert found["p_value"] == pytest.approx(line.pvalue, rel=1e-6)
        curve = np.polyfit(both[one], both[other], 2)
        found = fits.loc[one, other, "quadratic"]
        assert [found["quadratic_coefficient"], found["slope"], found["intercept"]] == pytest.approx(curve, rel=1e-6)
        left_over = ((both[other] - np.polyval(curve, both[one])) ** 2).sum()
        total = ((both[other] - both[other].mean()) ** 2).sum()
        assert found["r_squared"] == pytest.approx(1 - left_over / total, abs=1e-9)
        statistic = (total - left_over) / 2 / (left_over / (len(both) - 3))
        assert found["p_value"] == pytest.approx(scipy.stats.f.sf(statistic, 2, len(both) - 3), rel=1e-6)


def test_a_feature_without_spread_explains_nothing_and_is_not_explained():
    fits = fit_relationships(pairs_of(pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [0.1, 0.1, 0.1]})))
    assert fits[["intercept", "slope", "quadratic_coefficient", "r_squared", "p_value"]].isna().all(axis=None)


def test_two_customers_lie_on_a_line_that_proves_nothing():
    fits = fit_relationships(pairs_of(pd.DataFrame({"a": [1.0, 2.0], "b": [5.0, 9.0]}))).set_index(["feature", "shape"])
    assert fits.loc[("a", "linear"), ["intercept", "slope", "r_squared"]].tolist() == [1, 4, 1]
    assert np.isnan(fits.loc[("a", "linear"), "p_value"])
    assert np.isnan(fits.loc[("a", "quadratic"), "slope"])


def test_pairs_that_no_customer_has_keep_their_rows():
    fits = fit_relationships(pairs_of(pd.DataFrame({"a": [1.0, 2.0, np.nan, np.nan], "b": [np.nan, np.nan, 1.0, 2.0]})))
    assert fits["customers"].tolist() == [0] * 4
    assert fits["slope"].isna().all()


def test_nothing_to_fit_gives_no_rows():
    fits = fit_relationships(pairs_of(pd.DataFrame({"a": [1.0], "b": [2.0]})).iloc[:0])
    assert list(fits) == list(RELATIONSHIP_FITS)
    assert fits.empty


def profiles_of(values: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that the model `category_statistics` hands over."""
    groups = values.groupby("group")["value"]
    return (
        pd.DataFrame(
            {
                "customers": groups.count(),
                "mean": groups.mean(),
                "standard_deviation": groups.std(ddof=0),
                "minimum": groups.min(),
                "maximum": groups.max(),
            }
        )
        .assign(dataset="d", category="c", feature="f")
        .rename_axis("category_value")
        .reset_index()
    )


def test_comparison_equals_scipy():
    random = np.random.default_rng(1)
    values = pd.DataFrame({"group": random.choice(list("xyz"), size=90), "value": random.normal(size=90)})
    values.loc[values["group"] == "x", "value"] += 1
    (found,) = compare_groups(profiles_of(values)).to_dict("records")
    expected = scipy.stats.f_oneway(*(group["value"] for _, group in values.groupby("group")))
    assert found["f_statistic"] == pytest.approx(expected.statistic)
    assert found["p_value"] == pytest.approx(expected.pvalue)
    assert (found["customers"], found["category_values"]) == (90, 3)


@pytest.mark.parametrize(
    "values",
    [
        pd.DataFrame({"group": ["x", "x"], "value": [1.0, 2.0]}),
        pd.DataFrame({"group": ["x", "y"], "value": [1.0, 2.0]}),
        pd.DataFrame({"group": ["x", "x", "y", "y"], "value": [0.1] * 4}),
        pd.DataFrame({"group": ["x", "x", "y"], "value": [0.1, 0.2, np.nan]}),
    ],
    ids=["one group", "one customer each", "no variation", "a group without values"],
)
def test_nothing_to_compare_gives_empty_figures(values):
    found = compare_groups(profiles_of(values))
    assert len(found) == 1
    assert found[["eta_squared", "f_statistic", "p_value"]].isna().all(axis=None)


def test_groups_that_do_not_overlap_at_all_have_no_finite_statistic():
    values = pd.DataFrame({"group": ["x", "x", "y", "y"], "value": [1.0, 1.0, 2.0, 2.0]})
    (found,) = compare_groups(profiles_of(values)).to_dict("records")
    assert (found["eta_squared"], found["p_value"]) == (1, 0)
    assert pd.isna(found["f_statistic"])


def test_no_profiles_give_no_comparisons():
    found = compare_groups(profiles_of(pd.DataFrame({"group": ["x"], "value": [1.0]})).iloc[:0])
    assert list(found) == list(CATEGORY_TESTS)
    assert found.empty


def test_order_of_rows_changes_no_digit(features):
    pairs = pairs_of(features)
    pd.testing.assert_frame_equal(fit_relationships(pairs), fit_relationships(pairs[::-1]))
