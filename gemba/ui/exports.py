"""Spreadsheets of what is shown: streamed, formula-safe, with a Russian file name.

A text that begins like a formula stays a text in the reader's program; numbers and dates stay real, so that a column
can be summed and sorted.
"""

import csv as csv_format
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import IO, Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from gemba.ui.pages import disposition

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Excel reads these first characters of a typed or imported text as the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_FORMULA_OR_NOTHING = frozenset({*_FORMULA, ""})
_WIDTHS = {"text": 32, "long": 60, "number": 14, "money": 16, "percent": 12, "date": 13, "datetime": 18}
_FORMATS = {
    "number": "#,##0.###",
    "money": '#,##0.00" ₽"',
    "percent": '0.0##"%"',
    "date": "DD.MM.YYYY",
    "datetime": "DD.MM.YYYY HH:MM",
}
_BATCH = 500
_SHEET = "xl/worksheets/sheet1.xml"
_BOOK = "xl/workbook.xml"
# Stands in the frame where the number of the last row will be.
_LAST_ROW = "1048576"
# The longest text a cell may hold.
_LONGEST = 32_767
# The ordinal of the day from which spreadsheets count days.
_DAY_NOUGHT = date(1899, 12, 30).toordinal()
# What XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SAMPLE = re.compile(r"<c [^>]*>")
_STYLE = re.compile(r's="(\d+)"')


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
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    _write(stream, _Frame.of(title, columns, above), columns, rows)
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
        # Text and nothing are most of every export: the rest is asked about one by one.
        lines.append(
            writer.writerow(
                [
                    value
                    if value is None or (value.__class__ is str and value[:1] not in _FORMULA_OR_NOTHING)
                    else _plain(value)
                    for value in row
                ]
            )
        )
        if len(lines) >= _BATCH:
            yield "".join(lines)
            lines = []
    if lines:
        yield "".join(lines)


@lru_cache(maxsize=5000)
def _day(value: date) -> str:
    return f"{value:%d.%m.%Y}"


def _plain(value: Any) -> str | int:
    """Write a value for CSV: numbers with a comma, dates as people write them."""
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
        return _day(value)
    return safe_text(str(value))


