"""What report and slides say in words: plain sentences computed from the published tables, and nothing else.

Every function is pure: it takes rows or frames as they were published and returns text without any markup. Pages
escape the sentences, because names and texts come from the files of users.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from customer_segmentation.formatting import (
    REASONABLE_SILHOUETTE,
    SMALL_CORRELATION,
    STRONG_SILHOUETTE,
    TYPICAL,
    agreement,
    all_of,
    capitalised,
    count,
    counted,
    customers,
    figure,
    in_sentence,
    is_missing,
    listed,
    none_of,
    number,
    percent,
    quality,
    separation,
    shares,
    title_of,
)
from customer_segmentation.language import _, isolated, ngettext, translatable
from customer_segmentation.publication.retelling import retold
from customer_segmentation.report.criteria import CRITERIA

# texts, as all in capitals here, are looked up where they are shown
NOT_COMPUTED = translatable("Not computed: too few customers, or built with `evidence: none`.")
# Means of fewer customers than this move a lot when a few customers come or go.
FEW_CUSTOMERS = 30
MOST_NAMES = 4  # in one sentence; the rest is counted
MONEY = "monetary_value"  # the one feature whose sum over customers is a figure of the business
SURE = ("stable", "usable")
DRIFTED = ("medium", "large")  # a smaller drift changes no decision
MEASURES = {
    "distance": translatable("distance to the own center"),
    "segment": translatable("sizes of the segments"),
}
VERDICTS = {
    "confirmed": translatable("{count} confirmed"),
    "local optimum": translatable("{count} at a local optimum"),
    "error": translatable("{count} in error"),
}
# What a search for other solutions has looked at: the sentence if it found none, and the one if it did.
SEARCHES = {
    "even sample": (
        translatable("On a sample of {customers} customers the search found no other."),
        translatable(
            "On a sample of {customers} customers the search found {optima}; the second best is {excess} above the "
            "best and puts {moved} in another segment."
        ),
    ),
    "coreset": (
        translatable("On {rows} weighted rows that represent all customers, the search found no other."),
        translatable(
            "On {rows} weighted rows that represent all customers, the search found {optima}; the second best is "
            "{excess} above the best and puts {moved} in another segment."
        ),
    ),
}
SEARCH_OF_ALL = (
    translatable("The search found no other."),
    translatable(
        "The search found {optima}; the second best is {excess} above the best and puts {moved} in another segment."
    ),
)
# The parts of k_recommendation.sentence: what is recommended, who agrees, and what is shown.
RECOMMENDED = (
    translatable(
        "{k} segments separate customers best (silhouette {silhouette}) among the numbers of segments that are stable "
        "across samples."
    ),
    translatable(
        "No number of segments from {smallest} to {largest} is stable across samples; {k} comes closest."
    ),
)  # fmt: skip
AGREED = translatable("{agreeing} of {criteria} criteria pick {k}.")
SHOWN = (
    translatable("Showing {k}: k is auto, so the recommendation is used."),
    translatable("Showing {k}, the recommendation when the model was fitted."),
    translatable("Showing {k} because no more customers differ."),
    translatable("Showing {k} because segmentations.csv sets k = {k}."),
    translatable("Showing {k}."),
)
# personas.contradicted_traits, of each trait
CONTRADICTED = (
    translatable("{feature}: claimed {level} (at most {highest}), found {found}"),
    translatable("{feature}: claimed {level} (at least {lowest}), found {found}"),
    translatable("{feature}: claimed {level} ({lowest} to {highest}), found {found}"),
)
CLAIMED = (translatable("about {number}"),)
# personas.description of a segment that no persona describes
GENERATED = (translatable("No persona describes this segment yet. {headline}."),)
# rejected_rows.reason, where it is more than a word of the vocabulary
LATE = (translatable("in the future: after {day}"),)


def how_to_read() -> list[str]:
    """Explain the figures of the report, a paragraph each."""
    return [
        _(TYPICAL)
        + " "
        + _(
            "Words, cards, tables and pictures describe a segment by the medians of its customers. Centers and means "
            "belong to the model and to sums of money, and are labeled as such."
        ),
        _(
            "A segment is a group of customers that K-Means found. A persona is what people claim about it. If they "
            "disagree, trust the figures: the claim is listed as contradicted."
        ),
        _(
            "Silhouette: 1 if every customer is much closer to their own segment than to the next, 0 if both are "
            "equally close. Above {reasonable} means reasonable, above {strong} strong structure (Kaufman and "
            "Rousseeuw 1990).",
            reasonable=number(REASONABLE_SILHOUETTE, 1),
            strong=number(STRONG_SILHOUETTE, 1),
        ),
        _(
            "Inertia: the sum of squared distances to the center of the segment. It falls with every additional "
            "segment, so only its bend suggests a number."
        ),
        _(
            "Bootstrap Jaccard: customers are resampled many times and segmented again; the figure is how much of a "
            "segment comes back (Hennig 2007). Use stable and usable segments; review doubtful ones; dissolved ones "
            "are an accident of this sample."
        ),
        _("Adjusted Rand index: how far two groupings of the same customers agree; 1 is identical, 0 is chance."),
        _(
            "Eta squared: the share of the variance of a figure that a category such as gender explains. If it is "
            "negligible, a small p value means little: with many customers every difference is significant."
        ),
        _(
            "Principal components reduce many features to the few directions in which customers differ most. Segments "
            "can overlap there and still be separate in a direction that is not shown."
        ),
        _("Synthetic data is made up. It shows that the pipeline works and says nothing about people."),
        _(
            "Campaign costs are assumptions, with their basis in the table campaign_recommendations. Only a test "
            "against a control group shows what a campaign earns."
        ),
    ]


def separation_sentence(fit: Mapping) -> str:
    """Say how well the segments of a row of `segmentation_fits` are separated."""
    if is_missing(fit["silhouette"]):
        return _("The separation of the segments could not be measured.")
    figures = {"degree": separation(fit["silhouette"]), "silhouette": number(fit["silhouette"], 2)}
    if fit["silhouette_customers"] < fit["customers"]:
        return _(
            "The segments are {degree} separated (mean silhouette {silhouette}), measured on a random sample of "
            "{customers} customers.",
            **figures,
            customers=number(fit["silhouette_customers"]),
        )
    return _("The segments are {degree} separated (mean silhouette {silhouette}).", **figures)


def segmentation_sentence(fit: Mapping, *, is_synthetic: bool) -> str:
    """Say of a row of `Publication.fits` how many customers are in how many segments."""
    return _(
        "{customers} of the dataset {dataset} form {segments}.",
        customers=customers(fit["segmented_customers"], is_synthetic=is_synthetic),
        dataset=fit["dataset_name"],
        segments=counted(fit["filled_segments"], "segment"),
    )


def separation_title(fit: Mapping) -> str:
    """Say in a headline what the segmentation is worth as a partition."""
    segments = capitalised(counted(fit["k"], "segment"))
    if is_missing(fit["silhouette"]):
        return segments
    return _(
        "{segments}, {degree} separated (silhouette {silhouette})",
        segments=segments,
        degree=separation(fit["silhouette"]),
        silhouette=number(fit["silhouette"], 2),
    )


def stability_sentence(segments: pd.DataFrame) -> str:
    """Say which segments come back in new samples.

    Parameters
    ----------
    segments : DataFrame
        Rows of `segments` of one segmentation: `persona`, `stability_grade`, `bootstrap_jaccard`.

    Returns
    -------
    str
    """
    known = segments.dropna(subset=["stability_grade"])
    if known.empty:
        return _("Stability: not computed: this publication was built with `evidence: none`.")
    lowest, highest = known["bootstrap_jaccard"].min(), known["bootstrap_jaccard"].max()
    doubtful = known[~known["stability_grade"].isin(SURE)].sort_values(["bootstrap_jaccard", "persona"])
    if doubtful.empty:
        figures = _("bootstrap Jaccard {figure}", figure=number(lowest, 2))
        if highest - lowest >= 0.005:
            figures = _("bootstrap Jaccard {lowest} to {highest}", lowest=number(lowest, 2), highest=number(highest, 2))
        return ngettext(
            "{segments} comes back in new samples ({figures}).", "{segments} come back in new samples ({figures}).",
            len(known), segments=capitalised(all_of(len(known), "segment")), figures=figures,
        )  # fmt: skip
    named = listed(map(_graded, doubtful.itertuples()), most=MOST_NAMES)
    if len(doubtful) == len(known):
        return _("No segment is sure to come back in new samples: {segments}.", segments=named)
    return ngettext(
        "{found}; {segments} does not.", "{found}; {segments} do not.", len(doubtful),
        found=_found_again(len(known) - len(doubtful), len(known)), segments=named,
    )  # fmt: skip


def _found_again(sure: int, segments: int) -> str:
    if sure == 0:
        return ngettext(
            "{segments} comes back in new samples", "{segments} come back in new samples", 1,
            segments=capitalised(none_of(segments, "segment")),
        )  # fmt: skip
    return ngettext(
        "{sure} of {segments} segments comes back in new samples",
        "{sure} of {segments} segments come back in new samples",
        sure, sure=capitalised(count(sure)), segments=count(segments),
    )  # fmt: skip


def _graded(segment) -> str:
    return f"{in_sentence(segment.persona)} ({_(segment.stability_grade)}, {number(segment.bootstrap_jaccard, 2)})"


def stability_title(segments: pd.DataFrame) -> str:
    """Say in a headline how many segments are stable."""
    known = segments.dropna(subset=["stability_grade"])
    if known.empty:
        return _("The stability of the segments was not computed")
    sure = int(known["stability_grade"].isin(SURE).sum())
    if sure == len(known):
        return ngettext(
            "{segments} comes back in new samples", "{segments} come back in new samples", sure,
            segments=capitalised(all_of(sure, "segment")),
        )  # fmt: skip
    return _found_again(sure, len(known))


def overall_title(segments: pd.DataFrame, segmentations: int) -> str:
    """Say in a headline how many segments there are in all, and how many of them are stable.

    Parameters
    ----------
    segments : DataFrame
        Segments of the segmentations: `stability_grade`.
    segmentations : int
        How many segmentations these are.

    Returns
    -------
    str
    """
    text = capitalised(counted(len(segments), "segment"))
    if segmentations > 1:
        text = _(
            "{segments} in {segmentations}", segments=text, segmentations=counted(segmentations, "segmentation")
        )  # fmt: skip
    known = segments["stability_grade"].dropna()
    if known.empty:
        return _("{segments}; their stability was not computed", segments=text)
    sure = int(known.isin(SURE).sum())
    if sure == len(segments):
        return _("{segments}; all of them come back in new samples", segments=text)
    if sure == 0:
        return _("{segments}; none of them comes back in new samples", segments=text)
    return ngettext(
        "{segments}; {sure} of them comes back in new samples", "{segments}; {sure} of them come back in new samples",
        sure, segments=text, sure=count(sure),
    )  # fmt: skip


def choice_title(recommendation: pd.DataFrame, k: int) -> str:
    """Say in a headline why there are that many segments.

    Parameters
    ----------
    recommendation : DataFrame
        The row of `k_recommendation`, or none.
    k : int
        Number of segments in use.

    Returns
    -------
    str
    """
    segments = capitalised(counted(k, "segment"))
    if recommendation.empty:
        return _("{segments}: a decision, not checked against other numbers", segments=segments)
    row = recommendation.iloc[0]
    if is_missing(row["recommended_k"]):
        return _("{segments} in use; the criteria recommend no number", segments=segments)
    recommended, criteria = int(row["recommended_k"]), count(int(row["criteria"]))
    if row["agreeing_criteria"] == row["criteria"]:
        agreeing = _("all {criteria} criteria", criteria=criteria)
    elif row["agreeing_criteria"] == 0:
        agreeing = _("none of {criteria} criteria", criteria=criteria)
    else:
        agreeing = _(
            "{agreeing} of {criteria} criteria", agreeing=count(int(row["agreeing_criteria"])), criteria=criteria
        )  # fmt: skip
    if recommended == k:
        return _("{segments}: {criteria} agree", segments=segments, criteria=agreeing)
    return _(
        "{segments} in use, while {criteria} favor {recommended}",
        segments=segments, criteria=agreeing, recommended=count(recommended),
    )  # fmt: skip


def choice_sentence(recommendation: pd.DataFrame) -> str:
    """Repeat the sentence of `k_recommendation`, or say that there is none."""
    if recommendation.empty:
        return _(NOT_COMPUTED)
    sentence = str(recommendation.iloc[0]["sentence"])
    # the silhouette, the numbers compared and the reason for the one in use are in the sentence alone
    parts = re.fullmatch(r"(.+?[a-z]\.) (\d+ of \d+ criteria pick \d+\.) (.+)", sentence)
    if parts is None:
        return sentence
    templates = (RECOMMENDED, (AGREED,), SHOWN)
    return " ".join(retold(part, made_of) for part, made_of in zip(parts.groups(), templates, strict=True))


def criteria_rows(recommendation: pd.DataFrame) -> list[tuple[str, str]]:
    """List what each criterion recommends, as pairs of its name and a number of segments in digits or "none"."""
    if recommendation.empty:
        return []
    row = recommendation.iloc[0]
    return [
        (_(criterion.in_words), _("none") if is_missing(row[criterion.chosen]) else str(int(row[criterion.chosen])))
        for criterion in CRITERIA
        if criterion.chosen in recommendation
    ]


def optimum_sentence(fit: Mapping, optima: pd.DataFrame) -> str:
    """Say whether the solution in use is the best one known, and how hard it was to find.

    Parameters
    ----------
    fit : mapping
        A row of `segmentation_fits`.
    optima : DataFrame
        The rows of `fit_optima` of this segmentation, or none.

    Returns
    -------
    str
    """
    excess = fit["inertia"] / fit["best_known_inertia"] - 1 if fit["best_known_inertia"] else 0.0
    if excess > 1e-6:
        told = [
            _(
                "The solution in use is a local optimum: its inertia is {excess} above the best one known.",
                excess=percent(excess),
            )
        ]
        if fit["initialisation"] == "personas":
            told.append(_cost_of_personas(optima))
    else:
        told = [_("The solution in use is the best one known.")]
    share = fit["share_of_starts_at_best"]
    if not is_missing(share):
        told.append(
            _(
                "{share} of {starts} random starts reach the best.",
                share=capitalised(percent(share)), starts=fit["starts"],
            )
        )  # fmt: skip
    if not optima.empty:
        told.append(_search_sentence(optima))
    return " ".join(told)


def _search_sentence(optima: pd.DataFrame) -> str:
    looked_at = optima.iloc[0]
    no_other, others = SEARCHES.get(looked_at["fitted_on"], SEARCH_OF_ALL)
    figures = {"customers": number(looked_at["customers"]), "rows": number(looked_at["coreset_rows"])}
    if len(optima) == 1:
        return _(no_other, **figures)
    second = optima.sort_values("optimum").iloc[1]
    met = counted(int(optima["optimum"].max()), "different optimum", "different optima")
    if optima["share_of_starts"].sum() < 1 - 1e-9:
        met = _("at least {optima}", optima=met)  # the first few are listed; more starts ended in others
    excess, moved = percent(second["excess_over_best"], 2), counted(int(second["customers_elsewhere"]), "customer")
    return _(others, **figures, optima=met, excess=excess, moved=moved)


def _cost_of_personas(optima: pd.DataFrame) -> str:
    used = optima[optima["is_in_use"]] if len(optima) else optima
    if used.empty or not used["customers_elsewhere"].iloc[0]:
        return _("Starting at the personas costs that.")
    moved = int(used["customers_elsewhere"].iloc[0])
    return ngettext(
        "Starting at the personas costs that: {moved} of {customers} is in another segment than in the best solution.",
        "Starting at the personas costs that: {moved} of {customers} are in another segment than in the best solution.",
        moved, moved=counted(moved, "customer"), customers=number(used["customers"].iloc[0]),
    )  # fmt: skip


def deviations(profile: pd.DataFrame, most: int = 2, measure: str = "median") -> list[str]:
    """Name the features in which a segment is most unlike all customers, by what is typical of both: the medians.

    Parameters
    ----------
    profile : DataFrame
        Rows of `segment_profiles` of one segment.
    most : int
        How many features to name.
    measure : str
        Column to compare with that of all customers: "median", or "mean" where a table has no medians.

    Returns
    -------
    list of str
        Such as "annual income $79k (28.5 % above all customers)", or so many times theirs from twice on; features whose
        median is not above 0 are left out.
    """
    of_all = f"population_{measure}"
    known = profile[profile[measure].notna() & (profile[of_all] > 0)]
    changes = known[measure] / known[of_all] - 1
    texts = []
    for place in changes.abs().sort_values(ascending=False, kind="stable").index[:most]:
        row, change = known.loc[place], changes[place]
        value, share = figure(row[measure], row["unit"]), percent(abs(change))
        told = {"feature": row["label"], "value": value}
        if abs(change) < 0.0005:
            texts.append(_("{feature} {value} (same as all customers)", **told))
        elif change >= 1:
            texts.append(_("{feature} {value} ({times} times that of all customers)", **told, times=figure(1 + change)))
        elif change > 0:
            texts.append(_("{feature} {value} ({share} above all customers)", **told, share=share))
        else:
            texts.append(_("{feature} {value} ({share} below all customers)", **told, share=share))
    return texts


def alternative_title(clusters: pd.DataFrame, in_use: pd.DataFrame) -> str:
    """Say what becomes of the names of the segments with another number of them.

    Parameters
    ----------
    clusters : DataFrame
        One row per cluster of one segmentation and number of segments, from `alternative_segments`: `persona`,
        `match_distance`, `is_in_use`.
    in_use : DataFrame
        The same of the number in use.

    Returns
    -------
    str

    Examples
    --------
    >>> in_use = pd.DataFrame({"persona": ["Loyal", "New", "Lost"], "match_distance": 0.3, "is_in_use": True})
    >>> alternative_title(in_use, in_use)
    'Three segments, in use'
    >>> alternative_title(pd.DataFrame({"persona": ["Loyal", "Lost"], "is_in_use": False}), in_use)
    'Two segments: none for New'
    >>> alternative_title(pd.DataFrame({"persona": ["Loyal", "New", "Lost", None], "is_in_use": False}), in_use)
    'Four segments: one without a persona'
    """
    segments = capitalised(counted(len(clusters), "segment"))
    if clusters["is_in_use"].all():
        return _("{segments}, in use", segments=segments)
    names = clusters["persona"].dropna()
    # a name that comes from the figures is no persona that another segment could have
    lost = [name for name in in_use.loc[in_use["match_distance"].notna(), "persona"] if name not in set(names)]
    if in_use["match_distance"].isna().all():
        return segments
    unnamed = len(clusters) - len(names)
    parts = [_("none for {personas}", personas=listed(map(in_sentence, lost), most=MOST_NAMES))] if lost else []
    parts += [_("{count} without a persona", count=count(unnamed))] if unnamed else []
    return f"{segments}: {listed(parts)}" if parts else segments


def key_finding(segments: pd.DataFrame, profiles: pd.DataFrame) -> str:
    """Say what is worth most in a segmentation: where the money is, or who was ranked first and how they differ.

    Without personas no segment was ranked, and the largest is told.

    Parameters
    ----------
    segments : DataFrame
        Segments of one segmentation in the order of their personas, as `Publication.segments` returns them.
    profiles : DataFrame
        Rows of `segment_profiles` of the segmentation.

    Returns
    -------
    str
    """
    first = segments.iloc[0]
    if len(segments) == 1:
        size = customers(first["customers"], is_synthetic=False)
        return _("{persona} are everyone: {customers}.", persona=in_sentence(first["persona"]), customers=size)
    money = profiles[profiles["feature"] == MONEY]
    spent = (money["mean"] * money["customers"]).rename("spent")
    # of a segment that is too small to be shown there is no mean, and so no share of the whole
    if len(money) == len(segments) and not money.empty and spent.sum() > 0 and (spent >= 0).all():
        top = spent.argmax()
        return _(
            "{persona} are {share} of the customers and bring {money} of the money spent.",
            persona=in_sentence(money["persona"].iloc[top]),
            share=shares(money["customers"])[top], money=shares(spent)[top],
        )  # fmt: skip
    segments = segments.assign(share=shares(segments["share_of_customers"]))
    first, place = segments.iloc[0], _("ranked first")
    if is_missing(first["priority"]):
        # no persona describes any of them, so their order says nothing
        largest = segments[segments["customers"] == segments["customers"].max()]
        first = largest.iloc[0]
        place = _("the largest segment") if len(largest) == 1 else _("one of the largest segments")
    found = deviations(profiles[profiles["cluster_id"] == first["cluster_id"]])
    told = {
        "persona": in_sentence(first["persona"]),
        "place": place,
        "share": first["share"],
        "customers": number(first["customers"]),
    }
    if not found:
        return _("{persona}, {place}, are {share} of the customers ({customers}).", **told)
    return _(
        "{persona}, {place}, are {share} of the customers ({customers}): {features}.", **told, features=listed(found)
    )


def sizes_title(segments: pd.DataFrame) -> str:
    """Say in a headline which segment is the largest and which the smallest.

    Parameters
    ----------
    segments : DataFrame
        `persona`, `customers`, `share_of_customers` of one segmentation.

    Returns
    -------
    str
    """
    ordered = segments.assign(share=shares(segments["share_of_customers"])).sort_values(
        ["customers", "persona"], ascending=[False, True]
    )
    largest, smallest = ordered.iloc[0], ordered.iloc[-1]
    equal = ordered.loc[ordered["customers"] == largest["customers"], "persona"]
    if len(ordered) == 1:
        return _("{persona} are all customers", persona=in_sentence(largest["persona"]))
    most, least = largest["share"], smallest["share"]
    if largest["customers"] == smallest["customers"]:
        return _(
            "{segments} are of the same size: {share} of the customers each",
            segments=capitalised(all_of(len(ordered), "segment")), share=percent(largest["share_of_customers"]),
        )  # fmt: skip
    told = {
        "smallest": in_sentence(smallest["persona"]),
        "least": least,
        "largest": in_sentence(largest["persona"]),
        "most": most,
    }
    if largest["share_of_customers"] < 1.5 * smallest["share_of_customers"]:
        return _(
            "Segments are of similar size, from {least} ({smallest}) to {most} of the customers ({largest})", **told
        )
    if len(equal) > 1:
        told["largest"] = listed(map(in_sentence, equal), most=MOST_NAMES)
        return _(
            "{largest} are the largest segments with {most} of the customers each, {smallest} the smallest with "
            "{least}",
            **told,
        )
    return _(
        "{largest} are the largest segment with {most} of the customers, {smallest} the smallest with {least}", **told
    )


def personas_title(personas: pd.DataFrame) -> str:
    """Say in a headline whether the data agrees with the personas.

    Parameters
    ----------
    personas : DataFrame
        Rows of `personas` of one segmentation.

    Returns
    -------
    str
    """
    found = personas[personas["cluster_id"].notna() & personas["match_grade"].ne("generated")]
    if found.empty:
        return _("No persona is described, so the figures name the segments")
    contradicted = int(found["contradicted_traits"].map(bool, na_action="ignore").eq(True).sum())
    if contradicted == 0:
        return _(
            "{personas}, and no trait is contradicted by the data",
            personas=capitalised(counted(len(found), "persona")),
        )
    if len(found) == 1:
        return _("The data contradicts a claim about the only persona")
    return ngettext(
        "The data contradicts a claim about {contradicted} of {personas}",
        "The data contradicts claims about {contradicted} of {personas}",
        contradicted, contradicted=count(contradicted), personas=counted(len(found), "persona"),
    )  # fmt: skip


def campaigns_title(campaigns: pd.DataFrame, segments: pd.DataFrame) -> str:
    """Say in a headline how many campaigns are planned for how many segments."""
    if campaigns.empty:
        return _("These segments have no campaign")
    reached = campaigns["persona"].nunique()
    planned = capitalised(counted(campaigns["campaign_id"].nunique(), "campaign"))
    if reached == len(segments):
        return _("{campaigns} for {segments}", campaigns=planned, segments=all_of(reached, "segment"))
    return _(
        "{campaigns} for {reached} of {segments} segments",
        campaigns=planned, reached=count(reached), segments=count(len(segments)),
    )  # fmt: skip


def cost(campaign: Any) -> str:
    """Say what a campaign is assumed to cost, for one contact and for all customers of the segment.

    Parameters
    ----------
    campaign : named tuple
        A row of `campaign_recommendations`: `assumed_cost_per_contact`, `assumed_cost`, `currency`.

    Returns
    -------
    str
    """
    one, every = _costs(campaign)
    return _(
        "Assumed cost: {one} per contact, {every} for one contact with each customer of the segment.",
        one=one,
        every=every,
    )


def cost_figures(campaign: Any) -> str:
    """Write the same as figures, for a table that says what they are."""
    return "{}, {}".format(*_costs(campaign))


def _costs(campaign) -> tuple[str, str]:
    return (
        figure(campaign.assumed_cost_per_contact, campaign.currency),
        figure(campaign.assumed_cost, campaign.currency),
    )


def category_sentence(effects: pd.DataFrame, category: str, labels: Mapping[str, str]) -> str:
    """Say how much a category such as gender tells about the features.

    Parameters
    ----------
    effects : DataFrame
        Rows of `category_effects` of one dataset.
    category : str
        The category.
    labels : mapping of str to str
        Labels of features, by feature.

    Returns
    -------
    str
    """
    rows = effects[(effects["category"] == category) & effects["eta_squared"].notna()]
    if rows.empty:
        return _("{category} cannot be compared with any feature.", category=title_of(category))
    top = rows.sort_values(["eta_squared", "feature"], ascending=[False, True]).iloc[0]
    told = {"category": title_of(category), "share": percent(top["eta_squared"])}
    if top["effect"] == "negligible":
        return _(
            "{category} says almost nothing: it explains at most {share} of the variance of any feature.", **told
        )  # fmt: skip
    return _(
        "{category} says most about {feature}: it explains {share} of its variance ({effect} effect).",
        **told,
        feature=labels.get(top["feature"], top["feature"]),
        effect=_(top["effect"]),
    )


def correlation_sentence(correlations: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Name the two features that go together most closely."""
    known = correlations.dropna(subset=["spearman"])
    if known.empty:
        return _("There are not two features to compare.")
    top = known.loc[known["spearman"].abs().sort_values(ascending=False, kind="stable").index[0]]
    told = {
        "features": listed(labels.get(top[name], top[name]) for name in ("feature", "other_feature")),
        "correlation": number(top["spearman"], 2),
    }
    if abs(top["spearman"]) < SMALL_CORRELATION:
        return _(
            "No two features move together; the closest are {features} (rank correlation {correlation}).", **told
        )  # fmt: skip
    if top["spearman"] > 0:
        return _("The strongest pair: {features} rise together (rank correlation {correlation}).", **told)
    return _("The strongest pair: {features} move in opposite directions (rank correlation {correlation}).", **told)


