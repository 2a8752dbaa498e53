"""Rows of the input of campaign outcomes: what counts, and what is rejected with its reason."""

import pytest

from helpers.documents import commands_of, steps, typed
from helpers.projects import copy_built

ROWS = """\
outcome_id,customer_id,experiment,outcome,outcome_date,amount
1,R00000001,retail_new_year,,2025-01-05,20.5
1,R00000001,retail_new_year,,2025-01-05,20.5
2,somebody,retail_new_year,,2025-01-05,10
3,R00000002,retail_new_year,,2024-12-05,10
4,R00000003,other_one,,2025-01-06,10
5,R00000004,,,2025-01-30,30
6,R00000005,retail_new_year,,2025-01-07,abc
7,,retail_new_year,,2025-01-07,5
8,R00000006,retail_new_year,Visits,2025-01-07,3
9,R00000006,,visits,2025-01-07,2
10,R00000006,,visit,2025-01-07,1
11,R00000006,retail_new_year,Money,2025-01-07,8
12,R00000006,in_summer,visits,2025-01-07,3
"""
SUMMER = "in_summer,coupon_book,retail_personas,,2024-06-01,30,0.5,money,summer,100,To know\n"


@pytest.mark.slow
def test_an_outcome_that_belongs_to_no_arm_is_rejected_with_its_reason(built, tmp_path):
    project = copy_built(built, tmp_path / "project")
    (project.folder / "outcomes.csv").write_text(ROWS)
    seed = project.folder / "seeds/judgement/experiments.csv"
    seed.write_text(seed.read_text().replace(",money,", ",visits,") + SUMMER)
    models = ["input_retail_campaign_outcomes", "stg_retail__campaign_outcome_rows"]
    given = ["--vars", "{retail_campaign_outcomes: outcomes.csv}"]
    run = project.dbt("build", "--exclude-resource-type", "test", "--select", "experiments", *models, *given)
    assert run.returncode == 0, run.stdout
    assert project.query(
        "select row_number, outcome, problem_column, reason from staging.stg_retail__campaign_outcome_rows "
        "order by row_number"
    ) == [
        (1, None, None, None),
        (2, None, "outcome_id", "duplicate row"),
        (3, None, "customer_id", "unknown customer"),
        (4, None, "outcome_date", "before the start"),
        (5, None, "experiment", "unknown experiment"),
        (6, None, None, None),
        (7, None, "amount", "not a number"),
        (8, None, "customer_id", "missing"),
        (9, "visits", None, None),
        (10, "visits", None, None),
        (11, "visit", "outcome", "unknown outcome"),
        (12, None, None, None),
        (13, "visits", "outcome", "unknown outcome"),
    ]


@pytest.mark.slow
def test_results_of_your_own_are_added_as_the_page_says(built, tmp_path):
    project = copy_built(built, tmp_path / "project")
    commands = []
    for command in commands_of(steps("docs/experiments.md", "### Add results of your own"), project):
        run = typed(project, *command.split())
        assert run.returncode == 0, run.stdout
        commands.append(command)
    assert len(commands) == 1
