"""Acts of those who decide: a sheet is agreed or returned, the committee agrees on one set of rows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from gemba.kernel.problems import Problem, Refusal
from gemba.notices.actions import tell
from gemba.organisation.access import Actor, require
from gemba.scorecards.actions.sheets import keep_result, locked, note, step
from gemba.scorecards.models import Sheet, SheetProof
from gemba.scorecards.queries import combined, procedure_of
from gemba.scorecards.rules.states import State


def agree(*, actor: Actor, sheet_id: int, version: int | None, at: datetime) -> Sheet:
    """Agree a sheet: its points and edition are frozen for ever.

    :raises Refusal: when it does not wait for agreement, or it is the actor's own.
    """
    with transaction.atomic():
        sheet = _decided(actor, sheet_id, version, "agree", at)
        sheet.save()
        note(
            sheet,
            actor=actor,
            act="agree",
            at=at,
            after={"total": sheet.total, "outcome": sheet.outcome_title},
        )
        _tell(sheet, actor, at, kind="decision", title=f"Оценка согласована: {sheet.subject}")
    return sheet


def give_back(*, actor: Actor, sheet_id: int, version: int | None, reason: str, at: datetime) -> Sheet:
    """Return a sheet to its assessor with a reason.

    :raises Refusal: when there is no reason, or it does not wait for agreement.
    """
    if not reason.strip():
        raise Refusal(Problem("Напишите, что исправить.", field="reason"))
    with transaction.atomic():
        sheet = _decided(actor, sheet_id, version, "give_back", at)
        sheet.decision_text = reason.strip()[:4000]
        sheet.save()
        note(sheet, actor=actor, act="give_back", at=at, reason=reason.strip()[:500])
        _tell(
            sheet,
            actor,
            at,
            kind="return",
            title=f"Оценка возвращена: {sheet.subject}",
            text=reason.strip()[:500],
        )
    return sheet


def _decided(actor: Actor, sheet_id: int, version: int | None, verb: str, at: datetime) -> Sheet:
    sheet = locked(actor=actor, sheet_id=sheet_id, version=version)
    require(actor, "scorecards.agree")
    if actor.person_id and sheet.assessor_id == actor.person_id:
        raise Refusal(
            Problem("Свой лист не согласуют.", mend="Это делает другой сотрудник экономической службы.")
        )
    step(sheet, verb)
    sheet.decided_at, sheet.decided_by = at, actor.name[:200]
    sheet.version += 1
    return sheet


def _tell(sheet: Sheet, actor: Actor, at: datetime, *, kind: str, title: str, text: str = "") -> None:
    tell(
        kind=kind, title=title, text=text, person_ids=[sheet.assessor_id] if sheet.assessor_id else [], at=at,
        url=reverse("scorecards:sheet", args=[sheet.pk]), besides=actor.user_id, immediate=kind == "return",
        municipality_id=sheet.municipality_id,
    )  # fmt: skip


def settle(*, actor: Actor, sheet_id: int, at: datetime) -> Sheet:
    """Begin the committee's own sheet from one of the assessors', or combine them where the procedure says how.

    :raises Refusal: when nothing was sent yet, or the committee's sheet is there already.
    """
    require(actor, "scorecards.settle")
    with transaction.atomic():
        source = locked(actor=actor, sheet_id=sheet_id)
        same = Sheet.objects.filter(
            subject_id=source.subject_id, procedure=source.procedure, stage=source.stage
        )
        if same.filter(is_committee=True).exists():
            raise Refusal(Problem("Общий лист уже есть.", mend="Откройте его и поправьте."))
        sent = list(
            same.filter(
                is_committee=False, state__in=[State.SUBMITTED, State.AGREED], edition_id=source.edition_id
            )
        )
        if source.pk not in {each.pk for each in sent}:
            raise Refusal(
                Problem("Общий лист составляют по отправленным листам.", mend="Дождитесь отправки.")
            )
        procedure = procedure_of(source)
        made = Sheet(
            subject_id=source.subject_id, municipality_id=source.municipality_id, edition=source.edition,
            procedure=source.procedure, stage=source.stage, is_committee=True, answers=source.answers,
            context=source.context, comments=source.comments, assessor_name="Рабочая группа", opened_at=at,
        )  # fmt: skip
        result = combined(procedure, sent)
        if result is not None:
            made.is_combined, made.state = True, State.AGREED
            made.submitted_at = made.decided_at = at
            made.decided_by = actor.name[:200]
            keep_result(made, procedure, result)
        else:
            made.result, made.total = source.result, source.total
            made.outcome, made.outcome_title = source.outcome, source.outcome_title
        made.save()
        # What the assessors showed stands for the committee too.
        shown = list(SheetProof.objects.filter(sheet__in=[each.pk for each in sent]).order_by("pk"))
        for proof in shown:
            proof.pk, proof.sheet = None, made
        SheetProof.objects.bulk_create(shown)
        note(made, actor=actor, act="settle", at=at, after={"assessors": len(sent), "total": made.total})
    return made
