"""One project: its page for a sponsor's half minute, what may be done, the parts it has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from gemba.kernel.calendar import WorkCalendar
from gemba.organisation.access import Actor
from gemba.projects import access
from gemba.projects.models import Goal, Measure, Measurement, MeasureState, PassportEdition, Project, Stage
from gemba.projects.queries import parts
from gemba.projects.queries.settings import calendar_of, rules_of
from gemba.projects.rules.stages import Colour, ProjectRules, colour_of
from gemba.projects.rules.states import CLOSED, TABLE, Party, Status, Transition, Verb

# Of a key in the database.
LARGEST = 2**63 - 1


def fetch(*, actor: Actor, pk: int) -> Project | None:
    """Return the project if the actor sees it."""
    if pk > LARGEST or not access.may_read(actor):
        return None
    found = next(iter(parts.whole(pk=pk, municipality_id=actor.municipality_id or 0)), None)
    # Everybody who reads projects sees what is not a draft; a draft is seen by its people.
    if found is None or found.status != Status.DRAFT or access.sees_all(actor):
        return found
    return found if access.visible_projects(actor).filter(pk=pk).exists() else None


@dataclass(frozen=True)
class StageView:
    """A stage with its colour."""

    stage: Stage
    colour: Colour
    is_current: bool
    is_past: bool


@dataclass(frozen=True)
class GoalView:
    """A goal: was, plan, became."""

    goal: Goal
    last: Any
    is_reached: bool | None
    percent: int | None
    measurements: list[Measurement]


def stage_views(
    *, project: Project, today: date, calendar: WorkCalendar | None = None, rules: ProjectRules | None = None
) -> list[StageView]:
    """Return the stages with their colours."""
    calendar = calendar or calendar_of(project.municipality_id)
    rules = rules or rules_of(project.municipality_id)
    return [
        StageView(
            stage,
            colour_of(
                plan_end=stage.plan_end,
                forecast_end=stage.forecast_end,
                actual_end=stage.actual_end,
                today=today,
                calendar=calendar,
                yellow_days=rules.yellow_days,
                is_begun=stage.actual_start is not None,
            ),
            stage.number == project.stage and project.status not in (Status.TERMINATED,),
            stage.actual_end is not None,
        )
        for stage in parts.stages(project_id=project.pk)
    ]


def goal_views(*, project: Project) -> list[GoalView]:
    """Return goals with the last measured value and how far it came, in two statements."""
    found = []
    measured: dict[int, list[Measurement]] = {}
    goals = parts.goals(project_id=project.pk)
    for row in parts.measurements(project_id=project.pk) if goals else []:
        measured.setdefault(row.goal_id, []).append(row)
    for goal in goals:
        rows = measured.get(goal.pk, [])
        value = goal.final if goal.final is not None else (rows[-1].value if rows else None)
        gap = goal.target - goal.baseline
        percent = None if value is None or not gap else int((value - goal.baseline) / gap * 100)
        is_reached = None if value is None else goal.is_reached(value)
        found.append(GoalView(goal, value, is_reached, percent, rows))
    return found


def verbs_of(*, actor: Actor, project: Project, found: frozenset[Party] | None = None) -> list[Transition]:
    """Return what the actor may do to the project now, the expected step first."""
    mine = access.parties(actor, project) if found is None else found
    rows = []
    for row in TABLE.values():
        if not row.parties & mine or project.status not in row.sources:
            continue
        if row.verb in (Verb.APPROVE, Verb.RETURN, Verb.RECALL) and not project.is_sent:
            continue
        if row.verb is Verb.SEND and (project.is_sent or project.status in CLOSED):
            continue
        if row.verb is Verb.CLOSE and project.stage_code != "closing":
            continue
        if row.verb in (Verb.FORWARD, Verb.OVERRIDE) and project.stage_code == "closing":
            continue
        if row.verb is Verb.BACK and project.stage <= 2:
            continue
        rows.append(row)
    return rows


@dataclass(frozen=True)
class Next:
    """The one next step: what, by whom, where."""

    title: str
    who: str
    verb: Verb | None = None


def next_step(project: Project, stages: list[StageView]) -> Next:
    """Say what is expected now and from whom."""
    leader, customer = str(project.leader or "руководитель проекта"), str(project.customer or "заказчик")
    if project.is_sent:
        return Next("Согласовать паспорт", customer, Verb.APPROVE)
    if project.status == Status.DRAFT:
        return Next("Заполнить паспорт и отправить заказчику", leader, Verb.SEND)
    if project.status == Status.ACTIVE:
        if project.stage_code == "closing":
            return Next("Принять закрытие проекта", customer, Verb.CLOSE)
        current = next((one for one in stages if one.is_current), None)
        return Next(
            f"Завершить этап «{current.stage.title}»" if current else "Завершить этап", leader, Verb.FORWARD
        )
    if project.status == Status.PAUSED:
        return Next("Возобновить или прекратить", leader, Verb.RESUME)
    if project.status in (Status.STABILITY, Status.DEGRADED):
        return Next("Проверить стабильность результата", str(project.process_owner or customer))
    return Next("Действий не требуется", "")


def troubles(*, project: Project, today: date) -> list[str]:
    """Name what nobody would notice from the fields: people who left, an organisation that was closed."""
    found = []
    if project.status in CLOSED or project.status == Status.TERMINATED:
        return []
    people = {project.customer_id: "Заказчик", project.leader_id: "Руководитель проекта"}
    here = set(
        parts.here(
            one=project.customer_id or 0,
            two=project.leader_id or 0,
            organisation_id=project.organisation_id,
            day=today,
        )
    )
    names = {project.customer_id: project.customer, project.leader_id: project.leader}
    for pk, word in people.items():
        if pk and ("person", pk) not in here:
            found.append(
                f"{word} {names[pk]} больше не занимает должности. Координатор или куратор назовёт другого."
            )
    if ("place", project.organisation_id) not in here:
        found.append(f"Организация «{project.organisation}» закрыта. Укажите ту, которая приняла её работу.")
    return found


def measures_of(*, project: Project) -> list[Measure]:
    """Return the lines of the plan with those who answer for them."""
    return parts.measures(project_id=project.pk)


def followed_of(*, project: Project) -> dict[int, list[int]]:
    """Return, by a line's key, the numbers of those that it waits for."""
    found: dict[int, list[int]] = {}
    for pk, number in parts.follows(project_id=project.pk):
        found.setdefault(pk, []).append(number)
    return found


def measure_numbers(rows: Iterable[Measure | parts.Line], today: date) -> dict[str, int]:
    """Count the lines by their state and day: all, done, late."""
    kept = [(row.state, row.due_on) for row in rows if row.state != MeasureState.CANCELLED]
    return {
        "total": len(kept),
        "done": sum(state == MeasureState.DONE for state, _ in kept),
        "late": sum(state != MeasureState.DONE and bool(due and due < today) for state, due in kept),
    }


def approved_of(project: Project) -> PassportEdition | None:
    """Return the approved edition in force."""
    if not project.edition_number:
        return None
    return next(iter(parts.approved_edition(project_id=project.pk)), None)


def pending_of(project: Project) -> PassportEdition | None:
    """Return what lies before the customer."""
    return next(iter(parts.sent_edition(project_id=project.pk)), None) if project.is_sent else None
