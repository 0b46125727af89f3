"""The home page: what each role sees, a municipality that begins, what it costs."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from gemba.notices.tests.factories import a_notice
from gemba.organisation.models import RoleGrant
from gemba.organisation.roles import WITHOUT_ACCOUNT, Role
from gemba.organisation.tests.cast import signed_in
from gemba.organisation.tests.factories import grant, make_municipality, make_user
from gemba.regulations.actions import fill_calendar
from gemba.regulations.tests.factories import AT, an_edition
from gemba.workspace import panels

# Wednesday, 7 October 2026, half past nine in the morning in the municipality; the report is due on Saturday the tenth.
WEDNESDAY = datetime(2026, 10, 7, 2, 30, tzinfo=UTC)


@pytest.fixture
def ready(cast: Any) -> Any:
    """Give the municipality its regulation and working days."""
    fill_calendar(actor=cast.actor(Role.MONITOR), municipality=cast.municipality, years=[2026, 2027], at=AT)
    an_edition(cast.municipality)
    return cast


def home(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_nobody_is_asked_to_sign_in(db: None) -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("role", [role for role in Role if role not in WITHOUT_ACCOUNT])
def test_every_role_has_a_home(ready: Any, role: Role) -> None:
    page = home(ready.client(role))
    assert "Не удалось показать" not in page
    assert "Что ждёт меня" in page


def test_the_person_is_greeted_by_name_and_sees_the_nearest_term(ready: Any) -> None:
    with time_machine.travel(WEDNESDAY, tick=False):
        page = home(ready.client(Role.COORDINATOR))
    assert "Доброе утро, Павел Олегович" in page
    assert "Среда" in page
    assert "рабочий день" in page
    assert "Ближайшие сроки" in page
    assert "Отчёт за квартал" in page
    assert "Выпадает на выходной" in page
    # Two working days, Thursday and Friday, are left to Saturday.
    assert "рабочих дня до срока" in page
    assert "Срок близко" in page


def test_an_employee_is_not_pressed_by_the_terms_of_others(ready: Any) -> None:
    with time_machine.travel(WEDNESDAY, tick=False):
        page = home(ready.client(Role.EMPLOYEE))
    assert "Всё сделано" in page
    assert "до срока</b>" not in page
    assert "Школа № 1" in page or "Средняя школа № 1" in page
    assert "Щукина Елена Викторовна" in page


def test_an_urgent_notice_waits_on_the_home_page(ready: Any) -> None:
    a_notice(ready.users[Role.EMPLOYEE], kind="assignment", immediate=True, title="Измерить очередь")
    page = home(ready.client(Role.EMPLOYEE))
    assert "Измерить очередь" in page
    assert "Поручено вам" in page


def test_points_of_attention_are_for_those_who_keep_the_regulation(ready: Any) -> None:
    for role in (Role.MONITOR, Role.ADMIN):
        assert "Положение: что проверить" in home(ready.client(role))
    assert "Положение: что проверить" not in home(ready.client(Role.EMPLOYEE))


def test_a_municipality_that_begins_is_led_step_by_step(cast: Any) -> None:
    town = make_municipality("Новый округ", cast.region)
    admin = make_user("new-admin", municipality=town, title="Администратор")
    grant(admin, Role.ADMIN)
    page = home(signed_in(admin))
    assert "Первые шаги" in page
    assert "Сделать: Загрузить положение" in page
    assert "0 из 6" in page.replace("\u00a0", " ")
    assert 'href="/regulations/load/"' in page
    an_edition(town)
    page = home(signed_in(admin))
    assert "1 из 6" in page.replace("\u00a0", " ")
    assert "Сделать: Загрузить положение" not in page


def test_others_of_a_municipality_that_begins_are_told_to_wait(cast: Any) -> None:
    page = home(cast.client(Role.EMPLOYEE))
    assert "Округ готовится к работе" in page
    assert "Первые шаги" not in page


def test_the_steps_go_when_all_is_there(ready: Any) -> None:
    assert RoleGrant.objects.filter(municipality=ready.municipality).exists()
    today = date.today()
    fill_calendar(actor=ready.actor(Role.MONITOR), municipality=ready.municipality, years=[today.year], at=AT)
    assert "Первые шаги" not in home(ready.client(Role.ADMIN))


def test_the_regional_office_sees_its_municipalities(ready: Any) -> None:
    page = home(ready.client(Role.REGION))
    assert "Заречный округ" in page
    assert "Лесной округ" in page
    assert "Нет положения" in page


def test_the_home_page_costs_little(
    ready: Any, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What higher modules enter is theirs to measure.
    own = {code: panel for code, panel in panels._panels.items() if panel.template.startswith("workspace/")}
    monkeypatch.setattr(panels, "_panels", own)
    monkeypatch.setattr(panels, "_waiting", {code: panels._waiting[code] for code in ("notices", "terms")})
    client = ready.client(Role.MONITOR)
    home(client)
    with django_assert_max_num_queries(14):
        home(client)
