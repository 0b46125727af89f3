"""The record in words: modules name their acts and fields, the page shows what changed as a person says it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gemba.kernel.numbers import format_date, format_moment, format_number

NOTHING = "не указано"

_acts: dict[str, str] = {}
_fields: dict[str, str] = {}
_fallbacks: list[Callable[[str], str]] = []


def name_acts(titles: Mapping[str, str]) -> None:
    """Give acts their titles: `{"organisation.close": "Закрыта организация"}`.

    :raises ValueError: when an act already has another title.
    """
    _name(_acts, titles)


def name_fields(titles: Mapping[str, str]) -> None:
    """Give fields of `before` and `after` their titles: `{"ends_on": "последний день"}`.

    :raises ValueError: when a field already has another title.
    """
    _name(_fields, titles)


def fall_back_to(function: Callable[[str], str]) -> None:
    """Ask this function for the title of an act that nobody has named; it answers "" when it does not know."""
    if function not in _fallbacks:
        _fallbacks.append(function)


def act_title(code: str) -> str:
    """Return the title of the act."""
    if code in _acts:
        return _acts[code]
    return next((title for function in _fallbacks if (title := function(code))), code)


def known_acts() -> dict[str, str]:
    """Return all named acts by code, in the order of their titles."""
    return dict(sorted(_acts.items(), key=lambda item: item[1]))


def field_title(name: str) -> str:
    """Return the title of the field."""
    return _fields.get(name, name)


@dataclass(frozen=True)
class Change:
    """One field of an act: what it was and what it became."""

    title: str
    before: str
    after: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Put the fields of an act into words."""
    return [
        Change(field_title(name), said(before.get(name)), said(after.get(name)))
        for name in {**before, **after}
    ]


def said(value: Any) -> str:
    """Say a kept value: dates and numbers as people write them."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int | float):
        return format_number(value)
    if isinstance(value, list):
        return "; ".join(said(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{field_title(str(name))}: {said(item)}" for name, item in value.items())
    return _dated(str(value))


def _dated(text: str) -> str:
    try:
        if len(text) == 10:
            return format_date(date.fromisoformat(text))
        if len(text) > 18 and text[10] == "T":
            return format_moment(datetime.fromisoformat(text))
    except ValueError:
        pass
    return text


def _name(kept: dict[str, str], titles: Mapping[str, str]) -> None:
    for code, title in titles.items():
        if kept.get(code, title) != title:
            raise ValueError(f"{code}: already named {kept[code]!r}, not {title!r}")
        kept[code] = title
