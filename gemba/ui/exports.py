"""Spreadsheets of what is shown: streamed, formula-safe, with a Russian file name.

A text that begins like a formula stays a text in the reader's program; numbers and dates stay real, so that a column
can be summed and sorted.
"""

import csv as csv_format
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gemba.ui.pages import disposition

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Excel reads these first characters of a typed or imported text as the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTHS = {"text": 32, "long": 60, "number": 14, "money": 16, "percent": 12, "date": 13, "datetime": 18}
_FORMATS = {
    "number": "#,##0.###",
    "money": '#,##0.00" ₽"',
    "percent": '0.0##"%"',
    "date": "DD.MM.YYYY",
    "datetime": "DD.MM.YYYY HH:MM",
}
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a spreadsheet: kind is text, long, number, money, percent, date or datetime."""

    title: str
    kind: str = "text"
    width: int | None = None


def workbook(
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    file_name: str,
    above: Sequence[str] = (),
) -> HttpResponse | FileResponse:
    """Answer with an XLSX file: bold heading, widths, frozen heading row, filter.

    `above` are lines over the table: the municipality, the filters, the date of the data.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width or _WIDTHS[column.kind]
    head = len(above) + 1
    sheet.freeze_panes = f"A{head + 1}"
    for line in above:
        sheet.append([_text_cell(sheet, line)])
    sheet.append([_head_cell(sheet, column.title) for column in columns])
    count = 0
    wrap = Alignment(wrap_text=True, vertical="top")
    formats = [_FORMATS.get(column.kind) for column in columns]
    longs = [column.kind == "long" for column in columns]
    for row in rows:
        count += 1
        cells: list[Any] = []
        for value, style, is_long in zip(row, formats, longs, strict=True):
            cells.append(_cell(sheet, value, style, wrap if is_long else None))
        sheet.append(cells)
    if columns:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{head + count}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(stream)
    stream.seek(0)
    response = FileResponse(stream, content_type=XLSX)
    response["Content-Disposition"] = disposition(_with_ending(file_name, "xlsx"))
    return response


def csv(*, columns: Sequence[Column], rows: Iterable[Sequence[Any]], file_name: str) -> StreamingHttpResponse:
    """Answer with a CSV file as Russian Excel opens it: UTF-8 with a mark, `;`, decimal comma, streamed."""
    response = StreamingHttpResponse(_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(_with_ending(file_name, "csv"))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def safe_text(text: str) -> str:
    """Keep a text from being read as a formula; ordinary text is unchanged."""
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Line:
    """A file for csv.writer that gives its line back."""

    def write(self, line: str) -> str:
        return line


def _lines(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv_format.writer(_Line(), delimiter=";", lineterminator="\r\n")
    lines = ["\ufeff", writer.writerow([safe_text(column.title) for column in columns])]
    for row in rows:
        lines.append(writer.writerow([_plain(value) for value in row]))
        if len(lines) >= _BATCH:
            yield "".join(lines)
            lines = []
    if lines:
        yield "".join(lines)


def _plain(value: Any) -> str | int:
    """Write a value for CSV: numbers with a comma, dates as people write them."""
    # Text is most of every export: it is asked about first.
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    if isinstance(value, datetime):
        return f"{_local(value):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return safe_text(str(value))


def _cell(sheet: Any, value: Any, style: str | None, alignment: Alignment | None) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        value = "да" if value else "нет"
    if isinstance(value, (int, float, Decimal, date)):
        if isinstance(value, datetime):
            value = _local(value).replace(tzinfo=None)
            style = style or _FORMATS["datetime"]
        elif isinstance(value, date):
            style = style or _FORMATS["date"]
        cell = WriteOnlyCell(sheet, value)
        if style:
            cell.number_format = style
        return cell
    return _text_cell(sheet, str(value), alignment)


def _text_cell(sheet: Any, text: str, alignment: Alignment | None = None) -> Any:
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    if not clean.startswith(_FORMULA):
        if alignment is None:
            return clean
        cell = WriteOnlyCell(sheet, clean)
        cell.alignment = alignment
        return cell
    cell = WriteOnlyCell(sheet, clean)
    # The cell is a text and says so: it stays one even after a person opens it for editing.
    cell.data_type = "s"
    cell.quotePrefix = True
    if alignment is not None:
        cell.alignment = alignment
    return cell


def _head_cell(sheet: Any, title: str) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", title))
    cell.data_type = "s"
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E8EDF5")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _sheet_title(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "Лист"


def _with_ending(name: str, ending: str) -> str:
    return name if name.lower().endswith(f".{ending}") else f"{name}.{ending}"


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment
