"""The way through the stages: forward by evidence, back, over a gate, pause, forecast, delay, closing."""

from datetime import date, datetime

from django.db import transaction

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.notices.models import Kind
from gemba.organisation.access import Actor
from gemba.projects import access
from gemba.projects.actions.asking import ask_customer
from gemba.projects.actions.base import (
    allow,
    begin,
    check_reason,
    check_seen,
    day_of,
    finish,
    locked,
    note_current,
    tell,
)
from gemba.projects.gates import gate_of
from gemba.projects.models import Project, StabilityPoint, Stage
from gemba.projects.queries.gates import gate_problems
from gemba.projects.queries.settings import calendar_of, rules_of
from gemba.projects.rules.stages import CLOSING, MONITORING, Days, add_months, move_following
from gemba.projects.rules.states import LIVING, Outcome, Status, Verb


def _stages(project: Project) -> list[Stage]:
    return list(project.stages.select_for_update().order_by("number"))


def _pair(project: Project, stages: list[Stage]) -> tuple[Stage, Stage | None]:
    place = next(index for index, stage in enumerate(stages) if stage.number == project.stage)
    return stages[place], stages[place + 1] if place + 1 < len(stages) else None


def _delay_problems(current: Stage, on: date, mend: str = "Напишите причину отставания.") -> list[Problem]:
    if current.plan_end and on > current.plan_end and not current.delay_reason.strip():
        return [
            Problem(
                f"Этап просрочен (план {format_date(current.plan_end)}), причина не указана.",
                field="delay_reason",
                mend=mend,
            )
        ]
    return []


def forward(*, actor: Actor, project_id: int, at: datetime, on: date | None = None) -> Project:
    """End the current stage and begin the next when every gate has its evidence.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when evidence is missing, the delay has no reason, or the project is closed by its customer.
    """
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=Verb.FORWARD)
        today = day_of(at, project)
        stages = _stages(project)
        current, after = _pair(project, stages)
        if current.code == CLOSING or after is None or after.code == MONITORING:
            raise Refusal(Problem("Проект закрывает заказчик.", mend="Попросите его принять закрытие."))
        day = on or today
        refuse_on(
            _day_problems(current, day, today)
            + gate_problems(project=project, stage_code=current.code, today=today)
            + _delay_problems(current, day)
        )
        _step(project, current, after, day)
        finish(
            project,
            actor=actor,
            verb="forward",
            title=f"{row.done}: {current.title}",
            at=at,
            before={"stage": current.number},
            after={"stage": after.number, "on": day.isoformat()},
        )
        ask_customer(project, after, actor=actor, at=at)
    return project


def override(*, actor: Actor, project_id: int, at: datetime, reason: str) -> Project:
    """Let the project pass a gate without its evidence; the reason and what was missing stay in the record.

    :raises PermissionDenied: when the actor does not oversee projects.
    :raises Refusal: when there is no reason, the passport is not approved, or the stage is the closing.
    """
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=Verb.OVERRIDE, reason=reason)
        today = day_of(at, project)
        stages = _stages(project)
        current, after = _pair(project, stages)
        if project.edition_number == 0:
            raise Refusal(Problem("Без согласованного паспорта проекта нет."))
        if current.code == CLOSING or after is None or after.code == MONITORING:
            raise Refusal(Problem("Закрытие пропустить нельзя: его принимает заказчик."))
        missing = gate_problems(project=project, stage_code=current.code, today=today)
        current.is_overridden = True
        _step(project, current, after, today)
        finish(
            project,
            actor=actor,
            verb="override",
            title=f"{row.done}: {current.title}",
            at=at,
            text=reason,
            before={"stage": current.number, "missing": [problem.text for problem in missing]},
            after={"stage": after.number},
        )
        tell(
            project,
            title="Этап пропущен без проверки",
            at=at,
            people=[project.customer_id, project.leader_id],
            text=reason,
            kind=Kind.ESCALATION,
            besides=actor,
        )
        ask_customer(project, after, actor=actor, at=at)
    return project


def _day_problems(current: Stage, day: date, today: date) -> list[Problem]:
    if day > today:
        return [Problem("Этап завершается не позже сегодняшнего дня.", field="on")]
    if current.actual_start and day < current.actual_start:
        return [
            Problem(
                f"Этап начат {format_date(current.actual_start)}: раньше он завершиться не мог.", field="on"
            )
        ]
    return []


def _step(project: Project, current: Stage, after: Stage, day: date) -> None:
    current.actual_end = day
    current.actual_start = current.actual_start or day
    after.actual_start = day
    current.save()
    after.save()
    if current.code == "action_plan":
        # What the roadmap promised when it went to the defence.
        for measure in project.measures.filter(baseline_due__isnull=True):
            measure.baseline_start, measure.baseline_due = measure.starts_on, measure.due_on
            measure.save(update_fields=["baseline_start", "baseline_due"])
    project.stage = after.number
    note_current(project)


