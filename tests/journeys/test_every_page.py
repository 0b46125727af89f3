"""Every page of everybody's menu: no errors, nothing from outside, nothing too wide, readable, printable, light."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys import cast
from tests.journeys.visitor import DESK, RULES, Visitor, overflow, violations

Come = Callable[..., Visitor]
# Half of a desk's screen is what 200 % of zoom leaves; 360 px is the narrowest phone.
WIDTHS = (390, 360, DESK // 2, DESK)
FIRST, FOLLOWING = 200 * 1024, 40 * 1024
SHIFT = """() => new Promise(done => { let sum = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(sum), 50)); })"""
ROLES = (
    (cast.BELOVO, "Сотрудник"),
    (cast.LENINSK, "Координатор"),
    (cast.PROMYSHLENNAYA, "Руководитель организации"),
    (cast.BELOVO, "Глава и заместители главы"),
    (cast.PROMYSHLENNAYA, "Оператор мониторинга"),
    (cast.NOVY_OSKOL, "Куратор, команда лидеров"),
    (cast.NOVY_OSKOL, "Руководитель проекта"),
    (cast.LENINSK, "Член команды проекта"),
    (cast.LENINSK, "Заказчик проекта"),
    (cast.BELOVO, "Председатель рабочей группы"),
    (cast.LENINSK, "Заместитель председателя"),
    (cast.BELOVO, "Секретарь рабочей группы"),
    (cast.PROMYSHLENNAYA, "Член рабочей группы"),
    (cast.PROMYSHLENNAYA, "Оценщик"),
    (cast.NOVY_OSKOL, "Тренер, наставник"),
    (cast.NOVY_OSKOL, "Редактор сайта"),
    (cast.BELOVO, "Администратор"),
    (cast.REGION, "Региональный офис"),
)
CODES = (
    "employee", "coordinator", "unit head", "head", "monitor", "curator", "leader", "team", "sponsor", "chair", "deputy",
    "secretary", "member", "assessor", "trainer", "publisher", "admin", "region",
)  # fmt: skip
# Pages that axe has examined with their words: one role is enough for a page, except for home and those of work.
_examined: set[str] = set()


def menu_of(page: Page) -> list[str]:
    """Return the addresses of a person's menu."""
    found: list[str] = page.eval_on_selector_all(
        "#menu a[href]", "all => all.map(a => a.getAttribute('href'))"
    )
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(("town", "role"), ROLES, ids=CODES)
def test_every_page_of_the_menu_holds(visitor: Come, town: str, role: str) -> None:
    person = visitor()
    person.sign_in(town, role)
    page = person.page
    faults: list[str] = []
    pages = menu_of(page)
    assert len(pages) >= 3
    for address in pages:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, f"{address}: {answer and answer.status}"
        assert "Не удалось показать" not in person.main_text(), address
        if page.evaluate(SHIFT) >= 0.1:
            faults.append(f"{address}: the page moves while it loads")
        faults += [f"{address}: {fault}" for fault in looks(page, address)]
    assert not faults, "\n".join(faults)


def test_the_charts_of_the_plan_hold(visitor: Come) -> None:
    """They stand in no menu: the plan leads to them."""
    person = visitor()
    person.sign_in(cast.BELOVO, cast.MONITOR)
    person.open("/plan/")
    person.page.get_by_role("link", name="Графики").first.click()
    person.page.wait_for_url(re.compile("/plan/charts/"))
    assert "Не удалось показать" not in person.main_text()
    faults = looks(person.page, "/plan/charts/")
    assert not faults, "\n".join(faults)


def looks(page: Page, address: str) -> list[str]:
    """Look at an open page in all widths and both colours; axe where nobody has yet."""
    faults = []
    is_new = address not in _examined
    _examined.add(address)
    # All widths once a page; another role's view of it on a phone, where it is narrowest for what it holds.
    for width in WIDTHS if is_new else WIDTHS[1:2]:
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{width} px: {found}" for found in overflow(page)]
    if is_new:
        faults += violations(page)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 390, "height": 900})
        faults += [f"dark, phone: {found}" for found in violations(page, RULES)]
        page.emulate_media(color_scheme="light")
        page.emulate_media(media="print")
        shown = page.eval_on_selector_all(
            ".top, #menu, .page-actions .button",
            "all => all.filter(e => e.checkVisibility()).map(e => e.outerHTML)",
        )
        faults += [f"print shows {one[:80]}" for one in shown]
        if not page.locator(".print-head").is_visible():
            faults.append("print has no heading with the municipality and the day")
        page.emulate_media(media="screen")
    page.set_viewport_size({"width": DESK, "height": 900})
    return faults


# --- weight ----------------------------------------------------------------------------------------------


class Scales:
    """Bytes over the wire, compressed as the server sends them."""

    def __init__(self, person: Visitor) -> None:
        self.bytes = 0
        self.by: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        wire = person.context.new_cdp_session(person.page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", self._started)
        wire.on("Network.loadingFinished", self._finished)

    def _started(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["response"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])
        self.by[self._urls.get(event["requestId"], "?")] = int(event["encodedDataLength"])

    def weigh(self, page: Page, address: str) -> int:
        self.bytes, self.by = 0, {}
        page.goto(address, wait_until="networkidle")
        return self.bytes

    def heaviest(self) -> list[tuple[str, int]]:
        return sorted(self.by.items(), key=lambda pair: -pair[1])[:3]


def test_pages_are_light(visitor: Come) -> None:
    person = visitor()
    scales = Scales(person)
    first = scales.weigh(person.page, "/sign-in/")
    person.sign_in(cast.BELOVO, cast.MONITOR)
    first = max(first, scales.bytes)
    assert first <= FIRST, (first, scales.heaviest())
    # What the home page brought is there already; of the others each may bring its own styles once.
    pages = menu_of(person.page)
    for address in pages:
        person.page.goto(address)
    for address in pages:
        weight = scales.weigh(person.page, address)
        assert weight <= FOLLOWING, (address, weight, scales.heaviest())


def test_the_page_behind_a_qr_code_is_lightest(visitor: Come) -> None:
    office = visitor().sign_in(cast.LENINSK, cast.COORDINATOR).open("/proposals/units/")
    address = (
        office.page.get_by_role("link", name="открыть страницу подачи").first.get_attribute("href") or ""
    )
    cleaner = visitor(width=360)
    scales = Scales(cleaner)
    assert scales.weigh(cleaner.page, address) <= 60 * 1024, scales.heaviest()


def test_a_page_that_is_not_there_says_what_to_do(visitor: Come) -> None:
    person = visitor().sign_in(cast.LENINSK, cast.EMPLOYEE)
    for address in ("/nowhere/", "/proposals/99999999/", "/regulations/x/clause/y/"):
        person.open(address).heading("Такой страницы нет.").is_accessible().is_not_wider()
    # What the menu does not show is not open either.
    person.open("/users/").heading("У вас нет доступа.").sees(re.compile("администратор")).is_accessible()
