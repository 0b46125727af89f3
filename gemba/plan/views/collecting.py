"""The economist's screen: who has sent, who is late; return, accept, consolidate, lock."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Refusal
from gemba.organisation.access import can, may
from gemba.plan import actions
from gemba.plan.exports import Absent, consolidated_workbook
from gemba.plan.forms import AnalyticalForm, ReturnForm
from gemba.plan.models import ReportRow, ReportState
from gemba.plan.papers import computed_conclusion, text_of
from gemba.plan.queries.checking import NOTHING, Checked, checked
from gemba.plan.queries.corrections import drift, known_corrections
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import plan_view
from gemba.plan.queries.population import register_on
from gemba.plan.queries.reports import (
    Collected,
    collection,
    consolidated,
    late_ones,
    period_of,
    report_of,
)
from gemba.plan.reporting import columns_of, shown, title_of
from gemba.plan.views.base import (
    actor_of,
    at_quarter,
    attempt,
    clauses,
    form_page,
    now,
    quarter_chips,
    year_chips,
)
from gemba.plan.views.reports import SEES, organisation_of, reporting_lens, reports_of, url_of
from gemba.ui.guards import guard
from gemba.ui.pages import go_to, page

COLLECTS = guard(can("plan.collect"), "Сбор отчётов")
NAMED = 8
READS = guard(can("plan.read_reports"), "Просмотр отчётов всех организаций")

FILTERS = {
    "all": "Все", "late": "Просрочены", "none": "Не начаты", "draft": "Готовятся", "on_approval": "На согласовании",
    "sent": "Ждут проверки", "wrong": "Есть вопросы", "returned": "Возвращены", "accepted": "Приняты",
}  # fmt: skip


@SEES
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Show the collection of the quarter, or the reports of one's own organisations."""
    lens, actor = reporting_lens(request), actor_of(request)
    context: dict[str, Any] = {
        "lens": lens,
        "years": year_chips(lens, "plan:reports"),
        "quarters": quarter_chips(lens, "plan:reports"),
        "own": reports_of(request, lens),
        "report_url": lambda pk: at_quarter("plan:report", lens.quarter, pk),
    }
    if lens.edition:
        context |= clauses(lens.edition)
    if not may(actor, "plan.read_reports"):
        return page(request, "plan/my_reports.html", context)
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    found = collection(lens=lens, register=register)
    period = found.period
    checks = checked(period=period) if period and not period.is_locked else {}
    wrong = {row.organisation.id for row in found.rows if row.notes or not _check_of(checks, row).is_clean}
    found.counts["wrong"] = len(wrong)
    chosen, sought = _shown(request), request.GET.get("q", "").strip()[:100]
    words = sought.casefold().split()
    rows = [
        row
        for row in found.rows
        if (
            chosen == "all"
            or (
                chosen == "late" and row.is_late and row.state not in (ReportState.SENT, ReportState.ACCEPTED)
            )
            or (chosen == "wrong" and row.organisation.id in wrong)
            or row.state == chosen
        )
        and all(word in row.organisation.name.casefold() for word in words)
    ]
    changed = []
    if period and period.is_locked and lens.rows:
        changed = drift(period=period, view=plan_view(lens=lens, register=register))
    context |= {
        "found": found,
        "rows": rows,
        "chips": [
            {
                "title": title,
                "url": at_quarter("plan:reports", lens.quarter, show=code, q=sought),
                "is_current": code == chosen,
                "count": found.counts.get(code, 0),
            }
            for code, title in FILTERS.items()
            if found.counts.get(code, 0) or code in ("all", chosen)
        ],
        "check_of": lambda row: _check_of(checks, row),
        "sought": sought,
        "chosen": chosen,
        "drift": changed,
        "corrections": known_corrections(lens=lens, clock=time.monotonic()) if lens.rows else [],
        "owing": len(late_ones(found)),
        "is_ended": lens.quarter.last < lens.today,
        "at": lambda view_name, *args: at_quarter(view_name, lens.quarter, *args),
        "drift_url": lambda one: at_quarter("plan:locked", lens.quarter, one.code),
        "correction_url": lambda one: at_quarter("plan:locked", Quarter(one.year, one.quarter), one.code),
        "accept_url": lambda pk: at_quarter(
            "plan:accept", lens.quarter, pk, show=chosen if chosen != "all" else ""
        ),
        "may_collect": may(actor, "plan.collect"),
    }
    return page(request, "plan/collection.html", context)


