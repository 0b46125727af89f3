"""Reads a bound field of a Django form into what the field macros draw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: value, words, hint under the words, and whether it is chosen."""

    value: str
    title: str
    hint: str = ""
    is_chosen: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field ready to be drawn."""

    kind: str
    name: str
    id: str
    label: str
    value: str = ""
    hint: str = ""
    errors: Sequence[str] = ()
    is_required: bool = True
    is_disabled: bool = False
    choices: Sequence[Choice] = ()
    unit: str = ""
    attrs: dict[str, Any] = field(default_factory=dict)

    def again(self, suffix: str) -> "FieldView":
        """Give the same field with an id of its own, for a form drawn twice on one page."""
        return replace(self, id=self.id + suffix)


_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.SelectMultiple, "select_multiple"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.DateInput, "date"),
)


def describe(bound: BoundField) -> FieldView:
    """Read a bound field; what the person typed stands in the value, right or wrong."""
    source, widget = bound.field, bound.field.widget
    attrs = dict(widget.attrs)
    kind = next((kind for widget_type, kind in _KINDS if isinstance(widget, widget_type)), "text")
    if kind == "text" and isinstance(source, (forms.IntegerField, forms.DecimalField)):
        kind = "number"
    if kind in {"text", "textarea", "password"}:
        limit = getattr(source, "max_length", None)
        if limit:
            attrs.setdefault("maxlength", limit)
    return FieldView(
        kind=kind,
        name=bound.html_name,
        id=bound.auto_id or bound.html_name,
        label=str(bound.label or ""),
        value=_shown(bound, kind),
        hint=str(source.help_text or ""),
        errors=[str(error) for error in bound.errors],
        is_required=source.required,
        is_disabled=source.disabled,
        choices=_choices(bound) if kind in {"select", "select_multiple", "radios", "checkboxes"} else (),
        unit=getattr(source, "unit", ""),
        attrs={key: value for key, value in attrs.items() if key != "id"},
    )


def _shown(bound: BoundField, kind: str) -> str:
    value = bound.value()
    if kind == "checkbox":
        return "on" if bound.field.widget.check_test(value) else ""
    if kind in {"file", "password"} or value is None or isinstance(value, (list, tuple, set)):
        return ""
    shown = bound.field.widget.format_value(value)
    return "" if shown is None else str(shown)


def _choices(bound: BoundField) -> list[Choice]:
    value = bound.value()
    raw: Iterable[Any] = value if isinstance(value, (list, tuple, set)) else [value]
    chosen = {"" if one is None else str(getattr(one, "value", one)) for one in raw}
    hints: dict[str, str] = getattr(bound.field, "hints", {})
    found: list[Choice] = []
    for key, title in bound.field.choices:  # type: ignore[attr-defined]
        if isinstance(title, (list, tuple)):
            found += [_choice(inner, words, chosen, hints, str(key)) for inner, words in title]
        else:
            found.append(_choice(key, title, chosen, hints))
    return found


def _choice(key: Any, title: Any, chosen: set[str], hints: dict[str, str], group: str = "") -> Choice:
    # A model choice wraps its key; str() of it is the key itself.
    text = "" if key is None else str(key)
    return Choice(text, str(title), hints.get(text, ""), text in chosen, group)
