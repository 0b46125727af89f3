"""Charts of the plan: quarters across (bowling chart), organisations against rows (heat map)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gemba.kernel.periods import Quarter, Year
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import PlanView, plan_view
from gemba.plan.queries.population import Register, register_on
from gemba.plan.rules import State


@dataclass(frozen=True)
class Grid:
    """A table of states: names down, columns across."""

    columns: list[str]
    rows: list[dict[str, Any]]
    hidden: int = 0


def bowling(*, lens: Lens, view: PlanView) -> Grid:
    """Return the quarters of the year against the rows of the plan: value and state of each."""
    by_quarter: dict[int, PlanView] = {lens.quarter.number: view}
    for quarter in Year(lens.year).quarters:
        if quarter.first <= lens.today and quarter != lens.quarter:
            past = Lens(
                lens.municipality, quarter, lens.today, lens.edition, lens.all_editions, lens.settings
            )
            past.__dict__["calendar"] = lens.calendar
            register = register_on(municipality=lens.municipality, day=past.as_of)
            by_quarter[quarter.number] = plan_view(lens=past, register=register)
    rows = []
    for place, shown in enumerate(view.rows):
        cells: list[dict[str, Any] | None] = []
        for number in (1, 2, 3, 4):
            seen = by_quarter.get(number)
            if seen is None:
                cells.append(None)
                continue
            one = seen.rows[place]
            cells.append({"value": one.fact, "state": one.state.tone, "word": one.state.word})
        target = shown.target.as_written if shown.target else ""
        rows.append(
            {
                "title": f"{shown.row.number}. {shown.row.title}",
                "target": target or "—",
                "code": shown.row.code,
                "cells": cells,
            }
        )
    return Grid([f"{quarter.roman} кв." for quarter in Year(lens.year).quarters], rows)


def by_years(*, lens: Lens, view: PlanView) -> Grid:
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
        past = Lens(lens.municipality, quarter, lens.today, lens.edition, lens.all_editions, lens.settings)
        past.__dict__["calendar"] = lens.calendar
        views[year] = plan_view(
            lens=past, register=register_on(municipality=lens.municipality, day=past.as_of)
        )
    rows = []
    for place, shown in enumerate(view.rows):
        cells: list[dict[str, Any] | None] = []
        for year in years:
            target = shown.row.targets.get(year)
            asked = target.as_written if target and target.as_written else "плана нет"
            if year in views:
                one = views[year].rows[place]
                cells.append(
                    {"value": one.fact, "state": one.state.tone, "word": f"{one.state.word}; цель: {asked}"}
                )
            else:
                cells.append({"value": asked, "state": "neutral", "word": "цель"})
        rows.append(
            {"title": f"{shown.row.number}. {shown.row.title}", "code": shown.row.code, "cells": cells}
        )
    return Grid([str(year) for year in years], rows)


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
