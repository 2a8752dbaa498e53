"""Layers are folders are schemas, and a model reads nothing of a later one."""

import copy
import json
from pathlib import PurePosixPath

import pytest

from helpers.projects import ROOT

LAYERS = (
    "seeds",
    "datasets",
    "recorded",
    "population",
    "judgement",
    "segmentation",
    "marts",
    "quality",
    "metrics",
    "publishing",
    "history",
)
# a dataset is a folder with all its steps; what is public is found in `marts` whatever made it, and only that: what a mart
# is made of lies beside it in the folder, and apart from it in the warehouse
OTHER_SCHEMAS = {"datasets": {"inputs", "staging"}, "marts": {"history", "intermediate"}}
PUBLIC_SCHEMA = "marts"


@pytest.fixture(scope="module")
def manifest(parsed) -> dict:
    return json.loads((parsed.folder / "target/manifest.json").read_text(encoding="utf-8"))


def layer(node: dict) -> str:
    """Return the folder of `models` or `python_models` that a model is in; seeds are below all of them."""
    return "seeds" if node["resource_type"] == "seed" else PurePosixPath(node["path"]).parts[0]


def tables(manifest: dict) -> dict[str, dict]:
    return {
        name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed", "snapshot")
    }


def later_references(manifest: dict) -> list[str]:
    """List the models that read a model of a later layer."""
    nodes = tables(manifest)
    return [
        f"{node['name']} ({layer(node)}) reads {nodes[read]['name']} ({layer(nodes[read])})"
        for node in nodes.values()
        for read in node["depends_on"].get("nodes", [])
        if read in nodes and LAYERS.index(layer(nodes[read])) > LAYERS.index(layer(node))
    ]


def foreign_schemas(manifest: dict) -> list[str]:
    """List the models whose schema is not their layer."""
    return [
        f"{node['name']} ({layer(node)}) is in the schema {node['config']['schema']}"
        for node in tables(manifest).values()
        if node["config"]["schema"] not in {layer(node), *OTHER_SCHEMAS.get(layer(node), ())}
        and not (node["config"]["schema"] == PUBLIC_SCHEMA and node.get("access") == "public")
    ]


def test_no_model_reads_a_later_layer(manifest):
    assert later_references(manifest) == []


def test_a_schema_is_a_layer(manifest):
    assert foreign_schemas(manifest) == []
    assert {layer(node) for node in tables(manifest).values()} == set(LAYERS)


def test_one_wrong_reference_and_one_wrong_schema_are_found(manifest):
    wrong = copy.deepcopy(manifest)
    statistics, inputs = (
        wrong["nodes"][f"model.customer_segmentation.{name}"] for name in ("feature_statistics", "segmentation_inputs")
    )
    statistics["depends_on"]["nodes"].append(inputs["unique_id"])
    inputs["config"]["schema"] = "marts"
    assert later_references(wrong) == ["feature_statistics (population) reads segmentation_inputs (segmentation)"]
    assert foreign_schemas(wrong) == ["segmentation_inputs (segmentation) is in the schema marts"]


def test_every_folder_describes_its_models_in_one_file():
    folders = {path.parent for top in ("models", "python_models") for path in (ROOT / top).rglob("*.[ps][yq]*")}
    for folder in folders:
        assert [path.name for path in folder.glob("_*__models.yml")] == [f"_{folder.name}__models.yml"], folder


def test_no_mart_lies_outside_a_folder():
    assert list((ROOT / "models/marts").glob("*.sql")) == []
