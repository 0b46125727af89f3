"""Accounts, roles, the municipality itself."""

from typing import Any

from django import forms

from gemba.organisation.actions import MunicipalityFields
from gemba.organisation.forms.base import OrganisationField, PersonField, RecordForm
from gemba.organisation.models import Body, Municipality, MunicipalitySettings, Person
from gemba.organisation.roles import CARDS, WITHOUT_ACCOUNT, Role
from gemba.ui.forms import ChoiceField, DateField, TextField, WholeField
from gemba.ui.frame import ACCENTS
from gemba.ui.uploads import UploadField

GRANTED = [role for role in Role if role not in WITHOUT_ACCOUNT and role is not Role.REGION]
# The time zones of Russia by their distance from Moscow.
ZONES = {
    "Europe/Kaliningrad": "Калининград, МСК−1",
    "Europe/Moscow": "Москва",
    "Europe/Samara": "Самара, МСК+1",
    "Asia/Yekaterinburg": "Екатеринбург, МСК+2",
    "Asia/Omsk": "Омск, МСК+3",
    "Asia/Novosibirsk": "Новосибирск, МСК+4",
    "Asia/Novokuznetsk": "Кемерово, Новокузнецк, МСК+4",
    "Asia/Krasnoyarsk": "Красноярск, МСК+4",
    "Asia/Irkutsk": "Иркутск, МСК+5",
    "Asia/Yakutsk": "Якутск, МСК+6",
    "Asia/Vladivostok": "Владивосток, МСК+7",
    "Asia/Magadan": "Магадан, МСК+8",
    "Asia/Kamchatka": "Камчатка, МСК+9",
}
ACCENT_TITLES = dict(
    zip(
        ACCENTS, ("синий", "бирюзовый", "зелёный", "сливовый", "малиновый", "янтарный", "серый"), strict=False
    )
)


class InviteForm(forms.Form):
    """A new account."""

    login = TextField(
        label="Имя для входа", max_length=60, help_text="Латинские буквы и цифры, например ivanova.m."
    )

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(municipality=municipality, user__isnull=True)
        self.fields["person"] = PersonField(found=people, label="Сотрудник", required=False)
        self.fields["title"] = TextField(
            label="Или чья это запись",
            max_length=200,
            required=False,
            help_text="Если это не сотрудник округа.",
        )
        self.order_fields(["person", "title", "login"])


class GrantForm(forms.Form):
    """A role, its place and days."""

    role = ChoiceField(
        label="Роль", choices=[(role.value, role.label) for role in GRANTED],
        hints={role.value: CARDS[role].may for role in GRANTED},
    )  # fmt: skip
    starts_on = DateField(label="С какого дня")
    ends_on = DateField(label="По какой день", required=False, help_text="Пусто — бессрочно.")
    ground = TextField(label="Основание", max_length=300, required=False, help_text="Приказ, распоряжение.")

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(
            municipality_id=municipality.pk, label="В организации", required=False,
            help_text="Вместе со всем, что ей подчинено. Пусто — во всём округе.",
        )  # fmt: skip
        self.fields["body"] = forms.ModelChoiceField(
            queryset=Body.objects.filter(municipality=municipality, ends_on__isnull=True).order_by("name_key"),
            label="В органе", required=False, empty_label="не в органе",
        )  # fmt: skip
        self.fields["project_number"] = WholeField(label="В проекте №", required=False, min_value=1)
        self.order_fields(
            ["role", "organisation", "body", "project_number", "starts_on", "ends_on", "ground"]
        )


class RevokeForm(forms.Form):
    """End of a role."""

    last_day = DateField(label="Последний день роли")
    ground = TextField(label="Основание", max_length=300, required=False)


class SwitchForm(RecordForm):
    """Closing or opening an account."""

    reason = TextField(label="Почему", max_length=300, required=False)


class MunicipalityForm(RecordForm):
    """Names, look and settings of a municipality."""

    name = TextField(label="Полное название", max_length=200)
    short_name = TextField(label="Короткое название", max_length=100)
    genitive = TextField(
        label="Название в родительном падеже",
        max_length=200,
        help_text="Для заголовков: «Показатели Заречного округа».",
    )
    time_zone = ChoiceField(label="Часовой пояс", choices=list(ZONES.items()))
    accent = ChoiceField(label="Цвет", choices=[(name, ACCENT_TITLES.get(name, name)) for name in ACCENTS])
    new_organisations_join = ChoiceField(
        label="Новая организация входит в расчёт долей",
        choices=[("at_once", "сразу"), ("next_year", "с года, следующего за созданием")],
        as_cards=True,
    )

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.values_of(municipality), "version": municipality.version}
        if municipality.time_zone not in ZONES:
            kept = (municipality.time_zone, municipality.time_zone)
            self.fields["time_zone"].choices = [*ZONES.items(), kept]  # type: ignore[attr-defined]

    def values_of(self, record: Any) -> dict[str, Any]:
        """Return the values of the municipality, settings among them."""
        return {**super().values_of(record), **record.typed_settings.as_json()}

    def to_fields(self) -> MunicipalityFields:
        """Return what was sent as the act takes it."""
        data = self.cleaned_data
        names = ("name", "short_name", "genitive", "time_zone", "accent")
        settings = MunicipalitySettings(new_organisations_join=data["new_organisations_join"])
        return MunicipalityFields(**{name: data[name] for name in names}, settings=settings)


class CoatForm(forms.Form):
    """The coat of arms."""

    picture = UploadField(label="Герб", kinds=("png", "jpeg"), megabytes=5)


class ChangeDirectionForm(RecordForm):
    """A direction that is already used."""

    name = TextField(label="Название направления", max_length=150)
    is_active = forms.BooleanField(
        label="Предлагать при выборе",
        required=False,
        help_text="У организаций прежнее направление останется.",
    )


class DirectionForm(forms.Form):
    """A direction of activity."""

    name = TextField(label="Название направления", max_length=150, help_text="Образование, культура, ЖКХ…")