def _check_of(checks: Mapping[int, Checked], row: Collected) -> Checked:
    return checks.get(row.organisation.id, NOTHING)


def _shown(request: HttpRequest) -> str:
    """Return which reports the list shows; an act done in it comes back to the same."""
    chosen = request.GET.get("show", "all")
    return chosen if chosen in FILTERS else "all"


def _list_url(request: HttpRequest, lens: Lens) -> str:
    chosen = _shown(request)
    return at_quarter("plan:reports", lens.quarter, show=chosen) if chosen != "all" else url_of(lens)


@COLLECTS
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind everybody whose report is not here."""
    lens = reporting_lens(request)
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    found = collection(lens=lens, register=register)
    done = actions.remind(
        actor=actor_of(request),
        lens=lens,
        organisation_ids=late_ones(found),
        due_on=found.terms.due_on,
        at=now(),
    )
    text = (
        f"Напоминание отправлено: {done.told}."
        if done.told
        else "Сегодня уже напоминали: второй раз не пишем."
    )
    if done.unreachable_ids:
        names = [register.name(number) for number in done.unreachable_ids]
        rest = f" и ещё {len(names) - NAMED}" if len(names) > NAMED else ""
        text = f"{text} Некому напомнить, нет учётных записей: {', '.join(names[:NAMED])}{rest}."
    return go_to(request, _list_url(request, lens), text)


@COLLECTS
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a report with remarks to its cells."""
    lens, organisation = reporting_lens(request), organisation_of(request, pk)
    report = report_of(municipality_id=lens.municipality.pk, quarter=lens.quarter, organisation_id=pk)
    if report is None:
        raise Http404
    rows = list(ReportRow.objects.filter(report=report).order_by("ordinal", "pk"))
    form = ReturnForm(request.POST or None, rows=rows, columns=columns_of(lens.pack))
    back = at_quarter("plan:report", lens.quarter, pk)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: actions.return_report(
                actor=actor_of(request),
                lens=lens,
                organisation=organisation,
                remarks=form.remarks(),
                at=now(),
            ),
        )
        if done:
            return go_to(request, url_of(lens), "Отчёт возвращён на доработку.")
    context = {
        "form": form,
        "organisation": organisation,
        "lens": lens,
        "rows": rows,
        "back": back,
        "crumbs": [("Сбор отчётов", url_of(lens)), (str(organisation), back)],
    }
    return page(request, "plan/return.html", context, status=422 if form.is_bound else 200)


@COLLECTS
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a report; from its page the way leads to the next one that waits."""
    lens, organisation = reporting_lens(request), organisation_of(request, pk)
    back = _list_url(request, lens)
    try:
        actions.accept_report(actor=actor_of(request), lens=lens, organisation=organisation, at=now())
    except Refusal as refusal:
        return go_to(request, back, str(refusal))
    if request.POST.get("then") == "next":
        register = register_on(municipality=lens.municipality, day=lens.as_of)
        waiting = [
            row.organisation.id
            for row in collection(lens=lens, register=register).rows
            if row.state == ReportState.SENT
        ]
        if waiting:
            text = f"Принят: {organisation}. Ждут проверки ещё {len(waiting)}."
            return go_to(request, at_quarter("plan:report", lens.quarter, waiting[0]), text)
        return go_to(request, back, f"Принят: {organisation}. Проверены все присланные отчёты.")
    return go_to(request, back, f"Принят: {organisation}.")


@COLLECTS
@require_POST
def accept_all(request: HttpRequest) -> HttpResponse:
    """Accept every report that waits and raises no doubts."""
    lens = reporting_lens(request)
    try:
        count = actions.accept_all(actor=actor_of(request), lens=lens, at=now())
    except Refusal as refusal:
        return go_to(request, url_of(lens), str(refusal))
    text = f"Принято отчётов: {count}."
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    left = collection(lens=lens, register=register).counts.get(ReportState.SENT, 0)
    if left:
        return go_to(
            request, at_quarter("plan:reports", lens.quarter, show="wrong"),
            f"{text} Есть вопросы, посмотрите сами: {left}.",
        )  # fmt: skip
    return go_to(request, url_of(lens), text)


@COLLECTS
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the quarter for ever."""
    lens = reporting_lens(request)
    try:
        actions.lock_quarter(actor=actor_of(request), lens=lens, at=now())
    except Refusal as refusal:
        return go_to(request, url_of(lens), str(refusal))
    return go_to(request, url_of(lens), f"{lens.quarter.label} закрыт.")


