"""Everything that is published about one customer."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from customer_segmentation.publication.database import known, quoted, rows
from customer_segmentation.scoring.predict import datasets, reasons, typical_figures

SEGMENTS = """
    select
        customer_segments.*, customer_campaigns.campaign, customer_campaigns.channel, customer_campaigns.offer,
        segments.stability_grade, segments.colour, segments.headline, segmentation_fits.is_default
    from customer_segments
    inner join segments
        on
            customer_segments.segmentation = segments.segmentation
            and customer_segments.cluster_id = segments.cluster_id
    inner join segmentation_fits on customer_segments.segmentation = segmentation_fits.segmentation
    left join customer_campaigns
        on
            customer_segments.segmentation = customer_campaigns.segmentation
            and customer_segments.customer_id = customer_campaigns.customer_id
    where customer_segments.dataset = ? and customer_segments.customer_id = ?
    order by segmentation_fits.is_default desc, customer_segments.segmentation
"""
CHANGES = """
    select * from segment_changes where dataset = ? and customer_id = ? order by changed_on desc, segmentation
"""
MONTHS = """
    select * from segment_history where dataset = ? and customer_id = ? order by segmentation, valid_from
"""
RFM = """
    select rfm_scores.*, rfm_groups.description, rfm_groups.advice
    from rfm_scores
    inner join rfm_groups
        on rfm_scores.dataset = rfm_groups.dataset and rfm_scores.rfm_group_id = rfm_groups.rfm_group_id
    where rfm_scores.dataset = ? and rfm_scores.customer_id = ?
"""


@dataclass(frozen=True)
class Customer:
    """What is published about the bearer of an id; empty where there is nothing.

    Attributes
    ----------
    segments : list of dict
        Rows of `customer_segments` with the campaign, the stability and the colour of the segment, and `figures`: per
        feature of the segmentation what `typical_figures` returns and the customer's `value`; `reasons` are those that
        decided. `segment_since` is the day on which a build first found the customer there. The segmentation to use
        comes first.
    is_known : bool
        Whether the customer is in the feature mart, with or without a segment.
    rejected : list of dict
        Rows of `rejected_rows` with this id.
    changes : list of dict
        Rows of `segment_changes`, the moves that builds have found, the last one first.
    months : list of dict
        Rows of `segment_history`, the segments at the month ends of the past by the model of today.
    rfm : dict or None
        The row of `rfm_scores`, with description and advice of the group.
    history : list of dict
        Rows of the monthly history of the dataset, if it has one.
    other_datasets : list of str
        Other datasets in which somebody bears this id.
    """

    segments: list[dict[str, Any]]
    is_known: bool
    rejected: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    months: list[dict[str, Any]]
    rfm: dict[str, Any] | None
    history: list[dict[str, Any]]
    other_datasets: list[str]


def find_customer(database: duckdb.DuckDBPyConnection, dataset: str, customer_id: str) -> Customer:
    """Look up a customer.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.
    dataset : str
        The dataset.
    customer_id : str
        The id as delivered; spaces around it make no difference.

    Returns
    -------
    Customer

    Raises
    ------
    NotPossibleError
        If there is no such dataset.
    """
    every = datasets(database)
    known(dataset, every, "dataset")
    customer_id = customer_id.strip()
    tables = {row["table_name"] for row in rows(database, "select table_name from published_tables")}
    own = _of_customer(database, f"{dataset}_customer_features", customer_id)
    segments = rows(database, SEGMENTS, [dataset, customer_id])
    days = _last_days(database) if "segment_sizes" in tables else {}
    rfm = rows(database, RFM, [dataset, customer_id]) if "rfm_scores" in tables else []
    history = f"{dataset}_customer_history"
    return Customer(
        segments=[_with_figures(database, segment, own[0]) | _since(segment, days) for segment in segments],
        is_known=bool(own),
        rejected=rows(
            database,
            "from rejected_rows where dataset = ? and customer_id = ? order by input, row_number",
            [dataset, customer_id],
        ),
        changes=rows(database, CHANGES, [dataset, customer_id]) if "segment_changes" in tables else [],
        months=rows(database, MONTHS, [dataset, customer_id]) if "segment_history" in tables else [],
        rfm=rfm[0] if rfm else None,
        history=_of_customer(database, history, customer_id, "month_end") if history in tables else [],
        other_datasets=[
            other
            for other in every
            if other != dataset and _of_customer(database, f"{other}_customer_features", customer_id)
        ],
    )


def _of_customer(database, table, customer_id, order="customer_id") -> list[dict[str, Any]]:
    return rows(database, f"from {quoted(table)} where customer_id = ? order by {order}", [customer_id])


def _with_figures(database, segment, own) -> dict[str, Any]:
    figures = typical_figures(database, segment["segmentation"], segment["cluster_id"], segment["runner_up_cluster_id"])
    for one in figures:
        one["value"] = own[one["feature"]]
    return segment | {"figures": figures, "reasons": reasons(figures, segment)}


def _last_days(database) -> dict[str, date]:
    """Return the day that the publication describes, by segmentation."""
    found = rows(database, "select segmentation, max(day) as day from segment_sizes group by segmentation")
    return {row["segmentation"]: row["day"] for row in found}


def _since(segment, days) -> dict[str, Any]:
    day, spent = days.get(segment["segmentation"]), segment.get("days_in_segment")
    return {"segment_since": None if day is None or spent is None else day - timedelta(days=spent)}