def rejected_sentence(dataset: Mapping, rejections: pd.DataFrame) -> str:
    """Say how many rows of a dataset were read and how many could not be used.

    Parameters
    ----------
    dataset : mapping
        A row of `datasets`.
    rejections : DataFrame
        Its rejected rows as `Publication.rejections` counts them: `reason`, `rejected_rows`.

    Returns
    -------
    str
    """
    read, rejected = dataset["input_rows"], dataset["rejected_rows"]
    if not rejected:
        return ngettext(
            "{rows} row was read, and none was rejected.", "{rows} rows were read, and none was rejected.", read,
            rows=number(read),
        )  # fmt: skip
    told = {"rows": number(read), "rejected": number(rejected), "share": shares([rejected, read - rejected])[0]}
    if rejections.empty:
        return _("{rows} rows were read and {rejected} of them ({share}) rejected.", **told)
    found = rejections.groupby("reason")["rejected_rows"].sum().sort_values(ascending=False, kind="stable")
    return _(
        "{rows} rows were read and {rejected} of them ({share}) rejected: {reasons}.",
        **told,
        reasons=listed(f"{retold(reason, LATE)} ({number(rows)})" for reason, rows in found.items()),
    )


def quality_sentence(checks: pd.DataFrame, dataset: str | None = None) -> str:
    """Say how many quality checks ran and how many found something.

    Parameters
    ----------
    checks : DataFrame
        Rows of `data_quality_results`, as `Publication.checks` returns them.
    dataset : str, optional
        Display name of the dataset that they belong to; those of all datasets if not given.

    Returns
    -------
    str
    """
    if checks.empty:
        return _("No quality checks were published.")
    return f"{quality(len(checks), int((~checks['success'].astype(bool)).sum()), dataset)}."


