"""Where this module shows itself in the product: menu, home page, search, record of acts, regular work."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from gemba.audit import words
from gemba.jobs import schedule
from gemba.organisation.access import Actor, can, may
from gemba.organisation.requests import actor_of, now
from gemba.organisation.roles import Role
from gemba.proposals import access
from gemba.proposals.models import Proposal
from gemba.proposals.queries import lists, waiting
from gemba.proposals.queries.board import year_numbers
from gemba.proposals.queries.rules import promise
from gemba.proposals.queries.typos import meant
from gemba.proposals.rules.states import AWAITING_ANSWER, TABLE, State
from gemba.regulations import usage
from gemba.workspace import menu, panels, search

SHOWN = 5
_OFFICE = (Role.COORDINATOR, Role.UNIT_HEAD, Role.MONITOR, Role.HEAD, Role.CURATOR)


def register() -> None:
    """Enter the module everywhere."""
    menu.register(
        menu.MenuItem(
            "proposals", "Предложения", "bulb", "proposals:list", "work", 10, can("proposals.read"),
            covers=("proposals:",), count=waiting_count,
        )
    )  # fmt: skip
    panels.register(
        panels.Panel(
            "proposals_mine", "Мои предложения", panels.EVERYBODY, 60, "proposals/panel_mine.html", mine_panel,
            place="side", icon="bulb", order_for={Role.EMPLOYEE: 20},
        )
    )  # fmt: skip
    panels.register(
        panels.Panel(
            "proposals_town", "Предложения по улучшению", _OFFICE, 40, "proposals/panel_town.html", town_panel,
            icon="bulb",
        )
    )  # fmt: skip
    panels.register_waiting(panels.Waiting("proposals", find=tasks))
    panels.register_quick(
        panels.QuickAct(
            "proposals_submit", "Подать предложение", "bulb", "proposals:submit", 10,
            visible=lambda actor: may(actor, "proposals.submit"), is_everywhere=True,
        )
    )  # fmt: skip
    search.register(
        search.Source("proposals", "Предложения", find, icon="bulb", order=20, more=_more, meant=meant_by)
    )
    usage.register("tools", "Предложения по улучшению", "proposals:list")
    words.name_acts({f"proposals.{verb}": f"Предложение: {row.done.lower()}" for verb, row in TABLE.items()})
    words.name_acts(
        {
            "proposals.draft": "Сохранён черновик предложения",
            "proposals.edit_draft": "Изменён черновик предложения",
            "proposals.assign": "Назначено рассмотрение предложения",
            "proposals.escalate": "Предложение поднято на уровень выше",
            "proposals.comment": "Сообщение в обсуждении предложения",
            "proposals.template": "Готовый ответ по предложениям",
            "proposals.set_rules": "Правила работы с предложениями",
            "proposals.effect": "Внесён эффект предложения",
            "proposals.effect_verify": "Проверен эффект предложения",
            "proposals.photos": "Добавлены снимки предложения",
            "proposals.replicate": "Предложение рекомендовано другой организации",
            "proposals.replication": "Внедрение предложения в другой организации",
            "proposals.issue_codes": "Выданы личные коды",
            "proposals.consent": "Согласие называть имя",
            "proposals.consent_back": "Отозвано согласие называть имя",
            "proposals.load": "Загружены предложения",
        }
    )
    schedule.register(
        "proposals.escalate_silent", "gemba.proposals.actions.office.escalate_silent", every_minutes=30
    )
    schedule.register("proposals.resume_due", "gemba.proposals.actions.office.resume_due", every_minutes=60)
    schedule.register(
        "proposals.count_stems", "gemba.proposals.actions.stems.count_all_stems", daily_at="03:20"
    )
    schedule.register(
        "proposals.forget_failures", "gemba.proposals.actions.codes.forget_failures", daily_at="03:40"
    )


def tasks(request: HttpRequest, limit: int) -> list[panels.Task]:
    """Return the proposals that wait for this person, the most urgent first."""
    actor = actor_of(request)
    verbs = {State.RETURNED: "Ответить", State.ACCEPTED: "Внедрить", State.IN_PROGRESS: "Внедрить",
             State.IMPLEMENTED: "Подтвердить"}  # fmt: skip
    found = waiting.for_person(actor)[:limit]
    return [
        panels.Task(
            row.title, reverse("proposals:card", args=[row.pk]), note=f"Предложение {row.number_text}",
            due_on=row.term_on, state=row.stage.tone, state_title=row.stage.title,
            verb=verbs.get(State(row.state), "Рассмотреть"),
        )
        for row in found
    ]  # fmt: skip


def waiting_count(request: HttpRequest) -> int:
    """Count what waits for an answer where this person decides; the list has counted it already on its own page."""
    actor = actor_of(request)
    if may(actor, "proposals.decide"):
        known: dict[str, int] | None = getattr(request, "proposal_states", None)
        states = known if known is not None else lists.state_counts(actor=actor, at=now(), view="all")
        return sum(states.get(state, 0) for state in AWAITING_ANSWER)
    if may(actor, "proposals.decide_at_commission"):
        found = Proposal.objects.filter(
            municipality_id=actor.municipality_id or 0, state=State.UNDER_REVIEW, level=2
        )
        return found.order_by()[:100].count()
    return 0


def mine_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the person's latest proposals, or the invitation to send the first."""
    actor = actor_of(request)
    if not may(actor, "proposals.submit") or not actor.person_id or actor.municipality_id is None:
        return None
    return {
        "rows": waiting.newest_of(actor.person_id)[:SHOWN],
        "answer_by": promise(municipality_id=actor.municipality_id, today=actor.today),
        "link_title": "Все мои",
        "link_url": f"{reverse('proposals:list')}?view=mine",
    }


def town_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the year's numbers of what the person keeps."""
    actor = actor_of(request)
    if not may(actor, "proposals.statistics"):
        return None
    numbers = year_numbers(actor=actor, today=actor.today, at=now())
    return {
        **numbers,
        "year": actor.today.year,
        "link_title": "Статистика",
        "link_url": reverse("proposals:statistics"),
    }


def find(actor: Actor, words_text: str, limit: int) -> list[search.Hit]:
    """Find proposals by number or words among those the actor sees."""
    rows = lists.by_words(access.visible_proposals(actor), words_text)
    light = rows.select_related("organisation").only(
        "title", "state", "number", "number_year", "organisation__short_name", "organisation__name"
    )
    return [
        search.Hit(
            row.title, f"{row.number_text or 'черновик'}, {row.stage.title.lower()}, {row.organisation}",
            reverse("proposals:card", args=[row.pk]),
        )
        for row in light.order_by("-pk")[:limit]
    ]  # fmt: skip


def meant_by(actor: Actor, typed: str) -> str:
    """Return what was meant by words that found nothing, when it finds something that the actor sees."""
    better = meant(municipality_id=actor.municipality_id or 0, words=typed)
    return better if better and find(actor, better, 1) else ""


def _more(words_text: str) -> str:
    return f"{reverse('proposals:list')}?{urlencode({'view': 'all', 'q': words_text})}"
