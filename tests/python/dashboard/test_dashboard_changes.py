"""The page What changed: who moved, how segments grew, whom to win back, whether the model still holds."""

import re
from pathlib import Path

import pytest
import reading
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from helpers.dashboard_server import DASHBOARD
from helpers.small_movement import SHOP, add_first_day, add_movement
from helpers.small_publication import MALL, publish


@pytest.fixture(scope="module")
def invented(tmp_path_factory) -> Path:
    path = publish(tmp_path_factory.mktemp("published") / "marts.duckdb", SHOP, MALL)
    return add_first_day(add_movement(path), MALL.segmentation)


@pytest.fixture(autouse=True)
def published(invented, monkeypatch) -> None:
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(invented))


def opened(tab: str, segmentation: str = SHOP.segmentation) -> AppTest:
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=60)
    app.query_params["segmentation"] = segmentation
    app.query_params["changes"] = tab
    app._page_hash = calc_hash("changes")
    return app.run()


def said(app: AppTest) -> str:
    """Return all text of a page without markup."""
    assert not app.exception
    texts = [element.proto.body for element in app.get("html") if "<style>" not in element.proto.body]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(texts)))


def test_the_page_begins_with_the_last_period():
    found = said(opened("Who moved"))
    assert (
        "From 29 February 2024 to 31 March 2024, seven customers moved to another segment, four came and two went."
        in found
    )


def test_the_flow_between_two_months_is_counted_customer_by_customer():
    app = opened("Who moved")
    # the whole span at first: Ann and Bob have changed places, Eve and Cyd were not there yet
    found = said(app)
    assert "Two customers moved to another segment, none stayed." in found
    assert "from to customers Often Seldom 1 Seldom Often 1" in found
    app.selectbox(key="start shop_personas").select_index(1).run()
    assert "Two customers moved to another segment, one stayed." in said(app)
    assert app.selectbox(key="end shop_personas 2024-02-29").options == ["31 March 2024"]


def test_a_recorded_period_shows_what_the_build_found():
    app = opened("Who moved")
    app.segmented_control(key="moves of shop_personas").set_value("Recorded days, as found then").run()
    found = said(app)
    assert "Seven customers moved to another segment, 91 stayed." in found
    assert "Often Seldom 5 Seldom Often 2" in found


def test_sizes_and_money_over_time():
    app = opened("Segments over time")
    assert "On 31 March 2024: Often 2, Seldom 2." in said(app)
    app.segmented_control(key="sizes of shop_personas").set_value("Recorded days, as found then").run()
    assert "On 31 March 2024: Often 65, Seldom 37." in said(app)
    assert "Monetary value of all customers of the segment." in said(app)


def test_the_most_money_at_stake_comes_first_and_no_cell_is_a_formula():
    app = opened("Whom to win back")
    assert re.search(r"=2\+3 Often Seldom 31 March 2024 \S*1,200 \S*1,300 bob", said(app))
    content = reading.csv("select customer_id from segment_movers order by money_before desc", []).decode()
    assert content.splitlines() == ["customer_id", "'=2+3", "bob"]


def test_drift_is_said_in_words():
    found = said(opened("Does the model still hold?"))
    assert "Visits: a large drift (0.61); 25 % of the customers are beyond anybody in the fit." in found
    assert "sizes of the segments none 0.02" in found
    assert "102 customers of today against 100 of the fit." in found
    assert (
        "A new fit waits, because it would move 43 of 102 customers (42.2 %), beyond the limit of 10 %. To accept it: "
        "segmentation models activate 8f28582c828a, then build again." in found
    )


@pytest.mark.parametrize("tab", ["Who moved", "Segments over time", "Whom to win back", "Does the model still hold?"])
def test_the_first_day_says_that_there_is_nothing_to_compare(tab):
    found = said(opened(tab, MALL.segmentation))
    assert (
        "There is nothing to compare with yet: 31 March 2024 is the only day known of these customers. A build on a later "
        "day shows who moved, if builds keep a history (var history_folder)." in found
    )
    assert "There is nothing to compare yet." in found or "No such customer is known." in found
