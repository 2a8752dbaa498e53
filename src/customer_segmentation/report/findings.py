"""What report and slides say in words: plain sentences computed from the published tables, and nothing else.

Every function is pure: it takes rows or frames as they were published and returns text without any markup. Pages
escape the sentences, because names and texts come from the files of users.
"""

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
    is_missing,
    listed,
    percent,
    quality,
    separation,
    shares,
    title_of,
    uncapitalised,
)
from customer_segmentation.report.criteria import CRITERIA

NOT_COMPUTED = "Not computed: this publication was built with `evidence: none`."
# Means of fewer customers than this move a lot when a few customers come or go.
FEW_CUSTOMERS = 30
MOST_NAMES = 4  # in one sentence; the rest is counted
MONEY = "monetary_value"  # the one feature whose sum over customers is a figure of the business
SURE = ("stable", "usable")
DRIFTED = ("medium", "large")  # a smaller drift changes no decision
MEASURES = {"distance": "distance to the own center", "segment": "sizes of the segments"}
HOW_TO_READ = (
    f"{TYPICAL} Words, cards, tables and pictures describe a segment by the medians of its customers. Centers and "
    "means belong to the model and to sums of money, and are labeled as such.",
    "A segment is a group of customers that K-Means found. A persona is what people claim about it. If they disagree, "
    "trust the figures: the claim is listed as contradicted.",
    "Silhouette: 1 if every customer is much closer to their own segment than to the next, 0 if both are equally "
    f"close. Above {REASONABLE_SILHOUETTE} means reasonable, above {STRONG_SILHOUETTE} strong structure "
    "(Kaufman and Rousseeuw 1990).",
    "Inertia: the sum of squared distances to the center of the segment. It falls with every additional segment, so "
    "only its bend suggests a number.",
    "Bootstrap Jaccard: customers are resampled many times and segmented again; the figure is how much of a segment "
    "comes back (Hennig 2007). Use stable and usable segments; review doubtful ones; dissolved ones are an accident of "
    "this sample.",
    "Adjusted Rand index: how far two groupings of the same customers agree; 1 is identical, 0 is chance.",
    "Eta squared: the share of the variance of a figure that a category such as gender explains. If it is "
    "negligible, a small p value means little: with many customers every difference is significant.",
    "Principal components reduce many features to the few directions in which customers differ most. Segments can "
    "overlap there and still be separate in a direction that is not shown.",
    "Synthetic data is made up. It shows that the pipeline works and says nothing about people.",
    "Campaign costs are assumptions, with their basis in the table campaign_recommendations. Only a test against a "
    "control group shows what a campaign earns.",
)


def separation_sentence(fit: Mapping) -> str:
    """Say how well the segments of a row of `segmentation_fits` are separated."""
    if is_missing(fit["silhouette"]):
        return "The separation of the segments could not be measured."
    text = f"The segments are {separation(fit['silhouette'])} separated (mean silhouette {fit['silhouette']:.2f})"
    if fit["silhouette_customers"] < fit["customers"]:
        text += f", measured on a random sample of {fit['silhouette_customers']:,} customers"
    return text + "."


def segmentation_sentence(fit: Mapping, *, is_synthetic: bool) -> str:
    """Say of a row of `Publication.fits` how many customers are in how many segments."""
    who = customers(fit["customers"], is_synthetic=is_synthetic)
    return f"{who} of the dataset {fit['dataset_name']} form {counted(fit['k'], 'segment')}."


