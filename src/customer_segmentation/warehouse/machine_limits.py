"""A dbt-duckdb plugin that says in plain words that a disk is full or that memory is used up, and how to give more.

DuckDB names a file and one of its own settings, and dbt passes that on. The plugin hears of the errors that dbt reports
and prints below them what the user of this project can do, once for each cause. A hook at the end of the run could not
ask DuckDB, which takes no more queries after its file could not be written.
"""

import functools
import logging
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.events.event_manager_client import add_callback_to_manager
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note
from duckdb import DuckDBPyConnection

from customer_segmentation.errors import InputError
from customer_segmentation.temporary_files import remove_spilled
from customer_segmentation.warehouse.address_space import address_space

UNCHANGED = "What was published before is unchanged."

DISK_FULL = re.compile("No space left on device|File too large|Disk quota exceeded|not enough space on the disk")
PATH = re.compile(r"""(?:[Ff]ile \\?"|Errno \d+\][^\n]*?: ')([^"'\\]+)""")
SPILL_FULL = re.compile(r"max_temp_directory_size|failed to offload data block")
SPILLED = re.compile(r"\(([^()]* used)\)")
# What the system refuses, whatever DuckDB may use: Python, numpy, DuckDB and threads each say it in their own way.
REFUSED = re.compile(
    r"bad allocation|bad_alloc|MemoryError|Unable to allocate|Cannot allocate memory|can't start new thread"
)


class Plugin(BasePlugin):
    """Register `spill_folder_problem` as an SQL function, and explain errors below where dbt prints them."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Ask dbt for its events.

        Parameters
        ----------
        plugin_config : dict
            Settings of the profile; none is needed.
        """
        self._database = self.creds.path if self.creds else ""
        self._spill_folder = f"{self._database}.tmp"
        self._explained: set[str] = set()
        # dbt's log file may be on the full disk: a line that cannot be written is no reason for a traceback
        logging.raiseExceptions = False
        add_callback_to_manager(self._listen)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the function once per database connection.

        Parameters
        ----------
        conn : DuckDBPyConnection
            Connection of the warehouse.
        """
        # looks at the file system, so the same argument may give another answer
        conn.create_function("spill_folder_problem", self._use_spill_folder, ["varchar"], "varchar", side_effects=True)

    def _use_spill_folder(self, folder: str) -> str:
        self._spill_folder = folder
        remove_spilled(Path(folder))
        return spill_folder_problem(folder)

    def _listen(self, event: EventMsg) -> None:
        if event.info.name != "RunResultError":
            return
        explanation = explain(event.data.msg, self._database, self._spill_folder)
        if explanation and explanation not in self._explained:
            self._explained.add(explanation)
            fire_event(Note(msg=f"  {explanation}"), level=EventLevel.ERROR)


def spill_folder_problem(folder: str) -> str:
    """Say what is wrong with a folder for what does not fit into memory; create it if it is not there.

    Parameters
    ----------
    folder : str
        Value of the var `spill_folder`.

    Returns
    -------
    str
        What was found, what was expected and the way out; empty if files can be written there.
    """
    expected = "Expected a folder on a disk with room, or null for a folder beside the database file."
    if not folder.strip():
        return f"The var spill_folder is empty. {expected}"
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"The var spill_folder is '{folder}', where no file can be written: {error.strerror}. {expected}"


def explain(error: str, database: str, spill_folder: str) -> str | None:
    """Say in plain words which disk is full, or that memory is used up, and how to give more room.

    Parameters
    ----------
    error : str
        Message of DuckDB or of Python.
    database : str
        The database file.
    spill_folder : str
        Where DuckDB puts what does not fit into memory.

    Returns
    -------
    str or None
        Which disk, the way out, and that nobody's copy was harmed; None for an error of another kind.
    """
    if SPILL_FULL.search(error):
        spilled = SPILLED.search(error)
        return (
            f"What does not fit into memory is put into the folder {spill_folder}, and it takes no more"
            f"{f' ({spilled[1]})' if spilled else ''}: its disk is full, or the var spill_limit is reached. Free space "
            "there, name a folder on another disk in the var spill_folder, or raise spill_limit or memory_limit. "
            f"{UNCHANGED}"
        )
    if DISK_FULL.search(error):
        found = PATH.search(error)
        return _explain_full_disk(found[1] if found else None, database, spill_folder)
    if REFUSED.search(error):
        limit = address_space()
        limited = f", and this process may have {limit / 1e9:.1f} GB of address space (`ulimit -v`)" if limit else ""
        return (
            f"The system gives this process no more memory{limited}. Raise that limit or the one of the container, or "
            f"ask for less: lower the vars memory_limit and database_threads. {UNCHANGED}"
        )
    if "Out of Memory" in error:
        return (
            "The memory that DuckDB may use is not enough for this step. Raise the var memory_limit, or lower "
            f"database_threads: every thread needs memory of its own. {UNCHANGED}"
        )
    return None


def _explain_full_disk(path: str | None, database: str, spill_folder: str) -> str:
    if path is None:
        return f"A disk is full. Free space, then build again. {UNCHANGED}"
    if Path(path).parent.resolve() == Path(spill_folder).resolve():
        what, elsewhere = "the spill folder", "name a folder on another disk in the var spill_folder"
    elif Path(path).resolve() in (Path(database).resolve(), Path(f"{database}.wal").resolve()):
        what, elsewhere = (
            "the database file",
            "set the environment variable SEGMENTATION_DATABASE to a file on another disk",
        )
    else:
        what = "what is being written"
        elsewhere = "if it belongs to the published folder, name a folder on another disk in the var published_folder"
    return (
        f"The disk with {what}, {path}, is full, or a limit on the size of files is reached. Free space there, or "
        f"{elsewhere}, then build again. {UNCHANGED}"
    )


def without_traceback(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of a dbt Python model show no traceback when a disk or memory is full: the code is not to blame.

    Parameters
    ----------
    function : callable
        Function of the model.

    Returns
    -------
    callable
        The same, raising InputError for such an error.
    """

    @functools.wraps(function)
    def called(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except (duckdb.Error, OSError, MemoryError, RuntimeError) as error:
            text = f"{'MemoryError: ' if isinstance(error, MemoryError) else ''}{error}"
            if explain(text, "", os.curdir) is None:
                raise
            raise InputError(text) from None

    return called
