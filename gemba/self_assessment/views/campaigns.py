"""The campaign: opened, watched, moved to another edition, fixed, published."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.numbers import counted
from gemba.kernel.problems import Problem, Refusal
from gemba.regulations.models import Edition
from gemba.regulations.pack.procedures import Procedure, Rows
from gemba.regulations.queries import edition_on
from gemba.scorecards.entering import clean
from gemba.self_assessment import access, actions, proofs, queries
from gemba.self_assessment.forms import CoefficientForm, FixForm, MoveForm, OpenForm, RuleForm
from gemba.self_assessment.models import Campaign
from gemba.self_assessment.rules.states import State
from gemba.self_assessment.views.base import (
    READ,
    RUN,
    SET_COEFFICIENT,
    actor_of,
    blame,
    campaign_or_404,
    clause_link,
    now,
    number_in,
    town_of,
)
from gemba.ui.pages import go_to, page


@READ
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the campaigns year by year, and own sheets."""
    actor = actor_of(request)
    rows = list(access.visible_campaigns(actor).order_by("-year", "-pk")[:30])
    edition = edition_on(municipality_id=actor.municipality_id or 0, day=actor.today)
    context = {
        "rows": rows,
        "mine": queries.mine(actor=actor),
        "sees_all": access.sees_everything(actor),
        "may_run": actor.may("self_assessment.run"),
        "has_procedure": bool(edition and queries.procedures_of(edition)),
        "edition": edition,
    }
    return page(request, "self_assessment/index.html", context)


@RUN
@require_http_methods(["GET", "POST"])
def open_(request: HttpRequest) -> HttpResponse:
    """Open the campaign of a year."""
    actor, town = actor_of(request), town_of(request)
    edition = edition_on(municipality_id=town.pk, day=actor.today)
    procedures = queries.procedures_of(edition) if edition else []
    if not edition or not procedures:
        return page(request, "self_assessment/absent.html", {"edition": edition})
    code = request.POST.get("procedure") or request.GET.get("procedure") or ""
    procedure = next((each for each in procedures if each.code == code), procedures[0])
    year = number_in(request, "year") or actor.today.year
    year = year if 2000 <= year <= 2200 else actor.today.year
    fill, send = queries.days_of(municipality_id=town.pk, procedure=procedure, year=year)
    initial = {
        "procedure": procedure.code,
        "year": year,
        "kinds": ["omsu", "structural_unit", "institution", "organisation"],
        "opens_on": actor.today,
        "fill_by": fill.on if fill else (send.on if send else None),
        "send_by": send.on if send else None,
    }
    form = OpenForm(request.POST or None, initial=initial, procedures=procedures, chosen=procedure)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = actions.NewCampaign(
            year=int(data["year"]), procedure=data["procedure"], kinds=data["kinds"], opens_on=data["opens_on"],
            fill_by=data["fill_by"], send_by=data["send_by"], group_of_kind=form.group_of_kind,
            fill_clause=fill.clause if fill and fill.on == data["fill_by"] else "",
            send_clause=send.clause if send and send.on == data["send_by"] else "",
        )  # fmt: skip
        try:
            made = actions.open_campaign(actor=actor, municipality=town, edition=edition, new=new, at=now())
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("self_assessment:campaign", args=[made.pk]), "Самооценка открыта.")
    context = {
        "form": form, "procedure": procedure, "edition": edition, "fill": fill, "send": send,
        "clause_url": clause_link(edition),
    }  # fmt: skip
    return page(request, "self_assessment/open.html", context, 422 if form.errors else 200)


