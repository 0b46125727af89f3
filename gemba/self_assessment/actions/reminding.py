"""Those who have not handed in are reminded: by the economist's hand, and by the program itself on its days."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from gemba.audit.actions import record
from gemba.kernel.numbers import counted, format_date
from gemba.notices.actions import tell
from gemba.organisation.access import Actor, require, system_actor
from gemba.organisation.models import RoleGrant
from gemba.organisation.models.dated import holds_on
from gemba.organisation.queries import holders
from gemba.organisation.roles import Role
from gemba.regulations.queries import work_calendar
from gemba.self_assessment.actions.base import locked_campaign, refuse_fixed
from gemba.self_assessment.models import Campaign, Participant
from gemba.self_assessment.rules.reminders import due_on
from gemba.self_assessment.rules.states import State

REMIND_FROM_HOUR = 8


def remind(*, actor: Actor, campaign_id: int, at: datetime) -> int:
    """Remind those who have not handed in; return how many accounts were told."""
    require(actor, "self_assessment.run")
    with transaction.atomic():
        campaign = locked_campaign(actor=actor, campaign_id=campaign_id)
        refuse_fixed(campaign)
        return _tell_waiting(campaign, actor=actor, on=actor.today, at=at)


def remind_late(*, at: datetime) -> int:
    """Write the reminders that are due in every open campaign; running again writes nothing twice."""
    told = 0
    for campaign in (
        Campaign.objects.filter(fixed_on__isnull=True).select_related("municipality").order_by("pk")
    ):
        local = at.astimezone(campaign.municipality.zone)
        if local.hour < REMIND_FROM_HOUR:
            continue
        calendar = work_calendar(municipality_id=campaign.municipality_id)
        day = due_on(
            today=local.date(), opens_on=campaign.opens_on, send_by=campaign.send_by, calendar=calendar
        )
        if day is not None:
            actor = system_actor(campaign.municipality, name="Напоминания", today=local.date())
            with transaction.atomic():
                told += _tell_waiting(campaign, actor=actor, on=day, at=at)
    return told


def _tell_waiting(campaign: Campaign, *, actor: Actor, on: date, at: datetime) -> int:
    rows = (
        Participant.objects.filter(campaign=campaign)
        .exclude(state__in=[State.SENT, State.CHECKED])
        .values_list("organisation_id", "state")
    )
    states = dict(rows)
    signing = {place for place, state in states.items() if state == State.SIGNING}
    grants = RoleGrant.objects.filter(
        holds_on(actor.today), role__in=[Role.COORDINATOR, Role.UNIT_HEAD], municipality_id=campaign.municipality_id,
    )  # fmt: skip
    heads, others = set(), set()
    for user, place, role in grants.values_list("user_id", "organisation_id", "role"):
        if place in signing and role == Role.UNIT_HEAD:
            heads.add(user)
        elif place in states:
            others.add(user)
    is_late = actor.today > campaign.send_by
    term = (
        f"Срок был {format_date(campaign.send_by)}."
        if is_late
        else f"Срок — {format_date(campaign.send_by)}."
    )
    key = f"self_assessment.remind.{campaign.pk}.{on.isoformat()}"
    told = 0
    for users, title in ((heads, "лист ждёт вашей подписи"), (others - heads, "лист ещё не отправлен")):
        told += tell(
            kind="deadline", title=f"{campaign}: {title}", text=term, url=reverse("self_assessment:mine"), users=users,
            at=at, municipality_id=campaign.municipality_id, key=key,
        )  # fmt: skip
    if told and is_late:
        told += _tell_economists(campaign, late=len(states), key=key, actor=actor, at=at)
    if told:
        record(
            act="self_assessment.remind", actor=actor, subject=campaign, title=str(campaign),
            municipality_id=campaign.municipality_id, at=at, after={"told": told, "waiting": len(states)},
        )  # fmt: skip
    return told


def _tell_economists(campaign: Campaign, *, late: int, key: str, actor: Actor, at: datetime) -> int:
    """Say to the economic department how many are late, with the list behind the address."""
    people = holders(municipality_id=campaign.municipality_id, role=Role.MONITOR, day=actor.today)
    words = counted(late, "лист не отправлен", "листа не отправлены", "листов не отправлены")
    return tell(
        kind="deadline", title=f"{campaign}: {words} после срока", at=at, key=key,
        text="Участникам напомнили; список опоздавших — на странице самооценки.",
        url=reverse("self_assessment:campaign", args=[campaign.pk]),
        users=set(people.values_list("pk", flat=True)), besides=actor.user_id,
        municipality_id=campaign.municipality_id,
    )  # fmt: skip
