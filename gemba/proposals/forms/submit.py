"""A proposal as it is sent by the signed-in, and typed in from paper."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet

from gemba.organisation.models import Organisation, Person, Unit
from gemba.proposals.forms.fields import ColleagueField, ColleaguesField, PhotosField
from gemba.proposals.models import Category
from gemba.proposals.rules.texts import LONGEST, SAY_PROBLEM, SAY_SOLUTION
from gemba.ui.forms import ChoiceField, DateField, TextField


class SubmitForm(forms.Form):
    """Two texts and a photo; everything else can wait."""

    problem = TextField(
        label="Что мешает", rows=4, max_length=LONGEST, help_text="Одной фразы хватит: где и что неудобно.",
        error_messages={"required": SAY_PROBLEM},
    )  # fmt: skip
    solution = TextField(
        label="Что предлагаю", rows=4, max_length=LONGEST, help_text="Как сделать проще, быстрее, безопаснее.",
        error_messages={"required": SAY_SOLUTION},
    )  # fmt: skip
    photo = PhotosField(label="Фото", help_text="До 5 снимков. Место и время съёмки мы стираем.")
    sent_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    unit = forms.ModelChoiceField(
        queryset=Unit.objects.none(), label="Подразделение", required=False, empty_label="не указано"
    )
    category = ChoiceField(label="О чём", required=False, choices=[("", "не указано"), *Category.choices])
    expected = TextField(label="Что улучшится", required=False, rows=2, max_length=LONGEST)
    is_author_ready = forms.BooleanField(label="Готов(а) внедрить сам(а)", required=False)
    needs_money = forms.BooleanField(label="Нужны деньги", required=False, help_text="Тогда решает комиссия.")
    touches_others = forms.BooleanField(
        label="Касается других подразделений", required=False, help_text="Тогда решает комиссия."
    )
    has_consent = forms.BooleanField(
        label="Можно называть меня в таблице лучших за год", required=False,
        help_text="Согласие можно отозвать в любой день на странице «Мои предложения».",
    )  # fmt: skip

    def __init__(
        self, *args: Any, units: QuerySet[Unit], colleagues: Callable[[], QuerySet[Person]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["co_authors"] = ColleaguesField(
            found=colleagues,
            label="Соавторы",
            help_text="Каждый с новой строки: фамилия, имя, отчество или код.",
        )


class PaperForm(SubmitForm):
    """A card filled by hand: the same fields, the author by name, the day on the card."""

    def __init__(
        self, *args: Any, organisations: QuerySet[Organisation], people: QuerySet[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, colleagues=lambda: people, **kwargs)
        self.fields["organisation"] = forms.ModelChoiceField(
            queryset=organisations, label="Организация", empty_label="Выберите"
        )
        self.fields["author"] = ColleagueField(
            found=people, label="Автор", required=False, help_text="Пусто — карточка без имени."
        )
        self.fields["sent_on"] = DateField(label="Дата на карточке")
        del self.fields["has_consent"]
        self.order_fields(["organisation", "author", "sent_on", "problem", "solution", "photo"])
