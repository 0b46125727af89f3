"""The registry of metrics: modules say what they count, the plan feeds its rows from it.

A metric counts events of one kind by organisation in a stretch of days, in one grouped statement, and can list the
records behind the number. What a row of a plan does with it (cumulative year, share, per unit) is the plan's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


@dataclass(frozen=True)
class ShareOfOrganisations:
    """The share, in percent, of organisations of a population that have at least one event of a metric."""

    code: str
    title: str
    formula: str
    of: str
    """The code of the metric."""
    unit: str = "%"


Indicator = Metric | ShareOfOrganisations

_indicators: dict[str, Indicator] = {}


def register(indicator: Indicator) -> None:
    """Add an indicator.

    :raises ValueError: when another one has this code.
    """
    if _indicators.get(indicator.code, indicator) != indicator:
        raise ValueError(f"the indicator {indicator.code!r} is already registered")
    _indicators[indicator.code] = indicator


def find(code: str) -> Indicator | None:
    """Return the indicator, or None: a row that nothing feeds is entered by hand and says so."""
    return _indicators.get(code)


def all_indicators() -> list[Indicator]:
    """Return every registered indicator by code."""
    return [_indicators[code] for code in sorted(_indicators)]
