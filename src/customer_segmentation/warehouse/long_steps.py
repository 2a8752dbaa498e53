"""A dbt-duckdb plugin that says every few seconds which step still runs, and how far it is.

dbt prints a line when a step starts and one when it ends. Between them a long statement looks like one
that hangs. DuckDB's own progress bar is no help: it names no step, and it is drawn over itself, which garbles logs. The
lines go through dbt's own logger, so they are right in a terminal, in a file and as JSON.
"""

import contextvars
import threading
import time
import weakref
from collections.abc import Iterable
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.events.base_types import EventMsg
from dbt_common.events.event_manager_client import add_callback_to_manager
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note
from duckdb import DuckDBPyConnection

from customer_segmentation.progress import Progress

FIRST_LINE_AFTER = 5  # seconds
# The next line comes when the step has taken this share longer, so that a step of hours does not fill a log.
NEXT_LINE_AFTER = 0.1


class Plugin(BasePlugin):
    """Watch every step of dbt from its start to its end."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Ask dbt for its events.

        Parameters
        ----------
        plugin_config : dict
            Settings of the profile; none is needed.
        """
        # weak, because a connection that is kept alive would keep the database open
        self._cursors: weakref.WeakSet[DuckDBPyConnection] = weakref.WeakSet()
        self._ended: dict[str, threading.Event] = {}
        add_callback_to_manager(self._watch)

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        """Let DuckDB keep account of how far a statement is, and print nothing itself.

        Parameters
        ----------
        cursor : DuckDBPyConnection
            Cursor that a step will use.
        """
        cursor.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")
        self._cursors.add(cursor)

    def _watch(self, event: EventMsg) -> None:
        if event.info.name == "NodeStart":
            node = event.data.node_info
            ended = self._ended[node.unique_id] = threading.Event()
            # the line belongs to the same invocation of dbt
            context = contextvars.copy_context()
            name = f"{node.resource_type} {node.node_name}"
            threading.Thread(target=context.run, args=(self._say_while_running, name, ended), daemon=True).start()
        elif event.info.name == "NodeFinished":
            self._ended.pop(event.data.node_info.unique_id).set()
            Progress.latest = ""

    def _say_while_running(self, name: str, ended: threading.Event) -> None:
        start = time.monotonic()
        seconds = 0.0
        while not ended.wait(max(FIRST_LINE_AFTER, seconds * NEXT_LINE_AFTER)):
            seconds = time.monotonic() - start
            percent = statement_percent(list(self._cursors))
            fire_event(Note(msg=still_running(name, seconds, Progress.latest, percent)))


def statement_percent(cursors: Iterable[DuckDBPyConnection]) -> float | None:
    """Ask how far the statement is that runs on one of the cursors.

    Parameters
    ----------
    cursors : iterable of DuckDBPyConnection
        Open or closed cursors.

    Returns
    -------
    float or None
        Percent; None if no statement runs, or DuckDB cannot tell, which it shows as 0 or 100 while the statement runs.
    """
    percents = []
    for cursor in cursors:
        try:
            percents.append(cursor.query_progress())
        except duckdb.Error:  # closed meanwhile
            continue
    highest = max(percents, default=-1)
    return highest if 1 <= highest < 99.5 else None


def still_running(name: str, seconds: float, progress: str, percent: float | None) -> str:
    """Write the line about a step that still runs.

    Parameters
    ----------
    name : str
        Kind and name of the step.
    seconds : float
        Since it started.
    progress : str
        What a Python model says about how far it is; empty if it says nothing.
    percent : float or None
        How far the present statement is.

    Returns
    -------
    str
        The line.
    """
    how_far = progress or (f"{percent:.0f} % of the statement" if percent is not None else "")
    return f"still running {name}: {seconds:.0f} s{', ' if how_far else ''}{how_far}"
