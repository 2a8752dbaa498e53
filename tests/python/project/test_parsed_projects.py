"""What the tests keep of what dbt has parsed is what dbt would parse."""

import json
from dataclasses import dataclass

import jinja2
import jinja2.nativetypes
import jsonschema
import pytest
from dbt_common.dataclass_schema import ValidationError, dbtClassMixin

from helpers.parsed_projects import (
    CHECKED_WITH_SEEDS,
    CHECKING_MODEL,
    READ_WHEN_RUN,
    settings_as_parsed,
    templates_are_kept,
    valid_data_are_known,
)


def parsed(project, **settings) -> dict:
    run = project.dbt("parse", "--no-partial-parse", "--vars", json.dumps(settings))
    assert run.returncode == 0, run.stdout
    nodes = json.loads((project.folder / "target/manifest.json").read_text())["nodes"]
    return {name: {key: value for key, value in node.items() if key != "created_at"} for name, node in nodes.items()}


READ_LATER = {
    "database_threads": 1, "exact_points": True, "generated_retail_customers": 400, "memory_limit": "50MB", "smallest_cell": 10,
    "spill_folder": "spilled", "spill_limit": "1MB",
}  # fmt: skip
CHECKED = {"as_of_date": "2024-01-02", "transaction_currency": "SEK"}


def test_where_an_input_is_and_vars_that_are_read_later_change_nothing_that_is_parsed(empty):
    assert (READ_LATER.keys(), CHECKED.keys()) == (READ_WHEN_RUN, CHECKED_WITH_SEEDS)
    one = parsed(
        empty, mall_customers="one.csv", retail_transactions="crm.orders", retail_customers="from_transactions"
    )
    assert len(one) > 300
    other = parsed(
        empty,
        mall_customers="a b.xlsx#B",
        retail_transactions="c.tsv",
        retail_customers="from_transactions",
        **READ_LATER,
        **CHECKED,
    )
    checking = f"model.customer_segmentation.{CHECKING_MODEL}"
    assert one.pop(checking) != other.pop(checking)
    assert other == one


def test_the_settings_of_the_model_that_checks_seeds_count_where_it_is_run():
    bare = {"mall_customers": "file"}
    assert settings_as_parsed(bare | CHECKED, ["as_of_dates", "segments_*"]) == bare | {CHECKING_MODEL: "left out"}
    for selected in ([], None, ["seed_problems"], ["seed_*"], ["features+"], ["tag:dataset:mall"], ["+segments"]):
        assert settings_as_parsed(bare | CHECKED, selected) == bare | CHECKED
    assert settings_as_parsed(bare, ["as_of_dates"]) == bare


def test_a_template_that_was_translated_before_gives_the_same_text(tmp_path):
    """Environments of different kinds may understand the same text differently."""
    environments = [jinja2.Environment(), jinja2.nativetypes.NativeEnvironment()]
    sources = ["{{ 1 + 1 }}", "{% macro a(b) %}{{ b }}{{ c }}{% endmacro %}{{ a(3) }}", "plain"]
    expected = [environment.from_string(source).render(c=4) for environment in environments for source in sources]
    for _ in range(2):
        with templates_are_kept(tmp_path):
            found = [environment.from_string(source).render(c=4) for environment in environments for source in sources]
        assert list(map(repr, found)) == list(map(repr, expected))
        assert len(list(tmp_path.glob("*.template"))) == len(expected)
    with templates_are_kept(tmp_path), pytest.raises(jinja2.TemplateSyntaxError, match="unexpected"):
        environments[0].from_string("{{ 1 + }}")


def test_a_template_that_was_taken_apart_before_has_the_same_parts(tmp_path):
    environment, source = (
        jinja2.Environment(),
        "{% macro a(b=[1, 'x']) %}{% for c in b if c %}{{ c | e }}{% endfor %}{% endmacro %}",
    )
    expected = environment.parse(source)
    for _ in range(2):
        with templates_are_kept(tmp_path):
            found = environment.parse(source)
        assert found == expected
        assert found.find(jinja2.nodes.Macro).environment is environment
    assert len(list(tmp_path.glob("*.parts"))) == 1
    with templates_are_kept(tmp_path), pytest.raises(jinja2.TemplateSyntaxError, match="unexpected"):
        environment.parse("{{ 1 + }}")


@dataclass
class Count(dbtClassMixin):
    value: int


@dataclass
class Name(dbtClassMixin):
    value: str


def test_data_that_were_valid_once_stay_so_and_all_others_are_looked_at(tmp_path, monkeypatch):
    looked_at = []
    validator = jsonschema.Draft7Validator
    monkeypatch.setattr(jsonschema, "Draft7Validator", lambda schema: looked_at.append(schema) or validator(schema))
    for expected in (2, 0):  # the second run knows what the first has found
        looked_at.clear()
        with valid_data_are_known(tmp_path):
            for _ in range(2):
                Count.validate({"value": 1})
                Name.validate({"value": "1"})
        assert len(looked_at) == expected
    for _ in range(2):
        with valid_data_are_known(tmp_path):
            for kind, value in ((Count, "1"), (Name, 1)):
                with pytest.raises(ValidationError, match="is not of type"):
                    kind.validate({"value": value})
    Count.validate({"value": 2})
    assert len(list(tmp_path.glob("*.valid"))) == 1


@pytest.mark.parametrize(
    ("settings", "other"),
    [
        ({"mall_customers": "a.csv"}, {}),
        ({"mall_customers": "a.csv"}, {"mall_customers": "a.parquet"}),
        ({"mall_customers": "a.csv"}, {"sales_customers": "a.csv"}),
        ({"retail_customers": "a.csv"}, {"retail_customers": "from_transactions"}),
        ({"evidence": "none"}, {"evidence": "full"}),
        ({"as_of_date": "2024-01-01"}, {}),
        ({"mall_customers": ["a.csv"]}, {"mall_customers": "a.csv"}),
    ],
)
def test_everything_else_is_parsed_again(settings, other):
    assert settings_as_parsed(settings) != settings_as_parsed(other)
