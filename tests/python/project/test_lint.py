"""The style of SQL is checked in macros too: where a model calls one, what it renders is linted."""

import shutil
import subprocess
import sys
import tomllib
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
    macros = [project / f"macros/statistics/{name}.sql" for name in ("exact_sum", "exact_mean")]
    [macro] = [path for path in macros if right in path.read_text(encoding="utf-8")]
    text = macro.read_text(encoding="utf-8")
    model = "models/population/feature_statistics.sql"
    command = [Path(sys.executable).parent / "sqlfluff", "lint", "--processes", "1", model]
    assert subprocess.run(command, cwd=project, capture_output=True, text=True).returncode == 0
    macro.write_text(text.replace(right, wrong), encoding="utf-8")
    run = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert run.returncode == 1
    assert rule in run.stdout


def long_lines(folder: Path) -> list[str]:
    """Lines of macros beyond the limit of Python and models: sqlfluff sees what a macro renders, not its file."""
    limit = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["line-length"]
    return [
        f"{path.relative_to(folder)}:{number}: {len(line)} characters, at most {limit} are allowed"
        for path in sorted(folder.rglob("*.sql"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > limit
    ]


def test_no_line_of_a_macro_is_long():
    assert long_lines(ROOT / "macros") == []


def test_a_long_line_of_a_macro_is_found(tmp_path):
    macro = tmp_path / "dates/day.sql"
    macro.parent.mkdir()
    macro.write_text("{% macro day() %}\n" + "x" * 120 + "\n" + "x" * 121 + "\n{% endmacro %}\n", encoding="utf-8")
    assert long_lines(tmp_path) == ["dates/day.sql:3: 121 characters, at most 120 are allowed"]
