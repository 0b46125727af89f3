"""What is kept: whom a sheet is about, sheets with answers and frozen points, evidence, the register of the trained."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from gemba.organisation.models import Municipality, Organisation, Person
from gemba.regulations.models import Edition
from gemba.scorecards.rules.states import Stage, State

STATES = [(state.value, state.title) for state in State]
STAGES = [(stage.value, stage.title) for stage in Stage]


class AnswerSheet(models.Model):
    """Answers to one procedure, and what they give: whoever keeps answers inherits this.

    `answers` are in the format of the engine, `result` is the frozen result as plain data.
    """

    answers = models.JSONField(default=dict)
    context = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    total = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Proof(models.Model):
    """What shows that a row is fulfilled: a file, a link or a named record; an empty row is the whole criterion."""

    criterion = models.CharField(max_length=40)
    row = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    link = models.URLField(max_length=500, blank=True)
    file = models.FileField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_kind = models.CharField(max_length=10, blank=True)
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Subject(models.Model):
    """Whom or what sheets are about: an object of another module, or something named by hand."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    # The number of the object in its own module; empty when it was named by hand.
    object_id = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "object_id"],
                condition=Q(object_id__isnull=False),
                name="scored_subject_once",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="scored_subject_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingRecord(models.Model):
    """Who was trained: what, when, by which document, until when it is valid."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="training_records")
    programme = models.CharField(max_length=300)
    document = models.CharField(max_length=200)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    is_cancelled = models.BooleanField(default=False)
    cancelled_because = models.CharField(max_length=300, blank=True)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "document", "issued_on"],
                condition=Q(is_cancelled=False),
                name="training_record_once",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="training_record_has_document"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("issued_on")),
                name="training_record_dates_forward",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "-issued_on", "-id"], name="training_list_idx")]

    def __str__(self) -> str:
        return self.document

    def holds_on(self, day: Any) -> bool:
        """Tell whether the record is valid on the day."""
        return (
            not self.is_cancelled
            and self.issued_on <= day
            and (self.valid_until is None or self.valid_until >= day)
        )


class Sheet(AnswerSheet):
    """One set of rows of one subject: of one assessor, or the one the committee agreed on."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="sheets")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    # The sheet is scored by the edition it was opened with, whatever comes later.
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=60)
    stage = models.CharField(max_length=12, choices=STAGES)
    state = models.CharField(max_length=12, choices=STATES, default=State.DRAFT.value)
    is_committee = models.BooleanField(default=False)
    # The people the mean, the median… was taken of, where the procedure says so.
    is_combined = models.BooleanField(default=False)
    assessor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    assessor_name = models.CharField(max_length=200)
    training = models.ForeignKey(
        TrainingRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=60, blank=True)
    outcome_title = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decision_text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "procedure", "stage", "assessor"],
                condition=Q(is_committee=False) & ~Q(state="returned") & ~Q(state="agreed"),
                name="sheet_open_once_an_assessor",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="sheet_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "-id"], name="sheet_list_idx"),
            models.Index(fields=["municipality", "-id"], name="sheet_all_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.get_stage_display().lower()}"

    @property
    def standing(self) -> State:
        """Return the state as a word of the rules."""
        return State(self.state)


class SheetProof(Proof):
    """Evidence of a sheet."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="proofs")

    class Meta:
        indexes = [models.Index(fields=["sheet", "criterion"], name="sheet_proof_idx")]
