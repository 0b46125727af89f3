"""The project, its passport in editions, stages, goals, people, history, numbers."""

from datetime import date
from typing import Any, NoReturn

from django.db import models
from django.db.models import F, Q

from gemba.organisation.models import Direction, Municipality, Organisation, Person, User
from gemba.projects.rules.passport import BETTER, GOAL_KINDS, Passport
from gemba.projects.rules.stages import ProjectRules
from gemba.projects.rules.states import Outcome, Status, number_text
from gemba.proposals.models import Proposal
from gemba.search.fields import WordsField

STATUSES = [(status.value, status.title) for status in Status]
OUTCOMES = [(outcome.value, outcome.title) for outcome in Outcome]


class Portfolio(models.Model):
    """Projects of a body or organisation that are led together (R-155)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "title"], name="project_portfolio_once")
        ]

    def __str__(self) -> str:
        return self.title


class Project(models.Model):
    """A project: its place in life, its current stage, and the passport that is being written."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="projects")
    # Of the approved passport; before the first approval, of the draft.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="projects")
    number_year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=20, choices=STATUSES, default=Status.DRAFT.value)
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    # The number of the current stage; kept apart from the status.
    stage = models.PositiveSmallIntegerField(default=1)
    stage_code = models.CharField(max_length=60, blank=True)
    # Of the current stage, so that «red» is one index.
    stage_end_on = models.DateField(null=True, blank=True)
    aim = models.CharField(max_length=40, default="lean")
    scale = models.CharField(max_length=40, blank=True)
    object_kind = models.CharField(max_length=40, blank=True)
    customer = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="ordered_projects"
    )
    leader = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="led_projects"
    )
    process_owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_projects"
    )
    direction = models.ForeignKey(
        Direction, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replicas"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closing_text = models.TextField(blank=True)
    has_quality_goal = models.BooleanField(default=False)
    presentation_url = models.URLField(max_length=500, blank=True)
    # The passport as it is being written now, and what was sent with it.
    draft = models.JSONField(default=dict)
    edition_number = models.PositiveSmallIntegerField(default=0)
    is_sent = models.BooleanField(default=False)
    sent_on = models.DateField(null=True, blank=True)
    hours_a_year = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    money_a_year = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    words = WordsField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number_year", "number"],
                name="project_number_once",
                condition=Q(number__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(proposal__isnull=False) & ~Q(status="terminated"),
                name="project_of_proposal_once",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=True)
                | Q(leader__isnull=True)
                | ~Q(customer=F("leader"))
                | Q(status__in=["draft", "terminated"]),
                name="project_customer_does_not_lead",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False)
                | ~Q(status__in=["stability", "stable", "degraded", "closed_success", "closed_partial"]),
                name="project_closed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="project_closed_after_opened",
            ),
            models.CheckConstraint(condition=~Q(origin=F("id")), name="project_not_its_own_origin"),
        ]
        indexes = [
            models.Index(fields=["municipality", "-id"], name="project_newest_idx"),
            models.Index(fields=["municipality", "status", "-id"], name="project_status_idx"),
            models.Index(fields=["municipality", "status", "stage", "-id"], name="project_stage_idx"),
            models.Index(fields=["municipality", "status", "stage_end_on", "id"], name="project_red_idx"),
            models.Index(fields=["organisation", "-id"], name="project_organisation_idx"),
            models.Index(fields=["portfolio", "-id"], name="project_portfolio_idx"),
            models.Index(fields=["municipality", "closed_on"], name="project_closed_idx"),
            models.Index(fields=["customer", "is_sent"], name="project_customer_idx"),
            models.Index(fields=["leader", "-id"], name="project_leader_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.number_text} {self.title}".strip()

    @property
    def number_text(self) -> str:
        """Return «П-2026-0017», or nothing before the first sending."""
        return number_text(self.number, self.number_year)

    @property
    def place(self) -> Status:
        """Return the status as a value that knows its words and tone."""
        return Status(self.status)

    @property
    def passport(self) -> Passport:
        """Return the passport that is being written."""
        return Passport.of(self.draft)


class EditionState(models.TextChoices):
    """What became of a passport that was sent."""

    SENT = "sent", "На согласовании"
    APPROVED = "approved", "Согласована"
    RETURNED = "returned", "Возвращена"
    RECALLED = "recalled", "Отозвана"


class PassportEdition(models.Model):
    """A passport as it was sent and decided. The database refuses to change an approved one (see the migration)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="editions")
    # Of the approved ones; what was sent and returned has none.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=EditionState.choices, default=EditionState.SENT)
    content = models.JSONField()
    note = models.TextField(blank=True)
    customer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_as = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], condition=Q(number__isnull=False), name="project_edition_once"
            ),
            models.UniqueConstraint(fields=["project"], condition=Q(state="sent"), name="project_one_sent"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(number__isnull=False, decided_at__isnull=False),
                name="project_edition_approved_whole",
            ),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="project_edition_idx")]

    def __str__(self) -> str:
        return f"Редакция {self.number}" if self.number else self.get_state_display()

    @property
    def passport(self) -> Passport:
        """Return what it says."""
        return Passport.of(self.content)


class Stage(models.Model):
    """A stage of a project with planned, forecast and actual days."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    clause = models.CharField(max_length=100, blank=True)
    is_period = models.BooleanField(default=True)
    plan_start = models.DateField(null=True, blank=True)
    plan_end = models.DateField(null=True, blank=True)
    # Of the first approved edition: what everything is compared with.
    baseline_start = models.DateField(null=True, blank=True)
    baseline_end = models.DateField(null=True, blank=True)
    forecast_start = models.DateField(null=True, blank=True)
    forecast_end = models.DateField(null=True, blank=True)
    actual_start = models.DateField(null=True, blank=True)
    actual_end = models.DateField(null=True, blank=True)
    delay_reason = models.TextField(blank=True)
    is_overridden = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="project_stage_once"),
            models.CheckConstraint(
                condition=Q(plan_end__isnull=True)
                | Q(plan_start__isnull=True)
                | Q(plan_end__gte=F("plan_start")),
                name="project_stage_plan_forward",
            ),
            models.CheckConstraint(
                condition=Q(actual_end__isnull=True)
                | Q(actual_start__isnull=True)
                | Q(actual_end__gte=F("actual_start")),
                name="project_stage_fact_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def ends_on(self) -> date | None:
        """Return the end by now: in fact, else by the forecast, else by the plan."""
        return self.actual_end or self.forecast_end or self.plan_end

    @property
    def expected(self) -> tuple[date | None, date | None]:
        """Return the days by the forecast, or by the plan while nobody has forecast."""
        return self.forecast_start or self.plan_start, self.forecast_end or self.plan_end


class Goal(models.Model):
    """A goal of the approved passport; what was measured stands beside."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="goals")
    # By it a goal is the same goal in every edition.
    key = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    unit = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=GOAL_KINDS)
    better = models.CharField(max_length=5, choices=BETTER)
    baseline = models.DecimalField(max_digits=14, decimal_places=4)
    target = models.DecimalField(max_digits=14, decimal_places=4)
    final = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    deviation_reason = models.TextField(blank=True)
    is_deviation_accepted = models.BooleanField(default=False)
    is_dropped = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="project_goal_once")]

    def __str__(self) -> str:
        return self.title

    def is_reached(self, value: Any) -> bool:
        """Tell whether the value is as good as the target."""
        return bool(value <= self.target if self.better == "less" else value >= self.target)


class TeamMember(models.Model):
    """A member of the team of the approved passport."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="team")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="project_member_once")]
        indexes = [models.Index(fields=["person", "project"], name="project_member_idx")]

    def __str__(self) -> str:
        return str(self.person_id)


class Participant(models.Model):
    """An organisation that takes part: a joint project counts once for each of them (indicators, 5.1)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="project_participant_once")
        ]
        indexes = [models.Index(fields=["organisation", "project"], name="project_participant_idx")]

    def __str__(self) -> str:
        return str(self.organisation_id)


class Ground(models.Model):
    """A ground of the approved passport, linked to its object."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="grounds")
    code = models.CharField(max_length=60)
    text = models.TextField()
    clause = models.CharField(max_length=100, blank=True)
    links_to = models.CharField(max_length=40, blank=True)
    object_title = models.CharField(max_length=500, blank=True)
    object_on = models.DateField(null=True, blank=True)
    # A record of the product, as `projects.objects` names it; proposals and projects have keys of their own.
    object_ref = models.CharField(max_length=60, blank=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    earlier = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="developed"
    )

    def __str__(self) -> str:
        return self.text[:80]


class EventIsImmutable(TypeError):
    """Somebody tried to rewrite the history of a project."""


class EventQuerySet(models.QuerySet["ProjectEvent"]):
    """Rows that can be added and read, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse.

        :raises EventIsImmutable: always.
        """
        raise EventIsImmutable("The history of a project is append-only.")

    def delete(self) -> NoReturn:
        """Refuse.

        :raises EventIsImmutable: always.
        """
        raise EventIsImmutable("The history of a project is append-only.")


class ProjectEvent(models.Model):
    """Something that happened to a project. The database itself refuses to change a row (see the migration)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    stage = models.PositiveSmallIntegerField(null=True, blank=True)
    actor_user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="project_event_idx")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.title}"


class NumberRange(models.Model):
    """The last number given in a municipality and year; its row lock makes the range free of gaps."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "year"], name="project_range_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class ProjectSettings(models.Model):
    """What a municipality decides for itself about projects."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.municipality_id}"

    @property
    def rules(self) -> ProjectRules:
        """Return the settings as a checked value."""
        values = dict(self.values)
        values["stability_months"] = tuple(values.get("stability_months", (3, 6, 12)))
        values["lengths"] = tuple((str(code), int(days)) for code, days in values.get("lengths", ()))
        return ProjectRules(**values)


class SavedFilter(models.Model):
    """A filter with its columns that a person keeps."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="project_filters")
    title = models.CharField(max_length=100)
    query = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "title"], name="project_filter_once")]

    def __str__(self) -> str:
        return self.title
