"""What an assistant may ask: one SELECT over published tables, with an end to rows, time and length."""

import resource
from pathlib import Path

import duckdb
import pytest

from customer_segmentation.assistant.bounded_query import MOST_CHARACTERS, bounded_query, confine
from customer_segmentation.errors import NotPossibleError


@pytest.fixture
def database():
    """A database in memory, which could be written to if the query were let through."""
    with duckdb.connect() as database:
        database.execute("create table segments as select range as rank, 'Savers' as persona from range(5)")
        database.execute("create macro predict_mall(age := null) as table select age as given")
        confine(database)
        yield database


REFUSED = [
    ("insert into segments values (6, 'x')", "Found INSERT, expected one SELECT"),
    ("update segments set rank = 1", "Found UPDATE"),
    ("delete from segments", "Found DELETE"),
    ("create table other as select 1", "Found CREATE"),
    ("drop table segments", "Found DROP"),
    ("copy segments to 'x.csv'", "Found COPY"),
    ("export database 'x'", "Found EXPORT"),
    ("attach 'x.duckdb'", "Found ATTACH"),
    ("pragma database_list", "Found PRAGMA"),
    ("set threads = 1", "Found SET"),
    ("reset threads", "Found SET"),
    ("install spatial", "Found LOAD"),
    ("load json", "Found LOAD"),
    ("call pragma_version()", "Found CALL"),
    ("begin", "Found TRANSACTION"),
    ("select 1; select 2", "Found 2 statements"),
    ("select 1; drop table segments", "Found 2 statements"),
    ("", "Found 0 statements"),
    ("-- nothing", "Found 0 statements"),
    ("pivot segments on persona using count(*)", "pivot ... on column in (...)"),
    ("with new as (insert into segments values (6, 'x') returning rank) select * from new", "Found INSERT inside"),
    ("with gone as (delete from segments returning rank) select * from gone", "Found DELETE inside"),
    ("select * from (with gone as (update segments set rank = 1 returning rank) from gone)", "Found UPDATE inside"),
    ("select * from read_csv('/etc/passwd')", "Found the function read_csv"),
    ("select * from READ_CSV_AUTO('/etc/passwd')", "Found the function"),
    ("select * from read_parquet('x.parquet')", "Found the function read_parquet"),
    ("select * from system.main.read_text('/etc/passwd')", "Found the function read_text"),
    ("select (select count(*) from read_blob('/etc/passwd'))", "Found the function read_blob"),
    ("with files as (from glob('/*')) from files", "Found the function glob"),
    ("select * from segments, lateral (from read_text(persona))", "Found the function read_text"),
    ("from query('insert into segments values (1, 2)')", "Found the function query"),
    ("from duckdb_settings()", "Found the function duckdb_settings"),
    ("select * from '/etc/passwd'", "does not exist"),
    ("select * from nobody", "Table with name nobody does not exist! Did you mean"),
    ("select nothing from segments", 'Referenced column "nothing" not found'),
    ("select * from pandas_frame", "does not exist"),
    ("select * from segments where rank = ?", "Values were not provided"),
    ("selec 1", "syntax error"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "message"), REFUSED, ids=[sql[:60] for sql, _ in REFUSED])
def test_what_does_more_than_read_published_tables_is_refused(database, sql, message):
    pandas_frame = [1]  # a variable of a program is no table, whatever DuckDB does with those of a notebook
    with pytest.raises(NotPossibleError) as refused:
        bounded_query(database, sql)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert pandas_frame
    assert database.execute("select count(*), max(rank) from segments").fetchall() == [(5, 4)]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select rank from segments order by rank desc limit 2;", [[4], [3]]),
        ("from segments select count(*) -- how many?", [[5]]),
        ("select ';' as mark; /* one statement; a comment */", [[";"]]),
        ("with first as (select min(rank) as rank from segments) select rank from first", [[0]]),
        ("select rank from segments where rank < 1 union all select 9 order by all", [[0], [9]]),
        ("with recursive up as (select 1 as n union all select n + 1 from up where n < 3) select max(n) from up", [[3]]),
        ("select given from predict_mall(age := 33)", [[33]]),
        ("select rank, given from segments, lateral predict_mall(age := rank) where rank = 2", [[2, 2]]),
        ("pivot segments on persona in ('Savers') using count(*) group by rank order by rank limit 1", [[0, 1]]),
        ("select 1 as a, 2 as a", [[1, 2]]),
        ("select 1.25::decimal(9, 2), date '2025-01-02', [1, 2], 'nan'::double, null, true", [[1.25, "2025-01-02", "[1, 2]", "nan", None, True]]),
    ],
)  # fmt: skip
def test_a_query_that_reads_is_answered(database, sql, found):
    answer = bounded_query(database, sql)
    assert (answer.rows, answer.note) == (found, "")
    assert len(answer.columns) == len(found[0])


