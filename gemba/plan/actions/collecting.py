"""Acts of whoever collects: the late are reminded, reports returned or accepted, the quarter locked for ever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from gemba.audit.actions import record
from gemba.kernel.numbers import format_date
from gemba.kernel.problems import Problem, Refusal
from gemba.notices.actions import tell
from gemba.notices.models import Kind as NoticeKind
from gemba.organisation.access import Actor, require, require_own
from gemba.organisation.models import Organisation, RoleGrant
from gemba.organisation.models.dated import holds_on
from gemba.organisation.roles import Role
from gemba.plan import metrics
from gemba.plan.actions.reports import _record, _save, _tell_preparers, address_of, period_for
from gemba.plan.models import (
    LockedRow,
    PeriodText,
    Report,
    ReportingPeriod,
    ReportNote,
    ReportRow,
    ReportState,
)
from gemba.plan.queries.checking import checked
from gemba.plan.queries.corrections import MOST_RECORDS, corrections
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import PlanView, plan_view, unit_fact
from gemba.plan.queries.population import Register, register_on
from gemba.plan.reporting import Remark


@dataclass(frozen=True)
class Reminded:
    """How many people were told, and which organisations have nobody to tell."""

    told: int
    unreachable_ids: list[int]


def remind(
    *, actor: Actor, lens: Lens, organisation_ids: Iterable[int], due_on: date | None, at: datetime
) -> Reminded:
    """Tell coordinators and heads of these organisations that their report is awaited."""
    require(actor, "plan.collect")
    numbers = list(organisation_ids)
    until = f" до {format_date(due_on)}" if due_on else ""
    told = 0
    with transaction.atomic():
        grants = RoleGrant.objects.filter(
            holds_on(actor.today), role__in=[Role.COORDINATOR, Role.UNIT_HEAD], organisation_id__in=numbers,
            municipality=lens.municipality,
        ).values_list("user_id", "organisation_id")  # fmt: skip
        by_organisation: dict[int, set[int]] = {}
        for user_id, organisation_id in grants:
            if organisation_id is not None:
                by_organisation.setdefault(organisation_id, set()).add(user_id)
        for organisation_id, users in by_organisation.items():
            told += tell(
                kind=NoticeKind.DEADLINE, title=f"Ждём отчёт за {lens.quarter.label}{until}", at=at, users=users,
                url=_address(organisation_id, lens), municipality_id=lens.municipality.pk,
                # Once a day is enough, however often the button is pressed.
                key=f"report-{lens.quarter.key}-{organisation_id}-{actor.today.isoformat()}",
            )  # fmt: skip
        record(
            act="plan.remind", actor=actor, subject=lens.municipality,
            title=f"Напоминание об отчёте за {lens.quarter.label}", municipality_id=lens.municipality.pk, at=at,
            after={"report_reminded": len(numbers), "report_told": told},
        )  # fmt: skip
    return Reminded(told, [number for number in numbers if number not in by_organisation])


def _address(organisation_id: int, lens: Lens) -> str:
    from django.urls import reverse

    return reverse(
        "plan:report", args=[organisation_id], query={"year": lens.year, "quarter": lens.quarter.number}
    )


def _sent(lens: Lens, organisation: Organisation, at: datetime) -> Report:
    period = period_for(lens=lens, at=at)
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("period", "organisation")
        .filter(period=period, organisation=organisation)
        .first()
    )
    if report is None or report.state not in (ReportState.SENT, ReportState.ACCEPTED):
        raise Refusal(Problem("Этот отчёт не отправлен.", mend="Обновите страницу."))
    return report


def return_report(
    *, actor: Actor, lens: Lens, organisation: Organisation, remarks: Iterable[Remark], at: datetime
) -> Report:
    """Return a report with remarks to its cells.

    :raises Refusal: when nothing is remarked or the report was not sent.
    """
    require(actor, "plan.collect")
    require_own(actor, organisation)
    kept = [remark for remark in remarks if remark.text.strip()]
    if not kept:
        raise Refusal(Problem("Нет ни одного замечания.", field="text", mend="Напишите, что исправить."))
    with transaction.atomic():
        report = _sent(lens, organisation, at)
        own = set(ReportRow.objects.filter(report=report).values_list("pk", flat=True))
        ReportNote.objects.filter(report=report).update(is_settled=True)
        ReportNote.objects.bulk_create(
            ReportNote(
                report=report, row_id=remark.row_id if remark.row_id in own else None, column=remark.column,
                text=remark.text.strip()[:500], written_by=actor.name, written_at=at,
            )
            for remark in kept
        )  # fmt: skip
        report.state = ReportState.RETURNED
        report.return_reason = "; ".join(remark.text.strip() for remark in kept)[:1000]
        _save(report)
        _record(actor, report, lens.quarter, "plan.return_report", at, reason=report.return_reason)
        _tell_preparers(
            lens, report, f"Отчёт за {lens.quarter.label} вернули: {report.return_reason[:150]}", at, actor
        )
    return report


def accept_report(*, actor: Actor, lens: Lens, organisation: Organisation, at: datetime) -> Report:
    """Accept a report: it goes into the consolidated one.

    :raises Refusal: when it was not sent.
    """
    require(actor, "plan.collect")
    require_own(actor, organisation)
    with transaction.atomic():
        report = _sent(lens, organisation, at)
        if report.state == ReportState.ACCEPTED:
            return report
        report.state, report.accepted_by, report.accepted_at = ReportState.ACCEPTED, actor.name, at
        _save(report)
        ReportNote.objects.filter(report=report).update(is_settled=True)
        _record(actor, report, lens.quarter, "plan.accept_report", at)
    return report


def accept_all(*, actor: Actor, lens: Lens, at: datetime) -> int:
    """Accept every report that was sent and follows from the one before; return how many.

    A report that raises doubts is left to be looked at by itself.
    """
    require(actor, "plan.collect")
    with transaction.atomic():
        period = period_for(lens=lens, at=at)
        doubtful = {number for number, found in checked(period=period).items() if not found.is_clean}
        reports = list(
            Report.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .filter(period=period, state=ReportState.SENT)
            .exclude(organisation_id__in=doubtful)
        )
        for report in reports:
            report.state, report.accepted_by, report.accepted_at = ReportState.ACCEPTED, actor.name, at
            _save(report)
            _record(actor, report, lens.quarter, "plan.accept_report", at)
        ReportNote.objects.filter(report__in=reports).update(is_settled=True)
    return len(reports)


def lock_quarter(*, actor: Actor, lens: Lens, at: datetime) -> ReportingPeriod:
    """Lock the quarter: the plan with its lists of records is kept as it stands and never changes.

    All of it is one transaction: killed in the middle, the quarter is as open as before.

    :raises Refusal: when it is locked already, has not ended, or a report waits to be accepted.
    """
    require(actor, "plan.collect")
    if lens.quarter.last >= lens.today:
        raise Refusal(
            Problem(f"{lens.quarter.label} ещё не закончился.", mend="Закройте его после последнего дня.")
        )
    with transaction.atomic():
        period = period_for(lens=lens, at=at)
        waiting = Report.objects.filter(period=period, state=ReportState.SENT).count()
        if waiting:
            raise Refusal(
                Problem(f"Не рассмотрено отчётов: {waiting}.", mend="Примите их или верните на доработку.")
            )
        period.corrections = [one.kept() for one in corrections(lens=lens)]
        # Locked first: «отчёт в срок» counts the quarter itself, and the snapshot is to say so.
        period.locked_at, period.locked_on, period.locked_by = at, actor.today, actor.name
        period.version += 1
        period.save()
        register = register_on(municipality=lens.municipality, day=lens.as_of)
        view = plan_view(lens=lens, register=register)
        LockedRow.objects.bulk_create(_locked(period, lens, view, register))
        missing = Report.objects.filter(~Q(state=ReportState.ACCEPTED), period=period).count()
        record(
            act="plan.lock_quarter", actor=actor, subject=period, title=f"{lens.quarter.label} закрыт",
            municipality_id=lens.municipality.pk, at=at,
            after={
                "report_rows": len(view.rows), "report_missing": missing,
                "report_corrections": len(period.corrections),
            },
        )  # fmt: skip
    return period


def _locked(period: ReportingPeriod, lens: Lens, view: PlanView, register: Register) -> Iterable[LockedRow]:
    scope = metrics.Scope(lens.municipality.pk, date(lens.year, 1, 1), lens.as_of)
    for ordinal, shown in enumerate(view.rows, start=1):
        fed = metrics.is_fed(shown.reading.counts)
        records = metrics.records_of(scope, shown.reading.counts, MOST_RECORDS) if fed else []
        yield LockedRow(
            period=period,
            ordinal=ordinal,
            code=shown.row.code,
            number=shown.row.number,
            title=shown.row.title,
            indicator=shown.reading.counts,
            target=shown.target.as_written[:200] if shown.target else "",
            fact=shown.fact[:60],
            value=shown.own.value,
            state=shown.state.value,
            note=shown.note[:300],
            units=[
                {
                    "id": number,
                    "name": register.name(number),
                    "fact": unit_fact(shown, fact),
                    "state": shown.unit_verdicts[number].state.value,
                }
                for number, fact in shown.facts.units.items()
            ],
            records=[
                {
                    "on": one.on.isoformat(), "title": one.title, "number": one.number,
                    "organisation": one.organisation, "url": one.url, "note": one.note,
                }
                for one in records
            ],
        )  # fmt: skip


__all__ = ["Remark", "accept_all", "accept_report", "address_of", "lock_quarter", "remind", "return_report"]


def write_text(
    *, actor: Actor, lens: Lens, conclusion: str, further: str, version: int, at: datetime
) -> PeriodText:
    """Keep the words of the quarter's analytical information; an empty conclusion means the computed one.

    `version` is that of the text as it was shown, nought for one nobody has written.

    :raises Refusal: when somebody has written it meanwhile.
    """
    require(actor, "plan.collect")
    with transaction.atomic():
        period = period_for(lens=lens, at=at)
        kept = PeriodText.objects.select_for_update().filter(period=period).first()
        if (kept.version if kept else 0) != version:
            raise Refusal(
                Problem(
                    f"Текст только что изменил(а) {kept.written_by if kept else 'кто-то другой'}.",
                    mend="Скопируйте своё, обновите страницу и внесите снова.",
                )
            )
        before = {"period_conclusion": kept.conclusion, "period_further": kept.further} if kept else None
        text = kept or PeriodText(period=period, version=0)
        text.conclusion, text.further = conclusion.strip(), further.strip()
        text.written_by, text.written_at, text.version = actor.name[:200], at, text.version + 1
        text.save()
        record(
            act="plan.write_text", actor=actor, subject=period,
            title=f"Текст аналитической информации за {lens.quarter.label}", municipality_id=lens.municipality.pk,
            at=at, before=before, after={"period_conclusion": text.conclusion, "period_further": text.further},
        )  # fmt: skip
    return text
