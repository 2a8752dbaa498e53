"""The frame of every picture: title, subtitle, source, and labels that neither overlap nor get cut."""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextToPath

from customer_segmentation.report import theme

TITLE_SIZE = 13
SUBTITLE_SIZE = 9.5
SOURCE_SIZE = 7.5
MARGIN = 0.12  # inches at the left and the right of all text
LINE_HEIGHT = 1.3  # lines of text, in font sizes
POINTS_PER_INCH = 72

# A picture with more points than this embeds them as an image: one element each would make a file of megabytes.
MOST_VECTOR_POINTS = 400
RASTER_RESOLUTION = 200


class Heading(NamedTuple):
    """What is written around a picture.

    Attributes
    ----------
    title : str
        The finding.
    subtitle : str
        What is shown, and of how many customers.
    source : str
        The tables behind it.
    """

    title: str
    subtitle: str
    source: str


def in_style(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Run a drawing function under the settings of the theme, whatever the settings of the caller."""

    @functools.wraps(draw)
    def drawn(*arguments, **options) -> Figure:
        with matplotlib.rc_context(theme.STYLE):
            return draw(*arguments, **options)

    return drawn


def sheet(heading: Heading, height: float, *, width: float = theme.PICTURE_WIDTH) -> Figure:
    """Return a figure with its text, and space for axes between title and source.

    Parameters
    ----------
    heading : Heading
        What is written around the picture; wrapped to its width.
    height : float
        Height of the space for axes, in inches. The figure is higher by what its text needs.
    width : float
        Width of the figure, in inches.

    Returns
    -------
    Figure
    """
    room = (width - 2 * MARGIN) * POINTS_PER_INCH
    parts = [
        (wrapped(heading.title, room, TITLE_SIZE, "bold"), TITLE_SIZE, "bold", theme.INK, 5),
        (wrapped(heading.subtitle, room, SUBTITLE_SIZE), SUBTITLE_SIZE, "normal", theme.MUTED, 6),
    ]
    source = wrapped(heading.source, room, SOURCE_SIZE)
    above = 8 + sum(_height(text, size) + gap for text, size, _, _, gap in parts)
    below = _height(source, SOURCE_SIZE) + 10
    total = height + (above + below) / POINTS_PER_INCH
    engine = ConstrainedLayoutEngine(
        rect=(0, below / POINTS_PER_INCH / total, 1, height / total), w_pad=0.08, h_pad=0.05, hspace=0.04, wspace=0.03
    )
    figure = Figure(figsize=(width, total), layout=engine)
    left = MARGIN / width
    down = 8.0
    for text, size, weight, colour, gap in parts:
        figure.text(
            left,
            1 - down / POINTS_PER_INCH / total,
            text,
            size=size,
            weight=weight,
            color=colour,
            va="top",
            linespacing=LINE_HEIGHT - 0.1,
        )
        down += _height(text, size) + gap
    figure.text(left, 5 / POINTS_PER_INCH / total, source, size=SOURCE_SIZE, color=theme.MUTED, va="bottom")
    return figure


def panels(figure: Figure, count: int, columns: int, **options) -> list[Axes]:
    """Return the axes of small multiples, row by row.

    Parameters
    ----------
    figure : Figure
        Where to put them.
    count : int
        Number of panels.
    columns : int
        Panels in a row, at most.

    Returns
    -------
    list of Axes
        `count` axes; the rest of the last row stays empty.
    """
    columns = min(columns, count)
    grid = figure.subplots(-(-count // columns), columns, squeeze=False, **options).ravel()
    for unused in grid[count:]:
        unused.set_axis_off()
    return list(grid[:count])


@functools.lru_cache(maxsize=10_000)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of the widest line of a text, in points."""
    font = FontProperties(family=theme.FONT, size=size, weight=weight)
    measure = TextToPath().get_text_width_height_descent
    return max(measure(line, font, ismath=False)[0] for line in text.split("\n")) if text else 0.0


def wrapped(text: str, width: float, size: float, weight: str = "normal") -> str:
    """Break a text into lines of at most a width.

    Parameters
    ----------
    text : str
        The text; a word wider than the width is broken inside.
    width : float
        Greatest width of a line, in points.
    size : float
        Font size, in points.
    weight : str
        Weight of the font.

    Returns
    -------
    str
        The text with line ends.
    """
    lines = [""]
    for word in text.split():
        candidate = f"{lines[-1]} {word}".strip()
        if text_width(candidate, size, weight) <= width:
            lines[-1] = candidate
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and text_width(lines[-1] + character, size, weight) > width:
                lines.append("")
            lines[-1] += character
    return "\n".join(lines)


def darker(colour: str, share: float = 0.7) -> tuple[float, float, float]:
    """Return a colour mixed with black, for the edges of what is filled with it."""
    red, green, blue = to_rgb(colour)
    return share * red, share * green, share * blue


def ink_on(colour) -> str:
    """Return the colour of text that is readable on a background."""
    red, green, blue = to_rgb(colour)
    return theme.PAPER if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else theme.INK


def is_many(points: int) -> bool:
    """Say whether points should be embedded as an image."""
    return points > MOST_VECTOR_POINTS


def halo(width: float = 3) -> list:
    """Return the effect that keeps text readable on top of points."""
    return [withStroke(linewidth=width, foreground=theme.PAPER)]


def label_points(
    axes: Axes,
    points: np.ndarray,
    labels: Sequence[str],
    *,
    directions: np.ndarray | None = None,
    size: float = 9,
    weight: str = "bold",
    room: float = 110,
) -> None:
    """Write labels beside points so that they cover neither points nor each other, with a line to those far away.

    Parameters
    ----------
    axes : Axes
        Whose limits and data are final.
    points : array of shape (n, 2)
        Where the points are, in data coordinates.
    labels : sequence of str
        A label for each, with line ends where wanted; wrapped to `room`.
    directions : array of shape (n, 2), optional
        On which side of its point a label starts; above if not given.
    size, weight : float, str
        Font.
    room : float
        Greatest width of a label, in points.

    Notes
    -----
    Each label takes the nearest free place, in the order of the points.
    """
    figure = axes.figure.figure
    figure.draw_without_rendering()  # only now it is known how large the axes are
    figure.set_layout_engine("none")
    scale = POINTS_PER_INCH / figure.dpi
    texts = ["\n".join(wrapped(line, room, size, weight) for line in label.split("\n")) for label in labels]
    sizes = np.array([(text_width(text, size, weight) + 6, _height(text, size) + 3) for text in texts]).reshape(-1, 2)
    anchors = axes.transData.transform(np.asarray(points, dtype=float).reshape(-1, 2)) * scale
    frame = np.asarray(axes.get_window_extent().extents) * scale
    centres = _apart(anchors, sizes, frame, directions)
    for text, anchor, centre, extent in zip(texts, anchors, centres, sizes, strict=True):
        moved = centre - anchor
        far = (np.abs(moved) - extent / 2).max() > 16
        axes.annotate(
            text,
            xy=tuple(axes.transData.inverted().transform(anchor / scale)),
            xytext=tuple(moved),
            textcoords="offset points",
            ha="center",
            va="center",
            size=size,
            weight=weight,
            linespacing=LINE_HEIGHT - 0.15,
            path_effects=halo(),
            zorder=10,
            arrowprops={"arrowstyle": "-", "color": theme.INK, "linewidth": 0.7, "shrinkB": 5} if far else None,
        )


def _apart(anchors, sizes, frame, directions) -> np.ndarray:
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
        reach = np.vstack([(sizes[:box] / 2) + half, np.full_like(anchors, 7) + half])
        best, fewest = anchor, np.inf
        for away in range(0, 240, 8):
            angles = wanted[box] + turns
            places = anchor + np.column_stack([np.cos(angles), np.sin(angles)]) * (half + 8 + away)
            covered = (np.abs(places[:, np.newaxis] - obstacles) < reach).all(axis=2).sum(axis=1)
            covered = covered + 100 * ((places < low - 1e-6) | (places > high + 1e-6)).any(axis=1)
            if covered.min() < fewest:
                best, fewest = places[int(covered.argmin())], covered.min()
            if fewest == 0:
                break
        centres[box] = np.clip(best, low, high)
    return centres


def _height(text: str, size: float) -> float:
    return (text.count("\n") + 1) * size * LINE_HEIGHT
