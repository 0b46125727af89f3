"""The plan as a page shows it: each row as printed, its fact, its state, who reached the target and who did not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gemba.kernel.numbers import NO_BREAK, format_date, format_number
from gemba.plan import metrics
from gemba.plan.kinds import Kind, kinds_of
from gemba.plan.queries.facts import RowFacts, gather
from gemba.plan.queries.lens import Lens, Reading
from gemba.plan.queries.population import Register
from gemba.plan.rules import (
    HUNDRED,
    Allowed,
    Fact,
    Reach,
    State,
    Verdict,
    judge,
    reach,
    share_of_year,
    show_share,
    target_number,
)
from gemba.regulations.pack.acts import Interpretation
from gemba.regulations.pack.plan import AsNeeded, ByDate, ByDayOfYear, Ongoing, PlanRow, Target

NOT_PRINTED = "вносится вручную"


@dataclass(frozen=True)
class UnitLine:
    """One unit by one row."""

    id: int
    name: str
    fact: str
    verdict: Verdict
    kind: str = ""


@dataclass
class RowView:
    """One row of the plan."""

    row: PlanRow
    reading: Reading
    target: Target | None
    facts: RowFacts
    verdict: Verdict
    reach: Reach | None
    own: Fact
    """The fact that is shown: of the municipality, or of the unit looked at."""
    fact: str
    note: str
    source: str
    """records, journal or hand."""
    kinds: list[Kind]
    readings: list[Interpretation]
    unit_verdicts: dict[int, Verdict] = field(default_factory=dict)
    is_of_municipality: bool = False
    """In the view of one unit: the row is not asked of units."""

    @property
    def state(self) -> State:
        """Return how the row stands."""
        return self.verdict.state

    @property
    def open_readings(self) -> list[Interpretation]:
        """Return the readings that the municipality has yet to decide."""
        return [item for item in self.readings if item.status == "open"]


@dataclass
class SectionView:
    """A section of the plan as printed."""

    number: str
    title: str
    rows: list[RowView]


@dataclass
class PlanView:
    """The plan of a quarter."""

    lens: Lens
    sections: list[SectionView]
    year_passed: Decimal
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    """Values of the municipality by the codes of metrics, those asked for beside the plan included."""

    @property
    def rows(self) -> list[RowView]:
        """Return all rows in the order they are printed."""
        return [row for section in self.sections for row in section.rows]

    def counted(self) -> list[tuple[State, int]]:
        """Return how many rows stand in each state, the worst first."""
        order = list(State)
        found: dict[State, int] = {}
        for row in self.rows:
            found[row.state] = found.get(row.state, 0) + 1
        weight = {"bad": 0, "warn": 1, "info": 2, "good": 3, "neutral": 4}
        return sorted(found.items(), key=lambda pair: (weight[pair[0].tone], order.index(pair[0])))


def plan_view(
    *, lens: Lens, register: Register, unit_id: int | None = None, also: Iterable[str] = ()
) -> PlanView:
    """Return the plan of the quarter, of the municipality or as it concerns one unit."""
    facts = gather(lens=lens, register=register, also=also)
    sections = []
    if lens.pack and lens.pack.plan:
        for section in lens.pack.plan.sections:
            rows = [_view(lens, row, facts[row.code], unit_id) for row in section.rows]
            sections.append(SectionView(section.number, section.title, rows))
    return PlanView(lens, sections, share_of_year(year=lens.year, as_of=lens.as_of), facts.totals)


def for_unit(*, view: PlanView, unit_id: int) -> PlanView:
    """Return a counted plan as it concerns one unit, without asking the database."""
    sections = [
        SectionView(
            one.number, one.title, [_view(view.lens, shown.row, shown.facts, unit_id) for shown in one.rows]
        )
        for one in view.sections
    ]
    return PlanView(view.lens, sections, view.year_passed, view.totals)


def row_for_unit(*, lens: Lens, shown: RowView, unit_id: int) -> RowView:
    """Return a counted row as it concerns one unit."""
    return _view(lens, shown.row, shown.facts, unit_id)


def row_view(*, lens: Lens, register: Register, row: PlanRow, unit_id: int | None = None) -> RowView:
    """Return one row of the plan."""
    return _view(lens, row, gather(lens=lens, register=register, rows=[row])[row.code], unit_id)


def unit_lines(*, view: RowView, register: Register, most: int | None = None) -> tuple[list[UnitLine], int]:
    """Return the units of the row, those who have not reached the target first, then by name; and how many are left."""
    order = {"bad": 0, "warn": 1, "neutral": 2, "info": 3, "good": 4}
    places = register.places
    numbers = sorted(
        view.facts.units,
        key=lambda number: (order[view.unit_verdicts[number].state.tone], places.get(number, 0)),
    )
    chosen = numbers if most is None or len(numbers) <= most else numbers[:most]
    return [_line(view, register, number) for number in chosen], len(numbers) - len(chosen)


def _line(view: RowView, register: Register, number: int) -> UnitLine:
    known = register.organisations.get(number)
    return UnitLine(
        number, register.name(number), unit_fact(view, view.facts.units[number]), view.unit_verdicts[number],
        known.kind if known else "",
    )  # fmt: skip


def unit_fact(view: RowView, fact: Fact) -> str:
    """Write the fact of one unit: of a share of organisations, the number it has."""
    if (
        isinstance(metrics.find(view.reading.counts), metrics.ShareOfOrganisations)
        and not view.facts.is_by_hand
    ):
        return format_number(fact.value)
    return fact_words(view.row, view.target, fact, view.verdict.target)


def row_of(*, lens: Lens, code: str) -> PlanRow | None:
    """Return the row of the plan by its code."""
    return next((row for row in lens.rows if row.code == code), None)


def _view(lens: Lens, row: PlanRow, facts: RowFacts, unit_id: int | None) -> RowView:
    reading = lens.reading(row)
    target, due = lens.target(row), lens.due(row)
    starts = lens.edition.effective_on if lens.edition else None
    is_share_of_units = isinstance(metrics.find(reading.counts), metrics.ShareOfOrganisations)

    # Hundreds of units share a few facts: each is judged once. By identity, for its hash would cost as much; all of
    # them live as long as this.
    known: dict[tuple[int, Allowed | None], Verdict] = {}

    def judged(fact: Fact, number: int | None = None) -> Verdict:
        allowed = facts.allowed.get(number) if number else None
        key = id(fact), allowed
        verdict = known.get(key)
        if verdict is None:
            verdict = known[key] = judge(
                target=target, fact=fact, year=lens.year, as_of=lens.as_of, today=lens.judged_on, due=due,
                in_force_from=starts, allowed=allowed,
            )  # fmt: skip
        return verdict

    if is_share_of_units:
        # One unit of a share of units has it or has not.
        has, has_not = Verdict(State.MET), Verdict(State.NOTHING_YET)
        verdicts = {number: has if fact.value else has_not for number, fact in facts.units.items()}
    else:
        verdicts = {number: judged(fact, number) for number, fact in facts.units.items()}
    verdict, found = judged(facts.total), None
    if verdicts and reading.scope != "municipality":
        found = reach(verdicts.values())
    if found is not None and reading.scope == "per_unit":
        verdict = _of_units(verdict, found)
    fact = facts.total
    is_of_municipality = has_number = False
    if unit_id is not None:
        if unit_id in verdicts:
            fact, verdict, found = facts.units[unit_id], verdicts[unit_id], None
            # One unit has no share of units: it has so many records.
            has_number = is_share_of_units and not facts.is_by_hand
        else:
            is_of_municipality = True
    by_code = {item.code: item for item in lens.pack.interpretations} if lens.pack else {}
    codes = dict.fromkeys([*(target.interpretations if target else []), *row.interpretations])
    return RowView(
        row=row,
        reading=reading,
        target=target,
        facts=facts,
        verdict=verdict,
        reach=found,
        own=fact,
        fact=format_number(fact.value) if has_number else _shown(row, target, fact, verdict, found),
        note=_note(fact, verdict, found, is_informational(target), _beside(facts, unit_id)),
        source=_source(facts, reading.counts),
        kinds=kinds_of(reading.counts) if metrics.is_written(reading.counts) else [],
        readings=[by_code[code] for code in codes if code in by_code],
        unit_verdicts=verdicts,
        is_of_municipality=is_of_municipality,
    )


def _of_units(total: Verdict, found: Reach) -> Verdict:
    from dataclasses import replace

    execution = found.share if total.target else None
    return replace(total, state=found.state, execution=execution, forecast=None)


def _is_journal(code: str) -> bool:
    indicator = metrics.find(code)
    if isinstance(indicator, metrics.ShareOfOrganisations):
        return _is_journal(indicator.of)
    if isinstance(indicator, metrics.Ratio):
        return _is_journal(indicator.part)
    return indicator is not None and indicator.is_provisional


def _source(facts: RowFacts, code: str) -> str:
    if facts.is_by_hand:
        return "hand"
    return "journal" if _is_journal(code) else "records"


def fact_words(row: PlanRow, target: Target | None, fact: Fact, asked: Decimal | None) -> str:
    """Write a fact as the plan shows it."""
    if not fact.is_known:
        return "не внесено"
    if isinstance(target, ByDate | ByDayOfYear):
        return format_date(fact.on) if fact.on else "ещё нет"
    if fact.whole is not None or is_percent(row):
        if fact.value is None:
            return "не рассчитывается"
        return f"{show_share(fact.value, asked)}{NO_BREAK}%"
    value = fact.value if fact.value is not None else fact.running
    if value is None:
        return format_date(fact.on) if fact.on else "—"
    return format_number(value)


def is_percent(row: PlanRow) -> bool:
    """Tell whether the row is counted in percent."""
    return (row.unit or "").startswith(("%", "процент"))


def _shown(row: PlanRow, target: Target | None, fact: Fact, verdict: Verdict, found: Reach | None) -> str:
    if found is not None and found.total and isinstance(target, ByDate | ByDayOfYear):
        # The first day among many units says nothing of the others.
        return f"{format_number(found.reached)} из {format_number(found.total)}"
    return fact_words(row, target, fact, verdict.target)


def _beside(facts: RowFacts, unit_id: int | None) -> str:
    """Write the number that stands beside the fact: how many were sent, where those introduced are counted."""
    if not facts.beside:
        return ""
    is_own = unit_id is not None and unit_id in facts.units
    value = facts.beside_units.get(unit_id or 0, Decimal(0)) if is_own else facts.beside_total
    return f"{facts.beside}{NO_BREAK}{format_number(value)}"


def _note(fact: Fact, verdict: Verdict, found: Reach | None, is_open: bool, beside: str = "") -> str:
    words = [beside] if beside else []
    if fact.whole is not None:
        words.append(f"{format_number(fact.part)} из {format_number(fact.whole)}")
    if found is not None and found.total and target_is_reached_by(verdict):
        words.append(
            ("записи есть у " if is_open else "достигли ")
            + f"{format_number(found.reached)} из {format_number(found.total)}"
            + (f" ({show_share(found.share)}{NO_BREAK}%)" if found.share is not None else "")
        )
    if verdict.note:
        words.append(verdict.note)
    return " · ".join(words)


def target_is_reached_by(verdict: Verdict) -> bool:
    """Tell whether units can reach this target: it is planned and says what is enough."""
    return verdict.state not in (State.NO_PLAN, State.NOT_PLANNED)


def target_words(target: Target | None) -> str:
    """Write the cell of the plan as printed; an empty one is empty."""
    return target.as_written if target else ""


def asks_number(target: Target | None) -> bool:
    """Tell whether the target asks for a number that a chart can draw."""
    return bool(target_number(target))


def is_informational(target: Target | None) -> bool:
    """Tell whether the target is «постоянно» or «по мере необходимости»."""
    return isinstance(target, Ongoing | AsNeeded)


def reds(rows: Iterable[RowView]) -> list[RowView]:
    """Return the rows that ask for a countermeasure."""
    return [row for row in rows if row.state.is_red]


__all__ = [
    "HUNDRED",
    "PlanView",
    "RowView",
    "SectionView",
    "UnitLine",
    "plan_view",
    "row_of",
    "row_view",
    "unit_lines",
]
