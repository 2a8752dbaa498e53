"""Sentences computed from figures: the titles of the pictures."""

import math

import numpy as np
import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import (
    MEDIUM_CORRELATION,
    MODERATE_AGREEMENT,
    SMALL_CORRELATION,
    agreement,
    all_of,
    capitalised,
    cell,
    count,
    figure,
    is_missing,
    listed,
    percent,
    shares,
    signed,
    whole,
)

PEOPLE = {"female": "women", "male": "men"}

NOTHING = "\N{EN DASH}"  # stands where there is no figure

# Beyond this skewness a distribution is called skewed (Bulmer 1979).
HIGH_SKEWNESS = 1.0


def group(value: str) -> str:
    """Name the customers of a category value.

    >>> group("female"), group("home")
    ('women', 'home')
    """
    return PEOPLE.get(str(value).lower(), str(value).replace("_", " "))


def histograms(summary: pd.DataFrame) -> str:
    """Say which feature is skewed most.

    Parameters
    ----------
    summary : DataFrame
        `label`, `unit`, `mean`, `median`, `skewness`, one row per feature.

    Returns
    -------
    str
    """
    if summary["skewness"].isna().all():
        return "How the features are distributed"
    skewed = summary[summary["skewness"].abs() > HIGH_SKEWNESS]
    if skewed.empty:
        return "No feature is strongly skewed: means and medians lie close together"
    most = skewed.loc[skewed["skewness"].abs().idxmax()]
    long_tail = "a few large" if most["skewness"] > 0 else "a few small"
    return (
        f"{capitalised(most['label'])} has the most skew: {long_tail} values move its mean to "
        f"{figure(most['mean'], most['unit'])}, its median is {cell(most['median'], most['unit'])}"
    )


def correlations(pairs: pd.DataFrame) -> str:
    """Say which two features are related most closely.

    Parameters
    ----------
    pairs : DataFrame
        `label`, `other_label`, `pearson`, one row per pair.

    Returns
    -------
    str
    """
    known = pairs.dropna(subset=["pearson"])
    if known.empty:
        return "No correlation can be computed"
    strongest = known.loc[known["pearson"].abs().idxmax()]
    r = strongest["pearson"]
    both = f"{strongest['label']} and {strongest['other_label']}"
    if abs(r) < SMALL_CORRELATION:
        return f"No two features are correlated; the closest are {both} (r = {signed(r)})"
    if abs(r) < MEDIUM_CORRELATION:
        return f"Features are only weakly correlated; the closest are {both} (r = {signed(r)})"
    return f"{capitalised(both)} have the strongest correlation (r = {signed(r)})"


def scatters(pairs: pd.DataFrame) -> str:
    """Say how many pairs of features are correlated noticeably."""
    known = pairs.dropna(subset=["pearson"])
    if known.empty:
        return "All pairs of features"
    many = int((known["pearson"].abs() >= MEDIUM_CORRELATION).sum())
    if many == 0:
        return f"None of {count(len(known))} pairs of features is correlated with r of at least {MEDIUM_CORRELATION}"
    verb = "is" if many == 1 else "are"
    return (
        f"{capitalised(count(many))} of {count(len(known))} pairs of features {verb} correlated with r of at least "
        f"{MEDIUM_CORRELATION}"
    )


def relationship(linear: float | None, quadratic: float | None, label: str, other_label: str) -> str:
    """Say how much a line and a curve explain of a feature.

    Parameters
    ----------
    linear, quadratic : float
        R2 of the two shapes.
    label, other_label : str
        The feature that explains and the one that is explained.

    Returns
    -------
    str

    Examples
    --------
    >>> relationship(0.0001, 0.003, "annual income", "spending score")
    'Neither a line nor a curve over annual income explains spending score: R² is below 0.01'
    >>> relationship(0.107, 0.131, "age", "spending score")
    'Age explains 10.7 % of spending score with a line and 13.1 % with a curve'
    """
    linear = 0.0 if linear is None or math.isnan(linear) else linear
    quadratic = linear if quadratic is None or math.isnan(quadratic) else quadratic
    if quadratic < 0.01:
        return f"Neither a line nor a curve over {label} explains {other_label}: R² is below 0.01"
    line, curve = percent(linear), percent(quadratic)
    if line == curve:
        return f"{capitalised(label)} explains {line} of {other_label} with a line; a curve explains no more"
    return f"{capitalised(label)} explains {line} of {other_label} with a line and {curve} with a curve"


