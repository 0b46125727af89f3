"""Places among results: equal totals share, are told apart, or are left undefined, as the regulation says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gemba.kernel.numbers import plural
from gemba.kernel.problems import Problem
from gemba.regulations.pack.procedures import UNDEFINED, Procedure, Ranking, TieBreaker, Winners
from gemba.scorecards.rules.context import Context, Period, Unknown
from gemba.scorecards.rules.exact import exact, shown, within
from gemba.scorecards.rules.results import Remark, Result
from gemba.scorecards.rules.scored import clause_of, first_of


@dataclass(slots=True)
class _Entry:
    """A result that takes part in the ranking."""

    index: int
    result: Result
    total: Decimal
    keys: tuple[Any, ...]
    place: int | None = None
    award: str | None = None
    explanation: list[Remark] = field(default_factory=list)
    undefined: list[Remark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def rank(*, procedure: Procedure, results: Sequence[Result]) -> list[Result]:
    """Return the same results in the same order, with places and awards.

    Cut off, unfinished and undefined ones get no place; those without a criterion whose coefficient is missing are
    ranked among themselves, because the same is missing for all.
    """
    rule = procedure.ranking
    if rule is None:
        remark = Remark(f"Места: {UNDEFINED}", clause_of(procedure))
        return [replace(result, undefined=(*result.undefined, remark)) for result in results]
    ranked = [replace(result, place=None, award=None, award_title="") for result in results]
    entries: dict[tuple[str, ...], list[_Entry]] = {}
    nobody_grouped = all(result.context.get(name) is None for result in results for name in rule.groups)
    for index, result in enumerate(ranked):
        if result.total is None or not _takes_part(rule, result):
            continue
        if result.may_be_cut:
            text = "Место: не известно, сработало ли отсечение"
            ranked[index] = replace(result, undefined=(*result.undefined, Remark(text, clause_of(rule))))
            continue
        if rule.groups and not nobody_grouped and not all(result.group):
            said = {problem.field for problem in result.problems}
            missing = _no_group(procedure, rule, result)
            problems = result.problems if missing.field in said else (*result.problems, missing)
            ranked[index] = replace(result, problems=problems)
            continue
        keys = tuple(_key(procedure, breaker, result) for breaker in rule.tie_breakers)
        entries.setdefault(result.group, []).append(_Entry(index, result, result.total, keys))
    titles = {outcome.code: outcome.title for outcome in procedure.outcomes}
    waiting = _waiting(rule, results, nobody_grouped=nobody_grouped)
    for group, members in entries.items():
        absent = first_of(_name(each) for each in waiting if not all(each.group) or each.group == group)
        comparable = _comparable(rule, members)
        _places(procedure, rule, comparable)
        if rule.winners:
            _awards(procedure, rule.winners, rule, comparable)
        for entry in members:
            if rule.groups and nobody_grouped:
                entry.explanation.append(Remark("Группы не указаны: общий рейтинг", clause_of(rule)))
            warned = [_provisional(rule, absent)] if absent else []
            ranked[entry.index] = replace(
                entry.result,
                provisional=entry.result.provisional or bool(absent),
                warnings=(*entry.result.warnings, *warned),
                place=entry.place,
                award=entry.award,
                award_title=titles.get(entry.award or "", ""),
                explanation=(*entry.result.explanation, *entry.explanation),
                undefined=(*entry.result.undefined, *entry.undefined),
                problems=(*entry.result.problems, *entry.problems),
            )
    return ranked


def _comparable(rule: Ranking, members: list[_Entry]) -> list[_Entry]:
    """Leave out totals that lack a criterion which the totals of others have."""
    if len({entry.result.excluded for entry in members}) <= 1:
        return list(members)
    for entry in members:
        if entry.result.excluded:
            text = f"Место: итог без {', '.join(entry.result.excluded)} не сравнить с полными итогами: {UNDEFINED}"
            entry.undefined.append(Remark(text, clause_of(rule)))
    return [entry for entry in members if not entry.result.excluded]


def _waiting(rule: Ranking, results: Sequence[Result], *, nobody_grouped: bool) -> list[Result]:
    """Return those who may yet take a place before others: nothing is known of their total, group or cut-off."""
    return [
        result
        for result in results
        if not result.cuts
        and (result.total is None or result.may_be_cut or not (nobody_grouped or all(result.group)))
        and (rule.only_outcomes is None or result.outcome is None or result.outcome in rule.only_outcomes)
    ]


def _provisional(rule: Ranking, absent: str) -> Remark:
    text = f"Место и награда предварительные, не посчитаны: {absent}"
    return Remark(text, clause_of(rule))


def _takes_part(rule: Ranking, result: Result) -> bool:
    if rule.only_outcomes is not None:
        return result.outcome in rule.only_outcomes
    return not result.cuts


def _no_group(procedure: Procedure, rule: Ranking, result: Result) -> Problem:
    missing = [name for name, value in zip(rule.groups, result.group, strict=True) if not value]
    titles = {variable.code: variable.title for variable in procedure.context}
    return Problem(
        f"Места нет: не указано «{', '.join(titles[name] for name in missing)}»",
        clause=clause_of(rule),
        field=f"context.{missing[0]}",
        mend="Укажите у этого участника: рейтинг считается по группам.",
    )


def _key(procedure: Procedure, breaker: TieBreaker, result: Result) -> Any:
    """Return what the tie-breaker compares, the larger the better, or None when unknown."""
    value: Any
    if breaker.criterion:
        value = result.criteria[breaker.criterion].weighted
        if value is None:
            value = result.criteria[breaker.criterion].points
    elif breaker.block:
        value = result.blocks[breaker.block].weighted
    else:
        value = Context(procedure, result.context).values.get(breaker.variable or "")
        if isinstance(value, date):
            value = value.toordinal()
        elif isinstance(value, Period):
            value = (value.year or 0) * 10_000 + value.first * 100 + value.last
    if not isinstance(value, int | Decimal | Fraction):
        return None
    number = Fraction(value)
    return -number if breaker.better == "lower" else number


# --- places ------------------------------------------------------------------------------------------------


def _places(procedure: Procedure, rule: Ranking, entries: list[_Entry]) -> None:
    """Order the entries in place and give them their places."""
    sign = 1 if rule.better == "higher" else -1
    order: list[list[_Entry]] = []
    entries.sort(key=lambda entry: -sign * entry.total)
    start = 0
    while start < len(entries):
        same = [entry for entry in entries[start:] if entry.total == entries[start].total]
        order += _told_apart(procedure, rule, same, 0) if len(same) > 1 else [same]
        start += len(same)
    better = 0
    for step, group in enumerate(order, 1):
        for entry in group:
            entry.place = step if rule.ties == "dense" else better + 1
            if len(group) > 1:
                _say_tie(rule, entry, group)
        better += len(group)
    entries[:] = [entry for group in order for entry in group]


def _told_apart(procedure: Procedure, rule: Ranking, same: list[_Entry], step: int) -> list[list[_Entry]]:
    """Split equals by the tie-breakers in order; those a tie-breaker cannot see stay equal."""
    if len(same) == 1 or step == len(rule.tie_breakers):
        return [same]
    if any(entry.keys[step] is None for entry in same):
        for entry in same:
            entry.problems += [_no_key(procedure, rule, step)] if entry.keys[step] is None else []
        return [same]
    split: list[list[_Entry]] = []
    for value in sorted({entry.keys[step] for entry in same}, reverse=True):
        inner = [entry for entry in same if entry.keys[step] == value]
        split += _told_apart(procedure, rule, inner, step + 1)
    if len(split) > 1:
        for entry in same:
            text = (
                f"Итог {shown(entry.total)} у нескольких: место решает {_breaker_name(procedure, rule, step)}"
            )
            entry.explanation.append(Remark(text, clause_of(rule)))
    return split


def _breaker_name(procedure: Procedure, rule: Ranking, step: int) -> str:
    breaker = rule.tie_breakers[step]
    if breaker.variable:
        return next(f"«{each.title}»" for each in procedure.context if each.code == breaker.variable)
    return f"критерий {breaker.criterion}" if breaker.criterion else f"блок {breaker.block}"


def _no_key(procedure: Procedure, rule: Ranking, step: int) -> Problem:
    breaker = rule.tie_breakers[step]
    return Problem(
        f"Итоги равны, а {_breaker_name(procedure, rule, step)} не указан",
        clause=clause_of(rule),
        field=f"context.{breaker.variable}"
        if breaker.variable
        else f"answers.{breaker.criterion or breaker.block}",
        mend="Укажите: от этого зависит место.",
    )


def _names(entries: Sequence[_Entry]) -> str:
    return first_of(_name(entry.result) for entry in entries)


def _name(result: Result) -> str:
    return result.title or result.subject


def _say_tie(rule: Ranking, entry: _Entry, group: list[_Entry]) -> None:
    others = _names([other for other in group if other is not entry])
    if rule.ties == "undefined":
        entry.place = None
        text = f"Место: итог {shown(entry.total)} такой же у {others}, что тогда: {UNDEFINED}"
        entry.undefined.append(Remark(text, clause_of(rule)))
    else:
        text = f"Место {entry.place} делят при равных итогах {shown(entry.total)}: ещё {others}"
        entry.explanation.append(Remark(text, clause_of(rule)))


# --- winners -----------------------------------------------------------------------------------------------


def _awards(procedure: Procedure, rule: Winners, ranking: Ranking, entries: list[_Entry]) -> None:
    """Name the first `top` of those who have the minimum; what happens at the border is the regulation's word."""
    clause = clause_of(rule)
    candidates = [entry for entry in entries if _has_minimum(procedure, rule, entry)]
    for group in _groups(candidates):
        ahead = candidates.index(group[0])
        for entry in group:
            entry_top = _top(procedure, rule, entry)
            if entry_top is None:
                continue
            fits = entry_top - ahead
            if ranking.ties == "dense":
                fits = len(group) if (entry.place or 0) <= entry_top else 0
            if fits <= 0:
                continue
            if len(group) > fits and rule.at_border != "include":
                if rule.at_border == "undefined":
                    names = _names(group)
                    left = f"{fits} {plural(fits, 'место', 'места', 'мест')} из {entry_top}"
                    text = f"Осталось {left}, а при равных итогах претендуют {names}"
                    entry.undefined.append(Remark(f"{text}: {UNDEFINED}", clause))
                else:
                    entry.explanation.append(
                        Remark("Равные на границе мест не входят в число победителей", clause)
                    )
                continue
            _award(rule, entry, clause)


