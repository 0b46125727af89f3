"""Reading a spreadsheet of the trained: every row is checked before anything is written."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from gemba.kernel.problems import Problem
from gemba.organisation.models import Person
from gemba.organisation.rules import name_key
from gemba.scorecards.actions import Trained
from gemba.ui.forms import parse_date

TITLES = ("ФИО", "Код сотрудника", "Программа обучения", "Документ", "Дата выдачи", "Действует до")
MOST_ROWS = 10_000


def read(file: Any, *, municipality_id: int) -> tuple[list[Trained], list[Problem]]:
    """Return the records of a spreadsheet and everything that is wrong in it."""
    try:
        book = load_workbook(io.BytesIO(file.read()), read_only=True, data_only=True)
    except Exception:
        # openpyxl fails in many ways on a file somebody has made by hand: all of them mean the same to a person.
        return [], [Problem("Файл не читается.", mend="Сохраните его как Excel (.xlsx) и выберите ещё раз.")]
    rows = list(book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 20))
    head = next(
        (n for n, row in enumerate(rows[:20]) if name_key(_text(row[0] if row else "")) == "фио"), None
    )
    if head is None:
        return [], [
            Problem("Нет строки заголовков.", mend=f"Первый столбец — «ФИО». Столбцы: {', '.join(TITLES)}.")
        ]
    places = {name_key(_text(cell)): number for number, cell in enumerate(rows[head]) if cell}
    missing = [title for title in (TITLES[0], *TITLES[3:5]) if name_key(title) not in places]
    if missing:
        return [], [Problem(f"Нет столбцов: {', '.join(missing)}.", mend="Возьмите образец.")]
    by_code: dict[str, Person] = {}
    by_name: dict[str, list[Person]] = {}
    for person in Person.objects.filter(municipality_id=municipality_id):
        by_code[person.code] = person
        by_name.setdefault(person.name_key, []).append(person)
    found: list[Trained] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        cells = {
            title: row[places[name_key(title)]] if places.get(name_key(title), len(row)) < len(row) else None
            for title in TITLES
        }
        if not any(cells.values()):
            continue
        try:
            found.append(_record(cells, by_code, by_name))
        except ValidationError as wrong:
            problems.append(Problem(f"Строка {number}: {wrong.messages[0]}"))
    if not found and not problems:
        problems.append(Problem("В файле нет ни одной записи.", mend="Заполните строки под заголовками."))
    return found, problems


def _record(cells: dict[str, Any], by_code: dict[str, Person], by_name: dict[str, list[Person]]) -> Trained:
    code, name = _text(cells["Код сотрудника"]), _text(cells["ФИО"])
    same = [by_code[code]] if code in by_code else by_name.get(name_key(name), [])
    if not same:
        raise ValidationError(
            f"сотрудника «{name or code}» нет в реестре. Внесите его в разделе «Сотрудники»."
        )
    if len(same) > 1:
        raise ValidationError(f"«{name}» — несколько человек. Укажите код сотрудника.")
    if not _text(cells["Документ"]):
        raise ValidationError("не назван документ.")
    issued_on = _day(cells["Дата выдачи"])
    if issued_on is None:
        raise ValidationError("нет даты выдачи.")
    return Trained(
        same[0],
        _text(cells["Программа обучения"]),
        _text(cells["Документ"]),
        issued_on,
        _day(cells["Действует до"]),
    )


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).replace("\x00", "").split())


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    return parse_date(text) if text else None
