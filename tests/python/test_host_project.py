"""This project as a package of another dbt project: integration_tests, with `dbt deps` and `dbt build` as a user types them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from conftest import PROJECT, ROOT

HOST = "integration_tests"


def dbt(folder: Path, *arguments: str) -> str:
    """Run dbt in a folder, without the variables of who runs the tests, and return what it says."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DBT_", "SEGMENTATION_"))}
    run = subprocess.run(
        [Path(sys.executable).parent / "dbt", "--no-use-colors", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """A copy of the host project, built; beside its own models it has what is none of our business."""
    root = tmp_path_factory.mktemp("host")
    left_out = shutil.ignore_patterns("__pycache__", "target", "logs", "dbt_packages", "*.duckdb")
    for name in [*PROJECT, HOST]:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name, **({"ignore": left_out} if copy is shutil.copytree else {}))
    folder = root / HOST
    # a seed with an empty line and an incremental model, which dbt treats in its own way
    (folder / "seeds" / "short.csv").write_text("a,b\n1,2\n\n3,4\n")
    (folder / "models" / "old.sql").write_text("{{ config(materialized='incremental') }}\nselect 1 as a\n")
    dbt(folder, "deps")
    (folder / "build.log").write_text(dbt(folder, "build"))
    return folder


def query(host, sql):
    with duckdb.connect(str(host / "corner_shop.duckdb"), read_only=True) as database:
        return database.execute(sql).fetchall()


def test_the_build_of_a_host_is_green_and_quiet(host):
    log = (host / "build.log").read_text()
    assert "ERROR=0" in log
    assert "WARN=0" in log
    assert "WARNING" not in log


def test_the_dataset_of_the_host_is_segmented(host):
    assert query(host, "select distinct dataset from main_marts.segments") == [("crm",)]
    assert query(host, "select count(*), count(distinct customer_id) from main_marts.crm_customer_features") == [
        (200, 200)
    ]
    ((segmented,),) = query(host, "select sum(customers) from main_marts.segments")
    ((buyers,),) = query(host, "select count(*) from main_marts.crm_customer_features where frequency > 0")
    assert segmented == buyers > 150
    assert query(host, "select count(*) from main_marts.rejected_rows") == [(0,)]


def test_the_examples_are_off(host):
    names = {name for (name,) in query(host, "select table_name from information_schema.tables")}
    assert {name for name in names if any(example in name for example in ("mall", "sales", "retail"))} == set()
    for seed in ("published_results", "rfm_measures", "features", "segmentations"):
        assert query(host, f"select count(*) from main_seeds.{seed} where dataset <> 'crm'") == [(0,)]


def test_schemas_and_tables_of_the_host_are_its_own(host):
    schemas = {schema for (schema,) in query(host, "select distinct table_schema from information_schema.tables")}
    assert all(schema == "main" or schema.startswith("main_") for schema in schemas)
    mine = query(host, "select table_name from information_schema.tables where table_schema = 'main' order by all")
    assert mine == [("dim_customers",), ("fct_orders",), ("old",), ("short",)]
    # loaded with dbt's own loader, which guesses types
    types = query(host, "select distinct data_type from information_schema.columns where table_name = 'short'")
    assert types == [("INTEGER",)]


def test_seeds_of_the_host_have_the_types_of_the_package(host):
    types = dict(
        query(
            host,
            "select column_name, data_type from information_schema.columns "
            "where table_schema = 'main_seeds' and table_name = 'segmentations'",
        )
    )
    assert (types["k"], types["is_default"], types["segmentation"]) == ("INTEGER", "BOOLEAN", "VARCHAR")


def test_vars_of_the_host_and_defaults_of_the_package_both_count(host):
    assert query(host, "select distinct unit from main_marts.feature_summary where feature = 'monetary_value'") in (
        [("€",)],
        [],
    )
    assert query(host, "select unit from main_seeds.features where feature = 'monetary_value'") == [("€",)]


def test_a_host_publishes_only_where_it_names_a_folder(host):
    assert query(host, "select count(*) from main_publishing.published_tables") == [(0,)]
    assert not (host / "published").exists()


def test_suites_of_package_and_host_are_both_asked(host):
    suites = {relation for (relation,) in query(host, "select distinct relation from main_marts.data_quality_results")}
    assert suites == {"crm_customer_features", "customer_segments", "segments", "campaign_recommendations"}
