"""Journeys J1 and J2 in a real browser: 360 px, a slow and a lost network, with and without JavaScript; axe."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from gemba.organisation.roles import Role
from gemba.organisation.tests.cast import Cast
from gemba.proposals.actions.codes import issue_codes
from gemba.proposals.models import Photo, Proposal
from gemba.proposals.rules.states import State
from gemba.proposals.tests.factories import AT, make_in, url_samples
from gemba.ui.tests import __file__ as UI_TESTS

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = (Path(UI_TESTS).parent / "vendor" / "axe.min.js").read_text()
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
CHROMIUM = Path("/usr/bin/chromium")
LIGHTEST = 60 * 1024


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
def visit(browser: Any, live_server: Any, cast: Cast) -> Iterator[Callable[..., Any]]:
    opened: list[Any] = []
    errors: list[str] = []

    def go(path: str, *, role: Role | None = None, width: int = 360, **more: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 780}, locale="ru", reduced_motion="reduce", **more
        )
        opened.append(context)
        if role is not None:
            session = cast.client(role).cookies["gemba_session"].value
            context.add_cookies([{"name": "gemba_session", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield go
    for context in opened:
        context.close()
    assert errors == []


def a_photo(folder: Path) -> Path:
    path = folder / "снимок.jpg"
    noise = Image.effect_noise((3000, 2000), 60).convert("RGB")
    noise.save(path, "JPEG", quality=95)
    return path


def code_of(cast: Cast) -> str:
    people = [cast.people[Role.EMPLOYEE]]
    [issued] = issue_codes(actor=cast.actor(Role.COORDINATOR), organisation=cast.school, people=people, at=AT)
    return issued.code


def fill(page: Any, *, person: str = "Без имени", code: str = "") -> None:
    page.get_by_label("Что мешает?").fill("В раздевалке темно по утрам.")
    page.get_by_label("Что предлагаю").fill("Поставить датчик движения на свет.")
    page.get_by_label("Кто вы").select_option(label=person)
    if code:
        page.locator("#code").fill(code)


def test_j1_without_javascript(visit: Any, cast: Cast) -> None:
    page = visit(reverse("quick:send", args=[cast.school_unit.qr_token]), java_script_enabled=False)
    fill(page, person="Тихонова Дарья Игоревна", code=code_of(cast))
    page.get_by_role("button", name="Отправить").click()
    playwright.expect(page.get_by_role("heading", level=1)).to_contain_text("-0001")
    playwright.expect(page.get_by_text("Ответим до")).to_be_visible()
    made = Proposal.objects.get()
    assert made.author == cast.people[Role.EMPLOYEE] and made.source == "qr"


def test_j1_on_a_slow_network_with_a_large_photo(visit: Any, cast: Cast, tmp_path: Path) -> None:
    alike = {"problem": "В раздевалке темно по утрам", "solution": "Датчик движения включает свет"}
    done = make_in(cast, State.IMPLEMENTED, **alike)
    page = visit("/ui/health/")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 60_000},
    )
    received: list[int] = []
    wire.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    origin = page.url.partition("/ui/")[0]
    page.goto(origin + reverse("quick:send", args=[cast.school_unit.qr_token]), wait_until="networkidle")
    assert sum(received) <= LIGHTEST, sum(received)
    photo = a_photo(tmp_path)
    assert photo.stat().st_size > 2_000_000
    fill(page)
    # What others have proposed like it, out of the catalogue, on the slow network too.
    similar = page.locator("#similar")
    playwright.expect(similar).to_contain_text(f"{done.title} — внедрено", timeout=20_000)
    assert similar.get_attribute("aria-live") == "polite"
    page.locator("#photo").set_input_files(str(photo))
    note = page.locator("#photo-note")
    playwright.expect(note).to_contain_text("Снимок готов", timeout=20_000)
    # The phone has shrunk it itself, before anything was sent.
    shrunk = re.fullmatch(r"Снимок готов, (\d+) КБ\.", note.inner_text())
    assert shrunk and int(shrunk[1]) * 1024 < photo.stat().st_size / 2, note.inner_text()
    page.get_by_role("button", name="Отправить").click()
    playwright.expect(page.locator("#done")).to_contain_text("-0002", timeout=60_000)
    playwright.expect(page.locator("#done")).to_contain_text("Ответим до")
    kept = Photo.objects.get()
    assert max(kept.width, kept.height) == 1600
    assert page.locator("#problem").input_value() == "" and similar.inner_text() == ""


def test_j1_the_draft_survives_a_closed_page_and_leaves_when_the_network_is_back(
    visit: Any, cast: Cast, tmp_path: Path
) -> None:
    page = visit(reverse("quick:send", args=[cast.school_unit.qr_token]))
    page.get_by_label("Что мешает?").fill("В раздевалке темно по утрам.")
    playwright.expect(page.locator("#kept")).to_contain_text("сохранён")
    page.locator("#photo").set_input_files(str(a_photo(tmp_path)))
    playwright.expect(page.locator("#photo-note")).to_contain_text("Снимок готов", timeout=20_000)
    said = page.locator("#photo-note").inner_text()
    url, context = page.url, page.context
    page.close()
    page = context.new_page()
    page.goto(url)
    assert page.locator("#problem").input_value() == "В раздевалке темно по утрам."
    playwright.expect(page.locator("#photo-note")).to_have_text(said)
    fill(page)
    context.set_offline(True)
    page.get_by_role("button", name="Отправить").click()
    playwright.expect(page.locator("#waiting")).to_contain_text("уйдёт само")
    # The next one of the shift on the same phone.
    assert page.locator("#problem").input_value() == ""
    fill(page)
    page.get_by_label("Что мешает?").fill("Скользко у входа.")
    page.get_by_role("button", name="Отправить").click()
    playwright.expect(page.locator("#waiting")).to_contain_text("предложений: 2")
    page.get_by_role("button", name="Исправить «Скользко у входа.»").click()
    playwright.expect(page.locator("#problem")).to_have_value("Скользко у входа.")
    page.get_by_role("button", name="Отправить").click()
    playwright.expect(page.locator("#waiting")).to_contain_text("предложений: 2")
    assert not Proposal.objects.exists()
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(url)
    playwright.expect(page.locator("#done")).to_contain_text("-0002")
    assert page.get_by_role("link", name="Следить за ответом").count() == 2
    assert Proposal.objects.count() == 2
    # The photo has come with the proposal it was taken for.
    assert Photo.objects.get().proposal.number == 1
    # Nothing is left to be sent a second time.
    page.goto(url)
    page.wait_for_timeout(500)
    assert page.locator("#problem").input_value() == "" and Proposal.objects.count() == 2


def test_j1_mistakes_are_told_at_the_field_and_the_text_stays(visit: Any, cast: Cast) -> None:
    page = visit(reverse("quick:send", args=[cast.school_unit.qr_token]))
    fill(page, person="Тихонова Дарья Игоревна", code="0")
    page.get_by_role("button", name="Отправить").click()
    playwright.expect(page.locator("#code-error")).to_contain_text("Код не подходит")
    playwright.expect(page.locator("#code")).to_be_focused()
    assert "датчик" in page.locator("#solution").input_value()
    page.evaluate(AXE)
    assert page.evaluate(RULES)["violations"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_for_everybody_are_clean(visit: Any, cast: Cast, scheme: str) -> None:
    returned, rejected = make_in(cast, State.RETURNED), make_in(cast, State.REJECTED)
    token = cast.school_unit.qr_token
    page = visit(reverse("quick:send", args=[token]), color_scheme=scheme)
    origin = page.url.partition("/p/")[0]
    for path in (
        reverse("quick:send", args=[token]),
        reverse("quick:stand", args=[token]),
        reverse("quick:receipt", args=[returned.receipt]),
        reverse("quick:receipt", args=[rejected.receipt]),
    ):
        page.goto(origin + path)
        page.evaluate(AXE)
        assert [(one["id"], one["nodes"][0]["html"]) for one in page.evaluate(RULES)["violations"]] == [], (
            path
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_j2_the_head_decides_with_words_and_a_person(visit: Any, cast: Cast) -> None:
    make_in(cast, State.IMPLEMENTED)
    waiting = make_in(cast, State.REGISTERED)
    page = visit(reverse("proposals:list"), role=Role.UNIT_HEAD, width=1440)
    page.get_by_role("link", name=waiting.title).click()
    # A twin that is already introduced stands first among the similar ones.
    playwright.expect(page.get_by_role("heading", name="Похожие предложения")).to_be_visible()
    page.get_by_role("link", name="Вернуть на уточнение").click()
    page.get_by_role("button", name="Где именно").click()
    assert "место" in page.get_by_label("Что уточнить").input_value()
    page.get_by_role("link", name="Отменить").click()
    page.get_by_role("link", name="Принять").click()
    page.get_by_label("Кто внедряет").fill("Лапин")
    page.wait_for_selector("datalist option", state="attached")
    page.get_by_label("Кто внедряет").fill("Лапин Артём Сергеевич")
    page.get_by_role("button", name="Принять").click()
    playwright.expect(page.locator(".page-head .badge")).to_contain_text("Принято")
    kept = Proposal.objects.get(pk=waiting.pk)
    assert kept.state == State.ACCEPTED and kept.responsible == cast.people[Role.LEADER]


def test_similar_ones_appear_while_one_types(visit: Any, cast: Cast) -> None:
    done = make_in(cast, State.IMPLEMENTED)
    page = visit(reverse("proposals:submit"), role=Role.EMPLOYEE)
    page.get_by_label("Что мешает").fill("Ключи от кабинетов все ищем по школе")
    page.get_by_label("Что предлагаю").press_sequentially("Щиток с ключами у вахты", delay=5)
    playwright.expect(page.locator("#similar")).to_contain_text(done.title)
    playwright.expect(page.locator("#similar")).to_contain_text("Внедрено")


def test_the_staff_form_shrinks_photos_in_the_browser(visit: Any, cast: Cast, tmp_path: Path) -> None:
    photo = a_photo(tmp_path)
    page = visit(reverse("proposals:submit"), role=Role.EMPLOYEE)
    page.get_by_label("Что мешает").fill("Ключи от кабинетов все ищем по школе")
    page.get_by_label("Что предлагаю").fill("Щиток с ключами у вахты")
    field = page.locator("input[type=file][name=photo]")
    field.set_input_files([str(photo), str(photo)])
    preview = page.locator(f"[data-preview-of={field.get_attribute('id')}] > span")
    # Two large files become two of less than a megabyte.
    playwright.expect(preview).to_have_text([re.compile(r"0(,\d)? МБ")] * 2, timeout=30_000)
    page.get_by_role("button", name="Отправить").click()
    playwright.expect(page.get_by_role("heading", level=1)).to_contain_text("Щиток с ключами", timeout=30_000)
    assert [(kept.width, kept.height) for kept in Photo.objects.all()] == [(1600, 1067), (1600, 1067)]


def test_the_board_moves_by_key_and_by_form(visit: Any, cast: Cast) -> None:
    proposal = make_in(cast, State.REGISTERED)
    page = visit(reverse("proposals:board"), role=Role.UNIT_HEAD, width=1440)
    page.locator("[data-card]").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    playwright.expect(page.locator("[data-column=under_review]")).to_contain_text(proposal.title)
    card = page.locator("[data-column=under_review] [data-card]").first
    card.get_by_text("Переместить").first.click()
    card.locator("select").select_option("returned")
    card.get_by_role("button", name="Переместить").click()
    playwright.expect(page.get_by_role("heading", level=1)).to_contain_text("Вернуть на уточнение")
    page.get_by_label("Что уточнить").fill("Где именно?")
    page.get_by_role("button", name="Вернуть на уточнение").click()
    playwright.expect(page.locator(".page-head .badge")).to_contain_text("Нужно уточнить")
    assert Proposal.objects.get(pk=proposal.pk).state == State.RETURNED


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_pages_of_the_office_are_clean_and_fit(visit: Any, cast: Cast, width: int, scheme: str) -> None:
    samples = url_samples(cast)
    names = ("card", "act", "effect", "reward", "replicate", "replication", "assign_one")
    paths = [
        reverse(f"proposals:{name}", kwargs=samples[f"proposals:{name}"]) for name in names
    ] + [
        reverse(f"proposals:{name}")
        for name in ("list", "submit", "paper", "board", "statistics", "year", "rules", "templates", "units", "import")
    ]  # fmt: skip
    for role in (Role.UNIT_HEAD, Role.MONITOR):
        page = visit(reverse("proposals:list"), role=role, width=width, color_scheme=scheme)
        origin = page.url.partition("/proposals/")[0]
        for path in paths:
            if page.goto(origin + path).status != 200:
                continue
            page.evaluate(AXE)
            found = [(one["id"], one["nodes"][0]["html"][:160]) for one in page.evaluate(RULES)["violations"]]
            assert found == [], (role, path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (role, path)
