"""What is there to see: previews, the register of issued documents, templates, attached files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from gemba.documents import numbers, rendering
from gemba.documents.access import visible_documents
from gemba.documents.kinds import DocumentKind
from gemba.documents.models import Attachment, Blob, DocumentTemplate, IssuedDocument, NumberSeries
from gemba.documents.printing import pdf_of
from gemba.documents.storage import storage
from gemba.kernel.numbers import format_long_date
from gemba.kernel.words import normalise
from gemba.organisation.access import Actor
from gemba.organisation.models import Municipality
from gemba.search.queries import matching

PAGE = 50
NO_NUMBER = "____"


class ContentLost(Exception):
    """The content of a file is not where it was put, or is not what was put there."""


@dataclass(frozen=True)
class RegisterPage:
    """A page of the register and where the next and the previous ones begin."""

    rows: list[IssuedDocument]
    older_than: str
    newer_than: str


def current_template(*, municipality_id: int, kind: DocumentKind) -> DocumentTemplate | None:
    """Return the municipality's own template of the kind; None is the standard one."""
    return (
        DocumentTemplate.objects.select_related("blob")
        .filter(municipality_id=municipality_id, kind_code=kind.code, is_current=True)
        .first()
    )


def template_bytes(*, kind: DocumentKind, template: DocumentTemplate | None) -> bytes:
    """Return the content of a template."""
    return content_of(template.blob) if template else kind.template()


def values_of(
    *, kind: DocumentKind, subject: Any, actor: Actor, at: datetime, number: str, on: date
) -> dict[str, Any]:
    """Gather the values of every field; one the module gives no value for is empty."""
    municipality = actor.municipality or Municipality.objects.get(pk=actor.municipality_id or 0)
    return {
        **{field.name: "" for field in kind.fields},
        "номер": number,
        "дата": on,
        "дата_прописью": format_long_date(on),
        "округ": municipality.name,
        "округа": municipality.genitive,
        "составил": actor.name,
        **kind.context(subject, actor, at),
    }


def build_docx(
    *,
    kind: DocumentKind,
    subject: Any,
    actor: Actor,
    at: datetime,
    template: DocumentTemplate | None,
    number: str = NO_NUMBER,
    on: date | None = None,
) -> bytes:
    """Fill a template of the kind with what the object says now.

    :raises BadTemplate: when the template cannot be filled.
    """
    values = values_of(kind=kind, subject=subject, actor=actor, at=at, number=number, on=on or actor.today)
    author = str(values["округ"])
    return rendering.fill(
        template_bytes(kind=kind, template=template), values, title=kind.name_of(subject), author=author
    )


def preview_docx(
    *, kind: DocumentKind, subject: Any, actor: Actor, at: datetime, number: str = "", on: date | None = None
) -> bytes:
    """Return the document as it would be issued now, in Word; nothing is kept.

    :raises BadTemplate: when the template cannot be filled.
    """
    template = current_template(municipality_id=actor.municipality_id or 0, kind=kind)
    return build_docx(
        kind=kind, subject=subject, actor=actor, at=at, template=template, number=number or NO_NUMBER, on=on
    )


def preview_pdf(
    *, kind: DocumentKind, subject: Any, actor: Actor, at: datetime, number: str = "", on: date | None = None
) -> bytes:
    """Return the document as it would be issued now, in PDF; nothing is kept.

    :raises BadTemplate: when the template cannot be filled.
    """
    return pdf_of(preview_docx(kind=kind, subject=subject, actor=actor, at=at, number=number, on=on)).content


def sample_docx(*, kind: DocumentKind, template: bytes, municipality: Municipality) -> bytes:
    """Fill a template with the samples of its fields.

    :raises BadTemplate: when the template cannot be filled.
    """
    values: Mapping[str, Any] = {
        **kind.samples(), "округ": municipality.name, "округа": municipality.genitive,
    }  # fmt: skip
    return rendering.fill(template, values, title=kind.title, author=municipality.name)


def next_number(*, municipality_id: int, kind_code: str, year: int) -> str:
    """Return the number the next document of the kind would get by itself."""
    series = NumberSeries.objects.filter(
        municipality_id=municipality_id, kind_code=kind_code, year=year
    ).first()
    following = (series.last if series else 0) + 1
    taken = IssuedDocument.objects.filter(municipality_id=municipality_id, kind_code=kind_code, year=year)
    while taken.filter(number_key=numbers.key(str(following))).exists():
        following += 1
    return str(following)


def found_documents(
    *,
    actor: Actor,
    kind_code: str = "",
    first: date | None = None,
    last: date | None = None,
    issued_by: int | None = None,
    words: str = "",
    has_scan: bool | None = None,
) -> QuerySet[IssuedDocument]:
    """Return the documents the actor sees, narrowed by kind, dates, who issued them, scan, and words."""
    found = visible_documents(actor).select_related("organisation", "annulment")
    if kind_code:
        found = found.filter(kind_code=kind_code)
    if first:
        found = found.filter(dated_on__gte=first)
    if last:
        found = found.filter(dated_on__lte=last)
    if issued_by:
        found = found.filter(issued_by=issued_by)
    if has_scan is not None:
        scans = _scans().filter(subject_id=OuterRef("pk"))
        found = found.filter(Exists(scans) if has_scan else ~Exists(scans))
    return matching(found, words)