def test_columns_have_names_and_types(database):
    answer = bounded_query(database, "select rank, persona from segments")
    assert answer.columns == [{"name": "rank", "type": "BIGINT"}, {"name": "persona", "type": "VARCHAR"}]


def test_more_rows_than_the_limit_are_cut_and_said(database):
    answer = bounded_query(database, "select rank from segments order by rank", most_rows=3)
    assert answer.rows == [[0], [1], [2]]
    assert "more rows than these 3: an answer has at most 3 rows" in answer.note
    assert bounded_query(database, "select rank from segments", most_rows=5).note == ""


def test_an_answer_that_is_too_long_is_cut_and_said(database):
    answer = bounded_query(database, "select repeat('x', 900) from range(500)")
    assert len(answer.rows) == MOST_CHARACTERS // 900
    assert "at most 100,000 characters" in answer.note
    answer = bounded_query(database, "select repeat('x', 1200), 1")
    assert answer.rows == [["x" * 1000, 1]]
    assert answer.note == "Texts longer than 1,000 characters are cut."


def test_a_query_that_takes_too_long_is_stopped(database):
    endless = "with recursive up as (select 1 as n union all select n + 1 from up) select count(*) from up"
    with pytest.raises(NotPossibleError, match=r"took longer than 0\.05 seconds and was stopped"):
        bounded_query(database, endless, seconds=0.05)
    assert bounded_query(database, "select 1").rows == [[1]]


def test_a_query_that_needs_too_much_memory_is_stopped_and_fills_no_disk(monkeypatch):
    monkeypatch.setattr("customer_segmentation.assistant.bounded_query.MEMORY", "20MB")
    with duckdb.connect() as database:
        confine(database)
        with pytest.raises(NotPossibleError, match="more than the 20MB of memory"):
            bounded_query(
                database, "select count(*) from (select range from range(9_000_000) order by hash(range) offset 1)"
            )


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="only Linux counts what a process has")
def test_a_text_that_would_fill_the_machine_is_not_made(database):
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(NotPossibleError, match="needs more than the 1GB of memory"):
        bounded_query(database, "select length(repeat('x', 3_500_000_000))")
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert bounded_query(database, "select length(repeat('x', 3_500))").rows == [[3500]]


def test_settings_cannot_be_changed_behind_the_look_at_the_query(database):
    with pytest.raises(duckdb.Error, match="has been locked"):
        database.execute("set enable_external_access = true")
    with pytest.raises(duckdb.Error, match="disabled by configuration"):
        database.execute("from read_text('/etc/passwd')")


def test_views_of_large_tables_read_their_folder_and_no_other(tmp_path):
    large, other = tmp_path / "lar'ge", tmp_path / "other"
    for folder in (large, other):
        folder.mkdir()
        duckdb.sql(f"copy (select 1 as found) to '{str(folder).replace(chr(39), chr(39) * 2)}/a.parquet'")
    with duckdb.connect() as database:
        for folder in (large, other):
            path = str(folder).replace("'", "''")
            database.execute(f"create view {folder.name[:3]} as from read_parquet('{path}/*.parquet')")
        confine(database, folders=[large])
        assert bounded_query(database, "select found from lar").rows == [[1]]
        with pytest.raises(NotPossibleError, match="disabled by configuration"):
            bounded_query(database, "select found from oth")
