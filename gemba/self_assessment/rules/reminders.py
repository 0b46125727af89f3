"""On which days those who have not handed in are reminded. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from gemba.kernel.calendar import WorkCalendar

BEFORE = (7, 1, 0)
"""Days before the term."""
WEEK = timedelta(days=7)
WEEKS_AFTER = 12
"""So long the late ones are asked every week; who is silent longer than a quarter is not moved by letters."""


def reminder_days(*, opens_on: date, send_by: date, calendar: WorkCalendar) -> list[date]:
    """Return the days of reminders: on working days, a week and a day before, on the last day, then every week."""
    before = {calendar.previous_working(send_by - timedelta(days=days)) for days in BEFORE}
    after = {calendar.next_working(send_by + WEEK * number) for number in range(1, WEEKS_AFTER + 1)}
    return sorted(day for day in before | after if day > opens_on)


def due_on(*, today: date, opens_on: date, send_by: date, calendar: WorkCalendar) -> date | None:
    """Return the reminder day that has come: the latest one not after today; a missed one is caught up in a week."""
    days = reminder_days(opens_on=opens_on, send_by=send_by, calendar=calendar)
    last = max((day for day in days if day <= today), default=None)
    return last if last is not None and today - last < WEEK else None
