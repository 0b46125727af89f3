"""What was sent: a new campaign, evidence, a scan, the reason of a return, the act of a coefficient."""

from __future__ import annotations

from typing import Any

from django import forms

from gemba.organisation.models import OrganisationKind
from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.scorecards.entering import clean
from gemba.self_assessment.rules.groups import group_variable, usual_groups
from gemba.ui.forms import ChoiceField, DateField, DecimalField, TextField, WholeField
from gemba.ui.uploads import UploadField


class OpenForm(forms.Form):
    """Open a campaign: year, who, when, in which rating groups."""

    procedure = ChoiceField(label="Процедура")
    year = WholeField(label="За какой год", min_value=2000, max_value=2200)
    kinds = forms.MultipleChoiceField(
        label="Кто участвует", choices=OrganisationKind.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Выберите, кто участвует.", "invalid_choice": "Такого вида организаций нет."},
    )  # fmt: skip
    opens_on = DateField(label="Открыта с")
    fill_by = DateField(label="Заполнить до")
    send_by = DateField(label="Направить до")

    def __init__(self, *args: Any, procedures: list[Procedure], chosen: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = [(each.code, each.title) for each in procedures]  # type: ignore[attr-defined]
        self.variable = group_variable(chosen)
        if self.variable:
            usual = usual_groups(self.variable, OrganisationKind.values)
            for kind, title in OrganisationKind.choices:
                self.fields[f"group_{kind}"] = ChoiceField(
                    label=f"{self.variable.title}: {str(title).lower()}",
                    choices=list((self.variable.values or {}).items()),
                    initial=usual[kind],
                    required=False,
                )

    @property
    def group_of_kind(self) -> dict[str, str]:
        """Return the chosen group of each kind that takes part."""
        kinds = self.cleaned_data["kinds"]
        found = {kind: self.cleaned_data.get(f"group_{kind}") or "" for kind in kinds}
        return {kind: value for kind, value in found.items() if value}


class ProofForm(forms.Form):
    """Evidence of a row: a file, a link, or a named document."""

    row = ChoiceField(label="Что подтверждает", required=False, as_cards=True)
    title = TextField(
        label="Название", max_length=300, help_text="Например: приказ от 12.03.2026 № 5, список обученных."
    )
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


class ScanForm(forms.Form):
    """The scan of a sheet signed on paper."""

    scan = UploadField(label="Скан подписанного листа", kinds=("pdf", "jpeg", "png"))


class ReasonForm(forms.Form):
    """Why."""

    reason = TextField(label="Что исправить", max_length=4000, widget=forms.Textarea)


class MoveForm(forms.Form):
    """By which act the campaign goes on by another edition."""

    reason = TextField(label="Основание", max_length=500, help_text="Акт: вид, дата и номер.")


class FixForm(forms.Form):
    """On which date the rating is fixed."""

    on = DateField(label="Дата рейтинга")
    leaves_out = forms.BooleanField(label="Зафиксировать без непроверенных листов", required=False)


class CoefficientForm(forms.Form):
    """The act that sets an empty coefficient."""

    value = DecimalField(label="Коэффициент", min_value=0, max_value=1000, max_digits=8, decimal_places=4)
    kind = TextField(label="Вид акта", max_length=100, initial="постановление")
    number = TextField(label="Номер акта", max_length=40)
    on = DateField(label="Дата акта")
    effective_on = DateField(label="Действует с")


class RuleForm(forms.Form):
    """Which records prove a row."""

    criterion = forms.CharField(max_length=40)
    row = forms.CharField(max_length=40)
    indicator = forms.CharField(max_length=60, required=False)
    at_least = DecimalField(label="Не менее", min_value=0, max_value=1000, max_digits=8, decimal_places=2)
