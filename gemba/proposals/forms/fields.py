"""Fields of this module: people by name or code, several photos."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from gemba.organisation.forms.base import PersonField
from gemba.organisation.models import Person
from gemba.organisation.rules import name_key
from gemba.proposals.pictures import Picture, read


class ColleagueField(PersonField):
    """A person by name or code, offered while typing."""

    search_name = "proposals:people"


class ColleaguesField(forms.CharField):
    """Several people, each on a line of its own: code or full name."""

    def __init__(self, *, found: Callable[[], QuerySet[Person]], **kwargs: Any) -> None:
        # Who may be named is asked only when somebody is.
        self.found = found
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 3000)
        super().__init__(**kwargs)
        self.error_messages["max_length"] = "Слишком много знаков: сократите список."

    def prepare_value(self, value: Any) -> Any:
        """Write people as lines."""
        return "\n".join(str(person) for person in value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[Person]:
        """Find everybody named.

        :raises ValidationError: naming the first who is not found.
        """
        text = super().clean(value) or ""
        people: list[Person] = []
        lines = [line for part in text.replace(";", "\n").split("\n") if (line := part.strip())]
        if not lines:
            return people
        found = self.found()
        for line in lines:
            code = line.partition(" — ")[0].strip()
            same = list(found.filter(code=code)[:1]) or list(found.filter(name_key=name_key(line))[:2])
            if len(same) != 1:
                why = "Таких сотрудников несколько: укажите код" if same else "Такого сотрудника нет"
                raise ValidationError(f"{why}: «{line[:60]}». Каждого пишите с новой строки, полным именем.")
            if same[0] not in people:
                people.append(same[0])
        return people


class PhotosInput(forms.ClearableFileInput):
    """A choice of several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos, each encoded anew; gives a list of pictures."""

    def __init__(self, *, most: int = 5, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", PhotosInput(attrs={"multiple": True, "accept": "image/*"}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Picture]:
        """Read every photo.

        :raises ValidationError: in Russian, when one is no photo, or there are too many.
        """
        files = [
            file
            for file in (data if isinstance(data, (list, tuple)) else [data])
            if isinstance(file, UploadedFile)
        ]
        if self.required and not files:
            raise ValidationError("Выберите снимок.")
        if len(files) > self.most:
            raise ValidationError(f"Снимков больше {self.most}. Оставьте самые понятные.")
        return [read(file) for file in files]
