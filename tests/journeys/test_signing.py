"""Passwords, the lock, the first password of a new account, a session that ends while one writes, the way out."""

import re
import secrets
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys import cast
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
PASSWORD = "Тихая-гавань-семь-утра"


def invited(admin: Visitor, login: str) -> str:
    """Let the administrator open an account and return the password of the first sign-in."""
    admin.open("/users/").follow("Создать запись")
    admin.write("Или чья это запись", "Приёмная комиссия").write("Имя для входа", login)
    admin.is_accessible()
    admin.press("Создать")
    admin.sees("Пароль для первого входа")
    return admin.page.locator(".first-password code").first.inner_text()


def sign_in(person: Visitor, login: str, password: str) -> None:
    person.open("/sign-in/")
    if not person.page.get_by_label("Имя для входа").is_visible():
        person.page.get_by_text("Войти с паролем").click()
    person.write("Имя для входа", login).write("Пароль", password)
    person.press("Войти")


def test_a_new_account_gets_its_own_password_at_the_first_sign_in(visitor: Come) -> None:
    admin = visitor().sign_in(cast.NOVY_OSKOL, cast.ADMIN)
    login = f"priemnaya.{secrets.token_hex(4)}"
    first = invited(admin, login)

    person = visitor()
    sign_in(person, login, first)
    person.heading("Смена пароля").sees("Придумайте свой").is_accessible()
    # No other page opens before the password is one's own.
    person.open("/plan/").heading("Смена пароля")

    person.write("Прежний пароль", first)
    person.page.get_by_label("Новый пароль", exact=True).fill("12345")
    person.write("Новый пароль ещё раз", "12345")
    person.press("Сменить пароль")
    person.sees(re.compile("коротк|10")).is_accessible()
    person.write("Прежний пароль", first)
    person.page.get_by_label("Новый пароль", exact=True).fill(PASSWORD)
    person.write("Новый пароль ещё раз", PASSWORD)
    person.press("Сменить пароль")
    person.sees("Пароль изменён")

    person.page.get_by_role("button", name=re.compile("Мои страницы и выход")).click()
    person.page.get_by_role("button", name="Выйти").click()
    person.heading("Вход")
    # The way back of the browser shows nothing of the house.
    person.page.go_back()
    person.open("/plan/").heading("Вход")
    sign_in(person, login, PASSWORD)
    expect(person.page).to_have_url(re.compile("/plan/|/$"))


def test_after_five_wrong_passwords_the_door_is_shut_for_a_while(visitor: Come) -> None:
    person, login = visitor(), f"nikto.{secrets.token_hex(4)}"
    for attempt in range(5):
        sign_in(person, login, f"wrong-{attempt}")
        if attempt < 4:
            person.sees("Имя для входа или пароль не подходят")
    person.heading("Вход закрыт на время").sees("минут").is_accessible()
    # Others enter from the same address as before.
    visitor().sign_in(cast.LENINSK, cast.EMPLOYEE)


def test_what_was_typed_survives_the_end_of_the_session(visitor: Come) -> None:
    for has_script in (True, False):
        person = visitor(java_script_enabled=has_script).sign_in(cast.LENINSK, cast.COORDINATOR)
        person.open("/proposals/new/")
        person.write("Что мешает", f"Ключ от актового зала ищем по этажам, {has_script}")
        person.write("Что предлагаю", "Повесить ключницу у вахты и записывать взявшего")
        person.context.clear_cookies()
        person.press("Отправить")
        person.heading("Вход")
        if has_script:
            person.is_accessible()
        person.page.locator("section").filter(
            has=person.page.get_by_role("heading", name=cast.LENINSK)
        ).get_by_role("button", name=re.compile("^(КГ|..)?\\s*Координатор")).first.click()
        person.heading("Набранное не отправлено").sees("Ключ от актового зала ищем по этажам")
        person.press("Отправить")
        expect(person.page).to_have_url(re.compile(r"/proposals/\d+/$"))
        person.sees("Повесить ключницу у вахты")


def test_somebody_else_does_not_get_what_was_typed(visitor: Come) -> None:
    person = visitor().sign_in(cast.LENINSK, cast.EMPLOYEE).open("/proposals/new/")
    person.write("Что мешает", "Тайное слово сотрудника").write("Что предлагаю", "Никому не показывать")
    person.context.clear_cookies()
    person.press("Отправить")
    person.heading("Вход")
    person.sign_in(cast.LENINSK, cast.UNIT_HEAD)
    person.open("/ui/draft/").sees_no("Тайное слово сотрудника")
    person.open("/proposals/new/")
    expect(person.page.get_by_label("Что мешает").first).to_have_value("")
