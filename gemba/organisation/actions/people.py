"""Acts on people and the positions they hold."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db.models import Max

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Severity, refuse_on
from gemba.organisation.access import Actor, may, require, require_own
from gemba.organisation.actions.base import locked, one_act, said
from gemba.organisation.models import Municipality, Organisation, Person, Position, Unit
from gemba.organisation.queries import namesakes
from gemba.organisation.rules import code_problems, phone_problems, span_problems, tidy
from gemba.organisation.words import person_key, person_words


@dataclass(frozen=True)
class PersonFields:
    """What is said about a person; an empty code is given by the register."""

    family_name: str
    given_name: str
    patronymic: str = ""
    phone: str = ""
    email: str = ""
    code: str = ""


@dataclass(frozen=True)
class PositionFields:
    """What is said about a position."""

    organisation: Organisation
    title: str
    starts_on: date
    unit: Unit | None = None
    is_acting: bool = False
    is_head: bool = False
    ends_on: date | None = None


def create_person(
    *,
    actor: Actor,
    municipality: Municipality,
    fields: PersonFields,
    position: PositionFields,
    at: datetime,
    allow_namesake: bool = False,
) -> Person:
    """Enter a person together with the first position; a namesake is entered only when the clerk has seen the other.

    :raises Refusal: with everything that is wrong, or with the namesake to look at.
    """
    require(actor, "organisation.edit_people", position.organisation.pk)
    require_own(actor, position.organisation)
    with one_act():
        made = Person(municipality=municipality)
        _fill(made, fields)
        problems = person_problems(made)
        if not allow_namesake and (
            twin := namesakes(municipality_id=municipality.pk, key=made.name_key).first()
        ):
            problems.append(
                Problem(
                    f"{twin.full_name} уже есть в списке сотрудников.",
                    field="family_name",
                    mend="Если это другой человек, поставьте отметку «Однофамилец» и сохраните ещё раз.",
                )
            )
        refuse_on(problems)
        made.save()
        place = _place(made, position)
        record(
            act="organisation.create_person", actor=actor, subject=made, title=made.full_name,
            municipality_id=municipality.pk, at=at, after=snapshot(made) | position_snapshot(place),
        )  # fmt: skip
    return made


def change_person(
    *, actor: Actor, person: Person, version: int, fields: PersonFields, at: datetime
) -> Person:
    """Change what is said about a person.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: with everything that is wrong.
    :raises PermissionDenied: when the person works elsewhere.
    """
    require_person(actor, person)
    with one_act():
        row = locked(Person.objects.all(), person.pk, version)
        before = snapshot(row)
        _fill(row, fields)
        refuse_on(person_problems(row))
        row.version += 1
        row.save()
        record(
            act="organisation.change_person", actor=actor, subject=row, title=row.full_name,
            municipality_id=row.municipality_id, at=at, before=before, after=snapshot(row),
        )  # fmt: skip
    return row


def appoint(*, actor: Actor, person: Person, fields: PositionFields, at: datetime) -> Position:
    """Appoint a person to a position, perhaps as acting.

    :raises Refusal: with everything that is wrong.
    """
    require(actor, "organisation.edit_people", fields.organisation.pk)
    require_own(actor, person)
    require_own(actor, fields.organisation)
    with one_act():
        row = locked(Person.objects.all(), person.pk)
        made = _place(row, fields)
        record(
            act="organisation.appoint", actor=actor, subject=row, title=row.full_name,
            municipality_id=row.municipality_id, at=at, after=position_snapshot(made),
        )  # fmt: skip
    return made


def change_position(
    *, actor: Actor, position: Position, version: int, fields: PositionFields, at: datetime
) -> Position:
    """Correct a position; a transfer is the end of one and the beginning of another.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: with everything that is wrong.
    """
    for organisation_id in (position.organisation_id, fields.organisation.pk):
        require(actor, "organisation.edit_people", organisation_id)
    require_own(actor, position)
    require_own(actor, fields.organisation)
    with one_act():
        row = locked(Position.objects.all(), position.pk, version)
        before = position_snapshot(row)
        _set(row, fields)
        refuse_on(position_problems(row))
        row.version += 1
        row.save()
        record(
            act="organisation.change_position", actor=actor, subject=row.person, title=row.person.full_name,
            municipality_id=row.person.municipality_id, at=at, before=before, after=position_snapshot(row),
        )  # fmt: skip
    return row


def dismiss(
    *, actor: Actor, position: Position, version: int, last_day: date, ground: str, at: datetime
) -> Position:
    """End a position; the person and the past stay.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: when it has ended already or the day is before the beginning.
    """
    require(actor, "organisation.edit_people", position.organisation_id)
    require_own(actor, position)
    with one_act():
        row = locked(Position.objects.all(), position.pk, version)
        problems = span_problems(row.starts_on, last_day, field="last_day")
        if row.ends_on is not None and row.ends_on <= last_day:
            problems.append(Problem(f"Работа уже закончена {format_date(row.ends_on)}.", field="last_day"))
        refuse_on(problems)
        row.ends_on = last_day
        row.version += 1
        row.save()
        record(
            act="organisation.dismiss", actor=actor, subject=row.person, title=row.person.full_name,
            reason=tidy(ground), municipality_id=row.person.municipality_id, at=at,
            after={"title": row.full_title, "organisation": str(row.organisation), "ends_on": last_day},
        )  # fmt: skip
    return row


def require_person(actor: Actor, person: Person) -> None:
    """Let through those who keep the people of an organisation where the person works or worked.

    :raises PermissionDenied: otherwise.
    """
    require(actor, "organisation.edit_people")
    require_own(actor, person)
    places = set(person.positions.values_list("organisation_id", flat=True))
    if places and not any(may(actor, "organisation.edit_people", place) for place in places):
        raise PermissionDenied("Этот сотрудник работает в другой организации.")


def next_code(municipality_id: int) -> str:
    """Return a free code: «С» and the next number of six digits."""
    last = (
        Person.objects.filter(municipality_id=municipality_id, code__regex=r"^С[0-9]{6}$")
        .aggregate(last=Max("code"))
        .get("last")
    )
    return f"С{int(last[1:]) + 1 if last else 1:06d}"


def person_problems(row: Person) -> list[Problem]:
    """Check a person about to be kept."""
    problems = [*code_problems(row.code), *phone_problems(row.phone)]
    required = (("family_name", "фамилия"), ("given_name", "имя"))
    for field, title in required:
        if not getattr(row, field):
            problems.append(Problem(f"Не указана {title}." if field == "family_name" else f"Не указано {title}.",
                                    field=field, mend="Заполните поле."))  # fmt: skip
    for field in ("family_name", "given_name", "patronymic"):
        value = getattr(row, field)
        if value and (not any(char.isalpha() for char in value) or any(char.isdigit() for char in value)):
            problems.append(Problem(f"«{value}» не похоже на имя.", field=field, mend="Введите буквами."))
        if len(value) > 100:
            problems.append(Problem("Длиннее 100 знаков.", field=field, mend="Сократите."))
    if row.email:
        try:
            validate_email(row.email)
        except ValidationError:
            problems.append(
                Problem(f"«{row.email}» не похоже на адрес почты.", field="email", mend="Проверьте адрес.")
            )
    twin = (
        Person.objects.filter(municipality_id=row.municipality_id, code=row.code)
        .exclude(pk=row.pk or 0)
        .first()
    )
    if twin:
        problems.append(
            Problem(f"Код {row.code} уже у сотрудника {twin}.", field="code", mend="Укажите другой код.")
        )
    return problems


def position_problems(row: Position) -> list[Problem]:
    """Check a position about to be kept."""
    problems = span_problems(row.starts_on, row.ends_on, field="ends_on")
    if not row.title:
        problems.append(Problem("Не указана должность.", field="title", mend="Введите должность."))
    if len(row.title) > 300:
        problems.append(Problem("Должность длиннее 300 знаков.", field="title", mend="Сократите."))
    if row.unit is not None and row.unit.organisation_id != row.organisation_id:
        problems.append(
            Problem("Подразделение из другой организации.", field="unit", mend="Выберите из списка.")
        )
    start, end = row.starts_on, row.ends_on
    owner = row.organisation
    if start and owner.starts_on and start < owner.starts_on:
        problems.append(
            Problem(
                f"Организация создана {format_date(owner.starts_on)}, позже начала работы.", field="starts_on"
            )
        )
    if owner.ends_on and (end is None or end > owner.ends_on):
        problems.append(
            Problem(
                f"Организация закрыта {format_date(owner.ends_on)}.",
                field="ends_on",
                mend="Укажите последний день работы.",
            )
        )
    same = Position.objects.filter(
        person_id=row.person_id, organisation_id=row.organisation_id, title=row.title
    )
    for other in same.exclude(pk=row.pk or 0):
        if (other.ends_on is None or not start or other.ends_on >= start) and (
            end is None or other.starts_on is None or other.starts_on <= end
        ):
            problems.append(Problem("Эту должность человек в это время уже занимает.", field="title"))
            break
    if row.is_head and not row.is_acting:
        heads = Position.objects.on(start or date.min).filter(
            organisation_id=row.organisation_id, unit=row.unit, is_head=True, is_acting=False
        )
        if rival := heads.exclude(pk=row.pk or 0).select_related("person").first():
            problems.append(
                Problem(
                    f"Руководителем уже значится {rival.person}.",
                    field="is_head",
                    mend="Если руководитель сменился, закончите прежнюю должность.",
                    severity=Severity.WARNING,
                )
            )
    return problems


def _place(person: Person, fields: PositionFields) -> Position:
    made = Position(person=person)
    _set(made, fields)
    refuse_on(position_problems(made))
    made.save()
    return made


def _set(row: Position, fields: PositionFields) -> None:
    row.organisation = fields.organisation
    row.unit = fields.unit
    row.title = tidy(fields.title)
    row.is_acting = fields.is_acting
    row.is_head = fields.is_head
    row.starts_on = fields.starts_on
    row.ends_on = fields.ends_on


def _fill(row: Person, fields: PersonFields) -> None:
    row.family_name = tidy(fields.family_name)
    row.given_name = tidy(fields.given_name)
    row.patronymic = tidy(fields.patronymic)
    row.phone = tidy(fields.phone)
    row.email = tidy(fields.email)
    row.code = tidy(fields.code) or row.code or next_code(row.municipality_id)
    row.name_key = person_key(row)
    row.words = person_words(row)


def snapshot(row: Person) -> dict[str, Any]:
    """Return what the record of acts keeps of a person."""
    return {
        "family_name": row.family_name,
        "given_name": row.given_name,
        "patronymic": row.patronymic,
        "phone": row.phone,
        "email": row.email,
        "code": row.code,
    }


def position_snapshot(row: Position) -> dict[str, Any]:
    """Return what the record of acts keeps of a position."""
    return {
        "organisation": said(row.organisation),
        "unit": said(row.unit),
        "title": row.full_title,
        "is_head": row.is_head,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }
