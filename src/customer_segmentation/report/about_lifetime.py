"""What report and dashboard tell about the value that customers are expected to bring, and how good that is."""

from typing import Any

import pandas as pd

from customer_segmentation.formatting import figure, is_missing, percent, shares
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import theme
from customer_segmentation.report.charts.intervals import intervals
from customer_segmentation.report.page import Cell, Chart, Heading, Table, Text, anchor

RANKINGS = {
    "oracle": "what came later (nothing can hold more)",
    "lifetime_value": "expected value (the model)",
    "supervised": "a learner of patterns",
    "money": "money so far",
    "frequency": "number of purchases so far",
    "rfm": "sum of RFM scores",
    "recency": "latest purchase",
    "segment": "segment",
}
OUTCOMES = {"money": "money", "purchases": "purchases"}
# one row per segment; customers without a purchase are expected to bring nothing that a model knows of
BY_SEGMENT = """
    select
        segments.persona, segments.colour, segments.customers, count(*) as buyers,
        sum(expected_purchases_365_days) as purchases, sum(expected_money_365_days) as money,
        max(value.currency) as currency
    from segments
    inner join customer_segments
        on segments.segmentation = customer_segments.segmentation and segments.cluster_id = customer_segments.cluster_id
    inner join customer_lifetime_value as value
        on customer_segments.dataset = value.dataset and customer_segments.customer_id = value.customer_id
    where segments.segmentation = ?
    group by segments.persona, segments.colour, segments.customers
    having sum(expected_money_365_days) is not null
    order by money desc, persona
"""
EXPLAINED = (
    "Expected purchases and money of the next 365 days, by how often and how lately customers bought (BG/NBD and "
    "gamma-gamma models). Money is revenue net of returns: no margin, not discounted."
)


def expected_by_segment(publication: Publication, segmentation: str) -> Table | None:
    """List what the customers of each segment are expected to bring in a year, most money first.

    Parameters
    ----------
    publication : Publication
        The published tables.
    segmentation : str
        Name of the segmentation.

    Returns
    -------
    Table or None
        None where nothing is expected of these customers.
    """
    if not publication.has("customer_lifetime_value"):
        return None
    found = publication.frame(BY_SEGMENT, [segmentation])
    if found.empty:
        return None
    parts = shares(found["money"])
    rows = [
        [
            Cell(row.persona, swatch=row.colour),
            f"{row.customers:,}",
            f"{row.buyers:,}",
            figure(row.purchases),
            figure(row.money, row.currency),
            part,
            figure(row.money / row.buyers, row.currency),
        ]
        for row, part in zip(found.itertuples(), parts, strict=True)
    ]
    heads = ["segment", "customers", "with a purchase", "purchases", "money", "share of money", "money per buyer"]
    return Table(EXPLAINED, heads, rows, frozenset(range(1, 7)))


def why_not(publication: Publication, dataset: str) -> str:
    """Say why nothing is expected of the customers of a dataset; empty where something is, or nothing was asked."""
    models = publication.table("lifetime_value_models", dataset=dataset)
    if models.empty:
        return ""
    # a row without a value in a model that has others is an assumption that could not be looked at
    failed = models.loc[models.groupby("model")["value"].transform("count") == 0, "status"]
    return "" if failed.empty else f"The value of these customers cannot be expected: {failed.iloc[0]}."


def checks(publication: Publication, dataset: str) -> list[Any]:
    """Tell how well the expectation would have done on the end of the history, against simple rules.

    Parameters
    ----------
    publication : Publication
        The published tables.
    dataset : str
        Name of the dataset.

    Returns
    -------
    list
        Parts of a page; none where nothing was judged.
    """
    found = publication.table("prediction_checks", dataset=dataset)
    findings = [] if found.empty else list(found["finding"].dropna())
    if not findings:
        return []
    parts: list[Any] = [
        Heading("Would a simple rule do as well?", anchor(dataset, "predictions"), "Expected value"),
        Text(" ".join(findings)),
    ]
    for outcome, label in OUTCOMES.items():
        judged = found[(found["outcome"] == outcome) & found["share_held"].notna()]
        if len(judged) > 1:
            parts.append(_chart(judged, dataset, outcome, label))
    return parts


def _chart(judged: pd.DataFrame, dataset: str, outcome: str, label: str) -> Chart:
    judged = judged.assign(place=judged["ranking"].map(list(RANKINGS).index)).sort_values("place")
    known = judged["share_low"].notna()
    held = judged["share_held"]
    shown = pd.DataFrame(
        {
            "name": judged["ranking"].map(RANKINGS),
            "value": 100 * held,
            "low": 100 * judged["share_low"].where(known, held),
            "high": 100 * judged["share_high"].where(known, held),
            "colour": [theme.ACCENT if one == "lifetime_value" else theme.MUTED for one in judged["ranking"]],
            "note": ["the model" if is_missing(one) else one for one in judged["verdict"]],
        }
    )
    of_model = judged.loc[judged["ranking"] == "lifetime_value", "share_held"].iloc[0]
    first = judged.iloc[0]
    days = [f"{day.day} {day:%B %Y}" for day in (first["known_until"], first["judged_until"])]
    told = "; ".join(f"{RANKINGS[row.ranking]} {percent(row.share_held)}" for row in judged.itertuples())
    caption = (
        f"Share of the {label} between {days[0]} and {days[1]} that the tenth of the customers brought who rank "
        f"highest by what was known before, with 95 % intervals. Dashed: the model."
    )
    title = f"share of the later {label} in the highest tenth, %"
    return Chart(
        intervals(shown, title, "%", 100 * float(of_model)), caption, f"{caption} {told}.", anchor(dataset, outcome)
    )