def _groups(candidates: list[_Entry]) -> list[list[_Entry]]:
    """Gather those that nothing told apart."""
    groups: list[list[_Entry]] = []
    for entry in candidates:
        last = groups[-1][0] if groups else None
        tied = last is not None and last.total == entry.total and last.place == entry.place
        if tied and (entry.place is not None or _same_keys(last, entry)):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _same_keys(first: _Entry | None, second: _Entry) -> bool:
    return first is not None and (first.keys == second.keys or None in first.keys or None in second.keys)


def _award(rule: Winners, entry: _Entry, clause: str) -> None:
    if rule.outcome is not None:
        entry.award = rule.outcome
    elif entry.place is None:
        text = f"Какое из призовых мест при равных итогах: {UNDEFINED}"
        entry.undefined.append(Remark(text, clause))
    else:
        entry.award = (rule.outcomes or {}).get(entry.place)
        if entry.award is None:
            entry.undefined.append(Remark(f"Что получает место {entry.place}: {UNDEFINED}", clause))


def _top(procedure: Procedure, rule: Winners, entry: _Entry) -> int | None:
    context = Context(procedure, entry.result.context)
    try:
        found = context.amount(rule.top)
    except Unknown:
        entry.problems += context.missing()
        return None
    if found is None:
        entry.undefined.append(Remark(f"Число победителей: {UNDEFINED}", clause_of(rule)))
        return None
    return int(found)


def _has_minimum(procedure: Procedure, rule: Winners, entry: _Entry) -> bool:
    if not rule.minimum:
        return True
    context = Context(procedure, entry.result.context)
    try:
        holding = [threshold for threshold in rule.minimum if context.holds(threshold.when)]
    except Unknown:
        entry.problems += context.missing()
        return False
    if entry.result.excluded:
        text = f"Набран ли наименьший итог победителя (итог без {', '.join(entry.result.excluded)})"
        entry.undefined.append(Remark(f"{text}: {UNDEFINED}", clause_of(rule)))
        return False
    if not holding:
        entry.undefined.append(Remark(f"Наименьший итог победителя: {UNDEFINED}", clause_of(rule)))
        return False
    if all(within(exact(entry.total), threshold) for threshold in holding):
        return True
    text = f"Итог {shown(entry.total)} меньше нужного победителю"
    entry.explanation.append(Remark(text, clause_of(rule)))
    return False
