"""What the views of this module share."""

from collections.abc import Sequence

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from gemba.organisation.access import Actor, can
from gemba.organisation.models import Organisation, Person, Position
from gemba.organisation.requests import actor_of as actor_of
from gemba.organisation.requests import blame as blame
from gemba.organisation.requests import now as now
from gemba.organisation.requests import number_in as number_in
from gemba.organisation.requests import town_of as town_of
from gemba.organisation.requests import with_other
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

with_query = with_other


def proposal_or_404(request: HttpRequest, pk: int) -> Proposal:
    """Return the proposal if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    found = fetch(actor=actor_of(request), pk=pk)
    if found is None:
        raise Http404
    return found


def year_of(request: HttpRequest) -> int:
    """Return the year asked for; this one when there is none or it has not come yet."""
    today = actor_of(request).today
    asked = number_in(request, "year") or today.year
    return asked if 1990 <= asked <= today.year else today.year


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