def algorithm_name(name: str) -> str:
    """Write the name of an algorithm so that it can stand in a sentence.

    Examples
    --------
    >>> algorithm_name("Gaussian mixture, full")
    'Gaussian mixture (full)'
    """
    first, comma, rest = name.partition(", ")
    shown = f"{first} ({rest})" if comma else name
    return _(shown)


def algorithms_sentence(comparison: pd.DataFrame) -> str:
    """Say whether another algorithm finds the same segments, and which one separates better if any does.

    Parameters
    ----------
    comparison : DataFrame
        Rows of `algorithm_comparison` of one segmentation.

    Returns
    -------
    str
    """
    if comparison.empty:
        return _(NOT_COMPUTED)
    others = comparison[comparison["algorithm"] != "K-Means"].dropna(subset=["adjusted_rand_index"])
    kmeans = comparison[comparison["algorithm"] == "K-Means"]
    if others.empty:
        return _("No other algorithm gave segments to compare with.")
    nearest = others.sort_values(["adjusted_rand_index", "algorithm"], ascending=[False, True]).iloc[0]
    text = _(
        "{algorithm} agrees best with K-Means (adjusted Rand index {index}).",
        algorithm=algorithm_name(nearest["algorithm"]), index=number(nearest["adjusted_rand_index"], 2),
    )  # fmt: skip
    if kmeans.empty or is_missing(kmeans.iloc[0]["silhouette"]):
        return text
    own = kmeans.iloc[0]["silhouette"]
    better = others[others["silhouette"] > own + 0.005].sort_values(
        ["silhouette", "algorithm"], ascending=[False, True]
    )
    if better.empty:
        return f"{text} {_('None separates the customers better.')}"
    return f"{text} {_better_sentence(better.iloc[0], own)}"


