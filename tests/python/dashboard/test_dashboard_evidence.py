"""The pages on evidence, data and quality: what they show is what was published, and what is missing is said plainly."""

import html
import re
import shutil

import duckdb
import pandas as pd
import pytest
import reading
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from customer_segmentation import formatting
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report.about_data import checks_of, data_section
from customer_segmentation.report.page import every
from helpers.dashboard_server import DASHBOARD
from helpers.small_publication import EVIDENCE, MALL, Described, publish

pytestmark = pytest.mark.slow  # every test runs whole pages

TABS = {
    "evidence": (
        "Number of segments", "Best solution", "Stability", "Other algorithms", "Rules", "Other segmentations",
        "Published results",
    ),
    "explore": ("Distributions", "Categories", "Correlations", "Curves"),
    "quality": ("Rejected rows", "Columns", "Checks", "Claims about personas"),
}  # fmt: skip
PLACES = [(page, tab) for page, tabs in TABS.items() for tab in tabs]
OTHER = Described("mall_other", "mall", ("A", "B", "C", "D"), features=("age", "visits"))
ALONE = Described("alone_two", "alone", ("<b>X</b>", "$Y$ {{ 7 * 7 }}"), features=("age",), is_synthetic=True)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("small") / "marts.duckdb", MALL, OTHER, ALONE)


@pytest.fixture
def changed(small, tmp_path):
    """Return a function that changes a copy of the small publication, and its path."""

    def change(*statements):
        path = shutil.copy(small, tmp_path / "marts.duckdb")
        with duckdb.connect(str(path)) as database:
            for statement in statements:
                database.execute(statement)
        return path

    return change


@pytest.fixture
def opened(monkeypatch):
    """Return a function that opens a tab of a page as if its address had been typed in."""

    def open_page(path, page, tab, segmentation) -> AppTest:
        monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
        reading._rows.clear()
        app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=60)
        app.query_params["segmentation"] = segmentation
        app.query_params[page] = tab
        app._page_hash = calc_hash(page)
        app.run()
        assert not app.exception, [one.message for one in app.exception]
        assert not app.warning
        return app

    return open_page


def said(app: AppTest) -> str:
    """Return what a reader sees of a page, without markup."""
    source = " ".join(element.proto.body for element in app.get("html") if "<style>" not in element.proto.body)
    source += " ".join(element.value for kind in ("code", "info", "error") for element in app.get(kind))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", source)).split())


