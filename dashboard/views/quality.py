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

from customer_segmentation.formatting import (
    all_of,
    capitalised,
    count,
    figure,
    in_words,
    is_missing,
    is_money,
    listed,
    none_of,
    number,
    percent,
    shares,
    title_of,
)
from customer_segmentation.language import ENGLISH, _, day_text, isolated, localized, ngettext, translatable, used
from customer_segmentation.publication.notes import origin_text
from customer_segmentation.report import findings
from customer_segmentation.report.about_data import checks_of, columns_table
from customer_segmentation.report.checks import expectation_text, found_text, suite_text, why_text
from customer_segmentation.report.page import Cell, Table
from customer_segmentation.report.rejections import explanation_text, reason_text
from customer_segmentation.units import with_unit

MOST_NAMED = 4
MOST_REJECTED = 500  # rows shown at once; the filter finds the others
ALL = translatable("all")
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
    layout.title(_("Data quality"), segmentation)
    layout.text(
        f"{findings.rejected_sentence(dataset, rejected)} {findings.quality_sentence(checks, fit['dataset_name'])}",
        "lead",
    )
    layout.figures(_figures(fit, dataset, checks))
    layout.note(_("Source: {origin}.", origin=origin_text(dataset["origin"])))
    tabs.show(
        "quality",
        {
            translatable("Rejected rows"): partial(_rejected, publication, fit["dataset"], rejected),
            translatable("Columns"): partial(_columns, publication, fit["dataset"]),
            translatable("Checks"): partial(_checks, publication, fit["dataset"], checks),
            translatable("Claims about personas"): partial(_claims, publication, segmentation),
        },
    )


def _figures(fit, dataset, checks) -> list[Figure]:
    read, rejected = int(dataset["input_rows"]), int(dataset["rejected_rows"])
    used_share, rejected_share = shares([read - rejected, rejected])
    passed = int(checks["success"].sum()) if len(checks) else 0
    published = reading.published_at()
    shown = [
        Figure(
            _("Rows read"),
            number(read),
            ngettext(
                "for {customers} customer", "for {customers} customers",
                dataset["customers"], customers=number(dataset["customers"]),
            ),
        ),
        Figure(_("Rows used"), number(read - rejected), _of_those_read(read - rejected, used_share)),
        Figure(_("Rows rejected"), number(rejected), _of_those_read(rejected, rejected_share)),
        Figure(
            _("Checks passed"),
            percent(passed / len(checks)) if len(checks) else _("none ran"),
            _(
                "{passed} of {checks} checks of {dataset}",
                passed=number(passed), checks=number(len(checks)), dataset=fit["dataset_name"],
            ),
        ),
        Figure(_("Published"), _ago(published), freshness.moment(published)),
        Figure(_("Segments fitted"), _ago(fit["fitted_at"]), freshness.moment(fit["fitted_at"])),
    ]  # fmt: skip
    if not is_missing(dataset["as_of_date"]):
        day = pd.Timestamp(dataset["as_of_date"])
        shown.append(Figure(_("As of"), day_text(day, is_short=True), _("later activity does not count")))
    return shown


def _of_those_read(rows, share) -> str:
    return _("{share} of those read", share=share) if rows else _("none")


def _ago(moment) -> str:
    days = (pd.Timestamp.now("UTC").tz_localize(None).normalize() - pd.Timestamp(moment).normalize()).days
    if days < 2:
        return _("Today") if days < 1 else _("Yesterday")
    return ngettext("{days} day ago", "{days} days ago", days, days=number(days))


