"""Fixed places and their pictures: list, criteria × organisations, years, one organisation; each with its XLSX."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from gemba.scorecards.rules.exact import shown
from gemba.self_assessment import access, queries
from gemba.self_assessment.access import light_campaigns
from gemba.self_assessment.models import Campaign, Standing
from gemba.self_assessment.pictures import radar, share, state_of, word_of
from gemba.self_assessment.views.base import READ, actor_of, campaign_or_404, clause_link, number_in
from gemba.self_assessment.views.campaigns import tabs_of
from gemba.ui.exports import Column, workbook
from gemba.ui.pages import page

MOST_IN_PICTURE = 60
Answer = HttpResponse | FileResponse


def _seen(request: HttpRequest, found: Campaign) -> list[Standing]:
    """Return the fixed places the actor may see."""
    return list(queries.standings(actor=actor_of(request), campaign=found))


def _groups(rows: list[Standing]) -> list[tuple[str, list[Standing]]]:
    groups: dict[str, list[Standing]] = {}
    for row in rows:
        groups.setdefault(row.group_title, []).append(row)
    return list(groups.items())


@READ
@require_GET
def rating(request: HttpRequest, pk: int) -> Answer:
    """Show the places by group."""
    found = campaign_or_404(request, pk)
    rows = _seen(request, found)
    if request.GET.get("as") == "xlsx":
        return _rating_sheet(found, rows)
    actor = actor_of(request)
    own = access.own_organisations(actor)
    page_from = number_in(request, "from") or 0
    shown_rows = rows[page_from : page_from + 200]
    here = reverse("self_assessment:rating", args=[pk])
    context = {
        "campaign": found, "groups": _groups(shown_rows), "own": own, "tabs": tabs_of(request, found, "rating"),
        "without": next((row.banner for row in rows if row.banner), ""), "count": len(rows),
        "is_whole": access.sees_everything(actor) or found.is_published,
        "may_run": actor.may("self_assessment.run"),
        "bars": [
            {
                "title": str(row.organisation), "value": row.total, "note": f"место {row.place}" if row.place else "",
                "url": reverse("self_assessment:result", args=[row.participant_id]),
                "state": "info" if row.organisation_id in own else "plain",
            }
            for row in shown_rows[:MOST_IN_PICTURE]
        ],
        "next_url": f"{here}?from={page_from + 200}" if len(rows) > page_from + 200 else "",
        "previous_url": f"{here}?from={max(0, page_from - 200)}" if page_from else "",
    }  # fmt: skip
    return page(request, "self_assessment/rating.html", context)


def _rating_sheet(found: Campaign, rows: list[Standing]) -> Answer:
    columns = [Column("Группа"), Column("Место", "number"), Column("Организация"), Column("Итог", "number")]
    return workbook(
        title="Рейтинг", columns=columns, file_name=f"Рейтинг {found.year}",
        rows=([row.group_title, row.place, row.organisation.name, row.total] for row in rows),
        above=_above(found, rows),
    )  # fmt: skip


def _above(found: Campaign, rows: list[Standing]) -> list[str]:
    lines = [
        found.title,
        f"{found}: зафиксирован {found.fixed_on:%d.%m.%Y}" if found.fixed_on else str(found),
    ]
    banner = next((row.banner for row in rows if row.banner), "")
    return [*lines, banner] if banner else lines


@READ
@require_GET
def heat(request: HttpRequest, pk: int) -> Answer:
    """Show criteria × organisations."""
    found = campaign_or_404(request, pk)
    rows = _seen(request, found)
    codes = list(rows[0].points) if rows else []
    if request.GET.get("as") == "xlsx":
        columns = [
            Column("Организация"),
            *(Column(f"{code}. {rows[0].points[code][3]}", "number") for code in codes),
        ]
        lines = ([row.organisation.name, *(_number(row.points.get(code)) for code in codes)] for row in rows)
        return workbook(
            title="Критерии",
            columns=columns,
            rows=lines,
            file_name=f"Критерии {found.year}",
            above=_above(found, rows),
        )
    pictured = [
        {
            "title": str(row.organisation), "url": reverse("self_assessment:result", args=[row.participant_id]),
            "cells": [_cell(row.points.get(code)) for code in codes],
        }
        for row in rows[:MOST_IN_PICTURE]
    ]  # fmt: skip
    means = [
        {
            "code": code,
            "title": _named(code, rows[0].points[code]),
            "value": _mean([share(row.points[code]) for row in rows]),
        }
        for code in codes
    ]
    context = {
        "campaign": found, "lines": pictured, "codes": codes, "means": means, "count": len(rows),
        "most": MOST_IN_PICTURE, "tabs": tabs_of(request, found, "heat"),
    }  # fmt: skip
    return page(request, "self_assessment/heat.html", context)


def _named(code: str, points: list[Any]) -> str:
    """Return a criterion as a label of a picture: its number and the first words."""
    title = str(points[3])
    return f"{code}. {title if len(title) <= 60 else title[:57].rsplit(' ', 1)[0] + '…'}"


def _cell(points: list[Any] | None) -> dict[str, Any] | None:
    if not points:
        return None
    part = share(points)
    value = points[1] if points[1] is not None else points[0]
    return {
        "value": "—" if value is None else shown(Decimal(value)),
        "state": state_of(part),
        "word": word_of(part),
    }


def _number(points: list[Any] | None) -> Decimal | None:
    if not points:
        return None
    value = points[1] if points[1] is not None else points[0]
    return None if value is None else Decimal(value)


def _mean(parts: list[float | None]) -> Decimal | None:
    known = [part for part in parts if part is not None]
    return Decimal(str(round(sum(known) / len(known) * 100, 1))) if known else None


@READ
@require_GET
def movement(request: HttpRequest, pk: int) -> Answer:
    """Show who rose and who fell since the year before."""
    found = campaign_or_404(request, pk)
    earlier = queries.year_before(campaign=found)
    rows = queries.movement(actor=actor_of(request), campaign=found)
    if request.GET.get("as") == "xlsx":
        columns = [
            Column("Организация"), Column("Группа"), Column("Место было", "number"), Column("Место стало", "number"),
            Column("Итог был", "number"), Column("Итог стал", "number"),
        ]  # fmt: skip
        lines = (
            [
                row.organisation, row.group_title, row.before.place if row.before else None, row.after.place,
                row.before.total if row.before else None, row.after.total,
            ]
            for row in rows
        )  # fmt: skip
        return workbook(
            title="К прошлому году",
            columns=columns,
            rows=lines,
            file_name=f"Движение {found.year}",
            above=[str(found)],
        )
    context = {
        "campaign": found, "earlier": earlier, "rows": rows[:200], "count": len(rows),
        "tabs": tabs_of(request, found, "movement"),
        "up": sum(1 for row in rows if (row.up or 0) > 0), "down": sum(1 for row in rows if (row.up or 0) < 0),
        "bars": [
            {"title": row.organisation, "value": abs(row.gain), "state": "good" if row.gain > 0 else "bad",
             "note": "выше" if row.gain > 0 else "ниже"}
            for row in rows[:MOST_IN_PICTURE]
            if row.gain
        ],
    }  # fmt: skip
    return page(request, "self_assessment/movement.html", context)


@READ
@require_GET
def result(request: HttpRequest, pk: int) -> Answer:
    """Show one organisation: radar, bars, years, why so many points."""
    actor = actor_of(request)
    row = (
        access.visible_standings(actor)
        .select_related("organisation", "campaign")
        .filter(participant_id=pk)
        .first()
    )
    if row is None:
        raise Http404
    codes = list(row.points)
    if request.GET.get("as") == "xlsx":
        columns = [
            Column("Критерий", "long"), Column("Балл", "number"), Column("С коэффициентом", "number"),
            Column("Наибольшее", "number"),
        ]  # fmt: skip
        lines = (
            [
                f"{code}. {row.points[code][3]}",
                *(None if each is None else Decimal(each) for each in row.points[code][:3]),
            ]
            for code in codes
        )
        return workbook(
            title="Результат", columns=columns, rows=lines, file_name=f"{row.organisation} {row.campaign.year}",
            above=[str(row.organisation), str(row.campaign)],
        )  # fmt: skip
    others = list(
        access.visible_standings(actor)
        .filter(campaign_id=row.campaign_id, group=row.group)
        .values_list("points", flat=True)
    )
    group_mean = [_share_mean([points.get(code) for points in others]) for code in codes]
    series = [(str(row.organisation), [share(row.points[code]) for code in codes])]
    if len(others) > 1:
        series.append(("Среднее группы", group_mean))
    years = queries.organisation_years(
        actor=actor, organisation_id=row.organisation_id, procedure=row.campaign.procedure
    )
    context = {
        "row": row, "codes": codes, "radar": radar(codes, series), "series": series,
        "bars": [
            {
                "title": _named(code, row.points[code]),
                "value": None if (part := share(row.points[code])) is None else Decimal(str(round(part * 100, 1))),
                "state": state_of(part), "note": word_of(part) if part is None else "",
            }
            for code in codes
        ],
        "names": clause_link(light_campaigns().get(pk=row.campaign_id).edition), "years": years, "size": len(others),
        "may_open": access.visible_participants(actor).filter(pk=pk).exists(),
    }  # fmt: skip
    return page(request, "self_assessment/result.html", context)


def _share_mean(points: list[Any]) -> float | None:
    known = [part for each in points if each and (part := share(each)) is not None]
    return sum(known) / len(known) if known else None
