"""Targets compared with facts, every kind of target (indicators, 5.1)."""

from datetime import date
from decimal import Decimal

import pytest

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.periods import Quarter
from gemba.plan.rules import (
    UNKNOWN,
    Allowed,
    Fact,
    State,
    Verdict,
    due_day,
    judge,
    of_levels,
    of_share,
    periods_due,
    quarter_to_show,
    reach,
    reporting_day,
    share_of_year,
    show_share,
)
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

END = date(2024, 12, 31)
AT_LEAST_2 = AtLeast(kind="at_least", value=Decimal(2), as_written="не менее 2")
BARE_15 = BareNumber(kind="number", value=Decimal(15), as_written="15%")
SHARE_40 = AtLeast(kind="at_least", value=Decimal(40), as_written="не менее 40")
ALWAYS = Ongoing(kind="ongoing", as_written="постоянно")
TRAINERS = OngoingAtLeast(kind="ongoing_at_least", value=Decimal(2), as_written="Постоянно не менее 2 чел.")
FOUR = Periodic(kind="periodic", times=4, as_written="4")


def state(
    target: Target | None, fact: Fact, as_of: date = END, today: date | None = None, **more: object
) -> State:
    return judge(
        target=target, fact=fact, year=2024, as_of=as_of, today=today or as_of, **more  # type: ignore[arg-type]
    ).state  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), [(1, State.NOT_MET), (2, State.MET), (3, State.MET)])
def test_at_least(value: int, expected: State) -> None:
    assert state(AT_LEAST_2, Fact(Decimal(value))) is expected


def test_a_bare_number_is_at_least_and_says_that_this_is_a_reading() -> None:
    one = BareNumber(kind="number", value=Decimal(1), as_written="1")
    verdict = judge(target=one, fact=Fact(Decimal(2)), year=2024, as_of=END, today=END)
    assert (verdict.state, verdict.is_implicit, verdict.execution) == (State.MET, True, Decimal(200))
    assert not judge(target=AT_LEAST_2, fact=Fact(Decimal(2)), year=2024, as_of=END, today=END).is_implicit


def test_zero_is_met_and_has_no_execution_and_empty_is_no_plan() -> None:
    zero = NotPlanned(kind="zero", as_written="0")
    verdict = judge(target=zero, fact=Fact(Decimal(0)), year=2024, as_of=END, today=END)
    assert (verdict.state, verdict.execution) == (State.NOT_PLANNED, None)
    assert verdict.state.is_reached
    empty = state(EmptyTarget(kind="empty", as_written=""), Fact(Decimal(5)))
    assert empty is State.NO_PLAN
    assert not empty.is_reached
    assert state(None, Fact(Decimal(5))) is State.NO_PLAN


def test_nothing_is_red_in_the_first_quarter() -> None:
    for day in (date(2024, 1, 1), date(2024, 3, 31)):
        for target, fact in (
            (AT_LEAST_2, Fact(Decimal(0))),
            (BARE_15, of_share(part=0, whole=7)),
            (SHARE_40, of_share(part=0, whole=9)),
            (FOUR, Fact(Decimal(0), due_periods=0)),
            (ALWAYS, Fact(Decimal(0))),
        ):
            assert not state(target, fact, day).is_red, (day, target)


def test_a_lag_grows_into_a_threat_and_into_a_failure() -> None:
    days = (date(2024, 2, 1), date(2024, 7, 1), date(2024, 11, 1), END)
    assert [state(AT_LEAST_2, Fact(Decimal(0)), day) for day in days] == [
        State.EARLY, State.BEHIND, State.AT_RISK, State.NOT_MET,
    ]  # fmt: skip


def test_the_forecast_stretches_a_count_over_the_year() -> None:
    verdict = judge(
        target=AT_LEAST_2, fact=Fact(Decimal(1)), year=2024, as_of=date(2024, 6, 30), today=date(2024, 6, 30)
    )
    assert verdict.state is State.ON_TRACK
    assert verdict.forecast is not None
    assert round(verdict.forecast, 3) == round(Decimal(366) / 182, 3)


def test_a_ratio_is_not_stretched_and_is_not_done_before_the_year_ends() -> None:
    fact = of_share(part=2, whole=4, grows=False)
    verdict = judge(target=SHARE_40, fact=fact, year=2024, as_of=date(2024, 6, 30), today=date(2024, 6, 30))
    assert (verdict.state, verdict.forecast) == (State.ON_TRACK, Decimal(50))
    assert state(SHARE_40, fact) is State.MET


def test_a_forecast_of_a_share_never_passes_a_hundred() -> None:
    verdict = judge(
        target=SHARE_40,
        fact=of_share(part=3, whole=10),
        year=2024,
        as_of=date(2024, 2, 1),
        today=date(2024, 2, 1),
    )
    assert verdict.forecast == 100


def test_a_share_of_nothing_is_not_computed_and_not_red() -> None:
    found = state(BARE_15, of_share(part=0, whole=0))
    assert found is State.NOT_COMPUTED
    assert not found.is_red


