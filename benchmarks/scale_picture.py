"""The picture of the scale benchmark: seconds over customers, one line per contender, both axes logarithmic."""

import altair as alt
from scale_contender import LABELS, OURS
from scale_tables import seconds

from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import data, tick
from customer_segmentation.report.charts.symbols import SYMBOLS
from customer_segmentation.report.pictures.frame import Heading, png, rendered

HEIGHT = 360  # pixels
HEADING = Heading(
    "Seconds to segment a table of customers, k = 2 to 10 with ten starts each",
    "From reading the table to every customer's cluster written. Open marks: estimated from fits of k = 6, where the"
    " whole sweep takes too long.",
    "make benchmark-scale; docs/performance.md has the machine, the memory, and which inertia was reached.",
)
STRONG_PEERS = ("#009e73", "#cc79a7")  # green and pink of Okabe and Ito (2008), as in the palette of the segments
COLOURS = (
    theme.ACCENT,
    theme.CONTRAST,
    *STRONG_PEERS,
    *(theme.GRADES[grade] for grade in ("doubtful", "usable", "stable")),
    theme.MUTED,
)


def picture(results: list[dict], kind: str) -> bytes:
    """Draw the picture.

    Parameters
    ----------
    results : list of dict
        Results of speed; those without seconds have no point.
    kind : str
        'svg' or 'png'.

    Returns
    -------
    bytes
        Content of the file.
    """
    svg = rendered(_drawn(results), HEADING)
    return png(svg) if kind == "png" else svg.encode()


def _drawn(results: list[dict]) -> alt.LayerChart:
    measured, estimated, names, colours = [], [], [], []
    for (contender, label), colour in zip(LABELS.items(), COLOURS, strict=True):
        timed = sorted((row["customers"], seconds(row)) for row in results if row["contender"] == contender)
        points = [(customers, *time) for customers, time in timed if time is not None]
        if points:
            names.append(label)
            colours.append(colour)
        for customers, duration, is_estimate in points:
            row = {"customers": customers, "seconds": duration, "contender": label}
            measured.append(row | {"width": 3.5 if contender == OURS else 1.7})
            if is_estimate:
                estimated.append(row)
    powers = [10.0**power for power in range(-2, 10)]
    scale = alt.Scale(type="log") if measured else alt.Scale(type="log", domain=[1, 10])
    axis = {"scale": scale, "axis": alt.Axis(labelExpr=tick(), values=powers)}
    key = alt.Legend(title=None, orient="top", columns=3) if names else None
    shapes = [symbol.plane for symbol in SYMBOLS[: len(names)]]
    chart = alt.Chart(data(measured)).encode(
        x=alt.X("customers:Q", title="customers", **axis),
        y=alt.Y("seconds:Q", title="seconds", **axis),
        color=alt.Color("contender:N", scale=alt.Scale(domain=names, range=colours), legend=key),
    )
    shape = alt.Shape("contender:N", scale=alt.Scale(domain=names, range=shapes), legend=key)
    lines = chart.mark_line().encode(strokeWidth=alt.StrokeWidth("width:Q", scale=None))
    marks = chart.mark_point(filled=True, size=70, opacity=1).encode(shape=shape)
    guesses = chart.properties(data=data(estimated)).mark_point(fill=theme.PAPER, size=70, opacity=1)
    return alt.layer(lines, marks, guesses.encode(shape=shape)).properties(height=HEIGHT)
