"""Who may: the person behind a request, the roles of today and the acts of this module."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from gemba.organisation.acts import Nature, act_of, declare
from gemba.organisation.models import (
    Body,
    BodyKind,
    BodyMembership,
    Municipality,
    Organisation,
    Person,
    Position,
    RoleGrant,
    User,
)
from gemba.organisation.models.dated import DatedQuerySet, holds_on
from gemba.organisation.models.register import OrganisationQuerySet
from gemba.organisation.roles import MUNICIPAL, Role
from gemba.statements import written


@dataclass(frozen=True)
class Grant:
    """A role of today and where it holds; no organisation means the whole municipality."""

    role: Role
    municipality_id: int | None = None
    organisation_id: int | None = None
    organisation_path: str = ""
    body_id: int | None = None
    project_number: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with the roles of today. It lives as long as one request or one command."""

    user_id: int | None = None
    person_id: int | None = None
    name: str = ""
    login: str = ""
    municipality_id: int | None = None
    region_id: int | None = None
    today: date = field(default_factory=timezone.localdate)
    grants: tuple[Grant, ...] = ()
    is_signed_in: bool = False
    must_change_password: bool = False
    # A command run on the server: no roles, but nobody to ask either.
    is_system: bool = False
    ip: str | None = None
    municipality: Municipality | None = field(default=None, compare=False, repr=False)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Return the roles of today."""
        return frozenset(grant.role for grant in self.grants)

    def has(self, role: Role | str) -> bool:
        """Tell whether the role is held today, anywhere."""
        return role in self.roles

    def may(self, code: str, organisation_id: int | None = None) -> bool:
        """Tell whether the act is allowed; with an organisation, whether it is allowed there."""
        return may(self, code, organisation_id)

    def is_municipal(self, role: Role | str) -> bool:
        """Tell whether the role holds in the whole municipality, not only in a part of it."""
        return any(
            grant.role == role
            and grant.organisation_id is None
            and grant.body_id is None
            and grant.project_number is None
            for grant in self.grants
        )

    def organisation_ids(self, role: Role | str) -> frozenset[int]:
        """Return the organisations where the role holds, with everything below them; one statement a role."""
        known: dict[str, frozenset[int]] = self.__dict__.setdefault("_organisation_ids", {})
        if role not in known:
            known[str(role)] = self._find_organisations(role)
        return known[str(role)]

    def body_ids(self, role: Role | str) -> frozenset[int]:
        """Return the bodies in which the role holds."""
        return frozenset(grant.body_id for grant in self.grants if grant.role == role and grant.body_id)

    def project_numbers(self, role: Role | str) -> frozenset[int]:
        """Return the projects in which the role holds."""
        return frozenset(
            grant.project_number for grant in self.grants if grant.role == role and grant.project_number
        )

    def _find_organisations(self, role: Role | str) -> frozenset[int]:
        if self.municipality_id is None:
            return frozenset()
        tree = Organisation.objects.filter(municipality_id=self.municipality_id)
        if not self.is_municipal(role):
            condition = Q(pk__in=[])
            for grant in self.grants:
                if grant.role == role and grant.organisation_id:
                    inner = f"{grant.organisation_path}{grant.organisation_id}/"
                    condition |= Q(pk=grant.organisation_id) | Q(path__startswith=inner)
            tree = tree.filter(condition)
        return frozenset(tree.values_list("pk", flat=True))


# Membership of a body gives a role (R-036, R-047): the leaders' team and the curator work as one.
_ROLE_OF_MEMBERSHIP: dict[str, dict[str, Role]] = {
    **{
        kind: {"chair": Role.CHAIR, "deputy": Role.DEPUTY, "secretary": Role.SECRETARY, "member": Role.MEMBER}
        for kind in (BodyKind.WORKING_GROUP, BodyKind.COMMISSION)
    },
    **{
        kind: dict.fromkeys(("chair", "deputy", "secretary", "member"), Role.CURATOR)
        for kind in (BodyKind.CURATOR, BodyKind.LEADERS_TEAM)
    },
}


def today_in(municipality: Municipality | None) -> date:
    """Return the day it is now in the municipality."""
    return timezone.localdate(timezone=municipality.zone if municipality else None)


def actor_of(user: User, *, today: date | None = None, ip: str | None = None) -> Actor:
    """Load who the account is and may be today: one statement, with the account's owner fetched before."""
    municipality = user.municipality
    day = today or today_in(municipality)
    return Actor(
        user_id=user.pk,
        person_id=user.person_id,
        name=user.name,
        login=user.login,
        municipality_id=user.municipality_id,
        region_id=user.region_id,
        today=day,
        grants=tuple(_grants(user, day)),
        is_signed_in=True,
        must_change_password=user.must_change_password,
        ip=ip,
        municipality=municipality,
    )


def system_actor(
    municipality: Municipality | None, *, name: str = "Команда на сервере", today: date | None = None
) -> Actor:
    """Return the actor of a command run on the server, to whom every act is allowed."""
    return Actor(
        name=name,
        municipality_id=municipality.pk if municipality else None,
        today=today or today_in(municipality),
        is_system=True,
        municipality=municipality,
    )


