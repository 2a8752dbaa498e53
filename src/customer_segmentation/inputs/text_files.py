"""Find out how a text file has to be read: its encoding, its separator, its columns and how many records it has.

A file whose every line is a record in UTF-8 is left to DuckDB as it is. Any other is read here line by line, and
written again as one that DuckDB reads without doubt, in which each line that is no record stays with the reason.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from customer_segmentation.errors import UnreadableError
from customer_segmentation.inputs.text_records import MOST_CHARACTERS, UNDECODED, RecordSplitter, first_values
from customer_segmentation.language import _, localized, ngettext
from customer_segmentation.progress import set_step

SEPARATORS = ",;\t|"
BLOCK = 1 << 24  # bytes looked at together
CHARACTERS_SHOWN = 80  # of a line that is no record
SAMPLE = 1 << 20  # bytes that show the separator and the line ends
STARTS_WITH_FIGURE = re.compile(r"\s*[-+]?\d[\d.,' ]*\b(?!\s*[^\W\d_])")  # no name, unlike "12 months"
FEWEST_COLUMNS_BELOW_A_TITLE = 3
SEPARATOR_LINE = re.compile(
    '\ufeff?"?sep=(.)"?\r?\n?', re.IGNORECASE
)  # the first line that Excel writes and understands
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ENCODING_NAMES = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16", "utf-32": "UTF-32"}

# Columns of a prepared file beside its own.
PROBLEM, LINE = "input_problem", "input_line"


@dataclass(frozen=True)
class TextFile:
    """How DuckDB has to read a text file.

    Attributes
    ----------
    columns : list of str
        Names in the header line, in order, as they are written.
    separator : str
        What stands between two values.
    compression : str
        `gzip` or `none`.
    record_count : int
        Records below the header, lines that are no record included.
    broken_line_count : int
        Lines that are no record. Where there are any, the file has the columns `PROBLEM` and `LINE` as well.
    prepared : Path or None
        The file to read instead, in UTF-8, separated by commas.
    note : str
        What was decided about the file that its reader should know; empty if nothing.
    """

    columns: list[str]
    separator: str
    compression: str
    record_count: int
    broken_line_count: int = 0
    prepared: Path | None = None
    note: str = ""


def inspect_text(path: Path, prepared: Path) -> TextFile:
    """Find out how a text file has to be read.

    Parameters
    ----------
    path : Path
        The file; one that ends in .gz is compressed.
    prepared : Path
        Where a file that DuckDB cannot read as it is may be written again.

    Returns
    -------
    TextFile

    Raises
    ------
    UnreadableError
        If it is no text, has no rows, is damaged or mixes encodings.
    """
    try:
        return _inspect_plain(path) or _inspect_odd(path, prepared)
    except (OSError, EOFError, UnicodeError, zlib.error) as error:
        raise UnreadableError(
            _("{path} is damaged: {error}. Fetch or export it again.", path=path, error=error)
        ) from None


def _compression(path: Path) -> str:
    return "gzip" if path.suffix.lower() == ".gz" else "none"


def _open(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path, "rb") if _compression(path) == "gzip" else path.open("rb")


# ---------------------------------------------------------------------------------------------------------------------
# Files that DuckDB reads as they are


def _inspect_plain(path: Path) -> TextFile | None:
    """Describe a file in UTF-8 whose every line, from the first, is a record; None if it is another."""
    with _open(path) as file:
        head = file.read(SAMPLE)
    try:
        sample = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return None
    lines = _first_lines(sample, whole=len(head) < SAMPLE)
    if "\0" in sample or SEPARATOR_LINE.match(sample) or "\r" in lines[0].removesuffix("\r"):
        return None
    header = _header(path, lines)
    columns, separator = header.names, header.separator
    if len(columns) == 1 or header.titles:
        return None  # in a single column a blank line could be a value
    line_end = "\r\n" if lines[0].endswith("\r") else "\n"
    splitter = RecordSplitter(separator, len(columns), [line.removesuffix("\r") for line in lines[1:]])
    records = 0
    with _open(path) as file:
        rest, block = b"", b"first"
        while block:
            block = file.read(BLOCK)
            data = rest + block
            if not block and data and not data.endswith(b"\n"):
                data += line_end.encode()
            plain = _plain_records(data, separator, len(columns), line_end, splitter) if data else (0, 0)
            if plain is None:
                return None
            records += plain[0]
            rest = data[plain[1] :]
            if len(rest) > MOST_CHARACTERS or (rest and not block):
                return None
    return TextFile(columns, separator, _compression(path), records - 1) if records > 1 else None


def _plain_records(
    data: bytes, separator: str, column_count: int, line_end: str, splitter: RecordSplitter
) -> tuple[int, int] | None:
    """Count whole records and the bytes they take; None unless every line is a record that can be read in one way."""
    characters = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(characters == ord('"'))
    marks = np.flatnonzero((characters == ord(separator)) | (characters == ord("\n")))
    is_quoted = np.searchsorted(quotes, marks) % 2 == 1 if quotes.size else np.zeros(marks.size, bool)
    ends = np.flatnonzero((characters[marks] == ord("\n")) & ~is_quoted)
    if not ends.size:
        return 0, 0
    marks, is_quoted = marks[: ends[-1] + 1], is_quoted[: ends[-1] + 1]
    line_ends = marks[ends]
    end = int(line_ends[-1]) + 1
    characters, quotes, whole = characters[:end], quotes[quotes < end], data[:end]
    if b"\0" in whole or not _is_utf_8(whole):
        return None
    if quotes.size:
        if not _are_quotes_at_the_ends_of_values(characters, quotes, separator):
            return None
        if _swallows_rows(whole, characters, marks, is_quoted, splitter):
            return None
    values = np.diff(np.cumsum(~is_quoted)[ends], prepend=0)
    if np.any(values != column_count) or np.any(np.diff(line_ends, prepend=-1) > MOST_CHARACTERS):
        return None
    returns = whole.count(b"\r")
    if returns != (ends.size if line_end == "\r\n" else 0) or (
        returns and np.any(characters[line_ends - 1] != ord("\r"))
    ):
        return None
    return int(ends.size), end


def _is_utf_8(data: bytes) -> bool:
    try:
        return data.isascii() or bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _are_quotes_at_the_ends_of_values(characters: np.ndarray, quotes: np.ndarray, separator: str) -> bool:
    """Tell whether every quote opens or closes a value, or is one of two that stand for one."""
    if quotes.size % 2:
        return False
    openings, closings = quotes[0::2], quotes[1::2]
    before = np.where(openings > 0, characters[openings - 1], ord("\n"))
    after = characters[np.minimum(closings + 1, characters.size - 1)]
    doubled = openings[1:] == closings[:-1] + 1
    opens = np.isin(before, [ord(separator), ord("\n")])
    closes = np.isin(after, [ord(separator), ord("\n"), ord("\r")])
    opens[1:] |= doubled
    closes[:-1] |= doubled
    return bool(opens.all() and closes.all())


def _swallows_rows(block, characters, marks, is_quoted, splitter: RecordSplitter) -> bool:
    """Tell whether a quoted value of several lines looks like rows whose quotes are missing."""
    is_line_end = characters[marks] == ord("\n")
    inner = marks[is_line_end & is_quoted]
    if not inner.size:
        return False
    outer = marks[is_line_end & ~is_quoted]
    records = np.unique(np.searchsorted(outer, inner))
    for record in records:
        start = outer[record - 1] + 1 if record else 0
        text = block[start : outer[record]].decode("utf-8")
        if splitter.swallows_rows([line.removesuffix("\r") for line in text.split("\n")]):
            return True
    return False


# ---------------------------------------------------------------------------------------------------------------------
# Other files


def _inspect_odd(path: Path, prepared: Path) -> TextFile:
    """Write a file again so that DuckDB reads it without doubt, and describe that."""
    encoding, note = _encoding(path)
    with _text(path, encoding, "\n") as text:
        sample = text.read(SAMPLE)
        is_whole = not text.read(1)
    if "\0" in sample:
        raise UnreadableError(
            _("{path} is not a text file: it holds binary data. Export it as .csv, .parquet or .xlsx.", path=path)
        )
    separator_line = SEPARATOR_LINE.match(sample)
    line_end = "\n" if "\n" in sample and "\r" not in sample.split("\n", 1)[0].removesuffix("\r") else ""
    first = _first_lines(sample if line_end else sample.replace("\r\n", "\n").replace("\r", "\n"), whole=is_whole)
    first = [line.removesuffix("\r") for line in first[1 if separator_line else 0 :]]
    header = _header(path, first, separator_line.group(1) if separator_line else None)
    columns, separator = header.names, header.separator
    if UNDECODED.search("".join(columns)):
        raise UnreadableError(
            _(
                "{path}: the header line is not {encoding}. Save the file as UTF-8.",
                path=path, encoding=ENCODING_NAMES[encoding],
            )
        )  # fmt: skip
    header_lines = _lines_of_header(first, header)
    splitter = RecordSplitter(separator, len(columns), first[header_lines:], ENCODING_NAMES.get(encoding, encoding))
    set_step(f"reading {path.name} line by line")
    records = broken = 0
    with _text(path, encoding, line_end) as text, prepared.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow([*columns, PROBLEM, LINE])
        empty = [""] * len(columns)
        skipped = header_lines + bool(separator_line)
        if header.titles:
            below = f"{path.name}: the table starts in line {skipped}, below '{'; '.join(header.titles)}'"
            note = "; ".join(filter(None, [note, below]))
        for record in splitter.split(_numbered_lines(text, skipped, splitter, len(columns))):
            records += 1
            if record.problem is None:
                writer.writerow([*record.values, "", ""])
            else:
                broken += 1
                line = record.text.encode("utf-8", "replace").decode("utf-8")
                problem = f"{path.name}, line {record.line} {record.problem}: found '{_beginning(line.strip())}'"
                writer.writerow([*empty, problem, line])
    set_step("")
    if not records:
        raise UnreadableError(_("{path} has a header line but no rows. Expected at least one.", path=path))
    return TextFile(columns, ",", "none", records, broken, prepared, note)


def _beginning(line: str) -> str:
    return line if len(line) <= CHARACTERS_SHOWN else f"{line[:CHARACTERS_SHOWN]} ..."


def _numbered_lines(text, skipped: int, splitter: RecordSplitter, column_count: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text, start=1):
        if number <= skipped:
            continue
        line = line.removesuffix("\n").removesuffix("\r")
        if "\r" not in line or '"' in line:
            yield number, line
            continue
        # a file that was put together may end some of its lines in the way of old Macs
        pieces = [piece for piece in line.split("\r") if piece.strip()]
        if all(len(splitter.values(piece)[0]) == column_count for piece in pieces):
            yield from ((number, piece) for piece in pieces)
        else:
            yield number, line


def _text(path: Path, encoding: str, newline: str) -> io.TextIOWrapper:
    errors = "surrogateescape" if encoding in ("utf-8-sig", "cp1252") else "strict"
    return io.TextIOWrapper(_open(path), encoding=encoding, errors=errors, newline=newline)


def _encoding(path: Path) -> tuple[str, str]:
    """Return the codec of a file, and what its reader should know about it."""
    with _open(path) as file:
        head = file.read(SAMPLE)
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if head.startswith(mark) and encoding != "utf-8-sig":
            return encoding, ""
    if head[1::2].count(0) > len(head) // 4 and not head[0::2].count(0):
        return "utf-16-le", ""
    if head[0::2].count(0) > len(head) // 4 and not head[1::2].count(0):
        return "utf-16-be", ""
    with _open(path) as file:
        utf_8, other = _lines_by_encoding(file)
    if other.count == 0:
        return "utf-8-sig", ""
    if utf_8.count == 0:
        return "cp1252", f"{path.name} is not UTF-8 (line {other.first}) and is read as Windows-1252"
    if utf_8.count > other.count:
        return "utf-8-sig", ""
    raise UnreadableError(
        _(
            "{path} mixes encodings: {lines} UTF-8, such as line {line}, and {other_lines} not, such as line "
            "{other_line}. Save it in one encoding, UTF-8.",
            path=path, lines=_lines(utf_8.count), line=utf_8.first,
            other_lines=_lines(other.count), other_line=other.first,
        )
    )  # fmt: skip


@dataclass
class _CountedLines:
    count: int = 0
    first: int = 0

    def add(self, number: int) -> None:
        self.count += 1
        self.first = self.first or number


def _lines_by_encoding(file: Iterable[bytes]) -> tuple[_CountedLines, _CountedLines]:
    """Count the lines beyond ASCII that are UTF-8, and those that are not."""
    utf_8, other = _CountedLines(), _CountedLines()
    number = 0
    for line in file:
        for part in line.splitlines():
            number += 1
            if part.isascii():
                continue
            try:
                part.decode("utf-8")
                utf_8.add(number)
            except UnicodeDecodeError:
                other.add(number)
    return utf_8, other


def _lines(number: int) -> str:
    return ngettext("1 line is", "{lines} lines are", number, lines=localized(f"{number:,}"))


# ---------------------------------------------------------------------------------------------------------------------
# The header


def _first_lines(sample: str, *, whole: bool) -> list[str]:
    lines = sample.split("\n")
    return lines if whole or len(lines) == 1 else lines[:-1]


class _Header(NamedTuple):
    """The names of the columns, the separator between them, and what stands above them."""

    names: list[str]
    separator: str
    titles: list[str]


def _header(path: Path, lines: list[str], separator: str | None = None) -> _Header:
    """Split the first line by the separator that gives the following lines as many values, and the most of them.

    Lines with a single value above rows of several are titles, as in a spreadsheet.
    """
    lines = [line.removesuffix("\r") for line in lines[:200]]
    if not any(line.strip() for line in lines):
        raise UnreadableError(
            _("{path} holds nothing but blank lines. Expected a header line and at least one row.", path=path)
        )
    candidates = []
    for candidate in [separator] if separator else SEPARATORS:
        rows = first_values(lines, candidate)
        if rows:
            start = _titles(rows)
            table = rows[start:]
            agreeing = sum(len(row) == len(table[0]) for row in table) / len(table)
            candidates.append((len(table[0]) > 1, agreeing > 0.5, len(table[0]), candidate, rows, start))
    if not candidates:
        raise UnreadableError(
            _(
                "{path}: the header line has a quote that is not closed. Put each name that holds a quote or the "
                "separator between double quotes.",
                path=path,
            )
        )
    *__, separator, rows, start = max(candidates, key=lambda found: found[:3])
    titles = [value.strip() for row in rows[:start] for value in row if value.strip()]
    if titles and any(STARTS_WITH_FIGURE.match(value) for value in rows[start]):
        raise UnreadableError(
            _(
                "{path}: the first line, '{title}', names 1 of {columns} columns, and no other line has names. Write "
                "the names of all columns into one line above the rows, and delete titles.",
                path=path, title=titles[0], columns=len(rows[start]),
            )
        )  # fmt: skip
    return _Header(rows[start], separator, titles)


def _titles(rows: list[list[str]]) -> int:
    """Count the rows with a single value above those with several; none where the others have few as well."""
    filled = [sum(bool(value.strip()) for value in row) for row in rows]
    start = next((place for place, values in enumerate(filled) if values > 1), 0)
    # a comma within sentences makes no table
    return start if len(rows[0]) > 1 or filled[start] >= FEWEST_COLUMNS_BELOW_A_TITLE else 0


def _lines_of_header(lines: list[str], header: _Header) -> int:
    """Count the lines up to the end of the header, with titles and blank ones above it."""
    counts = range(1, len(lines) + 1)
    return next(count for count in counts if header.names in first_values(lines[:count], header.separator))
