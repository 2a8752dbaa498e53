"""Write the synthetic spreadsheet of the dataset `sales`: 1,000 customers who never existed, and very real dirt.

The project that the dataset stands for published its personas but not its spreadsheet. This one is made so that they
can be found in it: five groups that overlap, and the slips of the keyboard that such files are full of. Nothing in it
is about a person, and no finding from it is one about customers. Every run writes the same bytes.
"""

import io
import math
import os
import random
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from customer_segmentation.errors import InputError
from customer_segmentation.temporary_files import remove_leftovers, temporary_name

DEFAULT_PATH = "seeds/raw/sales_customers.xlsx"
SEED = 20241231
LAST_DAY = date(2024, 12, 31)  # the spreadsheet was closed on this day; the latest purchase is of this day
MADE_ON = datetime(2025, 1, 2)  # fixed, so that two runs write the same bytes

HEADER = [
    "Customer ID",
    "Gender",
    "Age",
    "Annual Income (k$)",
    "Spending Score (1-100)",
    "Product Category",
    "Purchase Frequency",
    "Last Purchase Date",
]
ID, GENDER, AGE, INCOME, SCORE, CATEGORY, FREQUENCY, LAST_PURCHASE = range(len(HEADER))
CATEGORIES = ["Electronics", "Fashion", "Groceries", "Home", "Sports"]


@dataclass(frozen=True)
class Group:
    """Describe a planted group of customers.

    Attributes
    ----------
    customers : int
        How many there are.
    age, income, score : tuple of float
        Mean and standard deviation.
    frequency, recency : tuple of float
        Median, and standard deviation of the logarithm: both have a heavy tail.
    categories : tuple of int
        Weights of `CATEGORIES`.
    """

    customers: int
    age: tuple[float, float]
    income: tuple[float, float]
    score: tuple[float, float]
    frequency: tuple[float, float]
    recency: tuple[float, float]
    categories: tuple[int, ...]


# The centres make the five published personas true, the spreads let their groups overlap.
GROUPS = {
    "premium": Group(185, (38, 10), (94, 18), (78, 11), (9, 0.50), (30, 0.80), (4, 3, 1, 2, 2)),
    "budget": Group(220, (47, 11), (30, 9), (49, 11), (9, 0.50), (40, 0.70), (1, 2, 6, 2, 1)),
    "loyal": Group(205, (48, 11), (60, 12), (70, 11), (29, 0.42), (6, 0.90), (2, 3, 4, 3, 2)),
    "new": Group(195, (24, 5), (53, 13), (22, 10), (4.5, 0.50), (22, 0.80), (3, 4, 1, 1, 3)),
    "lapsing": Group(195, (61, 9), (57, 14), (39, 12), (2, 0.55), (250, 0.50), (1, 1, 3, 4, 1)),
}

Dirt = tuple[int, Callable[[Any], Any]]


def _instead(cell: Any) -> Callable[[Any], Any]:
    return lambda _: cell


def _padded(value: Any) -> str:
    return f" {value} "


# Rows that cannot be used, and their customers are lost with them.
LOST: list[Dirt] = [
    (AGE, _instead(None)),
    (AGE, _instead(203)),
    (AGE, _instead("unknown")),
    (INCOME, _instead(None)),
    (INCOME, _instead(-5)),
    (INCOME, _instead("n/a")),
    (SCORE, _instead(None)),
    (SCORE, _instead(140)),
    (FREQUENCY, _instead(None)),
    (LAST_PURCHASE, _instead(None)),
    (LAST_PURCHASE, _instead("soon")),
    (LAST_PURCHASE, _instead(date(1900, 1, 1))),
]
# Rows that cannot be used, but somebody noticed and entered the customer once more, correctly, at the end of the sheet.
CORRECTED: list[Dirt] = [
    (AGE, _instead(None)),
    (AGE, _instead(0)),
    (INCOME, _instead(None)),
    (SCORE, _instead("n/a")),
    (FREQUENCY, _instead(None)),
    (FREQUENCY, _instead(-1)),
    (LAST_PURCHASE, _instead(None)),
    (LAST_PURCHASE, _instead(date(2099, 12, 31))),
]
# Rows that look wrong but say clearly what they mean, or lack what nobody needs.
HARMLESS: list[Dirt] = [
    *[(ID, _padded)] * 5,
    *[(GENDER, str.upper)] * 2,
    *[(GENDER, lambda gender: gender.lower() + " ")] * 2,
    *[(GENDER, lambda gender: gender[0])] * 2,
    *[(GENDER, lambda gender: gender[0].lower())] * 2,
    *[(GENDER, _instead(None))] * 3,
    *[(AGE, str)] * 2,
    (AGE, _padded),
    *[(INCOME, lambda income: str(income).replace(".", ","))] * 3,
    (SCORE, _padded),
    *[(SCORE, str)] * 2,
    (FREQUENCY, str),
    *[(CATEGORY, str.upper)] * 2,
    *[(CATEGORY, str.lower)] * 2,
    *[(CATEGORY, _padded)] * 2,
    *[(CATEGORY, _instead(None))] * 3,
    *[(LAST_PURCHASE, date.isoformat)] * 4,
    *[(LAST_PURCHASE, lambda day: f"{day:%d.%m.%Y}")] * 4,
    *[(LAST_PURCHASE, lambda day: (day - date(1899, 12, 30)).days)] * 4,  # as spreadsheets count days
]
REPEATED = 6  # rows that come twice, alike
AMBIGUOUS = 3  # customers whose second row contradicts the first, so that neither can be trusted


