"""What report and dashboard tell about the value of customers: RFM groups, and who brings the money."""

from typing import Any

import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import is_missing, number
from customer_segmentation.language import _
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import theme, value_findings
from customer_segmentation.report.about_lifetime import checks
from customer_segmentation.report.figures import value_figures
from customer_segmentation.report.figures.figure import NotDrawn
from customer_segmentation.report.glossary import Term
from customer_segmentation.report.page import Cell, Folded, Grid, Heading, Table, Text, anchor
from customer_segmentation.report.value_findings import Measure


def value(publication: Publication, dataset: str) -> list[Any]:
    """Tell what the customers of a dataset are worth.

    Parameters
    ----------
    publication : Publication
        The published tables.
    dataset : str
        Name of the dataset.

    Returns
    -------
    list
        Parts of a page; none without RFM groups.
    """
    groups = publication.table("rfm_groups", dataset=dataset)
    if groups.empty or not groups["customers"].sum():
        return []
    measure = value_figures.measure(publication, dataset)
    row = publication.table("datasets", dataset=dataset).iloc[0].to_dict()
    concentration = value_figures.concentration(publication, row)
    sentence = (
        concentration.reason
        if isinstance(concentration, NotDrawn)
        else value_findings.concentration_sentence(publication.concentration(dataset))
    )
    charts = [*value_figures.grid(publication, row).charts(), *concentration.charts()]
    return [
        Heading(value_findings.groups_title(groups, measure), anchor(dataset, "rfm"), _("Value and RFM groups")),
        Text(sentence),
        *([Grid(charts, wide=True)] if charts else []),
        groups_table(groups, measure),
        *_groups_of_default(publication, dataset),
        *checks(publication, dataset),
    ]


def _groups_of_default(publication, dataset) -> list[Any]:
    """Tell in which groups the segments of the default segmentation are, where both are known."""
    defaults = publication.table("segmentation_fits", dataset=dataset, is_default=True)
    if defaults.empty:
        return []
    crossed = groups_of_segments(publication, defaults["segmentation"].iloc[0])
    return [] if crossed is None else [Folded(_("RFM groups and segments"), [crossed])]


def groups_table(groups: pd.DataFrame, measure: Measure) -> Table:
    """List the RFM groups with what they are worth, and what to do about them: advice and campaign.

    Parameters
    ----------
    groups : DataFrame
        Rows of `rfm_groups` of one dataset.
    measure : Measure
        What they are worth.

    Returns
    -------
    Table
    """
    groups = groups.sort_values("position").reset_index(drop=True)
    has_shares = bool(groups["share_of_monetary"].notna().any())
    has_campaigns = any(value_findings.campaign_title(row) for row in groups.to_dict("records"))
    money = formatting.shares(groups["share_of_monetary"])
    rows = []
    for row, share, part in zip(groups.to_dict("records"), formatting.shares(groups["customers"]), money, strict=True):
        parts = [Cell("" if is_missing(row["share_of_monetary"]) else part)] if has_shares else []
        worth = value_findings.mean_or_total(row, measure)
        campaign = [value_findings.campaign_title(row)] if has_campaigns else []
        told = " ".join(f"{_(text)}." for text in (row["description"], row["advice"]) if text and not is_missing(text))
        rows.append([row["rfm_group"], number(row["customers"]), share, worth, *parts, *campaign, told])
    shares = [_("share of money")] if has_shares else []
    about = [*([_("campaign")] if has_campaigns else []), _("who they are, and what to do")]
    mean = _("mean {feature}", feature=measure.label)
    worth = _("money") if measure.adds_up else formatting.header(mean, measure.unit)
    return Table(
        _("Groups by how recently, how often and for how much customers bought, the best first."),
        [_("group"), _("customers"), _("share of customers"), worth, *shares, *about],
        rows,
        frozenset(range(1, 5 if has_shares else 4)),
    )


def groups_of_segments(publication: Publication, segmentation: str) -> Table | None:
    """Tell in which RFM groups the customers of each segment are.

    Parameters
    ----------
    publication : Publication
        The published tables.
    segmentation : str
        Name of the segmentation.

    Returns
    -------
    Table or None
        None without RFM groups.
    """
    crossed = publication.table("rfm_group_segments", segmentation=segmentation)
    if crossed.empty:
        return None
    dataset = crossed["dataset"].iloc[0]
    groups = publication.table("rfm_groups", dataset=dataset).sort_values("position")
    names = [name for name in groups["rfm_group"] if name in set(crossed["rfm_group"])]
    parts = {(row.cluster_id, row.rfm_group): row for row in crossed.itertuples()}
    rows = []
    for segment in publication.segments(segmentation).itertuples():
        own = [parts.get((segment.cluster_id, name)) for name in names]
        texts = formatting.shares([0.0 if part is None else part.share_of_segment for part in own])
        cells = [
            Cell("") if part is None else Cell(text, theme.sequential(part.share_of_segment).name)
            for part, text in zip(own, texts, strict=True)
        ]
        rows.append([Cell(segment.persona, swatch=segment.colour), *cells])
    return Table(
        _("In which RFM group the customers of each segment are: share of each row."),
        [Term("segment"), *names],
        rows,
        frozenset(range(1, len(names) + 1)),
    )
