import subprocess
import sys
from collections import Counter
from datetime import datetime

import duckdb
import pytest

from customer_segmentation.errors import InputError
from customer_segmentation.publication.folder import project_version, read_manifest
from customer_segmentation.publication.publishing import PUBLISHED_TABLES, content_id, publish

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
    first, account = published.to_dict("records")
    assert first == {
        "table_name": "segments",
        "description": "It's a table",
        "row_count": 2,
        "column_count": 2,
        "published_at": WHEN,
        "build_id": content_id(relations(session), {("segments", None): "It's a table", ("segments", "id"): "Key"}),
        "table_group": "",
        "grain": "",
        "key_columns": "",
        "is_start_here": False,
        "locale": "en",
    }
    assert (account["table_name"], account["row_count"], account["key_columns"]) == (
        "published_tables",
        2,
        "table_name",
    )
    assert account["column_count"] == len(account) == len(PUBLISHED_TABLES)
    assert (read_manifest(folder) or {})["version"] == project_version() != "unknown"


def test_groups_are_schemas_of_views_and_every_table_stays_in_main(session, tmp_path):
    session.execute("comment on table marts.segments is 'One row per segment: its name.'")
    published = publish(
        session,
        relations(session),
        tmp_path,
        keys={"segments": ["id", "name"]},
        groups={"segments": "segments", "published_tables": "data"},
        start_here={"segments"},
        published_at=WHEN,
    )
    assert (
        published.to_dict("records")[0].items()
        >= {
            "table_group": "segments",
            "grain": "One row per segment",
            "key_columns": "id, name",
            "is_start_here": True,
        }.items()
    )
    shown = "select schema_name, view_name, comment from duckdb_views() where not internal order by all"
    described = "One row per segment: its name."
    assert read(tmp_path, shown)[1:] == [("segments", "segments", described), ("start_here", "segments", described)]
    comments = "select distinct comment from duckdb_columns() where table_name = 'segments' and column_name = 'id'"
    assert read(tmp_path, comments) == [("Key",)]
    for name in ("segments", "main.segments", "segments.segments", "start_here.segments"):
        assert read(tmp_path, f"select * from {name}") == [(1, "a"), (2, "b")]
    with duckdb.connect() as reader:  # under another name
        reader.execute(f"attach '{tmp_path}/marts.duckdb' as other (read_only)")
        assert reader.execute("select count(*) from other.start_here.segments").fetchall() == [(2,)]


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
        "publication.json",
        "published_tables.parquet",
        "segments.parquet",
    ]


def test_a_folder_that_cannot_be_written_is_explained(session, tmp_path):
    (tmp_path / "published").write_text("a file where the folder should be")
    with pytest.raises(InputError, match=r"The folder .* cannot be written: .*Every file there is whole"):
        publish(session, relations(session), tmp_path / "published", published_at=WHEN)


KEY = ["segmentation", "customer_id"]


def many_customers(session, order):
    """Make a table of three segmentations in several row groups, in the order asked for."""
    session.execute(
        f"""
        create or replace table marts.customer_segments as
        select 'segmentation ' || i % 3 as segmentation, 'C' || i // 3 as customer_id, i % 7 as cluster_id, ln(1 + i) as distance
        from range(600000) as t (i) order by {order}
        """
    )
    return {"customer_segments": session.table("marts.customer_segments")}


def test_the_same_content_gives_the_same_file_whatever_its_order(session, tmp_path):
    files = []
    for order, threads in [("i", 2), ("hash(i)", 2), ("-i", 1)]:
        session.execute(f"set threads = {threads}")
        publish(session, many_customers(session, order), tmp_path, keys={"customer_segments": KEY}, published_at=WHEN)
        files.append((tmp_path / "customer_segments.parquet").read_bytes())
    assert files[0] == files[1] == files[2]


def test_a_reader_of_one_segmentation_or_customer_skips_row_groups(session, tmp_path):
    publish(session, many_customers(session, "hash(i)"), tmp_path, keys={"customer_segments": KEY}, published_at=WHEN)
    ranges = session.execute(
        f"""
        select row_group_id, path_in_schema, stats_min_value, stats_max_value
        from parquet_metadata('{tmp_path / "customer_segments.parquet"}')
        """
    ).fetchall()
    wanted = {"segmentation": "segmentation 1", "customer_id": "C777"}
    read = Counter(column for _, column, low, high in ranges if column in wanted and low <= wanted[column] <= high)
    assert len({group for group, *_ in ranges}) == 5
    assert read["segmentation"] == 3
    assert read["customer_id"] <= 3
    assert read["customer_id"] >= 1


