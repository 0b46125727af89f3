"""Every row of the plans against an independent recount: plain lists, plain loops, no query."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gemba.kernel.periods import Quarter
from gemba.organisation.models import Municipality, Organisation, OrganisationKind
from gemba.organisation.tests.factories import make_organisation
from gemba.plan.models import JournalEntry
from gemba.plan.queries.plan import PlanView
from gemba.plan.tests.factories import event, of_act, plan_at, row_at

TODAY = date(2026, 11, 21)
YEAR = 2024
LAST = date(YEAR, 12, 31)
PEOPLE = [
    f"{family} {name} Иванович"
    for family in ("Лапин", "Громов", "Дубов", "Орлов")
    for name in ("Пётр", "Иван")
]
KINDS = [
    OrganisationKind.OMSU, OrganisationKind.STRUCTURAL_UNIT, OrganisationKind.INSTITUTION,
    OrganisationKind.INSTITUTION, OrganisationKind.ORGANISATION,
]  # fmt: skip


@dataclass
class Fact:
    """What the test itself remembers of an event."""

    kind: str
    owner: int
    on: date
    people: tuple[str, ...] = ()
    count: int = 1
    is_marked: bool = False
    partners: tuple[int, ...] = ()
    ends_on: date | None = None
    document: str = "д"
    quarter: int = 0
    of: "Fact | None" = None
    entry: JournalEntry | None = None


@dataclass
class World:
    """Organisations and events, in memory and in the database."""

    municipality: Municipality
    random: random.Random
    organisations: list[Organisation] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def build(self) -> None:
        for number in range(12):
            self.organisations.append(
                make_organisation(
                    self.municipality, kind=KINDS[number % len(KINDS)], participates=number != 11
                )
            )
        for _ in range(90):
            self.add()
        self.close()

    def add(self) -> None:
        pick = self.random
        kind = pick.choice(
            ["training", "factory", "event", "consultation", "popularisation", "selfdiagnosis", "survey", "sample",
             "contest", "project", "project", "project", "replication", "project_proposals", "trainer", "analytical"]
        )  # fmt: skip
        owner = pick.choice(self.organisations)
        on = date(pick.choice((YEAR - 1, YEAR, YEAR, YEAR)), 1, 1) + timedelta(days=pick.randrange(365))
        fact = Fact(kind, owner.pk, on)
        given: dict[str, Any] = {"document": "д"}
        if kind in ("training", "factory", "event", "trainer"):
            fact.people = tuple(pick.sample(PEOPLE, pick.randint(1, 3)))
            given["people"] = list(fact.people)
        if kind == "factory" and pick.random() < 0.5:
            fact.document = given["document"] = ""
        if kind in ("event", "consultation", "survey", "contest"):
            fact.count = given["count"] = pick.randint(1, 5)
        if kind in ("survey", "sample", "project"):
            fact.is_marked = given["is_marked"] = pick.random() < 0.6
        if kind == "trainer" and pick.random() < 0.5:
            fact.ends_on = given["ends_on"] = on + timedelta(days=pick.randrange(200))
        if kind == "project" and pick.random() < 0.4:
            others = pick.sample(self.organisations, 2)
            fact.partners = tuple(one.pk for one in others if one.pk != owner.pk)
            given["partners"] = others
        if kind == "analytical":
            fact.quarter = pick.randint(1, 4)
            quarter = Quarter(YEAR, fact.quarter)
            fact.on = quarter.last + timedelta(days=10)
            given["quarter"] = quarter
        if kind == "replication":
            projects = [one for one in self.facts if one.kind == "project" and one.on <= on]
            if not projects:
                return
            fact.of = pick.choice(projects)
            given["of"] = fact.of.entry
        fact.entry = event(owner, kind, fact.on, **given)
        self.facts.append(fact)

    def close(self) -> None:
        """Liquidate one organisation and merge two into a new one."""
        gone, first, second = self.random.sample(self.organisations[:11], 3)
        heir = make_organisation(
            self.municipality, kind=OrganisationKind.INSTITUTION, starts_on=date(YEAR, 9, 2)
        )
        self.organisations.append(heir)
        gone.ends_on = date(YEAR, 6, 15)
        gone.save()
        for one in (first, second):
            one.ends_on, one.successor = date(YEAR, 9, 1), heir
            one.save()

    # --- the recount

    def alive(self, *kinds: str) -> set[int]:
        return {
            one.pk
            for number, one in enumerate(self.organisations)
            if one.kind in kinds and one.ends_on is None and number != 11
        }

    def heir(self, pk: int, population: set[int]) -> int | None:
        if pk in population:
            return pk
        found = next(one for one in self.organisations if one.pk == pk)
        return found.successor_id if found.successor_id in population else None

    def of(self, *kinds: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind in kinds and fact.on.year == YEAR]

    def by_unit(self, facts: list[Fact], population: set[int], value: Any) -> dict[int, int]:
        """Give each unit what it did and what those did whose successor it is, nobody and nothing twice."""
        mine: dict[int, list[Fact]] = {pk: [] for pk in population}
        for fact in facts:
            heirs = {self.heir(pk, population) for pk in (fact.owner, *fact.partners)}
            for heir in heirs - {None}:
                mine[heir].append(fact)  # type: ignore[index]
        return {pk: value(found) for pk, found in mine.items()}


def people(facts: list[Fact]) -> int:
    return len({name for fact in facts for name in fact.people})


def participants(facts: list[Fact]) -> int:
    # A count beside names is the people without names.
    return sum(len(fact.people) + fact.count for fact in facts)


def compare(view: PlanView, code: str, total: Any, units: dict[int, int] | None = None) -> None:
    shown = row_at(view, code)
    assert shown.own.value == total, f"row {code}: {shown.own.value} is shown, {total} is counted"
    if units is not None:
        assert {pk: fact.value for pk, fact in shown.facts.units.items()} == units, code


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_leninsk_kuznetsky_row_by_row(seed: int) -> None:
    world = World(of_act("leninsk-kuznetsky"), random.Random(seed))
    world.build()
    view = plan_at(world.municipality, TODAY, YEAR, 4)
    units = world.alive("structural_unit", "institution")
    projects = world.of("project")
    compare(view, "1.1", len(projects), world.by_unit(projects, units, len))
    whole = world.alive("institution", "organisation")
    having = sum(value > 0 for value in world.by_unit(projects, whole, len).values())
    compare(view, "1.3", Decimal(having * 100) / len(whole))
    copied = [one for one in projects if any(copy.of is one and copy.on <= LAST for copy in world.facts)]
    compare(view, "1.5", Decimal(len(copied) * 100) / len(projects))
    trained = [fact for fact in world.of("training", "factory") if fact.kind == "training" or fact.document]
    compare(view, "2.1", people(trained), world.by_unit(trained, units, people))
    factory = world.of("factory")
    compare(view, "2.2", people(factory), world.by_unit(factory, units, people))
    compare(view, "3.1", len([fact for fact in world.of("sample") if not fact.is_marked]))
    surveys = [fact for fact in world.of("survey") if fact.is_marked]
    compare(view, "3.2", len(surveys), world.by_unit(surveys, units, len))
    compare(view, "3.3", len(world.of("contest")))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [4, 5])
def test_belovo_row_by_row(seed: int) -> None:
    world = World(of_act("belovo"), random.Random(seed))
    world.build()
    view = plan_at(world.municipality, TODAY, YEAR, 4)
    units = world.alive("omsu", "structural_unit", "institution")
    diagnosed = world.of("selfdiagnosis")
    compare(view, "1.1", len({fact.owner for fact in diagnosed}))
    projects = world.of("project")
    compare(view, "1.4", len(projects), world.by_unit(projects, units, len))
    compare(view, "2.3", participants(world.of("event")))
    compare(view, "2.4", sum(fact.count for fact in world.of("consultation")))
    compare(view, "2.5", len(world.of("popularisation")))
    compare(view, "3.2", len({fact.quarter for fact in world.facts if fact.kind == "analytical"}))
    compare(view, "3.4", len(world.of("contest")))
    first: dict[int, date] = {}
    for fact in world.of("project_proposals"):
        heir = world.heir(fact.owner, units)
        if heir is not None:
            first[heir] = min(fact.on, first.get(heir, fact.on))
    shown = row_at(view, "1.2a")
    assert {pk: fact.on for pk, fact in shown.facts.units.items() if fact.on} == first
    ends = [Quarter(YEAR, number).last for number in (1, 2, 3, 4)]
    trainers = [fact for fact in world.facts if fact.kind == "trainer"]

    def on_duty(day: date) -> dict[int, int]:
        now = [fact for fact in trainers if fact.on <= day and (fact.ends_on is None or fact.ends_on >= day)]
        return world.by_unit(now, units, people)

    levels = [on_duty(day) for day in ends]
    starts = {one.pk: one.starts_on or date.min for one in world.organisations}
    expected = {
        pk: min(level[pk] for level, day in zip(levels, ends, strict=True) if starts[pk] <= day)
        for pk in units
    }
    assert {pk: fact.value for pk, fact in row_at(view, "2.2").facts.units.items()} == expected


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [6])
def test_promyshlennovsky_row_by_row(seed: int) -> None:
    global YEAR, LAST
    kept = YEAR, LAST
    YEAR, LAST = 2026, date(2026, 12, 31)
    try:
        world = World(of_act("promyshlennovsky"), random.Random(seed))
        world.build()
        view = plan_at(world.municipality, date(2027, 3, 1), 2026, 4)
        units = world.alive("omsu", "structural_unit", "institution", "organisation")
        good = [fact for fact in world.of("project") if fact.is_marked]
        compare(view, "1.1", len(good), world.by_unit(good, units, len))
        copies = world.of("replication")
        compare(view, "1.2", len(copies), world.by_unit(copies, units, len))
        compare(view, "2.3", sum(fact.count for fact in world.of("consultation")))
        compare(view, "3.1", len(world.of("contest")))
    finally:
        YEAR, LAST = kept
