"""Forms of the coordinator: effect, reward, introduction elsewhere, settings, ready answers, import."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from gemba.organisation.forms.base import OrganisationField
from gemba.organisation.models import Municipality, Person
from gemba.proposals.forms.fields import ColleagueField, PhotosField
from gemba.proposals.models import EffectKind, Frequency, PhotoKind, ReplicationState, RewardKind
from gemba.proposals.rules.states import TABLE, Verb
from gemba.proposals.rules.terms import BOUNDS
from gemba.ui.forms import ChoiceField, DateField, DecimalField, TextField, WholeField
from gemba.ui.uploads import SHEETS, UploadField


class EffectForm(forms.Form):
    """An effect: only the fields of the chosen kind are read."""

    kind = ChoiceField(
        label="Что стало лучше", choices=EffectKind.choices, as_cards=True,
        hints={"time": "минуты × как часто × сколько людей", "money": "рублей в год"},
    )  # fmt: skip
    minutes = DecimalField(
        label="Сколько минут экономится за раз", required=False, unit="мин", max_digits=8, decimal_places=2
    )
    times = DecimalField(label="Сколько раз", required=False, max_digits=8, decimal_places=2)
    frequency = ChoiceField(label="Как часто", required=False, choices=[("", "Выберите"), *Frequency.choices])
    people = WholeField(
        label="У скольких человек", required=False, unit="чел.", min_value=1, max_value=100_000
    )
    money = DecimalField(
        label="Сколько денег в год", required=False, unit="₽", max_digits=12, decimal_places=2
    )
    text = TextField(
        label="Словами",
        required=False,
        rows=3,
        max_length=5000,
        help_text="Без эффекта в рублях — это нормально.",
    )


class PhotosForm(forms.Form):
    """Photos and what they show."""

    kind = ChoiceField(label="Что на снимках", choices=PhotoKind.choices, as_cards=True)
    photos = PhotosField(
        label="Снимки", required=True, help_text="До 5 за раз. Место и время съёмки мы стираем."
    )


class RewardForm(forms.Form):
    """A reward by an act."""

    kind = ChoiceField(label="Чем поощряем", choices=RewardKind.choices, as_cards=True)
    act_kind = TextField(label="Вид акта", max_length=100, required=False, initial="Распоряжение")
    act_number = TextField(label="Номер акта", max_length=60)
    act_on = DateField(label="Дата акта")
    points = WholeField(label="Баллы каждому", required=False, unit="б.", min_value=0, max_value=10_000)
    amount = DecimalField(
        label="Премия каждому", required=False, unit="₽", min_value=0, max_digits=10, decimal_places=2,
        help_text="Сумму видят только те, кому положено.",
    )  # fmt: skip
    note = TextField(label="За что", required=False, rows=2, max_length=500)

    def __init__(self, *args: Any, authors: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"] = forms.ModelMultipleChoiceField(
            queryset=authors, label="Кого", widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Отметьте, кого поощряете."},
        )  # fmt: skip
        self.order_fields(["kind", "people"])


class ReplicateForm(forms.Form):
    """Where else it is useful."""

    adaptation = TextField(label="Что учесть на новом месте", required=False, rows=3, max_length=3000)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(
            municipality_id=municipality.pk,
            label="Кому пригодится",
            help_text="Введите часть названия и выберите.",
        )
        self.order_fields(["organisation", "adaptation"])


class ReplicationForm(forms.Form):
    """The next step of an introduction elsewhere."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    introduced_on = DateField(label="День внедрения", required=False, help_text="Для шага «Внедрено».")
    reason = TextField(label="Причина отказа", required=False, rows=2, max_length=1000)

    def __init__(self, *args: Any, steps: tuple[str, ...], people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(ReplicationState.choices)
        self.fields["state"] = ChoiceField(
            label="Новое состояние",
            as_cards=True,
            choices=[(step, labels[ReplicationState(step)]) for step in steps],
        )
        self.fields["responsible"] = ColleagueField(found=people, label="Кто внедряет", required=False)
        self.order_fields(["state", "introduced_on", "responsible", "reason"])


class EscalateForm(forms.Form):
    """Why the decision is needed one level up."""

    reason = TextField(label="Почему решение нужно на уровень выше", rows=4, max_length=5000,
                       help_text="Поднять можно один раз.")  # fmt: skip


class AssignForm(forms.Form):
    """Who reviews."""

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"] = ColleagueField(found=people, label="Кто рассматривает")


class TemplateForm(forms.Form):
    """A ready answer."""

    verb = ChoiceField(
        label="Для действия",
        choices=[
            (verb.value, TABLE[verb].title)
            for verb in Verb
            if TABLE[verb].needs_reason or verb is Verb.ACCEPT
        ],
    )
    title = TextField(label="Название", max_length=100)
    text = TextField(label="Текст", rows=3, max_length=5000)


class ImportForm(forms.Form):
    """A spreadsheet of earlier years."""

    file = UploadField(label="Таблица", kinds=SHEETS, megabytes=20)


DAYS = "раб. дн."
_NUMBERS: dict[str, tuple[str, str, str]] = {
    "registration_days": ("Зарегистрировать за", DAYS, ""),
    "decision_days": ("Решение руководителя за", DAYS, "Обычно 3–5 рабочих дней."),
    "commission_days": ("Решение комиссии за", DAYS, "Когда нужны деньги или участие других подразделений."),
    "clarification_days": ("Ответ автора на вопрос за", DAYS, ""),
    "verification_days": ("Подтвердить внедрение за", DAYS, ""),
    "implementation_days": (
        "Внедрить за",
        "дн.",
        "Календарные дни, если при решении не назначен другой срок.",
    ),
    "unassigned_days": ("«Никому не назначено» — после", "дн.", ""),
    "stagnant_days": ("«Без движения» — после", "дн.", ""),
    "code_digits": ("Цифр в личном коде", "", ""),
    "code_days": ("Личный код действует", "дн.", ""),
    "attempts": ("Неверных кодов подряд", "", "После этого подразделение с этого адреса ждёт."),
    "attempts_minutes": ("Ждать после неверных кодов", "мин", ""),
    "points_registered": ("Баллов за поданное", "б.", ""),
    "points_accepted": ("Баллов за принятое", "б.", ""),
    "points_implemented": ("Баллов за внедрённое", "б.", ""),
    "points_replicated": ("Баллов за повтор в другом месте", "б.", "Получают обе стороны."),
    "work_days_a_year": ("Рабочих дней в году", "дн.", "Для расчёта эффекта «раз в рабочий день»."),
}


class RulesForm(forms.Form):
    """Terms and rules of the municipality; none of them is law."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["registers_at_once"] = forms.BooleanField(
            label="Давать номер сразу при подаче", required=False,
            help_text="Если выключить, номер даёт координатор.",
        )  # fmt: skip
        self.fields["allows_anonymous"] = forms.BooleanField(
            label="Принимать предложения без имени", required=False
        )
        self.fields["shares_points"] = forms.BooleanField(
            label="Делить баллы между соавторами поровну", required=False,
            help_text="Если выключить, каждый соавтор получает полные баллы.",
        )  # fmt: skip
        for name, (label, unit, hint) in _NUMBERS.items():
            low, high = BOUNDS[name]
            self.fields[name] = WholeField(
                label=label, unit=unit, help_text=hint, min_value=low, max_value=high
            )
        self.fields["hour_rate"] = DecimalField(
            label="Ставка часа", unit="₽", min_value=0, max_value=100_000, max_digits=9, decimal_places=2,
            help_text="Новая ставка — новая версия подсчёта: прежние эффекты не меняются.",
        )  # fmt: skip
