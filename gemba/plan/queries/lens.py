"""Which plan is looked at: the edition in force on the reporting day of a quarter, and the way rows are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.periods import Quarter
from gemba.organisation.models import Municipality
from gemba.plan.models import RowSetting
from gemba.plan.rules import due_day, quarter_to_show, reporting_day
from gemba.regulations.deadlines import dates_between
from gemba.regulations.models import Edition
from gemba.regulations.pack import Pack
from gemba.regulations.pack.plan import AfterPeriod, Periodic, PlanRow, Target
from gemba.regulations.queries import editions, pack_of, work_calendar
from gemba.statements import written


@dataclass(frozen=True)
class Reading:
    """How a row is read: by the file, or by a setting of the municipality with its reason."""

    counts: str
    scope: str
    reason: str = ""

    @property
    def is_own(self) -> bool:
        """Tell whether the municipality reads the row in its own way."""
        return bool(self.reason)


@dataclass
class Lens:
    """A quarter of a municipality's plan, seen today."""

    municipality: Municipality
    quarter: Quarter
    today: date
    edition: Edition | None
    """In force on the reporting day; None: no act was in force yet."""
    all_editions: Sequence[Edition]
    settings: dict[tuple[str, str], RowSetting] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """Return the year of the plan."""
        return self.quarter.year

    @cached_property
    def as_of(self) -> date:
        """Return the reporting day."""
        return reporting_day(quarter=self.quarter, today=self.today)

    @cached_property
    def judged_on(self) -> date:
        """Return the day by which terms have passed: a past quarter is judged by its own last day.

        The last quarter of a year is judged by today: its duties fall due in January.
        """
        return self.today if self.quarter.number == 4 else min(self.quarter.last, self.today)

    @cached_property
    def pack(self) -> Pack | None:
        """Return the rules of the edition."""
        return pack_of(self.edition) if self.edition else None

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Return the working days of the municipality."""
        return work_calendar(municipality_id=self.municipality.pk)

    @cached_property
    def rows(self) -> list[PlanRow]:
        """Return the rows of the plan in the order they are printed."""
        return self.pack.plan_rows() if self.pack else []

    @property
    def years(self) -> list[int]:
        """Return the years of all editions of the programme."""
        return sorted(
            {
                year
                for edition in self.all_editions
                for year in range(edition.first_year, edition.last_year + 1)
            }
        )

    @property
    def is_over(self) -> bool:
        """Tell whether the years of the programme have passed."""
        return bool(self.years) and self.today.year > self.years[-1]

    @property
    def next_edition(self) -> Edition | None:
        """Return the first edition that takes effect after the reporting day."""
        later = [edition for edition in self.all_editions if edition.effective_on > self.as_of]
        return min(later, key=lambda edition: edition.effective_on, default=None)

    def of_quarter(self, quarter: Quarter) -> Lens:
        """Return the same look at another quarter, by the edition in force on its reporting day."""
        day = reporting_day(quarter=quarter, today=self.today)
        chosen = next((edition for edition in self.all_editions if edition.effective_on <= day), None)
        return Lens(self.municipality, quarter, self.today, chosen, self.all_editions, self.settings)

    def reading(self, row: PlanRow) -> Reading:
        """Return how the row is read."""
        own = self.settings.get((row.code, row.indicator))
        return Reading(own.counts, own.scope, own.reason) if own else Reading(row.indicator, row.scope)

    def target(self, row: PlanRow, year: int | None = None) -> Target | None:
        """Return the cell of the plan for the year."""
        return row.targets.get(year or self.year)

    def due(self, row: PlanRow) -> date | None:
        """Return the last day in time, for a target that is a date."""
        target = self.target(row)
        if target is None or self.pack is None or target.kind not in ("by_date", "by_day_of_year"):
            return None
        conventions = self.pack.conventions
        calendar = None if conventions.day_off == "keep" else self.calendar
        return due_day(target=target, year=self.year, conventions=conventions, calendar=calendar)

    def at(self, quarter: Quarter) -> Lens:
        """Return another quarter seen by the same edition."""
        found = Lens(self.municipality, quarter, self.today, self.edition, self.all_editions, self.settings)
        found.__dict__["calendar"] = self.calendar
        return found

    def due_days(self, target: Periodic) -> list[date]:
        """Return the terms of the quarters of the year, where the act names a day."""
        if self.pack is None:
            return []
        named = {item.code: item for item in self.pack.deadlines}.get(target.deadline or "")
        if named is None or not isinstance(named.rule, AfterPeriod):
            return []
        labels = {Quarter(self.year, number).label for number in (1, 2, 3, 4)}
        found = dates_between(self.pack, date(self.year, 1, 1), date(self.year + 1, 6, 30), self.calendar)
        return [item.due_on for item in found if item.code == named.code and item.period_label in labels]


def look(
    *,
    municipality: Municipality,
    today: date,
    year: int | None = None,
    quarter: int | None = None,
    edition_code: str = "",
) -> Lens | None:
    """Choose the plan: the asked quarter or the one to open with; None when no regulation has been loaded.

    A year or quarter that cannot be is answered with the nearest that can.
    """
    known = _editions(municipality_id=municipality.pk)
    if not known:
        return None
    first = min(edition.first_year for edition in known)
    last = max(edition.last_year for edition in known)
    opening = quarter_to_show(years=(first, last), today=today)
    asked_year = min(max(year, first), last) if year else opening.year
    if quarter not in (1, 2, 3, 4):
        quarter = opening.number if asked_year == opening.year else (4 if asked_year < today.year else 1)
    asked = Quarter(asked_year, quarter)
    day = reporting_day(quarter=asked, today=today)
    chosen = next((edition for edition in known if edition.code == edition_code), None)
    if chosen is None:
        chosen = next((edition for edition in known if edition.effective_on <= day), None)
    settings = _settings(municipality_id=municipality.pk)
    return Lens(
        municipality, asked, today, chosen, known, {(item.row, item.indicator): item for item in settings}
    )


@written
def _editions(*, municipality_id: int) -> QuerySet[Edition]:
    return editions(municipality_id=municipality_id)


@written
def _settings(*, municipality_id: int) -> QuerySet[RowSetting]:
    return RowSetting.objects.filter(municipality_id=municipality_id)
