"""Who is asked, and when: the customer at the defence and the closing, those responsible before their day."""

from datetime import date, datetime, timedelta

from gemba.kernel.numbers import format_date
from gemba.notices.models import Kind
from gemba.organisation.access import Actor
from gemba.projects.actions.base import day_of, tell
from gemba.projects.models import Goal, Measure, MeasureState, Project, Remark, Stage
from gemba.projects.queries.settings import calendar_of
from gemba.projects.rules.stages import CLOSING, DEFENCE
from gemba.projects.rules.states import LIVING

# So many working days before its day a line of the plan or a remark is recalled, and once more when it has passed.
DAYS_BEFORE = 1


def ask_customer(project: Project, stage: Stage, *, actor: Actor, at: datetime) -> None:
    """Tell the customer that the project has come to a stage that waits for his decision."""
    asked = {
        DEFENCE: ("Рассмотрите план мероприятий", "defences"),
        CLOSING: ("Примите закрытие проекта", "card"),
    }
    if stage.code in asked:
        title, part = asked[stage.code]
        tell(
            project,
            title=title,
            at=at,
            people=[project.customer_id],
            kind=Kind.REQUEST,
            besides=actor,
            part=part,
        )


def ask_about_deviation(project: Project, goal: Goal, *, actor: Actor, at: datetime) -> None:
    """Tell the customer that a goal was missed and why: he accepts it or not."""
    tell(
        project,
        title="Примите отклонение цели",
        at=at,
        people=[project.customer_id],
        text=f"{goal.title}: {goal.deviation_reason}",
        kind=Kind.REQUEST,
        besides=actor,
        part="goals",
    )


def remind_due(*, at: datetime) -> int:
    """Tell those responsible of measures and remarks whose day is near, and once of those whose day has passed."""
    told = 0
    # No municipality is further than a day from this one, and no days off are longer than a fortnight.
    until = at.date() + timedelta(days=15)
    since = at.date() - timedelta(days=15)
    living = tuple(sorted(LIVING))
    measures = Measure.objects.filter(
        state__in=(MeasureState.PLANNED, MeasureState.DOING),
        due_on__range=(since, until),
        responsible__isnull=False,
        project__status__in=living,
    ).select_related("project__municipality")
    for row in measures.order_by("pk"):
        told += _recall(
            row.project, row.responsible_id, row.due_on, row.title, f"measure:{row.pk}", "plan", at
        )
    remarks = Remark.objects.filter(
        done_on__isnull=True, due_on__range=(since, until), project__status__in=living
    ).select_related("project__municipality")
    for one in remarks.order_by("pk"):
        person = one.responsible_id or one.project.leader_id
        told += _recall(one.project, person, one.due_on, one.text, f"remark:{one.pk}", "defences", at)
    return told


def _recall(
    project: Project, person_id: int | None, due_on: date | None, what: str, key: str, part: str, at: datetime
) -> int:
    """Tell one person of one thing near its day or past it; the same thing and day twice tells nobody again."""
    if due_on is None:
        return 0
    today = day_of(at, project)
    is_past = due_on < today
    if not is_past and calendar_of(project.municipality_id).working_days_between(today, due_on) > DAYS_BEFORE:
        return 0
    tell(
        project,
        title="Срок прошёл" if is_past else "Срок близко",
        at=at,
        people=[person_id],
        text=f"{what[:300]} Срок {format_date(due_on)}.",
        kind=Kind.DEADLINE,
        part=part,
        key=f"project-{key}:{due_on.isoformat()}:{'past' if is_past else 'near'}",
    )
    return 1
