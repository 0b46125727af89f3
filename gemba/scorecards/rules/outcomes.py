"""What the points make of the subject: cut-offs first, then the band of the total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from gemba.regulations.pack.procedures import Cutoff, Procedure, bounds_text
from gemba.scorecards.rules.context import Unknown
from gemba.scorecards.rules.exact import shown, within
from gemba.scorecards.rules.results import Cut, State
from gemba.scorecards.rules.scored import Scored, clause_of
from gemba.scorecards.rules.sheet import Item, Sheet


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome and what decided it."""

    outcome: str | None
    title: str
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class _Test:
    """One number a cut-off looks at; an unknown number may yet be cut."""

    code: str
    value: Fraction | None


def decide(procedure: Procedure, sheet: Sheet, excluded: tuple[str, ...]) -> Decision:
    """Return the outcome: of the first cut-off that works, else of the band."""
    titles = {outcome.code: outcome.title for outcome in procedure.outcomes}
    cuts: list[Cut] = []
    is_certain = True
    for cutoff in procedure.cutoffs:
        try:
            if not sheet.context.holds(cutoff.when):
                continue
        except Unknown:
            is_certain = False
            continue
        cut, certain = (
            _expert_cut(cutoff, sheet) if cutoff.of.startswith("expert") else _cut(cutoff, sheet, excluded)
        )
        is_certain = is_certain and certain
        if cut:
            cuts.append(cut)
            sheet.note(f"{cut.text} — {titles[cut.outcome]}", cut.clause)
    if cuts:
        return Decision(cuts[0].outcome, titles[cuts[0].outcome], tuple(cuts))
    if not is_certain and excluded and not procedure.bands:
        sheet.not_defined(
            f"Отсечение: нет коэффициента ({', '.join(excluded)})", clause_of(procedure.cutoffs[0])
        )
    outcome = _band(procedure, sheet, excluded) if procedure.bands and is_certain else None
    if procedure.bands and not is_certain and sheet.total is not None and not excluded:
        sheet.not_defined("Статус: не посчитано то, по чему отсекают", clause_of(procedure.cutoffs[0]))
    return Decision(outcome, titles[outcome] if outcome else "", ())


def _tests(cutoff: Cutoff, sheet: Sheet, excluded: tuple[str, ...]) -> Iterator[_Test]:
    if cutoff.of == "total":
        yield _Test("", None if excluded else sheet.total)
    elif cutoff.of == "block":
        for code in cutoff.blocks or []:
            block = sheet.blocks[code]
            if block.state is not State.NOT_APPLICABLE:
                yield _Test(code, block.scored.points)
    else:
        for code in cutoff.criteria or []:
            item = sheet.items[code]
            if item.state is not State.NOT_APPLICABLE:
                yield _Test(code, _of(cutoff, item))


def _of(cutoff: Cutoff, item: Item) -> Fraction | None:
    if cutoff.of == "weighted":
        return item.weighted
    return item.scored.value if cutoff.of == "value" else item.scored.points


def _cut(cutoff: Cutoff, sheet: Sheet, excluded: tuple[str, ...]) -> tuple[Cut | None, bool]:
    """Return the cut, and whether it is certain that there is one or none."""
    tests = list(_tests(cutoff, sheet, excluded))
    hit = [test for test in tests if test.value is not None and within(test.value, cutoff)]
    unknown = [test for test in tests if test.value is None]
    if len(hit) < cutoff.hits:
        return None, len(hit) + len(unknown) < cutoff.hits
    what = {"total": "Итог", "block": "Блок", "value": "Показатель критерия"}.get(cutoff.of, "Критерий")
    words = "; ".join(f"{what} {test.code}: {shown(test.value)}".replace(" :", ":") for test in hit)
    text = f"Отсечение: {words} ({bounds_text(cutoff)})"
    return Cut(cutoff.outcome, tuple(test.code for test in hit if test.code), text, clause_of(cutoff)), True


def _expert_cut(cutoff: Cutoff, sheet: Sheet) -> tuple[Cut | None, bool]:
    judged = {
        code: item
        for code, item in sheet.items.items()
        if item.marks and (cutoff.criteria is None or code in cutoff.criteria)
    }
    if not judged:
        return None, True
    low: list[str] = []
    marked: list[str] = []
    certain = True
    for expert in sheet.experts.answers:
        given = {code: mark for code, item in judged.items() if (mark := item.marks.get(expert))}
        if any(mark.state not in (State.SCORED, State.NOT_APPLICABLE) for mark in given.values()):
            certain = False
            continue
        points = {code: mark.points for code, mark in given.items() if mark.points is not None}
        if not points:
            continue
        marked.append(expert)
        values = [_total_of(expert, judged, given)] if cutoff.of == "expert_total" else list(points.values())
        if any(value is not None and within(value, cutoff) for value in values):
            low.append(expert)
    needed = {"any": 1, "majority": len(marked) // 2 + 1, "all": len(marked)}
    enough = needed[cutoff.experts] if isinstance(cutoff.experts, str) else cutoff.experts
    if not low or len(low) < enough:
        return None, certain
    what = "сумма" if cutoff.of == "expert_total" else "оценка"
    text = f"Отсечение: {what} экспертов {', '.join(low)} ({bounds_text(cutoff)})"
    return Cut(cutoff.outcome, tuple(low), text, clause_of(cutoff)), True


def _total_of(expert: str, judged: dict[str, Item], given: dict[str, Scored]) -> Fraction | None:
    """Add up the expert's marks with their coefficients."""
    total = Fraction(0)
    for code, mark in given.items():
        item = judged[code]
        if mark.points is None or item.coefficient is None:
            continue
        total += item.weighed(mark.points)
    return total


def _band(procedure: Procedure, sheet: Sheet, excluded: tuple[str, ...]) -> str | None:
    clause = clause_of(procedure.bands[0])
    if excluded:
        sheet.not_defined(f"Статус: нет коэффициента ({', '.join(excluded)})", clause)
        return None
    if sheet.total is None:
        return None
    fitting = []
    for band in procedure.bands:
        try:
            if within(sheet.total, band) and sheet.context.holds(band.when):
                fitting.append(band)
        except Unknown:
            return None
    outcomes = {band.outcome for band in fitting}
    if len(outcomes) != 1:
        what = "не входит ни в один диапазон" if not fitting else "входит сразу в несколько диапазонов"
        sheet.not_defined(f"Статус: итог {shown(sheet.total)} {what}", clause)
        return None
    band = fitting[0]
    title = next(outcome.title for outcome in procedure.outcomes if outcome.code == band.outcome)
    sheet.note(f"Итог {shown(sheet.total)} ({bounds_text(band)}) — {title}", clause_of(band))
    return band.outcome