@READ
@require_GET
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a campaign has come, who is late, what waits."""
    return show(request, campaign_or_404(request, pk))


def show(request: HttpRequest, found: Campaign, problems: list[Problem] | None = None) -> HttpResponse:
    """Answer with the page of a campaign."""
    actor = actor_of(request)
    which = request.GET.get("which", "")
    which = which if which == "late" or which in set(State) else ""
    words = clean(request.GET.get("q", ""))[:100]
    sees_all = access.sees_everything(actor)
    rows, has_more = queries.listed(
        actor=actor, campaign=found, which=which, words=words, after=number_in(request, "after")
    )
    state = queries.progress(campaign=found, today=actor.today)
    here = reverse("self_assessment:campaign", args=[found.pk])
    chips = [{"title": "Все", "url": here, "is_current": not which, "count": state.total}]
    chips += [
        {
            "title": each.title,
            "url": f"{here}?which={each}",
            "is_current": which == each,
            "count": state.by_state.get(each, 0),
        }
        for each in State
    ]
    if state.late:
        chips.append(
            {
                "title": "Опоздали",
                "url": f"{here}?which=late",
                "is_current": which == "late",
                "count": state.late,
            }
        )
    query = {key: value for key, value in (("which", which), ("q", words)) if value}
    procedure = queries.procedure_of(found)
    context = {
        "campaign": found, "procedure": procedure, "progress": state, "rows": rows, "chips": chips if sees_all else [],
        "words": words, "which": which, "sees_all": sees_all, "clause_url": clause_link(found.edition),
        "next_url": f"{here}?{urlencode({**query, 'after': str(rows[-1].pk)})}" if has_more else "",
        "may_run": actor.may("self_assessment.run"), "may_check": actor.may("self_assessment.check"),
        "may_set": actor.may("self_assessment.set_coefficient"),
        "newer": queries.newer_edition(campaign=found, today=actor.today),
        "weightless": weightless(procedure), "problems": problems or [], "tabs": tabs_of(request, found, "campaign"),
        "fixing": FixForm(initial={"on": actor.today}), "moving": MoveForm(),
    }  # fmt: skip
    return page(request, "self_assessment/campaign.html", context, 409 if problems else 200)


def tabs_of(request: HttpRequest, found: Campaign, current: str) -> list[dict[str, object]]:
    """Return the pages of a campaign this actor has business with."""
    names = [
        ("campaign", "Ход"),
        ("rating", "Рейтинг"),
        ("heat", "По критериям"),
        ("movement", "К прошлому году"),
    ]
    if actor_of(request).may("self_assessment.run"):
        names.append(("rules", "Что докажет система"))
    return [
        {
            "title": title,
            "url": reverse(f"self_assessment:{name}", args=[found.pk]),
            "is_current": name == current,
        }
        for name, title in names
    ]


def weightless(procedure: Procedure) -> list[tuple[str, str]]:
    """Return the criteria whose coefficient the act has left empty."""
    return [
        (each.code, each.title)
        for each in procedure.criteria
        if each.coefficient.is_fixed and each.coefficient.fixed is None
    ]


@RUN
@require_POST
def fix(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix the rating."""
    found = campaign_or_404(request, pk)
    form = FixForm(request.POST)
    if not form.is_valid():
        return show(request, found, [Problem(str(text)) for texts in form.errors.values() for text in texts])
    try:
        _, rated = actions.fix(
            actor=actor_of(request), campaign_id=pk, on=form.cleaned_data["on"], at=now(),
            leaves_out=form.cleaned_data["leaves_out"],
        )  # fmt: skip
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    words = counted(rated, "организация", "организации", "организаций")
    return go_to(request, reverse("self_assessment:rating", args=[pk]), f"Рейтинг зафиксирован: {words}.")


@RUN
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the rating or hide it."""
    found = campaign_or_404(request, pk)
    is_published = request.POST.get("is_published") == "1"
    try:
        actions.publish(actor=actor_of(request), campaign_id=pk, is_published=is_published, at=now())
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    done = "Рейтинг опубликован." if is_published else "Рейтинг скрыт."
    return go_to(request, reverse("self_assessment:rating", args=[pk]), done)


@RUN
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind those who have not handed in."""
    found = campaign_or_404(request, pk)
    try:
        told = actions.remind(actor=actor_of(request), campaign_id=pk, at=now())
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    words = counted(told, "уведомление", "уведомления", "уведомлений")
    return go_to(request, reverse("self_assessment:campaign", args=[pk]), f"Отправлено: {words}.")


