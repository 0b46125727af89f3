"""The worked examples of both shipped procedures, every example of every pack, and all combinations of answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

import pytest

from gemba.regulations.pack import load_pack
from gemba.regulations.pack.procedures import Amount, Cutoff, Procedure, Rows
from gemba.scorecards.examples import failures
from gemba.scorecards.findings import check_procedure
from gemba.scorecards.rules import Subject, bounds, reachable_outcomes, reachable_totals, score, score_all

ROOT = Path(__file__).parents[2]
PACKS = sorted((ROOT / "regulations").glob("*/*.yaml"))
KNOWN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "scoring_examples.json").read_text(encoding="utf-8")
)
SIGNIFICANCE, CHECKLIST = KNOWN["significance_001"], KNOWN["checklist_003"]
READINGS = {
    "criterion_1_only": ["1"],
    "criteria_1_2": ["1", "2"],
    "criteria_1_2_3": ["1", "2", "3"],
    "all_seven": ["1", "2", "3", "4", "5", "6", "7"],
}


@cache
def shipped(pack: str, code: str) -> Procedure:
    loaded = load_pack(ROOT / "regulations" / f"{pack}.yaml")
    return next(procedure for procedure in loaded.procedures if procedure.code == code)


def significance(cut: list[str] | None = None) -> Procedure:
    procedure = shipped("leninsk-kuznetsky/2022-09-30", "significance")
    if cut is None:
        return procedure
    cutoff: Cutoff = procedure.cutoffs[0].model_copy(update={"criteria": cut})
    return procedure.model_copy(update={"cutoffs": [cutoff]})


def checklist(coefficient: str | None = None) -> Procedure:
    procedure = shipped("promyshlennovsky/2025-12-02", "checklist")
    if coefficient is None:
        return procedure
    criteria = [
        each.model_copy(update={"coefficient": Amount(fixed=Decimal(coefficient))})
        if each.code == "3"
        else each
        for each in procedure.criteria
    ]
    return procedure.model_copy(update={"criteria": criteria})


def decimals(values: dict[str, str | None]) -> dict[str, Decimal | None]:
    return {code: None if value is None else Decimal(value) for code, value in values.items()}


# --- worked examples ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", SIGNIFICANCE["examples"], ids=lambda example: example["title"])
def test_significance_example(example: dict[str, Any]) -> None:
    for reading, status in example["status_by_cutoff_reading"].items():
        result = score(procedure=significance(READINGS[reading]), answers=example["input"])
        assert result.outcome == status, reading
    result = score(procedure=significance(), answers=example["input"])
    assert {code: each.points for code, each in result.criteria.items()} == decimals(example["points"])
    assert result.total == Decimal(example["total"])
    assert result.outcome == example["status"]
    assert result.cut_by == tuple(str(code) for code in example["cutoff_failed"])
    assert not result.problems
    assert not result.undefined


@pytest.mark.parametrize("example", CHECKLIST["examples"], ids=lambda example: example["title"])
def test_checklist_example(example: dict[str, Any]) -> None:
    result = score(procedure=checklist(), answers=example["rows_met"])
    assert {code: each.points for code, each in result.criteria.items()} == {
        code: Decimal(level) for code, level in example["levels"].items()
    }
    assert {code: each.weighted for code, each in result.criteria.items()} == decimals(example["weighted"])
    assert result.total == Decimal(example["total"]["k3_missing_excluded"])
    assert result.excluded == ("3",)
    assert "3" in result.banner
    assert not result.is_complete
    assert result.outcome is None
    for coefficient in ("0.5", "0.8", "1"):
        whole = score(procedure=checklist(coefficient), answers=example["rows_met"])
        assert whole.total == Decimal(example["total"][f"k3_{coefficient}"])
        assert whole.is_complete


@pytest.mark.parametrize("pack", PACKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_of_the_pack_comes_out(pack: Path) -> None:
    for procedure in load_pack(pack).procedures:
        assert procedure.examples, f"{procedure.code}: a procedure without examples is not proved"
        for example in procedure.examples:
            assert failures(procedure, example) == [], f"{procedure.code}: {example.title}"


def test_an_example_that_does_not_come_out_is_said() -> None:
    procedure = significance()
    example = procedure.examples[0]
    assert example.expect
    wrong = example.model_copy(update={"expect": example.expect.model_copy(update={"total": Decimal(9)})})
    assert failures(procedure, wrong) == ["итог: ожидалось 9, получено 10"]


def test_the_broken_chain_is_explained() -> None:
    result = score(procedure=checklist(), answers={"1": [1, 3]})
    said = {remark.text: remark.clause for remark in result.explanation}
    assert "checklist 1" in said["Строка 3 не засчитана: не выполнена строка 2"]


def test_the_declared_maxima_are_the_computed_ones() -> None:
    assert bounds(procedure=significance())[1] == Decimal(SIGNIFICANCE["max_total"])
    for key, coefficient in (
        ("k3_missing_excluded", None),
        ("k3_0.5", "0.5"),
        ("k3_0.8", "0.8"),
        ("k3_1", "1"),
    ):
        assert bounds(procedure=checklist(coefficient))[1] == Decimal(CHECKLIST["max_total"][key])


# --- every combination -------------------------------------------------------------------------------------


def row_choices(criterion: Rows, *, empty: bool = False) -> list[list[str]]:
    """One choice of rows for each number of points the criterion can give."""
    first: dict[Decimal, list[str]] = {}
    for row in criterion.rows:
        assert row.points.fixed is not None
        first.setdefault(row.points.fixed, [row.code])
    return [*first.values(), *([[]] if empty else [])]


def all_answers(procedure: Procedure, *, empty: str = "") -> Iterator[dict[str, list[str]]]:
    criteria = [criterion for criterion in procedure.criteria if isinstance(criterion, Rows)]
    choices = [row_choices(criterion, empty=criterion.code == empty) for criterion in criteria]
    for chosen in product(*choices):
        yield dict(zip((criterion.code for criterion in criteria), chosen, strict=True))


@pytest.mark.parametrize("reading", READINGS)
def test_all_432_combinations_of_significance(reading: str) -> None:
    procedure = significance(READINGS[reading])
    expected = SIGNIFICANCE["enumeration"][reading]
    results = [score(procedure=procedure, answers=answers) for answers in all_answers(procedure)]
    assert len(results) == 432
    assert Counter(result.outcome for result in results) == expected["statuses"]
    lean = sorted({result.total for result in results if not result.cuts and result.total is not None})
    assert lean == [Decimal(total) for total in expected["reachable_totals"]]
    assert (str(lean[0]), str(lean[-1])) == (expected["min_total"], expected["max_total"])
    assert reachable_totals(procedure=procedure, answered=True, after_cutoffs=True) == lean
    assert not any(result.undefined or result.problems for result in results)


def test_all_combinations_of_significance_with_criterion_4_left_empty() -> None:
    only_4 = [
        each if each.code == "4" else each.model_copy(update={"empty": "required"})
        for each in significance().criteria
    ]
    procedure = significance().model_copy(update={"criteria": only_4})
    results = [score(procedure=procedure, answers=answers) for answers in all_answers(procedure, empty="4")]
    expected = SIGNIFICANCE["enumeration_empty_criterion_4_allowed"]
    assert Counter(result.outcome for result in results) == expected["statuses"]
    assert all(result.warnings for result in results if result.criteria["4"].points == 0)
    assert reachable_totals(procedure=procedure, after_cutoffs=True) == [
        Decimal(total) for total in expected["reachable_totals"]
    ]


def test_the_municipal_status_cannot_be_reached_when_three_criteria_cut() -> None:
    reached = reachable_outcomes(procedure=significance(READINGS["all_seven"]))
    assert reached is not None
    assert reached["municipal"] == []
    assert reached["regional"]


@pytest.mark.parametrize("criterion", checklist().criteria, ids=lambda criterion: criterion.code)
def test_every_set_of_rows_of_the_checklist(criterion: Rows) -> None:
    """Every subset of rows of a criterion against the formula of the act, the others empty."""
    rows = [row for row in criterion.rows if not row.nothing]
    worth = {row.code: row.points.fixed or Decimal(0) for row in rows}
    for met in chain.from_iterable(combinations(worth, size) for size in range(len(worth) + 1)):
        chain_length = next((n for n, row in enumerate(rows) if row.code not in met), len(rows))
        expected = (
            Decimal(chain_length)
            if criterion.kind == "levels"
            else max(map(worth.get, met), default=Decimal(0))
        )
        result = score(procedure=checklist("1"), answers={criterion.code: list(met)})
        assert result.criteria[criterion.code].points == expected, met
        assert not result.problems


def test_all_combinations_of_levels_of_the_checklist() -> None:
    """The criteria add up independently, so every total is a sum of one weighted level of each."""
    procedure = checklist()
    rates = {each["n"]: each["coefficient"] for each in CHECKLIST["criteria"]}
    sums = {Decimal(0)}
    for each in CHECKLIST["criteria"]:
        if rates[each["n"]] is not None:
            sums = {
                total + Decimal(level) * Decimal(rates[each["n"]])
                for total in sums
                for level in each["levels"]
            }
    assert reachable_totals(procedure=procedure) == sorted(total.normalize() for total in sums)
    # Criterion 3 has no coefficient and adds nothing, so its level is cycled instead of multiplied: every combination
    # of the other seven is scored, 11,520 of the 46,080, with every level of criterion 3 among them.
    others = [each["levels"] for each in CHECKLIST["criteria"] if each["n"] != 3]
    everything = list(product(*others))
    assert len(everything) == 11_520
    chosen = [(*levels[:2], number % 4, *levels[2:]) for number, levels in enumerate(everything)]
    subjects = [
        Subject(
            subject=str(number),
            answers={
                str(n): list(range(1, level + 1)) if n in (1, 2, 5) else [level]
                for n, level in enumerate(levels, 1)
            },
        )
        for number, levels in enumerate(chosen)
    ]
    unranked = procedure.model_copy(update={"ranking": None})
    for levels, result in zip(chosen, score_all(procedure=unranked, subjects=subjects), strict=True):
        assert result.total == sum(
            Decimal(level) * Decimal(rates[n] or 0) for n, level in enumerate(levels, 1)
        )
        assert not result.problems


# --- the linter --------------------------------------------------------------------------------------------


def test_the_linter_finds_what_the_act_of_leninsk_leaves_open() -> None:
    found = {(finding.code, finding.clauses[0]) for finding in check_procedure(significance())}
    assert ("no-zero-row", "significance 6.4") in found
    assert ("cutoff-unclear", "significance 6") in found
    assert ("band-gap", "significance 5.3") in found
    assert "declared-maximum" not in {code for code, _ in found}


def test_the_linter_finds_what_the_checklist_leaves_open() -> None:
    codes = {finding.code: finding for finding in check_procedure(checklist())}
    assert {
        "no-coefficient",
        "cumulative-unclear",
        "missing-level",
        "no-bands",
        "no-tie-rule",
    } <= codes.keys()
    assert codes["no-coefficient"].clauses[0] == "checklist 3"
    assert codes["no-coefficient"].interpretations