def _rejected(publication, dataset, rejected) -> None:
    layout.heading(_("Rejected rows, and why"))
    if rejected.empty:
        layout.text(_("Every row that was read is used."))
        return
    reasons = rejected.groupby("reason")["rejected_rows"].sum().sort_values(ascending=False, kind="stable")
    layout.table(_reasons(rejected, _labels(publication, dataset)))
    choices = st.columns(2)
    reason = choices[0].selectbox(
        _("Reason"),
        [ALL, *reasons.index],
        format_func=lambda name: f"{reason_text(name)} ({number(reasons.get(name, reasons.sum()))})",
        key=f"reason of {dataset}",
    )
    wanted = choices[1].text_input(
        _("Search in the rows"), key=f"rows of {dataset}", placeholder=_("a customer, a value")
    )
    condition = "dataset = ? and ? in (?, reason) and contains(lower(raw_row), lower(?))"
    values = [dataset, reason, ALL, wanted.strip()]
    matching = int(
        reading.rows(f"select count(*) as rejected_rows from rejected_rows where {condition}", values).iloc[0, 0]
    )
    if matching == 0:
        layout.text(_("No rejected row matches. Choose another reason, or shorten the search."))
        return
    found = reading.rows(
        f"""
        select input, row_number, customer_id, problem_column, explanation, raw_row
        from rejected_rows
        where {condition}
        order by input, row_number
        limit {MOST_REJECTED}
        """,
        values,
    )
    columns = zip(found["explanation"], found["problem_column"], strict=True)
    found["explanation"] = [explanation_text(explanation, column) for explanation, column in columns]
    shown = ngettext("{rows} rejected row", "{rows} rejected rows", matching, rows=number(matching))
    if matching > len(found):
        shown = _("The first {shown} of {rows}", shown=number(len(found)), rows=shown)
    layout.note(
        ngettext(
            "{rows}, as it was read. Correct it in the source and build again.",
            "{rows}, as they were read. Correct them in the source and build again.",
            matching,
            rows=shown,
        )
    )
    st.dataframe(
        found.drop(columns="problem_column"),
        hide_index=True,
        alt=_("{rows}: input, row, customer, why it was rejected and the row as it was read.", rows=shown),
        column_config={
            "input": _("Input"),
            "row_number": st.column_config.NumberColumn(_("Row"), format="localized"),
            "customer_id": _("Customer"),
            "explanation": st.column_config.TextColumn(_("Why"), width="large"),
            "raw_row": st.column_config.TextColumn(_("Original row"), width="large"),
        },
    )


def _reasons(rejected, labels) -> Table:
    rejected = rejected.sort_values("rejected_rows", ascending=False, kind="stable")
    counts = rejected.groupby(["input", "reason"])["rejected_rows"].sum().sort_values(ascending=False, kind="stable")
    rows = []
    for (name, reason), rejections in counts.items():
        part = rejected[(rejected["input"] == name) & (rejected["reason"] == reason)]
        columns = [
            f"{isolated(_called(one.problem_column, labels))} ({number(one.rejected_rows)})"
            for one in part.itertuples()
        ]
        rows.append([reason_text(reason), number(rejections), listed(columns, most=MOST_NAMED), title_of(name)])
    headers = [_("reason"), _("rows"), _("columns"), _("input")]
    return Table(_("Reasons, most frequent first."), headers, rows, frozenset({1}))


def _columns(publication, dataset) -> None:
    layout.heading(_("How each input column was read"))
    columns = publication.table("input_columns", dataset=dataset)
    if columns.empty:
        layout.text(_("This publication does not say how columns were read."))
    for (name, origin, rows), part in columns.groupby(["input", "origin", "input_rows"], sort=False):
        layout.text(
            ngettext(
                "{input}: {rows} row from {origin}.",
                "{input}: {rows} rows from {origin}.",
                rows,
                input=title_of(name),
                rows=number(rows),
                origin=origin_text(origin),
            )
        )
        layout.table(columns_table(part.sort_values("position"), title_of(name)))


def _checks(publication, dataset, checks) -> None:
    layout.heading(_("Expectations and results"))
    layout.text(findings.quality_sentence(checks, publication.dataset_name(dataset)))
    if checks.empty:
        return
    passed = checks["success"].astype(bool)
    layout.table(_suites(publication, dataset, checks, passed))
    failed_only = st.toggle(_("Only failed checks"), value=not passed.all(), key=f"failed of {dataset}")
    shown = checks[~passed] if failed_only else checks
    if shown.empty:
        layout.text(_("Every check passed."))
        return
    labels = _labels(publication, dataset)
    rows = [
        [
            _outcome(one),
            suite_text(publication, one.suite, [dataset]),
            _called(one.column_name, labels),
            expectation_text(one.expectation),
            _found(one),
            why_text(one._asdict()),
        ]
        for one in shown.sort_values(["suite", "position"]).itertuples()
    ]
    headers = [_("result"), _("about"), _("column"), _("expected"), _("found"), _("why it matters")]
    layout.table(Table(_("A failed critical check stops the build; a warning does not."), headers, rows))


