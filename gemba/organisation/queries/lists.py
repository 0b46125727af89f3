"""Pages of the registers: filtered, found by words, by keyset and never by offset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet, Subquery

from gemba.organisation.models import (
    Body,
    BodyMembership,
    BodyRole,
    HeadcountRecord,
    Organisation,
    ParticipationPeriod,
    Person,
    Position,
    RoleGrant,
    User,
)
from gemba.organisation.models.dated import holds_on
from gemba.organisation.rules import name_key, tidy
from gemba.search.queries import matching

M = TypeVar("M", bound=Model)

PAGE = 50
STATES = {"open": "Действующие", "closed": "Закрытые", "all": "Все"}


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list and the rows from which its neighbours begin."""

    rows: list[M]
    after: int | None = None
    before: int | None = None


def keyset(
    *,
    found: QuerySet[M],
    key: str = "name_key",
    after: int | None = None,
    before: int | None = None,
    size: int = PAGE,
) -> Page[M]:
    """Cut one page out of the rows in the order of (key, id), after or before the row with the given id."""
    edge_id = after or before
    edge = (
        found.model._default_manager.filter(pk=edge_id).values_list(key, flat=True).first()
        if edge_id
        else None
    )
    if edge is None:
        rows = list(found.order_by(key, "pk")[: size + 1])
        return Page(rows[:size], after=rows[size - 1].pk if len(rows) > size else None)
    if after:
        beyond = Q(**{f"{key}__gt": edge}) | Q(**{key: edge, "pk__gt": after})
        rows = list(found.filter(beyond).order_by(key, "pk")[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        return Page(rows, after=rows[-1].pk if more else None, before=rows[0].pk if rows else None)
    beyond = Q(**{f"{key}__lt": edge}) | Q(**{key: edge, "pk__lt": before})
    rows = list(found.filter(beyond).order_by(f"-{key}", "-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size][::-1]
    return Page(rows, after=rows[-1].pk if rows else None, before=rows[0].pk if more else None)


@dataclass(frozen=True)
class OrganisationFilters:
    """What a person asks of the register of organisations."""

    words: str = ""
    kind: str = ""
    direction_id: int | None = None
    state: str = "open"


def organisations(
    *, visible: QuerySet[Organisation], filters: OrganisationFilters, day: date
) -> QuerySet[Organisation]:
    """Return the organisations asked for, each knowing whether it participates and how many people it employs."""
    found = matching(visible, filters.words)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.direction_id:
        found = found.filter(direction_id=filters.direction_id)
    if filters.state == "open":
        found = found.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    elif filters.state == "closed":
        found = found.filter(ends_on__lt=day)
    latest = HeadcountRecord.objects.filter(organisation=OuterRef("pk"), counted_on__lte=day).order_by(
        "-counted_on"
    )
    return found.select_related("direction", "parent").annotate(
        people=Subquery(latest.values("people")[:1]),
        participates=Exists(ParticipationPeriod.objects.filter(holds_on(day), organisation=OuterRef("pk"))),
    )


@dataclass(frozen=True)
class PeopleFilters:
    """What a person asks of the list of people."""

    words: str = ""
    organisation_id: int | None = None
    state: str = "open"


def people(*, visible: QuerySet[Person], filters: PeopleFilters, day: date) -> QuerySet[Person]:
    """Return the people asked for with their positions of the day in `now`."""
    found = matching(visible, filters.words)
    places = Position.objects.filter(person=OuterRef("pk"))
    if filters.organisation_id:
        places = places.filter(organisation_id=filters.organisation_id)
    if filters.state == "open":
        found = found.filter(Exists(places.on(day)))
    elif filters.state == "closed":
        found = found.filter(~Exists(places.on(day)), Exists(places))
    elif filters.organisation_id:
        found = found.filter(Exists(places))
    current = (
        Position.objects.on(day)
        .select_related("organisation", "unit")
        .order_by("-is_head", "starts_on", "pk")
    )
    return found.prefetch_related(Prefetch("positions", queryset=current, to_attr="now"))


def bodies(*, visible: QuerySet[Body], words: str, kind: str, state: str, day: date) -> QuerySet[Body]:
    """Return the bodies asked for with their chairs of the day in `chairs`."""
    found = visible.select_related("organisation")
    # PostgreSQL takes no null byte in a text, and nobody means one.
    words = tidy(words)
    if words:
        found = found.filter(name_key__contains=name_key(words))
    if kind:
        found = found.filter(kind=kind)
    if state == "open":
        found = found.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    elif state == "closed":
        found = found.filter(ends_on__lt=day)
    chairs = BodyMembership.objects.on(day).filter(role=BodyRole.CHAIR).select_related("person")
    return found.prefetch_related(Prefetch("memberships", queryset=chairs, to_attr="chairs"))


def users(*, visible: QuerySet[User], words: str, state: str, day: date) -> QuerySet[User]:
    """Return the accounts asked for with their grants of the day in `now`."""
    found = visible
    words = tidy(words)
    if words:
        found = found.filter(
            Q(login__contains=User.normalize_username(words))
            | Q(title__contains=words)
            | Q(
                person__in=matching(
                    Person.objects.filter(municipality__in=visible.values("municipality")), words
                )
            )
        )
    if state != "all":
        found = found.filter(is_active=state == "open")
    grants = RoleGrant.objects.on(day).select_related("organisation", "body").order_by("pk")
    return found.prefetch_related(Prefetch("grants", queryset=grants, to_attr="now"))


def options(*, found: QuerySet[Any], words: str, limit: int = 12) -> Sequence[Any]:
    """Return the first rows that match the words, to offer while a person types."""
    return list(matching(found, words).order_by("name_key", "pk")[:limit])
