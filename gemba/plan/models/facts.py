"""Facts entered by hand, and who is meant by an executor that the act names."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gemba.organisation.models import Municipality, Organisation


class ManualFact(models.Model):
    """The value of a row from 1 January to the end of a quarter, entered by a person with evidence.

    Without an organisation it is the value of the whole municipality. A corrected value replaces the old one; the
    record of acts keeps both.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="manual_facts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="manual_facts"
    )
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    # The row as the plan numbers it, and what it counts: an amended plan may give the number to another row.
    row = models.CharField(max_length=20)
    indicator = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=500)
    link = models.URLField(max_length=500, blank=True)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "row", "indicator", "year", "quarter", "organisation"],
                condition=Q(organisation__isnull=False),
                name="manual_fact_once_a_unit",
            ),
            models.UniqueConstraint(
                fields=["municipality", "row", "indicator", "year", "quarter"],
                condition=Q(organisation__isnull=True),
                name="manual_fact_once",
            ),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="manual_fact_quarter"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(on__isnull=False), name="manual_fact_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row}, {self.quarter} кв. {self.year}"


class ExecutorLink(models.Model):
    """Which organisation of the register the act means by an executor named by name."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="executor_links")
    executor = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="executor_links")
    linked_by = models.CharField(max_length=200)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "executor"], name="executor_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.executor} → {self.organisation_id}"


class Allowance(models.Model):
    """What is asked of one unit instead of the target: its quota of training, or nothing, with the reason."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="allowances")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="allowances")
    row = models.CharField(max_length=20)
    indicator = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    # Empty: the unit is exempt. 0: there was no quota. A number below the target replaces it.
    value = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "row", "indicator", "year"], name="allowance_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row}, {self.year}: {self.reason}"


class RowSetting(models.Model):
    """How the municipality reads a row of its plan otherwise than the file does, and why."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="row_settings")
    row = models.CharField(max_length=20)
    # What the file says the row counts: another row under the same number is not touched.
    indicator = models.CharField(max_length=60)
    counts = models.CharField(max_length=60)
    scope = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "row", "indicator"], name="row_setting_once"),
            models.CheckConstraint(
                condition=Q(scope__in=["per_unit", "municipality", "both"]), name="row_setting_scope_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.counts}"
