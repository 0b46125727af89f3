"""What every act on a campaign shares: locks, the table of transitions, the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gemba.audit.actions import record
from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor
from gemba.regulations.pack.procedures import Procedure
from gemba.regulations.queries import pack_of
from gemba.scorecards.entering import frozen
from gemba.scorecards.rules import Result
from gemba.self_assessment.access import light_campaigns
from gemba.self_assessment.models import Campaign, Participant
from gemba.self_assessment.queries import procedure_of
from gemba.self_assessment.rules.states import State, move


def locked_campaign(*, actor: Actor, campaign_id: int) -> Campaign:
    """Take the row of a campaign for change.

    :raises Refusal: when there is no such campaign in the actor's municipality, or its rating is fixed.
    """
    # The lock comes first and alone: a joined row of the edition is not ours to lock.
    Campaign.objects.select_for_update().filter(pk=campaign_id).first()
    found = light_campaigns().filter(pk=campaign_id, municipality_id=actor.municipality_id or 0).first()
    if found is None:
        raise Refusal(Problem("Этой самооценки нет.", mend="Вернитесь к списку и обновите его."))
    return found


def refuse_fixed(campaign: Campaign) -> None:
    """Stop what would move a fixed result.

    :raises Refusal: when the rating is fixed.
    """
    if campaign.is_fixed:
        raise Refusal(Problem("Рейтинг зафиксирован: его результаты не меняются."))


def locked(*, actor: Actor, participant_id: int, version: int | None = None) -> Participant:
    """Take the row of a sheet for change.

    :raises Refusal: when it is not there, its rating is fixed, or somebody changed it meanwhile.
    """
    found = (
        Participant.objects.select_for_update()
        .filter(pk=participant_id, campaign__municipality_id=actor.municipality_id or 0)
        .first()
    )
    if found is None:
        raise Refusal(Problem("Этого листа нет.", mend="Вернитесь к списку и обновите его."))
    found.campaign = light_campaigns().get(pk=found.campaign_id)
    refuse_fixed(found.campaign)
    if version is not None and version != found.version:
        who = found.checked_by or found.filled_by or "другой сотрудник"
        raise Refusal(
            Problem(
                f"Пока лист был открыт, его изменили: {who}; сейчас он «{found.get_state_display()}».",
                field="version",
                mend="Посмотрите, что стало, и сохраните ещё раз.",
            )
        )
    return found


def step(participant: Participant, verb: str) -> None:
    """Move a sheet by the table.

    :raises Refusal: when the act is not possible now.
    """
    target = move(verb, State(participant.state))
    if target is None:
        raise Refusal(
            Problem(
                f"Сейчас лист «{participant.get_state_display()}»: этого сделать нельзя.",
                mend="Обновите страницу.",
            )
        )
    participant.state = target


def keep_result(participant: Participant, procedure: Procedure, result: Result) -> None:
    """Put what the answers give beside them."""
    participant.result = frozen(procedure, result)
    participant.total = result.total


def note(
    participant: Participant,
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
        act=f"self_assessment.{act}", actor=actor, subject=participant,
        title=f"{participant.campaign}: {participant.organisation}",
        municipality_id=participant.campaign.municipality_id, at=at, before=before, after=after, reason=reason,
    )  # fmt: skip


__all__ = [
    "keep_result",
    "locked",
    "locked_campaign",
    "note",
    "pack_of",
    "procedure_of",
    "refuse_fixed",
    "step",
]
