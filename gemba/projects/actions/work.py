"""The roadmap and plan of measures, the weekly check, defences and their remarks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from gemba.kernel.problems import Problem, Refusal, refuse_on
from gemba.notices.models import Kind
from gemba.organisation.access import Actor
from gemba.organisation.models import Person
from gemba.projects import access
from gemba.projects.actions.base import LONGEST, allow, check_reason, day_of, finish, locked, tell
from gemba.projects.models import (
    Decision,
    Defence,
    DefenceKind,
    Measure,
    MeasureKind,
    MeasureState,
    Project,
    Remark,
    WeeklyCheck,
)
from gemba.projects.rules.stages import week_of
from gemba.projects.rules.states import LIVING, Party


def _open(actor: Actor, project_id: int, parties: Sequence[Party] | frozenset[Party], title: str) -> Project:
    project = locked(actor=actor, project_id=project_id)
    allow(actor=actor, project=project, parties=parties, title=title)
    if project.status not in LIVING:
        raise Refusal(
            Problem(f"Проект в состоянии «{project.place.title}».", mend="Сначала согласуйте паспорт.")
        )
    return project


class StaleMeasure(Refusal):
    """Somebody else has changed the measure meanwhile."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        super().__init__(Problem("Пока вы писали, строку изменили.", mend="Сравните и сохраните ещё раз."))


def save_measure(
    *,
    actor: Actor,
    project_id: int,
    at: datetime,
    values: dict[str, Any],
    follows: Sequence[int] = (),
    measure_id: int | None = None,
    version: int | None = None,
) -> Measure:
    """Add a line of the roadmap or change one; predecessors are numbers of lines.

    :raises PermissionDenied: when the actor does not work in the project.
    :raises StaleMeasure: when somebody has changed the line meanwhile.
    :raises Refusal: when days are backward, a predecessor is unknown or closes a circle.
    """
    with transaction.atomic():
        project = _open(actor, project_id, access.WORKERS, "Изменить план мероприятий")
        if measure_id is None:
            last = project.measures.aggregate(last=Max("number"))["last"] or 0
            measure = Measure(project=project, number=last + 1)
        else:
            found = project.measures.select_for_update().filter(pk=measure_id).first()
            if found is None:
                raise Refusal(Problem("Этой строки нет.", mend="Обновите план."))
            if version is not None and found.version != version:
                raise StaleMeasure(found)
            measure = found
            measure.version += 1
        before = {name: str(getattr(measure, name) or "") for name in values}
        was_responsible = measure.responsible_id
        for name, value in values.items():
            setattr(measure, name, value)
        if measure.kind == MeasureKind.MILESTONE and measure.due_on:
            measure.starts_on = measure.due_on
        problems = []
        if not measure.title.strip():
            problems.append(Problem("Напишите, что сделать.", field="title"))
        if measure.starts_on and measure.due_on and measure.due_on < measure.starts_on:
            problems.append(Problem("Срок раньше начала.", field="due_on", mend="Поменяйте даты."))
        numbers = {row.number: row for row in project.measures.all()}
        unknown = [number for number in follows if number not in numbers or number == measure.number]
        if unknown:
            problems.append(
                Problem(f"Нет строки № {unknown[0]}.", field="follows", mend="Укажите номера строк плана.")
            )
        elif measure.pk and _closes_circle(measure, [numbers[number] for number in follows]):
            problems.append(
                Problem(
                    "Строки ждут друг друга по кругу.",
                    field="follows",
                    mend="Уберите одного из предшественников.",
                )
            )
        refuse_on(problems)
        measure.save()
        measure.follows.set([numbers[number] for number in follows])
        finish(
            project,
            actor=actor,
            verb="measure",
            at=at,
            before=before,
            after={k: str(v or "") for k, v in values.items()},
            title=f"{'Изменена' if measure_id else 'Добавлена'} строка плана № {measure.number}",
        )
        if measure.responsible_id and measure.responsible_id != was_responsible:
            tell(
                project,
                title=f"Вам поручено: {measure.title}",
                at=at,
                people=[measure.responsible_id],
                kind=Kind.ASSIGNMENT,
                besides=actor,
                part="plan",
            )
    return measure


