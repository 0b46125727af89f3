"""The plans of the four municipalities, filled by every module, against a recount by hand: plain lists, plain loops."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gemba.demo.tests.test_demo import TODAY, make
from gemba.kernel.periods import Quarter
from gemba.organisation.models import Municipality, Organisation, ParticipationPeriod
from gemba.plan.models import JournalEntry, JournalPart, ReportingPeriod
from gemba.plan.queries.lens import Lens, look
from gemba.plan.queries.plan import RowView, plan_view
from gemba.plan.queries.population import register_on
from gemba.projects.models import Participant, Project
from gemba.proposals.models import Proposal


class ByHand:
    """Everything of a municipality in lists, counted as chapter 5 says."""

    def __init__(self, town: Municipality, year: int, day: date) -> None:
        self.first, self.day = date(year, 1, 1), day
        self.organisations = {one.pk: one for one in Organisation.objects.filter(municipality=town)}
        self.periods = list(ParticipationPeriod.objects.filter(organisation__municipality=town))
        self.projects = list(Project.objects.filter(municipality=town))
        self.participants = list(Participant.objects.filter(project__municipality=town))
        self.proposals = list(Proposal.objects.filter(municipality=town))
        self.entries = {one.pk: one for one in JournalEntry.objects.filter(municipality=town)}
        self.parts = list(JournalPart.objects.filter(entry__municipality=town))
        self.quarters = list(ReportingPeriod.objects.filter(municipality=town))

    def within(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.day

    def lives(self, one: Organisation) -> bool:
        return (one.starts_on is None or one.starts_on <= self.day) and (
            one.ends_on is None or one.ends_on >= self.day
        )

    def population(self, kinds: Iterable[str]) -> set[int]:
        taking_part = {
            one.organisation_id
            for one in self.periods
            if (one.starts_on is None or one.starts_on <= self.day)
            and (one.ends_on is None or one.ends_on >= self.day)
        }
        return {
            pk
            for pk, one in self.organisations.items()
            if one.kind in set(kinds) and self.lives(one) and pk in taking_part
        }

    def heir(self, pk: int, population: set[int]) -> int | None:
        for _ in range(10):
            if pk in population:
                return pk
            one = self.organisations[pk]
            if one.successor_id is None or self.lives(one):
                return None
            pk = one.successor_id
        return None

    def closed(self) -> list[Project]:
        return [one for one in self.projects if one.outcome == "success" and self.within(one.closed_on)]

    def implemented(self) -> list[Proposal]:
        return [one for one in self.proposals if self.within(one.implemented_on) and one.state != "duplicate"]

    def of(self, *kinds: str) -> list[tuple[JournalEntry, JournalPart]]:
        found = []
        for part in self.parts:
            entry = self.entries[part.entry_id]
            if entry.kind in kinds and not entry.is_cancelled and self.within(entry.counts_on):
                found.append((entry, part))
        return found

    def people(self, chosen: Iterable[tuple[JournalEntry, JournalPart]]) -> int:
        return len({part.person_key for _, part in chosen if part.person_key})

    def places_of(self, project: Project) -> set[int]:
        return {one.organisation_id for one in self.participants if one.project_id == project.pk}


def events(hand: ByHand, *kinds: str) -> int:
    return len({entry.pk for entry, _ in hand.of(*kinds)})


def trained(hand: ByHand) -> int:
    return hand.people(
        (entry, part)
        for entry, part in hand.of("training", "factory")
        if entry.kind == "training" or entry.document
    )


def trainers(hand: ByHand) -> int:
    levels = []
    for number in (1, 2, 3, 4):
        end = Quarter(hand.day.year, number).last
        if end > hand.day:
            continue
        on_duty = {
            (part.organisation_id, part.person_key)
            for part in hand.parts
            for entry in [hand.entries[part.entry_id]]
            if entry.kind == "trainer" and not entry.is_cancelled and part.person_key
            and entry.on <= end and (entry.ends_on is None or entry.ends_on >= end)
        }  # fmt: skip
        levels.append(len(on_duty))
    return min(levels)


# What each indicator is in the whole municipality; a share takes the population of its row.
WAYS: dict[str, Callable[[ByHand, RowView], Any]] = {
    "projects_closed": lambda hand, row: len(hand.closed()),
    "projects_closed_quality": lambda hand, row: len([one for one in hand.closed() if one.has_quality_goal]),
    "proposals_implemented": lambda hand, row: len(hand.implemented()),
    "orgs_with_projects_share": lambda hand, row: share(
        hand, row, (pk for one in hand.closed() for pk in hand.places_of(one))
    ),
    "institutions_with_proposals_share": lambda hand, row: share(
        hand, row, (one.organisation_id for one in hand.implemented())
    ),
    "people_trained": lambda hand, row: trained(hand),
    "people_trained_or_factory": lambda hand, row: hand.people(hand.of("training", "factory")),
    "people_trained_factory": lambda hand, row: hand.people(hand.of("factory")),
    "internal_trainers": lambda hand, row: trainers(hand),
    "events_attended": lambda hand, row: sum(part.count for _, part in hand.of("event")),
    "consultations_given": lambda hand, row: sum(part.count for _, part in hand.of("consultation")),
    "round_tables_held": lambda hand, row: events(hand, "round_table"),
    "popularisation_events": lambda hand, row: events(hand, "popularisation"),
    "contests_held": lambda hand, row: events(hand, "contest"),
    "replications_count": lambda hand, row: replications(hand),
    "samples_confirmed": lambda hand, row: len(
        {entry.pk for entry, _ in hand.of("sample") if not entry.is_marked}
    ),
    "satisfaction_measurements": lambda hand, row: len(
        {entry.pk for entry, _ in hand.of("survey") if entry.is_marked}
    ),
    "analytical_reports": lambda hand, row: len({entry.counts_on for entry, _ in hand.of("analytical")}),
    "culture_selfdiagnosis_done": lambda hand, row: len(
        {part.organisation_id for _, part in hand.of("selfdiagnosis")}
    ),
    "replicated_projects_share": lambda hand, row: replicated(hand),
    "quarterly_reports_on_time": lambda hand, row: len(
        [
            one
            for one in hand.quarters
            if one.locked_on
            and hand.within(one.ends_on)
            and (one.due_on is None or one.locked_on <= one.due_on)
        ]
    ),
}


# Indicators that are a day: the first one somebody did it.
DAYS = {
    "project_plan_prepared_on": "project_plan", "defence_plan_approved_on": "defence_plan",
    "project_proposals_submitted_on_time": "project_proposals",
}  # fmt: skip


def replicated(hand: ByHand) -> Decimal | None:
    closed = hand.closed()
    repeated = {
        one.origin_id
        for one in hand.projects
        if one.outcome in ("success", "partial") and one.closed_on is not None and one.closed_on <= hand.day
    }
    mine = [one for one in closed if one.pk in repeated]
    return Decimal(len(mine)) / Decimal(len(closed)) * 100 if closed else None


def replications(hand: ByHand) -> int:
    """Count replicas closed in the year, and the entries of which no replica tells: same place and same name."""
    names = {one.pk: one.title for one in hand.projects}
    told = set()
    for one in hand.projects:
        if one.origin_id and one.outcome == "success" and one.closed_on and one.closed_on <= hand.day:
            for place in hand.places_of(one):
                told |= {(place, "own", one.title), (place, "of", names[one.origin_id])}
    left = set()
    for entry, _ in hand.of("replication"):
        old = hand.entries[entry.of_id].title if entry.of_id else None
        place = entry.organisation_id
        if (place, "own", entry.title) not in told and (place, "of", old) not in told:
            left.add(entry.pk)
    return len([one for one in hand.closed() if one.origin_id]) + len(left)


def share(hand: ByHand, row: RowView, having: Iterable[int]) -> Decimal:
    population = hand.population(row.row.population)
    heirs = {hand.heir(pk, population) for pk in having} - {None}
    return Decimal(len(heirs)) / Decimal(len(population)) * 100


def units(hand: ByHand, population: set[int], owners: Iterable[set[int]]) -> dict[int, int]:
    """Give each unit the things of which it or a predecessor of it is an owner, each once."""
    found = dict.fromkeys(population, 0)
    for places in owners:
        for heir in {hand.heir(pk, population) for pk in places}:
            if heir is not None:
                found[heir] += 1
    return found


def first_days(hand: ByHand, kind: str, population: set[int]) -> dict[int, date]:
    """Give each unit the first of its days and of those of its predecessors; of a row of the town, each who did it."""
    found: dict[int, date] = {}
    for part in hand.parts:
        entry = hand.entries[part.entry_id]
        if entry.kind != kind or entry.is_cancelled or entry.on > hand.day:
            continue
        if entry.counts_on.year != hand.day.year:
            continue
        unit = hand.heir(part.organisation_id, population) if population else part.organisation_id
        if unit is not None:
            found[unit] = min(entry.on, found.get(unit, entry.on))
    return found


def lens_of(town: Municipality, year: int) -> Lens:
    lens = look(municipality=town, today=TODAY, year=year, quarter=4)
    assert lens is not None
    return lens


@pytest.mark.django_db
def test_every_row_of_the_four_municipalities_agrees_with_a_recount_by_hand() -> None:
    make()
    seen: dict[str, set[str]] = {}
    for town in Municipality.objects.order_by("code"):
        for year in (2022, 2023, 2024, 2026):
            lens = lens_of(town, year)
            if lens.year != year or not lens.rows:
                continue
            hand = ByHand(town, year, lens.as_of)
            view = plan_view(lens=lens, register=register_on(municipality=town, day=lens.as_of))
            for row in view.rows:
                counts = row.reading.counts
                where = f"{town.code} {year}, {row.row.code}: {counts}"
                if counts in DAYS:
                    first = first_days(hand, DAYS[counts], set(row.facts.units))
                    assert row.facts.total.on == min(first.values(), default=None), where
                    own = {pk: fact.on for pk, fact in row.facts.units.items() if fact.on}
                    assert not row.facts.units or own == first, where
                    seen.setdefault(town.code, set()).add(row.row.code)
                    continue
                if counts not in WAYS:
                    continue
                assert row.facts.total.value == WAYS[counts](hand, row), where
                seen.setdefault(town.code, set()).add(row.row.code)
                if not row.facts.units or counts not in ("projects_closed", "proposals_implemented"):
                    continue
                owners = (
                    [hand.places_of(one) for one in hand.closed()]
                    if counts == "projects_closed"
                    else [{one.organisation_id} for one in hand.implemented()]
                )
                own = {pk: fact.value for pk, fact in row.facts.units.items()}
                assert own == units(hand, set(own), owners), where
    # A town without a plan has nothing to count; of the others every row that records feed is counted.
    assert {code: len(rows) for code, rows in seen.items()} == {
        "belovo": 14, "leninsk-kuznetsky": 10, "promyshlennovsky": 9,
    }  # fmt: skip
