"""What the data of the chosen segmentation is like, before any segmentation."""

from functools import partial

import layout
import reading
import streamlit as st
import tabs

from customer_segmentation.formatting import (
    capitalised,
    in_words,
    is_missing,
    listed,
    number,
    p_value,
    percent,
    shares,
    title_of,
    uncapitalised,
)
from customer_segmentation.language import ENGLISH, _, localized, ngettext, translatable, used
from customer_segmentation.publication.database import quoted
from customer_segmentation.report import findings
from customer_segmentation.report.about_data import MEASURES, correlation_table, distributions, effects_table
from customer_segmentation.report.charts import relations
from customer_segmentation.report.charts.drawing import Axis
from customer_segmentation.report.figures import dataset_figures
from customer_segmentation.report.figures.figure import Figure
from customer_segmentation.report.page import Table

MOST_POINTS = 2_000  # more points hide each other


def show(segmentation: str) -> None:
    """Show how the features of the dataset of a segmentation are spread and how they go together.

    Parameters
    ----------
    segmentation : str
        Name of the segmentation.
    """
    publication = reading.publication()
    dataset = reading.fit_of(segmentation)["dataset"]
    customers = int(publication.table("datasets", dataset=dataset)["customers"].iloc[0])
    layout.title(_("Explore the data"), segmentation)
    said = [
        ngettext(
            "The only customer of the dataset {dataset}.",
            "All {customers} customers of the dataset {dataset}, whatever their segment.",
            customers, customers=number(customers), dataset=publication.dataset_name(dataset),
        )
    ]  # fmt: skip
    if not publication.table("category_counts", dataset=dataset).empty:
        said.append(_("The segments were formed without the categories shown here."))
    layout.text(" ".join(said))
    tabs.show(
        "explore",
        {
            translatable("Distributions"): partial(_distributions, publication, dataset),
            translatable("Categories"): partial(_categories, publication, dataset),
            translatable("Correlations"): partial(_correlations, publication, dataset),
            translatable("Curves"): partial(_curves, publication, dataset),
        },
    )


def _distributions(publication, dataset) -> None:
    layout.blocks(distributions(publication, dataset))


def _categories(publication, dataset) -> None:
    layout.heading(_("What categories such as gender say"))
    effects = publication.table("category_effects", dataset=dataset)
    counts = publication.table("category_counts", dataset=dataset)
    if publication.table("feature_summary", dataset=dataset).empty:
        layout.text(_(findings.NOT_COMPUTED))
        return
    if effects.empty:
        layout.text(_("There is nothing to compare: the customers of this dataset have no category such as gender."))
        return
    labels = publication.labels(dataset)
    names = {feature: label for feature, (label, _unit) in labels.items()}
    ordered = effects.sort_values(
        ["eta_squared", "category", "feature"], ascending=[False, True, True], na_position="last"
    )
    layout.items(findings.category_sentence(effects, name, names) for name in sorted(effects["category"].unique()))
    choices = st.columns(2)
    category = choices[0].selectbox(
        _("Category"), list(dict.fromkeys(ordered["category"])), format_func=title_of, key=f"category of {dataset}"
    )
    own = ordered[ordered["category"] == category]
    feature = choices[1].selectbox(
        _("Feature"),
        list(own["feature"]),
        format_func=lambda name: capitalised(names.get(name) or name),
        key=f"feature by {category} of {dataset}",
    )
    _category(publication, own[own["feature"] == feature].iloc[0], names)
    layout.table(_counts(counts[counts["category"] == category]))
    with st.expander(_("All categories and features as a table")):
        layout.table(effects_table(ordered, names))


