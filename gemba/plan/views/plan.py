"""The plan as printed, with facts: the whole, one row, a spreadsheet."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from gemba.kernel.periods import Quarter, Year
from gemba.organisation.access import may
from gemba.plan import metrics
from gemba.plan.access import own_organisation_ids
from gemba.plan.exports import plan_workbook
from gemba.plan.listed import MOST, records_workbook, units_workbook
from gemba.plan.queries.corrections import Correction, by_code, known_corrections
from gemba.plan.queries.glance import Glance
from gemba.plan.queries.head import measures_of_row
from gemba.plan.queries.lens import Lens
from gemba.plan.queries.plan import (
    RowView,
    for_unit,
    plan_view,
    row_for_unit,
    row_of,
    row_view,
    unit_lines,
)
from gemba.plan.queries.population import Register, register_on
from gemba.plan.queries.records import record_page
from gemba.plan.rules import target_number
from gemba.plan.views.base import (
    READ,
    actor_of,
    at_quarter,
    clauses,
    lens_of,
    municipality_of,
    need_lens,
    opened,
    quarter_chips,
    whole,
    year_chips,
)
from gemba.regulations.models import Edition
from gemba.regulations.queries import pack_of
from gemba.ui.pages import page
from gemba.ui.small import options

UNITS_SHOWN = 40
LEFT_OUT_SHOWN = 200


@READ
@require_GET
def current(request: HttpRequest) -> HttpResponse:
    """Show the plan of the quarter, or say why there is none."""
    kept = opened(request)
    lens = kept.lens if kept else lens_of(request)
    actor = actor_of(request)
    if lens is None:
        return page(request, "plan/none.html", {"may_load": may(actor, "regulations.load")})
    unit = whole(request, "unit")
    context: dict[str, Any] = {
        "lens": lens,
        "years": year_chips(lens, "plan:current", unit=unit),
        "quarters": quarter_chips(lens, "plan:current", unit=unit),
    }
    if lens.pack is None or lens.pack.plan is None or not lens.rows:
        return page(request, "plan/absent.html", context | _absence(lens))
    register = (kept and kept.register) or register_on(municipality=lens.municipality, day=lens.as_of)
    if unit is not None and unit not in register.organisations:
        raise Http404
    view = (kept and kept.view) or plan_view(lens=lens, register=register)
    units = _units(register, view.rows)
    if unit is not None:
        view = for_unit(view=view, unit_id=unit)
    edition = lens.edition
    assert edition is not None
    context |= {
        "view": view,
        "plan": lens.pack.plan,
        "pack_years": sorted(lens.pack.edition.years),
        "unit": register.organisations[unit] if unit is not None else None,
        "units": options(units, unit),
        "own": [register.organisations[pk] for pk in _own(request, register)],
        "may": {"enter": may(actor, "plan.enter"), "set_up": may(actor, "plan.set_up")},
        "row_url": lambda code: at_quarter("plan:row", lens.quarter, code, unit=unit),
        "export_url": at_quarter("plan:export", lens.quarter, unit=unit),
        "charts_url": at_quarter("plan:charts", lens.quarter),
        "editions": _editions(lens),
        "compare_url": _compare_url(lens),
        "corrected": _corrected(lens, unit),
        **clauses(edition),
    }
    return page(request, "plan/plan.html", context)


def _corrected(lens: Lens, unit: int | None) -> dict[str, Correction]:
    """Return what has changed in the quarter locked before, by row; it is of the municipality, not of one unit."""
    return by_code(known_corrections(lens=lens, clock=time.monotonic())) if unit is None else {}


def _absence(lens: Lens) -> dict[str, Any]:
    later = lens.next_edition
    return {
        "reason": (lens.pack.plan.absent if lens.pack and lens.pack.plan else "") or "",
        "is_defined": bool(lens.pack and lens.pack.plan),
        "later": later,
        "later_url": at_quarter("plan:current", max(Quarter.of(later.effective_on), lens.quarter))
        if later
        else "",
        "has_later_plan": bool(later and pack_of(later).plan_rows()),
    }


def _own(request: HttpRequest, register: Register) -> list[int]:
    actor = actor_of(request)
    if may(actor, "plan.enter_whole"):
        return []
    return sorted(own_organisation_ids(actor) & register.organisations.keys())[:5]


def _units(register: Register, rows: list[RowView]) -> list[tuple[int, str]]:
    numbers = set().union(*(row.facts.units for row in rows))
    places = register.places
    return [(number, register.name(number)) for number in sorted(numbers, key=lambda one: places.get(one, 0))]


def _of_year(lens: Lens) -> list[Edition]:
    found = [edition for edition in lens.all_editions if edition.first_year <= lens.year <= edition.last_year]
    return sorted(found, key=lambda edition: edition.effective_on)


def _compare_url(lens: Lens) -> str:
    """Return where the shown edition stands beside the one before it, or the first beside the next."""
    found = _of_year(lens)
    if len(found) < 2 or lens.edition is None or lens.edition not in found:
        return ""
    place = max(found.index(lens.edition), 1)
    return reverse("regulations:compare", args=[found[place].code, found[place - 1].code])


def _editions(lens: Lens) -> list[dict[str, Any]]:
    """Return the editions whose plan covers this year, when there is a choice."""
    found = _of_year(lens)
    if len(found) < 2:
        return []
    return [
        {
            "title": f"с {edition.effective_on:%d.%m.%Y}",
            "url": at_quarter("plan:current", lens.quarter, edition=edition.code),
            "is_current": lens.edition is not None and edition.pk == lens.edition.pk,
        }
        for edition in found
    ]


@READ
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the plan information of the quarter as a spreadsheet in the layout of the act."""
    lens = need_lens(request)
    if not lens.rows:
        raise Http404
    register = register_on(municipality=lens.municipality, day=lens.as_of)
    unit = whole(request, "unit")
    if unit is not None and unit not in register.organisations:
        raise Http404
    view = plan_view(lens=lens, register=register, unit_id=unit)
    name = register.organisations[unit].name if unit is not None else ""
    return plan_workbook(view=view, unit=name, corrected=_corrected(lens, unit))


