"""Work inside a project: evidence, measures, defences, measurements, effects, stability."""

from django.db import models
from django.db.models import F, Q

from gemba.organisation.models import Person
from gemba.projects.models.project import Goal, Project
from gemba.proposals.models import EffectMethod


class GateTick(models.Model):
    """A condition of a gate that a person confirmed, with a comment."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="ticks")
    code = models.CharField(max_length=80)
    comment = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="project_tick_once")]

    def __str__(self) -> str:
        return self.code


class Evidence(models.Model):
    """A file that shows what a gate asks for."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evidence")
    # The code of the gate; empty for a file of the project as a whole.
    code = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200)
    file = models.FileField(max_length=200)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    is_withdrawn = models.BooleanField(default=False)
    # A newer file of the same evidence keeps the older: all of them point at the first.
    first = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, blank=True, related_name="later")
    version = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "version"], name="project_evidence_version_once"),
            models.CheckConstraint(
                condition=Q(first__isnull=True, version=1) | Q(first__isnull=False, version__gt=1),
                name="project_evidence_version_counts",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(is_withdrawn=False),
                name="project_evidence_current_is_there",
            ),
        ]
        indexes = [models.Index(fields=["project", "code"], name="project_evidence_idx")]

    def __str__(self) -> str:
        return self.title


class MeasureKind(models.TextChoices):
    """Why a line of the roadmap stands there."""

    MEASURE = "measure", "Мероприятие"
    TASK = "task", "Задача"
    MILESTONE = "milestone", "Веха"


class MeasureState(models.TextChoices):
    """How far a line of the roadmap has come."""

    PLANNED = "planned", "Запланировано"
    DOING = "doing", "Выполняется"
    DONE = "done", "Выполнено"
    CANCELLED = "cancelled", "Снято"


class Measure(models.Model):
    """A line of the plan of measures: problem, root cause, measure, who, when, what is expected, evidence."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="measures")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=MeasureKind.choices, default=MeasureKind.MEASURE)
    problem = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    title = models.CharField(max_length=300)
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    baseline_start = models.DateField(null=True, blank=True)
    baseline_due = models.DateField(null=True, blank=True)
    expected = models.TextField(blank=True)
    resources = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=MeasureState.choices, default=MeasureState.PLANNED)
    done_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    follows = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="followed_by")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="project_measure_once"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(starts_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="project_measure_forward",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False), name="project_measure_done_has_day"
            ),
        ]
        indexes = [models.Index(fields=["responsible", "state", "due_on"], name="project_measure_whose_idx")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class WeeklyCheck(models.Model):
    """The weekly look at the plan (штаб проекта): what was done, what hinders."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="weeks")
    week_on = models.DateField()
    text = models.TextField()
    obstacles = models.TextField(blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    late = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "week_on"], name="project_week_once")]

    def __str__(self) -> str:
        return f"{self.week_on:%d.%m.%Y}"


class DefenceKind(models.TextChoices):
    """Before whom the project is defended."""

    CUSTOMER_PLAN = "customer_plan", "План мероприятий перед заказчиком"
    COMMISSION = "commission", "Перед комиссией"
    REGION = "region", "Перед регионом"


class Decision(models.TextChoices):
    """What a defence ended with."""

    APPROVED = "approved", "Одобрено"
    REMARKS = "approved_with_remarks", "Одобрено с замечаниями"
    REWORK = "rework", "На доработку"
    STOP = "stop", "Прекратить"


class Defence(models.Model):
    """A defence: when, before whom, the decision. A project may have several of different kinds."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="defences")
    kind = models.CharField(max_length=15, choices=DefenceKind.choices)
    held_on = models.DateField()
    place = models.CharField(max_length=300, blank=True)
    # By names, as the protocol has them.
    attended = models.TextField(blank=True)
    decision = models.CharField(max_length=25, choices=Decision.choices, blank=True)
    # By name, as the protocol has it: the person may leave.
    decided_by = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "-held_on"], name="project_defence_idx")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.held_on:%d.%m.%Y}"


class Remark(models.Model):
    """A remark of a defence or a corrective act of a failed control point: an assignment with a person and a day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="remarks")
    defence = models.ForeignKey(
        Defence, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks"
    )
    text = models.TextField()
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    is_corrective = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["responsible", "done_on", "due_on"], name="project_remark_whose_idx")]

    def __str__(self) -> str:
        return self.text[:80]


class Measurement(models.Model):
    """A measured value of a goal."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measurements")
    measured_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=4)
    how = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["goal", "measured_on"], name="project_measurement_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.measured_on:%d.%m.%Y}: {self.value}"


class EffectKind(models.TextChoices):
    """What an effect is in."""

    TIME = "time", "Время"
    MONEY = "money", "Деньги"
    SATISFACTION = "satisfaction", "Удовлетворённость"


class Frequency(models.TextChoices):
    """How often time is saved."""

    DAY = "day", "в день"
    WEEK = "week", "в неделю"
    MONTH = "month", "в месяц"
    YEAR = "year", "в год"


class Effect(models.Model):
    """An effect of a project by a version of the method; one already counted elsewhere is kept but not added."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="effects")
    kind = models.CharField(max_length=12, choices=EffectKind.choices)
    method = models.ForeignKey(EffectMethod, on_delete=models.PROTECT, related_name="+")
    minutes = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    times = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    frequency = models.CharField(max_length=10, choices=Frequency.choices, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True)
    # Of satisfaction: percent before and after.
    before = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    after = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    hours_a_year = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    money_a_year = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    text = models.TextField(blank=True)
    # Where the same effect is counted already; empty when it counts here.
    counted_in = models.CharField(max_length=300, blank=True)
    is_verified = models.BooleanField(default=False)
    verified_by = models.CharField(max_length=200, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    added_by = models.CharField(max_length=200)
    added_by_person_id = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="time")
                | Q(minutes__isnull=False, times__isnull=False, people__isnull=False),
                name="project_effect_time_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class StabilityPoint(models.Model):
    """A control point after closing: an obligation of the process owner with a day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="points")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    checked_on = models.DateField(null=True, blank=True)
    is_stable = models.BooleanField(null=True, blank=True)
    values = models.JSONField(default=list)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "months"], name="project_point_once")]
        indexes = [models.Index(fields=["checked_on", "due_on"], name="project_point_due_idx")]

    def __str__(self) -> str:
        return f"через {self.months} мес."
