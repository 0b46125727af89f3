"""What changes: people are told, notices are read, wishes are set, the calendar's secret address comes and goes."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from gemba.audit.actions import record
from gemba.jobs.actions import enqueue
from gemba.kernel.problems import Problem, Refusal
from gemba.notices.models import CalendarFeed, DigestHour, Kind, Mailbox, Notice
from gemba.notices.rules import HOURS, IMMEDIATE, one_line
from gemba.organisation.access import Actor, require
from gemba.organisation.models import User


def tell(
    *,
    kind: str,
    title: str,
    at: datetime,
    users: Iterable[User | int] = (),
    person_ids: Iterable[int] = (),
    text: str = "",
    url: str = "",
    immediate: bool = False,
    municipality_id: int | None = None,
    key: str = "",
    besides: int | None = None,
) -> int:
    """Tell people something, inside the transaction of what happened; return how many were told.

    `users` (accounts or their numbers) and the accounts of `person_ids` are told once each, the account `besides` not
    at all (who acts needs no notice of it). `municipality_id` keeps it within the municipality. With a `key` a person
    is told once for ever. `immediate` also sends a mail at once: for assignments, returns and escalations only.

    :raises ValueError: when the kind is unknown or may not go out at once, or the address is not of this site.
    """
    if kind not in Kind.values:
        raise ValueError(f"{kind!r}: a notice is one of {', '.join(Kind.values)}")
    if immediate and kind not in IMMEDIATE:
        raise ValueError(
            f"{kind}: only {', '.join(sorted(IMMEDIATE))} go out at once; the rest is in the digest"
        )
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError(f"{url!r}: a notice leads to a page of this site")
    numbers = {user.pk if isinstance(user, User) else user for user in users}
    asked = Q(pk__in=numbers) | Q(person_id__in=list(person_ids))
    with transaction.atomic():
        accounts = User.objects.filter(asked, is_active=True).exclude(pk=besides or 0)
        if municipality_id is not None:
            accounts = accounts.filter(municipality_id=municipality_id)
        if key:
            accounts = accounts.exclude(Exists(Notice.objects.filter(user=OuterRef("pk"), key=key)))
        rows = list(
            accounts.values_list("pk", "municipality_id", "person__email", "mailbox__is_immediate_on")
        )
        # A person without a mailbox row has the usual wishes.
        by_mail = {pk for pk, _, email, wish in rows if immediate and email and wish is not False}
        made = Notice.objects.bulk_create(
            [
                Notice(
                    municipality_id=town,
                    user_id=pk,
                    kind=kind,
                    title=one_line(title, 300),
                    text=text.strip(),
                    url=url,
                    key=key,
                    is_immediate=immediate,
                    created_at=at,
                    mailed_at=at if pk in by_mail else None,
                )
                for pk, town, _, _ in rows
            ],
            batch_size=500,
        )
        _count_up([pk for pk, *_ in rows])
        for notice in made:
            if notice.user_id in by_mail:
                enqueue("gemba.notices.mail.send_notice", notice_id=notice.pk)
    return len(made)


def _count_up(user_ids: list[int]) -> None:
    for start in range(0, len(user_ids), 500):
        part = user_ids[start : start + 500]
        Mailbox.objects.bulk_create([Mailbox(user_id=pk) for pk in part], ignore_conflicts=True)
        Mailbox.objects.filter(pk__in=part).update(unread=F("unread") + 1)


def read(*, actor: Actor, notice: Notice, at: datetime) -> bool:
    """Mark one notice as read; False when it was already."""
    return _read(actor, Q(pk=notice.pk), at) > 0


def read_all(*, actor: Actor, at: datetime) -> int:
    """Mark everything as read; return how many were not."""
    return _read(actor, Q(), at)


def _read(actor: Actor, which: Q, at: datetime) -> int:
    owner = cast(int, actor.user_id)
    with transaction.atomic():
        count = Notice.objects.filter(which, user_id=owner, read_at__isnull=True).update(read_at=at)
        if count:
            Mailbox.objects.filter(pk=owner, unread__gte=count).update(unread=F("unread") - count)
    return count


def unread(*, actor: Actor, read_at: datetime) -> int:
    """Take back «прочитать все»: what was read at that very moment is unread again; return how many."""
    owner = cast(int, actor.user_id)
    with transaction.atomic():
        count = Notice.objects.filter(user_id=owner, read_at=read_at).update(read_at=None)
        if count:
            Mailbox.objects.filter(pk=owner).update(unread=F("unread") + count)
    return count


def set_wishes(
    *, actor: Actor, is_digest_on: bool, is_immediate_on: bool, digest_hour: int | None, at: datetime
) -> Mailbox:
    """Set what the person wants by mail and when.

    :raises Refusal: when the hour is not one that can be chosen.
    """
    if digest_hour is not None and digest_hour not in HOURS:
        raise Refusal(Problem(f"Выберите час от {HOURS[0]} до {HOURS[-1]}.", field="digest_hour"))
    wishes = {"is_digest_on": is_digest_on, "is_immediate_on": is_immediate_on, "digest_hour": digest_hour}
    with transaction.atomic():
        kept, _ = Mailbox.objects.select_for_update().get_or_create(user_id=cast(int, actor.user_id))
        before = {name: getattr(kept, name) for name in wishes}
        for name, value in wishes.items():
            setattr(kept, name, value)
        kept.save(update_fields=list(wishes))
        record(
            act="notices.set_wishes", actor=actor, subject=kept, title="Письма с уведомлениями",
            municipality_id=actor.municipality_id, at=at, before=before, after=wishes,
        )  # fmt: skip
    return kept


def set_hour(*, actor: Actor, hour: int, at: datetime) -> DigestHour:
    """Set the hour of the digests of the actor's municipality.

    :raises Refusal: when the hour is not one that can be chosen.
    """
    require(actor, "notices.set_hour")
    if hour not in HOURS:
        raise Refusal(Problem(f"Выберите час от {HOURS[0]} до {HOURS[-1]}.", field="hour"))
    with transaction.atomic():
        town = cast(int, actor.municipality_id)
        before = DigestHour.objects.filter(pk=town).values_list("hour", flat=True).first()
        kept, _ = DigestHour.objects.update_or_create(municipality_id=town, defaults={"hour": hour})
        record(
            act="notices.set_hour", actor=actor, subject=kept, title="Час утренней сводки",
            municipality_id=town, at=at, before={"hour": before}, after={"hour": hour},
        )  # fmt: skip
    return kept


def claim_digest(*, user_id: int, day: date, notice_ids: list[int], at: datetime) -> bool:
    """Take the day's digest of a person into work, once; the letter is sent if and only if this succeeds."""
    with transaction.atomic():
        Mailbox.objects.bulk_create([Mailbox(user_id=user_id)], ignore_conflicts=True)
        free = Q(digested_on__isnull=True) | Q(digested_on__lt=day)
        if not Mailbox.objects.filter(free, pk=user_id).update(digested_on=day):
            return False
        Notice.objects.filter(pk__in=notice_ids, user_id=user_id).update(mailed_at=at)
        enqueue("gemba.notices.mail.send_digest", user_id=user_id, notice_ids=notice_ids, day=day.isoformat())
    return True


