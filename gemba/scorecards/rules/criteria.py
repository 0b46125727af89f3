"""Points of one answer to one criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

from gemba.kernel.problems import Problem
from gemba.regulations.pack.procedures import (
    UNDEFINED,
    Criterion,
    CriterionBase,
    Mark,
    Numeric,
    PerUnit,
    Ranges,
    Row,
    Rows,
    Value,
    YesNo,
    bounds_text,
)
from gemba.scorecards.rules.context import Context, Unknown
from gemba.scorecards.rules.exact import capped, decimal, exact, read_number, rounded, shown, within
from gemba.scorecards.rules.results import Remark, State

ABSENT = object()
"""No answer was given at all, which is not the same as «nothing is fulfilled»."""

NOT_APPLICABLE = {"n/a", "not_applicable", "не применимо", "неприменимо", "н/п"}
YES = {"true", "yes", "да", "1"}
NO = {"false", "no", "нет", "0"}


@dataclass(slots=True)
class Scored:
    """Points of one answer, or why there are none."""

    state: State = State.SCORED
    points: Fraction | None = None
    value: Fraction | None = None
    counted: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    remarks: list[Remark] = field(default_factory=list)
    undefined: list[Remark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def clause_of(*parts: Any) -> str:
    """Return the clauses of the first part that has any."""
    return next((", ".join(part.clause) for part in parts if part is not None and part.clause), "")


def score_answer(criterion: Criterion, answer: Any, context: Context) -> Scored:
    """Give the points of an answer; whatever is wrong or not defined is said, never guessed."""
    try:
        if is_not_applicable(answer):
            return _not_applicable(criterion)
        if answer is ABSENT or answer is None or (isinstance(answer, str | list | dict) and not answer):
            return _empty(criterion, answer, context)
        match criterion:
            case Rows():
                return _rows(criterion, answer, context)
            case Ranges():
                return _ranges(criterion, answer, context)
            case PerUnit():
                return _per_unit(criterion, answer, context)
            case Value():
                return _value(criterion, answer)
            case Mark():
                return _mark(criterion, answer)
            case YesNo():
                return _yes_no(criterion, answer, context)
    except Unknown:
        # The missing variable is reported once for the whole procedure.
        return Scored(State.REFUSED)


def is_not_applicable(answer: Any) -> bool:
    """Tell whether the answer says «not applicable»."""
    if isinstance(answer, Mapping):
        return answer.get("not_applicable") is True
    return isinstance(answer, str) and answer.strip().lower() in NOT_APPLICABLE


def refused(criterion: CriterionBase, text: str, mend: str) -> Scored:
    """Refuse the answer, saying what to do."""
    problem = Problem(
        f"Критерий {criterion.code}: {text}",
        clause=clause_of(criterion),
        field=f"answers.{criterion.code}",
        mend=mend,
    )
    return Scored(State.REFUSED, problems=[problem])


def undefined(criterion: CriterionBase, text: str, part: Any = None, value: Fraction | None = None) -> Scored:
    """Answer that the regulation does not define the points."""
    remark = Remark(
        f"Критерий {criterion.code}: {text}: {UNDEFINED}", clause_of(part, criterion), criterion.code
    )
    return Scored(State.UNDEFINED, value=value, undefined=[remark])


def said(criterion: CriterionBase, text: str, part: Any = None) -> Remark:
    """Make a sentence of the explanation."""
    return Remark(text, clause_of(part, criterion), criterion.code)


def zero_row(criterion: Rows) -> Row | None:
    """Return the row that stands for «nothing», or any row worth zero."""
    nothing = [row for row in criterion.rows if row.nothing]
    return next(iter(nothing or [row for row in criterion.rows if row.points.fixed == 0]), None)


def _not_applicable(criterion: Criterion) -> Scored:
    if criterion.may_be_not_applicable:
        return Scored(
            State.NOT_APPLICABLE,
            remarks=[said(criterion, f"Критерий {criterion.code} не применим: не учитывается")],
        )
    return refused(
        criterion,
        "ответ «не применимо» положением не предусмотрен",
        "Ответьте по существу или оставьте без ответа.",
    )


def _empty(criterion: Criterion, answer: Any, context: Context) -> Scored:
    said_nothing = isinstance(answer, list | dict)
    policy = criterion.empty
    if policy is None and isinstance(criterion, Rows) and said_nothing:
        if criterion.kind in ("sum_rows", "levels"):
            policy = "zero"
        elif zero_row(criterion) is None:
            policy = "undefined"
    if policy == "zero":
        return _nothing_chosen(criterion, context)
    if policy == "undefined":
        return undefined(criterion, "ничего не выбрано, а строки с нулём нет")
    how = "Отметьте строку"
    if isinstance(criterion, Rows):
        if row := zero_row(criterion):
            how += f"; если ничего не выполнено — {row.code} «{row.text}»"
    else:
        how = "Ответьте «да» или «нет»" if isinstance(criterion, YesNo) else "Введите число"
    scored = refused(criterion, f"нет ответа («{criterion.title}»)", f"{how}.")
    scored.state = State.UNANSWERED
    return scored


def _nothing_chosen(criterion: Criterion, context: Context) -> Scored:
    text = f"Критерий {criterion.code}: ничего не отмечено — 0 баллов"
    if isinstance(criterion, Rows) and criterion.kind == "levels" and (row := zero_row(criterion)):
        points = context.amount(row.points)
        if points is None:
            return undefined(criterion, f"баллы строки {row.code}", row)
        if points:
            return Scored(
                points=points,
                counted=(row.code,),
                remarks=[said(criterion, text.replace("0 ", f"{shown(points)} "))],
            )
    remark = said(criterion, text)
    points = Fraction(0)
    if isinstance(criterion, Rows):
        points = capped(points, cap=criterion.cap, floor=criterion.floor)
    quiet = isinstance(criterion, Rows) and (criterion.kind in ("sum_rows", "levels") or zero_row(criterion))
    return Scored(points=points, remarks=[remark], warnings=[] if quiet else [remark])


# --- rows --------------------------------------------------------------------------------------------------


def _rows(criterion: Rows, answer: Any, context: Context) -> Scored:
    chosen = _chosen(criterion, answer)
    if isinstance(chosen, Scored):
        return chosen
    if not chosen:
        return _empty(criterion, [], context)
    rows = {row.code: row for row in criterion.rows}
    for code in chosen:
        if code not in rows:
            return refused(criterion, f"строки «{code}» нет", f"Выберите из строк: {', '.join(rows)}.")
        if not context.holds(rows[code].when):
            return refused(
                criterion,
                f"строка {code} здесь не применяется",
                f"Она для: {context.in_words(rows[code].when)}.",
            )
    nothing = [code for code in chosen if rows[code].nothing]
    if nothing and len(chosen) > 1:
        return refused(
            criterion,
            f"строка {nothing[0]} «{rows[nothing[0]].text}» исключает остальные",
            "Оставьте либо её, либо остальные.",
        )
    # The order of rows is the order of the act, so the order of the answer changes nothing.
    ordered = {code: chosen[code] for code in rows if code in chosen}
    match criterion.kind:
        case "levels":
            return _levels(criterion, ordered, context)
        case "sum_rows":
            return _sum_rows(criterion, ordered, rows, context)
        case "one_row" if len(ordered) > 1:
            return refused(
                criterion,
                f"отмечены строки {', '.join(ordered)}, а выбрать можно одну",
                "Оставьте одну строку.",
            )
    points = {code: context.amount(rows[code].points) for code in ordered}
    if unknown := [code for code, value in points.items() if value is None]:
        return undefined(criterion, f"баллы строки {unknown[0]}", rows[unknown[0]])
    best = max(ordered, key=lambda code: (points[code] or Fraction(0), -list(rows).index(code)))
    text = f"Критерий {criterion.code}: строка {best} «{rows[best].text}» — {shown(points[best])}"
    others = tuple(code for code in ordered if code != best)
    if others:
        text += f"; строки {', '.join(others)} не прибавляются: считается наибольшая"
    return Scored(
        points=points[best], counted=(best,), not_counted=others, remarks=[said(criterion, text, rows[best])]
    )


def _chosen(criterion: Rows, answer: Any) -> dict[str, int] | Scored:
    """Read the chosen rows and how many times each is met."""
    if isinstance(answer, Mapping):
        given = list(answer.items())
    else:
        given = [(code, True) for code in (answer if isinstance(answer, list) else [answer])]
    found: dict[str, int] = {}
    each = {row.code: row for row in criterion.rows if row.each}
    for code, times in given:
        if isinstance(code, bool) or not isinstance(code, str | int):
            return refused(criterion, f"«{code}» — не код строки", 'Перечислите коды строк: ["1", "2"].')
        key = str(code).strip()
        if times is False or times is None or str(times).strip().lower() in NO:
            continue
        if times is True or str(times).strip().lower() in YES:
            found[key] = 1
            continue
        try:
            number = read_number(times)
        except ValueError:
            return refused(
                criterion,
                f"строка {key}: «{times}» — не да, не нет и не число",
                "Отметьте строку или уберите.",
            )
        if number.denominator != 1 or number < 0:
            return refused(
                criterion, f"строка {key}: количество {shown(number)}", "Введите целое число от 0."
            )
        if key not in each:
            return refused(
                criterion, f"строка {key} отмечается один раз", "Поставьте true вместо количества."
            )
        found[key] = int(number)
    return found


def _sum_rows(
    criterion: Rows, chosen: Mapping[str, int], rows: Mapping[str, Row], context: Context
) -> Scored:
    total = Fraction(0)
    said_parts = []
    for code, times in chosen.items():
        points = context.amount(rows[code].points)
        if points is None:
            return undefined(criterion, f"баллы строки {code}", rows[code])
        limit = rows[code].limit
        taken = times if limit is None else min(times, limit)
        total += points * taken
        part = f"{code}: {shown(points)}" + (f" × {taken}" if rows[code].each else "")
        said_parts.append(part + (f" (не более {limit})" if taken < times else ""))
    kept = capped(total, cap=criterion.cap, floor=criterion.floor)
    text = f"Критерий {criterion.code}: {'; '.join(said_parts)}; сумма {shown(total)}"
    if kept != total:
        text += f", по положению не {'более' if kept < total else 'менее'} {shown(kept)}"
    return Scored(points=kept, counted=tuple(chosen), remarks=[said(criterion, text)])


def _levels(criterion: Rows, chosen: Mapping[str, int], context: Context) -> Scored:
    chain = [row for row in criterion.rows if not row.nothing and context.holds(row.when)]
    nothing = next((row for row in criterion.rows if row.nothing), None)
    reached: list[Row] = []
    broken: Row | None = None
    lost: list[str] = []
    remarks: list[Remark] = []
    for row in chain:
        if row.code not in chosen:
            broken = broken or row
        elif broken is None:
            reached.append(row)
        else:
            lost.append(row.code)
            remarks.append(
                said(criterion, f"Строка {row.code} не засчитана: не выполнена строка {broken.code}", row)
            )
    top = reached[-1] if reached else nothing
    points = context.amount(top.points) if top else Fraction(0)
    if points is None:
        return undefined(criterion, f"баллы строки {top.code if top else ''}", top)
    last = (
        f"выполнены строки {', '.join(row.code for row in reached)}"
        if reached
        else "ни одной строки подряд от первой"
    )
    text = f"Критерий {criterion.code}: {last} — {shown(points)}"
    counted = tuple(row.code for row in reached) or (
        tuple(chosen) if nothing and nothing.code in chosen else ()
    )
    return Scored(
        points=points,
        counted=counted,
        not_counted=tuple(lost),
        remarks=[said(criterion, text, top), *remarks],
    )


# --- numbers -----------------------------------------------------------------------------------------------


def _number(criterion: Numeric, answer: Any) -> Fraction | Scored:
    """Read the number, or its two parts, check what is allowed and round as prescribed."""
    if isinstance(answer, Mapping):
        found = _share(criterion, answer)
        if isinstance(found, Scored):
            return found
        value = found
    else:
        try:
            value = read_number(answer)
        except ValueError as wrong:
            return refused(criterion, str(wrong), f"Введите число{_in_units(criterion)}.")
    if criterion.allowed and not within(value, criterion.allowed):
        return refused(
            criterion,
            f"{_measured(criterion, value)} быть не может",
            f"Допустимо: {bounds_text(criterion.allowed)}.",
        )
    return rounded(value, criterion.round_value)


def _measured(criterion: Numeric, value: Fraction) -> str:
    return f"{shown(value)} {criterion.unit or ''}".rstrip()


def _in_units(criterion: Numeric) -> str:
    return f" ({criterion.unit})" if criterion.unit else ""


def _share(criterion: Numeric, answer: Mapping[str, Any]) -> Fraction | Scored:
    if criterion.fraction is None:
        return refused(criterion, "ожидается одно число", f"Введите число{_in_units(criterion)}.")
    if set(answer) != {"numerator", "denominator"}:
        return refused(
            criterion,
            "ожидаются две части доли",
            f"Запишите numerator ({criterion.fraction.numerator}) и denominator ({criterion.fraction.denominator}).",
        )
    try:
        top, bottom = read_number(answer["numerator"]), read_number(answer["denominator"])
    except ValueError as wrong:
        return refused(criterion, str(wrong), "Введите два числа.")
    if bottom == 0:
        return undefined(criterion, f"доля при знаменателе 0 ({criterion.fraction.denominator})")
    return top / bottom * exact(criterion.fraction.times)


def _ranges(criterion: Ranges, answer: Any, context: Context) -> Scored:
    value = _number(criterion, answer)
    if isinstance(value, Scored):
        return value
    fitting = [item for item in criterion.ranges if within(value, item) and context.holds(item.when)]
    if len(fitting) != 1:
        what = "не входит ни в один диапазон" if not fitting else "входит в несколько диапазонов"
        return undefined(criterion, f"{_measured(criterion, value)} {what}", value=value)
    points = context.amount(fitting[0].points)
    if points is None:
        return undefined(criterion, f"баллы диапазона «{bounds_text(fitting[0])}»", fitting[0], value)
    text = f"Критерий {criterion.code}: {_measured(criterion, value)} ({bounds_text(fitting[0])}) — {shown(points)}"
    return Scored(points=points, value=value, remarks=[said(criterion, text, fitting[0])])


def _per_unit(criterion: PerUnit, answer: Any, context: Context) -> Scored:
    value = _number(criterion, answer)
    if isinstance(value, Scored):
        return value
    points = context.amount(criterion.points)
    if points is None:
        return undefined(criterion, "баллы за единицу", value=value)
    over = value
    if criterion.short_of is not None:
        over = exact(criterion.short_of) - value
    elif criterion.beyond is not None:
        over = value - exact(criterion.beyond)
    units = max(over / exact(criterion.per), Fraction(0))
    if criterion.whole_units:
        units = Fraction(floor(units))
    total = units * points
    kept = capped(total, cap=criterion.cap, floor=criterion.floor)
    text = f"Критерий {criterion.code}: {shown(units)} × {shown(points)} = {shown(total)}"
    if kept != total:
        text += f", по положению не {'более' if kept < total else 'менее'} {shown(kept)}"
    return Scored(points=kept, value=value, remarks=[said(criterion, text)])


def _value(criterion: Value, answer: Any) -> Scored:
    value = _number(criterion, answer)
    if isinstance(value, Scored):
        return value
    points = capped(value, cap=criterion.cap, floor=criterion.floor)
    text = f"Критерий {criterion.code}: {_measured(criterion, value)} — {shown(points)}"
    return Scored(points=points, value=value, remarks=[said(criterion, text)])


def _mark(criterion: Mark, answer: Any) -> Scored:
    scale = f"от {shown(criterion.minimum)} до {shown(criterion.maximum)}"
    if criterion.step is not None:
        scale += f" с шагом {shown(criterion.step)}"
    try:
        value = read_number(answer)
    except ValueError as wrong:
        return refused(criterion, str(wrong), f"Поставьте оценку {scale}.")
    low, high = exact(criterion.minimum), exact(criterion.maximum)
    off_step = criterion.step is not None and ((value - low) / exact(criterion.step)).denominator != 1
    if not low <= value <= high or off_step:
        return refused(criterion, f"оценки {shown(value)} на шкале нет", f"Поставьте оценку {scale}.")
    meaning = (criterion.meaning or {}).get(str(decimal(value)), "")
    text = f"Критерий {criterion.code}: оценка {shown(value)}" + (f" «{meaning}»" if meaning else "")
    return Scored(points=value, value=value, remarks=[said(criterion, text)])


def _yes_no(criterion: YesNo, answer: Any, context: Context) -> Scored:
    word = str(answer).strip().lower()
    if word not in YES | NO:
        return refused(criterion, f"«{str(answer)[:40]}» — не да и не нет", "Ответьте true или false.")
    points = context.amount(criterion.yes if word in YES else criterion.no)
    said_word = "да" if word in YES else "нет"
    if points is None:
        return undefined(criterion, f"баллы за ответ «{said_word}»")
    text = f"Критерий {criterion.code}: {said_word} — {shown(points)}"
    return Scored(points=points, counted=(said_word,), remarks=[said(criterion, text)])
