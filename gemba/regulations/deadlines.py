"""From a rule of the act to days in the calendar: pure dates, no database, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.periods import Quarter
from gemba.regulations.pack.plan import AfterPeriod, AtLeastTimes, Deadline, FixedDates, InPeriod, Yearly
from gemba.regulations.pack.schema import Pack

DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class DeadlineDate:
    """One day in the calendar and why it is there."""

    due_on: date
    """The last day on which the work is in time."""
    code: str
    title: str
    subject: str
    level: str
    as_written: str
    period_label: str
    legal_on: date
    """The day as the act names it, before any move off a day off."""
    remind_on: tuple[date, ...]
    """Working days on which a reminder goes out, earliest first."""
    clause: tuple[str, ...]
    to: str
    is_recommended: bool
    falls_on_day_off: bool
    is_after_programme: bool
    """The programme's years are over, yet no newer edition was adopted."""


@dataclass(frozen=True)
class Cadence:
    """A periodicity without a day of its own: «не реже одного раза в квартал»."""

    code: str
    title: str
    subject: str
    as_written: str
    clause: tuple[str, ...]


def dates_between(pack: Pack, first: date, last: date, calendar: WorkCalendar) -> list[DeadlineDate]:
    """Return every deadline day of the pack from `first` to `last`, in the order of days."""
    found = [
        item
        for deadline in pack.deadlines
        for legal_on, label in _legal_days(deadline, first - 12 * DAY, last + 12 * DAY)
        if first <= (item := _placed(pack, deadline, legal_on, label, calendar)).due_on <= last
    ]
    return sorted(found)


def cadences(pack: Pack) -> list[Cadence]:
    """Return the periodicities that name no day."""
    return [
        Cadence(item.code, item.title, item.subject, item.as_written, tuple(item.clause))
        for item in pack.deadlines
        if not isinstance(item.rule, AfterPeriod | InPeriod | Yearly | FixedDates)
    ]


def _legal_days(deadline: Deadline, first: date, last: date) -> Iterator[tuple[date, str]]:
    rule = deadline.rule
    if isinstance(rule, AfterPeriod):
        yield from _after_periods(rule, first, last)
    elif isinstance(rule, InPeriod):
        yield from _in_periods(rule, first, last)
    elif isinstance(rule, Yearly):
        for year in range(first.year, last.year + 1):
            day = _day_of(year, rule.month, rule.day)
            if first <= day <= last:
                yield day, f"{year} год"
    elif isinstance(rule, FixedDates):
        yield from ((day, f"{day.year} год") for day in rule.dates if first <= day <= last)
    elif isinstance(rule, AtLeastTimes) and (rule.per, rule.times, rule.every) == ("quarter", 1, 1):
        # «Не реже одного раза в квартал»: the quarter's last day is the last chance.
        quarter = Quarter.of(first)
        while quarter.first <= last:
            if first <= quarter.last <= last:
                yield quarter.last, quarter.label
            quarter = quarter.next()


def _after_periods(rule: AfterPeriod, first: date, last: date) -> Iterator[tuple[date, str]]:
    year, month = first.year - 2, 1
    while (year, month) <= (last.year + 1, 12):
        if _ends_period(rule.period, month):
            shifted = month - 1 + rule.month
            day = _day_of(year + shifted // 12, shifted % 12 + 1, rule.day)
            if first <= day <= last:
                yield day, _period_label(rule.period, year, month)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _in_periods(rule: InPeriod, first: date, last: date) -> Iterator[tuple[date, str]]:
    length = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[rule.period]
    for year in range(first.year, last.year + 1):
        for ends in range(length, 13, length):
            month = ends if rule.month is None else ends - length + min(rule.month, length)
            day = _day_of(year, month, rule.day or 31)
            if first <= day <= last:
                yield day, _period_label(rule.period, year, ends)


def _ends_period(period: str, month: int) -> bool:
    return {"month": True, "quarter": month % 3 == 0, "half_year": month % 6 == 0, "year": month == 12}.get(
        period, False
    )


def _period_label(period: str, year: int, month: int) -> str:
    if period == "quarter":
        return Quarter(year, month // 3).label
    if period == "half_year":
        return f"{'I' if month == 6 else 'II'} полугодие {year} года"
    return f"{year} год" if period == "year" else f"{month:02}.{year}"


def _day_of(year: int, month: int, day: int) -> date:
    """Return the day, or the last day of a month that is shorter."""
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def _placed(
    pack: Pack, deadline: Deadline, legal_on: date, label: str, calendar: WorkCalendar
) -> DeadlineDate:
    conventions = pack.conventions
    last_day = legal_on if conventions.is_due_day_included else legal_on - DAY
    due_on = last_day
    if isinstance(deadline.rule, InPeriod) and deadline.rule.is_working_day:
        last_day = due_on = calendar.previous_working(last_day)
    if not calendar.is_working(last_day):
        if conventions.day_off == "previous":
            due_on = calendar.previous_working(last_day)
        elif conventions.day_off == "next":
            due_on = calendar.next_working(last_day)
    # A reminder aims at the last working day on which the work can still be done.
    aim = calendar.previous_working(due_on)
    remind_on = sorted(
        {calendar.add_working_days(aim, -days) for days in conventions.remind_working_days_before}
    )
    return DeadlineDate(
        due_on=due_on,
        code=deadline.code,
        title=deadline.title,
        subject=deadline.subject,
        level=deadline.level,
        as_written=deadline.as_written,
        period_label=label,
        legal_on=legal_on,
        remind_on=tuple(remind_on),
        clause=tuple(deadline.clause),
        to=deadline.to or "",
        is_recommended=deadline.is_recommended,
        falls_on_day_off=not calendar.is_working(last_day),
        is_after_programme=legal_on.year > max(pack.edition.years) + 1,
    )
