"""Rows of the input of campaign outcomes: what counts, and what is rejected with its reason."""

import pytest

from helpers.projects import copy_built

ROWS = """\
outcome_id,customer_id,experiment,outcome_date,amount
1,R00000001,retail_new_year,2025-01-05,20.5
1,R00000001,retail_new_year,2025-01-05,20.5
2,somebody,retail_new_year,2025-01-05,10
3,R00000002,retail_new_year,2024-12-05,10
4,R00000003,other_one,2025-01-06,10
5,R00000004,,2025-01-30,30
6,R00000005,retail_new_year,2025-01-07,abc
7,,retail_new_year,2025-01-07,5
"""


@pytest.mark.slow
def test_an_outcome_that_belongs_to_no_arm_is_rejected_with_its_reason(built, tmp_path):
    project = copy_built(built, tmp_path / "project")
    (project.folder / "outcomes.csv").write_text(ROWS)
    models = ["input_retail_campaign_outcomes", "stg_retail__campaign_outcome_rows"]
    run = project.dbt("run", "--select", *models, "--vars", "{retail_campaign_outcomes: outcomes.csv}")
    assert run.returncode == 0, run.stdout
    assert project.query(
        "select row_number, problem_column, reason from staging.stg_retail__campaign_outcome_rows order by row_number"
    ) == [
        (1, None, None),
        (2, "outcome_id", "duplicate row"),
        (3, "customer_id", "unknown customer"),
        (4, "outcome_date", "before the start"),
        (5, "experiment", "unknown experiment"),
        (6, None, None),
        (7, "amount", "not a number"),
        (8, "customer_id", "missing"),
    ]