def _better_sentence(best: pd.Series, own: float) -> str:
    told = {
        "algorithm": algorithm_name(best["algorithm"]),
        "silhouette": number(best["silhouette"], 2),
        "other": number(own, 2),
        "segments": counted(int(best["clusters"]), "segment"),
    }
    if not is_missing(best["noise_customers"]) and not best["noise_customers"]:
        return _(
            "{algorithm} separates better (silhouette {silhouette} against {other}) with {segments}.", **told
        )  # fmt: skip
    # too few customers to be counted are missing
    left_out = _("a few") if is_missing(best["noise_share"]) else percent(best["noise_share"])
    return _(
        "{algorithm} separates better (silhouette {silhouette} against {other}) with {segments}, but leaves {share} of "
        "the customers unassigned and is judged without them.",
        **told,
        share=left_out,
    )


def checks_sentence(checks: pd.DataFrame) -> str:
    """Say what became of published results that were computed again, after the rows of `published_result_checks`."""
    verdicts = checks["verdict"].value_counts()
    return _(
        "{figures}, recomputed: {verdicts}.",
        figures=capitalised(counted(len(checks), "published figure")),
        verdicts=listed(
            _(told, count=count(int(verdicts[verdict]))) for verdict, told in VERDICTS.items() if verdict in verdicts
        ),
    )


