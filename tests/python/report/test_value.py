"""What is said and drawn about the value of customers: sentences, the values of charts, report and slides."""

import json

import duckdb
import pandas as pd
import pytest

from customer_segmentation.publication.outgoing import OutgoingPublication
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import interactive, slides, theme, value_findings
from customer_segmentation.report.about_value import groups_of_segments, groups_table
from customer_segmentation.report.charts import value as charts
from customer_segmentation.report.charts.drawing import LINE
from customer_segmentation.report.figures import value_figures
from customer_segmentation.report.figures.figure import NotDrawn
from customer_segmentation.report.value_findings import Measure
from helpers.small_movement import SHOP
from helpers.small_publication import MALL, Described, publish
from helpers.small_value import CELLS, add_value

MONEY, SCORE = Measure("money", "$", True), Measure("spending score", "points", False)
PEOPLE = Described("shop_personas", "shop", SHOP.personas, is_example=False)


def points(*money: float) -> pd.DataFrame:
    """Return a curve with one customer between two points, who brings this much."""
    return pd.DataFrame({"customers": range(1, len(money) + 1), "money": pd.Series(money, dtype=float).cumsum()})


def rows_of(chart, layer: int) -> list[dict]:
    """Return the data of a layer as it is drawn."""
    drawn = chart.to_dict()
    part = drawn["layer"][layer]
    source = part.get("data", drawn.get("data"))
    return drawn["datasets"][source["name"]] if "name" in source else source["values"]


def titles(chart) -> set[str]:
    """Return what stands beside the axes of a chart."""
    encodings = [part.get("encoding", {}) for part in chart.to_dict()["layer"]]
    found = [encoding[axis].get("title") for encoding in encodings for axis in ("x", "y") if axis in encoding]
    return {" ".join(title) if isinstance(title, list) else title for title in found if title}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return add_value(publish(tmp_path_factory.mktemp("shop") / "marts.duckdb", SHOP, MALL))


@pytest.fixture
def publication(shop):
    with Publication(shop) as opened:
        yield opened


@pytest.fixture
def row(publication) -> dict:
    return publication.table("datasets", dataset="shop").iloc[0].to_dict()


@pytest.mark.parametrize(
    ("curve", "sentence"),
    [
        (points(60, 20, 10, 5, 5), "16.7 % of the customers bring 50 % of the money; the top 10 % bring 30 %."),
        (points(25, 25, 25, 25), "50 % of the customers bring 50 % of the money; the top 10 % bring 10 %."),
        # the last customer has sent back more than was bought
        (points(80, 40, -20), "20.8 % of the customers bring 50 % of the money; the top 10 % bring 24 %."),
        (points(40), "There is only one customer, so nothing can be said about who brings the money."),
        (points(0, 0), "These customers have brought no money on balance, so there is none to share out."),
        (points(5, -7), "These customers have brought no money on balance, so there is none to share out."),
        (points(), "There are too few customers to say who brings the money."),
    ],
)
def test_who_brings_the_money_is_said_in_a_sentence(curve, sentence):
    assert value_findings.concentration_sentence(curve) == sentence


def test_fields_of_the_rfm_grid_are_as_high_as_the_longest_name_of_a_group(publication):
    name = "Customers who come back month after month and never leave without a bag of tea"
    chart = charts.grid(publication.rfm_cells("shop").assign(rfm_group=name), MONEY)
    most = max(len(row["lines"].split("\n")) for row in rows_of(chart, 1))
    assert most > 8
    assert chart.to_dict()["height"] / len(charts.SCORES) >= LINE * most


def groups(**columns) -> pd.DataFrame:
    values = {
        "rfm_group": ["Champions", "Lost", "New"], "position": [1, 2, 3], "customers": [1, 3, 0],
        "mean_monetary": [75.0, 8.0, None], "share_of_monetary": [0.75, 0.25, 0.0], "description": "d", "advice": "a",
    }  # fmt: skip
    return pd.DataFrame(values | columns)


