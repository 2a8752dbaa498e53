"""Figures are written in one way: money by SQL and by Python, shares that add up, and the currency of the var."""

import itertools
import re
from pathlib import Path
from random import Random

import duckdb
import jinja2
import pytest

from customer_segmentation import formatting
from customer_segmentation.units import singular_after_one
from helpers.macro_files import macro_source

ROOT = Path(__file__).resolve().parents[3]
UNITS = [
    "$", "k$", "€", "k€", "US$", "kR$", "CHF", "kCHF", "points", "k", "kg", "purchases a year", "categories", "boxes", "glasses",
    "visits/month", "%", "ms", "status", "of purchase value", "", None,
]  # fmt: skip
SIZES = [
    0, 0.001, 0.004, 0.005, 0.006, 0.05, 0.3, 0.9994, 0.9996, 0.9999, 1, 1.25, 2.5, 7.5, 9.94, 9.95, 9.96, 9.99, 9.995, 10, 24.5, 25.5,
    62.21, 87, 99.5, 999.4, 999.5, 999.6, 1144.26, 1215.19, 12345.5, 87654.3, 999_499.5, 999_999.4, 999_999.6, 1e6, 1.53e6, 2.5e9,
]  # fmt: skip


def test_sql_and_python_write_every_figure_alike():
    source = macro_source("figure_text", "is_money", "matches", "short_number", "singular_after_one")
    sql = jinja2.Template(source + "{{ figure_text('figure', 'unit') }}").render()
    cases = list(itertools.product([sign * size for size in SIZES for sign in (1, -1)] + [None], UNITS))
    with duckdb.connect() as database:
        database.execute("create table cases (figure double, unit varchar)")
        database.executemany("insert into cases values (?, ?)", cases)
        written = database.execute(f"select figure, unit, {sql} from cases").fetchall()
    assert [row for row in written if row[2] != formatting.figure(*row[:2])] == []


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (87, "k$", "$87k"),
        (1144.26, "$", "$1,144"),
        (0.05, "$", "$0.05"),
        (1200, "k$", "$1.2M"),
        (87, "kCHF", "87 kCHF"),
    ],
)
def test_money_is_written_as_people_write_it(value, unit, text):
    assert formatting.figure(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "purchases", "1 purchase"),
        (1.04, "purchases a year", "1 purchase a year"),
        (0.996, "points", "1 point"),
        (1, "categories", "1 category"),
        (1, "boxes", "1 box"),
        (1, "glasses", "1 glass"),
        (1, "%", "1 %"),
        (1, "CHF", "1 CHF"),
        (1, "ms", "1 ms"),
        (1, "of purchase value", "1 of purchase value"),
        (1.1, "purchases", "1.1 purchases"),
        (-1, "points", "\N{MINUS SIGN}1 points"),
        (21, "days", "21 days"),
        (1e6, "points", "1M points"),
    ],
)
def test_a_unit_after_exactly_one_is_singular(value, unit, text):
    assert formatting.figure(value, unit) == text


SINGULARS = {
    # -ies: by the ending or by the word
    "categories": "category", "deliveries": "delivery", "queries": "query", "countries": "country", "cities": "city",
    "policies": "policy", "companies": "company", "stories": "story", "activities": "activity", "agencies": "agency",
    # the same ending, and no way to tell
    "movies": "movies", "cookies": "cookies", "calories": "calories", "hoodies": "hoodies", "pies": "pies",
    "series": "series", "species": "species",
    # -es after a hissing sound
    "boxes": "box", "taxes": "tax", "glasses": "glass", "addresses": "address", "batches": "batch", "inches": "inch",
    "branches": "branch", "beaches": "beach", "dishes": "dish", "axes": "axes", "caches": "caches", "headaches": "headaches",
    # -es of a word with an e
    "purchases": "purchase", "cases": "case", "houses": "house", "licenses": "license", "sizes": "size", "shoes": "shoe",
    "services": "service", "prices": "price", "messages": "message", "minutes": "minute", "employees": "employee",
    "issues": "issue", "gloves": "glove",
    # and of one without
    "buses": "buses", "bonuses": "bonuses", "lenses": "lenses", "gases": "gases", "analyses": "analyses", "bases": "bases",
    "potatoes": "potatoes", "shelves": "shelves", "quizzes": "quizzes",
    "days": "day", "months": "month", "visits": "visit", "orders": "order", "videos": "video", "pizzas": "pizza",
    "weeks": "week", "lbs": "lb", "items": "item", "clicks": "click", "emails": "email", "hours": "hour",
    # singular already, or never
    "status": "status", "analysis": "analysis", "lens": "lens", "gas": "gas", "canvas": "canvas", "sms": "sms",
    "news": "news", "goods": "goods", "sheep": "sheep", "fish": "fish", "ms": "ms", "kWh": "kWh", "CHF": "CHF",
}  # fmt: skip


