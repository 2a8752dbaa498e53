"""What one feature, or the group a customer is in, says about another feature: least-squares fits and their F tests."""

import numpy as np
import pandas as pd
from scipy.special import fdtrc  # what scipy.stats.f.sf calls; importing scipy.stats takes a second more

RELATIONSHIP_FITS = {
    "dataset": "varchar",
    "feature": "varchar",
    "other_feature": "varchar",
    "shape": "varchar",
    "customers": "bigint",
    "intercept": "double",
    "slope": "double",
    "quadratic_coefficient": "double",
    "r_squared": "double",
    "p_value": "double",
}

CATEGORY_TESTS = {
    "dataset": "varchar",
    "category": "varchar",
    "feature": "varchar",
    "customers": "bigint",
    "category_values": "bigint",
    "eta_squared": "double",
    "f_statistic": "double",
    "p_value": "double",
}

NO_SPREAD = 1e-12  # share of a sum of squares that rounding may leave of values that are all equal
NO_CURVE = 1e-9  # share of the spread of x squared beyond the line through it below which x has no more than two values


def fit_relationships(pairs: pd.DataFrame) -> pd.DataFrame:
    """Fit a straight line and a parabola through every ordered pair of features by least squares.

    Parameters
    ----------
    pairs : DataFrame
        One row per pair: `dataset`, `feature`, `other_feature`, `customers`, `mean`, `reach`, `other_mean`,
        `other_reach` and, over the customers that have both, the sums of products of x = (value - mean) / reach of the
        first and y of the other feature: `sum_x`, `sum_y`, `sum_xx`, `sum_xy`, `sum_yy`, `sum_xxx`, `sum_xxy`,
        `sum_xyy`, `sum_yyy`, `sum_xxxx`, `sum_yyyy`.

    Returns
    -------
    DataFrame
        With the columns of `RELATIONSHIP_FITS`, four rows per pair: both directions, both shapes. `feature` explains
        `other_feature`. Coefficients are in the units of the features. `p_value` is that of the F test of the fit
        against the mean, exact if the deviations from the fit are normal; empty if there are no more customers than
        coefficients. All figures are empty where a feature has no spread, and for a parabola through fewer than three
        different values.

    Notes
    -----
    The sums hold all that least squares needs, so that no customer leaves the warehouse: N. Draper and H. Smith (1998),
    Applied regression analysis, 3rd edition.

    Examples
    --------
    >>> values = {"xx": 2, "xy": 2, "yy": 2, "xxxx": 2, "yyyy": 2}
    >>> sums = {f"sum_{name}": values.get(name, 0) for name in "x y xx xy yy xxx xxy xyy yyy xxxx yyyy".split()}
    >>> scales = {"mean": 3, "reach": 1, "other_mean": 30, "other_reach": 10}
    >>> pair = {"dataset": "d", "feature": "a", "other_feature": "b", "customers": 3} | scales | sums
    >>> fits = fit_relationships(pd.DataFrame([pair]))
    >>> fits.loc[fits["shape"] == "linear", ["intercept", "slope"]].iloc[0].tolist()
    [0.0, 10.0]
    """
    forward = pairs.sort_values(["dataset", "feature", "other_feature"], ignore_index=True)
    fits = [fit for direction in (forward, _turned(forward)) for fit in (_line(direction), _parabola(direction))]
    return (
        pd.concat(fits, ignore_index=True)
        .sort_values(["dataset", "feature", "other_feature", "shape"], ignore_index=True)
        .reindex(columns=list(RELATIONSHIP_FITS))
    )


def _turned(pairs) -> pd.DataFrame:
    """Let the other feature explain the first one."""
    names = {"feature": "other_feature", "mean": "other_mean", "reach": "other_reach"}
    names |= {other: one for one, other in names.items()}
    swapped = str.maketrans("xy", "yx")
    for column in pairs.columns[pairs.columns.str.startswith("sum_")]:
        names[column] = "sum_" + "".join(sorted(column.removeprefix("sum_").translate(swapped)))
    return pairs.rename(columns=names)


def _spreads(pairs) -> dict[str, np.ndarray]:
    """Return mean sums of products about the means; not a number where x or y has no spread."""
    count = pairs["customers"].to_numpy(float)
    mean = {
        name: pairs[f"sum_{name}"].to_numpy(float) / np.where(count > 0, count, np.nan)
        for name in ("x", "y", "xx", "xy", "yy", "xxx", "xxy", "xxxx")
    }
    spread_x, spread_y = mean["xx"] - mean["x"] ** 2, mean["yy"] - mean["y"] ** 2
    return mean | {
        "of_x": np.where(spread_x > NO_SPREAD * mean["xx"], spread_x, np.nan),
        "of_y": np.where(spread_y > NO_SPREAD * mean["yy"], spread_y, np.nan),
        "of_both": mean["xy"] - mean["x"] * mean["y"],
        "of_squares": mean["xxxx"] - mean["xx"] ** 2,
        "of_x_and_squares": mean["xxx"] - mean["x"] * mean["xx"],
        "of_squares_and_y": mean["xxy"] - mean["xx"] * mean["y"],
    }


