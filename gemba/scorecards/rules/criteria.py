"""Points of one answer to one criterion, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.regulations.pack.procedures import Criterion, Mark, PerUnit, Ranges, Rows, Value, YesNo
from gemba.scorecards.rules.context import Context, Unknown
from gemba.scorecards.rules.empty import empty_answer
from gemba.scorecards.rules.numeric import score_mark, score_per_unit, score_ranges, score_value, score_yes_no
from gemba.scorecards.rules.results import State
from gemba.scorecards.rules.rows import score_rows
from gemba.scorecards.rules.scored import Scored, refused, said

ABSENT = object()
"""No answer was given at all, which is not the same as «nothing is fulfilled»."""

NOT_APPLICABLE = {"n/a", "not_applicable", "не применимо", "неприменимо", "н/п"}


def score_answer(criterion: Criterion, answer: Any, context: Context) -> Scored:
    """Give the points of an answer; whatever is wrong or not defined is said, never guessed."""
    try:
        if is_not_applicable(answer):
            return _not_applicable(criterion)
        if answer is ABSENT or answer is None or (isinstance(answer, str | list | dict) and not answer):
            return empty_answer(criterion, answer, context)
        match criterion:
            case Rows():
                return score_rows(criterion, answer, context)
            case Ranges():
                return score_ranges(criterion, answer, context)
            case PerUnit():
                return score_per_unit(criterion, answer, context)
            case Value():
                return score_value(criterion, answer)
            case Mark():
                return score_mark(criterion, answer)
            case YesNo():
                return score_yes_no(criterion, answer, context)
    except Unknown:
        # The missing variable is reported once for the whole procedure.
        return Scored(State.REFUSED)


def is_not_applicable(answer: Any) -> bool:
    """Tell whether the answer says «not applicable»."""
    if isinstance(answer, Mapping):
        return answer.get("not_applicable") is True
    return isinstance(answer, str) and answer.strip().lower() in NOT_APPLICABLE


def _not_applicable(criterion: Criterion) -> Scored:
    if criterion.may_be_not_applicable:
        return Scored(
            State.NOT_APPLICABLE,
            remarks=[said(criterion, f"Критерий {criterion.code} не применим: не учитывается")],
        )
    return refused(
        criterion,
        "ответ «не применимо» положением не предусмотрен",
        "Ответьте по существу или оставьте без ответа.",
    )
