"""Pages show the output of today: commands, help and figures between their marks are what the commands write."""

import re

import pytest

from helpers import shown_output
from helpers.projects import ROOT


@pytest.mark.parametrize("page", list(shown_output.pages()), ids=lambda page: page.name)
def test_a_page_shows_the_output_of_today(page, built, monkeypatch):
    monkeypatch.setenv("COLUMNS", shown_output.WIDTH)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", "restored after the test")
    text = page.read_text(encoding="utf-8")
    assert text == shown_output.refreshed(text, built.published / "marts.duckdb"), "run `make build pages`"


def test_the_picture_of_the_readme_shows_the_segments_of_today(built):
    assert shown_output.PICTURE.read_text(encoding="utf-8") == shown_output.picture(built.published / "marts.duckdb")


def test_an_output_that_went_stale_is_found(built, monkeypatch):
    monkeypatch.setenv("COLUMNS", shown_output.WIDTH)
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", "restored after the test")
    stale = "<!-- output: counts -->\nThe examples publish 3 tables.\n<!-- end -->"
    assert shown_output.refreshed(stale, built.published / "marts.duckdb") != stale


def test_the_page_of_tables_lists_every_published_table_once(built):
    rows = re.findall(r"^\| (`.+?) \|", (ROOT / "docs/tables.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    published = [name for (name,) in built.published_query("select table_name from duckdb_tables()")]
    assert sorted(listed) == sorted(published)


def sections(page: str) -> dict[str, str]:
    """Return the group that each table of the page is listed under: the title of its section."""
    found = {}
    for section in page.split("\n## ")[1:]:
        for row in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE):
            found |= dict.fromkeys(re.findall(r"`(\w+)`", row), section.splitlines()[0].lower())
    return found


def test_the_page_of_tables_has_a_section_for_each_group(built):
    page = (ROOT / "docs/tables.md").read_text(encoding="utf-8")
    groups = dict(built.published_query("select table_name, table_group from published_tables"))
    assert sections(page) == groups
    moved = page.replace("| `segments` |", "| `gone` |").replace("## Scoring\n", "## Scoring\n\n| `segments` |\n")
    assert sections(moved) != groups
