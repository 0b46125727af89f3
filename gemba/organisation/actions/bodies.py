"""Acts on bodies: creation, composition by act, vacancies, the deputy as chair, closing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.actions.base import locked, one_act, said
from gemba.organisation.models import (
    ActingChair,
    Body,
    BodyKind,
    BodyMembership,
    BodyRole,
    Municipality,
    Organisation,
    Person,
)
from gemba.organisation.queries import composition_on
from gemba.organisation.rules import name_key, name_problems, span_problems, tidy


@dataclass(frozen=True)
class BodyFields:
    """What is said about a body and the act that made it."""

    kind: str
    name: str
    starts_on: date | None = None
    organisation: Organisation | None = None
    purpose: str = ""
    code: str = ""
    act_kind: str = ""
    act_number: str = ""
    act_on: date | None = None


@dataclass(frozen=True)
class Seat:
    """A place in a body: by position, held by a person or vacant."""

    role: str
    seat: str
    person: Person | None = None
    is_acting: bool = False
    is_released: bool = False


def create_body(*, actor: Actor, municipality: Municipality, fields: BodyFields, at: datetime) -> Body:
    """Enter a body.

    :raises Refusal: with everything that is wrong.
    """
    require(actor, "organisation.edit_bodies")
    with one_act():
        made = Body(municipality=municipality)
        require_own(actor, made)
        _fill(made, fields)
        refuse_on(_problems(made))
        made.save()
        record(
            act="organisation.create_body", actor=actor, subject=made, title=made.name, reason=made.act_title,
            municipality_id=municipality.pk, at=at, after=snapshot(made),
        )  # fmt: skip
    return made


def change_body(*, actor: Actor, body: Body, version: int, fields: BodyFields, at: datetime) -> Body:
    """Change what is said about a body.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: with everything that is wrong.
    """
    require(actor, "organisation.edit_bodies")
    require_own(actor, body)
    with one_act():
        row = locked(Body.objects.all(), body.pk, version)
        before = snapshot(row)
        _fill(row, fields)
        refuse_on(_problems(row))
        row.version += 1
        row.save()
        record(
            act="organisation.change_body", actor=actor, subject=row, title=row.name,
            municipality_id=row.municipality_id, at=at, before=before, after=snapshot(row),
        )  # fmt: skip
    return row


def set_composition(
    *,
    actor: Actor,
    body: Body,
    version: int,
    seats: list[Seat],
    from_day: date,
    act_kind: str,
    act_number: str,
    act_on: date | None,
    at: datetime,
) -> Body:
    """Make this the composition from the day, by the act; who stays keeps the place, who leaves ends the day before.

    :raises StaleRecord: when somebody changed the body meanwhile.
    :raises Refusal: when there are two chairs, a person twice, no act, or later changes exist.
    """
    require(actor, "organisation.edit_bodies")
    require_own(actor, body)
    with one_act():
        row = locked(Body.objects.all(), body.pk, version)
        tidy_seats = [_tidy_seat(seat) for seat in seats]
        refuse_on(_composition_problems(row, tidy_seats, from_day, act_kind, act_number))
        present = composition_on(body=row, day=from_day).members
        before = [str(place) for place in present]
        kept: set[int] = set()
        new: list[tuple[int, Seat]] = []
        for order, seat in enumerate(tidy_seats, 1):
            same = next((old for old in present if old.pk not in kept and _is_same(old, seat)), None)
            if same is None:
                new.append((order, seat))
            else:
                kept.add(same.pk)
                BodyMembership.objects.filter(pk=same.pk).update(order=order, is_released=seat.is_released)
        for old in present:
            if old.pk not in kept:
                _leave(old, from_day)
        BodyMembership.objects.bulk_create(
            BodyMembership(
                body=row, person=seat.person, role=seat.role, seat=seat.seat, is_acting=seat.is_acting,
                is_released=seat.is_released, order=order, starts_on=from_day,
                act_kind=tidy(act_kind), act_number=tidy(act_number), act_on=act_on,
            )
            for order, seat in new
        )  # fmt: skip
        row.version += 1
        row.save(update_fields=["version"])
        after = [str(place) for place in composition_on(body=row, day=from_day).members]
        act_title = Body(act_kind=tidy(act_kind), act_number=tidy(act_number), act_on=act_on).act_title
        record(
            act="organisation.set_composition", actor=actor, subject=row, title=row.name, reason=act_title,
            municipality_id=row.municipality_id, at=at,
            before={"composition": before}, after={"composition": after, "starts_on": from_day},
        )  # fmt: skip
    return row


def fill_seat(
    *, actor: Actor, membership: BodyMembership, person: Person, from_day: date, at: datetime
) -> BodyMembership:
    """Put a person into a vacant place: the act names the position, the person holds it.

    :raises Refusal: when the place is taken or the person is already in the body.
    """
    require(actor, "organisation.edit_bodies")
    body = membership.body
    require_own(actor, body)
    require_own(actor, person)
    with one_act():
        locked(Body.objects.all(), body.pk)
        row = locked(BodyMembership.objects.all(), membership.pk)
        if row.person_id is not None or row.ends_on is not None:
            raise Refusal(Problem("Это место уже занято.", mend="Обновите страницу."))
        if BodyMembership.objects.on(from_day).filter(body=body, person=person).exists():
            raise Refusal(Problem(f"{person} уже в составе.", field="person"))
        refuse_on(span_problems(row.starts_on, from_day, field="from_day"))
        if row.starts_on == from_day:
            row.person = person
            row.save()
        else:
            # The vacancy was a fact of its days and stays one.
            row.ends_on = from_day - timedelta(days=1)
            row.save()
            row = BodyMembership.objects.create(
                body=body, person=person, role=row.role, seat=row.seat, is_acting=row.is_acting,
                is_released=row.is_released, order=row.order, starts_on=from_day,
                act_kind=row.act_kind, act_number=row.act_number, act_on=row.act_on,
            )  # fmt: skip
        record(
            act="organisation.fill_seat", actor=actor, subject=body, title=body.name,
            municipality_id=body.municipality_id, at=at,
            after={"role": row.get_role_display(), "seat": row.seat, "person": person.full_name, "starts_on": from_day},
        )  # fmt: skip
    return row


def act_as_chair(
    *,
    actor: Actor,
    membership: BodyMembership,
    first_day: date,
    last_day: date | None,
    ground: str,
    at: datetime,
) -> ActingChair:
    """Record that a deputy exercises the powers of the chair and on what ground (000-РГ 3.3).

    :raises Refusal: when it is not a deputy in office, the ground is missing or another deputy acts in those days.
    """
    require(actor, "organisation.edit_bodies")
    body = membership.body
    require_own(actor, body)
    with one_act():
        locked(Body.objects.all(), body.pk)
        problems = span_problems(first_day, last_day, field="last_day")
        if membership.role != BodyRole.DEPUTY or membership.person_id is None:
            problems.append(
                Problem("Полномочия председателя исполняет только заместитель.", field="membership")
            )
        if not membership.is_on(first_day) or (last_day and not membership.is_on(last_day)):
            problems.append(
                Problem("В эти дни его нет в составе.", field="first_day", mend="Проверьте даты.")
            )
        if not tidy(ground):
            problems.append(
                Problem(
                    "Не указано основание.",
                    field="ground",
                    mend="Например: отпуск председателя, приказ и номер.",
                )
            )
        others = ActingChair.objects.between(first_day, last_day or date.max).filter(membership__body=body)
        if rival := others.select_related("membership__person").first():
            problems.append(
                Problem(f"В эти дни председателя уже замещает {rival.membership.person}.", field="first_day")
            )
        refuse_on(problems)
        made = ActingChair.objects.create(
            membership=membership, starts_on=first_day, ends_on=last_day, ground=tidy(ground)[:500]
        )
        record(
            act="organisation.act_as_chair", actor=actor, subject=body, title=body.name, reason=made.ground,
            municipality_id=body.municipality_id, at=at,
            after={"person": str(membership.person), "starts_on": first_day, "ends_on": last_day},
        )  # fmt: skip
    return made


def close_body(*, actor: Actor, body: Body, version: int, last_day: date, ground: str, at: datetime) -> Body:
    """Close a body; all its places end on the same day.

    :raises StaleRecord: when somebody changed it meanwhile.
    :raises Refusal: when it is closed already or the day is before the beginning.
    """
    require(actor, "organisation.edit_bodies")
    require_own(actor, body)
    with one_act():
        row = locked(Body.objects.all(), body.pk, version)
        problems = span_problems(row.starts_on, last_day, field="last_day")
        if row.ends_on is not None:
            problems.append(Problem(f"Орган уже упразднён {format_date(row.ends_on)}.", field="last_day"))
        if not tidy(ground):
            problems.append(
                Problem("Не указано основание.", field="ground", mend="Назовите акт: вид, дату и номер.")
            )
        refuse_on(problems)
        row.ends_on = last_day
        row.version += 1
        row.save()
        still = Q(ends_on__isnull=True) | Q(ends_on__gt=last_day)
        places = BodyMembership.objects.filter(still, body=row)
        places.filter(starts_on__gt=last_day).update(ends_on=F("starts_on"))
        places.exclude(starts_on__gt=last_day).update(ends_on=last_day)
        record(
            act="organisation.close_body", actor=actor, subject=row, title=row.name, reason=tidy(ground),
            municipality_id=row.municipality_id, at=at, after={"ends_on": last_day},
        )  # fmt: skip
    return row


def _leave(old: BodyMembership, from_day: date) -> None:
    if old.starts_on is not None and old.starts_on >= from_day:
        # Appointed and replaced on the same day: this place never was.
        old.delete()
        return
    old.ends_on = from_day - timedelta(days=1)
    old.save()
    ActingChair.objects.filter(membership=old).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=from_day), starts_on__lt=from_day
    ).update(ends_on=old.ends_on)


def _is_same(old: BodyMembership, seat: Seat) -> bool:
    return (
        old.role == seat.role
        and old.person_id == (seat.person.pk if seat.person else None)
        and name_key(old.seat) == name_key(seat.seat)
        and old.is_acting == seat.is_acting
    )


def _tidy_seat(seat: Seat) -> Seat:
    text, is_acting = tidy(seat.seat), seat.is_acting
    for mark in ("и.о. ", "и. о. ", "ио "):
        if text.casefold().startswith(mark):
            text, is_acting = text[len(mark) :], True
    return Seat(seat.role, text, seat.person, is_acting, seat.is_released)


def _composition_problems(
    body: Body, seats: list[Seat], from_day: date, act_kind: str, act_number: str
) -> list[Problem]:
    problems = span_problems(body.starts_on, from_day, field="from_day")
    if body.ends_on is not None and from_day > body.ends_on:
        problems.append(Problem(f"Орган упразднён {format_date(body.ends_on)}.", field="from_day"))
    if not tidy(act_kind) or not tidy(act_number):
        problems.append(
            Problem("Не указан акт о составе.", field="act_number", mend="Укажите вид акта, номер и дату.")
        )
    if BodyMembership.objects.filter(body=body, starts_on__gt=from_day).exists():
        problems.append(
            Problem(
                "После этого дня состав уже менялся.", field="from_day", mend="Укажите более позднюю дату."
            )
        )
    if sum(seat.role == BodyRole.CHAIR for seat in seats) > 1:
        problems.append(Problem("Председатель может быть только один.", field="seats"))
    people = [seat.person.pk for seat in seats if seat.person]
    for seat in seats:
        if seat.role not in BodyRole.values:
            problems.append(
                Problem("Не указана роль в составе.", field="seats", mend="Выберите роль из списка.")
            )
        if not seat.seat:
            problems.append(
                Problem("Не указана должность в составе.", field="seats", mend="Введите должность.")
            )
        if seat.person and seat.person.municipality_id != body.municipality_id:
            problems.append(Problem("Человек из другого округа.", field="seats"))
        if seat.person and people.count(seat.person.pk) > 1:
            problems.append(
                Problem(f"{seat.person} указан дважды.", field="seats", mend="Оставьте одно место.")
            )
            people = [pk for pk in people if pk != seat.person.pk]
    return problems


def _problems(row: Body) -> list[Problem]:
    problems = [*name_problems(row.name), *span_problems(row.starts_on, row.ends_on, field="starts_on")]
    if row.kind not in BodyKind.values:
        problems.append(Problem("Не указан вид органа.", field="kind", mend="Выберите вид из списка."))
    if row.organisation is not None and row.organisation.municipality_id != row.municipality_id:
        problems.append(Problem("Организация из другого округа.", field="organisation"))
    others = Body.objects.filter(municipality_id=row.municipality_id).exclude(pk=row.pk or 0)
    if row.code and others.filter(code=row.code).exists():
        problems.append(Problem(f"Орган с кодом {row.code} уже есть.", field="code"))
    twins = others.filter(name_key=row.name_key, organisation=row.organisation, ends_on__isnull=True)
    if row.ends_on is None and twins.exists():
        problems.append(Problem("Орган с таким названием уже есть.", field="name", mend="Уточните название."))
    return problems


def _fill(row: Body, fields: BodyFields) -> None:
    row.kind = fields.kind
    row.name = tidy(fields.name)
    row.name_key = name_key(row.name)
    row.starts_on = fields.starts_on
    row.organisation = fields.organisation
    row.purpose = fields.purpose.strip()
    row.code = tidy(fields.code) or row.code
    row.act_kind = tidy(fields.act_kind)
    row.act_number = tidy(fields.act_number)
    row.act_on = fields.act_on


def snapshot(row: Body) -> dict[str, Any]:
    """Return what the record of acts keeps of a body."""
    return {
        "kind": row.get_kind_display(),
        "name": row.name,
        "organisation": said(row.organisation),
        "purpose": row.purpose,
        "act": row.act_title,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }
