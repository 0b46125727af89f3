"""What was sent: filters of the register, number and date, notes, templates, files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from gemba.documents.actions import NoteText
from gemba.documents.actions.templates import MEGABYTES
from gemba.documents.limits import limits
from gemba.ui.forms import ChoiceField, DateField, TextField, VersionedForm
from gemba.ui.uploads import UploadField


class RegisterForm(forms.Form):
    """What to show of the register."""

    kind = ChoiceField(label="Вид", required=False)
    who = ChoiceField(label="Кто выдал", required=False)
    scan = ChoiceField(
        label="Скан", required=False, choices=[("", "любой"), ("yes", "приложен"), ("no", "не приложен")]
    )
    first = DateField(label="С", required=False)
    last = DateField(label="По", required=False)
    q = TextField(label="Слова или номер", required=False, max_length=200)

    def __init__(
        self, *args: Any, kinds: Iterable[tuple[str, str]], people: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "любой"), *kinds]  # type: ignore[attr-defined]
        known = [(str(pk), name) for pk, name in people]
        self.fields["who"].choices = [("", "кто угодно"), *known]  # type: ignore[attr-defined]


class IssueForm(forms.Form):
    """Number and date of a document."""

    number = TextField(
        label="Номер", required=False, max_length=40, help_text="Оставьте пустым: номер подберётся сам."
    )
    on = DateField(label="Дата документа")


class NoteForm(VersionedForm):
    """What a note says."""

    addressee_post = TextField(
        label="Кому: должность", max_length=300,
        help_text="В дательном падеже: «Начальнику управления экономики».",
    )  # fmt: skip
    addressee_name = TextField(label="Кому: имя", max_length=200, help_text="Например: «Петрову И.С.».")
    heading = TextField(label="О чём", max_length=300, help_text="Например: «О проведении картирования».")
    body = TextField(label="Текст", rows=10, max_length=20_000, help_text="Каждая строка — новый абзац.")
    signer_post = TextField(label="Кто подписывает: должность", max_length=300)
    signer_name = TextField(
        label="Кто подписывает: имя", max_length=200, help_text="Например: «А.И. Петрова»."
    )

    def text(self) -> NoteText:
        """Return what was written."""
        return NoteText(**{name: self.cleaned_data[name] for name in NoteText.__dataclass_fields__})


class TemplateForm(forms.Form):
    """A Word file with a template."""

    file = UploadField(label="Шаблон Word", kinds=("docx",), megabytes=MEGABYTES)


class VerifyForm(forms.Form):
    """A file, or its fingerprint, to be looked for in the register."""

    file = forms.FileField(
        label="Файл документа", required=False, help_text="DOCX или PDF, как его получили."
    )
    fingerprint = TextField(
        label="Или отпечаток SHA-256",
        required=False,
        max_length=200,
        help_text="64 знака, как на карточке документа.",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two.

        :raises ValidationError: in Russian.
        """
        found = super().clean() or {}
        if not self.errors and not found.get("file") and not found.get("fingerprint"):
            raise forms.ValidationError("Выберите файл или вставьте отпечаток.")
        return found


class AttachForm(forms.Form):
    """A file and its title."""

    title = TextField(
        label="Название", required=False, max_length=200,
        help_text="Под тем же названием файл станет следующей версией. Пустое — возьмётся имя файла.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds, megabytes = limits()
        self.fields["file"] = UploadField(label="Файл", kinds=kinds, megabytes=megabytes)
        self.order_fields(["file", "title"])


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = TextField(label="Почему", rows=3, max_length=500)
