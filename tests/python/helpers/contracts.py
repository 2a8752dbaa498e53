"""The contracts of the public tables, as their yml files have them: what dbt builds keeps to them, or it stops."""

import functools

import yaml

from helpers.projects import ROOT


@functools.cache
def contracts() -> dict[str, dict[str, str]]:
    """Return, for each table whose columns have types, these columns and types in their order."""
    found = {}
    for folder in ("models", "python_models"):
        for file in sorted((ROOT / folder).rglob("*.yml")):
            described = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
            for model in described.get("models", []):
                columns = {column["name"]: column.get("data_type") for column in model.get("columns", [])}
                if columns and all(columns.values()):
                    found[model.get("config", {}).get("alias", model["name"])] = columns
    return found
