"""The page of a project, the acts on it, stages, evidence."""

from collections.abc import Callable
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor, may
from gemba.projects import access, documents, significance
from gemba.projects.actions import approval, evidence
from gemba.projects.actions import passport as passports
from gemba.projects.actions import portfolio as portfolios
from gemba.projects.actions import stages as acts
from gemba.projects.forms.acts import (
    ChoosePortfolioForm,
    FileForm,
    ForecastForm,
    PresentationForm,
    ReasonForm,
    VerbForm,
)
from gemba.projects.gates import gate_of
from gemba.projects.models import Evidence, Project
from gemba.projects.objects import url_of
from gemba.projects.queries import parts
from gemba.projects.queries.card import (
    goal_views,
    measure_numbers,
    next_step,
    stage_views,
    troubles,
    verbs_of,
)
from gemba.projects.queries.gates import Facts, gate_views
from gemba.projects.queries.settings import acts_on
from gemba.projects.rules.states import CLOSED, TABLE, Status, Verb
from gemba.projects.views.base import READ, WORK, actor_of, ask, context_of, now, people_of, project_or_404
from gemba.ui.pages import document, go_to, page

HISTORY: Literal[40] = 40


@READ
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one project: where it stands, the one next step, goals, stages, gates, history."""
    return show(request, project_or_404(request, pk))


def show(request: HttpRequest, project: Project, problems: list[Problem] | None = None) -> HttpResponse:
    """Answer with the page of a project, perhaps with what stands in the way of an act."""
    actor, pk = actor_of(request), project.pk
    team, told = parts.team(project_id=pk), parts.told(project_id=pk)
    context = context_of(request, project, "card", team={row.person_id for row in team})
    stages = stage_views(project=project, today=actor.today)
    verbs = verbs_of(actor=actor, project=project, found=context["parties"])
    expected = next_step(project, stages)
    goals = goal_views(project=project)
    lines = parts.lines(project_id=pk) if project.edition_number else []
    files = parts.evidence(project_id=pk)
    names = acts_on(municipality_id=project.municipality_id, day=actor.today)
    context |= {
        "stages": stages,
        "current": next((one for one in stages if one.is_current), None),
        "next": expected,
        "next_verb": next((row for row in verbs if row.verb is expected.verb), None),
        "others": [row for row in verbs if row.verb is not expected.verb],
        "gates": gate_views(
            project=project,
            stage_code=project.stage_code,
            today=actor.today,
            evidence=files,
            facts=Facts(project, lines=lines, stages=[one.stage for one in stages], goals=goals),
        )
        if project.status == Status.ACTIVE
        else [],
        "goals": goals,
        "troubles": troubles(project=project, today=actor.today),
        "numbers": measure_numbers(lines, actor.today),
        "team": team,
        "grounds": [(row, url_of(row.ref)) for row in told if row.kind == "ground"],
        "participants": [row.note or row.text for row in told if row.kind == "participant"],
        "files": [row for row in reversed(files) if not row.code][:20],
        "corrective": [row for row in told if row.kind == "corrective"],
        "aim_title": dict(names.aims).get(project.aim, project.aim),
        "scale_title": dict(names.scales).get(project.scale, ""),
        "has_own_stages": names.has_own_stages,
        "events": [
            {"title": row.title, "text": row.text, "at": row.at, "who": row.actor_name}
            for row in parts.events(project_id=pk, most=HISTORY)
        ],
        "may_replicate": project.status in CLOSED and may(actor, "projects.work"),
        "replicas": parts.replicas(project_id=pk) if project.status in CLOSED else [],
        "significance": significance.standing_of(actor, project),
        "problems": problems or [],
    }
    return page(request, "projects/card.html", context, 409 if problems else 200)


Do = Callable[[Actor, int, dict[str, Any]], object]
ACTS: dict[Verb, Do] = {
    Verb.SEND: lambda a, pk, d: approval.send(actor=a, project_id=pk, at=now(), note=d["note"]),
    Verb.RECALL: lambda a, pk, d: approval.recall(actor=a, project_id=pk, at=now(), reason=d["reason"]),
    Verb.APPROVE: lambda a, pk, d: approval.approve(actor=a, project_id=pk, at=now()),
    Verb.RETURN: lambda a, pk, d: approval.return_passport(
        actor=a, project_id=pk, at=now(), reason=d["reason"]
    ),
    Verb.FORWARD: lambda a, pk, d: acts.forward(actor=a, project_id=pk, at=now(), on=d["on"]),
    Verb.BACK: lambda a, pk, d: acts.back(
        actor=a, project_id=pk, at=now(), number=int(d["number"]), reason=d["reason"]
    ),
    Verb.OVERRIDE: lambda a, pk, d: acts.override(actor=a, project_id=pk, at=now(), reason=d["reason"]),
    Verb.PAUSE: lambda a, pk, d: acts.pause(actor=a, project_id=pk, at=now(), reason=d["reason"]),
    Verb.RESUME: lambda a, pk, d: acts.resume(actor=a, project_id=pk, at=now(), reason=d["reason"]),
    Verb.CLOSE: lambda a, pk, d: acts.close(
        actor=a, project_id=pk, at=now(), outcome=d["outcome"], text=d["text"], on=d["on"]
    ),
    Verb.TERMINATE: lambda a, pk, d: acts.terminate(actor=a, project_id=pk, at=now(), reason=d["reason"]),
    Verb.DROP: lambda a, pk, d: passports.drop(actor=a, project_id=pk, at=now(), reason=d["reason"]),
    Verb.REASSIGN: lambda a, pk, d: approval.reassign(
        actor=a,
        project_id=pk,
        at=now(),
        reason=d["reason"],
        customer=d["customer"],
        leader=d["leader"],
        organisation=d["organisation"],
    ),
}


@WORK
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Ask what an act needs and carry it out."""
    actor = actor_of(request)
    project = project_or_404(request, pk)
    if verb not in ACTS:
        raise Http404
    row = TABLE[Verb(verb)]
    sent = request.method == "POST"
    if not sent and not row.parties & access.parties(actor, project):
        raise PermissionDenied(f"«{row.title}» — не ваше действие.")
    stages = list(project.stages.filter(number__lt=project.stage, number__gt=1).order_by("-number"))
    form = VerbForm(
        request.POST if sent else None,
        verb=row.verb,
        people=people_of(request),
        municipality_id=project.municipality_id,
        stages=stages,
        today=actor.today,
    )
    if sent and not form.fields:
        try:
            ACTS[row.verb](actor, pk, {})
        except Refusal as refusal:
            return show(request, project_or_404(request, pk), refusal.problems)
        return go_to(request, reverse("projects:card", args=[pk]), f"{row.done}.")
    return ask(
        request,
        project,
        form,
        title=row.title,
        done=f"{row.done}.",
        submit=row.title,
        do=lambda data: ACTS[row.verb](actor, pk, data),
        kind="danger" if row.verb in (Verb.TERMINATE, Verb.DROP) else "primary",
        gates=gate_views(project=project, stage_code=project.stage_code, today=actor.today)
        if row.verb in (Verb.FORWARD, Verb.OVERRIDE, Verb.CLOSE) and project.status == Status.ACTIVE
        else [],
    )


