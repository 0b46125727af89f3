"""What is there to see: editions by day, rules, clauses, deadlines, the working-day calendar."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db.models import QuerySet
from django.urls import reverse

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.words import normalise
from gemba.regulations.deadlines import Cadence, DeadlineDate, cadences, dates_between
from gemba.regulations.models import CalendarDay, ClauseText, DayKind, Edition
from gemba.regulations.pack import Pack
from gemba.regulations.pack.addresses import Address, addresses, spoken
from gemba.regulations.pack.lint import Finding, lint
from gemba.search.queries import matching
from gemba.statements import written

# Everything a list shows; the rules and the file are large and read only when needed.
_LIGHT = Edition.objects.defer("pack", "source")


def editions(*, municipality_id: int) -> QuerySet[Edition]:
    """Return the editions of a municipality, the newest first, without their rules."""
    return _LIGHT.filter(municipality_id=municipality_id).order_by("-effective_on")


def edition_on(*, municipality_id: int, day: date) -> Edition | None:
    """Return the edition in force on the day, or None when none was in force yet."""
    return next(iter(_in_force(municipality_id=municipality_id, day=day)), None)


@written
def _in_force(*, municipality_id: int, day: date) -> QuerySet[Edition]:
    return editions(municipality_id=municipality_id).filter(effective_on__lte=day)[:1]


def edition_to_show(*, municipality_id: int, day: date) -> Edition | None:
    """Return the edition in force, or the first one to come, so that a page has something to read."""
    return (
        edition_on(municipality_id=municipality_id, day=day)
        or editions(municipality_id=municipality_id).last()
    )


def pack_of(edition: Edition) -> Pack:
    """Return the rules of an edition. An edition never changes, so the process keeps what it has read."""
    return _pack(edition.pk, edition.fingerprint)


@lru_cache(maxsize=128)
def _pack(edition_id: int, fingerprint: str) -> Pack:
    return Pack.model_validate(Edition.objects.values_list("pack", flat=True).get(pk=edition_id))


@lru_cache(maxsize=128)
def _addresses(edition_id: int, fingerprint: str) -> dict[str, Address]:
    return addresses(_pack(edition_id, fingerprint))


@lru_cache(maxsize=64)
def _findings(edition_id: int, fingerprint: str) -> tuple[Finding, ...]:
    return tuple(lint(_pack(edition_id, fingerprint)))


def pack_on(*, municipality_id: int, day: date) -> Pack | None:
    """Return the rules in force on the day, or None."""
    edition = edition_on(municipality_id=municipality_id, day=day)
    return pack_of(edition) if edition else None


def addresses_of(edition: Edition) -> dict[str, Address]:
    """Return every clause of the edition by its reference, in the order of reading."""
    return _addresses(edition.pk, edition.fingerprint)


def findings_of(edition: Edition) -> tuple[Finding, ...]:
    """Return the linter's findings."""
    return _findings(edition.pk, edition.fingerprint)


def clause_url(edition: Edition, ref: str) -> str:
    """Return the address of the page of one clause."""
    return reverse("regulations:clause", args=[edition.code, ref.replace(" ", "~")])


def clause_title(edition: Edition, ref: str) -> str:
    """Write a reference as people do: «п. 6.2 Положения о реализации»."""
    pack = pack_of(edition)
    code, _, number = ref.partition(" ")
    document = next((item for item in pack.documents if item.code == code), None)
    name = document.short_title if document else code
    return f"{spoken(number)}, {name}" if number else name


def found_clauses(*, edition: Edition, text: str, limit: int = 50) -> list[ClauseText]:
    """Find clauses by words in any form, in the order of reading."""
    words = normalise(text)
    if not words:
        return []
    clauses = ClauseText.objects.filter(edition=edition)
    return list(matching(clauses, words).order_by("ordinal")[:limit])


def work_calendar(*, municipality_id: int) -> WorkCalendar:
    """Return the working days of the municipality."""
    days = _special_days(municipality_id=municipality_id)
    return WorkCalendar(
        days_off=[day for day, kind in days if kind == DayKind.OFF],
        working_weekends=[day for day, kind in days if kind == DayKind.WORKING],
    )


@written
def _special_days(*, municipality_id: int) -> QuerySet[CalendarDay, tuple[date, str]]:
    return CalendarDay.objects.filter(municipality_id=municipality_id).values_list("day", "kind")


def calendar_days(*, municipality_id: int, year: int) -> QuerySet[CalendarDay]:
    """Return the special days of a year."""
    return CalendarDay.objects.filter(municipality_id=municipality_id, day__year=year).order_by("day")


def deadlines(*, municipality_id: int, first: date, last: date) -> list[DeadlineDate]:
    """Return deadline days from `first` to `last`, each by the edition in force on its day."""
    calendar = work_calendar(municipality_id=municipality_id)
    known = list(editions(municipality_id=municipality_id).filter(effective_on__lte=last))
    found: list[DeadlineDate] = []
    until = last
    for edition in known:
        since = max(first, edition.effective_on)
        if since <= until:
            found += dates_between(pack_of(edition), since, until, calendar)
        until = min(until, edition.effective_on - date.resolution)
        if until < first:
            break
    return sorted(found)


def periodic_duties(*, municipality_id: int, day: date) -> list[Cadence]:
    """Return the periodicities without a day of their own, by the edition in force."""
    pack = pack_on(municipality_id=municipality_id, day=day)
    return cadences(pack) if pack else []
