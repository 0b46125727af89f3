"""What the points make of the subject: cut-offs first, then the band of the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from fractions import Fraction
from typing import Any

from gemba.regulations.pack.procedures import BOUNDS, Block, Cutoff, Procedure, bounds_text
from gemba.scorecards.rules.bounds import criterion_bounds
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
    may_be_cut: bool = False
    """A cut-off could not be checked, for another reason than a missing coefficient."""


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
    holding, known = _here(procedure, sheet)
    is_certain = is_certain and known
    for cutoff in holding:
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
    may_be_cut = not is_certain and not excluded
    return Decision(outcome, titles[outcome] if outcome else "", (), may_be_cut)


def _here(procedure: Procedure, sheet: Sheet) -> tuple[list[Cutoff], bool]:
    """Return the cut-offs that hold here, with their bounds, and whether these are surely all."""
    holding: list[Cutoff] = []
    families: dict[tuple[Any, ...], list[Cutoff]] = {}
    met: set[tuple[Any, ...]] = set()
    is_certain = True
    for cutoff in procedure.cutoffs:
        family = _family(cutoff)
        families.setdefault(family, []).append(cutoff)
        try:
            if not sheet.context.holds(cutoff.when):
                continue
            met.add(family)
            bounds = cutoff.bounds_by(sheet.context.amount) if cutoff.tables else cutoff
        except Unknown:
            met.add(family)
            is_certain = False
            continue
        except ValueError:
            bounds = None
        if bounds is None:
            _no_bound(sheet, cutoff, {name for amount in cutoff.tables.values() for name in amount.variables})
            is_certain = False
            continue
        stated = {name: getattr(bounds, name) for name in BOUNDS}
        holding.append(cutoff.model_copy(update={**stated, "tables": {}}) if cutoff.tables else cutoff)
    for family, members in families.items():
        varying = _varying(members)
        if family in met or not varying or not _is_meant_here(members[0], varying, sheet):
            continue
        _no_bound(sheet, members[0], varying)
        is_certain = False
    return holding, is_certain


def _family(cutoff: Cutoff) -> tuple[Any, ...]:
    """Cut-offs of one thing into one outcome that differ by the value of the same variables."""
    what = tuple(cutoff.criteria or ()), tuple(cutoff.blocks or ())
    return cutoff.of, what, cutoff.outcome, tuple(sorted(cutoff.when))


def _varying(members: list[Cutoff]) -> set[str]:
    """Return the variables by which one of the cut-offs must be chosen; none, when it is right that none holds."""
    stated = {member.when_none for member in members}
    if "not_cut" in stated or (len(members) == 1 and "undefined" not in stated):
        return set()
    first = members[0].when
    differing = {name for name in first if any(member.when[name] != first[name] for member in members)}
    return differing or set(first)


def _is_meant_here(cutoff: Cutoff, varying: set[str], sheet: Sheet) -> bool:
    """Tell whether what the cut-offs have in common holds here."""
    try:
        return sheet.context.holds(
            {name: allowed for name, allowed in cutoff.when.items() if name not in varying}
        )
    except Unknown:
        return False


def _no_bound(sheet: Sheet, cutoff: Cutoff, names: set[str]) -> None:
    outcome = next(each.title for each in sheet.procedure.outcomes if each.code == cutoff.outcome)
    sheet.not_defined(f"Порог отсечения «{outcome}» ({sheet.context.what_is(names)})", clause_of(cutoff))


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
    """Return the cut by single experts, and whether it is certain that there is one or none."""
    judged = {
        code: item
        for code, item in sheet.items.items()
        if item.marks and (cutoff.criteria is None or code in cutoff.criteria)
    }
    sayings = {expert: _says(cutoff, sheet, judged, expert) for expert in sheet.experts.answers}
    low = [expert for expert, says in sayings.items() if says is True]
    high = [expert for expert, says in sayings.items() if says is False]
    unclear = [expert for expert, says in sayings.items() if says is _Says.UNCLEAR]
    # Whoever is unclear may turn out low, not low, or not counted at all: only what holds in every case is said.
    ways = {
        _are_enough(cutoff, len(low) + lower, len(low) + len(high) + counted)
        for counted in range(len(unclear) + 1)
        for lower in range(counted + 1)
    }
    if len(ways) > 1:
        clause = clause_of(cutoff)
        text = (
            f"Отсечение ({bounds_text(cutoff)}): не хватает оценок, чтобы его проверить: {', '.join(unclear)}"
        )
        sheet.not_defined(text, clause)
        return None, False
    if not ways.pop():
        return None, True
    what = "сумма" if cutoff.of == "expert_total" else "оценка"
    text = f"Отсечение: {what} экспертов {', '.join(low)} ({bounds_text(cutoff)})"
    return Cut(cutoff.outcome, tuple(low), text, clause_of(cutoff)), True


def _are_enough(cutoff: Cutoff, low: int, marked: int) -> bool:
    needed = {"any": 1, "majority": marked // 2 + 1, "all": marked}
    enough = needed[cutoff.experts] if isinstance(cutoff.experts, str) else cutoff.experts
    return low > 0 and low >= enough


class _Says(Enum):
    """What an expert's marks say when they do not simply say that he cuts off or not."""

    UNCLEAR = auto()
    NOTHING = auto()


