"""What changes about files: attached, removed with a reason; what nobody needs any more is erased."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max, Model, Q
from django.db.models.deletion import ProtectedError

from gemba.audit.actions import record
from gemba.documents.access import municipality_of, require_attach, subject_of
from gemba.documents.limits import keep_removed_days, limits
from gemba.documents.models import Attachment, Blob, DocumentTemplate, IssuedDocument
from gemba.documents.queries import title_key
from gemba.documents.storage import name_of, names_before, storage
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor
from gemba.ui.uploads import check


def attach(*, actor: Actor, subject: Model, file: UploadedFile[Any], title: str, at: datetime) -> Attachment:
    """Attach a file to an object; under a title that is there already it becomes the next version.

    :raises Refusal: when the file is too large, broken or of another kind, or the title is empty.
    :raises PermissionDenied: when the module of the object does not let the actor attach.
    """
    require_attach(actor, subject)
    kinds, megabytes = limits()
    title = " ".join(title.split()) or (file.name or "")[:200]
    problems = []
    if not title:
        problems.append(
            Problem("У файла нет названия.", field="title", mend="Назовите его: «Карта процесса».")
        )
    if len(title) > 200:
        problems.append(Problem("Название длиннее 200 знаков.", field="title", mend="Сократите его."))
    kind = ""
    try:
        kind = check(file, kinds=kinds, megabytes=megabytes)
    except ValidationError as refused:
        problems += [Problem(text, field="file") for text in refused.messages]
    if problems:
        raise Refusal(problems)
    file.seek(0)
    content = file.read()
    municipality_id = municipality_of(subject)
    assert municipality_id is not None
    prepared = write_aside(content, municipality_id=municipality_id)
    key = title_key(title)
    with transaction.atomic():
        # The object's files are numbered one after another: who comes second waits and gets the next number.
        _hold(subject)
        blob = keep(content, prepared, municipality_id=municipality_id, kind=kind, at=at)
        same = Attachment.objects.filter(
            subject_kind=subject._meta.label_lower, subject_id=subject.pk, title_key=key
        )
        last = same.aggregate(last=Max("version"))["last"] or 0
        made = Attachment.objects.create(
            municipality_id=municipality_id,
            subject_kind=subject._meta.label_lower,
            subject_id=subject.pk,
            title=title,
            title_key=key,
            version=last + 1,
            file_name=(file.name or "file")[-200:],
            blob=blob,
            attached_at=at,
            attached_by=actor.user_id,
            attached_by_name=actor.name[:200],
        )
        record(
            act="documents.attach_file", actor=actor, subject=subject, title=f"{title}, версия {last + 1}",
            municipality_id=municipality_id, at=at, after={"file": made.file_name, "fingerprint": blob.sha256},
        )  # fmt: skip
    return made


def remove(*, actor: Actor, attachment: Attachment, reason: str, at: datetime) -> Attachment:
    """Remove one version of a file, with a reason; the act stays in the record, the content is erased later.

    :raises Refusal: when there is no reason, or the file was removed already.
    :raises PermissionDenied: when the module of the object does not let the actor.
    """
    reason = " ".join(reason.split())
    with transaction.atomic():
        row = Attachment.objects.select_for_update().get(pk=attachment.pk)
        subject = subject_of(row.subject_kind, row.subject_id)
        if subject is None:
            raise Refusal(Problem("Записи, к которой приложен файл, больше нет."))
        require_attach(actor, subject)
        if row.removed_at is not None:
            raise Refusal(Problem(f"Файл уже убран: {row.removal_reason}"))
        if not reason:
            raise Refusal(Problem("Напишите, почему файл убирают.", field="reason"))
        row.removed_at = at
        row.removed_by_name = actor.name[:200]
        row.removal_reason = reason[:500]
        row.save(update_fields=["removed_at", "removed_by_name", "removal_reason"])
        record(
            act="documents.remove_file", actor=actor, subject=subject,
            title=f"{row.title}, версия {row.version}", municipality_id=row.municipality_id, at=at,
            before={"file": row.file_name}, after={"file": ""}, reason=reason,
        )  # fmt: skip
    return row


def write_aside(content: bytes, *, municipality_id: int) -> str:
    """Write a content into the storage before the transaction; return its name, or nothing when it is there."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = Blob.objects.filter(municipality_id=municipality_id, sha256=sha256).first()
    if known is not None and storage().exists(known.name):
        return ""
    if known is not None:
        # The row says it is kept, the storage has lost it: this very content heals the loss.
        storage().save(known.name, ContentFile(content))
        return ""
    return str(storage().save(name_of(municipality_id=municipality_id, sha256=sha256), ContentFile(content)))


def keep(content: bytes, prepared: str, *, municipality_id: int, kind: str, at: datetime) -> Blob:
    """Return the row of a content, inside the caller's transaction; `prepared` is what `write_aside` gave."""
    sha256 = hashlib.sha256(content).hexdigest()
    same = Blob.objects.select_for_update().filter(municipality_id=municipality_id, sha256=sha256)
    if known := same.first():
        return known
    name = prepared or write_aside(content, municipality_id=municipality_id)
    try:
        with transaction.atomic():
            return Blob.objects.create(
                municipality_id=municipality_id, sha256=sha256, size=len(content), kind=kind, name=name, stored_at=at
            )  # fmt: skip
    except IntegrityError:
        return same.get()


def tidy(*, at: datetime | str) -> dict[str, int]:
    """Erase what nobody needs: contents of files removed long ago, templates never taken, orphans of the storage."""
    now = datetime.fromisoformat(at) if isinstance(at, str) else at
    days = keep_removed_days()
    with transaction.atomic():
        erased = Attachment.objects.filter(
            removed_at__lt=now - timedelta(days=days), blob__isnull=False
        ).update(blob=None)
        DocumentTemplate.objects.filter(
            version__isnull=True, uploaded_at__lt=now - timedelta(days=7)
        ).delete()
    dropped = 0
    for blob in Blob.objects.filter(stored_at__lt=now - timedelta(days=1)).iterator(chunk_size=500):
        if _is_used(blob):
            continue
        try:
            with transaction.atomic():
                name = blob.name
                blob.delete()
        except (ProtectedError, IntegrityError):
            continue  # somebody has attached the same content this very moment
        storage().delete(name)
        dropped += 1
    orphans = 0
    for name in list(names_before(now - timedelta(days=1))):
        if not Blob.objects.filter(name=name).exists():
            storage().delete(name)
            orphans += 1
    return {"erased": erased, "dropped": dropped, "orphans": orphans}


def _is_used(blob: Blob) -> bool:
    return (
        Attachment.objects.filter(blob=blob).exists()
        or DocumentTemplate.objects.filter(blob=blob).exists()
        or IssuedDocument.objects.filter(Q(docx=blob) | Q(pdf=blob)).exists()
    )


def _hold(subject: Model) -> None:
    """Lock the object whose files are numbered."""
    type(subject)._default_manager.select_for_update().filter(pk=subject.pk).first()