def rules_sentence(rules: pd.DataFrame) -> str:
    """Say how well simple rules reproduce the segments."""
    if rules.empty:
        return _(NOT_COMPUTED)
    fidelity = percent(rules["fidelity"].iloc[0])
    without = int(rules["rule_prose"].isna().sum())
    if without:
        return ngettext(
            "Simple rules put {fidelity} of the customers into their segment; of {segments}, one has no short rule.",
            "Simple rules put {fidelity} of the customers into their segment; of {segments}, {without} have no short "
            "rule.",
            without, fidelity=fidelity, segments=counted(len(rules), "segment"), without=count(without),
        )  # fmt: skip
    if (rules["coverage"] >= 1).all():
        return _(
            "Simple rules put {fidelity} of the customers into their segment, and each catches all customers of its "
            "own.",
            fidelity=fidelity,
        )
    weakest = rules.sort_values(["coverage", "persona"]).iloc[0]
    return _(
        "Simple rules put {fidelity} of the customers into their segment; the weakest is that of {persona}, which "
        "catches {coverage} of them.",
        fidelity=fidelity, persona=in_sentence(weakest["persona"]), coverage=percent(weakest["coverage"]),
    )  # fmt: skip


def agreement_sentence(name: str, other: str, index: float) -> str:
    """Say how far two segmentations of the same customers agree: their display names, and their adjusted Rand index."""
    return _(
        "“{name}” and “{other}” {agree} (adjusted Rand index {index}; 1 is the same, 0 is chance).",
        name=name, other=other, agree=agreement(index), index=number(index, 2),
    )  # fmt: skip


