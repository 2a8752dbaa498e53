"""The same input gives the same output, in whatever order and on however many threads."""

import random
import signal
import time

import duckdb

from helpers.projects import with_evidence

# when something was made, how long it took, and where in the input a row stood, may differ
VOLATILE = {"fitted_at", "published_at", "row_number", "seconds"}


def content(project) -> dict[str, list[tuple]]:
    tables = {}
    for (table,) in project.published_query("select table_name from duckdb_tables() order by 1"):
        columns = [name for name, *_ in project.published_query(f"describe {table}") if name not in VOLATILE]
        listed = ", ".join(f'"{column}"' for column in columns)
        tables[table] = project.published_query(f"select {listed} from {table} order by all")
    return tables


def test_neither_a_killed_build_nor_permuted_rows_nor_other_limits_change_a_figure(built, rebuilt):
    spilled = rebuilt.folder / "spilled"
    tight = ["--vars", f"{{memory_limit: 20MB, database_threads: 1, spill_folder: {spilled}}}"]
    statement = ["run", "--select", "stg_retail__transaction_rows", *tight]
    run = rebuilt.start_dbt(*statement)
    # spilled files are there only in the middle of a statement
    while run.poll() is None and not (spilled.is_dir() and any(spilled.iterdir())):
        time.sleep(0.001)
    run.kill()
    run.communicate()
    assert run.returncode == -signal.SIGKILL
    assert any(spilled.iterdir())

    # DuckDB removes what a dead process left behind when it needs the folder again
    rebuilt.dbt(*statement)
    assert not any(spilled.iterdir())

    seed = rebuilt.folder / "seeds/raw/mall_customers.csv"
    header, *rows = seed.read_text().splitlines(keepends=True)
    random.Random(1).shuffle(rows)
    seed.write_text(header + "".join(rows))
    with_evidence(rebuilt)
    rebuilt.edit("profiles.yml", "        preserve_insertion_order: true\n", "")
    rebuilt.edit("dbt_project.yml", "  database_threads: null", "  database_threads: 1")
    rebuilt.edit("dbt_project.yml", "  memory_limit: null", "  memory_limit: 250MB")
    # tests of equal tables have run where `built` was made
    run = rebuilt.dbt("build", "--exclude-resource-type", "test")
    assert run.returncode == 0, run.stdout
    assert content(rebuilt) == content(built)


def test_statistics_of_many_customers_do_not_depend_on_threads(built, tmp_path):
    """Enough customers for DuckDB to add in parallel: the compiled SQL of feature_statistics on another table."""
    compiled = built.folder / "target/compiled/customer_segmentation/models/population"
    values, statistics = ((compiled / f"{model}.sql").read_text() for model in ("feature_values", "feature_statistics"))
    results = []
    for order, threads in [("i", 1), ("i", 4), ("hash(i)", 3), ("-i", 2)]:
        (tmp_path / "warehouse.duckdb").unlink(missing_ok=True)
        with duckdb.connect(str(tmp_path / "warehouse.duckdb"), config={"threads": threads}) as warehouse:
            warehouse.execute(f"attach '{built.database}' as built (read_only)")
            warehouse.execute("create schema marts; create schema population")
            for dataset in ["sales", "retail"]:
                table = f"marts.{dataset}_customer_features"
                warehouse.execute(f"create table {table} as from built.{table}")
            warehouse.execute(
                f"""
                create table marts.mall_customer_features as
                select
                    i as customer_id, 50000 * ln(1 + i % 99991) / 7 as age, 1.0 as annual_income_k, cast(null as double) as spending_score
                from range(600000) as numbers(i) order by {order}
                """
            )
            warehouse.execute(f"create view population.feature_values as {values}")
            results.append(warehouse.execute(statistics).fetchall())
    ages = next(row for row in results[0] if row[:2] == ("mall", "age"))
    assert ages[5] > 0
    assert all(sorted(result) == sorted(results[0]) for result in results)
