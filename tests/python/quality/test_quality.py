import duckdb
import pandas as pd
import pytest
import yaml

from customer_segmentation.errors import InputError
from customer_segmentation.quality.suites import asked_suites, load_suites, run_suites
from helpers.projects import ROOT

BETWEEN = {
    "type": "expect_column_values_to_be_between",
    "kwargs": {"column": "age", "min_value": 10, "max_value": 110},
    "severity": "critical",
    "meta": {"why": "Ages."},
}
FRAME = pd.DataFrame({"age": [20.0, 30.0, 130.0]})


def suites(folder, *expectations, **overrides):
    suite = {"name": "s", "relation": "r", "expectations": list(expectations)} | overrides
    (folder / "r.yml").write_text(yaml.safe_dump(suite))
    return load_suites(folder)


def results_of(suites, frame=FRAME, rows=1000):
    """Run suites on the relation `r`, as the model does."""
    with duckdb.connect() as session:
        return run_suites(suites, {"r": session.from_df(frame)}, rows)


def test_a_failed_expectation_is_reported_with_what_was_found(tmp_path):
    (row,) = results_of(suites(tmp_path, BETWEEN)).to_dict("records")
    assert not row["success"]
    assert row["severity"] == "critical"
    assert row["unexpected_count"] == 1
    assert row["unexpected_examples"] == "[130.0]"
    assert row["why"] == "Ages."


def test_results_keep_the_order_of_the_suite(tmp_path):
    count = BETWEEN | {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}}
    results = results_of(suites(tmp_path, BETWEEN, count, BETWEEN | {"severity": "warning"}))
    assert results["position"].tolist() == [1, 2, 3]
    assert results["success"].tolist() == [False, True, False]


def test_an_expectation_on_a_missing_column_fails_and_says_so(tmp_path):
    missing = BETWEEN | {"kwargs": {"column": "height", "min_value": 0}}
    (row,) = results_of(suites(tmp_path, missing)).to_dict("records")
    assert not row["success"]
    assert "height" in row["observed_value"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "expect_column_values_to_be_nice"}, "'expect_column_values_to_be_nice' is not known"),
        ({"kwargs": {"column": "age", "minimum": 1}}, "cannot be built"),
        ({"severity": "grave"}, "severity is 'grave', expected critical or warning"),
        ({"meta": {}}, "no reason"),
        ({"meta": {"why": "With fewer", "they are few.": None}}, "meta has 'they are few.' without a value"),
        ({"type": None}, "no type"),
    ],
)
def test_a_wrong_expectation_is_an_error_and_never_dropped(tmp_path, change, message):
    with pytest.raises(InputError, match=message):
        results_of(suites(tmp_path, BETWEEN, BETWEEN | change))


def test_a_suite_on_an_unknown_relation_is_an_error(tmp_path):
    with pytest.raises(InputError, match="relation 'other' is not handed to the suites"):
        results_of(suites(tmp_path, BETWEEN, relation="other"))


def test_a_suite_without_relation_is_an_error(tmp_path):
    with pytest.raises(InputError, match="relation missing"):
        suites(tmp_path, BETWEEN, relation=None)


def test_a_file_that_is_not_yaml_is_an_error(tmp_path):
    (tmp_path / "r.yml").write_text("name: [")
    with pytest.raises(InputError, match="is not valid YAML"):
        load_suites(tmp_path)


def test_a_folder_without_suites_is_an_error(tmp_path):
    with pytest.raises(InputError, match="No quality suite"):
        load_suites(tmp_path)


def test_suites_of_the_project_are_named_after_their_relation():
    for suite in load_suites(ROOT / "quality"):
        assert suite["file"].endswith(f"/{suite['relation']}.yml")


def test_what_no_input_has_is_not_asked():
    about_age = {"type": "t", "meta": {"why": "w", "asked_if": "retail_customers.age"}}
    suites = [{"name": "s", "expectations": [about_age, {"type": "t", "meta": {"why": "w"}}]}]
    assert asked_suites(suites, {"retail_customers.age"}) == suites
    assert asked_suites(suites, set())[0]["expectations"] == suites[0]["expectations"][1:]
