"""The board, the charts, the export of what is shown."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gemba.kernel.numbers import counted, format_date
from gemba.kernel.problems import Refusal
from gemba.proposals.models import Author, Category, Proposal
from gemba.proposals.queries import lists
from gemba.proposals.queries.board import COLUMNS, MONTHS, Statistics, board, statistics_kept
from gemba.proposals.queries.cards import may_do
from gemba.proposals.queries.lines import Line
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.rules.states import TABLE, State, Verb, move
from gemba.proposals.rules.terms import number_text
from gemba.proposals.views.base import (
    READ,
    STATISTICS,
    actor_of,
    now,
    number_in,
    proposal_or_404,
    town_of,
    year_of,
)
from gemba.proposals.views.cards import ACTS, show
from gemba.proposals.views.lists import filters_of
from gemba.ui import exports
from gemba.ui.pages import go_to, notify, page
from gemba.ui.small import address

MOST_ROWS = 100_000


@STATISTICS
@require_GET
def columns(request: HttpRequest) -> HttpResponse:
    """Show the board: a column for each state, moved by drag, by key and by form."""
    actor = actor_of(request)
    after = number_in(request, "after")
    name = request.GET.get("column", "")
    found = board(actor=actor, at=now(), column=name, after=after)
    drawn = [
        {
            "code": column.state.value, "title": column.state.title, "limit": None, "total": column.total,
            "cards": [_card(row, actor.today) for row in column.rows],
            "more_url": f"{request.path}?column={column.state}&after={column.after}" if column.after else "",
            "empty": "Здесь пусто.",
        }
        for column in found
    ]  # fmt: skip
    return page(request, "proposals/board.html", {"columns": drawn, "column": name if after else ""})


def _card(row: Line, today: date) -> dict[str, Any]:
    late = row.term_on is not None and row.term_on < today
    days = (today - timezone.localtime(row.moved_at).date()).days
    return {
        "title": row.title, "url": address("proposals:card", row.pk), "number": row.number,
        "owner": row.doer,
        "age": counted(days, "день", "дня", "дней") if days else "сегодня",
        "obstacle": f"просрочено с {format_date(row.term_on)}" if late else "",
        "state_title": "комиссия" if row.is_commission else "", "state": "info",
        "move_url": address("proposals:move", row.pk),
    }  # fmt: skip


@READ
@require_POST
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a card: at once where the act asks nothing, through its form where it does."""
    actor = actor_of(request)
    proposal = proposal_or_404(request, pk)
    target = request.POST.get("column", "")
    if target not in COLUMNS:
        raise Http404
    back = reverse("proposals:board")
    if proposal.state == target:
        return go_to(request, back)
    row = move(proposal.state, target)
    if row is None:
        return _cannot(request, proposal, target)
    ids = list(Author.objects.filter(proposal=proposal).values_list("person_id", flat=True))
    if not any(found.verb is row.verb for found in may_do(actor, proposal, ids)):
        return _cannot(request, proposal, target)
    if row.needs_reason or row.verb in (Verb.ACCEPT, Verb.IMPLEMENT, Verb.VERIFY, Verb.DUPLICATE):
        return go_to(request, reverse("proposals:act", args=[pk, row.verb]))
    try:
        ACTS[row.verb](actor, pk, {"reason": "", "responsible": None, "reviewer": None, "planned_on": None})
    except Refusal as refusal:
        return show(request, proposal, refusal.problems)
    return go_to(request, back, f"{proposal.number_text}: {TABLE[row.verb].done.lower()}.")


def _cannot(request: HttpRequest, proposal: Proposal, target: str) -> HttpResponse:
    text = f"{proposal.number_text}: из «{proposal.stage.title}» в «{State(target).title}» вы перенести не можете."
    notify(request, text, level=messages.ERROR)
    return go_to(request, reverse("proposals:board"))


@STATISTICS
@require_GET
def charts(request: HttpRequest) -> HttpResponse:
    """Show the charts of a year, each with its table."""
    actor = actor_of(request)
    town_of(request)
    year = year_of(request)
    found = statistics_kept(actor=actor, year=year, today=actor.today, at=now())
    last = actor.today.month if year == actor.today.year else 12
    context = {
        "s": found,
        "years": range(actor.today.year, actor.today.year - 5, -1),
        "months": list(MONTHS[:last]),
        "last": last,
        "funnel_steps": [{"title": title, "value": value} for title, value in found.funnel],
        "heat_rows": _heat(found, last),
        "findings": _findings(found, last),
    }
    return page(request, "proposals/statistics.html", context)


