"""Acts of an assessor: a sheet is opened, filled, evidenced and sent to be agreed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Organisation, Person
from gemba.regulations.models import Edition
from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.regulations.queries import pack_of
from gemba.scorecards import subjects
from gemba.scorecards.entering import frozen, scored
from gemba.scorecards.models import Sheet, SheetProof, Subject, TrainingRecord
from gemba.scorecards.queries import hints_of, leaders_of, prefilled, procedure_of, unproven, valid_training
from gemba.scorecards.rules import Result
from gemba.scorecards.rules.states import MOVES, Stage, State, move

MOST_PROOFS = 200


@dataclass(frozen=True)
class NewSheet:
    """What a person says to open a sheet: an object of a module, or a subject named by hand."""

    procedure: str
    stage: str
    kind: str
    object_id: int | None = None
    title: str = ""
    organisation: Organisation | None = None
    leader: Person | None = None


def open_sheet(*, actor: Actor, edition: Edition, new: NewSheet, at: datetime) -> Sheet:
    """Open a sheet of the actor about a subject.

    :raises Refusal: when the actor leads the subject, has no valid training, or has such a sheet open already.
    """
    require(actor, "scorecards.assess", new.organisation.pk if new.organisation else None)
    require_own(actor, edition)
    procedure = next((each for each in pack_of(edition).procedures if each.code == new.procedure), None)
    if procedure is None or procedure.use == "self_assessment":
        raise Refusal(Problem("Такой процедуры в действующей редакции нет.", field="procedure"))
    if new.stage not in set(Stage):
        raise Refusal(Problem("Выберите, предварительная это оценка или итоговая.", field="stage"))
    try:
        with transaction.atomic():
            subject = _subject(actor, new)
            require(actor, "scorecards.assess", subject.organisation_id)
            training = who_may_assess(actor, procedure, subject)
            sheet = Sheet.objects.create(
                subject=subject, municipality_id=subject.municipality_id, edition=edition, procedure=procedure.code,
                stage=new.stage, assessor_id=actor.person_id, assessor_name=actor.name[:200], training=training,
                opened_at=at,
            )  # fmt: skip
            # What the records of the product show is ticked at once; the assessor checks it.
            sheet.answers = prefilled(procedure, hints_of(actor=actor, sheet=sheet))
            if sheet.answers:
                keep_result(sheet, procedure, scored(procedure, sheet.answers, {}, sheet.assessor_name))
                sheet.save()
            note(
                sheet, actor=actor, act="open", at=at,
                after={"stage": new.stage, "edition": edition.code, "prefilled": sorted(sheet.answers)},
            )  # fmt: skip
    except IntegrityError:
        raise Refusal(
            Problem("Такой лист у вас уже открыт.", mend="Найдите его в списке и продолжите.")
        ) from None
    return sheet


def _subject(actor: Actor, new: NewSheet) -> Subject:
    if new.object_id is None:
        if not new.title.strip():
            raise Refusal(Problem("Назовите, что оценивается.", field="title"))
        if new.organisation is None or new.organisation.municipality_id != actor.municipality_id:
            raise Refusal(Problem("Выберите организацию.", field="organisation"))
        # Several assessors of one thing named by hand meet at one subject.
        found = Subject.objects.filter(
            municipality_id=actor.municipality_id, kind=new.kind, object_id__isnull=True, title=new.title.strip()[:300],
            organisation=new.organisation,
        ).first()  # fmt: skip
        return found or Subject.objects.create(
            municipality_id=new.organisation.municipality_id, kind=new.kind, title=new.title.strip()[:300],
            organisation=new.organisation, leader=new.leader,
        )  # fmt: skip
    kind = subjects.find(new.kind)
    thing = kind.visible(actor).filter(pk=new.object_id).first() if kind else None
    if kind is None or thing is None:
        raise Refusal(Problem("Того, что оценивается, нет.", mend="Откройте его карточку и начните оттуда."))
    leader = next((person for person in kind.leader_of(thing) if person), None)
    found, _ = Subject.objects.get_or_create(
        municipality_id=thing.municipality_id, kind=new.kind, object_id=thing.pk,
        defaults={"title": str(thing)[:300], "organisation": thing.organisation, "leader_id": leader},
    )  # fmt: skip
    return found


def who_may_assess(actor: Actor, procedure: Procedure, subject: Subject) -> TrainingRecord | None:
    """Return the record by which the actor may assess, or None where the procedure asks for none.

    :raises Refusal: when the actor leads the subject, or is not trained where the procedure asks for it.
    """
    if actor.person_id and actor.person_id in leaders_of(subject):
        raise Refusal(
            Problem(
                "Вы ведёте этот проект: свою работу не оценивают.",
                mend="Попросите другого обученного сотрудника.",
            )
        )
    rule = procedure.conduct.trained_assessor if procedure.conduct else None
    if rule is None or actor.is_system:
        return None
    found = valid_training(person_id=actor.person_id, day=actor.today)
    if found is None:
        raise Refusal(
            Problem(
                "Оценивают обученные, а в реестре нет действующей записи о вашем обучении.",
                clause="; ".join(rule.clause),
                mend="Попросите экономическую службу внести документ об обучении.",
            )
        )
    return found


def locked(*, actor: Actor, sheet_id: int, version: int | None = None) -> Sheet:
    """Take the row of a sheet for change.

    :raises Refusal: when it is not there, or somebody changed it meanwhile.
    """
    found = (
        Sheet.objects.select_for_update()
        .filter(pk=sheet_id, municipality_id=actor.municipality_id or 0)
        .first()
    )
    if found is None:
        raise Refusal(Problem("Этого листа нет.", mend="Вернитесь к списку и обновите его."))
    found.edition = Edition.objects.defer("pack", "source").get(pk=found.edition_id)
    if version is not None and version != found.version:
        raise Refusal(
            Problem(
                f"Пока лист был открыт, его изменили; сейчас он «{found.get_state_display()}».",
                field="version",
                mend="Посмотрите, что стало, и сохраните ещё раз.",
            )
        )
    return found


def step(sheet: Sheet, verb: str) -> None:
    """Move a sheet by the table.

    :raises Refusal: when the act is not possible now.
    """
    target = move(verb, State(sheet.state))
    if target is None:
        raise Refusal(Problem(f"Сейчас лист «{sheet.get_state_display()}»: этого сделать нельзя."))
    sheet.state = target


def require_author(actor: Actor, sheet: Sheet) -> None:
    """Stop whoever is not the assessor of the sheet; the committee's sheet is written by its officers.

    :raises PermissionDenied: when it is somebody else's sheet.
    """
    if actor.is_system:
        return
    if sheet.is_committee:
        require(actor, "scorecards.settle")
    elif actor.person_id is None or sheet.assessor_id != actor.person_id:
        raise PermissionDenied("Лист заполняет тот, кто оценивает.")


def keep_answers(
    *,
    actor: Actor,
    sheet_id: int,
    version: int | None,
    answers: Mapping[str, Any],
    comments: Mapping[str, str],
    context: Mapping[str, str],
    at: datetime,
) -> Sheet:
    """Keep the answers as a draft; rows that do not exist are refused.

    :raises Refusal: when the sheet is sent, stale, or an answer names what is not there.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, sheet_id=sheet_id, version=version)
        require_author(actor, sheet)
        if not sheet.standing.may_be_edited:
            raise Refusal(Problem(f"Лист «{sheet.get_state_display()}»: он уже не меняется."))
        procedure = procedure_of(sheet)
        refuse_unknown(procedure, answers)
        sheet.answers, sheet.comments, sheet.context = dict(answers), dict(comments), dict(context)
        keep_result(sheet, procedure, scored(procedure, answers, context, sheet.assessor_name))
        sheet.version += 1
        sheet.save()
        note(sheet, actor=actor, act="save", at=at, after={"total": sheet.total})
    return sheet


