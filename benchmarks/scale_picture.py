"""The picture of the scale benchmark: seconds over customers, one line per contender, both axes logarithmic."""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator
from scale_contender import LABELS, OURS
from scale_tables import seconds

from customer_segmentation.report import theme
from customer_segmentation.report.pictures.files import rendered
from customer_segmentation.report.pictures.layout import Heading, in_style, sheet
from customer_segmentation.report.pictures.scales import tick_text

HEIGHT = 4.2  # inches
HEADING = Heading(
    "Seconds to segment a table of customers, k = 2 to 10 with ten starts each",
    "From reading the table to every customer's cluster written. Open marks: estimated from fits of k = 6, where the"
    " whole sweep takes too long.",
    "make benchmark-scale; docs/performance.md has the machine, the memory, and which inertia was reached.",
)
COLOURS = (
    theme.ACCENT,
    theme.CONTRAST,
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
    return rendered(_drawn(results), HEADING, kind)


@in_style
def _drawn(results) -> Figure:
    figure = sheet(HEADING, HEIGHT)
    axes = figure.subplots()
    for (contender, label), marker, colour in zip(LABELS.items(), theme.MARKERS, COLOURS, strict=False):
        measured = sorted((row["customers"], seconds(row)) for row in results if row["contender"] == contender)
        points = [(customers, *time) for customers, time in measured if time is not None]
        if not points:
            continue
        x, y, estimated = zip(*points, strict=True)
        line: dict[str, Any] = {"color": colour, "linewidth": 2.6 if contender == OURS else 1.3}
        axes.plot(x, y, **line, zorder=3 if contender == OURS else 2)
        axes.plot([], [], **line, marker=marker, label=label)  # no points: for the legend alone
        for is_estimate, fill in ((False, colour), (True, theme.PAPER)):
            shown = [(a, b) for a, b, guess in zip(x, y, estimated, strict=True) if guess == is_estimate]
            axes.plot(
                *(zip(*shown, strict=True) if shown else ((), ())),
                linestyle="none",
                marker=marker,
                markersize=7,
                color=colour,
                markerfacecolor=fill,
                zorder=4,
            )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("customers")
    axes.set_ylabel("seconds")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: tick_text(value)))
        axis.set_minor_locator(NullLocator())
    if results:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.01), ncols=3)
    return figure
