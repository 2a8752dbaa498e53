"""Whatever is killed, the next start of anything of this project finds or makes a whole state, and leaves no debris."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace

import duckdb
import pytest

from customer_segmentation.errors import InputError, NotPossibleError
from customer_segmentation.publication import folder as published_folder
from customer_segmentation.publication.database import open_published
from customer_segmentation.publication.folder import JOURNAL, disagreement, is_published, locked, settled
from customer_segmentation.publication.tables import Publication
from customer_segmentation.temporary_files import remove_leftovers, remove_spilled, spill_folder, temporary_name
from customer_segmentation.warehouse.database_check import Plugin, take_in_log
from helpers.killed_builds import CONTENTS, disagreements, kill_build, problems_after_kill, publish_content
from helpers.projects import ROOT

OLD, NEW = CONTENTS


@pytest.mark.slow
def test_a_publication_that_is_killed_at_any_moment_is_finished_or_undone():
    run = subprocess.run(
        [sys.executable, ROOT / "tests/python/helpers/killed_builds.py", "publications"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    states = [line.split(": ")[1] for line in run.stdout.splitlines()]
    assert states[0] == "old"
    assert states.count("new") > 8


@pytest.fixture
def interrupted(tmp_path, monkeypatch):
    """A publication that ended in the middle of its renames: one table is new, the others and the database are old."""
    publish_content(tmp_path, OLD)
    rename, renamed = os.replace, []

    def rename_two(*paths):
        if len(renamed) == 2:
            raise KeyboardInterrupt
        renamed.append(paths)
        rename(*paths)

    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
        patched.setattr(os, "replace", rename_two)
        publish_content(tmp_path, NEW)
    assert (tmp_path / JOURNAL).is_file()
    assert any("is not the file that the manifest describes" in problem for problem in disagreements(tmp_path))
    return tmp_path


def with_command(path):
    with open_published(path):
        pass


@pytest.mark.parametrize("reader", [with_command, Publication])
def test_readers_finish_an_interrupted_publication(interrupted, reader):
    # these tables are not enough for a reader, which says so when everything is in its place
    with pytest.raises((NotPossibleError, NotPossibleError)):
        reader(interrupted / "marts.duckdb")
    assert disagreements(interrupted) == []
    assert not (interrupted / "dropped.parquet").exists()
    assert (interrupted / "added.parquet").exists()


def test_what_was_done_is_said_once(interrupted):
    assert settled(interrupted) == (
        f"The publication in {interrupted} was interrupted while its files were replaced. It is finished now."
    )
    assert settled(interrupted) == ""


def test_the_next_publication_starts_from_a_finished_one(interrupted):
    publish_content(interrupted, OLD)
    assert disagreements(interrupted) == []
    assert not (interrupted / "added.parquet").exists()


def test_a_reader_without_permission_is_told_and_goes_on(interrupted, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refused)
        notice = settled(interrupted)
    assert "was interrupted while its files were replaced, and it cannot be finished here (Permission denied)" in notice
    assert "marts.duckdb is whole" in notice
    with duckdb.connect(str(interrupted / "marts.duckdb"), read_only=True) as database:
        assert disagreement(interrupted / "marts.duckdb", database) == ""  # it was said already
    settled(interrupted)
    assert disagreements(interrupted) == []


def test_a_publication_whose_new_files_are_lost_is_given_up_in_words(interrupted):
    for file in interrupted.glob(".*.parquet.*.tmp"):
        file.write_bytes(b"not what was written")
    assert "is not what was written. Build again." in settled(interrupted)
    assert not list(interrupted.glob(".*"))
    publish_content(interrupted, NEW)
    assert disagreements(interrupted) == []


def test_nobody_tidies_up_after_a_build_that_still_publishes(interrupted):
    with locked(interrupted):
        assert settled(interrupted) == ""
        assert (interrupted / JOURNAL).is_file()


def test_two_builds_do_not_publish_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("customer_segmentation.publication.publishing.SECONDS", 0.2)
    with locked(tmp_path), pytest.raises(InputError, match="another build is publishing to it at this moment"):
        publish_content(tmp_path, NEW)
    publish_content(tmp_path, NEW)


def test_files_of_two_builds_are_recognised(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    publish_content(old, OLD)
    publish_content(new, NEW)

    def said(folder):
        with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as database:
            return disagreement(folder / "marts.duckdb", database)

    assert said(old) == said(new) == ""
    shutil.copy(old / "segments.parquet", new)
    assert "segments.parquet is not of build" in said(new)
    assert not is_published(new / "segments.parquet")
    # one of the same size is told by its build id
    manifest = json.loads((new / "publication.json").read_text())
    manifest["files"]["segments.parquet"]["bytes"] = (new / "segments.parquet").stat().st_size
    (new / "publication.json").write_text(json.dumps(manifest))
    assert "segments.parquet is not of build" in said(new)
    shutil.copy(old / "marts.duckdb", new)
    assert "the files in this folder are not of one publication. Run `make build`" in said(new)
    (new / "publication.json").unlink()
    assert said(new) == ""  # a database may be copied alone


def test_a_log_that_duckdb_cannot_replay_is_taken_in(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    killed = f"""
import duckdb, os
warehouse = duckdb.connect({str(path)!r})
warehouse.execute("create table seed as select ' 1 ' as number; checkpoint")
warehouse.execute("create view counted as select md5(cast(number as varchar)) as text, sum(1) as rows from seed group by number")
warehouse.execute("alter table seed alter number type integer using cast(trim(number) as integer)")
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", killed], check=False)
    assert path.with_name("warehouse.duckdb.wal").stat().st_size > 0
    opening = [sys.executable, "-c", f"import duckdb; duckdb.connect({str(path)!r}).sql('from counted').show()"]
    before = subprocess.run(opening, capture_output=True, text=True, check=False)
    assert "Failure while replaying WAL file" in before.stderr  # otherwise this project need not do anything
    assert take_in_log(str(path))
    after = subprocess.run(opening, capture_output=True, text=True, check=False)
    assert after.returncode == 0, after.stderr


