"""The head's page, measures from the giving to the end of control, charts."""

import re
import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gemba.kernel.problems import Refusal
from gemba.notices.models import Notice
from gemba.organisation.access import actor_of, system_actor
from gemba.organisation.models import Municipality, Person, User
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import signed_in
from gemba.organisation.tests.factories import grant, make_organisation, make_person, make_user
from gemba.plan import actions
from gemba.plan.actions import MeasureFields
from gemba.plan.models import LockedRow, Measure, MeasureState, Report, ReportingPeriod
from gemba.plan.queries.charts import bowling, by_years, heat_of_units, kept_terms
from gemba.plan.queries.glance import forget
from gemba.plan.queries.head import deviations, head_view, tiles
from gemba.plan.queries.plan import plan_view
from gemba.plan.queries.population import register_on
from gemba.plan.tests.factories import AT, event, lens_at, of_act, table_of

NOW = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Novokuznetsk"))
TODAY = date(2026, 11, 20)


@pytest.fixture
def town(db: None) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield of_act("promyshlennovsky")


def user_of(town: Municipality, role: Role) -> User:
    user = make_user(f"{role.value}-h", person=make_person(town, f"{role.value} Человек Иванович"))
    grant(user, role)
    return User.objects.with_owner().get(pk=user.pk)


def a_measure(town: Municipality, giver: User, who: Person, **changes: Any) -> Measure:
    fields = {"text": "Провести конкурс", "responsible": who, "due_on": date(2026, 12, 15), **changes}
    return actions.give_measure(
        actor=actor_of(giver), municipality=town, fields=MeasureFields(**fields), at=NOW
    )


def test_the_head_sees_the_worst_first_with_reason_and_person(town: Municipality) -> None:
    head = user_of(town, Role.HEAD)
    who = make_person(town, "Ответственная Анна Львовна")
    one = make_organisation(town)
    event(one, "training", date(2026, 3, 3), people=["А Б В", "Г Д Е", "Ж З И"])
    a_measure(
        town, head, who, row="3.1", indicator="contests_held", year=2026, cause="Не было положения о конкурсе"
    )
    lens = lens_at(town, TODAY)
    view = plan_view(lens=lens, register=register_on(municipality=town, day=lens.as_of))
    assert [row.row.code for row in deviations(view.rows)][:1] != ["2.1"]
    assert all(row.state.is_red or row.state.tone == "warn" for row in deviations(view.rows))
    assert {row.row.code for row in tiles(view.rows)} == {"1.1", "1.2", "2.1", "3.1", "3.2", "3.3", "3.4"}
    found = head_view(lens=lens, view=view, worst=9)
    reasons = {one.row.row.code: one.measure.cause for one in found.worst if one.measure}
    assert reasons == {"3.1": "Не было положения о конкурсе"}
    body = signed_in(head).get("/plan/head/").content.decode()
    assert "Дать поручение" in body
    assert "Самооценка по чек-листу" in body
    assert re.search(r"данные на (<[^>]+>)?20\.11\.2026", body)


def test_the_page_costs_twenty_statements_at_most_whatever_the_data(town: Municipality) -> None:
    client = signed_in(user_of(town, Role.HEAD))

    def cost() -> int:
        client.get("/plan/head/")
        # Counted anew, not remembered: the dear case.
        forget()
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/plan/head/").status_code == 200
        return len(caught)

    few = cost()
    for _ in range(30):
        event(make_organisation(town), "project", date(2026, 3, 3), is_marked=True)
    assert cost() == few
    assert few <= 20, few


def test_overdue_assignments_are_on_the_page(town: Municipality) -> None:
    head = user_of(town, Role.HEAD)
    measure = a_measure(town, head, make_person(town, "Ответственный Иван Львович"))
    client = signed_in(head)
    assert "Просроченных нет" in client.get("/plan/head/").content.decode()
    Measure.objects.filter(pk=measure.pk).update(due_on=date(2026, 11, 1))
    body = client.get("/plan/head/").content.decode()
    assert "Провести конкурс" in body
    assert "Просроченных нет" not in body
    assert "Просрочено" in client.get("/plan/measures/?which=late").content.decode()
    answer = client.get("/plan/measures/?which=late&as=xlsx")
    lines = table_of(answer)
    assert any(line[0] == "Провести конкурс" and "Ответственный Иван Львович" in line for line in lines)


