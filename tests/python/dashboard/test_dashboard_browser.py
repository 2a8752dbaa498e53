"""The dashboard as a reader sees it: in Chromium, wide and narrow, while publications come and go."""

import os
import re
import shutil
import socket
from pathlib import Path

import duckdb
import pytest
from freshness import SECONDS as SECONDS_BETWEEN_LOOKS
from registry import PAGES

from customer_segmentation.report.theme import PAGE
from helpers.browser import chromium, hurdles
from helpers.dashboard_server import Reader, free_port, served, start
from helpers.small_publication import MALL, Described, emptied, publish

WIDTHS = (1280, 390)
SYNTHETIC = Described("retail_personas", "retail", ("Often", "Seldom", "Once"), is_synthetic=True)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    return publish(tmp_path_factory.mktemp("published") / "marts.duckdb", MALL, SYNTHETIC)


@pytest.fixture(scope="module")
def address(published):
    with served(published) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def reader(browser):
    reader = Reader(browser)
    yield reader
    reader.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_every_page_opens_without_complaint_and_asks_no_other_host(browser, address, page, width):
    reader = Reader(browser, width)
    reader.open(f"{address}/{page}?segmentation=retail_personas")
    assert reader.page.get_by_text("synthetic data").first.is_visible()
    assert reader.page.get_by_test_id("stException").count() == 0
    assert reader.complaints == []
    assert reader.other_hosts(address) == []
    assert reader.sideways() <= 0
    assert hurdles(reader.page) == []
    reader.close()


@pytest.mark.parametrize("page", ["segments", "campaigns", "evidence"])  # those of which all others have a part
def test_a_page_is_dark_for_readers_whose_system_is(browser, address, page):
    reader = Reader(browser, color_scheme="dark")
    reader.open(f"{address}/{page}?segmentation=retail_personas")
    assert _colours(reader.page) == {PAGE["paper"].dark, PAGE["ink"].dark}
    assert hurdles(reader.page) == []
    # and follows the system, with its charts, while it is open
    reader.page.emulate_media(color_scheme="light")
    reader.page.wait_for_function("getComputedStyle(document.querySelector('.stApp')).colorScheme === 'light'")
    assert _colours(reader.page) == {PAGE["paper"].light, PAGE["ink"].light}
    reader.close()


