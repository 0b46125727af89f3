"""Quarterly collection: the period, each participant's report, its rows and notes, the locked snapshot."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gemba.organisation.models import Municipality, Organisation


class ReportingPeriod(models.Model):
    """A quarter being collected, or locked for ever."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="reporting_periods")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    # The term as the regulation gave it when the period was opened; empty where the act names no day.
    due_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField()
    opened_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_on = models.DateField(null=True, blank=True)
    locked_by = models.CharField(max_length=200, blank=True)
    last_receipt = models.PositiveIntegerField(default=0)
    # What had changed in the quarter locked before, as it stood when this one was locked.
    corrections = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "year", "quarter"], name="reporting_period_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="reporting_period_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} кв. {self.year}"

    @property
    def is_locked(self) -> bool:
        """Tell whether the quarter is locked."""
        return self.locked_at is not None


class PeriodText(models.Model):
    """Words of the quarter's analytical information that a person wrote instead of the computed ones."""

    period = models.OneToOneField(ReportingPeriod, on_delete=models.PROTECT, related_name="text")
    # Empty: the computed conclusion stands.
    conclusion = models.TextField(blank=True)
    further = models.TextField(blank=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Текст: {self.period}"


class ReportState(models.TextChoices):
    """How far a report has come."""

    DRAFT = "draft", "Готовится"
    ON_APPROVAL = "on_approval", "На согласовании"
    SENT = "sent", "Отправлен"
    RETURNED = "returned", "Возвращён"
    ACCEPTED = "accepted", "Принят"


class Report(models.Model):
    """One participant's report for a quarter."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="reports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    is_zero = models.BooleanField(default=False)
    comment = models.CharField(max_length=1000, blank=True)
    # Plan indicators as they stood when the report was sent.
    indicators = models.JSONField(default=list, blank=True)
    prepared_by = models.CharField(max_length=200, blank=True)
    approved_by = models.CharField(max_length=200, blank=True)
    # The first sending decides whether it was in time; a returned report keeps it.
    first_sent_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=40, blank=True)
    accepted_by = models.CharField(max_length=200, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=1000, blank=True)
    # What the report held before a file was loaded, so that the loading can be taken back.
    before_import = models.JSONField(null=True, blank=True)
    imported_version = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "organisation"], name="report_once"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="report_organisation_idx")]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Tell whether the participant may still change it."""
        return self.state in (ReportState.DRAFT, ReportState.RETURNED)


class ReportRow(models.Model):
    """One project of a report: the cells of the form by the codes of its columns."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="rows")
    ordinal = models.PositiveIntegerField()
    # By which the project is found in the report of the quarter before.
    key = models.CharField(max_length=300)
    cells = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="report_row_once")]
        indexes = [models.Index(fields=["report", "ordinal"], name="report_row_idx")]

    def __str__(self) -> str:
        return self.key


class ReportNote(models.Model):
    """A remark of whoever collects, to one cell or to the whole report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="notes")
    row = models.ForeignKey(ReportRow, on_delete=models.CASCADE, null=True, blank=True, related_name="notes")
    column = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=500)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    is_settled = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["report", "is_settled"], name="report_note_idx")]

    def __str__(self) -> str:
        return self.text


class LockedRow(models.Model):
    """A row of the plan as it stood when its quarter was locked, with the list of records; never changed."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="locked_rows")
    ordinal = models.PositiveIntegerField()
    code = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    title = models.TextField()
    indicator = models.CharField(max_length=60)
    target = models.CharField(max_length=200, blank=True)
    fact = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    state = models.CharField(max_length=20)
    note = models.CharField(max_length=300, blank=True)
    units = models.JSONField(default=list)
    records = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "code"], name="locked_row_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.fact}"