def renew_feed(*, actor: Actor, at: datetime) -> CalendarFeed:
    """Make a secret address of the calendar; the one before stops working at once."""
    require(actor, "regulations.read")
    with transaction.atomic():
        feed, is_new = CalendarFeed.objects.update_or_create(
            user_id=cast(int, actor.user_id),
            defaults={"token": secrets.token_urlsafe(32), "made_at": at, "read_on": None},
        )
        record(
            act="notices.renew_feed", actor=actor, subject=feed,
            title="Адрес календаря: создан" if is_new else "Адрес календаря: заменён",
            municipality_id=actor.municipality_id, at=at,
        )  # fmt: skip
    return feed


def revoke_feed(*, actor: Actor, at: datetime) -> None:
    """Close the secret address of the calendar."""
    with transaction.atomic():
        feed = CalendarFeed.objects.select_for_update().filter(pk=actor.user_id or 0).first()
        if feed is None:
            return
        record(
            act="notices.revoke_feed", actor=actor, subject=feed, title="Адрес календаря: закрыт",
            municipality_id=actor.municipality_id, at=at,
        )  # fmt: skip
        feed.delete()


def note_feed_read(*, feed: CalendarFeed, day: date) -> None:
    """Remember that a program has read the feed today."""
    if feed.read_on != day:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_on=day)


def clear_away(*, before: datetime) -> int:
    """Delete what was read long ago; return how many."""
    count, _ = Notice.objects.filter(read_at__lt=before).delete()
    return count