@dataclass(frozen=True, slots=True)
class _Frame:
    """A workbook without its rows: the library makes everything but the many cells, which are plain XML."""

    parts: dict[str, bytes]
    before: str
    after: str
    head: int
    # Numbers of the styles: of each column's values, and of what a value brings with it.
    columns: tuple[str, ...]
    named: dict[str, str]

    @classmethod
    def of(cls, title: str, columns: Sequence[Column], above: Sequence[str]) -> "_Frame":
        """Make the book, its heading and one row of samples in the place of the rows."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_sheet_title(title))
        for number, column in enumerate(columns, start=1):
            width = column.width or _WIDTHS[column.kind]
            sheet.column_dimensions[get_column_letter(number)].width = width
        head = len(above) + 1
        sheet.freeze_panes = f"A{head + 1}"
        # What stands before the rows is written with the first of them.
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        for line in above:
            sheet.append([_text_cell(sheet, line)])
        sheet.append([_head_cell(sheet, column.title) for column in columns])
        formats = [_FORMATS.get(column.kind, "") for column in columns]
        sheet.append(
            [
                *(_sample(sheet, one) for one in formats),
                _sample(sheet, _FORMATS["date"]), _sample(sheet, _FORMATS["datetime"]),
                _sample(sheet, quoted=True), _sample(sheet, wrap=True), _sample(sheet, quoted=True, wrap=True),
            ]
        )  # fmt: skip
        if columns:
            sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{_LAST_ROW}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9
        sheet.page_setup.fitToHeight = 0
        sheet.print_title_rows = f"{head}:{head}"
        made = io.BytesIO()
        book.save(made)
        with zipfile.ZipFile(made) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        text = parts.pop(_SHEET).decode("utf-8")
        at, end = text.rindex("<row"), text.index("</sheetData>")
        styles = [
            found[1] if (found := _STYLE.search(cell)) else "0" for cell in _SAMPLE.findall(text[at:end])
        ]
        named = dict(zip(("date", "datetime", "quoted", "wrap", "quoted wrap"), styles[-5:], strict=True))
        return cls(parts, text[:at], text[end:], head, tuple(styles[:-5]), named)


def _write(
    stream: IO[bytes], frame: _Frame, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> None:
    """Write the file: rows go to the disk as they come."""
    texts = [_texts(frame, column.kind == "long") for column in columns]
    plan = tuple(zip(frame.columns, texts, strict=True))
    count = 0
    # A level above the first makes the file a tenth smaller and the wait twice as long.
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(_SHEET, "w") as part:
            waiting = [frame.before]
            for row in rows:
                count += 1
                waiting.append("<row>")
                for value, (style, text) in zip(row, plan, strict=True):
                    if value is None or value == "":
                        waiting.append("<c/>")
                    elif isinstance(value, str):
                        waiting.append(text(value))
                    else:
                        waiting.append(_number(value, style, frame.named) or text(_word(value)))
                waiting.append("</row>")
                if not count % _BATCH:
                    part.write("".join(waiting).encode())
                    waiting = []
            last = str(frame.head + count)
            waiting.append(frame.after.replace(_LAST_ROW, last))
            part.write("".join(waiting).encode())
        for name, content in frame.parts.items():
            if name == _BOOK:
                content = content.replace(_LAST_ROW.encode(), last.encode())
            archive.writestr(name, content)


def _texts(frame: _Frame, is_long: bool) -> Callable[[str], str]:
    """Return what writes the texts of a column as cells."""
    wrap = frame.named["wrap"] if is_long else "0"
    quoted = frame.named["quoted wrap" if is_long else "quoted"]
    opening = f'<c s="{wrap}" t="inlineStr"><is><t>' if is_long else '<c t="inlineStr"><is><t>'
    # Without the word the reader's program drops spaces and line ends at the edges.
    kept = f'<c s="{wrap}" t="inlineStr"><is><t xml:space="preserve">'
    # The cell is a text and says so: it stays one even after a person opens it for editing.
    marked = f'<c s="{quoted}" t="inlineStr"><is><t xml:space="preserve">'

    def write(text: str) -> str:
        if len(text) > _LONGEST:
            text = text[:_LONGEST]
        # A printable text holds nothing that XML forbids; it is asked first because it is quick.
        if not text.isprintable():
            text = _FORBIDDEN.sub("", text).replace("\r\n", "\n")
        begins = marked if text.startswith(_FORMULA) else opening if text == text.strip() else kept
        if "&" in text or "<" in text or ">" in text or "\r" in text:
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
        return f"{begins}{text}</t></is></c>"

    return write


def _number(value: Any, style: str, named: dict[str, str]) -> str:
    """Write a number, a day or a moment as a cell; anything else is a text."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        moment: float = to_excel(_local(value).replace(tzinfo=None))  # type: ignore[no-untyped-call]
        return f'<c s="{style if style != "0" else named["datetime"]}"><v>{moment}</v></c>'
    if isinstance(value, date):
        return (
            f'<c s="{style if style != "0" else named["date"]}"><v>{value.toordinal() - _DAY_NOUGHT}</v></c>'
        )
    if isinstance(value, (int, float, Decimal)) and isfinite(value):
        return f'<c s="{style}"><v>{value}</v></c>'
    return ""


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    return str(value)


def _sample(sheet: Any, number_format: str = "", *, quoted: bool = False, wrap: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, 1)
    if number_format:
        cell.number_format = number_format
    cell.quotePrefix = quoted
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _text_cell(sheet: Any, text: str) -> Any:
    clean = _FORBIDDEN.sub("", text)
    if not clean.startswith(_FORMULA):
        return clean
    cell = WriteOnlyCell(sheet, clean)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _head_cell(sheet: Any, title: str) -> Any:
    cell = WriteOnlyCell(sheet, _FORBIDDEN.sub("", title))
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
