"""Checks a sheet of people and their positions, and writes the people in the same layout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem
from gemba.organisation.exchange.organisation_rows import NEST
from gemba.organisation.exchange.plans import CHANGE, CREATE, SAME, ImportPlan, RowPlan
from gemba.organisation.exchange.reading import Sheet, SheetRow
from gemba.organisation.models import Municipality, Organisation, Person, Position, Unit
from gemba.organisation.rules import code_problems, name_key, phone_problems, span_problems, tidy
from gemba.organisation.words import person_key

_NAMES = (("family_name", "фамилия"), ("given_name", "имя"), ("patronymic", "отчество"))
_FIELDS = (*_NAMES, ("phone", "телефон"), ("email", "почта"))
_PLACE = (
    ("unit_id", "подразделение"), ("is_acting", "и.о."), ("is_head", "руководитель"), ("ends_on", "работает по"),
)  # fmt: skip


@dataclass
class PersonRow:
    """What to write for one row: the person (shared by the rows of one person) and perhaps a position."""

    person: Person
    is_new: bool
    is_changed: bool = False
    position: Position | None = None
    is_new_position: bool = False


@dataclass
class _Known:
    """The people and places of the municipality, in memory."""

    people: dict[str, Person]
    by_name: dict[str, list[Person]]
    positions: dict[int, list[Position]]
    organisations: dict[str, Organisation]
    bare: dict[str, list[Organisation]]
    units: dict[int, dict[tuple[str, ...], int]] = field(default_factory=dict)


def check(*, sheet: Sheet, municipality: Municipality) -> ImportPlan:
    """Compare the sheet with the people of the municipality; nothing is written."""
    return _Check(sheet, municipality).run()


class _Check:
    """One check, row by row; rows with one code, or one name where there is no code, are one person."""

    def __init__(self, sheet: Sheet, municipality: Municipality) -> None:
        self.sheet, self.municipality = sheet, municipality
        self.known = _load(municipality)
        self.last_number = max(
            (
                int(code[1:])
                for code in self.known.people
                if code[:1] == "С" and code[1:].isdigit() and len(code) == 7
            ),
            default=0,
        )
        self.in_file: dict[str, Person] = {}
        self.first_rows: dict[int, int] = {}
        self.written_codes = {code for row in sheet.rows if (code := row.text("code"))}
        self.touched: dict[tuple[int, str, str, date | None], int] = {}
        self.before: dict[int, dict[str, Any]] = {}

    def run(self) -> ImportPlan:
        """Check every row."""
        rows, problems, bad = [], [], set()
        bad_people: set[int] = set()
        planned_rows: list[tuple[SheetRow, PersonRow]] = []
        for row in self.sheet.rows:
            planned = self._row(row)
            if row.problems or planned is None:
                bad.add(row.number)
                if (
                    planned is not None
                    and planned.is_new
                    and self.first_rows[id(planned.person)] == row.number
                ):
                    bad_people.add(id(planned.person))
                continue
            planned_rows.append((row, planned))
        for row, planned in planned_rows:
            if id(planned.person) in bad_people:
                first = self.first_rows[id(planned.person)]
                row.blame(
                    "code", f"Этот человек вносится строкой {first}, а в ней ошибка.", "Исправьте сначала её."
                )
                bad.add(row.number)
            else:
                rows.append(self._plan(row, planned))
        for row in self.sheet.rows:
            problems += row.problems
        return ImportPlan("people", rows, problems, frozenset(bad), self.sheet.unknown)

    def _row(self, row: SheetRow) -> PersonRow | None:
        names = {key: tidy(row.text(key) or "") for key, _ in _NAMES}
        organisation = self._organisation(row)
        person = self._person(row, names, organisation)
        if person is None:
            return None
        planned = PersonRow(person, person.pk is None)
        self.first_rows.setdefault(id(person), row.number)
        self._fill(row, person, names)
        planned.is_changed = person.pk is not None and self.before[id(person)] != _values(person)
        self._place(row, planned, organisation)
        return planned

    def _person(
        self, row: SheetRow, names: dict[str, str], organisation: Organisation | None
    ) -> Person | None:
        code = row.text("code")
        key = name_key(" ".join(part for part in names.values() if part))
        if code:
            found = self.in_file.get(code) or self.known.people.get(code)
            if found is None:
                _blame(row, "code", code_problems(code))
                found = Person(municipality=self.municipality, code=code)
            return self._seen(code, found)
        if found := self.in_file.get(f"name:{key}"):
            return found
        same = self.known.by_name.get(key, [])
        here = [
            person for person in same
            if organisation is None
            or any(place.organisation_id == organisation.pk for place in self.known.positions.get(person.pk, []))
        ]  # fmt: skip
        if len(here) == 1:
            return self._seen(f"name:{key}", here[0])
        if same:
            codes = ", ".join(person.code for person in same)
            row.blame(
                "code" if "code" in row.letters else "family_name",
                f"Такой сотрудник уже есть, код {codes}.",
                "Если это он, укажите его код; если однофамилец — дайте новый код.",
            )
            return None
        return self._seen(f"name:{key}", Person(municipality=self.municipality, code=self._next_code()))

    def _seen(self, key: str, person: Person) -> Person:
        self.in_file[key] = person
        self.in_file.setdefault(person.code, person)
        self.before.setdefault(id(person), _values(person))
        return person

    def _next_code(self) -> str:
        self.last_number += 1
        while (code := f"С{self.last_number:06d}") in self.written_codes:
            self.last_number += 1
        return code

    def _fill(self, row: SheetRow, person: Person, names: dict[str, str]) -> None:
        for key, title in _NAMES:
            text = row.text(key)
            if text is not None or person.pk is None:
                value = names[key]
                setattr(person, key, value)
            value = getattr(person, key)
            if not value and key != "patronymic":
                row.blame(key, f"Не указано: {title}.", "Заполните ячейку.")
            elif value and (
                not any(char.isalpha() for char in value) or any(char.isdigit() for char in value)
            ):
                row.blame(key, f"«{value}» не похоже на имя.", "Напишите буквами.")
            elif len(value) > 100:
                row.blame(key, "Длиннее 100 знаков.", "Сократите.")
        for key in ("phone", "email"):
            text = row.text(key)
            if text is not None:
                setattr(person, key, text)
        _blame(row, "phone", phone_problems(person.phone))
        if person.email:
            try:
                validate_email(person.email)
            except ValidationError:
                row.blame("email", f"«{person.email}» не похоже на адрес почты.", "Проверьте адрес.")
        person.name_key = person_key(person)

    def _organisation(self, row: SheetRow) -> Organisation | None:
        text = row.text("organisation")
        if not text:
            return None
        found = self.known.organisations.get(text)
        if found is None:
            same = self.known.bare.get(text.lstrip("0") if text.isdigit() else f"name:{name_key(text)}", [])
            found = same[0] if len(same) == 1 else None
        if found is None:
            row.blame(
                "organisation",
                f"Организации с кодом «{text}» в реестре нет.",
                "Сначала загрузите организации.",
            )
        return found

    def _place(self, row: SheetRow, planned: PersonRow, organisation: Organisation | None) -> None:
        title, starts_on, ends_on = row.text("title"), row.day("starts_on"), row.day("ends_on")
        is_acting, is_head = row.yes("is_acting"), row.yes("is_head")
        if organisation is None:
            if row.text("organisation") is None and (title or starts_on):
                row.blame("organisation", "Должность без организации.", "Укажите код организации.")
            return
        if not title:
            row.blame("title", "Не указана должность.", "Заполните ячейку.")
            return
        if len(title) > 300:
            row.blame("title", "Длиннее 300 знаков.", "Сократите.")
            return
        if starts_on is None:
            if not any(
                problem.cell.startswith(row.letters.get("starts_on", "?")) for problem in row.problems
            ):
                row.blame("starts_on", "Не указано, с какого дня работает.", "Укажите дату.")
            return
        position = self._position(planned.person, organisation, title, starts_on)
        planned.is_new_position = position is None
        made = position or Position(
            person=planned.person, organisation=organisation, title=title, starts_on=starts_on
        )
        key = (id(planned.person), str(organisation.pk), name_key(title), starts_on)
        if key in self.touched:
            row.blame(
                "title", f"Эта должность уже есть в строке {self.touched[key]}.", "Оставьте одну строку."
            )
            return
        self.touched[key] = row.number
        self.before.setdefault(id(made), {name: getattr(made, name) for name, _ in _PLACE})
        if is_acting is not None:
            made.is_acting = is_acting
        if is_head is not None:
            made.is_head = is_head
        if ends_on is not None or row.is_cleared("ends_on"):
            made.ends_on = ends_on
        self._unit(row, made, organisation)
        _blame(row, "ends_on", span_problems(starts_on, made.ends_on))
        if organisation.ends_on and (made.ends_on is None or made.ends_on > organisation.ends_on):
            row.blame(
                "ends_on",
                f"Организация закрыта {format_date(organisation.ends_on)}.",
                "Укажите последний день работы.",
            )
        if organisation.starts_on and starts_on < organisation.starts_on:
            row.blame(
                "starts_on", f"Организация создана {format_date(organisation.starts_on)}.", "Проверьте дату."
            )
        planned.position = made

    def _position(self, person: Person, owner: Organisation, title: str, starts_on: date) -> Position | None:
        for place in self.known.positions.get(person.pk or 0, []):
            same_place = place.organisation_id == owner.pk and name_key(place.title) == name_key(title)
            if same_place and place.starts_on == starts_on:
                return place
        return None

    def _unit(self, row: SheetRow, place: Position, organisation: Organisation) -> None:
        text = row.text("unit")
        if text is None:
            return
        if not text:
            place.unit = None
            return
        keys = tuple(name_key(part) for part in text.split(">"))
        known = self.known.units.get(organisation.pk, {})
        found = [pk for path, pk in known.items() if path == keys or (len(keys) == 1 and path[-1] == keys[0])]
        exact = known.get(keys)
        if exact is not None:
            place.unit_id = exact
        elif len(found) == 1:
            place.unit_id = found[0]
        else:
            said = "несколько" if found else "нет"
            row.blame(
                "unit",
                f"В «{organisation}» подразделений «{text}» {said}.",
                "Проверьте название в карточке организации.",
            )

    def _plan(self, row: SheetRow, planned: PersonRow) -> RowPlan:
        person, place = planned.person, planned.position
        if planned.is_new and self.first_rows[id(person)] == row.number:
            return RowPlan(row.number, CREATE, person.full_name, data=planned)
        before, now = self.before[id(person)], _values(person)
        changes = []
        if planned.is_changed and self.first_rows[id(person)] == row.number:
            changes = [
                f"{title}: {before[key] or 'не указано'} → {now[key] or 'не указано'}"
                for key, title in _FIELDS
                if before[key] != now[key]
            ]
        if place is not None and planned.is_new_position:
            changes.append(f"новая должность: {place.full_title}, {place.organisation}")
        elif place is not None:
            was = self.before[id(place)]
            changes += [title for key, title in _PLACE if was[key] != getattr(place, key)]
        return RowPlan(row.number, CHANGE if changes else SAME, person.full_name, changes, planned)


def rows_of(*, municipality: Municipality) -> Iterator[Sequence[Any]]:
    """Return all people with all their positions in the layout; one row a position."""
    codes = dict(Organisation.objects.filter(municipality=municipality).values_list("pk", "code"))
    places: dict[int, list[Position]] = {}
    found = Position.objects.filter(person__municipality=municipality).order_by("starts_on", "pk")
    for place in found:
        places.setdefault(place.person_id, []).append(place)
    paths = _unit_paths(municipality)
    for person in Person.objects.filter(municipality=municipality).order_by("name_key", "pk"):
        who = (
            person.code, person.family_name, person.given_name, person.patronymic, person.phone, person.email,
        )  # fmt: skip
        for place in places.get(person.pk, []):
            yield (
                *who, codes[place.organisation_id], paths.get(place.unit_id or 0, ""), place.title,
                place.is_acting, place.is_head, place.starts_on, place.ends_on,
            )  # fmt: skip
        if person.pk not in places:
            yield (*who, "", "", "", False, False, None, None)


def _unit_paths(municipality: Municipality) -> dict[int, str]:
    names = dict(Unit.objects.filter(organisation__municipality=municipality).values_list("pk", "name"))
    rows = Unit.objects.filter(organisation__municipality=municipality).values_list("pk", "path")
    return {
        pk: NEST.join(names[int(part)] for part in [*path.split("/"), str(pk)] if part) for pk, path in rows
    }


def _load(municipality: Municipality) -> _Known:
    people = list(Person.objects.filter(municipality=municipality))
    by_name: dict[str, list[Person]] = {}
    for person in people:
        by_name.setdefault(person.name_key, []).append(person)
    positions: dict[int, list[Position]] = {}
    for place in Position.objects.filter(person__municipality=municipality):
        positions.setdefault(place.person_id, []).append(place)
    organisations = list(Organisation.objects.filter(municipality=municipality))
    bare: dict[str, list[Organisation]] = {}
    for organisation in organisations:
        bare.setdefault(organisation.code.lstrip("0"), []).append(organisation)
        bare.setdefault(f"name:{organisation.name_key}", []).append(organisation)
    units: dict[int, dict[tuple[str, ...], int]] = {}
    for pk, path in _unit_paths(municipality).items():
        units.setdefault(pk, {})[tuple(name_key(part) for part in path.split(NEST))] = pk
    owners = dict(
        Unit.objects.filter(organisation__municipality=municipality).values_list("pk", "organisation_id")
    )
    by_owner: dict[int, dict[tuple[str, ...], int]] = {}
    for pk, paths in units.items():
        by_owner.setdefault(owners[pk], {}).update(paths)
    return _Known(
        {person.code: person for person in people}, by_name, positions,
        {organisation.code: organisation for organisation in organisations}, bare, by_owner,
    )  # fmt: skip


def _values(person: Person) -> dict[str, Any]:
    return {key: getattr(person, key) for key, _ in _FIELDS}


def _blame(row: SheetRow, key: str, problems: list[Problem]) -> None:
    for problem in problems:
        row.blame(key, problem.text, problem.mend)
