"""How customers pass between segments, and how segments grow and shrink over time."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from customer_segmentation.language import _
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import (
    LINE,
    TITLE,
    data,
    day_axis,
    domain,
    lines,
    middle,
    rounded,
    tick,
)
from customer_segmentation.report.charts.flows import flows_between
from customer_segmentation.report.charts.labels import spread

NOT_IN = 0  # segment of customers who are in none
NAME_ROOM = 120  # of the names of segments, in pixels


def moves(flows: pd.DataFrame, segments: pd.DataFrame, days: Sequence[str]) -> alt.LayerChart:
    """Draw how customers pass between the segments from one day to another.

    Parameters
    ----------
    flows : DataFrame
        `from_segment_id`, `to_segment_id`, `customers`; the segment 0 is none.
    segments : DataFrame
        `persona` and `colour` by segment.
    days : sequence of str
        The two days.

    Returns
    -------
    LayerChart
    """
    before = _side(flows.groupby("from_segment_id")["customers"].sum(), segments, _("Not here yet"))
    after = _side(flows.groupby("to_segment_id")["customers"].sum(), segments, _("Gone"))
    named = flows.rename(columns={"from_segment_id": "cluster_id", "to_segment_id": "other_cluster_id"})
    return flows_between([before, after], [named], days)


def _side(customers: pd.Series, segments: pd.DataFrame, absent: str) -> pd.DataFrame:
    """Describe the segments of one side of the flow, and the customers who are in none."""
    side = pd.DataFrame({"cluster_id": customers.index, "customers": customers.to_numpy()})
    known = segments.reindex(side["cluster_id"])
    is_in_none = (side["cluster_id"] == NOT_IN).to_numpy()
    return side.assign(
        persona=known["persona"].mask(is_in_none, absent).to_numpy(),
        colour=known["colour"].mask(is_in_none, theme.GRID).to_numpy(),
        share_of_customers=side["customers"] / side["customers"].sum(),
    )


def sizes(rows: pd.DataFrame, label: str) -> alt.LayerChart:
    """Draw a figure of each segment from day to day.

    Parameters
    ----------
    rows : DataFrame
        One row per day and segment: `day`, `persona`, `colour`, `value`.
    label : str
        What the figure is.

    Returns
    -------
    LayerChart
    """
    drawn = [
        {"day": f"{row.day:%Y-%m-%d}", "persona": row.persona, "colour": row.colour, "value": rounded(row.value)}
        for row in rows.itertuples()
    ]
    last = {row["persona"]: row for row in sorted(drawn, key=lambda row: row["day"])}
    low, high = domain([0, *(row["value"] for row in drawn)], room=0)
    texts = [lines(name, NAME_ROOM) for name in last]
    heights = [LINE * len(text) for text in texts]
    height = max(300.0, sum(heights))
    wanted = [(high - row["value"]) / (high - low) * height for row in last.values()]
    x = alt.X("day:T", title=None, axis=day_axis())
    y = alt.Y(
        "value:Q",
        title=lines(label, 170, TITLE),
        axis=alt.Axis(labelExpr=tick(), tickCount=5),
        scale=alt.Scale(domain=[low, high], nice=False),
    )
    colour = alt.Color("colour:N", scale=None)
    curve = (
        alt.Chart(data(drawn))
        .mark_line(point={"size": 24})
        .encode(
            x=x,
            y=y,
            color=colour,
            detail=alt.Detail("persona:N"),
            tooltip=[
                alt.Tooltip("persona:N", title=_("segment")),
                alt.Tooltip("day:T", title=_("on"), format=_("%d %B %Y")),
                alt.Tooltip("value:Q", title=label, format=","),
            ],
        )
    )
    names = (
        alt.Chart(
            data(
                {**row, "lines": "\n".join(text), "down": float(shown - where)}
                for row, text, shown, where in zip(
                    last.values(), texts, spread(wanted, heights, height), wanted, strict=True
                )
            )
        )
        .mark_text(align="left", baseline="middle", dx=8, dy=middle(LINE, "datum.down"), lineHeight=LINE)
        .encode(x=x, y=y, text=alt.Text("lines:N"))
    )
    return alt.layer(curve, names).properties(height=height)
