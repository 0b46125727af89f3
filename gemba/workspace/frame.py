"""What this module puts into the frame of every page: the menu, the search box, an act, the date of the data."""

from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from gemba.organisation.access import Actor
from gemba.ui import frame
from gemba.workspace import menu, panels


def register() -> None:
    """Give the frame its values; the municipality and the account come from the organisation module."""
    frame.provide("menu", _menu)
    frame.provide("search_url", _search_url)
    frame.provide("act", _act)
    frame.provide("data_on", _data_on)


def _actor(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and actor.is_signed_in else None


def _menu(request: HttpRequest) -> list[menu.ShownSection]:
    actor = _actor(request)
    return menu.shown(request, actor) if actor else []


def _search_url(request: HttpRequest) -> str:
    actor = _actor(request)
    return reverse("workspace:search") if actor and actor.municipality_id else ""


def _act(request: HttpRequest) -> dict[str, str] | None:
    actor = _actor(request)
    if actor is None:
        return None
    found = ((act, url) for act, url in panels.quick_acts(actor) if act.is_everywhere)
    return next(({"title": act.title, "icon": act.icon, "url": url} for act, url in found), None)


def _data_on(request: HttpRequest) -> date | None:
    actor = _actor(request)
    return actor.today if actor else None