@WORK
@require_http_methods(["GET", "POST"])
def forecast(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask when a stage will really end; the following ones may move with it."""
    actor, project = actor_of(request), project_or_404(request, pk)
    stage = project.stages.filter(number=number).first()
    if stage is None:
        raise Http404
    _hold(request, project)
    start, end = stage.expected
    initial = {
        "start": start,
        "end": end,
        "moves_following": True,
        "reason": stage.delay_reason,
    }
    form = ForecastForm(
        request.POST if request.method == "POST" else None, initial=initial, seen=stage.expected
    )
    if not stage.is_period:
        form.fields.pop("start")
    return ask(
        request,
        project,
        form,
        title=f"Прогноз: {stage}",
        done="Прогноз сохранён.",
        back="gantt",
        do=lambda d: acts.set_forecast(
            actor=actor,
            project_id=pk,
            number=number,
            start=d.get("start"),
            end=d["end"],
            reason=d["reason"],
            moves_following=d["moves_following"],
            seen=d["seen"],
            at=now(),
        ),
    )


@WORK
@require_http_methods(["GET", "POST"])
def delay(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask why a stage is late."""
    actor, project = actor_of(request), project_or_404(request, pk)
    stage = project.stages.filter(number=number).first()
    if stage is None:
        raise Http404
    _hold(request, project)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="Причина отставания",
        name="delay_reason",
        initial={"delay_reason": stage.delay_reason},
    )
    return ask(
        request,
        project,
        form,
        title=f"Почему отстаёт: {stage}",
        done="Причина сохранена.",
        do=lambda d: acts.explain_delay(
            actor=actor, project_id=pk, number=number, at=now(), reason=d["delay_reason"]
        ),
    )


