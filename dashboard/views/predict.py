"""Score a new customer: the segment, how sure, why, and what to offer."""

from collections.abc import Iterable

import layout
import reading
import streamlit as st

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import capitalised, title_of
from customer_segmentation.report import theme
from customer_segmentation.report.page import Card
from customer_segmentation.scoring.explanation import card_facts, is_undecided, name, own_figure
from customer_segmentation.scoring.predict import features, predictions
from customer_segmentation.units import unit_name

FIELDS_IN_A_ROW = 3


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen; the others of its dataset answer too.
    """
    layout.title("Score a new customer", segmentation)
    fit = reading.fit_of(segmentation)
    with reading.database() as database:
        wanted = features(database, fit["dataset"])
    layout.text("Find the segment of a customer who is not in the data. The dashboard stores nothing you type.")
    layout.note("Each field shows the range of the customers and starts at their median.")
    values = _form(fit["dataset"], wanted)
    if values is None:
        return
    try:
        with reading.database() as database:
            found = predictions(database, fit["dataset"], values)
    except NotPossibleError as error:
        layout.items([str(error)], "warnings")
        return
    found.sort(key=lambda row: row["segmentation"] != segmentation)
    _answer(found, is_synthetic=fit["is_synthetic"])


def _form(dataset, wanted) -> dict[str, str] | None:
    """Ask for each feature; texts, so that what is no number gets an answer in words."""
    values = {}
    with st.form(f"customer_of_{dataset}"):
        for start in range(0, len(wanted), FIELDS_IN_A_ROW):
            for column, feature in zip(st.columns(FIELDS_IN_A_ROW), wanted[start:], strict=False):
                values[feature["feature"]] = column.text_input(
                    layout.plain(f"{title_of(feature['label'])}, {_range(feature, 'seen')}"),
                    f"{round(feature['typical_value'], feature['decimals']):.10g}",
                    help=layout.plain(f"Possible: {_range(feature, 'valid')}."),
                    key=f"{dataset}:{feature['feature']}",
                )
        return values if st.form_submit_button("Score", type="primary") else None


def _range(feature, kind) -> str:
    lowest, highest = feature[f"{kind}_minimum"], feature[f"{kind}_maximum"]
    # what is typed is in the unit of the feature: thousands of a currency have their name here, and not their sign
    return f"{own_figure(lowest)} to {own_figure(highest)} {unit_name(feature['unit'])}".rstrip()


def _answer(found, *, is_synthetic) -> None:
    scored = [row for row in found if row["problem"] is None]
    colours = reading.rows("select segmentation, cluster_id, colour from segments")
    colour = {(row.segmentation, row.cluster_id): row.colour for row in colours.itertuples()}
    problems: dict[str, list[str]] = {}
    for row in found:
        if row["problem"] is not None:
            problems.setdefault(row["problem"], []).append(title_of(row["segmentation"]))
    if scored:
        told = [f"{', '.join(names)}: {problem}." for problem, names in problems.items()]
    else:
        told = [f"{capitalised(problem)}." for problem in _fullest(problems)]
    layout.items(told, "warnings")
    layout.cards(
        Card(
            name(row),
            theme.POPULATION if is_undecided(row) else colour[row["segmentation"], row["cluster_id"]],
            title_of(row["segmentation"]),
            "",
            card_facts(row, is_synthetic=is_synthetic),
        )
        for row in scored
    )


def _fullest(problems: Iterable[str]) -> list[str]:
    """Leave out each problem of which another one says all and more."""
    parts = {problem: set(problem.split("; ")) for problem in problems}
    return [problem for problem, own in parts.items() if not any(own < other for other in parts.values())]
