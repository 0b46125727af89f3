"""The chart of terms: what moves with what, on working days; the page hands over what the script needs."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.problems import Refusal
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.projects.actions import moving, work
from gemba.projects.rules.gantt import Bar, calendar_words, lay_out, legend_of
from gemba.projects.tests.factories import AT, make_active, make_at, measure_in

MONDAY = date(2026, 12, 7)


def test_a_drag_is_counted_in_days_and_the_legend_names_only_what_is_shown() -> None:
    bars = [
        Bar("s1", "Первый", date(2026, 12, 1), date(2026, 12, 10), tone="bad"),
        Bar("s2", "Второй", date(2027, 1, 11), date(2027, 2, 1), tone="good"),
    ]
    chart = lay_out(bars, today=MONDAY)
    first, second = chart.rows
    days = (date(2027, 1, 11) - date(2026, 12, 1)).days
    assert abs((second.x - first.x) - days * chart.day_width) < 1
    assert [tone for tone, _ in legend_of(bars)] == ["bad", "good"]
    calendar = WorkCalendar(
        days_off=[date(2027, 1, 4), date(2035, 1, 4)], working_weekends=[date(2026, 12, 12)]
    )
    assert calendar_words(calendar, bars) == ("2027-01-04", "2026-12-12")
    assert calendar_words(calendar, []) == ("", "")


@pytest.mark.django_db
class TestMoving:
    """A line of the roadmap moved in time."""

    def test_those_that_wait_move_by_as_many_working_days(self, cast: Cast) -> None:
        project = make_at(cast, "action_plan")
        leader = cast.actor(Role.LEADER)
        friday = date(2026, 12, 11)
        one = measure_in(cast, project, starts_on=MONDAY, due_on=date(2026, 12, 9))
        two = measure_in(cast, project, starts_on=date(2026, 12, 10), due_on=friday)
        three = measure_in(cast, project, starts_on=date(2026, 12, 14), due_on=date(2026, 12, 15))
        free = measure_in(cast, project, starts_on=MONDAY, due_on=friday)
        for row, number in ((two, one.number), (three, two.number)):
            work.save_measure(
                actor=leader, project_id=project.pk, at=AT, values={}, follows=[number], measure_id=row.pk
            )
        moved = moving.move_measure(
            actor=leader, measure_id=one.pk, start=MONDAY, end=friday, at=AT, moves_following=True
        )
        assert [row.number for row in moved] == [one.number, two.number, three.number]
        for row in (one, two, three, free):
            row.refresh_from_db()
        assert (one.starts_on, one.due_on) == (MONDAY, friday)
        # Two working days over the weekend, the lengths kept.
        assert (two.starts_on, two.due_on) == (date(2026, 12, 14), date(2026, 12, 15))
        assert (three.starts_on, three.due_on) == (date(2026, 12, 16), date(2026, 12, 17))
        assert free.due_on == friday
        moving.move_measure(actor=leader, measure_id=one.pk, start=MONDAY, end=MONDAY, at=AT)
        two.refresh_from_db()
        assert two.starts_on == date(2026, 12, 14), "nobody asked to move the others"

    def test_what_is_done_stays_and_backward_days_are_named(self, cast: Cast) -> None:
        project = make_at(cast, "action_plan")
        leader, row = cast.actor(Role.LEADER), measure_in(cast, project)
        with pytest.raises(Refusal, match="раньше начала"):
            moving.move_measure(actor=leader, measure_id=row.pk, start=date(2026, 12, 9), end=MONDAY, at=AT)
        with pytest.raises(PermissionDenied):
            moving.move_measure(actor=cast.actor(Role.EMPLOYEE), measure_id=row.pk, end=MONDAY, at=AT)
        work.set_measure_state(actor=leader, measure_id=row.pk, state="done", at=AT, evidence="Приказ № 7")
        with pytest.raises(Refusal, match="завершена"):
            moving.move_measure(actor=leader, measure_id=row.pk, end=MONDAY, at=AT)

    def test_the_page_offers_to_move_only_to_those_who_may(self, cast: Cast) -> None:
        project = make_active(cast)
        row = measure_in(cast, project)
        address = reverse("projects:gantt", args=[project.pk])
        leader = cast.client(Role.LEADER)
        text = leader.get(address).content.decode()
        move = reverse("projects:measure_move", args=[project.pk, row.pk])
        assert f'data-move="{move}"' in text and "data-gantt-form" in text and "gantt.js" in text
        text = cast.client(Role.EMPLOYEE).get(address).content.decode()
        assert "data-move=" not in text and "gantt.js" not in text
        answer = leader.post(move, {"start": "09.12.2026", "end": "07.12.2026"})
        assert answer.status_code == 422 and "раньше начала" in answer.content.decode()
        assert leader.post(move, {"start": "07.12.2026", "end": "09.12.2026"}).status_code == 302
        row.refresh_from_db()
        assert row.due_on == date(2026, 12, 9)
