"""The interactive charts of the report: functions on frames that return figures for plotly.js as plain mappings.

Plain mappings rather than objects of plotly keep the file small and the same for the same tables. Names and labels come
from the files of users and plotly reads markup in texts, so every text goes through `plotly_text`.
"""

import html
import textwrap
from collections.abc import Mapping

import pandas as pd

from customer_segmentation.formatting import cell, is_missing, named, percent
from customer_segmentation.report.theme import ACCENT, CONTRAST, GRADES, GRID, INK, MUTED, POPULATION

# In the order of the personas. Three dimensions know no more than the first ones, which two dimensions share with them.
SYMBOLS_3D = ("circle", "square", "diamond", "cross", "circle-open", "square-open", "diamond-open")
SYMBOLS = (*SYMBOLS_3D, "triangle-up", "triangle-down", "pentagon", "hexagram", "star")


def plotly_text(text: str, width: int | None = None) -> str:
    """Make a text safe to show in a chart, and wrap it to a number of characters.

    Examples
    --------
    >>> plotly_text("<i>Affluent & idle", 12)
    '&lt;i&gt;Affluent<br>&amp; idle'
    """
    if width is None:
        return html.escape(str(text), quote=False)
    lines = textwrap.wrap(str(text), width, max_lines=3, placeholder=" …") or [""]
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def numbers(values) -> list:
    """Turn a column into numbers with six significant digits, null where there is none."""
    return [None if is_missing(value) else float(f"{value:.6g}") for value in values]


def axis_title(label: str, unit: str | None = None) -> str:
    """Name an axis: the label, and the unit if there is one."""
    return plotly_text(named(label, unit), 40)


def _layout(height: int, **options) -> dict:
    layout = {
        "height": height,
        "margin": {"l": 48, "r": 12, "t": 8, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif", "size": 13, "color": INK},
        "hoverlabel": {"align": "left", "namelength": -1},
        "showlegend": False,
        "dragmode": False,
    }
    return layout | options


def _axis(title: str | None = None, **options) -> dict:
    axis = {"gridcolor": GRID, "zeroline": False, "linecolor": GRID, "automargin": True, "fixedrange": True}
    if title:
        axis["title"] = {"text": title, "font": {"color": MUTED, "size": 13}, "standoff": 8}
    return axis | options


def criterion(selection: pd.DataFrame, column: str) -> dict:
    """Draw a criterion for the number of segments over the numbers that were tried.

    Parameters
    ----------
    selection : DataFrame
        Rows of `k_selection` of one segmentation.
    column : str
        The criterion; its standard error is shown if there is a column for it.

    Returns
    -------
    dict
    """
    rows = selection.sort_values("k")
    error = f"{column}_standard_error"
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [int(k) for k in rows["k"]],
        "y": numbers(rows[column]),
        "line": {"color": POPULATION, "width": 2},
        "marker": {"color": POPULATION, "size": 6},
        "hovertemplate": "k = %{x}: %{y:.3~f}<extra></extra>",
    }
    if error in rows:
        line["error_y"] = {
            "type": "data",
            "array": numbers(rows[error]),
            "color": POPULATION,
            "thickness": 1,
            "width": 3,
        }
    marks = []
    for flag, symbol, colour, size in (
        ("is_recommended", "circle-open", CONTRAST, 16),
        ("is_in_use", "circle", ACCENT, 9),
    ):
        chosen = rows[rows[flag].astype(bool)]
        marks.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [int(k) for k in chosen["k"]],
                "y": numbers(chosen[column]),
                "marker": {"symbol": symbol, "color": colour, "size": size, "line": {"width": 2}},
                "hoverinfo": "skip",
            }
        )
    return {
        "data": [line, *marks],
        "layout": _layout(190, xaxis=_axis(dtick=1 if len(rows) < 12 else 2), yaxis=_axis(nticks=5)),
    }


