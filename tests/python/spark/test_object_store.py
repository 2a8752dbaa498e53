"""The lake folder in an object store: a server of S3 on this machine holds what Spark writes, and DuckDB reads it there."""

import json
import logging
import os
import shutil
import socket
import sys
from urllib.request import Request, urlopen

import duckdb
import pytest

from customer_segmentation import object_store
from customer_segmentation.errors import InputError
from customer_segmentation.inputs.files import inspect_input
from customer_segmentation.object_store import ObjectPath, filesystem, register
from customer_segmentation.publication.large_tables import large_tables, place
from customer_segmentation.spark import engine, lake
from customer_segmentation.spark.lake import Lake, own_folder
from helpers.compare_publications import differences
from helpers.documents import printed
from helpers.hosts import HOST, dbt

pytestmark = pytest.mark.skipif(os.environ.get("ENGINE", "sail") != "sail", reason="Spark itself needs jars for S3")

LAKE = "s3://bucket/lakes/o'ne"
TABLE = f"{LAKE}/marts/copied"


@pytest.fixture(scope="module")
def server():
    """The address of a server of S3 with one bucket; engine and DuckDB find it as they would find any other."""
    from moto.server import ThreadedMotoServer  # not installed where Spark itself is tried

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would log each request
    address = "http://{}:{}".format(*server.get_host_and_port())
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_REGION", "eu-central-1")
        patch.setenv("AWS_ALLOW_HTTP", "true")  # an engine that is there already was started without the address
        patch.setenv(engine.VARIABLE, "sail")
        patch.setenv(object_store.VARIABLE, LAKE)
        filesystem.cache_clear()
        filesystem().mkdir("bucket")
        yield address
    filesystem.cache_clear()
    server.stop()


@pytest.fixture
def store(server):
    """The file system of the store, with nothing in the lake."""
    yield filesystem()
    object_store.remove(ObjectPath(LAKE))


@pytest.fixture
def connection(store, tmp_path, monkeypatch):
    monkeypatch.setattr(lake, "_known", {})  # of the test before
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as database:
        database.execute("create schema marts")
        database.execute("create table marts.customers as select range as id from range(3)")
        yield database


def built(connection, query: str, build_id: str = "first") -> list[tuple]:
    tables = Lake(connection, build_id)
    tables.build("marts", "copied", query)
    tables.remove_old_files("marts", "copied")
    return sorted(connection.execute("select * from marts.copied").fetchall())


def names(store, address: str = LAKE) -> set[str]:
    """List the folders and files that lie in a folder of the store now."""
    return {path.rpartition("/")[2] for path in store.ls(address, refresh=True)} if store.exists(address) else set()


def test_a_table_is_written_to_the_store_and_read_there(connection, store, tmp_path):
    assert built(connection, "select id * 2 as id from marts.customers") == [(0,), (2,), (4,)]
    assert names(store) == {"warehouse.txt", "marts", "copies"}
    assert not (tmp_path / "warehouse.lake").exists()
    ((view,),) = connection.execute("select sql from duckdb_views() where view_name = 'copied'").fetchall()
    assert "read_parquet('s3://bucket/lakes/o''ne/marts/copied/" in view


def test_the_next_build_reads_what_changed_and_deletes_the_old_files(connection, store):
    assert built(connection, "select id from marts.customers") == [(0,), (1,), (2,)]
    before = names(store, TABLE)
    connection.execute("update marts.customers set id = id + 10")
    assert built(connection, "select id from marts.customers", "second") == [(10,), (11,), (12,)]
    assert len(names(store, TABLE)) == 1
    assert names(store, TABLE) != before


def test_a_lake_moves_from_a_disk_to_the_store_and_back(connection, store, monkeypatch):
    for build, address in enumerate(["", LAKE, ""]):
        monkeypatch.setenv(object_store.VARIABLE, address)
        built(connection, "select id from marts.customers", f"{build}")
        assert built(connection, "select id + 1 as id from marts.copied", f"{build} again") == [(1,), (2,), (3,)]
    assert len(names(store, TABLE)) == 1


def test_a_table_without_rows_has_its_columns(connection):
    assert built(connection, "select id from marts.customers where id > 5") == []
    assert built(connection, "select id from marts.copied", "second") == []


