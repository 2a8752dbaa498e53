"""The target spark: the same project, built with the heavy models on an engine of Spark, publishes the same tables."""

import os

import duckdb
import pytest

from customer_segmentation.spark import engine
from helpers.compare_publications import differences
from helpers.projects import ROOT, Project, copy_project

PAGE = ROOT / "docs/spark.md"
COMMAND = "SEGMENTATION_SPARK=sail dbt build --target spark"
TOLERANCE = 1e-9
ENGINE = os.environ.get("ENGINE", "sail")  # make test-spark tries local[2]
# The last digit of a logarithm is another one in Java, and this is a digest of exact values.
LEFT_OUT = set() if ENGINE == "sail" else {"data_fingerprint"}
MANY_ROWS = 1000  # of the tables of customers of the example, which stand for a hundred million


@pytest.fixture(scope="module")
def on_spark():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(engine.VARIABLE, ENGINE)
        yield


@pytest.fixture(scope="module")
def built_on_spark(on_spark, own_copy) -> Project:
    def build(folder):
        run = copy_project(folder).dbt("build", "--target", "spark", "--vars", f"{{rows_of_one_machine: {MANY_ROWS}}}")
        assert run.returncode == 0, run.stdout + run.stderr

    return Project(own_copy("built_on_spark", build))


def test_the_page_shows_this_command():
    assert COMMAND in PAGE.read_text(encoding="utf-8").splitlines()


def test_public_tables_equal_those_that_duckdb_builds(built, built_on_spark):
    published = [project.published / "marts.duckdb" for project in (built, built_on_spark)]
    assert list(differences(*published, tolerance=TOLERANCE, left_out=LEFT_OUT)) == []


def test_a_label_of_another_segment_would_be_noticed(built, built_on_spark, tmp_path):
    changed = tmp_path / "marts.duckdb"
    changed.write_bytes((built_on_spark.published / "marts.duckdb").read_bytes())
    with duckdb.connect(str(changed)) as database:
        database.execute("create table copied as from customer_segments")
        database.execute("drop view customer_segments")
        database.execute("alter table copied rename to customer_segments")
        database.execute("update customer_segments set cluster_id = cluster_id + 1 where customer_id = '7'")
        database.execute("update segment_profiles set mean = mean * (1 + 1e-6) where feature = 'age'")
    found = list(differences(built.published / "marts.duckdb", changed, tolerance=TOLERANCE, left_out=LEFT_OUT))
    assert [line.partition(":")[0] for line in found] == ["customer_segments", "segment_profiles"]


def test_heavy_models_are_views_of_the_files_of_the_engine(built_on_spark):
    views = dict(built_on_spark.query("select view_name, sql from duckdb_views() where sql like '%read_parquet%'"))
    assert {
        "stg_retail__transaction_rows",
        "retail_customer_history",
        "customer_segments",
        "segment_history",
        "prediction_inputs",
        "alternative_segments",
        "feature_pairs",
    } <= views.keys()
    assert all("warehouse.lake/" in sql for sql in views.values())


def test_large_tables_are_published_as_files_of_the_engine(built_on_spark):
    large = "select view_name from duckdb_views() where sql like '%/published/large_tables/%'"
    shown = {name for (name,) in built_on_spark.published_query(large)}
    most = f"select table_name from published_tables where row_count > {MANY_ROWS}"
    assert shown == {name for (name,) in built_on_spark.published_query(most)}
    assert {"retail_customer_features", "customer_segments"} <= shown
    assert not {f"{name}.parquet" for name in shown} & {path.name for path in built_on_spark.published.iterdir()}


def test_a_table_of_duckdb_becomes_one_of_spark_and_back(on_spark, rebuilt):
    for arguments in (["--target", "spark"], []):
        run = rebuilt.dbt("run", "--select", "rfm_scores", "segment_genders", *arguments)
        assert run.returncode == 0, run.stdout
    assert rebuilt.query("select count(*) from marts.rfm_scores")[0][0] > 0


TWICE = "from final\ncross join (select 1 as copy union all select 2 as copy) as copies\n"
NONE_FITS = ["--vars", "{rows_of_one_machine: 0}"]


def test_spark_finds_a_key_that_occurs_twice_in_a_large_table(on_spark, rebuilt, monkeypatch):
    rebuilt.edit("models/marts/segments/segment_genders.sql", "from final\n", TWICE)
    assert rebuilt.dbt("run", "--target", "spark", "--select", "segment_genders", *NONE_FITS).returncode == 0
    ((keys,),) = rebuilt.query("select count(*) // 2 from marts.segment_genders")
    found = f"Got {keys} results, configured to fail if != 0"
    test = ["test", "--target", "spark", "--select", "segment_genders_has_key"]
    assert found in rebuilt.dbt(*test, *NONE_FITS).stdout
    assert not any((rebuilt.folder / "warehouse.lake/tests").iterdir())  # there may be customers among them

    monkeypatch.setenv(engine.VARIABLE, "sc://127.0.0.1:9")
    assert "No Spark Connect server answers" in rebuilt.dbt(*test, *NONE_FITS).stdout
    assert found in rebuilt.dbt(*test).stdout  # DuckDB tests a small table


def test_a_function_that_was_not_compared_stops_the_build(on_spark, rebuilt):
    rebuilt.edit("models/population/feature_levels.sql", "with\n", "with entropies as (select entropy(1) as e),\n")
    rebuilt.assert_stopped_plainly(
        "feature_levels: The function entropy has not been compared on DuckDB and Spark",
        command="run",
        arguments=["--target", "spark", "--select", "feature_levels"],
    )


def test_a_target_without_an_engine_says_so(rebuilt, monkeypatch):
    monkeypatch.delenv(engine.VARIABLE, raising=False)
    rebuilt.assert_stopped_plainly(
        "SEGMENTATION_SPARK is not set. Set it to sc://host:port",
        command="run",
        arguments=["--target", "spark", "--select", "feature_levels"],
    )
