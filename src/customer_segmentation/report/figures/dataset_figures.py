"""The figures of a dataset: what is read for each, which chart draws it, and what is written around it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import combinations
from typing import Any

import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import capitalised, cell, figure, in_words, is_missing, percent, title_of
from customer_segmentation.language import _, isolated
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import theme
from customer_segmentation.report.charts import distributions, flows, heat_maps, relations
from customer_segmentation.report.charts.drawing import Axis
from customer_segmentation.report.figures import titles
from customer_segmentation.report.figures.figure import (
    Figure,
    NotDrawn,
    Panel,
    box_parts,
    customers_shown,
    drawn,
    no_rows,
)
from customer_segmentation.report.figures.segmentation_figures import marked_segments, named_once

SCATTERED_CUSTOMERS = 1_000  # in each of many small panels
SCATTERED_FEATURES = 6  # more would leave less than an inch for a panel
CURVES = 4  # fitted pairs: the closest ones
SPENDING = ("spending_score", "monetary_value")  # what a customer spends, whichever the dataset has
INCOME = "annual_income_k"
HEAVY_TAIL = 2.0  # skewness from which a scatter plot needs a logarithmic scale
CATEGORY_VALUES = 12  # values of a category shown, the most frequent first

Dataset = Mapping[str, Any]  # a row of `datasets`
Shown = Figure | NotDrawn


def dataset_figures(publication: Publication, dataset: Dataset) -> Iterator[Shown]:
    """Return the figures of a dataset, always in the same order."""
    for make in DATASET_FIGURES:
        yield from make(publication, dataset)


def features_of(publication: Publication, dataset: str) -> pd.DataFrame:
    """Return the features of a dataset in the order of its mart, which goes from who customers are to how they buy."""
    return publication.frame(
        """
        select feature_summary.*
        from feature_summary
        left join duckdb_columns() as places
            on places.schema_name = 'main' and places.table_name = ? and places.column_name = feature_summary.feature
        where feature_summary.dataset = ?
        order by places.column_index, feature_summary.feature
        """,
        [f"{dataset}_customer_features", dataset],
    )


def histograms(publication: Publication, dataset: Dataset) -> Iterator[Shown]:
    """Show how customers spread over each feature."""
    name = dataset["dataset"]
    bins = publication.table("feature_histograms", dataset=name)
    features = publication.table("feature_summary", dataset=name)
    if bins.empty or features.empty:
        yield NotDrawn("histograms", name, None, no_rows("feature_histograms", name))
        return
    features = features_of(publication, name)
    features = features[features["feature"].isin(bins["feature"])].reset_index(drop=True)
    is_constant = features["standard_deviation"] == 0
    same = [f"{isolated(row.label)} ({figure(row.median, row.unit)})" for row in features[is_constant].itertuples()]
    told = [_("The same for all customers: {features}.", features=formatting.listed(same))] if same else []
    features = features[~is_constant].reset_index(drop=True)
    if features.empty:
        yield NotDrawn("histograms", name, None, " ".join(told))
        return
    about = _(
        "Customers by the value of each feature, {customers}. Blue line: median. Dashed line: mean.",
        customers=customers_shown(dataset),
    )
    yield Figure(
        "histograms",
        name,
        None,
        titles.histograms(features),
        " ".join([about, *told]),
        "feature_histograms, feature_summary",
        tuple(_histogram(row, bins[bins["feature"] == row.feature]) for row in features.itertuples()),
        columns=3,
    )


def _histogram(row, bins) -> Panel:
    median = figure(row.median, row.unit)
    if is_missing(row.minimum) or is_missing(row.maximum):
        alternative = _("Histogram of {feature}, median {median}.", feature=row.label, median=median)
    else:
        alternative = _(
            "Histogram of {feature}, from {least} to {most}, median {median}.",
            feature=row.label, least=cell(row.minimum, row.unit), most=cell(row.maximum, row.unit), median=median,
        )  # fmt: skip
    caption = _(
        "{feature}: half lie between {low} and {high}; median {median} (blue), mean {mean} (dashed).",
        feature=capitalised(row.label), low=cell(row.p25, row.unit), high=cell(row.p75, row.unit), median=median,
        mean=figure(row.mean, row.unit),
    )  # fmt: skip
    draw = partial(distributions.histogram, bins, row.label, row.unit, row.median, row.mean)
    return Panel(row.feature, draw, caption, alternative)


def categories(publication: Publication, dataset: Dataset) -> Iterator[Shown]:
    """Show how many customers have each value of each category."""
    name = dataset["dataset"]
    counts = _counts(publication, name)
    if counts.empty:
        yield NotDrawn("categories", name, None, no_rows("category_counts", name))
        return
    names = formatting.listed([in_words(str(category)) for category in counts["category"].unique()])

    def draw():
        rows = []
        for category, values in counts.groupby("category", sort=True):
            shares = formatting.shares(values["share_of_customers"])
            texts = [capitalised(titles.group(value)) for value in values["category_value"]]
            rows.append((title_of(str(category)), values.assign(name=texts, share=shares, colour=theme.ACCENT)))
        return distributions.bars_by_category(rows)

    title = titles.categories(counts)
    subtitle = _("Customers by {categories}, {customers}", categories=names, customers=customers_shown(dataset))
    yield Figure("categories", name, None, title, subtitle, "category_counts", draw=draw)


def _counts(publication, name) -> pd.DataFrame:
    counts = publication.table("category_counts", dataset=name)
    if counts.empty:
        return counts
    counts = counts.sort_values(["category", "customers", "category_value"], ascending=[True, False, True])
    return counts.groupby("category").head(CATEGORY_VALUES)


def category_boxes(publication: Publication, dataset: Dataset) -> Iterator[Shown]:
    """Show each feature as one box per value of a category, for every category."""
    name = dataset["dataset"]
    profiles = publication.table("category_profiles", dataset=name)
    features = pd.DataFrame() if profiles.empty else features_of(publication, name)
    for category, counts in _counts(publication, name).groupby("category", sort=True) if not features.empty else []:
        rows = profiles[profiles["category"] == category]
        values = [value for value in counts["category_value"] if value in set(rows["category_value"])]
        if values:
            yield from _boxes_of(publication, dataset, features, str(category), rows, values)
    if features.empty:
        for category in sorted(set(_counts(publication, name).get("category", ()))):
            yield NotDrawn(category, name, None, no_rows("category_profiles", f"{category} of {name}"))


def _boxes_of(publication, dataset, features, category, profiles, values) -> Iterator[Shown]:
    labels = features.set_index("feature")
    order = [feature for feature in features["feature"] if feature in set(profiles["feature"])]
    effects = publication.table("category_effects", dataset=dataset["dataset"], category=category)
    effects = effects[effects["feature"].isin(order)].merge(features[["feature", "label"]], on="feature")
    found = effects.set_index("feature")

    def draw(feature: str, *, has_names: bool = True):
        rows = profiles[profiles["feature"] == feature].set_index("category_value").reindex(values).reset_index()
        rows = rows.assign(name=[titles.group(value) for value in rows["category_value"]])
        return distributions.boxes(rows, *labels.loc[feature, ["label", "unit"]], has_names=has_names)

    def panel(feature: str) -> Panel:
        size, said, label = _("not applicable"), "", labels.loc[feature, "label"]
        if feature in found.index:
            effect = found.loc[feature]
            said = titles.effect_found(effect, label, in_words(category))
            if not is_missing(effect["eta_squared"]):
                share, word = percent(effect["eta_squared"]), _(effect["effect"])
                size = _("{share} of the variance, {effect} effect", share=share, effect=word)
        caption = _(
            "{feature} by {category}: {effect}.",
            feature=capitalised(label), category=title_of(category).lower(), effect=size,
        )  # fmt: skip
        return Panel(feature, partial(draw, feature), caption, said or caption)

    def figure_of(kind: str, chosen: list[str], what: str) -> Figure:
        return Figure(
            kind,
            dataset["dataset"],
            None,
            titles.category_effect(category, effects[effects["feature"].isin(chosen)], values),
            f"{what} {box_parts(publication, dataset)}",
            "category_profiles, category_effects",
            tuple(panel(feature) for feature in chosen),
            draw=partial(named_once, draw, chosen, [titles.group(value) for value in values]),
        )

    values_told = {"category": in_words(category), "customers": customers_shown(dataset)}
    yield figure_of(category, order, _("Features by {category}, {customers}.", **values_told))
    spending = next((feature for feature in SPENDING if feature in order), None)
    if category == "gender" and spending is not None:
        label = capitalised(labels.loc[spending, "label"])
        what = _("{feature} by {category}, {customers}.", feature=label, **values_told)
        yield figure_of("gender_and_spending", [spending], what)


def correlations(publication: Publication, dataset: Dataset) -> Iterator[Shown]:
    """Show the correlation of every feature with every other."""
    name = dataset["dataset"]
    features, pairs = _pairs(publication, name)
    if pairs.empty:
        yield NotDrawn("correlations", name, None, _no_relation(features, name))
        return
    title = titles.correlations(pairs)
    subtitle = _(
        "Pearson correlation of every pair of features, {customers}. 1: rise together, "
        "\N{MINUS SIGN}1: one falls as the other rises, 0: no straight-line relation.",
        customers=customers_shown(dataset),
    )
    draw = partial(heat_maps.correlations, pairs, features.set_index("feature")["label"].to_dict())
    panel = Panel("", draw, subtitle, f"{title}.")
    yield Figure("correlations", name, None, title, subtitle, "feature_correlations", (panel,))


def scatters(publication: Publication, dataset: Dataset) -> Iterator[Shown]:
    """Show every feature against every other; if there are more than fit, those that are related most."""
    name = dataset["dataset"]
    features, pairs = _pairs(publication, name)
    if pairs.empty:
        yield NotDrawn("pairs", name, None, _no_relation(features, name))
        return
    order = list(features["feature"])
    strength = pd.concat([pairs.set_index(column)["pearson"].abs() for column in ("feature", "other_feature")])
    strength = strength.groupby(level=0).max().fillna(0)
    ranked = sorted(order, key=lambda feature: (-strength.get(feature, 0), order.index(feature)))
    shown = features[features["feature"].isin(ranked[:SCATTERED_FEATURES])]
    chosen = set(shown["feature"])
    sample = publication.customers_of_dataset(name, list(shown["feature"]), SCATTERED_CUSTOMERS)
    axes = [Axis(row.feature, row.label, row.unit, abs(row.skewness) > HEAVY_TAIL) for row in shown.itertuples()]
    told = drawn(publication, dataset, len(sample))
    if publication.shows_customers(name):
        subtitle = _("All pairs of features; a dot is a customer, {customers}", customers=told)
    else:
        subtitle = _("All pairs of features, {customers}", customers=told)
    if len(chosen) < len(features):
        some = _(
            "The {count} most closely related of {features} features.",
            count=formatting.count(len(chosen)), features=formatting.count(len(features)),
        )  # fmt: skip
        subtitle = f"{some} {subtitle}"
    yield Figure(
        "pairs",
        name,
        None,
        titles.scatters(pairs[pairs["feature"].isin(chosen) & pairs["other_feature"].isin(chosen)]),
        subtitle,
        f"{name}_customer_features, feature_correlations",
        draw=partial(relations.pairs, sample, axes),
    )


def _pairs(publication, name) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the features of a dataset and how each pair of them goes together."""
    pairs = publication.table("feature_correlations", dataset=name)
    if publication.table("feature_summary").empty:
        return pd.DataFrame({"feature": [], "label": []}), pairs.iloc[:0]
    features = features_of(publication, name)
    if pairs.empty:
        return features, pairs
    labels = features.set_index("feature")["label"]
    pairs = pairs.assign(label=pairs["feature"].map(labels), other_label=pairs["other_feature"].map(labels))
    return features, pairs.dropna(subset=["label", "other_label"]).sort_values(["feature", "other_feature"])


