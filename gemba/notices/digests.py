"""The morning digest: one letter a working day, at the person's hour, only when there is something new."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from gemba.notices.actions import claim_digest
from gemba.notices.actions import clear_away as _clear_away
from gemba.notices.models import Notice
from gemba.notices.queries import digest_hour
from gemba.notices.rules import DIGEST_REACHES_DAYS
from gemba.organisation.models import Municipality
from gemba.regulations.queries import work_calendar

KEEP_READ = timedelta(days=365)


def send(*, at: datetime) -> int:
    """Give every digest whose hour has come to the queue; return how many. Running again gives none twice."""
    return sum(send_in(municipality=town, at=at) for town in Municipality.objects.order_by("pk"))


def send_in(*, municipality: Municipality, at: datetime) -> int:
    """Give the digests of one municipality to the queue by its own clock and calendar; return how many."""
    local = at.astimezone(municipality.zone)
    waiting = _waiting(municipality.pk, local.date(), local.hour, at)
    if not waiting or not work_calendar(municipality_id=municipality.pk).is_working(local.date()):
        return 0
    return sum(
        claim_digest(user_id=user_id, day=local.date(), notice_ids=numbers, at=at)
        for user_id, numbers in waiting.items()
    )


def _waiting(municipality_id: int, today: date, hour: int, at: datetime) -> dict[int, list[int]]:
    """Return the unread notices that no letter has carried, by person, for those whose hour has come."""
    usual = digest_hour(municipality_id=municipality_id)
    rows = (
        Notice.objects.filter(
            municipality_id=municipality_id,
            read_at__isnull=True,
            mailed_at__isnull=True,
            created_at__gte=at - timedelta(days=DIGEST_REACHES_DAYS),
            user__is_active=True,
        )
        .exclude(Q(user__person__isnull=True) | Q(user__person__email=""))
        .alias(hour=Coalesce(F("user__mailbox__digest_hour"), usual))
        .filter(
            Q(user__mailbox__isnull=True) | Q(user__mailbox__is_digest_on=True),
            Q(user__mailbox__digested_on__isnull=True) | Q(user__mailbox__digested_on__lt=today),
            hour__lte=hour,
        )
        .order_by("user_id", "pk")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for user_id, pk in rows.values_list("user_id", "pk"):
        found[user_id].append(pk)
    return dict(found)


def clear_away(*, at: datetime) -> None:
    """Delete notices read long ago."""
    _clear_away(before=at - KEEP_READ)