def _closes_circle(measure: Measure, follows: Sequence[Measure]) -> bool:
    pairs: dict[int, list[int]] = {}
    for one, two in Measure.follows.through.objects.filter(
        from_measure__project_id=measure.project_id
    ).values_list("from_measure_id", "to_measure_id"):
        pairs.setdefault(one, []).append(two)
    pairs[measure.pk] = [row.pk for row in follows]
    seen: set[int] = set()
    queue = list(pairs[measure.pk])
    while queue:
        pk = queue.pop()
        if pk == measure.pk:
            return True
        if pk not in seen:
            seen.add(pk)
            queue += pairs.get(pk, [])
    return False


def set_measure_state(
    *,
    actor: Actor,
    measure_id: int,
    state: str,
    at: datetime,
    on: date | None = None,
    evidence: str = "",
    was: str = "",
    became: str = "",
    reason: str = "",
) -> Measure:
    """Mark a line begun, done with its evidence, or cancelled by a decision with its reason.

    :raises PermissionDenied: when the actor is neither responsible for it nor works in the project.
    :raises Refusal: when there is no evidence or reason, or the day has not come.
    """
    with transaction.atomic():
        project_id = Measure.objects.filter(pk=measure_id).values_list("project_id", flat=True).first() or 0
        project = locked(actor=actor, project_id=project_id)
        measure = project.measures.select_for_update().get(pk=measure_id)
        if actor.person_id is None or measure.responsible_id != actor.person_id:
            allow(actor=actor, project=project, parties=access.WORKERS, title="Отметить выполнение")
        if project.status not in LIVING or state not in MeasureState.values:
            raise Refusal(Problem("Сейчас отметить нельзя.", mend="Обновите страницу."))
        today = day_of(at, project)
        check_reason(reason, is_needed=state == MeasureState.CANCELLED)
        day = on or today
        if state == MeasureState.DONE:
            problems = []
            if day > today:
                problems.append(Problem("Этот день ещё не наступил.", field="on"))
            if not evidence.strip() and measure.kind != MeasureKind.MILESTONE:
                problems.append(
                    Problem(
                        "Нет подтверждения.", field="evidence", mend="Документ, снимок или что изменилось."
                    )
                )
            refuse_on(problems)
        measure.state = state
        measure.done_on = day if state == MeasureState.DONE else None
        measure.evidence = evidence.strip() or measure.evidence
        measure.was, measure.became = was.strip() or measure.was, became.strip() or measure.became
        measure.reason = reason.strip()
        measure.version += 1
        measure.save()
        word = MeasureState(state).label.lower()
        finish(
            project,
            actor=actor,
            verb="measure_state",
            title=f"Строка плана № {measure.number}: {word}",
            at=at,
            text=reason or evidence,
        )
    return measure


def check_week(
    *, actor: Actor, project_id: int, at: datetime, text: str, obstacles: str = "", on: date | None = None
) -> WeeklyCheck:
    """Write the weekly look at the plan, with its numbers as they stand; a second one in a week replaces the first.

    :raises PermissionDenied: when the actor does not work in the project.
    :raises Refusal: when nothing is written.
    """
    with transaction.atomic():
        project = _open(actor, project_id, access.WORKERS, "Провести штаб проекта")
        check_reason(text, is_needed=True, field="text")
        today = on or day_of(at, project)
        rows = list(project.measures.exclude(state=MeasureState.CANCELLED))
        check, _ = WeeklyCheck.objects.update_or_create(
            project=project,
            week_on=week_of(today),
            defaults={
                "text": text.strip(),
                "obstacles": obstacles.strip(),
                "at": at,
                "by": (actor.name or "Без имени")[:200],
                "done": sum(row.state == MeasureState.DONE for row in rows),
                "total": len(rows),
                "late": sum(
                    row.state != MeasureState.DONE and bool(row.due_on and row.due_on < today) for row in rows
                ),
            },
        )
        finish(project, actor=actor, verb="week", title="Штаб проекта", at=at, text=text)
    return check


