"""Where this module shows itself in the product: menu, home page, search, record of acts, regular work."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from gemba.audit import words
from gemba.jobs import schedule
from gemba.organisation.access import Actor, can, may
from gemba.organisation.requests import actor_of
from gemba.organisation.roles import Role
from gemba.projects import access
from gemba.projects.queries import register as lists
from gemba.projects.queries import waiting
from gemba.projects.rules.states import TABLE
from gemba.regulations import usage
from gemba.workspace import menu, panels, search

_OFFICE = (Role.MONITOR, Role.HEAD, Role.CURATOR, Role.UNIT_HEAD, Role.COORDINATOR, Role.CHAIR)


def register() -> None:
    """Enter the module everywhere."""
    menu.register(
        menu.MenuItem(
            "projects",
            "Проекты",
            "target-arrow",
            "projects:list",
            "work",
            15,
            can("projects.read"),
            covers=("projects:",),
        )
    )
    panels.register(
        panels.Panel(
            "projects_mine",
            "Мои проекты",
            panels.EVERYBODY,
            45,
            "projects/panel_mine.html",
            mine_panel,
            icon="target-arrow",
            order_for={Role.LEADER: 15},
        )
    )
    panels.register(
        panels.Panel(
            "projects_red",
            "Красные проекты",
            _OFFICE,
            42,
            "projects/panel_red.html",
            red_panel,
            icon="alert-circle",
        )
    )
    panels.register_waiting(panels.Waiting("projects", find=tasks))
    panels.register_quick(
        panels.QuickAct(
            "projects_new",
            "Начать проект",
            "target-arrow",
            "projects:new",
            30,
            visible=lambda actor: may(actor, "projects.work"),
        )
    )
    search.register(search.Source("projects", "Проекты", find, icon="target-arrow", order=15, more=_more))
    usage.register("projects", "Проекты", "projects:list")
    words.name_acts({f"projects.{verb}": f"Проект: {row.done.lower()}" for verb, row in TABLE.items()})
    words.name_acts(
        {
            f"projects.{verb}": f"Проект: {title}"
            for verb, title in {
                "create": "начат черновик",
                "write": "изменён паспорт",
                "forecast": "изменён прогноз",
                "delay": "указана причина отставания",
                "confirm": "подтверждено условие этапа",
                "attach": "приложен файл",
                "withdraw": "убран файл",
                "measure": "изменён план мероприятий",
                "measure_state": "отмечено мероприятие",
                "week": "штаб проекта",
                "defence": "внесена защита",
                "remark": "устранено замечание",
                "measurement": "внесено измерение",
                "final": "внесён итог цели",
                "deviation": "принято отклонение",
                "effect": "внесён эффект",
                "effect_verify": "подтверждён эффект",
                "effect_drop": "убран эффект",
                "stability": "проверена стабильность",
                "portfolio": "портфель",
                "set_rules": "правила работы с проектами",
                "keep_filter": "запомнен отбор",
                "drop_filter": "убран отбор",
                "load": "загружен прежний проект",
                "unload": "отменена загрузка",
                "presentation": "ссылка на презентацию",
            }.items()
        }
    )
    schedule.register("projects.remind_due", "gemba.projects.actions.asking.remind_due", daily_at="08:15")
    schedule.register("projects.remind_red", "gemba.projects.actions.evidence.remind_red", daily_at="08:10")


def tasks(request: HttpRequest, limit: int) -> list[panels.Task]:
    """Return what waits for this person: passports, closings, measures, remarks, control points."""
    actor = actor_of(request)
    if not actor.person_id or actor.municipality_id is None:
        return []
    town, person = actor.municipality_id, actor.person_id
    found: list[panels.Task] = []
    for row in waiting.decisions(person_id=person, municipality_id=town):
        if not row.is_sent:
            late = bool(row.stage_end_on and row.stage_end_on < actor.today)
            found.append(
                panels.Task(
                    row.title,
                    reverse("projects:card", args=[row.pk]),
                    note="Закрытие проекта",
                    due_on=row.stage_end_on,
                    state="bad" if late else "warn",
                    state_title="Просрочено" if late else "Ждёт решения",
                    verb="Принять",
                )
            )
            continue
        found.append(
            panels.Task(
                row.title,
                reverse("projects:passport", args=[row.pk]),
                note="Паспорт проекта",
                due_on=row.sent_on,
                state="warn",
                state_title="На согласовании",
                verb="Согласовать",
            )
        )
    for measure in waiting.measures(person_id=person, municipality_id=town):
        late = bool(measure.due_on and measure.due_on < actor.today)
        found.append(
            panels.Task(
                measure.title,
                reverse("projects:measure_mark", args=[measure.project_id, measure.pk]),
                note="План мероприятий",
                due_on=measure.due_on,
                state="bad" if late else "neutral",
                state_title="Просрочено" if late else "",
                verb="Отметить",
            )
        )
    for remark in waiting.remarks(person_id=person, municipality_id=town):
        late = bool(remark.due_on and remark.due_on < actor.today)
        found.append(
            panels.Task(
                remark.text[:120],
                reverse("projects:remark", args=[remark.project_id, remark.pk]),
                note="Корректирующее действие" if remark.is_corrective else "Замечание по проекту",
                due_on=remark.due_on,
                state="bad" if late else "neutral",
                state_title="Просрочено" if late else "",
                verb="Ответить",
            )
        )
    for point in waiting.points(person_id=person, municipality_id=town, today=actor.today):
        found.append(
            panels.Task(
                f"Проверить стабильность: {point.project.title}",
                reverse("projects:point", args=[point.project_id, point.pk]),
                note=str(point),
                due_on=point.due_on,
                state="warn",
                state_title="Пора",
                verb="Проверить",
            )
        )
    return found[:limit]


def waiting_count(request: HttpRequest) -> int:
    """Count what waits for a decision of this person, no further than a hundred."""
    known: int | None = getattr(request, "_projects_waiting", None)
    if known is not None:
        return known
    count = lists.count_waiting(actor=actor_of(request))
    # The menu and the register ask the same question in one request.
    request._projects_waiting = count  # type: ignore[attr-defined]
    return count


def mine_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the person's projects in work."""
    actor = actor_of(request)
    if not actor.person_id or not may(actor, "projects.read"):
        return None
    shown = waiting.mine(
        person_id=actor.person_id,
        user_id=actor.user_id or 0,
        municipality_id=actor.municipality_id or 0,
    )
    if not shown:
        return None
    return {
        "rows": shown,
        "today": actor.today,
        "link_title": "Все мои",
        "link_url": f"{reverse('projects:list')}?view=mine",
    }


def red_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the projects whose stage is past its term, the latest first."""
    actor = actor_of(request)
    if not may(actor, "projects.read"):
        return None
    is_municipal = any(actor.is_municipal(role) for role in actor.roles)
    shown = waiting.red(
        municipality_id=actor.municipality_id or 0,
        today=actor.today,
        organisation_ids=None if is_municipal else access.own_organisations(actor),
    )
    if not shown:
        return None
    return {
        "rows": shown,
        "today": actor.today,
        "link_title": "Все красные",
        "link_url": f"{reverse('projects:list')}?view=red",
    }


def find(actor: Actor, words_text: str, limit: int) -> list[search.Hit]:
    """Find projects by number or words among those the actor sees."""
    rows = (
        lists.by_words(access.visible_projects(actor), words_text)
        .select_related("organisation")
        .defer("draft", "words")
    )
    return [
        search.Hit(
            row.title,
            f"{row.number_text or 'черновик'}, {row.place.title.lower()}, {row.organisation}",
            reverse("projects:card", args=[row.pk]),
        )
        for row in rows.order_by("-pk")[:limit]
    ]


def _more(words_text: str) -> str:
    return f"{reverse('projects:list')}?{urlencode({'view': 'all', 'q': words_text})}"
