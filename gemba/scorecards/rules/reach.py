"""Every total that answers can reach, and every outcome: what the linter asks of a procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gemba.regulations.pack.procedures import Block, Criterion, Procedure
from gemba.scorecards.rules.bounds import MOST_VALUES, criterion_bounds, possible_points
from gemba.scorecards.rules.context import Context, Unknown
from gemba.scorecards.rules.exact import capped, decimal, exact, rounded, within


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
    sets: list[set[Fraction]] = []
    inside: dict[str, list[set[Fraction]]] = {block.code: [] for block in procedure.blocks}
    for criterion in procedure.criteria:
        found = _weighted_points(procedure, criterion, known, answered=answered, after_cutoffs=after_cutoffs)
        if found is None:
            return None
        (inside[criterion.block] if criterion.block else sets).append(found)
    for block in procedure.blocks:
        found = _block_totals(block, inside[block.code], known)
        if found is None:
            return None
        sets.append(found)
    totals = _sums(sets)
    try:
        multiplier = known.amount(procedure.total.multiplier)
    except Unknown:
        return None
    if totals is None or multiplier is None:
        return None
    rule = procedure.total
    final = {
        rounded(capped(total * multiplier, cap=rule.cap, floor=rule.floor), rule.rounding) for total in totals
    }
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
) -> set[Fraction] | None:
    """Return what a criterion can add; nothing, when it does not apply or has no coefficient."""
    try:
        if not context.holds(criterion.when):
            return {Fraction(0)}
        rate = context.amount(criterion.coefficient)
    except Unknown:
        return None
    points = possible_points(criterion, context, answered=answered)
    if points is None:
        return None
    if rate is None:
        return {Fraction(0)}
    normalise = criterion.normalise
    if normalise and normalise.method != "share_of_maximum":
        return None
    found = set()
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
        found.add(Fraction(0))
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


def _sums(sets: Sequence[set[Fraction]]) -> set[Fraction] | None:
    totals = {Fraction(0)}
    for values in sets:
        totals = {total + value for total in totals for value in values}
        if len(totals) > MOST_VALUES:
            return None
    return totals


def _block_totals(block: Block, inside: Sequence[set[Fraction]], context: Context) -> set[Fraction] | None:
    if block.normalise or not inside:
        return None
    points: set[Fraction] | None
    if block.combine in ("sum", "mean"):
        points = _sums(inside)
        if points is not None and block.combine == "mean":
            points = {total / len(inside) for total in points}
    else:
        choose = max if block.combine == "highest" else min
        points = set(inside[0])
        for values in inside[1:]:
            points = {choose(first, second) for first in points for second in values}
    try:
        rate = context.amount(block.coefficient)
    except Unknown:
        return None
    if points is None:
        return None
    if rate is None:
        return {Fraction(0)}
    return {
        rounded(capped(total, cap=block.cap, floor=block.floor) * rate, block.rounding) for total in points
    }
