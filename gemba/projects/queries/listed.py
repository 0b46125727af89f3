"""Rows of the register as its page shows them: tuples, by a statement written once a process (decision 0008)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.db.models import Q, QuerySet

from gemba.organisation.access import Actor
from gemba.projects import access
from gemba.projects.models import Project
from gemba.projects.queries.register import GROUPS, PAGE, Filters, found
from gemba.projects.queries.waiting import before_customer
from gemba.projects.rules.states import Status
from gemba.statements import written


class Listed(NamedTuple):
    """A project in the register; no model stands behind it: a page has fifty with five others each."""

    pk: int
    title: str
    number: int | None
    number_year: int | None
    status: str
    stage: int
    stage_end_on: date | None
    edition_number: int
    is_sent: bool
    opened_on: date | None
    closed_on: date | None
    money_a_year: Decimal
    organisation_short: str
    organisation_name: str
    direction: str | None
    portfolio: str | None
    leader_family: str | None
    leader_given: str | None
    leader_patronymic: str | None
    customer_family: str | None
    customer_given: str | None
    customer_patronymic: str | None


_SHOWN = (
    *("pk", "title", "number", "number_year", "status", "stage", "stage_end_on", "edition_number", "is_sent"),
    *("opened_on", "closed_on", "money_a_year", "organisation__short_name", "organisation__name"),
    *("direction__name", "portfolio__title"),
    *("leader__family_name", "leader__given_name", "leader__patronymic"),
    *("customer__family_name", "customer__given_name", "customer__patronymic"),
)


@dataclass(frozen=True)
class Page:
    """One page of the register and the rows from which its neighbours begin."""

    rows: list[Listed]
    after: int | None = None
    before: int | None = None


def page_of(*, actor: Actor, filters: Filters, after: int | None = None, before: int | None = None) -> Page:
    """Cut one page, newest first."""
    cut = [Listed._make(row) for row in _asked(actor, filters, after, before)]
    more, cut = len(cut) > PAGE, cut[:PAGE]
    if before:
        cut.reverse()
        return Page(cut, after=cut[-1].pk if cut else None, before=cut[0].pk if more else None)
    return Page(cut, after=cut[-1].pk if more else None, before=cut[0].pk if after and cut else None)


def _asked(actor: Actor, filters: Filters, after: int | None, before: int | None) -> Any:
    sees_drafts = filters.view == "all" and not filters.has_no_drafts and not access.sees_all(actor)
    if filters.words or filters.organisation_id or sees_drafts or not access.may_read(actor):
        return _cut(found(actor=actor, filters=filters), after, before).values_list(*_SHOWN)
    values: dict[str, Any] = {"view": filters.view, "municipality_id": actor.municipality_id or 0}
    if filters.view in ("mine", "waiting"):
        values |= {"person_id": actor.person_id or 0}
    if filters.view == "mine":
        values |= {"user_id": actor.user_id or 0}
    if filters.view == "red":
        values |= {"today": actor.today}
    if filters.group:
        values |= {"statuses": GROUPS[filters.group][1]}
    if filters.stage is not None:
        values |= {"stage": filters.stage}
    if filters.year:
        first, last = date(filters.year, 1, 1), date(filters.year, 12, 31)
        values |= {"year": filters.year, "first": first, "last": last}
    asked: dict[str, Any] = {
        "aim": filters.aim,
        "scale": filters.scale,
        "direction_id": filters.direction_id,
        "portfolio_id": filters.portfolio_id,
        "before": before,
        "after": None if before else after,
    }
    return _page(**values, **{name: value for name, value in asked.items() if value})


def _cut(rows: QuerySet[Project], after: int | None, before: int | None) -> QuerySet[Project]:
    if before:
        return rows.filter(pk__gt=before).order_by("pk")[: PAGE + 1]
    return (rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: PAGE + 1]


@written
def _page(
    *,
    view: Literal["all", "mine", "waiting", "red"],
    municipality_id: int,
    person_id: int = 0,
    user_id: int = 0,
    today: date = date.min,
    statuses: frozenset[Status] = frozenset(),
    stage: int = -1,
    year: int = 0,
    first: date = date.min,
    last: date = date.min,
    aim: str = "",
    scale: str = "",
    direction_id: int = 0,
    portfolio_id: int = 0,
    before: int = 0,
    after: int = 0,
) -> QuerySet[Project, Any]:
    rows = Project.objects.filter(municipality_id=municipality_id)
    if view == "mine":
        rows = rows.filter(pk__in=access.mine(person_id=person_id, user_id=user_id))
    elif view == "waiting":
        rows = rows.filter(before_customer(person_id))
    elif view == "red":
        rows = rows.filter(status=Status.ACTIVE, stage_end_on__lt=today)
    if statuses:
        rows = rows.filter(status__in=sorted(statuses))
    if stage >= 0:
        rows = rows.filter(status=Status.ACTIVE, stage=stage)
    if year:
        opened, closed = Q(opened_on__range=(first, last)), Q(closed_on__range=(first, last))
        rows = rows.filter(opened | closed | Q(number_year=year))
    for name, value in (
        ("aim", aim),
        ("scale", scale),
        ("direction_id", direction_id),
        ("portfolio_id", portfolio_id),
    ):
        if value:
            rows = rows.filter(**{name: value})
    return _cut(rows, after, before).values_list(*_SHOWN)
