"""Audiences: the customers of a segmentation who meet the filters, counted, previewed and cut in the database."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

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
# A list that is empty means that nobody is left out by it.
FILTERED = """
from customer_campaigns
inner join customer_segments
    on
        customer_campaigns.segmentation = customer_segments.segmentation
        and customer_campaigns.customer_id = customer_segments.customer_id
where
    customer_campaigns.segmentation = ?
    and (len(?::varchar[]) = 0 or list_contains(?::varchar[], customer_campaigns.persona))
    and (len(?::varchar[]) = 0 or list_contains(?::varchar[], customer_campaigns.campaign))
    and (len(?::varchar[]) = 0 or list_contains(?::varchar[], customer_campaigns.channel))
    and (?::boolean is null or customer_segments.is_borderline = ?::boolean)
    and (?::double is null or customer_segments.margin >= ?::double)"""


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
        return int(reading.rows(f"select count(*) as customers {FILTERED}", self._parameters)["customers"].iloc[0])

    def preview(self, most: int) -> pd.DataFrame:
        """Return the first customers by their ids."""
        return reading.rows(
            f"select {COLUMNS} {FILTERED} order by customer_campaigns.customer_id limit ?", [*self._parameters, most]
        )

    def csv(self) -> bytes:
        """Return all customers as a file with one row per customer, by their ids."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "audience.csv"
            reading.write_csv(
                f"select {COLUMNS} {FILTERED} order by customer_campaigns.customer_id", self._parameters, file
            )
            return file.read_bytes()

    @property
    def _parameters(self) -> list:
        lists = [list(chosen) for chosen in (self.personas, self.campaigns, self.channels) for _ in range(2)]
        single = [chosen for chosen in (self.is_borderline, self.least_margin) for _ in range(2)]
        return [self.segmentation, *lists, *single]
