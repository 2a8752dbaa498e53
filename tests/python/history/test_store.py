"""The history holds what was recorded, whatever happens to a build."""

import json
import signal
import subprocess
import sys
from datetime import date

import duckdb
import pytest

from customer_segmentation.errors import InputError
from customer_segmentation.history.store import FORMAT, MANIFEST, forget, record, recorded_files

JANUARY, FEBRUARY, MARCH = date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)
KEYS = {"sizes": ["segment"], "moves": ["customer_id"]}


@pytest.fixture
def session():
    with duckdb.connect() as connection:
        yield connection


def tables(session, day, *, sizes=("one", "two"), moves=()):
    """Two tables of the dataset `shop` on one day."""
    rows = ", ".join(f"('shop', date '{day}', '{size}')" for size in sizes)
    moved = ", ".join(f"('shop', date '{day}', '{customer}')" for customer in moves) or "(null, null, null)"
    return {
        "sizes": session.sql(f"select * from (values {rows}) as t (dataset, day, segment)"),
        "moves": session.sql(
            f"select * from (values {moved}) as t (dataset, day, customer_id) where dataset is not null"
        ),
    }


def record_day(session, folder, day, read_until=None, **rows):
    return record(folder, tables(session, day, **rows), {"shop": day}, {"shop": read_until}, KEYS)


