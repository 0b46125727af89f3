"""Months and years of the calendar page: which day stands where and what falls on it."""

import calendar as weeks
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from gemba.kernel.calendar import WorkCalendar
from gemba.workspace.terms import Term

MONTHS = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь",
    "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip
# A term in a later month may send its first reminder into this one.
REMINDERS_REACH = timedelta(days=92)
# Years the calendar opens; beyond them an address is damaged.
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class Day:
    """A square of the month."""

    on: date
    is_inside: bool
    is_today: bool
    is_working: bool
    # Why the day is off, or a working weekend: «День народного единства».
    word: str
    terms: list[Term] = field(default_factory=list)
    reminders: list[Term] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a grid of weeks from Monday to Sunday."""

    year: int
    number: int
    weeks: list[list[Day]]

    @property
    def title(self) -> str:
        """Return the name of the month."""
        return MONTHS[self.number - 1]

    @property
    def terms(self) -> list[Term]:
        """Return the terms that fall into the month itself."""
        return [term for week in self.weeks for day in week if day.is_inside for term in day.terms]


def days_of(year: int, month: int) -> list[list[date]]:
    """Return the weeks of the month with the days of the months beside it."""
    return weeks.Calendar(firstweekday=0).monthdatescalendar(year, month)


def month_of(
    *,
    year: int,
    number: int,
    terms: Iterable[Term],
    calendar: WorkCalendar,
    titles: Mapping[date, str],
    today: date,
) -> Month:
    """Lay terms and reminders out over a month."""
    due: dict[date, list[Term]] = defaultdict(list)
    remind: dict[date, list[Term]] = defaultdict(list)
    for term in terms:
        due[term.item.due_on].append(term)
        for day in term.item.remind_on:
            remind[day].append(term)
    grid = [
        [
            Day(
                on=day,
                is_inside=day.month == number,
                is_today=day == today,
                is_working=calendar.is_working(day),
                word=_word(day, calendar, titles),
                terms=due.get(day, []),
                reminders=remind.get(day, []),
            )
            for day in week
        ]
        for week in days_of(year, number)
    ]
    return Month(year, number, grid)


def _word(day: date, calendar: WorkCalendar, titles: Mapping[date, str]) -> str:
    if day in titles:
        return titles[day]
    return "" if calendar.is_working(day) else "Выходной"


def counts(terms: Iterable[Term]) -> Counter[str]:
    """Count the terms by what they are about."""
    return Counter(term.what for term in terms)


def beside(year: int, month: int, step: int) -> tuple[int, int]:
    """Return the month before or after."""
    shifted = year * 12 + month - 1 + step
    return shifted // 12, shifted % 12 + 1
