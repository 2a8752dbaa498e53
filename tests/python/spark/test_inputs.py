"""Tables that Spark knows as inputs: read where they are, or copied once."""

import json
import os

import duckdb
import pytest

from customer_segmentation.errors import UnreadableError
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


def test_an_input_is_inspected_like_a_file(database, tmp_path, monkeypatch):
    found = json.loads(inspect_input("spark:members", tmp_path, database))
    assert [file["columns"] for file in found["files"]] == [["id", "points"]] * len(found["files"])
    monkeypatch.delenv(engine.VARIABLE)
    engine.session.cache_clear()
    assert "SEGMENTATION_SPARK is not set" in json.loads(inspect_input("spark:members", tmp_path, database))["problem"]
    monkeypatch.setenv(engine.VARIABLE, ENGINE)
