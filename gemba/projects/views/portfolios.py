"""Portfolios and the municipality's own rules."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from gemba.kernel.problems import Refusal
from gemba.projects.actions import portfolio as acts
from gemba.projects.forms.acts import PortfolioForm, RulesForm
from gemba.projects.models import Portfolio
from gemba.projects.queries.register import portfolio_rows
from gemba.projects.queries.settings import acts_on, rules_of
from gemba.projects.views.base import PORTFOLIO, READ, SET_RULES, actor_of, blame, now, town_of
from gemba.ui.pages import go_to, page


@READ
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the portfolios with their projects counted."""
    actor = actor_of(request)
    context = {"rows": portfolio_rows(actor=actor), "may_edit": actor.may("projects.portfolio")}
    return page(request, "projects/portfolios.html", context)


@PORTFOLIO
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, portfolio_id: int | None = None) -> HttpResponse:
    """Make a portfolio or change one."""
    actor, town = actor_of(request), town_of(request)
    row = Portfolio.objects.filter(pk=portfolio_id, municipality=town).first() if portfolio_id else None
    if portfolio_id and row is None:
        raise Http404
    if row is not None and not actor.may("projects.portfolio", row.organisation_id):
        raise PermissionDenied("Это портфель другой организации.")
    initial: dict[str, Any] = (
        {
            "title": row.title,
            "purpose": row.purpose,
            "organisation": row.organisation or "",
            "is_active": row.is_active,
        }
        if row
        else {"is_active": True}
    )
    form = PortfolioForm(
        request.POST if request.method == "POST" else None,
        municipality_id=town.pk,
        initial=initial,
        version=row.version if row else None,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            acts.save_portfolio(
                actor=actor,
                at=now(),
                title=data["title"],
                purpose=data["purpose"],
                organisation=data["organisation"],
                is_active=data["is_active"],
                portfolio_id=portfolio_id,
                version=data["version"],
            )
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("projects:portfolios"), "Портфель сохранён.")
    return page(
        request, "projects/portfolio_form.html", {"form": form, "row": row}, 422 if form.errors else 200
    )


@SET_RULES
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show and change what the municipality decides for itself where the act is silent."""
    actor, town = actor_of(request), town_of(request)
    known = rules_of(town.pk)
    names = (
        "yellow_days",
        "approval_days",
        "measurements_needed",
        "tolerance_percent",
        "is_partial_counted",
    )
    initial = {name: getattr(known, name) for name in names}
    initial["stability_months"] = ", ".join(str(one) for one in known.stability_months)
    form = RulesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.set_rules(actor=actor, at=now(), values=form.cleaned_data)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return go_to(request, reverse("projects:rules"), "Правила сохранены.")
    found = acts_on(municipality_id=town.pk, day=actor.today)
    return page(request, "projects/rules.html", {"form": form, "found": found}, 422 if form.errors else 200)
