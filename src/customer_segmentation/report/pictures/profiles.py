"""Pictures of what segments are like, and of how the segmentations of a dataset divide the same customers."""

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import ScaledTranslation

from customer_segmentation import formatting
from customer_segmentation.report import theme
from customer_segmentation.report.pictures import titles
from customer_segmentation.report.pictures.layout import Heading, in_style, ink_on, sheet, text_width, wrapped

STRONGEST_DEVIATION = 2.0  # standard deviations at which the colour is full
STRONGEST_INDEX = 100.0  # per cent above or below average at which the colour is full


@in_style
def profile_map(
    differences: pd.DataFrame, texts: pd.DataFrame, segments: pd.DataFrame, heading: Heading, *, in_deviations: bool
) -> Figure:
    """Draw how far each segment is above or below all customers in each feature.

    Parameters
    ----------
    differences : DataFrame of shape (segments, features)
        Difference of the segment's median from the median of all customers, in standard deviations or in per cent.
    texts : DataFrame of shape (segments, features)
        What is written into the fields: the medians of the segments; empty where there is none.
    segments : DataFrame
        `persona`, `colour`, `marker`, in the order of the rows.
    heading : Heading
        What is written around the picture.
    in_deviations : bool
        Whether differences are standard deviations.

    Returns
    -------
    Figure
    """
    rows, columns = differences.shape
    figure = sheet(heading, 0.85 + 0.4 * rows + _height_of_names(list(differences.columns)))
    axes = figure.subplots()
    full = STRONGEST_DEVIATION if in_deviations else STRONGEST_INDEX
    colours = colormaps[theme.DIVERGING]
    values = differences.to_numpy(dtype=float)
    image = axes.imshow(values, cmap=colours, vmin=-full, vmax=full, aspect="auto")
    written = texts.to_numpy()
    for (row, column), value in np.ndenumerate(values):
        background = colours((min(max(value, -full), full) / full + 1) / 2)[:3] if np.isfinite(value) else theme.PAPER
        axes.text(
            column,
            row,
            (written[row, column] or titles.NOTHING).replace("-", formatting.MINUS),
            ha="center",
            va="center",
            size=9 if columns <= 8 else 8,
            color=ink_on(background),
        )
    _name_rows(axes, segments)
    _name_columns(axes, list(differences.columns))
    bar = figure.colorbar(image, ax=axes, location="bottom", shrink=0.5, aspect=40, pad=0.03, extend="both")
    unit = "standard deviations" if in_deviations else "%"
    bar.set_label(f"below  ←  difference from all customers, {unit}  →  above", size=8.5)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=8, length=0)
    return figure


@in_style
def crosswalk_map(
    flows: pd.DataFrame,
    segments: pd.DataFrame,
    other_segments: pd.DataFrame,
    heading: Heading,
    *,
    names: tuple[str, str],
) -> Figure:
    """Draw which share of each segment is in which segment of another segmentation.

    Parameters
    ----------
    flows : DataFrame
        `cluster_id`, `other_cluster_id`, `customers`, `share_of_segment`.
    segments, other_segments : DataFrame
        `cluster_id`, `persona`, `colour`, `marker`, `customers`, in the order of rows and columns.
    heading : Heading
        What is written around the picture.
    names : tuple of str
        Names of the two segmentations.

    Returns
    -------
    Figure
    """
    wide = flows.pivot_table(index="cluster_id", columns="other_cluster_id", values="share_of_segment")
    shares = wide.reindex(index=segments["cluster_id"], columns=other_segments["cluster_id"]).fillna(0.0).to_numpy()
    # Columns stand where most of their customers come from, so that agreement reads as a diagonal.
    order = np.argsort(
        [(shares[:, column] * segments["customers"]).to_numpy().argmax() for column in range(shares.shape[1])],
        kind="stable",
    )
    shares, columns = shares[:, order], other_segments.iloc[order].reset_index(drop=True)
    figure = sheet(heading, 0.5 + 0.4 * len(segments) + _height_of_names(list(columns["persona"])))
    axes = figure.subplots()
    colours = colormaps["Blues"]
    axes.imshow(shares, cmap=colours, vmin=0, vmax=1.15, aspect="auto")
    texts = [formatting.shares(row) for row in shares]
    for (row, column), share in np.ndenumerate(shares):
        if share > 0:
            axes.text(
                column,
                row,
                texts[row][column].replace("under ", "<"),
                ha="center",
                va="center",
                size=9 if len(columns) <= 9 else 8,
                color=ink_on(colours(share / 1.15)[:3]),
            )
    _name_rows(axes, segments)
    _name_columns(axes, list(columns["persona"]))
    axes.set_xlabel(names[1], weight="bold")
    axes.xaxis.set_label_position("top")
    axes.set_ylabel(names[0], weight="bold")
    return figure


@in_style
def flows_between(
    columns: list[pd.DataFrame], flows: list[pd.DataFrame], heading: Heading, *, names: list[str]
) -> Figure:
    """Draw how customers pass from the segments of one segmentation into those of the next.

    Parameters
    ----------
    columns : list of DataFrame
        Per segmentation its segments: `cluster_id`, `persona`, `colour`, `customers`.
    flows : list of DataFrame
        Between each segmentation and the next: `cluster_id`, `other_cluster_id`, `customers`.
    heading : Heading
        What is written around the picture.
    names : list of str
        Names of the segmentations.

    Returns
    -------
    Figure
    """
    most = max(len(segments) for segments in columns)
    figure = sheet(heading, 1.0 + 0.62 * most)
    axes = figure.subplots()
    total = max(int(segments["customers"].sum()) for segments in columns)
    gap = 0.26 / most * total
    ordered = _ordered_columns(columns, flows)
    blocks = [_blocks(segments, total, gap, most) for segments in ordered]
    width = 0.055
    for position, rows in enumerate(flows):
        _draw_flows(axes, rows, ordered[position], blocks[position], blocks[position + 1], position, width)
    last = len(columns) - 1
    room = 130 if len(columns) > 2 else 170
    for position, (segments, places) in enumerate(zip(ordered, blocks, strict=True)):
        axes.text(
            position,
            total + gap * most + 0.02 * total,
            wrapped(names[position], 120, 9, "bold"),
            size=9,
            weight="bold",
            va="bottom",
            ha="left" if position == 0 else "right" if position == last else "center",
        )
        for segment, share in zip(
            segments.itertuples(), formatting.shares(segments["share_of_customers"]), strict=True
        ):
            low, high = places[segment.cluster_id]
            axes.add_patch(
                Rectangle((position - width / 2, low), width, high - low, color=segment.colour, linewidth=0, zorder=3)
            )
            side = -1 if position == 0 else 1
            axes.annotate(
                wrapped(f"{segment.persona} {share}", room, 8.5),
                (position + side * width / 2, (low + high) / 2),
                xytext=(4 * side, 0),
                textcoords="offset points",
                va="center",
                ha="right" if side < 0 else "left",
                size=8.5,
                zorder=5,
                bbox={"facecolor": theme.PAPER, "alpha": 0.72, "linewidth": 0, "pad": 1}
                if 0 < position < last
                else None,
            )
    inches = 7.8
    left = max(text_width(wrapped(f"{p} 00.0 %", room, 8.5), 8.5) for p in ordered[0]["persona"]) / 72 + 0.1
    right = max(text_width(wrapped(f"{p} 00.0 %", room, 8.5), 8.5) for p in ordered[-1]["persona"]) / 72 + 0.1
    unit = max(last, 1) / (inches - left - right)
    axes.set_xlim(-left * unit, last + right * unit)
    axes.set_ylim(-0.01 * total, total + gap * most + 0.07 * total)
    axes.set_axis_off()
    return figure


def _ordered_columns(columns, flows) -> list[pd.DataFrame]:
    """Order the segments of each segmentation by where their customers were in the one before: few flows cross then."""
    ordered = [columns[0]]
    for segments, rows in zip(columns[1:], flows, strict=True):
        rank = {cluster: place for place, cluster in enumerate(ordered[-1]["cluster_id"])}
        rows = rows.assign(place=rows["cluster_id"].map(rank) * rows["customers"])
        sums = rows.groupby("other_cluster_id")[["place", "customers"]].sum()
        middle = (sums["place"] / sums["customers"]).to_dict()
        places = segments["cluster_id"].map(middle).fillna(len(rank))
        ordered.append(segments.assign(place=places).sort_values(["place", "cluster_id"]).reset_index(drop=True))
    return ordered


