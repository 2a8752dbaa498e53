"""The style of SQL is checked in macros too: where a model calls one, what it renders is linted."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.projects import ROOT


@pytest.fixture
def project(tmp_path) -> Path:
    """What sqlfluff needs of the project, and one model that calls macros."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "macros", tmp_path / "macros")
    shutil.copytree(ROOT / "tests/sqlfluff", tmp_path / "tests/sqlfluff")
    shutil.copytree(ROOT / "models/population", tmp_path / "models/population")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("cast(sum(cast(", "cast(SUM(cast(", "CP03"),
        ("/ nullif(count({{ expression }}), 0)", "/ nullif(count(*), 0) + count(case when 1 <> 2 THEN 1 end)", "CP01"),
        ("/ nullif(count(", "/nullif(count(", "LT01"),
    ],
)
def test_a_fault_of_a_macro_is_found_where_a_model_calls_it(project, right, wrong, rule):
    macro = project / "macros/statistics/exact_mean.sql"
    text = macro.read_text(encoding="utf-8")
    assert right in text
    model = "models/population/feature_statistics.sql"
    command = [Path(sys.executable).parent / "sqlfluff", "lint", "--processes", "1", model]
    assert subprocess.run(command, cwd=project, capture_output=True, text=True).returncode == 0
    macro.write_text(text.replace(right, wrong), encoding="utf-8")
    run = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert run.returncode == 1
    assert rule in run.stdout
