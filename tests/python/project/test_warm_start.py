"""Commands that are started warm run, fail and die as a shell's would, and do not outlive the tests."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers import warm_start
from helpers.projects import ROOT, started_warm

pytestmark = pytest.mark.skipif(not warm_start.AVAILABLE, reason="commands are started by a shell here")

WAITING = ["-m", "http.server", "0"]
# starts a command that waits, says which, and dies with it unfinished
DYING = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from helpers.warm_start import WarmStart
print(WarmStart().start({WAITING!r}, cwd=".", env=dict(os.environ)).pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def started(tmp_path, *arguments, **environment):
    return started_warm().start(list(arguments), cwd=tmp_path, env={"PATH": os.environ["PATH"], **environment})


@pytest.mark.slow
def test_a_command_has_its_own_folder_environment_output_and_exit_code(tmp_path):
    (tmp_path / "own.py").write_text(
        "import os, sys; print(os.getcwd(), sorted(os.environ), sys.argv[1:]); sys.exit('no ' + os.environ['WORD'])"
    )
    runs = [started(tmp_path, "-m", "own", word, WORD=word) for word in ("one", "two")]
    for run, word in zip(runs, ("one", "two"), strict=True):
        output, errors = run.communicate(timeout=60)
        assert (output, errors) == (f"{tmp_path} ['PATH', 'WORD'] ['{word}']\n", f"no {word}\n")
        assert run.returncode == 1


@pytest.mark.slow
def test_what_dbt_says_to_a_mistake_is_what_it_says_in_a_shell(tmp_path):
    shell = subprocess.run(
        [Path(sys.executable).parent / "dbt", "nonsense"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    run = started(tmp_path, "dbt", "nonsense")
    assert run.communicate(timeout=60) == (shell.stdout, shell.stderr)
    assert run.returncode == shell.returncode != 0


def test_a_signal_ends_one_command_alone(tmp_path):
    first, second = started(tmp_path, *WAITING), started(tmp_path, *WAITING)
    first.kill()
    assert first.wait(timeout=60) == -signal.SIGKILL
    assert second.poll() is None
    second.terminate()
    assert second.wait(timeout=60) == -signal.SIGTERM


def test_a_test_that_fails_leaves_no_command_behind(tmp_path):
    def fail():
        with started(tmp_path, *WAITING) as run:
            processes.append(run.pid)
            raise ValueError("the test fails")

    processes = []
    with pytest.raises(ValueError, match="the test fails"):
        fail()
    assert not is_running(processes[0])


@pytest.mark.slow
def test_commands_end_with_the_tests_even_if_those_are_killed():
    tests = subprocess.run(
        [sys.executable, "-c", DYING],
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests/python")},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    end = time.monotonic() + 60
    while is_running(int(tests.stdout)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_running(int(tests.stdout))


def is_running(process: int) -> bool:
    """Whether a process is there, and is not just waiting for somebody to take note of its end."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