def test_a_measure_goes_its_whole_way(town: Municipality) -> None:
    head, worker = user_of(town, Role.HEAD), user_of(town, Role.TRAINER)
    assert worker.person is not None
    measure = a_measure(town, head, worker.person)
    assert Notice.objects.filter(user=worker, title__contains="Поручение до 15.12.2026").exists()
    mine, his = signed_in(worker), signed_in(head)
    assert mine.get(f"/plan/measures/{measure.pk}/").status_code == 200
    assert mine.post(f"/plan/measures/{measure.pk}/close/", {}).status_code == 403
    assert his.get(f"/plan/measures/{measure.pk}/report/").status_code == 404
    assert mine.post(f"/plan/measures/{measure.pk}/report/", {"report": "", "link": ""}).status_code == 422
    assert (
        mine.post(f"/plan/measures/{measure.pk}/report/", {"report": "Провели", "link": ""}).status_code
        == 302
    )
    assert his.post(f"/plan/measures/{measure.pk}/return/", {"reason": "Нет протокола"}).status_code == 302
    measure.refresh_from_db()
    assert measure.state == "given"
    his.post(f"/plan/measures/{measure.pk}/move/", {"due_on": "20.12.2026", "reason": "Ждём протокол"})
    mine.post(f"/plan/measures/{measure.pk}/report/", {"report": "Протокол № 1", "link": "https://e.ru/1"})
    his.post(f"/plan/measures/{measure.pk}/close/", {})
    measure.refresh_from_db()
    assert (measure.state, measure.due_on, measure.first_due_on) == (
        "closed",
        date(2026, 12, 20),
        date(2026, 12, 15),
    )
    with pytest.raises(Refusal, match="снято с контроля"):
        actions.close_measure(actor=actor_of(head), measure=measure, at=NOW)


def test_a_red_row_wants_a_cause_and_time_goes_forward(town: Municipality) -> None:
    head, who = user_of(town, Role.HEAD), make_person(town, "Ответственный Иван Львович")
    with pytest.raises(Refusal, match="причина"):
        a_measure(town, head, who, row="3.1", indicator="contests_held", year=2026)
    with pytest.raises(Refusal, match="уже прошёл"):
        a_measure(town, head, who, due_on=date(2026, 11, 19))
    with pytest.raises(PermissionDenied):
        a_measure(town, user_of(town, Role.EMPLOYEE), who)
    assert not Measure.objects.exists()


def test_a_card_that_leads_to_an_assignment_names_itself(town: Municipality) -> None:
    client = signed_in(user_of(town, Role.HEAD))
    body = client.get(
        "/plan/measures/give/", {"about": "По проекту П-2026-0001 «<b>Очередь</b>»: "}
    ).content.decode()
    assert "По проекту П-2026-0001 «&lt;b&gt;Очередь&lt;/b&gt;»: </textarea>" in body
    assert "Ж" * 301 not in client.get("/plan/measures/give/", {"about": "Ж" * 900}).content.decode()


def test_others_do_not_see_a_measure(town: Municipality) -> None:
    measure = a_measure(town, user_of(town, Role.HEAD), make_person(town, "Ответственный Иван Львович"))
    client = signed_in(user_of(town, Role.EMPLOYEE))
    assert client.get(f"/plan/measures/{measure.pk}/").status_code == 404
    assert "Провести конкурс" not in client.get("/plan/measures/").content.decode()
    assert client.get("/plan/head/").status_code == 403


def test_charts_are_tables_of_states(town: Municipality) -> None:
    one, _ = make_organisation(town), make_organisation(town)
    event(one, "project", date(2026, 5, 5), is_marked=True)
    lens = lens_at(town, TODAY)
    register = register_on(municipality=town, day=lens.as_of)
    view = plan_view(lens=lens, register=register)
    target, *cells = bowling(lens=lens, view=view).rows[0]["cells"]
    assert target["note"] == "не менее 1"
    assert [cell["value"] for cell in cells] == ["0", "1", "1", "1"]
    assert [cell["word"] for cell in cells] == ["Рано судить", "Выполнено", "Выполнено", "Выполнено"]
    years = by_years(lens=lens, view=view)
    assert (years.columns, [cell["value"] for cell in years.rows[0]["cells"]]) == (
        ["2025", "2026", "2027"], ["0", "1", ""],
    )  # fmt: skip
    assert years.rows[0]["cells"][2]["note"] == "цель: не менее 1"
    heat = heat_of_units(view=view, register=register, limit=60)
    assert {line["id"]: line["cells"][0]["word"] for line in heat.rows}[one.pk] == "Выполнено"
    body = signed_in(user_of(town, Role.MONITOR)).get("/plan/charts/").content.decode()
    assert "Год к году" in body
    assert "Отчёты в срок" not in body, "no quarter has been collected yet"