def anonymous(ip: str | None = None) -> Actor:
    """Return the actor of a request nobody has signed in for."""
    return Actor(ip=ip)


def _grants(user: User, day: date) -> list[Grant]:
    """Gather grants, memberships and positions of the day in one statement."""
    if user.person_id is None:
        rows = _granted(user_id=user.pk, day=day)
    else:
        rows = _held(user_id=user.pk, person_id=user.person_id, day=day)
    grants = [grant for grant in map(_grant, rows) if grant is not None]
    # Whoever has a person in the municipality is its employee, also between two positions.
    if user.person_id and not any(grant.role is Role.EMPLOYEE for grant in grants):
        grants.append(Grant(Role.EMPLOYEE, user.municipality_id))
    # Nothing of another municipality, whatever the tables say.
    return sorted(
        (grant for grant in grants if grant.municipality_id == user.municipality_id),
        key=lambda grant: (_ORDER_OF_ROLES[grant.role], grant.organisation_id or 0, grant.body_id or 0),
    )


_ORDER_OF_ROLES = {role: number for number, role in enumerate(Role)}


def _grants_to(user_id: int, day: date) -> QuerySet[RoleGrant, tuple[object, ...]]:
    """Return what was granted to the account."""
    text, number = CharField(), BigIntegerField()
    return (
        RoleGrant.objects.filter(holds_on(day), user_id=user_id)
        .annotate(
            kind_=Cast(Value(""), text),
            role_=Cast("role", text),
            municipality_=Cast("municipality_id", number),
            organisation_=Cast("organisation_id", number),
            path_=Cast("organisation__path", text),
            body_=Cast("body_id", number),
            project_=Cast("project_number", number),
        )
        .values_list(*_COLUMNS)
    )


@written
def _granted(*, user_id: int, day: date) -> QuerySet[RoleGrant, tuple[object, ...]]:
    return _grants_to(user_id, day)


@written
def _held(*, user_id: int, person_id: int, day: date) -> QuerySet[RoleGrant, tuple[object, ...]]:
    """Return what was granted to the account and what the person holds by membership and position."""
    text, number = CharField(), BigIntegerField()
    nothing = Cast(Value(None), number)
    memberships = (
        BodyMembership.objects.filter(holds_on(day), holds_on(day, "body__"), person_id=person_id)
        .annotate(
            kind_=Cast("body__kind", text),
            role_=Cast("role", text),
            municipality_=Cast("body__municipality_id", number),
            organisation_=Cast("body__organisation_id", number),
            path_=Cast("body__organisation__path", text),
            body_=Cast("body_id", number),
            project_=nothing,
        )
        .values_list(*_COLUMNS)
    )
    positions = (
        Position.objects.filter(holds_on(day), person_id=person_id)
        .annotate(
            kind_=Cast(Value(""), text),
            role_=Cast(Value(Role.EMPLOYEE.value), text),
            municipality_=Cast("organisation__municipality_id", number),
            organisation_=Cast("organisation_id", number),
            path_=Cast("organisation__path", text),
            body_=nothing,
            project_=nothing,
        )
        .values_list(*_COLUMNS)
    )
    return _grants_to(user_id, day).union(memberships, positions)


_COLUMNS = ("kind_", "role_", "municipality_", "organisation_", "path_", "body_", "project_")


def _grant(row: tuple[object, ...]) -> Grant | None:
    kind, code, municipality_id, organisation_id, path, body_id, project = row
    role = _ROLE_OF_MEMBERSHIP.get(str(kind), {}).get(str(code)) if kind else Role(str(code))
    if role is None:
        return None

    def whole(value: object) -> int | None:
        return None if value is None else int(str(value))

    return Grant(
        role, whole(municipality_id), whole(organisation_id), str(path or ""), whole(body_id), whole(project)
    )


def may(actor: Actor, code: str, organisation_id: int | None = None) -> bool:
    """Tell whether the actor may do the declared act; with an organisation, whether there.

    Without an organisation the answer is about the page: whether the actor has business there at all.

    :raises UnknownAct: when no module has declared the act.
    """
    allowed = act_of(code).roles
    if actor.is_system:
        return True
    if not actor.is_signed_in:
        return False
    held = actor.roles & allowed
    if organisation_id is None or not held:
        return bool(held)
    return any(actor.is_municipal(role) for role in held) or any(
        organisation_id in actor.organisation_ids(role) for role in held
    )


def can(code: str) -> Callable[[Actor], bool]:
    """Make the test of a page guard out of an act."""
    return lambda actor: may(actor, code)


def require(actor: Actor, code: str, organisation_id: int | None = None) -> None:
    """Let the act pass or stop it; actions call this about their very object.

    :raises PermissionDenied: when the actor may not.
    """
    if not may(actor, code, organisation_id):
        raise PermissionDenied(f"Недостаточно прав: {act_of(code).title.lower()}.")


