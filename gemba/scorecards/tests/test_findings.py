"""What the linter says of a procedure."""

from __future__ import annotations

from typing import Any

import pytest

from gemba.scorecards.findings import check_procedure
from gemba.scorecards.tests.test_kinds import CLAUSE, ROWS, procedure

OUTCOMES = [{"code": code, "title": code} for code in ("low", "high", "top", "out")]


def found(*criteria: dict[str, Any], **rest: Any) -> dict[str, str]:
    return {finding.code: finding.text for finding in check_procedure(procedure(*criteria, **rest))}


def test_an_act_without_gaps_gives_no_findings() -> None:
    bands = [
        {"outcome": "low", "less_than": 1, "clause": CLAUSE},
        {"outcome": "high", "at_least": 1, "clause": CLAUSE},
    ]
    assert found({"code": "c", "kind": "max_row", "rows": ROWS}, outcomes=OUTCOMES, bands=bands) == {}


@pytest.mark.parametrize(
    ("code", "criterion"),
    [
        ("no-coefficient", {"kind": "max_row", "rows": ROWS, "coefficient": None}),
        ("no-zero-row", {"kind": "max_row", "rows": ROWS[:2]}),
        ("declared-maximum", {"kind": "max_row", "rows": ROWS, "declared_maximum": 3}),
        (
            "missing-level",
            {"kind": "max_row", "rows": [{"code": n, "text": "т", "points": n} for n in (0, 1, 3)]},
        ),
        (
            "range-gap",
            {
                "kind": "ranges",
                "unit": None,
                "ranges": [{"at_most": 69, "points": 0}, {"at_least": 70, "points": 1}],
            },
        ),
        (
            "range-gap",
            {
                "kind": "ranges",
                "unit": None,
                "allowed": {"at_least": 0, "at_most": 100},
                "ranges": [{"at_least": 0, "less_than": 100, "points": 0}],
            },
        ),
    ],
)
def test_criteria(code: str, criterion: dict[str, Any]) -> None:
    assert code in found({"code": "c", **criterion})


def test_whole_bounds_have_no_gap_when_the_number_is_rounded_to_whole() -> None:
    ranges = [{"at_most": 69, "points": 0}, {"at_least": 70, "points": 1}]
    rounded = {
        "code": "c",
        "kind": "ranges",
        "unit": None,
        "ranges": ranges,
        "round_value": {"mode": "half_up", "step": 1},
    }
    assert "range-gap" not in found(rounded)


def test_statuses() -> None:
    criterion = {"code": "c", "kind": "max_row", "rows": ROWS}
    gap = [
        {"outcome": "low", "at_most": 1, "clause": CLAUSE},
        {"outcome": "high", "more_than": 2, "clause": CLAUSE},
    ]
    said = found(criterion, outcomes=OUTCOMES, bands=gap)
    assert "попадают итоги 2" in said["band-gap"]
    assert "«high»" in said["unreachable-band"]
    overlap = [
        {"outcome": "low", "at_most": 1, "clause": CLAUSE},
        {"outcome": "high", "at_least": 1, "clause": CLAUSE},
    ]
    assert "пересекаются" in found(criterion, outcomes=OUTCOMES, bands=overlap)["band-overlap"]


def test_a_cut_off_that_never_works() -> None:
    cutoffs = [{"of": "criterion", "criteria": ["c"], "at_most": 0, "outcome": "out", "clause": CLAUSE}]
    said = found({"code": "c", "kind": "max_row", "rows": ROWS[:2]}, outcomes=OUTCOMES, cutoffs=cutoffs)
    assert "отсечь не может" in said["unreachable-cutoff"]


def test_silence_about_equals_and_experts() -> None:
    mark = {"code": "c", "kind": "mark", "minimum": 0, "maximum": 5, "answered_by": "experts"}
    said = found(mark, experts={"combine": "mean", "clause": CLAUSE}, ranking={"clause": CLAUSE})
    assert {"experts-unclear", "no-tie-rule"} <= said.keys()


