"""Fields that name a record of the register, and the form that shows both versions of one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from gemba.kernel.numbers import format_date
from gemba.organisation.models import Organisation, Person
from gemba.organisation.rules import name_key
from gemba.ui.forms import Difference, TextField, VersionedForm

DASH = " — "


@dataclass(frozen=True)
class Stale:
    """Who changed the record meanwhile, when, and what differs."""

    who: str
    at: datetime | None
    differences: list[Difference]


class RecordField(forms.CharField):
    """A record named by its code: «004 — Школа № 1»; the code alone or the exact name is enough too."""

    # The address that offers records while a person types.
    search_name = ""
    missing = "Такой записи нет. Выберите из подсказок."

    def __init__(self, *, found: QuerySet[Any], **kwargs: Any) -> None:
        self.found = found
        kwargs.setdefault("max_length", 600)
        kwargs.setdefault("error_messages", {"required": "Начните вводить и выберите из подсказок."})
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write a record as a person reads it."""
        return f"{value.code}{DASH}{value}" if isinstance(value, Model) else value  # type: ignore[attr-defined]

    def clean(self, value: Any) -> Any:
        """Find the record.

        :raises ValidationError: when there is none.
        """
        text = super().clean(value)
        if not text:
            return None
        code = text.partition(DASH)[0].strip()
        record = self.found.filter(code=code).first() or self._by_name(text.strip())
        if record is None:
            raise ValidationError(self.missing)
        return record

    def _by_name(self, text: str) -> Any:
        same = list(self.found.filter(name_key=name_key(text))[:2])
        return same[0] if len(same) == 1 else None


class OrganisationField(RecordField):
    """An organisation of the municipality."""

    search_name = "organisation:organisation_options"
    missing = "Такой организации в реестре нет. Введите часть названия и выберите из подсказок."

    def __init__(self, *, municipality_id: int, open_on: date | None = None, **kwargs: Any) -> None:
        found = Organisation.objects.filter(municipality_id=municipality_id)
        super().__init__(found=found.on(open_on) if open_on else found, **kwargs)


class PersonField(RecordField):
    """A person of the municipality."""

    search_name = "organisation:person_options"
    missing = "Такого сотрудника нет. Введите часть фамилии и выберите из подсказок."

    def __init__(self, *, found: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(found=found, **kwargs)


class RecordForm(VersionedForm):
    """A form of one record: knows how to begin from it and what two people wrote differently."""

    stale: Stale | None = None

    def values_of(self, record: Any) -> dict[str, Any]:
        """Return the values of the record by the names of the fields."""
        return {
            name: getattr(record, name) for name in self.fields if hasattr(record, name) and name != "version"
        }

    def shown(self, name: str, value: Any) -> str:
        """Write a value of the field in words."""
        if value in (None, ""):
            return ""
        source = self.fields[name]
        if isinstance(source, forms.ChoiceField):
            return str(dict(source.choices).get(str(value), value))  # type: ignore[arg-type]
        if isinstance(value, bool):
            return "да" if value else "нет"
        return format_date(value) if isinstance(value, date) else str(value)

    def confront(self, record: Any, who: str, at: datetime | None) -> None:
        """Remember what differs from the record as it stands now and let the person decide."""
        differences = []
        for name, theirs in self.values_of(record).items():
            mine = self.shown(name, self.cleaned_data.get(name, self[name].value()))
            if mine != self.shown(name, theirs):
                differences.append(
                    Difference(str(self[name].label), self.shown(name, theirs) or "пусто", mine or "пусто")
                )
        self.stale = Stale(who, at, differences)
        self.refresh(record.version)


class ReasonForm(forms.Form):
    """A last day and a ground: how anything in the register ends."""

    ground = TextField(label="Основание", max_length=300, help_text="Акт: вид, дата и номер.")