def _blocks(segments, total, gap, most) -> dict:
    """Stack the segments from the top, spread over the same height whatever their number."""
    between = gap * most / max(len(segments) - 1, 1)
    top, places = total + gap * most, {}
    if len(segments) == 1:
        top -= gap * most / 2
    for segment in segments.itertuples():
        places[segment.cluster_id] = (top - segment.customers, top)
        top -= segment.customers + between
    return places


def _draw_flows(axes, rows, segments, blocks, next_blocks, position, width) -> None:
    leaving = {cluster: high for cluster, (_, high) in blocks.items()}
    arriving = {cluster: high for cluster, (_, high) in next_blocks.items()}
    colours = segments.set_index("cluster_id")["colour"]
    from_top = list(segments["cluster_id"])
    to_top = list(next_blocks)
    starts, ends = {}, {}
    known = [row for row in rows.itertuples() if row.cluster_id in blocks and row.other_cluster_id in next_blocks]
    for row in sorted(known, key=lambda row: (from_top.index(row.cluster_id), to_top.index(row.other_cluster_id))):
        starts[row.cluster_id, row.other_cluster_id] = leaving[row.cluster_id]
        leaving[row.cluster_id] -= row.customers
    for row in sorted(known, key=lambda row: (to_top.index(row.other_cluster_id), from_top.index(row.cluster_id))):
        ends[row.cluster_id, row.other_cluster_id] = arriving[row.other_cluster_id]
        arriving[row.other_cluster_id] -= row.customers
        key = (row.cluster_id, row.other_cluster_id)
        axes.add_patch(
            _ribbon(
                position + width / 2,
                starts[key],
                position + 1 - width / 2,
                ends[key],
                row.customers,
                colours[row.cluster_id],
            )
        )


def _ribbon(left, top, right, other_top, height, colour) -> PathPatch:
    middle = (left + right) / 2
    points = [
        (left, top),
        (middle, top),
        (middle, other_top),
        (right, other_top),
        (right, other_top - height),
        (middle, other_top - height),
        (middle, top - height),
        (left, top - height),
        (left, top),
    ]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=colour, alpha=0.4, linewidth=0, zorder=2)


def _name_rows(axes, segments) -> None:
    axes.set_yticks(range(len(segments)), [wrapped(persona, 120, 8.5) for persona in segments["persona"]])
    axes.tick_params(axis="y", pad=18)
    for row, segment in enumerate(segments.itertuples()):
        axes.plot(
            [0],
            [row],
            transform=_beside(axes),
            marker=segment.marker,
            color=segment.colour,
            markersize=7,
            markeredgecolor=theme.INK,
            markeredgewidth=0.5,
            clip_on=False,
        )


def _beside(axes):
    """Place a marker left of the axes, at the height of its row."""
    return axes.get_yaxis_transform() + ScaledTranslation(-10 / 72, 0, axes.figure.dpi_scale_trans)


def _name_columns(axes, labels) -> None:
    names, is_slanted = _names(labels)
    if is_slanted:
        axes.set_xticks(range(len(names)), names, rotation=45, ha="left", rotation_mode="anchor", linespacing=0.95)
    else:
        axes.set_xticks(range(len(names)), names)
    axes.tick_params(axis="x", labeltop=True, labelbottom=False)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _names(labels) -> tuple[list[str], bool]:
    """Wrap names to the width of their columns, or, where a word is too long for that, to two slanted lines."""
    room = 440 / max(len(labels), 1) - 6
    if max((text_width(word, 8.5) for label in labels for word in label.split()), default=0) <= room:
        return [wrapped(label, room, 8.5) for label in labels], False
    lines = [label.replace(", ", "\n", 1) for label in labels]  # the unit has a line of its own
    for length in range(100, 300, 10):
        names = [name if "\n" in name else wrapped(name, length, 8.5) for name in lines]
        if all(name.count("\n") < 2 for name in names):
            break
    return names, True


def _height_of_names(labels) -> float:
    """Return the height of the names of columns, in inches."""
    names, is_slanted = _names(labels)
    if is_slanted:
        return 0.25 + max(text_width(name, 8.5) for name in names) / 72 * 0.72
    return 0.15 + 0.16 * max((name.count("\n") + 1 for name in names), default=0)