def _category(publication, effect, names) -> None:
    dataset = publication.table("datasets", dataset=effect["dataset"]).iloc[0].to_dict()
    finding = _finding(effect, names)
    if not is_missing(effect["p_value"]):
        finding = _("{finding} (p {p_value})", finding=finding, p_value=p_value(effect["p_value"]))
    layout.text(f"{finding}.")
    for figure in dataset_figures.category_boxes(publication, dataset):
        if not isinstance(figure, Figure) or figure.kind != effect["category"]:
            continue
        shown = tuple(panel for panel in figure.panels if panel.name == effect["feature"])
        if shown:
            layout.blocks(figure._replace(panels=shown).charts())


def _finding(effect, names) -> str:
    """Return what the table says in English of an effect, in the language in use."""
    if used().code == ENGLISH:
        return effect["finding"]
    category, feature = in_words(effect["category"]), names.get(effect["feature"], effect["feature"])
    if not is_missing(effect["eta_squared"]):
        found = _(
            "{category} explains {share} of the variation in {feature}: {effect}",
            category=category, share=percent(effect["eta_squared"]), feature=feature, effect=_(effect["effect"]),
        )  # fmt: skip
        # the probability that is corrected for many comparisons is in no column
        if effect["finding"].endswith(", and chance alone may explain it"):
            found = _("{finding}, and chance alone may explain it", finding=found)
    elif effect["category_values"] < 2:
        found = _(
            "{category} is the same for all customers with a value of {feature}", category=category, feature=feature
        )
    elif effect["customers"] <= effect["category_values"]:
        found = _("too few customers to compare {feature} by {category}", category=category, feature=feature)
    else:
        found = _(
            "{feature} is the same for all customers, so {category} explains nothing",
            category=category, feature=feature,
        )  # fmt: skip
    return capitalised(found)


def _counts(counts) -> Table:
    counts = counts.sort_values(["customers", "category_value"], ascending=[False, True])
    rows = [
        [row.category_value, number(row.customers), share]
        for row, share in zip(counts.itertuples(), shares(counts["customers"]), strict=True)
    ]
    category = "" if counts.empty else title_of(counts["category"].iloc[0])
    caption = _("{category}: how many customers.", category=category)
    return Table(caption, [_("value"), _("customers"), _("share")], rows, frozenset({1, 2}))


def _correlations(publication, dataset) -> None:
    layout.heading(_("How features move together"))
    correlations = publication.table("feature_correlations", dataset=dataset)
    if correlations.empty:
        layout.text(_nothing_to_compare(publication, dataset))
        return
    labels = {feature: label for feature, (label, _unit) in publication.labels(dataset).items()}
    layout.text(findings.correlation_sentence(correlations, labels))
    measure = st.segmented_control(
        _("Measure"),
        [*MEASURES],
        default="spearman",
        required=True,
        format_func=lambda name: _(MEASURES[name]),
        key="correlation",
    )
    fewest, most = correlations["customers"].min(), correlations["customers"].max()
    layout.table(correlation_table(correlations, labels, measure))
    if fewest == most:
        over = _("Over the {customers} customers who have both features.", customers=number(most))
    else:
        over = _(
            "Over the {fewest} to {most} customers who have both features.", fewest=number(fewest), most=number(most)
        )
    how_to_read = _(
        "Purple: they rise together; orange: one falls as the other rises. A few extreme customers do not move the "
        "rank correlation."
    )
    layout.note(f"{over} {how_to_read}")
    with st.expander(_("Every pair as a table")):
        layout.table(_pairs(correlations, labels))


def _pairs(correlations, labels) -> Table:
    ordered = correlations.assign(size=correlations["spearman"].abs()).sort_values(
        ["size", "feature", "other_feature"], ascending=[False, True, True], na_position="last"
    )
    rows = [
        [
            labels.get(row.feature, row.feature),
            labels.get(row.other_feature, row.other_feature),
            *["" if is_missing(value) else number(value, 3) for value in (row.spearman, row.pearson)],
            number(row.customers),
        ]
        for row in ordered.itertuples()
    ]
    headers = [_("feature"), _("other feature"), "Spearman", "Pearson", _("customers")]
    return Table(_("The closest pair first."), headers, rows, frozenset({2, 3, 4}))


