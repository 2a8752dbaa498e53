"""Pages in another language: every text has a translation, and a German report has no English left in it."""

import re
import string
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import duckdb
import pytest

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import count, counted, figure, listed, number, percent
from customer_segmentation.language import (
    CONTEXT_END,
    ENGLISH,
    ISOLATE,
    ISOLATE_END,
    _,
    day_text,
    isolated,
    language_of,
    languages,
    month_text,
    ngettext,
    pgettext,
    use_locale,
    used,
    vega_locale,
)
from customer_segmentation.publication.outgoing import OutgoingPublication
from customer_segmentation.report.charts.drawing import lines, text_width
from customer_segmentation.report.interactive import write_report
from helpers import catalogue
from helpers.projects import ROOT
from helpers.small_experiments import add_experiment
from helpers.small_movement import SHOP, add_movement
from helpers.small_publication import MALL, publish
from helpers.small_value import add_value

OTHERS = [code for code in languages() if code != ENGLISH]
# words that stand in almost every English sentence, and in no German one
ENGLISH_WORDS = re.compile(r"\b(?:the|and|of|with|is|are|from|each|customers|segments|which|their|no|than)\b")


@pytest.fixture(autouse=True)
def english_afterwards():
    """The language is that of the whole process."""
    yield
    use_locale(ENGLISH)


