"""What the data of the chosen segmentation is like, before any segmentation."""

from functools import partial

import layout
import reading
import streamlit as st
import tabs

from customer_segmentation.formatting import capitalised, is_missing, p_value, percent, shares, title_of
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
    customers = publication.table("datasets", dataset=dataset)["customers"].iloc[0]
    layout.title("Explore the data", segmentation)
    layout.text(
        f"All {customers:,} customers of the dataset {publication.dataset_name(dataset)}, whatever their segment. The "
        "segments were formed without the categories shown here."
    )
    tabs.show(
        "explore",
        {
            "Distributions": partial(_distributions, publication, dataset),
            "Categories": partial(_categories, publication, dataset),
            "Correlations": partial(_correlations, publication, dataset),
            "Curves": partial(_curves, publication, dataset),
        },
    )


def _distributions(publication, dataset) -> None:
    layout.blocks(distributions(publication, dataset))


def _categories(publication, dataset) -> None:
    layout.heading("What categories such as gender say")
    effects = publication.table("category_effects", dataset=dataset)
    counts = publication.table("category_counts", dataset=dataset)
    if publication.table("feature_summary", dataset=dataset).empty:
        layout.text(findings.NOT_COMPUTED)
        return
    if effects.empty:
        layout.text("There is nothing to compare: the customers of this dataset have no category such as gender.")
        return
    labels = publication.labels(dataset)
    names = {feature: label for feature, (label, _) in labels.items()}
    ordered = effects.sort_values(
        ["eta_squared", "category", "feature"], ascending=[False, True, True], na_position="last"
    )
    layout.items(findings.category_sentence(effects, name, names) for name in sorted(effects["category"].unique()))
    choices = st.columns(2)
    category = choices[0].selectbox(
        "Category", list(dict.fromkeys(ordered["category"])), format_func=title_of, key=f"category of {dataset}"
    )
    own = ordered[ordered["category"] == category]
    feature = choices[1].selectbox(
        "Feature",
        list(own["feature"]),
        format_func=lambda name: capitalised(names.get(name) or name),
        key=f"feature by {category} of {dataset}",
    )
    _category(publication, own[own["feature"] == feature].iloc[0])
    layout.table(_counts(counts[counts["category"] == category]))
    with st.expander("All categories and features as a table"):
        layout.table(effects_table(ordered, names))


def _category(publication, effect) -> None:
    dataset = publication.table("datasets", dataset=effect["dataset"]).iloc[0].to_dict()
    probability = "" if is_missing(effect["p_value"]) else f" (p {p_value(effect['p_value'])})"
    layout.text(f"{effect['finding']}{probability}.")
    for figure in dataset_figures.category_boxes(publication, dataset):
        if not isinstance(figure, Figure) or figure.kind != effect["category"]:
            continue
        shown = tuple(panel for panel in figure.panels if panel.name == effect["feature"])
        if shown:
            layout.blocks(figure._replace(panels=shown).charts())


def _counts(counts) -> Table:
    counts = counts.sort_values(["customers", "category_value"], ascending=[False, True])
    rows = [
        [row.category_value, f"{row.customers:,}", share]
        for row, share in zip(counts.itertuples(), shares(counts["customers"]), strict=True)
    ]
    category = "" if counts.empty else title_of(counts["category"].iloc[0])
    return Table(f"{category}: how many customers.", ["value", "customers", "share"], rows, frozenset({1, 2}))


def _correlations(publication, dataset) -> None:
    layout.heading("How features move together")
    correlations = publication.table("feature_correlations", dataset=dataset)
    if correlations.empty:
        layout.text(_nothing_to_compare(publication, dataset))
        return
    labels = {feature: label for feature, (label, _) in publication.labels(dataset).items()}
    layout.text(findings.correlation_sentence(correlations, labels))
    measure = st.segmented_control(
        "Measure", [*MEASURES], default="spearman", required=True, format_func=MEASURES.__getitem__, key="correlation"
    )
    fewest, most = correlations["customers"].min(), correlations["customers"].max()
    layout.table(correlation_table(correlations, labels, measure))
    layout.note(
        f"Over the {fewest:,}{'' if fewest == most else f' to {most:,}'} customers who have both features. Purple: "
        "they rise together; orange: one falls as the other rises. A few extreme customers do not move the rank "
        "correlation."
    )
    with st.expander("Every pair as a table"):
        layout.table(_pairs(correlations, labels))


def _pairs(correlations, labels) -> Table:
    ordered = correlations.assign(size=correlations["spearman"].abs()).sort_values(
        ["size", "feature", "other_feature"], ascending=[False, True, True], na_position="last"
    )
    rows = [
        [
            labels.get(row.feature, row.feature),
            labels.get(row.other_feature, row.other_feature),
            *["" if is_missing(value) else f"{value:.3f}" for value in (row.spearman, row.pearson)],
            f"{row.customers:,}",
        ]
        for row in ordered.itertuples()
    ]
    headers = ["feature", "other feature", "Spearman", "Pearson", "customers"]
    return Table("The closest pair first.", headers, rows, frozenset({2, 3, 4}))


def _curves(publication, dataset) -> None:
    layout.heading("What one feature says about another")
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
        "From", list(dict.fromkeys(best["feature"])), format_func=name, key=f"curve of {dataset} from"
    )
    y = choices[1].selectbox(
        "To",
        list(dict.fromkeys(best[best["feature"] == x]["other_feature"])),
        format_func=name,
        key=f"curve of {dataset} from {x} to",
    )
    curves = best[(best["feature"] == x) & (best["other_feature"] == y)].sort_values("shape")
    fitted = curves.dropna(subset=["r_squared"])
    if fitted.empty:
        layout.text(f"No curve can be fitted: {name(x)} or {name(y)} has too few different values.")
        return
    axes = [Axis(feature, *labels.get(feature, (feature, None))) for feature in (x, y)]
    points = _sample(publication, dataset, x, y)
    if not points.empty:
        layout.chart(relations.fitted(points, fitted, *axes), _curves_caption(fitted, points, name), key="curves")
    layout.table(_coefficients(fitted))


def _curves_caption(fitted, points, name) -> str:
    one = fitted.iloc[0]
    drawn = "every" if len(points) == one["customers"] else f"{len(points):,} of them, drawn at random,"
    shapes = [f"the {row.shape} fit explains {percent(row.r_squared)}" for row in fitted.itertuples()]
    return (
        f"{name(one['other_feature'])} from {name(one['feature'])[:1].lower()}{name(one['feature'])[1:]}: of the "
        f"variance, {' and '.join(shapes)}. Fitted to {one['customers']:,} customers; {drawn} "
        f"{'one is' if drawn == 'every' else 'are'} drawn."
    )


def _coefficients(fitted) -> Table:
    rows = [
        [
            capitalised(row.shape),
            f"{row.r_squared:.3f}",
            p_value(row.p_value),
            *[
                "" if is_missing(value) else f"{value:.4g}"
                for value in (row.intercept, row.slope, row.quadratic_coefficient)
            ],
            f"{row.customers:,}",
        ]
        for row in fitted.itertuples()
    ]
    headers = ["fit", "R squared", "p value", "intercept", "slope", "quadratic coefficient", "customers"]
    caption = "R squared: share of the variance explained. p value: of a fit as good if there were no relation."
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
        return findings.NOT_COMPUTED
    return "There are not two features to compare."
