"""A locked quarter as it stood: its rows, the records behind each, and what has changed since."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from gemba.plan.exports import locked_workbook
from gemba.plan.models import LockedRow, ReportingPeriod
from gemba.plan.queries.corrections import by_code, drift
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import plan_view
from gemba.plan.queries.population import register_on
from gemba.plan.queries.reports import period_of
from gemba.plan.rules import State
from gemba.plan.views.base import at_quarter
from gemba.plan.views.collecting import READS
from gemba.plan.views.reports import reporting_lens, url_of
from gemba.ui.pages import page


def _locked(lens: Lens) -> ReportingPeriod:
    period = period_of(municipality_id=lens.municipality.pk, quarter=lens.quarter)
    if period is None or not period.is_locked:
        raise Http404
    return period


@READS
@require_GET
def snapshot(request: HttpRequest) -> HttpResponseBase:
    """Show the plan as it was locked, row by row, with what has changed since; or give it as a spreadsheet."""
    lens = reporting_lens(request)
    period = _locked(lens)
    rows = list(LockedRow.objects.filter(period=period).defer("units").order_by("ordinal"))
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    since = by_code(drift(period=period, view=plan_view(lens=lens, register=register)) if lens.rows else [])
    if request.GET.get("as") == "xlsx":
        return locked_workbook(period=period, kept=rows, since=since, name=lens.municipality.name)
    context = {
        "lens": lens,
        "period": period,
        "rows": [{"kept": row, "state": State(row.state), "since": since.get(row.code)} for row in rows],
        "row_url": lambda code: at_quarter("plan:locked", lens.quarter, code),
        "next_label": lens.quarter.next().label,
        "xlsx_url": at_quarter("plan:snapshot", lens.quarter, **{"as": "xlsx"}),
        "crumbs": [("Сбор отчётов", url_of(lens))],
    }
    return page(request, "plan/snapshot.html", context)


@READS
@require_GET
def locked(request: HttpRequest, code: str) -> HttpResponse:
    """Show a row as it stood when its quarter was locked, with the list of its records."""
    lens = reporting_lens(request)
    kept = (
        LockedRow.objects.filter(
            period__municipality=lens.municipality, period__year=lens.year, period__quarter=lens.quarter.number,
            code=code,
        )
        .select_related("period")
        .first()
    )  # fmt: skip
    if kept is None:
        raise Http404
    context = {
        "lens": lens,
        "kept": kept,
        "state": State(kept.state),
        "units": [{**one, "state": State(one["state"])} for one in kept.units],
        "crumbs": [
            ("Сбор отчётов", url_of(lens)), ("Закрытый квартал", at_quarter("plan:snapshot", lens.quarter)),
        ],
    }  # fmt: skip
    return page(request, "plan/locked.html", context)
