"""What this module puts into the frame of every page: the municipality, the account, the way in."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from gemba.organisation.access import Actor
from gemba.organisation.roles import Role
from gemba.ui import frame


@dataclass(frozen=True)
class Town:
    """The municipality as the frame shows it."""

    name: str
    short: str
    accent: str
    coat_url: str


@dataclass(frozen=True)
class Link:
    """A line of the account's menu."""

    title: str
    icon: str
    url: str


@dataclass(frozen=True)
class Account:
    """The signed-in person as the frame shows them."""

    name: str
    note: str
    links: list[Link]
    sign_out_url: str


def register() -> None:
    """Give the frame its values."""
    frame.provide("municipality", _town)
    frame.provide("account", _account)
    frame.provide("sign_in_url", _sign_in_url)


def _actor(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and actor.is_signed_in else None


def _town(request: HttpRequest) -> Town | None:
    actor = _actor(request)
    if actor is None or actor.municipality is None:
        return None
    kept = actor.municipality
    coat = f"{reverse('organisation:coat')}?v={kept.version}" if kept.coat_of_arms else ""
    return Town(kept.name, kept.short_name, kept.accent, coat)


def _account(request: HttpRequest) -> Account | None:
    actor = _actor(request)
    if actor is None:
        return None
    roles = [role.label for role in Role if role in actor.roles]
    # Everybody is an employee: the role that says more stands first.
    note = (roles[1:] or roles or [""])[0]
    links = [
        Link("Мои данные и роли", "user-circle", reverse("organisation:account")),
        Link("Сменить пароль", "key", reverse("organisation:password")),
    ]
    return Account(actor.name, note, links, reverse("organisation:sign_out"))


def _sign_in_url(request: HttpRequest) -> str:
    return reverse("organisation:sign_in")
