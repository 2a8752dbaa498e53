"""What tables say in English is told in German on pages: checks, tables, notes about columns, rejected rows."""

import re

import duckdb
import pandas as pd
import pytest
import yaml

from customer_segmentation.formatting import none_of
from customer_segmentation.inputs.files import inspect_input
from customer_segmentation.language import ENGLISH, use_locale
from customer_segmentation.publication.notes import note_text, origin_text
from customer_segmentation.publication.tables import Publication
from customer_segmentation.quality.suites import load_suites, run_suites
from customer_segmentation.report import findings, site
from customer_segmentation.report.checks import EXPECTATIONS, expectation_text, found_text, suite_text, why_text
from customer_segmentation.report.rejections import explanation_text
from customer_segmentation.scoring.numbers import number_texts
from helpers import contracts
from helpers.catalogue import TEMPLATE, summaries_of_tables
from helpers.projects import ROOT
from helpers.small_publication import MALL, publish

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.fixture
def german():
    use_locale("de")
    yield
    use_locale(ENGLISH)


@pytest.fixture
def published(tmp_path) -> Publication:
    with Publication(publish(tmp_path / "marts.duckdb", MALL)) as publication:
        yield publication


def test_each_check_of_this_project_is_told_in_german(german):
    suites = load_suites(*[folder for folder in (ROOT / "quality", *(ROOT / "quality").iterdir()) if folder.is_dir()])
    kinds = {one["type"].removeprefix("expect_").replace("_", " ") for suite in suites for one in suite["expectations"]}
    assert len(kinds) > 5
    assert kinds <= set(EXPECTATIONS)
    for suite in suites:
        for one in suite["expectations"]:
            assert why_text(one["meta"]) != one["meta"]["why"]


def test_each_expectation_that_is_known_is_one_of_great_expectations(german):
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    names = list_registered_expectation_implementations()
    known = {name.removeprefix("expect_").replace("_", " ") for name in names}
    assert set(EXPECTATIONS) <= known


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"min_value": 10, "max_value": 1100.5, "mostly": 0.95}, "Werte im Bereich (für mindestens 95_%, mindestens 10, höchstens 1.100,5)"),
        ({"min_value": 0, "strict_min": True}, "Werte im Bereich (mindestens 0, ohne die untere Grenze: ja)"),
    ],
)  # fmt: skip
def test_the_sentence_of_a_check_is_told_with_its_limits(german, tmp_path, arguments, told):
    found = checked(tmp_path, "expect_column_values_to_be_between", {"column": "age"} | arguments)
    assert expectation_text(found["expectation"]) == told.replace("_", NO_BREAK)
    use_locale(ENGLISH)
    assert expectation_text(found["expectation"]) == found["expectation"]


def checked(folder, kind, arguments) -> dict:
    expectation = {"type": kind, "kwargs": arguments, "severity": "warning", "meta": {"why": "Of the user."}}
    suite = {"name": "s", "relation": "r", "expectations": [expectation]}
    (folder / "r.yml").write_text(yaml.safe_dump(suite))
    frame = pd.DataFrame({"age": [20.0, 30.0, -5.0], "kind": ["a, b", "c", "value d"]})
    with duckdb.connect() as session:
        (row,) = run_suites(load_suites(folder), {"r": session.from_df(frame)}, 1000).to_dict("records")
    return row


def test_values_with_commas_and_names_of_arguments_stay_values(german, tmp_path):
    found = checked(
        tmp_path,
        "expect_column_values_to_be_in_set",
        {"column": "kind", "value_set": ["a, b", "value d"], "mostly": 0.5},
    )
    assert expectation_text(found["expectation"]) in {
        f"Werte aus der Liste (Liste: a, b, value d, für mindestens 50{NO_BREAK}%)",
        f"Werte aus der Liste (für mindestens 50{NO_BREAK}%, Liste: a, b, value d)",
    }
    assert (found_text(found), why_text(found)) == ("1 unerwartet", "Of the user.")


def test_what_a_check_found_is_written_as_the_locale_does(german, tmp_path):
    median = checked(tmp_path, "expect_column_median_to_be_between", {"column": "age", "min_value": 100})
    missing = checked(tmp_path, "expect_column_values_to_not_be_null", {"column": "height"})
    assert found_text(median) == "20"
    assert found_text(missing).startswith("nicht ausgewertet: ")
    assert found_text({"observed_value": None}) == ""
    use_locale(ENGLISH)
    assert found_text(median) == median["observed_value"] == "20.0"


def test_a_suite_is_called_by_its_subject_unless_it_is_one_of_the_user(german, published):
    names = ("sizes_of_segments", "mall_input", "mall_customers", "my_own_suite")
    assert [suite_text(published, name, ["mall"]) for name in names] == [
        "Größen der Segmente", "Mall: Zeilen der Eingabe", "Mall: Kunden", "My own suite"
    ]  # fmt: skip
    use_locale(ENGLISH)
    assert suite_text(published, "mall_input", ["mall"]) == "Mall input"


def told_of_table(description: str) -> str:
    return site.retold(site.summary(description), site.OF_DATASETS)


def test_each_published_table_of_this_project_has_a_description_in_german(german):
    listed = re.findall(r"'(\w+)'", (ROOT / "macros/publication/public_tables.sql").read_text(encoding="utf-8"))
    described = {model["name"]: model["description"] for model in contracts.described_models()}
    names = [name for name in listed if name in described]
    names += [name for name in described if name.endswith(("_customer_features", "_category_mix", "_customer_history"))]
    assert len(names) > 60
    for name in names:
        assert told_of_table(described[name]).startswith("Eine Zeile je "), name
    # and the tables of a dataset that `init` adds
    assert [text.singular for text in summaries_of_tables() if text.file == TEMPLATE]
    of_dataset = (
        "One row per customer of shop with everything a segmentation of this dataset can use, in original units."
    )
    template = ROOT / "src/customer_segmentation/datasets/templates/customers/models.yml"
    assert of_dataset.replace("shop", "<dataset>") in template.read_text(encoding="utf-8")
    assert told_of_table(of_dataset).startswith("Eine Zeile je Kunde von shop mit allem")


