"""Propose a dataset from its sources, and plan the files that make it."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from customer_segmentation.datasets import names
from customer_segmentation.datasets.customers import Ground, choose, customers_input
from customer_segmentation.datasets.host import SEEDS, plan_host
from customer_segmentation.datasets.known import (
    PURCHASE_FEATURES,
    known_customers,
    known_feature,
    known_transactions,
    language_of_pages,
    seed,
    transaction_values,
)
from customer_segmentation.datasets.models import model_files
from customer_segmentation.datasets.orders import currency_carried, looks_like_orders, orders_input, reading_of
from customer_segmentation.datasets.profile import columns_of, currency_of
from customer_segmentation.datasets.project_blocks import FILE
from customer_segmentation.datasets.project_vars import listed, var_value, with_listed, with_value
from customer_segmentation.datasets.proposal import Chosen, Input, Proposal
from customer_segmentation.datasets.seed_files import with_rows
from customer_segmentation.datasets.sources import Source, text_of
from customer_segmentation.datasets.sources import listed as listed_names
from customer_segmentation.datasets.suites import suite_files
from customer_segmentation.datasets.writing import Changes
from customer_segmentation.errors import NotPossibleError, UsageError
from customer_segmentation.formatting import capitalised, title_of
from customer_segmentation.inputs.notation import spelling
from customer_segmentation.language import translatable

LISTING = ".written_by_init"  # which files of a dataset were written, and what they held
DATASETS_WHY = "What is segmented: each name is a folder of models/datasets."
CURRENCY_WHY = "The currency of all money. Nothing is converted."
PURCHASES_WHY = "Datasets with purchases: an input <dataset>_transactions beside <dataset>_customers."
LONGEST_NAME = 40
RESERVED = {
    "all", "published", "segments", "segmentations", "segmentation", "features", "feature", "personas", "campaigns",
    "customers", "customer", "datasets", "dataset", "inputs", "input", "staging", "stg", "marts", "judgement",
    "quality", "publishing", "seeds", "main", "temp", "system", "information_schema", "generated", "unit_test", "rfm",
    "from_transactions",
}  # fmt: skip
FROM_PURCHASES = {
    "recency_days": "Whether the customer is still there; log because one more week matters after a week but "
    "not after a year",
    "frequency": "How often a customer buys; log because a second purchase matters more than a twenty-second",
    "monetary_value": "What a customer has spent; log because a few large totals would dominate",
}
MEASURES = {
    "recency": ("recency_days", "Days since the last purchase that was not cancelled"),
    "frequency": ("frequency", "Orders that were not cancelled"),
    "monetary": ("monetary_value", "What was paid net of returns"),
}


def stop_on_name(name: str, changes: Changes) -> None:
    """Refuse a name that no new dataset can have.

    Parameters
    ----------
    name : str
        Name of the dataset.
    changes : Changes
        The project.

    Raises
    ------
    UsageError
        If the name cannot be part of SQL names, or is taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or "__" in name or len(name) > LONGEST_NAME:
        proposed = names.identifier(name)[:LONGEST_NAME].strip("_")
        raise UsageError(
            f"'{name}' cannot be the name of a dataset. Expected at most {LONGEST_NAME} lower-case letters, digits and "
            f"single underscores, a letter first; for example {proposed}."
        )
    if name in RESERVED or name in names.keywords():
        raise UsageError(
            f"'{name}' is a word of SQL, dbt or this project. Choose another name, for example {name}_shop."
        )
    if name in listed(changes.text(FILE), "datasets") or (changes.root / "models" / "datasets" / name).exists():
        raise UsageError(
            f"The dataset {name} exists. Choose another name, or remove it first: segmentation remove {name}."
        )
    taken = [
        f"seeds/judgement/{file}.csv"
        for file in (
            "input_definitions",
            "input_synonyms",
            "features",
            "rfm_measures",
            "segmentations",
            "segmentation_features",
        )
        for row in seed(changes, file)
        if name == row.get("dataset")
        or row.get("input") in (f"{name}_customers", f"{name}_transactions", f"{name}_campaign_outcomes")
        or row.get("segmentation") == f"{name}_segments"
    ]
    if taken:
        raise UsageError(f"{taken[0]} has rows of {name} already. Choose another name, or delete these rows first.")


