"""What there is to decide about each segment: how many customers, worth what, changed how, and what to do first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from customer_segmentation.experiments.sentences import published_sentence
from customer_segmentation.formatting import count, figure, in_sentence, is_missing, shares
from customer_segmentation.language import _, day_text, localized, month_text
from customer_segmentation.publication.movement import Period, last_flows
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.value_findings import channel_name

MOST_TOLD = 12  # segments below a picture; the others are counted
CAMPAIGN = ["campaign", "channel", "offer", "campaign_id"]
NOTHING_KNOWN: dict[str, Any] = {"money": None, "share_of_money": None, "money_share": "", "segment_id": None}


@dataclass(frozen=True)
class Decision:
    """A segment with what its size, its worth and its change ask for.

    Attributes
    ----------
    persona, colour : str
        Name and colour of the segment.
    customers : int
        How many there are; `share` is their share of all customers as it is written.
    share_of_customers : float
        The share as a number from 0 to 1; missing where it may not be shown.
    money : str
        The money of all customers of the segment, with its currency; empty without purchases.
    share_of_money : float or None
        From 0 to 1; `money_share` is the same as it is written.
    change : int or None
        How many more customers there are than one period before; None where no period has passed.
    campaign, channel, offer : str
        The first campaign of the persona; empty if none is assigned.
    effect : str
        What the last experiment has shown of this campaign for this persona; empty if none has results.
    """

    persona: str
    colour: str
    customers: int
    share: str
    share_of_customers: float
    money: str
    share_of_money: float | None
    money_share: str
    change: int | None
    campaign: str
    channel: str
    offer: str
    effect: str = ""


@dataclass(frozen=True)
class Decisions:
    """The segments of a segmentation in the order of their personas, and the time in which they changed."""

    segments: list[Decision]
    period: Period | None

    @property
    def change_label(self) -> str:
        """What the column of changes is called; empty where no period has passed."""
        if self.period is None:
            return ""
        if self.period.is_recorded:
            return _("since {day}", day=day_text(self.period.start, is_short=True))
        # the last whole month, after which days may have passed that the change leaves out
        return _("in {month}", month=month_text(self.period.end))


def decisions(publication: Publication, fit: Mapping) -> Decisions:
    """Return what there is to decide about the segments of a segmentation.

    Parameters
    ----------
    publication : Publication
        The published tables.
    fit : mapping
        The segmentation, as `Publication.fits` tells it.

    Returns
    -------
    Decisions
    """
    name = fit["segmentation"]
    segments = publication.segments(name)
    campaigns = publication.table("campaign_recommendations", segmentation=name)
    effects = _effects(publication, name)
    currency = publication.currency()
    worth = _worth(publication.table("segment_sizes", segmentation=name))
    period = last_flows(publication.rows, name) if len(worth) else None
    changes = {} if period is None else net_changes(period)
    found = []
    for segment in segments.itertuples():
        own = worth.loc[segment.persona] if segment.persona in worth.index else NOTHING_KNOWN
        first = campaigns[campaigns["persona"] == segment.persona].sort_values(["priority", "campaign_id"]).head(1)
        campaign, channel, offer, campaign_id = [""] * 4 if first.empty else first.iloc[0][CAMPAIGN]
        has_money = not is_missing(own["money"])
        found.append(
            Decision(
                segment.persona,
                segment.colour,
                segment.customers,
                segment.share,
                segment.share_of_customers,
                figure(own["money"], currency) if has_money else "",
                own["share_of_money"] if has_money else None,
                own["money_share"] if has_money else "",
                None if is_missing(own["segment_id"]) else changes.get(int(own["segment_id"])),
                campaign,
                channel_name(channel),
                offer,
                effects.get((segment.persona, campaign_id), ""),
            )
        )
    return Decisions(found, period)


def _effects(publication, segmentation) -> dict[tuple[str, str], str]:
    """Return what the last experiment with results says, by persona and campaign."""
    effects = publication.table("campaign_effects", segmentation=segmentation, is_outcome=True, is_total=False)
    if effects.empty:
        return {}
    told = effects[effects["verdict"] != "no comparison"].sort_values(["results_until", "experiment"])
    currency = publication.currency()
    return {(row["persona"], row["campaign_id"]): published_sentence(row, currency) for row in told.to_dict("records")}


def _worth(sizes: pd.DataFrame) -> pd.DataFrame:
    """Return number, money and share of the money of each segment on the last day, by persona."""
    if sizes.empty:
        return sizes
    last = sizes[sizes["day"] == sizes["day"].max()]
    is_known = last["share_of_money"].notna().all()
    return last.assign(money_share=shares(last["share_of_money"]) if is_known else "").set_index("persona")


def net_changes(period: Period) -> dict[int, int]:
    """Return how many customers each segment has won in a period, by its number; negative if it has lost some.

    Parameters
    ----------
    period : Period
        Who passed between the segments.

    Returns
    -------
    dict of int to int
        A segment is missing where too few customers went one way to be counted in public.
    """
    hidden = {
        segment
        for flow in period.flows
        if flow.customers is None
        for segment in (flow.from_segment_id, flow.to_segment_id)
    }
    changes: dict[int, int] = {}
    for flow in period.flows:
        for segment, sign in ((flow.from_segment_id, -1), (flow.to_segment_id, 1)):
            changes[segment] = changes.get(segment, 0) + sign * (flow.customers or 0)
    return {segment: change for segment, change in changes.items() if segment not in hidden}


def shares_in_words(segments: list[Decision]) -> str:
    """Write which share of the customers and of the money each segment has."""
    parts = [_("{count} others", count=count(len(segments) - MOST_TOLD))] if len(segments) > MOST_TOLD + 1 else []
    told = segments[:MOST_TOLD] if parts else segments
    parts[:0] = [
        _(
            "{persona} {share} of the customers, {money} of the money",
            persona=in_sentence(one.persona), share=one.share, money=one.money_share,
        )
        if one.money_share
        else _("{persona} {share} of the customers", persona=in_sentence(one.persona), share=one.share)
        for one in told
    ]  # fmt: skip
    return f"{'; '.join(parts)}."


def change_in_words(change: int | None) -> str:
    """Write how a segment has changed.

    Examples
    --------
    >>> change_in_words(12), change_in_words(-3), change_in_words(0), change_in_words(None)
    ('+12', '−3', 'no change', 'not known')
    """
    if change is None:
        return _("not known")
    return localized(f"{change:+,}") if change else _("no change")
