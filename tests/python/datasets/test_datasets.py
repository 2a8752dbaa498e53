"""A dataset is a folder: no other file names it, and any of them can be built without the others."""

import json
import re

import pytest

from helpers.projects import ROOT

EXAMPLES = ("mall", "sales", "retail")
NAMED = re.compile(rf"(?<![a-zA-Z])({'|'.join(EXAMPLES)})(?![a-zA-Z])", re.IGNORECASE)
# nothing of these is computed without evidence, and readers find them all the same
EVIDENCE = [
    "k_selection",
    "k_recommendation",
    "fit_optima",
    "segment_stability",
    "algorithm_comparison",
    "segment_rules",
    "principal_components",
    "customer_components",
    "customer_silhouettes",
    "segment_crosswalk",
    "segmentation_agreement",
    "published_result_checks",
    "feature_summary",
    "feature_histograms",
    "feature_correlations",
    "feature_relationships",
    "category_counts",
    "category_profiles",
    "category_effects",
    "segment_distributions",
]
SEARCHED = ("models", "macros", "python_models", "src", "dashboard")
# the data that comes with the project is made there, and one file writes the spreadsheet where it is missing; columns of
# shops are called so, too, in what `segmentation init` knows
EXAMPLES_ALONE = (
    "models/datasets/",
    "src/customer_segmentation/examples/",
    "src/customer_segmentation/datasets/known/",
)
IMPORTS = re.compile(r"customer_segmentation\.examples\.\w+|write_sales_spreadsheet")


def test_no_other_file_names_a_dataset():
    found = []
    for folder in SEARCHED:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if not path.is_file() or path.suffix == ".pyc" or ".egg-info" in name or name.startswith(EXAMPLES_ALONE):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                if NAMED.search(IMPORTS.sub("", line)):
                    found.append(f"{name}:{number}: {line.strip()}")
    assert found == []


@pytest.mark.parametrize("alone", EXAMPLES)
def test_a_dataset_is_built_without_the_others_and_without_evidence(empty, alone):
    settings = {"datasets": [alone], "evidence": "none", "generated_retail_customers": 400}
    run = empty.dbt("build", "--vars", json.dumps(settings))
    assert run.returncode == 0, run.stdout
    others = [name for name in EXAMPLES if name != alone]
    tables = {name for (name,) in empty.published_query("select table_name from published_tables")}
    assert f"{alone}_customer_features" in tables
    assert "customer_campaigns" in tables
    for table in tables:
        rows = json.dumps(empty.published_query(f"select * from {table}"), default=str)
        assert not re.search(rf"(?<![a-zA-Z])({'|'.join(others)})_", rows), table
    assert [name for name in tables if name.startswith(tuple(f"{other}_" for other in others))] == []
    assert empty.published_query("select distinct dataset from customer_campaigns") == [(alone,)]
    (is_synthetic,) = empty.published_query("select distinct is_synthetic from customer_campaigns")
    assert is_synthetic == (alone != "mall",)
    rows = {table: empty.published_query(f"select count(*) from {table}") for table in EVIDENCE}
    assert {table: count for table, count in rows.items() if count != [(0,)]} == {}
    assert empty.published_query("select distinct stability_grade from segments") == [(None,)]


def test_the_names_of_a_dataset_that_is_off_are_no_mistake_and_others_are(empty):
    empty.edit("seeds/judgement/features.csv", "\nmall,age,", "\nmal,age,")
    run = empty.dbt("build", "--fail-fast", "--vars", json.dumps({"datasets": ["mall"], "evidence": "none"}))
    assert run.returncode != 0
    assert "seeds/judgement/features.csv" in run.stdout
    assert "mal" in run.stdout
