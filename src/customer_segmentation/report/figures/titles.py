"""Sentences computed from figures: the titles of the pictures."""

import math
from collections.abc import Mapping
from typing import Any

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
    counted,
    figure,
    in_sentence,
    in_words,
    is_missing,
    listed,
    number,
    percent,
    shares,
    signed,
    whole,
)
from customer_segmentation.language import ENGLISH, _, ngettext, translatable, used

PEOPLE = {"female": translatable("women"), "male": translatable("men")}
UNKNOWN = translatable("unknown")  # what staging writes where a category is not known
DEGREES = {
    "small": translatable("a little"),
    "medium": translatable("noticeably"),
    "large": translatable("strongly"),
}  # of a difference, by the effect
WEAKER = {
    "usable": translatable("still usable"),
    "doubtful": translatable("doubtful"),
    "dissolved": translatable("dissolved"),
}  # grades of the weakest segment

NOTHING = "\N{EN DASH}"  # stands where there is no figure

# Beyond this skewness a distribution is called skewed (Bulmer 1979).
HIGH_SKEWNESS = 1.0


def group(value: str) -> str:
    """Name the customers of a category value.

    >>> group("female"), group("home")
    ('women', 'home')
    """
    if value == UNKNOWN:
        return _(UNKNOWN)
    people = PEOPLE.get(str(value).lower())
    return str(value).replace("_", " ") if people is None else _(people)


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
        return _("How the features are distributed")
    skewed = summary[summary["skewness"].abs() > HIGH_SKEWNESS]
    if skewed.empty:
        return _("No feature is strongly skewed: means and medians lie close together")
    most = skewed.loc[skewed["skewness"].abs().idxmax()]
    told = {
        "feature": capitalised(most["label"]),
        "mean": figure(most["mean"], most["unit"]),
        "median": cell(most["median"], most["unit"]),
    }
    if most["skewness"] > 0:
        return _(
            "{feature} has the most skew: a few large values move its mean to {mean}, its median is {median}", **told
        )
    return _("{feature} has the most skew: a few small values move its mean to {mean}, its median is {median}", **told)


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
        return _("No correlation can be computed")
    strongest = known.loc[known["pearson"].abs().idxmax()]
    r, both = strongest["pearson"], listed([strongest["label"], strongest["other_label"]])
    if abs(r) < SMALL_CORRELATION:
        return _("No two features are correlated; the closest are {features} (r = {r})", features=both, r=signed(r))
    if abs(r) < MEDIUM_CORRELATION:
        return _(
            "Features are only weakly correlated; the closest are {features} (r = {r})", features=both, r=signed(r)
        )
    return _("{features} have the strongest correlation (r = {r})", features=capitalised(both), r=signed(r))


def scatters(pairs: pd.DataFrame) -> str:
    """Say how many pairs of features are correlated noticeably."""
    known = pairs.dropna(subset=["pearson"])
    if known.empty:
        return _("All pairs of features")
    many = int((known["pearson"].abs() >= MEDIUM_CORRELATION).sum())
    told = {"pairs": count(len(known)), "least": number(MEDIUM_CORRELATION, 1)}
    if many == 0:
        return _("None of {pairs} pairs of features is correlated with r of at least {least}", **told)
    return ngettext(
        "{count} of {pairs} pairs of features is correlated with r of at least {least}",
        "{count} of {pairs} pairs of features are correlated with r of at least {least}",
        many, count=capitalised(count(many)), **told,
    )  # fmt: skip


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
        return _(
            "Neither a line nor a curve over {feature} explains {other_feature}: R² is below {least}",
            feature=label, other_feature=other_label, least=number(0.01, 2),
        )  # fmt: skip
    line, curve = percent(linear), percent(quadratic)
    told = {"feature": capitalised(label), "other_feature": other_label, "share": line}
    if line == curve:
        return _("{feature} explains {share} of {other_feature} with a line; a curve explains no more", **told)
    return _(
        "{feature} explains {share} of {other_feature} with a line and {curve_share} with a curve",
        curve_share=curve, **told,
    )  # fmt: skip


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
            people.append(_("{share} of customers are {group}", share=share, group=group(top["category_value"])))
        else:
            told = {"value": group(top["category_value"]), "category": in_words(str(category))}
            others.append(_("{share} have {value} as {category}", share=share, **told))
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
    groups = capitalised(_groups(category, values))
    known = effects.dropna(subset=["eta_squared"])
    if known.empty:
        return _("{groups} compared feature by feature", groups=groups)
    most = known.loc[known["eta_squared"].idxmax()]
    told = {
        "groups": groups,
        "feature": most["label"],
        "category": in_words(category),
        "share": percent(most["eta_squared"]),
    }
    if most["effect"] in ("negligible", "not applicable"):
        if len(known) == 1:
            return _("{groups} hardly differ in {feature}: {category} explains {share} of its variance", **told)
        return _(
            "{groups} hardly differ: {category} explains {share} of the variance of {feature}, and less of everything "
            "else",
            **told,
        )
    degree = _(DEGREES[most["effect"]])
    if len(known) == 1:
        return _(
            "{groups} differ {degree} in {feature}: {category} explains {share} of its variance", degree=degree, **told
        )
    return _(
        "{groups} differ {degree}, most in {feature}: {category} explains {share} of its variance",
        degree=degree, **told,
    )  # fmt: skip


