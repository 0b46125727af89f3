"""From answers to results: points, normalisation, coefficients, blocks, total, cut-offs, bands, places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gemba.regulations.pack.procedures import Normalise, Procedure
from gemba.scorecards.rules.bounds import Bounds
from gemba.scorecards.rules.exact import capped, decimal, exact, rounded, shown
from gemba.scorecards.rules.experts import combine
from gemba.scorecards.rules.normalising import normalise, share_of_total, totals_compared
from gemba.scorecards.rules.outcomes import decide
from gemba.scorecards.rules.ranking import rank
from gemba.scorecards.rules.results import BlockResult, CriterionResult, Remark, Result, State, Subject
from gemba.scorecards.rules.scored import clause_of
from gemba.scorecards.rules.sheet import Item, Sheet
from gemba.scorecards.rules.total_bounds import total_bounds


def score(
    *,
    procedure: Procedure,
    answers: Mapping[str, Any],
    context: Mapping[str, Any] | None = None,
    experts: Mapping[str, Any] | None = None,
) -> Result:
    """Score one subject."""
    subject = Subject(answers=answers, experts=experts or {})
    return score_all(procedure=procedure, subjects=[subject], context=context)[0]


def score_all(
    *, procedure: Procedure, subjects: Sequence[Subject], context: Mapping[str, Any] | None = None
) -> list[Result]:
    """Score all subjects together, in the order given; with places where the procedure has a ranking."""
    known_bounds: dict[Any, Bounds] = {}
    sheets = [Sheet(procedure, subject, context or {}, known_bounds) for subject in subjects]
    for criterion in procedure.criteria:
        normalise([(sheet, sheet.items[criterion.code]) for sheet in sheets], criterion.normalise)
    for sheet in sheets:
        for item in sheet.items.values():
            sheet.weigh(item)
        sheet.combine_blocks()
    for block in procedure.blocks:
        normalise([(sheet, sheet.blocks[block.code]) for sheet in sheets], block.normalise)
    for sheet in sheets:
        for item in sheet.blocks.values():
            sheet.weigh(item)
    _total(procedure, sheets)
    results = [_result(procedure, sheet) for sheet in sheets]
    return rank(procedure=procedure, results=results) if procedure.ranking and len(results) > 1 else results


# --- total -------------------------------------------------------------------------------------------------


def _total(procedure: Procedure, sheets: Sequence[Sheet]) -> None:
    raw = [_raw_total(procedure, sheet) for sheet in sheets]
    rule = procedure.total.normalise
    normalised: list[Fraction | None] = list(raw)
    if rule and rule.method == "share_of_maximum":
        normalised = [_to_share(sheet, rule, value) for sheet, value in zip(sheets, raw, strict=True)]
    elif rule:
        normalised = totals_compared(sheets, rule, raw)
    for sheet, value in zip(sheets, normalised, strict=True):
        _finish(procedure, sheet, value)


def _parts(procedure: Procedure, sheet: Sheet) -> list[Item]:
    """Return what enters the total: criteria outside blocks, and blocks."""
    free = [sheet.items[criterion.code] for criterion in procedure.criteria if not criterion.block]
    return [
        item
        for item in [*free, *sheet.blocks.values()]
        if item.state is not State.NOT_APPLICABLE and not item.is_excluded
    ]


def _raw_total(procedure: Procedure, sheet: Sheet) -> Fraction | None:
    rule = procedure.total
    clause = clause_of(rule)
    parts = _parts(procedure, sheet)
    base = [item for item in parts if not item.rule.extra and not item.is_by_totals]
    known = [(item, item.weighted) for item in base if item.weighted is not None]
    values = [value for _, value in known]
    shared = [item for item in parts if item.is_by_totals]
    expert_total = _expert_total(procedure, sheet, shared) if shared else None
    if expert_total is not None:
        values.append(expert_total)
    missing = [item for item in parts if item.weighted is None and not item.is_by_totals]
    is_whole = not missing and (not shared or expert_total is not None)
    if (
        any(item.is_excluded for item in [*sheet.items.values(), *sheet.blocks.values()])
        and rule.combine == "product"
    ):
        is_whole = False
    total: Fraction
    match rule.combine:
        case "sum":
            total = sum(values, Fraction(0))
        case "mean":
            total = sum(values, Fraction(0)) / len(values) if values else Fraction(0)
        case "weighted_mean":
            weighing = [*(item for item, _ in known), *(shared if expert_total is not None else [])]
            weights = sum((item.coefficient or Fraction(0) for item in weighing), Fraction(0))
            if not weights:
                sheet.not_defined("Взвешенное среднее: сумма весов равна нулю", clause)
                is_whole = False
            total = sum(values, Fraction(0)) / weights if weights else Fraction(0)
        case "product":
            total = Fraction(1)
            for value in values:
                total *= value
    if not parts:
        sheet.not_defined("Итог: ни один критерий здесь не применяется", clause)
        is_whole = False
    if values:
        signs = {"sum": " + ", "mean": "; ", "weighted_mean": " + ", "product": " × "}[rule.combine]
        words = {
            "sum": "Сумма",
            "mean": "Среднее",
            "weighted_mean": "Взвешенное среднее",
            "product": "Произведение",
        }
        sheet.note(f"{words[rule.combine]}: {signs.join(map(shown, values))} → {shown(total)}", clause)
    multiplier = sheet.amount(rule.multiplier, "Множитель итога", clause)
    if multiplier is None:
        is_whole = False
    elif multiplier != 1:
        sheet.note(f"Итог: {shown(total)} × {shown(multiplier)} = {shown(total * multiplier)}", clause)
        total *= multiplier
    sheet.known_total = total
    return total if is_whole else None


def _expert_total(procedure: Procedure, sheet: Sheet, items: Sequence[Item]) -> Fraction | None:
    """Add up each expert's marks first, then combine the experts."""
    rule = procedure.experts
    assert rule is not None
    if any(item.state in (State.REFUSED, State.UNANSWERED) for item in items):
        return None
    if any(item.coefficient is None or item.scored.points is None for item in items):
        return None
    totals: dict[str, Fraction] = {}
    for expert in sheet.experts.answers:
        marks = [(item, item.marks.get(expert)) for item in items]
        given = [(item, mark.points) for item, mark in marks if mark and mark.points is not None]
        if not given:
            continue
        if len(given) < len(marks) and rule.incomplete != "leave_out":
            sheet.not_defined(
                f"Эксперт {expert} оценил не все критерии, как считать его сумму", clause_of(rule)
            )
            return None
        if len(given) == len(marks):
            totals[expert] = sum(
                (item.weighed(points, item.coefficient or Fraction(0)) for item, points in given), Fraction(0)
            )
        else:
            sheet.note(f"Эксперт {expert} оценил не все критерии: его сумма не учтена", clause_of(rule))
    combined = combine(rule, totals, "Суммы экспертов")
    sheet.explanation += combined.remarks
    sheet.undefined += combined.undefined
    return combined.points


