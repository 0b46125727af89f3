"""The journal of events: what no other module keeps yet, one entry an event."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gemba.organisation.models import Municipality, Organisation, Person, Unit


class JournalEntry(models.Model):
    """An event of one kind: who, when, by which document."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="journal")
    kind = models.CharField(max_length=30)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="journal")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="journal")
    on = models.DateField()
    # Until when it holds: a trainer's duty. Empty for events of one day and for what goes on.
    ends_on = models.DateField(null=True, blank=True)
    # The day that puts the entry into a period: of a report it is the last day of its quarter, not of its sending.
    counts_on = models.DateField()
    title = models.CharField(max_length=500)
    document = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    # Yes or no of the kind: enough answers, a goal of quality, a confirmation that is not the first…
    is_marked = models.BooleanField(default=False)
    # A replication names the project it repeats; the project keeps the day of its first replication.
    of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replications"
    )
    replicated_on = models.DateField(null=True, blank=True)
    is_cancelled = models.BooleanField(default=False)
    cancelled_because = models.CharField(max_length=300, blank=True)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("on")), name="journal_dates_forward"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="journal_has_title"),
        ]
        indexes = [
            models.Index(fields=["municipality", "counts_on", "kind"], name="journal_period_idx"),
            models.Index(fields=["municipality", "kind", "on", "id"], name="journal_kind_idx"),
            models.Index(fields=["municipality", "on", "id"], name="journal_list_idx"),
        ]

    def __str__(self) -> str:
        return self.title


class JournalPart(models.Model):
    """Who took part, for which organisation: a person, a number of unnamed people, or the organisation itself."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="journal_parts")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="journal_parts"
    )
    person_name = models.CharField(max_length=200, blank=True)
    # One person in two events is one person: the key is that of the register or of the name.
    person_key = models.CharField(max_length=200, blank=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "organisation", "person_key"], name="journal_part_once"),
        ]
        indexes = [models.Index(fields=["organisation", "entry"], name="journal_part_idx")]

    def __str__(self) -> str:
        return self.person_name or str(self.organisation_id)
