"""Write many invented projects at once, as their acts would have left them: for the demo and for measuring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from gemba.audit.actions import record
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor
from gemba.organisation.models import Municipality
from gemba.projects.models import (
    EditionState,
    Goal,
    Measurement,
    NumberRange,
    Participant,
    PassportEdition,
    Project,
    ProjectEvent,
    StabilityPoint,
    Stage,
    TeamMember,
)
from gemba.projects.queries.settings import acts_on, calendar_of, rules_of
from gemba.projects.rules.passport import GoalLine, GroundLine, MemberLine, Passport
from gemba.projects.rules.stages import add_months, propose_days
from gemba.projects.rules.states import Outcome, Status

CHUNK = 500


@dataclass(frozen=True)
class LoadedProject:
    """An invented project: who, what, when it was opened, at which stage it stands, how it was closed.

    `late_days` moves facts after the plan; a stage number beyond the closing with `closed_on` makes a closed project.
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
    goal: str = "Время процесса"
    unit: str = "мин"
    baseline: Decimal = Decimal(40)
    target: Decimal = Decimal(15)
    goal_kind: str = "time"
    values: Sequence[tuple[date, Decimal]] = ()
    aim: str = "lean"
    scale: str = ""
    portfolio_id: int | None = None
    direction_id: int | None = None
    proposal_id: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def bulk_fill(
    *, actor: Actor, municipality: Municipality, invented: Iterable[LoadedProject], at: datetime
) -> list[int]:
    """Write approved projects with editions, stages, goals, people and history; return their keys in order.

    Everything stands in one transaction with one line in the record of acts.

    :raises PermissionError: when the actor is not a command run on the server.
    """
    if not actor.is_system:
        raise PermissionError("only a command run on the server fills in bulk")
    keys: list[int] = []
    with transaction.atomic():
        chunk: list[LoadedProject] = []
        for row in invented:
            chunk.append(row)
            if len(chunk) >= CHUNK:
                keys += _write(municipality, chunk, at)
                chunk = []
        keys += _write(municipality, chunk, at)
        record(
            act="projects.load",
            actor=actor,
            subject=municipality,
            title=f"Загружено проектов: {len(keys)}",
            municipality_id=municipality.pk,
            at=at,
            after={"count": len(keys)},
        )
    return keys


def _write(municipality: Municipality, rows: Sequence[LoadedProject], at: datetime) -> list[int]:
    if not rows:
        return []
    calendar, rules = calendar_of(municipality.pk), rules_of(municipality.pk)
    acts = {day: acts_on(municipality_id=municipality.pk, day=day) for day in {row.opened_on for row in rows}}
    lengths = rules.length_of()
    projects, passports, plans = [], [], []
    numbers = _reserve(municipality, rows)
    for row, number in zip(rows, numbers, strict=True):
        kinds = acts[row.opened_on].stages
        days = propose_days(kinds=kinds, first=row.opened_on, calendar=calendar, lengths=lengths)
        passport = _passport(row)
        passport.set_days(days)
        passports.append(passport)
        plans.append(days)
        last = next((one.number for one in kinds if one.code == "stability_monitoring"), kinds[-1].number)
        stage = last if row.closed_on else min(max(row.stage, 1), last - 1)
        current = next(one for one in kinds if one.number == stage)
        moment = datetime.combine(row.opened_on, time(10), tzinfo=municipality.zone)
        projects.append(
            Project(
                municipality=municipality,
                organisation_id=row.organisation_id,
                number_year=row.opened_on.year,
                number=number,
                title=row.title[:300],
                status=Status.STABILITY if row.closed_on else Status.ACTIVE,
                outcome=row.outcome if row.closed_on else "",
                stage=stage,
                stage_code=current.code,
                stage_end_on=None if row.closed_on else days[stage - 1].end,
                aim=row.aim,
                scale=row.scale,
                customer_id=row.customer_id,
                leader_id=row.leader_id,
                direction_id=row.direction_id,
                portfolio_id=row.portfolio_id,
                proposal_id=row.proposal_id,
                created_at=moment,
                moved_at=at,
                opened_on=row.opened_on,
                closed_on=row.closed_on,
                has_quality_goal=row.goal_kind == "quality",
                draft=passport.as_json(),
                edition_number=1,
                sent_on=row.opened_on,
                words=normalise(f"{row.title} {row.process}"),
                **row.extra,
            )
        )
    Project.objects.bulk_create(projects, batch_size=200)
    _write_parts(municipality, rows, projects, passports, plans, acts, rules.stability_months, calendar)
    return [project.pk for project in projects]