def _finish(procedure: Procedure, sheet: Sheet, value: Fraction | None) -> None:
    """Add what stands outside the scale, then the cap, the floor and the rounding."""
    rule = procedure.total
    extra = [item for item in _parts(procedure, sheet) if item.rule.extra]
    added = sum((item.weighted for item in extra if item.weighted is not None), Fraction(0))
    whole = (value if value is not None else sheet.known_total) + added
    kept = capped(whole, cap=rule.cap, floor=rule.floor)
    final = rounded(kept, rule.rounding)
    sheet.known_total = final
    if value is None or any(item.weighted is None for item in extra):
        return
    clause = clause_of(rule)
    if extra:
        sheet.note(f"Премиальные и штрафные баллы: {shown(added)}; вместе {shown(whole)}", clause)
    if kept != whole:
        sheet.note(f"Итог не {'более' if kept < whole else 'менее'} {shown(kept)}", clause)
    if final != kept:
        sheet.note(f"Итог {shown(kept)} округлён до {shown(final)}", clause_of(rule.rounding, rule))
    sheet.total = final


def _bounds(sheet: Sheet, *, normalised: bool = True) -> tuple[Fraction | None, Fraction | None]:
    procedure = sheet.procedure
    parts = [sheet.part(item) for item in _parts(procedure, sheet)]
    experts = len(sheet.experts.answers) or None
    if normalised:
        return total_bounds(procedure, parts, sheet.context, experts)
    bare = procedure.total.model_copy(
        update={"normalise": None, "rounding": None, "cap": None, "floor": None}
    )
    base = [part for part in parts if not part.is_extra]
    return total_bounds(procedure.model_copy(update={"total": bare}), base, sheet.context, experts)


