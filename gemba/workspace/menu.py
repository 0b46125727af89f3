"""The menu: modules enter their pages here, each person sees what they have business with.

From `apps.ready()` of a module::

    menu.register(MenuItem("plan", "План", "target", "plan:current", "work", 20, can("plan.read")))
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gemba.organisation.access import Actor

log = logging.getLogger("gemba.workspace")

# Sections in the order of the menu; a section that is not here is its own title and stands after «Работа».
SECTIONS = {
    "home": "",
    "work": "Работа",
    "reports": "Отчёты и оценка",
    "rules": "Правила и сроки",
    "town": "Округ",
    "upkeep": "Ведение системы",
}


def _everybody(actor: Actor) -> bool:
    return actor.is_signed_in


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A page of the menu. `covers`: names of views, or `"namespace:"`, during which this item is the current one.

    `count` gives the number beside the title (what waits there); it is asked on every page, so it must be cheap.
    """

    code: str
    title: str
    icon: str
    url_name: str
    section: str
    order: int
    visible: Callable[[Actor], bool] = _everybody
    covers: tuple[str, ...] = ()
    count: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as the frame shows it to one person."""

    title: str
    icon: str
    url: str
    is_current: bool
    count: int


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with the items that one person sees."""

    title: str
    items: list[ShownItem]


_items: dict[str, MenuItem] = {}


def register(item: MenuItem) -> None:
    """Enter a page into the menu; registering the very same item again changes nothing.

    :raises ValueError: when another item has this code.
    """
    known = _items.setdefault(item.code, item)
    if (known.title, known.url_name) != (item.title, item.url_name):
        raise ValueError(f"the menu already has {item.code!r}: {known.title}, {known.url_name}")


def items() -> list[MenuItem]:
    """Return every registered item in the order of the menu."""
    return sorted(_items.values(), key=lambda item: (_section_order(item.section), item.order, item.code))


def shown(request: HttpRequest, actor: Actor) -> list[ShownSection]:
    """Return the menu of this person, the page they are on marked."""
    mine = [
        (item, url)
        for item in items()
        if (url := address(item.url_name)) and actor.is_signed_in and item.visible(actor)
    ]
    current = max(mine, key=lambda pair: _nearness(pair[0], pair[1], request), default=None)
    if current is not None and not _nearness(*current, request):
        current = None
    sections: dict[str, list[ShownItem]] = {}
    for item, url in mine:
        is_current = current is not None and item is current[0]
        sections.setdefault(item.section, []).append(
            ShownItem(item.title, item.icon, url, is_current, _counted(item, request))
        )
    return [ShownSection(SECTIONS.get(section, section), found) for section, found in sections.items()]


def _section_order(section: str) -> tuple[float, str]:
    known = list(SECTIONS)
    return (known.index(section), "") if section in SECTIONS else (known.index("work") + 0.5, section)


def _nearness(item: MenuItem, url: str, request: HttpRequest) -> int:
    """Say how surely the page belongs to the item; 0 is not at all."""
    match = request.resolver_match
    name = match.view_name if match else ""
    if name and (name == item.url_name or name in item.covers):
        return 2000
    if name and any(name.startswith(cover) for cover in item.covers if cover.endswith(":")):
        return 1000
    return len(url) if url != "/" and request.path.startswith(url) else 0


def _counted(item: MenuItem, request: HttpRequest) -> int:
    if item.count is None:
        return 0
    try:
        return item.count(request)
    except Exception:
        # A number beside a title is not worth a page.
        log.exception("menu: the count of %s failed", item.code)
        return 0


@lru_cache(maxsize=256)
def address(url_name: str) -> str:
    """Return the address of a page without arguments, or nothing when no module has it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        log.warning("menu: %s has no address", url_name)
        return ""
