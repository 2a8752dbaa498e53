"""The pages of the dashboard without a browser: what they show, and what they say when there is nothing to show."""

import json
import os
import re
import sys
import threading
import tomllib
from pathlib import Path

import choice
import duckdb
import pytest
import reading
from audience import Audience
from registry import PAGES
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import TYPICAL, cell
from customer_segmentation.publication.database import other_version
from helpers.dashboard_server import DASHBOARD, free_port, start
from helpers.small_movement import SHOP, add_movement
from helpers.small_publication import MALL, Described, emptied, publish

RETAIL = Described("retail_personas", "retail", ("Often", "Seldom"), is_synthetic=True)
SIX = Described("mall_six", "mall", ("Big Spenders", "Savers", "Young", "Old"))
NAMES = [page.name for page in PAGES]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Each test reads its own file; what was read for another one is of no use."""
    reading._rows.clear()


@pytest.fixture
def published(tmp_path, monkeypatch) -> Path:
    path = publish(tmp_path / "published" / "marts.duckdb", MALL, SIX, RETAIL)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    return path


def opened(page: str = "", segmentation: str | None = None, tab: str | None = None) -> AppTest:
    """Open a page as if its address had been typed in."""
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=60)
    if segmentation is not None:
        app.query_params["segmentation"] = segmentation
    if tab is not None:
        app.query_params[page] = tab
    # AppTest knows pages by their files; those of the dashboard are functions, found by the hash of their address.
    app._page_hash = calc_hash(page) if page else ""
    return app.run()


def said(app: AppTest) -> str:
    """Return all text of a page without markup."""
    texts = [element.proto.body for element in app.get("html") if "<style>" not in element.proto.body]
    texts += [element.value for kind in ("title", "warning", "info", "error", "caption") for element in app.get(kind)]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(texts)))


def read_as_markdown(app: AppTest) -> list[str]:
    """Return the texts around widgets, and the choices, that Streamlit reads as Markdown."""
    kinds = "button download_button expander multiselect number_input segmented_control selectbox slider tab text_input toggle"
    widgets = [element for kind in kinds.split() for element in app.get(kind)]
    found = [getattr(widget.proto, "label", "") for widget in widgets]
    found += [getattr(widget.proto, "help", "") for widget in widgets]
    found += [option.content for control in app.get("segmented_control") for option in control.proto.options]
    return [*found, *(element.value for kind in ("warning", "info", "caption") for element in app.get(kind))]


def replace(path: Path, *described: Described) -> None:
    """Publish anew, as a build does: a new file takes the name of the old one at once."""
    publish(path.with_name("next.duckdb"), *described)
    os.replace(path.with_name("next.duckdb"), path)


@pytest.mark.parametrize("segmentation", ["mall_personas", "mall_six", "retail_personas"])
@pytest.mark.parametrize("page", NAMES)
def test_every_page_shows_every_segmentation(published, page, segmentation):
    app = opened(page, segmentation)
    assert not app.exception
    assert not app.warning
    assert app.sidebar.selectbox[0].value == segmentation
    assert app.query_params["segmentation"] == segmentation
    assert ("synthetic data" in said(app)) == (segmentation == "retail_personas")


@pytest.mark.parametrize("page", NAMES)
def test_every_page_shows_what_was_built_without_evidence(tmp_path, monkeypatch, page):
    path = publish(tmp_path / "marts.duckdb", MALL, evidence=False)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    app = opened(page)
    assert not app.exception
    assert not app.title


@pytest.mark.parametrize("page", NAMES)
def test_names_of_users_are_text_and_not_markup(tmp_path, monkeypatch, page):
    features = (
        "a_<i>b",
        "age",
        "income [$] **k$**",
        ":red[x] `y`",
        "www.x.example and a@x.example of https://x.example",
    )
    hostile = Described("mall_<b>x", "mall", ("<script>alert(1)</script>", "**Savers** $x$"), features=features)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(publish(tmp_path / "marts.duckdb", hostile)))
    app = opened(page)
    assert not app.exception
    shown = " ".join(element.proto.body for element in app.get("html"))
    assert "<script" not in shown
    assert "<b>x" not in shown
    assert "<i>b" not in shown
    assert not [text for text in read_as_markdown(app) if re.search(r"(?<!\\)[$*`<>\[\]]", text)]
    # Markdown makes links of addresses, escaped or not
    read = [re.sub(r"\\(.)", r"\1", text) for text in read_as_markdown(app)]
    assert not [text for text in read if re.search(r"https?://|www\.|\w@", text)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("update segmentation_fits set segmented_customers = 30, filled_segments = 1", "30 customers in one segment"),
        ("update segmentation_fits set segmented_customers = 1, filled_segments = 1", "1 customer in one segment"),
        ("alter table segmentation_fits drop segmented_customers", "150 customers in 3 segments"),  # an earlier version
    ],
)
def test_a_page_counts_the_customers_of_today_and_not_those_of_a_kept_fit(tmp_path, monkeypatch, change, told):
    path = publish(tmp_path / "marts.duckdb", MALL)
    with duckdb.connect(str(path)) as database:
        database.execute(change)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    assert f"Mall personas: {told}" in said(opened("segments"))


def test_real_customers_come_first_and_defaults_before_others(published):
    chosen = opened().sidebar.selectbox[0]
    assert chosen.value == "mall_personas"
    assert chosen.options == ["Mall personas", "Mall six", "Retail personas (synthetic)"]


def test_what_is_chosen_stays_from_page_to_page(published):
    app = opened("segments")
    app.sidebar.selectbox[0].select("retail_personas").run()
    assert app.query_params["segmentation"] == "retail_personas"
    del app.query_params["segmentation"]  # as a browser does when it opens another page
    app._page_hash = calc_hash("campaigns")
    app.run()
    assert app.sidebar.selectbox[0].value == "retail_personas"
    assert app.query_params["segmentation"] == "retail_personas"


@pytest.mark.parametrize("asked", ["mall_eight", "<b>*x*</b>", "x" * 5000, "'; drop table segments; --"])
def test_an_unknown_segmentation_is_named_and_the_default_shown(published, asked):
    app = opened("segments", asked)
    assert not app.exception
    message = app.warning[0].value.replace("\\", "")
    assert asked[:60] in message
    assert len(message) < 400
    assert "Published: mall_personas, mall_six and retail_personas" in message
    assert "Mall personas is shown instead" in message
    assert app.sidebar.selectbox[0].value == "mall_personas"
    assert app.query_params["segmentation"] == "mall_personas"


def test_a_segmentation_that_a_newer_publication_lacks_is_missed_plainly(published):
    app = opened("overview", "retail_personas")
    replace(published, MALL)
    app.run()
    assert "There is no segmentation “retail\\_personas”" in app.warning[0].value
    assert app.sidebar.selectbox[0].value == "mall_personas"


def test_without_a_publication_the_page_says_so_and_recovers(tmp_path, monkeypatch):
    path = tmp_path / "marts.duckdb"
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    app = opened("segments")
    assert not app.exception
    assert app.title[0].value == "Nothing is published yet"
    assert f"{path} does not exist. Run `make build`" in said(app)
    publish(path, MALL)
    app.run()
    assert not app.title
    assert "Big Spenders" in said(app)


def broken(path: Path, how: str) -> str:
    """Break a publication; return the words in which that is to be said."""
    whole = path.read_bytes()
    if how == "folder":
        path.unlink()
        path.mkdir()
        return "is a folder, expected a published database"
    if how == "another version":
        with duckdb.connect(str(path)) as database:
            database.execute("drop table segment_profiles")
        return "was published by another version of this project (no segment_profiles)"
    if how == "a column less":
        with duckdb.connect(str(path)) as database:
            database.execute("alter table segments drop column headline")
        return "was published by another version of this project"
    if how == "no rows":
        emptied(path)
        return "holds no segmentation"
    if how == "no time":
        emptied(path, "published_tables")
        return "does not say when it was published"
    if how == "another database":
        path.unlink()
        with duckdb.connect(str(path)) as database:
            database.execute("create table other as select 1 as one")
        return "was published by another version of this project"
    share = {"empty": 0, "a little": 0.01, "half": 0.5, "almost all": 0.9}.get(how)
    path.write_bytes(b"customer_id;age\n" * 2000 if share is None else whole[: int(len(whole) * share)])
    return "cannot be read as a published database"


@pytest.mark.parametrize(
    "how",
    [
        "empty",
        "a little",
        "half",
        "almost all",
        "text",
        "folder",
        "another database",
        "another version",
        "a column less",
        "no rows",
        "no time",
    ],
)
def test_what_cannot_be_read_is_said_plainly_and_recovered_from(published, how):
    app = opened("segments")
    expected = broken(published, how)
    reading._rows.clear()
    app.run()
    assert not app.exception
    assert app.title[0].value in ("Nothing is published yet", "What is published cannot be read")
    assert expected in said(app)
    assert how == "folder" or "Run `make build`" in said(app)
    assert "Traceback" not in said(app)
    if published.is_dir():
        published.rmdir()
    replace(published, MALL)
    app.run()
    assert not app.title
    assert "Big Spenders" in said(app)


def test_a_table_that_only_a_page_misses_does_not_mean_that_nothing_is_published(published, monkeypatch):
    def count(_):
        raise other_version(published, "Catalog Error: Table with name campaign_effects does not exist!")

    monkeypatch.setattr("audience.Audience.count", count)
    app = opened("campaigns", tab="Audience")
    assert not app.exception
    assert app.title[0].value == "What is published cannot be read"


def test_one_customer_is_no_customers(tmp_path, monkeypatch):
    alone = Described("mall_personas", "mall", ("Nobody Else", "Others"), sizes=(1, 40), customers=41)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(publish(tmp_path / "marts.duckdb", alone)))
    found = said(opened("overview"))
    assert "Nobody Else 1 customer " in found
    assert "Others 40 customers " in found


def test_a_column_that_only_a_page_misses_is_said_plainly(published):
    with duckdb.connect(str(published)) as database:
        database.execute("alter table campaign_recommendations drop column message")
    app = opened("campaigns")
    assert not app.exception
    assert "was published by another version of this project" in said(app)
    assert "message" in said(app)


@pytest.mark.parametrize("how", ["no rows", "a fault of the page"])
def test_what_goes_wrong_is_said_in_words_and_the_next_publication_is_looked_for(published, monkeypatch, how):
    watched = []
    monkeypatch.setattr("freshness.watch", lambda file, _: watched.append(file))
    if how == "no rows":
        emptied(published)
    else:
        monkeypatch.setattr("audience.Audience.count", lambda _: [][0])
    app = opened("campaigns", tab="Audience")
    assert not app.exception
    assert app.title[0].value == ("Nothing is published yet" if how == "no rows" else "This page cannot be shown")
    assert "Run `make build`" in said(app)
    assert "IndexError" not in said(app)
    assert watched == [reading.identity()]


def test_a_replaced_publication_is_read_at_once(published):
    before = reading.rows("select count(*) as number from segmentation_fits")["number"].iloc[0]
    replace(published, MALL)
    after = reading.rows("select count(*) as number from segmentation_fits")["number"].iloc[0]
    assert (before, after) == (3, 1)


def test_a_run_of_a_page_opens_the_publication_once(published):
    reading.start_over()
    opened_first = reading.publication()
    assert reading.publication() is opened_first
    replace(published, MALL)
    of_the_new_file = reading.publication()
    assert of_the_new_file is not opened_first
    assert len(of_the_new_file.fits()) == 1
    reading.start_over()
    assert reading.publication() is not of_the_new_file


def test_what_is_read_while_the_file_is_replaced_belongs_to_the_new_one(published, monkeypatch):
    # The file is replaced between the look at it and the query, once.
    seen = [reading.identity()]

    def identity():
        found = original()
        if seen:
            seen.pop()
            replace(published, MALL)
        return found

    original = reading.identity
    monkeypatch.setattr(reading, "identity", identity)
    assert len(reading.rows("select * from segmentation_fits")) == 1


def test_many_readers_at_once_read_what_is_there(published):
    counts = []

    def read(number):
        counts.append(reading.rows("select count(*) + ? as number from segmentation_fits", [number])["number"].iloc[0])

    readers = [threading.Thread(target=read, args=[number]) for number in range(20)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(counts) == [3 + number for number in range(20)]


def test_no_connection_stays_open(published):
    opened("campaigns", tab="Audience")
    # DuckDB would refuse to write into a file that this process still reads.
    with duckdb.connect(str(published)) as database:
        database.execute("create table written as select 1 as one")


@pytest.fixture
def borderline(published) -> Path:
    with duckdb.connect(str(published)) as database:
        database.execute("update customer_segments set margin = hash(customer_id) % 100 / 100.0")
        database.execute("update customer_segments set is_borderline = margin < 0.1")
    return published


FILTERS = {
    "everybody": ({}, "true"),
    "a persona": ({"personas": ("Savers",)}, "persona = 'Savers'"),
    "two personas": ({"personas": ("Savers", "Big Spenders")}, "persona in ('Savers', 'Big Spenders')"),
    "a campaign": ({"campaigns": ("Campaign 1.1",)}, "campaign = 'Campaign 1.1'"),
    "a channel": ({"channels": ("email",)}, "channel = 'email'"),
    "borderline": ({"is_borderline": True}, "is_borderline"),
    "clear": ({"is_borderline": False}, "not is_borderline"),
    "margin": ({"least_margin": 0.5}, "margin >= 0.5"),
    "several": ({"personas": ("Savers",), "least_margin": 0.3}, "persona = 'Savers' and margin >= 0.3"),
    "nobody": ({"personas": ("'; drop table segments; --",)}, "false"),
}


@pytest.mark.parametrize(("filters", "condition"), FILTERS.values(), ids=FILTERS)
def test_an_audience_is_the_filtered_mart(borderline, tmp_path, filters, condition):
    audience = Audience("mall_personas", **filters)
    (tmp_path / "audience.csv").write_bytes(audience.csv())
    with duckdb.connect() as database:
        database.execute(f"attach '{borderline}' as mart (read_only)")
        mart = database.execute(
            f"""
            select customer_id, persona, campaign, channel, round(margin, 6), is_borderline
            from mart.customer_campaigns
            join mart.customer_segments using (segmentation, customer_id, persona)
            where segmentation = 'mall_personas' and {condition}
            order by customer_id
            """
        ).fetchall()
        cut = database.execute(
            """
            select customer_id, persona, campaign, channel, round(margin::double, 6), is_borderline::boolean
            from read_csv(?, header = true, all_varchar = true)
            """,
            [str(tmp_path / "audience.csv")],
        ).fetchall()
    assert cut == mart
    assert audience.count() == len(mart)
    assert list(audience.preview(5)["customer_id"]) == [row[0] for row in mart[:5]]


def test_filters_on_the_page_change_the_number_of_customers(borderline):
    app = opened("campaigns", tab="Audience")
    assert "150 customers, 100 % of all" in said(app)
    app.multiselect[0].set_value(["Savers"]).run()
    assert "50 customers, 33.3 % of all" in said(app)
    app.multiselect[1].set_value(["Campaign 1.1"]).run()
    assert "No customer matches all filters" in said(app)
    assert not app.get("download_button")


def test_a_downloaded_audience_holds_nothing_that_a_spreadsheet_runs(published):
    with duckdb.connect(str(published)) as database:
        for table in ("customer_campaigns", "customer_segments"):
            database.execute(f"update {table} set customer_id = '=' || customer_id where customer_id = 'C0000'")
    found = Audience("mall_personas").csv().decode()
    assert ",'=C0000," in found
    assert ",=C0000," not in found


def test_a_file_that_vanished_is_missed_plainly_by_who_downloads_or_looks_somebody_up(published):
    published.unlink()
    with pytest.raises(NotPossibleError, match="does not exist"):
        Audience("mall_personas").csv()
    with pytest.raises(NotPossibleError, match="does not exist"), reading.database():
        pass


def test_costs_are_called_assumptions(published):
    words = said(opened("campaigns"))
    assert "Assumed cost:" in words
    assert "Costs are assumptions" in words


def test_the_overview_has_a_row_for_each_segment_with_what_to_do(published):
    app = opened("overview")
    words = said(app)
    assert re.search(r"Big Spenders 50 customers 33.4 % of the customers Campaign 1.1 \(email\)", words), words
    assert "of the money" not in words
    trusted = app.get("page_link")[0].proto
    assert trusted.label == r"Two of three segments come back in new samples\. See the evidence"
    assert trusted.page == "evidence"
    assert [button.proto.label for button in app.get("download_button")] == ["Get audience"] * 3
    assert "Mall six" in words
    assert "Retail" not in words


def test_the_overview_tells_money_and_change_where_they_are_known(tmp_path, monkeypatch):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP))
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    with duckdb.connect(str(path)) as database:
        database.execute("update segment_sizes set share_of_money = money / 950.0 where day = date '2024-03-31'")
    words = said(opened("overview"))
    assert "84.2 % of the money \N{MINUS SIGN}5 since 29 Feb 2024" in words
    assert "15.8 % of the money +7 since 29 Feb 2024" in words


def test_a_segment_has_a_page_with_an_address_of_its_own(published):
    app = opened("segment", "mall_personas", "Savers")
    words = said(app)
    assert app.selectbox[0].value == "Savers"
    assert re.search(r"50 customers, 33\.\d % of all", words)
    for heading in (
        "What sets them apart",
        "Where they come from and go to",
        "What to offer",
        "How sure",
        "Their customers",
    ):
        assert heading in words
    app.selectbox[1].select("Big Spenders").run()
    assert re.search(r"feature Savers middle half Big Spenders middle half all customers", said(app))
    app.selectbox[0].select("Steady Middle").run()
    assert app.query_params["segment"] == "Steady Middle"


def test_an_unknown_segment_is_named_and_the_first_shown(published):
    app = opened("segment", "mall_personas", "<b>Somebody</b>")
    assert not app.exception
    assert app.selectbox[0].value == "Big Spenders"
    assert "There is no segment “&lt;b&gt;Somebody&lt;/b&gt;”" in said(app)


def test_second_campaigns_have_audiences_too(published):
    first, second = Audience("mall_personas", ("Savers",)), Audience("mall_personas", campaigns=("Campaign 2.2",))
    assert set(first.preview(99)["campaign_id"]) == {"campaign_2_1"}
    assert set(second.preview(99)["persona"]) == {"Savers"}
    assert set(second.preview(99)["campaign_id"]) == {"campaign_2_2"}
    assert second.count() == first.count() == 50
    assert second.file_name == "mall_personas_campaign_2_2.csv"


def test_a_file_of_an_audience_holds_the_columns_that_are_chosen(published):
    head, row, *_ = Audience("mall_personas").csv(("customer_id", "margin")).decode().splitlines()
    assert (head, row) == ("customer_id,margin", "C0000,0.4")


def test_the_evidence_begins_with_its_figures(published):
    words = said(opened("evidence"))
    for shown in ("Segments 3 2 of 3 come back in new samples", "Silhouette 0.55", "Borderline customers 0 %"):
        assert shown in words


def test_the_profile_compares_with_all_customers(published):
    with duckdb.connect(str(published), read_only=True) as database:
        ((median, of_all),) = database.execute(
            "select median, population_median from segment_profiles "
            "where segmentation = 'mall_personas' and cluster_id = 1 and feature = 'age'"
        ).fetchall()
    words = said(opened("segments"))
    assert TYPICAL in words
    assert re.search(rf"Big Spenders {cell(median, 'years')} ", words)
    assert re.search(rf"all customers {cell(of_all, 'years')} ", words)


def test_a_point_of_the_map_opens_the_page_of_its_customer(published):
    app = opened("segments", "mall_personas")
    assert "Click a point to look up the customer." in said(app)
    chart = app.get("vega_lite_chart")[0].proto
    assert json.loads(chart.spec)["layer"][0]["encoding"]["href"]["field"] == "address"
    assert any(b"customer?segmentation=mall_personas&customer=C0000" in rows.data.data for rows in chart.datasets)


def test_the_segments_stand_beside_those_with_one_fewer_and_one_more(published):
    words = said(opened("segments"))
    assert "Two segments: none for Steady Middle." in words
    assert "Three segments, in use." in words
    assert "Four segments: one without a persona." in words
    assert re.search(r"No persona: age 33 years \(10 % above all customers\) and [^)]*\) 10 6\.7 % 33 ", words)
    assert re.search(r"Savers 100 66\.7 % 31 .*0\.25", words)
    assert "numbers of segments were not compared" not in words
    with duckdb.connect(str(published)) as database:
        database.execute("delete from alternative_segments where not is_in_use")
    reading._rows.clear()
    assert "Not known: numbers of segments were not compared" in said(opened("segments"))


def test_a_contradicted_trait_is_said_on_the_card(published):
    assert "Contradicted: age: claimed high (at least 55 years), found 48" in said(opened("segments"))


def test_pages_are_imported_only_when_they_are_opened(published):
    for name in list(sys.modules):
        if name.startswith("views."):
            del sys.modules[name]
    opened("campaigns")
    assert [name for name in sys.modules if name.startswith("views.")] == ["views.campaigns"]


def test_nothing_is_sent_away_and_no_error_is_shown():
    settings = tomllib.loads((DASHBOARD / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["address"] == "localhost"
    assert settings["client"]["toolbarMode"] == "minimal"
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["showErrorLinks"] is False


def stopped(*arguments, published) -> str:
    """Start the dashboard where it cannot be started; return what it says."""
    process = start(*arguments, published=published)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert "Traceback" not in output
    return output


def test_starting_without_a_publication_says_what_to_do(tmp_path):
    output = stopped(free_port(), published=tmp_path / "marts.duckdb")
    assert "does not exist. Run `make build` first" in output


@pytest.mark.parametrize("arguments", [["abc"], ["80"], ["70000"], ["8501", "8502"]])
def test_starting_on_what_is_no_port_says_what_was_expected(published, arguments):
    output = stopped(*arguments, published=published)
    assert "Expected one port between 1024 and 65535" in output
    assert arguments[0] in output


@pytest.mark.parametrize(
    ("dataset", "segmentation", "is_synthetic", "shown"),
    [
        ("Mall", "Mall", False, "Mall"),
        ("Mall", "Mall visitors", True, "Mall visitors (synthetic)"),
        ("Shopping mall", "Six personas", False, "Six personas (Shopping mall)"),
        ("Retailer", "Purchase behavior", True, "Purchase behavior (Retailer, synthetic)"),
    ],
)
def test_a_segmentation_is_named_with_its_dataset_once(dataset, segmentation, is_synthetic, shown):
    fit = {"dataset_name": dataset, "segmentation_name": segmentation, "is_synthetic": is_synthetic}
    assert choice.label(fit) == shown


def test_a_publication_that_is_always_replaced_is_given_up_plainly(published, monkeypatch):
    numbers = iter(range(1000))
    monkeypatch.setattr(reading, "identity", lambda: reading.Identity(next(numbers), 0, 0))
    with pytest.raises(NotPossibleError, match="keeps changing"):
        reading.rows("select 1 as one")
