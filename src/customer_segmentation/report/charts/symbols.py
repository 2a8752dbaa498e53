"""Each segment has a colour and a symbol: colour alone must not tell segments apart."""

from collections.abc import Sequence
from itertools import cycle, islice
from typing import NamedTuple

import altair as alt
import pandas as pd

from customer_segmentation.report.charts.drawing import REFERENCE_WIDTH, SPLIT, data, lines, text_width

DIAGONAL_CROSS = "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z"
RING = "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0ZM.5,0A.5,.5,0,1,0,-.5,0A.5,.5,0,1,0,.5,0Z"
FRAME = "M-.9,-.9L.9,-.9L.9,.9L-.9,.9ZM-.45,-.45L-.45,.45L.45,.45L.45,-.45Z"
OPEN_DIAMOND = "M0,-1.1L1.1,0L0,1.1L-1.1,0ZM0,-.55L-.55,0L0,.55L.55,0Z"
STAR = "M0,-1.2L.3,-.4L1.15,-.37L.48,.15L.7,1L0,.5L-.7,1L-.48,.15L-1.15,-.37L-.3,-.4Z"
PENTAGON = "M0,-1.1L1.05,-.34L.65,.89L-.65,.89L-1.05,-.34Z"


class Symbol(NamedTuple):
    """A symbol: its name or outline in Vega, and its name in three dimensions, where plotly knows fewer of them."""

    plane: str
    space: str


SYMBOLS = (
    Symbol("circle", "circle"),
    Symbol("square", "square"),
    Symbol("diamond", "diamond"),
    Symbol("cross", "cross"),
    Symbol(DIAGONAL_CROSS, "x"),
    Symbol(RING, "circle-open"),
    Symbol(FRAME, "square-open"),
    Symbol(OPEN_DIAMOND, "diamond-open"),
    Symbol("triangle-up", "circle"),
    Symbol("triangle-down", "square"),
    Symbol(STAR, "diamond"),
    Symbol(PENTAGON, "cross"),
)


def symbols(count: int) -> list[Symbol]:
    """Return a symbol for each of a number of segments."""
    return list(islice(cycle(SYMBOLS), count))


def identity(
    segments: pd.DataFrame, names: Sequence[str] | None = None, *, has_key: bool = False
) -> dict[str, alt.Color | alt.Shape]:
    """Encode the field `segment` as colour and symbol.

    Parameters
    ----------
    segments : DataFrame
        `persona` and `colour` in the order of the personas.
    names : sequence of str, optional
        What is written for each; their personas if not given.
    has_key : bool
        Whether the chart has a key.

    Returns
    -------
    dict
        Encodings; `named` adds the field.
    """
    places = [str(name) for name in _keys(segments, names)]
    key = None
    if has_key:
        widest = max((text_width(line) for name in places for line in name.split("\n")), default=0) + 34
        columns = int(max(1, min(4, REFERENCE_WIDTH // widest)))
        key = alt.Legend(
            title=None,
            orient="bottom",
            columns=alt.ExprRef(f"max(1, min({columns}, floor(width / {widest:.0f})))"),
            labelExpr=SPLIT,
            symbolSize=70,
            symbolLimit=0,  # none: thirty would be named, and the others counted
            symbolOpacity=1,
            columnPadding=14,
            offset=14,
        )
    shapes = [symbol.plane for symbol in symbols(len(segments))]
    return {
        "color": alt.Color("segment:N", scale=alt.Scale(domain=places, range=list(segments["colour"])), legend=key),
        "shape": alt.Shape("segment:N", scale=alt.Scale(domain=places, range=shapes), legend=key),
    }


def named(chart: alt.Chart, segments: pd.DataFrame, names: Sequence[str] | None = None) -> alt.Chart:
    """Give each row of a chart, which has the place of its segment, the name of the segment as `segment`."""
    rows = [{"place": place, "segment": name} for place, name in enumerate(_keys(segments, names))]
    return chart.transform_lookup("place", from_=alt.LookupData(data(rows), "place", ["segment"]))


def _keys(segments: pd.DataFrame, names: Sequence[str] | None) -> list[str]:
    return ["\n".join(lines(name, 210)) for name in (segments["persona"] if names is None else names)]
