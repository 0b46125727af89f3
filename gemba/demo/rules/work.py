"""How the work with proposals went: who proposed what, when, what was decided and done, day by day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from gemba.demo.rules.invention import InventedOrganisation, InventedPerson, InventedTown
from gemba.demo.rules.proposal_texts import DONE_NOTES, IDEAS, REFUSALS, RETURNS, Idea

# Ways a proposal goes, with their weights among those that do not reach implementation.
_OTHER_WAYS = {
    "rejected": 34, "duplicate": 8, "withdrawn": 8, "cancelled": 8, "postponed": 6, "accepted": 10, "to_project": 6,
    "in_progress": 12, "returned": 4, "registered": 4,
}  # fmt: skip
# Ways of those sent in the last weeks: somebody's work of today.
_OPEN_WAYS = (
    "registered",
    "registered",
    "under_review",
    "accepted",
    "returned",
    "in_progress",
    "commission",
    "implemented",
)
# How many days ago such a proposal was sent to be within its term today.
_SENT_AGO = {"registered": (3, 1), "under_review": (5, 3), "returned": (7, 5), "commission": (8, 6)}
_PLACES = (
    "Так бывает два-три раза в неделю.", "Теряем на этом около получаса в день.", "Об этом говорят все, кто приходит новым.",
    "Особенно заметно в начале месяца.", "Посчитали за неделю: набралось больше двух часов.", "Сменщица жалуется на то же самое.",
    "Раньше мирились, но людей стало меньше.", "Замечание записали и при внутренней проверке.",
)  # fmt: skip
_ROOMS = ("кабинет", "участок", "бокс", "склад", "подъезд", "павильон", "стеллаж", "щитовая")
STREETS = (
    "Вишнёвая", "Родниковая", "Кедровая", "Звёздная", "Ромашковая", "Облачная", "Мельничная", "Грибная", "Кленовая", "Росистая",
    "Липовая", "Журавлиная", "Овражная", "Снежная", "Ореховая", "Медовая", "Туманная", "Ивовая", "Земляничная", "Каменная",
    "Брусничная", "Ветреная", "Зеркальная", "Золотистая", "Июльская", "Лебяжья", "Малиновая", "Песчаная", "Радужная", "Яхонтовая",
)  # fmt: skip
_CLOSERS = (
    "",
    "",
    "",
    " Для начала попробовать в одном месте.",
    " Успеем до конца квартала.",
    " Затрат не нужно.",
)


class Adder(Protocol):
    """Adds what happened next."""

    def __call__(self, verb: str, day: date, who: str, text: str = "") -> None: ...


@dataclass(frozen=True)
class Step:
    """One thing done to a proposal: what, when, by whom, with which words."""

    verb: str
    day: date
    minute: int
    """Minutes since the beginning of the day."""
    who: str
    """Code of the person."""
    text: str = ""


@dataclass
class InventedProposal:
    """A proposal with everything that happened to it."""

    organisation: str
    unit: str
    author: str
    co_authors: tuple[str, ...]
    responsible: str
    problem: str
    solution: str
    category: str
    expected: str
    needs_money: bool
    is_author_ready: bool
    source: str
    planned_on: date | None = None
    implemented_on: date | None = None
    postponed_until: date | None = None
    hours_a_year: int = 0
    money_a_year: int = 0
    steps: list[Step] = field(default_factory=list)
    # For a duplicate: place of the original in the list of the town.
    original: int = -1

    @property
    def submitted(self) -> Step:
        """Return the first step."""
        return self.steps[0]


def invent_work(
    town: InventedTown,
    *,
    seed: int | str,
    begins_on: date,
    today: date,
    targets: dict[int, int],
    open_ones: int = 20,
    zeal_floor: float = 0.0,
) -> list[InventedProposal]:
    """Invent the proposals of a town: by year some reach the target, some come close, some do not; and today's work."""
    chance = random.Random(f"{seed}:{town.code}:work")
    found: list[InventedProposal] = []
    for organisation in town.organisations:
        if organisation.joins_on is None:
            continue
        people = working(organisation)
        # An organisation that is good at it stays so from year to year, more or less.
        zeal = zeal_floor + (1 - zeal_floor) * chance.random()
        ideas = _Ideas(chance, organisation)
        for year, target in targets.items():
            first, last = (
                max(begins_on + timedelta(days=3), date(year, 1, 12)),
                min(date(year, 12, 18), today),
            )
            if organisation.ends_on is not None:
                last = min(last, organisation.ends_on)
            if (last - first).days < 40:
                continue
            for _ in range(_done_count(chance, zeal, target)):
                done_on = _day(chance, first + timedelta(days=32), last - timedelta(days=2))
                sent_on = max(_day(chance, done_on - timedelta(days=58), done_on - timedelta(days=24)), first)
                found.append(_done(chance, organisation, people, ideas.next(), sent_on, done_on, last))
            for _ in range(chance.choice((0, 0, 1, 1, 2))):
                way = chance.choices(list(_OTHER_WAYS), list(_OTHER_WAYS.values()))[0]
                day = _day(chance, first, last - timedelta(days=35))
                found.append(_other(chance, organisation, people, ideas.next(), day, way, last))
    found += _open_ones(chance, town, today, open_ones)
    found.sort(key=lambda row: (row.submitted.day, row.submitted.minute, row.organisation, row.author))
    _join_duplicates(chance, found)
    return found


