"""The headline figures: how many customers and segments, how sure, how clean and how fresh."""

import layout
import reading
from choice import label
from layout import Figure

from customer_segmentation.formatting import figure, is_missing, percent, separation, title_of
from customer_segmentation.report import findings
from customer_segmentation.report.about_data import checks_of
from customer_segmentation.report.about_segmentations import warnings_of
from customer_segmentation.report.charts import distributions
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

    layout.title("Overview", segmentation)
    layout.text(findings.key_finding(segments, tables["profiles"]), "lead")
    layout.figures(_headlines(publication, fit, segments, dataset))
    layout.items(warnings_of(fit, tables), "warnings")
    layout.heading(findings.sizes_title(segments))
    bars = distributions.bars(segments.rename(columns={"persona": "name"}))
    layout.chart(bars, "Customers of each segment, and their share of all segmented customers.")
    layout.heading(f"The segmentations of {title_of(fit['dataset']).lower()}")
    layout.table(_segmentations(publication, fit["dataset"]))
    layout.note(f"Source: {dataset['origin']}.")


def _headlines(publication, fit, segments, dataset) -> list[Figure]:
    share = dataset["rejected_rows"] / dataset["input_rows"] if dataset["input_rows"] else 0
    left_out = dataset["customers"] - fit["customers"]
    return [
        Figure(
            "Customers",
            f"{fit['customers']:,}",
            f"{left_out:,} of the dataset lack a required value" if left_out else "all of the dataset",
        ),
        Figure("Segments", f"{fit['k']}", _found_again(segments)),
        Figure(
            "Silhouette",
            figure(fit["silhouette"]),
            "" if is_missing(fit["silhouette"]) else f"{separation(fit['silhouette'])} separated; 1 is best",
        ),
        Figure("Stability", *_stability(segments)),
        Figure("Borderline customers", *_borderline(publication, fit)),
        Figure(
            "Rows rejected",
            f"{dataset['rejected_rows']:,}",
            f"{percent(share)} of {dataset['input_rows']:,} read" if share else "every row is used",
        ),
        Figure("Quality checks passed", *_quality(publication, fit["dataset"])),
        Figure("Published", *_freshness(dataset)),
    ]


def _found_again(segments) -> str:
    grades = segments["stability_grade"].dropna()
    return f"{int(grades.isin(findings.SURE).sum())} of {len(grades)} come back in new samples" if len(grades) else ""


def _stability(segments) -> tuple[str, str]:
    known = segments.dropna(subset=["bootstrap_jaccard"])
    if known.empty:
        return "not computed", "built with `evidence: none`"
    lowest = known.sort_values("bootstrap_jaccard").iloc[0]
    mean = (known["bootstrap_jaccard"] * known["customers"]).sum() / known["customers"].sum()
    return figure(mean), f"bootstrap Jaccard; lowest {lowest['bootstrap_jaccard']:.2f}, {lowest['persona']}"


def _borderline(publication, fit) -> tuple[str, str]:
    customers = publication.table("segments", segmentation=fit["segmentation"])["borderline_customers"].sum()
    return percent(customers / fit["customers"]), f"{customers:,} are almost as close to another segment"


def _quality(publication, dataset) -> tuple[str, str]:
    checks = checks_of(publication, dataset)
    if checks.empty:
        return "none ran", ""
    passed = int(checks["success"].sum())
    return percent(passed / len(checks)), f"{passed:,} of {len(checks):,} checks of {title_of(dataset)}"


def _freshness(dataset) -> tuple[str, str]:
    published, until = reading.published_at(), dataset.get("as_of_date")
    note = "" if is_missing(until) else f"; figures as of {until.day} {until:%B %Y}"
    return f"{published.day} {published:%b %Y}", f"{published:%H:%M} UTC{note}"


def _segmentations(publication, dataset) -> Table:
    fits = publication.fits()
    rows = []
    for fit in fits[fits["dataset"] == dataset].to_dict("records"):
        segments = publication.segments(fit["segmentation"])
        grades = segments["stability_grade"].dropna()
        rows.append(
            [
                Cell(label(fit)),
                "yes" if fit["is_default"] else "no",
                f"{fit['k']}",
                figure(fit["silhouette"]),
                f"{int(grades.isin(findings.SURE).sum())} of {len(grades)}" if len(grades) else "not computed",
                "" if is_missing(fit.get("description")) else fit["description"],
            ]
        )
    return Table(
        "Stable: segments that come back in new samples. The segmentation shown is chosen in the sidebar.",
        ["segmentation", "default", "segments", "silhouette", "stable", "description"],
        rows,
        frozenset({2, 3, 4}),
    )
