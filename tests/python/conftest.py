"""Whole builds on throw-away files, shared by the tests."""

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import parsed_projects
from helpers.hosts import HOST, build_host
from helpers.projects import Project, copy_built, copy_project, started_warm, without_evidence

# what is set for a project of the developer's own, or by make, must not reach the projects of the tests
for name in [name for name in os.environ if name.startswith(("DBT_", "SEGMENTATION_"))]:
    del os.environ[name]

# threads of OpenMP that wait keep a processor busy, which the other worker needs: a fit of seconds takes a minute then
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# a worker of pytest-xdist has no main module with a file, which the client of Spark takes for a run of its own doctests
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = __file__


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
def own_copy(tmp_path_factory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Give each worker its own copy of a folder that is made once for all: a reader of a database keeps others from writing."""

    def copy(name: str, make: Callable[[Path], None]) -> Path:
        made = shared(tmp_path_factory, name, make)
        return shutil.copytree(made, tmp_path_factory.mktemp(name) / "project", symlinks=True)

    return copy


def pytest_configure(config) -> None:
    """Make the folder of what is parsed, for all workers: the first process makes it before it starts them."""
    if parsed_projects.FOLDER not in os.environ:
        os.environ[parsed_projects.FOLDER] = tempfile.mkdtemp(prefix="parsed-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(parsed_projects.FOLDER)))


def pytest_sessionfinish() -> None:
    """End what still runs."""
    if started_warm.cache_info().currsize:
        started_warm().close()


@pytest.fixture(scope="session")
def built(own_copy) -> Project:
    """The project as it is in the repository, built from an empty database. Not to be changed by a test."""

    def build(folder: Path) -> None:
        project = Project(copy_project(folder).folder, runs_unit_tests=True)
        run = project.dbt("build", "--selector", "everything")
        assert run.returncode == 0, run.stdout + run.stderr
        (folder / "build.log").write_text(run.stdout)

    return Project(own_copy("built", build), runs_unit_tests=True)


@pytest.fixture(scope="session")
def host(own_copy) -> Path:
    """The folder of a project that uses this one as a package, built. Not to be changed by a test."""
    return own_copy("host", build_host) / HOST


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


def pytest_make_parametrize_id(val, argname: str) -> str | None:
    """Name no test after bytes: two workers may not have the same ones, since what a compressor writes holds the time."""
    return argname if isinstance(val, bytes) else None


# fixtures that make what takes long: all others that build or draw begin with one of these
SLOW = {"built", "parsed", "host", "newcomer", "odd", "retailers", "sampled", "drawn"}
# the longest tests, which build nothing that others wait for
FIRST = "test_documents.py"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long or opens a browser; put files that need a build last.

    One worker builds while another tests what needs none.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & SLOW:
            item.add_marker(pytest.mark.slow)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
    building = {item.path for item in items if "built" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (item.path.name != FIRST, item.path in building))
