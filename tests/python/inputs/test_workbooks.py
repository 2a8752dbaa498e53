"""Which table of a workbook is read, and what is said of the others."""

import re
import time
import zipfile

import openpyxl
import pytest

from customer_segmentation.errors import UnreadableError
from customer_segmentation.inputs.workbooks import read_workbook

TABLE = [["id", "age"], [1, 20], [2, 30]]
ROWS = [["1", "20"], ["2", "30"]]


def workbook(path, sheets, hidden=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    if len(hidden) == len(sheets):
        book._sheets[0].sheet_state = "visible"  # openpyxl wants one when it saves
    book.save(path)
    return path


def test_the_first_filled_row_is_the_header(tmp_path):
    found = read_workbook(workbook(tmp_path / "a.xlsx", {"a": [[], [], *TABLE, [], [3, 40]]}))
    assert (found.sheet.first_row, found.sheet.header) == (3, ["id", "age"])
    assert found.sheet.rows == [*ROWS, [None, None], ["3", "40"]]
    assert found.note == ""


def test_a_title_above_the_table_is_said(tmp_path):
    found = read_workbook(workbook(tmp_path / "a.xlsx", {"a": [["Customers of May"], [], *TABLE]}))
    assert found.sheet.rows == ROWS
    assert found.note == "a.xlsx: the table starts in row 3, below 'Customers of May'"


def test_columns_without_anything_are_none(tmp_path):
    found = read_workbook(workbook(tmp_path / "a.xlsx", {"a": [[None, *row, None, ""] for row in TABLE]}))
    assert (found.sheet.header, found.sheet.rows) == (["id", "age"], ROWS)


def test_visible_sheets_come_before_hidden_ones_and_all_are_named(tmp_path):
    sheets = {"old": [["id", "age"], [9, 90]], "empty": [], "Customers": TABLE, "more": [["note"], ["x"]]}
    path = workbook(tmp_path / "a.xlsx", sheets, hidden=["old"])
    found = read_workbook(path)
    assert (found.sheet.name, found.sheet.rows) == ("Customers", ROWS)
    for part in [
        "the sheet 'Customers' is read",
        "'old' (1 row below id, age, hidden)",
        "'empty' (empty)",
        "'more' (1 row below note)",
        f"{path}#Customers names one",
    ]:
        assert part in found.note


def test_a_sheet_can_be_chosen(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"a": TABLE, "b": [["id", "age"], [9, 90]]})
    assert read_workbook(path, "b").sheet.rows == read_workbook(path, " B ").sheet.rows == [["9", "90"]]
    with pytest.raises(UnreadableError, match=r"has no sheet 'c'\. .*'a' \(2 rows below id, age\); 'b' \(1 row "):
        read_workbook(path, "c")


def test_a_workbook_whose_only_tables_are_hidden(tmp_path):
    one = workbook(tmp_path / "one.xlsx", {"notes": [], "data": TABLE}, hidden=["data"])
    assert read_workbook(one).sheet.name == "data"
    two = workbook(tmp_path / "two.xlsx", {"notes": [], "data": TABLE, "more": TABLE}, hidden=["data", "more"])
    with pytest.raises(UnreadableError, match="more than one hidden sheet does"):
        read_workbook(two)


@pytest.mark.parametrize(
    ("rows", "message"),
    [([], "the first sheet is empty"), ([["id", "age"]], "has a header line but no rows")],
    ids=["empty", "header"],
)
def test_workbooks_without_customers(tmp_path, rows, message):
    with pytest.raises(UnreadableError, match=message):
        read_workbook(workbook(tmp_path / "a.xlsx", {"a": rows}))


def edited(path, target, change):
    """Write a copy of a workbook with another first sheet, as programs do that write them on their own."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for part in source.namelist():
            content = source.read(part)
            copy.writestr(part, change(content.decode()) if part.endswith("sheet1.xml") else content)
    return target


@pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1", "A1:A2"])
def test_a_wrong_dimension_changes_nothing(tmp_path, dimension):
    path = workbook(tmp_path / "a.xlsx", {"a": TABLE})
    wrong = edited(
        path, tmp_path / "b.xlsx", lambda xml: re.sub('dimension ref="[^"]*"', f'dimension ref="{dimension}"', xml)
    )
    start = time.monotonic()
    assert read_workbook(wrong).sheet.rows == ROWS
    assert time.monotonic() - start < 5


def test_sixteen_thousand_empty_columns_are_read_at_once(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"a": [*TABLE, *[[i, 20] for i in range(3, 200)]]})
    wide = edited(
        path, tmp_path / "b.xlsx", lambda xml: re.sub(r"</row>", '<c r="XFD1" s="0"/></row>', xml)
    )  # fmt: skip
    start = time.monotonic()
    found = read_workbook(wide)
    assert time.monotonic() - start < 5
    assert (found.sheet.header, len(found.sheet.rows)) == (["id", "age"], 199)


def test_formulas_without_stored_values_are_said_to_be_that(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"a": [["id", "age", "twice"], [1, 20, "=B2*2"], [2, 30, "=B3*2"]]})
    with pytest.raises(UnreadableError, match=r"cell C2: found the formula =B2\*2 without a stored value \(and 1 more"):
        read_workbook(path)


def test_a_formula_may_give_an_empty_text(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"a": [["id", "age", "note"], [1, 20, "=A1"], [2, 30, "x"]]})
    stored = edited(
        path,
        tmp_path / "b.xlsx",
        lambda xml: re.sub(r'<c r="C2"[^>]*><f>A1</f><v ?/?>(</v>)?', '<c r="C2" t="str"><f>A1</f><v></v>', xml),
    )
    assert read_workbook(stored).sheet.rows == [["1", "20", None], ["2", "30", "x"]]