def test_the_group_that_brings_most_is_named():
    assert (
        value_findings.groups_title(groups(), MONEY)
        == "Champions are 25 % of the customers and bring 75 % of the money"
    )
    # a score has a mean, and no sum
    told = value_findings.groups_title(groups(share_of_monetary=None), SCORE)
    assert told == "Champions are 25 % of the customers, with the highest mean spending score: 75 points"
    nothing = groups(share_of_monetary=None, mean_monetary=[0.0, 0.0, None])
    assert value_findings.adds_up(nothing)
    assert value_findings.groups_title(nothing, MONEY) == "Two RFM groups with customers"


def test_groups_are_listed_with_their_money_and_its_share():
    shown = groups_table(groups(), MONEY)
    assert shown.headers == [
        "group", "customers", "share of customers", "money", "share of money", "who they are, and what to do",
    ]  # fmt: skip
    assert [[cell.text for cell in line][:5] for line in shown.cells] == [
        ["Champions", "1", "25 %", "$75", "75 %"],
        ["Lost", "3", "75 %", "$24", "25 %"],
        ["New", "0", "0 %", "", "0 %"],
    ]
    scores = groups_table(groups(share_of_monetary=None), SCORE)
    assert scores.headers[3:5] == ["mean spending score, points", "who they are, and what to do"]


def test_groups_stand_with_their_campaigns_where_one_has_any():
    planned = groups(campaign=["Early Access", None, None], channel=["app_push", None, None])
    shown = groups_table(planned, MONEY)
    assert shown.headers[-2:] == ["campaign", "who they are, and what to do"]
    assert [line[-2].text for line in shown.cells] == ["Early Access (app push)", "", ""]
    assert "campaign" not in groups_table(groups(campaign=None, channel=None), MONEY).headers


def test_a_group_without_advice_is_described_all_the_same():
    assert groups_table(groups(advice="a"), MONEY).cells[0][-1].text == "d. a."
    assert groups_table(groups(advice=None), MONEY).cells[0][-1].text == "d."


def test_the_grid_draws_customers_and_money_of_each_cell(publication):
    chart = charts.grid(publication.rfm_cells("shop"), MONEY)
    drawn = {(cell["recency"], cell["value"]): cell for cell in rows_of(chart, 0)}
    assert len(drawn) == 25
    best = drawn[5, 5]
    assert (best["group"], best["customers"], best["share"], best["worth"], best["part"]) == (
        "Champions", 3, "37.5 %", "$1,800", "90 %",
    )  # fmt: skip
    assert best["lines"] == "Champions\n3\n$1,800"
    assert drawn[3, 3]["lines"] == "Need\nAttention\n2\n$80"
    assert drawn[2, 2] == {
        "recency": 2,
        "value": 2,
        "colour": theme.PAPER,
        "field": "paper",
        "ink": theme.INK,
        "lines": "\N{EN DASH}",
        "group": "no customer",
    }
    # darker is more: of red, green and blue the darkest has least
    assert best["colour"] < drawn[5, 4]["colour"] < drawn[1, 1]["colour"]
    assert titles(chart) == {
        "value score, 1 (rarely, for little) to 5 (often, for much)", "recency score, 1 (long ago) to 5 (just now)",
    }  # fmt: skip


@pytest.mark.parametrize("amounts", [(0.0, 0.0), (-5.0, -7.0)])
def test_a_grid_without_money_is_drawn_in_white(amounts):
    cells = pd.DataFrame(
        {
            "recency_score": [5, 1], "value_score": [5, 1], "rfm_group": ["Champions", "Lost"], "customers": [1, 1],
            "money": amounts, "mean_monetary": amounts,
        }
    )  # fmt: skip
    drawn = rows_of(charts.grid(cells, MONEY), 0)
    assert {cell["colour"] for cell in drawn} == {theme.PAPER}


def test_the_curve_draws_shares_of_customers_and_money():
    chart = charts.concentration(points(60, 20, 10, 5, 5))
    assert [(point["customers"], point["money"]) for point in rows_of(chart, 1)] == [
        (0, 0), (20, 60), (40, 80), (60, 90), (80, 95), (100, 100),
    ]  # fmt: skip
    assert [(mark["customers"], mark["money"]) for mark in rows_of(chart, 4)] == [(16.6667, 50), (10, 30)]
    assert rows_of(chart, 4)[0]["lines"] == "16.7 % of the customers, 50 % of the money"
    assert titles(chart) == {"share of the customers, the most valuable first, %", "share of the money, %"}


