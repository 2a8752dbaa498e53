"""A database file that cannot be opened stops the build with one message in plain words."""

import subprocess
import sys

import pytest

from customer_segmentation.warehouse.database_check import explain


def test_a_file_held_by_another_process(rebuilt):
    holder = subprocess.Popen(
        [sys.executable, "-c", "import duckdb; c = duckdb.connect('warehouse.duckdb'); print(flush=True); input()"],
        cwd=rebuilt.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        holder.stdout.readline()
        rebuilt.assert_stopped_plainly("warehouse.duckdb is in use by another process")
    finally:
        holder.communicate(b"\n")


def stamp_storage_version(file, version):
    """Write another storage version into the header of a DuckDB file, and the checksum that belongs to it.

    The first eight bytes are the checksum of the header: the exclusive or of its words, each times a constant.
    """
    content = bytearray(file.read_bytes())
    checksum, old_word = (int.from_bytes(content[start : start + 8], "little") for start in (0, 8))
    content[12:16] = version.to_bytes(4, "little")
    new_word = int.from_bytes(content[8:16], "little")
    for word in (old_word, new_word):
        checksum ^= word * 0xBF58476D1CE4E5B9 % 2**64
    content[:8] = checksum.to_bytes(8, "little")
    file.write_bytes(content)


def test_a_damaged_file(rebuilt):
    content = bytearray(rebuilt.database.read_bytes())
    content[100:200] = bytes(100)[:-1] + b"x"
    rebuilt.database.write_bytes(content)
    rebuilt.assert_stopped_plainly("If it is damaged, delete it: everything in it is built from the inputs.")


def test_a_file_of_a_newer_duckdb(rebuilt):
    stamp_storage_version(rebuilt.database, 9999)
    rebuilt.assert_stopped_plainly("warehouse.duckdb was written by a newer DuckDB than the installed")


def test_a_file_that_is_no_database(rebuilt):
    rebuilt.database.write_text("CustomerID,Gender\n" * 5000)
    rebuilt.assert_stopped_plainly("warehouse.duckdb is not a DuckDB database")


def test_a_folder_instead_of_a_file(rebuilt):
    rebuilt.database.unlink()
    rebuilt.database.mkdir()
    rebuilt.assert_stopped_plainly("warehouse.duckdb is a folder, expected a database file")


def test_a_place_that_cannot_be_written(rebuilt):
    # not even the superuser, who ignores permissions, may create a file here
    rebuilt.edit("profiles.yml", "'warehouse.duckdb'", "'/proc/self/warehouse.duckdb'")
    rebuilt.assert_stopped_plainly("/proc/self/warehouse.duckdb cannot be written")


def test_dbt_started_elsewhere(rebuilt, tmp_path):
    run = rebuilt.dbt(
        "build", "--project-dir", str(rebuilt.folder), "--profiles-dir", str(rebuilt.folder), cwd=tmp_path
    )
    assert run.returncode != 0
    assert "is not the root of this project" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    assert not (tmp_path / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("no/such/folder/x.duckdb", "Cannot open file", "The folder no/such/folder does not exist"),
        ("x.duckdb", "IO Error: Cannot open file: Permission denied", "x.duckdb cannot be written"),
        (
            "x.duckdb",
            'Could not write file "x.duckdb": No space left on device',
            "The disk with the database file, x.duckdb, is",
        ),
        ("x.duckdb", "something else", "x.duckdb cannot be opened. If it is damaged, delete it"),
    ],
)
def test_other_causes(path, error, message):
    assert message in explain(path, error)