def _to_share(sheet: Sheet, rule: Normalise, value: Fraction | None) -> Fraction | None:
    top = exact(rule.maximum) if rule.maximum is not None else _bounds(sheet, normalised=False)[1]
    return share_of_total(sheet, rule, value, top)


# --- result ------------------------------------------------------------------------------------------------


def _result(procedure: Procedure, sheet: Sheet) -> Result:
    excluded = tuple(
        item.rule.code for item in [*sheet.items.values(), *sheet.blocks.values()] if item.is_excluded
    )
    decision = decide(procedure, sheet, excluded)
    low, high = _bounds(sheet)
    for code in excluded:
        rule = (sheet.items.get(code) or sheet.blocks[code]).rule
        sheet.warnings.append(
            Remark(f"Итог без {code}: коэффициент не определён положением", clause_of(rule), code)
        )
    return Result(
        subject=sheet.subject.subject,
        title=sheet.subject.title,
        criteria={code: _criterion_result(item) for code, item in sheet.items.items()},
        blocks={
            code: BlockResult(code, item.rule.title, decimal(item.scored.points), decimal(item.weighted))
            for code, item in sheet.blocks.items()
        },
        total=decimal(sheet.total),
        known_total=decimal(sheet.known_total) or Decimal(0),
        minimum=decimal(low),
        maximum=decimal(high),
        excluded=excluded,
        outcome=decision.outcome,
        outcome_title=decision.title,
        cuts=decision.cuts,
        explanation=_in_order(procedure, sheet.explanation),
        undefined=tuple(sheet.undefined),
        problems=(*sheet.context.problems, *sheet.problems, *sheet.context.missing()),
        warnings=tuple(sheet.warnings),
        context=dict(sheet.given),
        group=sheet.group(),
        provisional=sheet.is_provisional,
        may_be_cut=decision.may_be_cut,
    )


def _criterion_result(item: Item) -> CriterionResult:
    rule = item.rule
    return CriterionResult(
        code=rule.code,
        title=rule.title,
        clause=clause_of(rule),
        state=item.state,
        points=decimal(item.scored.points),
        weighted=decimal(item.weighted),
        coefficient=decimal(item.coefficient),
        value=decimal(item.scored.value),
        normalised=decimal(item.normalised),
        counted=item.scored.counted,
        not_counted=item.scored.not_counted,
        marks={name: decimal(mark.points) if mark else None for name, mark in item.marks.items()},
        minimum=decimal(item.bounds.weighted_low),
        maximum=decimal(item.bounds.weighted_high),
    )


def _in_order(procedure: Procedure, remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Put what is said about a criterion together, in the order of the act; the total comes last."""
    codes = [
        *(criterion.code for criterion in procedure.criteria),
        *(block.code for block in procedure.blocks),
    ]
    place = {code: index for index, code in enumerate(codes)}
    return tuple(sorted(remarks, key=lambda remark: place.get(remark.criterion, len(place))))
