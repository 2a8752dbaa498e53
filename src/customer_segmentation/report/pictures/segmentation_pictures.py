"""The pictures of a segmentation: what is read for each, and what is written around it."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import findings
from customer_segmentation.report.criteria import CRITERIA
from customer_segmentation.report.pictures import choice_of_k, clusters, exploration, profiles, stability, titles
from customer_segmentation.report.pictures.dataset_pictures import marked_segments
from customer_segmentation.report.pictures.layout import Heading
from customer_segmentation.report.pictures.picture import NotDrawn, Picture, box_parts, drawn, is_exact, no_rows, who

PICTURE_CUSTOMERS = 5000
MOST_BOX_PLOTS = 6  # with more features, only those that define the segments have box plots


def segmentation_pictures(publication: Publication, segmentation) -> Iterator[Picture | NotDrawn]:
    """Return the pictures of a segmentation.

    Parameters
    ----------
    publication : Publication
        The publication.
    segmentation : named tuple
        `segmentation`, `dataset`, `k`, `customers`, `silhouette`, `is_synthetic`.

    Yields
    ------
    Picture or NotDrawn
    """
    segments = marked_segments(publication, segmentation.segmentation)
    choices = publication.frame(
        "select * from k_selection where segmentation = ? order by k", [segmentation.segmentation]
    )
    yield from _choice_of_k(publication, segmentation, choices)
    yield _silhouettes(publication, segmentation, segments)
    yield from _maps(publication, segmentation, segments, choices)
    yield _profile(publication, segmentation, segments)
    yield _box_plots(publication, segmentation, segments)
    yield _stability(publication, segmentation, segments)


def _choice_of_k(publication, segmentation, choices) -> Iterator[Picture | NotDrawn]:
    name = segmentation.segmentation
    rows = publication.frame("select * from k_recommendation where segmentation = ?", [name]).to_dict("records")
    recommendation = rows[0] if rows else {"k_in_use": segmentation.k}
    sample = resampled = also = ""
    if not choices.empty:
        customers = int(choices["customers"].iloc[0])
        fewer = int(choices["resampling_customers"].fillna(customers).iloc[0])
        sample, resampled = _sampled(segmentation, customers), _sampled(segmentation, fewer)
        also = f"; the lower three on {fewer:,} of them" if fewer < customers else ""
        if choices["fitted_on"].iloc[0] == "coreset":
            sample = f"a weighted sample of {int(choices['coreset_rows'].iloc[0]):,} of {who(segmentation)}"
            even = int(choices["silhouette_customers"].iloc[0])
            also = f"; the silhouette on {even:,} even draws, the lower three on {fewer:,}"
    source = _source(segmentation, "k_selection, k_recommendation")
    wanted = {
        "elbow": (
            ("inertia",),
            lambda: titles.elbow(choices, recommendation),
            f"Inertia, the sum of squared distances to the nearest center, by number of segments, {sample}",
            choice_of_k.elbow,
        ),
        "gap": (
            ("gap",),
            lambda: titles.gap(recommendation, int(choices["k"].max())),
            "How much closer customers are to their centers than they would be without groups, by number of segments, "
            f"{resampled}. Bars: one standard error.",
            choice_of_k.gap,
        ),
        "criteria": (
            tuple(criterion.column for criterion in CRITERIA),
            lambda: titles.criteria(
                recommendation,
                {
                    criterion.column: formatting.whole(recommendation.get(criterion.chosen))
                    for criterion in CRITERIA
                    if choices[criterion.column].notna().any()
                },
            ),
            f"Criteria for the number of segments k, on the horizontal axis, {sample}{also}",
            choice_of_k.criteria,
        ),
    }
    for picture, (columns, title, subtitle, draw) in wanted.items():
        if choices.empty or choices[list(columns)].isna().all(axis=None):
            reason = no_rows("k_selection", name)
            if not choices.empty:
                reason = f"The table k_selection has no {formatting.listed(list(columns))} for {name}."
            yield NotDrawn(f"{name}_{picture}", segmentation.dataset, name, reason)
            continue
        heading = Heading(title(), subtitle, source)
        yield Picture(
            f"{name}_{picture}", segmentation.dataset, name, heading, partial(draw, choices, recommendation, heading)
        )


def _silhouettes(publication, segmentation, segments) -> Picture | NotDrawn:
    name = segmentation.segmentation
    customers = publication.frame(
        """
        select cluster_id, silhouette
        from customer_silhouettes
        where segmentation = ? and silhouette is not null
        order by cluster_id, silhouette desc, customer_id
        """,
        [name],
    )
    if customers.empty:
        return NotDrawn(f"{name}_silhouettes", segmentation.dataset, name, no_rows("customer_silhouettes", name))
    sample = len(customers) if is_exact(segmentation) else int(segmentation.silhouette_customers)
    heading = Heading(
        titles.silhouettes(customers, is_exact=is_exact(segmentation)),
        f"{'Each customer is a line' if is_exact(segmentation) else 'Lines are means of small groups'}: 1 in the midst "
        "of the segment, 0 between two, below 0 nearer to another. Below a name: the mean of the segment. "
        f"{formatting.capitalised(_sampled(segmentation, sample))}.",
        _source(segmentation, "customer_silhouettes"),
    )
    return Picture(
        f"{name}_silhouettes",
        segmentation.dataset,
        name,
        heading,
        partial(choice_of_k.silhouettes, customers, segments, heading),
    )


def _maps(publication, segmentation, segments, choices) -> Iterator[Picture | NotDrawn]:
    name, dataset = segmentation.segmentation, segmentation.dataset
    features = pd.DataFrame(publication.features(name))
    if features.empty:
        smallest = publication.smallest_cell(dataset)
        reason = f"Each segment of {name} has fewer than {smallest:,} customers, so nothing is shown of them."
        for picture in ("clusters", "clusters_3d", "biplot"):
            yield NotDrawn(f"{name}_{picture}", dataset, name, reason)
        return
    names = [formatting.named(feature.label, feature.unit) for feature in features.itertuples()]
    logarithmic = [transform == "log" for transform in features["transform"]]
    loadings = publication.frame(
        """
        select component, label, loading, share_of_variance
        from principal_components
        where segmentation = ?
        order by component, position
        """,
        [name],
    )
    components = publication.customers_by_components(name)
    components = components.rename(columns={f"component_{place}": axis for place, axis in enumerate("xyz", start=1)})
    separation = titles.separation(choices, segmentation.k, segmentation.silhouette)
    if len(features) <= 3:
        points = publication.customers_by_features(name, dataset, list(features["feature"]), PICTURE_CUSTOMERS)
        points = points.rename(columns=dict(zip(features["feature"], "xyz", strict=False)))
    if len(features) == 1:
        yield _strip(segmentation, segments, points, names[0], logarithmic[0], separation)
    elif len(features) == 2:
        heading = Heading(
            separation,
            f"Customers by the two features of the segmentation, {drawn(segmentation, len(points))}. "
            "Large markers: centers of the segments, with their share of all customers.",
            _source(segmentation, f"customer_segments, {dataset}_customer_features, cluster_centroids"),
        )
        centroids = _centroids(publication, name, features)
        yield Picture(
            f"{name}_clusters",
            dataset,
            name,
            heading,
            partial(
                clusters.map_of_segments,
                points,
                segments,
                heading,
                names=tuple(names),
                centroids=centroids,
                logarithmic=tuple(logarithmic),
            ),
        )
    elif components.empty or loadings.empty:
        yield NotDrawn(f"{name}_clusters", dataset, name, no_rows("customer_components", name))
    else:
        shares = loadings.groupby("component")["share_of_variance"].first()
        heading = Heading(
            separation,
            f"The {formatting.count(len(features))} features of the segmentation flattened into two principal "
            f"components, so separate segments can overlap here, {drawn(segmentation, len(components))}. "
            "Large markers: means of the customers drawn.",
            _source(segmentation, "customer_components, principal_components"),
        )
        axes = tuple(f"component {place} ({formatting.percent(shares[place])} of the variance)" for place in (1, 2))
        yield Picture(
            f"{name}_clusters",
            dataset,
            name,
            heading,
            partial(clusters.map_of_segments, components, segments, heading, names=axes),
        )
    if len(features) == 3:
        yield _space(
            segmentation,
            segments,
            points,
            names,
            logarithmic,
            "by the three features of the segmentation",
            f"customer_segments, {dataset}_customer_features",
        )
    elif len(features) < 3:
        few = "one feature" if len(features) == 1 else "two features"
        yield NotDrawn(f"{name}_clusters_3d", dataset, name, f"{name} has only {few}; three dimensions need three.")
    elif components.empty or loadings.empty:
        yield NotDrawn(f"{name}_clusters_3d", dataset, name, no_rows("customer_components", name))
    else:
        shares = loadings.groupby("component")["share_of_variance"].first()
        axes = tuple(f"component {place} ({formatting.percent(shares[place])})" for place in (1, 2, 3))
        yield _space(
            segmentation,
            segments,
            components,
            axes,
            [False] * 3,
            f"along the first three principal components of {formatting.count(len(features))} features "
            f"({formatting.percent(min(shares[shares.index <= 3].sum(), 1.0))} of the variance)",
            "customer_components, principal_components",
        )
    yield _biplot(segmentation, segments, components, loadings, len(features))


def _strip(segmentation, segments, points, axis, is_logarithmic, separation) -> Picture:
    name = segmentation.segmentation
    heading = Heading(
        separation,
        f"This segmentation has one feature, so each segment has its own row; {drawn(segmentation, len(points))}",
        _source(segmentation, f"customer_segments, {segmentation.dataset}_customer_features"),
    )
    return Picture(
        f"{name}_clusters",
        segmentation.dataset,
        name,
        heading,
        partial(clusters.strip, points, segments, heading, name=axis, is_logarithmic=is_logarithmic),
    )


def _space(segmentation, segments, points, names, logarithmic, what, tables) -> Picture:
    name = segmentation.segmentation
    heading = Heading(
        findings.sizes_title(segments),
        f"Customers {what}, {drawn(segmentation, len(points))}. In brackets: share of all customers.",
        _source(segmentation, tables),
    )
    names = [f"{axis} (log scale)" if log else axis for axis, log in zip(names, logarithmic, strict=True)]
    return Picture(
        f"{name}_clusters_3d",
        segmentation.dataset,
        name,
        heading,
        partial(
            clusters.map_in_three_dimensions,
            points,
            segments,
            heading,
            names=tuple(names),
            logarithmic=tuple(logarithmic),
        ),
    )


def _biplot(segmentation, segments, components, loadings, features) -> Picture | NotDrawn:
    name = segmentation.segmentation
    if features == 1:
        reason = f"{name} has only one feature; principal components need two."
        return NotDrawn(f"{name}_biplot", segmentation.dataset, name, reason)
    if components.empty or loadings.empty:
        return NotDrawn(f"{name}_biplot", segmentation.dataset, name, no_rows("principal_components", name))
    heading = Heading(
        titles.components(loadings),
        "Customers along the first two principal components. An arrow points to where its feature is high; arrows in "
        f"the same direction are related features. {formatting.capitalised(drawn(segmentation, len(components)))}.",
        _source(segmentation, "customer_components, principal_components"),
    )
    return Picture(
        f"{name}_biplot",
        segmentation.dataset,
        name,
        heading,
        partial(clusters.biplot, components, loadings, segments, heading),
    )


def _profile(publication, segmentation, segments) -> Picture | NotDrawn:
    name = segmentation.segmentation
    rows = publication.frame(
        """
        select segment_profiles.cluster_id, segment_profiles.feature, segment_profiles.label, segment_profiles.unit,
            segment_profiles.median, segment_profiles.population_median, feature_summary.standard_deviation,
            feature_positions.position
        from segment_profiles
        left join feature_summary
            on feature_summary.dataset = ? and segment_profiles.feature = feature_summary.feature
        left join (
            select distinct feature, position from cluster_centroids where segmentation = ?
        ) as feature_positions
            on segment_profiles.feature = feature_positions.feature
        where segment_profiles.segmentation = ?
        order by feature_positions.position nulls last, segment_profiles.feature, segment_profiles.cluster_id
        """,
        [segmentation.dataset, name, name],
    )
    if rows.empty:
        return NotDrawn(f"{name}_profile", segmentation.dataset, name, no_rows("segment_profiles", name))
    in_deviations = bool(rows["standard_deviation"].notna().any())
    difference = rows["median"] - rows["population_median"]
    scale = rows["standard_deviation"] if in_deviations else rows["population_median"] / 100
    rows["difference"] = difference / scale.where(scale > 0, np.nan)
    order = list(dict.fromkeys(rows["feature"]))
    rows["text"] = [formatting.cell(row.median, row.unit) for row in rows.itertuples()]
    texts = rows.pivot(index="cluster_id", columns="feature", values="text")
    differences = rows.pivot(index="cluster_id", columns="feature", values="difference")
    texts, differences = (wide.reindex(index=segments["cluster_id"], columns=order) for wide in (texts, differences))
    labels = rows.drop_duplicates("feature").set_index("feature")
    texts = texts.fillna("")
    texts.columns = differences.columns = [formatting.header(labels["label"][f], labels["unit"][f]) for f in order]
    in_use = int(labels["position"].notna().sum())
    shown = "" if in_use == len(order) else f" The first {formatting.count(in_use)} define the segments."
    if in_use == 1 and shown:
        shown = " The first one defines the segments."
    heading = Heading(
        titles.profiles(differences, list(segments["persona"]), list(labels["label"]), in_deviations=in_deviations),
        f"Medians of the segments in the units of the features, colored by their difference from all customers, "
        f"{who(segmentation)}.{shown}",
        _source(segmentation, "segment_profiles, feature_summary"),
    )
    return Picture(
        f"{name}_profile",
        segmentation.dataset,
        name,
        heading,
        partial(profiles.profile_map, differences, texts, segments, heading, in_deviations=in_deviations),
    )


def _box_plots(publication, segmentation, segments) -> Picture | NotDrawn:
    name = segmentation.segmentation
    boxes = publication.frame(
        """
        select segment_distributions.cluster_id, segment_distributions.feature, label, unit, lower_whisker,
            segment_distributions.p25, segment_distributions.median, segment_distributions.p75, upper_whisker,
            feature_positions.position
        from segment_distributions
        inner join segment_profiles
            on
                segment_distributions.segmentation = segment_profiles.segmentation
                and segment_distributions.cluster_id = segment_profiles.cluster_id
                and segment_distributions.feature = segment_profiles.feature
        left join (
            select distinct feature, position from cluster_centroids where segmentation = ?
        ) as feature_positions
            on segment_distributions.feature = feature_positions.feature
        where segment_distributions.segmentation = ?
        order by feature_positions.position nulls last, segment_distributions.feature
        """,
        [name, name],
    ).merge(segments[["cluster_id", "persona"]], on="cluster_id")
    if boxes.empty:
        return NotDrawn(f"{name}_box_plots", segmentation.dataset, name, no_rows("segment_distributions", name))
    if boxes["feature"].nunique() > MOST_BOX_PLOTS:
        boxes = boxes[boxes["position"].notna()]
    features = {feature: place for place, feature in enumerate(dict.fromkeys(boxes["feature"]))}
    places = {cluster: place for place, cluster in enumerate(segments["cluster_id"])}
    boxes = (
        boxes.assign(feature_place=boxes["feature"].map(features), place=boxes["cluster_id"].map(places))
        .sort_values(["feature_place", "place"])
        .rename(columns={"persona": "category_value"})
    )
    shown = segments[segments["cluster_id"].isin(boxes["cluster_id"])]
    heading = Heading(
        titles.distributions(boxes),
        f"Features by segment, {who(segmentation)}. {box_parts(segmentation)}",
        _source(segmentation, "segment_distributions"),
    )
    return Picture(
        f"{name}_box_plots",
        segmentation.dataset,
        name,
        heading,
        partial(exploration.box_plots, boxes, heading, colours=list(shown["colour"])),
    )


def _stability(publication, segmentation, segments) -> Picture | NotDrawn:
    name = segmentation.segmentation
    found = publication.frame(
        """
        select cluster_id, bootstrap_jaccard, bootstrap_jaccard_standard_error, stability_grade, bootstraps, customers
        from segment_stability
        where segmentation = ?
        order by cluster_id
        """,
        [name],
    )
    if found["bootstrap_jaccard"].isna().all():
        return NotDrawn(f"{name}_stability", segmentation.dataset, name, no_rows("segment_stability", name))
    rows = segments.drop(columns=["bootstrap_jaccard", "stability_grade", "customers"]).merge(
        found, on="cluster_id", how="left"
    )
    bootstraps, customers = int(found["bootstraps"].max()), int(found["customers"].max())
    heading = Heading(
        titles.stability(rows),
        f"Jaccard similarity of each segment with its match in {bootstraps:,} bootstrap samples, with two standard "
        f"errors, {_sampled(segmentation, customers)}",
        _source(segmentation, "segment_stability"),
    )
    return Picture(
        f"{name}_stability", segmentation.dataset, name, heading, partial(stability.stability, rows, heading)
    )


def _centroids(publication, name, features) -> pd.DataFrame:
    rows = publication.frame(
        "select cluster_id, feature, centroid from cluster_centroids where segmentation = ? order by all", [name]
    )
    wide = rows.pivot(index="cluster_id", columns="feature", values="centroid")[list(features["feature"])]
    wide.columns = ["x", "y"]
    return wide.reset_index()


def _sampled(segmentation, sample) -> str:
    if sample >= segmentation.customers:
        return who(segmentation)
    return f"a random sample of {sample:,} of {who(segmentation)}"


def _source(segmentation, tables) -> str:
    return f"Segmentation {segmentation.segmentation}, dataset {segmentation.dataset}. Tables: {tables}."
