"""What docs/privacy.md tells about builds: how a customer is erased, and what the vars and the input decide."""

import shlex
from pathlib import Path

from openpyxl import load_workbook

from helpers.documents import steps, typed
from helpers.projects import with_the_mall_alone

FOLDER = "Clients of Dr Wolkenstein"
ALONE = "file:datasets.sql"  # without it, the name stands for all models of the folder with the same name as well


def members(project, file: Path) -> Path:
    """Write the published customers under ids of their own, as a file of a user."""
    rows = (project.folder / "seeds/raw/mall_customers.csv").read_text().splitlines()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([rows[0].replace("CustomerID", "Customer ID"), *(f"M{row}" for row in rows[1:])]) + "\n")
    return file


def test_the_recipe_erases_a_customer_and_nobody_else(rebuilt):
    members(with_the_mall_alone(rebuilt), rebuilt.folder / "members.csv")
    assert "M102," in (rebuilt.folder / "members.csv").read_text()
    given = ("--vars", "{mall_customers: members.csv}")
    reached = ["+mall_customer_features", "tables_to_publish", "published_tables"]
    assert rebuilt.dbt("build", "--select", *reached, "--exclude-resource-type", "test", *given).returncode == 0
    assert rebuilt.published_query("select count(*) from mall_customer_features where customer_id = 'M102'") == [(1,)]
    answer: list[tuple] = []
    kinds = []
    for kind, target, content in steps("docs/privacy.md", "## Erase a customer"):
        kinds.append(kind)
        if kind == "run":
            run = typed(rebuilt, *shlex.split(content))
            assert run.returncode == 0, run.stdout + run.stderr
        elif kind == "query":
            answer = (rebuilt.query if target == "warehouse.duckdb" else rebuilt.published_query)(content)
        else:
            assert kind == "expect"
            assert [tuple(map(str, row)) for row in answer] == [tuple(content.split()[1:])]
    assert kinds == ["run", "query", "expect", "query", "expect"]
    # 199 others are there, and none of the customers that were published before
    found = rebuilt.published_query("select count(distinct customer_id), min(customer_id) from mall_customer_features")
    assert found == [(199, "M1")]
    assert rebuilt.query(
        "select count(*) from inputs.input_mall_customers where input_mall_customers::varchar like '%M103%'"
    ) == [(1,)]


def limits(project) -> dict:
    rows = project.query("select dataset, is_example, has_exact_points, smallest_cell, origin from marts.datasets")
    return {dataset: tuple(others) for dataset, *others in rows}


def test_examples_are_known_by_their_data_and_everything_else_is_about_people(rebuilt, tmp_path):
    found = limits(rebuilt)
    assert {dataset: row[:3] for dataset, row in found.items()} == {
        "mall": (True, True, 1), "retail": (True, True, 1), "sales": (True, True, 1),
    }  # fmt: skip
    file = members(rebuilt, tmp_path / FOLDER / "members.csv")
    # the same path as the spreadsheet that the project writes, with other rows
    spreadsheet = rebuilt.folder / "seeds/raw/sales_customers.xlsx"
    workbook = load_workbook(spreadsheet)
    workbook.active["C2"] = 33
    workbook.save(spreadsheet)
    models = [
        "--select",
        ALONE,
        "input_sales_customers",
        "input_columns",
        "stg_mall__customer_rows",
        "input_mall_customers",
        "mall_customer_features",
    ]
    given = f"{{mall_customers: '{file}', smallest_cell: 10}}"
    run = rebuilt.dbt("run", *models, "--vars", given)
    assert run.returncode == 0, run.stdout
    found = limits(rebuilt)
    assert found["mall"] == (False, False, 10, "mall_customers: members.csv")
    assert found["sales"][:3] == (False, False, 10)
    assert found["retail"][:3] == (True, True, 1)
    assert not rebuilt.query(f"select * from marts.input_columns where input_columns::varchar like '%{FOLDER[:7]}%'")
    run = rebuilt.dbt("run", "--select", ALONE, "--vars", f"{{mall_customers: '{file}', exact_points: true}}")
    assert run.returncode == 0, run.stdout
    assert limits(rebuilt)["mall"][:3] == (False, True, 5)
    # the seed with another customer in it is no longer the published data
    seed = rebuilt.folder / "seeds/raw/mall_customers.csv"
    seed.write_text(seed.read_text().replace("1,Male,19,15,39", "1,Male,20,15,39"))
    assert rebuilt.dbt("seed", "--select", "mall_customers").returncode == 0
    assert rebuilt.dbt("run", "--select", ALONE, "input_mall_customers").returncode == 0
    assert limits(rebuilt)["mall"][:3] == (False, False, 5)
