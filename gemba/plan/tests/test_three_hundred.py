"""A quarter of three hundred organisations by the pages of the people: collected, consolidated, locked, corrected."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from gemba.organisation.access import system_actor
from gemba.organisation.models import Organisation, User
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import signed_in
from gemba.organisation.tests.factories import grant, make_organisation, make_person, make_user
from gemba.plan import actions
from gemba.plan.models import LockedRow, Report, ReportingPeriod, ReportRow, ReportState
from gemba.plan.reporting import project_key
from gemba.plan.tests.factories import AT, event, of_act, table_of
from gemba.plan.tests.test_importing import HEAD
from gemba.plan.tests.test_messy import Made, new, old
from gemba.plan.tests.test_reports import ROW

ZONE = ZoneInfo("Asia/Novokuznetsk")
# Whole on the embedded database; PostgreSQL is asked the same of fewer, for the sake of a short suite.
HOW_MANY = 300 if connection.vendor == "sqlite" else 60
FORGETFUL, SILENT, SHY = 4, HOW_MANY - 2, HOW_MANY - 1
Q1, Q2 = "year=2026&quarter=1", "year=2026&quarter=2"
UNCHECKED = "/plan/reports/?" + Q1 + "&show="


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@dataclass
class Place:
    """An organisation, its coordinator and its head, each with a browser of their own."""

    number: int
    organisation: Organisation
    coordinator: Client
    head: Client
    users: list[User]

    def url(self, part: str = "", quarter: str = Q1) -> str:
        return f"/plan/reports/{self.organisation.pk}/{part}?{quarter}"

    def write(self, part: str, **fields: Any) -> Any:
        return self.coordinator.post(self.url(part), fields)

    def approve(self) -> None:
        """The head reads the report where there is something to read, and sends it."""
        if not self.report().is_zero:
            assert "Согласовать и отправить" in self.head.get(self.url()).content.decode()
        self.head.post(self.url("approve/"), {})

    def report(self) -> Report:
        return Report.objects.get(organisation=self.organisation, period__quarter=1, period__year=2026)

    def row(self, **changes: Any) -> dict[str, Any]:
        return ROW | {"project": f"Проект {self.number}", "participant": str(self.organisation)} | changes


class Quarter300:
    """Who reports in which way, by the number of the organisation; what each must have sent, in plain words."""

    def __init__(self) -> None:
        self.municipality = of_act("promyshlennovsky")
        self.places: list[Place] = []
        self.sent: dict[int, list[str]] = {}
        for number in range(HOW_MANY):
            organisation = make_organisation(self.municipality, f"Учреждение {number:03}")
            users = []
            for role in (Role.COORDINATOR, Role.UNIT_HEAD):
                user = make_user(f"{role.value}-{number}", person=make_person(self.municipality))
                if number != SHY:
                    grant(user, role, organisation=organisation)
                users.append(user)
            self.places.append(Place(number, organisation, signed_in(users[0]), signed_in(users[1]), users))
        self.economist_user = make_user("economist", person=make_person(self.municipality))
        grant(self.economist_user, Role.MONITOR)
        self.economist = signed_in(self.economist_user)
        self.before()

    def before(self) -> None:
        """The year before ended with a project in every third organisation."""
        period = ReportingPeriod.objects.create(
            municipality=self.municipality, year=2025, quarter=4, ends_on=date(2025, 12, 31), opened_at=AT
        )
        reports = Report.objects.bulk_create(
            Report(period=period, organisation=place.organisation, state=ReportState.ACCEPTED)
            for place in self.places
            if is_old(place.number)
        )
        ReportRow.objects.bulk_create(
            ReportRow(
                report=report, ordinal=1, key=project_key(cells["project"]), cells=cells
            )
            for report in reports
            for place in [self.places[report.organisation_id - self.places[0].organisation.pk]]
            for cells in [place.row(opened_year="2025", stage="5. Целевое состояние")]
        )  # fmt: skip

    def page(self, show: str = "all") -> str:
        return self.economist.get(UNCHECKED + show).content.decode()


def is_old(number: int) -> bool:
    return number % 3 == 1


def is_late(number: int) -> bool:
    return number % 29 == 7


# --- the ways of the coordinators


def nothing(place: Place) -> list[str]:
    """No projects: one press."""
    assert "Нулевой отчёт" in place.coordinator.get(place.url()).content.decode()
    place.write("zero/")
    return []


def old_project(place: Place) -> list[str]:
    """The report is filled in from the last one; every second one moves the project on."""
    place.write("begin/")
    row = place.report().rows.get()
    page = place.coordinator.get(place.url()).content.decode()
    assert f"Проект {place.number}" in page
    if place.number % 2:
        place.write(
            f"row/{row.pk}/",
            **place.row(opened_year="2025", stage="7. Внедрение улучшений", version=row.version),
        )
        assert "было: 5. Целевое состояние" in place.coordinator.get(place.url()).content.decode()
    place.write("ask/", comment="")
    return [f"Проект {place.number}"]


def forgetful(place: Place) -> list[str]:
    """The open project of the last quarter is taken out, and a report of nothing is handed in."""
    place.write("begin/")
    place.write(f"row/{place.report().rows.get().pk}/remove/")
    place.write("zero/")
    return []


def new_project(place: Place) -> list[str]:
    """A project opened this year is not sent before its passport is there."""
    place.write("row/", **place.row(passport_link=""))
    place.write("ask/", comment="")
    assert place.report().state == ReportState.DRAFT
    row = place.report().rows.get()
    place.write(f"row/{row.pk}/", **place.row(version=row.version))
    place.write("ask/", comment="Паспорт приложен")
    return [f"Проект {place.number}"]


def from_file(place: Place) -> list[str]:
    """The old habit: a messy file, refused at its wrong cell, mended, looked at, loaded."""
    make: Callable[..., io.BytesIO] = old if place.number % 2 else new
    names = [f"Проект {place.number}", f"Второй {place.number}"]

    def file_of(closed: Any) -> SimpleUploadedFile:
        lines = [
            ["Отчёт за I квартал", *[None] * 11], [], HEAD, [*range(1, 13)],
            ["Школа", "Образование", names[0], "2026 г.", "https://e.ru/p", "3", None, None, "Лапин А. С.", "8", "У", 7.5],
            [None, None, names[1], 2024.0, "", "9", closed, None, "Дубов С. Е.", "", "У", "10,25"],
            ["Итого 2", *[None] * 11],
        ]  # fmt: skip
        made = make(Made(lines, "Лист 3", merged=[(1, 1, 1, 12), (5, 6, 1, 1), (5, 6, 2, 2)], hidden=[4]))
        return SimpleUploadedFile("отчёт.xls", made.read())

    page = place.write("load/", file=file_of("скоро"))
    assert page.status_code == 422
    assert "G6" in page.content.decode()
    assert not Report.objects.filter(organisation=place.organisation, period__year=2026).exists()
    page = place.write("load/", file=file_of("03.26."))
    assert page.status_code == 200, page.content.decode()
    ready = re.search(r'name="ready" value="([^"]+)"', page.content.decode())
    assert ready, "no preview"
    place.write("load/", ready=ready[1])
    place.write("ask/", comment="")
    return names


def way_of(number: int) -> Callable[[Place], list[str]]:
    if is_old(number):
        return forgetful if number == FORGETFUL else old_project
    if number % 20 == 0:
        return from_file
    return new_project if number % 9 == 2 else nothing


@pytest.mark.django_db
def test_three_hundred_organisations_are_collected_consolidated_and_locked() -> None:
    with time_machine.travel(at(4, 6), tick=False):
        town = Quarter300()
        assert f"0 из {HOW_MANY}" in town.page()
        for place in town.places:
            if place.number < SILENT and not is_late(place.number):
                town.sent[place.number] = way_of(place.number)(place)
                place.approve()
        returned_with_remarks_and_resent(town)
    with time_machine.travel(at(4, 13), tick=False):
        the_late_are_reminded_and_send(town)
        checked_and_accepted(town)
        consolidated(town)
        the_quarter_is_locked(town)
    with time_machine.travel(at(7, 2), tick=False):
        later_drift_is_a_correction(town)


def returned_with_remarks_and_resent(town: Quarter300) -> None:
    for place in [one for one in town.places if one.number in town.sent and one.number % 15 == 1]:
        row = place.report().rows.get()
        remark = {f"column-{row.pk}": "leader", f"text-{row.pk}": "Руководитель уволился", "text": ""}
        assert "Вернуть на доработку" in town.economist.get(place.url()).content.decode()
        assert town.economist.post(place.url("return/"), remark).status_code == 302
        assert "Руководитель уволился" in place.coordinator.get(place.url()).content.decode()
        fixed = {code: text for code, text in row.cells.items() if text} | {
            "leader": "Новый Человек Иванович"
        }
        place.write(f"row/{row.pk}/", **fixed, version=row.version)
        place.write("ask/", comment="Исправлено")
        place.approve()
        assert place.report().rows.get().cells["leader"] == "Новый Человек Иванович"


def the_late_are_reminded_and_send(town: Quarter300) -> None:
    town.economist = signed_in(town.economist_user)
    late = [place for place in town.places if is_late(place.number)]
    owing = len(late) + 2
    assert set(shown_in(town.page("late"))) == {
        str(one.organisation) for one in [*late, *town.places[SILENT:]]
    }
    answer = town.economist.post(f"/plan/reports/remind/?{Q1}", {}, follow=True).content.decode()
    # Two people in each, but nobody in one of them; the silent one is told and stays silent.
    assert f"Напоминание отправлено: {2 * (owing - 1)}. Некому напомнить" in answer
    assert f"нет учётных записей: Учреждение {SHY:03}." in answer
    for place in late:
        place.coordinator, place.head = map(signed_in, place.users)
        town.sent[place.number] = way_of(place.number)(place)
        place.approve()
    assert len(town.sent) == SILENT
    sent = Report.objects.filter(period__year=2026, state=ReportState.SENT)
    assert len(set(sent.values_list("receipt", flat=True))) == SILENT
    assert sent.filter(first_sent_on__gt=date(2026, 4, 10)).count() == len(late)


def shown_in(page: str) -> list[str]:
    return re.findall(r'class="cell-main"><a href="[^"]+">([^<]+)</a>', page)


def checked_and_accepted(town: Quarter300) -> None:
    # One of the old ones forgot its project: it is asked about, and not accepted with the rest.
    forgot = town.places[FORGETFUL]
    assert shown_in(town.page("wrong")) == [str(forgot.organisation)]
    assert "был в прошлом отчёте и не закрыт" in town.page("wrong")
    answer = town.economist.post(f"/plan/reports/accept/?{Q1}", {}, follow=True).content.decode()
    assert f"Принято отчётов: {SILENT - 1}. Есть вопросы, посмотрите сами: 1." in answer
    refused = town.economist.post(f"/plan/reports/lock/?{Q1}", {}, follow=True).content.decode()
    assert "Не рассмотрено отчётов: 1" in refused
    page = town.economist.get(forgot.url()).content.decode()
    assert "Не сходится с прошлым отчётом" in page
    answer = town.economist.post(forgot.url("accept/"), {"then": "next"}, follow=True).content.decode()
    assert "Проверены все присланные отчёты" in answer


def consolidated(town: Quarter300) -> None:
    response = town.economist.get(f"/plan/reports/consolidated/?{Q1}&as=xlsx")
    sheet: Any = load_workbook(io.BytesIO(response.content)).active
    lines = list(sheet.iter_rows(values_only=True))
    numbers = lines.index(tuple(range(1, 13)))
    assert [str(title) for title in lines[numbers - 1]] == HEAD
    wanted = [name for number in range(SILENT) for name in town.sent[number]]
    assert [line[2] for line in lines[numbers + 1 :] if line[2]] == wanted
    assert len(wanted) > HOW_MANY * 0.45
    below = [line[0] for line in lines if str(line[0]).startswith(("Проектов нет", "Отчёт не"))]
    zero = [str(town.places[number].organisation) for number, names in town.sent.items() if not names]
    assert below == [
        f"Проектов нет (нулевой отчёт), {len(zero)}: {'; '.join(sorted(zero))}.",
        f"Отчёт не представлен или не принят, 2: Учреждение {SILENT:03}; Учреждение {SHY:03}.",
    ]


def the_quarter_is_locked(town: Quarter300) -> None:
    project = event(town.places[0].organisation, "project", date(2026, 2, 2), is_marked=True, title="Очередь")
    answer = town.economist.post(f"/plan/reports/lock/?{Q1}", {}, follow=True).content.decode()
    assert "Квартал закрыт 13.04.2026" in answer
    period = ReportingPeriod.objects.get(year=2026, quarter=1)
    assert period.is_locked
    in_time = LockedRow.objects.get(period=period, indicator="quarterly_reports_on_time")
    units = {unit["id"]: unit["fact"] for unit in in_time.units}
    for place in town.places:
        sent_in_time = place.number < SILENT and not is_late(place.number)
        assert units[place.organisation.pk] == ("1" if sent_in_time else "0"), place.number
    # Who comes after the lock is told so, and nothing changes.
    late = town.places[7]
    late.write("zero/")
    late.write("row/", **late.row())
    assert late.report().state == ReportState.ACCEPTED
    # Nothing has changed by itself.
    assert "пойдёт корректировкой" not in answer
    actions.cancel_entry(
        actor=system_actor(town.municipality, today=date(2026, 4, 14)),
        entry=project,
        reason="не закрыт",
        at=AT,
    )


def later_drift_is_a_correction(town: Quarter300) -> None:
    town.economist = signed_in(town.economist_user)
    words = "было 1, стало 0 (−1). Исключено: Очередь (Учреждение 000)"
    assert words in town.page()
    assert words in town.economist.get(f"/plan/reports/?{Q2}").content.decode()
    assert (
        "корректировка за I кв. 2026: было 1, стало 0" in town.economist.get(f"/plan/?{Q2}").content.decode()
    )
    lines = table_of(town.economist.get(f"/plan/export/?{Q2}"))
    head = next(line for line in lines if line[0] in ("№", "№ п/п"))
    row = next(line for line in lines if line[0] == "1.1")
    said = row[head.index("Корректировка за I кв. 2026")]
    assert said == "было 1, стало 0 (−1). Исключено: Очередь (Учреждение 000)"
    # The snapshot is what it was, in words, on the screen and in its spreadsheet.
    kept = LockedRow.objects.get(period__quarter=1, code="1.1")
    assert (kept.fact, [record["title"] for record in kept.records]) == ("1", ["Очередь"])
    page = town.economist.get(f"/plan/reports/locked/?{Q1}").content.decode()
    assert page.count("не изменилось") == LockedRow.objects.count() - 1
    lines = table_of(town.economist.get(f"/plan/reports/locked/?{Q1}&as=xlsx"))
    assert next(line for line in lines if line[0] == "1.1")[3:8:4] == ("1", said)
    # The next quarter is locked with the correction in it, and what changes after that is the next one's.
    answer = town.economist.post(f"/plan/reports/lock/?{Q2}", {}, follow=True).content.decode()
    assert "Квартал закрыт 02.07.2026" in answer
    [correction] = ReportingPeriod.objects.get(year=2026, quarter=2).corrections
    assert (correction["number"], correction["was"], correction["now"]) == ("1.1", "1", "0")
    event(town.places[0].organisation, "project", date(2026, 3, 3), is_marked=True, title="Нашёлся")
    assert "Исключено: Очередь" in town.economist.get(f"/plan/reports/?{Q2}").content.decode()
    third = town.economist.get("/plan/reports/?year=2026&quarter=3").content.decode()
    assert "было 0, стало 1 (+1). Добавлено: Нашёлся" in third
    assert "Очередь" not in third
