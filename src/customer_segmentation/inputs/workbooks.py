"""Read the table of a workbook: which sheet, which row it starts in, and every cell as the text of its value."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import iterparse

from customer_segmentation.errors import UnreadableError
from customer_segmentation.language import _, localized, ngettext

ROWS_THAT_SHOW_THE_TABLE = 50
COLUMNS_TOLD = 6  # of a sheet, in a message


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes
    ----------
    name : str
        Its name.
    is_hidden : bool
        Whether Excel hides it.
    part : str
        The part of the file that holds it.
    first_row : int
        Row of the header in the sheet, from 1; 0 if the sheet has no filled cell.
    header : list of str
        Names of the columns that hold anything.
    places : list of int
        Where these columns are, from 0.
    rows : list of list of str or None
        Texts of the cells below the header, row by row up to the last filled one: a row is found by its number.
    title : str
        What is written above the table in a row of its own; empty if nothing.
    """

    name: str
    is_hidden: bool
    part: str
    first_row: int = 0
    header: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    title: str = ""

    def __str__(self) -> str:
        """Say what is in the sheet, for a message."""
        hidden = _(", hidden") if self.is_hidden else ""
        if not self.first_row:
            return _("'{sheet}' (empty{hidden})", sheet=self.name, hidden=hidden)
        columns = ", ".join(self.header[:COLUMNS_TOLD]) + (", ..." if len(self.header) > COLUMNS_TOLD else "")
        return ngettext(
            "'{sheet}' ({rows} row below {columns}{hidden})", "'{sheet}' ({rows} rows below {columns}{hidden})",
            len(self.rows), sheet=self.name, rows=localized(f"{len(self.rows):,}"), columns=columns, hidden=hidden,
        )  # fmt: skip


@dataclass(frozen=True)
class Workbook:
    """The table of a workbook that is read.

    Attributes
    ----------
    sheet : Sheet
        The sheet it is in.
    note : str
        What was decided about the workbook that its reader should know; empty if there was nothing to decide.
    """

    sheet: Sheet
    note: str


def read_workbook(path: Path, name: str | None = None) -> Workbook:
    """Read the table of a workbook.

    Parameters
    ----------
    path : Path
        An .xlsx file.
    name : str, optional
        The sheet to read. If not given, the first visible one that holds a table, or the only hidden one that does.

    Returns
    -------
    Workbook

    Raises
    ------
    UnreadableError
        If it cannot be opened, has no such sheet, leaves open which sheet is meant, has no rows, or holds formulas
        without values.
    """
    sheets = [_sheet(*found) for found in _cells_of_sheets(path)]
    told = ngettext(
        "{path} has the sheet {sheets}", "{path} has the sheets {sheets}", len(sheets),
        path=path, sheets="; ".join(map(str, sheets)),
    )  # fmt: skip
    if name is not None:
        found = [sheet for sheet in sheets if sheet.name == name] or [
            sheet for sheet in sheets if sheet.name.strip().lower() == name.strip().lower()
        ]
        if not found:
            raise UnreadableError(
                _("{path} has no sheet '{sheet}'. {told}. Name one of them behind #.", path=path, sheet=name, told=told)
            )
        sheet = found[0]
    else:
        sheet = _sheet_to_read(path, sheets, told)
    if not sheet.first_row:
        raise UnreadableError(
            _(
                "{path}: the sheet '{sheet}' is empty. Expected a header line and rows. {told}.",
                path=path, sheet=sheet.name, told=told,
            )
        )  # fmt: skip
    if not sheet.rows:
        raise UnreadableError(
            _("{path} has a header line but no rows. Expected at least one. {told}.", path=path, told=told)
        )
    if _holds_formulas(path, sheet.part):
        _stop_on_formulas_without_values(path, sheet.part)
    notes = []
    if len(sheets) > 1:
        notes.append(f"the sheet '{sheet.name}' is read; {told}; {path}#{sheet.name} names one")
    if sheet.title:
        notes.append(f"{path.name}: the table starts in row {sheet.first_row}, below '{sheet.title}'")
    return Workbook(sheet, "; ".join(notes))


