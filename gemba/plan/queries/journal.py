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
    ways = {code: way for code, way in _counted(scope).items() if code in codes}
    aggregates: dict[str, Any] = {
        f"n_{code}": Count(field, distinct=True, filter=chosen) if field else Sum("count", filter=chosen)
        for code, (field, chosen) in ways.items()
    }
    parts = _parts(scope).order_by()
    by_organisation: dict[str, dict[int, Decimal]] = {code: {} for code in ways}
    for row in _rows(parts, aggregates):
        for code in ways:
            if row[f"n_{code}"]:
                by_organisation[code][row["organisation_id"]] = Decimal(row[f"n_{code}"])
    whole = parts.aggregate(**aggregates)
    return Counts(by_organisation, {code: Decimal(whole[f"n_{code}"] or 0) for code in ways})


def _rows(parts: QuerySet[JournalPart], aggregates: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Group by organisation; the names of the columns are those of the aggregates."""
    return cast(Iterable[dict[str, Any]], parts.order_by().values("organisation_id").annotate(**aggregates))


def counter_of(code: str) -> Callable[[Scope], Mapping[int, Decimal]]:
    """Make the function that counts one indicator alone."""
    return lambda scope: together(scope, [code]).by_organisation[code]


def totaller_of(code: str) -> Callable[[Scope], Decimal]:
    """Make the function that gives the municipality's value of one indicator."""
    return lambda scope: together(scope, [code]).totals[code]


def trainers(scope: Scope, days: Sequence[date]) -> Mapping[date, Mapping[int, Decimal]]:
    """Count the trainers on duty on each of the days, in one statement."""
    parts = JournalPart.objects.filter(
        _NAMED,
        entry__municipality_id=scope.municipality_id,
        entry__kind="trainer",
        entry__is_cancelled=False,
        entry__on__lte=max(days, default=scope.last),
    )
    if scope.organisation_ids is not None:
        parts = parts.filter(organisation_id__in=scope.organisation_ids)
    aggregates: dict[str, Any] = {
        f"d{place}": Count(
            "person_key",
            distinct=True,
            filter=Q(entry__on__lte=day) & (Q(entry__ends_on__isnull=True) | Q(entry__ends_on__gte=day)),
        )
        for place, day in enumerate(days)
    }
    found: dict[date, dict[int, Decimal]] = {day: {} for day in days}
    if days:
        for row in _rows(parts, aggregates):
            for place, day in enumerate(days):
                if row[f"d{place}"]:
                    found[day][row["organisation_id"]] = Decimal(row[f"d{place}"])
    return found


def first_dates(municipality_id: int, last: date, codes: Collection[str]) -> Mapping[str, Mapping[int, date]]:
    """Return the first day of each thing with a date in the year of `last`, in one statement."""
    kinds = {code: [kind.code for kind in kinds_of(code)] for code in codes}
    parts = JournalPart.objects.filter(
        entry__municipality_id=municipality_id,
        entry__is_cancelled=False,
        entry__counts_on__range=(date(last.year, 1, 1), date(last.year, 12, 31)),
        entry__on__lte=last,
    )
    aggregates: dict[str, Any] = {
        f"m_{code}": Min("entry__on", filter=Q(entry__kind__in=names)) for code, names in kinds.items()
    }
    found: dict[str, dict[int, date]] = {code: {} for code in codes}
    for row in _rows(parts, aggregates):
        for code in codes:
            if row[f"m_{code}"]:
                found[code][row["organisation_id"]] = row[f"m_{code}"]
    return found


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
