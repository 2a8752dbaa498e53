"""Commands of this project, started by a process that has imported their libraries already.

A new interpreter needs three seconds until dbt, pandas, scikit-learn and Great Expectations are imported, and the tests
start hundreds. Here one process imports them once and forks for every command: the command runs in a process of its own,
with its own folder, environment, output and exit code, and a signal reaches it alone. What it does not get is a fresh
interpreter; the fixture `built` and tests about the process itself start the command as a shell would.

dbt makes most of its classes and schemas when it first needs them, which takes another second. So the process has dbt parse a
small project before it starts commands. It opens no database and reads no model with the fast reader of dbt, because both
keep threads, which a process that was forked does not have.

Run as a script this file is that process. It ends, with every command that it started, when the tests end, however they do.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from subprocess import TimeoutExpired
from time import monotonic
from typing import NoReturn

AVAILABLE = sys.platform == "linux"
IMPORTED = [
    "altair",
    "great_expectations",
    "openpyxl",
    "pandas",
    "plotly.io",
    "pptx",
    "scipy.stats",
    "sklearn.cluster",
    "sklearn.tree",
    "dbt.cli.main",
    "dbt.adapters.duckdb",
]
NUMBER = struct.Struct("q")
# something of every kind that the project has
SMALL_PROJECT = {
    "dbt_project.yml": "{name: small, version: 0.1.0, profile: small, on-run-start: select 1}",
    "profiles.yml": "small: {target: local, outputs: {local: {type: duckdb, path: ':memory:'}}}",
    "seeds/colours.csv": "colour\nred\n",
    "tests/assert_nothing.sql": "select * from {{ ref('numbers') }} where number is null",
    "models/numbers.sql": "select 1 as number, current_date as counted_on",
    "models/numbers.yml": """{
        groups: [{name: counting, owner: {name: somebody}}],
        models: [{
            name: numbers, group: counting, time_spine: {standard_granularity_column: counted_on},
            columns: [{name: number, data_tests: [unique]}, {name: counted_on, granularity: day}]
        }],
        unit_tests: [{name: test_of_numbers, model: numbers, given: [], expect: {rows: [{number: 1}]}}],
        exposures: [{name: page, type: dashboard, owner: {name: somebody}, depends_on: [ref('numbers')]}],
        semantic_models: [{
            name: numbers, model: ref('numbers'), defaults: {agg_time_dimension: counted_on},
            entities: [{name: number, type: primary}],
            dimensions: [{name: counted_on, type: time, type_params: {time_granularity: day}}],
            measures: [{name: total, agg: sum, expr: number}]
        }],
        metrics: [{name: total, label: Total, type: simple, type_params: {measure: total}}],
        saved_queries: [{name: totals, query_params: {metrics: [total]}, exports: []}]
    }""",
}


class WarmStart:
    """The process that starts commands, one for each worker of the tests."""

    def __init__(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("DBT_", "SEGMENTATION_"))}
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=environment,
            )

    def start(self, arguments: list, *, cwd: Path, env: dict[str, str]) -> "Command":
        """Start a command: `dbt ...`, or `python -m module ...` where the first argument is `-m`."""
        arguments = [str(argument) for argument in arguments]
        pipes = [os.pipe() for _ in range(3)]
        try:
            message = json.dumps({"arguments": arguments, "cwd": str(cwd), "env": env}).encode()
            socket.send_fds(self._socket, [NUMBER.pack(len(message))], [write for _, write in pipes])
            self._socket.sendall(message)
        finally:
            for _, write in pipes:
                os.close(write)
        return Command(arguments, *(read for read, _ in pipes))

    def close(self) -> None:
        """End the process, and whatever it started."""
        self._socket.close()
        self._process.wait()


class Command:
    """A running command, with the part of the interface of `subprocess.Popen` that the tests use."""

    def __init__(self, args: list[str], output: int, errors: int, status: int):
        self.args = args
        self.returncode: int | None = None
        self.stdout = os.fdopen(output, encoding="utf-8")
        self.stderr = os.fdopen(errors, encoding="utf-8")
        self._status = os.fdopen(status, "rb", buffering=0)
        self.pid = NUMBER.unpack(self._status.read(NUMBER.size))[0]

    def poll(self) -> int | None:
        """Return the exit code, the negative number of the signal that ended it, or None while it runs."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self.returncode = NUMBER.unpack(self._status.read(NUMBER.size))[0]
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code."""
        if self.returncode is None and not select.select([self._status], [], [], timeout)[0]:
            raise TimeoutExpired(self.args, timeout)
        return self.poll()

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read output and errors to their end, wait for the end of the command, return both."""
        read = {}
        threads = [
            threading.Thread(target=lambda name=name: read.update({name: getattr(self, name).read()}), daemon=True)
            for name in ("stdout", "stderr")
        ]
        deadline = None if timeout is None else monotonic() + timeout
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(None if deadline is None else max(0, deadline - monotonic()))
            if thread.is_alive():
                raise TimeoutExpired(self.args, timeout)
        self.wait(None if deadline is None else max(0, deadline - monotonic()))
        return read["stdout"], read["stderr"]

    def send_signal(self, number: int) -> None:
        """Send a signal to a command that still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> "Command":
        return self

    def __exit__(self, kind, *_) -> None:
        if kind is not None:
            self.kill()
        self.wait()
        for file in (self.stdout, self.stderr, self._status):
            file.close()


def serve(requests: socket.socket) -> None:
    """Start a command for each request, and report its process and its end, until no test is left to ask."""
    running: dict[int, int] = {}  # process: pipe for its status
    for name in IMPORTED:
        importlib.import_module(name)
    parse_a_small_project()
    lean_dbt.make_lean()
    lean_altair.make_lean()
    gc.collect()
    gc.freeze()  # the commands share this memory as long as the garbage collector leaves it alone
    awake, wake = os.pipe()
    for end in (awake, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    try:
        while True:
            ready, _, _ = select.select([requests, awake], [], [])
            if awake in ready:
                os.read(awake, 2**16)
                report_ends(running)
            if requests in ready:
                header, pipes, *_ = socket.recv_fds(requests, NUMBER.size, 3)
                if not header:
                    return
                (size,) = NUMBER.unpack(header)
                request = json.loads(b"".join(chunks(requests, size)))
                process = os.fork()
                if process == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for descriptor in [requests.fileno(), awake, wake, *running.values()]:
                        os.close(descriptor)
                    running.clear()
                    become(request, *pipes)
                output, errors, status = pipes
                os.close(output)
                os.close(errors)
                running[process] = status
                os.write(status, NUMBER.pack(process))
    finally:
        for process in running:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        gc.unfreeze()


def parse_a_small_project() -> None:
    """Let dbt parse a project, and read what it has parsed: the second run makes what only this needs."""
    from dbt.cli.main import dbtRunner

    threads = len(os.listdir("/proc/self/task"))
    with tempfile.TemporaryDirectory() as folder:
        for name, content in SMALL_PROJECT.items():
            file = Path(folder) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(content)
        options = ["--quiet", "--no-static-parser", "--no-send-anonymous-usage-stats", "--log-level-file", "none"]
        for _ in range(2):
            run = dbtRunner().invoke([*options, "parse", "--project-dir", folder, "--profiles-dir", folder])
            if not run.success:
                raise RuntimeError("dbt cannot parse the small project that it begins with.") from run.exception
    if len(os.listdir("/proc/self/task")) > threads:
        raise RuntimeError("dbt has started threads. Commands that are forked would wait for them forever.")


def chunks(connection: socket.socket, size: int):
    """Read so many bytes."""
    while size:
        chunk = connection.recv(size)
        size -= len(chunk)
        yield chunk


def report_ends(running: dict[int, int]) -> None:
    """Report the exit code of every command that has ended."""
    for process, status in list(running.items()):
        ended, code = os.waitpid(process, os.WNOHANG)
        if ended:
            with contextlib.suppress(BrokenPipeError):  # no test waits for it
                os.write(status, NUMBER.pack(os.waitstatus_to_exitcode(code)))
            os.close(running.pop(process))


def become(request: dict, output: int, errors: int, status: int) -> NoReturn:
    """Run the command in this process and end it as an interpreter does, but for what it holds in memory."""
    os.dup2(output, 1)
    os.dup2(errors, 2)
    for descriptor in (output, errors, status):
        os.close(descriptor)
    # those of the tests may be files, which the new ones are not
    sys.stdout = open(1, "w", encoding=sys.stdout.encoding, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=sys.stderr.encoding, errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    code = 0
    try:
        run(request["arguments"])
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run(arguments: list[str]) -> None:
    """Run `dbt ...` or, of `python -m module ...`, what follows `python`."""
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        sys.path.insert(0, str(Path.cwd()))
        with parsed_projects.parsed_before_by_others():
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        from dbt.cli.main import cli

        sys.argv = arguments
        with parsed_projects.parsed_before(arguments):
            cli()


if __name__ == "__main__":
    lean_altair, lean_dbt, parsed_projects = map(
        importlib.import_module, ("lean_altair", "lean_dbt", "parsed_projects")
    )
    sys.path.pop(0)  # the folder of this file, where a command of the project would not look
    serve(socket.socket(fileno=int(sys.argv[1])))
