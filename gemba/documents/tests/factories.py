"""Invented notes, templates and files, and the addresses the URL walk needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from gemba.documents.actions import NoteText, attach, issue, try_template, write_note
from gemba.documents.models import DocumentTemplate, IssuedDocument, Note
from gemba.documents.own import NOTE
from gemba.documents.paper import Paper
from gemba.organisation.access import Actor
from gemba.organisation.roles import Role

AT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
DAY = AT.date()
TEXT = NoteText(
    addressee_post="Начальнику управления экономики",
    addressee_name="Калинину Р.И.",
    heading="О картировании",
    body="Прошу рассмотреть вопрос.\nМатериалы прилагаются.",
    signer_post="Главный специалист",
    signer_name="Н.Ю. Зимина",
)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def make_note(actor: Actor, **changes: str) -> Note:
    """Write a note."""
    return write_note(actor=actor, text=NoteText(**{**TEXT.__dict__, **changes}), at=AT)


def make_issued(actor: Actor, number: str = "") -> IssuedDocument:
    """Issue a note."""
    return issue(kind=NOTE, subject=make_note(actor), actor=actor, on=DAY, at=AT, number=number)


def template_of(*texts: str, build: Callable[[Paper], Any] | None = None) -> bytes:
    """Build a template of these paragraphs."""
    paper = Paper()
    for text in texts:
        paper.text(text)
    if build is not None:
        build(paper)
    return paper.save()


def upload(content: bytes, name: str = "шаблон.docx") -> SimpleUploadedFile:
    """Send a file."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """Put more parts into a Word file, or others in their place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def texts_of(document: bytes) -> str:
    """Return all text of a Word file."""
    from docx import Document

    read = Document(io.BytesIO(document))
    texts = [paragraph.text for paragraph in read.paragraphs]
    for table in read.tables:
        texts += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def make_trial(actor: Actor) -> DocumentTemplate:
    """Put a template of notes on trial."""
    return try_template(actor=actor, kind=NOTE, file=upload(template_of("О чём: {{ заголовок }}")), at=AT)


def url_samples(cast: Any) -> dict[str, dict[str, Any]]:
    """Give arguments for every address that names an object."""
    monitor = cast.actor(Role.MONITOR)
    note = make_note(monitor)
    document = make_issued(monitor)
    trial = make_trial(monitor)
    file = attach(actor=monitor, subject=document, file=upload(PDF, "скан.pdf"), title="Скан", at=AT)
    one = {"pk": document.pk}
    return {
        "documents:document": one,
        "documents:download": {**one, "form": "pdf"},
        "documents:annul": one,
        "documents:note": {"pk": note.pk},
        "documents:make": {"code": NOTE.code, "subject_id": note.pk},
        "documents:preview": {"code": NOTE.code, "subject_id": note.pk, "form": "docx"},
        "documents:template": {"code": NOTE.code, "is_object": False},
        "documents:standard_file": {"code": NOTE.code, "is_object": False},
        "documents:use_standard": {"code": NOTE.code, "is_object": False},
        "documents:trial": {"pk": trial.pk},
        "documents:template_file": {"pk": trial.pk},
        "documents:sample": {"pk": trial.pk, "form": "docx"},
        "documents:accept_template": {"pk": trial.pk},
        "documents:file": {"pk": file.pk},
        "documents:remove_file": {"pk": file.pk},
        "documents:files": {"kind": "documents.issueddocument", "subject_id": document.pk},
    }
