"""Split the lines of a text file into records, and keep apart the lines that are no record.

Follows RFC 4180 where the file does. A quote that is never closed, or closed within a value, spoils its own line and no
other: a reader that looks for the closing quote wherever it may be swallows every row in between.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

MOST_CHARACTERS = 500_000  # of a record: DuckDB reads two million bytes, and what is longer misses a quote
LINES_THAT_SHOW_THE_KINDS = 1000
COLUMNS_THAT_MAKE_A_ROW = 4  # where all columns are texts, whose kind tells nothing
LINES_OF_A_HEADER = 50
NUMBER = re.compile(r"[-+]?[0-9]*[.,]?[0-9]+%?")
UNDECODED = re.compile("[\udc80-\udcff]")

BROKEN_QUOTE = "has a quote in the middle of a value"
OPEN_QUOTE = "opens a quote that is not closed where a value ends"


@dataclass(frozen=True)
class Record:
    """A record of a text file, or a line that is none.

    Attributes
    ----------
    line : int
        Number of its first line in the file, from 1.
    values : list of str
        Its values; empty where the line is no record.
    problem : str or None
        Why the line is no record.
    text : str
        The line as it came, where it is no record.
    """

    line: int
    values: list[str]
    problem: str | None = None
    text: str = ""


class RecordSplitter:
    """Split lines into records of a number of values.

    Parameters
    ----------
    separator : str
        The character between two values.
    column_count : int
        Values that a record has.
    first_lines : sequence of str
        Lines of the file that show which columns hold numbers.
    encoding : str
        What the text was decoded from, for messages.
    """

    def __init__(
        self, separator: str, column_count: int, first_lines: Sequence[str] = (), encoding: str = "UTF-8"
    ) -> None:
        self._separator = separator
        self._column_count = column_count
        self._encoding = encoding
        self._blanks = " " if separator == "\t" else " \t"
        blanks = f"[{self._blanks}]*"
        self._quoted = re.compile(f'{blanks}"([^"]*(?:""[^"]*)*)"(?!"){blanks}')
        self._opening = re.compile(f'{blanks}"')
        self._is_number = self._kinds(first_lines[:LINES_THAT_SHOW_THE_KINDS])

    def split(self, lines: Iterable[tuple[int, str]]) -> Iterator[Record]:
        """Split lines into records.

        Parameters
        ----------
        lines : iterable of tuple of int and str
            Number and text of each line, without its end.

        Yields
        ------
        Record
            In the order of the lines; blank lines between records give none.
        """
        ahead = _LinesAhead(lines)
        for number, text in ahead:
            if '"' in text:
                yield self._quoted_record(number, text, ahead)
            elif text.strip(self._blanks):
                yield self._record(number, text.split(self._separator), text)

    def values(self, text: str) -> tuple[list[str], str | None]:
        """Split a text into values.

        Parameters
        ----------
        text : str
            A line, or several.

        Returns
        -------
        tuple of list of str and str or None
            The values up to the first quote that is not closed where a value ends; what is wrong with that quote.
        """
        values: list[str] = []
        position = 0
        while True:
            found = self._quoted.match(text, position)
            if found:
                end = found.end()
                if end < len(text) and text[end] != self._separator:
                    return values, BROKEN_QUOTE
                values.append(found.group(1).replace('""', '"'))
            elif self._opening.match(text, position):
                return values, OPEN_QUOTE
            else:
                end = text.find(self._separator, position)
                end = len(text) if end < 0 else end
                values.append(text[position:end])
            if end == len(text):
                return values, None
            position = end + 1

    def swallows_rows(self, lines: Sequence[str]) -> bool:
        """Tell whether a record of several lines is several rows, of which one opens a quote and another closes it.

        Parameters
        ----------
        lines : sequence of str
            The lines of the record.

        Returns
        -------
        bool
        """
        if any(self._looks_like_a_row(line) for line in lines[1:-1]):
            return True
        if self._looks_like_a_row(lines[0]) and self._looks_like_a_row(lines[-1]):
            return True
        values, _ = self.values("\n".join(lines))
        return any("\n" in value and is_number for value, is_number in zip(values, self._is_number, strict=False))

    def _looks_like_a_row(self, line: str) -> bool:
        values = line.replace('"', "").split(self._separator)
        if len(values) != self._column_count:
            return False
        if not any(self._is_number):
            return len(values) >= COLUMNS_THAT_MAKE_A_ROW
        return len(values) > 1 and all(
            NUMBER.fullmatch(value.strip()) or not value.strip()
            for value, is_number in zip(values, self._is_number, strict=True)
            if is_number
        )

    def _kinds(self, lines: Sequence[str]) -> tuple[bool, ...]:
        rows = [line.replace('"', "").split(self._separator) for line in lines]
        kinds = Counter(
            tuple(bool(NUMBER.fullmatch(value.strip())) for value in row)
            for row in rows
            if len(row) == self._column_count
        )
        # of kinds that are equally common, the one that claims fewer numbers
        return max(kinds, key=lambda kind: (kinds[kind], -sum(kind)), default=(False,) * self._column_count)

    def _record(self, number: int, values: list[str], text: str) -> Record:
        problem = None
        if len(values) != self._column_count:
            problem = f"has {len(values):,} value{'s' if len(values) != 1 else ''}, expected {self._column_count:,}"
        elif len(text) > MOST_CHARACTERS:
            problem = f"has {len(text):,} characters, expected at most {MOST_CHARACTERS:,}"
        elif "\0" in text:
            problem = "holds binary data"
        elif not text.isascii() and UNDECODED.search(text):
            problem = f"is not {self._encoding}"
        return Record(number, values) if problem is None else _broken(number, problem, text)

    def _quoted_record(self, number: int, text: str, ahead: "_LinesAhead") -> Record:
        values, problem = self.values(text)
        if problem is None:
            return self._record(number, values, text)
        lines, length = [text], len(text)
        for following in ahead.peek() if problem == OPEN_QUOTE else ():
            lines.append(following)
            length += len(following)
            if length > MOST_CHARACTERS:
                break
            if '"' not in following:
                continue
            joined = "\n".join(lines)
            values, problem_of_all = self.values(joined)
            if problem_of_all == OPEN_QUOTE:
                continue
            if problem_of_all or len(values) != self._column_count or self.swallows_rows(lines):
                break
            ahead.skip(len(lines) - 1)
            return self._record(number, values, joined)
        return _broken(number, problem, text)


class _LinesAhead:
    """Numbered lines, those that follow of which can be looked at before they are taken."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self._lines = iter(lines)
        self._seen: deque[tuple[int, str]] = deque()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        while True:
            if self._seen:
                yield self._seen.popleft()
                continue
            line = next(self._lines, None)
            if line is None:
                return
            yield line

    def peek(self) -> Iterator[str]:
        """Look at the lines that follow, which all still come."""
        for _, text in list(self._seen):
            yield text
        for line in self._lines:
            self._seen.append(line)
            yield line[1]

    def skip(self, count: int) -> None:
        """Leave out the next lines, which were looked at."""
        for _ in range(count):
            self._seen.popleft()


def _broken(number: int, problem: str, text: str) -> Record:
    return Record(number, [], problem, text[:MOST_CHARACTERS].replace("\0", "\N{REPLACEMENT CHARACTER}"))


def first_values(lines: Iterable[str], separator: str) -> list[list[str]]:
    """Split the first lines of a text into values, without knowing how many there are; broken lines are left out.

    Parameters
    ----------
    lines : iterable of str
        Lines, without their ends.
    separator : str
        The character between two values.

    Returns
    -------
    list of list of str
        The values of each record.
    """
    splitter = RecordSplitter(separator, 0)
    records: list[list[str]] = []
    open_lines: list[str] = []
    for line in islice(lines, LINES_THAT_SHOW_THE_KINDS):
        values, problem = splitter.values("\n".join([*open_lines, line]))
        open_lines = [*open_lines, line] if problem == OPEN_QUOTE and len(open_lines) < LINES_OF_A_HEADER else []
        if problem is None and (len(values) > 1 or values[0].strip()):
            records.append(values)
    return records
