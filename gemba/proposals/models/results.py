"""What came of a proposal: effects, rewards, introduction elsewhere."""

from django.db import models
from django.db.models import Q

from gemba.organisation.models import Municipality, Organisation, Person, Unit, User
from gemba.proposals.models.proposal import Proposal


class EffectKind(models.TextChoices):
    """What became better."""

    TIME = "time", "Время"
    MONEY = "money", "Деньги"
    QUALITY = "quality", "Качество"
    SAFETY = "safety", "Безопасность"
    WORDS = "words", "Другое"


class Frequency(models.TextChoices):
    """How often the saved minutes are saved."""

    DAY = "day", "раз в рабочий день"
    WEEK = "week", "раз в неделю"
    MONTH = "month", "раз в месяц"
    YEAR = "year", "раз в год"


class EffectMethod(models.Model):
    """One version of how effects are counted: a new rate makes a new version, old effects keep theirs."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    hour_rate = models.DecimalField(max_digits=9, decimal_places=2)
    work_days_a_year = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="proposal_method_once"),
        ]

    def __str__(self) -> str:
        return f"Версия {self.number}"


class Effect(models.Model):
    """An effect of an implemented proposal; no effect in money is normal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="effects")
    kind = models.CharField(max_length=10, choices=EffectKind.choices)
    method = models.ForeignKey(EffectMethod, on_delete=models.PROTECT, related_name="+")
    minutes = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    times = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    frequency = models.CharField(max_length=10, choices=Frequency.choices, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True)
    hours_a_year = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    money_a_year = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    text = models.TextField(blank=True)
    is_verified = models.BooleanField(default=False)
    verified_by = models.CharField(max_length=200, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    added_by = models.CharField(max_length=200, blank=True)
    added_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="time")
                | Q(minutes__isnull=False, times__isnull=False, people__isnull=False),
                name="proposal_effect_time_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ReplicationState(models.TextChoices):
    """How far the introduction elsewhere has come (domain, 4.22)."""

    RECOMMENDED = "recommended", "Рекомендовано"
    AGREED = "agreed", "Согласовано"
    IN_PROGRESS = "in_progress", "Внедряется"
    INTRODUCED = "introduced", "Внедрено"
    CONFIRMED = "confirmed", "Подтверждено"
    DECLINED = "declined", "Отклонено"


class Replication(models.Model):
    """The same improvement in another place: credits both sides and is not a new proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="replications")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="proposal_replications"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        max_length=12, choices=ReplicationState.choices, default=ReplicationState.RECOMMENDED
    )
    responsible = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    adaptation = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    suggested_on = models.DateField()
    suggested_by = models.CharField(max_length=200)
    suggested_by_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    introduced_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "organisation"], condition=Q(unit__isnull=True),
                name="proposal_replication_once",
            ),
            models.UniqueConstraint(
                fields=["proposal", "organisation", "unit"], condition=Q(unit__isnull=False),
                name="proposal_replication_unit_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["introduced", "confirmed"]) | Q(introduced_on__isnull=False),
                name="proposal_replication_has_day",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["municipality", "introduced_on"], name="proposal_replicated_idx")]

    def __str__(self) -> str:
        return f"{self.proposal_id} → {self.organisation_id}"


class RewardKind(models.TextChoices):
    """How a person is thanked."""

    THANKS = "thanks", "Благодарность"
    CERTIFICATE = "certificate", "Грамота"
    BONUS = "bonus", "Премия"
    POINTS = "points", "Баллы"


class Reward(models.Model):
    """A reward of one person for one proposal, by an act."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="rewards")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposal_rewards")
    kind = models.CharField(max_length=12, choices=RewardKind.choices)
    act_kind = models.CharField(max_length=100, blank=True)
    act_number = models.CharField(max_length=60)
    act_on = models.DateField()
    points = models.PositiveIntegerField(default=0)
    # Seen only by those who may (4.21).
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "person", "kind"], name="proposal_reward_once"),
            models.CheckConstraint(
                condition=~Q(kind="bonus") | Q(amount__isnull=False), name="proposal_bonus_has_amount"
            ),
        ]
        indexes = [models.Index(fields=["person", "act_on"], name="proposal_reward_idx")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person_id}"
