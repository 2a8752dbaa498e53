"""How the segmentations of a dataset divide the same customers."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.language import isolated
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import LINE, MORE_LINES, TITLE, data, lines, middle
from customer_segmentation.report.charts.labels import spread

HALF = 0.0275  # half the width of the block of a segment; segmentations are 1 apart
NAME_ROOM = 120  # of names beside the blocks: two and the flows fit on a telephone
STEPS = np.linspace(0, 1, 25)


def flows_between(
    columns: Sequence[pd.DataFrame], flows: Sequence[pd.DataFrame], names: Sequence[str]
) -> alt.LayerChart:
    """Draw how customers pass from the segments of one segmentation into those of the next.

    Parameters
    ----------
    columns : sequence of DataFrame
        Per segmentation its segments: `cluster_id`, `persona`, `colour`, `customers`, `share_of_customers`.
    flows : sequence of DataFrame
        Between each segmentation and the next: `cluster_id`, `other_cluster_id`, `customers`.
    names : sequence of str
        Names of the segmentations.

    Returns
    -------
    LayerChart
    """
    most = max(len(segments) for segments in columns)
    total = max(int(segments["customers"].sum()) for segments in columns)
    gap = 0.26 * total
    ordered = _ordered(columns, flows)
    blocks = [_blocks(segments, total, gap) for segments in ordered]
    last = len(columns) - 1
    bands, block_rows, labels = [], [], []
    for position, rows in enumerate(flows):
        bands += _bands(rows, ordered[position], blocks[position], blocks[position + 1], position)
    written = [_labels(segments, NAME_ROOM) for segments in ordered]
    height = max(60 * most, 180, *(LINE * sum(map(len, texts)) for texts in written))
    for position, (segments, places, texts) in enumerate(zip(ordered, blocks, written, strict=True)):
        middles = [total + gap - sum(places[cluster]) / 2 for cluster in segments["cluster_id"]]
        scale = height / (total + gap)
        shown = spread([one * scale for one in middles], [LINE * len(text) for text in texts], height)
        for segment, text, down in zip(segments.itertuples(), texts, shown, strict=True):
            low, high = places[segment.cluster_id]
            block_rows.append(
                {"from": position - HALF, "to": position + HALF, "low": low, "high": high, "colour": segment.colour}
            )
            side = -1 if position == 0 else 1
            labels.append(
                {
                    "x": position + side * HALF,
                    "y": total + gap - float(down) / scale,
                    "lines": "\n".join(text),
                    "where": _where(position, last),
                }
            )
    heads = [
        {
            "x": position,
            "y": total + gap,
            "lines": "\n".join(lines(name, NAME_ROOM, TITLE, is_bold=True)),
            "where": _where(position, last),
        }
        for position, name in enumerate(names)
    ]
    x = {"axis": None, "scale": alt.Scale(domain=[-HALF, last + HALF], nice=False, zero=False)}
    y = {"axis": None, "scale": alt.Scale(domain=[0, total + gap], nice=False, zero=False)}
    colour = alt.Color("colour:N", scale=None)
    layers = [
        alt.Chart(data(bands))
        .mark_area(opacity=0.4)
        .encode(
            x=alt.X("x:Q", **x), y=alt.Y("low:Q", **y), y2=alt.Y2("high:Q"), color=colour, detail=alt.Detail("band:N")
        ),
        alt.Chart(data(block_rows))
        .mark_rect()
        .encode(x=alt.X("from:Q", **x), x2=alt.X2("to:Q"), y=alt.Y("low:Q", **y), y2=alt.Y2("high:Q"), color=colour),
    ]
    for where, align, shift in (("first", "right", -6), ("between", "left", 6), ("last", "left", 6)):
        rows = [{key: row[key] for key in ("x", "y", "lines")} for row in labels if row["where"] == where]
        look = {"align": align, "baseline": "middle", "dx": shift, "dy": middle(LINE), "lineHeight": LINE}
        chart = alt.Chart(data(rows)).encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y), text=alt.Text("lines:N"))
        if where == "between":
            layers.append(chart.mark_text(**look, stroke=theme.PAPER, strokeWidth=4, strokeJoin="round", opacity=0.85))
        layers.append(chart.mark_text(**look))
    # of two, each stands above its own labels: there is no room between them on a phone
    outer = ("right", "left") if last == 1 else ("left", "right")
    for where, align in (("first", outer[0]), ("between", "center"), ("last", outer[1])):
        rows = [{key: row[key] for key in ("x", "y", "lines")} for row in heads if row["where"] == where]
        layers.append(
            alt.Chart(data(rows))
            .mark_text(
                align=align,
                baseline="bottom",
                dy=alt.ExprRef(f"-8 - {MORE_LINES} * {LINE}"),
                fontWeight="bold",
                fontSize=TITLE,
                lineHeight=LINE,
            )
            .encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y), text=alt.Text("lines:N"))
        )
    return alt.layer(*layers).properties(height=height)


def _labels(segments: pd.DataFrame, room: float) -> list[list[str]]:
    """Return the lines of the name and the share of each segment."""
    shares = formatting.shares(segments["share_of_customers"])
    return [lines(f"{isolated(name)} {share}", room) for name, share in zip(segments["persona"], shares, strict=True)]


def _where(position: int, last: int) -> str:
    return "first" if position == 0 else "last" if position == last else "between"


def _ordered(columns: Sequence[pd.DataFrame], flows: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Order the segments of each segmentation by where their customers were in the one before: few flows cross then."""
    ordered = [columns[0]]
    for segments, rows in zip(columns[1:], flows, strict=True):
        rank = {cluster: place for place, cluster in enumerate(ordered[-1]["cluster_id"])}
        rows = rows.assign(place=rows["cluster_id"].map(rank) * rows["customers"])
        sums = rows.groupby("other_cluster_id")[["place", "customers"]].sum()
        middles = (sums["place"] / sums["customers"]).to_dict()
        places = segments["cluster_id"].map(middles).fillna(len(rank))
        ordered.append(segments.assign(place=places).sort_values(["place", "cluster_id"]).reset_index(drop=True))
    return ordered