def stability(stability_rows: pd.DataFrame) -> dict:
    """Draw how well each segment comes back in new samples.

    Parameters
    ----------
    stability_rows : DataFrame
        Rows of `segment_stability` of one segmentation in the order of its personas.

    Returns
    -------
    dict
    """
    rows = stability_rows.iloc[::-1]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [plotly_text(name, 22) for name in rows["persona"]],
                "x": numbers(rows["bootstrap_jaccard"]),
                "error_x": {
                    "type": "data",
                    "array": numbers(1.96 * rows["bootstrap_jaccard_standard_error"]),
                    "color": INK,
                    "thickness": 1,
                },
                "marker": {"color": [GRADES.get(grade, POPULATION) for grade in rows["stability_grade"]]},
                "text": [
                    "" if is_missing(value) else f"{value:.2f} {'' if is_missing(grade) else grade}"
                    for value, grade in zip(rows["bootstrap_jaccard"], rows["stability_grade"], strict=True)
                ],
                "insidetextanchor": "start",
                "textposition": "inside",
                "textfont": {"color": INK},
                "hoverinfo": "y+text",
            }
        ],
        "layout": _layout(
            _bars_height(len(rows)),
            xaxis=_axis("bootstrap Jaccard (1 is best)", range=[0, 1.05]),
            yaxis=_axis(type="category"),
        ),
    }


def sizes(segments: pd.DataFrame) -> dict:
    """Draw how many customers each segment has.

    Parameters
    ----------
    segments : DataFrame
        Segments in their order: `persona`, `colour`, `customers`, `share_of_customers`.

    Returns
    -------
    dict
    """
    rows = segments.iloc[::-1]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [plotly_text(name, 22) for name in rows["persona"]],
                "x": [int(number) for number in rows["customers"]],
                "marker": {"color": list(rows["colour"])},
                "text": [
                    f"{customers:,} ({share})"
                    for customers, share in zip(segments["customers"], segments["share"], strict=True)
                ][::-1],
                "textposition": "auto",
                "cliponaxis": False,
                "hoverinfo": "y+text",
            }
        ],
        "layout": _layout(
            _bars_height(len(rows)),
            margin={"l": 48, "r": 70, "t": 8, "b": 44},
            xaxis=_axis("customers", nticks=5, tickformat=","),
            yaxis=_axis(type="category"),
        ),
    }


def plane(customers: pd.DataFrame, segments: pd.DataFrame, x: tuple[str, str], y: tuple[str, str]) -> dict:
    """Draw customers as points in two dimensions, coloured and marked by segment.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id` and the columns drawn.
    segments : DataFrame
        Segments in their order: `cluster_id`, `persona`, `colour`.
    x, y : tuple of (str, str)
        Column and title of the axis.

    Returns
    -------
    dict
    """
    data = []
    for position, segment in enumerate(segments.itertuples()):
        rows = customers[customers["cluster_id"] == segment.cluster_id]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": plotly_text(segment.persona, 26),
                "x": numbers(rows[x[0]]),
                "y": numbers(rows[y[0]]),
                "marker": {
                    "color": segment.colour,
                    "symbol": SYMBOLS[position % len(SYMBOLS)],
                    "size": 8 if len(customers) < 500 else 5,
                    "opacity": 0.75,
                },
            }
        )
    return {
        "data": data,
        "layout": _layout(
            480,
            showlegend=True,
            legend={"orientation": "h", "y": -0.16, "yanchor": "top", "itemsizing": "constant"},
            xaxis=_axis(x[1]),
            yaxis=_axis(y[1]),
        ),
    }


