"""Facts that hold from one day to another, both included; an open end means «to this day»."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M]):
    """Rows that know on which days they hold."""

    def on(self, day: date) -> Self:
        """Keep what holds on the day."""
        return self.filter(holds_on(day))

    def between(self, first: date, last: date) -> Self:
        """Keep what holds on at least one day of the span."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=last),
            Q(ends_on__isnull=True) | Q(ends_on__gte=first),
        )


def holds_on(day: date, prefix: str = "") -> Q:
    """Build the condition «holds on the day» for this model or, with a prefix, for a related one."""
    return (Q(**{f"{prefix}starts_on__isnull": True}) | Q(**{f"{prefix}starts_on__lte": day})) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def dates_forward(name: str) -> models.CheckConstraint:
    """Forbid in the database an end before the start."""
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message="Последний день раньше первого.",
    )


class Dated(models.Model):
    """Carry the first and the last day."""

    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def is_on(self, day: date) -> bool:
        """Tell whether the row holds on the day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or self.ends_on >= day
        )
