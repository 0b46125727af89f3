"""Pure rules: ИНН, names, codes, days, heirs."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.organisation.rules import (
    code_problems,
    heir_of,
    inn_problems,
    login_problems,
    name_key,
    name_problems,
    phone_problems,
    span_problems,
    tidy,
)


@pytest.mark.parametrize("inn", ["", "7707083893", "500100732259"])
def test_right_inn(inn: str) -> None:
    assert inn_problems(inn) == []


@pytest.mark.parametrize(
    "inn", ["7707083894", "500100732258", "123", "77070838933", "77070838９3", "abcdefghij"]
)
def test_wrong_inn(inn: str) -> None:
    assert len(inn_problems(inn)) == 1


@given(st.integers(0, 999_999_999))
def test_exactly_one_last_digit_is_right(start: int) -> None:
    right = [digit for digit in range(10) if not inn_problems(f"{start:09d}{digit}")]
    assert len(right) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Детский сад «Ёлочка»", 'ДЕТСКИЙ  САД "елочка"'),
        ("Школа № 1", " школа № 1 "),
        ("Дом «Заря»", "дом „заря“"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_different_names_stay_different() -> None:
    assert name_key("Школа № 1") != name_key("Школа № 11")


def test_tidy_drops_what_cannot_be_seen() -> None:
    assert tidy(" Школа\u200b \x00№\t1\n") == "Школа № 1"


def test_names_need_a_letter() -> None:
    assert name_problems("") and name_problems("№ 5") and name_problems("я" * 501)
    assert name_problems("Школа № 5") == []


def test_days_go_forward() -> None:
    assert span_problems(date(2026, 2, 1), date(2026, 1, 31))[0].text == (
        "Последний день 31.01.2026 раньше первого 01.02.2026."
    )
    assert span_problems(date(2026, 2, 1), date(2026, 2, 1)) == []
    assert span_problems(date(202, 2, 1), None)
    assert span_problems(None, None) == []


def test_codes_logins_phones() -> None:
    assert code_problems("УО-1/2.3") == [] and code_problems("а б") and code_problems("")
    assert login_problems("ivanova.m") == [] and login_problems("Иванова") and login_problems("ab")
    assert (
        phone_problems("+7 (38400) 1-22-33 доб. 4") == []
        and phone_problems("позвоните")
        and phone_problems("---")
    )


def test_the_heir_is_followed_through_several_mergers() -> None:
    living = frozenset({9})
    assert heir_of(1, {1: 2, 2: 9}, living) == 9
    assert heir_of(9, {}, living) == 9
    assert heir_of(1, {1: None}, living) is None
    assert heir_of(1, {1: 2, 2: 1}, living) is None
