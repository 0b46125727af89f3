"""Numbers and dates in Russian writing."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import (
    counted,
    format_date,
    format_long_date,
    format_moment,
    format_number,
    near_date,
    parse_number,
    plural,
)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, None, "0"),
        (1234567, None, "1\u202f234\u202f567"),
        (Decimal("12.50"), None, "12,5"),
        (Decimal("12.50"), 2, "12,50"),
        (Decimal("100"), None, "100"),
        (Decimal("1E+3"), None, "1\u202f000"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("3.5"), 0, "4"),
        (Decimal("-1234.5"), None, "\u22121\u202f234,5"),
        (Decimal("-0.4"), 0, "0"),
        (0.1, None, "0,1"),
        (Decimal("NaN"), None, "—"),
        (None, None, "—"),
    ],
)
def test_numbers_are_written_with_a_comma_and_groups(
    value: Decimal | None, places: int | None, text: str
) -> None:
    assert format_number(value, places) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_what_is_written_reads_back(value: Decimal) -> None:
    assert parse_number(format_number(value)) == value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        (" 1 234,5 ", "1234.5"),
        ("1\u00a0000.25", "1000.25"),
        ("-3", "-3"),
        ("+3", "3"),
        ("\u22123", "-3"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "  ", "двенадцать", "1,2,3", "1,234.5", "12%", "1e999999", "NaN", "9" * 30]
)
def test_what_is_not_one_number_is_refused_in_russian(text: str) -> None:
    with pytest.raises(ValueError, match="число"):
        parse_number(text)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "день"),
        (2, "дня"),
        (5, "дней"),
        (11, "дней"),
        (12, "дней"),
        (21, "день"),
        (104, "дня"),
        (0, "дней"),
        (111, "дней"),
    ],
)
def test_the_word_follows_the_number(number: int, word: str) -> None:
    assert plural(number, "день", "дня", "дней") == word


def test_a_fraction_takes_the_second_form() -> None:
    assert counted(Decimal("2.5"), "день", "дня", "дней") == "2,5\u00a0дня"
    assert counted(Decimal("5.0"), "день", "дня", "дней") == "5\u00a0дней"


def test_dates_are_written_in_figures_and_in_words() -> None:
    assert format_date(date(2026, 3, 1)) == "01.03.2026"
    assert format_long_date(date(2026, 3, 1)) == "1\u00a0марта\u00a02026\u00a0года"
    assert format_moment(datetime(2026, 3, 1, 9, 5)) == "01.03.2026\u00a009:05"
    assert format_date(None) == format_long_date(None) == format_moment(None) == "—"


TODAY = date(2026, 11, 18)  # a Wednesday
WEEK = WorkCalendar(days_off=[date(2026, 12, 31)])


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 18), "сегодня"),
        (date(2026, 11, 19), "завтра"),
        (date(2026, 11, 20), "послезавтра"),
        (date(2026, 11, 17), "вчера"),
        (date(2026, 11, 16), "позавчера"),
        (date(2026, 11, 23), "через 3\u00a0рабочих дня"),
        (date(2026, 11, 25), "через 5\u00a0рабочих дней"),
        (date(2026, 11, 13), "3\u00a0рабочих дня назад"),
        (date(2026, 12, 2), "через 10\u00a0рабочих дней"),
        (date(2026, 12, 3), "3\u00a0декабря"),
        (date(2027, 2, 1), "1\u00a0февраля 2027 года"),
        (date(2026, 1, 12), "12\u00a0января"),
    ],
)
def test_near_dates_are_written_as_people_say_them(day: date, text: str) -> None:
    assert near_date(day, TODAY, WEEK) == text


def test_without_a_calendar_or_working_days_plain_days_are_counted() -> None:
    assert near_date(date(2026, 11, 23), TODAY) == "через 5\u00a0дней"
    holidays = WorkCalendar(days_off=[date(2027, 1, day) for day in range(1, 9)])
    assert near_date(date(2027, 1, 4), date(2027, 1, 1), holidays) == "через 3\u00a0дня"
