"""The office: two edit one record, the administrator loads a spreadsheet, the economist keeps the deadlines."""

import io
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, expect

from tests.journeys import cast
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

Come = Callable[..., Visitor]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows_of(file: Path) -> list[list[str]]:
    """Read the first sheet of a spreadsheet as text."""
    sheet = load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    return [
        [str(cell) if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)
    ]


def test_two_edit_one_record_and_nothing_is_lost(visitor: Come) -> None:
    first = visitor().sign_in(cast.PROMYSHLENNAYA, cast.ADMIN).open("/organisations/")
    first.page.locator("td.cell-main a, th.cell-main a, .cell-main a").nth(2).click()
    address = first.page.url
    second = visitor().sign_in(cast.PROMYSHLENNAYA, cast.MONITOR)
    for one in (first, second):
        one.open(address + "edit/").heading(re.compile("^Изменить"))
    first.write("Короткое название", "Первое название").press("Сохранить")
    expect(first.page).to_have_url(address)
    second.write("Короткое название", "Второе название").press("Сохранить")
    second.sees("Пока вы писали, запись изменили").sees("Первое название")
    expect(second.page.get_by_label("Короткое название")).to_have_value("Второе название")
    second.is_accessible()
    second.press("Сохранить")
    expect(second.page).to_have_url(address)
    second.sees("Второе название")
    # The card tells what happened.
    assert "Первое название" in second.main_text()


def book(rows: list[list[str]], heading: list[str]) -> dict[str, Any]:
    """Make an uploaded spreadsheet."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for line in (heading, *rows):
        sheet.append(line)
    content = io.BytesIO()
    made.save(content)
    return {"name": "реестр.xlsx", "mimeType": XLSX, "buffer": content.getvalue()}


def test_a_spreadsheet_with_mistakes_is_checked_loaded_and_given_back(visitor: Come) -> None:
    admin = visitor().sign_in(cast.NOVY_OSKOL, cast.ADMIN).open("/exchange/organisations/")
    admin.is_accessible()
    template = rows_of(admin.download(lambda: admin.follow("Скачать шаблон")))
    heading = next(row for row in template if any(cell.startswith("Полное название") for cell in row))
    place = {
        name: next(i for i, cell in enumerate(heading) if cell.startswith(name))
        for name in ("Вид", "Полное название", "Создана", "Численность")
    }
    mark = secrets.token_hex(3)

    def row(**cells: str) -> list[str]:
        line = [""] * len(heading)
        for name, value in cells.items():
            line[place[name.replace("_", " ")]] = value
        return line

    good = row(
        Вид="Учреждение",
        Полное_название=f"Дом ремёсел «{mark}»",
        Создана="01.09.2020",
        Численность="01.01.2025: 12",
    )
    rows = [
        good,
        row(Вид="Звездолёт", Полное_название=f"Станция «{mark}»"),
        row(Вид="Учреждение", Полное_название=f"Клуб «{mark}»", Создана="31.02.2020"),
    ]
    admin.page.locator("input[type=file]").set_input_files(book(rows, heading))
    admin.press("Проверить файл")
    admin.heading(re.compile("^Проверка файла")).sees("Что исправить").is_accessible()
    said = admin.main_text()
    # Each mistake names its cell.
    column = chr(ord("A") + place["Вид"])
    assert re.search(rf"{column}3|строк\w+ 3", said), said
    assert "Звездолёт" in said and "31.02.2020" in said
    admin.page.locator("main form[action$='/load/'] button").click()
    admin.open("/organisations/?q=" + mark).sees(f"Дом ремёсел «{mark}»").sees_no(f"Станция «{mark}»")

    admin.open("/exchange/organisations/")
    everything = admin.download(lambda: admin.follow("Выгрузить всё"))
    assert any(f"Дом ремёсел «{mark}»" in cell for line in rows_of(everything) for cell in line)
    # Loaded back as it is, the spreadsheet changes nothing.
    admin.page.locator("input[type=file]").set_input_files(
        {"name": "обратно.xlsx", "mimeType": XLSX, "buffer": everything.read_bytes()}
    )
    admin.press("Проверить файл")
    admin.sees("Загружать нечего: в файле то же, что в реестре.")


def test_a_file_that_is_no_spreadsheet_is_refused_in_words(visitor: Come) -> None:
    admin = visitor().sign_in(cast.LENINSK, cast.ADMIN).open("/exchange/people/")
    admin.page.locator("input[type=file]").set_input_files(
        {"name": "список.xlsx", "mimeType": XLSX, "buffer": "Иванов; Петров".encode()}
    )
    admin.press("Проверить файл")
    expect(admin.page.locator(".error-summary, .banner-bad, [role=alert]").first).to_be_visible()
    admin.is_accessible()


def test_the_economist_keeps_the_deadlines(visitor: Come, browser: Browser, house: House) -> None:
    monitor = visitor().sign_in(cast.PROMYSHLENNAYA, cast.MONITOR).open("/deadlines/")
    monitor.is_accessible()
    for way in ("Список", "Год", "Месяц"):
        monitor.follow(way, exact=True)
        monitor.heading("Календарь сроков").is_not_wider()
    monitor.follow("Год", exact=True)
    assert re.search(r"п\. ", monitor.main_text()) or monitor.follow("Список", exact=True)
    monitor.sees(re.compile(r"п\.\s")).is_accessible()
    rows = rows_of(monitor.download(lambda: monitor.follow("XLSX")))
    assert len(rows) > 2

    # A secret address for the calendar of the telephone: read without any session, dead once it is closed.
    monitor.open("/deadlines/subscription/")
    if monitor.page.get_by_role("button", name="Создать адрес").count():
        monitor.press("Создать адрес")
    monitor.sees("Ваш адрес календаря").is_accessible()
    address = monitor.page.get_by_label("Скопируйте его в программу календаря").input_value()
    phone = browser.new_context()
    try:
        feed = phone.request.get(address)
        assert feed.ok and feed.headers["content-type"].startswith("text/calendar")
        text = feed.body().decode()
        assert text.startswith("BEGIN:VCALENDAR") and text.count("BEGIN:VEVENT") >= 2
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        monitor.press("Закрыть адрес")
        expect(monitor.page.get_by_text("Ваш адрес календаря")).to_have_count(0)
        assert phone.request.get(address).status == 404
    finally:
        phone.close()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_notices_are_opened_and_read(visitor: Come, has_script: bool) -> None:
    town, word = cast.BELOVO, secrets.token_hex(4)
    author = visitor().sign_in(town, cast.COORDINATOR).open("/proposals/new/")
    author.write("Что мешает", f"Шкафы не подписаны, {word}").write(
        "Что предлагаю", f"Подписать полки {word}"
    )
    author.press("Отправить").sees("Шкафы не подписаны")
    address = author.page.url
    head = visitor(java_script_enabled=has_script).sign_in(town, cast.UNIT_HEAD).open(address)
    head.follow("Принять").press("Принять")
    head.sees("Принято.")

    author.open("/notices/").sees(re.compile(word)).is_accessible()
    author.follow(re.compile(word))
    expect(author.page).to_have_url(address)
    author.open("/notices/?what=unread")
    if author.page.get_by_role("button", name="Прочитать все").count():
        author.press("Прочитать все")
    author.open("/notices/?what=unread").sees("Всё прочитано")
