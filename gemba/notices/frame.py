"""What this module puts into the frame of every page: the bell."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from gemba.notices.queries import unread_count
from gemba.ui import frame


@dataclass(frozen=True)
class Bell:
    """How many notices are unread and where they stand."""

    count: int
    url: str


def register() -> None:
    """Give the frame the bell."""
    frame.provide("notices", bell)


def bell(request: HttpRequest) -> Bell | None:
    """Return the bell of the signed-in person."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_signed_in:
        return None
    return Bell(unread_count(user_id=actor.user_id), reverse("notices:list"))
