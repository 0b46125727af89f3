"""Files of objects: kinds told by content, versions, removal with a reason, erasing what nobody needs."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from gemba.audit.models import ActRecord
from gemba.documents import files, queries
from gemba.documents.actions import tidy
from gemba.documents.models import Attachment, Blob, IssuedDocument
from gemba.documents.storage import storage
from gemba.documents.tests.factories import AT, PDF, make_issued, make_trial, upload
from gemba.kernel.problems import Refusal
from gemba.organisation.access import actor_of
from gemba.organisation.models import Municipality
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast


@pytest.fixture
def document(cast: Cast) -> IssuedDocument:
    return make_issued(cast.actor(Role.MONITOR))


def test_the_same_title_is_the_next_version(cast: Cast, document: IssuedDocument) -> None:
    actor = cast.actor(Role.MONITOR)
    files.attach(actor=actor, subject=document, file=upload(PDF, "скан.pdf"), title="Скан  записки", at=AT)
    files.attach(
        actor=actor, subject=document, file=upload(PDF + b"2", "скан2.pdf"), title="скан записки", at=AT
    )
    files.attach(actor=actor, subject=document, file=upload(PDF, "ещё.pdf"), title="", at=AT)
    assert [(row.title, row.version) for row in files.files_of(subject=document)] == [
        ("ещё.pdf", 1), ("скан записки", 2),
    ]  # fmt: skip
    assert files.versions_of(subject=document).count() == 3
    # One content is kept once, whatever it is called.
    assert Blob.objects.filter(sha256=queries.fingerprint_of(PDF)).count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ\x90\x00\x03", "отчёт.pdf"), (b"\x00\x01\x02", "фото.jpg"), (b"", "пустой.pdf"), (b"\x89PNG\r\n\x1a\nxx", "a.png")],
)  # fmt: skip
def test_the_content_says_what_a_file_is(
    cast: Cast, document: IssuedDocument, content: bytes, name: str
) -> None:
    with pytest.raises(Refusal):
        files.attach(
            actor=cast.actor(Role.MONITOR), subject=document, file=upload(content, name), title="Файл", at=AT
        )
    assert Attachment.objects.count() == 0


def test_size_and_kinds_are_set(cast: Cast, document: IssuedDocument, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DOCUMENTS_MEGABYTES = 1
    settings.DOCUMENTS_KINDS = ("pdf",)
    actor = cast.actor(Role.MONITOR)
    for content, word in ((PDF + b" " * 1_200_000, "МБ"), (b"a,b\n", "PDF")):
        with pytest.raises(Refusal, match=word):
            files.attach(actor=actor, subject=document, file=upload(content, "x.pdf"), title="Файл", at=AT)


def test_only_those_whom_the_module_lets(cast: Cast, document: IssuedDocument) -> None:
    for actor in (cast.actor(Role.EMPLOYEE), cast.actor(Role.HEAD), actor_of(cast.stranger)):
        with pytest.raises(PermissionDenied):
            files.attach(actor=actor, subject=document, file=upload(PDF, "x.pdf"), title="Файл", at=AT)
    assert files.may_read_subject(cast.actor(Role.HEAD), document)
    assert not files.may_read_subject(actor_of(cast.stranger), document)


def test_what_no_module_has_entered_takes_no_files(cast: Cast) -> None:
    town = Municipality.objects.get(pk=cast.municipality.pk)
    assert not files.may_attach_to(cast.actor(Role.ADMIN), town)
    with pytest.raises(ValueError, match="set already"):
        files.register_subject(IssuedDocument, lambda actor, subject: True, lambda actor, subject: True)


def test_a_file_is_removed_with_a_reason_and_erased_later(cast: Cast, document: IssuedDocument) -> None:
    actor = cast.actor(Role.MONITOR)
    made = files.attach(actor=actor, subject=document, file=upload(PDF, "x.pdf"), title="Скан", at=AT)
    assert made.blob is not None
    name = made.blob.name
    with pytest.raises(Refusal, match="почему"):
        files.remove(actor=actor, attachment=made, reason="  ", at=AT)
    with pytest.raises(PermissionDenied):
        files.remove(actor=cast.actor(Role.HEAD), attachment=made, reason="Не тот", at=AT)
    files.remove(actor=actor, attachment=made, reason="Приложен не тот скан", at=AT)
    with pytest.raises(Refusal, match="уже убран"):
        files.remove(actor=actor, attachment=made, reason="Ещё раз", at=AT)
    assert files.files_of(subject=document) == []
    assert ActRecord.objects.get(act="documents.remove_file").reason == "Приложен не тот скан"
    tidy(at=AT + timedelta(days=5))
    assert storage().exists(name)
    tidy(at=AT + timedelta(days=40))
    assert not storage().exists(name)
    # The number of the removed version is not given again.
    again = files.attach(actor=actor, subject=document, file=upload(PDF, "x.pdf"), title="Скан", at=AT)
    assert again.version == 2


def test_tidying_touches_only_what_nobody_needs(cast: Cast, document: IssuedDocument) -> None:
    from datetime import UTC, datetime

    trial = make_trial(cast.actor(Role.MONITOR))
    orphan = storage().save("documents/9/zz/orphan", upload(b"x"))
    later = datetime.now(UTC) + timedelta(days=30)
    counts = tidy(at=later)
    assert counts["orphans"] >= 1 and not storage().exists(orphan)
    assert not storage().exists(trial.blob.name)
    assert queries.content_of(document.pdf) and queries.content_of(document.docx)
    assert tidy(at=later)["dropped"] == 0


def test_a_lost_content_is_healed_by_the_same_file(cast: Cast, document: IssuedDocument) -> None:
    actor = cast.actor(Role.MONITOR)
    made = files.attach(actor=actor, subject=document, file=upload(PDF, "x.pdf"), title="Скан", at=AT)
    assert made.blob is not None
    storage().delete(made.blob.name)
    files.attach(actor=actor, subject=document, file=upload(PDF, "x.pdf"), title="Скан", at=AT)
    assert queries.content_of(made.blob) == PDF
