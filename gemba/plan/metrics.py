"""The registry of indicators: modules say what they count, the plan feeds its rows from it.

A metric counts events of one kind by organisation in a stretch of days, in one grouped statement, and can list the
records behind the number. What a row of a plan does with it (cumulative year, share, per unit) is the plan's business.
An indicator that the plan's own journal keeps for the time being is provisional: the module that takes the work over
registers the same code and replaces it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Scope:
    """Whose events and when: both days included; no organisations means the whole municipality."""

    municipality_id: int
    first: date
    last: date
    organisation_ids: frozenset[int] | None = None


@dataclass(frozen=True)
class Record:
    """One record behind a number, ready to be shown."""

    on: date
    """The day that decides the period."""
    title: str
    number: str
    organisation_id: int
    organisation: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Counts:
    """Values of several metrics at once: by organisation, and for the municipality."""

    by_organisation: Mapping[str, Mapping[int, Decimal]]
    totals: Mapping[str, Decimal]


Together = Callable[[Scope, Collection[str]], Counts]


@dataclass(frozen=True)
class Metric:
    """Events counted by organisation."""

    code: str
    """The canonical code of an indicator, as plan rows name it: `proposals_implemented`."""
    title: str
    formula: str
    """How it is counted, in words a clerk can check."""
    unit: str
    event: str
    """Which date decides the period, in words: «дата внедрения»."""
    count: Callable[[Scope], Mapping[int, Decimal]]
    """Value by organisation; an organisation without events may be missing."""
    records: Callable[[Scope, int], Iterable[Record]]
    """The records behind the number, newest first, at most the given count."""
    total: Callable[[Scope], Decimal] | None = None
    """The value of the municipality where it is not the sum (a joint project counts once)."""
    together: Together | None = None
    """Counts all metrics that share this function in as few statements as one of them."""
    is_provisional: bool = False
    left_out: Callable[[Scope, int], Iterable[Record]] | None = None
    """Records that come near and are not counted, newest first: the page of the row says why."""
    left_out_because: str = ""
    """Why not, as a whole clause: «закрыты без показателя качества»."""
    beside: str = ""
    """A metric that shares `together` with this one; its number is a note of the row."""
    beside_word: str = ""
    """What the note says before the number: «подано»."""
    keeps_journal: bool = False
    """The module counts the entries of the journal together with its own records, so people go on writing them."""


@dataclass(frozen=True)
class Level:
    """How many there are on a day, not how many happened: trainers at work on the last day of a quarter."""

    code: str
    title: str
    formula: str
    unit: str
    levels: Callable[[Scope, Sequence[date]], Mapping[date, Mapping[int, Decimal]]]
    """Value by organisation on each of the days, in one statement."""
    records: Callable[[Scope, int], Iterable[Record]]
    event: str = "последний день квартала"
    is_provisional: bool = False


@dataclass(frozen=True)
class FirstDate:
    """The first day on which a thing of the year was done, by organisation."""

    code: str
    title: str
    formula: str
    dates: Callable[[int, date, Collection[str]], Mapping[str, Mapping[int, date]]]
    """(municipality, last day, codes) → code → organisation → day; the year is that of the last day."""
    records: Callable[[Scope, int], Iterable[Record]]
    unit: str = "дата"
    event: str = "день, когда сделано"
    is_provisional: bool = False


@dataclass(frozen=True)
class ShareOfOrganisations:
    """The share, in percent, of organisations of a population that have at least one event of a metric."""

    code: str
    title: str
    formula: str
    of: str
    """The code of the metric."""
    unit: str = "%"
    is_provisional: bool = False


@dataclass(frozen=True)
class Ratio:
    """One metric as percent of another: replicated projects of all closed."""

    code: str
    title: str
    formula: str
    part: str
    whole: str
    unit: str = "%"
    is_provisional: bool = False


Indicator = Metric | Level | FirstDate | ShareOfOrganisations | Ratio

_indicators: dict[str, Indicator] = {}


def register(indicator: Indicator) -> None:
    """Add an indicator; one that stays takes the place of a provisional one.

    :raises ValueError: when another one that stays has this code.
    """
    known = _indicators.get(indicator.code)
    if known is not None and known != indicator and not known.is_provisional:
        if indicator.is_provisional:
            return
        raise ValueError(f"the indicator {indicator.code!r} is already registered")
    _indicators[indicator.code] = indicator


def find(code: str) -> Indicator | None:
    """Return the indicator, or None: a row that nothing feeds is entered by hand and says so."""
    return _indicators.get(code)


def all_indicators() -> list[Indicator]:
    """Return every registered indicator by code."""
    return [_indicators[code] for code in sorted(_indicators)]


def needed(codes: Iterable[str]) -> dict[str, Metric]:
    """Return the metrics that these indicators are made of, by code."""
    found: dict[str, Metric] = {}
    for code in codes:
        indicator = find(code)
        if isinstance(indicator, ShareOfOrganisations):
            found |= needed([indicator.of])
        elif isinstance(indicator, Ratio):
            found |= needed([indicator.part, indicator.whole])
        elif isinstance(indicator, Metric):
            found[code] = indicator
    return found


def is_fed(code: str) -> bool:
    """Tell whether records of the product feed the indicator."""
    indicator = find(code)
    if isinstance(indicator, ShareOfOrganisations):
        return is_fed(indicator.of)
    if isinstance(indicator, Ratio):
        return is_fed(indicator.part) and is_fed(indicator.whole)
    return indicator is not None


def is_taken_over(codes: Iterable[str]) -> bool:
    """Tell whether modules of their own feed all these indicators, so that the journal no longer keeps them."""
    found = [find(code) for code in codes]
    return all(
        indicator is not None and not indicator.is_provisional and not _keeps_journal(indicator)
        for indicator in found
    )


def _keeps_journal(indicator: Indicator) -> bool:
    return isinstance(indicator, Metric) and indicator.keeps_journal


def is_written(code: str) -> bool:
    """Tell whether entries of the journal feed the indicator, alone or beside the records of a module."""
    indicator = find(code)
    if isinstance(indicator, ShareOfOrganisations):
        return is_written(indicator.of)
    if isinstance(indicator, Ratio):
        return is_written(indicator.part)
    return indicator is not None and (indicator.is_provisional or _keeps_journal(indicator))


def count_all(scope: Scope, codes: Iterable[str]) -> Counts:
    """Count the metrics behind these indicators: those that share a function at once, the others one by one."""
    found = needed(codes)
    shared: dict[Together, list[str]] = {}
    by_organisation: dict[str, Mapping[int, Decimal]] = {}
    totals: dict[str, Decimal] = {}
    for code, metric in found.items():
        if metric.together is not None:
            shared.setdefault(metric.together, []).append(code)
            continue
        values = metric.count(scope)
        by_organisation[code] = values
        totals[code] = metric.total(scope) if metric.total else sum(values.values(), Decimal(0))
    for together, group in shared.items():
        counts = together(scope, group)
        by_organisation |= counts.by_organisation
        totals |= counts.totals
    return Counts(by_organisation, totals)


def records_of(scope: Scope, code: str, limit: int) -> list[Record]:
    """Return the records behind an indicator, newest first; of a share, those that make its numerator."""
    indicator = find(code)
    if isinstance(indicator, ShareOfOrganisations):
        return records_of(scope, indicator.of, limit)
    if isinstance(indicator, Ratio):
        return records_of(scope, indicator.whole, limit)
    return list(indicator.records(scope, limit)) if indicator else []
