"""Score new customers, one or a file of them: the segment, how sure, why, and what to offer."""

import glob
import math
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import layout
import reading
import streamlit as st
import tabs
from streamlit.delta_generator import DeltaGenerator

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import capitalised, figure, named, number, title_of
from customer_segmentation.language import _, isolated, localized, ngettext, translatable, used
from customer_segmentation.report import theme
from customer_segmentation.report.page import Card
from customer_segmentation.scoring.explanation import card_facts, is_undecided, name, own_figure, problem_text
from customer_segmentation.scoring.predict import features, predictions
from customer_segmentation.scoring.score_file import account_lines, score_file
from customer_segmentation.temporary_files import spill_folder
from customer_segmentation.units import THOUSANDS, is_money, unit_name

FIELDS_IN_A_ROW = 3
KINDS_OF_FILES = ("csv", "tsv", "txt", "gz", "parquet", "xlsx")


def show(segmentation: str) -> None:
    """Show the page.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation that is chosen; the others of its dataset answer too.
    """
    layout.title(_("Score new customers"), segmentation)
    fit = reading.fit_of(segmentation)
    with reading.database() as database:
        wanted = features(database, fit["dataset"])
    layout.text(_("Find the segment of customers who are not in the data. The dashboard stores nothing you enter."))
    tabs.show(
        "score",
        {
            translatable("Type figures"): lambda: _answer(fit, _typed(fit["dataset"], wanted)),
            translatable("Move sliders"): lambda: _answer(fit, _slid(fit["dataset"], wanted)),
            translatable("Score a file"): lambda: _file(fit),
        },
    )


def _fields(wanted) -> Iterator[tuple[DeltaGenerator, dict]]:
    for start in range(0, len(wanted), FIELDS_IN_A_ROW):
        yield from zip(st.columns(FIELDS_IN_A_ROW), wanted[start:], strict=False)


def _typed(dataset, wanted) -> dict[str, str] | None:
    """Ask for each feature; texts, so that what is no number gets an answer in words."""
    layout.note(_("Each field shows the range of the customers and starts at their median."))
    values = {}
    with st.form(f"customer_of_{dataset}"):
        for column, feature in _fields(wanted):
            typed = column.text_input(
                layout.plain(f"{isolated(title_of(feature['label']))}, {_range(feature, 'seen')}"),
                localized(f"{round(feature['typical_value'], feature['decimals']):.10g}"),
                help=layout.plain(_("Possible: {range}.", range=_range(feature, "valid"))),
                key=f"{dataset}:{feature['feature']}",
            )
            values[feature["feature"]] = _read(typed)
        return values if st.form_submit_button(_("Score"), type="primary") else None


def _read(typed: str) -> str:
    """Read a number that is written as in a locale with a decimal comma; what else is typed gets an answer later."""
    if used().decimal != ",":
        return typed
    group = used().group
    is_number = re.fullmatch(rf"-?(\d+|[1-9]\d{{0,2}}({re.escape(group)}\d{{3}})+)(,\d+)?", typed.strip())
    return typed.strip().replace(group, "").replace(",", ".") if is_number else typed


def _slid(dataset, wanted) -> dict[str, str]:
    """Offer a slider for each feature, from the least to the greatest figure of the customers."""
    layout.note(_("From the least to the greatest figure of the customers, beginning at their median."))
    values = {}
    for column, feature in _fields(wanted):
        decimals = feature["decimals"]
        step = 10.0**-decimals
        lowest, highest = (
            round(toward(feature[limit] / step) * step, decimals)
            for toward, limit in ((math.floor, "seen_minimum"), (math.ceil, "seen_maximum"))
        )
        values[feature["feature"]] = f"{lowest:.10g}"
        if lowest < highest:
            chosen = column.slider(
                layout.plain(capitalised(named(feature["label"], feature["unit"]))),
                lowest,
                highest,
                min(max(round(float(feature["typical_value"]), decimals), lowest), highest),
                step,
                format=f"%.{decimals}f",
                key=f"slider:{dataset}:{feature['feature']}",
            )
            values[feature["feature"]] = f"{chosen:.10g}"
    return values


