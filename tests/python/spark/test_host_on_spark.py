"""A dataset of a user's, in a dbt project that uses this one as a package, on an engine of Spark: the tables of DuckDB."""

import os
import shutil

import duckdb
import pytest

from customer_segmentation.spark import engine
from helpers.compare_publications import differences
from helpers.documents import printed
from helpers.hosts import HOST, dbt
from helpers.projects import Project

PAGE = "docs/spark.md"
ENGINE = os.environ.get("ENGINE", "sail")  # make test-spark tries local[2]
PUBLISHED = ["--vars", "{published_folder: published}"]


@pytest.fixture(scope="module")
def publications(host, tmp_path_factory):
    """The publication of the host as DuckDB built it, and as Spark does after the change that the page shows."""
    root = tmp_path_factory.mktemp("host_on_spark")
    folder = shutil.copytree(host.parent, root / "project", symlinks=True) / HOST
    dbt(folder, "run", "--select", "published_tables", *PUBLISHED)
    (folder / "published").rename(root / "before")

    (profile,) = printed(PAGE, "## In a project of your own")
    (folder / "profiles.yml").write_text(profile)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(engine.VARIABLE, ENGINE)
        dbt(folder, "run", "--target", "spark", *PUBLISHED)
    return root / "before/marts.duckdb", folder / "published/marts.duckdb", folder / "corner_shop.duckdb"


def test_the_tables_of_an_own_dataset_are_the_same(publications):
    before, after, _ = publications
    assert list(differences(before, after, tolerance=1e-9)) == []


def test_datasets_and_passes_of_the_host_ran_on_spark(publications):
    with duckdb.connect(str(publications[-1]), read_only=True) as database:
        heavy = database.execute("select view_name from duckdb_views() where sql like '%read_parquet%'").fetchall()
        fits = database.execute("select fitted_on, passes > 0 from main_marts.segmentation_fits").fetchall()
    assert {("crm_customer_features",), ("customer_segments",), ("segmentation_inputs",)} <= set(heavy)
    assert fits == [("coreset, then all customers", True)]


def test_tests_of_a_host_run_on_spark_once_it_says_so(publications, monkeypatch):
    folder = publications[-1].parent
    (macro,) = printed(PAGE, "## Large tables")
    keys = ["customer_segments_has_key", "crm_customer_features_has_key"]  # of the package, and of the host
    test = ["test", "--target", "spark", "--select", *keys, "--vars", "{rows_of_one_machine: 0}"]
    monkeypatch.setenv(engine.VARIABLE, "sc://127.0.0.1:9")
    dbt(folder, *test)
    (folder / "macros").mkdir(exist_ok=True)
    (folder / "macros/materialization_test.sql").write_text(macro)
    assert Project(folder).dbt(*test).stdout.count("No Spark Connect server answers") >= len(keys)
