"""The chart of terms: what moves with what, on working days; the page hands over what the script needs."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from gemba.kernel.calendar import WorkCalendar
from gemba.kernel.problems import Refusal
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.projects import access
from gemba.projects.actions import moving, work
from gemba.projects.drawing import chart_of
from gemba.projects.queries.gantt import closing_of
from gemba.projects.queries.settings import calendar_of
from gemba.projects.rules.gantt import Bar, calendar_words, lay_out, legend_of, mark_critical
from gemba.projects.rules.stages import seen_of
from gemba.projects.tests.factories import AT, make_active, make_at, make_closed, measure_in

MONDAY = date(2026, 12, 7)


def test_a_drag_is_counted_in_days_and_the_legend_names_only_what_is_shown() -> None:
    bars = [
        Bar("s1", "Первый", date(2026, 12, 1), date(2026, 12, 10), tone="bad", move_url="/1/"),
        Bar("s2", "Второй", date(2027, 1, 11), date(2027, 2, 1), tone="good", move_url="/2/"),
    ]
    chart = lay_out(bars, today=MONDAY)
    first, second = chart.rows
    days = (date(2027, 1, 11) - date(2026, 12, 1)).days
    assert abs((second.x - first.x) - days * chart.day_width) < 1
    assert [tone for tone, _ in legend_of(bars)] == ["bad", "good"]
    calendar = WorkCalendar(
        days_off=[date(2027, 1, 4), date(2035, 1, 4)], working_weekends=[date(2026, 12, 12)]
    )
    assert calendar_words(calendar, bars, MONDAY) == ("2027-01-04", "2026-12-12")
    assert calendar_words(calendar, [], MONDAY) == ("", "")


def test_a_long_chart_is_drawn_in_parts_each_with_its_axis() -> None:
    bars = [Bar(f"m{n}", f"Строка <{n}>", MONDAY, date(2026, 12, 9)) for n in range(1, 61)]
    bars[59].after = ("m1",)
    drawn = chart_of(lay_out(bars, today=MONDAY), "Сроки")
    assert drawn.count('<svg class="gantt"') == drawn.count('<svg class="gantt-axis"') == 3
    assert drawn.count("gantt-whole") == 2 and "Строка &lt;60&gt;" in drawn
    assert drawn.count('gantt-arrow"') == 3, "an arrow over the parts goes through each of them"
    short = chart_of(lay_out(bars[:3], today=MONDAY), "Сроки")
    assert "gantt-long" not in short and short.count("<svg") == 2


def test_days_off_are_no_slack_and_a_free_working_day_is() -> None:
    def chain(second: date, calendar: WorkCalendar) -> list[str]:
        bars = [
            Bar("m1", "Первая", MONDAY, date(2026, 12, 30)),
            Bar("m2", "Вторая", second, date(2027, 1, 20), after=("m1",)),
        ]
        mark_critical(bars, calendar)
        return [bar.key for bar in bars if bar.is_critical]

    holidays = WorkCalendar(days_off=[date(2026, 12, 31), *(date(2027, 1, day) for day in range(1, 11))])
    assert chain(date(2027, 1, 11), holidays) == ["m1", "m2"]
    assert chain(date(2027, 1, 12), holidays) == ["m2"]
    assert chain(date(2027, 1, 11), WorkCalendar()) == ["m2"]


@pytest.mark.django_db
class TestMovingProjects:
    """A bar of the portfolio moved: what is left of the project goes along."""

    def test_the_rest_of_the_project_moves_by_as_many_working_days(self, cast: Cast) -> None:
        project = make_active(cast)
        leader = cast.actor(Role.LEADER)
        before = {row.number: row for row in project.stages.all()}
        closing = closing_of(before.values())
        calendar = calendar_of(project.municipality_id)
        assert closing is not None
        end = calendar.add_working_days(closing, 3)
        with pytest.raises(Refusal, match="причина"):
            moving.move_project(actor=leader, project_id=project.pk, end=end, at=AT)
        moved = moving.move_project(actor=leader, project_id=project.pk, end=end, reason="Ремонт", at=AT)
        assert moved == end
        for row in project.stages.all():
            was = before[row.number]
            if was.actual_end:
                assert row.ends_on == was.ends_on, "what is over stays"
            else:
                assert row.ends_on == calendar.add_working_days(was.plan_end, 3)
                assert row.plan_end == was.plan_end, "the approved plan waits for its own edition"
        moving.move_project(actor=leader, project_id=project.pk, end=closing, at=AT, reason="Вернули")
        assert closing_of(project.stages.all()) == closing

    def test_nonsense_and_strangers_are_refused(self, cast: Cast) -> None:
        project, closed = make_active(cast), make_closed(cast, title="Закрытый")
        leader = cast.actor(Role.LEADER)
        closing = closing_of(project.stages.all())
        assert closing is not None
        with pytest.raises(Refusal, match="прежним"):
            moving.move_project(actor=leader, project_id=project.pk, end=closing, at=AT)
        with pytest.raises(Refusal, match="раньше, чем начался"):
            moving.move_project(actor=leader, project_id=project.pk, end=date(2026, 1, 12), at=AT)
        with pytest.raises(Refusal, match="не сдвигают"):
            moving.move_project(actor=leader, project_id=closed.pk, end=date(2027, 6, 1), at=AT)
        with pytest.raises(PermissionDenied):
            moving.move_project(actor=cast.actor(Role.EMPLOYEE), project_id=project.pk, end=MONDAY, at=AT)

    def test_the_chart_offers_it_to_those_who_edit_the_project(self, cast: Cast) -> None:
        project = make_active(cast)
        for role in Role:
            if role not in cast.people:
                continue
            actor = cast.actor(role)
            edits = bool(access.parties(actor, project) & access.EDITORS)
            assert access.keeper(actor)(project.leader_id, project.organisation_id) == edits, role
        leader, shift = cast.client(Role.LEADER), reverse("projects:shift", args=[project.pk])
        chart = reverse("projects:gantt_all") + "?group=active"
        text = leader.get(chart).content.decode()
        assert f'data-move="{shift}"' in text and "data-gantt-form" in text
        assert f'href="{shift}?back=/projects/gantt/%3Fgroup%3Dactive"' in text
        assert "data-move=" not in cast.client(Role.EMPLOYEE).get(chart).content.decode()
        seen = seen_of(None, closing_of(project.stages.all()))
        assert f'data-seen="{seen}"' in text and f'value="{seen}"' in leader.get(shift).content.decode()
        sent = {"end": "30.06.2027", "back": chart, "seen": seen}
        answer = leader.post(shift, sent)
        assert answer.status_code == 422 and "Не указана причина" in answer.content.decode()
        assert 'value="/projects/gantt/?group=active"' in answer.content.decode(), "the way back is kept"
        answer = leader.post(shift, sent | {"reason": "Ремонт"})
        assert (answer.status_code, answer["Location"]) == (302, chart)
        later = leader.post(shift, sent | {"end": "30.07.2027", "reason": "Ремонт"})
        assert later.status_code == 409 and "30.06.2027" in later.content.decode(), (
            "what another has set is shown"
        )
        for bad in ("https://evil.example/", "//evil.example", "/projects/\\evil"):
            assert "evil" not in leader.get(shift, {"back": bad}).content.decode()
        assert cast.client(Role.EMPLOYEE).get(shift).status_code == 403


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
        seen = {"seen": seen_of(row.starts_on, row.due_on)}
        answer = leader.post(move, {**seen, "start": "09.12.2026", "end": "07.12.2026"})
        assert answer.status_code == 422 and "раньше начала" in answer.content.decode()
        assert leader.post(move, {"start": "07.12.2026", "end": "09.12.2026"}).status_code == 422
        assert leader.post(move, {**seen, "start": "07.12.2026", "end": "09.12.2026"}).status_code == 302
        row.refresh_from_db()
        assert row.due_on == date(2026, 12, 9)

    def test_whoever_moves_what_others_have_moved_sees_both_and_loses_nothing(self, cast: Cast) -> None:
        project = make_active(cast)
        row, stage = measure_in(cast, project), project.stages.get(number=3)
        leader, office = cast.client(Role.LEADER), cast.client(Role.MONITOR)
        for name, own, before in (
            ("measure_move", row.pk, (row.starts_on, row.due_on)),
            ("forecast", stage.number, stage.expected),
        ):
            address = reverse(f"projects:{name}", args=[project.pk, own])
            assert f'value="{seen_of(*before)}"' in leader.get(address).content.decode()
            sent = {"seen": seen_of(*before), "start": "14.12.2026", "reason": "Ждём поставку."}
            assert office.post(address, {**sent, "end": "22.01.2027"}).status_code == 302
            answer = leader.post(address, {**sent, "end": "29.01.2027"})
            text = answer.content.decode()
            assert answer.status_code == 409 and "22.01.2027" in text and "29.01.2027" in text, name
            again = {**sent, "seen": seen_of(date(2026, 12, 14), date(2027, 1, 22)), "end": "29.01.2027"}
            assert f'value="{again["seen"]}"' in text and leader.post(address, again).status_code == 302
        row.refresh_from_db(), stage.refresh_from_db()
        assert row.due_on == stage.forecast_end == date(2027, 1, 29)
