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
    number,
    percent,
)
from customer_segmentation.language import _, isolated, localized, ngettext, translatable
from customer_segmentation.publication.movement import first_day, last_period
from customer_segmentation.publication.retelling import figures_retold, retold, rule_retold
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

# what `algorithm_comparison.settings` is made of, between semicolons
SETTINGS = (
    translatable("{clusters} clusters, the model in use"),
    translatable("{clusters} clusters, as many as K-Means"),
    translatable("{components} components, each of its own shape"),
    translatable("{components} components, all of one shape"),
    translatable("{components} components, stretched along the features only"),
    translatable("{components} components, round"),
    translatable("lowest BIC of {mixtures} mixtures with {fewest} to {most} components"),
    translatable("{mixtures} more have a component collapsed onto repeated values"),
    translatable("a component has collapsed onto repeated values, so its BIC says little"),
    translatable("not settled after {iterations} iterations"),
    translatable("no mixture without a component collapsed onto repeated values"),
    translatable("{customers} different customers cannot form {components} components"),
    translatable("radius {radius} at the knee of the distances, {neighbours} neighbours (twice the features)"),
    translatable("{customers} customers have no {neighbours} neighbours"),
    translatable("so many customers are equal that their neighbours have no distance"),
    translatable("clusters of at least {smallest} customers ({share} of them, {fewest} or more)"),
    translatable("{customers} customers cannot form clusters of {smallest}"),
    translatable("{customers} customers cannot form {clusters} clusters"),
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
            number(row.customers),
            row.share,
            figures_retold(row.headline),
            _grade(row.stability_grade),
        ]
        for row in segments.itertuples()
    ]
    return [
        Heading(findings.sizes_title(segments), anchor(fit["segmentation"], "segments"), _("Segments")),
        Table(
            f"{_('The segments in the order of their personas.')} {_(formatting.TYPICAL)}",
            [
                Term("persona"),
                _("customers"),
                _("share"),
                Term(_("profile"), "headline"),
                Term("stability"),
            ],
            rows,
            frozenset({1, 2}),
        ),
    ]


def _grade(grade) -> str:
    return _("not computed") if is_missing(grade) else _(grade)


def _changes(publication, fit) -> list[Any]:
    name = fit["segmentation"]
    if publication.table("segment_sizes", segmentation=name).empty:
        return []  # published before there was a history
    heading = Heading(_("What changed"), anchor(name, "changes"), _("What changed"))
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
        Heading(
            findings.choice_title(recommendation, fit["k"]),
            anchor(name, "k"),
            ngettext("Why {count} segment", "Why {count} segments", fit["k"], count=number(fit["k"])),
        ),
        Text(findings.choice_sentence(recommendation)),
    ]
    if selection.empty:
        return blocks
    in_table = {criterion.column: _(criterion.name) for criterion in CRITERIA}
    in_table |= {"bootstrap_jaccard": _("Mean Jaccard")}
    columns = [column for column in in_table if selection[column].notna().any()]
    rows = [
        [
            f"{row['k']}"
            + (f" {_('(in use)')}" if row["is_in_use"] else "")
            + (f" {_('(recommended)')}" if row["is_recommended"] else ""),
            *["" if is_missing(row[column]) else number(row[column], 3) for column in columns],
        ]
        for _place, row in selection.sort_values("k").iterrows()
    ]
    table = Table(
        _("Every criterion for every number of segments, on {customers}.", customers=clustered(selection.iloc[0])),
        [Term(_("segments"), "segment"), *[in_table[column] for column in columns]],
        rows,
        frozenset(range(1, len(columns) + 1)),
    )
    shown = segmentation_figures.criteria(publication, fit)
    note = [Text(shown.subtitle, "note")] if isinstance(shown, Figure) else []
    return [*blocks, *note, Grid(shown.charts()), Folded(_("The figures as a table"), [table])]


