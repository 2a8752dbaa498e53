"""Look up a customer: the segments, how sure, why, what to offer, and what became of rows that could not be used."""

import layout
import pandas as pd
import reading
import streamlit as st
from layout import Figure

from customer_segmentation.cli.customer import find_customer
from customer_segmentation.formatting import (
    TYPICAL,
    capitalised,
    figure,
    in_sentence,
    is_missing,
    is_money,
    listed,
    number,
)
from customer_segmentation.language import _, day_text, translatable
from customer_segmentation.publication.retelling import figures_retold
from customer_segmentation.report import theme
from customer_segmentation.report.charts import distributions
from customer_segmentation.report.page import Card, Cell, Table
from customer_segmentation.report.rejections import explanation_text, reason_text
from customer_segmentation.scoring.explanation import card_facts, is_undecided, name, own_figure

HISTORY = {
    "monetary_value": translatable("money spent so far"),
    "frequency": translatable("orders so far"),
    "recency_days": translatable("days since the last purchase"),
}
ADDRESS = "customer"  # who is looked up, in the address
MOST_ALIKE = 20  # ids that are offered for a part of one
DECIDING = (translatable("decided"), translatable("decided next"))


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen; the customer is looked up in its dataset.
    """
    layout.title(_("Look up a customer"), segmentation)
    fit = reading.fit_of(segmentation)
    dataset = fit["dataset"]
    examples = reading.rows(
        "select customer_id from customer_segments where segmentation = ? order by md5(customer_id) limit 3",
        [segmentation],
    )
    asked = _asked(dataset, fit["dataset_name"])
    layout.note(
        _(
            "Ids look like {ids}. A part of an id lists the customers who have it.",
            ids=listed(examples["customer_id"]),
        )
    )
    if not asked:
        return
    with reading.database() as database:
        found = find_customer(database, dataset, asked)
    if not (found.segments or found.is_known or found.rejected):
        alike = _one_of_those_alike(segmentation, asked)
        if alike is None:
            _standing(found, dataset, asked)
            return
        with reading.database() as database:
            asked, found = alike, find_customer(database, dataset, alike)
    _standing(found, dataset, asked)
    if found.segments:
        found.segments.sort(key=lambda row: row["segmentation"] != segmentation)
        _own(found)
        _segments(found.segments, is_synthetic=fit["is_synthetic"])
        _movement(found, segmentation)
    if found.rfm is not None:
        _rfm(found.rfm)
    if found.history:
        _history(pd.DataFrame(found.history), reading.publication().labels(dataset))
    if found.rejected:
        _rejected(found.rejected)


def _asked(dataset: str, dataset_name: str) -> str:
    """Ask for the id, beginning with that of the address, and keep the address up to date: it can be passed on."""
    key = f"customer_of_{dataset}"
    if key not in st.session_state and ADDRESS in st.query_params:
        st.session_state[key] = st.query_params[ADDRESS]
    asked = st.text_input(
        _("Customer id in the dataset {dataset}", dataset=layout.plain(dataset_name)), key=key
    ).strip()
    if asked:
        st.query_params[ADDRESS] = asked
    else:
        st.query_params.pop(ADDRESS, None)
    return asked


def _one_of_those_alike(segmentation: str, part: str) -> str | None:
    """Offer the customers whose ids hold a text; None if there are none."""
    alike = reading.rows(
        """
        select customer_id
        from customer_segments
        where segmentation = ? and contains(lower(customer_id), lower(?))
        order by length(customer_id), customer_id
        limit ?
        """,
        [segmentation, part, MOST_ALIKE + 1],
    )["customer_id"]
    if alike.empty:
        return None
    found = _("Customers whose ids contain “{part}”.", part=part[:60])
    if len(alike) > MOST_ALIKE:
        found += " " + _("The first {customers}; a longer part finds fewer.", customers=number(MOST_ALIKE))
    layout.note(found)
    shown = list(alike[:MOST_ALIKE])
    return st.selectbox(_("Customer"), shown, format_func=layout.plain, key=f"alike {segmentation} {part}")


def _standing(found, dataset, asked) -> None:
    """Say what the id stands for, where it has no segment."""
    shown = reading.publication().dataset_name
    if found.segments:
        return
    if found.is_known:
        said = _("Customer {id} has no segment because a feature that the segmentations need is missing.", id=asked)
    elif found.rejected:
        said = _("Customer {id} is in the input, but every row was rejected; the reasons are below.", id=asked)
    else:
        asked = asked if len(asked) <= 60 else asked[:60] + "…"
        sentences = [_("No customer of {dataset} has the id “{id}”.", dataset=shown(dataset), id=asked)]
        if found.other_datasets:
            sentences.append(_("There is one in {datasets}.", datasets=listed(map(shown, found.other_datasets))))
        said = " ".join([*sentences, _("Case and leading zeros matter.")])
    layout.items([said], "warnings")


def _own(found) -> None:
    """Describe the customer by the customer's own values, before any segment is named."""
    layout.heading(_("This customer"))
    own = {row["feature"]: row for segment in found.segments for row in segment["figures"]}
    layout.figures(
        Figure(
            capitalised(row["label"]),
            own_figure(row["value"], row["unit"]),
            _("typical of all customers: {figure}", figure=figure(row["typical_of_all"], row["unit"])),
        )
        for row in own.values()
    )


