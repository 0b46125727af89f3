"""What was typed when the session ended: kept in the new session until its owner signs in again.

The person then sees it and sends it with one button; no view has to know. Works without JavaScript. A draft is kept
only for a form that carries a valid owner's mark, and given back only to that owner.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.urls import reverse

from gemba.ui import owner

_KEY = "ui.draft"
SENT = "_draft"
# Larger texts stay in the browser's own draft (app.js); the session is no store of documents.
MAX_CHARACTERS = 200_000
_SECRET = re.compile(r"pass|secret|token|otp|code|парол", re.IGNORECASE)
_OURS = {"csrfmiddlewaretoken", owner.FIELD, SENT}


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was not sent: where to, the fields, and what the person reads of them."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def texts(self) -> list[str]:
        """Give what a person typed, leaving out switches and numbers of records."""
        return [
            value
            for name, value in self.fields
            if name[:1] != "_" and re.search(r"[^\W\d_]{2}.*\s|[А-я]", value)
        ]


def keep(request: HttpRequest) -> bool:
    """Keep the fields of the request; False when there is nothing to keep or it cannot be trusted."""
    whose = owner.read(request.POST.get(owner.FIELD, ""))
    session = _session(request)
    if whose is None or session is None:
        return False
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OURS and not _SECRET.search(name)
        for value in values
        if isinstance(value, str)
    ]
    if not fields or sum(len(name) + len(value) for name, value in fields) > MAX_CHARACTERS:
        return False
    session[_KEY] = {
        "owner": whose,
        "path": request.get_full_path(),
        "fields": fields,
        "files": bool(request.FILES),
    }
    return True


def waiting(request: HttpRequest | None) -> bool:
    """Tell whether something typed waits for its owner in this session."""
    session = _session(request)
    return session is not None and _KEY in session


def of(request: HttpRequest) -> Draft | None:
    """Give the draft of the signed-in person; a draft of somebody else is removed unseen."""
    session = _session(request)
    kept: dict[str, Any] | None = session.get(_KEY) if session is not None else None
    if kept is None or session is None:
        return None
    if kept["owner"] != owner.number_of(request):
        del session[_KEY]
        return None
    return Draft(kept["path"], [(name, value) for name, value in kept["fields"]], kept["files"])


def forget(request: HttpRequest) -> None:
    """Remove the draft."""
    session = _session(request)
    if session is not None:
        session.pop(_KEY, None)


def forget_sent(request: HttpRequest) -> None:
    """Remove the draft when this request is the draft itself, sent again."""
    if SENT in request.POST:
        forget(request)


def url() -> str:
    """Give the address of the page that gives the draft back."""
    return reverse("ui:draft")


def _session(request: HttpRequest | None) -> SessionBase | None:
    return getattr(request, "session", None)
