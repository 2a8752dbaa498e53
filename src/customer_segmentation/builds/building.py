"""Build everything, or what a change has made out of date."""

import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import duckdb
import yaml

from customer_segmentation.builds import encoding, last_build
from customer_segmentation.builds.last_build import CompleteBuildNeededError, LastBuild, stamp, stamps
from customer_segmentation.builds.layers import LayerProgress, layers_of, promises_of
from customer_segmentation.builds.out_of_date import (
    descendants,
    history_to_read,
    input_patterns,
    inputs_to_read,
    names,
    near_seeds,
    only_stops,
    tables,
)
from customer_segmentation.datasets.warehouse import Warehouse
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import counted, listed
from customer_segmentation.history.activation import FILE
from customer_segmentation.object_store import register
from customer_segmentation.warehouse.address_space import address_space_problem

PACKAGE = "customer_segmentation"
MOST_NAMED = 6  # changed nodes that are named
# Of a part that another follows: it says only what went wrong, and writing the manifest takes a second.
FIRST_PART = ["--quiet", "--no-write-json"]
# Unit tests depend on no data, so where no SQL has changed they are left out, as in a complete build.
WITH_UNIT_TESTS = ("model.", "unit_test.")
WITHOUT_UNIT_TESTS = ["--exclude-resource-type", "unit_test"]
# What is not out of date is there, so every test of what is built can run. `buildable`, the setting of the project,
# asks for each test whether it can: dbt takes seconds to answer for a hundred names.
EVERY_TEST = ["--indirect-selection", "eager"]


def chosen_at(manifest: Mapping[str, Any], root: Path) -> float:
    """Return when somebody last chose a model for the next build, in seconds since 1970; 0 for never."""
    folder = manifest["nodes"][f"model.{PACKAGE}.activated_models"]["config"]["meta"]["folder"]
    try:
        return (root / folder / FILE).stat().st_mtime if folder else 0.0
    except OSError:
        return 0.0


def build(root: Path, *, only_changed: bool, variables: str) -> bool:
    """Build the project with dbt, and put on record what was built.

    Parameters
    ----------
    root : Path
        Root of the project.
    only_changed : bool
        Whether to build only what has changed since the last build, and what depends on it.
    variables : str
        Vars as dbt takes them with --vars.

    Returns
    -------
    bool
        Whether everything that was asked for was built, and all tests passed.

    Raises
    ------
    NotPossibleError
        If there is no project, dbt cannot read it or one of its seeds, or there is too little address space.
    """
    return Building(root, variables).run(only_changed)


