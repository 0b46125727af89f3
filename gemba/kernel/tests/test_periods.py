"""Years and quarters."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.kernel.periods import Quarter, Year, parse_period

days = st.dates(date(1950, 1, 1), date(2900, 1, 1))


def test_a_year_has_its_days_and_name() -> None:
    year = Year(2026)
    assert (year.first, year.last, year.label) == (date(2026, 1, 1), date(2026, 12, 31), "2026 год")
    assert year.next() == Year(2027) and year.previous() == Year(2025)


@pytest.mark.parametrize(
    ("number", "first", "last", "roman"),
    [
        (1, date(2026, 1, 1), date(2026, 3, 31), "I"),
        (2, date(2026, 4, 1), date(2026, 6, 30), "II"),
        (3, date(2026, 7, 1), date(2026, 9, 30), "III"),
        (4, date(2026, 10, 1), date(2026, 12, 31), "IV"),
    ],
)
def test_a_quarter_has_its_days_and_name(number: int, first: date, last: date, roman: str) -> None:
    quarter = Quarter(2026, number)
    assert (quarter.first, quarter.last, quarter.roman) == (first, last, roman)
    assert quarter.label == f"{roman} квартал 2026 года"


@given(days)
def test_a_day_lies_in_its_quarter_and_in_no_other(day: date) -> None:
    quarter = Quarter.of(day)
    assert day in quarter and day not in quarter.next() and day not in quarter.previous()
    assert day in Year.of(day) and quarter in Year.of(day).quarters


@given(days)
def test_quarters_follow_without_a_gap(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.last + timedelta(days=1) == quarter.next().first
    assert quarter.next().previous() == quarter
    assert quarter.previous() < quarter < quarter.next()


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_quarter_outside_one_to_four_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="от 1 до 4"):
        Quarter(2026, number)


def test_a_year_that_is_a_typing_error_is_refused() -> None:
    with pytest.raises(ValueError, match="Год 26"):
        Year(26)
    with pytest.raises(ValueError, match="Год 26"):
        Quarter(26, 1)


@given(days)
def test_a_key_reads_back(day: date) -> None:
    for period in (Year.of(day), Quarter.of(day)):
        assert parse_period(period.key) == period


@pytest.mark.parametrize("key", ["", "26", "2026-", "2026-5", "2026-01", "год", "2026-1-1", "²026"])
def test_a_wrong_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="Период"):
        parse_period(key)
