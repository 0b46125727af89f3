"""Where this module shows itself: menu, home page, record of acts, the page of the regulation."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from gemba.audit import words
from gemba.organisation.access import can
from gemba.organisation.requests import actor_of
from gemba.regulations import usage
from gemba.scorecards import papers
from gemba.scorecards.models import Sheet
from gemba.scorecards.rules.states import State
from gemba.statements import written
from gemba.workspace import menu, panels

# More of one kind than this nobody reads on a home page.
MOST = 20


def register() -> None:
    """Enter the module everywhere."""
    papers.register()
    menu.register(
        menu.MenuItem(
            "scorecards", "Оценка значимости", "stars", "scorecards:list", "reports", 35, can("scorecards.read"),
            covers=("scorecards:",),
        )
    )  # fmt: skip
    panels.register_waiting(panels.Waiting("scorecards", find=tasks))
    usage.register("procedures", "Оценка значимости", "scorecards:list")
    words.name_acts(
        {
            "scorecards.open": "Открыт лист оценки",
            "scorecards.save": "Заполнен лист оценки",
            "scorecards.add_proof": "Приложено подтверждение оценки",
            "scorecards.drop_proof": "Убрано подтверждение оценки",
            "scorecards.submit": "Лист оценки отправлен",
            "scorecards.renew": "Лист оценки: другая редакция положения",
            "scorecards.agree": "Оценка согласована",
            "scorecards.give_back": "Оценка возвращена",
            "scorecards.settle": "Общий лист оценки рабочей группы",
            "scorecards.add_trained": "Запись об обучении",
            "scorecards.load_trained": "Загружен реестр обученных",
            "scorecards.cancel_trained": "Отменена запись об обучении",
        }
    )


def tasks(request: HttpRequest, limit: int) -> list[panels.Task]:
    """Return the sheets that wait for this person: own drafts, returned ones, those to agree."""
    actor = actor_of(request)
    town, person = actor.municipality_id or 0, actor.person_id or 0
    found: list[Sheet] = []
    if person:
        found += _drafts(municipality_id=town, person_id=person)
    if actor.may("scorecards.agree"):
        found += _to_agree(municipality_id=town, person_id=person)
    verbs = {State.DRAFT: "Продолжить", State.RETURNED: "Исправить", State.SUBMITTED: "Согласовать"}
    return [
        panels.Task(
            row.subject.title, reverse("scorecards:sheet", args=[row.pk]),
            note=f"{row.get_stage_display()} оценка значимости", state=State(row.state).tone,
            state_title=State(row.state).title, verb=verbs[State(row.state)],
        )
        for row in found[:limit]
    ]  # fmt: skip


def _light(municipality_id: int) -> QuerySet[Sheet, Sheet]:
    found = Sheet.objects.filter(municipality_id=municipality_id).select_related("subject")
    return found.only("stage", "state", "subject__title")


@written
def _drafts(*, municipality_id: int, person_id: int) -> QuerySet[Sheet, Sheet]:
    mine = _light(municipality_id).filter(assessor_id=person_id, state__in=(State.RETURNED, State.DRAFT))
    return mine.order_by("-pk")[:MOST]


@written
def _to_agree(*, municipality_id: int, person_id: int) -> QuerySet[Sheet, Sheet]:
    # The committee's own sheet has no assessor.
    others = Q(assessor_id__isnull=True) | ~Q(assessor_id=person_id)
    return _light(municipality_id).filter(others, state=State.SUBMITTED).order_by("pk")[:MOST]
