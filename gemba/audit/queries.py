"""What is there to see in the record of acts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from gemba.audit.models import ActRecord
from gemba.statements import written

PAGE = 50
# A list of names to filter by is offered, not searched for: the people who acted most recently.
_RECENT = 2000
_HISTORY = 30


@dataclass(frozen=True)
class ActFilters:
    """What the administrator asks of the record."""

    act: str = ""
    actor_user_id: int | None = None
    first: date | None = None
    last: date | None = None
    subject_kind: str = ""
    subject_id: int | None = None


@dataclass(frozen=True)
class ActPage:
    """One page of the record, newest first, and where its neighbours begin."""

    rows: list[ActRecord]
    after: int | None = None
    before: int | None = None


def acts(*, municipality_id: int, filters: ActFilters, zone: tzinfo) -> QuerySet[ActRecord]:
    """Return the acts of the municipality that were asked for, newest first."""
    found = ActRecord.objects.filter(municipality_id=municipality_id)
    if filters.act:
        found = found.filter(act=filters.act)
    if filters.actor_user_id:
        found = found.filter(actor_user_id=filters.actor_user_id)
    if filters.subject_kind and filters.subject_id:
        found = found.filter(subject_kind=filters.subject_kind, subject_id=filters.subject_id)
    if filters.first:
        found = found.filter(at__gte=_midnight(filters.first, zone))
    if filters.last:
        found = found.filter(at__lt=_midnight(filters.last + timedelta(days=1), zone))
    return found.order_by("-id")


def act_page(*, found: QuerySet[ActRecord], after: int | None = None, before: int | None = None) -> ActPage:
    """Cut one page: older than `after`, or newer than `before`."""
    if before:
        rows = list(found.filter(id__gt=before).order_by("id")[: PAGE + 1])
        more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return ActPage(rows, after=rows[-1].pk if rows else None, before=rows[0].pk if more else None)
    rows = list((found.filter(id__lt=after) if after else found)[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return ActPage(rows, after=rows[-1].pk if more else None, before=rows[0].pk if after and rows else None)


def actors(*, municipality_id: int) -> list[tuple[int, str]]:
    """Return the people who acted lately, by name."""
    lately = (
        ActRecord.objects.filter(municipality_id=municipality_id, actor_user_id__isnull=False)
        .order_by("-id")
        .values_list("actor_user_id", "actor_name")[:_RECENT]
    )
    names: dict[int, str] = {}
    for user_id, name in lately:
        if user_id is not None:
            names.setdefault(user_id, name)
    return sorted(names.items(), key=lambda item: item[1])


def history_of(*, subject: models.Model) -> list[ActRecord]:
    """Return the newest acts on one object, at most thirty."""
    return _history(kind=subject._meta.label_lower, subject_id=subject.pk)


def last_act_of(*, subject: models.Model) -> ActRecord | None:
    """Return the newest act on the object: who changed it and when."""
    return next(iter(_last(kind=subject._meta.label_lower, subject_id=subject.pk)), None)


@written
def _history(*, kind: str, subject_id: int) -> "QuerySet[ActRecord, ActRecord]":
    return ActRecord.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("-id")[:_HISTORY]


@written
def _last(*, kind: str, subject_id: int) -> "QuerySet[ActRecord, ActRecord]":
    return ActRecord.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("-id")[:1]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), zone)
