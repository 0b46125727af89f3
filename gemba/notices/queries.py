"""What is there to see: a person's notices, their counter, their wishes, whose calendar feed a token is."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from gemba.notices.models import CalendarFeed, DigestHour, Mailbox, Notice
from gemba.notices.rules import DEFAULT_HOUR
from gemba.organisation.models import User
from gemba.statements import written

PAGE = 30


def unread_count(*, user_id: int) -> int:
    """Return the number at the bell: one row by its key."""
    return next(iter(_unread(user_id=user_id)), 0)


@written
def _unread(*, user_id: int) -> "QuerySet[Mailbox, int]":
    return Mailbox.objects.filter(pk=user_id).values_list("unread", flat=True)


@dataclass(frozen=True)
class NoticePage:
    """A page of notices, the newest first, and where the pages beside it begin."""

    notices: list[Notice]
    older_than: int | None
    newer_than: int | None


def notices_of(
    *, user_id: int, only_unread: bool = False, before: int | None = None, after: int | None = None
) -> NoticePage:
    """Return one page of a person's notices by number: those `before` one, or those `after` one."""
    found = Notice.objects.filter(user_id=user_id)
    if only_unread:
        found = found.filter(read_at__isnull=True)
    if after is not None:
        rows = list(found.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        has_newer = len(rows) > PAGE
        rows = rows[:PAGE][::-1]
        return NoticePage(rows, rows[-1].pk if rows else None, rows[0].pk if rows and has_newer else None)
    older = found.filter(pk__lt=before) if before is not None else found
    rows = list(older.order_by("-pk")[: PAGE + 1])
    has_older = len(rows) > PAGE
    rows = rows[:PAGE]
    return NoticePage(
        rows,
        rows[-1].pk if rows and has_older else None,
        rows[0].pk if rows and before is not None else None,
    )


def urgent_of(*, user_id: int, limit: int) -> list[Notice]:
    """Return the unread assignments, returns and escalations, the newest first."""
    return _urgent(user_id=user_id)[:limit]


@written
def _urgent(*, user_id: int) -> "QuerySet[Notice, Notice]":
    found = Notice.objects.filter(user_id=user_id, read_at__isnull=True, is_immediate=True)
    return found.order_by("-pk")[:PAGE]


def mailbox_of(*, user_id: int) -> Mailbox:
    """Return the person's mailbox, or one with the usual wishes."""
    return Mailbox.objects.filter(pk=user_id).first() or Mailbox(user_id=user_id)


def digest_hour(*, municipality_id: int | None) -> int:
    """Return the hour at which the digests of the municipality go out."""
    kept = DigestHour.objects.filter(pk=municipality_id or 0).values_list("hour", flat=True).first()
    return DEFAULT_HOUR if kept is None else kept


def feed_of(*, user_id: int) -> CalendarFeed | None:
    """Return the person's calendar feed."""
    return CalendarFeed.objects.filter(pk=user_id).first()


def owner_of_feed(*, token: str) -> User | None:
    """Return the active account whose feed has this token."""
    active = Q(is_active=True, municipality__isnull=False)
    return (
        User.objects.with_owner()
        .select_related("calendar_feed")
        .filter(active, calendar_feed__token=token)
        .first()
    )
