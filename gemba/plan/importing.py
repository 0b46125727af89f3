"""Reads the 12-column form from the spreadsheets people send: merged cells, extra rows, dates as text, any sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Problem, Refusal
from gemba.plan.reporting import Column, clean_cells, row_problems

# How deep a heading may stand under letterheads, and how many rows a report can have.
HEAD_WITHIN = 40
MOST_LINES = 2000
# Words by which a column is known, whatever else its heading says; the first that fits wins.
_WORDS: dict[str, tuple[str, ...]] = {
    "opened_year": ("год открыт", "год начал"),
    "closed_on": ("дата закрыт", "закрыти"),
    "passport_link": ("паспорт",),
    "presentation_link": ("презентац",),
    "stage": ("этап", "стади"),
    "significance": ("значимост", "балл"),
    "contacts": ("телефон", "почт", "контакт"),
    "leader": ("руководител",),
    "participant": ("участник",),
    "direction": ("направлен", "сфера"),
    "organisation": ("организац", "учрежден"),
    "project": ("назван", "наименован", "проект"),
}
_ENOUGH = 5


@dataclass(frozen=True)
class ReadRow:
    """A row of the file: its number in the sheet, its cells, what is wrong with which."""

    number: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """The address of each cell in the sheet: `D12`."""


@dataclass(frozen=True)
class ReadFile:
    """What was found in a file."""

    sheet: str
    head: int
    rows: list[ReadRow]
    skipped: list[tuple[int, str]]
    missing: list[str]
    """Titles of the columns that the file does not have."""

    @property
    def wrong(self) -> list[ReadRow]:
        """Return the rows that cannot be loaded as they are."""
        return [row for row in self.rows if row.problems]


def read_form(content: IO[bytes], columns: Sequence[Column], quarter: Quarter) -> ReadFile:
    """Read the form out of a spreadsheet.

    :raises Refusal: when it is no .xlsx, or no sheet has the columns of the form.
    """
    try:
        book = load_workbook(content, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError, TypeError) as error:
        raise Refusal(
            Problem(
                "Файл не читается как таблица .xlsx.",
                field="file",
                mend="Откройте его в Excel и сохраните как «Книга Excel (.xlsx)»: старый .xls тоже.",
            )
        ) from error
    best: tuple[int, Any, int, dict[int, str]] | None = None
    for sheet in book.worksheets:
        _spread(sheet)
        for number in range(1, min(sheet.max_row, HEAD_WITHIN) + 1):
            known = _columns_in(sheet, number)
            if len(known) >= _ENOUGH and (best is None or len(known) > best[0]):
                best = (len(known), sheet, number, known)
    if best is None:
        names = ", ".join(column.title for column in columns[:4])
        raise Refusal(
            Problem(
                "Ни на одном листе нет заголовков формы.",
                field="file",
                mend=f"В одной строке должны стоять названия граф: {names} и другие.",
            )
        )
    _, sheet, head, known = best
    rows, skipped = _rows(sheet, head, known, columns, quarter)
    have = set(known.values())
    return ReadFile(sheet.title, head, rows, skipped, [one.title for one in columns if one.code not in have])


def _spread(sheet: Any) -> None:
    """Write the value of each merged range into all its cells, as a person reads it."""
    for area in list(sheet.merged_cells.ranges):
        value = sheet.cell(area.min_row, area.min_col).value
        if (area.max_row - area.min_row + 1) * (area.max_col - area.min_col + 1) > MOST_LINES:
            continue
        sheet.unmerge_cells(str(area))
        if area.max_col - area.min_col > 2:
            # A heading over the table is not the heading of each column.
            continue
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                sheet.cell(row, column).value = value


def _columns_in(sheet: Any, number: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for column in range(1, min(sheet.max_column, 60) + 1):
        text = " ".join(str(sheet.cell(number, column).value or "").casefold().replace("ё", "е").split())
        if not text or len(text) > 120:
            continue
        code = next(
            (
                code
                for code, words in _WORDS.items()
                if code not in found.values() and any(word in text for word in words)
            ),
            None,
        )
        if code:
            found[column] = code
    return found


def _rows(
    sheet: Any, head: int, known: dict[int, str], columns: Sequence[Column], quarter: Quarter
) -> tuple[list[ReadRow], list[tuple[int, str]]]:
    rows: list[ReadRow] = []
    skipped: list[tuple[int, str]] = []
    for number in range(head + 1, min(sheet.max_row, head + MOST_LINES) + 1):
        raw = {code: _text(sheet.cell(number, column).value) for column, code in known.items()}
        filled = {code: text for code, text in raw.items() if text}
        if not filled:
            continue
        if all(text.isdigit() and len(text) <= 2 for text in filled.values()) and len(filled) > 3:
            continue  # the row of column numbers
        if "project" not in filled:
            if len(set(filled.values())) <= 2:
                skipped.append((number, next(iter(filled.values()))[:80]))
                continue
        elif len(filled) == 1 or filled["project"].casefold().startswith(("итого", "всего")):
            skipped.append((number, filled["project"][:80]))
            continue
        cells, problems = clean_cells(raw, columns)
        places = {code: f"{get_column_letter(column)}{number}" for column, code in known.items()}
        named = {problem.field for problem in problems}
        problems += [one for one in row_problems(cells, quarter) if one.field not in named]
        rows.append(ReadRow(number, cells, problems, places))
    return rows, skipped


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return repr(value)
    return str(value).strip()