def test_shares_are_compared_unrounded_and_shown_so_that_both_agree() -> None:
    below = Decimal("39.96")
    assert state(SHARE_40, Fact(below)) is State.NOT_MET
    assert show_share(below, Decimal(40)) == "39,96"
    assert show_share(Decimal("39.94"), Decimal(40)) == "39,9"
    assert show_share(Decimal("40.04"), Decimal(40)) == "40,0"
    assert show_share(Decimal(400) / 9, Decimal(40)) == "44,4"
    assert state(SHARE_40, of_share(part=4, whole=9)) is State.MET
    assert state(SHARE_40, of_share(part=3, whole=9)) is State.NOT_MET
    assert show_share(Decimal("12.25")) == "12,3"
    assert show_share(Decimal("39.996"), Decimal(40)) == "39,996"


def test_a_row_by_hand_that_nobody_entered_is_no_data() -> None:
    assert state(AT_LEAST_2, UNKNOWN) is State.NO_DATA
    assert state(ALWAYS, UNKNOWN) is State.NO_DATA


def test_ongoing_hints_and_as_needed_is_never_a_reproach() -> None:
    needed = AsNeeded(kind="as_needed", as_written="по мере необходимости")
    assert state(ALWAYS, Fact(Decimal(3))) is State.GOING_ON
    assert state(ALWAYS, Fact(Decimal(0))) is State.NOTHING_YET
    assert state(needed, Fact(Decimal(0))) is State.NOT_NEEDED
    assert state(needed, Fact(Decimal(1))) is State.GOING_ON
    assert not State.NOTHING_YET.is_red


def test_ongoing_at_least_is_the_lowest_quarter_end() -> None:
    assert (
        state(TRAINERS, of_levels(ended=[Decimal(2), Decimal(3), Decimal(2), Decimal(4)], running=Decimal(4)))
        is State.MET
    )
    assert (
        state(TRAINERS, of_levels(ended=[Decimal(2), Decimal(1), Decimal(5), Decimal(5)], running=Decimal(5)))
        is State.NOT_MET
    )
    assert (
        state(TRAINERS, of_levels(ended=[Decimal(2)], running=Decimal(1)), date(2024, 5, 1)) is State.BEHIND
    )
    assert state(TRAINERS, of_levels(ended=[], running=Decimal(2)), date(2024, 2, 1)) is State.ON_TRACK
    assert state(TRAINERS, of_levels(ended=[], running=None), date(2024, 2, 1)) is State.NO_DATA


def test_a_date_is_met_on_its_day_and_late_the_next() -> None:
    due = date(2024, 6, 1)
    target = ByDate(kind="by_date", date=due, as_written="До 01.06.2024")

    def at(on: date | None, today: date) -> State:
        return state(target, Fact(on=on), min(today, END), today, due=due)

    assert at(due, END) is State.MET
    assert at(date(2024, 6, 2), END) is State.NOT_MET
    assert at(None, due) is State.AHEAD
    assert at(None, date(2024, 6, 2)) is State.NOT_MET


def test_a_date_before_the_act_took_effect_is_no_lateness() -> None:
    target = ByDayOfYear(kind="by_day_of_year", month=3, day=1, as_written="не позднее 1 марта")
    due, starts = date(2024, 3, 1), date(2024, 12, 2)
    assert state(target, Fact(), END, END, due=due, in_force_from=starts) is State.BEFORE_ACT
    assert state(target, Fact(on=date(2024, 2, 1)), END, END, due=due, in_force_from=starts) is State.MET


def test_the_conventions_move_a_due_day() -> None:
    target = ByDayOfYear(
        kind="by_day_of_year", month=6, day=1, as_written="не позднее 1 июня"
    )  # a Saturday in 2024
    plain = WorkCalendar(days_off=[], working_weekends=[])

    def due(**settings: object) -> date | None:
        return due_day(target=target, year=2024, conventions=Conventions(**settings), calendar=plain)  # type: ignore[arg-type]

    assert due() == date(2024, 6, 1)
    assert due(day_off="next") == date(2024, 6, 3)
    assert due(day_off="previous") == date(2024, 5, 31)
    assert due(is_due_day_included=False) == date(2024, 5, 31)
    assert due_day(target=ALWAYS, year=2024, conventions=Conventions(), calendar=plain) is None


def test_periods_are_due_by_their_days_or_when_the_next_quarter_has_ended() -> None:
    days = [date(2024, 4, 10), date(2024, 7, 10), date(2024, 10, 10), date(2025, 1, 10)]
    assert periods_due(year=2024, times=4, today=date(2024, 7, 10), due_days=days) == 1
    assert periods_due(year=2024, times=4, today=date(2024, 7, 11), due_days=days) == 2
    assert periods_due(year=2024, times=4, today=date(2024, 6, 30), due_days=[]) == 0
    assert periods_due(year=2024, times=4, today=date(2024, 7, 1), due_days=[]) == 1
    assert periods_due(year=2024, times=4, today=date(2025, 3, 31), due_days=[]) == 3


