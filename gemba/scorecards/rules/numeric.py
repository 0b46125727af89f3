"""Points of an entered number, a mark, a yes or a no."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any

from gemba.regulations.pack.procedures import Mark, Numeric, PerUnit, Ranges, Value, YesNo, bounds_text
from gemba.scorecards.rules.context import Context
from gemba.scorecards.rules.exact import capped, decimal, exact, read_number, rounded, shown, within
from gemba.scorecards.rules.scored import NO, YES, Scored, refused, said, undefined


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
    if value < 0 and criterion.allowed is None and not _may_be_negative(criterion):
        return refused(
            criterion,
            f"{_measured(criterion, value)}: число меньше нуля, а отрицательных процедура не предусматривает",
            "Введите число от 0; если отрицательные бывают, запишите в процедуре allowed.",
        )
    return rounded(value, criterion.round_value)


def _may_be_negative(criterion: Numeric) -> bool:
    """Tell whether the act plainly speaks of numbers below zero; a bound above zero alone does not."""
    match criterion:
        case PerUnit():
            start = criterion.beyond if criterion.beyond is not None else criterion.short_of
            return start is not None and start <= 0
        case Ranges():
            return any(
                (item.lower is not None and item.lower < 0) or (item.upper is not None and item.upper <= 0)
                for item in criterion.ranges
            )
        case _:
            return True


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


def score_ranges(criterion: Ranges, answer: Any, context: Context) -> Scored:
    """Score a number by the range it falls into."""
    value = _number(criterion, answer)
    if isinstance(value, Scored):
        return value
    fitting = [item for item in criterion.ranges if within(value, item) and context.holds(item.when)]
    if not fitting and not _has_ranges_here(criterion, context):
        here = context.what_is({name for item in criterion.ranges for name in item.when})
        return undefined(criterion, f"диапазонов для этого случая нет ({here})", value=value)
    if len(fitting) != 1:
        what = "не входит ни в один диапазон" if not fitting else "входит в несколько диапазонов"
        return undefined(criterion, f"{_measured(criterion, value)} {what}", value=value)
    points = context.amount(fitting[0].points)
    if points is None:
        return undefined(criterion, f"баллы диапазона «{bounds_text(fitting[0])}»", fitting[0], value)
    text = f"Критерий {criterion.code}: {_measured(criterion, value)} ({bounds_text(fitting[0])}) — {shown(points)}"
    return Scored(points=points, value=value, remarks=[said(criterion, text, fitting[0])])


def _has_ranges_here(criterion: Ranges, context: Context) -> bool:
    return any(context.holds(item.when) for item in criterion.ranges)


def score_per_unit(criterion: PerUnit, answer: Any, context: Context) -> Scored:
    """Score a number by its units."""
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


def score_value(criterion: Value, answer: Any) -> Scored:
    """Take the number itself as points."""
    value = _number(criterion, answer)
    if isinstance(value, Scored):
        return value
    points = capped(value, cap=criterion.cap, floor=criterion.floor)
    text = f"Критерий {criterion.code}: {_measured(criterion, value)} — {shown(points)}"
    return Scored(points=points, value=value, remarks=[said(criterion, text)])


def score_mark(criterion: Mark, answer: Any) -> Scored:
    """Take a mark of the scale."""
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


def score_yes_no(criterion: YesNo, answer: Any, context: Context) -> Scored:
    """Score yes or no."""
    word = str(answer).strip().lower()
    if word not in YES | NO:
        return refused(criterion, f"«{str(answer)[:40]}» — не да и не нет", "Ответьте true или false.")
    points = context.amount(criterion.yes if word in YES else criterion.no)
    said_word = "да" if word in YES else "нет"
    if points is None:
        return undefined(criterion, f"баллы за ответ «{said_word}»")
    text = f"Критерий {criterion.code}: {said_word} — {shown(points)}"
    return Scored(points=points, counted=(said_word,), remarks=[said(criterion, text)])