def test_a_build_that_stops_in_between_leaves_the_table(connection, store, monkeypatch):
    assert built(connection, "select id from marts.customers") == [(0,), (1,), (2,)]
    with monkeypatch.context() as patch:
        # all files of the table are in the store by then
        patch.setattr(Lake, "_stop_on_lost_rows", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            Lake(connection, "second").build("marts", "copied", "select id + 1 as id from marts.customers")
    assert len(names(store, TABLE)) == 2
    assert connection.execute("select sum(id) from marts.copied").fetchall() == [(3,)]
    assert built(connection, "select id + 1 as id from marts.customers", "third") == [(1,), (2,), (3,)]
    assert len(names(store, TABLE)) == 1


def test_rows_that_are_not_found_stop_the_build(connection, monkeypatch):
    assert built(connection, "select id from marts.customers") == [(0,), (1,), (2,)]
    written = lake.written_rows
    monkeypatch.setattr(lake, "written_rows", lambda frame, folder: written(frame, folder) + 1)
    with pytest.raises(InputError, match=r"Spark wrote 4 rows to s3://.*, and 3 are found there\. "):
        built(connection, "select id + 1 as id from marts.customers", "second")
    assert connection.execute("select sum(id) from marts.copied").fetchall() == [(3,)]


def test_an_engine_that_looks_into_another_store_stops_the_build(connection, store, monkeypatch):
    monkeypatch.setattr(lake, "_reached", set())
    tables = Lake(connection, "first")
    store.rm(f"{LAKE}/warehouse.txt")  # as it would be there
    monkeypatch.setattr(ObjectPath, "read_text", lambda path: "warehouse.duckdb")
    with pytest.raises(InputError, match=r"^Spark does not find s3://.*warehouse\.txt, which was written here"):
        tables.build("marts", "copied", "select id from marts.customers")


def test_parts_and_rows_that_fail_a_test_are_deleted(connection, store):
    tables = Lake(connection, "first")
    twice = "with twice as (select id from marts.customers) select a.id from twice as a join twice as b on a.id = b.id"
    for expected in (3, 2):
        tables.find_failing_rows("a_test", f"{twice} where a.id < {expected}")
        assert connection.execute("select count(*) from rows_that_fail").fetchall() == [(expected,)]
    assert sorted(tables.rows(twice, "a question")) == [(0,), (1,), (2,)]
    tables.forget_failing_rows("a_test")
    assert names(store) == {"warehouse.txt", "copies"}


def test_a_folder_belongs_to_one_warehouse(connection, store, tmp_path):
    built(connection, "select id from marts.customers")
    with pytest.raises(InputError, match=r"holds tables of .*warehouse\.duckdb, and .*other\.duckdb.*s3://.*\.txt"):
        own_folder(str(tmp_path / "other.duckdb"))
    assert len(names(store, TABLE)) == 1


def test_whoever_opens_the_warehouse_reads_the_store(connection, tmp_path, monkeypatch):
    built(connection, "select id from marts.customers")
    connection.close()
    monkeypatch.delenv(object_store.VARIABLE)
    for path, table in ((tmp_path / "warehouse.duckdb", "marts.copied"), (":memory:", "attached.marts.copied")):
        with duckdb.connect(str(path)) as other:
            if path == ":memory:":
                other.execute(f"attach '{tmp_path}/warehouse.duckdb' as attached (read_only)")
            for _ in range(2):
                register(other)
            assert other.execute(f"select sum(id) from {table}").fetchall() == [(3,)]


def test_other_views_of_a_store_are_left_to_duckdb(connection, tmp_path, monkeypatch):
    Lake(connection, "first")
    connection.execute(f"copy (select 1 as id) to {lake._text(ObjectPath(LAKE) / 'own.parquet')} (format parquet)")
    connection.execute(f"create view own as from read_parquet({lake._text(ObjectPath(LAKE) / '*.parquet')})")
    connection.close()
    monkeypatch.delenv(object_store.VARIABLE)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as other:
        register(other)
        assert not other.filesystem_is_registered("s3")


def test_a_large_table_is_downloaded_for_the_publication(connection, tmp_path):
    built(connection, "select id from marts.customers")
    (found,) = large_tables(connection, {"copied": ("marts", "copied")}, 2).values()
    assert found.rows == 3
    described = place(connection, tmp_path / "published", "one", "copied", found)
    assert sum(file["rows"] for file in described.values()) == 3
    built(connection, "select id + 1 as id from marts.customers", "second")
    files = [str(tmp_path / "published" / file) for file in described]
    assert duckdb.read_parquet(files).sum("id").fetchall() == [(3,)]


def test_an_input_that_spark_copies_is_read_from_the_store(connection, tmp_path):
    engine.session().sql("select id, id * 10 as points from range(1, 4)").createOrReplaceTempView(
        "members_of_the_store"
    )
    (file, *_) = found = json.loads(
        inspect_input("spark:members_of_the_store", tmp_path, str(tmp_path / "warehouse.duckdb"))
    )["files"]
    assert file["columns"] == ["id", "points"]
    assert sum(one["record_count"] for one in found) == 3
    register(connection)
    rows = " union all ".join(f"select points from {one['reader']}" for one in found)
    assert connection.execute(f"select sum(points) from ({rows})").fetchall() == [(60,)]


HEAVY = ["stg_crm__customer_rows", "crm_customer_features", "customer_segments", "rfm_scores"]
# the same in each run, so that dbt parses the project once
ALL_ARE_LARGE = ["--target", "spark", "--vars", "{published_folder: published, rows_of_one_machine: 0}"]


def test_heavy_models_of_a_host_are_those_that_duckdb_builds(server, host, tmp_path, monkeypatch):
    folder = shutil.copytree(host.parent, tmp_path / "project", symlinks=True) / HOST
    monkeypatch.delenv("AWS_ALLOW_HTTP")  # a process of its own knows the address when it starts the engine
    monkeypatch.delenv(object_store.VARIABLE)
    (profile,) = printed("docs/spark.md", "## In a project of your own")
    (folder / "profiles.yml").write_text(profile)
    dbt(folder, "run", "--select", "published_tables", *ALL_ARE_LARGE)
    (folder / "published").rename(tmp_path / "before")

    monkeypatch.setenv(object_store.VARIABLE, "s3://bucket/host")
    dbt(folder, "run", "--select", *HEAVY, "published_tables", *ALL_ARE_LARGE)
    publications = [tmp_path / "before/marts.duckdb", folder / "published/marts.duckdb"]
    assert list(differences(*publications, tolerance=1e-9)) == []
    large = [path.name for path in (folder / "published/large_tables").glob("*/*")]
    assert {"customer_segments", "crm_customer_features", "rfm_scores"} <= set(large)

    monkeypatch.delenv(object_store.VARIABLE)  # the views say where the files are
    assert "PASS customer_segments_has_key" in dbt(
        folder, "test", "--select", "customer_segments_has_key", *ALL_ARE_LARGE
    )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory) -> str:
    return str(tmp_path_factory.mktemp("errors") / "warehouse.duckdb")


