"""What the columns of a table of orders or order lines are, and whether a table is one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customer_segmentation.datasets import names
from customer_segmentation.datasets.customers import CUSTOMER, ID_NAME, LAST_PURCHASE, SIGNS
from customer_segmentation.datasets.known import Known
from customer_segmentation.datasets.profile import MOST_MATCH, Column, currency_of
from customer_segmentation.datasets.proposal import Input, ProposedColumn
from customer_segmentation.datasets.sources import Source, listed, text_of
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.inputs.notation import header_readings, spelling

FEWEST_REPEATED = 0.05  # of the rows of orders whose customer or order came before
CATEGORY = re.compile(r"\b(categor(y|ies)|group|department|gruppe|warengruppe|artikelgruppe|kategorie|product type)\b")
ORDER = re.compile(
    r"\b(order|invoice|receipt|basket|transaction|sale|purchase|ticket|booking|donation|payment|bestellung|rechnung|bon"
    r"|buchung|spende|zahlung)\b|\b(buchungs|auftrags|beleg|vorgangs)(nummer|nr)\b"
)
PART_OF_ORDER = re.compile(r"\b(line|item|position|row|zeile|artikel)\b")
BUYING_FIRM = re.compile(r"\b(company|business|organi[sz]ation|firm|firma|unternehmen)\b")  # of orders, never of people
PRICE_PER = re.compile(r"^(?:price|rate|fee|cost|preis) (?:per|pro|je) (?P<piece>\w+)$")
PER_PIECE = re.compile(r"\b(per|pro|je|each)\b(?! (order|purchase|transaction|booking|invoice|bestellung|kauf)\b)")
DISCOUNT = re.compile(r"\b(discount|rebate|voucher|coupon|rabatt|nachlass|gutschein)")
# statuses of an order that are as often said of a membership, a customer or a case
SAID_OF_OTHERS = frozenset({"active", "blocked", "closed", "expired", "new", "open"})
MOST_NEGATIVE = 0.5  # of the amounts; returns are fewer than purchases
DAY = re.compile(r"\b(date|day|time|when|on|at|datum|tag|ordered|purchased)\b")


@dataclass(frozen=True)
class Reading:
    """Which column of a source is which column of orders.

    Attributes
    ----------
    found : dict of str to str
        Names in the source by column of the dataset.
    guessed : dict of str to str
        Those among them that no spelling says, by column of the dataset.
    others : dict of str to str
        Why other columns of the source are not read.
    """

    found: dict[str, str]
    guessed: dict[str, str]
    others: dict[str, str]

    @property
    def missing(self) -> list[str]:
        """Columns that orders cannot do without."""
        lacking = [name for name in ("customer_id", "transaction_date", "amount") if name not in self.found]
        if "amount" in lacking and {"unit_price", "quantity"} <= set(self.found):
            lacking.remove("amount")
        if "transaction_date" in lacking and "created_on" in self.found:
            lacking.remove("transaction_date")
        if "customer_id" in lacking and "customer_email" in self.found:
            lacking.remove("customer_id")
        return lacking


def reading_of(
    columns: Sequence[Column], known: Known, words: Sequence[Mapping[str, Any]], statuses: Mapping[str, str]
) -> Reading:
    """Find the columns of orders.

    Parameters
    ----------
    columns : sequence of Column
        What the columns of the source hold.
    known : Known
        What is known about columns of orders.
    words : sequence of mapping
        Rows of the seed `input_notations`.
    statuses : mapping of str to str
        What words for the status of an order mean, from the seed `input_values`.

    Returns
    -------
    Reading
    """
    found: dict[str, str] = {}
    others: dict[str, str] = {}
    for name, accepted in known.synonyms.items():
        spelled = [spelling(one) for one in accepted]
        matching = sorted(
            (column.name for column in columns if spelling(column.name) in spelled),
            key=lambda one: spelled.index(spelling(one)),
        )
        if not matching and known.definitions[name]["kind"] == "number":
            asked = [{"column": name, "accepted": accepted, "unit": None}]
            readings = header_readings([column.name for column in columns if column.kind == "number"], asked, words)
            matching = [one["name"] for one in readings if one["factor"] is not None]
        if matching:
            found[name] = matching[0]
            others |= dict.fromkeys(matching[1:], f"it can be {name} too, and '{matching[0]}' is")
    guessed = _guessed(columns, found)
    found |= guessed
    if "status" not in found:
        told = [column for column in columns if column.name not in found.values() and _says_status(column, statuses)]
        if len(told) == 1:
            guessed["status"] = found["status"] = told[0].name
    for column in columns:
        if column.name not in found.values():
            others.setdefault(column.name, _why_left_out(column, found, statuses))
    return Reading(found, guessed, others)


def looks_like_orders(source: Source, columns: Sequence[Column], reading: Reading) -> bool:
    """Say whether a table holds orders or order lines rather than customers.

    Parameters
    ----------
    source : Source
        The open source.
    columns : sequence of Column
        What its columns hold.
    reading : Reading
        Which of them could be those of orders.

    Returns
    -------
    bool
        Whether an id repeats, beside a date and an amount (or a quantity and a price). Also where a column is the id of
        an order, whether or not one is the customer: such a table must not pass for one of customers.
    """
    if reading.missing not in ([], ["customer_id"]) or not {"transaction_date", "created_on"} & set(reading.found):
        return False
    by_name = {column.name: column for column in columns}
    dated = by_name[reading.found.get("transaction_date") or reading.found["created_on"]]
    if dated.kind != "date" or LAST_PURCHASE.search(_words(dated)):
        return False
    if "transaction_id" in reading.found and "transaction_id" not in reading.guessed:
        return True  # even if each customer bought once
    if reading.missing:
        return False
    for name in ("customer_id", "transaction_id", "customer_email"):
        if name in reading.found:
            text = text_of(reading.found[name])
            filled, distinct = source.one(f"select count({text}), count(distinct {text}) from {source.relation}")
            if filled - distinct > FEWEST_REPEATED * filled:
                return True
    return False


def orders_input(source: Source, columns: Sequence[Column], reading: Reading, known: Known) -> Input:
    """Propose what a dataset takes from its orders: all that is known about them.

    Parameters
    ----------
    source : Source
        The open source.
    columns : sequence of Column
        What its columns hold.
    reading : Reading
        Which of its columns are which.
    known : Known
        What is known about columns of orders.

    Returns
    -------
    Input

    Raises
    ------
    NotPossibleError
        If it has no customer, no date or no money, or more money goes to the customers than comes from them.
    """
    if reading.missing:
        lacking = ", ".join(reading.missing)
        raise NotPossibleError(
            f"{source.written}: no column can be {lacking}. Found {listed(list(source.columns))}. Expected orders or "
            "order lines with a customer, a date and an amount (or a price and a quantity). Rename the columns, for "
            f"example to {lacking}."
        )
    _stop_on_payments(source, columns, reading)
    # a name that another column of this source has would make the build ask which one is meant
    passed_over = {spelling(one) for one, why in reading.others.items() if why.startswith("it can be")}
    proposed = []
    for name, row in known.definitions.items():
        accepted = [one for one in known.synonyms[name] if row["kind"] == "id" or spelling(one) not in passed_over]
        accepted += [reading.guessed[name]] if name in reading.guessed else []
        proposed.append(
            ProposedColumn(
                column=name,
                source=reading.found.get(name),
                kind=row["kind"],
                when_missing=row["when_missing"],
                reason=row["reason"],
                synonyms=tuple(dict.fromkeys(accepted)),
                valid=(row["valid_minimum"], row["valid_maximum"]),
                is_known=True,
            )
        )
    notes = [
        *source.notes,
        *(f"Column '{name}' is taken for {column}." for column, name in reading.guessed.items()),
    ]
    discounts = [name for name in reading.others if DISCOUNT.search(names.label(name).lower())]
    if "amount" not in reading.found and discounts:
        notes.append(
            f"Money is price times quantity, without '{discounts[0]}'. If the prices are before the discount, add a "
            "column amount with what was paid."
        )
    return Input(source.argument, source.written, tuple(source.columns), proposed, reading.others, notes)


def _stop_on_payments(source, columns, reading) -> None:
    """Refuse bookings of accounts and the like, whose amounts are not what customers paid."""
    money = reading.found.get("amount") or reading.found["unit_price"]
    numbers = next((column.numbers for column in columns if column.name == money), None)
    if numbers is None or not len(numbers.known):
        return
    negative = float((numbers.known < 0).mean())
    if negative > MOST_NEGATIVE:
        raise NotPossibleError(
            f"{source.written}, column '{money}': {negative:.0%} of the amounts are below zero. Expected what "
            "customers paid, and returns below zero, which are fewer. If each row is a purchase, turn the signs; if "
            "money flows both ways, as between accounts, leave only the rows that are purchases."
        )


def currency_carried(columns: Sequence[Column], reading: Reading, words: Sequence[Mapping[str, Any]]) -> str:
    """Return the currency that orders say their money is in.

    Parameters
    ----------
    columns : sequence of Column
        Columns of the source.
    reading : Reading
        Which of them are which.
    words : sequence of mapping
        Rows of the seed `input_notations`.

    Returns
    -------
    str
        The sign that stands beside the amounts, in the name of their column or in a column of its own, such as €. Empty
        where there is none, or where a column of currencies holds several.
    """
    by_name = {column.name: column for column in columns}
    said: list[str] = []
    for money in ("amount", "unit_price"):
        if column := by_name.get(reading.found.get(money, "")):
            said += [column.numbers.currency if column.numbers else "", *SIGNS.findall(column.name)]
    if (column := by_name.get(reading.found.get("currency", ""))) and column.distinct == 1:
        said += column.examples[:1]
    sign = next((sign.strip() for sign in said if currency_of(sign, words)), "")
    return sign.upper() if sign.islower() else sign


def _guessed(columns, found) -> dict[str, str]:
    """Take a column whose name no spelling lists where only one can be meant."""
    rest = [column for column in columns if column.name not in found.values()]
    guessed: dict[str, str] = {}

    def guess(name, candidates, certain):
        sure = [column for column in candidates if certain.search(_words(column))]
        chosen = sure if len(sure) == 1 else candidates
        if name not in found and len(chosen) == 1:
            guessed[name] = chosen[0].name

    dates = [column for column in rest if column.kind == "date"]
    if "created_on" not in found:
        guess("transaction_date", dates, DAY)
    guess(
        "transaction_id",
        [
            column
            for column in rest
            if column.kind in ("text", "number") and ORDER.search(_words(column)) and ID_NAME.search(_words(column))
            and not PART_OF_ORDER.search(_words(column)) and not CUSTOMER.search(_words(column))
        ],
        ORDER,
    )  # fmt: skip
    guess(
        "customer_id",
        [
            column
            for column in rest
            if column.kind in ("text", "number") and CUSTOMER.search(_words(column))
            and column.shares["email"] < 0.5 and column.distinct > 1
        ],
        ID_NAME,
    )  # fmt: skip
    if "transaction_id" in found and "customer_id" not in guessed and "customer_email" not in found:
        firms = [column for column in rest if column.kind == "text" and BUYING_FIRM.search(_words(column))]
        guess("customer_id", firms, ID_NAME)
    if "customer_id" not in {*found, *guessed}:
        emails = [column for column in rest if column.shares["email"] >= MOST_MATCH]
        guess("customer_email", emails, CUSTOMER)
    guess(
        "category", [column for column in rest if column.kind == "text" and CATEGORY.search(_words(column))], CATEGORY
    )
    numbers = [column for column in rest if column.kind == "number"]
    if not {"unit_price", "quantity", "amount"} & set(found):
        guessed |= _price_and_quantity(numbers)
    if not {"unit_price", "quantity"} <= {*found, *guessed}:
        money = [one for one in numbers if names.MONEY.search(_words(one)) and not PER_PIECE.search(_words(one))]
        guess("amount", money, re.compile("total|amount"))
    return guessed


def _says_status(column, statuses) -> bool:
    """Say whether every value is a word for the status of an order, and some of them say that no money stays."""
    if not all(map(statuses.get, map(_status_word, column.values))):
        return False
    meanings = {statuses[word] for word in map(_status_word, column.values) if word not in SAID_OF_OTHERS}
    return "completed" in meanings and len(meanings) > 1 and not CUSTOMER.search(_words(column))


def _why_left_out(column, found, statuses) -> str:
    """Say why a column is not read, and that orders whose money did not stay count if it could be their status."""
    lost = [
        value
        for value in column.values
        if _status_word(value) not in SAID_OF_OTHERS and statuses.get(_status_word(value), "completed") != "completed"
    ]
    if lost and "status" not in found:
        return (
            f"orders with '{lost[0]}' count as purchases, because it is not certain that this is their status. If it "
            "is, rename the column to status"
        )
    return "purchase features do not need it"


def _status_word(value) -> str:
    return spelling(value).removeprefix("wc")  # WooCommerce writes it before each


def _price_and_quantity(numbers) -> dict[str, str]:
    """Take a price per night, or the like, beside the number of nights."""
    by_words = {_words(column): column.name for column in numbers}
    for words, name in by_words.items():
        if found := PRICE_PER.match(words):
            counted = next((by_words[one] for one in by_words if one in _countings(found["piece"])), None)
            if counted:
                return {"unit_price": name, "quantity": counted}
    return {}


def _countings(piece) -> set[str]:
    several = {piece, f"{piece}s", f"{piece}n", f"{piece}e"}
    return several | {f"{before} {one}" for one in several for before in ("number of", "no of", "num", "anzahl")}


def _words(column) -> str:
    return names.label(column.name).lower()
