"""The pages: from a note to an issued document with its scan, a template on trial, files that never run."""

import pytest
from django.test import Client
from django.urls import reverse

from gemba.documents.models import Attachment, DocumentTemplate, IssuedDocument, Note
from gemba.documents.own import NOTE
from gemba.documents.tests.factories import TEXT, make_issued, template_of, upload, url_samples
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast


def download(client: Client, url: str) -> tuple[bytes, dict[str, str]]:
    """Fetch a file with its headers."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content), dict(answer.headers)  # type: ignore[attr-defined]


def test_from_a_note_to_the_signed_copy(cast: Cast) -> None:
    client = cast.client(Role.MONITOR)
    answer = client.post(reverse("documents:new_note"), TEXT.__dict__)
    note = Note.objects.get()
    make = reverse("documents:make", args=[NOTE.code, note.pk])
    assert answer.headers["Location"] == make
    assert "Проект без номера" in client.get(make).content.decode()
    for form, start in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("docx", b"PK")):
        assert download(client, reverse("documents:preview", args=[NOTE.code, note.pk, form]))[0].startswith(
            start
        )
    assert IssuedDocument.objects.count() == 0
    today = cast.actor(Role.MONITOR).today
    answer = client.post(make, {"number": "7-к", "on": f"{today:%d.%m.%Y}"})
    made = IssuedDocument.objects.get()
    assert answer.headers["Location"] == reverse("documents:document", args=[made.pk])
    assert made.pdf.sha256 in client.get(answer.headers["Location"]).content.decode()
    files = reverse("documents:files", args=["documents.issueddocument", made.pk])
    client.post(files, {"title": "Скан", "file": upload(b"%PDF-1.4 scan", "скан.pdf")})
    assert Attachment.objects.get().title == "Скан"
    content, headers = download(client, reverse("documents:file", args=[Attachment.objects.get().pk]))
    assert content == b"%PDF-1.4 scan"
    assert headers["Content-Disposition"].startswith("attachment")
    page = client.get(reverse("documents:list"), {"q": "картированию", "kind": NOTE.code})
    assert "№ 7-к" in page.content.decode() and "скан приложен" in page.content.decode()
    assert "№ 7-к" in client.get(reverse("documents:list"), {"scan": "yes"}).content.decode()
    assert "№ 7-к" not in client.get(reverse("documents:list"), {"scan": "no"}).content.decode()


def test_a_taken_number_is_said_at_its_field_and_nothing_is_lost(cast: Cast) -> None:
    monitor = cast.actor(Role.MONITOR)
    make_issued(monitor, "7")
    client = cast.client(Role.MONITOR)
    client.post(reverse("documents:new_note"), TEXT.__dict__)
    note = Note.objects.latest("pk")
    url = reverse("documents:make", args=[NOTE.code, note.pk])
    answer = client.post(url, {"number": "№ 7", "on": "20.11.2026"})
    assert answer.status_code == 422
    assert "уже занят" in answer.content.decode() and "№ 7" in answer.content.decode()


def test_a_page_in_disguise_never_runs(cast: Cast) -> None:
    client = cast.client(Role.MONITOR)
    made = make_issued(cast.actor(Role.MONITOR))
    files = reverse("documents:files", args=["documents.issueddocument", made.pk])
    client.post(
        files, {"title": "Страница", "file": upload(b"<html><script>alert(1)</script></html>", "x.html")}
    )
    _, headers = download(client, reverse("documents:file", args=[Attachment.objects.get().pk]))
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


def test_a_template_is_tried_shown_and_accepted(cast: Cast) -> None:
    client = cast.client(Role.ADMIN)
    url = reverse("documents:template", args=[NOTE.code])
    page = client.get(url).content.decode()
    assert "{{ заголовок }}" in page and "{%tr for строка in абзацы %}" in page
    wrong = client.post(url, {"file": upload(template_of("{{ загаловок }}"))})
    assert wrong.status_code == 422 and "«заголовок»" in wrong.content.decode()
    assert DocumentTemplate.objects.count() == 0
    answer = client.post(url, {"file": upload(template_of("{{ заголовок }}"))})
    trial = DocumentTemplate.objects.get()
    assert answer.headers["Location"] == reverse("documents:trial", args=[trial.pk])
    assert "Выдавать по этому шаблону" in client.get(answer.headers["Location"]).content.decode()
    assert download(client, reverse("documents:sample", args=[trial.pk, "png"]))[0].startswith(b"\x89PNG")
    client.post(reverse("documents:accept_template", args=[trial.pk]))
    trial.refresh_from_db()
    assert trial.is_current and trial.version == 1
    client.post(reverse("documents:use_standard", args=[NOTE.code]))
    trial.refresh_from_db()
    assert not trial.is_current


def test_a_received_file_is_verified(cast: Cast) -> None:
    made = make_issued(cast.actor(Role.MONITOR))
    client = cast.client(Role.EMPLOYEE)
    url = reverse("documents:verify")
    from gemba.documents.queries import content_of

    good = client.post(url, {"file": upload(content_of(made.pdf), "письмо.pdf")}).content.decode()
    assert "файл не изменён" in good and "Открыть карточку" not in good
    bad = client.post(url, {"file": upload(content_of(made.pdf) + b" ", "письмо.pdf")}).content.decode()
    assert "Не найден" in bad
    assert client.post(url, {}).status_code == 422


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.COORDINATOR])
def test_anothers_document_is_not_there(cast: Cast, role: Role) -> None:
    made = make_issued(cast.actor(Role.MONITOR))
    client = cast.client(role)
    for url in (
        reverse("documents:document", args=[made.pk]),
        reverse("documents:download", args=[made.pk, "pdf"]),
        reverse("documents:make", args=[NOTE.code, made.subject_id]),
        reverse("documents:files", args=["documents.note", made.subject_id]),
    ):
        assert client.get(url).status_code == 404, url


def test_the_register_costs_the_same_for_many(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    monitor = cast.actor(Role.MONITOR)
    for _ in range(6):
        make_issued(monitor)
    client = cast.client(Role.MONITOR)
    client.get(reverse("documents:list"))
    with django_assert_max_num_queries(16):
        client.get(reverse("documents:list"))


def test_a_stranger_gets_at_nothing(cast: Cast) -> None:
    client = cast.stranger_client()
    for name, values in url_samples(cast).items():
        if not values.get("is_object", True):
            continue
        url = reverse(name, kwargs=values)
        for answer in (client.get(url), client.post(url, {"reason": "Так надо", "number": "1"})):
            assert answer.status_code in (403, 404, 405), (name, answer.status_code)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.MONITOR, Role.ADMIN, Role.REGION])
def test_nonsense_breaks_no_page(cast: Cast, role: Role) -> None:
    if role is Role.REGION and role not in cast.users:
        pytest.skip("the cast has nobody of this role")
    samples = url_samples(cast)
    client = cast.client(role)
    nonsense = {
        "number": "ы" * 900,
        "on": "32.13.2026",
        "reason": "\x00",
        "title": "=1",
        "version": "-",
        "file": "x",
    }
    query = {
        "before": "x~99999999999999999999",
        "after": "2026-02-31~1",
        "kind": "?",
        "who": "-1",
        "first": "нет",
        "q": "'\"%",
    }
    names = ["list", "export", "verify", "new", "new_note", "templates"]
    urls = [reverse(f"documents:{name}") for name in names]
    urls += [
        reverse(name, kwargs={key: value for key, value in values.items() if key != "is_object"})
        for name, values in samples.items()
    ]
    for url in urls:
        for answer in (client.get(url, query), client.post(url, nonsense)):
            assert answer.status_code < 500, url
