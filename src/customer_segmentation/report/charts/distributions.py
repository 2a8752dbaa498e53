"""How customers spread: over a feature, over the values of a category, over months, and over segments."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from customer_segmentation.formatting import cell, is_missing, named, number
from customer_segmentation.language import _, translatable
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import (
    REFERENCE_WIDTH,
    ROW,
    TITLE,
    data,
    day_axis,
    lines,
    names_beside,
    rounded,
    row_height,
    tick,
)
from customer_segmentation.report.decisions import Decision
from customer_segmentation.report.page import readable_on

LEAST_WRITTEN_SHARE = 0.07  # a narrower part of a bar has no room for its share
NAME_ROOM = 110  # of the names of boxes, in pixels
BOX = "#a9c9e0"
TWO_BOXES = ("#56b4e9", "#e69f00")


def histogram(bins: pd.DataFrame, label: str, unit: str | None, median: float, mean: float) -> alt.LayerChart:
    """Draw how customers spread over a feature: median as a line, mean as a dashed line.

    Parameters
    ----------
    bins : DataFrame
        Rows of `feature_histograms` of one feature.
    label, unit : str
        Of the feature.
    median, mean : float
        Of the feature.

    Returns
    -------
    LayerChart
    """
    bins = bins.sort_values("lower_bound")
    lower, upper = bins["lower_bound"], bins["upper_bound"]
    rows = pd.DataFrame(
        {
            "from": lower,
            "to": upper.where(upper > lower, lower + 1),
            "customers": bins["customers"],
            "values": [
                _("{low} to {high}", low=cell(a, unit), high=cell(b, unit)) for a, b in zip(lower, upper, strict=True)
            ],
        }
    )
    x = alt.X(
        "from:Q",
        title=lines(named(label, unit), 210, TITLE),
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(labelExpr=tick(), tickCount=4, grid=False),
    )
    bars = (
        alt.Chart(data(rows))
        .mark_rect(color=theme.POPULATION, stroke=theme.PAPER, strokeWidth=0.6)
        .encode(
            x=x,
            x2=alt.X2("to:Q"),
            y=alt.Y("customers:Q", title=_("customers"), axis=alt.Axis(labelExpr=tick(), tickCount=4)),
            y2=alt.Y2Datum(0),
            tooltip=[
                alt.Tooltip("values:N", title=label),
                alt.Tooltip("customers:Q", title=_("customers"), format=","),
            ],
        )
    )
    marked = [
        alt.Chart(data([{"value": value, "what": what}]))
        .mark_rule(color=colour, strokeWidth=2, strokeDash=dash)
        .encode(x=alt.X("value:Q"), tooltip=[alt.Tooltip("value:Q", title=_(what))])
        for what, value, colour, dash in (
            (translatable("median"), median, theme.ACCENT, [1, 0]),
            (translatable("mean"), mean, theme.CONTRAST, [5, 3]),
        )
        if not is_missing(value)
    ]
    return alt.layer(bars, *marked).properties(height=120)


def boxes(
    profiles: pd.DataFrame,
    label: str,
    unit: str | None,
    *,
    colours: Sequence[str] | None = None,
    has_names: bool = True,
) -> alt.LayerChart:
    """Draw a feature as one box per row: the middle half with the median, and whiskers where they may be shown.

    Parameters
    ----------
    profiles : DataFrame
        `name`, `p25`, `median`, `p75`, `lower_whisker`, `upper_whisker`, one row per box in their order.
    label, unit : str
        Of the feature.
    colours : sequence of str, optional
        A colour for each box.
    has_names : bool
        Whether the names of the boxes are written; panels side by side need them once.

    Returns
    -------
    LayerChart
    """
    rows = profiles.reset_index(drop=True)
    if colours is None:
        colours = TWO_BOXES if len(rows) == 2 else [BOX] * len(rows)
    shown = ["row", "name", "colour", "ink", "lower_whisker", "p25", "median", "p75", "upper_whisker"]
    rows = rows.assign(row=range(len(rows)), colour=list(colours)[: len(rows)])
    rows["ink"] = [readable_on(colour, of_a_mark=True) for colour in rows["colour"]]
    chart = alt.Chart(data(rows[shown]))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(rows["row"]), padding=0.2))
    x = {
        "title": lines(named(label, unit), 230, TITLE),
        "scale": alt.Scale(zero=False),
        "axis": alt.Axis(labelExpr=tick(), tickCount=4),
    }
    figures = [
        alt.Tooltip(f"{column}:Q", title=title, format=",.6~g")
        for column, title in (("p25", _("lower quartile")), ("median", _("median")), ("p75", _("upper quartile")))
    ]
    layers = [
        chart.mark_rule(color=theme.MUTED).encode(x=alt.X("lower_whisker:Q", **x), x2=alt.X2("upper_whisker:Q"), y=y),
        *[
            chart.mark_tick(color=theme.MUTED, size=9, thickness=1).encode(x=alt.X(f"{column}:Q", **x), y=y)
            for column in ("lower_whisker", "upper_whisker")
        ],
        chart.mark_bar(stroke=theme.INK, strokeWidth=0.7).encode(
            x=alt.X("p25:Q", **x),
            x2=alt.X2("p75:Q"),
            y=y,
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip("name:N", title=_("of")), *figures],
        ),
        chart.mark_tick(size=ROW * 0.72, thickness=2.5).encode(
            x=alt.X("median:Q", **x), y=y, color=alt.Color("ink:N", scale=None)
        ),
    ]
    if has_names:
        layers.append(names_beside(rows[["row"]], y, list(rows["name"]), room=NAME_ROOM))
    height = row_height(rows["name"], ROW, NAME_ROOM)
    return alt.layer(*layers).properties(height=max(height * len(rows), 60))


def bars(counts: pd.DataFrame) -> alt.LayerChart:
    """Draw how many customers there are in each row, with their share of all.

    Parameters
    ----------
    counts : DataFrame
        `name`, `customers`, `share` as it is written, and `colour`, in the order of the bars.

    Returns
    -------
    LayerChart
    """
    rows = counts.reset_index(drop=True)
    text = [f"{number(row.customers)} ({row.share})" for row in rows.itertuples()]
    rows = rows.assign(row=range(len(rows)), text=text, customers=[int(one) for one in rows["customers"]])
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(rows["row"]), padding=0.15))
    chart = alt.Chart(data(rows[["row", "name", "customers", "text", "colour"]])).encode(
        x=alt.X("customers:Q", axis=None, scale=alt.Scale(domain=[0, max(int(rows["customers"].max()), 1)])), y=y
    )
    return alt.layer(
        chart.mark_bar().encode(
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip("name:N", title=_("of")), alt.Tooltip("text:N", title=_("customers"))],
        ),
        chart.mark_text(align="left", baseline="middle", dx=5).encode(text=alt.Text("text:N")),
        names_beside(rows[["row"]], y, list(rows["name"])),
    ).properties(height=max(row_height(rows["name"], 26) * len(rows), 40))


def stacked_shares(segments: Sequence[Decision]) -> alt.LayerChart:
    """Draw the customers of each segment as parts of one bar, and their money as parts of another below it.

    Parameters
    ----------
    segments : sequence of Decision
        The segments in their order. Without money there is one bar.

    Returns
    -------
    LayerChart
        A part that is too narrow for its share has none written on it.
    """
    rows = []
    for bar in (translatable("customers"), translatable("money")):
        for place, one in enumerate(segments):
            is_customers = bar == "customers"
            share = one.share_of_customers if is_customers else one.share_of_money
            if is_missing(share):
                continue
            text = one.share if is_customers else one.money_share
            rows.append(
                {
                    "bar": _(bar),
                    "place": place,
                    "name": one.persona,
                    "share": float(share),
                    "text": text,
                    "written": text if share >= LEAST_WRITTEN_SHARE else "",
                    "colour": one.colour,
                    "ink": readable_on(one.colour),
                    "customers": number(one.customers),
                    "money": one.money,
                }
            )
    bars = list(dict.fromkeys(row["bar"] for row in rows))
    y = alt.Y("bar:N", title=None, scale=alt.Scale(domain=bars, padding=0.2), axis=alt.Axis(domain=False, ticks=False))
    x = {"stack": "zero", "scale": alt.Scale(domain=[0, 1], nice=False), "axis": None}
    chart = alt.Chart(data(rows)).encode(y=y, order=alt.Order("place:Q"))
    tooltip = [
        ("name:N", _("segment")), ("text:N", _("share")), ("customers:N", _("customers")), ("money:N", _("money"))
    ]  # fmt: skip
    return alt.layer(
        chart.mark_bar(stroke=theme.PAPER, strokeWidth=1).encode(
            x=alt.X("share:Q", **x),
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip(field, title=title) for field, title in tooltip],
        ),
        chart.mark_text(fontWeight="bold").encode(
            x=alt.X("share:Q", bandPosition=0.5, **x),
            text=alt.Text("written:N"),
            color=alt.Color("ink:N", scale=None),
        ),
    ).properties(height=46 * len(bars))


def bars_by_category(categories: Sequence[tuple[str, pd.DataFrame]]) -> alt.VConcatChart:
    """Draw the bars of several categories below each other: title and rows, as `bars` takes them, of each."""
    return alt.vconcat(
        *[bars(rows).properties(title=title, width=REFERENCE_WIDTH - 240) for title, rows in categories], spacing=24
    )


def months(history: pd.DataFrame, column: str, label: str, unit: str | None) -> alt.LayerChart:
    """Draw how a figure of one customer has developed from month to month.

    Parameters
    ----------
    history : DataFrame
        `month_end` and the column, one row per month.
    column : str
        What to draw; where it is null the line is interrupted.
    label, unit : str
        Of the figure.

    Returns
    -------
    LayerChart
    """
    rows = [
        {"month": f"{day:%Y-%m-%d}", "value": rounded(value)}
        for day, value in zip(pd.to_datetime(history["month_end"]), history[column], strict=True)
    ]
    line = (
        alt.Chart(data(rows))
        .mark_line(color=theme.ACCENT, point={"color": theme.ACCENT, "size": 30}, invalid="break-paths-show-domains")
        .encode(
            x=alt.X("month:T", title=None, axis=day_axis()),
            y=alt.Y(
                "value:Q", title=lines(named(label, unit), 170, TITLE), axis=alt.Axis(labelExpr=tick(), tickCount=5)
            ),
            tooltip=[
                alt.Tooltip("month:T", title=_("end of"), format="%B %Y"),
                alt.Tooltip("value:Q", title=label, format=","),
            ],
        )
    )
    return alt.layer(line).properties(height=190)
