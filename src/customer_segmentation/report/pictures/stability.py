"""Picture of how surely each segment is found again in other samples of the customers."""

import pandas as pd
from matplotlib.figure import Figure

from customer_segmentation.report import theme
from customer_segmentation.report.pictures.layout import Heading, in_style, sheet, wrapped

# Bootstrap Jaccard similarities from which a segment counts as doubtful, usable and stable (Hennig 2007).
GRADES = (("dissolved", 0.0, 0.5), ("doubtful", 0.5, 0.6), ("usable", 0.6, 0.75), ("stable", 0.75, 1.02))


@in_style
def stability(segments: pd.DataFrame, heading: Heading) -> Figure:
    """Draw the bootstrap Jaccard similarity of each segment, with its standard error and its grade.

    Parameters
    ----------
    segments : DataFrame
        `persona`, `colour`, `marker`, `bootstrap_jaccard`, `bootstrap_jaccard_standard_error`, `stability_grade`, in
        the order of the rows.
    heading : Heading
        What is written around the picture.

    Returns
    -------
    Figure
    """
    rows = segments.reset_index(drop=True)
    figure = sheet(heading, 0.95 + 0.38 * len(rows))
    axes = figure.subplots()
    for grade, low, high in GRADES:
        axes.axvspan(low, high, color=theme.GRADES[grade], alpha=0.16, linewidth=0)
        axes.text(
            (low + high) / 2,
            1.01,
            grade,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            size=8.5,
            color=theme.MUTED,
        )
        if low:
            axes.axvline(low, color=theme.MUTED, linewidth=0.8, linestyle=(0, (2, 2)))
    for row in rows.itertuples():
        if pd.isna(row.bootstrap_jaccard):
            axes.text(0.01, row.Index, "not computed", va="center", size=8.5, color=theme.MUTED)
            continue
        colour = theme.GRADES.get(row.stability_grade, theme.MUTED)
        axes.plot([0, row.bootstrap_jaccard], [row.Index] * 2, color=colour, linewidth=4, solid_capstyle="butt")
        error = 0.0 if pd.isna(row.bootstrap_jaccard_standard_error) else row.bootstrap_jaccard_standard_error
        axes.errorbar(
            row.bootstrap_jaccard, row.Index, xerr=2 * error, color=theme.INK, elinewidth=1.2, capsize=3, zorder=4
        )
        axes.plot(
            row.bootstrap_jaccard,
            row.Index,
            marker=row.marker,
            markersize=9,
            color=row.colour,
            markeredgecolor=theme.INK,
            markeredgewidth=0.8,
            zorder=5,
        )
        axes.annotate(
            f"{row.bootstrap_jaccard:.2f}",
            (1, row.Index),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=9,
            weight="bold",
        )
    axes.set_yticks(range(len(rows)), [wrapped(persona, 150, 8.5) for persona in rows["persona"]])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1.02)
    ticks = sorted({0, 0.25, 1, *(low for _, low, _ in GRADES)})
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xlabel("Jaccard similarity of the segment with its match in a bootstrap sample")
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
    return figure
