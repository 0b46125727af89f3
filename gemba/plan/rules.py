"""What does the plan say of a fact: targets compared, states in words, execution, forecast. Pure, no clock.

The readings stand in the chapter on indicators: «не менее N» and a bare N are ≥ N; shares are compared unrounded;
0 is «не планировалось», an empty cell is no plan; nothing is red in the first quarter.
"""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.numbers import counted, format_date, format_number
from gemba.kernel.periods import Quarter, Year
from gemba.regulations.pack.plan import (
    AsNeeded,
    AtLeast,
    AtMost,
    BareNumber,
    Between,
    ByDate,
    ByDayOfYear,
    ByQuarter,
    Conventions,
    EmptyTarget,
    InWords,
    NotPlanned,
    Ongoing,
    OngoingAtLeast,
    Periodic,
    Target,
)

HUNDRED = Decimal(100)
# Past this part of the year a forecast below the target is a threat, before it a lag.
THREAT_FROM = Decimal("0.75")
# Up to this part of the year a forecast says little.
EARLY_UNTIL = Decimal("0.25")


class State(StrEnum):
    """How a row stands; each has one word and one colour."""

    MET = "met"
    ON_TRACK = "on_track"
    AHEAD = "ahead"
    EARLY = "early"
    BEHIND = "behind"
    AT_RISK = "at_risk"
    NOT_MET = "not_met"
    NOT_PLANNED = "not_planned"
    NO_PLAN = "no_plan"
    GOING_ON = "going_on"
    NOTHING_YET = "nothing_yet"
    NOT_NEEDED = "not_needed"
    NOT_COMPUTED = "not_computed"
    NO_DATA = "no_data"
    NO_QUOTA = "no_quota"
    EXEMPT = "exempt"
    BEFORE_ACT = "before_act"

    @property
    def word(self) -> str:
        """Return the state as a person reads it."""
        return _WORDS[self][0]

    @property
    def tone(self) -> str:
        """Return the colour: good, info, neutral, warn or bad."""
        return _WORDS[self][1]

    @property
    def is_red(self) -> bool:
        """Tell whether the state asks for a countermeasure."""
        return self.tone == "bad"

    @property
    def is_reached(self) -> bool:
        """Tell whether the target is reached; what was not planned counts as reached."""
        return self in (State.MET, State.NOT_PLANNED)

    @property
    def is_judged(self) -> bool:
        """Tell whether there is a target to reach and something to judge by."""
        return self in _JUDGED


