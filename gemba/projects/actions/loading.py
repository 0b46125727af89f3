"""The parts of projects written in bulk: editions, stages, goals, people, roadmap, defence, effect, control points."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from gemba.kernel.calendar import WorkCalendar
from gemba.organisation.models import Municipality
from gemba.projects.models import (
    Decision,
    Defence,
    DefenceKind,
    EditionState,
    Effect,
    EffectKind,
    Goal,
    Ground,
    Measure,
    Measurement,
    MeasureState,
    Participant,
    PassportEdition,
    Project,
    ProjectEvent,
    Remark,
    StabilityPoint,
    Stage,
    TeamMember,
)
from gemba.projects.rules.passport import Passport
from gemba.projects.rules.stages import Days, ProjectRules, StageKind, add_months
from gemba.projects.rules.states import Outcome, Status
from gemba.proposals.models import EffectMethod
from gemba.proposals.rules.effects import worth

WHO = "Загрузка"


@dataclass(frozen=True)
class LoadedMeasure:
    """A line of the plan of measures: problem, its root cause, what is done about it, what it should give."""

    problem: str
    root_cause: str
    title: str
    expected: str = ""


@dataclass(frozen=True)
class LoadedProject:
    """An invented project: who, what, when it was opened, at which stage it stands, how it was closed.

    `closed_on` makes a closed project whatever its `stage`; with the outcome «terminated» it was cut off at its stage.
    The control points due by the moment of loading were kept, and the last of them failed when `has_fallen`.
    """

    title: str
    organisation_id: int
    customer_id: int
    leader_id: int
    opened_on: date
    stage: int = 2
    closed_on: date | None = None
    outcome: str = Outcome.SUCCESS
    team: Sequence[int] = ()
    participants: Sequence[int] = ()
    process: str = "Оказание услуги"
    start_event: str = "заявитель обратился"
    end_event: str = "заявитель получил результат"
    why: str = "Процесс длится дольше, чем нужно людям."
    effects: str = ""
    goal: str = "Время процесса"
    unit: str = "мин"
    baseline: Decimal = Decimal(40)
    target: Decimal = Decimal(15)
    goal_kind: str = "time"
    values: Sequence[tuple[date, Decimal]] = ()
    measures: Sequence[LoadedMeasure] = ()
    hours_a_year: Decimal = Decimal(0)
    process_owner_id: int | None = None
    is_paused: bool = False
    has_fallen: bool = False
    # Why the current stage is late, or why the project was cut off.
    reason: str = ""
    aim: str = "lean"
    scale: str = ""
    portfolio_id: int | None = None
    direction_id: int | None = None
    proposal_id: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    # Of a project brought over from paper: what its passport says, and the value its first goal came to.
    passport: Passport | None = None
    final: Decimal | None = None


@dataclass(frozen=True)
class Made:
    """A project that is written, with what its parts need."""

    row: LoadedProject
    project: Project
    kinds: Sequence[StageKind]
    days: Sequence[Days]
    content: dict[str, Any]

    @property
    def is_closed(self) -> bool:
        """Tell whether it was closed with a result."""
        return self.row.closed_on is not None and self.row.outcome != Outcome.TERMINATED

    def day_of(self, code: str) -> Days | None:
        """Return the planned days of a stage by its code."""
        return next((one for kind, one in zip(self.kinds, self.days, strict=True) if kind.code == code), None)

    def is_past(self, code: str) -> bool:
        """Tell whether the stage is over."""
        number = next((kind.number for kind in self.kinds if kind.code == code), 0)
        return 0 < number < self.project.stage


def write_parts(
    *,
    municipality: Municipality,
    made: Sequence[Made],
    rules: ProjectRules,
    calendar: WorkCalendar,
    method: EffectMethod,
    at: datetime,
) -> None:
    """Write everything that stands under the projects, table by table."""
    zone = municipality.zone
    parts: dict[type[Any], list[Any]] = {
        model: []
        for model in (
            PassportEdition,
            Stage,
            Goal,
            TeamMember,
            Participant,
            Ground,
            ProjectEvent,
            Measure,
            Defence,
            StabilityPoint,
            Effect,
        )
    }
    measurements: list[tuple[Goal, date, Decimal]] = []
    today = at.astimezone(zone).date()
    for one in made:
        row, project = one.row, one.project
        moment = datetime.combine(row.opened_on, time(10), tzinfo=zone)
        parts[PassportEdition].append(
            PassportEdition(
                project=project,
                number=1,
                state=EditionState.APPROVED,
                content=one.content,
                customer_id=row.customer_id,
                sent_at=moment,
                sent_by=WHO,
                decided_at=moment,
                decided_by=one.content["customer_name"][:200],
                decided_as=one.content["customer_position"][:300],
            )
        )
        parts[Stage] += _stages(one)
        if row.passport is not None:
            parts[Goal] += _written_goals(one)
        else:
            goal = _goal(one)
            parts[Goal].append(goal)
            measurements += [(goal, day, value) for day, value in dict(row.values).items()]
        parts[TeamMember] += [
            TeamMember(project=project, person_id=person) for person in dict.fromkeys(row.team)
        ]
        taking = dict.fromkeys([row.organisation_id, *row.participants])
        parts[Participant] += [Participant(project=project, organisation_id=pk) for pk in taking]
        parts[Ground] += [
            Ground(project=project, code=line["code"], text=line["text"], object_title=line["object_title"])
            for line in one.content["grounds"]
        ]
        parts[ProjectEvent] += _events(one, zone)
        if one.is_past("action_plan"):
            parts[Measure] += _measures(one, calendar, today)
        if one.is_past("defence") and (held := one.day_of("defence")) and held.end:
            parts[Defence].append(
                Defence(
                    project=project,
                    kind=DefenceKind.CUSTOMER_PLAN,
                    held_on=held.end,
                    decision=Decision.APPROVED,
                    decided_by=f"{one.content['customer_name']}, {one.content['customer_position']}"[:300],
                    text="План принят.",
                    at=moment,
                )
            )
        if one.is_closed and row.hours_a_year:
            parts[Effect].append(
                Effect(
                    project=project,
                    kind=EffectKind.TIME,
                    method=method,
                    minutes=Decimal(10),
                    times=Decimal(1),
                    people=1,
                    frequency="day",
                    hours_a_year=row.hours_a_year,
                    money_a_year=worth(hours=row.hours_a_year, hour_rate=method.hour_rate),
                    added_by=WHO,
                    added_at=moment,
                    is_verified=True,
                    verified_by=WHO,
                    verified_on=row.closed_on,
                )
            )
        if one.is_closed:
            parts[StabilityPoint] += _points(one, rules, calendar, today)
    for model, found in parts.items():
        model._default_manager.bulk_create(found, batch_size=200)
    Measurement.objects.bulk_create(
        [
            Measurement(goal=goal, measured_on=day, value=value, by=WHO, at=goal.project.created_at)
            for goal, day, value in measurements
        ],
        batch_size=200,
    )
    _settle(made, parts[StabilityPoint], today, calendar)


def _stages(one: Made) -> list[Stage]:
    found = []
    closed_on = one.row.closed_on
    for kind, days in zip(one.kinds, one.days, strict=True):
        is_past = kind.number < one.project.stage
        end = closed_on if closed_on and one.is_closed and kind.code == "closing" else days.end
        if closed_on and end:
            end = min(end, closed_on)
        begun = min(day for day in (days.start, end) if day) if kind.number <= one.project.stage else None
        found.append(
            Stage(
                project=one.project,
                number=kind.number,
                code=kind.code,
                title=kind.title,
                is_period=kind.is_period,
                clause=kind.clause[:100],
                plan_start=days.start,
                plan_end=days.end,
                baseline_start=days.start,
                baseline_end=days.end,
                actual_start=begun,
                actual_end=end if is_past else None,
                delay_reason=one.row.reason if not closed_on and kind.number == one.project.stage else "",
            )
        )
    return found


def _goal(one: Made) -> Goal:
    row = one.row
    better = "less" if row.target < row.baseline else "more"
    final = (row.values[-1][1] if row.values else row.target) if one.is_closed else None
    goal = Goal(
        project=one.project,
        key="g1",
        place=1,
        title=row.goal,
        unit=row.unit,
        kind=row.goal_kind,
        better=better,
        baseline=row.baseline,
        target=row.target,
        final=final,
    )
    if final is not None and not goal.is_reached(final):
        goal.deviation_reason, goal.is_deviation_accepted = "Успели не всё, что задумали.", True
    return goal


def _written_goals(one: Made) -> list[Goal]:
    """Return the goals of a passport brought over from paper; only the first has a value it came to."""
    assert one.row.passport is not None
    goals = []
    for place, line in enumerate(one.row.passport.goals, start=1):
        baseline, target = line.values
        assert baseline is not None and target is not None
        goal = Goal(
            project=one.project,
            key=line.key,
            place=place,
            title=line.title,
            unit=line.unit,
            kind=line.kind,
            better=line.better,
            baseline=baseline,
            target=target,
            final=one.row.final if place == 1 and one.is_closed else None,
        )
        if goal.final is not None and not goal.is_reached(goal.final):
            goal.deviation_reason, goal.is_deviation_accepted = "Перенесено из прежнего учёта.", True
        goals.append(goal)
    return goals


def _events(one: Made, zone: Any) -> list[ProjectEvent]:
    def event(verb: str, title: str, day: date, stage: int, text: str = "") -> ProjectEvent:
        return ProjectEvent(
            project=one.project,
            verb=verb,
            title=title,
            text=text,
            stage=stage,
            actor_name=WHO,
            actor_user_id=None,
            at=datetime.combine(day, time(10), tzinfo=zone),
        )

    row = one.row
    found = [event("approve", "Паспорт согласован: редакция 1", row.opened_on, 1)]
    for kind, days in zip(one.kinds, one.days, strict=True):
        if 1 < kind.number < one.project.stage and days.end and kind.code != "closing":
            day = min(days.end, row.closed_on) if row.closed_on else days.end
            found.append(event("forward", f"Этап завершён: {kind.title}", day, kind.number))
    if row.closed_on:
        title = (
            f"Проект закрыт: {Outcome(row.outcome).title.lower()}" if one.is_closed else "Проект прекращён"
        )
        verb = "close" if one.is_closed else "terminate"
        found.append(event(verb, title, row.closed_on, one.project.stage, row.reason))
    return found


def _measures(one: Made, calendar: WorkCalendar, today: date) -> list[Measure]:
    """Spread the lines over the introduction, one after another; what is due is done."""
    days = one.day_of("implementation")
    if days is None or days.start is None or days.end is None or not one.row.measures:
        return []
    found = []
    length = max(1, (days.end - days.start).days // len(one.row.measures))
    is_over = one.is_past("implementation")
    people = [*one.row.team, one.row.leader_id]
    for turn, line in enumerate(one.row.measures):
        start = days.start + timedelta(days=length * turn)
        due = min(days.end, max(start, calendar.previous_working(start + timedelta(days=length - 1))))
        is_done = is_over or due < today - timedelta(days=10)
        found.append(
            Measure(
                project=one.project,
                number=turn + 1,
                problem=line.problem,
                root_cause=line.root_cause,
                title=line.title,
                expected=line.expected,
                responsible_id=people[turn % len(people)],
                starts_on=start,
                due_on=due,
                baseline_start=start,
                baseline_due=due,
                state=MeasureState.DONE if is_done else MeasureState.PLANNED,
                done_on=due if is_done else None,
                evidence="Приказ, снимки рабочего места" if is_done else "",
            )
        )
    return found


def _points(one: Made, rules: ProjectRules, calendar: WorkCalendar, today: date) -> list[StabilityPoint]:
    assert one.row.closed_on is not None
    found = []
    for months in rules.stability_months:
        due = calendar.next_working(add_months(one.row.closed_on, months))
        point = StabilityPoint(project=one.project, months=months, due_on=due)
        if due < today and one.row.passport is not None:
            continue  # nobody knows how it was checked
        if due < today:
            value = one.row.values[-1][1] if one.row.values else one.row.target
            point.checked_on, point.is_stable, point.by = due, True, WHO
            point.values = [{"goal": one.row.goal, "value": f"{value:f}", "unit": one.row.unit}]
        found.append(point)
    if found and one.row.has_fallen and found[0].checked_on:
        last = [point for point in found if point.checked_on][-1]
        last.is_stable, last.text = False, "Вернулись к прежнему порядку."
        last.values = [{"goal": one.row.goal, "value": f"{one.row.baseline:f}", "unit": one.row.unit}]
    return found


def _settle(
    made: Sequence[Made], points: Sequence[StabilityPoint], today: date, calendar: WorkCalendar
) -> None:
    """Bring the status of closed projects to what their control points found."""
    by_project: dict[int, list[StabilityPoint]] = {}
    for point in points:
        by_project.setdefault(point.project_id, []).append(point)
    stable, fallen, remarks = [], [], []
    for one in made:
        own = by_project.get(one.project.pk, [])
        if any(point.is_stable is False for point in own):
            fallen.append(one.project.pk)
            failed = next(point for point in own if point.is_stable is False)
            assert failed.checked_on is not None
            remarks.append(
                Remark(
                    project=one.project,
                    is_corrective=True,
                    text=one.row.reason or "Вернуть порядок стандарта.",
                    responsible_id=one.row.process_owner_id or one.row.leader_id,
                    due_on=calendar.add_working_days(failed.checked_on, 20),
                )
            )
        elif own and all(point.checked_on for point in own):
            stable.append(one.project.pk)
    Project.objects.filter(pk__in=stable).update(status=Status.STABLE)
    Project.objects.filter(pk__in=fallen).update(status=Status.DEGRADED)
    Remark.objects.bulk_create(remarks, batch_size=200)
