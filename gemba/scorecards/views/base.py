"""What the views of this module share."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import Http404, HttpRequest
from django.utils import timezone

from gemba.kernel.problems import Refusal, Severity
from gemba.organisation.access import Actor, can
from gemba.organisation.models import Municipality
from gemba.regulations.models import Edition
from gemba.scorecards import access
from gemba.scorecards.entering import ClauseNames
from gemba.scorecards.models import Sheet
from gemba.ui.guards import guard

READ = guard(can("scorecards.read"), "Чтение листов оценки")
ASSESS = guard(can("scorecards.assess"), "Оценка по критериям")
AGREE = guard(can("scorecards.agree"), "Согласование оценки")
SETTLE = guard(can("scorecards.settle"), "Общий лист рабочей группы")
KEEP = guard(can("scorecards.keep_trained"), "Реестр обученных")


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


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


def sheet_or_404(request: HttpRequest, pk: int) -> Sheet:
    """Return the sheet if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    found = access.visible_sheets(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def clause_link(edition: Edition) -> ClauseNames:
    """Return what knows the address and the name of a clause of the edition."""
    return ClauseNames(edition)


def blame(form: forms.Form, refusal: Refusal) -> None:
    """Put each problem of a refused act to its field, or above the form."""
    for problem in refusal.problems:
        if problem.severity is not Severity.WARNING:
            text = f"{problem.text} {problem.mend}".strip()
            form.add_error(problem.field if problem.field in form.fields else None, text)


def number_in(request: HttpRequest, name: str, source: str = "GET") -> int | None:
    """Return a whole number that was sent, or nothing when there is none."""
    text = (request.GET if source == "GET" else request.POST).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
