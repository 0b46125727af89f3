"""A proposal as one line of a list or one card of a board: what is shown and nothing more, without model objects."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from gemba.proposals.models import Proposal
from gemba.proposals.rules.states import State
from gemba.proposals.rules.terms import number_text

_PERSON = ("family_name", "given_name", "patronymic")
FIELDS = (
    "pk", "title", "number_year", "number", "state", "level", "term_on", "moved_at", "hours_a_year", "money_a_year",
    "organisation__short_name", "organisation__name", "unit__name",
    *(f"{who}__{part}" for who in ("author", "reviewer", "responsible") for part in _PERSON),
)  # fmt: skip
_REVIEWED = (State.REGISTERED, State.UNDER_REVIEW)
_DONE_BY = (State.ACCEPTED, State.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Line:
    """What a list shows of a proposal."""

    pk: int
    title: str
    number: str
    state: State
    level: int
    term_on: date | None
    moved_at: datetime
    hours: Decimal
    money: Decimal
    place: str
    unit: str
    author: str
    # Who reviews it or introduces it now, whichever the state waits for.
    doer: str

    @property
    def is_commission(self) -> bool:
        """Tell whether the commission decides it now."""
        return self.level > 1 and self.state in _REVIEWED


def lines(rows: "QuerySet[Proposal, Any]") -> list[Line]:
    """Read rows as lines, in one statement."""
    return [line_of(row) for row in rows.values_list(*FIELDS)]


def line_of(row: Iterable[Any]) -> Line:
    """Make a line of what `FIELDS` bring."""
    (
        pk, title, year, number, kept, level, term_on, moved_at, hours, money, short, name, unit,
        family, given, patronymic, *doers,
    ) = row  # fmt: skip
    state = _STATES[kept]
    doer = ""
    if state in _REVIEWED:
        doer = brief(*doers[:3])
    elif state in _DONE_BY:
        doer = brief(*doers[3:])
    return Line(
        pk, title, number_text(year, number), state, level, term_on, moved_at, hours, money, short or name, unit or "",
        brief(family, given, patronymic), doer,
    )  # fmt: skip


def brief(family: str | None, given: str | None, patronymic: str | None) -> str:
    """Write «М. П. Иванова» with spaces that do not break; nothing for nobody."""
    if not family:
        return ""
    first = f"{given[0]}.\u00a0" if given else ""
    second = f"{patronymic[0]}.\u00a0" if patronymic else ""
    return f"{first}{second}{family}"


_STATES = {state.value: state for state in State}
