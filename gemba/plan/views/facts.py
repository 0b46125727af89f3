"""Facts by hand, quotas and exemptions, readings of rows, executors of the act in the register."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemba.organisation.access import may, visible_organisations
from gemba.organisation.models import Organisation
from gemba.organisation.queries import organisations_on
from gemba.plan import actions, metrics
from gemba.plan.access import organisations_to_enter
from gemba.plan.forms import AllowForm, FactForm, LinkExecutorForm, ReadingForm
from gemba.plan.models import Allowance, ExecutorLink, RowSetting
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import row_of
from gemba.plan.queries.population import register_on
from gemba.plan.views.base import (
    ENTER,
    SET_UP,
    actor_of,
    at_quarter,
    attempt,
    clauses,
    form_page,
    municipality_of,
    need_lens,
    now,
)
from gemba.regulations.pack.plan import ByDate, ByDayOfYear, PlanRow
from gemba.ui.pages import go_to, page


def _row(lens: Lens, code: str) -> PlanRow:
    found = row_of(lens=lens, code=code)
    if found is None:
        raise Http404
    return found


def _crumbs(lens: Lens, row: PlanRow) -> list[tuple[str, str]]:
    return [
        ("План мероприятий", at_quarter("plan:current", lens.quarter)),
        (f"Строка {row.number}", at_quarter("plan:row", lens.quarter, row.code)),
    ]


def _own(request: HttpRequest) -> Organisation | None:
    mine = list(organisations_to_enter(actor_of(request))[:2])
    return mine[0] if len(mine) == 1 else None


@ENTER
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Enter the value of a row that nothing feeds."""
    lens, actor = need_lens(request), actor_of(request)
    row = _row(lens, code)
    target = lens.target(row)
    form = FactForm(
        request.POST or None,
        organisations=organisations_to_enter(actor),
        is_date=isinstance(target, ByDate | ByDayOfYear),
        unit=row.unit or "",
        may_whole=may(actor, "plan.enter_whole"),
        for_units=bool(row.population) or not may(actor, "plan.enter_whole"),
        initial={"organisation": _own(request)},
    )
    back = at_quarter("plan:row", lens.quarter, row.code)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        done = attempt(
            form,
            lambda: actions.enter_fact(
                actor=actor, municipality=lens.municipality, row=row, quarter=lens.quarter,
                organisation=data.get("organisation"), value=data.get("value"), on=data.get("on"),
                evidence=data["evidence"], link=data["link"], at=now(),
            ),
        )  # fmt: skip
        if done:
            return go_to(request, back, "Значение внесено.")
    return form_page(
        request,
        form,
        title=f"Строка {row.number}: внести значение за {lens.quarter.label}",
        submit="Внести",
        cancel_url=back,
        crumbs=_crumbs(lens, row),
        note=f"{row.title}. Цель: {target.as_written or 'пусто'}." if target else row.title,
        draft=f"plan-fact-{row.code}",
    )


@SET_UP
@require_http_methods(["GET", "POST"])
def allow(request: HttpRequest, code: str) -> HttpResponse:
    """Give a unit a quota or exempt it."""
    lens, actor = need_lens(request), actor_of(request)
    row = _row(lens, code)
    form = AllowForm(
        request.POST or None, organisations=visible_organisations(actor), initial={"what": "quota"}
    )
    back = at_quarter("plan:row", lens.quarter, row.code)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: actions.allow(
                actor=actor, organisation=data["organisation"], row=row, year=lens.year,
                value=data["value"] if data["what"] == "quota" else None, reason=data["reason"], at=now(),
            ),
        )  # fmt: skip
        if done:
            return go_to(request, back, "Записано.")
    return form_page(
        request,
        form,
        title=f"Строка {row.number}, {lens.year} год: квота или освобождение",
        submit="Записать",
        cancel_url=back,
        crumbs=_crumbs(lens, row),
    )


