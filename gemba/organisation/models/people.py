"""People and the positions they hold."""

from django.db import models
from django.db.models import Q

from gemba.organisation.models.dated import Dated, DatedQuerySet, dates_forward
from gemba.organisation.models.register import Municipality, Organisation, Unit
from gemba.search.fields import WordsField


class Person(models.Model):
    """A person: only what the forms of the acts demand (columns 9 and 10 of the report)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="people")
    code = models.CharField(max_length=40)
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    patronymic = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    name_key = models.CharField(max_length=310)
    words = WordsField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code"], name="person_code_once"),
            models.CheckConstraint(condition=~Q(family_name="") & ~Q(given_name=""), name="person_has_names"),
        ]
        indexes = [models.Index(fields=["municipality", "name_key", "id"], name="person_list_idx")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return «Иванова Мария Петровна»."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """Return «М. П. Иванова» with spaces that do not break."""
        initials = [f"{part[0]}." for part in (self.given_name, self.patronymic) if part]
        return "\u00a0".join([*initials, self.family_name])


class Position(Dated):
    """A position a person holds in an organisation from one day to another, perhaps acting («и.о.»)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="positions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="positions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="positions")
    title = models.CharField(max_length=300)
    is_acting = models.BooleanField(default=False)
    is_head = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = DatedQuerySet["Position"].as_manager()

    class Meta:
        constraints = [
            dates_forward("position_dates_forward"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=False) & ~Q(title=""), name="position_has_start_and_title"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "ends_on"], name="position_organisation_idx"),
            models.Index(fields=["person", "ends_on"], name="position_person_idx"),
        ]

    def __str__(self) -> str:
        return self.full_title

    @property
    def full_title(self) -> str:
        """Return the title with «и.о.» where the person is acting."""
        return f"и.о. {self.title}" if self.is_acting else self.title
