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
    header,
    is_missing,
    listed,
    number,
    percent,
)
from customer_segmentation.language import _, day_text, isolated, ngettext
from customer_segmentation.publication.movement import last_flows, number_in_digits
from customer_segmentation.publication.retelling import figures_retold, rule_retold
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
from customer_segmentation.report.value_findings import channel_name

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
            "" if one.campaign else _("No campaign is assigned."),
            [(f"{isolated(one.campaign)} ({one.channel})", f"{one.offer}. {one.effect}".strip())]
            if one.campaign
            else [],
            link=segment_anchor(fit["segmentation"], place),
        )
        for place, one in enumerate(found.segments, start=1)
    ]
    chart = Chart(
        stacked_shares(found.segments),
        _("Share of each segment in the customers and in the money.")
        if any(one.money_share for one in found.segments)
        else _("Share of each segment in the customers."),
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
        anchor("segments", name),
        _("{segmentation}: the segments", segmentation=fit["segmentation_name"]),
        sheets,
        badge(fit["is_synthetic"]),
    )


def _tile(decision: Decision, change_label: str) -> str:
    parts = [formatting.customers(decision.customers, is_synthetic=False), decision.share]
    if decision.money_share:
        parts.append(_("{share} of the money", share=decision.money_share))
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
        Text(findings.described(segment)),
        *([] if is_missing(contradicted) else [Items([_contradicted(contradicted)], "warnings")]),
        *_apart(publication, fit, segment, own),
        values_table(publication, name, profiles, decision.persona, other),
        *_movement(publication, fit, decision, segment),
        *_offers(publication, name, segment),
        Heading(_("How sure"), anchor(name, segment["cluster_id"], "sure")),
        Text(how_sure(publication, name, segment)),
    ]


def _contradicted(traits: str) -> str:
    return _("Contradicted: {traits}.", traits=findings.contradictions(traits))


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
        (
            f"{isolated(one.campaign)} ({channel_name(one.channel)})",
            f"{one.offer}. {one.rationale}. {findings.cost(one)}",
        )
        for one in planned.itertuples()
    ]
    size = formatting.customers(segment["customers"], is_synthetic=False)
    grade = [] if is_missing(segment["stability_grade"]) else [_(segment["stability_grade"])]
    return Card(
        segment["persona"],
        segment["colour"],
        f"{', '.join([size, segment['share'], *grade])}. {figures_retold(segment['headline'])}.",
        findings.described(segment),
        facts or [(_("No campaign"), _("None has been assigned."))],
        "" if is_missing(segment["contradicted_traits"]) else findings.contradictions(segment["contradicted_traits"]),
    )


def _of(segments: pd.DataFrame, persona: str) -> dict:
    return segments[segments["persona"] == persona].iloc[0].to_dict()


def worth(decision: Decision) -> str:
    """Say how many customers a segment has, and what they are worth where it is known."""
    size = formatting.customers(decision.customers, is_synthetic=False)
    text = _("{customers}, {share} of all.", customers=size, share=decision.share)
    if not decision.money:
        return text
    if not decision.money_share:
        return f"{text} {_('They have spent {money}.', money=decision.money)}"
    spent = _("They have spent {money}, {share} of the money.", money=decision.money, share=decision.money_share)
    return f"{text} {spent}"


