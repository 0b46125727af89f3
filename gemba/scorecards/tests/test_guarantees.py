"""The guarantees of docs/rules/scoring.md, on procedures and answers that nobody thought of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.scorecards.rules import Result, Subject, bounds, reachable_totals, score, score_all

CLAUSE = "polozhenie 1"
HALVES = st.integers(0, 12).map(lambda n: Decimal(n) / 2)
SIGNED = st.integers(-8, 12).map(lambda n: Decimal(n) / 2)
RATES = st.one_of(st.none(), st.sampled_from([Decimal("0.3"), Decimal(1), Decimal(2), Decimal("-0.5")]))
ROUNDINGS = st.one_of(
    st.none(),
    st.builds(
        lambda mode, step: {"mode": mode, "step": step},
        st.sampled_from(["half_up", "half_even", "up", "down"]),
        st.sampled_from([Decimal("0.1"), Decimal("0.5"), Decimal(1)]),
    ),
)


@st.composite
def criteria(draw: st.DrawFn, code: str) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(["max_row", "one_row", "sum_rows", "levels", "ranges", "per_unit", "mark", "yes_no"])
    )
    found: dict[str, Any] = {
        "code": code,
        "title": f"Критерий {code}",
        "kind": kind,
        "clause": CLAUSE,
        "coefficient": draw(RATES),
        "rounding": draw(ROUNDINGS),
        "extra": draw(st.booleans()) and draw(st.booleans()),
        "may_be_not_applicable": draw(st.booleans()),
        "empty": draw(st.sampled_from(["zero", None])),
    }
    match kind:
        case "levels":
            worths = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=4)))
            found["rows"] = [{"code": n, "text": "т", "points": worth} for n, worth in enumerate(worths, 1)]
        case "max_row" | "one_row" | "sum_rows":
            worths = draw(st.lists(SIGNED, min_size=1, max_size=4))
            found["rows"] = [{"code": n, "text": "т", "points": worth} for n, worth in enumerate(worths, 1)]
            if draw(st.booleans()):
                found["rows"].append({"code": "z", "text": "ничего", "points": 0, "nothing": True})
            if kind == "sum_rows" and draw(st.booleans()):
                found["cap"] = draw(HALVES)
        case "ranges":
            found |= {"unit": "шт.", "round_value": draw(ROUNDINGS)}
            found["ranges"] = [
                {"less_than": 3, "points": draw(SIGNED)},
                {"at_least": 3, "at_most": 7, "points": draw(SIGNED)},
                {"more_than": 7, "points": draw(SIGNED)},
            ]
        case "per_unit":
            found |= {
                "unit": "шт.",
                "points": draw(SIGNED),
                "cap": draw(HALVES),
                "floor": -3,
                "whole_units": draw(st.booleans()),
            }
        case "mark":
            found |= {
                "minimum": 0,
                "maximum": 5,
                "step": draw(st.sampled_from([None, Decimal("0.5"), Decimal(1)])),
            }
        case "yes_no":
            found |= {"yes": draw(SIGNED), "no": draw(SIGNED)}
    return found


def by_kind(amount: Any, other: Any) -> dict[str, Any]:
    """Return a number that depends on the kind of organisation."""
    return {"by": "kind", "values": {"a": amount, "b": other}}


SHARE = st.one_of(
    st.none(),
    st.builds(
        lambda maximum, scale, rounding: {
            "method": "share_of_maximum",
            "maximum": maximum,
            "scale": scale,
            "rounding": rounding,
        },
        st.sampled_from([None, Decimal(4), Decimal(10)]),
        st.sampled_from([Decimal(1), Decimal(100)]),
        ROUNDINGS,
    ),
)


@st.composite
def varied(draw: st.DrawFn) -> Procedure:
    """A procedure that uses all that makes a total: blocks of several, kinds, experts, shares, weights."""
    made = [draw(criteria(str(n))) for n in range(1, draw(st.integers(1, 5)) + 1)]
    blocks = [f"block-{n}" for n in range(draw(st.integers(0, 2)))]
    of = draw(st.sampled_from(["criteria", "totals"]))
    for criterion in made:
        criterion["block"] = draw(st.sampled_from([None, *blocks]))
        criterion["normalise"] = draw(SHARE) if draw(st.booleans()) else None
        criterion["answered_by"] = draw(st.sampled_from(["one", "one", "experts"]))
        if draw(st.integers(0, 3)) == 0:
            criterion["when"] = {"kind": draw(st.sampled_from([["a"], ["b"]]))}
        if draw(st.integers(0, 3)) == 0:
            criterion["coefficient"] = by_kind(draw(RATES), draw(RATES))
        if of == "totals" and criterion["answered_by"] == "experts":
            criterion["block"] = None
    data: dict[str, Any] = {
        "code": "varied",
        "title": "Процедура",
        "use": "other",
        "clause": CLAUSE,
        "context": [
            {"code": "kind", "title": "Вид", "values": {"a": "первый", "b": "второй"}, "clause": CLAUSE}
        ],
        "criteria": made,
        "blocks": [
            {
                "code": code,
                "title": "Блок",
                "clause": CLAUSE,
                "combine": draw(st.sampled_from(["sum", "mean", "highest", "lowest"])),
                "coefficient": by_kind(draw(RATES), draw(RATES)) if draw(st.booleans()) else draw(RATES),
                "rounding": draw(ROUNDINGS),
                "normalise": draw(SHARE),
                "cap": draw(st.one_of(st.none(), HALVES)),
                "floor": draw(st.one_of(st.none(), st.just(-1))),
                "extra": draw(st.integers(0, 3)) == 0,
                "when_not_applicable": draw(st.sampled_from(["undefined", "leave_out"])),
            }
            for code in blocks
        ],
        "total": {
            "clause": CLAUSE,
            "combine": draw(st.sampled_from(["sum", "mean", "weighted_mean", "product"])),
            "multiplier": draw(st.sampled_from([1, Decimal("0.5"), -1])),
            "normalise": draw(SHARE),
            "rounding": draw(ROUNDINGS),
            "cap": draw(st.one_of(st.none(), HALVES)),
            "floor": draw(st.one_of(st.none(), st.just(-2))),
        },
    }
    if any(criterion["answered_by"] == "experts" for criterion in made):
        data["experts"] = {
            "clause": CLAUSE,
            "combine": draw(st.sampled_from(["mean", "median", "sum", "highest", "lowest"])),
            "of": of,
            "abstention": "allowed",
            "incomplete": "leave_out",
            "drop_highest": draw(st.integers(0, 1)),
            "drop_from": 3,
            "rounding": draw(ROUNDINGS),
        }
    return Procedure.model_validate(data)


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    made = [draw(criteria(str(n))) for n in range(1, draw(st.integers(1, 4)) + 1)]
    data: dict[str, Any] = {
        "code": "made",
        "title": "Процедура",
        "use": "other",
        "clause": CLAUSE,
        "criteria": made,
        "total": {
            "clause": CLAUSE,
            "combine": draw(st.sampled_from(["sum", "sum", "mean"])),
            "rounding": draw(ROUNDINGS),
            "cap": draw(st.one_of(st.none(), HALVES)),
            "floor": draw(st.one_of(st.none(), st.just(-2))),
        },
        "outcomes": [{"code": code, "title": code} for code in ("low", "high", "cut")],
        "bands": [
            {"outcome": "low", "less_than": 4, "clause": CLAUSE},
            {"outcome": "high", "at_least": 5, "clause": CLAUSE},
        ],
        "ranking": {"ties": draw(st.sampled_from(["share", "dense"])), "clause": CLAUSE},
    }
    if draw(st.booleans()):
        data["blocks"] = [
            {
                "code": "block",
                "title": "Блок",
                "clause": CLAUSE,
                "combine": draw(st.sampled_from(["sum", "mean", "highest", "lowest"])),
                "coefficient": draw(RATES),
                "rounding": draw(ROUNDINGS),
            }
        ]
        made[0]["block"] = "block"
    if draw(st.booleans()):
        data["cutoffs"] = [
            {"of": "criterion", "criteria": ["1"], "at_most": 0, "outcome": "cut", "clause": CLAUSE}
        ]
    return Procedure.model_validate(data)


def answers_to(criterion: Any) -> st.SearchStrategy[Any]:
    match criterion.kind:
        case "max_row" | "sum_rows" | "levels":
            codes = [row.code for row in criterion.rows if not row.nothing]
            found: st.SearchStrategy[Any] = st.lists(st.sampled_from(codes), unique=True)
        case "one_row":
            found = st.sampled_from([[row.code] for row in criterion.rows])
        case "mark":
            found = st.integers(0, 5)
        case "yes_no":
            found = st.booleans()
        case _:
            found = st.one_of(
                st.integers(0, 20), st.integers(0, 200).map(lambda n: f"{n / 10}".replace(".", ","))
            )
    if criterion.may_be_not_applicable:
        found = st.one_of(found, found, st.just("n/a"))
    return found


@st.composite
def scored(draw: st.DrawFn) -> tuple[Procedure, dict[str, Any]]:
    procedure = draw(procedures())
    return procedure, {criterion.code: draw(answers_to(criterion)) for criterion in procedure.criteria}


def essence(result: Result) -> tuple[Any, ...]:
    return (
        result.total,
        result.outcome,
        result.cut_by,
        result.excluded,
        dict(result.criteria),
        result.explanation,
    )


@settings(max_examples=150, deadline=None)
@given(scored(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case: tuple[Procedure, dict[str, Any]], random: Any) -> None:
    procedure, answers = case
    shuffled = {
        code: random.sample(answer, len(answer)) if isinstance(answer, list) else answer
        for code, answer in random.sample(list(answers.items()), len(answers))
    }
    assert essence(score(procedure=procedure, answers=answers)) == essence(
        score(procedure=procedure, answers=shuffled)
    )


@settings(max_examples=150, deadline=None)
@given(scored(), st.data())
def test_a_fulfilled_row_never_lowers_a_criterion(
    case: tuple[Procedure, dict[str, Any]], data: st.DataObject
) -> None:
    """A row of positive worth, added to a criterion whose rows do not take points away."""
    procedure, answers = case
    for criterion in procedure.criteria:
        if (
            not isinstance(criterion, Rows)
            or criterion.kind == "one_row"
            or not isinstance(answers[criterion.code], list)
        ):
            continue
        gains = [row.code for row in criterion.rows if not row.nothing and (row.points.fixed or 0) >= 0]
        if not gains or not answers[criterion.code]:
            continue
        more = [*answers[criterion.code], data.draw(st.sampled_from(gains))]
        before = score(procedure=procedure, answers=answers).criteria[criterion.code].points
        after = (
            score(procedure=procedure, answers={**answers, criterion.code: more})
            .criteria[criterion.code]
            .points
        )
        assert before is not None
        assert after is not None
        assert after >= before


def bounds_hold(procedure: Procedure, answers: dict[str, Any], context: dict[str, Any] | None = None) -> None:
    result = score(procedure=procedure, answers=answers, context=context)
    if result.total is None:
        return
    experts = {name for answer in answers.values() if isinstance(answer, dict) for name in answer}
    for low, high in (
        (result.minimum, result.maximum),
        bounds(procedure=procedure),
        bounds(procedure=procedure, context=context, experts=len(experts) or None),
    ):
        assert low is None or low <= result.total
        assert high is None or result.total <= high
    totals = reachable_totals(procedure=procedure, context=context)
    assert totals is None or result.total in totals


@settings(max_examples=300, deadline=None)
@given(scored())
def test_totals_stay_within_the_computed_bounds(case: tuple[Procedure, dict[str, Any]]) -> None:
    bounds_hold(*case)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_bounds_hold_whatever_makes_the_total(data: st.DataObject) -> None:
    procedure = data.draw(varied())
    answers = {
        criterion.code: (
            data.draw(st.dictionaries(st.sampled_from("xyz"), answers_to(criterion), min_size=1))
            if criterion.answered_by == "experts"
            else data.draw(answers_to(criterion))
        )
        for criterion in procedure.criteria
    }
    bounds_hold(procedure, answers, {"kind": data.draw(st.sampled_from("ab"))})


@pytest.mark.parametrize("worth", ["-0.5", "0.5"])
def test_a_mean_is_not_thinned_by_what_has_no_coefficient(worth: str) -> None:
    """Found by the property above: a block and a criterion without a coefficient are no parts of the mean."""
    procedure = Procedure.model_validate(
        {
            "code": "made",
            "title": "Процедура",
            "use": "other",
            "clause": CLAUSE,
            "blocks": [{"code": "block", "title": "Блок", "coefficient": Decimal("0.3"), "clause": CLAUSE}],
            "criteria": [
                {
                    "code": "1",
                    "title": "Критерий 1",
                    "kind": "max_row",
                    "block": "block",
                    "empty": "zero",
                    "coefficient": None,
                    "rows": [{"code": "1", "text": "т", "points": 0}],
                    "clause": CLAUSE,
                },
                {
                    "code": "2",
                    "title": "Критерий 2",
                    "kind": "mark",
                    "minimum": 0,
                    "maximum": 5,
                    "empty": "zero",
                    "coefficient": None,
                    "clause": CLAUSE,
                },
                {
                    "code": "3",
                    "title": "Критерий 3",
                    "kind": "ranges",
                    "unit": "шт.",
                    "empty": "zero",
                    "coefficient": Decimal("0.3"),
                    "ranges": [
                        {"less_than": 3, "points": 0},
                        {"at_least": 3, "at_most": 7, "points": Decimal(worth)},
                        {"more_than": 7, "points": 0},
                    ],
                    "clause": CLAUSE,
                },
            ],
            "total": {"clause": CLAUSE, "combine": "mean"},
        }
    )
    answers: dict[str, Any] = {"1": [], "2": 0, "3": 3}
    assert score(procedure=procedure, answers=answers).total == Decimal(worth) * Decimal("0.3")
    bounds_hold(procedure, answers)


def test_a_mean_of_nothing_is_zero_beside_what_is_extra() -> None:
    """Found by the property above: all of the mean is «not applicable», only an extra criterion is left."""
    procedure = Procedure.model_validate(
        {
            "code": "made",
            "title": "Процедура",
            "use": "other",
            "clause": CLAUSE,
            "criteria": [
                {
                    "code": "1",
                    "title": "Критерий 1",
                    "kind": "mark",
                    "minimum": 0,
                    "maximum": 5,
                    "extra": True,
                    "clause": CLAUSE,
                },
                {
                    "code": "2",
                    "title": "Критерий 2",
                    "kind": "yes_no",
                    "may_be_not_applicable": True,
                    "yes": Decimal("-1.5"),
                    "no": Decimal("-1.5"),
                    "clause": CLAUSE,
                },
            ],
            "total": {"clause": CLAUSE, "combine": "mean"},
        }
    )
    bounds_hold(procedure, {"1": 0, "2": "n/a"})
    assert bounds(procedure=procedure) == (Decimal("-1.5"), Decimal(5))


@settings(max_examples=200, deadline=None)
@given(scored())
def test_no_status_outside_its_band(case: tuple[Procedure, dict[str, Any]]) -> None:
    procedure, answers = case
    result = score(procedure=procedure, answers=answers)
    if result.cuts:
        assert result.outcome == "cut"
    elif result.outcome == "low":
        assert result.total is not None
        assert result.total < 4
    elif result.outcome == "high":
        assert result.total is not None
        assert result.total >= 5
    else:
        assert result.undefined or result.problems


@settings(max_examples=200, deadline=None)
@given(scored())
def test_what_has_no_points_is_said(case: tuple[Procedure, dict[str, Any]]) -> None:
    """There is never a silent zero: no total without a reason, no criterion left out without a word."""
    procedure, answers = case
    result = score(procedure=procedure, answers=answers)
    if result.total is None:
        assert result.undefined or result.problems
    for code in result.excluded:
        assert any(remark.criterion == code for remark in result.undefined)
    for each in result.criteria.values():
        assert (each.points is None) == (each.state != "scored")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_places_agree_with_totals_in_any_order(data: st.DataObject) -> None:
    procedure = data.draw(procedures())
    subjects = [
        Subject(
            subject=str(n), answers={each.code: data.draw(answers_to(each)) for each in procedure.criteria}
        )
        for n in range(data.draw(st.integers(2, 6)))
    ]
    results = {result.subject: result for result in score_all(procedure=procedure, subjects=subjects)}
    turned = {result.subject: result for result in score_all(procedure=procedure, subjects=subjects[::-1])}
    assert results == turned
    assert procedure.ranking
    placed = [result for result in results.values() if result.place is not None]
    for result in placed:
        assert not result.cuts
        better = {
            other.total
            for other in placed
            if other.total > result.total and other.excluded == result.excluded
        }
        ahead = [
            other for other in placed if other.total > result.total and other.excluded == result.excluded
        ]
        assert result.place == 1 + len(better if procedure.ranking.ties == "dense" else ahead)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["1", "z", "n/a"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(procedures(), st.dictionaries(st.sampled_from(["1", "2", "3", "9"]), JSON), JSON)
def test_no_answer_breaks_the_engine(procedure: Procedure, answers: dict[str, Any], experts: Any) -> None:
    result = score(procedure=procedure, answers=answers, experts=experts if isinstance(experts, dict) else {})
    assert all(problem.text and problem.mend for problem in result.problems)
    if "9" in answers:
        assert any("«9»" in problem.text for problem in result.problems)