def _heat(found: Statistics, last: int) -> list[dict[str, Any]]:
    most = max((n for row in found.heat for n in row.months), default=0) or 1
    url = reverse("proposals:list")

    def cell(row: Any, number: int) -> dict[str, Any] | None:
        if not number:
            return None
        # Four depths: one alone, up to a third of the most, up to two thirds, the most.
        level = 1 if number == 1 and most > 1 else 2 + (number * 3 > most) + (number * 3 > most * 2)
        return {"value": number, "level": level}

    return [
        {
            "title": row.title, "url": f"{url}?view=all&organisation={row.organisation_id}&year={found.year}",
            "cells": [cell(row, number) for number in row.months[:last]],
        }
        for row in found.heat
    ]  # fmt: skip


def _findings(found: Statistics, last: int) -> dict[str, str]:
    """Say in the title of each chart what it shows."""
    total, done = found.funnel[0][1], found.funnel[3][1]
    share = round(done * 100 / total) if total else 0
    best = max(range(last), key=lambda month: found.submitted[month]) if any(found.submitted[:last]) else None
    return {
        "funnel": f"Из {total} поданных внедрено {done}, это {share} %"
        if total
        else "За год ещё ничего не подано",
        "months": f"Больше всего подали в {_IN_MONTH[best]}: {found.submitted[best]}"
        if best is not None
        else "Подано по месяцам",
        "heat": f"Подают: {counted(len(found.heat), 'организация', 'организации', 'организаций')}"
        if found.heat
        else "Организации пока молчат",
        "hours": f"Внедрённое за год экономит {counted(round(found.hours[last - 1]), 'час', 'часа', 'часов')} в год",
    }


_IN_MONTH = (
    "январе", "феврале", "марте", "апреле", "мае", "июне", "июле", "августе", "сентябре",
    "октябре", "ноябре", "декабре",
)  # fmt: skip


@READ
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Give what the list shows as a spreadsheet; the catalogue without names."""
    actor = actor_of(request)
    town = town_of(request)
    filters = filters_of(request, actor)
    rows = lists.found(actor=actor, filters=filters, rules=rules_of(town.pk), at=now())
    has_names = filters.view != "catalogue"
    columns = [column for column, name in _COLUMNS if has_names or name not in _NAMES]
    names = [name for _, name in _COLUMNS if has_names or name not in _NAMES]
    title = f"Предложения {town.short_name}"
    if kind == "csv":
        return exports.csv(columns=columns, rows=_lines(rows, names), file_name=title)
    above = [f"{town.name}. {lists.VIEWS[filters.view]}. Данные на {format_date(actor.today)}"]
    return exports.workbook(
        title="Предложения", columns=columns, rows=_lines(rows, names), file_name=title, above=above
    )


_C = exports.Column
_COLUMNS: list[tuple[exports.Column, str]] = [
    (_C("Номер", width=12), "number"),
    (_C("Подано", "date"), "submitted_on"),
    (_C("Состояние", width=22), "state"),
    (_C("Организация"), "organisation__short_name"),
    (_C("Подразделение"), "unit__name"),
    (_C("Автор"), "author"),
    (_C("Что мешает", "long"), "problem"),
    (_C("Что предлагается", "long"), "solution"),
    (_C("О чём", width=24), "category"),
    (_C("Срок шага", "date"), "term_on"),
    (_C("Решение", "date"), "decided_on"),
    (_C("Рассматривает"), "reviewer"),
    (_C("Внедряет"), "responsible"),
    (_C("Внедрить до", "date"), "planned_on"),
    (_C("Внедрено", "date"), "implemented_on"),
    (_C("Часов в год", "number"), "hours_a_year"),
    (_C("Рублей в год", "number"), "money_a_year"),
]
_NAMES = {"author", "reviewer", "responsible", "term_on"}
_PERSON = ("family_name", "given_name", "patronymic")
_PEOPLE = frozenset({"author", "reviewer", "responsible"})


def _lines(rows: Any, names: list[str]) -> Iterator[list[Any]]:
    """Read the rows as lines: a hundred thousand of them, so every name and word is put together once."""
    asked: list[str] = ["organisation__name", "number_year"]
    for name in names:
        asked += [f"{name}__{part}" for part in _PERSON] if name in _PEOPLE else [name]
    words = {State(code): State(code).title for code in State}
    categories = dict(Category.choices) | {"": ""}
    people: dict[tuple[str | None, ...], str] = {}
    found = rows.order_by("-pk").values_list(*asked)[:MOST_ROWS]
    for row in found.iterator(chunk_size=2000):
        line: list[Any] = []
        at = 2
        for name in names:
            value = row[at]
            at += 1
            if name in _PEOPLE:
                at += 2
                if value:
                    key = row[at - 3 : at]
                    value = people.get(key)
                    if value is None:
                        value = people[key] = " ".join(part for part in key if part)
            elif name == "number":
                value = number_text(row[1], value)
            elif name == "state":
                value = words[value]
            elif name == "category":
                value = categories.get(value, "")
            elif name == "organisation__short_name":
                value = value or row[0]
            line.append(value)
        yield line
