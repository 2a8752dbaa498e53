"""Audiences: the customers of a segmentation who meet the filters, counted, previewed and cut in the database."""

from dataclasses import dataclass

import pandas as pd
import reading

COLUMNS = """
    customer_campaigns.segmentation,
    customer_campaigns.dataset,
    customer_campaigns.customer_id,
    customer_campaigns.persona,
    customer_campaigns.campaign_id,
    customer_campaigns.campaign,
    customer_campaigns.channel,
    customer_campaigns.offer,
    customer_segments.margin,
    customer_segments.is_borderline,
    customer_segments.runner_up_persona"""
BOTH = """
from customer_campaigns
inner join customer_segments
    on
        customer_campaigns.segmentation = customer_segments.segmentation
        and customer_campaigns.customer_id = customer_segments.customer_id"""


@dataclass(frozen=True)
class Audience:
    """The filters: an empty list or None filters nothing."""

    segmentation: str
    personas: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    is_borderline: bool | None = None
    least_margin: float | None = None

    def count(self) -> int:
        """Return how many customers there are."""
        source, parameters = self._chosen()
        return int(reading.rows(f"select count(*) as customers {source}", parameters)["customers"].iloc[0])

    def preview(self, most: int) -> pd.DataFrame:
        """Return the first customers by their ids."""
        source, parameters = self._chosen()
        sql = f"""
            with

            chosen as (
                select customer_campaigns.customer_id
                {source}
                order by customer_campaigns.customer_id
                limit ?
            )

            select {COLUMNS} {BOTH}
            where
                customer_campaigns.segmentation = ?
                and customer_campaigns.customer_id in (select customer_id from chosen)
            order by customer_campaigns.customer_id
            """
        return reading.rows(sql, [*parameters, most, self.segmentation])

    def csv(self) -> bytes:
        """Return all customers as a file with one row per customer, by their ids."""
        conditions, parameters = self._conditions()
        return reading.csv(
            f"select {COLUMNS} {BOTH} where {conditions} order by customer_campaigns.customer_id", parameters
        )

    def _chosen(self) -> tuple[str, list]:
        """Return where the customers come from: the second table is joined only when it decides who is in."""
        conditions, parameters = self._conditions()
        source = "\nfrom customer_campaigns" if self.is_borderline is None and self.least_margin is None else BOTH
        return f"{source} where {conditions}", parameters

    def _conditions(self) -> tuple[str, list]:
        """Return the conditions of the filters that are set, and the values that stand in them as parameters."""
        filters = [
            ("customer_campaigns.segmentation = ?", self.segmentation),
            ("list_contains(?::varchar[], customer_campaigns.persona)", list(self.personas) or None),
            ("list_contains(?::varchar[], customer_campaigns.campaign)", list(self.campaigns) or None),
            ("list_contains(?::varchar[], customer_campaigns.channel)", list(self.channels) or None),
            ("customer_segments.is_borderline = ?", self.is_borderline),
            ("customer_segments.margin >= ?", self.least_margin),
        ]
        used = [(condition, value) for condition, value in filters if value is not None]
        return " and ".join(condition for condition, _ in used), [value for _, value in used]
