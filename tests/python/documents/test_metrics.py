"""Metrics queried by name through MetricFlow are the figures that SQL finds in the marts."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest


def metricflow(project, *arguments) -> subprocess.CompletedProcess:
    """Run MetricFlow as a user would, at the root of the project."""
    return subprocess.run(
        [Path(sys.executable).parent / "mf", *map(str, arguments)],
        cwd=project.folder,
        env={**os.environ, "DBT_PROFILES_DIR": str(project.folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def queried(project, folder, *arguments) -> dict[tuple, tuple]:
    """Return the answer to a query with two groupings, by its groups."""
    answer = folder / "answer.csv"
    run = metricflow(project, "query", *arguments, "--csv", answer)
    assert run.returncode == 0, run.stdout + run.stderr
    with answer.open(newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return {(row[0], row[1]): tuple(float(value) if value else None for value in row[2:]) for row in rows}


def found_by_sql(project, sql) -> dict[tuple, tuple]:
    return {(row[0], row[1]): pytest.approx(row[2:]) for row in project.query(sql)}


def test_every_metric_can_be_computed(built):
    run = metricflow(built, "validate-configs")
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_metric_over_a_column_that_does_not_exist_is_found(rebuilt):
    rebuilt.edit(
        "models/metrics/_metrics__semantic_models.yml", "name: margin, agg", "name: margin, expr: certainty, agg"
    )
    assert rebuilt.dbt("parse").returncode == 0
    run = metricflow(rebuilt, "validate-configs")
    assert run.returncode != 0
    assert 'Referenced column "certainty" not found' in run.stdout


def test_segments_have_the_size_and_the_clarity_of_the_marts(built, tmp_path):
    assert queried(built, tmp_path, "--saved-query", "segments_at_a_glance") == found_by_sql(
        built,
        """
        select segmentation, persona, segments.customers, mean_margin, borderline_customers / segments.customers,
            share_of_customers
        from marts.segments
        inner join (
            select segmentation, persona, avg(margin) as mean_margin
            from marts.customer_segments
            group by segmentation, persona
        ) using (segmentation, persona)
        """,
    )


def test_income_spending_and_revenue_are_those_of_the_customers(built, tmp_path):
    metrics = ["--metrics", "mean_income,mean_spending,revenue_per_customer"]
    answer = queried(
        built, tmp_path, *metrics, "--group-by", "customer__dataset,customer__persona",
        "--where", "{{ Dimension('customer__is_default') }} and {{ Dimension('customer__dataset') }} <> 'sales'",
    )  # fmt: skip
    assert answer == found_by_sql(
        built,
        """
        select dataset, persona, avg(annual_income_k), avg(spending_score), null
        from marts.customer_segments inner join marts.mall_customer_features using (customer_id)
        where segmentation = 'mall_income_spending'
        group by dataset, persona
        union all
        select dataset, persona, avg(annual_income_k), null, avg(monetary_value)
        from marts.customer_segments inner join marts.retail_customer_features using (customer_id)
        where segmentation = 'retail_personas'
        group by dataset, persona
        """,
    )


def test_audiences_are_those_of_the_campaign_list(built, tmp_path):
    arguments = ["--metrics", "audience_size", "--group-by", "customer__campaign,customer__channel"]
    only = ["--where", "{{ Dimension('customer__segmentation') }} = 'mall_six_personas'"]
    assert queried(built, tmp_path, *arguments, *only) == found_by_sql(
        built,
        """
        select campaign, channel, count(*)
        from marts.customer_campaigns
        where segmentation = 'mall_six_personas'
        group by campaign, channel
        """,
    )


def test_figures_over_time_are_those_of_the_history(built, tmp_path):
    arguments = ["--metrics", "customers_over_time,money_over_time"]
    by = ["--group-by", "recorded_segment__segmentation,recorded_segment__persona"]
    assert queried(built, tmp_path, *arguments, *by) == found_by_sql(
        built, "select segmentation, persona, sum(customers), sum(money) from marts.segment_sizes group by all"
    )
    arguments = ["--metrics", "monthly_movers", "--group-by", "move__from_persona,move__to_persona"]
    only = ["--where", "{{ Dimension('move__from_persona') }} <> {{ Dimension('move__to_persona') }}"]
    assert queried(built, tmp_path, *arguments, *only) == found_by_sql(
        built,
        """
        select from_persona, to_persona, sum(customers)
        from marts.monthly_migrations
        where movement = 'moved'
        group by all
        """,
    )


def test_what_campaigns_brought_is_that_of_the_effects(built, tmp_path):
    # MetricFlow answers with ratios last
    metrics = "customers_treated,customers_held_back,incremental_money_proven,money_effect_per_customer"
    arguments = ["--metrics", metrics, "--group-by", "effect__experiment,effect__persona"]
    answer = queried(built, tmp_path, *arguments)
    # personas alone add up
    assert answer.pop(("retail_new_year", "All personas")) == (0, 0, 0, None)
    assert {persona: proven != 0 for (_, persona), (_, _, proven, _) in answer.items()} == {
        "High-Income Shoppers": True, "Frequent Shoppers": True, "Occasional Shoppers": False
    }  # fmt: skip
    assert answer == found_by_sql(
        built,
        """
        select experiment, persona, treated, control, case when is_proven then effect * treated else 0 end, effect
        from marts.campaign_effects
        where metric = 'money' and not is_total
        """,
    )


def test_expected_money_is_that_of_the_customers(built, tmp_path):
    arguments = ["--metrics", "expected_money_365_days,expected_money_per_buyer"]
    only = ["--where", "{{ Dimension('customer__segmentation') }} = 'retail_personas'"]
    by = ["--group-by", "customer__dataset,customer__persona"]
    assert queried(built, tmp_path, *arguments, *by, *only) == found_by_sql(
        built,
        """
        select segments.dataset, persona, sum(expected_money_365_days), avg(expected_money_365_days)
        from marts.customer_segments as segments inner join marts.customer_lifetime_value using (dataset, customer_id)
        where segmentation = 'retail_personas'
        group by all
        """,
    )


def test_the_pass_rate_is_that_of_the_expectations(rebuilt, tmp_path):
    with duckdb.connect(str(rebuilt.database)) as database:
        database.execute("update marts.data_quality_results set success = false where position = 2")
    arguments = ["--metrics", "data_quality_pass_rate", "--group-by", "expectation__relation,expectation__severity"]
    assert queried(rebuilt, tmp_path, *arguments) == found_by_sql(
        rebuilt,
        """
        select relation, severity, avg(success::int)
        from marts.data_quality_results
        group by relation, severity
        """,
    )
