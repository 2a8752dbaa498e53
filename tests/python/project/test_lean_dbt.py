"""dbt says the same when it leaves out what is never seen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import warm_start
from helpers.projects import started_warm
from helpers.warm_start import SMALL_PROJECT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not warm_start.AVAILABLE, reason="commands are started by a shell here"),
]


@pytest.mark.parametrize("level", ["info", "debug"])
def test_a_build_says_what_it_says_in_a_shell(tmp_path, level):
    arguments = ["dbt", "--log-format", "json", "--log-level", level, "--log-level-file", "none"]
    arguments += ["--no-partial-parse", "build"]
    said = []
    for way in ("warm", "shell"):
        for name, content in SMALL_PROJECT.items():
            file = tmp_path / way / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        if way == "warm":
            run = started_warm().start(arguments, cwd=tmp_path / way, env=dict(os.environ))
            output, errors = run.communicate()
        else:
            command = [Path(sys.executable).parent / "dbt", *arguments[1:]]
            run = subprocess.run(command, cwd=tmp_path / way, capture_output=True, text=True, check=False)
            output, errors = run.stdout, run.stderr
        assert run.returncode == 0, output + errors
        said.append([json.loads(line)["info"]["name"] for line in output.splitlines()])
    assert set(said[0]) == set(said[1])
    assert ("SQLQuery" in said[0]) == (level == "debug")
