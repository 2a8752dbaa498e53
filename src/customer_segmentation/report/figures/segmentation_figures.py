"""The figures of a segmentation: what is read for each, which chart draws it, and what is written around it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import capitalised, counted, figure, is_missing, number, percent
from customer_segmentation.language import ENGLISH, _, day_text, isolated, ngettext, used
from customer_segmentation.publication.movement import SEGMENTS, first_day, last_flows, movement_in_words
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
    customer_count,
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
        _(
            "Inertia, the sum of squared distances to the nearest center, by number of segments, {customers}.",
            customers=_compared_on(fit, choices),
        ),
    )  # fmt: skip


def gap(publication: Publication, fit: Fit) -> Shown:
    """Show the gap statistic with its standard errors."""
    choices, recommendation = _choices(publication, fit)
    fewer = None if choices.empty else int(choices["resampling_customers"].fillna(choices["customers"]).iloc[0])
    return _choice(
        fit, choices, recommendation, "gap", "gap", lambda: titles.gap(recommendation, int(choices["k"].max())),
        _(
            "How much closer customers are to their centers than they would be without groups, by number of segments, "
            "{customers}. Bars: one standard error.",
            customers="" if fewer is None else _sampled(fit, fewer),
        ),
    )  # fmt: skip


def _choice(fit, choices, recommendation, kind, column, title, subtitle) -> Shown:
    name = fit["segmentation"]
    if choices.empty or choices[column].isna().all():
        reason = no_rows("k_selection", name)
        if not choices.empty:
            reason = _("The table k_selection has no {column} for {segmentation}.", column=column, segmentation=name)
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
        reason = no_rows("k_selection", name)
        if not choices.empty:
            reason = _("The table k_selection has no {column} for {segmentation}.", column=columns, segmentation=name)
        return NotDrawn("criteria", fit["dataset"], name, reason)
    votes = {one.column: formatting.whole(recommendation.get(one.chosen)) for one in shown}
    return Figure(
        "criteria",
        fit["dataset"],
        name,
        titles.criteria(recommendation, votes),
        f"{_criteria_shown(fit, choices)} {_legend(recommendation)}",
        "k_selection, k_recommendation",
        tuple(_criterion(one, choices, recommendation, votes[one.column]) for one in shown),
        columns=4,
    )


def _criterion(criterion: Criterion, choices, recommendation, vote) -> Panel:
    spoken = _("Speaks for no number.") if vote is None else _("Speaks for {k}.", k=vote)
    name = _(criterion.name)
    line = _(
        "Line: {criterion} for {least} to {most} segments.",
        criterion=name.lower() if used().code == ENGLISH else name,
        least=choices["k"].min(), most=choices["k"].max(),
    )  # fmt: skip
    return Panel(
        criterion.column,
        partial(choice_of_k.criterion, choices, recommendation, criterion),
        f"{name}: {_(criterion.reading)}. {spoken}",
        f"{line} {spoken}",
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
        return _(
            "a weighted sample of {rows} of {customers}",
            rows=number(int(first["coreset_rows"])), customers=customers_shown(fit),
        )  # fmt: skip
    return _sampled(fit, int(first["customers"]))


def _criteria_shown(fit, choices) -> str:
    """Say on how many customers the criteria were computed, and on how many those that take longer than the others."""
    customers = _compared_on(fit, choices)
    first = choices.iloc[0]
    fewer = int(first["customers"] if is_missing(first["resampling_customers"]) else first["resampling_customers"])
    if first["fitted_on"] == "coreset":
        return _(
            "Criteria for the number of segments k, {customers}; the silhouette on {draws} even draws, the last three "
            "on {fewer}.",
            customers=customers, draws=number(int(first["silhouette_customers"])), fewer=number(fewer),
        )  # fmt: skip
    if fewer < int(first["customers"]):
        return _(
            "Criteria for the number of segments k, {customers}; the last three on {fewer} of them.",
            customers=customers, fewer=number(fewer),
        )  # fmt: skip
    return _("Criteria for the number of segments k, {customers}.", customers=customers)


def _legend(recommendation) -> str:
    in_use, recommended = (formatting.whole(recommendation.get(name)) for name in ("k_in_use", "recommended_k"))
    parts = [_("Orange: what a criterion chooses")]
    parts += [] if in_use is None else [_("blue band: in use, k = {k}", k=in_use)]
    parts += [] if recommended is None else [_("dashed line: recommended, k = {k}", k=recommended)]
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
    told = capitalised(_sampled(fit, sample))
    if is_exact:
        subtitle = _(
            "Each customer is a line: 1 in the midst of the segment, 0 between two, below 0 nearer to another. Below a "
            "name: the mean of the segment. {customers}.",
            customers=told,
        )
    else:
        subtitle = _(
            "Lines are means of small groups: 1 in the midst of the segment, 0 between two, below 0 nearer to another. "
            "Below a name: the mean of the segment. {customers}.",
            customers=told,
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
            subtitle = _(
                "This segmentation has one feature, so each segment has its own row; {customers}. Black bars: medians.",
                customers=told,
            )
        else:
            centres = publication.table("cluster_centroids", segmentation=name)
            centres = centres.pivot(index="cluster_id", columns="feature", values="centroid").reset_index()
            draw = partial(segments.segment_map, points, shown, *axes, centres=centres)
            subtitle = _(
                "Customers by the two features of the segmentation, {customers}. Large markers: centres of the "
                "segments, with their share of all customers.",
                customers=told,
            )
            tables += ", cluster_centroids"
    else:
        points, loadings = _by_components(publication, name)
        if points.empty or loadings.empty:
            return NotDrawn("clusters", dataset, name, no_rows("customer_components", name))
        told = drawn(publication, fit, len(points))
        draw = partial(segments.segment_map, points, shown, *_component_axes(loadings)[:2])
        subtitle = _(
            "The {count} features of the segmentation flattened into two principal components, so separate segments "
            "can overlap here, {customers}. Large markers: means of the customers drawn.",
            count=formatting.count(len(axes)), customers=told,
        )  # fmt: skip
        tables = "customer_components, principal_components"
    hidden = shown[~shown["cluster_id"].isin(points["cluster_id"])]["persona"]
    if len(hidden) and not publication.shows_customers(dataset):
        few = _(
            "Without points, because of fewer than {smallest} customers: {segments}.",
            smallest=number(publication.smallest_cell(dataset)),
            segments=formatting.listed(map(formatting.in_sentence, hidden)),
        )  # fmt: skip
        subtitle = f"{subtitle} {few}"
    alternative = ngettext(
        "Scatter of {points} points in {segments} segment, each with its colour and marker.",
        "Scatter of {points} points in {segments} segments, each with its colour and marker.",
        len(shown), points=number(len(points)), segments=number(len(shown)),
    )  # fmt: skip
    panel = Panel("", draw, subtitle, alternative)
    return Figure("clusters", dataset, name, title, subtitle, tables, (panel,))


def clusters_in_space(publication: Publication, fit: Fit) -> Shown:
    """Show customers in three dimensions: in their features where these are three, else in components."""
    name, dataset = fit["segmentation"], fit["dataset"]
    axes = _axes(publication, name)
    if not axes:
        return _too_few(publication, fit, "clusters_3d")
    if len(axes) < 3:
        reason = _(
            "{segmentation} has only {features}; three dimensions need three.",
            segmentation=fit["segmentation_name"], features=counted(len(axes), "feature"),
        )  # fmt: skip
        return NotDrawn("clusters_3d", dataset, name, reason)
    shown = marked_segments(publication, name)
    if len(axes) == 3:
        points, tables = _by_features(publication, fit, axes), f"customer_segments, {dataset}_customer_features"
        subtitle = _(
            "Customers by the three features of the segmentation, {customers}. In brackets: share of all customers.",
            customers=drawn(publication, fit, len(points)),
        )
    else:
        points, loadings = _by_components(publication, name)
        if points.empty or loadings.empty:
            return NotDrawn("clusters_3d", dataset, name, no_rows("customer_components", name))
        share = min(_variance(loadings).loc[:3].sum(), 1.0)
        subtitle = _(
            "Customers along the first three principal components of {count} features ({share} of the variance), "
            "{customers}. In brackets: share of all customers.",
            count=formatting.count(len(axes)), share=percent(share),
            customers=drawn(publication, fit, len(points)),
        )  # fmt: skip
        axes, tables = _component_axes(loadings)[:3], "customer_components, principal_components"
    alternative = ngettext(
        "Scatter in three dimensions of {points} points in {segments} segment.",
        "Scatter in three dimensions of {points} points in {segments} segments.",
        len(shown), points=number(len(points)), segments=number(len(shown)),
    )  # fmt: skip
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
        reason = _(
            "{segmentation} has only one feature; principal components need two.",
            segmentation=fit["segmentation_name"],
        )
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
    subtitle = _(
        "Customers along the first two principal components. An arrow points to where its feature is high; arrows in "
        "the same direction are related features. {customers}.",
        customers=capitalised(told),
    )
    tables = "customer_components, principal_components"
    return Figure("biplot", dataset, name, title, subtitle, tables, (Panel("", draw, subtitle, f"{title}."),))


def _axes(publication, name) -> list[Axis]:
    return [
        Axis(one["feature"], one["label"], one["unit"], one["transform"] == "log") for one in publication.features(name)
    ]


def _too_few(publication, fit, kind) -> NotDrawn:
    reason = _(
        "Each segment of {segmentation} has fewer than {smallest} customers, so nothing is shown of them.",
        segmentation=fit["segmentation_name"], smallest=number(publication.smallest_cell(fit["dataset"])),
    )  # fmt: skip
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
        label = _(
            "component {component} ({share}; mostly {feature})",
            component=component, share=percent(top["share_of_variance"]), feature=top["label"],
        )  # fmt: skip
        axes.append(Axis(f"component_{component}", label))
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
    told = customers_shown(fit)
    if spread:
        subtitle = _(
            "Medians of the segments. Purple lies above all customers, orange below, in standard deviations, "
            "{customers}.",
            customers=told,
        )
    else:
        subtitle = _(
            "Medians of the segments. Purple lies above all customers, orange below, {customers}.", customers=told
        )
    if in_use != len(order):
        defining = ngettext(
            "The first one defines the segments.", "The first {count} define the segments.", in_use,
            count=formatting.count(in_use),
        )  # fmt: skip
        subtitle = f"{subtitle} {defining}"
    draw = partial(heat_maps.profiles, differences, texts, shown, in_deviations=bool(spread))
    panel = Panel("", draw, subtitle, f"{title}.")
    return Figure("profile", fit["dataset"], name, title, subtitle, "segment_profiles, feature_summary", (panel,))


def feature_order(publication: Publication, name: str, features: pd.Series) -> tuple[list[str], int]:
    """Put the features that a segmentation uses before the others, and count them."""
    defining = [one["feature"] for one in publication.features(name) if one["feature"] in set(features)]
    return [*defining, *sorted(set(features) - set(defining))], len(defining)


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
    parts = box_parts(publication, fit)

    def panel(feature: str) -> Panel:
        label = labels.loc[feature, "label"]
        caption = _("{feature} of each segment.", feature=capitalised(label))
        alternative = _("Box plots of {feature} by segment; the medians are in the table.", feature=label)
        return Panel(feature, partial(draw, feature), f"{caption} {parts}", alternative)

    in_picture = order if len(order) <= MOST_BOX_PLOTS else order[:in_use]
    return Figure(
        "box_plots",
        fit["dataset"],
        name,
        titles.distributions(every[every["feature"].isin(in_picture)].rename(columns={"name": "category_value"})),
        f"{_('Features by segment, {customers}.', customers=customers_shown(fit))} {parts}",
        "segment_distributions",
        tuple(map(panel, order)),
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
    subtitle = _(
        "Jaccard similarity of each segment with its match in {samples} bootstrap samples, with two standard errors, "
        "{customers}.",
        samples=number(int(found["bootstraps"].max())), customers=_sampled(fit, int(found["customers"].max())),
    )  # fmt: skip
    told = "; ".join(
        f"{isolated(row.persona)} {figure(row.bootstrap_jaccard)} {_(str(row.stability_grade))}"
        for row in rows.dropna(subset=["bootstrap_jaccard"]).itertuples()
    )
    draw = partial(segments.stability, rows, publication.table("grades"))
    panel = Panel("", draw, subtitle, _("Bars: {segments}.", segments=told))
    return Figure("stability", fit["dataset"], name, title, subtitle, "segment_stability, grades", (panel,))


def marked_segments(publication: Publication, segmentation: str) -> pd.DataFrame:
    """Return the segments of a segmentation in the order of their personas, each with a colour."""
    found = publication.segments(segmentation)
    return found.assign(colour=found["colour"].fillna(theme.POPULATION))


def _sampled(fit, sample) -> str:
    every = customers_shown(fit)
    if sample >= customer_count(fit):
        return every
    return _("a random sample of {sample} of {customers}", sample=number(sample), customers=every)


def changes(publication: Publication, fit: Fit) -> Shown:
    """Show how customers passed between the segments from the day before to the last one."""
    name, dataset = fit["segmentation"], fit["dataset"]
    if publication.table("segment_sizes", segmentation=name).empty:
        reason = _("The table segment_sizes has no rows for {segmentation}.", segmentation=name)
        return NotDrawn("changes", dataset, name, reason)
    period = last_flows(publication.rows, name)
    if period is None:
        return NotDrawn("changes", dataset, name, first_day(publication.rows, name))
    if not period.has_changes:
        reason = _(
            "No customer of {segmentation} moved, came or went in the last period.",
            segmentation=fit["segmentation_name"],
        )
        return NotDrawn("changes", dataset, name, reason)
    smallest = publication.smallest_cell(dataset)
    flows = pd.DataFrame(
        [
            (flow.from_segment_id, flow.to_segment_id, smallest // 2 if flow.customers is None else flow.customers)
            for flow in period.flows
        ],
        columns=["from_segment_id", "to_segment_id", "customers"],
    )
    days = [day_text(period.start), day_text(period.end)]
    told = {"start": days[0], "end": days[1], "customers": capitalised(customers_shown(fit))}
    if period.is_recorded:
        subtitle = _("Customers by segment on {start} (left) and {end} (right). {customers}.", **told)
    else:
        subtitle = _(
            "Customers by segment on {start} (left) and {end} (right), by the model of today. {customers}.", **told
        )
    if smallest > 1:
        multiples = _(
            "Numbers are rounded to multiples of {smallest}, and shares follow from them.", smallest=number(smallest)
        )
        subtitle = f"{subtitle} {multiples}"
    title = capitalised(movement_in_words(period, smallest))
    names = publication.frame(SEGMENTS, [name]).set_index("segment_id")
    panel = Panel("", partial(movement.moves, flows, names, days), subtitle, f"{title}.")
    table = "segment_migrations" if period.is_recorded else "monthly_migrations"
    return Figure("changes", dataset, name, title, subtitle, f"{table}, segment_sizes", (panel,))


# In the order of the pictures.
SEGMENTATION_FIGURES: tuple[Callable[[Publication, Fit], Shown], ...] = (
    elbow, gap, criteria, silhouettes, clusters, clusters_in_space, biplot, profile, box_plots, stability,
)  # fmt: skip
