"""The pages of the dashboard in the language of the publication."""

import html
import re
from pathlib import Path

import duckdb
import pytest
import reading
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from views import predict

from customer_segmentation.language import ENGLISH, use_locale
from helpers.dashboard_server import DASHBOARD
from helpers.small_movement import SHOP
from helpers.small_publication import MALL, publish
from helpers.small_value import add_value


@pytest.fixture(autouse=True)
def english_afterwards():
    """The language is that of the whole process."""
    yield
    use_locale(ENGLISH)
    reading._rows.clear()


@pytest.fixture
def published(tmp_path, monkeypatch) -> Path:
    path = add_value(publish(tmp_path / "marts.duckdb", SHOP, MALL))
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(path))
    return path


def written_in(locale: str | None, path: Path) -> None:
    """Say in which locale a publication is; None for none, as an earlier version did."""
    with duckdb.connect(str(path)) as database:
        if locale is None:
            database.execute("alter table published_tables drop column if exists locale")
        else:
            database.execute("alter table published_tables add column if not exists locale varchar")
            database.execute("update published_tables set locale = ?", [locale])


def opened(page: str = "", **parameters: str) -> AppTest:
    app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=60)
    for name, value in ({"segmentation": SHOP.segmentation} | parameters).items():
        app.query_params[name] = value
    app._page_hash = calc_hash(page) if page else ""
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception
    texts = [element.proto.body for element in app.get("html") if "<style>" not in element.proto.body]
    texts += [element.value for kind in ("title", "caption") for element in app.get(kind)]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", " ".join(texts))))


def test_a_page_is_in_the_language_of_the_publication(published):
    written_in("de", published)
    app = opened()
    found = said(app)
    assert "Überblick" in found
    assert "Kunden in 2 Segmenten" in found
    assert re.search(r"Veröffentlicht am \d+\. \w+\.? \d{4}, \d\d:\d\d Uhr UTC", found)
    assert app.get("download_button")[0].proto.label == "Zielgruppe laden"
    assert '<div class="dashboard" lang="de">' in app.get("html")[1].proto.body


@pytest.mark.parametrize("asked", ["Concentration", "Konzentration"])
def test_the_address_of_a_tab_leads_to_it_in_another_language(published, asked):
    written_in("de", published)
    app = opened("value", value=asked)
    assert "Wer den Umsatz bringt" in said(app)
    assert app.tabs[2].label == "Konzentration"


def test_another_publication_may_be_in_another_language(published):
    app = opened("value", value="Concentration")
    assert "Who brings the money" in said(app)
    written_in("de", published)
    app.run()
    assert "Wer den Umsatz bringt" in said(app)
    written_in(None, published)
    app.run()
    assert "Shop personas: 150 customers in 2 segments" in said(app)


def test_a_locale_that_this_version_does_not_know_is_said(published):
    written_in("tlh", published)
    app = opened()
    assert app.title[0].value == "What is published cannot be read"
    assert "The locale 'tlh' is not known" in said(app)


def test_checks_are_told_in_the_language_of_the_publication(published):
    with duckdb.connect(str(published)) as database:
        database.execute(
            "update data_quality_results set expectation = 'column values to not be null (mostly 0.5)', "
            "why = 'A customer without id cannot be contacted.', observed_value = '1200 unexpected'"
        )
    written_in("de", published)
    found = said(opened("quality", quality="Prüfungen"))
    assert "keine leeren Werte (für mindestens 50" in found
    assert "Ein Kunde ohne Kennung kann nicht angesprochen werden." in found
    assert "1.200 unerwartet" in found


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id\nA\n", "kunden.csv hat keine Spalte für"),
        (b"", "kunden.csv ist leer. Erwartet werden eine Kopfzeile"),
        (b"<html><body>", "kunden.csv ist nicht, was der Name sagt, sondern eine Webseite"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_the_language_of_the_publication(published, content, told):
    written_in("de", published)
    app = opened("predict", score="Datei zuordnen")
    app.file_uploader[0].set_value(("kunden.csv", content, "text/csv")).run()
    assert told in said(app)


def test_figures_are_typed_as_the_locale_writes_them(published):
    written_in("de", published)
    app = opened("predict")
    fields = app.text_input
    assert "bis" in fields[0].label
    fields[0].set_value("40,5")
    app.button[0].click().run()
    assert "Wohin dieser Kunde gehört" in said(app)


def test_a_number_is_read_as_the_locale_writes_it():
    assert [predict._read(typed) for typed in ("1,234", "40.5", "old")] == ["1,234", "40.5", "old"]
    use_locale("de")
    written = ("1,234", "1.234", "1.234,5", "40.5", "0.123", " -2,5 ", "12", "old")
    assert [predict._read(typed) for typed in written] == [
        "1.234", "1234", "1234.5", "40.5", "0.123", "-2.5", "12", "old"
    ]  # fmt: skip
