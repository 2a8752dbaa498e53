"""dbt as its users know it: what needs no data works before the first build, and an empty build leaves the publication."""

import shutil

import duckdb
import pytest

from helpers.projects import Project, with_evidence

# whatever is said about the build itself: words of the seeds, the columns of the inputs, what a suite found
NOT_EMPTY = {"as_of_dates", "build_days", "data_quality_results", "datasets", "input_columns"}


def assert_green(project: Project, *arguments: str) -> str:
    run = project.dbt(*arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def test_a_clean_clone_compiles_and_is_documented(empty):
    assert_green(empty, "compile")
    assert "cluster_id" in assert_green(empty, "compile", "--select", "customer_segments")
    assert_green(empty, "docs", "generate")
    assert (empty.folder / "target/catalog.json").is_file()
    with duckdb.connect(str(empty.database), read_only=True) as database:
        assert database.execute("select count(*) from duckdb_tables()").fetchall() == [(0,)]


def test_an_empty_build_has_every_table_no_row_and_no_publication(empty, built):
    with_evidence(empty)
    shutil.copytree(built.published, empty.published)
    before = empty.published_files()
    assert "an empty build publishes nothing" in assert_green(empty, "build", "--empty")
    assert empty.published_files() == before

    tables = "select schema_name, table_name from duckdb_tables() where not temporary and schema_name <> 'seeds'"
    assert sorted(empty.query(tables)) == sorted(built.query(tables))
    filled = {name for schema, name in empty.query(tables) if empty.query(f"select 1 from {schema}.{name} limit 1")}
    assert filled == NOT_EMPTY
    # what is empty now is not published by the next run either
    empty.assert_stopped_plainly("tables were last built with --empty", arguments=["--select", "published_tables"])


def test_an_empty_build_of_the_last_table_publishes_nothing(rebuilt):
    before = rebuilt.published_files()
    assert_green(rebuilt, "build", "--empty", "--select", "published_tables")
    assert rebuilt.published_files() == before
    assert rebuilt.query("select count(*) from publishing.published_tables") == [(0,)]


@pytest.mark.parametrize(
    ("emptied", "public"),
    [("segments", "segments"), ("rfm_values", "rfm_scores"), ("feature_statistics", "segment_profiles")],
)
def test_what_was_emptied_is_not_published_until_it_is_built_again(rebuilt, emptied, public):
    """A public table, a view and a table that others are made from; `dbt run` asks no tests that might have stopped."""
    before = rebuilt.published_query(f"select count(*) from {public}")
    assert_green(rebuilt, "run", "--empty", "--select", emptied, "data_quality_results")
    follows = sorted({public, "data_quality_results", "published_tables"} - {emptied})
    rebuilt.assert_stopped_plainly(
        "tables were last built with --empty, or from tables that were: ",
        f" {emptied}",
        command="run",
        arguments=["--select", *follows],
    )
    assert_green(rebuilt, "run", "--select", emptied, *follows)
    assert rebuilt.published_query(f"select count(*) from {public}") == before != [(0,)]


def test_what_was_made_from_an_emptied_table_is_not_published_either(rebuilt):
    """Not even when the emptied table itself has its rows again."""
    before = rebuilt.published_query("select * from segment_profiles order by all")
    assert_green(rebuilt, "run", "--empty", "--select", "feature_statistics")
    assert_green(rebuilt, "run", "--select", "segment_profiles")
    assert_green(rebuilt, "run", "--select", "feature_statistics")
    rebuilt.assert_stopped_plainly(
        "or from tables that were: segment_profiles", command="run", arguments=["--select", "published_tables"]
    )
    assert_green(rebuilt, "run", "--select", "segment_profiles+")
    assert rebuilt.published_query("select * from segment_profiles order by all") == before


@pytest.mark.parametrize("broken", ["seed", "input"])
def test_retry_goes_on_where_a_build_failed_and_publishes(rebuilt, broken):
    """With `-s`, which is `--select`, dbt writes what it did in the tests too; retry needs that."""
    grid, customers = "seeds/judgement/rfm_grid.csv", rebuilt.folder / "given" / "customers.csv"
    shutil.rmtree(rebuilt.published)
    if broken == "seed":
        rebuilt.edit(grid, "5,1,new_customers", "five,1,new_customers")
        run = rebuilt.dbt("build", "-s", "features", "rfm_grid", "rfm_scores", "published_tables")
        message = "found 'five', expected a whole number"
    else:
        chain = ["input_mall_customers", "stg_mall__customer_rows", "stg_mall__customers", "mall_customer_features"]
        given = ["--vars", "{mall_customers: given/customers.csv}"]
        run = rebuilt.dbt("build", "-s", "features", *chain, "published_tables", *given)
        message = "the file given/customers.csv does not exist"
    assert run.returncode == 1
    assert message in run.stdout
    assert not rebuilt.published.exists()

    if broken == "seed":
        rebuilt.edit(grid, "five,1,new_customers", "5,1,new_customers")
    else:
        customers.parent.mkdir()
        shutil.copy(rebuilt.folder / "seeds/raw/mall_customers.csv", customers)
    again = assert_green(rebuilt, "retry")
    assert "ERROR=0" in again
    assert "loaded seed file seeds.features " in run.stdout
    assert "loaded seed file seeds.features " not in again  # what was built before is not built again
    assert rebuilt.published_query("select count(*) > 0 from customer_segments") == [(True,)]


def test_unit_tests_run_where_they_are_asked_for_and_go_red(built, rebuilt):
    """The build that the tests share asks for them."""
    assert " unit tests" in (built.folder / "build.log").read_text().split("Finished running")[1].splitlines()[0]
    project = Project(rebuilt.folder, runs_unit_tests=True)
    assert "No nodes selected" in project.dbt("ls", "--resource-type", "unit_test").stdout
    rebuilt.edit("models/marts/segments/customer_segments.sql", "measured.margin < {{", "measured.margin > {{")
    run = project.dbt("test", "--selector", "unit_tests", "--fail-fast")
    assert run.returncode == 1
    assert "test_the_nearest_centre_wins_and_the_second_is_runner_up" in run.stdout
