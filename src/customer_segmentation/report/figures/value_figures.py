"""The figures about the value of the customers of a dataset: the RFM grid, and who brings the money."""

from customer_segmentation import formatting
from customer_segmentation.formatting import percent, uncapitalised
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import value_findings
from customer_segmentation.report.charts import value
from customer_segmentation.report.figures.figure import Figure, NotDrawn, Panel, no_rows
from customer_segmentation.report.value_findings import Measure


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
    campaigns = publication.table("campaign_recommendations")
    if is_money and formatting.is_missing(unit) and len(campaigns):
        unit = campaigns["currency"].iloc[0]
    return Measure("money" if is_money else label, unit, is_money)


def grid(publication: Publication, dataset: str) -> Figure | NotDrawn:
    """Show the RFM grid of a dataset.

    Parameters
    ----------
    publication : Publication
        The published tables.
    dataset : str
        Its name.

    Returns
    -------
    Figure or NotDrawn
    """
    cells = publication.rfm_cells(dataset)
    if cells.empty:
        return NotDrawn("rfm_grid", dataset, None, no_rows("rfm_scores", dataset))
    own = measure(publication, dataset)
    title = value_findings.groups_title(publication.table("rfm_groups", dataset=dataset), own)
    what = "money of its customers" if own.adds_up else f"mean {own.label} of its customers"
    caption = f"RFM group, customers and {what}, by recency and value score. Darker is more."
    hidden = publication.smallest_cell(dataset)
    if hidden > 1:
        caption += f" Cells with fewer than {hidden} customers are empty, and money that would tell of them is hidden."
    ordered = cells.assign(worth=cells["money" if own.adds_up else "mean_monetary"]).sort_values(
        ["worth", "customers"], ascending=False, na_position="last"
    )
    told = [
        f"recency score {row['recency_score']}, value score {row['value_score']}: {row['rfm_group']}, "
        f"{row['customers']:,} customers"
        + ("" if formatting.is_missing(row["worth"]) else f", {formatting.figure(row['worth'], own.unit)}")
        for row in ordered.to_dict("records")
    ]
    alternative = f"{caption} The cells, the most valuable first: {'; '.join(told)}."
    panel = Panel("", lambda: value.grid(cells, own), caption, alternative)
    return Figure("rfm_grid", dataset, None, title, caption, "rfm_scores, rfm_groups", (panel,))


def concentration(publication: Publication, dataset: str) -> Figure | NotDrawn:
    """Show which share of the customers of a dataset brings which share of the money.

    Parameters
    ----------
    publication : Publication
        The published tables.
    dataset : str
        Its name.

    Returns
    -------
    Figure or NotDrawn
        A score has no shares, and neither has money that adds up to nothing.
    """
    groups = publication.table("rfm_groups", dataset=dataset)
    if groups.empty:
        return NotDrawn("concentration", dataset, None, no_rows("rfm_groups", dataset))
    own = measure(publication, dataset)
    if not own.adds_up:
        reason = f"The {own.label} is no amount of money: it has no sum, and so no shares."
        return NotDrawn("concentration", dataset, None, reason)
    points = publication.concentration(dataset)
    sentence = value_findings.concentration_sentence(points)
    shown = value_findings.curve(points)
    if shown.empty or len(points) == 1:
        return NotDrawn("concentration", dataset, None, sentence)
    caption = "Share of the money by share of the customers, the most valuable first. Dashed: equal shares."
    if shown["share_of_money"].max() > 1:
        caption += " The curve falls where returns exceed purchases."
    told = "; ".join(
        f"the top {percent(share)} bring {percent(value_findings.money_of_top(shown, share))}"
        for share in (0.01, 0.05, 0.1, 0.2, 0.5, 0.8)
    )
    panel = Panel("", lambda: value.concentration(points), caption, f"{caption} {sentence} In steps: {told}.")
    title = uncapitalised(sentence).rstrip(".")
    return Figure("concentration", dataset, None, title, caption, "rfm_scores", (panel,))
