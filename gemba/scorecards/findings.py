"""What the linter says of procedures: computed by the same engine that scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from gemba.regulations.pack.lint import Finding, register
from gemba.regulations.pack.lint.finding import TITLES
from gemba.regulations.pack.procedures import Band, Criterion, Interval, Procedure, Ranges, Rows, bounds_text
from gemba.regulations.pack.schema import Pack
from gemba.scorecards.examples import failures
from gemba.scorecards.rules import bounds, reachable_outcomes, reachable_totals
from gemba.scorecards.rules.bounds import criterion_bounds
from gemba.scorecards.rules.exact import exact, shown, within
from gemba.scorecards.uncovered import Place, band_ends, finding, out_of_reach, procedure_kinds, range_ends

OWN_TITLES = {
    "range-gap": "Число без баллов",
    "example-fails": "Пример не сходится",
    "experts-unclear": "Правило для экспертов не установлено",
    "unreachable-cutoff": "Отсечение недостижимо",
}


def install() -> None:
    """Join the linter of packs."""
    for code, title in OWN_TITLES.items():
        TITLES.setdefault(code, title)
    register(check)


def check(pack: Pack) -> Iterator[Finding]:
    """Yield the findings of every procedure of the pack."""
    for number, procedure in enumerate(pack.procedures):
        yield from check_procedure(procedure, ("procedures", number))


def check_procedure(procedure: Procedure, place: Place = ()) -> Iterator[Finding]:
    """Yield what the act leaves open or contradicts in the procedure."""
    for index, criterion in enumerate(procedure.criteria):
        yield from _criterion(criterion, (*place, "criteria", index))
    yield from _total(procedure, place)
    yield from _bands(procedure, place)
    yield from out_of_reach(procedure, place)
    yield from procedure_kinds(procedure, place)
    yield from _cutoffs(procedure, place)
    yield from _experts(procedure, place)
    yield from _ranking(procedure, place)
    yield from _examples(procedure, place)


# --- criteria ----------------------------------------------------------------------------------------------


def _criterion(criterion: Criterion, place: Place) -> Iterator[Finding]:
    name = f"Критерий {criterion.code} «{_short(criterion.title)}»"
    if None in criterion.coefficient.possible:
        yield finding(
            "no-coefficient",
            criterion,
            f"{name}: коэффициент не указан",
            "Итог считается без этого критерия и с пометкой. Коэффициент вводится только актом.",
            (*place, "coefficient"),
        )
    high = criterion_bounds(criterion).high
    if criterion.declared_maximum is not None and high != exact(criterion.declared_maximum):
        yield finding(
            "declared-maximum",
            criterion,
            f"{name}: в акте максимум {shown(criterion.declared_maximum)}, по строкам выходит {shown(high)}",
            "Проверьте баллы строк по оригиналу акта.",
            (*place, "declared_maximum"),
        )
    if isinstance(criterion, Rows):
        yield from _rows(criterion, name, place)
    if isinstance(criterion, Ranges):
        yield from _range_gaps(criterion, name, place)


def _rows(criterion: Rows, name: str, place: Place) -> Iterator[Finding]:
    points = [row.points.fixed for row in criterion.rows if row.points.fixed is not None]
    if criterion.kind in ("max_row", "one_row") and points and 0 not in points:
        yield finding(
            "no-zero-row",
            criterion,
            f"{name}: нет строки с нулём; что ставить, если не выполнено ничего, в акте не сказано",
            "Без прочтения ответ «ничего» даёт «не определено положением»; empty: zero даёт 0 с предупреждением.",
            (*place, "rows"),
        )
    whole = sorted({int(value) for value in points if value == int(value)})
    if len(whole) == len(set(points)) > 1 and whole[0] == 0:
        missing = [str(value) for value in range(1, whole[-1]) if value not in whole]
        if missing and criterion.kind in ("max_row", "one_row", "levels"):
            yield finding(
                "missing-level",
                criterion,
                f"{name}: нет строки на {', '.join(missing)} из {whole[-1]}",
                "Предлагаются только строки, которые есть в акте.",
                (*place, "rows"),
            )
    if criterion.kind == "levels" and criterion.interpretations:
        yield finding(
            "cumulative-unclear",
            criterion,
            f"{name}: накопление прочитано как непрерывная цепочка строк от первой",
            "Строка выше пропущенной не засчитывается, причина показывается.",
            place,
        )


def _range_gaps(criterion: Ranges, name: str, place: Place) -> Iterator[Finding]:
    whole = (
        criterion.round_value.unit if criterion.round_value and criterion.round_value.mode != "none" else None
    )
    for group in _same_conditions(criterion.ranges):
        ordered = sorted(group, key=lambda item: (item.lower is not None, item.lower or 0))
        for first, second in pairwise(ordered):
            if _touch(first, second) or (whole is not None and _one_step(first, second, whole)):
                continue
            yield finding(
                "range-gap",
                criterion,
                f"{name}: между «{bounds_text(first)}» и «{bounds_text(second)}» есть числа без баллов",
                "Такое число даёт «не определено положением». Проверьте границы и округление (round_value).",
                (*place, "ranges"),
            )
        yield from range_ends(criterion, group, name, place)
        if criterion.allowed is not None:
            for end in (criterion.allowed.lower, criterion.allowed.upper):
                if end is not None and within(exact(end), criterion.allowed):
                    covered = any(within(exact(end), item) for item in group)
                    if not covered:
                        yield finding(
                            "range-gap",
                            criterion,
                            f"{name}: допустимое число {shown(end)} не входит ни в один диапазон",
                            "Такое число даёт «не определено положением».",
                            (*place, "ranges"),
                        )


def _same_conditions(parts: Sequence[Any]) -> Iterable[list[Any]]:
    groups: dict[str, list[Any]] = {}
    for part in parts:
        key = repr(sorted((name, repr(allowed)) for name, allowed in part.when.items()))
        groups.setdefault(key, []).append(part)
    return groups.values()


def _touch(first: Interval, second: Interval) -> bool:
    if first.upper is None or second.lower is None:
        return True
    closed = first.at_most is not None or second.at_least is not None
    return first.upper > second.lower or (first.upper == second.lower and closed)


def _one_step(first: Interval, second: Interval, step: Decimal) -> bool:
    """Tell whether rounded numbers cannot fall between: 69 and 70 at whole numbers."""
    if first.upper is None or second.lower is None:
        return True
    last = Fraction(first.upper) - (Fraction(step) if first.less_than is not None else 0)
    next_one = Fraction(second.lower) + (Fraction(step) if second.more_than is not None else 0)
    return next_one - last <= Fraction(step)


# --- total, bands, cut-offs --------------------------------------------------------------------------------


def _total(procedure: Procedure, place: Place) -> Iterator[Finding]:
    declared = procedure.total.declared_maximum
    if declared is None:
        return
    high = bounds(procedure=procedure)[1]
    if high != declared:
        yield finding(
            "declared-maximum",
            procedure.total,
            f"Максимум итога в акте {shown(declared)}, по критериям выходит {shown(high)}",
            "Проверьте баллы и коэффициенты по оригиналу акта.",
            (*place, "total", "declared_maximum"),
        )


def _bands(procedure: Procedure, place: Place) -> Iterator[Finding]:
    titles = {outcome.code: outcome.title for outcome in procedure.outcomes}
    if not procedure.bands:
        if procedure.use in ("self_assessment", "rating") and procedure.ranking:
            yield finding(
                "no-bands",
                procedure.ranking,
                "Уровни не определены: в акте нет границ баллов для уровней",
                "Показываются место и итог; названия уровней не придумываются.",
                (*place, "ranking"),
            )
        return
    totals = reachable_totals(procedure=procedure)
    for group in _same_conditions(procedure.bands):
        ordered: list[Band] = sorted(group, key=lambda band: (band.lower is not None, band.lower or 0))
        for first, second in pairwise(ordered):
            names = " и ".join(f"«{titles[band.outcome]}» ({bounds_text(band)})" for band in (first, second))
            if first.overlaps(second):
                yield finding(
                    "band-overlap",
                    second,
                    f"{names} пересекаются",
                    "Итог из общей части даёт «не определено положением»; запишите прочтение и исправьте границу.",
                    (*place, "bands"),
                )
            elif not _touch(first, second):
                yield finding(
                    "band-gap",
                    second,
                    f"Между {names} разрыв{_fallen(first, second, totals)}",
                    GAP,
                    (*place, "bands"),
                )
        kept = reachable_totals(procedure=procedure, after_cutoffs=True)
        yield from band_ends(procedure, group, kept, place)
    reached = reachable_outcomes(procedure=procedure)
    for outcome, by in (reached or {}).items():
        if outcome and not by:
            yield finding(
                "unreachable-band",
                next(band for band in procedure.bands if band.outcome == outcome),
                f"Статус «{titles[outcome]}» не получить никаким набором ответов",
                "Проверьте границы, баллы и отсечения по оригиналу акта.",
                (*place, "bands"),
            )


GAP = "Итог из разрыва даёт «не определено положением». Не усредняйте оценки, если положение этого не велит."


def _fallen(first: Band, second: Band, totals: list[Decimal] | None) -> str:
    if totals is None:
        return ""
    inside = [total for total in totals if _between(total, first, second)]
    if not inside:
        return "; одной оценкой в него не попасть, средней из нескольких — можно"
    return f"; в него попадают итоги {', '.join(shown(total) for total in inside[:5])}"


def _between(total: Decimal, first: Band, second: Band) -> bool:
    above = first.upper is not None and total >= first.upper and not within(exact(total), first)
    below = second.lower is not None and total <= second.lower and not within(exact(total), second)
    return above and below


def _cutoffs(procedure: Procedure, place: Place) -> Iterator[Finding]:
    criteria = {criterion.code: criterion for criterion in procedure.criteria}
    for index, cutoff in enumerate(procedure.cutoffs):
        here = (*place, "cutoffs", index)
        if cutoff.of != "criterion":
            continue
        for code in cutoff.criteria or []:
            low, high = criterion_bounds(criteria[code]).low, criterion_bounds(criteria[code]).high
            if (
                low is not None
                and high is not None
                and not Interval(
                    at_least=Decimal(low.numerator) / Decimal(low.denominator),
                    at_most=Decimal(high.numerator) / Decimal(high.denominator),
                ).overlaps(cutoff)
            ):
                yield finding(
                    "unreachable-cutoff",
                    cutoff,
                    f"Критерий {code} отсечь не может: его баллы от {shown(low)} до {shown(high)}",
                    "Проверьте набор отсекающих критериев.",
                    here,
                )
        if cutoff.interpretations and set(cutoff.criteria or []) != set(criteria):
            yield finding(
                "cutoff-unclear",
                cutoff,
                f"Отсекающими прочитаны критерии {', '.join(cutoff.criteria or [])}{_other_readings(procedure, index)}",
                "Набор отсекающих критериев подтверждает муниципалитет.",
                here,
            )


def _other_readings(procedure: Procedure, index: int) -> str:
    """Say which statuses would be lost if more criteria cut off, in the order of the act."""
    titles = {outcome.code: outcome.title for outcome in procedure.outcomes}
    codes = [criterion.code for criterion in procedure.criteria]
    chosen = procedure.cutoffs[index].criteria or []
    for count in range(len(chosen) + 1, len(codes) + 1):
        cutoffs = list(procedure.cutoffs)
        cutoffs[index] = cutoffs[index].model_copy(update={"criteria": codes[:count]})
        reached = reachable_outcomes(
            procedure=procedure.model_copy(update={"cutoffs": cutoffs}), answered=True
        )
        lost = [titles[outcome] for outcome, by in (reached or {}).items() if outcome and not by]
        if lost:
            return f"; если отсекают и другие ({', '.join(codes[:count])}), недостижим статус «{'», «'.join(lost)}»"
    return ""


# --- experts, places, examples -----------------------------------------------------------------------------


def _experts(procedure: Procedure, place: Place) -> Iterator[Finding]:
    rule = procedure.experts
    if rule and rule.abstention == "undefined":
        yield finding(
            "experts-unclear",
            rule,
            "Не сказано, что делать, если эксперт не поставил оценку",
            "Такой критерий останется без баллов: «не определено положением».",
            (*place, "experts"),
        )


def _ranking(procedure: Procedure, place: Place) -> Iterator[Finding]:
    rule = procedure.ranking
    if rule is None:
        return
    if rule.ties == "undefined" or (rule.interpretations and not rule.tie_breakers):
        how = {
            "undefined": "при равенстве место не определяется",
            "share": "равные делят место: 1, 2, 2, 4",
            "dense": "равные делят место: 1, 2, 2, 3",
        }[rule.ties]
        yield finding(
            "no-tie-rule",
            rule,
            "Не сказано, что делать при равных итогах",
            f"Принято: {how}.",
            (*place, "ranking"),
        )
    if rule.winners and rule.winners.at_border == "undefined" and rule.ties == "share":
        yield finding(
            "no-tie-rule",
            rule.winners,
            "Не сказано, кто победитель, если на последнее место претендуют равные",
            "Такие участники останутся без решения: «не определено положением».",
            (*place, "ranking", "winners"),
        )


def _examples(procedure: Procedure, place: Place) -> Iterator[Finding]:
    for index, example in enumerate(procedure.examples):
        wrong = failures(procedure, example)
        if wrong:
            yield finding(
                "example-fails",
                procedure,
                f"Пример «{example.title}»: {'; '.join(wrong[:5])}",
                "Исправьте процедуру или пример.",
                (*place, "examples", index),
            )


def _short(title: str) -> str:
    return title if len(title) <= 60 else f"{title[:57].rstrip()}…"