def _blocks(segments: pd.DataFrame, total: float, gap: float) -> dict:
    """Stack the segments from the top, spread over the same height whatever their number."""
    between = gap / max(len(segments) - 1, 1)
    top, places = total + gap, {}
    if len(segments) == 1:
        top -= gap / 2
    for segment in segments.itertuples():
        places[segment.cluster_id] = (float(top - segment.customers), float(top))
        top -= segment.customers + between
    return places


def _bands(rows: pd.DataFrame, segments: pd.DataFrame, blocks: dict, next_blocks: dict, position: int) -> list[dict]:
    """Return the outline of the band of each flow: both of its ends lie in the order of the other side."""
    colours = dict(zip(segments["cluster_id"], segments["colour"], strict=True))
    here, there = list(blocks), list(next_blocks)
    known = [row for row in rows.itertuples() if row.cluster_id in blocks and row.other_cluster_id in next_blocks]
    known.sort(key=lambda row: (here.index(row.cluster_id), there.index(row.other_cluster_id)))
    leaving = {cluster: high for cluster, (_, high) in blocks.items()}
    arriving = {cluster: high for cluster, (_, high) in next_blocks.items()}
    eased = STEPS**2 * (3 - 2 * STEPS)
    found = []
    for row in known:
        start, end = leaving[row.cluster_id], arriving[row.other_cluster_id]
        leaving[row.cluster_id] -= row.customers
        arriving[row.other_cluster_id] -= row.customers
        tops = start + (end - start) * eased
        found += [
            {
                "x": position + HALF + step * (1 - 2 * HALF),
                "high": float(top),
                "low": float(top - row.customers),
                "colour": colours[row.cluster_id],
                "band": f"{position}-{row.cluster_id}-{row.other_cluster_id}",
            }
            for step, top in zip(STEPS, tops, strict=True)
        ]
    return found
