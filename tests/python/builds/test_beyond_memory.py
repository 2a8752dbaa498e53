"""Segmentations with more customers than the fit looks at: here the var says that a thousand are too many."""

import duckdb
import numpy as np
import pytest

from helpers.projects import Project, copy_built

ORDERS_AND_THREADS = [("customer_id", 1), ("customer_id", 4), ("hash(customer_id)", 3)]


@pytest.fixture(scope="module")
def sampled(built_before, own_copy) -> Project:
    """The project with a fit of the 6,000 retail customers on a coreset; the other datasets stay small.

    The features of the customers are those of the build that it is copied from.
    """
    return Project(own_copy("sampled", lambda folder: build_sampled(copy_built(built_before, folder))))


def build_sampled(project: Project) -> None:
    project.edit("dbt_project.yml", "exact_customers: 100000", "exact_customers: 1000")
    project.edit("dbt_project.yml", "coreset_customers: 100000", "coreset_customers: 2000")
    project.edit("dbt_project.yml", "values_in_memory: 50000000", "values_in_memory: 1000")
    reached = ["feature_values+,+segment_profiles", "feature_values+,+segmentation_fits"]
    run = project.dbt("build", "--select", *reached, "--indirect-selection", "cautious")
    assert run.returncode == 0, run.stdout


def fits(project) -> dict[str, tuple]:
    rows = project.query(
        "select segmentation, customers, fitted_on, coreset_rows, passes, inertia, centroid_shift, stopped_because, "
        "squared_silhouette, silhouette from marts.segmentation_fits"
    )
    return {name: figures for name, *figures in rows}


def test_the_fit_on_a_coreset_is_the_fit_of_all_customers(sampled, built):
    found, expected = fits(sampled), fits(built)
    for segmentation, figures in expected.items():
        if segmentation != "retail_personas":
            assert found[segmentation] == figures
    customers, fitted_on, coreset_rows, passes, inertia, shift, stopped, squared, silhouette = found["retail_personas"]
    assert expected["retail_personas"][:2] == [customers, "all customers"]
    assert expected["retail_personas"][3] == 0  # passes
    assert fitted_on == "coreset, then all customers"
    assert 1_700 < coreset_rows < 2_300
    assert 2 <= passes <= 50
    assert stopped == "tolerance reached"
    assert 0 < shift < 0.01
    assert inertia == pytest.approx(expected["retail_personas"][4], rel=1e-4)
    assert squared == pytest.approx(expected["retail_personas"][7], abs=1e-3)
    assert silhouette == pytest.approx(expected["retail_personas"][8], abs=0.02)


def test_hardly_a_customer_is_in_another_segment_than_with_all_customers(sampled, built):
    query = "select customer_id, persona from marts.customer_segments where segmentation = 'retail_personas'"
    found, expected = dict(sampled.query(query)), dict(built.query(query))
    assert found.keys() == expected.keys()
    assert np.mean([found[customer] == expected[customer] for customer in found]) > 0.995


def test_sizes_of_the_fit_are_those_of_the_segments(sampled):
    assert not sampled.query(
        """
        select cluster_id, max(cluster_customers), count(distinct customer_id)
        from segmentation.fitted_clusters inner join marts.customer_segments using (segmentation, cluster_id)
        group by segmentation, cluster_id having max(cluster_customers) <> count(distinct customer_id)
        """
    )


def test_values_that_are_counted_have_the_quantiles_of_those_in_memory(sampled, built):
    compiled = "target/compiled/customer_segmentation/models/marts/segments/segment_profiles.sql"
    assert "customers_so_far" in (sampled.folder / compiled).read_text()
    assert "customers_so_far" not in (built.folder / compiled).read_text()
    query = "from marts.segment_profiles where segmentation <> 'retail_personas' order by all"
    assert sampled.query(query) == built.query(query)


@pytest.mark.parametrize("model", ["segmentation_statistics", "segmentation_coresets"])
def test_neither_threads_nor_the_order_of_rows_change_a_figure(sampled, tmp_path, model):
    """Enough customers for DuckDB to work in parallel: the compiled SQL of the models on another table."""
    compiled = sampled.folder / f"target/compiled/customer_segmentation/models/segmentation/inputs/{model}.sql"
    results = []
    for order, threads in ORDERS_AND_THREADS:
        (tmp_path / "warehouse.duckdb").unlink(missing_ok=True)
        with duckdb.connect(str(tmp_path / "warehouse.duckdb"), config={"threads": threads}) as warehouse:
            warehouse.execute("create schema segmentation")
            warehouse.execute("create schema seeds")
            warehouse.execute("create schema judgement")
            warehouse.execute(f"attach '{sampled.database}' as built (read_only)")
            for table in [
                "judgement.applied_segmentations",
                "seeds.segmentation_features",
                "segmentation.segmentation_statistics",
            ]:
                warehouse.execute(f"create table {table} as from built.{table}")
            warehouse.execute(
                f"""
                create table segmentation.segmentation_inputs as
                select segmentation, dataset, value_1 + i / 7e5 as value_1, value_2 * (1 + i / 6e5) as value_2, value_3,
                    value_4, value_5, customer_id || '-' || i as customer_id
                from built.segmentation.segmentation_inputs cross join range(100) as copies(i)
                where segmentation = 'retail_personas' order by {order}
                """
            )
            results.append(warehouse.execute(f"select * from ({compiled.read_text()}) order by all").fetchall())
    assert len(results[0]) > 4
    assert all(result == results[0] for result in results)
