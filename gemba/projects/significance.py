"""A project as a subject of the significance procedure: the door to its sheets, what its records show, its score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from gemba.kernel.numbers import counted
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor
from gemba.projects.access import visible_projects
from gemba.projects.models import EffectKind, Project
from gemba.projects.rules.states import Status
from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.scorecards import queries, subjects
from gemba.scorecards.entering import Hint
from gemba.scorecards.queries import Standing
from gemba.scorecards.rules.exact import shown as number
from gemba.scorecards.rules.states import State

KIND = "project"
# What is not begun, and what was stopped, has no results to be assessed.
NOT_ASSESSED = (Status.DRAFT, Status.APPROVAL, Status.TERMINATED)


@dataclass(frozen=True)
class Shown:
    """What a record of the project shows, and where it is written."""

    text: str
    source: str
    page: str


Records = Callable[[Project], Iterator[Shown]]


def register() -> None:
    """Let projects be assessed."""
    subjects.register(
        KIND, Project, assessed, lambda project: [project.leader_id], hints,
        title="Проект", url=lambda project: reverse("projects:card", args=[project.pk]),
    )  # fmt: skip


def assessed(actor: Actor) -> QuerySet[Project]:
    """Return the projects the actor sees that can be assessed."""
    return visible_projects(actor).exclude(status__in=NOT_ASSESSED).select_related("organisation")


def standing_of(actor: Actor, project: Project) -> Standing | None:
    """Return the score and status of a project, its sheets, and whether the actor may assess it."""
    return queries.standing_of(actor=actor, kind=KIND, thing=project, leaders=[project.leader_id])


def scores_on(*, municipality_id: int, projects: Sequence[Project], day: date) -> dict[int, str]:
    """Return the points of each project on a day; what nobody agreed yet says so (R-196, 02-scoring 2.1)."""
    ids = [project.pk for project in projects]
    found = queries.counted_on(municipality_id=municipality_id, kind=KIND, ids=ids, day=day)
    return {
        pk: number(sheet.total) + ("" if sheet.state == State.AGREED else " (самооценка)")
        for pk, sheet in found.items()
        if sheet.total is not None
    }


def _ground(*links: str) -> Records:
    def found(project: Project) -> Iterator[Shown]:
        for ground in project.grounds.all():
            if ground.links_to in links:
                named = f": {ground.object_title}" if ground.object_title else ""
                yield Shown(f"Основание в паспорте — {ground.text}{named}", "Паспорт", "editions")

    return found


def _together(project: Project) -> Iterator[Shown]:
    count = project.participants.count()
    if count > 1:
        words = counted(count, "организация", "организации", "организаций")
        yield Shown(f"В проекте участвуют {words}", "Проект", "card")


def _baseline(project: Project) -> Iterator[Shown]:
    goals = [goal for goal in project.goals.all() if not goal.is_dropped]
    if goals:
        listed = "; ".join(f"{goal.title} — {number(goal.baseline)} {goal.unit}" for goal in goals[:3])
        yield Shown(f"В паспорте измерено, как было: {listed}", "Цели", "goals")


def _saving(project: Project) -> Iterator[Shown]:
    rows = project.effects.exclude(kind=EffectKind.SATISFACTION).order_by("pk")
    parts = [
        f"{number(row.hours_a_year)} ч в год"
        if row.kind == EffectKind.TIME
        else f"{number(row.money_a_year)} ₽ в год"
        for row in rows[:5]
    ]
    if parts:
        yield Shown(f"Экономия посчитана: {', '.join(parts)}", "Эффект", "effects")


def _satisfaction(project: Project) -> Iterator[Shown]:
    for row in project.effects.filter(kind=EffectKind.SATISFACTION).order_by("pk")[:3]:
        if row.after is not None:
            was = f"{number(row.before)} % → " if row.before is not None else ""
            yield Shown(
                f"Удовлетворённость измерена: {was}{number(row.after)} %. "
                "Отметьте, кто оценивал: внешние заказчики или внутренние",
                "Эффект",
                "effects",
            )


def _replicas(*, is_same: bool) -> Records:
    def found(project: Project) -> Iterator[Shown]:
        own = project.organisation.direction_id
        for replica in project.replicas.exclude(status__in=NOT_ASSESSED).select_related("organisation")[:20]:
            theirs = replica.organisation.direction_id
            if own and theirs and (own == theirs) is is_same:
                name = replica.organisation.short_name or replica.organisation.name
                yield Shown(f"Проект повторён: {name}", "Проект", "card")

    return found


# Words of a row, words it must not have, and the records that show it; the wording of an act decides, not its codes.
OF_ROWS: tuple[tuple[str, str, Records], ...] = (
    ("достижение отраслевых показателей", "", _ground("indicator", "programme")),
    ("достижение целей стратегии", "", _ground("strategy")),
    ("ключевых показателей эффективности", "", _ground("kpi")),
    ("обращение гражданина", "", _ground("citizen_appeals")),
    ("межорганизационное взаимодействие", "", _together),
    ("представлены количественные показатели", "", _baseline),
    ("просчитывается экономия", "не", _saving),
    ("тиражирование другого профиля", "", _replicas(is_same=False)),
    ("тиражирование по профилю", "другого", _replicas(is_same=True)),
)
# What is said beside a whole criterion: a record that alone does not show a row.
OF_CRITERIA: tuple[tuple[str, Records], ...] = (("оценка результатов", _satisfaction),)


def _words(text: str) -> set[str]:
    return set(normalise(text).split())


def hints(project: Project, procedure: Procedure) -> Iterable[Hint]:
    """Return what the records of a project show of each row of a procedure."""
    known: dict[Records, list[Shown]] = {}

    def told(records: Records, criterion: str, rows: tuple[str, ...]) -> Iterator[Hint]:
        if records not in known:
            known[records] = list(records(project))
        for shown in known[records]:
            url = reverse(f"projects:{shown.page}", args=[project.pk])
            yield Hint(criterion, rows, f"{shown.text}.", shown.source, url)

    for criterion in procedure.criteria:
        for phrase, records in OF_CRITERIA:
            if _words(phrase) <= _words(criterion.title):
                yield from told(records, criterion.code, ())
        for row in criterion.rows if isinstance(criterion, Rows) else []:
            words = _words(row.text)
            for phrase, without, records in OF_ROWS:
                if not row.nothing and _words(phrase) <= words and not _words(without) & words:
                    yield from told(records, criterion.code, (row.code,))