_WORDS: dict[State, tuple[str, str]] = {
    State.MET: ("Выполнено", "good"),
    State.ON_TRACK: ("По плану", "info"),
    State.AHEAD: ("Срок впереди", "neutral"),
    State.EARLY: ("Рано судить", "neutral"),
    State.BEHIND: ("Отстаёт", "warn"),
    State.AT_RISK: ("Под угрозой", "bad"),
    State.NOT_MET: ("Не выполнено", "bad"),
    State.NOT_PLANNED: ("Не планировалось", "neutral"),
    State.NO_PLAN: ("Плана на год нет", "neutral"),
    State.GOING_ON: ("Ведётся", "info"),
    State.NOTHING_YET: ("Записей ещё нет", "warn"),
    State.NOT_NEEDED: ("Не требовалось", "neutral"),
    State.NOT_COMPUTED: ("Не рассчитывается", "neutral"),
    State.NO_DATA: ("Нет данных", "neutral"),
    State.NO_QUOTA: ("Нет квоты", "neutral"),
    State.EXEMPT: ("Освобождён", "neutral"),
    State.BEFORE_ACT: ("Срок до вступления в силу", "neutral"),
}
_JUDGED = frozenset(
    {State.MET, State.ON_TRACK, State.AHEAD, State.EARLY, State.BEHIND, State.AT_RISK, State.NOT_MET}
)
# From the best to the worst: a row of many units stands as its worst unit.
_ORDER = (
    State.NOT_PLANNED, State.MET, State.ON_TRACK, State.AHEAD, State.EARLY,
    State.BEHIND, State.AT_RISK, State.NOT_MET,
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """What was done, from 1 January to the day of the report."""

    value: Decimal | None = None
    """A number; a share is in percent, unrounded. None: unknown, or a share of nothing."""
    part: Decimal | None = None
    whole: Decimal | None = None
    """Numerator and denominator of a share."""
    on: date | None = None
    """The day on which a thing with a date was done."""
    is_known: bool = True
    """False: the row is entered by hand and nobody has entered it."""
    grows: bool = True
    """Grows through the year, so that a forecast may stretch it; a ratio does not."""
    running: Decimal | None = None
    """For «постоянно не менее N»: the level of today, while `value` is the lowest of the quarters that have ended."""
    due_periods: int | None = None
    """For a periodic duty: how many periods should have been done by now."""
    asked_periods: int | None = None
    """For a periodic duty: how many may be asked at all; terms before the act took effect may not."""


UNKNOWN = Fact(is_known=False)


@dataclass(frozen=True)
class Verdict:
    """A fact judged by a target."""

    state: State
    target: Decimal | None = None
    """The number to reach; None where the target is no number."""
    due: date | None = None
    is_implicit: bool = False
    """The cell says just a number: that it means «не менее» is a reading."""
    execution: Decimal | None = None
    """Fact as percent of the target; may pass 100; None where the target is 0 or no number."""
    forecast: Decimal | None = None
    note: str = ""


def share_of_year(*, year: int, as_of: date) -> Decimal:
    """Return which part of the year has passed by the end of the day, from 0 to 1."""
    if as_of.year != year:
        return Decimal(int(as_of.year > year))
    return Decimal(as_of.timetuple().tm_yday) / (366 if isleap(year) else 365)


def percent(*, part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return the share in percent, unrounded; of nothing there is no share."""
    return None if not whole else Decimal(part) / Decimal(whole) * HUNDRED


def of_share(*, part: Decimal | int, whole: Decimal | int, grows: bool = True) -> Fact:
    """Make the fact of a share."""
    return Fact(percent(part=part, whole=whole), Decimal(part), Decimal(whole), grows=grows)


def of_levels(*, ended: Sequence[Decimal], running: Decimal | None) -> Fact:
    """Make the fact of «постоянно»: the lowest level of the quarter ends that have passed, and the level of today."""
    return Fact(min(ended) if ended else None, running=running, grows=False)


def due_day(
    *, target: Target, year: int, conventions: Conventions, calendar: WorkCalendar | None
) -> date | None:
    """Return the last day in time by the conventions of the municipality, or None for a target without a date.

    The calendar is asked only where a term moves off a day off.
    """
    if isinstance(target, ByDate):
        day = target.date
    elif isinstance(target, ByDayOfYear):
        day = _existing(year, target.month, target.day)
    elif isinstance(target, ByQuarter):
        day = Quarter(year, target.quarter).last
    else:
        return None
    if not conventions.is_due_day_included:
        day -= timedelta(days=1)
    if calendar is None or conventions.day_off == "keep" or calendar.is_working(day):
        return day
    if conventions.day_off == "previous":
        return calendar.previous_working(day)
    return calendar.next_working(day) if conventions.day_off == "next" else day


def _existing(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def target_number(target: Target | None) -> Decimal | None:
    """Return the number a target asks for; None where it asks for none."""
    if isinstance(target, AtLeast | AtMost | BareNumber | OngoingAtLeast):
        return target.value
    if isinstance(target, Between):
        return target.least
    if isinstance(target, Periodic):
        return Decimal(target.times)
    return Decimal(0) if isinstance(target, NotPlanned) else None


def periods_due(*, year: int, times: int, today: date, due_days: Sequence[date]) -> int:
    """Count the periods of the year whose term has passed.

    Where the act names no day, a quarter is missed only when the next one has ended too.
    """
    if due_days:
        return min(times, sum(day < today for day in due_days))
    return min(times, sum(quarter.next().last < today for quarter in Year(year).quarters))


@dataclass(frozen=True)
class Allowed:
    """What is asked of one unit instead of the target: nothing (exempt), no quota (0), or less."""

    value: int | None
    reason: str


def judge(
    *,
    target: Target | None,
    fact: Fact,
    year: int,
    as_of: date,
    today: date,
    due: date | None = None,
    in_force_from: date | None = None,
    allowed: Allowed | None = None,
) -> Verdict:
    """Judge the fact of the year `year` on the day `as_of`; `today` decides whether a date has passed."""
    if target is None or isinstance(target, EmptyTarget):
        return Verdict(State.NO_PLAN)
    if allowed is not None and allowed.value is None:
        return Verdict(State.EXEMPT, note=allowed.reason)
    if allowed is not None and allowed.value == 0:
        return Verdict(State.NO_QUOTA, note=allowed.reason)
    if isinstance(target, NotPlanned):
        return Verdict(State.NOT_PLANNED, target=Decimal(0))
    if isinstance(target, Ongoing | AsNeeded | InWords):
        return Verdict(_without_number(target, fact))
    if isinstance(target, ByDate | ByDayOfYear | ByQuarter):
        return _by_date(fact, due, today, in_force_from)
    if not fact.is_known:
        return Verdict(State.NO_DATA, target=target_number(target))
    if isinstance(target, OngoingAtLeast):
        return _level(_lower(target.value, allowed), fact, is_over=as_of >= date(year, 12, 31))
    if isinstance(target, Periodic):
        return _periodic(target, fact)
    passed = share_of_year(year=year, as_of=as_of)
    if isinstance(target, AtMost):
        return _at_most(target.value, fact, passed)
    if isinstance(target, Between):
        reached = _number(_lower(target.least, allowed), fact, passed, is_implicit=False)
        too_much = fact.value is not None and fact.value > target.most
        return replace(reached, state=State.NOT_MET, note="больше верхней границы") if too_much else reached
    return _number(
        _lower(target.value, allowed),
        fact,
        passed,
        is_implicit=isinstance(target, BareNumber),
    )


def _lower(target: Decimal, allowed: Allowed | None) -> Decimal:
    return target if allowed is None or allowed.value is None else min(target, Decimal(allowed.value))


def _at_most(target: Decimal, fact: Fact, passed: Decimal) -> Verdict:
    """Judge «не более N»: what has grown past it cannot come back, a ratio can until the year ends."""
    if fact.value is None:
        return Verdict(State.NOT_COMPUTED, target=target, note="знаменатель равен нулю")
    if fact.value <= target:
        return Verdict(State.MET if passed >= 1 else State.ON_TRACK, target=target)
    return Verdict(State.NOT_MET if fact.grows or passed >= 1 else State.AT_RISK, target=target)


def _without_number(target: Ongoing | AsNeeded | InWords, fact: Fact) -> State:
    if not fact.is_known:
        return State.NO_DATA
    if fact.value or fact.on:
        return State.GOING_ON
    return State.NOTHING_YET if isinstance(target, Ongoing) else State.NOT_NEEDED


def _by_date(fact: Fact, due: date | None, today: date, in_force_from: date | None) -> Verdict:
    if due is None:
        return Verdict(State.NO_PLAN)
    if fact.on is not None and fact.on <= due:
        return Verdict(State.MET, due=due)
    if in_force_from is not None and due < in_force_from:
        return Verdict(State.BEFORE_ACT, due=due)
    if fact.on is not None:
        late = (fact.on - due).days
        return Verdict(State.NOT_MET, due=due, note=f"позже срока на {counted(late, 'день', 'дня', 'дней')}")
    if today <= due:
        return Verdict(State.AHEAD, due=due)
    return Verdict(
        State.NOT_MET if fact.is_known else State.NO_DATA, due=due, note=f"срок {format_date(due)}"
    )


def _level(target: Decimal, fact: Fact, *, is_over: bool) -> Verdict:
    shown = fact.value if fact.value is not None else fact.running
    if shown is None:
        return Verdict(State.NO_DATA, target=target)
    execution = shown / target * HUNDRED if target else None
    if fact.value is not None and fact.value < target:
        # One quarter below is below for the year: the target says «постоянно».
        state = State.NOT_MET
    elif fact.running is not None and fact.running < target and not is_over:
        state = State.BEHIND
    else:
        state = State.MET if is_over and fact.value is not None else State.ON_TRACK
    return Verdict(state, target=target, execution=execution)


def _periodic(target: Periodic, fact: Fact) -> Verdict:
    times = Decimal(target.times)
    done = fact.value or Decimal(0)
    due = fact.due_periods or 0
    asked = target.times if fact.asked_periods is None else fact.asked_periods
    execution = done / times * HUNDRED
    if not asked:
        state = State.BEFORE_ACT
    elif done >= asked:
        state = State.MET
    elif done >= due:
        state = State.ON_TRACK
    else:
        state = State.NOT_MET if due >= asked else State.AT_RISK
    return Verdict(state, target=times, execution=execution, note=f"к этому дню нужно {due}" if due else "")


def _number(target: Decimal, fact: Fact, passed: Decimal, *, is_implicit: bool) -> Verdict:
    if fact.value is None:
        return Verdict(
            State.NOT_COMPUTED, target=target, is_implicit=is_implicit, note="знаменатель равен нулю"
        )
    value = fact.value
    execution = value / target * HUNDRED if target else None
    forecast = value
    if fact.grows and Decimal(0) < passed < 1:
        forecast = value / passed
        if fact.whole is not None:
            forecast = min(forecast, HUNDRED)
    if value >= target:
        # A ratio can still fall until the year ends.
        state = State.MET if fact.grows or passed >= 1 else State.ON_TRACK
    elif passed >= 1:
        state = State.NOT_MET
    elif forecast >= target:
        state = State.ON_TRACK
    elif passed <= EARLY_UNTIL:
        state = State.EARLY
    else:
        state = State.AT_RISK if passed >= THREAT_FROM else State.BEHIND
    return Verdict(state, target, None, is_implicit, execution, forecast)


@dataclass(frozen=True)
class Reach:
    """How many units of a population reached a target that each of them has."""

    total: int
    reached: int
    state: State

    @property
    def share(self) -> Decimal | None:
        """Return the share of those who reached it, in percent."""
        return percent(part=self.reached, whole=self.total)


def reach(verdicts: Iterable[Verdict]) -> Reach:
    """Put the verdicts of the units together: all reached is reached, otherwise the row stands as its worst unit."""
    states = Counter(verdict.state for verdict in verdicts)
    outside = {state: states.pop(state, 0) for state in (State.EXEMPT, State.NO_QUOTA)}
    total = sum(states.values())
    if not total and any(outside.values()):
        return Reach(0, 0, State.EXEMPT if outside[State.EXEMPT] else State.NO_QUOTA)
    reached = sum(count for state, count in states.items() if state.is_reached)
    if not total:
        return Reach(0, 0, State.NOT_COMPUTED)
    judged = [state for state in _ORDER if states[state]]
    if judged:
        return Reach(total, reached, judged[-1] if reached < total else judged[0])
    [(state, _)] = states.most_common(1)
    if state is State.NOTHING_YET and states[State.GOING_ON]:
        state = State.GOING_ON
    return Reach(total, states[State.GOING_ON], State.GOING_ON if states[State.GOING_ON] else state)


def show_share(value: Decimal, target: Decimal | None = None) -> str:
    """Write a share: one decimal half up, more when the display would contradict the comparison."""
    places = 1
    while target is not None and places < 8 and (_rounded(value, places) >= target) != (value >= target):
        places += 1
    return format_number(_rounded(value, places), places)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def reporting_day(*, quarter: Quarter, today: date) -> date:
    """Return the day on which the quarter is judged: its last one, or today while it runs."""
    return min(quarter.last, today)


def quarter_to_show(*, years: Sequence[int], today: date) -> Quarter:
    """Return the quarter a plan opens with: the running one, or the nearest of the years of the programme."""
    first, last = min(years), max(years)
    if today.year > last:
        return Quarter(last, 4)
    return Quarter(first, 1) if today.year < first else Quarter.of(today)