def _segments(segments, *, is_synthetic) -> None:
    for row in segments:
        row |= {"problem": None, "is_outside_seen_range": False, "outside_reason": None}
    shown = reading.publication().segmentation_name
    layout.heading(_("The segments of this customer"))
    layout.note(f"{_('The figures describe what is typical of each segment.')} {_(TYPICAL)}")
    layout.cards(
        Card(
            name(row),
            theme.POPULATION if is_undecided(row) else row["colour"],
            shown(row["segmentation"]),
            "",
            [
                *card_facts(row, is_synthetic=is_synthetic),
                *_place(row),
                (_("Typical of the segment"), f"{figures_retold(row['headline'])}."),
            ],
        )
        for row in segments
    )
    _why(segments[0])


def _place(segment) -> list[tuple[str, str]]:
    """Say since when the customer is in the segment, and from where the customer came."""
    since, before = segment["segment_since"], segment["previous_persona"]
    if since is None:
        return []
    if before is None:
        told = _("Since {day}.", day=day_text(since))
    else:
        told = _("Since {day}, before that {persona}.", day=day_text(since), persona=in_sentence(before))
    return [(_("In this segment"), told)]


def _movement(found, segmentation) -> None:
    """List the moves that builds have found, and the segments at the month ends of the past."""
    shown = reading.publication().segmentation_name
    if found.changes:
        layout.heading(_("Moves so far"))
        rows = [
            [day_text(row["changed_on"]), shown(row["segmentation"]), row["from_persona"], row["to_persona"]]
            for row in found.changes
        ]
        caption = _("When a build found the customer in another segment than before, the last move first.")
        headers = [_("Found on"), _("Segmentation"), capitalised(_("from")), capitalised(_("to"))]
        layout.table(Table(caption, headers, rows))
    months = [row for row in found.months if row["segmentation"] == segmentation]
    if months:
        layout.heading(_("Segments at past month ends"))
        rows = [
            [
                row["persona"],
                day_text(row["valid_from"]),
                "" if row["valid_to"] is None else day_text(row["valid_to"]),
                number(row["months"]),
            ]
            for row in months
        ]
        caption = _(
            "{segmentation}, by today's model, with what was known of the customer at each month end.",
            segmentation=shown(segmentation),
        )
        headers = [_("Segment"), _("From"), _("Until"), _("Months")]
        layout.table(Table(caption, headers, rows, frozenset({3})))


def _why(segment) -> None:
    persona = segment["persona"]
    layout.heading(
        _("Why nearest to {persona}", persona=persona) if is_undecided(segment) else _("Why {persona}", persona=persona)
    )
    deciding = [row["feature"] for row in segment["reasons"]]
    headers = [_("Feature"), _("This customer"), persona, segment["runner_up_persona"], _("All customers"), ""]
    columns = ("typical_of_segment", "typical_of_runner_up", "typical_of_all")
    cells = [
        [
            capitalised(row["label"]),
            own_figure(row["value"], row["unit"]),
            *(figure(row[column], row["unit"]) for column in columns),
            _(DECIDING[deciding.index(row["feature"])]) if row["feature"] in deciding else "",
        ]
        for row in segment["figures"]
    ]
    caption = _("This customer next to the medians of the segment, the runner-up and all customers.")
    layout.table(Table(caption, headers, cells, frozenset({1, 2, 3, 4})))


def _rfm(rfm) -> None:
    layout.heading(_("RFM group: {group}", group=rfm["rfm_group"]))
    layout.text(f"{_(rfm['description'])}. {_(rfm['advice'])}.")
    if not is_missing(rfm["recency_score"]):
        layout.note(
            _(
                "Scores from 1 to 5, 5 is best: recency {recency}, frequency {frequency}, monetary value {monetary}.",
                recency=rfm["recency_score"],
                frequency=rfm["frequency_score"],
                monetary=rfm["monetary_score"],
            )
        )


def _history(history, labels) -> None:
    layout.heading(_("Month by month"))
    for column, place in zip(HISTORY, st.columns(len(HISTORY)), strict=True):
        label = _(HISTORY[column])
        unit = labels.get(column, ("", None))[1]
        unit = unit if is_money(unit) else None
        if column in history and history[column].notna().any():
            with place:
                layout.chart(
                    distributions.months(history, column, label, unit),
                    _("{measure}, at the end of each month.", measure=capitalised(label)),
                )


def _rejected(rejected) -> None:
    layout.heading(_("Rejected rows"))
    rows = [
        [
            Cell(row["input"]),
            number(row["row_number"]),
            reason_text(row["reason"]),
            explanation_text(row["explanation"], row["problem_column"]),
            row["raw_row"],
        ]
        for row in rejected
    ]
    headers = [_("Input"), _("Row"), _("Reason"), _("Found"), _("Original row")]
    layout.table(Table(_("Rejected input rows with this id, and the reasons."), headers, rows, frozenset({1})))
