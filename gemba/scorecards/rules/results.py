"""What scoring answers: points, total, outcome, place, and for each of them why, by which clause, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gemba.kernel.problems import Problem


class State(StrEnum):
    """Whether a criterion has points, and if not, why."""

    SCORED = "scored"
    UNDEFINED = "undefined"
    UNANSWERED = "unanswered"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence of the explanation and its clause."""

    text: str
    clause: str = ""
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """What one criterion gave."""

    code: str
    title: str
    clause: str
    state: State
    points: Decimal | None
    weighted: Decimal | None
    coefficient: Decimal | None
    value: Decimal | None = None
    """The number the points were looked up by, after the prescribed rounding."""
    normalised: Decimal | None = None
    counted: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    marks: Mapping[str, Decimal | None] = field(default_factory=dict)
    """Points by expert; None is an abstention."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What one block gave."""

    code: str
    title: str
    points: Decimal | None
    weighted: Decimal | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut-off that worked."""

    outcome: str
    by: tuple[str, ...]
    """Criteria, blocks or experts that were cut; empty when the total was."""
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a subject got."""

    subject: str
    title: str
    criteria: Mapping[str, CriterionResult]
    blocks: Mapping[str, BlockResult]
    total: Decimal | None
    """None when a criterion has no points; without the `excluded` criteria when their coefficient is missing."""
    known_total: Decimal
    """The total of what is known so far."""
    minimum: Decimal | None
    maximum: Decimal | None
    excluded: tuple[str, ...]
    outcome: str | None
    outcome_title: str
    cuts: tuple[Cut, ...]
    explanation: tuple[Remark, ...]
    undefined: tuple[Remark, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Remark, ...]
    context: Mapping[str, Any] = field(default_factory=dict)
    group: tuple[str, ...] = ()
    place: int | None = None
    award: str | None = None
    award_title: str = ""
    provisional: bool = False
    """Others it is compared with are not computed yet, so the total, the place or the award may change."""
    may_be_cut: bool = False
    """Whether a cut-off works is not known, so there is neither a status nor a place."""

    @property
    def is_complete(self) -> bool:
        """Tell whether the total is the whole total of the regulation."""
        return self.total is not None and not self.excluded

    @property
    def cut_by(self) -> tuple[str, ...]:
        """Return the criteria, blocks or experts of all cut-offs that worked, each once."""
        return tuple(dict.fromkeys(code for cut in self.cuts for code in cut.by))

    @property
    def banner(self) -> str:
        """Return what must be shown above the total, or nothing."""
        if not self.excluded:
            return ""
        several = len(self.excluded) > 1
        return (
            f"Итог без {'критериев' if several else 'критерия'} {', '.join(self.excluded)}: "
            f"{'их коэффициенты не определены' if several else 'его коэффициент не определён'} положением"
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what is scored, with the answers."""

    subject: str = ""
    title: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    experts: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
