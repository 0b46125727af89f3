"""Measurements, final values, effects without double counting, control points of stability."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, Sum

from gemba.kernel.numbers import format_number
from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.notices.models import Kind
from gemba.organisation.access import Actor, require
from gemba.projects import access
from gemba.projects.actions.asking import ask_about_deviation
from gemba.projects.actions.base import allow, check_reason, day_of, finish, locked, tell
from gemba.projects.models import Effect, EffectKind, Goal, Measurement, Project, Remark, StabilityPoint
from gemba.projects.queries.settings import calendar_of, rules_of
from gemba.projects.rules.stages import is_stable
from gemba.projects.rules.states import CLOSED, LIVING, Party, Status
from gemba.proposals.actions.office import method_of
from gemba.proposals.rules.effects import hours_a_year, worth


def _goal(actor: Actor, goal_id: int) -> tuple[Project, Goal]:
    project_id = Goal.objects.filter(pk=goal_id).values_list("project_id", flat=True).first() or 0
    project = locked(actor=actor, project_id=project_id)
    return project, project.goals.select_for_update().get(pk=goal_id)


def measure_goal(
    *, actor: Actor, goal_id: int, value: Decimal, on: date, at: datetime, how: str = ""
) -> Measurement:
    """Enter a measured value of a goal; a second one of a day corrects the first, with a trace in the record.

    :raises PermissionDenied: when the actor neither works in the project nor owns the process.
    :raises Refusal: when the day has not come or lies before the project.
    """
    with transaction.atomic():
        project, goal = _goal(actor, goal_id)
        allow(actor=actor, project=project, parties=access.WORKERS | {Party.OWNER}, title="Внести измерение")
        if project.status not in LIVING:
            raise Refusal(Problem("Измеряют после согласования паспорта."))
        if on > day_of(at, project):
            raise Refusal(Problem("Этот день ещё не наступил.", field="on"))
        known = goal.measurements.filter(measured_on=on).first()
        row, _ = Measurement.objects.update_or_create(
            goal=goal,
            measured_on=on,
            defaults={
                "value": value,
                "how": how.strip()[:300],
                "by": (actor.name or "Без имени")[:200],
                "at": at,
            },
        )
        finish(
            project,
            actor=actor,
            verb="measurement",
            at=at,
            text=how,
            title=f"Измерение «{goal.title}»: {format_number(value)} {goal.unit}"[:300],
            before={"value": str(known.value)} if known else None,
            after={"value": str(value), "on": on.isoformat()},
        )
    return row


def set_final(*, actor: Actor, goal_id: int, value: Decimal, at: datetime, reason: str = "") -> Goal:
    """Enter the final value of a goal, with the explanation of a deviation.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when the target is missed without an explanation.
    """
    with transaction.atomic():
        project, goal = _goal(actor, goal_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Внести итог цели")
        if project.status not in LIVING or project.status in CLOSED:
            raise Refusal(Problem("Итог вносят, пока проект в работе."))
        if not goal.is_reached(value) and not reason.strip():
            raise Refusal(
                Problem("Цель не достигнута, причины нет.", field="reason", mend="Объясните отклонение.")
            )
        goal.final, goal.deviation_reason = value, reason.strip()
        goal.is_deviation_accepted = goal.is_deviation_accepted and not goal.is_reached(value)
        goal.save()
        if not goal.is_reached(value) and not goal.is_deviation_accepted:
            ask_about_deviation(project, goal, actor=actor, at=at)
        finish(
            project,
            actor=actor,
            verb="final",
            title=f"Итог «{goal.title}»: {format_number(value)} {goal.unit}"[:300],
            at=at,
            text=reason,
        )
    return goal


def accept_deviation(*, actor: Actor, goal_id: int, at: datetime, reason: str = "") -> Goal:
    """Accept as the customer that a goal was missed.

    :raises PermissionDenied: when the actor is not the customer.
    :raises Refusal: when nobody has explained the deviation.
    """
    with transaction.atomic():
        project, goal = _goal(actor, goal_id)
        allow(actor=actor, project=project, parties={Party.CUSTOMER}, title="Принять отклонение")
        if not (goal.deviation_reason or reason.strip()):
            raise Refusal(
                Problem("Отклонение не объяснено.", mend="Попросите руководителя проекта объяснить.")
            )
        goal.is_deviation_accepted = True
        goal.deviation_reason = goal.deviation_reason or reason.strip()
        goal.save()
        finish(
            project,
            actor=actor,
            verb="deviation",
            title=f"Отклонение принято: {goal.title}"[:300],
            at=at,
            text=reason,
        )
    return goal


def add_effect(
    *,
    actor: Actor,
    project_id: int,
    at: datetime,
    kind: str,
    text: str = "",
    minutes: Decimal | None = None,
    times: Decimal | None = None,
    frequency: str = "",
    people: int | None = None,
    money: Decimal | None = None,
    before: Decimal | None = None,
    after: Decimal | None = None,
) -> Effect:
    """Add an effect counted by the method in force; one that stands in the proposal or the original is not added twice.

    :raises PermissionDenied: when the actor does not work in the project.
    :raises Refusal: when numbers of the kind are missing.
    """
    with transaction.atomic():
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.WORKERS, title="Внести эффект")
        if project.status not in LIVING:
            raise Refusal(Problem("Эффект вносят после согласования паспорта."))
        method = method_of(municipality_id=project.municipality_id, at=at)
        problems = []
        hours, worth_ = Decimal(0), Decimal(0)
        if kind not in EffectKind.values:
            problems.append(Problem("Выберите вид эффекта.", field="kind"))
        if kind == EffectKind.TIME:
            if minutes is None or times is None or not people or not frequency:
                problems.append(Problem("Нужны минуты, сколько раз и сколько людей.", field="minutes"))
            else:
                hours = hours_a_year(
                    minutes=minutes,
                    times=times,
                    frequency=frequency,
                    people=people,
                    work_days_a_year=method.work_days_a_year,
                )
                worth_ = worth(hours=hours, hour_rate=method.hour_rate)
        elif kind == EffectKind.MONEY:
            if money is None:
                problems.append(Problem("Нужна сумма в год.", field="money"))
            else:
                worth_ = money
        elif kind == EffectKind.SATISFACTION and (before is None or after is None):
            problems.append(Problem("Нужна удовлетворённость до и после.", field="before"))
        refuse_on(problems)
        row = Effect.objects.create(
            project=project,
            kind=kind,
            method=method,
            minutes=minutes,
            times=times,
            frequency=frequency,
            people=people,
            before=before,
            after=after,
            hours_a_year=hours,
            money_a_year=worth_,
            text=text.strip(),
            counted_in=_counted_elsewhere(project, kind),
            added_by=(actor.name or "Без имени")[:200],
            added_by_person_id=actor.person_id,
            added_at=at,
        )
        _sum_up(project)
        finish(
            project,
            actor=actor,
            verb="effect",
            title=f"Внесён эффект: {row.get_kind_display().lower()}",
            at=at,
            text=text,
        )
    return row


def _counted_elsewhere(project: Project, kind: str) -> str:
    """Name the proposal or the original where an effect of this kind is counted already."""
    if project.proposal_id:
        proposal = project.proposal
        assert proposal is not None
        if proposal.effects.filter(kind=kind).exists():
            return f"предложение {proposal.number_text}"
    if project.origin_id:
        # A replica repeats the improvement elsewhere: its effect is its own; only the same place counts once.
        origin = project.origin
        assert origin is not None
        if origin.organisation_id == project.organisation_id and origin.effects.filter(kind=kind).exists():
            return f"исходный проект {origin.number_text}"
    return ""


def _sum_up(project: Project) -> None:
    found = project.effects.filter(~Q(kind=EffectKind.SATISFACTION), counted_in="").aggregate(
        hours=Sum("hours_a_year"), money=Sum("money_a_year")
    )
    project.hours_a_year = found["hours"] or Decimal(0)
    project.money_a_year = found["money"] or Decimal(0)


def verify_effect(*, actor: Actor, effect_id: int, at: datetime) -> Effect:
    """Confirm an effect: somebody else than who entered it.

    :raises PermissionDenied: when the actor may not, leads the project, or entered it.
    :raises Refusal: when there is no such effect.
    """
    with transaction.atomic():
        project_id = Effect.objects.filter(pk=effect_id).values_list("project_id", flat=True).first() or 0
        project = locked(actor=actor, project_id=project_id)
        require(actor, "projects.verify", project.organisation_id)
        row = project.effects.select_for_update().get(pk=effect_id)
        if not actor.is_system and actor.person_id in (row.added_by_person_id, project.leader_id):
            raise PermissionDenied("Эффект подтверждает не тот, кто его внёс или ведёт проект.")
        row.is_verified, row.verified_by, row.verified_on = (
            True,
            (actor.name or "")[:200],
            day_of(at, project),
        )
        row.save(update_fields=["is_verified", "verified_by", "verified_on"])
        finish(
            project,
            actor=actor,
            verb="effect_verify",
            title=f"Эффект подтверждён: {row.get_kind_display().lower()}",
            at=at,
        )
    return row


def drop_effect(*, actor: Actor, effect_id: int, at: datetime, reason: str) -> None:
    """Take out an effect entered by mistake; the record of acts keeps it.

    :raises PermissionDenied: when the actor does not lead or keep the project.
    :raises Refusal: when it is confirmed already, or there is no reason.
    """
    with transaction.atomic():
        project_id = Effect.objects.filter(pk=effect_id).values_list("project_id", flat=True).first() or 0
        project = locked(actor=actor, project_id=project_id)
        allow(actor=actor, project=project, parties=access.EDITORS, title="Убрать эффект")
        row = project.effects.get(pk=effect_id)
        if row.is_verified:
            raise Refusal(Problem("Эффект подтверждён, убрать его нельзя."))
        check_reason(reason, is_needed=True)
        before = {"kind": row.kind, "hours": str(row.hours_a_year), "money": str(row.money_a_year)}
        row.delete()
        _sum_up(project)
        finish(
            project, actor=actor, verb="effect_drop", title="Эффект убран", at=at, text=reason, before=before
        )


def check_stability(
    *,
    actor: Actor,
    point_id: int,
    at: datetime,
    values: dict[int, Decimal],
    text: str = "",
    on: date | None = None,
    corrective: str = "",
) -> StabilityPoint:
    """Carry out a control point: values of every goal decide; a result that fell back opens a corrective act.

    :raises PermissionDenied: when the actor is neither owner of the process, customer nor office.
    :raises Refusal: when it was done, the day is wrong, a value is missing, or a fallen result has no corrective act.
    """
    with transaction.atomic():
        project_id = (
            StabilityPoint.objects.filter(pk=point_id).values_list("project_id", flat=True).first() or 0
        )
        project = locked(actor=actor, project_id=project_id)
        allow(
            actor=actor,
            project=project,
            parties={Party.OWNER, Party.CUSTOMER, Party.OFFICE},
            title="Проверить стабильность",
        )
        point = project.points.select_for_update().get(pk=point_id)
        if point.checked_on:
            raise Refusal(Problem("Эта точка уже проверена.", mend="Обновите страницу."))
        today = day_of(at, project)
        day = on or today
        problems = []
        if day > today or (project.closed_on and day < project.closed_on):
            problems.append(Problem("Проверка — после закрытия и не позже сегодняшнего дня.", field="on"))
        goals = list(project.goals.filter(is_dropped=False).order_by("place"))
        problems += [
            Problem(f"Нет значения: {goal.title}.", field=f"value_{goal.pk}")
            for goal in goals
            if goal.pk not in values
        ]
        refuse_on(problems)
        rules = rules_of(project.municipality_id)
        fallen = [
            goal
            for goal in goals
            if not is_stable(
                before=float(goal.baseline),
                target=float(
                    goal.target if goal.final is None or goal.is_reached(goal.final) else goal.final
                ),
                value=float(values[goal.pk]),
                tolerance_percent=rules.tolerance_percent,
            )
        ]
        if fallen and not corrective.strip():
            names = ", ".join(goal.title for goal in fallen)
            raise Refusal(
                Problem(
                    f"Результат ухудшился: {names}.",
                    field="corrective",
                    mend="Напишите, что сделать, чтобы вернуть его.",
                )
            )
        for goal in goals:
            Measurement.objects.update_or_create(
                goal=goal,
                measured_on=day,
                defaults={
                    "value": values[goal.pk],
                    "how": f"Контроль {point}",
                    "by": (actor.name or "")[:200],
                    "at": at,
                },
            )
        point.checked_on, point.is_stable, point.text = day, not fallen, text.strip()
        point.values = [
            {"goal": goal.title, "value": str(values[goal.pk]), "unit": goal.unit} for goal in goals
        ]
        point.by = (actor.name or "Без имени")[:200]
        point.save()
        if fallen:
            project.status = Status.DEGRADED
            due = calendar_of(project.municipality_id).add_working_days(day, 20)
            Remark.objects.create(
                project=project,
                text=corrective.strip(),
                responsible_id=project.process_owner_id or project.leader_id,
                due_on=due,
                is_corrective=True,
            )
            tell(
                project,
                title="Результат проекта ухудшился",
                at=at,
                people=[project.customer_id, project.leader_id],
                text=corrective,
                kind=Kind.ESCALATION,
                besides=actor,
                part="stability",
            )
        elif not project.points.filter(checked_on__isnull=True).exists():
            project.status = Status.STABLE
            stage = project.stages.filter(number=project.stage).first()
            if stage is not None:
                stage.actual_end = day
                stage.save(update_fields=["actual_end"])
        elif project.status == Status.DEGRADED:
            project.status = Status.STABILITY
        word = "результат стабилен" if not fallen else "результат ухудшился"
        finish(project, actor=actor, verb="stability", title=f"Контроль {point}: {word}", at=at, text=text)
    return point