def _curves(publication, dataset) -> None:
    layout.heading(_("What one feature says about another"))
    relationships = publication.table("feature_relationships", dataset=dataset)
    if relationships.empty:
        layout.text(_nothing_to_compare(publication, dataset))
        return
    labels = publication.labels(dataset)

    def name(feature):
        return capitalised(labels.get(feature, (feature, None))[0])

    best = relationships.sort_values(
        ["r_squared", "feature", "other_feature"], ascending=[False, True, True], na_position="last"
    )
    choices = st.columns(2)
    x = choices[0].selectbox(
        capitalised(_("from")), list(dict.fromkeys(best["feature"])), format_func=name, key=f"curve of {dataset} from"
    )
    y = choices[1].selectbox(
        capitalised(_("to")),
        list(dict.fromkeys(best[best["feature"] == x]["other_feature"])),
        format_func=name,
        key=f"curve of {dataset} from {x} to",
    )
    curves = best[(best["feature"] == x) & (best["other_feature"] == y)].sort_values("shape")
    fitted = curves.dropna(subset=["r_squared"])
    if fitted.empty:
        layout.text(
            _(
                "No curve can be fitted: {feature} or {other} has too few different values.",
                feature=name(x),
                other=name(y),
            )
        )
        return
    axes = [Axis(feature, *labels.get(feature, (feature, None))) for feature in (x, y)]
    points = _sample(publication, dataset, x, y)
    if not points.empty:
        layout.chart(relations.fitted(points, fitted, *axes), _curves_caption(fitted, points, name), key="curves")
    layout.table(_coefficients(fitted))


def _curves_caption(fitted, points, name) -> str:
    one = fitted.iloc[0]
    explained = listed(
        _("the {shape} fit explains {share}", shape=_(row.shape), share=percent(row.r_squared))
        for row in fitted.itertuples()
    )
    relation = _(
        "{feature} from {other}: of the variance, {explained}.",
        feature=name(one["other_feature"]), other=uncapitalised(name(one["feature"])), explained=explained,
    )  # fmt: skip
    if len(points) == one["customers"]:
        shown = _("Fitted to {customers} customers; every one is drawn.", customers=number(one["customers"]))
    else:
        shown = _(
            "Fitted to {customers} customers; {drawn} of them, drawn at random, are drawn.",
            customers=number(one["customers"]), drawn=number(len(points)),
        )  # fmt: skip
    return f"{relation} {shown}"


def _coefficients(fitted) -> Table:
    rows = [
        [
            capitalised(_(row.shape)),
            number(row.r_squared, 3),
            p_value(row.p_value),
            *[
                "" if is_missing(value) else localized(f"{value:.4g}")
                for value in (row.intercept, row.slope, row.quadratic_coefficient)
            ],
            number(row.customers),
        ]
        for row in fitted.itertuples()
    ]
    headers = [
        _("fit"), _("R squared"), _("p value"), _("intercept"), _("slope"), _("quadratic coefficient"), _("customers"),
    ]  # fmt: skip
    caption = _("R squared: share of the variance explained. p value: of a fit as good if there were no relation.")
    return Table(caption, headers, rows, frozenset(range(1, 7)))


def _sample(publication, dataset, x, y):
    """Draw customers from all who have both features; a million of them need not be sorted for that."""
    return publication.frame(
        f"""
        select *
        from (
            select {quoted(x)}, {quoted(y)}
            from {quoted(f"{dataset}_customer_features")}
            where {quoted(x)} is not null and {quoted(y)} is not null
        )
        using sample reservoir({MOST_POINTS} rows) repeatable (1)
        """
    )


def _nothing_to_compare(publication, dataset) -> str:
    if publication.table("feature_summary", dataset=dataset).empty:
        return _(findings.NOT_COMPUTED)
    return _("There are not two features to compare.")
