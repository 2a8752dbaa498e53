"""Pictures of why a segmentation has k segments: inertia, silhouettes, the gap statistic and all criteria together."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from customer_segmentation import formatting
from customer_segmentation.publication.disclosure import WrittenCount
from customer_segmentation.report import theme
from customer_segmentation.report.criteria import CRITERIA
from customer_segmentation.report.pictures.layout import Heading, darker, in_style, panels, sheet, wrapped
from customer_segmentation.report.pictures.scales import plain_axis

IN_USE = "#cfe3f1"  # band behind the k in use
BAR_CUSTOMERS = 3000  # beyond this many customers a silhouette plot is a smooth shape anyway


@in_style
def elbow(choices: pd.DataFrame, recommendation: dict, heading: Heading) -> Figure:
    """Draw inertia by the number of segments.

    Parameters
    ----------
    choices : DataFrame
        `k` and `inertia`, one row per k.
    recommendation : dict
        `elbow_k`, `k_in_use`, `recommended_k`.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure
    """
    figure = _one_criterion(choices, recommendation, heading, "inertia", "inertia", "elbow")
    figure.axes[0].set_ylim(bottom=0)
    return figure


@in_style
def gap(choices: pd.DataFrame, recommendation: dict, heading: Heading) -> Figure:
    """Draw the gap statistic with its standard errors.

    Parameters
    ----------
    choices : DataFrame
        `k`, `gap`, `gap_standard_error`, one row per k.
    recommendation : dict
        `gap_k`, `k_in_use`, `recommended_k`.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure
    """
    label = "gap (bars: one standard error)"
    return _one_criterion(choices, recommendation, heading, "gap", label, "choice of the gap statistic")


def _one_criterion(choices, recommendation, heading, column, label, choice) -> Figure:
    figure = sheet(heading, 3.4)
    axes = figure.subplots()
    _curve(axes, choices, next(each for each in CRITERIA if each.column == column), recommendation)
    axes.set_ylabel(label)
    axes.set_xlabel("number of segments k")
    handles = _handles(recommendation, choice)
    axes.legend(
        handles=[handle for handle, _ in handles],
        labels=[label for _, label in handles],
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=3,
        handlelength=1.4,
        borderpad=0.2,
    )
    return figure


@in_style
def criteria(choices: pd.DataFrame, recommendation: dict, heading: Heading) -> Figure:
    """Draw all criteria side by side, with what each chooses, the k in use and the k recommended.

    Parameters
    ----------
    choices : DataFrame
        `k` and the columns of `CRITERIA`, one row per k.
    recommendation : dict
        The k that each criterion chooses, `k_in_use`, `recommended_k`.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure
    """
    shown = [criterion for criterion in CRITERIA if choices[criterion.column].notna().any()]
    figure = sheet(heading, 0.1 + 1.8 * -(-(len(shown) + 1) // 4))
    grid = panels(figure, len(shown) + 1, 4)
    for axes, criterion in zip(grid, shown, strict=False):
        _curve(axes, choices, criterion, recommendation)
        chosen = formatting.whole(recommendation.get(criterion.chosen))
        axes.set_title(criterion.name)
        choice = f"chooses k = {chosen}" if chosen is not None else "chooses none"
        axes.set_xlabel(f"{choice}\n({criterion.rule})", size=8.5, color=theme.INK)
        if criterion.column == "inertia":
            axes.set_ylim(bottom=0)
    grid[-1].set_axis_off()
    handles = _handles(recommendation, "what the criterion chooses")
    grid[-1].legend(
        handles=[handle for handle, _ in handles],
        labels=[wrapped(label, 92, 8.5) for _, label in handles],
        loc="center left",
        bbox_to_anchor=(-0.12, 0.5),
        handlelength=1.4,
        fontsize=8.5,
        labelspacing=0.9,
    )
    return figure


@in_style
def silhouettes(customers: pd.DataFrame, segments: pd.DataFrame, heading: Heading) -> Figure:
    """Draw the silhouette of every customer, sorted within the segments.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id` and `silhouette`, one row per customer.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, `customers`, in the order of the personas.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure
    """
    figure = sheet(heading, max(2.8, 0.8 + 0.45 * len(segments)))
    axes = figure.subplots()
    room = max(len(customers) // 40, 1)
    # A segment of few customers must still have room for its name.
    least = max(len(customers) + room * len(segments), 1) / (2.2 * len(segments))
    top, ticks, names = 0.0, [], []
    for segment in segments.itertuples():
        values = np.sort(customers.loc[customers["cluster_id"] == segment.cluster_id, "silhouette"].to_numpy())[::-1]
        if len(values) > BAR_CUSTOMERS:
            values = values[np.linspace(0, len(values) - 1, BAR_CUSTOMERS).astype(int)]
        height = max(len(values), least)
        offset = top - (height - len(values)) / 2
        axes.stairs(
            values,
            offset - np.arange(len(values) + 1),
            orientation="horizontal",
            baseline=0,
            fill=True,
            facecolor=segment.colour,
            edgecolor=darker(segment.colour),
            linewidth=0.4,
        )
        none = f"{segment.customers:,}" if isinstance(segment.customers, WrittenCount) else "no customer in the sample"
        mean = f"{values.mean():.2f}" if len(values) else none
        names.append(f"{wrapped(segment.persona, 150, 8.5)}\n{mean}")
        ticks.append(top - height / 2)
        top -= height + room
    axes.axvline(0, color=theme.INK, linewidth=0.8)
    if len(customers):
        mean = customers["silhouette"].mean()
        axes.axvline(mean, color=theme.INK, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.annotate(
            f"mean {mean:.2f}",
            (mean, 1),
            xycoords=("data", "axes fraction"),
            xytext=(4, -1),
            textcoords="offset points",
            va="bottom",
            size=8.5,
        )
    axes.set_yticks(ticks, names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(top + room / 2, room)
    low, high = (customers["silhouette"].min(), customers["silhouette"].max()) if len(customers) else (0.0, 1.0)
    axes.set_xlim(min(-0.1, low - 0.03), min(1.0, high + 0.05))
    axes.set_xlabel("silhouette")
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    plain_axis(axes, "x", 6)
    return figure


def _curve(axes: Axes, choices, criterion, recommendation) -> None:
    rows = choices.dropna(subset=[criterion.column]).sort_values("k")
    k, values = rows["k"].to_numpy(), rows[criterion.column].to_numpy(dtype=float)
    used = formatting.whole(recommendation.get("k_in_use"))
    recommended = formatting.whole(recommendation.get("recommended_k"))
    chosen = formatting.whole(recommendation.get(criterion.chosen))
    if used is not None:
        axes.axvspan(used - 0.35, used + 0.35, color=IN_USE, linewidth=0, zorder=0.5)
    if recommended is not None:
        axes.axvline(recommended, color=theme.INK, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
    if criterion.error:
        errors = rows[criterion.error].fillna(0).to_numpy(dtype=float)
        axes.errorbar(k, values, yerr=errors, color=theme.MUTED, linewidth=0, elinewidth=1, capsize=2.5, zorder=2)
    axes.plot(k, values, color=theme.INK, linewidth=1.6, marker="o", markersize=4, zorder=3)
    if chosen is not None and chosen in k:
        axes.plot(
            [chosen],
            values[k == chosen],
            color=theme.CONTRAST,
            marker="o",
            markersize=9,
            linewidth=0,
            zorder=4,
            markeredgecolor=theme.PAPER,
            clip_on=False,
        )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=10, min_n_ticks=1))
    axes.grid(visible=False, axis="x")
    plain_axis(axes, "y", 4)


def _handles(recommendation, choice) -> list[tuple[Line2D, str]]:
    used = formatting.whole(recommendation.get("k_in_use"))
    recommended = formatting.whole(recommendation.get("recommended_k"))
    handles = [
        (
            Line2D([], [], color=theme.CONTRAST, marker="o", markersize=8, linewidth=0, markeredgecolor=theme.PAPER),
            choice,
        )
    ]
    if used is not None:
        handles.append((Line2D([], [], color=IN_USE, linewidth=9), f"in use: k = {used}"))
    if recommended is not None:
        handles.append(
            (Line2D([], [], color=theme.INK, linewidth=1, linestyle=(0, (2, 2))), f"recommended: k = {recommended}")
        )
    return handles
