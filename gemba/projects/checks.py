"""The gates of chapter 3.2 that this module can decide itself; maps and timing stay files until their module comes."""

from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from gemba.kernel.numbers import counted, format_date
from gemba.projects.gates import Answer, Gate, register
from gemba.projects.models import Decision, DefenceKind, MeasureState, Project
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
    approved = project.editions.filter(number=project.edition_number).first()
    if approved is None or not approved.passport.is_baseline_unsure:
        return Answer(True)
    return Answer(
        False,
        "В паспорте отмечено «уточнить после картирования»: согласуйте редакцию с измеренным показателем.",
        _url("passport", project),
    )


def measures_there(project: Project, today: date) -> Answer:
    """Look for at least one measure."""
    has = project.measures.exclude(state=MeasureState.CANCELLED).exclude(kind="milestone").exists()
    return Answer(has, "Добавьте первое мероприятие.", _url("plan", project))


def _lacking(project: Project, lacks: Q, text: str) -> Answer:
    rows = list(project.measures.filter(lacks).exclude(state=MeasureState.CANCELLED).order_by("number")[:6])
    names = ", ".join(f"№ {row.number}" for row in rows[:5]) + (" и другие" if len(rows) > 5 else "")
    return Answer(not rows, f"{text}: {names}." if rows else "", _url("plan", project))


def measures_whole(project: Project, today: date) -> Answer:
    """Look for measures without a person or a day."""
    return _lacking(
        project, Q(responsible__isnull=True) | Q(due_on__isnull=True), "Нет ответственного или срока"
    )


def measures_in_time(project: Project, today: date) -> Answer:
    """Look for measures later than the end of the introduction."""
    stage = project.stages.filter(code="implementation").first()
    if stage is None or stage.plan_end is None:
        return Answer(True)
    return _lacking(project, Q(due_on__gt=stage.plan_end), f"Позже {format_date(stage.plan_end)}")


def measures_have_causes(project: Project, today: date) -> Answer:
    """Look for measures that answer no root cause."""
    return _lacking(project, Q(kind="measure", root_cause=""), "Нет первопричины")


def defence_decided(project: Project, today: date) -> Answer:
    """Look for the customer's last decision: approved, perhaps with remarks."""
    last = project.defences.filter(kind=DefenceKind.CUSTOMER_PLAN).order_by("-held_on", "-pk").first()
    url = _url("defences", project)
    if last is None or not last.decision or not last.decided_by:
        return Answer(False, "Внесите решение защиты перед заказчиком.", url)
    if last.decision not in (Decision.APPROVED, Decision.REMARKS):
        return Answer(False, f"Последнее решение: {last.get_decision_display().lower()}.", url)
    return Answer(True)


def measures_finished(project: Project, today: date) -> Answer:
    """Look for measures neither done nor cancelled."""
    return _lacking(project, Q(state__in=[MeasureState.PLANNED, MeasureState.DOING]), "Не выполнены")


def measures_have_evidence(project: Project, today: date) -> Answer:
    """Look for done measures without evidence."""
    return _lacking(
        project, Q(state=MeasureState.DONE, evidence="") & ~Q(kind="milestone"), "Нет подтверждения"
    )


def goals_measured(project: Project, today: date) -> Answer:
    """Count measurements after the introduction."""
    needed = rules_of(project.municipality_id).measurements_needed
    stage = project.stages.filter(code="implementation").first()
    after = Q(measurements__isnull=False)
    if stage is not None and stage.actual_end:
        after = Q(measurements__measured_on__gte=stage.actual_end)
    rows = (
        project.goals.filter(is_dropped=False)
        .annotate(n=Count("measurements", filter=after))
        .order_by("place")
    )
    short = [
        f"«{goal.title}» — {counted(goal.n, 'измерение', 'измерения', 'измерений')}"
        for goal in rows
        if goal.n < needed
    ]
    return Answer(not short, f"Нужно {needed}: " + "; ".join(short) if short else "", _url("goals", project))


def goals_reached(project: Project, today: date) -> Answer:
    """Compare the last measured values with the targets."""
    off = []
    for goal in project.goals.filter(is_dropped=False).order_by("place"):
        last = goal.measurements.order_by("-measured_on").first()
        if last is None or (not goal.is_reached(last.value) and not goal.is_deviation_accepted):
            off.append(f"«{goal.title}»")
    text = f"Не достигнуты: {', '.join(off)}. Объясните отклонение, заказчик его примет." if off else ""
    return Answer(not off, text, _url("goals", project))


def goals_final(project: Project, today: date) -> Answer:
    """Look for goals without a final value."""
    left = list(
        project.goals.filter(is_dropped=False, final__isnull=True).values_list("title", flat=True)[:5]
    )
    return Answer(not left, "Нет итога: " + ", ".join(left) + "." if left else "", _url("goals", project))
