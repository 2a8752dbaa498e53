"""The page Results of campaigns: effects with their intervals, who took part, and nothing where nothing is measured."""

import re
from pathlib import Path

import duckdb
import pytest
import reading
from audience import Audience
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from views import results

from helpers.dashboard_server import DASHBOARD
from helpers.small_experiments import EXPERIMENT, add_experiment
from helpers.small_movement import SHOP
from helpers.small_publication import EXPERIMENTS, MALL, publish


@pytest.fixture(scope="module")
def invented(tmp_path_factory) -> Path:
    return add_experiment(publish(tmp_path_factory.mktemp("published") / "marts.duckdb", SHOP, MALL))


@pytest.fixture(autouse=True)
def published(invented, monkeypatch) -> Path:
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(invented))
    return invented


def opened(page: str = "results", tab: str | None = None, segmentation: str = SHOP.segmentation) -> AppTest:
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=60)
    app.query_params["segmentation"] = segmentation
    if tab:
        app.query_params[page] = tab
    app._page_hash = calc_hash(page)
    return app.run()


def said(app: AppTest) -> str:
    """Return all text of a page without markup."""
    assert not app.exception
    texts = [element.proto.body for element in app.get("html") if "<style>" not in element.proto.body]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(texts)))


def test_an_effect_is_told_with_its_interval_and_an_unproven_one_is_called_so():
    app = opened()
    found = said(app)
    assert "Spring letter: Campaign 1.1" in found
    assert re.search(r"Gain proven for Often: between \$\d+\.\d\d and \$\d+\.\d\d each\.", found)
    assert re.search(r"No effect proven for Seldom: between \u2212\$\d+\.\d\d and \$\d+\.\d\d each\.", found)
    assert (
        "results are known until 30 March 2024. 800 customers got the campaign, 800 in the control got nothing."
        in found
    )
    (chart,) = app.get("vega_lite_chart")
    assert chart.proto.alt.startswith("Effect on money per customer: All personas $")


def test_the_way_into_the_arms_is_counted():
    found = said(opened(tab="Experiments"))
    assert "Spring letter Campaign 1.1 1 Mar 2024 30 Mar 2024 800 800 Finished" in found
    assert "Contactable 1,610 30 20 suppressed, 10 without consent" in found


def test_the_file_of_an_experiment_holds_who_gets_the_campaign(tmp_path, monkeypatch):
    path = add_experiment(publish(tmp_path / "marts.duckdb", SHOP))
    with duckdb.connect(str(path)) as database:
        database.execute(
            """
            insert into campaign_assignments by name
            select
                ? as experiment, dataset, segmentation, customer_id, 'campaign_1_1' as campaign_id,
                case when customer_id < 'C0004' then 'treated' else 'control' end as arm
            from customer_campaigns
            """,
            [EXPERIMENT],
        )
        database.execute("update customer_campaigns set no_contact_because = 'suppressed' where customer_id = 'C0002'")
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    labels = [one.proto.label for one in opened(tab="Experiments").get("download_button")]
    assert labels == [r"Download the customers who get Campaign 1\.1 as CSV"]  # a name is no Markdown
    written = [line.split(",")[1] for line in reading.csv(results.TREATED, [EXPERIMENT]).decode().splitlines()]
    assert written == ["customer_id", "C0000", "C0001", "C0003"]


def test_what_was_measured_stands_beside_the_campaign():
    overview = said(opened("overview"))
    assert re.search(r"Campaign 1\.1 \(email\) An offer that Often may like\. Gain proven for Often: between", overview)
    assert "Gain proven for Seldom" not in overview
    assert "The effect of the campaigns is not measured" not in said(opened("campaigns"))


def test_nothing_is_claimed_where_nothing_is_measured(tmp_path, monkeypatch):
    assert "No campaign is measured yet. Add a row to seeds/judgement/experiments.csv" in said(
        opened(segmentation=MALL.segmentation)
    )
    assert "The effect of the campaigns is not measured" in said(opened("campaigns", segmentation=MALL.segmentation))
    planned = add_experiment(publish(tmp_path / "marts.duckdb", SHOP), has_results=False)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(planned))
    found = said(opened())
    assert "No comparison for all personas together: there are no results yet. There are no results yet." in found
    assert "800 customers are to get the campaign, 800 in the control get nothing." in found
    assert not opened().get("vega_lite_chart")


def test_a_publication_of_an_earlier_version_is_read(tmp_path, monkeypatch):
    older = publish(tmp_path / "marts.duckdb", SHOP)
    with duckdb.connect(str(older)) as database:
        for table in EXPERIMENTS:
            database.execute(f"drop table {table}")
        database.execute("alter table customer_campaigns drop column no_contact_because")
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(older))
    assert "No campaign is measured yet." in said(opened())
    assert "150 customers, 100 % of all segmented customers." in said(opened("campaigns", tab="Audience"))


def test_controls_and_who_must_not_be_contacted_are_in_no_audience(tmp_path, monkeypatch):
    path = add_experiment(publish(tmp_path / "marts.duckdb", SHOP), has_results=False)
    with duckdb.connect(str(path)) as database:
        database.execute(
            """
            insert into campaign_assignments by name
            select ? as experiment, dataset, customer_id, campaign_id, 'control' as arm from customer_campaigns
            where campaign_id = 'campaign_1_1' order by customer_id limit 7
            """,
            [EXPERIMENT],
        )
        database.execute(
            """
            update customer_campaigns set no_contact_because = 'suppressed'
            where customer_id in (
                select customer_id from customer_campaigns where campaign_id = 'campaign_2_1'
                order by customer_id limit 2
            )
            """
        )
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    found = said(opened("campaigns", tab="Audience"))
    assert "141 customers, 94 % of all segmented customers." in found
    assert "Left out: 7 in the control of an experiment with the campaign and 2 who must not be contacted." in found
    # the pages that offer the file of one segment count who is in it
    often = Audience(SHOP.segmentation, ("Often",))
    in_file = len(often.csv().splitlines()) - 1
    overview = opened("overview")
    assert f"The {in_file} customers of Often as CSV." in overview.get("download_button")[0].proto.help
    assert "Left out: 7 in the control of an experiment with the campaign." in said(overview)
    segment = opened("segment")
    assert segment.get("download_button")[0].proto.label == f"Download {in_file} customers as CSV"
    assert "Left out: 7 in the control of an experiment with the campaign." in said(segment)
    # another campaign does not spoil the comparison
    audience = Audience(SHOP.segmentation, campaigns=("Campaign 1.2",))
    assert (audience.count(), *audience.left_out()) == (Audience(SHOP.segmentation, ("Often",)).count() + 7, 0, 0)
