"""Reads a sheet that people filled: tolerant of order, extra rows and columns, merged cells and dates as text."""

import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import from_excel

from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.exchange.layout import CLEAR, Column, Layout
from gemba.organisation.rules import name_key, tidy
from gemba.ui.forms import parse_date
from gemba.ui.uploads import MEGABYTE, kind_of

MOST_ROWS = 20_000
MOST_PROBLEMS = 500
# XLSX packs about tenfold; a sheet of 20,000 rows is far below this.
MOST_UNPACKED = 120 * MEGABYTE
MOST_FILE = 25 * MEGABYTE
_HEAD_WITHIN = 30
_BLANK_STREAK = 2000
_YES = {"да", "1", "+", "x", "х", "yes", "истина", "true"}
_NO = {"нет", "0", "no", "ложь", "false"}


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with a cell, in words that lead to it."""

    row: int
    cell: str
    text: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"Строка {self.row}, ячейка {self.cell}" if self.cell else f"Строка {self.row}"
        return f"{place}: {self.text} {self.mend}".strip()


@dataclass
class SheetRow:
    """One filled row: values by column, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    letters: dict[str, str]
    problems: list[CellProblem] = field(default_factory=list)

    def blame(self, key: str, text: str, mend: str = "") -> None:
        """Note a problem of the cell in this column."""
        letter = self.letters.get(key, "")
        self.problems.append(CellProblem(self.number, f"{letter}{self.number}" if letter else "", text, mend))

    def text(self, key: str) -> str | None:
        """Return the text of the cell: None where it is empty, "" where it is to be cleared."""
        value = self.values.get(key)
        if value is None:
            return None
        text = str(value).strip() if "\n" in str(value) else tidy(str(value))
        return "" if text == CLEAR else text or None

    def day(self, key: str) -> date | None:
        """Return the date of the cell; a wrong one is blamed."""
        value = self.values.get(key)
        if value is None or value == CLEAR:
            return None
        try:
            return as_day(value)
        except ValidationError as error:
            self.blame(key, error.messages[0])
            return None

    def is_cleared(self, key: str) -> bool:
        """Tell whether the cell asks to forget the value."""
        return self.values.get(key) == CLEAR

    def yes(self, key: str) -> bool | None:
        """Return yes or no; anything else is blamed."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool):
            return value
        word = str(value).strip().casefold().removesuffix(".0")
        if word in _YES:
            return True
        if word in _NO or word == CLEAR:
            return False
        self.blame(key, f"«{value}» — ни «да», ни «нет».", "Напишите «да» или оставьте пустым.")
        return None


@dataclass(frozen=True)
class Sheet:
    """What was read of a file."""

    title: str
    rows: list[SheetRow]
    columns: frozenset[str]
    unknown: list[str]


def read(*, stream: IO[bytes], layout: Layout) -> Sheet:
    """Read the sheet of the layout out of an XLSX file.

    :raises Refusal: when it is not such a file, is too large or has no heading of this layout.
    """
    _check_file(stream)
    try:
        book = load_workbook(stream, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever a damaged file makes of it
        raise Refusal(
            Problem(
                "Файл повреждён: прочитать таблицу не получилось.",
                mend="Откройте его в Excel и сохраните заново.",
            )
        ) from error
    try:
        for sheet in book.worksheets:
            found = _read_sheet(sheet, layout, _merged(stream, sheet))
            if found is not None:
                return found
    except Refusal:
        raise
    except Exception as error:
        raise Refusal(
            Problem(
                "Файл повреждён: прочитать таблицу не получилось.",
                mend="Откройте его в Excel и сохраните заново.",
            )
        ) from error
    finally:
        book.close()
    required = ", ".join(f"«{column.title}»" for column in layout.columns if column.is_required)
    raise Refusal(
        Problem(
            f"В файле нет листа с заголовками {required}.",
            mend="Скачайте шаблон и перенесите данные в него.",
        )
    )


def as_day(value: Any) -> date:
    """Read a date as people and Excel keep it.

    :raises ValidationError: in Russian.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and 10_000 < value < 80_000:
        # A date whose cell has lost its format: days since 1900.
        moment = from_excel(value)
        if isinstance(moment, datetime):
            return moment.date()
    return parse_date(_as_text(value))