@WORK
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Ask for the comment of a condition that a person confirms."""
    actor, project = actor_of(request), project_or_404(request, pk)
    gate = gate_of(code)
    if gate is None or not gate.is_confirmed:
        raise Http404
    _hold(request, project, with_customer=True)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label="Чем подтверждается", name="comment"
    )
    return ask(
        request,
        project,
        form,
        title=gate.title,
        done="Подтверждено.",
        submit="Подтвердить",
        do=lambda d: evidence.confirm(actor=actor, project_id=pk, code=code, at=now(), comment=d["comment"]),
    )


@WORK
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, pk: int, code: str = "") -> HttpResponse:
    """Ask for a file that shows what a gate wants."""
    actor, project = actor_of(request), project_or_404(request, pk)
    gate = gate_of(code) if code else None
    if code and gate is None:
        raise Http404
    if not access.parties(actor, project):
        raise PermissionDenied("Файлы прикладывают участники проекта.")
    sent = request.method == "POST"
    form = FileForm(request.POST if sent else None, request.FILES if sent else None)
    return ask(
        request,
        project,
        form,
        title=gate.title if gate else "Приложить файл",
        done="Файл приложен.",
        submit="Приложить",
        do=lambda d: evidence.attach(
            actor=actor, project_id=pk, code=code, title=d["title"], file=d["file"], at=now()
        ),
    )


def _hold(request: HttpRequest, project: Project, *, with_customer: bool = False) -> None:
    context = context_of(request, project, "card")
    if not (context["may_edit"] or (with_customer and context["is_customer"])):
        raise PermissionDenied("Это делает руководитель проекта или координатор организации.")


@READ
@require_GET
def file(request: HttpRequest, pk: int, evidence_id: int) -> FileResponse:
    """Give a file of a project that the actor sees, as a download."""
    project = project_or_404(request, pk)
    row = Evidence.objects.filter(project=project, pk=evidence_id, is_withdrawn=False).first()
    if row is None:
        raise Http404
    try:
        stream = documents.open_stored(row)
    except (FileNotFoundError, ValueError):
        raise Http404("Файл не найден на сервере.") from None
    return document(stream, name=row.name, media_type=documents.media_type(row))


@WORK
@require_POST
def withdraw(request: HttpRequest, pk: int, evidence_id: int) -> HttpResponse:
    """Withdraw a file."""
    project = project_or_404(request, pk)
    try:
        evidence.withdraw(actor=actor_of(request), project_id=pk, evidence_id=evidence_id, at=now())
    except Refusal as refusal:
        return show(request, project, refusal.problems)
    return go_to(request, reverse("projects:card", args=[pk]), "Файл убран.")


@WORK
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Write into the discussion."""
    project = project_or_404(request, pk)
    try:
        passports.comment(actor=actor_of(request), project_id=pk, at=now(), text=request.POST.get("text", ""))
    except Refusal as refusal:
        return show(request, project, refusal.problems)
    return go_to(request, reverse("projects:card", args=[pk]) + "#history", "Сообщение отправлено.")


@WORK
@require_http_methods(["GET", "POST"])
def choose_portfolio(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which portfolio the project belongs to."""
    actor, project = actor_of(request), project_or_404(request, pk)
    _hold(request, project)
    form = ChoosePortfolioForm(
        request.POST if request.method == "POST" else None,
        municipality_id=project.municipality_id,
        initial={"portfolio": project.portfolio_id},
    )
    return ask(
        request,
        project,
        form,
        title="Портфель проекта",
        done="Портфель изменён.",
        do=lambda d: portfolios.put_into_portfolio(
            actor=actor, project_id=pk, portfolio=d["portfolio"], at=now()
        ),
    )


@WORK
@require_http_methods(["GET", "POST"])
def presentation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where the presentation lies."""
    actor, project = actor_of(request), project_or_404(request, pk)
    _hold(request, project)
    form = PresentationForm(
        request.POST if request.method == "POST" else None, initial={"url": project.presentation_url}
    )
    return ask(
        request,
        project,
        form,
        title="Презентация",
        done="Ссылка сохранена.",
        do=lambda d: passports.set_presentation(actor=actor, project_id=pk, url=d["url"], at=now()),
    )
