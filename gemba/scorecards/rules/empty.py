"""What an empty answer means: a question, zero, or a thing the act does not say."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from gemba.regulations.pack.procedures import Criterion, Rows, YesNo
from gemba.scorecards.rules.context import Context
from gemba.scorecards.rules.exact import capped, shown
from gemba.scorecards.rules.results import State
from gemba.scorecards.rules.scored import Scored, refused, said, undefined, zero_row


def empty_answer(criterion: Criterion, answer: Any, context: Context) -> Scored:
    said_nothing = isinstance(answer, list | dict)
    policy = criterion.empty
    if policy is None and isinstance(criterion, Rows) and said_nothing:
        if criterion.kind in ("sum_rows", "levels"):
            policy = "zero"
        elif zero_row(criterion) is None:
            policy = "undefined"
    if policy == "zero":
        return _nothing_chosen(criterion, context)
    if policy == "undefined":
        return undefined(criterion, "ничего не выбрано, а строки с нулём нет")
    how = "Отметьте строку"
    if isinstance(criterion, Rows):
        if row := zero_row(criterion):
            how += f"; если ничего не выполнено — {row.code} «{row.text}»"
    else:
        how = "Ответьте «да» или «нет»" if isinstance(criterion, YesNo) else "Введите число"
    scored = refused(criterion, f"нет ответа («{criterion.title}»)", f"{how}.")
    scored.state = State.UNANSWERED
    return scored


def _nothing_chosen(criterion: Criterion, context: Context) -> Scored:
    text = f"Критерий {criterion.code}: ничего не отмечено — 0 баллов"
    if isinstance(criterion, Rows) and criterion.kind == "levels" and (row := zero_row(criterion)):
        points = context.amount(row.points)
        if points is None:
            return undefined(criterion, f"баллы строки {row.code}", row)
        if points:
            return Scored(
                points=points,
                counted=(row.code,),
                remarks=[said(criterion, text.replace("0 ", f"{shown(points)} "))],
            )
    remark = said(criterion, text)
    points = Fraction(0)
    if isinstance(criterion, Rows):
        points = capped(points, cap=criterion.cap, floor=criterion.floor)
    quiet = isinstance(criterion, Rows) and (criterion.kind in ("sum_rows", "levels") or zero_row(criterion))
    return Scored(points=points, remarks=[remark], warnings=[] if quiet else [remark])
