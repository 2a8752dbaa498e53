"""A subject of the library imports only subjects below it, and what computes touches neither files nor databases."""

import ast

import pytest

from helpers.projects import ROOT

LIBRARY = ROOT / "src/customer_segmentation"
# from the ground up
SUBJECTS = (
    "errors",
    "language",
    "units",
    "formatting",
    "progress",
    "temporary_files",
    "object_store",
    "clustering",
    "evidence",
    "personas",
    "experiments",
    "lifetime_value",
    "publication",
    "history",
    "warehouse",
    "spark",
    "quality",
    "examples",
    "inputs",
    "scoring",
    "report",
    "assistant",
    "bi",
    "datasets",
    "builds",
    "cli",
)
PURE = ("clustering", "evidence", "personas", "experiments", "lifetime_value")
NOT_FOR_PURE = {"duckdb", "dbt", "dbt_common", "pathlib"}


def subject(module: str) -> str:
    return module.split(".")[1]


def imported(source: str) -> set[str]:
    """Return the modules that a file imports, with the names that may be modules themselves."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


def problems(own: str, source: str) -> list[str]:
    """Name the imports of a file of a subject that point upwards, or out of what computes."""
    found = []
    for module in sorted(imported(source)):
        root = module.split(".")[0]
        if root == "customer_segmentation" and SUBJECTS.index(subject(module)) > SUBJECTS.index(own):
            found.append(f"{own} imports {module}, which lies above it")
        if own in PURE and root in NOT_FOR_PURE:
            found.append(f"{own} computes, and imports {module}")
    return found


def test_every_subject_knows_only_those_below_it():
    found = []
    for file in sorted(LIBRARY.rglob("*.py")):
        place = file.relative_to(LIBRARY)
        if file.name != "__init__.py":
            found += problems(place.parts[0].removesuffix(".py"), file.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize(
    ("own", "source"),
    [
        ("evidence", "from customer_segmentation.cli.main import main"),
        ("clustering", "from customer_segmentation.evidence import stability"),
        ("clustering", "import duckdb"),
        ("personas", "def f():\n    from pathlib import Path"),
    ],
)
def test_an_import_that_points_upwards_is_found(own, source):
    assert len(problems(own, source)) == 1
