"""Rows of a list as HTML: there are fifty of them on a page, and macros cost several times this.

Every text is escaped here; the look is that of `ui/tables.html`.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from gemba.kernel.numbers import format_number
from gemba.proposals.queries.lines import Line
from gemba.proposals.rules.states import State
from gemba.ui import small
from gemba.ui.engine import money, near

_NOTHING = '<span class="muted">—</span>'
_NAMELESS = '<span class="muted">без имени</span>'


def draw_rows(rows: Iterable[Line], *, today: date, with_names: bool, select: str = "") -> Markup:
    """Draw the rows of a list; `select` is the form to which their checkboxes belong."""
    address = small.addresses("proposals:card")
    terms: dict[date, str] = {}
    drawn = []
    for number, row in enumerate(rows, start=1):
        drawn.append("<tr>")
        if select:
            drawn.append(
                f'<td class="cell-check"><label><input type="checkbox" name="chosen" value="{row.pk}" form="{select}">'
                f'<span class="visually-hidden">Отметить строку {number}</span></label></td>'
            )
        unit = f'<span class="cell-note">{escape(row.unit)}</span>' if row.unit else ""
        drawn.append(
            f'<td data-label="Предложение" class=" cell-main"><a href="{address(row.pk)}">{escape(row.title)}</a>'
            f'<span class="cell-note">{row.number or "без номера"}</span></td>'
            f'<td data-label="Состояние"><span>{_state(row.state)}'
            f"{_COMMISSION if row.is_commission else ''}</span></td>"
            f'<td data-label="Организация" class="">{escape(row.place)}{unit}</td>'
        )
        if with_names:
            author = escape(row.author) if row.author else _NAMELESS
            doer = f'<span class="cell-note">{escape(row.doer)}</span>' if row.doer else ""
            term = _NOTHING
            if row.term_on is not None:
                known = terms.get(row.term_on)
                term = known or terms.setdefault(row.term_on, _term(row.term_on, today))
            drawn.append(
                f'<td data-label="Автор">{author}</td><td data-label="Срок"><span>{term}{doer}</span></td></tr>'
            )
        else:
            drawn.append(f'<td data-label="Эффект" class="num"><span>{_effect(row)}</span></td></tr>')
    return Markup("".join(drawn))


_COMMISSION = '<span class="cell-note">комиссия</span>'


@lru_cache(maxsize=32)
def _state(state: State) -> str:
    return str(small.badge(state.title, state.tone))


def _term(day: date, today: date) -> str:
    late = f"{small.badge('просрочено', 'bad')} " if day < today else ""
    return f"{late}{near(day)}"


def _effect(row: Line) -> str:
    hours = f"{format_number(row.hours, 0)} ч/год" if row.hours else ""
    saved = f'<span class="cell-note">{money(row.money, 0)}/год</span>' if row.money else ""
    return f"{hours}{saved}" or _NOTHING
