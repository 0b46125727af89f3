"""Sign-in, lock-out, password, demo, sessions."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from gemba.audit.models import ActRecord
from gemba.organisation.models import User
from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast, signed_in
from gemba.organisation.tests.factories import PASSWORD, make_user

SIGN_IN = "/sign-in/"


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


def text(response) -> str:
    return response.content.decode()


def test_the_right_password_lets_in_and_leads_back(cast: Cast) -> None:
    client = Client()
    back = client.get(reverse("organisation:organisations"))
    assert back.status_code == 302 and back["Location"] == f"{SIGN_IN}?next=%2Forganisations%2F"
    page = client.get(back["Location"])
    assert 'name="next" id="id_next" value="/organisations/"' in text(page)
    answer = sign_in(client, " Employee ", next="/organisations/")
    assert (answer.status_code, answer["Location"]) == (302, "/organisations/")
    assert client.get("/organisations/").status_code == 200


@pytest.mark.parametrize(
    "evil", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_way_back_never_leaves_the_product(cast: Cast, evil: str) -> None:
    assert sign_in(Client(), "employee", next=evil)["Location"] == "/"


def test_a_wrong_password_says_so_without_telling_which_part_is_wrong(cast: Cast) -> None:
    wrong, unknown = sign_in(Client(), "employee", "не тот"), sign_in(Client(), "nobody", "не тот")
    assert wrong.status_code == unknown.status_code == 422
    said = "Имя для входа или пароль не подходят."
    assert said in text(wrong) and said in text(unknown)
    assert 'value="employee"' in text(wrong)


def test_failures_lock_the_sign_in_with_the_time_that_is_left(cast: Cast, settings, time_machine) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 5, 0, tzinfo=UTC), tick=False)
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 2):
        sign_in(client, "employee", "не тот")
    assert "Осталось 1" in text(sign_in(client, "employee", "не тот"))
    locked = sign_in(client, "Employee", "не тот")
    assert locked.status_code == 429
    assert "Вход закрыт на время" in text(locked) and "через 15" in text(locked)
    time_machine.move_to(datetime(2026, 3, 2, 5, 10, tzinfo=UTC), tick=False)
    still = sign_in(client, "employee")
    assert still.status_code == 429
    # A colleague behind the same address signs in as ever.
    assert sign_in(Client(), "head").status_code == 302
    time_machine.move_to(datetime(2026, 3, 2, 5, 40, tzinfo=UTC), tick=False)
    assert sign_in(client, "employee").status_code == 302


def test_a_suspended_account_cannot_sign_in_and_loses_its_session(cast: Cast) -> None:
    user = cast.users[Role.EMPLOYEE]
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/account/")["Location"].startswith(SIGN_IN)
    assert sign_in(Client(), "employee").status_code == 422


def test_sign_out_ends_the_session_and_needs_a_form(cast: Cast) -> None:
    client = cast.client(Role.EMPLOYEE)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert client.get("/account/").status_code == 302


def test_a_given_password_must_be_changed_before_anything_else(cast: Cast) -> None:
    user = cast.users[Role.EMPLOYEE]
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    client = signed_in(user)
    assert client.get("/organisations/")["Location"] == "/password/"
    page = client.get("/password/")
    assert page.status_code == 200 and "который выдал администратор" in text(page)
    new = "Синий-трамвай-42"
    answer = client.post("/password/", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert client.get("/organisations/").status_code == 200
    assert sign_in(Client(), "employee", new).status_code == 302
    record = ActRecord.objects.get(act="organisation.change_own_password")
    assert new not in str(record.after) + str(record.before)


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("не тот", "Синий-трамвай-42", "Синий-трамвай-42", "Прежний пароль не подходит."),
        (PASSWORD, "Синий-трамвай-42", "Синий-трамвай-43", "Пароли не совпадают."),
        (PASSWORD, PASSWORD, PASSWORD, "совпадает с прежним"),
        (PASSWORD, "1234567890", "1234567890", "цифр"),
        (PASSWORD, "Аб1", "Аб1", "короткий"),
    ],
)
def test_a_bad_new_password_is_explained(cast: Cast, old: str, new: str, again: str, said: str) -> None:
    client = cast.client(Role.EMPLOYEE)
    answer = client.post("/password/", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert said in text(answer)
    assert sign_in(Client(), "employee").status_code == 302


def test_demo_sign_in_does_not_exist_outside_the_demo(cast: Cast) -> None:
    user = make_user("demo", municipality=cast.municipality, demo_role_title="Глава", title="Демо")
    assert Client().post(f"/sign-in/demo/{user.pk}/").status_code == 404
    assert "Это демонстрация" not in text(Client().get(SIGN_IN))


def test_demo_signs_in_at_one_press_and_only_demo_people(cast: Cast, settings) -> None:
    settings.DEMO = True
    user = make_user(
        "demo", municipality=cast.municipality, demo_role_title="Глава округа", title="Демо Глава"
    )
    page = text(Client().get(SIGN_IN))
    assert "Заречный округ" in page and "Глава округа" in page
    client = Client()
    assert client.post(f"/sign-in/demo/{user.pk}/", {"next": "/account/"})["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert Client().post(f"/sign-in/demo/{cast.users[Role.ADMIN].pk}/").status_code == 404


def test_the_account_page_shows_all_roles_and_their_places(cast: Cast) -> None:
    page = text(cast.client(Role.UNIT_HEAD).get("/account/"))
    assert "Руководитель организации" in page and "Школа № 1" in page
    assert "Не меняет отправленный отчёт." in page


def test_a_form_sent_after_the_session_ended_comes_back(cast: Cast) -> None:
    client = cast.client(Role.ADMIN)
    page = text(client.get("/organisations/new/"))
    mark = page.split('name="_owner" value="')[1].split('"')[0]
    client.post("/sign-out/")
    typed = {"_owner": mark, "kind": "institution", "name": "Музей речного флота", "version": "0"}
    answer = client.post("/organisations/new/", typed)
    assert answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
    next_url = answer["Location"].split("next=")[1].replace("%2F", "/")
    sign_in(client, "admin", next=next_url)
    assert "Музей речного флота" in text(client.get(next_url))


def test_an_employee_page_needs_few_statements(cast: Cast, django_assert_max_num_queries) -> None:
    client = cast.client(Role.EMPLOYEE)
    client.get("/account/")
    # Session, account, roles; then what the page shows and its frame.
    with django_assert_max_num_queries(12):
        client.get("/account/")


def test_anonymous_costs_no_statement(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert Client().get(SIGN_IN).status_code == 200
