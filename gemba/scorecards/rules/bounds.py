"""What points of one criterion are possible: each of them, the least, the most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gemba.regulations.pack.procedures import (
    Amount,
    Criterion,
    Experts,
    Mark,
    Normalise,
    Numeric,
    PerUnit,
    Ranges,
    Rounding,
    Rows,
    Value,
    When,
    YesNo,
)
from gemba.scorecards.rules.context import Context, Unknown
from gemba.scorecards.rules.exact import capped, exact, rounded

MOST_VALUES = 20_000
"""Beyond this many different points nothing is listed, only bounded."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most; None is «no bound». Points, what they weigh, and what they are on their scale."""

    low: Fraction | None
    high: Fraction | None
    weighted_low: Fraction | None
    weighted_high: Fraction | None
    scaled_low: Fraction | None = None
    scaled_high: Fraction | None = None


def possible(amount: Amount, context: Context | None) -> list[Fraction]:
    """Return every number the amount can be here; an undefined one is none."""
    if context is not None:
        try:
            found = context.amount(amount)
            return [] if found is None else [found]
        except Unknown:
            pass
    return [exact(value) for value in amount.possible if value is not None]


def may_hold(when: When, context: Context | None) -> bool:
    if context is None:
        return True
    try:
        return context.holds(when)
    except Unknown:
        return True


def possible_points(
    criterion: Criterion, context: Context | None, *, answered: bool = False
) -> set[Fraction] | None:
    """Return every number of points a criterion can give, or None when they cannot be listed.

    `answered` leaves out the points of an empty answer.
    """
    empty = {Fraction(0)} if criterion.empty == "zero" and not answered else set()
    match criterion:
        case Rows():
            return _rows_points(criterion, context, answered=answered, empty=empty)
        case Ranges():
            found = (
                point
                for item in criterion.ranges
                if may_hold(item.when, context)
                for point in possible(item.points, context)
            )
            return set(found) | empty
        case YesNo():
            return {*possible(criterion.yes, context), *possible(criterion.no, context)} | empty
        case Mark() if criterion.step is not None:
            count = int(exact(criterion.maximum - criterion.minimum) / exact(criterion.step))
            if count > MOST_VALUES:
                return None
            return {exact(criterion.minimum) + n * exact(criterion.step) for n in range(count + 1)} | empty
        case _:
            return None


def _rows_points(
    criterion: Rows, context: Context | None, *, answered: bool, empty: set[Fraction]
) -> set[Fraction] | None:
    rows = [row for row in criterion.rows if may_hold(row.when, context)]
    each = {row.code: possible(row.points, context) for row in rows}
    if criterion.kind == "levels":
        nothing = [row for row in criterion.rows if row.nothing]
        start = {point for row in nothing for point in possible(row.points, context)} or {Fraction(0)}
        return start | {point for points in each.values() for point in points} | empty
    if criterion.kind != "sum_rows":
        return {point for points in each.values() for point in points} | empty
    sums = {Fraction(0)}
    for row in rows:
        if row.nothing:
            continue
        if row.each and row.limit is None:
            return None
        times = range((row.limit or 1) + 1) if row.each else range(2)
        sums = {
            total + point * n for total in sums for point in each[row.code] or [Fraction(0)] for n in times
        }
        if len(sums) > MOST_VALUES:
            return None
    sums |= {point for row in rows if row.nothing for point in each[row.code]}
    return {capped(total, cap=criterion.cap, floor=criterion.floor) for total in sums} | empty


def criterion_bounds(
    criterion: Criterion,
    context: Context | None = None,
    rule: Experts | None = None,
    experts: int | None = None,
) -> Bounds:
    """Return the least and the most a criterion can give here, before and after its coefficient."""
    points = possible_points(criterion, context)
    if points is not None:
        low, high = (min(points), max(points)) if points else (None, None)
    else:
        low, high = _open_bounds(criterion, context)
        if criterion.empty == "zero":
            low = None if low is None else min(low, Fraction(0))
            high = None if high is None else max(high, Fraction(0))
    if rule and criterion.answered_by == "experts":
        low, high = _of_experts(low, high, rule, experts)
    start, end = brought_to_scale(low, high, criterion.normalise, is_exact=context is not None)
    heavy = weighted(start, end, criterion.coefficient, criterion.rounding, context)
    return Bounds(low, high, *heavy, start, end)


def brought_to_scale(
    low: Fraction | None, high: Fraction | None, rule: Normalise | None, *, is_exact: bool
) -> tuple[Fraction | None, Fraction | None]:
    """Return the bounds after normalisation.

    `is_exact` says that `high` is the very maximum the share is taken of, not only a bound of it.
    """
    if rule is None:
        return low, high
    scale = exact(rule.scale)
    if rule.method == "share_of_maximum" and rule.maximum is None and not is_exact:
        if low is None or low < 0 or not high:
            return None, None
        # The real maximum is `high` or less, so the share of the least is this or more.
        ends: list[Fraction | None] = [low / high * scale, scale]
    elif rule.method == "share_of_maximum":
        top = exact(rule.maximum) if rule.maximum is not None else high
        if not top:
            return None, None
        ends = [
            None if end is None else end / top * scale for end in ((low, high) if top > 0 else (high, low))
        ]
    elif rule.method == "share_of_best" and (low is None or low < 0):
        return None, None
    else:
        ends = [Fraction(0), scale]
    if scale < 0:
        ends.reverse()
    first, second = (None if end is None else rounded(end, rule.rounding) for end in ends)
    if rule.method != "share_of_maximum" and first is not None and second is not None:
        # What is equal to all is the whole scale or nothing, and is not rounded.
        return min(first, Fraction(0), scale), max(second, Fraction(0), scale)
    return first, second


