"""Write the bodies of the regulation with people in their seats."""

from datetime import date, timedelta

from gemba.demo.actions.town import Made
from gemba.demo.rules.invention import InventedPerson
from gemba.demo.rules.seats import holder_of
from gemba.organisation import actions as register
from gemba.organisation.actions import BodyFields, Seat
from gemba.organisation.models import Body, BodyKind, BodyRole
from gemba.regulations.pack import Pack

# What a regulation leaves to other acts, the demo composes itself.
_OWN_GROUP = "Рабочая группа по бережливому управлению"


def enter_bodies(*, made: Made, pack: Pack) -> dict[str, Body]:
    """Enter every body the regulation names, fill its seats, and a working group where none is named."""
    free = _Free(made)
    bodies: dict[str, Body] = {}
    number = 40
    for rule in pack.bodies:
        if rule.kind not in BodyKind.values:
            continue
        number += 1
        body = _enter(made, rule.kind, rule.name, rule.code, rule.purpose or "", number)
        bodies[rule.kind] = body
        if rule.seats:
            seats = [
                Seat(seat.role, seat.position, made.people[free.take(seat.position).code], seat.is_acting)
                for seat in rule.seats
            ]
        elif rule.kind in (BodyKind.CURATOR, BodyKind.LEADERS_TEAM, BodyKind.CHANGE_TEAM):
            seats = _own_seats(made, free, BodyKind(rule.kind))
        else:
            continue
        _compose(made, body, seats, made.begins_on + timedelta(days=2), number)
    if not {BodyKind.WORKING_GROUP, BodyKind.COMMISSION} & bodies.keys():
        body = _enter(
            made, BodyKind.WORKING_GROUP, _OWN_GROUP, "", "Рассматривает предложения и проекты", number + 1
        )
        bodies[BodyKind.WORKING_GROUP] = body
        _compose(
            made,
            body,
            _own_seats(made, free, BodyKind.WORKING_GROUP),
            made.begins_on + timedelta(days=2),
            number + 1,
        )
    group = bodies.get(BodyKind.WORKING_GROUP) or bodies[BodyKind.COMMISSION]
    _deputy_acted(made, group)
    return bodies


def _enter(made: Made, kind: str, name: str, code: str, purpose: str, number: int) -> Body:
    day = made.begins_on + timedelta(days=1)
    fields = BodyFields(
        kind=kind, name=name[:500], code=code, purpose=purpose, starts_on=day, act_kind="Распоряжение",
        act_number=f"{number}-р", act_on=day,
    )  # fmt: skip
    return register.create_body(
        actor=made.actor(day), municipality=made.municipality, fields=fields, at=made.at(day, 15)
    )


def _compose(made: Made, body: Body, seats: list[Seat], day: date, number: int) -> None:
    body.refresh_from_db()
    register.set_composition(
        actor=made.actor(day), body=body, version=body.version, seats=seats, from_day=day, act_kind="Распоряжение",
        act_number=f"{number}-р", act_on=made.begins_on + timedelta(days=1), at=made.at(day, 15, 30),
    )  # fmt: skip


def _own_seats(made: Made, free: "_Free", kind: BodyKind) -> list[Seat]:
    wanted = {
        BodyKind.CURATOR: [(BodyRole.CHAIR, "заместитель главы округа по экономике и финансам")],
        BodyKind.LEADERS_TEAM: [
            (BodyRole.CHAIR, "первый заместитель главы округа"),
            (BodyRole.DEPUTY, "заместитель главы округа – руководитель аппарата"),
            (BodyRole.SECRETARY, "главный специалист управления экономического развития"),
            (BodyRole.MEMBER, "начальник управления образования"),
            (BodyRole.MEMBER, "начальник управления культуры"),
            (BodyRole.MEMBER, "начальник управления социальной защиты населения"),
            (BodyRole.MEMBER, "начальник управления по жизнеобеспечению и строительству"),
        ],
        BodyKind.CHANGE_TEAM: [
            (BodyRole.CHAIR, "начальник управления экономического развития"),
            (BodyRole.MEMBER, "директор школы"),
            (BodyRole.MEMBER, "заведующий детским садом"),
            (BodyRole.MEMBER, "директор комплексного центра социального обслуживания"),
        ],
    }.get(
        kind,
        [
            (BodyRole.CHAIR, "первый заместитель главы округа"),
            (BodyRole.DEPUTY, "заместитель главы округа по социальным вопросам"),
            (BodyRole.SECRETARY, "ведущий специалист управления экономического развития"),
            (BodyRole.MEMBER, "начальник финансового управления"),
            (BodyRole.MEMBER, "начальник управления образования"),
            (BodyRole.MEMBER, "начальник управления социальной защиты населения"),
            (BodyRole.MEMBER, "начальник управления культуры"),
        ],
    )
    # One person may sit in several bodies, in one only once.
    free.forget()
    return [Seat(role, title, made.people[free.take(title).code]) for role, title in wanted]


class _Free:
    """People who have no seat in the body that is being composed."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.taken: set[str] = set()

    def forget(self) -> None:
        """Begin another body."""
        self.taken = set()

    def take(self, title: str) -> InventedPerson:
        """Take whoever fits the title best."""
        person = holder_of(self.made.town, title, self.taken)
        self.taken.add(person.code)
        return person


def _deputy_acted(made: Made, group: Body) -> None:
    """Record that a deputy led the body during the chair's leave."""
    place = group.memberships.filter(role=BodyRole.DEPUTY, person__isnull=False).order_by("order").first()
    first_day = date(made.begins_on.year + 1, 7, 3)
    if place is not None and first_day + timedelta(days=27) < made.today:
        register.act_as_chair(
            actor=made.actor(first_day), membership=place, first_day=first_day, last_day=first_day + timedelta(days=27),
            ground="Ежегодный отпуск председателя, приказ № 88-к", at=made.at(first_day, 9),
        )  # fmt: skip
