"""The commands `segmentation init` and `segmentation remove`: what they say, ask and do."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import yaml

from segmentation_report.words import counted
from segmentation_setup.dataset import currency, is_orders, plan, propose, stop_on_name
from segmentation_setup.project_vars import FILE, listed
from segmentation_setup.proposal import Input, Proposal
from segmentation_setup.removing import plan_removal
from segmentation_setup.sources import open_source
from segmentation_setup.writing import Changes
from segmentation_use.published import NotPossibleError, UsageError

PROJECT = "customer_segmentation"


def run_init(options) -> int:
    """Take up a dataset.

    Parameters
    ----------
    options : Namespace
        `name`, `source`, `purchases`, `only`, `dry_run` and `yes`.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    NotPossibleError
        If it cannot be done.
    """
    changes = Changes(project_root())
    stop_on_name(options.name, changes)
    if options.source is None and options.purchases is None:
        raise UsageError(
            "Name the source of the customers, for example: segmentation init shop data/customers.csv. If there are "
            "orders alone: segmentation init shop --purchases data/orders.csv"
        )
    with ExitStack() as stack:
        customers = orders = None
        said = []
        if options.source is not None:
            customers = stack.enter_context(open_source(options.source, changes.root))
        if options.purchases is not None:
            orders = stack.enter_context(open_source(options.purchases, changes.root))
        elif is_orders(customers, changes):
            said.append(f"{options.source} holds orders or order lines: its customers are those that the orders name.")
            customers, orders = None, customers
        proposal = propose(options.name, customers, orders, changes)
    plan(proposal, changes)
    if options.only:
        others = [one for one in listed(changes.text(FILE), "datasets") if one != options.name]
        said += plan_removal(others, changes)
        said.append(f"Removed: {', '.join(others)}.")
    _say(changes.diff())
    for line in [*account(proposal, currency(changes)), *said]:
        _say(line)
    return _make(changes, options, f"Build it: dbt build. Its segments are {proposal.segmentation}.")


def run_remove(options) -> int:
    """Remove datasets.

    Parameters
    ----------
    options : Namespace
        `names`, `force`, `dry_run` and `yes`.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    NotPossibleError
        If it cannot be done.
    """
    changes = Changes(project_root())
    left = plan_removal(options.names, changes, force=options.force)
    _say(changes.diff())
    for line in left:
        _say(line)
    return _make(changes, options, f"Removed {', '.join(options.names)}. Bring the tables up to date: dbt build.")


def project_root() -> Path:
    """Return the root of the project, which is the current directory.

    Returns
    -------
    Path

    Raises
    ------
    NotPossibleError
        If it is no project of this kind.
    """
    root = Path.cwd()
    try:
        found = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        found = None
    if not isinstance(found, dict):
        raise NotPossibleError(
            f"{root} is not the root of the project: there is no {FILE} that can be read. Change to the folder of the "
            "project, and run the command there."
        )
    if found.get("name") != PROJECT:
        raise NotPossibleError(
            f"{FILE} is that of the project '{found.get('name')}', expected {PROJECT}. Projects that use this one as a "
            "package are not supported yet. Change to the folder of this project, and run the command there."
        )
    return root


def account(proposal: Proposal, currency: str) -> Iterator[str]:
    """Say what is proposed, column by column.

    Parameters
    ----------
    proposal : Proposal
        The dataset.
    currency : str
        Currency of the project.

    Yields
    ------
    str
        Lines.
    """
    for things, given in (("customers", proposal.customers), ("orders", proposal.orders)):
        if given is not None:
            yield f"\nThe {things} of {proposal.name}, from {given.written}:"
            yield from _columns(given, currency)
    compared = f"2 to {proposal.k_max} segments are compared" if proposal.k_max > 2 else "2 segments"
    yield f"\nThe segmentation {proposal.segmentation} ({compared}) groups customers by:"
    for one in proposal.chosen:
        yield f"  {one.feature}{' (log)' if one.transform == 'log' else ''}: {one.reason}"
    if proposal.described:
        yield "Described in every segment, but not grouped by:"
        for feature, why in proposal.described.items():
            yield f"  {feature}: {why}"
    if proposal.customers is not None:
        yield "Labels, units, ranges and words are proposed: correct them in seeds/judgement/features.csv."


def _columns(given: Input, currency) -> Iterator[str]:
    for one in given.columns:
        if one.source is None:
            continue
        unit = f", in {one.feature['unit'].replace('{currency}', currency)}" if one.feature else ""
        notes = f" ({'; '.join(one.notes)})" if one.notes else ""
        yield f"  {one.source} -> {one.column} ({_kind(one)}{unit}){notes}"
    if given.left_out:
        yield "Left out:"
        for name, why in given.left_out.items():
            yield f"  {name}: {why}"
    yield from given.notes


def _kind(one) -> str:
    kinds = {
        "id": "id", "choice": "gender", "category": "category, described only", "number": "number", "date": "date",
        "mark": "whether an order counts",
    }  # fmt: skip
    return kinds[one.kind] if one.column != "status" else "status"


def _make(changes, options, done) -> int:
    files = counted(len(changes.changed()), "file")
    if options.dry_run:
        _say(f"\nNothing was written: --dry-run shows only. {files[0].upper()}{files[1:]} would change.")
        return 0
    if not options.yes and sys.stdin.isatty() and sys.stdout.isatty():
        sys.stdout.write("\nWrite this? [y/N] ")
        sys.stdout.flush()
        if input().strip().lower() not in ("y", "yes"):
            _say("Nothing was written.")
            return 1
    changes.make()
    _say(f"\n{files[0].upper()}{files[1:]} changed. {done}")
    return 0


def _say(text) -> None:
    sys.stdout.write(f"{text}\n")
