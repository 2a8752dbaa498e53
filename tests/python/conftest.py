"""Whole builds on throw-away files, shared by the tests."""

import fcntl
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import warm_start
from warm_start import Command, WarmStart

# what is set for a project of the developer's own, or by make, must not reach the projects of the tests
for name in [name for name in os.environ if name.startswith(("DBT_", "SEGMENTATION_"))]:
    del os.environ[name]

ROOT = Path(__file__).resolve().parents[2]
PROJECT = [
    "dbt_project.yml",
    "profiles.yml",
    "selectors.yml",
    "macros",
    "models",
    "python_models",
    "quality",
    "seeds",
    "tests",
]


@dataclass(frozen=True)
class Project:
    """A copy of the dbt project, with its own database and its own published folder.

    Unit tests of SQL depend on no data, so one build runs them and the others do not.
    """

    folder: Path
    runs_unit_tests: bool = False

    @property
    def database(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def start_dbt(self, *arguments: str, cwd: Path | None = None, **options) -> subprocess.Popen | Command:
        """Start dbt as a user would, from the root of the project unless told otherwise.

        A fresh interpreter is started where `runs_unit_tests`, and for options of `subprocess.Popen`.
        """
        environment = dict(os.environ)
        if not self.runs_unit_tests:
            environment["DBT_EXCLUDE_RESOURCE_TYPES"] = "unit_test"
            environment["DBT_LOG_LEVEL_FILE"] = "none"
            if warm_start.AVAILABLE and not options:
                return started_warm().start(
                    ["dbt", "--no-use-colors", *arguments], cwd=cwd or self.folder, env=environment
                )
        return subprocess.Popen(
            [Path(sys.executable).parent / "dbt", "--no-use-colors", *arguments],
            cwd=cwd or self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def dbt(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """Run dbt to its end."""
        with self.start_dbt(*arguments, **options) as run:
            output, errors = run.communicate()
        return subprocess.CompletedProcess(run.args, run.returncode, output, errors)

    def published_files(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.published.iterdir()}

    def assert_stopped_plainly(self, *messages: str, command: str = "build", arguments=(), **options) -> None:
        """Check that dbt stops with these messages, without a traceback, and leaves the publication as it was.

        What does not depend on the mistake would be built all the same; nobody need wait for it here.
        """
        before = self.published_files()
        run = self.dbt(command, "--fail-fast", *arguments, **options)
        output = " ".join((run.stdout + run.stderr).split())
        assert run.returncode != 0
        for message in messages:
            assert message in output
        assert "Traceback" not in output
        assert self.published_files() == before

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that occurs in a file of the project."""
        path = self.folder / file
        content = path.read_text(encoding="utf-8")
        assert old in content, f"{old!r} is not in {file}"
        path.write_text(content.replace(old, new), encoding="utf-8")

    def given(self, file: Path) -> str:
        """Return a name for a file that differs between tests by the name of the file alone.

        dbt parses the whole project again for another value of a var, which takes longer than to read the file.
        """
        folder = self.folder / "given"
        folder.unlink(missing_ok=True)
        folder.symlink_to(file.parent)
        return f"given/{file.name}"

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.database), read_only=True) as database:
            return database.execute(sql).fetchall()

    def published_query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.published / "marts.duckdb"), read_only=True) as database:
            return database.execute(sql).fetchall()


@functools.cache
def started_warm() -> WarmStart:
    """The process that starts the commands of these tests; it ends with them."""
    return WarmStart()


def pytest_sessionfinish() -> None:
    """End what still runs."""
    if started_warm.cache_info().currsize:
        started_warm().close()


def copy_project(folder: Path) -> Project:
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return Project(folder)


def shared(tmp_path_factory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that is made once for all workers of the tests: the first makes it, the others wait.

    Tests must not change what is in it.
    """
    everybody = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        everybody = everybody.parent
    folder, finished = everybody / "shared" / name, everybody / "shared" / f"{name}.finished"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            finished.touch()
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Project:
    """The project as it is in the repository, built from an empty database. Not to be changed by a test."""

    def build(folder: Path) -> None:
        project = Project(copy_project(folder).folder, runs_unit_tests=True)
        run = project.dbt("build", "--selector", "everything")
        assert run.returncode == 0, run.stdout + run.stderr
        (folder / "build.log").write_text(run.stdout)

    # a copy for each worker: a reader keeps others from writing
    folder = shutil.copytree(shared(tmp_path_factory, "built", build), tmp_path_factory.mktemp("built") / "project")
    return Project(folder, runs_unit_tests=True)


@pytest.fixture(scope="session")
def built_before(built, tmp_path_factory) -> Project:
    """A copy of the built project that computes no further evidence, parsed once for all that are copied from it."""

    def parse(folder: Path) -> None:
        copy_built(built, folder)
        assert without_evidence(Project(folder)).dbt("parse").returncode == 0

    return Project(shared(tmp_path_factory, "built_before", parse))


@pytest.fixture
def rebuilt(built_before, tmp_path) -> Project:
    """A copy of the built project that a test may break: its database and its publication are there already."""
    return copy_built(built_before, tmp_path / "project")


@pytest.fixture(scope="session")
def parsed(tmp_path_factory) -> Project:
    """The project before its first build, without evidence, parsed once for all that are copied from it."""

    def parse(folder: Path) -> None:
        assert without_evidence(copy_project(folder)).dbt("parse").returncode == 0

    return Project(shared(tmp_path_factory, "parsed", parse))


@pytest.fixture
def empty(parsed, tmp_path) -> Project:
    """A copy of the project before its first build."""
    return copy_built(parsed, tmp_path / "project")


def copy_built(project: Project, folder: Path) -> Project:
    """Copy a project with what was built in it, but for its logs; dbt need not parse again what is not changed."""
    shutil.copytree(
        project.folder, folder, ignore=shutil.ignore_patterns("logs", "run", "graph.gpickle", "perf_info.json")
    )
    return Project(folder)


def without_evidence(project: Project) -> Project:
    """Switch off the evidence, which takes half of the time of a build; tests of evidence switch it on again."""
    project.edit("dbt_project.yml", "  evidence: full", "  evidence: none")
    return project


def with_evidence(project: Project) -> Project:
    """Switch the evidence on again."""
    project.edit("dbt_project.yml", "  evidence: none", "  evidence: full")
    return project


def pytest_make_parametrize_id(val, argname: str) -> str | None:
    """Name no test after bytes: two workers may not have the same ones, since what a compressor writes holds the time."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files that need a build last: one worker builds while another tests what needs none."""
    building = {item.path for item in items if "built" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path in building)
