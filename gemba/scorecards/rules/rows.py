"""Points of chosen rows: the best, the only one, all together, or an unbroken chain."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gemba.regulations.pack.procedures import Row, Rows
from gemba.scorecards.rules.context import Context
from gemba.scorecards.rules.empty import empty_answer
from gemba.scorecards.rules.exact import capped, read_number, shown
from gemba.scorecards.rules.results import Remark
from gemba.scorecards.rules.scored import NO, YES, Scored, refused, said, undefined


def score_rows(criterion: Rows, answer: Any, context: Context) -> Scored:
    """Score the rows chosen, whatever the order they are named in."""
    chosen = _chosen(criterion, answer)
    if isinstance(chosen, Scored):
        return chosen
    if not chosen:
        return empty_answer(criterion, [], context)
    rows = {row.code: row for row in criterion.rows}
    for code in chosen:
        if code not in rows:
            return _no_such_row(criterion, code, list(rows))
        if not context.holds(rows[code].when):
            return refused(
                criterion,
                f"строка {code} здесь не применяется",
                f"Она для: {context.in_words(rows[code].when)}.",
            )
    nothing = [code for code in chosen if rows[code].nothing]
    if nothing and len(chosen) > 1:
        return refused(
            criterion,
            f"строка {nothing[0]} «{rows[nothing[0]].text}» исключает остальные",
            "Оставьте либо её, либо остальные.",
        )
    # The order of rows is the order of the act, so the order of the answer changes nothing.
    ordered = {code: chosen[code] for code in rows if code in chosen}
    match criterion.kind:
        case "levels":
            return _levels(criterion, ordered, context)
        case "sum_rows":
            return _sum_rows(criterion, ordered, rows, context)
        case "one_row" if len(ordered) > 1:
            return refused(
                criterion,
                f"отмечены строки {', '.join(ordered)}, а выбрать можно одну",
                "Оставьте одну строку.",
            )
    points = {code: context.amount(rows[code].points) for code in ordered}
    if unknown := [code for code, value in points.items() if value is None]:
        return undefined(criterion, f"баллы строки {unknown[0]}", rows[unknown[0]])
    best = max(ordered, key=lambda code: (points[code] or Fraction(0), -list(rows).index(code)))
    text = f"Критерий {criterion.code}: строка {best} «{rows[best].text}» — {shown(points[best])}"
    others = tuple(code for code in ordered if code != best)
    if others:
        text += f"; строки {', '.join(others)} не прибавляются: считается наибольшая"
    return Scored(
        points=points[best], counted=(best,), not_counted=others, remarks=[said(criterion, text, rows[best])]
    )


_LOOK_ALIKE = str.maketrans("АВЕЗКМНОРСТУХабезкмнорстух", "ABE3KMHOPCTYXabe3kmhopctyx")
"""Russian letters that look like Latin letters or figures, or stand for them in numbers such as 2а."""


def _plain(code: str) -> str:
    return code.translate(_LOOK_ALIKE).casefold()


def _no_such_row(criterion: Rows, code: str, rows: list[str]) -> Scored:
    mend = f"Выберите из строк: {', '.join(rows)}."
    meant = [row for row in rows if _plain(row) == _plain(code)]
    if len(meant) == 1:
        is_alphabet = code.casefold() != meant[0].casefold()
        how = "другой алфавит (латиница и кириллица)" if is_alphabet else "большая или маленькая буква"
        mend = f"Есть похожая строка «{meant[0]}»: {how}. {mend}"
    return refused(criterion, f"строки «{code}» нет", mend)


def _not_a_code(criterion: Rows, given: Any) -> Scored:
    """Refuse what is no code of a row, in words of the answer file."""
    if isinstance(given, bool):
        said = "да" if given else "нет"
        text = f"ответ «{said}» ({str(given).lower()}), а надо назвать строки"
    elif isinstance(given, list | Mapping):
        text = "список внутри списка" if isinstance(given, list) else "объект вместо кода строки"
    else:
        text = f"«{'пусто' if given is None else given}» — не код строки"
    codes = [row.code for row in criterion.rows]
    return refused(criterion, text, f"Перечислите коды выполненных строк: {', '.join(codes)}.")


def _chosen(criterion: Rows, answer: Any) -> dict[str, int] | Scored:
    """Read the chosen rows and how many times each is met."""
    if isinstance(answer, Mapping):
        given = list(answer.items())
    else:
        given = [(code, True) for code in (answer if isinstance(answer, list) else [answer])]
    found: dict[str, int] = {}
    each = {row.code: row for row in criterion.rows if row.each}
    for code, times in given:
        if isinstance(code, bool) or not isinstance(code, str | int):
            return _not_a_code(criterion, code)
        key = str(code).strip()
        if times is False or times is None or str(times).strip().lower() in NO:
            continue
        if times is True or str(times).strip().lower() in YES:
            found[key] = 1
            continue
        try:
            number = read_number(times)
        except ValueError:
            return refused(
                criterion,
                f"строка {key}: «{times}» — не да, не нет и не число",
                "Отметьте строку или уберите.",
            )
        if number.denominator != 1 or number < 0:
            return refused(
                criterion, f"строка {key}: количество {shown(number)}", "Введите целое число от 0."
            )
        if key not in each:
            return refused(
                criterion, f"строка {key} отмечается один раз", "Поставьте true вместо количества."
            )
        found[key] = int(number)
    return found


def _sum_rows(
    criterion: Rows, chosen: Mapping[str, int], rows: Mapping[str, Row], context: Context
) -> Scored:
    total = Fraction(0)
    said_parts = []
    for code, times in chosen.items():
        points = context.amount(rows[code].points)
        if points is None:
            return undefined(criterion, f"баллы строки {code}", rows[code])
        limit = rows[code].limit
        taken = times if limit is None else min(times, limit)
        total += points * taken
        part = f"{code}: {shown(points)}" + (f" × {taken}" if rows[code].each else "")
        said_parts.append(part + (f" (не более {limit})" if taken < times else ""))
    kept = capped(total, cap=criterion.cap, floor=criterion.floor)
    text = f"Критерий {criterion.code}: {'; '.join(said_parts)}; сумма {shown(total)}"
    if kept != total:
        text += f", по положению не {'более' if kept < total else 'менее'} {shown(kept)}"
    return Scored(points=kept, counted=tuple(chosen), remarks=[said(criterion, text)])


def _levels(criterion: Rows, chosen: Mapping[str, int], context: Context) -> Scored:
    chain = [row for row in criterion.rows if not row.nothing and context.holds(row.when)]
    nothing = next((row for row in criterion.rows if row.nothing), None)
    reached: list[Row] = []
    broken: Row | None = None
    lost: list[str] = []
    remarks: list[Remark] = []
    for row in chain:
        if row.code not in chosen:
            broken = broken or row
        elif broken is None:
            reached.append(row)
        else:
            lost.append(row.code)
            remarks.append(
                said(criterion, f"Строка {row.code} не засчитана: не выполнена строка {broken.code}", row)
            )
    top = reached[-1] if reached else nothing
    points = context.amount(top.points) if top else Fraction(0)
    if points is None:
        return undefined(criterion, f"баллы строки {top.code if top else ''}", top)
    last = (
        f"выполнены строки {', '.join(row.code for row in reached)}"
        if reached
        else "ни одной строки подряд от первой"
    )
    text = f"Критерий {criterion.code}: {last} — {shown(points)}"
    counted = tuple(row.code for row in reached) or (
        tuple(chosen) if nothing and nothing.code in chosen else ()
    )
    return Scored(
        points=points,
        counted=counted,
        not_counted=tuple(lost),
        remarks=[said(criterion, text, top), *remarks],
    )
