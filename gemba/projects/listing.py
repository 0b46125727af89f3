"""Rows of the register and cards of the board as HTML: written here and not in a template, a page has hundreds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from markupsafe import Markup, escape

from gemba.kernel.numbers import format_date
from gemba.projects.queries.listed import Listed
from gemba.projects.queries.parts import Card, short_name
from gemba.projects.rules.states import Status, number_text
from gemba.ui.engine import money, near, show_date
from gemba.ui.small import addresses, badge, cell

_NONE = '<span class="muted">—</span>'
_UNNAMED = '<span class="muted">не назван</span>'
_LATE = "просрочен"
_PENDING = '<span class="cell-note">новая редакция на согласовании</span>'


def rows_of(
    rows: Sequence[Listed], columns: Sequence[str], stages: Mapping[int, str], today: date
) -> list[Markup]:
    """Draw the cells of each row: the project, then the chosen columns."""
    address = addresses("projects:card")
    days: dict[date, Markup] = {}

    def term(row: Listed) -> str:
        day = row.stage_end_on
        if day is None or row.status != Status.ACTIVE:
            return _NONE
        if day not in days:
            days[day] = near(day, today)
        return f"{badge(_LATE, 'bad')} {days[day]}" if day < today else days[day]

    def stage(row: Listed) -> str:
        return f"{row.stage}. {escape(stages.get(row.stage, ''))}" if row.edition_number else _NONE

    draw: dict[str, Callable[[Listed], str]] = {**_DRAWN, "term": term, "stage": stage}
    chosen = [(draw[code], "num" if code == "effect" else "") for code in columns]
    found = []
    for row in rows:
        note = number_text(row.number, row.number_year) or "без номера"
        name = cell(row.title, href=address(row.pk), note=note, main=True)
        cells = "".join(
            f'<td class="{look}">{write(row)}</td>' if look else f"<td>{write(row)}</td>"
            for write, look in chosen
        )
        found.append(Markup(f"{name}{cells}"))
    return found


def cards_of(cards: Sequence[Card], today: date) -> list[dict[str, str]]:
    """Tell what the cards of a column say."""
    address = addresses("projects:card")
    return [
        {
            "title": card.title,
            "url": address(card.pk),
            "number": number_text(card.number, card.number_year),
            "owner": short_name(card.leader_family, card.leader_given, card.leader_patronymic),
            "state_title": "Просрочен" if card.stage_end_on and card.stage_end_on < today else "",
            "state": "bad",
            "age": f"до {format_date(card.stage_end_on)}" if card.stage_end_on else "",
        }
        for card in cards
    ]


def _status(row: Listed) -> str:
    place = Status(row.status)
    shown = badge(place.title, place.tone)
    return f"{shown}{_PENDING}" if row.is_sent and place is not Status.APPROVAL else shown


def _person(family: str | None, given: str | None, patronymic: str | None) -> str:
    return escape(short_name(family, given, patronymic)) or _UNNAMED


def _day(day: date | None) -> str:
    return show_date(day) if day else "—"


_DRAWN: Mapping[str, Callable[[Listed], str]] = {
    "status": _status,
    "organisation": lambda row: escape(row.organisation_short or row.organisation_name),
    "leader": lambda row: _person(row.leader_family, row.leader_given, row.leader_patronymic),
    "customer": lambda row: _person(row.customer_family, row.customer_given, row.customer_patronymic),
    "direction": lambda row: escape(row.direction or "—"),
    "portfolio": lambda row: escape(row.portfolio or "—"),
    "effect": lambda row: escape(money(row.money_a_year, 0)) if row.money_a_year else _NONE,
    "opened": lambda row: _day(row.opened_on),
    "closed": lambda row: _day(row.closed_on),
}
