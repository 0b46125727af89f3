"""Work moved in time with what waits for it: lines of the roadmap, and what is left of a project."""

from datetime import date, datetime

from django.db import transaction

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor
from gemba.projects import access
from gemba.projects.actions.base import allow, check_seen, finish, locked
from gemba.projects.actions.stages import set_forecast
from gemba.projects.models import Measure, MeasureKind, MeasureState, Project
from gemba.projects.queries.gantt import closing_of
from gemba.projects.queries.settings import calendar_of
from gemba.projects.rules.stages import MONITORING, Days, move_following
from gemba.projects.rules.states import LIVING, OPEN


def move_measure(
    *,
    actor: Actor,
    measure_id: int,
    end: date,
    at: datetime,
    start: date | None = None,
    moves_following: bool = False,
    seen: str | None = None,
) -> list[Measure]:
    """Move a line of the roadmap; with `moves_following` those that wait for it move by as many working days.

    The first plan stays what it was: the line is compared with it.

    :raises PermissionDenied: when the actor does not work in the project.
    :raises StaleDays: when others have moved the line since `seen` was read.
    :raises Refusal: when the line is over, the project is not in work, or the days are backward.
    """
    with transaction.atomic():
        project_id = Measure.objects.filter(pk=measure_id).values_list("project_id", flat=True).first() or 0
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.WORKERS, title="Изменить план мероприятий")
        if project.status not in LIVING:
            raise Refusal(Problem("Сейчас сроки плана не меняют.", mend="Обновите страницу."))
        rows = {row.pk: row for row in project.measures.select_for_update().order_by("number")}
        row = rows[measure_id]
        if row.state in (MeasureState.DONE, MeasureState.CANCELLED):
            raise Refusal(Problem(f"Строка № {row.number} завершена.", mend="Обновите страницу."))
        check_seen(seen, row.starts_on, row.due_on)
        start = start or row.starts_on or end
        if row.kind == MeasureKind.MILESTONE:
            start = end
        if end < start:
            raise Refusal(Problem("Окончание раньше начала.", field="end", mend="Поменяйте даты."))
        before = {str(one.number): str(one.due_on or "") for one in rows.values()}
        moved = [row]
        if moves_following and row.due_on:
            moved += _move_waiting(project, rows, row, end)
        row.starts_on, row.due_on = start, end
        for one in moved:
            one.version += 1
            one.save(update_fields=["starts_on", "due_on", "version"])
        others = ", ".join(f"№ {one.number}" for one in moved[1:])
        finish(
            project,
            actor=actor,
            verb="measure_move",
            at=at,
            title=f"Срок строки плана № {row.number}: {format_date(end)}"
            + (f", вместе с ней {others}" if others else ""),
            before=before,
            after={str(one.number): str(one.due_on or "") for one in rows.values()},
        )
    return moved


def _move_waiting(project: Project, rows: dict[int, Measure], row: Measure, end: date) -> list[Measure]:
    """Shift the lines that wait for this one, and those that wait for them; return the shifted."""
    waiting: dict[int, list[int]] = {}
    pairs = Measure.follows.through.objects.filter(from_measure__project_id=project.pk)
    for later, earlier in pairs.values_list("from_measure_id", "to_measure_id"):
        waiting.setdefault(earlier, []).append(later)
    found, queue = {row.pk}, [row.pk]
    while queue:
        for pk in waiting.get(queue.pop(), []):
            if pk not in found:
                found.add(pk)
                queue.append(pk)
    assert row.due_on is not None
    moved = []
    calendar = calendar_of(project.municipality_id)
    first = Days(0, row.starts_on or row.due_on, row.due_on)
    for pk in found - {row.pk}:
        one = rows[pk]
        if one.state in (MeasureState.DONE, MeasureState.CANCELLED) or one.due_on is None:
            continue
        days = Days(1, one.starts_on or one.due_on, one.due_on)
        shifted = move_following(days=[first, days], number=0, end=end, calendar=calendar)[1]
        one.starts_on, one.due_on = shifted.start, shifted.end
        moved.append(one)
    return sorted(moved, key=lambda one: one.number)


def move_project(
    *, actor: Actor, project_id: int, end: date, at: datetime, reason: str = "", seen: str | None = None
) -> date:
    """Move the closing of a project by forecast; the stage that goes on and all after it move by as many working days.

    The approved plan stays what it was: its dates change only with a new edition. Returns the new day of closing.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises StaleDays: when others have moved the closing since `seen` was read.
    :raises Refusal: when nothing is left to move, nothing moves, or a stage would end before it began.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Изменить прогноз")
        stages = list(project.stages.order_by("number"))
        closing = closing_of(stages)
        current = next((one for one in stages if one.actual_end is None), None)
        if project.status not in OPEN or closing is None or current is None or current.code == MONITORING:
            raise Refusal(Problem("Сейчас сроки этого проекта не сдвигают.", mend="Обновите страницу."))
        check_seen(seen, None, closing)
        calendar = calendar_of(project.municipality_id)
        by = calendar.working_days_between(calendar.previous_working(closing), calendar.previous_working(end))
        if not by:
            raise Refusal(
                Problem("Срок закрытия остался прежним.", field="end", mend="Укажите другой рабочий день.")
            )
        ends = current.forecast_end or current.plan_end or closing
        moved = calendar.add_working_days(calendar.previous_working(ends), by)
        begun = current.actual_start
        if begun and moved < begun:
            raise Refusal(
                Problem(
                    f"Этап {current} закончился бы раньше, чем начался {format_date(begun)}.",
                    field="end",
                    mend="Сократите этапы по одному на странице сроков проекта.",
                )
            )
        start = begun
        if begun is None and (planned := current.forecast_start or current.plan_start):
            start = calendar.add_working_days(calendar.next_working(planned), by)
        after = set_forecast(
            actor=actor,
            project_id=project_id,
            number=current.number,
            start=start,
            end=moved,
            reason=reason,
            moves_following=True,
            at=at,
        )
    return closing_of(after) or end
