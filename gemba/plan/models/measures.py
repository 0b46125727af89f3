"""Measures: what is done about a row that lags, and any assignment given from the head's page."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gemba.organisation.models import Municipality, Organisation, Person


class MeasureState(models.TextChoices):
    """How far a measure has come."""

    GIVEN = "given", "Исполняется"
    REPORTED = "reported", "Ждёт проверки"
    CLOSED = "closed", "Снято с контроля"


class Measure(models.Model):
    """What to do, who, until when; about a row of the plan it also says the cause."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="measures")
    # About which row of the plan of which year; empty for an assignment about anything else.
    row = models.CharField(max_length=20, blank=True)
    indicator = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="measures"
    )
    cause = models.CharField(max_length=500, blank=True)
    text = models.CharField(max_length=1000)
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="measures")
    due_on = models.DateField()
    first_due_on = models.DateField()
    state = models.CharField(max_length=10, choices=MeasureState.choices, default=MeasureState.GIVEN)
    report = models.CharField(max_length=1000, blank=True)
    evidence_link = models.URLField(max_length=500, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    given_by = models.CharField(max_length=200)
    given_by_user_id = models.BigIntegerField(null=True, blank=True)
    given_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeasureState.values), name="measure_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="measure_says_what"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False), name="measure_closed_on_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "due_on", "id"], name="measure_list_idx"),
            models.Index(fields=["responsible", "state", "due_on"], name="measure_mine_idx"),
            models.Index(fields=["municipality", "year", "row"], name="measure_row_idx"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