def _optimum(publication, fit, tables) -> list[Any]:
    optima = tables["optima"]
    is_best = optima.empty or bool(optima.sort_values("optimum").iloc[0]["is_in_use"])
    heading = (
        _("Is it the best solution? The best one known")
        if is_best and fit["inertia"] <= fit["best_known_inertia"] * (1 + 1e-6)
        else _("Is it the best solution? No, a local optimum")
    )
    blocks: list[Any] = [
        Heading(heading, anchor(fit["segmentation"], "optimum"), _("Best solution?")),
        Text(findings.optimum_sentence(fit, optima)),
    ]
    if optima.empty:
        return [*blocks, Text(_("Other optima: {reason}", reason=_(NOT_COMPUTED)), "note")]
    rows = [
        [
            f"{row.optimum}" + (f" {_('(in use)')}" if row.is_in_use else ""),
            number(row.inertia, 3),
            percent(row.excess_over_best, 2),
            "" if is_missing(row.share_of_starts) else percent(row.share_of_starts),
            _(row.found_by),
            "" if is_missing(row.customers_elsewhere) else number(row.customers_elsewhere),
            "" if is_missing(row.smallest_cluster) else number(row.smallest_cluster),
        ]
        for row in optima.sort_values("optimum").head(10).itertuples()
    ]
    headers = [
        _("optimum"),
        _("inertia"),
        _("above the best"),
        _("share of starts"),
        _("found by"),
        _("customers elsewhere"),
        _("smallest segment"),
    ]
    return [
        *blocks,
        Table(
            _("The best solutions that the search found on {customers}.", customers=clustered(optima.iloc[0])),
            headers,
            rows,
            frozenset({1, 2, 3, 5, 6}),
        ),
    ]


