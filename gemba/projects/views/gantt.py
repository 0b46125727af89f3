"""Gantt charts: of a project, of a portfolio, of what the register shows."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from gemba.projects.forms.acts import ForecastForm
from gemba.projects.models import Portfolio
from gemba.projects.queries import gantt as queries
from gemba.projects.queries.card import stage_views
from gemba.projects.queries.register import Filters
from gemba.projects.queries.settings import calendar_of
from gemba.projects.rules.gantt import calendar_words, lay_out, legend_of
from gemba.projects.rules.states import LIVING
from gemba.projects.views.base import READ, actor_of, context_of, project_or_404
from gemba.projects.views.lists import filters_of
from gemba.ui.pages import page


@READ
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show stages and roadmap of a project on one sheet, and the same as a table."""
    actor, project = actor_of(request), project_or_404(request, pk)
    context = context_of(request, project, "gantt")
    may_edit = context["may_edit"] and project.status in LIVING
    bars = queries.bars_of(project=project, actor=actor, may_edit=may_edit)
    off, extra = calendar_words(calendar_of(project.municipality_id), bars) if may_edit else ("", "")
    context |= {
        "chart": lay_out(bars, today=actor.today),
        "bars": bars,
        "legend": legend_of(bars),
        "may_edit": may_edit,
        "form": ForecastForm(initial={"moves_following": True}) if may_edit else None,
        "days_off": off,
        "working_weekends": extra,
        "stages": stage_views(project=project, today=actor.today),
        "has_lines": any(bar.key[0] == "m" for bar in bars),
    }
    return page(request, "projects/gantt.html", context)


@READ
@require_GET
def many(request: HttpRequest) -> HttpResponse:
    """Show the projects that the register's filters leave, a row each."""
    actor = actor_of(request)
    bars = queries.bars_of_many(actor=actor, filters=filters_of(request, actor))
    context = {
        "chart": lay_out(bars, today=actor.today),
        "bars": bars,
        "legend": legend_of(bars),
        "portfolio": None,
        "today": actor.today,
    }
    return page(request, "projects/gantt_many.html", context)


@READ
@require_GET
def portfolio(request: HttpRequest, portfolio_id: int) -> HttpResponse:
    """Show the projects of a portfolio."""
    actor = actor_of(request)
    row = Portfolio.objects.filter(pk=portfolio_id, municipality_id=actor.municipality_id or 0).first()
    if row is None:
        raise Http404
    bars = queries.bars_of_many(actor=actor, filters=Filters(portfolio_id=row.pk))
    context = {
        "chart": lay_out(bars, today=actor.today),
        "bars": bars,
        "legend": legend_of(bars),
        "portfolio": row,
        "today": actor.today,
        "may_edit": actor.may("projects.portfolio", row.organisation_id),
    }
    return page(request, "projects/gantt_many.html", context)
