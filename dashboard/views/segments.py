"""The segments and their personas: size, picture, profile against all customers, how far to trust them."""

from typing import Any

import layout
import reading
import streamlit as st

from customer_segmentation.formatting import TYPICAL, capitalised, cell, customers, header, is_missing, listed, number
from customer_segmentation.language import _, translatable
from customer_segmentation.publication.retelling import figures_retold
from customer_segmentation.report import findings, theme
from customer_segmentation.report.about_segmentations import alternative_tables, clusters, warnings_of
from customer_segmentation.report.figures import segmentation_figures
from customer_segmentation.report.figures.figure import NotDrawn
from customer_segmentation.report.glossary import Term
from customer_segmentation.report.page import Card, Cell, Table

INDEX = "index_to_population"
# What is typical comes first; means, and the index made of them, are asked for by name.
MEASURES = {translatable("Median"): "median", translatable("Mean"): "mean", translatable("Index of means"): INDEX}
CAPTIONS = {
    "Median": TYPICAL,
    "Mean": translatable("Mean of each segment."),
    "Index of means": translatable("Index of means: 100 is the mean of all customers, 150 half as much again."),
}


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen.
    """
    publication = reading.publication()
    fit = reading.fit_of(segmentation)
    tables = publication.of(segmentation)
    segments = tables["segments"]

    layout.title(_("Segments and personas"), segmentation)
    layout.items(warnings_of(fit, tables), "warnings")
    layout.heading(findings.personas_title(tables["personas"]))
    layout.note(_(TYPICAL))
    layout.cards([_card(segment, tables["profiles"]) for segment in segments.itertuples()])
    _pictures(clusters(publication, fit), opens_customers=len(publication.features(segmentation)) > 1)
    layout.heading(_("How the segments compare with all customers"))
    measure = st.segmented_control(
        _("Shown in the table"), list(MEASURES), default="Median", format_func=_, key="measure", required=True
    )
    order, in_use = segmentation_figures.feature_order(publication, segmentation, tables["profiles"]["feature"])
    layout.table(_profiles(segments, tables["profiles"], order, order[:in_use], measure))
    layout.heading(_("Distribution of a feature within the segments"))
    _spread(publication, fit)
    _alternatives(publication, fit)


def _card(segment, profiles) -> Card:
    facts = []
    found = findings.deviations(profiles[profiles["cluster_id"] == segment.cluster_id], 3)
    if found:
        facts.append((_("Against all customers"), capitalised(listed(found)) + "."))
    stability = _("not computed")
    if not is_missing(segment.stability_grade):
        jaccard = number(segment.bootstrap_jaccard, 2)
        stability = _("{grade}, bootstrap Jaccard {jaccard}", grade=_(segment.stability_grade), jaccard=jaccard)
    facts.append((Term(_("Stability"), "stability"), stability))
    return Card(
        segment.persona,
        segment.colour,
        f"{customers(segment.customers, is_synthetic=False)}, {segment.share}. {figures_retold(segment.headline)}.",
        findings.described(segment._asdict()),
        facts,
        "" if is_missing(segment.contradicted_traits) else findings.contradictions(segment.contradicted_traits),
    )


def _pictures(blocks, *, opens_customers) -> None:
    """Show the customers in the plane, or in space when that is asked for: two pictures at once keep a phone busy."""
    spaces = [block for block in blocks if block.kind == "chart" and block.is_space]
    planes = [block for block in blocks if block.kind == "chart" and block not in spaces]
    layout.blocks(blocks[:1])
    hidden = []
    if spaces and planes:
        dimensions = [translatable("In two dimensions"), translatable("In three dimensions")]
        chosen = st.segmented_control(
            _("Picture"), dimensions, default=dimensions[0], format_func=_, key="dimensions", required=True
        )
        hidden = spaces if chosen == dimensions[0] else planes
    layout.blocks([block for block in blocks[1:] if block not in hidden])
    if opens_customers and planes and planes[0] not in hidden:
        layout.note(_("Click a point to look up the customer."))


def _alternatives(publication, fit) -> None:
    """Show what would become of the segments with one fewer and one more."""
    layout.heading(_("With one segment fewer or more"))
    rows = publication.table("alternative_segments", segmentation=fit["segmentation"])
    tables = alternative_tables(rows, publication, fit)
    if not tables:
        layout.note(
            _(
                "Not known: numbers of segments were not compared (`evidence: none`, or `k_min` and `k_max` in the "
                "seed segmentations leave out the others), or an earlier version published this data."
            )
        )
        return
    for table in tables:
        layout.table(table)
    if rows["match_distance"].isna().all():
        layout.note(_("Each segment is described by what sets its mean apart."))
        return
    layout.note(
        _(
            "Personas are assigned by the same rule as in use; their distance is in standard deviations per trait, and "
            "a large one means that the persona describes other customers. Without a persona, a segment is described "
            "by what sets its mean apart. The page Evidence says which number the criteria recommend."
        )
    )


def _profiles(segments, profiles, order, used, measure) -> Table:
    column = MEASURES[measure]
    features = profiles.drop_duplicates("feature").set_index("feature")
    values = {(row["cluster_id"], row["feature"]): row for row in profiles.to_dict("records")}
    rows: list[list[Any]] = []
    for segment in segments.itertuples():
        row = [Cell(segment.persona, swatch=segment.colour)]
        for feature in order:
            found = values.get((segment.cluster_id, feature), {})
            value, unit = found.get(column), features.loc[feature, "unit"]
            text = "" if is_missing(value) else number(value) if column == INDEX else cell(value, unit)
            row.append(Cell(text, _colour(found, measure) if text else None))
        rows.append(row)
    alike = {"Median": "population_median", "Mean": "population_mean"}.get(measure)
    rows.append(
        [_("all customers"), *("100" if alike is None else cell(*features.loc[one, [alike, "unit"]]) for one in order)]
    )
    headers = [_header(features.loc[feature], feature in used, column) for feature in order]
    colours = _("Purple is above all customers, orange below. * used by the segmentation.")
    return Table(
        f"{_(CAPTIONS[measure])} {colours}",
        [_("persona"), *headers],
        rows,
        frozenset(range(1, len(headers) + 1)),
    )


def _colour(found, measure) -> str | None:
    """Colour a field by how far the segment is from all customers, by medians or by means as the table shows them."""
    if measure == "Median":
        median, of_all = found.get("median"), found.get("population_median")
        return None if is_missing(of_all) or of_all <= 0 else theme.diverging(median / of_all - 1).name
    index = found.get(INDEX)
    return None if is_missing(index) else theme.diverging((index - 100) / 100).name


def _header(feature, is_used, column) -> str:
    label = feature["label"] if column == INDEX else header(feature["label"], feature["unit"])
    return f"{label}{'*' if is_used else ''}"


def _spread(publication, fit) -> None:
    boxes = segmentation_figures.box_plots(publication, fit)
    if isinstance(boxes, NotDrawn):
        layout.note(_(findings.NOT_COMPUTED))
        return
    panels = {panel.name: panel for panel in boxes.panels}
    label = {name: capitalised(label) for name, (label, _) in publication.labels(fit["dataset"]).items()}
    key = f"feature of {fit['segmentation']}"
    chosen = st.selectbox(
        _("Feature"), list(panels), format_func=lambda name: label.get(name, name), key=key, width=320
    )
    layout.blocks(boxes._replace(panels=(panels[chosen],)).charts())
