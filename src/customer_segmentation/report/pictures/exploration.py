"""Pictures of a dataset before anybody segments it: distributions, categories and relations of its features."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.figure import Figure

from customer_segmentation import formatting
from customer_segmentation.report import theme
from customer_segmentation.report.pictures import titles
from customer_segmentation.report.pictures.layout import RASTER_RESOLUTION as RESOLUTION
from customer_segmentation.report.pictures.layout import (
    Heading,
    in_style,
    ink_on,
    is_many,
    panels,
    sheet,
    text_width,
    wrapped,
)
from customer_segmentation.report.pictures.scales import log_axis, plain_axis

PANEL_WIDTH = 150  # points that the title of one of three panels may take


@in_style
def histograms(bins: pd.DataFrame, summary: pd.DataFrame, heading: Heading) -> Figure:
    """Draw how each feature is distributed, with its mean and its median.

    Parameters
    ----------
    bins : DataFrame
        `feature`, `lower_bound`, `upper_bound`, `customers`, one row per feature and bin.
    summary : DataFrame
        `feature`, `label`, `unit`, `mean`, `median`, one row per feature, in the order of the panels.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure
    """
    columns = min(3, len(summary))
    figure = sheet(heading, 0.25 + 1.75 * -(-len(summary) // columns))
    for axes, feature in zip(panels(figure, len(summary), columns), summary.itertuples(), strict=True):
        rows = bins[bins["feature"] == feature.feature].sort_values("lower_bound")
        widths = (rows["upper_bound"] - rows["lower_bound"]).where(lambda width: width > 0, 1.0)
        axes.bar(
            rows["lower_bound"],
            rows["customers"],
            width=widths,
            align="edge",
            color=theme.POPULATION,
            edgecolor=theme.PAPER,
            linewidth=0.6,
        )
        axes.axvline(feature.median, color=theme.ACCENT, linewidth=1.6)
        axes.axvline(feature.mean, color=theme.CONTRAST, linewidth=1.6, linestyle=(0, (3, 2)))
        axes.set_title(wrapped(_named(feature), PANEL_WIDTH, 9.5, "bold"))
        axes.set_xlabel(
            f"median {formatting.figure(feature.median)}, mean {formatting.figure(feature.mean)}",
            color=theme.MUTED,
            size=8.5,
        )
        axes.grid(visible=False, axis="x")
        plain_axis(axes, "x", 4)
        plain_axis(axes, "y", 4)
    return figure


@in_style
def box_plots(profiles: pd.DataFrame, heading: Heading, *, colours: Sequence[str] | None = None) -> Figure:
    """Draw box plots of each feature by the values of a category.

    Parameters
    ----------
    profiles : DataFrame
        `category_value`, `feature`, `label`, `unit`, `p25`, `median`, `p75`, `lower_whisker`, `upper_whisker`, one
        row per feature and category value. Panels and boxes have the order of the rows.
    heading : Heading
        What is written around the picture.
    colours : sequence of str, optional
        A colour for each category value.

    Returns
    -------
    Figure
    """
    features = profiles.drop_duplicates("feature")
    values = list(dict.fromkeys(profiles["category_value"]))
    columns = min(3, len(features))
    names = [wrapped(titles.group(value), 110, 8.5) for value in values]
    room = (560 - max(text_width(name, 8.5) for name in names)) / columns - 14  # for the title of a panel
    panel = 0.62 + (0.3 if any("\n" in name for name in names) else 0.24) * len(values)
    figure = sheet(heading, 0.2 + max(panel, 1.15) * -(-len(features) // columns))
    colours = colours or _colours_of(values)
    for index, (axes, feature) in enumerate(
        zip(panels(figure, len(features), columns), features.itertuples(), strict=True)
    ):
        rows = profiles[profiles["feature"] == feature.feature].set_index("category_value").reindex(values)
        for position, value in enumerate(values):
            row = rows.loc[value]
            if pd.isna(row["median"]):
                continue
            _box(axes, row, len(values) - 1 - position, colours[position])
        axes.set_ylim(-0.6, len(values) - 0.4)
        axes.set_yticks(
            range(len(values)), names[::-1] if index % columns == 0 else [""] * len(values), linespacing=0.95
        )
        axes.tick_params(axis="y", length=0)
        axes.set_title(wrapped(_named(feature), room, 9.5, "bold"))
        axes.grid(visible=False, axis="y")
        plain_axis(axes, "x", 4)
    return figure


@in_style
def category_counts(counts: pd.DataFrame, heading: Heading) -> Figure:
    """Draw how many customers have each value of each category.

    Parameters
    ----------
    counts : DataFrame
        `category`, `category_value`, `customers`, `share_of_customers`, in the order of the bars.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure
    """
    categories = list(dict.fromkeys(counts["category"]))
    bars = [int((counts["category"] == category).sum()) for category in categories]
    figure = sheet(heading, sum(0.45 + 0.27 * count for count in bars) + 0.1)
    grid = figure.subplots(len(categories), 1, squeeze=False, height_ratios=[count + 1 for count in bars]).ravel()
    for axes, category in zip(grid, categories, strict=True):
        rows = counts[counts["category"] == category].reset_index(drop=True)
        height = np.arange(len(rows))[::-1]
        axes.barh(height, rows["customers"], height=0.72, color=theme.ACCENT)
        for position, row, share in zip(
            height, rows.itertuples(), formatting.shares(rows["share_of_customers"]), strict=True
        ):
            axes.annotate(
                f"{row.customers:,} ({share})",
                (row.customers, position),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                size=8.5,
            )
        axes.set_yticks(
            height, [wrapped(formatting.capitalised(titles.group(value)), 150, 8.5) for value in rows["category_value"]]
        )
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(0, max(rows["customers"].max() * 1.18, 1))
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.set_title(formatting.capitalised(category.replace("_", " ")))
        axes.set_xticks([])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
    return figure


@in_style
def correlation_map(pairs: pd.DataFrame, labels: dict[str, str], heading: Heading) -> Figure:
    """Draw the correlation of every feature with every other.

    Parameters
    ----------
    pairs : DataFrame
        `feature`, `other_feature`, `pearson`, one row per pair.
    labels : dict of str to str
        Label of each feature, in the order of rows and columns.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure
    """
    features = list(labels)
    known = {frozenset((row.feature, row.other_feature)): row.pearson for row in pairs.itertuples()}
    rows, columns = features[1:], features[:-1]
    values = np.array(
        [
            [
                known.get(frozenset((row, column)), np.nan) if index <= position else np.nan
                for index, column in enumerate(columns)
            ]
            for position, row in enumerate(rows)
        ],
        dtype=float,
    )
    figure = sheet(heading, max(2.2, 0.42 * len(rows) + 1.2))
    axes = figure.subplots()
    colours = colormaps[theme.DIVERGING]
    axes.imshow(values, cmap=colours, vmin=-1, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            axes.text(
                column,
                row,
                formatting.signed(value),
                ha="center",
                va="center",
                size=9,
                color=ink_on(colours((value + 1) / 2)[:3]),
            )
        elif column <= row:
            axes.text(column, row, titles.NOTHING, ha="center", va="center", size=9, color=theme.MUTED)
    axes.set_yticks(range(len(rows)), [wrapped(labels[feature], 130, 8.5) for feature in rows])
    room = 500 / len(columns) - 6
    if room > 60:
        axes.set_xticks(range(len(columns)), [wrapped(labels[feature], room, 8.5) for feature in columns])
    else:
        axes.set_xticks(
            range(len(columns)),
            [wrapped(labels[feature], 110, 8.5) for feature in columns],
            rotation=40,
            ha="right",
            rotation_mode="anchor",
        )
    _bare(axes)
    return figure


@in_style
def scatter_matrix(
    customers: pd.DataFrame, features: pd.DataFrame, heading: Heading, *, logarithmic: frozenset[str] = frozenset()
) -> Figure:
    """Draw every feature against every other.

    Parameters
    ----------
    customers : DataFrame
        One row per customer shown, one column per feature.
    features : DataFrame
        `feature`, `label`, `unit`, in the order of the panels.
    heading : Heading
        What is written around the picture.
    logarithmic : frozenset of str
        Features on a logarithmic scale.

    Returns
    -------
    Figure
    """
    names = list(features["feature"])
    rows, columns = names[1:], names[:-1]
    side = 7.2 / max(len(columns), 2)
    figure = sheet(heading, min(side * 0.82, 2.4) * len(rows) + 0.5)
    grid = figure.subplots(len(rows), len(columns), squeeze=False, sharex="col", sharey="row")
    unit = features.set_index("feature")
    many = is_many(len(customers) * len(rows))
    for (row, column), axes in np.ndenumerate(grid):
        if column > row:
            axes.set_axis_off()
            continue
        points = customers[[columns[column], rows[row]]].dropna()
        axes.scatter(
            points[columns[column]],
            points[rows[row]],
            s=6 if many else 10,
            color=theme.ACCENT,
            alpha=0.35 if many else 0.6,
            linewidth=0,
            rasterized=many,
        )
        axes.tick_params(labelsize=8, labelbottom=row == len(rows) - 1, labelleft=column == 0)
    for index, column in enumerate(columns):
        axes = grid[-1, index]
        (log_axis if column in logarithmic else plain_axis)(axes, "x", 3)
        axes.set_xlabel(wrapped(_label(unit.loc[column], column in logarithmic), side * 66, 8.5), size=8.5)
    for index, row in enumerate(rows):
        axes = grid[index, 0]
        (log_axis if row in logarithmic else plain_axis)(axes, "y", 3)
        axes.set_ylabel(wrapped(_label(unit.loc[row], row in logarithmic), side * 55, 8.5), size=8.5)
    figure.align_labels()
    if many:
        figure.set_dpi(RESOLUTION)
    return figure


@in_style
def fitted_curves(customers: pd.DataFrame, curves: pd.DataFrame, labels: pd.DataFrame, heading: Heading) -> Figure:
    """Draw a straight line and a quadratic curve through pairs of features, with R2.

    Parameters
    ----------
    customers : DataFrame
        One row per customer shown, one column per feature.
    curves : DataFrame
        `feature`, `other_feature`, `shape`, `intercept`, `slope`, `quadratic_coefficient`, `r_squared`; panels have the
        order of the rows.
    labels : DataFrame
        `feature`, `label`, `unit`.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure

    Notes
    -----
    Axes end at the 0.5 and 99.5 percentiles of the customers shown: curves are straight lines and parabolas on plain
    scales only, and a few extreme values would leave nothing to see of all others.
    """
    pairs = list(dict.fromkeys(zip(curves["feature"], curves["other_feature"], strict=True)))
    columns = min(len(pairs), 2)
    figure = sheet(heading, 0.1 + (3.0 if columns == 2 else 3.4) * -(-len(pairs) // columns))
    unit = labels.set_index("feature")
    for axes, (feature, other) in zip(panels(figure, len(pairs), columns), pairs, strict=True):
        points = customers[[feature, other]].dropna()
        many = is_many(len(points))
        axes.scatter(
            points[feature], points[other], s=8, color=theme.POPULATION, alpha=0.5, linewidth=0, rasterized=many
        )
        low, high = _inner_range(points[feature])
        grid = np.linspace(low, high, 100)
        rows = curves[(curves["feature"] == feature) & (curves["other_feature"] == other)]
        for shape, colour, line in (("linear", theme.ACCENT, "-"), ("quadratic", theme.CONTRAST, (0, (5, 2)))):
            for row in rows[rows["shape"] == shape].itertuples():
                bend = 0.0 if pd.isna(row.quadratic_coefficient) else row.quadratic_coefficient
                name = "straight line" if shape == "linear" else "quadratic curve"
                axes.plot(
                    grid,
                    row.intercept + row.slope * grid + bend * grid**2,
                    color=colour,
                    linestyle=line,
                    linewidth=2,
                    label=f"{name}, R² = {row.r_squared:.2f}",
                )
        axes.set_xlim(*_widened(low, high))
        axes.set_ylim(*_widened(*_inner_range(points[other])))
        axes.set_xlabel(_label(unit.loc[feature]))
        axes.set_ylabel(wrapped(_label(unit.loc[other]), 160, 9))
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 0.99),
            ncols=2 if columns == 1 else 1,
            fontsize=8.5,
            handlelength=2,
            borderpad=0.2,
            labelspacing=0.2,
        )
        plain_axis(axes, "x")
        plain_axis(axes, "y")
        if many:
            figure.set_dpi(RESOLUTION)
    return figure


def _box(axes, row, position, colour) -> None:
    statistics = {
        "med": row["median"],
        "q1": row["p25"],
        "q3": row["p75"],
        # a whisker that is not shown ends where the box does
        "whislo": row["p25"] if pd.isna(row["lower_whisker"]) else row["lower_whisker"],
        "whishi": row["p75"] if pd.isna(row["upper_whisker"]) else row["upper_whisker"],
        "fliers": [],
    }
    axes.bxp(
        [statistics],
        positions=[position],
        widths=0.62,
        orientation="horizontal",
        showfliers=False,
        patch_artist=True,
        manage_ticks=False,
        capwidths=0.3,
        boxprops={"facecolor": colour, "edgecolor": theme.INK, "linewidth": 0.7},
        medianprops={"color": ink_on(colour), "linewidth": 2},
        whiskerprops={"color": theme.MUTED, "linewidth": 0.9},
        capprops={"color": theme.MUTED, "linewidth": 0.9},
    )


def _colours_of(values) -> list[str]:
    """Two values differ by colour; more than two stand in one column of names, and need none."""
    return ["#56b4e9", "#e69f00"] if len(values) == 2 else ["#a9c9e0"] * len(values)


def _named(feature) -> str:
    return formatting.named(formatting.capitalised(feature.label), feature.unit)


def _label(feature, is_logarithmic: bool = False) -> str:
    return f"{formatting.named(feature['label'], feature['unit'])}{' (log scale)' if is_logarithmic else ''}"


def _inner_range(values) -> tuple[float, float]:
    if len(values) == 0:
        return 0.0, 1.0
    low, high = np.quantile(values, [0.005, 0.995])
    return (float(low), float(high)) if high > low else (float(low) - 0.5, float(high) + 0.5)


def _widened(low, high) -> tuple[float, float]:
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


def _bare(axes) -> None:
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
