"""A browser of the frame: requests with an invented actor, and no other module."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from gemba.ui import frame

STRANGER = SimpleNamespace(is_signed_in=False, user_id=None, name="", today=date(2026, 11, 21))


def person(number: int = 7, **more: Any) -> SimpleNamespace:
    """Give a signed-in actor."""
    return SimpleNamespace(
        is_signed_in=True, user_id=number, name="Ветрова Анна Павловна", today=date(2026, 11, 21), **more
    )


@pytest.fixture(autouse=True)
def _only_the_frame(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ROOT_URLCONF = "gemba.ui.tests.addresses"
    # What other modules put into the frame is their tests' part; here it would ask the database.
    monkeypatch.setattr(frame, "_providers", {})


@pytest.fixture
def ask() -> Callable[..., HttpRequest]:
    """Make a request: `ask("/x/", actor=…, post={…}, session=…, htmx="target-id")`."""

    def make(
        path: str = "/",
        *,
        actor: Any = STRANGER,
        post: dict[str, Any] | None = None,
        session: Any = None,
        htmx: str | None = None,
        **headers: str,
    ) -> HttpRequest:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        if htmx is not None:
            named |= {"HX-Request": "true", "HX-Target": htmx}
        factory = RequestFactory(headers=named)
        request = factory.get(path) if post is None else factory.post(path, post)
        request.actor = actor  # type: ignore[attr-defined]
        request.session = SessionStore() if session is None else session
        request._messages = CookieStorage(request)  # type: ignore[attr-defined]
        return request

    return make
