"""What is kept: campaigns, sheets of organisations with evidence and checks, fixed places, rules of proof."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gemba.organisation.models import Municipality, Organisation
from gemba.regulations.models import Edition
from gemba.scorecards.models import AnswerSheet, Proof
from gemba.self_assessment.rules.states import State

STATES = [(state.value, state.title) for state in State]


class Campaign(models.Model):
    """The self-assessment of one year by one procedure; fixed once, it never moves again."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="self_assessments")
    year = models.PositiveSmallIntegerField()
    procedure = models.CharField(max_length=60)
    title = models.CharField(max_length=400)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    kinds = models.JSONField(default=list)
    # Values of the variable of rating groups by kind of organisation: {"omsu": "local_government"}.
    group_of_kind = models.JSONField(default=dict)
    opens_on = models.DateField()
    fill_by = models.DateField()
    send_by = models.DateField()
    # Where the regulation names these days: «rating 4.1»; empty when the municipality chose them itself.
    fill_clause = models.CharField(max_length=300, blank=True)
    send_clause = models.CharField(max_length=300, blank=True)
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    fixed_on = models.DateField(null=True, blank=True)
    fixed_at = models.DateTimeField(null=True, blank=True)
    fixed_by = models.CharField(max_length=200, blank=True)
    is_published = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "procedure", "year"], name="self_assessment_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(fill_by__gte=models.F("opens_on")) & Q(send_by__gte=models.F("fill_by")),
                name="self_assessment_dates_forward",
            ),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(fixed_on__isnull=False),
                name="self_assessment_published_when_fixed",
            ),
        ]

    def __str__(self) -> str:
        return f"Самооценка за {self.year} год"

    @property
    def is_fixed(self) -> bool:
        """Tell whether the rating is fixed."""
        return self.fixed_on is not None


class Participant(AnswerSheet):
    """An organisation in a campaign with its sheet."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="self_assessments")
    group = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=State.INVITED.value)
    filled_by = models.CharField(max_length=200, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    # A signature is the head's own act here, or the scan of a paper signed by the head.
    scan = models.FileField(max_length=200, blank=True)
    scan_name = models.CharField(max_length=200, blank=True)
    scan_kind = models.CharField(max_length=10, blank=True)
    # What remains after the check: answers without refused rows, and what they give.
    checked_answers = models.JSONField(default=dict)
    checked_result = models.JSONField(default=dict)
    checked_by = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    return_text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="self_assessment_sheet_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="self_assessment_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "checked"]) | ~Q(signed_by=""),
                name="self_assessment_sent_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state"], name="self_assessment_state_idx")]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.get_state_display()}"

    @property
    def standing_state(self) -> State:
        """Return the state as a word of the rules."""
        return State(self.state)


class ParticipantProof(Proof):
    """Evidence of an organisation's sheet."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="proofs")

    class Meta:
        indexes = [models.Index(fields=["participant", "criterion"], name="self_assessment_proof_idx")]


class Verdict(models.TextChoices):
    """What the checker says of a row."""

    CONFIRMED = "confirmed", "Подтверждена"
    REFUSED = "refused", "Не подтверждена"
    # Refused earlier, sent again by the organisation: waits for the checker.
    AGAIN = "again", "Прислана снова"


class RowCheck(models.Model):
    """The checker's word about one row of a sheet."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="checks")
    criterion = models.CharField(max_length=40)
    row = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    comment = models.TextField(blank=True)
    checked_by = models.CharField(max_length=200)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "criterion", "row"], name="self_assessment_row_checked_once"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="refused") | ~Q(comment=""), name="self_assessment_refusal_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}.{self.row}: {self.get_verdict_display()}"


class Standing(models.Model):
    """The fixed result of an organisation: written once when the rating is fixed, never changed."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="standing")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="standings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="standings")
    group = models.CharField(max_length=60, blank=True)
    group_title = models.CharField(max_length=200, blank=True)
    place = models.PositiveIntegerField(null=True, blank=True)
    total = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    total_text = models.CharField(max_length=40, blank=True)
    banner = models.CharField(max_length=300, blank=True)
    status_title = models.CharField(max_length=300, blank=True)
    # {criterion: [points, weighted, maximum]} as texts; and why.
    points = models.JSONField(default=dict)
    explanation = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "group", "place", "id"], name="standing_list_idx"),
            models.Index(fields=["organisation", "campaign"], name="standing_of_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.total_text}"


class ProofRule(models.Model):
    """Which indicator of the product shows that a row is fulfilled, and from how many on."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=60)
    criterion = models.CharField(max_length=40)
    row = models.CharField(max_length=40)
    indicator = models.CharField(max_length=60)
    at_least = models.DecimalField(max_digits=10, decimal_places=2, default=1)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "procedure", "criterion", "row"], name="self_assessment_rule_once"
            ),
            models.CheckConstraint(condition=Q(at_least__gt=0), name="self_assessment_rule_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}.{self.row} ← {self.indicator}"