def contents(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(session, folder, table) -> list[tuple]:
    files = [str(folder / one.file) for one in recorded_files(folder) if one.table_name == table]
    return session.sql(f"from read_parquet({files}) order by all").fetchall()


def test_days_add_up_and_a_table_without_rows_has_no_file(session, tmp_path):
    record_day(session, tmp_path, JANUARY)
    record_day(session, tmp_path, FEBRUARY, JANUARY, moves=["ann"])
    assert [(one.day, one.table_name, one.rows) for one in recorded_files(tmp_path)] == [
        ("2024-01-31", "sizes", 2),
        ("2024-02-29", "moves", 1),
        ("2024-02-29", "sizes", 2),
    ]
    assert rows(session, tmp_path, "moves") == [("shop", FEBRUARY, "ann")]


def test_the_same_day_twice_adds_nothing(session, tmp_path):
    record_day(session, tmp_path, JANUARY, moves=["ann", "bob"])
    before = contents(tmp_path)
    record_day(session, tmp_path, JANUARY, moves=["bob", "ann"])
    assert contents(tmp_path) == before


def test_a_day_that_is_built_again_takes_the_place_of_the_one_before(session, tmp_path):
    record_day(session, tmp_path, JANUARY, moves=["ann"])
    record_day(session, tmp_path, JANUARY, sizes=["three"])
    assert rows(session, tmp_path, "sizes") == [("shop", JANUARY, "three")]
    assert sorted(contents(tmp_path)) == [MANIFEST, *(one.file for one in recorded_files(tmp_path))]


def test_a_dataset_that_is_not_built_keeps_its_days(session, tmp_path):
    record_day(session, tmp_path, JANUARY)
    other = {"sizes": session.sql("select 'club' as dataset, date '2023-12-31' as day, 'one' as segment")}
    record(tmp_path, other, {"club": date(2023, 12, 31)}, {"club": None}, KEYS)
    assert {(one.dataset, one.day) for one in recorded_files(tmp_path)} == {
        ("shop", "2024-01-31"),
        ("club", "2023-12-31"),
    }


def test_an_earlier_day_is_refused(session, tmp_path):
    record_day(session, tmp_path, FEBRUARY)
    before = contents(tmp_path)
    with pytest.raises(InputError, match="has shop of 2024-02-29 already, which is after 2024-01-31"):
        record_day(session, tmp_path, JANUARY)
    assert contents(tmp_path) == before


def test_two_builds_that_read_the_same_history_do_not_both_add_to_it(session, tmp_path):
    record_day(session, tmp_path, JANUARY)
    record_day(session, tmp_path, FEBRUARY, JANUARY)
    with pytest.raises(InputError, match=r"Another build has recorded shop .* Build again"):
        record_day(session, tmp_path, MARCH, JANUARY)
    assert [one.day for one in recorded_files(tmp_path)] == ["2024-01-31", "2024-02-29"]


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
import duckdb
from customer_segmentation.history import store
steps = 0
def killed_at(function):
    def step(*arguments, **options):
        global steps
        steps += 1
        if steps == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return step
os.replace, os.fsync, Path.unlink = killed_at(os.replace), killed_at(os.fsync), killed_at(Path.unlink)
with duckdb.connect() as session:
    rows = "from (values ('shop', date '2024-01-31', 'new')) as t (dataset, day, segment)"
    moves = "from (values ('shop', date '2024-01-31', 'ann')) as t (dataset, day, customer_id)"
    tables = {"sizes": session.sql(rows), "moves": session.sql(moves)}
    keys = {"sizes": ["segment"], "moves": ["customer_id"]}
    store.record(Path(sys.argv[1]), tables, {"shop": date(2024, 1, 31)}, {"shop": None}, keys)
"""


def test_a_killed_build_has_recorded_everything_or_nothing(session, tmp_path):
    found, step, ended = [], 0, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        step += 1
        folder = tmp_path / str(step)
        record_day(session, folder, JANUARY)
        ended = subprocess.run([sys.executable, "-c", KILLED, folder, str(step)], check=False).returncode
        found.append(rows(session, folder, "sizes"))
        # the next build works, and removes what the killed one left
        record_day(session, folder, JANUARY)
        assert len(contents(folder)) == len({MANIFEST, *(one.file for one in recorded_files(folder))})
    before, after = [("shop", JANUARY, "one"), ("shop", JANUARY, "two")], [("shop", JANUARY, "new")]
    assert ended == 0
    assert step > 4
    assert found == [before] * found.index(after) + [after] * (step - found.index(after))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[:-9]), r"bytes, expected [\d,]+ bytes: it holds what was recorded of shop"),
        (lambda file: file.unlink(), r"is missing, expected [\d,]+ bytes"),
        (lambda file: (file.parents[1] / MANIFEST).unlink(), "history.json is missing, so nothing says which of the 1 files"),
        (lambda file: (file.parents[1] / MANIFEST).write_text("{"), "history.json is damaged"),
        (
            lambda file: (file.parents[1] / MANIFEST).write_text(json.dumps({"format": FORMAT + 1, "files": []})),
            f"has format {FORMAT + 1}, this version of the project reads {FORMAT}: a newer version wrote it",
        ),
    ],
)  # fmt: skip
def test_a_damaged_history_is_named_and_left_as_it_is(session, tmp_path, change, message):
    record_day(session, tmp_path, JANUARY)
    change(tmp_path / recorded_files(tmp_path)[0].file)
    before = contents(tmp_path)
    for use in (lambda: recorded_files(tmp_path), lambda: record_day(session, tmp_path, FEBRUARY, JANUARY)):
        with pytest.raises(InputError, match=message):
            use()
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_named(session, tmp_path):
    (tmp_path / "history").write_text("a file")
    with pytest.raises(InputError, match=r"The history in .*history cannot be written: .*set the var history_folder"):
        record_day(session, tmp_path / "history", JANUARY)


FULL_DISK = """
import resource, signal, sys
from datetime import date
from pathlib import Path
import duckdb
from customer_segmentation.errors import InputError
from customer_segmentation.history import store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with duckdb.connect() as session:
    rows = "select 'shop' as dataset, date '2024-02-29' as day, md5(i::varchar) as customer_id from range(100000) as t (i)"
    tables = {"moves": session.sql(rows)}
    # no file may grow beyond this, as on a disk that is full
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        day = {"shop": date(2024, 2, 29)}
        store.record(Path(sys.argv[1]), tables, day, {"shop": date(2024, 1, 31)}, {"moves": ["customer_id"]})
    except InputError as error:
        print(error)
"""


def test_a_full_disk_loses_no_recorded_row(session, tmp_path):
    record_day(session, tmp_path, JANUARY)
    before = contents(tmp_path)
    run = subprocess.run([sys.executable, "-c", FULL_DISK, tmp_path], check=True, capture_output=True, text=True)
    assert f"The history in {tmp_path} cannot be written" in run.stdout
    assert "What was recorded before is unchanged" in run.stdout
    assert contents(tmp_path) == before
    record_day(session, tmp_path, FEBRUARY, JANUARY)


def test_forgotten_customers_are_in_no_file(session, tmp_path):
    record_day(session, tmp_path, JANUARY, moves=["ann-17", "bob-18"])
    record_day(session, tmp_path, FEBRUARY, JANUARY, moves=["ann-17"])
    states = [one for one in recorded_files(tmp_path) if one.table_name == "sizes"]
    removed = forget(tmp_path, ["ann-17", "cyd-19"])
    assert [(file.split(".")[0], rows) for file, rows in removed.items()] == [
        ("shop/2024-01-31", 1),
        ("shop/2024-02-29", 1),
    ]
    assert not [file for file, content in contents(tmp_path).items() if b"ann-17" in content]
    assert rows(session, tmp_path, "moves") == [("shop", JANUARY, "bob-18")]
    assert [one for one in recorded_files(tmp_path) if one.table_name == "sizes"] == states
    assert forget(tmp_path, ["ann-17"]) == {}


def test_there_may_be_nothing_to_forget(tmp_path):
    with pytest.raises(InputError, match="There is no history in"):
        forget(tmp_path / "history", ["ann-17"])
