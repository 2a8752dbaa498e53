"""Pages explain their labels on hover, in the words of docs/glossary.md."""

import re
from html import escape
from pathlib import Path

from customer_segmentation.language import _, use_locale
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import interactive
from customer_segmentation.report.glossary import GLOSSARY, Term, explained
from helpers.small_publication import publish

ROOT = Path(__file__).resolve().parents[3]
ROW = re.compile(r"\| \*\*(.+?)\*\* \| (.+?\.)(?: .*)? \|")


def test_pages_take_their_words_from_the_glossary():
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    first_sentences = dict(found.groups() for line in lines if (found := ROW.fullmatch(line)))
    assert {term: first_sentences.get(term) for term in GLOSSARY} == GLOSSARY


def test_only_a_term_is_explained_and_each_text_is_escaped():
    assert explained("silhouette") == "silhouette"
    assert explained("<b>") == "&lt;b&gt;"
    assert explained(Term("<b>", "persona")) == f'<abbr title="{GLOSSARY["persona"]}">&lt;b&gt;</abbr>'


def test_a_term_is_found_in_english_and_shown_in_the_language_in_use():
    use_locale("de")
    try:
        assert Term("stability") == "Stabilität"
        assert Term("Stabil", "stability").meaning.startswith("Ob ein Segment in neuen Stichproben wiederkehrt")
        assert explained(Term("persona")) == f'<abbr title="{_(GLOSSARY["persona"])}">Persona</abbr>'
        assert _(GLOSSARY["persona"]) != GLOSSARY["persona"]
    finally:
        use_locale("en")


def test_the_tables_of_the_report_explain_their_columns(tmp_path):
    with Publication(publish(tmp_path / "marts.duckdb")) as publication:
        report = interactive.build(publication).decode("utf-8")
    for label, term in [("dataset", "dataset"), ("stable", "stability"), ("silhouette", "silhouette")]:
        assert f'<abbr title="{escape(GLOSSARY[term])}">{label}</abbr></th>' in report