def _stability(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    rows = publication.ordered("segment_stability", name)
    blocks: list[Any] = [
        Heading(findings.stability_title(tables["segments"]), anchor(name, "stability"), _("Stability")),
        Text(findings.stability_sentence(tables["segments"])),
    ]
    if rows.empty:
        return blocks
    figures = [segmentation_figures.stability(publication, fit), segmentation_figures.silhouettes(publication, fit)]
    limits = sorted(publication.table("grades")["lowest_jaccard"])
    table = Table(
        _(
            "Comes back: share of the samples with a similarity of {recovered} or more. "
            "Dissolved: of {dissolved} or less.",
            recovered=localized(f"{limits[-1]:g}"),
            dissolved=localized(f"{limits[1]:g}"),
        ),
        [
            Term("persona"),
            Term("bootstrap Jaccard"),
            _("comes back"),
            _("dissolved"),
            Term(_("grade"), "stability"),
        ],
        [
            [
                Cell(row.persona, swatch=row.colour),
                "" if is_missing(row.bootstrap_jaccard) else number(row.bootstrap_jaccard, 2),
                *["" if is_missing(value) else percent(value) for value in (row.share_recovered, row.share_dissolved)],
                _grade(row.stability_grade),
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
        _("The customers as points")
        if publication.shows_customers(fit["dataset"])
        else _("How the segments are positioned")
    )
    heading = Heading(title, anchor(name, "clusters"), _("Clusters in 2-D and 3-D"))
    plane, space = (
        make(publication, fit) for make in (segmentation_figures.clusters, segmentation_figures.clusters_in_space)
    )
    blocks: list[Any] = [*plane.charts(), *space.charts()]
    if not blocks:
        return [heading, Text(_(NOT_COMPUTED))]
    if isinstance(space, NotDrawn):
        blocks.append(Text(_("There is no picture in three dimensions: {reason}", reason=space.reason), "note"))
    loadings = publication.table("principal_components", segmentation=name)
    if len(publication.features(name)) > 2 and not loadings.empty:
        blocks.append(_loadings(loadings))
    return [heading, *blocks]


def _loadings(loadings: pd.DataFrame) -> Folded:
    components = sorted(loadings["component"].unique())
    rows = []
    for _place, part in loadings.sort_values(["position", "component"]).groupby("position"):
        values = dict(zip(part["component"], part["loading"], strict=True))
        rows.append(
            [
                part["label"].iloc[0],
                *[
                    Cell(number(values.get(each, 0), 2), theme.diverging(values.get(each, 0)).name)
                    for each in components
                ],
            ]
        )
    shares = loadings.drop_duplicates("component").sort_values("component")["share_of_variance"]
    headers = [
        _("feature"),
        *[
            _("component {place} ({share})", place=each, share=share)
            for each, share in zip(components, formatting.shares(shares), strict=True)
        ],
    ]
    table = Table(
        _("Weight of each feature in each principal component."), headers, rows, frozenset(range(1, len(headers)))
    )
    return Folded(_("What the principal components are made of"), [table])


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
    of_all = [formatting.cell(features[feature][2], features[feature][1]) for feature in order]
    rows.append([_("all customers"), *of_all])
    headers = [
        _("persona"),
        *[formatting.header(*features[one][:2]) + ("*" if one in order[:in_use] else "") for one in order],
    ]
    blocks: list[Any] = [
        Heading(_("Segment profiles"), anchor(name, "profiles"), _("Profiles")),
        Items(
            [
                f"{isolated(row.persona)}: {formatting.listed(found)}."
                for row in segments.itertuples()
                if (found := findings.deviations(profiles[profiles["cluster_id"] == row.cluster_id], 3))
            ]
        ),
        Table(
            _(
                "Medians. Purple is above all customers, orange below, in standard deviations. "
                "* used by the segmentation."
            )
            if spread
            else _("Medians. Purple is above all customers, orange below. * used by the segmentation."),
            headers,
            rows,
            frozenset(range(1, len(headers))),
        ),
    ]
    boxes = segmentation_figures.box_plots(publication, fit)
    if isinstance(boxes, NotDrawn):
        return [*blocks, Text(_("Box plots per segment: {reason}", reason=_(NOT_COMPUTED)), "note")]
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
        Heading(_("Segments as simple rules"), anchor(fit["segmentation"], "rules"), _("Rules")),
        Text(findings.rules_sentence(rules)),
    ]
    if rules.empty:
        return blocks
    rows = [
        [Cell(row.persona, swatch=row.colour), rule_retold(row.rule_prose), percent(row.coverage), percent(row.purity)]
        for row in rules.itertuples()
    ]
    caption = _(
        "Coverage: share of the segment that the rule catches. Purity: share of the caught that belong to the segment."
    )
    headers = [_("persona"), _("rule"), _("coverage"), _("purity")]
    return [*blocks, Table(caption, headers, rows, frozenset({2, 3}))]


def _algorithms(publication, fit, tables) -> list[Any]:
    comparison = publication.table("algorithm_comparison", segmentation=fit["segmentation"])
    blocks: list[Any] = [
        Heading(_("Other algorithms"), anchor(fit["segmentation"], "algorithms"), _("Other algorithms")),
        Text(findings.algorithms_sentence(comparison)),
    ]
    if comparison.empty:
        return blocks
    ordered = comparison.assign(is_other=comparison["algorithm"] != "K-Means").sort_values(
        ["is_other", "algorithm", "settings"]
    )
    rows = [
        [
            _(row.algorithm),
            settings_in_words(row.settings),
            "" if is_missing(row.clusters) else number(row.clusters),
            "" if is_missing(row.noise_share) else percent(row.noise_share),
            *[
                "" if is_missing(value) else number(value, 2)
                for value in (row.silhouette, row.davies_bouldin, row.adjusted_rand_index)
            ],
        ]
        for row in ordered.itertuples()
    ]
    headers = [
        _("algorithm"),
        _("settings"),
        Term(_("clusters"), "cluster"),
        _("noise"),
        Term("silhouette"),
        "Davies-Bouldin",
        _("agreement"),
    ]
    caption = _("Agreement: adjusted Rand index with the segments in use. Noise: share of customers in no cluster.")
    return [
        *blocks,
        Table(caption, headers, rows, frozenset({2, 3, 4, 5, 6})),
        Items(
            [
                f"{formatting.listed(map(findings.algorithm_name, part['algorithm']))}: {_(handling)}."
                for handling, part in ordered[ordered["noise_handling"].fillna("") != ""].groupby(
                    "noise_handling", sort=False
                )
            ]
        ),
    ]


def settings_in_words(settings: str) -> str:
    """Say with which settings an algorithm ran, or why it could not."""
    return "; ".join(retold(clause, SETTINGS) for clause in settings.split("; "))


def _personas(publication, fit, tables) -> list[Any]:
    name = fit["segmentation"]
    campaigns = publication.table("campaign_recommendations", segmentation=name)
    cards = [persona_card(segment, campaigns) for segment in tables["segments"].to_dict("records")]
    assumed = [] if campaigns.empty else [_("Costs are assumptions; effects are not measured.")]
    return [
        Heading(findings.personas_title(tables["personas"]), anchor(name, "personas"), _("Personas and campaigns")),
        Text(" ".join([f"{findings.campaigns_title(campaigns, tables['segments'])}.", *assumed])),
        Grid(cards, wide=True),
    ]


# The evidence for a segmentation by question, for who shows one part of it at a time: each is a function of the
# publication, the segmentation and its tables, as `segmentation_section` calls it, and returns the parts of a page.
EVIDENCE = {
    translatable("Number of segments"): _choice_of_k,
    translatable("Best solution"): _optimum,
    translatable("Stability"): _stability,
    translatable("Other algorithms"): _algorithms,
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
            blocks.append(Text(_(NOT_COMPUTED)))
        else:
            own = agreement[agreement["dataset"] == dataset] if len(agreement) else agreement
            pairs = own[own["segmentation"] < own["other_segmentation"]] if len(own) else own
            blocks.append(Items(agreements(publication, pairs)))
            tables = [crosswalk_table(publication, name, other) for name, other in combinations(names, 2)]
            blocks.append(Folded(_("Where the customers are"), tables))
        sections.append(
            Section(
                anchor("crosswalk", dataset),
                _("From one segmentation to another: {dataset}", dataset=publication.dataset_name(dataset)),
                blocks,
            )
        )
    checks = publication.table("published_result_checks")
    if not checks.empty:
        sentence, table = published_results(checks)
        blocks = [sentence, Folded(_("The results as a table"), [table])]
        sections.append(Section("published-results", _("Published results checked"), blocks))
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
            _(row.figure.replace("_", " ")),
            *[
                "" if is_missing(value) else number(value, 3)
                for value in (row.published_value, row.nearest_value, row.best_value)
            ],
            _(row.verdict),
            row.explanation,
        ]
        for row in checks.itertuples()
    ]
    headers = [
        _("claim"),
        _("figure"),
        _("published"),
        _("nearest found"),
        _("best found"),
        _("verdict"),
        _("explanation"),
    ]
    table = Table(_("Published results recomputed."), headers, rows, frozenset({2, 3, 4}))
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
    named = [
        _("mean {feature}", feature=formatting.header(*labels.loc[feature, ["label", "unit"]])) for feature in features
    ]
    has_personas = in_use["match_distance"].notna().any()
    headers = [Term("segment"), _("customers"), _("share"), *named]
    if has_personas:
        headers.append(_("distance of the persona"))
    tables = []
    for _k, own in clusters.groupby("k", sort=True):
        lines = []
        for one, share in zip(own.itertuples(), formatting.shares(own["customers"]), strict=True):
            profile = rows[(rows["k"] == one.k) & (rows["cluster_id"] == one.cluster_id)].set_index("feature")
            name = one.persona
            if is_missing(name):
                described = listed(findings.deviations(profile, measure="mean"))
                name = ": ".join(filter(None, [_("No persona") if has_personas else "", described]))
            means = [formatting.cell(profile.loc[feature, "mean"], labels.loc[feature, "unit"]) for feature in features]
            distance = "" if is_missing(one.match_distance) else number(one.match_distance, 2)
            figures = [number(one.customers), share, *means, *([distance] if has_personas else [])]
            lines.append([Cell(name, swatch=colours.get(name)), *figures])
        tables.append(
            Table(
                f"{findings.alternative_title(own, in_use)}.",
                headers,
                lines,
                frozenset(range(1, len(headers))),
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
        _(
            "Where the customers of “{segmentation}” are in “{other}”: share of each row.",
            segmentation=publication.segmentation_name(name),
            other=publication.segmentation_name(other),
        ),
        [publication.segmentation_name(name), *columns["persona"]],
        cells,
        frozenset(range(1, len(columns) + 1)),
    )
