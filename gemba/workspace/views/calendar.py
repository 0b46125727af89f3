"""The calendar of terms: month, list, year, spreadsheet."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gemba.kernel.numbers import format_date
from gemba.organisation.access import can, may
from gemba.organisation.requests import actor_of
from gemba.regulations.models import CalendarDay
from gemba.ui.exports import Column, workbook
from gemba.ui.guards import guard
from gemba.ui.pages import page
from gemba.workspace import months
from gemba.workspace.months import FIRST_YEAR, LAST_YEAR, MONTHS
from gemba.workspace.terms import OTHER, WHATS, Term, notes_of, of_request, what_title

CALENDAR = guard(can("workspace.calendar"), "Календарь сроков")
VIEWS = {"month": "Месяц", "list": "Список", "year": "Год"}


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for; anything damaged is today's month."""

    view: str
    year: int
    month: int
    what: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """Read the address."""
        today = actor_of(request).today
        view = request.GET.get("view", "month")
        what = request.GET.get("what", "")
        return cls(
            view if view in VIEWS else "month",
            _whole(request.GET.get("year", ""), FIRST_YEAR, LAST_YEAR, today.year),
            _whole(request.GET.get("month", ""), 1, 12, today.month),
            what if what in WHATS or what == OTHER else "",
        )

    def url(self, **changes: Any) -> str:
        """Return the address with some of it changed, without what goes without saying."""
        asked = {"view": self.view, "year": self.year, "month": self.month, "what": self.what, **changes}
        if asked["view"] == "month":
            asked.pop("view")
        else:
            asked.pop("month")
        query = "&".join(f"{key}={value}" for key, value in asked.items() if value)
        return f"{reverse('workspace:calendar')}?{query}"

    def step(self, step: int) -> str:
        """Return the address of the period before or after, or nothing at the end of the calendar."""
        if self.view == "month":
            year, month = months.beside(self.year, self.month, step)
        else:
            year, month = self.year + step, self.month
        return self.url(year=year, month=month) if FIRST_YEAR <= year <= LAST_YEAR else ""

    @property
    def title(self) -> str:
        """Return the period in words."""
        return f"{MONTHS[self.month - 1]} {self.year}" if self.view == "month" else f"{self.year} год"


def _whole(text: str, least: int, most: int, otherwise: int) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most:
        return int(text)
    return otherwise


@CALENDAR
@require_http_methods(["GET"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the terms of a month or a year."""
    actor, asked, shared = actor_of(request), Asked.of(request), of_request(request)
    numbers = [asked.month] if asked.view == "month" else list(range(1, 13))
    first, last = (
        months.days_of(asked.year, numbers[0])[0][0],
        months.days_of(asked.year, numbers[-1])[-1][-1],
    )
    found = shared.between(first, last + months.REMINDERS_REACH)
    inside = [
        term for term in found if term.item.due_on.year == asked.year and term.item.due_on.month in numbers
    ]
    counts = months.counts(inside)
    chosen = [term for term in found if asked.what in ("", term.what)]
    titles = dict(
        CalendarDay.objects.filter(
            municipality_id=actor.municipality_id or 0, day__range=(first, last)
        ).values_list("day", "title")
    )
    grids = [
        months.month_of(
            year=asked.year, number=number, terms=chosen, calendar=shared.calendar, titles=titles, today=actor.today
        )
        for number in numbers
    ]  # fmt: skip
    terms = [term for grid in grids for term in grid.terms]
    nearest = next((term for term in shared.coming() if asked.what in ("", term.what)), None)
    return page(
        request,
        "workspace/calendar.html",
        {
            "asked": asked,
            "months": grids,
            "terms": terms,
            "by_month": [(grid, grid.terms) for grid in grids if grid.terms],
            "views": [
                {"title": title, "url": asked.url(view=code), "is_current": code == asked.view}
                for code, title in VIEWS.items()
            ],
            "whats": _whats(asked, counts),
            "previous_url": asked.step(-1),
            "next_url": asked.step(1),
            "today_url": asked.url(year=actor.today.year, month=actor.today.month),
            "is_now": (asked.year, asked.month if asked.view == "month" else actor.today.month)
            == (actor.today.year, actor.today.month),
            "is_over": any(term.item.is_after_programme for term in terms),
            "duties": shared.duties() if asked.view != "month" else [],
            "edition": shared.edition,
            "left_words": shared.left_words,
            "last_working": shared.calendar.previous_working,
            "nearest_url": _term_url(asked, nearest) if nearest else "",
            "may_load": may(actor, "regulations.load"),
            "has_calendar": bool(titles) or bool(shared.calendar.days_off),
        },
    )


def _term_url(asked: Asked, term: Term) -> str:
    due = term.item.due_on
    return f"{asked.url(view='month', year=due.year, month=due.month)}#t-{term.code}"


def _whats(asked: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the filters that would show something, the chosen one always."""
    shown = [code for code in (*WHATS, OTHER) if counts.get(code) or code == asked.what]
    everything = {
        "title": "Все", "url": asked.url(what=""), "is_current": not asked.what, "count": sum(counts.values()),
    }  # fmt: skip
    return [
        everything,
        *(
            {
                "title": what_title(code), "url": asked.url(what=code), "is_current": code == asked.what,
                "count": counts.get(code, 0),
            }
            for code in shown
        ),
    ]  # fmt: skip


@CALENDAR
@require_http_methods(["GET"])
def export(request: HttpRequest) -> HttpResponse:
    """Give the year's terms as a spreadsheet, by the filter of the page."""
    actor, asked, shared = actor_of(request), Asked.of(request), of_request(request)
    if asked.view == "month":
        first = date(asked.year, asked.month, 1)
        year, month = months.beside(asked.year, asked.month, 1)
        last = date(year, month, 1) - date.resolution
    else:
        first, last = date(asked.year, 1, 1), date(asked.year, 12, 31)
    found = [term for term in shared.between(first, last) if asked.what in ("", term.what)]
    town = actor.municipality.name if actor.municipality else ""
    book = workbook(
        title=f"Сроки {asked.year}",
        columns=[
            Column("Срок", "date"), Column("Что сделать", "long"), Column("О чём"), Column("За период", width=20),
            Column("Дата по акту", "date"), Column("Напоминания", width=26), Column("Как в акте", "long"),
            Column("Пункт", width=30), Column("Кому", width=24), Column("Примечание", "long"),
        ],
        rows=[
            (
                term.item.due_on, term.item.title, term.what_title, term.item.period_label, term.item.legal_on,
                ", ".join(format_date(day) for day in term.item.remind_on), term.item.as_written,
                "; ".join(ref.title for ref in term.refs), term.item.to, " ".join(notes_of(term)),
            )
            for term in found
        ],
        file_name=f"Сроки {asked.title.lower()}",
        above=[town, f"Сроки: {asked.title.lower()}{', ' + what_title(asked.what).lower() if asked.what else ''}",
               f"На {format_date(actor.today)}"],
    )  # fmt: skip
    # A guard calls every answer by the name of the commonest one; a file is an answer too.
    return cast(HttpResponse, book)
