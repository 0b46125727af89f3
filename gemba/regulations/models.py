"""What is kept: immutable editions, the texts of their clauses for search, the working-day calendar."""

from django.db import models

from gemba.organisation.models import Municipality
from gemba.search.fields import WordsField


class Edition(models.Model):
    """A regulation as it stands from a day on. A row is never changed: an amendment is a new edition."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="editions")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    programme = models.CharField(max_length=300)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    is_draft = models.BooleanField(default=False)
    changes = models.TextField(blank=True)
    # The rules as read, and the file they were read from: both are kept, so the edition can be given away again.
    pack = models.JSONField()
    source = models.TextField()
    fingerprint = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code"], name="edition_code_once"),
            models.UniqueConstraint(fields=["municipality", "effective_on"], name="edition_day_once"),
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")), name="edition_years_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ClauseText(models.Model):
    """One clause of an edition as text, so that it can be found by words."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="clauses")
    ordinal = models.PositiveIntegerField()
    ref = models.CharField(max_length=200)
    document = models.CharField(max_length=60)
    number = models.CharField(max_length=120, blank=True)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    words = WordsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "ref"], name="clause_once")]
        indexes = [models.Index(fields=["edition", "ordinal"], name="clause_order_idx")]

    def __str__(self) -> str:
        return self.ref


class DayKind(models.TextChoices):
    """What a day of the calendar is instead of what its weekday says."""

    OFF = "off", "Выходной"
    WORKING = "working", "Рабочий день"


class CalendarDay(models.Model):
    """A holiday, a moved day off or a working weekend; days not listed follow the five-day week."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="calendar_days")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=DayKind.choices)
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "day"], name="calendar_day_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=DayKind.values), name="calendar_day_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.title}"
