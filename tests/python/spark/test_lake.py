"""Tables of the lake: what is shown changes over at once, and nothing that failed is left."""

import os

import duckdb
import pytest

from customer_segmentation.errors import InputError
from customer_segmentation.spark import engine, lake
from customer_segmentation.spark.lake import Lake, lake_folder

ENGINE = os.environ.get("ENGINE", "sail")  # make test-spark tries local[2]


@pytest.fixture
def connection(tmp_path, monkeypatch):
    monkeypatch.setenv(engine.VARIABLE, ENGINE)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as database:
        database.execute("create schema marts")
        database.execute(
            "create table marts.customers as select 1 as id, 2.5e0 as figure, cast('b' as varchar) as name"
        )
        yield database


def built(connection, query: str, build_id: str = "first", name: str = "copied") -> list[tuple]:
    lake = Lake(connection, build_id)
    lake.build("marts", name, query)
    lake.remove_old_files("marts", name)
    return connection.execute(f"select * from marts.{name}").fetchall()


def folders(tmp_path) -> list[str]:
    return sorted(folder.name for folder in (tmp_path / "warehouse.lake/marts/copied").iterdir())


def test_a_table_has_the_types_that_duckdb_would_give_it(connection):
    query = "select id, figure, name, sum(id) over () as total, cast(id as bigint) as whole, current_date as day from marts.customers"
    query = query.replace("current_date", "date '2024-02-29'")
    assert built(connection, query)[0][:5] == (1, 2.5, "b", 1, 1)
    described = connection.execute(f"describe {query}").fetchall()
    assert [row[:2] for row in connection.execute("describe marts.copied").fetchall()] == [row[:2] for row in described]


def test_a_table_without_rows_has_its_columns(connection):
    assert built(connection, "select id, name from marts.customers where id > 1") == []
    assert [row[0] for row in connection.execute("describe marts.copied").fetchall()] == ["id", "name"]


def test_the_next_build_reads_what_changed_and_deletes_the_old_files(connection, tmp_path):
    assert built(connection, "select id from marts.customers") == [(1,)]
    connection.execute("update marts.customers set id = 2")
    before = folders(tmp_path)
    assert built(connection, "select id from marts.customers", "second") == [(2,)]
    assert len(folders(tmp_path)) == 1
    assert folders(tmp_path) != before


def test_a_build_that_fails_leaves_the_table_and_the_next_one_tidies_up(connection, tmp_path):
    assert built(connection, "select id from marts.customers") == [(1,)]
    (tmp_path / "warehouse.lake/marts/copied/died").mkdir()
    with pytest.raises(InputError, match=r"^copied: The function entropy has not been compared"):
        built(connection, "select entropy(id) as id from marts.customers", "second")
    assert connection.execute("select id from marts.copied").fetchall() == [(1,)]
    assert len(folders(tmp_path)) == 1
    assert built(connection, "select id + 1 as id from marts.customers", "third") == [(2,)]
    assert len(folders(tmp_path)) == 1


def test_a_table_of_the_warehouse_is_replaced(connection):
    connection.execute("create table marts.copied as select 'old' as id")
    assert built(connection, "select id from marts.customers") == [(1,)]


def test_views_are_followed(connection):
    connection.execute("create view marts.named as select name, id from marts.customers")
    connection.execute("create view marts.larger as select id + 1 as id from marts.named where id > 0")
    assert built(connection, "select id from marts.larger") == [(2,)]


def test_a_view_of_other_files_is_not_taken_for_a_table_of_the_lake(connection, tmp_path):
    connection.execute(f"copy (select 1 as id union all select 2) to '{tmp_path}/given.parquet' (format parquet)")
    connection.execute(
        f"create view marts.given as select id * 10 as id from read_parquet('{tmp_path}/*.parquet') where id > 1"
    )
    assert built(connection, "select id from marts.given") == [(20,)]


def test_a_parquet_file_keeps_the_numbers_of_its_rows(connection, tmp_path):
    given = tmp_path / "given[1].parquet"
    connection.execute(f"copy (select 10 as id union all select 20 order by id) to '{given}' (format parquet)")
    connection.execute(
        f"create view marts.given as select file_row_number + 1 as row_number, id "
        f"from read_parquet('{tmp_path}/given[[]1].parquet', hive_partitioning = false)"
    )
    assert sorted(built(connection, "select row_number, id from marts.given")) == [(1, 10), (2, 20)]
    # Sail does not number rows, so DuckDB copies them
    assert (tmp_path / "warehouse.lake/copies/marts/given.parquet").exists() == (ENGINE == "sail")


