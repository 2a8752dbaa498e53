"""People see the display names of segmentations and datasets; keys stay in addresses, files and commands."""

import io

import duckdb
import jinja2
import pytest
from pptx import Presentation

from customer_segmentation.formatting import title_of
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import interactive, slides
from helpers.macro_files import macro_source
from helpers.small_publication import Described, publish

NAMED = Described(
    "shop_habits", "shop", ("A", "B", "C"), segmentation_name="Habits & <b>tastes</b>", dataset_name="Corner shop"
)


@pytest.fixture
def named(tmp_path):
    return publish(tmp_path / "marts.duckdb", NAMED)


def test_a_name_that_the_seeds_do_not_give_is_the_words_of_the_key():
    sql = jinja2.Template(macro_source("display_name") + "{{ display_name('name', 'key') }}").render()
    cases = [("Six", "shop_six"), ("", "shop_six_personas"), (None, "shop"), (None, "a_1")]
    with duckdb.connect() as database:
        database.execute("create table cases (name varchar, key varchar)")
        database.executemany("insert into cases values (?, ?)", cases)
        shown = database.execute(f"select name, key, {sql} from cases").fetchall()
    assert shown == [(name, key, name or title_of(key)) for name, key in cases]


def test_the_publication_knows_both_names(named):
    with Publication(named) as publication:
        assert publication.segmentation_name("shop_habits") == "Habits & <b>tastes</b>"
        assert publication.dataset_name("shop") == "Corner shop"
        (fit,) = publication.fits().to_dict("records")
    assert (fit["segmentation_name"], fit["dataset_name"]) == ("Habits & <b>tastes</b>", "Corner shop")


def test_a_publication_of_an_earlier_version_is_shown_by_its_keys(named):
    with duckdb.connect(str(named)) as database:
        database.execute("alter table datasets drop column dataset_name")
        database.execute("alter table segmentation_fits drop column segmentation_name")
    with Publication(named) as publication:
        assert publication.segmentation_name("shop_habits") == "Shop habits"
        assert publication.dataset_name("shop") == "Shop"


def test_the_report_shows_the_names_and_links_by_the_keys(named):
    with Publication(named) as publication:
        report = interactive.build(publication).decode("utf-8")
    assert "Habits &amp; &lt;b&gt;tastes&lt;/b&gt;" in report
    assert "Data: Corner shop" in report
    assert "<b>tastes</b>" not in report
    assert "Shop habits" not in report
    assert 'id="segmentation-shop_habits"' in report


def test_the_slides_show_the_names(named):
    with Publication(named) as publication:
        content = slides.build(publication)
    shown = [
        shape.text_frame.text
        for slide in Presentation(io.BytesIO(content)).slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    assert any(text.startswith("Habits & <b>tastes</b>: 150 customers") for text in shown)
    assert any("Corner shop: 150 customers" in text for text in shown)
    assert not any("shop_habits" in text or "Shop habits" in text for text in shown)
