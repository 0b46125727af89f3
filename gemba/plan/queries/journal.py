"""The journal counted: all its indicators in two statements, and the entries behind a number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, Min, Prefetch, Q, QuerySet, Sum
from django.urls import reverse

from gemba.plan.kinds import KINDS, kinds_of
from gemba.plan.metrics import Counts, Record, Scope
from gemba.plan.models import JournalEntry, JournalPart
from gemba.statements import written

PEOPLE = "person_key"
ENTRIES = "entry"
PERIODS = "entry__counts_on"

_NAMED = ~Q(person_key="")
_TRAINED = Q(entry__kind="training") & _NAMED
_FACTORY = Q(entry__kind="factory") & _NAMED
_MARKED = Q(entry__is_marked=True)


def _counted(scope: Scope) -> dict[str, tuple[str | None, Q]]:
    """Return how each indicator is counted: distinct values of a field, or the sum of people, of which parts."""
    return {
        "people_trained": (PEOPLE, _TRAINED | (_FACTORY & ~Q(entry__document=""))),
        "people_trained_or_factory": (PEOPLE, _TRAINED | _FACTORY),
        "people_trained_factory": (PEOPLE, _FACTORY),
        "events_attended": (None, Q(entry__kind="event")),
        "round_tables_held": (ENTRIES, Q(entry__kind="round_table")),
        "consultations_given": (None, Q(entry__kind="consultation")),
        "popularisation_events": (ENTRIES, Q(entry__kind="popularisation")),
        "contests_held": (ENTRIES, Q(entry__kind="contest")),
        "contest_entries": (None, Q(entry__kind="contest")),
        "samples_confirmed": (ENTRIES, Q(entry__kind="sample") & ~_MARKED),
        "satisfaction_measurements": (ENTRIES, Q(entry__kind="survey") & _MARKED),
        # Two reports for one quarter are one; the day that counts is the quarter's last.
        "analytical_reports": (PERIODS, Q(entry__kind="analytical")),
        "culture_selfdiagnosis_done": ("organisation", Q(entry__kind="selfdiagnosis")),
        "projects_closed": (ENTRIES, Q(entry__kind="project")),
        "projects_closed_quality": (ENTRIES, Q(entry__kind="project") & _MARKED),
        "projects_replicated": (ENTRIES, Q(entry__kind="project", entry__replicated_on__lte=scope.last)),
        "replications_count": (ENTRIES, Q(entry__kind="replication")),
    }


COUNTED = tuple(_counted(Scope(0, date.min, date.min)))


def _parts(scope: Scope) -> QuerySet[JournalPart]:
    found = JournalPart.objects.filter(
        entry__municipality_id=scope.municipality_id,
        entry__is_cancelled=False,
        entry__counts_on__range=(scope.first, scope.last),
    )
    if scope.organisation_ids is not None:
        found = found.filter(organisation_id__in=scope.organisation_ids)
    return found


def together(scope: Scope, codes: Collection[str]) -> Counts:
    """Count these indicators: one statement by organisation, one for the municipality."""
    asked = tuple(code for code in COUNTED if code in codes)
    by_organisation: dict[str, dict[int, Decimal]] = {code: {} for code in asked}
    if scope.organisation_ids is None:
        town, first, last = scope.municipality_id, scope.first, scope.last
        rows = _by_organisation(municipality_id=town, first=first, last=last, codes=asked)
        whole = next(iter(_whole(municipality_id=town, first=first, last=last, codes=asked)), {})
    else:
        parts, aggregates = _parts(scope).order_by(), _aggregates(asked, scope.last)
        rows, whole = list(_grouped(parts, "organisation_id", aggregates)), parts.aggregate(**aggregates)
    for row in rows:
        for code in asked:
            if row[f"n_{code}"]:
                by_organisation[code][row["organisation_id"]] = Decimal(row[f"n_{code}"])
    return Counts(by_organisation, {code: Decimal(whole.get(f"n_{code}") or 0) for code in asked})


def _aggregates(codes: tuple[str, ...], last: date) -> dict[str, Any]:
    ways = _counted(Scope(0, date.min, last))
    return {
        f"n_{code}": Count(field, distinct=True, filter=chosen) if field else Sum("count", filter=chosen)
        for code in codes
        for field, chosen in [ways[code]]
    }


@written
def _by_organisation(
    *, municipality_id: int, first: date, last: date, codes: tuple[str, ...]
) -> QuerySet[JournalPart, dict[str, Any]]:
    parts = _parts(Scope(municipality_id, first, last)).order_by()
    return _grouped(parts, "organisation_id", _aggregates(codes, last))


@written
def _whole(
    *, municipality_id: int, first: date, last: date, codes: tuple[str, ...]
) -> QuerySet[JournalPart, dict[str, Any]]:
    parts = _parts(Scope(municipality_id, first, last)).order_by()
    return _grouped(parts, "entry__municipality_id", _aggregates(codes, last))


def _grouped(
    parts: QuerySet[JournalPart], by: str, aggregates: dict[str, Any]
) -> QuerySet[JournalPart, dict[str, Any]]:
    """Group by a column; the names of the other columns are those of the aggregates."""
    return cast("QuerySet[JournalPart, dict[str, Any]]", parts.order_by().values(by).annotate(**aggregates))


def counter_of(code: str) -> Callable[[Scope], Mapping[int, Decimal]]:
    """Make the function that counts one indicator alone."""
    return lambda scope: together(scope, [code]).by_organisation[code]


def totaller_of(code: str) -> Callable[[Scope], Decimal]:
    """Make the function that gives the municipality's value of one indicator."""
    return lambda scope: together(scope, [code]).totals[code]


