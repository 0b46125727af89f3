"""The schedule: modules enter their regular work here, the worker gives it its turns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any

from gemba.jobs.rules import DailyAt, Every, EveryMinutes, NthWorkingDay, Span
from gemba.kernel.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Entry:
    """One regular job: its function is called with `at`, the moment it was due."""

    name: str
    function: str
    every: Every


_entries: dict[str, Entry] = {}
_calendar: list[Callable[[], WorkCalendar]] = []


def register(
    name: str,
    function: str | Callable[..., object],
    *,
    every_minutes: int | None = None,
    daily_at: str | None = None,
    nth_working_day: int | None = None,
    of: Span = "month",
    at: str = "06:00",
) -> None:
    """Enter a regular job; call it from `apps.ready()`.

    Exactly one of `every_minutes=15`, `daily_at="03:30"`, `nth_working_day=5` (`of="quarter"`, `at="06:00"`; -1 is
    the last). `function` is a module-level function or its dotted path; it is called with `at=` the due moment.

    :raises ValueError: when the times are wrong or the name is taken by another function.
    """
    given = [value is not None for value in (every_minutes, daily_at, nth_working_day)]
    if sum(given) != 1:
        raise ValueError(f"{name}: say one of every_minutes, daily_at, nth_working_day")
    every: Every
    if every_minutes is not None:
        every = EveryMinutes(every_minutes)
    elif daily_at is not None:
        every = DailyAt(time.fromisoformat(daily_at))
    else:
        assert nth_working_day is not None
        every = NthWorkingDay(nth_working_day, of, time.fromisoformat(at))
    entry = Entry(name, path_of(function), every)
    if _entries.setdefault(name, entry) != entry:
        raise ValueError(f"{name}: registered twice, differently")


def provide_calendar(calendar: Callable[[], WorkCalendar]) -> None:
    """Say which days work for `nth_working_day`; without it Monday to Friday do."""
    _calendar[:] = [calendar]


def calendar() -> WorkCalendar:
    """Return the calendar the schedule goes by."""
    return _calendar[0]() if _calendar else WorkCalendar()


def entries() -> Iterator[Entry]:
    """Return all regular jobs in the order of their names."""
    return iter(sorted(_entries.values(), key=lambda entry: entry.name))


def path_of(function: str | Callable[..., Any]) -> str:
    """Return the dotted path of a module-level function.

    :raises ValueError: when it is a lambda or stands inside another function: a worker could not find it.
    """
    if isinstance(function, str):
        return function
    if "<" in function.__qualname__:
        raise ValueError(f"{function.__qualname__}: a job is a function of a module")
    return f"{function.__module__}.{function.__qualname__}"
