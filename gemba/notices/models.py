"""What is kept: notices, each person's mailbox with its counter, the hour of the digest, calendar feeds."""

from django.db import models
from django.db.models import Q

from gemba.notices.rules import DEFAULT_HOUR
from gemba.organisation.models import Municipality, User


class Kind(models.TextChoices):
    """What a notice is about; the first three may go out by mail at once."""

    ASSIGNMENT = "assignment", "Поручено вам"
    RETURN = "return", "Возвращено вам"
    ESCALATION = "escalation", "Требует вмешательства"
    DEADLINE = "deadline", "Сроки"
    REQUEST = "request", "Ждёт вашего решения"
    DECISION = "decision", "Принято решение"
    MESSAGE = "message", "Обсуждение"
    RESULT = "result", "Готово"
    NEWS = "news", "Новое"


class Notice(models.Model):
    """Something a person should know; the row is a copy of words, the thing itself stands at `url`."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    # What the notice is about, once for each person: a repeated turn of a job says nothing twice.
    key = models.CharField(max_length=200, blank=True)
    is_immediate = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], condition=~Q(key=""), name="notice_key_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notice_kind_is_known"),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="/"), name="notice_url_is_of_this_site"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_list_idx"),
            models.Index(fields=["user", "-id"], condition=Q(read_at__isnull=True), name="notice_unread_idx"),
            models.Index(
                fields=["municipality", "user"],
                condition=Q(read_at__isnull=True, mailed_at__isnull=True),
                name="notice_unmailed_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Mailbox(models.Model):
    """A person's counter of unread notices and wishes about mail; without a row the wishes are the usual ones."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="mailbox")
    unread = models.PositiveIntegerField(default=0)
    is_digest_on = models.BooleanField(default=True)
    is_immediate_on = models.BooleanField(default=True)
    # None: the hour of the municipality.
    digest_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    # The last day, in the municipality's time, on which a digest went out.
    digested_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__isnull=True) | Q(digest_hour__lte=23), name="mailbox_hour_is_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.unread}"


class DigestHour(models.Model):
    """At which hour the digests of a municipality go out."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.CASCADE, primary_key=True, related_name="digest_hour"
    )
    hour = models.PositiveSmallIntegerField(default=DEFAULT_HOUR)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="digest_hour_is_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.hour}:00"


class CalendarFeed(models.Model):
    """The secret address by which a person's own calendar program reads the terms; one a person."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # Written at most once a day: enough to see that somebody reads, cheap enough for a program that asks every hour.
    read_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.made_at:%d.%m.%Y}"
