"""Accounts of the demo: one click to each role, no password that could be guessed or found."""

from datetime import date, timedelta

from django.db import transaction

from gemba.audit.actions import record
from gemba.demo.actions.town import Made
from gemba.demo.rules.invention import InventedOrganisation, InventedPerson
from gemba.organisation import actions as register
from gemba.organisation.access import system_actor
from gemba.organisation.models import Body, BodyKind, BodyMembership, Person, Region, RoleGrant, User
from gemba.organisation.roles import MUNICIPAL, OF_BODY, OF_PROJECT, Role

# In the order of a clerk's day: who works, who decides, who watches, who keeps.
ORDER: tuple[Role, ...] = (
    Role.EMPLOYEE, Role.COORDINATOR, Role.UNIT_HEAD, Role.HEAD, Role.MONITOR, Role.CURATOR, Role.LEADER, Role.TEAM,
    Role.SPONSOR, Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.MEMBER, Role.ASSESSOR, Role.TRAINER, Role.PUBLISHER,
    Role.ADMIN,
)  # fmt: skip
# Where in the municipality somebody of a role works.
_WORKS_IN: dict[Role, str] = {
    Role.EMPLOYEE: "school", Role.COORDINATOR: "school", Role.UNIT_HEAD: "school", Role.LEADER: "kindergarten",
    Role.TEAM: "kindergarten", Role.SPONSOR: "education", Role.CURATOR: "administration", Role.HEAD: "administration",
    Role.MONITOR: "economy", Role.ASSESSOR: "economy", Role.TRAINER: "education", Role.PUBLISHER: "administration",
    Role.ADMIN: "it",
}  # fmt: skip
_ELSEWHERE = "administration"


def open_accounts(*, made: Made, bodies: dict[str, Body]) -> list[User]:
    """Open an account for every role of the municipality and grant the roles."""
    assert set(ORDER) == set(MUNICIPAL)
    since = made.begins_on + timedelta(days=3)
    group = bodies.get(BodyKind.WORKING_GROUP) or bodies[BodyKind.COMMISSION]
    members = set(
        BodyMembership.objects.filter(body__municipality=made.municipality).values_list(
            "person_id", flat=True
        )
    )
    seated = {code for code, person in made.people.items() if person.pk in members}
    taken: set[str] = set()
    users: list[User] = []
    # Seats first: they are given by the act, the rest take who is free.
    for order, role in sorted(enumerate(ORDER, 1), key=lambda pair: pair[1] not in OF_BODY):
        if role in OF_BODY:
            place = group.memberships.filter(role=role.value, person__isnull=False).order_by("order")[0]
            assert place.person is not None
            taken.add(place.person.code)
            users.append(_open(made, role, order, place.person, since))
            continue
        organisation, person = _worker(made, role, taken, seated)
        taken.add(person.code)
        user = _open(made, role, order, made.people[person.code], since)
        users.append(user)
        if role is not Role.EMPLOYEE:
            is_local = role in {Role.COORDINATOR, Role.UNIT_HEAD, *OF_PROJECT}
            register.grant_role(
                actor=made.actor(since), user=user, role=role, at=made.at(since, 16), starts_on=since,
                organisation=made.organisations[organisation.code] if is_local else None, ground="Распоряжение № 52-р",
            )  # fmt: skip
    return users


def _worker(
    made: Made, role: Role, taken: set[str], seated: set[str]
) -> tuple[InventedOrganisation, InventedPerson]:
    """Find who has this role, best somebody without a seat in a body, so that one account shows one role."""
    for kind in (_WORKS_IN[role], _ELSEWHERE):
        for avoided in (taken | seated, taken):
            for organisation in made.town.of(kind):
                for person in organisation.people if organisation.ends_on is None else ():
                    if person.ends_on is None and person.code not in avoided and _fits(person, role):
                        return organisation, person
    raise LookupError(f"nobody is left for {role}")


def _fits(person: InventedPerson, role: Role) -> bool:
    if role in (Role.HEAD, Role.UNIT_HEAD):
        return person.is_head
    is_deputy = "заместитель главы" in person.title.casefold()
    return not person.is_head and is_deputy == (role is Role.CURATOR)


def _open(made: Made, role: Role, order: int, person: Person, since: date) -> User:
    with transaction.atomic():
        user = User(
            login=f"{made.municipality.code}.{role.value}", person=person, municipality=made.municipality,
            created_at=made.at(since, 15), demo_role_title=str(role.label), demo_order=order,
        )  # fmt: skip
        user.set_unusable_password()
        user.save()
        record(
            act="organisation.invite_user", actor=made.actor(since), subject=user, title=user.name,
            municipality_id=made.municipality.pk, at=made.at(since, 15), after={"login": user.login},
        )  # fmt: skip
    return user


def open_regional_office(*, region: Region, made: Made) -> User:
    """Open the account of the region's office once."""
    user = User.objects.filter(region=region).first()
    if user is not None:
        return user
    since = made.begins_on + timedelta(days=3)
    actor = system_actor(None, name="Загрузка сведений", today=since)
    with transaction.atomic():
        user = User(
            login=region.code, region=region, title=f"Центр компетенций: {region.name}", created_at=made.at(since, 15),
            demo_role_title=str(Role.REGION.label), demo_order=len(ORDER) + 1,
        )  # fmt: skip
        user.set_unusable_password()
        user.save()
        RoleGrant.objects.create(user=user, role=Role.REGION, starts_on=since, granted_at=made.at(since, 15))
        record(
            act="organisation.invite_user", actor=actor, subject=user, title=user.name, municipality_id=None,
            at=made.at(since, 15), after={"login": user.login},
        )  # fmt: skip
    return user