def require_own(actor: Actor, subject: Model) -> None:
    """Stop an act on an object of another municipality.

    :raises PermissionDenied: when the object stands beyond the border.
    """
    municipality_id = getattr(subject, "municipality_id", None)
    if municipality_id is None:
        municipality_id = getattr(subject, "organisation").municipality_id  # noqa: B009
    if municipality_id != actor.municipality_id:
        raise PermissionDenied("Это запись другого округа.")


# What the actor sees. A stranger's object is absent from these, so the page answers 404.


def visible_organisations(actor: Actor) -> OrganisationQuerySet:
    """Return the organisations of the actor's municipality."""
    return Organisation.objects.filter(municipality_id=actor.municipality_id or 0)


def sees_everybody(actor: Actor) -> bool:
    """Tell whether the actor may see every person of the municipality."""
    held = actor.roles & act_of("organisation.read_people").roles
    return actor.is_system or any(actor.is_municipal(role) or actor.body_ids(role) for role in held)


def visible_people(actor: Actor) -> QuerySet[Person]:
    """Return the people the actor may see: the whole municipality, or only own organisations, or oneself."""
    people = Person.objects.filter(municipality_id=actor.municipality_id or 0)
    if sees_everybody(actor):
        return people
    held = actor.roles & act_of("organisation.read_people").roles
    own = Q(pk=actor.person_id or 0)
    organisations = frozenset[int]().union(*(actor.organisation_ids(role) for role in held))
    if organisations:
        recent = actor.today - timedelta(days=366)
        own |= Q(
            pk__in=Position.objects.filter(
                Q(ends_on__isnull=True) | Q(ends_on__gte=recent), organisation_id__in=organisations
            ).values("person_id")
        )
    return people.filter(own)


def visible_bodies(actor: Actor) -> DatedQuerySet[Body]:
    """Return the bodies of the actor's municipality."""
    return Body.objects.filter(municipality_id=actor.municipality_id or 0)


def visible_users(actor: Actor) -> QuerySet[User]:
    """Return the accounts of the actor's municipality."""
    users = User.objects.with_owner().filter(municipality_id=actor.municipality_id or 0)
    return users if may(actor, "organisation.edit_users") else users.filter(pk=actor.user_id or 0)


def sees_contacts(actor: Actor, person: Person, organisation_ids: frozenset[int] = frozenset()) -> bool:
    """Tell whether phone and e-mail of the person may be shown: one's own, or by the duty of the role."""
    if actor.person_id == person.pk:
        return True
    return any(may(actor, "organisation.read_contacts", pk) for pk in organisation_ids) or any(
        actor.is_municipal(role) for role in actor.roles & act_of("organisation.read_contacts").roles
    )


_R = Role
declare(
    "organisation.read", "Смотреть организации, подразделения и составы органов", MUNICIPAL, Nature.READING
)
declare(
    "organisation.read_people",
    "Смотреть список сотрудников",
    [
        _R.COORDINATOR,
        _R.UNIT_HEAD,
        _R.CURATOR,
        _R.MONITOR,
        _R.CHAIR,
        _R.DEPUTY,
        _R.SECRETARY,
        _R.HEAD,
        _R.ADMIN,
    ],
    Nature.READING,
)
declare(
    "organisation.read_contacts",
    "Видеть телефон и почту сотрудников",
    [_R.COORDINATOR, _R.UNIT_HEAD, _R.MONITOR, _R.SECRETARY, _R.HEAD, _R.ADMIN],
    Nature.READING,
)
declare(
    "organisation.edit", "Вести реестр организаций: создать, изменить, закрыть, реорганизовать",
    [_R.MONITOR, _R.ADMIN], Nature.UPKEEP,
)  # fmt: skip
declare(
    "organisation.edit_units", "Вести подразделения и численность своей организации",
    [_R.COORDINATOR, _R.UNIT_HEAD, _R.MONITOR, _R.ADMIN], Nature.UPKEEP,
)  # fmt: skip
declare(
    "organisation.edit_people", "Вести сотрудников и должности своей организации",
    [_R.COORDINATOR, _R.UNIT_HEAD, _R.MONITOR, _R.ADMIN], Nature.UPKEEP,
)  # fmt: skip
declare(
    "organisation.edit_bodies", "Вести органы и их состав по распорядительному акту",
    [_R.CURATOR, _R.MONITOR, _R.SECRETARY, _R.ADMIN], Nature.UPKEEP,
)  # fmt: skip
declare(
    "organisation.exchange", "Загружать и выгружать организации и сотрудников",
    [_R.MONITOR, _R.ADMIN], Nature.UPKEEP,
)  # fmt: skip
declare("organisation.edit_users", "Вести учётные записи и роли", [_R.ADMIN], Nature.UPKEEP)
declare("organisation.edit_municipality", "Менять сведения и настройки округа", [_R.ADMIN], Nature.UPKEEP)
declare("organisation.read_rights", "Смотреть, кто что может", [*MUNICIPAL, _R.REGION], Nature.CONSOLIDATED)
declare("organisation.read_region", "Смотреть перечень округов региона", [_R.REGION], Nature.CONSOLIDATED)
# The record of acts stands below this module and cannot declare its own act.
declare("audit.read", "Читать журнал действий", [_R.ADMIN], Nature.READING)
