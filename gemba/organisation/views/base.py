"""What the views of this module share: the actor of a request, problems of an act at the fields of a form."""

from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from gemba.kernel.problems import Refusal, Severity
from gemba.organisation.access import Actor, may
from gemba.organisation.models import Municipality

M = TypeVar("M", bound=Model)


class _WithActor(Protocol):
    actor: Actor


def actor_of_request(request: HttpRequest) -> Actor:
    """Return who acts."""
    return cast(_WithActor, request).actor


def municipality_of(request: HttpRequest) -> Municipality:
    """Return the actor's municipality.

    :raises Http404: for an account without one.
    """
    municipality = actor_of_request(request).municipality
    if municipality is None:
        raise Http404("У вашей учётной записи нет округа.")
    return municipality


def fetch(found: QuerySet[M], pk: int) -> M:
    """Return the row if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def now() -> datetime:
    """Return the moment of the act; the only clock of the views."""
    return timezone.now()


def blame(form: forms.Form, refusal: Refusal) -> None:
    """Put each problem of a refused act to its field, or above the form."""
    for problem in refusal.problems:
        if problem.severity is Severity.WARNING:
            continue
        text = f"{problem.text} {problem.mend}".strip()
        form.add_error(problem.field if problem.field in form.fields else None, text)


def rights(request: HttpRequest, *codes: str, organisation_id: int | None = None) -> dict[str, bool]:
    """Tell which of the acts the actor may, by the last part of their codes."""
    actor = actor_of_request(request)
    return {code.rpartition(".")[2]: may(actor, code, organisation_id) for code in codes}


def with_query(request: HttpRequest, **changes: Any) -> str:
    """Return the address of this page with some parameters changed; empty ones are taken out."""
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    encoded = query.urlencode()
    return f"{request.path}?{encoded}" if encoded else request.path