def test_terms_kept_are_counted_by_quarter_and_by_assignment(town: Municipality) -> None:
    for number in range(4):
        one = make_organisation(town)
        period, _ = ReportingPeriod.objects.get_or_create(
            municipality=town, year=2026, quarter=1,
            defaults={"due_on": date(2026, 4, 10), "ends_on": date(2026, 3, 31), "opened_at": AT},
        )  # fmt: skip
        day = date(2026, 4, 10 if number < 2 else 11) if number < 3 else None
        Report.objects.create(period=period, organisation=one, first_sent_on=day)
    head = user_of(town, Role.HEAD)
    for due, done in (
        (date(2026, 5, 5), date(2026, 5, 5)),
        (date(2026, 5, 5), date(2026, 5, 6)),
        (TODAY - timedelta(days=1), None),
        (TODAY, None),
        (date(2025, 5, 5), None),
    ):
        Measure.objects.create(
            municipality=town, text="Провести конкурс", responsible=head.person, due_on=due, first_due_on=due,
            given_by="Глава", given_at=AT, reported_on=done,
            state=MeasureState.REPORTED if done else MeasureState.GIVEN,
        )  # fmt: skip
    lens = lens_at(town, TODAY)
    kept = kept_terms(lens=lens, register=register_on(municipality=town, day=lens.as_of))
    assert (kept.asked, kept.shares, kept.title) == (
        4, [Decimal(50), None, None, None], "Отчёты в срок: 50\xa0% за I кв.",
    )  # fmt: skip
    assert [one["value"] for one in kept.assignments] == [1, 1, 1, 1]
    body = signed_in(user_of(town, Role.MONITOR)).get("/plan/charts/").content.decode()
    assert "Отчёты в срок" in body and "Исполнено с опозданием" in body


@pytest.mark.django_db(transaction=True)
def test_two_economists_lock_at_once() -> None:
    town = of_act("promyshlennovsky")
    for _ in range(3):
        make_organisation(town)
    lens = lens_at(town, TODAY, 2026, 2)
    start, answers = threading.Barrier(2), []

    def lock() -> None:
        start.wait()
        try:
            actions.lock_quarter(actor=system_actor(town, today=TODAY), lens=lens, at=AT)
            answers.append("locked")
        except Refusal as refusal:
            answers.append(refusal.problems[0].text)
        finally:
            connection.close()

    threads = [threading.Thread(target=lock) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=len)[0] == "locked"
    assert "отчёты за него не меняются" in sorted(answers, key=len)[1]
    assert ReportingPeriod.objects.count() == 1
    assert LockedRow.objects.count() == 9


def test_other_modules_speak_beside_the_plan_and_one_that_fails_spoils_nothing(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gemba.plan import beside
    from gemba.plan.beside import Part, Told

    def broken(actor: Any) -> Told:
        raise RuntimeError

    parts = {
        "a": Part(
            "a",
            "Красные",
            1,
            lambda actor: Told(4, "с просроченным этапом", "/projects/", ["этап 3: 4"], True),
        ),
        "b": Part("b", "Сломано", 2, broken),
        "c": Part("c", "Пусто", 3, lambda actor: None),
        "d": Part("d", "", 4, lambda actor: Told(9, "просрочено", "/proposals/"), under="proposals"),
    }
    monkeypatch.setattr(beside, "_parts", parts)
    body = signed_in(user_of(town, Role.HEAD)).get("/plan/head/").content.decode()
    assert "этап 3: 4" in body
    assert "<b>9</b> просрочено" in body
    assert "Сломано" not in body
    assert "Пусто" not in body
    with pytest.raises(ValueError, match="already"):
        beside.register(Part("a", "Другое", 1, broken))


def test_old_numbers_are_never_green(town: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    from decimal import Decimal

    from gemba.plan import metrics
    from gemba.plan.models import ManualFact

    kept = {code: one for code, one in metrics._indicators.items() if code != "contests_held"}
    monkeypatch.setattr(metrics, "_indicators", kept)
    ManualFact.objects.create(
        municipality=town, year=2026, quarter=1, row="3.1", indicator="contests_held", value=Decimal(5),
        evidence="протокол", entered_by="Учёт", entered_at=AT,
    )  # fmt: skip
    lens = lens_at(town, TODAY)
    view = plan_view(lens=lens, register=register_on(municipality=town, day=lens.as_of))
    [row] = [one for one in view.rows if one.row.code == "3.1"]
    assert row.state.tone == "good"
    assert head_view(lens=lens, view=view).stale == {"3.1"}
    body = signed_in(user_of(town, Role.HEAD)).get("/plan/head/").content.decode()
    assert "Данные устарели" in body
    assert "head-good" not in body
