"""docs/your_warehouse.md: schemas of several people in one database, inputs that lie in another one."""

import os

import duckdb
import pytest

SOURCE = """
sources:
  - name: shop
    database: shop
    schema: raw
    tables: [{name: people}]
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


@pytest.fixture
def attached(rebuilt):
    """The project with another DuckDB file attached that holds a table of customers."""
    with duckdb.connect(str(rebuilt.folder / "shop.duckdb")) as shop:
        shop.execute("create schema raw")
        shop.execute(
            "create table raw.people as select number as customer_id, 'f' as gender, 20 + number % 50 as age, "
            "30 + number % 70 as annual_income_k, 1 + number % 100 as spending_score from range(1, 61) as numbers (number)"
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


def test_an_input_may_be_a_source_with_lineage(attached):
    (attached.folder / "models" / "datasets" / "mall" / "_mall__sources.yml").write_text(SOURCE)
    (attached.folder / "models" / "datasets" / "mall" / "input_mall_customers.sql").write_text(
        "{{ read_input('mall_customers', source('shop', 'people')) }}\n"
    )
    assert run(attached) == 60
    listed = attached.dbt(
        "ls", "--select", "source:shop.people+", "--resource-type", "model", "--output", "name"
    ).stdout
    assert {"input_mall_customers", "customer_segments"} <= set(listed.split())
