"""How features go together: every feature against every other, and lines and curves through pairs."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation.formatting import is_missing, number
from customer_segmentation.language import _, translatable
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import REFERENCE_WIDTH, Axis, data, domain, rounded, scaled

CUT_OFF = 0.005  # of the customers, at each end of the axes of a fitted pair
LOOKS = {
    "linear": (translatable("straight line"), theme.ACCENT, [1, 0]),
    "quadratic": (translatable("quadratic curve"), theme.CONTRAST, [6, 3]),
}


def pairs(customers: pd.DataFrame, features: Sequence[Axis]) -> alt.VConcatChart:
    """Draw every feature against every other.

    Parameters
    ----------
    customers : DataFrame
        One row per customer shown, one column per feature.
    features : sequence of Axis
        The features in the order of the panels.

    Returns
    -------
    VConcatChart
    """
    rows, columns = list(features)[1:], list(features)[:-1]
    fields = {axis.column: f"f{place}" for place, axis in enumerate(features)}
    ends = {axis.column: domain(customers[axis.column], axis.is_logarithmic) for axis in features}
    width = (REFERENCE_WIDTH - 70) / max(len(columns), 2) - 10
    height = min(width * 0.8, 200)
    grid = []
    for place, y in enumerate(rows):
        line = []
        for column, x in enumerate(columns[: place + 1]):
            across = scaled(x, ends[x.column], 3, width - 6)
            up = scaled(y, ends[y.column], 3, height + 6)
            if place < len(rows) - 1:
                across["title"], across["axis"].labels, across["axis"].ticks = None, False, False
            if column:
                up["title"], up["axis"].labels, up["axis"].ticks = None, False, False
            else:
                up["axis"].minExtent = up["axis"].maxExtent = 34
            line.append(
                alt.Chart()
                .mark_circle(color=theme.ACCENT, size=12, opacity=0.45)
                .encode(x=alt.X(f"{fields[x.column]}:Q", **across), y=alt.Y(f"{fields[y.column]}:Q", **up))
                .properties(width=width, height=height)
            )
        grid.append(alt.hconcat(*line, spacing=10))
    return alt.vconcat(*grid, data=data(customers[list(fields)].rename(columns=fields)), spacing=10)


def fitted(customers: pd.DataFrame, curves: pd.DataFrame, x: Axis, y: Axis) -> alt.LayerChart:
    """Draw two features against each other with the fitted line and the fitted parabola.

    Parameters
    ----------
    customers : DataFrame
        The values of both features of some customers.
    curves : DataFrame
        Rows of `feature_relationships` of this pair: one per shape.
    x, y : Axis
        The features.

    Returns
    -------
    LayerChart

    Notes
    -----
    Axes end at the 0.5 and 99.5 percentiles of the customers shown: curves are straight lines and parabolas on plain
    scales only, and a few extreme values would leave nothing to see of all others.
    """
    points = pd.DataFrame({"x": customers[x.column], "y": customers[y.column]}).dropna()
    inner = {name: points[name].quantile([CUT_OFF, 1 - CUT_OFF]).dropna() for name in "xy"}
    ends = {name: domain(values) for name, values in inner.items()}
    inside = points[np.logical_and.reduce([points[name].between(*ends[name]) for name in "xy"])]
    low, high = (inner["x"].min(), inner["x"].max()) if len(points) else (0.0, 1.0)
    places = np.linspace(low, high, 60)
    drawn, names, colours, dashes = [], [], [], []
    for curve in curves.sort_values("shape").itertuples():
        name, colour, dash = LOOKS[curve.shape]
        bend = 0.0 if is_missing(curve.quadratic_coefficient) else curve.quadratic_coefficient
        names.append(f"{_(name)}, R² = {number(curve.r_squared, 2)}")
        colours.append(colour)
        dashes.append(dash)
        values = curve.intercept + curve.slope * places + bend * places**2
        drawn += [
            {"x": rounded(place, 4), "y": rounded(value, 4), "curve": names[-1]}
            for place, value in zip(places, values, strict=True)
        ]
    position = {
        "x": alt.X("x:Q", **scaled(x, ends["x"], 5)),
        "y": alt.Y("y:Q", **scaled(y, ends["y"], 5, 250)),
    }
    key = alt.Legend(title=None, orient="top", direction="vertical", symbolSize=260, symbolStrokeWidth=3)
    return alt.layer(
        alt.Chart(data(inside)).mark_circle(color=theme.POPULATION, size=22, opacity=0.5).encode(**position),
        alt.Chart(data(drawn))
        .mark_line(strokeWidth=3, clip=True)
        .encode(
            **position,
            color=alt.Color("curve:N", scale=alt.Scale(domain=names, range=colours), legend=key),
            strokeDash=alt.StrokeDash("curve:N", scale=alt.Scale(domain=names, range=dashes), legend=key),
        ),
    ).properties(height=240)
