"""docs/your_warehouse.md: schemas of several people in one database, inputs that lie in another one."""

import json
import os

import duckdb
import pytest

SOURCE = """
sources:
  - name: shop
    database: shop
    schema: raw
    tables:
      - name: people
        config:
          loaded_at_field: loaded_at
          freshness: {warn_after: {count: 1, period: day}}
"""


def schemas(project, table):
    return {
        schema
        for (schema,) in project.query(
            f"select table_schema from information_schema.tables where table_name = '{table}'"
        )
    }


def test_each_developer_has_schemas_of_their_own(empty):
    me = os.environ.get("USER", os.environ.get("USERNAME", "dev"))
    for target in ("dev", "prod"):
        assert empty.dbt("seed", "--select", "palette", "--target", target).returncode == 0
    assert schemas(empty, "palette") == {f"{me}_seeds", "seeds"}
    folders = {
        target: json.loads(
            empty.dbt(
                "ls", "--quiet", "--select", "published_tables", "--resource-type", "model", "--output", "json",
                "--output-keys", "config", "--target", target,
            ).stdout
        )["config"]["meta"]["folder"]
        for target in ("dev", "prod", "local")
    }  # fmt: skip
    assert folders == {"dev": f"published_{me}", "prod": "published", "local": "published"}


@pytest.fixture
def attached(rebuilt):
    """The project with another DuckDB file attached that holds a table of customers."""
    with duckdb.connect(str(rebuilt.folder / "shop.duckdb")) as shop:
        shop.execute("create schema raw")
        shop.execute(
            "create table raw.people as select number as customer_id, 'f' as gender, 20 + number % 50 as age, "
            "30 + number % 70 as annual_income_k, 1 + number % 100 as spending_score, timestamp '2024-01-01 12:00:00' as loaded_at from range(1, 61) as numbers (number)"
        )
    rebuilt.edit(
        "profiles.yml", "      threads: 1", "      attach: [{path: shop.duckdb, alias: shop}]\n      threads: 1"
    )
    return rebuilt


def run(project, *arguments):
    selected = ["input_mall_customers", "stg_mall__customer_rows", "stg_mall__customers"]
    finished = project.dbt("run", "--select", *selected, *arguments)
    assert finished.returncode == 0, finished.stdout
    ((database,),) = project.query("select count(*) from staging.stg_mall__customers")
    return database


def test_an_input_may_be_a_table_of_an_attached_database(attached):
    assert run(attached, "--vars", "{mall_customers: shop.raw.people}") == 60


def test_init_takes_up_a_table_of_an_attached_database(attached):
    run = attached.segmentation("init", "club", "shop.raw.people", "--dry-run")
    assert run.returncode == 0, run.stderr
    assert "{{ read_input('club_customers', 'shop.raw.people') }}" in run.stdout
    run = attached.segmentation("init", "club", "shop.raw.missing", "--dry-run")
    assert (run.returncode, "shop.raw.missing is not in the warehouse" in run.stderr) == (1, True)
    run = attached.segmentation("init", "club", "other.raw.people", "--dry-run")
    assert (run.returncode, "There is no database other" in run.stderr) == (1, True)
    assert "(attached: shop)" in run.stderr


def test_a_source_has_lineage_and_freshness(attached):
    run = attached.segmentation("init", "club", "source('shop', 'people')")
    assert (run.returncode, "dbt does not know source('shop', 'people')" in run.stderr) == (1, True)
    (attached.folder / "models" / "sources.yml").write_text(SOURCE)
    assert attached.dbt("parse").returncode == 0
    run = attached.segmentation("init", "club", "source('shop', 'people')", "--only")
    assert run.returncode == 0, run.stderr
    chain = ("input_club_customers", "stg_club__customer_rows", "stg_club__customers")
    forgotten = attached.dbt("run", "--select", *chain)
    assert "input_definitions says nothing about club_customers in the warehouse" in forgotten.stdout
    built = attached.dbt("build", "--exclude-resource-type", "test", "--select", "resource_type:seed", *chain)
    assert built.returncode == 0, built.stdout
    assert attached.query("select count(*) from staging.stg_club__customers") == [(60,)]
    listed = attached.dbt(
        "ls", "--select", "source:shop.people+", "--resource-type", "model", "--output", "name"
    ).stdout
    assert {"input_club_customers", "customer_segments"} <= set(listed.split())
    assert "WARN freshness of shop.people" in attached.dbt("source", "freshness").stdout
