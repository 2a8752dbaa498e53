"""Write the interactive report: one HTML file with the findings, and the evidence for each of them.

Usage: `python -m segmentation_report.report [published/marts.duckdb] [folder]`. The file needs no network and no other
file. The same publication gives the same bytes.
"""

import sys
from collections.abc import Mapping
from typing import Any

import pandas as pd

from segmentation_report import charts, page, sentences
from segmentation_report.command import run
from segmentation_report.marts import Marts
from segmentation_report.page import Card, Cell, Chart, Folded, Grid, Group, Heading, Items, Section, Table, Text
from segmentation_report.publication import Publication
from segmentation_report.sentences import NOT_COMPUTED, capitalised, figure, is_missing, percent, title_of

FILE_NAME = "report.html"
# Columns of k_selection that are drawn: name and how to read it.
CRITERIA = {
    "inertia": ("Inertia", "always falls; look for the bend", "elbow_k"),
    "silhouette": ("Silhouette", "higher is better", "silhouette_k"),
    "calinski_harabasz": ("Calinski-Harabasz", "higher is better", "calinski_harabasz_k"),
    "davies_bouldin": ("Davies-Bouldin", "lower is better", "davies_bouldin_k"),
    "gap": ("Gap statistic", "first within one standard error of the next", "gap_k"),
    "prediction_strength": ("Prediction strength", "higher is better", "prediction_strength_k"),
    "bootstrap_jaccard": ("Bootstrap Jaccard", "higher is better", "bootstrap_k"),
    "worst_cluster_jaccard": ("Jaccard of the least stable segment", "higher is better", None),
}
CURVES = 3  # fitted pairs shown per dataset: the closest ones
CURVE_POINTS = 400
CATEGORY_CHARTS = 6  # categories and features shown per dataset: the largest effects
WIDEST_CATEGORY = 12  # values of a category that a chart can hold


def build(marts: Marts) -> bytes:
    """Make the report of a publication.

    Parameters
    ----------
    marts : Marts
        The open publication.

    Returns
    -------
    bytes
        The HTML.
    """
    publication = Publication(marts)
    fits = publication.fits()
    datasets = list(dict.fromkeys(fit["dataset"] for fit in fits))
    groups = [
        Group("", [_summary(publication, fits)]),
        Group("Segmentations", [_segmentation(publication, fit) for fit in fits]),
        Group("Across segmentations", _across(publication, datasets)),
        Group("Data", [_exploration(publication, dataset) for dataset in datasets]),
        Group("", [_how_to_read()]),
    ]
    return page.render(
        title="Customer segments: what was found, and how sure it is",
        subtitle=(
            f"Computed from the tables published on {publication.published_at()}: "
            f"{sentences.counted(len(fits), 'segmentation')} of {sentences.counted(len(datasets), 'dataset')}."
        ),
        groups=[group for group in groups if group.sections],
    )


def _anchor(*parts: Any) -> str:
    """Name a place in the page: only letters, digits, hyphens and underscores, whatever the names hold."""
    text = "-".join(str(part) for part in parts)
    return "".join(
        character if character.isascii() and character.isalnum() or character in "-_" else "-" for character in text
    )


def _badge(is_synthetic: bool) -> str:
    return "synthetic data" if is_synthetic else ""


def _of(publication: Publication, fit: Mapping) -> dict[str, pd.DataFrame]:
    """Return the tables of a segmentation that most parts of its section need."""
    name = fit["segmentation"]
    return {
        "segments": publication.segments(name),
        "personas": publication.table("personas", segmentation=name),
        "profiles": publication.table("segment_profiles", segmentation=name),
        "recommendation": publication.table("k_recommendation", segmentation=name),
        "optima": publication.table("fit_optima", segmentation=name),
    }


