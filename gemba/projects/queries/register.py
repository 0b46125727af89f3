"""The register of projects: mine, red, waiting for me, a portfolio, everything; by keyset, never by offset."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast

from gemba.organisation.access import Actor
from gemba.organisation.models import Direction, Organisation
from gemba.projects import access
from gemba.projects.models import Portfolio, Project, SavedFilter
from gemba.projects.queries import parts
from gemba.projects.rules.states import CLOSED, Status
from gemba.search.queries import matching

PAGE = 50
MOST = 100
VIEWS = {"all": "Все", "mine": "Мои", "waiting": "Ждут моего решения", "red": "Красные"}
GROUPS: dict[str, tuple[str, frozenset[Status]]] = {
    "draft": ("Готовятся", frozenset({Status.DRAFT, Status.APPROVAL})),
    "active": ("В работе", frozenset({Status.ACTIVE})),
    "paused": ("Приостановлены", frozenset({Status.PAUSED})),
    "closed": ("Закрыты", CLOSED),
    "degraded": ("Ухудшились", frozenset({Status.DEGRADED})),
    "terminated": ("Прекращены", frozenset({Status.TERMINATED})),
}
COLUMNS = {
    "status": "Состояние",
    "stage": "Этап",
    "organisation": "Организация",
    "leader": "Руководитель",
    "customer": "Заказчик",
    "term": "Срок этапа",
    "direction": "Направление",
    "portfolio": "Портфель",
    "effect": "Эффект в год",
    "opened": "Открыт",
    "closed": "Закрыт",
}
USUAL = ("status", "stage", "organisation", "leader", "term")
_NAME = ("family_name", "given_name", "patronymic")
_SHOWN = (
    *("title", "number", "number_year", "status", "stage", "stage_end_on", "edition_number", "is_sent"),
    *("opened_on", "closed_on", "money_a_year", "organisation__short_name", "organisation__name"),
    *("direction__name", "portfolio__title"),
    *(f"{who}__{part}" for who in ("leader", "customer") for part in _NAME),
)


@dataclass(frozen=True)
class Filters:
    """What is asked of the register; the address of the page holds it."""

    view: str = "all"
    group: str = ""
    stage: int | None = None
    words: str = ""
    aim: str = ""
    scale: str = ""
    organisation_id: int | None = None
    direction_id: int | None = None
    portfolio_id: int | None = None
    year: int | None = None

    @property
    def is_any(self) -> bool:
        """Tell whether anything beyond the view is asked."""
        return self != Filters(view=self.view)


def waiting_for(actor: Actor) -> Q:
    """Build the condition «the customer named is the actor and the passport is before him»."""
    return Q(customer_id=actor.person_id or 0, is_sent=True)


def red(today: date) -> Q:
    """Build the condition «the current stage is past its planned end»."""
    return Q(status=Status.ACTIVE, stage_end_on__lt=today)


def found(*, actor: Actor, filters: Filters) -> QuerySet[Project]:
    """Return the projects asked for, unordered; nothing that the actor may not see."""
    rows = access.visible_projects(actor)
    if filters.view == "mine":
        rows = rows.filter(access.is_mine(actor))
    elif filters.view == "waiting":
        rows = rows.filter(waiting_for(actor))
    elif filters.view == "red":
        rows = rows.filter(red(actor.today))
    if filters.group:
        rows = rows.filter(status__in=GROUPS[filters.group][1])
    if filters.stage is not None:
        rows = rows.filter(status=Status.ACTIVE, stage=filters.stage)
    if filters.aim:
        rows = rows.filter(aim=filters.aim)
    if filters.scale:
        rows = rows.filter(scale=filters.scale)
    if filters.organisation_id:
        rows = rows.filter(Q(organisation_id__in=branch(actor, filters.organisation_id)))
    if filters.direction_id:
        rows = rows.filter(direction_id=filters.direction_id)
    if filters.portfolio_id:
        rows = rows.filter(portfolio_id=filters.portfolio_id)
    if filters.year:
        first, last = date(filters.year, 1, 1), date(filters.year, 12, 31)
        rows = rows.filter(
            Q(opened_on__range=(first, last))
            | Q(closed_on__range=(first, last))
            | Q(number_year=filters.year)
        )
    return by_words(rows, filters.words)


def by_words(rows: QuerySet[Project], words: str) -> QuerySet[Project]:
    """Keep the projects with this number, or with all these words in any form."""
    text = words.strip().upper().removeprefix("П-").removeprefix("P-")
    year, dash, number = text.partition("-")
    if dash and year.isdigit() and number.isdigit() and len(year) == 4 and len(number) < 8:
        return rows.filter(number_year=int(year), number=int(number))
    return matching(rows, words)


def branch(actor: Actor, organisation_id: int) -> list[int]:
    """Return an organisation with everything below it."""
    root = Organisation.objects.filter(pk=organisation_id, municipality_id=actor.municipality_id or 0).first()
    if root is None:
        return []
    return list(
        Organisation.objects.filter(municipality_id=root.municipality_id)
        .within(root)
        .values_list("pk", flat=True)
    )


def light(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Read what a list shows and nothing more, in one statement."""
    return rows.select_related("organisation", "leader", "customer", "direction", "portfolio").only(*_SHOWN)