def test_sql_and_python_write_every_singular_that_the_spelling_decides():
    sql = jinja2.Template(macro_source("singular_after_one", "matches") + "{{ singular_after_one('text') }}").render()
    texts = [f"1 {plural}" for plural in SINGULARS] + [f"up to 1 {plural} a year" for plural in SINGULARS]
    expected = [f"1 {one}" for one in SINGULARS.values()] + [f"up to 1 {one} a year" for one in SINGULARS.values()]
    with duckdb.connect() as database:
        written = dict(database.execute(f"select text, {sql} from (select unnest($1) as text)", [texts]).fetchall())
    assert [written[text] for text in texts] == expected
    assert [singular_after_one(text) for text in texts] == expected


def test_sql_and_python_find_the_same_singulars_in_a_text():
    sql = jinja2.Template(macro_source("singular_after_one", "matches") + "{{ singular_after_one('text') }}").render()
    texts = {
        "at most 1 purchases": "at most 1 purchase",
        "0.5 to 1 purchases a year": "0.5 to 1 purchase a year",
        "at least 2,001 days": "at least 2,001 days",
        "at least 0.1 days": "at least 0.1 days",
        "over 1 up to 3 purchases": "over 1 up to 3 purchases",
    }
    with duckdb.connect() as database:
        written = database.execute(f"select text, {sql} from (select unnest($1) as text)", [list(texts)]).fetchall()
    assert dict(written) == texts
    assert {text: singular_after_one(text) for text in texts} == texts


@pytest.mark.parametrize("seed", range(200))
def test_shares_add_up_to_the_whole_as_shown(seed):
    """Each is within a tenth of what it is, and what is not nothing is not shown as nothing."""
    random = Random(seed)
    counts = [1, *(random.choice((0, 1, random.randrange(9), random.randrange(10**9))) for _ in range(seed % 40))]
    total = sum(counts)
    for parts in (counts, [count / total for count in counts]):
        shown = formatting.shares(parts)
        tenths = [_tenths(text) for text in shown]
        assert sum(tenths) == 1000
        for count, text, tenth in zip(counts, shown, tenths, strict=True):
            assert abs(1000 * count / total - tenth) < 1.001
            assert (text == "0 %") == (count == 0)
            assert (text == "100 %") == (count == total)


def test_shares_of_a_part_are_not_blown_up():
    assert formatting.shares([0.2, 0.1]) == ["20 %", "10 %"]
    assert formatting.shares([1 / 3, 1 / 3, 1 / 3]) == ["33.4 %", "33.3 %", "33.3 %"]


def _tenths(text) -> int:
    if text == "almost 100 %":
        return 1000
    return 0 if text.startswith("under") else round(10 * float(re.fullmatch(r"([\d.]+) %", text)[1]))


def test_the_currency_comes_from_one_var(rebuilt):
    selected = ("--select", "features", "campaigns", "campaign_recommendations", "cluster_descriptions")
    run = rebuilt.dbt("build", *selected, "--exclude-resource-type", "test", "--vars", "{currency: €}")
    assert run.returncode == 0, run.stdout + run.stderr
    units = {unit for (unit,) in rebuilt.query("select distinct unit from seeds.features")}
    assert {"k€", "€"} <= units
    assert not any("$" in unit or "{" in unit for unit in units)
    assert rebuilt.query("select distinct currency from marts.campaign_recommendations") == [("€",)]
    texts = rebuilt.query("select description_with_figures from segmentation.cluster_descriptions")
    assert all("(€" in text and "$" not in text for (text,) in texts)


def currency_of(wanted) -> str:
    """Render the macro as dbt does when it runs, and return the currency or the message with which it stops."""
    answers = []

    class Exceptions:
        def raise_compiler_error(self, message):
            raise ValueError(message)

    class Modules:
        re = re

    template = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(
        macro_source("currency") + "{% do currency() %}",
        globals={
            "modules": Modules,
            "exceptions": Exceptions(),
            "execute": True,
            "setting": lambda name: {"currency": wanted}[name],
            "return": lambda value: answers.append(value) or "",
        },
    )
    try:
        template.render()
    except ValueError as error:
        return str(error)
    return answers[0]


@pytest.mark.parametrize("currency", ["'", "12", "", "dollars", "$; drop table x"])
def test_a_currency_that_is_none_is_refused(currency):
    assert currency_of(currency).startswith(f"The var `currency` is '{currency}'. Expected a sign such as $ or €")


@pytest.mark.parametrize("currency", ["$", "€", "CHF", "kr", "US$"])
def test_a_sign_and_a_code_are_currencies(currency):
    assert currency_of(currency) == currency


def test_a_build_stops_at_a_currency_that_is_none(rebuilt):
    rebuilt.edit("dbt_project.yml", "  currency: $\n", "  currency: '$; drop table x'\n")
    rebuilt.assert_stopped_plainly("Expected a sign such as $ or €", command="seed", arguments=["--select", "features"])


def test_headlines_and_profiles_show_the_same_figures(built):
    """The figure behind a headline is the median of the profile, written as the pages write it."""
    rows = built.published_query(
        """
        select segments.headline, profiles.median, profiles.unit
        from segments
        inner join cluster_centroids using (segmentation, cluster_id)
        inner join segment_profiles as profiles
            on
                segments.segmentation = profiles.segmentation
                and segments.cluster_id = profiles.cluster_id
                and cluster_centroids.feature = profiles.feature
        """
    )
    assert rows
    for headline, median, unit in rows:
        assert f"({formatting.figure(median, unit)})" in headline
