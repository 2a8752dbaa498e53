"""One look for every picture and page. The colours of personas are data, in the table `segments`.

Pictures and slides are light. Pages are light or dark, as their reader's system or the menu of the dashboard says: what
is written on them takes its colours from `PAGE`, as custom properties of CSS.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

INK = "#1f2933"  # text and axes
MUTED = "#616e7c"  # what should step back: labels, captions
GRID = "#e4e7eb"
PAPER = "#ffffff"
POPULATION = "#9aa5b1"  # all customers, wherever they are compared with a segment
ACCENT = "#0072b2"  # a single series, and what a title talks about
CONTRAST = "#d55e00"  # the second series, and warnings
BAND = "#cfe3f1"  # behind a curve, where a choice lies

# From dark to light as trust fades, in grey: every segment has a hue. Dark text is readable on all of them.
GRADES = {"stable": "#8795a1", "usable": "#aab5c0", "doubtful": "#cbd2d9", "dissolved": GRID}


class Colour(NamedTuple):
    """A colour of a page, in light and in dark."""

    light: str
    dark: str


class Field(NamedTuple):
    """The colour of a field of a heat map: of pictures, and its name among those of the pages."""

    colour: str
    name: str


# Every colour of the pages that is not one of a segment or a series: those are the same in light and in dark.
PAGE = {
    "ink": Colour(INK, "#e4e7eb"),
    "muted": Colour("#52606d", "#a9b4bf"),
    "paper": Colour(PAPER, "#12181f"),
    "panel": Colour("#f5f7fa", "#1b232c"),  # of the dashboard: behind its navigation and in its fields
    "grid": Colour(GRID, "#36424e"),
    "link": Colour("#005a8e", "#7cc0ee"),
    "active": Colour(ACCENT, "#6bb5e8"),  # of the dashboard: what is chosen
    "on-active": Colour(PAPER, "#12181f"),
    "focus": Colour(ACCENT, "#6bb5e8"),
    "warning": Colour("#a84300", "#ffa366"),
    "caution": Colour("#fdf6f0", "#2a2019"),  # behind warnings
    "badge": Colour("#fff3e0", "#3b2a14"),
    "badge-ink": Colour("#8a3a00", "#ffc58a"),
    "badge-edge": Colour("#f0c48a", "#7a5324"),
    "rim": Colour("#ffffff00", "#ffffff73"),
    "band": Colour(BAND, "#1d3a50"),
    # as far from the page in dark as in light
    "stable": Colour(GRADES["stable"], "#aab5c0"),
    "usable": Colour(GRADES["usable"], "#8795a1"),
    "doubtful": Colour(GRADES["doubtful"], "#5b6875"),
    "found": Colour("#f6d5bd", "#6b3a1e"),  # behind a finding in a table
    # The ends of the scales of heat maps; `ink` is readable on all of them. In light the diverging scale PuOr of
    # ColorBrewer in three classes, and white to blue; in dark the same hues as far from the page.
    "below": Colour("#f1a340", "#8f5208"),
    "middle": Colour("#f7f7f7", "#252d36"),
    "above": Colour("#998ec3", "#6558a0"),
    "most": Colour("#5696c8", "#1f6396"),
}


def _mixed(one: str, other: str, share: float) -> str:
    channels = [[int(colour[place : place + 2], 16) for place in (1, 3, 5)] for colour in (one, other)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*channels, strict=True))


STEPS = 20  # of a scale on a page; pictures have as many as there are values
PAGE |= {
    f"{end}-{step}": Colour(*(_mixed(*ends, step / STEPS) for ends in zip(PAGE[start], PAGE[end], strict=True)))
    for start, end in (("middle", "below"), ("middle", "above"), ("paper", "most"))
    for step in range(1, STEPS)
}

# The darkest colours of segments would drown in a dark page: what has no outline gets one there.
_RIMS = """\
svg.marks :is(.mark-symbol, .mark-rect, .mark-area) path:is(:not([stroke]), [stroke-width="0"]) {
  stroke: var(--rim); stroke-width: 1px; }
