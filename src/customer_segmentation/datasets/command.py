"""What `segmentation init` and `segmentation remove` say, ask and do."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click
import yaml

from customer_segmentation.datasets.dataset import currency, plan, propose, stop_on_name
from customer_segmentation.datasets.host import PACKAGE, package_folder, still_to_do
from customer_segmentation.datasets.project_blocks import FILE
from customer_segmentation.datasets.project_vars import listed
from customer_segmentation.datasets.proposal import Input, Proposal
from customer_segmentation.datasets.removing import plan_removal
from customer_segmentation.datasets.sources import open_source
from customer_segmentation.datasets.writing import Changes
from customer_segmentation.errors import NotPossibleError, UsageError
from customer_segmentation.formatting import capitalised, counted


def take_up(
    name: str,
    source: str | None,
    purchases: str | None,
    *,
    only: bool = False,
    dry_run: bool = False,
    yes: bool = False,
) -> None:
    """Take up a dataset.

    Parameters
    ----------
    name : str
        Name of the new dataset.
    source, purchases : str or None
        Where its customers and its orders are; one of them may be missing.
    only : bool
        Whether all other datasets are removed.
    dry_run, yes : bool
        Whether changes are only shown, or written without asking.

    Raises
    ------
    NotPossibleError
        If it cannot be done.
    """
    changes = open_project()
    stop_on_name(name, changes)
    if source is None and purchases is None:
        raise UsageError(
            "Name the source of the customers, for example: segmentation init shop data/customers.csv. If there are "
            "orders alone: segmentation init shop --purchases data/orders.csv"
        )
    with ExitStack() as stack:
        customers = orders = None
        said = []
        if source is not None:
            customers = stack.enter_context(open_source(source, changes.root))
        if purchases is not None:
            orders = stack.enter_context(open_source(purchases, changes.root))
        proposal = propose(name, customers, orders, changes)
    if purchases is None and proposal.customers is None:
        said.append(f"{source} contains orders or order lines: the orders define the customers.")
    if proposal.currency:
        said.append(
            f"The amounts are in {proposal.currency}, so the var currency is {proposal.currency} instead of "
            f"{currency(changes)}: it stands beside all money, such as the costs of campaigns. Nothing is converted. "
            "Features of other datasets keep their currency."
        )
    plan(proposal, changes)
    if only:
        others = [one for one in listed(changes.text(FILE), "datasets") if one != name]
        said += plan_removal(others, changes)
        said.append(f"Removed: {', '.join(others)}.")
    said += still_to_do(changes)
    click.echo(changes.diff())
    for line in [*account(proposal, currency(changes)), *said]:
        click.echo(line)
    _make(
        changes,
        f"Next: dbt build. The segmentation is called {proposal.segmentation}; pages show its display_name in "
        "seeds/judgement/segmentations.csv, and that of the dataset in seeds/judgement/dataset_names.csv.",
        dry_run,
        yes,
    )


def take_out(names: list[str], *, force: bool = False, dry_run: bool = False, yes: bool = False) -> None:
    """Remove datasets.

    Parameters
    ----------
    names : list of str
        Their names.
    force : bool
        Whether files that were edited by hand are removed, too.
    dry_run, yes : bool
        Whether changes are only shown, or written without asking.

    Raises
    ------
    NotPossibleError
        If it cannot be done.
    """
    changes = open_project()
    left = plan_removal(names, changes, force=force)
    click.echo(changes.diff())
    for line in left:
        click.echo(line)
    _make(changes, f"Removed {', '.join(names)}. Next: dbt build, to update the tables.", dry_run, yes)


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
    compared = f"2 to {proposal.k_max} segments compared" if proposal.k_max > 2 else "2 segments"
    yield f"\nThe segmentation {proposal.segmentation} ({compared}) groups customers by:"
    for one in proposal.chosen:
        yield f"  {one.feature}{' (log)' if one.transform == 'log' else ''}: {one.reason}"
    if proposal.described:
        yield "Described in every segment, but not used for grouping:"
        for feature, why in proposal.described.items():
            yield f"  {feature}: {why}"
    if proposal.customers is not None:
        yield "Labels, units, ranges and words are proposals: correct them in seeds/judgement/features.csv."


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


def _make(changes, done, dry_run, yes) -> None:
    files = capitalised(counted(len(changes.changed()), "file"))
    if dry_run:
        click.echo(f"\nNothing was written because of --dry-run. {files} would change.")
        return
    if not yes and sys.stdin.isatty() and sys.stdout.isatty() and not click.confirm("\nWrite this?"):
        click.echo("Nothing was written.")
        raise click.exceptions.Exit(1)
    changes.make()
    click.echo(f"\n{files} changed. {done}")
