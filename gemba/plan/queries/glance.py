"""The plan of today remembered by the process as long as nothing has been done in the municipality.

Every act writes one entry into the record of acts, in its own transaction; the number of the last entry is therefore
the version of all data of a municipality, and one look into an index tells whether what was counted still holds. Two
acts that end in another order than they began could hide one of them, so nothing is remembered longer than half a
minute.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from django.db.models import QuerySet

from gemba.audit.models import ActRecord
from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.periods import Quarter
from gemba.organisation.models import Municipality
from gemba.plan.queries.lens import Lens, look
from gemba.plan.queries.plan import PlanView, plan_view
from gemba.plan.queries.population import Register, register_on
from gemba.statements import written

HOLDS_SECONDS = 30
MOST = 64


@dataclass(frozen=True)
class Glance:
    """A plan as it was counted: of which day, at which version of the data, when by the clock of the process."""

    today: date
    version: int
    also: tuple[str, ...]
    counted_at: float
    lens: Lens | None
    view: PlanView | None
    register: Register | None
    past: dict[Quarter, PlanView] = field(default_factory=dict)
    """Other quarters seen by the same rules, counted when a chart asks for them."""

    def at(self, quarter: Quarter) -> PlanView | None:
        """Return the plan of another quarter by the same edition."""
        if self.lens is None or quarter == self.lens.quarter:
            return self.view
        if quarter not in self.past:
            lens = self.lens.at(quarter)
            register = register_on(municipality=lens.municipality, day=lens.as_of)
            self.past[quarter] = plan_view(lens=lens, register=register)
        return self.past[quarter]


_remembered: OrderedDict[int, Glance] = OrderedDict()
_lock = Lock()


def glance(
    *,
    municipality: Municipality,
    today: date,
    also: Iterable[str] = (),
    clock: float,
    calendar: WorkCalendar | None = None,
) -> tuple[Lens | None, PlanView | None]:
    """Return the plan that opens today, counted anew only after something was done.

    `clock` is monotonic seconds; `calendar` spares a question where the page has it already.
    """
    found = opening(municipality=municipality, today=today, also=also, clock=clock, calendar=calendar)
    return found.lens, found.view


def opening(
    *,
    municipality: Municipality,
    today: date,
    also: Iterable[str] = (),
    clock: float,
    calendar: WorkCalendar | None = None,
) -> Glance:
    """Return the same with the register it was counted by, for the pages of the plan itself."""
    wanted = tuple(also)
    version = version_of(municipality_id=municipality.pk)
    kept = _remembered.get(municipality.pk)
    if (
        kept is not None
        and kept.today == today
        and kept.version == version
        and set(wanted) <= set(kept.also)
        and 0 <= clock - kept.counted_at < HOLDS_SECONDS
    ):
        return kept
    lens = look(municipality=municipality, today=today)
    view = register = None
    if lens is not None:
        if calendar is not None:
            lens.__dict__["calendar"] = calendar
        register = register_on(municipality=municipality, day=lens.as_of)
        view = plan_view(lens=lens, register=register, also=wanted)
    found = Glance(today, version, wanted, clock, lens, view, register)
    with _lock:
        _remembered[municipality.pk] = found
        _remembered.move_to_end(municipality.pk)
        while len(_remembered) > MOST:
            _remembered.popitem(last=False)
    return found


def version_of(*, municipality_id: int) -> int:
    """Return the number of the last act in the municipality."""
    return next(iter(_last_act(municipality_id=municipality_id)), 0)


def forget() -> None:
    """Forget everything: a test begins with another database."""
    _remembered.clear()


@written
def _last_act(*, municipality_id: int) -> QuerySet[ActRecord, int]:
    found = ActRecord.objects.filter(municipality_id=municipality_id).order_by("-id")
    return found.values_list("id", flat=True)[:1]
