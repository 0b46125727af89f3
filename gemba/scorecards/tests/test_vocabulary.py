"""A procedure that cannot be meant as written is refused, in words for who wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from gemba.scorecards.tests.test_kinds import CLAUSE, ROWS, procedure

MARK = {"code": "c", "kind": "mark", "minimum": 0, "maximum": 5}


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        ({"kind": "max_row", "rows": [ROWS[0], ROWS[0]]}, "записана дважды"),
        ({"kind": "max_row", "rows": ROWS, "cap": 3}, "только при kind: sum_rows"),
        ({"kind": "levels", "rows": ROWS}, "по возрастанию"),
        (
            {
                "kind": "ranges",
                "unit": None,
                "ranges": [{"at_most": 5, "points": 0}, {"at_least": 5, "points": 1}],
            },
            "пересекаются",
        ),
        (
            {"kind": "ranges", "unit": None, "ranges": [{"at_least": 5, "less_than": 5, "points": 0}]},
            "нет ни одного числа",
        ),
        (
            {"kind": "ranges", "unit": None, "ranges": [{"at_least": 5, "more_than": 4, "points": 0}]},
            "дважды",
        ),
        ({"kind": "mark", "minimum": 5, "maximum": 1}, "меньше наибольшей"),
        ({"kind": "mark", "minimum": 0, "maximum": 5, "step": 2}, "не укладывается"),
        ({**MARK, "coefficient": {"by": "kind", "values": {"school": 1}}}, "кода «kind» нет"),
        ({**MARK, "coefficient": {"by": "kind"}}, "пишутся вместе"),
        ({**MARK, "rounding": {"mode": "half_up"}}, "до чего округлять"),
        ({**MARK, "block": "b"}, "кода «b» нет"),
        ({**MARK, "answered_by": "experts"}, "нет раздела experts"),
        ({**MARK, "colour": "red"}, "colour"),
        ({**MARK, "code": 1.1}, "в кавычки"),
    ],
)
def test_criteria_that_cannot_be_meant(criterion: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        procedure({"code": "c", **criterion})


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        ({"bands": [{"outcome": "high", "at_least": 1, "clause": CLAUSE}]}, "кода «high» нет"),
        (
            {"cutoffs": [{"of": "criterion", "at_most": 0, "outcome": "out", "clause": CLAUSE}]},
            "перечислите критерии",
        ),
        ({"cutoffs": [{"of": "total", "outcome": "out", "clause": CLAUSE}]}, "нет границы"),
        (
            {
                "cutoffs": [
                    {
                        "of": "total",
                        "outcome": "out",
                        "clause": CLAUSE,
                        "less_than": {"by": "when", "values": {"a": 1}},
                    }
                ]
            },
            "кода «when» нет",
        ),
        (
            {
                "cutoffs": [
                    {
                        "of": "total",
                        "outcome": "out",
                        "clause": CLAUSE,
                        "at_most": 1,
                        "less_than": {"by": "kind", "values": {"a": 1}},
                    }
                ]
            },
            "указана дважды",
        ),
        ({"ranking": {"groups": ["kind"], "clause": CLAUSE}}, "кода «kind» нет"),
        ({"ranking": {"tie_breakers": [{}], "clause": CLAUSE}}, "что-то одно"),
        ({"context": [{"code": "kind", "title": "Вид"}]}, "перечислите values"),
        (
            {"context": [{"code": "day", "title": "День", "kind": "date", "values": {"a": "А"}}]},
            "только при kind: choice",
        ),
        ({"examples": [{"title": "Пример", "answers": {"q": 1}, "expect": {}}]}, "кода «q» нет"),
        ({"examples": [{"title": "Пример", "answers": {"c": 1}}]}, "answers и expect"),
        ({"experts": {"combine": "mean", "clause": CLAUSE}}, "ни у одного критерия"),
    ],
)
def test_procedures_that_cannot_be_meant(rest: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        procedure(MARK, **rest)


def test_a_condition_on_a_value_that_is_not_declared() -> None:
    kinds = [{"code": "kind", "title": "Вид", "values": {"school": "Школа"}}]
    with pytest.raises(ValidationError, match="кода «garden» нет"):
        procedure({**MARK, "when": {"kind": "garden"}}, context=kinds)


@pytest.mark.parametrize(
    ("kind", "allowed", "text"),
    [
        ("date", "31.02.2026", "не подходит"),
        ("date", {"at_least": "весна"}, "не подходит"),
        ("period", "2026-Q5", "не подходит"),
        ("period", {"at_least": "2026-13"}, "не подходит"),
        ("number", {"more_than": "много"}, "не подходит"),
    ],
)
def test_a_condition_that_is_not_a_value_of_the_variable(kind: str, allowed: Any, text: str) -> None:
    variables = [{"code": "v", "title": "Переменная", "kind": kind}]
    with pytest.raises(ValidationError, match=text):
        procedure({**MARK, "when": {"v": allowed}}, context=variables)


def test_a_closed_list_has_no_bounds() -> None:
    kinds = [{"code": "kind", "title": "Вид", "values": {"school": "Школа"}}]
    with pytest.raises(ValidationError, match="границ у неё нет"):
        procedure({**MARK, "when": {"kind": {"at_least": "school"}}}, context=kinds)


def test_ranges_of_different_kinds_do_not_overlap() -> None:
    kinds = [{"code": "kind", "title": "Вид", "values": {"school": "Школа", "garden": "Сад"}}]
    ranges = [
        {"at_least": 0, "points": 1, "when": {"kind": "school"}},
        {"at_least": 0, "points": 2, "when": {"kind": "garden"}},
    ]
    assert procedure({"code": "c", "kind": "ranges", "unit": None, "ranges": ranges}, context=kinds)
