"""How far the data can be trusted: rows that could not be used, checks, age, and claims that the data contradicts."""

import json
from functools import partial

import freshness
import layout
import pandas as pd
import reading
import streamlit as st
import tabs
from layout import Figure

from customer_segmentation.formatting import all_of, capitalised, count, is_missing, listed, percent, shares, title_of
from customer_segmentation.report import findings
from customer_segmentation.report.about_data import checks_of, columns_table
from customer_segmentation.report.page import Cell, Table

MOST_NAMED = 4
MOST_REJECTED = 500  # rows shown at once; the filter finds the others
ALL = "all"
FOUND = "found"  # behind what needs a look


def show(segmentation: str) -> None:
    """Show the quality of the data that a segmentation was made from.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation.
    """
    publication = reading.publication()
    fit = reading.fit_of(segmentation)
    dataset = publication.table("datasets", dataset=fit["dataset"]).iloc[0]
    rejected = publication.rejections(fit["dataset"])
    checks = checks_of(publication, fit["dataset"])
    layout.title("Data quality", segmentation)
    layout.text(
        f"{findings.rejected_sentence(dataset, rejected)} {findings.quality_sentence(checks, fit['dataset_name'])}",
        "lead",
    )
    layout.figures(_figures(fit, dataset, checks))
    layout.note(f"Source: {dataset['origin']}.")
    tabs.show(
        "quality",
        {
            "Rejected rows": partial(_rejected, publication, fit["dataset"], rejected),
            "Columns": partial(_columns, publication, fit["dataset"]),
            "Checks": partial(_checks, publication, fit["dataset"], checks),
            "Claims about personas": partial(_claims, publication, segmentation),
        },
    )


def _figures(fit, dataset, checks) -> list[Figure]:
    read, rejected = int(dataset["input_rows"]), int(dataset["rejected_rows"])
    used_share, rejected_share = shares([read - rejected, rejected])
    passed = int(checks["success"].sum()) if len(checks) else 0
    published = reading.published_at()
    shown = [
        Figure("Rows read", f"{read:,}", f"for {dataset['customers']:,} customers"),
        Figure("Rows used", f"{read - rejected:,}", _of_those_read(read - rejected, used_share)),
        Figure("Rows rejected", f"{rejected:,}", _of_those_read(rejected, rejected_share)),
        Figure(
            "Checks passed",
            percent(passed / len(checks)) if len(checks) else "none ran",
            f"{passed:,} of {len(checks):,} checks of {fit['dataset_name']}",
        ),
        Figure("Published", _ago(published), freshness.moment(published)),
        Figure("Segments fitted", _ago(fit["fitted_at"]), freshness.moment(fit["fitted_at"])),
    ]
    if not is_missing(dataset["as_of_date"]):
        day = pd.Timestamp(dataset["as_of_date"])
        shown.append(Figure("As of", f"{day.day} {day:%b %Y}", "later activity does not count"))
    return shown


def _of_those_read(rows, share) -> str:
    return f"{share} of those read" if rows else "none"


def _ago(moment) -> str:
    days = (pd.Timestamp.now("UTC").tz_localize(None).normalize() - pd.Timestamp(moment).normalize()).days
    return "Today" if days < 1 else "Yesterday" if days == 1 else f"{days:,} days ago"


def _rejected(publication, dataset, rejected) -> None:
    layout.heading("Rejected rows, and why")
    if rejected.empty:
        layout.text("Every row that was read is used.")
        return
    reasons = rejected.groupby("reason")["rejected_rows"].sum().sort_values(ascending=False, kind="stable")
    layout.table(_reasons(rejected, _labels(publication, dataset)))
    choices = st.columns(2)
    reason = choices[0].selectbox(
        "Reason",
        [ALL, *reasons.index],
        format_func=lambda name: f"{name} ({reasons.get(name, reasons.sum()):,})",
        key=f"reason of {dataset}",
    )
    wanted = choices[1].text_input("Search in the rows", key=f"rows of {dataset}", placeholder="a customer, a value")
    condition = "dataset = ? and ? in (?, reason) and contains(lower(raw_row), lower(?))"
    values = [dataset, reason, ALL, wanted.strip()]
    matching = int(
        reading.rows(f"select count(*) as rejected_rows from rejected_rows where {condition}", values).iloc[0, 0]
    )
    if matching == 0:
        layout.text("No rejected row matches. Choose another reason, or shorten the search.")
        return
    found = reading.rows(
        f"""
        select input, row_number, customer_id, explanation, raw_row
        from rejected_rows
        where {condition}
        order by input, row_number
        limit {MOST_REJECTED}
        """,
        values,
    )
    shown = (
        f"The first {len(found):,} of {matching:,} rejected rows"
        if matching > len(found)
        else f"{matching:,} rejected rows"
    )
    layout.note(f"{shown}, as they were read. Correct them in the source and build again.")
    st.dataframe(
        found,
        hide_index=True,
        alt=f"{shown}: input, row, customer, why it was rejected and the row as it was read.",
        column_config={
            "input": "Input",
            "row_number": st.column_config.NumberColumn("Row", format="localized"),
            "customer_id": "Customer",
            "explanation": st.column_config.TextColumn("Why", width="large"),
            "raw_row": st.column_config.TextColumn("Original row", width="large"),
        },
    )


