"""The gates of chapter 3.2 that this module can decide itself; maps and timing stay files until their module comes."""

from collections.abc import Callable
from datetime import date

from django.urls import reverse

from gemba.kernel.numbers import counted, format_date
from gemba.projects.gates import Answer, Gate, register
from gemba.projects.models import Decision, MeasureKind, MeasureState, Project
from gemba.projects.queries import parts
from gemba.projects.queries.card import approved_of
from gemba.projects.queries.gates import facts_of
from gemba.projects.queries.parts import Line
from gemba.projects.queries.settings import rules_of

MEASURES = ("мероприятие", "мероприятия", "мероприятий")


def register_all() -> None:
    """Enter the gates of every stage."""
    register(
        Gate(
            "passport.approved", "passport_approval", "Паспорт согласован заказчиком", check=passport_approved
        )
    )
    register(
        Gate(
            "maps.current",
            "current_mapping",
            "Карта текущего состояния с временем операций и ожиданий",
            is_provisional=True,
            hint="Границы карты совпадают с границами паспорта; ВПП посчитано.",
        )
    )
    register(Gate("maps.timing", "current_mapping", "Результаты хронометража", is_provisional=True))
    register(
        Gate(
            "passport.baseline",
            "current_mapping",
            "Текущий показатель паспорта уточнён",
            check=baseline_known,
        )
    )
    register(
        Gate(
            "maps.agreed",
            "current_mapping",
            "Участники процесса подтвердили карту",
            is_confirmed=True,
            hint="Кто подтвердил и когда.",
        )
    )
    register(
        Gate(
            "problems.register",
            "problem_analysis",
            "Перечень проблем с видами потерь и первопричинами",
            is_provisional=True,
        )
    )
    register(
        Gate("problems.facts", "problem_analysis", "Первопричины подтверждены фактами", is_confirmed=True)
    )
    register(
        Gate(
            "maps.target",
            "target_mapping",
            "Карта целевого состояния",
            is_provisional=True,
            hint="ВПП не больше цели паспорта; каждая проблема устранена или остаётся.",
        )
    )
    register(Gate("measures.there", "action_plan", "В плане есть мероприятия", check=measures_there))
    register(
        Gate(
            "measures.whole",
            "action_plan",
            "У каждого мероприятия ответственный и срок",
            check=measures_whole,
        )
    )
    register(
        Gate(
            "measures.in_time",
            "action_plan",
            "Сроки не позже этапа «Внедрение улучшений»",
            check=measures_in_time,
        )
    )
    register(
        Gate(
            "measures.causes", "action_plan", "У каждого мероприятия первопричина", check=measures_have_causes
        )
    )
    register(Gate("measures.resources", "action_plan", "Ресурсы согласованы", is_confirmed=True))
    register(Gate("defence.decided", "defence", "Решение заказчика с датой и именем", check=defence_decided))
    register(
        Gate(
            "measures.finished",
            "implementation",
            "Каждое мероприятие выполнено или снято",
            check=measures_finished,
        )
    )
    register(
        Gate(
            "measures.evidence",
            "implementation",
            "У каждого выполненного есть подтверждение",
            check=measures_have_evidence,
        )
    )
    register(
        Gate("people.instructed", "implementation", "Исполнители обучены новому порядку", is_confirmed=True)
    )
    register(
        Gate(
            "goals.measured",
            "result_monitoring",
            "По каждой цели достаточно измерений после внедрения",
            check=goals_measured,
        )
    )
    register(
        Gate(
            "goals.reached",
            "result_monitoring",
            "Цели достигнуты или отклонение принято заказчиком",
            check=goals_reached,
        )
    )
    register(
        Gate(
            "standard.approved",
            "result_monitoring",
            "Стандарт (СОП) утверждён, если порядок работы изменился",
            is_confirmed=True,
            hint="Название и дата стандарта, или «порядок не менялся».",
        )
    )
    register(Gate("goals.final", "closing", "Итоговые значения всех целей", check=goals_final))


def _url(name: str, project: Project) -> str:
    return reverse(f"projects:{name}", args=[project.pk])


def passport_approved(project: Project, today: date) -> Answer:
    """Look for an approved edition."""
    return Answer(project.edition_number > 0, "Отправьте паспорт на согласование.", _url("passport", project))


