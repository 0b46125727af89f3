"""The home page: modules enter panels, things that wait for a person, and quick acts; one that fails spoils no other.

From `apps.ready()` of a module::

    panels.register(Panel("plan_state", "План", (Role.MONITOR, Role.HEAD), 20, "plan/panel.html", _context))
    panels.register_waiting(Waiting("proposals", find=decisions_that_wait))
    panels.register_quick(QuickAct("submit", "Подать предложение", "bulb", "proposals:submit", 10))
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import HttpRequest
from markupsafe import Markup

from gemba.organisation.access import Actor
from gemba.organisation.roles import Role
from gemba.ui.pages import find
from gemba.workspace.menu import address

log = logging.getLogger("gemba.workspace")

EVERYBODY: tuple[Role, ...] = ()
# From this order on a panel is for reading at leisure: on a phone it stands last.
REST = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the home page: whose, where, and what it shows.

    `roles` empty is everybody. `order` counts down the page; `order_for` moves it for some roles. `context` returns the
    values of `template` (the inside of a card), or None when there is nothing to show; the keys `link_title` and
    `link_url` make the link in the corner. `place` is `main` or `side`; on a phone the side stands after the main
    panels whose order is below `REST`.
    """

    code: str
    title: str
    roles: Iterable[Role]
    order: int
    template: str
    context: Callable[[HttpRequest], Mapping[str, Any] | None] = lambda request: {}
    place: str = "main"
    icon: str = ""
    order_for: Mapping[Role, int] = field(default_factory=dict)

    def rank(self, actor: Actor) -> int:
        """Return the place in the page of this person."""
        return min((place for role, place in self.order_for.items() if actor.has(role)), default=self.order)

    def concerns(self, actor: Actor) -> bool:
        """Tell whether the panel is for this person."""
        roles = frozenset(self.roles)
        return actor.is_signed_in and (not roles or bool(roles & actor.roles))


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A panel as it stands on the page; without a body it could not be shown."""

    code: str
    title: str
    icon: str
    place: str
    body: Markup | None
    link_title: str = ""
    link_url: str = ""
    # Stands above the side column on a phone.
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the person: what to do, where, until when. `verb` is the word on the button."""

    title: str
    url: str
    note: str = ""
    due_on: date | None = None
    state: str = "neutral"
    state_title: str = ""
    verb: str = "Открыть"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A source of things that wait for a person: at most `limit` of them, the most urgent first."""

    code: str
    find: Callable[[HttpRequest, int], list[Task]]


@dataclass(frozen=True, slots=True)
class QuickAct:
    """An act one touch away from the home page; `is_everywhere`: from the frame of every page."""

    code: str
    title: str
    icon: str
    url_name: str
    order: int
    visible: Callable[[Actor], bool] = lambda actor: actor.is_signed_in
    note: str = ""
    is_everywhere: bool = False


_panels: dict[str, Panel] = {}
_waiting: dict[str, Waiting] = {}
_quick: dict[str, QuickAct] = {}


def register(panel: Panel) -> None:
    """Enter a panel.

    :raises ValueError: when another panel has this code, or its place is unknown.
    """
    if panel.place not in {"main", "side"}:
        raise ValueError(f"{panel.code}: a panel stands in main or side, not in {panel.place!r}")
    if _panels.setdefault(panel.code, panel).template != panel.template:
        raise ValueError(f"the home page already has a panel {panel.code!r}")


def register_waiting(source: Waiting) -> None:
    """Enter a source of things that wait for a person.

    :raises ValueError: when another source has this code.
    """
    if _waiting.setdefault(source.code, source).find != source.find:
        raise ValueError(f"the home page already has a source {source.code!r}")


def register_quick(act: QuickAct) -> None:
    """Enter a quick act.

    :raises ValueError: when another act has this code.
    """
    if _quick.setdefault(act.code, act).url_name != act.url_name:
        raise ValueError(f"the home page already has a quick act {act.code!r}")


def all_panels() -> list[Panel]:
    """Return every registered panel by its order."""
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.code))


def shown(request: HttpRequest, actor: Actor) -> list[ShownPanel]:
    """Return the panels of this person in their order; a panel that fails says so, and is logged."""
    mine = sorted(
        (panel for panel in _panels.values() if panel.concerns(actor)),
        key=lambda panel: (panel.rank(actor), panel.code),
    )
    found = (_shown(panel, request, panel.rank(actor) < REST) for panel in mine)
    return [panel for panel in found if panel is not None]


def balanced(found: list[ShownPanel]) -> list[ShownPanel]:
    """Move the last panels of a long side column under a short main one, so that no half of the page stands empty."""
    side = [panel for panel in found if panel.place == "side"]
    # «Что ждёт меня» always stands in the main column.
    main = 1 + len(found) - len(side)
    moved = set()
    while len(side) > main:
        moved.add(side.pop().code)
        main += 1
    return [
        *(panel for panel in found if panel.code not in moved),
        *(replace(panel, place="main", is_first=False) for panel in found if panel.code in moved),
    ]


def _shown(panel: Panel, request: HttpRequest, is_first: bool) -> ShownPanel | None:
    try:
        context = panel.context(request)
        if context is None:
            return None
        body = Markup(find(panel.template).render(dict(context), request))  # noqa: S704 - a template's own output
    except Exception:
        log.exception("home: the panel %s failed", panel.code)
        return ShownPanel(panel.code, panel.title, panel.icon, panel.place, None, is_first=is_first)
    return ShownPanel(
        panel.code, panel.title, panel.icon, panel.place, body,
        str(context.get("link_title", "")), str(context.get("link_url", "")), is_first,
    )  # fmt: skip


# How many waiting things the home page shows; one more is asked for to know that there are more.
TASKS = 7


def waiting(request: HttpRequest) -> tuple[list[Task], list[str]]:
    """Return what waits for the person, nearest term first, and the codes of sources that failed."""
    tasks: list[Task] = []
    failed: list[str] = []
    for source in sorted(_waiting.values(), key=lambda source: source.code):
        try:
            tasks += source.find(request, TASKS + 1)
        except Exception:
            log.exception("home: the source %s failed", source.code)
            failed.append(source.code)
    severity = {"bad": 0, "warn": 1}
    return sorted(tasks, key=lambda task: (severity.get(task.state, 2), task.due_on or date.max)), failed


def quick_acts(actor: Actor) -> list[tuple[QuickAct, str]]:
    """Return the quick acts of this person with their addresses."""
    acts = sorted(_quick.values(), key=lambda act: (act.order, act.code))
    return [(act, url) for act in acts if act.visible(actor) and (url := address(act.url_name))]
