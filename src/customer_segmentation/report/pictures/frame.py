"""The frame of every picture, its title, subtitle and source, and the files it is written to."""

import html
import json
import re
from pathlib import Path
from typing import NamedTuple

import altair as alt
import vl_convert

from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import FONT, REFERENCE_WIDTH, config, lines

INDEX = "index.json"
MARGIN = 12  # left and right of everything, in pixels
PNG_SCALE = 2  # twice the size at which a picture is shown
TITLE_SIZE, SUBTITLE_SIZE, SOURCE_SIZE = 17, 12.5, 10
LINE_HEIGHT = 1.25  # in font sizes
POINT = re.compile(
    r'<path transform="translate\((?P<x>[^,"]+),(?P<y>[^)"]+)\)" d="(?P<shape>[^"]+)" (?P<look>[^>]*?)/>'
)
LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
DRAWN = re.compile(r'(?<= )(?:d|transform)="[^"]*"')


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


def rendered(chart: alt.TopLevelMixin, heading: Heading) -> str:
    """Return a picture as SVG; the same chart gives the same text.

    Parameters
    ----------
    chart : Chart
        The chart; one that is not several side by side is made as wide as a picture.
    heading : Heading
        What is written around it; its title and subtitle also describe the file for readers who cannot see it.

    Returns
    -------
    str
    """
    if isinstance(chart, (alt.Chart, alt.LayerChart)):
        chart = chart.properties(width=REFERENCE_WIDTH, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    # the tests hold every chart against the schema, which takes as long as to draw it
    drawn = vl_convert.vegalite_to_svg(chart.to_dict(validate=False), config=config() | {"padding": 0})
    drawn = DRAWN.sub(lambda part: LONG_NUMBER.sub(_rounded, part[0]), drawn)
    drawn, shapes = _shared(drawn)
    size = re.search(r' width="([\d.]+)" height="([\d.]+)"', drawn)
    assert size is not None  # vl-convert gives every drawing a size
    wide, high = float(size[1]), float(size[2])
    width = max(REFERENCE_WIDTH, wide) + 2 * MARGIN
    parts, down = [], 8.0
    for text, font, look in (
        (heading.title, TITLE_SIZE, f'font-weight="bold" fill="{theme.INK}"'),
        (heading.subtitle, SUBTITLE_SIZE, f'fill="{theme.MUTED}"'),
    ):
        written, down = _written(text, font, look, down, width)
        parts += written
        down += 6
    parts.append(drawn.replace("<svg ", f'<svg x="{MARGIN}" y="{down + 6:g}" ', 1))
    source, down = _written(heading.source, SOURCE_SIZE, f'fill="{theme.MUTED}"', down + high + 14, width)
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:g}" height="{down + 6:g}" '
            f'viewBox="0 0 {width:g} {down + 6:g}" font-family="{FONT}">',
            f"<title>{_escaped(heading.title)}</title><desc>{_escaped(heading.subtitle)}</desc>",
            f'<rect width="100%" height="100%" fill="{theme.PAPER}"/><defs>{shapes}</defs>',
            *parts,
            *source,
            "</svg>\n",
        ]
    )


def png(svg: str) -> bytes:
    """Return a picture as PNG, for readers that cannot show an SVG."""
    return vl_convert.svg_to_png(svg, scale=PNG_SCALE)


def remove_outdated(folder: Path, written: set[str]) -> None:
    """Remove the pictures of an earlier run that were not drawn again; other files stay.

    Parameters
    ----------
    folder : Path
        Where the pictures are.
    written : set of str
        Files of this run.

    Raises
    ------
    OSError
        If a file cannot be removed.
    """
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        earlier = {file for picture in index["pictures"] for file in picture["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return
    for name in sorted(earlier - written):
        if Path(name).name == name:
            (folder / name).unlink(missing_ok=True)


def _written(text: str, size: float, look: str, down: float, width: float) -> tuple[list[str], float]:
    found = []
    for line in lines(text, width - 2 * MARGIN, size, is_bold="bold" in look):
        down += size * LINE_HEIGHT
        found.append(f'<text x="{MARGIN}" y="{down - 3:g}" font-size="{size}" {look}>{_escaped(line)}</text>')
    return found, down


def _shared(drawn: str) -> tuple[str, str]:
    """Write the outline of each kind of point once, and a reference for each point, which keeps the file small."""
    shapes: dict[str, str] = {}

    def point(match: re.Match) -> str:
        shape = f'<path d="{match["shape"]}" {match["look"]}/>'
        name = shapes.setdefault(shape, f"p{len(shapes)}")
        return f'<use href="#{name}" x="{match["x"]}" y="{match["y"]}"/>'

    drawn = POINT.sub(point, drawn)
    return drawn, "".join(f'<path id="{name}"{shape.removeprefix("<path")}' for shape, name in shapes.items())


def _rounded(match: re.Match) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