def test_a_parquet_file_that_is_read_in_another_way_is_copied(connection, tmp_path):
    connection.execute(f"copy (select 1 as id) to '{tmp_path}/given.parquet' (format parquet)")
    connection.execute(f"create view marts.given as select id from read_parquet('{tmp_path}/*.parquet')")
    assert built(connection, "select id from marts.given") == [(1,)]


def test_parts_that_a_dead_build_has_left_are_not_in_the_way(connection, tmp_path):
    left = tmp_path / "warehouse.lake/parts/marts/copied/marts__copied__twice"
    left.mkdir(parents=True)
    (left / "part.parquet").write_bytes(b"half")
    query = "with twice as (select id from marts.customers) select a.id from twice as a join twice as b on a.id = b.id"
    assert built(connection, query) == [(1,)]
    assert not left.exists()


def test_the_folder_may_be_named(monkeypatch, tmp_path):
    assert lake_folder("a/warehouse.duckdb").name == "warehouse.lake"
    monkeypatch.setenv("SEGMENTATION_LAKE", str(tmp_path))
    assert lake_folder("a/warehouse.duckdb") == tmp_path


@pytest.mark.parametrize(
    "address",
    [
        "s3://bucket",
        "s3a://bucket/lake",
        "gs://bucket/a",
        "abfss://lake@account.dfs.core.windows.net/a",
        "file:///lake",
    ],
)
def test_an_address_of_another_kind_is_refused(connection, tmp_path, monkeypatch, address):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEGMENTATION_LAKE", address)
    with pytest.raises(
        InputError, match=f"SEGMENTATION_LAKE is {address}\\. Expected a folder, or an address such as s3://.*Mount"
    ):
        Lake(connection, "first")
    assert [file.name for file in tmp_path.iterdir() if file.is_dir()] == []


def test_a_folder_may_have_a_quote_in_its_name(connection, tmp_path, monkeypatch):
    monkeypatch.setenv("SEGMENTATION_LAKE", str(tmp_path / "o'ne"))
    assert built(connection, "select id from marts.customers") == [(1,)]
    assert len(list((tmp_path / "o'ne/marts/copied").iterdir())) == 1


def test_rows_that_are_not_found_here_stop_the_build(connection, monkeypatch):
    assert built(connection, "select id from marts.customers") == [(1,)]
    written = lake.written_rows
    monkeypatch.setattr(lake, "written_rows", lambda frame, folder: written(frame, folder) + 1)
    with pytest.raises(InputError, match=r"Spark wrote 2 rows to .*, and 1 are found there\. .* SEGMENTATION_LAKE"):
        built(connection, "select id + 1 as id from marts.customers", "second")
    assert connection.execute("select id from marts.copied").fetchall() == [(1,)]


def test_rows_come_back_without_a_table(connection, tmp_path):
    query = "with twice as (select id from marts.customers) select a.id from twice as a join twice as b on a.id = b.id"
    assert Lake(connection, "first").rows(query, "a question") == [(1,)]
    assert not any((tmp_path / "warehouse.lake/parts/rows").iterdir())


def test_a_session_that_cannot_be_opened_is_no_traceback(connection, monkeypatch):
    def refuse():
        raise InputError("no engine")

    monkeypatch.setattr(lake, "session", refuse)
    with pytest.raises(InputError, match=r"^no engine$"):
        Lake(connection, "none").build("marts", "copied", "select name from marts.customers")


def test_a_folder_belongs_to_one_warehouse(connection, tmp_path, monkeypatch):
    assert built(connection, "select id from marts.customers") == [(1,)]
    monkeypatch.setenv("SEGMENTATION_LAKE", str(tmp_path / "warehouse.lake"))
    with (
        duckdb.connect(str(tmp_path / "other.duckdb")) as other,
        pytest.raises(InputError, match=r"holds tables of .*warehouse\.duckdb, and this warehouse is .*other\.duckdb"),
    ):
        Lake(other, "first")
    assert len(folders(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_is_named(connection, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SEGMENTATION_LAKE", str(tmp_path / "file"))
    with pytest.raises(InputError, match=r"The folder .*file cannot be written: .* SEGMENTATION_LAKE"):
        Lake(connection, "first")
