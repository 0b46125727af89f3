"""Goals with their measurements, effects, control points of stability."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Refusal
from gemba.projects import access
from gemba.projects.actions import results as acts
from gemba.projects.forms.acts import EffectForm, FinalForm, MeasurementForm, PointForm, ReasonForm
from gemba.projects.models import Effect, Goal, Project
from gemba.projects.queries.card import goal_views
from gemba.projects.queries.settings import rules_of
from gemba.projects.rules.states import CLOSED, LIVING, Party
from gemba.projects.views.base import (
    READ,
    VERIFY,
    WORK,
    actor_of,
    ask,
    context_of,
    now,
    project_or_404,
)
from gemba.ui.pages import go_to, notify, page


def _goal(project: Project, goal_id: int) -> Goal:
    found = project.goals.filter(pk=goal_id).first()
    if found is None:
        raise Http404
    return found


@READ
@require_GET
def goals(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every goal with the series of its values and the target line."""
    project = project_or_404(request, pk)
    context = context_of(request, project, "goals")
    charts = []
    for view in goal_views(project=project):
        rows = view.measurements
        charts.append(
            {
                "view": view,
                "goal": view.goal,
                "rows": rows,
                "labels": ["было", *(format_date(row.measured_on)[:5] for row in rows)],
                "values": [view.goal.baseline, *(row.value for row in rows)],
            }
        )
    context |= {
        "charts": charts,
        "is_living": project.status in LIVING,
        "is_closed": project.status in CLOSED,
        "may_measure": (context["may_work"] or Party.OWNER in context["parties"])
        and project.status in LIVING,
        "needed": rules_of(project.municipality_id).measurements_needed,
    }
    return page(request, "projects/goals.html", context)


@WORK
@require_http_methods(["GET", "POST"])
def measurement(request: HttpRequest, pk: int, goal_id: int) -> HttpResponse:
    """Ask for a measured value."""
    actor, project = actor_of(request), project_or_404(request, pk)
    goal = _goal(project, goal_id)
    if not access.parties(actor, project) & (access.WORKERS | {Party.OWNER}):
        raise PermissionDenied("Измерения вносят команда проекта и владелец процесса.")
    form = MeasurementForm(request.POST if request.method == "POST" else None, initial={"on": actor.today})
    return ask(
        request,
        project,
        form,
        title=f"Измерение: {goal.title}, {goal.unit}",
        done="Измерение внесено.",
        back="goals",
        do=lambda d: acts.measure_goal(
            actor=actor, goal_id=goal.pk, value=d["value"], on=d["on"], how=d["how"], at=now()
        ),
    )


@WORK
@require_http_methods(["GET", "POST"])
def final(request: HttpRequest, pk: int, goal_id: int) -> HttpResponse:
    """Ask for the final value of a goal."""
    actor, project = actor_of(request), project_or_404(request, pk)
    goal = _goal(project, goal_id)
    if not access.parties(actor, project) & access.EDITORS:
        raise PermissionDenied("Итог вносит руководитель проекта или координатор организации.")
    last = goal.measurements.order_by("-measured_on").first()
    initial = {
        "value": goal.final if goal.final is not None else (last.value if last else None),
        "reason": goal.deviation_reason,
    }
    form = FinalForm(request.POST if request.method == "POST" else None, initial=initial)
    return ask(
        request,
        project,
        form,
        title=f"Итог: {goal.title}, {goal.unit}",
        done="Итог внесён.",
        back="goals",
        do=lambda d: acts.set_final(
            actor=actor, goal_id=goal.pk, value=d["value"], reason=d["reason"], at=now()
        ),
    )


