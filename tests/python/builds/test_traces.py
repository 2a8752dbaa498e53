"""Where a customer is found, in every kind of file that a project has."""

import gzip

import duckdb
import openpyxl
import pytest

from customer_segmentation.builds.forgetting import rewrite
from customer_segmentation.builds.traces import Trace, UnsearchedError, Wanted, files_below, traces_in

ANN = Wanted(("ann-17", "17"), frozenset({"customer_id", "customer id"}))


def test_rows_of_tables_are_counted_by_the_columns_of_ids(tmp_path):
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as database:
        database.execute("create schema marts; create table marts.segments as select 17 as segment_id")
        database.execute("create table marts.customers as from (values (17.0), (18.0)) as t (customer_id)")
        database.execute(
            "create table inputs as from (values (' ann-17'), ('ANN-17'), ('ann-170')) as t (\"Customer ID\")"
        )
        database.execute("create view shown as from marts.customers")
    assert traces_in(file, ANN) == [Trace(file, 2, "main.inputs"), Trace(file, 1, "marts.customers")]


def test_a_rejected_line_without_an_id_is_found_by_its_words(tmp_path):
    file = tmp_path / "rejected.parquet"
    duckdb.sql(
        "from (values (null, 'x;ann-17;1'), (null, 'joann-17'), ('bob', 'sent by ann-17')) as t (customer_id, raw_row)"
    ).write_parquet(str(file))
    assert traces_in(file, ANN) == [Trace(file, 1)]


def test_lines_of_text_are_numbered_and_numbers_count_only_in_a_column_of_ids(tmp_path):
    named = tmp_path / "named.csv.gz"
    named.write_bytes(gzip.compress(b'age;Customer ID\n17;1\n17;"17"\n3;ann-17\n4;17.0\n5;ann-17\n'))
    assert traces_in(named, ANN) == [Trace(named, 4, "", (3, 4, 5))]
    unnamed = tmp_path / "unnamed.csv"
    unnamed.write_text("age,who\n17,joann-17\n18,ann-17\n")
    assert traces_in(unnamed, ANN) == [Trace(unnamed, 1, "", (3,))]
    wide = tmp_path / "wide.txt"
    wide.write_text("age\twho\n18\tann-17\n", encoding="utf-16")
    assert traces_in(wide, ANN) == [Trace(wide, 1, "", (2,))]


def test_rows_of_a_workbook_are_numbered(tmp_path):
    file = tmp_path / "customers.xlsx"
    workbook = openpyxl.Workbook()
    for row in (["age", "Customer ID"], [17, 1], [3, 17]):
        workbook.active.append(row)
    workbook.save(file)
    assert traces_in(file, ANN) == [Trace(file, 1, "", (3,))]


def test_other_datasets_are_passed_over(tmp_path):
    shop = Wanted(
        ("17",), dataset="shop", other_datasets=frozenset({"mall"}), other_segmentations=frozenset({"personas"})
    )
    file = tmp_path / "marts.duckdb"
    with duckdb.connect(str(file)) as database:
        database.execute("create table mall_customer_features as select 17 as customer_id")
        database.execute("create table shop_customer_features as select 17 as customer_id")
        database.execute("create table a as from (values (17, 'mall'), (17, 'shop')) as t (customer_id, dataset)")
        database.execute(
            "create table b as from (values (17, 'personas'), (17, 'rfm')) as t (customer_id, segmentation)"
        )
    assert [(one.table, one.rows) for one in traces_in(file, shop)] == [
        ("main.a", 1),
        ("main.b", 1),
        ("main.shop_customer_features", 1),
    ]


def test_installed_and_hidden_folders_are_not_searched(tmp_path):
    for name in (".venv/a.csv", "dbt_packages/b.csv", "exports/c.csv", "d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [file.relative_to(tmp_path).as_posix() for file in files_below(tmp_path)] == ["d.csv", "exports/c.csv"]


@pytest.fixture
def database_with_deleted_rows(tmp_path):
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as database:
        database.execute("create schema marts; pragma force_compression = 'uncompressed'")
        names = "select 'customer ' || md5(i::varchar) as customer_id, i as age from range(20_000) as r (i)"
        database.execute(f"create table marts.customers as {names}")
        database.execute("comment on table marts.customers is 'one row each'; create view v as from marts.customers")
        ((gone,),) = database.execute("select customer_id from marts.customers where age = 19_000").fetchall()
        database.execute("checkpoint")
        database.execute("create or replace table marts.customers as from marts.customers where age <> 19_000")
        database.execute("comment on table marts.customers is 'one row each'")
    return file, gone


def test_a_database_that_was_rewritten_holds_no_byte_of_deleted_rows(database_with_deleted_rows):
    file, gone = database_with_deleted_rows
    assert gone.encode() in file.read_bytes()
    rewrite(file)
    assert gone.encode() not in file.read_bytes()
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    with duckdb.connect(str(file), read_only=True) as database:
        assert database.execute("select count(*) from v").fetchall() == [(19_999,)]
        assert database.execute("select comment from duckdb_tables()").fetchall() == [("one row each",)]


@pytest.mark.parametrize(
    ("name", "content"),
    [("~$open.xlsx", b"\x05user"), ("wide.csv", b"x" * 200_000 + b"\n"), ("cut.csv.gz", b"\x1f\x8b\x08")],
)
def test_a_file_that_cannot_be_searched_is_no_traceback(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnsearchedError):
        traces_in(tmp_path / name, Wanted(("ann",)))