def trainers(scope: Scope, days: Sequence[date]) -> Mapping[date, Mapping[int, Decimal]]:
    """Count the trainers on duty on each of the days, in one statement."""
    found: dict[date, dict[int, Decimal]] = {day: {} for day in days}
    if days:
        # Four quarter ends and today are the most; fewer are filled up, so that one statement serves.
        d0, d1, d2, d3, d4 = [*days, *[days[-1]] * (5 - len(days))]
        for row in _trainers(
            municipality_id=scope.municipality_id, last=max(days), d0=d0, d1=d1, d2=d2, d3=d3, d4=d4
        ):
            number = row["organisation_id"]
            if scope.organisation_ids is not None and number not in scope.organisation_ids:
                continue
            for place, day in enumerate(days):
                if row[f"n{place}"]:
                    found[day][number] = Decimal(row[f"n{place}"])
    return found


@written
def _trainers(
    *, municipality_id: int, last: date, d0: date, d1: date, d2: date, d3: date, d4: date
) -> QuerySet[JournalPart, dict[str, Any]]:
    parts = JournalPart.objects.filter(
        _NAMED,
        entry__municipality_id=municipality_id,
        entry__kind="trainer",
        entry__is_cancelled=False,
        entry__on__lte=last,
    )
    aggregates: dict[str, Any] = {
        f"n{place}": Count(
            "person_key",
            distinct=True,
            filter=Q(entry__on__lte=day) & (Q(entry__ends_on__isnull=True) | Q(entry__ends_on__gte=day)),
        )
        for place, day in enumerate((d0, d1, d2, d3, d4))
    }
    return _grouped(parts, "organisation_id", aggregates)


def first_dates(municipality_id: int, last: date, codes: Collection[str]) -> Mapping[str, Mapping[int, date]]:
    """Return the first day of each thing with a date in the year of `last`, in one statement."""
    found: dict[str, dict[int, date]] = {code: {} for code in codes}
    for row in _first_dates(
        municipality_id=municipality_id, first=date(last.year, 1, 1), end=date(last.year, 12, 31), last=last,
        codes=tuple(sorted(codes)),
    ):  # fmt: skip
        for code in codes:
            if row[f"m_{code}"]:
                found[code][row["organisation_id"]] = row[f"m_{code}"]
    return found


@written
def _first_dates(
    *, municipality_id: int, first: date, end: date, last: date, codes: tuple[str, ...]
) -> QuerySet[JournalPart, dict[str, Any]]:
    parts = JournalPart.objects.filter(
        entry__municipality_id=municipality_id,
        entry__is_cancelled=False,
        entry__counts_on__range=(first, end),
        entry__on__lte=last,
    )
    aggregates: dict[str, Any] = {
        f"m_{code}": Min("entry__on", filter=Q(entry__kind__in=[kind.code for kind in kinds_of(code)]))
        for code in codes
    }
    return _grouped(parts, "organisation_id", aggregates)


def records_for(code: str) -> Callable[[Scope, int], Iterable[Record]]:
    """Make the function that lists the entries behind an indicator, newest first."""

    def records(scope: Scope, limit: int) -> list[Record]:
        return _records(scope, code, limit)

    return records


def _records(scope: Scope, code: str, limit: int) -> list[Record]:
    ways = _counted(scope)
    chosen = ways[code][1] if code in ways else Q(entry__kind__in=[kind.code for kind in kinds_of(code)])
    parts = JournalPart.objects.filter(chosen, entry__municipality_id=scope.municipality_id)
    if scope.organisation_ids is not None:
        parts = parts.filter(organisation_id__in=scope.organisation_ids)
    found = JournalEntry.objects.filter(
        municipality_id=scope.municipality_id, is_cancelled=False, pk__in=parts.values("entry_id")
    )
    if code == "internal_trainers":
        found = found.filter(on__lte=scope.last).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=scope.first))
    else:
        found = found.filter(counts_on__range=(scope.first, scope.last))
    shown = found.select_related("organisation").prefetch_related(
        Prefetch("parts", JournalPart.objects.order_by("person_name", "pk"))
    )
    return [_record(entry) for entry in shown.order_by("-counts_on", "-pk")[:limit]]


def _record(entry: JournalEntry) -> Record:
    names = [part.person_name for part in entry.parts.all() if part.person_name]
    people = ", ".join(names[:3]) + (f" и ещё {len(names) - 3}" if len(names) > 3 else "")
    crowd = sum(part.count for part in entry.parts.all() if not part.person_name)
    kind = KINDS[entry.kind]
    if not names and kind.count and crowd:
        people = f"{kind.count.lower()}: {crowd}"
    return Record(
        on=entry.counts_on,
        title=entry.title,
        number=kind.title,
        organisation_id=entry.organisation_id,
        organisation=str(entry.organisation),
        url=reverse("plan:entry", args=[entry.pk]),
        note=" · ".join(part for part in (people, entry.document) if part),
    )