@dataclass(frozen=True)
class Page:
    """One page of the register and the rows from which its neighbours begin."""

    rows: list[Project]
    after: int | None = None
    before: int | None = None


def page_of(
    *, rows: QuerySet[Project], after: int | None = None, before: int | None = None, size: int = PAGE
) -> Page:
    """Cut one page, newest first."""
    if before:
        cut = list(light(rows.filter(pk__gt=before)).order_by("pk")[: size + 1])
        more, cut = len(cut) > size, cut[:size][::-1]
        return Page(cut, after=cut[-1].pk if cut else None, before=cut[0].pk if more else None)
    if after:
        rows = rows.filter(pk__lt=after)
    cut = list(light(rows).order_by("-pk")[: size + 1])
    more, cut = len(cut) > size, cut[:size]
    return Page(cut, after=cut[-1].pk if more else None, before=cut[0].pk if after and cut else None)


def count_red(*, actor: Actor, most: int = MOST) -> int:
    """Count red projects, no further than `most`: beyond it the number says nothing more."""
    return access.visible_projects(actor).order_by().filter(red(actor.today))[:most].count()


def red_by_stage(*, actor: Actor) -> list[tuple[int, int]]:
    """Count red projects by the number of their stage, in one grouped statement."""
    rows = (
        access.visible_projects(actor).filter(red(actor.today)).values_list("stage").annotate(n=Count("pk"))
    )
    return [(stage, n) for stage, n in rows.order_by("stage")]


@dataclass(frozen=True)
class Choices:
    """What the filters offer, and the filters the person keeps: (id, title), the kept ones with their address."""

    directions: list[tuple[int, str]]
    portfolios: list[tuple[int, str]]
    kept: list[tuple[int, str, str]]


def choices(*, actor: Actor) -> Choices:
    """Return the three short lists of the register's head in one statement."""
    town = actor.municipality_id or 0
    empty = Value("", output_field=CharField())

    def part(rows: Any, kind: str, name: str, query: Any = empty) -> Any:
        return (
            rows.annotate(
                kind_=Value(kind, output_field=CharField()),
                name_=Cast(name, CharField()),
                query_=query if query is empty else Cast(query, CharField()),
            )
            .order_by()
            .values_list("kind_", "pk", "name_", "query_")
        )

    found_ = part(Direction.objects.filter(municipality_id=town, is_active=True), "direction", "name").union(
        part(Portfolio.objects.filter(municipality_id=town, is_active=True), "portfolio", "title"),
        part(SavedFilter.objects.filter(user_id=actor.user_id or 0), "kept", "title", "query"),
        all=True,
    )
    rows = sorted(found_, key=lambda row: str(row[2]).casefold())
    return Choices(
        [(row[1], row[2]) for row in rows if row[0] == "direction"],
        [(row[1], row[2]) for row in rows if row[0] == "portfolio"],
        [(row[1], row[2], row[3]) for row in rows if row[0] == "kept"],
    )


def portfolio_rows(*, actor: Actor) -> list[Portfolio]:
    """Return portfolios with the number of their projects, in one statement."""
    rows = Portfolio.objects.filter(municipality_id=actor.municipality_id or 0).select_related("organisation")
    active = Count("projects", filter=Q(projects__status=Status.ACTIVE))
    late = Count("projects", filter=Q(projects__status=Status.ACTIVE, projects__stage_end_on__lt=actor.today))
    return list(
        rows.annotate(n=Count("projects"), n_active=active, n_red=late).order_by("-is_active", "title")[:300]
    )


BOARD: Literal[20] = 20


def board_cards(*, actor: Actor, stage: int, filters: Filters) -> list[Project]:
    """Return the first cards of a column of the board: those whose term is nearest."""
    if not filters.is_any and filters.view == "all" and access.sees_all(actor):
        return parts.column(municipality_id=actor.municipality_id or 0, stage=stage, most=BOARD)
    rows = found(actor=actor, filters=filters).filter(status=Status.ACTIVE, stage=stage)
    return list(rows.select_related("leader").only(*parts.CARD).order_by("stage_end_on", "pk")[:BOARD])


def board_counts(*, actor: Actor, filters: Filters) -> dict[int, int]:
    """Count projects in work by stage, in one grouped statement."""
    rows = found(actor=actor, filters=filters).filter(status=Status.ACTIVE).order_by().values_list("stage")
    return dict(rows.annotate(n=Count("pk")))