def test_an_example_that_does_not_come_out() -> None:
    example = {"title": "Неверный", "answers": {"c": ["a"]}, "expect": {"total": 3}}
    said = found({"code": "c", "kind": "max_row", "rows": ROWS}, examples=[example])
    assert said["example-fails"] == "Пример «Неверный»: итог: ожидалось 3, получено 2"


RANGES = {"code": "c", "kind": "ranges", "unit": "%"}
KINDS = {"code": "kind", "title": "Вид", "values": {"school": "Школа", "culture": "Дом культуры"}}
VALUE = {"code": "c", "kind": "mark", "minimum": 0, "maximum": 10}


@pytest.mark.parametrize(
    ("ranges", "rest", "text"),
    [
        ([{"at_least": 1, "points": 1}], {}, "число меньше 1 не входит"),
        ([{"at_most": 100, "points": 1}], {}, "число больше 100 не входит"),
        ([{"at_least": 0, "points": 1}], {}, ""),
        ([{"at_least": 0, "at_most": 100, "points": 1}], {"allowed": {"at_least": 0, "at_most": 100}}, ""),
        ([{"at_least": 0, "points": 1, "when": {"kind": "school"}}], {}, "диапазонов нет для: Дом культуры"),
        (
            [{"at_least": 0, "points": 1, "when": {"kind": "school"}}],
            {"when": {"kind": "school"}},
            "",
        ),
    ],
)
def test_numbers_and_kinds_without_a_range(ranges: list[Any], rest: dict[str, Any], text: str) -> None:
    said = found({**RANGES, "ranges": ranges, **rest}, context=[KINDS])
    assert text in said.get("range-gap", "")
    assert ("range-gap" in said) is bool(text)


def band(outcome: str, **rest: Any) -> dict[str, Any]:
    return {"outcome": outcome, "clause": CLAUSE, **rest}


@pytest.mark.parametrize(
    ("bands", "code", "text"),
    [
        ([band("low", at_least=2, less_than=5), band("high", at_least=5)], "band-gap", "Итог ниже 2"),
        ([band("low", less_than=5), band("high", at_least=5, at_most=9)], "band-gap", "Итог выше 9"),
        ([band("low", at_most=10), band("high", more_than=10)], "unreachable-band", "(более 10) не получить"),
        ([band("low", less_than=5, when={"kind": "school"})], "band-gap", "нет для: Дом культуры"),
        ([band("low", at_least=0, less_than=5), band("high", at_least=5, at_most=10)], "", ""),
    ],
)
def test_totals_and_kinds_without_a_status(bands: list[Any], code: str, text: str) -> None:
    said = [
        (finding.code, finding.text)
        for finding in check_procedure(procedure(VALUE, context=[KINDS], outcomes=OUTCOMES, bands=bands))
    ]
    assert bool(said) is bool(code)
    assert not code or any(each == code and text in words for each, words in said)


def test_a_cut_off_and_a_minimum_beyond_the_maximum_are_found() -> None:
    cutoffs = [{"of": "total", "more_than": 10, "outcome": "out", "clause": CLAUSE}]
    assert "не сработает" in found(VALUE, outcomes=OUTCOMES, cutoffs=cutoffs)["unreachable-cutoff"]
    winners = {"top": 1, "minimum": {"at_least": 11}, "outcome": "top", "clause": CLAUSE}
    ranking = {"ties": "dense", "winners": winners, "clause": CLAUSE}
    assert "не набрать" in found(VALUE, outcomes=OUTCOMES, ranking=ranking)["unreachable-band"]
    winners["minimum"] = {"at_least": 10}
    assert "unreachable-band" not in found(VALUE, outcomes=OUTCOMES, ranking=ranking)


def test_a_listed_total_below_the_lowest_status_is_found() -> None:
    criterion = {"code": "c", "kind": "max_row", "rows": ROWS}
    assert "Итог ниже 1" in found(criterion, outcomes=OUTCOMES, bands=[band("low", at_least=1)])["band-gap"]
    cutoffs = [{"of": "criterion", "criteria": ["c"], "at_most": 0, "outcome": "out", "clause": CLAUSE}]
    said = found(criterion, outcomes=OUTCOMES, bands=[band("low", at_least=1)], cutoffs=cutoffs)
    assert "band-gap" not in said, "a total that is cut off needs no status"
