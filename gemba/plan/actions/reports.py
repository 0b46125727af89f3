"""Acts of a participant on its quarterly report: begun, rows written, approved, sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from gemba.audit.actions import record
from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Problem, Refusal
from gemba.notices.actions import tell
from gemba.notices.models import Kind as NoticeKind
from gemba.organisation.access import Actor, may, require, require_own
from gemba.organisation.models import Municipality, Organisation
from gemba.organisation.queries import holders
from gemba.organisation.roles import Role
from gemba.plan.models import Report, ReportingPeriod, ReportNote, ReportRow, ReportState
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.reports import indicators_of, lines_to_begin_with, rows_before, terms
from gemba.plan.reporting import clean_cells, columns_of, is_new, project_key, report_problems, row_problems
from gemba.plan.reports import prefilled, unapproved

MOST_ROWS = 200


def period_for(*, lens: Lens, at: datetime) -> ReportingPeriod:
    """Return the period of the quarter, opening it when this is the first act in it; locks its row.

    :raises Refusal: when the quarter is locked or has not begun.
    """
    if lens.quarter.first > lens.today:
        raise Refusal(Problem(f"{lens.quarter.label} ещё не начался.", mend="Выберите другой квартал."))
    # The municipality is locked first, so that two first acts do not open the period twice.
    Municipality.objects.select_for_update().get(pk=lens.municipality.pk)
    period = (
        ReportingPeriod.objects.select_for_update()
        .filter(municipality=lens.municipality, year=lens.year, quarter=lens.quarter.number)
        .first()
    )
    if period is None:
        period = ReportingPeriod.objects.create(
            municipality=lens.municipality, year=lens.year, quarter=lens.quarter.number,
            due_on=terms(lens=lens).due_on, ends_on=lens.quarter.last, opened_at=at,
        )  # fmt: skip
    if period.is_locked:
        raise Refusal(
            Problem(
                f"{lens.quarter.label} закрыт {period.locked_on:%d.%m.%Y}: отчёты за него не меняются.",
                mend="Исправление внесите в отчёт следующего квартала.",
            )
        )
    return period


def _report(lens: Lens, organisation: Organisation, at: datetime) -> Report:
    period = period_for(lens=lens, at=at)
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("period", "organisation")
        .filter(period=period, organisation=organisation)
        .first()
    )
    return report or Report(period=period, organisation=organisation)


def _begun(lens: Lens, organisation: Organisation, actor: Actor, at: datetime) -> Report:
    report = _report(lens, organisation, at)
    if report._state.adding:
        report.prepared_by = actor.name
        report.save()
        _prefill(lens, report)
        _record(actor, report, lens.quarter, "plan.begin_report", at)
    return report


def _prefill(lens: Lens, report: Report) -> None:
    organisation = report.organisation
    registered = prefilled(lens.municipality.pk, organisation.pk, lens.quarter)
    lines = lines_to_begin_with(organisation=organisation, quarter=lens.quarter, registered=registered)
    columns = columns_of(lens.pack)
    rows = []
    for number, line in enumerate(lines[:MOST_ROWS], start=1):
        raw = {
            "participant": organisation.name,
            "organisation": str(organisation),
            "direction": str(organisation.direction or ""),
            **{code: text for code, text in line.cells.items() if text},
        }
        cells, _ = clean_cells(raw, columns)
        rows.append(ReportRow(report=report, ordinal=number, key=project_key(line.project), cells=cells))
    ReportRow.objects.bulk_create(rows)


def begin_report(*, actor: Actor, lens: Lens, organisation: Organisation, at: datetime) -> Report:
    """Begin the report of the quarter, filled in from what is known."""
    _may(actor, "plan.report", organisation)
    with transaction.atomic():
        return _begun(lens, organisation, actor, at)


def write_row(
    *,
    actor: Actor,
    lens: Lens,
    organisation: Organisation,
    row_id: int | None,
    raw: Mapping[str, str],
    at: datetime,
    version: int | None = None,
) -> ReportRow:
    """Write one project of the report, new or corrected.

    :raises Refusal: with every wrong cell; the report then stays as it was.
    """
    _may(actor, "plan.report", organisation)
    columns = columns_of(lens.pack)
    cells, problems = clean_cells(raw, columns)
    if not problems:
        problems = row_problems(cells, lens.quarter)
    if problems:
        raise Refusal(problems)
    with transaction.atomic():
        report = _open(_begun(lens, organisation, actor, at))
        key = project_key(cells["project"])
        others = ReportRow.objects.filter(report=report)
        if others.filter(key=key).exclude(pk=row_id or 0).exists():
            raise Refusal(
                Problem("Этот проект уже есть в отчёте.", field="project", mend="Исправьте ту строку.")
            )
        if row_id is None:
            last = others.aggregate(last=Max("ordinal"))["last"] or 0
            if last >= MOST_ROWS:
                raise Refusal(Problem(f"В отчёте уже {MOST_ROWS} строк.", mend="Проверьте, нет ли повторов."))
            row = ReportRow(report=report, ordinal=last + 1, version=0)
            was: dict[str, Any] = {}
        else:
            found = others.select_for_update().filter(pk=row_id).first()
            if found is None:
                raise Refusal(Problem("Этой строки больше нет.", mend="Вернитесь к отчёту и обновите его."))
            if version is not None and found.version != version:
                raise Refusal(
                    Problem(
                        "Пока вы заполняли форму, строку изменил другой пользователь.",
                        mend="Введённое вами осталось в полях. Сверьте с отчётом в другой вкладке и сохраните ещё раз.",
                    )
                )
            row, was = found, dict(found.cells)
        row.key, row.cells = key, cells
        row.version += 1
        row.save()
        ReportNote.objects.filter(row=row).update(is_settled=True)
        if report.is_zero:
            report.is_zero = False
            _save(report)
        titles = {column.code: column.title for column in columns}
        _record(
            actor, report, lens.quarter, "plan.write_report_row", at,
            before={titles[code]: text for code, text in was.items() if code in titles},
            after={titles[code]: text for code, text in cells.items() if code in titles},
        )  # fmt: skip
    return row


def remove_row(*, actor: Actor, lens: Lens, organisation: Organisation, row_id: int, at: datetime) -> None:
    """Take a project out of the report."""
    _may(actor, "plan.report", organisation)
    with transaction.atomic():
        report = _open(_begun(lens, organisation, actor, at))
        row = ReportRow.objects.filter(report=report, pk=row_id).first()
        if row is None:
            return
        _record(
            actor,
            report,
            lens.quarter,
            "plan.remove_report_row",
            at,
            before={"report_project": row.cells.get("project", "")},
        )
        row.delete()


def ask_approval(
    *,
    actor: Actor,
    lens: Lens,
    organisation: Organisation,
    at: datetime,
    is_zero: bool = False,
    comment: str = "",
) -> Report:
    """Hand the report to the head of the organisation; `is_zero` says that there is nothing to report.

    :raises Refusal: with everything that stands in the way of sending.
    """
    _may(actor, "plan.report", organisation)
    with transaction.atomic():
        report = _open(_begun(lens, organisation, actor, at))
        rows = list(ReportRow.objects.filter(report=report).order_by("ordinal", "pk"))
        if is_zero and rows:
            named = rows[0].cells.get("project", "")
            raise Refusal(
                Problem(
                    f"По данным в квартале есть проекты («{named[:80]}»): отчёт не нулевой.",
                    mend="Нажмите «Заполнить по данным», проверьте строки, лишние уберите.",
                )
            )
        _check(lens, report, rows, is_zero=is_zero)
        report.state, report.is_zero = ReportState.ON_APPROVAL, is_zero
        report.comment, report.prepared_by = comment.strip()[:1000], actor.name
        _save(report)
        _record(actor, report, lens.quarter, "plan.ask_report_approval", at)
        heads = holders(
            municipality_id=lens.municipality.pk, role=Role.UNIT_HEAD, day=actor.today, organisation_id=organisation.pk
        )  # fmt: skip
        tell(
            kind=NoticeKind.REQUEST, title=f"Согласуйте отчёт за {lens.quarter.label}: {organisation}", at=at,
            users=list(heads), url=address_of(report, lens.quarter), municipality_id=lens.municipality.pk,
            besides=actor.user_id,
        )  # fmt: skip
    return report


def _check(lens: Lens, report: Report, rows: Iterable[ReportRow], *, is_zero: bool) -> None:
    before = rows_before(organisation_id=report.organisation_id, quarter=lens.quarter)
    pairs = [(row.key, row.cells) for row in rows]
    new = any(is_new(cells, key, lens.quarter, before) for key, cells in pairs)
    known = unapproved(lens.municipality.pk, report.organisation_id, lens.quarter) if new else frozenset()
    problems = report_problems(pairs, lens.quarter, before, is_zero=is_zero, unapproved=known)
    if problems:
        raise Refusal(problems)


def give_report_back(
    *, actor: Actor, lens: Lens, organisation: Organisation, reason: str, at: datetime
) -> Report:
    """Return the report from the head to whoever prepares it.

    :raises Refusal: when it is not on approval or the reason is missing.
    """
    _may(actor, "plan.approve_report", organisation)
    if not reason.strip():
        raise Refusal(Problem("Не названа причина.", field="reason", mend="Напишите, что исправить."))
    with transaction.atomic():
        report = _waiting(_report(lens, organisation, at))
        report.state, report.return_reason = ReportState.DRAFT, reason.strip()[:1000]
        _save(report)
        _record(actor, report, lens.quarter, "plan.give_report_back", at, reason=reason)
        _tell_preparers(
            lens, report, f"Руководитель вернул отчёт за {lens.quarter.label}: {reason.strip()}", at, actor
        )
    return report


def approve_report(
    *,
    actor: Actor,
    lens: Lens,
    organisation: Organisation,
    at: datetime,
) -> Report:
    """Approve the report and send it: the receipt names the day and the hour.

    :raises Refusal: when it is not on approval, or something has become wrong meanwhile.
    """
    _may(actor, "plan.approve_report", organisation)
    with transaction.atomic():
        report = _waiting(_report(lens, organisation, at))
        rows = list(ReportRow.objects.filter(report=report).order_by("ordinal", "pk"))
        _check(lens, report, rows, is_zero=report.is_zero)
        period = report.period
        period.last_receipt += 1
        period.save(update_fields=["last_receipt"])
        report.state, report.approved_by, report.sent_at = ReportState.SENT, actor.name, at
        report.first_sent_on = report.first_sent_on or actor.today
        report.receipt = f"{lens.quarter.key}/{period.last_receipt}"
        report.indicators, report.return_reason = indicators_of(lens=lens, organisation=organisation), ""
        _save(report)
        _record(actor, report, lens.quarter, "plan.send_report", at, after={"report_receipt": report.receipt})
        monitors = holders(municipality_id=lens.municipality.pk, role=Role.MONITOR, day=actor.today)
        tell(
            kind=NoticeKind.RESULT, title=f"Отчёт за {lens.quarter.label}: {organisation}", at=at,
            users=list(monitors), url=address_of(report, lens.quarter), municipality_id=lens.municipality.pk,
            besides=actor.user_id,
        )  # fmt: skip
    return report


def _may(actor: Actor, act: str, organisation: Organisation) -> None:
    require(actor, act, organisation.pk)
    require_own(actor, organisation)


def may_approve(*, actor: Actor, organisation_id: int) -> bool:
    """Tell whether the actor may approve this organisation's report."""
    return may(actor, "plan.approve_report", organisation_id)