def _sheet_to_read(path: Path, sheets: list[Sheet], told: str) -> Sheet:
    visible = [sheet for sheet in sheets if not sheet.is_hidden]
    filled = [sheet for sheet in visible if sheet.rows] or [sheet for sheet in visible if sheet.first_row]
    if filled:
        return filled[0]
    hidden = [sheet for sheet in sheets if sheet.is_hidden and sheet.rows]
    if len(hidden) > 1:
        raise UnreadableError(
            _(
                "{path}: no visible sheet holds a table, and more than one hidden sheet does. {told}. Name one of "
                "them, for example {path}#{sheet}.",
                path=path, told=told, sheet=hidden[0].name,
            )
        )  # fmt: skip
    if hidden:
        return hidden[0]
    raise UnreadableError(
        _(
            "{path} has no sheet with a table: the first sheet is empty. {told}. Expected a header and rows.",
            path=path, told=told,
        )
    )  # fmt: skip


def _cells_of_sheets(path: Path) -> Iterator[tuple[str, bool, str, list[tuple[int, dict[int, Any]]]]]:
    """Yield name, whether hidden, part, and the filled cells of each row by their place, with the number of the row."""
    import openpyxl

    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in workbook.worksheets:
                # what a file says of its size is often wrong, and cells as wide as Excel can be take minutes
                sheet.reset_dimensions()
                part = sheet._worksheet_path  # type: ignore[attr-defined]  # openpyxl offers it nowhere else
                yield sheet.title, sheet.sheet_state != "visible", part, list(_filled_rows(sheet))
        finally:
            workbook.close()
    except UnreadableError:
        raise
    except Exception as error:  # a broken workbook raises whatever its part happens to raise
        raise UnreadableError(
            _(
                "{path} is not what its name claims, or it is damaged: it cannot be opened as a spreadsheet ({error}). "
                "Save it again as .xlsx.",
                path=path, error=error,
            )
        ) from None  # fmt: skip


def _filled_rows(sheet) -> Iterator[tuple[int, dict[int, Any]]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = {place: cell for place, cell in enumerate(row) if cell is not None and str(cell).strip()}
        if cells:
            yield number, cells


def _sheet(name: str, is_hidden: bool, part: str, cells: list[tuple[int, dict[int, Any]]]) -> Sheet:
    if not cells:
        return Sheet(name, is_hidden, part)
    start, title = 0, ""
    # a single cell above rows of several is a title
    if len(cells[0][1]) == 1 and any(len(row) > 1 for __, row in cells[1:ROWS_THAT_SHOW_THE_TABLE]):
        start = next(place for place, (__, row) in enumerate(cells) if len(row) > 1)
        title = "; ".join(str(cell) for __, row in cells[:start] for cell in row.values())
    first_row, header = cells[start]
    filled = dict(cells[start + 1 :])
    below = [filled.get(number, {}) for number in range(first_row + 1, max(filled, default=first_row) + 1)]
    places = sorted(set(header).union(*below)) if below else sorted(header)
    return Sheet(
        name,
        is_hidden,
        part,
        first_row,
        [str(header[place]).strip() if place in header else f"column {place + 1}" for place in places],
        places,
        [[_text(row.get(place)) for place in places] for row in below],
        title,
    )


def _text(cell: Any) -> str | None:
    return None if cell is None else str(cell)


def _stop_on_formulas_without_values(path: Path, part: str) -> None:
    """Stop at cells that hold a formula and not what it gives: most programs that write workbooks cannot calculate."""
    first, formula, count = "", "", 0
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        for __, element in iterparse(file):
            tag = element.tag.rpartition("}")[2]
            if tag == "c":
                children = {child.tag.rpartition("}")[2]: child for child in element}
                is_empty = "v" not in children or not children["v"].text
                # the value of a formula may be an empty text
                if "f" in children and is_empty and element.get("t") != "str":
                    count += 1
                    first, formula = (
                        (first, formula) if first else (element.get("r") or "", (children["f"].text or "")[:80])
                    )
            elif tag == "row":
                element.clear()
    if count:
        more = _(" (and {cells} more cells)", cells=localized(f"{count - 1:,}")) if count > 1 else ""
        raise UnreadableError(
            _(
                "{path}, cell {cell}: found the formula ={formula} without a stored value{more}, expected the value. "
                "Open the file in a spreadsheet program and save it there, which stores the values.",
                path=path, cell=first, formula=formula, more=more,
            )
        )  # fmt: skip


def _holds_formulas(path: Path, part: str) -> bool:
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        rest = b""
        while block := file.read(1 << 20):
            if re.search(rb"<(\w+:)?f[ >/]", rest + block):
                return True
            rest = block[-20:]
    return False
