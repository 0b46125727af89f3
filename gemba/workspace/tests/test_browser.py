"""Home page, calendar, search and notices in a real browser: keys, axe, widths, without JavaScript."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gemba.notices.tests.factories import a_notice
from gemba.organisation.roles import Role
from gemba.regulations.actions import fill_calendar
from gemba.regulations.tests.factories import AT, an_edition
from gemba.ui.tests import __file__ as UI_TESTS

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(UI_TESTS).parent / "vendor" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
PAGES = [
    "/", "/deadlines/?year=2026&month=10", "/deadlines/?view=year&year=2026", "/deadlines/?view=list&year=2026",
    "/deadlines/subscription/", "/search/?q=школа", "/notices/", "/notices/settings/",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as machine:
        # Playwright's own loop stands in this thread; the test itself asks the database synchronously.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        opened = machine.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any, live_server: Any, cast: Any) -> Iterator[Callable[..., Any]]:
    fill_calendar(actor=cast.actor(Role.MONITOR), municipality=cast.municipality, years=[2026], at=AT)
    an_edition(cast.municipality)
    a_notice(cast.users[Role.MONITOR], kind="assignment", immediate=True, title="Подготовить сводку")
    session = cast.client(Role.MONITOR).cookies["gemba_session"].value
    opened: list[Any] = []
    errors: list[str] = []

    def go(path: str, *, width: int = 1440, **more: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="ru", reduced_motion="reduce", **more
        )
        opened.append(context)
        context.add_cookies([{"name": "gemba_session", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield go
    for context in opened:
        context.close()
    assert errors == []


def focused_day(page: Any) -> str | None:
    day: str | None = page.evaluate("document.activeElement.dataset.day")
    return day


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(visit: Any, width: int, scheme: str) -> None:
    page = visit("/", width=width, color_scheme=scheme)
    origin = page.url.rstrip("/")
    wrong = []
    for path in PAGES:
        page.goto(origin + path)
        page.evaluate(AXE.read_text())
        found = page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        wrong += [f"{path} {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path} is wider than {width}")
    assert wrong == []


def test_arrows_go_through_days_and_over_the_edge_of_the_month(visit: Any) -> None:
    page = visit("/deadlines/?year=2026&month=10")
    page.locator("[data-day='2026-10-30']").focus()
    page.keyboard.press("ArrowRight")
    assert focused_day(page) == "2026-10-31"
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-day='2026-11-01']:focus")
    assert "month=11" in page.url
    page.keyboard.press("PageUp")
    page.wait_for_selector("[data-day='2026-10-01']:focus")
    for day in range(2, 11):
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(f"[data-day='2026-10-{day:02}']:focus")
    page.keyboard.press("Enter")
    card = page.locator(":popover-open")
    card.wait_for()
    assert "до 10 числа месяца" in card.inner_text()
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    page.wait_for_selector("[data-day='2026-10-10']:focus")


def test_suggestions_come_while_typing_and_arrows_go_through_them(visit: Any) -> None:
    page = visit("/search/")
    page.keyboard.type("школ")
    page.wait_for_selector("[data-hit]")
    assert "q=" in page.url
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[data-hit]:focus")
    page.keyboard.press("ArrowUp")
    page.wait_for_selector("#find:focus")


def test_a_notice_is_read_in_place_and_all_can_be_taken_back(visit: Any) -> None:
    page = visit("/notices/")
    page.locator(".notice-act button").click()
    page.wait_for_selector(".notice-new", state="detached")
    assert page.url.endswith("/notices/")


def test_without_javascript_everything_is_reached(visit: Any) -> None:
    page = visit("/deadlines/?year=2026&month=9", java_script_enabled=False)
    page.get_by_label("Месяц позже").click()
    assert page.get_by_role("heading", name="Октябрь 2026").is_visible()
    assert page.locator("td").filter(has_text="Отчёт за квартал").first.is_visible()
    page.goto(re.sub(r"/deadlines/.*", "/search/", page.url))
    page.locator("#find").fill("школа")
    page.locator("#find").press("Enter")
    assert page.locator("[data-hit]").count() > 0
    page.goto(re.sub(r"/search/.*", "/notices/", page.url))
    page.locator(".notice-act button").click()
    assert page.locator(".notice-new").count() == 0
