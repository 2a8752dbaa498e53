"""The assignment in SQL on customers and models that the fit never saw: its compiled SQL is run on other tables."""

import shutil

import duckdb
import numpy as np
import pytest

from helpers.fitted_model import model_of, predict


@pytest.fixture
def warehouse(built, tmp_path):
    """A connection to a copy of the warehouse, under the name that the compiled SQL uses."""
    shutil.copy(built.database, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        yield connection


def assign(built, warehouse, inputs_sql: str) -> dict[str, np.ndarray]:
    """Run the SQL of customer_segments on other customers; return the customers and their clusters per segmentation."""
    warehouse.execute("drop view segmentation.segmentation_inputs")
    warehouse.execute(f"create table segmentation.segmentation_inputs as {inputs_sql}")
    compiled = built.folder / "target/compiled/customer_segmentation/models/marts/segments/customer_segments.sql"
    warehouse.execute(f"create table assigned as {compiled.read_text()}")
    return warehouse.execute(
        """
        select segmentation, value_1, value_2, value_3, cluster_id, runner_up_cluster_id
        from assigned inner join segmentation.segmentation_inputs using (segmentation, customer_id)
        """
    ).fetchnumpy()


def test_every_possible_customer_is_assigned_as_scikit_learn_would(built, warehouse):
    """Each whole age, income and score: half a million customers, nearly all of them never seen in the fit."""
    grid = "range(18, 71) as ages(age), range(15, 138) as incomes(income), range(1, 101) as scores(score)"
    found = assign(
        built,
        warehouse,
        f"""
        with customers as (select cast(row_number() over () as varchar) as customer_id, * from {grid})
        select 'mall_six_personas' as segmentation, 'mall' as dataset, customer_id,
            cast(age as double) as value_1, cast(income as double) as value_2, cast(score as double) as value_3,
            cast(null as double) as value_4, cast(null as double) as value_5
        from customers
        union all
        select 'mall_seven_personas', 'mall', customer_id, age, income, score, null, null from customers
        union all
        select 'mall_income_spending', 'mall', customer_id, income, score, null, null, null from customers where age = 18
        """,
    )
    for segmentation, customers in [
        ("mall_six_personas", 53 * 123 * 100),
        ("mall_seven_personas", 53 * 123 * 100),
        ("mall_income_spending", 123 * 100),
    ]:
        own = found["segmentation"] == segmentation
        assert own.sum() == customers
        centers, center, scale = model_of(built, segmentation)
        values = [np.asarray(found[f"value_{position}"][own], dtype=float) for position in range(1, len(center) + 1)]
        expected = predict(centers, (np.column_stack(values) - center) / scale)
        assert (found["cluster_id"][own] == expected).all()


def test_ties_are_won_by_the_lower_cluster_as_in_scikit_learn(built, warehouse):
    """Centres on the corners and in the middle of a board: sixteen squares are equally near to two."""
    centers = np.array([[0.0, 0.0], [0.0, 8.0], [4.0, 4.0], [8.0, 0.0], [8.0, 8.0]])
    for cluster, row in enumerate(centers, start=1):
        for position, value in enumerate(row, start=1):
            warehouse.execute(
                """
                update marts.cluster_centroids set scaled_centroid = ?, scaler_center = 0, scaler_scale = 1
                where segmentation = 'mall_income_spending' and cluster_id = ? and position = ?
                """,
                [value, cluster, position],
            )
    found = assign(
        built,
        warehouse,
        """
        select 'mall_income_spending' as segmentation, 'mall' as dataset, x || '-' || y as customer_id,
            cast(x as double) as value_1, cast(y as double) as value_2, cast(null as double) as value_3,
            cast(null as double) as value_4, cast(null as double) as value_5
        from range(0, 9) as columns(x), range(0, 9) as rows(y)
        """,
    )
    points = np.column_stack([found["value_1"], found["value_2"]])
    distances = np.sort(((points[:, None] - centers) ** 2).sum(axis=2), axis=1)
    assert (distances[:, 0] == distances[:, 1]).sum() == 16
    assert (found["cluster_id"] == predict(centers, points)).all()
    assert (found["runner_up_cluster_id"] != found["cluster_id"]).all()


def test_transforms_and_weights_reach_the_assignment(rebuilt):
    rebuilt.edit(
        "seeds/judgement/segmentation_features.csv",
        "mall_income_spending,1,annual_income_k,none,1,",
        "mall_income_spending,1,annual_income_k,log,2,",
    )
    reached = ["segmentation_features+,+customer_segments", "segmentation_features+,+cluster_centroids"]
    run = rebuilt.dbt("build", "--exclude-resource-type", "test", "--select", *reached)
    assert run.returncode == 0, run.stdout
    rows = np.array(
        rebuilt.query(
            """
            select annual_income_k, spending_score, cluster_id
            from marts.customer_segments inner join marts.mall_customer_features using (customer_id)
            where segmentation = 'mall_income_spending'
            """
        )
    )
    centers, center, scale = model_of(rebuilt, "mall_income_spending")
    points = np.column_stack([np.log1p(rows[:, 0]), rows[:, 1]])
    assert scale == pytest.approx(points.std(axis=0) / [2, 1])
    assert (rows[:, 2] == predict(centers, (points - center) / scale)).all()
    incomes = rebuilt.query(
        """
        select centroid from marts.cluster_centroids
        where segmentation = 'mall_income_spending' and feature = 'annual_income_k' order by cluster_id
        """
    )
    assert [income for (income,) in incomes] == pytest.approx(np.expm1(center[0] + centers[:, 0] * scale[0]).tolist())