def _no_relation(features, name) -> str:
    if len(features) == 1:
        return _("{dataset} has only one feature; a relationship needs two.", dataset=name)
    return no_rows("feature_correlations", name)


def curves(publication: Publication, dataset: Dataset) -> Iterator[Shown]:
    """Show the lines and curves fitted to the pairs that are related most, and to income and spending."""
    name = dataset["dataset"]
    features, pairs = _pairs(publication, name)
    if pairs.empty:
        yield NotDrawn("curves", name, None, _no_relation(features, name))
        return
    fits = publication.table("feature_relationships", dataset=name)
    place = {feature: place for place, feature in enumerate(features["feature"])}
    if len(fits):
        fits = fits.dropna(subset=["r_squared"])
        # What comes first in the feature mart explains what comes later.
        fits = fits[fits["feature"].map(place) < fits["other_feature"].map(place)]
    if fits.empty:
        yield NotDrawn("curves", name, None, no_rows("feature_relationships", name))
        return
    best = fits.groupby(["feature", "other_feature"], as_index=False)["r_squared"].max()
    best = best.sort_values(["r_squared", "feature", "other_feature"], ascending=[False, True, True])
    strongest = list(zip(best["feature"], best["other_feature"], strict=True))[:CURVES]
    spending = next((feature for feature in SPENDING if feature in place), None)
    wanted = [("curves", strongest)]
    if (INCOME, spending) in set(zip(best["feature"], best["other_feature"], strict=True)):
        wanted.append(("income_and_spending", [(INCOME, spending)]))
    sample = publication.customers_of_dataset(name, list(features["feature"]), SCATTERED_CUSTOMERS)
    labels = features.set_index("feature")
    for kind, chosen in wanted:
        told = {"customers": drawn(publication, dataset, len(sample)), "share": percent(relations.CUT_OFF)}
        if len(chosen) == 1:
            subtitle = _(
                "Straight lines and quadratic curves fitted by least squares to {customers}; the outer {share} are cut "
                "off",
                **told,
            )
        else:
            subtitle = _(
                "Straight lines and quadratic curves fitted by least squares to the {count} most closely related pairs "
                "of features, {customers}; the outer {share} are cut off",
                count=formatting.count(len(chosen)), **told,
            )  # fmt: skip
        yield Figure(
            kind,
            name,
            None,
            _fits_of(fits, labels, chosen[0])[1],
            subtitle,
            f"feature_relationships, {name}_customer_features",
            tuple(_curve(sample, fits, labels, pair) for pair in chosen),
            columns=2,
        )


