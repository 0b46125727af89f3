"""Jinja2 for the product's pages: filters, globals, and rendering one named block."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any

import jinja2
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.backends.jinja2 import Jinja2, Template
from django.urls import reverse
from django.utils import timezone
from markupsafe import Markup, escape

from gemba.kernel import numbers
from gemba.ui import charts, drafts, fields, frame, owner, small
from gemba.ui.icons import icon, static

NOTHING = Markup(numbers.NOTHING)


class Missing(jinja2.StrictUndefined):
    """A name or key nobody gave: false in a question, an error when shown or walked through."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return isinstance(other, jinja2.Undefined)

    def __hash__(self) -> int:  # type: ignore[override]
        return id(type(self))


class PageTemplate(Template):
    """A template that can render one of its blocks alone."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> str:
        """Render the whole page."""
        token = frame.current.set(request)
        try:
            return self.template.render(_values(context, request))
        finally:
            frame.current.reset(token)

    def has_block(self, name: str) -> bool:
        """Tell whether this template itself fills the block."""
        return name in self.template.blocks

    def render_block(self, name: str, context: dict[str, Any] | None, request: HttpRequest | None) -> str:
        """Render one block, as it stands in the whole page.

        Imports and `set` at the top of the template belong to its root: running the root up to its first piece of
        output executes them (and joins the parents' blocks) without rendering the frame.
        """
        token = frame.current.set(request)
        try:
            inner = self.template.new_context(_values(context, request))
            root = self.template.root_render_func(inner)
            # White space may stand before `extends`; the first word of the frame ends the walk.
            next((piece for piece in root if piece.strip()), None)
            return "".join(inner.blocks[name][0](inner))
        finally:
            frame.current.reset(token)


class Templates(Jinja2):
    """Django's Jinja2 backend over `templates/` folders, giving `PageTemplate`."""

    app_dirname = "templates"

    def from_string(self, template_code: str) -> PageTemplate:
        """Make a template of a text."""
        return PageTemplate(self.env.from_string(template_code), self)

    def get_template(self, template_name: str) -> PageTemplate:
        """Find a template by name."""
        found = super().get_template(template_name)
        return PageTemplate(found.template, self)


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment: showing a missing name is an error, blocks leave no empty lines."""
    options["undefined"] = Missing
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = jinja2.Environment(**options, extensions=["jinja2.ext.do"])
    env.filters |= {
        "number": numbers.format_number,
        "money": money,
        "date": show_date,
        "datetime": show_moment,
        "near": near,
        "plural": plural,
        "percent": percent,
        "initials": initials,
        "labelled": labelled,
        "slug": slug,
    }
    env.globals |= {
        "url": url,
        "static": static,
        "icon": icon,
        "csrf": csrf,
        "term": term,
        "explained": explained,
        "unique": unique,
        "small": small,
        "field_view": fields.describe,
        "charts": charts,
        "draft_waits": lambda: drafts.waiting(frame.current.get()),
    }
    return env


def _values(context: Mapping[str, Any] | None, request: HttpRequest | None) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {
        "request": request,
        "actor": actor,
        "today": today_of(request),
        "frame": frame.of(request),
        "accent_of": frame.accent_of,
        **(context or {}),
    }


def today_of(request: HttpRequest | None) -> date:
    """Give the actor's day, or the server's when nobody is signed in."""
    actor = getattr(request, "actor", None)
    return getattr(actor, "today", None) or timezone.localdate()


# --- filters


def money(value: Decimal | int | float | None, places: int | None = None) -> str:
    """Write roubles: «12 500 ₽», with kopecks only when there are any."""
    if value is None:
        return NOTHING
    if places is None:
        places = 0 if value == int(value) else 2
    return f"{numbers.format_number(value, places)}{numbers.NO_BREAK}₽"


def percent(value: Decimal | int | float | None, places: int | None = None) -> str:
    """Write a number that is already in percent: «45,5 %»."""
    return NOTHING if value is None else f"{numbers.format_number(value, places)}{numbers.NO_BREAK}%"


def show_date(value: date | datetime | None, style: str = "short") -> Markup:
    """Write a date as `<time>`: «21.11.2026», or in words with `long`."""
    if value is None:
        return NOTHING
    day = _day(value)
    text = numbers.format_long_date(day) if style == "long" else numbers.format_date(day)
    # Dates are our own figures and words, nothing to escape; Markup.format costs ten times an f-string.
    return Markup(f'<time datetime="{day.isoformat()}">{text}</time>')


def show_moment(value: datetime | None) -> Markup:
    """Write a moment in local time as `<time>`."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    shown = numbers.format_moment(local)
    return Markup(f'<time datetime="{local.isoformat(timespec="minutes")}">{shown}</time>')


def near(value: date | datetime | None, today: date | None = None) -> Markup:
    """Write a date as people say it, the exact date beside: «завтра, 22.11.2026»."""
    if value is None:
        return NOTHING
    request = frame.current.get()
    day = _day(value)
    spoken = numbers.near_date(day, today or today_of(request), frame.of(request).calendar)
    # A far date is already the date: writing it twice says nothing.
    exact = "" if spoken[0].isdigit() and "назад" not in spoken else numbers.format_date(day)
    beside = f' <span class="muted nowrap">{exact}</span>' if exact else ""
    return Markup(f'<time datetime="{day.isoformat()}">{spoken}{beside}</time>')


def plural(value: int | Decimal, one: str, few: str, many: str, *, alone: bool = False) -> str:
    """Write a number with its word: «3 дня»; `alone` gives the word only."""
    return numbers.plural(value, one, few, many) if alone else numbers.counted(value, one, few, many)


def initials(name: str) -> str:
    """Give two letters for an avatar: «Иванова Анна Петровна» → «ИА»."""
    words = [word for word in re.split(r"[\s.]+", name) if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def slug(text: object) -> str:
    """Make an HTML id of any text, the same each time."""
    bare = re.sub(r"\W+", "-", str(text).casefold()).strip("-")
    return bare or "x"


_CELL = re.compile(r"<(td|th)(?=[\s>])")


def labelled(row: Markup, titles: list[str]) -> Markup:
    """Write each column's title into its cell (`data-label`), so that a row can stand as a card on a phone."""
    # Cut at the cells: what was before, then by turns the cell's name and what follows it.
    pieces = _CELL.split(row)
    labels = _labels(tuple(titles))
    for place in range(1, len(pieces), 2):
        number = place // 2
        label = labels[number] if number < len(labels) else ""
        pieces[place] = f'<{pieces[place]} data-label="{label}"'
    return Markup("".join(pieces))


@lru_cache(maxsize=256)
def _labels(titles: tuple[str, ...]) -> list[str]:
    return [str(escape(title)) for title in titles]


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


# --- globals


def url(view: str, *args: Any, **kwargs: Any) -> str:
    """Give the address of a view; `query={…}` adds parameters, leaving out the empty ones."""
    if not args and not kwargs:
        return small.plain(view)
    if len(args) + len(kwargs) == 1:
        name, value = next(iter(kwargs.items()), ("", args[0] if args else None))
        if type(value) is int:
            return small.address(view, value, name)
    query = kwargs.pop("query", None)
    return reverse(view, args=args or None, kwargs=kwargs or None, query=_filled(query))


def _filled(query: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {key: value for key, value in query.items() if value not in (None, "", [])} if query else None


def csrf() -> Markup:
    """Give the hidden fields of a form that changes data: the token, and whose form it is (see `owner`)."""
    request = frame.current.get()
    if request is None:
        return Markup("")
    mark = owner.mark(request)
    whose = Markup('<input type="hidden" name="{}" value="{}">').format(owner.FIELD, mark) if mark else ""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}').format(
        get_token(request), whose
    )


_numbers = count(1)


def unique(prefix: str = "u") -> str:
    """Give an id that no other element of the page has, parts loaded later included."""
    return f"{prefix}-{next(_numbers)}"


def explained(text: str | None) -> Markup:
    """Show a text with the terms of the glossary in it explained in place; without a glossary, the text itself."""
    explain: Callable[[str], Markup] | None = frame.of(frame.current.get()).explain
    return explain(text) if explain and text else escape(text or "")


def term(text: str, word: str | None = None) -> Markup:
    """Show a word with its definition on hover, tap and key; an unknown term stays plain text.

    `word` is the form that stands in the sentence («картой процесса»), `text` the term of the glossary.
    """
    glossary: Callable[[str], frame.Definition | None] | None = frame.of(frame.current.get()).glossary
    found = glossary(text) if glossary else None
    if found is None:
        return escape(word or text)
    place = unique("term")
    source = Markup("")
    if found.source:
        shown = (
            Markup('<a href="{}">{}</a>').format(found.url, found.source)
            if found.url
            else escape(found.source)
        )
        source = Markup('<span class="term-source">{}</span>').format(shown)
    return Markup(
        '<button type="button" class="term" popovertarget="{0}">{1}</button>'
        '<span popover id="{0}" class="term-pop"><b>{2}</b> {3}{4}</span>'
    ).format(place, word or text, found.title, found.text, source)