@COLLECTS
@require_http_methods(["GET", "POST"])
def text(request: HttpRequest) -> HttpResponse:
    """Write the words of the analytical information before it is issued; figures and chart come of themselves."""
    lens, actor = reporting_lens(request), actor_of(request)
    period = period_of(municipality_id=lens.municipality.pk, quarter=lens.quarter)
    if period is None:
        return go_to(request, url_of(lens), "За этот квартал ещё никто не начал отчёт: писать не о чем.")
    computed, kept = computed_conclusion(period, actor), text_of(period)
    form = AnalyticalForm(
        request.POST or None,
        initial={
            "conclusion": kept.conclusion if kept and kept.conclusion else computed,
            "further": kept.further if kept else "",
            "version": kept.version if kept else 0,
        },
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["conclusion"].strip()
        done = attempt(
            form,
            lambda: actions.write_text(
                actor=actor, lens=lens, conclusion="" if said == computed else said,
                further=form.cleaned_data["further"], version=form.cleaned_data["version"], at=now(),
            ),
        )  # fmt: skip
        if done:
            return go_to(
                request, reverse("documents:make", args=["plan.analytical", period.pk]), "Текст сохранён."
            )
    return form_page(
        request, form, title=f"Аналитическая информация за {lens.quarter.label}",
        submit="Сохранить и посмотреть документ",
        cancel_url=url_of(lens), crumbs=[("Сбор отчётов", url_of(lens))],
        note="Показатели, таблица, график и отклонения вставятся сами: напишите только слова.",
    )  # fmt: skip


@READS
@require_GET
def whole_report(request: HttpRequest) -> HttpResponseBase:
    """Show the consolidated report, or give it as a spreadsheet that looks like the form."""
    lens = reporting_lens(request)
    period = period_of(municipality_id=lens.municipality.pk, quarter=lens.quarter)
    rows = consolidated(period=period) if period else []
    columns = columns_of(lens.pack)
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    everybody = collection(lens=lens, register=register).rows
    absent = Absent(
        [one.organisation.name for one in everybody if one.state == ReportState.ACCEPTED and _is_zero(one)],
        [one.organisation.name for one in everybody if one.state != ReportState.ACCEPTED],
    )
    if request.GET.get("as") == "xlsx":
        return consolidated_workbook(
            title=title_of(lens.pack, lens.quarter), columns=columns, rows=rows, quarter=lens.quarter,
            name=lens.municipality.name, absent=absent, site=request.build_absolute_uri("/"),
        )  # fmt: skip
    context = {
        "lens": lens,
        "title": title_of(lens.pack, lens.quarter),
        "columns": columns,
        "rows": rows[:500],
        "count": len(rows),
        "shown": shown,
        "absent": absent,
        "crumbs": [("Сбор отчётов", url_of(lens))],
        "xlsx_url": at_quarter("plan:consolidated", lens.quarter, **{"as": "xlsx"}),
    }
    return page(request, "plan/consolidated.html", context)


def _is_zero(row: Collected) -> bool:
    return bool(row.report and row.report.is_zero)
