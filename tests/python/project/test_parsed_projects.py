"""What the tests keep of what dbt has parsed is what dbt would parse."""

import json

import pytest

from helpers.parsed_projects import settings_as_parsed


def parsed(project, **settings) -> dict:
    run = project.dbt("parse", "--no-partial-parse", "--vars", json.dumps(settings))
    assert run.returncode == 0, run.stdout
    nodes = json.loads((project.folder / "target/manifest.json").read_text())["nodes"]
    return {name: {key: value for key, value in node.items() if key != "created_at"} for name, node in nodes.items()}


def test_where_an_input_is_changes_nothing_that_is_parsed(empty):
    one = parsed(
        empty, mall_customers="one.csv", retail_transactions="crm.orders", retail_customers="from_transactions"
    )
    assert len(one) > 300
    other = parsed(
        empty, mall_customers="a b.xlsx#B", retail_transactions="c.tsv", retail_customers="from_transactions"
    )
    assert other == one


@pytest.mark.parametrize(
    ("settings", "other"),
    [
        ({"mall_customers": "a.csv"}, {}),
        ({"mall_customers": "a.csv"}, {"mall_customers": "a.parquet"}),
        ({"mall_customers": "a.csv"}, {"sales_customers": "a.csv"}),
        ({"retail_customers": "a.csv"}, {"retail_customers": "from_transactions"}),
        ({"evidence": "none"}, {"evidence": "full"}),
        ({"mall_customers": ["a.csv"]}, {"mall_customers": "a.csv"}),
    ],
)
def test_everything_else_is_parsed_again(settings, other):
    assert settings_as_parsed(settings) != settings_as_parsed(other)
