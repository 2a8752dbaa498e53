"""The same input gives the same output, in whatever order and on however many threads."""

import random

import pytest

# when something was made, and where in the input a row stood, may differ
VOLATILE = {"fitted_at", "published_at", "row_number"}


def content(project) -> dict[str, list[tuple]]:
    tables = {}
    for (table,) in project.published_query("select table_name from duckdb_tables() order by 1"):
        columns = [name for name, *_ in project.published_query(f"describe {table}") if name not in VOLATILE]
        listed = ", ".join(f'"{column}"' for column in columns)
        tables[table] = project.published_query(f"select {listed} from {table} order by all")
    return tables


@pytest.mark.parametrize("threads", ["1", "2"])
def test_permuted_rows_and_other_threads_change_no_figure(built, empty, threads):
    seed = empty.folder / "seeds/raw/mall_customers.csv"
    header, *rows = seed.read_text().splitlines(keepends=True)
    random.Random(int(threads)).shuffle(rows)
    seed.write_text(header + "".join(rows))
    empty.edit("profiles.yml", "preserve_insertion_order: true", f"threads: {threads}")
    run = empty.dbt("build", "--threads", threads)
    assert run.returncode == 0, run.stdout
    assert content(empty) == content(built)


def test_a_rebuild_changes_no_figure(built, rebuilt):
    assert rebuilt.dbt("build").returncode == 0
    assert content(rebuilt) == content(built)
