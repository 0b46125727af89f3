"""What the views of this module share: the actor of a request, problems of an act at the fields of a form."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from gemba.audit.queries import last_act_of
from gemba.kernel.problems import Refusal
from gemba.organisation.access import may
from gemba.organisation.actions import StaleRecord
from gemba.organisation.forms.base import RecordForm
from gemba.organisation.requests import actor_of, blame
from gemba.ui.forms import parse_date
from gemba.ui.pages import page

T = TypeVar("T")
M = TypeVar("M", bound=Model)


def fetch(found: QuerySet[M], pk: int) -> M:
    """Return the row if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def rights(request: HttpRequest, *codes: str, organisation_id: int | None = None) -> dict[str, bool]:
    """Tell which of the acts the actor may, by the last part of their codes."""
    actor = actor_of(request)
    return {code.rpartition(".")[2]: may(actor, code, organisation_id) for code in codes}


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


def day_asked(request: HttpRequest, default: date) -> date:
    """Read the day «на дату» out of the address."""
    try:
        return parse_date(request.GET.get("on", "")) if request.GET.get("on") else default
    except ValidationError:
        return default
