"""Forms of the import: the file, and where an unknown passport belongs."""

from typing import Any

from django import forms

from gemba.projects.forms.fields import PlaceField
from gemba.ui.forms import TextField
from gemba.ui.uploads import UploadField


class ImportForm(forms.Form):
    """A passport in Word or a list in Excel."""

    file = UploadField(label="Файл", kinds=("docx", "xlsx"))


class RoadmapForm(forms.Form):
    """A roadmap in Excel."""

    file = UploadField(label="Файл", kinds=("xlsx",))


class PlaceForm(forms.Form):
    """What the file of a passport did not say."""

    title = TextField(label="Название проекта", max_length=300)

    def __init__(self, *args: Any, municipality_id: int, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = PlaceField(
            municipality_id=municipality_id,
            open_on=today,
            label="Организация",
            help_text="Где идёт процесс. Название или код.",
        )
