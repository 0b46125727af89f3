"""Effects, rewards, introduction elsewhere, the year's table."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.problems import Refusal
from gemba.organisation.access import can
from gemba.organisation.models import Person
from gemba.proposals.actions import results
from gemba.proposals.actions.consent import give_consent, take_consent_back
from gemba.proposals.actions.implement import add_photos
from gemba.proposals.actions.reward import reward as give_reward
from gemba.proposals.forms.office import EffectForm, PhotosForm, ReplicateForm, ReplicationForm, RewardForm
from gemba.proposals.models import NameConsent, Replication
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.queries.year import year_table_kept
from gemba.proposals.views.base import (
    READ,
    actor_of,
    blame,
    colleagues,
    now,
    proposal_or_404,
    town_of,
    year_of,
)
from gemba.proposals.views.cards import show
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, page

OVERSEE = guard(can("proposals.oversee"), "Подтверждение эффекта")
REWARD = guard(can("proposals.reward"), "Поощрение авторов")
REPLICATE = guard(can("proposals.replicate"), "Внедрение в других местах")


@READ
@require_http_methods(["GET", "POST"])
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what became better."""
    proposal = proposal_or_404(request, pk)
    form = EffectForm(
        request.POST or None, initial={"kind": "time", "frequency": "day", "times": 1, "people": 1}
    )
    if request.method == "POST" and form.is_valid():
        try:
            results.add_effect(actor=actor_of(request), proposal_id=pk, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("proposals:card", args=[pk]), "Эффект внесён.")
    rules = rules_of(proposal.municipality_id)
    context = {"form": form, "proposal": proposal, "rules": rules}
    return page(request, "proposals/effect.html", context, 422 if form.errors else 200)


@READ
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Add photos to a proposal."""
    proposal = proposal_or_404(request, pk)
    form = PhotosForm(request.POST or None, request.FILES or None, initial={"kind": "after"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            add_photos(
                actor=actor_of(request), proposal_id=pk, at=now(), kind=data["kind"], pictures=data["photos"]
            )
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("proposals:card", args=[pk]), "Снимки добавлены.")
    context = {"form": form, "proposal": proposal, "heading": "Добавить снимки", "submit": "Добавить"}
    return page(request, "proposals/ask.html", context, 422 if form.errors else 200)


@OVERSEE
@require_POST
def effect_verify(request: HttpRequest, pk: int, effect_id: int) -> HttpResponse:
    """Confirm an effect."""
    proposal = proposal_or_404(request, pk)
    try:
        results.verify_effect(actor=actor_of(request), proposal_id=pk, effect_id=effect_id, at=now())
    except Refusal as refusal:
        return show(request, proposal, refusal.problems)
    return go_to(request, reverse("proposals:card", args=[pk]), "Эффект проверен.")


@REWARD
@require_http_methods(["GET", "POST"])
def reward(request: HttpRequest, pk: int) -> HttpResponse:
    """Reward the authors."""
    actor = actor_of(request)
    proposal = proposal_or_404(request, pk)
    authors = Person.objects.filter(authored__proposal=proposal).order_by("name_key")
    initial = {
        "kind": "thanks",
        "people": list(authors),
        "act_on": actor.today,
        "act_kind": "Распоряжение",
    }
    form = RewardForm(request.POST or None, initial=initial, authors=authors)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["people"] = list(data["people"])
        data["points"] = data["points"] or 0
        try:
            give_reward(actor=actor, proposal_id=pk, at=now(), **data)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("proposals:card", args=[pk]), "Поощрение записано.")
    return page(
        request, "proposals/reward.html", {"form": form, "proposal": proposal}, 422 if form.errors else 200
    )


@REPLICATE
@require_http_methods(["GET", "POST"])
def replicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggest the improvement to another place."""
    proposal = proposal_or_404(request, pk)
    form = ReplicateForm(request.POST or None, municipality=town_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            results.replicate(actor=actor_of(request), proposal_id=pk, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(
                request, reverse("proposals:card", args=[pk]), "Предложено. Решает сама организация."
            )
    return page(
        request, "proposals/replicate.html", {"form": form, "proposal": proposal}, 422 if form.errors else 200
    )


@REPLICATE
@require_http_methods(["GET", "POST"])
def replication(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an introduction elsewhere on."""
    actor = actor_of(request)
    row = (
        Replication.objects.select_related("proposal", "organisation")
        .filter(pk=pk, municipality_id=actor.municipality_id or 0)
        .first()
    )
    if row is None or not results.may_move(actor, row):
        raise Http404
    form = ReplicationForm(
        request.POST or None, initial={"version": row.version, "introduced_on": actor.today},
        steps=results.STEPS[row.state], people=colleagues(actor),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = dict(form.cleaned_data)
        try:
            results.move_replication(actor=actor, replication_id=pk, at=now(), **data)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("proposals:card", args=[row.proposal_id]), "Записано.")
    context = {"form": form, "proposal": row.proposal, "replication": row}
    return page(request, "proposals/replication.html", context, 422 if form.errors else 200)


@READ
@require_GET
def year(request: HttpRequest) -> HttpResponse:
    """Show the best of the year: people who agreed to be named, and organisations."""
    actor = actor_of(request)
    town = town_of(request)
    chosen = year_of(request)
    rules = rules_of(town.pk)
    table = year_table_kept(municipality_id=town.pk, year=chosen, rules=rules, at=now())
    has_consent = NameConsent.objects.filter(person_id=actor.person_id or 0).exists()
    context = {
        "table": table,
        "year": chosen,
        "years": range(actor.today.year, actor.today.year - 5, -1),
        "has_consent": has_consent,
        "rules": rules,
    }
    return page(request, "proposals/year.html", context)


@READ
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Agree to be named, or take the consent back."""
    actor = actor_of(request)
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    if person is None:
        raise Http404
    if request.POST.get("give") == "1":
        give_consent(actor=actor, person=person, at=now())
        return go_to(request, reverse("proposals:year"), "Ваше имя будет в таблице.")
    take_consent_back(actor=actor, person=person, at=now())
    return go_to(request, reverse("proposals:year"), "Ваше имя больше не показываем.")
