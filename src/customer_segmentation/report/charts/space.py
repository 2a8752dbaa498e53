"""Customers in three dimensions: a figure of plotly to be turned, and a drawing of it from one side for pictures.

Vega has no third dimension. The figure is a plain mapping rather than an object of plotly, which keeps the file small
and the same for the same tables. plotly reads markup in texts, so every text goes through `plotly_text`.
"""

import html
from collections.abc import Sequence
from itertools import product

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation.language import isolated, localized, used
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import (
    LINE,
    TITLE,
    Axis,
    data,
    domain,
    lines,
    log_ticks,
    middle,
    rounded,
    shortened,
)
from customer_segmentation.report.charts.symbols import identity, named, symbols

HEIGHT = 500  # of the figure and of the drawing, in pixels
TURN, TILT = np.deg2rad(-60), np.deg2rad(20)  # from where the drawing is seen
PROPORTIONS = np.array([1.25, 1.25, 0.95])
CORNER = (0.0, 1.0, 0.0)  # of the box, where the three walls meet that are behind the points


def plotly_text(text: str, width: int = 60) -> str:
    """Make a text safe to show in a figure of plotly, in lines of at most some characters.

    Examples
    --------
    >>> plotly_text("<i>Affluent & idle", 12)
    '&lt;i&gt;Affluent &amp;<br>idle'
    """
    return "<br>".join(html.escape(line, quote=False) for line in lines(text, width * 6.5))


def space(customers: pd.DataFrame, segments: pd.DataFrame, axes: Sequence[Axis]) -> dict:
    """Draw customers as points in three dimensions, to be turned.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id` and the columns of the axes.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, in the order of the personas.
    axes : sequence of Axis
        The three axes.

    Returns
    -------
    dict
        A figure of plotly.
    """
    points = []
    for segment, symbol in zip(segments.itertuples(), symbols(len(segments)), strict=True):
        rows = customers[customers["cluster_id"] == segment.cluster_id]
        points.append(
            {
                "type": "scatter3d",
                "mode": "markers",
                "name": plotly_text(segment.persona, 26),
                **{name: list(map(rounded, rows[axis.column])) for name, axis in zip("xyz", axes, strict=True)},
                "marker": {
                    "color": segment.colour,
                    "symbol": symbol.space,
                    "size": 4 if len(customers) < 500 else 2.5,
                    "opacity": 0.8,
                },
            }
        )
    scene = {
        f"{name}axis": {
            "title": {"text": plotly_text(axis.title), "font": {"size": 13}},
            "gridcolor": theme.GRID,
            "backgroundcolor": "rgba(0,0,0,0)",
        }
        for name, axis in zip("xyz", axes, strict=True)
    }
    camera = {"eye": {"x": 1.6, "y": 1.6, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.15}}
    layout = {
        "height": HEIGHT,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {
            "family": "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
            "size": 13,
            "color": theme.INK,
        },
        "hoverlabel": {"align": "left", "namelength": -1},
        "dragmode": "turntable",
        "showlegend": True,
        "legend": {"orientation": "h", "y": 0, "yanchor": "top", "itemsizing": "constant"},
        "scene": scene | {"camera": camera},
        "separators": used().decimal + used().group,
    }
    return {"data": points, "layout": layout}


