"""A document is issued once and for ever: numbers, files, fingerprints, annulment."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from gemba.audit.models import ActRecord
from gemba.documents import queries
from gemba.documents.actions import annul, issue
from gemba.documents.actions import issue as issue_act
from gemba.documents.actions.notes import change_note
from gemba.documents.models import IssuedDocument
from gemba.documents.own import NOTE, READINGS
from gemba.documents.rendering import flaws
from gemba.documents.tests.factories import AT, DAY, TEXT, make_issued, make_note, texts_of
from gemba.kernel.problems import Refusal
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast, build_cast
from gemba.regulations.tests.factories import an_edition


def test_an_issued_document_says_what_the_note_says(cast: Cast) -> None:
    made = make_issued(cast.actor(Role.MONITOR))
    docx, pdf = queries.content_of(made.docx), queries.content_of(made.pdf)
    text = texts_of(docx)
    assert "Калинину Р.И." in text and "Материалы прилагаются." in text and "20.11.2026 № 1" in text
    assert "{{" not in text and "{%" not in text
    assert flaws(docx) == []
    assert pdf.startswith(b"%PDF-")
    assert made.pdf.sha256 == queries.fingerprint_of(pdf)
    record = ActRecord.objects.get(act="documents.issue")
    assert record.after["fingerprint"] == made.pdf.sha256


def test_numbers_follow_one_another_and_step_over_those_taken_by_hand(cast: Cast) -> None:
    actor = cast.actor(Role.MONITOR)
    numbers = [make_issued(actor).number, make_issued(actor, "2").number, make_issued(actor).number]
    assert numbers == ["1", "2", "3"]


@pytest.mark.parametrize("same", ["17-П", "№ 17-п", " 17 – п ", "17-П"])
def test_a_number_is_taken_however_it_is_written(cast: Cast, same: str) -> None:
    actor = cast.actor(Role.MONITOR)
    make_issued(actor, "17-п")
    with pytest.raises(Refusal, match="занят"):
        make_issued(actor, same)
    assert IssuedDocument.objects.count() == 1


def test_the_same_number_may_stand_in_another_year(cast: Cast) -> None:
    actor = cast.actor(Role.MONITOR)
    make_issued(actor, "5")
    made = issue(kind=NOTE, subject=make_note(actor), actor=actor, on=date(2025, 12, 30), at=AT, number="5")
    assert (made.year, made.number) == (2025, "5")


def test_somebody_takes_the_number_while_the_pages_are_drawn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = cast.actor(Role.MONITOR)
    make_issued(actor)
    stale = iter(["1", "2"])
    monkeypatch.setattr("gemba.documents.actions.issuing.next_number", lambda **_: next(stale))
    made = make_issued(actor)
    assert made.number == "2"
    assert "№ 2" in texts_of(queries.content_of(made.docx))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers() -> None:
    cast = build_cast()
    actor = cast.actor(Role.MONITOR)
    notes = [make_note(actor, heading=f"Записка {number}") for number in range(3)]
    start, failed = Barrier(len(notes)), []

    def run(number: int) -> None:
        try:
            start.wait()
            issue_act(kind=NOTE, subject=notes[number], actor=actor, on=DAY, at=AT)
        except Exception as problem:
            failed.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(len(notes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(IssuedDocument.objects.values_list("number", flat=True)) == ["1", "2", "3"]


def test_the_database_refuses_to_change_an_issued_document(cast: Cast) -> None:
    made = make_issued(cast.actor(Role.MONITOR))
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedDocument.objects.filter(pk=made.pk).update(number="2")
    made.refresh_from_db()
    assert made.number == "1"


def test_a_changed_file_is_not_given_out(cast: Cast) -> None:
    made = make_issued(cast.actor(Role.MONITOR))
    place = queries.storage()
    place.delete(made.pdf.name)
    with place.open(made.pdf.name, "wb") as stream:
        stream.write(b"%PDF-1.4 forged")
    with pytest.raises(queries.ContentLost):
        queries.content_of(made.pdf)


def test_a_date_to_come_is_refused(cast: Cast) -> None:
    actor = cast.actor(Role.MONITOR)
    with pytest.raises(Refusal, match="не наступила"):
        issue(kind=NOTE, subject=make_note(actor), actor=actor, on=DAY + timedelta(days=3), at=AT)


def test_a_note_is_issued_once_and_not_changed_afterwards(cast: Cast) -> None:
    actor = cast.actor(Role.MONITOR)
    note = make_note(actor)
    issue(kind=NOTE, subject=note, actor=actor, on=DAY, at=AT)
    with pytest.raises(Refusal, match="уже выдана"):
        issue(kind=NOTE, subject=note, actor=actor, on=DAY, at=AT)
    with pytest.raises(Refusal, match="не меняется"):
        change_note(actor=actor, note=note, text=TEXT, version=1, at=AT)


def test_only_the_author_issues_a_note(cast: Cast) -> None:
    note = make_note(cast.actor(Role.MONITOR))
    for role in (Role.SECRETARY, Role.EMPLOYEE):
        with pytest.raises(PermissionDenied):
            issue(kind=NOTE, subject=note, actor=cast.actor(role), on=DAY, at=AT)


def test_annulment_keeps_the_document_and_its_number(cast: Cast) -> None:
    actor = cast.actor(Role.MONITOR)
    made = make_issued(actor)
    with pytest.raises(Refusal, match="почему"):
        annul(actor=actor, document=made, reason=" ", at=AT)
    annul(actor=actor, document=made, reason="Ошибка в адресате", at=AT)
    with pytest.raises(Refusal, match="уже аннулирован"):
        annul(actor=actor, document=made, reason="Ещё раз", at=AT)
    assert make_issued(actor).number == "2"
    assert queries.content_of(made.pdf).startswith(b"%PDF-")


def test_annulment_is_for_those_who_keep_the_register(cast: Cast) -> None:
    made = make_issued(cast.actor(Role.CURATOR))
    for role in (Role.CURATOR, Role.ADMIN):
        with pytest.raises(PermissionDenied):
            annul(actor=cast.actor(role), document=made, reason="Ошибка", at=AT)


def test_a_fingerprint_finds_the_document_and_only_in_its_municipality(cast: Cast) -> None:
    made = make_issued(cast.actor(Role.MONITOR))
    [(found, kind)] = queries.verified(actor=cast.actor(Role.EMPLOYEE), fingerprint=made.docx.sha256.upper())
    assert (found.pk, kind) == (made.pk, "docx")
    assert queries.verified(actor=cast.actor(Role.EMPLOYEE), fingerprint="0" * 64) == []
    from gemba.organisation.access import actor_of

    assert queries.verified(actor=actor_of(cast.stranger), fingerprint=made.docx.sha256) == []


def test_the_register_shows_each_what_is_theirs(cast: Cast) -> None:
    by_monitor = make_issued(cast.actor(Role.MONITOR))
    by_leader = make_issued(cast.actor(Role.LEADER))

    def seen(role: Role) -> set[int]:
        return {row.pk for row in queries.register(actor=cast.actor(role)).rows}

    assert seen(Role.HEAD) == {by_monitor.pk, by_leader.pk}
    assert seen(Role.LEADER) == {by_leader.pk}
    assert seen(Role.EMPLOYEE) == set()


def test_the_register_is_narrowed_and_paged(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = cast.actor(Role.MONITOR)
    made = [make_issued(actor) for _ in range(5)]
    monkeypatch.setattr(queries, "PAGE", 2)
    first = queries.register(actor=actor)
    second = queries.register(actor=actor, before=first.older_than)
    assert [row.pk for row in first.rows + second.rows] == [row.pk for row in reversed(made)][:4]
    back = queries.register(actor=actor, after=second.newer_than)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert queries.register(actor=actor, kind_code=READINGS.code).rows == []
    assert queries.register(actor=actor, last=DAY - timedelta(days=1)).rows == []
    assert len(queries.register(actor=actor, words="картированию").rows) == 2
    assert queries.register(actor=actor, issued_by=0 + cast.users[Role.LEADER].pk).rows == []


def test_the_reading_notes_of_an_edition(cast: Cast) -> None:
    edition = an_edition(cast.municipality)
    docx = queries.preview_docx(kind=READINGS, subject=edition, actor=cast.actor(Role.MONITOR), at=AT)
    text = texts_of(docx)
    assert edition.title in text and "Замечания к тексту" in text
    assert flaws(docx) == []
    with pytest.raises(PermissionDenied):
        issue(kind=READINGS, subject=edition, actor=cast.actor(Role.EMPLOYEE), on=DAY, at=AT)
