import subprocess
import sys

import pytest

from helpers.projects import ROOT


def check(folder):
    return subprocess.run(
        [sys.executable, "-m", "customer_segmentation.warehouse.check_encoding", folder],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_seeds_of_the_repository_are_utf_8():
    run = check(ROOT / "seeds")
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize(
    ("content", "place"), [(b"name\nRen\xe9\n", "line 2: found the byte 0xe9"), (b"PK\x03\x04\xff", "line 1")]
)
def test_another_encoding_or_kind_of_file_is_named(tmp_path, content, place):
    (tmp_path / "seed.csv").write_bytes(content)
    run = check(tmp_path)
    assert run.returncode == 1
    assert f"seed.csv, {place}" in run.stdout
    assert "Save the file as CSV UTF-8" in run.stdout
    assert run.stderr == ""
