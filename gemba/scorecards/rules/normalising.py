"""Points of different criteria, and totals, brought to one scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from gemba.regulations.pack.procedures import Normalise
from gemba.scorecards.rules.exact import exact, rounded, shown
from gemba.scorecards.rules.results import State
from gemba.scorecards.rules.scored import clause_of, first_of
from gemba.scorecards.rules.sheet import Item, Sheet


def normalise(pairs: Sequence[tuple[Sheet, Item]], rule: Normalise | None) -> None:
    """Bring one criterion or block of all subjects to the scale; without a rule points stay as they are."""
    for sheet, item in pairs:
        if rule is None:
            item.normalised = item.scored.points
        elif rule.method == "share_of_maximum" and item.scored.points is not None:
            top = exact(rule.maximum) if rule.maximum is not None else item.bounds.high
            item.normalised = _share_of_maximum(sheet, item, rule, item.scored.points, top)
    if rule is None or rule.method == "share_of_maximum":
        return
    for same in _compared(pairs, rule):
        points = [item.scored.points for _, item in same if item.scored.points is not None]
        waiting = first_of(
            sheet.subject.title or sheet.subject.subject
            for sheet, item in same
            if item.scored.points is None and item.state is not State.NOT_APPLICABLE
        )
        for sheet, item in same:
            if item.scored.points is not None:
                if waiting:
                    sheet.compared_without(waiting, item.name, clause_of(rule, item.rule), item.rule.code)
                item.normalised = _among(sheet, item, rule, item.scored.points, min(points), max(points))
            if item.normalised is None and item.state is State.SCORED:
                item.scored.state = State.UNDEFINED


def _compared(pairs: Sequence[tuple[Sheet, Item]], rule: Normalise) -> Iterable[list[tuple[Sheet, Item]]]:
    groups: dict[tuple[str, ...], list[tuple[Sheet, Item]]] = {}
    for sheet, item in pairs:
        groups.setdefault(sheet.group() if rule.among == "group" else (), []).append((sheet, item))
    return groups.values()


def _share_of_maximum(
    sheet: Sheet, item: Item, rule: Normalise, points: Fraction, top: Fraction | None
) -> Fraction | None:
    clause = clause_of(rule, item.rule)
    if not top:
        sheet.not_defined(f"{item.name}: максимум, от которого берётся доля", clause, item.rule.code)
        item.scored.state = State.UNDEFINED
        return None
    found = rounded(points / top * exact(rule.scale), rule.rounding)
    sheet.note(
        f"{item.name}: {shown(points)} из {shown(top)} — {shown(found)} по шкале до {shown(rule.scale)}",
        clause,
        item.rule.code,
    )
    return found


def _among(
    sheet: Sheet, item: Item, rule: Normalise, points: Fraction, least: Fraction, most: Fraction
) -> Fraction | None:
    """Compare with the others: the best is the whole scale."""
    clause, scale = clause_of(rule, item.rule), exact(rule.scale)
    lower = rule.better == "lower"
    if rule.method == "min_max":
        spread = most - least
        top, bottom = (most - points if lower else points - least), spread
        words = f"наименьшее {shown(least)}, наибольшее {shown(most)}"
    else:
        top, bottom = (least, points) if lower else (points, most)
        words = f"лучшее {shown(least if lower else most)}"
        if lower and points == 0 == least:
            bottom = Fraction(0)
    if bottom == 0:
        if rule.when_equal == "undefined":
            sheet.not_defined(f"{item.name}: сравнить не с чем ({words})", clause, item.rule.code)
            return None
        found = scale if rule.when_equal == "full" else Fraction(0)
        sheet.note(f"{item.name}: сравнить не с чем ({words}) — {shown(found)}", clause, item.rule.code)
        return found
    found = rounded(top / bottom * scale, rule.rounding)
    sheet.note(f"{item.name}: {shown(points)} ({words}) — {shown(found)}", clause, item.rule.code)
    return found


def share_of_total(
    sheet: Sheet, rule: Normalise, value: Fraction | None, top: Fraction | None
) -> Fraction | None:
    """Bring a total to the scale by its maximum."""
    clause = clause_of(rule, sheet.procedure.total)
    if not top:
        sheet.not_defined("Итог: максимум, от которого берётся доля", clause)
        return None
    scale = exact(rule.scale)
    whole = value if value is not None else sheet.known_total
    found = rounded(whole / top * scale, rule.rounding)
    sheet.known_total = found
    if value is None:
        return None
    sheet.note(f"Итог: {shown(value)} из {shown(top)} — {shown(found)} по шкале до {shown(scale)}", clause)
    return found


def totals_compared(
    sheets: Sequence[Sheet], rule: Normalise, raw: Sequence[Fraction | None]
) -> list[Fraction | None]:
    """Bring totals to the scale by comparing them with each other."""
    found: dict[int, Fraction | None] = {}
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, sheet in enumerate(sheets):
        groups.setdefault(sheet.group() if rule.among == "group" else (), []).append(index)
    for members in groups.values():
        known = [value for index in members if (value := raw[index]) is not None]
        subjects = [sheets[index].subject for index in members if raw[index] is None]
        waiting = first_of(subject.title or subject.subject for subject in subjects)
        for index in members:
            value = raw[index]
            if value is not None:
                if waiting:
                    sheets[index].compared_without(
                        waiting, "Итог", clause_of(rule, sheets[index].procedure.total)
                    )
                found[index] = _compared_total(sheets[index], rule, value, min(known), max(known))
    return [found.get(index) for index in range(len(sheets))]


def _compared_total(
    sheet: Sheet, rule: Normalise, value: Fraction, least: Fraction, most: Fraction
) -> Fraction | None:
    lower, scale = rule.better == "lower", exact(rule.scale)
    if rule.method == "min_max":
        top, bottom = (most - value if lower else value - least), most - least
    else:
        top, bottom = (least, value) if lower else (value, most)
    clause = clause_of(rule, sheet.procedure.total)
    if bottom == 0:
        if rule.when_equal == "undefined":
            sheet.not_defined("Итог: сравнить не с чем, все итоги равны", clause)
            return None
        found = scale if rule.when_equal == "full" else Fraction(0)
    else:
        found = rounded(top / bottom * scale, rule.rounding)
    sheet.note(
        f"Итог: {shown(value)} (наименьший {shown(least)}, наибольший {shown(most)}) — {shown(found)}", clause
    )
    return found
