"""The least and the most of a block and of the total: what is possible for each part, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gemba.regulations.pack.procedures import Block, Criterion, Experts, Procedure, Rounding
from gemba.scorecards.rules.bounds import (
    Bounds,
    brought_to_scale,
    criterion_bounds,
    known_or,
    least_of,
    may_hold,
    most_of,
    possible,
    sum_of,
    weighted,
)
from gemba.scorecards.rules.context import Context
from gemba.scorecards.rules.exact import capped, decimal, rounded

Ends = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion or a block as it enters a block or the total."""

    bounds: Bounds
    rates: Sequence[Fraction]
    is_extra: bool = False
    may_be_absent: bool = False
    rounding: Rounding | None = None
    by_experts: bool = False
    """It enters through the totals of the experts, so these are the bounds of one expert."""

    @property
    def ends(self) -> Ends:
        return self.bounds.weighted_low, self.bounds.weighted_high

    @property
    def ends_by_weight(self) -> Ends:
        """What it weighs, divided by its weight, whatever the weight above zero is."""
        low, high = self.bounds.scaled_low, self.bounds.scaled_high
        rates = [rate for rate in self.rates if rate > 0]
        return (
            least_of([None if low is None else rounded(low * rate, self.rounding) / rate for rate in rates]),
            most_of([None if high is None else rounded(high * rate, self.rounding) / rate for rate in rates]),
        )


# --- blocks ------------------------------------------------------------------------------------------------


def block_bounds(
    block: Block, inside: Sequence[Part], context: Context | None = None, *, is_exact: bool = True
) -> Bounds:
    """Return the least and the most of a block of such criteria; `is_exact` as in `brought_to_scale`."""
    base = [part for part in inside if not part.is_extra]
    match block.combine:
        case "sum":
            low, high = _sum(base)
        case "mean":
            low, high = _mean(base)
        case "highest":
            low, high = _highest(base)
        case "lowest":
            low, high = _negated(*_highest([_turned(part) for part in base]))
    low, high = _plus((low, high), _sum([part for part in inside if part.is_extra]))
    low, high = _kept(low, block.cap, block.floor), _kept(high, block.cap, block.floor)
    low, high = known_or(block.floor, low), known_or(block.cap, high)
    is_whole = is_exact and not any(part.may_be_absent for part in inside)
    start, end = brought_to_scale(low, high, block.normalise, is_exact=is_whole)
    return Bounds(low, high, *weighted(start, end, block.coefficient, block.rounding, context), start, end)


def _kept(value: Fraction | None, cap: Decimal | None, floor: Decimal | None) -> Fraction | None:
    return None if value is None else capped(value, cap=cap, floor=floor)


def _plus(first: Ends, second: Ends) -> Ends:
    return sum_of([first[0], second[0]]), sum_of([first[1], second[1]])


def _negated(low: Fraction | None, high: Fraction | None) -> Ends:
    return None if high is None else -high, None if low is None else -low


def _turned(part: Part) -> Part:
    low, high = _negated(*part.ends)
    return replace(part, bounds=Bounds(low, high, low, high))


def _sum(parts: Sequence[Part]) -> Ends:
    """Add the parts; one that may be absent may also add nothing."""
    lows, highs = [], []
    for part in parts:
        low, high = part.ends
        if part.may_be_absent:
            low = None if low is None else min(low, Fraction(0))
            high = None if high is None else max(high, Fraction(0))
        lows.append(low)
        highs.append(high)
    return sum_of(lows), sum_of(highs)


def _mean(parts: Sequence[Part]) -> Ends:
    turned = _least_mean([_turned(part) for part in parts])
    return _least_mean(parts), None if turned is None else -turned


def _least_mean(parts: Sequence[Part]) -> Fraction | None:
    """Return the least mean there can be: what may be absent takes part while it draws the mean down."""
    lows = [part.bounds.weighted_low for part in parts]
    if any(low is None for low in lows):
        return None
    surely = [
        low for part, low in zip(parts, lows, strict=True) if not part.may_be_absent and low is not None
    ]
    perhaps = sorted(
        low for part, low in zip(parts, lows, strict=True) if part.may_be_absent and low is not None
    )
    total, count = sum(surely, Fraction(0)), len(surely)
    for low in perhaps:
        if not count or low < total / count:
            total, count = total + low, count + 1
    found = total / count if count else Fraction(0)
    # Of nothing the mean is zero, where something outside it keeps the whole alive.
    return found if surely else min(found, Fraction(0))


def _highest(parts: Sequence[Part]) -> Ends:
    surely = [part for part in parts if not part.may_be_absent]
    sure_lows = [low for part in surely if (low := part.ends[0]) is not None]
    high = most_of([part.ends[1] for part in parts])
    if surely:
        return max(sure_lows, default=None), high
    # Of nothing the highest is zero.
    low = least_of([part.ends[0] for part in parts]) if parts else Fraction(0)
    return (
        None if low is None else min(low, Fraction(0)),
        Fraction(0) if not parts else None if high is None else max(high, Fraction(0)),
    )


# --- total -------------------------------------------------------------------------------------------------


