"""What the views of this module share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from gemba.kernel.problems import Refusal, Severity
from gemba.organisation.access import Actor, can
from gemba.organisation.models import Municipality, Organisation, Person, Position
from gemba.proposals import access
from gemba.proposals.models import Proposal
from gemba.proposals.queries.cards import fetch
from gemba.ui.guards import guard

READ = guard(can("proposals.read"), "Чтение предложений")
SUBMIT = guard(can("proposals.submit"), "Подача предложений")
REGISTER = guard(can("proposals.register"), "Регистрация предложений")
CODES = guard(can("proposals.issue_codes"), "Выдача личных кодов")
IMPORT = guard(can("proposals.import"), "Загрузка предложений прошлых лет")
STATISTICS = guard(can("proposals.statistics"), "Статистика предложений")
SET_RULES = guard(can("proposals.set_rules"), "Правила работы с предложениями")


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


def proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    """Return the proposal if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    found = fetch(actor=actor_of(request), pk=pk)
    if found is None:
        raise Http404
    return found


def blame(form: forms.Form, refusal: Refusal) -> None:
    """Put each problem of a refused act to its field, or above the form."""
    for problem in refusal.problems:
        if problem.severity is not Severity.WARNING:
            text = f"{problem.text} {problem.mend}".strip()
            form.add_error(problem.field if problem.field in form.fields else None, text)


def number_in(request: HttpRequest, name: str) -> int | None:
    """Return a whole number of the address, or nothing when there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def year_of(request: HttpRequest) -> int:
    """Return the year asked for; this one when there is none or it has not come yet."""
    today = actor_of(request).today
    asked = number_in(request, "year") or today.year
    return asked if 1990 <= asked <= today.year else today.year


def with_query(request: HttpRequest, **changes: Any) -> str:
    """Return the address of this page with some parameters changed; empty ones and the page are taken out."""
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    encoded = query.urlencode()
    return f"{request.path}?{encoded}" if encoded else request.path


def places_of(actor: Actor) -> frozenset[int]:
    """Return the organisations whose people the actor may name: all, the kept ones, or those of one's positions."""
    found = access.own_organisations(actor)
    if actor.person_id:
        found |= set(
            Position.objects.on(actor.today)
            .filter(person_id=actor.person_id)
            .values_list("organisation_id", flat=True)
        )
    return frozenset(found)


def colleagues(actor: Actor) -> QuerySet[Person]:
    """Return the people the actor may name as co-author, reviewer or responsible: names only, no contacts."""
    people = Person.objects.filter(municipality_id=actor.municipality_id or 0)
    if access.sees_everything(actor):
        return people
    working = (
        Position.objects.on(actor.today).filter(organisation_id__in=places_of(actor)).values("person_id")
    )
    return people.filter(Q(pk__in=working) | Q(pk=actor.person_id or 0))


def kept_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations for which the actor registers."""
    found = Organisation.objects.filter(municipality_id=actor.municipality_id or 0).on(actor.today)
    if not (actor.is_system or actor.is_municipal("monitor")):
        found = found.filter(pk__in=access.own_organisations(actor))
    return found.order_by("name_key", "pk")


def first_errors(form: forms.Form) -> Sequence[str]:
    """Return the texts of all errors, for an answer without a form."""
    return [str(error) for errors in form.errors.values() for error in errors]
