"""What the plan shows on the home page: how its rows stand, and what waits for a person."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from gemba.kernel.periods import Quarter
from gemba.organisation.access import Actor, may
from gemba.plan.access import own_organisation_ids
from gemba.plan.models import Measure, MeasureState, Report, ReportState
from gemba.plan.queries.head import deviations
from gemba.plan.queries.lens import look
from gemba.plan.queries.plan import plan_view
from gemba.plan.queries.population import register_on
from gemba.workspace.panels import Task


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return how the rows of the plan stand; nothing where there is no plan."""
    actor = _actor(request)
    if actor.municipality is None:
        return None
    lens = look(municipality=actor.municipality, today=actor.today)
    if lens is None or not lens.rows:
        return None
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    view = plan_view(lens=lens, register=register)
    return {
        "lens": lens,
        "view": view,
        "worst": deviations(view.rows)[:3],
        "link_title": "Весь план",
        "link_url": reverse("plan:current"),
    }


def measures_that_wait(request: HttpRequest, limit: int) -> list[Task]:
    """Return the person's measures that are not done, and those to be checked by whoever gave them."""
    actor = _actor(request)
    if actor.person_id is None or actor.municipality_id is None:
        return []
    mine = Measure.objects.filter(responsible_id=actor.person_id, state=MeasureState.GIVEN).order_by("due_on")
    found = [
        Task(
            one.text, reverse("plan:measure", args=[one.pk]), "Поручение", one.due_on,
            *(("bad", "Просрочено") if one.due_on < actor.today else ("neutral", "")), verb="Отчитаться",
        )
        for one in mine[:limit]
    ]  # fmt: skip
    if may(actor, "plan.give_measure"):
        done = Measure.objects.filter(
            municipality_id=actor.municipality_id, given_by_user_id=actor.user_id, state=MeasureState.REPORTED
        ).order_by("due_on")
        found += [
            Task(
                one.text,
                reverse("plan:measure", args=[one.pk]),
                "Исполнено, проверьте",
                one.due_on,
                verb="Проверить",
            )
            for one in done[:limit]
        ]
    return found


def reports_that_wait(request: HttpRequest, limit: int) -> list[Task]:
    """Return the reports that came back or wait for the head's approval."""
    actor = _actor(request)
    if not may(actor, "plan.report") or actor.is_municipal("monitor"):
        return []
    states = [ReportState.RETURNED]
    if may(actor, "plan.approve_report"):
        states.append(ReportState.ON_APPROVAL)
    found = Report.objects.filter(
        organisation_id__in=own_organisation_ids(actor), state__in=states, period__locked_at__isnull=True
    ).select_related("period", "organisation")
    tasks = []
    for report in found.order_by("period__ends_on")[:limit]:
        quarter = Quarter(report.period.year, report.period.quarter)
        is_back = report.state == ReportState.RETURNED
        tasks.append(
            Task(
                f"Отчёт за {quarter.label}: {report.organisation}",
                reverse(
                    "plan:report",
                    args=[report.organisation_id],
                    query={"year": quarter.year, "quarter": quarter.number},
                ),
                "Вернули на доработку" if is_back else "Ждёт вашего согласования",
                report.period.due_on,
                "warn" if is_back else "info",
                "Возвращён" if is_back else "На согласовании",
                "Исправить" if is_back else "Согласовать",
            )
        )  # fmt: skip
    return tasks
