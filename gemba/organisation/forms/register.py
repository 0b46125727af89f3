"""Organisations and units."""

from typing import Any

from django import forms
from django.forms.models import ModelChoiceField

from gemba.organisation.actions import OrganisationFields
from gemba.organisation.forms.base import OrganisationField, RecordForm
from gemba.organisation.models import Direction, Municipality, Organisation, OrganisationKind, Unit
from gemba.ui.forms import ChoiceField, DateField, TextField, WholeField


class OrganisationForm(RecordForm):
    """An organisation."""

    kind = ChoiceField(label="Вид", choices=OrganisationKind.choices, as_cards=True)
    name = TextField(label="Полное название", max_length=500, help_text="Как в уставе или положении.", rows=2)
    short_name = TextField(
        label="Короткое название",
        max_length=200,
        required=False,
        help_text="Для списков и отчётов: «Школа № 1».",
    )
    inn = TextField(
        label="ИНН",
        max_length=12,
        required=False,
        help_text="10 цифр. У подразделений без ИНН оставьте пустым.",
    )
    code = TextField(
        label="Код",
        max_length=40,
        required=False,
        help_text="По нему запись узнают при загрузке. Пустой даст реестр.",
    )
    starts_on = DateField(label="Создана", required=False, help_text="Если дата неизвестна, оставьте пустым.")

    def __init__(
        self, *args: Any, municipality: Municipality, organisation: Organisation | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.fields["parent"] = OrganisationField(
            municipality_id=municipality.pk, label="Кому подчинена", required=False,
            help_text="Введите часть названия и выберите. Пусто — подчинена округу.",
        )  # fmt: skip
        directions = Direction.objects.filter(municipality=municipality, is_active=True).order_by("name_key")
        self.fields["direction"] = ModelChoiceField(
            queryset=directions, label="Направление", required=False, empty_label="не указано"
        )
        if organisation is not None:
            self.initial = {**self.values_of(organisation), "version": organisation.version, **self.initial}
        else:
            self.initial.setdefault("version", 0)
            self.fields["participates"] = forms.BooleanField(
                label="Участвует в программе", required=False, initial=True
            )
        self.order_fields(["kind", "name", "short_name", "parent", "direction", "inn", "code", "starts_on"])

    def to_fields(self) -> OrganisationFields:
        """Return what was sent as the act takes it."""
        data = self.cleaned_data
        names = ("kind", "name", "short_name", "inn", "code", "parent", "direction", "starts_on")
        return OrganisationFields(**{name: data[name] for name in names})


class CloseForm(RecordForm):
    """Closing: the last day and the ground."""

    last_day = DateField(label="Последний день")
    ground = TextField(label="Основание", max_length=300, help_text="Акт: вид, дата и номер.")


class MergeForm(forms.Form):
    """Reorganisation of one organisation into another."""

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"] = OrganisationField(
            municipality_id=municipality.pk, label="Правопреемник",
            help_text="К нему перейдут подчинённые организации и прошлые результаты.",
        )  # fmt: skip
        self.fields["last_day"] = DateField(label="Последний день присоединяемой организации")
        self.fields["ground"] = TextField(
            label="Основание", max_length=300, help_text="Акт: вид, дата и номер."
        )


class StartParticipationForm(forms.Form):
    """Beginning of participation."""

    first_day = DateField(label="Участвует с")
    ground = TextField(label="Основание", max_length=300, required=False, help_text="Соглашение или акт.")


class EndParticipationForm(forms.Form):
    """End of participation."""

    last_day = DateField(label="Участвует по")
    ground = TextField(label="Основание", max_length=300, required=False)


class HeadcountForm(forms.Form):
    """Headcount as of a day."""

    counted_on = DateField(label="На дату")
    people = WholeField(label="Численность", unit="чел.", min_value=0, max_value=100_000)


class UnitForm(RecordForm):
    """A unit: its name and place."""

    name = TextField(label="Название", max_length=300)
    parent = forms.ModelChoiceField(
        queryset=Unit.objects.none(), label="Входит в", required=False, empty_label="напрямую в организацию"
    )

    def __init__(
        self, *args: Any, organisation: Organisation, unit: Unit | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        others = Unit.objects.filter(organisation=organisation, ends_on__isnull=True).order_by("name_key")
        if unit is not None:
            others = others.exclude(pk=unit.pk).exclude(path__startswith=unit.inner_path)
            self.initial = {"name": unit.name, "parent": unit.parent_id, "version": unit.version}
        else:
            self.initial.setdefault("version", 0)
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]


class CloseUnitForm(RecordForm):
    """The last day of a unit."""

    last_day = DateField(label="Последний день")
