"""Sending by the signed-in, and typing in of paper cards."""

import secrets
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.kernel.numbers import format_long_date
from gemba.kernel.problems import Refusal
from gemba.organisation.access import Actor
from gemba.organisation.models import Organisation, Position, Unit
from gemba.organisation.queries import units_on
from gemba.organisation.queries.lists import options
from gemba.proposals.actions.consent import give_consent
from gemba.proposals.actions.submit import NewProposal, edit_draft, send_draft, submit
from gemba.proposals.forms.submit import PaperForm, SubmitForm
from gemba.proposals.models import NameConsent, Proposal, Source
from gemba.proposals.queries.rules import promise
from gemba.proposals.rules.states import State
from gemba.proposals.views.base import (
    REGISTER,
    SUBMIT,
    actor_of,
    blame,
    colleagues,
    kept_organisations,
    now,
    proposal_or_404,
    town_of,
)
from gemba.statements import written
from gemba.ui.pages import go_to, page


@SUBMIT
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Send a proposal: two texts and a photo, the rest can wait."""
    actor = actor_of(request)
    town_of(request)
    position = _position(actor)
    if position is None:
        return page(request, "proposals/no_position.html", {})
    return _form(request, actor, position, None)


@SUBMIT
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Continue a draft."""
    actor = actor_of(request)
    proposal = proposal_or_404(request, pk)
    position = _position(actor)
    if proposal.state != State.DRAFT or position is None:
        return go_to(request, reverse("proposals:card", args=[pk]))
    return _form(request, actor, position, proposal)


def _form(request: HttpRequest, actor: Actor, position: Position, proposal: Proposal | None) -> HttpResponse:
    units = units_on(organisation_id=position.organisation_id, day=actor.today)
    has_consent = bool(_agreed(person_id=actor.person_id or 0))
    initial: dict[str, Any] = {
        "sent_key": secrets.token_hex(16),
        "unit": position.unit_id,
        "has_consent": has_consent,
    }
    if proposal is not None:
        names = (
            "problem",
            "solution",
            "category",
            "expected",
            "is_author_ready",
            "needs_money",
            "touches_others",
        )
        initial |= {name: getattr(proposal, name) for name in names} | {"unit": proposal.unit_id}
        initial["co_authors"] = [
            row.person for row in proposal.authors.filter(is_main=False).select_related("person")
        ]
    form = SubmitForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        units=units,
        colleagues=lambda: colleagues(actor),
    )
    if has_consent:
        del form.fields["has_consent"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sent = NewProposal(
            organisation=position.organisation, unit=data["unit"], author=position.person,
            problem=data["problem"], solution=data["solution"], expected=data["expected"], category=data["category"],
            co_authors=data["co_authors"], is_author_ready=data["is_author_ready"], needs_money=data["needs_money"],
            touches_others=data["touches_others"], photos=data["photo"],
        )  # fmt: skip
        try:
            made = _send(actor, sent, proposal, data["sent_key"], is_draft="draft" in request.POST)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            if data.get("has_consent"):
                give_consent(actor=actor, person=position.person, at=now())
            return go_to(request, reverse("proposals:card", args=[made.pk]), _words(made))
    context = {
        "form": form,
        "place": position.organisation,
        "answer_by": promise(municipality_id=position.organisation.municipality_id, today=actor.today),
        "draft": proposal,
    }
    return page(request, "proposals/submit.html", context, 422 if form.errors else 200)


def _send(actor: Actor, sent: NewProposal, kept: Proposal | None, key: str, *, is_draft: bool) -> Proposal:
    at = now()
    if kept is None:
        return submit(actor=actor, new=sent, at=at, sent_key=key, is_draft=is_draft)
    made = edit_draft(actor=actor, proposal_id=kept.pk, new=sent, at=at)
    return made if is_draft else send_draft(actor=actor, proposal_id=kept.pk, at=at)


def _words(made: Proposal) -> str:
    if made.state == State.DRAFT:
        return "Черновик сохранён: его видите только вы."
    number = f"Номер {made.number_text}. " if made.number else ""
    return f"{number}Ответим до {format_long_date(made.answer_by)}."


def _position(actor: Actor) -> Position | None:
    if not actor.person_id:
        return None
    found = _held(person_id=actor.person_id, day=actor.today)
    return found[0] if found else None


@written
def _held(*, person_id: int, day: date) -> "QuerySet[Position]":
    places = Position.objects.on(day).filter(person_id=person_id)
    return places.select_related("organisation__municipality", "unit", "person").order_by("-is_head", "pk")[
        :1
    ]


@written
def _agreed(*, person_id: int) -> "QuerySet[NameConsent, tuple[int]]":
    return NameConsent.objects.filter(person_id=person_id).values_list("pk")[:1]


@REGISTER
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest) -> HttpResponse:
    """Type in a card that was filled by hand."""
    actor = actor_of(request)
    organisations = kept_organisations(actor)
    only = list(organisations[:2])
    initial = {"sent_key": secrets.token_hex(16), "sent_on": actor.today}
    if len(only) == 1:
        initial["organisation"] = only[0].pk
    units = (
        Unit.objects.on(actor.today)
        .filter(organisation__in=organisations)
        .order_by("organisation_id", "name_key")
    )
    form = PaperForm(
        request.POST or None, request.FILES or None, initial=initial, units=units, organisations=organisations,
        people=colleagues(actor),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sent = NewProposal(
            organisation=data["organisation"], unit=data["unit"], author=data["author"], problem=data["problem"],
            solution=data["solution"], expected=data["expected"], category=data["category"],
            co_authors=data["co_authors"], is_author_ready=data["is_author_ready"], needs_money=data["needs_money"],
            touches_others=data["touches_others"], photos=data["photo"],
        )  # fmt: skip
        try:
            made = submit(
                actor=actor,
                new=sent,
                at=now(),
                source=Source.PAPER,
                sent_key=data["sent_key"],
                sent_on=data["sent_on"],
            )
        except Refusal as refusal:
            blame(form, refusal)
        else:
            notice = f"Карточка внесена под номером {made.number_text}: напишите его на бумаге."
            if "again" in request.POST:
                return go_to(request, reverse("proposals:paper"), notice)
            return go_to(request, reverse("proposals:card", args=[made.pk]), notice)
    return page(request, "proposals/paper.html", {"form": form}, 422 if form.errors else 200)


@SUBMIT
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Offer colleagues while a name is typed."""
    typed = _typed(request)
    words = typed.strip()[:100]
    found = options(found=colleagues(actor_of(request)), words=words, limit=12) if len(words) > 1 else []
    return page(request, "proposals/people.html", {"people": found})


@SUBMIT
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Offer organisations of the municipality while a name is typed."""
    typed = _typed(request)
    actor = actor_of(request)
    known = Organisation.objects.filter(municipality_id=actor.municipality_id or 0).on(actor.today)
    found = options(found=known, words=typed.strip()[:100], limit=12) if len(typed.strip()) > 1 else []
    return page(request, "proposals/places.html", {"places": found})


def _typed(request: HttpRequest) -> str:
    """Return what is typed: the field that asks has its own name in each form."""
    return next(
        (str(value) for key, value in request.GET.items() if value and key != "csrfmiddlewaretoken"), ""
    )
