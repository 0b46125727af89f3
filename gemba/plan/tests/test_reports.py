"""A quarter collected as its users would: prepared, approved, returned, accepted, consolidated, locked."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from gemba.kernel.periods import Quarter
from gemba.kernel.problems import Refusal
from gemba.notices.models import Notice
from gemba.organisation.access import system_actor
from gemba.organisation.models import Municipality, Organisation, User
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import signed_in
from gemba.organisation.tests.factories import grant, make_organisation, make_person, make_user
from gemba.plan import actions
from gemba.plan.models import LockedRow, Report, ReportingPeriod, ReportState
from gemba.plan.queries.population import register_on
from gemba.plan.queries.reports import collection, terms
from gemba.plan.reporting import (
    PLAIN,
    changes,
    clean_cells,
    project_key,
    read_month,
    report_problems,
    row_problems,
    shown,
    title_of,
)
from gemba.plan.rules import State
from gemba.plan.tests.factories import AT, event, lens_at, of_act, plan_at, row_at, table_of

APRIL = date(2026, 4, 3)
Q1 = Quarter(2026, 1)
ROW = {
    "participant": "Школа", "direction": "Образование", "project": "Быстрая справка", "opened_year": "2026",
    "passport_link": "https://example.org/p", "stage": "3. Анализ проблем и потерь", "closed_on": "",
    "presentation_link": "", "leader": "Лапин А. С.", "contacts": "8 900", "organisation": "Школа № 1",
    "significance": "",
}  # fmt: skip


# --- pure


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("09.26", date(2026, 9, 1)), ("09.26.", date(2026, 9, 1)), ("9.2026", date(2026, 9, 1)),
        ("15.09.2026", date(2026, 9, 15)), ("2026-09-15 00:00:00", date(2026, 9, 15)), ("15.09.26 г.", date(2026, 9, 15)),
        ("", None), ("—", None),
    ],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert read_month(text) == day


@pytest.mark.parametrize("text", ["скоро", "13.26", "32.01.2026", "09"])
def test_what_is_no_month_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="не месяц и год"):
        read_month(text)


def test_cells_come_into_one_form_and_are_shown_as_the_form_prints_them() -> None:
    cells, problems = clean_cells(
        {**ROW, "closed_on": "09.26", "significance": "7,50", "opened_year": "2026 г."}, PLAIN
    )
    assert problems == []
    assert (cells["closed_on"], cells["significance"], cells["opened_year"]) == ("2026-09-01", "7.5", "2026")
    assert (shown("closed_on", cells["closed_on"]), shown("significance", "7.5")) == ("09.26", "7,5")


def test_wrong_cells_are_all_named() -> None:
    _, problems = clean_cells(
        {**ROW, "closed_on": "скоро", "significance": "много", "opened_year": "26"}, PLAIN
    )
    assert {problem.field for problem in problems} == {"closed_on", "significance", "opened_year"}
    found = row_problems({**ROW, "project": "", "leader": "", "closed_on": "2026-05-01"}, Q1)
    assert {problem.field for problem in found} == {"project", "leader", "closed_on"}


def test_a_new_project_without_a_passport_cannot_be_sent() -> None:
    rows = [(project_key("Быстрая справка"), {**ROW, "passport_link": ""})]
    assert [problem.field for problem in report_problems(rows, Q1, {}, is_zero=False)] == ["passport_link"]
    assert report_problems(rows, Q1, {rows[0][0]: ROW}, is_zero=False) == []
    old = [(rows[0][0], {**ROW, "passport_link": "", "opened_year": "2024"})]
    assert report_problems(old, Q1, {}, is_zero=False) == []
    assert report_problems([], Q1, {}, is_zero=True) == []
    assert len(report_problems([], Q1, {}, is_zero=False)) == 1


def test_changes_are_the_cells_that_differ() -> None:
    assert changes({**ROW, "stage": "4"}, ROW) == {"stage"}
    assert changes(ROW, None) == frozenset()


# --- the regulation


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "year", "legal", "reminder"),
    [
        ("belovo", 2024, date(2024, 4, 5), date(2024, 4, 3)),
        ("leninsk-kuznetsky", 2024, date(2024, 4, 1), None),
        ("promyshlennovsky", 2026, date(2026, 4, 10), None),
        ("novooskolsky", 2026, None, None),
    ],
)
def test_terms_come_from_the_regulation(
    code: str, year: int, legal: date | None, reminder: date | None
) -> None:
    found = terms(lens=lens_at(of_act(code), date(year, 4, 1), year, 1))
    assert found.due_on == legal
    assert (found.reminder.due_on if found.reminder else None) == reminder


@pytest.mark.django_db
def test_the_form_is_that_of_the_act() -> None:
    lens = lens_at(of_act("promyshlennovsky"), APRIL, 2026, 1)
    assert title_of(lens.pack, Q1) == "Отчет о реализации бережливого проекта за I квартал 2026 г."


# --- people


class Town:
    """A municipality with one school, its people, and the economist."""

    def __init__(self) -> None:
        self.municipality = of_act("promyshlennovsky")
        self.school = make_organisation(self.municipality, "Школа № 1")
        self.other = make_organisation(self.municipality, "Школа № 2")
        self.users = {
            Role.COORDINATOR: self.person(Role.COORDINATOR, self.school),
            Role.UNIT_HEAD: self.person(Role.UNIT_HEAD, self.school),
            Role.MONITOR: self.person(Role.MONITOR),
        }
        self.sign_in()

    def sign_in(self) -> None:
        """Open browsers anew: after a journey in time the sessions have ended."""
        self.coordinator = signed_in(self.users[Role.COORDINATOR])
        self.head = signed_in(self.users[Role.UNIT_HEAD])
        self.monitor = signed_in(self.users[Role.MONITOR])

    def person(self, role: Role, organisation: Organisation | None = None) -> User:
        user = make_user(
            f"{role.value}-x", person=make_person(self.municipality, f"{role.value} Человек Иванович")
        )
        grant(user, role, **({"organisation": organisation} if organisation else {}))
        return user

    def at(self, part: str = "", organisation: Organisation | None = None, quarter: int = 1) -> str:
        one = organisation or self.school
        return f"/plan/reports/{one.pk}/{part}?year=2026&quarter={quarter}"

    def report(self, organisation: Organisation | None = None, quarter: int = 1) -> Report:
        return Report.objects.get(organisation=organisation or self.school, period__quarter=quarter)


@pytest.fixture
def town(db: None) -> Any:
    with time_machine.travel(datetime(2026, 4, 3, 12, tzinfo=ZoneInfo("Asia/Novokuznetsk")), tick=False):
        yield Town()


def test_a_report_goes_its_whole_way(town: Town) -> None:
    assert "Проектов в отчёте ещё нет" in town.coordinator.get(town.at()).content.decode()
    assert town.coordinator.post(town.at("row/"), ROW | {"passport_link": ""}).status_code == 302
    row = town.report().rows.get()
    # A new project without a passport stops the sending.
    town.coordinator.post(town.at("ask/"), {"comment": ""})
    assert town.report().state == ReportState.DRAFT
    assert "утверждённого паспорта нет" in town.coordinator.get(town.at()).content.decode()
    fixed = ROW | {"version": "1"}
    assert town.coordinator.post(town.at(f"row/{row.pk}/"), fixed).status_code == 302
    # Nobody sends past the head.
    assert town.coordinator.post(town.at("approve/"), {}).status_code == 403
    town.coordinator.post(town.at("ask/"), {"comment": "Один проект"})
    assert town.report().state == ReportState.ON_APPROVAL
    assert town.coordinator.post(town.at("row/"), ROW | {"project": "Ещё"}).status_code == 422
    town.head.post(town.at("approve/"), {})
    sent = town.report()
    assert (sent.state, sent.receipt, sent.first_sent_on) == (ReportState.SENT, "2026-1/1", APRIL)
    assert {one["code"] for one in sent.indicators} >= {"1.1", "1.2"}
    # The economist returns it with a remark to one cell.
    remark = {f"column-{row.pk}": "stage", f"text-{row.pk}": "Этап уже другой", "text": ""}
    assert town.monitor.post(town.at("return/"), {"text": ""}).status_code == 422
    assert town.monitor.post(town.at("return/"), remark).status_code == 302
    assert "Этап уже другой" in town.coordinator.get(town.at()).content.decode()
    row.refresh_from_db()
    town.coordinator.post(
        town.at(f"row/{row.pk}/"), ROW | {"stage": "7. Внедрение улучшений", "version": row.version}
    )
    town.coordinator.post(town.at("ask/"), {"comment": ""})
    town.head.post(town.at("approve/"), {})
    assert town.report().first_sent_on == APRIL
    assert town.monitor.post(town.at("accept/"), {}).status_code == 302
    assert town.report().state == ReportState.ACCEPTED
    assert Notice.objects.filter(title__startswith="Отчёт за I квартал 2026 года вернули").exists()
    # Consolidated, in the columns of the form.
    response = town.monitor.get("/plan/reports/consolidated/?year=2026&quarter=1&as=xlsx")
    rows = table_of(response)
    assert rows[0][0] == "Отчет о реализации бережливого проекта за I квартал 2026 г."
    head = next(line for line in rows if line[0] == "Участник реализации программы")
    assert len(head) == 12
    numbers = rows.index(tuple(range(1, 13)))
    assert rows[numbers + 1][2] == "Быстрая справка"
    assert f"Отчёт не представлен или не принят, 1: {town.other.short_name}." in [line[0] for line in rows]


def test_a_zero_report_in_one_press(town: Town) -> None:
    town.coordinator.post(town.at("zero/"), {})
    assert (town.report().state, town.report().is_zero) == (ReportState.ON_APPROVAL, True)
    town.head.post(town.at("approve/"), {})
    assert town.report().state == ReportState.SENT


def test_the_next_quarter_begins_with_the_open_projects_of_this_one(town: Town) -> None:
    town.coordinator.post(town.at("row/"), ROW)
    town.coordinator.post(town.at("row/"), ROW | {"project": "Закрытый", "closed_on": "03.26"})
    with time_machine.travel(datetime(2026, 7, 2, 12, tzinfo=ZoneInfo("Asia/Novokuznetsk"))):
        town.sign_in()
        event(town.school, "project", date(2026, 5, 5), title="Из журнала")
        town.coordinator.post(town.at("begin/", quarter=2), {})
        rows = {row.cells["project"]: row.cells for row in town.report(quarter=2).rows.all()}
        assert set(rows) == {"Быстрая справка", "Из журнала"}
        assert rows["Из журнала"]["closed_on"] == "2026-05-05"
        body = town.coordinator.get(town.at(quarter=2)).content.decode()
        assert "новый" not in body.split("Быстрая справка")[1][:40]
        row = town.report(quarter=2).rows.get(key=project_key("Быстрая справка"))
        form = ROW | {"stage": "7. Внедрение улучшений", "version": row.version}
        town.coordinator.post(town.at(f"row/{row.pk}/", quarter=2), form)
        assert "было: 3. Анализ проблем и потерь" in town.coordinator.get(town.at(quarter=2)).content.decode()


def test_the_economist_sees_who_owes_and_reminds_once_a_day(town: Town) -> None:
    screen = "/plan/reports/?year=2026&quarter=1"
    body = town.monitor.get(screen).content.decode()
    assert "Школа № 1" in body
    assert "Не начат" in body
    town.monitor.post("/plan/reports/remind/?year=2026&quarter=1", {})
    count = Notice.objects.filter(title__startswith="Ждём отчёт").count()
    assert count == 2
    town.monitor.post("/plan/reports/remind/?year=2026&quarter=1", {})
    assert Notice.objects.filter(title__startswith="Ждём отчёт").count() == count
    with time_machine.travel(datetime(2026, 4, 11, 0, 30, tzinfo=ZoneInfo("Asia/Novokuznetsk"))):
        town.sign_in()
        assert "просрочен" in town.monitor.get(screen).content.decode()


def test_midnight_of_the_municipality_decides_whether_a_report_is_late(town: Town) -> None:
    zone = ZoneInfo("Asia/Novokuznetsk")
    town.coordinator.post(town.at("zero/"), {})
    with time_machine.travel(datetime(2026, 4, 10, 23, 59, tzinfo=zone)):
        town.sign_in()
        town.head.post(town.at("approve/"), {})
    lens = lens_at(town.municipality, date(2026, 4, 12), 2026, 1)
    register = register_on(municipality=town.municipality, day=lens.as_of)
    late = {row.organisation.name: row.is_late for row in collection(lens=lens, register=register).rows}
    assert late == {"Школа № 1": False, "Школа № 2": True}


def test_others_see_only_their_own(town: Town) -> None:
    assert town.coordinator.get(town.at(organisation=town.other)).status_code == 404
    assert town.coordinator.post(town.at("zero/", organisation=town.other), {}).status_code == 404
    assert town.coordinator.get("/plan/reports/consolidated/").status_code == 403
    assert "Школа № 2" not in town.coordinator.get("/plan/reports/").content.decode()


# --- locking


def locked(municipality: Municipality, today: date = APRIL) -> ReportingPeriod:
    lens = lens_at(municipality, today, 2026, 1)
    return actions.lock_quarter(actor=system_actor(municipality, today=today), lens=lens, at=AT)


def test_a_locked_quarter_never_changes_and_later_drift_is_a_correction(town: Town) -> None:
    project = event(town.school, "project", date(2026, 2, 2), is_marked=True, title="Проект")
    locked(town.municipality)
    kept = LockedRow.objects.get(code="1.1")
    assert (kept.fact, [record["title"] for record in kept.records]) == ("1", ["Проект"])
    actions.cancel_entry(
        actor=system_actor(town.municipality, today=APRIL), entry=project, reason="нет", at=AT
    )
    kept.refresh_from_db()
    assert kept.fact == "1"
    body = town.monitor.get("/plan/reports/?year=2026&quarter=1").content.decode()
    assert "было 1, стало 0 (−1). Исключено: Проект (Школа № 1)" in body
    assert town.monitor.get("/plan/reports/locked/1.1/?year=2026&quarter=1").status_code == 200
    assert town.coordinator.post(town.at("row/"), ROW).status_code == 422


def test_a_quarter_is_locked_once_and_not_before_it_ends(town: Town) -> None:
    with pytest.raises(Refusal, match="ещё не закончился"):
        locked(town.municipality, date(2026, 3, 31))
    locked(town.municipality)
    with pytest.raises(Refusal, match="закрыт"):
        locked(town.municipality)
    assert LockedRow.objects.count() == 9


def test_what_waits_to_be_checked_stops_the_locking(town: Town) -> None:
    town.coordinator.post(town.at("zero/"), {})
    town.head.post(town.at("approve/"), {})
    with pytest.raises(Refusal, match="Не рассмотрено отчётов: 1"):
        locked(town.municipality)


def test_killed_in_the_middle_the_quarter_stays_open(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from gemba.plan.actions import collecting

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(collecting, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        locked(town.municipality)
    assert LockedRow.objects.count() == 0
    assert not ReportingPeriod.objects.filter(locked_at__isnull=False).exists()


def test_reports_in_time_feed_the_plan(town: Town) -> None:
    town.coordinator.post(town.at("zero/"), {})
    town.head.post(town.at("approve/"), {})
    town.monitor.post(town.at("accept/"), {})
    locked(town.municipality)
    shown_row = row_at(plan_at(town.municipality, APRIL, 2026, 1), "3.4")
    assert shown_row.own.value == 1
    assert shown_row.facts.units[town.school.pk].value == 1
    assert shown_row.facts.units[town.other.pk].value == 0
    assert shown_row.state is State.ON_TRACK
