"""Segmentations at the edge of what makes sense still give a usable result, down to the pictures and the report."""

import json
from pathlib import Path

import pytest

from helpers.projects import Project, copy_project
from helpers.small_publication import run_command

ONE_FEATURE = "sales_age,sales,auto,2,6,standard,best_of_starts,always,0.1,false,,Test,One feature only\n"
EIGHT_FEATURES = "retail_eight,retail,4,2,5,standard,best_of_starts,always,0.1,false,,Test,Eight features\n"
FEATURES_OF_EIGHT = [
    "age",
    "annual_income_k",
    "recency_days",
    "frequency",
    "monetary_value",
    "average_order_value",
    "tenure_days",
    "return_rate",
]


@pytest.fixture(scope="module")
def odd(own_copy) -> Project:
    """Ten sales customers of one gender, two to a cluster; a segmentation on one feature and one on eight; four in the mall."""
    return Project(own_copy("odd", build_odd))


def build_odd(folder: Path) -> None:
    project = copy_project(folder)
    header = "customer_id,gender,age,annual_income_k,spending_score,product_category,purchase_frequency,last_purchase"
    rows = [
        f"{2 * group + twin},Female,{20 + 10 * group + twin},{20 + 20 * group + twin},{10 + 15 * group + twin},Books,"
        f"{2 + group + twin},2024-0{1 + group}-1{twin}"
        for group in range(5)
        for twin in range(2)
    ]
    (project.folder / "ten.csv").write_text("\n".join([header, *rows]) + "\n")
    mall = (project.folder / "seeds/raw/mall_customers.csv").read_text().splitlines(keepends=True)
    (project.folder / "four.csv").write_text("".join([mall[0], *mall[1::50]]))
    judgement = project.folder / "seeds/judgement"
    with (judgement / "segmentations.csv").open("a") as file:
        file.write(ONE_FEATURE + EIGHT_FEATURES)
    with (judgement / "segmentation_features.csv").open("a") as file:
        file.write("sales_age,1,age,none,1,Test\n")
        for position, feature in enumerate(FEATURES_OF_EIGHT, start=1):
            file.write(f"retail_eight,{position},{feature},none,1,Test\n")
    settings = "{sales_customers: ten.csv, mall_customers: four.csv, generated_retail_customers: 400, evidence: fast}"
    run = project.dbt("build", "--vars", settings)
    assert run.returncode == 0, run.stdout
    (project.folder / "build.log").write_text(run.stdout + run.stderr)


def test_fewer_customers_than_clusters_get_as_many_as_there_are(odd):
    for segmentation, k in [("mall_income_spending", 5), ("mall_six_personas", 6), ("mall_seven_personas", 7)]:
        ((found, fallback),) = odd.published_query(
            f"select k, fallback from segmentation_fits where segmentation = '{segmentation}'"
        )
        assert found <= 4
        assert fallback.startswith(f"{k} segments were asked for")
        assert fallback in (odd.folder / "build.log").read_text()


def test_numbers_of_segments_that_the_customers_do_not_allow_are_left_out(odd):
    [(smallest, largest)] = odd.query(
        "select min(k), max(k) from marts.k_selection where segmentation = 'sales_personas'"
    )
    assert (smallest, largest) == (2, 9)
    [(sizes,)] = odd.query("select min(customers) from marts.segments where segmentation = 'sales_personas'")
    assert sizes == 2


def test_one_feature_may_choose_its_number_of_segments(odd):
    [(k, recommended)] = odd.query(
        "select k_in_use, recommended_k from marts.k_recommendation where segmentation = 'sales_age'"
    )
    assert k == recommended
    assert odd.query(
        "select distinct component_1 is null, component_2 is null from marts.customer_components where segmentation = 'sales_age'"
    ) == [(False, True)]
    assert odd.query(
        "select distinct deciding_feature, second_deciding_feature from marts.customer_segments where segmentation = 'sales_age'"
    ) == [("age", None)]


def test_a_category_of_one_level_has_no_effect_to_measure(odd):
    assert odd.query(
        "select distinct effect, eta_squared from marts.category_effects where dataset = 'sales' and category = 'gender'"
    ) == [("not applicable", None)]


@pytest.mark.parametrize("command", ["pictures", "report", "slides"])
def test_what_people_look_at_is_made_all_the_same(odd, command):
    run = run_command(command, odd.published / "marts.duckdb")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    assert "Warning" not in run.stderr
    if command == "pictures":
        index = json.loads((odd.published / "pictures/index.json").read_text())
        assert "sales_age" in json.dumps(index)