class Building:
    """A build of one project with one set of vars.

    Parameters
    ----------
    root : Path
        Root of the project.
    variables : str
        Vars as dbt takes them with --vars.

    Attributes
    ----------
    target_folder : Path
        Where dbt puts what it compiles.
    warehouse : Path
        The database file.

    Raises
    ------
    NotPossibleError
        If there is no project, or dbt cannot read its profile.
    """

    def __init__(self, root: Path, variables: str) -> None:
        settings = root / "dbt_project.yml"
        if not settings.is_file():
            raise NotPossibleError(f"There is no dbt_project.yml in {root}. Change to the root of the project.")
        project = yaml.safe_load(settings.read_text(encoding="utf-8"))
        self._root = root
        self._given = yaml.safe_load(variables) or {}
        self._variables = project.get("vars", {}) | project.get("vars", {}).get(PACKAGE, {}) | self._given
        self._options = ["--vars", variables] if variables else []
        # dbt reads these two as well
        self._target = os.environ.get("DBT_TARGET", "")
        self.target_folder = root / (os.environ.get("DBT_TARGET_PATH") or project.get("target-path", "target"))
        self.warehouse = root / Warehouse(root).path
        self._started_at = time.time()
        self._manifest: Any = None  # of dbt, read once for all that follows

    def read_project(self) -> Mapping[str, Any] | None:
        """Let dbt read the project, and return its manifest; None if it cannot, after it has said why."""
        return json.loads(self._artifact("manifest.json")) if self._parse() else None

    def places_of_inputs(self) -> list[str]:
        """Return the files, globs and tables that inputs are read from, after `read_project`."""
        return sorted(self._patterns().values())

    def run(self, only_changed: bool) -> bool:
        """Build everything, or what has changed, and put it on record; return whether all of it succeeded."""
        if not only_changed:
            return self._complete()
        try:
            return self._changed()
        except CompleteBuildNeededError as reason:
            click.echo(f"Building everything: {reason}.")
            return self._complete()

    def _complete(self) -> bool:
        last_build.forget(self.target_folder)
        click.echo("Reading the project, then building it layer by layer.")
        if not self._parse():
            return False
        patterns = self._patterns()
        before = self._data(patterns)
        succeeded = self._build("build")
        if succeeded:
            # what changed during the build is read again by the next one; an example is written by the build itself
            names_of_files = {*patterns.values()}
            after = self._data(patterns)
            same = {
                file: now
                for file, now in after.items()
                if before.get(file, now if file in names_of_files else None) == now
            }
            self._keep(same, replaces=True)
        return succeeded

    def _parse(self) -> bool:
        """Let dbt read the project, unless it has done so."""
        if self._manifest is None:
            # dbt would end with a traceback
            found = [*filter(None, [address_space_problem()]), *encoding.problems(self._root / "seeds")]
            if found:
                raise NotPossibleError("\n".join(found))
            _, self._manifest = self._dbt("parse", "--quiet")
        return self._manifest is not None

    def _changed(self) -> bool:
        before = json.loads(self._artifact("manifest.json")) if self._artifact("manifest.json") else None
        if before:
            places = input_patterns(before, self._variables)
            last_build.adopt(self.target_folder, self.warehouse, places, self._root)
        last = last_build.read(self.target_folder)
        last_build.check(last, self.warehouse, self._given, self._target, self._root)
        if not self._parse():
            return False
        manifest = json.loads(self._artifact("manifest.json"))
        patterns = self._patterns()
        data = self._data(patterns)
        again = inputs_to_read(manifest, patterns, last.data, data, self._root)
        again |= history_to_read(
            manifest,
            last.started_at,
            self._started_at,
            has_new_data=bool(again),
            chosen_at=chosen_at(manifest, self._root),
        )
        modified = self._modified()
        changed = {*modified, *again, *last.pending}
        out_of_date = descendants(manifest, changed)
        every = len(tables(manifest, manifest["nodes"]))
        if not out_of_date:
            click.echo(f"Nothing has changed since the last build: {counted(every, 'table')} skipped.")
            return True
        self._tell(manifest, modified, again)
        at_most = len(tables(manifest, out_of_date))
        click.echo(f"At most {counted(at_most, 'table')} depend on it; skipping {every - at_most}.")
        leave_out = [] if any(one.startswith(WITH_UNIT_TESTS) for one in modified) else WITHOUT_UNIT_TESTS
        pending = self._build_part(manifest, changed, out_of_date, leave_out)
        if pending:
            self._keep(last.data, pending=pending, replaces=False)
        else:
            self._keep(data, replaces=True)
        return not pending

    def _build_part(
        self, manifest: Mapping, changed: Collection[str], out_of_date: Sequence[str], leave_out: Sequence[str]
    ) -> Collection[str]:
        """Build seeds, let the build stop if they contradict each other, and build the rest; return what is pending."""
        first = [one for one in out_of_date if one.startswith("seed.") or only_stops(manifest, one)]
        near = near_seeds(manifest, first, out_of_date)
        before = self._contents(manifest, near)
        if first and not self._dbt("build", *FIRST_PART, *leave_out, "--select", *names(manifest, first))[0]:
            return changed
        if not self._dbt("run-operation", "stop_on_judgement_problems", *FIRST_PART)[0]:
            return changed
        if near and not self._dbt("run", *FIRST_PART, "--select", *names(manifest, near))[0]:
            return out_of_date
        after = self._contents(manifest, near)
        # what came out as it was makes nothing out of date
        same = {one for one in near if before[one] is not None and before[one] == after[one]}
        rest = [one for one in descendants(manifest, changed, stop_at=same) if one not in {*first, *same}]
        click.echo(f"Building {counted(len(tables(manifest, rest)), 'table')} behind them.")
        is_done = not rest or self._build(
            "build", *EVERY_TEST, *leave_out, "--select", *names(manifest, rest), only=rest
        )
        return [] if is_done else out_of_date

    def _contents(self, manifest: Mapping, identities: Sequence[str]) -> dict[str, Any]:
        """Return a fingerprint of the rows of each table, none of one that does not exist."""
        found: dict[str, Any] = {}
        with duckdb.connect(str(self.warehouse), read_only=True) as database:
            register(database)
            for identity in identities:
                relation = manifest["nodes"][identity]["relation_name"]
                try:
                    rows = database.execute(f"select count(*), bit_xor(hash(rows)) from {relation} as rows")
                    found[identity] = rows.fetchone()
                except duckdb.Error:
                    found[identity] = None
        return found

    def _modified(self) -> list[str]:
        state = str((self.target_folder / last_build.FOLDER).resolve())
        output = ["--output", "json", "--output-keys", "unique_id", "--log-level", "none"]
        with contextlib.redirect_stdout(io.StringIO()):
            succeeded, lines = self._dbt("ls", "--select", "state:modified", "--state", state, *output)
        if not succeeded:
            raise CompleteBuildNeededError("dbt cannot compare the project with the last build")
        return [json.loads(line)["unique_id"] for line in lines or []]

    def _patterns(self) -> dict[str, str]:
        return input_patterns(json.loads(self._artifact("manifest.json")), self._variables)

    def _data(self, patterns: Mapping[str, str]) -> dict[str, list[int]]:
        return stamps(patterns.values(), self._root)

    def _artifact(self, name: str) -> str:
        file = self.target_folder / name
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    def _keep(self, data: dict, *, replaces: bool, pending: Iterable[str] = ()) -> None:
        build = LastBuild(self._started_at, self._given, self._target, stamp(self.warehouse), data, sorted(pending))
        last_build.keep(self.target_folder, build, self.target_folder / "manifest.json" if replaces else None)

    def _tell(self, manifest: Mapping, modified: Sequence[str], again: Mapping[str, str]) -> None:
        for reason in dict.fromkeys(again.values()):
            click.echo(f"{reason}.")
        if modified:
            click.echo(f"Changed since the last build: {listed(names(manifest, modified), most=MOST_NAMED)}.")

    def _build(self, *arguments: str, only: Collection[str] | None = None) -> bool:
        """Let dbt build, and write a line for each layer, unless DBT_LOG_LEVEL asks for the lines of dbt."""
        if "DBT_LOG_LEVEL" in os.environ:
            return self._dbt(*arguments)[0]
        layers, promises = layers_of(self._manifest, only), promises_of(self._manifest)
        progress = LayerProgress(layers, promises, is_terminal=sys.stdout.isatty())
        succeeded, _ = self._dbt(*arguments, "--log-level", "none", callbacks=[progress])
        progress.end()
        return succeeded

    def _dbt(self, *arguments: str, callbacks: Sequence[Callable] = ()) -> tuple[bool, Any]:
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        found = dbtRunner(manifest=self._manifest, callbacks=[*callbacks]).invoke([*arguments, *self._options])
        # the file must be closed, and written to the disk, before anybody looks at it
        DuckDBConnectionManager.close_all_connections()
        if found.exception is not None:
            raise NotPossibleError(str(found.exception))
        return found.success, found.result
