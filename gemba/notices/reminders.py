"""Terms of the regulation: on each reminder day a notice to those who do the work."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from gemba.kernel.numbers import format_date, near_date
from gemba.notices.actions import tell
from gemba.notices.models import Kind, Notice
from gemba.notices.rules import REMIND_FROM_HOUR as REMIND_FROM_HOUR
from gemba.notices.rules import reminder_due
from gemba.organisation.models import Municipality
from gemba.organisation.queries import holders
from gemba.organisation.roles import Role
from gemba.regulations.deadlines import DeadlineDate
from gemba.regulations.models import Edition
from gemba.regulations.queries import clause_title, clause_url, deadlines, edition_on, work_calendar

# Who does the work that a term is about.
CONCERNED = (Role.COORDINATOR, Role.UNIT_HEAD, Role.MONITOR)
# No reminder goes out earlier than this before its term.
AHEAD = timedelta(days=92)

Address = Callable[[DeadlineDate], str]
_address: list[Address] = []


def lead_to(address: Address) -> None:
    """Say where a reminder leads; the calendar of terms stands above this module and tells its address."""
    _address[:] = [address]


# Of a term a higher module may know who still owes the work, and where it is done; None: it does not know this term.
Narrow = Callable[[Municipality, DeadlineDate, set[int]], tuple[set[int], str] | None]
_narrow: list[Narrow] = []


def narrow(function: Narrow) -> None:
    """Say who is still to be reminded of a term: whoever has done the work is left in peace."""
    if function not in _narrow:
        _narrow.append(function)


def remind(*, at: datetime) -> int:
    """Write the reminders that are due in every municipality; running again writes nothing twice. Return how many."""
    return sum(remind_municipality(municipality=town, at=at) for town in Municipality.objects.order_by("pk"))


def remind_municipality(*, municipality: Municipality, at: datetime) -> int:
    """Write the reminders of one municipality that are due by its own clock; return how many people were told."""
    local = at.astimezone(municipality.zone)
    if local.hour < REMIND_FROM_HOUR:
        return 0
    today = local.date()
    edition = edition_on(municipality_id=municipality.pk, day=today)
    if edition is None:
        return 0
    coming = deadlines(municipality_id=municipality.pk, first=today, last=today + AHEAD)
    due = [
        (item, day)
        for item in coming
        if not item.is_after_programme and (day := reminder_due(item.remind_on, item.due_on, today))
    ]
    if not due:
        return 0
    people: set[int] = set()
    for role in CONCERNED:
        found = holders(municipality_id=municipality.pk, role=role, day=today)
        people.update(found.values_list("pk", flat=True))
    calendar = work_calendar(municipality_id=municipality.pk)
    told = 0
    for item, day in due:
        key = _key(item, day)
        # The usual case of an hourly job: everybody has it already, one statement says so.
        known = set(Notice.objects.filter(key=key, user_id__in=people).values_list("user_id", flat=True))
        owing, where = people, ""
        if people - known:
            for function in _narrow:
                answer = function(municipality, item, people)
                if answer is not None:
                    owing, where = answer
                    break
        if owing - known:
            told += tell(
                kind=Kind.DEADLINE,
                title=_title(item),
                text=_text(item, edition, near_date(item.due_on, today, calendar)),
                url=where or (_address[0](item) if _address else clause_url(edition, item.clause[0])),
                users=owing - known,
                municipality_id=municipality.pk,
                key=key,
                at=at,
            )
    return told


def _key(item: DeadlineDate, remind_on: date) -> str:
    return f"deadline:{item.code}:{item.legal_on.isoformat()}:{remind_on.isoformat()}"


def _title(item: DeadlineDate) -> str:
    return f"До {format_date(item.due_on)}: {item.title}, {item.period_label}"


def _text(item: DeadlineDate, edition: Edition, near: str) -> str:
    clauses = ", ".join(clause_title(edition, ref) for ref in item.clause)
    parts = [f"Срок {near}." if item.due_on else "", f"Как в акте: «{item.as_written}» ({clauses})."]
    if item.is_recommended:
        parts.append("Срок рекомендованный.")
    if item.due_on != item.legal_on:
        parts.append(f"По акту {format_date(item.legal_on)}.")
    return " ".join(part for part in parts if part)
