"""A municipality as invented from a seed: organisations, people, headcounts, what was merged and closed."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from gemba.demo.rules.kinds import KINDS, PROPER, Kind
from gemba.demo.rules.names import invent_inn, invent_mail, invent_name, invent_phone
from gemba.demo.rules.towns import Town


@dataclass(frozen=True)
class InventedPerson:
    """A person with the position held."""

    code: str
    family: str
    given: str
    patronymic: str
    title: str
    starts_on: date
    is_head: bool = False
    is_acting: bool = False
    unit: str = ""
    phone: str = ""
    email: str = ""
    # A former position ends; the person stays in the register.
    ends_on: date | None = None


@dataclass
class InventedOrganisation:
    """An organisation with its people."""

    code: str
    kind: Kind
    name: str
    short_name: str
    inn: str
    parent: str
    starts_on: date
    joins_on: date | None
    units: tuple[str, ...]
    headcounts: dict[date, int]
    people: list[InventedPerson] = field(default_factory=list)
    ends_on: date | None = None
    successor: str = ""
    ground: str = ""

    @property
    def direction(self) -> str:
        """Return the direction of activity."""
        return self.kind.direction


@dataclass
class InventedTown:
    """Everything invented for a municipality."""

    code: str
    organisations: list[InventedOrganisation]

    def of(self, kind: str) -> list[InventedOrganisation]:
        """Return the organisations of one kind, in order."""
        return [row for row in self.organisations if row.kind.code == kind]

    @property
    def people(self) -> list[InventedPerson]:
        """Return all people."""
        return [person for row in self.organisations for person in row.people]


@dataclass(frozen=True)
class Measure:
    """How large a municipality is to be and from which day the programme runs."""

    organisations: dict[str, int]
    people: int
    genitive: str
    begins_on: date
    today: date
    first_number: int = 241
    # ИНН and telephones of different municipalities differ.
    offset: int = 0
    with_history: bool = True


def invent_town(code: str, measure: Measure, seed: int | str) -> InventedTown:
    """Invent a municipality; the same seed and measure give the same town."""
    chance = random.Random(f"{seed}:{code}:town")
    town = InventedTown(code, _organisations(chance, measure))
    _people(chance, town, measure)
    if measure.with_history:
        _history(chance, town, measure)
    return town


def measure_of(town: Town, *, genitive: str, begins_on: date, today: date, offset: int) -> Measure:
    """Return the measure of a municipality of the demo."""
    return Measure(town.organisations, town.people, genitive, begins_on, today, town.first_number, offset)


def _organisations(chance: random.Random, measure: Measure) -> list[InventedOrganisation]:
    rows: list[InventedOrganisation] = []
    first_of: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for listed, names_of in PROPER.items():
        names[listed] = chance.sample(names_of, len(names_of))
    for code, kind in KINDS.items():
        for turn in range(measure.organisations.get(code, 0)):
            number = len(rows) + 1
            own = names.get(kind.proper, [])
            proper = own[turn % len(own)] if own else ""
            if own and turn >= len(own):
                # More than there are names: «Росинка-2».
                proper = f"{proper}-{turn // len(own) + 1}"
            words = {"m": measure.genitive, "n": measure.first_number + turn, "p": proper}
            # Several offices of one kind (large invented regions) are told apart by a number.
            once_more = "" if not turn or "{p}" in kind.name or "{n}" in kind.name else f" № {turn + 1}"
            starts_on = date(chance.randint(1994, 2016), chance.randint(1, 12), chance.randint(1, 28))
            rows.append(
                InventedOrganisation(
                    code=f"{number:05d}", kind=kind, name=kind.name.format(**words) + once_more,
                    short_name=kind.short.format(**words) + once_more, inn=invent_inn(measure.offset + number),
                    parent=first_of.get(kind.parent, ""), starts_on=starts_on, joins_on=measure.begins_on,
                    units=kind.units, headcounts={},
                )
            )  # fmt: skip
            first_of.setdefault(code, rows[-1].code)
    parents = {row.code: row for row in rows}
    for row in rows:
        if row.parent:
            row.starts_on = max(row.starts_on, parents[row.parent].starts_on)
        _headcounts(chance, row, measure)
    return rows


def _headcounts(chance: random.Random, row: InventedOrganisation, measure: Measure) -> None:
    people = chance.randint(*row.kind.people)
    for year in range(measure.begins_on.year, measure.today.year + 1):
        row.headcounts[date(year, 1, 1)] = people
        people = max(3, people + chance.randint(-3, 3))


def _people(chance: random.Random, town: InventedTown, measure: Measure) -> None:
    taken: set[str] = set()
    weights = [max(row.headcounts.values(), default=8) for row in town.organisations]
    whole = sum(weights)
    number = 0
    for row, weight in zip(town.organisations, weights, strict=True):
        wanted = max(2, round(measure.people * weight / whole))
        for turn in range(wanted):
            number += 1
            name = invent_name(chance, women=row.kind.women, taken=taken)
            since = date(
                chance.randint(2008, max(2009, measure.begins_on.year - 1)),
                chance.randint(1, 12),
                chance.randint(1, 28),
            )
            staff = row.kind.staff or ("Специалист",)
            row.people.append(
                InventedPerson(
                    code=f"С{number:06d}", family=name.family, given=name.given, patronymic=name.patronymic,
                    title=row.kind.head if turn == 0 else staff[(turn - 1) % len(staff)], is_head=turn == 0,
                    is_acting=turn == 0 and row.kind.kind == "institution" and chance.random() < 0.12,
                    starts_on=max(since, row.starts_on),
                    unit=chance.choice(row.units) if turn > 1 and row.units else "",
                    phone=invent_phone(measure.offset + number) if chance.random() < 0.7 else "",
                    email=invent_mail(name, number) if chance.random() < 0.6 else "",
                )
            )  # fmt: skip


def _history(chance: random.Random, town: InventedTown, measure: Measure) -> None:
    """Let life go on: two reorganisations with a successor, one plain closing, people who have left."""
    joined = town.of("kindergarten")[-1:] + town.of("school")[-1:]
    for turn, row in enumerate(joined):
        heirs = [other for other in town.of(row.kind.code) if other is not row]
        if heirs:
            year = measure.begins_on.year + 1 if turn == 0 else measure.today.year
            last_day = min(date(year, 8, 31), measure.today - timedelta(days=20))
            _close(row, last_day, f"Постановление от {last_day - timedelta(days=60):%d.%m.%Y} № {140 + turn}-п о реорганизации "
                                  "в форме присоединения", heirs[0].code)  # fmt: skip
    closing = town.of("museum") or town.of("shelter") or town.of("bus") or town.of("greenery")
    if closing:
        last_day = min(date(measure.begins_on.year + 1, 12, 31), measure.today - timedelta(days=20))
        _close(
            closing[0],
            last_day,
            f"Постановление от {last_day - timedelta(days=45):%d.%m.%Y} № 212-п о ликвидации",
        )
    for row in town.organisations:
        for place, person in enumerate(row.people):
            if place > 2 and chance.random() < 0.05 and row.ends_on is None:
                left = measure.begins_on + timedelta(days=chance.randint(90, 700))
                if person.starts_on < left < measure.today:
                    row.people[place] = InventedPerson(**{**vars(person), "ends_on": left})


def _close(row: InventedOrganisation, last_day: date, ground: str, successor: str = "") -> None:
    row.ends_on, row.ground, row.successor = last_day, ground, successor
    row.headcounts = {day: people for day, people in row.headcounts.items() if day <= last_day}


def all_words(towns: Iterable[InventedTown]) -> str:
    """Return everything invented as one text, for comparing two inventions."""
    return repr([town.organisations for town in towns])