def _passport(row: LoadedProject) -> Passport:
    return Passport(
        title=row.title,
        organisation_id=row.organisation_id,
        customer_id=row.customer_id,
        leader_id=row.leader_id,
        direction_id=row.direction_id,
        aim=row.aim,
        scale=row.scale,
        process=row.process,
        start_event="заявитель обратился",
        end_event="заявитель получил результат",
        team=[MemberLine(person) for person in row.team],
        justifications=["Процесс длится дольше, чем нужно людям."],
        grounds=[GroundLine("other", "Решение руководителя", object_title="поручение")],
        goals=[
            GoalLine(
                "g1",
                row.goal,
                row.unit,
                f"{row.baseline:f}",
                f"{row.target:f}",
                "less" if row.target < row.baseline else "more",
                row.goal_kind,
            )
        ],
    )


def _reserve(municipality: Municipality, rows: Sequence[LoadedProject]) -> list[int]:
    counts: dict[int, int] = {}
    for row in rows:
        counts[row.opened_on.year] = counts.get(row.opened_on.year, 0) + 1
    free: dict[int, int] = {}
    for year, count in sorted(counts.items()):
        NumberRange.objects.get_or_create(municipality=municipality, year=year)
        found = NumberRange.objects.filter(municipality=municipality, year=year)
        found.update(last=F("last") + count)
        free[year] = found.values_list("last", flat=True).get() - count
    numbers = []
    for row in rows:
        free[row.opened_on.year] += 1
        numbers.append(free[row.opened_on.year])
    return numbers


def _write_parts(
    municipality: Municipality,
    rows: Sequence[LoadedProject],
    projects: Sequence[Project],
    passports: Sequence[Passport],
    plans: Sequence[Any],
    acts: dict[date, Any],
    months: Sequence[int],
    calendar: Any,
) -> None:
    stages, goals, members, places, editions, events, points = [], [], [], [], [], [], []
    for row, project, passport, days in zip(rows, projects, passports, plans, strict=True):
        moment = datetime.combine(row.opened_on, time(10), tzinfo=municipality.zone)
        common = {"project": project, "at": moment, "actor_user_id": None, "actor_name": "Загрузка"}
        editions.append(
            PassportEdition(
                project=project,
                number=1,
                state=EditionState.APPROVED,
                content=passport.as_json(),
                customer_id=row.customer_id,
                sent_at=moment,
                sent_by="Загрузка",
                decided_at=moment,
            )
        )
        events.append(ProjectEvent(verb="approve", title="Паспорт согласован: редакция 1", stage=1, **common))
        for kind, one in zip(acts[row.opened_on].stages, days, strict=True):
            is_past = kind.number < project.stage
            end = min(one.end, row.closed_on) if row.closed_on else one.end
            stages.append(
                Stage(
                    project=project,
                    number=kind.number,
                    code=kind.code,
                    title=kind.title,
                    is_period=kind.is_period,
                    clause=kind.clause[:100],
                    plan_start=one.start,
                    plan_end=one.end,
                    baseline_start=one.start,
                    baseline_end=one.end,
                    actual_start=min(one.start, end) if kind.number <= project.stage else None,
                    actual_end=end if is_past else None,
                )
            )
        final = row.values[-1][1] if row.values and row.closed_on else (row.target if row.closed_on else None)
        goals.append(
            Goal(
                project=project,
                key="g1",
                place=1,
                title=row.goal,
                unit=row.unit,
                kind=row.goal_kind,
                better="less" if row.target < row.baseline else "more",
                baseline=row.baseline,
                target=row.target,
                final=final,
            )
        )
        members += [TeamMember(project=project, person_id=person) for person in dict.fromkeys(row.team)]
        taking = dict.fromkeys([row.organisation_id, *row.participants])
        places += [Participant(project=project, organisation_id=pk) for pk in taking]
        if row.closed_on:
            points += [
                StabilityPoint(
                    project=project, months=n, due_on=calendar.next_working(add_months(row.closed_on, n))
                )
                for n in months
            ]
    for model, made in (
        (PassportEdition, editions),
        (Stage, stages),
        (Goal, goals),
        (TeamMember, members),
        (Participant, places),
        (ProjectEvent, events),
        (StabilityPoint, points),
    ):
        manager: Any = model._default_manager
        manager.bulk_create(made, batch_size=200)
    Measurement.objects.bulk_create(
        [
            Measurement(goal=goal, measured_on=day, value=value, by="Загрузка", at=goal.project.created_at)
            for row, goal in zip(rows, goals, strict=True)
            for day, value in row.values
        ],
        batch_size=200,
    )
