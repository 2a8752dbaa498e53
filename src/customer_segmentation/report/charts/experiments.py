"""What campaigns changed: the effect of each persona with its interval."""

import altair as alt
import pandas as pd

from customer_segmentation.formatting import figure
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import LINE, ROW, TICK, TITLE, data, domain, lines, names_beside

NAME_ROOM = 190
COLOURS = {"gain proven": theme.ACCENT, "loss proven": theme.CONTRAST}  # all others are grey


def effects(rows: pd.DataFrame, title: str, unit: str | None) -> alt.LayerChart:
    """Draw the effect of each persona as a point in its interval, beside a line where there is none.

    Parameters
    ----------
    rows : DataFrame
        `persona`, `effect`, `effect_low`, `effect_high` and `verdict`, one row per persona in their order.
    title : str
        What the effect is, for the axis.
    unit : str or None
        Its unit.

    Returns
    -------
    LayerChart
    """
    shown = rows.reset_index(drop=True)
    shown = pd.DataFrame(
        {
            "row": range(len(shown)),
            "name": shown["persona"],
            "verdict": shown["verdict"],
            "effect": shown["effect"],
            "low": shown["effect_low"],
            "high": shown["effect_high"],
            "colour": [COLOURS.get(verdict, theme.MUTED) for verdict in shown["verdict"]],
            "told": [figure(value, unit) for value in shown["effect"]],
            "between": [
                f"{figure(row.effect_low, unit)} to {figure(row.effect_high, unit)}" for row in shown.itertuples()
            ],
        }
    )
    ends = domain([0.0, *shown["low"], *shown["high"]])
    x = {
        "title": lines(title, 290, TITLE),
        "scale": alt.Scale(domain=ends, nice=False, zero=False),
        "axis": alt.Axis(labelExpr=TICK, tickCount=5),
    }
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(shown["row"]), padding=0.2))
    colour = alt.Color("colour:N", scale=None)
    tooltip = [
        alt.Tooltip("name:N", title="persona"),
        alt.Tooltip("told:N", title="effect"),
        alt.Tooltip("between:N", title="interval"),
        alt.Tooltip("verdict:N", title="verdict"),
    ]
    chart = alt.Chart(data(shown)).encode(y=y, color=colour, tooltip=tooltip)
    nothing = alt.Chart(data([{"zero": 0.0}])).mark_rule(color=theme.INK, strokeDash=[4, 3])
    return alt.layer(
        nothing.encode(x=alt.X("zero:Q", **x)),
        chart.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", **x), x2=alt.X2("high:Q")),
        chart.mark_point(filled=True, size=90, opacity=1).encode(x=alt.X("effect:Q", **x)),
        names_beside(shown[["row"]], y, list(shown["name"]), room=NAME_ROOM),
    ).properties(height=ROW * len(shown) + LINE)
