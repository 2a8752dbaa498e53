"""What the report tells about the data: features, categories, relations, purchases and quality of a dataset."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import cell, figure, is_missing, number, title_of
from customer_segmentation.language import _, translatable
from customer_segmentation.publication.notes import note_text, origin_text
from customer_segmentation.publication.retelling import retold
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import findings, theme
from customer_segmentation.report.about_value import value
from customer_segmentation.report.checks import expectation_text, found_text, why_text
from customer_segmentation.report.figures import dataset_figures
from customer_segmentation.report.figures.figure import Figure, NotDrawn
from customer_segmentation.report.findings import NOT_COMPUTED
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

CATEGORY_CHARTS = 6  # categories and features shown per dataset: the largest effects
MEASURES = {
    "spearman": translatable("Rank correlation (Spearman)"),
    "pearson": translatable("Linear correlation (Pearson)"),
}
NOT_SHOWN = translatable("not shown")
# What `category_effects.finding` is made of: before a colon where something is explained, else all of it.
EXPLAINED = (
    translatable("{category} explains less than {share} % of the variation in {feature}"),
    translatable("{category} explains {share} % of the variation in {feature}"),
)
UNEXPLAINED = (
    translatable("{category} is the same for all customers with a value of {feature}"),
    translatable("Too few customers to compare {feature} by {category}"),
    translatable("{feature} is the same for all customers, so {category} explains nothing"),
)
IN_FUTURE = translatable("in the future: after {day}")  # the one reason in `rejected_rows` that is not a word


def data_section(publication: Publication, dataset: str) -> Section:
    """Tell what the data of a dataset is like.

    Parameters
    ----------
    publication : Publication
        The published tables.
    dataset : str
        Name of the dataset.

    Returns
    -------
    Section
    """
    row = publication.table("datasets", dataset=dataset).iloc[0]
    rejected = publication.rejections(dataset)
    size = formatting.customers(row["customers"], is_synthetic=False)
    blocks = [
        Text(f"{size}. {findings.rejected_sentence(row, rejected)}", "lead"),
        Text(_("Source: {origin}.", origin=origin_text(row["origin"])), "note"),
    ]
    evidence = [
        *distributions(publication, dataset),
        *_categories(publication, dataset),
        *_correlations(publication, dataset),
        *value(publication, dataset),
        *_quality(publication, dataset, row, rejected),
    ]
    return Section(
        anchor("data", dataset),
        _("Data: {dataset}", dataset=publication.dataset_name(dataset)),
        [*blocks, *folded(evidence)],
        badge=badge(bool(row["is_synthetic"])),
    )


def distributions(publication: Publication, dataset: str) -> list[Any]:
    """Tell how the features of a dataset are spread.

    Parameters
    ----------
    publication : Publication
        The published tables.
    dataset : str
        Name of the dataset.

    Returns
    -------
    list
        Parts of a page.
    """
    summary = publication.table("feature_summary", dataset=dataset)
    row = publication.table("datasets", dataset=dataset).iloc[0].to_dict()
    heading = Heading(_("How the features are distributed"), anchor(dataset, "features"), _("Features"))
    if summary.empty:
        return [heading, Text(_(NOT_COMPUTED))]
    smallest_cell = publication.smallest_cell(dataset)
    rows = [
        [
            formatting.header(row.label, row.unit),
            _("few") if is_missing(row.missing_values) else number(row.missing_values),
            *[
                _(NOT_SHOWN) if is_missing(value) else cell(value, row.unit)
                for value in (row.mean, row.standard_deviation, row.minimum, row.median, row.maximum)
            ],
            _(NOT_SHOWN) if is_missing(row.skewness) else figure(row.skewness),
            (_("few") if smallest_cell > 1 else "") if is_missing(row.outliers) else number(row.outliers),
        ]
        for row in summary.itertuples()
    ]
    headers = [
        _("feature"),
        _("missing"),
        _("mean"),
        _("standard deviation"),
        _("minimum"),
        _("median"),
        _("maximum"),
        _("skewness"),
        _("outliers"),
    ]
    caption = _(
        "Outliers lie more than {distances} quartile distances outside the quartiles.", distances=number(1.5, 1)
    )
    if smallest_cell > 1:
        few = _("Minimum and maximum are not shown; few: fewer than {smallest}.", smallest=number(smallest_cell))
        caption = f"{caption} {few}"
    table = Table(caption, headers, rows, frozenset(range(1, 9)))
    [drawn] = dataset_figures.histograms(publication, row)
    about = Text(drawn.reason if isinstance(drawn, NotDrawn) else drawn.subtitle)
    return [heading, about, Grid(drawn.charts()), Folded(_("Features as a table"), [table])]


def _categories(publication, dataset) -> list[Any]:
    effects = publication.table("category_effects", dataset=dataset)
    heading = Heading(_("What categories such as gender say"), anchor(dataset, "categories"), _("Categories"))
    if effects.empty:
        nothing = _("Nothing to compare: no category in this dataset, or built with `evidence: none`.")
        return [heading, Text(nothing)]
    labels = publication.labels(dataset)
    categories = sorted(effects["category"].unique())
    names = {feature: label for feature, (label, _unit) in labels.items()}
    ordered = effects.sort_values(
        ["eta_squared", "category", "feature"], ascending=[False, True, True], na_position="last"
    )
    rank = {(row.category, row.feature): place for place, row in enumerate(ordered.itertuples())}
    every = dataset_figures.category_boxes(
        publication, publication.table("datasets", dataset=dataset).iloc[0].to_dict()
    )
    ranked = sorted(
        (rank[figure.kind, panel.name], figure, panel)
        for figure in every
        if isinstance(figure, Figure)
        for panel in figure.panels
        if (figure.kind, panel.name) in rank
    )
    figures = [
        chart
        for _rank, figure, panel in ranked[:CATEGORY_CHARTS]
        for chart in figure._replace(panels=(panel,)).charts()
    ]
    return [
        heading,
        Items([findings.category_sentence(effects, category, names) for category in categories]),
        Grid(figures, wide=True),
        Folded(_("All categories and features as a table"), [effects_table(ordered, names)]),
    ]


def effects_table(effects: pd.DataFrame, labels: Mapping[str, str]) -> Table:
    """List how much categories tell about features.

    Parameters
    ----------
    effects : DataFrame
        Rows of `category_effects` in their order.
    labels : mapping of str to str
        Labels of features, by feature.

    Returns
    -------
    Table
    """
    rows = [
        [
            title_of(row.category),
            labels.get(row.feature, row.feature),
            "" if is_missing(row.eta_squared) else number(row.eta_squared, 3),
            formatting.p_value(row.p_value),
            _(row.effect),
            _finding(row),
        ]
        for row in effects.itertuples()
    ]
    return Table(
        _("Eta squared: share of the variance of the feature that the category explains."),
        [_("category"), _("feature"), _("eta squared"), _("p value"), _("effect"), _("finding")],
        rows,
        frozenset({2, 3}),
    )


def _finding(row) -> str:
    if is_missing(row.eta_squared):
        return retold(row.finding, UNEXPLAINED)
    explained, colon, effect = row.finding.rpartition(": ")
    # how large the effect is, and whether chance may explain it
    return f"{retold(explained, EXPLAINED)}{colon}{', '.join(map(_, effect.split(', ')))}"


def _correlations(publication, dataset) -> list[Any]:
    correlations = publication.table("feature_correlations", dataset=dataset)
    heading = Heading(_("How features move together"), anchor(dataset, "relations"), _("Relations"))
    summary = publication.table("feature_summary", dataset=dataset)
    if correlations.empty:
        return [heading, Text(_(NOT_COMPUTED) if summary.empty else _("There are not two features to compare."))]
    labels = {feature: label for feature, (label, _unit) in publication.labels(dataset).items()}
    return [
        heading,
        Text(findings.correlation_sentence(correlations, labels)),
        correlation_table(correlations, labels),
        *_curves(publication, dataset),
    ]


def correlation_table(correlations: pd.DataFrame, labels: Mapping[str, str], measure: str = "spearman") -> Table:
    """Show how features go together as a table whose colours make it a heat map.

    Parameters
    ----------
    correlations : DataFrame
        Rows of `feature_correlations` of one dataset.
    labels : mapping of str to str
        Labels of features, by feature.
    measure : str
        A column of `feature_correlations`: `spearman` or `pearson`.

    Returns
    -------
    Table
    """
    features = sorted(set(correlations["feature"]) | set(correlations["other_feature"]))
    values = {}
    for row in correlations.to_dict("records"):
        pair = row["feature"], row["other_feature"]
        values[pair] = values[pair[::-1]] = row[measure]
    rows = []
    for feature in features:
        line: list[Any] = [labels.get(feature, feature)]
        for other in features:
            value = values.get((feature, other))
            line.append("" if is_missing(value) else Cell(number(value, 2), theme.diverging(value).name))
        rows.append(line)
    headers = [_("feature"), *[labels.get(feature, feature) for feature in features]]
    caption = _("{measure}, from -1 to 1.", measure=_(MEASURES[measure]))
    if any(map(is_missing, values.values())):
        caption = f"{caption} {_('Empty: a feature is the same for all customers.')}"
    return Table(caption, headers, rows, frozenset(range(1, len(headers))))


def _curves(publication, dataset) -> list[Any]:
    row = publication.table("datasets", dataset=dataset).iloc[0].to_dict()
    found = [
        figure
        for figure in dataset_figures.curves(publication, row)
        if isinstance(figure, Figure) and figure.kind == "curves"
    ]
    charts = [chart for figure in found for chart in figure.charts()]
    return [Text(f"{found[0].subtitle}.", "note"), Grid(charts, wide=True)] if charts else []


def checks_of(publication: Publication, dataset: str) -> pd.DataFrame:
    """Return the quality checks that a dataset depends on: of its own tables, and of those that all datasets share.

    Every page counts the checks of a dataset here.

    Parameters
    ----------
    publication : Publication
        The published tables.
    dataset : str
        Name of the dataset.

    Returns
    -------
    DataFrame
        Rows of `data_quality_results`.
    """
    checks = publication.table("data_quality_results")
    if checks.empty:
        return checks
    names = sorted(publication.table("datasets")["dataset"], key=len, reverse=True)
    # of datasets whose names begin alike, a table belongs to the one with the longest name that fits
    owner = re.compile("(?:^|_)(" + "|".join(map(re.escape, names)) + ")_")
    found = checks["relation"].map(lambda relation: (owner.search(relation) or [None, None])[1])
    return checks[found.isna() | (found == dataset)].reset_index(drop=True)


def _quality(publication, dataset, row, rejected) -> list[Any]:
    columns = publication.table("input_columns", dataset=dataset)
    blocks: list[Any] = [Heading(_("Data quality"), anchor(dataset, "quality"), _("Data quality"))]
    own = checks_of(publication, dataset)
    checked = findings.quality_sentence(own, publication.dataset_name(dataset))
    blocks.append(Text(f"{findings.rejected_sentence(row, rejected)} {checked}"))
    failed = own[~own["success"].astype(bool)] if len(own) else own
    if len(failed):
        rows = [
            [
                one["relation"],
                one["column_name"] or "",
                expectation_text(one["expectation"]),
                found_text(one),
                why_text(one),
            ]
            for one in failed.to_dict("records")
        ]
        headers = [_("table"), _("column"), _("expected"), _("found"), _("why it matters")]
        blocks.append(Table(_("Failed checks."), headers, rows))
    if len(rejected):
        rows = [
            [
                one.input,
                "" if is_missing(one.problem_column) else one.problem_column,
                retold(one.reason, [IN_FUTURE]),
                number(one.rejected_rows),
            ]
            for one in rejected.itertuples()
        ]
        headers = [_("input"), _("column"), _("reason"), _("rows")]
        blocks.append(Table(_("Rejected rows."), headers, rows, frozenset({3})))
    if len(columns):
        blocks.append(Folded(_("How each input column was read"), [columns_table(columns)]))
    return blocks


def columns_table(columns: pd.DataFrame, name: str = "") -> Table:
    """List what the columns of inputs were taken for.

    Parameters
    ----------
    columns : DataFrame
        Rows of `input_columns`.
    name : str
        Of the input, where each has a table of its own.

    Returns
    -------
    Table
    """
    rows = [
        [
            _("not in the input") if is_missing(one.column_found) else one.column_found,
            _("not read") if is_missing(one.read_as) else one.read_as,
            note_text(one.note),
            *["" if is_missing(value) else number(value) for value in (one.values_used, one.values_rejected)],
        ]
        for one in columns.itertuples()
    ]
    return Table(
        _("How each column of {input} was read.", input=name) if name else _("How each column was read."),
        [_("column"), _("read as"), _("note"), _("used"), _("rejected")],
        rows,
        frozenset({3, 4}),
    )
