"""Region, municipality, organisations, their units, participation and headcount."""

import secrets
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from gemba.organisation.models.dated import Dated, DatedQuerySet, dates_forward
from gemba.search.fields import WordsField
from gemba.ui.frame import ACCENTS


@dataclass(frozen=True)
class MunicipalitySettings:
    """What a municipality decides for itself about its register."""

    # When a new organisation enters the denominator of shares (indicators, 5.1).
    new_organisations_join: Literal["at_once", "next_year"] = "at_once"

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """Read what is kept, taking the default for what is absent.

        :raises ValueError: when a key or a value is not known.
        """
        known = {field.name for field in fields(cls)}
        if unknown := set(data) - known:
            raise ValueError(f"Неизвестные настройки округа: {', '.join(sorted(unknown))}.")
        result = cls(**data)
        if result.new_organisations_join not in ("at_once", "next_year"):
            raise ValueError("Настройка «новые организации»: at_once или next_year.")
        return result

    def as_json(self) -> dict[str, Any]:
        """Return what the database keeps."""
        return asdict(self)


class Region(models.Model):
    """A region of several municipalities."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality: the border that no data cross."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="municipalities")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200, unique=True)
    short_name = models.CharField(max_length=100)
    genitive = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60, default="Asia/Novokuznetsk")
    accent = models.CharField(max_length=20, choices=[(name, name) for name in ACCENTS], default=ACCENTS[0])
    coat_of_arms = models.FileField(upload_to="coats-of-arms", blank=True)
    settings = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.short_name

    @property
    def typed_settings(self) -> MunicipalitySettings:
        """Return the settings as a checked value."""
        return MunicipalitySettings.of(self.settings)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the municipality."""
        return ZoneInfo(self.time_zone)


class Direction(models.Model):
    """A direction of activity (сфера): education, culture, social protection…"""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="directions")
    name = models.CharField(max_length=150)
    name_key = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name_key"], name="direction_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationKind(models.TextChoices):
    """Kinds are separate because rows of plans use different words."""

    OMSU = "omsu", "Орган местного самоуправления"
    STRUCTURAL_UNIT = "structural_unit", "Структурное подразделение"
    INSTITUTION = "institution", "Учреждение"
    ORGANISATION = "organisation", "Организация"


class OrganisationQuerySet(DatedQuerySet["Organisation"]):
    """Organisations by tree."""

    def within(self, *roots: "Organisation") -> Self:
        """Keep the roots and everything below them."""
        condition = Q(pk__in=[root.pk for root in roots])
        for root in roots:
            condition |= Q(path__startswith=root.inner_path)
        return self.filter(condition)


class Organisation(Dated):
    """A body, structural unit, institution or other organisation, with its days of existence.

    `path` holds the numbers of all organisations above: "/12/45/"; a root has "/".
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, default="/", db_index=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=500)
    name_key = models.CharField(max_length=500)
    short_name = models.CharField(max_length=200)
    inn = models.CharField(max_length=12, blank=True)
    direction = models.ForeignKey(
        Direction, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    closing_ground = models.CharField(max_length=300, blank=True)
    words = WordsField()
    version = models.PositiveIntegerField(default=1)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            dates_forward("organisation_dates_forward"),
            models.UniqueConstraint(fields=["municipality", "code"], name="organisation_code_once"),
            models.UniqueConstraint(
                fields=["municipality", "inn"], condition=~Q(inn=""), name="organisation_inn_once"
            ),
            models.UniqueConstraint(
                fields=["parent", "name_key"],
                condition=Q(ends_on__isnull=True, parent__isnull=False),
                name="organisation_name_once_in_parent",
            ),
            models.UniqueConstraint(
                fields=["municipality", "name_key"],
                condition=Q(ends_on__isnull=True, parent__isnull=True),
                name="organisation_name_once_at_root",
            ),
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")), name="organisation_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=~Q(successor=models.F("id")), name="organisation_not_its_own_successor"
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(ends_on__isnull=False),
                name="organisation_successor_after_closing",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""), name="organisation_has_code_and_name"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "name_key", "id"], name="organisation_list_idx"),
            models.Index(fields=["municipality", "kind", "name_key", "id"], name="organisation_kind_idx"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def inner_path(self) -> str:
        """Return the path that everything below this organisation starts with."""
        return f"{self.path}{self.pk}/"

    @property
    def depth(self) -> int:
        """Count the organisations above."""
        return self.path.count("/") - 1


class ParticipationPeriod(Dated):
    """When an organisation takes part in the programme (R-064: participation may be by agreement)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="participation")
    ground = models.CharField(max_length=300, blank=True)

    objects = DatedQuerySet["ParticipationPeriod"].as_manager()

    class Meta:
        constraints = [
            dates_forward("participation_dates_forward"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(ends_on__isnull=True), name="participation_one_open"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "starts_on"], name="participation_idx")]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.starts_on} – {self.ends_on or '…'}"


class HeadcountRecord(models.Model):
    """How many people an organisation employs, as known on a day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="headcounts")
    counted_on = models.DateField()
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "counted_on"], name="headcount_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.counted_on}: {self.people}"


def new_qr_token() -> str:
    """Make the unguessable part of the address printed on a stand."""
    return secrets.token_urlsafe(12)


class Unit(Dated):
    """A unit inside an organisation: department, group, class, brigade."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, default="/")
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300)
    qr_token = models.CharField(max_length=24, unique=True, default=new_qr_token)
    version = models.PositiveIntegerField(default=1)

    objects = DatedQuerySet["Unit"].as_manager()

    class Meta:
        constraints = [
            dates_forward("unit_dates_forward"),
            models.UniqueConstraint(
                fields=["parent", "name_key"],
                condition=Q(ends_on__isnull=True, parent__isnull=False),
                name="unit_name_once_in_parent",
            ),
            models.UniqueConstraint(
                fields=["organisation", "name_key"],
                condition=Q(ends_on__isnull=True, parent__isnull=True),
                name="unit_name_once_at_root",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="unit_not_its_own_parent"),
        ]
        indexes = [models.Index(fields=["organisation", "name_key"], name="unit_list_idx")]

    def __str__(self) -> str:
        return self.name

    @property
    def inner_path(self) -> str:
        """Return the path that everything below this unit starts with."""
        return f"{self.path}{self.pk}/"
