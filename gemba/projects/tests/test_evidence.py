"""Files of the gates: a newer one keeps the older, one taken away gives way to the one before it."""

from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gemba.kernel.problems import Refusal
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.projects import documents
from gemba.projects.actions import evidence
from gemba.projects.models import Evidence, Project
from gemba.projects.queries.gates import gate_views
from gemba.projects.tests.factories import AT, DAY, make_active

pytestmark = pytest.mark.django_db


def pdf(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{text}.pdf", b"%PDF-1.4\n" + text.encode())


def attach(cast: Cast, project: Project, title: str, text: str, day: int = 0, **more: int) -> Evidence:
    return evidence.attach(
        actor=cast.actor(Role.LEADER), project_id=project.pk, code="maps.current", title=title, file=pdf(text),
        at=AT + timedelta(days=day), **more,
    )  # fmt: skip


def shown(project: Project) -> list[tuple[str, int]]:
    views = gate_views(project=project, stage_code="current_mapping", today=DAY)
    [view] = [view for view in views if view.gate.code == "maps.current"]
    return [(row.title, row.version) for row in view.files]


def test_a_newer_file_keeps_the_older_with_who_and_when(cast: Cast) -> None:
    project = make_active(cast)
    one = attach(cast, project, "Карта", "first")
    two = attach(cast, project, "КАРТА ", "second", day=2)
    three = attach(cast, project, "Карта после гембы", "third", day=5, replaces_id=one.pk)
    assert [row.version for row in (one, two, three)] == [1, 2, 3] and three.first_id == one.pk
    assert shown(project) == [("Карта после гембы", 3)]
    client = cast.client(Role.LEADER)
    page = client.get(reverse("projects:versions", args=[project.pk, three.pk])).content.decode()
    for words in ("first.pdf", "second.pdf", "third.pdf", "Лапин", "24.11.2026"):
        assert words in page, words
    old = client.get(reverse("projects:file", args=[project.pk, one.pk]))
    assert b"".join(old.streaming_content).endswith(b"first")


def test_taking_the_newest_away_brings_back_the_one_before(cast: Cast) -> None:
    project, leader = make_active(cast), cast.actor(Role.LEADER)
    rows = [attach(cast, project, "Карта", text, day) for day, text in enumerate(("a", "b", "c"))]
    evidence.withdraw(actor=leader, project_id=project.pk, evidence_id=rows[2].pk, at=AT)
    assert shown(project) == [("Карта", 2)]
    evidence.withdraw(actor=leader, project_id=project.pk, evidence_id=rows[0].pk, at=AT)
    assert shown(project) == [("Карта", 2)], "an older version taken away changes nothing"
    # The number of a version is never given twice.
    assert attach(cast, project, "Карта", "d").version == 4
    evidence.withdraw(actor=leader, project_id=project.pk, evidence_id=rows[1].pk, at=AT)
    last = Evidence.objects.get(version=4)
    evidence.withdraw(actor=leader, project_id=project.pk, evidence_id=last.pk, at=AT)
    assert shown(project) == []
    with pytest.raises(Refusal):
        attach(cast, project, "Карта", "e", replaces_id=last.pk)


def test_a_file_without_a_title_or_under_another_is_an_evidence_of_its_own(cast: Cast) -> None:
    project = make_active(cast)
    attach(cast, project, "", "a")
    attach(cast, project, "Карта", "b")
    assert sorted(shown(project)) == [("a.pdf", 1), ("Карта", 1)]


def test_the_page_replaces_a_file_and_another_project_has_no_part_in_it(cast: Cast) -> None:
    project, other = make_active(cast), make_active(cast, title="Другой")
    row = attach(cast, project, "Карта", "a")
    client = cast.client(Role.LEADER)
    url = reverse("projects:replace", args=[project.pk, row.pk])
    assert "Карта" in client.get(url).content.decode()
    assert client.post(url, {"title": "Карта", "file": pdf("b")}).status_code == 302
    assert shown(project) == [("Карта", 2)]
    assert client.post(url, {"title": "Карта"}).status_code == 422
    card = client.get(reverse("projects:card", args=[project.pk])).content.decode()
    assert "версия 2" in card
    assert client.get(reverse("projects:replace", args=[other.pk, row.pk])).status_code == 404
    assert client.get(reverse("projects:versions", args=[other.pk, row.pk])).status_code == 404


def test_files_follow_the_storage_of_documents_and_old_ones_stay_readable(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    project = make_active(cast)
    disk, cloud = FileSystemStorage(location=str(tmp_path)), InMemoryStorage()
    monkeypatch.setattr(documents, "default_storage", disk)
    monkeypatch.setattr(documents, "storage", lambda: disk)
    old = attach(cast, project, "Карта", "on-disk")
    monkeypatch.setattr(documents, "storage", lambda: cloud)
    new = attach(cast, project, "План", "in-cloud")
    assert cloud.exists(new.file.name) and not disk.exists(new.file.name)
    assert documents.open_stored(old).read().endswith(b"on-disk")
    assert documents.open_stored(new).read().endswith(b"in-cloud")
