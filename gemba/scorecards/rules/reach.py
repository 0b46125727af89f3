"""Every total that answers can reach, and every outcome: what the linter asks of a procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gemba.regulations.pack.procedures import Block, Criterion, Procedure
from gemba.scorecards.rules.bounds import MOST_VALUES, criterion_bounds, possible_points
from gemba.scorecards.rules.context import Context, Unknown
from gemba.scorecards.rules.exact import capped, decimal, exact, rounded, within

Points = set[Fraction | None]
"""What something can add; None is «takes no part»."""


def reachable_totals(
    *,
    procedure: Procedure,
    context: Mapping[str, Any] | None = None,
    answered: bool = False,
    after_cutoffs: bool = False,
) -> list[Decimal] | None:
    """Return every total that can be reached, sorted, or None when they cannot be listed.

    `answered` leaves out empty answers; `after_cutoffs` leaves out totals of what is cut off by a criterion.
    """
    known = Context(procedure, context or {})
    if procedure.experts or procedure.total.combine != "sum" or procedure.total.normalise:
        return None
    base: list[Points] = []
    extra: list[Points] = []
    inside: dict[str, list[tuple[Points, bool]]] = {block.code: [] for block in procedure.blocks}
    for criterion in procedure.criteria:
        found = _weighted_points(procedure, criterion, known, answered=answered, after_cutoffs=after_cutoffs)
        if found is None:
            return None
        if criterion.block:
            inside[criterion.block].append((found, criterion.extra))
        else:
            (extra if criterion.extra else base).append(found)
    for block in procedure.blocks:
        found = _block_totals(block, inside[block.code], known)
        if found is None:
            return None
        (extra if block.extra else base).append(found)
    totals, added = _sums(base), _sums(extra)
    try:
        multiplier = known.amount(procedure.total.multiplier)
    except Unknown:
        return None
    if totals is None or added is None or multiplier is None:
        return None
    # What stands outside the scale is added after the multiplier.
    whole = _sums([{total * multiplier for total in totals}, added])
    if whole is None:
        return None
    rule = procedure.total
    final = {rounded(capped(total, cap=rule.cap, floor=rule.floor), rule.rounding) for total in whole}
    return [value for total in sorted(final) if (value := decimal(total)) is not None]


def reachable_outcomes(
    *, procedure: Procedure, context: Mapping[str, Any] | None = None, answered: bool = False
) -> dict[str, list[Decimal]] | None:
    """Return the totals by which each band's outcome can be reached; "" holds the totals in no single band."""
    totals = reachable_totals(procedure=procedure, context=context, answered=answered, after_cutoffs=True)
    if totals is None:
        return None
    known = Context(procedure, context or {})
    found: dict[str, list[Decimal]] = {band.outcome: [] for band in procedure.bands}
    for total in totals:
        outcomes = set()
        for band in procedure.bands:
            try:
                fits = known.holds(band.when)
            except Unknown:
                return None
            if fits and within(exact(total), band):
                outcomes.add(band.outcome)
        found.setdefault(outcomes.pop() if len(outcomes) == 1 else "", []).append(total)
    return found


def _weighted_points(
    procedure: Procedure, criterion: Criterion, context: Context, *, answered: bool, after_cutoffs: bool
) -> Points | None:
    """Return what a criterion can add; None in it is «takes no part»: does not apply or has no coefficient."""
    try:
        if not context.holds(criterion.when):
            return {None}
        rate = context.amount(criterion.coefficient)
    except Unknown:
        return None
    points = possible_points(criterion, context, answered=answered)
    if points is None:
        return None
    if rate is None:
        return {None}
    normalise = criterion.normalise
    if normalise and normalise.method != "share_of_maximum":
        return None
    found: Points = set()
    for point in points:
        weighted = point
        if normalise:
            top = (
                exact(normalise.maximum)
                if normalise.maximum is not None
                else criterion_bounds(criterion, context).high
            )
            if not top:
                return None
            weighted = rounded(point / top * exact(normalise.scale), normalise.rounding)
        weighted = rounded(weighted * rate, criterion.rounding)
        if not (after_cutoffs and _is_cut(procedure, criterion, context, point, weighted)):
            found.add(weighted)
    if criterion.may_be_not_applicable:
        found.add(None)
    return found


def _is_cut(
    procedure: Procedure, criterion: Criterion, context: Context, points: Fraction, weighted: Fraction
) -> bool:
    for cutoff in procedure.cutoffs:
        if cutoff.hits != 1 or criterion.code not in (cutoff.criteria or []):
            continue
        try:
            holds = context.holds(cutoff.when)
            bounds = cutoff.bounds_by(context.amount)
        except (Unknown, ValueError):
            continue
        value = {"criterion": points, "weighted": weighted}.get(cutoff.of)
        if holds and bounds is not None and value is not None and within(value, bounds):
            return True
    return False


def _sums(sets: Sequence[Set[Fraction | None]]) -> set[Fraction] | None:
    """Return every sum of one of each; what takes no part adds nothing."""
    totals = {Fraction(0)}
    for values in sets:
        totals = {total + (value or 0) for total in totals for value in values}
        if len(totals) > MOST_VALUES:
            return None
    return totals


def _means(sets: Sequence[Points]) -> Points | None:
    """Return every mean of one of each; what takes no part is not counted in the denominator."""
    found = {(Fraction(0), 0)}
    for values in sets:
        found = {
            (total, count) if value is None else (total + value, count + 1)
            for total, count in found
            for value in values
        }
        if len(found) > MOST_VALUES:
            return None
    return {total / count if count else None for total, count in found}


def _chosen(sets: Sequence[Points], choose: Callable[[Fraction, Fraction], Fraction]) -> Points:
    """Return every highest (or lowest) of one of each."""
    found: Points = {None}
    for values in sets:
        found = {
            second if first is None else first if second is None else choose(first, second)
            for first in found
            for second in values
        }
    return found


def _block_totals(block: Block, inside: Sequence[tuple[Points, bool]], context: Context) -> Points | None:
    base = [points for points, is_extra in inside if not is_extra]
    extra = [points for points, is_extra in inside if is_extra]
    if block.normalise:
        return None
    combined: Set[Fraction | None] | None
    match block.combine:
        case "sum":
            combined = _sums(base)
        case "mean":
            combined = _means(base)
        case _:
            combined = _chosen(base, max if block.combine == "highest" else min)
    added = _sums(extra)
    if combined is None or added is None:
        return None
    whole = _sums([combined, added])
    try:
        rate = context.amount(block.coefficient)
    except Unknown:
        return None
    if whole is None:
        return None
    if rate is None:
        return {None}
    # A block of which nothing is left takes no part, whatever its floor is.
    gone = {None} if all(None in points for points, _ in inside) else set()
    return gone | {
        rounded(capped(total, cap=block.cap, floor=block.floor) * rate, block.rounding) for total in whole
    }
