"""A step that takes long says that it still runs, and how far it is; a short one says nothing."""

import contextlib
import json
import threading
import time

import duckdb
import pytest

from customer_segmentation.warehouse.long_steps import statement_percent, still_running

SLOW_PYTHON_MODEL = """
import time

from customer_segmentation.progress import Progress


def model(dbt, session):
    report = Progress("sleeping")
    for second in range(6):
        report(second, 6)
        time.sleep(1)
    report(6, 6)
    return session.sql("select 1 as number")
"""


@pytest.mark.parametrize(
    ("progress", "percent", "line"),
    [
        ("", None, "still running model x: 12 s"),
        ("", 41.7, "still running model x: 12 s, 42 % of the statement"),
        ("comparing: 2 of 5", 41.7, "still running model x: 12 s, comparing: 2 of 5"),
    ],
)
def test_the_line_says_what_is_known(progress, percent, line):
    assert still_running("model x", 12.3, progress, percent) == line


def test_closed_and_idle_cursors_have_no_percent():
    with duckdb.connect() as connection:
        closed = connection.cursor()
        closed.close()
        assert statement_percent([closed, connection.cursor()]) is None


def test_the_percent_of_a_running_statement():
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")
        statement = "select count(*) from range(10000000) as a(i), range(1000) as b(j) where hash(i, j) % 7 = 3"

        def run():
            with contextlib.suppress(duckdb.InterruptException):
                connection.execute(statement).fetchall()

        running = threading.Thread(target=run)
        running.start()
        percent = None
        while percent is None and running.is_alive():
            time.sleep(0.05)
            percent = statement_percent([connection])
        connection.interrupt()
        running.join()
        assert 1 <= percent < 100


def test_a_build_says_which_step_still_runs(rebuilt):
    (rebuilt.folder / "models/slow.py").write_text(SLOW_PYTHON_MODEL)
    run = rebuilt.dbt("--log-format", "json", "run", "--select", "slow", "datasets")
    assert run.returncode == 0, run.stdout
    messages = [json.loads(line)["info"]["msg"] for line in run.stdout.splitlines()]
    lines = [message for message in messages if message.startswith("still running")]
    assert len(lines) == 1
    assert lines[0].startswith("still running model slow: 5 s, sleeping: ")
    assert run.stderr == ""
