"""The tables of the scale benchmark in Markdown, from its results."""

from collections.abc import Sequence

from scale_contender import LABELS, OURS
from scale_data import KINDS

NOTHING = "\N{EN DASH}"
# The sweep does the first two again, or its estimate contains them; silhouettes are more than anybody was asked for.
NOT_COUNTED = {"one fit", "all starts", "silhouettes"}


def tables(results: dict) -> dict[str, str]:
    """Write every table.

    Parameters
    ----------
    results : dict
        `machine`, and lists of results `speed`, `quality` and, where it was measured, `capped`.

    Returns
    -------
    dict
        Markdown by name: 'machine', 'speed', 'steps', 'quality', 'capped'.
    """
    return {
        "machine": _table(["", "measured on"], [[name, text] for name, text in results["machine"].items()]),
        "speed": _speed(results["speed"]),
        "steps": _steps([result for result in results["speed"] if result["contender"] == OURS]),
        "quality": _quality(results["quality"]),
        "capped": _capped(results.get("capped", [])),
    }


def seconds(result: dict) -> tuple[float, bool] | None:
    """Return the seconds of a result from reading to writing, and whether the sweep in it is an estimate.

    Parameters
    ----------
    result : dict
        A result of `benchmark_scale.contest`.

    Returns
    -------
    tuple of (float, bool), or None
        None if the contender neither came to its end nor to an estimate.
    """
    counted = {step["step"]: step["seconds"] for step in result["steps"] if step["step"] not in NOT_COUNTED}
    if "estimate" in result and not _has_sweep(result):
        return sum(counted.values()) + result["estimate"], True
    return None if result["failure"] or not counted else (sum(counted.values()), False)


def _speed(results) -> str:
    rows = []
    for result in _in_order(results):
        ours = next((row for row in results if row["contender"] == OURS and _same_task(row, result)), None)
        time = seconds(result)
        our_time = ours and seconds(ours)
        rows.append(
            [
                f"{result['customers']:,}",
                LABELS[result["contender"]],
                _time(result, time),
                _ratio(time and time[0], our_time and our_time[0], 1),
                f"{time[0] / result['customers'] * 1e6:,.1f}" if time else NOTHING,
                _peak(result),
                _ratio(result["inertia"], ours and ours["inertia"], 4),
            ]
        )
    return _table(["customers", "", "seconds", "times ours", "µs per customer", "peak MB", "inertia, ours = 1"], rows)


def _steps(results) -> str:
    names = list(dict.fromkeys(step["step"] for result in results for step in result["steps"]))
    rows = []
    for result in _in_order(results):
        steps = {step["step"]: step for step in result["steps"]}
        cells = [
            f"{steps[name]['seconds']:,.2f} s, {steps[name]['megabytes']:,.0f} MB" if name in steps else NOTHING
            for name in names
        ]
        rows.append([f"{result['customers']:,}", *cells, result["failure"] or _time(result, seconds(result))])
    return _table(["customers", *names, "in all, s"], rows)


def _capped(results) -> str:
    rows = []
    for result in _in_order(results):
        ours = next((row for row in results if row["contender"] == OURS and _same_task(row, result)), None)
        rows.append(
            [
                f"{result['customers']:,}",
                LABELS[result["contender"]],
                _end(result),
                NOTHING if result["failure"] else _time(result, seconds(result)),
                _peak(result),
                _ratio(result["inertia"], ours and ours["inertia"], 4),
            ]
        )
    return _table(["customers", "", "came to the end", "seconds", "peak MB", "inertia, ours = 1"], rows)


def _end(result) -> str:
    """Write whether a contender came to its end, or why not and how far it came."""
    if not result["failure"]:
        return "yes"
    if result["failure"] == "not installed":
        return "not installed"
    reached = f"after the step '{result['steps'][-1]['step']}'" if result["steps"] else "in the first step"
    return f"no: {result['failure']}, {reached}"


def _quality(results) -> str:
    contenders = [name for name in LABELS if any(result["contender"] == name for result in results)]
    rows = []
    for kind in KINDS:
        found = {result["contender"]: result for result in results if result["kind"] == kind}
        if not found:
            continue
        best_of_starts = found.get("scikit_learn", {"inertia": None})["inertia"]
        cells = [_quality_cell(found.get(name), best_of_starts) for name in contenders]
        rows.append([kind, *cells])
    return _table(["data", *(LABELS[name] for name in contenders)], rows)


def _quality_cell(result, best_of_starts) -> str:
    if result is None or result["inertia"] is None:
        return (result and result["failure"]) or NOTHING
    # one start must not pass for the best of many
    single = f" ({_starts(result)})" if result.get("starts_of_fit") == 1 and not _has_sweep(result) else ""
    if result["contender"] == "scikit_learn":
        return f"{result['inertia']:,.0f}{single}"
    return NOTHING if best_of_starts is None else f"{(result['inertia'] / best_of_starts - 1) * 100:+.3f} %{single}"


def _peak(result) -> str:
    return f"{max(step['megabytes'] for step in result['steps']):,.0f}" if result["steps"] else NOTHING


def _starts(result) -> str:
    return "1 start" if result["starts_of_fit"] == 1 else f"{result['starts_of_fit']} starts"


def _has_sweep(result) -> bool:
    return any(step["step"] == "sweep" for step in result["steps"])


def _time(result, time) -> str:
    """Write the seconds; an estimate says from what, a contender without its end says why."""
    parts = []
    if time and time[1]:
        parts.append(f"≈ {_few_digits(time[0])} ({result['fits']} fits of {_starts(result)})")
    elif time:
        parts.append(_few_digits(time[0]))
    if result["failure"]:
        parts.append(result["failure"])
    return "; ".join(parts) or NOTHING


def _few_digits(value) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def _ratio(value, base, decimals) -> str:
    return f"{value / base:,.{decimals}f}" if value and base else NOTHING


def _same_task(one, other) -> bool:
    return one["customers"] == other["customers"] and one["kind"] == other["kind"]


def _in_order(results):
    order = list(LABELS)
    return sorted(results, key=lambda result: (result["customers"], order.index(result["contender"])))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; all columns but those of words are set to the right."""
    words = {"", "data", "measured on", "came to the end"}
    lines = [head, ["---" if name in words else "---:" for name in head], *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)
