"""Kinds of official documents: modules enter theirs here with fields, a standard template and what fills it.

From `apps.ready()` of a module::

    kinds.register(DocumentKind(
        code="projects.passport", title="Паспорт проекта",
        fields=[Field("название", "Название проекта", "Быстрая выдача справок")],
        default_template=passport_template,            # bytes, a path or a function that returns bytes
        context=passport_context,                      # (subject, actor, at) -> {"название": …}
        subject_model="projects.Project", act="projects.issue_passport",
    ))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Model

from gemba.kernel.problems import Problem
from gemba.organisation.access import Actor

Template = bytes | Path | Callable[[], bytes]


@dataclass(frozen=True)
class Field:
    """A field of a template: its name as a clerk writes it in Word, its title, and a sample value.

    The sample has the shape of the real value: text, number, date, a `paper.Picture`, a dict, or a list of dicts for
    rows of a table. Names inside a dict are known from the sample, so a wrong one is found on upload.
    """

    name: str
    title: str
    sample: Any = ""


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: what it says, of what object, and by which act a person may issue it."""

    code: str
    title: str
    fields: Sequence[Field]
    default_template: Template
    context: Callable[[Any, Actor, datetime], Mapping[str, Any]]
    subject_model: type[Model] | str
    act: str
    # The title of one document; by default the title of the kind and the name of the object.
    title_of: Callable[[Any], str] | None = None
    # Who may issue the document of this very object, beyond the act; without it the act is asked at its organisation.
    may_issue: Callable[[Actor, Any], bool] | None = None
    # What of this very object stands in the way, in words for a person; nothing lets it pass.
    hindrances: Callable[[Any], Sequence[Problem]] | None = None

    def template(self) -> bytes:
        """Return the standard template."""
        given = self.default_template
        if isinstance(given, bytes):
            return given
        return given.read_bytes() if isinstance(given, Path) else given()

    def model(self) -> type[Model]:
        """Return the model of the object the document is about."""
        return (
            apps.get_model(self.subject_model) if isinstance(self.subject_model, str) else self.subject_model
        )

    def name_of(self, subject: Any) -> str:
        """Return the title of the document of this object."""
        return self.title_of(subject) if self.title_of else f"{self.title}: {subject}"

    def samples(self) -> dict[str, Any]:
        """Return a sample of every field, those that all kinds have among them."""
        return {field.name: field.sample for field in (*COMMON, *self.fields)}


# Every kind has these; `queries` fills them.
COMMON = (
    Field("номер", "Номер документа", "17"),
    Field("дата", "Дата документа", date(2026, 11, 21)),
    Field("дата_прописью", "Дата словами", "21 ноября 2026 года"),
    Field("округ", "Название округа", "Заречный муниципальный округ"),
    Field("округа", "Название округа в родительном падеже", "Заречного муниципального округа"),
    Field("составил", "Кто составил документ", "Петрова Анна Ивановна"),
)

_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Enter a kind; registering the same one again changes nothing.

    :raises ValueError: when another kind has this code, or a field is named twice or is no name.
    """
    names = [field.name for field in (*COMMON, *kind.fields)]
    wrong = [
        name for name in names if not name.isidentifier() or name.startswith("_") or names.count(name) > 1
    ]
    if wrong:
        raise ValueError(f"{kind.code}: fields {', '.join(sorted(set(wrong)))}")
    known = _kinds.setdefault(kind.code, kind)
    if (known.title, known.act) != (kind.title, kind.act):
        raise ValueError(f"{kind.code}: already registered as {known.title!r}")


def kind_of(code: str) -> DocumentKind:
    """Return the kind.

    :raises LookupError: when no module has entered it.
    """
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"no document kind {code!r}") from None


def all_kinds() -> list[DocumentKind]:
    """Return every kind in the order of titles."""
    return sorted(_kinds.values(), key=lambda kind: kind.title)


def title_of(code: str) -> str:
    """Return the title of a kind, or its code when the module that knew it is gone."""
    return _kinds[code].title if code in _kinds else code
