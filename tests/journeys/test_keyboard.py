"""The whole house without a mouse."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys import cast
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
FOCUS = """() => { const e = document.activeElement; if (!e || e === document.body) return 'nothing';
  const s = getComputedStyle(e), box = e.getBoundingClientRect();
  const ring = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
  const seen = box.width > 0 && box.height > 0;
  return ring && seen ? '' : e.outerHTML.slice(0, 120); }"""


def focused(page: Page) -> str:
    """Name the focused element when nobody could see that it has the focus."""
    unseen: str = page.evaluate(FOCUS)
    return unseen


def test_the_first_key_leads_to_the_content_and_focus_is_always_seen(visitor: Come) -> None:
    person = visitor().sign_in(cast.BELOVO, cast.MONITOR)
    page = person.open("/plan/").page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for address in ("/", "/plan/", "/proposals/", "/organisations/"):
        person.open(address)
        for _ in range(25):
            page.keyboard.press("Tab")
            assert focused(page) == "", address


def test_search_help_and_menu_by_keys(visitor: Come) -> None:
    person = visitor().sign_in(cast.NOVY_OSKOL, cast.HEAD)
    page = person.page
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("картирование")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search/"))
    person.heading(re.compile("Поиск|Найдено|Найти")).is_accessible()

    page.locator("body").press("?")
    help_box = page.locator("#help")
    expect(help_box).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_box).to_be_hidden()

    account = page.locator(".account-button")
    account.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#account")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#account")).to_be_hidden()
    expect(account).to_be_focused()

    person.page.set_viewport_size({"width": 390, "height": 800})
    menu_button = page.locator(".menu-button")
    menu_button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()


def test_a_row_is_chosen_and_opened_by_arrows(visitor: Come) -> None:
    person = visitor().sign_in(cast.BELOVO, cast.UNIT_HEAD).open("/proposals/?view=all")
    page = person.page
    links = page.locator("[data-rows] tbody .cell-main a")
    links.first.focus()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    address = links.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(address or "-")))


def test_a_card_of_the_board_moves_by_keys(visitor: Come) -> None:
    person = visitor().sign_in(cast.PROMYSHLENNAYA, cast.UNIT_HEAD)
    # A card of its own to move, so that nothing of the demo is needed.
    author = visitor().sign_in(cast.PROMYSHLENNAYA, cast.COORDINATOR).open("/proposals/new/")
    author.write("Что мешает", "Доска: мел и губка лежат в разных местах")
    author.write("Что предлагаю", "Полочка под доской для мела и губки")
    author.press("Отправить").sees("Полочка под доской")

    person.open("/proposals/board/").is_accessible()
    page = person.page
    card = page.locator("[data-card]").filter(has_text="Полочка под доской").first
    before = card.evaluate("e => e.closest('[data-column]').dataset.column")
    card.focus()
    page.keyboard.press("Shift+ArrowRight")
    # Either the card stands in the next column, or the page asks what the move needs.
    expect(page.locator("body")).to_contain_text(re.compile("Рассматривается|Взять на рассмотрение"))
    person.open("/proposals/board/")
    after = (
        page.locator("[data-card]")
        .filter(has_text="Полочка под доской")
        .first.evaluate("e => e.closest('[data-column]').dataset.column")
    )
    assert after != before


def test_a_form_is_sent_by_keys_alone(visitor: Come) -> None:
    person = visitor().sign_in(cast.LENINSK, cast.EMPLOYEE).open("/proposals/new/")
    page = person.page
    page.get_by_label("Что мешает").first.focus()
    page.keyboard.type("Набрано без мыши: звонки мешают уроку")
    page.keyboard.press("Tab")
    page.keyboard.type("Переключать телефоны учительской на беззвучный")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/proposals/\d+/$"))
    person.sees("Набрано без мыши")
