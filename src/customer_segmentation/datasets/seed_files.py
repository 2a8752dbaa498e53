"""The rows of a seed file: added and taken out as text, so that every other line stays as its author wrote it."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

LINE_END = re.compile('"|\r\n|\n|\r')


def seed_rows(text: str) -> list[dict[str, str]]:
    r"""Return the rows of a seed file.

    Parameters
    ----------
    text : str
        What the file holds, the header line first.

    Returns
    -------
    list of dict
        One per row, by column; the order is that of the file.

    Examples
    --------
    >>> seed_rows("dataset,feature\nshop,visits\n")
    [{'dataset': 'shop', 'feature': 'visits'}]
    """
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def with_rows(text: str, rows: Iterable[Mapping[str, object]]) -> str:
    r"""Add rows at the end of a seed file, with its own line ends.

    Parameters
    ----------
    text : str
        What the file holds.
    rows : iterable of mapping
        Values by column. A column that a row does not name stays empty, one that the file does not have is left out.

    Returns
    -------
    str

    Examples
    --------
    >>> with_rows("dataset,reason\nshop,old", [{"dataset": "cafe", "reason": "new, too"}])
    'dataset,reason\nshop,old\ncafe,"new, too"\n'
    """
    first, *_ = _records(text)
    end = "\r\n" if first.endswith("\r\n") else "\n"
    columns = _fields(first.removeprefix("\ufeff"))
    added = io.StringIO(newline="")
    writer = csv.DictWriter(added, columns, restval="", extrasaction="ignore", lineterminator=end)
    writer.writerows(rows)
    if not added.getvalue():
        return text
    return text + ("" if text.endswith(("\n", "\r")) else end) + added.getvalue()


def without_rows(text: str, is_dropped: Callable[[dict[str, str]], bool]) -> str:
    r"""Take rows out of a seed file; every other line stays as it is.

    Parameters
    ----------
    text : str
        What the file holds.
    is_dropped : callable
        Says of a row, by column, whether it goes.

    Returns
    -------
    str

    Examples
    --------
    >>> without_rows("dataset,reason\nshop,\"two\nlines\"\ncafe,b\n", lambda row: row["dataset"] == "shop")
    'dataset,reason\ncafe,b\n'
    """
    header, *records = _records(text)
    columns = _fields(header.removeprefix("\ufeff"))
    kept = [
        record
        for record in records
        if not record.strip() or not is_dropped(dict(zip(columns, _fields(record), strict=False)))
    ]
    return "".join([header, *kept])


def _records(text) -> Iterator[str]:
    """Cut a text into records with their line ends; a line end between quotes belongs to its value."""
    start, is_quoted = 0, False
    for found in LINE_END.finditer(text):
        if found[0] == '"':
            is_quoted = not is_quoted
        elif not is_quoted:
            yield text[start : found.end()]
            start = found.end()
    if start < len(text):
        yield text[start:]


def _fields(record) -> list[str]:
    return next(csv.reader(io.StringIO(record, newline="")), [])