def separation_title(fit: Mapping) -> str:
    """Say in a headline what the segmentation is worth as a partition."""
    if is_missing(fit["silhouette"]):
        return f"{capitalised(counted(fit['k'], 'segment'))}"
    return (
        f"{capitalised(counted(fit['k'], 'segment'))}, {separation(fit['silhouette'])} separated "
        f"(silhouette {fit['silhouette']:.2f})"
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
        return f"Stability: {uncapitalised(NOT_COMPUTED)}"
    lowest, highest = known["bootstrap_jaccard"].min(), known["bootstrap_jaccard"].max()
    figures = f"bootstrap Jaccard {lowest:.2f}" + (f" to {highest:.2f}" if highest - lowest >= 0.005 else "")
    doubtful = known[~known["stability_grade"].isin(SURE)].sort_values(["bootstrap_jaccard", "persona"])
    if doubtful.empty:
        every = capitalised(all_of(len(known), "segment"))
        return f"{every} {'comes' if len(known) == 1 else 'come'} back in new samples ({figures})."
    named = listed(map(_graded, doubtful.itertuples()), most=MOST_NAMES)
    if len(doubtful) == len(known):
        return f"No segment is sure to come back in new samples: {named}."
    return (
        f"{capitalised(count(len(known) - len(doubtful)))} of {count(len(known))} segments come back in new "
        f"samples; {named} {'does' if len(doubtful) == 1 else 'do'} not."
    )


def _graded(segment) -> str:
    return f"{segment.persona} ({segment.stability_grade}, {segment.bootstrap_jaccard:.2f})"


def stability_title(segments: pd.DataFrame) -> str:
    """Say in a headline how many segments are stable."""
    known = segments.dropna(subset=["stability_grade"])
    if known.empty:
        return "The stability of the segments was not computed"
    sure = int(known["stability_grade"].isin(SURE).sum())
    if sure == len(known):
        return f"{capitalised(all_of(sure, 'segment'))} {'comes' if sure == 1 else 'come'} back in new samples"
    return f"{capitalised(count(sure))} of {count(len(known))} segments come back in new samples"


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
        text += f" in {counted(segmentations, 'segmentation')}"
    known = segments["stability_grade"].dropna()
    if known.empty:
        return f"{text}; their stability was not computed"
    sure = int(known.isin(SURE).sum())
    return f"{text}; {'all' if sure == len(segments) else count(sure)} of them come back in new samples"


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
    if recommendation.empty:
        return f"{capitalised(counted(k, 'segment'))}: a decision, not checked against other numbers"
    row = recommendation.iloc[0]
    if is_missing(row["recommended_k"]):
        return f"{capitalised(counted(k, 'segment'))} in use; the criteria recommend no number"
    agreeing = f"{count(int(row['agreeing_criteria']))} of {count(int(row['criteria']))} criteria"
    if row["agreeing_criteria"] == row["criteria"]:
        agreeing = f"all {count(int(row['criteria']))} criteria"
    if int(row["recommended_k"]) == k:
        return f"{capitalised(counted(k, 'segment'))}: {agreeing} agree"
    return f"{capitalised(counted(k, 'segment'))} in use, while {agreeing} favor {count(int(row['recommended_k']))}"


def choice_sentence(recommendation: pd.DataFrame) -> str:
    """Repeat the sentence of `k_recommendation`, or say that there is none."""
    return NOT_COMPUTED if recommendation.empty else str(recommendation.iloc[0]["sentence"])


def criteria_rows(recommendation: pd.DataFrame) -> list[tuple[str, str]]:
    """List what each criterion recommends, as pairs of its name and a number of segments in digits."""
    if recommendation.empty:
        return []
    row = recommendation.iloc[0]
    return [
        (criterion.in_words, "none" if is_missing(row[criterion.chosen]) else str(int(row[criterion.chosen])))
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
        text = f"The solution in use is a local optimum: its inertia is {percent(excess)} above the best one known."
        if fit["initialisation"] == "personas":
            text += f" Starting at the personas costs that{_moved(optima)}."
    else:
        text = "The solution in use is the best one known."
    share = fit["share_of_starts_at_best"]
    if not is_missing(share):
        text += f" {capitalised(percent(share))} of {fit['starts']} random starts reach the best."
    if optima.empty:
        return text
    looked_at = optima.iloc[0]
    where = {
        "even sample": f"On a sample of {looked_at['customers']:,} customers the",
        "coreset": f"On {looked_at['coreset_rows']:,} weighted rows that represent all customers, the",
    }.get(looked_at["fitted_on"], "The")
    if len(optima) == 1:
        return f"{text} {where} search found no other."
    second = optima.sort_values("optimum").iloc[1]
    met = counted(int(optima["optimum"].max()), "different optimum", "different optima")
    if optima["share_of_starts"].sum() < 1 - 1e-9:
        met = f"at least {met}"  # the first few are listed; more starts ended in others
    return (
        f"{text} {where} search found {met}; the second best is "
        f"{percent(second['excess_over_best'], 2)} above the best and puts "
        f"{counted(int(second['customers_elsewhere']), 'customer')} in another segment."
    )


def _moved(optima: pd.DataFrame) -> str:
    used = optima[optima["is_in_use"]] if len(optima) else optima
    if used.empty or not used["customers_elsewhere"].iloc[0]:
        return ""
    moved = counted(int(used["customers_elsewhere"].iloc[0]), "customer")
    return f": {moved} of {used['customers'].iloc[0]:,} are in another segment than in the best solution"


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
        Such as "annual income $79k (28.5 % above all customers)"; features whose median is not above 0 are left out.
    """
    of_all = f"population_{measure}"
    known = profile[profile[measure].notna() & (profile[of_all] > 0)]
    changes = known[measure] / known[of_all] - 1
    texts = []
    for place in changes.abs().sort_values(ascending=False, kind="stable").index[:most]:
        row, change = known.loc[place], changes[place]
        direction = "above" if change > 0 else "below"
        words = "same as all customers" if abs(change) < 0.0005 else f"{percent(abs(change))} {direction} all customers"
        texts.append(f"{row['label']} {figure(row[measure], row['unit'])} ({words})")
    return texts


def alternative_title(clusters: pd.DataFrame, in_use: pd.DataFrame) -> str:
    """Say what becomes of the names of the segments with another number of them.

    Parameters
    ----------
    clusters : DataFrame
        One row per cluster of one segmentation and number of segments, from `alternative_segments`: `persona`,
        `is_in_use`.
    in_use : DataFrame
        The same of the number in use.

    Returns
    -------
    str

    Examples
    --------
    >>> in_use = pd.DataFrame({"persona": ["Loyal", "New", "Lost"], "is_in_use": True})
    >>> alternative_title(in_use, in_use)
    'Three segments, in use'
    >>> alternative_title(pd.DataFrame({"persona": ["Loyal", "Lost"], "is_in_use": False}), in_use)
    'Two segments: none for New'
    >>> alternative_title(pd.DataFrame({"persona": ["Loyal", "New", "Lost", None], "is_in_use": False}), in_use)
    'Four segments: one without a persona'
    """
    number = capitalised(counted(len(clusters), "segment"))
    if clusters["is_in_use"].all():
        return f"{number}, in use"
    names = clusters["persona"].dropna()
    lost = [name for name in in_use["persona"] if name not in set(names)]
    unnamed = len(clusters) - len(names)
    parts = [f"none for {listed(lost)}"] if lost else []
    parts += [f"{count(unnamed)} without a persona"] if unnamed else []
    return f"{number}: {' and '.join(parts)}" if parts else number


def key_finding(segments: pd.DataFrame, profiles: pd.DataFrame) -> str:
    """Say what is worth most in a segmentation: where the money is, or who was ranked first and how they differ.

    Parameters
    ----------
    segments : DataFrame
        Segments of one segmentation in the order of their personas.
    profiles : DataFrame
        Rows of `segment_profiles` of the segmentation.

    Returns
    -------
    str
    """
    money = profiles[profiles["feature"] == MONEY]
    spent = (money["mean"] * money["customers"]).rename("spent")
    # of a segment that is too small to be shown there is no mean, and so no share of the whole
    if len(money) == len(segments) and not money.empty and spent.sum() > 0 and (spent >= 0).all():
        top = spent.argmax()
        return (
            f"{money['persona'].iloc[top]} are {shares(money['customers'])[top]} of the customers and bring "
            f"{shares(spent)[top]} of the money spent."
        )
    first = segments.iloc[0]
    found = deviations(profiles[profiles["cluster_id"] == first["cluster_id"]])
    text = (
        f"{first['persona']}, ranked first, are {shares(segments['share_of_customers'])[0]} of the customers "
        f"({first['customers']:,})"
    )
    return f"{text}: {listed(found)}." if found else f"{text}."


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
    if len(ordered) == 1:
        return f"{largest['persona']} are all customers"
    most, least = largest["share"], smallest["share"]
    if largest["customers"] == smallest["customers"]:
        return (
            f"{capitalised(all_of(len(ordered), 'segment'))} are of the same size: "
            f"{percent(largest['share_of_customers'])} of the customers each"
        )
    if largest["share_of_customers"] < 1.5 * smallest["share_of_customers"]:
        return (
            f"Segments are of similar size, from {least} ({smallest['persona']}) to {most} of the customers "
            f"({largest['persona']})"
        )
    return (
        f"{largest['persona']} are the largest segment with {most} of the customers, {smallest['persona']} the "
        f"smallest with {least}"
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
    found = personas[personas["cluster_id"].notna()]
    contradicted = int(found["contradicted_traits"].map(bool, na_action="ignore").eq(True).sum())
    if contradicted == 0:
        return f"{capitalised(counted(len(found), 'persona'))}, and no trait is contradicted by the data"
    return (
        f"The data contradicts {'a claim' if contradicted == 1 else 'claims'} about "
        f"{count(contradicted)} of {counted(len(found), 'persona')}"
    )


def campaigns_title(campaigns: pd.DataFrame, segments: pd.DataFrame) -> str:
    """Say in a headline how many campaigns are planned for how many segments."""
    if campaigns.empty:
        return "These segments have no campaign"
    reached = campaigns["persona"].nunique()
    text = f"{capitalised(counted(campaigns['campaign_id'].nunique(), 'campaign'))} for "
    if reached == len(segments):
        return text + all_of(reached, "segment")
    return text + f"{count(reached)} of {count(len(segments))} segments"


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
    return f"Assumed cost: {one} per contact, {every} for one contact with each customer of the segment."


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
        return f"{title_of(category)} cannot be compared with any feature."
    top = rows.sort_values(["eta_squared", "feature"], ascending=[False, True]).iloc[0]
    share = percent(top["eta_squared"])
    name = title_of(category)
    if top["effect"] == "negligible":
        return f"{name} says almost nothing: it explains at most {share} of the variance of any feature."
    label = labels.get(top["feature"], top["feature"])
    return f"{name} says most about {label}: it explains {share} of its variance ({top['effect']} effect)."


def correlation_sentence(correlations: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Name the two features that go together most closely."""
    known = correlations.dropna(subset=["spearman"])
    if known.empty:
        return "There are not two features to compare."
    top = known.loc[known["spearman"].abs().sort_values(ascending=False, kind="stable").index[0]]
    pair = f"{labels.get(top['feature'], top['feature'])} and {labels.get(top['other_feature'], top['other_feature'])}"
    if abs(top["spearman"]) < SMALL_CORRELATION:
        return f"No two features move together; the closest are {pair} (rank correlation {top['spearman']:.2f})."
    direction = "rise together" if top["spearman"] > 0 else "move in opposite directions"
    return f"The strongest pair: {pair} {direction} (rank correlation {top['spearman']:.2f})."


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
    if not dataset["rejected_rows"]:
        return f"{dataset['input_rows']:,} rows were read, and none was rejected."
    share = shares([dataset["rejected_rows"], dataset["input_rows"] - dataset["rejected_rows"]])[0]
    text = f"{dataset['input_rows']:,} rows were read and {dataset['rejected_rows']:,} of them ({share}) rejected"
    if rejections.empty:
        return f"{text}."
    reasons = rejections.groupby("reason")["rejected_rows"].sum().sort_values(ascending=False, kind="stable")
    return f"{text}: {listed(f'{reason} ({number:,})' for reason, number in reasons.items())}."


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
        return "No quality checks were published."
    return f"{quality(len(checks), int((~checks['success'].astype(bool)).sum()), dataset)}."


def algorithm_name(name: str) -> str:
    """Write the name of an algorithm so that it can stand in a sentence.

    Examples
    --------
    >>> algorithm_name("Gaussian mixture, full")
    'Gaussian mixture (full)'
    """
    first, comma, rest = name.partition(", ")
    return f"{first} ({rest})" if comma else name


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
        return NOT_COMPUTED
    others = comparison[comparison["algorithm"] != "K-Means"].dropna(subset=["adjusted_rand_index"])
    kmeans = comparison[comparison["algorithm"] == "K-Means"]
    if others.empty:
        return "No other algorithm gave segments to compare with."
    nearest = others.sort_values(["adjusted_rand_index", "algorithm"], ascending=[False, True]).iloc[0]
    name = algorithm_name(nearest["algorithm"])
    text = f"{name} agrees best with K-Means (adjusted Rand index {nearest['adjusted_rand_index']:.2f})."
    if kmeans.empty or is_missing(kmeans.iloc[0]["silhouette"]):
        return text
    own = kmeans.iloc[0]["silhouette"]
    better = others[others["silhouette"] > own + 0.005].sort_values(
        ["silhouette", "algorithm"], ascending=[False, True]
    )
    if better.empty:
        return text + " None separates the customers better."
    best = better.iloc[0]
    # too few customers to be counted are missing
    left_out = "a few" if is_missing(best["noise_share"]) else percent(best["noise_share"])
    noise = f", but leaves {left_out} of the customers unassigned and is judged without them"
    has_noise = is_missing(best["noise_customers"]) or best["noise_customers"]
    name = algorithm_name(best["algorithm"])
    return text + (
        f" {name} separates better (silhouette {best['silhouette']:.2f} against {own:.2f}) with "
        f"{counted(int(best['clusters']), 'segment')}{noise if has_noise else ''}."
    )


def checks_sentence(checks: pd.DataFrame) -> str:
    """Say what became of published results that were computed again, after the rows of `published_result_checks`."""
    words = {"confirmed": "confirmed", "local optimum": "at a local optimum", "error": "in error"}
    verdicts = checks["verdict"].value_counts()
    named = listed(f"{count(int(verdicts[verdict]))} {told}" for verdict, told in words.items() if verdict in verdicts)
    return f"{capitalised(counted(len(checks), 'published figure'))}, recomputed: {named}."


def rules_sentence(rules: pd.DataFrame) -> str:
    """Say how well simple rules reproduce the segments."""
    if rules.empty:
        return NOT_COMPUTED
    weakest = rules.sort_values(["coverage", "persona"]).iloc[0]
    return (
        f"Simple rules put {percent(rules['fidelity'].iloc[0])} of the customers into their segment; the "
        f"weakest is that of {weakest['persona']}, which catches {percent(weakest['coverage'])} of them."
    )


def agreement_sentence(name: str, other: str, index: float) -> str:
    """Say how far two segmentations of the same customers agree: their display names, and their adjusted Rand index."""
    return f"“{name}” and “{other}” {agreement(index)} (adjusted Rand index {index:.2f}; 1 is the same, 0 is chance)."


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
    return [MEASURES.get(name) or labels.get(name, (name,))[0] for name in checks["measure"]]


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
        return "Today's customers are like those of the model that was in use before."
    named = listed((f"{row.label} ({row.drift} drift)" for row in drifted.itertuples()), most=MOST_NAMES)
    return f"Today's customers differ from those of the model that was in use before: {named}."


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
        found.append("The customers are synthetic: they show that the pipeline works, and say nothing about people.")
    contradicted = personas[personas["contradicted_traits"].notna() & (personas["contradicted_traits"] != "")]
    found += [f"{row.persona}: {row.contradicted_traits}." for row in contradicted.itertuples()]
    doubtful = segments[segments["stability_grade"].notna() & ~segments["stability_grade"].isin(SURE)]
    doubtful = doubtful.sort_values(["bootstrap_jaccard", "persona"])
    if not doubtful.empty:
        named = listed(map(_graded, doubtful.itertuples()), most=MOST_NAMES)
        found.append(f"May not come back in new samples, by grade and Jaccard: {named}.")
    if not recommendation.empty and not is_missing(recommendation.iloc[0]["recommended_k"]):
        recommended = int(recommendation.iloc[0]["recommended_k"])
        if recommended != fit["k"]:
            found.append(
                f"{capitalised(counted(fit['k'], 'segment'))} are in use; the criteria recommend {count(recommended)}."
            )
    excess = fit["inertia"] / fit["best_known_inertia"] - 1 if fit["best_known_inertia"] else 0.0
    if excess > 1e-6:
        found.append(f"A better solution exists: the inertia here is {percent(excess)} above it.")
    if not is_missing(fit["silhouette"]) and fit["silhouette"] <= REASONABLE_SILHOUETTE:
        found.append(
            f"The segments are {separation(fit['silhouette'])} separated (silhouette {fit['silhouette']:.2f}): "
            "many customers lie between two of them."
        )
    few = segments[segments["customers"] < FEW_CUSTOMERS]
    if not few.empty:
        named = listed((f"{row.persona} ({row.customers:,})" for row in few.itertuples()), most=MOST_NAMES)
        found.append(f"Few customers, so typical values are volatile: {named}.")
    unmatched = personas[personas["cluster_id"].isna()]
    if not unmatched.empty:
        found.append(f"No segment matches {listed(unmatched['persona'], most=MOST_NAMES)}.")
    poor = personas[personas["match_grade"] == "poor"]
    if not poor.empty:
        found.append(f"The description does not fit the segment {listed(poor['persona'], most=MOST_NAMES)}.")
    generated = personas[personas["match_grade"] == "generated"]
    if not generated.empty:
        found.append(
            f"No persona describes {listed(generated['persona'], most=MOST_NAMES)}; the name comes from the figures."
        )
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
        if one["campaign"] and not one["is_synthetic"]:
            steps.append(f"{one['title']}: try {one['campaign']} with {one['first']}, against a control group.")
        if one["recommended"]:
            steps.append(f"{one['title']}: try {counted(one['recommended'], 'segment')}, as the criteria recommend.")
        if one["doubtful"]:
            steps.append(
                f"{one['title']}: do not spend on {listed(one['doubtful'], most=MOST_NAMES)} yet; it is not confirmed."
            )
        if one["contradicted"]:
            steps.append(f"{one['title']}: correct the description of {listed(one['contradicted'], most=MOST_NAMES)}.")
    made_up = [one["title"] for one in defaults if one["is_synthetic"]]
    if made_up:
        steps.append(f"Replace the synthetic customers of {listed(made_up)} with your own data.")
    steps.append("Measure what the campaigns earn: costs are assumptions, and no effect is known yet.")
    steps.append("Rebuild on new data, and compare sizes and stability before you reuse the names.")
    return steps
