"""Pages of the plan: what each person sees, the number of statements, the spreadsheet, forms."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gemba.organisation.models import Municipality
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import signed_in
from gemba.organisation.tests.factories import grant, make_organisation, make_person, make_user
from gemba.plan.models import JournalEntry, ManualFact
from gemba.plan.tests.factories import event, of_act, table_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def leninsk() -> Municipality:
    return of_act("leninsk-kuznetsky")


def monitor_of(municipality: Municipality) -> Client:
    user = make_user(f"monitor-{municipality.pk}", person=make_person(municipality, "Зимина Наталья Юрьевна"))
    grant(user, Role.MONITOR)
    return signed_in(user)


def statements(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def fill(municipality: Municipality, count: int) -> None:
    for number in range(count):
        one = make_organisation(municipality)
        event(one, "project", date(2024, 5, 5), title=f"Проект {number}")
        event(one, "training", date(2024, 5, 5), people=[f"Человек Номер {number}", "Общий Общий Общий"])


@pytest.mark.parametrize("code", ["leninsk-kuznetsky", "belovo", "promyshlennovsky"])
def test_the_plan_costs_the_same_for_two_organisations_and_for_forty(code: str) -> None:
    town = of_act(code)
    client = monitor_of(town)
    address = "/plan/?year=2026&quarter=3" if code == "promyshlennovsky" else "/plan/?year=2024&quarter=4"
    fill(town, 2)
    few = statements(client, address)
    fill(town, 40)
    assert statements(client, address) == few
    assert few <= 22, few


def test_the_plan_is_as_printed_with_facts(leninsk: Municipality) -> None:
    fill(leninsk, 3)
    body = monitor_of(leninsk).get("/plan/?year=2024&quarter=4").content.decode()
    assert "Доля подведомственных организаций" in body
    assert "не менее 70" in body
    assert "100,0\u00a0%" in body
    assert "Программа завершилась" in body
    assert "сумма по организациям может быть больше итога" in body


def test_without_a_plan_the_page_teaches() -> None:
    body = monitor_of(of_act("novooskolsky")).get("/plan/").content.decode()
    assert "План не определён положением" in body


def test_before_the_edition_the_page_says_so() -> None:
    client = monitor_of(of_act("promyshlennovsky"))
    assert "Плана в этой редакции нет" in client.get("/plan/?year=2025&quarter=3").content.decode()
    assert "ещё не действовало" in client.get("/plan/?year=2025&quarter=1").content.decode()


def test_without_a_regulation_the_page_teaches(cast: Any) -> None:
    assert "ещё не загружено" in cast.client(Role.MONITOR).get("/plan/").content.decode()


@pytest.mark.parametrize("code", ["leninsk-kuznetsky", "belovo"])
def test_the_spreadsheet_has_the_columns_of_the_act_first(code: str) -> None:
    town = of_act(code)
    fill(town, 2)
    one = make_organisation(town, "=HYPERLINK(1)")
    event(one, "project", date(2024, 5, 5))
    response = monitor_of(town).get("/plan/export/?year=2024&quarter=4")
    rows = table_of(response)
    head = next(line for line in rows if line[0] in ("№", "№ п/п"))
    assert head[1] in ("Наименование мероприятия", "Наименование показателя")
    assert "Факт за IV квартал 2024 года" in head
    printed = next(line for line in rows if line[0] == "1.1" and line[1] != head[1])
    assert printed[head.index("Состояние")]
    assert "filename*=UTF-8''" in response["Content-Disposition"]


def test_a_row_opens_into_its_records_page_by_page(leninsk: Municipality) -> None:
    client = monitor_of(leninsk)
    one = make_organisation(leninsk)
    for number in range(60):
        event(one, "project", date(2024, 5, 5 if number % 2 else 6), title=f"Проект № {number:02}")
    address: str | None = "/plan/row/1.1/?year=2024&quarter=4"
    seen: list[str] = []
    while address:
        response = client.get(address)
        records = response.content.decode()
        seen += [f"Проект № {number:02}" for number in range(60) if f"Проект № {number:02}<" in records]
        start = records.find("before=")
        address = None
        if start > 0:
            begin = records.rfind('"', 0, start) + 1
            address = records[begin : records.find('"', start)].replace("&amp;", "&")
    assert sorted(seen) == [f"Проект № {number:02}" for number in range(60)]


def sheet_of(client: Client, address: str) -> list[tuple[Any, ...]]:
    response = client.get(address)
    assert response.status_code == 200
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return list(load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))


def test_the_records_and_the_organisations_of_a_row_are_taken_away(leninsk: Municipality) -> None:
    client = monitor_of(leninsk)
    one, two = make_organisation(leninsk), make_organisation(leninsk)
    for number in range(30):
        event(one, "project", date(2024, 5, 5), title=f"Проект № {number:02}")
    event(two, "project", date(2024, 6, 6), title="=1+1")
    address = "/plan/row/1.1/?year=2024&quarter=4"
    body = client.get(address).content.decode()
    assert body.count("Скачать XLSX") == 2 and f"{address.replace('&', '&amp;')}&amp;as=xlsx" in body
    # All of them, not a page; a text that looks like a formula stays a text.
    head, *records = sheet_of(client, f"{address}&as=xlsx")
    assert head[2] == "Что" and len(records) == 31 and records[0][2].lstrip("'") == "=1+1"
    assert [row[3] for row in sheet_of(client, f"{address}&unit={two.pk}&as=xlsx")[1:]] == [str(two)]
    _, *units = sheet_of(client, f"{address}&as=xlsx&of=units")
    assert {row[0] for row in units} == {str(one), str(two)} and "30" in {row[1] for row in units}
    # A stranger sees neither; of another municipality nobody takes anything.
    assert Client().get(f"{address}&as=xlsx").status_code in (302, 403)
    other = make_organisation(of_act("belovo"))
    assert client.get(f"{address}&unit={other.pk}&as=xlsx").status_code == 404


def test_a_row_shows_its_quarters_against_the_target(leninsk: Municipality) -> None:
    one, _ = make_organisation(leninsk), make_organisation(leninsk)
    event(one, "project", date(2024, 5, 5))
    event(one, "contest", date(2024, 2, 2), count=3)
    client = monitor_of(leninsk)

    def trend(code: str) -> str:
        body = client.get(f"/plan/row/{code}/?year=2024&quarter=4").content.decode()
        return body[body.index("<figure") : body.index("</figure>")]

    contests = trend("3.3")
    assert (
        "Нарастающим итогом по кварталам 2024 года: 1" in contests
        and "Цель" in contests
        and "<svg" in contests
    )
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", contests)
    assert [cell for cell in cells if cell] == ["1", "1", "1", "1"]
    # What is asked of each shows how many have reached it.
    assert "Достигли цели: 0 из 2" in trend("1.1")


def test_editions_of_one_year_stand_beside_each_other_and_are_compared() -> None:
    town = of_act("promyshlennovsky")
    client = monitor_of(town)
    body = client.get("/plan/?year=2026&quarter=4").content.decode()
    assert "с 16.07.2025" in body and "с 02.12.2025" in body
    asked = re.search(r'href="([^"]+/compare/[^"]+)">Сравнить редакции', body)
    assert asked is not None
    beside = client.get(asked[1]).content.decode()
    assert "План" in beside and "не менее 1" in beside
    # The plan of each year of the edition, next year's too, stands in its own column.
    assert all(f'data-label="План {year}"' in body for year in (2025, 2026, 2027))


def test_a_row_that_is_not_in_the_plan_is_404(leninsk: Municipality) -> None:
    client = monitor_of(leninsk)
    assert client.get("/plan/row/9.9/").status_code == 404
    assert client.get("/plan/?unit=999999").status_code == 404


@pytest.mark.parametrize(
    "query", ["year=abc", "year=99999", "quarter=9", "year=2024&quarter=-1", "edition=нет"]
)
def test_a_wrong_address_shows_the_nearest_plan(leninsk: Municipality, query: str) -> None:
    assert monitor_of(leninsk).get(f"/plan/?{query}").status_code == 200


def test_a_coordinator_writes_for_her_organisation_only(cast: Any) -> None:
    client = cast.client(Role.COORDINATOR)
    form = {
        "organisation": cast.school.code, "on": "20.01.2026", "title": "Основы бережливого управления",
        "people": "Тихонова Дарья Игоревна\nНовая Нина Ниловна", "document": "удостоверение № 7", "link": "",
    }  # fmt: skip
    assert client.get("/plan/journal/write/training/").status_code == 200
    assert client.post("/plan/journal/write/training/", form).status_code == 302
    entry = JournalEntry.objects.get()
    parts = {part.person_name: part.person_id for part in entry.parts.all()}
    assert parts == {
        "Тихонова Дарья Игоревна": cast.people[Role.EMPLOYEE].pk, "Новая Нина Ниловна": None,
    }  # fmt: skip
    refused = client.post("/plan/journal/write/training/", form | {"organisation": cast.economy.code})
    assert refused.status_code == 422
    assert "за которые вы вносите данные" in refused.content.decode()
    assert client.get("/plan/journal/write/contest/").status_code == 404
    assert client.get(f"/plan/journal/{entry.pk}/").status_code == 200
    assert client.get("/plan/journal/").status_code == 200
    answer = client.get("/plan/journal/export/?kind=training")
    shown = [str(cell) for line in table_of(answer) for cell in line]
    assert "Основы бережливого управления" in shown and "удостоверение № 7" in shown


def test_bad_input_keeps_what_was_typed_and_writes_nothing(cast: Any) -> None:
    client = cast.client(Role.COORDINATOR)
    form = {
        "organisation": cast.school.code,
        "on": "20.01.2999",
        "title": "<b>Ж</b>",
        "people": "12345",
        "document": "",
    }
    response = client.post("/plan/journal/write/training/", form)
    body = response.content.decode()
    assert response.status_code == 422
    assert "&lt;b&gt;Ж&lt;/b&gt;" in body
    assert "12345" in body
    assert not JournalEntry.objects.exists()


def test_two_people_correct_one_entry(cast: Any) -> None:
    entry = event(cast.school, "training", date(2026, 1, 20), people=["А Б В"])
    client = cast.client(Role.COORDINATOR)
    form = {
        "organisation": cast.school.code, "on": "20.01.2026", "title": "Первый", "people": "А Б В", "document": "д",
        "link": "", "version": "1",
    }  # fmt: skip
    assert client.post(f"/plan/journal/{entry.pk}/change/", form).status_code == 302
    second = client.post(f"/plan/journal/{entry.pk}/change/", form | {"title": "Второй"})
    assert second.status_code == 422
    assert "изменил другой пользователь" in second.content.decode()
    entry.refresh_from_db()
    assert (entry.title, entry.version) == ("Первый", 2)


def test_a_stranger_sees_no_entry(cast: Any) -> None:
    entry = event(cast.school, "training", date(2026, 1, 20), people=["А Б В"])
    for address in ("", "change/", "cancel/"):
        assert cast.stranger_client().get(f"/plan/journal/{entry.pk}/{address}").status_code == 404


def test_a_fact_by_hand(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from gemba.plan import metrics
    from gemba.regulations.tests.factories import an_edition

    an_edition(cast.municipality)
    monkeypatch.setattr(metrics, "_indicators", {})
    client = cast.client(Role.COORDINATOR)
    address = "/plan/row/1.1/enter/?year=2026&quarter=1"
    form = {"organisation": cast.school.code, "value": "2", "evidence": "", "link": ""}
    assert client.post(address, form).status_code == 422
    assert client.post(address, form | {"evidence": "журнал учёта", "organisation": ""}).status_code == 422
    assert client.post(address, form | {"evidence": "журнал учёта"}).status_code == 302
    assert ManualFact.objects.get().entered_by
    assert "вносится вручную" in client.get("/plan/?year=2026&quarter=1").content.decode()


def test_only_the_monitor_changes_readings(cast: Any) -> None:
    from gemba.regulations.tests.factories import an_edition

    an_edition(cast.municipality)
    assert cast.client(Role.COORDINATOR).get("/plan/settings/").status_code == 403
    client = cast.client(Role.MONITOR)
    assert client.get("/plan/settings/").status_code == 200
    address = "/plan/settings/row/1.1/?year=2026&quarter=1"
    assert client.get(address).status_code == 200
    form = {"counts": "contests_held", "scope": "municipality", "reason": ""}
    assert client.post(address, form).status_code == 422
    assert client.post(address, form | {"reason": "решение главы"}).status_code == 302
    assert "решение главы" in client.get("/plan/settings/?year=2026&quarter=1").content.decode()
    assert client.post(address, {"as_filed": "1"}).status_code == 302
    assert "решение главы" not in client.get("/plan/settings/?year=2026&quarter=1").content.decode()
