"""What is told about one segment: what it is worth, what sets it apart, where it goes, what to offer, and how sure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import (
    capitalised,
    cell,
    count,
    counted,
    header,
    is_missing,
    listed,
    percent,
)
from customer_segmentation.publication.movement import day_in_words, last_flows, number_in_digits
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import findings, theme
from customer_segmentation.report.charts.distributions import stacked_shares
from customer_segmentation.report.charts.segments import set_apart
from customer_segmentation.report.decisions import Decision, change_in_words, decisions, shares_in_words
from customer_segmentation.report.figures.segmentation_figures import feature_order
from customer_segmentation.report.page import (
    Card,
    Cell,
    Chart,
    Grid,
    Heading,
    Items,
    Section,
    Sheet,
    Table,
    Text,
    anchor,
    badge,
)

MOST_NAMED = 3  # features that a segment is known by
MOST_DRAWN = 6  # of them in the picture; the table has all


def decision_blocks(publication: Publication, fit: Mapping) -> list[Any]:
    """Tell what there is to decide in a segmentation: how customers and money divide, and an action for each segment.

    Parameters
    ----------
    publication : Publication
        The published tables, as they may leave the house.
    fit : mapping
        The segmentation, as `Publication.fits` tells it.

    Returns
    -------
    list
        Parts of a page.
    """
    found = decisions(publication, fit)
    tiles = [
        Card(
            one.persona,
            one.colour,
            _tile(one, found.change_label),
            "" if one.campaign else "No campaign is assigned.",
            [(f"{one.campaign} ({one.channel})", f"{one.offer}. {one.effect}".strip())] if one.campaign else [],
            link=segment_anchor(fit["segmentation"], place),
        )
        for place, one in enumerate(found.segments, start=1)
    ]
    chart = Chart(
        stacked_shares(found.segments),
        "Share of each segment in the customers"
        + (" and in the money." if any(one.money_share for one in found.segments) else "."),
        shares_in_words(found.segments),
        anchor("chart", fit["segmentation"], "shares"),
    )
    return [chart, Grid(tiles)]


def segment_anchor(segmentation: str, place: int) -> str:
    """Name the place of a segment in the report, by its place among those of its segmentation, from 1."""
    return anchor(segmentation, "segment", place)


def segments_section(publication: Publication, fit: Mapping) -> Section:
    """Tell about each segment of a segmentation, one after the other.

    Parameters
    ----------
    publication : Publication
        The published tables, as they may leave the house.
    fit : mapping
        The segmentation, as `Publication.fits` tells it.

    Returns
    -------
    Section
        A sheet for each segment.
    """
    name = fit["segmentation"]
    sheets: list[Any] = []
    for place, one in enumerate(decisions(publication, fit).segments, start=1):
        told = [
            replace(block, level=4) if block.kind == "heading" else block
            for block in segment_blocks(publication, fit, one)
        ]
        heading = Heading(one.persona, segment_anchor(name, place), one.persona, colour=one.colour)
        sheets.append(Sheet([heading, *told]))
    return Section(
        anchor("segments", name), f"{fit['segmentation_name']}: the segments", sheets, badge(fit["is_synthetic"])
    )


def _tile(decision: Decision, change_label: str) -> str:
    parts = [f"{decision.customers:,} customers", decision.share]
    if decision.money_share:
        parts.append(f"{decision.money_share} of the money")
    if change_label and decision.change is not None:
        parts.append(f"{change_in_words(decision.change)} {change_label}")
    return f"{', '.join(parts)}."


def segment_blocks(publication: Publication, fit: Mapping, decision: Decision, other: str | None = None) -> list[Any]:
    """Tell about one segment, from who it is to how sure it is.

    Parameters
    ----------
    publication : Publication
        The published tables.
    fit : mapping
        The segmentation, as `Publication.fits` tells it.
    decision : Decision
        The segment.
    other : str, optional
        Persona of a segment to set beside it.

    Returns
    -------
    list
        Parts of a page.
    """
    name = fit["segmentation"]
    tables = publication.of(name)
    segment = _of(tables["segments"], decision.persona)
    profiles = tables["profiles"]
    own = profiles[profiles["cluster_id"] == segment["cluster_id"]]
    contradicted = segment["contradicted_traits"]
    return [
        Text(worth(decision), "lead"),
        Text("" if is_missing(segment["description"]) else segment["description"]),
        *([] if is_missing(contradicted) else [Items([f"Contradicted: {contradicted}."], "warnings")]),
        *_apart(publication, fit, segment, own),
        values_table(publication, name, profiles, decision.persona, other),
        *_movement(publication, fit, decision, segment),
        *_offers(publication, name, segment),
        Heading("How sure", anchor(name, segment["cluster_id"], "sure")),
        Text(how_sure(publication, name, segment)),
    ]


def persona_card(segment: Mapping, campaigns: pd.DataFrame) -> Card:
    """Tell what to offer to a segment.

    Parameters
    ----------
    segment : mapping
        A row of `Publication.segments`.
    campaigns : DataFrame
        Rows of `campaign_recommendations` of its segmentation.

    Returns
    -------
    Card
    """
    planned = campaigns[campaigns["persona"] == segment["persona"]].sort_values(["priority", "campaign_id"])
    facts = [
        (f"{one.campaign} ({one.channel.replace('_', ' ')})", f"{one.offer}. {one.rationale}. {findings.cost(one)}")
        for one in planned.itertuples()
    ]
    grade = "" if is_missing(segment["stability_grade"]) else f", {segment['stability_grade']}"
    return Card(
        segment["persona"],
        segment["colour"],
        f"{segment['customers']:,} customers, {segment['share']}{grade}. {segment['headline']}.",
        "" if is_missing(segment["description"]) else segment["description"],
        facts or [("No campaign", "None has been assigned.")],
        "" if is_missing(segment["contradicted_traits"]) else segment["contradicted_traits"],
    )


def _of(segments: pd.DataFrame, persona: str) -> dict:
    return segments[segments["persona"] == persona].iloc[0].to_dict()


def worth(decision: Decision) -> str:
    """Say how many customers a segment has, and what they are worth where it is known."""
    text = f"{decision.customers:,} customers, {decision.share} of all"
    if not decision.money:
        return f"{text}."
    share = f", {decision.money_share} of the money" if decision.money_share else ""
    return f"{text}. They have spent {decision.money}{share}."


def _apart(publication, fit, segment, own) -> list[Any]:
    found = listed(findings.deviations(own, MOST_NAMED))
    if not found:
        return []
    summary = publication.table("feature_summary", dataset=fit["dataset"])
    spread = {} if summary.empty else dict(zip(summary["feature"], summary["standard_deviation"], strict=True))
    shown = own.assign(spread=own["feature"].map(spread))
    shown = shown[shown["median"].notna() & shown["population_median"].notna() & (shown["spread"] > 0)]
    heading = Heading("What sets them apart", anchor(fit["segmentation"], segment["cluster_id"], "apart"))
    if shown.empty:
        return [heading, Text(f"{capitalised(found)}.")]
    shown = shown.assign(distance=(shown["median"] - shown["population_median"]) / shown["spread"])
    is_whole = len(shown) <= MOST_DRAWN
    shown = shown.sort_values("distance", key=abs, ascending=False, kind="stable").head(MOST_DRAWN)
    chart = Chart(
        set_apart(shown, segment["colour"]),
        "Distance of the typical value from that of all customers, in standard deviations. "
        + ("The features that differ most come first." if is_whole else f"The {count(MOST_DRAWN)} largest."),
        f"{capitalised(found)}.",
        anchor("chart", fit["segmentation"], segment["cluster_id"], "apart"),
    )
    return [heading, Text(f"{capitalised(found)}."), chart]


def values_table(
    publication: Publication, name: str, profiles: pd.DataFrame, persona: str, other: str | None = None
) -> Table:
    """List what is typical of a segment beside what is typical of all customers.

    Parameters
    ----------
    publication : Publication
        The published tables.
    name : str
        The segmentation.
    profiles : DataFrame
        Rows of `segment_profiles` of the segmentation.
    persona : str
        The segment.
    other : str, optional
        Persona of a segment to set beside it.

    Returns
    -------
    Table
        A row for each feature: those that the segmentation uses come first.
    """
    order, in_use = feature_order(publication, name, profiles["feature"])
    own = profiles[profiles["persona"] == persona].set_index("feature")
    beside = None if other is None else profiles[profiles["persona"] == other].set_index("feature")
    rows: list[list[Any]] = []
    for feature in order:
        if feature not in own.index:
            continue
        row = own.loc[feature]
        unit = row["unit"]
        cells: list[Any] = [
            header(row["label"], unit) + ("*" if feature in order[:in_use] else ""),
            Cell(_value(row["median"], unit), _colour(row)),
            _range(row),
        ]
        if beside is not None:
            same = beside.loc[feature] if feature in beside.index else None
            cells += ["", ""] if same is None else [Cell(_value(same["median"], unit), _colour(same)), _range(same)]
        rows.append([*cells, _value(row["population_median"], unit)])
    names = [persona] if other is None else [persona, other]
    headers = ["feature", *[text for one in names for text in (one, "middle half")], "all customers"]
    return Table(
        f"{formatting.TYPICAL} Middle half: a quarter of the segment has less, a quarter more. Purple is above all "
        "customers, orange below. * used by the segmentation.",
        headers,
        rows,
        frozenset(range(1, len(headers))),
    )


def _value(value, unit) -> str:
    return "" if is_missing(value) else cell(value, unit)


def _range(row) -> str:
    if is_missing(row["p25"]) or is_missing(row["p75"]):
        return ""
    return f"{cell(row['p25'], row['unit'])} to {cell(row['p75'], row['unit'])}"


def _colour(row) -> str | None:
    of_all = row["population_median"]
    if is_missing(row["median"]) or is_missing(of_all) or of_all <= 0:
        return None
    return theme.diverging(row["median"] / of_all - 1).name


def _offers(publication, name, segment) -> list[Any]:
    """List the campaigns of a segment, the first one first."""
    heading = Heading("What to offer", anchor(name, segment["cluster_id"], "offer"))
    campaigns = publication.table("campaign_recommendations", segmentation=name)
    planned = campaigns[campaigns["persona"] == segment["persona"]].sort_values(["priority", "campaign_id"])
    if planned.empty:
        return [heading, Text("No campaign is assigned.", "note")]
    rows = [
        [one.campaign, one.channel.replace("_", " "), f"{one.offer}. {one.rationale}.", findings.cost_figures(one)]
        for one in planned.itertuples()
    ]
    caption = "The first campaign comes first. Costs are assumptions: of one contact, and of one with each customer."
    return [heading, Table(caption, ["campaign", "channel", "offer, and why", "assumed cost"], rows)]


def _movement(publication, fit, decision, segment) -> list[Any]:
    """Tell from which segments the customers came in the last period, and where they went."""
    name, smallest = fit["segmentation"], publication.smallest_cell(fit["dataset"])
    heading = Heading("Where they come from and go to", anchor(name, segment["cluster_id"], "movement"))
    period = None if publication.table("segment_sizes", segmentation=name).empty else last_flows(publication.rows, name)
    if period is None:
        return [heading, Text("No earlier day is known to compare with.", "note")]
    rows = []
    for flow in sorted(period.flows, key=lambda flow: -(flow.customers or 0)):
        before, after = flow.from_persona, flow.to_persona
        if flow.movement == "stayed" or decision.persona not in (before, after):
            continue
        number = "too few to show" if flow.customers is None else number_in_digits(flow.customers, smallest)
        ends = (
            "new customers" if is_missing(before) else before,
            "no longer customers" if is_missing(after) else after,
        )
        rows.append([*ends, number])
    since = f"from {day_in_words(period.start)} to {day_in_words(period.end)}"
    if not rows:
        return [heading, Text(f"No customer came or went {since}.")]
    won = "" if decision.change is None else f"{capitalised(_won(decision.change))} {since}."
    caption = f"Customers who came or went {since}, the most first."
    return [heading, Text(won), Table(caption, ["from", "to", "customers"], rows, frozenset({2}))]


def _won(change: int) -> str:
    """Say by how many customers a segment has grown.

    Examples
    --------
    >>> _won(102), _won(-1), _won(0)
    ('102 more customers', 'one customer fewer', 'as many customers as before')
    """
    if change == 0:
        return "as many customers as before"
    if change > 0:
        return f"{count(change)} more {'customer' if change == 1 else 'customers'}"
    return f"{counted(-change, 'customer')} fewer"


def how_sure(publication: Publication, name: str, segment: Mapping) -> str:
    """Say how surely a segment comes back, how many of its customers are near another, and which rule describes it.

    Parameters
    ----------
    publication : Publication
        The published tables.
    name : str
        The segmentation.
    segment : mapping
        A row of `Publication.segments`.

    Returns
    -------
    str
    """
    rows = publication.table("segments", segmentation=name, cluster_id=segment["cluster_id"])
    if is_missing(segment["stability_grade"]):
        sentences = [f"Stability: {formatting.uncapitalised(findings.NOT_COMPUTED)}"]
    else:
        sentences = [
            f"In new samples of the customers, this segment is {segment['stability_grade']} "
            f"(bootstrap Jaccard {segment['bootstrap_jaccard']:.2f}, 1 is best)."
        ]
    borderline = rows["borderline_customers"].iloc[0]
    if not is_missing(borderline) and segment["customers"]:
        number = int(borderline)
        share = f" ({percent(number / segment['customers'])})" if number else ""
        sentences.append(
            f"{capitalised(counted(number, 'customer')) if number else 'No customer'}{share} "
            f"{'are' if number > 1 else 'is'} almost as close to another segment."
        )
    rules = publication.table("segment_rules", segmentation=name, cluster_id=segment["cluster_id"])
    if len(rules) and not is_missing(rules["rule_prose"].iloc[0]):
        sentences.append(f"A simple rule for it: {rules['rule_prose'].iloc[0]}.")
    return " ".join(sentences)
