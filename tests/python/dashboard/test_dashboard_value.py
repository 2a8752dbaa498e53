"""The page Value and RFM: groups and their customers, segments, concentration, who comes and who lapses."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
import reading
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from views.value import SCORES

from helpers.dashboard_server import DASHBOARD
from helpers.small_movement import SHOP
from helpers.small_publication import MALL, Described, publish
from helpers.small_value import FINDING, add_expected_value, add_value

TABS = ("Groups", "Groups against segments", "Concentration", "New, returning and lapsed", "Expected value")
SURVEY = Described("survey_personas", "survey", ("Often", "Seldom"))
AGES = Described("ages_personas", "ages", ("Young", "Old"), features=("age",))


@pytest.fixture(scope="module")
def invented(tmp_path_factory) -> Path:
    path = publish(tmp_path_factory.mktemp("published") / "marts.duckdb", SHOP, MALL, SURVEY, AGES)
    add_value(path, first_id="=2+3")
    add_expected_value(path)
    return add_value(path, dataset="survey", segmentation=SURVEY.segmentation, feature="spending_score", is_money=False)


@pytest.fixture(autouse=True)
def published(invented, monkeypatch) -> Path:
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(invented))
    return invented


def opened(tab: str, segmentation: str = SHOP.segmentation) -> AppTest:
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=60)
    app.query_params["segmentation"] = segmentation
    app.query_params["value"] = tab
    app._page_hash = calc_hash("value")
    return app.run()


def said(app: AppTest) -> str:
    """Return all text of a page without markup."""
    assert not app.exception
    texts = [element.proto.body for element in app.get("html") if "<style>" not in element.proto.body]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(texts)))


def charts(app: AppTest) -> list[str]:
    """Return what is said of the charts of a page to readers who cannot see them."""
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]


def test_the_page_begins_with_who_brings_the_money():
    assert (
        "12 % of the customers bring 50 % of the money; the top 10 % bring 45 %. Champions are 40 % of the customers and "
        "bring 95 % of the money."
    ) in said(opened("Groups"))


def test_groups_stand_with_their_money_and_advice():
    app = opened("Groups")
    found = said(app)
    told = "Bought lately, often and for much. Thank them, give them early access"
    assert f"Champions 4 40 % $1,900 95 % Early Access (app push) {told}" in found
    assert "RFM group, customers and money of its customers, by recency and value score. Bluer is more." in found
    (told,) = charts(app)
    assert "recency score 5, value score 5: Champions, 3 customers, $1,800; recency score 5, value score 4" in told


def test_the_customers_of_a_group_are_downloaded_without_formulas():
    app = opened("Groups")
    choice = app.selectbox(key="group of shop")
    assert choice.options == ["Champions (4)", "Need Attention (2)", "Lost (2)", "No Purchase Yet (2)"]
    assert app.get("download_button")[0].proto.label == "Download 4 customers for Early Access as CSV"
    assert (
        "Campaign: Early Access (app push). New things first. It costs no margin. Also suitable: Premium Loyalty, VIP Evening."
    ) in said(app)
    lines = reading.csv(SCORES, ["shop", "champions"]).decode().splitlines()
    assert lines[0] == (
        "customer_id,rfm_group,recency_score,frequency_score,monetary_score,value_score,recency_days,frequency,"
        "monetary_value,campaign_id,campaign,channel,offer"
    )
    assert [line.split(",")[0] for line in lines[1:]] == ["'=2+3", "C0001", "C0002", "C0003"]
    assert {line.partition("early_access")[2] for line in lines[1:]} == {",Early Access,app_push,New things first"}
    choice.select("need_attention").run()
    assert "No campaign is assigned: add a row to seeds/judgement/rfm_group_campaigns.csv." in said(app)
    assert app.get("download_button")[0].proto.label == "Download 2 customers as CSV"
    lines = reading.csv(SCORES, ["shop", "need_attention"]).decode().splitlines()
    assert [line[-4:] for line in lines[1:]] == [",,,,", ",,,,"]
    choice.select("lost").run()
    assert "Spend nothing but the cheapest channel on them. Together they brought $20." in said(app)
    assert app.get("download_button")[0].proto.label == "Download 2 customers for Flash Sale as CSV"


def test_the_control_and_who_must_not_be_contacted_are_not_downloaded(invented, tmp_path, monkeypatch):
    path = shutil.copy(invented, tmp_path / "marts.duckdb")
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    with duckdb.connect(str(path)) as database:
        database.execute("update rfm_scores set no_contact_because = 'suppressed' where customer_id = 'C0001'")
        database.execute(
            "insert into campaign_assignments by name select 'spring' as experiment, 'shop' as dataset, 'control' as arm, "
            "customer_id, 'early_access' as campaign_id from (values ('C0001'), ('C0002')) as t (customer_id)"
        )
        database.execute(
            "insert into experiment_audiences by name select 'spring' as experiment, 'shop' as dataset, "
            "'running' as status, 'early_access' as campaign_id"
        )
    app = opened("Groups")
    assert app.get("download_button")[0].proto.label == "Download 2 customers for Early Access as CSV"
    told = "Left out: 1 in the control of an experiment with the campaign and 1 who must not be contacted."
    assert told in said(app)
    lines = reading.csv(SCORES, ["shop", "champions"]).decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["'=2+3", "C0003"]


def test_an_earlier_version_does_not_say_who_may_be_contacted(invented, tmp_path, monkeypatch):
    path = shutil.copy(invented, tmp_path / "marts.duckdb")
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    with duckdb.connect(str(path)) as database:
        database.execute("alter table rfm_scores drop column no_contact_because")
    app = opened("Groups")
    assert "An earlier version published this data and did not say who must not be contacted." in said(app)
    assert not app.get("download_button")


def test_groups_are_set_against_the_segments():
    found = said(opened("Groups against segments"))
    assert "segment Champions Need Attention Lost No Purchase Yet Often 33.4 % 22.2 % 22.2 % 22.2 %" in found


def test_the_curve_has_an_alternative_with_its_values():
    app = opened("Concentration")
    (told,) = charts(app)
    assert "In steps: the top 1 % bring 4.5 %; the top 5 % bring 22.5 %; the top 10 % bring 45 %" in told
    assert "Share of the money by share of the customers, the most valuable first." in said(app)


def test_months_and_cohorts():
    app = opened("New, returning and lapsed")
    found = said(app)
    assert (
        "In March 2024, 80 customers bought: 20 new and 60 returning. They paid $630 net of returns, and 30 customers "
        "lapsed."
    ) in found
    assert "Lapsed: no purchase for more than 30 days" in found
    assert "The most was $1,000 in February 2024." in found
    assert "25 % of the customers buy in the month after their first purchase." in found
    told = charts(app)
    assert "February 2024 40 new, 60 returning, 0 lapsed; March 2024 20 new, 60 returning, 30 lapsed." in told[0]
    assert "February 2024 new $300, returning $700; March 2024 new $150, returning $480." in told[1]
    assert "By month of the first purchase, one month later and so on: February 2024 25 %." in told[2]


def test_what_is_expected_of_each_segment_stands_with_how_good_that_is():
    app = opened("Expected value")
    found = said(app)
    assert "Often 75 75 300 $6,750 90 % $90 Seldom 75 75 38 $750 10 % $10" in found
    assert "Money is revenue net of returns: no margin, not discounted." in found
    assert f"{FINDING} Money of all customers together: $4,000 expected, $3,200 came." in found
    (told,) = charts(app)
    assert "between 31 December 2023 and 31 March 2024" in told
    assert "what came later (nothing can hold more) 70 %; expected value (the model) 40 %; money so far 38 %" in told


def test_where_nothing_can_be_expected_the_page_says_why(tmp_path, monkeypatch):
    problem = "too few customers: only 7 customers have a second purchase"
    path = add_expected_value(add_value(publish(tmp_path / "marts.duckdb", SHOP)), problem=problem)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    app = opened("Expected value")
    assert f"The value of these customers cannot be expected: {problem}." in said(app)
    assert not charts(app)


@pytest.mark.parametrize("tab", TABS)
def test_a_score_is_averaged_and_has_no_shares(tab):
    found = said(opened(tab, SURVEY.segmentation))
    assert "with the highest mean spending score: 475 points." in found
    assert {
        "Groups": "mean spending score, points",
        "Groups against segments": "share of each row",
        "Concentration": "The spending score is no amount of money: it has no sum, and so no shares.",
        "New, returning and lapsed": "Months cannot be compared: Survey has no list of purchases with their dates.",
        "Expected value": "Survey has no list of purchases with their dates to expect more of.",
    }[tab] in found


def test_without_purchases_the_page_says_what_it_needs_and_shows_the_value_there_is():
    app = opened("Groups", MALL.segmentation)
    found = said(app)
    assert "Mall has no purchases to compare: RFM groups need the day, the number and the amount" in found
    assert "What is known of value: spending score" in found
    assert "Segments by their typical spending score, the highest first." in found
    assert not app.get("tab")


def test_without_any_measure_of_value_nothing_more_is_shown():
    found = said(opened("Groups", AGES.segmentation))
    assert "Ages has no purchases to compare" in found
    assert "What is known of value" not in found


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize(
    "cells",
    [((5, 5, "champions", (90.0,)),), ((5, 5, "champions", (0.0, 0.0)),), ((5, 5, "champions", (-9.0, -3.0)),)],
    ids=["one customer", "no money", "money lost"],
)
def test_a_page_about_little_is_shown(tmp_path, monkeypatch, tab, cells):
    path = add_value(publish(tmp_path / "marts.duckdb", SHOP), cells=cells)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    app = opened(tab)
    assert not app.title
    assert "Value and RFM" in said(app)


def test_an_earlier_publication_without_cohorts_is_said_plainly(tmp_path, monkeypatch):
    path = add_value(publish(tmp_path / "marts.duckdb", SHOP))
    with duckdb.connect(str(path)) as database:
        database.execute("drop table purchase_cohorts")
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    assert (
        "An earlier version published this data and did not count purchases by month. Run `make build` to publish it "
        "again."
    ) in said(opened("New, returning and lapsed"))
    with duckdb.connect(str(path)) as database:
        database.execute("drop table rfm_group_segments")
        database.execute("drop table rfm_thresholds")
        database.execute("drop table rfm_scores")
    for tab in TABS:
        app = opened(tab)
        assert not app.title, said(app)


def test_names_of_users_are_text_and_not_markup(tmp_path, monkeypatch):
    hostile = Described("shop_personas", "shop", ("<script>alert(1)</script>", "**Savers** $x$"))
    path = add_value(publish(tmp_path / "marts.duckdb", hostile))
    with duckdb.connect(str(path)) as database:
        database.execute("update rfm_groups set rfm_group = '<script>a</script>' where rfm_group_id = 'lost'")
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    for tab in TABS:
        app = opened(tab)
        assert not app.exception
        assert "<script" not in " ".join(element.proto.body for element in app.get("html"))
