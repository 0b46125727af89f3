"""Rows of a spreadsheet whatever the order of its columns, with the address of every cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from gemba.kernel.numbers import parse_number
from gemba.kernel.problems import Problem, Refusal
from gemba.projects.importing.found import PlaceProblem, days_in
from gemba.ui.forms import parse_date
from gemba.ui.uploads import MEGABYTE

MOST_ROWS, HEAD_WITHIN, MOST_COLUMNS = 2000, 40, 60
MOST_UNPACKED = 60 * MEGABYTE


@dataclass
class Row:
    """A filled row: its texts by column, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    letters: Mapping[str, str]
    titles: Mapping[str, str]
    problems: list[PlaceProblem] = field(default_factory=list)

    def blame(self, name: str, text: str, mend: str = "", *, is_grave: bool = True) -> None:
        """Note what is wrong in a cell."""
        cell = f"{self.letters[name]}{self.number}" if name in self.letters else f"строка {self.number}"
        self.problems.append(PlaceProblem(f"{cell}, {self.titles[name]}", text, mend, is_grave))

    def text(self, name: str, most: int = 300) -> str:
        """Return the text of a cell."""
        value = self.values.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else str(value).strip()
        if len(text) > most:
            self.blame(name, f"Длиннее {most} знаков.", "Сократите.")
        return text[:most]

    def day(self, name: str) -> date | None:
        """Return the day of a cell; a wrong one is blamed."""
        value = self.values.get(name)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date) or value is None or not str(value).strip():
            return value if isinstance(value, date) else None
        try:
            return parse_date(str(value))
        except ValidationError as error:
            named = days_in(str(value))
            if len(named) == 1 and isinstance(named[0], date):
                return named[0]
            self.blame(name, error.messages[0])
            return None

    def amount(self, name: str) -> Decimal | None:
        """Return the number of a cell; a wrong one is blamed."""
        text = self.text(name)
        if not text:
            return None
        try:
            return parse_number(text)
        except ValueError as error:
            self.blame(name, str(error))
            return None


def read_rows(
    content: bytes,
    *,
    words: Mapping[str, tuple[str, ...]],
    titles: Mapping[str, str],
    required: tuple[str, ...],
) -> list[Row]:
    """Read the first sheet that has the required columns.

    :raises Refusal: when it is no spreadsheet, unpacks beyond measure, has no such columns or no rows.
    """
    book = _opened(content)
    try:
        for sheet in book.worksheets:
            lines = list(
                sheet.iter_rows(values_only=True, max_row=HEAD_WITHIN + MOST_ROWS + 1, max_col=MOST_COLUMNS)
            )
            for at, line in enumerate(lines[:HEAD_WITHIN]):
                places = _columns(line, words)
                if all(name in places for name in required):
                    return _rows(lines, at, places, titles)
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, OSError) as error:
        raise _unreadable() from error
    finally:
        book.close()
    names = ", ".join(f"«{titles[name]}»" for name in required)
    raise Refusal(
        Problem(f"Ни на одном листе нет столбцов {names}.", field="file", mend="Возьмите наш образец.")
    )


def _opened(content: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise Refusal(
                    Problem(
                        "Файл распаковывается в слишком большой объём.",
                        field="file",
                        mend="Оставьте в нём одну таблицу без рисунков.",
                    )
                )
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Refusal:
        raise
    except Exception as error:
        # openpyxl fails in as many ways as a file can be broken.
        raise _unreadable() from error


def _unreadable() -> Refusal:
    return Refusal(
        Problem(
            "Таблица не читается.",
            field="file",
            mend="Откройте её в Excel и сохраните как «Книга Excel (.xlsx)»: старый .xls тоже.",
        )
    )


def _columns(line: tuple[Any, ...], words: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, value in enumerate(line):
        said = " ".join(str(value or "").casefold().replace("ё", "е").split())
        if not said or len(said) > 120:
            continue
        name = next(
            (
                name
                for name, known in words.items()
                if name not in found and any(one in said for one in known)
            ),
            None,
        )
        if name:
            found[name] = place
    return found


def _rows(
    lines: list[tuple[Any, ...]], at: int, places: dict[str, int], titles: Mapping[str, str]
) -> list[Row]:
    letters = {name: get_column_letter(place + 1) for name, place in places.items()}
    found = []
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        values = {name: line[place] if place < len(line) else None for name, place in places.items()}
        filled = [value for value in values.values() if value is not None and str(value).strip()]
        # The row of column numbers under the heading, and rows that only divide, are no data.
        if len(filled) < 2 or all(isinstance(one, int) and one <= MOST_COLUMNS for one in filled):
            continue
        found.append(Row(number, values, letters, titles))
    if not found:
        raise Refusal(Problem("Под названиями столбцов нет ни одной строки.", field="file"))
    if len(found) > MOST_ROWS:
        raise Refusal(Problem(f"Строк больше {MOST_ROWS}.", field="file", mend="Разделите таблицу."))
    return found
