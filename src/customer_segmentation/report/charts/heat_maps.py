"""Tables whose colours show where the figures are high and low."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.language import MINUS, _
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import (
    LABEL,
    LINE,
    MORE_LINES,
    REFERENCE_WIDTH,
    TITLE,
    data,
    lines,
    middle,
    names_beside,
    parts,
    row_height,
    text_width,
)
from customer_segmentation.report.charts.symbols import identity, named

NOTHING = "\N{EN DASH}"  # stands where there is no figure
STRONGEST_DEVIATION = 1.5  # standard deviations at which the colour is full
STRONGEST_INDEX = 100.0  # per cent above or below average at which the colour is full
CELL = 38  # height of a row, in pixels
NO_FIELD = theme.Field(theme.PAPER, "paper")
HEAD_SIZES = (LABEL, 10.5, 9.5)  # of the names of columns, the largest that fits


def correlations(pairs: pd.DataFrame, labels: dict[str, str]) -> alt.LayerChart:
    """Draw the correlation of every feature with every other.

    Parameters
    ----------
    pairs : DataFrame
        `feature`, `other_feature`, `pearson`, one row per pair.
    labels : dict of str to str
        Label of each feature, in the order of rows and columns.

    Returns
    -------
    LayerChart
    """
    features = list(labels)
    known = {frozenset((row.feature, row.other_feature)): row.pearson for row in pairs.itertuples()}
    cells = [
        (row - 1, column, known.get(frozenset((features[row], features[column])), np.nan))
        for row in range(1, len(features))
        for column in range(row)
    ]
    shown = [
        {
            "row": row,
            "column": column,
            **field_colours(theme.diverging(value) if np.isfinite(value) else NO_FIELD),
            "text": formatting.signed(value) if np.isfinite(value) else NOTHING,
        }
        for row, column, value in cells
    ]
    names = list(labels.values())
    return alt.layer(*_cells(shown, names[1:], names[:-1], is_below=True)).properties(
        height=row_height(names[1:], CELL) * (len(names) - 1)
    )


def profiles(
    differences: pd.DataFrame, texts: pd.DataFrame, segments: pd.DataFrame, *, in_deviations: bool
) -> alt.LayerChart:
    """Draw how far each segment is above (purple) or below (orange) all customers in each feature.

    Parameters
    ----------
    differences : DataFrame of shape (segments, features)
        Difference of the segment's median from the median of all customers, in standard deviations or in per cent.
    texts : DataFrame of shape (segments, features)
        What is written into the fields: the medians of the segments; empty where there is none.
    segments : DataFrame
        `persona`, `colour`, in the order of the rows.
    in_deviations : bool
        Whether differences are standard deviations.

    Returns
    -------
    LayerChart
    """
    full = STRONGEST_DEVIATION if in_deviations else STRONGEST_INDEX
    written = texts.to_numpy()
    shown = [
        {
            "row": row,
            "column": column,
            **field_colours(theme.diverging(value / full) if np.isfinite(value) else NO_FIELD),
            "text": (written[row, column] or NOTHING).replace("-", MINUS),
        }
        for (row, column), value in np.ndenumerate(differences.to_numpy(dtype=float))
    ]
    layers = _cells(shown, list(segments["persona"]), list(differences.columns))
    return alt.layer(*layers, _markers(segments)).properties(
        height=row_height(segments["persona"], CELL) * len(segments)
    )


def crosswalk(
    flows: pd.DataFrame, segments: pd.DataFrame, other_segments: pd.DataFrame, names: tuple[str, str]
) -> alt.LayerChart:
    """Draw which share of each segment is in which segment of another segmentation.

    Parameters
    ----------
    flows : DataFrame
        `cluster_id`, `other_cluster_id`, `customers`, `share_of_segment`.
    segments, other_segments : DataFrame
        `cluster_id`, `persona`, `colour`, `customers`, in the order of rows and columns.
    names : tuple of str
        Names of the two segmentations.

    Returns
    -------
    LayerChart
    """
    wide = flows.pivot_table(index="cluster_id", columns="other_cluster_id", values="share_of_segment")
    shares = wide.reindex(index=segments["cluster_id"], columns=other_segments["cluster_id"]).fillna(0.0).to_numpy()
    # Columns stand where most of their customers come from, so that agreement reads as a diagonal.
    order = np.argsort(
        [(shares[:, column] * segments["customers"]).to_numpy().argmax() for column in range(shares.shape[1])],
        kind="stable",
    )
    shares = shares[:, order]
    texts = [formatting.shares(row) for row in shares]
    shown = [
        {
            "row": row,
            "column": column,
            **field_colours(theme.sequential(share)),
            "text": _in_short(texts[row][column]) if share > 0 else "",
        }
        for (row, column), share in np.ndenumerate(shares)
    ]
    columns = list(other_segments["persona"].iloc[order])
    layers = _cells(shown, list(segments["persona"]), columns, titles=names)
    return alt.layer(*layers, _markers(segments)).properties(
        height=row_height(segments["persona"], CELL) * len(segments)
    )


def _in_short(share: str) -> str:
    """Write a share that is under something in as little room as a field has."""
    under = _("under {share} %").partition("{share}")[0]
    return f"<{share.removeprefix(under)}" if share.startswith(under) else share


def field_colours(field: theme.Field) -> dict[str, str]:
    """Return the columns `colour`, `field` and `ink` of a field, which pages take in their own light."""
    return {"colour": field.colour, "field": field.name, "ink": theme.INK}


def _cells(
    shown: list[dict],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    is_below: bool = False,
    titles: tuple[str, str] = ("", ""),
) -> list[alt.Chart]:
    """Draw the fields with their texts, the names of the rows, and those of the columns above or below them."""
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(len(rows))), padding=0))
    x = alt.X("column:O", axis=None, scale=alt.Scale(domain=list(range(len(columns))), padding=0))
    chart = alt.Chart(data(shown)).encode(x=x, y=y)
    beside = max(text_width(line) for name in rows for line in lines(name, 150)) + 24
    room = (REFERENCE_WIDTH - beside) / len(columns) - 6
    fitting = [size for size in HEAD_SIZES if max(text_width(p, size) for name in columns for p in parts(name)) <= room]
    size = fitting[0] if fitting else LABEL
    written = [lines(name, room if fitting else 150, size) for name in columns]
    heads = [{"column": column, "lines": "\n".join(part)} for column, part in enumerate(written)]
    look = {"lineHeight": LINE, "baseline": "middle", "fontSize": size}
    if not fitting:  # upright, in as many lines as a column has room for
        look |= {"angle": 270, "dy": middle(LINE)}
        look |= {"align": "right", "dx": -8} if is_below else {"align": "left", "dx": 8}
    else:
        look |= {"dy": 14 if is_below else alt.ExprRef(f"-10 - {MORE_LINES} * {LINE}")}
    where = alt.YValue("height" if is_below else 0)
    layers = [
        chart.mark_rect(stroke=theme.PAPER, strokeWidth=0.5).encode(color=alt.Color("colour:N", scale=None)),
        chart.mark_text(baseline="middle", fontSize=12 if len(columns) <= 8 else 11).encode(
            text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
        ),
        names_beside(pd.DataFrame({"row": range(len(rows))}), y, rows, away=24 if titles[0] or not is_below else 8),
        alt.Chart(data(heads)).mark_text(**look).encode(x=x, y=where, text=alt.Text("lines:N")),
    ]
    if titles[0]:
        above = (
            max(len(part) for part in written) * LINE
            if fitting
            else max(text_width(line) for part in written for line in part)
        )
        head = {"align": "left", "fontWeight": "bold", "fontSize": TITLE}
        layers += [
            alt.Chart(data([{"text": titles[1]}]))
            .mark_text(**head, dy=-above - 18)
            .encode(x=alt.XValue(0), y=alt.YValue(0), text=alt.Text("text:N")),
            alt.Chart(data([{"text": titles[0]}]))
            .mark_text(**head | {"align": "right"}, dx=-24, dy=-12)
            .encode(x=alt.XValue(0), y=alt.YValue(0), text=alt.Text("text:N")),
        ]
    return layers


def _markers(segments: pd.DataFrame) -> alt.Chart:
    rows = pd.DataFrame({"row": range(len(segments)), "place": range(len(segments))})
    y = alt.Y("row:O", axis=None)
    chart = named(alt.Chart(data(rows)), segments).mark_point(filled=True, size=60, opacity=1)
    return chart.encode(x=alt.XValue(-12), y=y, **identity(segments))
