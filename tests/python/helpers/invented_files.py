"""Text files of customers as people and programs write them, with and without faults, and how many records they hold.

The number of records is known because they are written one by one, so it depends on no reader.
"""

import csv
import io
from dataclasses import dataclass

from hypothesis import strategies as st

COLUMNS = ["id", "age", "annual_income_k", "spending_score", "note"]
NOTES = st.text(alphabet=st.sampled_from("abz é€😀\",;\t|\n'0."), max_size=12)
WITHOUT_LINES = st.text(alphabet=st.sampled_from("abz é€;|'0."), max_size=8)


@dataclass(frozen=True)
class InventedFile:
    """A text file, its records and which of them were spoilt."""

    content: bytes
    records: list[list[str]]
    spoilt: set[int]
    columns: list[str]


@st.composite
def invented_files(draw) -> InventedFile:
    """Draw a text file of customers."""
    columns = draw(st.permutations(COLUMNS))
    separator = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    count = draw(st.integers(6, 30))  # more than are spoilt: a file of faults alone is refused in plain words
    with_lines = draw(st.booleans())
    notes = NOTES if with_lines else WITHOUT_LINES
    records, lines = [], []
    faults = draw(st.dictionaries(st.integers(0, count - 1), st.sampled_from(sorted(FAULTS)), max_size=3))
    for number in range(count):
        values = {
            "id": str(number + 1),
            "age": str(draw(st.integers(18, 90))),
            "annual_income_k": str(draw(st.integers(10, 140))),
            "spending_score": str(draw(st.integers(1, 99))),
            "note": draw(WITHOUT_LINES if number in faults else notes).strip(),
        }
        record = [values[column] for column in columns]
        records.append(record)
        line = _line(record, separator, draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])))
        if number in faults:
            line = FAULTS[faults[number]](record, separator, draw(st.integers(0, len(record) - 1)))
        lines.append(line)
    if draw(st.booleans()) and end == "\r\n":  # put together from files of two systems
        cut = draw(st.integers(0, count))
        ended = [line + (end if place < cut else "\n") for place, line in enumerate(lines)]
    else:
        ended = [line + end for line in lines]
    text = _line(columns, separator, csv.QUOTE_MINIMAL) + end + "".join(ended)
    if draw(st.booleans()):
        text = text.removesuffix("\n").removesuffix("\r")
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    return InventedFile(text.encode(encoding), records, set(faults), columns)


def _line(values, separator, quoting) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=separator, quoting=quoting).writerow(values)
    return target.getvalue().removesuffix("\r\n")


def _joined(values, separator) -> str:
    return separator.join(value.replace(separator, "") for value in values)


def _stray_quote_before(values, separator, place) -> str:
    return _joined([f'"{value}' if number == place else value for number, value in enumerate(values)], separator)


def _stray_quote_behind(values, separator, place) -> str:
    return _joined([f'{value or "x"}"' if number == place else value for number, value in enumerate(values)], separator)


def _stray_quote_within(values, separator, place) -> str:
    return _joined([f'"{value}"x' if number == place else value for number, value in enumerate(values)], separator)


def _short(values, separator, place) -> str:
    return _joined([value for number, value in enumerate(values) if number != place], separator)


def _long(values, separator, place) -> str:
    return _joined([*values[:place], "x", *values[place:]], separator)


# Each spoils one record, which stays one line.
FAULTS = {
    "stray quote before a value": _stray_quote_before,
    "stray quote behind a value": _stray_quote_behind,
    "text behind a quote": _stray_quote_within,
    "short": _short,
    "long": _long,
}