def _open(report: Report) -> Report:
    if not report.is_open:
        raise Refusal(
            Problem(
                f"Отчёт уже в состоянии «{report.get_state_display().lower()}»: менять его нельзя.",
                mend="Попросите вернуть его на доработку.",
            )
        )
    return report


def _waiting(report: Report) -> Report:
    if report.pk is None or report.state != ReportState.ON_APPROVAL:
        raise Refusal(Problem("Отчёт не ждёт согласования.", mend="Обновите страницу."))
    return report


def _save(report: Report) -> None:
    report.version += 1
    report.save()


def address_of(report: Report, quarter: Quarter) -> str:
    """Return the address of the report."""
    return reverse(
        "plan:report", args=[report.organisation_id], query={"year": quarter.year, "quarter": quarter.number}
    )


def _tell_preparers(lens: Lens, report: Report, title: str, at: datetime, actor: Actor) -> None:
    people = holders(
        municipality_id=lens.municipality.pk, role=Role.COORDINATOR, day=actor.today,
        organisation_id=report.organisation_id,
    )  # fmt: skip
    tell(
        kind=NoticeKind.RETURN, title=title, at=at, users=list(people), url=address_of(report, lens.quarter),
        municipality_id=lens.municipality.pk, besides=actor.user_id, immediate=True,
    )  # fmt: skip


def _record(
    actor: Actor,
    report: Report,
    quarter: Quarter,
    act: str,
    at: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        act=act, actor=actor, subject=report, title=f"Отчёт за {quarter.label}: {report.organisation}",
        municipality_id=report.organisation.municipality_id, at=at, before=before, after=after, reason=reason.strip(),
    )  # fmt: skip
