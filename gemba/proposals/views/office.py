"""The coordinator's acts: assignment, escalation, discussion, ready answers, kept filters, settings."""

from dataclasses import fields

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.numbers import counted
from gemba.kernel.problems import Refusal
from gemba.organisation.access import require
from gemba.proposals.actions import office
from gemba.proposals.forms.office import AssignForm, EscalateForm, RulesForm, TemplateForm
from gemba.proposals.models import AnswerTemplate, ProposalSettings, SavedFilter
from gemba.proposals.queries.likeness import similar as find_similar
from gemba.proposals.queries.rules import default_rules, rules_of
from gemba.proposals.rules.states import TABLE, Verb
from gemba.proposals.rules.terms import ProposalRules
from gemba.proposals.views.base import (
    READ,
    REGISTER,
    SUBMIT,
    actor_of,
    blame,
    colleagues,
    first_errors,
    now,
    proposal_or_404,
    town_of,
)
from gemba.proposals.views.cards import show
from gemba.ui.forms import TextField
from gemba.ui.pages import go_to, notify, page


@SUBMIT
@require_GET
def similar(request: HttpRequest) -> HttpResponse:
    """Offer proposals like the one that is being typed; only what the catalogue shows."""
    text = f"{request.GET.get('problem', '')} {request.GET.get('solution', '')}"[:4000]
    actor = actor_of(request)
    found = find_similar(municipality_id=actor.municipality_id or 0, text=text, only_public=True)
    return page(request, "proposals/similar.html", {"found": found})


@REGISTER
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Name who reviews the marked proposals."""
    actor = actor_of(request)
    back = QueryDict(request.POST.get("back", "")[:1000])
    url = f"{reverse('proposals:list')}?{back.urlencode()}"
    form = AssignForm(request.POST, people=colleagues(actor))
    chosen = [
        int(pk) for pk in request.POST.getlist("chosen") if pk.isascii() and pk.isdigit() and len(pk) < 19
    ]
    if not chosen:
        return _told(request, url, ["Ни одного предложения не отмечено. Отметьте строки слева."])
    if not form.is_valid():
        return _told(request, url, [f"Кому назначить: {error}" for error in first_errors(form)])
    try:
        count = office.assign(
            actor=actor, proposal_ids=chosen, reviewer=form.cleaned_data["reviewer"], at=now()
        )
    except Refusal as refusal:
        return _told(request, url, [str(problem) for problem in refusal.problems[:5]])
    words = counted(count, "предложение", "предложения", "предложений")
    return go_to(
        request, url, f"Назначено: {words}, рассматривает {form.cleaned_data['reviewer'].short_name}."
    )


def _told(request: HttpRequest, url: str, errors: list[str]) -> HttpResponse:
    notify(request, "Не назначено. " + " ".join(errors), level=messages.ERROR)
    return go_to(request, url)


@REGISTER
@require_http_methods(["GET", "POST"])
def assign_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who reviews this proposal."""
    actor = actor_of(request)
    proposal = proposal_or_404(request, pk)
    form = AssignForm(
        request.POST or None, people=colleagues(actor), initial={"reviewer": proposal.reviewer or ""}
    )
    if request.method == "POST" and form.is_valid():
        try:
            office.assign(actor=actor, proposal_ids=[pk], reviewer=form.cleaned_data["reviewer"], at=now())
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("proposals:card", args=[pk]), "Назначено.")
    context = {"form": form, "proposal": proposal, "heading": "Назначить рассмотрение", "submit": "Назначить"}
    return page(request, "proposals/ask.html", context, 422 if form.errors else 200)