def categories(counts: pd.DataFrame) -> str:
    """Say which value is the most frequent of each category.

    Parameters
    ----------
    counts : DataFrame
        `category`, `category_value`, `customers`, `share_of_customers`.

    Returns
    -------
    str
    """
    people, others = [], []
    for category, rows in counts.groupby("category", sort=True):
        ordered = rows.sort_values(["customers", "category_value"], ascending=[False, True])
        top, share = ordered.iloc[0], shares(ordered["share_of_customers"])[0]
        if str(top["category_value"]).lower() in PEOPLE:
            people.append(f"{share} of customers are {group(top['category_value'])}")
        else:
            others.append(f"{share} have {group(top['category_value'])} as {str(category).replace('_', ' ')}")
    return capitalised(listed([*people, *others][:2]))


def category_effect(category: str, effects: pd.DataFrame, values: list[str]) -> str:
    """Say which feature differs most between the values of a category.

    Parameters
    ----------
    category : str
        Name of the category.
    effects : DataFrame
        `label`, `eta_squared`, `effect`, one row per feature.
    values : list of str
        Values of the category.

    Returns
    -------
    str
    """
    groups = _groups(category, values)
    known = effects.dropna(subset=["eta_squared"])
    if known.empty:
        return f"{capitalised(groups)} compared feature by feature"
    most = known.loc[known["eta_squared"].idxmax()]
    share = percent(most["eta_squared"])
    name = category.replace("_", " ")
    rest = "" if len(known) == 1 else ", and less of everything else"
    if most["effect"] in ("negligible", "not applicable"):
        where = f" in {most['label']}" if len(known) == 1 else ""
        what = "its variance" if len(known) == 1 else f"the variance of {most['label']}"
        return f"{capitalised(groups)} hardly differ{where}: {name} explains {share} of {what}{rest}"
    degree = {"small": "a little", "medium": "noticeably", "large": "strongly"}.get(most["effect"], "")
    where = f"in {most['label']}" if len(known) == 1 else f"most in {most['label']}"
    degree += "" if len(known) == 1 else ","
    return f"{capitalised(groups)} differ {degree} {where}".replace("  ", " ") + (
        f": {name} explains {share} of its variance"
    )


def elbow(choices: pd.DataFrame, recommendation: dict) -> str:
    """Say where the elbow of the inertia is, and what one segment more would save.

    Parameters
    ----------
    choices : DataFrame
        `k` and `inertia`.
    recommendation : dict
        `elbow_k` and `k_in_use`.

    Returns
    -------
    str
    """
    chosen = whole(recommendation.get("elbow_k"))
    if chosen is None:
        return "Inertia falls without an elbow, so it suggests no number of segments"
    inertia = choices.set_index("k")["inertia"]
    saved = ""
    if chosen in inertia.index and chosen + 1 in inertia.index and inertia[chosen] > 0:
        saved = f": another segment lowers inertia by {percent(1 - inertia[chosen + 1] / inertia[chosen])}"
    return f"The elbow is at k = {chosen}{_in_use(chosen, recommendation)}{saved}"


def silhouettes(customers: pd.DataFrame, *, is_exact: bool = True) -> str:
    """Say how clearly customers belong to their segments.

    Parameters
    ----------
    customers : DataFrame
        `silhouette`, one row per customer.
    is_exact : bool
        Whether the rows are customers; means of groups of them do not tell how many lie below 0.

    Returns
    -------
    str
    """
    mean = customers["silhouette"].mean()
    if not is_exact:
        return f"Segments are {formatting.separation(mean)} separated: silhouette {mean:.2f} on average"
    below = int((customers["silhouette"] < 0).sum())
    verdict = f"Segments are {formatting.separation(mean)} separated"
    who = (
        f"{below:,} of {len(customers):,} customers lie" if below != 1 else f"one of {len(customers):,} customers lies"
    )
    if below == 0:
        who = "no customer lies"
    return f"{verdict}: silhouette {mean:.2f} on average, and {who} nearer to another segment"


def gap(recommendation: dict, largest_k: int) -> str:
    """Say which k the gap statistic chooses."""
    chosen = whole(recommendation.get("gap_k"))
    if chosen is None:
        return f"The gap statistic keeps rising: up to k = {largest_k} it chooses no number of segments"
    if chosen == 1:
        return f"The gap statistic sees a single group{_in_use(chosen, recommendation)}"
    return f"The gap statistic chooses k = {chosen}{_in_use(chosen, recommendation)}"


