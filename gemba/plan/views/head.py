"""The head's page, charts of the plan, measures."""

from __future__ import annotations

import time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.audit.queries import history_of
from gemba.audit.words import act_title
from gemba.kernel.problems import Refusal
from gemba.organisation.access import can, may
from gemba.organisation.models import Person
from gemba.plan import actions
from gemba.plan.access import visible_measures
from gemba.plan.actions import MeasureFields
from gemba.plan.beside import told
from gemba.plan.forms import DoneForm, MeasureForm, MoveForm, WhyForm
from gemba.plan.models import MeasureState
from gemba.plan.queries.charts import bowling, by_years, finding, heat_of_units, kept_terms
from gemba.plan.queries.glance import glance
from gemba.plan.queries.head import PROPOSALS, head_view
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import PlanView, plan_view, row_of
from gemba.plan.queries.population import register_on
from gemba.plan.views.base import (
    READ,
    actor_of,
    at_quarter,
    attempt,
    clauses,
    form_page,
    lens_of,
    municipality_of,
    need_lens,
    now,
    opened,
    quarter_chips,
    year_chips,
)
from gemba.ui import exports, frame
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, page

SEE = guard(can("plan.see_head"), "Страница главы")
GIVE = guard(can("plan.give_measure"), "Поручения")
MEASURES = guard(can("plan.read_measures"), "Просмотр поручений")
# How much of the name of what an assignment is about the address may bring.
ABOUT = 300
_COLUMNS = [
    exports.Column("Что сделать", "long"),
    exports.Column("Строка плана"),
    exports.Column("Причина", "long"),
    exports.Column("Кто отвечает"),
    exports.Column("Кто дал"),
    exports.Column("Срок", "date"),
    exports.Column("Первый срок", "date"),
    exports.Column("Состояние"),
    exports.Column("Что сделано", "long"),
    exports.Column("Подтверждение", "long"),
    exports.Column("Снято с контроля", "date"),
]


@SEE
@require_GET
def head(request: HttpRequest) -> HttpResponse:
    """Answer the head's questions on one screen."""
    actor = actor_of(request)
    lens: Lens | None
    view: PlanView | None
    if {"year", "quarter", "edition"} & request.GET.keys():
        lens = lens_of(request)
        view = None
        if lens is not None:
            register = register_on(municipality=lens.municipality, day=lens.as_of)
            view = plan_view(lens=lens, register=register, also=PROPOSALS)
    else:
        lens, view = glance(
            municipality=municipality_of(request),
            today=actor.today,
            also=PROPOSALS,
            clock=time.monotonic(),
            calendar=frame.of(request).calendar,
        )
    if lens is None or view is None:
        return page(request, "plan/none.html", {"may_load": may(actor, "regulations.load")})
    context: dict[str, Any] = {
        "lens": lens,
        "view": view,
        "found": head_view(lens=lens, view=view),
        "beside": told(actor),
        "of_proposals": [said for _, said in told(actor, "proposals")],
        "plan_url": at_quarter("plan:current", lens.quarter),
        "charts_url": at_quarter("plan:charts", lens.quarter),
        "row_url": lambda code: at_quarter("plan:row", lens.quarter, code),
        "give_url": lambda code: reverse(
            "plan:give", query={"row": code, "year": lens.year, "quarter": lens.quarter.number}
        ),
        "is_wall": request.GET.get("wall") == "1",
        "may_give": may(actor, "plan.give_measure"),
        "days_left": (lambda day: (day - lens.today).days),
    }
    if lens.edition:
        context |= clauses(lens.edition)
    return page(request, "plan/head.html", context)


@READ
@require_GET
def charts(request: HttpRequest) -> HttpResponse:
    """Show the plan quarter by quarter, year by year, and organisation by organisation."""
    kept = opened(request)
    lens = (kept and kept.lens) or need_lens(request)
    if not lens.rows:
        raise Http404
    register = (kept and kept.register) or register_on(municipality=lens.municipality, day=lens.as_of)
    view = (kept and kept.view) or plan_view(lens=lens, register=register)
    context = {
        "lens": lens,
        "years": year_chips(lens, "plan:charts"),
        "quarters": quarter_chips(lens, "plan:charts"),
        "bowling": bowling(lens=lens, view=view, kept=kept),
        "by_years": by_years(lens=lens, view=view, kept=kept),
        "heat": heat_of_units(view=view, register=register, limit=60),
        "kept": kept_terms(lens=lens, register=register),
        "finding": finding(view),
        "plan_url": at_quarter("plan:current", lens.quarter),
    }
    return page(request, "plan/charts.html", context)