def _reasons(rejected, labels) -> Table:
    rejected = rejected.sort_values("rejected_rows", ascending=False, kind="stable")
    counts = rejected.groupby(["input", "reason"])["rejected_rows"].sum().sort_values(ascending=False, kind="stable")
    rows = []
    for (name, reason), number in counts.items():
        part = rejected[(rejected["input"] == name) & (rejected["reason"] == reason)]
        columns = [f"{_called(one.problem_column, labels)} ({one.rejected_rows:,})" for one in part.itertuples()]
        rows.append([reason, f"{number:,}", listed(columns, most=MOST_NAMED), title_of(name)])
    return Table("Reasons, most frequent first.", ["reason", "rows", "columns", "input"], rows, frozenset({1}))


def _columns(publication, dataset) -> None:
    layout.heading("How each input column was read")
    columns = publication.table("input_columns", dataset=dataset)
    if columns.empty:
        layout.text("This publication does not say how columns were read.")
    for (name, origin, rows), part in columns.groupby(["input", "origin", "input_rows"], sort=False):
        layout.text(f"{title_of(name)}: {rows:,} rows from {origin}.")
        layout.table(columns_table(part.sort_values("position")))


def _checks(publication, dataset, checks) -> None:
    layout.heading("Expectations and results")
    layout.text(findings.quality_sentence(checks, publication.dataset_name(dataset)))
    if checks.empty:
        return
    passed = checks["success"].astype(bool)
    layout.table(_suites(publication, checks, passed))
    failed_only = st.toggle("Only failed checks", value=not passed.all(), key=f"failed of {dataset}")
    shown = checks[~passed] if failed_only else checks
    if shown.empty:
        layout.text("Every check passed.")
        return
    labels = _labels(publication, dataset)
    rows = [
        [
            Cell("passed") if one.success else Cell(f"failed ({one.severity})", background=FOUND),
            publication.dataset_name(one.suite),
            _called(one.column_name, labels),
            one.expectation,
            _found(one),
            one.why,
        ]
        for one in shown.sort_values(["suite", "position"]).itertuples()
    ]
    headers = ["result", "about", "column", "expected", "found", "why it matters"]
    layout.table(Table("A failed critical check stops the build; a warning does not.", headers, rows))


def _found(check) -> str:
    found = "" if is_missing(check.observed_value) else check.observed_value
    if is_missing(check.unexpected_examples):
        return found
    examples = dict.fromkeys(str(example) for example in json.loads(check.unexpected_examples))
    return f"{found}, such as {listed(examples, most=MOST_NAMED)}"


def _labels(publication, dataset) -> dict[str, str]:
    return {feature: label for feature, (label, _) in publication.labels(dataset).items()}


def _called(column, labels) -> str:
    """Return what readers call a column; checks of a whole table have none."""
    return "all columns" if is_missing(column) else labels.get(column, column.replace("_", " "))


def _suites(publication, checks, passed) -> Table:
    rows = [
        [
            publication.dataset_name(suite),
            part["relation"].iloc[0],
            f"{passed[part.index].sum()} of {len(part)}",
            percent(share),
        ]
        for suite, part in checks.groupby("suite")
        for share in [passed[part.index].mean()]
    ]
    headers = ["about", "table", "passed", "pass rate"]
    return Table("Checks passed, by subject.", headers, rows, frozenset({2, 3}))


def _claims(publication, segmentation) -> None:
    layout.heading(findings.personas_title(publication.table("personas", segmentation=segmentation)))
    claims = publication.ordered("persona_trait_checks", segmentation)
    if claims.empty:
        layout.text("No persona of this segmentation makes a claim that the data could contradict.")
        return
    agreeing = int((~claims["is_contradicted"].astype(bool)).sum())
    share = (
        all_of(len(claims), "claim") if agreeing == len(claims) else f"{count(agreeing)} of {count(len(claims))} claims"
    )
    layout.text(f"{capitalised(share)} about personas agree with the figures of their segment.")
    rows = [
        [
            Cell(one.persona, swatch=one.colour),
            one.explanation,
            Cell("contradicted", background=FOUND) if one.is_contradicted else "agrees",
        ]
        for one in claims.sort_values("is_contradicted", ascending=False, kind="stable").itertuples()
    ]
    layout.table(Table("Claims about personas, and what the data shows.", ["persona", "claim", "verdict"], rows))