def criteria(recommendation: dict, chosen: dict[str, int | None]) -> str:
    """Say how many criteria agree on a k, and whether it is in use.

    Parameters
    ----------
    recommendation : dict
        `recommended_k` and `k_in_use`.
    chosen : dict of str to int or None
        The k that each criterion chooses, None where it chooses none.

    Returns
    -------
    str
    """
    recommended = whole(recommendation.get("recommended_k"))
    votes = list(chosen.values())
    if recommended is None or not votes:
        return "The criteria choose no number of segments"
    agreeing = sum(k == recommended for k in votes)
    who = f"All {count(len(votes))}" if agreeing == len(votes) else capitalised(count(agreeing))
    of_all = "" if agreeing == len(votes) else f" of {count(len(votes))}"
    if agreeing == 0:
        return f"The criteria disagree; k = {recommended} is recommended{_in_use(recommended, recommendation)}"
    verb = "chooses" if agreeing == 1 else "choose"
    return f"{who}{of_all} criteria {verb} k = {recommended}{_in_use(recommended, recommendation)}"


def separation(choices: pd.DataFrame, k: int, silhouette: float) -> str:
    """Say how separate the segments are, compared with other numbers of segments.

    Parameters
    ----------
    choices : DataFrame
        `k` and `silhouette`; may be empty.
    k : int
        Segments in use.
    silhouette : float
        Mean silhouette of the segments in use, which need not be the best that there are with this k.

    Returns
    -------
    str
    """
    segments = "segment" if k == 1 else "segments"
    known = (
        choices.dropna(subset=["silhouette"]).set_index("k")["silhouette"] if len(choices) else pd.Series(dtype=float)
    )
    known = known.copy()
    if k in known.index and silhouette is not None and math.isfinite(silhouette):
        known[k] = silhouette
    if k not in known.index or len(known) < 2:
        value = f", silhouette {silhouette:.2f}" if silhouette is not None and math.isfinite(silhouette) else ""
        return f"{capitalised(count(k))} {segments}{value}"
    best = int(known.idxmax())
    if best == k or round(known[k], 2) == round(known[best], 2):
        return f"{capitalised(count(k))} segments separate best: silhouette {known[k]:.2f} at k = {k}"
    have = f"{capitalised(count(k))} {segments} have a silhouette of {known[k]:.2f}"
    return f"{have}; {count(best)} would separate better ({known[best]:.2f})"


def components(loadings: pd.DataFrame) -> str:
    """Say how much two components show, and what the first one is made of.

    Parameters
    ----------
    loadings : DataFrame
        `component`, `label`, `loading`, `share_of_variance`.

    Returns
    -------
    str
    """
    variance = loadings.groupby("component")["share_of_variance"].first()
    shown = variance[variance.index <= 2].sum()
    features = loadings.loc[loadings["component"] == 1]
    if len(features) <= 2:
        return f"Two components show everything, because there are only {count(len(features))} features"
    strength = features.set_index("label")["loading"].abs()
    strong = strength[strength >= 0.75 * strength.max()].sort_values(ascending=False, kind="stable")
    first = f"the first mainly {listed(list(strong.index[:2]))}"
    return f"Two components show {percent(min(shown, 1.0))} of the differences between customers, {first}"


def profiles(differences: pd.DataFrame, personas: list[str], labels: list[str], *, in_deviations: bool) -> str:
    """Say which segment differs most from all customers, and in which feature.

    Parameters
    ----------
    differences : DataFrame of shape (segments, features)
        Difference from the population, in standard deviations or as an index minus 100.
    personas, labels : list of str
        Names of the rows and columns.
    in_deviations : bool
        Whether the differences are standard deviations.

    Returns
    -------
    str
    """
    values = differences.to_numpy(dtype=float)
    if not np.isfinite(values).any():
        return "Segment profiles"
    row, column = np.unravel_index(np.nanargmax(np.abs(values)), values.shape)
    difference = values[row, column]
    direction = "above" if difference > 0 else "below"
    size = f"{abs(difference):.1f} standard deviations" if in_deviations else percent(abs(difference) / 100)
    return f"The largest difference is the {labels[column]} of {personas[row]}: {size} {direction} all customers"


def crosswalk(flows: pd.DataFrame, index: float | None, k: int, other_k: int) -> str:
    """Say how much two segmentations agree, and which segment is divided most.

    Parameters
    ----------
    flows : DataFrame
        `persona`, `other_persona`, `share_of_segment`.
    index : float or None
        Adjusted Rand index.
    k, other_k : int
        Segments of the two segmentations.

    Returns
    -------
    str
    """
    degree = "compared" if is_missing(index) else f"{agreement(index)} (adjusted Rand index {index:.2f})"
    ordered = flows.sort_values(["share_of_segment", "other_persona"], ascending=[False, True])
    tops = ordered.assign(share=_shares_of_rows(ordered)).groupby("persona").head(1)
    divided = tops.sort_values(["share_of_segment", "persona"]).iloc[0]
    sentence = f"{capitalised(count(k))} and {count(other_k)} segments {degree}"
    if divided["share_of_segment"] > 0.9:
        return f"{sentence}; every segment moves to another almost whole"
    return f"{sentence}; {divided['persona']} splits the most, its largest part is {divided['share']}"