def _fits_of(fits, labels, pair) -> tuple[pd.DataFrame, str]:
    rows = fits[(fits["feature"] == pair[0]) & (fits["other_feature"] == pair[1])]
    explained = rows.set_index("shape")["r_squared"]
    names = [labels.loc[one, "label"] for one in pair]
    return rows, titles.relationship(explained.get("linear"), explained.get("quadratic"), *names)


def _curve(sample, fits, labels, pair) -> Panel:
    rows, title = _fits_of(fits, labels, pair)
    axes = [Axis(one, *labels.loc[one, ["label", "unit"]]) for one in pair]
    draw = partial(relations.fitted, sample, rows, *axes)
    alternative = _(
        "Scatter of {feature} over {other_feature} with fitted curves.",
        feature=axes[1].label, other_feature=axes[0].label,
    )  # fmt: skip
    return Panel("-".join(pair), draw, f"{title}.", alternative)


def crosswalks(publication: Publication, dataset: Dataset) -> Iterator[Shown]:
    """Show how the segmentations of a dataset divide the same customers: each pair of them, and all in a row."""
    name = dataset["dataset"]
    dataset_name = publication.dataset_name(name)
    fits = publication.fits()
    fits = fits[fits["dataset"] == name].sort_values(["k", "segmentation"]).to_dict("records")
    if len(fits) < 2:
        if fits:
            reason = _("{dataset} has one segmentation only.", dataset=dataset_name)
        else:
            reason = _("{dataset} has no segmentation.", dataset=dataset_name)
        yield NotDrawn("crosswalk", name, None, reason)
        return
    every = publication.table("segment_crosswalk", dataset=name)
    agreements = publication.table("segmentation_agreement", dataset=name)
    agreements = agreements if agreements.empty else agreements.sort_values(["segmentation", "other_segmentation"])
    shown = {fit["segmentation"]: marked_segments(publication, fit["segmentation"]) for fit in fits}
    short = {one: one.removeprefix(f"{name}_") for one in shown}  # in names of files
    written = {fit["segmentation"]: fit["segmentation_name"] for fit in fits}
    between = {}
    for one, other in combinations(fits, 2):
        names = (one["segmentation"], other["segmentation"])
        kind = f"crosswalk_{short[names[0]]}_{short[names[1]]}"
        rows = (
            every
            if every.empty
            else every[(every["segmentation"] == names[0]) & (every["other_segmentation"] == names[1])]
        )
        if rows.empty:
            yield NotDrawn(kind, name, None, no_rows("segment_crosswalk", name))
            continue
        between[names] = rows = rows.sort_values(["cluster_id", "other_cluster_id"])
        of_pair = agreements[agreements[["segmentation", "other_segmentation"]].isin(names).all(axis=1)]
        index = of_pair["adjusted_rand_index"].iloc[0] if len(of_pair) else None
        customers = formatting.customers(int(rows["customers"].sum()), is_synthetic=dataset["is_synthetic"])
        title = titles.crosswalk(rows, index, one["k"], other["k"])
        subtitle = _(
            "Share of each segment of “{segmentation}” (rows) that is in each segment of “{other_segmentation}” "
            "(columns), {customers}",
            segmentation=written[names[0]], other_segmentation=written[names[1]], customers=customers,
        )  # fmt: skip
        draw = partial(
            heat_maps.crosswalk, rows, shown[names[0]], shown[names[1]], (written[names[0]], written[names[1]])
        )
        panel = Panel("", draw, subtitle, f"{title}.")
        yield Figure(kind, name, None, title, subtitle, "segment_crosswalk, segmentation_agreement", (panel,))
    chain = [between.get((one, other)) for one, other in zip(list(shown), list(shown)[1:], strict=False)]
    if any(rows is None for rows in chain):
        yield NotDrawn("crosswalk", name, None, no_rows("segment_crosswalk", name))
        return
    title = titles.flows(agreements, [fit["k"] for fit in fits])
    subtitle = _(
        "How each segmentation groups the same customers; band height is the number of customers, {customers}",
        customers=customers_shown(dataset),
    )
    panel = Panel(
        "", partial(flows.flows_between, list(shown.values()), chain, list(written.values())), subtitle, f"{title}."
    )
    yield Figure("crosswalk", name, None, title, subtitle, "segment_crosswalk, segmentation_agreement", (panel,))


# In the order of the pictures.
DATASET_FIGURES: tuple[Callable[[Publication, Dataset], Iterator[Shown]], ...] = (
    histograms, categories, category_boxes, correlations, scatters, curves, crosswalks,
)  # fmt: skip