def test_months_are_added_up_over_cohorts_without_the_first(publication):
    months = value_findings.by_month(publication.table("purchase_cohorts", dataset="shop"))
    assert months[["new", "returning", "lapsed", "new_money", "returning_money"]].to_numpy().tolist() == [
        [40, 60, 0, 300, 700],
        [20, 60, 30, 150, 480],
    ]
    assert value_findings.flow_sentence(months, "$") == (
        "In March 2024, 80 customers bought: 20 new and 60 returning. They paid $630 net of returns, and 30 customers "
        "lapsed."
    )
    bars = rows_of(charts.buyers(months), 0)
    assert [(bar["month"], bar["kind"], bar["drawn"]) for bar in bars[3:]] == [
        ("Mar 2024", "returning", 60), ("Mar 2024", "new", 20), ("Mar 2024", "lapsed", -30),
    ]  # fmt: skip
    assert titles(charts.buyers(months)) == {"month", "customers, lapsed below zero"}
    paid = charts.money(months, "$")
    assert [(bar["kind"], bar["money"], bar["text"]) for bar in rows_of(paid, 0)[2:]] == [
        ("returning", 480, "$480"), ("new", 150, "$150"),
    ]  # fmt: skip
    assert titles(paid) == {"month", "money net of returns, $"}


def test_cohorts_begin_with_the_second_month_of_the_data(publication):
    cohorts = value_findings.begun(publication.table("purchase_cohorts", dataset="shop"))
    (drawn,) = rows_of(charts.cohorts(cohorts), 0)
    assert (drawn["cohort"], drawn["months"], drawn["share"], drawn["text"]) == ("Feb 2024", 1, "25 %", "25")
    assert titles(charts.cohorts(cohorts)) == {"months since the first purchase", "month of the first purchase"}
    assert (
        value_findings.cohorts_sentence(cohorts) == "25 % of the customers buy in the month after their first purchase."
    )
    assert value_findings.cohorts_sentence(cohorts[cohorts["months_since"] == 0]) == ""


def test_one_month_has_neither_flow_nor_cohorts(publication):
    cohorts = publication.table("purchase_cohorts", dataset="shop").head(1)
    assert value_findings.by_month(cohorts).empty
    assert value_findings.flow_sentence(value_findings.by_month(cohorts), "$") == ""
    assert value_findings.cohorts_sentence(value_findings.begun(cohorts)) == ""


def test_groups_are_crossed_with_segments(publication):
    crossed = groups_of_segments(publication, SHOP.segmentation)
    assert crossed.headers == ["segment", "Champions", "Need Attention", "Lost", "No Purchase Yet"]
    assert [cell.text for cell in crossed.cells[0]] == ["Often", "40 %", "20 %", "20 %", "20 %"]
    assert groups_of_segments(publication, MALL.segmentation) is None


def test_alternative_texts_hold_the_values(publication, row):
    (grid,) = value_figures.grid(publication, row).charts()
    assert "recency score 5, value score 5: Champions, 3 customers, $1,800; recency score 5, value score 4" in (
        grid.alternative
    )
    (curve,) = value_figures.concentration(publication, row).charts()
    assert "20 % of the customers bring 70 % of the money" not in curve.alternative
    assert "the top 20 % bring 70 %" in curve.alternative


def test_a_million_customers_make_a_hundred_points(tmp_path):
    path = add_value(publish(tmp_path / "marts.duckdb", SHOP))
    with duckdb.connect(str(path)) as database:
        database.execute("delete from rfm_scores")
        database.execute(
            "insert into rfm_scores by name select 'shop' as dataset, 'C' || i as customer_id, i % 997 as monetary "
            "from range(1000000) as t (i)"
        )
    with Publication(path) as publication:
        shown = publication.concentration("shop")
    assert len(shown) == 100
    assert shown["customers"].tolist() == [10_000 * (place + 1) for place in range(100)]
    assert shown["money"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (
            ((5, 5, "champions", (0.0, 0.0)),),
            "These customers have brought no money on balance, so there is none to share out.",
        ),
        (
            ((5, 5, "champions", (-3.0, -4.0)),),
            "These customers have brought no money on balance, so there is none to share out.",
        ),
        (
            ((5, 5, "champions", (90.0,)),),
            "There is only one customer, so nothing can be said about who brings the money.",
        ),
    ],
    ids=["no money", "money lost", "one customer"],
)
def test_without_a_curve_the_report_says_why(tmp_path, cells, reason):
    path = add_value(publish(tmp_path / "marts.duckdb", SHOP), cells=cells)
    with Publication(path) as publication:
        row = publication.table("datasets", dataset="shop").iloc[0].to_dict()
        assert value_figures.concentration(publication, row).reason == reason
        assert reason in interactive.build(publication).decode()


