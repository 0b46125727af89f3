"""What the views of every module ask of a request, and how a refused act is told at the fields of a form."""

from datetime import datetime
from typing import Any, Protocol, cast

from django import forms
from django.http import Http404, HttpRequest
from django.utils import timezone

from gemba.kernel.problems import Refusal, Severity
from gemba.organisation.access import Actor
from gemba.organisation.models import Municipality

# A whole number of more digits is no key and no year, and does not fit the column it would be compared with.
_MOST_DIGITS = 9


class _WithActor(Protocol):
    actor: Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts."""
    return cast(_WithActor, request).actor


def town_of(request: HttpRequest) -> Municipality:
    """Return the actor's municipality.

    :raises Http404: for an account without one.
    """
    town = actor_of(request).municipality
    if town is None:
        raise Http404("У вашей учётной записи нет округа.")
    return town


def now() -> datetime:
    """Return the moment of the act; the only clock of the views."""
    return timezone.now()


def number_in(request: HttpRequest, name: str, source: str = "GET") -> int | None:
    """Return a whole number that was sent (`source`: GET, the address, or POST), or nothing when there is none."""
    text = (request.GET if source == "GET" else request.POST).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def with_query(request: HttpRequest, drop: tuple[str, ...] = (), /, **changes: Any) -> str:
    """Return the address of this page with some parameters changed; empty ones and those to drop are taken out."""
    query = request.GET.copy()
    for name in drop:
        query.pop(name, None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    encoded = query.urlencode()
    return f"{request.path}?{encoded}" if encoded else request.path


def with_other(request: HttpRequest, **changes: Any) -> str:
    """Return the address of this list with other filters: its first page."""
    return with_query(request, ("after", "before"), **changes)


def blame(form: forms.Form, refusal: Refusal) -> None:
    """Put each problem of a refused act to its field, or above the form."""
    for problem in refusal.problems:
        if problem.severity is not Severity.WARNING:
            text = f"{problem.text} {problem.mend}".strip()
            form.add_error(problem.field if problem.field in form.fields else None, text)