def measures(checks: pd.DataFrame, labels: Mapping[str, tuple]) -> list[str]:
    """Name what the drift checks look at.

    Parameters
    ----------
    checks : DataFrame
        Rows of `drift_checks`.
    labels : mapping of str to tuple
        Label and unit by feature, as `Publication.labels` returns them.

    Returns
    -------
    list of str
    """
    return [_(MEASURES[name]) if name in MEASURES else labels.get(name, (name,))[0] for name in checks["measure"]]


def drift_sentence(checks: pd.DataFrame, labels: Mapping[str, tuple]) -> str:
    """Say whether today's customers are still like those of the model before.

    Parameters
    ----------
    checks : DataFrame
        Rows of `drift_checks` of one segmentation; none where there is no model before.
    labels : mapping of str to tuple
        Label and unit by feature.

    Returns
    -------
    str
        Empty without checks.
    """
    if checks.empty:
        return ""
    rows = checks.assign(label=measures(checks, labels))
    drifted = rows[rows["drift"].isin(DRIFTED)].sort_values(["effect", "label"], ascending=[False, True])
    if drifted.empty:
        return _("Today's customers are like those of the model that was in use before.")
    named = (_("{measure} ({drift} drift)", measure=row.label, drift=_(row.drift)) for row in drifted.itertuples())
    return _(
        "Today's customers differ from those of the model that was in use before: {measures}.",
        measures=listed(named, most=MOST_NAMES),
    )


