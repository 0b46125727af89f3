"""When regular work is due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.jobs.rules import BACK_OFF, DailyAt, EveryMinutes, NthWorkingDay, next_attempt_after, span_of
from gemba.kernel.calendar import WorkCalendar

ZONE = ZoneInfo("Asia/Novokuznetsk")  # UTC+7
CALENDAR = WorkCalendar(days_off=[date(2026, 1, day) for day in range(1, 12)])


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[misc, arg-type]


def test_every_quarter_of_an_hour_is_due_at_the_quarter() -> None:
    now = datetime(2026, 11, 21, 10, 44, 59, tzinfo=UTC)
    assert EveryMinutes(15).latest_due(now, ZONE, CALENDAR) == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def test_daily_work_is_due_by_local_time_and_yesterday_counts_until_then() -> None:
    daily = DailyAt(time(3, 30))
    assert daily.latest_due(local(2026, 11, 21, 3, 30), ZONE, CALENDAR) == local(2026, 11, 21, 3, 30)
    assert daily.latest_due(local(2026, 11, 21, 3, 29), ZONE, CALENDAR) == local(2026, 11, 20, 3, 30)


def test_the_nth_working_day_skips_days_off() -> None:
    fifth = NthWorkingDay(5, "quarter", time(6))
    assert fifth.latest_due(local(2026, 1, 16, 6), ZONE, CALENDAR) == local(2026, 1, 16, 6)
    assert fifth.latest_due(local(2026, 1, 16, 5), ZONE, CALENDAR) == local(2025, 10, 7, 6)


def test_the_last_working_day_is_counted_from_the_end() -> None:
    last = NthWorkingDay(-1, "month", time(6))
    assert last.latest_due(local(2026, 2, 28, 12), ZONE, CALENDAR) == local(2026, 2, 27, 6)
    before_last = NthWorkingDay(-2, "year", time(6))
    assert before_last.latest_due(local(2026, 12, 31, 12), ZONE, CALENDAR) == local(2026, 12, 30, 6)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(
        [
            EveryMinutes(7),
            DailyAt(time(23, 59)),
            NthWorkingDay(3, "month", time(0)),
            NthWorkingDay(-1, "year", time(8)),
        ]
    ),
)
def test_what_is_due_is_past_and_stays_until_the_next(now: datetime, every: DailyAt) -> None:
    due = every.latest_due(now, ZONE, CALENDAR)
    assert due is not None and due <= now
    assert every.latest_due(due, ZONE, CALENDAR) == due


def test_spans() -> None:
    assert span_of(date(2028, 2, 10), "month") == (date(2028, 2, 1), date(2028, 2, 29))
    assert span_of(date(2026, 12, 31), "month") == (date(2026, 12, 1), date(2026, 12, 31))
    assert span_of(date(2026, 5, 1), "quarter") == (date(2026, 4, 1), date(2026, 6, 30))


def test_attempts_wait_longer_and_longer_and_end() -> None:
    waits = [next_attempt_after(attempt, 6) for attempt in range(1, 7)]
    assert waits == [*BACK_OFF, BACK_OFF[-1], None]
    assert timedelta(0) < BACK_OFF[0] < BACK_OFF[1] < BACK_OFF[2]


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_nonsense_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError):
        EveryMinutes(minutes)
    with pytest.raises(ValueError):
        NthWorkingDay(0, "month", time(6))
