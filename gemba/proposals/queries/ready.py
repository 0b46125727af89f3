"""What is asked of proposals again and again, written once a process: first pages, columns of the board, bottlenecks.

Each is asked of a whole municipality, or of one organisation of it (`is_place`): the two kinds of office that most
people have. Everything else goes through `lists.found`, which gives the same rows.
"""

from datetime import date, datetime
from typing import Any, Literal, TypeVar

from django.db.models import F, Model, QuerySet, Sum

from gemba.organisation.access import Actor
from gemba.proposals import access
from gemba.proposals.models import Proposal, ProposalCounter
from gemba.proposals.queries.lines import FIELDS
from gemba.proposals.rules.states import AWAITING_ANSWER, State
from gemba.statements import written

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Rows = QuerySet[Proposal, tuple[Any, ...]]
STAGNANT = (*AWAITING_ANSWER, State.RETURNED, State.ACCEPTED, State.IN_PROGRESS, State.IMPLEMENTED)


def place_of(actor: Actor) -> int | None:
    """Return 0 for who sees the whole municipality, the organisation of who keeps one; None for the rest."""
    if access.sees_everything(actor):
        return 0
    own = access.own_organisations(actor)
    return next(iter(own)) if len(own) == 1 else None


def asked(actor: Actor, place: int) -> dict[str, Any]:
    """Return what every statement of this file is asked with."""
    town = {"municipality_id": actor.municipality_id or 0, "is_place": bool(place)}
    return town | {"organisation_id": place} if place else town


def in_town(rows: "QuerySet[M, R]", municipality_id: int, *, is_cut: bool) -> "QuerySet[M, R]":
    """Keep the rows of a municipality; `is_cut` when few organisations of it are asked for already.

    Then the sum keeps SQLite from walking the whole municipality: the organisations have an index of their own.
    """
    if is_cut:
        return rows.alias(town=F("municipality_id") + 0).filter(town=municipality_id)  # type: ignore[return-value]
    return rows.filter(municipality_id=municipality_id)


def _scope(municipality_id: int, organisation_id: int, is_place: bool) -> QuerySet[Proposal]:
    rows = Proposal.objects.exclude(state=State.DRAFT)
    if is_place:
        rows = rows.filter(organisation_id=organisation_id)
    return in_town(rows, municipality_id, is_cut=is_place)


@written
def first_page(
    *,
    municipality_id: int,
    is_place: bool,
    view: Literal["all", "queue", "catalogue"],
    states: frozenset[State] | None,
    most: Literal[51],
    organisation_id: int = 0,
    question: str = "",
) -> Rows:
    """Build the first page of a list, perhaps of a search: the queue by expiry, the rest newest first."""
    if view == "catalogue":
        rows = Proposal.objects.filter(municipality_id=municipality_id, is_public=True)
    else:
        rows = _scope(municipality_id, organisation_id, is_place)
    if states is not None:
        rows = rows.filter(state__in=sorted(states))
    if question:
        rows = rows.filter(words__asked=question)
    lines = rows.values_list(*FIELDS)
    if view == "queue":
        return lines.filter(term_on__isnull=False).order_by("term_on", "pk")[:most]
    return lines.order_by("-pk")[:most]


@written
def column(
    *, municipality_id: int, is_place: bool, state: str, most: Literal[16], organisation_id: int = 0
) -> Rows:
    """Build the first cards of a column of the board."""
    rows = _scope(municipality_id, organisation_id, is_place).filter(state=state)
    return rows.order_by("-pk").values_list(*FIELDS)[:most]


@written
def counters(
    *, municipality_id: int, is_place: bool, organisation_id: int = 0
) -> "QuerySet[ProposalCounter, tuple[str, int]]":
    """Build the sums of the counters by state."""
    rows = ProposalCounter.objects.all()
    if is_place:
        rows = rows.filter(organisation_id=organisation_id)
    rows = in_town(rows, municipality_id, is_cut=is_place)
    return rows.values_list("what").annotate(n=Sum("count")).order_by()


@written
def overdue(
    *, municipality_id: int, is_place: bool, today: date, most: Literal[100], organisation_id: int = 0
) -> Rows:
    """Build what is late."""
    rows = _scope(municipality_id, organisation_id, is_place).filter(term_on__lt=today)
    return rows.order_by().values_list("pk")[:most]


@written
def unasked(
    *, municipality_id: int, is_place: bool, before: datetime, most: Literal[100], organisation_id: int = 0
) -> Rows:
    """Build what nobody has been asked to decide."""
    rows = _scope(municipality_id, organisation_id, is_place).filter(moved_at__lt=before)
    rows = rows.filter(state__in=sorted(AWAITING_ANSWER), reviewer__isnull=True)
    return rows.order_by().values_list("pk")[:most]


@written
def undone(
    *, municipality_id: int, is_place: bool, before: datetime, most: Literal[100], organisation_id: int = 0
) -> Rows:
    """Build what is accepted without anybody to introduce it."""
    rows = _scope(municipality_id, organisation_id, is_place).filter(moved_at__lt=before)
    rows = rows.filter(state=State.ACCEPTED, responsible__isnull=True)
    return rows.order_by().values_list("pk")[:most]


@written
def stagnant(
    *, municipality_id: int, is_place: bool, before: datetime, most: Literal[100], organisation_id: int = 0
) -> Rows:
    """Build what has not moved."""
    rows = _scope(municipality_id, organisation_id, is_place).filter(moved_at__lt=before)
    return rows.filter(state__in=sorted(STAGNANT)).order_by().values_list("pk")[:most]
