"""What all charts share: the look, the measure of text, axes in the units of the features, and panels side by side.

Vega reads no markup in texts, and no text of a user is ever put into an expression.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation.formatting import is_missing, named
from customer_segmentation.language import ISOLATE, ISOLATE_END, _, vega_locale
from customer_segmentation.report import theme

LABEL = 11.5  # font size of labels, in pixels
TITLE = 12  # of axes and panels
LINE = 13.5  # height of a line of labels
REFERENCE_WIDTH = 744  # of a picture, in pixels; the report and the dashboard give a chart what room they have
ROW = 34  # height of a row with the name of a segment
PHONE = 290  # width for the title of an axis on a telephone
BESIDE_NAMES = 160  # the same, where names stand beside the chart
BETWEEN = 3  # the names of two rows, in pixels
AXIS_HEIGHT = 45  # of a chart whose height the dashboard takes with its axis

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # the first comes with vl-convert, all have the same widths
LOOK = {
    "aria": False,  # a chart has one alternative text, not one for each of its points
    "background": "transparent",
    "font": FONT,
    "lineBreak": "\n",
    "axis": {
        "domainColor": theme.MUTED,
        "gridColor": theme.GRID,
        "labelColor": theme.INK,
        "labelFontSize": LABEL,
        "labelLimit": 0,
        "tickColor": theme.MUTED,
        "titleColor": theme.INK,
        "titleFontSize": TITLE,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    },
    "legend": {"labelColor": theme.INK, "labelFontSize": LABEL, "labelLimit": 0, "titleColor": theme.INK},
    "text": {"color": theme.INK, "fontSize": LABEL},
    "title": {"anchor": "start", "color": theme.INK, "fontSize": TITLE, "fontWeight": "bold", "offset": 6},
    "view": {"stroke": None},
}
SPLIT = "split(datum.label, '\\n')"
MORE_LINES = "(length(split(datum.lines, '\\n')) - 1)"  # than one, in the field `lines`

# Widths of letters of Helvetica, Arial and Liberation Sans, in thousandths of the font size.
WIDTHS = {
    letter: width
    for width, letters in {
        222: "ijl'", 278: " !,./:;I[\\]ft|", 333: "()-`r", 355: '"', 389: "*", 500: "Jckvxyzs", 584: "+<=>~",
        611: "FTZß", 667: "ABEKPSVXY&", 722: "CDHNRUw", 778: "GOQ", 833: "mM", 889: "%", 944: "W", 1000: "…", 1015: "@",
    }.items()
    for letter in letters
}  # fmt: skip


def config() -> dict[str, Any]:
    """Return the look of every chart, and how numbers and days are written in it."""
    return LOOK | vega_locale()


def page_config() -> dict[str, Any]:
    """Return the look of charts on a page, which gives each its text: a group of marks has none of its own."""
    return config() | {"mark": {"aria": False}}


def tick() -> str:
    """Return the expression of Vega that labels an axis, from ten thousand on in short.

    Examples
    --------
    >>> tick()[:63]
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, '~g') + 'M'"
    """
    millions, thousands = (
        _beside(f"format(datum.value / {size}, '~g')", text)
        for size, text in (("1e6", _("{number}M")), ("1e3", _("{number}k")))
    )
    return f"abs(datum.value) >= 1e6 ? {millions} : abs(datum.value) >= 1e4 ? {thousands} : format(datum.value, ',~g')"


def day_axis() -> alt.Axis:
    """Return an axis of days; Vega writes them where months are too far apart."""
    return alt.Axis(grid=False, format={"week": _("%b %d"), "date": _("%a %d")})


def _beside(number: str, text: str) -> str:
    """Put what stands before and behind the number of a text around the expression of the number."""
    before, _place, behind = text.partition("{number}")
    return " + ".join([*map(_quoted, filter(None, [before])), number, *map(_quoted, filter(None, [behind]))])


def _quoted(text: str) -> str:
    escaped = json.dumps(text)[1:-1].replace("'", "\\'")
    return f"'{escaped}'"


class Axis(NamedTuple):
    """What an axis shows.

    Attributes
    ----------
    column : str
        Column of the frame.
    label : str
        Name of the feature.
    unit : str or None
        Its unit.
    is_logarithmic : bool
        Whether the scale is sign(x) ln(1 + |x|), the transform `log` of the features.
    """

    column: str
    label: str
    unit: str | None = None
    is_logarithmic: bool = False

    @property
    def title(self) -> str:
        """What is written beside the axis."""
        name = named(self.label, self.unit)
        return _("{name} (log scale)", name=name) if self.is_logarithmic else name


def text_width(text: str, size: float = LABEL, *, is_bold: bool = False) -> float:
    """Return the width of one line of text, in the unit of the size.

    Examples
    --------
    >>> text_width("Women", 10), text_width("é", 10)
    (34.45, 5.56)
    """
    widths = 0
    for letter in text:
        if unicodedata.category(letter) == "Cf":  # it says how others are laid out
            continue
        plain = unicodedata.normalize("NFD", letter)[0]
        wide = 1000 if unicodedata.east_asian_width(plain) in "WF" else 556
        widths += WIDTHS.get(plain, wide)
    return round(widths * size * (1.07 if is_bold else 1) / 1000, 2)


def lines(text: str, width: float, size: float = LABEL, *, is_bold: bool = False) -> list[str]:
    """Break a text into lines of at most a width: between words, after hyphens, and inside what is still too wide.

    Examples
    --------
    >>> lines("Conservative Earners", 80), lines("Budget-Conscious", 60)
    (['Conservative', 'Earners'], ['Budget-', 'Conscious'])
    """
    found = [""]
    for part in parts(text):
        candidate, word = f"{found[-1]}{part}".strip(), part.strip()
        if text_width(candidate, size, is_bold=is_bold) <= width:
            found[-1] = candidate
            continue
        if found[-1]:
            found.append("")
        for character in word:
            if found[-1] and text_width(found[-1] + character, size, is_bold=is_bold) > width:
                found.append("")
            found[-1] += character
    return _each_isolated(found)


def _each_isolated(lines: list[str]) -> list[str]:
    """Repeat the marks of `language.isolated` on each line of a text: lines are drawn as texts of their own."""
    written, depth = [], 0
    for line in lines:
        before = ISOLATE * depth
        depth += line.count(ISOLATE) - line.count(ISOLATE_END)
        written.append(f"{before}{line}{ISOLATE_END * depth}")
    return written


def parts(text: str) -> list[str]:
    """Return what may stand on a line of its own: words, parts of words with hyphens, numbers with their "%".

    Examples
    --------
    >>> parts("Big-Ticket Shoppers 1.7 %")
    ['Big-', 'Ticket', ' Shoppers', ' 1.7 %']
    """
    return re.findall(r"\s*[^\s-]*-+|\s*[^\s-]+(?:\s%)?", str(text))


def rounded(value: Any, digits: int = 6) -> float | None:
    """Return a number with some significant digits, none where there is none.

    Examples
    --------
    >>> rounded(1 / 3), rounded(float("nan"))
    (0.333333, None)
    """
    return None if is_missing(value) else float(f"{value:.{digits}g}")


def data(rows: pd.DataFrame | Iterable[dict]) -> dict[str, Any]:
    """Put rows into a chart, with six significant digits: more would only make the file larger."""
    records = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows
    # A tuple, because Altair copies all lists with every step that makes a chart. No `alt.InlineData`, because Altair
    # holds every value of that against its schema, which takes as long as to draw them.
    return {"values": tuple({name: _plain(value) for name, value in one.items()} for one in records)}


def _plain(value: Any) -> Any:
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    return rounded(value)


def domain(values: Iterable[float], is_logarithmic: bool = False, room: float = 0.04) -> list[float]:
    """Return the ends of an axis: those of the values, and some room.

    Examples
    --------
    >>> domain([0.0, 100.0]), domain([])
    ([-4.0, 104.0], [-0.04, 1.04])
    """
    known = np.asarray([value for value in values if not is_missing(value)], dtype=float)
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    if is_logarithmic:
        low, high = shortened(low), shortened(high)
    ends = np.array([low - room * (high - low), high + room * (high - low)])
    return [float(f"{end:.6g}") for end in (lengthened(ends) if is_logarithmic else ends)]


def scaled(axis: Axis, ends: Sequence[float], ticks: int = 8, room: float = 300, **options: Any) -> dict[str, Any]:
    """Return title, scale and ticks of a quantitative axis between two ends, as an encoding takes them."""
    if axis.is_logarithmic:
        scale = alt.Scale(type="symlog", constant=1, domain=list(ends), nice=False, zero=False)
        options["values"] = log_ticks(ends[0], ends[1], 5)
    else:
        scale = alt.Scale(domain=list(ends), nice=False, zero=False)
        options["tickCount"] = ticks
    return {"title": lines(axis.title, room, TITLE), "scale": scale, "axis": alt.Axis(labelExpr=tick(), **options)}


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return ticks at powers of ten, and at three times as much where there are few.

    Examples
    --------
    >>> log_ticks(0, 200, 5), log_ticks(0, 20000, 5), log_ticks(0, 20, 5)
    ([0.0, 1.0, 10.0, 100.0], [1.0, 100.0, 10000.0], [0.0, 1.0, 3.0, 10.0])
    """
    powers = [sign * 10.0**power for sign in (-1, 1) for power in range(9)]
    ticks = [tick for tick in sorted([0.0, *powers]) if low <= tick <= high]
    if len(ticks) < 4 <= most:
        ticks = [tick for tick in sorted([*ticks, *(3 * power for power in powers)]) if low <= tick <= high]
    step = -(-len(ticks) // most)
    return ticks[::-1][::step][::-1]


def shortened(values: Any) -> Any:
    """Return sign(x) ln(1 + |x|)."""
    return np.sign(values) * np.log1p(np.abs(values))


def lengthened(values: Any) -> Any:
    """Return the inverse of `shortened`.

    Examples
    --------
    >>> round(float(lengthened(shortened(-12.0))), 9)
    -12.0
    """
    return np.sign(values) * np.expm1(np.abs(values))


def names_beside(
    rows: pd.DataFrame, y: alt.Y, names: Sequence[str], *, room: float = 150, away: float = 8
) -> alt.Chart:
    """Write a name left of each row of a chart, in as many lines as it needs.

    Parameters
    ----------
    rows : DataFrame
        With what `y` shows.
    y : Y
        Where the rows are.
    names : sequence of str
        Their names; a line end starts a line of its own.
    room : float
        Greatest width of a name, in pixels.
    away : float
        Distance from the axis.
    """
    written = ["\n".join(_written(name, room)) for name in names]
    return (
        alt.Chart(data(rows.assign(lines=written)))
        .mark_text(align="right", baseline="middle", dx=-away, dy=middle(LINE), lineHeight=LINE)
        .encode(x=alt.XValue(0), y=y, text=alt.Text("lines:N"))
    )


def row_height(names: Iterable[str], least: float, room: float = 150) -> float:
    """Return the height of rows in which none of the names that `names_beside` writes covers another.

    Parameters
    ----------
    names : iterable of str
        Names of the rows.
    least : float
        Height of rows with short names, in pixels.
    room : float
        Greatest width of a name.

    Examples
    --------
    >>> row_height(["Women", "Men"], 34), row_height(["Women who buy often and for much"], 34, room=80)
    (34, 43.5)
    """
    return max([least, *(LINE * len(_written(name, room)) + BETWEEN for name in names)])


def _written(name: str, room: float) -> list[str]:
    return [line for part in str(name).split("\n") for line in lines(part, room)]


def middle(line: float, shift: str = "0") -> alt.ExprRef:
    """Return the shift that sets the middle of the field `lines` on its point, not its first line."""
    return alt.ExprRef(f"{shift} - {MORE_LINES} * {line / 2}")


def panels(charts: Sequence[alt.Chart], columns: int, room: float = 60) -> alt.ConcatChart | alt.Chart:
    """Set charts side by side, as wide together as a picture.

    Parameters
    ----------
    charts : sequence of Chart
        The charts.
    columns : int
        Charts in a row, at most.
    room : float
        Width of what stands beside the axes of each chart.
    """
    columns = min(columns, len(charts))
    width = REFERENCE_WIDTH / columns - room
    return alt.concat(*[chart.properties(width=width) for chart in charts], columns=columns, spacing=14).resolve_scale(
        color="independent", strokeDash="independent"
    )
