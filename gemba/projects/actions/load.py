"""Write many invented projects at once, as their acts would have left them: for the demo and for measuring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from gemba.audit.actions import record
from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor
from gemba.organisation.models import Municipality, Organisation, Person, Position
from gemba.projects.actions.loading import LoadedMeasure, LoadedProject, Made, write_parts
from gemba.projects.models import NumberRange, Project
from gemba.projects.queries.settings import acts_on, calendar_of, rules_of
from gemba.projects.rules.passport import GoalLine, GroundLine, MemberLine, Passport
from gemba.projects.rules.stages import Days, ProjectRules, StageKind, add_months, propose_days
from gemba.projects.rules.states import Outcome, Status
from gemba.proposals.actions.office import method_of
from gemba.proposals.rules.effects import worth

CHUNK = 500


__all__ = ["LoadedMeasure", "LoadedProject", "bulk_fill", "write_projects"]


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
                keys += write_projects(municipality, chunk, at)
                chunk = []
        keys += write_projects(municipality, chunk, at)
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


def write_projects(municipality: Municipality, rows: Sequence[LoadedProject], at: datetime) -> list[int]:
    """Write projects as they stand, inside the caller's transaction; return their keys in order."""
    if not rows:
        return []
    calendar, rules = calendar_of(municipality.pk), rules_of(municipality.pk)
    acts = {day: acts_on(municipality_id=municipality.pk, day=day) for day in {row.opened_on for row in rows}}
    names, method = _Names.of(rows), method_of(municipality_id=municipality.pk, at=at)
    made: list[Made] = []
    for row, number in zip(rows, _reserve(municipality, rows), strict=True):
        kinds = acts[row.opened_on].stages
        days = _days(row, kinds, calendar, rules)
        passport = _passport(row, names)
        passport.set_days(days)
        content = passport.as_json()
        project = _project(municipality, row, number, kinds, days, content, method.hour_rate, at, rules)
        made.append(Made(row, project, kinds, days, content))
    Project.objects.bulk_create([one.project for one in made], batch_size=200)
    write_parts(municipality=municipality, made=made, rules=rules, calendar=calendar, method=method, at=at)
    return [one.project.pk for one in made]


def _days(
    row: LoadedProject, kinds: Sequence[StageKind], calendar: WorkCalendar, rules: ProjectRules
) -> list[Days]:
    """Propose days from the template; those of a closed project are drawn together to end by its closing."""
    lengths = rules.length_of()
    days = propose_days(kinds=kinds, first=row.opened_on, calendar=calendar, lengths=lengths)
    if row.closed_on is None or row.outcome == Outcome.TERMINATED:
        return days
    end = next((one.end for one, kind in zip(days, kinds, strict=True) if kind.code == "closing"), None)
    if end is None or end <= row.closed_on:
        return days
    share = (row.closed_on - row.opened_on).days / max(1, (end - row.opened_on).days)
    shorter = {code: max(1, int(length * share)) for code, length in lengths.items()}
    return propose_days(kinds=kinds, first=row.opened_on, calendar=calendar, lengths=shorter)


def _project(
    municipality: Municipality,
    row: LoadedProject,
    number: int,
    kinds: Sequence[StageKind],
    days: Sequence[Days],
    content: dict[str, Any],
    hour_rate: Decimal,
    at: datetime,
    rules: ProjectRules,
) -> Project:
    is_closed = row.closed_on is not None and row.outcome != Outcome.TERMINATED
    last = next((one.number for one in kinds if one.code == "stability_monitoring"), kinds[-1].number)
    stage = last if is_closed else min(max(row.stage, 1), last - 1)
    moment = datetime.combine(row.opened_on, time(10), tzinfo=municipality.zone)
    hours = row.hours_a_year if is_closed else Decimal(0)
    status = Status.PAUSED if row.is_paused else Status.ACTIVE
    if row.closed_on:
        status = Status.STABILITY if is_closed else Status.TERMINATED
    if row.passport is not None and row.closed_on and is_closed:
        last_point = add_months(row.closed_on, max(rules.stability_months, default=0))
        if last_point < at.astimezone(municipality.zone).date():
            # Its control points are past, and nobody knows how they were kept.
            status = Status.CLOSED_SUCCESS if row.outcome == Outcome.SUCCESS else Status.CLOSED_PARTIAL
    return Project(
        municipality=municipality,
        organisation_id=row.organisation_id,
        number_year=row.opened_on.year,
        number=number,
        title=row.title[:300],
        status=status,
        outcome=row.outcome if row.closed_on else "",
        closing_text=row.reason if row.closed_on else "",
        stage=stage,
        stage_code=next(one.code for one in kinds if one.number == stage),
        stage_end_on=None if row.closed_on else days[stage - 1].end,
        aim=row.aim,
        scale=row.scale,
        customer_id=row.customer_id,
        leader_id=row.leader_id,
        process_owner_id=row.process_owner_id,
        direction_id=row.direction_id,
        portfolio_id=row.portfolio_id,
        proposal_id=row.proposal_id,
        created_at=moment,
        moved_at=datetime.combine(row.closed_on, time(16), tzinfo=municipality.zone) if row.closed_on else at,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        has_quality_goal=row.goal_kind == "quality",
        hours_a_year=hours,
        money_a_year=worth(hours=hours, hour_rate=hour_rate),
        draft=content,
        edition_number=1,
        sent_on=row.opened_on,
        words=normalise(f"{row.title} {row.process} {content['organisation_name']} {content['leader_name']}"),
        **row.extra,
    )


@dataclass(frozen=True)
class _Names:
    """Names as the passports print them."""

    people: dict[int, str]
    places: dict[int, str]
    posts: dict[int, str]

    @classmethod
    def of(cls, rows: Sequence[LoadedProject]) -> "_Names":
        people = {
            pk
            for row in rows
            for pk in (row.customer_id, row.leader_id, row.process_owner_id, *row.team)
            if pk
        }
        places = {pk for row in rows for pk in (row.organisation_id, *row.participants)}
        customers = Position.objects.filter(person_id__in={row.customer_id for row in rows})
        return cls(
            {one.pk: str(one) for one in Person.objects.filter(pk__in=people).defer("words")},
            {one.pk: str(one) for one in Organisation.objects.filter(pk__in=places).defer("words")},
            {
                one.person_id: f"{one.title}, {one.organisation}"
                for one in customers.select_related("organisation").order_by("pk")
            },
        )


def _passport(row: LoadedProject, names: _Names) -> Passport:
    owner = row.process_owner_id
    if row.passport is not None:
        return replace(
            row.passport,
            organisation_id=row.organisation_id,
            organisation_name=names.places.get(row.organisation_id, ""),
            customer_position=names.posts.get(row.customer_id, ""),
        )
    return Passport(
        title=row.title,
        organisation_id=row.organisation_id,
        organisation_name=names.places.get(row.organisation_id, ""),
        customer_id=row.customer_id,
        customer_name=names.people.get(row.customer_id, ""),
        customer_position=names.posts.get(row.customer_id, ""),
        leader_id=row.leader_id,
        leader_name=names.people.get(row.leader_id, ""),
        process_owner_id=owner,
        process_owner_name=names.people.get(owner, "") if owner else "",
        direction_id=row.direction_id,
        aim=row.aim,
        scale=row.scale,
        process=row.process,
        start_event=row.start_event,
        end_event=row.end_event,
        participants=[{"id": pk, "name": names.places.get(pk, "")} for pk in row.participants],
        team=[MemberLine(person, names.people.get(person, "")) for person in row.team],
        justifications=[row.why],
        effects=row.effects,
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
