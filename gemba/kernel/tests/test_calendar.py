"""Working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.kernel.calendar import WorkCalendar

# The first days of 2026, with Saturday 3 January moved to Friday 9 January as an invented example.
NEW_YEAR = WorkCalendar(
    days_off=[date(2026, 1, day) for day in range(1, 10)],
    working_weekends=[date(2026, 1, 17)],
)
days = st.dates(date(2025, 6, 1), date(2026, 12, 31))


def test_days_off_and_weekends_are_not_working() -> None:
    assert not NEW_YEAR.is_working(date(2026, 1, 1))
    assert not NEW_YEAR.is_working(date(2026, 1, 11))
    assert NEW_YEAR.is_working(date(2026, 1, 12))


def test_a_moved_weekend_works() -> None:
    assert NEW_YEAR.is_working(date(2026, 1, 17))
    assert not NEW_YEAR.is_working(date(2026, 1, 18))


def test_next_and_previous_keep_a_working_day_and_move_off_a_day_off() -> None:
    assert NEW_YEAR.next_working(date(2026, 1, 12)) == date(2026, 1, 12)
    assert NEW_YEAR.next_working(date(2026, 1, 1)) == date(2026, 1, 12)
    assert NEW_YEAR.previous_working(date(2026, 1, 11)) == date(2025, 12, 31)


def test_a_term_runs_from_the_day_after_the_event() -> None:
    assert NEW_YEAR.add_working_days(date(2025, 12, 31), 1) == date(2026, 1, 12)
    assert NEW_YEAR.add_working_days(date(2026, 1, 15), 2) == date(2026, 1, 17)
    assert NEW_YEAR.add_working_days(date(2026, 1, 12), -1) == date(2025, 12, 31)
    assert NEW_YEAR.add_working_days(date(2026, 1, 3), 0) == date(2026, 1, 3)


def test_the_nth_working_day_counts_the_first_day() -> None:
    assert NEW_YEAR.nth_working_day(date(2026, 1, 1), 1) == date(2026, 1, 12)
    assert NEW_YEAR.nth_working_day(date(2026, 1, 1), 6) == date(2026, 1, 17)
    assert NEW_YEAR.nth_working_day(date(2026, 2, 2), 1) == date(2026, 2, 2)


def test_there_is_no_zeroth_working_day() -> None:
    with pytest.raises(ValueError, match="1 или больше"):
        NEW_YEAR.nth_working_day(date(2026, 1, 1), 0)


@given(days, days)
def test_counting_agrees_with_looking_at_every_day(start: date, end: date) -> None:
    low, high = sorted((start, end))
    walked = sum(NEW_YEAR.is_working(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    if start <= end:
        assert NEW_YEAR.working_days_between(start, end) == walked
    else:
        back = sum(NEW_YEAR.is_working(low + timedelta(days=n)) for n in range((high - low).days))
        assert NEW_YEAR.working_days_between(start, end) == -back


@given(days, st.integers(-60, 60))
def test_counting_undoes_adding(day: date, count: int) -> None:
    assert NEW_YEAR.working_days_between(day, NEW_YEAR.add_working_days(day, count)) == count


def test_a_day_that_is_both_is_refused() -> None:
    with pytest.raises(ValueError, match="17.01.2026"):
        WorkCalendar([date(2026, 1, 17)], [date(2026, 1, 17)])


def test_a_calendar_without_working_days_is_refused_instead_of_running_for_ever() -> None:
    always_off = WorkCalendar([date(2026, 1, 1) + timedelta(days=n) for n in range(800)])
    with pytest.raises(ValueError, match="нет рабочих дней"):
        always_off.next_working(date(2026, 1, 1))


def test_calendars_compare_by_value() -> None:
    assert WorkCalendar([date(2026, 1, 1)]) == WorkCalendar({date(2026, 1, 1)})
    assert hash(WorkCalendar([date(2026, 1, 1)])) == hash(WorkCalendar({date(2026, 1, 1)}))
    assert WorkCalendar() != NEW_YEAR