def refuse_unknown(procedure: Procedure, answers: Mapping[str, Any]) -> None:
    """Stop answers about criteria or rows that the procedure does not have.

    :raises Refusal: with each of them.
    """
    known = {criterion.code: criterion for criterion in procedure.criteria}
    problems = []
    for code, answer in answers.items():
        criterion = known.get(code)
        if criterion is None:
            problems.append(Problem(f"Критерия «{code[:40]}» в положении нет.", mend="Обновите страницу."))
        elif isinstance(criterion, Rows) and isinstance(answer, list | dict):
            rows = {row.code for row in criterion.rows}
            problems += [
                Problem(f"Критерий {code}: строки «{str(row)[:40]}» нет.", mend="Обновите страницу.")
                for row in answer
                if str(row) not in rows
            ]
    if problems:
        raise Refusal(problems)


def keep_result(sheet: Sheet, procedure: Procedure, result: Result) -> None:
    """Put what the answers give beside them."""
    sheet.result, sheet.total = (
        frozen(procedure, result),
        None if result.total is None else round(result.total, 4),
    )
    sheet.outcome, sheet.outcome_title = result.outcome or "", result.outcome_title[:300]


def add_proof(
    *,
    actor: Actor,
    sheet_id: int,
    criterion: str,
    row: str,
    title: str,
    link: str,
    file: UploadedFile[Any] | None,
    file_kind: str,
    at: datetime,
) -> SheetProof:
    """Attach evidence to a row or to a whole criterion.

    :raises Refusal: when there is nothing to attach, the row does not exist, or the sheet is sent.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, sheet_id=sheet_id)
        require_author(actor, sheet)
        if not sheet.standing.may_be_edited:
            raise Refusal(Problem("Лист отправлен: подтверждения уже не меняются."))
        rule = next((each for each in procedure_of(sheet).criteria if each.code == criterion), None)
        rows = {each.code for each in rule.rows} if isinstance(rule, Rows) else set()
        if rule is None or (row and row not in rows):
            raise Refusal(Problem("Такого критерия или строки в положении нет.", field="row"))
        if not title.strip():
            raise Refusal(Problem("Назовите подтверждение.", field="title"))
        if SheetProof.objects.filter(sheet=sheet).count() >= MOST_PROOFS:
            raise Refusal(Problem(f"Подтверждений уже {MOST_PROOFS}.", mend="Соберите их в один файл."))
        made = SheetProof(
            sheet=sheet, criterion=criterion, row=row, title=title.strip()[:300], link=link[:500],
            added_by=actor.name[:200], added_at=at,
        )  # fmt: skip
        if file is not None:
            made.file_name, made.file_kind = (file.name or "файл")[-200:], file_kind
            made.file.save(f"scorecards/{sheet.municipality_id}/{secrets.token_hex(16)}", file, save=False)
        made.save()
        note(sheet, actor=actor, act="add_proof", at=at, after={"criterion": criterion, "proof": made.title})
    return made


def drop_proof(*, actor: Actor, sheet_id: int, proof_id: int, at: datetime) -> None:
    """Take evidence away from a sheet that is not sent.

    :raises Refusal: when it is not there or the sheet is sent.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, sheet_id=sheet_id)
        require_author(actor, sheet)
        found = SheetProof.objects.filter(sheet=sheet, pk=proof_id).first()
        if found is None or not sheet.standing.may_be_edited:
            raise Refusal(Problem("Это подтверждение убрать нельзя: лист отправлен или его уже нет."))
        note(sheet, actor=actor, act="drop_proof", at=at, before={"proof": found.title}, after={"proof": ""})
        found.delete()


