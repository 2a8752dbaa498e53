"""A Python model has no contract of dbt: what its yml says of its columns is what the library declares."""

import ast
import functools
import runpy
from pathlib import Path

import duckdb
import pytest

from helpers.contracts import described_models
from helpers.projects import ROOT

MODELS = sorted((ROOT / "python_models").rglob("*.py"))
# what Spark and dbt call a text; DuckDB knows all other names
PORTABLE = {"string": "varchar"}


@functools.cache
def described() -> dict[str, list[dict]]:
    return {model["name"]: model["columns"] for model in described_models()}


def declared(file: Path) -> dict[str, str]:
    """Return the schema that a model gives its table: the last argument of `typed_relation`."""
    (name,) = {
        call.args[-1].id
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "typed_relation"
    }
    return runpy.run_path(str(file))[name]


@functools.cache
def kind(data_type: str) -> str:
    return duckdb.execute(f"select typeof(cast(null as {PORTABLE.get(data_type, data_type)}))").fetchall()[0][0]


def differences(schema: dict[str, str], columns: list[dict]) -> list[str]:
    """Name what a yml says otherwise than the library; a column of a yml may go without a type."""
    names = [column["name"] for column in columns]
    if names != list(schema):
        return [f"columns {', '.join(names)}, expected {', '.join(schema)}"]
    return [
        f"{column['name']}: {column['data_type']}, expected {schema[column['name']]}"
        for column in columns
        if "data_type" in column and kind(column["data_type"]) != kind(schema[column["name"]])
    ]


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_the_columns_and_types_of_a_python_model_are_those_that_the_library_declares(file):
    assert differences(declared(file), described()[file.stem]) == []


def test_the_tables_of_experiments_say_their_types():
    for model in ("campaign_effects", "experiment_plans", "budget_plan"):
        assert all("data_type" in column for column in described()[model]), model


@pytest.mark.parametrize(
    ("columns", "difference"),
    [
        ([{"name": "a", "data_type": "string"}, {"name": "b", "data_type": "int"}], "b: int, expected double"),
        ([{"name": "b"}, {"name": "a"}], "columns b, a, expected a, b"),
        ([{"name": "a"}], "columns a, expected a, b"),
    ],
)
def test_a_difference_is_found(columns, difference):
    assert differences({"a": "varchar", "b": "double"}, columns) == [difference]
