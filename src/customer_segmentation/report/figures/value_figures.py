"""The figures about the value of the customers of a dataset: the RFM grid, and who brings the money."""

from collections.abc import Iterator, Mapping
from typing import Any

from customer_segmentation import formatting
from customer_segmentation.formatting import figure, is_missing, number, percent
from customer_segmentation.language import _
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import value_findings
from customer_segmentation.report.charts import value
from customer_segmentation.report.figures.figure import Figure, NotDrawn, Panel, customers_shown, no_rows
from customer_segmentation.report.value_findings import Measure

STEPS = (0.01, 0.05, 0.1, 0.2, 0.5, 0.8)  # of the customers, whose money the alternative text names

Dataset = Mapping[str, Any]  # a row of `datasets`


def value_figures(publication: Publication, dataset: Dataset) -> Iterator[Figure | NotDrawn]:
    """Return the figures about value, none of a dataset without RFM groups."""
    if len(publication.table("rfm_groups", dataset=dataset["dataset"])):
        yield grid(publication, dataset)
        yield concentration(publication, dataset)


def measure(publication: Publication, dataset: str) -> Measure:
    """Return what the monetary score of a dataset measures.

    Parameters
    ----------
    publication : Publication
        The published tables.
    dataset : str
        Name of a dataset with RFM groups.

    Returns
    -------
    Measure
        Called money where it adds up, whatever the name of the feature.
    """
    is_money = value_findings.adds_up(publication.table("rfm_groups", dataset=dataset))
    features = publication.table("rfm_thresholds", dataset=dataset, measure="monetary")
    feature = features["feature"].iloc[0] if len(features) else "value"
    label, unit = publication.labels(dataset).get(feature, (feature.replace("_", " "), None))
    if is_money and is_missing(unit):
        unit = currency(publication)
    return Measure(_("money") if is_money else label, unit, is_money)


def currency(publication: Publication) -> str | None:
    """Return the currency of all money, None if nothing published names it."""
    campaigns = publication.table("campaign_recommendations")
    return campaigns["currency"].iloc[0] if len(campaigns) else None


def grid(publication: Publication, dataset: Dataset) -> Figure | NotDrawn:
    """Show the RFM grid of a dataset."""
    name = dataset["dataset"]
    cells = publication.rfm_cells(name)
    if cells.empty:
        return NotDrawn("rfm_grid", name, None, no_rows("rfm_scores", name))
    own = measure(publication, name)
    title = value_findings.groups_title(publication.table("rfm_groups", dataset=name), own)
    if own.adds_up:
        caption = _("RFM group, customers and money of its customers, by recency and value score. Bluer is more.")
    else:
        caption = _(
            "RFM group, customers and mean {label} of its customers, by recency and value score. Bluer is more.",
            label=own.label,
        )
    smallest = publication.smallest_cell(name)
    if smallest > 1:
        hidden = _(
            "Cells with fewer than {smallest} customers are empty, and money that tells of them is hidden.",
            smallest=number(smallest),
        )
        caption = f"{caption} {hidden}"
    told = _("The cells, the most valuable first: {cells}.", cells="; ".join(_told(cells, own)))
    alternative = f"{caption} {told}"
    panel = Panel("", lambda: value.grid(cells, own), caption, alternative)
    subtitle = f"{caption} {customers_shown(dataset)}."
    return Figure("rfm_grid", name, None, title, subtitle, "rfm_scores, rfm_groups", (panel,))


def _told(cells, own) -> list[str]:
    ordered = cells.assign(worth=cells["money" if own.adds_up else "mean_monetary"]).sort_values(
        ["worth", "customers"], ascending=False, na_position="last"
    )
    return [
        _(
            "recency score {recency}, value score {value}: {group}, {customers}",
            recency=row.recency_score, value=row.value_score, group=row.rfm_group,
            customers=formatting.customers(row.customers, is_synthetic=False),
        ) + ("" if is_missing(row.worth) else f", {figure(row.worth, own.unit)}")
        for row in ordered.itertuples()
    ]  # fmt: skip


def concentration(publication: Publication, dataset: Dataset) -> Figure | NotDrawn:
    """Show which share of the customers of a dataset brings which share of the money.

    A score has no shares, and neither has money that adds up to nothing.
    """
    name = dataset["dataset"]
    groups = publication.table("rfm_groups", dataset=name)
    if groups.empty:
        return NotDrawn("concentration", name, None, no_rows("rfm_groups", name))
    own = measure(publication, name)
    if not own.adds_up:
        reason = _("The {label} is no amount of money: it has no sum, and so no shares.", label=own.label)
        return NotDrawn("concentration", name, None, reason)
    points = publication.concentration(name)
    sentence = value_findings.concentration_sentence(points)
    shown = value_findings.curve(points)
    if shown.empty or len(points) == 1:
        return NotDrawn("concentration", name, None, sentence)
    caption = _("Share of the money by share of the customers, the most valuable first. Dashed: equal shares.")
    if shown["share_of_money"].max() > 1:
        caption = f"{caption} {_('The curve falls where returns exceed purchases.')}"
    steps = "; ".join(
        _(
            "the top {share} bring {money}",
            share=percent(share), money=percent(value_findings.money_of_top(shown, share)),
        )
        for share in STEPS
    )  # fmt: skip
    alternative = f"{caption} {sentence} {_('In steps: {steps}.', steps=steps)}"
    panel = Panel("", lambda: value.concentration(points), caption, alternative)
    subtitle = f"{caption} {customers_shown(dataset)}."
    return Figure("concentration", name, None, sentence.rstrip("."), subtitle, "rfm_scores", (panel,))