def table_of(app: AppTest, *headers: str) -> list[list[str]]:
    """Return the cells of the table with these headers."""
    for element in app.get("html"):
        cells = [
            [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
            for row in re.findall(r"<tr>.*?</tr>", element.proto.body.replace("\N{NO-BREAK SPACE}", " "))
        ]
        if cells and tuple(cells[0]) == headers:
            return cells[1:]
    pytest.fail(f"There is no table with the columns {headers}.")


def rows(path, sql, *parameters) -> pd.DataFrame:
    with duckdb.connect(str(path), read_only=True) as database:
        return database.execute(sql, list(parameters)).df()


def charts(app: AppTest) -> int:
    return len(app.get("vega_lite_chart")) + len(app.get("plotly_chart"))


@pytest.mark.parametrize(("page", "tab"), PLACES)
@pytest.mark.parametrize("segmentation", [MALL.segmentation, OTHER.segmentation, ALONE.segmentation])
def test_every_tab_shows_every_segmentation(small, opened, page, tab, segmentation):
    if tab == "Published results" and segmentation == ALONE.segmentation:
        return  # nobody published anything about it, so there is no tab
    app = opened(small, page, tab, segmentation)
    shown = said(app)
    assert ("synthetic data" in shown) == (segmentation == ALONE.segmentation)
    assert "Not computed" not in shown
    assert "nan" not in shown.lower().split()


@pytest.mark.parametrize(("page", "tab"), PLACES)
def test_without_evidence_every_tab_says_so_in_plain_words(small, tmp_path, opened, page, tab):
    path = publish(tmp_path / "marts.duckdb", MALL, OTHER, evidence=False)
    shown = said(opened(path, page, tab, "mall_personas"))
    if page != "quality":
        assert "`evidence: none`" in shown
        assert "not computed" in shown.lower()
    assert ("set `evidence: full`" in shown) == (page == "evidence")


def test_only_the_open_tab_is_made(small, opened):
    assert charts(opened(small, "evidence", "Number of segments", "mall_personas")) == 7
    assert charts(opened(small, "evidence", "Best solution", "mall_personas")) == 0
    assert charts(opened(small, "evidence", "No such tab", "mall_personas")) == 7


def test_the_criteria_are_those_published(small, opened):
    app = opened(small, "evidence", "Number of segments", "mall_other")
    headers = (
        "segments", "Inertia", "Silhouette", "Calinski-Harabasz", "Davies-Bouldin", "Gap statistic",
        "Prediction strength", "Bootstrap stability", "Mean Jaccard",
    )  # fmt: skip
    shown = table_of(app, *headers)
    published = rows(small, "select * from k_selection where segmentation = 'mall_other' order by k")
    assert [row[2] for row in shown] == [f"{value:.3f}" for value in published["silhouette"]]
    assert [row[0] for row in shown if "recommended" in row[0]] == ["4 (in use) (recommended)"]
    sentence = rows(small, "select sentence from k_recommendation where segmentation = 'mall_other'").iloc[0, 0]
    assert sentence in said(app)


def test_the_optima_are_those_published(small, opened):
    app = opened(small, "evidence", "Best solution", "mall_personas")
    shown = table_of(
        app, "optimum", "inertia", "above the best", "share of starts", "found by", "customers elsewhere",
        "smallest segment",
    )  # fmt: skip
    assert [row[1] for row in shown] == ["65.500", "66.800", "68.100"]
    assert [row[3] for row in shown] == ["49 %", "30 %", "21 %"]


def test_the_stability_of_each_segment_is_that_published(small, opened):
    app = opened(small, "evidence", "Stability", "mall_other")
    shown = table_of(app, "persona", "bootstrap Jaccard", "comes back", "dissolved", "grade")
    published = rows(small, "select * from segment_stability where segmentation = 'mall_other' order by cluster_id")
    assert [(row[0], row[1], row[4]) for row in shown] == [
        (one.persona, f"{one.bootstrap_jaccard:.2f}", one.stability_grade) for one in published.itertuples()
    ]
    assert charts(app) == 2


def test_how_noise_is_handled_is_said_of_every_algorithm_with_noise(small, opened):
    shown = said(opened(small, "evidence", "Other algorithms", "mall_personas"))
    assert "HDBSCAN: customers in thin regions are noise and get no segment." in shown
    assert "Gaussian mixture (full) agrees best with K-Means (adjusted Rand index 0.93)." in shown


def test_rules_are_shown_in_words_and_as_sql_that_runs(small, opened):
    app = opened(small, "evidence", "Rules", "mall_other")
    assert said(app).count("Age over 1 years.") == 4
    published = rows(small, "select customers_caught from segment_rules where segmentation = 'mall_other'")
    found = [len(rows(small, code.value)) for code in app.code]
    assert found == list(published["customers_caught"])


def test_a_segment_without_a_rule_is_told(changed, opened):
    path = changed("update segment_rules set rule_sql = null, rule_prose = null, purity = null where cluster_id = 1")
    app = opened(path, "evidence", "Rules", "mall_personas")
    assert "No short rule describes this segment." in said(app)
    assert len(app.code) == 2


def test_the_crosswalk_is_that_published(small, opened):
    app = opened(small, "evidence", "Other segmentations", "mall_personas")
    shown = table_of(app, "Mall personas", "A", "B", "C", "D")
    published = rows(
        small,
        "select * from segment_crosswalk where segmentation = 'mall_personas' and other_segmentation = 'mall_other'",
    )
    shares = {
        (persona, other): share
        for persona, rows_of in published.groupby("persona")
        for other, share in zip(rows_of["other_persona"], formatting.shares(rows_of["share_of_segment"]), strict=True)
    }
    found = {(row[0], name): cell for row in shown for name, cell in zip("ABCD", row[1:], strict=True) if cell}
    assert found == shares
    alone = opened(small, "evidence", "Other segmentations", "alone_two")
    assert "Alone two is the only segmentation of the dataset Alone." in said(alone)


def test_published_results_on_the_same_features_come_first(small, opened):
    own = opened(small, "evidence", "Published results", "mall_personas")
    assert "One published figure, recomputed: one confirmed." in said(own)
    assert not own.expander
    other = opened(small, "evidence", "Published results", "mall_other")
    assert "No published figure uses the features of this segmentation." in said(other)
    assert [one.label for one in other.expander] == ["Published results on other features (1)"]


def test_each_feature_has_its_histogram(small, opened):
    app = opened(small, "explore", "Distributions", "mall_personas")
    assert charts(app) == 4
    median = rows(small, "select median from feature_summary where feature = 'visits'").iloc[0, 0]
    assert f"median {median:.0f} points (blue)" in said(app)


def test_a_feature_that_is_the_same_for_all_customers_is_named_and_not_drawn(changed, opened):
    path = changed(
        "update feature_summary set standard_deviation = 0, minimum = 4, p25 = 4, median = 4, p75 = 4, maximum = 4 "
        "where feature = 'visits'"
    )
    app = opened(path, "explore", "Distributions", "mall_personas")
    assert charts(app) == 3
    assert "The same for all customers: visits (4 " in said(app)
    every = opened(
        changed("update feature_summary set standard_deviation = 0"), "explore", "Distributions", "mall_personas"
    )
    assert charts(every) == 0
    assert "The same for all customers: age (" in said(every)


def test_a_chosen_category_is_compared_with_its_effect(small, opened):
    app = opened(small, "explore", "Categories", "mall_personas")
    app.selectbox(key="category of mall").select("town").run()
    assert not app.exception
    assert "It says next to nothing (p 0.400)." in said(app)
    assert " by town: 0.4 % of the variance" in said(app)
    shown = table_of(app, "value", "customers", "share")
    published = rows(small, "from category_counts where dataset = 'mall' and category = 'town'")
    assert {row[0]: row[1] for row in shown} == {
        one.category_value: str(one.customers) for one in published.itertuples()
    }


@pytest.mark.parametrize(("measure", "value"), [("spearman", "\N{MINUS SIGN}0.35"), ("pearson", "\N{MINUS SIGN}0.33")])
def test_the_chosen_correlation_is_shown(small, opened, measure, value):
    app = opened(small, "explore", "Correlations", "mall_personas")
    app.segmented_control(key="correlation").set_value(measure).run()
    shown = table_of(app, "feature", "age", "annual income", "spending score", "visits")
    assert [row[1:].count(value) for row in shown] == [3, 3, 3, 3]
    assert "Over the 150 customers who have both features." in said(app)


def test_curves_of_a_chosen_pair_are_those_published(small, opened):
    app = opened(small, "explore", "Curves", "mall_personas")
    app.selectbox(key="curve of mall from").select("visits").run()
    app.selectbox(key="curve of mall from visits to").select("age").run()
    assert not app.exception
    shown = table_of(app, "fit", "R squared", "p value", "intercept", "slope", "quadratic coefficient", "customers")
    assert shown == [
        ["Linear", "0.110", "0.020", "70", "\N{MINUS SIGN}0.6", "", "150"],
        ["Quadratic", "0.140", "under 0.001", "70", "\N{MINUS SIGN}0.6", "0.002", "150"],
    ]
    assert "Age from visits: of the variance, the linear fit explains 11 %" in said(app)


def test_no_more_customers_are_drawn_than_can_be_told_apart(changed, opened):
    path = changed(
        "insert into mall_customer_features select mall_customer_features.* replace (customer_id || copy as customer_id) "
        "from mall_customer_features, range(100) as copies(copy)"
    )
    app = opened(path, "explore", "Curves", "mall_personas")
    assert "2,000 of them, drawn at random, are drawn." in said(app)


def test_one_feature_and_no_category_are_said_in_words(changed, opened):
    path = changed("delete from category_effects", "delete from category_counts")
    assert "There is nothing to compare" in said(opened(path, "explore", "Categories", "alone_two"))
    assert "There are not two features to compare." in said(opened(path, "explore", "Correlations", "alone_two"))
    assert "There are not two features to compare." in said(opened(path, "explore", "Curves", "alone_two"))


def test_a_pair_without_a_curve_is_said_in_words(changed, opened):
    path = changed("update feature_relationships set r_squared = null, intercept = null, slope = null, p_value = null")
    assert "No curve can be fitted" in said(opened(path, "explore", "Curves", "mall_personas"))


def test_rows_read_used_and_rejected_are_counted(small, opened):
    app = opened(small, "quality", "Rejected rows", "mall_personas")
    shown = said(app)
    assert "154 rows were read and 4 of them (2.6 %) rejected: missing (3) and not a number (1)." in shown
    assert "Rows used 150 97.4 % of those read" in shown
    reasons = table_of(app, "reason", "rows", "columns", "input")
    assert reasons == [["missing", "3", "age (3)", "Customers"], ["not a number", "1", "age (1)", "Customers"]]


def test_rejected_rows_are_filtered_by_reason_and_by_what_they_hold(small, opened):
    app = opened(small, "quality", "Rejected rows", "mall_personas")
    assert list(app.dataframe[0].value["raw_row"]) == ["R1,,<b>50</b>", "R2,,60", "R3,,70", "R4,old,80"]
    app.selectbox(key="reason of mall").select("missing").run()
    assert list(app.dataframe[0].value["row_number"]) == [1, 2, 3]
    app.text_input(key="rows of mall").set_value("r2").run()
    assert list(app.dataframe[0].value["customer_id"]) == ["R2"]
    app.text_input(key="rows of mall").set_value("' or 1 = 1 --").run()
    assert not app.dataframe
    assert "No rejected row matches." in said(app)


def test_every_page_counts_the_same_checks(small, opened, tmp_path):
    """Checks of a dataset are those of its own tables and of the tables that all datasets share."""
    path = tmp_path / "marts.duckdb"
    shutil.copy(small, path)
    with duckdb.connect(str(path)) as database:
        for relation in ("segments", "customer_segments", "stg_mall__rows", "mall_west_customer_features"):
            database.execute(
                "insert into data_quality_results by name select * replace (? as relation, true as success) "
                "from data_quality_results where relation = 'mall_customer_features' and success",
                [relation],
            )
        database.execute("insert into datasets by name select * replace ('mall_west' as dataset) from datasets limit 1")
    with Publication(path) as publication:
        checks = checks_of(publication, "mall")
        assert sorted(set(checks["relation"])) == [
            "customer_segments",
            "mall_customer_features",
            "segments",
            "stg_mall__rows",
        ]
        section = data_section(publication, "mall")
    count = f"1 of {len(checks)} quality checks of Mall failed."
    assert any(count in block.text for block in every(section.blocks) if block.kind == "text")
    assert count in said(opened(path, "quality", "Checks", "mall_personas"))
    assert f"{len(checks) - 1} of {len(checks)} checks of Mall" in said(
        opened(path, "quality", "Checks", "mall_personas")
    )


def test_checks_that_found_something_come_first(small, opened):
    app = opened(small, "quality", "Checks", "mall_personas")
    headers = ("result", "about", "column", "expected", "found", "why it matters")
    assert [row[0] for row in table_of(app, *headers)] == ["failed (warning)"]
    assert table_of(app, *headers)[0][4] == "3 unexpected, such as old and <i>young</i>"
    assert table_of(app, "about", "table", "passed", "pass rate")[0][2:] == ["1 of 2", "50 %"]
    app.toggle(key="failed of mall").set_value(False).run()
    assert [row[0] for row in table_of(app, *headers)] == ["passed", "failed (warning)"]


def test_nothing_rejected_and_nothing_checked_are_said_in_words(changed, opened):
    path = changed(
        "delete from rejected_rows", "delete from data_quality_results", "delete from input_columns",
        "delete from persona_trait_checks", "update datasets set rejected_rows = 0, input_rows = 150, as_of_date = null",
    )  # fmt: skip
    assert "Every row that was read is used." in said(opened(path, "quality", "Rejected rows", "mall_personas"))
    assert "No quality checks were published." in said(opened(path, "quality", "Checks", "mall_personas"))
    assert "does not say how columns were read" in said(opened(path, "quality", "Columns", "mall_personas"))
    claims = said(opened(path, "quality", "Claims about personas", "mall_personas"))
    assert "No persona of this segmentation makes a claim" in claims


def test_contradicted_claims_come_first(small, opened):
    app = opened(small, "quality", "Claims about personas", "mall_personas")
    assert table_of(app, "persona", "claim", "verdict")[0] == [
        "Savers", "age: claimed high (at least 55 years), found 48", "contradicted",
    ]  # fmt: skip
    assert "Two of three claims about personas agree with the figures of their segment." in said(app)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (3, "None of the three claims about personas agrees with the figures of its segment."),
        (2, "Neither claim about personas agrees with the figures of its segment."),
        (1, "No claim about personas agrees with the figures of its segment."),
    ],
)
def test_that_no_claim_agrees_is_said_in_right_english(changed, opened, kept, told):
    path = changed(
        "update persona_trait_checks set is_contradicted = true",
        "delete from persona_trait_checks where segmentation = 'mall_personas' and rowid not in (select rowid from "
        f"persona_trait_checks where segmentation = 'mall_personas' order by persona, position limit {kept})",
    )
    assert told in said(opened(path, "quality", "Claims about personas", "mall_personas"))


