"""What the regulation puts into the frame of every page: the edition in force, the glossary, the calendar."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from markupsafe import Markup, escape

from gemba.kernel.calendar import WorkCalendar
from gemba.regulations import glossary
from gemba.regulations.models import Edition
from gemba.regulations.pack.projects import Term
from gemba.regulations.queries import clause_title, clause_url, edition_to_show, work_calendar
from gemba.ui import frame
from gemba.ui.engine import unique


def register() -> None:
    """Put the values into the frame."""
    frame.provide("edition", _edition)
    frame.provide("glossary", _glossary)
    frame.provide("explain", _explain)
    frame.provide("calendar", _calendar)


class InForce:
    """The edition in force as the footer names it."""

    def __init__(self, edition: Edition) -> None:
        self.title = edition.title
        self.url = reverse("regulations:edition", args=[edition.code])


def of_request(request: HttpRequest) -> Edition | None:
    """Return the edition in force for the person, asked for once a request."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.municipality_id:
        return None
    if not hasattr(request, "_edition"):
        found = edition_to_show(municipality_id=actor.municipality_id, day=actor.today)
        request._edition = found  # type: ignore[attr-defined]
    kept: Edition | None = request._edition  # type: ignore[attr-defined]
    return kept


def _edition(request: HttpRequest) -> InForce | None:
    edition = of_request(request)
    return InForce(edition) if edition else None


def _calendar(request: HttpRequest) -> WorkCalendar | None:
    actor = getattr(request, "actor", None)
    return work_calendar(municipality_id=actor.municipality_id) if actor and actor.municipality_id else None


def _glossary(request: HttpRequest) -> Callable[[str], frame.Definition | None] | None:
    edition = of_request(request)
    if edition is None:
        return None

    def look_up(name: str) -> frame.Definition | None:
        found = glossary.define(edition, name)
        return definition(edition, found) if found else None

    return look_up


def _explain(request: HttpRequest) -> Callable[[str | None], Markup] | None:
    edition = of_request(request)
    return explain(edition) if edition else None


def definition(edition: Edition, term: Term) -> frame.Definition:
    """Return a term as the tooltip shows it."""
    ref = term.clause[0]
    return frame.Definition(term.term, term.definition, clause_title(edition, ref), clause_url(edition, ref))


def explain(edition: Edition) -> Callable[[str | None], Markup]:
    """Return the function of a template that shows a text with its terms explained in place."""

    def show(text: str | None) -> Markup:
        return Markup("").join(
            _explained(edition, piece.text, piece.term) if piece.term else escape(piece.text)
            for piece in glossary.explained(edition, text or "")
        )

    return show


def _explained(edition: Edition, word: str, term: Term) -> Markup:
    shown = definition(edition, term)
    return Markup(
        '<button type="button" class="term" popovertarget="{0}">{1}</button>'
        '<span popover id="{0}" class="term-pop"><b>{2}</b> {3}'
        '<span class="term-source"><a href="{5}">{4}</a></span></span>'
    ).format(unique("term"), word, shown.title, shown.text, shown.source, shown.url)
