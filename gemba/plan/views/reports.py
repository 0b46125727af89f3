"""A participant's quarterly report: seen, filled, handed to the head, sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.audit.queries import history_of
from gemba.audit.words import act_title
from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Refusal
from gemba.organisation.access import can, may
from gemba.organisation.models import Organisation
from gemba.plan import actions
from gemba.plan.access import own_organisation_ids
from gemba.plan.forms import CommentForm, RowForm, WhyForm
from gemba.plan.models import Report, ReportRow, ReportState
from gemba.plan.queries.lens import Lens, look
from gemba.plan.queries.reports import indicators_of, period_of, report_of, report_view, rows_before, terms
from gemba.plan.reporting import columns_of, doubts, report_problems, row_problems, shown
from gemba.plan.reports import unapproved
from gemba.plan.rules import State
from gemba.plan.views.base import (
    actor_of,
    at_quarter,
    attempt,
    clauses,
    form_page,
    municipality_of,
    now,
    quarter_chips,
    whole,
    year_chips,
)
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, notify, page

SEES = guard(lambda actor: may(actor, "plan.report") or may(actor, "plan.read_reports"), "Просмотр отчётов")
PREPARES = guard(can("plan.report"), "Подготовка отчёта")
APPROVES = guard(can("plan.approve_report"), "Согласование отчёта")


def reporting_lens(request: HttpRequest) -> Lens:
    """Return the quarter asked for; without a question, the last one that has ended.

    :raises Http404: when no regulation has been loaded.
    """
    municipality, today = municipality_of(request), actor_of(request).today
    before = Quarter.of(today).previous()
    year, number = whole(request, "year"), whole(request, "quarter")
    lens = look(
        municipality=municipality,
        today=today,
        year=year if year and 1900 < year < 3000 else before.year,
        quarter=number if number else (before.number if not year else None),
    )
    if lens is None:
        raise Http404
    return lens


def organisation_of(request: HttpRequest, pk: int) -> Organisation:
    """Return the participant if the actor may see its report.

    :raises Http404: otherwise.
    """
    actor = actor_of(request)
    found = get_object_or_404(
        Organisation.objects.select_related("direction"), pk=pk, municipality_id=actor.municipality_id or 0
    )
    if not may(actor, "plan.read_reports") and pk not in own_organisation_ids(actor):
        raise Http404
    return found


def stages_of(lens: Lens) -> list[str]:
    """Return the stages of a project by the act, as the form prints them."""
    if lens.pack is None:
        return []
    return [f"{stage.number}. {stage.title}" for stage in lens.pack.projects.stages]


@SEES
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the report beside the quarter before, with its one next step."""
    lens, actor = reporting_lens(request), actor_of(request)
    organisation = organisation_of(request, pk)
    kept = report_of(municipality_id=lens.municipality.pk, quarter=lens.quarter, organisation_id=pk)
    period = kept.period if kept else period_of(municipality_id=lens.municipality.pk, quarter=lens.quarter)
    is_locked = bool(period and period.is_locked)
    view = report_view(report=kept, quarter=lens.quarter) if kept else None
    when = terms(lens=lens)
    is_open = (kept is None or kept.is_open) and not is_locked and lens.quarter.first <= lens.today
    indicators = (
        kept.indicators
        if kept and kept.indicators and kept.state in (ReportState.SENT, ReportState.ACCEPTED)
        else indicators_of(lens=lens, organisation=organisation)
    )
    problems = []
    if kept is not None and view is not None and is_open:
        problems = report_problems(
            [(one.row.key, one.row.cells) for one in view.rows],
            lens.quarter,
            view.before,
            is_zero=False,
            unapproved=unapproved(lens.municipality.pk, pk, lens.quarter)
            if any(one.is_new for one in view.rows)
            else (),
        )
    columns = columns_of(lens.pack)
    context: dict[str, Any] = {
        "lens": lens,
        "organisation": organisation,
        "report": kept,
        "view": view,
        "wrong": {
            one.row.pk: {problem.field for problem in row_problems(one.row.cells, lens.quarter)}
            for one in (view.rows if view else [])
        },
        "columns": columns,
        "shown": shown,
        "terms": when,
        "is_locked": is_locked,
        "period": period,
        "problems": problems,
        "doubts": doubts({one.row.key: one.row.cells for one in view.rows}, view.before)
        if view is not None and (view.rows or view.report.is_zero)
        else [],
        "indicators": [{**one, "state": State(one["state"])} for one in indicators],
        "is_own_form": bool(lens.pack and lens.pack.projects.report_forms),
        "years": year_chips(lens, "plan:report", pk),
        "quarters": quarter_chips(lens, "plan:report", pk),
        "at": lambda view_name, *args: at_quarter(view_name, lens.quarter, *args),
        "may": {
            "write": is_open and may(actor, "plan.report", pk),
            "approve": bool(kept and kept.state == ReportState.ON_APPROVAL and not is_locked)
            and may(actor, "plan.approve_report", pk),
            "collect": may(actor, "plan.collect") and not is_locked,
            "see_all": may(actor, "plan.read_reports"),
        },
        "form": CommentForm(initial={"comment": kept.comment if kept else ""}),
        "history": [
            {"title": act_title(act.act), "at": act.at, "who": act.actor_name, "text": act.reason}
            for act in (history_of(subject=kept) if kept else [])
        ],
    }  # fmt: skip
    if lens.edition:
        context |= clauses(lens.edition)
    return page(request, "plan/report.html", context)