def back(*, actor: Actor, project_id: int, number: int, at: datetime, reason: str) -> Project:
    """Return to an earlier stage: after a failed defence, when results did not come.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when there is no reason or the stage is not an earlier one of the work.
    """
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=Verb.BACK, reason=reason)
        stages = _stages(project)
        first = stages[0].number
        if not first < number < project.stage:
            raise Refusal(
                Problem(
                    "Вернуться можно на один из пройденных этапов, кроме согласования паспорта.",
                    field="number",
                )
            )
        was = project.stage
        for stage in stages:
            if stage.number == number:
                stage.actual_end, stage.is_overridden = None, False
                stage.save()
            elif number < stage.number <= was:
                stage.actual_start = stage.actual_end = None
                stage.save()
        project.stage = number
        note_current(project)
        # What was confirmed for these stages is confirmed anew.
        codes = {stage.code for stage in stages if number <= stage.number <= was}
        for tick in project.ticks.all():
            gate = gate_of(tick.code)
            if gate is not None and gate.stage_code in codes:
                tick.delete()
        finish(
            project,
            actor=actor,
            verb="back",
            title=row.done,
            at=at,
            text=reason,
            before={"stage": was},
            after={"stage": number},
        )
        tell(
            project,
            title="Проект возвращён на прежний этап",
            at=at,
            people=[project.customer_id, project.leader_id],
            text=reason,
            besides=actor,
        )
    return project


def pause(*, actor: Actor, project_id: int, at: datetime, reason: str) -> Project:
    """Stop the work for a time; the stage stays.

    :raises PermissionDenied: when the actor neither leads, keeps nor ordered the project.
    :raises Refusal: when it is not in work or there is no reason.
    """
    return _simple(actor, project_id, Verb.PAUSE, at, reason)


def resume(*, actor: Actor, project_id: int, at: datetime, reason: str = "") -> Project:
    """Take up the work again.

    :raises PermissionDenied: when the actor neither leads, keeps nor ordered the project.
    :raises Refusal: when it is not paused.
    """
    return _simple(actor, project_id, Verb.RESUME, at, reason)


def _simple(actor: Actor, project_id: int, verb: Verb, at: datetime, reason: str) -> Project:
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=verb, reason=reason)
        assert row.target is not None
        project.status = row.target
        note_current(project)
        finish(project, actor=actor, verb=verb.value, title=row.done, at=at, text=reason)
    return project


def terminate(*, actor: Actor, project_id: int, at: datetime, reason: str) -> Project:
    """End a project without its result.

    :raises PermissionDenied: when the actor is not the customer.
    :raises Refusal: when it is closed already or there is no reason.
    """
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=Verb.TERMINATE, reason=reason)
        today = day_of(at, project)
        project.status, project.outcome = Status.TERMINATED, Outcome.TERMINATED
        project.closed_on, project.closing_text = max(today, project.opened_on or today), reason.strip()
        project.stage_end_on = None
        project.editions.filter(state="sent").update(state="recalled", decided_at=at, reason=reason.strip())
        project.is_sent = False
        finish(project, actor=actor, verb="terminate", title=row.done, at=at, text=reason)
        tell(
            project,
            title="Проект прекращён",
            at=at,
            people=[project.leader_id],
            text=reason,
            kind=Kind.DECISION,
            besides=actor,
        )
    return project


