"""The table of the year and the statistics as spreadsheets: everything shown, not only the first lines of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from gemba.kernel.numbers import format_date
from gemba.proposals.queries.board import MONTHS, statistics
from gemba.proposals.queries.rules import rules_of
from gemba.proposals.queries.year import year_table
from gemba.proposals.views.base import READ, STATISTICS, actor_of, town_of, year_of
from gemba.ui import exports

ALL = 100_000
_C = exports.Column
_NUMBER = "number"


@READ
@require_GET
def year(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Give the table of a year: people who agreed to be named, and organisations."""
    town = town_of(request)
    chosen = year_of(request)
    table = year_table(municipality_id=town.pk, year=chosen, rules=rules_of(town.pk), shown=ALL)
    columns = [
        _C("Раздел", width=16), _C("Кто"), _C("Подано", _NUMBER), _C("Принято", _NUMBER), _C("Внедрено", _NUMBER),
        _C("Повторено", _NUMBER), _C("Баллы", _NUMBER),
    ]  # fmt: skip
    rows: list[Sequence[Any]] = [
        (
            "Сотрудник",
            line.name,
            line.submitted,
            line.accepted,
            line.implemented,
            line.replicated,
            line.points,
        )
        for line in table.people
    ]
    rows += [
        ("Организация", line.name, line.submitted, None, line.implemented, line.replicated, None)
        for line in table.organisations
    ]
    return _answer(request, kind, f"Лучшие за {chosen} год", columns, rows)


@STATISTICS
@require_GET
def charts(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Give the numbers behind the charts of a year: organisations by months."""
    actor = actor_of(request)
    chosen = year_of(request)
    found = statistics(actor=actor, year=chosen, today=actor.today, heat_rows=ALL)
    columns = [
        _C("Организация"), *(_C(month, _NUMBER, width=8) for month in MONTHS), _C("Подано", _NUMBER),
        _C("Внедрено", _NUMBER),
    ]  # fmt: skip
    rows: list[Sequence[Any]] = [(row.title, *row.months, row.total, row.done) for row in found.heat]
    rows.append(("Всего", *found.submitted, sum(found.submitted), sum(found.implemented)))
    return _answer(request, kind, f"Предложения за {chosen} год", columns, rows)


def _answer(
    request: HttpRequest,
    kind: str,
    title: str,
    columns: Sequence[exports.Column],
    rows: Iterable[Sequence[Any]],
) -> HttpResponse | StreamingHttpResponse:
    town = town_of(request)
    name = f"{title} {town.short_name}"
    if kind == "csv":
        return exports.csv(columns=columns, rows=rows, file_name=name)
    if kind != "xlsx":
        raise Http404
    above = [f"{town.name}. {title}. Данные на {format_date(actor_of(request).today)}"]
    return exports.workbook(title=title, columns=columns, rows=rows, file_name=name, above=above)