def _check_file(stream: IO[bytes]) -> None:
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    if size > MOST_FILE:
        raise Refusal(
            Problem(
                f"Файл больше {MOST_FILE // MEGABYTE} МБ.",
                mend="Удалите рисунки и лишние листы или разделите файл.",
            )
        )
    try:
        kind = kind_of(stream)
    except ValidationError as error:
        raise Refusal(Problem(error.messages[0])) from error
    if kind != "xlsx":
        was = {
            "doc": "Это старый Excel (.xls).",
            "ods": "Это таблица LibreOffice (.ods).",
            "pdf": "Это PDF, а не таблица.",
            "text": "Это текст, а не таблица.",
        }.get(kind, "Это не таблица Excel.")
        raise Refusal(Problem(was, mend="Сохраните таблицу как «Книга Excel (.xlsx)» и выберите её."))
    with zipfile.ZipFile(stream) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise Refusal(
                Problem(
                    "Файл распаковывается в слишком большой объём.", mend="Разделите его на несколько файлов."
                )
            )
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.open(entry).read(1024):
                raise Refusal(Problem("Файл повреждён.", mend="Сохраните его в Excel заново."))
    stream.seek(0)


def _merged(stream: IO[bytes], sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each covered cell of merged ranges the cell that holds the value."""
    path = getattr(sheet, "_worksheet_path", "")
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    if not path:
        return covered
    with zipfile.ZipFile(stream) as archive:
        # The list of merged ranges stands after the rows: the tail is enough.
        tail = archive.read(path.removeprefix("/"))[-2_000_000:]
    for reference in re.findall(rb'<mergeCell ref="([A-Z0-9:]+)"', tail):
        left, top, right, bottom = range_boundaries(reference.decode())
        if None in (left, top, right, bottom) or (right - left + 1) * (bottom - top + 1) > MOST_ROWS:  # type: ignore[operator]
            continue
        for row in range(top, bottom + 1):  # type: ignore[arg-type, operator]
            for column in range(left, right + 1):  # type: ignore[arg-type, operator]
                if (row, column) != (top, left):
                    covered[row, column] = (top, left)  # type: ignore[assignment]
    return covered


def _read_sheet(sheet: Any, layout: Layout, merged: dict[tuple[int, int], tuple[int, int]]) -> Sheet | None:
    sheet.reset_dimensions()
    places: dict[int, Column] = {}
    letters: dict[str, str] = {}
    unknown: list[str] = []
    rows: list[SheetRow] = []
    sources: dict[tuple[int, int], Any] = {}
    holders = set(merged.values())
    blank = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        if not places:
            if number > _HEAD_WITHIN:
                return None
            places, unknown = _heading(values, layout)
            letters = {column.key: get_column_letter(place + 1) for place, column in places.items()}
            continue
        for place, value in enumerate(values, 1):
            if (number, place) in holders:
                sources[number, place] = value
        found = {}
        for place, column in places.items():
            value = values[place] if place < len(values) else None
            if value is None and (source := merged.get((number, place + 1))) is not None:
                value = sources.get(source)
            value = _clean(value)
            if value is not None:
                found[column.key] = value
        if not found:
            blank += 1
            if blank > _BLANK_STREAK:
                break
            continue
        blank = 0
        if len(rows) >= MOST_ROWS:
            raise Refusal(
                Problem(f"В файле больше {MOST_ROWS} строк.", mend="Разделите его на несколько файлов.")
            )
        rows.append(SheetRow(number, found, letters))
    if not places:
        return None
    if not rows:
        raise Refusal(
            Problem(f"На листе «{sheet.title}» нет ни одной заполненной строки.", mend="Заполните его.")
        )
    return Sheet(sheet.title, rows, frozenset(letters), unknown)


def _heading(values: tuple[Any, ...], layout: Layout) -> tuple[dict[int, Column], list[str]]:
    """Recognise a row of titles; a row without the required ones is not a heading."""
    by_title = {
        _title_key(title): column for column in layout.columns for title in (column.title, *column.aliases)
    }
    places: dict[int, Column] = {}
    unknown: list[str] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        column = by_title.get(_title_key(str(value)))
        if column is None:
            unknown.append(tidy(str(value))[:60])
        elif column not in places.values():
            places[place] = column
    known = {column.key for column in places.values()}
    required = {column.key for column in layout.columns if column.is_required}
    if not required <= known:
        if len(known) >= 3:
            missing = ", ".join(
                f"«{column.title}»" for column in layout.columns if column.key in required - known
            )
            raise Refusal(Problem(f"Нет столбца {missing}.", mend="Добавьте его или скачайте шаблон."))
        return {}, []
    return places, unknown


def _title_key(title: str) -> str:
    return name_key(title.replace("*", " ")).strip(" .:")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
        return value or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _as_text(value: Any) -> str:
    return str(value)