def close(
    *, actor: Actor, project_id: int, at: datetime, outcome: str, text: str = "", on: date | None = None
) -> Project:
    """Close the project by the customer's decision and plan the control points of stability.

    :raises PermissionDenied: when the actor is not the customer.
    :raises Refusal: when it is not at its closing, final values are missing, the outcome contradicts them, or the day
        is wrong.
    """
    with transaction.atomic():
        project, row = begin(actor=actor, project_id=project_id, verb=Verb.CLOSE)
        if outcome not in (Outcome.SUCCESS, Outcome.PARTIAL):
            raise Refusal(Problem("Выберите итог.", field="outcome"))
        today = day_of(at, project)
        stages = _stages(project)
        current, after = _pair(project, stages)
        if current.code != CLOSING and not (after is None or after.code == MONITORING):
            raise Refusal(
                Problem(f"Проект на этапе «{current.title}».", mend="Закрывают на этапе «Закрытие проекта».")
            )
        day = on or today
        goals = list(project.goals.filter(is_dropped=False))
        short = [
            g.title
            for g in goals
            if g.final is not None and not g.is_reached(g.final) and not g.is_deviation_accepted
        ]
        problems = (
            _day_problems(current, day, today)
            + gate_problems(project=project, stage_code=CLOSING, today=today)
            + _delay_problems(current, day, "Её пишет руководитель проекта на странице проекта.")
        )
        if outcome == Outcome.SUCCESS and short:
            problems.append(
                Problem(
                    f"Цели не достигнуты: {', '.join(short)}.",
                    field="outcome",
                    mend="Закройте как «частично».",
                )
            )
        if outcome == Outcome.PARTIAL and not text.strip():
            problems.append(Problem("Напишите, что достигнуто, а что нет.", field="text"))
        refuse_on(problems)
        current.actual_end, current.actual_start = day, current.actual_start or day
        current.save()
        rules = rules_of(project.municipality_id)
        project.outcome, project.closed_on, project.closing_text = outcome, day, text.strip()
        if after is not None and rules.stability_months:
            after.actual_start = day
            after.save()
            project.stage, project.status = after.number, Status.STABILITY
            calendar = calendar_of(project.municipality_id)
            StabilityPoint.objects.bulk_create(
                [
                    StabilityPoint(
                        project=project, months=months, due_on=calendar.next_working(add_months(day, months))
                    )
                    for months in rules.stability_months
                ]
            )
        else:
            project.status = Status.CLOSED_SUCCESS if outcome == Outcome.SUCCESS else Status.CLOSED_PARTIAL
        # What the plan counts as closed «with a quality indicator»: such a goal was there and was reached.
        project.has_quality_goal = any(
            goal.kind == "quality" and goal.final is not None and goal.is_reached(goal.final)
            for goal in goals
        )
        note_current(project)
        finish(
            project,
            actor=actor,
            verb="close",
            title=f"{row.done}: {Outcome(outcome).title.lower()}",
            at=at,
            text=text,
            after={"outcome": outcome, "on": day.isoformat()},
        )
        tell(
            project,
            title="Проект закрыт",
            at=at,
            kind=Kind.DECISION,
            besides=actor,
            people=[project.leader_id, *project.team.values_list("person_id", flat=True)],
        )
    return project


def set_forecast(
    *,
    actor: Actor,
    project_id: int,
    number: int,
    end: date,
    at: datetime,
    start: date | None = None,
    reason: str = "",
    moves_following: bool = False,
    seen: str | None = None,
) -> list[Stage]:
    """Say when a stage will really end; with `moves_following` the later ones move by as many working days.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises StaleDays: when others have moved the stage since `seen` was read.
    :raises Refusal: when the stage is over, the days are backward, or a red stage has no reason.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Изменить прогноз")
        stages = _stages(project)
        stage = next((one for one in stages if one.number == number), None)
        if stage is None or project.status not in LIVING:
            raise Refusal(Problem("Такого этапа нет.", mend="Обновите страницу."))
        if stage.actual_end:
            raise Refusal(Problem(f"Этап завершён {format_date(stage.actual_end)}."))
        check_seen(seen, *stage.expected)
        start = start or stage.forecast_start or stage.plan_start or end
        if not stage.is_period:
            start = end
        if end < start:
            raise Refusal(Problem("Окончание раньше начала.", field="end", mend="Поменяйте даты."))
        today = day_of(at, project)
        late = bool(stage.plan_end and max(end, today) > stage.plan_end)
        check_reason(reason or stage.delay_reason, is_needed=late)
        before = {str(one.number): str(one.forecast_end or "") for one in stages}
        if moves_following:
            days = [
                Days(one.number, one.forecast_start or one.plan_start, one.forecast_end or one.plan_end)
                for one in stages
            ]
            shifted = move_following(
                days=days, number=number, end=end, calendar=calendar_of(project.municipality_id)
            )
            by_number = {one.number: one for one in shifted}
            for one in stages:
                if one.number > number and one.actual_end is None:
                    moved = by_number[one.number]
                    one.forecast_start, one.forecast_end = moved.start, moved.end
                    one.save(update_fields=["forecast_start", "forecast_end"])
        stage.forecast_start, stage.forecast_end = start, end
        if reason.strip():
            stage.delay_reason = reason.strip()
        stage.save(update_fields=["forecast_start", "forecast_end", "delay_reason"])
        title = f"Прогноз этапа {number}: {format_date(end)}" + (
            ", следующие сдвинуты" if moves_following else ""
        )
        finish(
            project,
            actor=actor,
            verb="forecast",
            title=title,
            at=at,
            text=reason,
            before=before,
            after={str(one.number): str(one.forecast_end or "") for one in stages},
        )
    return stages


def explain_delay(*, actor: Actor, project_id: int, number: int, at: datetime, reason: str) -> Stage:
    """Write why a stage is late.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when there is no such stage or no reason.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Указать причину отставания")
        check_reason(reason, is_needed=True)
        stage = project.stages.filter(number=number).first()
        if stage is None:
            raise Refusal(Problem("Такого этапа нет.", mend="Обновите страницу."))
        stage.delay_reason = reason.strip()
        stage.save(update_fields=["delay_reason"])
        finish(
            project, actor=actor, verb="delay", title=f"Причина отставания этапа {number}", at=at, text=reason
        )
    return stage