def test_a_database_that_this_process_has_open_is_left_alone(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute("create table x as select 1")
        assert not take_in_log(str(path))
        assert warehouse.execute("from x").fetchall() == [(1,)]


def test_a_build_removes_what_a_killed_one_spilled(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    spilled = tmp_path / "warehouse.duckdb.tmp"
    spilled.mkdir()
    (spilled / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"much")
    Plugin("check", {}).update_connection_config(SimpleNamespace(path=str(tmp_path / "warehouse.duckdb")), {})
    assert not spilled.exists()


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_leftovers_are_those_of_processes_that_are_gone(tmp_path):
    gone = dead_process()
    (tmp_path / f".site.{gone}.tmp").mkdir()
    (tmp_path / f".site.{gone}.tmp" / "index.html").touch()
    for name in (f".report.html.{gone}.tmp", f".scored.csv.marked.{gone}.tmp", f".marts.duckdb.{gone}.tmp.wal"):
        (tmp_path / name).touch()
    kept = [temporary_name(tmp_path / "ages.svg"), tmp_path / ".mine.tmp", tmp_path / "report.html"]
    for path in kept:
        path.touch()
    remove_leftovers(tmp_path)
    assert set(tmp_path.iterdir()) == set(kept)
    remove_leftovers(tmp_path / "not there")


def test_a_reader_removes_what_killed_readers_spilled(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    of_the_dead = [tmp_path / f"segmentation.{dead_process()}", tmp_path / f"segmentation.{dead_process()}.a1b2"]
    for folder in of_the_dead:
        folder.mkdir()
    assert spill_folder() == tmp_path / f"segmentation.{os.getpid()}"
    assert not any(folder.exists() for folder in of_the_dead)


def test_a_shared_spill_folder_keeps_what_other_builds_need(tmp_path):
    left_over = tmp_path / f"duckdb_temp_{dead_process()}_0_storage.tmp"
    in_use = tmp_path / f"duckdb_temp_{os.getppid()}_0_storage.tmp"
    for file in (left_over, in_use, tmp_path / "mine"):
        file.touch()
    remove_spilled(tmp_path)
    assert set(tmp_path.iterdir()) == {in_use, tmp_path / "mine"}


def test_pictures_of_a_killed_drawing_do_not_stay(tmp_path):
    publish_content(tmp_path, OLD)
    (tmp_path / published_folder.PICTURES).mkdir()
    leftover = tmp_path / published_folder.PICTURES / f".ages.svg.{dead_process()}.tmp"
    leftover.touch()
    settled(tmp_path)
    assert not leftover.exists()


def test_builds_that_are_killed_early_leave_a_warehouse_that_opens(rebuilt):
    early = [
        "build",
        "--select",
        "resource_type:seed",
        "datasets",
        "population",
        "judgement",
        "--exclude",
        "resource_type:test",
    ]
    for steps in (12, 20, 32):
        assert " START " in kill_build(rebuilt, steps, *early)
        assert problems_after_kill(rebuilt) == []
    # a publication that was interrupted as well: dbt finishes it whatever it was started for
    (rebuilt.published / f".marts.duckdb.{dead_process()}.tmp").write_text("half")
    run = rebuilt.dbt("run", "--select", "mall_customer_features")
    assert run.returncode == 0, run.stdout
    assert not list(rebuilt.published.glob(".*"))
