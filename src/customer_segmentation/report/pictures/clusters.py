"""Pictures of the segments as groups of customers: in two dimensions, in three, and along principal components."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from customer_segmentation import formatting
from customer_segmentation.report import theme
from customer_segmentation.report.pictures.layout import RASTER_RESOLUTION as RESOLUTION
from customer_segmentation.report.pictures.layout import (
    Heading,
    darker,
    in_style,
    is_many,
    label_points,
    sheet,
    wrapped,
)
from customer_segmentation.report.pictures.scales import lengthened, log_axis, log_ticks, plain_axis, shortened

MOST_DIRECT_LABELS = 8  # more names would hide the customers: numbers and a key instead
SPACE = 4.5  # height of three dimensions, in inches
LIFT = 0.35  # three dimensions leave room above and need some below, for the names of the axes
GOLDEN_RATIO = 0.6180339887498949


@in_style
def map_of_segments(
    customers: pd.DataFrame,
    segments: pd.DataFrame,
    heading: Heading,
    *,
    names: tuple[str, str],
    centroids: pd.DataFrame | None = None,
    logarithmic: tuple[bool, bool] = (False, False),
) -> Figure:
    """Draw customers in two dimensions, coloured by segment, with centroids and names of personas.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id`, `x`, `y`, one row per customer shown.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, `marker`, `share_of_customers`, in the order of the personas.
    heading : Heading
        What is written around the picture.
    names : tuple of str
        What x and y are.
    centroids : DataFrame, optional
        `cluster_id`, `x`, `y`; the means of the customers shown if not given.
    logarithmic : tuple of bool
        Whether x and y have a logarithmic scale.

    Returns
    -------
    Figure
    """
    figure = sheet(heading, 5.0)
    axes = figure.subplots()
    _scatter(axes, customers, segments)
    _name_axes(axes, names, logarithmic)
    if centroids is None:
        centroids = customers.groupby("cluster_id", as_index=False)[["x", "y"]].mean()
    _mark_centroids(figure, axes, centroids, segments)
    if is_many(len(customers)):
        figure.set_dpi(RESOLUTION)
    return figure


@in_style
def strip(
    customers: pd.DataFrame, segments: pd.DataFrame, heading: Heading, *, name: str, is_logarithmic: bool = False
) -> Figure:
    """Draw customers of a segmentation by one single feature, a row for each segment.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id` and `x`, one row per customer shown.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, `marker`, in the order of the personas.
    heading : Heading
        What is written around the picture.
    name : str
        What x is.
    is_logarithmic : bool
        Whether x has a logarithmic scale.

    Returns
    -------
    Figure
    """
    figure = sheet(heading, max(1.8, 0.7 + 0.42 * len(segments)))
    axes = figure.subplots()
    many = is_many(len(customers))
    for row, segment in enumerate(segments.itertuples()):
        values = np.sort(customers.loc[customers["cluster_id"] == segment.cluster_id, "x"].to_numpy(dtype=float))
        # Spread over the row without a random number, so that equal values do not hide each other.
        height = -row + 0.6 * ((np.arange(len(values)) * GOLDEN_RATIO) % 1 - 0.5)
        axes.scatter(
            values,
            height,
            s=14,
            marker=segment.marker,
            color=segment.colour,
            alpha=0.75,
            linewidth=0.3,
            edgecolor=darker(segment.colour),
            rasterized=many,
        )
        if len(values):
            axes.plot([np.median(values)] * 2, [-row - 0.38, -row + 0.38], color=theme.INK, linewidth=2)
    axes.set_yticks(-np.arange(len(segments)), [wrapped(persona, 150, 8.5) for persona in segments["persona"]])
    axes.set_ylim(-len(segments) + 0.4, 0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(f"{name}{' (log scale)' if is_logarithmic else ''}; black bar: median of the segment")
    if is_logarithmic:
        log_axis(axes, "x")
    else:
        plain_axis(axes, "x", 8)
    if many:
        figure.set_dpi(RESOLUTION)
    return figure


@in_style
def map_in_three_dimensions(
    customers: pd.DataFrame,
    segments: pd.DataFrame,
    heading: Heading,
    *,
    names: tuple[str, str, str],
    logarithmic: tuple[bool, bool, bool] = (False, False, False),
) -> Figure:
    """Draw customers in three dimensions, coloured by segment.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id`, `x`, `y`, `z`, one row per customer shown.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, `marker`, `share_of_customers`, in the order of the personas.
    heading : Heading
        What is written around the picture.
    names : tuple of str
        What x, y and z are.
    logarithmic : tuple of bool
        Whether x, y and z have a logarithmic scale.

    Returns
    -------
    Figure
    """
    columns = 3
    rows = -(-len(segments) // columns)
    key = 0.14 + 0.22 * rows + 0.16 * _lines_of_key(segments, columns)
    figure = sheet(heading, SPACE + key)
    total = figure.get_figheight()
    engine = figure.get_layout_engine()
    below = engine.get()["rect"][1] * total if engine else 0.0
    figure.set_layout_engine("none")  # it reserves no room for labels in three dimensions
    axes: Any = figure.add_axes((0.06, (below + key + LIFT) / total, 0.88, SPACE / total), projection="3d")
    axes.view_init(elev=20, azim=-60)
    axes.set_box_aspect((1.25, 1.25, 0.95), zoom=1.12)
    many = is_many(len(customers))
    for segment in segments.itertuples():
        points = customers.loc[customers["cluster_id"] == segment.cluster_id, ["x", "y", "z"]].to_numpy(dtype=float)
        shown = np.where(logarithmic, shortened(points), points)
        axes.scatter(
            *shown.T,
            s=7 if many else 18,
            marker=segment.marker,
            color=segment.colour,
            alpha=0.55 if many else 0.8,
            edgecolor=darker(segment.colour),
            linewidth=0.2,
            depthshade=False,
            rasterized=many,
        )
    for direction, axis, name, is_logarithmic in zip(
        "xyz", (axes.xaxis, axes.yaxis, axes.zaxis), names, logarithmic, strict=True
    ):
        axis.set_pane_color(theme.PAPER)
        axis._axinfo["grid"].update(color=theme.GRID, linewidth=0.8)
        axes.tick_params(axis=direction, labelsize=8, pad=1)
        getattr(axes, f"set_{direction}label")(wrapped(name, 250, 9), labelpad=5)
        _three_dimensional_ticks(axes, direction, is_logarithmic)
    figure.legend(
        handles=_segment_handles(segments),
        labels=_segment_labels(segments, columns),
        loc="lower left",
        bbox_to_anchor=(0.01, below / total),
        ncols=columns,
        fontsize=8.5,
        handletextpad=0.3,
        columnspacing=1.2,
    )
    if many:
        figure.set_dpi(RESOLUTION)
    return figure


@in_style
def biplot(customers: pd.DataFrame, loadings: pd.DataFrame, segments: pd.DataFrame, heading: Heading) -> Figure:
    """Draw customers along two principal components, and how the features point.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id`, `x`, `y`: the first two components of the customers shown.
    loadings : DataFrame
        `component`, `label`, `loading`, `share_of_variance`, one row per component and feature.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, `marker`, `share_of_customers`, in the order of the personas.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure

    Notes
    -----
    Arrows have the direction of the loadings (Gabriel 1971); their length is scaled to the customers, so that only its
    ratio between features means something.
    """
    columns = 3
    rows = -(-len(segments) // columns)
    figure = sheet(heading, 4.6 + 0.25 + 0.2 * rows + 0.16 * _lines_of_key(segments, columns))
    axes = figure.subplots()
    _scatter(axes, customers, segments, alpha=0.4)
    wide = loadings.pivot_table(index="label", columns="component", values="loading", sort=False)
    arrows = wide[[1, 2]].to_numpy()
    reach = np.abs(customers[["x", "y"]].to_numpy(dtype=float))
    longest = np.quantile(reach, 0.97) if len(reach) else 1.0
    arrows = arrows * 1.1 * longest / max(np.hypot(*arrows.T).max(), 1e-12)
    for x, y in arrows:
        axes.annotate(
            "",
            xy=(x, y),
            xytext=(0, 0),
            zorder=8,
            arrowprops={
                "arrowstyle": "-|>,head_length=0.5,head_width=0.25",
                "color": theme.INK,
                "linewidth": 1.6,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
    everything = np.vstack([customers[["x", "y"]].to_numpy(dtype=float), 1.15 * arrows])
    for direction, column in (("x", 0), ("y", 1)):
        low, high = everything[:, column].min(), everything[:, column].max()
        getattr(axes, f"set_{direction}lim")(low - 0.06 * (high - low), high + 0.06 * (high - low))
    shares = loadings.groupby("component")["share_of_variance"].first()
    _name_axes(
        axes, tuple(f"component {number} ({formatting.percent(shares[number])} of the variance)" for number in (1, 2))
    )
    axes.legend(
        handles=_segment_handles(segments),
        labels=_segment_labels(segments, columns),
        loc="upper left",
        bbox_to_anchor=(-0.04, -0.11),
        ncols=columns,
        handletextpad=0.3,
        columnspacing=1.2,
        borderpad=0.2,
        fontsize=8.5,
    )
    label_points(axes, arrows, list(wide.index), directions=arrows, room=120)
    if is_many(len(customers)):
        figure.set_dpi(RESOLUTION)
    return figure


def _scatter(axes, customers, segments, alpha=0.75) -> None:
    many = is_many(len(customers))
    for segment in segments.itertuples():
        points = customers[customers["cluster_id"] == segment.cluster_id]
        axes.scatter(
            points["x"],
            points["y"],
            s=12 if many else 26,
            marker=segment.marker,
            color=segment.colour,
            edgecolor=darker(segment.colour),
            linewidth=0.2 if many else 0.4,
            alpha=alpha * (0.7 if many else 1),
            rasterized=many,
        )


def _name_axes(axes, names, logarithmic=(False, False)) -> None:
    for direction, name, is_logarithmic in zip("xy", names, logarithmic, strict=True):
        if is_logarithmic:
            log_axis(axes, direction)
        else:
            plain_axis(axes, direction, 8)
        getattr(axes, f"set_{direction}label")(f"{name}{' (log scale)' if is_logarithmic else ''}")


def _mark_centroids(figure, axes, centroids, segments) -> None:
    centres = centroids.set_index("cluster_id").reindex(segments["cluster_id"])
    present = centres["x"].notna().to_numpy()
    shown, centres = segments[present], centres[present]
    shares = np.array(formatting.shares(segments["share_of_customers"]))[present]
    direct = len(segments) <= MOST_DIRECT_LABELS
    for number, (segment, centre) in enumerate(zip(shown.itertuples(), centres.itertuples(), strict=True), start=1):
        axes.plot(
            centre.x,
            centre.y,
            marker=segment.marker if direct else "o",
            markersize=13 if direct else 17,
            color=segment.colour if direct else theme.PAPER,
            markeredgecolor=theme.INK if direct else segment.colour,
            markeredgewidth=1.6 if direct else 2.4,
            zorder=9,
        )
        if not direct:
            axes.annotate(
                str(number), (centre.x, centre.y), ha="center", va="center_baseline", size=8.5, weight="bold", zorder=11
            )
    if direct:
        names = [f"{segment.persona}\n{share}" for segment, share in zip(shown.itertuples(), shares, strict=True)]
        label_points(axes, centres[["x", "y"]].to_numpy(), names)
        return
    labels = [
        wrapped(f"{number} {segment.persona} ({share})", 150, 8.5)
        for number, (segment, share) in enumerate(zip(shown.itertuples(), shares, strict=True), start=1)
    ]
    axes.legend(
        handles=_segment_handles(shown),
        labels=labels,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.02),
        fontsize=8.5,
        handletextpad=0.3,
        labelspacing=0.7,
    )


def _segment_handles(segments) -> list[Line2D]:
    return [
        Line2D(
            [],
            [],
            marker=segment.marker,
            color=segment.colour,
            markeredgecolor=darker(segment.colour),
            markersize=7,
            linewidth=0,
        )
        for segment in segments.itertuples()
    ]


def _segment_labels(segments, columns) -> list[str]:
    room = 540 / columns - 30
    return [
        wrapped(f"{persona} ({share})", room, 8.5)
        for persona, share in zip(segments["persona"], formatting.shares(segments["share_of_customers"]), strict=True)
    ]


def _lines_of_key(segments, columns) -> int:
    """Count the lines that the key has beyond one for each row of it."""
    labels = _segment_labels(segments, columns)
    rows = -(-len(labels) // columns)
    return max(
        (sum(label.count("\n") for label in labels[start : start + rows]) for start in range(0, len(labels), rows)),
        default=0,
    )


def _three_dimensional_ticks(axes, direction, is_logarithmic) -> None:
    if not is_logarithmic:
        plain_axis(axes, direction, 4)
        return
    low, high = getattr(axes, f"get_{direction}lim")()
    ticks = log_ticks(float(lengthened(low)), float(lengthened(high)), 5)
    getattr(axes, f"set_{direction}ticks")(
        [float(shortened(tick)) for tick in ticks], [f"{tick:,.0f}" for tick in ticks]
    )
