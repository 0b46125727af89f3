"""Reading a spreadsheet of earlier years: every row and cell is checked before anything is written."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from openpyxl import load_workbook

from gemba.kernel.numbers import parse_number
from gemba.organisation.models import Municipality, Organisation, Person, Unit
from gemba.organisation.rules import name_key
from gemba.proposals.models import Category
from gemba.proposals.rules.states import State
from gemba.proposals.rules.texts import text_problems
from gemba.ui.forms import parse_date

MOST_ROWS = 20_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("номер",),
    "submitted_on": ("дата подачи", "подано"),
    "organisation": ("организация",),
    "unit": ("подразделение",),
    "author": ("автор", "фио автора"),
    "co_authors": ("соавторы",),
    "problem": ("что мешает", "проблема"),
    "solution": ("что предлагается", "что предлагаю", "предложение"),
    "category": ("о чём", "о чем", "категория"),
    "state": ("состояние", "статус"),
    "decided_on": ("дата решения", "решение"),
    "implemented_on": ("дата внедрения", "внедрено"),
    "hours": ("часов в год",),
    "money": ("рублей в год",),
}
TITLES = {
    "number": "Номер", "submitted_on": "Дата подачи", "organisation": "Организация", "unit": "Подразделение",
    "author": "Автор", "co_authors": "Соавторы", "problem": "Что мешает", "solution": "Что предлагается",
    "category": "О чём", "state": "Состояние", "decided_on": "Дата решения", "implemented_on": "Дата внедрения",
    "hours": "Часов в год", "money": "Рублей в год",
}  # fmt: skip
REQUIRED = ("submitted_on", "organisation", "problem", "solution")
STATES = {
    name_key(state.title): state
    for state in (
        State.REGISTERED, State.UNDER_REVIEW, State.ACCEPTED, State.REJECTED, State.IN_PROGRESS, State.IMPLEMENTED,
        State.CANCELLED, State.TO_PROJECT,
    )
} | {"реализовано": State.IMPLEMENTED, "отказано": State.REJECTED, "на рассмотрении": State.UNDER_REVIEW}  # fmt: skip


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in one cell and what to do."""

    row: int
    cell: str
    text: str
    mend: str = ""

    def as_json(self) -> list[Any]:
        """Return what the database keeps."""
        return [self.row, self.cell, self.text, self.mend]