@WORK
@require_http_methods(["GET", "POST"])
def deviation(request: HttpRequest, pk: int, goal_id: int) -> HttpResponse:
    """Ask the customer to accept that a goal was missed."""
    actor, project = actor_of(request), project_or_404(request, pk)
    goal = _goal(project, goal_id)
    if Party.CUSTOMER not in access.parties(actor, project):
        raise PermissionDenied("Отклонение принимает заказчик.")
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="Пояснение",
        required=False,
        initial={"reason": goal.deviation_reason},
    )
    return ask(
        request,
        project,
        form,
        title=f"Принять отклонение: {goal.title}",
        done="Отклонение принято.",
        back="goals",
        submit="Принять отклонение",
        do=lambda d: acts.accept_deviation(actor=actor, goal_id=goal.pk, at=now(), reason=d["reason"]),
    )


@WORK
@require_http_methods(["GET", "POST"])
def effects(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the effects with what is counted, and ask for one more."""
    actor, project = actor_of(request), project_or_404(request, pk)
    context = context_of(request, project, "effects")
    form = EffectForm(request.POST if request.method == "POST" else None)
    return ask(
        request,
        project,
        form,
        title="Эффект",
        done="Эффект внесён.",
        back="effects",
        submit="Внести эффект",
        template="effects",
        do=lambda d: acts.add_effect(actor=actor, project_id=pk, at=now(), **d),
        rows=list(project.effects.select_related("method").order_by("pk")),
        may_add=context["may_work"] and project.status in LIVING,
        may_verify=actor.may("projects.verify", project.organisation_id),
    )


@VERIFY
@require_POST
def effect_verify(request: HttpRequest, pk: int, effect_id: int) -> HttpResponse:
    """Confirm an effect."""
    project = project_or_404(request, pk)
    row = Effect.objects.filter(project=project, pk=effect_id).first()
    if row is None:
        raise Http404
    acts.verify_effect(actor=actor_of(request), effect_id=row.pk, at=now())
    return go_to(request, reverse("projects:effects", args=[pk]), "Эффект подтверждён.")


@WORK
@require_POST
def effect_drop(request: HttpRequest, pk: int, effect_id: int) -> HttpResponse:
    """Take out an effect entered by mistake."""
    project = project_or_404(request, pk)
    row = Effect.objects.filter(project=project, pk=effect_id).first()
    if row is None:
        raise Http404
    try:
        acts.drop_effect(actor=actor_of(request), effect_id=row.pk, at=now(), reason="Внесён по ошибке")
    except Refusal as refusal:
        notify(request, refusal.problems[0].text)
    return go_to(request, reverse("projects:effects", args=[pk]))


@READ
@require_GET
def stability(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the control points after closing."""
    project = project_or_404(request, pk)
    context = context_of(request, project, "stability")
    rows = list(project.points.order_by("months"))
    context |= {
        "rows": rows,
        "due": next((row for row in rows if row.checked_on is None), None),
        "may_check": bool(context["parties"] & {Party.OWNER, Party.CUSTOMER, Party.OFFICE}),
        "corrective": list(
            project.remarks.filter(is_corrective=True).select_related("responsible").order_by("-pk")
        ),
        "tolerance": rules_of(project.municipality_id).tolerance_percent,
    }
    return page(request, "projects/stability.html", context)


@WORK
@require_http_methods(["GET", "POST"])
def point(request: HttpRequest, pk: int, point_id: int) -> HttpResponse:
    """Ask for the values of a control point."""
    actor, project = actor_of(request), project_or_404(request, pk)
    row = project.points.filter(pk=point_id).first()
    if row is None:
        raise Http404
    if not access.parties(actor, project) & {Party.OWNER, Party.CUSTOMER, Party.OFFICE}:
        raise PermissionDenied("Стабильность проверяют владелец процесса, заказчик или координатор.")
    found = list(project.goals.filter(is_dropped=False).order_by("place"))
    initial: dict[str, Any] = {"on": actor.today}
    form = PointForm(request.POST if request.method == "POST" else None, goals=found, initial=initial)
    return ask(
        request,
        project,
        form,
        title=f"Контроль {row}",
        done="Проверка записана.",
        back="stability",
        submit="Записать",
        do=lambda d: acts.check_stability(
            actor=actor,
            point_id=row.pk,
            at=now(),
            values=form.values(),
            text=d["text"],
            on=d["on"],
            corrective=d["corrective"],
        ),
    )
