"""Pieces so small and so many on a page that a macro's call would cost more than what it draws.

They look like macros to the templates (`ui/tables.html` and `ui/components.html` export them) and write the same HTML.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.urls import get_resolver, get_script_prefix, get_urlconf, reverse
from markupsafe import Markup, escape

from gemba.ui.icons import icon

STATE_ICONS: Mapping[str, str] = MappingProxyType(
    {
        "good": "circle-check",
        "warn": "alert-triangle",
        "bad": "alert-circle",
        "info": "info-circle",
        "neutral": "circle-dot",
    }
)


def cell(value: Any, href: str = "", kind: str = "text", note: Any = "", main: bool = False) -> Markup:
    """Draw a cell of a table; `main` is the cell a row is known by, its link opens with Enter."""
    look = ("num" if kind == "number" else "") + (" cell-main" if main else "")
    shown: str = escape(value)
    if href:
        shown = f'<a href="{escape(href)}">{shown}</a>'
    if note:
        shown = f'{shown}<span class="cell-note">{escape(note)}</span>'
    # Every part is escaped above; Markup.format costs ten times an f-string.
    return Markup(f'<td class="{look}">{shown}</td>')


def badge(title: str, state: str = "neutral", icon_name: str = "") -> Markup:
    """Draw a state: colour, icon and word together."""
    return _badge(escape(title), state, icon_name)


@lru_cache(maxsize=2048)
def _badge(title: Markup, state: str, icon_name: str) -> Markup:
    mark = icon(icon_name or STATE_ICONS[state])
    return Markup(f'<span class="badge badge-{escape(state)}">{mark}{title}</span>')


def board_card(item: Mapping[str, Any], form: Any = "") -> Markup:
    """Draw a card of a board (see `ui/boards.html`); `form` is how it is moved, ready HTML."""
    get = item.get
    number, state, url, obstacle, owner, age = (
        get(name) for name in ("number", "state_title", "url", "obstacle", "owner", "age")
    )
    title = escape(item["title"])
    top = f'<span class="muted small tabular">{escape(number)}</span>' if number else ""
    if state:
        # Joined in an f-string: a plain text added to ready markup would be escaped.
        top = f"{top}{badge(state, get('state') or 'neutral')}"
    if url:
        title = Markup(f'<a href="{escape(url)}">{title}</a>')
    stop = f'<p class="small bad">{icon("alert-circle")} {escape(obstacle)}</p>\n' if obstacle else ""
    foot = f"<span>{icon('user')} {escape(owner)}</span>" if owner else ""
    if age:
        foot += f"<span>{icon('clock')} {escape(age)}</span>"
    moves = ' draggable="true"' if form else ""
    return Markup(
        f'<li><article class="board-card" tabindex="0" data-card{moves}>\n<div class="row-s">{top}</div>\n'
        f'<h3>{title}</h3>\n{stop}<div class="board-card-foot">{foot}</div>\n{escape(form)}</article></li>'
    )


def options(pairs: Iterable[tuple[Any, str]], chosen: Any = None) -> Markup:
    """Draw the options of a list: a register of hundreds to choose from."""
    return Markup(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(title)}</option>'
            for value, title in pairs
        )
    )


def address(view: str, key: int, name: str = "") -> str:
    """Give the address of a view that takes one whole number (by its name, or by place), the way to it found once."""
    urlconf = get_urlconf()
    before, after = _around(view, name, urlconf, get_script_prefix(), id(get_resolver(urlconf)))
    return f"{before}{key}{after}" if before else _reverse(view, name, key)


def addresses(view: str) -> Callable[[int], str]:
    """Give what writes the addresses of a view for the hundreds of keys of one list."""
    urlconf = get_urlconf()
    before, after = _around(view, "", urlconf, get_script_prefix(), id(get_resolver(urlconf)))
    return (lambda key: f"{before}{key}{after}") if before else (lambda key: _reverse(view, "", key))


def plain(view: str) -> str:
    """Give the address of a view that takes nothing, found once."""
    urlconf = get_urlconf()
    return _plain(view, urlconf, get_script_prefix(), id(get_resolver(urlconf)))


@lru_cache(maxsize=512)
def _plain(view: str, urlconf: str | None, prefix: str, resolver: int) -> str:
    return reverse(view)


_MARKS = (987_650_321, 123_409_876)


def _reverse(view: str, name: str, key: int) -> str:
    return reverse(view, kwargs={name: key}) if name else reverse(view, args=(key,))


@lru_cache(maxsize=512)
def _around(view: str, name: str, urlconf: str | None, prefix: str, resolver: int) -> tuple[str, str]:
    """Give what stands before and after the number, found by writing two; empty when that cannot be told."""
    first, second = (_reverse(view, name, mark) for mark in _MARKS)
    before, found, after = first.partition(str(_MARKS[0]))
    known = found and f"{before}{_MARKS[1]}{after}" == second and str(_MARKS[0]) not in after
    return (before, after) if known else ("", "")