@dataclass
class Sheet:
    """The rows that are right, and everything that is wrong."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


def read(file: UploadedFile[Any], *, municipality: Municipality, today: date) -> Sheet:
    """Check a spreadsheet row by row.

    :raises ValidationError: in Russian, when it is no readable spreadsheet or has not the needed columns.
    """
    try:
        book = load_workbook(io.BytesIO(file.read()), read_only=True, data_only=True)
        lines = list(book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 30, max_col=40))
    except Exception:
        # openpyxl fails in as many ways as a file can be broken.
        raise ValidationError("Таблица не читается. Сохраните её заново как «Книга Excel (.xlsx)».") from None
    head = _head(lines)
    if head is None:
        names = ", ".join(f"«{TITLES[name]}»" for name in REQUIRED)
        raise ValidationError(f"В таблице нет строки с названиями столбцов {names}. Возьмите наш образец.")
    at, places = head
    body = [
        (number, line)
        for number, line in enumerate(lines[at + 1 :], start=at + 2)
        if any(_filled(v) for v in line)
    ]
    if not body:
        raise ValidationError("В таблице нет ни одной строки под названиями столбцов.")
    if len(body) > MOST_ROWS:
        raise ValidationError(f"Строк больше {MOST_ROWS}. Загружайте по годам.")
    reader = _Reader(municipality, today)
    sheet = Sheet()
    seen: dict[tuple[str, str, str], int] = {}
    for number, line in body:
        row, problems = reader.row(
            number, {name: line[place] for name, place in places.items() if place < len(line)}, places
        )
        key = (
            str(row.get("submitted_on")),
            str(row.get("organisation_id")),
            name_key(str(row.get("solution", ""))),
        )
        if not problems and key in seen:
            problems.append(
                CellProblem(number, "вся строка", f"Повторяет строку {seen[key]}.", "Удалите одну из них.")
            )
        seen.setdefault(key, number)
        if problems:
            sheet.problems += problems
        else:
            sheet.rows.append(row)
    return sheet


def _filled(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _head(lines: list[tuple[Any, ...]]) -> tuple[int, dict[str, int]] | None:
    for at, line in enumerate(lines[:15]):
        titles = [" ".join(str(value or "").casefold().split()) for value in line]
        places: dict[str, int] = {}
        for name, known in COLUMNS.items():
            for place, title in enumerate(titles):
                if title in known:
                    places.setdefault(name, place)
        if all(name in places for name in REQUIRED):
            return at, places
    return None


class _Reader:
    """Knows the register while the rows are read: one look at the database, not one for each row."""

    def __init__(self, municipality: Municipality, today: date) -> None:
        self.today = today
        organisations = list(
            Organisation.objects.filter(municipality=municipality).only("code", "name_key", "short_name")
        )
        self.organisations: dict[str, int] = {}
        for row in organisations:
            for key in (row.code.casefold(), row.name_key, name_key(row.short_name)):
                self.organisations.setdefault(key, row.pk)
        self.units = {
            (row.organisation_id, row.name_key): row.pk
            for row in Unit.objects.filter(organisation__municipality=municipality).only(
                "organisation_id", "name_key"
            )
        }
        self.people: dict[str, list[int]] = {}
        for pk, code, key in Person.objects.filter(municipality=municipality).values_list(
            "pk", "code", "name_key"
        ):
            self.people.setdefault(key, []).append(pk)
            self.people.setdefault(code.casefold(), []).append(pk)

    def row(
        self, number: int, values: dict[str, Any], places: dict[str, int]
    ) -> tuple[dict[str, Any], list[CellProblem]]:
        """Check one row."""
        problems: list[CellProblem] = []

        def wrong(name: str, text: str, mend: str = "") -> None:
            problems.append(
                CellProblem(number, f"{_letter(places.get(name, 0))}{number}, {TITLES[name]}", text, mend)
            )

        def text_of(name: str) -> str:
            value = values.get(name)
            return str(value).strip() if _filled(value) else ""

        def day_of(name: str) -> date | None:
            value = values.get(name)
            if isinstance(value, datetime):
                return value.date()
            if isinstance(value, date) or not _filled(value):
                return value if isinstance(value, date) else None
            try:
                return parse_date(str(value))
            except ValidationError as error:
                wrong(name, error.messages[0])
                return None

        def number_of(name: str) -> Decimal:
            try:
                return parse_number(text_of(name)) if text_of(name) else Decimal(0)
            except ValueError as error:
                wrong(name, str(error))
                return Decimal(0)

        for name in REQUIRED:
            if not text_of(name):
                wrong(name, "Не заполнено.", "Заполните ячейку.")
        for problem in text_problems(problem=text_of("problem"), solution=text_of("solution")):
            if text_of(problem.field):
                wrong(problem.field, problem.text, problem.mend)
        submitted, decided, done = day_of("submitted_on"), day_of("decided_on"), day_of("implemented_on")
        for name, day in (("submitted_on", submitted), ("decided_on", decided), ("implemented_on", done)):
            if day and day > self.today:
                wrong(name, "Дата ещё не наступила.", "Проверьте год.")
        for name, day in (("decided_on", decided), ("implemented_on", done)):
            if day and submitted and day < submitted:
                wrong(name, "Раньше даты подачи.", "Проверьте обе даты.")
        organisation = (
            self.organisations.get(name_key(text_of("organisation"))) if text_of("organisation") else None
        )
        if text_of("organisation") and organisation is None:
            wrong(
                "organisation",
                f"«{text_of('organisation')[:60]}» нет в реестре.",
                "Напишите название или код как в реестре.",
            )
        unit = self.units.get((organisation or 0, name_key(text_of("unit")))) if text_of("unit") else None
        if text_of("unit") and organisation and unit is None:
            wrong("unit", "Такого подразделения в организации нет.", "Исправьте или оставьте пустым.")
        author = self._person(text_of("author"), "author", wrong) if text_of("author") else None
        others = [
            part
            for part in text_of("co_authors").replace(";", "\n").replace(",", "\n").split("\n")
            if part.strip()
        ]
        co_authors = [self._person(part.strip(), "co_authors", wrong) for part in others]
        state = STATES.get(name_key(text_of("state"))) if text_of("state") else None
        if text_of("state") and state is None:
            wrong("state", f"«{text_of('state')[:40]}»: такого состояния нет.", "Возьмите из образца.")
        state = state or (State.IMPLEMENTED if done else State.REGISTERED)
        if (
            state == State.IMPLEMENTED
            and done is None
            and not any("Дата внедрения" in one.cell for one in problems)
        ):
            wrong("implemented_on", "Внедрённому нужна дата внедрения.", "Заполните ячейку.")
        if done and state != State.IMPLEMENTED:
            wrong(
                "state", "Есть дата внедрения, а состояние другое.", "Напишите «Внедрено» или уберите дату."
            )
        category = next(
            (code for code, title in Category.choices if name_key(title) == name_key(text_of("category"))), ""
        )
        if text_of("category") and not category:
            wrong("category", "Такой категории нет.", "Возьмите из образца или оставьте пустым.")
        hours, money = number_of("hours"), number_of("money")
        return {
            "line": number, "old_number": text_of("number")[:40], "submitted_on": submitted,
            "organisation_id": organisation,
            "unit_id": unit, "author_id": author, "co_author_ids": [pk for pk in co_authors if pk],
            "problem": text_of("problem"), "solution": text_of("solution"), "category": category, "state": state.value,
            "decided_on": decided, "implemented_on": done, "hours": str(hours), "money": str(money),
        }, problems  # fmt: skip

    def _person(self, text: str, column: str, wrong: Any) -> int | None:
        found = self.people.get(name_key(text)) or self.people.get(text.casefold()) or []
        if len(set(found)) == 1:
            return found[0]
        if found:
            wrong(column, f"«{text[:60]}»: таких сотрудников несколько.", "Напишите код сотрудника.")
        else:
            wrong(column, f"«{text[:60]}» нет в реестре.", "Исправьте имя или оставьте ячейку пустой.")
        return None


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"A{chr(ord('A') + place - 26)}"
