"""The page What changed: who moved, how segments grew, whom to win back, whether the model still holds."""

import re
from pathlib import Path

import duckdb
import pytest
import reading
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from helpers.dashboard_server import DASHBOARD
from helpers.small_publication import MALL, Described, publish

SHOP = Described("shop_personas", "shop", ("Often", "Seldom"))
# Ann rises in March and Bob falls; Cyd comes in March, Eve in February.
HISTORY = """
    select * from (values
        ('ann', date '2024-01-31', date '2024-02-29', 2, 'Seldom'), ('ann', date '2024-03-31', null, 1, 'Often'),
        ('bob', date '2024-01-31', date '2024-02-29', 1, 'Often'), ('bob', date '2024-03-31', null, 2, 'Seldom'),
        ('cyd', date '2024-03-31', null, 1, 'Often'),
        ('eve', date '2024-02-29', null, 2, 'Seldom')
    ) as t (customer_id, valid_from, valid_to, segment_id, persona)
"""
MONTHS = """
    select * from (values
        (date '2024-02-29', 0, 2, 'came', 1), (date '2024-02-29', 1, 1, 'stayed', 1), (date '2024-02-29', 2, 2, 'stayed', 1),
        (date '2024-03-31', 0, 1, 'came', 1), (date '2024-03-31', 1, 2, 'moved', 1), (date '2024-03-31', 2, 1, 'moved', 1),
        (date '2024-03-31', 2, 2, 'stayed', 1)
    ) as t (month_end, from_segment_id, to_segment_id, movement, customers)
"""
SIZES = """
    select * from (values
        (date '2024-02-29', 1, 'Often', '#0072b2', 70, 900.0), (date '2024-02-29', 2, 'Seldom', '#d55e00', 30, 100.0),
        (date '2024-03-31', 1, 'Often', '#0072b2', 65, 800.0), (date '2024-03-31', 2, 'Seldom', '#d55e00', 37, 150.0)
    ) as t (day, segment_id, persona, colour, customers, money)
"""
MIGRATIONS = """
    select * from (values
        (0, 2, 'came', 4), (1, 0, 'went', 2), (1, 1, 'stayed', 63), (1, 2, 'moved', 5), (2, 1, 'moved', 2), (2, 2, 'stayed', 28)
    ) as t (from_segment_id, to_segment_id, movement, customers)
"""
MOVERS = """
    select * from (values ('bob', 850.0, 700.0), ('=2+3', 1200.0, 1300.0)) as t (customer_id, money_before, money_after)
"""
DRIFT = """
    select * from (values ('visits', 'large', 0.61, 0.37, 0.0, 0.25), ('segment', 'none', 0.02, 0.0004, 0.8, 0.0))
    as t (measure, drift, effect, stability_index, p_value, share_outside)
"""
ROWS = {
    "segment_history": HISTORY,
    "monthly_migrations": MONTHS,
    "segment_sizes": SIZES,
    "segment_migrations": f"select *, date '2024-02-29' as period_start, date '2024-03-31' as period_end from ({MIGRATIONS})",
    "segment_movers": f"""
        select *, 'Often' as from_persona, 'Seldom' as to_persona, date '2024-03-31' as changed_on, false as is_refitted
        from ({MOVERS})
    """,
    "drift_checks": f"select *, 100 as customers_then, 102 as customers_now from ({DRIFT})",
}


@pytest.fixture(scope="module")
def invented(tmp_path_factory) -> Path:
    path = publish(tmp_path_factory.mktemp("published") / "marts.duckdb", SHOP, MALL)
    with duckdb.connect(str(path)) as database:
        for table, rows in ROWS.items():
            database.execute(f"insert into {table} by name select *, 'shop_personas' as segmentation from ({rows})")
        database.execute(
            "insert into segment_sizes by name select 'mall_personas' as segmentation, date '2024-03-31' as day, 1 as segment_id"
        )
    return path


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


@pytest.mark.parametrize("tab", ["Who moved", "Segments over time", "Whom to win back", "Does the model still hold?"])
def test_the_first_day_says_that_there_is_nothing_to_compare(tab):
    found = said(opened(tab, MALL.segmentation))
    assert "The history of these customers begins on 31 March 2024. The next build of a later day shows who moved." in found
    assert "There is nothing to compare yet." in found or "No such customer is known." in found
