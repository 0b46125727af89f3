"""Projects of a town by the year: closed ones of the programme, those in work today, paused and cut off. All invented."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gemba.demo.rules.invention import InventedOrganisation, InventedPerson, InventedTown
from gemba.demo.rules.programme import InventedEvent
from gemba.demo.rules.project_texts import CORRECTIVES, LATE, STOPS, ProjectIdea, ideas_for
from gemba.demo.rules.work import working

# Calendar days from the opening to the end of each stage by the usual template; the closing is the ninth.
ENDS = (10, 31, 41, 51, 58, 59, 115, 157, 158)
WORK = ("structural_unit", "institution", "omsu", "organisation")


@dataclass(frozen=True)
class InventedProject:
    """A project by the codes of the invention."""

    idea: ProjectIdea
    organisation: str
    customer: str
    leader: str
    team: tuple[str, ...]
    opened_on: date
    stage: int = 2
    closed_on: date | None = None
    outcome: str = "success"
    partners: tuple[str, ...] = ()
    values: tuple[tuple[date, Decimal], ...] = ()
    is_quality: bool = False
    is_paused: bool = False
    has_fallen: bool = False
    reason: str = ""
    hours: int = 0


def closed_projects(
    town: InventedTown, events: list[InventedEvent], *, seed: int | str, begins_on: date, today: date
) -> list[InventedProject]:
    """Make a project of every closing that the programme invented; a sixth of them is joint, a few fell back."""
    chance = random.Random(f"{seed}:{town.code}:closed")
    places = {row.code: row for row in town.organisations}
    found = []
    for event in events:
        place = places[event.organisation]
        last = min(today - timedelta(days=1), place.ends_on or today)
        closed_on = min(max(event.day, begins_on + timedelta(days=40)), last)
        opened_on = max(closed_on - timedelta(days=chance.randint(130, 190)), begins_on + timedelta(days=3))
        if people := people_for(chance, town, place, opened_on):
            found.append(_closed(chance, town, place, people, opened_on, closed_on, event.is_marked))
    return found


def open_projects(
    town: InventedTown, *, seed: int | str, begins_on: date, today: date, share: float = 0.4
) -> list[InventedProject]:
    """Invent what is in work today: at every stage, some late with a reason and some without, paused, cut off."""
    chance = random.Random(f"{seed}:{town.code}:open")
    found = []
    for place in town.organisations:
        if place.ends_on is None and place.joins_on is not None and chance.random() < share:
            one = _open(chance, town, place, begins_on, today)
            if one is not None:
                found.append(one)
    return found


def project_stream(
    town: InventedTown, *, seed: int | str, begins_on: date, today: date, count: int
) -> Iterator[InventedProject]:
    """Invent any number of projects of a town, half of them closed, in the order of their opening."""
    chance = random.Random(f"{seed}:{town.code}:projects")
    places = [row for row in town.organisations if row.ends_on is None and row.joins_on is not None]
    found = []
    for _ in range(count):
        place = chance.choice(places)
        if chance.random() < 0.5:
            closed_on = begins_on + timedelta(days=chance.randint(60, max(61, (today - begins_on).days - 1)))
            opened_on = max(closed_on - timedelta(days=chance.randint(90, 190)), begins_on)
            if people := people_for(chance, town, place, opened_on):
                found.append(
                    _closed(chance, town, place, people, opened_on, closed_on, chance.random() < 0.3)
                )
        elif one := _open(chance, town, place, begins_on, today):
            found.append(one)
    found.sort(key=lambda row: row.opened_on)
    yield from found


@dataclass(frozen=True)
class _People:
    customer: InventedPerson
    leader: InventedPerson
    team: tuple[InventedPerson, ...]


def people_for(
    chance: random.Random, town: InventedTown, place: InventedOrganisation, day: date
) -> _People | None:
    """Find who could order, lead and take part on the day: the head of the place above orders, staff lead."""
    own = [person for person in working(place) if person.starts_on <= day]
    above = next((row for row in town.organisations if row.code == place.parent), None)
    boss = next((person for person in working(above or place) if person.is_head), None)
    leaders = [person for person in own if person is not boss]
    if boss is None or not leaders:
        return None
    leader = leaders[0] if chance.random() < 0.5 else chance.choice(leaders)
    mates = [person for person in leaders if person is not leader]
    return _People(boss, leader, tuple(chance.sample(mates, min(len(mates), chance.randint(2, 4)))))


def values_of(
    chance: random.Random, idea: ProjectIdea, first: date, last: date, *, reached: bool = True, count: int = 4
) -> tuple[tuple[date, Decimal], ...]:
    """Invent measurements between two days that come near the target or, when it is reached, a little beyond it."""
    before, after = Decimal(idea.before), Decimal(idea.after)
    step = max(1, (last - first).days // count)
    found = {}
    for turn in range(count):
        share = Decimal(turn + 1) / count if reached else Decimal(turn + 1) / (count * 2)
        noise = Decimal(chance.randint(-4, 4)) / 100
        value = before + (after - before) * min(share + noise, Decimal("1.05"))
        found[min(first + timedelta(days=step * turn), last)] = round(value, 1)
    if reached:
        found[last] = after if chance.random() < 0.5 else round(after + (after - before) / 20, 1)
    return tuple(sorted(found.items()))


def _closed(
    chance: random.Random,
    town: InventedTown,
    place: InventedOrganisation,
    people: _People,
    opened_on: date,
    closed_on: date,
    is_quality: bool,
) -> InventedProject:
    idea = chance.choice(ideas_for(place.direction))
    is_partial = chance.random() < 0.08
    middle = opened_on + (closed_on - opened_on) * 3 // 4
    has_fallen = chance.random() < 0.06
    return InventedProject(
        idea=idea,
        organisation=place.code,
        customer=people.customer.code,
        leader=people.leader.code,
        team=tuple(person.code for person in people.team),
        opened_on=opened_on,
        closed_on=closed_on,
        outcome="partial" if is_partial else "success",
        partners=_partners(chance, town, place, 0.16, closed_on),
        values=values_of(chance, idea, middle, closed_on, reached=not is_partial),
        is_quality=is_quality,
        has_fallen=has_fallen,
        reason=chance.choice(CORRECTIVES) if has_fallen else "Достигнуто не всё." if is_partial else "",
        hours=chance.randint(60, 900),
    )


def _open(
    chance: random.Random, town: InventedTown, place: InventedOrganisation, begins_on: date, today: date
) -> InventedProject | None:
    stage = chance.randint(2, 9)
    first, last = ENDS[stage - 2], ENDS[stage - 1]
    is_late = chance.random() < 0.22
    ago = last + chance.randint(4, 25) if is_late else first + chance.randint(0, max(0, last - first - 1))
    drawn = chance.random()
    is_cut, is_paused = drawn < 0.06, 0.06 <= drawn < 0.13
    opened_on = max(today - timedelta(days=ago), begins_on + timedelta(days=3))
    people = people_for(chance, town, place, opened_on)
    if people is None:
        return None
    idea = chance.choice(ideas_for(place.direction))
    reason = chance.choice(LATE) if is_late and chance.random() < 0.7 else ""
    begun = today - timedelta(days=30)
    return InventedProject(
        idea=idea,
        organisation=place.code,
        customer=people.customer.code,
        leader=people.leader.code,
        team=tuple(person.code for person in people.team),
        opened_on=opened_on,
        stage=stage,
        partners=_partners(chance, town, place, 0.12, today),
        values=values_of(chance, idea, begun, today, reached=stage == 9) if stage >= 8 else (),
        is_paused=is_paused,
        closed_on=max(opened_on, today - timedelta(days=chance.randint(1, 9))) if is_cut else None,
        outcome="terminated" if is_cut else "success",
        reason=chance.choice(STOPS) if is_cut else reason,
        is_quality=idea.kind == "quality",
    )


def _partners(
    chance: random.Random, town: InventedTown, place: InventedOrganisation, share: float, day: date
) -> tuple[str, ...]:
    if chance.random() >= share:
        return ()
    others = [
        row.code
        for row in town.organisations
        if row is not place and row.joins_on is not None and (row.ends_on is None or row.ends_on >= day)
    ]
    return tuple(chance.sample(others, min(len(others), chance.choice((1, 1, 2)))))
