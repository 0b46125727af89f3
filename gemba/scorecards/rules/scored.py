"""Points of one answer, or the words for why there are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gemba.kernel.problems import Problem
from gemba.regulations.pack.procedures import UNDEFINED, CriterionBase, Row, Rows
from gemba.scorecards.rules.results import Remark, State

MOST_NAMED = 5
YES = {"true", "yes", "да", "1"}
NO = {"false", "no", "нет", "0"}


@dataclass(slots=True)
class Scored:
    """Points of one answer, or why there are none."""

    state: State = State.SCORED
    points: Fraction | None = None
    value: Fraction | None = None
    counted: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    remarks: list[Remark] = field(default_factory=list)
    undefined: list[Remark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def clause_of(*parts: Any) -> str:
    """Return the clauses of the first part that has any."""
    return next((", ".join(part.clause) for part in parts if part is not None and part.clause), "")


def refused(criterion: CriterionBase, text: str, mend: str) -> Scored:
    """Refuse the answer, saying what to do."""
    problem = Problem(
        f"Критерий {criterion.code}: {text}",
        clause=clause_of(criterion),
        field=f"answers.{criterion.code}",
        mend=mend,
    )
    return Scored(State.REFUSED, problems=[problem])


def undefined(criterion: CriterionBase, text: str, part: Any = None, value: Fraction | None = None) -> Scored:
    """Answer that the regulation does not define the points."""
    remark = Remark(
        f"Критерий {criterion.code}: {text}: {UNDEFINED}", clause_of(part, criterion), criterion.code
    )
    return Scored(State.UNDEFINED, value=value, undefined=[remark])


def said(criterion: CriterionBase, text: str, part: Any = None) -> Remark:
    """Make a sentence of the explanation."""
    return Remark(text, clause_of(part, criterion), criterion.code)


def first_of(names: Iterable[str]) -> str:
    """Name the first few in the order of the alphabet: among thousands hundreds may be meant."""
    ordered = sorted(names)
    more = len(ordered) - MOST_NAMED
    return ", ".join(ordered[:MOST_NAMED]) + (f" и ещё {more}" if more > 0 else "")


def zero_row(criterion: Rows) -> Row | None:
    """Return the row that stands for «nothing», or any row worth zero."""
    nothing = [row for row in criterion.rows if row.nothing]
    return next(iter(nothing or [row for row in criterion.rows if row.points.fixed == 0]), None)
