"""People and positions."""

from typing import Any

from django import forms

from gemba.organisation.actions import PersonFields, PositionFields
from gemba.organisation.forms.base import OrganisationField, RecordForm
from gemba.organisation.models import Municipality, Organisation, Person, Position, Unit
from gemba.ui.forms import DateField, TextField


class PersonForm(RecordForm):
    """A person."""

    family_name = TextField(label="Фамилия", max_length=100)
    given_name = TextField(label="Имя", max_length=100)
    patronymic = TextField(label="Отчество", max_length=100, required=False)
    phone = TextField(label="Телефон", max_length=40, required=False, help_text="Рабочий.")
    email = TextField(label="Электронная почта", max_length=254, required=False, help_text="Рабочая.")
    code = TextField(
        label="Код",
        max_length=40,
        required=False,
        help_text="Табельный номер или свой код. Пустой даст реестр.",
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person is not None:
            self.initial = {**self.values_of(person), "version": person.version}
        else:
            self.initial.setdefault("version", 0)

    def to_fields(self) -> PersonFields:
        """Return what was sent as the act takes it."""
        names = ("family_name", "given_name", "patronymic", "phone", "email", "code")
        return PersonFields(**{name: self.cleaned_data[name] for name in names})


class PositionForm(RecordForm):
    """A position of a person."""

    title = TextField(label="Должность", max_length=300)
    unit_name = TextField(
        label="Подразделение", max_length=300, required=False, help_text="Название из карточки организации."
    )
    is_acting = forms.BooleanField(label="Исполняет обязанности (и.о.)", required=False)
    is_head = forms.BooleanField(label="Руководит организацией или этим подразделением", required=False)
    starts_on = DateField(label="Работает с")
    ends_on = DateField(label="Работает по", required=False, help_text="Пусто — работает сейчас.")

    def __init__(
        self,
        *args: Any,
        municipality: Municipality,
        position: Position | None = None,
        organisation: Organisation | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(municipality_id=municipality.pk, label="Организация")
        if position is not None:
            self.initial = {
                **self.values_of(position),
                "unit_name": position.unit.name if position.unit else "",
                "version": position.version,
            }
        else:
            self.initial.setdefault("version", 0)
            if organisation is not None:
                self.initial["organisation"] = organisation
        self.order_fields(
            ["organisation", "unit_name", "title", "is_head", "is_acting", "starts_on", "ends_on"]
        )

    def clean(self) -> dict[str, Any]:
        """Find the unit inside the organisation that was named."""
        from gemba.organisation.rules import name_key

        data = super().clean() or self.cleaned_data
        name, organisation = data.get("unit_name", ""), data.get("organisation")
        data["unit"] = None
        if name and organisation is not None:
            units = list(
                Unit.objects.filter(organisation=organisation, name_key=name_key(name)).order_by("ends_on")[
                    :2
                ]
            )
            if not units:
                self.add_error("unit_name", f"В организации «{organisation}» нет подразделения «{name}».")
            elif len([unit for unit in units if unit.ends_on is None]) > 1:
                self.add_error(
                    "unit_name", "Подразделений с таким названием несколько: уточните названия в карточке."
                )
            else:
                data["unit"] = next((unit for unit in units if unit.ends_on is None), units[0])
        return data

    def values_of(self, record: Any) -> dict[str, Any]:
        """Return the values of the position, the unit by its name."""
        values = super().values_of(record)
        return {**values, "unit_name": record.unit.name if record.unit else ""}

    def to_fields(self) -> PositionFields:
        """Return what was sent as the act takes it."""
        names = ("organisation", "title", "starts_on", "unit", "is_acting", "is_head", "ends_on")
        return PositionFields(**{name: self.cleaned_data[name] for name in names})


class NewPersonForm(PositionForm):
    """A person together with the first position."""

    family_name = TextField(label="Фамилия", max_length=100)
    given_name = TextField(label="Имя", max_length=100)
    patronymic = TextField(label="Отчество", max_length=100, required=False)
    phone = TextField(label="Телефон", max_length=40, required=False, help_text="Рабочий.")
    email = TextField(label="Электронная почта", max_length=254, required=False, help_text="Рабочая.")
    code = TextField(
        label="Код",
        max_length=40,
        required=False,
        help_text="Табельный номер или свой код. Пустой даст реестр.",
    )
    is_namesake = forms.BooleanField(
        label="Однофамилец: такой человек уже есть, но это другой", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(
            ["family_name", "given_name", "patronymic", "is_namesake", "organisation", "unit_name", "title"]
        )

    def person_fields(self) -> PersonFields:
        """Return the person as the act takes it."""
        names = ("family_name", "given_name", "patronymic", "phone", "email", "code")
        return PersonFields(**{name: self.cleaned_data[name] for name in names})


class DismissForm(RecordForm):
    """End of a position."""

    last_day = DateField(label="Последний рабочий день")
    ground = TextField(label="Основание", max_length=300, required=False, help_text="Приказ: дата и номер.")
