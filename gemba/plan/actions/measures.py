"""Acts on measures: given, moved, reported, returned, taken off control."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal
from gemba.notices.actions import tell
from gemba.notices.models import Kind as NoticeKind
from gemba.organisation.access import Actor, may, require, require_own
from gemba.organisation.models import Municipality, Organisation, Person
from gemba.plan.models import Measure, MeasureState


@dataclass(frozen=True)
class MeasureFields:
    """What is to be done."""

    text: str
    responsible: Person
    due_on: date
    cause: str = ""
    row: str = ""
    indicator: str = ""
    year: int | None = None
    organisation: Organisation | None = None


def give_measure(*, actor: Actor, municipality: Municipality, fields: MeasureFields, at: datetime) -> Measure:
    """Give somebody something to do until a day.

    :raises Refusal: when it is not said what, the day has passed, or a row lags without a cause.
    """
    require(actor, "plan.give_measure")
    require_own(actor, fields.responsible)
    problems = []
    if not fields.text.strip():
        problems.append(
            Problem("Не сказано, что сделать.", field="text", mend="Напишите одним предложением.")
        )
    if fields.row and not fields.cause.strip():
        problems.append(
            Problem("Не названа причина отставания.", field="cause", mend="Напишите, почему отстаёт.")
        )
    if fields.due_on < actor.today:
        problems.append(Problem("Этот день уже прошёл.", field="due_on", mend="Назначьте сегодня или позже."))
    if problems:
        raise Refusal(problems)
    with transaction.atomic():
        measure = Measure.objects.create(
            municipality=municipality, row=fields.row, indicator=fields.indicator, year=fields.year,
            organisation=fields.organisation, cause=fields.cause.strip(), text=fields.text.strip(),
            responsible=fields.responsible, due_on=fields.due_on, first_due_on=fields.due_on,
            given_by=actor.name, given_by_user_id=actor.user_id, given_at=at,
        )  # fmt: skip
        _record(
            actor,
            measure,
            "plan.give_measure",
            at,
            after={"measure_due": measure.due_on, "measure_who": str(measure.responsible)},
        )
        tell(
            kind=NoticeKind.ASSIGNMENT, title=f"Поручение до {format_date(measure.due_on)}: {measure.text}", at=at,
            person_ids=[measure.responsible_id], url=reverse("plan:measure", args=[measure.pk]), immediate=True,
            municipality_id=municipality.pk, besides=actor.user_id,
        )  # fmt: skip
    return measure


def move_measure(*, actor: Actor, measure: Measure, due_on: date, reason: str, at: datetime) -> Measure:
    """Give more time, with a reason.

    :raises Refusal: when the day has passed or the reason is missing.
    """
    require(actor, "plan.give_measure")
    require_own(actor, measure)
    if not reason.strip():
        raise Refusal(
            Problem("Не названа причина.", field="reason", mend="Напишите, почему срок переносится.")
        )
    if due_on < actor.today:
        raise Refusal(Problem("Этот день уже прошёл.", field="due_on", mend="Назначьте сегодня или позже."))
    with transaction.atomic():
        kept = _open(measure)
        was = kept.due_on
        kept.due_on = due_on
        _save(kept)
        _record(
            actor,
            kept,
            "plan.move_measure",
            at,
            before={"measure_due": was},
            after={"measure_due": due_on},
            reason=reason,
        )
        _tell(actor, kept, f"Срок поручения — {format_date(due_on)}: {kept.text}", at)
    return kept


def report_measure(*, actor: Actor, measure: Measure, report: str, link: str, at: datetime) -> Measure:
    """Say that it is done, with evidence.

    :raises Refusal: when it is not said what was done.
    :raises PermissionDenied: when somebody else is responsible.
    """
    require_own(actor, measure)
    if not actor.is_system and actor.person_id != measure.responsible_id:
        raise PermissionDenied("Об исполнении сообщает ответственный.")
    if not report.strip():
        raise Refusal(
            Problem("Не сказано, что сделано.", field="report", mend="Напишите и назовите документ.")
        )
    with transaction.atomic():
        kept = _open(measure)
        kept.report, kept.evidence_link = report.strip(), link.strip()
        kept.state, kept.reported_on = MeasureState.REPORTED, actor.today
        _save(kept)
        _record(actor, kept, "plan.report_measure", at, after={"measure_report": kept.report})
        if kept.given_by_user_id:
            tell(
                kind=NoticeKind.REQUEST, title=f"Исполнено, проверьте: {kept.text}", at=at,
                users=[kept.given_by_user_id], url=reverse("plan:measure", args=[kept.pk]),
                municipality_id=kept.municipality_id,
            )  # fmt: skip
    return kept


def return_measure(*, actor: Actor, measure: Measure, reason: str, at: datetime) -> Measure:
    """Send it back to be done.

    :raises Refusal: when the reason is missing or it was not reported.
    """
    require(actor, "plan.give_measure")
    require_own(actor, measure)
    if not reason.strip():
        raise Refusal(Problem("Не названа причина.", field="reason", mend="Напишите, чего не хватает."))
    with transaction.atomic():
        kept = _open(measure)
        if kept.state != MeasureState.REPORTED:
            raise Refusal(Problem("Об исполнении ещё не сообщили.", mend="Обновите страницу."))
        kept.state, kept.reported_on = MeasureState.GIVEN, None
        _save(kept)
        _record(actor, kept, "plan.return_measure", at, reason=reason)
        _tell(actor, kept, f"Возвращено: {kept.text}. {reason.strip()}", at, NoticeKind.RETURN)
    return kept


def close_measure(*, actor: Actor, measure: Measure, at: datetime) -> Measure:
    """Take it off control: the result is seen and enough."""
    require(actor, "plan.give_measure")
    require_own(actor, measure)
    if measure.responsible_id == actor.person_id and not may(actor, "plan.collect"):
        raise Refusal(
            Problem("Своё поручение снимает с контроля другой человек.", mend="Сообщите об исполнении.")
        )
    with transaction.atomic():
        kept = _open(measure)
        kept.state, kept.closed_on = MeasureState.CLOSED, actor.today
        _save(kept)
        _record(actor, kept, "plan.close_measure", at)
    return kept


def _open(measure: Measure) -> Measure:
    kept = Measure.objects.select_for_update(of=("self",)).select_related("responsible").get(pk=measure.pk)
    if kept.state == MeasureState.CLOSED:
        raise Refusal(Problem("Поручение уже снято с контроля.", mend="Обновите страницу."))
    return kept


def _save(kept: Measure) -> None:
    kept.version += 1
    kept.save()


def _tell(
    actor: Actor, kept: Measure, title: str, at: datetime, kind: NoticeKind = NoticeKind.ASSIGNMENT
) -> None:
    tell(
        kind=kind, title=title, at=at, person_ids=[kept.responsible_id],
        url=reverse("plan:measure", args=[kept.pk]), municipality_id=kept.municipality_id, besides=actor.user_id,
    )  # fmt: skip


def _record(
    actor: Actor,
    kept: Measure,
    act: str,
    at: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    record(
        act=act, actor=actor, subject=kept, title=kept.text[:200], municipality_id=kept.municipality_id, at=at,
        before=before, after=after, reason=reason.strip(),
    )  # fmt: skip
