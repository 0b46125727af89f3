"""What the plan shows on the home page: how its rows stand, and what waits for a person."""

from __future__ import annotations

import time
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from gemba.kernel.periods import Quarter
from gemba.organisation.access import may
from gemba.organisation.requests import actor_of
from gemba.plan.access import own_organisation_ids
from gemba.plan.models import Measure, MeasureState, Report, ReportState
from gemba.plan.queries.glance import glance
from gemba.plan.queries.head import PROPOSALS, deviations
from gemba.statements import written
from gemba.workspace.panels import Task


def panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return how the rows of the plan stand; nothing where there is no plan."""
    actor = actor_of(request)
    if actor.municipality is None:
        return None
    lens, view = glance(
        municipality=actor.municipality, today=actor.today, also=PROPOSALS, clock=time.monotonic()
    )
    if lens is None or view is None or not lens.rows:
        return None
    return {
        "lens": lens,
        "view": view,
        "worst": deviations(view.rows)[:3],
        "link_title": "Весь план",
        "link_url": reverse("plan:current"),
    }


def measures_that_wait(request: HttpRequest, limit: int) -> list[Task]:
    """Return the person's measures that are not done, and those to be checked by whoever gave them."""
    actor = actor_of(request)
    if actor.person_id is None or actor.municipality_id is None:
        return []
    mine = _mine(person_id=actor.person_id)
    found = [
        Task(
            one.text, reverse("plan:measure", args=[one.pk]), "Поручение", one.due_on,
            *(("bad", "Просрочено") if one.due_on < actor.today else ("neutral", "")), verb="Отчитаться",
        )
        for one in mine[:limit]
    ]  # fmt: skip
    if may(actor, "plan.give_measure"):
        done = _to_check(municipality_id=actor.municipality_id, user_id=actor.user_id or 0)
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
    actor = actor_of(request)
    if not may(actor, "plan.report") or actor.is_municipal("monitor"):
        return []
    states = [ReportState.RETURNED]
    if may(actor, "plan.approve_report"):
        states.append(ReportState.ON_APPROVAL)
    tasks = []
    for report in _reports_of(own_organisation_ids(actor), tuple(states))[:limit]:
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


# A page of the home shows fewer than this; what waits is asked by statements written once.
MOST = 20


@written
def _mine(*, person_id: int) -> QuerySet[Measure]:
    return Measure.objects.filter(responsible_id=person_id, state=MeasureState.GIVEN).order_by("due_on")[
        :MOST
    ]


@written
def _to_check(*, municipality_id: int, user_id: int) -> QuerySet[Measure]:
    found = Measure.objects.filter(
        municipality_id=municipality_id, given_by_user_id=user_id, state=MeasureState.REPORTED
    )
    return found.order_by("due_on")[:MOST]


def _reports_of(numbers: frozenset[int], states: tuple[ReportState, ...]) -> list[Report]:
    if len(numbers) == 1:
        return _reports(organisation_id=next(iter(numbers)), states=states)
    return list(_waiting(states).filter(organisation_id__in=numbers)[:MOST]) if numbers else []


@written
def _reports(*, organisation_id: int, states: tuple[ReportState, ...]) -> QuerySet[Report]:
    return _waiting(states).filter(organisation_id=organisation_id)[:MOST]


def _waiting(states: tuple[ReportState, ...]) -> QuerySet[Report]:
    found = Report.objects.filter(state__in=states, period__locked_at__isnull=True)
    return found.select_related("period", "organisation").order_by("period__ends_on")