def _colours(page) -> set[str]:
    """Return the colours of the page, of its title and of the labels of its charts."""
    found = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.stApp')).backgroundColor,
            getComputedStyle(document.querySelector('h1')).color,
            ...[...document.querySelectorAll('svg.marks .role-axis-label text')].map((one) => getComputedStyle(one).fill)]"""
    )
    return {"#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", colour)[:3])) for colour in found}


def test_the_reader_chooses_between_light_and_dark_in_the_menu(reader, address):
    reader.open(address)
    reader.page.get_by_test_id("stMainMenuButton").click()
    reader.page.get_by_role("menuitemradio", name="Dark").click()
    reader.page.wait_for_function("getComputedStyle(document.querySelector('.stApp')).colorScheme === 'dark'")
    assert _colours(reader.page) == {PAGE["paper"].dark, PAGE["ink"].dark}


def test_pale_text_and_a_skipped_level_of_headings_are_noticed(reader, address):
    reader.open(address)
    reader.page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<h5 style=\"color:#aaa\">pale</h5>')"
    )
    assert {one.split()[0] for one in hurdles(reader.page)} == {"color-contrast", "heading-order"}


def test_what_a_page_asks_of_another_host_and_says_in_the_console_is_noticed(reader, address):
    # The gate above must go red when there is something to see.
    reader.open(address)
    reader.page.evaluate("fetch('http://127.0.0.1:1/font.woff2').catch(() => console.error('no font'))")
    reader.page.wait_for_timeout(500)
    assert reader.other_hosts(address) == ["http://127.0.0.1:1/font.woff2"]
    assert any("no font" in complaint for complaint in reader.complaints)
    reader.page.evaluate("document.querySelector('h1').style.cssText = 'width: 3000px; max-width: none'")
    assert reader.sideways() > 0


def test_nothing_invites_to_publish_the_dashboard_elsewhere(reader, address):
    reader.open(address)
    assert reader.page.get_by_text("Deploy").count() == 0


def test_the_written_address_of_the_first_page_leads_to_it(reader, address):
    reader.open(f"{address}/overview?segmentation=retail_personas")
    reader.page.wait_for_url(f"{address}/?segmentation=retail_personas")
    highlighted = reader.page.locator('[data-testid="stSidebarNav"] [aria-current="page"] p')
    assert highlighted.all_inner_texts() == ["Overview"]


def test_on_a_phone_the_audience_is_one_touch_away_and_its_choices_are_readable(browser, address):
    reader = Reader(browser, 390)
    reader.open(f"{address}/campaigns?segmentation=mall_personas")
    reader.page.get_by_role("tab", name="Audience").click()
    reader.page.get_by_role("button", name="Download 150 customers as CSV").wait_for()
    reader.settle()
    assert "campaigns=Audience" in reader.page.url
    choices = reader.page.get_by_role("radiogroup", name="Certainty of the segment")
    assert choices.get_by_role("radio").all_inner_texts() == ["Everyone", "Clear", "Borderline"]
    assert choices.evaluate("(group) => group.scrollWidth - group.clientWidth") <= 0  # else the last one is cut
    assert reader.sideways() <= 0
    reader.close()


def test_a_new_customer_gets_the_persona_and_the_offer_that_the_file_gives(browser, built):
    published = built.published / "marts.duckdb"
    with duckdb.connect(str(published), read_only=True) as database:
        expected = database.execute(
            "select persona, campaign, offer from predict_mall(age := 33, annual_income_k := 87, spending_score := 82) "
            "where segmentation = 'mall_income_spending'"
        ).fetchall()[0]
    with served(published) as address:
        reader = Reader(browser)
        reader.open(f"{address}/predict?segmentation=mall_income_spending")
        for label, value in {"Age": "33", "Annual income": "87", "Spending score": "82"}.items():
            reader.page.get_by_role("textbox", name=re.compile(f"^{label}, ")).fill(value)
        reader.page.get_by_role("button", name="Score", exact=True).click()
        named = reader.page.get_by_text("Income and spending", exact=True)
        card = reader.page.locator("article").filter(has=named)
        card.wait_for()
        assert card.locator("h3").inner_text() == expected[0]
        assert all(text in card.inner_text() for text in expected)
        assert reader.complaints == []
        reader.close()


def test_a_segmentation_is_switched_and_kept_in_the_address_through_pages_and_reloads(reader, address):
    reader.open(address)
    page = reader.page
    assert "segmentation=mall_personas" in page.url
    page.get_by_role("combobox", name="Segmentation").click()
    page.get_by_role("option", name="Retail personas (synthetic)").click()
    page.get_by_text("synthetic data").first.wait_for()
    assert "segmentation=retail_personas" in page.url
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Campaigns and audiences").click()
    page.get_by_role("heading", name=re.compile("Campaigns and audiences")).wait_for()
    reader.settle()
    assert page.url == f"{address}/campaigns?segmentation=retail_personas"
    assert page.get_by_text("synthetic data").first.is_visible()
    page.reload()
    reader.settle()
    assert page.url == f"{address}/campaigns?segmentation=retail_personas"
    assert page.get_by_text("Retail personas: 150 customers").is_visible()


def test_the_segmentation_of_a_link_stays_from_page_to_page(reader, address):
    reader.open(f"{address}/segments?segmentation=retail_personas")
    # The looks at the file in between must not make the session forget.
    reader.page.wait_for_timeout(1500 * SECONDS_BETWEEN_LOOKS)
    for page in (*PAGES[2:], PAGES[0]):
        reader.page.get_by_test_id("stSidebarNav").get_by_role("link", name=page.title).click()
        reader.page.locator("h1", has_text=page.title).wait_for()
        reader.settle()
        assert "?segmentation=retail_personas" in reader.page.url
        assert reader.page.get_by_text("Retail personas: 150 customers").is_visible()


def test_a_page_is_reached_with_the_keyboard_alone(reader, address):
    reader.open(address)
    for _ in range(12):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("document.activeElement.innerText").strip().endswith("Segments and personas"):
            break
    reader.page.keyboard.press("Enter")
    reader.page.get_by_role("heading", name="Segments and personas").wait_for()


def test_an_unknown_segmentation_in_the_address_is_named_and_the_default_shown(reader, address):
    reader.open(f"{address}/segments?segmentation=mall_nine")
    assert reader.page.get_by_text("There is no segmentation “mall_nine”").is_visible()
    assert reader.page.get_by_text("Mall personas: 150 customers").is_visible()
    assert reader.page.url.endswith("segmentation=mall_personas")


def test_an_audience_is_downloaded_and_is_the_filtered_mart(reader, address, published, tmp_path):
    reader.open(f"{address}/campaigns?segmentation=mall_personas&campaigns=Audience")
    page = reader.page
    page.get_by_test_id("stMain").get_by_role("combobox", name="Personas").press_sequentially("Sav")
    page.get_by_role("option", name="Savers").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("50 customers, 33.3 % of all").wait_for()
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download 50 customers as CSV").click()
    assert download.value.suggested_filename == "mall_personas_savers.csv"
    file = tmp_path / "audience.csv"
    download.value.save_as(file)
    with duckdb.connect() as database:
        database.execute(f"attach '{published}' as mart (read_only)")
        columns = "segmentation, dataset, customer_id, persona, campaign_id, campaign, channel, offer"
        rows = database.execute(f"select {columns} from read_csv(?) order by customer_id", [str(file)]).fetchall()
        mart = database.execute(
            f"select {columns} from mart.customer_campaigns "
            "where segmentation = 'mall_personas' and persona = 'Savers' order by customer_id"
        ).fetchall()
    assert len(rows) == 50
    assert rows == mart


def test_publications_that_come_break_and_come_again_are_noticed_while_the_page_is_open(browser, tmp_path):
    path = publish(tmp_path / "marts.duckdb", MALL)
    with served(path) as address:
        reader = Reader(browser)

        def says(text):
            # while a page is drawn anew, its old and its new text may stand there for a moment
            reader.page.get_by_text(text).first.wait_for()

        reader.open(f"{address}/segments")
        assert reader.page.get_by_text("Mall personas: 150 customers").is_visible()

        publish(tmp_path / "next.duckdb", Described("mall_personas", "mall", ("Young", "Old"), customers=120))
        os.replace(tmp_path / "next.duckdb", path)
        says("Mall personas: 120 customers")
        says("New data was published on 2 January 2025, 03:04 UTC")

        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        says("What is published cannot be read")
        says("Run `make build` to publish it again")

        path.unlink()
        says("Nothing is published yet")

        os.replace(emptied(publish(tmp_path / "next.duckdb", MALL)), path)
        says("holds no segmentation. Run `make build`")

        os.replace(publish(tmp_path / "next.duckdb", MALL), path)
        says("Mall personas: 150 customers")
        assert reader.complaints == []
        reader.close()


def test_a_page_is_found_by_its_address_on_a_server_that_has_just_started(browser, published):
    with served(published) as address:
        reader = Reader(browser)
        reader.open(f"{address}/segments?segmentation=retail_personas")
        assert reader.page.get_by_role("heading", name="Segments and personas").is_visible()
        reader.close()


def test_a_port_in_use_is_said_plainly(published):
    port = free_port()
    with socket.create_server(("localhost", port)):
        process = start(port, published=published)
        output = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert f"Port {port} is in use" in output
    assert "name another port" in output
    assert "Traceback" not in output


def test_without_a_browser_the_tests_say_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="Install the package chromium"), chromium():
        pass
