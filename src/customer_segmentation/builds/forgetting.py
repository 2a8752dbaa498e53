"""Forget customers: on the suppression list, out of the history, and out of everything that is built."""

import glob
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress as ignored
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from customer_segmentation.builds import last_build
from customer_segmentation.builds.building import PACKAGE, Building
from customer_segmentation.builds.traces import ID_COLUMN, Trace, UnsearchedError, Wanted, files_below, traces_in
from customer_segmentation.datasets.warehouse import sql_text
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import counted, listed
from customer_segmentation.history.store import forget as forget_recorded
from customer_segmentation.history.suppression import LIST, plain_id, suppress
from customer_segmentation.publication.folder import SECONDS_FOR_A_READER as SECONDS
from customer_segmentation.publication.folder import BusyError, locked, settle
from customer_segmentation.publication.large_tables import remove_unread
from customer_segmentation.temporary_files import remove, spill_folder, temporary_name

# what dbt leaves of a build: messages may quote a value
OF_A_BUILD = (
    "compiled",
    "run",
    "run_results.json",
    "catalog.json",
    "index.html",
    "static_index.html",
)
# what is drawn from a publication, and may show its customers as points
PAGES = ("report.html", "slides.pptx", "pictures", "site")


def forget(
    root: Path,
    customers: Sequence[str],
    *,
    dataset: str = "",
    builds: bool = True,
    variables: str = "",
    say: Callable[[str], None] = lambda line: None,
) -> bool:
    """Put customers on the suppression list and remove their rows from all that the project keeps.

    Parameters
    ----------
    root : Path
        Root of the project.
    customers : sequence of str
        Ids, as in the tables.
    dataset : str
        The only dataset to forget them in; every one if it is empty.
    builds : bool
        Whether to build, which removes them from the warehouse and from what is published.
    variables : str
        Vars of the build as dbt takes them with --vars.
    say : callable
        Is told what was found and done, a line at a time.

    Returns
    -------
    bool
        Whether nothing is left of them but what the project only reads.

    Raises
    ------
    NotPossibleError
        If there is no project, no such dataset or no folder of a history, or the warehouse is in use.
    InputError
        If the history cannot be changed.
    """
    return _Forgetting(root, [plain_id(one) for one in customers], dataset, variables, say).run(builds)


