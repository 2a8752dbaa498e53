"""Estimates with their intervals: what campaigns changed, and what rankings of customers are worth."""

import altair as alt
import pandas as pd

from customer_segmentation.formatting import figure
from customer_segmentation.language import _
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import (
    AXIS_HEIGHT,
    BESIDE_NAMES,
    ROW,
    TITLE,
    data,
    domain,
    lines,
    names_beside,
    row_height,
    tick,
)

NAME_ROOM = 190


def intervals(rows: pd.DataFrame, title: str, unit: str | None, reference: float) -> alt.LayerChart:
    """Draw each estimate as a point in its interval, beside a dashed line at what it is compared with.

    Parameters
    ----------
    rows : DataFrame
        `name`, `value`, `low`, `high`, `colour` and `note`, one row per estimate in their order. The note is shown on
        hover.
    title : str
        What is estimated, for the axis.
    unit : str or None
        Its unit.
    reference : float
        Where the line is: no effect, for example.

    Returns
    -------
    LayerChart
    """
    shown = rows[["name", "value", "low", "high", "colour", "note"]].reset_index(drop=True)
    shown = shown.assign(
        row=range(len(shown)),
        told=[figure(value, unit) for value in shown["value"]],
        between=[
            _("{low} to {high}", low=figure(row.low, unit), high=figure(row.high, unit)) for row in shown.itertuples()
        ],
    )
    x = {
        "title": lines(title, BESIDE_NAMES, TITLE),
        "scale": alt.Scale(domain=domain([reference, *shown["low"], *shown["high"]]), nice=False, zero=False),
        "axis": alt.Axis(labelExpr=tick(), tickCount=5),
    }
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(shown["row"]), padding=0.2))
    tooltip = [
        alt.Tooltip("name:N", title=_("of")),
        alt.Tooltip("told:N", title=_("estimate")),
        alt.Tooltip("between:N", title=_("interval")),
        alt.Tooltip("note:N", title=_("verdict")),
    ]
    chart = alt.Chart(data(shown)).encode(y=y, color=alt.Color("colour:N", scale=None), tooltip=tooltip)
    line = alt.Chart(data([{"at": reference}])).mark_rule(color=theme.INK, strokeDash=[4, 3])
    return alt.layer(
        line.encode(x=alt.X("at:Q", **x)),
        chart.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", **x), x2=alt.X2("high:Q")),
        chart.mark_point(filled=True, size=90, opacity=1).encode(x=alt.X("value:Q", **x)),
        names_beside(shown[["row"]], y, list(shown["name"]), room=NAME_ROOM),
    ).properties(height=row_height(shown["name"], ROW, NAME_ROOM) * len(shown) + AXIS_HEIGHT)