def _line(pairs) -> pd.DataFrame:
    spread = _spreads(pairs)
    slope = spread["of_both"] / spread["of_x"] + 0 * spread["of_y"]
    explained = slope * spread["of_both"] / spread["of_y"]
    return _described(pairs, "linear", spread, slope, np.zeros(len(pairs)), explained)


def _parabola(pairs) -> pd.DataFrame:
    spread = _spreads(pairs)
    # the part of x squared that a line through x does not explain carries the curve
    line = spread["of_x_and_squares"] / spread["of_x"]
    curve_spread = spread["of_squares"] - line * spread["of_x_and_squares"]
    curve_spread = np.where(curve_spread > NO_CURVE * spread["xxxx"], curve_spread, np.nan)
    quadratic = (spread["of_squares_and_y"] - line * spread["of_both"]) / curve_spread + 0 * spread["of_y"]
    slope = spread["of_both"] / spread["of_x"] - quadratic * line
    explained = (slope * spread["of_both"] + quadratic * spread["of_squares_and_y"]) / spread["of_y"]
    return _described(pairs, "quadratic", spread, slope, quadratic, explained)


def _described(pairs, shape, spread, slope, quadratic, explained) -> pd.DataFrame:
    """Bring y = a + b x + c x x back to the units of the features and test it against the mean."""
    intercept = spread["y"] - slope * spread["x"] - quadratic * spread["xx"]
    mean, reach = pairs["mean"].to_numpy(float), pairs["reach"].to_numpy(float)
    height = pairs["other_reach"].to_numpy(float)
    curved = height * quadratic / reach**2
    straight = height * slope / reach - 2 * mean * curved
    explained = np.clip(explained, 0, 1)
    figures = {
        "shape": shape,
        "intercept": pairs["other_mean"] + height * (intercept - slope * mean / reach) + curved * mean**2,
        "slope": straight,
        "quadratic_coefficient": curved if shape == "quadratic" else np.nan,
        "r_squared": explained,
        "p_value": _tail(explained, 1 if shape == "linear" else 2, pairs["customers"].to_numpy(float))[1],
    }
    return pairs[["dataset", "feature", "other_feature", "customers"]].assign(**figures)


def _tail(explained, terms, customers) -> tuple[np.ndarray, np.ndarray]:
    """Return F and its p-value for a share of variation explained by a number of terms beside the mean."""
    left_over = customers - 1 - terms
    degrees = np.where(left_over > 0, left_over, np.nan)
    with np.errstate(divide="ignore"):
        statistic = (explained / terms) / ((1 - explained) / degrees)
    return statistic, fdtrc(terms, degrees, statistic)


def compare_groups(profiles: pd.DataFrame) -> pd.DataFrame:
    """Measure and test how far the groups of a category differ in each feature: one-way analysis of variance.

    Parameters
    ----------
    profiles : DataFrame
        One row per group and feature: `dataset`, `category`, `category_value`, `feature`, `customers`, `mean`,
        `standard_deviation` (population), `minimum`, `maximum`.

    Returns
    -------
    DataFrame
        With the columns of `CATEGORY_TESTS`, one row per dataset, category and feature. `eta_squared` is the share of
        the feature's variation between the groups. Figures are empty if there is one group only, no group of two
        customers or no variation; the F statistic alone is empty if nobody differs from the own group.

    Notes
    -----
    R. Fisher (1925), Statistical methods for research workers; eta squared: J. Cohen (1988), Statistical power analysis
    for the behavioral sciences, 2nd edition. The p-value is that of the F distribution, exact if values are normal with
    one variance in all groups.

    Examples
    --------
    >>> groups = {"dataset": "d", "category": "c", "category_value": ["a", "b"], "feature": "f", "customers": [2, 2]}
    >>> figures = {"mean": [1.0, 3.0], "standard_deviation": [1.0, 1.0], "minimum": [0.0, 2.0], "maximum": [2.0, 4.0]}
    >>> compare_groups(pd.DataFrame(groups | figures))[["eta_squared", "f_statistic"]].iloc[0].tolist()
    [0.5, 2.0]
    """
    ordered = profiles.sort_values(["dataset", "category", "feature", "category_value"], ignore_index=True)
    keys = ["dataset", "category", "feature"]
    rows = [
        dict(zip(keys, key, strict=True)) | _difference(groups[groups["customers"] > 0])
        for key, groups in ordered.groupby(keys, sort=True)
    ]
    return pd.DataFrame(rows, columns=list(CATEGORY_TESTS))


def _difference(groups) -> dict:
    counts, means = groups["customers"].to_numpy(float), groups["mean"].to_numpy(float)
    customers = counts.sum()
    figures = {"customers": int(customers), "category_values": len(groups)}
    if len(groups) < 2 or customers <= len(groups) or groups["minimum"].min() == groups["maximum"].max():
        return figures
    between = counts @ (means - counts @ means / customers) ** 2
    within = counts @ groups["standard_deviation"].to_numpy(float) ** 2
    explained = between / (between + within)
    statistic, p_value = _tail(explained, len(groups) - 1, customers)
    finite = np.isfinite(statistic)
    return figures | {
        "eta_squared": float(explained),
        "f_statistic": float(statistic) if finite else None,
        "p_value": float(p_value),
    }