.swatch, .shares span { outline: 1px solid var(--rim); outline-offset: -1px; }"""

# Which colour of a picture is which of a page. A grade that dissolves is as pale as the grid.
_ON_PAGES = {
    INK: "ink", MUTED: "muted", PAPER: "paper", GRID: "grid", BAND: "band", GRADES["stable"]: "stable",
    GRADES["usable"]: "usable", GRADES["doubtful"]: "doubtful",
}  # fmt: skip


def diverging(share: float) -> Field:
    """Return the field of a value between -1 (far below) and 1 (far above) on the diverging scale of the project.

    Examples
    --------
    >>> diverging(0), diverging(-2)
    (Field(colour='#f7f7f7', name='middle'), Field(colour='#f1a340', name='below'))
    """
    return _field("middle", "above" if share > 0 else "below", min(1.0, abs(share)))


def sequential(share: float) -> Field:
    """Return the field of a value between 0 and 1, from the colour of the page to blue.

    Examples
    --------
    >>> sequential(0), sequential(0.52)
    (Field(colour='#ffffff', name='paper'), Field(colour='#a7c8e2', name='most-10'))
    """
    return _field("paper", "most", max(0.0, min(1.0, share)))


def _field(start: str, end: str, share: float) -> Field:
    step = round(share * STEPS)
    name = start if step == 0 else end if step == STEPS else f"{end}-{step}"
    return Field(_mixed(PAGE[start].light, PAGE[end].light, share), name)


# Where there is little room, as on a phone, a wide table shows each row as a list with the heads of the columns, so
# that none of them is out of sight. Paper has room.
NARROW_TABLES = """\
.scroll { container-type: inline-size; }
@media screen { @container (max-width: 700px) {
  .scroll tr > :is(th, td) { padding: .35rem .3rem; min-width: 0 !important; font-size: .8125rem; }
  .scroll .wide, .scroll .wide :is(tbody, tr, th, td) { display: block; min-width: 0; max-width: none; }
  .scroll .wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .scroll .wide tr { border-bottom: 1px solid var(--grid); padding: .4rem 0; }
  .scroll .wide tr > :is(th, td) { border: 0; padding: .1rem .3rem; text-align: left; white-space: normal; }
  .scroll .wide tbody th { position: static; font-weight: 600; }
  .scroll .wide td { display: inline-block; margin-right: .6rem; }
  .scroll .wide td:empty { display: none; }
  .scroll .wide td::before { content: attr(data-label) ": "; color: var(--muted); }
} }"""


def filled_rows(three: str, two: str, part: str) -> str:
    """Write grids of charts whose rows are all full: what three or two to a row would leave over shares the last rows.

    Parameters
    ----------
    three, two : str
        Selectors of the grids with up to three and two charts in a row, inside of a container of CSS.
    part : str
        Selector of what is in them.

    Returns
    -------
    str
        Rules of CSS.
    """
    first = f"{three} > {part}:first-child"
    # of 4, 7, 10 the last four make two rows of two, and of 2, 5, 8 the last two one row
    in_pairs = (
        f"{first}:nth-last-child(4), {first}:nth-last-child(3n+4) ~ :nth-last-child(-n+4), "
        f"{first}:nth-last-child(2), {first}:nth-last-child(3n+2) ~ :nth-last-child(-n+2)"
    )
    return f"""\
