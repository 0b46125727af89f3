"""Gantt charts: of a project, of a portfolio, of what the register shows."""

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.projects.actions import moving
from gemba.projects.drawing import chart_of, lines_of, rows_of
from gemba.projects.forms.acts import ForecastForm, ShiftForm
from gemba.projects.models import Portfolio
from gemba.projects.queries import gantt as queries
from gemba.projects.queries.card import stage_views
from gemba.projects.queries.register import Filters
from gemba.projects.queries.settings import calendar_of
from gemba.projects.rules.gantt import calendar_words, lay_out, legend_of
from gemba.projects.rules.states import LIVING
from gemba.projects.views.base import READ, WORK, actor_of, ask, context_of, now, project_or_404
from gemba.projects.views.lists import filters_of
from gemba.ui.pages import page

# An address within this site; it comes with the form.
_ADDRESS = re.compile(r"/[\w/]*(\?[\w=&%+.,~-]*)?", re.ASCII)


@READ
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show stages and roadmap of a project on one sheet, and the same as a table."""
    actor, project = actor_of(request), project_or_404(request, pk)
    context = context_of(request, project, "gantt")
    may_edit = context["may_edit"] and project.status in LIVING
    calendar = calendar_of(project.municipality_id)
    stages = stage_views(project=project, today=actor.today, calendar=calendar)
    bars = queries.bars_of(project=project, actor=actor, may_edit=may_edit, stages=stages, calendar=calendar)
    off, extra = calendar_words(calendar, bars, actor.today) if may_edit else ("", "")
    chart = lay_out(bars, today=actor.today)
    context |= {
        "chart": chart_of(chart, f"Сроки проекта «{project.title}»", days_off=off, working_weekends=extra),
        "left_out": chart.left_out,
        "legend": legend_of(bars),
        "may_edit": may_edit,
        "form": ForecastForm(initial={"moves_following": True}) if may_edit else None,
        "days_off": off,
        "working_weekends": extra,
        "stages": stages,
        "lines": lines_of(bar for bar in bars if not bar.is_group),
    }
    return page(request, "projects/gantt.html", context)


@READ
@require_GET
def many(request: HttpRequest) -> HttpResponse:
    """Show the projects that the register's filters leave, a row each."""
    return _show(request, filters_of(request, actor_of(request)))


@READ
@require_GET
def portfolio(request: HttpRequest, portfolio_id: int) -> HttpResponse:
    """Show the projects of a portfolio."""
    actor = actor_of(request)
    row = Portfolio.objects.filter(pk=portfolio_id, municipality_id=actor.municipality_id or 0).first()
    if row is None:
        raise Http404
    return _show(request, Filters(portfolio_id=row.pk), row)


def _show(request: HttpRequest, filters: Filters, row: Portfolio | None = None) -> HttpResponse:
    actor = actor_of(request)
    calendar = calendar_of(actor.municipality_id or 0)
    bars = queries.bars_of_many(actor=actor, filters=filters, calendar=calendar)
    here = request.get_full_path()
    may_move = any(bar.move_url for bar in bars)
    off, extra = calendar_words(calendar, bars, actor.today) if may_move else ("", "")
    chart = lay_out(bars, today=actor.today)
    context = {
        "chart": chart_of(chart, "Сроки проектов", days_off=off, working_weekends=extra) if bars else "",
        "rows": rows_of(bars[: len(chart.rows)], back=here if may_move else ""),
        "left_out": chart.left_out,
        "legend": legend_of(bars),
        "portfolio": row,
        "form": ShiftForm(initial={"back": here}) if may_move else None,
        "today": actor.today,
        "may_edit": row is not None and actor.may("projects.portfolio", row.organisation_id),
    }
    return page(request, "projects/gantt_many.html", context)


@WORK
@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask when the project will be closed; what is not finished moves with it."""
    actor, project = actor_of(request), project_or_404(request, pk)
    if not context_of(request, project, "gantt")["may_edit"]:
        raise PermissionDenied("Это делает руководитель проекта или координатор организации.")
    sent = request.method == "POST"
    back = str((request.POST if sent else request.GET).get("back", ""))
    charts = reverse("projects:list")
    if not back.startswith(charts) or not _ADDRESS.fullmatch(back):
        back = reverse("projects:gantt_all")
    closing = queries.closing_of(project.stages.order_by("number"))
    form = ShiftForm(
        request.POST if sent else None, initial={"end": closing, "back": back}, seen=(None, closing)
    )
    return ask(
        request,
        project,
        form,
        title="Сдвинуть закрытие проекта",
        submit="Сохранить сроки",
        done="Сроки сохранены: проект и его незавершённые этапы сдвинуты.",
        back="gantt",
        back_url=back,
        do=lambda d: moving.move_project(
            actor=actor, project_id=pk, end=d["end"], reason=d["reason"], seen=d["seen"], at=now()
        ),
    )
