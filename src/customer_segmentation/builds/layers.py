"""Say how far a build is, a line for each layer; what dbt says of each step is in its log."""

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import click

TABLES = ("seed", "model")
WIDTH = 78  # of the line that is written over
BUILT = {"success": "built", "skipped": "skipped"}
TESTED = {"pass": "passed", "warn": "warned", "skipped": "skipped"}
TRACE = ("> in macro", "> called by")  # of lines that say which macro met what was wrong


class LayerProgress:
    """Follow the events of dbt, write a line when all tables of a layer are built, and each error and warning once.

    On a terminal one more line, which is written over, names the step that runs.

    Parameters
    ----------
    layers : mapping of str to str
        Layer of each table that is built, by its unique id in the manifest of dbt.
    promises : mapping of str to str
        What each test holds to be true, by its unique id.
    is_terminal : bool
        Whether a line can be written over.
    """

    def __init__(self, layers: Mapping[str, str], promises: Mapping[str, str], *, is_terminal: bool) -> None:
        self._layers, self._promises, self._is_terminal = layers, promises, is_terminal
        self._waiting = Counter(layers.values())
        self._tables = dict(self._waiting)
        self._seconds: Counter[str] = Counter()
        self._ends: dict[str, Counter[str]] = {"tables": Counter(), "tests": Counter()}
        self._said: set[str] = set()
        self._started_at = time.monotonic()

    def __call__(self, event: Any) -> None:
        """Take notice of an event.

        Parameters
        ----------
        event : EventMsg
            As dbt gives it to callbacks.
        """
        node: Any = getattr(event.data, "node_info", None)
        if event.info.name == "NodeStart":
            self._show(f"{node.resource_type} {node.node_name}")
        elif event.info.name == "NodeFinished":
            self._finish(node, event.data.run_result)
        elif event.info.name == "Note" and event.info.msg.startswith("still running"):
            self._show(event.info.msg)
        elif event.info.name == "JinjaLogInfo" or (event.info.level in ("warn", "error") and not is_about(node)):
            # macros of the project tell about the data
            self._say(event.info.msg)

    def end(self) -> None:
        """Write how many tables were built, how the tests ended, and how long it took."""
        seconds = time.monotonic() - self._started_at
        for what, found in self._ends.items():
            counts = ", ".join(f"{count} {end}" for end, count in sorted(found.items()))
            self._write(f"{what.capitalize()}: {counts or 'none'}.\n")
        self._write(f"It took {seconds:.0f} s. What dbt says of each step is in its log, logs/dbt.log.\n")

    def _finish(self, node: Any, result: Any) -> None:
        layer = self._layers.get(node.unique_id)
        what, ends = ("tables", BUILT) if layer else ("tests", TESTED)
        if layer or node.resource_type in ("test", "unit_test"):
            self._ends[what][ends.get(result.status, "failed")] += 1
        if result.status not in (*BUILT, "pass", "no-op"):
            promise = self._promises.get(node.unique_id)
            self._say(plain(result.message) + (f". {promise}" if promise else ""), f"{node.node_name}: ")
        elif layer and result.status == "success":
            self._waiting[layer] -= 1
            self._seconds[layer] += result.execution_time
            if not self._waiting[layer]:
                self._write(f"  {layer:<14} tables: {self._tables[layer]:>3} {self._seconds[layer]:>8.1f} s\n")

    def _say(self, message: str, name: str = "") -> None:
        # a mistake of a seed stops every model that reads a file: once is enough
        if message not in self._said:
            self._said.add(message)
            separator = "\n" if name and "\n" in message else ""
            self._write(f"{name.rstrip() if separator else name}{separator}{message}\n")

    def _show(self, step: str) -> None:
        if self._is_terminal:
            done = self._ends["tables"].total()
            self._write(f"  {done} of {len(self._layers)} tables: {step}"[:WIDTH])

    def _write(self, text: str) -> None:
        # the cursor returns to the start of the line, so that what others write begins there too
        start, back = ("\x1b[2K", "" if text.endswith("\n") else "\r") if self._is_terminal else ("", "")
        click.echo(f"{start}{text}{back}", nl=False)


def is_about(node: Any) -> bool:
    """Return whether an event is about a step, which says the same when it ends."""
    return bool(node and node.unique_id)


def plain(message: str) -> str:
    """Return what dbt says of a step that failed or warns, without the step and the macros that it went through.

    Parameters
    ----------
    message : str
        As dbt shows it.

    Returns
    -------
    str
        Its lines.
    """
    first, *others = message.strip().splitlines() or [""]
    lines = [line.strip() for line in others if line.strip() and not line.strip().startswith(TRACE)]
    return "\n".join(lines if lines and " Error in " in first else [first, *lines])


def layers_of(manifest: Any, identities: Any = None) -> dict[str, str]:
    """Return the layer of each table: the folder that its file is in, below the models or the seeds.

    Parameters
    ----------
    manifest : Manifest
        As dbt gives it.
    identities : collection of str, optional
        Unique ids of the nodes that are built; all of them unless given.

    Returns
    -------
    dict
        Name of the layer by unique id.
    """
    return {
        identity: "seeds" if node.resource_type == "seed" else node.fqn[1]
        for identity, node in manifest.nodes.items()
        if node.resource_type in TABLES and (identities is None or identity in identities)
    }


def promises_of(manifest: Any) -> dict[str, str]:
    """Return what each data test holds to be true: its description.

    Parameters
    ----------
    manifest : Manifest
        As dbt gives it.

    Returns
    -------
    dict
        Description by unique id.
    """
    return {
        identity: " ".join(node.description.split())
        for identity, node in manifest.nodes.items()
        if node.resource_type == "test" and node.description
    }
