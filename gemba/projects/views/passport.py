"""The passport: begun, filled in by steps or whole, shown with what is missing, compared by editions."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.kernel.problems import Refusal, Severity
from gemba.projects.actions import passport as acts
from gemba.projects.forms.passport import STEPS, NewForm, PassportForm
from gemba.projects.models import PassportEdition, Project
from gemba.projects.queries.card import approved_of, pending_of, verbs_of
from gemba.projects.queries.grounds import ground_views
from gemba.projects.queries.settings import acts_on, calendar_of, rules_of
from gemba.projects.rules.passport import STEP_OF, differences
from gemba.projects.rules.stages import move_following, propose_days
from gemba.projects.rules.states import Verb
from gemba.projects.views.base import (
    READ,
    WORK,
    actor_of,
    blame,
    context_of,
    now,
    people_of,
    project_or_404,
    town_of,
)
from gemba.proposals.access import visible_proposals
from gemba.regulations.queries import clause_title, clause_url, edition_to_show
from gemba.ui.forms import Difference
from gemba.ui.pages import go_to, page

# Proposals whose heads decided that they need a project.
PROJECT_WANTED = "to_project"


@WORK
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask the first question and begin a draft."""
    actor, town = actor_of(request), town_of(request)
    form = NewForm(
        request.POST if request.method == "POST" else None, municipality_id=town.pk, today=actor.today
    )
    if request.method == "POST" and form.is_valid():
        try:
            project = acts.create(
                actor=actor,
                title=form.cleaned_data["title"],
                organisation=form.cleaned_data["organisation"],
                at=now(),
            )
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("projects:fill", args=[project.pk, "general"]), "Черновик начат.")
    waiting = visible_proposals(actor).filter(state=PROJECT_WANTED, projects__isnull=True).order_by("-pk")
    context = {"form": form, "proposals": list(waiting.only("title", "number", "number_year")[:20])}
    return page(request, "projects/new.html", context, 422 if form.errors else 200)


@WORK
@require_http_methods(["GET", "POST"])
def replicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin in another organisation what a closed project has proved."""
    actor, town, origin = actor_of(request), town_of(request), project_or_404(request, pk)
    form = NewForm(
        request.POST if request.method == "POST" else None, municipality_id=town.pk, today=actor.today,
        initial={"title": origin.title},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            project = acts.replicate(
                actor=actor, project_id=pk, title=form.cleaned_data["title"],
                organisation=form.cleaned_data["organisation"], at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(
                request, reverse("projects:fill", args=[project.pk, "general"]), "Начат проект по образцу."
            )
    context = {"form": form, "origin": origin}
    return page(request, "projects/replicate.html", context, 422 if form.errors else 200)


@WORK
@require_http_methods(["GET", "POST"])
def from_proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Turn a proposal into a project."""
    actor = actor_of(request)
    proposal = visible_proposals(actor).filter(pk=proposal_id).first()
    if proposal is None:
        raise Http404
    problems = []
    if request.method == "POST":
        try:
            project = acts.create_from_proposal(actor=actor, proposal_id=proposal_id, at=now())
        except Refusal as refusal:
            problems = refusal.problems
        else:
            return go_to(
                request,
                reverse("projects:fill", args=[project.pk, "general"]),
                "Проект начат из предложения.",
            )
    known = Project.objects.filter(proposal=proposal, municipality_id=actor.municipality_id or 0).first()
    context = {"proposal": proposal, "problems": problems, "known": known}
    return page(request, "projects/from_proposal.html", context, 409 if problems else 200)


