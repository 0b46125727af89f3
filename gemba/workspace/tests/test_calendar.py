"""The calendar of terms: months, filters, addresses, the spreadsheet, the feed."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from gemba.audit.models import ActRecord
from gemba.notices.models import CalendarFeed
from gemba.organisation.models import RoleGrant, User
from gemba.organisation.roles import Role
from gemba.regulations.actions import fill_calendar
from gemba.regulations.tests.factories import AT, an_edition
from gemba.workspace import months
from gemba.workspace.terms import WHATS, what_of, what_title

URL = "/deadlines/"
NOW = datetime(2026, 10, 7, 2, 30, tzinfo=UTC)


@pytest.fixture
def ready(cast: Any) -> Any:
    """Give the municipality its regulation and working days."""
    fill_calendar(actor=cast.actor(Role.MONITOR), municipality=cast.municipality, years=[2026, 2027], at=AT)
    an_edition(cast.municipality)
    return cast


def shown(client: Client, **query: Any) -> str:
    with time_machine.travel(NOW, tick=False):
        answer = client.get(URL, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_subjects_belong_to_one_group_each() -> None:
    seen = [subject for _, subjects in WHATS.values() for subject in subjects]
    assert len(seen) == len(set(seen))
    assert what_title(what_of("quarterly_report")) == "Отчёты"
    assert what_title(what_of("unheard_of")) == "Прочее"


@pytest.mark.parametrize(("year", "month"), [(2026, 2), (2026, 11), (2024, 2), (2021, 2)])
def test_a_month_is_whole_weeks_from_monday(year: int, month: int) -> None:
    weeks = months.days_of(year, month)
    days = [day for week in weeks for day in week]
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert date(year, month, 1) in weeks[0]


def test_months_beside_a_turn_of_the_year() -> None:
    assert months.beside(2026, 1, -1) == (2025, 12)
    assert months.beside(2026, 12, 1) == (2027, 1)


def test_a_month_shows_term_reminders_clause_and_days_off(ready: Any) -> None:
    page = shown(ready.client(Role.EMPLOYEE), year=2026, month=10)
    assert "Октябрь 2026" in page
    assert "Отчёт за квартал" in page
    assert "до 10 числа месяца, следующего за отчётным кварталом" in page
    # The words of the clause open at the link.
    assert "Отчёт представляется до 10 числа" in page
    assert "По акту выходной" in page
    assert "последний рабочий день перед ним" in page
    assert 'aria-current="date"' in page
    assert "Новогодние" in shown(ready.client(Role.EMPLOYEE), year=2027, month=1)


def test_a_reminder_of_a_later_month_stands_in_its_own(ready: Any) -> None:
    page = shown(ready.client(Role.EMPLOYEE), year=2026, month=9)
    assert "Напоминание: Отчёт за квартал, срок 10.10" in page
    assert "В этом месяце сроков нет" in page


@pytest.mark.parametrize("view", ["month", "list", "year"])
def test_every_view_has_its_table(ready: Any, view: str) -> None:
    page = shown(ready.client(Role.EMPLOYEE), year=2026, month=10, view=view)
    assert "<caption" in page
    assert "10.10.2026" in page


def test_the_filter_leaves_what_was_asked_for(ready: Any) -> None:
    assert "Отчёт за квартал" in shown(ready.client(Role.EMPLOYEE), year=2026, month=10, what="report")
    page = shown(ready.client(Role.EMPLOYEE), year=2026, month=10, what="plan")
    assert "В этом месяце сроков нет" in page
    # The way back to all of them stays.
    assert ">Все<" in re.sub(r"<svg.*?</svg>", "", page)


@pytest.mark.parametrize(
    "query",
    [
        {"year": "0"}, {"year": "99999999"}, {"month": "13"}, {"month": "x"}, {"view": "<b>"}, {"what": "'"},
        {"year": "2099", "month": "12"}, {"year": "2000", "month": "1"}, {"year": "²⁰²⁶"},
    ],
)  # fmt: skip
def test_a_damaged_address_shows_a_month(ready: Any, query: dict[str, str]) -> None:
    assert "Календарь сроков" in shown(ready.client(Role.EMPLOYEE), **query)


def test_after_the_programme_the_terms_are_shown_and_marked(ready: Any) -> None:
    page = shown(ready.client(Role.EMPLOYEE), year=2029, month=4)
    assert "Программа завершена" in page
    assert "не напоминаем" in page


def test_without_a_regulation_the_page_teaches(cast: Any) -> None:
    page = shown(cast.client(Role.ADMIN))
    assert "Сроков пока нет" in page
    assert 'href="/regulations/load/"' in page
    assert 'href="/regulations/load/"' not in shown(cast.client(Role.EMPLOYEE))


def test_htmx_gets_only_the_calendar(ready: Any) -> None:
    answer = ready.client(Role.EMPLOYEE).get(
        URL, {"year": "2026", "month": "10"}, headers={"HX-Request": "true", "HX-Target": "calendar-part"}
    )
    page = answer.content.decode()
    assert "Октябрь 2026" in page
    assert "<html" not in page


@pytest.mark.parametrize("view", ["month", "year"])
def test_the_calendar_costs_little(ready: Any, django_assert_max_num_queries: Any, view: str) -> None:
    client = ready.client(Role.MONITOR)
    client.get(URL, {"view": view})
    with django_assert_max_num_queries(9):
        client.get(URL, {"view": view})


def test_the_spreadsheet_holds_what_is_shown(ready: Any) -> None:
    client = ready.client(Role.EMPLOYEE)
    answer = client.get(reverse("workspace:export"), {"view": "year", "year": "2026"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    head = next(number for number, row in enumerate(rows) if row[0] == "Срок")
    assert rows[0][0] == "Заречный округ"
    days = [row[0].date() for row in rows[head + 1 :]]
    assert days == [date(2026, 1, 10), date(2026, 4, 10), date(2026, 7, 10), date(2026, 10, 10)]
    assert rows[head + 4][6] == "до 10 числа месяца, следующего за отчётным кварталом"


# --- the feed


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


@pytest.fixture
def feed_url(ready: Any) -> str:
    ready.client(Role.EMPLOYEE).post(reverse("workspace:renew_feed"))
    return reverse("workspace:feed", args=[CalendarFeed.objects.get().token])


def read(url: str, **headers: str) -> Any:
    with time_machine.travel(NOW, tick=False):
        return Client().get(url, headers=headers)


def test_the_feed_is_a_valid_calendar_for_a_program_without_a_session(feed_url: str) -> None:
    answer = read(feed_url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "sessionid" not in answer.cookies
    body = answer.content
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    lines = lines_of(body.decode())
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert {"VERSION:2.0", "X-WR-TIMEZONE:Asia/Novokuznetsk"} <= set(lines)
    events = "\r\n".join(lines).split("BEGIN:VEVENT")[1:]
    assert len(events) >= 5
    for event in events:
        for name in ("UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:", "DTEND;VALUE=DATE:", "SUMMARY:"):
            assert event.count(f"\r\n{name}") == 1, name
        assert event.count("BEGIN:VALARM") == event.count("TRIGGER:-P") > 0
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(uids) == len(set(uids))
    assert "UID:quarterly_report-20261010-zarechny@gemba" in uids


def test_the_feed_says_the_same_until_something_changes(feed_url: str) -> None:
    first = read(feed_url)
    again = read(feed_url, **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert read(feed_url).content == first.content


def test_a_wrong_address_is_not_there(ready: Any, feed_url: str) -> None:
    for token in ("", "x", "a" * 43):
        assert read(f"/deadlines/feed/{token}.ics").status_code == 404


def test_a_replaced_address_stops_working_at_once(ready: Any, feed_url: str) -> None:
    client = ready.client(Role.EMPLOYEE)
    client.post(reverse("workspace:renew_feed"))
    assert read(feed_url).status_code == 404
    new = reverse("workspace:feed", args=[CalendarFeed.objects.get().token])
    assert read(new).status_code == 200
    client.post(reverse("workspace:revoke_feed"))
    assert read(new).status_code == 404
    acts = ActRecord.objects.filter(act__startswith="notices.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["notices.renew_feed", "notices.renew_feed", "notices.revoke_feed"]
    assert new not in str(list(ActRecord.objects.values()))


def test_who_has_left_reads_no_more(ready: Any, feed_url: str) -> None:
    User.objects.filter(pk=ready.users[Role.EMPLOYEE].pk).update(is_active=False)
    assert read(feed_url).status_code == 404


def test_the_feed_is_of_the_owners_municipality(ready: Any) -> None:
    ready.stranger_client().post(reverse("workspace:renew_feed"))
    token = CalendarFeed.objects.get(user=ready.stranger).token
    text = read(reverse("workspace:feed", args=[token])).content.decode()
    assert "Лесной округ" in "".join(lines_of(text))
    assert "BEGIN:VEVENT" not in text


def test_the_page_shows_the_address_only_to_its_owner(ready: Any, feed_url: str) -> None:
    url = reverse("workspace:subscription")
    mine = ready.client(Role.EMPLOYEE).get(url).content.decode()
    assert f"http://testserver{feed_url}" in mine
    assert "ещё ни разу" in mine
    read(feed_url)
    assert "07.10.2026" in ready.client(Role.EMPLOYEE).get(url).content.decode()
    assert feed_url not in ready.client(Role.MONITOR).get(url).content.decode()
    assert "Адрес ещё не создан" in ready.client(Role.MONITOR).get(url).content.decode()


def test_the_regional_office_has_no_calendar_of_a_municipality(ready: Any) -> None:
    assert RoleGrant.objects.filter(role=Role.REGION).exists()
    assert ready.client(Role.REGION).get(URL).status_code == 403


def test_the_feed_costs_few_statements(feed_url: str, django_assert_max_num_queries: Any) -> None:
    read(feed_url)
    with django_assert_max_num_queries(6):
        read(feed_url)
