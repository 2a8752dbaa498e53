"""A customer who was forgotten is in no file of the project, and does not come back while a source still has the rows."""

import json
import re
from dataclasses import replace

import duckdb
import pytest

from customer_segmentation.history.suppression import LIST, suppress
from helpers.projects import copy_built, with_the_mall_alone

# in two parts, because the tests are among the files that are searched
FORGOTTEN, OTHER = (f"QX{number}-ZW" for number in (7741, 7742))
SOURCE = "members.csv"
GIVEN = f"{{mall_customers: {SOURCE}}}"
PURCHASES = [
    "input_retail_transactions", "input_retail_customers", "stg_retail__customer_rows", "stg_retail__customers",
    "stg_retail__parsed_transactions", "stg_retail__order_lines", "stg_retail__transaction_rows", "stg_retail__transactions",
]  # fmt: skip


def places(project, customer: str) -> set[str]:
    """Name the files that hold an id: as bytes, or in a row of a table, which may be compressed."""
    found = set()
    for file in project.folder.rglob("*"):
        if not file.is_file():
            continue
        name = file.relative_to(project.folder).as_posix()
        if customer.encode() in file.read_bytes():
            found.add(name)
        tables = []
        if file.suffix == ".parquet":
            tables = [(duckdb.connect(), f"read_parquet('{file}')")]
        elif file.suffix == ".duckdb":
            database = duckdb.connect(str(file), read_only=True)
            rows = database.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            tables = [(database, f'"{schema}"."{table}"') for schema, table in rows]
        for database, table in tables:
            query = f"select count(*) from {table} as rows_of_table where rows_of_table::varchar like '%{customer}%'"
            if database.execute(query).fetchall() != [(0,)]:
                found.add(name)
    return found


@pytest.fixture(scope="module")
def project(parsed, tmp_path_factory):
    """Built from a file of a user, in which two customers have ids that occur nowhere by chance."""
    copy = with_the_mall_alone(copy_built(parsed, tmp_path_factory.mktemp("forgetting") / "project"))
    content = (copy.folder / "seeds/raw/mall_customers.csv").read_text(encoding="utf-8")
    for number, customer in ((102, FORGOTTEN), (103, OTHER)):
        content = re.sub(rf"^{number},", f"{customer},", content, flags=re.MULTILINE)
    (copy.folder / SOURCE).write_text(content, encoding="utf-8")
    run = copy.dbt("build", "--exclude-resource-type", "test", "--vars", GIVEN)
    assert run.returncode == 0, run.stdout + run.stderr
    # the logs are among the files that are searched
    return replace(copy, writes_log=True)


@pytest.fixture(scope="module")
def forgotten(project):
    before = {customer: places(project, customer) for customer in (FORGOTTEN, OTHER)}
    (project.published / "report.html").write_text("drawn from the publication before")
    run = project.segmentation("forget", FORGOTTEN, "--vars", GIVEN)
    assert run.returncode == 0, run.stdout + run.stderr
    return before, run.stdout


def test_the_search_finds_a_customer_who_was_not_forgotten(project, forgotten):
    before, _ = forgotten
    assert {SOURCE, "warehouse.duckdb", "published/marts.duckdb", "published/customer_segments.parquet"} < before[
        FORGOTTEN
    ]
    assert [name for name in before[FORGOTTEN] if name.startswith("history/mall/")]
    assert {"warehouse.duckdb", "published/customer_segments.parquet"} < places(project, OTHER)


def test_a_forgotten_customer_is_in_no_file_but_the_source(project, forgotten):
    assert places(project, FORGOTTEN) == {SOURCE}
    assert project.published_query("select count(distinct customer_id) from customer_segments") == [(199,)]
    assert not (project.published / "report.html").exists()


def test_the_command_says_where_the_customer_was_and_where_still(forgotten):
    _, said = forgotten
    for line in (
        "warehouse.duckdb, marts.customer_segments: three rows",
        "published/customer_segments.parquet: three rows",
        f"{SOURCE}, line 103: one row",
        f"history/{LIST}: one hash added. Builds leave {FORGOTTEN} out from now on.",
        "mall_customers: 1 row of forgotten customers left out",
        "published/report.html removed",
        f"Still in {SOURCE}, line 103 (one row): builds read it and leave the customer out; delete the rows there as well.",
        f"Nothing that the project keeps holds {FORGOTTEN}.",
    ):
        assert line in said
    assert re.search(r"history/mall/[-0-9]+\.segment_events\.\w+\.parquet: three rows", said)