class _Forgetting:
    """The removal of some customers from one project."""

    def __init__(self, root: Path, customers: Sequence[str], dataset: str, variables: str, say) -> None:
        self._root, self._say, self._dataset = root, say, dataset
        self._customers = tuple(dict.fromkeys(customers))
        self._names = listed(self._customers)
        self._building = Building(root, variables)
        manifest = self._building.read_project()
        if manifest is None:
            raise NotPossibleError("dbt cannot read the project, as it says above. Nothing was changed.")
        self._nodes, self._other_sources = manifest["nodes"], manifest["sources"].values()
        self._published = self._folder_of("published_tables")
        history = self._folder_of("recorded_days")
        if history is None:
            raise NotPossibleError(
                "Nothing was changed: the list of forgotten customers belongs in the folder of the history, and this "
                "project has none. Name one in the var history_folder of dbt_project.yml and run the command again."
            )
        self._history = history
        datasets = {one["name"].removeprefix("input_").removesuffix("_customers") for one in self._inputs()}
        if dataset and dataset not in datasets:
            raise NotPossibleError(f"There is no dataset {dataset}. Expected one of {listed(sorted(datasets))}.")
        self._other_datasets = frozenset(datasets - {dataset})
        self._warehouse = self._building.warehouse
        self._is_file = ":" not in str(self._warehouse)

    def run(self, builds: bool) -> bool:
        """Do all of it, and say what was found and done; return whether nothing is left that the project keeps."""
        before = self._traces()
        for trace in before:
            self._say(f"{self._place(trace)}: {counted(trace.rows, 'row')}")
        if not before:
            self._say(f"No row about {self._names} was found.")
        new = suppress(self._history, self._customers, self._dataset)
        self._say(
            f"{self._shown(self._history / LIST)}: {counted(new, 'hash', 'hashes')} added. Builds leave {self._names} "
            f"out{f' of {self._dataset}' if self._dataset else ''} from now on."
        )
        forget_recorded(self._history, self._customers, self._dataset)
        self._empty_folders_of_dbt()
        must_build = any(self._is_built(trace) for trace in before)
        if must_build and not (builds and self._building.run(only_changed=False)):
            self._say(
                f"{'The build failed, as dbt says above' if builds else 'Nothing was built'}: the history holds no row "
                f"about {self._names} any more, but the warehouse and the published files still do. "
                f"{'Correct the cause and run the command again' if builds else 'To build, run it without --no-build'}."
            )
            return False
        self._rewrite_warehouse()
        self._remove_earlier_publications(pages=must_build)
        return self._tell_what_is_left(self._traces())

    def _inputs(self) -> list[Mapping[str, Any]]:
        return [
            node
            for node in self._nodes.values()
            if node["name"].startswith("input_") and node["name"].endswith("_customers")
        ]

    def _folder_of(self, model: str) -> Path | None:
        folder = self._nodes[f"model.{PACKAGE}.{model}"]["config"]["meta"]["folder"]
        return self._root / folder if folder else None

    def _shown(self, path: Path) -> str:
        return str(path.relative_to(self._root) if path.is_relative_to(self._root) else path)

    def _wanted(self) -> Wanted:
        columns, segmentations = {ID_COLUMN}, set()
        with ignored(duckdb.Error), duckdb.connect(str(self._warehouse), read_only=True) as database:
            inputs, fits = (self._nodes[f"model.{PACKAGE}.{one}"] for one in ("input_columns", "segmentation_fits"))
            columns |= {
                name.lower()
                for (name,) in database.execute(
                    f"select column_found from {inputs['relation_name']} where column_found is not null and "
                    "(read_as in ('customer_id', 'customer_email') or note like 'used only if another column is %')"
                ).fetchall()
            }
            query = f"select segmentation from {fits['relation_name']} where dataset <> ?"
            segmentations = {name for (name,) in database.execute(query, [self._dataset]).fetchall()}
        return Wanted(
            self._customers, frozenset(columns), self._dataset, self._other_datasets, frozenset(segmentations)
        )

    def _traces(self) -> list[Trace]:
        wanted = self._wanted()
        found = []
        for file in dict.fromkeys(path.absolute() for path in self._files()):
            try:
                found += traces_in(file, wanted)
            except UnsearchedError as error:
                if file == self._warehouse.absolute() and "lock" in str(error).lower():
                    raise NotPossibleError(
                        f"{self._shown(file)} is in use by another program. Run the command again when that ends."
                    ) from None
                self._say(f"{self._shown(file)} cannot be searched: {error}")
        return found

    def _files(self) -> Iterable[Path]:
        """List what may hold rows: the files of the project, and what lies elsewhere by a var or the profile."""
        if self._is_file and self._warehouse.is_file():
            yield self._warehouse
        yield from files_below(self._root)
        for folder in (self._history, self._published):
            if folder is not None and folder.is_dir() and not folder.is_relative_to(self._root):
                yield from files_below(folder)
        yield from self._sources()

    def _sources(self) -> set[Path]:
        """List the files that builds read: those of inputs, and of seeds."""
        seeds = (one["original_file_path"] for one in self._nodes.values() if one["resource_type"] == "seed")
        patterns = [place.split("#")[0] for place in self._building.places_of_inputs()]
        found = {file for place in patterns for file in glob.glob(place, root_dir=self._root, recursive=True)}
        return {(self._root / file).absolute() for file in {*seeds, *found} if (self._root / file).is_file()}

    def _is_built(self, trace: Trace) -> bool:
        """Say whether a build writes the file in which rows were found."""
        is_published = self._published is not None and trace.file.is_relative_to(self._published.absolute())
        return trace.file == self._warehouse.absolute() or is_published

    def _place(self, trace: Trace) -> str:
        lines = [str(line) for line in trace.lines]
        if trace.rows > len(lines):
            lines.append("...")
        numbered = f", {'line' if trace.rows == 1 else 'lines'} {', '.join(lines)}" if trace.lines else ""
        return self._shown(trace.file) + (f", {trace.table}" if trace.table else "") + numbered

    def _empty_folders_of_dbt(self) -> None:
        target = self._building.target_folder
        last_build.forget(target)
        for path in (*(target / name for name in OF_A_BUILD), *(self._root / "logs").glob("dbt.log*")):
            remove(path)

    def _rewrite_warehouse(self) -> None:
        """Copy the warehouse to a new file: deleted rows stay in the free space of the old one."""
        if not self._is_file:
            self._say(
                f"{self._warehouse.name} is not a file that this command can rewrite, and may keep rows of earlier "
                "builds: see docs/privacy.md."
            )
            return
        if not self._warehouse.is_file():
            return
        remove(self._warehouse.with_name(f"{self._warehouse.name}.inputs"))  # copies of files that builds read
        try:
            rewrite(self._warehouse.resolve())
        except (OSError, duckdb.Error) as error:
            raise NotPossibleError(
                f"{self._shown(self._warehouse)} cannot be rewritten: {str(error).splitlines()[0]}. Its tables hold no "
                f"row about {self._names} any more, but its free space may. Make room on the disk and run the command "
                "again."
            ) from None
        with ignored(last_build.CompleteBuildNeededError):
            last = last_build.read(self._building.target_folder)
            changed = replace(last, warehouse=last_build.stamp(self._warehouse))
            last_build.keep(self._building.target_folder, changed)

    def _remove_earlier_publications(self, *, pages: bool) -> None:
        if self._published is None or not self._published.is_dir():
            return
        try:
            with locked(self._published, seconds=SECONDS):
                settle(self._published)
                remove_unread(self._published)
        except BusyError:
            raise NotPossibleError(
                f"Another build is publishing to {self._shown(self._published)}. Run the command again when it ends."
            ) from None
        for page in (*(self._published / name for name in PAGES), self._root / "site"):
            if pages and page.exists() and (page.name != "site" or (page / "report.html").is_file()):
                remove(page)
                self._say(
                    f"{self._shown(page)} removed: it shows the publication before. `make report` writes it again."
                )

    def _tell_what_is_left(self, traces: Sequence[Trace]) -> bool:
        sources, tables = self._sources(), self._tables_of_others()
        is_read = [trace.file in sources or trace.table in tables for trace in traces]
        for trace, reads in zip(traces, is_read, strict=True):
            if reads:
                way_out = "builds read it and leave the customer out; delete the rows there as well"
            elif trace.table in self._own_tables():
                way_out = (
                    "a line that is no record names the customer; correct it in the input and run the command again"
                )
            elif trace.table:
                way_out = "no model makes this table; drop it, or delete the rows, and run the command again"
            else:
                way_out = "no build writes this file; delete it, or the rows"
            self._say(f"Still in {self._place(trace)} ({counted(trace.rows, 'row')}): {way_out}.")
        if all(is_read):
            self._say(f"Nothing that the project keeps holds {self._names}.")
        return all(is_read)

    def _own_tables(self) -> set[str]:
        return {f"{node['schema']}.{node['alias']}" for node in self._nodes.values() if node["package_name"] == PACKAGE}

    def _tables_of_others(self) -> set[str]:
        """Name the tables of the warehouse that are made elsewhere: sources, and models of another dbt project."""
        others = [node for node in self._nodes.values() if node["package_name"] != PACKAGE and "alias" in node]
        return {
            *(f"{node['schema']}.{node['alias']}" for node in others),
            *(f"{source['schema']}.{source['identifier']}" for source in self._other_sources),
            *self._building.places_of_inputs(),
        }


def rewrite(database: Path) -> None:
    """Copy all that a DuckDB file holds to a new file, and put that in its place.

    DuckDB marks the space of deleted rows as free and uses it again later; until then, their bytes are in the file.

    Parameters
    ----------
    database : Path
        The file; no program may have it open.

    Raises
    ------
    OSError, duckdb.Error
        If it cannot be read, or the copy not be written. The file is as it was then.
    """
    new = temporary_name(database)
    try:
        with duckdb.connect() as session:
            session.execute(f"set temp_directory = {sql_text(str(spill_folder()))}")
            session.execute(f"attach {sql_text(str(database))} as before (read_only)")
            ((version,),) = session.execute(
                "select tags['storage_version'] from duckdb_databases() where database_name = 'before'"
            ).fetchall()
            session.execute(f"attach {sql_text(str(new))} as after (storage_version '{str(version).rstrip('+')}')")
            session.execute("copy from database before to after")
            session.execute("detach after")  # writes its log into the file
        shutil.copymode(database, new)
        new.replace(database)
        database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    finally:
        new.unlink(missing_ok=True)
        new.with_name(f"{new.name}.wal").unlink(missing_ok=True)