@WORK
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Fill in one part of the passport, or all of it on one page; what is unfinished is kept."""
    actor, project = actor_of(request), project_or_404(request, pk)
    if step not in STEPS and step != "all":
        raise Http404
    context = context_of(request, project, "passport")
    if not context["may_edit"]:
        raise PermissionDenied("Паспорт заполняет руководитель проекта или координатор организации.")
    if project.is_sent:
        return go_to(
            request,
            reverse("projects:passport", args=[pk]),
            "Паспорт на согласовании: отзовите его, чтобы изменить.",
        )
    found = acts_on(municipality_id=project.municipality_id, day=actor.today)
    sent = request.method == "POST"
    form = PassportForm(
        request.POST if sent else None,
        project=project,
        acts=found,
        people=people_of(request),
        step=step,
        today=actor.today,
        version=project.version,
    )
    stale: list[Difference] = []
    if sent and form.is_valid():
        try:
            project = _keep(request, project, form, step)
        except acts.Stale as problem:
            stale = _confront(form, problem.project)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, _after(request, pk, step), "Сохранено.")
    names = list(STEPS)
    context |= {
        "form": form,
        "step": step,
        "stale": stale,
        "found": found,
        "sets": form.sets,
        "line_errors": form.line_errors if sent else [],
        "problems": _missing(project, actor.today, found),
        "steps": [
            {
                "title": title,
                "url": reverse("projects:fill", args=[pk, code]),
                "state": "current"
                if code == step
                else ("done" if _is_done(project, code, actor.today, found) else "ahead"),
            }
            for code, title in STEPS.items()
        ],
        "next_code": names[names.index(step) + 1] if step in names[:-1] else "",
    }
    status = 409 if stale else 422 if form.errors or (sent and form.line_errors) else 200
    return page(request, "projects/fill.html", context, status)


def _keep(request: HttpRequest, project: Project, form: PassportForm, step: str) -> Project:
    actor = actor_of(request)
    values = form.passport_values()
    if step in ("dates", "all"):
        days = form.days()
        calendar = calendar_of(project.municipality_id)
        if "propose" in request.POST:
            kinds, lengths = form.acts.stages, rules_of(project.municipality_id).length_of()
            typed = next((one.start for one in days if one.start), None)
            if typed and days[0].start and not kinds[0].is_period:
                # The day of a stage of one day is its end: asked again, it stays where it was put.
                lengths[kinds[0].code] = 1
            days = propose_days(kinds=kinds, first=typed or actor.today, calendar=calendar, lengths=lengths)
        elif "move" in request.POST:
            before = project.passport.days()
            moved = next(
                (one for one in days if one.end and (kept := before.get(one.number)) and kept.end != one.end),
                None,
            )
            if moved is not None and moved.end is not None:
                old = [before[number] for number in sorted(before)]
                days = move_following(days=old, number=moved.number, end=moved.end, calendar=calendar)
        draft = project.passport
        draft.set_days(days)
        values["stages"] = draft.stages
    return acts.write(
        actor=actor, project_id=project.pk, version=form.cleaned_data["version"], values=values, at=now()
    )


def _after(request: HttpRequest, pk: int, step: str) -> str:
    stays = {"propose", "move", "keep"} & set(request.POST) or any(
        key.startswith("add_") for key in request.POST
    )
    if stays or step == "all":
        extra = next((key for key in request.POST if key.startswith("add_")), "")
        return reverse("projects:fill", args=[pk, step]) + (f"#{extra[4:]}" if extra else "")
    names = list(STEPS)
    place = names.index(step) + 1
    if place < len(names):
        return reverse("projects:fill", args=[pk, names[place]])
    return reverse("projects:passport", args=[pk])


def _confront(form: PassportForm, project: Project) -> list[Difference]:
    """Show what two people wrote differently and let the person decide."""
    mine = project.passport
    for name, value in form.passport_values().items():
        setattr(mine, name, value)
    if any(name.startswith("end_") for name in form.fields):
        mine.set_days(form.days())
    form.refresh(project.version)
    return [
        Difference(one.title, one.before or "пусто", one.after or "пусто")
        for one in differences(project.passport, mine)
    ]


def _missing(project: Project, today: Any, found: Any) -> list[Any]:
    return acts.problems_of(project, acts=found, municipality_id=project.municipality_id)


def _step_of(field: str) -> str:
    return (
        "dates"
        if field.startswith(("start_", "end_")) and field[-1].isdigit()
        else STEP_OF.get(field, "general")
    )


def _is_done(project: Project, step: str, today: Any, found: Any) -> bool:
    return not any(
        _step_of(problem.field) == step
        for problem in _missing(project, today, found)
        if problem.severity is not Severity.WARNING and problem.field
    )


@READ
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the passport as it is being written or lies before the customer, with what is missing marked."""
    actor, project = actor_of(request), project_or_404(request, pk)
    context = context_of(request, project, "passport")
    found = acts_on(municipality_id=project.municipality_id, day=actor.today)
    approved, pending = approved_of(project), pending_of(project)
    sees_draft = context["may_edit"] or context["is_customer"] or not approved
    passport = pending.passport if pending else (project.passport if sees_draft else approved.passport)  # type: ignore[union-attr]
    problems = _missing(project, actor.today, found) if sees_draft else []
    verbs = {row.verb: row for row in verbs_of(actor=actor, project=project, found=context["parties"])}
    edition = edition_to_show(municipality_id=project.municipality_id, day=actor.today)
    context |= {
        "passport": passport,
        "found": found,
        "approved": approved,
        "pending": pending,
        "refusing": [
            {
                "problem": one,
                "url": reverse("projects:fill", args=[pk, _step_of(one.field)])
                if context["may_edit"]
                else "",
            }
            for one in problems
            if one.severity is not Severity.WARNING
        ],
        "warnings": [one for one in problems if one.severity is Severity.WARNING],
        "changes": differences(approved.passport, passport, found.stages) if approved else [],
        "days": passport.days(),
        "grounds": ground_views(passport.grounds, municipality_id=project.municipality_id, day=actor.today),
        "verbs": verbs,
        "Verb": Verb,
        "last_return": project.editions.filter(state="returned").order_by("-pk").first(),
        "clause": (
            {
                "title": clause_title(edition, found.passport_clause),
                "url": clause_url(edition, found.passport_clause),
            }
            if edition and found.passport_clause
            else None
        ),
        "aim_title": dict(found.aims).get(passport.aim, passport.aim),
        "scale_title": dict(found.scales).get(passport.scale, ""),
    }
    return page(request, "projects/passport.html", context)


