"""The proposal, its authors, photos, history, numbers and counters."""

import secrets
from typing import Any, NoReturn

from django.db import models
from django.db.models import F, Q

from gemba.organisation.models import Municipality, Organisation, Person, Unit, User
from gemba.proposals.rules.states import PUBLIC, TABLE, State
from gemba.proposals.rules.terms import number_text
from gemba.search.fields import WordsField

STATES = [(state.value, state.title) for state in State]


class Category(models.TextChoices):
    """What a proposal is about; choosing one is never obligatory."""

    SAFETY = "safety", "Безопасность"
    QUALITY = "quality", "Качество"
    TIME = "time", "Сроки и лишние действия"
    COST = "cost", "Затраты"
    CONDITIONS = "conditions", "Условия труда"
    CLIENT = "client", "Удобство для людей"


class Source(models.TextChoices):
    """How a proposal came."""

    STAFF = "staff", "С рабочего места"
    QR = "qr", "По QR-коду"
    PAPER = "paper", "С бумажной карточки"
    IMPORT = "import", "Загружено из таблицы"


def new_receipt() -> str:
    """Make the unguessable part of the address at which an author follows the proposal without signing in."""
    return secrets.token_urlsafe(12)


class Proposal(models.Model):
    """An employee's proposal that improves current work and needs no project (R-197)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="proposals")
    # Of the author on the day of submission: the indicators count there whatever happens later (5.3).
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="proposals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    number_year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=STATES, default=State.DRAFT.value)
    # Derived from the state, so that the catalogue is one index.
    is_public = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    problem = models.TextField()
    solution = models.TextField()
    expected = models.TextField(blank=True)
    category = models.CharField(max_length=20, choices=Category.choices, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.STAFF)
    is_anonymous = models.BooleanField(default=False)
    is_author_ready = models.BooleanField(default=False)
    # Parts that the head of the unit cannot decide alone.
    needs_money = models.BooleanField(default=False)
    touches_others = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=1)
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="main_proposals"
    )
    submitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="submitted_proposals"
    )
    reviewer = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="reviewed_proposals"
    )
    responsible = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals_to_implement"
    )
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    submitted_on = models.DateField(null=True, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    implemented_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    postponed_until = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="verified_proposals"
    )
    verified_as = models.CharField(max_length=200, blank=True)
    answer_by = models.DateField(null=True, blank=True)
    term_on = models.DateField(null=True, blank=True)
    decision = models.TextField(blank=True)
    escalations = models.PositiveSmallIntegerField(default=0)
    escalated_on = models.DateField(null=True, blank=True)
    has_author_escalated = models.BooleanField(default=False)
    has_appealed = models.BooleanField(default=False)
    hours_a_year = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    money_a_year = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    sent_key = models.CharField(max_length=40, null=True, blank=True, unique=True)
    receipt = models.CharField(max_length=24, unique=True, default=new_receipt)
    words = WordsField()
    # Keys by which proposals like this one are found (rules.likeness).
    likeness = WordsField()
    version = models.PositiveIntegerField(default=1)

    # The one table of what may follow what.
    TRANSITIONS = TABLE

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number_year", "number"], name="proposal_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="proposal_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "cancelled"]) | Q(number__isnull=False),
                name="proposal_registered_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_on__isnull=False), name="proposal_sent_has_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["implemented", "verified", "rewarded", "closed"])
                | Q(implemented_on__isnull=False),
                name="proposal_implemented_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="duplicate", duplicate_of__isnull=False)
                | (~Q(state="duplicate") & Q(duplicate_of__isnull=True)),
                name="proposal_duplicate_has_original",
            ),
            models.CheckConstraint(condition=~Q(duplicate_of=F("id")), name="proposal_not_its_own_duplicate"),
            models.CheckConstraint(
                condition=Q(implemented_on__isnull=True) | Q(implemented_on__gte=F("submitted_on")),
                name="proposal_implemented_after_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "-id"], name="proposal_newest_idx"),
            models.Index(fields=["municipality", "state", "-id"], name="proposal_state_idx"),
            models.Index(fields=["municipality", "state", "moved_at"], name="proposal_stagnant_idx"),
            models.Index(fields=["organisation", "state", "moved_at"], name="proposal_org_stagnant_idx"),
            # What nobody has been asked to decide, and what nobody introduces: counted on each list.
            models.Index(
                fields=["municipality", "state", "moved_at"], condition=Q(reviewer__isnull=True),
                name="proposal_unassigned_idx",
            ),
            models.Index(
                fields=["municipality", "state", "moved_at"], condition=Q(responsible__isnull=True),
                name="proposal_undone_idx",
            ),
            # What waits for the commission.
            models.Index(fields=["municipality", "level", "state", "term_on", "id"], name="proposal_level_idx"),
            models.Index(fields=["organisation", "-id"], name="proposal_organisation_idx"),
            models.Index(fields=["organisation", "state", "-id"], name="proposal_org_state_idx"),
            models.Index(
                fields=["municipality", "term_on", "id"], condition=Q(term_on__isnull=False),
                name="proposal_term_idx",
            ),
            models.Index(
                fields=["organisation", "term_on", "id"], condition=Q(term_on__isnull=False),
                name="proposal_org_term_idx",
            ),
            models.Index(
                fields=["municipality", "-id"], condition=Q(is_public=True), name="proposal_catalogue_idx"
            ),
            models.Index(
                # The state too: the plan counts what was sent and introduced out of the indexes alone.
                fields=["municipality", "implemented_on", "organisation", "state"],
                condition=Q(implemented_on__isnull=False), name="proposal_done_idx",
            ),
            models.Index(
                fields=["municipality", "submitted_on", "organisation", "state"], name="proposal_filed_idx"
            ),
            models.Index(fields=["municipality", "decided_on"], name="proposal_decided_idx"),
            models.Index(
                fields=["reviewer", "term_on"], condition=Q(reviewer__isnull=False), name="proposal_reviewer_idx"
            ),
            # What was returned to its author.
            models.Index(
                fields=["author", "state", "term_on"], condition=Q(author__isnull=False), name="proposal_returned_idx"
            ),
            models.Index(
                fields=["responsible", "term_on"], condition=Q(responsible__isnull=False),
                name="proposal_responsible_idx",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number_text} {self.title}".strip()

    @property
    def number_text(self) -> str:
        """Return «2026-0017», or nothing before registration."""
        return number_text(self.number_year, self.number)

    @property
    def stage(self) -> State:
        """Return the state as a value that knows its words and tone."""
        return State(self.state)

    def stand(self, state: State) -> None:
        """Put the state and what is derived from it."""
        self.state = state
        self.is_public = state in PUBLIC


class Author(models.Model):
    """A person credited with a proposal: the author, a co-author, or the author of a joined duplicate."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authored")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_main = models.BooleanField(default=False)
    # Credited through a duplicate that was joined to this proposal.
    joined_from = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="proposal_author_once")]
        indexes = [models.Index(fields=["person", "-proposal"], name="proposal_author_idx")]

    def __str__(self) -> str:
        return str(self.person_id)