def contradictions(traits: str) -> str:
    """Write `contradicted_traits` of a persona in the language in use.

    Examples
    --------
    >>> contradictions("age: claimed high (at least 55 years), found 48; income: claimed low (up to $20k), found $80k")
    'age: claimed high (at least 55 years), found 48; income: claimed low (up to $20k), found $80k'
    """
    return "; ".join(retold(trait, CONTRADICTED, level=CLAIMED) for trait in traits.split("; "))


def described(persona: Mapping) -> str:
    """Return the description of a row of `personas` in the language in use; empty without one.

    Examples
    --------
    >>> described({"description": "No persona describes this segment yet. Young (30 years)."})
    'No persona describes this segment yet. Young (30 years).'
    """
    return "" if is_missing(persona["description"]) else retold(persona["description"], GENERATED)


def warnings(
    fit: Mapping,
    segments: pd.DataFrame,
    personas: pd.DataFrame,
    recommendation: pd.DataFrame,
    *,
    is_synthetic: bool,
) -> list[str]:
    """List the caveats of a segmentation, the most serious first.

    Parameters
    ----------
    fit : mapping
        A row of `segmentation_fits`.
    segments, personas : DataFrame
        The rows of this segmentation.
    recommendation : DataFrame
        Its row of `k_recommendation`, or none.
    is_synthetic : bool
        Whether the customers are made up.

    Returns
    -------
    list of str
    """
    found = []
    if is_synthetic:
        found.append(_("The customers are synthetic: they show that the pipeline works, and say nothing about people."))
    contradicted = personas[personas["contradicted_traits"].notna() & (personas["contradicted_traits"] != "")]
    found += [
        f"{isolated(row.persona)}: {contradictions(row.contradicted_traits)}." for row in contradicted.itertuples()
    ]
    doubtful = segments[segments["stability_grade"].notna() & ~segments["stability_grade"].isin(SURE)]
    doubtful = doubtful.sort_values(["bootstrap_jaccard", "persona"])
    if not doubtful.empty:
        named = listed(map(_graded, doubtful.itertuples()), most=MOST_NAMES)
        found.append(_("May not come back in new samples, by grade and Jaccard: {segments}.", segments=named))
    if not recommendation.empty and not is_missing(recommendation.iloc[0]["recommended_k"]):
        recommended = int(recommendation.iloc[0]["recommended_k"])
        if recommended != fit["k"]:
            found.append(
                ngettext(
                    "{segments} is in use; the criteria recommend {recommended}.",
                    "{segments} are in use; the criteria recommend {recommended}.",
                    fit["k"],
                    segments=capitalised(counted(fit["k"], "segment")),
                    recommended=count(recommended),
                )
            )
    excess = fit["inertia"] / fit["best_known_inertia"] - 1 if fit["best_known_inertia"] else 0.0
    if excess > 1e-6:
        found.append(
            _("A better solution exists: the inertia here is {excess} above it.", excess=percent(excess))
        )  # fmt: skip
    if not is_missing(fit["silhouette"]) and fit["silhouette"] <= REASONABLE_SILHOUETTE:
        found.append(
            _(
                "The segments are {degree} separated (silhouette {silhouette}): many customers lie between two of "
                "them.",
                degree=separation(fit["silhouette"]), silhouette=number(fit["silhouette"], 2),
            )
        )  # fmt: skip
    few = segments[segments["customers"] < FEW_CUSTOMERS]
    if not few.empty:
        named = listed(
            (f"{in_sentence(row.persona)} ({number(row.customers)})" for row in few.itertuples()),
            most=MOST_NAMES,
        )
        found.append(_("Few customers, so typical values are volatile: {segments}.", segments=named))
    unmatched = personas[personas["cluster_id"].isna()]
    if not unmatched.empty:
        named = listed(map(in_sentence, unmatched["persona"]), most=MOST_NAMES)
        found.append(_("No segment matches {personas}.", personas=named))
    poor = personas[personas["match_grade"] == "poor"]
    if not poor.empty:
        named = listed(map(in_sentence, poor["persona"]), most=MOST_NAMES)
        found.append(_("The description does not fit the segment {personas}.", personas=named))
    generated = personas[personas["match_grade"].eq("generated") & personas["persona"].isin(segments["persona"])]
    if not generated.empty:
        named = listed(map(in_sentence, generated["persona"]), most=MOST_NAMES)
        found.append(_("No persona describes {segments}; the name comes from the figures.", segments=named))
    return found


