"""Fields and mixins of Django forms as the Russian reader types: dates, numbers, texts, two people at one record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from gemba.kernel import numbers

REQUIRED = "Заполните это поле."
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_RUSSIAN = re.compile(r"(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4}|\d{2})(?:\s*г\.?)?")


class DateWidget(forms.DateInput):
    """A date typed as ДД.ММ.ГГГГ; app.js adds the browser's own calendar beside."""

    def format_value(self, value: Any) -> str | None:
        """Write a date as people do; what was typed wrongly stays as it was typed."""
        return (
            numbers.format_date(value)
            if isinstance(value, date)
            else (None if value in (None, "") else str(value))
        )


class DateField(forms.Field):
    """A date: ДД.ММ.ГГГГ or ISO; `first` and `last` are the days it may not leave."""

    widget = DateWidget

    def __init__(self, *, first: date | None = None, last: date | None = None, **kwargs: Any) -> None:
        self.first, self.last = first, last
        super().__init__(**_worded(kwargs, "Введите дату, например 21.11.2026."))

    def to_python(self, value: Any) -> date | None:
        """Read the date.

        :raises ValidationError: in Russian.
        """
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        return parse_date(str(value))

    def validate(self, value: Any) -> None:
        """Hold the date between its ends.

        :raises ValidationError: in Russian.
        """
        super().validate(value)
        if value and self.first and value < self.first:
            raise ValidationError(f"Дата не раньше {numbers.format_date(self.first)}.")
        if value and self.last and value > self.last:
            raise ValidationError(f"Дата не позже {numbers.format_date(self.last)}.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as dates: one day may be written in two ways."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class DecimalField(forms.DecimalField):
    """A number with a comma or a point, with or without groups of three; `unit` stands beside it."""

    widget = forms.TextInput

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(**_worded(kwargs, "Введите число."))
        self.error_messages |= {
            "max_digits": "Слишком длинное число: не больше %(max)s знаков.",
            "max_decimal_places": "После запятой не больше %(max)s знаков.",
            "max_whole_digits": "До запятой не больше %(max)s знаков.",
        }
        low, high = kwargs.get("min_value"), kwargs.get("max_value")
        _reword(self, "min_value", f"Не меньше {numbers.format_number(low)}.")
        _reword(self, "max_value", f"Не больше {numbers.format_number(high)}.")

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Read the number.

        :raises ValidationError: in Russian.
        """
        if value in self.empty_values:
            return None
        if isinstance(value, (int, float, Decimal)):
            return Decimal(str(value))
        try:
            return numbers.parse_number(str(value))
        except (ValueError, InvalidOperation) as problem:
            raise ValidationError(str(problem)) from None

    def prepare_value(self, value: Any) -> Any:
        """Show a number with a comma and without groups, as it is easiest to correct."""
        if isinstance(value, (Decimal, int, float)) and not isinstance(value, bool):
            return numbers.format_number(value).replace(numbers.GROUP, "").replace(numbers.MINUS, "-")
        return value


class WholeField(DecimalField):
    """A whole number; gives an int."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Read the whole number.

        :raises ValidationError: in Russian.
        """
        number = super().to_python(value)
        if number is not None and number != number.to_integral_value():
            raise ValidationError("Введите целое число.")
        return number

    def clean(self, value: Any) -> Any:
        """Check and give the number as int.

        :raises ValidationError: in Russian.
        """
        number = super().clean(value)
        return None if number is None else int(number)


class TextField(forms.CharField):
    """A text; several lines when `rows` is given. Typed ends and control characters are cleaned."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**_worded(kwargs, "Введите текст."))
        limit = numbers.format_number(kwargs.get("max_length"))
        _reword(self, "max_length", f"Не длиннее {limit} знаков: сократите текст.")

    def to_python(self, value: Any) -> str:
        """Read the text, one kind of line ends, no invisible control characters."""
        text = super().to_python(value) or ""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)


class ChoiceField(forms.ChoiceField):
    """One of several; `hints` give words under an option; `as_cards` shows all of them at once."""

    def __init__(
        self, *, hints: Mapping[str, str] | None = None, as_cards: bool = False, **kwargs: Any
    ) -> None:
        self.hints = dict(hints or {})
        if as_cards:
            kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(**_worded(kwargs, "Выберите один из вариантов."))
        self.error_messages["invalid_choice"] = "Такого варианта нет. Выберите из списка."


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people wrote differently."""

    label: str
    theirs: str
    mine: str


class VersionedForm(forms.Form):
    """A form of a record that others may edit meanwhile: sends back the version that was read.

    Give `version=record.version` when showing the record; hand `cleaned_data["version"]` to the action, which refuses
    a stale one. Then `refresh(version)` lets the person send again what stands in the fields, and `differences(…)`
    with the macro `stale` shows both.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if version is not None:
            self.initial["version"] = version
        self.fields["version"].error_messages |= {
            "required": "Откройте запись заново: в форме нет её номера изменения.",
            "invalid": "Откройте запись заново: номер её изменения испорчен.",
        }

    def refresh(self, version: int) -> None:
        """Put the version that is in the record now into the sent form: the next sending overwrites it knowingly."""
        sent: Any = self.data
        data = sent.copy()
        data[self.add_prefix("version")] = str(version)
        self.data = data

    def differences(self, current: Mapping[str, Any]) -> list[Difference]:
        """Compare what was sent with what is in the record now; fields not in `current` are not compared."""
        found = []
        for name, theirs in current.items():
            mine = self.cleaned_data.get(name, self[name].value())
            if _shown(mine) != _shown(theirs):
                found.append(
                    Difference(str(self[name].label), _shown(theirs) or "пусто", _shown(mine) or "пусто")
                )
        return found


def parse_date(text: str) -> date:
    """Read a date as people type it.

    :raises ValidationError: in Russian.
    """
    bare = " ".join(text.split())
    if found := _ISO.fullmatch(bare):
        year, month, day = map(int, found.groups())
    elif found := _RUSSIAN.fullmatch(bare):
        day, month, year = map(int, found.groups())
        year += 2000 if year < 100 else 0
    else:
        raise ValidationError(f"«{bare[:30]}» — не дата. Введите день, месяц и год: 21.11.2026.")
    try:
        result = date(year, month, day)
    except ValueError:
        raise ValidationError(f"Такого дня нет: {bare[:30]}. Проверьте число и месяц.") from None
    if not 1900 <= year <= 2200:
        raise ValidationError(f"Проверьте год: {year}.")
    return result


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime):
        return numbers.format_moment(value)
    if isinstance(value, date):
        return numbers.format_date(value)
    if isinstance(value, (int, float, Decimal)):
        return numbers.format_number(value)
    return str(value).replace("\r\n", "\n").strip()


def _reword(field: forms.Field, code: str, message: str) -> None:
    for validator in field.validators:
        if getattr(validator, "code", "") == code:
            setattr(validator, "message", message)  # noqa: B010 - to the types it is a plain callable


def _worded(kwargs: dict[str, Any], invalid: str) -> dict[str, Any]:
    words = {"required": REQUIRED, "invalid": invalid}
    return {**kwargs, "error_messages": words | dict(kwargs.get("error_messages") or {})}
