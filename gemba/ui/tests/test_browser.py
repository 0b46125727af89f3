"""The gallery and the frame in a real browser: axe, keys, themes, widths, terms, drafts."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Playwright's own loop stands in this thread; the test itself asks the database synchronously.
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as machine:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        path = CHROMIUM if Path(CHROMIUM).exists() else None
        opened = machine.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Any, live_server: Any, settings: Any) -> Iterator[Callable[..., Any]]:
    settings.ROOT_URLCONF = "gemba.ui.tests.people"
    opened: list[Any] = []
    troubles: list[str] = []

    def visit(path: str = "/ui/gallery/", *, width: int = 1440, scheme: str = "light", **more: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="ru",
            # A colour caught in the middle of its change is nobody's contrast.
            reduced_motion="reduce",
            **more,
        )
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: _note(line, troubles))
        page.on("request", lambda asked: _only_here(asked.url, live_server.url, troubles))
        page.goto(live_server.url + path)
        return page

    yield visit
    for context in opened:
        context.close()
    assert troubles == []


def _note(line: Any, troubles: list[str]) -> None:
    refused = "Failed to load resource" in line.text or "Response Status Error" in line.text
    if line.type in {"error", "warning"} and not refused:
        troubles.append(line.text)


def _only_here(asked: str, here: str, troubles: list[str]) -> None:
    if not asked.startswith((here, "data:", "blob:")):
        troubles.append(f"a request left the machine: {asked}")


ALL = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Any, rules: list[str] | None = None) -> list[str]:
    """Run axe inside the page; it is handed over as a value, so the security policy stays as strict as it is."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(open_page, width, scheme):
    page = open_page(width=width, scheme=scheme)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page_for_everybody(open_page, scheme):
    # The page is a refusal: its own 404 is no trouble.
    page = open_page("/ui/health/", scheme=scheme)
    page.goto(page.url.replace("ui/health", "bare"))
    assert violations(page) == []


