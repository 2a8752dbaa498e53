"""Throw-away copies of the project, which tests build and break."""

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from helpers import warm_start
from helpers.warm_start import Command, WarmStart

ROOT = Path(__file__).resolve().parents[3]
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


# what is built of the purchases of the synthetic retailer, up to its features
RETAIL_CHAIN = [
    "input_retail_customers",
    "input_retail_transactions",
    "stg_retail__customer_rows",
    "stg_retail__customers",
    "stg_retail__parsed_transactions",
    "stg_retail__order_lines",
    "stg_retail__transaction_rows",
    "stg_retail__transactions",
    "as_of_dates",
    "retail_purchases",
    "retail_category_mix",
    "retail_customer_features",
    "retail_customer_history",
]


@dataclass(frozen=True)
class Project:
    """A copy of the dbt project, with its own database and its own published folder.

    Unit tests of SQL depend on no data, so one build runs them and the others do not. Nor do they write the log of dbt, which
    holds every message for debugging, but for commands of this project where a test looks into it.
    """

    folder: Path
    runs_unit_tests: bool = False
    writes_log: bool = False

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
            if arguments[0] in ("build", "run", "seed", "test", "run-operation") and "-s" not in arguments:
                # no test reads the artifacts of such a run unless it says `-s`, and they take a third of the time of a small one
                environment["DBT_WRITE_JSON"] = "false"
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

    def segmentation(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run the command `segmentation` at the root of the project."""
        command = ["-m", "customer_segmentation.cli.main", *arguments]
        environment = dict(os.environ) if self.writes_log else os.environ | {"DBT_LOG_LEVEL_FILE": "none"}
        if not warm_start.AVAILABLE:
            command = [sys.executable, *command]
            return subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
            )
        with started_warm().start(command, cwd=self.folder, env=environment) as run:
            output, errors = run.communicate()
        return subprocess.CompletedProcess(run.args, run.returncode, output, errors)

    def published_files(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.published.iterdir()}

    def assert_stopped_plainly(self, *messages: str, command: str = "build", arguments=(), **options) -> None:
        """Check that dbt stops with these messages, without a traceback, and leaves the publication as it was.

        What does not depend on the mistake would be built all the same, which would only take time.
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


def copy_project(folder: Path) -> Project:
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return Project(folder)


def copy_built(project: Project, folder: Path) -> Project:
    """Copy a project with what was built in it, but for its logs; dbt need not parse again what is not changed."""
    shutil.copytree(
        project.folder, folder, ignore=shutil.ignore_patterns("logs", "run", "graph.gpickle", "perf_info.json")
    )
    return Project(folder)


def with_the_mall_alone(project: Project) -> Project:
    """Switch off the other examples, which take half of the time of a build."""
    project.edit("dbt_project.yml", "  datasets: [mall, sales, retail]", "  datasets: [mall]")
    project.edit("dbt_project.yml", "  datasets_with_purchases: [retail]", "  datasets_with_purchases: []")
    return project


def without_evidence(project: Project) -> Project:
    """Switch off the evidence, which takes half of the time of a build; tests of evidence switch it on again."""
    project.edit("dbt_project.yml", "  evidence: full", "  evidence: none")
    return project


def with_evidence(project: Project) -> Project:
    """Switch the evidence on again."""
    project.edit("dbt_project.yml", "  evidence: none", "  evidence: full")
    return project
