"""What columns are that every project knows: their definitions, spellings and words, from its seeds or from here."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from customer_segmentation.datasets.host import SEEDS, SEEDS_OF_HOST
from customer_segmentation.datasets.project_blocks import FILE
from customer_segmentation.datasets.project_vars import listed, var_value
from customer_segmentation.datasets.seed_files import seed_rows
from customer_segmentation.datasets.writing import Changes
from customer_segmentation.inputs.notation import spelling
from customer_segmentation.language import ENGLISH, Language, language_of

CUSTOMER_COLUMNS = [
    "customer_id", "gender", "age", "annual_income_k", "spending_score", "last_purchase_date", "signed_up_on"
]  # fmt: skip
PURCHASE_FEATURES = [
    "recency_days", "frequency", "monetary_value", "average_order_value", "tenure_days", "days_between_purchases",
    "return_rate", "categories_bought", "favourite_category_share",
]  # fmt: skip

# the words of a feature that pages show as they stand in its seed
WORDS = ("label", "unit", "low_phrase", "middle_phrase", "high_phrase")
OF_A_FEATURE = "of a feature"  # context of their translations

Row = Mapping[str, str]


@dataclass(frozen=True)
class Known:
    """What is known about the columns of one kind of input.

    Attributes
    ----------
    definitions : mapping of str to mapping
        Rows of the seed `input_definitions` by column, in their order.
    synonyms : dict of str to list of str
        Names under which an input may have the column.
    """

    definitions: Mapping[str, Row]
    synonyms: dict[str, list[str]]

    def column_of(self, name: str) -> str | None:
        """Return the column that a name stands for.

        Parameters
        ----------
        name : str
            Name of a column in a source.

        Returns
        -------
        str or None
        """
        spelled = spelling(name)
        return next(
            (column for column, names in self.synonyms.items() if spelled in {spelling(one) for one in names}), None
        )


def seed(changes: Changes, name: str) -> list[dict[str, str]]:
    """Return the rows of a judgement seed of the project, or of the package where the project has none of its own.

    Parameters
    ----------
    changes : Changes
        The project.
    name : str
        Name of the seed.

    Returns
    -------
    list of dict
    """
    path = f"{SEEDS}/{name}.csv"
    if changes.package and changes.content(path) is None:
        return [] if name in SEEDS_OF_HOST else seed_rows((changes.package / path).read_text(encoding="utf-8-sig"))
    return seed_rows(changes.text(path))


def known_customers(changes: Changes) -> Known:
    """Return what is known about columns of customers.

    Parameters
    ----------
    changes : Changes
        The project, whose own seeds go before what comes with this command.

    Returns
    -------
    Known
    """
    definitions, synonyms = {}, {}
    inputs = {"known_customers", *(f"{name}_customers" for name in listed(changes.text(FILE), "datasets"))}
    for column in CUSTOMER_COLUMNS:
        for source in (seed(changes, "input_definitions"), _packaged("input_definitions")):
            rows = [row for row in source if row["input"] in inputs and row["column_name"] == column]
            if rows and column not in definitions:
                definitions[column] = rows[0]
        for source in (seed(changes, "input_synonyms"), _packaged("input_synonyms")):
            written = [row["written"] for row in source if row["input"] in inputs and row["column_name"] == column]
            if written and column not in synonyms:
                synonyms[column] = list(dict.fromkeys([column, *written]))
    return Known(definitions, synonyms)


def known_transactions(changes: Changes) -> Known:
    """Return what is known about columns of orders: as the first dataset with purchases has it.

    Parameters
    ----------
    changes : Changes
        The project, whose own seeds go before what comes with this command.

    Returns
    -------
    Known
    """
    chosen = _transactions_of_seeds(changes)
    definitions = seed(changes, "input_definitions") if chosen else _packaged("input_definitions")
    synonyms = seed(changes, "input_synonyms") if chosen else _packaged("input_synonyms")
    chosen = chosen or "known_transactions"
    accepted: dict[str, list[str]] = {}
    for row in synonyms:
        if row["input"] == chosen:
            names = accepted.setdefault(row["column_name"], [])
            # a name with a mark goes before all others, the last one first
            names.insert(0 if row["written"].startswith("!") else len(names), row["written"])
    return Known({row["column_name"]: row for row in definitions if row["input"] == chosen}, accepted)


def transaction_values(changes: Changes) -> list[dict[str, str]]:
    """Return the rows of the seed `input_values` that belong to the first input of orders alone."""
    chosen = _transactions_of_seeds(changes)
    return [row for row in seed(changes, "input_values") if chosen and row["input"] == chosen]


def _transactions_of_seeds(changes) -> str | None:
    """Return the first input of orders that the seeds define."""
    inputs = {f"{name}_transactions" for name in listed(changes.text(FILE), "datasets")}
    return next((row["input"] for row in seed(changes, "input_definitions") if row["input"] in inputs), None)


def known_feature(changes: Changes, feature: str) -> dict[str, str]:
    """Return the row of the seed `features` for a well known feature, in the language of the pages.

    Parameters
    ----------
    changes : Changes
        The project, whose own seeds go before what comes with this command.
    feature : str
        Name of the feature.

    Returns
    -------
    dict
    """
    known = [row for row in _packaged("features") if row["feature"] == feature]
    rows = [row | {"dataset": ""} for row in [*known, *seed(changes, "features")] if row["feature"] == feature]
    # the words that most datasets share fit any shop; in which currency each of them counts is its own matter
    row = max(rows, key=rows.count) | {"unit": rows[0]["unit"]}
    language = language_of_pages(changes)
    return row | {name: language.said(row[name], OF_A_FEATURE) for name in WORDS}


def language_of_pages(changes: Changes) -> Language:
    """Return the language that the project asks for: what is proposed and shown on pages is written in it."""
    return language_of(str(var_value(changes.text(FILE), "locale") or ENGLISH))


def _packaged(name) -> list[dict[str, str]]:
    return seed_rows(files("customer_segmentation.datasets").joinpath("known", f"{name}.csv").read_text("utf-8"))