def _warnings(fit: Mapping, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    return sentences.warnings(
        fit, tables["segments"], tables["personas"], tables["recommendation"], is_synthetic=fit["is_synthetic"]
    )


# The summary


def _summary(publication: Publication, fits: list[dict]) -> Section:
    blocks: list[Any] = []
    beware = []
    for fit in fits:
        if not fit["is_default"]:
            continue
        tables = _of(publication, fit)
        title = title_of(fit["segmentation"])
        blocks += [
            Heading(f"{title}: {sentences.separation_title(fit)}", _anchor("summary", fit["segmentation"])),
            Text(
                " ".join(
                    [
                        sentences.segmentation_sentence(fit, is_synthetic=fit["is_synthetic"]),
                        sentences.key_finding(tables["segments"], tables["profiles"]),
                        sentences.stability_sentence(tables["segments"]),
                    ]
                ),
                "lead",
            ),
        ]
        beware += [f"{title}: {warning}" for warning in _warnings(fit, tables)]
    rows = []
    for fit in fits:
        tables = _of(publication, fit)
        recommendation = tables["recommendation"]
        grades = tables["segments"]["stability_grade"].dropna()
        recommended = None if recommendation.empty else recommendation.iloc[0]["recommended_k"]
        rows.append(
            [
                Cell(title_of(fit["segmentation"]), link=_anchor("segmentation", fit["segmentation"])),
                fit["dataset"] + (" (synthetic)" if fit["is_synthetic"] else ""),
                f"{fit['customers']:,}",
                fit["k"],
                "not computed" if is_missing(recommended) else int(recommended),
                figure(fit["silhouette"]),
                f"{int(grades.isin(sentences.SURE).sum())} of {len(grades)}" if len(grades) else "not computed",
                "yes" if fit["is_default"] else "no",
            ]
        )
    blocks.append(
        Table(
            "All segmentations. Separation: mean silhouette, 1 is best. Stable: segments that come back in new samples.",
            ["segmentation", "dataset", "customers", "segments", "recommended", "silhouette", "stable", "to be used"],
            rows,
            frozenset({2, 3, 4, 5, 6}),
        )
    )
    checks = publication.table("data_quality_results")
    beware.append(sentences.quality_sentence(checks))
    blocks += [Heading("What to beware of", "beware"), Items(beware, "warnings")]
    return Section("summary", "Summary", blocks)


# A segmentation


def _segmentation(publication: Publication, fit: Mapping) -> Section:
    name = fit["segmentation"]
    tables = _of(publication, fit)
    blocks = [
        Text(
            f"{sentences.segmentation_sentence(fit, is_synthetic=fit['is_synthetic'])} "
            f"{sentences.separation_sentence(fit)} {sentences.key_finding(tables['segments'], tables['profiles'])}",
            "lead",
        ),
        Items(_warnings(fit, tables), "warnings"),
        *_segments(publication, fit, tables),
        *_choice_of_k(publication, fit, tables),
        *_optimum(fit, tables),
        *_stability(publication, fit, tables),
        *_clusters(publication, fit, tables),
        *_profiles(publication, fit, tables),
        *_rules(publication, fit),
        *_algorithms(publication, fit),
        *_personas(publication, fit, tables),
    ]
    return Section(_anchor("segmentation", name), title_of(name), blocks, badge=_badge(fit["is_synthetic"]))


def _segments(publication, fit, tables) -> list[Any]:
    segments = tables["segments"]
    rows = [
        [
            Cell(row.persona, swatch=row.colour),
            f"{row.customers:,}",
            percent(row.share_of_customers),
            row.headline,
            "not computed" if is_missing(row.stability_grade) else row.stability_grade,
        ]
        for row in segments.itertuples()
    ]
    return [
        Heading(sentences.sizes_title(segments), _anchor(fit["segmentation"], "segments"), "Segments"),
        Table(
            "The segments in the order of their personas.",
            ["persona", "customers", "share", "what they are like", "stability"],
            rows,
            frozenset({1, 2}),
        ),
    ]


def _choice_of_k(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    recommendation = tables["recommendation"]
    selection = publication.table("k_selection", segmentation=name)
    blocks: list[Any] = [
        Heading(sentences.choice_title(recommendation, fit["k"]), _anchor(name, "k"), f"Why {fit['k']} segments"),
        Text(sentences.choice_sentence(recommendation)),
    ]
    if selection.empty:
        return blocks
    figures = []
    for column, (label, reading, chosen) in CRITERIA.items():
        if selection[column].notna().sum() < 2:
            continue
        vote = None if recommendation.empty or chosen is None else recommendation.iloc[0][chosen]
        spoken = "" if chosen is None else f" Speaks for {'no number' if is_missing(vote) else int(vote)}."
        figures.append(
            Chart(
                charts.criterion(selection, column),
                f"{label}: {reading}.{spoken}",
                f"Line: {label.lower()} for {selection['k'].min()} to {selection['k'].max()} segments.{spoken}",
                _anchor("chart", name, "k", column),
            )
        )
    shown = [column for column in CRITERIA if selection[column].notna().any()]
    rows = [
        [
            f"{row['k']}"
            + (" (in use)" if row["is_in_use"] else "")
            + (" (recommended)" if row["is_recommended"] else ""),
            *["" if is_missing(row[column]) else f"{row[column]:,.3f}" for column in shown],
        ]
        for _, row in selection.sort_values("k").iterrows()
    ]
    table = Table(
        f"Every criterion for every number of segments, on {selection['customers'].max():,} customers.",
        ["segments", *[CRITERIA[column][0] for column in shown]],
        rows,
        frozenset(range(1, len(shown) + 1)),
    )
    legend = "Filled point: the number in use. Ring: the number recommended. Bars: one standard error."
    return [*blocks, Text(legend, "note"), Grid(figures), Folded("The figures as a table", [table])]


def _optimum(fit, tables) -> list[Any]:
    optima = tables["optima"]
    is_best = optima.empty or bool(optima.sort_values("optimum").iloc[0]["is_in_use"])
    heading = "Is it the best solution? " + (
        "The best one known"
        if is_best and fit["inertia"] <= fit["best_known_inertia"] * (1 + 1e-6)
        else "No, a local optimum"
    )
    blocks: list[Any] = [
        Heading(heading, _anchor(fit["segmentation"], "optimum"), "Best solution?"),
        Text(sentences.optimum_sentence(fit, optima)),
    ]
    if optima.empty:
        return [*blocks, Text(f"Other optima: {NOT_COMPUTED}", "note")]
    rows = [
        [
            f"{row.optimum}" + (" (in use)" if row.is_in_use else ""),
            f"{row.inertia:,.3f}",
            percent(row.excess_over_best, 2),
            "" if is_missing(row.share_of_starts) else percent(row.share_of_starts),
            row.found_by,
            "" if is_missing(row.customers_elsewhere) else f"{int(row.customers_elsewhere):,}",
            "" if is_missing(row.smallest_cluster) else f"{int(row.smallest_cluster):,}",
        ]
        for row in optima.sort_values("optimum").head(10).itertuples()
    ]
    headers = [
        "optimum",
        "inertia",
        "above the best",
        "share of starts",
        "found by",
        "customers elsewhere",
        "smallest segment",
    ]
    return [*blocks, Table("The best solutions that the search met.", headers, rows, frozenset({1, 2, 3, 5, 6}))]


def _stability(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    rows = publication.ordered("segment_stability", name)
    blocks: list[Any] = [
        Heading(sentences.stability_title(tables["segments"]), _anchor(name, "stability"), "Stability"),
        Text(sentences.stability_sentence(tables["segments"])),
    ]
    if rows.empty:
        return blocks
    row = rows.iloc[0]
    silhouettes = publication.ordered("customer_silhouettes", name)
    figures = [
        Chart(
            charts.stability(rows),
            f"How well each segment comes back in {row['bootstraps']:,} samples of {row['customers']:,} customers. Line: 95% "
            "interval of the mean.",
            "Bars: "
            + "; ".join(f"{r.persona} {r.bootstrap_jaccard:.2f} {r.stability_grade}" for r in rows.itertuples()),
            _anchor("chart", name, "stability"),
        )
    ]
    if not silhouettes.empty:
        negative = int((silhouettes["silhouette"] < 0).sum())
        figures.append(
            Chart(
                charts.silhouettes(silhouettes, tables["segments"]),
                f"Silhouette of each of {len(silhouettes):,} customers; {sentences.count(negative)} below zero, nearer to another segment.",
                f"Silhouettes sorted by segment; {sentences.count(negative)} of {len(silhouettes):,} are below zero.",
                _anchor("chart", name, "silhouettes"),
            )
        )
    return [*blocks, Grid(figures, wide=True)]


def _clusters(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    features = publication.features(name)
    segments = tables["segments"]
    heading = Heading("The customers as points", _anchor(name, "clusters"), "Clusters in 2-D and 3-D")
    if len(features) == 1:
        label = features[0]["label"]
        return [
            heading,
            Text(
                f"There is no picture in two dimensions: this segmentation uses one feature, {label}. Its profile tells all."
            ),
        ]
    titles = {one["feature"]: charts.axis_title(one["label"], one["unit"]) for one in features}
    own = [(one["feature"], titles[one["feature"]]) for one in features]
    by_feature = publication.customers_by_features(name, fit["dataset"], list(titles))
    by_component = publication.customers_by_components(name)
    blocks: list[Any] = []
    if len(features) == 2 and not by_feature.empty:
        blocks.append(
            _plane(
                by_feature, segments, own, name, "Every point is a customer, in the two features of the segmentation."
            )
        )
        blocks.append(Text("Two features make a plane; a third dimension would add nothing.", "note"))
    elif not by_component.empty:
        axes = _component_axes(publication, name)
        shown = publication.table("principal_components", segmentation=name)
        share = shown[shown["component"] == 2]["cumulative_share_of_variance"]
        told = f", which hold {percent(share.iloc[0])} of the variance" if len(share) else ""
        blocks.append(
            _plane(
                by_component,
                segments,
                axes,
                name,
                f"Every point is a customer, on the first two principal components{told}.",
            )
        )
    if len(features) == 3 and not by_feature.empty:
        blocks.append(
            _space(
                by_feature, segments, own, name, "The same in the three features of the segmentation. Drag to turn it."
            )
        )
    elif len(features) > 3 and not by_component.empty and by_component["component_3"].notna().any():
        axes = _component_axes(publication, name)
        blocks.append(
            _space(by_component, segments, axes, name, "The first three principal components. Drag to turn it.")
        )
    if not blocks:
        return [heading, Text(NOT_COMPUTED)]
    points = max(len(by_feature), len(by_component))
    if points < fit["customers"]:
        blocks.append(Text(f"{points:,} of {fit['customers']:,} customers are drawn, chosen at random.", "note"))
    loadings = publication.table("principal_components", segmentation=name)
    if len(features) > 2 and not loadings.empty:
        blocks.append(_loadings(loadings))
    return [heading, *blocks]


def _plane(customers, segments, axes, name, caption) -> Chart:
    return Chart(
        charts.plane(customers, segments, axes[0], axes[1]),
        caption,
        f"Scatter of {len(customers):,} customers in {len(segments)} segments, each with a colour and a marker of its own.",
        _anchor("chart", name, "plane"),
    )


def _space(customers, segments, axes, name, caption) -> Chart:
    return Chart(
        charts.space(customers, segments, axes[:3]),
        caption,
        f"Scatter in three dimensions of {len(customers):,} customers in {len(segments)} segments.",
        _anchor("chart", name, "space"),
    )


def _component_axes(publication, name) -> list[tuple[str, str]]:
    """Name each component after its share of the variance and the feature that weighs most in it."""
    loadings = publication.table("principal_components", segmentation=name)
    axes = []
    for component in (1, 2, 3):
        title = f"component {component}"
        rows = loadings if loadings.empty else loadings[loadings["component"] == component]
        if not rows.empty:
            top = rows.loc[rows["loading"].abs().idxmax()]
            title += f" ({percent(top['share_of_variance'])}; mostly {top['label']})"
        axes.append((f"component_{component}", charts.plotly_text(title)))
    return axes


def _loadings(loadings: pd.DataFrame) -> Folded:
    components = sorted(loadings["component"].unique())
    rows = []
    for _, part in loadings.sort_values(["position", "component"]).groupby("position"):
        values = dict(zip(part["component"], part["loading"], strict=True))
        rows.append(
            [
                part["label"].iloc[0],
                *[Cell(f"{values.get(each, 0):.2f}", page.diverging(values.get(each, 0))) for each in components],
            ]
        )
    shares = loadings.drop_duplicates("component").sort_values("component")["share_of_variance"]
    headers = [
        "feature",
        *[f"component {each} ({percent(share)})" for each, share in zip(components, shares, strict=True)],
    ]
    table = Table(
        "Weight of each feature in each principal component.", headers, rows, frozenset(range(1, len(headers)))
    )
    return Folded("What the principal components are made of", [table])


def _profiles(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    profiles, segments = tables["profiles"], tables["segments"]
    spread = publication.table("feature_summary", dataset=fit["dataset"])
    spread = {} if spread.empty else dict(zip(spread["feature"], spread["standard_deviation"], strict=True))
    features = {row.feature: (row.label, row.unit, row.population_mean) for row in profiles.itertuples()}
    used = [one["feature"] for one in publication.features(name)]
    order = [*[feature for feature in used if feature in features], *sorted(set(features) - set(used))]
    means = {(row.cluster_id, row.feature): row for row in profiles.itertuples()}
    rows = []
    for segment in segments.itertuples():
        cells: list[Any] = [Cell(segment.persona, swatch=segment.colour)]
        for feature in order:
            row = means.get((segment.cluster_id, feature))
            cells.append(
                "" if row is None or is_missing(row.mean) else Cell(figure(row.mean), _profile_colour(row, spread))
            )
        rows.append(cells)
    rows.append(["all customers", *[figure(features[feature][2]) for feature in order]])
    headers = ["persona", *[_feature_header(features[feature], feature in used) for feature in order]]
    colours = "standard deviations" if spread else "the average"
    blocks: list[Any] = [
        Heading("What the segments are like", _anchor(name, "profiles"), "Profiles"),
        Items(
            [
                f"{row.persona}: {sentences.listed(found)}."
                for row in segments.itertuples()
                if (found := sentences.deviations(profiles[profiles["cluster_id"] == row.cluster_id], 3))
            ]
        ),
        Table(
            f"Means. Purple lies above all customers, orange below, compared in {colours}. * used by the segmentation.",
            headers,
            rows,
            frozenset(range(1, len(headers))),
        ),
    ]
    distributions = publication.table("segment_distributions", segmentation=name)
    if distributions.empty:
        return [*blocks, Text(f"Box plots per segment: {NOT_COMPUTED}", "note")]
    figures = [
        Chart(
            charts.boxes(distributions[distributions["feature"] == feature], segments, *features[feature][:2]),
            capitalised(features[feature][0]) + ": quartiles and whiskers.",
            f"Box plots of {features[feature][0]} by segment; the means stand in the table above.",
            _anchor("chart", name, "boxes", feature),
        )
        for feature in order
        if (distributions["feature"] == feature).any()
    ]
    return [*blocks, Grid(figures, wide=True)]


def _profile_colour(row, spread: Mapping[str, float]) -> str | None:
    deviation = spread.get(row.feature)
    if deviation:
        return page.diverging((row.mean - row.population_mean) / deviation / 1.5)
    return None if is_missing(row.index_to_population) else page.diverging((row.index_to_population - 100) / 100)


def _feature_header(feature, is_used: bool) -> str:
    label, unit, _ = feature
    return (f"{label}, {unit}" if unit else label) + ("*" if is_used else "")


def _rules(publication, fit) -> list[Any]:
    rules = publication.ordered("segment_rules", fit["segmentation"])
    blocks: list[Any] = [
        Heading("The segments as simple rules", _anchor(fit["segmentation"], "rules"), "Rules"),
        Text(sentences.rules_sentence(rules)),
    ]
    if rules.empty:
        return blocks
    rows = [
        [Cell(row.persona, swatch=row.colour), row.rule_prose, percent(row.coverage), percent(row.purity)]
        for row in rules.itertuples()
    ]
    caption = (
        "Coverage: share of the segment that the rule catches. Purity: share of the caught that belong to the segment."
    )
    return [*blocks, Table(caption, ["persona", "rule", "coverage", "purity"], rows, frozenset({2, 3}))]


def _algorithms(publication, fit) -> list[Any]:
    comparison = publication.table("algorithm_comparison", segmentation=fit["segmentation"])
    blocks: list[Any] = [
        Heading("What other algorithms find", _anchor(fit["segmentation"], "algorithms"), "Other algorithms"),
        Text(sentences.algorithms_sentence(comparison)),
    ]
    if comparison.empty:
        return blocks
    ordered = comparison.assign(is_other=comparison["algorithm"] != "K-Means").sort_values(
        ["is_other", "algorithm", "settings"]
    )
    rows = [
        [
            row.algorithm,
            row.settings,
            "" if is_missing(row.clusters) else f"{int(row.clusters)}",
            "" if is_missing(row.noise_share) else percent(row.noise_share),
            *[
                "" if is_missing(value) else f"{value:,.2f}"
                for value in (row.silhouette, row.davies_bouldin, row.adjusted_rand_index)
            ],
            row.noise_handling or "",
        ]
        for row in ordered.itertuples()
    ]
    headers = [
        "algorithm",
        "settings",
        "clusters",
        "noise",
        "silhouette",
        "Davies-Bouldin",
        "agreement",
        "customers in no cluster",
    ]
    caption = "Agreement: adjusted Rand index with the segments in use. Noise: share of customers in no cluster."
    return [*blocks, Table(caption, headers, rows, frozenset({2, 3, 4, 5, 6}))]


def _personas(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    campaigns = publication.table("campaign_recommendations", segmentation=name)
    cards = []
    for row in tables["segments"].itertuples():
        planned = campaigns[campaigns["persona"] == row.persona].sort_values(["priority", "campaign_id"])
        facts = [
            (
                f"{one.campaign}, by {one.channel.replace('_', ' ')}",
                f"{one.offer}. {one.rationale}. Assumed cost: {figure(one.assumed_cost)}.",
            )
            for one in planned.itertuples()
        ]
        grade = "" if is_missing(row.stability_grade) else f", {row.stability_grade}"
        cards.append(
            Card(
                row.persona,
                row.colour,
                f"{row.customers:,} customers, {percent(row.share_of_customers)}{grade}. {row.headline}.",
                "" if is_missing(row.description) else row.description,
                facts or [("No campaign", "None has been assigned.")],
                "" if is_missing(row.contradicted_traits) else row.contradicted_traits,
            )
        )
    return [
        Heading(sentences.personas_title(tables["personas"]), _anchor(name, "personas"), "Personas and campaigns"),
        Text(
            f"{sentences.campaigns_title(campaigns, tables['segments'])}. Costs are assumptions; no effect has been measured."
        ),
        Grid(cards, wide=True),
    ]


# Across segmentations


def _across(publication: Publication, datasets: list[str]) -> list[Section]:
    sections = []
    crosswalk = publication.table("segment_crosswalk")
    agreement = publication.table("segmentation_agreement")
    for dataset in datasets:
        fits = publication.table("segmentation_fits", dataset=dataset)
        if len(fits) < 2:
            continue
        blocks: list[Any] = []
        if crosswalk.empty:
            blocks.append(Text(NOT_COMPUTED))
        else:
            own = agreement[agreement["dataset"] == dataset] if len(agreement) else agreement
            pairs = own[own["segmentation"] < own["other_segmentation"]] if len(own) else own
            blocks.append(Items([sentences.agreement_sentence(row) for row in pairs.to_dict("records")]))
            blocks += _crosswalk_tables(publication, crosswalk[crosswalk["dataset"] == dataset])
        sections.append(Section(_anchor("crosswalk", dataset), f"From one segmentation to another: {dataset}", blocks))
    checks = publication.table("published_result_checks")
    if not checks.empty:
        rows = [
            [
                row.result_id, row.source, row.k, row.figure, f"{row.published_value:,.3f}", f"{row.nearest_value:,.3f}",
                f"{row.best_value:,.3f}", row.verdict, row.explanation,
            ]
            for row in checks.itertuples()
        ]  # fmt: skip
        counts = checks["verdict"].value_counts().sort_index()
        named = sentences.listed(f"{number} {verdict}" for verdict, number in counts.items())
        headers = [
            "result",
            "source",
            "k",
            "figure",
            "published",
            "nearest found",
            "best found",
            "verdict",
            "explanation",
        ]
        table = Table("Published results computed again.", headers, rows, frozenset({2, 4, 5, 6}))
        text = Text(
            f"{capitalised(sentences.counted(len(checks), 'figure'))} that others published, computed again: {named}."
        )
        sections.append(Section("published-results", "Published results checked", [text, table]))
    return sections


def _crosswalk_tables(publication, crosswalk: pd.DataFrame) -> list[Table]:
    tables = []
    for (name, other), rows in crosswalk.groupby(["segmentation", "other_segmentation"], sort=True):
        if name > other:
            continue
        columns = publication.segments(other)
        shares = {(row.cluster_id, row.other_cluster_id): row.share_of_segment for row in rows.itertuples()}
        cells = []
        for segment in publication.segments(name).itertuples():
            line: list[Any] = [Cell(segment.persona, swatch=segment.colour)]
            for column in columns["cluster_id"]:
                share = shares.get((segment.cluster_id, column), 0.0)
                line.append(Cell(percent(share) if share else "", page.sequential(share) if share else None))
            cells.append(line)
        tables.append(
            Table(
                f"Where the customers of {title_of(name).lower()} are in {title_of(other).lower()}: share of each row.",
                [title_of(name), *columns["persona"]],
                cells,
                frozenset(range(1, len(columns) + 1)),
            )
        )
    return tables


# The data


def _exploration(publication: Publication, dataset: str) -> Section:
    row = publication.table("datasets", dataset=dataset).iloc[0]
    rejected = publication.table("rejected_rows", dataset=dataset)
    blocks = [
        Text(f"{row['customers']:,} customers. {sentences.rejected_sentence(row, rejected)}", "lead"),
        Text(f"Source: {row['origin']}.", "note"),
        *_features(publication, dataset),
        *_categories(publication, dataset),
        *_correlations(publication, dataset),
        *_rfm(publication, dataset),
        *_quality(publication, dataset, row, rejected),
    ]
    return Section(
        _anchor("data", dataset), f"Data: {title_of(dataset).lower()}", blocks, badge=_badge(bool(row["is_synthetic"]))
    )


def _features(publication, dataset) -> list[Any]:
    summary = publication.table("feature_summary", dataset=dataset)
    heading = Heading("How the features are distributed", _anchor(dataset, "features"), "Features")
    if summary.empty:
        return [heading, Text(NOT_COMPUTED)]
    histograms = publication.table("feature_histograms", dataset=dataset)
    figures = []
    for row in summary.itertuples():
        bins = histograms[histograms["feature"] == row.feature] if len(histograms) else histograms
        if bins.empty:
            continue
        figures.append(
            Chart(
                charts.histogram(bins, row.label, row.unit, row.median),
                f"{capitalised(row.label)}: half lie between {figure(row.p25)} and {figure(row.p75)}; dotted: median {figure(row.median)}.",
                f"Histogram of {row.label}, from {figure(row.minimum)} to {figure(row.maximum)}, median {figure(row.median)}.",
                _anchor("chart", dataset, "histogram", row.feature),
            )
        )
    rows = [
        [
            f"{row.label}, {row.unit}" if row.unit else row.label,
            f"{row.missing_values:,}",
            *[
                figure(value)
                for value in (row.mean, row.standard_deviation, row.minimum, row.median, row.maximum, row.skewness)
            ],
            "" if is_missing(row.outliers) else f"{int(row.outliers):,}",
        ]
        for row in summary.itertuples()
    ]
    headers = [
        "feature",
        "missing",
        "mean",
        "standard deviation",
        "minimum",
        "median",
        "maximum",
        "skewness",
        "outliers",
    ]
    table = Table(
        "Outliers lie more than 1.5 quartile distances outside the quartiles.", headers, rows, frozenset(range(1, 9))
    )
    return [heading, Grid(figures), Folded("The features as a table", [table])]


def _categories(publication, dataset) -> list[Any]:
    effects = publication.table("category_effects", dataset=dataset)
    heading = Heading("What categories such as gender tell", _anchor(dataset, "categories"), "Categories")
    if effects.empty:
        return [heading, Text("Nothing to compare: no category in this dataset, or built with `evidence: none`.")]
    labels = publication.labels(dataset)
    profiles = publication.table("category_profiles", dataset=dataset)
    categories = sorted(effects["category"].unique())
    ordered = effects.sort_values(
        ["eta_squared", "category", "feature"], ascending=[False, True, True], na_position="last"
    )
    figures = []
    for row in ordered.itertuples():
        boxes = profiles[(profiles["category"] == row.category) & (profiles["feature"] == row.feature)]
        if len(figures) == CATEGORY_CHARTS or boxes.empty or len(boxes) > WIDEST_CATEGORY:
            continue
        label, unit = labels.get(row.feature, (row.feature, None))
        size = (
            "not applicable"
            if is_missing(row.eta_squared)
            else f"{percent(row.eta_squared, 1)} of the variance, {row.effect}"
        )
        figures.append(
            Chart(
                charts.category_boxes(boxes, label, unit),
                f"{capitalised(label)} by {title_of(row.category).lower()}: {size}.",
                str(row.finding),
                _anchor("chart", dataset, "category", row.category, row.feature),
            )
        )
    rows = [
        [
            title_of(row.category),
            labels.get(row.feature, (row.feature, None))[0],
            "" if is_missing(row.eta_squared) else f"{row.eta_squared:.3f}",
            "" if is_missing(row.p_value) else ("under 0.001" if row.p_value < 0.001 else f"{row.p_value:.3f}"),
            row.effect,
            row.finding,
        ]
        for row in ordered.itertuples()
    ]
    headers = ["category", "feature", "eta squared", "p value", "effect", "finding"]
    table = Table(
        "Eta squared: share of the variance of the feature that the category explains.",
        headers,
        rows,
        frozenset({2, 3}),
    )
    return [
        heading,
        Items([sentences.category_sentence(effects, category) for category in categories]),
        Grid(figures, wide=True),
        Folded("All categories and features as a table", [table]),
    ]


def _correlations(publication, dataset) -> list[Any]:
    correlations = publication.table("feature_correlations", dataset=dataset)
    heading = Heading("How features go together", _anchor(dataset, "relations"), "Relations")
    summary = publication.table("feature_summary", dataset=dataset)
    if correlations.empty:
        return [heading, Text(NOT_COMPUTED if summary.empty else "There are no two features to compare.")]
    labels = {feature: label for feature, (label, _) in publication.labels(dataset).items()}
    features = sorted(set(correlations["feature"]) | set(correlations["other_feature"]))
    values = {}
    for row in correlations.itertuples():
        values[row.feature, row.other_feature] = values[row.other_feature, row.feature] = row.spearman
    rows = []
    for feature in features:
        line: list[Any] = [labels.get(feature, feature)]
        for other in features:
            value = values.get((feature, other))
            line.append("" if is_missing(value) else Cell(f"{value:.2f}", page.diverging(value)))
        rows.append(line)
    headers = ["", *[labels.get(feature, feature) for feature in features]]
    return [
        heading,
        Text(sentences.correlation_sentence(correlations, labels)),
        Table("Rank correlation (Spearman), from -1 to 1.", headers, rows, frozenset(range(1, len(headers)))),
        *_curves(publication, dataset),
    ]


def _curves(publication, dataset) -> list[Any]:
    relationships = publication.table("feature_relationships", dataset=dataset)
    if relationships.empty:
        return []
    labels = publication.labels(dataset)
    best = relationships.dropna(subset=["r_squared"]).sort_values(
        ["r_squared", "feature", "other_feature", "shape"], ascending=[False, True, True, True]
    )
    figures = []
    seen = set()
    for row in best.itertuples():
        pair = frozenset((row.feature, row.other_feature))
        if pair in seen or len(figures) == CURVES:
            continue
        seen.add(pair)
        customers = publication.customers_of_dataset(dataset, [row.feature, row.other_feature], CURVE_POINTS)
        if customers.empty:
            continue
        curves = best[(best["feature"] == row.feature) & (best["other_feature"] == row.other_feature)]
        x, y = (labels.get(name, (name, None)) for name in (row.feature, row.other_feature))
        fits = sentences.listed(
            f"{curve.shape} {percent(curve.r_squared, 1)}" for curve in curves.sort_values("shape").itertuples()
        )
        figures.append(
            Chart(
                charts.fitted(
                    customers, curves, (row.feature, charts.axis_title(*x)), (row.other_feature, charts.axis_title(*y))
                ),
                f"{capitalised(y[0])} from {x[0]}: share of the variance explained, {fits}.",
                f"Scatter of {y[0]} over {x[0]} with fitted curves: {fits} of the variance explained.",
                _anchor("chart", dataset, "curve", row.feature, row.other_feature),
            )
        )
    return [Grid(figures, wide=True)] if figures else []


def _rfm(publication, dataset) -> list[Any]:
    groups = publication.table("rfm_groups", dataset=dataset)
    if groups.empty or not groups["customers"].sum():
        return []
    rows = [
        [
            row.rfm_group, f"{row.customers:,}", percent(row.share_of_customers),
            "" if is_missing(row.share_of_monetary) else percent(row.share_of_monetary), row.description, row.advice,
        ]
        for row in groups.sort_values("position").itertuples()
    ]  # fmt: skip
    return [
        Heading("Recency, frequency and money: the RFM groups", _anchor(dataset, "rfm"), "RFM groups"),
        Table(
            "Groups by how lately, how often and for how much customers bought.",
            ["group", "customers", "share", "of the money", "who they are", "advice"],
            rows,
            frozenset({1, 2, 3}),
        ),
    ]


def _quality(publication, dataset, row, rejected) -> list[Any]:
    checks = publication.table("data_quality_results")
    columns = publication.table("input_columns", dataset=dataset)
    blocks: list[Any] = [Heading("Data quality", _anchor(dataset, "quality"), "Data quality")]
    own = checks[checks["relation"].str.contains(rf"(?:^|_){dataset}_", regex=True)] if len(checks) else checks
    blocks.append(Text(f"{sentences.rejected_sentence(row, rejected)} {sentences.quality_sentence(own)}"))
    failed = own[~own["success"].astype(bool)] if len(own) else own
    if len(failed):
        rows = [
            [one.relation, one.column_name or "", one.expectation, one.observed_value or "", one.why or ""]
            for one in failed.itertuples()
        ]
        blocks.append(
            Table("Checks that found something.", ["table", "column", "expected", "found", "why it matters"], rows)
        )
    if len(rejected):
        counts = rejected.groupby(["input", "problem_column", "reason"], dropna=False).size().reset_index(name="rows")
        rows = [["" if is_missing(v) else f"{v}" for v in one[1:]] for one in counts.itertuples()]
        blocks.append(Table("Rejected rows.", ["input", "column", "reason", "rows"], rows, frozenset({3})))
    if len(columns):
        rows = [
            [
                one.column_found,
                one.read_as or "not read",
                one.note or "",
                f"{one.values_used:,}",
                f"{one.values_rejected:,}",
            ]
            if not is_missing(one.values_used)
            else [one.column_found, one.read_as or "not read", one.note or "", "", ""]
            for one in columns.itertuples()
        ]
        table = Table(
            "How each column was understood.",
            ["column", "read as", "note", "used", "rejected"],
            rows,
            frozenset({3, 4}),
        )
        blocks.append(Folded("How each column of the input was understood", [table]))
    return blocks


def _how_to_read() -> Section:
    return Section(
        "how-to-read",
        "How to read this report",
        [
            Items(
                [
                    "A segment is a group of customers that K-Means found; a persona is what people say about it. Where they "
                    "disagree, believe the figures: the claim is then listed as contradicted.",
                    "Silhouette: 1 if every customer is far nearer to the own segment than to the next, 0 if both are equally "
                    "near. Above 0.5 speaks for reasonable, above 0.7 for strong structure (Kaufman and Rousseeuw 1990).",
                    "Inertia: the sum of squared distances to the centre of the segment. It falls with every further segment, "
                    "so only its bend says something about their number.",
                    "Bootstrap Jaccard: customers are drawn anew many times and segmented again; the figure is how much of a "
                    "segment is found again (Hennig 2007). Stable and usable segments can be worked with; doubtful ones need "
                    "another look; dissolved ones are an accident of this sample.",
                    "Adjusted Rand index: how far two ways of grouping the same customers agree; 1 is the same, 0 is chance.",
                    "Eta squared: the share of the variance of a figure that a category such as gender explains. Below 1% it is "
                    "negligible, however small the p value: with many customers everything is significant.",
                    "Principal components turn many features into the few directions in which customers differ most. Segments "
                    "may overlap there and still be apart in a direction that is not shown.",
                    "Synthetic data is made up. It shows that the path works and says nothing about people.",
                    "Costs of campaigns are assumptions, with their basis in the table campaign_recommendations. What a campaign "
                    "brings is not known before it was tried against a group that got nothing.",
                ]
            ),
            Text(
                "Every figure comes from the published tables; the overview of the project says what each table holds.",
                "note",
            ),
        ],
    )


def main(arguments: list[str] | None = None) -> int:
    """Write the report beside the published database named on the command line, or into another folder."""
    return run("Write the interactive report of a publication.", FILE_NAME, build, arguments)


if __name__ == "__main__":
    sys.exit(main())
