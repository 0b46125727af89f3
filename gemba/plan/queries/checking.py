"""What the collector should look at: in all reports of a quarter at once, what is wrong and what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery

from gemba.kernel.periods import Quarter
from gemba.organisation.models import Organisation
from gemba.organisation.rules import name_key
from gemba.plan.importing import ReadFile
from gemba.plan.models import Report, ReportingPeriod, ReportRow, ReportState
from gemba.plan.reporting import Cells, doubts, report_problems

LOOKED_AT = (ReportState.DRAFT, ReportState.ON_APPROVAL, ReportState.RETURNED, ReportState.SENT)


@dataclass(frozen=True)
class Checked:
    """What was found in one report: what stops its sending, and what asks to be looked at."""

    problems: int = 0
    doubts: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Tell whether there is nothing to look at."""
        return not self.problems and not self.doubts


NOTHING = Checked()


def checked(*, period: ReportingPeriod) -> dict[int, Checked]:
    """Check all reports that are not accepted yet, by organisation: in two questions, however many there are."""
    quarter = Quarter(period.year, period.quarter)
    earlier = Report.objects.filter(
        Q(period__year__lt=quarter.year) | Q(period__year=quarter.year, period__quarter__lt=quarter.number),
        organisation_id=OuterRef("organisation_id"),
    ).order_by("-period__year", "-period__quarter")
    reports = list(
        Report.objects.filter(period=period, state__in=LOOKED_AT)
        .annotate(before_id=Subquery(earlier.values("pk")[:1]))
        .values_list("pk", "organisation_id", "state", "is_zero", "before_id")
    )
    numbers = {number for pk, *_, before_id in reports for number in (pk, before_id) if number}
    rows: dict[int, dict[str, Cells]] = {}
    found = ReportRow.objects.filter(report_id__in=numbers).order_by("report_id", "ordinal", "pk")
    for report_id, key, cells in found.values_list("report_id", "key", "cells"):
        rows.setdefault(report_id, {})[key] = cells
    answer: dict[int, Checked] = {}
    for pk, organisation_id, state, is_zero, before_id in reports:
        mine, before = rows.get(pk, {}), rows.get(before_id, {})
        is_begun = bool(mine) or is_zero or state == ReportState.SENT
        wrong = 0
        if mine and state != ReportState.SENT:
            wrong = len(report_problems(list(mine.items()), quarter, before, is_zero=is_zero))
        answer[organisation_id] = Checked(wrong, tuple(doubts(mine, before)) if is_begun else ())
    return answer


def strangers(organisation: Organisation, file: ReadFile) -> list[str]:
    """Name the cells of a file that hold another organisation of the register, not one below this one."""
    named = {
        (row.places[code], name_key(row.cells[code])): row.cells[code]
        for row in file.rows
        for code in ("participant", "organisation")
        if row.cells.get(code) and code in row.places
    }
    if not named:
        return []
    own, others = {name_key(organisation.name), name_key(str(organisation))}, set()
    for pk, name, short, path in Organisation.objects.filter(
        municipality_id=organisation.municipality_id
    ).values_list("pk", "name", "short_name", "path"):
        keys = {name_key(name), name_key(short)} - {""}
        if pk == organisation.pk or path.startswith(organisation.inner_path):
            own |= keys
        else:
            others |= keys
    return [f"{place} «{text}»" for (place, key), text in named.items() if key in others - own][:5]