def _back(lens: Lens, pk: int) -> str:
    return at_quarter("plan:report", lens.quarter, pk)


def _do(request: HttpRequest, pk: int, notice: str, act: Callable[[Lens, Organisation], Any]) -> HttpResponse:
    """Do an act of one button; a refusal is told on the report's page."""
    lens, organisation = reporting_lens(request), organisation_of(request, pk)
    try:
        act(lens, organisation)
    except Refusal as refusal:
        for problem in refusal.problems[:5]:
            notify(request, str(problem), level=30)
        return go_to(request, _back(lens, pk))
    return go_to(request, _back(lens, pk), notice)


@PREPARES
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the report, filled in from what is known."""
    return _do(
        request, pk, "Отчёт заполнен по данным. Проверьте строки.",
        lambda lens, one: actions.begin_report(actor=actor_of(request), lens=lens, organisation=one, at=now()),
    )  # fmt: skip


@PREPARES
@require_POST
def zero(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a report of nothing in one press."""
    return _do(
        request, pk, "Нулевой отчёт передан руководителю.",
        lambda lens, one: actions.ask_approval(
            actor=actor_of(request), lens=lens, organisation=one, at=now(), is_zero=True
        ),
    )  # fmt: skip


@PREPARES
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the report to the head of the organisation."""
    form = CommentForm(request.POST)
    comment = form.cleaned_data["comment"] if form.is_valid() else ""
    return _do(
        request, pk, "Отчёт передан руководителю на согласование.",
        lambda lens, one: actions.ask_approval(
            actor=actor_of(request), lens=lens, organisation=one, at=now(), comment=comment
        ),
    )  # fmt: skip


@APPROVES
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the report and send it."""
    return _do(
        request, pk, "Отчёт отправлен. Квитанция на этой странице.",
        lambda lens, one: actions.approve_report(actor=actor_of(request), lens=lens, organisation=one, at=now()),
    )  # fmt: skip


@APPROVES
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the report to whoever prepares it."""
    lens, organisation = reporting_lens(request), organisation_of(request, pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: actions.give_report_back(
                actor=actor_of(request), lens=lens, organisation=organisation, reason=form.cleaned_data["reason"],
                at=now(),
            ),
        )  # fmt: skip
        if done:
            return go_to(request, _back(lens, pk), "Отчёт возвращён.")
    return form_page(
        request, form, title=f"Вернуть отчёт за {lens.quarter.label}", submit="Вернуть",
        cancel_url=_back(lens, pk), crumbs=[("Отчёт", _back(lens, pk))],
    )  # fmt: skip


@PREPARES
@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, pk: int, row_id: int = 0) -> HttpResponse:
    """Write one project of the report."""
    lens, organisation = reporting_lens(request), organisation_of(request, pk)
    kept: ReportRow | None = None
    if row_id:
        kept = get_object_or_404(
            ReportRow, pk=row_id, report__organisation=organisation, report__period__year=lens.year,
            report__period__quarter=lens.quarter.number,
        )  # fmt: skip
    columns = columns_of(lens.pack)
    initial = (
        {code: shown(code, text) for code, text in kept.cells.items()} | {"version": kept.version}
        if kept
        else {
            "participant": organisation.name, "organisation": str(organisation),
            "direction": str(organisation.direction or ""), "opened_year": str(lens.year),
        }
    )  # fmt: skip
    form = RowForm(request.POST or None, columns=columns, stages=stages_of(lens), initial=initial)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: actions.write_row(
                actor=actor_of(request), lens=lens, organisation=organisation, row_id=row_id or None,
                raw=form.cells(), at=now(), version=form.cleaned_data["version"] if kept else None,
            ),
        )  # fmt: skip
        if done:
            return go_to(request, _back(lens, pk), "Строка записана.")
    before = rows_before(organisation_id=pk, quarter=lens.quarter).get(kept.key) if kept else None
    note = "Сейчас в прошлом отчёте: этап «{}».".format(before.get("stage", "")) if before else ""
    return form_page(
        request, form, title="Проект в отчёте" if kept else "Добавить проект", submit="Записать",
        cancel_url=_back(lens, pk), crumbs=[(f"Отчёт за {lens.quarter.label}", _back(lens, pk))], note=note,
        draft="" if kept else f"report-{pk}-{lens.quarter.key}",
    )  # fmt: skip


@PREPARES
@require_POST
def remove(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    """Take a project out of the report."""
    return _do(
        request, pk, "Строка убрана.",
        lambda lens, one: actions.remove_row(
            actor=actor_of(request), lens=lens, organisation=one, row_id=row_id, at=now()
        ),
    )  # fmt: skip


def reports_of(request: HttpRequest, lens: Lens) -> list[dict[str, Any]]:
    """Return the actor's own organisations with their reports of the quarter."""
    actor = actor_of(request)
    if actor.is_municipal("monitor"):
        return []
    numbers = sorted(own_organisation_ids(actor))
    kept = {
        one.organisation_id: one
        for one in Report.objects.filter(
            organisation_id__in=numbers, period__year=lens.year, period__quarter=lens.quarter.number
        )
    }
    return [
        {"organisation": one, "report": kept.get(one.pk), "url": _back(lens, one.pk)}
        for one in Organisation.objects.filter(pk__in=numbers).on(lens.as_of).order_by("name_key")[:50]
    ]


def url_of(lens: Lens) -> str:
    """Return the address of the collection in this quarter."""
    return reverse("plan:reports", query={"year": lens.year, "quarter": lens.quarter.number})
