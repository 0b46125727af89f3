"""What is there to see of the quarterly collection: terms, who has sent, a report beside the one before, the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q
from django.urls import reverse

from gemba.kernel.periods import Quarter
from gemba.organisation.models import Organisation
from gemba.plan.metrics import Record, Scope
from gemba.plan.models import (
    JournalPart,
    Report,
    ReportingPeriod,
    ReportNote,
    ReportRow,
    ReportState,
)
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import plan_view
from gemba.plan.queries.population import Listed, Register, register_on
from gemba.plan.reporting import Cells, changes, is_new, project_key
from gemba.plan.reports import ReportLine
from gemba.regulations.deadlines import DeadlineDate, dates_between
from gemba.regulations.pack import Pack
from gemba.regulations.pack.plan import AfterPeriod


@dataclass(frozen=True)
class Terms:
    """When the reports of a quarter are due: the legal day and the earlier safe one."""

    legal: DeadlineDate | None = None
    reminder: DeadlineDate | None = None

    @property
    def due_on(self) -> date | None:
        """Return the last day in time."""
        return self.legal.due_on if self.legal else None


def terms(*, lens: Lens) -> Terms:
    """Return the terms of the quarter by the edition in force at its end."""
    if lens.pack is None:
        return Terms()
    quarterly = _quarterly(lens.pack)
    found = dates_between(lens.pack, lens.quarter.last, lens.quarter.next().last, lens.calendar)
    mine = [item for item in found if item.code in quarterly and item.period_label == lens.quarter.label]
    return Terms(
        next((item for item in mine if item.level == "legal"), None),
        next((item for item in mine if item.level == "reminder"), None),
    )


def _quarterly(pack: Pack) -> set[str]:
    return {
        item.code
        for item in pack.deadlines
        if isinstance(item.rule, AfterPeriod) and item.rule.period == "quarter"
    }


def participants(*, lens: Lens, register: Register) -> list[Listed]:
    """Return who reports: executors that the deadline names, by kinds; where it names none, all who take part."""
    kinds: set[str] = set()
    if lens.pack is not None:
        by_code = {executor.code: executor for executor in lens.pack.executors}
        named = {
            code
            for item in lens.pack.deadlines
            if item.code in _quarterly(lens.pack)
            for code in item.who
            if code in by_code
        }
        for code in named:
            kinds |= set(by_code[code].kinds)
    chosen = kinds or {"omsu", "structural_unit", "institution", "organisation"}
    numbers = register.population(chosen).organisation_ids
    return sorted((register.organisations[pk] for pk in numbers), key=lambda one: one.name.casefold())


@dataclass
class Collected:
    """One participant on the screen of collection."""

    organisation: Listed
    report: Report | None
    notes: int = 0
    is_late: bool = False

    @property
    def state(self) -> str:
        """Return the state, that of a report nobody has begun included."""
        return self.report.state if self.report else "none"


@dataclass
class Collection:
    """The quarter as the economist sees it."""

    lens: Lens
    period: ReportingPeriod | None
    terms: Terms
    rows: list[Collected]
    counts: dict[str, int] = field(default_factory=dict)


def period_of(*, municipality_id: int, quarter: Quarter) -> ReportingPeriod | None:
    """Return the period, if anybody has begun it."""
    return ReportingPeriod.objects.filter(
        municipality_id=municipality_id, year=quarter.year, quarter=quarter.number
    ).first()


def collection(*, lens: Lens, register: Register) -> Collection:
    """Return who has sent, who is late, whose report came back."""
    period = period_of(municipality_id=lens.municipality.pk, quarter=lens.quarter)
    reports = {}
    if period is not None:
        unsettled = Count("notes", filter=Q(notes__is_settled=False))
        reports = {
            report.organisation_id: report
            for report in Report.objects.filter(period=period).annotate(unsettled=unsettled)
        }
    when = terms(lens=lens)
    rows = []
    for one in participants(lens=lens, register=register):
        report = reports.get(one.id)
        sent = report.first_sent_on if report else None
        late = bool(when.due_on and (sent > when.due_on if sent else lens.today > when.due_on))
        rows.append(Collected(one, report, getattr(report, "unsettled", 0) if report else 0, late))
    counts: dict[str, int] = {"all": len(rows), "late": sum(_owes(row) and row.is_late for row in rows)}
    for row in rows:
        counts[row.state] = counts.get(row.state, 0) + 1
    return Collection(lens, period, when, rows, counts)


def _owes(row: Collected) -> bool:
    return row.state in ("none", ReportState.DRAFT, ReportState.ON_APPROVAL, ReportState.RETURNED)


def late_ones(found: Collection) -> list[int]:
    """Return the participants whose report is not here though its term has passed or is near."""
    return [row.organisation.id for row in found.rows if _owes(row)]


@dataclass
class ShownRow:
    """A project of a report beside the quarter before."""

    row: ReportRow
    changed: frozenset[str]
    is_new: bool
    before: Cells | None
    notes: dict[str, list[ReportNote]]


@dataclass
class ReportView:
    """A report with what changed and what was remarked."""

    report: Report
    rows: list[ShownRow]
    before: dict[str, Cells]
    notes: list[ReportNote]


def report_of(*, municipality_id: int, quarter: Quarter, organisation_id: int) -> Report | None:
    """Return the report, if anybody has begun it."""
    return (
        Report.objects.filter(
            period__municipality_id=municipality_id, period__year=quarter.year, period__quarter=quarter.number,
            organisation_id=organisation_id,
        )
        .select_related("period", "organisation")
        .first()
    )  # fmt: skip


def rows_before(*, organisation_id: int, quarter: Quarter) -> dict[str, Cells]:
    """Return the projects of the last report before the quarter, by key."""
    earlier = (
        Report.objects.filter(organisation_id=organisation_id)
        .filter(
            Q(period__year__lt=quarter.year)
            | Q(period__year=quarter.year, period__quarter__lt=quarter.number)
        )
        .order_by("-period__year", "-period__quarter")
        .first()
    )
    if earlier is None:
        return {}
    return {row.key: row.cells for row in ReportRow.objects.filter(report=earlier)}


def report_view(*, report: Report, quarter: Quarter) -> ReportView:
    """Return the report with every cell that differs from the quarter before marked."""
    before = rows_before(organisation_id=report.organisation_id, quarter=quarter)
    notes = list(ReportNote.objects.filter(report=report, is_settled=False).order_by("pk"))
    rows = []
    for row in ReportRow.objects.filter(report=report).order_by("ordinal", "pk"):
        by_column: dict[str, list[ReportNote]] = {}
        for note in notes:
            if note.row_id == row.pk:
                by_column.setdefault(note.column, []).append(note)
        known = before.get(row.key)
        rows.append(
            ShownRow(
                row, changes(row.cells, known), is_new(row.cells, row.key, quarter, before), known, by_column
            )
        )
    return ReportView(report, rows, before, [note for note in notes if note.row_id is None])


def consolidated(*, period: ReportingPeriod) -> list[Cells]:
    """Return the rows of all accepted reports, by organisation and as each of them wrote them."""
    rows = (
        ReportRow.objects.filter(report__period=period, report__state=ReportState.ACCEPTED)
        .order_by("report__organisation__name_key", "report_id", "ordinal", "pk")
        .values_list("cells", flat=True)
    )
    return list(rows.iterator(chunk_size=2000))


def lines_to_begin_with(
    *, organisation: Organisation, quarter: Quarter, registered: Sequence[ReportLine]
) -> list[ReportLine]:
    """Return the projects a new report begins with: those not closed in the report before, those modules know of."""
    lines: dict[str, ReportLine] = {}
    for key, cells in rows_before(organisation_id=organisation.pk, quarter=quarter).items():
        if not cells.get("closed_on"):
            lines[key] = ReportLine(cells.get("project", ""), cells)
    closed = JournalPart.objects.filter(
        organisation=organisation, entry__kind="project", entry__is_cancelled=False,
        entry__counts_on__range=(quarter.first, quarter.last),
    ).values_list("entry__title", "entry__on", "entry__link")  # fmt: skip
    found = [
        ReportLine(
            title,
            {"project": title, "closed_on": on.isoformat(), **({"presentation_link": link} if link else {})},
        )
        for title, on, link in closed
    ]
    for line in [*found, *registered]:
        key = project_key(line.project)
        known = lines[key].cells if key in lines else {}
        filled = {code: text for code, text in line.cells.items() if text}
        lines[key] = ReportLine(line.project, {**known, **filled})
    return list(lines.values())


def indicators_of(*, lens: Lens, organisation: Organisation) -> list[dict[str, str]]:
    """Return the rows of the plan that ask something of the organisation, as they stand."""
    if not lens.rows:
        return []
    register = register_on(municipality=lens.municipality, day=lens.as_of).of_unit(organisation.pk)
    view = plan_view(lens=lens, register=register, unit_id=organisation.pk)
    return [
        {
            "code": row.row.code,
            "number": row.row.number,
            "title": row.row.title,
            "target": row.target.as_written if row.target else "",
            "fact": row.fact,
            "state": row.state.value,
        }
        for row in view.rows
        if not row.is_of_municipality
    ]


# --- the indicator «отчёт в срок»


def _in_time() -> Q:
    return Q(first_sent_on__isnull=False) & (
        Q(period__due_on__isnull=True) | Q(first_sent_on__lte=F("period__due_on"))
    )


def sent_in_time(*, municipality_id: int, year: int) -> dict[int, int]:
    """Count the reports sent in time by quarter; a quarter whose collection has not been opened is left out."""
    found = ReportingPeriod.objects.filter(municipality_id=municipality_id, year=year)
    in_time = Q(reports__first_sent_on__isnull=False) & (
        Q(due_on__isnull=True) | Q(reports__first_sent_on__lte=F("due_on"))
    )
    rows = found.order_by("quarter").values_list("quarter").annotate(n=Count("reports", filter=in_time))
    return dict(rows)


def count_in_time(scope: Scope) -> dict[int, Decimal]:
    """Count the quarters whose report was sent in time, by organisation."""
    found = Report.objects.filter(
        _in_time(), period__municipality_id=scope.municipality_id, period__ends_on__range=(scope.first, scope.last)
    )  # fmt: skip
    if scope.organisation_ids is not None:
        found = found.filter(organisation_id__in=scope.organisation_ids)
    rows = found.order_by().values_list("organisation_id").annotate(n=Count("pk"))
    return {number: Decimal(n) for number, n in rows}


def total_in_time(scope: Scope) -> Decimal:
    """Count the quarters whose consolidated report was closed in time."""
    found = ReportingPeriod.objects.filter(
        Q(due_on__isnull=True) | Q(locked_on__lte=F("due_on")),
        municipality_id=scope.municipality_id, ends_on__range=(scope.first, scope.last), locked_on__isnull=False,
    )  # fmt: skip
    return Decimal(found.count())


def records_in_time(scope: Scope, limit: int) -> list[Record]:
    """List the reports sent in time, newest quarter first."""
    found = Report.objects.filter(
        _in_time(), period__municipality_id=scope.municipality_id, period__ends_on__range=(scope.first, scope.last)
    )  # fmt: skip
    if scope.organisation_ids is not None:
        found = found.filter(organisation_id__in=scope.organisation_ids)
    shown = found.select_related("period", "organisation").order_by("-period__ends_on", "-pk")[:limit]
    return [
        Record(
            on=report.period.ends_on,
            title=f"Отчёт за {Quarter(report.period.year, report.period.quarter).label}",
            number=report.receipt,
            organisation_id=report.organisation_id,
            organisation=str(report.organisation),
            url=reverse(
                "plan:report", args=[report.organisation_id],
                query={"year": report.period.year, "quarter": report.period.quarter},
            ),
            note=f"отправлен {report.first_sent_on:%d.%m.%Y}" if report.first_sent_on else "",
        )
        for report in shown
    ]  # fmt: skip