@READ
@require_GET
def row(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show one row: how it is counted, who reached the target, the quarters of the year, the records behind."""
    kept, actor = opened(request), actor_of(request)
    lens = (kept and kept.lens) or need_lens(request)
    found = row_of(lens=lens, code=code)
    if found is None:
        raise Http404
    register = (kept and kept.register) or register_on(municipality=lens.municipality, day=lens.as_of)
    unit = whole(request, "unit")
    if unit is not None and unit not in register.organisations:
        raise Http404
    counted = (
        next((one for one in kept.view.rows if one.row.code == code), None) if kept and kept.view else None
    )
    view = counted or row_view(lens=lens, register=register, row=found)
    if unit is not None:
        view = row_for_unit(lens=lens, shown=view, unit_id=unit)
    indicator = metrics.find(view.reading.counts)
    scope = metrics.Scope(
        municipality_of(request).pk,
        Year(lens.year).first,
        lens.as_of,
        register.with_predecessors(unit) if unit is not None else None,
    )
    if request.GET.get("as") == "xlsx":
        if request.GET.get("of") == "units":
            return units_workbook(lens=lens, shown=view, lines=unit_lines(view=view, register=register)[0])
        return records_workbook(
            lens=lens,
            shown=view,
            records=metrics.records_of(scope, view.reading.counts, MOST) if view.source != "hand" else [],
            unit=register.organisations[unit].name if unit is not None else "",
        )
    records = record_page(
        scope=scope, code=view.reading.counts, before=request.GET.get("before", ""), skip=whole(request, "skip") or 0
    )  # fmt: skip
    is_whole = whole(request, "units") == 1
    lines, hidden = unit_lines(view=view, register=register, most=None if is_whole else UNITS_SHOWN)
    edition = lens.edition
    assert edition is not None
    context = {
        "lens": lens,
        "shown": view,
        "indicator": indicator,
        "unit": register.organisations[unit] if unit is not None else None,
        "lines": lines,
        "lines_hidden": hidden,
        "all_units_url": at_quarter("plan:row", lens.quarter, code, units=1),
        "outside": [register.name(pk) for pk in sorted(view.facts.population.outside_ids)]
        if view.facts.population
        else [],
        "too_new": len(view.facts.population.too_new_ids) if view.facts.population else 0,
        "population_size": len(view.facts.population) if view.facts.population else 0,
        "records": records.records,
        "left_out": list(indicator.left_out(scope, LEFT_OUT_SHOWN + 1))
        if isinstance(indicator, metrics.Metric) and indicator.left_out
        else [],
        "left_out_shown": LEFT_OUT_SHOWN,
        "records_export_url": f"{at_quarter('plan:row', lens.quarter, code, unit=unit)}&as=xlsx",
        "units_export_url": f"{at_quarter('plan:row', lens.quarter, code)}&as=xlsx&of=units",
        "more_url": at_quarter("plan:row", lens.quarter, code, unit=unit, before=records.before, skip=records.skip)
        if records.before
        else "",
        "years": year_chips(lens, "plan:row", code, unit=unit),
        "quarters": quarter_chips(lens, "plan:row", code, unit=unit),
        "plan_url": at_quarter("plan:current", lens.quarter, unit=unit),
        "unit_url": f"{at_quarter('plan:row', lens.quarter, code)}&unit=",
        "enter_url": at_quarter("plan:enter", lens.quarter, code),
        "allow_url": at_quarter("plan:allow", lens.quarter, code),
        "reading_url": at_quarter("plan:reading", lens.quarter, code),
        "chart": _chart(kept, lens, view, unit),
        "measures": measures_of_row(
            municipality_id=lens.municipality.pk, row=found.code, indicator=found.indicator, year=lens.year
        ),
        "give_url": reverse(
            "plan:give", query={"row": found.code, "year": lens.year, "quarter": lens.quarter.number}
        ),
        "may": {
            "enter": may(actor, "plan.enter"),
            "set_up": may(actor, "plan.set_up"),
            "whole": may(actor, "plan.enter_whole"),
            "give": may(actor, "plan.give_measure"),
            "measures": may(actor, "plan.read_measures"),
        },
        **clauses(edition),
    }  # fmt: skip
    return page(request, "plan/row.html", context)


def _chart(kept: Glance | None, lens: Lens, view: RowView, unit: int | None) -> dict[str, Any] | None:
    """Return the quarters of the year against the target; of a row asked of each unit, how many have reached it."""
    quarters = Year(lens.year).quarters
    asked = target_number(view.target)
    is_reach = view.row.scope == "per_unit" and unit is None and view.reach is not None
    if not asked or (is_reach and view.reach is not None and not view.reach.total):
        return None
    values: list[Decimal | None] = [
        None if quarter.first > lens.as_of else _value_at(kept, lens, view, quarter, unit, is_reach=is_reach)
        for quarter in quarters
    ]
    if not any(value is not None for value in values):
        return None
    labels = [f"{quarter.roman} кв." for quarter in quarters]
    if is_reach and view.reach is not None:
        title = f"Достигли цели: {view.reach.reached} из {view.reach.total}"
        whole = Decimal(view.reach.total)
        return {"title": title, "labels": labels, "values": values, "target": whole, "target_title": "Все"}
    title = f"Нарастающим итогом по кварталам {lens.year} года: {view.fact}"
    return {"title": title, "labels": labels, "values": values, "target": asked, "target_title": "Цель"}


def _value_at(
    kept: Glance | None, lens: Lens, view: RowView, quarter: Quarter, unit: int | None, *, is_reach: bool
) -> Decimal | None:
    seen = view
    if quarter != lens.quarter:
        whole_then = kept.at(quarter) if kept else None
        if whole_then is not None:
            seen = next(one for one in whole_then.rows if one.row.code == view.row.code)
        else:
            past = lens.at(quarter)
            register = register_on(municipality=lens.municipality, day=past.as_of)
            seen = row_view(lens=past, register=register, row=view.row)
    if is_reach:
        return Decimal(seen.reach.reached) if seen.reach is not None else None
    fact = seen.facts.units.get(unit) if unit is not None else seen.facts.total
    if fact is None or not fact.is_known:
        return None
    value = fact.value if fact.value is not None else fact.running
    return None if value is None else round(value, 1)
