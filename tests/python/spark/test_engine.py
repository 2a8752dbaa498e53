"""The engine: what cannot be used is said in one sentence, and a server that has stopped is not waited for."""

import os
import signal
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import duckdb
import pytest

from customer_segmentation.errors import InputError
from customer_segmentation.spark import engine

SERVER = "from pysail.spark import SparkConnectServer; SparkConnectServer('127.0.0.1', {port}).start(background=False)"
BUILD = """
import sys, duckdb
from customer_segmentation.errors import InputError
from customer_segmentation.spark.lake import Lake
with duckdb.connect(sys.argv[1]) as connection:
    lake = Lake(connection, "build")
    lake.build("main", "finished", "select 1 as id")
    print("started", flush=True)
    try:
        lake.build("main", "finished", "select a.range as id from range(100000) as a (range) cross join "
                   "range(1000000) as b (range) where a.range + b.range = 3")
    except InputError as error:
        print(error)
"""
SECONDS = 60
ENGINE = os.environ.get("ENGINE", "sail")  # make test-spark tries local[2]


@pytest.fixture
def closed():
    """The session of this process as it was, whatever a test made of it."""
    engine.session.cache_clear()
    yield
    engine.session.cache_clear()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "SEGMENTATION_SPARK is not set. Set it to sc://host:port"),
        ("spark://host:7077", "'spark://host:7077', which is no engine. Set it to"),
        ("sc://127.0.0.1:9", "No Spark Connect server answers at sc://127.0.0.1:9 within 10 seconds"),
        ("sc://127.0.0.1:9/;token=secret", "No Spark Connect server answers at sc://127.0.0.1:9/ within"),
        ("sc://127.0.0.1:none", "No Spark Connect server answers"),
        ("local[2]", r"Spark is not installed. Run pip install 'warehouse-segmentation\[spark-local\]'"),
    ],
)
def test_an_engine_that_is_not_there_is_named(closed, monkeypatch, value, message):
    if value.startswith("local") and ENGINE.startswith("local"):
        pytest.skip("Spark itself is installed")
    monkeypatch.setenv(engine.VARIABLE, value)
    with pytest.raises(InputError, match=message):
        engine.session()


def test_an_older_server_is_refused(closed, monkeypatch):
    monkeypatch.setenv(engine.VARIABLE, "sail")
    monkeypatch.setattr(engine, "_sail", lambda: SimpleNamespace(version="3.5.4"))
    with pytest.raises(InputError, match=r"is sail, which is Spark 3\.5\.4\. Expected 4\.0 or later"):
        engine.session()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port: int) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.mark.slow
def test_a_server_that_dies_in_the_middle_of_a_model_leaves_the_table(tmp_path):
    port, database = free_port(), tmp_path / "warehouse.duckdb"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", SERVER.format(port=port)], **quiet) as server:
        try:
            wait_for(port)
            (tmp_path / "build.py").write_text(BUILD)
            build = subprocess.Popen(
                [sys.executable, str(tmp_path / "build.py"), str(database)],
                env=os.environ | {engine.VARIABLE: f"sc://127.0.0.1:{port}"},
                stdout=subprocess.PIPE,
                text=True,
            )
            assert build.stdout.readline() == "started\n"
            time.sleep(1)
        finally:
            server.send_signal(signal.SIGKILL)
        said, _ = build.communicate(timeout=SECONDS)
    assert said.startswith(f"The Spark Connect server at sc://127.0.0.1:{port} no longer answers.")
    with duckdb.connect(str(database)) as connection:
        assert connection.execute("select id from finished").fetchall() == [(1,)]
