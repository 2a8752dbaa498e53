"""Write the interactive report: one HTML file with what to decide, each segment, and the folded evidence for it.

The file needs no network and no other file. The same publication gives the same bytes.
"""

from pathlib import Path
from typing import Any

from customer_segmentation import formatting
from customer_segmentation.formatting import figure, is_missing, number
from customer_segmentation.language import _, isolated
from customer_segmentation.publication.outgoing import outgoing
from customer_segmentation.publication.protection import disclosure_sentences
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import findings, page
from customer_segmentation.report.about_data import data_section
from customer_segmentation.report.about_segment import decision_blocks, segments_section
from customer_segmentation.report.about_segmentations import (
    changes_in_words,
    sections_across,
    segmentation_section,
    warnings_of,
)
from customer_segmentation.report.glossary import Term
from customer_segmentation.report.page import Cell, Folded, Group, Heading, Items, Section, Sheet, Table, Text, anchor
from customer_segmentation.temporary_files import write_one


def build(publication: Publication) -> bytes:
    """Make the report of a publication.

    Parameters
    ----------
    publication : Publication
        The open publication.

    Returns
    -------
    bytes
        The HTML.
    """
    publication = outgoing(publication)
    fits = publication.fits().to_dict("records")
    datasets = list(dict.fromkeys(fit["dataset"] for fit in fits))
    groups = [
        Group("", [_summary(publication, fits)]),
        Group(_("Segments"), [segments_section(publication, fit) for fit in fits if fit["is_default"]]),
        Group(_("Segmentations"), [segmentation_section(publication, fit) for fit in fits]),
        Group(_("Across segmentations"), sections_across(publication, datasets)),
        Group(_("Data"), [data_section(publication, dataset) for dataset in datasets]),
        Group("", [_how_to_read(publication, datasets)]),
    ]
    groups = [group for group in groups if group.sections]
    blocks = [block for group in groups for section in group.sections for block in section.blocks]
    return page.render(
        title=_("Customer segments: findings and confidence"),
        subtitle=_(
            "Computed from the tables published on {day}: {segmentations} of {datasets}.",
            day=publication.published_at(),
            segmentations=formatting.counted(len(fits), "segmentation"),
            datasets=formatting.counted(len(datasets), "dataset"),
        ),
        groups=groups,
        figures=page.packed_figures(blocks),
        has_space=any(block.kind == "chart" and block.is_space for block in page.every(blocks)),
    )


def _summary(publication: Publication, fits: list[dict]) -> Section:
    blocks: list[Any] = []
    beware = []
    others = []
    for fit in fits:
        tables = publication.of(fit["segmentation"])
        title = fit["segmentation_name"]
        warnings = [f"{isolated(title)}: {warning}" for warning in warnings_of(fit, tables)]
        if not fit["is_default"]:
            others += warnings
            continue
        beware += warnings
        heading = f"{isolated(title)}: {formatting.uncapitalised(findings.separation_title(fit))}"
        decision = [
            Heading(heading, anchor("summary", fit["segmentation"])),
            *decision_blocks(publication, fit),
            Items(
                [
                    sentence
                    for sentence in (
                        findings.segmentation_sentence(fit, is_synthetic=fit["is_synthetic"]),
                        findings.key_finding(tables["segments"], tables["profiles"]),
                        findings.stability_sentence(tables["segments"]),
                        "" if tables["recommendation"].empty else findings.choice_sentence(tables["recommendation"]),
                    )
                    if sentence
                ]
            ),
            *_changed(publication, fit),
        ]
        blocks.append(Sheet(decision))
    yes, no = _("yes / no").split(" / ")  # one text, because "no" alone is a number, too
    rows = []
    for fit in fits:
        tables = publication.of(fit["segmentation"])
        recommendation = tables["recommendation"]
        grades = tables["segments"]["stability_grade"].dropna()
        stable = int(grades.isin(findings.SURE).sum())
        recommended = None if recommendation.empty else recommendation.iloc[0]["recommended_k"]
        dataset = fit["dataset_name"]
        rows.append(
            [
                Cell(fit["segmentation_name"], link=anchor("segmentation", fit["segmentation"])),
                _("{dataset} (synthetic)", dataset=dataset) if fit["is_synthetic"] else dataset,
                number(fit["segmented_customers"]),
                fit["filled_segments"],
                _("not computed") if is_missing(recommended) else int(recommended),
                figure(fit["silhouette"]),
                _("{stable} of {segments}", stable=stable, segments=len(grades)) if len(grades) else _("not computed"),
                yes if fit["is_default"] else no,
            ]
        )
    blocks.append(
        Table(
            _("All segmentations. Silhouette: 1 is best. Stable: segments that come back in new samples."),
            [
                Term("segmentation"),
                Term("dataset"),
                _("customers"),
                Term(_("segments"), "segment"),
                _("recommended"),
                Term("silhouette"),
                Term(_("stable"), "stability"),
                _("default"),
            ],
            rows,
            frozenset({2, 3, 4, 5, 6}),
        )
    )
    checks = publication.table("data_quality_results")
    quality = findings.quality_sentence(checks)
    if not checks.empty and not checks["success"].all():
        beware.append(quality)
    blocks += [Heading(_("Caveats"), "beware", _("Caveats")), Items(beware, "warnings")]
    if others:
        blocks.append(Folded(_("Caveats of the other segmentations"), [Items(others, "warnings")]))
    return Section("summary", _("Summary"), blocks)


def _changed(publication: Publication, fit: dict) -> list[Any]:
    told = changes_in_words(publication, fit)
    if not told:
        return []
    return [Heading(_("What changed"), anchor("changed", fit["segmentation"]), level=4), Text(told)]


def _how_to_read(publication: Publication, datasets: list[str]) -> Section:
    return Section(
        "how-to-read",
        _("How to read this report"),
        [
            Items([*findings.how_to_read(), *disclosure_sentences(publication, datasets)]),
            Text(
                _("Every figure comes from the published tables; docs/tables.md in the repository lists them."),
                "note",
            ),
        ],
    )


def write_report(publication: Publication, folder: Path) -> str:
    """Write report.html into a folder, and say how large it is."""
    return write_one(folder / "report.html", build(publication))
