"""How segments grow and shrink over time."""

import altair as alt
import pandas as pd

from customer_segmentation.report.charts.drawing import LINE, TICK, TITLE, data, lines, number


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
        {"day": f"{row.day:%Y-%m-%d}", "persona": row.persona, "colour": row.colour, "value": number(row.value)}
        for row in rows.itertuples()
    ]
    last = {row["persona"]: row for row in sorted(drawn, key=lambda row: row["day"])}
    x = alt.X("day:T", title=None, axis=alt.Axis(grid=False))
    y = alt.Y("value:Q", title=lines(label, 170, TITLE), axis=alt.Axis(labelExpr=TICK, tickCount=5))
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
                alt.Tooltip("persona:N", title="segment"),
                alt.Tooltip("day:T", title="on", format="%d %B %Y"),
                alt.Tooltip("value:Q", title=label, format=","),
            ],
        )
    )
    names = (
        alt.Chart(data(list(last.values())))
        .mark_text(align="left", baseline="middle", dx=8, lineHeight=LINE)
        .encode(x=x, y=y, text=alt.Text("persona:N"), color=colour)
    )
    return alt.layer(curve, names).properties(height=300)