def effect_found(effect: Mapping[str, Any], label: str, category: str) -> str:
    """Say what a row of `category_effects` found, as its column `finding` does in English.

    Parameters
    ----------
    effect : mapping
        The row.
    label, category : str
        Name of the feature and of the category, in words.

    Returns
    -------
    str
    """
    if used().code == ENGLISH:
        return str(effect["finding"])
    told = {"feature": label, "category": category}
    eta_squared = effect["eta_squared"]
    if is_missing(eta_squared):
        if effect["category_values"] < 2:
            found = _("{category} is the same for all customers with a value of {feature}", **told)
        elif effect["customers"] <= effect["category_values"]:
            found = _("too few customers to compare {feature} by {category}", **told)
        else:
            found = _("{feature} is the same for all customers, so {category} explains nothing", **told)
        return capitalised(found)
    share = _("less than {share}", share=number(0.1, 1)) if eta_squared < 0.0005 else number(100 * eta_squared, 1)
    found = _(
        "{category} explains {share} % of the variation in {feature}: {effect}",
        share=share, effect=_(effect["effect"]), **told,
    )  # fmt: skip
    # no column has the number of comparisons
    if str(effect["finding"]).endswith("chance alone may explain it"):
        found = _("{finding}, and chance alone may explain it", finding=found)
    return capitalised(found)


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
        return _("Inertia falls without an elbow, so it suggests no number of segments")
    inertia = choices.set_index("k")["inertia"]
    finding = _in_use(_("The elbow is at k = {k}", k=chosen), chosen, recommendation)
    if chosen in inertia.index and chosen + 1 in inertia.index and inertia[chosen] > 0:
        saved = percent(1 - inertia[chosen + 1] / inertia[chosen])
        return _("{finding}: another segment lowers inertia by {share}", finding=finding, share=saved)
    return finding


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
    mean, below = customers["silhouette"].mean(), int((customers["silhouette"] < 0).sum())
    told = {"degree": formatting.separation(mean), "silhouette": number(mean, 2)}
    if not is_exact:
        return _("Segments are {degree} separated: silhouette {silhouette} on average", **told)
    if below == 0:
        return _(
            "Segments are {degree} separated: silhouette {silhouette} on average, and no customer lies nearer to "
            "another segment",
            **told,
        )
    return ngettext(
        "Segments are {degree} separated: silhouette {silhouette} on average, and one of {customers} customers lies "
        "nearer to another segment",
        "Segments are {degree} separated: silhouette {silhouette} on average, and {below} of {customers} customers "
        "lie nearer to another segment",
        below, below=number(below), customers=number(len(customers)), **told,
    )  # fmt: skip