def _says(cutoff: Cutoff, sheet: Sheet, judged: Mapping[str, Item], expert: str) -> bool | _Says:
    """Tell whether the expert's marks cut off; a mark that is missing can be any mark of the scale."""
    spans: list[_Span] = []
    whole = True
    for item in judged.values():
        mark = item.marks.get(expert)
        if mark is not None and mark.state is State.NOT_APPLICABLE:
            continue
        whole = whole and mark is not None
        if mark is None and cutoff.of == "expert_mark":
            continue
        spans.append(_span(cutoff, sheet, item, mark))
    rule = sheet.procedure.experts
    abstained_from_all = all(item.marks.get(expert) is None for item in judged.values())
    is_left_out = cutoff.of == "expert_total" and not whole and rule and rule.incomplete == "leave_out"
    if not spans or abstained_from_all or is_left_out:
        return _Says.NOTHING
    if cutoff.of == "expert_total":
        spans = [_added(spans)]
    sayings = {_hits(cutoff, span) for span in spans}
    return True if True in sayings else _Says.UNCLEAR if None in sayings else False


_Span = tuple[Fraction | None, Fraction | None]
"""Between what and what a mark or a sum lies; None is «no bound»."""


def _span(cutoff: Cutoff, sheet: Sheet, item: Item, mark: Scored | None) -> _Span:
    """Return where the mark lies: at one point when it is given, anywhere on the scale when it is not."""
    ends: _Span = (mark.points, mark.points) if mark and mark.points is not None else _scale(sheet, item)
    if cutoff.of == "expert_mark":
        return ends
    coefficient = sheet.known_coefficient(item)
    if coefficient is None:
        return None, None
    low, high = (None if end is None else item.weighed(end, coefficient) for end in ends)
    return (low, high) if coefficient >= 0 else (high, low)


def _scale(sheet: Sheet, item: Item) -> _Span:
    if isinstance(item.rule, Block):
        return None, None
    found = criterion_bounds(item.rule, sheet.context)
    return found.low, found.high


def _added(spans: list[_Span]) -> _Span:
    lows, highs = [low for low, _ in spans], [high for _, high in spans]
    return (
        None if None in lows else sum((low for low in lows if low is not None), Fraction(0)),
        None if None in highs else sum((high for high in highs if high is not None), Fraction(0)),
    )


def _hits(cutoff: Cutoff, span: _Span) -> bool | None:
    """Tell whether every number of the span is cut off, none of them (False), or only some (None)."""
    low, high = span
    if low is not None and low == high:
        return within(low, cutoff)
    below = high is not None and not _reaches(high, cutoff.at_least, cutoff.more_than)
    above = low is not None and not _reaches(-low, _minus(cutoff.at_most), _minus(cutoff.less_than))
    if below or above:
        return False
    ends_in = (low is not None and within(low, cutoff)) or (low is None and cutoff.lower is None)
    starts_in = (high is not None and within(high, cutoff)) or (high is None and cutoff.upper is None)
    return True if ends_in and starts_in else None


def _reaches(value: Fraction, at_least: Decimal | None, more_than: Decimal | None) -> bool:
    return (at_least is None or value >= at_least) and (more_than is None or value > more_than)


def _minus(bound: Decimal | None) -> Decimal | None:
    return None if bound is None else -bound


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