:is({three}, {two}) {{ display: grid; grid-template-columns: minmax(0, 1fr); }}
@container (33rem <= width < 50rem) {{
  {three} {{ grid-template-columns: repeat(2, minmax(0, 1fr)); }}
  {three} > {part}:last-child:nth-child(odd) {{ grid-column: 1 / -1; }}
}}
@container (width >= 50rem) {{
  {two} {{ grid-template-columns: repeat(2, minmax(0, 1fr)); }}
  {two} > {part}:last-child:nth-child(odd) {{ grid-column: 1 / -1; }}
  {three} {{ grid-template-columns: repeat(6, minmax(0, 1fr)); }}
  {three} > {part} {{ grid-column: span 2; }}
  {in_pairs} {{ grid-column: span 3; }}
  {three} > {part}:only-child {{ grid-column: 1 / -1; }}
}}"""


def style() -> str:
    r"""Write the colours of a page as custom properties of CSS, and what its charts need to be seen in the dark.

    Each colour follows the `color-scheme` of what it is used in. A browser that cannot choose (before 2024) shows light
    pages.

    Returns
    -------
    str
        Rules.

    Examples
    --------
    >>> for rule in style().splitlines()[:2]:
    ...     print(rule[:62])
    :root { --ink: #1f2933; --muted: #52606d; --paper: #ffffff; --
    @supports (color: light-dark(#fff, #000)) { :root { --ink: lig
    """
    light = "".join(f"--{name}: {colour.light}; " for name, colour in PAGE.items())
    both = "".join(f"--{name}: light-dark({colour.light}, {colour.dark}); " for name, colour in PAGE.items())
    return f":root {{ {light}}}\n@supports (color: light-dark(#fff, #000)) {{ :root {{ {both}}} }}\n{_RIMS}"


def on_page(part: Any, mode: str | None = None) -> Any:
    """Let a chart take the colours of the page it is drawn on.

    Parameters
    ----------
    part : dict, list or other
        A specification of Vega-Lite or a part of it, or the layout of a figure of plotly, with the colours of pictures.
    mode : {"light", "dark"}, optional
        The page, for what is drawn on a canvas, where CSS has no say.

    Returns
    -------
    dict, list or other
        The same with custom properties of CSS in their place, or with the colours of the mode. Words and figures stay
        as they are, and so do the colours of fields with an `ink` that is readable on them, unless the field of a heat
        map says under which name its colour is on pages.

    Examples
    --------
    >>> on_page({"mark": {"type": "rule", "color": INK}, "title": INK})
    {'mark': {'type': 'rule', 'color': 'var(--ink)'}, 'title': '#1f2933'}
    >>> on_page({"values": [{"colour": PAPER, "ink": INK}, {"colour": MUTED}]})
    {'values': [{'colour': '#ffffff', 'ink': '#1f2933'}, {'colour': 'var(--muted)'}]}
    >>> on_page({"values": [{"colour": "#a7c8e2", "field": "most-10", "ink": INK}]})
    {'values': [{'colour': 'var(--most-10)', 'ink': 'var(--ink)'}]}
    >>> on_page({"font": {"color": INK}}, "dark")
    {'font': {'color': '#e4e7eb'}}
    """
    if isinstance(part, str):
        name = _ON_PAGES.get(part)
        return part if name is None else _named(name, mode)
    if isinstance(part, list | tuple):
        return [on_page(one, mode) for one in part]
    if isinstance(part, Mapping):
        return {name: _part_on_page(name, value, mode) for name, value in part.items()}
    return part


def _part_on_page(name: str, value: Any, mode: str | None) -> Any:
    if name in ("title", "domain", "text") and not isinstance(value, Mapping):  # words of users
        return value
    if name == "datasets":
        return {name: [_row_on_page(row, mode) for row in rows] for name, rows in value.items()}
    if name == "values":
        return [_row_on_page(row, mode) for row in value] if isinstance(value, list | tuple) else value
    return on_page(value, mode)


def _named(name: str, mode: str | None) -> str:
    return f"var(--{name})" if mode is None else getattr(PAGE[name], mode)


def _row_on_page(row: Any, mode: str | None) -> Any:
    if isinstance(row, Mapping) and "field" in row:
        kept = {name: value for name, value in row.items() if name != "field"}
        return kept | {"colour": _named(row["field"], mode), "ink": _named("ink", mode)}
    if not isinstance(row, Mapping) or "ink" in row or "colour" not in row:
        return row
    return {**row, "colour": on_page(row["colour"], mode)}
