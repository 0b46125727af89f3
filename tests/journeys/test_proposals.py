"""A proposal from the phone of a cleaner to the number of the plan and its spreadsheet (J1, J2, the thin loop)."""

import io
import re
import secrets
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import expect

from tests.journeys import cast
from tests.journeys.house import House
from tests.journeys.visitor import PHONE, Visitor

Come = Callable[..., Visitor]
CARD = re.compile(r"/proposals/\d+/$")
CODE = """
from django.utils import timezone
from gemba.organisation.access import actor_of, today_in
from gemba.organisation.models import Person, Unit, User
from gemba.proposals.actions.codes import issue_codes
unit = Unit.objects.select_related("organisation__municipality").get(qr_token={token!r})
user = User.objects.with_owner().get(login=unit.organisation.municipality.code + ".coordinator")
person = Person.objects.get(pk={person})
print(issue_codes(actor=actor_of(user), organisation=unit.organisation, people=[person], at=timezone.now())[0].code)
"""


def photo(side: int = 2400) -> bytes:
    """Draw a photo as a phone takes it: large, with the place where it was taken."""
    picture = Image.linear_gradient("L").resize((side, side * 3 // 4)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif[0x9286] = "taken at home"
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=95, exif=exif)
    return made.getvalue()


def submitted(person: Visitor, problem: str, solution: str) -> str:
    """Send a proposal as a signed-in person and return its address."""
    person.open("/proposals/new/")
    person.write("Что мешает", problem).write("Что предлагаю", solution)
    person.press("Отправить")
    expect(person.page).to_have_url(CARD)
    return person.page.url


# --- J1 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_an_employee_submits_from_a_phone_in_a_bad_network(visitor: Come, has_script: bool) -> None:
    person = visitor(width=PHONE, java_script_enabled=has_script, has_touch=True, is_mobile=True)
    person.sign_in(cast.BELOVO, cast.EMPLOYEE)
    if has_script:
        person.slow_network()
    person.follow("Подать предложение").heading("Подать предложение")
    # The answer's day is promised before anything is written.
    person.sees(re.compile(r"Ответим до\s\d+\s\S+"))
    person.write("Что мешает", "Тележка для белья цепляет порог между корпусами")
    person.press("Отправить")
    person.sees("Что предлагаю")
    expect(person.page.get_by_label("Что мешает").first).to_have_value(re.compile("Тележка для белья"))
    if has_script:
        person.is_accessible().is_not_wider()

    # The same words sent twice are one proposal: each run of the journey has its own.
    mark = secrets.token_hex(4)
    person.write("Что предлагаю", f"Положить наклонную накладку на порог, плотник сделает за час, {mark}")
    person.page.get_by_label(re.compile("^Фото")).set_input_files(
        {"name": "porog.jpg", "mimeType": "image/jpeg", "buffer": photo(1600)}
    )
    person.press("Отправить")
    expect(person.page).to_have_url(CARD, timeout=30_000)
    person.sees("Тележка для белья").sees(re.compile(r"Ответим до\s\d+\s\S+|Подано|Зарегистрировано"))
    expect(person.page.locator(".photos img")).to_have_count(1)
    if has_script:
        person.is_accessible().is_not_wider()


def unit_page(visitor: Come, town: str) -> str:
    """Let the coordinator open the page of the posters and return the address behind a QR code."""
    coordinator = visitor().sign_in(town, cast.COORDINATOR).open("/proposals/units/")
    coordinator.is_accessible()
    poster = coordinator.page.get_by_role("link", name="Плакат A4").first.get_attribute("href")
    sheet = coordinator.context.request.get(poster or "")
    assert sheet.ok and sheet.body().startswith(b"%PDF")
    boxes = coordinator.page.locator("input[name=chosen]")
    boxes.first.check()
    codes = coordinator.download(lambda: coordinator.press("Выдать коды отмеченным (PDF)"))
    assert codes.read_bytes().startswith(b"%PDF")
    return (
        coordinator.page.get_by_role("link", name="открыть страницу подачи").first.get_attribute("href") or ""
    )


def code_of(house: House, address: str, person: str) -> str:
    token = address.strip("/").rpartition("/")[2]
    return house.asked(CODE.format(token=token, person=person)).strip()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_cleaner_sends_by_the_qr_code_without_an_account(
    visitor: Come, house: House, has_script: bool
) -> None:
    address = unit_page(visitor, cast.LENINSK)
    cleaner = visitor(width=PHONE, java_script_enabled=has_script, has_touch=True, is_mobile=True)
    if has_script:
        cleaner.slow_network()
    cleaner.open(address).heading("Что улучшить?").sees(re.compile(r"Ответим до\s\d+\s\S+\s\d{4}"))
    if has_script:
        cleaner.is_accessible().is_not_wider()
    name = cleaner.page.get_by_label("Кто вы").locator("option").nth(2)
    person = name.get_attribute("value") or ""
    code = code_of(house, address, person)

    cleaner.write("Что мешает?", "Ведро негде набрать: кран в туалете низкий")
    cleaner.write("Что предлагаю", f"Поставить кран со шлангом у входа, {secrets.token_hex(4)}")
    cleaner.page.get_by_label("Кто вы").select_option(person)
    cleaner.write("Личный код", "0000" if code != "0000" else "1111")
    cleaner.page.get_by_label("Фото").set_input_files(
        {"name": "kran.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    cleaner.press("Отправить")
    # The wrong code is said at its field, the text stays.
    cleaner.sees("Не отправлено.")
    expect(cleaner.page.get_by_label("Что мешает?")).to_have_value(re.compile("Ведро негде набрать"))
    cleaner.write("Личный код", code)
    cleaner.press("Отправить")
    if has_script:
        cleaner.sees(re.compile(r"№ \d{4}-\d+|Принято")).sees(re.compile("Ответим до"))
        cleaner.is_accessible().follow("Следить за ответом")
    cleaner.sees("Сохраните эту страницу в закладки").sees("Ведро негде набрать")
    if has_script:
        cleaner.is_accessible().is_not_wider()
    # On the stand: numbers and states, no texts and no names.
    cleaner.open(address + "list/").heading("Что стало с предложениями").sees_no("Ведро негде набрать")


def test_a_lost_connection_keeps_what_was_written_and_sends_it_later(visitor: Come, house: House) -> None:
    address = unit_page(visitor, cast.PROMYSHLENNAYA)
    cleaner = visitor(width=PHONE).open(address)
    person = cleaner.page.get_by_label("Кто вы").locator("option").nth(2).get_attribute("value") or ""
    code = code_of(house, address, person)
    cleaner.write("Что мешает?", "Снег со ступеней сметаем дважды")
    cleaner.write("Что предлагаю", f"Навес над крыльцом, {secrets.token_hex(4)}")
    cleaner.page.get_by_label("Кто вы").select_option(person)
    cleaner.write("Личный код", code)

    cleaner.context.set_offline(True)
    cleaner.press("Отправить")
    cleaner.sees("Нет связи. Предложение сохранено на этом телефоне")
    cleaner.context.set_offline(False)
    cleaner.sees(re.compile(r"№ \d{4}-\d+|Принято"))
    expect(cleaner.page.get_by_label("Что мешает?")).to_have_value("")
    # It was sent once, although the page was opened again.
    cleaner.follow("Следить за ответом").open(address + "list/")
    expect(cleaner.page.get_by_label("Что мешает?")).to_have_count(0)


def test_a_draft_comes_back_when_the_page_was_closed(visitor: Come) -> None:
    person = visitor().sign_in(cast.NOVY_OSKOL, cast.EMPLOYEE).open("/proposals/new/")
    person.write("Что мешает", "Дневники собираем по вторникам вручную")
    person.sees("Набранное сохранено на этом устройстве.")
    person.context.set_offline(True)
    person.sees("Нет связи.")
    person.context.set_offline(False)
    person.page.close()
    person.page = person.new_tab()
    person.open("/proposals/new/").sees(re.compile("Вернули набранное"))
    expect(person.page.get_by_label("Что мешает").first).to_have_value(
        "Дневники собираем по вторникам вручную"
    )
    person.press("Очистить")
    expect(person.page.get_by_label("Что мешает").first).to_have_value("")


# --- J2 and the thin loop --------------------------------------------------------------------------------


def fact_of(person: Visitor, row: str) -> int:
    """Read the fact of a row of the plan in the last quarter of 2024."""
    person.open("/plan/?year=2024&quarter=4")
    shown = person.page.locator(
        f"#row-{row} .plan-fact a, #row-{row} .plan-fact .plan-none"
    ).first.inner_text()
    return int(re.sub(r"\D", "", shown) or 0)


@pytest.mark.parametrize(
    ("town", "row", "words"),
    [(cast.BELOVO, "1-3", "п. 1.3"), (cast.LENINSK, "1-2", "п. 1.2")],
    ids=["Belovo 1.3", "Leninsk 1.2"],
)
def test_an_introduced_proposal_moves_the_plan_and_leaves_as_a_spreadsheet(
    visitor: Come, town: str, row: str, words: str
) -> None:
    monitor = visitor().sign_in(town, cast.MONITOR)
    before = fact_of(monitor, row)

    # A paper card of the year of the plan is typed in by the coordinator.
    coordinator = visitor().sign_in(town, cast.COORDINATOR).open("/proposals/paper/")
    place = coordinator.page.get_by_label("Организация", exact=True)
    place.select_option(index=1)
    coordinator.write("Дата на карточке", "02.12.2024")
    coordinator.write("Что мешает", "Расписание автобусов спрашивают по телефону каждые десять минут")
    coordinator.write("Что предлагаю", "Вывесить расписание на дверях и на сайте")
    coordinator.is_accessible()
    coordinator.press("Внести")
    coordinator.sees("Карточка внесена под номером").is_accessible()
    address = coordinator.page.url

    # The head finds it in the queue, accepts it, marks the day of the introduction.
    head = visitor().sign_in(town, cast.UNIT_HEAD).open("/proposals/")
    head.is_accessible()
    head.open(address).follow("Принять").heading("Принять").is_accessible()
    head.press("Принять")
    head.sees("Принято.")
    head.open(address)
    button = head.page.get_by_role("link", name="Отметить внедрение")
    if not button.first.is_visible():
        head.page.locator("summary", has_text="Ещё").click()
    button.first.click()
    head.heading("Отметить внедрение")
    head.write("День внедрения", "01.01.2030")
    head.press("Отметить внедрение")
    head.sees("ещё не наступил").is_accessible()
    head.write("День внедрения", "10.12.2024")
    head.press("Отметить внедрение")
    head.sees("Внедрено.")

    # The plan counts it, the number opens the record.
    assert fact_of(monitor, row) == before + 1
    monitor.page.locator(f"#row-{row} .plan-fact a").first.click()
    monitor.sees("Записи за числом").sees(words)
    expect(monitor.page.locator("#records")).to_contain_text("10.12.2024")
    monitor.page.locator("#records tr").filter(has_text="10.12.2024").filter(
        has=monitor.page.locator(f"a[href='/proposals/{address.rstrip('/').rpartition('/')[2]}/']")
    ).first.get_by_role("link").first.click()
    monitor.sees("Вывесить расписание на дверях")

    # The quarter leaves in the layout of the act: its columns, its rows, the fact beside.
    monitor.open("/plan/?year=2024&quarter=4")
    file = monitor.download(lambda: monitor.follow("Скачать XLSX"))
    sheet = load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    cells = [[str(cell or "") for cell in line] for line in sheet.iter_rows(values_only=True)]
    heading = next(line for line in cells if any("Наименование" in cell for cell in line))
    assert any("2024" in cell for cell in heading) and any("сполнител" in cell for cell in heading)
    number = row.replace("-", ".")
    line = next(line for line in cells if line[0].rstrip(".") == number)
    assert any(str(before + 1) in cell for cell in line), line


def test_the_author_follows_a_returned_proposal_and_the_head_needs_a_reason(visitor: Come) -> None:
    author = visitor().sign_in(cast.LENINSK, cast.EMPLOYEE)
    address = submitted(
        author, "Заявки на ремонт теряются в коридоре", "Завести одну тетрадь заявок у завхоза"
    )
    head = visitor().sign_in(cast.LENINSK, cast.UNIT_HEAD).open(address)
    head.follow("Вернуть на уточнение").press("Вернуть на уточнение")
    expect(head.page.locator(".error-summary")).to_be_visible()
    head.write("Что уточнить", "Кто будет вести тетрадь?").press("Вернуть на уточнение")
    head.sees("Возвращено на уточнение.")

    author.open("/").sees(re.compile("Заявки на ремонт|Завести одну тетрадь"))
    author.open("/notices/").is_accessible()
    author.open(address).sees("Кто будет вести тетрадь?")
    author.follow("Ответить и отправить снова").write("Ваш ответ", "Дежурный по этажу").press(
        "Ответить и отправить снова"
    )
    author.sees("Уточнено.")
    head.open(address).sees("Дежурный по этажу").is_accessible()
    head.follow("Отклонить").write("Почему отклонено", "Тетрадь уже есть у дежурного").press("Отклонить")
    head.sees("Отклонено.")
    author.open(address).sees("Тетрадь уже есть у дежурного").sees(re.compile("Обжаловать"))


# --- two at once -----------------------------------------------------------------------------------------


def test_two_decide_at_once_and_one_is_told(visitor: Come) -> None:
    author = visitor().sign_in(cast.BELOVO, cast.EMPLOYEE)
    words = f"Один ключ в сейфе под роспись, {secrets.token_hex(4)}"
    address = submitted(author, "Ключи от подвала у трёх человек", words)
    head, again = visitor(), visitor()
    for one in (head, again):
        one.sign_in(cast.BELOVO, cast.UNIT_HEAD).open(address).follow("Принять").heading("Принять")
    head.press("Принять").sees("Принято.")
    again.press("Принять")
    again.sees(re.compile("уже|состояни|Принято"))
    again.is_accessible()
    again.open(address)
    assert again.main_text().count("Ключи от подвала") >= 1
    expect(again.page.get_by_text("Принято", exact=True).first).to_be_visible()


def test_a_double_press_and_the_way_back_make_one_proposal(visitor: Come) -> None:
    person = visitor().sign_in(cast.PROMYSHLENNAYA, cast.EMPLOYEE).open("/proposals/new/")
    person.write("Что мешает", "Папки с приказами стоят в трёх кабинетах")
    mark = secrets.token_hex(4)
    person.write("Что предлагаю", f"Собрать приказы в одном шкафу, второй экземпляр не нужен, {mark}")
    button = person.page.locator("main").get_by_role("button", name="Отправить")
    button.dblclick()
    expect(person.page).to_have_url(CARD)
    person.page.go_back()
    # The page returned by the browser carries the same key: sent again, it is still the same proposal.
    if person.page.get_by_label("Что мешает").first.input_value():
        person.press("Отправить")
    person.open("/proposals/?view=mine")
    expect(person.page.get_by_role("link", name=re.compile(mark))).to_have_count(1)


def test_two_tabs_send_two_proposals_and_mix_nothing(visitor: Come) -> None:
    person = visitor().sign_in(cast.LENINSK, cast.COORDINATOR).open("/proposals/new/")
    other = person.new_tab()
    other.goto("/proposals/new/")
    person.write("Что мешает", "Первая вкладка: бланки кончаются в пятницу")
    person.write("Что предлагаю", "Карточка минимума на полке бланков")
    other.get_by_label("Что мешает").first.fill("Вторая вкладка: звонок слышно не везде")
    other.get_by_label("Что предлагаю").first.fill("Второй звонок в мастерской")
    person.press("Отправить").sees("Первая вкладка")
    other.locator("main").get_by_role("button", name="Отправить").click()
    expect(other.get_by_text("Вторая вкладка").first).to_be_visible()
    person.sees_no("Вторая вкладка")
