"""Look up a customer: the segments, how sure, why, what to offer, and what became of rows that could not be used."""

import layout
import pandas as pd
import reading
import streamlit as st
from layout import Figure

from customer_segmentation.cli.customer import find_customer
from customer_segmentation.formatting import TYPICAL, capitalised, figure, is_missing, is_money, listed
from customer_segmentation.publication.movement import day_in_words
from customer_segmentation.report import theme
from customer_segmentation.report.charts import distributions
from customer_segmentation.report.page import Card, Cell, Table
from customer_segmentation.scoring.explanation import card_facts, is_undecided, name, own_figure

HISTORY = {
    "monetary_value": "money spent so far",
    "frequency": "orders so far",
    "recency_days": "days since the last purchase",
}
ADDRESS = "customer"  # who is looked up, in the address
MOST_ALIKE = 20  # ids that are offered for a part of one
DECIDING = ("decided", "decided next")


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen; the customer is looked up in its dataset.
    """
    layout.title("Look up a customer", segmentation)
    fit = reading.fit_of(segmentation)
    dataset = fit["dataset"]
    examples = reading.rows(
        "select customer_id from customer_segments where segmentation = ? order by md5(customer_id) limit 3",
        [segmentation],
    )
    asked = _asked(dataset, fit["dataset_name"])
    layout.note(f"Ids look like {listed(examples['customer_id'])}. A part of an id lists the customers who have it.")
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
    asked = st.text_input(f"Customer id in the dataset {layout.plain(dataset_name)}", key=key).strip()
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
    more = f" The first {MOST_ALIKE}; a longer part finds fewer." if len(alike) > MOST_ALIKE else ""
    layout.note(f"Customers whose ids contain “{part[:60]}”.{more}")
    shown = list(alike[:MOST_ALIKE])
    return st.selectbox("Customer", shown, format_func=layout.plain, key=f"alike {segmentation} {part}")


def _standing(found, dataset, asked) -> None:
    """Say what the id stands for, where it has no segment."""
    shown = reading.publication().dataset_name
    elsewhere = f" There is one in {listed(map(shown, found.other_datasets))}." if found.other_datasets else ""
    if found.segments:
        return
    if found.is_known:
        layout.items(
            [f"Customer {asked} has no segment because a feature that the segmentations need is missing."],
            "warnings",
        )
    elif found.rejected:
        layout.items(
            [f"Customer {asked} is in the input, but every row was rejected; the reasons are below."], "warnings"
        )
    else:
        asked = asked if len(asked) <= 60 else asked[:60] + "…"
        layout.items(
            [f"No customer of {shown(dataset)} has the id “{asked}”.{elsewhere} Case and leading zeros matter."],
            "warnings",
        )


def _own(found) -> None:
    """Describe the customer by the customer's own values, before any segment is named."""
    layout.heading("This customer")
    own = {row["feature"]: row for segment in found.segments for row in segment["figures"]}
    layout.figures(
        Figure(
            capitalised(row["label"]),
            own_figure(row["value"], row["unit"]),
            f"typical of all customers: {figure(row['typical_of_all'], row['unit'])}",
        )
        for row in own.values()
    )


def _segments(segments, *, is_synthetic) -> None:
    for row in segments:
        row |= {"problem": None, "is_outside_seen_range": False, "outside_reason": None}
    shown = reading.publication().segmentation_name
    layout.heading("The segments of this customer")
    layout.note(f"The figures describe what is typical of each segment. {TYPICAL}")
    layout.cards(
        Card(
            name(row),
            theme.POPULATION if is_undecided(row) else row["colour"],
            shown(row["segmentation"]),
            "",
            [
                *card_facts(row, is_synthetic=is_synthetic),
                *_place(row),
                ("Typical of the segment", f"{row['headline']}."),
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
    came = "" if before is None else f", before that {before}"
    return [("In this segment", f"Since {day_in_words(since)}{came}.")]


def _movement(found, segmentation) -> None:
    """List the moves that builds have found, and the segments at the month ends of the past."""
    shown = reading.publication().segmentation_name
    if found.changes:
        layout.heading("Moves so far")
        rows = [
            [day_in_words(row["changed_on"]), shown(row["segmentation"]), row["from_persona"], row["to_persona"]]
            for row in found.changes
        ]
        caption = "When a build found the customer in another segment than before, the last move first."
        layout.table(Table(caption, ["Found on", "Segmentation", "From", "To"], rows))
    months = [row for row in found.months if row["segmentation"] == segmentation]
    if months:
        layout.heading("Segments at past month ends")
        rows = [
            [
                row["persona"],
                day_in_words(row["valid_from"]),
                "" if row["valid_to"] is None else day_in_words(row["valid_to"]),
                f"{row['months']:,}",
            ]
            for row in months
        ]
        caption = f"{shown(segmentation)}, by today's model, with what was known of the customer at each month end."
        layout.table(Table(caption, ["Segment", "From", "Until", "Months"], rows, frozenset({3})))


def _why(segment) -> None:
    layout.heading(f"Why {'nearest to ' if is_undecided(segment) else ''}{segment['persona']}")
    deciding = [row["feature"] for row in segment["reasons"]]
    headers = ["Feature", "This customer", segment["persona"], segment["runner_up_persona"], "All customers", ""]
    columns = ("typical_of_segment", "typical_of_runner_up", "typical_of_all")
    cells = [
        [
            capitalised(row["label"]),
            own_figure(row["value"], row["unit"]),
            *(figure(row[column], row["unit"]) for column in columns),
            DECIDING[deciding.index(row["feature"])] if row["feature"] in deciding else "",
        ]
        for row in segment["figures"]
    ]
    caption = "This customer next to the medians of the segment, the runner-up and all customers."
    layout.table(Table(caption, headers, cells, frozenset({1, 2, 3, 4})))


def _rfm(rfm) -> None:
    layout.heading(f"RFM group: {rfm['rfm_group']}")
    layout.text(f"{rfm['description']}. {rfm['advice']}.")
    if not is_missing(rfm["recency_score"]):
        layout.note(
            f"Scores from 1 to 5, 5 is best: recency {rfm['recency_score']}, frequency {rfm['frequency_score']}, "
            f"monetary value {rfm['monetary_score']}."
        )


def _history(history, labels) -> None:
    layout.heading("Month by month")
    for column, place in zip(HISTORY, st.columns(len(HISTORY)), strict=True):
        label = HISTORY[column]
        unit = labels.get(column, ("", None))[1]
        unit = unit if is_money(unit) else None
        if column in history and history[column].notna().any():
            with place:
                layout.chart(
                    distributions.months(history, column, label, unit),
                    f"{capitalised(label)}, at the end of each month.",
                )


def _rejected(rejected) -> None:
    layout.heading("Rejected rows")
    layout.table(
        Table(
            "Rejected input rows with this id, and the reasons.",
            ["Input", "Row", "Reason", "Found", "Original row"],
            [
                [Cell(row["input"]), f"{row['row_number']:,}", row["reason"], row["explanation"], row["raw_row"]]
                for row in rejected
            ],
            frozenset({1}),
        )
    )
