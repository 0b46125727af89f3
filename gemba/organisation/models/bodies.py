"""Bodies of the programme and their dated composition with the act behind it (R-020…R-058)."""

from django.db import models
from django.db.models import Q

from gemba.organisation.models.dated import Dated, DatedQuerySet, dates_forward
from gemba.organisation.models.people import Person
from gemba.organisation.models.register import Municipality, Organisation


class BodyKind(models.TextChoices):
    """What a body is; a working group and a commission are one model under two names (R-021)."""

    WORKING_GROUP = "working_group", "Рабочая группа"
    COMMISSION = "commission", "Комиссия"
    LEADERS_TEAM = "leaders_team", "Команда лидеров"
    CURATOR = "curator", "Куратор"
    AUTHORISED_BODY = "authorised_body", "Уполномоченный орган"
    COMPETENCE_CENTRE = "competence_centre", "Центр компетенций"
    CHANGE_TEAM = "change_team", "Команда по изменениям"


class BodyRole(models.TextChoices):
    """Places in a body, in the order a composition is printed (R-036)."""

    CHAIR = "chair", "Председатель"
    DEPUTY = "deputy", "Заместитель председателя"
    SECRETARY = "secretary", "Секретарь"
    MEMBER = "member", "Член"


class ByAct(models.Model):
    """Point to the administrative act behind a fact: kind, number, date."""

    act_kind = models.CharField(max_length=100, blank=True)
    act_number = models.CharField(max_length=60, blank=True)
    act_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def act_title(self) -> str:
        """Return «Постановление от 12.03.2026 № 145-п», or what of it is known."""
        parts = [self.act_kind]
        if self.act_on:
            parts.append(f"от {self.act_on:%d.%m.%Y}")
        if self.act_number:
            parts.append(f"№\u00a0{self.act_number}")
        return " ".join(part for part in parts if part)


class Body(Dated, ByAct):
    """A body of the programme: a working group, a commission and the other kinds."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="bodies")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="bodies"
    )
    kind = models.CharField(max_length=20, choices=BodyKind.choices)
    # The code the regulation pack gives to this body; empty for a body that no pack names.
    code = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=500)
    name_key = models.CharField(max_length=500)
    purpose = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DatedQuerySet["Body"].as_manager()

    class Meta:
        constraints = [
            dates_forward("body_dates_forward"),
            models.UniqueConstraint(
                fields=["municipality", "code"], condition=~Q(code=""), name="body_code_once"
            ),
            models.UniqueConstraint(
                fields=["municipality", "name_key"],
                condition=Q(ends_on__isnull=True, organisation__isnull=True),
                name="body_name_once_in_municipality",
            ),
            models.UniqueConstraint(
                fields=["organisation", "name_key"],
                condition=Q(ends_on__isnull=True, organisation__isnull=False),
                name="body_name_once_in_organisation",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "name_key", "id"], name="body_list_idx")]

    def __str__(self) -> str:
        return self.name


class BodyMembership(Dated, ByAct):
    """A place in a body from one day to another: by position (`seat`), held by a person or still vacant."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=BodyRole.choices)
    seat = models.CharField(max_length=500)
    is_acting = models.BooleanField(default=False)
    # a responsible person may be released from the main duties.
    is_released = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects = DatedQuerySet["BodyMembership"].as_manager()

    class Meta:
        constraints = [
            dates_forward("membership_dates_forward"),
            models.CheckConstraint(condition=Q(starts_on__isnull=False), name="membership_has_start"),
            models.UniqueConstraint(
                fields=["body"], condition=Q(role="chair", ends_on__isnull=True), name="membership_one_chair"
            ),
            models.UniqueConstraint(
                fields=["body", "person"],
                condition=Q(ends_on__isnull=True, person__isnull=False),
                name="membership_person_once",
            ),
        ]
        indexes = [models.Index(fields=["person", "ends_on"], name="membership_person_idx")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person or self.seat}"


class ActingChair(Dated):
    """When a deputy exercises all powers of the chair and on what ground (R-038)."""

    membership = models.ForeignKey(BodyMembership, on_delete=models.CASCADE, related_name="acted_as_chair")
    ground = models.CharField(max_length=500)

    objects = DatedQuerySet["ActingChair"].as_manager()

    class Meta:
        constraints = [
            dates_forward("acting_chair_dates_forward"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=False) & ~Q(ground=""), name="acting_chair_has_start_and_ground"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.starts_on} – {self.ends_on or '…'}"
