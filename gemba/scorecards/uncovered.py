"""What a procedure leaves without points, without a status or out of reach, by its bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from gemba.regulations.pack.lint import Finding
from gemba.regulations.pack.procedures import Interval, Procedure, Ranges, When, bounds_text
from gemba.scorecards.rules import bounds, reachable_totals
from gemba.scorecards.rules.exact import exact, shown, within

Place = tuple[str | int, ...]


def finding(code: str, rule: Any, text: str, advice: str, place: Place) -> Finding:
    """Make a finding under the clause of the rule."""
    return Finding(code, tuple(rule.clause or ()), text, advice, place, tuple(rule.interpretations))


def kinds_left_out(procedure: Procedure, parts: Sequence[Any], where: When | None = None) -> list[str]:
    """Return the titles of the values of a closed list for which none of the parts is written."""
    named = {frozenset(part.when) for part in parts}
    if len(named) != 1 or len(names := next(iter(named))) != 1:
        return []
    [name] = names
    variable = next((each for each in procedure.context if each.code == name), None)
    if variable is None or not variable.values:
        return []
    own = (where or {}).get(name)
    meant = own.values if own is not None and own.values else list(variable.values)
    covered = {value for part in parts for value in part.when[name].values or []}
    return [variable.values[value] for value in meant if value not in covered and value in variable.values]


def range_ends(criterion: Ranges, group: Sequence[Any], name: str, place: Place) -> Iterator[Finding]:
    """Yield numbers below the first range or above the last one that the act does not rule out."""
    allowed = criterion.allowed or Interval()
    low, high = min(group, key=_start), max(group, key=_end)
    speaks_of_negative = any(item.lower is not None and item.lower < 0 for item in group)
    reaches_zero = low.lower is None or low.lower < 0 or low.at_least == 0
    if allowed.lower is None and not speaks_of_negative and not reaches_zero:
        yield _end_finding(criterion, name, f"число меньше {shown(low.lower)}", place)
    if high.upper is not None and allowed.upper is None:
        yield _end_finding(criterion, name, f"число больше {shown(high.upper)}", place)


def _end_finding(criterion: Ranges, name: str, what: str, place: Place) -> Finding:
    return finding(
        "range-gap",
        criterion,
        f"{name}: {what} не входит ни в один диапазон",
        "Такое число даёт «не определено положением». Если его не бывает, запишите allowed.",
        (*place, "ranges"),
    )


def _start(item: Interval) -> tuple[bool, Decimal]:
    return item.lower is not None, item.lower or Decimal(0)


def _end(item: Interval) -> tuple[bool, Decimal]:
    return item.upper is None, item.upper or Decimal(0)


def band_ends(
    procedure: Procedure, group: Sequence[Any], totals: list[Decimal] | None, place: Place
) -> Iterator[Finding]:
    """Yield totals below the lowest status or above the highest one."""
    least, most = bounds(procedure=procedure)
    low, high = min(group, key=_start), max(group, key=_end)
    below = low.lower is not None and not _has(least, low, totals, below=True)
    above = high.upper is not None and not _has(most, high, totals, below=False)
    for is_open, band, word in ((below, low, "ниже"), (above, high, "выше")):
        if is_open:
            edge = band.lower if word == "ниже" else band.upper
            yield finding(
                "band-gap",
                band,
                f"Итог {word} {shown(edge)} без статуса ({bounds_text(band)} — крайняя граница)",
                "Такой итог даёт «не определено положением». Проверьте границы по оригиналу акта.",
                (*place, "bands"),
            )


def _has(extreme: Decimal | None, band: Any, totals: list[Decimal] | None, *, below: bool) -> bool:
    """Tell whether the band holds everything that can be reached on its outer side."""
    if totals is not None:
        outer = [
            total
            for total in totals
            if not within(exact(total), band)
            and (total <= (band.lower or 0) if below else total >= (band.upper or 0))
        ]
        return not outer
    if extreme is None:
        return False
    edge = band.lower if below else band.upper
    return within(exact(extreme), band) or (extreme > edge if below else extreme < edge)


def out_of_reach(procedure: Procedure, place: Place) -> Iterator[Finding]:
    """Yield statuses, cut-offs and minimums of winners that lie beyond the least and the most total."""
    least, most = bounds(procedure=procedure)
    titles = {outcome.code: outcome.title for outcome in procedure.outcomes}
    advice = f"Итог бывает от {shown(least)} до {shown(most)}. Проверьте границы и баллы по оригиналу акта."
    listed = reachable_totals(procedure=procedure) is not None
    for band in procedure.bands if not listed else []:
        if _beyond(band, least, most):
            text = (
                f"Статус «{titles[band.outcome]}» ({bounds_text(band)}) не получить никаким набором ответов"
            )
            yield finding("unreachable-band", band, text, advice, (*place, "bands"))
    for index, cutoff in enumerate(procedure.cutoffs):
        if cutoff.of == "total" and not cutoff.tables and _beyond(cutoff, least, most):
            text = f"Отсечение по итогу ({bounds_text(cutoff)}) не сработает никогда"
            yield finding("unreachable-cutoff", cutoff, text, advice, (*place, "cutoffs", index))
    winners = procedure.ranking.winners if procedure.ranking else None
    for threshold in winners.minimum if winners else []:
        if _beyond(threshold, least, most):
            text = f"Наименьший итог победителя ({bounds_text(threshold)}) не набрать"
            yield finding("unreachable-band", winners, text, advice, (*place, "ranking", "winners"))


def _beyond(interval: Interval, least: Decimal | None, most: Decimal | None) -> bool:
    if least is not None and most is not None and least > most:
        return False
    return not Interval(at_least=least, at_most=most).overlaps(interval)


def procedure_kinds(procedure: Procedure, place: Place) -> Iterator[Finding]:
    """Yield kinds of organisations for which there are neither statuses nor ranges."""
    for index, criterion in enumerate(procedure.criteria):
        if isinstance(criterion, Ranges) and (
            left := kinds_left_out(procedure, criterion.ranges, criterion.when)
        ):
            yield finding(
                "range-gap",
                criterion,
                f"Критерий {criterion.code}: диапазонов нет для: {', '.join(left)}",
                "Для них ответ «не определено положением». Не относится к ним — поставьте критерию when.",
                (*place, "criteria", index, "ranges"),
            )
    if procedure.bands and (left := kinds_left_out(procedure, procedure.bands)):
        yield finding(
            "band-gap",
            procedure.bands[0],
            f"Статусов по итогу нет для: {', '.join(left)}",
            "Для них статус «не определён положением».",
            (*place, "bands"),
        )
