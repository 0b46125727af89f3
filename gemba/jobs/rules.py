"""When a scheduled job is due, and when a failed one is tried again."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.periods import Quarter, Year

# The 1st attempt fails: again after a minute; the 2nd: after 10 minutes; then an hour, then six.
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
# A worker that gave no sign for so long is dead, and its work is taken over.
SIGN_OF_LIFE = timedelta(seconds=15)
DEAD_AFTER = timedelta(seconds=90)

Span = Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class EveryMinutes:
    """Every so many minutes, counted from midnight UTC so that all workers agree."""

    minutes: int

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= 24 * 60:
            raise ValueError("every_minutes: от 1 до 1440")

    def latest_due(self, now: datetime, zone: ZoneInfo, calendar: WorkCalendar) -> datetime | None:
        """Return the latest moment not after now at which the job was due."""
        minute = int(now.timestamp()) // 60
        return datetime.fromtimestamp((minute - minute % self.minutes) * 60, tz=now.tzinfo)


@dataclass(frozen=True, slots=True)
class DailyAt:
    """Every day at a local time."""

    at: time

    def latest_due(self, now: datetime, zone: ZoneInfo, calendar: WorkCalendar) -> datetime | None:
        """Return the latest moment not after now at which the job was due."""
        local = now.astimezone(zone)
        today = datetime.combine(local.date(), self.at, zone)
        return today if today <= now else datetime.combine(local.date() - timedelta(days=1), self.at, zone)


@dataclass(frozen=True, slots=True)
class NthWorkingDay:
    """On the n-th working day of every month, quarter or year, at a local time; -1 is the last working day."""

    number: int
    of: Span
    at: time

    def __post_init__(self) -> None:
        if self.number == 0:
            raise ValueError("nth_working_day: счёт идёт с 1 (или с -1 от конца)")

    def latest_due(self, now: datetime, zone: ZoneInfo, calendar: WorkCalendar) -> datetime | None:
        """Return the latest moment not after now at which the job was due; None when not in this or the last span."""
        local = now.astimezone(zone).date()
        first, last = span_of(local, self.of)
        spans = [(first, last), span_of(first - timedelta(days=1), self.of)]
        for first, last in spans:
            if self.number > 0:
                day = calendar.nth_working_day(first, self.number)
            else:
                day = calendar.add_working_days(calendar.previous_working(last), self.number + 1)
            due = datetime.combine(day, self.at, zone)
            if due <= now:
                return due
        return None


Every = EveryMinutes | DailyAt | NthWorkingDay


def span_of(day: date, of: Span) -> tuple[date, date]:
    """Return the first and last day of the month, quarter or year around a day."""
    if of == "quarter":
        quarter = Quarter.of(day)
        return quarter.first, quarter.last
    if of == "year":
        year = Year.of(day)
        return year.first, year.last
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following - timedelta(days=1)


def next_attempt_after(attempt: int, attempts: int) -> timedelta | None:
    """Return how long to wait after a failed attempt, counted from 1; None when it was the last."""
    if attempt >= attempts:
        return None
    return BACK_OFF[min(attempt, len(BACK_OFF)) - 1]
