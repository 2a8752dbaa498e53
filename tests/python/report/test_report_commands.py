"""What the commands for pictures, report and slides have in common: they say plainly why they made nothing."""

import json
import os

import duckdb
import pytest

from helpers.small_publication import publish, run_command

every_command = pytest.mark.parametrize("command", ["pictures", "report", "slides"])


def assert_refused(outcome, *messages):
    assert outcome.returncode == 1
    for message in messages:
        assert message in outcome.stderr
    assert "Traceback" not in outcome.stderr


@every_command
def test_no_publication_is_said_plainly(tmp_path, command):
    outcome = run_command(command, tmp_path / "marts.duckdb", tmp_path / "folder")
    assert_refused(outcome, "does not exist. Run `make build` first")
    assert not (tmp_path / "folder").exists()


@every_command
def test_the_publication_is_the_one_that_the_environment_names(tmp_path, command, monkeypatch):
    monkeypatch.setenv("SEGMENTATION_PUBLISHED", str(tmp_path / "marts.duckdb"))
    assert_refused(run_command(command), f"{tmp_path / 'marts.duckdb'} does not exist.")


def test_a_file_that_is_no_publication_is_said_plainly(tmp_path):
    (tmp_path / "marts.duckdb").write_bytes(b"no database")
    assert_refused(
        run_command("report", tmp_path / "marts.duckdb"), "cannot be read as a published database", "Run `make build`"
    )


@pytest.mark.parametrize("change", ["alter table segments drop column colour", "drop table personas"])
def test_a_publication_of_another_version_is_said_plainly(tmp_path, change):
    path = publish(tmp_path / "marts.duckdb")
    with duckdb.connect(str(path)) as database:
        database.execute(change)
    assert_refused(
        run_command("report", path), "another version", "by a version that does not say its number; expected:",
        "Run `make build` to publish it again, or read it with the version that published it.",
    )  # fmt: skip
    manifest = {"published_at": "2025-02-01T06:00:00Z", "version": "0.0.9"}
    (tmp_path / "publication.json").write_text(json.dumps(manifest))
    assert_refused(run_command("report", path), "Found: published on 2025-02-01 by 0.0.9; expected:")


@every_command
def test_a_folder_that_is_a_file_is_said_plainly(tmp_path, command):
    (tmp_path / "file").write_text("mine")
    outcome = run_command(command, publish(tmp_path / "marts.duckdb"), tmp_path / "file")
    assert_refused(outcome, "cannot be written", "name another one with --folder")
    assert (tmp_path / "file").read_text() == "mine"


@every_command
@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into any folder")
def test_a_read_only_folder_is_said_plainly_and_what_is_there_stays(tmp_path, command):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "report.html").write_text("old")
    folder.chmod(0o555)
    assert_refused(run_command(command, publish(tmp_path / "marts.duckdb"), folder), "cannot be written")
    assert (folder / "report.html").read_text() == "old"
