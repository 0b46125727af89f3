"""A municipality's own Word templates: tried, taken into force, given up for the standard one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from gemba.audit.actions import record
from gemba.documents.actions.files import keep, write_aside
from gemba.documents.checking import check_template
from gemba.documents.kinds import DocumentKind, title_of
from gemba.documents.models import DocumentTemplate
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require, require_own
from gemba.ui.uploads import check

MEGABYTES = 10


def try_template(
    *, actor: Actor, kind: DocumentKind, file: UploadedFile[Any], at: datetime
) -> DocumentTemplate:
    """Check a Word file and keep it on trial; it takes effect only by `accept_template`.

    :raises Refusal: with everything that is wrong in the file: unknown fields, forbidden words, bombs, macros, links.
    """
    require(actor, "documents.replace_template")
    assert actor.municipality is not None
    try:
        check(file, kinds=("docx",), megabytes=MEGABYTES)
    except ValidationError as refused:
        raise Refusal([Problem(text, field="file") for text in refused.messages]) from None
    file.seek(0)
    content = file.read()
    problems = check_template(content, kind=kind, municipality=actor.municipality)
    if problems:
        raise Refusal(problems)
    municipality_id = actor.municipality.pk
    aside = write_aside(content, municipality_id=municipality_id)
    with transaction.atomic():
        blob = keep(content, aside, municipality_id=municipality_id, kind="docx", at=at)
        made = DocumentTemplate.objects.create(
            municipality_id=municipality_id, kind_code=kind.code, blob=blob,
            file_name=(file.name or "шаблон.docx")[-200:], uploaded_at=at,
            uploaded_by=actor.user_id, uploaded_by_name=actor.name[:200],
        )  # fmt: skip
        record(
            act="documents.try_template", actor=actor, subject=made, title=f"{kind.title}: {made.file_name}",
            municipality_id=municipality_id, at=at, after={"fingerprint": blob.sha256},
        )  # fmt: skip
    return made


def accept_template(*, actor: Actor, template: DocumentTemplate, at: datetime) -> DocumentTemplate:
    """Take a template into force: one on trial as the next version, or a former version again.

    :raises PermissionDenied: when the actor may not.
    """
    require(actor, "documents.replace_template")
    require_own(actor, template)
    with transaction.atomic():
        versions = _hold(template.municipality_id, template.kind_code)
        row = DocumentTemplate.objects.get(pk=template.pk)
        before = next((one.version for one in versions if one.is_current), None)
        if row.is_current:
            return row
        DocumentTemplate.objects.filter(
            municipality_id=row.municipality_id, kind_code=row.kind_code, is_current=True
        ).update(is_current=False)
        if row.version is None:
            last = DocumentTemplate.objects.filter(
                municipality_id=row.municipality_id, kind_code=row.kind_code
            ).aggregate(last=Max("version"))["last"]
            row.version = (last or 0) + 1
        row.is_current, row.accepted_at = True, at
        row.save(update_fields=["version", "is_current", "accepted_at"])
        record(
            act="documents.replace_template", actor=actor, subject=row,
            title=f"{title_of(row.kind_code)}, версия {row.version}", municipality_id=row.municipality_id, at=at,
            before={"version": before}, after={"version": row.version, "file": row.file_name},
        )  # fmt: skip
    return row


def replace_template(
    *, actor: Actor, kind: DocumentKind, file: UploadedFile[Any], at: datetime
) -> DocumentTemplate:
    """Check a Word file and take it into force at once.

    :raises Refusal: with everything that is wrong in the file.
    """
    return accept_template(
        actor=actor, template=try_template(actor=actor, kind=kind, file=file, at=at), at=at
    )


def use_standard_template(*, actor: Actor, kind: DocumentKind, at: datetime) -> None:
    """Go back to the standard template; the municipality's own versions are kept.

    :raises Refusal: when the standard template is in force already.
    """
    require(actor, "documents.replace_template")
    municipality_id = actor.municipality_id or 0
    with transaction.atomic():
        current = next((one for one in _hold(municipality_id, kind.code) if one.is_current), None)
        if current is None:
            raise Refusal(Problem("Стандартный шаблон уже действует."))
        current.is_current = False
        current.save(update_fields=["is_current"])
        record(
            act="documents.use_standard_template", actor=actor, subject=current, title=kind.title,
            municipality_id=municipality_id, at=at, before={"version": current.version}, after={"version": None},
        )  # fmt: skip


def _hold(municipality_id: int, kind_code: str) -> list[DocumentTemplate]:
    """Lock the templates of a kind: two people who replace it at once do so one after another."""
    return list(
        DocumentTemplate.objects.select_for_update()
        .filter(municipality_id=municipality_id, kind_code=kind_code)
        .order_by("pk")
    )