def _outcome(check) -> Cell:
    if check.success:
        return Cell(_("passed"))
    return Cell(_("failed ({severity})", severity=_(check.severity)), background=FOUND)


def _found(check) -> str:
    found = found_text(check._asdict())
    if is_missing(check.unexpected_examples):
        return found
    examples = dict.fromkeys(str(example) for example in json.loads(check.unexpected_examples))
    return _("{found}, such as {examples}", found=found, examples=listed(examples, most=MOST_NAMED))


def _labels(publication, dataset) -> dict[str, str]:
    return {feature: label for feature, (label, _unit) in publication.labels(dataset).items()}


def _called(column, labels) -> str:
    """Return what readers call a column; checks of a whole table have none."""
    return _("all columns") if is_missing(column) else labels.get(column, column.replace("_", " "))


def _suites(publication, dataset, checks, passed) -> Table:
    rows = [
        [
            suite_text(publication, suite, [dataset]),
            part["relation"].iloc[0],
            _("{passed} of {checks}", passed=number(passed[part.index].sum()), checks=number(len(part))),
            percent(share),
        ]
        for suite, part in checks.groupby("suite")
        for share in [passed[part.index].mean()]
    ]
    headers = [_("about"), _("table"), _("passed"), _("pass rate")]
    return Table(_("Checks passed, by subject."), headers, rows, frozenset({2, 3}))


def _claims(publication, segmentation) -> None:
    layout.heading(findings.personas_title(publication.table("personas", segmentation=segmentation)))
    claims = publication.ordered("persona_trait_checks", segmentation)
    if claims.empty:
        layout.text(_("No persona of this segmentation makes a claim that the data could contradict."))
        return
    agreeing = int((~claims["is_contradicted"].astype(bool)).sum())
    if agreeing == len(claims):
        told = all_of(len(claims), "claim")
    elif agreeing == 0:
        told = none_of(len(claims), "claim")
    else:
        told = _("{agreeing} of {claims} claims", agreeing=count(agreeing), claims=count(len(claims)))
    layout.text(
        ngettext(
            "{claims} about personas agrees with the figures of its segment.",
            "{claims} about personas agree with the figures of their segment.",
            agreeing or 1,  # none agrees
            claims=capitalised(told),
        )
    )
    labels = publication.labels(reading.fit_of(segmentation)["dataset"])
    rows = [
        [
            Cell(one.persona, swatch=one.colour),
            _claim(one, labels),
            Cell(_("contradicted"), background=FOUND) if one.is_contradicted else _("agrees"),
        ]
        for one in claims.sort_values("is_contradicted", ascending=False, kind="stable").itertuples()
    ]
    headers = [_("persona"), _("claim"), _("verdict")]
    layout.table(Table(_("Claims about personas, and what the data shows."), headers, rows))


def _claim(check, labels) -> str:
    """Return what the table says in English of a claim, in the language in use, where its figures are published."""
    if used().code == ENGLISH or is_missing(check.found_value):
        return check.explanation
    label, unit = labels.get(check.feature, (check.feature, None))
    sign, other = (unit, None) if is_money(unit) else (None, unit)
    lowest, highest, found = _figures_of_claim(check, sign)
    if is_missing(check.lowest_value):
        bounds = _("at most {limit}", limit=highest)
    elif is_missing(check.highest_value):
        bounds = _("at least {limit}", limit=lowest)
    else:
        bounds = _("{lowest} to {highest}", lowest=lowest, highest=highest)
    if is_missing(check.expected_level):
        level = _("about {figure}", figure=figure(check.expected_value, sign))
    else:
        level = _(in_words(check.expected_level))
    return _(
        "{feature}: claimed {level} ({bounds}), found {figure}",
        feature=label, level=level, bounds=with_unit(bounds, other), figure=found,
    )  # fmt: skip


def _figures_of_claim(check, sign) -> list[str]:
    """Write the bounds and what was found; with all digits if a contradiction would not be seen otherwise."""
    values = [check.lowest_value, check.highest_value, check.found_value]
    written = [figure(value, sign) for value in values]
    if check.is_contradicted and written[2] in written[:2]:
        return ["" if is_missing(value) else with_unit(localized(f"{value:.12g}"), sign) for value in values]
    return written
