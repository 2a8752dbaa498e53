"""What each column of a source holds: counts and figures of its values, and how its numbers are written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from customer_segmentation.datasets.sources import ROWS, Source, text_of
from customer_segmentation.inputs.notation import number_questions, number_reading, number_text, sign_query
from customer_segmentation.publication.database import quoted

NUMBER_TYPE = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL(\(.*\))?)")
NESTED_TYPE = re.compile(r"(STRUCT|MAP|UNION|BLOB|VARIANT|INTERVAL).*|.*\]")
NOTHING = ("na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", "unknown", "missing")

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
PHONE = r"^(\+|00|\()[0-9 ()./-]{6,}$|^[0-9]{2,5}[ /-][0-9]{2,4}[ -][0-9 -]{2,10}$"
PERSON = r"^\p{Lu}[\p{L}'.-]+( \p{Lu}[\p{L}'.-]*){1,3}$"
DATE = (
    r"^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([ T][0-9:.]+.*)?$"
    r"|^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})([ T,].*)?$"
    r"|^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$"
    r"|^[0-9]{1,2}[. -]+[A-Za-z]{3,9}[., -]+[0-9]{2,4}$|^[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4}$"
)
NUMBER = r"^[^0-9]{0,8}[0-9][0-9.,' ]*([eE][-+]?[0-9]+)?[^0-9]{0,12}$"
FEW_VALUES = 50  # that a word for a state or a kind can have
MOST_MATCH = 0.9  # of the values that must look like something for the column to be that


@dataclass(frozen=True)
class Numbers:
    """The numbers of a column.

    Attributes
    ----------
    values : ndarray
        One per row that is looked at; not a number where there is none.
    unit : str
        The sign that all values carry and that belongs to no currency, such as kg; otherwise empty.
    currency : str
        The sign of a currency that values carry; otherwise empty.
    problem : str
        What the column leaves open, and the way out; empty if nothing.
    notes : list of str
        How it was read where that is not plain.
    """

    values: np.ndarray
    unit: str = ""
    currency: str = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def known(self) -> np.ndarray:
        """The values of rows that have one."""
        return self.values[np.isfinite(self.values)]


@dataclass(frozen=True)
class Column:
    """What a column of a source holds.

    Attributes
    ----------
    name : str
        Its name in the source.
    position : int
        Its place, from 1.
    kind : str
        `number`, `date`, `text`, `boolean`, `nested` or `nothing`.
    rows, filled, distinct : int
        Rows that are looked at, those with a value, and different values.
    examples : tuple of str
        A few of its values.
    shares : dict of str to float
        Share of the values that look like an `email`, `phone`, `person`, a number with a leading zero (`zero`) or a
        whole number (`whole`), and of the most common one (`common`).
    length : int or None
        Length of its values if all have the same.
    fingerprint : int
        The same for columns with the same values.
    numbers : Numbers or None
        The numbers of a column of kind `number`.
    values : tuple of str
        All values of a text that has no more than `FEW_VALUES` different ones; else empty.
    """

    name: str
    position: int
    kind: str
    rows: int
    filled: int
    distinct: int
    examples: tuple[str, ...]
    shares: Mapping[str, float]
    length: int | None
    fingerprint: int
    numbers: Numbers | None = None
    values: tuple[str, ...] = ()

    @property
    def missing(self) -> float:
        """The share of rows without a value; of numbers, without one that can be read."""
        known = self.filled if self.numbers is None else len(self.numbers.known)
        return 1 - known / self.rows

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.filled == self.distinct == self.rows

    @property
    def is_sequence(self) -> bool:
        """Whether its values are whole numbers that count the rows."""
        if self.numbers is None or not self.is_unique or self.shares["whole"] < 1:
            return False
        known = self.numbers.known
        return len(known) == self.rows and known.max() - known.min() == self.rows - 1


def columns_of(source: Source, words: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Look at all columns of a source.

    Parameters
    ----------
    source : Source
        An open source.
    words : sequence of mapping
        Rows of the seed `input_notations`.

    Returns
    -------
    list of Column
        In the order of the source.
    """
    return [_column(source, name, position, words) for position, name in enumerate(source.columns, start=1)]


def numbers_of(
    source: Source, name: str, words: Sequence[Mapping[str, Any]], *, column: str | None = None, unit: str | None = None
) -> Numbers:
    """Read the numbers of a column as the build does.

    Parameters
    ----------
    source : Source
        An open source.
    name : str
        The column.
    words : sequence of mapping
        Rows of the seed `input_notations`.
    column : str, optional
        The column of the dataset that it shall be.
    unit : str, optional
        What it counts in.

    Returns
    -------
    Numbers
    """
    if NUMBER_TYPE.fullmatch(source.columns[name]):
        return Numbers(_values(source, f"cast({quoted(name)} as double)"))
    text = _said(name)
    seen = source.rows(f"select {_selected(number_questions(text))} from {ROWS}")[0]
    signs = source.rows(sign_query(text, ROWS)) if seen["dressed"] else []
    read = partial(
        number_reading, seen, signs, words, column=column, is_spreadsheet=source.is_spreadsheet, may_be_missing=True
    )
    found_unit = ""
    reading = read(unit=unit)
    left_over = [row["sign"] for row in signs if row["sign"] and re.match(r"[-+]?\d", row["example"])]
    if unit is None and left_over and not _is_read(reading):
        # a sign that is no currency, such as kg, is understood where it is the unit of the column; a letter before the
        # number makes it a code
        with_unit = read(unit=left_over[0])
        if _is_read(with_unit):
            reading, found_unit = with_unit, left_over[0]
    if unit is None and {row["sign"].strip() for row in signs if row["sign"]} == {"%"}:
        with_unit = read(unit="%")
        if _is_read(with_unit):
            reading, found_unit = with_unit, "%"
    if reading["problem"]:
        problem = reading["problem"]
        why = f"'{problem['example']}' leaves open {problem['question']}. {problem['way_out']}"
        return Numbers(np.full(source.looked_at, np.nan), problem=why)
    plain = reading["undressed"].replace("{text}", f"({text})") if reading["undressed"] else text
    number = f"try_cast({number_text(f'({plain})', reading['comma'], reading['points'])} as double)"
    if reading["scale"]:
        number = reading["scale"].replace("{number}", number).replace("{text}", f"({text})")
    carried = next((row["sign"] for row in signs if currency_of(row["sign"], words)), "")
    return Numbers(_values(source, number), unit=found_unit, currency=carried, notes=reading["notes"])


