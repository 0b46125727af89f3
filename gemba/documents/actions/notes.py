"""A служебная записка is written and changed by its author until it is issued."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.audit.actions import record
from gemba.documents.access import may_read_note
from gemba.documents.models import Note
from gemba.documents.queries import issued_for
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require


@dataclass(frozen=True)
class NoteText:
    """What a note says."""

    addressee_post: str
    addressee_name: str
    heading: str
    body: str
    signer_post: str
    signer_name: str


def write_note(*, actor: Actor, text: NoteText, at: datetime, organisation_id: int | None = None) -> Note:
    """Write a note.

    :raises Refusal: when something of it is empty.
    """
    require(actor, "documents.write_note")
    _whole(text)
    assert actor.municipality_id is not None
    with transaction.atomic():
        note = Note.objects.create(
            municipality_id=actor.municipality_id, organisation_id=organisation_id,
            written_at=at, written_by=actor.user_id, **asdict(text),
        )  # fmt: skip
        record(
            act="documents.write_note", actor=actor, subject=note, title=note.heading,
            municipality_id=note.municipality_id, at=at, after=asdict(text),
        )  # fmt: skip
    return note


def change_note(*, actor: Actor, note: Note, text: NoteText, version: int, at: datetime) -> Note:
    """Change a note that is not issued yet.

    :raises Refusal: when it is issued, or was changed meanwhile, or something is empty.
    :raises PermissionDenied: when somebody else has written it.
    """
    require(actor, "documents.write_note")
    if not may_read_note(actor, note):
        raise PermissionDenied("Записку меняет тот, кто её составил.")
    _whole(text)
    with transaction.atomic():
        kept = Note.objects.select_for_update().get(pk=note.pk)
        if issued_for(subject=kept).exists():
            raise Refusal(Problem("Записка уже выдана и не меняется.", mend="Составьте новую."))
        if kept.version != version:
            raise Refusal(
                Problem("Пока вы писали, записку изменили в другом окне.", mend="Откройте её заново.")
            )
        before = {name: getattr(kept, name) for name in asdict(text)}
        for name, value in asdict(text).items():
            setattr(kept, name, value)
        kept.version += 1
        kept.save()
        record(
            act="documents.change_note", actor=actor, subject=kept, title=kept.heading,
            municipality_id=kept.municipality_id, at=at, before=before, after=asdict(text),
        )  # fmt: skip
    return kept


def _whole(text: NoteText) -> None:
    empty = [
        Problem("Заполните это поле.", field=name)
        for name, value in asdict(text).items()
        if not value.strip()
    ]
    if empty:
        raise Refusal(empty)
