"""The life of a sheet: trained assessor, evidence, points at once, agreement, committee; and what must be refused."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from gemba.kernel.problems import Refusal
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.scorecards import actions, queries, subjects
from gemba.scorecards.entering import Hint
from gemba.scorecards.models import Sheet, SheetProof, TrainingRecord
from gemba.scorecards.rules.states import State
from gemba.scorecards.tests.factories import (
    AT,
    GOOD,
    edition_of,
    filled,
    new,
    opened,
    sent,
    trained,
    url_samples,
)


def test_an_untrained_person_does_not_assess(cast: Cast) -> None:
    edition = edition_of(cast.municipality)
    with pytest.raises(Refusal) as refused:
        actions.open_sheet(actor=cast.actor(Role.COORDINATOR), edition=edition, new=new(cast), at=AT)
    assert "нет действующей записи" in str(refused.value)
    assert refused.value.problems[0].clause == "significance 4.2"
    trained(cast, Role.COORDINATOR, valid_until=date(2024, 12, 31))
    with pytest.raises(Refusal, match="нет действующей записи"):
        actions.open_sheet(actor=cast.actor(Role.COORDINATOR), edition=edition, new=new(cast), at=AT)
    assert not Sheet.objects.exists()


def test_the_leader_does_not_assess_the_own_project(cast: Cast) -> None:
    edition = edition_of(cast.municipality)
    trained(cast, Role.COORDINATOR)
    with pytest.raises(Refusal, match="свою работу не оценивают"):
        actions.open_sheet(
            actor=cast.actor(Role.COORDINATOR), edition=edition, at=AT,
            new=new(cast, leader=cast.people[Role.COORDINATOR]),
        )  # fmt: skip


def test_the_worked_example_is_agreed_and_frozen(cast: Cast) -> None:
    sheet = sent(cast)
    assert (sheet.total, sheet.state, sheet.outcome) == (Decimal("8.5"), State.SUBMITTED, "regional")
    agreed = actions.agree(actor=cast.actor(Role.MONITOR), sheet_id=sheet.pk, version=sheet.version, at=AT)
    assert agreed.state == State.AGREED and agreed.training is not None
    for late in (
        lambda: actions.keep_answers(
            actor=cast.actor(Role.COORDINATOR),
            sheet_id=sheet.pk,
            version=None,
            answers={},
            comments={},
            context={},
            at=AT,
        ),
        lambda: actions.give_back(
            actor=cast.actor(Role.MONITOR), sheet_id=sheet.pk, version=None, reason="Ещё", at=AT
        ),
        lambda: actions.submit(actor=cast.actor(Role.COORDINATOR), sheet_id=sheet.pk, version=None, at=AT),
    ):
        with pytest.raises(Refusal):
            late()
    edition_of(cast.municipality, effective_on="2026-11-01")
    agreed.refresh_from_db()
    assert (agreed.total, agreed.edition.code) == (Decimal("8.5"), "2026-01-20")


def test_a_cut_off_gives_no_status_and_shows_the_total(cast: Cast) -> None:
    sheet = filled(cast, answers={**GOOD, "1": ["1z"]})
    assert sheet.outcome == "not_lean"
    assert any("1" in each for each in sheet.result["cut_by"])


def test_evidence_missing(cast: Cast) -> None:
    sheet = filled(cast)
    SheetProof.objects.filter(sheet=sheet, criterion="3").delete()
    with pytest.raises(Refusal, match="Критерий 3: нет подтверждения"):
        actions.submit(actor=cast.actor(Role.COORDINATOR), sheet_id=sheet.pk, version=None, at=AT)


def test_answers_for_rows_that_do_not_exist(cast: Cast) -> None:
    sheet = opened(cast)
    for answers, said in (({"1": ["1q"]}, "строки «1q» нет"), ({"9": ["9a"]}, "Критерия «9»")):
        with pytest.raises(Refusal, match=said):
            actions.keep_answers(
                actor=cast.actor(Role.COORDINATOR), sheet_id=sheet.pk, version=None, answers=answers, comments={},
                context={}, at=AT,
            )  # fmt: skip
    with pytest.raises(Refusal, match="Такого критерия или строки"):
        actions.add_proof(
            actor=cast.actor(Role.COORDINATOR), sheet_id=sheet.pk, criterion="1", row="1q", title="Отчёт", link="",
            file=None, file_kind="", at=AT,
        )  # fmt: skip


def test_somebody_elses_sheet_is_not_filled(cast: Cast) -> None:
    sheet = opened(cast)
    with pytest.raises(PermissionDenied):
        actions.keep_answers(
            actor=cast.actor(Role.ASSESSOR),
            sheet_id=sheet.pk,
            version=None,
            answers={},
            comments={},
            context={},
            at=AT,
        )


def test_a_stale_sheet_is_refused(cast: Cast) -> None:
    sheet = opened(cast)
    actor = cast.actor(Role.COORDINATOR)
    actions.keep_answers(
        actor=actor, sheet_id=sheet.pk, version=1, answers=GOOD, comments={}, context={}, at=AT
    )
    with pytest.raises(Refusal, match="его изменили"):
        actions.keep_answers(
            actor=actor, sheet_id=sheet.pk, version=1, answers={}, comments={}, context={}, at=AT
        )
    sheet.refresh_from_db()
    assert sheet.answers == GOOD


def test_nobody_agrees_the_own_sheet_and_two_deciders_meet(cast: Cast) -> None:
    own = sent(cast, Role.MONITOR, title="Свой")
    with pytest.raises(Refusal, match="Свой лист не согласуют"):
        actions.agree(actor=cast.actor(Role.MONITOR), sheet_id=own.pk, version=None, at=AT)
    sheet = sent(cast)
    for role in (Role.COORDINATOR, Role.ADMIN, Role.HEAD):
        with pytest.raises(PermissionDenied):
            actions.agree(actor=cast.actor(role), sheet_id=sheet.pk, version=None, at=AT)
    actions.give_back(
        actor=cast.actor(Role.MONITOR), sheet_id=sheet.pk, version=sheet.version, reason="Нет расчёта", at=AT
    )
    with pytest.raises(Refusal, match="изменили"):
        actions.agree(actor=cast.actor(Role.MONITOR), sheet_id=sheet.pk, version=sheet.version, at=AT)


def test_several_assessors_are_kept_apart_and_the_committee_agrees_one_set(cast: Cast) -> None:
    first = sent(cast, Role.COORDINATOR)
    second = sent(cast, Role.ASSESSOR, answers={**GOOD, "3": ["3b"]})
    assert first.subject_id == second.subject_id
    procedure = queries.procedure_of(first)
    assert (
        queries.combined(procedure, [first, second]) is None
    )  # nothing is averaged: the act does not say so
    rows = queries.compared(procedure, [first, second])
    assert [row["code"] for row in rows if not row["is_same"]] == ["3"]
    common = actions.settle(actor=cast.actor(Role.SECRETARY), sheet_id=second.pk, at=AT)
    done = actions.submit(actor=cast.actor(Role.SECRETARY), sheet_id=common.pk, version=None, at=AT)
    assert (done.state, done.total) == (State.AGREED, Decimal("7.5"))
    assert queries.agreed_of(subject=first.subject, procedure="significance") == done
    with pytest.raises(Refusal, match="уже есть"):
        actions.settle(actor=cast.actor(Role.SECRETARY), sheet_id=first.pk, at=AT)


def test_a_draft_moves_to_the_new_edition_only_when_asked(cast: Cast) -> None:
    sheet = filled(cast)
    edition = edition_of(
        cast.municipality,
        effective_on="2026-11-01",
        change={"          - code: 1a\n": "          - code: 1x\n"},
    )
    sheet.refresh_from_db()
    assert sheet.edition.code == "2026-01-20"
    moved = actions.renew(actor=cast.actor(Role.COORDINATOR), sheet_id=sheet.pk, edition=edition, at=AT)
    assert moved.edition == edition and moved.answers["1"] == [] and moved.answers["2"] == ["2d"]


def test_hints_of_a_registered_module_tick_rows_and_prove_them(cast: Cast) -> None:
    from gemba.organisation.models import Organisation

    subjects.register(
        "workplace", Organisation, lambda actor: Organisation.objects.filter(municipality_id=actor.municipality_id),
        lambda thing: [cast.people[Role.UNIT_HEAD].pk],
        lambda thing, procedure: [Hint("5", ("5a",), "Расчёт эффекта есть", "Проект", "/projects/1/")],
    )  # fmt: skip
    try:
        Organisation.organisation = property(lambda self: self)  # type: ignore[attr-defined]
        sheet = opened(cast, kind="workplace", object_id=cast.school.pk)
        assert sheet.subject.leader_id == cast.people[Role.UNIT_HEAD].pk
        assert sheet.answers == {"5": ["5a"]}
        hints = queries.hints_of(actor=cast.actor(Role.COORDINATOR), sheet=sheet)
        sheet.answers = {"5": ["5a"], "6": ["6b"]}
        assert queries.unproven(sheet=sheet, procedure=queries.procedure_of(sheet), hints=hints) == ["6"]
    finally:
        subjects._kinds.pop("workplace", None)
        del Organisation.organisation  # type: ignore[attr-defined]


# --- the register of the trained -----------------------------------------------------------------------------


def book(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    made = Workbook()
    made.active.append(
        ["ФИО", "Код сотрудника", "Программа обучения", "Документ", "Дата выдачи", "Действует до"]
    )
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return SimpleUploadedFile("обученные.xlsx", stream.getvalue())


def test_the_register_is_loaded_whole_or_not_at_all(cast: Cast) -> None:
    client = cast.client(Role.MONITOR)
    name = cast.people[Role.ASSESSOR].full_name
    good = (name, "", "Основы", "Сертификат № 1", date(2025, 2, 3), "")
    answer = client.post(
        reverse("scorecards:trained_load"),
        {"file": book(good, ("Неизвестный Иван Иванович", "", "", "С-2", "01.02.2025", ""))},
    )
    assert answer.status_code == 409 and "Строка 3" in answer.content.decode()
    assert not TrainingRecord.objects.exists()
    assert client.post(reverse("scorecards:trained_load"), {"file": book(good, good)}).status_code == 302
    assert client.post(reverse("scorecards:trained_load"), {"file": book(good)}).status_code == 302
    assert TrainingRecord.objects.get().person == cast.people[Role.ASSESSOR]


def test_a_cancelled_record_proves_nothing(cast: Cast) -> None:
    record = trained(cast, Role.COORDINATOR)
    person = cast.people[Role.COORDINATOR].pk
    assert queries.valid_training(person_id=person, day=date(2026, 11, 2)) == record
    actions.cancel_trained(actor=cast.actor(Role.MONITOR), record_id=record.pk, reason="Ошибка", at=AT)
    assert queries.valid_training(person_id=person, day=date(2026, 11, 2)) is None


# --- pages ---------------------------------------------------------------------------------------------------


def test_points_are_seen_at_once_and_without_javascript(cast: Cast) -> None:
    sheet = opened(cast)
    client = cast.client(Role.COORDINATOR)
    sent_form = {"a-1": ["1a"], "a-2": ["2d"], "a-3": ["3a"], "version": sheet.version}
    block = client.post(
        reverse("scorecards:points", args=[sheet.pk]),
        sent_form,
        headers={"HX-Request": "true", "HX-Target": "result"},
    ).content.decode()
    assert "<html" not in block and ">4</b>" in block
    sheet.refresh_from_db()
    assert sheet.answers == {}
    page = client.post(reverse("scorecards:sheet", args=[sheet.pk]), sent_form, follow=True).content.decode()
    assert (
        ">4</b>" in page and "Влияет на достижение национальных целей развития Российской Федерации" in page
    )


@pytest.mark.parametrize("role", [Role.MONITOR, Role.COORDINATOR, Role.SECRETARY, Role.EMPLOYEE])
def test_every_page_answers(cast: Cast, role: Role) -> None:
    client = cast.client(role)
    samples = url_samples(cast)
    addresses = [
        reverse(f"scorecards:{name}") for name in ("list", "new", "trained", "trained_new", "trained_sample")
    ]
    addresses += [reverse(name, kwargs=values) for name, values in samples.items()]
    addresses.append(reverse("scorecards:print", kwargs=samples["scorecards:print"]) + "?as=xlsx")
    for address in addresses:
        assert client.get(address).status_code in (200, 302, 403, 404, 405), address


def test_a_draft_is_nobody_elses_business_and_an_agreed_sheet_is_open(cast: Cast) -> None:
    sheet = sent(cast)
    here = reverse("scorecards:sheet", args=[sheet.pk])
    assert cast.client(Role.EMPLOYEE).get(here).status_code == 404
    actions.agree(actor=cast.actor(Role.MONITOR), sheet_id=sheet.pk, version=None, at=AT)
    assert cast.client(Role.EMPLOYEE).get(here).status_code == 200


def test_the_sheet_is_a_word_and_a_pdf(cast: Cast) -> None:
    from gemba.documents.queries import preview_docx, preview_pdf
    from gemba.documents.rendering import flaws
    from gemba.scorecards.papers import SHEET

    sheet = sent(cast)
    said = {"kind": SHEET, "subject": sheet, "actor": cast.actor(Role.COORDINATOR), "at": AT}
    assert flaws(preview_docx(**said)) == []
    assert preview_pdf(**said).startswith(b"%PDF")