@pytest.fixture
def afresh():
    """Let the test open the store with an environment of its own."""
    filesystem.cache_clear()
    yield
    filesystem.cache_clear()


def test_a_bucket_that_does_not_exist_is_named(server, warehouse, monkeypatch):
    monkeypatch.setenv(object_store.VARIABLE, "s3://nowhere/lake")
    with pytest.raises(InputError, match=r"^s3://nowhere/lake/.* there is no bucket nowhere\. Create it, or"):
        own_folder(warehouse)


def permitted(server: str, requests: str) -> None:
    """Let the server answer so many requests before it asks whether the key is one that it knows."""
    text = {"Content-Type": "text/plain"}
    urlopen(Request(f"{server}/moto-api/reset-auth", data=requests.encode(), headers=text)).close()


def test_a_store_that_refuses_is_named(server, warehouse):
    permitted(server, requests="0")
    try:
        with pytest.raises(InputError, match=r"^The object store refuses s3://.*: .+ Expected a key that may list"):
            own_folder(warehouse)
    finally:
        permitted(server, requests="inf")


def test_files_that_may_not_be_deleted_are_counted(store, monkeypatch):
    async def kept(*_):
        return []

    store.pipe_file(f"{LAKE}/old/a.parquet", b"")
    with monkeypatch.context() as patch:
        patch.setattr(type(store), "_bulk_delete", kept)  # s3fs too drops what the store says of each file
        with pytest.raises(InputError, match=r"refuses s3://.*/old: 1 files cannot be deleted\. Expected a key"):
            object_store.remove(ObjectPath(f"{LAKE}/old"))


@pytest.mark.usefixtures("server", "afresh")
def test_a_missing_key_is_named(warehouse, monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", warehouse)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(InputError, match=r"^The object store at s3://.* needs a key: .* Set .*AWS_ACCESS_KEY_ID"):
        own_folder(warehouse)


@pytest.mark.usefixtures("server", "afresh")
def test_a_server_that_does_not_answer_is_named(warehouse, monkeypatch):
    monkeypatch.setattr(object_store, "SECONDS_TO_ANSWER", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*silent.getsockname()))
        with pytest.raises(InputError, match=r"answers for s3://.* within 1 seconds.*AWS_ENDPOINT_URL is http://127"):
            own_folder(warehouse)


@pytest.mark.usefixtures("server", "afresh")
def test_a_server_that_is_no_address_is_named(warehouse, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "127.0.0.1:9")
    with pytest.raises(InputError, match=r"^s3://.* cannot be reached: .*AWS_ENDPOINT_URL is 127\.0\.0\.1:9: correct"):
        own_folder(warehouse)


@pytest.mark.usefixtures("server", "afresh")
def test_a_package_that_is_missing_is_named(warehouse, monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(
        InputError, match=r"s3fs, .*not installed\. Run pip install 'warehouse-segmentation\[spark-s3\]"
    ):
        own_folder(warehouse)
