"""Acts of the economist: each row confirmed or refused with a comment, the sheet accepted or returned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from gemba.kernel.problems import Problem, Refusal
from gemba.notices.actions import tell
from gemba.organisation.access import Actor, require
from gemba.organisation.queries import holders
from gemba.organisation.roles import Role
from gemba.regulations.pack.procedures import Procedure
from gemba.scorecards.entering import chosen_with_points, frozen, scored
from gemba.self_assessment.actions.base import locked, note, procedure_of, step
from gemba.self_assessment.models import Participant, RowCheck, Verdict
from gemba.self_assessment.queries import checks_of
from gemba.self_assessment.rules.states import State

Verdicts = Mapping[tuple[str, str], tuple[str, str]]


def check_rows(
    *, actor: Actor, participant_id: int, version: int | None, verdicts: Verdicts, at: datetime
) -> Participant:
    """Keep the checker's word about rows: (criterion, row) → (verdict, comment).

    :raises Refusal: when the sheet is not being checked, was changed meanwhile, or a refusal has no comment.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id, version=version)
        require(actor, "self_assessment.check")
        if sheet.state != State.SENT:
            raise Refusal(Problem(f"Лист «{sheet.get_state_display()}»: проверять нечего."))
        _keep(sheet, actor, verdicts, at)
        sheet.checked_by = actor.name[:200]
        sheet.version += 1
        sheet.save(update_fields=["checked_by", "version"])
        note(sheet, actor=actor, act="check", at=at, after={"rows": len(verdicts)})
    return sheet


def _keep(sheet: Participant, actor: Actor, verdicts: Verdicts, at: datetime) -> None:
    claimed = set(chosen_with_points(procedure_of(sheet.campaign), sheet.answers))
    problems = []
    for (criterion, row), (verdict, comment) in verdicts.items():
        if (criterion, row) not in claimed:
            problems.append(
                Problem(
                    f"Критерий {criterion[:40]}: строка «{row[:40]}» не отмечена.", mend="Обновите страницу."
                )
            )
        elif verdict not in (Verdict.CONFIRMED, Verdict.REFUSED):
            problems.append(Problem("Выберите: подтверждена или нет.", field=f"v-{criterion}-{row}"))
        elif verdict == Verdict.REFUSED and not comment.strip():
            problems.append(
                Problem(
                    f"Критерий {criterion}, строка {row}: напишите, почему не подтверждена.",
                    field=f"v-{criterion}-{row}",
                )
            )
    if problems:
        raise Refusal(problems)
    for (criterion, row), (verdict, comment) in verdicts.items():
        RowCheck.objects.update_or_create(
            participant=sheet, criterion=criterion, row=row,
            defaults={
                "verdict": verdict, "comment": comment.strip()[:2000], "checked_by": actor.name[:200], "checked_at": at
            },
        )  # fmt: skip


def accept(*, actor: Actor, participant_id: int, version: int | None, at: datetime) -> Participant:
    """Finish the check: refused rows fall out, what remains is scored.

    :raises Refusal: when a row has no word yet, or the sheet was changed meanwhile.
    """
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id, version=version)
        require(actor, "self_assessment.check")
        step(sheet, "accept")
        procedure = procedure_of(sheet.campaign)
        known = checks_of(sheet)
        waiting = [
            pair
            for pair in chosen_with_points(procedure, sheet.answers)
            if pair not in known or known[pair].verdict == Verdict.AGAIN
        ]
        if waiting:
            raise Refusal(
                [
                    Problem(
                        f"Критерий {criterion}, строка {row}: не проверена.",
                        field=f"v-{criterion}-{row}",
                        mend="Подтвердите её или откажите с причиной.",
                    )
                    for criterion, row in waiting
                ]
            )
        refused = {pair for pair, each in known.items() if each.verdict == Verdict.REFUSED}
        sheet.checked_answers = without(procedure, sheet.answers, refused)
        result = scored(procedure, sheet.checked_answers, sheet.context, actor.name)
        sheet.checked_result = frozen(procedure, result)
        sheet.checked_by, sheet.checked_at = actor.name[:200], at
        sheet.version += 1
        sheet.save()
        note(sheet, actor=actor, act="accept", at=at, after={"refused": len(refused), "total": result.total})
        _tell_organisation(sheet, actor, at, kind="decision", title=f"{sheet.campaign}: лист проверен")
    return sheet


def without(
    procedure: Procedure, answers: Mapping[str, Any], refused: set[tuple[str, str]]
) -> dict[str, Any]:
    """Return the answers without the refused rows."""
    found: dict[str, Any] = {}
    for code, answer in answers.items():
        if isinstance(answer, list):
            found[code] = [row for row in answer if (code, row) not in refused]
        elif isinstance(answer, dict):
            found[code] = {row: times for row, times in answer.items() if (code, row) not in refused}
        else:
            found[code] = answer
    return found


def give_back(
    *, actor: Actor, participant_id: int, version: int | None, reason: str, at: datetime
) -> Participant:
    """Return a sheet to the organisation with a reason; the words about rows stay beside them.

    :raises Refusal: when the reason is empty, or the sheet is not being checked.
    """
    if not reason.strip():
        raise Refusal(Problem("Напишите, что исправить.", field="reason"))
    with transaction.atomic():
        sheet = locked(actor=actor, participant_id=participant_id, version=version)
        require(actor, "self_assessment.check")
        step(sheet, "give_back")
        sheet.return_text = reason.strip()[:4000]
        sheet.checked_by = actor.name[:200]
        sheet.version += 1
        sheet.save(update_fields=["state", "return_text", "checked_by", "version"])
        note(sheet, actor=actor, act="give_back", at=at, reason=reason.strip()[:500])
        _tell_organisation(
            sheet,
            actor,
            at,
            kind="return",
            title=f"{sheet.campaign}: лист возвращён",
            text=reason.strip()[:500],
        )
    return sheet


def _tell_organisation(
    sheet: Participant, actor: Actor, at: datetime, *, kind: str, title: str, text: str = ""
) -> None:
    users = {
        user.pk
        for role in (Role.COORDINATOR, Role.UNIT_HEAD)
        for user in holders(
            municipality_id=sheet.campaign.municipality_id, role=role, day=actor.today,
            organisation_id=sheet.organisation_id,
        )
    }  # fmt: skip
    tell(
        kind=kind, title=title, text=text, users=users, at=at, besides=actor.user_id, immediate=kind == "return",
        url=reverse("self_assessment:sheet", args=[sheet.pk]), municipality_id=sheet.campaign.municipality_id,
    )  # fmt: skip
