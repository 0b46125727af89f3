"""The register of projects: mine, red, waiting for me, a portfolio, everything; by keyset, never by offset."""

from collections.abc import Iterable
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
from gemba.projects.queries.waiting import before_customer
from gemba.projects.rules.states import CLOSED, Status
from gemba.search.queries import matching
from gemba.statements import written

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

    @property
    def has_no_drafts(self) -> bool:
        """Tell whether what is asked leaves out every draft."""
        is_later = bool(self.group) and Status.DRAFT not in GROUPS[self.group][1]
        return is_later or self.stage is not None or self.view == "red"


def waiting_for(actor: Actor) -> Q:
    """Build the condition «the passport or the closing is before the actor, who is the customer»."""
    return before_customer(actor.person_id or 0)


def red(today: date) -> Q:
    """Build the condition «the current stage is past its planned end»."""
    return Q(status=Status.ACTIVE, stage_end_on__lt=today)


def found(*, actor: Actor, filters: Filters) -> QuerySet[Project]:
    """Return the projects asked for, unordered; nothing that the actor may not see."""
    # What is the person's own he sees, drafts too.
    rows = access.visible_projects(actor, has_no_drafts=filters.has_no_drafts or filters.view == "mine")
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


def count_waiting(*, actor: Actor) -> int:
    """Count the passports and closings before the person, no further than `MOST`."""
    if not actor.person_id:
        return 0
    return len(_waiting(person_id=actor.person_id, municipality_id=actor.municipality_id or 0))


@written
def _waiting(*, person_id: int, municipality_id: int) -> "QuerySet[Project, tuple[int]]":
    rows = Project.objects.filter(before_customer(person_id), municipality_id=municipality_id)
    return rows.order_by().values_list("pk")[:MOST]


def count_red(*, actor: Actor) -> int:
    """Count red projects, no further than `MOST`: beyond it the number says nothing more."""
    if not access.may_read(actor):
        return 0
    return len(_red(municipality_id=actor.municipality_id or 0, today=actor.today))


@written
def _red(*, municipality_id: int, today: date) -> "QuerySet[Project, tuple[date | None]]":
    rows = Project.objects.filter(red(today), municipality_id=municipality_id)
    # Of the index alone: no row is read.
    return rows.order_by("stage_end_on").values_list("stage_end_on")[:MOST]


def red_by_stage(*, actor: Actor) -> list[tuple[int, int]]:
    """Count red projects by the number of their stage, in one grouped statement."""
    if not access.may_read(actor):
        return []
    return _red_stages(municipality_id=actor.municipality_id or 0, today=actor.today)


@written
def _red_stages(*, municipality_id: int, today: date) -> "QuerySet[Project, tuple[int, int]]":
    rows = Project.objects.filter(red(today), municipality_id=municipality_id)
    return rows.order_by().values_list("stage").annotate(n=Count("pk")).order_by("stage")


@dataclass(frozen=True)
class Choices:
    """What the filters offer, and the filters the person keeps: (id, title), the kept ones with their address."""

    directions: list[tuple[int, str]]
    portfolios: list[tuple[int, str]]
    kept: list[tuple[int, str, str]]


def choices(*, actor: Actor) -> Choices:
    """Return the three short lists of the register's head in one statement."""
    rows = _choices(municipality_id=actor.municipality_id or 0, user_id=actor.user_id or 0)
    rows.sort(key=lambda row: str(row[2]).casefold())
    return Choices(
        [(row[1], row[2]) for row in rows if row[0] == "direction"],
        [(row[1], row[2]) for row in rows if row[0] == "portfolio"],
        [(row[1], row[2], row[3]) for row in rows if row[0] == "kept"],
    )


@written
def _choices(*, municipality_id: int, user_id: int) -> QuerySet[Any, Any]:
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

    directions = Direction.objects.filter(municipality_id=municipality_id, is_active=True)
    portfolios = Portfolio.objects.filter(municipality_id=municipality_id, is_active=True)
    found_: QuerySet[Any, Any] = part(directions, "direction", "name").union(
        part(portfolios, "portfolio", "title"),
        part(SavedFilter.objects.filter(user_id=user_id), "kept", "title", "query"),
        all=True,
    )
    return found_


def portfolio_rows(*, actor: Actor) -> list[Portfolio]:
    """Return portfolios with the number of their projects, in one statement."""
    rows = Portfolio.objects.filter(municipality_id=actor.municipality_id or 0).select_related("organisation")
    active = Count("projects", filter=Q(projects__status=Status.ACTIVE))
    late = Count("projects", filter=Q(projects__status=Status.ACTIVE, projects__stage_end_on__lt=actor.today))
    return list(
        rows.annotate(n=Count("projects"), n_active=active, n_red=late).order_by("-is_active", "title")[:300]
    )


BOARD: Literal[20] = 20


@dataclass(frozen=True)
class Column:
    """A column of the board: how many projects, and the first of them, their term the nearest."""

    total: int
    cards: list[parts.Card]


def board(*, actor: Actor, filters: Filters) -> dict[int, Column]:
    """Return the columns by the number of their stage: one grouped statement, and one a column with projects."""
    town = actor.municipality_id or 0
    # Of the whole municipality, by statements written once; a draft is in no column.
    is_whole = filters == Filters() and access.may_read(actor)
    asked = found(actor=actor, filters=filters).filter(status=Status.ACTIVE).order_by()
    counts: Iterable[tuple[int, int]] = (
        parts.by_stage(municipality_id=town)
        if is_whole
        else asked.values_list("stage").annotate(n=Count("pk"))
    )
    columns = {}
    for stage, total in counts:
        rows: Iterable[Any] = (
            parts.column(municipality_id=town, stage=stage, most=BOARD)
            if is_whole
            else asked.filter(stage=stage).order_by("stage_end_on", "pk").values_list(*parts.CARD)[:BOARD]
        )
        columns[stage] = Column(total, [parts.Card._make(row) for row in rows])
    return columns
