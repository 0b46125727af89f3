"""What the head sees in two minutes: indicators, worst deviations, overdue measures, proposals, the next term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from gemba.plan.models import Measure, MeasureState
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import PlanView, RowView
from gemba.plan.rules import State
from gemba.regulations.deadlines import DeadlineDate, dates_between
from gemba.statements import written

TILES = 8
WORST = 3
MOST_MEASURES = 300
PROPOSALS = ("proposals_submitted", "proposals_implemented")
AHEAD = timedelta(days=200)


@dataclass(frozen=True)
class Deviation:
    """A row that lags, why, and who mends it until when."""

    row: RowView
    measure: Measure | None


@dataclass(frozen=True)
class HeadView:
    """Everything of the head's page."""

    tiles: list[RowView]
    stale: frozenset[str]
    """Codes of the rows whose number is old: they are never green."""
    states: list[tuple[str, str, int]]
    """The answer of the first second: how many indicators stand how, the worst first (word, tone, count)."""
    worst: list[Deviation]
    overdue: list[Measure]
    overdue_more: int
    open_count: int
    submitted: Decimal | None
    implemented: Decimal | None
    next_term: DeadlineDate | None


def head_view(*, lens: Lens, view: PlanView, worst: int = WORST) -> HeadView:
    """Gather the head's page."""
    open_now = _open_now(municipality_id=lens.municipality.pk)
    measures = [one for one in open_now if one.row and one.year == lens.year]
    by_row: dict[str, Measure] = {}
    for measure in measures:
        by_row.setdefault(measure.row, measure)
    late = [one for one in open_now if one.due_on < lens.today]
    stale = frozenset(row.row.code for row in view.rows if is_stale(row, lens))
    return HeadView(
        tiles=tiles(view.rows),
        stale=stale,
        states=standing(view.rows, stale),
        worst=[Deviation(row, by_row.get(row.row.code)) for row in deviations(view.rows)[:worst]],
        overdue=late[:5],
        overdue_more=len(late) - 5 if len(late) > 5 else 0,
        open_count=len(measures),
        submitted=view.totals.get("proposals_submitted"),
        implemented=view.totals.get("proposals_implemented"),
        next_term=next_term(lens),
    )


def tiles(rows: Iterable[RowView]) -> list[RowView]:
    """Choose the indicators to show: those that can be judged, the worst if they are too many, as printed."""
    judged = [row for row in rows if row.state.is_judged or row.state is State.NO_DATA]
    if len(judged) <= TILES:
        return judged
    weight = {"bad": 0, "warn": 1, "info": 2, "good": 2, "neutral": 3}
    chosen = sorted(judged, key=lambda row: weight[row.state.tone])[:TILES]
    codes = {row.row.code for row in chosen}
    return [row for row in judged if row.row.code in codes]


_WORST_FIRST = ("bad", "warn", "info", "good", "neutral")
STALE = ("Данные устарели", "neutral")


def standing(rows: Iterable[RowView], stale: frozenset[str]) -> list[tuple[str, str, int]]:
    """Count the indicators by how they stand, the worst first; an old number stands as old, whatever it says."""
    judged = [row for row in rows if row.state.is_judged or row.state is State.NO_DATA]
    found = Counter(STALE if row.row.code in stale else (row.state.word, row.state.tone) for row in judged)
    ordered = sorted(found.items(), key=lambda item: _WORST_FIRST.index(item[0][1]))
    return [(word, tone, count) for (word, tone), count in ordered]


def deviations(rows: Iterable[RowView]) -> list[RowView]:
    """Return the rows that lag, the worst first: red before yellow, then by how little is done."""
    lagging = [row for row in rows if row.state.tone == "bad" or row.state is State.BEHIND]
    return sorted(
        lagging,
        key=lambda row: (
            row.state.tone != "bad",
            row.verdict.execution if row.verdict.execution is not None else 0,
        ),
    )


def is_stale(row: RowView, lens: Lens) -> bool:
    """Tell whether a number entered by hand is older than the quarter that has ended last."""
    entered = row.facts.entered_for
    return row.facts.is_by_hand and entered is not None and entered < lens.quarter.number - 1


def open_measures(*, municipality_id: int) -> QuerySet[Measure]:
    """Return the measures that are not closed, the most urgent first."""
    # The two states that are not closed, so that the index serves.
    found = Measure.objects.filter(
        municipality_id=municipality_id, state__in=[MeasureState.GIVEN, MeasureState.REPORTED]
    )
    return found.select_related("responsible").order_by("due_on", "pk")


@written
def _open_now(*, municipality_id: int) -> QuerySet[Measure]:
    return open_measures(municipality_id=municipality_id)[:MOST_MEASURES]


def assignments_kept(*, municipality_id: int, year: int, today: date) -> dict[str, int]:
    """Count the assignments whose term lies in the year by what became of it."""
    done = Q(reported_on__isnull=False) | Q(state=MeasureState.CLOSED)
    day = Coalesce("reported_on", "closed_on")
    found = Measure.objects.filter(
        municipality_id=municipality_id, due_on__range=(date(year, 1, 1), date(year, 12, 31))
    )
    counted: dict[str, int] = found.annotate(done_on=day).aggregate(
        in_time=Count("pk", filter=done & Q(done_on__lte=F("due_on"))),
        after=Count("pk", filter=done & Q(done_on__gt=F("due_on"))),
        late=Count("pk", filter=~done & Q(due_on__lt=today)),
        ahead=Count("pk", filter=~done & Q(due_on__gte=today)),
    )
    return counted


def measures_of_row(*, municipality_id: int, row: str, indicator: str, year: int) -> list[Measure]:
    """Return the measures about a row of a year, newest first."""
    found = Measure.objects.filter(municipality_id=municipality_id, row=row, indicator=indicator, year=year)
    return list(found.select_related("responsible", "organisation").order_by("-pk")[:50])


def next_term(lens: Lens) -> DeadlineDate | None:
    """Return the nearest legal term of the edition."""
    if lens.pack is None:
        return None
    found = dates_between(lens.pack, lens.today, lens.today + AHEAD, lens.calendar)
    return next((item for item in found if item.level == "legal"), None)
