"""Reminders come by themselves: 10, 5 and 1 working days before the term, once to the late, never to who has sent."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gemba.notices.models import Notice
from gemba.notices.reminders import remind_municipality as remind_of_terms
from gemba.organisation.access import actor_of, system_actor
from gemba.organisation.models import User
from gemba.organisation.roles import Role
from gemba.plan import actions
from gemba.plan.actions import MeasureFields
from gemba.plan.models import Measure
from gemba.plan.reminders import remind
from gemba.plan.tests.factories import lens_at
from gemba.plan.tests.test_reports import Town
from gemba.regulations.actions import fill_calendar

ZONE = ZoneInfo("Asia/Novokuznetsk")


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def town(db: None) -> Any:
    with time_machine.travel(at(date(2026, 4, 3)), tick=False):
        made = Town()
        fill_calendar(
            actor=system_actor(made.municipality), municipality=made.municipality, years=[2026, 2027],
            at=at(date(2026, 4, 3)),
        )  # fmt: skip
        made.users[Role.EMPLOYEE] = made.person(Role.TRAINER, made.school)
        yield made


def told(part: str) -> list[str]:
    found = Notice.objects.filter(title__contains=part).order_by("pk")
    return [login.removesuffix("-x") for login in found.values_list("user__login", flat=True)]


def send_zero(town: Town, day: date) -> None:
    with time_machine.travel(at(day), tick=False):
        lens = lens_at(town.municipality, day, 2026, 1)
        actor = system_actor(town.municipality, today=day)
        actions.ask_approval(actor=actor, lens=lens, organisation=town.school, at=at(day), is_zero=True)
        actions.approve_report(actor=actor, lens=lens, organisation=town.school, at=at(day))


def test_ten_five_and_one_working_days_before_the_term(town: Town) -> None:
    # The term is Friday 10 April 2026: 27 March, 3 April and 9 April are 10, 5 and 1 working days before it.
    days = []
    for number in range(25):
        day = date(2026, 3, 20) + timedelta(days=number)
        before = Notice.objects.count()
        remind_of_terms(municipality=town.municipality, at=at(day))
        remind_of_terms(municipality=town.municipality, at=at(day, 17))
        if Notice.objects.count() > before:
            days.append(day)
    assert days == [date(2026, 3, 27), date(2026, 4, 3), date(2026, 4, 9)]
    assert sorted(told("До 10.04.2026")) == sorted(["coordinator", "unit_head", "monitor"] * 3)
    notice = Notice.objects.filter(user=town.users[Role.COORDINATOR]).latest("pk")
    assert notice.url == "/plan/reports/?year=2026&quarter=1"
    assert "до 10 числа следующего месяца" in notice.text


def test_who_has_sent_is_left_in_peace(town: Town) -> None:
    send_zero(town, date(2026, 4, 2))
    Notice.objects.all().delete()
    remind_of_terms(municipality=town.municipality, at=at(date(2026, 4, 3)))
    # The other school has nobody to remind; the economist still waits for it.
    assert told("До 10.04.2026") == ["monitor"]


def test_the_late_are_told_once_with_the_clause(town: Town) -> None:
    for day, hour in ((10, 23), (11, 4), (11, 6), (11, 12), (12, 6), (20, 6)):
        remind(at=at(date(2026, 4, day), hour, 59))
    assert told("не отправлен, срок был 10.04.2026") == ["coordinator", "unit_head"]
    assert told("Не отправили отчёт за I квартал 2026 года: 2 организации из 2") == ["monitor"]
    text = Notice.objects.filter(user=town.users[Role.COORDINATOR]).get().text
    assert "до 10 числа следующего месяца" in text
    assert "3.4" in text
    # Asked again it costs little and says nothing.
    with CaptureQueriesContext(connection) as caught:
        assert remind(at=at(date(2026, 4, 20), 7)) == 0
    assert len(caught) < 20


def test_nobody_is_late_before_local_midnight_and_after_sending(town: Town) -> None:
    # 10 April 23:59 in Kuzbass is still the day of the term, though in Moscow it is 19:59.
    assert remind(at=at(date(2026, 4, 10), 23, 59)) == 0
    send_zero(town, date(2026, 4, 10))
    Notice.objects.all().delete()
    remind(at=at(date(2026, 4, 13)))
    assert told("не отправлен") == []
    assert told("1 организация из 2") == ["monitor"]


def test_the_fourth_quarter_is_late_in_january_of_the_next_year(town: Town) -> None:
    assert remind(at=at(date(2026, 12, 31), 23, 59)) == 0
    assert remind(at=at(date(2027, 1, 1))) == 0
    assert remind(at=at(date(2027, 1, 10), 12)) == 0
    assert remind(at=at(date(2027, 1, 11))) == 3
    assert told("Отчёт за IV квартал 2026 года не отправлен, срок был 10.01.2027") == [
        "coordinator",
        "unit_head",
    ]


def test_a_locked_quarter_reminds_nobody(town: Town) -> None:
    day = date(2026, 4, 11)
    lens = lens_at(town.municipality, day, 2026, 1)
    actions.lock_quarter(actor=system_actor(town.municipality, today=day), lens=lens, at=at(day))
    assert remind(at=at(date(2026, 4, 13))) == 0


def a_measure(town: Town, due_on: date) -> Measure:
    giver = User.objects.with_owner().get(pk=town.users[Role.MONITOR].pk)
    who = town.users[Role.COORDINATOR].person
    assert who is not None
    fields = MeasureFields(text="Провести конкурс", responsible=who, due_on=due_on)
    return actions.give_measure(
        actor=actor_of(giver), municipality=town.municipality, fields=fields, at=at(date(2026, 4, 3))
    )


def test_an_assignment_is_recalled_before_its_day_and_told_when_overdue(town: Town) -> None:
    # Monday 20 April: 13 April is 5 working days before it, Friday 17 April 1; the weekend is no reminder.
    a_measure(town, date(2026, 4, 20))
    Notice.objects.all().delete()
    heard: dict[date, int] = {}
    for number in range(25):
        day = date(2026, 4, 4) + timedelta(days=number)
        if found := remind_measures_only(town, day):
            heard[day] = found
    assert heard == {date(2026, 4, 13): 1, date(2026, 4, 17): 1, date(2026, 4, 21): 2}
    assert sorted(told("Просрочено поручение")) == ["coordinator", "monitor"]


def remind_measures_only(town: Town, day: date) -> int:
    from gemba.plan.reminders import remind_of_measures

    return remind_of_measures(municipality=town.municipality, today=day, at=at(day))


def test_what_is_reported_is_not_recalled_and_a_moved_day_counts_anew(town: Town) -> None:
    measure = a_measure(town, date(2026, 4, 20))
    remind_measures_only(town, date(2026, 4, 13))
    actor = system_actor(town.municipality, today=date(2026, 4, 14))
    actions.move_measure(
        actor=actor, measure=measure, due_on=date(2026, 4, 30), reason="болезнь", at=at(date(2026, 4, 14))
    )
    assert remind_measures_only(town, date(2026, 4, 17)) == 0
    assert remind_measures_only(town, date(2026, 4, 23)) == 1
    actions.report_measure(actor=actor, measure=measure, report="сделано", link="", at=at(date(2026, 4, 24)))
    assert remind_measures_only(town, date(2026, 5, 5)) == 0
