"""What was sent: wishes about letters, the hour of the municipality."""

from django import forms

from gemba.notices.rules import HOURS

_HOURS = [(str(hour), f"{hour}:00") for hour in HOURS]

USUAL = "usual"


class WishesForm(forms.Form):
    """Which letters a person wants and when."""

    is_digest_on = forms.BooleanField(
        label="Присылать утреннюю сводку", required=False,
        help_text="Одно письмо в рабочий день и только если есть новое.",
    )  # fmt: skip
    digest_hour = forms.ChoiceField(label="Во сколько присылать сводку")
    is_immediate_on = forms.BooleanField(
        label="Сразу писать о поручениях, возвратах и о том, что требует вмешательства", required=False,
        help_text="Остальное дождётся сводки.",
    )  # fmt: skip

    def __init__(self, *args: object, usual_hour: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        hour: forms.ChoiceField = self.fields["digest_hour"]  # type: ignore[assignment]
        hour.choices = [(USUAL, f"Как принято в округе: {usual_hour}:00"), *_HOURS]

    def clean_digest_hour(self) -> int | None:
        """Return the hour as a number; nothing is the hour of the municipality."""
        text = self.cleaned_data["digest_hour"]
        return None if text == USUAL else int(text)


class HourForm(forms.Form):
    """At which hour the municipality's digests go out."""

    hour = forms.TypedChoiceField(label="Час утренней сводки в округе", choices=_HOURS, coerce=int)
