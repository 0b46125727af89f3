"""Acts of loading a report from a spreadsheet: all rows or none, and back again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from gemba.kernel.problems import Problem, Refusal
from gemba.organisation.access import Actor
from gemba.organisation.models import Organisation
from gemba.plan.actions.reports import MOST_ROWS, _begun, _may, _open, _record, _save
from gemba.plan.models import Report, ReportRow
from gemba.plan.queries.lens import Lens
from gemba.plan.reporting import clean_cells, columns_of, project_key, row_problems


def load_rows(
    *,
    actor: Actor,
    lens: Lens,
    organisation: Organisation,
    rows: Sequence[Mapping[str, str]],
    at: datetime,
) -> Report:
    """Put the projects of a file in the place of what the report held; what it held is kept for «Отменить».

    :raises Refusal: when a row is wrong, two rows are one project, or there are too many.
    """
    _may(actor, "plan.report", organisation)
    columns = columns_of(lens.pack)
    made: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for number, raw in enumerate(rows, start=1):
        cells, found = clean_cells(raw, columns)
        found = found or row_problems(cells, lens.quarter)
        problems += [Problem(f"Строка {number}: {one.text}", field=one.field, mend=one.mend) for one in found]
        key = project_key(cells.get("project", ""))
        if key in made:
            problems.append(
                Problem(f"Строка {number}: проект «{cells['project']}» уже был выше.", mend="Оставьте один.")
            )
        made[key] = cells
    if not rows:
        problems.append(Problem("В файле нет ни одного проекта.", mend="Проверьте лист и заголовки."))
    if len(rows) > MOST_ROWS:
        problems.append(Problem(f"Строк больше {MOST_ROWS}.", mend="Проверьте, тот ли это файл."))
    if problems:
        raise Refusal(problems)
    with transaction.atomic():
        report = _open(_begun(lens, organisation, actor, at))
        kept = ReportRow.objects.filter(report=report).order_by("ordinal", "pk")
        report.before_import = [[row.key, row.cells] for row in kept]
        kept.delete()
        _write(report, list(made.items()))
        report.is_zero = False
        _save(report)
        report.imported_version = report.version
        report.save(update_fields=["imported_version"])
        _record(actor, report, lens.quarter, "plan.load_report", at, after={"report_rows_loaded": len(made)})
    return report


def unload_rows(*, actor: Actor, lens: Lens, organisation: Organisation, at: datetime) -> Report:
    """Give the report back what it held before the file.

    :raises Refusal: when it has been changed since.
    """
    _may(actor, "plan.report", organisation)
    with transaction.atomic():
        report = _open(_begun(lens, organisation, actor, at))
        changed = ReportRow.objects.filter(report=report, version__gt=1).exists()
        if report.before_import is None or report.imported_version != report.version or changed:
            raise Refusal(
                Problem("Отменить загрузку уже нельзя: отчёт с тех пор меняли.", mend="Исправьте строки.")
            )
        ReportRow.objects.filter(report=report).delete()
        _write(report, [(key, cells) for key, cells in report.before_import])
        report.before_import, report.imported_version = None, None
        _save(report)
        _record(actor, report, lens.quarter, "plan.unload_report", at)
    return report


def _write(report: Report, rows: Sequence[tuple[str, dict[str, str]]]) -> None:
    ReportRow.objects.bulk_create(
        ReportRow(report=report, ordinal=number, key=key, cells=cells)
        for number, (key, cells) in enumerate(rows, start=1)
    )
