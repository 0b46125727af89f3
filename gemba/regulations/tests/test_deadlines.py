"""From the rule of an act to days in the calendar."""

from __future__ import annotations

from datetime import date

from gemba.kernel.calendar import WorkCalendar
from gemba.regulations.deadlines import dates_between
from gemba.regulations.pack import Pack, load_pack
from gemba.regulations.tests.factories import pack_text

NEW_YEAR = WorkCalendar(days_off=[date(2026, 1, day) for day in range(1, 9)])


def pack(extra: str = "", day: int = 10) -> Pack:
    return load_pack(pack_text(day=day, extra=extra))


def test_a_quarterly_deadline_falls_four_times_a_year() -> None:
    found = dates_between(pack(), date(2026, 1, 1), date(2026, 12, 31), WorkCalendar())
    assert [item.due_on for item in found] == [
        date(2026, 1, 10),
        date(2026, 4, 10),
        date(2026, 7, 10),
        date(2026, 10, 10),
    ]
    assert found[0].period_label == "IV квартал 2025 года"


def test_reminders_are_working_days_before_the_last_working_day() -> None:
    (first, *_) = dates_between(pack(), date(2026, 1, 1), date(2026, 3, 31), NEW_YEAR)
    # 10 January 2026 is a Saturday: the last working day before it is Friday the 9th, the only one of the year so far.
    assert first.falls_on_day_off and first.due_on == date(2026, 1, 10)
    assert first.remind_on[-1] == date(2025, 12, 31)
    assert all(NEW_YEAR.is_working(day) for day in first.remind_on)


def test_a_day_off_moves_only_when_the_conventions_say_so() -> None:
    moved_back = pack("conventions: {day_off: previous}\n")
    moved_on = pack("conventions: {day_off: next}\n")
    (back,) = dates_between(moved_back, date(2026, 1, 1), date(2026, 1, 31), NEW_YEAR)
    (on,) = dates_between(moved_on, date(2026, 1, 1), date(2026, 1, 31), NEW_YEAR)
    assert (back.due_on, on.due_on) == (date(2026, 1, 9), date(2026, 1, 12))
    assert back.legal_on == on.legal_on == date(2026, 1, 10)


def test_the_named_day_can_be_outside_the_term() -> None:
    (item,) = dates_between(
        pack("conventions: {is_due_day_included: false}\n"),
        date(2026, 4, 1),
        date(2026, 4, 30),
        WorkCalendar(),
    )
    assert item.due_on == date(2026, 4, 9)


def test_a_deadline_after_the_programme_is_marked() -> None:
    years = {
        item.legal_on.year: item.is_after_programme
        for item in dates_between(pack(), date(2027, 1, 1), date(2029, 12, 31), WorkCalendar())
    }
    assert years == {2027: False, 2028: False, 2029: True}


def test_once_a_quarter_ends_with_the_quarter_but_so_many_times_a_year_names_no_day() -> None:
    meeting = "  - {{code: meeting, title: Заседание, subject: body_meeting, rule: {rule}, as_written: x, clause: polozhenie 3.1}}\n"

    def days(rule: str) -> list[date]:
        text = pack_text().replace("glossary:\n", meeting.format(rule=rule) + "glossary:\n")
        found = dates_between(load_pack(text), date(2026, 1, 1), date(2026, 6, 30), WorkCalendar())
        return [item.due_on for item in found if item.code == "meeting"]

    assert days("{kind: at_least_times, times: 1, per: quarter}") == [date(2026, 3, 31), date(2026, 6, 30)]
    assert days("{kind: times, times: 1, per: quarter}") == []
    assert days("{kind: times, times: 4, per: year}") == []


def test_terms_inside_a_period_half_years_and_last_working_days() -> None:
    line = "  - {{code: other, title: Другое, subject: other, rule: {rule}, as_written: x, clause: polozhenie 3.1}}\n"

    def days(rule: str, calendar: WorkCalendar | None = None) -> list[tuple[date, str]]:
        text = pack_text().replace("glossary:\n", line.format(rule=rule) + "glossary:\n")
        found = dates_between(
            load_pack(text), date(2026, 1, 1), date(2026, 7, 31), calendar or WorkCalendar()
        )
        return [(item.due_on, item.period_label) for item in found if item.code == "other"]

    assert days("{kind: in_period, period: quarter, day: 25}")[0] == (
        date(2026, 3, 25),
        "I квартал 2026 года",
    )
    assert days("{kind: in_period, period: quarter, month: 1, day: 20}")[0][0] == date(2026, 1, 20)
    assert days("{kind: in_period, period: month, is_working_day: true}")[:2] == [
        (date(2026, 1, 30), "01.2026"),
        (date(2026, 2, 27), "02.2026"),
    ]
    assert days("{kind: after_period, period: half_year, day: 15}") == [
        (date(2026, 1, 15), "II полугодие 2025 года"),
        (date(2026, 7, 15), "I полугодие 2026 года"),
    ]