@SET_UP
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a unit have the target of the plan again."""
    kept = get_object_or_404(Allowance, pk=pk, municipality=municipality_of(request))
    actions.withdraw_allowance(actor=actor_of(request), allowance=kept, at=now())
    return go_to(request, reverse("plan:settings"), "Снято.")


@SET_UP
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Show how every row is read, what it counts and who its executors are."""
    lens = need_lens(request)
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    assert lens.pack is not None and lens.edition is not None
    links = {
        link.executor: link
        for link in ExecutorLink.objects.filter(municipality=lens.municipality).select_related("organisation")
    }
    by_code = {item.code: item for item in lens.pack.interpretations}
    rows = [
        {
            "row": row,
            "reading": lens.reading(row),
            "indicator": metrics.find(lens.reading(row).counts),
            "is_fed": metrics.is_fed(lens.reading(row).counts),
            "url": at_quarter("plan:reading", lens.quarter, row.code),
            "readings": [by_code[code] for code in row.interpretations if code in by_code],
        }
        for row in lens.rows
    ]
    used = {code for row in lens.rows for code in row.executors}
    executors = [
        {
            "executor": executor,
            "organisation": links[executor.code].organisation.name
            if executor.code in links
            else register.name(found)
            if (found := register.find(executor.name))
            else "",
            "is_linked": executor.code in links,
        }
        for executor in lens.pack.executors
        if executor.code in used and not executor.kinds
    ]
    context = {
        "lens": lens,
        "rows": rows,
        "executors": executors,
        "allowances": list(
            Allowance.objects.filter(municipality=lens.municipality)
            .select_related("organisation")
            .order_by("-year", "row", "pk")[:200]
        ),
        "scopes": {
            "per_unit": "каждого исполнителя",
            "municipality": "округа в целом",
            "both": "видны оба прочтения",
        },
        **clauses(lens.edition),
    }
    return page(request, "plan/settings.html", context)


@SET_UP
@require_http_methods(["GET", "POST"])
def reading(request: HttpRequest, code: str) -> HttpResponse:
    """Change how a row is read, or read it again as the file does."""
    lens, actor = need_lens(request), actor_of(request)
    row = _row(lens, code)
    now_read = lens.reading(row)
    indicators = [(one.code, one.title) for one in metrics.all_indicators() if metrics.is_fed(one.code)]
    if row.indicator not in dict(indicators):
        indicators.insert(0, (row.indicator, "Вносится вручную"))
    back = at_quarter("plan:settings", lens.quarter)
    if request.method == "POST" and "as_filed" in request.POST:
        kept = RowSetting.objects.filter(
            municipality=lens.municipality, row=row.code, indicator=row.indicator
        ).first()
        if kept:
            actions.read_row_as_filed(actor=actor, setting=kept, at=now())
        return go_to(request, back, "Строка читается, как в положении.")
    form = ReadingForm(
        request.POST or None,
        indicators=indicators,
        initial={"counts": now_read.counts, "scope": now_read.scope, "reason": now_read.reason},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: actions.read_row(
                actor=actor, municipality=lens.municipality, row=row, counts=data["counts"], scope=data["scope"],
                reason=data["reason"], at=now(),
            ),
        )  # fmt: skip
        if done:
            return go_to(request, back, "Прочтение записано.")
    return form_page(
        request,
        form,
        title=f"Как читается строка {row.number}",
        submit="Записать прочтение",
        cancel_url=back,
        crumbs=_crumbs(lens, row),
        note=f"{row.title}. В файле положения: {row.indicator}.",
    )


@SET_UP
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, code: str) -> HttpResponse:
    """Say which organisation of the register an executor of the act is."""
    lens, actor = need_lens(request), actor_of(request)
    assert lens.pack is not None
    executor = next((one for one in lens.pack.executors if one.code == code and not one.kinds), None)
    if executor is None:
        raise Http404
    form = LinkExecutorForm(
        request.POST or None,
        organisations=organisations_on(municipality_id=lens.municipality.pk, day=actor.today),
    )
    back = at_quarter("plan:settings", lens.quarter)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: actions.link_executor(
                actor=actor, municipality=lens.municipality, executor=code,
                organisation=form.cleaned_data["organisation"], at=now(),
            ),
        )  # fmt: skip
        if done:
            return go_to(request, back, "Исполнитель найден.")
    return form_page(
        request,
        form,
        title="Кто этот исполнитель",
        submit="Записать",
        cancel_url=back,
        crumbs=[
            ("План мероприятий", at_quarter("plan:current", lens.quarter)),
            ("Как читаются строки", back),
        ],
        note=f"В акте: {executor.name}.",
    )
