"""What was sent: a pack file, a day of the calendar."""

from __future__ import annotations

from django import forms

from gemba.regulations.models import DayKind
from gemba.regulations.pack.loading import LARGEST_FILE
from gemba.ui.forms import DateField


class EditionFileForm(forms.Form):
    """A file of a regulation."""

    file = forms.FileField(
        label="Файл положения",
        help_text="YAML, до 5 МБ. Как написать файл, рассказано в regulations/README.md.",
        error_messages={"required": "Выберите файл.", "empty": "Файл пуст: выберите другой."},
    )
    only_check = forms.BooleanField(label="Только проверить, не загружать", required=False)

    def clean_file(self) -> object:
        """Refuse a file that cannot be a pack before reading it."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("Файл больше 5 МБ. Положение хранится текстом, без вложений.")
        return file

    def content(self) -> tuple[bytes, str]:
        """Return the bytes and the name of the file."""
        file = self.cleaned_data["file"]
        return file.read(), file.name


class CalendarDayForm(forms.Form):
    """A special day."""

    day = DateField(label="День")
    kind = forms.ChoiceField(label="Что это за день", choices=DayKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label="Причина", max_length=200, help_text="Праздник, перенос, местный выходной.")
