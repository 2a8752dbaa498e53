"""SQL over all rows must say what Great Expectations says of the same rows."""

from datetime import datetime

import duckdb
import pandas as pd
import pytest
import yaml

from customer_segmentation.quality.exact_expectations import ARGUMENTS
from customer_segmentation.quality.suites import load_suites, run_suites
from helpers.projects import ROOT

TABLE = """
    select
        number,
        case when number % 5 = 0 then null else number % 4 end as whole,
        case when number % 7 = 0 then null when number = 3 then 'nan' else number / 8.0 end::double as fraction,
        (number / 4.0)::decimal(9, 2) as amount,
        case when number % 6 = 0 then null else ['a', 'b', 'it''s', 'é'][number % 4 + 1] end as word,
        case when number % 9 = 0 then null else number % 8 <> 0 end as flag,
        case when number % 10 = 0 then null else date '2024-02-26' + number::int end as day,
        'same' as constant,
        null::varchar as nothing,
        null::double as no_number
    from range(1, 41) as t (number)
"""
EMPTY = f"select * from ({TABLE}) where number > 100"
FEBRUARY = datetime(2024, 2, 29)
NUMBERS = ("number", "whole", "fraction", "amount", "no_number")

EXPECTATIONS = [
    *[("expect_table_row_count_to_be_between", bounds) for bounds in ({"min_value": 1}, {"max_value": 40}, {"min_value": 41})],
    *[
        (f"expect_column_values_to_{kind}", {"column": column} | mostly)
        for kind in ("be_null", "not_be_null", "be_unique")
        for column in ("number", "whole", "fraction", "word", "flag", "day", "constant", "nothing")
        for mostly in ({}, {"mostly": 0.7})
    ],
    *[
        ("expect_compound_columns_to_be_unique", {"column_list": columns})
        for columns in (["whole", "word"], ["number", "constant"], ["nothing", "no_number"], ["word", "nothing", "fraction"])
    ],
    *[
        ("expect_column_values_to_be_between", {"column": column} | bounds)
        for column in NUMBERS
        for bounds in (
            {"min_value": 0},
            {"max_value": 2.5, "mostly": 0.5},
            {"min_value": 1, "max_value": 3},
            {"min_value": 1, "strict_min": True, "max_value": 3, "strict_max": True, "mostly": 0.1},
        )
    ],
    ("expect_column_values_to_be_between", {"column": "day", "min_value": FEBRUARY}),
    ("expect_column_values_to_be_between", {"column": "day", "max_value": datetime(2099, 1, 1)}),
    *[
        (f"expect_column_values_to_{kind}", {"column": column, "value_set": values} | mostly)
        for kind in ("be_in_set", "not_be_in_set")
        for column, values in (
            ("word", ["a", "b", "it's", "é"]), ("word", ["it's"]), ("whole", [0, 1, 2.0, 3]), ("fraction", [0.125, 5]),
            ("flag", [False]), ("flag", [True, False]), ("nothing", ["a"]),
        )
        for mostly in ({}, {"mostly": 0.25})
    ],
    *[
        ("expect_column_median_to_be_between", {"column": column} | bounds)
        for column in NUMBERS
        for bounds in ({"min_value": 0}, {"max_value": 1.5}, {"min_value": 20.5, "max_value": 20.5}, {"min_value": 2, "strict_min": True})
    ],
]  # fmt: skip


def suites_of(folder, expectations):
    """Write a suite that consists of these expectations, and read it."""
    listed = [
        {"type": kind, "kwargs": arguments, "severity": "warning", "meta": {"why": "Because."}}
        for kind, arguments in expectations
    ]
    (folder / "r.yml").write_text(yaml.safe_dump({"name": "s", "relation": "r", "expectations": listed}))
    return load_suites(folder)


def results_of(folder, expectations, sql, rows):
    with duckdb.connect() as session:
        return run_suites(suites_of(folder, expectations), {"r": session.query(sql)}, rows)


@pytest.mark.slow
def test_every_answer_is_that_of_great_expectations(tmp_path):
    exact = results_of(tmp_path, EXPECTATIONS, TABLE, rows=10)
    reference = results_of(tmp_path, EXPECTATIONS, TABLE, rows=40)
    assert not exact["is_sample"].any()
    assert not exact["observed_value"].str.startswith("not evaluated").fillna(False).any()
    compared = [column for column in exact if column != "unexpected_examples"]
    pd.testing.assert_frame_equal(exact[compared], reference[compared])
    assert {kind for kind, _ in EXPECTATIONS} == set(ARGUMENTS)
    assert exact.groupby(exact["expectation"].str.split(" (", regex=False).str[0])["success"].nunique().eq(2).all()


def test_of_an_empty_table_both_say_the_same(tmp_path):
    exact = results_of(tmp_path, EXPECTATIONS, EMPTY, rows=-1)
    reference = results_of(tmp_path, EXPECTATIONS, EMPTY, rows=0)
    pd.testing.assert_frame_equal(exact, reference)


@pytest.mark.parametrize(
    ("kind", "arguments", "examples"),
    [
        ("expect_column_values_to_be_between", {"column": "number", "max_value": 30}, "[31, 32, 33, 34, 35]"),
        ("expect_column_values_to_be_unique", {"column": "word"}, '["a", "b", "it\'s", "\\u00e9"]'),
        (
            "expect_compound_columns_to_be_unique",
            {"column_list": ["constant", "flag"]},
            '[{"constant": "same", "flag": false}, {"constant": "same", "flag": true}, {"constant": "same", "flag": null}]',
        ),
    ],
)
def test_a_few_unexpected_values_are_shown(tmp_path, kind, arguments, examples):
    (row,) = results_of(tmp_path, [(kind, arguments)], TABLE, rows=10).to_dict("records")
    assert row["unexpected_examples"] == examples


def test_all_rows_are_looked_at_however_many(tmp_path):
    one_in_a_million = "select case when i = 777777 then null else i end as id from range(1000000) as t (i)"
    not_null = [("expect_column_values_to_not_be_null", {"column": "id"})]
    (row,) = results_of(tmp_path, not_null, one_in_a_million, rows=1000).to_dict("records")
    assert not row["success"]
    assert row["element_count"] == 1_000_000
    assert row["unexpected_count"] == 1


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("expect_column_values_to_match_regex", {"column": "word", "regex": "^[a-z]"}),
        ("expect_column_mean_to_be_between", {"column": "number", "min_value": 1}),
        ("expect_column_values_to_be_in_set", {"column": "word", "value_set": [1, 2]}),
        ("expect_compound_columns_to_be_unique", {"column_list": ["word", "number"], "ignore_row_if": "any_value_is_missing"}),
        ("expect_column_values_to_not_be_null", {"column": "no_such_column"}),
    ],
)  # fmt: skip
def test_what_sql_cannot_answer_is_judged_by_a_sample_and_says_so(tmp_path, kind, arguments):
    known = ("expect_column_values_to_not_be_null", {"column": "number"})
    results = results_of(tmp_path, [(kind, arguments), known], TABLE, rows=10)
    assert results["is_sample"].tolist() == [True, False]
    assert results["element_count"].fillna(10).tolist()[0] <= 10
    assert results["element_count"].tolist()[1] == 40


def test_sql_answers_every_expectation_of_the_project():
    """Who adds another kind knows that it is judged by a sample of a large table, and adds it to this list."""
    judged_by_a_sample = set()
    kinds = {expectation["type"] for suite in load_suites(ROOT / "quality") for expectation in suite["expectations"]}
    assert kinds - set(ARGUMENTS) == judged_by_a_sample
