"""The board and the charts: columns page by page, numbers from the counters."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, FloatField, Func, QuerySet, Sum

from gemba.organisation.access import Actor
from gemba.organisation.models import Organisation
from gemba.organisation.queries import headcount_on
from gemba.proposals import access
from gemba.proposals.models import Author, Proposal, ProposalCounter
from gemba.proposals.queries import ready
from gemba.proposals.queries.kept import kept
from gemba.proposals.queries.lines import Line, line_of, lines
from gemba.proposals.queries.lists import scope_of, state_counts
from gemba.proposals.queries.ready import in_town
from gemba.proposals.rules.states import FINAL, IMPLEMENTED, State

CARDS = 15
COLUMNS: tuple[State, ...] = (
    State.REGISTERED,
    State.UNDER_REVIEW,
    State.RETURNED,
    State.ACCEPTED,
    State.IN_PROGRESS,
    State.IMPLEMENTED,
    State.VERIFIED,
)
MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


@dataclass(frozen=True)
class Column:
    """A column of the board: some cards and how many there are."""

    state: State
    rows: list[Line]
    total: int
    after: int | None


def board(*, actor: Actor, at: datetime, column: str = "", after: int | None = None) -> list[Column]:
    """Return the columns, each with its first cards; the named column begins after a card."""
    counts = state_counts(actor=actor, at=at, view="all")
    place = ready.place_of(actor)
    found = []
    for state in COLUMNS:
        if place is None or (column == state and after):
            rows = scope_of(actor).filter(state=state)
            if column == state and after:
                rows = rows.filter(pk__lt=after)
            cut = lines(rows.order_by("-pk")[: CARDS + 1])
        else:
            kept = ready.column(**ready.asked(actor, place), state=state.value, most=16)
            cut = [line_of(row) for row in kept]
        more, cut = len(cut) > CARDS, cut[:CARDS]
        found.append(Column(state, cut, counts.get(state, 0), cut[-1].pk if more else None))
    return found


@dataclass
class HeatRow:
    """A unit and its months."""

    organisation_id: int
    title: str
    months: list[int]
    total: int
    done: int


@dataclass
class Statistics:
    """Everything the page of charts shows for a year."""

    year: int
    funnel: list[tuple[str, int]]
    submitted: list[int]
    implemented: list[int]
    heat: list[HeatRow]
    hours: list[Decimal]
    money: list[Decimal]
    mean_days: Decimal | None
    accepted_share: Decimal | None
    per_100: Decimal | None
    authors: int
    people: int
    overdue: int
    silent: list[str] = field(default_factory=list)


def year_numbers(*, actor: Actor, today: date, at: datetime) -> dict[str, Any]:
    """Return what was sent and introduced this year and what is overdue, for the home page.

    Counted anew when something has been done in the municipality since.
    """
    own = None if access.sees_everything(actor) else access.own_organisations(actor)
    return kept(
        key=("numbers", today, own), municipality_id=actor.municipality_id or 0, at=at,
        make=lambda: _year_numbers(actor, today),
    )  # fmt: skip


def _year_numbers(actor: Actor, today: date) -> dict[str, Any]:
    counters = ProposalCounter.objects.filter(
        month_on__gte=date(today.year, 1, 1), month_on__lte=today, what__in=_COUNTED
    )
    is_cut = not access.sees_everything(actor)
    if is_cut:
        counters = counters.filter(organisation_id__in=access.own_organisations(actor))
    counters = in_town(counters, actor.municipality_id or 0, is_cut=is_cut)
    months, done = [0] * today.month, 0
    for month, what, n in counters.values_list("month_on", "what").annotate(n=Sum("count")).order_by():
        if what == "done":
            done += n
        else:
            months[month.month - 1] += n
    late = scope_of(actor).filter(term_on__lt=today).order_by()[:1000].count()
    return {"submitted": sum(months), "months": months, "implemented": done, "overdue": late}


# Named one by one, not «all but»: so the sums are read from the index alone.
_COUNTED = (*(state.value for state in State if state is not State.DUPLICATE), "done")


class Days(Func):
    """How many days lie between two days, counted by the database itself."""

    output_field = FloatField()
    arity = 2
    template = "(%(expressions)s)"
    arg_joiner = " - "

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """Count by Julian days: Django's own difference of dates is a call of Python for every row."""
        first, second = (compiler.compile(part) for part in self.get_source_expressions())
        return f"(JULIANDAY({first[0]}) - JULIANDAY({second[0]}))", [*first[1], *second[1]]


def statistics_kept(*, actor: Actor, year: int, today: date, at: datetime) -> Statistics:
    """Return the charts of a year, gathered anew when something has been done in the municipality since."""
    own = None if access.sees_everything(actor) else access.own_organisations(actor)
    return kept(
        key=("statistics", year, today, own), municipality_id=actor.municipality_id or 0, at=at,
        make=lambda: statistics(actor=actor, year=year, today=today),
    )  # fmt: skip


