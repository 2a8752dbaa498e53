"""Large tables: published as the files that Spark wrote, which no later build changes or takes from a reader."""

import json
import os
import shutil
from datetime import datetime

import duckdb
import pytest

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication import large_tables
from customer_segmentation.publication.database import errors_explained
from customer_segmentation.publication.folder import JOURNAL, read_manifest, settled
from customer_segmentation.publication.publishing import publish

WHEN = datetime(2024, 2, 29, 12)
MOST_ROWS = 2


@pytest.fixture
def session(tmp_path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.segments as select 1 as id")
        yield connection


def compute(session, tmp_path, *customers: int) -> None:
    """Do what the lake does when Spark has computed a table: new files, the view over them, the old files deleted."""
    lake = tmp_path / "it's a lake"
    before = list(lake.glob("*"))
    folder = lake / str(len(before) and int(max(path.name for path in before)) + 1)
    folder.mkdir(parents=True)
    for number, customer in enumerate(customers):
        session.execute(
            f"copy (select {customer} as id) to '{str(folder).replace(chr(39), chr(39) * 2)}/{number}.parquet'"
        )
    pattern = str(folder / "*.parquet").replace("'", "''")
    session.execute(
        f"create or replace view marts.customers as select cast(id as bigint) as id from read_parquet('{pattern}')"
    )
    session.execute("comment on view marts.customers is 'One row per customer.'")
    session.execute("comment on column marts.customers.id is 'Key'")
    for path in before:
        shutil.rmtree(path)


def published(session, folder, most_rows: int = MOST_ROWS):
    names = ("segments", "customers")
    large = large_tables.large_tables(session, {name: ("marts", name) for name in names}, most_rows)
    relations = {name: session.table(f"marts.{name}") for name in names}
    publish(session, relations, folder, keys={"customers": ["id"]}, large=large, published_at=WHEN)
    return large


def customers(folder, columns: str = "id") -> list:
    with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as database:
        return [row[0] for row in database.execute(f"select {columns} from customers order by id").fetchall()]


def files(folder) -> list:
    return sorted((folder / large_tables.FOLDER).rglob("*.parquet"))


def test_a_large_table_is_shown_from_its_own_files(session, tmp_path):
    compute(session, tmp_path, 3, 1, 2)
    folder = tmp_path / "published"
    assert set(published(session, folder)) == {"customers"}
    assert customers(folder) == [1, 2, 3]
    assert customers(folder, "typeof(id)")[0] == "BIGINT"
    assert not (folder / "customers.parquet").exists()
    assert (folder / "segments.parquet").exists()
    with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as database:
        comments = "select comment from duckdb_views() where view_name = 'customers' union all "
        comments += "select comment from duckdb_columns() where table_name = 'customers'"
        assert database.execute(comments).fetchall() == [("One row per customer.",), ("Key",)]
        rows = "select row_count from published_tables where table_name = 'customers'"
        assert database.execute(rows).fetchall() == [(3,)]
    described = {folder / name: said for name, said in read_manifest(folder)["files"].items() if "/" in name}
    assert sorted(described) == files(folder)
    assert {(said["rows"], said["bytes"]) for said in described.values()} == {(1, files(folder)[0].stat().st_size)}


@pytest.mark.parametrize("other_disk", [False, True])
def test_a_publication_outlives_the_files_of_the_lake(session, tmp_path, monkeypatch, other_disk):
    if other_disk:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("other disk")))
    compute(session, tmp_path, 1, 2, 3)
    published(session, tmp_path / "published")
    compute(session, tmp_path, 4, 5, 6)
    assert customers(tmp_path / "published") == [1, 2, 3]


def test_a_reader_of_the_old_database_goes_on_undisturbed(session, tmp_path):
    folder = tmp_path / "published"
    compute(session, tmp_path, 1, 2, 3)
    published(session, folder)
    with duckdb.connect() as reader:
        reader.execute(f"attach '{folder}/marts.duckdb' as old (read_only)")
        compute(session, tmp_path, 4, 5, 6)
        published(session, folder)
        assert reader.execute("select sum(id) from old.customers").fetchall() == [(6,)]
    assert customers(folder) == [4, 5, 6]
    compute(session, tmp_path, 7, 8, 9)
    published(session, folder)
    assert len(files(folder)) == 6  # those of this publication and of the one before


def test_the_same_content_keeps_the_files_and_damaged_ones_are_replaced(session, tmp_path):
    folder = tmp_path / "published"
    compute(session, tmp_path, 1, 2, 3)
    published(session, folder)
    before = (folder / "publication.json").read_bytes()
    compute(session, tmp_path, 3, 2, 1)
    published(session, folder)
    assert (folder / "publication.json").read_bytes() == before
    files(folder)[0].write_bytes(b"damaged")
    published(session, folder)
    assert customers(folder) == [1, 2, 3]


def test_a_table_that_grows_or_shrinks_leaves_nothing_behind(session, tmp_path):
    folder = tmp_path / "published"
    compute(session, tmp_path, 1, 2)
    assert not published(session, folder)
    compute(session, tmp_path, 1, 2, 3)
    published(session, folder)
    assert not (folder / "customers.parquet").exists()
    compute(session, tmp_path, 1)
    for _ in range(2):
        published(session, folder)
    assert customers(folder) == [1]
    assert (folder / "customers.parquet").exists()
    assert not (folder / large_tables.FOLDER).exists()


def test_a_failure_leaves_what_was_published_and_no_debris(session, tmp_path, monkeypatch):
    folder = tmp_path / "published"
    compute(session, tmp_path, 1, 2, 3)
    published(session, folder)
    before = files(folder)
    compute(session, tmp_path, 4, 5, 6)
    monkeypatch.setattr("customer_segmentation.publication.publishing.shown_from", lambda *_: "select no_column")
    with pytest.raises(duckdb.Error):
        published(session, folder)
    assert files(folder) == before
    assert customers(folder) == [1, 2, 3]


def test_an_interrupted_publication_is_finished_only_with_all_files_of_its_large_tables(session, tmp_path, monkeypatch):
    folder = tmp_path / "published"
    compute(session, tmp_path, 1, 2, 3)
    published(session, folder)
    journals = []

    def killed(folder, written, outdated, manifest):
        renames = {path.name: name for name, path in written.items()}
        journals.append({"renames": renames, "outdated": sorted(outdated), "manifest": manifest})
        (folder / JOURNAL).write_text(json.dumps(journals[0]))

    compute(session, tmp_path, 4, 5, 6)
    monkeypatch.setattr("customer_segmentation.publication.publishing.replace_files", killed)
    published(session, folder)
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert "It is finished now" in settled(folder)
    assert customers(folder) == [4, 5, 6]
    (copy / next(name for name in journals[0]["manifest"]["files"] if "/" in name)).unlink()
    assert "cannot be finished" in settled(copy)


def test_a_folder_without_the_files_is_explained(session, tmp_path):
    folder = tmp_path / "published"
    compute(session, tmp_path, 1, 2, 3)
    published(session, folder)
    moved = folder.rename(tmp_path / "moved")
    with pytest.raises(NotPossibleError, match="Open the publication where it was built"), errors_explained(moved):
        customers(moved)
