"""Tables that Spark knows as inputs: read where they are, or copied once."""

import json
import os

import duckdb
import pytest

from customer_segmentation.errors import InputError, UnreadableError
from customer_segmentation.inputs.files import inspect_input
from customer_segmentation.spark import engine
from customer_segmentation.spark.inputs import files_of_table

ENGINE = os.environ.get("ENGINE", "sail")  # make test-spark tries local[2]


@pytest.fixture
def database(tmp_path, monkeypatch) -> str:
    monkeypatch.setenv(engine.VARIABLE, ENGINE)
    session = engine.session()
    session.sql("drop table if exists members")
    session.sql(
        f"create table members using parquet location '{tmp_path}/members' as "
        "select id, cast(id * 10 as int) as points from range(1, 4)"
    )
    yield str(tmp_path / "warehouse.duckdb")
    session.sql("drop table members")


def rows(files) -> list[tuple]:
    return sorted(duckdb.read_parquet([str(file) for file in files]).select("id, points").fetchall())


def test_the_files_of_a_table_are_read_where_they_are(database, tmp_path):
    files = files_of_table("members", database)
    assert {file.parent for file in files} == {tmp_path / "members"}
    assert rows(files) == [(1, 10), (2, 20), (3, 30)]


def test_rows_that_no_file_holds_are_copied(database, tmp_path, capfd):
    engine.session().table("members").where("id > 1").createOrReplaceTempView("active_members")
    for _ in range(3):
        files = files_of_table("active_members", database)
    assert rows(files) == [(2, 20), (3, 30)]
    # the warehouse still shows the last but one
    assert len(list((tmp_path / "warehouse.lake/inputs/active_members").iterdir())) == 2
    assert "Spark copies active_members" in capfd.readouterr().err


def test_a_view_is_not_taken_for_the_rows_of_its_files(database):
    engine.session().sql("create or replace view doubled_members as select id, points * 2 as points from members")
    files = files_of_table("doubled_members", database)
    engine.session().sql("drop view doubled_members")
    assert rows(files) == [(1, 20), (2, 40), (3, 60)]


def test_a_table_that_spark_does_not_know_is_named(database):
    with pytest.raises(UnreadableError, match=r"^Spark does not read nothing_here: .*Correct the name"):
        files_of_table("nothing_here", database)


def test_a_table_without_rows_is_refused(database):
    engine.session().table("members").where("id > 9").createOrReplaceTempView("nothing_left")
    with pytest.raises(UnreadableError, match="nothing_left has no rows in Spark"):
        files_of_table("nothing_left", database)


def test_copies_of_another_warehouse_are_left_alone(database, tmp_path, monkeypatch):
    engine.session().table("members").where("id > 1").createOrReplaceTempView("active_members")
    copied = files_of_table("active_members", database)
    monkeypatch.setenv("SEGMENTATION_LAKE", str(tmp_path / "warehouse.lake"))
    with pytest.raises(InputError, match=r"holds tables of .*warehouse\.duckdb, and this warehouse is .*other\.duckdb"):
        files_of_table("active_members", str(tmp_path / "other.duckdb"))
    assert rows(copied) == [(2, 20), (3, 30)]


def test_an_input_is_inspected_like_a_file(database, tmp_path, monkeypatch):
    found = json.loads(inspect_input("spark:members", tmp_path, database))
    assert [file["columns"] for file in found["files"]] == [["id", "points"]] * len(found["files"])
    monkeypatch.delenv(engine.VARIABLE)
    engine.session.cache_clear()
    assert "SEGMENTATION_SPARK is not set" in json.loads(inspect_input("spark:members", tmp_path, database))["problem"]
    monkeypatch.setenv(engine.VARIABLE, ENGINE)


