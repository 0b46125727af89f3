"""What points are possible: the least, the most, and every total that can be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gemba.regulations.pack.procedures import (
    Amount,
    Block,
    Criterion,
    Experts,
    Mark,
    Numeric,
    PerUnit,
    Procedure,
    Ranges,
    Rounding,
    Rows,
    Value,
    When,
    YesNo,
)
from gemba.scorecards.rules.context import Context, Unknown
from gemba.scorecards.rules.exact import capped, decimal, exact, rounded

MOST_VALUES = 20_000
"""Beyond this many different points nothing is listed, only bounded."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most; None is «no bound». Points, and what they weigh."""

    low: Fraction | None
    high: Fraction | None
    weighted_low: Fraction | None
    weighted_high: Fraction | None


def _possible(amount: Amount, context: Context | None) -> list[Fraction]:
    """Return every number the amount can be here; an undefined one is none."""
    if context is not None:
        try:
            found = context.amount(amount)
            return [] if found is None else [found]
        except Unknown:
            pass
    return [exact(value) for value in amount.possible if value is not None]


def _may_hold(when: When, context: Context | None) -> bool:
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
                if _may_hold(item.when, context)
                for point in _possible(item.points, context)
            )
            return set(found) | empty
        case YesNo():
            return {*_possible(criterion.yes, context), *_possible(criterion.no, context)} | empty
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
    rows = [row for row in criterion.rows if _may_hold(row.when, context)]
    each = {row.code: _possible(row.points, context) for row in rows}
    if criterion.kind == "levels":
        start = {Fraction(0)} if not any(row.nothing for row in rows) else set()
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
    if rule and criterion.answered_by == "experts":
        low, high = _of_experts(low, high, rule, experts)
    from_low, from_high = low, high
    if normalise := criterion.normalise:
        if normalise.method == "share_of_maximum":
            top = exact(normalise.maximum) if normalise.maximum is not None else high
            scale = exact(normalise.scale)
            from_low = None if low is None or not top else low / top * scale
            from_high = None if high is None or not top else high / top * scale
        else:
            from_low, from_high = Fraction(0), exact(normalise.scale)
            if normalise.method == "share_of_best" and low is not None and low < 0:
                from_low = None
    return Bounds(
        low, high, *_weighted(from_low, from_high, criterion.coefficient, criterion.rounding, context)
    )


def _of_experts(
    low: Fraction | None, high: Fraction | None, rule: Experts, experts: int | None
) -> tuple[Fraction | None, Fraction | None]:
    if rule.combine == "sum":
        if experts is None:
            low, high = (Fraction(0) if low is not None and low >= 0 else None), None
        else:
            low = None if low is None else min(low, low * experts)
            high = None if high is None else max(high, high * experts)
    if rule.of == "totals":
        # The rounding is that of the experts' totals, not of this criterion.
        return low, high
    return (
        None if low is None else rounded(low, rule.rounding),
        None if high is None else rounded(high, rule.rounding),
    )


def _open_bounds(criterion: Criterion, context: Context | None) -> tuple[Fraction | None, Fraction | None]:
    match criterion:
        case Mark():
            return exact(criterion.minimum), exact(criterion.maximum)
        case Rows():
            parts = [point for row in criterion.rows for point in _possible(row.points, context)]
            return (
                _least(criterion.floor, Fraction(0) if all(point >= 0 for point in parts) else None),
                None if criterion.cap is None else exact(criterion.cap),
            )
        case Value():
            low, high = _allowed(criterion)
            low = low if low is None else capped(low, cap=criterion.cap, floor=criterion.floor)
            high = high if high is None else capped(high, cap=criterion.cap, floor=criterion.floor)
            return _least(criterion.floor, low), _least(criterion.cap, high)
        case PerUnit():
            return _per_unit_bounds(criterion, context)
        case _:
            return None, None


