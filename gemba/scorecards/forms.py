"""What was sent: a new sheet, evidence, a reason, a record of training, a file of them."""

from __future__ import annotations

from typing import Any

from django import forms

from gemba.organisation.forms import base as fields
from gemba.organisation.models import Person
from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.scorecards.entering import clean
from gemba.scorecards.rules.states import Stage
from gemba.ui.forms import ChoiceField, DateField, TextField
from gemba.ui.uploads import SHEETS, UploadField

STAGES = [(stage.value, stage.title) for stage in Stage]


class NewForm(forms.Form):
    """Open a sheet about something named by hand."""

    procedure = ChoiceField(label="По какому порядку")
    stage = ChoiceField(
        label="Какая оценка",
        choices=[(stage.value, stage.title) for stage in Stage],
        initial=Stage.FINAL.value,
        as_cards=True,
    )

    def __init__(
        self,
        *args: Any,
        procedures: list[Procedure],
        municipality_id: int,
        by_hand: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = [(each.code, each.title) for each in procedures]  # type: ignore[attr-defined]
        if by_hand:
            self.fields["title"] = TextField(
                label="Что оценивается", max_length=300, help_text="Название проекта."
            )
            self.fields["organisation"] = fields.OrganisationField(
                label="Организация", municipality_id=municipality_id
            )
            people = Person.objects.filter(municipality_id=municipality_id)
            self.fields["leader"] = fields.PersonField(
                label="Руководитель проекта",
                required=False,
                found=people,
            )

    def clean_title(self) -> str:
        """Take away what no database keeps."""
        return clean(str(self.cleaned_data["title"]))


class ProofForm(forms.Form):
    """Evidence of a row: a file, a link, or a named document."""

    row = ChoiceField(label="Что подтверждает", required=False, as_cards=True)
    title = TextField(label="Название", max_length=300, help_text="Например: приказ от 12.03.2026 № 5.")
    link = forms.URLField(
        label="Ссылка", required=False, max_length=500, assume_scheme="https",
        error_messages={"invalid": "Введите адрес полностью: https://…"},
    )  # fmt: skip
    file = UploadField(label="Файл", required=False)

    def __init__(self, *args: Any, criterion: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [row for row in criterion.rows if not row.nothing] if isinstance(criterion, Rows) else []
        choices = [("", "Критерий целиком"), *((row.code, f"{row.code}. {row.text}") for row in rows)]
        self.fields["row"].choices = choices  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """Take away what no database keeps."""
        return clean(str(self.cleaned_data["title"]))


class ReasonForm(forms.Form):
    """Why."""

    reason = TextField(label="Что исправить", max_length=4000, widget=forms.Textarea)


class TrainedForm(forms.Form):
    """One record of training."""

    programme = TextField(label="Программа обучения", max_length=300, required=False)
    document = TextField(
        label="Документ", max_length=200, help_text="Удостоверение, сертификат, приказ: вид и номер."
    )
    issued_on = DateField(label="Дата выдачи")
    valid_until = DateField(label="Действует до", required=False)
    field_order = ["person"]

    def __init__(self, *args: Any, municipality_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = fields.PersonField(
            label="Сотрудник", found=Person.objects.filter(municipality_id=municipality_id)
        )
        self.order_fields(["person"])


class TrainedFileForm(forms.Form):
    """A spreadsheet of the trained."""

    file = UploadField(label="Файл", kinds=SHEETS, megabytes=10)