def baseline_known(project: Project, today: date) -> Answer:
    """Hold a project whose baseline was to be measured until the next edition says it."""
    approved = approved_of(project)
    if approved is None or not approved.passport.is_baseline_unsure:
        return Answer(True)
    return Answer(
        False,
        "В паспорте отмечено «уточнить после картирования»: согласуйте редакцию с измеренным показателем.",
        _url("passport", project),
    )


def measures_there(project: Project, today: date) -> Answer:
    """Look for at least one measure."""
    has = any(line.kind != MeasureKind.MILESTONE for line in facts_of(project).lines)
    return Answer(has, "Добавьте первое мероприятие.", _url("plan", project))


def _lacking(project: Project, lacks: Callable[[Line], bool], text: str) -> Answer:
    rows = [line for line in facts_of(project).lines if lacks(line)]
    names = ", ".join(f"№ {row.number}" for row in rows[:5]) + (" и другие" if len(rows) > 5 else "")
    return Answer(not rows, f"{text}: {names}." if rows else "", _url("plan", project))


def measures_whole(project: Project, today: date) -> Answer:
    """Look for measures without a person or a day."""
    return _lacking(
        project,
        lambda line: line.responsible_id is None or line.due_on is None,
        "Нет ответственного или срока",
    )


def measures_in_time(project: Project, today: date) -> Answer:
    """Look for measures later than the end of the introduction."""
    stage = facts_of(project).stage("implementation")
    end = stage.plan_end if stage else None
    if end is None:
        return Answer(True)
    return _lacking(
        project, lambda line: bool(line.due_on and line.due_on > end), f"Позже {format_date(end)}"
    )


def measures_have_causes(project: Project, today: date) -> Answer:
    """Look for measures that answer no root cause."""
    return _lacking(
        project, lambda line: line.kind == MeasureKind.MEASURE and not line.root_cause, "Нет первопричины"
    )


def defence_decided(project: Project, today: date) -> Answer:
    """Look for the customer's last decision: approved, perhaps with remarks."""
    last = next(iter(parts.defence_of_plan(project_id=project.pk)), None)
    url = _url("defences", project)
    if last is None or not last.decision or not last.decided_by:
        return Answer(False, "Внесите решение защиты перед заказчиком.", url)
    if last.decision not in (Decision.APPROVED, Decision.REMARKS):
        return Answer(False, f"Последнее решение: {last.get_decision_display().lower()}.", url)
    return Answer(True)


def measures_finished(project: Project, today: date) -> Answer:
    """Look for measures neither done nor cancelled."""
    return _lacking(
        project, lambda line: line.state in (MeasureState.PLANNED, MeasureState.DOING), "Не выполнены"
    )


def measures_have_evidence(project: Project, today: date) -> Answer:
    """Look for done measures without evidence."""
    return _lacking(
        project,
        lambda line: (
            line.state == MeasureState.DONE and not line.evidence and line.kind != MeasureKind.MILESTONE
        ),
        "Нет подтверждения",
    )


def goals_measured(project: Project, today: date) -> Answer:
    """Count measurements after the introduction."""
    needed = rules_of(project.municipality_id).measurements_needed
    facts = facts_of(project)
    stage = facts.stage("implementation")
    after = stage.actual_end if stage is not None and stage.actual_end else date.min
    counts = [
        (view.goal.title, sum(row.measured_on >= after for row in view.measurements)) for view in facts.goals
    ]
    short = [
        f"«{title}» — {counted(count, 'измерение', 'измерения', 'измерений')}"
        for title, count in counts
        if count < needed
    ]
    return Answer(not short, f"Нужно {needed}: " + "; ".join(short) if short else "", _url("goals", project))


def goals_reached(project: Project, today: date) -> Answer:
    """Compare the last measured values with the targets."""
    off = []
    for view in facts_of(project).goals:
        goal, last = view.goal, view.measurements[-1] if view.measurements else None
        if last is None or (not goal.is_reached(last.value) and not goal.is_deviation_accepted):
            off.append(f"«{goal.title}»")
    text = f"Не достигнуты: {', '.join(off)}. Объясните отклонение, заказчик его примет." if off else ""
    return Answer(not off, text, _url("goals", project))


def goals_final(project: Project, today: date) -> Answer:
    """Look for goals without a final value."""
    left = [view.goal.title for view in facts_of(project).goals if view.goal.final is None][:5]
    return Answer(not left, "Нет итога: " + ", ".join(left) + "." if left else "", _url("goals", project))
