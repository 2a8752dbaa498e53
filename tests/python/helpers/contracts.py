"""The contracts of the public tables, as their yml files have them: what dbt builds keeps to them, or it stops."""

import functools

import yaml

from helpers.projects import ROOT


@functools.cache
def contracts() -> dict[str, dict[str, str]]:
    """Return, for each table whose columns have types, these columns and types in their order."""
    found = {}
    for model in described_models():
        columns = {column["name"]: column.get("data_type") for column in model.get("columns", [])}
        if columns and all(columns.values()):
            found[table_of(model)] = columns
    return found


@functools.cache
def tables() -> dict[str, str]:
    """Return the name of the table of each model; it mostly is that of the model."""
    return {model["name"]: table_of(model) for model in described_models()}


def table_of(model: dict) -> str:
    return model.get("config", {}).get("alias", model["name"])


@functools.cache
def described_models() -> list[dict]:
    files = [file for folder in ("models", "python_models") for file in sorted((ROOT / folder).rglob("*.yml"))]
    read = [yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {} for file in files]
    return [model for described in read for model in described.get("models", [])]
