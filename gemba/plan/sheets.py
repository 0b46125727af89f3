"""Opens the spreadsheets people send, new (.xlsx) and old (.xls), as plain grids: what a person sees in each cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from gemba.kernel.problems import Problem, Refusal

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How the old format names «зашифровано»: the stream of a new book that a password locks inside an old container.
LOCKED = "EncryptedPackage".encode("utf-16-le")
MOST_ROWS, MOST_COLUMNS = 3000, 60
# A merged area larger than this is a frame of the page, not a cell.
MOST_MERGED = 2000
# What stands in a cell whose formula has never been counted: nobody knows its value but Excel.
UNCOUNTED = "\ue000"
_LEADS = re.compile(r'=HYPERLINK\(\s*"([^"]+)"', re.IGNORECASE)
ERRORS = (
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#Н/Д",
    "#ССЫЛКА!",
    "#ЗНАЧ!",
    "#ДЕЛ/0!",
    "#ИМЯ?",
)


@dataclass
class Sheet:
    """A sheet as a grid of texts; rows and columns count from 1, as in the file."""

    title: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    """Where the cells lead: a person sees «паспорт», the address is behind the word."""
    hidden_rows: set[int] = field(default_factory=set)
    is_hidden: bool = False
    last_row: int = 0
    last_column: int = 0

    def at(self, row: int, column: int) -> str:
        """Return what is seen in the cell."""
        return self.cells.get((row, column), "")

    def put(self, row: int, column: int, text: str) -> None:
        """Write a cell; nothing is not written."""
        if text:
            self.cells[row, column] = text
            self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def merge(self, first_row: int, last_row: int, first_column: int, last_column: int) -> None:
        """Give the text of a merged area to all its cells; a heading over the whole table stays in its corner."""
        size = (last_row - first_row + 1) * (last_column - first_column + 1)
        text = self.at(first_row, first_column)
        if not text or size > MOST_MERGED or last_column - first_column > 5:
            return
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                self.put(row, column, text)


def open_sheets(content: IO[bytes]) -> list[Sheet]:
    """Return the sheets of a file, the visible ones first.

    :raises Refusal: when it is neither format, or a password locks it.
    """
    data = content.read()
    if data.startswith(OLD):
        sheets = list(_old(data))
    elif data.startswith(b"PK"):
        sheets = list(_new(data))
    else:
        raise _unreadable(data)
    return sorted(sheets, key=lambda sheet: sheet.is_hidden)


def _unreadable(data: bytes) -> Refusal:
    if b"<html" in data[:2000].lower() or b"<table" in data[:2000].lower():
        text = "Это веб-страница, у которой имя файла Excel."
    else:
        text = "Файл не читается как таблица Excel."
    return Refusal(
        Problem(text, field="file", mend="Откройте его в Excel и сохраните как «Книга Excel (.xlsx)».")
    )


def _locked() -> Refusal:
    return Refusal(
        Problem("Файл закрыт паролем.", field="file", mend="Снимите пароль в Excel и сохраните файл ещё раз.")
    )


def _new(data: bytes) -> Iterator[Sheet]:
    try:
        book = load_workbook(BytesIO(data), data_only=True)
        formulas = load_workbook(BytesIO(data), data_only=False)
    except (BadZipFile, KeyError, ValueError, OSError, TypeError, AttributeError) as error:
        raise _unreadable(b"") from error
    for source, written in zip(book.worksheets, formulas.worksheets, strict=True):
        sheet = Sheet(source.title, is_hidden=source.sheet_state != "visible")
        last_row, last_column = min(source.max_row, MOST_ROWS), min(source.max_column, MOST_COLUMNS)
        rows = source.iter_rows(max_row=last_row, max_col=last_column, values_only=True)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                # A formula that a program has written and nobody has opened has no value yet.
                seen = text_of(value)
                if value is None and (cell := written.cell(number, column)).data_type == "f":
                    # What leads somewhere says so in the formula itself.
                    leads = _LEADS.match(str(cell.value))
                    seen = leads[1] if leads else UNCOUNTED
                sheet.put(number, column, seen)
        for line in written.iter_rows(max_row=last_row, max_col=last_column):
            for cell in line:
                place = cell.row or 0, cell.column or 0
                if cell.hyperlink is not None and cell.hyperlink.target:
                    sheet.links[place] = str(cell.hyperlink.target)
                elif cell.data_type == "f" and (leads := _LEADS.match(str(cell.value))):
                    sheet.links[place] = leads[1]
        sheet.hidden_rows = {number for number, one in source.row_dimensions.items() if one.hidden}
        for area in source.merged_cells.ranges:
            sheet.merge(area.min_row, area.max_row, area.min_col, area.max_col)
        yield sheet


def _old(data: bytes) -> Iterator[Sheet]:
    import xlrd

    if LOCKED in data:
        raise _locked()
    try:
        # The log of the library goes nowhere; merged cells are told only together with the formats.
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=BytesIO())
    except xlrd.XLRDError as error:
        raise (_locked() if "encrypted" in str(error).lower() else _unreadable(b"")) from error
    except Exception as error:
        # A damaged old file breaks the library in many ways, none of which is ours to tell apart.
        raise _unreadable(b"") from error
    for source in book.sheets():
        sheet = Sheet(source.name, is_hidden=source.visibility != 0)
        for row in range(min(source.nrows, MOST_ROWS)):
            for column in range(min(source.ncols, MOST_COLUMNS)):
                sheet.put(row + 1, column + 1, text_of(_old_value(source.cell(row, column), book.datemode)))
        sheet.hidden_rows = {row + 1 for row, one in source.rowinfo_map.items() if one.hidden}
        sheet.links = {
            (row + 1, column + 1): one.url_or_path
            for (row, column), one in source.hyperlink_map.items()
            if isinstance(one.url_or_path, str) and one.url_or_path
        }
        for first_row, after_row, first_column, after_column in source.merged_cells:
            sheet.merge(first_row + 1, after_row, first_column + 1, after_column)
        yield sheet


def _old_value(cell: Any, datemode: int) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    return None if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else cell.value


def text_of(value: Any) -> str:
    """Return what is seen in a cell: a date as ISO, a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return " ".join(str(value).replace("\u00a0", " ").split())
