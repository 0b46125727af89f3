"""Make the objects of this module for tests, with sensible values for all that a test does not care about."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from gemba.organisation.exchange.doors import export_file
from gemba.organisation.models import (
    Body,
    BodyKind,
    BodyMembership,
    ImportUpload,
    Municipality,
    Organisation,
    OrganisationKind,
    ParticipationPeriod,
    Person,
    Position,
    Region,
    RoleGrant,
    Unit,
    User,
)
from gemba.organisation.roles import Role
from gemba.organisation.rules import name_key
from gemba.organisation.words import organisation_words, person_key, person_words

LONG_AGO = date(2020, 1, 1)
MADE_AT = datetime(2024, 1, 1, 9, 0, tzinfo=UTC)
PASSWORD = "Утро-на-реке-7"

_numbers = count(1)


def make_region(name: str = "Речной край") -> Region:
    return Region.objects.get_or_create(code=f"region-{name_key(name)[:30]}", defaults={"name": name})[0]


def make_municipality(
    name: str = "Полевой округ", region: Region | None = None, **fields: Any
) -> Municipality:
    fields = {
        "code": f"m{next(_numbers)}",
        "short_name": name,
        "genitive": name.replace("ой округ", "ого округа").replace("ый округ", "ого округа"),
        "time_zone": "Asia/Novokuznetsk",
        **fields,
    }
    return Municipality.objects.create(name=name, region=region or make_region(), **fields)


def make_organisation(municipality: Municipality, name: str = "", **fields: Any) -> Organisation:
    number = next(_numbers)
    name = name or f"Учреждение № {number}"
    parent = fields.get("parent")
    participates = fields.pop("participates", True)
    fields = {
        "kind": OrganisationKind.INSTITUTION,
        "code": f"o{number}",
        "short_name": name,
        "path": parent.inner_path if parent else "/",
        "starts_on": LONG_AGO,
        **fields,
    }
    made = Organisation(municipality=municipality, name=name, name_key=name_key(name), **fields)
    made.words = organisation_words(made)
    made.save()
    if participates:
        ParticipationPeriod.objects.create(organisation=made, starts_on=made.starts_on)
    return made


def make_unit(organisation: Organisation, name: str = "", **fields: Any) -> Unit:
    name = name or f"Отдел № {next(_numbers)}"
    parent = fields.get("parent")
    fields = {"path": parent.inner_path if parent else "/", "starts_on": LONG_AGO, **fields}
    return Unit.objects.create(organisation=organisation, name=name, name_key=name_key(name), **fields)


def make_person(municipality: Municipality, full_name: str = "", **fields: Any) -> Person:
    number = next(_numbers)
    family, given, patronymic = (
        [*full_name.split(), "", "", ""][:3] if full_name else ("Полевая", "Анна", "Львовна")
    )
    fields = {"code": f"p{number}", "phone": "", "email": "", **fields}
    made = Person(
        municipality=municipality, family_name=family, given_name=given, patronymic=patronymic, **fields
    )
    made.name_key = person_key(made)
    made.words = person_words(made)
    made.save()
    return made


def make_position(
    person: Person, organisation: Organisation, title: str = "Специалист", **fields: Any
) -> Position:
    fields = {"starts_on": LONG_AGO, **fields}
    return Position.objects.create(person=person, organisation=organisation, title=title, **fields)


def make_body(municipality: Municipality, name: str = "Рабочая группа", **fields: Any) -> Body:
    fields = {"kind": BodyKind.WORKING_GROUP, "starts_on": LONG_AGO, **fields}
    return Body.objects.create(municipality=municipality, name=name, name_key=name_key(name), **fields)


def make_membership(body: Body, role: str, person: Person | None = None, **fields: Any) -> BodyMembership:
    fields = {"seat": "Начальник отдела", "starts_on": LONG_AGO, **fields}
    return BodyMembership.objects.create(body=body, role=role, person=person, **fields)


def make_user(login: str, *, person: Person | None = None, **fields: Any) -> User:
    fields = {"municipality": person.municipality if person else None, "created_at": MADE_AT, **fields}
    user = User(login=login, person=person, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def grant(user: User, role: Role, **fields: Any) -> RoleGrant:
    municipality = None if role is Role.REGION else user.municipality
    fields = {"municipality": municipality, "starts_on": LONG_AGO, "granted_at": MADE_AT, **fields}
    return RoleGrant.objects.create(user=user, role=role, **fields)


def url_samples(cast: Any) -> dict[str, dict[str, Any]]:
    """Give the walk over all addresses the objects of this module, all of Заречный округ."""
    organisation, person = {"pk": cast.school.pk}, {"pk": cast.people[Role.EMPLOYEE].pk}
    position, body = {"pk": cast.positions[Role.EMPLOYEE].pk}, {"pk": cast.working_group.pk}
    user = {"pk": cast.users[Role.EMPLOYEE].pk}
    upload = ImportUpload.objects.create(
        municipality=cast.municipality,
        user_id=cast.users[Role.ADMIN].pk,
        subject="organisations",
        file_name="Организации.xlsx",
        content=export_file(subject="organisations", municipality=cast.municipality).read(),
        uploaded_at=MADE_AT,
    )
    names = {
        "demo_sign_in": user,
        "direction_edit": {"pk": cast.school.direction_id},
        "unit_edit": {"pk": cast.school_unit.pk},
        "unit_close": {"pk": cast.school_unit.pk},
        "seat_fill": {"pk": make_membership(cast.working_group, "member").pk},
        "grant_revoke": {"pk": cast.users[Role.ASSESSOR].grants.get().pk},
        "position_edit": position,
        "position_dismiss": position,
    }
    names |= dict.fromkeys(
        ("organisation", "organisation_edit", "organisation_close", "organisation_merge", "unit_add", "headcount_add",
         "participation_start", "participation_end"), organisation,
    )  # fmt: skip
    names |= dict.fromkeys(("person", "person_edit", "person_appoint"), person)
    names |= dict.fromkeys(
        ("body", "body_xlsx", "body_edit", "body_composition", "body_act_as_chair", "body_close"), body
    )
    names |= dict.fromkeys(("user", "user_reset_password", "user_suspend", "user_grant"), user)
    kept = {"pk": upload.pk}
    names |= dict.fromkeys(("exchange_checked", "exchange_load", "exchange_drop"), kept)
    # A word in the address, not an object: everybody asks about their own municipality.
    word = {"subject": "organisations", "is_object": False}
    names |= dict.fromkeys(("exchange", "exchange_template", "exchange_export"), word)
    return {f"organisation:{name}": kwargs for name, kwargs in names.items()}