def currency_of(sign: str, words: Sequence[Mapping[str, Any]]) -> str:
    """Return the code of the currency that a sign or word stands for; empty if it is none.

    Parameters
    ----------
    sign : str
        Such as $, EUR or francs.
    words : sequence of mapping
        Rows of the seed `input_notations`.

    Returns
    -------
    str
    """
    for word in words:
        is_currency = word["kind"] == "sign" and word["means"] not in ("percent", "thousands", "millions")
        if is_currency and word["written"].lower() == sign.strip().lower():
            return word["means"]
    return ""


def _is_read(reading) -> bool:
    return not reading["problem"] and not any("does not list" in note for note in reading["notes"])


def _values(source, number) -> np.ndarray:
    found = source.database.execute(f"select {number} as value from {ROWS}").fetchnumpy()["value"]
    return np.ma.filled(np.ma.asarray(found, dtype=float), np.nan)


def _said(name) -> str:
    """Return SQL for a value as text; null for words such as n/a."""
    words = ", ".join(f"'{word}'" for word in NOTHING)
    return f"(case when lower({text_of(name)}) in ({words}) then null else {text_of(name)} end)"


def _column(source, name, position, words) -> Column:
    type_found = source.columns[name]
    if NESTED_TYPE.fullmatch(type_found):
        return Column(name, position, "nested", source.looked_at, 0, 0, (), {}, None, 0)
    facts = _facts(source, name)
    shares = {what: facts[what] / max(facts["filled"], 1) for what in _PATTERNS | {"common": ""}}
    kind = _kind(type_found, facts, shares)
    numbers = numbers_of(source, name, words) if kind == "number" else None
    if numbers is not None and type_found == "VARCHAR" and not numbers.problem:
        # signs that nothing explains make no numbers
        kind = "number" if len(numbers.known) >= MOST_MATCH * facts["filled"] else "text"
    examples = tuple(text for text in dict.fromkeys((facts["first"], facts["last"])) if text is not None)
    length = facts["shortest"] if facts["shortest"] == facts["longest"] else None
    return Column(
        name, position, kind, source.looked_at, facts["filled"], facts["distinct"], examples, shares, length,
        facts["fingerprint"], numbers if kind == "number" else None,
        _different_values(source, name) if kind == "text" and facts["distinct"] <= FEW_VALUES else (),
    )  # fmt: skip


def _different_values(source, name) -> tuple[str, ...]:
    text = _said(name)
    found = source.database.execute(f"select distinct {text} from {ROWS} where {text} is not null order by 1")
    return tuple(value for (value,) in found.fetchall())


_PATTERNS = {
    "email": EMAIL,
    "phone": PHONE,
    "person": PERSON,
    "date": DATE,
    "number": NUMBER,
    "zero": "^0[0-9]+$",
    "whole": r"^[-+]?[0-9]+(\.0+)?$",
}


def _facts(source, name) -> dict[str, Any]:
    text = _said(name)
    asked = {
        "filled": f"count({text})",
        "distinct": f"count(distinct {text})",
        "first": f"min({text})",
        "last": f"max({text})",
        "shortest": f"min(length({text}))",
        "longest": f"max(length({text}))",
        "fingerprint": f"coalesce(bit_xor(hash(rowid || '|' || {text})), 0)",
    } | {
        what: f"count(case when regexp_matches({text}, '{_escaped(one)}') then 1 end)"
        for what, one in _PATTERNS.items()
    }
    facts = source.rows(f"select {_selected(asked)} from {ROWS}")[0]
    common = source.database.execute(
        f"select count(*) from {ROWS} where {text} is not null group by {text} order by 1 desc limit 1"
    ).fetchall()
    return facts | {"common": common[0][0] if common else 0}


def _escaped(pattern) -> str:
    return pattern.replace("'", "''")


def _selected(questions) -> str:
    return ", ".join(f"{question} as {quoted(name)}" for name, question in questions.items())


def _kind(type_found, facts, shares) -> str:
    if facts["filled"] == 0:
        return "nothing"
    if NUMBER_TYPE.fullmatch(type_found):
        return "number"
    if type_found.startswith(("DATE", "TIMESTAMP")):
        return "date"
    if type_found == "BOOLEAN":
        return "boolean"
    if shares["date"] >= MOST_MATCH:
        return "date"
    # an amount may look like 12.50 EUR, and a code like AB-123 is no number
    return "number" if shares["number"] >= MOST_MATCH and shares["zero"] < 0.05 else "text"
