"""Charts of the plan: quarters across (bowling chart), organisations against rows (heat map)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gemba.kernel.numbers import NO_BREAK, format_number
from gemba.kernel.periods import Quarter, Year
from gemba.plan.queries.glance import Glance
from gemba.plan.queries.head import assignments_kept
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import PlanView, plan_view
from gemba.plan.queries.population import Register, register_on
from gemba.plan.queries.reports import participants, sent_in_time
from gemba.plan.rules import State


@dataclass(frozen=True)
class Grid:
    """A table of states: names down, columns across."""

    columns: list[str]
    rows: list[dict[str, Any]]
    hidden: int = 0


def bowling(*, lens: Lens, view: PlanView, kept: Glance | None = None) -> Grid:
    """Return the quarters of the year against the rows of the plan: value and state of each."""
    by_quarter: dict[int, PlanView] = {lens.quarter.number: view}
    for quarter in Year(lens.year).quarters:
        if quarter.first <= lens.today and quarter != lens.quarter:
            by_quarter[quarter.number] = _seen(lens, quarter, kept)
    rows = []
    for place, shown in enumerate(view.rows):
        target = shown.target.as_written if shown.target else ""
        cells: list[dict[str, Any] | None] = [{"value": "", "state": "plan", "note": target or "—"}]
        for number in (1, 2, 3, 4):
            seen = by_quarter.get(number)
            if seen is None:
                cells.append(None)
                continue
            one = seen.rows[place]
            cells.append({"value": one.fact, "state": one.state.tone, "word": one.state.word})
        rows.append(
            {"title": f"{shown.row.number}. {shown.row.title}", "code": shown.row.code, "cells": cells}
        )
    columns = [f"Цель {lens.year}", *(f"{quarter.roman} кв." for quarter in Year(lens.year).quarters)]
    return Grid(columns, rows)


def _seen(lens: Lens, quarter: Quarter, kept: Glance | None) -> PlanView:
    found = kept.at(quarter) if kept else None
    if found is not None:
        return found
    past = lens.at(quarter)
    return plan_view(lens=past, register=register_on(municipality=lens.municipality, day=past.as_of))


def finding(view: PlanView) -> str:
    """Say in a line how the rows stand: the title of the chart."""
    judged = [(state, count) for state, count in view.counted() if state.is_judged]
    said = ", ".join(f"{state.word.lower()} {count}" for state, count in judged)
    return f"{view.lens.quarter.label}: {said}" if said else view.lens.quarter.label


def by_years(*, lens: Lens, view: PlanView, kept: Glance | None = None) -> Grid:
    """Return the years of the edition against the rows of its plan; a year to come shows its target."""
    years = sorted(lens.pack.edition.years) if lens.pack else []
    views: dict[int, PlanView] = {}
    for year in years:
        if year > lens.today.year:
            continue
        quarter = Quarter(year, 4) if year < lens.today.year else Quarter.of(lens.today)
        if quarter == lens.quarter:
            views[year] = view
            continue
        views[year] = _seen(lens, quarter, kept)
    rows = []
    for place, shown in enumerate(view.rows):
        cells: list[dict[str, Any] | None] = []
        for year in years:
            target = shown.row.targets.get(year)
            asked = target.as_written if target and target.as_written else "плана нет"
            if year in views:
                one = views[year].rows[place]
                cells.append(
                    {
                        "value": one.fact,
                        "state": one.state.tone,
                        "word": one.state.word,
                        "note": f"цель: {asked}",
                    }
                )
            else:
                cells.append({"value": "", "state": "plan", "note": f"цель: {asked}"})
        rows.append(
            {"title": f"{shown.row.number}. {shown.row.title}", "code": shown.row.code, "cells": cells}
        )
    return Grid([str(year) for year in years], rows)


@dataclass(frozen=True)
class Kept:
    """How terms were kept: the share of reports sent in time by quarter, and what became of assignments."""

    labels: list[str]
    shares: list[Decimal | None]
    asked: int
    assignments: list[dict[str, Any]]

    @property
    def title(self) -> str:
        """Say the finding."""
        known = [
            (label, share) for label, share in zip(self.labels, self.shares, strict=True) if share is not None
        ]
        if not known:
            return "Отчёты в срок"
        label, share = known[-1]
        return f"Отчёты в срок: {format_number(share, 0)}{NO_BREAK}% за {label}"


def kept_terms(*, lens: Lens, register: Register) -> Kept:
    """Return how the terms of the year were kept: of reports, quarter by quarter, and of assignments."""
    asked = len(participants(lens=lens, register=register))
    sent = sent_in_time(municipality_id=lens.municipality.pk, year=lens.year)
    shares = [
        round(Decimal(sent[quarter.number]) * 100 / asked) if quarter.number in sent and asked else None
        for quarter in Year(lens.year).quarters
    ]
    counts = assignments_kept(municipality_id=lens.municipality.pk, year=lens.year, today=lens.today)
    return Kept(
        [f"{quarter.roman} кв." for quarter in Year(lens.year).quarters],
        [None if share is None else Decimal(min(share, 100)) for share in shares],
        asked,
        [
            {"title": title, "value": counts[code], "state": tone}
            for code, title, tone in (
                ("in_time", "Исполнено в срок", "good"),
                ("after", "Исполнено с опозданием", "warn"),
                ("late", "Просрочено сейчас", "bad"),
                ("ahead", "Срок впереди", "neutral"),
            )
        ]
        if any(counts.values())
        else [],
    )


def heat_of_units(*, view: PlanView, register: Register, limit: int) -> Grid:
    """Return the organisations against the rows that each of them has to reach, those with most red first."""
    rows = [
        row
        for row in view.rows
        if row.unit_verdicts
        and row.reading.scope != "municipality"
        and row.verdict.state is not State.NO_PLAN
    ]
    numbers = {number for row in rows for number in row.unit_verdicts}

    def red(number: int) -> int:
        return sum(row.unit_verdicts[number].state.is_red for row in rows if number in row.unit_verdicts)

    ordered = sorted(numbers, key=lambda number: (-red(number), register.name(number).casefold()))
    lines = []
    for number in ordered[:limit]:
        cells: list[dict[str, Any] | None] = []
        for row in rows:
            verdict = row.unit_verdicts.get(number)
            fact = row.facts.units.get(number)
            cells.append(
                None
                if verdict is None or fact is None
                else {"value": _short(row, number), "state": verdict.state.tone, "word": verdict.state.word}
            )
        lines.append({"title": register.name(number), "id": number, "cells": cells})
    return Grid([row.row.number for row in rows], lines, max(0, len(ordered) - limit))


def _short(row: Any, number: int) -> str:
    from gemba.plan.queries.plan import unit_fact

    return unit_fact(row, row.facts.units[number])