def submit(*, actor: Actor, sheet_id: int, version: int | None, at: datetime) -> Sheet:
    """Send a filled sheet to be agreed; where the procedure asks for no agreement, it is agreed at once.

    :raises Refusal: when something is unanswered or unproven, or the assessor may not assess any more.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, sheet_id=sheet_id, version=version)
        require_author(actor, sheet)
        procedure = procedure_of(sheet)
        if not sheet.is_committee:
            sheet.training = who_may_assess(actor, procedure, sheet.subject) or sheet.training
        result = scored(procedure, sheet.answers, sheet.context, sheet.assessor_name)
        problems = list(result.problems)
        titles = {criterion.code: criterion for criterion in procedure.criteria}
        problems += [
            Problem(
                f"Критерий {code}: нет подтверждения.", clause="; ".join(titles[code].clause),
                mend="Приложите файл, ссылку или назовите документ.",
            )
            for code in unproven(sheet=sheet, procedure=procedure, hints=hints_of(actor=actor, sheet=sheet))
        ]  # fmt: skip
        if problems:
            raise Refusal(problems)
        step(sheet, "submit")
        keep_result(sheet, procedure, result)
        sheet.submitted_at, sheet.decision_text = at, ""
        needs_agreement = bool(procedure.conduct and procedure.conduct.agreement) and not sheet.is_committee
        if not needs_agreement:
            sheet.state = MOVES["agree"][1]
            sheet.decided_at, sheet.decided_by = at, actor.name[:200]
        sheet.version += 1
        sheet.save()
        note(
            sheet,
            actor=actor,
            act="submit",
            at=at,
            after={"total": sheet.total, "outcome": sheet.outcome_title},
        )
    return sheet


def renew(*, actor: Actor, sheet_id: int, edition: Edition, at: datetime) -> Sheet:
    """Move a draft to another edition; answers about what is no longer there fall out.

    :raises Refusal: when the sheet is sent, or the edition has no such procedure.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, sheet_id=sheet_id)
        require_author(actor, sheet)
        require_own(actor, edition)
        procedure = next((each for each in pack_of(edition).procedures if each.code == sheet.procedure), None)
        if procedure is None or not sheet.standing.may_be_edited:
            raise Refusal(Problem("Перенести лист нельзя: он отправлен или в редакции нет этой процедуры."))
        was, sheet.edition = sheet.edition.code, edition
        kept = {}
        for criterion in procedure.criteria:
            answer = sheet.answers.get(criterion.code)
            if isinstance(criterion, Rows) and isinstance(answer, list):
                rows = {row.code for row in criterion.rows}
                kept[criterion.code] = [row for row in answer if row in rows]
            elif answer is not None:
                kept[criterion.code] = answer
        sheet.answers = kept
        keep_result(sheet, procedure, scored(procedure, kept, sheet.context, sheet.assessor_name))
        sheet.version += 1
        sheet.save()
        note(sheet, actor=actor, act="renew", at=at, before={"edition": was}, after={"edition": edition.code})
    return sheet


def note(
    sheet: Sheet,
    *,
    actor: Actor,
    act: str,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Enter an act on a sheet into the record."""
    record(
        act=f"scorecards.{act}", actor=actor, subject=sheet, title=str(sheet)[:500],
        municipality_id=sheet.municipality_id, at=at, before=before, after=after, reason=reason,
    )  # fmt: skip
