"""Acts of an organisation on its sheet: answers, evidence, the head's signature."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from gemba.kernel.problems import Problem, Refusal
from gemba.notices.actions import tell
from gemba.organisation.access import Actor, require
from gemba.organisation.queries import holders
from gemba.organisation.roles import Role
from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.scorecards.entering import scored
from gemba.self_assessment.actions.base import keep_result, locked, note, procedure_of, step
from gemba.self_assessment.models import Participant, ParticipantProof, RowCheck, Verdict
from gemba.self_assessment.queries import shown_for, signer, unproven
from gemba.self_assessment.rules.states import State

MOST_PROOFS = 200


def keep_answers(
    *,
    actor: Actor,
    participant_id: int,
    version: int | None,
    answers: Mapping[str, Any],
    comments: Mapping[str, str],
    at: datetime,
) -> Participant:
    """Keep the answers as a draft; rows that do not exist are refused.

    :raises Refusal: when the sheet is sent, stale, or an answer names what is not there.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id, version=version)
        require(actor, "self_assessment.fill", sheet.organisation_id)
        step(sheet, "save")
        procedure = procedure_of(sheet.campaign)
        _refuse_unknown(procedure, answers)
        sheet.answers, sheet.comments = dict(answers), dict(comments)
        keep_result(sheet, procedure, scored(procedure, answers, sheet.context, actor.name))
        sheet.filled_by, sheet.filled_at = actor.name[:200], at
        sheet.version += 1
        sheet.save()
        note(sheet, actor=actor, act="save", at=at, after={"answered": len(sheet.answers)})
    return sheet


def _refuse_unknown(procedure: Procedure, answers: Mapping[str, Any]) -> None:
    known = {criterion.code: criterion for criterion in procedure.criteria}
    problems = []
    for code, answer in answers.items():
        criterion = known.get(code)
        if criterion is None:
            problems.append(Problem(f"Критерия «{code[:40]}» в положении нет.", mend="Обновите страницу."))
            continue
        if not isinstance(criterion, Rows):
            continue
        rows = {row.code for row in criterion.rows}
        named = list(answer) if isinstance(answer, list | dict) else []
        problems += [
            Problem(
                f"Критерий {code}: строки «{str(row)[:40]}» нет.",
                clause="; ".join(criterion.clause),
                field=f"a-{code}",
                mend="Обновите страницу: положение могло измениться.",
            )
            for row in named
            if str(row) not in rows
        ]
    if problems:
        raise Refusal(problems)


def add_proof(
    *,
    actor: Actor,
    participant_id: int,
    criterion: str,
    row: str,
    title: str,
    link: str,
    file: UploadedFile[Any] | None,
    file_kind: str,
    at: datetime,
) -> ParticipantProof:
    """Attach evidence to a row or to a whole criterion.

    :raises Refusal: when there is nothing to attach, the row does not exist, or the sheet is sent.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id)
        require(actor, "self_assessment.fill", sheet.organisation_id)
        _refuse_sent(sheet)
        procedure = procedure_of(sheet.campaign)
        rule = next((each for each in procedure.criteria if each.code == criterion), None)
        if rule is None:
            raise Refusal(Problem(f"Критерия «{criterion[:40]}» в положении нет.", field="row"))
        if row and not (isinstance(rule, Rows) and row in {each.code for each in rule.rows}):
            raise Refusal(Problem(f"Строки «{row[:40]}» в критерии {criterion} нет.", field="row"))
        if not title.strip():
            raise Refusal(Problem("Назовите подтверждение: «Приказ от 12.03.2026 № 5».", field="title"))
        if ParticipantProof.objects.filter(participant=sheet).count() >= MOST_PROOFS:
            raise Refusal(Problem(f"Подтверждений уже {MOST_PROOFS}.", mend="Соберите их в один файл."))
        made = ParticipantProof(
            participant=sheet, criterion=criterion, row=row, title=title.strip()[:300], link=link[:500],
            added_by=actor.name[:200], added_at=at,
        )  # fmt: skip
        if file is not None:
            made.file_name, made.file_kind = (file.name or "файл")[-200:], file_kind
            made.file.save(f"self-assessment/{sheet.campaign_id}/{secrets.token_hex(16)}", file, save=False)
        made.save()
        note(sheet, actor=actor, act="add_proof", at=at, after={"criterion": criterion, "proof": made.title})
    return made


def drop_proof(*, actor: Actor, participant_id: int, proof_id: int, at: datetime) -> None:
    """Take evidence away from a sheet that is not sent.

    :raises Refusal: when it is not there or the sheet is sent.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id)
        require(actor, "self_assessment.fill", sheet.organisation_id)
        _refuse_sent(sheet)
        found = ParticipantProof.objects.filter(participant=sheet, pk=proof_id).first()
        if found is None:
            raise Refusal(Problem("Этого подтверждения уже нет."))
        note(sheet, actor=actor, act="drop_proof", at=at, before={"proof": found.title}, after={"proof": ""})
        found.delete()


