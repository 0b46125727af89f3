"""Facts of all rows of a plan at once: from records, from the journal or by hand, for the municipality and by unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from django.db.models import QuerySet

from gemba.kernel.periods import Year
from gemba.organisation.queries import Population
from gemba.plan import metrics
from gemba.plan.models import Allowance, ExecutorLink, ManualFact
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.population import Register, inherited, inherited_dates
from gemba.plan.rules import UNKNOWN, Allowed, Fact, of_levels, of_share, periods_due
from gemba.regulations.pack.plan import OngoingAtLeast, Periodic, PlanRow
from gemba.statements import written

ZERO = Decimal(0)
# A year is a small number for the database, which no mark of a written statement is: each year has its own statement.
_Shape: TypeAlias = int


@dataclass
class RowFacts:
    """What was done by a row: in the municipality and by each unit of its population."""

    total: Fact
    units: dict[int, Fact] = field(default_factory=dict)
    population: Population | None = None
    is_by_hand: bool = False
    allowed: dict[int, Allowed] = field(default_factory=dict)
    unlinked: list[str] = field(default_factory=list)
    """Executors that the act names and nobody has found in the register."""
    ended: list[date] = field(default_factory=list)
    beside: str = ""
    """The word before the number that stands beside the fact as a note; empty where nothing does."""
    beside_total: Decimal = Decimal(0)
    beside_units: Mapping[int, Decimal] = field(default_factory=dict)
    entered_for: int | None = None
    """By hand: the last quarter for which somebody has entered a value."""


@dataclass
class _Sources:
    """Everything counted once for all rows."""

    counts: metrics.Counts
    levels: dict[str, Mapping[date, Mapping[int, Decimal]]]
    dates: Mapping[str, Mapping[int, date]]
    manual: dict[tuple[str, str], list[ManualFact]]
    allowed: dict[tuple[str, str], dict[int, Allowed]]
    links: dict[str, int]


class Gathered(dict[str, RowFacts]):
    """Facts by the codes of rows, with the totals of the metrics that were asked for beside them."""

    totals: Mapping[str, Decimal]


def gather(
    *, lens: Lens, register: Register, rows: Iterable[PlanRow] | None = None, also: Iterable[str] = ()
) -> Gathered:
    """Return the facts of the rows by their codes, in a number of statements that does not grow with the data.

    `also` names metrics counted in the same statements for the page around the plan.
    """
    chosen = list(lens.rows if rows is None else rows)
    sources = _count(lens, chosen, also)
    found = Gathered({row.code: _facts(lens, register, row, sources) for row in chosen})
    found.totals = sources.counts.totals
    return found


def _count(lens: Lens, rows: list[PlanRow], also: Iterable[str]) -> _Sources:
    codes = {lens.reading(row).counts for row in rows}
    fed = {code for code in codes if metrics.is_fed(code)}
    scope = metrics.Scope(lens.municipality.pk, date(lens.year, 1, 1), lens.as_of)
    levels: dict[str, Mapping[date, Mapping[int, Decimal]]] = {}
    by_function: dict[object, list[str]] = {}
    for code in fed:
        indicator = metrics.find(code)
        if isinstance(indicator, metrics.Level):
            levels[code] = indicator.levels(scope, [*_ended(lens), lens.as_of])
        elif isinstance(indicator, metrics.FirstDate):
            by_function.setdefault(indicator.dates, []).append(code)
    dates: dict[str, Mapping[int, date]] = {}
    for group in by_function.values():
        first = metrics.find(group[0])
        if isinstance(first, metrics.FirstDate):
            dates |= first.dates(lens.municipality.pk, lens.as_of, group)
    return _Sources(
        counts=metrics.count_all(scope, [*fed, *_beside(fed), *also]),
        levels=levels,
        dates=dates,
        manual=_manual(lens) if codes - fed else {},
        allowed=_allowances(lens),
        links=_links(lens) if any(not row.population for row in rows if row.scope == "per_unit") else {},
    )


def _beside(codes: Iterable[str]) -> list[str]:
    """Return what is noted beside these: it is counted in the same statements."""
    found = [metrics.find(code) for code in codes]
    return [one.beside for one in found if isinstance(one, metrics.Metric) and one.beside]


def _ended(lens: Lens) -> list[date]:
    return [quarter.last for quarter in Year(lens.year).quarters if quarter.last <= lens.as_of]


def _manual(lens: Lens) -> dict[tuple[str, str], list[ManualFact]]:
    found: dict[tuple[str, str], list[ManualFact]] = {}
    for fact in _facts_by_hand(
        municipality_id=lens.municipality.pk, year=lens.year, quarter=lens.quarter.number
    ):
        found.setdefault((fact.row, fact.indicator), []).append(fact)
    return found


def _allowances(lens: Lens) -> dict[tuple[str, str], dict[int, Allowed]]:
    found: dict[tuple[str, str], dict[int, Allowed]] = {}
    for one in _allowed(municipality_id=lens.municipality.pk, year=lens.year):
        found.setdefault((one.row, one.indicator), {})[one.organisation_id] = Allowed(one.value, one.reason)
    return found


def _links(lens: Lens) -> dict[str, int]:
    return dict(_linked(municipality_id=lens.municipality.pk))


@written
def _facts_by_hand(*, municipality_id: int, year: _Shape, quarter: _Shape) -> QuerySet[ManualFact]:
    found = ManualFact.objects.filter(municipality_id=municipality_id, year=year, quarter__lte=quarter)
    return found.order_by("quarter")


@written
def _allowed(*, municipality_id: int, year: _Shape) -> QuerySet[Allowance]:
    return Allowance.objects.filter(municipality_id=municipality_id, year=year)


@written
def _linked(*, municipality_id: int) -> QuerySet[ExecutorLink, tuple[str, int]]:
    found = ExecutorLink.objects.filter(municipality_id=municipality_id)
    return found.values_list("executor", "organisation_id")


def _facts(lens: Lens, register: Register, row: PlanRow, sources: _Sources) -> RowFacts:
    reading = lens.reading(row)
    population, unlinked = _population(lens, register, row, sources, reading.scope)
    code = reading.counts
    indicator = metrics.find(code) if metrics.is_fed(code) else None
    if indicator is None:
        found = _by_hand(lens, row, sources.manual.get((row.code, row.indicator), []), population)
    elif isinstance(indicator, metrics.ShareOfOrganisations):
        found = _share(sources.counts.by_organisation.get(indicator.of, {}), population)
    elif isinstance(indicator, metrics.Ratio):
        found = _ratio(indicator, sources.counts, population)
    elif isinstance(indicator, metrics.Level):
        found = _level(lens, register, sources.levels[code], population)
    elif isinstance(indicator, metrics.FirstDate):
        found = _dates(sources.dates.get(code, {}), population)
    else:
        found = _number(lens, indicator, sources.counts, population)
    target = lens.target(row)
    if isinstance(target, Periodic):
        _ask_periods(lens, target, found)
    found.population, found.unlinked = population, unlinked
    found.allowed = sources.allowed.get((row.code, row.indicator), {})
    return found


def _population(
    lens: Lens, register: Register, row: PlanRow, sources: _Sources, scope: str
) -> tuple[Population | None, list[str]]:
    if row.population:
        return register.population(row.population), []
    if scope == "municipality" or lens.pack is None:
        return None, []
    names = {executor.code: executor for executor in lens.pack.executors}
    found, unlinked = [], []
    for code in row.executors:
        executor = names[code]
        if executor.is_external:
            continue
        if executor.kinds:
            return register.population(executor.kinds), []
        number = sources.links.get(code) or register.find(executor.name)
        if number is None:
            unlinked.append(executor.name)
        else:
            found.append(number)
    return (register.of_named(found) if found else None), unlinked


def _number(
    lens: Lens, metric: metrics.Metric, counts: metrics.Counts, population: Population | None
) -> RowFacts:
    values = counts.by_organisation.get(metric.code, {})
    found = RowFacts(Fact(counts.totals.get(metric.code, ZERO)))
    noted: Mapping[int, Decimal] = {}
    if metric.beside:
        noted = counts.by_organisation.get(metric.beside, {})
        found.beside, found.beside_total = metric.beside_word, counts.totals.get(metric.beside, ZERO)
    if population is None:
        return found
    if noted:
        found.beside_units = inherited(noted, population)
    own = inherited(values, population)
    if metric.total is not None:
        # What is not a sum over organisations is not one over a merger either: one person, one project is one.
        for heir, merged in _mergers(values, population).items():
            scope = metrics.Scope(lens.municipality.pk, date(lens.year, 1, 1), lens.as_of, frozenset(merged))
            own[heir] = metric.total(scope)
    found.units = _same_once(own)
    return found


def _same_once(values: Mapping[int, Decimal]) -> dict[int, Fact]:
    """Make the facts of units; hundreds share a few values, and each value is one fact."""
    facts = {value: Fact(value) for value in set(values.values())}
    return {number: facts[value] for number, value in values.items()}


def _mergers(values: Mapping[int, Decimal], population: Population) -> dict[int, set[int]]:
    """Return the units to which more than one organisation has brought results, with all of these."""
    found: dict[int, set[int]] = {}
    if population.successors:
        for number in values:
            heir = population.heir(number)
            if heir is not None:
                found.setdefault(heir, set()).add(number)
    return {heir: numbers for heir, numbers in found.items() if len(numbers) > 1}


def _share(values: Mapping[int, Decimal], population: Population | None) -> RowFacts:
    if population is None:
        return RowFacts(Fact(None))
    own = inherited(values, population)
    having = sum(value > 0 for value in own.values())
    units = _same_once(own)
    return RowFacts(of_share(part=having, whole=len(population)), units)


def _ratio(indicator: metrics.Ratio, counts: metrics.Counts, population: Population | None) -> RowFacts:
    total = of_share(
        part=counts.totals.get(indicator.part, ZERO), whole=counts.totals.get(indicator.whole, ZERO), grows=False
    )  # fmt: skip
    if population is None:
        return RowFacts(total)
    parts = inherited(counts.by_organisation.get(indicator.part, {}), population)
    wholes = inherited(counts.by_organisation.get(indicator.whole, {}), population)
    pairs = {number: (parts[number], whole) for number, whole in wholes.items()}
    shares = {pair: of_share(part=pair[0], whole=pair[1], grows=False) for pair in set(pairs.values())}
    units = {number: shares[pair] for number, pair in pairs.items()}
    return RowFacts(total, units)


def _level(
    lens: Lens,
    register: Register,
    levels: Mapping[date, Mapping[int, Decimal]],
    population: Population | None,
) -> RowFacts:
    ended = _ended(lens)
    running = levels[lens.as_of]
    total = of_levels(
        ended=[sum(levels[day].values(), ZERO) for day in ended], running=sum(running.values(), ZERO)
    )
    if population is None:
        return RowFacts(total, ended=ended)
    by_day = {day: inherited(values, population) for day, values in levels.items()}
    units = {}
    known: dict[tuple[Decimal, ...], Fact] = {}
    for number in population.organisation_ids:
        starts = register.organisations[number].starts_on
        own = [day for day in ended if starts is None or starts <= day]
        levels_of = tuple(by_day[day][number] for day in [*own, lens.as_of])
        fact = known.get(levels_of)
        if fact is None:
            fact = known[levels_of] = of_levels(ended=levels_of[:-1], running=levels_of[-1])
        units[number] = fact
    return RowFacts(total, units, ended=ended)


def _dates(values: Mapping[int, date], population: Population | None) -> RowFacts:
    if population is None:
        return RowFacts(Fact(on=min(values.values(), default=None)))
    own = inherited_dates(values, population)
    units = {number: Fact(on=own.get(number)) for number in population.organisation_ids}
    return RowFacts(Fact(on=min(own.values(), default=None)), units)


def _by_hand(lens: Lens, row: PlanRow, entered: list[ManualFact], population: Population | None) -> RowFacts:
    latest: dict[int | None, ManualFact] = {}
    series: dict[int | None, list[ManualFact]] = {}
    for fact in entered:
        latest[fact.organisation_id] = fact
        series.setdefault(fact.organisation_id, []).append(fact)
    target = lens.target(row)

    def of(number: int | None) -> Fact:
        if number not in latest:
            return UNKNOWN
        if isinstance(target, OngoingAtLeast):
            return of_levels(
                ended=[fact.value for fact in series[number] if fact.value is not None], running=latest[number].value
            )  # fmt: skip
        return Fact(latest[number].value, on=latest[number].on, grows=not _is_share(row))

    units: dict[int, Fact] = {}
    if population is not None:
        owners = {population.heir(number): number for number in latest if number is not None}
        units = {number: of(owners.get(number, number)) for number in population.organisation_ids}
    total = of(None)
    if not total.is_known and not _is_share(row):
        known = [of(number) for number in latest if number is not None]
        values = [fact.value for fact in known if fact.value is not None]
        days = [fact.on for fact in known if fact.on is not None]
        if known:
            total = Fact(sum(values, ZERO) if values else None, on=min(days, default=None))
    last = max((fact.quarter for fact in entered), default=None)
    return RowFacts(total, units, is_by_hand=True, entered_for=last)


def _is_share(row: PlanRow) -> bool:
    return (row.unit or "").startswith(("%", "процент")) or row.indicator.endswith("_share")


def _ask_periods(lens: Lens, target: Periodic, found: RowFacts) -> None:
    from dataclasses import replace

    days = lens.due_days(target)
    starts = lens.edition.effective_on if lens.edition else date.min
    may_be_asked = [day for day in days if day >= starts]
    due = periods_due(year=lens.year, times=target.times, today=lens.judged_on, due_days=may_be_asked or days)
    asked = len(may_be_asked) if days else target.times
    found.total = replace(found.total, due_periods=due, asked_periods=asked)
    found.units = {
        number: replace(fact, due_periods=due, asked_periods=asked) for number, fact in found.units.items()
    }
