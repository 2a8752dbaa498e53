"""What report and dashboard tell about the value that customers are expected to bring, and how good that is."""

import re
from typing import Any

import pandas as pd

from customer_segmentation.formatting import figure, is_missing, number, percent, shares
from customer_segmentation.language import _, day_text, translatable
from customer_segmentation.publication.retelling import retold
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import theme
from customer_segmentation.report.charts.intervals import intervals
from customer_segmentation.report.page import Cell, Chart, Heading, Table, Text, anchor

RANKINGS = {
    "oracle": translatable("what came later (nothing can hold more)"),
    "lifetime_value": translatable("expected value (the model)"),
    "supervised": translatable("a learner of patterns"),
    "money": translatable("money so far"),
    "frequency": translatable("number of purchases so far"),
    "rfm": translatable("sum of RFM scores"),
    "recency": translatable("latest purchase"),
    "segment": translatable("segment"),
}
# of each outcome: the caption of its chart, and the title of the axis
OUTCOMES = {
    "money": (
        translatable(
            "Share of the money between {known} and {judged} that the tenth of the customers brought who rank highest "
            "by what was known before, with 95 % intervals. Dashed: the model."
        ),
        translatable("share of the later money in the highest tenth, %"),
    ),
    "purchases": (
        translatable(
            "Share of the purchases between {known} and {judged} that the tenth of the customers brought who rank "
            "highest by what was known before, with 95 % intervals. Dashed: the model."
        ),
        translatable("share of the later purchases in the highest tenth, %"),
    ),
}
# what `prediction_checks.finding` is made of, between semicolons and sentences
FINDINGS = (
    translatable(
        "The tenth of the customers of whom the model expected most brought {share} (95 % interval {low} to {high}) of "
        "the later money"
    ),
    translatable("The tenth of the customers of whom the model expected most brought {share} of the later money"),
    translatable(
        "The tenth of the customers of whom the model expected most brought {share} (95 % interval {low} to {high}) of "
        "the later purchases"
    ),
    translatable("The tenth of the customers of whom the model expected most brought {share} of the later purchases"),
    translatable("by the number of purchases so far it is {share}."),
    translatable("by how recently they bought it is {share}."),
    translatable("by the money so far it is {share}."),
    translatable("by the sum of the RFM scores it is {share}."),
    translatable("by the mean money of their segment it is {share}."),
    translatable("The simple rule does as well."),
    translatable("The simple rule does better."),
    translatable("The model does better than every simple rule."),
    translatable(
        "But customers who buy more often pay more per purchase (correlation {correlation}), and the model assumes "
        "that they do not, so the expected amounts may be off."
    ),
    translatable(
        "But customers who buy more often pay less per purchase (correlation {correlation}), and the model assumes "
        "that they do not, so the expected amounts may be off."
    ),
)
UNCHECKED = {
    "money": translatable("The prediction of money could not be checked: {reason}."),
    "purchases": translatable("The prediction of purchases could not be checked: {reason}."),
}
# why a model could not be fitted or judged
REASONS = (
    translatable("none came after {day}"),
    translatable("no time has passed since the first purchases"),
    translatable("no customer has paid anything"),
    translatable(
        "too few customers: no customer has a second purchase, and {needed} are needed (var lifetime_repeat_buyers)"
    ),
    translatable(
        "too few customers: only one customer has a second purchase, and {needed} are needed (var "
        "lifetime_repeat_buyers)"
    ),
    translatable(
        "too few customers: only {customers} customers have a second purchase, and {needed} are needed (var "
        "lifetime_repeat_buyers)"
    ),
    translatable("not identified: the data set no limit to {parameters}"),
    translatable("not identified: several values of {parameters} are equally likely"),
    translatable("not converged: {reason}"),
)
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
EXPLAINED = translatable(
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
            number(row.customers),
            number(row.buyers),
            figure(row.purchases),
            figure(row.money, row.currency),
            part,
            figure(row.money / row.buyers, row.currency),
        ]
        for row, part in zip(found.itertuples(), parts, strict=True)
    ]
    heads = [
        _("segment"),
        _("customers"),
        _("with a purchase"),
        _("purchases"),
        _("money"),
        _("share of money"),
        _("money per buyer"),
    ]
    return Table(_(EXPLAINED), heads, rows, frozenset(range(1, 7)))


def why_not(publication: Publication, dataset: str) -> str:
    """Say why nothing is expected of the customers of a dataset; empty where something is, or nothing was asked."""
    models = publication.table("lifetime_value_models", dataset=dataset)
    if models.empty:
        return ""
    # a row without a value in a model that has others is an assumption that could not be looked at
    failed = models.loc[models.groupby("model")["value"].transform("count") == 0, "status"]
    if failed.empty:
        return ""
    return _("The value of these customers cannot be expected: {reason}.", reason=retold(failed.iloc[0], REASONS))


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
    if found.empty:
        return []
    findings = [
        f"{_finding(row)} {_totals(row, publication.currency())}".strip()
        for row in found[found["finding"].notna()].itertuples()
    ]
    parts: list[Any] = [
        Heading(_("Would a simple rule do as well?"), anchor(dataset, "predictions"), _("Expected value")),
        Text(" ".join(findings)),
    ]
    for outcome in OUTCOMES:
        judged = found[(found["outcome"] == outcome) & found["share_held"].notna()]
        if len(judged) > 1:
            parts.append(_chart(judged, dataset, outcome))
    return parts


def _finding(row) -> str:
    """Say in the language in use what a finding says in English."""
    _outcome, colon, reason = row.finding.partition(" could not be checked: ")
    if colon:
        return _(UNCHECKED[row.outcome], reason=retold(reason.removesuffix("."), REASONS))
    sentences = re.split(r"(?<=\.) (?=[A-Z])", row.finding)
    return " ".join("; ".join(retold(clause, FINDINGS) for clause in one.split("; ")) for one in sentences)


def _totals(row, currency: str | None) -> str:
    """Say what the model expected of all customers together, which no ranking shows; empty if not published."""
    if is_missing(row.expected_total):
        return ""
    unit = currency if row.outcome == "money" else None
    expected, observed = figure(row.expected_total, unit), figure(row.observed_total, unit)
    if row.outcome == "money":
        return _(
            "Money of all customers together: {expected} expected, {observed} came.",
            expected=expected,
            observed=observed,
        )
    return _(
        "Purchases of all customers together: {expected} expected, {observed} made.",
        expected=expected,
        observed=observed,
    )


def _chart(judged: pd.DataFrame, dataset: str, outcome: str) -> Chart:
    judged = judged.assign(place=judged["ranking"].map(list(RANKINGS).index)).sort_values("place")
    known = judged["share_low"].notna()
    held = judged["share_held"]
    shown = pd.DataFrame(
        {
            "name": [_(RANKINGS[one]) for one in judged["ranking"]],
            "value": 100 * held,
            "low": 100 * judged["share_low"].where(known, held),
            "high": 100 * judged["share_high"].where(known, held),
            "colour": [theme.ACCENT if one == "lifetime_value" else theme.MUTED for one in judged["ranking"]],
            "note": [_("the model") if is_missing(one) else _(one) for one in judged["verdict"]],
        }
    )
    of_model = judged.loc[judged["ranking"] == "lifetime_value", "share_held"].iloc[0]
    first = judged.iloc[0]
    told = "; ".join(f"{_(RANKINGS[row.ranking])} {percent(row.share_held)}" for row in judged.itertuples())
    of_outcome, title = OUTCOMES[outcome]
    caption = _(of_outcome, known=day_text(first["known_until"]), judged=day_text(first["judged_until"]))
    drawn = intervals(shown, _(title), "%", 100 * float(of_model))
    return Chart(drawn, caption, f"{caption} {told}.", anchor(dataset, outcome))