def _refuse_sent(sheet: Participant) -> None:
    if not State(sheet.state).may_be_edited:
        raise Refusal(Problem(f"Лист «{sheet.get_state_display()}»: подтверждения уже не меняются."))


def hand_over(*, actor: Actor, participant_id: int, version: int | None, at: datetime) -> Participant:
    """Hand the filled sheet to the head for signature.

    :raises Refusal: when something is unanswered or unproven.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id, version=version)
        require(actor, "self_assessment.fill", sheet.organisation_id)
        _refuse_incomplete(sheet, actor)
        step(sheet, "hand_over")
        sheet.version += 1
        sheet.save(update_fields=["state", "version"])
        heads = holders(
            municipality_id=sheet.campaign.municipality_id, role=Role.UNIT_HEAD, day=actor.today,
            organisation_id=sheet.organisation_id,
        )  # fmt: skip
        tell(
            kind="request", title=f"{sheet.campaign}: подпишите лист", users=list(heads), at=at,
            url=reverse("self_assessment:sheet", args=[sheet.pk]), besides=actor.user_id,
            municipality_id=sheet.campaign.municipality_id,
        )  # fmt: skip
        note(sheet, actor=actor, act="hand_over", at=at)
    return sheet


def take_back(*, actor: Actor, participant_id: int, version: int | None, at: datetime) -> Participant:
    """Take a sheet back from the head's desk to change it.

    :raises Refusal: when it is not there.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id, version=version)
        require(actor, "self_assessment.fill", sheet.organisation_id)
        step(sheet, "take_back")
        sheet.version += 1
        sheet.save(update_fields=["state", "version"])
        note(sheet, actor=actor, act="take_back", at=at)
    return sheet


def sign(
    *,
    actor: Actor,
    participant_id: int,
    version: int | None,
    at: datetime,
    scan: UploadedFile[Any] | None = None,
    scan_kind: str = "",
) -> Participant:
    """Sign the sheet and send it to be checked: the head does it here, anybody who fills it by a signed paper.

    :raises Refusal: when something is unanswered or unproven, or the head of the paper is not known.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id, version=version)
        require(
            actor, "self_assessment.sign" if scan is None else "self_assessment.fill", sheet.organisation_id
        )
        _refuse_incomplete(sheet, actor)
        step(sheet, "sign")
        signed_by = actor.name
        if scan is not None:
            signed_by = signer(organisation_id=sheet.organisation_id, day=actor.today)
            if not signed_by:
                raise Refusal(
                    Problem(
                        "В реестре нет руководителя этой организации: не видно, чья подпись на бумаге.",
                        mend="Внесите руководителя в разделе «Организации».",
                    )
                )
            sheet.scan_name, sheet.scan_kind = (scan.name or "скан")[-200:], scan_kind
            sheet.scan.save(f"self-assessment/{sheet.campaign_id}/{secrets.token_hex(16)}", scan, save=False)
        sheet.signed_by, sheet.signed_at, sheet.signed_on = signed_by[:200], at, actor.today
        sheet.return_text = ""
        sheet.version += 1
        sheet.save()
        # What was refused and is claimed again waits for the checker anew; the rest of the work is not lost.
        RowCheck.objects.filter(participant=sheet, verdict=Verdict.REFUSED).update(verdict=Verdict.AGAIN)
        note(
            sheet, actor=actor, act="sign", at=at,
            after={"signed_by": sheet.signed_by, "signature": "скан" if scan is not None else "здесь"},
        )  # fmt: skip
    return sheet


def _refuse_incomplete(sheet: Participant, actor: Actor) -> None:
    procedure = procedure_of(sheet.campaign)
    result = scored(procedure, sheet.answers, sheet.context, actor.name)
    problems = list(result.problems)
    shown = shown_for(participant=sheet, today=actor.today)
    titles = {criterion.code: criterion for criterion in procedure.criteria}
    problems += [
        Problem(
            f"Критерий {criterion}, строка {row}: нет подтверждения.",
            clause="; ".join(titles[criterion].clause),
            field=f"criterion-{criterion}",
            mend="Приложите файл, ссылку или назовите документ.",
        )
        for criterion, row in unproven(participant=sheet, procedure=procedure, shown=shown)
    ]
    if not sheet.answers:
        problems.append(Problem("Лист пуст.", mend="Отметьте, что выполнено, и сохраните."))
    if problems:
        raise Refusal(problems)