class PhotoKind(models.TextChoices):
    """What a photo shows."""

    PROBLEM = "problem", "Что мешает"
    BEFORE = "before", "Было"
    AFTER = "after", "Стало"


class Photo(models.Model):
    """A photo, encoded anew without anything a camera writes beside the picture."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="photos")
    kind = models.CharField(max_length=10, choices=PhotoKind.choices)
    file = models.FileField(max_length=200)
    preview = models.FileField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file.name}"


class EventIsImmutable(TypeError):
    """Somebody tried to rewrite the history of a proposal."""


class ProposalEventQuerySet(models.QuerySet["ProposalEvent"]):
    """Rows that can be added and read, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse.

        :raises EventIsImmutable: always.
        """
        raise EventIsImmutable("The history of a proposal is append-only.")

    def delete(self) -> NoReturn:
        """Refuse.

        :raises EventIsImmutable: always.
        """
        raise EventIsImmutable("The history of a proposal is append-only.")


class ProposalEvent(models.Model):
    """Something that happened to a proposal. The database itself refuses to change a row (see the migration)."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    actor_user_id = models.BigIntegerField(null=True)
    actor_person_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = ProposalEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["proposal", "-id"], name="proposal_event_idx")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.title}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse.

        :raises EventIsImmutable: always.
        """
        raise EventIsImmutable("The history of a proposal is append-only.")


class NumberRange(models.Model):
    """The last number given in a municipality and year; its row lock makes the range free of gaps."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "year"], name="proposal_range_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class ProposalCounter(models.Model):
    """How many proposals of an organisation, sent in a month, stand in a state; kept by the actions.

    `what` is a state, or `done` for the month of implementation.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    month_on = models.DateField()
    what = models.CharField(max_length=20)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month_on", "what"], name="proposal_counter_once"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "month_on"], name="proposal_counter_idx"),
            # Sums of a municipality are read from the index alone.
            models.Index(
                fields=["municipality", "what", "month_on", "count"], name="proposal_counter_sum_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.month_on:%Y-%m} {self.what}: {self.count}"
