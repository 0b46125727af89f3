"""A problem is what stands in the way of an act, in words for the person who must mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem weighs."""

    REFUSED = "refused"
    NEEDS_APPROVAL = "needs_approval"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way: what is wrong, by which clause, in which field, and how to mend it."""

    text: str
    clause: str = ""
    field: str = ""
    mend: str = ""
    severity: Severity = Severity.REFUSED

    def __str__(self) -> str:
        clause = f" ({self.clause})" if self.clause else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{self.text}{clause}{mend}"


class Refusal(Exception):
    """An act was refused; `problems` says why, all reasons at once."""

    problems: list[Problem]

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        if not self.problems:
            raise ValueError("a refusal names at least one problem")
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refuse_on(problems: Iterable[Problem]) -> None:
    """Refuse when a problem among them refuses; warnings alone let the act go on.

    :raises Refusal: with all problems, the refusing ones and the rest.
    """
    kept = list(problems)
    if any(problem.severity is Severity.REFUSED for problem in kept):
        raise Refusal(kept)
