"""The commands `segmentation init` and `segmentation remove`: what they say, ask and do."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import yaml

from customer_segmentation.datasets.dataset import currency, is_orders, plan, propose, stop_on_name
from customer_segmentation.datasets.host import PACKAGE, package_folder, still_to_do
from customer_segmentation.datasets.project_blocks import FILE
from customer_segmentation.datasets.project_vars import listed
from customer_segmentation.datasets.proposal import Input, Proposal
from customer_segmentation.datasets.removing import plan_removal
from customer_segmentation.datasets.sources import open_source
from customer_segmentation.datasets.writing import Changes
from customer_segmentation.errors import NotPossibleError, UsageError
from customer_segmentation.formatting import counted


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
    changes = open_project()
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
    said += still_to_do(changes)
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
    changes = open_project()
    left = plan_removal(options.names, changes, force=options.force)
    _say(changes.diff())
    for line in left:
        _say(line)
    return _make(changes, options, f"Removed {', '.join(options.names)}. Bring the tables up to date: dbt build.")


def open_project() -> Changes:
    """Return the project in the current directory, as it may be changed.

    Returns
    -------
    Changes

    Raises
    ------
    NotPossibleError
        If it is neither this project nor one that uses it as a package.
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
    return Changes(root, None if found.get("name") == PACKAGE else package_folder(root, found))


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
