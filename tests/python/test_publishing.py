import subprocess
import sys
from datetime import datetime

import duckdb
import pytest

from segmentation.errors import InputError
from segmentation_tools.publishing import publish

WHEN = datetime(2024, 2, 29, 12)


@pytest.fixture
def session():
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.segments as select * from (values (2, 'b'), (1, 'a')) as t (id, name)")
        connection.execute("comment on table marts.segments is 'It''s a table'")
        connection.execute("comment on column marts.segments.id is 'Key'")
        yield connection


def relations(session):
    return {"segments": session.table("marts.segments")}


def read(folder, sql="select * from segments"):
    with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as database:
        return database.execute(sql).fetchall()


def test_both_forms_hold_the_sorted_rows_and_the_comments(session, tmp_path):
    published = publish(session, relations(session), tmp_path / "new" / "folder", published_at=WHEN)
    folder = tmp_path / "new" / "folder"
    assert read(folder) == [(1, "a"), (2, "b")]
    assert session.execute(f"select * from '{folder / 'segments.parquet'}'").fetchall() == [(1, "a"), (2, "b")]
    assert read(folder, "select comment from duckdb_tables() where table_name = 'segments'") == [("It's a table",)]
    assert read(
        folder, "select comment from duckdb_columns() where table_name = 'segments' and column_name = 'id'"
    ) == [("Key",)]
    assert published.to_dict("records") == [
        {
            "table_name": "segments",
            "description": "It's a table",
            "row_count": 2,
            "column_count": 2,
            "published_at": WHEN,
        }
    ]


READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    print(connection.execute("select count(*) from segments").fetchall()[0][0], flush=True)
"""


def test_a_reader_of_the_old_file_goes_on_undisturbed(session, tmp_path):
    publish(session, relations(session), tmp_path, published_at=WHEN)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, tmp_path / "marts.duckdb"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def rows_seen():
        reader.stdin.write("\n")
        reader.stdin.flush()
        return int(reader.stdout.readline())

    assert rows_seen() == 2
    session.execute("insert into marts.segments values (3, 'c')")
    publish(session, relations(session), tmp_path, published_at=WHEN)
    assert rows_seen() == 2
    reader.communicate()
    assert len(read(tmp_path)) == 3


def test_a_table_that_is_no_longer_published_leaves_no_file_behind(session, tmp_path):
    both = {**relations(session), "others": session.table("marts.segments")}
    publish(session, both, tmp_path, published_at=WHEN)
    (tmp_path / "mine.parquet").write_text("not published from here")
    publish(session, relations(session), tmp_path, published_at=WHEN)
    assert not (tmp_path / "others.parquet").exists()
    assert (tmp_path / "mine.parquet").exists()


def test_a_failure_leaves_what_was_published_and_no_debris(session, tmp_path):
    publish(session, relations(session), tmp_path, published_at=WHEN)
    session.execute("create view marts.broken as select error('boom') as x from marts.segments")
    broken = {"segments": session.table("marts.segments"), "broken": session.table("marts.broken")}
    session.execute("insert into marts.segments values (3, 'c')")
    with pytest.raises(duckdb.Error):
        publish(session, broken, tmp_path, published_at=WHEN)
    assert len(read(tmp_path)) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "marts.duckdb",
        "published_tables.parquet",
        "segments.parquet",
    ]


def test_a_folder_that_cannot_be_written_is_explained(session, tmp_path):
    (tmp_path / "published").write_text("a file where the folder should be")
    with pytest.raises(InputError, match=r"The folder .* cannot be written: .*Every file there is whole"):
        publish(session, relations(session), tmp_path / "published", published_at=WHEN)


def test_leftovers_of_a_killed_build_are_removed(session, tmp_path):
    (tmp_path / ".marts.duckdb.123.tmp").write_text("half")
    (tmp_path / ".mine.tmp").write_text("not from here")
    publish(session, relations(session), tmp_path, published_at=WHEN)
    assert not (tmp_path / ".marts.duckdb.123.tmp").exists()
    assert (tmp_path / ".mine.tmp").exists()
