"""What there is to decide about each segment, and how it is drawn."""

from dataclasses import replace
from datetime import date

import duckdb
import pandas as pd
import pytest

from customer_segmentation.publication.movement import Flow, Period
from customer_segmentation.publication.outgoing import OutgoingPublication
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.about_segment import segment_blocks
from customer_segmentation.report.charts.distributions import stacked_shares
from customer_segmentation.report.charts.segments import set_apart
from customer_segmentation.report.decisions import Decision, Decisions, decisions, net_changes
from helpers.small_movement import SHOP, add_movement
from helpers.small_publication import MALL, publish


def flow(before, after, movement, customers) -> Flow:
    return Flow(before, None, after, None, movement, customers)


def period(*flows: Flow) -> Period:
    return Period(date(2024, 2, 29), date(2024, 3, 31), True, list(flows))


def decision(persona, colour, share, money_share) -> Decision:
    return Decision(
        persona, colour, 10, f"{share:.0%}", share, "" if money_share is None else "$5", money_share,
        "" if money_share is None else f"{money_share:.0%}", None, "", "", "",
    )  # fmt: skip


def rows_of(chart) -> list[dict]:
    """Return the rows of all layers of a chart."""
    written = chart.to_dict()
    return [row for rows in written["datasets"].values() for row in rows]


def test_a_segment_wins_who_comes_and_loses_who_goes():
    flows = period(flow(0, 1, "came", 4), flow(1, 2, "moved", 3), flow(2, 0, "went", 1), flow(1, 1, "stayed", 50))
    changes = net_changes(flows)
    assert (changes[1], changes[2]) == (1, 2)


def test_a_change_is_not_known_where_a_part_of_it_may_not_be_counted():
    changes = net_changes(period(flow(1, 2, "moved", None), flow(0, 3, "came", 7)))
    assert 1 not in changes
    assert 2 not in changes
    assert changes[3] == 7


def test_decisions_join_size_worth_change_and_the_first_campaign(tmp_path):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP))
    with Publication(path) as publication:
        fit = publication.fits().iloc[0].to_dict()
        found = decisions(publication, fit)
    often, seldom = found.segments
    assert found.change_label == "since 29 Feb 2024"
    assert (often.persona, often.money, often.change, often.campaign) == ("Often", "$800", -5, "Campaign 1.1")
    assert (seldom.persona, seldom.money, seldom.change, seldom.campaign) == ("Seldom", "$150", 7, "Campaign 2.1")


@pytest.mark.parametrize("kind", [Publication, OutgoingPublication])
def test_money_has_its_currency_also_without_a_campaign(tmp_path, kind):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP))
    with duckdb.connect(str(path)) as database:
        database.execute("delete from campaign_recommendations")
        database.execute("create table if not exists customers as select '$' as currency")
    with kind(path) as publication:
        assert publication.currency() == "$"


def test_a_change_by_months_is_that_of_the_last_whole_month():
    months = replace(period(flow(1, 2, "moved", 3)), start=date(2024, 9, 30), end=date(2024, 10, 31), is_recorded=False)
    assert Decisions([], months).change_label == "in October 2024"
    assert Decisions([], replace(months, is_recorded=True)).change_label == "since 30 Sep 2024"


def test_without_purchases_and_history_nothing_is_said_about_them(tmp_path):
    with Publication(publish(tmp_path / "marts.duckdb", MALL)) as publication:
        found = decisions(publication, publication.fits().iloc[0].to_dict())
    assert found.change_label == ""
    assert {(one.money, one.money_share, one.change) for one in found.segments} == {("", "", None)}


def test_shares_are_drawn_as_two_bars_and_narrow_parts_have_no_text():
    shown = [decision("A", "#0072b2", 0.95, 0.5), decision("B", "#d55e00", 0.05, 0.5)]
    rows = rows_of(stacked_shares(shown))
    assert {(row["bar"], row["name"], row["share"]) for row in rows} == {
        ("customers", "A", 0.95), ("customers", "B", 0.05), ("money", "A", 0.5), ("money", "B", 0.5),
    }  # fmt: skip
    written = {(row["bar"], row["name"]): row["written"] for row in rows}
    assert written["customers", "A"] == "95%"
    assert written["customers", "B"] == ""


def test_shares_of_customers_alone_are_one_bar():
    rows = rows_of(stacked_shares([decision("A", "#0072b2", 0.6, None), decision("B", "#d55e00", 0.4, None)]))
    assert {row["bar"] for row in rows} == {"customers"}


def test_what_sets_a_segment_apart_is_drawn_the_farthest_first():
    features = pd.DataFrame(
        {
            "label": ["age", "income", "score"], "unit": ["years", "k$", "points"], "median": [30.0, 90.0, 10.0],
            "population_median": [36.0, 60.0, 50.0], "distance": [-0.5, 1.2, -1.6],
        }
    )  # fmt: skip
    rows = [row for row in rows_of(set_apart(features, "#0072b2")) if "distance" in row]
    assert [row["name"] for row in sorted(rows, key=lambda row: row["row"])] == ["score", "income", "age"]
    assert {row["name"]: row["own"] for row in rows}["income"] == "$90k"


def test_a_segment_is_told_with_where_its_customers_came_from(tmp_path):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP))
    with Publication(path) as publication:
        fit = publication.fits().iloc[0].to_dict()
        often = decisions(publication, fit).segments[0]
        blocks = segment_blocks(publication, fit, often)
    moves = [block for block in blocks if block.kind == "table" and block.headers == ["from", "to", "customers"]]
    assert moves[0].rows == [
        ["Often", "Seldom", "5"],
        ["Often", "no longer customers", "2"],
        ["Seldom", "Often", "2"],
    ]
    told = " ".join(block.text for block in blocks if block.kind == "text")
    assert "Five customers fewer from 29 February 2024 to 31 March 2024." in told