def register(*, actor: Actor, before: str = "", after: str = "", **asked: Any) -> RegisterPage:
    """Return a page of the register, the newest first; `asked` are the filters of `found_documents`."""
    found = found_documents(actor=actor, **asked)
    if place := _place(after):
        day, pk = place
        newer = found.filter(Q(dated_on__gt=day) | Q(dated_on=day, pk__gt=pk))
        rows = list(newer.order_by("dated_on", "pk")[: PAGE + 1])
        has_newer, has_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        place = _place(before)
        if place:
            day, pk = place
            found = found.filter(Q(dated_on__lt=day) | Q(dated_on=day, pk__lt=pk))
        rows = list(found.order_by("-dated_on", "-pk")[: PAGE + 1])
        has_newer, has_older = bool(place), len(rows) > PAGE
        rows = rows[:PAGE]
    return RegisterPage(
        rows,
        older_than=_mark(rows[-1]) if rows and has_older else "",
        newer_than=_mark(rows[0]) if rows and has_newer else "",
    )


def issuers(*, actor: Actor) -> list[tuple[int, str]]:
    """Return who has issued documents that the actor sees."""
    rows = (
        visible_documents(actor)
        .filter(issued_by__isnull=False)
        .order_by("issued_by_name", "issued_by")
        .values_list("issued_by", "issued_by_name")
        .distinct()
    )
    return [(int(pk), name) for pk, name in rows[:300] if pk is not None]


def issued_for(*, subject: Model) -> QuerySet[IssuedDocument]:
    """Return the documents issued about an object, the newest first."""
    return (
        IssuedDocument.objects.select_related("annulment")
        .filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk)
        .order_by("-dated_on", "-pk")
    )


def with_scans(documents: Iterable[IssuedDocument]) -> set[int]:
    """Return which of the documents have a scan of the signed copy."""
    keys, found = [row.pk for row in documents], set[int]()
    # SQLite takes a limited number of values in one statement.
    for start in range(0, len(keys), 500):
        rows = _scans().filter(subject_id__in=keys[start : start + 500])
        found.update(rows.values_list("subject_id", flat=True))
    return found


def _scans() -> QuerySet[Attachment]:
    return Attachment.objects.filter(subject_kind=IssuedDocument._meta.label_lower, removed_at__isnull=True)


def verified(*, actor: Actor, fingerprint: str) -> list[tuple[IssuedDocument, str]]:
    """Return issued documents with this fingerprint of the municipality, each with the kind of the file."""
    wanted = "".join(fingerprint.split()).lower()
    if len(wanted) != 64 or set(wanted) - set("0123456789abcdef"):
        return []
    found = IssuedDocument.objects.select_related("docx", "pdf", "annulment").filter(
        Q(docx__sha256=wanted) | Q(pdf__sha256=wanted), municipality_id=actor.municipality_id or 0
    )
    return [(row, "pdf" if row.pdf.sha256 == wanted else "docx") for row in found.order_by("-pk")[:20]]


def fingerprint_of(content: bytes) -> str:
    """Return the SHA-256 fingerprint of a content."""
    return hashlib.sha256(content).hexdigest()


def content_of(blob: Blob) -> bytes:
    """Return a content, checked against its hash: what was changed beside the product is not given out.

    :raises ContentLost: when it is absent or changed.
    """
    try:
        with storage().open(blob.name) as stream:
            content: bytes = stream.read()
    except FileNotFoundError:
        raise ContentLost(f"{blob.name}: the file is absent") from None
    if fingerprint_of(content) != blob.sha256:
        raise ContentLost(f"{blob.name}: the file was changed")
    return content


def files_of(*, subject: Model) -> list[Attachment]:
    """Return the newest version of every file of an object, those removed left out."""
    kept: dict[str, Attachment] = {}
    for row in versions_of(subject=subject):
        kept.setdefault(row.title_key, row)
    return sorted(kept.values(), key=lambda row: row.title_key)


def versions_of(*, subject: Model) -> QuerySet[Attachment]:
    """Return every version of every file of an object that was not removed, the newest first."""
    return (
        Attachment.objects.select_related("blob")
        .filter(
            subject_kind=subject._meta.label_lower,
            subject_id=subject.pk,
            removed_at__isnull=True,
        )
        .order_by("-version", "-pk")
    )


def title_key(title: str) -> str:
    """Return what makes two titles of files the same."""
    return (normalise(title) or title.strip().casefold())[:200]


def _mark(row: IssuedDocument) -> str:
    return f"{row.dated_on:%Y-%m-%d}~{row.pk}"


def _place(mark: str) -> tuple[date, int] | None:
    day, _, pk = mark.partition("~")
    try:
        return (date.fromisoformat(day), int(pk)) if len(pk) < 19 and pk.isascii() else None
    except ValueError:
        return None
