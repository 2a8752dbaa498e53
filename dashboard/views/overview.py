"""The first page: what there is to decide about each segment, and whether to trust it."""

import layout
import reading
import streamlit as st
from audience import Audience, left_out
from layout import Figure

from customer_segmentation.formatting import figure, is_missing, number, yes_or_no
from customer_segmentation.language import _, day_text, isolated, ngettext
from customer_segmentation.publication.notes import origin_text
from customer_segmentation.report import findings
from customer_segmentation.report.about_experiments import experiments
from customer_segmentation.report.about_segmentations import warnings_of
from customer_segmentation.report.charts import distributions
from customer_segmentation.report.decisions import Decision, Decisions, change_in_words, decisions, shares_in_words
from customer_segmentation.report.glossary import Term
from customer_segmentation.report.page import Cell, Table


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
    dataset = publication.table("datasets", dataset=fit["dataset"]).iloc[0]
    found = decisions(publication, fit)

    layout.title(_("Overview"), segmentation)
    layout.text(findings.key_finding(segments, tables["profiles"]), "lead")
    told = _("{finding}. See the evidence", finding=findings.stability_title(segments))
    layout.link("evidence", told, "fact_check", segmentation)
    not_reached = Audience(segmentation).left_out_by_persona()
    for decision in found.segments:
        _decision(segmentation, decision, found, not_reached.get(decision.persona, (0, 0)))
    if experiments(publication, segmentation):
        layout.link("results", _("What campaigns have changed"), "experiment", segmentation)
    layout.items(warnings_of(fit, tables), "warnings")
    layout.heading(findings.sizes_title(segments))
    layout.chart(distributions.stacked_shares(found.segments), shares_in_words(found.segments))
    layout.heading(_("The segmentations of {dataset}", dataset=fit["dataset_name"]))
    layout.table(_segmentations(publication, fit["dataset"]))
    source, until = _("Source: {origin}.", origin=origin_text(dataset["origin"])), dataset.get("as_of_date")
    layout.note(source if is_missing(until) else f"{source} {_('Figures as of {day}.', day=day_text(until))}")


def _decision(segmentation: str, decision: Decision, found: Decisions, not_reached: tuple[int, int]) -> None:
    customers = number(decision.customers)
    shown = [
        Figure(_("customer") if decision.customers == 1 else _("customers"), customers),
        Figure(_("of the customers"), decision.share),
    ]
    if any(one.money for one in found.segments):
        shown.append(Figure(_("of the money"), decision.money_share or _("not known")))
    if found.period is not None:
        shown.append(Figure(found.change_label, change_in_words(decision.change)))
    action, reason = _("No campaign is assigned"), ""
    if decision.campaign:
        action = f"{isolated(decision.campaign)} ({decision.channel})"
        reason = f"{decision.offer}. {decision.effect}".strip()
    audience = Audience(segmentation, (decision.persona,))
    reached = decision.customers - sum(not_reached)
    reason = f"{reason} {left_out(*not_reached)}".strip()
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        layout.decision(decision.persona, decision.colour, shown, action, reason)
        with st.container(width=150, gap="small"):
            layout.download(
                _("Get audience"),
                audience.csv,
                audience.file_name,
                key=f"audience of {segmentation} {decision.persona}",
                help=ngettext(
                    "The {customers} customer of {segment} as CSV.",
                    "The {customers} customers of {segment} as CSV.",
                    reached,
                    customers=number(reached),
                    segment=layout.plain(decision.persona),
                ),
            )
            layout.link("segment", _("Details"), "person", segmentation, segment=decision.persona)


def _segmentations(publication, dataset) -> Table:
    fits = publication.fits()
    rows = []
    for fit in fits[fits["dataset"] == dataset].to_dict("records"):
        segments = publication.segments(fit["segmentation"])
        grades = segments["stability_grade"].dropna()
        found_again = number(int(grades.isin(findings.SURE).sum()))
        rows.append(
            [
                Cell(fit["segmentation_name"]),
                yes_or_no(fit["is_default"]),
                number(fit["filled_segments"]),
                figure(fit["silhouette"]),
                _("{stable} of {segments}", stable=found_again, segments=number(len(grades)))
                if len(grades)
                else _("not computed"),
                "" if is_missing(fit.get("description")) else fit["description"],
            ]
        )
    return Table(
        _("Stable: segments that come back in new samples. The segmentation shown is chosen in the sidebar."),
        [
            Term(_("segmentation"), "segmentation"),
            _("default"),
            Term(_("segments"), "segment"),
            Term(_("silhouette"), "silhouette"),
            Term(_("stable"), "stability"),
            _("description"),
        ],
        rows,
        frozenset({2, 3, 4}),
    )
