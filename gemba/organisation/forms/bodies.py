"""Bodies and their composition."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from gemba.organisation.actions import BodyFields, Seat
from gemba.organisation.forms.base import OrganisationField, PersonField, RecordForm
from gemba.organisation.models import Body, BodyKind, BodyMembership, BodyRole, Municipality, Person
from gemba.organisation.queries import Composition
from gemba.ui.forms import ChoiceField, DateField, TextField

ACT_HINT = "Постановление, распоряжение, приказ."
EMPTY_ROWS = 3
MOST_ROWS = 80


class BodyForm(RecordForm):
    """A body and the act that made it."""

    kind = ChoiceField(
        label="Вид",
        choices=BodyKind.choices,
        help_text="Куратор — это заместитель главы в администрации, начальник в управлении, руководитель в учреждении.",
    )
    name = TextField(label="Название", max_length=500, rows=2)
    purpose = TextField(label="Для чего", max_length=4000, required=False, rows=3)
    act_kind = TextField(label="Вид акта", max_length=100, required=False, help_text=ACT_HINT)
    act_number = TextField(label="Номер акта", max_length=60, required=False)
    act_on = DateField(label="Дата акта", required=False)
    starts_on = DateField(label="Действует с", required=False)

    def __init__(
        self, *args: Any, municipality: Municipality, body: Body | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(
            municipality_id=municipality.pk, label="При организации", required=False,
            help_text="Пусто — орган всего округа.",
        )  # fmt: skip
        if body is not None:
            self.initial = {**self.values_of(body), "version": body.version}
        else:
            self.initial.setdefault("version", 0)
        self.order_fields(
            ["kind", "name", "organisation", "purpose", "act_kind", "act_number", "act_on", "starts_on"]
        )

    def to_fields(self) -> BodyFields:
        """Return what was sent as the act takes it."""
        names = ("kind", "name", "purpose", "act_kind", "act_number", "act_on", "starts_on", "organisation")
        return BodyFields(**{name: self.cleaned_data[name] for name in names})


class CompositionForm(RecordForm):
    """The act that sets a composition."""

    from_day = DateField(label="Состав действует с")
    act_kind = TextField(label="Вид акта", max_length=100, help_text=ACT_HINT)
    act_number = TextField(label="Номер акта", max_length=60)
    act_on = DateField(label="Дата акта", required=False)


class SeatForm(forms.Form):
    """One place of a composition; an empty row is no place."""

    role = ChoiceField(label="Роль", choices=BodyRole.choices, initial=BodyRole.MEMBER)
    seat = TextField(label="Должность по акту", max_length=500, required=False)
    is_acting = forms.BooleanField(label="и.о.", required=False)
    is_released = forms.BooleanField(label="Освобождённый", required=False)
    is_removed = forms.BooleanField(label="Убрать", required=False)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(found=people, label="Кто занимает", required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the position where a person is named."""
        data = super().clean() or self.cleaned_data
        if data.get("person") and not data.get("seat"):
            self.add_error("seat", "Введите должность.")
        return data

    def to_seat(self) -> Seat | None:
        """Return the place; nothing for an empty or removed row."""
        data = self.cleaned_data
        if not data or data.get("is_removed") or not data.get("seat"):
            return None
        return Seat(data["role"], data["seat"], data["person"], data["is_acting"], data["is_released"])


SeatSet = forms.formset_factory(
    SeatForm, extra=EMPTY_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 10, validate_max=True
)


def seats_of(composition: Composition) -> list[dict[str, Any]]:
    """Return the rows of the formset that a composition begins with."""
    return [
        {
            "role": place.role,
            "seat": place.seat,
            "person": place.person,
            "is_acting": place.is_acting,
            "is_released": place.is_released,
        }
        for place in composition.members
    ]


class FillSeatForm(forms.Form):
    """Who takes a vacant place and from when."""

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(found=people, label="Кто занимает место")
        self.fields["from_day"] = DateField(label="С какого дня")


class ActingChairForm(forms.Form):
    """A deputy exercises the powers of the chair."""

    first_day = DateField(label="С какого дня")
    last_day = DateField(label="По какой день", required=False, help_text="Пусто — до отмены.")
    ground = TextField(
        label="Основание",
        max_length=500,
        help_text="Отпуск председателя или его поручение: акт, дата, номер.",
    )

    def __init__(self, *args: Any, deputies: list[BodyMembership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(place.pk), f"{place.person}, {place.seat}") for place in deputies]
        self.fields["membership"] = ChoiceField(label="Заместитель", choices=choices, as_cards=True)
        self.order_fields(["membership", "first_day", "last_day", "ground"])


class CloseBodyForm(RecordForm):
    """The last day of a body."""

    last_day = DateField(label="Последний день")
    ground = TextField(label="Основание", max_length=300, help_text="Акт: вид, дата и номер.")
