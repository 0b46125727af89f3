"""Write an invented region of any size in bulk, municipality by municipality, each in one transaction."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from gemba.demo.actions.bulk_projects import loaded
from gemba.demo.actions.bulk_work import Register, Worker, write_work
from gemba.demo.actions.quick import prepare_for_much
from gemba.demo.rules.invention import InventedTown, Measure, invent_town
from gemba.demo.rules.projects import project_stream
from gemba.demo.rules.region import CODE_PREFIX, Share, shares
from gemba.demo.rules.region_pack import region_pack
from gemba.demo.rules.towns import TOWNS
from gemba.demo.rules.work import work_stream
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import system_actor
from gemba.organisation.models import (
    Body,
    BodyMembership,
    Direction,
    HeadcountRecord,
    Municipality,
    Organisation,
    ParticipationPeriod,
    Person,
    Position,
    Region,
    RoleGrant,
    Unit,
    User,
)
from gemba.organisation.roles import OF_BODY, OF_PROJECT, Role
from gemba.organisation.rules import name_key
from gemba.organisation.words import organisation_words, person_key, person_words
from gemba.projects.actions.load import bulk_fill
from gemba.projects.models import Project
from gemba.proposals.actions.stems import count_stems
from gemba.proposals.models import Proposal
from gemba.regulations.actions import fill_calendar, load_edition
from gemba.regulations.queries import work_calendar

TIME_ZONE = "Asia/Novokuznetsk"
BEGINS_ON = date(2025, 1, 15)
_ROLES = (
    Role.EMPLOYEE, Role.COORDINATOR, Role.UNIT_HEAD, Role.HEAD, Role.MONITOR, Role.CURATOR, Role.ADMIN, Role.ASSESSOR,
    Role.TRAINER, Role.PUBLISHER, Role.LEADER, Role.TEAM, Role.SPONSOR, Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.MEMBER,
)  # fmt: skip


def fill_region(
    *,
    municipalities: int,
    scale: int,
    proposals: int,
    projects: int,
    seed: int,
    today: date,
    progress: Callable[[str], None],
) -> int:
    """Write what is missing of the region and return how many municipalities were written now.

    :raises Refusal: when the database holds real data.
    """
    refuse_real_data()
    prepare_for_much()
    known = set(Municipality.objects.filter(code__startswith=CODE_PREFIX).values_list("code", flat=True))
    written = 0
    for share in shares(
        municipalities=municipalities, scale=scale, proposals=proposals, projects=projects, seed=seed
    ):
        if share.code in known:
            continue
        _write(share, seed, today)
        written += 1
        progress(
            f"{share.number} из {municipalities}: {share.name}, организаций {sum(share.organisations.values())}, "
            f"людей {share.people}, предложений {share.proposals}, проектов {share.projects}"
        )
    return written


def refuse_real_data() -> None:
    """Let invented data stand only among invented data.

    :raises Refusal: when there is a municipality of another origin.
    """
    demo = [town.code for town in TOWNS]
    strange = Municipality.objects.exclude(code__in=demo).exclude(code__startswith=CODE_PREFIX)
    names = list(strange.order_by("name").values_list("name", flat=True)[:3])
    if names:
        raise Refusal(
            Problem(
                f"В базе есть настоящие данные: {', '.join(names)}.",
                mend="Придуманным нужна своя база: задайте другую папку GEMBA_VAR или другой DATABASE_URL.",
            )
        )


@transaction.atomic
def _write(share: Share, seed: int, today: date) -> None:
    at = datetime.combine(BEGINS_ON, time(9), tzinfo=ZoneInfo(TIME_ZONE))
    region, _ = Region.objects.get_or_create(
        code=f"{CODE_PREFIX}{seed}", defaults={"name": f"Придуманный край ({seed})"}
    )
    municipality = Municipality.objects.create(
        region=region, code=share.code, name=_free_name(share, seed), short_name=share.short_name,
        genitive=share.genitive, time_zone=TIME_ZONE,
    )  # fmt: skip
    actor = system_actor(municipality, name="Загрузка", today=today)
    pack = region_pack(
        code=share.code, name=municipality.name, genitive=share.genitive, short_name=share.short_name, region=region.name,
        time_zone=TIME_ZONE,
    )  # fmt: skip
    load_edition(actor=actor, municipality=municipality, source=pack.encode(), name="положение.yaml", at=at)
    fill_calendar(actor=actor, municipality=municipality, years=[2025, 2026, 2027], at=at)
    measure = Measure(
        share.organisations, share.people, share.genitive, BEGINS_ON, today, 241, share.number * 1000
    )
    town = invent_town(share.code, measure, seed)
    writer = _Writer(municipality, town, at)
    writer.organisations()
    writer.people()
    writer.accounts()
    stream = work_stream(town, seed=seed, begins_on=BEGINS_ON, today=today, count=share.proposals)
    register = writer.register()
    write_work(register=register, invented=stream)
    count_stems(municipality_id=municipality.pk)
    projects = project_stream(town, seed=seed, begins_on=BEGINS_ON, today=today, count=share.projects)
    bulk_fill(
        actor=actor,
        municipality=municipality,
        invented=loaded(register=register, invented=projects),
        at=datetime.combine(today, time(9), tzinfo=ZoneInfo(TIME_ZONE)),
    )


def _free_name(share: Share, seed: int) -> str:
    taken = Municipality.objects.filter(name=share.name).exists()
    return f"{share.name} ({seed})" if taken else share.name


class _Writer:
    """Writes the register of a municipality in bulk."""

    def __init__(self, municipality: Municipality, town: InventedTown, at: datetime) -> None:
        self.municipality = municipality
        self.town = town
        self.at = at
        self.made: dict[str, Organisation] = {}
        self.units: dict[tuple[str, str], Unit] = {}
        self.made_people: dict[str, Person] = {}
        self.users: dict[int, int] = {}

    def organisations(self) -> None:
        """Write directions, organisations level by level, units, headcounts and participation."""
        names = list(dict.fromkeys(row.direction for row in self.town.organisations))
        directions = {
            row.name: row
            for row in Direction.objects.bulk_create(
                Direction(municipality=self.municipality, name=name, name_key=name_key(name))
                for name in names
            )
        }
        waiting = list(self.town.organisations)
        while waiting:
            ready = [row for row in waiting if not row.parent or row.parent in self.made]
            rows = []
            for row in ready:
                parent = self.made.get(row.parent)
                made = Organisation(
                    municipality=self.municipality, kind=row.kind.kind, parent=parent,
                    path=parent.inner_path if parent else "/", code=row.code, name=row.name, name_key=name_key(row.name),
                    short_name=row.short_name, inn=row.inn, direction=directions[row.direction], starts_on=row.starts_on,
                    ends_on=row.ends_on, closing_ground=row.ground,
                )  # fmt: skip
                made.words = organisation_words(made)
                rows.append(made)
            for row, made in zip(ready, Organisation.objects.bulk_create(rows, batch_size=500), strict=True):
                self.made[row.code] = made
            waiting = [row for row in waiting if row.code not in self.made]
        heirs = [row for row in self.town.organisations if row.successor]
        for row in heirs:
            Organisation.objects.filter(pk=self.made[row.code].pk).update(successor=self.made[row.successor])
        ParticipationPeriod.objects.bulk_create(
            ParticipationPeriod(organisation=self.made[row.code], starts_on=row.joins_on, ends_on=row.ends_on)
            for row in self.town.organisations
            if row.joins_on
        )
        HeadcountRecord.objects.bulk_create(
            HeadcountRecord(organisation=self.made[row.code], counted_on=day, people=people)
            for row in self.town.organisations
            for day, people in row.headcounts.items()
        )
        pairs = [(row, name) for row in self.town.organisations for name in row.units]
        units = Unit.objects.bulk_create(
            Unit(
                organisation=self.made[row.code], name=name, name_key=name_key(name), starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
            for row, name in pairs
        )  # fmt: skip
        self.units = {(row.code, name): unit for (row, name), unit in zip(pairs, units, strict=True)}

    def people(self) -> None:
        """Write people and positions."""
        invented = [(row, person) for row in self.town.organisations for person in row.people]
        rows = []
        for _, person in invented:
            made = Person(
                municipality=self.municipality, code=person.code, family_name=person.family, given_name=person.given,
                patronymic=person.patronymic, phone=person.phone, email=person.email,
            )  # fmt: skip
            made.name_key, made.words = person_key(made), person_words(made)
            rows.append(made)
        kept = Person.objects.bulk_create(rows, batch_size=1000)
        self.made_people = {person.code: made for (_, person), made in zip(invented, kept, strict=True)}
        Position.objects.bulk_create(
            (
                Position(
                    person=self.made_people[person.code], organisation=self.made[row.code], title=person.title,
                    unit=self.units.get((row.code, person.unit)), is_acting=person.is_acting, is_head=person.is_head,
                    starts_on=person.starts_on, ends_on=person.ends_on or row.ends_on,
                )
                for row, person in invented
            ),
            batch_size=1000,
        )  # fmt: skip

    def accounts(self) -> None:
        """Write an account for every third person and one for each role, none of which a password opens."""
        unusable = make_password(None)
        living = [row for row in self.town.organisations if row.ends_on is None]
        people = [(row, person) for row in living for person in row.people if person.ends_on is None]
        chosen = dict(zip(_ROLES, self._holders(), strict=True))
        holders = {code: role for role, code in chosen.items()}
        rows = []
        for turn, (_, person) in enumerate(people):
            role = holders.get(person.code)
            if role is None and turn % 3:
                continue
            rows.append(
                User(
                    login=f"{self.municipality.code}.{role.value if role else person.code.lower().replace('с', 'c')}",
                    person=self.made_people[person.code], municipality=self.municipality, created_at=self.at,
                    password=unusable, demo_role_title=str(role.label) if role and self.municipality.code.endswith("-001") else "",
                    demo_order=_ROLES.index(role) + 1 if role else 0,
                )
            )  # fmt: skip
        made = User.objects.bulk_create(rows, batch_size=1000)
        self.users = {user.person_id: user.pk for user in made if user.person_id}
        self._roles(chosen)

    def _holders(self) -> list[str]:
        """Choose who holds the roles: a head of a school for its head, otherwise one after another."""
        living = [row for row in self.town.organisations if row.ends_on is None]
        school = next((row for row in living if row.kind.kind == "institution"), living[-1])
        head, *staff = [person.code for person in school.people if person.ends_on is None]
        others = [
            person.code
            for row in living
            if row is not school
            for person in row.people
            if person.ends_on is None
        ]
        free = iter([*others, *staff[2:]])
        chosen = []
        for role in _ROLES:
            if role is Role.UNIT_HEAD:
                chosen.append(head)
            elif role in (Role.EMPLOYEE, Role.COORDINATOR) and staff:
                chosen.append(staff.pop(0) if role is Role.EMPLOYEE else staff.pop() if staff else next(free))
            else:
                chosen.append(next(code for code in free if code not in chosen))
        return chosen

    def _roles(self, chosen: dict[Role, str]) -> None:
        since = BEGINS_ON
        places = {
            person.code: self.made[row.code] for row in self.town.organisations for person in row.people
        }
        body = Body.objects.create(
            municipality=self.municipality, kind="working_group", code="working_group", name="Рабочая группа",
            name_key=name_key("Рабочая группа"), starts_on=since, act_kind="Распоряжение", act_number="12-р", act_on=since,
        )  # fmt: skip
        BodyMembership.objects.bulk_create(
            BodyMembership(
                body=body,
                person=self.made_people[code],
                role=role.value,
                seat=str(role.label),
                order=order,
                starts_on=since,
            )
            for order, (role, code) in enumerate(chosen.items())
            if role in OF_BODY
        )
        local = {Role.COORDINATOR, Role.UNIT_HEAD, *OF_PROJECT}
        RoleGrant.objects.bulk_create(
            RoleGrant(
                user_id=self.users[self.made_people[code].pk], role=role, municipality=self.municipality, starts_on=since,
                organisation=places[code] if role in local else None, granted_at=self.at,
            )
            for role, code in chosen.items()
            if role not in OF_BODY and role is not Role.EMPLOYEE
        )  # fmt: skip

    def register(self) -> Register:
        """Return where invented codes lead."""
        people = {
            person.code: Worker(
                self.made_people[person.code].pk, self.made_people[person.code].full_name, self.made[row.code].pk,
                self.users.get(self.made_people[person.code].pk),
            )
            for row in self.town.organisations
            for person in row.people
        }  # fmt: skip
        return Register(
            municipality=self.municipality,
            calendar=work_calendar(municipality_id=self.municipality.pk),
            organisations={code: row.pk for code, row in self.made.items()},
            units={key: row.pk for key, row in self.units.items()},
            people=people,
            with_record=False,
        )


def fingerprint() -> str:
    """Digest what is invented in the database, without keys of rows and secret tokens: equal seeds give equal digests."""
    digest = hashlib.sha256()
    for rows in (
        Organisation.objects.order_by("municipality__code", "code").values_list(
            "code", "name", "inn", "parent__code", "words"
        ),
        Person.objects.order_by("municipality__code", "code").values_list(
            "code", "name_key", "phone", "email"
        ),
        User.objects.order_by("login").values_list("login", "demo_role_title"),
        _proposals(),
        Project.objects.order_by("municipality__code", "number_year", "number").values_list(
            "number_year", "number", "title", "status", "opened_on", "closed_on", "leader__code"
        ),
    ):
        for row in rows:
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _proposals() -> Iterable[tuple[Any, ...]]:
    return Proposal.objects.order_by("municipality__code", "number_year", "number", "events__id").values_list(
        "number_year", "number", "state", "problem", "solution", "author__code", "submitted_on", "implemented_on",
        "events__verb",
    )  # fmt: skip