def test_a_publication_larger_than_the_memory_limit_is_sorted_on_disk(session, tmp_path):
    relations = many_customers(session, "hash(i)")
    session.execute(f"set temp_directory = '{tmp_path / 'spilled'}'")
    session.execute("set memory_limit = '60MB'")
    publish(session, relations, tmp_path, keys={"customer_segments": KEY}, published_at=WHEN)
    assert read(tmp_path, "select count(*) from customer_segments") == [(600_000,)]


def test_a_disk_too_small_to_sort_on_is_explained(session, tmp_path):
    publish(session, relations(session), tmp_path, published_at=WHEN)
    customers = many_customers(session, "hash(i)")
    session.execute(f"set temp_directory = '{tmp_path / 'spilled'}'")
    session.execute("set max_temp_directory_size = '1MB'")
    session.execute("set memory_limit = '60MB'")
    with pytest.raises(InputError, match="free space, there and beside the warehouse"):
        publish(session, relations(session) | customers, tmp_path, keys={"customer_segments": KEY}, published_at=WHEN)
    assert_only_segments_are_published(tmp_path)


FULL_DISK = """
import resource, signal, sys
from datetime import datetime
import duckdb
from customer_segmentation.publication.publishing import content_id, publish

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
with duckdb.connect() as session:
    large = session.sql("select i, hash(i) as h, hash(i, 1)::varchar as t from range(300000) as t (i)")
    publish(session, {"segments": session.sql("select 1"), "large": large}, sys.argv[1], published_at=datetime.now())
"""


def test_a_full_disk_is_explained_and_leaves_what_was_published(session, tmp_path):
    """A limit on the size of a file stands for the full disk."""
    publish(session, relations(session), tmp_path, published_at=WHEN)
    run = subprocess.run([sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True, check=False)
    assert "InputError: The folder" in run.stderr
    assert "Check its permissions and the free space" in run.stderr
    assert_only_segments_are_published(tmp_path)


@pytest.mark.parametrize("error", [duckdb.TransactionException, duckdb.OutOfMemoryException])
def test_a_commit_that_fails_is_explained_and_leaves_what_was_published(session, tmp_path, error):
    class Large:
        columns = ("a",)

        def query(self, *_):
            raise error("Failed to commit: No space left on device")

    publish(session, relations(session), tmp_path, published_at=WHEN)
    with pytest.raises(InputError, match="No space left on device"):
        publish(session, relations(session) | {"large": Large()}, tmp_path, published_at=WHEN)
    assert_only_segments_are_published(tmp_path)


def assert_only_segments_are_published(folder):
    assert read(folder) == [(1, "a"), (2, "b")]
    assert {file.name for file in folder.iterdir() if file.is_file()} == {
        "marts.duckdb",
        "publication.json",
        "published_tables.parquet",
        "segments.parquet",
    }


def test_nothing_stays_attached_and_no_log_is_left(session, tmp_path):
    before = session.execute("select database_name from duckdb_databases() order by all").fetchall()
    publish(session, many_customers(session, "i"), tmp_path, published_at=WHEN)
    assert session.execute("select database_name from duckdb_databases() order by all").fetchall() == before
    assert not list(tmp_path.glob(".*"))
    assert not list(tmp_path.glob("*.wal"))


def test_what_is_published_is_said_before_it_is_done(session, tmp_path):
    said = []
    publish(session, relations(session), tmp_path, published_at=WHEN, now=said.append)
    assert said == ["segments, table 1 of 1", "descriptions and macros", "checksums"]


def test_leftovers_of_a_killed_build_are_removed(session, tmp_path):
    (tmp_path / ".marts.duckdb.123.tmp").write_text("half")
    (tmp_path / ".mine.tmp").write_text("not from here")
    publish(session, relations(session), tmp_path, published_at=WHEN)
    assert not (tmp_path / ".marts.duckdb.123.tmp").exists()
    assert (tmp_path / ".mine.tmp").exists()
