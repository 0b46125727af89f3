"""What is there to see in the register: organisations, people and bodies as of a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from gemba.organisation.models import (
    ActingChair,
    Body,
    BodyKind,
    BodyMembership,
    BodyRole,
    HeadcountRecord,
    Municipality,
    Organisation,
    ParticipationPeriod,
    Person,
    Position,
    RoleGrant,
    Unit,
    User,
)
from gemba.organisation.models.dated import holds_on
from gemba.organisation.roles import Role
from gemba.organisation.rules import heir_of
from gemba.statements import written


def organisations_on(
    *, municipality_id: int, day: date, kinds: Iterable[str] | None = None
) -> QuerySet[Organisation]:
    """Return the organisations of the municipality that exist on the day."""
    found = Organisation.objects.filter(municipality_id=municipality_id).on(day)
    return found if kinds is None else found.filter(kind__in=list(kinds))


def participating_on(
    *, municipality_id: int, day: date, kinds: Iterable[str] | None = None
) -> QuerySet[Organisation]:
    """Return the organisations that exist and take part in the programme on the day."""
    taking_part = ParticipationPeriod.objects.filter(holds_on(day), organisation=OuterRef("pk"))
    return organisations_on(municipality_id=municipality_id, day=day, kinds=kinds).filter(Exists(taking_part))


@dataclass(frozen=True)
class Population:
    """The units of a plan row on a reporting date (indicators, 5.1: `U(t)`).

    `organisation_ids` is the denominator. Results of an organisation count for `heir(organisation)`: itself while it
    lives, its successor after reorganisation, nobody after a plain closing or outside the population.
    """

    day: date
    organisation_ids: frozenset[int]
    # Exist but do not take part («по согласованию»): shown beside the share.
    outside_ids: frozenset[int] = frozenset()
    # Made this year where new ones join only next year.
    too_new_ids: frozenset[int] = frozenset()
    successors: dict[int, int | None] = field(default_factory=dict, compare=False)

    def __len__(self) -> int:
        return len(self.organisation_ids)

    def heir(self, organisation_id: int) -> int | None:
        """Return for which unit of the population the results of this organisation count."""
        if organisation_id in self.organisation_ids:
            return organisation_id
        return heir_of(organisation_id, self.successors, self.organisation_ids)


def population(*, municipality_id: int, day: date, kinds: Iterable[str] | None = None) -> Population:
    """Return the population of a plan row on the reporting date."""
    found = organisations_on(municipality_id=municipality_id, day=day, kinds=kinds)
    existing = dict(found.values_list("pk", "starts_on"))
    taking_part = frozenset(
        participating_on(municipality_id=municipality_id, day=day, kinds=kinds).values_list("pk", flat=True)
    )
    too_new: frozenset[int] = frozenset()
    settings = Municipality.objects.get(pk=municipality_id).typed_settings
    if settings.new_organisations_join == "next_year":
        too_new = frozenset(pk for pk in taking_part if (start := existing[pk]) and start.year >= day.year)
    closed = Organisation.objects.filter(
        municipality_id=municipality_id, ends_on__lt=day, successor__isnull=False
    )
    return Population(
        day=day,
        organisation_ids=taking_part - too_new,
        outside_ids=frozenset(existing) - taking_part,
        too_new_ids=too_new,
        successors=dict(closed.values_list("pk", "successor_id")),
    )


def headcount_on(
    *, municipality_id: int, day: date, organisation_ids: Iterable[int] | None = None
) -> dict[int, int]:
    """Return the latest known headcount of each organisation on the day; who has none is absent."""
    latest = (
        HeadcountRecord.objects.filter(organisation=OuterRef("pk"), counted_on__lte=day)
        .order_by("-counted_on")
        .values("people")[:1]
    )
    found = Organisation.objects.filter(municipality_id=municipality_id)
    if organisation_ids is not None:
        found = found.filter(pk__in=list(organisation_ids))
    rows = found.annotate(known=Subquery(latest)).filter(known__isnull=False).values_list("pk", "known")
    return {pk: int(people) for pk, people in rows}


def tree_of(organisation: Organisation) -> QuerySet[Organisation]:
    """Return the organisation with everything below it."""
    return Organisation.objects.filter(municipality_id=organisation.municipality_id).within(organisation)


def line_of(organisation: Organisation) -> list[Organisation]:
    """Return the organisations above, from the top."""
    numbers = [int(part) for part in organisation.path.split("/") if part]
    if numbers == [organisation.parent_id] and organisation.parent is not None:
        return [organisation.parent]
    found = Organisation.objects.in_bulk(numbers)
    return [found[number] for number in numbers if number in found]


def units_on(*, organisation_id: int, day: date) -> QuerySet[Unit]:
    """Return the units of the organisation on the day."""
    return Unit.objects.filter(organisation_id=organisation_id).on(day).order_by("name_key", "pk")


def positions_on(
    *, day: date, organisation_ids: Iterable[int] | None = None, municipality_id: int | None = None
) -> QuerySet[Position]:
    """Return the positions held on the day, with people and units; heads first."""
    found = Position.objects.on(day).select_related("person", "unit", "organisation")
    if organisation_ids is not None:
        found = found.filter(organisation_id__in=list(organisation_ids))
    if municipality_id is not None:
        found = found.filter(organisation__municipality_id=municipality_id)
    return found.order_by("-is_head", "person__name_key", "pk")


def head_on(*, organisation_id: int, day: date) -> Position | None:
    """Return who heads the organisation on the day; an acting head stands in for the permanent one."""
    return next(iter(_heads(organisation_id=organisation_id, day=day)), None)


@written
def _heads(*, organisation_id: int, day: date) -> "QuerySet[Position, Position]":
    heads = positions_on(day=day).filter(organisation_id=organisation_id, is_head=True, unit__isnull=True)
    return heads.order_by("-is_acting", "-starts_on", "-pk")[:1]


def headcount_of(*, organisation_id: int, day: date) -> int | None:
    """Return the latest headcount of one organisation known on the day."""
    return next(iter(_headcounts(organisation_id=organisation_id, day=day)), None)


@written
def _headcounts(*, organisation_id: int, day: date) -> "QuerySet[HeadcountRecord, int]":
    found = HeadcountRecord.objects.filter(organisation_id=organisation_id, counted_on__lte=day)
    return found.order_by("-counted_on").values_list("people", flat=True)[:1]


@dataclass(frozen=True)
class Composition:
    """A body as of a day: who sat where and who exercised the powers of the chair."""

    body: Body
    day: date
    members: list[BodyMembership]
    acting: list[ActingChair]

    def of_role(self, role: str) -> list[BodyMembership]:
        """Return the places of one role."""
        return [place for place in self.members if place.role == role]

    @property
    def chair(self) -> BodyMembership | None:
        """Return the place of the chair."""
        return next(iter(self.of_role(BodyRole.CHAIR)), None)

    @property
    def presiding(self) -> BodyMembership | None:
        """Return who exercises the powers of the chair: a deputy with a ground, otherwise the chair (R-038)."""
        return self.acting[0].membership if self.acting else self.chair

    @property
    def vacant(self) -> int:
        """Count the places that nobody holds."""
        return sum(place.person_id is None for place in self.members)


_ROLE_ORDER = {role: number for number, role in enumerate(BodyRole.values)}


def composition_on(*, body: Body, day: date) -> Composition:
    """Return the composition of the body on the day, in the order it is printed."""
    places = list(BodyMembership.objects.filter(body=body).on(day).select_related("person"))
    places.sort(key=lambda place: (_ROLE_ORDER[place.role], place.order, place.pk))
    acting = ActingChair.objects.filter(membership__body=body).on(day).select_related("membership__person")
    return Composition(body=body, day=day, members=places, acting=list(acting.order_by("-starts_on")))


def bodies_on(*, municipality_id: int, day: date, kinds: Iterable[str] | None = None) -> QuerySet[Body]:
    """Return the bodies that exist on the day."""
    found = Body.objects.filter(municipality_id=municipality_id).on(day)
    return found if kinds is None else found.filter(kind__in=list(kinds))


def body_of_code(*, municipality_id: int, code: str) -> Body | None:
    """Return the body that the regulation names by this code."""
    return Body.objects.filter(municipality_id=municipality_id, code=code).first() if code else None


def holders(
    *, municipality_id: int, role: Role | str, day: date, organisation_id: int | None = None
) -> QuerySet[User]:
    """Return the active accounts that hold the role on the day; with an organisation, those whose role reaches it.

    Roles of a body come from membership, «сотрудник» from a position, the rest from grants.
    """
    users = User.objects.with_owner().filter(municipality_id=municipality_id, is_active=True)
    grants = RoleGrant.objects.filter(
        holds_on(day), role=role, municipality_id=municipality_id, user=OuterRef("pk")
    )
    if organisation_id is not None:
        organisation = Organisation.objects.filter(
            pk=organisation_id, municipality_id=municipality_id
        ).first()
        above = [int(part) for part in organisation.path.split("/") if part] if organisation else []
        whole = Q(organisation__isnull=True, body__isnull=True, project_number__isnull=True)
        grants = grants.filter(whole | Q(organisation_id__in=[*above, organisation_id]))
    condition = Exists(grants)
    memberships = BodyMembership.objects.filter(
        holds_on(day),
        holds_on(day, "body__"),
        person=OuterRef("person"),
        body__municipality_id=municipality_id,
    )
    if role in BodyRole.values:
        groups = (BodyKind.WORKING_GROUP, BodyKind.COMMISSION)
        return users.filter(condition | Exists(memberships.filter(role=role, body__kind__in=groups)))
    if role == Role.CURATOR:
        teams = memberships.filter(body__kind__in=(BodyKind.CURATOR, BodyKind.LEADERS_TEAM))
        if organisation_id is not None:
            teams = teams.filter(
                Q(body__organisation__isnull=True) | Q(body__organisation_id=organisation_id)
            )
        return users.filter(condition | Exists(teams))
    if role == Role.EMPLOYEE:
        positions = Position.objects.filter(holds_on(day), person=OuterRef("person"))
        if organisation_id is not None:
            positions = positions.filter(organisation_id=organisation_id)
        return users.filter(condition | Exists(positions))
    return users.filter(condition)


def heads_of(*, organisation: Organisation, day: date) -> list[int]:
    """Return the accounts of the heads whose role reaches the organisation: what `holders` gives, written once."""
    town, above = organisation.municipality_id, [int(part) for part in organisation.path.split("/") if part]
    if len(above) > 2:
        found = holders(municipality_id=town, role=Role.UNIT_HEAD, day=day, organisation_id=organisation.pk)
        return list(found.values_list("pk", flat=True))
    first, second = (*above, 0, 0)[:2]
    rows = _accounts_of_heads(
        municipality_id=town, organisation_id=organisation.pk, above=first, higher=second, day=day
    )
    return [row[0] for row in rows]


@written
def _accounts_of_heads(
    *, municipality_id: int, organisation_id: int, above: int, higher: int, day: date
) -> "QuerySet[User, tuple[int]]":
    whole = Q(organisation__isnull=True, body__isnull=True, project_number__isnull=True)
    grants = RoleGrant.objects.filter(
        holds_on(day), whole | Q(organisation_id__in=(organisation_id, above, higher)), role=Role.UNIT_HEAD,
        municipality_id=municipality_id, user=OuterRef("pk"),
    )  # fmt: skip
    users = User.objects.filter(Exists(grants), municipality_id=municipality_id, is_active=True)
    return users.values_list("pk")


def namesakes(*, municipality_id: int, key: str, besides: int | None = None) -> QuerySet[Person]:
    """Return the people with the same full name."""
    return Person.objects.filter(municipality_id=municipality_id, name_key=key).exclude(pk=besides or 0)