def test_a_later_build_leaves_the_customer_out_with_and_without_a_history(project, forgotten):
    """Up to the history, or to the features; all that is made from them is searched where the customer is forgotten."""
    recorded = ["+customer_segments", "+tables_to_record", "+build_days", "recorded_days"]
    without = GIVEN.replace("}", ", history_folder: none}")
    for given, selected in ((GIVEN, recorded), (without, ["+mall_customer_features"])):
        reached = ["--select", *selected, "--exclude-resource-type", "test"]
        run = project.dbt("build", *reached, "--vars", given)
        assert run.returncode == 0, run.stdout + run.stderr
        assert "mall_customers: 1 row of forgotten customers left out" in run.stdout
        assert places(project, FORGOTTEN) == {SOURCE}
    assert project.query("select count(*), max(input_row_number) from inputs.input_mall_customers") == [(199, 200)]


def test_where_nothing_is_found_the_list_alone_changes(project, forgotten):
    before = project.published_files()
    run = project.segmentation("forget", "QX7743-ZW", "--vars", GIVEN)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith("No row about QX7743-ZW was found.\n")
    assert "one hash added" in run.stdout
    assert project.published_files() == before


def test_without_a_build_the_command_says_what_still_holds_the_customer(project, forgotten):
    run = project.segmentation("forget", OTHER, "--no-build", "--vars", GIVEN)
    assert run.returncode == 1
    assert (
        f"Nothing was built: the history holds no row about {OTHER} any more, but the warehouse and the published files "
        "still do. To build, run it without --no-build."
    ) in run.stdout
    assert {"warehouse.duckdb", "published/marts.duckdb"} <= places(project, OTHER)
    assert not [name for name in places(project, OTHER) if name.startswith("history/")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--vars", "{history_folder: none}"),
            "Nothing was changed: the list of forgotten customers belongs in the folder",
        ),
        (("--dataset", "shop"), "There is no dataset shop. Expected one of mall."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_changed(project, forgotten, arguments, message):
    before = (project.folder / "history" / LIST).read_bytes()
    run = project.segmentation("forget", FORGOTTEN, *arguments)
    assert run.returncode == 1
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert (project.folder / "history" / LIST).read_bytes() == before


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_purchases_go_with_the_customer_and_so_do_the_lines_of_an_order_that_name_nobody(empty, tmp_path, form):
    file = tmp_path / f"orders.{form}"
    rows = duckdb.sql(
        f"""
        from (values
            ('1', '{FORGOTTEN}', '2024-01-05', '30.5', 'books'), ('1', null, null, null, 'toys'),
            ('2', 'ann', '2024-01-06', '20.5', 'books'), ('2', null, null, null, 'toys'),
            ('3', 'bob', '2024-02-06', '10.5', 'books'), ('4', '{FORGOTTEN}', '2024-02-07', '11.5', 'books')
        ) as orders (transaction_id, customer_id, transaction_date, amount, category)
        """
    )
    rows.write_csv(str(file)) if form == "csv" else rows.write_parquet(str(file))
    suppress(empty.folder / "history", [FORGOTTEN], "retail")
    given = {"retail_transactions": str(file), "retail_customers": "from_transactions"}
    seeded = empty.dbt("seed", "--vars", json.dumps(given))
    assert seeded.returncode == 0, seeded.stdout
    run = empty.dbt("run", "--select", *PURCHASES, "--vars", json.dumps(given))
    assert run.returncode == 0, run.stdout
    assert "retail_transactions: 3 rows of forgotten customers left out" in run.stdout, run.stdout
    assert empty.query("select input_row_number from inputs.input_retail_transactions order by all") == [
        (3,),
        (4,),
        (5,),
    ]
    assert empty.query("select customer_id, amount from staging.stg_retail__transactions order by all") == [
        ("ann", 0),
        ("ann", 20.5),
        ("bob", 10.5),
    ]
    assert empty.query("select customer_id from staging.stg_retail__customers order by all") == [("ann",), ("bob",)]
    assert places(empty, FORGOTTEN) == set()