def propose(name: str, customers: Source | None, orders: Source | None, changes: Changes) -> Proposal:
    """Propose a dataset.

    Parameters
    ----------
    name : str
        Its name.
    customers, orders : Source or None
        Its open sources; one of them may be missing. Customers alone may turn out to be orders.
    changes : Changes
        The project.

    Returns
    -------
    Proposal

    Raises
    ------
    NotPossibleError
        If the sources do not make a dataset.
    """
    words, statuses, known = _notation_words(changes), _statuses(changes), known_transactions(changes)
    of_customers = columns_of(customers, words) if customers is not None else []
    of_orders = columns_of(orders, words) if orders is not None else []
    if customers is not None and orders is None:
        reading = reading_of(of_customers, known, words, statuses)
        if looks_like_orders(customers, of_customers, reading):
            customers, orders, of_orders = None, customers, of_customers
    taken = frozenset(PURCHASE_FEATURES) if orders else frozenset({"recency_days"})
    people = None
    if customers is not None:
        _stop_on_few_columns(customers)
        ground = Ground(
            customers,
            known_customers(changes),
            {one: known_feature(changes, one) for one in ("age", "annual_income_k", "spending_score", "recency_days")},
            {row["written"].lower(): row["read_as"] for row in _values_of(changes, "gender")},
            words,
            currency(changes),
            with_purchases=orders is not None,
            taken=taken,
            language=language_of_pages(changes),
        )
        people = customers_input(ground, of_customers)
    bought, carried = None, ""
    if orders is not None:
        reading = reading_of(of_orders, known, words, statuses)
        bought, carried = orders_input(orders, of_orders, reading, known), currency_carried(of_orders, reading, words)
        if currency_of(carried, words) == currency_of(currency(changes), words):
            carried = ""
    if customers is not None and orders is not None:
        _stop_on_strangers(customers, people, orders, bought)
    own = [one for one in people.columns if one.feature] if people else []
    features = [one.feature for one in own if one.feature]
    if bought:
        chosen = [Chosen(feature, "log", why) for feature, why in FROM_PURCHASES.items()]
        described = {one["feature"]: "purchases describe customers better" for one in features}
        has_category = any(one.column == "category" and one.source for one in bought.columns)
        for feature in PURCHASE_FEATURES:
            if has_category or "categor" not in feature:
                features.append(known_feature(changes, feature))
                if feature not in FROM_PURCHASES:
                    described[feature] = "recency, frequency and money spent are enough to start"
    else:
        chosen, described = choose(own)
        if not chosen:
            raise NotPossibleError(_no_numbers(customers, people))
    rows = next(source.count for source in (customers, orders) if source)
    return Proposal(name, rows, people, bought, features, chosen, described, max(2, min(10, rows // 10)), carried)


def plan(proposal: Proposal, changes: Changes) -> None:
    """Plan all that a dataset adds to the project.

    Parameters
    ----------
    proposal : Proposal
        The dataset.
    changes : Changes
        The project.

    Raises
    ------
    NotPossibleError
        If something is at a place that the dataset needs.
    """
    name = proposal.name
    medians = {
        one.column: float(np.nanmedian(one.values))
        for one in (proposal.customers.columns if proposal.customers else [])
        if one.values is not None and one.kind == "number"
    }
    if changes.package:
        plan_host(changes, changes.package)
    texts = model_files(proposal, is_guest=changes.package is not None) | suite_files(proposal, medians)
    for path, text in texts.items():
        _stop_on_same_model(path, changes)
        changes.add(path, text)
    if proposal.currency:
        # the other datasets keep theirs
        features = f"{SEEDS}/features.csv"
        changes.write(features, changes.text(features).replace("{currency}", currency(changes)))
    for file, rows in _seed_rows(proposal, changes).items():
        if rows:
            path = f"{SEEDS}/{file}.csv"
            changes.write(path, with_rows(changes.text(path), rows))
    project = changes.text(FILE)
    if proposal.orders is not None or changes.package:
        with_purchases = [*listed(project, "datasets_with_purchases"), *([name] if proposal.orders else [])]
        project = with_listed(project, "datasets_with_purchases", with_purchases, PURCHASES_WHY)
    project = with_listed(project, "datasets", [*listed(project, "datasets"), name], DATASETS_WHY)
    if proposal.currency:
        project = with_value(project, "currency", proposal.currency, CURRENCY_WHY)
    changes.write(FILE, project)
    changes.add(
        f"models/datasets/{name}/{LISTING}",
        json.dumps({path: fingerprint(text.encode("utf-8")) for path, text in sorted(texts.items())}, indent=2) + "\n",
    )


def fingerprint(content: bytes) -> str:
    """Return what tells the content of a file from any other; line ends do not count, which git may change."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def currency(changes: Changes) -> str:
    """Return the currency of the project."""
    return str(var_value(changes.text(FILE), "currency") or "$")


def _notation_words(changes) -> list[dict]:
    words = []
    for row in seed(changes, "input_notations"):
        word: dict[str, Any] = {column: value.strip() or None for column, value in row.items() if value is not None}
        words.append(word | {"factor": float(word["factor"]) if word.get("factor") else None})
    return words


def _values_of(changes, column) -> list[dict[str, str]]:
    """Return the rows of the seed `input_values` for a column of every input."""
    return [row for row in seed(changes, "input_values") if row["column_name"] == column and not row["input"]]


def _statuses(changes) -> dict[str, str]:
    """Return what words for the status of an order mean."""
    return {spelling(row["written"]): row["read_as"] for row in _values_of(changes, "status") if row["written"] != "*"}


def _stop_on_few_columns(source) -> None:
    if len(source.columns) < 2:
        raise NotPossibleError(
            f"{source.written} has one column, '{next(iter(source.columns))}'. Expected one row per customer with an "
            "id and at least one column of numbers, separated by comma, semicolon, tab or |."
        )


def _no_numbers(source, people) -> str:
    why = "; ".join(f"'{name}': {reason}" for name, reason in list(people.left_out.items())[:6])
    return (
        f"{source.written} has no number column that distinguishes customers. Found "
        f"{listed_names(list(source.columns))}. {f'Left out: {why}. ' if why else ''}Add at least one, such as visits "
        "or money spent."
    )


def _stop_on_strangers(customers, people, orders, bought) -> None:
    """Refuse orders of which no customer is in the table of customers."""
    id_of_customers = next(one.source for one in people.columns if one.column == "customer_id")
    id_of_orders = next((one.source for one in bought.columns if one.column == "customer_id"), None)
    if id_of_orders is None:
        return
    ours, theirs = _ids(customers, id_of_customers), _ids(orders, id_of_orders)
    known = len(theirs & ours)
    if not known:
        raise NotPossibleError(
            f"No customer of {orders.written} (column '{id_of_orders}', such as {min(theirs, default='none')}) is in "
            f"{customers.written} (column '{id_of_customers}', such as {min(ours, default='none')}). Write the ids "
            f"alike, or leave the customers out: segmentation init NAME --purchases {orders.written}."
        )
    if known < len(theirs):
        bought.notes.append(
            f"{len(theirs) - known:,} of {len(theirs):,} customers of the orders are not in {customers.written}: the "
            "build rejects their orders."
        )


def _ids(source, column) -> set[str]:
    found = source.database.execute(f"select distinct {text_of(column)} from {source.relation}").fetchall()
    return {re.sub(r"\.0+$", "", row[0]) for row in found if row[0] is not None}


def _stop_on_same_model(path, changes) -> None:
    file = Path(path).name
    if path.endswith(".sql"):
        others = [one for one in (changes.root / "models").rglob(file) if one != changes.root / path]
        if others:
            raise NotPossibleError(
                f"A model of the name {file} exists: {others[0].relative_to(changes.root)}. Choose another name."
            )


def _seed_rows(proposal, changes) -> dict[str, list[dict]]:
    name = proposal.name
    definitions: list[dict] = []
    synonyms: list[dict] = []
    values: list[dict] = []
    inputs: list[tuple[str, Input]] = []
    if proposal.customers is not None:
        inputs.append((f"{name}_customers", proposal.customers))
    if proposal.orders is not None:
        inputs.append((f"{name}_transactions", proposal.orders))
        values = [row | {"input": f"{name}_transactions"} for row in transaction_values(changes)]
    if proposal.customers is None:
        definitions, synonyms = _customers_of_orders(name, changes)
    for input_name, given in inputs:
        for position, one in enumerate(given.columns, start=1):
            definitions.append(
                {
                    "input": input_name, "position": position, "column_name": one.column, "kind": one.kind,
                    "when_missing": one.when_missing, "valid_minimum": one.valid[0], "valid_maximum": one.valid[1],
                    "reason": one.reason,
                }
            )  # fmt: skip
            written = dict.fromkeys([*([one.column] if one.column not in one.synonyms else []), *one.synonyms])
            synonyms += [{"input": input_name, "column_name": one.column, "written": word} for word in written]
    measures = [
        {"dataset": name, "measure": measure, "feature": feature, "counts_all_purchases": "true", "reason": reason}
        for measure, (feature, reason) in MEASURES.items()
    ]
    return {
        "dataset_names": [{"dataset": name, "display_name": title_of(name)}],
        "input_definitions": definitions,
        "input_synonyms": synonyms,
        "input_values": values,
        "features": [dict(feature) | {"dataset": name} for feature in proposal.features],
        "rfm_measures": measures if proposal.orders is not None else [],
        "segmentations": [_segmentation(proposal, language_of_pages(changes))],
        "segmentation_features": [
            {
                "segmentation": proposal.segmentation, "position": position, "feature": one.feature,
                "transform": one.transform, "weight": 1, "reason": one.reason,
            }
            for position, one in enumerate(proposal.chosen, start=1)
        ],
    }  # fmt: skip


def _customers_of_orders(name, changes) -> tuple[list[dict], list[dict]]:
    """Return what is known of customers whom only orders name: their id."""
    known = known_customers(changes)
    definitions, synonyms = [], []
    for position, column in enumerate(("customer_id", "signed_up_on"), start=1):
        row = dict(known.definitions[column]) | {"input": f"{name}_customers", "position": position}
        if column == "customer_id":
            row |= {"when_missing": "reject_row", "reason": "Purchases refer to it"}
        definitions.append(row)
        synonyms.append({"input": f"{name}_customers", "column_name": column, "written": column})
    return definitions, synonyms


def _segmentation(proposal, language) -> dict:
    labels = {one["feature"]: one["label"] for one in proposal.features}
    used = [labels[one.feature] for one in proposal.chosen]
    joined = language.said(translatable("{others} and {last}"))
    what = used[0] if len(used) == 1 else joined.format(others=", ".join(used[:-1]), last=used[-1])
    described = language.said(translatable("{features}, with the number of groups the data supports"))
    called = language.said(translatable("{dataset} segments"))
    return {
        "segmentation": proposal.segmentation, "dataset": proposal.name, "k": "auto", "k_min": 2,
        "k_max": proposal.k_max, "scaling": "standard", "initialisation": "best_of_starts",
        "refit": "always", "move_limit": 0.1, "is_default": "true",
        "display_name": called.format(dataset=title_of(proposal.name)),
        "source": "Proposed from the data by `segmentation init`",
        "description": described.format(features=capitalised(what)),
    }  # fmt: skip
