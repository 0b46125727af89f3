"""The records behind a number, a page at a time, whatever module keeps them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from gemba.plan import metrics
from gemba.plan.metrics import Record, Scope

PAGE = 25
# How many records of one day may stand before the page: a guard against an address made by hand.
MOST_SKIPPED = 2000


@dataclass(frozen=True)
class RecordPage:
    """Some records, newest first, and where the next page begins."""

    records: list[Record]
    before: str = ""
    skip: int = 0


def record_page(*, scope: Scope, code: str, before: str = "", skip: int = 0) -> RecordPage:
    """Return a page of the records: from the day `before`, past the `skip` records of that day already shown."""
    if not metrics.is_fed(code):
        return RecordPage([])
    skip = min(max(skip, 0), MOST_SKIPPED)
    if before:
        try:
            scope = replace(scope, last=min(scope.last, date.fromisoformat(before)))
        except ValueError:
            skip = 0
    else:
        skip = 0
    found = metrics.records_of(scope, code, skip + PAGE + 1)[skip:]
    if len(found) <= PAGE:
        return RecordPage(found)
    shown = found[:PAGE]
    edge = shown[-1].on
    same_day = sum(record.on == edge for record in shown)
    if before == edge.isoformat():
        same_day += skip
    return RecordPage(shown, edge.isoformat(), same_day)