def space(customers: pd.DataFrame, segments: pd.DataFrame, axes: list[tuple[str, str]]) -> dict:
    """Draw customers as points in three dimensions, to be turned.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id` and the columns drawn.
    segments : DataFrame
        Segments in their order.
    axes : list of tuple of (str, str)
        Column and title of the three axes.

    Returns
    -------
    dict
    """
    data = []
    for position, segment in enumerate(segments.itertuples()):
        rows = customers[customers["cluster_id"] == segment.cluster_id]
        data.append(
            {
                "type": "scatter3d",
                "mode": "markers",
                "name": plotly_text(segment.persona, 26),
                **{name: numbers(rows[column]) for name, (column, _) in zip("xyz", axes, strict=True)},
                "marker": {
                    "color": segment.colour,
                    "symbol": SYMBOLS_3D[position % len(SYMBOLS_3D)],
                    "size": 4 if len(customers) < 500 else 2.5,
                    "opacity": 0.8,
                },
            }
        )
    scene = {
        f"{name}axis": {
            "title": {"text": title, "font": {"size": 13}},
            "gridcolor": GRID,
            "backgroundcolor": "rgba(0,0,0,0)",
            "color": MUTED,
        }
        for name, (_, title) in zip("xyz", axes, strict=True)
    }
    return {
        "data": data,
        "layout": _layout(
            500,
            dragmode="turntable",
            showlegend=True,
            legend={"orientation": "h", "y": 0, "yanchor": "top", "itemsizing": "constant"},
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            scene=scene | {"camera": {"eye": {"x": 1.6, "y": 1.6, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.15}}},
        ),
    }


def boxes(distributions: pd.DataFrame, segments: pd.DataFrame, label: str, unit: str | None) -> dict:
    """Draw a feature as one box per segment.

    Parameters
    ----------
    distributions : DataFrame
        Rows of `segment_distributions` of one segmentation and feature.
    segments : DataFrame
        Segments in their order.
    label, unit : str
        Of the feature.

    Returns
    -------
    dict
    """
    data = []
    for segment in segments.iloc[::-1].itertuples():
        rows = distributions[distributions["cluster_id"] == segment.cluster_id]
        if not rows.empty and not is_missing(rows.iloc[0]["median"]):
            data.append(_box(rows.iloc[0], plotly_text(segment.persona, 22), segment.colour))
    return {
        "data": data,
        "layout": _layout(_bars_height(len(data)), xaxis=_axis(axis_title(label, unit)), yaxis=_axis(type="category")),
    }


def category_boxes(profiles: pd.DataFrame, label: str, unit: str | None) -> dict:
    """Draw a feature as one box per value of a category.

    Parameters
    ----------
    profiles : DataFrame
        Rows of `category_profiles` of one category and feature.
    label, unit : str
        Of the feature.

    Returns
    -------
    dict
    """
    rows = profiles.dropna(subset=["median"]).sort_values("category_value", ascending=False)
    data = [_box(row, plotly_text(row["category_value"], 16), ACCENT) for _, row in rows.iterrows()]
    return {
        "data": data,
        "layout": _layout(_bars_height(len(data)), xaxis=_axis(axis_title(label, unit)), yaxis=_axis(type="category")),
    }


def _box(row: Mapping, name: str, colour: str) -> dict:
    return {
        "type": "box",
        "orientation": "h",
        "name": name,
        "y": [name],
        "q1": numbers([row["p25"]]),
        "median": numbers([row["median"]]),
        "q3": numbers([row["p75"]]),
        "lowerfence": numbers([row["lower_whisker"]]),
        "upperfence": numbers([row["upper_whisker"]]),
        "marker": {"color": colour},
        "line": {"width": 1.5},
    }


def histogram(bins: pd.DataFrame, label: str, unit: str | None, median: float | None) -> dict:
    """Draw how the customers spread over a feature, with the median as a line.

    Parameters
    ----------
    bins : DataFrame
        Rows of `feature_histograms` of one feature.
    label, unit : str
        Of the feature.
    median : float or None
        Median of the feature.

    Returns
    -------
    dict
    """
    bins = bins.sort_values("bin")
    lower, upper = bins["lower_bound"], bins["upper_bound"]
    layout = _layout(210, bargap=0.04, xaxis=_axis(axis_title(label, unit)), yaxis=_axis(nticks=4))
    if not is_missing(median):
        layout["shapes"] = [
            {
                "type": "line", "x0": float(median), "x1": float(median), "y0": 0, "y1": 1, "yref": "paper",
                "line": {"color": CONTRAST, "width": 2, "dash": "dot"},
            }
        ]  # fmt: skip
    return {
        "data": [
            {
                "type": "bar",
                "x": numbers((lower + upper) / 2),
                "width": numbers((upper - lower).where(upper > lower, 1.0)),
                "y": [int(number) for number in bins["customers"]],
                "marker": {"color": ACCENT},
                "text": [f"{cell(a, unit)} to {cell(b, unit)}" for a, b in zip(lower, upper, strict=True)],
                "textposition": "none",
                "hovertemplate": "%{text}: %{y:,} customers<extra></extra>",
            }
        ],
        "layout": layout,
    }