def gap(recommendation: dict, largest_k: int) -> str:
    """Say which k the gap statistic chooses."""
    chosen = whole(recommendation.get("gap_k"))
    if chosen is None:
        return _("The gap statistic keeps rising: up to k = {k} it chooses no number of segments", k=largest_k)
    if chosen == 1:
        return _in_use(_("The gap statistic sees a single group"), chosen, recommendation)
    return _in_use(_("The gap statistic chooses k = {k}", k=chosen), chosen, recommendation)


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
        return _("The criteria choose no number of segments")
    agreeing = sum(k == recommended for k in votes)
    told = {"criteria": count(len(votes)), "k": recommended}
    if agreeing == 0:
        finding = _("The criteria disagree; k = {k} is recommended", **told)
    elif agreeing == len(votes):
        finding = ngettext(
            "The only criterion chooses k = {k}", "All {criteria} criteria choose k = {k}", agreeing, **told
        )
    else:
        finding = ngettext(
            "{count} of {criteria} criteria chooses k = {k}", "{count} of {criteria} criteria choose k = {k}",
            agreeing, count=capitalised(count(agreeing)), **told,
        )  # fmt: skip
    return _in_use(finding, recommended, recommendation)


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
    segments = capitalised(counted(k, "segment"))
    known = (
        choices.dropna(subset=["silhouette"]).set_index("k")["silhouette"] if len(choices) else pd.Series(dtype=float)
    )
    known = known.copy()
    if k in known.index and silhouette is not None and math.isfinite(silhouette):
        known[k] = silhouette
    if k not in known.index or len(known) < 2:
        if silhouette is None or not math.isfinite(silhouette):
            return segments
        return _("{segments}, silhouette {silhouette}", segments=segments, silhouette=number(silhouette, 2))
    best = int(known.idxmax())
    told = {"segments": segments, "silhouette": number(known[k], 2)}
    if best == k or round(known[k], 2) == round(known[best], 2):
        return _("{segments} separate best: silhouette {silhouette} at k = {k}", k=k, **told)
    return _(
        "{segments} have a silhouette of {silhouette}; {best} would separate better ({best_silhouette})",
        best=count(best), best_silhouette=number(known[best], 2), **told,
    )  # fmt: skip


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
        told = counted(len(features), "feature")
        return _("Two components show everything, because there are only {features}", features=told)
    strength = features.set_index("label")["loading"].abs()
    strong = strength[strength >= 0.75 * strength.max()].sort_values(ascending=False, kind="stable")
    return _(
        "Two components show {share} of the differences between customers, the first mainly {features}",
        share=percent(min(shown, 1.0)), features=listed(list(strong.index[:2])),
    )  # fmt: skip


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
        return _("Segment profiles")
    row, column = np.unravel_index(np.nanargmax(np.abs(values)), values.shape)
    difference = values[row, column]
    if in_deviations:
        size = _("{number} standard deviations", number=number(abs(difference), 1))
    else:
        size = percent(abs(difference) / 100)
    told = {"feature": labels[column], "segment": in_sentence(personas[row]), "size": size}
    if difference > 0:
        return _("The largest difference is the {feature} of {segment}: {size} above all customers", **told)
    return _("The largest difference is the {feature} of {segment}: {size} below all customers", **told)


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
    ordered = flows.sort_values(["share_of_segment", "other_persona"], ascending=[False, True])
    tops = ordered.assign(share=_shares_of_rows(ordered)).groupby("persona").head(1)
    divided = tops.sort_values(["share_of_segment", "persona"]).iloc[0]
    told = {"count": capitalised(count(k)), "other_count": count(other_k)}
    if is_missing(index):
        finding = _("{count} and {other_count} segments compared", **told)
    else:
        finding = _(
            "{count} and {other_count} segments {agree} (adjusted Rand index {index})",
            agree=agreement(index), index=number(index, 2), **told,
        )  # fmt: skip
    if divided["share_of_segment"] > 0.9:
        return _("{finding}; every segment moves to another almost whole", finding=finding)
    return _(
        "{finding}; {segment} splits the most, its largest part is {share}",
        finding=finding, segment=in_sentence(divided["persona"]), share=divided["share"],
    )  # fmt: skip


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
        return _("The same customers in {counts} segments", counts=which)
    lowest, highest = number(known.min(), 2), number(known.max(), 2)
    value = lowest if lowest == highest else _("{low} to {high}", low=lowest, high=highest)
    told = {"counts": capitalised(which), "index": value}
    if known.min() >= MODERATE_AGREEMENT:
        return _("{counts} segments group the customers much the same way: adjusted Rand index {index}", **told)
    return _("{counts} segments group the customers differently: adjusted Rand index {index}", **told)


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
        return _("Customers of each segment")
    rows = boxes[boxes["feature"] == apart.idxmax()].dropna(subset=["median"]).sort_values("median", kind="stable")
    low, high = rows.iloc[0], rows.iloc[-1]
    return _(
        "Segments differ most in {feature}: medians from {lowest} ({lowest_segment}) to {highest} ({highest_segment})",
        feature=low["label"], lowest=cell(low["median"], low["unit"]), lowest_segment=low["category_value"],
        highest=figure(high["median"], high["unit"]), highest_segment=high["category_value"],
    )  # fmt: skip


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
    told = {"segment": in_sentence(lowest["persona"]), "similarity": number(lowest["bootstrap_jaccard"], 2)}
    if stable.all():
        every = capitalised(all_of(len(known), "segment"))
        return ngettext(
            "{segments} is stable; the weakest, {segment}, reaches {similarity}",
            "{segments} are stable; the weakest, {segment}, reaches {similarity}",
            len(known), segments=every, **told,
        )  # fmt: skip
    if not stable.any():
        return _("No segment is stable; the weakest, {segment}, reaches {similarity}", **told)
    grade = _(WEAKER.get(lowest["stability_grade"], translatable("not")))
    some = int(stable.sum())
    return ngettext(
        "{count} of {segments} segments is stable; the weakest, {segment}, is {grade} with {similarity}",
        "{count} of {segments} segments are stable; the weakest, {segment}, is {grade} with {similarity}",
        some, count=capitalised(count(some)), segments=count(len(known)), grade=grade, **told,
    )  # fmt: skip


def _in_use(finding: str, chosen: int, recommendation: dict) -> str:
    """Add to a finding about k which number of segments is in use."""
    in_use = whole(recommendation.get("k_in_use"))
    if in_use is None:
        return finding
    if in_use == chosen:
        return _("{finding}, which is in use", finding=finding)
    return _("{finding}, while k = {k} is in use", finding=finding, k=in_use)


def _groups(category, values) -> str:
    people = sorted(str(value).lower() for value in values if str(value).lower() in PEOPLE)
    if len(people) == len(PEOPLE):
        return listed([group(value) for value in people])
    if len(values) == 2:
        return listed([group(value) for value in values])
    return ngettext(
        "the {count} value of {category}", "the {count} values of {category}",
        len(values), count=count(len(values)), category=in_words(category),
    )  # fmt: skip