def _least(stated: object, computed: Fraction | None) -> Fraction | None:
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
    rates = _possible(criterion.points, context)
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
    return _least(criterion.floor, bottom), _least(criterion.cap, top)


def _weighted(
    low: Fraction | None,
    high: Fraction | None,
    coefficient: Amount,
    rounding: Rounding | None,
    context: Context | None,
) -> tuple[Fraction | None, Fraction | None]:
    """Return the bounds after the coefficient; a missing coefficient takes the item out, so it adds nothing."""
    rates = _possible(coefficient, context)
    if not rates:
        return Fraction(0), Fraction(0)
    lows, highs = [], []
    for rate in rates:
        first, second = (low, high) if rate >= 0 else (high, low)
        lows.append(Fraction(0) if rate == 0 else None if first is None else first * rate)
        highs.append(Fraction(0) if rate == 0 else None if second is None else second * rate)
    bottom, top = _min(lows), _max(highs)
    return (
        None if bottom is None else rounded(bottom, rounding),
        None if top is None else rounded(top, rounding),
    )


def _min(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return None if len(known) < len(values) or not known else min(known)


def _max(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return None if len(known) < len(values) or not known else max(known)


def _sum(values: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total


def block_bounds(block: Block, inside: Sequence[Bounds], context: Context | None = None) -> Bounds:
    """Return the least and the most of a block of such criteria."""
    lows = [each.weighted_low for each in inside]
    highs = [each.weighted_high for each in inside]
    low: Fraction | None
    high: Fraction | None
    match block.combine:
        case "sum":
            low, high = _sum(lows), _sum(highs)
        case "mean":
            count = max(len(inside), 1)
            total_low, total_high = _sum(lows), _sum(highs)
            low = None if total_low is None else total_low / count
            high = None if total_high is None else total_high / count
        case "highest":
            low, high = (_max(lows), _max(highs)) if inside else (Fraction(0), Fraction(0))
        case "lowest":
            low, high = (_min(lows), _min(highs)) if inside else (Fraction(0), Fraction(0))
    low = low if low is None else capped(low, cap=block.cap, floor=block.floor)
    high = high if high is None else capped(high, cap=block.cap, floor=block.floor)
    low, high = _least(block.floor, low), _least(block.cap, high)
    start, end = low, high
    if block.normalise:
        top = exact(block.normalise.maximum) if block.normalise.maximum is not None else high
        scale = exact(block.normalise.scale)
        if block.normalise.method == "share_of_maximum":
            start = None if low is None or not top else low / top * scale
            end = None if high is None or not top else high / top * scale
        else:
            start, end = Fraction(0), scale
    return Bounds(low, high, *_weighted(start, end, block.coefficient, block.rounding, context))


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion or a block as it enters the total."""

    bounds: Bounds
    rates: Sequence[Fraction]
    is_extra: bool = False
    may_be_absent: bool = False


def total_bounds(
    procedure: Procedure, parts: Sequence[Part], context: Context | None = None
) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the most the total can be with these parts."""
    rule = procedure.total
    base = [part for part in parts if not part.is_extra and part.rates]
    lows = [_with_absence(part, part.bounds.weighted_low, min) for part in base]
    highs = [_with_absence(part, part.bounds.weighted_high, max) for part in base]
    low: Fraction | None
    high: Fraction | None
    match rule.combine:
        case "sum":
            low, high = _sum(lows), _sum(highs)
        case "mean":
            low, high = _mean_bounds(base, lows, highs, Fraction(len(base)))
        case "weighted_mean":
            weights = [rate for part in base for rate in part.rates]
            fixed = all(len(part.rates) == 1 and not part.may_be_absent for part in base)
            whole = sum(weights, Fraction(0))
            if fixed and whole > 0:
                low, high = _over(_sum(lows), whole), _over(_sum(highs), whole)
            else:
                low, high = (
                    _min([part.bounds.low for part in base]),
                    _max([part.bounds.high for part in base]),
                )
        case "product":
            low, high = _product(base)
    if procedure.experts and procedure.experts.of == "totals":
        low = None if low is None else rounded(low, procedure.experts.rounding)
        high = None if high is None else rounded(high, procedure.experts.rounding)
    low, high = (
        _weighted(low, high, rule.multiplier, None, context)
        if _possible(rule.multiplier, context)
        else (low, high)
    )
    if rule.normalise:
        top = exact(rule.normalise.maximum) if rule.normalise.maximum is not None else high
        if rule.normalise.method == "share_of_maximum":
            scale = exact(rule.normalise.scale)
            low = None if low is None or not top else low / top * scale
            high = None if high is None or not top else high / top * scale
        else:
            low, high = Fraction(0), exact(rule.normalise.scale)
    extra = [part for part in parts if part.is_extra and part.rates]
    low = _sum([low, *(_with_absence(part, part.bounds.weighted_low, min) for part in extra)])
    high = _sum([high, *(_with_absence(part, part.bounds.weighted_high, max) for part in extra)])
    low = low if low is None else capped(low, cap=rule.cap, floor=rule.floor)
    high = high if high is None else capped(high, cap=rule.cap, floor=rule.floor)
    low, high = _least(rule.floor, low), _least(rule.cap, high)
    return (
        None if low is None else rounded(low, rule.rounding),
        None if high is None else rounded(high, rule.rounding),
    )


def _with_absence(
    part: Part, bound: Fraction | None, choose: Callable[[Fraction, Fraction], Fraction]
) -> Fraction | None:
    return choose(bound, Fraction(0)) if part.may_be_absent and bound is not None else bound


def _mean_bounds(
    base: Sequence[Part], lows: Sequence[Fraction | None], highs: Sequence[Fraction | None], count: Fraction
) -> tuple[Fraction | None, Fraction | None]:
    if any(part.may_be_absent for part in base):
        return _min([part.bounds.weighted_low for part in base]), _max(
            [part.bounds.weighted_high for part in base]
        )
    return _over(_sum(lows), count), _over(_sum(highs), count)


def _over(value: Fraction | None, count: Fraction) -> Fraction | None:
    return None if value is None or not count else value / count


def _product(base: Sequence[Part]) -> tuple[Fraction | None, Fraction | None]:
    low, high = Fraction(1), Fraction(1)
    for part in base:
        first, second = part.bounds.weighted_low, part.bounds.weighted_high
        if first is None or second is None:
            return None, None
        ends = [low * first, low * second, high * first, high * second]
        low, high = min(ends), max(ends)
        if part.may_be_absent:
            low, high = min(low, Fraction(1)), max(high, Fraction(1))
    return low, high


def parts_of(procedure: Procedure, context: Context | None = None, experts: int | None = None) -> list[Part]:
    """Return the parts of the total, without answers."""
    inside: dict[str, list[Bounds]] = {block.code: [] for block in procedure.blocks}
    parts: list[Part] = []
    for criterion in procedure.criteria:
        if not _may_hold(criterion.when, context):
            continue
        found = criterion_bounds(criterion, context, procedure.experts, experts)
        rates = _possible(criterion.coefficient, context)
        if criterion.block:
            # What has no coefficient is left out of its block; a block of nothing else is left out of the total.
            inside[criterion.block] += [found] if rates else []
            continue
        maybe = criterion.may_be_not_applicable or bool(criterion.when and context is None)
        parts.append(Part(found, rates, criterion.extra, maybe))
    for block in procedure.blocks:
        if inside[block.code]:
            found = block_bounds(block, inside[block.code], context)
            parts.append(Part(found, _possible(block.coefficient, context), block.extra))
    return parts


def bounds(
    *, procedure: Procedure, context: Mapping[str, Any] | None = None, experts: int | None = None
) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most possible total; None where there is no bound."""
    known = Context(procedure, context) if context else None
    low, high = total_bounds(procedure, parts_of(procedure, known, experts), known)
    return decimal(low), decimal(high)