@RUN
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an open campaign to the edition in force."""
    found = campaign_or_404(request, pk)
    newer = queries.newer_edition(campaign=found, today=actor_of(request).today)
    if newer is None:
        return show(request, found, [Problem("Другой действующей редакции нет.")])
    try:
        _, returned = actions.move_campaign(
            actor=actor_of(request), campaign_id=pk, edition=newer, at=now(),
            reason=clean(request.POST.get("reason", "")),
        )  # fmt: skip
    except Refusal as refusal:
        return show(request, found, refusal.problems)
    done = f"Считаем по редакции {newer.code}."
    if returned:
        done += f" Возвращено: {counted(returned, 'лист', 'листа', 'листов')}."
    return go_to(request, reverse("self_assessment:campaign", args=[pk]), done)


@SET_COEFFICIENT
@require_http_methods(["GET", "POST"])
def coefficient(request: HttpRequest) -> HttpResponse:
    """Set a coefficient the act has left empty, by another act."""
    actor, town = actor_of(request), town_of(request)
    edition = edition_on(municipality_id=town.pk, day=actor.today)
    empty = _empty(edition)
    if not edition or not empty:
        return page(request, "self_assessment/no_empty.html", {"edition": edition})
    asked = (request.POST.get("criterion") or request.GET.get("criterion") or "")[:40]
    procedure, code, title = next((each for each in empty if each[1] == asked), empty[0])
    form = CoefficientForm(request.POST or None, initial={"on": actor.today, "effective_on": actor.today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = actions.Act(clean(data["kind"]), clean(data["number"]), data["on"])
        try:
            made = actions.set_coefficient(
                actor=actor, municipality=town, edition=Edition.objects.get(pk=edition.pk), procedure=procedure,
                criterion=code, value=data["value"], act=act, effective_on=data["effective_on"], at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("self_assessment:index"), f"Новая редакция: {made.code}.")
    context = {"form": form, "edition": edition, "empty": empty, "criterion": code, "title": title}
    return page(request, "self_assessment/coefficient.html", context, 422 if form.errors else 200)


def _empty(edition: Edition | None) -> list[tuple[str, str, str]]:
    if edition is None:
        return []
    return [
        (procedure.code, code, title)
        for procedure in queries.procedures_of(edition)
        for code, title in weightless(procedure)
    ]


@RUN
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which records of the product prove which rows."""
    found = campaign_or_404(request, pk)
    actor = actor_of(request)
    problems: list[Problem] = []
    if request.method == "POST":
        form = RuleForm(request.POST)
        if form.is_valid():
            try:
                actions.set_proof_rule(
                    actor=actor, municipality=town_of(request), edition=found.edition, procedure=found.procedure,
                    at=now(), **form.cleaned_data,
                )  # fmt: skip
            except Refusal as refusal:
                problems = refusal.problems
            else:
                return go_to(request, reverse("self_assessment:rules", args=[pk]), "Сохранено.")
        else:
            problems = [Problem(str(text)) for texts in form.errors.values() for text in texts]
    known = {
        (each.criterion, each.row): each
        for each in queries.rules_of(municipality_id=found.municipality_id, procedure=found.procedure)
    }
    procedure = queries.procedure_of(found)
    context = {
        "campaign": found, "problems": problems, "known": known, "tabs": tabs_of(request, found, "rules"),
        "criteria": [each for each in procedure.criteria if isinstance(each, Rows)],
        "indicators": [(each.code, each.title) for each in proofs.countable()],
    }  # fmt: skip
    return page(request, "self_assessment/rules.html", context, 409 if problems else 200)