def months(history: pd.DataFrame, column: str, label: str, unit: str | None) -> dict:
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
    dict
    """
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [f"{day:%Y-%m-%d}" for day in pd.to_datetime(history["month_end"])],
                "y": numbers(history[column]),
                "line": {"color": ACCENT, "width": 2},
                "marker": {"color": ACCENT, "size": 5},
                "hovertemplate": "end of %{x|%B %Y}: %{y:,}<extra></extra>",
            }
        ],
        "layout": _layout(240, xaxis=_axis(), yaxis=_axis(axis_title(label, unit), rangemode="tozero", nticks=5)),
    }


def fitted(customers: pd.DataFrame, curves: pd.DataFrame, x: tuple[str, str], y: tuple[str, str]) -> dict:
    """Draw two features against each other with the fitted line and the fitted parabola.

    Parameters
    ----------
    customers : DataFrame
        The values of both features of some customers.
    curves : DataFrame
        Rows of `feature_relationships` of this pair: one per shape.
    x, y : tuple of (str, str)
        Column and title of the axis.

    Returns
    -------
    dict
    """
    low, high = customers[x[0]].min(), customers[x[0]].max()
    places = [low + (high - low) * step / 40 for step in range(41)]
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "customers",
            "x": numbers(customers[x[0]]),
            "y": numbers(customers[y[0]]),
            "marker": {"color": POPULATION, "size": 5, "opacity": 0.5},
            "hoverinfo": "skip",
        }
    ]
    looks = {"linear": (ACCENT, "solid"), "quadratic": (CONTRAST, "dash")}
    for curve in curves.sort_values("shape").itertuples():
        bend = 0.0 if is_missing(curve.quadratic_coefficient) else curve.quadratic_coefficient
        colour, dash = looks.get(curve.shape, (INK, "dot"))
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": plotly_text(f"{curve.shape} ({percent(curve.r_squared)} of the variance)"),
                "x": numbers(places),
                "y": numbers([curve.intercept + curve.slope * place + bend * place**2 for place in places]),
                "line": {"color": colour, "dash": dash, "width": 3},
            }
        )
    return {
        "data": data,
        "layout": _layout(
            340,
            showlegend=True,
            legend={"orientation": "h", "y": -0.22, "yanchor": "top"},
            xaxis=_axis(x[1]),
            yaxis=_axis(y[1]),
        ),
    }


def silhouettes(customers: pd.DataFrame, segments: pd.DataFrame) -> dict:
    """Draw the silhouette of every customer of the sample, sorted within each segment.

    Parameters
    ----------
    customers : DataFrame
        Rows of `customer_silhouettes` of one segmentation.
    segments : DataFrame
        Segments in their order.

    Returns
    -------
    dict
    """
    data = []
    place = 0
    for segment in segments.itertuples():
        values = customers[customers["cluster_id"] == segment.cluster_id]["silhouette"].sort_values(ascending=False)
        if values.empty:
            continue
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "tozeroy",
                "name": plotly_text(segment.persona, 26),
                "x": list(range(place, place + len(values))),
                "y": numbers(values),
                "line": {"color": segment.colour, "width": 1, "shape": "hv"},
                "hovertemplate": "%{y:.2f}",
            }
        )
        place += len(values) + max(1, len(customers) // 60)
    return {
        "data": data,
        "layout": _layout(
            300,
            showlegend=True,
            legend={"orientation": "h", "y": -0.08, "yanchor": "top"},
            xaxis=_axis(showticklabels=False, showgrid=False),
            yaxis=_axis("silhouette", zeroline=True, zerolinecolor=INK),
        ),
    }


def _bars_height(bars: int) -> int:
    return 70 + 38 * max(bars, 2)
