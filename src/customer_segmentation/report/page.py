"""The parts of an HTML page, and its template: everything that is shown passes through the escaping of Jinja."""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import altair as alt
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from customer_segmentation.language import _, used
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import page_config
from customer_segmentation.report.glossary import explained

LEAST_CONTRAST = 4.5  # of text with what is behind it, after WCAG 2 (1.4.3)
BLACK = "#000000"
BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")


@dataclass(frozen=True)
class Text:
    """A paragraph; `tone` is empty, "lead" or "note"."""

    text: str
    tone: str = ""
    kind: str = "text"


@dataclass(frozen=True)
class Heading:
    """A heading within a section, with a name to link to, and how the contents call it."""

    text: str
    anchor: str
    entry: str = ""
    level: int = 3
    colour: str | None = None  # of what it is about
    kind: str = "heading"


@dataclass(frozen=True)
class Items:
    """A list of sentences; `tone` is empty or "warnings"."""

    items: list[str]
    tone: str = ""
    kind: str = "items"


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, the name of a colour of `theme.PAGE` behind it, and the colour of a segment."""

    text: str
    background: str | None = None
    swatch: str | None = None
    link: str | None = None


LONG = 30  # letters of a text that makes its column wider
MOST_SIDE_BY_SIDE = 4  # columns of a table without such texts
MOST_LETTERS = 46  # of the longest words of its columns together


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first column heads the rows, `numeric` are the positions of columns of numbers."""

    caption: str
    headers: list[str]
    rows: list[list[Any]]
    numeric: frozenset[int] = frozenset()
    kind: str = "table"

    @property
    def cells(self) -> list[list[Cell]]:
        """The rows with every text as a cell."""
        return [[value if isinstance(value, Cell) else Cell(str(value)) for value in row] for row in self.rows]

    @property
    def is_wide(self) -> bool:
        """Whether a narrow page has no room for its columns side by side, and shows each row as a list."""
        has_long = any(len(cell.text) > LONG for row in self.cells for cell in row[1:])
        return has_long or len(self.headers) > MOST_SIDE_BY_SIDE or self._least_letters() > MOST_LETTERS

    def _least_letters(self) -> int:
        """Count the letters side by side where lines break after every word but within no figure."""
        least = [max(map(len, header.split()), default=0) for header in self.headers]
        for row in self.cells:
            for place, cell in enumerate(row):
                parts = [cell.text] if place in self.numeric else cell.text.split()
                least[place] = max(least[place], *map(len, parts), 0)
        return sum(least)

    def look(self, place: int, text: str) -> str:
        """Return the classes of a field, as the style sheets know them: a long text gets room even above figures."""
        return " ".join((["number"] if place in self.numeric else []) + (["long"] if len(text) > LONG else []))


@dataclass(frozen=True)
class Chart:
    """A chart of Altair, or a figure of plotly in 3-D, with a caption and a text for readers who cannot see it."""

    figure: alt.LayerChart | dict
    caption: str
    alternative: str
    anchor: str
    kind: str = "chart"

    @property
    def is_space(self) -> bool:
        """Whether it has three dimensions, and can be turned."""
        return isinstance(self.figure, dict)

    @property
    def height(self) -> float:
        """Its height in pixels, without what stands around the axes in two dimensions."""
        return self.figure["layout"]["height"] if isinstance(self.figure, dict) else self.figure.height

    @property
    def specification(self) -> dict:
        """The figure as what draws it reads it; the look of all charts is told once for the page."""
        if isinstance(self.figure, dict):
            return self.figure
        fit = alt.AutoSizeParams(type="fit-x", contains="padding")
        chart = self.figure.properties(width="container", autosize=fit).to_dict(validate=False)
        return theme.on_page({name: part for name, part in chart.items() if name != "config"})


def script_json(content: Any) -> Markup:
    r"""Write JSON that can stand inside a script: no text in it can end the script.

    Examples
    --------
    >>> print(script_json("</script>"))
    "\u003c/script\u003e"
    """
    return Markup(_json(content).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _json(content) -> str:
    return json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True)
class Grid:
    """Parts side by side where there is room; `wide` asks for fewer of them in a row."""

    blocks: list[Any]
    wide: bool = False
    kind: str = "grid"


@dataclass(frozen=True)
class Folded:
    """Parts behind a line that opens them; with an anchor the line is a heading, and the contents may name it."""

    summary: str
    blocks: list[Any]
    anchor: str = ""
    entry: str = ""
    kind: str = "folded"


@dataclass(frozen=True)
class Sheet:
    """Parts that stay together on paper."""

    blocks: list[Any]
    kind: str = "sheet"


@dataclass(frozen=True)
class Card:
    """A persona: name, colour, facts and caveats; `link` is the anchor of what there is more about it."""

    title: str
    colour: str
    subtitle: str
    text: str
    facts: list[tuple[str, str]]
    warning: str = ""
    link: str | None = None
    kind: str = "card"


def every(blocks: Iterable[Any]) -> Iterator[Any]:
    """Go through parts of a page, and through those that they are made of."""
    for block in blocks:
        yield block
        if block.kind in ("grid", "folded", "sheet"):
            yield from every(block.blocks)