def _file(fit) -> None:
    """Score a file that is uploaded, tell what became of its rows, and offer the result."""
    uploaded = st.file_uploader(
        _("File of customers, with a column for each feature"),
        KINDS_OF_FILES,
        help=_(
            "Columns are found by their names, in any order; others are kept. Every row comes back, with its segment "
            "or with the reason why it has none."
        ),
    )
    if uploaded is None:
        return
    try:
        lines, read, content = _scored(uploaded, fit)
    except NotPossibleError as error:
        layout.items([str(error)], "warnings")
        return
    layout.items(lines)
    st.download_button(
        ngettext("Download {rows} row as CSV", "Download {rows} rows as CSV", read, rows=number(read)),
        content,
        f"{Path(uploaded.name).name.partition('.')[0]}_{fit['segmentation']}.csv",
        "text/csv",
        type="primary",
        icon=":material/download:",
    )


def _scored(uploaded, fit) -> tuple[list[str], int, bytes]:
    """Score an uploaded file in a folder of which nothing is kept; messages name the file as its owner does."""
    name = Path(uploaded.name).name
    with tempfile.TemporaryDirectory(prefix=f"{spill_folder().name}.") as folder:
        file, output = Path(folder) / name, Path(folder) / "output" / "scored.csv"
        output.parent.mkdir()
        file.write_bytes(uploaded.getvalue())
        location = glob.escape(str(file))
        notes: list[str] = []
        try:
            with reading.database() as database:
                scored = score_file(
                    database, fit["dataset"], location, output, chosen=[fit["segmentation"]], notify=notes.append
                )
        except NotPossibleError as error:
            raise NotPossibleError(str(error).replace(location, name).replace(str(file), name)) from None
        account = account_lines(scored, {fit["segmentation"]: fit["segmentation_name"]})
        lines = [line.replace(location, name) for line in [*account, *notes]]
        return lines, scored.accounts[0].read, output.read_bytes()


def _range(feature, kind) -> str:
    unit, lowest, highest = feature["unit"], feature[f"{kind}_minimum"], feature[f"{kind}_maximum"]
    if is_money(unit) and not unit.startswith(THOUSANDS):
        # what customers have is told as on other pages, what is possible exactly
        written = figure if kind == "seen" else own_figure
        return _("{lowest} to {highest}", lowest=written(lowest, unit), highest=written(highest, unit))
    # what is typed is in the unit of the feature: thousands of a currency have their name here, and not their sign
    lowest, highest = (localized(f"{limit:,.10g}") for limit in (lowest, highest))
    return f"{_('{lowest} to {highest}', lowest=lowest, highest=highest)} {unit_name(unit)}".rstrip()


def _answer(fit, values) -> None:
    """Tell the segment of one customer in each segmentation, the chosen one first."""
    if values is None:
        return
    try:
        with reading.database() as database:
            found = predictions(database, fit["dataset"], values)
    except NotPossibleError as error:
        layout.items([str(error)], "warnings")
        return
    found.sort(key=lambda row: row["segmentation"] != fit["segmentation"])
    _cards(found, is_synthetic=fit["is_synthetic"])


def _cards(found, *, is_synthetic) -> None:
    shown = reading.publication().segmentation_name
    scored = [row for row in found if row["problem"] is None]
    colours = reading.rows("select segmentation, cluster_id, colour from segments")
    colour = {(row.segmentation, row.cluster_id): row.colour for row in colours.itertuples()}
    problems: dict[str, list[str]] = {}
    for row in found:
        if row["problem"] is not None:
            problems.setdefault(row["problem"], []).append(shown(row["segmentation"]))
    if scored:
        told = [f"{', '.join(map(isolated, names))}: {problem_text(problem)}." for problem, names in problems.items()]
    else:
        told = [f"{capitalised(problem_text(problem))}." for problem in _fullest(problems)]
    layout.items(told, "warnings")
    if scored:
        layout.heading(_("Where this customer belongs"))
    layout.cards(
        Card(
            name(row),
            theme.POPULATION if is_undecided(row) else colour[row["segmentation"], row["cluster_id"]],
            shown(row["segmentation"]),
            "",
            card_facts(row, is_synthetic=is_synthetic),
        )
        for row in scored
    )


def _fullest(problems: Iterable[str]) -> list[str]:
    """Leave out each problem of which another one says all and more."""
    parts = {problem: set(problem.split("; ")) for problem in problems}
    return [problem for problem, own in parts.items() if not any(own < other for other in parts.values())]