@MEASURES
@require_GET
def measures(request: HttpRequest) -> HttpResponseBase:
    """List the measures: what is overdue first; as a spreadsheet too."""
    actor = actor_of(request)
    which = request.GET.get("which", "open")
    found = visible_measures(actor).select_related("responsible", "organisation")
    if which == "closed":
        found = found.filter(state=MeasureState.CLOSED).order_by("-closed_on", "-pk")
    else:
        found = found.exclude(state=MeasureState.CLOSED).order_by("due_on", "pk")
        if which == "late":
            found = found.filter(due_on__lt=actor.today)
        elif which == "mine":
            found = found.filter(responsible_id=actor.person_id or 0)
    if request.GET.get("as") == "xlsx":
        lines = (
            [
                one.text, one.row, one.cause, one.responsible.full_name, one.given_by, one.due_on, one.first_due_on,
                one.get_state_display(), one.report, one.evidence_link, one.closed_on,
            ]
            for one in found.iterator(chunk_size=1000)
        )  # fmt: skip
        return exports.workbook(title="Поручения", columns=_COLUMNS, rows=lines, file_name="Поручения")
    titles = {"open": "Все открытые", "mine": "Мои", "late": "Просрочены", "closed": "Снятые с контроля"}
    context = {
        "rows": list(found[:200]),
        "chips": [
            {
                "title": title,
                "url": reverse("plan:measures", query={"which": code}),
                "is_current": which == code,
            }
            for code, title in titles.items()
        ],
        "may_give": may(actor, "plan.give_measure"),
        "xlsx_url": reverse("plan:measures", query={"which": which, "as": "xlsx"}),
    }
    return page(request, "plan/measures.html", context)


@MEASURES
@require_GET
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one measure and its one next step."""
    actor = actor_of(request)
    shown = get_object_or_404(visible_measures(actor).select_related("responsible", "organisation"), pk=pk)
    context = {
        "shown": shown,
        "row_url": reverse("plan:row", args=[shown.row], query={"year": shown.year}) if shown.row else "",
        "is_mine": actor.person_id == shown.responsible_id,
        "may_give": may(actor, "plan.give_measure"),
        "history": [
            {"title": act_title(act.act), "at": act.at, "who": act.actor_name, "text": act.reason}
            for act in history_of(subject=shown)
        ],
    }
    return page(request, "plan/measure.html", context)


@GIVE
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Give a measure: about a row that lags, or about anything; a card that leads here names itself in the text."""
    actor, municipality = actor_of(request), municipality_of(request)
    code, about = request.GET.get("row", ""), request.GET.get("about", "")[:ABOUT]
    lens = lens_of(request) if code else None
    row = row_of(lens=lens, code=code) if lens else None
    if code and row is None:
        raise Http404
    form = MeasureForm(
        request.POST or None, people=Person.objects.filter(municipality=municipality), first=actor.today,
        needs_cause=row is not None, initial={"text": about},
    )  # fmt: skip
    back = at_quarter("plan:row", lens.quarter, code) if lens and row else reverse("plan:measures")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fields = MeasureFields(
            text=data["text"], responsible=data["responsible"], due_on=data["due_on"], cause=data.get("cause", ""),
            row=row.code if row else "", indicator=row.indicator if row else "", year=lens.year if lens else None,
        )  # fmt: skip
        done = attempt(
            form,
            lambda: actions.give_measure(actor=actor, municipality=municipality, fields=fields, at=now()),
        )
        if done:
            return go_to(request, back, "Поручение дано.")
    return form_page(
        request, form, title="Дать поручение", submit="Дать поручение", cancel_url=back,
        crumbs=[("Поручения", reverse("plan:measures"))],
        note=f"Строка {row.number}. {row.title}." if row else "", draft="" if about else "measure",
    )  # fmt: skip


def _form_act(request: HttpRequest, pk: int, form: Any, title: str, submit: str, act: Any) -> HttpResponse:
    shown = get_object_or_404(visible_measures(actor_of(request)), pk=pk)
    back = reverse("plan:measure", args=[pk])
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: act(shown, form.cleaned_data))
        if done:
            return go_to(request, back, "Записано.")
    return form_page(
        request, form, title=title, submit=submit, cancel_url=back, note=shown.text,
        crumbs=[("Поручения", reverse("plan:measures")), ("Поручение", back)],
    )  # fmt: skip


@GIVE
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give more time."""
    return _form_act(
        request, pk, MoveForm(request.POST or None), "Перенести срок", "Перенести",
        lambda shown, data: actions.move_measure(actor=actor_of(request), measure=shown, at=now(), **data),
    )  # fmt: skip


@MEASURES
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is done."""
    shown = get_object_or_404(visible_measures(actor_of(request)), pk=pk)
    if shown.responsible_id != actor_of(request).person_id:
        raise Http404
    return _form_act(
        request, pk, DoneForm(request.POST or None), "Сообщить об исполнении", "Сообщить",
        lambda kept, data: actions.report_measure(
            actor=actor_of(request), measure=kept, report=data["report"], link=data["link"], at=now()
        ),
    )  # fmt: skip


@GIVE
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back to be done."""
    return _form_act(
        request, pk, WhyForm(request.POST or None), "Вернуть на исполнение", "Вернуть",
        lambda shown, data: actions.return_measure(actor=actor_of(request), measure=shown, at=now(), **data),
    )  # fmt: skip


@GIVE
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it off control."""
    shown = get_object_or_404(visible_measures(actor_of(request)), pk=pk)
    back = reverse("plan:measure", args=[pk])
    try:
        actions.close_measure(actor=actor_of(request), measure=shown, at=now())
    except Refusal as refusal:
        return go_to(request, back, str(refusal))
    return go_to(request, back, "Снято с контроля.")
