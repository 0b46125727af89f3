"""Spreadsheets that look like the printed form of an act: its title over the whole width, ruled cells, sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gemba.ui.exports import XLSX
from gemba.ui.pages import disposition

_LINE = Side(style="thin", color="000000")
_RULED = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FAMILY = "Times New Roman"
_PLAIN = Font(name=_FAMILY, size=11)
_BOLD = Font(name=_FAMILY, size=11, bold=True)
_TITLE = Font(name=_FAMILY, size=14, bold=True)
_SMALL = Font(name=_FAMILY, size=11, italic=True)
_GREY = PatternFill("solid", fgColor="F2F2F2")
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_ALIGN = {
    "center": Alignment(horizontal="center", vertical="top", wrap_text=True),
    "left": Alignment(horizontal="left", vertical="top", wrap_text=True),
    "right": Alignment(horizontal="right", vertical="top", wrap_text=True),
}
_LONGEST = 32_767
# What a reader's program would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Field:
    """A column of the form: its heading, its width in letters, how its cells stand, how numbers are written."""

    title: str
    width: int = 16
    align: str = "left"
    number_format: str = "General"


@dataclass(frozen=True)
class Section:
    """A heading over the whole width between the rows."""

    title: str


Line = Section | Sequence[Any]


def printed_form(
    *,
    sheet_title: str,
    file_name: str,
    title: str,
    under: Sequence[str] = (),
    fields: Sequence[Field],
    lines: Iterable[Line],
    numbers: Sequence[int] = (),
    below: Sequence[str] = (),
) -> HttpResponse:
    """Answer with an XLSX file on lying A4 pages; `numbers` are those of the columns, printed under their headings."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = sheet_title[:31]
    width = len(fields)
    _across(
        sheet,
        1,
        width,
        title,
        _TITLE,
        _MIDDLE,
        20 * (1 + len(title) // max(sum(f.width for f in fields) - 20, 40)),
    )
    for text in under:
        _across(sheet, sheet.max_row + 1, width, text, _PLAIN, _MIDDLE)
    head = sheet.max_row + 2
    for column, one in enumerate(fields, start=1):
        _put(sheet.cell(head, column), one.title, _BOLD, _MIDDLE, _GREY)
        sheet.column_dimensions[get_column_letter(column)].width = one.width
    last = head
    if numbers:
        last += 1
        for column, number in enumerate(numbers, start=1):
            _put(sheet.cell(last, column), number, _PLAIN, _MIDDLE)
    row = last
    for line in lines:
        row += 1
        if isinstance(line, Section):
            _across(sheet, row, width, line.title, _BOLD, _MIDDLE)
            for column in range(1, width + 1):
                sheet.cell(row, column).border = _RULED
            continue
        for column, (value, one) in enumerate(zip(line, fields, strict=True), start=1):
            cell = sheet.cell(row, column)
            _put(cell, value, _PLAIN, _ALIGN[one.align])
            if isinstance(cell.value, (int, float)) or cell.data_type == "n":
                cell.number_format = one.number_format
    for text in below:
        row += 1
        _across(sheet, row + 1, width, text, _SMALL, _ALIGN["left"], 15 * (1 + len(text) // 150))
    sheet.freeze_panes = f"A{last + 1}"
    sheet.print_title_rows = f"{head}:{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    # The stubs of openpyxl call every part of a footer optional; a new sheet has them all.
    sheet.oddFooter.right.text = "&P из &N"  # type: ignore[union-attr]
    made = BytesIO()
    book.save(made)
    response = HttpResponse(made.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = disposition(f"{file_name}.xlsx")
    return response


def _across(
    sheet: Worksheet,
    row: int,
    width: int,
    text: str,
    font: Font,
    align: Alignment,
    height: float | None = None,
) -> None:
    cell = sheet.cell(row, 1)
    _put(cell, text, font, align)
    cell.border = Border()
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    if height:
        sheet.row_dimensions[row].height = height


def _put(cell: Cell | Any, value: Any, font: Font, align: Alignment, fill: PatternFill | None = None) -> None:
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
        cell.value = text or None
        if text.startswith(_FORMULA):
            # The cell is a text and says so: it stays one even after a person opens it for editing.
            cell.data_type, cell.quotePrefix = "s", True
    else:
        cell.value = value
    cell.font, cell.alignment, cell.border = font, align, _RULED
    if fill is not None:
        cell.fill = fill
