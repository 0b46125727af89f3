"""A new user enters with one click and reads: the regulation, the plan, the terms, the bodies, the people."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys import cast
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]


def test_a_newcomer_reads_the_regulation_from_contents_to_the_clause(visitor: Come) -> None:
    reader = visitor().sign_in(cast.NOVY_OSKOL, cast.EMPLOYEE)
    reader.is_accessible()

    # From the menu to the contents, from there to the text, to one clause, to where it acts.
    reader.follow("Положение", within=reader.page.get_by_role("navigation", name="Разделы"))
    reader.heading("Положение").sees("Правила, по которым работает программа").is_accessible()
    contents = reader.page.get_by_role("navigation", name="Разделы положения")
    reader.follow("Положение", within=contents, exact=True)
    expect(reader.page).to_have_url(re.compile("/text/polozhenie/"))
    reader.is_accessible()

    number = reader.page.locator("main a.clause-number").nth(5)
    address = number.get_attribute("href")
    number.click()
    expect(reader.page).to_have_url(re.compile(re.escape(address or "-") + "$"))
    reader.sees("Где этот пункт действует").is_accessible()

    # A link to a clause can be sent to a colleague: it opens in another browser after sign-in.
    colleague = visitor()
    colleague.open(reader.page.url)
    colleague.heading("Вход")
    colleague.page.get_by_role("button", name=re.compile("Руководитель")).first.click()
    expect(colleague.page).not_to_have_url(re.compile("sign-in"))


def test_a_rule_of_the_regulation_leads_to_where_it_acts_in_the_product(visitor: Come) -> None:
    reader = visitor().sign_in(cast.BELOVO, cast.MONITOR).open("/regulations/")
    contents = reader.page.get_by_role("navigation", name="Разделы положения")
    reader.follow(re.compile("^Сроки"), within=contents)
    reader.sees("Действует:").is_accessible()
    reader.follow("Календарь сроков")
    reader.heading("Календарь сроков")


def test_the_glossary_explains_words_by_hover_tap_and_key(visitor: Come) -> None:
    reader = visitor().sign_in(cast.NOVY_OSKOL, cast.EMPLOYEE).open("/regulations/2025/glossary/")
    reader.sees("70").is_accessible()

    reader.open("/regulations/2025/text/polozhenie/")
    term = reader.page.locator("main button.term").first
    box = reader.page.locator(f"#{term.get_attribute('popovertarget')}")
    term.hover()
    expect(box).to_be_visible()
    reader.page.mouse.move(2, 2)
    expect(box).to_be_hidden()
    term.focus()
    reader.page.keyboard.press("Enter")
    expect(box).to_be_visible()
    assert len(box.inner_text()) > 20
    reader.page.keyboard.press("Escape")
    expect(box).to_be_hidden()

    on_phone = visitor(width=390, has_touch=True, is_mobile=True).sign_in(cast.NOVY_OSKOL, cast.EMPLOYEE)
    on_phone.open("/regulations/2025/text/polozhenie/")
    term = on_phone.page.locator("main button.term").first
    box = on_phone.page.locator(f"#{term.get_attribute('popovertarget')}")
    term.tap()
    expect(box).to_be_visible()
    on_phone.page.touchscreen.tap(380, 600)
    expect(box).to_be_hidden()
    on_phone.is_not_wider()


def test_the_regulation_is_searched_and_its_findings_are_read(visitor: Come) -> None:
    reader = visitor().sign_in(cast.LENINSK, cast.EMPLOYEE).open("/regulations/")
    # Another form of the word than the act prints.
    reader.write("Найти в положении", "паспорту")
    reader.press("Найти")
    reader.heading("Поиск в положении").sees("По запросу «паспорту»").is_accessible()
    assert re.search("паспорт", reader.main_text(), re.IGNORECASE)
    reader.page.locator("main ol.found a").first.click()
    reader.sees("Где этот пункт действует")

    reader.open("/regulations/").write("Найти в положении", "жираф")
    reader.press("Найти")
    reader.sees("Ничего не найдено")

    reader.follow(
        re.compile("^Замечания проверки"),
        within=reader.page.get_by_role("navigation", name="Разделы положения"),
    )
    reader.sees("Это не ошибки программы").is_accessible()
    assert reader.page.locator("main article.rule").count() > 3


def test_two_editions_are_compared(visitor: Come) -> None:
    reader = visitor().sign_in(cast.PROMYSHLENNAYA, cast.HEAD).open("/regulations/")
    reader.sees("в редакции от 02.12.2025").sees("Что изменилось в этой редакции")
    reader.follow("Сравнить с этой")
    reader.heading("Сравнение редакций").sees("Отличий:").is_accessible()
    assert reader.page.locator("main ins").count() > 5
    reader.follow(re.compile("первая редакция"))
    reader.sees("Не действует сегодня").sees("Плана в этой редакции нет")


def test_a_newcomer_looks_around_the_municipality(visitor: Come) -> None:
    reader = visitor().sign_in(cast.BELOVO, cast.EMPLOYEE)
    menu = reader.page.get_by_role("navigation", name="Разделы")
    for title, word in (
        ("План мероприятий", "Факт за"),
        ("Календарь сроков", "Подписаться"),
        ("Организации", "Администрация"),
        ("Органы", "Рабочая группа"),
    ):
        reader.follow(title, within=menu)
        reader.heading(title).sees(re.compile(word))
    reader.page.locator("main td a").first.click()
    reader.sees(re.compile("Председатель|председатель")).is_accessible()

    # Every number of the plan stands beside its clause and opens its records.
    reader.open("/plan/")
    row = reader.page.locator("tr").filter(has_text="Предоставление и реализация предложений")
    expect(row).to_contain_text("п. 1.3")
    row.locator(".plan-fact a").first.click()
    reader.sees("Записи за числом").is_accessible()
    reader.page.locator("#records td a").first.click()
    reader.sees("Что предлагается")