def total_bounds(
    procedure: Procedure,
    parts: Sequence[Part],
    context: Context | None = None,
    experts: int | None = None,
    *,
    is_exact: bool = True,
) -> Ends:
    """Return the least and the most the total can be with these parts; `is_exact` as in `brought_to_scale`."""
    rule = procedure.total
    base = [part for part in parts if not part.is_extra and part.rates]
    extra = [part for part in parts if part.is_extra and part.rates]
    is_whole = is_exact and not any(part.may_be_absent for part in base)
    if procedure.experts and (shared := [part for part in parts if part.by_experts and part.rates]):
        base = [part for part in base if not part.by_experts]
        base.append(_of_all_experts(procedure.experts, shared, experts))
    match rule.combine:
        case "sum":
            low, high = _sum(base)
        case "mean":
            low, high = _mean(base)
        case "weighted_mean":
            low, high = _weighted_mean(base)
        case "product":
            low, high = _product(base)
    if possible(rule.multiplier, context):
        low, high = weighted(low, high, rule.multiplier, None, context)
    is_whole = is_whole and (context is not None or rule.multiplier.is_fixed)
    low, high = brought_to_scale(low, high, rule.normalise, is_exact=is_whole)
    low, high = _plus((low, high), _sum(extra))
    low, high = _kept(low, rule.cap, rule.floor), _kept(high, rule.cap, rule.floor)
    low, high = known_or(rule.floor, low), known_or(rule.cap, high)
    return (
        None if low is None else rounded(low, rule.rounding),
        None if high is None else rounded(high, rule.rounding),
    )


def _of_all_experts(rule: Experts, shared: Sequence[Part], experts: int | None) -> Part:
    """Return the totals of the experts, combined, as one part."""
    low, high = _sum(shared)
    if rule.combine == "sum" and experts is None:
        low, high = (
            low if low is not None and low >= 0 else None,
            high if high is not None and high <= 0 else None,
        )
    elif rule.combine == "sum" and experts is not None:
        low = None if low is None else min(low, low * experts)
        high = None if high is None else max(high, high * experts)
    low = None if low is None else rounded(low, rule.rounding)
    high = None if high is None else rounded(high, rule.rounding)
    maybe = all(part.may_be_absent for part in shared)
    if _are_fixed(shared):
        return Part(Bounds(low, high, low, high), [sum((part.rates[0] for part in shared), Fraction(0))])
    # Together they weigh what is not certain.
    return Part(Bounds(low, high, low, high), [Fraction(-1), Fraction(1)], may_be_absent=maybe)


def _are_fixed(parts: Sequence[Part]) -> bool:
    return all(len(part.rates) == 1 and not part.may_be_absent for part in parts)


def _weighted_mean(parts: Sequence[Part]) -> Ends:
    """Divide by the weights; where they are not certain, a mean lies between the means of the single parts."""
    whole = sum((rate for part in parts for rate in part.rates), Fraction(0))
    if _are_fixed(parts):
        if not whole:
            return None, None
        low, high = _sum(parts)
        ends = (None if low is None else low / whole, None if high is None else high / whole)
        return ends if whole > 0 else (ends[1], ends[0])
    lows: list[Fraction | None] = []
    highs: list[Fraction | None] = []
    for part in parts:
        if any(rate < 0 for rate in part.rates):
            return None, None
        if any(part.rates):
            low, high = part.ends_by_weight
            lows.append(low)
            highs.append(high)
    return least_of(lows), most_of(highs)


def _product(parts: Sequence[Part]) -> Ends:
    low, high = Fraction(1), Fraction(1)
    for part in parts:
        first, second = part.ends
        if first is None or second is None:
            return None, None
        ends = [low * first, low * second, high * first, high * second]
        if part.may_be_absent:
            ends += [low, high]
        low, high = min(ends), max(ends)
    return low, high


# --- without answers ---------------------------------------------------------------------------------------


def enters_by_totals(criterion: Criterion, rule: Experts | None) -> bool:
    """Tell whether the criterion enters the total through the totals of the experts."""
    by_experts = rule is not None and rule.of == "totals" and criterion.answered_by == "experts"
    return by_experts and not criterion.block and not criterion.extra


def parts_of(procedure: Procedure, context: Context | None = None, experts: int | None = None) -> list[Part]:
    """Return the parts of the total, without answers."""
    rule = procedure.experts
    inside: dict[str, list[Part]] = {block.code: [] for block in procedure.blocks}
    parts: list[Part] = []
    for criterion in procedure.criteria:
        if not may_hold(criterion.when, context):
            continue
        by_totals = enters_by_totals(criterion, rule)
        found = criterion_bounds(criterion, context, None if by_totals else rule, experts)
        maybe = criterion.may_be_not_applicable or bool(criterion.when and context is None)
        rates = possible(criterion.coefficient, context)
        maybe = maybe or (context is None and None in criterion.coefficient.possible and bool(rates))
        part = Part(found, rates, criterion.extra, maybe, criterion.rounding, by_totals)
        # What has no coefficient is left out of its block; a block of nothing else is left out of the total.
        (inside[criterion.block] if criterion.block else parts).extend([part] if rates else [])
    for block in procedure.blocks:
        if held := inside[block.code]:
            found = block_bounds(block, held, context, is_exact=context is not None)
            rates = possible(block.coefficient, context)
            maybe = all(part.may_be_absent for part in held)
            maybe = maybe or (context is None and None in block.coefficient.possible and bool(rates))
            parts.append(Part(found, rates, block.extra, maybe, block.rounding))
    return parts


def bounds(
    *, procedure: Procedure, context: Mapping[str, Any] | None = None, experts: int | None = None
) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most possible total; None where there is no bound."""
    known = Context(procedure, context or {}) if context or not procedure.context else None
    parts = parts_of(procedure, known, experts)
    low, high = total_bounds(procedure, parts, known, experts, is_exact=known is not None)
    return decimal(low), decimal(high)
