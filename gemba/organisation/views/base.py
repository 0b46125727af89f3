"""What the views of this module share: the actor of a request, problems of an act at the fields of a form."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Protocol, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from gemba.audit.queries import last_act_of
from gemba.kernel.problems import Refusal, Severity
from gemba.organisation.access import Actor, may
from gemba.organisation.actions import StaleRecord
from gemba.organisation.forms.base import RecordForm
from gemba.organisation.models import Municipality
from gemba.ui.forms import parse_date
from gemba.ui.pages import page

T = TypeVar("T")
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


def attempt(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Do the act of a valid form; a refusal goes to the fields, a stale record is laid beside what was typed."""
    try:
        return act()
    except StaleRecord as stale:
        if not isinstance(form, RecordForm):
            raise
        last = last_act_of(subject=stale.current)
        form.confront(stale.current, last.actor_name if last else "", last.at if last else None)
    except Refusal as refusal:
        blame(form, refusal)
    return None


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    cancel_url: str,
    crumbs: list[tuple[str, str]],
    note: str = "",
    kind: str = "primary",
) -> HttpResponse:
    """Answer with the page of one form; a form that was sent and not accepted answers 422."""
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "cancel_url": cancel_url,
        "crumbs": crumbs,
        "note": note,
        "kind": kind,
    }
    return page(request, "organisation/form.html", context, status=422 if form.is_bound else 200)


def whole(request: HttpRequest, name: str) -> int | None:
    """Read a whole number out of the address; anything else is nothing."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def day_asked(request: HttpRequest, default: date) -> date:
    """Read the day «на дату» out of the address."""
    try:
        return parse_date(request.GET.get("on", "")) if request.GET.get("on") else default
    except ValidationError:
        return default
