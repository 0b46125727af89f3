"""Working days: Monday to Friday, less the days off, plus the weekends that were made working days."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

DAY = timedelta(days=1)
# A calendar with no working day for so long is an error in the data, not a holiday.
LONGEST_BREAK_DAYS = 366


class WorkCalendar:
    """The working days of a municipality; an immutable value.

    :raises ValueError: when one day is both off and a working weekend.
    """

    __slots__ = ("_extra", "_off", "days_off", "working_weekends")

    days_off: frozenset[date]
    working_weekends: frozenset[date]

    def __init__(self, days_off: Iterable[date] = (), working_weekends: Iterable[date] = ()) -> None:
        self.days_off = frozenset(days_off)
        self.working_weekends = frozenset(working_weekends)
        both = self.days_off & self.working_weekends
        if both:
            days = ", ".join(day.strftime("%d.%m.%Y") for day in sorted(both))
            raise ValueError(f"День назван и выходным, и рабочим: {days}.")
        # Sorted exceptions to the five-day week make counting over years a matter of two look-ups.
        self._off = sorted(day for day in self.days_off if day.weekday() < 5)
        self._extra = sorted(day for day in self.working_weekends if day.weekday() >= 5)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return (self.days_off, self.working_weekends) == (other.days_off, other.working_weekends)

    def __hash__(self) -> int:
        return hash((self.days_off, self.working_weekends))

    def is_working(self, day: date) -> bool:
        """Tell whether the day is a working day."""
        return day in self.working_weekends or (day.weekday() < 5 and day not in self.days_off)

    def next_working(self, day: date) -> date:
        """Return the day itself when it is working, otherwise the first working day after it.

        :raises ValueError: when no working day follows for a year.
        """
        return self._step(day, DAY)

    def previous_working(self, day: date) -> date:
        """Return the day itself when it is working, otherwise the last working day before it.

        :raises ValueError: when no working day precedes for a year.
        """
        return self._step(day, -DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the count-th working day after the day (before it for a negative count; the day itself for 0).

        The day itself is never counted, as terms run from the day after the event.

        :raises ValueError: when no working day is found for a year.
        """
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day = self._step(day + step, step)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after start up to and including end; negative when end is before start.

        The reverse of `add_working_days`: adding the answer to start gives end when end is a working day.
        """
        if end < start:
            # Backwards the far day counts and the start does not, so that both directions agree.
            return -self._count(end, start - DAY)
        return self._count(start + DAY, end)

    def nth_working_day(self, first: date, number: int) -> date:
        """Return the number-th working day counted from the first day, which itself counts when it is working.

        :raises ValueError: when the number is below 1 or no working day is found for a year.
        """
        if number < 1:
            raise ValueError(f"Рабочий день по счёту {number}: ожидается 1 или больше.")
        return self.add_working_days(self.next_working(first), number - 1)

    def _step(self, day: date, step: timedelta) -> date:
        start = day
        for _ in range(LONGEST_BREAK_DAYS):
            if self.is_working(day):
                return day
            day += step
        raise ValueError(
            f"В календаре нет рабочих дней целый год от {start:%d.%m.%Y}: проверьте выходные дни."
        )

    def _count(self, first: date, last: date) -> int:
        """Count working days from first to last, both included."""
        if last < first:
            return 0
        weeks, rest = divmod((last - first).days + 1, 7)
        five_day = weeks * 5 + sum((first.weekday() + offset) % 7 < 5 for offset in range(rest))
        off = bisect_right(self._off, last) - bisect_left(self._off, first)
        extra = bisect_right(self._extra, last) - bisect_left(self._extra, first)
        return five_day - off + extra
