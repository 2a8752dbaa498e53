"""How the numbers of a column are written: signs, negatives, units, separators, decided by all values."""

import csv
import json
import re
from pathlib import Path

import duckdb
import jinja2
import pytest

from customer_segmentation.inputs import notation
from helpers.macro_files import macro_source

ROOT = Path(__file__).resolve().parents[3]
INCOME = {"column": "annual_income_k", "unit": "k$"}
AMOUNT = {"column": "amount", "unit": None}
SCORE = {"column": "spending_score", "unit": "points"}
AGE = {"column": "age", "unit": "years"}
NAMES = {
    "annual_income_k": ["annual_income_k", "Annual Income", "Income", "Income (k$)", "Annual Income (thousands)"],
    "age": ["age", "Age (years)", "Alter"],
    "spending_score": ["Spending Score (1-100)", "Score"],
    "amount": ["amount", "Total", "Sales Value"],
}

with (ROOT / "seeds/judgement/input_notations.csv").open(encoding="utf-8") as seed:
    WORDS = [row | {"factor": float(row["factor"]) if row["factor"] else None} for row in csv.DictReader(seed)]


def read(values, asked=AMOUNT, **options):
    """Ask what the build asks about a column, and read its values as it would."""
    with duckdb.connect() as database:
        database.execute("create table given (place int, value varchar)")
        database.executemany("insert into given values (?, ?)", list(enumerate(values)))
        questions = notation.number_questions("trim(value)")
        found = database.execute(f"select {', '.join(questions.values())} from given").fetchone()
        seen = dict(zip(questions, found, strict=True))
        signs = []
        if seen["dressed"]:
            query = database.execute(notation.sign_query("trim(value)", "given"))
            names = [column[0] for column in query.description]
            signs = [dict(zip(names, row, strict=True)) for row in query.fetchall()]
        reading = notation.number_reading(seen, signs, WORDS, **asked, **options)
        if reading["problem"]:
            return reading["problem"]
        text = (reading["undressed"] or "{text}").replace("{text}", "trim(value)")
        number = f"try_cast({notation.number_text(text, reading['comma'], reading['points'])} as double)"
        scaled = (reading["scale"] or "{number}").replace("{number}", number).replace("{text}", "trim(value)")
        numbers = database.execute(f"select {scaled} from given order by place").fetchall()
        return [number for (number,) in numbers], reading["notes"]


def header(name, asked):
    """Return what the name of a column says about its unit, as the build asks it."""
    column = asked | {"accepted": NAMES[asked["column"]]}
    found = notation.header_readings([name], [column], WORDS)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("asked", "values", "numbers"),
    [
        (AMOUNT, ["$83", "$1,047.50"], [83, 1047.5]),
        (AMOUNT, ["83 €", "1.047,50 €", "12\u00a0€"], [83, 1047.5, 12]),
        (AMOUNT, ["EUR 83", "47eur", "5 Euro"], [83, 47, 5]),
        (AMOUNT, ["£83", "47"], [83, 47]),
        (AMOUNT, ["1.2k", "800", "$3k"], [1200, 800, 3000]),
        (AMOUNT, ["0.5 Mio", "2"], [500000, 2]),
        (AMOUNT, ["(12.50)", "12.50-", "-$12.50", "$-12.50", "($12.50)", "$(12.50)", "\u221212.50", "12.50"], [-12.5] * 7 + [12.5]),
        (AMOUNT, ["-12.50 USD", "(12.50) USD", "USD 12.50-", "USD 1e2", "USD12"], [-12.5, -12.5, -12.5, None, 12]),
        (AMOUNT, ["1 047,50", "1\u202f047\u202f000,5", "3,5"], [1047.5, 1047000.5, 3.5]),
        (AMOUNT, ["1'047.50", "1\u20191", "3"], [1047.5, None, 3]),
        (AMOUNT, ["12,-", "12/3", "1-2", "(12", "--3", "12)", "$5"], [None] * 6 + [5]),
        (AMOUNT, ["1e3", "5", "n/a"], [1000, 5, None]),
        (INCOME, ["$83", "$47"], [83, 47]),
        (INCOME, ["83k", "47 K"], [83, 47]),
        (INCOME, ["$83k", "47 k$"], [83, 47]),
        (INCOME, ["83 k$", "47k$"], [83, 47]),
        (SCORE, ["83%", "47 %", " 5\u00a0%"], [83, 47, 5]),
        (SCORE, ["83 points", "47points"], [83, 47]),
        (AGE, ["34 years", "35 yrs", "36"], [34, 35, 36]),
        (AGE, ["360 months", "420 months"], [30, 35]),
    ],
)  # fmt: skip
def test_a_sign_that_the_values_share_is_no_part_of_the_number(asked, values, numbers):
    found, _ = read(values, asked)
    assert found == [None if number is None else pytest.approx(number, abs=1e-9) for number in numbers]


@pytest.mark.parametrize(
    ("asked", "values", "question"),
    [
        (AMOUNT, ["$83", "€47"], "1 value carries € (such as €47) and 1 value carries $ (such as $83)"),
        (AMOUNT, ["83 USD", "47 EUR", "5"], "what its numbers count in"),
        (SCORE, ["83%", "47"], "1 value carries % (such as 83%) and 1 value carries no sign (such as 47)"),
        (INCOME, ["83k", "47000"], "what its numbers count in"),
        (AGE, ["360 months", "36"], "what its numbers count in"),
        (AMOUNT, ["83 quid", "47 quid"], "what 'quid' means, which 2 of 2 values carry"),
        (AMOUNT, ["K12", "K007"], "what 'k' means, which 2 of 2 values carry"),  # a code, not thousands
        (AMOUNT, ["$1,234", "$2,345"], "whether its comma marks decimals or thousands"),
    ],
)
def test_a_sign_that_leaves_its_meaning_open_is_a_problem(asked, values, question):
    assert question in read(values, asked)["question"]