def folded(blocks: Iterable[Any]) -> list[Any]:
    """Fold each heading with what follows it up to the next; what comes before the first heading stays as it is.

    Parameters
    ----------
    blocks : iterable
        Parts of a page.

    Returns
    -------
    list
        Parts of a page: the headings can be read as a list, and each opens what it is about.

    Examples
    --------
    >>> parts = folded([Text("First"), Heading("Why", "why"), Text("Because"), Heading("How", "how")])
    >>> [getattr(part, "summary", "") for part in parts]
    ['', 'Why', 'How']
    """
    parts: list[Any] = []
    for block in blocks:
        if block.kind == "heading":
            parts.append(Folded(block.text, [], block.anchor, block.entry))
        elif parts and parts[-1].kind == "folded":
            parts[-1].blocks.append(block)
        else:
            parts.append(block)
    return parts


@dataclass(frozen=True)
class Section:
    """A section with an anchor and an entry in the contents; `badge` is a short mark such as "synthetic data"."""

    anchor: str
    title: str
    blocks: list[Any]
    badge: str = ""
    is_open: bool = False  # whether the contents show its headings from the start

    @property
    def entries(self) -> list[tuple[str, str]]:
        """What has an entry in the contents, as anchor and text."""
        return [
            (block.anchor, block.entry)
            for block in every(self.blocks)
            if block.kind in ("heading", "folded") and block.entry
        ]


@dataclass(frozen=True)
class Group:
    """Sections that belong together, under a title in the contents."""

    title: str
    sections: list[Section]


@cache
def plotly_script() -> str:
    """Return the source of plotly.js, packed."""
    return packed(files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8"))


@cache
def vega_script() -> str:
    """Return the source of Vega, Vega-Lite and Vega-Embed, packed."""
    import vl_convert  # the dashboard needs it not: Streamlit brings Vega of its own

    return packed(vl_convert.javascript_bundle())  # type: ignore[call-arg]  # its stub leaves out the default


def packed_figures(blocks: Iterable[Any]) -> str:
    """Pack the figures of all charts among parts of a page, by the anchor of each."""
    charts = [block for block in every(blocks) if block.kind == "chart"]
    return packed(_json({chart.anchor: chart.specification for chart in charts}))


def packed(source: str) -> str:
    """Compress a text that only scripts read, so that the page is small enough to be sent by mail.

    Parameters
    ----------
    source : str
        The text.

    Returns
    -------
    str
        Base64 of its bytes in the format of zlib (RFC 1950), which browsers call `deflate`.

    Examples
    --------
    >>> zlib.decompress(base64.b64decode(packed("let a = 1"))).decode()
    'let a = 1'
    """
    return base64.b64encode(zlib.compress(source.encode("utf-8"), 9)).decode("ascii")


def render(template: str = "report.html.jinja", **content: Any) -> bytes:
    """Fill a template of this package.

    Parameters
    ----------
    template : str
        Name of the template.
    **content
        What the template asks for; the report `title`, `subtitle`, `groups`, `figures` and `has_space`.

    Returns
    -------
    bytes
        HTML.
    """
    environment = Environment(
        loader=PackageLoader("customer_segmentation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: together(value) if type(value) is str else value,
    )
    environment.filters["explained"] = explained
    environment.globals.update(
        theme=theme,
        plotly_script=plotly_script,
        vega_script=vega_script,
        chart_config=lambda: script_json(theme.on_page(page_config())),
        space_locales=_space_locales,
        _=_,
        language=used().code,
    )
    return environment.get_template(template).render(**content).encode("utf-8")


def together(text: str) -> str:
    r"""Keep a number and its percent sign on one line.

    Examples
    --------
    >>> together("12.5 % of 40 %")
    '12.5\xa0% of 40\xa0%'
    """
    return BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}", text)


def _space_locales() -> Markup:
    """Return how plotly writes numbers and names its button in the language in use, by its code."""
    texts = {"Reset camera to default": _("Reset camera to default")}
    signs = {"decimal": used().decimal, "thousands": used().group}
    return script_json({used().code: {"dictionary": texts, "format": signs}})


def readable_on(background: str, *, of_a_mark: bool = False) -> str:
    """Choose the colour of a text on a background: dark or white, whichever has more contrast (WCAG 2).

    Parameters
    ----------
    background : str
        The colour of a segment or of a field, as #rrggbb.
    of_a_mark : bool
        Whether it is for a mark, which needs less contrast than text.

    Returns
    -------
    str
        Black where neither the ink nor white is readable: on any colour, black or white is.

    Examples
    --------
    >>> readable_on("#ffffff"), readable_on("#0072b2"), readable_on("#d55e00")
    ('#1f2933', '#ffffff', '#000000')
    """
    ink = max((theme.INK, theme.PAPER), key=lambda ink: contrast(ink, background))
    return ink if of_a_mark or contrast(ink, background) >= LEAST_CONTRAST else BLACK


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours after WCAG 2, from 1 to 21.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def anchor(*parts: Any) -> str:
    """Name a place in the page: only letters, digits, hyphens and underscores, whatever the parts hold.

    Examples
    --------
    >>> anchor("chart", 'a "b"')
    'chart-a--b-'
    """
    text = "-".join(str(part) for part in parts)
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)


def badge(is_synthetic: bool) -> str:
    """Return the mark of a section about made-up customers."""
    return _("synthetic data") if is_synthetic else ""