def test_a_score_is_no_money(tmp_path):
    path = add_value(publish(tmp_path / "marts.duckdb", SHOP), feature="spending_score", is_money=False)
    with Publication(path) as publication:
        row = publication.table("datasets", dataset="shop").iloc[0].to_dict()
        assert value_figures.measure(publication, "shop") == SCORE
        shown = value_figures.concentration(publication, row)
        assert isinstance(shown, NotDrawn)
        assert shown.reason == "The spending score is no amount of money: it has no sum, and so no shares."
        grid = rows_of(charts.grid(publication.rfm_cells("shop"), SCORE), 0)
        assert next(cell["worth"] for cell in grid if cell["recency"] == 1 and cell["value"] == 1) == "10 points"


def test_the_report_has_a_section_about_value(shop):
    with Publication(shop) as publication:
        content = interactive.build(publication).decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Champions are 40 % of the customers and bring 95 % of the money" in content
    assert "12 % of the customers bring 50 % of the money; the top 10 % bring 45 %." in content
    assert '"chart-shop-rfm_grid"' in content
    assert '"chart-shop-concentration"' in content


def test_what_leaves_the_house_has_a_smallest_cell_behind_every_figure(tmp_path):
    many = (5, 5, "champions", tuple(100.0 + place for place in range(30)))
    few = (5, 4, "champions", (4711.25, 4712.25))
    lost = (1, 1, "lost", tuple(1.0 + place for place in range(12)))
    path = add_value(publish(tmp_path / "marts.duckdb", PEOPLE), cells=(many, few, lost))
    with OutgoingPublication(path) as publication:
        cells = publication.rfm_cells("shop").set_index("rfm_group")
        # the two of the small cell are not there, and the other cell of their group says nothing of them
        assert cells["customers"].to_dict() == {"Champions": 30, "Lost": 12}
        assert cells["money"].isna().to_dict() == {"Champions": True, "Lost": False}
        curve = publication.concentration("shop")
        assert curve["customers"].diff().dropna().min() >= 5
        assert curve["customers"].iloc[0] >= 5
        cohorts = publication.table("purchase_cohorts", dataset="shop")
        assert cohorts["money"].isna().all()
        assert set(cohorts["customers"] % 5) == {0}
        assert not publication.has("rfm_scores")
        content = interactive.build(publication).decode()
        assert "4,711" not in content


def test_too_few_people_have_no_curve(tmp_path):
    path = add_value(publish(tmp_path / "marts.duckdb", PEOPLE), cells=((5, 5, "champions", (9.0, 8.0, 7.0)),))
    with OutgoingPublication(path) as publication:
        assert publication.concentration("shop").empty
        assert publication.rfm_cells("shop").empty
        assert "There are too few customers to say who brings the money." in interactive.build(publication).decode()


def test_a_publication_without_scores_is_told_without_value(tmp_path):
    path = publish(tmp_path / "marts.duckdb", SHOP)
    with Publication(path) as publication:
        assert publication.rfm_cells("shop").empty
        assert publication.concentration("shop").empty
        assert "rfm_grid" not in interactive.build(publication).decode()
        slides.build(publication)


def test_charts_are_plain_data(publication):
    cells, curve = publication.rfm_cells("shop"), publication.concentration("shop")
    for chart in (charts.grid(cells, MONEY), charts.concentration(curve)):
        assert json.dumps(chart.to_dict(), allow_nan=False)
    assert sum(len(amounts) for *_, amounts in CELLS) == curve["customers"].iloc[-1]
