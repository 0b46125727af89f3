"""Days of stages, the passport and the Gantt chart by themselves."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.problems import Severity
from gemba.projects.rules.gantt import Bar, lay_out, mark_critical
from gemba.projects.rules.passport import GoalLine, Passport, differences, passport_problems
from gemba.projects.rules.stages import (
    DEFAULT_STAGES,
    Days,
    add_months,
    colour_of,
    day_problems,
    is_stable,
    move_following,
    propose_days,
)

# New year holidays, so that a project over the turn of the year feels them.
CALENDAR = WorkCalendar(days_off=[date(2027, 1, day) for day in range(1, 11)])
DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 1))


@given(DAYS)
def test_proposed_days_are_working_days_in_order(first: date) -> None:
    days = propose_days(kinds=DEFAULT_STAGES, first=first, calendar=CALENDAR)
    assert len(days) == 10
    assert all(CALENDAR.is_working(one.end) for one in days)
    assert day_problems(DEFAULT_STAGES, {one.number: one for one in days}, CALENDAR) == []


@given(DAYS, st.integers(1, 9), st.integers(-10, 40))
def test_moving_a_stage_keeps_the_lengths_of_the_following(first: date, number: int, by: int) -> None:
    days = propose_days(kinds=DEFAULT_STAGES, first=first, calendar=CALENDAR)
    end = CALENDAR.add_working_days(days[number - 1].end, by)
    moved = move_following(days=days, number=number, end=end, calendar=CALENDAR)
    assert moved[: number - 1] == days[: number - 1] and moved[number - 1].end == end
    for old, new in zip(days[number:], moved[number:], strict=True):
        assert CALENDAR.working_days_between(old.start, old.end) == CALENDAR.working_days_between(
            new.start, new.end
        )
        assert CALENDAR.working_days_between(old.start, new.start) == by


def test_overlap_warns_and_backward_refuses() -> None:
    days = {
        one.number: one
        for one in propose_days(kinds=DEFAULT_STAGES, first=date(2026, 9, 1), calendar=CALENDAR)
    }
    days[3] = Days(3, days[2].end - timedelta(days=5), days[3].end)
    assert {one.severity for one in day_problems(DEFAULT_STAGES, days)} == {Severity.WARNING}
    days[3] = Days(3, days[2].start - timedelta(days=1), days[3].end)
    assert Severity.REFUSED in {one.severity for one in day_problems(DEFAULT_STAGES, days)}


def test_colour_is_told_by_working_days() -> None:
    def tone(today: date, **days: date | None) -> str:
        found = {"plan_end": date(2026, 11, 20), "forecast_end": None, "actual_end": None, **days}
        return colour_of(**found, today=today, calendar=CALENDAR).tone

    assert tone(date(2026, 11, 12)) == "good"
    assert tone(date(2026, 11, 13)) == "warn"
    assert tone(date(2026, 11, 20)) == "warn"
    assert tone(date(2026, 11, 21)) == "bad"
    assert tone(date(2026, 11, 2), forecast_end=date(2026, 12, 1)) == "warn"
    assert tone(date(2026, 12, 21), actual_end=date(2026, 11, 20)) == "good"


def test_an_empty_passport_says_all_that_is_missing() -> None:
    fields = {one.field for one in passport_problems(Passport(), kinds=DEFAULT_STAGES, ground_codes=["kpi"])}
    assert {
        "title",
        "customer",
        "leader",
        "process",
        "start_event",
        "end_event",
        "justifications",
        "goals",
        "grounds",
    } <= fields
    assert "end_10" in fields


def test_a_goal_that_makes_things_worse_is_refused() -> None:
    def goal(before: str, after: str, better: str) -> list[str]:
        passport = Passport(goals=[GoalLine("a", "Время", "мин", before, after, better)])
        found = passport_problems(passport, kinds=(), ground_codes=None)
        return [one.text for one in found if one.field == "goals"]

    assert goal("40", "15", "less") == [] and goal("15", "40", "more") == []
    assert "хуже" in goal("40", "50", "less")[0]
    assert "равны" in goal("40", "40", "less")[0]
    assert "нужны" in goal("", "40", "more")[0]


def test_a_changed_target_and_date_weigh() -> None:
    one = Passport(goals=[GoalLine("a", "Время", "мин", "40", "15")])
    two = Passport(goals=[GoalLine("a", "Время", "мин", "40", "20")], title="Новое")
    two.set_days([Days(1, date(2026, 1, 12), date(2026, 1, 12))])
    found = {change.title: change.is_weighty for change in differences(one, two)}
    assert found == {"Название": False, "Цель «Время»": True, "Срок этапа 1": True}
    assert differences(two, Passport.of(two.as_json())) == []


def test_stability_is_a_tenth_of_the_gap() -> None:
    def stable(value: float, before: float = 40, target: float = 15) -> bool:
        return is_stable(before=before, target=target, value=value, tolerance_percent=10)

    assert stable(17.5) and not stable(17.6)
    assert stable(88, before=60, target=90) is True and stable(86, before=60, target=90) is False


def test_months_end_with_the_month() -> None:
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 12, 31), 12) == date(2027, 12, 31)


def test_the_critical_path_is_the_longest_chain() -> None:
    day = date(2026, 9, 1)

    def bar(key: str, start: int, end: int, *after: str) -> Bar:
        return Bar(key, key, day + timedelta(days=start), day + timedelta(days=end), after=after)

    bars = [bar("a", 0, 9), bar("b", 10, 29, "a"), bar("c", 10, 12, "a"), bar("d", 30, 40, "b", "c")]
    mark_critical(bars)
    assert [one.key for one in bars if one.is_critical] == ["a", "b", "d"]
    chart = lay_out(bars, today=day + timedelta(days=5))
    assert len(chart.arrows) == 4 and chart.today_x is not None
    assert [row.y for row in chart.rows] == sorted(row.y for row in chart.rows)


def test_a_chart_of_five_hundred_says_what_it_left_out() -> None:
    bars = [Bar(f"p{n}", "Проект", date(2026, 1, 1), date(2026, 2, 1)) for n in range(620)]
    chart = lay_out(bars, today=date(2026, 1, 10))
    assert len(chart.rows) == 500 and chart.left_out == 120
