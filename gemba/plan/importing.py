"""Finds the 12-column form in spreadsheets as people send them: extra rows, two rows of headings, any sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

from openpyxl.utils import get_column_letter

from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Problem, Refusal
from gemba.plan.reporting import Column, clean_cells, project_key, row_problems
from gemba.plan.sheets import ERRORS, UNCOUNTED, Sheet, open_sheets

# How deep a heading may stand under letterheads, and how many rows a report can have.
HEAD_WITHIN = 40
MOST_LINES = 2000
# Words by which a column is known, whatever else its heading says; the first that fits wins.
_WORDS: dict[str, tuple[str, ...]] = {
    "opened_year": ("год открыт", "год начал"),
    "closed_on": ("дата закрыт", "закрыти", "закрыт"),
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
# Headings of one short word, which would fit too much elsewhere.
_SHORT = {"год": "opened_year", "фио": "leader", "ф.и.о.": "leader"}
_LINKS = ("passport_link", "presentation_link")
_QUARTER = re.compile(r"(?<![\w.])(IV|III|II|I|[1-4])(?:\s*-?\s*[а-яё]{1,2})?\s*кв", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_ENOUGH = 5


@dataclass(frozen=True)
class ReadRow:
    """A row of the file: its number in the sheet, its cells, what is wrong with which."""

    number: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """The address of each cell in the sheet: `D12`."""
    is_hidden: bool = False


@dataclass(frozen=True)
class ReadFile:
    """What was found in a file."""

    sheet: str
    head: int
    rows: list[ReadRow]
    skipped: list[tuple[int, str]]
    missing: list[str]
    """Titles of the columns that the file does not have."""
    others: list[str] = field(default_factory=list)
    """Other sheets that hold the form too and were not read."""
    other_quarter: str = ""
    """The quarter that the file names itself, when it is not the one reported."""

    @property
    def wrong(self) -> list[ReadRow]:
        """Return the rows that cannot be loaded as they are."""
        return [row for row in self.rows if row.problems]

    @property
    def hidden(self) -> list[int]:
        """Return the numbers of the rows that are hidden in the file and were read all the same."""
        return [row.number for row in self.rows if row.is_hidden]


@dataclass(frozen=True)
class _Head:
    """Headings found on a sheet: in which rows, which column is what."""

    sheet: Sheet
    first: int
    last: int
    known: dict[int, str]


def read_form(content: IO[bytes], columns: Sequence[Column], quarter: Quarter) -> ReadFile:
    """Read the form out of a spreadsheet.

    :raises Refusal: when it is no spreadsheet, or no sheet has the columns of the form.
    """
    heads = [head for sheet in open_sheets(content) if (head := _head_of(sheet)) is not None]
    if not heads:
        names = ", ".join(column.title for column in columns[:4])
        raise Refusal(
            Problem(
                "Ни на одном листе нет заголовков формы.",
                field="file",
                mend=f"В одной строке должны стоять названия граф: {names} и другие.",
            )
        )
    # A hidden sheet is a rest of last year; of the visible ones that of this quarter, else the fullest, is the form.
    best = max(
        heads,
        key=lambda head: (
            not head.sheet.is_hidden, _said(head) == quarter, len(head.known), -heads.index(head)
        ),
    )  # fmt: skip
    said = _said(best)
    rows, skipped = _rows(best, columns, quarter)
    have = set(best.known.values())
    return ReadFile(
        best.sheet.title, best.first, rows, skipped, [one.title for one in columns if one.code not in have],
        [head.sheet.title for head in heads if head is not best], said.label if said and said != quarter else "",
    )  # fmt: skip


def _said(head: _Head) -> Quarter | None:
    """Return the quarter that the sheet names: over the form, else in its title."""
    above = [
        head.sheet.at(row, column)
        for row in range(1, head.first)
        for column in range(1, min(head.sheet.last_column, 12) + 1)
    ]
    for text in (*above, head.sheet.title):
        number, year = _QUARTER.search(text), _YEAR.search(text)
        if number and year:
            name = number[1].upper()
            return Quarter(int(year[0]), _ROMAN.get(name) or int(name))
    return None


def _head_of(sheet: Sheet) -> _Head | None:
    """Find the row of headings, or two rows of them: groups above, names below."""
    numbers = range(1, min(sheet.last_row, HEAD_WITHIN) + 1)
    best: _Head | None = None
    # Two rows are headings only where they say more than one of them alone.
    for first, last in [*((one, one) for one in numbers), *((one, one + 1) for one in numbers)]:
        known = _columns_in(sheet, first, last)
        if len(known) >= _ENOUGH and (best is None or len(known) > len(best.known)):
            best = _Head(sheet, first, last, known)
    return best


def _columns_in(sheet: Sheet, first: int, last: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for column in range(1, sheet.last_column + 1):
        # The lower heading says more; where it says nothing, the one above it counts.
        for row in range(last, first - 1, -1):
            code = _code_of(sheet.at(row, column), set(found.values()))
            if code:
                found[column] = code
                break
    return found


def _code_of(heading: str, taken: set[str]) -> str:
    text = heading.casefold().replace("ё", "е").replace("-\n", "")
    if not text or len(text) > 120:
        return ""
    if text in _SHORT and _SHORT[text] not in taken:
        return _SHORT[text]
    return next(
        (code for code, words in _WORDS.items() if code not in taken and any(word in text for word in words)),
        "",
    )


def _rows(
    head: _Head, columns: Sequence[Column], quarter: Quarter
) -> tuple[list[ReadRow], list[tuple[int, str]]]:
    rows: list[ReadRow] = []
    skipped: list[tuple[int, str]] = []
    taken: dict[str, int] = {}
    sheet = head.sheet
    headings = {sheet.at(row, column) for row in range(head.first, head.last + 1) for column in head.known}
    for number in range(head.last + 1, min(sheet.last_row, head.last + MOST_LINES) + 1):
        raw = {
            code: _address(sheet, number, column) if code in _LINKS else sheet.at(number, column)
            for column, code in head.known.items()
        }
        filled = {code: text for code, text in raw.items() if text}
        if not filled or set(filled.values()) <= headings:
            continue  # nothing, or the headings once more on the next page
        if len(filled) > 3 and all(text.isdigit() and len(text) <= 2 for text in filled.values()):
            continue  # the row of column numbers
        if "project" not in filled:
            if len(set(filled.values())) <= 2:
                skipped.append((number, next(iter(filled.values()))[:80]))
                continue
        elif len(set(filled.values())) == 1 or filled["project"].casefold().startswith(("итого", "всего")):
            skipped.append((number, filled["project"][:80]))
            continue
        places = {code: f"{get_column_letter(column)}{number}" for column, code in head.known.items()}
        unread = [problem for code, text in filled.items() if (problem := _unread(code, text))]
        cells, problems = clean_cells(
            {code: "" if any(one.field == code for one in unread) else text for code, text in raw.items()},
            columns,
        )
        problems = [*unread, *problems]
        named = {problem.field for problem in problems}
        problems += [one for one in row_problems(cells, quarter) if one.field not in named]
        key = project_key(cells.get("project", ""))
        if key and key in taken:
            problems.append(
                Problem(
                    f"Этот проект уже есть в строке {taken[key]}.", field="project", mend="Оставьте одну."
                )
            )
        taken.setdefault(key, number)
        rows.append(ReadRow(number, cells, problems, places, number in sheet.hidden_rows))
    return rows, skipped


def _address(sheet: Sheet, row: int, column: int) -> str:
    """Return where the cell leads, when that is an address of the web, else what is seen in it."""
    leads = sheet.links.get((row, column), "")
    return leads if leads.startswith(("https://", "http://")) else sheet.at(row, column)


def _unread(code: str, text: str) -> Problem | None:
    """Say of a cell that Excel itself shows no value in it."""
    if text == UNCOUNTED:
        return Problem(
            "Формула, у которой нет значения.", field=code, mend="Откройте файл в Excel и сохраните ещё раз."
        )
    if text.upper() in ERRORS:
        return Problem(f"Ошибка формулы: {text}.", field=code, mend="Впишите значение вместо формулы.")
    return None
