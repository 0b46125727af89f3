"""Parts of an organisation's card: units, headcount, participation."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gemba.organisation import actions
from gemba.organisation.access import Actor, can, require, visible_organisations
from gemba.organisation.forms.register import (
    CloseUnitForm,
    EndParticipationForm,
    HeadcountForm,
    StartParticipationForm,
    UnitForm,
)
from gemba.organisation.models import Organisation, Unit
from gemba.organisation.requests import actor_of, now
from gemba.organisation.views.base import attempt, fetch, form_page
from gemba.ui.guards import guard
from gemba.ui.pages import go_to

EDIT = guard(can("organisation.edit"), "Ведение реестра организаций")
EDIT_UNITS = guard(can("organisation.edit_units"), "Ведение подразделений")


def _card_url(organisation: Organisation) -> str:
    return reverse("organisation:organisation", kwargs={"pk": organisation.pk})


def _crumbs(organisation: Organisation) -> list[tuple[str, str]]:
    return [
        ("Организации", reverse("organisation:organisations")),
        (str(organisation), _card_url(organisation)),
    ]


def _unit(actor: Actor, pk: int) -> Unit:
    units = Unit.objects.filter(organisation__in=visible_organisations(actor)).select_related(
        "organisation", "parent"
    )
    shown = fetch(units, pk)
    require(actor, "organisation.edit_units", shown.organisation_id)
    return shown


@EDIT_UNITS
@require_http_methods(["GET", "POST"])
def add_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a unit to an organisation."""
    actor = actor_of(request)
    owner = fetch(visible_organisations(actor), pk)
    require(actor, "organisation.edit_units", owner.pk)
    form = UnitForm(request.POST or None, organisation=owner)
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.add_unit(
                actor=actor, organisation=owner, name=data["name"], parent=data["parent"], at=now()
            ),
        )
        if made is not None:
            return go_to(request, _card_url(owner) + "#units", f"Подразделение «{made}» добавлено.")
    return form_page(
        request,
        form,
        title="Новое подразделение",
        submit="Добавить",
        cancel_url=_card_url(owner),
        crumbs=_crumbs(owner),
    )


@EDIT_UNITS
@require_http_methods(["GET", "POST"])
def edit_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a unit or put it elsewhere."""
    actor = actor_of(request)
    shown = _unit(actor, pk)
    owner = shown.organisation
    form = UnitForm(request.POST or None, organisation=owner, unit=shown)
    if form.is_valid():
        data = form.cleaned_data
        changed = attempt(
            form,
            lambda: actions.change_unit(
                actor=actor,
                unit=shown,
                version=data["version"],
                name=data["name"],
                parent=data["parent"],
                at=now(),
            ),
        )
        if changed is not None:
            return go_to(request, _card_url(owner) + "#units", "Изменения сохранены.")
    return form_page(
        request,
        form,
        title=f"Изменить: {shown}",
        submit="Сохранить",
        cancel_url=_card_url(owner),
        crumbs=_crumbs(owner),
    )


@EDIT_UNITS
@require_http_methods(["GET", "POST"])
def close_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a unit."""
    actor = actor_of(request)
    shown = _unit(actor, pk)
    owner = shown.organisation
    form = CloseUnitForm(request.POST or None, version=shown.version)
    if form.is_valid():
        data = form.cleaned_data
        closed = attempt(
            form,
            lambda: actions.close_unit(
                actor=actor, unit=shown, version=data["version"], last_day=data["last_day"], at=now()
            ),
        )
        if closed is not None:
            return go_to(request, _card_url(owner) + "#units", f"Подразделение «{closed}» закрыто.")
    return form_page(
        request, form, title=f"Закрыть: {shown}", submit="Закрыть подразделение", kind="danger",
        cancel_url=_card_url(owner), crumbs=_crumbs(owner),
    )  # fmt: skip


@EDIT_UNITS
@require_http_methods(["GET", "POST"])
def add_headcount(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the headcount as of a day."""
    actor = actor_of(request)
    owner = fetch(visible_organisations(actor), pk)
    require(actor, "organisation.edit_units", owner.pk)
    form = HeadcountForm(request.POST or None, initial={"counted_on": actor.today})
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.record_headcount(
                actor=actor,
                organisation=owner,
                counted_on=data["counted_on"],
                people=data["people"],
                at=now(),
            ),
        )
        if made is not None:
            return go_to(request, _card_url(owner) + "#headcount", "Численность записана.")
    return form_page(
        request, form, title=f"Численность: {owner}", submit="Записать", cancel_url=_card_url(owner),
        crumbs=_crumbs(owner), note="Если на эту дату численность уже записана, она исправится.",
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def start_participation(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an organisation take part in the programme."""
    actor = actor_of(request)
    owner = fetch(visible_organisations(actor), pk)
    form = StartParticipationForm(request.POST or None, initial={"first_day": actor.today})
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.start_participation(
                actor=actor, organisation=owner, first_day=data["first_day"], ground=data["ground"], at=now()
            ),
        )
        if made is not None:
            return go_to(request, _card_url(owner) + "#participation", "Участие записано.")
    return form_page(
        request, form, title=f"Участие в программе: {owner}", submit="Записать", cancel_url=_card_url(owner),
        crumbs=_crumbs(owner),
    )  # fmt: skip


@EDIT
@require_http_methods(["GET", "POST"])
def end_participation(request: HttpRequest, pk: int) -> HttpResponse:
    """End the participation of an organisation."""
    actor = actor_of(request)
    owner = fetch(visible_organisations(actor), pk)
    form = EndParticipationForm(request.POST or None, initial={"last_day": actor.today})
    if form.is_valid():
        data = form.cleaned_data
        ended = attempt(
            form,
            lambda: actions.end_participation(
                actor=actor, organisation=owner, last_day=data["last_day"], ground=data["ground"], at=now()
            ),
        )
        if ended is not None:
            return go_to(request, _card_url(owner) + "#participation", "Участие закончено.")
    return form_page(
        request, form, title=f"Закончить участие: {owner}", submit="Закончить участие", cancel_url=_card_url(owner),
        crumbs=_crumbs(owner), note="Со следующего дня организация не входит в расчёт долей.",
    )  # fmt: skip