@pytest.mark.parametrize(
    ("asked", "few", "many"),
    [(AMOUNT, "€47", "$83"), (SCORE, "47", "83%"), (SCORE, "47%", "83"), (INCOME, "47k", "83"), (INCOME, "47", "83k")],
)
def test_a_few_values_with_another_sign_are_not_read_and_that_is_said(asked, few, many):
    numbers, notes = read([many] * 30 + [few], asked)
    assert numbers == [83] * 30 + [None]
    assert "1 of 31 values differ from the others in their sign and are not read" in notes


@pytest.mark.parametrize(
    ("asked", "values", "notes"),
    [
        (AMOUNT, ["$83", "$47"], ["every value carries $"]),
        (AMOUNT, ["83", "$47", "5"], ["1 of 3 values carry $"]),
        (AMOUNT, ["2k", "3k"], ["every value carries k: multiplied by 1,000"]),
        (INCOME, ["2k", "3k"], ["every value carries k"]),
        (AMOUNT, ["(5)", "3"], ["values such as (5) are negative"]),
        (AMOUNT, ["5", "3.5", "x"], []),
    ],
)
def test_the_notes_say_how_signs_were_read(asked, values, notes):
    assert read(values, asked)[1] == notes


def test_plain_numbers_are_read_by_the_expression_they_have_always_had():
    with duckdb.connect() as database:
        questions = notation.number_questions("value")
        found = database.execute(
            f"select {', '.join(questions.values())} from (values ('5'), ('-1.5'), ('1e5'), ('x')) t (value)"
        )
        reading = notation.number_reading(dict(zip(questions, found.fetchone(), strict=True)), [], WORDS, **AMOUNT)
    assert (reading["undressed"], reading["scale"], reading["comma"]) == (None, None, None)


@pytest.mark.parametrize(
    ("asked", "name", "factor"),
    [
        (INCOME, "Annual Income ($)", 0.001),
        (INCOME, "Income $", 0.001),
        (INCOME, "$ Income", 0.001),
        (INCOME, "Income (USD)", 0.001),
        (INCOME, "Income in EUR", 0.001),
        (INCOME, "income_eur", 0.001),
        (INCOME, "IncomeUSD", 0.001),
        (INCOME, "USD Income", 0.001),
        (INCOME, "Income [dollars]", 0.001),
        (INCOME, "Annual Income (k$)", 1),
        (INCOME, "Annual Income (k€)", 1),
        (INCOME, "annual_income_k_usd", 1),
        (INCOME, "Income ('000)", 1),
        (INCOME, "Income (thousands of dollars)", 1),
        (INCOME, "Income (Mio EUR)", 1000),
        (AGE, "Age (months)", 1 / 12),
        (AGE, "Age in months", 1 / 12),
        (AMOUNT, "Amount ($)", 1),
        (AMOUNT, "Total EUR", 1),
        (AMOUNT, "Amount in cents", 0.01),
        (AMOUNT, "Sales Value (k€)", 1000),
        (SCORE, "Score (%)", 1),
    ],
)
def test_a_name_that_says_another_unit_is_converted(asked, name, factor):
    assert header(name, asked)["factor"] == pytest.approx(factor)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (INCOME, "Income (%)"),
        (AGE, "Age ($)"),
        (AGE, "Age (weeks)"),
        (INCOME, "Income in bitcoin"),
        (SCORE, "Score ($)"),
    ],
)
def test_a_unit_that_nobody_has_listed_is_not_known(asked, name):
    assert header(name, asked)["factor"] is None


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (INCOME, "Income"), (INCOME, "Income (k$)"), (INCOME, "Annual Income (thousands)"), (SCORE, "Spending Score (1-100)"),
        (SCORE, "Score (0-10)"), (AGE, "Age group"), (AMOUNT, "Total refunded"), (INCOME, "Income*"), (AGE, "age!"),
        (AGE, "age_years"), (AGE, "Spending"),
    ],
)  # fmt: skip
def test_a_name_without_a_unit_says_nothing(asked, name):
    assert header(name, asked) is None


def test_dollars_are_divided_so_that_no_digit_is_lost():
    assert read(["7102", "83000"], INCOME, header=header("Income ($)", INCOME))[0] == [7.102, 83.0]
    assert read(["83k", "7.1k"], INCOME, header=header("Income ($)", INCOME))[0] == [83.0, 7.1]


def test_the_macro_and_the_library_read_commas_alike():
    """`number_text` is written twice, for SQL of the build and for files to score."""
    source = macro_source("number_text", "matches")
    macros = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(source).module
    values = (
        "(values ('1.234,5'), ('1,5'), ('1.234'), ('12.5'), ('1,234,567.5'), ('x'), (null), ('-3')) as given (value)"
    )
    for comma, points in [(None, None), ("thousands", None), ("decimal", None), ("decimal", "thousands")]:
        mine = notation.number_text("value", comma, points)
        theirs = macros.number_text("value", comma, points)
        assert (
            duckdb.sql(f"select {mine} from {values}").fetchall()
            == duckdb.sql(f"select {theirs} from {values}").fetchall()
        )


def test_the_macros_reach_every_function_in_json():
    request = json.dumps({"function": "number_questions", "text": 'trim("it\'s")'})
    assert json.loads(notation.answer(request)) == notation.number_questions('trim("it\'s")')
    used = set()
    for path in (ROOT / "macros").rglob("*.sql"):
        used |= set(re.findall(r"\bnotation\(\s*'(\w+)'", path.read_text(encoding="utf-8")))
    assert used == {"number_questions", "sign_query", "number_reading", "header_readings"}