def hold_defence(
    *,
    actor: Actor,
    project_id: int,
    at: datetime,
    kind: str,
    held_on: date,
    decision: str,
    decided_by: str,
    text: str = "",
    place: str = "",
    attended: str = "",
    remarks: Sequence[tuple[str, Person | None, date | None]] = (),
) -> Defence:
    """Enter a defence with its decision; every remark becomes an assignment.

    The decision on the plan is the customer's own, or is entered by the leader from the protocol with the name.

    :raises PermissionDenied: when the actor is neither the customer nor works in the project.
    :raises Refusal: when the day has not come, the name is missing, or remarks are promised but not there.
    """
    with transaction.atomic():
        project = _open(
            actor, project_id, access.EDITORS | {Party.CUSTOMER, Party.OVERSEER}, "Внести решение защиты"
        )
        problems = []
        if kind not in DefenceKind.values:
            problems.append(Problem("Выберите, перед кем защита.", field="kind"))
        if decision not in Decision.values:
            problems.append(Problem("Выберите решение.", field="decision"))
        if held_on > day_of(at, project):
            problems.append(Problem("Этот день ещё не наступил.", field="held_on"))
        if not decided_by.strip():
            problems.append(
                Problem("Не указано, кто принял решение.", field="decided_by", mend="Фамилия и должность.")
            )
        if decision == Decision.REMARKS and not any(words.strip() for words, _, _ in remarks):
            problems.append(
                Problem(
                    "Нет ни одного замечания.", field="remarks", mend="Напишите их или выберите «одобрено»."
                )
            )
        if decision in (Decision.REWORK, Decision.STOP) and not text.strip():
            problems.append(Problem("Напишите, почему.", field="text"))
        refuse_on(problems)
        defence = Defence.objects.create(
            project=project,
            kind=kind,
            held_on=held_on,
            place=place.strip()[:300],
            attended=attended.strip()[:LONGEST],
            decision=decision,
            decided_by=decided_by.strip()[:300],
            text=text.strip(),
            at=at,
        )
        for words, person, due_on in remarks:
            if words.strip():
                Remark.objects.create(
                    project=project, defence=defence, text=words.strip(), responsible=person, due_on=due_on
                )
                tell(
                    project,
                    title="Замечание защиты",
                    at=at,
                    people=[person.pk if person else project.leader_id],
                    text=words,
                    kind=Kind.ASSIGNMENT,
                    besides=actor,
                    part="defences",
                )
        finish(
            project,
            actor=actor,
            verb="defence",
            at=at,
            text=text,
            title=f"Защита «{defence.get_kind_display()}»: {defence.get_decision_display().lower()}",
        )
    return defence


def answer_remark(
    *, actor: Actor, remark_id: int, at: datetime, answer: str, on: date | None = None
) -> Remark:
    """Report that a remark or corrective act is done.

    :raises PermissionDenied: when the actor is neither responsible for it nor works in the project.
    :raises Refusal: when nothing is written.
    """
    with transaction.atomic():
        project_id = Remark.objects.filter(pk=remark_id).values_list("project_id", flat=True).first() or 0
        project = locked(actor=actor, project_id=project_id)
        remark = project.remarks.select_for_update().get(pk=remark_id)
        if actor.person_id is None or remark.responsible_id != actor.person_id:
            allow(
                actor=actor,
                project=project,
                parties=access.WORKERS | {Party.OWNER},
                title="Ответить на замечание",
            )
        check_reason(answer, is_needed=True, field="answer")
        remark.answer, remark.done_on = answer.strip(), on or day_of(at, project)
        remark.save(update_fields=["answer", "done_on"])
        finish(project, actor=actor, verb="remark", title="Замечание устранено", at=at, text=answer)
    return remark
