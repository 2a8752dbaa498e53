"""What the report tells about segmentations: each on its own, and several on the same customers."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import (
    clustered,
    fallback_sentence,
    is_missing,
    listed,
    percent,
)
from customer_segmentation.publication.movement import first_day, last_period
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import findings, theme
from customer_segmentation.report.about_experiments import results
from customer_segmentation.report.about_segment import persona_card
from customer_segmentation.report.criteria import CRITERIA
from customer_segmentation.report.figures import segmentation_figures
from customer_segmentation.report.figures.figure import Figure, NotDrawn
from customer_segmentation.report.findings import NOT_COMPUTED
from customer_segmentation.report.glossary import Term
from customer_segmentation.report.page import (
    Cell,
    Folded,
    Grid,
    Heading,
    Items,
    Section,
    Table,
    Text,
    anchor,
    badge,
    folded,
)


def warnings_of(fit: Mapping, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """List the caveats of a segmentation.

    Parameters
    ----------
    fit : mapping
        The segmentation, as `Publication.fits` tells it.
    tables : mapping of str to DataFrame
        Its tables, as `Publication.of` tells them.

    Returns
    -------
    list of str
    """
    others = findings.warnings(
        fit, tables["segments"], tables["personas"], tables["recommendation"], is_synthetic=fit["is_synthetic"]
    )
    return [*filter(None, [fallback_sentence(fit)]), *others]


def segmentation_section(publication: Publication, fit: Mapping) -> Section:
    """Tell what is known about a segmentation, and how.

    Parameters
    ----------
    publication : Publication
        The published tables.
    fit : mapping
        The segmentation, as `Publication.fits` tells it.

    Returns
    -------
    Section
    """
    name = fit["segmentation"]
    tables = publication.of(name)
    blocks: list[Any] = [
        Text(
            f"{findings.segmentation_sentence(fit, is_synthetic=fit['is_synthetic'])} "
            f"{findings.separation_sentence(fit)} {findings.key_finding(tables['segments'], tables['profiles'])}",
            "lead",
        ),
        Items(warnings_of(fit, tables), "warnings"),
    ]
    evidence = [
        *_segments(publication, fit, tables),
        *_changes(publication, fit),
        *_choice_of_k(publication, fit, tables),
        *_optimum(publication, fit, tables),
        *_stability(publication, fit, tables),
        *clusters(publication, fit),
        *_profiles(publication, fit, tables),
        *_rules(publication, fit, tables),
        *_algorithms(publication, fit, tables),
        *_personas(publication, fit, tables),
    ]
    blocks += [*results(publication, name), *folded(evidence)]
    return Section(anchor("segmentation", name), fit["segmentation_name"], blocks, badge=badge(fit["is_synthetic"]))


def _segments(publication, fit, tables) -> list[Any]:
    segments = tables["segments"]
    rows = [
        [
            Cell(row.persona, swatch=row.colour),
            f"{row.customers:,}",
            row.share,
            row.headline,
            "not computed" if is_missing(row.stability_grade) else row.stability_grade,
        ]
        for row in segments.itertuples()
    ]
    return [
        Heading(findings.sizes_title(segments), anchor(fit["segmentation"], "segments"), "Segments"),
        Table(
            f"The segments in the order of their personas. {formatting.TYPICAL}",
            [Term("persona"), "customers", "share", Term("profile", "headline"), Term("stability")],
            rows,
            frozenset({1, 2}),
        ),
    ]


def _changes(publication, fit) -> list[Any]:
    name = fit["segmentation"]
    if publication.table("segment_sizes", segmentation=name).empty:
        return []  # published before there was a history
    heading = Heading("What changed", anchor(name, "changes"), "What changed")
    told = changes_in_words(publication, fit)
    if not changes_sentences(publication, fit):
        return [heading, Text(told, "note")]
    return [heading, Text(told), *segmentation_figures.changes(publication, fit).charts()]


def changes_in_words(publication: Publication, fit: Mapping) -> str:
    """Say what changed in the last period, or since when changes are known; nothing without any history.

    Parameters
    ----------
    publication : Publication
        The published tables, as they may leave the house.
    fit : mapping
        The segmentation, as `Publication.fits` tells it.

    Returns
    -------
    str
    """
    if publication.table("segment_sizes", segmentation=fit["segmentation"]).empty:
        return ""
    return " ".join(changes_sentences(publication, fit)) or first_day(publication.rows, fit["segmentation"])


def changes_sentences(publication: Publication, fit: Mapping) -> list[str]:
    """Say what happened in the last period, and whether the customers are still those of the model before.

    Parameters
    ----------
    publication : Publication
        The published tables, as they may leave the house.
    fit : mapping
        The segmentation, as `Publication.fits` tells it.

    Returns
    -------
    list of str
        None where no period has passed yet, or nothing is known of any.
    """
    name, dataset = fit["segmentation"], fit["dataset"]
    if publication.table("segment_sizes", segmentation=name).empty:
        return []
    moved = last_period(publication.rows, name, publication.currency(), publication.smallest_cell(dataset))
    checks = publication.table("drift_checks", segmentation=name)
    return list(filter(None, [moved, findings.drift_sentence(checks, publication.labels(dataset))]))


def _choice_of_k(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    recommendation = tables["recommendation"]
    selection = publication.table("k_selection", segmentation=name)
    blocks: list[Any] = [
        Heading(findings.choice_title(recommendation, fit["k"]), anchor(name, "k"), f"Why {fit['k']} segments"),
        Text(findings.choice_sentence(recommendation)),
    ]
    if selection.empty:
        return blocks
    in_table = {criterion.column: criterion.name for criterion in CRITERIA} | {"bootstrap_jaccard": "Mean Jaccard"}
    columns = [column for column in in_table if selection[column].notna().any()]
    rows = [
        [
            f"{row['k']}"
            + (" (in use)" if row["is_in_use"] else "")
            + (" (recommended)" if row["is_recommended"] else ""),
            *["" if is_missing(row[column]) else f"{row[column]:,.3f}" for column in columns],
        ]
        for _, row in selection.sort_values("k").iterrows()
    ]
    table = Table(
        f"Every criterion for every number of segments, on {clustered(selection.iloc[0])}.",
        [Term("segments", "segment"), *[in_table[column] for column in columns]],
        rows,
        frozenset(range(1, len(columns) + 1)),
    )
    shown = segmentation_figures.criteria(publication, fit)
    note = [Text(shown.subtitle, "note")] if isinstance(shown, Figure) else []
    return [*blocks, *note, Grid(shown.charts()), Folded("The figures as a table", [table])]


def _optimum(publication, fit, tables) -> list[Any]:
    optima = tables["optima"]
    is_best = optima.empty or bool(optima.sort_values("optimum").iloc[0]["is_in_use"])
    heading = "Is it the best solution? " + (
        "The best one known"
        if is_best and fit["inertia"] <= fit["best_known_inertia"] * (1 + 1e-6)
        else "No, a local optimum"
    )
    blocks: list[Any] = [
        Heading(heading, anchor(fit["segmentation"], "optimum"), "Best solution?"),
        Text(findings.optimum_sentence(fit, optima)),
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
    return [
        *blocks,
        Table(
            f"The best solutions that the search found on {clustered(optima.iloc[0])}.",
            headers,
            rows,
            frozenset({1, 2, 3, 5, 6}),
        ),
    ]


def _stability(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    rows = publication.ordered("segment_stability", name)
    blocks: list[Any] = [
        Heading(findings.stability_title(tables["segments"]), anchor(name, "stability"), "Stability"),
        Text(findings.stability_sentence(tables["segments"])),
    ]
    if rows.empty:
        return blocks
    figures = [segmentation_figures.stability(publication, fit), segmentation_figures.silhouettes(publication, fit)]
    limits = sorted(publication.table("grades")["lowest_jaccard"])
    table = Table(
        f"Comes back: share of the samples with a similarity of {limits[-1]:g} or more. "
        f"Dissolved: of {limits[1]:g} or less.",
        [
            Term("persona"),
            Term("bootstrap Jaccard"),
            "comes back",
            "dissolved",
            Term("grade", "stability"),
        ],
        [
            [
                Cell(row.persona, swatch=row.colour),
                "" if is_missing(row.bootstrap_jaccard) else f"{row.bootstrap_jaccard:.2f}",
                *["" if is_missing(value) else percent(value) for value in (row.share_recovered, row.share_dissolved)],
                "not computed" if is_missing(row.stability_grade) else row.stability_grade,
            ]
            for row in rows.itertuples()
        ],
        frozenset({1, 2, 3}),
    )
    return [*blocks, Grid([chart for figure in figures for chart in figure.charts()], wide=True), table]


def clusters(publication: Publication, fit: Mapping) -> list[Any]:
    """Draw the customers of a segmentation as points, in the plane and in space where it has the features for it.

    Parameters
    ----------
    publication : Publication
        The published tables.
    fit : mapping
        The segmentation, as `Publication.fits` tells it.

    Returns
    -------
    list
        Parts of a page: a heading, the charts, and what they leave out.
    """
    name = fit["segmentation"]
    title = (
        "The customers as points" if publication.shows_customers(fit["dataset"]) else "How the segments are positioned"
    )
    heading = Heading(title, anchor(name, "clusters"), "Clusters in 2-D and 3-D")
    plane, space = (
        make(publication, fit) for make in (segmentation_figures.clusters, segmentation_figures.clusters_in_space)
    )
    blocks: list[Any] = [*plane.charts(), *space.charts()]
    if not blocks:
        return [heading, Text(NOT_COMPUTED)]
    if isinstance(space, NotDrawn):
        blocks.append(Text(f"There is no picture in three dimensions: {space.reason}", "note"))
    loadings = publication.table("principal_components", segmentation=name)
    if len(publication.features(name)) > 2 and not loadings.empty:
        blocks.append(_loadings(loadings))
    return [heading, *blocks]


def _loadings(loadings: pd.DataFrame) -> Folded:
    components = sorted(loadings["component"].unique())
    rows = []
    for _, part in loadings.sort_values(["position", "component"]).groupby("position"):
        values = dict(zip(part["component"], part["loading"], strict=True))
        rows.append(
            [
                part["label"].iloc[0],
                *[Cell(f"{values.get(each, 0):.2f}", theme.diverging(values.get(each, 0)).name) for each in components],
            ]
        )
    shares = loadings.drop_duplicates("component").sort_values("component")["share_of_variance"]
    headers = [
        "feature",
        *[f"component {each} ({share})" for each, share in zip(components, formatting.shares(shares), strict=True)],
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
    features = {row.feature: (row.label, row.unit, row.population_median) for row in profiles.itertuples()}
    order, in_use = segmentation_figures.feature_order(publication, name, profiles["feature"])
    medians = {(row.cluster_id, row.feature): row for row in profiles.itertuples()}
    rows = []
    for segment in segments.itertuples():
        cells: list[Any] = [Cell(segment.persona, swatch=segment.colour)]
        for feature in order:
            row = medians.get((segment.cluster_id, feature))
            if row is None or is_missing(row.median):
                cells.append("")
            else:
                cells.append(Cell(formatting.cell(row.median, row.unit), _profile_colour(row, spread)))
        rows.append(cells)
    rows.append(["all customers", *[formatting.cell(features[feature][2], features[feature][1]) for feature in order]])
    headers = [
        "persona",
        *[formatting.header(*features[one][:2]) + ("*" if one in order[:in_use] else "") for one in order],
    ]
    blocks: list[Any] = [
        Heading("Segment profiles", anchor(name, "profiles"), "Profiles"),
        Items(
            [
                f"{row.persona}: {formatting.listed(found)}."
                for row in segments.itertuples()
                if (found := findings.deviations(profiles[profiles["cluster_id"] == row.cluster_id], 3))
            ]
        ),
        Table(
            f"Medians. Purple is above all customers, orange below{', in standard deviations' if spread else ''}. "
            "* used by the segmentation.",
            headers,
            rows,
            frozenset(range(1, len(headers))),
        ),
    ]
    boxes = segmentation_figures.box_plots(publication, fit)
    if isinstance(boxes, NotDrawn):
        return [*blocks, Text(f"Box plots per segment: {NOT_COMPUTED}", "note")]
    return [*blocks, Grid(boxes.charts(), wide=True)]


def _profile_colour(row, spread: Mapping[str, float]) -> str | None:
    deviation = spread.get(row.feature)
    if is_missing(row.population_median):
        return None
    if deviation:
        return theme.diverging((row.median - row.population_median) / deviation / 1.5).name
    return theme.diverging(row.median / row.population_median - 1).name if row.population_median > 0 else None


def _rules(publication, fit, tables) -> list[Any]:
    rules = publication.ordered("segment_rules", fit["segmentation"])
    blocks: list[Any] = [
        Heading("Segments as simple rules", anchor(fit["segmentation"], "rules"), "Rules"),
        Text(findings.rules_sentence(rules)),
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


def _algorithms(publication, fit, tables) -> list[Any]:
    comparison = publication.table("algorithm_comparison", segmentation=fit["segmentation"])
    blocks: list[Any] = [
        Heading("Other algorithms", anchor(fit["segmentation"], "algorithms"), "Other algorithms"),
        Text(findings.algorithms_sentence(comparison)),
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
        ]
        for row in ordered.itertuples()
    ]
    headers = [
        "algorithm",
        "settings",
        Term("clusters", "cluster"),
        "noise",
        Term("silhouette"),
        "Davies-Bouldin",
        "agreement",
    ]
    caption = "Agreement: adjusted Rand index with the segments in use. Noise: share of customers in no cluster."
    return [
        *blocks,
        Table(caption, headers, rows, frozenset({2, 3, 4, 5, 6})),
        Items(
            [
                f"{formatting.listed(map(findings.algorithm_name, part['algorithm']))}: {handling}."
                for handling, part in ordered[ordered["noise_handling"].fillna("") != ""].groupby(
                    "noise_handling", sort=False
                )
            ]
        ),
    ]


def _personas(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    campaigns = publication.table("campaign_recommendations", segmentation=name)
    cards = [persona_card(segment, campaigns) for segment in tables["segments"].to_dict("records")]
    return [
        Heading(findings.personas_title(tables["personas"]), anchor(name, "personas"), "Personas and campaigns"),
        Text(
            f"{findings.campaigns_title(campaigns, tables['segments'])}. Costs are assumptions; "
            "effects are not measured."
        ),
        Grid(cards, wide=True),
    ]


# The evidence for a segmentation by question, for who shows one part of it at a time: each is a function of the
# publication, the segmentation and its tables, as `segmentation_section` calls it, and returns the parts of a page.
EVIDENCE = {
    "Number of segments": _choice_of_k,
    "Best solution": _optimum,
    "Stability": _stability,
    "Other algorithms": _algorithms,
}


def sections_across(publication: Publication, datasets: list[str]) -> list[Section]:
    """Tell how the segmentations of a dataset go together, and which published results were found again.

    Parameters
    ----------
    publication : Publication
        The published tables.
    datasets : list of str
        Names of the datasets.

    Returns
    -------
    list of Section
        A section for each dataset with several segmentations, and one for the published results if any were checked.
    """
    sections = []
    crosswalk = publication.table("segment_crosswalk")
    agreement = publication.table("segmentation_agreement")
    for dataset in datasets:
        names = sorted(publication.table("segmentation_fits", dataset=dataset)["segmentation"])
        if len(names) < 2:
            continue
        blocks: list[Any] = []
        if crosswalk.empty:
            blocks.append(Text(NOT_COMPUTED))
        else:
            own = agreement[agreement["dataset"] == dataset] if len(agreement) else agreement
            pairs = own[own["segmentation"] < own["other_segmentation"]] if len(own) else own
            blocks.append(Items(agreements(publication, pairs)))
            tables = [crosswalk_table(publication, name, other) for name, other in combinations(names, 2)]
            blocks.append(Folded("Where the customers are", tables))
        sections.append(
            Section(
                anchor("crosswalk", dataset),
                f"From one segmentation to another: {publication.dataset_name(dataset)}",
                blocks,
            )
        )
    checks = publication.table("published_result_checks")
    if not checks.empty:
        sentence, table = published_results(checks)
        blocks = [sentence, Folded("The results as a table", [table])]
        sections.append(Section("published-results", "Published results checked", blocks))
    return sections


def published_results(checks: pd.DataFrame) -> list[Any]:
    """Tell which figures that others published were found again.

    Parameters
    ----------
    checks : DataFrame
        Rows of `published_result_checks`.

    Returns
    -------
    list
        Parts of a page.
    """
    rows = [
        [
            row.claimed,
            row.figure.replace("_", " "),
            *[
                "" if is_missing(value) else f"{value:,.3f}"
                for value in (row.published_value, row.nearest_value, row.best_value)
            ],
            row.verdict,
            row.explanation,
        ]
        for row in checks.itertuples()
    ]
    headers = ["claim", "figure", "published", "nearest found", "best found", "verdict", "explanation"]
    table = Table("Published results recomputed.", headers, rows, frozenset({2, 3, 4}))
    return [Text(findings.checks_sentence(checks)), table]


def alternative_tables(rows: pd.DataFrame, publication: Publication, fit: Mapping) -> list[Table]:
    """Set the segments beside those that there would be with one fewer and one more.

    Parameters
    ----------
    rows : DataFrame
        Those of `alternative_segments` of the segmentation; an earlier version published none.
    publication : Publication
        The published tables.
    fit : mapping
        A row of `segmentation_fits`.

    Returns
    -------
    list of Table
        One for each number of segments that was compared, the smallest first; none if only the one in use is known.
    """
    if rows.empty or rows["is_in_use"].all():
        return []
    features = [one["feature"] for one in publication.features(fit["segmentation"])]
    clusters = rows.drop_duplicates(["k", "cluster_id"]).sort_values(["k", "customers"], ascending=[True, False])
    in_use = clusters[clusters["is_in_use"]]
    colours = publication.segments(fit["segmentation"]).set_index("persona")["colour"]
    labels = rows.drop_duplicates("feature").set_index("feature")
    named = [f"mean {formatting.header(*labels.loc[feature, ['label', 'unit']])}" for feature in features]
    tables = []
    for _, own in clusters.groupby("k", sort=True):
        lines = []
        for one, share in zip(own.itertuples(), formatting.shares(own["customers"]), strict=True):
            profile = rows[(rows["k"] == one.k) & (rows["cluster_id"] == one.cluster_id)].set_index("feature")
            name = one.persona
            if is_missing(name):
                name = ": ".join(["No persona", *filter(None, [listed(findings.deviations(profile, measure="mean"))])])
            means = [formatting.cell(profile.loc[feature, "mean"], labels.loc[feature, "unit"]) for feature in features]
            distance = "" if is_missing(one.match_distance) else f"{one.match_distance:.2f}"
            lines.append([Cell(name, swatch=colours.get(name)), f"{one.customers:,}", share, *means, distance])
        tables.append(
            Table(
                f"{findings.alternative_title(own, in_use)}.",
                [Term("segment"), "customers", "share", *named, "distance of the persona"],
                lines,
                frozenset(range(1, len(named) + 4)),
            )
        )
    return tables


def agreements(publication: Publication, pairs: pd.DataFrame) -> list[str]:
    """Say how far segmentations of the same customers agree, in a sentence for each row of `segmentation_agreement`."""
    return [
        findings.agreement_sentence(
            publication.segmentation_name(row.segmentation),
            publication.segmentation_name(row.other_segmentation),
            row.adjusted_rand_index,
        )
        for row in pairs.itertuples()
    ]


def crosswalk_table(publication: Publication, name: str, other: str) -> Table:
    """Tell in which segments of another segmentation the customers of each segment are.

    Parameters
    ----------
    publication : Publication
        The published tables.
    name, other : str
        The two segmentations.

    Returns
    -------
    Table
    """
    crosswalk = publication.table("segment_crosswalk", segmentation=name, other_segmentation=other)
    columns = publication.segments(other)
    shares = {(row.cluster_id, row.other_cluster_id): row.share_of_segment for row in crosswalk.itertuples()}
    cells = []
    for segment in publication.segments(name).itertuples():
        line: list[Any] = [Cell(segment.persona, swatch=segment.colour)]
        found = [shares.get((segment.cluster_id, column), 0.0) for column in columns["cluster_id"]]
        for share, text in zip(found, formatting.shares(found), strict=True):
            line.append(Cell(text if share else "", theme.sequential(share).name if share else None))
        cells.append(line)
    return Table(
        f"Where the customers of “{publication.segmentation_name(name)}” are in "
        f"“{publication.segmentation_name(other)}”: share of each row.",
        [publication.segmentation_name(name), *columns["persona"]],
        cells,
        frozenset(range(1, len(columns) + 1)),
    )
