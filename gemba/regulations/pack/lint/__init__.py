"""The linter: what a person misses in an act. Findings never stop a pack from loading; they are shown with it.

A finding is not an error of the pack: it is a place of the *act* that contradicts itself, is silent, or will surprise.
Where the pack holds an interpretation of that place, the finding says how it was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from gemba.regulations.pack.lint import bodies, deadlines, documents, plan, projects, written
from gemba.regulations.pack.lint.finding import Finding
from gemba.regulations.pack.schema import Pack

Check = Callable[[Pack], Iterable[Finding]]

CHECKS: list[Check] = [
    documents.check,
    bodies.check,
    plan.check,
    deadlines.check,
    projects.check,
    written.check,
]


def register(check: Check) -> None:
    """Add a check of a higher module (procedures are checked by what computes them)."""
    if check not in CHECKS:
        CHECKS.append(check)


def lint(pack: Pack) -> list[Finding]:
    """Return every finding, each with the interpretations that settle it, in the order of checks."""
    return [_with_readings(pack, finding) for check in CHECKS for finding in check(pack)]


def _with_readings(pack: Pack, finding: Finding) -> Finding:
    """Keep of the readings named by the rules, or standing at the same clauses, those about this very matter."""
    about = ABOUT.get(finding.code)
    if about is None:
        return finding
    clauses, named = set(finding.clauses), set(finding.interpretations)
    fitting = tuple(
        item.code
        for item in pack.interpretations
        if (item.code in named or clauses & set(item.clause)) and about.search(item.problem)
    )
    # One rule with one reading means that one, however it is worded.
    only = tuple(named) if len(named) == 1 == len(clauses) else ()
    return replace(finding.read_as(fitting or only), clauses=tuple(dict.fromkeys(finding.clauses)))


# What the problem of an interpretation speaks of when it settles a finding of this kind.
ABOUT: dict[str, re.Pattern[str]] = {
    code: re.compile(words, re.I)
    for code, words in {
        "absent-text": r"текст|приведён|приведен|отсутств",
        "no-requisites": r"номер|дата|реквизит",
        "repeated-number": r"номер",
        "target-empty": r"пуст|только .*год|цел[ьи] .*год|нет .*год",
        "date-breaks-pattern": r"дат|срок",
        "bare-target": r"число[ми]?\b|не менее|ровно",
        "scope-not-said": r"кажд|для кого|перед кем|на (одно|каждо)|по муниципалитет|в целом",
        "unit-not-fitting": r"единиц",
        "two-populations": r"организаци.*учреждени|учреждени.*организаци|знаменат",
        "odd-count": r"конкурс",
        "two-deadlines": r"срок|числ",
        "month-not-named": r"месяц",
        "inclusive-not-said": r"включ|входит|«до",
        "day-off": r"выходн|нерабоч|празднич",
        "deadline-without-form": r"самооцен",
        "no-own-deadline": r"срок|дат|день",
        "rule-not-set": r"кворум|голос",
        "only-chair-signs": r"подпис",
        "column-without-source": r"порядк|значимост|балл",
        "short-date": r"мм|день|дат",
        "period-as-date": r"одна дата|дат",
        "two-meanings": r"защит",
        "no-gates": r"срок|услови|этап",
        "no-coefficient": r"коэффициент",
        "no-zero-row": r"нул|ноль|0",
        "band-gap": r"разрыв|диапазон|между|промежут|границ|полос",
        "unreachable-band": r"недостижим|диапазон|статус|полос",
        "no-bands": r"уров|рейтинг",
        "cutoff-unclear": r"отсек",
        "cumulative-unclear": r"накоп",
        "missing-level": r"балл|строк|уров",
        "no-tie-rule": r"равен|равны|мест",
    }.items()
}

__all__ = ["CHECKS", "Finding", "lint", "register"]