def _of_experts(
    low: Fraction | None, high: Fraction | None, rule: Experts, experts: int | None
) -> tuple[Fraction | None, Fraction | None]:
    if rule.combine == "sum":
        if experts is None:
            low, high = (Fraction(0) if low is not None and low >= 0 else None), None
        else:
            low = None if low is None else min(low, low * experts)
            high = None if high is None else max(high, high * experts)
    return (
        None if low is None else rounded(low, rule.rounding),
        None if high is None else rounded(high, rule.rounding),
    )


def _open_bounds(criterion: Criterion, context: Context | None) -> tuple[Fraction | None, Fraction | None]:
    match criterion:
        case Mark():
            return exact(criterion.minimum), exact(criterion.maximum)
        case Rows():
            parts = [point for row in criterion.rows for point in possible(row.points, context)]
            return (
                known_or(criterion.floor, Fraction(0) if all(point >= 0 for point in parts) else None),
                None if criterion.cap is None else exact(criterion.cap),
            )
        case Value():
            low, high = _allowed(criterion)
            low = low if low is None else capped(low, cap=criterion.cap, floor=criterion.floor)
            high = high if high is None else capped(high, cap=criterion.cap, floor=criterion.floor)
            return known_or(criterion.floor, low), known_or(criterion.cap, high)
        case PerUnit():
            return _per_unit_bounds(criterion, context)
        case _:
            return None, None


def known_or(stated: object, computed: Fraction | None) -> Fraction | None:
    return computed if computed is not None or stated is None else exact(stated)


def _allowed(criterion: Numeric) -> tuple[Fraction | None, Fraction | None]:
    if criterion.allowed is None:
        return None, None
    low, high = criterion.allowed.lower, criterion.allowed.upper
    return (
        None if low is None else rounded(exact(low), criterion.round_value),
        None if high is None else rounded(exact(high), criterion.round_value),
    )


def _per_unit_bounds(criterion: PerUnit, context: Context | None) -> tuple[Fraction | None, Fraction | None]:
    low, high = _allowed(criterion)
    if criterion.short_of is not None:
        base = exact(criterion.short_of)
        low, high = (None if high is None else base - high), (None if low is None else base - low)
    elif criterion.beyond is not None:
        base = exact(criterion.beyond)
        low, high = (None if low is None else low - base), (None if high is None else high - base)
    least = Fraction(0) if low is None else max(Fraction(0), low / exact(criterion.per))
    most = None if high is None else max(Fraction(0), high / exact(criterion.per))
    if criterion.whole_units:
        least = Fraction(int(least))
        most = None if most is None else Fraction(int(most))
    rates = possible(criterion.points, context)
    ends: list[Fraction | None] = [least * rate for rate in rates]
    ends += [None if most is None else most * rate for rate in rates]
    up = any(rate > 0 for rate in rates)
    down = any(rate < 0 for rate in rates)
    known = [end for end in ends if end is not None] or [Fraction(0)]
    bottom = None if down and most is None else min(known)
    top = None if up and most is None else max(known)
    bottom = bottom if bottom is None else capped(bottom, cap=criterion.cap, floor=criterion.floor)
    top = top if top is None else capped(top, cap=criterion.cap, floor=criterion.floor)
    if criterion.empty == "zero":
        bottom, top = (
            (None if bottom is None else min(bottom, Fraction(0))),
            (None if top is None else max(top, Fraction(0))),
        )
    return known_or(criterion.floor, bottom), known_or(criterion.cap, top)


def weighted(
    low: Fraction | None,
    high: Fraction | None,
    coefficient: Amount,
    rounding: Rounding | None,
    context: Context | None,
) -> tuple[Fraction | None, Fraction | None]:
    """Return the bounds after the coefficient; a missing coefficient takes the item out, so it adds nothing."""
    rates = possible(coefficient, context)
    if not rates:
        return Fraction(0), Fraction(0)
    lows, highs = [], []
    for rate in rates:
        first, second = (low, high) if rate >= 0 else (high, low)
        lows.append(Fraction(0) if rate == 0 else None if first is None else first * rate)
        highs.append(Fraction(0) if rate == 0 else None if second is None else second * rate)
    bottom, top = least_of(lows), most_of(highs)
    return (
        None if bottom is None else rounded(bottom, rounding),
        None if top is None else rounded(top, rounding),
    )


def least_of(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return None if len(known) < len(values) or not known else min(known)


def most_of(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return None if len(known) < len(values) or not known else max(known)


def sum_of(values: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total
