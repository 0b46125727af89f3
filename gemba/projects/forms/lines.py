"""Lines of the passport: team, participants, goals, grounds; any of them may still be empty."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from gemba.organisation.models import Person
from gemba.projects.forms.fields import ColleagueField, ObjectField, PlaceField
from gemba.projects.queries.settings import Acts
from gemba.projects.rules.passport import (
    BETTER,
    GOAL_KINDS,
)
from gemba.ui.forms import ChoiceField, DecimalField, TextField


class Lenient(forms.Form):
    """A form of which any part may still be empty: what approval needs looks required, and is kept without it."""

    def full_clean(self) -> None:
        """Check what was typed; what is missing is named before approval, not now."""
        asked = [
            field
            for field in self.fields.values()
            if field.required and not isinstance(field.widget, forms.HiddenInput)
        ]
        for field in asked:
            field.required = False
        try:
            super().full_clean()
        finally:
            for field in asked:
                field.required = True

    def ask_for(self, *names: str) -> None:
        """Show these fields as required."""
        for name in names or tuple(self.fields):
            if name in self.fields and not isinstance(self.fields[name].widget, forms.HiddenInput):
                self.fields[name].required = True


class MemberForm(Lenient):
    """A line of the team."""

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = ColleagueField(found=people, label="Сотрудник", required=False)
        self.fields["part"] = TextField(label="Что делает в проекте", max_length=200, required=False)
        self.ask_for()


class PlaceForm(Lenient):
    """A line of the participants."""

    def __init__(self, *args: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = PlaceField(
            municipality_id=municipality_id, label="Организация", required=False
        )
        self.ask_for()


class GoalForm(Lenient):
    """A line of the goals."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    title = TextField(label="Цель", max_length=300)
    unit = TextField(label="Единица", max_length=60)
    baseline = DecimalField(label="Сейчас", max_digits=14, decimal_places=4)
    target = DecimalField(label="Нужно", max_digits=14, decimal_places=4)
    better = ChoiceField(label="Что лучше", choices=BETTER)
    kind = ChoiceField(label="О чём", choices=GOAL_KINDS)


class GroundForm(Lenient):
    """A line of the grounds: what the regulation allows and to what it is linked."""

    def __init__(self, *args: Any, acts: Acts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Выберите основание")] + [(one.code, one.text[:200]) for one in acts.grounds]
        if not acts.grounds:
            choices = [
                ("", "Выберите основание"),
                ("other", "Решение руководителя"),
                ("proposal", "Предложение по улучшению"),
            ]
        self.fields["code"] = ChoiceField(label="Основание", choices=choices, required=False)
        self.fields["object_title"] = ObjectField(
            label="К чему привязано",
            max_length=500,
            required=False,
            help_text="Начните вводить: предложим показатели, поручения, ППУ и прежние проекты. Можно и словами.",
        )
        self.ask_for()
