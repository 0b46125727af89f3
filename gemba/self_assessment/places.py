"""Where this module shows itself: menu, home page, record of acts, the page of the regulation."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from gemba.audit import words
from gemba.jobs import schedule
from gemba.organisation.access import can, may
from gemba.organisation.requests import actor_of
from gemba.regulations import usage
from gemba.self_assessment import papers
from gemba.self_assessment.access import own_organisations
from gemba.self_assessment.models import Participant
from gemba.self_assessment.rules.states import State
from gemba.workspace import menu, panels


def register() -> None:
    """Enter the module everywhere."""
    papers.register()
    menu.register(
        menu.MenuItem(
            "self_assessment", "Самооценка и рейтинг", "checklist", "self_assessment:index", "reports", 40,
            can("self_assessment.read"), covers=("self_assessment:",),
        )
    )  # fmt: skip
    panels.register_waiting(panels.Waiting("self_assessment", find=tasks))
    schedule.register(
        "self_assessment.remind_late", "gemba.self_assessment.actions.reminding.remind_late", every_minutes=60
    )
    usage.register("procedures", "Самооценка и рейтинг", "self_assessment:index")
    words.name_acts(
        {
            "self_assessment.open": "Открыта самооценка",
            "self_assessment.remind": "Напоминание о самооценке",
            "self_assessment.move": "Самооценка: другая редакция положения",
            "self_assessment.fix": "Зафиксирован рейтинг",
            "self_assessment.publish": "Публикация рейтинга",
            "self_assessment.save": "Заполнен лист самооценки",
            "self_assessment.add_proof": "Приложено подтверждение самооценки",
            "self_assessment.drop_proof": "Убрано подтверждение самооценки",
            "self_assessment.hand_over": "Лист самооценки передан на подпись",
            "self_assessment.take_back": "Лист самооценки возвращён из подписи",
            "self_assessment.sign": "Подписан лист самооценки",
            "self_assessment.check": "Проверены строки самооценки",
            "self_assessment.accept": "Проверен лист самооценки",
            "self_assessment.give_back": "Возвращён лист самооценки",
            "self_assessment.set_coefficient": "Коэффициент внесён по акту",
            "self_assessment.set_proof_rule": "Что подтверждают записи системы",
        }
    )


def tasks(request: HttpRequest, limit: int) -> list[panels.Task]:
    """Return the sheets that wait for this person."""
    actor = actor_of(request)
    open_now = Participant.objects.filter(
        campaign__municipality_id=actor.municipality_id or 0, campaign__fixed_on__isnull=True
    ).select_related("organisation", "campaign")
    light = open_now.defer("answers", "comments", "result", "checked_answers", "checked_result")
    found: list[panels.Task] = []
    if may(actor, "self_assessment.fill"):
        states = [State.INVITED, State.FILLING, State.RETURNED]
        verbs = {State.INVITED: "Заполнить", State.FILLING: "Дозаполнить", State.RETURNED: "Исправить"}
        if may(actor, "self_assessment.sign"):
            states.append(State.SIGNING)
            verbs[State.SIGNING] = "Подписать"
        mine = light.filter(organisation_id__in=own_organisations(actor), state__in=states)
        found += [
            panels.Task(
                f"{row.campaign}: {row.organisation}", reverse("self_assessment:sheet", args=[row.pk]),
                note="Лист самооценки", due_on=row.campaign.send_by, state=State(row.state).tone,
                state_title=State(row.state).title, verb=verbs[State(row.state)],
            )
            for row in mine.order_by("campaign__send_by", "pk")[:limit]
        ]  # fmt: skip
    return found
