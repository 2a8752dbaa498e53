"""The figures of a segmentation: what is read for each, which chart draws it, and what is written around it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import capitalised, figure, is_missing, percent
from customer_segmentation.publication.movement import SEGMENTS, day_in_words, first_day, last_flows, movement_in_words
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import findings, theme
from customer_segmentation.report.charts import choice_of_k, distributions, heat_maps, movement, segments, space
from customer_segmentation.report.charts.drawing import Axis, lines, panels, text_width
from customer_segmentation.report.criteria import CRITERIA, Criterion
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

MOST_POINTS = 2_000  # more points hide each other and make the file large
MOST_BOX_PLOTS = 6  # with more features, only those that define the segments have box plots in a picture

Fit = Mapping[str, Any]  # a segmentation, as `Publication.fits` tells it
Shown = Figure | NotDrawn


def segmentation_figures(publication: Publication, fit: Fit) -> Iterator[Shown]:
    """Return the figures of a segmentation, always in the same order."""
    for make in SEGMENTATION_FIGURES:
        yield make(publication, fit)
    shown = changes(publication, fit)
    if isinstance(shown, Figure):  # where nothing has changed yet, nothing is missing
        yield shown


def elbow(publication: Publication, fit: Fit) -> Shown:
    """Show inertia by the number of segments."""
    choices, recommendation = _choices(publication, fit)
    return _choice(
        fit, choices, recommendation, "elbow", "inertia", lambda: titles.elbow(choices, recommendation),
        "Inertia, the sum of squared distances to the nearest center, by number of segments, "
        f"{_compared_on(fit, choices)}.",
    )  # fmt: skip


def gap(publication: Publication, fit: Fit) -> Shown:
    """Show the gap statistic with its standard errors."""
    choices, recommendation = _choices(publication, fit)
    fewer = None if choices.empty else int(choices["resampling_customers"].fillna(choices["customers"]).iloc[0])
    return _choice(
        fit, choices, recommendation, "gap", "gap", lambda: titles.gap(recommendation, int(choices["k"].max())),
        "How much closer customers are to their centers than they would be without groups, by number of segments, "
        f"{'' if fewer is None else _sampled(fit, fewer)}. Bars: one standard error.",
    )  # fmt: skip


def _choice(fit, choices, recommendation, kind, column, title, subtitle) -> Shown:
    name = fit["segmentation"]
    if choices.empty or choices[column].isna().all():
        reason = no_rows("k_selection", name)
        if not choices.empty:
            reason = f"The table k_selection has no {column} for {name}."
        return NotDrawn(kind, fit["dataset"], name, reason)
    criterion = next(one for one in CRITERIA if one.column == column)
    draw = partial(choice_of_k.criterion, choices, recommendation, criterion, height=260)
    legend = _legend(recommendation)
    panel = Panel("", draw, f"{subtitle} {legend}", title())
    return Figure(kind, fit["dataset"], name, title(), panel.caption, "k_selection, k_recommendation", (panel,))


def criteria(publication: Publication, fit: Fit) -> Shown:
    """Show all criteria for the number of segments, with what each chooses, the k in use and the k recommended."""
    name = fit["segmentation"]
    choices, recommendation = _choices(publication, fit)
    shown = [one for one in CRITERIA if not choices.empty and choices[one.column].notna().any()]
    if not shown:
        columns = formatting.listed([one.column for one in CRITERIA])
        reason = (
            no_rows("k_selection", name) if choices.empty else f"The table k_selection has no {columns} for {name}."
        )
        return NotDrawn("criteria", fit["dataset"], name, reason)
    votes = {one.column: formatting.whole(recommendation.get(one.chosen)) for one in shown}
    return Figure(
        "criteria",
        fit["dataset"],
        name,
        titles.criteria(recommendation, votes),
        f"Criteria for the number of segments k, {_compared_on(fit, choices)}{_also(fit, choices)}. "
        f"{_legend(recommendation)}",
        "k_selection, k_recommendation",
        tuple(_criterion(one, choices, recommendation, votes[one.column]) for one in shown),
        columns=4,
    )


def _criterion(criterion: Criterion, choices, recommendation, vote) -> Panel:
    spoken = f"Speaks for {'no number' if vote is None else vote}."
    return Panel(
        criterion.column,
        partial(choice_of_k.criterion, choices, recommendation, criterion),
        f"{criterion.name}: {criterion.reading}. {spoken}",
        f"Line: {criterion.name.lower()} for {choices['k'].min()} to {choices['k'].max()} segments. {spoken}",
    )


def _choices(publication, fit) -> tuple[pd.DataFrame, dict]:
    choices = publication.table("k_selection", segmentation=fit["segmentation"])
    rows = publication.table("k_recommendation", segmentation=fit["segmentation"]).to_dict("records")
    return (choices if choices.empty else choices.sort_values("k")), rows[0] if rows else {"k_in_use": fit["k"]}


def _compared_on(fit, choices) -> str:
    if choices.empty:
        return ""
    first = choices.iloc[0]
    if first["fitted_on"] == "coreset":
        return f"a weighted sample of {int(first['coreset_rows']):,} of {customers_shown(fit)}"
    return _sampled(fit, int(first["customers"]))


def _also(fit, choices) -> str:
    """Say on how many customers the criteria were computed that take longer than the others."""
    first = choices.iloc[0]
    fewer = int(first["customers"] if is_missing(first["resampling_customers"]) else first["resampling_customers"])
    if first["fitted_on"] == "coreset":
        return f"; the silhouette on {int(first['silhouette_customers']):,} even draws, the last three on {fewer:,}"
    return f"; the last three on {fewer:,} of them" if fewer < int(first["customers"]) else ""


def _legend(recommendation) -> str:
    used, recommended = (formatting.whole(recommendation.get(name)) for name in ("k_in_use", "recommended_k"))
    parts = ["Orange: what a criterion chooses"]
    parts += [] if used is None else [f"blue band: in use, k = {used}"]
    parts += [] if recommended is None else [f"dashed line: recommended, k = {recommended}"]
    return f"{'; '.join(parts)}."


def silhouettes(publication: Publication, fit: Fit) -> Shown:
    """Show the silhouette of every customer of the sample."""
    name = fit["segmentation"]
    customers = publication.table("customer_silhouettes", segmentation=name)
    customers = customers if customers.empty else customers.dropna(subset=["silhouette"])
    if customers.empty:
        return NotDrawn("silhouettes", fit["dataset"], name, no_rows("customer_silhouettes", name))
    is_exact = publication.shows_customers(fit["dataset"])
    sample = len(customers) if is_exact else int(fit["silhouette_customers"])
    title = titles.silhouettes(customers, is_exact=is_exact)
    subtitle = (
        f"{'Each customer is a line' if is_exact else 'Lines are means of small groups'}: 1 in the midst of the "
        "segment, 0 between two, below 0 nearer to another. Below a name: the mean of the segment. "
        f"{capitalised(_sampled(fit, sample))}."
    )
    draw = partial(segments.silhouettes, customers, marked_segments(publication, name))
    panel = Panel("", draw, subtitle, f"{title}.")
    return Figure("silhouettes", fit["dataset"], name, title, subtitle, "customer_silhouettes", (panel,))


def clusters(publication: Publication, fit: Fit) -> Shown:
    """Show customers in two dimensions: in their features where these are one or two, else in components."""
    name, dataset = fit["segmentation"], fit["dataset"]
    axes = _axes(publication, name)
    if not axes:
        return _too_few(publication, fit, "clusters")
    shown = marked_segments(publication, name)
    title = titles.separation(_choices(publication, fit)[0], fit["k"], fit["silhouette"])
    tables = f"customer_segments, {dataset}_customer_features"
    if len(axes) <= 2:
        points = _by_features(publication, fit, axes)
        told = drawn(publication, fit, len(points))
        if len(axes) == 1:
            draw = partial(segments.strip, points, shown, axes[0])
            subtitle = (
                f"This segmentation has one feature, so each segment has its own row; {told}. Black bars: medians."
            )
        else:
            centres = publication.table("cluster_centroids", segmentation=name)
            centres = centres.pivot(index="cluster_id", columns="feature", values="centroid").reset_index()
            draw = partial(segments.segment_map, points, shown, *axes, centres=centres)
            subtitle = (
                f"Customers by the two features of the segmentation, {told}. Large markers: centres "
                "of the segments, with their share of all customers."
            )
            tables += ", cluster_centroids"
    else:
        points, loadings = _by_components(publication, name)
        if points.empty or loadings.empty:
            return NotDrawn("clusters", dataset, name, no_rows("customer_components", name))
        told = drawn(publication, fit, len(points))
        draw = partial(segments.segment_map, points, shown, *_component_axes(loadings)[:2])
        subtitle = (
            f"The {formatting.count(len(axes))} features of the segmentation flattened into two principal components, "
            f"so separate segments can overlap here, {told}. Large markers: means of the "
            "customers drawn."
        )
        tables = "customer_components, principal_components"
    hidden = shown[~shown["cluster_id"].isin(points["cluster_id"])]["persona"]
    if len(hidden) and not publication.shows_customers(dataset):
        few = f"fewer than {publication.smallest_cell(dataset):,} customers"
        subtitle += f" Without points, because of {few}: {formatting.listed(hidden)}."
    alternative = f"Scatter of {len(points):,} points in {len(shown)} segments, each with its colour and marker."
    panel = Panel("", draw, subtitle, alternative)
    return Figure("clusters", dataset, name, title, subtitle, tables, (panel,))


def clusters_in_space(publication: Publication, fit: Fit) -> Shown:
    """Show customers in three dimensions: in their features where these are three, else in components."""
    name, dataset = fit["segmentation"], fit["dataset"]
    axes = _axes(publication, name)
    if not axes:
        return _too_few(publication, fit, "clusters_3d")
    if len(axes) < 3:
        few = "one feature" if len(axes) == 1 else "two features"
        reason = f"{fit['segmentation_name']} has only {few}; three dimensions need three."
        return NotDrawn("clusters_3d", dataset, name, reason)
    shown = marked_segments(publication, name)
    if len(axes) == 3:
        points = _by_features(publication, fit, axes)
        what, tables = "by the three features of the segmentation", f"customer_segments, {dataset}_customer_features"
    else:
        points, loadings = _by_components(publication, name)
        if points.empty or loadings.empty:
            return NotDrawn("clusters_3d", dataset, name, no_rows("customer_components", name))
        share = min(_variance(loadings).loc[:3].sum(), 1.0)
        what = (
            f"along the first three principal components of {formatting.count(len(axes))} features "
            f"({percent(share)} of the variance)"
        )
        axes, tables = _component_axes(loadings)[:3], "customer_components, principal_components"
    subtitle = f"Customers {what}, {drawn(publication, fit, len(points))}. In brackets: share of all customers."
    alternative = f"Scatter in three dimensions of {len(points):,} points in {len(shown)} segments."
    return Figure(
        "clusters_3d",
        dataset,
        name,
        findings.sizes_title(shown),
        subtitle,
        tables,
        (Panel("", partial(space.seen_from_one_side, points, shown, axes), subtitle, alternative),),
        turned=partial(space.space, points, shown, axes),
    )


def biplot(publication: Publication, fit: Fit) -> Shown:
    """Show customers along two principal components, and how the features point."""
    name, dataset = fit["segmentation"], fit["dataset"]
    axes = _axes(publication, name)
    if not axes:
        return _too_few(publication, fit, "biplot")
    if len(axes) == 1:
        reason = f"{fit['segmentation_name']} has only one feature; principal components need two."
        return NotDrawn("biplot", dataset, name, reason)
    points, loadings = _by_components(publication, name)
    if points.empty or loadings.empty:
        return NotDrawn("biplot", dataset, name, no_rows("principal_components", name))
    arrows = loadings.pivot_table(index="label", columns="component", values="loading", sort=False)[[1, 2]]
    arrows = arrows.set_axis(["x", "y"], axis=1).reset_index()
    draw = partial(
        segments.segment_map,
        points,
        marked_segments(publication, name),
        *_component_axes(loadings)[:2],
        arrows=arrows,
    )
    title, told = titles.components(loadings), drawn(publication, fit, len(points))
    subtitle = (
        "Customers along the first two principal components. An arrow points to where its feature is high; arrows in "
        f"the same direction are related features. {capitalised(told)}."
    )
    tables = "customer_components, principal_components"
    return Figure("biplot", dataset, name, title, subtitle, tables, (Panel("", draw, subtitle, f"{title}."),))


def _axes(publication, name) -> list[Axis]:
    return [
        Axis(one["feature"], one["label"], one["unit"], one["transform"] == "log") for one in publication.features(name)
    ]


def _too_few(publication, fit, kind) -> NotDrawn:
    few = f"fewer than {publication.smallest_cell(fit['dataset']):,} customers"
    reason = f"Each segment of {fit['segmentation_name']} has {few}, so nothing is shown of them."
    return NotDrawn(kind, fit["dataset"], fit["segmentation"], reason)


def _by_features(publication, fit, axes) -> pd.DataFrame:
    columns = [axis.column for axis in axes]
    return publication.customers_by_features(fit["segmentation"], fit["dataset"], columns, MOST_POINTS)


def _by_components(publication, name) -> tuple[pd.DataFrame, pd.DataFrame]:
    loadings = publication.table("principal_components", segmentation=name)
    loadings = loadings if loadings.empty else loadings.sort_values(["component", "position"])
    return publication.customers_by_components(name, MOST_POINTS), loadings


def _variance(loadings) -> pd.Series:
    return loadings.groupby("component")["share_of_variance"].first()


def _component_axes(loadings) -> list[Axis]:
    """Name each component after its share of the variance and the feature that weighs most in it."""
    axes = []
    for component, rows in loadings.groupby("component"):
        top = rows.loc[rows["loading"].abs().idxmax()]
        share = percent(top["share_of_variance"])
        axes.append(Axis(f"component_{component}", f"component {component} ({share}; mostly {top['label']})"))
    return axes


def profile(publication: Publication, fit: Fit) -> Shown:
    """Show how far each segment is above or below all customers in each feature."""
    name = fit["segmentation"]
    rows = publication.table("segment_profiles", segmentation=name)
    if rows.empty:
        return NotDrawn("profile", fit["dataset"], name, no_rows("segment_profiles", name))
    summary = publication.table("feature_summary", dataset=fit["dataset"])
    spread = {} if summary.empty else summary.set_index("feature")["standard_deviation"].dropna().to_dict()
    order, in_use = feature_order(publication, name, rows["feature"])
    scale = rows["feature"].map(spread) if spread else rows["population_median"] / 100
    rows["difference"] = (rows["median"] - rows["population_median"]) / scale.where(scale > 0, np.nan)
    rows["text"] = [formatting.cell(row.median, row.unit) for row in rows.itertuples()]
    shown = marked_segments(publication, name)
    texts, differences = (
        rows.pivot(index="cluster_id", columns="feature", values=column).reindex(
            index=shown["cluster_id"], columns=order
        )
        for column in ("text", "difference")
    )
    labels = rows.drop_duplicates("feature").set_index("feature")
    heads = [formatting.header(labels["label"][one], labels["unit"][one]) for one in order]
    texts, differences = texts.fillna("").set_axis(heads, axis=1), differences.set_axis(heads, axis=1)
    title = titles.profiles(
        differences, list(shown["persona"]), [labels["label"][one] for one in order], in_deviations=bool(spread)
    )
    first = "The first one defines" if in_use == 1 else f"The first {formatting.count(in_use)} define"
    subtitle = (
        "Medians of the segments. Purple lies above all customers, orange below"
        f"{', in standard deviations' if spread else ''}, {customers_shown(fit)}."
        f"{'' if in_use == len(order) else f' {first} the segments.'}"
    )
    draw = partial(heat_maps.profiles, differences, texts, shown, in_deviations=bool(spread))
    panel = Panel("", draw, subtitle, f"{title}.")
    return Figure("profile", fit["dataset"], name, title, subtitle, "segment_profiles, feature_summary", (panel,))


def feature_order(publication: Publication, name: str, features: pd.Series) -> tuple[list[str], int]:
    """Put the features that a segmentation uses before the others, and count them."""
    used = [one["feature"] for one in publication.features(name) if one["feature"] in set(features)]
    return [*used, *sorted(set(features) - set(used))], len(used)


def box_plots(publication: Publication, fit: Fit) -> Shown:
    """Show each feature as one box per segment."""
    name = fit["segmentation"]
    found = publication.table("segment_distributions", segmentation=name)
    if found.empty:
        return NotDrawn("box_plots", fit["dataset"], name, no_rows("segment_distributions", name))
    labels = publication.table("segment_profiles", segmentation=name).drop_duplicates("feature").set_index("feature")
    order, in_use = feature_order(publication, name, found["feature"])
    shown = marked_segments(publication, name)[["cluster_id", "persona", "colour"]].rename(columns={"persona": "name"})
    shown = shown[shown["cluster_id"].isin(found.dropna(subset=["median"])["cluster_id"])]
    boxes = {feature: shown.merge(found[found["feature"] == feature], on="cluster_id", how="left") for feature in order}

    def draw(feature: str, *, has_names: bool = True):
        label, unit = labels.loc[feature, ["label", "unit"]]
        colours = list(shown["colour"])
        return distributions.boxes(boxes[feature], label, unit, colours=colours, has_names=has_names)

    every = pd.concat(boxes.values()).merge(labels[["label", "unit"]], on="feature")
    panel_of = [
        Panel(
            feature,
            partial(draw, feature),
            f"{capitalised(labels.loc[feature, 'label'])} of each segment. {box_parts(publication, fit)}",
            f"Box plots of {labels.loc[feature, 'label']} by segment; the medians are in the table.",
        )
        for feature in order
    ]
    in_picture = order if len(order) <= MOST_BOX_PLOTS else order[:in_use]
    return Figure(
        "box_plots",
        fit["dataset"],
        name,
        titles.distributions(every[every["feature"].isin(in_picture)].rename(columns={"name": "category_value"})),
        f"Features by segment, {customers_shown(fit)}. {box_parts(publication, fit)}",
        "segment_distributions",
        tuple(panel_of),
        draw=partial(named_once, draw, in_picture, list(shown["name"])),
    )


def named_once(draw: Callable, features: Sequence[str], names: Sequence[str], columns: int = 3) -> alt.TopLevelMixin:
    """Draw box plots side by side, with names at the first of each row alone."""
    columns = min(columns, len(features))
    charts = [draw(feature, has_names=place % columns == 0) for place, feature in enumerate(features)]
    beside = max(text_width(line) for name in names for line in lines(name, distributions.NAME_ROOM))
    return panels(charts, columns, 16 + (beside + 8) / columns)


def stability(publication: Publication, fit: Fit) -> Shown:
    """Show how surely each segment is found again in other samples of the customers."""
    name = fit["segmentation"]
    found = publication.table("segment_stability", segmentation=name)
    if found.empty or found["bootstrap_jaccard"].isna().all():
        return NotDrawn("stability", fit["dataset"], name, no_rows("segment_stability", name))
    rows = marked_segments(publication, name).drop(columns=["bootstrap_jaccard", "stability_grade", "customers"])
    rows = rows.merge(found.drop(columns=["persona", "colour"], errors="ignore"), on="cluster_id", how="left")
    title = titles.stability(rows)
    subtitle = (
        f"Jaccard similarity of each segment with its match in {int(found['bootstraps'].max()):,} bootstrap samples, "
        f"with two standard errors, {_sampled(fit, int(found['customers'].max()))}."
    )
    told = "; ".join(
        f"{row.persona} {figure(row.bootstrap_jaccard)} {row.stability_grade}"
        for row in rows.dropna(subset=["bootstrap_jaccard"]).itertuples()
    )
    panel = Panel("", partial(segments.stability, rows, publication.table("grades")), subtitle, f"Bars: {told}.")
    return Figure("stability", fit["dataset"], name, title, subtitle, "segment_stability, grades", (panel,))


def marked_segments(publication: Publication, segmentation: str) -> pd.DataFrame:
    """Return the segments of a segmentation in the order of their personas, each with a colour."""
    found = publication.segments(segmentation)
    return found.assign(colour=found["colour"].fillna(theme.POPULATION))


def _sampled(fit, sample) -> str:
    return (
        customers_shown(fit)
        if sample >= fit["customers"]
        else f"a random sample of {sample:,} of {customers_shown(fit)}"
    )


# In the order of the pictures.
def changes(publication: Publication, fit: Fit) -> Shown:
    """Show how customers passed between the segments from the day before to the last one."""
    name, dataset = fit["segmentation"], fit["dataset"]
    if publication.table("segment_sizes", segmentation=name).empty:
        return NotDrawn("changes", dataset, name, f"The table segment_sizes has no rows for {name}.")
    period = last_flows(publication.rows, name)
    if period is None:
        return NotDrawn("changes", dataset, name, first_day(publication.rows, name))
    if not period.has_changes:
        reason = f"No customer of {fit['segmentation_name']} moved, came or went in the last period."
        return NotDrawn("changes", dataset, name, reason)
    smallest = publication.smallest_cell(dataset)
    flows = pd.DataFrame(
        [
            (flow.from_segment_id, flow.to_segment_id, smallest // 2 if flow.customers is None else flow.customers)
            for flow in period.flows
        ],
        columns=["from_segment_id", "to_segment_id", "customers"],
    )
    days = [day_in_words(period.start), day_in_words(period.end)]
    subtitle = (
        f"Customers by segment on {days[0]} (left) and {days[1]} (right)"
        f"{'' if period.is_recorded else ', by the model of today'}. {capitalised(customers_shown(fit))}."
    )
    if smallest > 1:
        subtitle += f" Numbers are rounded to multiples of {smallest}, and shares follow from them."
    title = capitalised(movement_in_words(period, smallest))
    names = publication.frame(SEGMENTS, [name]).set_index("segment_id")
    panel = Panel("", partial(movement.moves, flows, names, days), subtitle, f"{title}.")
    table = "segment_migrations" if period.is_recorded else "monthly_migrations"
    return Figure("changes", dataset, name, title, subtitle, f"{table}, segment_sizes", (panel,))


SEGMENTATION_FIGURES: tuple[Callable[[Publication, Fit], Shown], ...] = (
    elbow, gap, criteria, silhouettes, clusters, clusters_in_space, biplot, profile, box_plots, stability,
)  # fmt: skip
