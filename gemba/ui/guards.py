"""Every view says who has business here; a test walks all addresses for the mark.

Permission is asked twice on purpose: the guard asks about the page, the action about this very object.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from gemba.ui import drafts, frame
from gemba.ui.pages import address_of_page, go_to

View = Callable[..., HttpResponseBase]


class Actor(Protocol):
    """What a guard knows of the person: the organisation module's middleware puts it on the request."""

    @property
    def is_signed_in(self) -> bool:
        """Tell whether the person has signed in."""
        ...


@dataclass(frozen=True, slots=True)
class Guard:
    """The mark of a view: who may open it, in words, and the test behind the words."""

    kind: str  # "guard", "signed_in" or "public"
    title: str
    test: Callable[[Any], bool] | None = None


class Forbidden(PermissionDenied):
    """The person is known but may not: the page names what is needed."""


def guard(test: Callable[[Any], bool], title: str) -> Callable[[View], View]:
    """Let in those whom the test allows; `title` names the right: «Согласование предложений»."""

    def decorate(view: View) -> View:
        return _marked(view, Guard("guard", title, test))

    return decorate


def signed_in(view: View) -> View:
    """Let in everybody who has signed in."""
    return _marked(view, Guard("signed_in", "Вход в систему"))


def public(reason: str) -> Callable[[View], View]:
    """Let in everybody; the reason says why this page is open."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        answer.guard = Guard("public", reason)  # type: ignore[attr-defined]
        return answer

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the sign-in page and back; what was typed into a form waits for its owner."""
    back = address_of_page(request)
    if request.method == "POST" and drafts.keep(request):
        back = drafts.url()
    sign_in = frame.of(request).sign_in_url or resolve_url(settings.LOGIN_URL)
    return go_to(request, f"{sign_in}?{urlencode({'next': back})}")


def _marked(view: View, mark: Guard) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = getattr(request, "actor", None)
        if actor is None or not actor.is_signed_in:
            return ask_to_sign_in(request)
        if mark.test is not None and not mark.test(actor):
            raise Forbidden(f"Для этой страницы нужно право «{mark.title}».")
        if request.method == "POST":
            drafts.forget_sent(request)
        response = view(request, *args, **kwargs)
        # What one person saw must not come out of a shared cache or of «назад» after signing out.
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-cache, private"
        return response

    answer.guard = mark  # type: ignore[attr-defined]
    return answer


__all__ = ["Actor", "Forbidden", "Guard", "ask_to_sign_in", "guard", "public", "signed_in"]
