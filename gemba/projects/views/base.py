"""What the views of this module share."""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from gemba.kernel.problems import Refusal
from gemba.organisation.access import can
from gemba.organisation.models import Person
from gemba.organisation.requests import actor_of as actor_of
from gemba.organisation.requests import blame as blame
from gemba.organisation.requests import now as now
from gemba.organisation.requests import number_in as number_in
from gemba.organisation.requests import town_of as town_of
from gemba.organisation.requests import with_other
from gemba.projects import access
from gemba.projects.actions.base import StaleDays
from gemba.projects.forms.acts import DaysForm
from gemba.projects.models import Project
from gemba.projects.queries.card import fetch
from gemba.projects.rules.states import CLOSED, Party, Status
from gemba.ui.forms import Difference
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, page

READ = guard(can("projects.read"), "Чтение проектов")
WORK = guard(can("projects.work"), "Работа в проектах")
PORTFOLIO = guard(can("projects.portfolio"), "Ведение портфелей")
SET_RULES = guard(can("projects.set_rules"), "Правила работы с проектами")
VERIFY = guard(can("projects.verify"), "Подтверждение эффекта проектов")

with_query = with_other


def project_or_404(request: HttpRequest, pk: int) -> Project:
    """Return the project if the actor sees it.

    :raises Http404: when it is not there for this actor.
    """
    found = fetch(actor=actor_of(request), pk=pk)
    if found is None:
        raise Http404
    return found


def people_of(request: HttpRequest) -> QuerySet[Person]:
    """Return the people who may be named: names only, no contacts."""
    return Person.objects.filter(municipality_id=actor_of(request).municipality_id or 0)


def tabs_of(project: Project, current: str) -> list[dict[str, Any]]:
    """Return the parts of a project's pages."""
    parts = [("card", "Проект"), ("passport", "Паспорт")]
    if project.edition_number:
        parts += [
            ("plan", "План мероприятий"),
            ("gantt", "Сроки"),
            ("defences", "Защиты"),
            ("goals", "Цели"),
            ("effects", "Эффект"),
        ]
    if project.status in CLOSED:
        parts.append(("stability", "Стабильность"))
    parts.append(("papers", "Документы"))
    return [
        {"title": title, "url": reverse(f"projects:{name}", args=[project.pk]), "is_current": name == current}
        for name, title in parts
    ]


def context_of(
    request: HttpRequest, project: Project, current: str, *, team: Collection[int] | None = None
) -> dict[str, Any]:
    """Return what every page of a project shows."""
    found = access.parties(actor_of(request), project, team)
    return {
        "project": project,
        "tab_items": tabs_of(project, current),
        "parties": found,
        "may_work": bool(found & access.WORKERS) and project.status not in (Status.TERMINATED,),
        "may_edit": bool(found & access.EDITORS) and project.status not in (Status.TERMINATED,),
        "is_customer": Party.CUSTOMER in found,
        "today": actor_of(request).today,
    }


def ask(
    request: HttpRequest,
    project: Project,
    form: forms.Form,
    *,
    title: str,
    do: Callable[[dict[str, Any]], object],
    done: str,
    back: str = "card",
    back_url: str = "",
    submit: str = "Сохранить",
    kind: str = "primary",
    template: str = "act",
    **more: Any,
) -> HttpResponse:
    """Show a form of an act and carry the act out when it was sent whole."""
    address = back_url or reverse(f"projects:{back}", args=[project.pk])
    stale: list[Difference] = []
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except StaleDays as moved:
            assert isinstance(form, DaysForm)
            stale = form.differences(moved.start, moved.end)
        except Refusal as refusal:
            blame(form, refusal)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return go_to(request, address, done)
    context = {
        **context_of(request, project, back),
        "form": form,
        "title": title,
        "submit": submit,
        "kind": kind,
        "back_url": address,
        "stale": stale,
        **more,
    }
    return page(request, f"projects/{template}.html", context, 409 if stale else 422 if form.errors else 200)
