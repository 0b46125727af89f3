"""Put the actor on the request, speak in the municipality's time, insist on a new password."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from gemba.organisation.access import actor_of, anonymous
from gemba.ui.pages import go_to

if TYPE_CHECKING:
    from gemba.organisation.models import User

# Where somebody who must change the password may still go.
_ALLOWED_BEFORE_CHANGE = ("/password/", "/sign-out/", "/sign-in/", "/static/")


class ActorMiddleware:
    """Answer «who is this» once for every request: `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the actor and pass the request on."""
        ip = request.META.get("REMOTE_ADDR") or None
        # Without a session cookie nobody can be signed in: no statement is spent on asking.
        has_session = bool(request.session.session_key)
        user: User | None = request.user if has_session and request.user.is_authenticated else None
        actor = actor_of(user, ip=ip) if user is not None else anonymous(ip)
        request.actor = actor  # type: ignore[attr-defined]
        if actor.must_change_password and not request.path.startswith(_ALLOWED_BEFORE_CHANGE):
            return go_to(request, reverse("organisation:password"))
        if actor.municipality is None:
            return self.get_response(request)
        with timezone.override(actor.municipality.zone):
            return self.get_response(request)