def add_column(table, name: str) -> None:
    """Commit a column to the log of a Delta table, as `alter table ... add column` does, which Sail does not know."""
    log = sorted((table / "_delta_log").glob("*.json"))
    (metadata,) = (
        entry["metaData"] for entry in map(json.loads, log[0].read_text().splitlines()) if "metaData" in entry
    )
    schema = json.loads(metadata["schemaString"])
    schema["fields"].append({"name": name, "type": "string", "nullable": True, "metadata": {}})
    entry = {"metaData": metadata | {"schemaString": json.dumps(schema)}}
    (table / "_delta_log" / f"{len(log):020}.json").write_text(json.dumps(entry))


@pytest.mark.skipif(ENGINE != "sail", reason="Spark needs a jar of each format, which no package index of Python has")
class TestTablesWithALog:
    """Delta and Iceberg: their folders hold files with rows that were deleted or replaced."""

    @pytest.fixture(params=["delta", "delta with deletion vectors", "iceberg"])
    def table(self, request, database, tmp_path):
        kind = request.param.partition(" ")[0]
        properties = "tblproperties ('delta.enableDeletionVectors' = 'true')" if " " in request.param else ""
        session = engine.session()
        session.sql(
            f"create table purchases using {kind} location '{tmp_path}/purchases' {properties} as "
            "select id, cast(id * 10 as int) as points from range(1, 6)"
        )
        yield f"{kind}.{tmp_path}/purchases"
        session.sql("drop table purchases")

    def test_rows_that_were_deleted_or_replaced_do_not_come_back(self, table, database, tmp_path, capfd):
        session = engine.session()
        assert rows(files_of_table(table, database)) == [(1, 10), (2, 20), (3, 30), (4, 40), (5, 50)]
        session.sql("delete from purchases where id = 2")
        session.sql("update purchases set points = 0 where id = 3")
        session.sql("insert into purchases values (6, 60)")
        for name in (table, "purchases"):
            assert rows(files_of_table(name, database)) == [(1, 10), (3, 0), (4, 40), (5, 50), (6, 60)]
        left = duckdb.sql(f"select count(*) from read_parquet('{tmp_path}/purchases/**/*.parquet')").fetchall()
        assert left > [(5,)]
        assert f"Spark copies {table}" in capfd.readouterr().err

    def test_the_folder_may_be_quoted_as_spark_does(self, table, database):
        kind, _, folder = table.partition(".")
        assert rows(files_of_table(f"{kind}.`{folder}`", database)) == rows(files_of_table(table, database))

    def test_other_tables_of_the_same_name_have_copies_of_their_own(self, table, database, tmp_path):
        kind = table.partition(".")[0]
        engine.session().sql("select 7 as id, 70 as points").write.format(kind).save(f"{tmp_path}/purch/ases")
        engine.session().sql("select 8 as id, 80 as points").write.format(kind).save(f"{tmp_path}/purch_ases")
        copies = [files_of_table(f"{kind}.{tmp_path}/{name}", database) for name in ("purch/ases", "purch_ases")]
        assert [rows(files) for files in copies] == [[(7, 70)], [(8, 80)]]

    @pytest.mark.parametrize("kind", ["delta", "iceberg"])
    def test_columns_that_came_later_or_are_only_in_names_of_folders(self, kind, database, tmp_path):
        session, folder = engine.session(), tmp_path / "regions"
        first = session.sql("select 1 as id, 10 as points, 'north' as region")
        first.write.format(kind).partitionBy("region").save(str(folder))
        if kind == "delta":
            add_column(folder, "city")
        later = session.sql("select 2 as id, 20 as points, 'south' as region, 'Ulm' as city")
        later.write.format(kind).mode("append").option("mergeSchema", "true").save(str(folder))
        files = files_of_table(f"{kind}.{folder}", database)
        found = duckdb.read_parquet([str(file) for file in files]).select("id, points, region, city").fetchall()
        assert sorted(found) == [(1, 10, "north", None), (2, 20, "south", "Ulm")]

    def test_a_folder_that_is_no_table_is_named(self, database, tmp_path):
        with pytest.raises(UnreadableError, match=f"^Spark does not read delta.{tmp_path}/none: .*Correct the name"):
            files_of_table(f"delta.{tmp_path}/none", database)
