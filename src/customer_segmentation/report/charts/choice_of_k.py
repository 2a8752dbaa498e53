"""Why a segmentation has k segments: each criterion over the numbers of segments that were tried."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from customer_segmentation.formatting import whole
from customer_segmentation.language import _
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import TITLE, data, lines, tick
from customer_segmentation.report.criteria import Criterion


def criterion(
    selection: pd.DataFrame, recommendation: Mapping[str, Any], shown: Criterion, *, height: float = 150
) -> alt.LayerChart:
    """Draw a criterion by the number of segments, with what it chooses, the k in use and the k recommended.

    Parameters
    ----------
    selection : DataFrame
        Rows of `k_selection` of one segmentation.
    recommendation : mapping
        The k that each criterion chooses, `k_in_use`, `recommended_k`.
    shown : Criterion
        The criterion.
    height : float
        Height of the axes, in pixels.

    Returns
    -------
    LayerChart
    """
    rows = selection.dropna(subset=[shown.column]).sort_values("k")
    used, recommended, chosen = (whole(recommendation.get(one)) for one in ("k_in_use", "recommended_k", shown.chosen))
    error = rows[shown.error].fillna(0) if shown.error else 0.0
    value = rows[shown.column].astype(float)
    points = pd.DataFrame({"k": rows["k"], "value": value, "low": value - error, "high": value + error})
    steps = list(range(int(selection["k"].min()), int(selection["k"].max()) + 1))
    rule = _(shown.rule)
    choice = _("chooses none ({rule})", rule=rule) if chosen is None else _("chooses {k} ({rule})", k=chosen, rule=rule)
    x = alt.X(
        "k:Q",
        title=[_("number of segments k"), choice],
        scale=alt.Scale(domain=[steps[0] - 0.5, steps[-1] + 0.5], nice=False),
        axis=alt.Axis(values=steps[:: -(-len(steps) // 10)], format="d", grid=False),
    )
    up = {
        "title": lines(_(shown.name), height, TITLE),
        "scale": alt.Scale(zero=shown.column == "inertia"),
        "axis": alt.Axis(labelExpr=tick(), tickCount=4),
    }
    y = alt.Y("value:Q", **up)
    layers = []
    if used is not None:
        band = alt.Chart(data([{"k": used - 0.35, "to": used + 0.35}]))
        layers.append(band.mark_rect(color=theme.BAND).encode(x=x, x2=alt.X2("to:Q")))
    if recommended is not None:
        line = alt.Chart(data([{"k": recommended}]))
        layers.append(line.mark_rule(color=theme.INK, strokeDash=[3, 3]).encode(x=x))
    chart = alt.Chart(data(points)).encode(x=x)
    if shown.error:
        layers.append(chart.mark_rule(color=theme.MUTED).encode(y=alt.Y("low:Q", **up), y2=alt.Y2("high:Q")))
    figures = [alt.Tooltip("k:Q"), alt.Tooltip("value:Q", title=_(shown.name), format=",.3~f")]
    layers.append(chart.mark_line(color=theme.INK, strokeWidth=2).encode(y=y))
    layers.append(chart.mark_point(color=theme.INK, filled=True, size=30, opacity=1).encode(y=y, tooltip=figures))
    if chosen is not None and chosen in set(points["k"]):
        point = alt.Chart(data(points[points["k"] == chosen][["k", "value"]])).encode(x=x, y=y, tooltip=figures)
        layers.append(point.mark_point(color=theme.CONTRAST, filled=True, size=110, opacity=1, stroke=theme.PAPER))
    return alt.layer(*layers).properties(height=height)
