"""What has changed in a locked quarter since: its snapshot stays, the change is a correction of the next quarter."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any

from django.db.models import Q

from gemba.kernel.numbers import format_number
from gemba.kernel.periods import Quarter
from gemba.plan import metrics
from gemba.plan.models import LockedRow, ReportingPeriod
from gemba.plan.queries.glance import HOLDS_SECONDS, MOST, version_of
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import PlanView, RowView, plan_view
from gemba.plan.queries.population import register_on

# Records kept with the snapshot of a row, and how many of those that came or went are named.
MOST_RECORDS = 5000
NAMED = 5


@dataclass(frozen=True)
class Correction:
    """A row whose number is no longer that of the snapshot of its quarter."""

    year: int
    quarter: int
    code: str
    number: str
    title: str
    was: str
    now: str
    difference: str = ""
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name the quarter that is corrected."""
        return f"{Quarter(self.year, self.quarter).roman} кв. {self.year}"

    @property
    def words(self) -> str:
        """Say the correction in one line."""
        said = f"было {self.was}, стало {self.now}"
        return f"{said} ({self.difference})" if self.difference else said

    @property
    def reason(self) -> str:
        """Name the records that came or went."""
        return ". ".join(
            f"{word}: {', '.join(names)}"
            for word, names in (("Добавлено", self.come), ("Исключено", self.gone))
            if names
        )

    def kept(self) -> dict[str, Any]:
        """Return it as a snapshot keeps it."""
        return asdict(self)

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> Correction:
        """Read it from a snapshot."""
        return cls(**{**kept, "gone": tuple(kept["gone"]), "come": tuple(kept["come"])})


def last_locked(*, municipality_id: int, before: Quarter) -> ReportingPeriod | None:
    """Return the last locked quarter before this one."""
    return (
        ReportingPeriod.objects.filter(
            Q(year__lt=before.year) | Q(year=before.year, quarter__lt=before.number),
            municipality_id=municipality_id, locked_at__isnull=False,
        )
        .order_by("-year", "-quarter")
        .first()
    )  # fmt: skip


def drift(*, period: ReportingPeriod, view: PlanView) -> list[Correction]:
    """Return the rows of a locked quarter whose number has changed since, with the records that came or went."""
    current = {row.row.code: row for row in view.rows}
    kept = LockedRow.objects.filter(period=period).defer("units", "records").order_by("ordinal")
    changed = [
        (one, row) for one in kept if (row := current.get(one.code)) is not None and row.fact != one.fact
    ]
    return [_correction(period, view, one, row) for one, row in changed]


def _correction(period: ReportingPeriod, view: PlanView, kept: LockedRow, row: RowView) -> Correction:
    now, scope = (
        row.own.value,
        metrics.Scope(period.municipality_id, date(period.year, 1, 1), view.lens.as_of),
    )
    records = []
    if metrics.is_fed(row.reading.counts):
        records = metrics.records_of(scope, row.reading.counts, MOST_RECORDS)
    before = Counter((one["on"], one["title"], one["organisation"]) for one in kept.records)
    after = Counter((one.on.isoformat(), one.title, one.organisation) for one in records)
    return Correction(
        period.year, period.quarter, kept.code, kept.number, kept.title, kept.fact, row.fact,
        _difference(kept.value, now), _named(before - after), _named(after - before),
    )  # fmt: skip


def _difference(was: Decimal | None, now: Decimal | None) -> str:
    if was is None or now is None or was == now:
        return ""
    gap = round(now - was, 2)
    return f"{'+' if gap > 0 else '−'}{format_number(abs(gap))}"


def _named(found: Counter[tuple[str, str, str]]) -> tuple[str, ...]:
    keys = list(found.elements())
    names = [f"{title} ({who})" if who else title for _, title, who in keys[:NAMED]]
    return (*names, f"и ещё {len(keys) - NAMED}") if len(keys) > NAMED else tuple(names)


def corrections(*, lens: Lens) -> list[Correction]:
    """Return the corrections that belong to the quarter: those it was locked with, or those of the last locked one."""
    own = ReportingPeriod.objects.filter(
        municipality=lens.municipality, year=lens.year, quarter=lens.quarter.number, locked_at__isnull=False
    ).first()
    if own is not None:
        return [Correction.of_kept(one) for one in own.corrections]
    before = last_locked(municipality_id=lens.municipality.pk, before=lens.quarter)
    if before is None or lens.quarter.first > lens.today:
        return []
    past = lens.of_quarter(Quarter(before.year, before.quarter))
    if not past.rows:
        return []
    register = register_on(municipality=lens.municipality, day=past.as_of)
    return drift(period=before, view=plan_view(lens=past, register=register))


@dataclass(frozen=True)
class _Known:
    version: int
    at: float
    found: list[Correction]


_remembered: OrderedDict[tuple[int, Quarter, date], _Known] = OrderedDict()
_lock = Lock()


def known_corrections(*, lens: Lens, clock: float) -> list[Correction]:
    """Return the corrections of the quarter, counted anew only after something was done (see glance)."""
    key = lens.municipality.pk, lens.quarter, lens.today
    version = version_of(municipality_id=lens.municipality.pk)
    kept = _remembered.get(key)
    if kept is not None and kept.version == version and 0 <= clock - kept.at < HOLDS_SECONDS:
        return kept.found
    found = corrections(lens=lens)
    with _lock:
        _remembered[key] = _Known(version, clock, found)
        _remembered.move_to_end(key)
        while len(_remembered) > MOST:
            _remembered.popitem(last=False)
    return found


def forget() -> None:
    """Forget everything: a test begins with another database."""
    _remembered.clear()


def by_code(found: Iterable[Correction]) -> dict[str, Correction]:
    """Return corrections by the code of their row."""
    return {one.code: one for one in found}
