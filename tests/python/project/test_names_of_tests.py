"""Every worker and every machine finds the same tests in the same order: their names depend on the repository alone."""

import os
import shutil
import subprocess
import sys

import pytest

from helpers.projects import ROOT

ELSEWHERE = '''"""Another clock, and a file system that lists folders in another order."""

import os
import time

now, scandir, listdir = time.time, os.scandir, os.listdir


class Listed:
    def __init__(self, *arguments):
        with scandir(*arguments) as entries:
            self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    close = __exit__

    def __iter__(self):
        return self.entries

    def __next__(self):
        return next(self.entries)


time.time = lambda: now() + 1e8
os.scandir = Listed
os.listdir = lambda *arguments: sorted(listdir(*arguments), reverse=True)
'''


def names(folder, **environment) -> list[str]:
    """Return the names of all tests of a copy of the repository, as pytest finds them there."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", "-p", "elsewhere"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}/src:{folder}"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return [line for line in run.stdout.splitlines() if "::" in line]


@pytest.mark.slow
def test_names_depend_on_no_clock_folder_order_or_random_number(request, tmp_path):
    made = shutil.ignore_patterns(
        ".*", "__pycache__", "target", "logs", "site", "published", "dbt_packages", "*.duckdb*", "*.egg-info"
    )
    folder = shutil.copytree(ROOT, tmp_path / "another folder", ignore=made)
    (folder / "elsewhere.py").write_text(ELSEWHERE)
    here = [item.nodeid for item in request.session.items]
    elsewhere = [name for name in names(folder, PYTHONHASHSEED="1", TZ="Pacific/Kiritimati") if name in set(here)]
    # files come in the order in which they are asked for
    assert sorted(elsewhere, key=file_of) == sorted(here, key=file_of)


def file_of(name: str) -> str:
    return name.split("::")[0]
