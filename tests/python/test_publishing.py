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


def test_a_reader_of_the_old_file_goes_on_undisturbed(session, tmp_path):
    publish(session, relations(session), tmp_path, published_at=WHEN)
    parquet = (tmp_path / "segments.parquet").open("rb")
    before = (tmp_path / "segments.parquet").stat().st_ino
    session.execute("insert into marts.segments values (3, 'c')")
    publish(session, relations(session), tmp_path, published_at=WHEN)
    assert len(read(tmp_path)) == 3
    assert (tmp_path / "segments.parquet").stat().st_ino != before
    assert parquet.read()[-4:] == b"PAR1"
    parquet.close()


def test_a_failure_leaves_what_was_published_and_no_debris(session, tmp_path):
    publish(session, relations(session), tmp_path, published_at=WHEN)
    session.execute("create view marts.broken as select error('boom') as x from marts.segments")
    broken = {"segments": session.table("marts.segments"), "broken": session.table("marts.broken")}
    session.execute("insert into marts.segments values (3, 'c')")
    with pytest.raises(duckdb.Error):
        publish(session, broken, tmp_path, published_at=WHEN)
    assert len(read(tmp_path)) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["marts.duckdb", "segments.parquet"]


def test_a_folder_that_cannot_be_written_is_explained(session, tmp_path):
    (tmp_path / "published").write_text("a file where the folder should be")
    with pytest.raises(InputError, match=r"The folder .* cannot be written: .*What was published before is unchanged"):
        publish(session, relations(session), tmp_path / "published", published_at=WHEN)


def test_leftovers_of_a_killed_build_are_removed(session, tmp_path):
    (tmp_path / ".marts.duckdb.123.tmp").write_text("half")
    publish(session, relations(session), tmp_path, published_at=WHEN)
    assert not (tmp_path / ".marts.duckdb.123.tmp").exists()