def test_names_of_users_are_text(small, opened):
    app = opened(small, "evidence", "Stability", "alone_two")
    assert "<b>X</b>" in said(app)
    assert "$Y$ {{ 7 * 7 }}" in said(app)
    assert not any("<b>X</b>" in element.proto.body for element in app.get("html"))


@pytest.fixture(scope="module")
def bare(built, tmp_path_factory):
    """What was really built, without its evidence."""
    path = shutil.copy(built.published / "marts.duckdb", tmp_path_factory.mktemp("bare") / "marts.duckdb")
    with duckdb.connect(str(path)) as database:
        for name in EVIDENCE:
            database.execute(f"delete from {name}")
        database.execute("update segments set stability_grade = null, bootstrap_jaccard = null")
    return path


def tabs_at_once(_, parts) -> None:
    """Show all tabs of a page one after the other, each after its label."""
    for label, make in parts.items():
        st.html(f"@@{label}==")
        make()


def said_in_tabs(app: AppTest) -> dict[str, str]:
    _, *found = said(app).split("@@")
    return dict(text.split("==", 1) for text in found)


@pytest.mark.parametrize(
    ("page", "segmentation"),
    [
        *[(page, name) for page in TABS for name in ("mall_income_spending", "retail_personas", "sales_personas")],
        ("evidence", "mall_seven_personas"),  # its optimum is not the best one known
    ],
)
def test_every_tab_shows_what_was_really_built(built, bare, opened, monkeypatch, page, segmentation):
    # Other tests open each tab; here only what is in them matters.
    monkeypatch.setattr("tabs.show", tabs_at_once)
    published = built.published / "marts.duckdb"
    expected = [tab for tab in TABS[page] if tab != "Published results" or segmentation.startswith("mall")]
    shown = said_in_tabs(opened(published, page, "", segmentation))
    assert list(shown) == expected
    assert all("Not computed" not in text for text in shown.values())
    without = said_in_tabs(opened(bare, page, "", segmentation))
    assert list(without) == [tab for tab in expected if tab != "Published results"]  # none was computed again
    if page != "quality":
        assert [
            tab
            for tab, text in without.items()
            if "not computed" not in text.lower() and "is the only segmentation of the dataset" not in text
        ] == []