def sales_rows() -> list[list[Any]]:
    """Return the rows of the spreadsheet below its header, always the same.

    Returns
    -------
    list of list
        1,000 customers in the order of their ids with a blank row in the middle, then what was entered later.

    Examples
    --------
    >>> sales_rows()[0]
    ['C0001', 'Male', 68, 21.2, 72, 'Home', 7, datetime.date(2024, 12, 4)]
    """
    generator = random.Random(SEED)
    customers = [_customer(generator, group) for group in GROUPS.values() for _ in range(group.customers)]
    rows = [[f"C{number:04}", *customer] for number, customer in enumerate(_shuffled(generator, customers), start=1)]
    drawn = iter(_shuffled(generator, rows))  # no row is dirty twice
    entered_later = []
    for column, change in HARMLESS + LOST:
        row = next(drawn)
        row[column] = change(row[column])
    for column, change in CORRECTED:
        row = next(drawn)
        entered_later.append(list(row))
        row[column] = change(row[column])
    for row in islice(drawn, AMBIGUOUS):
        entered_later.append([*row[:AGE], row[AGE] + 9, row[INCOME], 101 - row[SCORE], *row[CATEGORY:]])
    for row in islice(drawn, REPEATED):
        rows.insert(rows.index(row), list(row))
    rows.insert(len(rows) // 2, [None] * len(HEADER))
    return rows + entered_later


def write_sales_spreadsheet(path: str | Path) -> None:
    """Write the spreadsheet, whole or not at all.

    Parameters
    ----------
    path : str or Path
        Where it belongs; the folder is created if it does not exist.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    path = Path(path)
    content = _workbook_bytes(sales_rows())
    temporary = temporary_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path.parent)
        try:
            temporary.write_bytes(content)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"The spreadsheet '{path}' cannot be written: {error.strerror}. Check the permissions of its folder and "
            "the free space, or write it elsewhere: python -m customer_segmentation.examples.sales_spreadsheet PATH."
        ) from None


def _customer(generator: random.Random, group: Group) -> list[Any]:
    """Draw gender, age, income, score, category, frequency and last purchase."""
    recency = int(_drawn_log(generator, *group.recency, 1095))
    # who has not bought for a year has not bought within the last twelve months
    frequency = max(1, round(_drawn_log(generator, *group.frequency, 120))) if recency <= 365 else 0
    return [
        "Female" if generator.random() < 0.54 else "Male",
        round(_drawn(generator, *group.age, 18, 88)),
        round(_drawn(generator, *group.income, 10, 180), 1),
        round(_drawn(generator, *group.score, 1, 100)),
        _drawn_category(generator, group.categories),
        frequency,
        LAST_DAY - timedelta(days=recency),
    ]


def _drawn(generator: random.Random, mean: float, spread: float, lowest: float, highest: float) -> float:
    """Draw a bell-shaped number; one beyond the limits is drawn again, so that none piles up there.

    Only `random()` is the same in every version of Python; twelve of them added up are close to normal.
    """
    while True:
        value = mean + spread * (sum(generator.random() for _ in range(12)) - 6)
        if lowest <= value <= highest:
            return value


def _drawn_log(generator: random.Random, median: float, spread: float, highest: float) -> float:
    return math.exp(_drawn(generator, math.log(median), spread, -math.inf, math.log(highest)))


def _drawn_category(generator: random.Random, weights: tuple[int, ...]) -> str:
    left = generator.random() * sum(weights)
    for category, weight in zip(CATEGORIES, weights, strict=True):
        left -= weight
        if left < 0:
            return category
    return CATEGORIES[-1]


def _shuffled(generator: random.Random, items: list[Any]) -> list[Any]:
    """Return the items in random order; `random.shuffle` may change between versions of Python."""
    return [items[position] for _, position in sorted((generator.random(), position) for position in range(len(items)))]


def _workbook_bytes(rows: list[list[Any]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.writer.excel import ExcelWriter

    workbook = Workbook()
    workbook.properties.title = "Synthetic sales customers"
    workbook.properties.description = (
        "Synthetic: none of these customers exists. Made by customer_segmentation.examples.sales_spreadsheet, "
        "which says how."
    )
    workbook.properties.creator = "customer_segmentation.examples.sales_spreadsheet"
    workbook.properties.created = workbook.properties.modified = MADE_ON
    sheet = workbook.worksheets[0]
    sheet.title = "customers"
    sheet.freeze_panes = "A2"
    for row in [HEADER, *rows]:
        sheet.append(row)
    for position, name in enumerate(HEADER, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = len(name) + 2
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        ExcelWriter(workbook, archive).save()  # Workbook.save would set the date of the change to now
    return _with_fixed_dates(written)


def _with_fixed_dates(written: io.BytesIO) -> bytes:
    """Write an archive anew with fixed dates of its parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, MADE_ON.timetuple()[:6])
            new.writestr(part, old.read(name), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def main() -> str | None:
    """Write the spreadsheet to the path named on the command line; return what went wrong, if anything did."""
    try:
        write_sales_spreadsheet(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_PATH)
    except InputError as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main())