def test_the_description_of_a_table_of_the_user_stays_as_it_is(german):
    assert (
        told_of_table("Members of v1.2 by J. Doe, of the club. Key `id`.") == "Members of v1.2 by J. Doe, of the club"
    )


def notes_of(values: list[str | None], unit: str | None) -> list[str]:
    """Read a column as a file to score is read, with a few of the signs that are known."""
    with duckdb.connect() as database:
        database.execute(
            "create table accepted_notations (kind text, column_name text, written text, means text, factor double)"
        )
        database.execute(
            "insert into accepted_notations values ('sign', null, '$', 'usd', null), ('sign', null, 'k', 'thousands', 1000), "
            "('limit', null, 'stray values', null, 0.1), ('unit', 'income', '$', null, 1)"
        )
        database.execute("create table given as select unnest(?::varchar[]) as income", [values])
        column = {"called": "income", "feature": "income", "unit": unit, "is_text": True, "header": None}
        _texts, notes = number_texts(database, "given", {"income": column})
    return notes["income"]


def test_notes_about_a_column_of_numbers_are_told_in_german(german):
    for values, told in (
        (["$1", "$2"], "jeder Wert trägt $"),
        (["1k", "2"] * 2, "2 von 4 Werten tragen k: mal 1.000"),
        (["$1", "($2)"], "Werte wie ($2) sind negativ"),
        (["$1"] * 40 + ["3%"], None),
    ):
        notes = notes_of(values, "$")
        assert notes
        for note in notes:
            assert note_text(note) != note, note
        if told:
            assert told in note_text("; ".join(notes))


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("read as number; commas mark decimals; its name says k$: multiplied by 1,000", "gelesen als Zahl; Komma vor Dezimalstellen; im Namen steht k$: mal 1.000"),
        ("1,234 values, such as 1,5 and b, are not listed in seeds/judgement/input_values.csv: unknown", "1.234 Werte, etwa 1,5 und b, stehen nicht in seeds/judgement/input_values.csv: unbekannt"),
        ("no such column; computed: qty x price", "keine solche Spalte; berechnet: qty x price"),
        ("not used: 3 rows have no customer (-, none); email, filled in every row, tells customers apart", "nicht verwendet: 3 Zeilen haben keinen Kunden (-, none); email, in jeder Zeile gefüllt, unterscheidet die Kunden"),
        ("a word of the user", "a word of the user"),
        (None, ""),
    ],
)  # fmt: skip
def test_notes_about_columns_of_inputs_are_told_in_german(german, note, told):
    assert note_text(note) == told
    use_locale(ENGLISH)
    assert note_text(note) == (note or "")


def test_where_inputs_come_from_is_told_in_german(german):
    assert origin_text("shop_customers: this project (synthetic); shop_orders: a: b.csv") == (
        "shop_customers: dieses Projekt (synthetisch); shop_orders: a: b.csv"
    )


@pytest.mark.parametrize(
    ("explanation", "column", "told"),
    [
        ("customer_id 'C-1,200' repeats row 1234", "customer_id", "customer_id „C-1,200“ wiederholt Zeile 1234"),
        ("outcome 'x' is not the outcome of any experiment in the seed experiments", "outcome", "outcome „x“ ist nach dem Seed experiments das Ergebnis keines Experiments"),
        ("a.csv, line 7 has 1,200 values, expected 3: found '1,2'", "line", "a.csv, Zeile 7 hat 1.200 Werte, erwartet 3: gefunden „1,2“"),
    ],
)  # fmt: skip
def test_why_a_row_was_rejected_is_told_in_german(german, explanation, column, told):
    assert explanation_text(explanation, column) == told
    use_locale(ENGLISH)
    assert explanation_text(explanation, column) == explanation


def test_why_a_file_cannot_be_read_is_told_in_german_with_its_path_as_it_is(german, tmp_path, monkeypatch):
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "page.csv").write_text("<!doctype html>")
    (tmp_path / "twice.csv").write_text("age,Age\n1,2\n")
    told = [inspect_input(f"../{name}.csv", tmp_path / "prepared") for name in ("empty", "page", "twice")]
    assert ["../empty.csv ist leer" in told[0], "sondern eine Webseite" in told[1], "mehrmals in der Kopfzeile" in told[2]] == [
        True, True, True
    ]  # fmt: skip


def test_none_is_said_in_right_english_and_german(german):
    graded = pd.DataFrame({"stability_grade": ["doubtful"] * 3})
    assert findings.stability_title(graded) == "Keines der drei Segmente kehrt in neuen Stichproben wieder"
    assert [none_of(number, "claim") for number in (1, 2, 3)] == [
        "keine Aussage", "keine der beiden Aussagen", "keine der drei Aussagen"
    ]  # fmt: skip
    use_locale(ENGLISH)
    assert findings.stability_title(graded) == "None of the three segments comes back in new samples"
    assert findings.stability_title(graded.head(2)) == "Neither segment comes back in new samples"
    assert findings.overall_title(graded, 1) == "Three segments; none of them comes back in new samples"
    nothing = {"recommended_k": 3, "agreeing_criteria": 0, "criteria": 7}
    assert findings.choice_title(pd.DataFrame([nothing]), 3) == "Three segments: none of seven criteria agree"