def _open_ones(chance: random.Random, town: InventedTown, today: date, count: int) -> list[InventedProposal]:
    """Invent the work of these weeks: first in a school, where the people of the demo work, then everywhere."""
    living = [
        row for row in town.organisations if row.ends_on is None and row.joins_on and len(working(row)) > 2
    ]
    schools = [row for row in living if row.kind.code == "school"] or living
    found = []
    ideas = {row.code: _Ideas(chance, row) for row in living}
    for turn in range(count):
        organisation = schools[0] if turn < len(_OPEN_WAYS) else chance.choice(living)
        way = _OPEN_WAYS[turn % len(_OPEN_WAYS)]
        # Half of what waits for an answer is late, the rest is within its term.
        farthest, nearest = _SENT_AGO.get(way, (24, 9)) if turn % 2 == 0 else (24, 9)
        day = _day(chance, today - timedelta(days=farthest), today - timedelta(days=nearest))
        idea = ideas[organisation.code].next()
        found.append(_other(chance, organisation, working(organisation), idea, day, way, today))
    return found


def work_stream(
    town: InventedTown, *, seed: int | str, begins_on: date, today: date, count: int
) -> Iterator[InventedProposal]:
    """Invent so many proposals day after day, in the order of sending, without keeping them."""
    chance = random.Random(f"{seed}:{town.code}:stream")
    days = max(1, (today - begins_on).days)
    workdays = [day for turn in range(days) if (day := begins_on + timedelta(days=turn)).weekday() < 5]
    places = [
        (organisation, people, _Ideas(chance, organisation))
        for organisation in town.organisations
        if organisation.joins_on and len(people := working(organisation)) > 1
    ]
    # Big organisations send more, and some are keener than others.
    weights = [len(people) * (0.3 + chance.random()) for _, people, _ in places]
    earlier: dict[str, int] = {}
    made = 0
    for turn, day in enumerate(workdays, 1):
        batch: list[InventedProposal] = []
        for _ in range(count * turn // len(workdays) - made - len(batch)):
            organisation, people, ideas = chance.choices(places, weights)[0]
            batch.append(_sent_on(chance, organisation, people, ideas.next(), day, today))
        batch.sort(key=lambda row: (row.submitted.minute, row.organisation, row.author))
        for row in batch:
            if row.steps[-1].verb == "duplicate":
                row.original = earlier.get(row.organisation, -1)
                if row.original < 0:
                    row.steps.pop()
            elif row.steps[-1].verb in ("close", "verify", "implement"):
                earlier[row.organisation] = made
            made += 1
            yield row


def _sent_on(
    chance: random.Random,
    organisation: InventedOrganisation,
    people: list[InventedPerson],
    idea: Idea,
    day: date,
    today: date,
) -> InventedProposal:
    """Let a proposal go its way from the day of sending to today."""
    if chance.random() < 0.62:
        row = _done(chance, organisation, people, idea, day, _after(chance, day, 24, 58), date.max)
    else:
        way = chance.choices(list(_OTHER_WAYS), list(_OTHER_WAYS.values()))[0]
        row = _other(chance, organisation, people, idea, day, way, date.max)
    row.steps = [step for step in row.steps if step.day <= today]
    verbs = {step.verb for step in row.steps}
    if "implement" not in verbs:
        row.implemented_on = None
    if (today - day).days > 60 and row.steps[-1].verb in ("submit", "take", "accept", "start"):
        # Few are forgotten for months: most of what stands still is closed with a reason.
        last = row.steps[-1]
        if last.verb in ("submit", "take") and chance.random() < 0.9:
            row.steps.append(
                Step("reject", last.day, last.minute + 20, _head(people), chance.choice(REFUSALS))
            )
            if last.verb == "submit":
                row.steps.insert(1, Step("take", last.day, last.minute + 10, _head(people)))
    return row


def working(organisation: InventedOrganisation) -> list[InventedPerson]:
    """Return the people of an organisation who have not left."""
    return [person for person in organisation.people if person.ends_on is None]


def _done_count(chance: random.Random, zeal: float, target: int) -> int:
    """Some exceed the target, most reach it, some stop one short, some hardly begin."""
    drawn = 0.65 * zeal + 0.35 * chance.random()
    if drawn > 0.8:
        return target + chance.randint(1, 2)
    if drawn > 0.4:
        return target
    if drawn > 0.24:
        return max(0, target - 1)
    return chance.randint(0, max(0, target - 2))


class _Ideas:
    """Ideas for an organisation, none twice until all are used."""

    def __init__(self, chance: random.Random, organisation: InventedOrganisation) -> None:
        self.chance = chance
        self.topics = organisation.kind.topics
        self.left: list[Idea] = []

    def next(self) -> Idea:
        """Return an idea that has not been used lately."""
        if not self.left:
            self.left = [idea for topic in self.topics for idea in IDEAS[topic]]
            self.chance.shuffle(self.left)
        return self.left.pop()


def _day(chance: random.Random, first: date, last: date) -> date:
    """Draw a day from Monday to Friday."""
    day = first + timedelta(days=chance.randint(0, max(0, (last - first).days)))
    return day - timedelta(days=day.weekday() - 4) if day.weekday() > 4 else day


def _after(chance: random.Random, day: date, least: int, most: int) -> date:
    later = day + timedelta(days=chance.randint(least, most))
    return later + timedelta(days=7 - later.weekday()) if later.weekday() > 4 else later


def _minute(chance: random.Random) -> int:
    return chance.randint(8 * 60 + 10, 17 * 60)


def _blank(
    chance: random.Random, organisation: InventedOrganisation, people: list[InventedPerson], idea: Idea
) -> InventedProposal:
    staff = people[1:] or people
    author = chance.choice(staff)
    others = [person for person in staff if person is not author]
    mates = tuple(
        person.code for person in chance.sample(others, min(len(others), chance.choice((0, 0, 0, 1, 2))))
    )
    detail = f" {chance.choice(_PLACES)}" if chance.random() < 0.7 else ""
    if chance.random() < 0.6:
        detail += f" {_where(chance)}"
    return InventedProposal(
        organisation=organisation.code, unit=author.unit, author=author.code, co_authors=mates,
        responsible=chance.choice(others or people).code, problem=idea.problem + detail,
        solution=idea.solution + chance.choice(_CLOSERS), category=idea.category,
        expected=chance.choice(("", "", "Меньше потерь времени.", "Меньше ошибок и возвратов.", "Удобнее людям.")),
        needs_money=idea.needs_money, is_author_ready=chance.random() < 0.4,
        source=chance.choices(("staff", "qr", "paper"), (60, 25, 15))[0],
    )  # fmt: skip


def _where(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return f"Место: {chance.choice(_ROOMS)} {chance.randint(1, 480)}."
    return f"Место: улица {chance.choice(STREETS)}, дом {chance.randint(1, 180)}."


def _head(people: list[InventedPerson]) -> str:
    return next((person.code for person in people if person.is_head), people[0].code)


def _done(
    chance: random.Random,
    organisation: InventedOrganisation,
    people: list[InventedPerson],
    idea: Idea,
    sent_on: date,
    done_on: date,
    last: date,
) -> InventedProposal:
    """Let a proposal sent on one day be implemented on another."""
    row = _blank(chance, organisation, people, idea)
    head = _head(people)
    add = _adder(row, chance)
    add("submit", sent_on, row.author)
    taken_on = _after(chance, sent_on, 1, 2)
    add("take", taken_on, head)
    if chance.random() < 0.12:
        returned_on = _after(chance, taken_on, 0, 1)
        add("return", returned_on, head, chance.choice(RETURNS))
        taken_on = _after(chance, returned_on, 1, 2)
        add("answer", taken_on, row.author, "Дополнено: подробности приложены, место согласовано.")
    accepted_on = _after(chance, taken_on, 1, 3)
    row.planned_on = accepted_on + timedelta(days=30)
    add("accept", accepted_on, head, chance.choice(("", "Поддерживаю.", "Полезно, внедряем.")))
    if chance.random() < 0.6:
        add("start", min(_after(chance, accepted_on, 1, 3), done_on), row.responsible)
    row.implemented_on = done_on
    add("implement", done_on, row.responsible, chance.choice(DONE_NOTES))
    verified_on = _after(chance, done_on, 1, 6)
    if chance.random() < 0.9 and verified_on <= last:
        add("verify", verified_on, row.author if row.author != row.responsible else head)
        if chance.random() < 0.6 and (closed_on := _after(chance, verified_on, 1, 9)) <= last:
            add("close", closed_on, head)
    row.hours_a_year = chance.choice((0, 12, 24, 40, 60, 96, 120, 240))
    row.money_a_year = chance.choice((0, 0, 0, 4_500, 12_000, 38_000)) if idea.category == "cost" else 0
    return row


def _other(
    chance: random.Random,
    organisation: InventedOrganisation,
    people: list[InventedPerson],
    idea: Idea,
    day: date,
    way: str,
    last: date,
) -> InventedProposal:
    """Let a proposal go another way, or stand where it stands today."""
    row = _blank(chance, organisation, people, idea)
    head = _head(people)
    add = _adder(row, chance)
    add("submit", day, row.author)
    if way == "registered":
        return row
    at = _after(chance, day, 1, 2)
    if at > last:
        return row
    if way == "withdrawn":
        add("withdraw", at, row.author)
        return row
    add("take", at, head)
    later = _after(chance, at, 1, 3)
    if later > last:
        return row
    if way == "rejected":
        add("reject", later, head, chance.choice(REFUSALS))
    elif way == "to_project":
        add("project", later, head, "Затрагивает несколько подразделений: рассмотрим как бережливый проект.")
    elif way == "returned":
        add("return", later, head, chance.choice(RETURNS))
    elif way == "commission":
        add("commission", later, head, "Нужно решение нескольких управлений.")
    elif way == "duplicate":
        add("duplicate", later, head)
    elif way in ("accepted", "in_progress", "cancelled", "postponed", "implemented"):
        row.planned_on = later + timedelta(days=30)
        add("accept", later, head)
        next_on = _after(chance, later, 1, 4)
        if next_on > last:
            return row
        if way == "in_progress":
            add("start", next_on, row.responsible)
        elif way == "cancelled":
            add("cancel", next_on, head, "Помещение закрыто на ремонт, вернёмся к вопросу позже.")
        elif way == "postponed":
            row.postponed_until = next_on + timedelta(days=120)
            add("postpone", next_on, head, "Ждём поставку мебели по контракту.")
        elif way == "implemented":
            row.implemented_on = next_on
            add("implement", next_on, row.responsible, chance.choice(DONE_NOTES))
    return row


def _adder(row: InventedProposal, chance: random.Random) -> Adder:
    def add(verb: str, day: date, who: str, text: str = "") -> None:
        before = row.steps[-1] if row.steps else None
        minute = _minute(chance)
        if before is not None and before.day >= day:
            day, minute = before.day, max(minute, min(before.minute + 7, 1200))
        row.steps.append(Step(verb, day, minute, who, text))

    return add


def _join_duplicates(chance: random.Random, found: list[InventedProposal]) -> None:
    """Point every duplicate at an earlier proposal of the same organisation; without one it is rejected."""
    earlier: dict[str, list[int]] = {}
    for place, row in enumerate(found):
        last = row.steps[-1]
        if last.verb == "duplicate":
            originals = earlier.get(row.organisation, [])
            if originals:
                row.original = chance.choice(originals)
            else:
                row.steps[-1] = Step("reject", last.day, last.minute, last.who, REFUSALS[0])
        elif last.verb not in {"withdraw", "reject", "cancel", "project", "postpone"}:
            earlier.setdefault(row.organisation, []).append(place)


def in_order(found: list[InventedProposal]) -> Iterator[tuple[int, Step]]:
    """Yield everything that happened, day after day: the place of the proposal and the step."""
    steps = [
        (step.day, step.minute, place, turn, step)
        for place, row in enumerate(found)
        for turn, step in enumerate(row.steps)
    ]
    for _, _, place, _, step in sorted(steps, key=lambda item: item[:4]):
        yield place, step
