"""The pictures of a dataset: what is read for each, and what is written around it."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import theme
from customer_segmentation.report.pictures import exploration, profiles, titles
from customer_segmentation.report.pictures.layout import Heading
from customer_segmentation.report.pictures.picture import NotDrawn, Picture, box_parts, drawn, is_exact, no_rows, who

SCATTERED_CUSTOMERS = 1000  # in each of many small panels
SCATTERED_FEATURES = 6  # more would leave less than an inch for a panel
CURVES = 4
SPENDING = ("spending_score", "monetary_value")  # what a customer spends, whichever the dataset has
INCOME = "annual_income_k"
HEAVY_TAIL = 2.0  # skewness from which a scatter plot needs a logarithmic scale
CATEGORY_VALUES = 12  # values of a category shown, the most frequent first


def dataset_pictures(publication: Publication, dataset, segmentations: pd.DataFrame) -> Iterator[Picture | NotDrawn]:
    """Return the pictures of a dataset.

    Parameters
    ----------
    publication : Publication
        The publication.
    dataset : named tuple
        `dataset`, `customers`, `is_synthetic`.
    segmentations : DataFrame
        `segmentation`, `k` of the dataset's segmentations.

    Yields
    ------
    Picture or NotDrawn
    """
    features = _features(publication, dataset.dataset)
    yield from _histograms(publication, dataset, features)
    yield from _categories(publication, dataset, features)
    yield from _relations(publication, dataset, features)
    yield from _crosswalks(publication, dataset, segmentations)


def _features(publication, dataset) -> pd.DataFrame:
    """Return the features of a dataset in the order of its feature mart."""
    return publication.frame(
        """
        select feature_summary.*
        from feature_summary
        left join duckdb_columns() as places
            on places.table_name = ? and places.column_name = feature_summary.feature
        where feature_summary.dataset = ?
        order by places.column_index, feature_summary.feature
        """,
        [f"{dataset}_customer_features", dataset],
    )


def _histograms(publication, dataset, features) -> Iterator[Picture | NotDrawn]:
    name = f"{dataset.dataset}_histograms"
    bins = publication.frame(
        """
        select feature, lower_bound, upper_bound, customers
        from feature_histograms
        where dataset = ?
        order by feature, bin
        """,
        [dataset.dataset],
    )
    shown = features[features["feature"].isin(bins["feature"])].reset_index(drop=True)
    if shown.empty:
        yield NotDrawn(name, dataset.dataset, None, no_rows("feature_histograms", dataset.dataset))
        return
    heading = Heading(
        titles.histograms(shown),
        f"Customers by the value of each feature, {who(dataset)}. Blue line: median. Dashed line: mean.",
        _source(dataset, "feature_histograms, feature_summary"),
    )
    yield Picture(name, dataset.dataset, None, heading, partial(exploration.histograms, bins, shown, heading))


def _categories(publication, dataset, features) -> Iterator[Picture | NotDrawn]:
    counts = publication.frame(
        """
        select category, category_value, customers, share_of_customers
        from category_counts
        where dataset = ?
        qualify row_number() over (partition by category order by customers desc, category_value) <= ?
        order by category, customers desc, category_value
        """,
        [dataset.dataset, CATEGORY_VALUES],
    )
    name = f"{dataset.dataset}_categories"
    if counts.empty:
        yield NotDrawn(name, dataset.dataset, None, no_rows("category_counts", dataset.dataset))
        return
    names = formatting.listed([_plain(category) for category in counts["category"].unique()])
    heading = Heading(
        titles.categories(counts),
        f"Customers by {names}, {who(dataset)}",
        _source(dataset, "category_counts"),
    )
    yield Picture(name, dataset.dataset, None, heading, partial(exploration.category_counts, counts, heading))
    for category, rows in counts.groupby("category", sort=True):
        yield from _boxes(publication, dataset, features, str(category), list(rows["category_value"]))


def _boxes(publication, dataset, features, category, values) -> Iterator[Picture | NotDrawn]:
    name = f"{dataset.dataset}_{category}"
    boxes = publication.frame(
        """
        select category_value, feature, p25, median, p75, lower_whisker, upper_whisker
        from category_profiles
        where dataset = ? and category = ?
        order by feature, category_value
        """,
        [dataset.dataset, category],
    )
    if boxes.empty or features.empty:
        yield NotDrawn(name, dataset.dataset, None, no_rows("category_profiles", f"{category} of {dataset.dataset}"))
        return
    effects = publication.frame(
        "select feature, eta_squared, effect from category_effects where dataset = ? and category = ? order by feature",
        [dataset.dataset, category],
    ).merge(features[["feature", "label"]], on="feature")
    values = [value for value in values if value in set(boxes["category_value"])]
    boxes = boxes[boxes["category_value"].isin(values)].merge(features[["feature", "label", "unit"]], on="feature")
    order = {feature: place for place, feature in enumerate(features["feature"])}
    boxes["place"] = boxes["feature"].map(order)
    boxes["value_place"] = boxes["category_value"].map({value: place for place, value in enumerate(values)})
    boxes = boxes.sort_values(["place", "value_place"]).reset_index(drop=True)
    what = box_parts(dataset)
    heading = Heading(
        titles.category_effect(category, effects, values),
        f"Features by {_plain(category)}, {who(dataset)}. {what}",
        _source(dataset, "category_profiles, category_effects"),
    )
    yield Picture(name, dataset.dataset, None, heading, partial(exploration.box_plots, boxes, heading))
    spending = next((feature for feature in SPENDING if feature in set(boxes["feature"])), None)
    if category != "gender" or spending is None:
        return
    rows = boxes[boxes["feature"] == spending]
    heading = Heading(
        titles.category_effect(category, effects[effects["feature"] == spending], values),
        f"{formatting.capitalised(rows['label'].iloc[0])} by gender, {who(dataset)}. {what}",
        _source(dataset, "category_profiles, category_effects"),
    )
    yield Picture(f"{name}_and_spending", dataset.dataset, None, heading, partial(exploration.box_plots, rows, heading))


def _relations(publication, dataset, features) -> Iterator[Picture | NotDrawn]:
    labels = features.set_index("feature")["label"].to_dict()
    pairs = publication.frame(
        """
        select feature, other_feature, pearson
        from feature_correlations
        where dataset = ?
        order by feature, other_feature
        """,
        [dataset.dataset],
    )
    pairs["label"], pairs["other_label"] = pairs["feature"].map(labels), pairs["other_feature"].map(labels)
    pairs = pairs.dropna(subset=["label", "other_label"])
    if pairs.empty:
        reason = no_rows("feature_correlations", dataset.dataset)
        if len(features) == 1:
            reason = f"{dataset.dataset} has only one feature; a relationship needs two."
        for name in ("correlations", "pairs", "curves"):
            yield NotDrawn(f"{dataset.dataset}_{name}", dataset.dataset, None, reason)
        return
    heading = Heading(
        titles.correlations(pairs),
        f"Pearson correlation of every pair of features, {who(dataset)}. 1: rise together, {formatting.MINUS}1: one "
        "falls as the other rises, 0: no straight-line relation.",
        _source(dataset, "feature_correlations"),
    )
    yield Picture(
        f"{dataset.dataset}_correlations",
        dataset.dataset,
        None,
        heading,
        partial(exploration.correlation_map, pairs, labels, heading),
    )
    sample = publication.customers_of_dataset(dataset.dataset, list(labels), SCATTERED_CUSTOMERS)
    yield _scatters(dataset, features, pairs, sample)
    yield from _curves(publication, dataset, features, sample)


def _scatters(dataset, features, pairs, sample) -> Picture:
    """Draw the features that are related most, if there are more than fit."""
    chosen = list(features["feature"])
    if len(chosen) > SCATTERED_FEATURES:
        strength = (
            pd.concat([pairs.set_index(column)["pearson"].abs() for column in ("feature", "other_feature")])
            .groupby(level=0)
            .max()
        )
        ranked = sorted(chosen, key=lambda feature: (-strength.fillna(0).get(feature, 0), chosen.index(feature)))
        kept = set(ranked[:SCATTERED_FEATURES])
        chosen = [feature for feature in chosen if feature in kept]
    shown = features[features["feature"].isin(chosen)].reset_index(drop=True)
    logarithmic = frozenset(shown.loc[shown["skewness"].abs() > HEAVY_TAIL, "feature"])
    within = pairs[pairs["feature"].isin(chosen) & pairs["other_feature"].isin(chosen)]
    some = (
        ""
        if len(chosen) == len(features)
        else (
            f"The {formatting.count(len(chosen))} most closely related of {formatting.count(len(features))} features. "
        )
    )
    heading = Heading(
        titles.scatters(within),
        f"{some}All pairs of features{'; a dot is a customer' if is_exact(dataset) else ''}, "
        f"{drawn(dataset, len(sample))}",
        _source(dataset, f"{dataset.dataset}_customer_features, feature_correlations"),
    )
    return Picture(
        f"{dataset.dataset}_pairs",
        dataset.dataset,
        None,
        heading,
        partial(exploration.scatter_matrix, sample, shown, heading, logarithmic=logarithmic),
    )


def _curves(publication, dataset, features, sample) -> Iterator[Picture | NotDrawn]:
    labels = features[["feature", "label", "unit"]]
    curves = publication.frame(
        """
        select feature, other_feature, shape, intercept, slope, quadratic_coefficient, r_squared
        from feature_relationships
        where dataset = ? and r_squared is not null
        order by feature, other_feature, shape
        """,
        [dataset.dataset],
    )
    # The feature mart goes from who customers are to how they buy: what comes first explains what comes later.
    place = {feature: place for place, feature in enumerate(labels["feature"])}
    curves = curves[curves["feature"].map(place) < curves["other_feature"].map(place)]
    if curves.empty:
        reason = no_rows("feature_relationships", dataset.dataset)
        yield NotDrawn(f"{dataset.dataset}_curves", dataset.dataset, None, reason)
        return
    source = _source(dataset, f"feature_relationships, {dataset.dataset}_customer_features")
    strongest = _strongest(curves)
    chosen = pd.concat([_of_pair(curves, pair) for pair in strongest[:CURVES]])
    heading = Heading(
        _sentence(chosen, strongest[0], labels),
        f"Straight lines and quadratic curves fitted by least squares to the "
        f"{formatting.count(len(strongest[:CURVES]))} most closely related pairs of features, "
        f"{drawn(dataset, len(sample))}; the outer 0.5 % are cut off",
        source,
    )
    if len(strongest) == 1:
        heading = heading._replace(subtitle=heading.subtitle.replace("the one most closely related pairs", "one pair"))
    yield Picture(
        f"{dataset.dataset}_curves",
        dataset.dataset,
        None,
        heading,
        partial(exploration.fitted_curves, sample, chosen, labels, heading),
    )
    spending = next((feature for feature in SPENDING if feature in set(labels["feature"])), None)
    rows = _of_pair(curves, (INCOME, spending))
    if rows.empty:
        return
    heading = Heading(
        _sentence(rows, (INCOME, spending), labels),
        f"Straight line and quadratic curve fitted by least squares, {drawn(dataset, len(sample))}; "
        "the outer 0.5 % are cut off",
        source,
    )
    yield Picture(
        f"{dataset.dataset}_income_and_spending",
        dataset.dataset,
        None,
        heading,
        partial(exploration.fitted_curves, sample, rows, labels, heading),
    )


def _strongest(curves) -> list[tuple[str, str]]:
    """Order pairs by what a line or a curve explains."""
    best = curves.groupby(["feature", "other_feature"], as_index=False)["r_squared"].max()
    best = best.sort_values(["r_squared", "feature", "other_feature"], ascending=[False, True, True])
    return list(zip(best["feature"], best["other_feature"], strict=True))


def _of_pair(curves, pair) -> pd.DataFrame:
    return curves[(curves["feature"] == pair[0]) & (curves["other_feature"] == pair[1])]


def _sentence(curves, pair, labels) -> str:
    explained = _of_pair(curves, pair).set_index("shape")["r_squared"]
    names = labels.set_index("feature")["label"]
    return titles.relationship(explained.get("linear"), explained.get("quadratic"), names[pair[0]], names[pair[1]])


def _crosswalks(publication, dataset, segmentations) -> Iterator[Picture | NotDrawn]:
    if len(segmentations) < 2:
        reason = f"{dataset.dataset} has {'one segmentation' if len(segmentations) else 'no segmentation'} only."
        reason = reason.replace("no segmentation only", "no segmentation")
        yield NotDrawn(f"{dataset.dataset}_crosswalk", dataset.dataset, None, reason)
        return
    ordered = segmentations.sort_values(["k", "segmentation"]).reset_index(drop=True)
    flows = publication.frame(
        """
        select segmentation, cluster_id, persona, other_segmentation, other_cluster_id, other_persona, customers,
            share_of_segment
        from segment_crosswalk
        where dataset = ?
        order by segmentation, other_segmentation, cluster_id, other_cluster_id
        """,
        [dataset.dataset],
    )
    agreements = publication.frame(
        """
        select segmentation, other_segmentation, adjusted_rand_index, customers
        from segmentation_agreement
        where dataset = ?
        order by segmentation, other_segmentation
        """,
        [dataset.dataset],
    )
    segments = {name: marked_segments(publication, name) for name in ordered["segmentation"]}
    chain = []
    for index, one in enumerate(ordered.itertuples()):
        for place, other in enumerate(list(ordered.itertuples())[index + 1 :]):
            rows = flows[
                (flows["segmentation"] == one.segmentation) & (flows["other_segmentation"] == other.segmentation)
            ]
            name = f"{dataset.dataset}_crosswalk_{_short(one, dataset)}_{_short(other, dataset)}"
            if rows.empty:
                yield NotDrawn(name, dataset.dataset, None, no_rows("segment_crosswalk", dataset.dataset))
                continue
            if place == 0:
                chain.append(rows)
            title = titles.crosswalk(rows, _agreement(agreements, one, other), one.k, other.k)
            heading = Heading(
                title,
                f"Share of each segment of {one.segmentation} (rows) that is in each segment of {other.segmentation} "
                f"(columns), {formatting.customers(int(rows['customers'].sum()), is_synthetic=dataset.is_synthetic)}",
                _source(dataset, "segment_crosswalk, segmentation_agreement"),
            )
            yield Picture(
                name,
                dataset.dataset,
                None,
                heading,
                partial(
                    profiles.crosswalk_map,
                    rows,
                    segments[one.segmentation],
                    segments[other.segmentation],
                    heading,
                    names=(one.segmentation, other.segmentation),
                ),
            )
    if len(chain) < len(ordered) - 1:
        reason = no_rows("segment_crosswalk", dataset.dataset)
        yield NotDrawn(f"{dataset.dataset}_crosswalk", dataset.dataset, None, reason)
        return
    heading = Heading(
        titles.flows(agreements, list(ordered["k"])),
        f"How each segmentation groups the same customers; band height is the number of customers, {who(dataset)}",
        _source(dataset, "segment_crosswalk, segmentation_agreement"),
    )
    yield Picture(
        f"{dataset.dataset}_crosswalk",
        dataset.dataset,
        None,
        heading,
        partial(
            profiles.flows_between,
            [segments[name] for name in ordered["segmentation"]],
            chain,
            heading,
            names=[_plain(_short(segmentation, dataset)) for segmentation in ordered.itertuples()],
        ),
    )


def marked_segments(publication: Publication, segmentation: str) -> pd.DataFrame:
    """Return the segments of a segmentation in the order of their personas, each with a marker of its own.

    Parameters
    ----------
    publication : Publication
        The publication.
    segmentation : str
        Name of the segmentation.

    Returns
    -------
    DataFrame
        As `Publication.segments` gives them, with the column `marker`.
    """
    segments = publication.segments(segmentation)
    markers = [theme.MARKERS[place % len(theme.MARKERS)] for place in range(len(segments))]
    return segments.assign(marker=markers, colour=segments["colour"].fillna(theme.POPULATION))


def _agreement(agreements, one, other) -> float | None:
    pair = {one.segmentation, other.segmentation}
    for row in agreements.itertuples():
        if {row.segmentation, row.other_segmentation} == pair:
            return row.adjusted_rand_index
    return None


def _short(segmentation, dataset) -> str:
    return segmentation.segmentation.removeprefix(f"{dataset.dataset}_")


def _plain(name) -> str:
    return str(name).replace("_", " ")


def _source(dataset, tables) -> str:
    return f"Dataset {dataset.dataset}. Tables: {tables}."