@READ
@require_GET
def editions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all editions and what two of them say differently, side by side."""
    actor, project = actor_of(request), project_or_404(request, pk)
    rows = list(project.editions.order_by("-pk"))
    chosen = {}
    for name, default in (("old", 1), ("new", 0)):
        text = request.GET.get(name, "")
        pk_asked = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
        chosen[name] = next((row for row in rows if row.pk == pk_asked), None) or (
            rows[default] if len(rows) > default else None
        )
    found = acts_on(municipality_id=project.municipality_id, day=actor.today)
    old, new_ = chosen["old"], chosen["new"]
    context = {
        **context_of(request, project, "passport"),
        "rows": rows,
        "old": old,
        "new": new_,
        "changes": differences(old.passport, new_.passport, found.stages)
        if old and new_ and old != new_
        else [],
    }
    return page(request, "projects/editions.html", context)


@READ
@require_GET
def edition(request: HttpRequest, pk: int, edition_id: int) -> HttpResponse:
    """Show one edition as it was signed."""
    actor, project = actor_of(request), project_or_404(request, pk)
    row = PassportEdition.objects.filter(project=project, pk=edition_id).first()
    if row is None:
        raise Http404
    found = acts_on(municipality_id=project.municipality_id, day=actor.today)
    context = {
        **context_of(request, project, "passport"),
        "edition": row,
        "passport": row.passport,
        "found": found,
        "days": row.passport.days(),
        "grounds": ground_views(
            row.passport.grounds, municipality_id=project.municipality_id, day=actor.today
        ),
        "aim_title": dict(found.aims).get(row.passport.aim, ""),
        "scale_title": dict(found.scales).get(row.passport.scale, ""),
    }
    return page(request, "projects/edition.html", context)
