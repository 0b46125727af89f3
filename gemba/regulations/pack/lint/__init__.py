"""The linter: what a person misses in an act. Findings never stop a pack from loading; they are shown with it.

A finding is not an error of the pack: it is a place of the *act* that contradicts itself, is silent, or will surprise.
Where the pack holds an interpretation of that place, the finding says how it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gemba.regulations.pack.lint import bodies, deadlines, documents, plan, projects
from gemba.regulations.pack.lint.finding import Finding
from gemba.regulations.pack.schema import Pack

Check = Callable[[Pack], Iterable[Finding]]

CHECKS: list[Check] = [documents.check, bodies.check, plan.check, deadlines.check, projects.check]


def register(check: Check) -> None:
    """Add a check of a higher module (procedures are checked by what computes them)."""
    if check not in CHECKS:
        CHECKS.append(check)


def lint(pack: Pack) -> list[Finding]:
    """Return every finding, each with the interpretations that settle it, in the order of checks."""
    return [_with_readings(pack, finding) for check in CHECKS for finding in check(pack)]


def _with_readings(pack: Pack, finding: Finding) -> Finding:
    if finding.interpretations:
        return finding
    clauses = set(finding.clauses)
    readings = tuple(
        interpretation.code
        for interpretation in pack.interpretations
        if clauses & set(interpretation.clause) and finding.code in READ_BY_CLAUSE
    )
    return finding.read_as(readings)


# For these the clause alone tells that an interpretation is about the finding.
READ_BY_CLAUSE = {
    "repeated-number",
    "date-breaks-pattern",
    "two-deadlines",
    "month-not-named",
    "no-coefficient",
}

__all__ = ["CHECKS", "Finding", "lint", "register"]