def places(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_has_a_translation_and_no_other_is_kept(code):
    wanted = {(text.context, text.singular, text.plural) for text in catalogue.texts()}
    found = {
        (message.context, *(message.id if isinstance(message.id, tuple) else (message.id, None))): message.string
        for message in catalogue.catalogue(catalogue.LANGUAGES / f"{code}.po")
        if message.id
    }
    assert len(wanted) > 1000
    assert set(found) == wanted, "run tests/python/helpers/catalogue.py"
    assert [text for text, string in found.items() if not string or not all(string)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_same_values_in_it(code):
    language = language_of(code)
    for text in catalogue.texts():
        forms = language.texts[f"{text.context}{CONTEXT_END}{text.singular}" if text.context else text.singular]
        for form in [forms] if isinstance(forms, str) else forms:
            # one may be written as a word: "ein Kunde"
            assert places(form) <= places(text.singular) | places(text.plural or ""), text
        last = forms if isinstance(forms, str) else forms[-1]
        assert places(last) == places(text.plural or text.singular), text


def test_a_text_that_is_put_together_before_it_is_looked_up_is_refused():
    assert [text.singular for text in catalogue.in_python('_("a {b}", b=1)\ncounted(2, "row")', "x.py")] == [
        "a {b}",
        "{count} row",
    ]
    with pytest.raises(ValueError, match=r"x\.py, line 1: a text must be written out where it is looked up"):
        list(catalogue.in_python('_(f"a {b}")', "x.py"))


def test_the_languages_of_the_var_are_those_of_the_catalogues():
    check = (ROOT / "macros/vars/check_vars.sql").read_text(encoding="utf-8")
    (known,) = re.findall(r"fullmatch\('\(([a-z|]+)\)\(_\[A-Z\]\{2\}\)\?'", check)
    assert known.split("|") == languages()


def test_a_locale_that_is_not_known_is_said_with_the_way_out():
    for name in ("fr", "de_XX", "", "english"):
        with pytest.raises(NotPossibleError, match=f"The locale '{name}' is not known. Expected .* one of en, de"):
            use_locale(name)
    assert used().locale == ENGLISH


def test_numbers_days_and_words_follow_the_locale():
    written = {}
    for locale in (ENGLISH, "de", "de_CH", "en_GB"):
        use_locale(locale)
        written[locale] = [
            number(1234567.891, 2), percent(0.405), percent(0.9999), figure(86.5385, "k$"), figure(-12, "€"),
            figure(1_530_000), day_text(date(2024, 1, 31)), day_text(date(2024, 1, 31), is_short=True),
            month_text(date(2024, 1, 31)), counted(0, "day"), counted(1, "segment"), counted(3, "segment"),
            listed(["a", "b", "c"]), count(1200),
        ]  # fmt: skip
    assert written[ENGLISH] == [
        "1,234,567.89", "40.5 %", "almost 100 %", "$87k", "\N{MINUS SIGN}€12", "1.5M", "31 January 2024", "31 Jan 2024",
        "January 2024", "no days", "one segment", "three segments", "a, b and c", "1,200",
    ]  # fmt: skip
    assert written["en_GB"] == written[ENGLISH]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in written["de"]] == [
        "1.234.567,89", "40,5 %", "fast 100 %", "87 Tsd. $", "\N{MINUS SIGN}12 €", "1,5 Mio.", "31. Januar 2024", "31. Jan. 2024",
        "Januar 2024", "keine Tage", "ein Segment", "drei Segmente", "a, b und c", "1.200",
    ]  # fmt: skip
    assert written["de_CH"][0] == "1\N{RIGHT SINGLE QUOTATION MARK}234\N{RIGHT SINGLE QUOTATION MARK}567.89"


def test_values_are_never_looked_up_and_an_abbreviation_ends_a_sentence():
    use_locale("de")
    assert _("{others} and {last}", others="{last}", last="and") == "{last} und and"
    assert ngettext("{count} customer", "{count} customers", 2, count="{count}") == "{count} Kunden"
    assert _("Fitted differently: {reason}.", reason="1,5 Mio.").endswith("1,5 Mio.")


def test_one_english_text_may_have_two_translations():
    assert pgettext("of a campaign", "effect") == _("effect") == "effect"
    use_locale("de")
    assert (pgettext("of a campaign", "effect"), _("effect")) == ("Wirkung", "Effekt")
    assert pgettext("nowhere else", "{count} {what}", count=2, what="{x}") == "2 {x}"
    (found,) = catalogue.in_python('pgettext("of a campaign", "effect {size}", size=1)', "x.py")
    assert (found.context, found.singular) == ("of a campaign", "effect {size}")


def test_charts_write_numbers_and_months_as_the_locale_does():
    assert vega_locale() == {}
    use_locale("de")
    locale = vega_locale()["locale"]
    assert (locale["number"]["decimal"], locale["number"]["thousands"]) == (",", ".")
    assert (locale["time"]["months"][0], locale["time"]["days"][0]) == ("Januar", "Sonntag")


class Visible(HTMLParser):
    """What a reader of a page sees, or hears of its charts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attributes):
        self._hidden += tag in ("script", "style")
        self.texts += [value for name, value in attributes if name in ("aria-label", "alt", "title") and value]

    def handle_endtag(self, tag):
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.texts.append(data.strip())


HEBREW = "\u05dc\u05e7\u05d5\u05d7\u05d5\u05ea 2"
BARE = re.compile(f"(?<!{ISOLATE}){HEBREW}|{HEBREW}(?!{ISOLATE_END})")  # with nothing around it


@pytest.mark.parametrize("locale", ["en", "de"])
def test_a_name_from_right_to_left_is_isolated_in_every_sentence(tmp_path, locale):
    use_locale(locale)
    names = (HEBREW, "Savers", "Steady Middle")
    path = publish(tmp_path / "marts.duckdb", replace(MALL, personas=names, segmentation_name=HEBREW))
    with OutgoingPublication(path) as publication:
        write_report(publication, tmp_path)
    visible = Visible()
    visible.feed((tmp_path / "report.html").read_text(encoding="utf-8"))
    others = [text for text in visible.texts if text not in names and HEBREW in text]
    # what a table holds is no sentence of the page, and no figures stand beside the name
    told = [text for text in others if not re.search(r"like\b|believed", text)]
    assert len(told) > 10
    assert [text for text in told if BARE.search(text)] == []


def test_lines_of_a_label_are_isolated_one_by_one():
    label = f"{isolated(f'{HEBREW} {HEBREW}')} (33 %)"
    written = lines(label, text_width(f"{HEBREW} (33 %)"))
    assert "".join(re.sub(f"[{ISOLATE}{ISOLATE_END}]", "", line) for line in written).replace(" ", "") == (
        f"{HEBREW}{HEBREW}(33 %)".replace(" ", "")
    )
    assert len(written) == 2
    assert [line.count(ISOLATE) for line in written] == [line.count(ISOLATE_END) for line in written] == [1, 1]


def test_a_german_report_has_no_english_of_its_own(tmp_path):
    path = add_experiment(add_movement(add_value(publish(tmp_path / "marts.duckdb", SHOP))))
    with duckdb.connect(str(path), read_only=True) as database:
        own = {
            value
            for (table,) in database.execute("select table_name from duckdb_tables()").fetchall()
            for row in database.execute(f'from "{table}"').fetchall()
            for value in row
            if isinstance(value, str)
        }
    # a single word may be one of the page too, so only a whole text is known to be one of the user
    longer = sorted((value for value in own if re.search(r"\W", value)), key=len, reverse=True)
    use_locale("de")
    with OutgoingPublication(path) as publication:
        write_report(publication, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<html lang="de"' in page
    visible = Visible()
    visible.feed(page)
    assert len(visible.texts) > 300
    left = []
    for text in set(visible.texts) - own:
        rest = text
        for value in longer:
            rest = rest.replace(value, "")
        if ENGLISH_WORDS.search(rest):
            left.append(text)
    assert left == []