@READ
@require_http_methods(["GET", "POST"])
def escalate(request: HttpRequest, pk: int) -> HttpResponse:
    """Raise one's own proposal one level up."""
    proposal = proposal_or_404(request, pk)
    form = EscalateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            office.escalate(
                actor=actor_of(request), proposal_id=pk, at=now(), reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            return show(request, proposal, refusal.problems)
        return go_to(request, reverse("proposals:card", args=[pk]), "Поднято на уровень выше.")
    context = {"form": form, "proposal": proposal, "heading": "Поднять на уровень выше", "submit": "Поднять"}
    return page(request, "proposals/ask.html", context, 422 if form.errors else 200)


@READ
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Write into the discussion."""
    proposal = proposal_or_404(request, pk)
    text = TextField(required=False).clean(request.POST.get("text", ""))
    try:
        office.comment(actor=actor_of(request), proposal=proposal, text=text, at=now())
    except Refusal as refusal:
        return show(request, proposal, refusal.problems, typed=text)
    return go_to(request, reverse("proposals:card", args=[pk]) + "#talk")


@REGISTER
@require_http_methods(["GET", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """Keep the ready answers of the municipality."""
    actor = actor_of(request)
    town = town_of(request)
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        office.keep_template(actor=actor, at=now(), **form.cleaned_data)
        return go_to(request, reverse("proposals:templates"), "Готовый ответ сохранён.")
    rows = [
        {"row": row, "verb": TABLE[Verb(row.verb)].title}
        for row in AnswerTemplate.objects.filter(municipality=town).order_by("verb", "title")
    ]
    return page(
        request, "proposals/templates.html", {"form": form, "rows": rows}, 422 if form.errors else 200
    )


@REGISTER
@require_POST
def template_drop(request: HttpRequest, template_id: int) -> HttpResponse:
    """Remove a ready answer."""
    actor = actor_of(request)
    if not AnswerTemplate.objects.filter(pk=template_id, municipality_id=actor.municipality_id or 0).exists():
        raise Http404
    office.drop_template(actor=actor, template_id=template_id, at=now())
    return go_to(request, reverse("proposals:templates"), "Готовый ответ убран.")


@READ
@require_POST
def filter_keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    query = QueryDict(request.POST.get("query", "")[:1000]).urlencode()
    url = f"{reverse('proposals:list')}?{query}"
    try:
        office.keep_filter(actor=actor_of(request), title=request.POST.get("title", ""), query=query)
    except Refusal as refusal:
        notify(request, str(refusal), level=messages.ERROR)
        return go_to(request, url)
    return go_to(request, url, "Отбор запомнен.")


@READ
@require_POST
def filter_drop(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Forget a kept filter."""
    actor = actor_of(request)
    if not SavedFilter.objects.filter(pk=filter_id, user_id=actor.user_id or 0).exists():
        raise Http404
    office.drop_filter(actor=actor, filter_id=filter_id)
    return go_to(request, reverse("proposals:list"), "Отбор убран.")


@READ
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show the terms and rules of the municipality to everybody; let those change them who may."""
    actor = actor_of(request)
    town = town_of(request)
    may_change = actor.may("proposals.set_rules")
    kept = ProposalSettings.objects.filter(municipality=town).first()
    current = rules_of(town.pk)
    names = [field.name for field in fields(ProposalRules)]
    initial = {name: getattr(current, name) for name in names} | {"version": kept.version if kept else 1}
    form = RulesForm(request.POST if request.method == "POST" and may_change else None, initial=initial)
    if request.method == "POST":
        if not may_change:
            require(actor, "proposals.set_rules")
        if form.is_valid():
            data = dict(form.cleaned_data)
            version = data.pop("version")
            try:
                office.set_rules(actor=actor, rules=ProposalRules(**data), version=version, at=now())
            except Refusal as refusal:
                blame(form, refusal)
            else:
                return go_to(
                    request, reverse("proposals:rules"), "Правила сохранены: действуют для новых сроков."
                )
    changed = {name for name in names if getattr(current, name) != getattr(default_rules(), name)}
    context = {"form": form, "may_change": may_change, "rules": current, "changed": changed}
    return page(request, "proposals/rules.html", context, 422 if form.errors else 200)
