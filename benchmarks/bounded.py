"""Run a contender in a process of its own, within bounds of time and memory, and keep what it has told until then.

The process tells its steps and findings as lines of JSON; a contender that exceeds a bound is ended, and what it told
before is kept. Memory is that of all its processes, since Spark works in a second one.
"""

import contextlib
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

POLL_SECONDS = 0.25
EXCEPTION = re.compile(r"[\w.]*(Error|Exception|Interrupt|bad_alloc)\b")
OUT_OF_MEMORY = ("MemoryError", "OutOfMemory", "bad_alloc")
MACOS = sys.platform == "darwin"  # counts memory in bytes where Linux counts in kilobytes


@dataclass(frozen=True)
class Bounds:
    """What one contender may take for one table.

    Attributes
    ----------
    seconds : float
        Wall-clock time of the process.
    gigabytes : float
        Resident memory of the process and those it starts.
    """

    seconds: float
    gigabytes: float


@dataclass
class Outcome:
    """What a contender told.

    Attributes
    ----------
    steps : list of dict
        Name, seconds and peak memory in MB of every step that ended.
    found : dict
        Whatever else it told, by name.
    failure : str or None
        Why it did not come to its end.
    """

    steps: list = field(default_factory=list)
    found: dict = field(default_factory=dict)
    failure: str | None = None


class Log:
    """Tell the process that waits which steps ended, with their seconds and the peak of the memory during each."""

    def __init__(self):
        self._start = time.perf_counter()
        _restart_peak()

    def finished(self, step: str, children_megabytes: float = 0.0) -> float:
        """Tell that a step ended, and begin the next.

        Parameters
        ----------
        step : str
            Name of the step.
        children_megabytes : float
            Peak of the memory of processes that this one has started.

        Returns
        -------
        float
            Seconds that the step took.
        """
        seconds = time.perf_counter() - self._start
        self._tell(step=step, seconds=seconds, megabytes=_peak_megabytes() + children_megabytes)
        self.begin()
        return seconds

    def begin(self) -> None:
        """Begin a step here; what happened since the last one belongs to none."""
        _restart_peak()
        self._start = time.perf_counter()

    def found(self, **values) -> None:
        """Tell a finding: numbers, texts or lists of them."""
        self._tell(**values)

    @staticmethod
    def _tell(**values):
        print(json.dumps(values), flush=True)


def run_bounded(command: list, bounds: Bounds) -> Outcome:
    """Run a command that tells its steps, and end it where it exceeds a bound.

    Memory is looked at a few times a second. A step that tells a peak above the bound, which rose and fell between two
    looks, does not count as ended either, nor does anything told after it.

    Parameters
    ----------
    command : list
        Program and arguments.
    bounds : Bounds
        What it may take.

    Returns
    -------
    Outcome
    """
    with tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(command, stdout=told, stderr=complaints, start_new_session=True)
        failure = _watch(process, bounds)
        told.seek(0)
        complaints.seek(0)
        outcome = _read(told.read(), bounds)
        outcome.failure = (
            outcome.failure
            or failure
            or (process.returncode and _reason(complaints.read(), process.returncode))
            or None
        )
    return outcome


def _watch(process, bounds) -> str | None:
    """Wait for the end of a process; end it, and return why, where it exceeds a bound."""
    start = time.perf_counter()
    failure = None
    try:
        while process.poll() is None and failure is None:
            time.sleep(POLL_SECONDS)
            if time.perf_counter() - start > bounds.seconds:
                failure = f"over {bounds.seconds:,.0f} s"
            elif _resident_gigabytes(process.pid) > bounds.gigabytes:
                failure = _did_not_fit(bounds)
    finally:
        # Also after a regular end, for what it may have left behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return failure


def _did_not_fit(bounds) -> str:
    return f"did not fit in {bounds.gigabytes:g} GB"


def _read(told, bounds) -> Outcome:
    outcome = Outcome()
    for line in told.splitlines():
        try:
            values = json.loads(line)
        except ValueError:  # cut off where the process was ended, or a library that talks
            continue
        if not isinstance(values, dict):
            continue
        if values.get("megabytes", 0) > bounds.gigabytes * 1024:
            outcome.failure = _did_not_fit(bounds)
            break
        if "step" in values:
            outcome.steps.append(values)
        else:
            outcome.found |= values
    return outcome


def _reason(complaints, code) -> str:
    """Return why a process failed: its exception, in plain words where it means that something is missing."""
    lines = complaints.strip().splitlines() or [f"ended with code {code}"]
    # a message of the database goes on below the name of the exception, with the SQL
    last = next((line for line in reversed(lines) if EXCEPTION.match(line)), lines[-1])
    if "ModuleNotFoundError" in last:
        return "not installed"
    if any(sign in last for sign in OUT_OF_MEMORY):
        return "ran out of memory"
    if code == -signal.SIGKILL:
        return "ended by the system, which does that where memory runs out"
    return f"failed: {last[:200]}"


def _resident_gigabytes(group) -> float:
    """Add up the resident memory of a process and all that it has started."""
    rows = subprocess.run(["ps", "-A", "-o", "pgid=,rss="], capture_output=True, text=True, check=True).stdout
    sizes = (row.split() for row in rows.splitlines())
    return sum(int(kilobytes) for pgid, kilobytes in sizes if int(pgid) == group) / 1024**2


def _peak_megabytes() -> float:
    """Return the peak of the resident memory since `_restart_peak`, or of the whole process where that cannot be."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / (1024 if MACOS else 1)


def _restart_peak() -> None:
    """Forget the peak, where the system can (Linux), so that every step has its own."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
