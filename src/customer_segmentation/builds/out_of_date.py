"""Which models and seeds a change makes out of date."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BUILT = ("model", "seed", "snapshot")
TESTS = ("test", "unit_test")
OF_THE_HISTORY = ("recorded_files", "build_days", "activated_models")


def input_patterns(manifest: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what each input is read from, where that is a text: a file, a glob or a table.

    Parameters
    ----------
    manifest : mapping
        Manifest of dbt.
    variables : mapping
        Vars, which name the place of an input under its own name.

    Returns
    -------
    dict of str to str
        By id of the node. Inputs that refer to other nodes are not among them.
    """
    found = {}
    for identity, node in manifest["nodes"].items():
        described = node["config"].get("meta", {}).get("input")
        if described is not None:
            place = variables.get(node["name"].removeprefix("input_")) or described["name"]
            if place:
                found[identity] = str(place)
    return found


def inputs_to_read(
    manifest: Mapping[str, Any],
    patterns: Mapping[str, str],
    before: Mapping[str, list[int]],
    now: Mapping[str, list[int]],
    root: Path,
) -> dict[str, str]:
    """Return the inputs whose data has changed, or may have, and why.

    Parameters
    ----------
    manifest : mapping
        Manifest of dbt.
    patterns : mapping of str to str
        As `input_patterns` returns it.
    before, now : mapping of str to list of int
        Stamps of the files of all inputs, then and now.
    root : Path
        Root of the project.

    Returns
    -------
    dict of str to str
        Reason by id of the node.
    """
    reasons = {}
    changed = {file for file in {*before, *now} if before.get(file) != now.get(file)}
    for identity, pattern in patterns.items():
        if not any(Path(file).match(pattern) or file == pattern for file in {*before, *now}):
            reasons[identity] = f"{pattern} is read again: rows of a table may have changed"
        elif any(Path(file).match(pattern) or file == pattern for file in changed):
            reasons[identity] = f"{pattern} has changed"
    for identity, node in manifest["nodes"].items():
        if node["resource_type"] == "model" and any(one.startswith("source.") for one in node["depends_on"]["nodes"]):
            reasons.setdefault(identity, f"{node['name']} is read again: rows of its source may have changed")
    return reasons


def history_to_read(
    manifest: Mapping[str, Any], before: float, now: float, *, has_new_data: bool, chosen_at: float
) -> dict[str, str]:
    """Return the models that read the history, if another day is built, or another model may be used.

    Parameters
    ----------
    manifest : mapping
        Manifest of dbt.
    before, now : float
        When the last build and this one started, in seconds since 1970.
    has_new_data : bool
        Whether an input is read again: its last day may be another one.
    chosen_at : float
        When somebody last chose a model for the next build, in seconds since 1970; 0 for never.

    Returns
    -------
    dict of str to str
        Reason by id of the node.
    """
    then, today = (f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}" for seconds in (before, now))
    if then != today:
        reason = f"the last build was on {then}"
    elif chosen_at > before:
        reason = "a model was activated since the last build"
    elif has_new_data:
        reason = "the data may be of another day"
    else:
        return {}
    found = [one for one in manifest["nodes"] if one.startswith("model.") and one.split(".")[-1] in OF_THE_HISTORY]
    return dict.fromkeys(found, f"the history is read again: {reason}")


def only_stops(manifest: Mapping[str, Any], identity: str) -> bool:
    """Say whether a model holds problems, which only stop a build: nothing of it is passed on."""
    return bool(manifest["nodes"].get(identity, {}).get("config", {}).get("meta", {}).get("only_stops"))


def tables(manifest: Mapping[str, Any], identities: Iterable[str]) -> list[str]:
    """Return those of some nodes that are built: models, seeds and snapshots."""
    return [one for one in identities if manifest["nodes"].get(one, {}).get("resource_type") in BUILT]


def names(manifest: Mapping[str, Any], identities: Iterable[str]) -> list[str]:
    """Return the names by which dbt selects nodes."""
    every = manifest["nodes"] | manifest["unit_tests"]
    return [every[one]["name"] if one in every else one.split(".")[2] for one in identities]


def near_seeds(manifest: Mapping[str, Any], seeds: Iterable[str], out_of_date: Iterable[str]) -> list[str]:
    """Return the models that depend on seeds and on nothing else that is out of date.

    Parameters
    ----------
    manifest : mapping
        Manifest of dbt.
    seeds, out_of_date : iterable of str
        Ids of what is built first, and of everything that is out of date.

    Returns
    -------
    list of str
        Ids. Where their rows stay as they were, nothing behind them is out of date.
    """
    first, every = {*seeds}, {*out_of_date}
    return [
        one
        for one in tables(manifest, out_of_date)
        if one not in first
        and {*manifest["parent_map"][one]} & every
        and ({*manifest["parent_map"][one]} & every) <= {*first}
    ]


def descendants(manifest: Mapping[str, Any], changed: Iterable[str], *, stop_at: Collection[str] = ()) -> list[str]:
    """Return the models and seeds that are made from changed ones, those themselves, and changed tests.

    Models that hold problems of the seeds only stop a build and pass nothing on, so what depends on them alone is not
    out of date.

    Parameters
    ----------
    manifest : mapping
        Manifest of dbt.
    changed : iterable of str
        Ids of nodes.
    stop_at : collection of str
        Ids of nodes that were built and came out as they were.

    Returns
    -------
    list of str
        Ids, in alphabetical order.
    """
    every = manifest["nodes"] | manifest["unit_tests"]
    found: set[str] = set()
    waiting = [identity for identity in changed if identity in every]
    found |= {identity for identity in waiting if every[identity]["resource_type"] in TESTS}
    while waiting:
        identity = waiting.pop()
        if identity in found or manifest["nodes"].get(identity, {}).get("resource_type") not in BUILT:
            continue
        found.add(identity)
        if identity not in stop_at and not only_stops(manifest, identity):
            waiting += manifest["child_map"].get(identity, [])
    return sorted(found)
