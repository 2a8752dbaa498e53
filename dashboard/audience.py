"""Audiences: the customers of a segmentation who meet the filters, counted, previewed and cut in the database."""

import re
from dataclasses import dataclass

import pandas as pd
import reading

from customer_segmentation.formatting import number
from customer_segmentation.language import _
from customer_segmentation.publication.reach import CONTROLS

# what a file of an audience can hold, by the name of its column
COLUMNS = {
    "segmentation": "customer_segments.segmentation",
    "dataset": "customer_segments.dataset",
    "customer_id": "customer_segments.customer_id",
    "persona": "customer_segments.persona",
    "campaign_id": "campaigns.campaign_id",
    "campaign": "campaigns.campaign",
    "channel": "campaigns.channel",
    "offer": "campaigns.offer",
    "margin": "round(customer_segments.margin, 4) as margin",
    "is_borderline": "customer_segments.is_borderline",
    "runner_up_persona": "customer_segments.runner_up_persona",
}

BARRED = """
            left join controls
                on
                    customer_segments.dataset = controls.dataset
                    and customer_segments.customer_id = controls.customer_id
                    and campaigns.campaign_id = controls.campaign_id
            left join customer_campaigns as contacts
                on
                    customer_segments.segmentation = contacts.segmentation
                    and customer_segments.customer_id = contacts.customer_id"""


@dataclass(frozen=True)
class Audience:
    """The filters: an empty list or None filters nothing.

    Every customer appears once, with the first campaign of the persona among those that are asked for; without
    filters that is the campaign of `customer_campaigns`.
    """

    segmentation: str
    personas: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    is_borderline: bool | None = None
    least_margin: float | None = None

    @property
    def file_name(self) -> str:
        """Name of the file: the segmentation, then what is filtered."""
        certainty = {None: (), False: ("clear",), True: ("borderline",)}[self.is_borderline]
        margin = () if self.least_margin is None else (f"margin {self.least_margin:g}",)
        parts = [*self.campaigns, *self.channels, *self.personas, *certainty, *margin] or ["audience"]
        written = [re.sub(r"\W+", "_", part.lower()).strip("_") for part in (self.segmentation, *parts)]
        return f"{'_'.join(filter(None, written))[:120]}.csv"

    def count(self) -> int:
        """Return how many customers there are."""
        source, parameters = self._chosen("count(*) as customers")
        return int(reading.rows(source, parameters)["customers"].iloc[0])

    def left_out(self) -> tuple[int, int]:
        """Return how many more meet the filters and are not contacted: in the control of an experiment, and barred."""
        each = self.left_out_by_persona().values()
        return sum(in_control for in_control, _barred in each), sum(barred for _in_control, barred in each)

    def left_out_by_persona(self) -> dict[str, tuple[int, int]]:
        """Return what `left_out` does for each persona, by its name."""
        if not _knows_experiments():
            return {}
        counted = "count(controls.experiment) filter ({barred} is null) as in_control, count({barred}) as barred"
        sql, parameters = self._chosen(
            f"customer_segments.persona, {counted.format(barred='contacts.no_contact_because')}", is_reached=False
        )
        found = reading.rows(f"{sql} group by customer_segments.persona", parameters)
        return {persona: (in_control, barred) for persona, in_control, barred in found.itertuples(index=False)}

    def preview(self, most: int) -> pd.DataFrame:
        """Return the first customers by their ids."""
        sql, parameters = self._by_id(tuple(COLUMNS))
        return reading.rows(f"{sql} limit ?", [*parameters, most])

    def csv(self, columns: tuple[str, ...] = tuple(COLUMNS)) -> bytes:
        """Return all customers as a file with one row per customer, by their ids.

        Parameters
        ----------
        columns : tuple of str
            What the file holds, of `COLUMNS`.

        Returns
        -------
        bytes
            CSV.
        """
        return reading.csv(*self._by_id(columns))

    def _by_id(self, columns) -> tuple[str, list]:
        sql, parameters = self._chosen(", ".join(COLUMNS[name] for name in columns))
        return f"{sql} order by customer_segments.customer_id", parameters

    def _chosen(self, selected: str, *, is_reached: bool = True) -> tuple[str, list]:
        """Return a query for the customers who may be contacted, or for all, and the values of its parameters."""
        planned = [
            ("segmentation = ?", self.segmentation),
            ("list_contains(?::varchar[], campaign)", list(self.campaigns) or None),
            ("list_contains(?::varchar[], channel)", list(self.channels) or None),
        ]
        has_campaign = "campaigns.campaign_id is not null" if self.campaigns or self.channels else "true"
        assigned = [
            (f"{has_campaign} and customer_segments.segmentation = ?", self.segmentation),
            ("list_contains(?::varchar[], customer_segments.persona)", list(self.personas) or None),
            ("customer_segments.is_borderline = ?", self.is_borderline),
            ("customer_segments.margin >= ?", self.least_margin),
        ]
        inner, outer = _conditions(planned), _conditions(assigned)
        controls, barred, may_be_reached = "", "", ""
        if _knows_experiments():
            controls, barred = f"controls as ({CONTROLS}),", BARRED
            may_be_reached = "and controls.experiment is null and contacts.no_contact_because is null"
        sql = f"""
            with

            {controls}

            campaigns as (
                select persona, campaign_id, campaign, channel, offer
                from campaign_recommendations
                where {inner[0]}
                qualify row_number() over (partition by persona order by priority, campaign_id) = 1
            )

            select {selected}
            from customer_segments
            left join campaigns
                on customer_segments.persona = campaigns.persona
            {barred}
            where {outer[0]} {may_be_reached if is_reached else ""}"""
        return sql, [*inner[1], *outer[1]]


def _knows_experiments() -> bool:
    """Say whether the publication has experiments: earlier versions had none."""
    return reading.publication().has("campaign_assignments")


def _conditions(filters) -> tuple[str, list]:
    """Return the conditions of the filters that are set, and the values that stand in them as parameters."""
    used = [(condition, value) for condition, value in filters if value is not None]
    return " and ".join(condition for condition, _value in used), [value for _condition, value in used]


def left_out(in_control: int, barred: int) -> str:
    """Say who else there is and is not in the file.

    Parameters
    ----------
    in_control : int
        Customers in the control of an experiment.
    barred : int
        Customers who must not be contacted.

    Returns
    -------
    str
        A sentence; empty if everybody is in the file.
    """
    if in_control and barred:
        return _(
            "Left out: {in_control} in the control of an experiment with the campaign and {barred} who must not be "
            "contacted.",
            in_control=number(in_control),
            barred=number(barred),
        )
    if in_control:
        return _(
            "Left out: {in_control} in the control of an experiment with the campaign.", in_control=number(in_control)
        )
    return _("Left out: {barred} who must not be contacted.", barred=number(barred)) if barred else ""
