"""Procedures of other kinds than the shipped ones: what they give, and what they refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gemba.regulations.pack.procedures import Procedure
from gemba.scorecards.rules import Result, Subject, bounds, rank, score, score_all

CLAUSE = "polozhenie 1"


def procedure(*criteria: dict[str, Any], **rest: Any) -> Procedure:
    """Build a procedure; criteria get a title and a clause."""
    made = [
        {"title": f"Критерий {each['code']}", "clause": f"polozhenie 2.{n}", **each}
        for n, each in enumerate(criteria, 1)
    ]
    data = {"code": "made", "title": "Порядок", "use": "other", "clause": CLAUSE, "criteria": made}
    return Procedure.model_validate({**data, "total": {"clause": "polozhenie 3"}, **rest})


def points(criterion: dict[str, Any], answer: Any, **rest: Any) -> Decimal | None:
    result = score(procedure=procedure({"code": "c", **criterion}, **rest), answers={"c": answer})
    assert not result.problems, result.problems
    return result.criteria["c"].points


def refusal(criterion: dict[str, Any], answer: Any, **rest: Any) -> str:
    """Return what the engine says against the answer."""
    result = score(procedure=procedure({"code": "c", **criterion}, **rest), answers={"c": answer})
    assert result.criteria["c"].points is None
    assert result.total is None
    [problem] = result.problems
    assert problem.mend
    assert problem.clause == "polozhenie 2.1"
    return problem.text


def not_defined(criterion: dict[str, Any], answer: Any, **rest: Any) -> str:
    """Return what the engine says is not defined."""
    result = score(procedure=procedure({"code": "c", **criterion}, **rest), answers={"c": answer})
    assert result.total is None
    assert not result.problems
    [remark] = result.undefined
    assert "не определено положением" in remark.text
    assert remark.clause == "polozhenie 2.1"
    return remark.text


ROWS = [
    {"code": "a", "text": "А", "points": 2},
    {"code": "b", "text": "Б", "points": 1},
    {"code": "z", "text": "Ничего", "points": 0, "nothing": True},
]


# --- rows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["max_row", "one_row", "sum_rows", "levels"])
def test_a_row_that_does_not_exist_is_refused(kind: str) -> None:
    rows = ROWS if kind != "levels" else [ROWS[1], ROWS[0]]
    assert "строки «q» нет" in refusal({"kind": kind, "rows": rows}, ["q"])


@pytest.mark.parametrize("kind", ["max_row", "one_row", "sum_rows"])
def test_the_nothing_row_excludes_the_others(kind: str) -> None:
    assert "исключает остальные" in refusal({"kind": kind, "rows": ROWS}, ["a", "z"])


def test_one_row_means_one() -> None:
    assert points({"kind": "one_row", "rows": ROWS}, "b") == 1
    assert "выбрать можно одну" in refusal({"kind": "one_row", "rows": ROWS}, ["a", "b"])


def test_rows_add_up_to_the_cap_and_count_up_to_the_limit() -> None:
    rows = [
        {"code": "paper", "text": "Публикация", "points": "1.5", "each": True, "limit": 3},
        {"code": "video", "text": "Ролик", "points": 4},
        {"code": "late", "text": "Опоздание", "points": -2},
    ]
    criterion = {"kind": "sum_rows", "rows": rows, "cap": 8, "floor": 0}
    assert points(criterion, {"paper": 2, "video": True}) == 7
    assert points(criterion, {"paper": 9}) == Decimal("4.5")
    assert points(criterion, {"paper": 9, "video": True}) == 8
    assert points(criterion, ["late"]) == 0
    assert points(criterion, []) == 0
    assert points(criterion, {"paper": 0, "video": False}) == 0
    assert "отмечается один раз" in refusal(criterion, {"video": 2})
    assert "количество" in refusal(criterion, {"paper": "1,5"})


def test_an_empty_answer_is_a_question_or_a_decision_of_the_act() -> None:
    with_zero = {"kind": "max_row", "rows": ROWS}
    without = {"kind": "max_row", "rows": ROWS[:2]}
    assert "нет ответа" in refusal(with_zero, [])
    assert "нет ответа" in refusal(without, None)
    assert "ничего не выбрано" in not_defined(without, [])
    result = score(procedure=procedure({"code": "c", **without, "empty": "zero"}), answers={"c": []})
    assert result.total == 0
    assert result.warnings


def test_points_of_a_row_may_be_missing_in_the_act() -> None:
    rows = [{"code": "a", "text": "А", "points": None}, {"code": "b", "text": "Б", "points": 1}]
    assert "баллы строки a" in not_defined({"kind": "max_row", "rows": rows}, ["a", "b"])


def test_a_gap_in_the_chain_is_explained_and_order_is_that_of_the_act() -> None:
    rows = [{"code": n, "text": f"ступень {n}", "points": n} for n in (1, 2, 3, 4)]
    result = score(
        procedure=procedure({"code": "c", "kind": "levels", "rows": rows}), answers={"c": [4, 1, 2]}
    )
    assert result.total == 2
    assert result.criteria["c"].not_counted == ("4",)
    assert "Строка 4 не засчитана: не выполнена строка 3" in [remark.text for remark in result.explanation]


# --- numbers -----------------------------------------------------------------------------------------------

SHARE = {
    "kind": "ranges",
    "unit": "процентов",
    "allowed": {"at_least": 0, "at_most": 100},
    "fraction": {"numerator": "обучено", "denominator": "всего"},
    "ranges": [
        {"less_than": 50, "points": 0},
        {"at_least": 50, "at_most": 69, "points": 3},
        {"at_least": 70, "points": 5},
    ],
}


@pytest.mark.parametrize(
    ("mode", "given", "expected"),
    [
        ("half_up", "69,5", 5),
        ("half_up", "69,4", 3),
        ("half_even", "69,5", 5),
        ("half_even", "50,5", 3),
        ("up", "69,01", 5),
        ("down", "69,99", 3),
        ("up", "49,01", 3),
        ("down", "49,99", 0),
    ],
)
def test_the_number_is_rounded_before_the_look_up(mode: str, given: str, expected: int) -> None:
    assert points({**SHARE, "round_value": {"mode": mode, "step": 1}}, given) == expected


def test_each_bound_belongs_where_it_is_stated() -> None:
    assert [points(SHARE, value) for value in ("49,999", 50, 69, 70)] == [0, 3, 3, 5]
    assert "69,5 процентов не входит ни в один диапазон" in not_defined(SHARE, "69.5")
    open_ends = {
        "kind": "ranges",
        "unit": None,
        "ranges": [{"at_most": 10, "points": 1}, {"more_than": 10, "points": 2}],
    }
    assert points(open_ends, 10) == 1
    assert points(open_ends, "10,0001") == 2


def test_a_kind_without_a_single_range_is_named() -> None:
    here = {"code": "kind", "title": "Вид", "values": {"school": "Школа", "culture": "Дом культуры"}}
    criterion = {**SHARE, "ranges": [{"at_least": 50, "points": 3, "when": {"kind": "school"}}]}
    rules = procedure({"code": "c", **criterion}, context=[here])
    [none] = score(procedure=rules, answers={"c": 97}, context={"kind": "culture"}).undefined
    assert "диапазонов для этого случая нет (Вид «Дом культуры»)" in none.text
    [outside] = score(procedure=rules, answers={"c": 7}, context={"kind": "school"}).undefined
    assert "не входит ни в один диапазон" in outside.text


@pytest.mark.parametrize(
    ("given", "text", "mend"),
    [
        ("2А", "строки «2А» нет", "Есть похожая строка «2a»: другой алфавит"),
        ("2A", "строки «2A» нет", "Есть похожая строка «2a»: большая или маленькая буква"),
        ("2к", "строки «2к» нет", "Выберите из строк: 2a, 2b"),
        (True, "ответ «да» (true), а надо назвать строки", "Перечислите коды выполненных строк: 2a, 2b"),
        ([["2a"]], "список внутри списка", "2a, 2b"),
        ([None], "«пусто» — не код строки", "2a, 2b"),
    ],
)
def test_a_wrong_row_is_explained(given: Any, text: str, mend: str) -> None:
    rows = [{"code": "2a", "text": "А", "points": 2}, {"code": "2b", "text": "Б", "points": 0}]
    rules = procedure({"code": "c", "kind": "max_row", "rows": rows})
    [problem] = score(procedure=rules, answers={"c": given}).problems
    assert text in problem.text
    assert problem.mend.startswith(mend) or mend in problem.mend
    assert ("похожая" in problem.mend) is ("похожая" in mend)


def test_a_share_is_counted_exactly() -> None:
    thirds = {**SHARE, "ranges": [{"at_least": 100, "points": 1}, {"less_than": 100, "points": 0}]}
    assert points(thirds, {"numerator": 3, "denominator": 3}) == 1
    assert points(thirds, {"numerator": 2, "denominator": 3}) == 0
    assert "знаменателе 0" in not_defined(SHARE, {"numerator": 1, "denominator": 0})
    assert "быть не может" in refusal(SHARE, {"numerator": 5, "denominator": 4})
    assert "две части" in refusal(SHARE, {"numerator": 5})


@pytest.mark.parametrize("given", ["много", True, [1], "1e5", float("inf"), "12 %", {"a": 1}])
def test_what_is_not_a_number_is_refused(given: Any) -> None:
    assert refusal({"kind": "value", "unit": "шт."}, given)


def test_points_for_every_unit() -> None:
    for_each = {"kind": "per_unit", "unit": "шт.", "points": 2, "per": 5, "cap": 6}
    assert [points(for_each, value) for value in (4, 5, 14, 99)] == [0, 2, 4, 6]
    beyond = {"kind": "per_unit", "unit": "%", "points": 1, "per": 5, "beyond": 100}
    assert [points(beyond, value) for value in (90, 104, 105, 112)] == [0, 0, 1, 2]
    short = {"kind": "per_unit", "unit": "%", "points": "-0.5", "short_of": 100, "floor": -5}
    assert [points(short, value) for value in (100, 98, 20)] == [0, -1, -5]
    partly = {"kind": "per_unit", "unit": "%", "points": 10, "per": 100, "whole_units": False, "cap": 10}
    assert points(partly, "87,5") == Decimal("8.75")


def test_a_negative_number_is_not_a_silent_zero() -> None:
    for_each = {"kind": "per_unit", "unit": "предложений", "points": 2}
    delay = {"kind": "per_unit", "unit": "дней", "points": -2, "floor": -20}
    ranges = {"kind": "ranges", "unit": "%", "ranges": [{"less_than": 5, "points": 0}]}
    for criterion in (for_each, delay, ranges):
        assert "меньше нуля" in refusal(criterion, -3)
        assert "быть не может" in refusal({**criterion, "allowed": {"at_least": 0}}, -3)
        assert points({**criterion, "allowed": {"at_least": -10}}, -3) == 0
        assert points(criterion, 0) == 0


def test_a_negative_number_is_taken_where_the_act_speaks_of_it() -> None:
    growth = {"kind": "per_unit", "unit": "%", "points": 2, "beyond": 0}
    assert [points(growth, value) for value in (-3, 3)] == [0, 6]
    falls = {
        "kind": "ranges",
        "unit": "%",
        "ranges": [{"less_than": 0, "points": 0}, {"at_least": 0, "points": 4}],
    }
    assert [points(falls, value) for value in (-3, 3)] == [0, 4]
    assert points({"kind": "value", "unit": None}, -3) == -3


def test_a_mark_stays_on_the_scale() -> None:
    mark = {"kind": "mark", "minimum": 1, "maximum": 5, "step": "0.5"}
    assert points(mark, "4,5") == Decimal("4.5")
    for given in (0, "5,5", "4,3"):
        assert "на шкале нет" in refusal(mark, given)


def test_yes_and_no() -> None:
    question = {"kind": "yes_no", "yes": 5, "no": 0}
    assert [points(question, given) for given in (True, "да", False, "НЕТ")] == [5, 5, 0, 0]
    assert "не да и не нет" in refusal(question, "может быть")


# --- context -----------------------------------------------------------------------------------------------

KIND = {"code": "kind", "title": "Вид", "values": {"school": "Школа", "garden": "Сад"}}


def test_a_coefficient_depends_on_the_class_and_what_is_not_named_is_not_defined() -> None:
    rules = procedure(
        {
            "code": "c",
            "kind": "mark",
            "minimum": 0,
            "maximum": 5,
            "coefficient": {"by": "kind", "values": {"school": "1.2"}},
        },
        context=[KIND],
    )
    assert score(procedure=rules, answers={"c": 5}, context={"kind": "school"}).total == 6
    garden = score(procedure=rules, answers={"c": 5}, context={"kind": "garden"})
    assert garden.excluded == ("c",)
    assert "не определено положением" in garden.undefined[0].text
    [problem] = score(procedure=rules, answers={"c": 5}).problems
    assert "Вид" in problem.text
    assert "school (Школа)" in problem.mend
    [wrong] = score(procedure=rules, answers={"c": 5}, context={"kind": "завод"}).problems
    assert wrong.field == "context.kind"
    [extra, _] = score(procedure=rules, answers={"c": 5}, context={"king": "school"}).problems
    assert "«king»" in extra.text


@pytest.mark.parametrize(
    ("period", "allowed", "holds"),
    [
        ("2026-Q4", "2026", True),
        ("2026-Q4", "Q4", True),
        ("2026-11", "2026-Q4", True),
        ("2026-Q4", "2026-H1", False),
        ("2026-9M", "2026", True),
        ("2027-Q1", {"at_least": "2026-Q3"}, True),
        ("2026-Q2", {"at_least": "2026-Q3"}, False),
        ("2026-Q3", {"more_than": "2026-Q3"}, False),
        ("2026-Q3", {"at_most": "2026-Q3"}, True),
        ("2026", {"less_than": "2026-Q3"}, False),
    ],
)
def test_conditions_on_the_period(period: str, allowed: Any, holds: bool) -> None:
    rules = procedure(
        {"code": "c", "kind": "yes_no", "yes": 1, "no": 0},
        context=[{"code": "period", "title": "Период", "kind": "period"}],
        outcomes=[{"code": "failed", "title": "Не прошла"}],
        cutoffs=[
            {
                "of": "total",
                "less_than": 5,
                "outcome": "failed",
                "when": {"period": allowed},
                "clause": CLAUSE,
            }
        ],
    )
    result = score(procedure=rules, answers={"c": True}, context={"period": period})
    assert (result.outcome == "failed") is holds
    assert not result.problems


def test_a_criterion_that_does_not_apply_is_neither_scored_nor_in_the_maximum() -> None:
    rules = procedure(
        {"code": "a", "kind": "mark", "minimum": 0, "maximum": 10},
        {"code": "b", "kind": "mark", "minimum": 0, "maximum": 10, "when": {"kind": "school"}},
        context=[KIND],
        total={"clause": CLAUSE, "normalise": {"method": "share_of_maximum", "scale": 100}},
    )
    assert score(procedure=rules, answers={"a": 5}, context={"kind": "garden"}).total == 50
    assert score(procedure=rules, answers={"a": 5, "b": 10}, context={"kind": "school"}).total == 75
    wrong = score(procedure=rules, answers={"a": 5, "b": 10}, context={"kind": "garden"})
    assert wrong.total == 50
    assert "не применяется" in wrong.problems[0].text


def threshold(period: str, *cutoffs: dict[str, Any], points: int = 35) -> Result:
    rules = procedure(
        {"code": "c", "kind": "value", "unit": None},
        context=[{"code": "period", "title": "Период", "kind": "period"}, KIND],
        outcomes=[{"code": "failed", "title": "Не прошла"}, {"code": "winner", "title": "Победитель"}],
        cutoffs=[{"of": "total", "outcome": "failed", "clause": CLAUSE, **each} for each in cutoffs],
        ranking={"clause": CLAUSE, "winners": {"top": 3, "outcome": "winner", "clause": CLAUSE}},
    )
    subjects = [Subject("А", answers={"c": points}), Subject("Б", answers={"c": 90})]
    return score_all(procedure=rules, subjects=subjects, context={"period": period, "kind": "school"})[0]


BY_PERIOD = (
    [
        {"less_than": 30, "when": {"period": ["2026-Q1", "2026-Q2"]}},
        {"less_than": 40, "when": {"period": "2026-H2"}},
    ],
    [{"less_than": {"by": "period", "values": {"2026-Q1": 30, "2026-Q2": 30, "2026-H2": 40, "2027": None}}}],
)


@pytest.mark.parametrize("cutoffs", BY_PERIOD, ids=["when", "by"])
def test_a_period_without_a_threshold_is_not_a_period_without_a_bar(cutoffs: list[dict[str, Any]]) -> None:
    passed = threshold("2026-Q1", *cutoffs)
    assert (passed.outcome, passed.place, passed.award, passed.undefined) == (None, 2, "winner", ())
    failed = threshold("2026-Q3", *cutoffs)
    assert (failed.outcome, failed.place, failed.award) == ("failed", None, None)
    assert "менее 40" in failed.cuts[0].text
    for period in ("2025-Q4", "2026", "2027-Q1"):
        open_ = threshold(period, *cutoffs)
        assert (open_.total, open_.outcome, open_.place, open_.award) == (35, None, None, None)
        assert f"Порог отсечения «Не прошла» (Период «{period}»): не определено положением" in [
            remark.text for remark in open_.undefined
        ]


def test_a_procedure_says_where_no_threshold_is_right() -> None:
    lone = {"less_than": 40, "when": {"period": {"at_least": 2027}}}
    assert threshold("2026", lone).undefined == ()
    assert threshold("2026", {**lone, "when_none": "undefined"}).place is None
    several = [{**each, "when_none": "not_cut"} for each in BY_PERIOD[0]]
    assert threshold("2025", *several).place == 2
    for_others = [{**each, "when": {**each["when"], "kind": "garden"}} for each in BY_PERIOD[0]]
    assert threshold("2025", *for_others).place == 2
    for_schools = [{**each, "when": {**each["when"], "kind": "school"}} for each in BY_PERIOD[0]]
    assert threshold("2025", *for_schools).place is None


# --- experts -----------------------------------------------------------------------------------------------

MARK = {"code": "c", "kind": "mark", "minimum": 0, "maximum": 10, "answered_by": "experts"}


def by_experts(marks: dict[str, Any], **rule: Any) -> Result:
    rules = procedure(MARK, experts={"combine": "mean", "clause": "polozhenie 4", **rule})
    return score(procedure=rules, answers={}, experts={name: {"c": mark} for name, mark in marks.items()})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, "5.5"),
        ({"combine": "sum"}, "22"),
        ({"combine": "median"}, "6"),
        ({"combine": "highest"}, "8"),
        ({"combine": "lowest"}, "2"),
        ({"drop_highest": 1, "drop_lowest": 1}, "6"),
        ({"drop_highest": 1, "drop_lowest": 1, "drop_from": 5}, "5.5"),
        ({"rounding": {"mode": "half_up", "step": 1}}, "6"),
        ({"rounding": {"mode": "down", "step": 1}}, "5"),
    ],
)
def test_marks_of_experts_become_one(rule: dict[str, Any], expected: str) -> None:
    result = by_experts({"э1": 2, "э2": 8, "э3": 5, "э4": 7}, **rule)
    assert result.total == Decimal(expected)
    assert result.minimum is None or result.minimum <= result.total
    assert result.maximum is None or result.total <= result.maximum


def test_those_who_did_not_mark_are_left_out_only_where_the_act_allows() -> None:
    marks = {"э1": 4, "э2": 8, "э3": None}
    allowed = by_experts(marks, abstention="allowed")
    assert allowed.total == 6
    assert allowed.criteria["c"].marks == {"э1": 4, "э2": 8, "э3": None}
    refused = by_experts(marks, abstention="refused")
    assert refused.total is None
    assert "э3" in refused.problems[0].text
    silent = by_experts(marks)
    assert silent.total is None
    assert not silent.problems
    assert "не определено положением" in silent.undefined[0].text


def test_too_few_experts_and_a_mark_off_the_scale() -> None:
    few = by_experts({"э1": 4, "э2": 8}, minimum=3)
    assert few.total is None
    assert "не менее 3" in few.undefined[0].text
    off = by_experts({"э1": 4, "э2": 11})
    assert off.total is None
    assert "Эксперт э2" in off.problems[0].text
    assert off.problems[0].field == "experts.э2.c"
    assert "нет ни одной оценки" in by_experts({}).problems[0].text


def test_marks_may_be_written_by_criterion_but_not_twice() -> None:
    rules = procedure(MARK, experts={"combine": "mean", "clause": CLAUSE})
    assert score(procedure=rules, answers={"c": {"э1": 4, "э2": 5}}).total == Decimal("4.5")
    twice = score(procedure=rules, answers={"c": {"э1": 4}}, experts={"э1": {"c": 5}})
    assert "дважды" in twice.problems[0].text


@pytest.mark.parametrize(
    ("needed", "is_cut"), [("any", True), ("majority", False), ("all", False), (1, True), (2, False)]
)
def test_a_cut_off_by_single_experts(needed: Any, is_cut: bool) -> None:
    rules = procedure(
        MARK,
        experts={"combine": "mean", "clause": CLAUSE},
        outcomes=[{"code": "out", "title": "Снята"}],
        cutoffs=[
            {"of": "expert_mark", "less_than": 3, "experts": needed, "outcome": "out", "clause": CLAUSE}
        ],
    )
    result = score(procedure=rules, answers={"c": {"э1": 2, "э2": 9, "э3": 9}})
    assert (result.outcome == "out") is is_cut
    assert result.cut_by == (("э1",) if is_cut else ())


def test_a_cut_off_by_the_sum_of_one_expert() -> None:
    rules = procedure(
        {**MARK, "coefficient": 2},
        {**MARK, "code": "d"},
        experts={"combine": "mean", "clause": CLAUSE},
        outcomes=[{"code": "out", "title": "Снята"}],
        cutoffs=[{"of": "expert_total", "less_than": 15, "outcome": "out", "clause": CLAUSE}],
    )
    experts = {"э1": {"c": 5, "d": 5}, "э2": {"c": 5, "d": 4}}
    result = score(procedure=rules, answers={}, experts=experts)
    assert result.total == Decimal("14.5")
    assert result.cut_by == ("э2",)


JURY = [{**MARK, "code": code} for code in ("effect", "spread", "quality")]


def jury(*sheets: tuple[Any, ...], needed: Any = "majority", of: str = "expert_total", **rule: Any) -> Result:
    """Three criteria by experts, cut off below 15 of 30; None is no mark."""
    rules = procedure(
        *JURY,
        experts={"combine": "mean", "minimum": 3, "clause": CLAUSE, **rule},
        outcomes=[{"code": "out", "title": "Снята"}],
        cutoffs=[
            {
                "of": of,
                "experts": needed,
                "less_than": 15 if of == "expert_total" else 5,
                "outcome": "out",
                "clause": CLAUSE,
            }
        ],
    )
    codes = [each["code"] for each in JURY]
    experts = {
        f"э{n}": {code: mark for code, mark in zip(codes, sheet, strict=True) if mark != "-"}
        for n, sheet in enumerate(sheets, 1)
    }
    return score(procedure=rules, answers={}, experts=experts)


FULL = (9, 9, 9)


def cut_words(result: Result) -> str:
    return "; ".join(remark.text for remark in result.undefined if remark.text.startswith("Отсечение"))


def test_a_sum_of_one_expert_counts_his_own_marks_even_where_the_common_points_are_not_defined() -> None:
    few = jury(FULL, FULL)
    assert few.total is None
    assert (few.outcome, few.cuts) == (None, ())
    assert not cut_words(few)
    others = jury(FULL, FULL, (9, None, None))
    assert (others.outcome, others.cuts) == (None, ())
    low = jury((4, 5, 5), (5, 5, 4))
    assert (low.outcome, low.cut_by) == ("out", ("э1", "э2"))


@pytest.mark.parametrize("abstention", ["undefined", "allowed", "refused"])
def test_a_sum_with_a_missing_mark_is_never_taken_for_zero(abstention: str) -> None:
    result = jury(FULL, FULL, (9, None, None), needed="any", abstention=abstention)
    assert (result.outcome, result.cuts) == (None, ())
    assert "э3" in cut_words(result)
    assert not cut_words(jury(FULL, FULL, (9, None, 9), needed="any", abstention=abstention)), "18 is enough"
    sure = jury(FULL, FULL, (1, 1, None), needed="any", abstention=abstention)
    assert sure.cut_by == ("э3",), "at most 12 with any third mark"


def test_an_incomplete_sum_is_left_out_where_the_act_says_so() -> None:
    result = jury(FULL, FULL, (9, None, None), needed="any", abstention="allowed", incomplete="leave_out")
    assert (result.outcome, cut_words(result)) == (None, "")


def test_a_missing_mark_does_not_hide_a_low_one() -> None:
    assert jury(FULL, FULL, (4, None, 9), needed="any", of="expert_mark").cut_by == ("э3",)
    assert "э3" in cut_words(jury(FULL, FULL, (9, None, 9), needed="any", of="expert_mark"))
    allowed = jury(FULL, FULL, (9, None, 9), needed="any", of="expert_mark", abstention="allowed")
    assert (allowed.outcome, cut_words(allowed)) == (None, "")
    off_scale = jury(FULL, FULL, (9, 11, 9), needed="any", of="expert_mark")
    assert (off_scale.outcome, off_scale.cuts) == (None, ())


def test_who_may_yet_be_cut_off_gets_no_place() -> None:
    rules = procedure(
        *JURY,
        experts={"combine": "mean", "abstention": "allowed", "clause": CLAUSE},
        outcomes=[{"code": "out", "title": "Снята"}],
        cutoffs=[{"of": "expert_total", "less_than": 15, "outcome": "out", "clause": CLAUSE}],
        ranking={"ties": "share", "clause": CLAUSE},
    )
    subjects = [
        Subject("А", experts={"э1": {"effect": 9}, "э2": {"effect": 9, "spread": 9, "quality": 9}}),
        Subject("Б", experts={"э1": {"effect": 8, "spread": 8, "quality": 8}}),
    ]
    unclear, sure = score_all(procedure=rules, subjects=subjects)
    assert (unclear.total, unclear.place) == (27, None)
    assert any("сработало ли отсечение" in remark.text for remark in unclear.undefined)
    assert sure.place == 1


# --- total -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("combine", "expected"), [("sum", "16"), ("mean", "8"), ("weighted_mean", "5.33333"), ("product", "48")]
)
def test_ways_to_the_total(combine: str, expected: str) -> None:
    rules = procedure(
        {"code": "a", "kind": "mark", "minimum": 0, "maximum": 10},
        {"code": "b", "kind": "mark", "minimum": 0, "maximum": 10, "coefficient": 2},
        total={"combine": combine, "clause": CLAUSE, "rounding": {"mode": "half_up", "places": 5}},
    )
    result = score(procedure=rules, answers={"a": 4, "b": 6})
    assert result.total == Decimal(expected)
    assert result.maximum is not None
    assert result.total <= result.maximum


def test_bonuses_and_penalties_stand_outside_the_scale() -> None:
    rules = procedure(
        {"code": "a", "kind": "mark", "minimum": 0, "maximum": 20},
        {"code": "fine", "kind": "per_unit", "unit": "дней", "points": -2, "extra": True},
        total={"clause": CLAUSE, "normalise": {"method": "share_of_maximum", "scale": 100}, "floor": 0},
    )
    assert score(procedure=rules, answers={"a": 15, "fine": 3}).total == 69
    assert score(procedure=rules, answers={"a": 0, "fine": 3}).total == 0
    assert bounds(procedure=rules) == (0, 100)


def audit(answers: dict[str, Any], kind: str = "school", **block: Any) -> Result:
    share = {"normalise": {"method": "share_of_maximum", "scale": 100}, "clause": "polozhenie 6"}
    check = {"kind": "yes_no", "yes": 1, "no": 0, "may_be_not_applicable": True}
    rules = procedure(
        {**check, "code": "1", "block": "sort"},
        {**check, "code": "2", "block": "order"},
        {**check, "code": "3", "block": "order", "when": {"kind": "school"}},
        context=[KIND],
        blocks=[{"code": code, "title": code, **share, **block} for code in ("sort", "order")],
        total={"clause": CLAUSE, "combine": "mean"},
        outcomes=[{"code": "ok", "title": "Соответствует"}],
        bands=[{"outcome": "ok", "at_least": 80, "clause": CLAUSE}],
    )
    return score(procedure=rules, answers=answers, context={"kind": kind})


def test_a_block_without_a_single_applicable_question_is_not_a_full_score() -> None:
    empty = audit({"1": True, "2": "n/a", "3": "n/a"})
    assert (empty.total, empty.outcome, empty.problems) == (None, None, ())
    [remark] = empty.undefined
    assert "Блок order" in remark.text
    assert "не определено положением" in remark.text
    assert remark.clause == "polozhenie 6"
    assert audit({"1": True, "2": "n/a", "3": True}).total == 100


def test_a_block_is_left_out_where_the_act_says_so_or_does_not_mean_the_subject() -> None:
    left_out = audit({"1": True, "2": "n/a", "3": "n/a"}, when_not_applicable="leave_out")
    assert (left_out.total, left_out.outcome, left_out.undefined) == (100, "ok", ())
    assert any("блок не учитывается" in remark.text for remark in left_out.explanation)
    nothing = audit({"1": "n/a", "2": "n/a", "3": "n/a"}, when_not_applicable="leave_out")
    assert nothing.total is None
    rules = procedure(
        {"code": "1", "kind": "yes_no", "yes": 1, "no": 0},
        {"code": "2", "kind": "yes_no", "yes": 1, "no": 0, "block": "b", "when": {"kind": "school"}},
        context=[KIND],
        blocks=[{"code": "b", "title": "Б", "clause": CLAUSE}],
    )
    garden = score(procedure=rules, answers={"1": True}, context={"kind": "garden"})
    assert (garden.total, garden.undefined) == (1, ())


@pytest.mark.parametrize(("total", "status"), [("4.9", "low"), ("5", None), ("5.1", "high")])
def test_overlapping_statuses_are_not_defined_where_they_overlap(total: str, status: str | None) -> None:
    rules = procedure(
        {"code": "c", "kind": "value", "unit": None},
        outcomes=[{"code": "low", "title": "Низкий"}, {"code": "high", "title": "Высокий"}],
        bands=[
            {"outcome": "low", "at_most": 5, "clause": CLAUSE},
            {"outcome": "high", "at_least": 5, "clause": CLAUSE},
        ],
    )
    result = score(procedure=rules, answers={"c": total})
    assert result.outcome == status
    assert bool(result.undefined) is (status is None)


def test_a_missing_coefficient_leaves_the_total_without_the_criterion_and_no_status() -> None:
    rules = procedure(
        {"code": "a", "kind": "mark", "minimum": 0, "maximum": 10},
        {"code": "b", "kind": "mark", "minimum": 0, "maximum": 10, "coefficient": None},
        outcomes=[{"code": "good", "title": "Хорошо"}],
        bands=[{"outcome": "good", "at_least": 0, "clause": CLAUSE}],
    )
    result = score(procedure=rules, answers={"a": 4, "b": 6})
    assert (result.total, result.excluded, result.outcome) == (4, ("b",), None)
    assert result.criteria["b"].points == 6
    assert "критерия b" in result.banner


def test_two_criteria_must_fall_before_the_cut_off_works() -> None:
    marks = [{"code": code, "kind": "mark", "minimum": 0, "maximum": 2} for code in "abc"]
    rules = procedure(
        *marks,
        outcomes=[{"code": "out", "title": "Снята"}],
        cutoffs=[
            {
                "of": "criterion",
                "criteria": ["a", "b", "c"],
                "at_most": 0,
                "hits": 2,
                "outcome": "out",
                "clause": CLAUSE,
            }
        ],
    )
    assert score(procedure=rules, answers={"a": 0, "b": 1, "c": 1}).outcome is None
    assert score(procedure=rules, answers={"a": 0, "b": 1, "c": 0}).cut_by == ("a", "c")
    # One has fallen and one is not answered: the cut-off is not decided, and no status may be given.
    half = score(procedure=rules, answers={"a": 0, "b": 1})
    assert half.outcome is None
    assert half.problems


# --- places ------------------------------------------------------------------------------------------------


def places(totals: list[Any], ranking: dict[str, Any], **rest: Any) -> list[Result]:
    rules = procedure(
        {"code": "c", "kind": "value", "unit": None},
        context=[{"code": "day", "title": "Дата заявки", "kind": "date"}, KIND],
        outcomes=[{"code": code, "title": code} for code in ("winner", "first", "second", "third")],
        ranking={"clause": "polozhenie 5", **ranking},
        **rest,
    )
    subjects = [
        Subject(subject=str(n), answers={"c": each[0]}, context=each[1])
        if isinstance(each, tuple)
        else Subject(subject=str(n), answers={"c": each})
        for n, each in enumerate(totals)
    ]
    return score_all(procedure=rules, subjects=subjects)


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("share", [1, 2, 2, 4]), ("dense", [1, 2, 2, 3]), ("undefined", [1, None, None, 4])],
)
def test_equal_totals(ties: str, expected: list[int | None]) -> None:
    results = places([9, 7, 7, 5], {"ties": ties})
    assert [result.place for result in results] == expected
    assert bool(results[1].undefined) is (ties == "undefined")


def test_a_lower_total_may_be_better() -> None:
    assert [result.place for result in places([9, 7, 5], {"ties": "share", "better": "lower"})] == [3, 2, 1]


def test_the_earlier_application_wins_and_an_unknown_date_is_asked_for() -> None:
    rule = {"tie_breakers": [{"variable": "day", "better": "lower"}]}
    early, late = {"day": "01.03.2026"}, {"day": "2026-03-02"}
    assert [result.place for result in places([(7, late), (7, early), 9], rule)] == [3, 2, 1]
    results = places([(7, late), 7, 9], rule)
    assert [result.place for result in results] == [None, None, 1]
    assert results[1].problems


@pytest.mark.parametrize(("top", "words"), [(2, "Осталось 1 место из 2"), (3, "Осталось 2 места из 3")])
def test_the_places_left_at_the_border_are_counted_in_russian(top: int, words: str) -> None:
    ranking = {"ties": "share", "winners": {"top": top, "outcome": "winner", "clause": CLAUSE}}
    results = places([9, 7, 7, 7, 7], ranking)
    assert any(remark.text.startswith(words) for remark in results[1].undefined)


def test_a_group_outside_the_list_gives_neither_a_place_nor_an_award() -> None:
    ranking = {
        "groups": ["kind"],
        "ties": "share",
        "winners": {"top": 1, "outcome": "winner", "clause": CLAUSE},
    }
    alone = places([(9, {"kind": "photo"}), (8, {"kind": "school"})], ranking)
    assert [(each.place, each.award) for each in alone] == [(None, None), (1, "winner")]
    [problem] = alone[0].problems
    assert "photo" in problem.text
    assert "school (Школа)" in problem.mend
    nobody = places([(9, {"kind": "photo"}), (8, {"kind": "film"})], ranking)
    assert [(each.place, each.award, len(each.problems)) for each in nobody] == [(None, None, 1)] * 2


def warned(result: Result) -> str:
    return "; ".join(remark.text for remark in result.warnings)


def test_places_are_provisional_while_others_are_not_computed() -> None:
    ranking = {"ties": "share", "winners": {"top": 1, "outcome": "winner", "clause": CLAUSE}}
    first, missing, second = places([9, "?", 8], ranking)
    assert (first.place, first.award, first.provisional) == (1, "winner", True)
    assert (second.place, second.provisional) == (2, True)
    assert "не посчитаны: 1" in warned(first)
    assert (missing.place, missing.provisional) == (None, False)
    assert not any(each.provisional or each.warnings for each in places([9, 8], ranking))


def test_only_the_group_of_the_missing_one_is_provisional() -> None:
    school, garden = {"kind": "school"}, {"kind": "garden"}
    ranking = {"groups": ["kind"], "ties": "share"}
    results = places([(9, school), ("?", school), (7, garden)], ranking)
    assert [each.provisional for each in results] == [True, False, False]
    anywhere = places([(9, school), (8, {"kind": "photo"}), (7, garden)], ranking)
    assert [each.provisional for each in anywhere] == [True, False, True]
    assert not any(each.provisional for each in places([9, 8], ranking)), "one common rating"


def test_who_is_cut_off_or_has_a_status_out_of_the_ranking_is_not_waited_for() -> None:
    cutoffs = [{"of": "total", "less_than": 5, "outcome": "third", "clause": CLAUSE}]
    assert [each.provisional for each in places([9, 4], {"ties": "share"}, cutoffs=cutoffs)] == [False, False]


@pytest.mark.parametrize("method", ["share_of_best", "min_max"])
def test_a_comparison_without_someone_is_provisional(method: str) -> None:
    rules = procedure(
        {"code": "c", "kind": "value", "unit": None, "normalise": {"method": method, "when_equal": "full"}},
    )

    def compare(*answers: Any) -> list[Result]:
        subjects = [Subject(str(n), answers={"c": answer}) for n, answer in enumerate(answers)]
        return score_all(procedure=rules, subjects=subjects)

    results = compare(9, 8, None)
    assert [each.provisional for each in results] == [True, True, False]
    assert "Критерий c: сравнение предварительное, не посчитаны: 2" in warned(results[0])
    assert not any(each.provisional for each in compare(9, 8))


def test_totals_compared_without_someone_are_provisional() -> None:
    rules = procedure(
        {"code": "c", "kind": "value", "unit": None},
        total={"clause": CLAUSE, "normalise": {"method": "share_of_best"}},
    )
    subjects = [Subject("а", answers={"c": 9}), Subject("б", answers={})]
    known, unknown = score_all(procedure=rules, subjects=subjects)
    assert (known.total, known.provisional, unknown.provisional) == (1, True, False)
    assert "не посчитаны: б" in warned(known)


def test_groups_have_places_of_their_own() -> None:
    school, garden = {"kind": "school"}, {"kind": "garden"}
    results = places([(9, school), (8, garden), (7, school)], {"groups": ["kind"], "ties": "share"})
    assert [result.place for result in results] == [1, 1, 2]
    results = places([(9, school), 8], {"groups": ["kind"], "ties": "share"})
    assert results[1].place is None
    assert results[1].problems


@pytest.mark.parametrize(
    ("at_border", "expected"),
    [
        ("include", ["winner", "winner", "winner", None]),
        ("exclude", ["winner", None, None, None]),
        ("undefined", ["winner", None, None, None]),
    ],
)
def test_equals_at_the_border_of_the_winners(at_border: str, expected: list[str | None]) -> None:
    winners = {"top": 2, "outcome": "winner", "at_border": at_border, "clause": CLAUSE}
    results = places([9, 7, 7, 5], {"ties": "share", "winners": winners})
    assert [result.award for result in results] == expected
    assert bool(results[1].undefined) is (at_border == "undefined")
    assert not results[0].undefined
    assert not results[3].undefined


def test_winners_need_the_minimum_and_places_have_names() -> None:
    winners = {
        "top": 3,
        "minimum": {"more_than": 6},
        "outcomes": {1: "first", 2: "second", 3: "third"},
        "clause": CLAUSE,
    }
    results = places([9, 6, 7], {"ties": "share", "winners": winners})
    assert [result.award for result in results] == ["first", None, "second"]
    assert [result.place for result in results] == [1, 3, 2]


def test_top_places_when_places_are_counted_densely() -> None:
    winners = {"top": 2, "outcome": "winner", "clause": CLAUSE}
    results = places([9, 9, 7, 7, 5], {"ties": "dense", "winners": winners})
    assert [result.award for result in results] == ["winner"] * 4 + [None]


def test_the_cut_off_and_the_unfinished_have_no_place() -> None:
    cutoffs = [{"of": "total", "less_than": 6, "outcome": "third", "clause": CLAUSE}]
    results = places([9, 5, "?"], {"ties": "share"}, cutoffs=cutoffs)
    assert [result.place for result in results] == [1, None, None]


def test_without_a_ranking_places_are_not_defined() -> None:
    rules = procedure({"code": "c", "kind": "value", "unit": None})
    [result] = rank(procedure=rules, results=[score(procedure=rules, answers={"c": 1})])
    assert result.place is None
    assert "не определено положением" in result.undefined[-1].text


# --- comparison --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("normalise", "expected"),
    [
        ({"method": "min_max", "scale": 100}, [0, 50, 100]),
        ({"method": "min_max", "scale": 100, "better": "lower"}, [100, 50, 0]),
        ({"method": "share_of_best", "scale": 100}, [50, 75, 100]),
        ({"method": "share_of_best", "scale": 60, "better": "lower"}, [60, 40, 30]),
        ({"method": "share_of_maximum", "maximum": 80}, ["0.25", "0.375", "0.5"]),
    ],
)
def test_points_brought_to_one_scale(normalise: dict[str, Any], expected: list[Any]) -> None:
    rules = procedure({"code": "c", "kind": "value", "unit": None, "normalise": normalise})
    results = score_all(procedure=rules, subjects=[Subject(str(n), answers={"c": n}) for n in (20, 30, 40)])
    assert [result.total for result in results] == [Decimal(value) for value in expected]


@pytest.mark.parametrize(("policy", "expected"), [("full", 1), ("zero", 0), ("undefined", None)])
def test_nothing_to_compare_with(policy: str, expected: int | None) -> None:
    normalise = {"method": "min_max", "when_equal": policy}
    rules = procedure({"code": "c", "kind": "value", "unit": None, "normalise": normalise})
    results = score_all(
        procedure=rules, subjects=[Subject("1", answers={"c": 5}), Subject("2", answers={"c": 5})]
    )
    assert [result.total for result in results] == [expected, expected]
    assert bool(results[0].undefined) is (policy == "undefined")


def test_a_total_without_a_criterion_is_not_compared_with_whole_ones() -> None:
    rules = procedure(
        {"code": "c", "kind": "value", "unit": None, "coefficient": {"by": "kind", "values": {"school": 1}}},
        {"code": "d", "kind": "value", "unit": None},
        context=[KIND],
        outcomes=[{"code": "winner", "title": "Победитель"}],
        ranking={
            "ties": "share",
            "clause": CLAUSE,
            "winners": {"top": 1, "minimum": {"at_least": 1}, "outcome": "winner", "clause": CLAUSE},
        },
    )

    def subject(name: str, kind: str, value: int) -> Subject:
        return Subject(name, answers={"c": value, "d": 5}, context={"kind": kind})

    mixed = score_all(procedure=rules, subjects=[subject("1", "school", 3), subject("2", "garden", 9)])
    assert [result.place for result in mixed] == [1, None]
    assert "не сравнить" in mixed[1].undefined[-1].text
    # Where the same is missing for all, places are known, but not whether the minimum is reached.
    same = score_all(procedure=rules, subjects=[subject("1", "garden", 3), subject("2", "garden", 9)])
    assert [(result.place, result.award) for result in same] == [(1, None), (1, None)]
