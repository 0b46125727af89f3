"""What the system proves by its own records: an indicator of the plan stands behind a row, from so many on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gemba.kernel.numbers import format_number
from gemba.kernel.words import normalise
from gemba.plan import metrics
from gemba.plan.metrics import Metric, Scope
from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.scorecards.entering import Hint
from gemba.self_assessment.models import ProofRule

# Words of a row and the indicator whose records show it. Only an offer: the municipality keeps its own rules.
USUAL: tuple[tuple[str, str], ...] = (
    ("проводится обучение сотрудников", "people_trained"),
    ("участие в муниципальном конкурсе", "contest_entries"),
    ("организатором конкурса", "contests_held"),
    ("оптимизации внутренних процессов", "projects_closed"),
    ("обмен опытом между организациями отрасли", "events_attended"),
    ("создание образца", "samples_confirmed"),
)


@dataclass(frozen=True)
class Offered:
    """A rule of proof the words of the act suggest."""

    criterion: str
    row: str
    indicator: str


@dataclass(frozen=True)
class Shown:
    """What the records show of one row for one organisation."""

    criterion: str
    row: str
    indicator: str
    title: str
    value: Decimal
    at_least: Decimal

    @property
    def is_proven(self) -> bool:
        """Tell whether there is enough."""
        return self.value >= self.at_least

    def hint(self, year: int, url: str = "") -> Hint:
        """Say it to the person who fills the sheet."""
        found = format_number(self.value)
        text = f"Подтверждают записи системы за {year} год: {self.title.lower()} — {found}."
        return Hint(self.criterion, (self.row,), text, "Записи" if url else "", url)


def countable() -> list[Metric]:
    """Return the indicators that can stand behind a row."""
    return [each for each in metrics.all_indicators() if isinstance(each, Metric)]


def offer(procedure: Procedure) -> list[Offered]:
    """Return the rules the words of the rows suggest."""
    known = {metric.code for metric in countable()}
    found = []
    for criterion in procedure.criteria:
        if not isinstance(criterion, Rows):
            continue
        for row in criterion.rows:
            words = set(normalise(f"{row.text}").split())
            for phrase, indicator in USUAL:
                if row.nothing or indicator not in known:
                    continue
                if set(normalise(phrase).split()) <= words:
                    found.append(Offered(criterion.code, row.code, indicator))
                    break
    return found


def shown(
    *, municipality_id: int, year: int, last: date, rules: Iterable[ProofRule], organisation_id: int
) -> list[Shown]:
    """Return what the records of the year show of each row that has a rule, for one organisation."""
    kept = list(rules)
    if not kept:
        return []
    scope = Scope(
        municipality_id, date(year, 1, 1), min(last, date(year, 12, 31)), frozenset({organisation_id})
    )
    if scope.last < scope.first:
        return []
    counted = metrics.count_all(scope, {rule.indicator for rule in kept}).by_organisation
    return [_shown(rule, counted, organisation_id) for rule in kept if metrics.find(rule.indicator)]


def _shown(rule: ProofRule, counted: Mapping[str, Mapping[int, Decimal]], organisation_id: int) -> Shown:
    indicator = metrics.find(rule.indicator)
    return Shown(
        rule.criterion,
        rule.row,
        rule.indicator,
        indicator.title if indicator else rule.indicator,
        counted.get(rule.indicator, {}).get(organisation_id, Decimal(0)),
        rule.at_least,
    )