def statistics(*, actor: Actor, year: int, today: date, heat_rows: int = 30) -> Statistics:
    """Gather the charts of a year: funnel and months from the counters, effects from what was introduced."""
    counters = ProposalCounter.objects.filter(
        month_on__gte=date(year, 1, 1), month_on__lte=date(year, 12, 31)
    )
    own: frozenset[int] | None = None
    if not access.sees_everything(actor):
        own = access.own_organisations(actor)
        counters = counters.filter(organisation_id__in=own)
    counters = in_town(counters, actor.municipality_id or 0, is_cut=own is not None)
    states: dict[str, int] = defaultdict(int)
    submitted, implemented = [0] * 12, [0] * 12
    by_place: dict[int, list[int]] = defaultdict(lambda: [0] * 12)
    done_by_place: dict[int, int] = defaultdict(int)
    rows = counters.values_list("organisation_id", "month_on", "what").annotate(n=Sum("count")).order_by()
    for organisation_id, month, what, n in rows:
        if what == "done":
            implemented[month.month - 1] += n
            done_by_place[organisation_id] += n
            continue
        if what == State.DUPLICATE:
            continue
        states[what] += n
        submitted[month.month - 1] += n
        by_place[organisation_id][month.month - 1] += n
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = scope_of(actor)
    decided = found.filter(decided_on__gte=first, decided_on__lte=last).exclude(state=State.DUPLICATE)
    mean = decided.aggregate(mean=Avg(Days("decided_on", "submitted_on")))["mean"]
    accepted = sum(n for state, n in states.items() if state in _ACCEPTED)
    refused = states[State.REJECTED]
    people = _people(actor, own, min(last, today))
    total = sum(submitted)
    hours, money = _effects(found, year)
    return Statistics(
        year=year,
        funnel=_funnel(states, total),
        submitted=submitted,
        implemented=implemented,
        heat=_heat(by_place, done_by_place, heat_rows),
        hours=hours,
        money=money,
        mean_days=Decimal(str(mean)).quantize(Decimal("0.1")) if mean is not None else None,
        accepted_share=Decimal(accepted * 100) / (accepted + refused) if accepted + refused else None,
        per_100=(Decimal(total * 100) / people).quantize(Decimal("0.1")) if people else None,
        authors=_authors(actor, own, first, last),
        people=people,
        overdue=found.filter(term_on__lt=today).order_by()[:1000].count(),
        silent=_silent(actor, own, today, set(by_place)),
    )


_ACCEPTED = frozenset({State.ACCEPTED, State.IN_PROGRESS, State.POSTPONED, State.TO_PROJECT, *IMPLEMENTED})


def _funnel(states: dict[str, int], total: int) -> list[tuple[str, int]]:
    decided = sum(n for state, n in states.items() if state in _ACCEPTED or state in FINAL)
    return [
        ("Подано", total),
        ("Есть решение", decided),
        ("Принято", sum(n for state, n in states.items() if state in _ACCEPTED)),
        ("Внедрено", sum(n for state, n in states.items() if state in IMPLEMENTED)),
        ("Подтверждено", sum(states[state] for state in (State.VERIFIED, State.REWARDED, State.CLOSED))),
    ]


def _heat(by_place: dict[int, list[int]], done: dict[int, int], limit: int) -> list[HeatRow]:
    names = Organisation.objects.only("short_name", "name").in_bulk([*by_place])
    rows = [
        HeatRow(pk, str(names[pk]), months, sum(months), done.get(pk, 0))
        for pk, months in by_place.items()
        if pk in names
    ]
    rows.sort(key=lambda row: (-row.total, row.title))
    return rows[:limit]


def _effects(found: QuerySet[Proposal], year: int) -> tuple[list[Decimal], list[Decimal]]:
    hours, money = [Decimal(0)] * 12, [Decimal(0)] * 12
    rows = (
        found.filter(
            implemented_on__gte=date(year, 1, 1),
            implemented_on__lte=date(year, 12, 31),
            state__in=IMPLEMENTED,
        )
        .values_list("implemented_on")
        .annotate(hours=Sum("hours_a_year"), money=Sum("money_a_year"))
        .order_by()
    )
    for day, hour_sum, money_sum in rows:
        hours[day.month - 1] += hour_sum
        money[day.month - 1] += money_sum
    return _add_up(hours), _add_up(money)


def _add_up(values: Sequence[Decimal]) -> list[Decimal]:
    found: list[Decimal] = []
    for value in values:
        found.append((found[-1] if found else Decimal(0)) + value)
    return found


def _people(actor: Actor, own: frozenset[int] | None, day: date) -> int:
    return sum(
        headcount_on(municipality_id=actor.municipality_id or 0, day=day, organisation_ids=own).values()
    )


def _authors(actor: Actor, own: frozenset[int] | None, first: date, last: date) -> int:
    found = Author.objects.filter(
        proposal__municipality_id=actor.municipality_id or 0, proposal__submitted_on__gte=first,
        proposal__submitted_on__lte=last,
    )  # fmt: skip
    if own is not None:
        found = found.filter(organisation_id__in=own)
    count: int = found.aggregate(n=Count("person", distinct=True))["n"]
    return count


def _silent(actor: Actor, own: frozenset[int] | None, today: date, spoke: set[int]) -> list[str]:
    found = (
        Organisation.objects.filter(municipality_id=actor.municipality_id or 0)
        .on(today)
        .exclude(pk__in=spoke)
    )
    if own is not None:
        found = found.filter(pk__in=own)
    return [str(row) for row in found.only("short_name", "name").order_by("name_key")[:20]]
