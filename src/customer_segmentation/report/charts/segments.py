"""The segments as groups of customers: where they lie, how clearly they are apart, and how surely they come back."""

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from customer_segmentation.formatting import figure, is_missing, number
from customer_segmentation.language import _, isolated
from customer_segmentation.publication.disclosure import WrittenCount
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import (
    AXIS_HEIGHT,
    BESIDE_NAMES,
    PHONE,
    REFERENCE_WIDTH,
    ROW,
    TITLE,
    Axis,
    data,
    domain,
    lines,
    names_beside,
    row_height,
    scaled,
    tick,
)
from customer_segmentation.report.charts.labels import are_short, placed
from customer_segmentation.report.charts.symbols import identity, named

MOST_NAMES = 8  # more names would hide the customers: numbers and a key instead
MAP_HEIGHT = 430
MOST_STEPS = 400  # of the outline of a segment in the picture of silhouettes
GOLDEN_RATIO = 0.6180339887498949
BEHIND = 0.16  # opacity of the bands of grades, on which their names are written
LEAST_PART = 1 / 1.8  # of the mean height of a segment in the picture of silhouettes, for the smallest
END = 1.02  # of the axis of a similarity, so that a point at 1 is whole


def segment_map(
    customers: pd.DataFrame,
    segments: pd.DataFrame,
    x: Axis,
    y: Axis,
    *,
    centres: pd.DataFrame | None = None,
    arrows: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw customers as points in two dimensions, coloured and marked by segment.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id` and the columns of the axes, one row per point. With `address`, a click on a point opens it.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, `share`, in the order of the personas.
    x, y : Axis
        The axes.
    centres : DataFrame, optional
        `cluster_id` and the columns of the axes; the means of the points if not given.
    arrows : DataFrame, optional
        `label`, `x`, `y`: the loadings of features on the axes, drawn instead of the centres (Gabriel 1971). Their
        length is scaled to the points, so that only its ratio between features means something.

    Returns
    -------
    LayerChart
        Up to eight segments with short names have these at their centres, others have numbers and a key.
    """
    points = pd.DataFrame(
        {"place": _places(customers, segments), "x": customers[x.column], "y": customers[y.column]}
    ).dropna()
    opens = {"href": alt.Href("address:N")} if "address" in customers else {}
    if opens:
        points["address"] = customers["address"]
    if arrows is not None:
        longest = np.quantile(points[["x", "y"]].abs().to_numpy(), 0.97) if len(points) else 1.0
        scale = 1.1 * longest / max(np.hypot(arrows["x"], arrows["y"]).max(), 1e-12)
        arrows = arrows.assign(x=arrows["x"] * scale, y=arrows["y"] * scale)
    more = [] if arrows is None else [arrows[["x", "y"]] * 1.15]
    everything = pd.concat([points[["x", "y"]], *more])
    ends = domain(everything["x"], x.is_logarithmic), domain(everything["y"], y.is_logarithmic)
    is_named = arrows is None and len(segments) <= MOST_NAMES and are_short(segments["persona"])
    names = [
        f"{'' if is_named or arrows is not None else f'{place} '}{isolated(segment.persona)} ({segment.share})"
        for place, segment in enumerate(segments.itertuples(), start=1)
    ]
    many = len(points) > 500
    cloud = named(alt.Chart(data(points)), segments, names).mark_point(
        filled=True,
        size=28 if many else 55,
        opacity=0.4 if arrows is not None else 0.55 if many else 0.75,
        strokeWidth=0,
        **({"cursor": "pointer"} if opens else {}),
    )
    positions = {
        "x": alt.X("x:Q", **scaled(x, ends[0], room=PHONE)),
        "y": alt.Y("y:Q", **scaled(y, ends[1], room=MAP_HEIGHT - 40)),
    }
    tooltip = [
        alt.Tooltip("segment:N", title=_("segment")),
        alt.Tooltip("x:Q", title=x.label),
        alt.Tooltip("y:Q", title=y.label),
    ]
    layers = [cloud.encode(**positions, **identity(segments, names, has_key=not is_named), tooltip=tooltip, **opens)]
    extent = (REFERENCE_WIDTH - 60, MAP_HEIGHT)
    if arrows is not None:
        layers += _arrows(arrows, positions, extent, ends)
        layers += placed(arrows, list(arrows["label"]), (x, y), ends, extent, directions=arrows[["x", "y"]].to_numpy())
        return alt.layer(*layers).properties(height=MAP_HEIGHT)
    if centres is None:
        centres = customers.groupby("cluster_id", as_index=False)[[x.column, y.column]].mean()
    middles = pd.DataFrame(
        {"place": _places(centres, segments), "x": centres[x.column], "y": centres[y.column]}
    ).dropna()
    middles = middles.sort_values("place")
    middles["number"] = [str(int(place) + 1) for place in middles["place"]]
    centre = named(alt.Chart(data(middles)), segments, names)
    if is_named:
        layers.append(
            centre.mark_point(filled=True, size=190, opacity=1, stroke=theme.INK, strokeWidth=1.6).encode(
                **positions, **identity(segments, names)
            )
        )
        shown = [segments.iloc[int(place)] for place in middles["place"]]
        labels = [f"{segment['persona']}\n{segment['share']}" for segment in shown]
        layers += placed(middles, labels, (x, y), ends, extent)
    else:
        colours = alt.Scale(domain=list(range(len(segments))), range=list(segments["colour"]))
        colour = alt.Stroke("place:N", scale=colours, legend=None)
        layers += [
            centre.mark_circle(color=theme.PAPER, size=330, opacity=1, strokeWidth=3).encode(
                **positions, stroke=colour
            ),
            centre.mark_text(fontWeight="bold", baseline="middle").encode(**positions, text=alt.Text("number:N")),
        ]
    return alt.layer(*layers).properties(height=MAP_HEIGHT)


def set_apart(features: pd.DataFrame, colour: str) -> alt.LayerChart:
    """Draw how far a segment is from all customers in each feature, the farthest first.

    Parameters
    ----------
    features : DataFrame
        `label`, `unit`, `median`, `population_median` and `distance` in standard deviations, one row per feature.
    colour : str
        Of the segment.

    Returns
    -------
    LayerChart
    """
    rows = features.sort_values("distance", key=abs, ascending=False, kind="stable").reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "row": range(len(rows)),
            "name": rows["label"],
            "distance": rows["distance"],
            "own": list(map(figure, rows["median"], rows["unit"])),
            "of_all": list(map(figure, rows["population_median"], rows["unit"])),
        }
    )
    far = max(1.0, float(rows["distance"].abs().max())) * 1.05
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(rows["row"]), padding=0.2))
    x = alt.X(
        "distance:Q",
        title=lines(_("standard deviations from all customers"), BESIDE_NAMES, TITLE),
        scale=alt.Scale(domain=[-far, far], nice=False),
        axis=alt.Axis(labelExpr=tick(), tickCount=7),
    )
    chart = alt.Chart(data(rows))
    # on the other side of the middle, where there is always room
    written = chart.encode(x=alt.datum(0), y=y, text=alt.Text("own:N"))
    return alt.layer(
        chart.mark_bar(color=colour).encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("name:N", title=_("feature")),
                alt.Tooltip("own:N", title=_("typical of the segment")),
                alt.Tooltip("of_all:N", title=_("typical of all customers")),
            ],
        ),
        written.transform_filter("datum.distance >= 0").mark_text(align="right", baseline="middle", dx=-5),
        written.transform_filter("datum.distance < 0").mark_text(align="left", baseline="middle", dx=5),
        names_beside(rows[["row"]], y, list(rows["name"])),
    ).properties(height=row_height(rows["name"], ROW) * len(rows) + AXIS_HEIGHT)


def strip(customers: pd.DataFrame, segments: pd.DataFrame, x: Axis) -> alt.LayerChart:
    """Draw customers of a segmentation by one single feature, a row for each segment, with its median.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id` and the column of the axis.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, in the order of the personas.
    x : Axis
        The feature.

    Returns
    -------
    LayerChart
    """
    points = pd.DataFrame({"place": _places(customers, segments), "x": customers[x.column]}).dropna()
    points = points.sort_values(["place", "x"])
    # Spread over the row without a random number, so that equal values do not hide each other.
    order = points.groupby("place").cumcount()
    points["row"] = points["place"] + 0.6 * ((order * GOLDEN_RATIO) % 1 - 0.5)
    medians = points.groupby("place", as_index=False)["x"].median()
    medians = medians.assign(low=medians["place"] - 0.38, high=medians["place"] + 0.38)
    ends = domain(points["x"], x.is_logarithmic)
    rows = alt.Scale(domain=[len(segments) - 0.4, -0.6], nice=False)
    y = alt.Y("row:Q", axis=None, scale=rows)
    places = {"x": alt.X("x:Q", **scaled(x, ends, room=BESIDE_NAMES)), "y": y}
    cloud = named(alt.Chart(data(points)), segments).mark_point(filled=True, size=35, opacity=0.75)
    bars = alt.Chart(data(medians[["x", "low", "high"]])).mark_rule(color=theme.INK, strokeWidth=2.5)
    places_of_names = pd.DataFrame({"row": range(len(segments))})
    return alt.layer(
        cloud.encode(**places, **identity(segments)),
        bars.encode(x=places["x"], y=alt.Y("low:Q", axis=None, scale=rows), y2=alt.Y2("high:Q")),
        names_beside(places_of_names, y, list(segments["persona"])),
    ).properties(height=row_height(segments["persona"], 44) * max(len(segments), 2))


def silhouettes(customers: pd.DataFrame, segments: pd.DataFrame) -> alt.LayerChart:
    """Draw the silhouette of every customer of a sample, sorted within each segment, and the mean of all.

    Parameters
    ----------
    customers : DataFrame
        `cluster_id`, `silhouette`, one row per customer.
    segments : DataFrame
        `cluster_id`, `persona`, `colour`, `customers`, in the order of the personas.

    Returns
    -------
    LayerChart
    """
    room = max(len(customers) // 40, 1)
    # A segment of few customers must still have room for its name.
    least = max(len(customers) + room * len(segments), 1) * LEAST_PART / len(segments)
    top, outline, names = 0.0, [], []
    for place, segment in enumerate(segments.itertuples()):
        values = np.sort(customers.loc[customers["cluster_id"] == segment.cluster_id, "silhouette"].to_numpy())[::-1]
        height = max(len(values), least)
        start = top + (height - len(values)) / 2
        steps = np.unique(np.linspace(0, len(values) - 1, min(len(values), MOST_STEPS)).astype(int))
        shown = [(start + step, values[step]) for step in steps]
        if shown:
            shown.append((start + len(values), values[-1]))  # the last step has a width, too
        outline += [{"row": row, "value": value, "colour": segment.colour, "place": place} for row, value in shown]
        few = segment.customers.text if isinstance(segment.customers, WrittenCount) else _("no customer in the sample")
        names.append((top + height / 2, f"{segment.persona}\n{number(values.mean(), 2) if len(values) else few}"))
        top += height + room
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[top - room / 2, -room / 2], nice=False))
    mean = customers["silhouette"].mean() if len(customers) else None
    low, high = (customers["silhouette"].min(), customers["silhouette"].max()) if len(customers) else (0.0, 1.0)
    ends = [float(f"{min(-0.1, low - 0.03):.4g}"), float(f"{min(1.0, high + 0.05):.4g}")]
    x = alt.X("value:Q", **scaled(Axis("value", _("silhouette")), ends, 6))
    layers = [
        alt.Chart(data(outline))
        .mark_area(orient="horizontal", interpolate="step-after")
        # by place: of many segments, several have the same colour
        .encode(x=x, x2=alt.X2Datum(0), y=y, color=alt.Color("colour:N", scale=None), detail=alt.Detail("place:N")),
        alt.Chart(data([{"value": 0}])).mark_rule(color=theme.INK).encode(x=x),
    ]
    if mean is not None:
        is_far = mean > sum(ends) / 2  # to the right, where a text beside it would be cut
        beside = {"align": "right", "dx": -4} if is_far else {"align": "left", "dx": 4}
        whole = alt.Chart(
            data([{"value": mean, "text": _("mean of those shown {value}", value=number(mean, 2))}])
        ).encode(x=x)
        layers += [
            whole.mark_rule(color=theme.INK, strokeWidth=1.5, strokeDash=[5, 3]),
            whole.mark_text(**beside, baseline="bottom").encode(y=alt.YValue(0), text=alt.Text("text:N")),
        ]
    rows = pd.DataFrame({"row": [row for row, _name in names]})
    layers.append(names_beside(rows, y, [name for _row, name in names]))
    height = max(54, row_height((name for _row, name in names), 0) / LEAST_PART)
    return alt.layer(*layers).properties(height=max(200, height * len(segments)))


def stability(rows: pd.DataFrame, grades: pd.DataFrame) -> alt.LayerChart:
    """Draw the bootstrap Jaccard similarity of each segment, with two standard errors, and its grade.

    Parameters
    ----------
    rows : DataFrame
        `persona`, `colour`, `bootstrap_jaccard`, `bootstrap_jaccard_standard_error`, `stability_grade`, in the order of
        the personas.
    grades : DataFrame
        `grade`, `lowest_jaccard`.

    Returns
    -------
    LayerChart
    """
    rows = rows.reset_index(drop=True)
    error = 2 * rows["bootstrap_jaccard_standard_error"].astype(float).fillna(0)
    value = rows["bootstrap_jaccard"].astype(float)
    points = pd.DataFrame(
        {
            "place": range(len(rows)),
            "value": value,
            "low": value - error,
            "high": value + error,
            "grade": [None if is_missing(grade) else _(str(grade)) for grade in rows["stability_grade"]],
            "text": [_("not computed") if is_missing(one) else number(one, 2) for one in value],
            "colour": [theme.GRADES.get(grade, theme.MUTED) for grade in rows["stability_grade"]],
        }
    )
    bands = grades.sort_values("lowest_jaccard").assign(
        to=lambda bands: bands["lowest_jaccard"].shift(-1, fill_value=END),
        grade=lambda bands: [_(str(grade)) for grade in bands["grade"]],
    )
    bands["middle"] = (bands["lowest_jaccard"] + bands["to"]) / 2
    behind = alt.Chart(data(bands[["grade", "lowest_jaccard", "to", "middle"]]))
    scale = alt.Scale(domain=[0, END], nice=False)
    ticks = sorted({0, 0.25, 1, *bands["lowest_jaccard"]})
    axis = alt.Axis(values=ticks, labelExpr=tick(), labelOverlap=True, grid=False)
    x = {
        "title": lines(_("bootstrap Jaccard similarity (1 is best)"), BESIDE_NAMES, TITLE),
        "scale": scale,
        "axis": axis,
    }
    y = alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(points["place"])))
    known = named(alt.Chart(data(points[points["value"].notna()])), rows)
    return (
        alt.layer(
            behind.mark_rect(opacity=BEHIND).encode(
                x=alt.X("lowest_jaccard:Q", **x),
                x2=alt.X2("to:Q"),
                color=alt.Color(
                    "grade:N",
                    scale=alt.Scale(domain=[_(grade) for grade in theme.GRADES], range=list(theme.GRADES.values())),
                    legend=None,
                ),
            ),
            behind.mark_rule(color=theme.MUTED, strokeDash=[3, 3], strokeWidth=0.8).encode(
                x=alt.X("lowest_jaccard:Q", **x)
            ),
            behind.mark_text(
                baseline="bottom", dy=-3, color=theme.MUTED, opacity=alt.ExprRef("width < 400 ? 0 : 1")
            ).encode(x=alt.X("middle:Q", **x), y=alt.YValue(0), text=alt.Text("grade:N")),
            known.mark_bar(height=5).encode(
                x=alt.X("value:Q", **x), x2=alt.X2Datum(0), y=y, color=alt.Color("colour:N", scale=None)
            ),
            known.mark_rule(color=theme.INK, strokeWidth=1.5).encode(x=alt.X("low:Q", **x), x2=alt.X2("high:Q"), y=y),
            known.mark_point(filled=True, size=110, opacity=1, stroke=theme.INK, strokeWidth=0.8).encode(
                x=alt.X("value:Q", **x),
                y=y,
                **identity(rows),
                tooltip=[
                    alt.Tooltip("segment:N", title=_("segment")),
                    alt.Tooltip("text:N", title="Jaccard"),
                    alt.Tooltip("grade:N", title=_("grade")),
                ],
            ),
            alt.Chart(data(points[["place", "text"]]))
            .mark_text(align="left", dx=8, fontWeight="bold")
            .encode(x=alt.XValue("width"), y=y, text=alt.Text("text:N")),
            names_beside(points[["place"]], y, list(rows["persona"])),
        )
        .resolve_scale(color="independent", shape="independent")
        .properties(height=row_height(rows["persona"], 38) * max(len(rows), 2))
    )


def _places(rows: pd.DataFrame, segments: pd.DataFrame) -> pd.Series:
    """Return the place of the segment of each row in the order of the personas; rows of other segments have none."""
    order: Mapping[int, int] = {cluster: place for place, cluster in enumerate(segments["cluster_id"])}
    return rows["cluster_id"].map(order)


def _arrows(
    arrows: pd.DataFrame, positions: Mapping, extent: tuple[float, float], ends: tuple[Sequence[float], ...]
) -> list[alt.Chart]:
    # The angle of a head is that of the arrow on the page, where both axes have their own scale.
    scales = [length / (high - low) for length, (low, high) in zip(extent, ends, strict=True)]
    rows = [
        {"x": x, "y": y, "angle": float(np.rad2deg(np.arctan2(x * scales[0], y * scales[1])))}
        for x, y in zip(arrows["x"], arrows["y"], strict=True)
    ]
    chart = alt.Chart(data(rows)).encode(**positions)
    return [
        chart.mark_rule(color=theme.INK, strokeWidth=2).encode(x2=alt.X2Datum(0), y2=alt.Y2Datum(0)),
        chart.mark_point(shape="triangle-up", filled=True, color=theme.INK, size=90, opacity=1).encode(
            angle=alt.Angle("angle:Q", scale=None)
        ),
    ]