def next_steps(defaults: Sequence[Mapping]) -> list[str]:
    """List what to do next, for the last page of the slides.

    Parameters
    ----------
    defaults : sequence of mapping
        `title`, `is_synthetic`, `first` (the segment ranked first), `campaign` (its first campaign or None),
        `doubtful` (names), `contradicted` (names), `recommended` (another number of segments than the one in use, or
        None), for each default segmentation.

    Returns
    -------
    list of str
    """
    steps = []
    for one in defaults:
        title = one["title"]
        if one["campaign"] and not one["is_synthetic"]:
            steps.append(
                _(
                    "{segmentation}: try {campaign} with {persona}, against a control group.",
                    segmentation=title, campaign=one["campaign"], persona=in_sentence(one["first"]),
                )
            )  # fmt: skip
        if one["recommended"]:
            steps.append(
                _(
                    "{segmentation}: try {segments}, as the criteria recommend.",
                    segmentation=title, segments=counted(one["recommended"], "segment"),
                )
            )  # fmt: skip
        if one["doubtful"]:
            steps.append(
                _(
                    "{segmentation}: do not spend on {personas} yet; it is not confirmed.",
                    segmentation=title, personas=listed(map(in_sentence, one["doubtful"]), most=MOST_NAMES),
                )
            )  # fmt: skip
        if one["contradicted"]:
            steps.append(
                _(
                    "{segmentation}: correct the description of {personas}.",
                    segmentation=title, personas=listed(map(in_sentence, one["contradicted"]), most=MOST_NAMES),
                )
            )  # fmt: skip
    made_up = [one["title"] for one in defaults if one["is_synthetic"]]
    if made_up:
        steps.append(
            _("Replace the synthetic customers of {segmentations} with your own data.", segmentations=listed(made_up))
        )
    steps.append(_("Measure what the campaigns earn: costs are assumptions, and no effect is known yet."))
    steps.append(_("Rebuild on new data, and compare sizes and stability before you reuse the names."))
    return steps