def test_a_periodic_duty() -> None:
    assert state(FOUR, Fact(Decimal(4), due_periods=4)) is State.MET
    assert state(FOUR, Fact(Decimal(3), due_periods=4)) is State.NOT_MET
    assert state(FOUR, Fact(Decimal(2), due_periods=2)) is State.ON_TRACK
    assert state(FOUR, Fact(Decimal(1), due_periods=2)) is State.AT_RISK
    # Three of four terms passed before the act: one is enough.
    assert state(FOUR, Fact(Decimal(1), due_periods=1, asked_periods=1)) is State.MET


def test_a_quota_and_an_exemption() -> None:
    assert state(AT_LEAST_2, Fact(Decimal(1)), allowed=Allowed(1, "квота 1")) is State.MET
    assert state(AT_LEAST_2, Fact(Decimal(0)), allowed=Allowed(0, "квоты не было")) is State.NO_QUOTA
    assert state(AT_LEAST_2, Fact(Decimal(0)), allowed=Allowed(None, "три сотрудника")) is State.EXEMPT
    # A quota above the target asks for no more than the target.
    assert state(AT_LEAST_2, Fact(Decimal(2)), allowed=Allowed(9, "квота 9")) is State.MET


def test_units_together_stand_as_the_worst_of_them() -> None:
    def of(*states: State) -> tuple[int, int, State]:
        found = reach(Verdict(state) for state in states)
        return found.reached, found.total, found.state

    assert of(State.MET, State.MET) == (2, 2, State.MET)
    assert of(State.MET, State.NOT_MET, State.BEHIND) == (1, 3, State.NOT_MET)
    assert of(State.MET, State.EXEMPT) == (1, 1, State.MET)
    assert of(State.NO_QUOTA) == (0, 0, State.NO_QUOTA)
    assert of() == (0, 0, State.NOT_COMPUTED)
    assert of(State.GOING_ON, State.NOTHING_YET) == (1, 2, State.GOING_ON)
    assert of(State.NO_PLAN) == (0, 1, State.NO_PLAN)


def test_every_state_has_a_word_of_its_own_and_a_known_colour() -> None:
    assert len({one.word for one in State}) == len(State)
    assert {one.tone for one in State} <= {"good", "info", "neutral", "warn", "bad"}


def test_the_year_passes_evenly() -> None:
    assert share_of_year(year=2024, as_of=date(2024, 12, 31)) == 1
    assert share_of_year(year=2024, as_of=date(2024, 7, 1)) == Decimal(183) / 366
    assert share_of_year(year=2024, as_of=date(2025, 2, 1)) == 1
    assert share_of_year(year=2024, as_of=date(2023, 2, 1)) == 0


def test_the_plan_opens_with_the_quarter_of_today_or_the_nearest_of_its_years() -> None:
    assert quarter_to_show(years=(2022, 2024), today=date(2026, 11, 21)) == Quarter(2024, 4)
    assert quarter_to_show(years=(2025, 2027), today=date(2026, 11, 21)) == Quarter(2026, 4)
    assert quarter_to_show(years=(2027, 2027), today=date(2026, 11, 21)) == Quarter(2027, 1)
    assert reporting_day(quarter=Quarter(2026, 3), today=date(2026, 11, 21)) == date(2026, 9, 30)
    assert reporting_day(quarter=Quarter(2026, 4), today=date(2026, 11, 21)) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("value", "as_of", "expected"),
    [
        (3, date(2024, 6, 30), State.ON_TRACK),
        (3, END, State.MET),
        (4, date(2024, 6, 30), State.NOT_MET),
        (4, END, State.NOT_MET),
    ],
)
def test_at_most_is_lost_as_soon_as_it_is_passed(value: int, as_of: date, expected: State) -> None:
    at_most = AtMost(kind="at_most", value=Decimal(3), as_written="не более 3")
    assert state(at_most, Fact(Decimal(value)), as_of) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [(9, State.NOT_MET), (10, State.MET), (15, State.MET), (16, State.NOT_MET)]
)
def test_between_has_two_borders(value: int, expected: State) -> None:
    between = Between(kind="between", least=Decimal(10), most=Decimal(15), as_written="10–15")
    assert state(between, Fact(Decimal(value))) is expected


def test_a_quarter_is_a_date_and_words_are_not_judged() -> None:
    quarter = ByQuarter(kind="by_quarter", quarter=3, as_written="III квартал")
    assert due_day(target=quarter, year=2024, conventions=Conventions(), calendar=None) == date(2024, 9, 30)
    words = InWords(kind="words", as_written="по решению комиссии")
    assert (
        state(words, Fact(Decimal(1))) is State.GOING_ON
        and state(words, Fact(Decimal(0))) is State.NOT_NEEDED
    )
