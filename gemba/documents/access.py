"""Who may: acts of this module, which documents and files an actor sees, and the modules' word about their objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet

from gemba.documents.kinds import DocumentKind
from gemba.documents.models import DocumentTemplate, IssuedDocument, Note
from gemba.organisation.access import Actor, may
from gemba.organisation.acts import Nature, act_of, declare
from gemba.organisation.roles import MUNICIPAL, Role

_R = Role
# They see every document of the municipality; the others see those of their organisations and their own.
WHOLE = (_R.MONITOR, _R.HEAD, _R.CURATOR, _R.CHAIR, _R.DEPUTY, _R.SECRETARY)
OWN = (_R.COORDINATOR, _R.UNIT_HEAD)

declare("documents.read", "Смотреть реестр выданных документов", MUNICIPAL, Nature.READING)
declare("documents.read_all", "Смотреть все документы округа", WHOLE, Nature.READING)
declare("documents.verify", "Сверять документ с реестром", MUNICIPAL, Nature.READING)
declare(
    "documents.write_note", "Составлять служебные записки",
    [*WHOLE, *OWN, _R.LEADER, _R.SPONSOR],
)  # fmt: skip
declare(
    "documents.issue_readings", "Выдавать лист прочтений положения", [_R.MONITOR, _R.SECRETARY, _R.CURATOR]
)
declare("documents.annul", "Аннулировать выданный документ", [_R.MONITOR, _R.SECRETARY])
declare("documents.replace_template", "Менять шаблоны документов", [_R.MONITOR, _R.ADMIN], Nature.UPKEEP)

Test = Callable[[Actor, Any], bool]


@dataclass(frozen=True)
class SubjectRule:
    """A module's word about its objects: who reads their files and who attaches and removes them."""

    model: type[Model]
    may_read: Test
    may_attach: Test
    # The page of the object.
    url: Callable[[Any], str] | None = None


_rules: dict[str, SubjectRule] = {}


def register_subject(
    model: type[Model], may_read: Test, may_attach: Test, url: Callable[[Any], str] | None = None
) -> None:
    """Let files be attached to objects of a model; the module says who reads and who attaches.

    :raises ValueError: when another rule stands for the model.
    """
    rule = SubjectRule(model, may_read, may_attach, url)
    known = _rules.setdefault(model._meta.label_lower, rule)
    if (known.may_read, known.may_attach) != (may_read, may_attach):
        raise ValueError(f"{model._meta.label}: the rule of its files is set already")


def rule_of(subject_kind: str) -> SubjectRule | None:
    """Return the rule of a model by its label, or None."""
    return _rules.get(subject_kind)


def municipality_of(subject: Model) -> int | None:
    """Return the municipality an object belongs to: its own, or that of its organisation."""
    found = getattr(subject, "municipality_id", None)
    if found is None and getattr(subject, "organisation", None) is not None:
        found = getattr(subject, "organisation").municipality_id  # noqa: B009
    return found


def may_read_subject(actor: Actor, subject: Model) -> bool:
    """Tell whether the actor may read the files of an object; never across the border of the municipality."""
    if municipality_of(subject) != actor.municipality_id or actor.municipality_id is None:
        return False
    rule = rule_of(subject._meta.label_lower)
    return rule is not None and (actor.is_system or rule.may_read(actor, subject))


def may_attach_to(actor: Actor, subject: Model) -> bool:
    """Tell whether the actor may attach files to an object and remove them."""
    rule = rule_of(subject._meta.label_lower)
    return (
        rule is not None
        and municipality_of(subject) == actor.municipality_id
        and actor.municipality_id is not None
        and (actor.is_system or rule.may_attach(actor, subject))
    )


def require_attach(actor: Actor, subject: Model) -> None:
    """Stop whoever may not attach files to the object.

    :raises PermissionDenied: when the module of the object forbids it.
    """
    if not may_attach_to(actor, subject):
        raise PermissionDenied("Прикладывать файлы к этой записи может тот, кто её ведёт.")


def subject_of(subject_kind: str, subject_id: int) -> Any | None:
    """Return the object a file or a document hangs on, or None when it is gone or unknown."""
    rule = rule_of(subject_kind)
    return rule.model._default_manager.filter(pk=subject_id).first() if rule else None


def visible_documents(actor: Actor) -> QuerySet[IssuedDocument]:
    """Return the issued documents the actor sees in the register."""
    found = IssuedDocument.objects.filter(municipality_id=actor.municipality_id or 0)
    if actor.is_system or may(actor, "documents.read_all"):
        return found
    if not may(actor, "documents.read"):
        return found.none()
    mine = Q(issued_by=actor.user_id or 0)
    organisations = frozenset[int]().union(*(actor.organisation_ids(role) for role in OWN if actor.has(role)))
    if organisations:
        mine |= Q(organisation_id__in=organisations)
    return found.filter(mine)


def may_read_document(actor: Actor, document: IssuedDocument) -> bool:
    """Tell whether one document is open to the actor: by the register, or by its object."""
    if document.municipality_id != actor.municipality_id:
        return False
    if visible_documents(actor).filter(pk=document.pk).exists():
        return True
    subject = subject_of(document.subject_kind, document.subject_id)
    return subject is not None and may_read_subject(actor, subject)


def may_keep_document(actor: Actor, document: IssuedDocument) -> bool:
    """Tell whether the actor may attach the scan of the signed copy: who issued it, or who keeps the register."""
    return document.municipality_id == actor.municipality_id and (
        (actor.user_id is not None and document.issued_by == actor.user_id) or may(actor, "documents.annul")
    )


def visible_notes(actor: Actor) -> QuerySet[Note]:
    """Return the notes the actor has written; other people see them once they are issued."""
    found = Note.objects.filter(municipality_id=actor.municipality_id or 0)
    return found if actor.is_system else found.filter(written_by=actor.user_id or 0)


def visible_templates(actor: Actor) -> QuerySet[DocumentTemplate]:
    """Return the municipality's own templates."""
    return DocumentTemplate.objects.filter(municipality_id=actor.municipality_id or 0)


def may_read_note(actor: Actor, note: Note) -> bool:
    """Tell whether the actor sees a note before it is issued."""
    return actor.user_id is not None and note.written_by == actor.user_id


def may_issue(actor: Actor, kind: DocumentKind, subject: Model) -> bool:
    """Tell whether the actor may issue the document of this object."""
    if municipality_of(subject) != actor.municipality_id or actor.municipality_id is None:
        return False
    if actor.is_system:
        return True
    if kind.may_issue is not None:
        return may(actor, kind.act) and kind.may_issue(actor, subject)
    return may(actor, kind.act, getattr(subject, "organisation_id", None))


def require_issue(actor: Actor, kind: DocumentKind, subject: Model) -> None:
    """Stop whoever may not issue the document of this object.

    :raises PermissionDenied: when the actor may not.
    """
    if not may_issue(actor, kind, subject):
        raise PermissionDenied(f"Недостаточно прав: {act_of(kind.act).title.lower()}.")