@pytest.mark.parametrize("accent", ["teal", "green", "plum", "crimson", "amber", "slate"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_accent_is_readable(open_page, accent, scheme):
    page = open_page(scheme=scheme)
    page.evaluate(f"document.documentElement.dataset.accent = '{accent}'")
    assert violations(page, ["color-contrast"]) == []


@pytest.mark.parametrize("width", [360, 390, 640, 768, 1024, 1440, 2560])
def test_nothing_is_wider_than_the_screen(open_page, width):
    page = open_page(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The act of the frame keeps its whole name on a screen that has room for one word of it; the search keeps its own.
    act = page.get_by_role("banner").get_by_role("link", name="Подать предложение", exact=True).bounding_box()
    assert act["height"] >= 44 and act["x"] + act["width"] <= width
    assert page.locator("#search").bounding_box()["width"] >= 150


def test_targets_are_large_enough_on_a_phone(open_page):
    page = open_page(width=390, has_touch=True, is_mobile=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.button, .icon-button, .chip, .tabs a, .side li a, select, .choice')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_nothing_moves_while_the_page_loads(open_page):
    page = open_page()
    shift = page.evaluate(
        """() => new Promise(done => { let sum = 0;
        new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
          .observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done(sum), 400); })"""
    )
    assert shift < 0.01


def test_keys(open_page):
    page = open_page()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    links = page.locator("#rows .cell-main a")
    links.nth(0).focus()
    page.keyboard.press("ArrowDown")
    assert links.nth(1).evaluate("e => e === document.activeElement")
    page.keyboard.press("Space")
    assert page.locator("#rows input[name=chosen]").nth(1).is_checked()
    assert page.locator("[data-bulk-count]").inner_text() == "Отмечено: 1"


def test_the_theme_is_remembered(open_page):
    page = open_page()
    page.locator(".top [data-theme-switch]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator(".top [data-theme-switch]").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_the_menu_on_a_phone_opens_and_closes_without_script(open_page):
    page = open_page(width=390, java_script_enabled=False)
    menu = page.locator("#menu")
    assert not menu.is_visible()
    page.locator(".menu-button").click()
    assert menu.is_visible()
    page.keyboard.press("Escape")
    assert not menu.is_visible()


def test_a_term_opens_by_hover_and_by_key(open_page):
    page = open_page()
    term, box = page.locator("button.term").first, page.locator(".term-pop").filter(has_text="Карта процесса")
    term.hover()
    box.wait_for(state="visible")
    page.mouse.move(5, 5)
    box.wait_for(state="hidden")
    term.focus()
    page.keyboard.press("Enter")
    box.wait_for(state="visible")
    page.keyboard.press("Escape")
    box.wait_for(state="hidden")


def test_typed_text_survives_a_closed_page(open_page):
    page = open_page()
    page.locator("#id_problem").fill("Печать справки занимает 40 минут")
    page.locator("[data-draft-note]", has_text="Набранное сохранено").wait_for()
    page.reload()
    assert page.locator("#id_problem").input_value() == "Печать справки занимает 40 минут"
    assert "Вернули набранное" in page.locator("form[data-draft] [data-draft-note]").inner_text()
    page.get_by_role("button", name="Очистить").click()
    page.reload()
    assert page.locator("#id_problem").input_value() == ""


def test_a_card_moves_by_key_through_its_form(open_page):
    page = open_page()
    page.evaluate(
        "document.addEventListener('submit', e => { e.preventDefault(); window.moved = new FormData(e.target).get('column'); })"
    )
    page.locator("[data-column=doing] [data-card]").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("window.moved") == "check"


def test_a_form_is_sent_once(open_page):
    page = open_page()
    sent = page.evaluate(
        """() => { let n = 0; const form = document.querySelector('form.act');
        form.addEventListener('submit', e => { n += !e.defaultPrevented; });
        document.addEventListener('submit', e => { n += e.defaultPrevented ? 0 : 0; window.prevented = (window.prevented || 0) + e.defaultPrevented; e.preventDefault(); });
        form.requestSubmit(); form.requestSubmit(); return window.prevented; }"""
    )
    assert sent == 1


def test_the_printed_sheet_has_no_menus_and_has_its_heading(open_page):
    page = open_page()
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible()
    assert not page.locator("#menu").is_visible()
    assert page.locator(".print-head").is_visible()
    assert re.search(r"Напечатано \d\d\.\d\d\.\d{4}", page.locator(".print-head").inner_text())


# Words that Chrome before 111 and Firefox before 113 do not know: the same page, with them made unknown.
NEW_WORDS = ("popover", "showPopover", "oklch(", "color-mix(", "text-wrap", "@view-transition")


def without_new_words(route: Any) -> None:
    answer = route.fetch()
    kind = answer.headers.get("content-type", "")
    if not re.search("html|css|javascript", kind):
        return route.fulfill(response=answer)
    text = answer.text()
    for word in NEW_WORDS:
        text = text.replace(word, "unknown" + word) if word[0] != "@" else text.replace(word, "@unknown")
    return route.fulfill(response=answer, body=text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_old_browser_shows_the_colours_and_opens_menus_and_terms(open_page, scheme):
    page = open_page(width=390, scheme=scheme)
    page.context.route("**/*", without_new_words)
    page.goto(page.url)
    assert violations(page) == []
    filled = page.locator("main .button-primary:visible").first
    assert filled.evaluate("e => getComputedStyle(e).backgroundColor") not in {"rgba(0, 0, 0, 0)", ""}
    menu, account, term = page.locator("#menu"), page.locator("#account"), page.locator("main .term").first
    word = page.locator(f"[id='{term.get_attribute('unknownpopovertarget')}']")
    for box in (menu, account, word):
        playwright.expect(box).to_be_hidden()
    page.get_by_role("button", name="Меню").click()
    playwright.expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    playwright.expect(menu).to_be_hidden()
    term.click()
    playwright.expect(word).to_be_in_viewport()
    page.locator(".account-button").click()
    playwright.expect(account).to_be_visible()
    playwright.expect(word).to_be_hidden()