def _shares_of_rows(flows) -> pd.Series:
    """Write the shares of each segment as the map of the same flows does."""
    rows = flows.groupby("persona", sort=False)["share_of_segment"]
    return rows.transform(lambda row: pd.Series(shares(row), index=row.index, dtype=object))


def flows(agreements: pd.DataFrame, sizes_in_order: list[int]) -> str:
    """Say how alike the segmentations of a dataset are.

    Parameters
    ----------
    agreements : DataFrame
        `adjusted_rand_index`, one row per pair of segmentations.
    sizes_in_order : list of int
        Segments of each segmentation.

    Returns
    -------
    str
    """
    which = listed([count(int(size)) for size in sizes_in_order])
    known = agreements["adjusted_rand_index"].dropna()
    if known.empty:
        return f"The same customers in {which} segments"
    lowest, highest = known.min(), known.max()
    degree = "much the same way" if lowest >= MODERATE_AGREEMENT else "differently"
    value = f"{lowest:.2f}" if f"{lowest:.2f}" == f"{highest:.2f}" else f"{lowest:.2f} to {highest:.2f}"
    return f"{capitalised(which)} segments group the customers {degree}: adjusted Rand index {value}"


def distributions(boxes: pd.DataFrame) -> str:
    """Say in which feature the segments lie furthest apart, measured by the middle halves of their customers.

    Parameters
    ----------
    boxes : DataFrame
        `category_value` (the persona), `feature`, `label`, `unit`, `p25`, `median`, `p75`.

    Returns
    -------
    str
    """
    spread = (boxes["p75"] - boxes["p25"]).groupby(boxes["feature"], sort=False).mean()
    medians = boxes.groupby("feature", sort=False)["median"]
    apart = (medians.max() - medians.min()) / spread.where(spread > 0)
    if not (apart > 0).any():
        return "Customers of each segment"
    rows = boxes[boxes["feature"] == apart.idxmax()].dropna(subset=["median"]).sort_values("median", kind="stable")
    low, high = rows.iloc[0], rows.iloc[-1]
    return (
        f"Segments differ most in {low['label']}: medians from {cell(low['median'], low['unit'])} "
        f"({low['category_value']}) to {figure(high['median'], high['unit'])} ({high['category_value']})"
    )


def stability(segments: pd.DataFrame) -> str:
    """Say how many segments are found again in other samples of the customers.

    Parameters
    ----------
    segments : DataFrame
        `persona`, `bootstrap_jaccard`, `stability_grade`.

    Returns
    -------
    str
    """
    known = segments.dropna(subset=["bootstrap_jaccard"])
    stable = known["stability_grade"] == "stable"
    lowest = known.sort_values(["bootstrap_jaccard", "persona"]).iloc[0]
    value = f"{lowest['bootstrap_jaccard']:.2f}"
    if stable.all():
        every = f"{capitalised(all_of(len(known), 'segment'))} {'is' if len(known) == 1 else 'are'}"
        return f"{every} stable; the weakest, {lowest['persona']}, reaches {value}"
    if not stable.any():
        return f"No segment is stable; the weakest, {lowest['persona']}, reaches {value}"
    verb = "is" if stable.sum() == 1 else "are"
    first = f"{capitalised(count(int(stable.sum())))} of {count(len(known))} segments {verb} stable"
    degree = {"usable": "still usable", "doubtful": "doubtful", "dissolved": "dissolved"}
    return f"{first}; the weakest, {lowest['persona']}, is {degree.get(lowest['stability_grade'], 'not')} with {value}"


def _in_use(chosen, recommendation) -> str:
    used = whole(recommendation.get("k_in_use"))
    if used is None:
        return ""
    return ", which is in use" if used == chosen else f", while k = {used} is in use"


def _groups(category, values) -> str:
    people = sorted(str(value).lower() for value in values if str(value).lower() in PEOPLE)
    if len(people) == len(PEOPLE):
        return listed([PEOPLE[value] for value in people])
    if len(values) == 2:
        return f"{group(values[0])} and {group(values[1])}"
    return f"the {count(len(values))} values of {category.replace('_', ' ')}"