def seen_from_one_side(customers: pd.DataFrame, segments: pd.DataFrame, axes: Sequence[Axis]) -> alt.LayerChart:
    """Draw customers in three dimensions from one side, in parallel projection, those in front over those behind.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id` and the columns of the axes.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, `share`, in the order of the personas.
    axes : sequence of Axis
        The three axes.

    Returns
    -------
    LayerChart
    """
    order = {cluster: place for place, cluster in enumerate(segments["cluster_id"])}
    rows = customers.assign(place=customers["cluster_id"].map(order)).dropna(
        subset=["place", *(axis.column for axis in axes)]
    )
    ends = [domain(rows[axis.column], axis.is_logarithmic) for axis in axes]
    cube = np.column_stack(
        [
            _shares(rows[axis.column].to_numpy(dtype=float), axis, limits)
            for axis, limits in zip(axes, ends, strict=True)
        ]
    )
    seen = _projected(cube)
    nearness = np.argsort(seen[:, 2], kind="stable")
    points = [
        {"place": int(place), "x": x, "y": y}
        for place, (x, y, _) in zip(rows["place"].to_numpy()[nearness], seen[nearness], strict=True)
    ]
    corners = _projected(np.array(list(product((0.0, 1.0), repeat=3))))
    reach = {name: domain(corners[:, side], room=0.1) for side, name in enumerate("xy")}
    x, y = (
        encode(f"{name}:Q", axis=None, scale=alt.Scale(domain=reach[name], nice=False, zero=False))
        for name, encode in (("x", alt.X), ("y", alt.Y))
    )
    walls, ticks, titles = _box(axes, ends)
    names = [f"{isolated(segment.persona)} ({segment.share})" for segment in segments.itertuples()]
    cloud = named(alt.Chart(data(points)), segments, names).mark_point(
        filled=True, size=22 if len(points) > 500 else 50, opacity=0.6 if len(points) > 500 else 0.8
    )
    centred = {"align": "center", "baseline": "middle"}
    return alt.layer(
        alt.Chart(data(walls)).mark_rule(color=theme.GRID).encode(x=x, y=y, x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")),
        cloud.encode(x=x, y=y, **identity(segments, names, has_key=True)),
        alt.Chart(data(ticks)).mark_text(**centred).encode(x=x, y=y, text=alt.Text("text:N")),
        alt.Chart(data(titles))
        .mark_text(**centred, fontSize=TITLE, lineHeight=LINE, dy=middle(LINE))
        .encode(x=x, y=y, text=alt.Text("lines:N")),
    ).properties(height=HEIGHT)


def _shares(values: np.ndarray, axis: Axis, ends: Sequence[float]) -> np.ndarray:
    low, high = (shortened(end) for end in ends) if axis.is_logarithmic else ends
    return ((shortened(values) if axis.is_logarithmic else values) - low) / (high - low)


def _projected(cube: np.ndarray) -> np.ndarray:
    """Turn points of the unit cube into right, up and towards the reader."""
    x, y, z = ((cube.reshape(-1, 3) - 0.5) * PROPORTIONS).T
    across, depth = -np.sin(TURN) * x + np.cos(TURN) * y, np.cos(TURN) * x + np.sin(TURN) * y
    return np.column_stack([across, np.cos(TILT) * z - np.sin(TILT) * depth, np.cos(TILT) * depth + np.sin(TILT) * z])


def _box(axes: Sequence[Axis], ends: Sequence[Sequence[float]]) -> tuple[list[dict], list[dict], list[dict]]:
    """Return the lines on the three walls behind the points, the ticks in front of them, and the titles of the axes."""
    walls, ticks, titles = [], [], []
    for side, (axis, limits) in enumerate(zip(axes, ends, strict=True)):
        values = log_ticks(limits[0], limits[1], 5) if axis.is_logarithmic else _even_ticks(*limits)
        places = _shares(np.array(values), axis, limits)
        for place, share in enumerate([*places, 0.0, 1.0]):
            for other in {0, 1, 2} - {side}:
                line = np.array([CORNER, CORNER])
                line[:, side] = share
                line[:, other] = 0.0, 1.0
                (x, y, _), (x2, y2, _) = _projected(line)
                walls.append({"x": x, "y": y, "x2": x2, "y2": y2})
            if place < len(places):
                x, y, _ = _projected(_outside(side, share, 0.07))[0]
                ticks.append({"x": x, "y": y, "text": localized(f"{values[place] + 0:,.6g}")})
        # Beside the upright axis there is no room: its title stands above it.
        x, y, _ = _projected(_outside(side, 1.12, 0.0) if side == 2 else _outside(side, 0.5, 0.2))[0]
        titles.append({"x": x, "y": y, "lines": "\n".join(lines(axis.title, 190, TITLE))})
    return walls, ticks, titles


def _outside(side: int, share: float, away: float) -> np.ndarray:
    """Return a place beside the edge of the box on which the ticks of an axis are written."""
    edges = {0: [share, -away, -away / 2], 1: [1 + away, share, -away / 2], 2: [1 + away, 1 + away / 2, share]}
    return np.array(edges[side])


def _even_ticks(low: float, high: float) -> list[float]:
    step = 10.0 ** np.floor(np.log10((high - low) / 4))
    step *= next(times for times in (1, 2, 5, 10) if (high - low) / (step * times) <= 5)
    return [float(f"{tick:.6g}") for tick in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step + 0.0]
