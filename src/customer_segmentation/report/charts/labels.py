"""Names beside points, so that they cover neither points nor each other."""

from collections.abc import Iterable, Sequence

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import Axis, data, lines, middle, shortened, text_width

SIZE = 12
HEIGHT = 14  # of a line
ROOM = 140  # pixels of a line
MOST_LINES = 3  # of a name beside a point: on the width of a phone, higher ones would cover each other
FAR = 20  # pixels from which a line leads from a label to its point


def placed(
    points: pd.DataFrame,
    labels: Sequence[str],
    axes: tuple[Axis, Axis],
    ends: tuple[Sequence[float], Sequence[float]],
    extent: tuple[float, float],
    *,
    directions: np.ndarray | None = None,
    room: float = ROOM,
) -> list[alt.Chart]:
    """Write labels beside points, each at the nearest free place, with a line to its point where that is far.

    Parameters
    ----------
    points : DataFrame
        `x`, `y`: where the points are.
    labels : sequence of str
        A label for each, with line ends where wanted; wrapped to `room` pixels.
    axes : tuple of Axis
        The axes.
    ends : tuple of sequences of float
        Ends of the axes.
    extent : tuple of float
        Width and height of the chart in pixels for which labels are placed.
    directions : array of shape (n, 2), optional
        On which side of its point a label starts; above if not given.
    room : float
        Greatest width of a label.

    Returns
    -------
    list of Chart
        Layers.
    """
    written = [
        [line for part in label.split("\n") for line in lines(part, room, SIZE, is_bold=True)] for label in labels
    ]
    sizes = np.array(
        [(max(text_width(line, SIZE, is_bold=True) for line in part) + 8, HEIGHT * len(part) + 4) for part in written]
    ).reshape(-1, 2)
    anchors = np.column_stack(
        [
            _pixels(points[name].to_numpy(dtype=float), axis, limits, length)
            for name, axis, limits, length in zip("xy", axes, ends, extent, strict=True)
        ]
    )
    moved = apart(anchors, sizes, np.array([0, 0, *extent], dtype=float), directions) - anchors
    rows = [
        {"x": x, "y": y, "lines": "\n".join(part), "right": float(right), "down": float(-up)}
        for x, y, part, (right, up) in zip(points["x"], points["y"], written, moved, strict=True)
    ]
    far = [
        {key: row[key] for key in ("x", "y", "right", "down")}
        for row, size in zip(rows, sizes, strict=True)
        if max(abs(row["right"]) - size[0] / 2, abs(row["down"]) - size[1] / 2) > FAR
    ]
    layers = []
    for row in far:
        line = alt.Chart(data([row])).mark_rule(
            color=theme.INK, strokeWidth=0.8, x2Offset=row["right"], y2Offset=row["down"]
        )
        layers.append(line.encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), x2=alt.X2("x:Q"), y2=alt.Y2("y:Q")))
    look = {
        "align": "center", "baseline": "middle", "dx": alt.ExprRef("datum.right"), "fontSize": SIZE,
        "dy": middle(HEIGHT, "datum.down"), "fontWeight": "bold", "lineHeight": HEIGHT,
    }  # fmt: skip
    chart = alt.Chart(data(rows)).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("lines:N"))
    around = {"stroke": theme.PAPER, "strokeWidth": 4, "strokeJoin": "round", "color": theme.PAPER}
    return [*layers, chart.mark_text(**look | around), chart.mark_text(**look)]


def are_short(names: Iterable[str]) -> bool:
    """Say whether names have room beside their points on any screen.

    Examples
    --------
    >>> are_short(["Big Spenders", "Savers"]), are_short(["Customers of many years who buy seldom " * 2])
    (True, False)
    """
    return all(len(lines(name, ROOM, SIZE, is_bold=True)) <= MOST_LINES for name in names)


def spread(centres: Sequence[float], heights: Sequence[float], length: float) -> np.ndarray:
    """Move texts along an edge of a chart until none covers another: down where it must be, then back into the chart.

    Parameters
    ----------
    centres : sequence of float
        Where the middle of each text is wanted, in pixels.
    heights : sequence of float
        Height of each text; together no more than the length.
    length : float
        Length of the edge.

    Returns
    -------
    array of float
        Middle of each text, in the given order.

    Examples
    --------
    >>> spread([10.0, 12.0, 98.0], [10.0, 10.0, 10.0], 100.0).tolist()
    [10.0, 20.0, 95.0]
    """
    places, half = np.array(centres, dtype=float), np.asarray(heights, dtype=float) / 2
    order = np.argsort(places, kind="stable")
    free = 0.0
    for text in order:
        places[text] = max(places[text], free + half[text])
        free = places[text] + half[text]
    free = length
    for text in order[::-1]:
        places[text] = min(places[text], free - half[text])
        free = places[text] - half[text]
    return places


def _pixels(values: np.ndarray, axis: Axis, ends: Sequence[float], length: float) -> np.ndarray:
    low, high = (shortened(end) for end in ends) if axis.is_logarithmic else ends
    return ((shortened(values) if axis.is_logarithmic else values) - low) / (high - low) * length


def apart(anchors: np.ndarray, sizes: np.ndarray, frame: np.ndarray, directions: np.ndarray | None) -> np.ndarray:
    """Place boxes beside their anchors: the nearest place in the frame that covers neither anchor nor other box.

    Places are tried on ever larger ellipses around the anchor, each from the wanted direction to the opposite one.
    """
    turns = np.deg2rad([turn * side for turn in range(0, 181, 15) for side in (1, -1)])
    wanted = np.full(len(sizes), np.pi / 2)
    if directions is not None:
        wanted = np.arctan2(*np.asarray(directions, dtype=float).T[::-1])
    centres = np.zeros_like(anchors)
    for box, (anchor, half) in enumerate(zip(anchors, sizes / 2, strict=True)):
        low, high = frame[:2] + half, np.maximum(frame[2:] - half, frame[:2] + half)
        obstacles = np.vstack([centres[:box], anchors])
        reach = np.vstack([(sizes[:box] / 2) + half, np.full_like(anchors, 8) + half])
        best, fewest = anchor, np.inf
        for away in range(0, 300, 10):
            angles = wanted[box] + turns
            places = anchor + np.column_stack([np.cos(angles), np.sin(angles)]) * (half + 10 + away)
            covered = (np.abs(places[:, np.newaxis] - obstacles) < reach).all(axis=2).sum(axis=1)
            covered = covered + 100 * ((places < low - 1e-6) | (places > high + 1e-6)).any(axis=1)
            if covered.min() < fewest:
                best, fewest = places[int(covered.argmin())], covered.min()
            if fewest == 0:
                break
        centres[box] = np.clip(best, low, high)
    return centres
