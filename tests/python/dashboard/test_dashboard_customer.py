"""The pages of the dashboard about one customer, published or new."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
import reading
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from customer_segmentation.units import unit_name
from helpers.dashboard_server import DASHBOARD
from helpers.small_movement import SHOP, add_movement
from helpers.small_publication import MALL, Described, publish

RETAIL = Described("retail_personas", "retail", ("Often", "Seldom"), is_synthetic=True)
SIX = Described("mall_six", "mall", ("Big Spenders", "Savers", "Young", "Old"))
MORE = Described("mall_visits", "mall", ("Often", "Seldom"), features=("age", "annual_income_k", "visits"))


@pytest.fixture(scope="module")
def invented(tmp_path_factory) -> Path:
    return publish(tmp_path_factory.mktemp("published") / "marts.duckdb", MALL, SIX, RETAIL)


@pytest.fixture(autouse=True)
def published(invented, monkeypatch) -> None:
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(invented))


def opened(page: str, segmentation: str, **tabs: str) -> AppTest:
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=60)
    for name, value in ({"segmentation": segmentation} | tabs).items():
        app.query_params[name] = value
    app._page_hash = calc_hash(page)
    return app.run()


def said(app: AppTest) -> str:
    """Return all text of a page without markup."""
    assert not app.exception
    texts = [element.proto.body for element in app.get("html") if "<style>" not in element.proto.body]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(texts)))


def asked_for(customer_id: str, segmentation: str = "mall_personas") -> str:
    app = opened("customer", segmentation)
    app.text_input[0].set_value(customer_id).run()
    return said(app)


def scored(segmentation: str, **values: str) -> str:
    app = opened("predict", segmentation)
    for field in app.text_input:
        if field.key.split(":")[-1] in values:
            field.set_value(values[field.key.split(":")[-1]])
    app.button[0].click().run()
    return said(app)


def test_a_customer_is_told_in_every_segmentation_the_chosen_one_first():
    text = asked_for("C0003", "mall_six")
    assert text.index("Mall six ") < text.rindex("Mall personas")
    assert "Certainty Moderate:" in text
    assert "Offer Campaign 1.1 (email): An offer that Big Spenders may like" in text
    assert "Why Big Spenders" in text


def test_a_part_of_an_id_offers_the_customers_who_have_it():
    app = opened("customer", "mall_personas")
    app.text_input[0].set_value("c012").run()
    chosen = next(box for box in app.selectbox if box.label == "Customer")
    assert chosen.options == [f"C012{digit}" for digit in range(10)]
    assert "Why Steady Middle" in said(app)
    chosen.select("C0125").run()
    assert "Why Steady Middle" in said(app)


def test_the_address_says_who_is_looked_up_and_can_be_passed_on():
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=60)
    app.query_params["segmentation"], app.query_params["customer"] = "mall_personas", "C0003"
    app._page_hash = calc_hash("customer")
    app.run()
    assert app.text_input[0].value == "C0003"
    assert "Why Big Spenders" in said(app)
    app.text_input[0].set_value("C0004").run()
    assert app.query_params["customer"] == "C0004"


def test_an_id_may_have_spaces_around_it():
    assert "Why Big Spenders" in asked_for("  C0003 ")


@pytest.mark.parametrize(
    "customer_id", ["nobody", "'; drop table segments; --", '" or 1=1', "%", "<b>x</b>", "x" * 500]
)
def test_an_unknown_id_is_said_plainly(customer_id):
    text = asked_for(customer_id)
    assert "No customer of Mall has the id" in text
    assert "Why" not in text
    assert "Why Big Spenders" in asked_for("C0003")  # everything is still there


def test_an_unknown_id_is_shown_as_text():
    assert "&lt;b&gt;x&lt;/b&gt;" in asked_for("<b>x</b>")


def test_a_rejected_customer_comes_with_the_reason():
    text = asked_for("R1")
    assert "every row was rejected" in text
    assert "age: found nothing" in text


def test_the_history_of_a_customer_of_retail_is_drawn(built, monkeypatch):
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(built.published / "marts.duckdb"))
    ids = reading.rows("select min(customer_id) as first from customer_segments where dataset = 'retail'")
    app = opened("customer", "retail_personas")
    app.text_input[0].set_value(ids["first"].iloc[0]).run()
    text = said(app)
    assert "RFM group:" in text
    assert "Money spent so far, at the end of each month." in text
    assert len(app.get("vega_lite_chart")) == 3


def test_a_customer_who_moved_is_told_with_the_moves(tmp_path, monkeypatch):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP))
    with duckdb.connect(str(path)) as database:
        database.execute(
            """
            update customer_segments
            set previous_persona = 'Seldom', changed_on = date '2024-02-29', days_in_segment = 31
            where customer_id = 'C0003'
            """
        )
        database.execute(
            """
            insert into segment_changes by name
            select
                'shop' as dataset, 'shop_personas' as segmentation, 'C0003' as customer_id,
                date '2024-02-29' as changed_on, 'Seldom' as from_persona, 'Often' as to_persona
            """
        )
        database.execute("update segment_history set dataset = 'shop', months = 2")
        database.execute("update segment_history set customer_id = 'C0003' where customer_id = 'ann'")
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    text = asked_for("C0003", SHOP.segmentation)
    assert "In this segment Since 29 February 2024, before that Seldom." in text
    assert "Found on Segmentation From To 29 February 2024 Shop personas Seldom Often" in text
    assert "Segment From Until Months Seldom 31 January 2024 29 February 2024 2 Often 31 March 2024 2" in text
    assert "Moves so far" not in asked_for("C0004", SHOP.segmentation)


def test_every_feature_has_a_field_with_its_range_and_a_typical_value():
    app = opened("predict", "mall_personas")
    seen = reading.rows(
        "select * from prediction_features where segmentation = 'mall_personas' order by position"
    ).itertuples()
    assert [field.label.replace("\\", "") for field in app.text_input] == [
        f"{row.label.capitalize()}, {row.seen_minimum:g} to {row.seen_maximum:g} {unit_name(row.unit)}" for row in seen
    ]
    assert all(float(field.value) for field in app.text_input)
    assert app.text_input[1].help.replace("\\", "") == "Possible: 0 to 1,000 thousand $."


def test_the_range_of_an_amount_of_money_is_written_as_on_other_pages(invented, tmp_path, monkeypatch):
    path = tmp_path / "marts.duckdb"
    shutil.copy(invented, path)
    with duckdb.connect(str(path)) as database:
        database.execute(
            """
            update prediction_features
            set unit = '€', seen_minimum = 4.33, seen_maximum = 2139.86, valid_maximum = 9999.5
            where feature = 'age'
            """
        )
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    (field,) = [field for field in opened("predict", "mall_personas").text_input if field.key.endswith(":age")]
    assert (field.label, field.help) == ("Age, €4\\.33 to €2,140", "Possible\\: €0 to €9,999\\.50\\.")


def test_a_new_customer_gets_an_answer_in_each_segmentation():
    text = scored("mall_six", age="74,5")
    assert text.index("Mall six ") < text.rindex("Mall personas")
    assert "Certainty" in text
    assert "Offer Campaign" in text


def test_what_was_never_seen_is_said():
    text = scored("mall_personas", age="900")
    assert "Undecided Unlike any customer in the model: age" in text
    assert "Offer" not in text


def test_a_customer_between_two_segments_looks_undecided_and_gets_no_offer(invented, tmp_path, monkeypatch):
    path = tmp_path / "marts.duckdb"
    shutil.copy(invented, path)
    with duckdb.connect(str(path)) as database:
        database.execute(
            "update customer_segments set is_borderline = true, margin = 0.02, runner_up_persona = 'Savers'"
        )
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    text = asked_for("C0003")
    assert "Undecided, nearest to Big Spenders" in text
    assert text.index("Undecided Almost as close to Savers as to Big Spenders (margin 0.02)") < text.index("Why ")
    assert "Offer" not in text


def test_a_customer_is_described_by_own_values_before_any_segment():
    text = asked_for("C0003")
    own = reading.rows("select * from mall_customer_features where customer_id = 'C0003'").iloc[0]
    assert text.index(f"Age {own['age']:g} points".replace("points", "years")) < text.index("Big Spenders Mall")
    assert f"Annual income ${own['annual_income_k']:g}k" in text
    assert text.index("This customer") < text.index("Typical of the segment")


def test_made_up_customers_are_called_synthetic():
    assert "The segments come from synthetic customers" in scored("retail_personas")


def test_what_another_problem_says_too_is_not_said_twice(tmp_path, monkeypatch):
    fewer = Described("mall_age", "mall", ("Young", "Old"), features=("age",))
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(publish(tmp_path / "marts.duckdb", fewer, MORE, MALL)))
    text = scored("mall_age", age="abc", annual_income_k="", spending_score="", visits="")
    assert text.count("Age: found") == 2
    assert "annual income is missing; visits is missing." in text
    assert "annual income is missing; spending score is missing." in text


@pytest.mark.parametrize(
    "age", ["abc", "", "-1", "1e400", "nan", "inf", "9" * 400, "1,234", "'; drop table segments; --"]
)
def test_what_is_no_figure_is_said_once_and_plainly(age):
    text = scored("mall_personas", age=age)
    assert len(re.findall(r"\b[Aa]ge( is missing|: found)", text)) == 1
    assert "Certainty" not in text


def test_a_slider_answers_at_once_and_stays_within_the_data():
    app = opened("predict", "mall_personas", score="Move sliders")
    (age,) = [slider for slider in app.slider if slider.key.endswith(":age")]
    seen = reading.rows("from prediction_features where segmentation = 'mall_personas' and feature = 'age'").iloc[0]
    assert (age.min, age.max) == (seen["seen_minimum"], seen["seen_maximum"])
    assert "Why Age 50 years" in said(app)
    before = said(app)
    age.set_value(age.max).run()
    assert said(app) != before


def uploaded(name: str, content: bytes) -> AppTest:
    app = opened("predict", "mall_personas", score="Score a file")
    app.file_uploader[0].set_value((name, content, "text/csv")).run()
    return app


def test_a_file_is_scored_and_its_rows_are_accounted_for():
    rows = b"id,age,annual_income_k,spending_score,visits\nA,33,87,82,3\nB,x,20,20,1\n"
    app = uploaded("my [first] file.csv", rows)
    text = said(app)
    assert "Mall personas: 2 rows read = 1 scored + 1 not scored:" in text
    assert "Read age from" in text
    assert app.download_button[0].label == "Download 2 rows as CSV"


def test_a_file_without_a_feature_is_named_as_its_owner_names_it():
    text = said(uploaded("my [first] file.csv", b"id,age\nA,33\n"))
    assert "my [first] file.csv has no column for" in text
    assert "/" not in text.split("has no column")[0]


def test_a_publication_without_prediction_says_so(invented, tmp_path, monkeypatch):
    path = tmp_path / "marts.duckdb"
    shutil.copy(invented, path)
    with duckdb.connect(str(path)) as database:
        database.execute("drop macro table predict_mall")
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    app = opened("predict", "mall_personas")
    app.button[0].click().run()
    assert not app.exception
    assert "was published by another version of this project" in said(app)