def _apart(publication, fit, segment, own) -> list[Any]:
    found = listed(findings.deviations(own, MOST_NAMED))
    if not found:
        return []
    summary = publication.table("feature_summary", dataset=fit["dataset"])
    spread = {} if summary.empty else dict(zip(summary["feature"], summary["standard_deviation"], strict=True))
    shown = own.assign(spread=own["feature"].map(spread))
    shown = shown[shown["median"].notna() & shown["population_median"].notna() & (shown["spread"] > 0)]
    heading = Heading(_("What sets them apart"), anchor(fit["segmentation"], segment["cluster_id"], "apart"))
    if segment["share_of_customers"] >= 1:
        return [heading, Text(_("All customers are in this segment, so nothing sets them apart."), "note")]
    if shown.empty:
        return [heading, Text(f"{capitalised(found)}.")]
    shown = shown.assign(distance=(shown["median"] - shown["population_median"]) / shown["spread"])
    is_whole = len(shown) <= MOST_DRAWN
    shown = shown.sort_values("distance", key=abs, ascending=False, kind="stable").head(MOST_DRAWN)
    chart = Chart(
        set_apart(shown, segment["colour"]),
        _(
            "Distance of the typical value from that of all customers, in standard deviations. "
            "The features that differ most come first."
        )
        if is_whole
        else _(
            "Distance of the typical value from that of all customers, in standard deviations. The {count} largest.",
            count=count(MOST_DRAWN),
        ),
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
    headers = [_("feature"), *[text for one in names for text in (one, _("middle half"))], _("all customers")]
    explained = _(
        "Middle half: a quarter of the segment has less, a quarter more. Purple is above all customers, orange below. "
        "* used by the segmentation."
    )
    return Table(
        f"{_(formatting.TYPICAL)} {explained}",
        headers,
        rows,
        frozenset(range(1, len(headers))),
    )


def _value(value, unit) -> str:
    return "" if is_missing(value) else cell(value, unit)


def _range(row) -> str:
    if is_missing(row["p25"]) or is_missing(row["p75"]):
        return ""
    return _("{low} to {high}", low=cell(row["p25"], row["unit"]), high=cell(row["p75"], row["unit"]))


def _colour(row) -> str | None:
    of_all = row["population_median"]
    if is_missing(row["median"]) or is_missing(of_all) or of_all <= 0:
        return None
    return theme.diverging(row["median"] / of_all - 1).name


def _offers(publication, name, segment) -> list[Any]:
    """List the campaigns of a segment, the first one first."""
    heading = Heading(_("What to offer"), anchor(name, segment["cluster_id"], "offer"))
    campaigns = publication.table("campaign_recommendations", segmentation=name)
    planned = campaigns[campaigns["persona"] == segment["persona"]].sort_values(["priority", "campaign_id"])
    if planned.empty:
        return [heading, Text(_("No campaign is assigned."), "note")]
    rows = [
        [one.campaign, channel_name(one.channel), f"{one.offer}. {one.rationale}.", findings.cost_figures(one)]
        for one in planned.itertuples()
    ]
    caption = _("The first campaign comes first. Costs are assumptions: of one contact, and of one with each customer.")
    headers = [_("campaign"), _("channel"), _("offer, and why"), _("assumed cost")]
    return [heading, Table(caption, headers, rows)]


def _movement(publication, fit, decision, segment) -> list[Any]:
    """Tell from which segments the customers came in the last period, and where they went."""
    name, smallest = fit["segmentation"], publication.smallest_cell(fit["dataset"])
    heading = Heading(_("Where they come from and go to"), anchor(name, segment["cluster_id"], "movement"))
    period = None if publication.table("segment_sizes", segmentation=name).empty else last_flows(publication.rows, name)
    if period is None:
        return [heading, Text(_("No earlier day is known to compare with."), "note")]
    rows = []
    for flow in sorted(period.flows, key=lambda flow: -(flow.customers or 0)):
        before, after = flow.from_persona, flow.to_persona
        if flow.movement == "stayed" or decision.persona not in (before, after):
            continue
        size = _("too few to show") if flow.customers is None else number_in_digits(flow.customers, smallest)
        ends = (
            _("new customers") if is_missing(before) else before,
            _("no longer customers") if is_missing(after) else after,
        )
        rows.append([*ends, size])
    days = {"start": day_text(period.start), "end": day_text(period.end)}
    if not rows:
        return [heading, Text(_("No customer came or went from {start} to {end}.", **days))]
    won = ""
    if decision.change is not None:
        won = _("{change} from {start} to {end}.", change=capitalised(_won(decision.change)), **days)
    caption = _("Customers who came or went from {start} to {end}, the most first.", **days)
    return [heading, Text(won), Table(caption, [_("from"), _("to"), _("customers")], rows, frozenset({2}))]


def _won(change: int) -> str:
    """Say by how many customers a segment has grown.

    Examples
    --------
    >>> _won(102), _won(-1), _won(0)
    ('102 more customers', 'one customer fewer', 'as many customers as before')
    """
    if change == 0:
        return _("as many customers as before")
    if change > 0:
        return ngettext("{count} more customer", "{count} more customers", change, count=count(change))
    return ngettext("{count} customer fewer", "{count} customers fewer", -change, count=count(-change))


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
        sentences = [_("Stability: {reason}", reason=formatting.uncapitalised(_(findings.NOT_COMPUTED)))]
    else:
        sentences = [
            _(
                "In new samples of the customers, this segment is {grade} (bootstrap Jaccard {jaccard}, 1 is best).",
                grade=_(segment["stability_grade"]),
                jaccard=number(segment["bootstrap_jaccard"], 2),
            )
        ]
    borderline = rows["borderline_customers"].iloc[0]
    if not is_missing(borderline) and segment["customers"]:
        close = int(borderline)
        sentences.append(
            ngettext(
                "{count} customer ({share}) is almost as close to another segment.",
                "{count} customers ({share}) are almost as close to another segment.",
                close,
                count=capitalised(count(close)),
                share=percent(close / segment["customers"]),
            )
            if close
            else _("No customer is almost as close to another segment.")
        )
    rules = publication.table("segment_rules", segmentation=name, cluster_id=segment["cluster_id"])
    if len(rules) and not is_missing(rules["rule_prose"].iloc[0]):
        sentences.append(_("A simple rule for it: {rule}.", rule=rule_retold(rules["rule_prose"].iloc[0])))
    return " ".join(sentences)
